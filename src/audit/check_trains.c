#include "audit/checks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

struct trains_audit {
    const struct audit_world *world;
    const struct audit_rows *rows;
    struct audit_report *report;
    int32_t *seen; /* [station]: the train that was there last, counted from 1 */
};

static double seconds(int64_t milliseconds) {
    return (double)milliseconds / 1000;
}

static const struct audit_plan *plan_of(const struct trains_audit *audit, const struct audit_train_row *train) {
    return train->name.plan >= 0 ? &audit->world->plans[train->name.plan] : NULL;
}

static const char *place_of(const struct audit_world *world, int32_t station) {
    return station >= 0 ? world->stations[station].id : NULL;
}

/* ---- the plan ---- */

/* Time 0 of a train's plan: its calls are so much after it. AUDIT_NULL_MS where the results have no planned departure.
 */
static int64_t plan_begins_ms(const struct trains_audit *audit, const struct audit_train_row *train) {
    const struct audit_plan *plan = plan_of(audit, train);
    if (plan == NULL || plan->call_count == 0 || train->planned_departure_ms == AUDIT_NULL_MS) return AUDIT_NULL_MS;
    const struct audit_call *first = &audit->world->calls[plan->first_call];
    const int64_t departs = first->departure_ms >= 0 ? first->departure_ms : first->arrival_ms;
    return train->planned_departure_ms - (departs > 0 ? departs : 0);
}

static void check_plan_of_train(const struct trains_audit *audit, const struct audit_train_row *train) {
    const struct audit_plan *plan = plan_of(audit, train);
    audit_tested(audit->report, AUDIT_PLAN, 1);
    if (plan == NULL) {
        audit_violation(audit->report, AUDIT_PLAN, train->train, NULL, train->planned_departure_ms,
                        "no train of the schedule has this name");
        return;
    }
    const struct audit_call *first = &audit->world->calls[plan->first_call], *last = first + plan->call_count - 1;
    if (train->type != plan->type || train->origin != first->station || train->destination != last->station ||
        (train->service != NULL) != plan->service || (plan->service && strcmp(train->service, plan->id) != 0))
        audit_violation(audit->report, AUDIT_PLAN, train->train, place_of(audit->world, first->station),
                        train->planned_departure_ms, "its type, origin, destination or service is not the schedule's");
    const int64_t planned = audit_planned_departure(audit->world, &train->name);
    if (planned >= 0 && planned != train->planned_departure_ms)
        audit_violation(audit->report, AUDIT_PLAN, train->train, place_of(audit->world, first->station),
                        train->planned_departure_ms, "planned to depart %.3f s from when the schedule has it",
                        ((double)train->planned_departure_ms - (double)planned) / 1000);
    const int64_t begins = plan_begins_ms(audit, train);
    const int64_t arrival =
        last->arrival_ms >= 0 && begins != AUDIT_NULL_MS ? begins + last->arrival_ms : AUDIT_NULL_MS;
    if (arrival != train->planned_arrival_ms)
        audit_violation(audit->report, AUDIT_PLAN, train->train, place_of(audit->world, last->station),
                        train->planned_arrival_ms, "its planned arrival is not the schedule's");
}

/* ---- calls against the plan ---- */

static void check_planned_call(const struct trains_audit *audit, const struct audit_train_row *train,
                               const struct audit_call *planned, const struct audit_call_row *call, bool first,
                               bool last) {
    struct audit_report *report = audit->report;
    const int64_t begins = plan_begins_ms(audit, train);
    const int64_t due = first                                                   ? train->planned_departure_ms
                        : planned->departure_ms >= 0 && begins != AUDIT_NULL_MS ? begins + planned->departure_ms
                                                                                : AUDIT_NULL_MS;
    if (due != AUDIT_NULL_MS && call->departure_ms != AUDIT_NULL_MS) {
        audit_tested(report, AUDIT_DEPARTURE, 1);
        if (call->departure_ms < due)
            audit_violation(report, AUDIT_DEPARTURE, train->train, call->station_id, call->departure_ms,
                            "leaves %.3f s before its time", seconds(due - call->departure_ms));
    }
    if (planned->stop && call->arrival_ms != AUDIT_NULL_MS) {
        audit_tested(report, AUDIT_STOPS, 1);
        if (!call->stopped)
            audit_violation(report, AUDIT_STOPS, train->train, call->station_id, call->arrival_ms,
                            "does not stop where it should");
        else if (call->departure_ms != AUDIT_NULL_MS && !first && !last &&
                 call->departure_ms - call->arrival_ms < planned->min_dwell_ms)
            audit_violation(report, AUDIT_STOPS, train->train, call->station_id, call->arrival_ms,
                            "stops for %.3f s, not %.3f s", seconds(call->departure_ms - call->arrival_ms),
                            seconds(planned->min_dwell_ms));
    }
    audit_tested(report, AUDIT_PLAN, 1);
    const int64_t arrival =
        planned->arrival_ms >= 0 && begins != AUDIT_NULL_MS ? begins + planned->arrival_ms : AUDIT_NULL_MS;
    if (call->planned_arrival_ms != arrival || call->planned_departure_ms != due)
        audit_violation(report, AUDIT_PLAN, train->train, call->station_id, call->planned_departure_ms,
                        "the times planned for this call are not the schedule's");
}

/* Walks the calls of the results beside the rows of the plan, which they contain in order. */
static void check_calls_of_plan(const struct trains_audit *audit, const struct audit_train_row *train) {
    const struct audit_plan *plan = plan_of(audit, train);
    if (plan == NULL || train->call_count == 0) return;
    int32_t next = 0;
    for (int32_t k = 0; k < train->call_count; k++) {
        const struct audit_call_row *call = &audit->rows->calls[train->first_call + k];
        const struct audit_call *planned = &audit->world->calls[plan->first_call + next];
        if (next < plan->call_count && planned->station == call->station) {
            next++;
            check_planned_call(audit, train, planned, call, k == 0, k + 1 == train->call_count);
        }
    }
    audit_tested(audit->report, AUDIT_ROUTE, 1);
    if (next < plan->call_count)
        audit_violation(audit->report, AUDIT_ROUTE, train->train,
                        place_of(audit->world, audit->world->calls[plan->first_call + next].station),
                        train->planned_departure_ms, "its way misses a station that the schedule names");
}

/* ---- the way ---- */

static void check_hop(const struct trains_audit *audit, const struct audit_train_row *train,
                      const struct audit_call_row *here, const struct audit_call_row *there) {
    const struct audit_world *world = audit->world;
    enum audit_direction direction;
    if (here->station < 0 || there->station < 0) return; /* told with the references */
    const int32_t section = audit_world_between(world, here->station, there->station, &direction);
    audit_tested(audit->report, AUDIT_ROUTE, 1);
    if (section < 0) {
        audit_violation(audit->report, AUDIT_ROUTE, train->train, there->station_id, there->arrival_ms,
                        "no section joins %s and %s", here->station_id, there->station_id);
        return;
    }
    if (train->type < 0 || here->departure_ms == AUDIT_NULL_MS) return;
    const struct audit_type *type = &world->types[train->type];
    const struct audit_section *between = &world->sections[section];
    audit_tested(audit->report, AUDIT_GAUGE, 1);
    if (type->gauge_mm != 0 && between->gauge_mm != 0 && type->gauge_mm != between->gauge_mm)
        audit_violation(audit->report, AUDIT_GAUGE, train->train, between->id, here->departure_ms,
                        "a train of %d mm runs on %d mm", type->gauge_mm, between->gauge_mm);
    if (type->height_m > between->clearance_m)
        audit_violation(audit->report, AUDIT_GAUGE, train->train, between->id, here->departure_ms,
                        "a train %g m high runs where %g m are clear", type->height_m, between->clearance_m);
}

static void check_way(const struct trains_audit *audit, const struct audit_train_row *train, int32_t number) {
    if (train->call_count == 0) return;
    const struct audit_call_row *calls = &audit->rows->calls[train->first_call];
    audit_tested(audit->report, AUDIT_ROUTE, 1);
    if (calls[0].station != train->origin || calls[train->call_count - 1].station != train->destination)
        audit_violation(audit->report, AUDIT_ROUTE, train->train, calls[0].station_id, train->departure_ms,
                        "its calls do not lead from its origin to its destination");
    for (int32_t k = 0; k < train->call_count; k++) {
        const int32_t station = calls[k].station;
        if (station >= 0 && audit->seen[station] == number)
            audit_violation(audit->report, AUDIT_ROUTE, train->train, calls[k].station_id, calls[k].arrival_ms,
                            "comes to a station twice");
        if (station >= 0) audit->seen[station] = number;
        if (k + 1 < train->call_count) check_hop(audit, train, &calls[k], &calls[k + 1]);
    }
}

static void check_times(const struct trains_audit *audit, const struct audit_train_row *train) {
    if (train->call_count == 0) return;
    int64_t reached = AUDIT_NULL_MS; /* the latest time so far */
    bool gone = true;                /* has it left the call before? */
    for (int32_t k = 0; k < train->call_count; k++) {
        const struct audit_call_row *call = &audit->rows->calls[train->first_call + k];
        audit_tested(audit->report, AUDIT_ORDER_OF_CALLS, 1);
        if (call->seq != k + 1)
            audit_violation(audit->report, AUDIT_ORDER_OF_CALLS, train->train, call->station_id, call->arrival_ms,
                            "call %d has the number %" PRId64, k + 1, call->seq);
        const bool arrived = call->arrival_ms != AUDIT_NULL_MS, left = call->departure_ms != AUDIT_NULL_MS;
        const bool here = arrived || (k == 0 && left);
        if ((arrived && k > 0 && !gone) || (left && !here))
            audit_violation(audit->report, AUDIT_ORDER_OF_CALLS, train->train, call->station_id,
                            arrived ? call->arrival_ms : call->departure_ms, "is here without having %s",
                            left && !here ? "arrived" : "left the station before");
        if ((arrived && call->arrival_ms < reached) || (left && call->departure_ms < reached) ||
            (arrived && left && call->departure_ms < call->arrival_ms))
            audit_violation(audit->report, AUDIT_ORDER_OF_CALLS, train->train, call->station_id,
                            arrived ? call->arrival_ms : call->departure_ms, "its times run backwards");
        if (arrived && call->arrival_ms > reached) reached = call->arrival_ms;
        if (left && call->departure_ms > reached) reached = call->departure_ms;
        gone = left;
    }
    const struct audit_call_row *first = &audit->rows->calls[train->first_call];
    const struct audit_call_row *last = first + train->call_count - 1;
    if (first->departure_ms != train->departure_ms || last->arrival_ms != train->arrival_ms)
        audit_violation(audit->report, AUDIT_ORDER_OF_CALLS, train->train, first->station_id, train->departure_ms,
                        "departure and arrival of the train are not those of its calls");
}

/* ---- accounts ---- */

static void check_status(const struct trains_audit *audit, const struct audit_train_row *train) {
    const bool left = train->departure_ms != AUDIT_NULL_MS, arrived = train->arrival_ms != AUDIT_NULL_MS;
    const char *status = train->status ? train->status : "";
    bool true_to_it = false;
    if (strcmp(status, "arrived") == 0)
        true_to_it = left && arrived;
    else if (strcmp(status, "running") == 0)
        true_to_it = left && !arrived;
    else if (strcmp(status, "waiting") == 0)
        true_to_it = !arrived;
    else if (strcmp(status, "not_entered") == 0 || strcmp(status, "cancelled") == 0)
        true_to_it = !left && !arrived;
    audit_tested(audit->report, AUDIT_ACCOUNTED, 1);
    if (!true_to_it)
        audit_violation(audit->report, AUDIT_ACCOUNTED, train->train, NULL, left ? train->departure_ms : AUDIT_NO_TIME,
                        "its status %s does not fit its times", status);
    if (left && arrived && train->arrival_ms < train->departure_ms)
        audit_violation(audit->report, AUDIT_ACCOUNTED, train->train, NULL, train->arrival_ms,
                        "arrives before it departs");
    const int64_t end = audit->rows->end_ms;
    if (end != AUDIT_NULL_MS && ((left && train->departure_ms > end) || (arrived && train->arrival_ms > end)))
        audit_violation(audit->report, AUDIT_ACCOUNTED, train->train, NULL, train->departure_ms,
                        "moves after the run has ended");
}

static int compare_names(const struct audit_train_name *a, const struct audit_train_name *b) {
    if (a->plan != b->plan) return a->plan < b->plan ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int by_name(const void *left, const void *right) {
    const struct audit_train_row *a = *(const struct audit_train_row *const *)left;
    const struct audit_train_row *b = *(const struct audit_train_row *const *)right;
    return compare_names(&a->name, &b->name);
}

static bool present(const struct audit_train_row *const *named, int32_t count, const struct audit_train_name *name) {
    int32_t low = 0, high = count - 1;
    while (low <= high) {
        const int32_t middle = low + (high - low) / 2, order = compare_names(&named[middle]->name, name);
        if (order == 0) return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return false;
}

/* Trains that must be there: planned to depart before the run ended. What depends on chance, on other trains or on who
 * is always ready is known only once it has happened. */
static void check_missing(const struct trains_audit *audit, const struct audit_train_row *const *named, int32_t count,
                          int32_t plan_index, int64_t until_ms) {
    const struct audit_world *world = audit->world;
    const struct audit_plan *plan = &world->plans[plan_index];
    if (plan->return_of >= 0 || (plan->service && plan->arrivals != AUDIT_REGULAR)) return;
    const int32_t a_day = plan->service ? plan->trains_per_day : 1;
    for (int64_t day = 1; day - 1 < until_ms / DAY_MS + 1; day++) {
        if (world->repeat_once && day > 1) return;
        const int64_t weekday = (day - 1 + world->first_weekday) % 7;
        if (plan->service && !(plan->weekdays >> weekday & 1)) continue;
        for (int32_t n = 1; n <= a_day; n++) {
            const bool no_day = !plan->service && world->repeat_once; /* named T7, not T7@1 */
            const struct audit_train_name name = {plan_index, no_day ? 0 : day, plan->service ? n : 0};
            const int64_t planned = audit_planned_departure(world, &name);
            if (planned < 0 || planned >= until_ms) continue;
            audit_tested(audit->report, AUDIT_ACCOUNTED, 1);
            if (!present(named, count, &name))
                audit_violation(audit->report, AUDIT_ACCOUNTED, plan->id,
                                place_of(world, world->calls[plan->first_call].station), planned,
                                "the train of day %" PRId64 ", number %d, is missing", day, n);
        }
    }
}

static bool check_all_there(const struct trains_audit *audit) {
    const struct audit_rows *rows = audit->rows;
    const struct audit_train_row **named = calloc((size_t)rows->train_count + 1, sizeof *named);
    if (named == NULL) return false;
    int32_t count = 0;
    for (int32_t i = 0; i < rows->train_count; i++)
        if (rows->trains[i].name.plan >= 0) named[count++] = &rows->trains[i];
    qsort(named, (size_t)count, sizeof *named, by_name);
    for (int32_t i = 1; i < count; i++)
        if (compare_names(&named[i - 1]->name, &named[i]->name) == 0)
            audit_violation(audit->report, AUDIT_ACCOUNTED, named[i]->train, NULL, named[i]->planned_departure_ms,
                            "is there twice");
    int64_t until = rows->end_ms;
    const int64_t window_end = rows->warmup_ms + rows->horizon_ms;
    if (!audit->world->repeat_once && (until == AUDIT_NULL_MS || until > window_end)) until = window_end;
    for (int32_t plan = 0; until != AUDIT_NULL_MS && plan < audit->world->plan_count; plan++)
        check_missing(audit, named, count, plan, until);
    free(named);
    return true;
}

/* ---- all of it ---- */

static void skip_calls(struct audit_report *report) {
    static const enum audit_check checks[] = {AUDIT_DEPARTURE, AUDIT_STOPS, AUDIT_ORDER_OF_CALLS, AUDIT_ROUTE,
                                              AUDIT_GAUGE};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        audit_skip(report, checks[i], "needs detail calls or more");
}

bool audit_check_trains(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report) {
    if (!rows->detail.calls) skip_calls(report);
    if (!rows->detail.trains) {
        audit_skip(report, AUDIT_PLAN, "needs detail trains or more");
        audit_skip(report, AUDIT_ACCOUNTED, "needs detail trains or more");
        return true;
    }
    const struct trains_audit audit = {world, rows, report, calloc((size_t)world->station_count + 1, sizeof(int32_t))};
    if (audit.seen == NULL) return false;
    for (int32_t i = 0; i < rows->train_count; i++) {
        check_plan_of_train(&audit, &rows->trains[i]);
        check_status(&audit, &rows->trains[i]);
        if (!rows->detail.calls) continue;
        check_calls_of_plan(&audit, &rows->trains[i]);
        check_way(&audit, &rows->trains[i], i + 1);
        check_times(&audit, &rows->trains[i]);
    }
    free(audit.seen);
    return check_all_there(&audit);
}
