#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

static void read_traction(const struct row *row, struct train_type *type) {
    type->mass_kg = cell_number(row, TYPES_MASS);
    type->power_w = cell_number(row, TYPES_POWER);
    type->tractive_effort_n = cell_number(row, TYPES_EFFORT);
    type->brake_ms2 = cell_number(row, TYPES_BRAKE);
    type->davis_a_n = cell_number(row, TYPES_DAVIS_A);
    type->davis_b_ns_m = cell_number(row, TYPES_DAVIS_B);
    type->davis_c_ns2_m2 = cell_number(row, TYPES_DAVIS_C);
    type->rotating_mass = cell_number(row, TYPES_ROTATING_MASS);
    type->tunnel_drag = cell_number(row, TYPES_TUNNEL_DRAG);
    type->has_traction =
        !isnan(type->mass_kg) && !isnan(type->power_w) && !isnan(type->tractive_effort_n) && !isnan(type->brake_ms2);
}

/* What is left of a train without its load cannot be more than the train. */
static void read_empty(const struct row *row, struct train_type *type) {
    type->empty_mass_kg = cell_number(row, TYPES_EMPTY_MASS);
    type->empty_length_m = cell_number(row, TYPES_EMPTY_LENGTH);
    if (!isnan(type->empty_mass_kg) && !cell_given(row, TYPES_MASS))
        row_error(row, TYPES_EMPTY_MASS, "empty_mass_t without mass_t, expected the mass of the full train too");
    if (type->empty_mass_kg > type->mass_kg)
        row_error(row, TYPES_EMPTY_MASS,
                  "empty_mass_t %s is more than mass_t %s of the full train, expected at most that",
                  cell_raw(row, TYPES_EMPTY_MASS), cell_raw(row, TYPES_MASS));
    if (type->empty_length_m > type->length_m)
        row_error(row, TYPES_EMPTY_LENGTH,
                  "empty_length_m %s is more than length_m %s of the full train, expected at most that",
                  cell_raw(row, TYPES_EMPTY_LENGTH), cell_raw(row, TYPES_LENGTH));
}

static void read_type_cells(const struct row *row, struct train_type *type) {
    type->gauge_mm = (int32_t)cell_whole(row, TYPES_GAUGE, 0);
    type->length_m = cell_number(row, TYPES_LENGTH);
    type->max_speed_ms = cell_number(row, TYPES_MAX_SPEED);
    type->supplement_percent = cell_number(row, TYPES_SUPPLEMENT);
    type->height_m = cell_number(row, TYPES_HEIGHT);
    if (isnan(type->height_m)) type->height_m = 0;
    type->capacity_teu = cell_number(row, TYPES_CAPACITY);
    type->priority = (int32_t)cell_whole(row, TYPES_PRIORITY, 1);
    type->delay_weight = cell_number(row, TYPES_DELAY_WEIGHT);
    type->cost_per_train_km_usd = cell_number(row, TYPES_COST_KM);
    type->cost_per_hour_usd = cell_number(row, TYPES_COST_HOUR);
    type->revenue_per_train_usd = cell_number(row, TYPES_REVENUE);
    type->energy = (enum train_energy)cell_word(row, TYPES_ENERGY, ENERGY_ELECTRIC);
    cell_law(row, TYPES_RUNNING_FACTOR, &type->running_factor);
    read_traction(row, type);
    read_empty(row, type);
}

static bool read_train_type(struct reader *reader, const struct row *row) {
    struct scenario *scenario = reader->scenario;
    struct train_type type = {0};
    const char *id = cell_text(row, TYPES_TYPE), *name = cell_text(row, TYPES_NAME);
    read_type_cells(row, &type);
    const bool active = options_hold(reader, row, TYPES_OPTION);
    if (*id == '\0') reader->train_types.damaged = true;
    if (*id != '\0') names_add(&reader->train_types, id, active ? scenario->train_type_count : -1, row->index);
    if (*id == '\0' || !active) {
        train_type_free(&type);
        return true;
    }
    type.id = text_copy(id);
    type.name = text_copy(*name ? name : id);
    reader->train_type_rows[scenario->train_type_count] = row->index;
    scenario->train_types[scenario->train_type_count++] = type;
    return type.id && type.name;
}

bool read_train_types(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_TRAIN_TYPES];
    reader->train_types = (struct names){.table = "train_types.csv", .damaged = table->damaged};
    if (!names_reserve(&reader->train_types, table->row_count)) return false;
    reader->scenario->train_types = calloc((size_t)table->row_count + 1, sizeof *reader->scenario->train_types);
    reader->train_type_rows = calloc((size_t)table->row_count + 1, sizeof *reader->train_type_rows);
    if (!reader->scenario->train_types || !reader->train_type_rows) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_train_type(reader, &row)) return false;
    }
    names_sort(&reader->train_types);
    report_duplicates(reader, table, TYPES_TYPE, &reader->train_types);
    return true;
}

static bool read_running_time(struct reader *reader, const struct row *row, struct running_time *time) {
    const bool any_type = strcmp(cell_raw(row, TIMES_TYPE), "*") == 0;
    const enum name_state section = cell_reference(row, TIMES_SECTION, &reader->sections, &time->section);
    enum name_state type = NAME_FOUND;
    time->train_type = -1;
    if (!any_type) type = cell_reference(row, TIMES_TYPE, &reader->train_types, &time->train_type);
    time->directions = cell_directions(row, TIMES_DIRECTION);
    time->run_ms = cell_milliseconds(row, TIMES_RUN, 1);
    time->start_ms = cell_milliseconds(row, TIMES_START, 0);
    time->stop_ms = cell_milliseconds(row, TIMES_STOP, 0);
    return options_hold(reader, row, TIMES_OPTION) && section == NAME_FOUND && type == NAME_FOUND;
}

struct timed {
    struct running_time time;
    int32_t row;
};

static int compare_timed(const void *left, const void *right) {
    const struct timed *one = left, *other = right;
    if (one->time.section != other->time.section) return one->time.section < other->time.section ? -1 : 1;
    if (one->time.train_type != other->time.train_type) return one->time.train_type < other->time.train_type ? -1 : 1;
    if (one->time.directions != other->time.directions) return one->time.directions < other->time.directions ? -1 : 1;
    return (one->row > other->row) - (one->row < other->row);
}

static bool same_subject(const struct running_time *one, const struct running_time *other) {
    return one->section == other->section && one->train_type == other->train_type &&
           one->directions == other->directions;
}

static void report_same_times(struct reader *reader, struct timed *timed, int32_t count) {
    const struct table *table = &reader->tables[TABLE_RUNNING_TIMES];
    qsort(timed, (size_t)count, sizeof *timed, compare_timed);
    for (int32_t i = 1; i < count; i++) {
        if (!same_subject(&timed[i - 1].time, &timed[i].time)) continue;
        const struct row row = reader_row(reader, table, timed[i].row);
        row_error(&row, TIMES_SECTION, "the same section, train_type and direction a second time, first in line %d",
                  table->lines[timed[i - 1].row]);
    }
}

bool read_running_times(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_RUNNING_TIMES];
    struct scenario *scenario = reader->scenario;
    struct timed *timed = malloc(((size_t)table->row_count + 1) * sizeof *timed);
    scenario->running_times = calloc((size_t)table->row_count + 1, sizeof *scenario->running_times);
    const bool room = timed && scenario->running_times;
    for (int32_t i = 0; room && i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        struct running_time *time = &scenario->running_times[scenario->running_time_count];
        if (!read_running_time(reader, &row, time)) continue;
        timed[scenario->running_time_count++] = (struct timed){.time = *time, .row = i};
    }
    if (room) report_same_times(reader, timed, scenario->running_time_count);
    free(timed);
    return room;
}
