/* Nobody waits for ever: the smallest lines on which a train once did, whatever the policy. */
#include <check.h>
#include <stdlib.h>

#include "simulation/simulation.h"
#include "support/railway_builder.h"

static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};
enum { POLICY_COUNT = sizeof POLICIES / sizeof *POLICIES, MOST_PLANS = 4 };

/* By plan. */
struct tally {
    int64_t arrived[MOST_PLANS], left_ms[MOST_PLANS]; /* left: the first; TIME_NONE: none has */
};

static void count_train(void *context, const struct train_record *train) {
    struct tally *tally = context;
    tally->arrived[train->plan] += train->status == TRAIN_ARRIVED;
    int64_t *left = &tally->left_ms[train->plan];
    if (train->departure_ms != TIME_NONE && (*left == TIME_NONE || train->departure_ms < *left))
        *left = train->departure_ms;
}

static struct tally run_days(struct scenario *scenario, int days) {
    struct tally tally = {.left_ms = {TIME_NONE, TIME_NONE, TIME_NONE, TIME_NONE}};
    struct observer observer = {.context = &tally, .train = count_train};
    struct simulation_options options = {.replication = 1};
    char message[200];
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_given = true;
    scenario->settings.horizon_ms = days * MILLISECONDS_PER_DAY;
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    simulation_plan_destroy(plan);
    build_free(scenario);
    return tally;
}

/* One section, one way, a train every five minutes: slow trains take 20 minutes, fast ones 10, and may so start 15
 * minutes after a slow one, not five. Of slow ones more come than the section carries, of fast ones twelve a day. */
static struct scenario *slow_and_fast(enum dispatch_kind dispatch) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-E", "W", "E", 20000)->headway_ms = 300000;
    build_type(scenario, "slow", 500);
    build_type(scenario, "fast", 500)->priority = 2;
    build_running_time_on(scenario, "W-E", 1200, 0, 0);
    build_running_time_on(scenario, "W-E", 600, 0, 0);
    scenario->running_times[0].train_type = 0;
    scenario->running_times[1].train_type = 1;
    build_service(scenario, "s", "slow", "W E", ARRIVALS_REGULAR, 240);
    build_service(scenario, "f", "fast", "W E", ARRIVALS_REGULAR, 7200);
    scenario->settings.dispatch = dispatch;
    return scenario;
}

/* Slow ones can always start first, since that costs no gap. They do so for an hour, then the fast one is due: of
 * 360 + 12 a day each kind gets its share of what is carried; under `priority` the fast ones get all. */
START_TEST(slower_trains_do_not_pass_for_ever) {
    enum { DAYS = 5, FAST_A_DAY = 12, SLOW_A_DAY = 360 };
    struct tally tally = run_days(slow_and_fast(POLICIES[_i]), DAYS);
    const double carried = (double)(tally.arrived[0] + tally.arrived[1]) / DAYS;
    const double share = carried * FAST_A_DAY / (FAST_A_DAY + SLOW_A_DAY);
    const double due = POLICIES[_i] == DISPATCH_PRIORITY ? FAST_A_DAY : share;
    ck_assert_msg((double)tally.arrived[1] / DAYS >= 0.9 * due, "policy %d: %.1f fast trains a day of %.1f", _i,
                  (double)tally.arrived[1] / DAYS, due);
    /* each costs ten minutes, two slow trains */
    ck_assert_msg(carried >= 288 - 2 * FAST_A_DAY - 2, "policy %d: %.1f trains a day", _i, carried);
}
END_TEST

/* A siding of which one track only is long enough: there is always a train of the other way on it, or bound for it,
 * and so never a moment in which the road alone keeps those that go east. */
static struct scenario *one_long_track(enum dispatch_kind dispatch) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "S", 1, 600);
    build_track(scenario, 100);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-S", "W", "S", 8000);
    build_section(scenario, "S-E", "S", "E", 8000);
    build_running_time(scenario, 600, 0, 0);
    build_type(scenario, "freight", 500);
    build_type(scenario, "express", 500)->priority = 2;
    build_service(scenario, "e", "freight", "W S E", ARRIVALS_REGULAR, 3600);
    build_service(scenario, "w", "express", "E S W", ARRIVALS_REGULAR, 300);
    scenario->settings.dispatch = dispatch;
    return scenario;
}

START_TEST(others_are_kept_out_for_a_train_that_waits_in_vain) {
    struct tally tally = run_days(one_long_track(POLICIES[_i]), 2);
    ck_assert_int_ne(tally.left_ms[0], TIME_NONE);
    ck_assert_int_lt(tally.left_ms[0], 19 * INT64_C(3600000));
    /* and then the others go on: one every ten minutes, but for what that train took */
    ck_assert_int_gt(tally.arrived[1], 2 * 144 / 2);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ageing");
    TCase *cases = tcase_create("ageing");
    tcase_add_loop_test(cases, slower_trains_do_not_pass_for_ever, 0, POLICY_COUNT);
    tcase_add_loop_test(cases, others_are_kept_out_for_a_train_that_waits_in_vain, 0, POLICY_COUNT);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
