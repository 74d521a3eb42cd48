#include "simulation/policy_view.h"

#include "simulation/proposals.h"
#include "simulation/requests.h"

static const struct dispatch_request *view_waiting(const void *context, int32_t road, int32_t direction,
                                                   int32_t *cursor) {
    const struct simulation *simulation = context;
    int32_t index = *cursor == -1 ? simulation->road_wishes[road] : simulation->wishes[*cursor].next;
    while (index >= 0 && simulation->wishes[index].direction != direction) index = simulation->wishes[index].next;
    if (index < 0) return NULL;
    *cursor = index;
    return requests_as_seen(simulation, simulation->wishes[index].train);
}

bool policy_view_permitted(const void *context, int32_t slot) {
    struct simulation *simulation = (struct simulation *)(uintptr_t)context;
    const struct train *train = &simulation->trains[slot];
    if (train->cause == WAIT_POSSESSION || requests_turn_of_another(simulation, train) >= 0) return false;
    struct move_context move_context = {simulation, train};
    struct move_request request;
    proposals_fill(simulation, slot, &move_context, &request);
    if (!interlocking_has_tracks(simulation->line, &request)) return false;
    struct deadlock_move counted;
    return proposals_is_safe(simulation, &request, trip_of(simulation, train)->nodes[request.to].track, &counted);
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

int32_t policy_view_same_way_ahead(const struct simulation *simulation, const struct dispatch_request *request) {
    const struct interlocking *line = simulation->line;
    int32_t onward = request->path->nodes[request->to].next_stand;
    int32_t slot = onward < 0 ? -1 : line->place_first[request->path->nodes[request->to].place];
    while (slot >= 0 && (slot == request->train ||
                         interlocking_next_place(line, &line->commitments[slot]) != request->path->nodes[onward].place))
        slot = line->commitments[slot].next;
    return slot;
}

static int32_t view_demand(const void *context, int32_t road, int32_t direction) {
    return ((const struct simulation *)context)->demand[road * 2 + direction];
}

struct dispatch_view policy_view_of(const struct simulation *simulation) {
    return (struct dispatch_view){simulation,   simulation->now_ms,    simulation->plan->layout,
                                  view_waiting, policy_view_permitted, view_demand,
                                  view_same_way};
}
