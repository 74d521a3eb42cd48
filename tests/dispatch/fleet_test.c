/* Fleets: whose turn a section is, how long a turn lasts, and turns by the clock. */
#include "../engine/suite.h"

#include <string.h>

#include "hand_view.h"

enum { W, A, M, B, E }; /* stations */
enum { STATE_BYTES = 4096 };

/* A fleet policy on a line, with a view of it. */
struct dispatched {
    struct hand_line line;
    struct hand_view view;
    _Alignas(16) unsigned char state[STATE_BYTES];
};

static void begin(struct dispatched *run, int32_t tracks_at_b, int32_t fleet_size, int64_t window_ms) {
    const struct dispatch_settings settings = {.fleet_size = fleet_size, .fleet_window_ms = window_ms};
    run->line = hand_line_create(tracks_at_b, 0, 0);
    run->view = (struct hand_view){.line = &run->line};
    ck_assert_uint_le(dispatch_fleet.state_size(run->line.layout), STATE_BYTES);
    memset(run->state, 0xa5, sizeof run->state); /* it must not count on anything */
    dispatch_fleet.start(run->state, run->line.layout, &settings);
}

static struct dispatch_answer ask(struct dispatched *run, int32_t index, int64_t now_ms) {
    struct dispatch_view seen = hand_see(&run->view, now_ms);
    const struct dispatch_request request = run->view.requests[index].request;
    return dispatch_fleet.permit(run->state, &seen, &request);
}

static bool goes(struct dispatched *run, int32_t index) {
    struct dispatch_answer answer = ask(run, index, 0);
    ck_assert(answer.go ? answer.rival == -1 : answer.until_ms == INT64_MAX);
    return answer.go;
}

static void grant(struct dispatched *run, int32_t index) {
    struct dispatch_view seen = hand_see(&run->view, 0);
    const struct dispatch_request request = run->view.requests[index].request;
    dispatch_fleet.granted(run->state, &seen, &request);
}

enum { EASTBOUND, WESTBOUND }; /* the requests of both_ways */

/* One train each way between A and B, so that either has a rival. */
static void both_ways(struct dispatched *run, int32_t tracks_at_b, int32_t fleet_size) {
    begin(run, tracks_at_b, fleet_size, 0);
    hand_ask(&run->view, 1, EAST, A, 10);
    hand_ask(&run->view, 2, WEST, B, 5);
}

START_TEST(order_of_coming) {
    const struct dispatch_request first = {.since_ms = 1, .priority = 1, .train_id = 9};
    const struct dispatch_request later = {.since_ms = 2, .priority = 5, .lateness_ms = 99, .train_id = 1};
    struct dispatched run;
    begin(&run, 2, 1, 0);
    ck_assert_int_lt(dispatch_fleet.compare(run.state, &first, &later), 0);
    ck_assert_int_gt(dispatch_fleet.compare(run.state, &later, &first), 0);
    hand_line_free(&run.line);
}
END_TEST

/* Nobody has had a turn: whoever asks goes, although the other came first. */
START_TEST(the_first_turn_is_anybodys) {
    struct dispatched run;
    both_ways(&run, 2, 1);
    ck_assert(goes(&run, EASTBOUND));
    ck_assert(goes(&run, WESTBOUND));
    hand_line_free(&run.line);
}
END_TEST

/* Nobody is expected the other way beyond A and B, so fleets are as long as they are told to be. */
START_TEST(turns_change_when_the_fleet_is_complete) {
    for (int32_t size = 1; size <= 3; size++) {
        struct dispatched run;
        both_ways(&run, 2, size);
        for (int32_t turn = 0; turn < 4; turn++) {
            const int32_t mine = turn % 2 ? WESTBOUND : EASTBOUND, other = 1 - mine;
            for (int32_t train = 0; train < size; train++) {
                ck_assert(goes(&run, mine));
                if (turn > 0 || train > 0) {
                    ck_assert(!goes(&run, other));
                    ck_assert_int_eq(ask(&run, other, 0).rival, run.view.requests[mine].request.train);
                }
                grant(&run, mine);
            }
            ck_assert(!goes(&run, mine));
        }
        hand_line_free(&run.line);
    }
}
END_TEST

/* A turn lasts no longer than somebody could use it, and no train waits for one that could not go anyway. */
START_TEST(turns_end_with_those_who_could_go) {
    struct dispatched run;
    both_ways(&run, 2, 2);
    struct hand_request *east = &run.view.requests[EASTBOUND], *west = &run.view.requests[WESTBOUND];
    grant(&run, EASTBOUND);
    ck_assert(!goes(&run, WESTBOUND)); /* one more eastbound train could go */
    east->permitted = false;
    ck_assert(goes(&run, WESTBOUND));
    east->permitted = true;
    east->same_way = 1;
    run.view.demand[B_E][WEST] = 1;
    ck_assert(goes(&run, WESTBOUND)); /* it may not: half the tracks of B are the others' */
    east->same_way = 0;
    ck_assert(!goes(&run, WESTBOUND));
    run.view.demand[B_E][WEST] = 0;
    grant(&run, EASTBOUND); /* complete */
    ck_assert(!goes(&run, EASTBOUND));
    west->permitted = false;
    ck_assert(goes(&run, EASTBOUND)); /* a complete fleet goes on where nobody waits */
    hand_line_free(&run.line);
}
END_TEST

/* What follows a complete fleet the same way begins a new one. */
START_TEST(a_new_fleet_the_same_way) {
    struct dispatched run;
    both_ways(&run, 2, 2);
    for (int32_t train = 0; train < 3; train++) grant(&run, EASTBOUND);
    ck_assert(goes(&run, EASTBOUND)); /* second of the second fleet */
    ck_assert(!goes(&run, WESTBOUND));
    grant(&run, EASTBOUND);
    ck_assert(!goes(&run, EASTBOUND));
    ck_assert(goes(&run, WESTBOUND));
    hand_line_free(&run.line);
}
END_TEST

/* With trains to come the other way a fleet is no longer than half the tracks at either end. B has five, A two. */
START_TEST(no_longer_than_half_the_tracks) {
    static const struct { int32_t beyond_b, beyond_a, longest; } cases[] = {{0, 0, 3}, {1, 0, 2}, {0, 1, 1}, {1, 1, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dispatched run;
        both_ways(&run, 5, 3);
        run.view.demand[B_E][WEST] = cases[i].beyond_b; /* they come to B from E */
        run.view.demand[A_M][WEST] = cases[i].beyond_a; /* they come to A from m */
        int32_t length = 0;
        while (goes(&run, EASTBOUND)) {
            grant(&run, EASTBOUND);
            ck_assert_int_le(++length, 3);
        }
        ck_assert_msg(length == cases[i].longest, "case %zu: fleets of %d", i, length);
        hand_line_free(&run.line);
    }
}
END_TEST

/* Each section has its own turn; a move over two takes both. */
START_TEST(turns_of_sections) {
    struct dispatched run;
    both_ways(&run, 2, 1);
    hand_ask(&run.view, 3, EAST, B, 1);
    hand_ask(&run.view, 4, WEST, E, 1);
    grant(&run, EASTBOUND); /* over A – m – B */
    ck_assert(goes(&run, 2));
    ck_assert(goes(&run, 3)); /* nobody has used B – E */
    for (int32_t section = 0; section < 2; section++) {
        struct dispatch_request *east = &run.view.requests[EASTBOUND].request;
        east->from = hand_node(&run.line, EAST, A) + section;
        east->to = east->from + 1;
        ck_assert(!goes(&run, EASTBOUND));
    }
    hand_line_free(&run.line);
}
END_TEST

/* Half the tracks are kept under this policy, too, whoever's turn it is. */
START_TEST(half_the_tracks_are_for_the_other_way) {
    struct dispatched run;
    both_ways(&run, 2, 3);
    run.view.demand[B_E][WEST] = 1;
    run.view.requests[EASTBOUND].same_way = 1;
    ck_assert(!goes(&run, EASTBOUND));
    ck_assert_int_eq(ask(&run, EASTBOUND, 0).rival, -1);
    hand_line_free(&run.line);
}
END_TEST

/* Windows of 10 minutes from time 0: east in the even ones, west in the odd ones; on the line nobody is held. */
START_TEST(turns_by_the_clock) {
    static const struct {
        int64_t minutes;
        int32_t way; /* whose window it is */
        int64_t until;
    } cases[] = {{0, EAST, 10}, {9, EAST, 10}, {10, WEST, 20}, {19, WEST, 20}, {20, EAST, 30}, {1439, WEST, 1440}};
    struct dispatched run;
    begin(&run, 2, 1, 600000);
    hand_ask(&run.view, 1, EAST, W, 0)->same_way = 9; /* nor does it count tracks */
    hand_ask(&run.view, 2, WEST, E, 0);
    hand_ask(&run.view, 3, EAST, A, 0);
    hand_ask(&run.view, 4, WEST, B, 0);
    run.view.demand[A_M][WEST] = 1;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t now = cases[i].minutes * 60000;
        for (int32_t way = EAST; way <= WEST; way++) {
            const struct dispatch_answer answer = ask(&run, way, now);
            ck_assert_msg(answer.go == (way == cases[i].way), "way %d, minute %d", way, (int)cases[i].minutes);
            if (!answer.go) ck_assert_int_eq(answer.until_ms, cases[i].until * 60000);
            ck_assert_int_eq(answer.rival, -1);
            ck_assert(ask(&run, 2 + way, now).go);
        }
    }
    hand_line_free(&run.line);
}
END_TEST

/* A copy of its memory goes on by itself. */
START_TEST(its_state_can_be_copied) {
    struct dispatched run;
    both_ways(&run, 2, 2);
    grant(&run, EASTBOUND);
    struct dispatched copy = run;
    grant(&copy, EASTBOUND);
    ck_assert(goes(&run, EASTBOUND));
    ck_assert(!goes(&copy, EASTBOUND));
    hand_line_free(&run.line);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {order_of_coming,
                                  the_first_turn_is_anybodys,
                                  turns_change_when_the_fleet_is_complete,
                                  turns_end_with_those_who_could_go,
                                  a_new_fleet_the_same_way,
                                  no_longer_than_half_the_tracks,
                                  turns_of_sections,
                                  half_the_tracks_are_for_the_other_way,
                                  turns_by_the_clock,
                                  its_state_can_be_copied};
    return run_suite("fleet", tests, sizeof tests / sizeof *tests);
}
