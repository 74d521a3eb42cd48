#include "audit/physics.h"

#include <math.h>

#include "audit/physics_course.h"

static const double longest_step_m = 50;
static const double shortest_step_m = 0.5;

struct train {
    double inertia_kg, effort_n, power_w, davis_b;
    double braking; /* of v², by the metre */
};

/* The head somewhere in a piece. */
struct head {
    double left_m; /* to the end of the piece */
    double square; /* v² */
    double time_s; /* since the beginning of the leg */
};

static struct train train_of(const struct audit_type *type) {
    const bool pulls = type->power_w > 0 && type->effort_n > 0;
    return (struct train){.inertia_kg = type->mass_kg * type->rotating_mass,
                          .effort_n = pulls ? type->effort_n : 0,
                          .power_w = pulls ? type->power_w : 0,
                          .davis_b = type->davis_b,
                          .braking = 2 * type->brake_ms2};
}

static bool has_traction(const struct audit_type *type) {
    return type->mass_kg > 0 && type->power_w >= 0 && type->effort_n >= 0 && type->brake_ms2 > 0;
}

/* dv²/dx at full traction, `left_m` before the end of the piece, at v² = square. */
static double slope_at(const struct train *train, const struct audit_piece *piece, double left_m, double square) {
    const struct audit_piece *next = piece + 1;
    const double part = left_m / (next->from_m - piece->from_m);
    const double force = next->force_n + part * (piece->force_n - next->force_n);
    const double drag = next->drag + part * (piece->drag - next->drag);
    const double held = fmax(square, 0), speed = sqrt(held);
    const double effort = train->effort_n * speed > train->power_w ? train->power_w / speed : train->effort_n;
    return 2 * (effort - force - train->davis_b * speed - drag * held) / train->inertia_kg;
}

static double ceiling_at(const struct train *train, const struct audit_piece *piece, double left_m) {
    return fmin(piece->limit, piece[1].ceiling + train->braking * left_m);
}

/* While v² is a straight line the acceleration is constant. */
static double line_time(double metres, double square0, double square1) {
    return metres > 0 ? 2 * metres / (sqrt(square0) + sqrt(square1)) : 0;
}

static double clamp(double value, double low, double high) {
    return fmin(fmax(value, low), high);
}

/* Metres until the braking curve parts from the limit; negative where it has. */
static double braking_in(const struct train *train, const struct audit_piece *piece, double left_m) {
    return left_m - (piece->limit - piece[1].ceiling) / train->braking;
}

/* The line meets the ceiling within the step, and the head keeps to the ceiling from there. */
static void step_onto_ceiling(const struct train *train, const struct audit_piece *piece, struct head *head,
                              double metres, double slope) {
    const double meets_limit = slope > 0 ? (piece->limit - head->square) / slope : INFINITY;
    const double curve = piece[1].ceiling + train->braking * head->left_m;
    const double meets_curve = (curve - head->square) / (slope + train->braking);
    const double free_m = clamp(fmin(meets_limit, meets_curve), 0, metres);
    const double braking_m = clamp(braking_in(train, piece, head->left_m), free_m, metres);
    const double there = ceiling_at(train, piece, head->left_m - free_m);
    const double curve_begins = ceiling_at(train, piece, head->left_m - braking_m);
    const double end = ceiling_at(train, piece, head->left_m - metres);
    head->time_s += line_time(free_m, head->square, there) + line_time(braking_m - free_m, there, curve_begins) +
                    line_time(metres - braking_m, curve_begins, end);
    head->square = end;
}

/* False where the train comes to a stand. */
static bool step(const struct train *train, const struct audit_piece *piece, struct head *head, double metres,
                 double slope) {
    const double end = head->square + slope * metres;
    const double ceiling = ceiling_at(train, piece, head->left_m - metres);
    if (end > ceiling) {
        step_onto_ceiling(train, piece, head, metres, slope);
    } else {
        if (end <= 0) return false;
        head->time_s += line_time(metres, head->square, end);
        head->square = end;
    }
    head->left_m -= metres;
    return true;
}

/* Metres for which traction can hold the limit, as long as no braking curve parts from it; 0: it is not reached, or
 * cannot be held. At one speed the forces are linear. */
static double cruising_metres(const struct train *train, const struct audit_piece *piece, const struct head *head) {
    if (head->square < piece->limit) return 0;
    const double metres = fmin(head->left_m, braking_in(train, piece, head->left_m));
    if (metres < shortest_step_m) return 0;
    const double begins = slope_at(train, piece, head->left_m, head->square);
    const double ends = slope_at(train, piece, head->left_m - metres, head->square);
    if (begins < 0) return 0;
    const double held = ends < 0 ? metres * begins / (begins - ends) : metres;
    return held < shortest_step_m ? 0 : held;
}

/* By Kutta's rule of the third order. Steps are short where v² is small, for there power makes the slope bend most. */
static bool run_piece(const struct train *train, const struct audit_piece *piece, struct head *head) {
    const double greatest = train->effort_n / train->inertia_kg;
    head->left_m = piece[1].from_m - piece->from_m;
    while (head->left_m > 0) {
        const double cruising = cruising_metres(train, piece, head);
        if (cruising > 0) {
            step(train, piece, head, cruising, 0);
            continue;
        }
        const double bends = greatest > 0 ? head->square / (32 * greatest) : longest_step_m;
        const double metres = fmin(clamp(bends, shortest_step_m, longest_step_m), head->left_m);
        const double begins = slope_at(train, piece, head->left_m, head->square);
        const double middle = slope_at(train, piece, head->left_m - metres / 2, head->square + begins * metres / 2);
        const double ends =
            slope_at(train, piece, head->left_m - metres, head->square + (2 * middle - begins) * metres);
        if (!step(train, piece, head, metres, (begins + 4 * middle + ends) / 6)) return false;
    }
    return true;
}

/* From the end backwards: no more than lets the train keep all limits ahead. */
static void find_ceilings(const struct train *train, struct audit_piece *pieces, int32_t first, int32_t end,
                          bool ends_at_rest) {
    pieces[end].ceiling = ends_at_rest ? 0 : pieces[end - 1].limit;
    for (int32_t i = end - 1; i >= first; i--) {
        const double limit = i > first ? fmin(pieces[i].limit, pieces[i - 1].limit) : pieces[i].limit;
        const double metres = pieces[i + 1].from_m - pieces[i].from_m;
        pieces[i].ceiling = fmin(limit, pieces[i + 1].ceiling + train->braking * metres);
    }
}

/* Parts from…to − 1, all computed. */
static void run_parts(const struct train *train, const struct audit_course *course, int32_t from, int32_t to,
                      bool starts_at_rest, bool ends_at_rest, double *least_s) {
    struct audit_piece *pieces = course->pieces;
    const int32_t first = course->begins[from], end = course->begins[to];
    if (first < end) find_ceilings(train, pieces, first, end, ends_at_rest);
    struct head head = {.square = starts_at_rest || first >= end ? 0 : pieces[first].ceiling};
    bool moves = true;
    for (int32_t part = from; part < to; part++) {
        head.time_s = 0;
        for (int32_t i = course->begins[part]; i < course->begins[part + 1] && moves; i++)
            moves = run_piece(train, &pieces[i], &head);
        least_s[part] = moves ? head.time_s : INFINITY;
    }
}

/* NAN marks parts to be computed; true if there are any. */
static bool fill_fixed(const struct audit_world *world, const struct audit_way *way, double *least_s) {
    bool computed = false;
    for (int32_t leg = 0; leg < way->count; leg++) {
        const struct audit_leg *at = &way->legs[way->first + leg];
        const struct audit_fixed_time *fixed = audit_world_fixed_time(world, at->section, way->type, at->direction);
        const int32_t blocks = audit_section_blocks(&world->sections[at->section]);
        for (int32_t b = 0; b < blocks; b++) least_s[b] = fixed ? (double)fixed->run_ms / 1000 / blocks : NAN;
        if (fixed && leg == 0 && way->starts_at_rest) least_s[0] += (double)fixed->start_ms / 1000;
        if (fixed && leg + 1 == way->count && way->ends_at_rest) least_s[blocks - 1] += (double)fixed->stop_ms / 1000;
        least_s += blocks;
        computed = computed || !fixed;
    }
    return computed;
}

static void cannot_run(double *least_s, int32_t parts) {
    for (int32_t i = 0; i < parts; i++)
        if (isnan(least_s[i])) least_s[i] = INFINITY;
}

bool audit_least_times(const struct audit_world *world, const struct audit_way *way, double *least_s) {
    const struct audit_type loaded = audit_type_without(&world->types[way->type], way->quarters_missing);
    const struct audit_type *type = &loaded;
    const int32_t parts = audit_way_parts(world, way);
    if (!fill_fixed(world, way, least_s)) return true;
    if (!has_traction(type)) return cannot_run(least_s, parts), true;
    struct audit_course course;
    if (!audit_course_lay(world, way, &course)) return false;
    const struct train train = train_of(type);
    for (int32_t from = 0; from < parts; from++) {
        if (!isnan(least_s[from])) continue;
        int32_t to = from;
        while (to < parts && isnan(least_s[to])) to++;
        run_parts(&train, &course, from, to, from == 0 && way->starts_at_rest, to == parts && way->ends_at_rest,
                  least_s);
        from = to;
    }
    audit_course_free(&course);
    return true;
}
