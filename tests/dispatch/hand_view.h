/* A line and what a policy is told about it, both made by hand:
 *
 *     W – A – m – B – E     W and E without a limit, A with two tracks, m a block post, B with as many as the test
 * likes
 *
 * on single track, node 0 of the way east being W, of the way west E. */
#ifndef BERING_TESTS_DISPATCH_HAND_VIEW_H
#define BERING_TESTS_DISPATCH_HAND_VIEW_H

#include "dispatch/policy.h"
#include "scenario/scenario.h"

enum { EAST, WEST, BETWEEN, HAND_WAYS };    /* BETWEEN: from A to B only */
enum { W_A, A_M, M_B, B_E, HAND_SECTIONS }; /* sections; east is forward */
enum { HAND_REQUESTS = 8 };

struct hand_line {
    struct scenario *scenario;
    struct layout *layout;
    struct path *paths[HAND_WAYS];
};

/* `tracks_at_b` tracks at B (0: no limit); the sections named in the bit set have two tracks, run from block to block,
 * or with a purge in one go. */
struct hand_line hand_line_create(int32_t tracks_at_b, unsigned two_track_sections, int64_t purge_ms);
void hand_line_free(struct hand_line *line);
/* The node of a station of the line on the way; −1: none (W 0, A 1, m 2, B 3, E 4). */
int32_t hand_node(const struct hand_line *line, int32_t way, int32_t station);

/* One train that asks, and what the view says of it. */
struct hand_request {
    struct dispatch_request request;
    bool permitted;   /* by all but the road */
    int32_t same_way; /* trains at its target that go on as it does */
};

struct hand_view {
    const struct hand_line *line;
    struct hand_request requests[HAND_REQUESTS];
    int32_t count;
    int32_t demand[HAND_SECTIONS][2];
    struct dispatch_request shown; /* what `waiting` hands out is overwritten by the next, as in the simulation */
};

/* Train number n asks to go on from a station (W 0 … E 4), since then; it is permitted, its target empty. */
struct hand_request *hand_ask(struct hand_view *view, int32_t train, int32_t way, int32_t station, int64_t since_ms);

struct dispatch_view hand_see(const struct hand_view *view, int64_t now_ms);

#endif
