#include "simulation/handling.h"

#include <math.h>

#include "simulation/granting.h"

int64_t handling_lead_ms(const struct simulation *simulation) {
    const int64_t lead = simulation->line->lead_ms;
    if (!simulation->freight) return lead;
    const int64_t longest = freight_plan_longest_closing_ms(simulation->plan->freight);
    return longest > lead ? longest : lead;
}

bool handling_begin(struct simulation *simulation, int32_t trip, struct outsider *outsider) {
    outsider->load = -1;
    if (!simulation->freight || !freight_plan_carries(simulation->plan->freight, trip)) return true;
    outsider->load = freight_load_begin(simulation->freight, trip);
    if (outsider->load >= 0)
        freight_load_is_of(simulation->freight, outsider->load, outsider->id);
    else
        simulation->no_memory = true;
    return outsider->load >= 0;
}

bool handling_loads_at_origin(const struct simulation *simulation, int32_t trip) {
    return simulation->freight && freight_plan_calls(simulation->plan->freight, trip, 0);
}

int64_t handling_closing_ms(const struct simulation *simulation, int32_t trip, int64_t planned_ms) {
    int64_t before = freight_plan_closing_ms(simulation->plan->freight, trip);
    if (before < simulation->line->lead_ms) before = simulation->line->lead_ms; /* for its route to be set, too */
    const int64_t closing = planned_ms - before;
    return closing > simulation->now_ms ? closing : simulation->now_ms;
}

int64_t handling_load_outside(struct simulation *simulation, struct outsider *outsider) {
    const struct handling handling =
        freight_load(simulation->freight, outsider->load, 0, simulation->now_ms, outsider->planned_ms);
    if (handling.done_ms > outsider->ready_ms) outsider->ready_ms = outsider->seniority_ms = handling.done_ms;
    return handling.again_ms;
}

void handling_weigh(struct simulation *simulation, struct train *train) {
    const struct trip *trip = trip_of(simulation, train);
    train->path = trip->path;
    if (train->load < 0 || trip->light_paths[0] < 0) return;
    const double share = freight_load_teu(simulation->freight, train->load) / floor(trip->type->capacity_teu);
    const int32_t level = (int32_t)ceil(share * LOAD_LEVELS);
    if (level < LOAD_LEVELS) train->path = trip->light_paths[level];
}

struct outsider handling_next_of(const struct simulation *simulation, const struct train *train) {
    if (train->phase == PHASE_LEAVING) {
        const struct path_node *at = &path_of(simulation, train)->nodes[train->at];
        const struct station *station = &simulation->plan->scenario->network.stations[at->station];
        return (struct outsider){.day = train->day,
                                 .number = train->number,
                                 .planned_ms = train->ready_ms + station->turnaround_ms,
                                 .load = train->next_load};
    }
    return (struct outsider){.id = train->id,
                             .day = train->day,
                             .number = train->number,
                             .planned_ms = train->planned_departure_ms,
                             .load = train->load};
}

void handling_load_standing(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    const struct outsider next = handling_next_of(simulation, train);
    const struct handling handling =
        freight_load(simulation->freight, next.load, 0, simulation->now_ms, next.planned_ms);
    if (handling.again_ms != INT64_MAX) {
        granting_push_event(simulation, handling.again_ms, EVENT_HANDLING, slot);
        return;
    }
    if (train->phase == PHASE_LEAVING) {
        const int64_t leave = handling.done_ms > next.planned_ms ? handling.done_ms : next.planned_ms;
        granting_push_event(simulation, leave, EVENT_LEAVE, slot);
        return;
    }
    if (handling.done_ms > train->ready_ms) train->noted_ms = train->seniority_ms = train->ready_ms = handling.done_ms;
    handling_weigh(simulation, train);
    simulation->line->commitments[slot].path = train->path;
    int64_t ask = train->ready_ms - simulation->line->lead_ms;
    if (ask < simulation->now_ms) ask = simulation->now_ms;
    if (!event_queue_push(simulation->events, ask, CLASS_READY, EVENT_READY, (uint32_t)slot))
        simulation->no_memory = true;
}

bool handling_wait_standing(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    if (!handling_loads_at_origin(simulation, train->trip)) return false;
    granting_push_event(simulation, handling_closing_ms(simulation, train->trip, train->planned_departure_ms),
                        EVENT_HANDLING, slot);
    return true;
}

int64_t handling_stop(struct simulation *simulation, int32_t slot, int32_t node) {
    const struct train *train = &simulation->trains[slot];
    const int32_t call = trip_of(simulation, train)->nodes[node].call;
    const int64_t now = simulation->now_ms;
    if (train->load < 0 || call < 0 || !freight_plan_calls(simulation->plan->freight, train->trip, call)) return now;
    const int64_t unloaded = freight_unload(simulation->freight, train->load, call, now);
    const struct handling loading = freight_load(simulation->freight, train->load, call, now, now);
    return loading.done_ms > unloaded ? loading.done_ms : unloaded;
}

void handling_end(struct simulation *simulation, int32_t slot, int64_t arrival_ms) {
    struct train *train = &simulation->trains[slot];
    if (!simulation->freight) return;
    const struct stage *origin = &simulation->stages[(size_t)slot * (size_t)simulation->plan->most_calls];
    const struct train_trip trip = {.train_plan = train->trip,
                                    .departure_ms = origin->departure_ms,
                                    .arrival_ms = arrival_ms,
                                    .km = trip_of(simulation, train)->length_km,
                                    .energy_kwh = train->energy_j / 3.6e6};
    train->money = freight_train_ended(simulation->freight, train->load, &trip);
    train->load = -1;
}
