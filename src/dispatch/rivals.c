#include "dispatch/rivals.h"

static const struct dispatch_answer GO = {true, INT64_MAX, -1};

static bool is_single_line(const struct dispatch_view *view, const struct path_leg *leg)
{
    return leg->kind == LEG_WHOLE && view->layout->network->sections[leg->section].tracks == 1;
}

struct dispatch_answer dispatch_hold_for_rivals(const struct dispatch_policy *policy, const void *state,
                                                const struct dispatch_view *view,
                                                const struct dispatch_request *request)
{
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        if (!is_single_line(view, leg)) continue;
        int32_t cursor = -1;
        const struct dispatch_request *rival;
        while ((rival = view->waiting(view->context, leg->road, !leg->direction, &cursor)))
            if (policy->compare(state, rival, request) < 0 && view->otherwise_permitted(view->context, rival->train))
                return (struct dispatch_answer){false, INT64_MAX, rival->train};
    }
    return GO;
}

int32_t dispatch_rival(const struct dispatch_view *view, int32_t road, int32_t direction)
{
    int32_t cursor = -1;
    const struct dispatch_request *rival;
    while ((rival = view->waiting(view->context, road, !direction, &cursor)))
        if (view->otherwise_permitted(view->context, rival->train)) return rival->train;
    return -1;
}

bool dispatch_target_is_crowded(const struct dispatch_view *view, const struct dispatch_request *request, int32_t most)
{
    const struct place *place = &view->layout->places[request->path->nodes[request->to].place];
    if (place->station < 0 || place->capacity < 2) return false;
    int32_t room = place->capacity - 1;
    return view->same_way_at_target(view->context, request) >= (most < room ? most : room);
}
