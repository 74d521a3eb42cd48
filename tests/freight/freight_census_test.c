/* The census tells what is wrong: one thing at a time is changed in freight that is right, while a train is under way
 * with containers aboard and others wait for the next. */
#include <check.h>
#include <stdlib.h>

#include "freight/freight_state.h"
#include "freight_world.h"

static struct freight_world world;

static void set_up(void) {
    world_start(&world, 2, 10);
    world.run.end_ms = 6 * HOUR_MS + HOUR_MS / 2;
    world_flow(&world, "AB", 48, 1);
    world_terminal(&world, "A")->yard_teu = 100;
    world_terminal(&world, "B")->yard_teu = 100;
    world_depart(&world, world_plan(&world, "AB"), 6 * HOUR_MS);
    world_ready(&world);
    world_drive(&world);
    freight_catch_up(world.freight, world.run.end_ms);
}

static void tear_down(void) {
    world_finish(&world);
}

static struct container *waiting(struct freight *freight) {
    return &freight->pool.containers[freight->queues[0].first];
}

static struct container *aboard(struct freight *freight) {
    for (int32_t i = 0; i < freight->pool.count; i++)
        if (freight->pool.containers[i].where == CONTAINER_ABOARD) return &freight->pool.containers[i];
    abort();
}

static struct container_list *list_aboard(struct freight *freight) {
    for (int32_t i = 0; i < freight->plan->most_stops; i++)
        if (freight->aboard[i].first >= 0) return &freight->aboard[i];
    abort();
}

static void of_no_size(struct freight *freight) {
    waiting(freight)->teu = 3;
}

static void waits_for_a_crane(struct freight *freight) {
    aboard(freight)->where = CONTAINER_BOARDING;
}

static void one_more_waits(struct freight *freight) {
    freight->counts[0].waiting++;
}

static void one_more_rides(struct freight *freight) {
    freight->window_counts[0].riding++;
}

static void one_more_offered(struct freight *freight) {
    freight->counts[0].offered++;
}

static void queue_of_more(struct freight *freight) {
    freight->queues[0].teu++;
}

static void queue_with_another_end(struct freight *freight) {
    freight->queues[0].last = freight->queues[0].first;
}

static void queue_in_a_circle(struct freight *freight) {
    waiting(freight)->next = freight->queues[0].first;
}

static void queue_of_another_size(struct freight *freight) {
    freight->queues[1] = freight->queues[0];
    freight->queues[0] = (struct container_list){-1, -1, 0};
}

static void queue_out_of_order(struct freight *freight) {
    waiting(freight)->came_ms = INT64_MAX;
}

static void of_another_train(struct freight *freight) {
    aboard(freight)->train++;
}

static void queued_on_a_train(struct freight *freight) {
    struct container_list *list = list_aboard(freight);
    *list = freight->queues[0];
    freight->queues[0] = (struct container_list){-1, -1, 0};
}

static void train_counts_more(struct freight *freight) {
    freight->loads[0].aboard_teu++;
}

static void train_too_small(struct freight *freight) {
    freight->plan->plans[freight->loads[0].train_plan].capacity_teu = 1;
}

static void in_no_queue(struct freight *freight) {
    struct container_list *list = &freight->queues[0];
    container_list_take(list, freight->pool.containers);
}

static void a_place_lost(struct freight *freight) {
    freight->pool.containers[freight->pool.count++] = (struct container){.next = -1, .where = CONTAINER_NOWHERE};
}

static void slot_lost(struct freight *freight) {
    freight->stations[0].yard.used_teu[1]++;
}

static void more_slots_claimed(struct freight *freight) {
    freight->stations[1].yard.claimed_teu++;
}

static void more_in_the_yard(struct freight *freight) {
    freight->stations[0].yard.teu = 1000;
}

static const struct {
    void (*change)(struct freight *freight);
    const char *told;
} cases[] = {
    {of_no_size, "a container is neither of 20 nor of 40 feet"},
    {waits_for_a_crane, "a container waits for a crane that does not come, or the other way round"},
    {one_more_waits, "those that wait are not as many as counted"},
    {one_more_rides, "those that ride are not as many as counted"},
    {one_more_offered, "offered is not delivered + riding + waiting + refused"},
    {queue_of_more, "a queue in a yard is not in order"},
    {queue_with_another_end, "a queue in a yard is not in order"},
    {queue_in_a_circle, "a queue in a yard is not in order"},
    {queue_of_another_size, "a queue in a yard is not in order"},
    {queue_out_of_order, "a queue in a yard is not in order"},
    {of_another_train, "what is aboard a train is not in order"},
    {queued_on_a_train, "what is aboard a train is not in order"},
    {train_counts_more, "a train does not carry what it counts"},
    {train_too_small, "a train carries too much"},
    {in_no_queue, "a container is in no list, or in one where it should not be"},
    {a_place_lost, "places of the pool are lost"},
    {slot_lost, "a yard's slots do not add up"},
    {more_slots_claimed, "a yard's slots do not add up"},
    {more_in_the_yard, "a yard's slots do not add up"},
};

START_TEST(what_is_right_is_left_alone) {
    ck_assert_ptr_null(freight_census(world.freight));
    ck_assert_int_gt(world.freight->queues[0].teu, 1);
    ck_assert_int_eq(world.freight->loads[0].aboard_teu, 10);
}
END_TEST

START_TEST(what_is_wrong_is_told) {
    ck_assert_int_lt(world.freight->pool.count, world.freight->pool.room);
    cases[_i].change(world.freight);
    ck_assert_pstr_eq(freight_census(world.freight), cases[_i].told);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("freight_census");
    TCase *test_case = tcase_create("freight_census");
    tcase_add_checked_fixture(test_case, set_up, tear_down);
    tcase_add_test(test_case, what_is_right_is_left_alone);
    tcase_add_loop_test(test_case, what_is_wrong_is_told, 0, sizeof cases / sizeof *cases);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
