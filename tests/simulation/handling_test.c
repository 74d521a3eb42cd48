/* Trains under the cranes, worked out by hand: a line W – M – E of two sections of 10 km, an hour each. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/simulation.h"
#include "support/railway_builder.h"

#define MINUTES INT64_C(60000)
#define HOURS INT64_C(3600000)

enum { W, M, E, MOST_TRAINS = 40, MOST_CONTAINERS = 400 };

/* ---- what a run tells, kept ---- */

struct kept {
    struct train_record trains[MOST_TRAINS]; /* by train_id − 1 */
    int64_t middle_departure_ms[MOST_TRAINS];
    struct container_record containers[MOST_CONTAINERS];
    int32_t train_count, container_count;
    int64_t ledger_sum;
};

static void keep_train(void *context, const struct train_record *train) {
    struct kept *kept = context;
    ck_assert_int_le(train->train_id, MOST_TRAINS);
    kept->trains[train->train_id - 1] = *train;
    kept->train_count++;
    if (train->call_count == 3) kept->middle_departure_ms[train->train_id - 1] = train->calls[1].departure_ms;
}

static void keep_container(void *context, const struct container_record *container) {
    struct kept *kept = context;
    ck_assert_int_lt(kept->container_count, MOST_CONTAINERS);
    kept->containers[kept->container_count++] = *container;
}

static void keep_end(void *context, const struct run_summary *summary) {
    struct kept *kept = context;
    ck_assert_ptr_nonnull(summary->freight.ledger);
    for (int32_t account = 0; account < ACCOUNT_COUNT; account++)
        kept->ledger_sum += ledger_total(summary->freight.ledger, (enum account)account);
}

static struct kept run(const struct scenario *scenario) {
    struct kept kept = {.train_count = 0};
    const struct observer observer = {
        .context = &kept, .train = keep_train, .end = keep_end, .container = keep_container};
    const struct simulation_options options = {.replication = 1};
    char message[200];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    simulation_plan_destroy(plan);
    return kept;
}

/* ---- the line ---- */

static struct scenario *line(void) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "M", 2, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "WM", "W", "M", 10000);
    build_section(scenario, "ME", "M", "E", 10000);
    build_type(scenario, "box", 500)->capacity_teu = 10;
    build_running_time(scenario, 3600, 0, 0);
    scenario->settings.horizon_given = true;
    scenario->settings.horizon_ms = MILLISECONDS_PER_DAY;
    return scenario;
}

static struct flow *add_flow(struct scenario *scenario, const char *id, int32_t origin, int32_t destination,
                             double teu_per_day) {
    struct traffic *traffic = &scenario->traffic;
    traffic->flows = realloc(traffic->flows, (size_t)(traffic->flow_count + 1) * sizeof *traffic->flows);
    ck_assert_ptr_nonnull(traffic->flows);
    struct flow *flow = &traffic->flows[traffic->flow_count];
    *flow = (struct flow){.id = strdup(id),
                          .commodity = strdup(""),
                          .entity = traffic->flow_count++,
                          .origin = origin,
                          .destination = destination,
                          .teu_per_day = teu_per_day,
                          .arrivals = FLOW_REGULAR,
                          .due_ms = -1};
    for (int32_t month = 0; month < MONTHS; month++) flow->seasonality[month] = 1;
    return flow;
}

/* One crane, a minute a lift. */
static struct terminal *add_terminal(struct scenario *scenario, int32_t station) {
    struct traffic *traffic = &scenario->traffic;
    traffic->terminals =
        realloc(traffic->terminals, (size_t)(traffic->terminal_count + 1) * sizeof *traffic->terminals);
    ck_assert_ptr_nonnull(traffic->terminals);
    struct terminal *terminal = &traffic->terminals[traffic->terminal_count++];
    *terminal = (struct terminal){.station = station, .cranes = 1, .lift_s = 60, .yard_teu = -1, .closing_ms = -1};
    return terminal;
}

/* A stop of no dwell of its own at M. */
static void stop_at_middle(struct train_plan *plan) {
    plan->calls = realloc(plan->calls, 3 * sizeof *plan->calls);
    ck_assert_ptr_nonnull(plan->calls);
    ck_assert_int_eq(plan->call_count, 2);
    plan->calls[2] = plan->calls[1];
    plan->calls[1] =
        (struct planned_call){.station = M, .arrival_ms = -1, .departure_ms = -1, .track = -1, .stop = true};
    plan->call_count = 3;
}

/* ---- cases ---- */

/* A container each half hour from 0:15 on; the train of 6:00 is put under the crane ten lifts before, at 5:50, when
 * twelve are there. */
START_TEST(a_train_leaves_on_time_with_what_was_there_at_closing_time) {
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 48);
    add_terminal(scenario, W);
    build_train(scenario, "T", "box", "W M E", 6 * 3600, -1, -1);
    const struct kept kept = run(scenario);
    ck_assert_int_eq(kept.train_count, 1);
    ck_assert_int_eq(kept.trains[0].departure_ms, 6 * HOURS);
    ck_assert_int_eq(kept.trains[0].arrival_ms, 8 * HOURS);
    ck_assert_int_eq(kept.trains[0].teu, 10);
    ck_assert_int_eq(kept.container_count, 16); /* offered by 8:00, when the train, and so the run, ends */
    for (int32_t i = 0; i < 10; i++) {
        ck_assert_int_eq(kept.containers[i].status, CONTAINER_DELIVERED);
        ck_assert_int_eq(kept.containers[i].arrived_ms, (30 * i + 15) * MINUTES);
        ck_assert_int_eq(kept.containers[i].loaded_ms, (350 + i + 1) * MINUTES);
        ck_assert_int_eq(kept.containers[i].delivered_ms, 8 * HOURS); /* no cranes given at E */
        ck_assert_int_eq(kept.containers[i].train_id, 1);
    }
    build_free(scenario);
}
END_TEST

/* Twenty minutes to lift ten containers: late by as much as the closing time is too short. */
START_TEST(lifts_that_are_not_done_delay_the_departure) {
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 48);
    add_terminal(scenario, W)->closing_ms = 4 * MINUTES;
    build_train(scenario, "T", "box", "W M E", 6 * 3600, -1, -1);
    const struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].departure_ms, 6 * HOURS + 6 * MINUTES);
    ck_assert_int_eq(kept.trains[0].delay_ms, 6 * MINUTES);
    build_free(scenario);
}
END_TEST

/* At 0:50 the first container (0:15) and the second (0:45) wait; the tenth comes at 4:45. */
START_TEST(a_train_is_held_until_it_is_full_or_the_limit_is_over) {
    static const struct {
        int64_t hold_ms;
        int32_t teu;
        int64_t departure_ms;
    } cases[] = {
        {0, 2, 1 * HOURS},
        {90 * MINUTES, 5, 150 * MINUTES}, /* those of 1:15, 1:45, 2:15; the limit is 2:30 */
        {10 * HOURS, 10, 286 * MINUTES},  /* full with that of 4:45, lifted by 4:46 */
    };
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 48);
    struct terminal *terminal = add_terminal(scenario, W);
    terminal->hold_ms = cases[_i].hold_ms;
    build_train(scenario, "T", "box", "W M E", 3600, -1, -1);
    const struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].teu, cases[_i].teu);
    ck_assert_int_ge(kept.trains[0].departure_ms, cases[_i].departure_ms);
    ck_assert_int_le(kept.trains[0].departure_ms, cases[_i].departure_ms + MINUTES);
    build_free(scenario);
}
END_TEST

/* It comes at M at 7:00 with ten for M; the crane there needs ten minutes, and five more for what waits for E. */
START_TEST(a_stop_lasts_until_the_lifts_are_done) {
    struct scenario *scenario = line();
    add_flow(scenario, "wm", W, M, 48);
    add_flow(scenario, "me", M, E, 24); /* 0:30, 1:30, … 6:30: seven */
    add_terminal(scenario, M);
    stop_at_middle(build_train(scenario, "T", "box", "W M E", 6 * 3600, -1, -1));
    const struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].departure_ms, 6 * HOURS);
    ck_assert_int_eq(kept.middle_departure_ms[0], 7 * HOURS + 17 * MINUTES);
    ck_assert_int_eq(kept.trains[0].arrival_ms, 8 * HOURS + 17 * MINUTES);
    ck_assert_int_eq(kept.trains[0].teu, 17);
    build_free(scenario);
}
END_TEST

/* Arrives at 8:00, unloaded by 8:10, loads seven by 8:17 since turning round takes no time; back at 10:17. */
START_TEST(a_trainset_turns_round_when_it_is_unloaded_and_loaded) {
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 48);
    add_flow(scenario, "ew", E, W, 24);
    add_terminal(scenario, E);
    build_service(scenario, "there", "box", "W M E", ARRIVALS_REGULAR, 86400)->first_ms = 6 * HOURS;
    build_service(scenario, "back", "box", "E M W", ARRIVALS_REGULAR, 86400)->return_of = 0;
    const struct kept kept = run(scenario);
    ck_assert_int_eq(kept.trains[0].arrival_ms, 8 * HOURS);
    ck_assert_int_eq(kept.trains[1].planned_departure_ms, 8 * HOURS);
    /* 0:30 … 7:30 are eight, of which that of 7:30 is there at 8:10 too */
    ck_assert_int_eq(kept.trains[1].teu, 8);
    ck_assert_int_eq(kept.trains[1].departure_ms, 8 * HOURS + 18 * MINUTES);
    ck_assert_int_eq(kept.trains[1].arrival_ms, 10 * HOURS + 18 * MINUTES);
    build_free(scenario);
}
END_TEST

/* Without freight nothing of it happens, and trains run as their timetable says. */
START_TEST(a_question_about_the_line_alone_knows_no_containers) {
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 48);
    add_terminal(scenario, W)->closing_ms = 0;
    build_train(scenario, "T", "box", "W M E", 6 * 3600, -1, -1);
    struct kept kept = {.train_count = 0};
    const struct observer observer = {.context = &kept, .train = keep_train, .container = keep_container};
    const struct simulation_options options = {.replication = 1, .no_freight = true};
    char message[200];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    ck_assert_int_eq(kept.trains[0].departure_ms, 6 * HOURS);
    ck_assert_int_eq(kept.trains[0].teu, 0);
    ck_assert_int_eq(kept.container_count, 0);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* On the level, with no resistance and force enough for its greatest acceleration: half the mass, double the rate. */
START_TEST(a_train_that_follows_its_load_runs_lighter) {
    static const double TEU_PER_DAY[] = {0.01, 4, 8, 12, 16}; /* by 12:00: 0, 2, 4, 6, 8 of 8 */
    int64_t run_ms[5];
    for (int32_t i = 0; i < 5; i++) {
        struct scenario *scenario = build_scenario();
        build_station(scenario, "W", 0, 0);
        build_station(scenario, "E", 0, 0);
        build_section(scenario, "WE", "W", "E", 10000);
        struct train_type *type = build_type(scenario, "box", 500);
        type->capacity_teu = 8;
        type->mass_kg = 4e6;
        type->empty_mass_kg = 1e6;
        type->power_w = 1e9;
        type->tractive_effort_n = 4e5;
        type->brake_ms2 = 0.5;
        type->has_traction = true;
        type->max_speed_ms = 30;
        add_flow(scenario, "we", W, 1, TEU_PER_DAY[i]);
        build_train(scenario, "T", "box", "W E", 12 * 3600, -1, -1);
        scenario->settings.horizon_given = true;
        scenario->settings.horizon_ms = MILLISECONDS_PER_DAY;
        const struct kept kept = run(scenario);
        ck_assert_int_eq(kept.trains[0].teu, 2 * i);
        run_ms[i] = kept.trains[0].arrival_ms - kept.trains[0].departure_ms;
        const double mass = 1e6 + 3e6 * i / 4, rate = 4e5 / mass, brake = 0.5, v = 30;
        const double accelerating = v / rate, braking = v / brake;
        /* from exit signal to exit signal it is as far as from centre to centre */
        const double cruising = (10000 - v * v / 2 / rate - v * v / 2 / brake) / v;
        ck_assert_double_eq_tol((double)run_ms[i] / 1000, accelerating + cruising + braking, 0.01);
        build_free(scenario);
    }
    for (int32_t i = 1; i < 5; i++) ck_assert_int_gt(run_ms[i], run_ms[i - 1]);
}
END_TEST

/* Nothing that an observer hears differs when a run is stepped, or copied on its way. */
START_TEST(a_copy_goes_on_the_same) {
    struct scenario *scenario = line();
    add_flow(scenario, "we", W, E, 30)->arrivals = FLOW_POISSON;
    add_flow(scenario, "ew", E, W, 20)->arrivals = FLOW_POISSON;
    add_terminal(scenario, W)->lift_cv = 0.5;
    add_terminal(scenario, E)->hold_ms = HOURS;
    build_service(scenario, "there", "box", "W M E", ARRIVALS_REGULAR, 14400);
    build_service(scenario, "back", "box", "E M W", ARRIVALS_REGULAR, 14400);
    char message[200];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    const struct simulation_options options = {.replication = 2};
    struct kept whole = {.train_count = 0}, copied = {.train_count = 0}, before;
    const struct observer watch_whole = {
        .context = &whole, .train = keep_train, .end = keep_end, .container = keep_container};
    const struct observer watch_copy = {
        .context = &copied, .train = keep_train, .end = keep_end, .container = keep_container};
    struct simulation *simulation = simulation_create(plan, &options, NULL, &watch_whole);
    simulation_advance(simulation, 11 * HOURS);
    struct simulation *copy = simulation_copy(simulation, &watch_copy);
    ck_assert_ptr_nonnull(copy);
    before = whole;
    ck_assert_int_eq(simulation_finish(copy), SIMULATION_DONE);
    ck_assert_int_eq(simulation_finish(simulation), SIMULATION_DONE);
    ck_assert_int_eq(before.container_count + copied.container_count, whole.container_count);
    ck_assert_mem_eq(&copied.containers[0], &whole.containers[before.container_count],
                     (size_t)copied.container_count * sizeof *copied.containers);
    ck_assert_int_eq(copied.ledger_sum, whole.ledger_sum);
    simulation_destroy(copy);
    simulation_destroy(simulation);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* ---- a whole month ---- */

static void count_train(void *context, const struct train_record *train) {
    int64_t *counts = context;
    counts[train->status == TRAIN_ARRIVED]++;
}

/* A crane that works from 6 to 22 makes trains late by hours, and they come in bursts. Once a train that was held
 * before a crowded siding was not asked again when the crowd had gone on, and the line stood still from the fifth day
 * on. */
START_TEST(trains_in_bursts_never_stand_still) {
    const char *data = getenv("BERING_TEST_DATA");
    ck_assert_ptr_nonnull(data);
    char folder[600], message[200] = "";
    snprintf(folder, sizeof folder, "%s/siding_line", data);
    const struct scenario_request request = {.folder = folder};
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    int64_t counts[2] = {0, 0};
    const struct observer observer = {.context = counts, .train = count_train};
    const struct simulation_options options = {.replication = 1};
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    ck_assert_int_eq(counts[0] + counts[1], 780);
    ck_assert_int_ge(counts[1], 770);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("handling");
    TCase *tests = tcase_create("trains under the cranes");
    tcase_add_test(tests, a_train_leaves_on_time_with_what_was_there_at_closing_time);
    tcase_add_test(tests, lifts_that_are_not_done_delay_the_departure);
    tcase_add_loop_test(tests, a_train_is_held_until_it_is_full_or_the_limit_is_over, 0, 3);
    tcase_add_test(tests, a_stop_lasts_until_the_lifts_are_done);
    tcase_add_test(tests, a_trainset_turns_round_when_it_is_unloaded_and_loaded);
    tcase_add_test(tests, a_question_about_the_line_alone_knows_no_containers);
    tcase_add_test(tests, a_train_that_follows_its_load_runs_lighter);
    tcase_add_test(tests, a_copy_goes_on_the_same);
    tcase_add_test(tests, trains_in_bursts_never_stand_still);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
