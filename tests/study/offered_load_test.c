/* One load at a time: delays against the queue's formula, throughput, balance, and what an answer must not depend on.
 */
#include "study/offered_load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "engine/stream.h"
#include "one_section.h"
#include "study/formulas.h"

static struct load_request request_of(const struct studied *studied, double trains_per_day, enum load_figure figure) {
    return (struct load_request){.demand = &studied->demand,
                                 .offered = {trains_per_day, DEMAND_AS_SCHEDULED, false},
                                 .figure = figure,
                                 .against = NAN,
                                 .days = 60,
                                 .first_replication = 1,
                                 .least_replications = 2,
                                 .most_replications = 100,
                                 .jobs = 1};
}

static struct load_result measure(const struct load_request *request) {
    struct load_result result;
    struct failure failure;
    ck_assert_msg(offered_load_measure(request, &result, &failure), "%s", failure.text);
    return result;
}

/* F10 at V9's loads. */
START_TEST(delays_meet_the_formula) {
    static const double TRAINS[] = {24, 33.6, 38.4};
    struct studied studied = queue_line(1);
    struct load_request request = request_of(&studied, TRAINS[_i], FIGURE_DELAY);
    request.relative_half_width = 0.02;
    request.days = 120;
    struct load_result result = measure(&request);
    const double formula_s = 60 * queue_wait_min(TRAINS[_i], QUEUE_SERVICE_MIN);
    ck_assert(result.precise && result.delay_s.half_width <= 0.02 * result.delay_s.mean);
    ck_assert_msg(fabs(result.delay_s.mean / formula_s - 1) <= 0.03, "%.1f ± %.1f s, formula %.1f", result.delay_s.mean,
                  result.delay_s.half_width, formula_s);
    ck_assert(fabs(result.trains_per_day.mean - TRAINS[_i]) < 0.01 * TRAINS[_i]);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

static double exponential(uint64_t draw) {
    const struct stream stream = {29, STREAM_TEST, 1};
    return -log1p(-stream_uniform(&stream, 1, draw));
}

/* Lindley's recursion for the same queue, two million trains. */
static double queue_quantile_min(double trains_per_day, double fraction) {
    enum { TRAINS = 2000000 };
    double *waits = malloc(TRAINS * sizeof *waits), wait = 0;
    ck_assert_ptr_nonnull(waits);
    for (int i = 0; i < TRAINS; i++) {
        waits[i] = wait;
        wait = fmax(0, wait + QUEUE_SERVICE_MIN - exponential((uint64_t)i) * 1440 / trains_per_day);
    }
    const double quantile = quantile_of(waits, TRAINS, fraction);
    free(waits);
    return quantile;
}

START_TEST(quantiles_meet_those_of_the_queue) {
    struct studied studied = queue_line(1);
    studied.scenario->settings.delay_limit_min = 45;
    struct load_request request = request_of(&studied, 33.6, FIGURE_P90_DELAY);
    request.relative_half_width = 0.02;
    request.days = 120;
    struct load_result result = measure(&request);
    const double p90_min = queue_quantile_min(33.6, 0.9), p95_min = queue_quantile_min(33.6, 0.95);
    ck_assert(result.p90_delay_s.half_width <= 0.02 * result.p90_delay_s.mean);
    ck_assert_msg(fabs(result.p90_delay_s.mean / 60 / p90_min - 1) <= 0.03, "%.2f, by recursion %.2f",
                  result.p90_delay_s.mean / 60, p90_min);
    ck_assert(fabs(result.p95_delay_s / 60 / p95_min - 1) <= 0.04);
    ck_assert(result.punctual > 0.65 && result.punctual < 0.9);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

/* Below saturation what departs is what comes, on average; that as many came by chance as did is not left in it.
 * Beyond, one train a service time. */
START_TEST(throughput_is_what_comes_or_what_the_line_carries) {
    static const double TRAINS[] = {12, 24, 40, 60, 96, 144};
    struct studied studied = queue_line(3);
    struct load_request request = request_of(&studied, TRAINS[_i], FIGURE_BALANCED);
    request.most_replications = 4;
    request.least_replications = 4;
    struct load_result result = measure(&request);
    const double expected = fmin(TRAINS[_i], 48);
    ck_assert_msg(fabs(result.trains_per_day.mean - expected) <= 0.003 * expected, "%.3f ± %.3f of %g",
                  result.trains_per_day.mean, result.trains_per_day.half_width, TRAINS[_i]);
    ck_assert(result.trains_per_day.half_width < 0.01 * expected);
    for (int direction = 0; direction < 2; direction++)
        ck_assert(fabs(result.direction[direction].mean - expected / 2) < 0.05 * expected);
    ck_assert(fabs(result.direction[0].mean + result.direction[1].mean - result.trains_per_day.mean) < 0.01 * expected);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

/* Twice as many trains as the line carries, under strict priority: the lower class starves, as far as ageing lets it,
 * and the mix got what that class got. */
START_TEST(the_mix_got_what_its_worst_class_got) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 0, 0, east, west);
    build_type(scenario, "high", 500);
    scenario->train_types[0].priority = 1;
    scenario->train_types[1].priority = 2;
    scenario->settings.dispatch = DISPATCH_PRIORITY;
    build_running_time(scenario, 1800, 0, 0);
    build_service(scenario, "low", "train", east, ARRIVALS_POISSON, 7200);
    build_service(scenario, "high", "high", west, ARRIVALS_POISSON, 7200);
    struct studied studied = studied_of(scenario);
    struct load_request request = request_of(&studied, 80, FIGURE_BALANCED);
    request.most_replications = request.least_replications = 4;
    struct load_result result = measure(&request);
    ck_assert(fabs(result.trains_per_day.mean - 48) < 0.5);
    ck_assert_int_eq(result.short_class, 0);
    ck_assert_msg(result.class_per_day[0] < 0.8 * result.class_per_day[1], "%.2f and %.2f", result.class_per_day[0],
                  result.class_per_day[1]);
    ck_assert_msg(fabs(result.balanced.mean - 2 * result.class_per_day[0]) < 1e-6, "%.3f of %.3f", result.balanced.mean,
                  result.class_per_day[0]);
    ck_assert(result.held_up_ms[0] > 0);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

static void same(const struct load_result *a, const struct load_result *b, int32_t classes) {
    ck_assert_int_eq(a->replications, b->replications);
    ck_assert_int_eq(a->days, b->days);
    ck_assert_int_eq(a->batch_days, b->batch_days);
    ck_assert_int_eq(a->events, b->events);
    ck_assert(memcmp(&a->delay_s, &b->delay_s, sizeof a->delay_s) == 0);
    ck_assert(memcmp(&a->p90_delay_s, &b->p90_delay_s, sizeof a->p90_delay_s) == 0);
    ck_assert(memcmp(&a->balanced, &b->balanced, sizeof a->balanced) == 0);
    ck_assert(memcmp(a->direction, b->direction, sizeof a->direction) == 0);
    ck_assert(memcmp(a->class_per_day, b->class_per_day, (size_t)classes * sizeof *a->class_per_day) == 0);
    ck_assert(a->punctual == b->punctual && a->p95_delay_s == b->p95_delay_s);
}

START_TEST(the_number_of_jobs_changes_nothing) {
    struct studied studied = queue_line(5);
    struct load_request request = request_of(&studied, 30, FIGURE_DELAY);
    request.relative_half_width = 0.06;
    struct load_result alone = measure(&request);
    ck_assert_int_gt(alone.replications, 3);
    static const int32_t JOBS[] = {2, 3, 7};
    for (int i = 0; i < 3; i++) {
        request.jobs = JOBS[i];
        struct load_result result = measure(&request);
        same(&alone, &result, studied.demand.class_count);
        load_result_free(&result);
    }
    load_result_free(&alone);
    studied_free(&studied);
}
END_TEST

/* Trains by the clock and fixed running times: one replication, and what it says is exact. */
START_TEST(without_chance_one_replication_says_all) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 0, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 3600 * 3);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 3600 * 3);
    struct studied studied = studied_of(scenario);
    struct load_request request = request_of(&studied, 24, FIGURE_DELAY);
    request.relative_half_width = 0.01;
    request.least_half_width = 1;
    struct load_result result = measure(&request);
    ck_assert(result.deterministic && result.precise);
    ck_assert_int_eq(result.replications, 1);
    ck_assert_int_eq(result.days, 239);
    /* both come at the same minute; one waits 30 min, and 4 until the section is free */
    ck_assert_msg(fabs(result.delay_s.mean - 17 * 60) < 1e-6 && fabs(result.delay_s.half_width) < 1e-6, "%g ± %g",
                  result.delay_s.mean, result.delay_s.half_width);
    ck_assert(fabs(result.trains_per_day.mean - 24) < 1e-6);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

START_TEST(it_stops_when_it_is_told_to) {
    struct studied studied = queue_line(5);
    struct load_request request = request_of(&studied, 30, FIGURE_DELAY);
    atomic_bool stop = true;
    request.stop = &stop;
    for (request.jobs = 1; request.jobs <= 3; request.jobs++) {
        struct load_result result;
        struct failure failure;
        ck_assert(!offered_load_measure(&request, &result, &failure));
        ck_assert_str_eq(failure.text, "interrupted");
        ck_assert_ptr_null(result.class_per_day);
    }
    studied_free(&studied);
}
END_TEST

START_TEST(a_demand_of_zero_is_refused) {
    struct studied studied = queue_line(5);
    static const double TRAINS[] = {0, -1, NAN, INFINITY};
    for (int i = 0; i < 4; i++) {
        const struct load_request request = request_of(&studied, TRAINS[i], FIGURE_DELAY);
        struct load_result result;
        struct failure failure;
        ck_assert(!offered_load_measure(&request, &result, &failure));
        ck_assert_msg(strstr(failure.text, "trains a day is none to work with") != NULL, "%s", failure.text);
    }
    studied_free(&studied);
}
END_TEST

/* Far from what it is compared with one replication will do; near it many are needed; below hope it stops as well. */
START_TEST(no_longer_than_it_takes) {
    struct studied studied = queue_line(5);
    struct load_request request = request_of(&studied, 33.6, FIGURE_DELAY);
    request.against = 60 * 35;
    struct load_result result = measure(&request);
    ck_assert_int_gt(result.replications, 20);
    load_result_free(&result);
    request.against = 60 * 200;
    result = measure(&request);
    ck_assert_int_eq(result.replications, 1);
    load_result_free(&result);
    request = request_of(&studied, 60, FIGURE_BALANCED);
    request.hopeless_below = 50;
    result = measure(&request);
    ck_assert_int_eq(result.replications, 1);
    load_result_free(&result);
    studied_free(&studied);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("offered_load");
    TCase *cases = tcase_create("offered_load");
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases, delays_meet_the_formula, 0, 3);
    tcase_add_test(cases, quantiles_meet_those_of_the_queue);
    tcase_add_loop_test(cases, throughput_is_what_comes_or_what_the_line_carries, 0, 6);
    tcase_add_test(cases, the_mix_got_what_its_worst_class_got);
    tcase_add_test(cases, the_number_of_jobs_changes_nothing);
    tcase_add_test(cases, without_chance_one_replication_says_all);
    tcase_add_test(cases, it_stops_when_it_is_told_to);
    tcase_add_test(cases, a_demand_of_zero_is_refused);
    tcase_add_test(cases, no_longer_than_it_takes);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
