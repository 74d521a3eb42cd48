#include "freight/journey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "railway/route.h"

/* When the trains of each plan come to their calls and go on, milliseconds from anywhere; and the search backward from
 * one flow's destination: `level`, the hops it still is from a station to there (−1: not found so far), `left_ms`, the
 * time on trains these take, and `next`, the station where the first of them ends. */
struct search {
    const struct journey_input *input;
    int32_t *first_call; /* [plan]: its calls are [first_call … + call_count] of the next two */
    int64_t *arrival_ms, *departure_ms;
    int32_t *level, *next; /* [station] */
    int64_t *left_ms;
    bool *changes; /* [station]: it has a terminal */
};

/* ---- plans ---- */

static bool stops(const struct train_plan *plan, int32_t call) {
    return call == 0 || call == plan->call_count - 1 || plan->calls[call].stop;
}

static bool saturated(const struct timetable *timetable, const struct train_plan *plan) {
    const struct train_plan *root = timetable_root(timetable, plan); /* as often as that comes, so does its trainset */
    return root->kind == PLAN_SERVICE && root->arrivals == ARRIVALS_SATURATED;
}

bool journeys_carries(const struct journey_input *input, int32_t plan) {
    const struct train_plan *asked = &input->timetable->plans[plan];
    return input->train_types[asked->train_type].capacity_teu > 0 && !saturated(input->timetable, asked);
}

int32_t journeys_stop_at(const struct train_plan *plan, int32_t station) {
    for (int32_t call = 0; call < plan->call_count; call++)
        if (plan->calls[call].station == station && stops(plan, call)) return call;
    return -1;
}

/* ---- when its trains are where ---- */

/* Metres from its origin to each of its calls. */
static void measure_calls(const struct journey_input *input, const struct train_plan *plan, double *call_m) {
    double at_m = 0;
    int32_t leg = 0;
    call_m[0] = 0;
    for (int32_t call = 1; call < plan->call_count; call++) {
        for (bool there = false; !there && leg < plan->route_length; leg++) {
            at_m += input->network->sections[plan->route[leg].section].length_m;
            there = route_leg_end(input->network, &plan->route[leg]) == plan->calls[call].station;
        }
        call_m[call] = at_m;
    }
}

static int64_t planned_arrival(const struct planned_call *call) {
    return call->arrival_ms >= 0 ? call->arrival_ms : call->departure_ms;
}

static int64_t planned_departure(const struct planned_call *call) {
    return call->departure_ms >= 0 ? call->departure_ms : call->arrival_ms;
}

/* Calls without a planned time lie between those before and after them in proportion to the way; where there is none
 * after them, at the type's greatest speed from the one before. */
static void time_calls(const struct journey_input *input, const struct train_plan *plan, const double *call_m,
                       int64_t *arrival_ms, int64_t *departure_ms) {
    const double speed_ms = input->train_types[plan->train_type].max_speed_ms;
    int32_t before = 0, after = 0; /* calls with a time, or the first */
    arrival_ms[0] = departure_ms[0] = planned_departure(&plan->calls[0]) >= 0 ? planned_departure(&plan->calls[0]) : 0;
    for (int32_t call = 1; call < plan->call_count; call++) {
        const struct planned_call *planned = &plan->calls[call];
        if (planned_arrival(planned) >= 0) {
            arrival_ms[call] = planned_arrival(planned);
            departure_ms[call] = planned_departure(planned);
            before = call;
            continue;
        }
        if (after < call)
            for (after = call + 1; after < plan->call_count && planned_arrival(&plan->calls[after]) < 0;) after++;
        const double way_m = call_m[call] - call_m[before];
        double took_ms = way_m / speed_ms * (double)MILLISECONDS_PER_SECOND;
        if (after < plan->call_count && call_m[after] > call_m[before])
            took_ms = (double)(planned_arrival(&plan->calls[after]) - departure_ms[before]) * way_m /
                      (call_m[after] - call_m[before]);
        arrival_ms[call] = departure_ms[call] = departure_ms[before] + llround(took_ms);
    }
}

/* ---- the search ---- */

static void search_free(struct search *search) {
    free(search->first_call);
    free(search->arrival_ms);
    free(search->departure_ms);
    free(search->level);
    free(search->next);
    free(search->left_ms);
    free(search->changes);
}

static bool search_prepare(struct search *search, const struct journey_input *input) {
    const struct timetable *timetable = input->timetable;
    const size_t stations = (size_t)input->network->station_count + 1;
    size_t calls = 0;
    for (int32_t i = 0; i < timetable->plan_count; i++) calls += (size_t)timetable->plans[i].call_count;
    *search = (struct search){.input = input,
                              .first_call = calloc((size_t)timetable->plan_count + 1, sizeof *search->first_call),
                              .arrival_ms = calloc(calls + 1, sizeof *search->arrival_ms),
                              .departure_ms = calloc(calls + 1, sizeof *search->departure_ms),
                              .level = calloc(stations, sizeof *search->level),
                              .next = calloc(stations, sizeof *search->next),
                              .left_ms = calloc(stations, sizeof *search->left_ms),
                              .changes = calloc(stations, sizeof *search->changes)};
    double *call_m = calloc(calls + 1, sizeof *call_m);
    const bool room = call_m && search->first_call && search->arrival_ms && search->departure_ms && search->level &&
                      search->next && search->left_ms && search->changes;
    for (int32_t i = 0, first = 0; room && i < timetable->plan_count; i++) {
        search->first_call[i] = first;
        measure_calls(input, &timetable->plans[i], call_m);
        time_calls(input, &timetable->plans[i], call_m, search->arrival_ms + first, search->departure_ms + first);
        first += timetable->plans[i].call_count;
    }
    for (int32_t i = 0; room && i < input->traffic->terminal_count; i++)
        search->changes[input->traffic->terminals[i].station] = true;
    free(call_m);
    return room;
}

/* Goes along a plan backward: from each of its stops to the one after it that leaves the least time, of several the
 * station that stands first. Only those `level` hops away count, which have a terminal. True: a station was found. */
static bool look_back(struct search *search, int32_t plan_index, int32_t level) {
    const struct train_plan *plan = &search->input->timetable->plans[plan_index];
    const int32_t first = search->first_call[plan_index];
    int32_t best = -1; /* station */
    int64_t best_ms = 0;
    bool found = false;
    for (int32_t call = plan->call_count - 1; call >= 0; call--) {
        const int32_t station = plan->calls[call].station;
        if (!stops(plan, call)) continue;
        const bool open = search->level[station] < 0 || search->level[station] == level + 1;
        const int64_t left_ms = best_ms - search->departure_ms[first + call];
        const bool better = search->level[station] < 0 || left_ms < search->left_ms[station] ||
                            (left_ms == search->left_ms[station] && best < search->next[station]);
        if (best >= 0 && open && better) {
            search->level[station] = level + 1;
            search->left_ms[station] = left_ms;
            search->next[station] = best;
            found = true;
        }
        if (search->level[station] != level || (level > 0 && !search->changes[station])) continue;
        const int64_t end_ms = search->arrival_ms[first + call] + search->left_ms[station];
        if (best < 0 || end_ms < best_ms || (end_ms == best_ms && station < best)) {
            best = station;
            best_ms = end_ms;
        }
    }
    return found;
}

/* The number of hops of a flow, 0: there is no way. `next` then leads along it. */
static int32_t search_flow(struct search *search, const struct flow *flow) {
    const struct journey_input *input = search->input;
    for (int32_t i = 0; i < input->network->station_count; i++) search->level[i] = -1;
    search->level[flow->destination] = 0;
    search->left_ms[flow->destination] = 0;
    bool found = true;
    for (int32_t level = 0; found && search->level[flow->origin] < 0; level++) {
        found = false;
        for (int32_t plan = 0; plan < input->timetable->plan_count; plan++)
            if (journeys_carries(input, plan) && look_back(search, plan, level)) found = true;
    }
    return search->level[flow->origin] < 0 ? 0 : search->level[flow->origin];
}

static bool find_hops(struct search *search, struct journeys *journeys) {
    const struct traffic *traffic = search->input->traffic;
    for (int32_t i = 0; i < traffic->flow_count; i++) {
        const int32_t count = search_flow(search, &traffic->flows[i]);
        journeys->first_hop[i] = count > 0 ? journeys->hop_count : -1;
        if (count == 0) continue;
        struct hop *more = realloc(journeys->hops, (size_t)(journeys->hop_count + count) * sizeof *more);
        if (!more) return false;
        journeys->hops = more;
        int32_t at = traffic->flows[i].origin;
        for (int32_t remaining = count - 1; remaining >= 0; remaining--) {
            more[journeys->hop_count++] = (struct hop){i, at, search->next[at], remaining};
            at = search->next[at];
        }
    }
    journeys->first_hop[traffic->flow_count] = journeys->hop_count;
    return true;
}

/* ---- boardings ---- */

static int compare_boardings(const void *left, const void *right) {
    const struct boarding *one = left, *other = right;
    if (one->from_call != other->from_call) return one->from_call < other->from_call ? -1 : 1;
    return (one->hop > other->hop) - (one->hop < other->hop);
}

/* What a plan serves, into `boardings` unless that is NULL; their number. */
static int32_t plan_boardings(const struct journey_input *input, const struct journeys *journeys, int32_t plan_index,
                              struct boarding *boardings) {
    const struct train_plan *plan = &input->timetable->plans[plan_index];
    int32_t count = 0;
    if (!journeys_carries(input, plan_index)) return 0;
    for (int32_t i = 0; i < journeys->hop_count; i++) {
        const int32_t from = journeys_stop_at(plan, journeys->hops[i].from),
                      to = journeys_stop_at(plan, journeys->hops[i].to);
        if (from < 0 || to <= from) continue;
        if (boardings) boardings[count] = (struct boarding){i, from, to};
        count++;
    }
    if (boardings && count > 0) qsort(boardings, (size_t)count, sizeof *boardings, compare_boardings);
    return count;
}

static bool find_boardings(const struct journey_input *input, struct journeys *journeys) {
    const int32_t plans = input->timetable->plan_count;
    for (int32_t i = 0; i < plans; i++) {
        journeys->first_boarding[i] = journeys->boarding_count;
        journeys->boarding_count += plan_boardings(input, journeys, i, NULL);
    }
    journeys->first_boarding[plans] = journeys->boarding_count;
    journeys->boardings = calloc((size_t)journeys->boarding_count + 1, sizeof *journeys->boardings);
    if (!journeys->boardings) return false;
    for (int32_t i = 0; i < plans; i++)
        plan_boardings(input, journeys, i, journeys->boardings + journeys->first_boarding[i]);
    return true;
}

/* ---- for others ---- */

bool journeys_find(const struct journey_input *input, struct journeys *journeys) {
    struct search search;
    *journeys = (struct journeys){
        .first_hop = calloc((size_t)input->traffic->flow_count + 1, sizeof *journeys->first_hop),
        .first_boarding = calloc((size_t)input->timetable->plan_count + 1, sizeof *journeys->first_boarding)};
    const bool done = search_prepare(&search, input) && journeys->first_hop && journeys->first_boarding &&
                      find_hops(&search, journeys) && find_boardings(input, journeys);
    search_free(&search);
    if (!done) journeys_free(journeys);
    return done;
}

void journeys_free(struct journeys *journeys) {
    free(journeys->hops);
    free(journeys->first_hop);
    free(journeys->boardings);
    free(journeys->first_boarding);
    *journeys = (struct journeys){0};
}

bool journeys_direct(const struct journey_input *input, int32_t from, int32_t to) {
    for (int32_t i = 0; i < input->timetable->plan_count; i++) {
        const struct train_plan *plan = &input->timetable->plans[i];
        const int32_t begins = journeys_stop_at(plan, from);
        if (begins >= 0 && journeys_stop_at(plan, to) > begins && journeys_carries(input, i)) return true;
    }
    return false;
}
