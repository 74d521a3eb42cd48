#include "simulation/policy_view.h"

#include "simulation/proposals.h"

/* Since when a request could have been granted for all its own queue knows: a train that queued behind another waits
 * for its own turn only from the end of that one's first move. */
int64_t policy_view_own_turn_since(const struct simulation *simulation, const struct train *train) {
    if (train->phase != PHASE_OUTSIDE) return train->asked_ms;
    const struct path_leg *leg = &path_of(simulation, train)->legs[0];
    const struct entry_log *last = &simulation->last_entry[leg->road * 2 + leg->direction];
    return train->entry_ready_ms > last->began_ms ? train->entry_ready_ms : last->ended_ms;
}

/* When a train would have become ready here with nobody in its way: an undelayed train's own time, and for a delayed
 * one its seniority. So trains are served in the order they come, those on the line before those that still queue
 * outside, and the direction that has waited longer first. */
int64_t policy_view_since(const struct simulation *simulation, const struct train *train) {
    int32_t node = train->phase == PHASE_RUNNING ? train->to : train->at;
    int64_t due = train->seniority_ms + trip_of(simulation, train)->nodes[node].alone_ms;
    int64_t asked = train->phase == PHASE_OUTSIDE ? train->seniority_ms : train->asked_ms;
    return due < asked ? due : asked;
}

struct dispatch_request policy_view_request(const struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    int32_t from = train->phase == PHASE_RUNNING ? train->to : train->at;
    const struct path *path = simulation->plan->paths[trip->path];
    return (struct dispatch_request){
        .train = slot,
        .train_id = train->id,
        .path = path,
        .from = from,
        .to = path->nodes[from].next_stand,
        .since_ms = policy_view_since(simulation, train),
        .ready_ms = train->phase == PHASE_OUTSIDE ? train->entry_ready_ms : train->asked_ms,
        .lateness_ms = simulation->now_ms - train->planned_departure_ms - trip->nodes[from].alone_ms,
        .priority = trip->type->priority,
        .delay_weight = trip->type->delay_weight,
        .row = trip->plan->row,
        .entering = train->phase == PHASE_OUTSIDE,
        .running = train->phase == PHASE_RUNNING};
}

static const struct dispatch_request *view_waiting(const void *context, int32_t road, int32_t direction,
                                                   int32_t *cursor) {
    struct simulation *simulation = (struct simulation *)(uintptr_t)context;
    int32_t index = *cursor == -1 ? simulation->road_wishes[road] : simulation->wishes[*cursor].next;
    while (index >= 0 && simulation->wishes[index].direction != direction) index = simulation->wishes[index].next;
    if (index < 0) return NULL;
    *cursor = index;
    simulation->rival_request = policy_view_request(simulation, simulation->wishes[index].train);
    return &simulation->rival_request;
}

bool policy_view_permitted(const void *context, int32_t slot) {
    struct simulation *simulation = (struct simulation *)(uintptr_t)context;
    const struct train *train = &simulation->trains[slot];
    if (train->cause == WAIT_POSSESSION) return false;
    struct move_context move_context = {simulation, train};
    struct move_request request;
    proposals_fill(simulation, slot, &move_context, &request);
    if (!interlocking_has_tracks(simulation->line, &request)) return false;
    return proposals_is_safe(simulation, &request, trip_of(simulation, train)->nodes[request.to].track);
}

static int32_t view_same_way(const void *context, const struct dispatch_request *request) {
    const struct simulation *simulation = context;
    const struct interlocking *line = simulation->line;
    int32_t onward = request->path->nodes[request->to].next_stand;
    if (onward < 0) return 0;
    int32_t place = request->path->nodes[request->to].place, next = request->path->nodes[onward].place, count = 0;
    for (int32_t slot = line->place_first[place]; slot >= 0; slot = line->commitments[slot].next)
        count += slot != request->train && interlocking_next_place(line, &line->commitments[slot]) == next;
    return count;
}

static int32_t view_demand(const void *context, int32_t road, int32_t direction) {
    return ((const struct simulation *)context)->demand[road * 2 + direction];
}

struct dispatch_view policy_view_of(const struct simulation *simulation) {
    return (struct dispatch_view){simulation,   simulation->now_ms,    simulation->plan->layout,
                                  view_waiting, policy_view_permitted, view_demand,
                                  view_same_way};
}
