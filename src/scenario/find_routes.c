#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "railway/route.h"
#include "scenario/reader.h"

/* The row and column where call `call` of plan `plan` was written. */
static struct row call_place(struct reader *reader, int32_t plan, int32_t call, int32_t *column) {
    const struct plan_place *place = &reader->plan_places[plan];
    const struct train_plan *written = &reader->scenario->timetable.plans[plan];
    const struct table *table = &reader->schedules[place->table];
    if (written->kind == PLAN_TIMETABLE) {
        *column = TIMETABLE_STATION;
        return reader_row(reader, table, reader->call_rows[place->first_call + call]);
    }
    *column = call == 0 ? SERVICES_ORIGIN : call == written->call_count - 1 ? SERVICES_DESTINATION : SERVICES_STOPS;
    return reader_row(reader, table, place->row);
}

static void report_barrier(const struct row *row, int32_t column, const struct train_type *type,
                           const struct section *section, const char *from, const char *to) {
    if (section->gauge_mm != 0 && type->gauge_mm != 0 && section->gauge_mm != type->gauge_mm)
        row_error(row, column,
                  "no route for train type '%s' from '%s' to '%s': section '%s' has a gauge of %d mm, the train %d mm",
                  type->id, from, to, section->id, section->gauge_mm, type->gauge_mm);
    else
        row_error(
            row, column,
            "no route for train type '%s' from '%s' to '%s': section '%s' clears %.16g m, the train is %.16g m high",
            type->id, from, to, section->id, section->clearance_m, type->height_m);
}

static bool called_before(const int32_t *stations, int32_t call) {
    for (int32_t i = 0; i < call; i++)
        if (stations[i] == stations[call]) return true;
    return false;
}

static void report_no_route(struct reader *reader, int32_t plan, const int32_t *stations,
                            const struct route_answer *answer) {
    const struct network *network = &reader->scenario->network;
    const struct train_plan *written = &reader->scenario->timetable.plans[plan];
    const struct train_type *type = &reader->scenario->train_types[written->train_type];
    const int32_t call = answer->failed_call;
    assert(call >= 0 && call < written->call_count);
    const char *to = network->stations[stations[call]].id;
    const char *from = call > 0 ? network->stations[stations[call - 1]].id : to;
    int32_t column;
    const struct row row = call_place(reader, plan, call, &column);
    if (answer->outcome == ROUTE_NONE && answer->barrier >= 0)
        report_barrier(&row, column, type, &network->sections[answer->barrier], from, to);
    else if (answer->outcome == ROUTE_NONE)
        row_error(&row, column, "no route from '%s' to '%s': no sections connect them", from, to);
    else if (called_before(stations, call))
        row_error(&row, column, "'%s' calls at '%s' twice, expected a route that visits no station twice", written->id,
                  to);
    else
        row_error(&row, column, "no route from '%s' to '%s' that visits no station twice", from, to);
}

/* How many stations along the route a station lies; −1: not on it. */
static int32_t position_on(const struct network *network, const struct route_answer *answer, int32_t origin,
                           int32_t station) {
    if (station == origin) return 0;
    for (int32_t i = 0; i < answer->leg_count; i++)
        if (route_leg_end(network, &answer->legs[i]) == station) return i + 1;
    return -1;
}

struct placed_call {
    struct planned_call call;
    int32_t position;
};

static int compare_placed(const void *left, const void *right) {
    const struct placed_call *one = left, *other = right;
    return (one->position > other->position) - (one->position < other->position);
}

/* Puts a service's stops into the order of the direct route, if all of them lie on it. False: out of memory. */
static bool order_stops(const struct network *network, struct train_plan *plan, const struct route_answer *direct,
                        bool *all) {
    struct placed_call *placed = malloc((size_t)plan->call_count * sizeof *placed);
    if (!placed) return false;
    *all = true;
    for (int32_t i = 0; i < plan->call_count; i++) {
        placed[i] = (struct placed_call){plan->calls[i],
                                         position_on(network, direct, plan->calls[0].station, plan->calls[i].station)};
        *all = *all && placed[i].position >= 0;
    }
    if (*all) {
        qsort(placed, (size_t)plan->call_count, sizeof *placed, compare_placed);
        for (int32_t i = 0; i < plan->call_count; i++) plan->calls[i] = placed[i].call;
    }
    free(placed);
    return true;
}

/* The direct route of a service if its stops lie on it; otherwise *answer is left to be found through them. */
static bool try_direct(struct route_finder *finder, const struct network *network, struct train_plan *plan,
                       struct route_answer *answer, bool *direct) {
    const int32_t ends[2] = {plan->calls[0].station, plan->calls[plan->call_count - 1].station};
    *direct = false;
    *answer = route_find(finder, plan->train_type, ends, 2);
    if (answer->outcome == ROUTE_NO_MEMORY) return false;
    if (answer->outcome != ROUTE_FOUND) return true;
    const bool room = order_stops(network, plan, answer, direct);
    if (room && *direct) return true;
    free(answer->legs);
    answer->legs = NULL;
    return room;
}

static bool find_plan_route(struct reader *reader, struct route_finder *finder, int32_t index) {
    struct train_plan *plan = &reader->scenario->timetable.plans[index];
    struct route_answer answer = {0};
    bool direct = false;
    if (plan->kind == PLAN_SERVICE && plan->call_count > 2 &&
        !try_direct(finder, &reader->scenario->network, plan, &answer, &direct))
        return false;
    int32_t *stations = malloc((size_t)plan->call_count * sizeof *stations);
    if (!stations) return free(answer.legs), false;
    bool twice = false;
    for (int32_t i = 0; i < plan->call_count; i++) stations[i] = plan->calls[i].station;
    for (int32_t i = 0; i < plan->call_count && direct && !twice; i++) twice = called_before(stations, i);
    if (direct && twice) { /* a stop written twice */
        free(answer.legs);
        direct = false;
    }
    if (!direct) answer = route_find(finder, plan->train_type, stations, plan->call_count);
    if (answer.outcome == ROUTE_FOUND) {
        plan->route = answer.legs;
        plan->route_length = answer.leg_count;
    } else if (answer.outcome != ROUTE_NO_MEMORY) {
        report_no_route(reader, index, stations, &answer);
    }
    free(stations);
    return answer.outcome != ROUTE_NO_MEMORY;
}

bool find_routes(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    struct route_finder *finder =
        route_finder_create(&scenario->network, scenario->train_types, scenario->train_type_count,
                            scenario->running_times, scenario->running_time_count);
    if (!finder) return false;
    bool done = true;
    for (int32_t i = 0; done && i < scenario->timetable.plan_count; i++) done = find_plan_route(reader, finder, i);
    route_finder_destroy(finder);
    return done;
}

/* ---- whether the trains fit, and can be run ---- */

static double longest_track(const struct network *network, const struct station *station) {
    double longest = 0;
    for (int32_t i = 0; i < station->track_count; i++)
        if (network->tracks[station->first_track + i].length_m > longest)
            longest = network->tracks[station->first_track + i].length_m;
    return longest;
}

static void check_fit(struct reader *reader, int32_t index, int32_t call_index) {
    const struct network *network = &reader->scenario->network;
    const struct train_plan *plan = &reader->scenario->timetable.plans[index];
    const struct train_type *type = &reader->scenario->train_types[plan->train_type];
    const struct planned_call *call = &plan->calls[call_index];
    const struct station *station = &network->stations[call->station];
    int32_t column;
    const struct row row = call_place(reader, index, call_index, &column);
    if (call->track >= 0) {
        const struct track *track = &network->tracks[call->track];
        if (track->length_m < type->length_m)
            row_error(&row, TIMETABLE_TRACK, "train type '%s' is %.16g m long, track '%s' of '%s' only %.16g m",
                      type->id, type->length_m, track->id, station->id, track->length_m);
        return;
    }
    const double longest = longest_track(network, station);
    if (!call->stop || station->track_count == 0 || longest >= type->length_m) return;
    row_error(&row, column, "train type '%s' is %.16g m long, the longest track of '%s' only %.16g m", type->id,
              type->length_m, station->id, longest);
}

static int32_t missing_traction(const struct row *row) {
    static const int32_t columns[] = {TYPES_MASS, TYPES_POWER, TYPES_EFFORT, TYPES_BRAKE};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        if (!cell_given(row, columns[i])) return columns[i];
    return -1;
}

/* What is missing of a type for the ways it is to run, `runs` [2 × section + direction]: told once. */
static void check_traction(struct reader *reader, int32_t type_index, const bool *runs) {
    const struct scenario *scenario = reader->scenario;
    const struct train_type *type = &scenario->train_types[type_index];
    const struct row row = reader_row(reader, &reader->tables[TABLE_TRAIN_TYPES], reader->train_type_rows[type_index]);
    const int32_t missing = missing_traction(&row);
    for (int32_t way = 0; missing >= 0 && way < 2 * scenario->network.section_count; way++) {
        const struct section *section = &scenario->network.sections[way / 2];
        const bool fixed = running_time_find(scenario->running_times, scenario->running_time_count, way / 2, type_index,
                                             1u << way % 2) != NULL;
        if (!runs[way] || (fixed && (section->signalling == SIGNALLING_FIXED || cell_given(&row, TYPES_BRAKE))))
            continue;
        if (fixed)
            row_error(&row, TYPES_BRAKE, "brake_ms2 is empty, but section '%s' has moving block", section->id);
        else
            row_error(&row, missing, "%s is empty, but train type '%s' has no fixed running time on section '%s' %s",
                      row.table->description->columns[missing].name, type->id, section->id,
                      way % 2 == FORWARD ? "forward" : "backward");
        return;
    }
}

bool check_plans(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    const size_t ways = 2 * (size_t)scenario->network.section_count;
    bool *runs = calloc((size_t)scenario->train_type_count * ways + 1, sizeof *runs);
    if (!runs) return false;
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++) {
        const struct train_plan *plan = &scenario->timetable.plans[i];
        bool *type_runs = runs + (size_t)plan->train_type * ways;
        for (int32_t call = 0; call < plan->call_count; call++) check_fit(reader, i, call);
        for (int32_t leg = 0; leg < plan->route_length; leg++)
            type_runs[2 * plan->route[leg].section + plan->route[leg].direction] = true;
    }
    for (int32_t type = 0; type < scenario->train_type_count; type++)
        check_traction(reader, type, runs + (size_t)type * ways);
    free(runs);
    return true;
}
