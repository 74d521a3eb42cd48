#include <math.h>
#include <string.h>

#include "audit/world_reading.h"

#define MINUTE_MS 60000.0

/* ---- where ---- */

static bool add_end(const struct world_row *row, int32_t column, bool *usable) {
    struct audit_call *call = world_add_call(row->reading);
    if (call == NULL) return false;
    call->station = world_call_station(row, world_text(row, column));
    call->stop = true;
    *usable = *usable && call->station >= 0;
    if (call->station >= 0 && !row->reading->world->stations[call->station].terminal)
        world_row_problem(row, "service begins or ends at '%s', which is no terminal",
                          row->reading->world->stations[call->station].id);
    return true;
}

/* STATION:dwell_s. */
static bool add_stop(const struct world_row *row, const char *text, size_t length, bool *usable) {
    char station[64], dwell[64];
    double seconds = 0;
    while (length > 0 && *text == ' ') text++, length--;
    const char *colon = memchr(text, ':', length);
    const size_t name = colon != NULL ? (size_t)(colon - text) : 0, rest = colon != NULL ? length - name - 1 : 0;
    bool good = name > 0 && name < sizeof station && rest > 0 && rest < sizeof dwell;
    if (good) {
        memcpy(station, text, name);
        memcpy(dwell, colon + 1, rest);
        station[name] = dwell[rest] = '\0';
        good = world_parse_number(dwell, &seconds) && seconds >= 0 && seconds <= 1e6;
    }
    *usable = *usable && good;
    if (!good) return world_row_problem(row, "stops that are not STATION:seconds"), true;
    struct audit_call *call = world_add_call(row->reading);
    if (call == NULL) return false;
    call->station = world_call_station(row, station);
    call->min_dwell_ms = llround(seconds * 1000);
    call->stop = true;
    *usable = *usable && call->station >= 0;
    return true;
}

static bool add_calls(const struct world_row *row, bool *usable) {
    if (!add_end(row, SERVICE_ORIGIN, usable)) return false;
    for (const char *at = world_raw(row, SERVICE_STOPS); *at != '\0';) {
        const size_t length = strcspn(at, ";");
        if (!add_stop(row, at, length, usable)) return false;
        at += length + (at[length] == ';');
    }
    return add_end(row, SERVICE_DESTINATION, usable);
}

/* ---- when ---- */

/* How many trains an interval makes from the first to the last, both included; 24:00 belongs to the next day. */
static int32_t trains_of_interval(const struct audit_plan *plan) {
    const int64_t latest = plan->last_ms < WORLD_DAY_MS ? plan->last_ms : WORLD_DAY_MS - 1;
    int32_t count = (int32_t)((double)(latest - plan->first_ms) / plan->interval_ms);
    while (count > 0 && llround((count - 1) * plan->interval_ms) > latest - plan->first_ms) count--;
    while (llround(count * plan->interval_ms) <= latest - plan->first_ms) count++;
    return count;
}

static void read_regular(const struct world_row *row, struct audit_plan *plan, double interval, double number) {
    if (!isnan(interval)) {
        plan->interval_ms = interval * MINUTE_MS;
        plan->trains_per_day = trains_of_interval(plan);
        return;
    }
    plan->trains_per_day = (int32_t)fmax(1, floor(number + 0.5)); /* half a train does not run */
    plan->interval_ms = (double)(plan->last_ms - plan->first_ms) / plan->trains_per_day;
    if (plan->trains_per_day > 1 && plan->last_ms == plan->first_ms)
        world_row_problem(row, "service '%s' has no time for its trains", plan->id);
}

static void read_frequency(const struct world_row *row, struct audit_plan *plan, bool returns) {
    const double interval = world_number(row, SERVICE_INTERVAL), number = world_number(row, SERVICE_TRAINS_PER_DAY);
    plan->arrivals = (enum audit_arrivals)world_word(row, SERVICE_ARRIVALS, "regular|poisson|saturated", 0);
    plan->first_ms = world_clock(row, SERVICE_FIRST, 0, 24);
    plan->last_ms = world_clock(row, SERVICE_LAST, WORLD_DAY_MS, 24);
    if (plan->first_ms == WORLD_DAY_MS || plan->last_ms < plan->first_ms) {
        world_row_problem(row, "service '%s' has no time of the day to run in", plan->id);
        return;
    }
    if (!isnan(interval) && !isnan(number))
        world_row_problem(row, "service '%s' has both interval_min and trains_per_day", plan->id);
    else if (returns || plan->arrivals == AUDIT_SATURATED)
        return; /* neither is needed */
    else if (isnan(interval) && isnan(number))
        world_row_problem(row, "service '%s' has neither interval_min nor trains_per_day", plan->id);
    else if (plan->arrivals == AUDIT_REGULAR)
        read_regular(row, plan, interval, number);
    else
        plan->interval_ms = isnan(interval) ? (double)(plan->last_ms - plan->first_ms) / number : interval * MINUTE_MS;
}

static bool read_service(const struct world_row *row) {
    struct world_reading *reading = row->reading;
    bool usable = true;
    double delay;
    const char *id = world_take_identifier(row, SERVICE_ID), *return_of = world_raw(row, SERVICE_RETURN_OF);
    if (id == NULL) return !reading->no_memory;
    const int32_t type = world_reference(row, SERVICE_TYPE, &reading->types);
    const bool active = world_holds(row, SERVICE_OPTION) && type != WORLD_OFF;
    if (!world_begin_plan(row, id, true)) return false;
    if (active && !add_calls(row, &usable)) return false;
    struct audit_plan *plan = &reading->world->plans[reading->world->plan_count];
    plan->type = type;
    plan->weekdays = world_weekdays(row, SERVICE_DAYS);
    plan->entry_delay = !world_constant(row, SERVICE_ENTRY_DELAY, &delay) || delay != 0;
    if (*return_of != '\0') reading->returns[reading->world->plan_count].of = return_of;
    read_frequency(row, plan, *return_of != '\0');
    world_end_plan(row, usable && type != WORLD_UNKNOWN, active);
    return !reading->no_memory;
}

bool world_read_services(struct world_reading *reading, const struct world_table *table) {
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct world_row row = {reading, table, i};
        if (!read_service(&row)) return false;
    }
    return true;
}
