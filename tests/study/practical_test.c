/* The practical answer against the queue of which it is known, its words where there is none, and its curve. */
#include "study/practical.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "one_section.h"
#include "study/formulas.h"

static struct practical_request request_of(const struct studied *studied, double limit_min, double most_per_day) {
    return (struct practical_request){.demand = &studied->demand,
                                      .limit_s = 60 * limit_min,
                                      .most_per_day = most_per_day,
                                      .relative_half_width = 0.02,
                                      .jobs = 1};
}

static struct practical_result measure(const struct practical_request *request) {
    struct practical_result result;
    struct failure failure;
    ck_assert_msg(practical_measure(request, &result, &failure), "%s", failure.text);
    return result;
}

/* ---- where the answer is known ---- */

/* Limits from a third of a service time to four: the demand is found, and its interval is as narrow as asked. */
START_TEST(the_demand_of_a_queue_is_found) {
    static const double LIMITS[] = {10, 20, 35, 60, 120};
    struct studied studied = queue_line(11);
    struct practical_request request = request_of(&studied, LIMITS[_i], 48);
    request.relative_half_width = 0.01;
    const struct practical_result result = measure(&request);
    const double expected = queue_demand_at(LIMITS[_i]);
    ck_assert_int_eq(result.outcome, PRACTICAL_FOUND);
    ck_assert(result.precise);
    ck_assert_msg(fabs(result.trains_per_day - expected) <= fmax(1.3 * result.half_width, 0.01 * expected),
                  "%.3f ± %.3f, expected %.3f", result.trains_per_day, result.half_width, expected);
    ck_assert_msg(result.half_width < 0.016 * expected, "%.3f of %.3f", result.half_width, expected);
    ck_assert(result.delay_s == 60 * LIMITS[_i]);
    studied_free(&studied);
}
END_TEST

/* Over many seeds the 95 % interval holds the demand that is known. */
START_TEST(intervals_of_the_search_cover) {
    enum { LIMIT_MIN = 35 };
    const int times = getenv("BERING_TEST_LONG") ? 400 : SANITIZED ? 12 : 100;
    int covered = 0;
    double mean = 0;
    for (int time = 1; time <= times; time++) {
        struct studied studied = queue_line(time);
        const struct practical_request request = request_of(&studied, LIMIT_MIN, 48);
        const struct practical_result result = measure(&request);
        ck_assert_int_eq(result.outcome, PRACTICAL_FOUND);
        covered += fabs(result.trains_per_day - queue_demand_at(LIMIT_MIN)) <= result.half_width;
        mean += result.trains_per_day / times;
        studied_free(&studied);
    }
    /* Days are skew and the simulation stops when they look quiet: 92 to 93 % was measured. 93 %, less two standard
     * errors of that many. */
    const double least = 0.93 - 2 * sqrt(0.93 * 0.07 / times);
    ck_assert_msg(covered >= least * times, "%d of %d", covered, times);
    ck_assert_msg(fabs(mean / queue_demand_at(LIMIT_MIN) - 1) < 0.005, "%.4f, expected %.4f", mean,
                  queue_demand_at(LIMIT_MIN));
}
END_TEST

START_TEST(the_curve_meets_the_formula) {
    struct studied studied = queue_line(12);
    const struct practical_request request = request_of(&studied, 35, 48);
    const struct practical_result result = measure(&request);
    ck_assert_int_gt(result.point_count, 8);
    int covered = 0, steady = 0;
    for (int32_t i = 0; i < result.point_count; i++) {
        const struct practical_point *point = &result.points[i];
        if (i > 0) ck_assert(point->trains_per_day >= point[-1].trains_per_day);
        if (i > 0 && point->trains_per_day > 1.02 * point[-1].trains_per_day)
            ck_assert_msg(point->delay_s.mean > point[-1].delay_s.mean, "%.1f", point->trains_per_day);
        ck_assert(point->p90_delay_s.mean >= point->delay_s.mean);
        if (point->trains_per_day > 0.8 * 48) continue;
        steady++;
        covered += fabs(point->delay_s.mean - 60 * queue_wait_min(point->trains_per_day, QUEUE_SERVICE_MIN)) <=
                   1.5 * point->delay_s.half_width;
    }
    ck_assert_msg(covered >= steady - 2, "%d of %d", covered, steady);
    /* the form of Krueger: positive, and rising steeply; the queue is not quite of that form */
    ck_assert(result.fit_a_s > 0 && result.fit_b > 0.05 && result.fit_b < 0.2);
    ck_assert(result.fit_residual > 0.01 && result.fit_residual < 1);
    studied_free(&studied);
}
END_TEST

/* By the 90th percentile: fewer trains than by the mean at the same limit, and at the answer it is the limit. */
START_TEST(by_the_percentile) {
    struct studied studied = queue_line(13);
    struct practical_request request = request_of(&studied, 60, 48);
    const struct practical_result by_mean = measure(&request);
    request.measure = PRACTICAL_P90;
    const struct practical_result by_p90 = measure(&request);
    ck_assert_int_eq(by_p90.outcome, PRACTICAL_FOUND);
    ck_assert(by_p90.trains_per_day + by_p90.half_width < by_mean.trains_per_day - by_mean.half_width);
    const struct load_request load = {.demand = &studied.demand,
                                      .offered = {by_p90.trains_per_day, DEMAND_AS_SCHEDULED, false},
                                      .figure = FIGURE_P90_DELAY,
                                      .relative_half_width = 0.02,
                                      .against = NAN,
                                      .days = 120,
                                      .first_replication = 777,
                                      .least_replications = 8,
                                      .most_replications = 60,
                                      .jobs = 1};
    struct load_result there;
    struct failure failure;
    ck_assert(offered_load_measure(&load, &there, &failure));
    ck_assert_msg(fabs(there.p90_delay_s.mean / 3600 - 1) < 0.08, "%.1f min", there.p90_delay_s.mean / 60);
    load_result_free(&there);
    studied_free(&studied);
}
END_TEST

/* ---- where there is none ---- */

/* Trains that come late by themselves, half an hour on average: no demand keeps 20 min. */
START_TEST(a_limit_below_the_emptiest_line_is_never_kept) {
    struct studied studied = queue_line(14);
    char message[200];
    for (int i = 0; i < 2; i++)
        ck_assert(
            law_parse("exponential(1800)", &studied.scenario->timetable.plans[i].entry_delay, message, sizeof message));
    const struct practical_request request = request_of(&studied, 20, 48);
    const struct practical_result result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_NEVER_KEPT);
    ck_assert(isnan(result.trains_per_day) && isnan(result.half_width) && isnan(result.teu_per_day));
    ck_assert_msg(result.delay_s > 25 * 60 && result.delay_s < 40 * 60, "%.0f s", result.delay_s);
    ck_assert(fabs(result.points[0].trains_per_day - 4.8) < 1e-9);
    ck_assert_str_eq(practical_reason(result.outcome), "even a tenth of what the line carries breaks the limit");
    studied_free(&studied);
}
END_TEST

/* What a train has with nobody else about: its own lateness, and the possession that it comes upon. */
START_TEST(trains_that_meet_nobody) {
    struct studied studied = queue_line(16);
    struct practical_request request = request_of(&studied, 20, 48);
    struct estimate alone;
    struct failure failure;
    ck_assert(practical_alone(&request, &alone, &failure));
    ck_assert_msg(alone.mean == 0, "%g", alone.mean);
    char message[200];
    for (int i = 0; i < 2; i++)
        ck_assert(
            law_parse("exponential(1800)", &studied.scenario->timetable.plans[i].entry_delay, message, sizeof message));
    ck_assert(practical_alone(&request, &alone, &failure));
    ck_assert_msg(fabs(alone.mean - 1800) < 1.5 * alone.half_width && alone.half_width < 600, "%.0f ± %.0f", alone.mean,
                  alone.half_width);
    request.measure = PRACTICAL_P90;
    ck_assert(practical_alone(&request, &alone, &failure));
    ck_assert_msg(fabs(alone.mean - 1800 * log(10)) < 1000, "%.0f", alone.mean);
    studied_free(&studied);
}
END_TEST

START_TEST(a_limit_beyond_every_delay_is_never_reached) {
    struct studied studied = queue_line(15);
    const struct practical_request request = request_of(&studied, 1e6, 40);
    const struct practical_result result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_NEVER_REACHED);
    ck_assert(result.trains_per_day == 40 && isnan(result.half_width));
    ck_assert(result.delay_s > 60 * 50 && result.delay_s < 60 * 100); /* at 40 trains a day: 75 min */
    ck_assert_str_eq(practical_reason(result.outcome), "the limit is kept at every demand the line carries");
    studied_free(&studied);
}
END_TEST

START_TEST(trains_that_are_always_ready_have_no_demand) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 0, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", west, ARRIVALS_POISSON, 7200);
    struct studied studied = studied_of(scenario);
    const struct practical_request request = request_of(&studied, 30, 40);
    const struct practical_result result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_NO_DEMAND);
    ck_assert(isnan(result.trains_per_day));
    ck_assert_int_eq(result.point_count, 0);
    ck_assert_str_eq(practical_outcome_word(result.outcome), "no_demand");
    studied_free(&studied);
}
END_TEST

/* Trains by the clock on fixed times: nothing is random, and the answer is where they begin to wait. The two come at
 * the same minute, so one of them waits 34 min, the mean is 17. */
START_TEST(without_chance) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 0, 4, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 7200);
    struct studied studied = studied_of(scenario);
    struct practical_request request = request_of(&studied, 16, 2 * 1440 / 68.0);
    struct practical_result result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_NEVER_KEPT);
    ck_assert(result.deterministic && fabs(result.delay_s - 17 * 60) < 1);
    request.limit_s = 60 * 18;
    request.most_per_day = 2 * 1440 / 68.0 - 0.01;
    result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_NEVER_REACHED);
    request.most_per_day = 60; /* at more than 42.35 a day the queue grows, and with it the mean over 240 days */
    request.limit_s = 60 * 60;
    result = measure(&request);
    ck_assert_int_eq(result.outcome, PRACTICAL_FOUND);
    ck_assert(result.precise && result.half_width <= 0.021 * result.trains_per_day);
    ck_assert_msg(fabs(result.trains_per_day - 2 * 1440 / 68.0) <= result.half_width + 0.1, "%.3f ± %.3f",
                  result.trains_per_day, result.half_width);
    studied_free(&studied);
}
END_TEST

/* ---- repeatable ---- */

START_TEST(the_number_of_jobs_changes_nothing) {
    struct studied studied = queue_line(16);
    struct practical_request request = request_of(&studied, 35, 48);
    const struct practical_result alone = measure(&request);
    request.jobs = 2;
    const struct practical_result two = measure(&request);
    ck_assert(alone.trains_per_day == two.trains_per_day && alone.half_width == two.half_width);
    ck_assert_int_eq(alone.point_count, two.point_count);
    ck_assert(memcmp(alone.points, two.points, sizeof alone.points[0] * (size_t)alone.point_count) == 0);
    ck_assert_int_eq(alone.replications, two.replications);
    ck_assert(alone.fit_a_s == two.fit_a_s && alone.fit_residual == two.fit_residual);
    studied_free(&studied);
}
END_TEST

static void stop_soon(void *context, double share_done) {
    atomic_bool *stop = context;
    if (share_done > 0.3) *stop = true;
}

START_TEST(it_stops_when_it_is_told_to) {
    struct studied studied = queue_line(16);
    struct practical_request request = request_of(&studied, 35, 48);
    atomic_bool stop = false;
    request.stop = &stop;
    request.progress = stop_soon;
    request.context = &stop;
    struct practical_result result;
    struct failure failure;
    ck_assert(!practical_measure(&request, &result, &failure));
    ck_assert_str_eq(failure.text, "interrupted");
    studied_free(&studied);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("practical");
    TCase *cases = tcase_create("practical");
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases, the_demand_of_a_queue_is_found, 0, 5);
    tcase_add_test(cases, intervals_of_the_search_cover);
    tcase_add_test(cases, the_curve_meets_the_formula);
    tcase_add_test(cases, by_the_percentile);
    tcase_add_test(cases, a_limit_below_the_emptiest_line_is_never_kept);
    tcase_add_test(cases, trains_that_meet_nobody);
    tcase_add_test(cases, a_limit_beyond_every_delay_is_never_reached);
    tcase_add_test(cases, trains_that_are_always_ready_have_no_demand);
    tcase_add_test(cases, without_chance);
    tcase_add_test(cases, the_number_of_jobs_changes_nothing);
    tcase_add_test(cases, it_stops_when_it_is_told_to);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
