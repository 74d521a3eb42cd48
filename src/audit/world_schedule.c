#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

bool world_begin_plan(const struct world_row *row, const char *id, bool service) {
    struct world_reading *reading = row->reading;
    struct audit_world *world = reading->world;
    int32_t room = reading->plan_room;
    if (!world_grow(reading, (void **)&world->plans, world->plan_count, &room, sizeof *world->plans)) return false;
    if (!world_grow(reading, (void **)&reading->returns, world->plan_count, &reading->plan_room,
                    sizeof *reading->returns))
        return false;
    world->plans[world->plan_count] = (struct audit_plan){
        .id = id, .service = service, .first_call = world->call_count, .weekdays = 127, .return_of = -1};
    reading->returns[world->plan_count] = (struct world_return){.row = row->index, .table = row->table};
    return true;
}

struct audit_call *world_add_call(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    if (!world_grow(reading, (void **)&world->calls, world->call_count, &reading->call_room, sizeof *world->calls))
        return NULL;
    world->plans[world->plan_count].call_count++;
    struct audit_call *call = &world->calls[world->call_count++];
    *call = (struct audit_call){.station = -1, .arrival_ms = -1, .departure_ms = -1, .track = -1};
    return call;
}

void world_end_plan(const struct world_row *row, bool usable, bool active) {
    struct world_reading *reading = row->reading;
    struct audit_world *world = reading->world;
    const struct audit_plan *plan = &world->plans[world->plan_count];
    const bool kept = usable && active;
    if (!world_names_put(&reading->plans, plan->id, kept ? world->plan_count : WORLD_OFF)) {
        world_row_problem(row, "'%s' is in the schedules twice", plan->id);
        world->call_count = plan->first_call;
    } else if (kept) {
        world->plan_count++;
    } else {
        world->call_count = plan->first_call;
    }
}

int32_t world_call_station(const struct world_row *row, const char *id) {
    const int32_t station = world_names_find(&row->reading->stations, id);
    if (station < 0)
        world_row_problem(row, "station '%.*s' is %s", text_shown(id), id,
                          station == WORLD_OFF ? "switched off" : "not declared");
    return station < 0 ? -1 : station;
}

/* ---- services that others turn round into ---- */

/* The index of the plan that this one follows; −1: none, *off: it is switched off. */
static int32_t find_before(struct world_reading *reading, int32_t plan, bool *off) {
    const struct world_return *from = &reading->returns[plan];
    *off = false;
    if (from->of == NULL) return -1;
    const struct world_row row = {reading, from->table, from->row};
    const int32_t before = world_names_find(&reading->plans, from->of);
    *off = before == WORLD_OFF;
    if (before == WORLD_UNKNOWN || (before >= 0 && !reading->world->plans[before].service))
        world_row_problem(&row, "return_of '%.*s' is no service", text_shown(from->of), from->of);
    return before >= 0 && reading->world->plans[before].service ? before : -1;
}

/* Whether the trainsets of a plan come from nowhere, because a plan before it is switched off. */
static bool is_lost(struct world_reading *reading, int32_t plan) {
    for (int32_t steps = 0; plan >= 0 && steps <= reading->world->plan_count; steps++) {
        if (reading->returns[plan].lost) return true;
        plan = reading->world->plans[plan].return_of;
    }
    if (plan >= 0) world_problem(reading, "return_of goes round in a circle: '%s'", reading->world->plans[plan].id);
    return false;
}

/* Leaves the lost plans out; the others move up. */
static bool drop_lost(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    int32_t *moved = malloc(((size_t)world->plan_count + 1) * sizeof *moved), kept = 0;
    if (moved == NULL) return world_no_memory(reading);
    for (int32_t i = 0; i < world->plan_count; i++) moved[i] = is_lost(reading, i) ? -1 : kept++;
    for (int32_t i = 0; i < world->plan_count; i++) {
        struct audit_plan plan = world->plans[i];
        if (moved[i] < 0) continue;
        if (plan.return_of >= 0) plan.return_of = moved[plan.return_of];
        world->plans[moved[i]] = plan;
    }
    world->plan_count = kept;
    free(moved);
    return true;
}

static bool link_returns(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    for (int32_t i = 0; i < world->plan_count; i++)
        world->plans[i].return_of = find_before(reading, i, &reading->returns[i].lost);
    return drop_lost(reading);
}

/* ---- all of them ---- */

struct named_plan {
    const char *id;
    int32_t plan;
};

static int by_id(const void *left, const void *right) {
    return strcmp(((const struct named_plan *)left)->id, ((const struct named_plan *)right)->id);
}

static bool sort_plans(struct world_reading *reading) {
    struct audit_world *world = reading->world;
    const size_t room = (size_t)world->plan_count + 1;
    struct named_plan *named = malloc(room * sizeof *named);
    world->plans_by_id = malloc(room * sizeof *world->plans_by_id);
    if (named == NULL || world->plans_by_id == NULL) return free(named), world_no_memory(reading);
    for (int32_t i = 0; i < world->plan_count; i++) named[i] = (struct named_plan){world->plans[i].id, i};
    qsort(named, (size_t)world->plan_count, sizeof *named, by_id);
    for (int32_t i = 0; i < world->plan_count; i++) world->plans_by_id[i] = named[i].plan;
    free(named);
    return true;
}

bool world_read_schedules(struct world_reading *reading) {
    int32_t rows = 0;
    for (int32_t i = 0; i < reading->schedule_count; i++) rows += reading->schedules[i].row_count;
    if (!world_names_reserve(&reading->plans, rows)) return world_no_memory(reading);
    for (int32_t i = 0; i < reading->schedule_count; i++) {
        const struct world_table *table = &reading->schedules[i];
        if (table->form == NULL) continue; /* told */
        const bool services = table->form == world_form(WORLD_SERVICES);
        if (!(services ? world_read_services : world_read_timetable)(reading, table)) return false;
    }
    if (!link_returns(reading)) return false;
    if (reading->world->plan_count == 0) world_problem(reading, "the schedules of the run hold no train");
    return sort_plans(reading);
}
