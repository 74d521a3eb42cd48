#include "dispatch/rivals.h"

static const struct dispatch_answer GO = {true, INT64_MAX, -1};

struct dispatch_answer dispatch_hold_for_rivals(const struct dispatch_policy *policy, const void *state,
                                                const struct dispatch_view *view,
                                                const struct dispatch_request *request) {
    if (dispatch_target_is_crowded(view, request)) return (struct dispatch_answer){false, INT64_MAX, -1};
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        if (!leg->single_line) continue;
        int32_t cursor = -1;
        const struct dispatch_request *waiting;
        while ((waiting = view->waiting(view->context, leg->road, !leg->direction, &cursor))) {
            const struct dispatch_request rival = *waiting;
            if (policy->compare(state, &rival, request) < 0 && !dispatch_target_is_crowded(view, &rival) &&
                view->otherwise_permitted(view->context, rival.train))
                return (struct dispatch_answer){false, INT64_MAX, rival.train};
        }
    }
    return GO;
}

int32_t dispatch_waiting_room(const struct dispatch_view *view, const struct path *path, int32_t node) {
    const struct place *place = &view->layout->places[path->nodes[node].place];
    bool meets_there = node > 0 && path->nodes[node].next_stand >= 0 && place->station >= 0;
    if (!meets_there || place->capacity < 2) return INT32_MAX;
    const struct path_leg *onward = &path->legs[node];
    /* one road for both ways, or the other track of a section that has two */
    const int32_t opposing = layout_road(view->layout, onward->section, !onward->direction);
    if (onward->kind == LEG_ENTER || view->demand(view->context, opposing, !onward->direction) == 0) return INT32_MAX;
    return place->capacity / 2;
}

bool dispatch_target_is_crowded(const struct dispatch_view *view, const struct dispatch_request *request) {
    int32_t room = dispatch_waiting_room(view, request->path, request->to);
    return room < INT32_MAX && view->same_way_at_target(view->context, request) >= room;
}
