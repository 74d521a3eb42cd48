/* First come, first served: the order, and whom a train is held for. */
#include "../engine/suite.h"

#include "dispatch/rivals.h"
#include "hand_view.h"

enum { W, A, M, B, E }; /* stations */

/* ---- the order ---- */

/* Each comes before the next, by the first of since, ready, row and train that differs. */
static const struct dispatch_request ORDER[] = {
    {.since_ms = -5, .ready_ms = 90, .row = 9, .train_id = 90},
    {.since_ms = 10, .ready_ms = 10, .row = 9, .train_id = 80},
    {.since_ms = 10, .ready_ms = 20, .row = 1, .train_id = 70},
    {.since_ms = 10, .ready_ms = 20, .row = 2, .train_id = 1},
    {.since_ms = 10, .ready_ms = 20, .row = 2, .train_id = 2},
    {.since_ms = 11, .ready_ms = 0, .row = 0, .train_id = 0},
};

START_TEST(by_time_then_row_then_train) {
    const int32_t count = sizeof ORDER / sizeof *ORDER;
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < count; k++) {
            const int direct = dispatch_compare_first_come(&ORDER[i], &ORDER[k]);
            const int by_policy = dispatch_first_come.compare(NULL, &ORDER[i], &ORDER[k]);
            ck_assert_msg((direct > 0) - (direct < 0) == (i > k) - (i < k), "%d against %d: %d", i, k, direct);
            ck_assert_int_eq((by_policy > 0) - (by_policy < 0), (i > k) - (i < k));
        }
}
END_TEST

/* Nothing else counts: neither class, nor lateness, nor whether it runs already. */
START_TEST(whatever_the_train) {
    const struct dispatch_request first = {.since_ms = 1, .priority = 1, .train_id = 1};
    const struct dispatch_request later = {
        .since_ms = 2, .priority = 9, .lateness_ms = 3600000, .delay_weight = 5, .running = true, .train_id = 2};
    ck_assert_int_lt(dispatch_first_come.compare(NULL, &first, &later), 0);
    ck_assert_int_gt(dispatch_first_come.compare(NULL, &later, &first), 0);
}
END_TEST

/* ---- held for a rival ---- */

static struct dispatch_answer ask(struct hand_view *view, int32_t train) {
    struct dispatch_view seen = hand_see(view, 1000);
    for (int32_t i = 0; i < view->count; i++) {
        const struct dispatch_request request = view->requests[i].request;
        if (request.train == train) return dispatch_first_come.permit(NULL, &seen, &request);
    }
    ck_abort_msg("train %d does not ask", train);
}

static void check_goes(struct hand_view *view, int32_t train) {
    struct dispatch_answer answer = ask(view, train);
    ck_assert(answer.go);
}

static void check_held(struct hand_view *view, int32_t train, int32_t rival) {
    struct dispatch_answer answer = ask(view, train);
    ck_assert(!answer.go);
    ck_assert_int_eq(answer.rival, rival);
    ck_assert_int_eq(answer.until_ms, INT64_MAX);
}

START_TEST(goes_where_nobody_waits) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    hand_ask(&view, 1, EAST, A, 50);
    check_goes(&view, 1);
    hand_ask(&view, 2, EAST, A, 10); /* the same way, although it came first */
    check_goes(&view, 1);
    hand_ask(&view, 3, WEST, A, 10); /* the other way, but over another section */
    hand_ask(&view, 4, WEST, E, 10);
    check_goes(&view, 1);
    hand_line_free(&line);
}
END_TEST

/* From A to B over the block post: the rival from B to A wants both sections, whichever the policy looks at. */
START_TEST(held_for_who_came_first) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    hand_ask(&view, 1, EAST, A, 50);
    hand_ask(&view, 2, WEST, B, 60);
    check_goes(&view, 1);
    check_held(&view, 2, 1);
    view.requests[1].request.since_ms = view.requests[1].request.ready_ms = 40;
    check_held(&view, 1, 2);
    check_goes(&view, 2);
    view.requests[1].request.since_ms = view.requests[1].request.ready_ms = 50; /* then by train */
    check_goes(&view, 1);
    check_held(&view, 2, 1);
    view.requests[1].request.row = -1; /* or row */
    check_held(&view, 1, 2);
    hand_line_free(&line);
}
END_TEST

/* A rival that something but the road keeps does not hold anybody; the next one may. */
START_TEST(only_the_road_keeps_the_rival) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    hand_ask(&view, 1, EAST, A, 50);
    hand_ask(&view, 2, WEST, B, 40)->permitted = false;
    check_goes(&view, 1);
    hand_ask(&view, 3, WEST, B, 45);
    check_held(&view, 1, 3);
    view.requests[2].same_way = 1; /* half the tracks of A */
    check_held(&view, 1, 3);       /* do not count while nobody comes from there */
    view.demand[W_A][EAST] = 1;
    check_goes(&view, 1);
    hand_line_free(&line);
}
END_TEST

/* On the second section of the move only. */
START_TEST(rivals_anywhere_on_the_way) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    hand_ask(&view, 1, EAST, A, 50);
    struct hand_request *ends_at_m = hand_ask(&view, 2, WEST, B, 40);
    ends_at_m->request.to = hand_node(&line, WEST, M);
    check_held(&view, 1, 2);
    ends_at_m->request.from = ends_at_m->request.to; /* and on the first */
    ends_at_m->request.to = hand_node(&line, WEST, A);
    check_held(&view, 1, 2);
    hand_line_free(&line);
}
END_TEST

/* On two tracks the ways do not see each other. */
START_TEST(no_rivals_on_two_tracks) {
    struct hand_line line = hand_line_create(2, 1u << A_M | 1u << M_B, 0);
    struct hand_view view = {.line = &line};
    struct hand_request *east = hand_ask(&view, 1, EAST, A, 50);
    hand_ask(&view, 2, WEST, M, 40);
    east->request.to = hand_node(&line, EAST, B);
    check_goes(&view, 1);
    hand_line_free(&line);
}
END_TEST

/* ---- half the tracks ---- */

/* Trains from A to B, with `there` trains at B that go on east, `tracks` there and `others` still to come from E. */
static const struct {
    int32_t tracks, there, others;
    unsigned two_tracks;
    int64_t purge_ms;
    bool go;
} HALVES[] = {
    {2, 0, 1, 0, 0, true},          {2, 1, 1, 0, 0, false},
    {2, 1, 0, 0, 0, true}, /* nobody comes the other way */
    {3, 0, 5, 0, 0, true},          {3, 1, 5, 0, 0, false},
    {4, 1, 1, 0, 0, true},          {4, 2, 1, 0, 0, false},
    {5, 2, 1, 0, 0, false},         {0, 9, 1, 0, 0, true}, /* room for any number */
    {2, 1, 1, 1u << B_E, 0, false}, /* both ways have a track of their own from there, but meet at B all the same */
    {2, 1, 0, 1u << B_E, 0, true},  {2, 1, 1, 1u << B_E, 60000, false},
    {2, 1, 1, 0, 60000, false},
};

START_TEST(half_the_tracks_are_for_the_other_way) {
    for (size_t i = 0; i < sizeof HALVES / sizeof *HALVES; i++) {
        struct hand_line line = hand_line_create(HALVES[i].tracks, HALVES[i].two_tracks, HALVES[i].purge_ms);
        struct hand_view view = {.line = &line};
        hand_ask(&view, 1, EAST, A, 50)->same_way = HALVES[i].there;
        view.demand[B_E][WEST] = HALVES[i].others;
        view.demand[B_E][EAST] = 7;
        struct dispatch_answer answer = ask(&view, 1);
        ck_assert_msg(answer.go == HALVES[i].go, "row %zu", i);
        ck_assert(answer.go || (answer.rival == -1 && answer.until_ms == INT64_MAX));
        hand_line_free(&line);
    }
}
END_TEST

/* Nobody waits at a destination, at a block post, or where a train begins. */
START_TEST(waiting_room) {
    struct hand_line line = hand_line_create(4, 0, 0);
    struct hand_view view = {.line = &line};
    for (int32_t i = 0; i < HAND_SECTIONS; i++) view.demand[i][EAST] = view.demand[i][WEST] = 1;
    struct dispatch_view seen = hand_see(&view, 0);
    static const int32_t ROOM[][5] = {{INT32_MAX, 1, INT32_MAX, 2, INT32_MAX}, /* W A m B E */
                                      {INT32_MAX, 2, INT32_MAX, 1, INT32_MAX},
                                      {INT32_MAX, INT32_MAX, INT32_MAX}}; /* A m B */
    for (int32_t way = 0; way < HAND_WAYS; way++)
        for (int32_t node = 0; node < line.paths[way]->node_count; node++)
            ck_assert_int_eq(dispatch_waiting_room(&seen, line.paths[way], node), ROOM[way][node]);
    hand_line_free(&line);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {by_time_then_row_then_train,
                                  whatever_the_train,
                                  goes_where_nobody_waits,
                                  held_for_who_came_first,
                                  only_the_road_keeps_the_rival,
                                  rivals_anywhere_on_the_way,
                                  no_rivals_on_two_tracks,
                                  half_the_tracks_are_for_the_other_way,
                                  waiting_room};
    return run_suite("first_come", tests, sizeof tests / sizeof *tests);
}
