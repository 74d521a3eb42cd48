#include "dispatch/policy.h"
#include "dispatch/rivals.h"

/* Whose turn a road is: how many trains have used it in this turn. */
struct turn {
    int32_t direction; /* −1: nobody has used it yet */
    int32_t used;
    bool full; /* the fleet is complete: both ways see the same, whatever sizes they would choose themselves */
};

struct fleet_state {
    int32_t size;
    int64_t window_ms;
    struct turn turns[]; /* [road] */
};

static size_t state_size(const struct layout *layout) {
    return sizeof(struct fleet_state) + (size_t)layout->road_count * sizeof(struct turn);
}

static void start(void *state, const struct layout *layout, const struct dispatch_settings *settings) {
    struct fleet_state *fleet = state;
    fleet->size = settings->fleet_size;
    fleet->window_ms = settings->fleet_window_ms;
    for (int32_t i = 0; i < layout->road_count; i++) fleet->turns[i] = (struct turn){-1, 0, false};
}

static int compare(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    return dispatch_compare_first_come(a, b);
}

/* Turns tied to the clock: trains enter forward in the even windows, backward in the odd ones. */
static struct dispatch_answer permit_by_clock(const struct fleet_state *fleet, const struct dispatch_view *view,
                                              const struct dispatch_request *request) {
    int64_t window = view->now_ms / fleet->window_ms;
    bool open = !request->entering || window % 2 == request->direction;
    return (struct dispatch_answer){open, open ? INT64_MAX : (window + 1) * fleet->window_ms, -1};
}

/* A fleet is no longer than can wait at either end of the line it runs over: a longer one would leave the other way no
 * tracks, and that way's fleets would shrink. */
static int32_t size_here(const struct fleet_state *fleet, const struct dispatch_view *view,
                         const struct dispatch_request *request) {
    int32_t size = fleet->size, from = dispatch_waiting_room(view, request->path, request->from);
    int32_t to = dispatch_waiting_room(view, request->path, request->to);
    if (from < size) size = from;
    return to < size ? to : size;
}

/* A fleet may go on while it is not full or nobody waits the other way; the other way begins when the fleet is full or
 * has nobody left who could go. */
static bool has_turn(const struct turn *turn, int32_t direction) {
    if (turn->direction < 0) return true;
    return turn->direction == direction ? !turn->full : turn->full;
}

/* A train that waits for the road the other way and that nothing but the road keeps; −1: none. */
static int32_t rival_on(const struct dispatch_view *view, const struct path_leg *leg) {
    int32_t cursor = -1;
    const struct dispatch_request *waiting;
    while ((waiting = view->waiting(view->context, leg->road, !leg->direction, &cursor))) {
        const struct dispatch_request rival = *waiting;
        if (!dispatch_target_is_crowded(view, &rival) && view->otherwise_permitted(view->context, rival.train))
            return rival.train;
    }
    return -1;
}

static struct dispatch_answer permit(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request) {
    const struct fleet_state *fleet = state;
    if (fleet->window_ms > 0) return permit_by_clock(fleet, view, request);
    if (dispatch_target_is_crowded(view, request)) return (struct dispatch_answer){false, INT64_MAX, -1};
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        if (!leg->single_line || has_turn(&fleet->turns[leg->road], leg->direction)) continue;
        int32_t rival = rival_on(view, leg);
        if (rival >= 0) return (struct dispatch_answer){false, INT64_MAX, rival};
    }
    return (struct dispatch_answer){true, INT64_MAX, -1};
}

static void granted(void *state, const struct dispatch_view *view, const struct dispatch_request *request) {
    struct fleet_state *fleet = state;
    int32_t size = size_here(fleet, view, request);
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        struct turn *turn = &fleet->turns[leg->road];
        bool goes_on = turn->direction == leg->direction && !turn->full;
        int32_t used = goes_on ? turn->used + 1 : 1;
        *turn = (struct turn){leg->direction, used, used >= size};
    }
}

const struct dispatch_policy dispatch_fleet = {.name = "fleet",
                                               .state_size = state_size,
                                               .start = start,
                                               .compare = compare,
                                               .permit = permit,
                                               .granted = granted};
