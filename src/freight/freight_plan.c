#include "freight/freight_plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "freight/container.h"
#include "freight/offers.h"

/* While a plan is made. */
struct making {
    struct freight_plan *plan;
    struct journey_input input;
    struct journeys journeys;
    int32_t *terminal_of; /* [station]; −1: flows do not use it */
};

static void *rows(int32_t count, size_t size) {
    return calloc((size_t)count + 1, size);
}

static int32_t larger(int32_t one, int32_t other) {
    return one > other ? one : other;
}

/* ---- terminals ---- */

static void use_station(struct making *making, int32_t station) {
    making->terminal_of[station] = 0;
}

static bool find_terminals(struct making *making) {
    struct freight_plan *plan = making->plan;
    const struct traffic *traffic = making->input.traffic;
    const int32_t stations = making->input.network->station_count;
    for (int32_t i = 0; i < stations; i++) making->terminal_of[i] = -1;
    for (int32_t i = 0; i < traffic->flow_count; i++) {
        use_station(making, traffic->flows[i].origin);
        use_station(making, traffic->flows[i].destination);
    }
    for (int32_t i = 0; i < making->journeys.hop_count; i++) use_station(making, making->journeys.hops[i].to);
    for (int32_t i = 0; i < stations; i++)
        if (making->terminal_of[i] >= 0) making->terminal_of[i] = plan->terminal_count++;
    plan->terminals = rows(plan->terminal_count, sizeof *plan->terminals);
    if (!plan->terminals) return false;
    for (int32_t i = 0; i < stations; i++) {
        if (making->terminal_of[i] < 0) continue;
        const struct terminal *row = traffic_terminal(traffic, i);
        struct freight_terminal *terminal = &plan->terminals[making->terminal_of[i]];
        terminal->limits = row ? *row : (struct terminal){.station = i, .yard_teu = -1, .closing_ms = -1};
        terminal->yard.size_teu = terminal->limits.yard_teu;
        terminal->yard.pickup_ms = terminal->limits.pickup_ms;
    }
    return true;
}

/* The flows that begin at each terminal. */
static void group_flows(struct making *making) {
    struct freight_plan *plan = making->plan;
    int32_t count = 0;
    for (int32_t t = 0; t < plan->terminal_count; t++) {
        plan->terminals[t].first_flow = count;
        for (int32_t i = 0; i < plan->flow_count; i++)
            if (making->terminal_of[making->input.traffic->flows[i].origin] == t) plan->flows_from[count++] = i;
        plan->terminals[t].flow_count = count - plan->terminals[t].first_flow;
    }
}

/* ---- hops ---- */

static void add_hop(struct making *making, const struct hop *hop, bool first, bool empty) {
    struct freight_plan *plan = making->plan;
    const int32_t from = making->terminal_of[hop->from], to = making->terminal_of[hop->to];
    const bool changed = !first && plan->terminals[from].limits.gauge_change != GAUGE_CHANGE_NONE;
    plan->hops[plan->hop_count++] = (struct freight_hop){
        .flow = hop->flow,
        .from = from,
        .to = to,
        .remaining = hop->remaining,
        .first = first,
        .empty = empty,
        .loads_by_lift = !changed,
        .change = hop->remaining > 0 ? plan->terminals[to].limits.gauge_change : GAUGE_CHANGE_NONE};
}

static void add_journey(struct making *making, int32_t flow_index) {
    struct freight_plan *plan = making->plan;
    const struct journeys *journeys = &making->journeys;
    const struct flow *flow = &making->input.traffic->flows[flow_index];
    assert(journeys->first_hop);
    int32_t at = journeys->first_hop[flow_index];
    plan->first_hop[flow_index] = plan->hop_count;
    plan->class[flow_index] = 1;
    if (at < 0)
        add_hop(making, &(struct hop){flow_index, flow->origin, flow->destination, 0}, true, false);
    else
        plan->class[flow_index] = journeys->hops[at].remaining + 1;
    for (bool first = true; at >= 0 && at < journeys->hop_count && journeys->hops[at].flow == flow_index; at++) {
        add_hop(making, &journeys->hops[at], first, false);
        first = false;
    }
}

static bool find_hops(struct making *making) {
    struct freight_plan *plan = making->plan;
    plan->hops = rows(making->journeys.hop_count + 2 * plan->flow_count, sizeof *plan->hops);
    if (!plan->hops || making->journeys.hop_count + 2 * plan->flow_count > GREATEST_HOP) return false;
    for (int32_t i = 0; i < plan->flow_count; i++) add_journey(making, i);
    bool returns = false;
    for (int32_t i = 0; i < plan->flow_count; i++) {
        const struct flow *flow = &making->input.traffic->flows[i];
        plan->return_hop[i] = flow->empties_return ? plan->hop_count : -1;
        if (flow->empties_return) add_hop(making, &(struct hop){i, flow->destination, flow->origin, 0}, true, true);
        returns = returns || flow->empties_return;
    }
    plan->id_step = returns ? 2 * plan->flow_count : plan->flow_count;
    return true;
}

/* Whose empties are needed less where a load of each flow is offered. */
static bool find_lowered(struct making *making) {
    struct freight_plan *plan = making->plan;
    const struct flow *flows = making->input.traffic->flows;
    for (int32_t pass = 0; pass < 2; pass++) {
        int32_t count = 0;
        for (int32_t i = 0; i < plan->flow_count; i++) {
            plan->first_lowered[i] = count;
            for (int32_t hop = making->journeys.hop_count; hop < plan->hop_count; hop++) {
                const struct freight_hop *back = &plan->hops[hop];
                if (!back->empty || flows[back->flow].destination != flows[i].origin ||
                    flows[back->flow].origin != flows[i].destination)
                    continue;
                if (pass == 1) plan->lowered[count] = back->flow;
                count++;
            }
        }
        plan->first_lowered[plan->flow_count] = count;
        if (pass == 0) plan->lowered = rows(count, sizeof *plan->lowered);
        if (!plan->lowered) return false;
    }
    return true;
}

/* ---- boardings ---- */

/* The hops of a plan, into `boardings` unless that is NULL; their number. */
static int32_t list_boardings(const struct making *making, int32_t train_plan, struct freight_boarding *boardings) {
    const struct freight_plan *plan = making->plan;
    const struct train_plan *asked = &making->input.timetable->plans[train_plan];
    int32_t count = 0;
    if (!journeys_carries(&making->input, train_plan)) return 0;
    for (int32_t i = 0; i < plan->hop_count; i++) {
        const struct freight_hop *hop = &plan->hops[i];
        const int32_t from = journeys_stop_at(asked, plan->terminals[hop->from].limits.station);
        if (from < 0) continue;
        const int32_t to = journeys_stop_at(asked, plan->terminals[hop->to].limits.station);
        if (to <= from) continue;
        if (boardings) boardings[count] = (struct freight_boarding){.hop = i, .from_call = from, .to_call = to};
        count++;
    }
    return count;
}

static int compare_boardings(const void *left, const void *right) {
    const struct freight_boarding *one = left, *other = right;
    if (one->from_call != other->from_call) return one->from_call < other->from_call ? -1 : 1;
    return (one->hop > other->hop) - (one->hop < other->hop);
}

/* What the calls of a plan do. */
static void mark_calls(struct freight_plan *plan, int32_t train_plan, int32_t call_count) {
    struct freight_train_plan *train = &plan->plans[train_plan];
    struct freight_call *calls = plan->calls + train->first_call;
    struct freight_boarding *boardings = plan->boardings + train->first_boarding;
    for (int32_t i = 0; i < train->boarding_count; i++) {
        calls[boardings[i].from_call].does |= CALL_LOADS;
        calls[boardings[i].to_call].does |= CALL_UNLOADS;
    }
    for (int32_t i = 0; i < call_count; i++)
        if (calls[i].does & CALL_UNLOADS) calls[i].stop = train->stop_count++;
    for (int32_t i = 0; i < train->boarding_count; i++) boardings[i].stop = calls[boardings[i].to_call].stop;
    plan->most_stops = larger(plan->most_stops, train->stop_count);
    plan->most_boardings = larger(plan->most_boardings, train->boarding_count);
}

static bool find_boardings(struct making *making) {
    struct freight_plan *plan = making->plan;
    const struct timetable *timetable = making->input.timetable;
    int32_t boardings = 0, calls = 0;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        const double capacity_teu = making->input.train_types[timetable->plans[i].train_type].capacity_teu;
        plan->plans[i] = (struct freight_train_plan){.first_call = calls,
                                                     .first_boarding = boardings,
                                                     .boarding_count = list_boardings(making, i, NULL),
                                                     .capacity_teu = (int32_t)floor(capacity_teu)};
        boardings += plan->plans[i].boarding_count;
        calls += timetable->plans[i].call_count;
    }
    plan->boardings = rows(boardings, sizeof *plan->boardings);
    plan->calls = rows(calls, sizeof *plan->calls);
    if (!plan->boardings || !plan->calls) return false;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        struct freight_boarding *first = plan->boardings + plan->plans[i].first_boarding;
        assert(first);
        list_boardings(making, i, first);
        if (plan->plans[i].boarding_count > 0)
            qsort(first, (size_t)plan->plans[i].boarding_count, sizeof *first, compare_boardings);
        mark_calls(plan, i, timetable->plans[i].call_count);
    }
    return true;
}

/* Lifts of a full load at the first call: containers of the mean size of what boards there. */
static double full_load_lifts(const struct freight_plan *plan, const struct freight_train_plan *train) {
    double teu = 0, containers = 0;
    for (int32_t i = 0; i < train->boarding_count; i++) {
        const struct freight_boarding *boarding = &plan->boardings[train->first_boarding + i];
        const struct flow *flow = &plan->input.traffic->flows[plan->hops[boarding->hop].flow];
        if (boarding->from_call > 0 || !plan->hops[boarding->hop].loads_by_lift) continue;
        const double weight = flow->teu_per_day > 0 ? flow->teu_per_day : 1e-9;
        teu += weight;
        containers += weight / flow_mean_teu(flow);
    }
    return teu > 0 ? ceil(train->capacity_teu * containers / teu) : 0;
}

static void close_loading(struct freight_plan *plan, struct freight_train_plan *train) {
    train->least_teu = 2;
    const struct terminal *limits = NULL;
    for (int32_t i = 0; i < train->boarding_count; i++) {
        const struct freight_boarding *boarding = &plan->boardings[train->first_boarding + i];
        const struct freight_hop *hop = &plan->hops[boarding->hop];
        if (boarding->from_call > 0) continue;
        limits = &plan->terminals[hop->from].limits;
        if (!hop->empty && flow_least_teu(&plan->input.traffic->flows[hop->flow]) == 1) train->least_teu = 1;
    }
    if (!limits) return;
    const double lifts = full_load_lifts(plan, train);
    const double rounds = limits->cranes > 0 ? ceil(lifts / limits->cranes) : lifts > 0;
    train->closing_ms = limits->closing_ms >= 0 ? limits->closing_ms : llround(rounds * limits->lift_s * 1000);
}

/* ---- yards ---- */

static void set_yards(struct making *making) {
    struct freight_plan *plan = making->plan;
    for (int32_t t = 0; t < plan->terminal_count; t++) {
        int64_t train_teu = 0, container_teu = 1;
        for (int32_t i = 0; i < making->input.timetable->plan_count; i++)
            for (int32_t k = 0; k < plan->plans[i].boarding_count; k++) {
                const struct freight_hop *hop = &plan->hops[plan->boardings[plan->plans[i].first_boarding + k].hop];
                if ((hop->from == t || hop->to == t) && plan->plans[i].capacity_teu > train_teu)
                    train_teu = plan->plans[i].capacity_teu;
            }
        for (int32_t i = 0; i < plan->hop_count; i++) {
            const struct freight_hop *hop = &plan->hops[i];
            if ((hop->from == t || hop->to == t) && plan->input.traffic->flows[hop->flow].share_40ft > 0)
                container_teu = 2;
        }
        yard_rules_set(&plan->terminals[t].yard, container_teu, train_teu);
    }
}

/* Which classes stand where. */
static bool find_classes(struct making *making) {
    struct freight_plan *plan = making->plan;
    int32_t most = 1;
    for (int32_t i = 0; i < plan->flow_count; i++) most = larger(most, plan->class[i]);
    plan->classes = calloc((size_t)plan->terminal_count * (size_t)(most + 1) + 1, sizeof *plan->classes);
    if (!plan->classes) return false;
    for (int32_t t = 0; t < plan->terminal_count; t++) {
        plan->terminals[t].yard.classes = plan->classes + (size_t)t * (size_t)(most + 1);
        plan->terminals[t].yard.class_count = most + 1;
    }
    for (int32_t i = 0; i < plan->hop_count; i++) {
        const struct freight_hop *hop = &plan->hops[i];
        const struct yard_rules *to = &plan->terminals[hop->to].yard;
        assert(to->classes);
        if (!hop->empty || to->pickup_ms > 0) to->classes[hop->remaining].there = true;
        if (!hop->empty) plan->terminals[hop->from].yard.classes[hop->remaining + 1].there = true;
    }
    return true;
}

/* ---- the whole ---- */

static bool make(struct making *making) {
    struct freight_plan *plan = making->plan;
    const int32_t flows = plan->flow_count;
    making->terminal_of = rows(making->input.network->station_count, sizeof *making->terminal_of);
    plan->first_hop = rows(flows, sizeof *plan->first_hop);
    plan->class = rows(flows, sizeof *plan->class);
    plan->return_hop = rows(flows, sizeof *plan->return_hop);
    plan->first_lowered = rows(flows, sizeof *plan->first_lowered);
    plan->flows_from = rows(flows, sizeof *plan->flows_from);
    plan->plans = rows(making->input.timetable->plan_count, sizeof *plan->plans);
    if (!making->terminal_of || !plan->first_hop || !plan->class || !plan->return_hop || !plan->first_lowered ||
        !plan->flows_from || !plan->plans)
        return false;
    if (!find_terminals(making) || !find_hops(making) || !find_lowered(making) || !find_boardings(making) ||
        !find_classes(making))
        return false;
    group_flows(making);
    set_yards(making);
    for (int32_t i = 0; i < making->input.timetable->plan_count; i++) close_loading(plan, &plan->plans[i]);
    return true;
}

struct freight_plan *freight_plan_create(const struct freight_input *input) {
    struct freight_plan *plan = calloc(1, sizeof *plan);
    if (!plan) return NULL;
    *plan = (struct freight_plan){.input = *input, .flow_count = input->traffic->flow_count};
    struct making making = {.plan = plan,
                            .input = {input->traffic, input->network, input->timetable, input->train_types}};
    bool made = journeys_find(&making.input, &making.journeys);
    made = made && make(&making);
    journeys_free(&making.journeys);
    free(making.terminal_of);
    if (made) return plan;
    freight_plan_destroy(plan);
    return NULL;
}

void freight_plan_destroy(struct freight_plan *plan) {
    if (!plan) return;
    free(plan->hops);
    free(plan->first_hop);
    free(plan->class);
    free(plan->return_hop);
    free(plan->plans);
    free(plan->boardings);
    free(plan->calls);
    free(plan->terminals);
    free(plan->flows_from);
    free(plan->classes);
    free(plan->first_lowered);
    free(plan->lowered);
    free(plan);
}

/* ---- questions ---- */

bool freight_plan_carries(const struct freight_plan *plan, int32_t train_plan) {
    return plan->plans[train_plan].boarding_count > 0;
}

bool freight_plan_calls(const struct freight_plan *plan, int32_t train_plan, int32_t call) {
    return plan->calls[plan->plans[train_plan].first_call + call].does != 0;
}

bool freight_plan_loads_later(const struct freight_plan *plan, int32_t train_plan) {
    const struct freight_train_plan *train = &plan->plans[train_plan];
    return train->boarding_count > 0 &&
           plan->boardings[train->first_boarding + train->boarding_count - 1].from_call > 0;
}

int64_t freight_plan_closing_ms(const struct freight_plan *plan, int32_t train_plan) {
    return plan->plans[train_plan].closing_ms;
}

int64_t freight_plan_longest_closing_ms(const struct freight_plan *plan) {
    int64_t longest = 0;
    for (int32_t i = 0; i < plan->input.timetable->plan_count; i++)
        if (plan->plans[i].closing_ms > longest) longest = plan->plans[i].closing_ms;
    return longest;
}

void freight_plan_boardings_at(const struct freight_plan *plan, int32_t train_plan, int32_t call, int32_t *first,
                               int32_t *end) {
    const struct freight_train_plan *train = &plan->plans[train_plan];
    const int32_t last = train->first_boarding + train->boarding_count;
    *first = train->first_boarding;
    while (*first < last && plan->boardings[*first].from_call < call) ++*first;
    for (*end = *first; *end < last && plan->boardings[*end].from_call == call;) ++*end;
}
