#include "simulation/dispatching.h"

#include "dispatch/rivals.h"
#include "simulation/ageing.h"
#include "simulation/granting.h"
#include "simulation/policy_view.h"
#include "simulation/proposals.h"
#include "simulation/requests.h"
#include "simulation/waits.h"

static void refuse_by_line(struct simulation *simulation, int32_t slot) {
    const struct move *move = &simulation->move;
    enum wait_cause cause = move->obstacle == OBSTACLE_POSSESSION  ? WAIT_POSSESSION
                            : move->obstacle == OBSTACLE_TIMETABLE ? WAIT_SCHEDULED
                                                                   : WAIT_KNOCK_ON;
    int64_t blocking_id = move->blocking_id > 0 ? move->blocking_id : waits_train_id(simulation, move->blocking_train);
    waits_note(simulation, slot, cause, blocking_id);
    int64_t until = move->verdict == MOVE_LATER ? move->later_ms : INT64_MAX;
    /* rounding never makes a retry come at once again */
    if (until <= simulation->now_ms) until = simulation->now_ms + 1;
    if (move->blocked_place >= 0)
        requests_sleep(simulation, slot, SLEEP_PLACE, move->blocked_place, until);
    else
        requests_sleep(simulation, slot, cause == WAIT_KNOCK_ON ? SLEEP_ROAD : SLEEP_TIME, -1, until);
}

static void refuse_as_unsafe(struct simulation *simulation, int32_t slot) {
    const int32_t *places;
    int32_t count = deadlock_closed_set(simulation->deadlock, &places);
    int32_t blocking = -1; /* the first of those in it; where trainsets turn round a place may have none that goes on */
    for (int32_t i = 0; i < count && blocking < 0; i++) {
        blocking = simulation->line->place_first[places[i]];
        if (blocking == slot) blocking = simulation->line->commitments[slot].next;
    }
    waits_note(simulation, slot, WAIT_KNOCK_ON, waits_train_id(simulation, blocking));
    requests_sleep(simulation, slot, SLEEP_UNSAFE, -1, INT64_MAX);
    struct refusal *refusal = &simulation->trains[slot].refusal;
    refusal->closed_count = count <= CLOSED_PLACES_KEPT ? count : 0;
    for (int32_t i = 0; i < refusal->closed_count; i++) refusal->closed[i] = places[i];
}

/* Why it may not go: whoever the policy holds it for, or the train ahead on the tracks that are kept for the others. */
static struct dispatch_answer ask_policy(struct simulation *simulation, const struct dispatch_request *request) {
    struct dispatch_view view = policy_view_of(simulation);
    int64_t until_ms;
    int32_t rival = ageing_rival(simulation, &view, request, &until_ms);
    if (rival >= 0) return (struct dispatch_answer){false, until_ms, rival};
    /* Who has aged is held for none but those that have, too, and came before: were it held by the policy's order as
     * well, two orders could hold everybody in a circle. */
    struct dispatch_answer answer = {true, INT64_MAX, -1};
    if (ageing_is_aged(simulation, request->train))
        answer.go = !dispatch_target_is_crowded(&view, request);
    else
        answer = simulation->policy->permit(simulation->policy_state, &view, request);
    if (!answer.go && answer.rival < 0 && dispatch_target_is_crowded(&view, request))
        answer.rival = policy_view_same_way_ahead(simulation, request);
    return answer;
}

static bool permitted_by_policy(struct simulation *simulation, int32_t slot) {
    const struct dispatch_request *request = requests_as_seen(simulation, slot);
    int32_t other = requests_turn_of_another(simulation, &simulation->trains[slot]);
    struct dispatch_answer answer = other >= 0
                                        ? (struct dispatch_answer){false, INT64_MAX, simulation->outside[other].slot}
                                        : ask_policy(simulation, request);
    if (answer.go) return true;
    int64_t rival_id = waits_train_id(simulation, answer.rival);
    waits_note(simulation, slot, rival_id > 0 ? WAIT_KNOCK_ON : WAIT_SCHEDULED,
               rival_id); /* nobody: its turn is later */
    /* What holds it changes with the road it wants and, besides: where it would come to a crowd, as that goes on from
     * there or the others have all come through; else where opposing trains come to, at its own place. */
    const struct dispatch_view view = policy_view_of(simulation);
    const bool at_target = request->entering || dispatch_target_is_crowded(&view, request);
    const int32_t place = request->path->nodes[at_target ? request->to : request->from].place;
    requests_sleep(simulation, slot, SLEEP_HELD, place, answer.until_ms);
    return false;
}

/* Where lengths matter another free track may do where the first choice is unsafe. */
static bool find_safe_track(struct simulation *simulation, struct move_request *request,
                            struct deadlock_move *counted) {
    struct move *move = &simulation->move;
    int32_t chosen = move->legs[move->leg_count - 1].track;
    if (proposals_is_safe(simulation, request, chosen, counted)) return true;
    bool complex =
        simulation->line->complex_count > 0 || !trip_of(simulation, &simulation->trains[request->train])->plain;
    const struct path *path = simulation->plan->paths[request->path];
    const struct place *place = &simulation->plan->layout->places[path->nodes[request->to].place];
    if (!complex || place->capacity < 0 || place->station < 0 || request->to_track >= 0) return false;
    for (int32_t i = 0; i < place->track_count; i++) {
        request->to_track = place->first_track + i;
        if (request->to_track == chosen || !path_fits(path, request->to_track)) continue;
        interlocking_evaluate(simulation->line, request, move);
        if (move->verdict == MOVE_POSSIBLE && proposals_is_safe(simulation, request, request->to_track, counted))
            return true;
    }
    return false;
}

/* Tries one request; with `force`, whatever the policy says. True if it was granted. */
bool dispatching_try(struct simulation *simulation, int32_t slot, bool force) {
    struct move_context context = {simulation, &simulation->trains[slot]};
    struct move_request request;
    proposals_fill(simulation, slot, &context, &request);
    interlocking_evaluate(simulation->line, &request, &simulation->move);
    if (simulation->move.verdict == MOVE_FAILED) {
        simulation->no_memory = true;
        return false;
    }
    if (simulation->move.verdict != MOVE_POSSIBLE) {
        refuse_by_line(simulation, slot);
        return false;
    }
    if (!force && !permitted_by_policy(simulation, slot)) return false;
    struct deadlock_move counted;
    if (!find_safe_track(simulation, &request, &counted)) {
        refuse_as_unsafe(simulation, slot);
        return false;
    }
    granting_grant(simulation, slot, &request, &counted);
    return true;
}

int32_t dispatching_take_first(struct simulation *simulation) {
    int32_t best = 0;
    for (int32_t i = 1; i < simulation->ready_count; i++)
        if (ageing_goes_before(simulation, simulation->ready[i], simulation->ready[best])) best = i;
    int32_t slot = simulation->ready[best];
    simulation->ready[best] = simulation->ready[--simulation->ready_count];
    simulation->trains[slot].queued = false;
    return slot;
}

/* Trains that reached their indication point and were refused brake, and ask again where they stand. */
static void let_refused_brake(struct simulation *simulation) {
    for (int32_t i = 0; i < simulation->indicating_count; i++) {
        int32_t slot = simulation->indicating[i];
        struct train *train = &simulation->trains[slot];
        if (!train->running_request) continue;
        requests_remove(simulation, slot);
        train->running_request = false;
        granting_push_event(simulation, train->leg_start_ms + scaled_ms(train->run->duration_ms, train->factor),
                            EVENT_ARRIVAL, slot);
    }
    simulation->indicating_count = 0;
}

void dispatching_run(struct simulation *simulation) {
    while (simulation->ready_count > 0 && !simulation->no_memory) {
        int32_t slot = dispatching_take_first(simulation);
        if (simulation->trains[slot].asking) dispatching_try(simulation, slot, false);
    }
    let_refused_brake(simulation);
}
