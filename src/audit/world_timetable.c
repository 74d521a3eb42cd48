#include <string.h>

#include "audit/world_reading.h"

enum { MOST_HOURS = 8760 };

static const char *train_of(struct world_reading *reading, const struct world_table *table, int32_t index) {
    const struct world_row row = {reading, table, index};
    return world_raw(&row, CALL_TRAIN);
}

/* The track a row names; −1: any, or told. */
static int32_t read_track(const struct world_row *row, int32_t station) {
    const char *id = world_text(row, CALL_TRACK);
    if (*id == '\0' || station < 0) return -1;
    const int32_t track = audit_world_track(row->reading->world, station, id);
    if (track < 0)
        world_row_problem(row, "track '%.*s' is not one of '%s'", text_shown(id), id,
                          row->reading->world->stations[station].id);
    return track;
}

/* What a train's rows amount to as they are read. */
struct train_rows {
    int64_t latest_ms; /* of the times so far */
    bool usable, active;
};

static void check_times(const struct world_row *row, const struct audit_call *call, struct train_rows *train) {
    const int64_t times[] = {call->arrival_ms, call->departure_ms};
    for (int i = 0; i < 2; i++) {
        if (times[i] < 0) continue;
        if (times[i] < train->latest_ms) world_row_problem(row, "a time before the one before it");
        train->latest_ms = times[i];
    }
}

static bool read_call(const struct world_row *row, bool first, struct train_rows *train) {
    struct audit_call *call = world_add_call(row->reading);
    if (call == NULL) return false;
    struct audit_plan *plan = &row->reading->world->plans[row->reading->world->plan_count];
    const int32_t type = world_reference(row, CALL_TYPE, &row->reading->types);
    double delay;
    call->station = world_call_station(row, world_text(row, CALL_STATION));
    call->arrival_ms = world_clock(row, CALL_ARRIVAL, -1, MOST_HOURS);
    call->departure_ms = world_clock(row, CALL_DEPARTURE, -1, MOST_HOURS);
    call->min_dwell_ms = world_milliseconds(row, CALL_MIN_DWELL, 0);
    call->track = read_track(row, call->station);
    call->stop = call->arrival_ms != call->departure_ms || call->min_dwell_ms > 0;
    if (!world_constant(row, CALL_ENTRY_DELAY, &delay) || delay != 0) plan->entry_delay = true;
    call->dwell_delay = !world_constant(row, CALL_DWELL, &delay) || delay != 0;
    if (!first && type != plan->type && type >= 0 && plan->type >= 0)
        world_row_problem(row, "train '%s' changes its type", plan->id);
    if (first) plan->type = type;
    check_times(row, call, train);
    train->usable = train->usable && call->station >= 0 && type != WORLD_UNKNOWN;
    train->active = train->active && type != WORLD_OFF;
    return true;
}

static void finish_train(const struct world_row *row, struct train_rows *train) {
    struct audit_world *world = row->reading->world;
    struct audit_plan *plan = &world->plans[world->plan_count];
    struct audit_call *first = &world->calls[plan->first_call], *last = first + plan->call_count - 1;
    first->stop = last->stop = true;
    plan->standing = first->arrival_ms >= 0;
    if (plan->call_count < 2 || (first->arrival_ms < 0 && first->departure_ms < 0)) {
        world_row_problem(row, "train '%s' has %s", plan->id,
                          plan->call_count < 2 ? "one row only" : "no time at which it is to leave");
        train->usable = false;
    }
    world_end_plan(row, train->usable, train->active);
}

/* The rows from `from` to before `to`, all of one train; those that are switched off do not count. */
static bool read_train(struct world_reading *reading, const struct world_table *table, int32_t from, int32_t to) {
    struct train_rows train = {.latest_ms = -1, .usable = true, .active = true};
    struct world_row begin = {reading, table, -1};
    for (int32_t i = from; i < to; i++) {
        const struct world_row row = {reading, table, i};
        const bool first = begin.index < 0;
        if (!world_holds(&row, CALL_OPTION)) continue;
        if (first) {
            const char *id = world_take_identifier(&row, CALL_TRAIN);
            if (id == NULL) return !reading->no_memory;
            if (!world_begin_plan(&row, id, false)) return false;
            begin = row;
        }
        if (!read_call(&row, first, &train)) return false;
    }
    if (begin.index >= 0) finish_train(&begin, &train);
    return !reading->no_memory;
}

bool world_read_timetable(struct world_reading *reading, const struct world_table *table) {
    int32_t to;
    for (int32_t from = 0; from < table->row_count; from = to) {
        to = from + 1;
        while (to < table->row_count && strcmp(train_of(reading, table, from), train_of(reading, table, to)) == 0) to++;
        if (!read_train(reading, table, from, to)) return false;
    }
    return true;
}
