#include "simulation/granting.h"

#include "simulation/ageing.h"
#include "simulation/draws.h"
#include "simulation/entries.h"
#include "simulation/journal.h"
#include "simulation/policy_view.h"
#include "simulation/proposals.h"
#include "simulation/requests.h"
#include "simulation/waits.h"

void granting_push_event(struct simulation *simulation, int64_t time_ms, enum event_kind kind, int32_t slot) {
    if (!event_queue_push(simulation->events, time_ms, CLASS_MOVEMENT, kind, (uint32_t)slot))
        simulation->no_memory = true;
}

/* The last granted leg: it ends in a stop, unless the next move is granted at its indication point. */
static void schedule_end_of_leg(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct node_plan *at = &trip_of(simulation, train)->nodes[train->to];
    int64_t arrival = train->leg_start_ms + scaled_ms(train->run->duration_ms, train->factor);
    bool stops = at->stop || train->to == path->node_count - 1;
    if (!stops && at->departure_ms >= 0) {
        const struct leg_run *through = proposals_through_run(simulation, train);
        int64_t passing = through ? train->leg_start_ms + scaled_ms(through->duration_ms, train->factor) : arrival;
        stops = train->base_ms + at->departure_ms > passing;
    }
    if (stops) {
        granting_push_event(simulation, arrival, EVENT_ARRIVAL, slot);
        if (train->to == path->node_count - 1 && trip_of(simulation, train)->onward < 0 && train->load < 0)
            interlocking_will_leave(simulation->line, slot, draws_ready_after(simulation, train, train->to, arrival));
        return;
    }
    int64_t indication = train->leg_start_ms + scaled_ms(train->run->indication_ms, train->factor);
    granting_push_event(simulation, indication > simulation->now_ms ? indication : simulation->now_ms, EVENT_INDICATION,
                        slot);
}

static void run_through_end(struct simulation *simulation, int32_t slot, int64_t passing_ms) {
    struct train *train = &simulation->trains[slot];
    const struct leg_run *through = proposals_through_run(simulation, train);
    int32_t leg = train->to - 1, track = simulation->line->commitments[slot].track;
    interlocking_run_through(simulation->line, slot, train->id, leg, through, train->factor, train->leg_start_ms);
    journal_leg(simulation, slot, leg, through, train->factor, train->leg_start_ms);
    journal_pass(simulation, slot, train->to, track, passing_ms);
    requests_wake_road(simulation, path_of(simulation, train)->legs[leg].road);
}

static void journal_move(struct simulation *simulation, int32_t slot, const struct move_request *request) {
    struct train *train = &simulation->trains[slot];
    const struct move *move = &simulation->move;
    for (int32_t i = 0; i < move->leg_count; i++) {
        const struct move_leg *leg = &move->legs[i];
        int32_t index = request->from + i;
        journal_enter(simulation, slot, index, leg->start_ms);
        if (i + 1 == move->leg_count) break;
        int64_t arrival = leg->start_ms + scaled_ms(leg->run->duration_ms, leg->factor);
        journal_arrival(simulation, slot, index + 1, leg->track, arrival, leg->run->stop);
        waits_begin(train, leg->end_ms);
        train->ready_ms = leg->end_ms;
        journal_departure(simulation, slot, index + 1, leg->end_ms,
                          leg->run->stop ? draws_ready_planned(simulation, train, index + 1, arrival) : leg->end_ms);
        journal_leg(simulation, slot, index, leg->run, leg->factor, leg->start_ms);
    }
}

/* When a track behind is free is known once the leg is granted in which the tail leaves it: not always the first one.
 */
static void wake_places_left(struct simulation *simulation, const struct path *path, int32_t from, int32_t to) {
    for (int32_t leg = from; leg < to; leg++)
        for (int32_t i = 0; i < path->legs[leg].mark_count; i++) {
            const int32_t node = path->marks[path->legs[leg].first_mark + i].node;
            if (node >= 0 && node < from) requests_wake_place(simulation, path->nodes[node].place);
        }
}

static void wake_after_grant(struct simulation *simulation, const struct move_request *request, int32_t from_place) {
    const struct path *path = simulation->plan->paths[request->path];
    for (int32_t leg = request->from; leg < request->to; leg++) requests_wake_held(simulation, path->legs[leg].road);
    requests_wake_place(simulation, from_place);
    wake_places_left(simulation, path, request->from, request->to);
    if (path->nodes[request->to].place != from_place) requests_wake_place(simulation, path->nodes[request->to].place);
    if (path->nodes[request->to].place != from_place) requests_wake_unsafe(simulation, from_place);
}

/* The next in the queue has waited for the one that went so far. */
static void bring_forward_next(struct simulation *simulation, int32_t trip, int64_t ahead) {
    entries_bring_forward(simulation, trip);
    int32_t slot = simulation->outside[trip].slot;
    if (slot < 0) return;
    simulation->trains[slot].cause = WAIT_KNOCK_ON;
    simulation->trains[slot].cause_train = ahead;
}

static void tell_policy(struct simulation *simulation, int32_t slot) {
    if (!simulation->policy->granted) return;
    const struct dispatch_view view = policy_view_of(simulation);
    simulation->policy->granted(simulation->policy_state, &view, requests_as_seen(simulation, slot));
}

/* Makes the move in simulation->move real. */
void granting_grant(struct simulation *simulation, int32_t slot, const struct move_request *request,
                    const struct deadlock_move *counted) {
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const struct path *path = path_of(simulation, train);
    const struct move *move = &simulation->move;
    const struct move_leg *last = &move->legs[move->leg_count - 1];
    int32_t from_place = path->nodes[request->from].place;
    ageing_note_passed(simulation, requests_as_seen(simulation, slot));
    const bool kept_out = ageing_keeps_out(simulation, slot);
    requests_remove(simulation, slot);
    deadlock_granted(simulation->deadlock, counted);
    entries_take_from_demand(simulation, path, request->from, request->to);
    if (request->running) run_through_end(simulation, slot, request->base_ms);
    if (!interlocking_grant(simulation->line, request, move)) simulation->no_memory = true;
    tell_policy(simulation, slot);
    if (!request->running) {
        waits_charge(train, move->start_ms);
        if (request->entering) journal_arrival(simulation, slot, 0, move->from_track, TIME_NONE, true);
        journal_departure(simulation, slot, request->from, move->start_ms, train->ready_planned_ms);
        simulation->running_count++;
    }
    journal_move(simulation, slot, request);
    train->phase = PHASE_RUNNING;
    train->running_request = false;
    train->at = request->to - 1;
    train->to = request->to;
    train->run = last->run;
    train->factor = last->factor;
    train->leg_start_ms = last->start_ms;
    schedule_end_of_leg(simulation, slot);
    wake_after_grant(simulation, request, from_place);
    if (kept_out) ageing_let_in(simulation);
    if (!request->entering) return;
    int32_t trip_index = train->trip;
    entries_leave_queue(simulation, trip_index);
    if (trip->plan->kind == PLAN_SERVICE && trip->plan->arrivals == ARRIVALS_SATURATED) {
        simulation->carried[trip_index] += 1 / trip->plan->weight;
        entries_add_saturated(simulation, trip_index);
    } else
        bring_forward_next(simulation, trip_index, simulation->trains[slot].id);
}
