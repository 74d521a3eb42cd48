/* The higher class first, then the costlier lateness, then first come. */
#include "../engine/suite.h"

#include "hand_view.h"

enum { W, A, M, B, E }; /* stations */

static const int64_t MINUTE = 60000;

START_TEST(by_class_then_cost_then_first_come) {
    /* Each comes before the next. */
    const struct dispatch_request order[] = {
        {.priority = 3, .lateness_ms = -90 * MINUTE, .delay_weight = 9, .since_ms = 900, .train_id = 7},
        {.priority = 2, .lateness_ms = 10 * MINUTE, .delay_weight = 3, .since_ms = 800, .train_id = 6}, /* 30 */
        {.priority = 2, .lateness_ms = 20 * MINUTE, .delay_weight = 1, .since_ms = 10, .train_id = 5},  /* 20 */
        {.priority = 2, .lateness_ms = 10 * MINUTE, .delay_weight = 2, .since_ms = 20, .train_id = 4},  /* 20 */
        {.priority = 2, .lateness_ms = 200 * MINUTE, .delay_weight = 0, .since_ms = 0, .train_id = 3},  /* 0 */
        {.priority = 2, .lateness_ms = -1 * MINUTE, .delay_weight = 1, .since_ms = 0, .train_id = 2},   /* early */
        {.priority = 1, .lateness_ms = 500 * MINUTE, .delay_weight = 10, .since_ms = 0, .train_id = 1},
    };
    const int32_t count = sizeof order / sizeof *order;
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < count; k++) {
            const int found = dispatch_priority.compare(NULL, &order[i], &order[k]);
            ck_assert_msg((found > 0) - (found < 0) == (i > k) - (i < k), "%d against %d: %d", i, k, found);
        }
}
END_TEST

static struct dispatch_answer ask(struct hand_view *view, int32_t index) {
    struct dispatch_view seen = hand_see(view, 1000);
    const struct dispatch_request request = view->requests[index].request;
    return dispatch_priority.permit(NULL, &seen, &request);
}

/* It holds by its own order, not by that of coming. */
START_TEST(held_for_the_higher_class) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    struct hand_request *low = hand_ask(&view, 1, EAST, A, 10), *high = hand_ask(&view, 2, WEST, B, 90);
    high->request.priority = 2;
    ck_assert(!ask(&view, 0).go);
    ck_assert_int_eq(ask(&view, 0).rival, 2);
    ck_assert(ask(&view, 1).go);
    high->permitted = false;
    ck_assert(ask(&view, 0).go);
    high->permitted = true;
    high->request.priority = 1; /* alike: first come */
    ck_assert(ask(&view, 0).go);
    ck_assert_int_eq(ask(&view, 1).rival, 1);
    high->request.lateness_ms = MINUTE; /* or the one that is late */
    ck_assert_int_eq(ask(&view, 0).rival, 2);
    low->request.lateness_ms = 2 * MINUTE;
    ck_assert(ask(&view, 0).go);
    high->request.delay_weight = 3;
    ck_assert_int_eq(ask(&view, 0).rival, 2);
    hand_line_free(&line);
}
END_TEST

/* No class is high enough for the last track that the other way needs. */
START_TEST(half_the_tracks_are_for_the_other_way) {
    struct hand_line line = hand_line_create(2, 0, 0);
    struct hand_view view = {.line = &line};
    struct hand_request *high = hand_ask(&view, 1, EAST, A, 10);
    high->request.priority = 9;
    high->same_way = 1;
    ck_assert(ask(&view, 0).go);
    view.demand[B_E][WEST] = 1;
    ck_assert(!ask(&view, 0).go);
    ck_assert_int_eq(ask(&view, 0).rival, -1);
    hand_line_free(&line);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {by_class_then_cost_then_first_come, held_for_the_higher_class,
                                  half_the_tracks_are_for_the_other_way};
    return run_suite("priority", tests, sizeof tests / sizeof *tests);
}
