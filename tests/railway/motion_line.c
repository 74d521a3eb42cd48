#include "motion_line.h"

#include <math.h>

void line_begin(struct line *line) {
    line->network = (struct network){.sections = line->sections, .alignments = line->alignments};
    line->route_length = 0;
}

void line_add_section(struct line *line, double length_m, double speed_ms, enum direction direction) {
    const int32_t index = line->network.section_count++;
    line->sections[index] = (struct section){.from = index,
                                             .to = index + 1,
                                             .length_m = length_m,
                                             .tracks = 1,
                                             .speed_ms = speed_ms,
                                             .first_alignment = line->network.alignment_count};
    line->route[line->route_length++] = (struct route_leg){index, direction};
}

void line_add_alignment(struct line *line, struct alignment alignment) {
    alignment.section = line->network.section_count - 1;
    if (alignment.speed_ms == 0) alignment.speed_ms = INFINITY;
    line->alignments[line->network.alignment_count++] = alignment;
    line->sections[alignment.section].alignment_count++;
}

struct motion_path *line_path(const struct line *line, const struct train_type *type) {
    return motion_path_create(&line->network, type, line->route, line->route_length);
}

struct train_type plain_train(void) {
    return (struct train_type){.length_m = 1000,
                               .mass_kg = 4e6,
                               .max_speed_ms = 120 / 3.6,
                               .power_w = 5e7,
                               .tractive_effort_n = 2e5,
                               .brake_ms2 = 0.3,
                               .empty_mass_kg = NAN,
                               .empty_length_m = NAN,
                               .rotating_mass = 1,
                               .tunnel_drag = 1,
                               .has_traction = true};
}

struct train_type heavy_train(void) {
    struct train_type type = plain_train();
    type.power_w = 6e6;
    type.tractive_effort_n = 4e5;
    type.davis_a_n = 40e3;
    type.davis_b_ns_m = 500;
    type.davis_c_ns2_m2 = 60;
    type.rotating_mass = 1.06;
    type.tunnel_drag = 2.5;
    return type;
}

struct motion_request plain_request(double to_m) {
    return (struct motion_request){
        .to_m = to_m, .stop = true, .start_limit_ms = INFINITY, .end_limit_ms = INFINITY, .end_limit_from_m = to_m};
}

static uint64_t numbers_next(struct numbers *numbers) {
    uint64_t z = numbers->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double numbers_between(struct numbers *numbers, double low, double high) {
    return low + (high - low) * ((double)(numbers_next(numbers) >> 11) * 0x1p-53);
}

double numbers_whole(struct numbers *numbers, double low, double high) {
    return floor(numbers_between(numbers, low, high + 1));
}

bool numbers_chance(struct numbers *numbers, double probability) {
    return numbers_between(numbers, 0, 1) < probability;
}

static void random_alignment(struct line *line, struct numbers *numbers, double length_m) {
    const double steepest = numbers_chance(numbers, 0.5) ? 4 : 12;
    for (double at = 0; at < length_m;) {
        const double to = fmin(length_m, at + numbers_whole(numbers, 50, 2500));
        const bool bare = numbers_chance(numbers, 0.15); /* a gap: level and straight */
        const struct alignment alignment = {
            .from_m = at,
            .to_m = to,
            .gradient_permille = numbers_between(numbers, -steepest, steepest),
            .curve_radius_m = numbers_chance(numbers, 0.3) ? numbers_between(numbers, 200, 2000) : 0,
            .speed_ms = numbers_chance(numbers, 0.2) ? numbers_between(numbers, 8, 30) : INFINITY,
            .tunnel = numbers_chance(numbers, 0.2)};
        if (!bare) line_add_alignment(line, alignment);
        at = to;
    }
}

void random_line(struct line *line, struct numbers *numbers) {
    line_begin(line);
    const int sections = (int)numbers_whole(numbers, 1, 3);
    for (int i = 0; i < sections; i++) {
        const double length = numbers_whole(numbers, 2000, 12000);
        const double speed = numbers_chance(numbers, 0.5) ? INFINITY : numbers_between(numbers, 15, 40);
        line_add_section(line, length, speed, numbers_chance(numbers, 0.5) ? FORWARD : BACKWARD);
        if (numbers_chance(numbers, 0.85)) random_alignment(line, numbers, length);
    }
}

struct train_type random_train(struct numbers *numbers) {
    struct train_type type = plain_train();
    type.length_m = numbers_whole(numbers, 50, 1500);
    type.mass_kg = type.length_m * numbers_between(numbers, 1500, 6000);
    type.tractive_effort_n = type.mass_kg * numbers_between(numbers, 0.04, 0.5);
    type.power_w = type.tractive_effort_n * numbers_between(numbers, 4, 30);
    type.max_speed_ms = numbers_between(numbers, 15, 50);
    type.brake_ms2 = numbers_between(numbers, 0.08, 0.8);
    type.davis_a_n = type.mass_kg * numbers_between(numbers, 0, 0.02);
    type.davis_b_ns_m = type.mass_kg * numbers_between(numbers, 0, 3e-4);
    type.davis_c_ns2_m2 = type.mass_kg * numbers_between(numbers, 0, 4e-5);
    type.rotating_mass = numbers_between(numbers, 1, 1.15);
    type.tunnel_drag = numbers_between(numbers, 1, 3);
    return type;
}
