#include "simulation/proposals.h"

#include "simulation/requests.h"

int32_t proposals_binding_track(const void *context, int32_t slot, int32_t node) {
    const struct simulation *simulation = context;
    return trip_of(simulation, &simulation->trains[slot])->nodes[node].track;
}

int32_t proposals_later_path(const void *context, int32_t slot, int32_t later) {
    const struct simulation *simulation = context;
    int32_t trip = simulation->trains[slot].trip;
    if (later == 0) return simulation->trains[slot].path;
    while (later-- > 0 && trip >= 0) trip = simulation->plan->trips[trip].onward;
    return trip >= 0 ? simulation->plan->trips[trip].path : -1;
}

int32_t proposals_onward_path(const struct simulation *simulation, const struct train *train) {
    int32_t onward = trip_of(simulation, train)->onward;
    return onward >= 0 ? simulation->plan->trips[onward].path : -1;
}

const struct leg_run *proposals_through_run(const struct simulation *simulation, const struct train *train) {
    return run_cache_through(simulation->line->runs, train->path, train->to - 1, train->run);
}

/* A train asks early enough for its route to be set when it is ready. */
static int64_t earliest_start(const struct simulation *simulation, const struct train *train) {
    int64_t set = simulation->now_ms + simulation->line->lead_ms;
    return train->ready_ms > set ? train->ready_ms : set;
}

void proposals_fill(const struct simulation *simulation, int32_t slot, const struct move_context *context,
                    struct move_request *request) {
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const struct dispatch_request *seen = &simulation->asked[slot].seen;
    bool running = seen->running, entering = seen->entering;
    int32_t from = seen->from, to = requests_target(simulation, slot);
    /* one by one: clearing the whole request first costs more than all the rest */
    request->train = slot;
    request->train_id = train->id;
    request->path = train->path;
    request->from = from;
    request->to = to;
    request->running = running;
    request->entering = entering;
    request->now_ms = simulation->now_ms;
    request->base_ms = earliest_start(simulation, train);
    request->entry_speed_ms = 0;
    request->track = entering ? -1 : simulation->line->commitments[slot].track;
    request->from_track = trip->plain ? -1 : trip->nodes[from].track;
    request->to_track = trip->plain ? -1 : trip->nodes[to].track;
    request->factor = trip->random_running ? draws_running_factor : NULL;
    request->leave = draws_leave_within_move;
    request->earliest = draws_earliest_within_move;
    request->context = context;
    if (!running) return;
    const struct leg_run *through = proposals_through_run(simulation, train);
    if (!through) return;
    request->base_ms = train->leg_start_ms + scaled_ms(through->duration_ms, train->factor);
    request->entry_speed_ms = through->exit_speed_ms;
}

static struct deadlock_move deadlock_move_of(const struct simulation *simulation, const struct move_request *request,
                                             int32_t track) {
    const struct train *train = &simulation->trains[request->train];
    return (struct deadlock_move){.train = request->train,
                                  .path = request->path,
                                  .node = request->to,
                                  .track = track,
                                  .onward_path = proposals_onward_path(simulation, train),
                                  .plain = trip_of(simulation, train)->plain,
                                  .entering = request->entering};
}

bool proposals_is_safe(struct simulation *simulation, const struct move_request *request, int32_t track,
                       struct deadlock_move *counted) {
    *counted = deadlock_move_of(simulation, request, track);
    struct deadlock_bindings bindings = {proposals_binding_track, simulation};
    const enum deadlock_verdict verdict = deadlock_test(simulation->deadlock, simulation->line, counted, &bindings);
    if (verdict == DEADLOCK_NO_MEMORY) simulation->no_memory = true;
    return verdict == DEADLOCK_SAFE;
}
