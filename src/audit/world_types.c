#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

#define KMH (1000.0 / 3600.0)

static void read_type(const struct world_row *row) {
    struct audit_world *world = row->reading->world;
    struct audit_type type = {.id = world_take_identifier(row, TYPE_ID)};
    double factor;
    if (type.id == NULL) return;
    const bool active = world_holds(row, TYPE_OPTION);
    world_declare(row, &row->reading->types, type.id, active ? world->type_count : WORLD_OFF);
    if (!active) return;
    type.length_m = world_number_or(row, TYPE_LENGTH, 1);
    type.mass_kg = world_number(row, TYPE_MASS) * 1000;
    type.max_speed_ms = world_number_or(row, TYPE_SPEED, 1) * KMH;
    type.power_w = world_number(row, TYPE_POWER) * 1000;
    type.effort_n = world_number(row, TYPE_EFFORT) * 1000;
    type.brake_ms2 = world_number(row, TYPE_BRAKE);
    type.davis_a = world_number_or(row, TYPE_DAVIS_A, 0);
    type.davis_b = world_number_or(row, TYPE_DAVIS_B, 0);
    type.davis_c = world_number_or(row, TYPE_DAVIS_C, 0);
    type.rotating_mass = world_number_or(row, TYPE_ROTATING_MASS, 1);
    type.tunnel_drag = world_number_or(row, TYPE_TUNNEL_DRAG, 1);
    type.supplement = world_number_or(row, TYPE_SUPPLEMENT, 0) / 100;
    type.gauge_mm = (int32_t)world_whole(row, TYPE_GAUGE, 0);
    type.height_m = world_number_or(row, TYPE_HEIGHT, 0);
    type.capacity_teu = world_number_or(row, TYPE_CAPACITY, 0);
    type.cost_per_train_km_usd = world_number_or(row, TYPE_COST_KM, 0);
    type.cost_per_hour_usd = world_number_or(row, TYPE_COST_HOUR, 0);
    type.revenue_per_train_usd = world_number_or(row, TYPE_REVENUE, 0);
    type.empty_mass_kg = world_number(row, TYPE_EMPTY_MASS) * 1000;
    type.empty_length_m = world_number(row, TYPE_EMPTY_LENGTH);
    type.random_running_times = !world_constant(row, TYPE_RUNNING_FACTOR, &factor) || factor != 1;
    world->types[world->type_count++] = type;
}

static void read_fixed_time(const struct world_row *row) {
    struct audit_world *world = row->reading->world;
    const bool all = strcmp(world_raw(row, TIME_TYPE), "*") == 0;
    struct audit_fixed_time time = {.section = world_reference(row, TIME_SECTION, &row->reading->sections),
                                    .type = all ? -1 : world_reference(row, TIME_TYPE, &row->reading->types),
                                    .run_ms = world_milliseconds(row, TIME_RUN, 1000),
                                    .start_ms = world_milliseconds(row, TIME_START, 0),
                                    .stop_ms = world_milliseconds(row, TIME_STOP, 0)};
    world_directions(row, TIME_DIRECTION, time.direction);
    time.one_direction = time.direction[AUDIT_FORWARD] != time.direction[AUDIT_BACKWARD];
    if (!world_holds(row, TIME_OPTION) || time.section < 0 || (time.type < 0 && !all)) return;
    world->fixed_times[world->fixed_time_count++] = time;
}

static int by_section(const void *left, const void *right) {
    const struct audit_fixed_time *a = left, *b = right;
    if (a->section != b->section) return a->section < b->section ? -1 : 1;
    if (a->type != b->type) return a->type < b->type ? -1 : 1;
    const int first = a->direction[AUDIT_FORWARD] + 2 * a->direction[AUDIT_BACKWARD];
    const int second = b->direction[AUDIT_FORWARD] + 2 * b->direction[AUDIT_BACKWARD];
    return first - second;
}

static bool read_fixed_times(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    void *times;
    if (!world_make_room(reading, WORLD_RUNNING_TIMES, &times, sizeof(struct audit_fixed_time), NULL)) return false;
    world->fixed_times = times;
    for (int32_t i = 0; i < reading->tables[WORLD_RUNNING_TIMES].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_RUNNING_TIMES, i);
        read_fixed_time(&row);
    }
    qsort(times, (size_t)world->fixed_time_count, sizeof *world->fixed_times, by_section);
    for (int32_t i = 1; i < world->fixed_time_count; i++)
        if (by_section(&world->fixed_times[i - 1], &world->fixed_times[i]) == 0)
            world_problem(reading, "running_times.csv gives section '%s' two times for the same trains",
                          world->sections[world->fixed_times[i].section].id);
    return true;
}

bool world_read_types(struct world_reading *reading) {
    void *types;
    if (!world_make_room(reading, WORLD_TRAIN_TYPES, &types, sizeof(struct audit_type), &reading->types)) return false;
    reading->world->types = types;
    for (int32_t i = 0; i < reading->tables[WORLD_TRAIN_TYPES].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_TRAIN_TYPES, i);
        read_type(&row);
    }
    return !reading->no_memory && read_fixed_times(reading);
}
