/* How often the 95 % intervals of simulated capacity hold what is known, over many experiments with seeds of their own:
 *
 * A benchmark, since it takes too long for a test: `meson test -C build --benchmark interval_coverage --verbose`. What
 * came out stands in docs/validation.md; the tests practical and saturated do the same with fewer experiments. */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "one_section.h"
#include "study/formulas.h"
#include "study/practical.h"
#include "study/saturated.h"

enum { EXPERIMENTS = 400, LIMIT_MIN = 35 };

struct figure {
    double mean, half_width;
};

/* Mean delay in s of M/D/1 at a load, known to 2 %. */
static struct figure mean_delay(int64_t seed, double trains_per_day) {
    struct studied studied = queue_line(seed);
    const struct load_request request = {.demand = &studied.demand,
                                         .offered = {trains_per_day, DEMAND_AS_SCHEDULED, false},
                                         .figure = FIGURE_DELAY,
                                         .relative_half_width = 0.02,
                                         .against = NAN,
                                         .days = 60,
                                         .first_replication = 1,
                                         .least_replications = 8,
                                         .most_replications = 400,
                                         .jobs = 1};
    struct load_result result;
    struct failure failure;
    ck_assert_msg(offered_load_measure(&request, &result, &failure), "%s", failure.text);
    const struct figure figure = {result.delay_s.mean, result.delay_s.half_width};
    load_result_free(&result);
    studied_free(&studied);
    return figure;
}

/* Trains a day of a line whose sections are a renewal process; the parameter is not used. */
static struct figure saturated(int64_t seed, double unused) {
    (void)unused;
    struct studied studied = turns_line(seed);
    const struct saturated_request request = {.demand = &studied.demand, .relative_half_width = 0.01, .jobs = 1};
    struct saturated_result result;
    struct failure failure;
    ck_assert_msg(saturated_measure(&request, &result, &failure), "%s", failure.text);
    studied_free(&studied);
    return (struct figure){result.trains_per_day.mean, result.trains_per_day.half_width};
}

/* Trains a day of M/D/1 within a limit of the mean delay. */
static struct figure practical(int64_t seed, double limit_min) {
    struct studied studied = queue_line(seed);
    const struct practical_request request = {.demand = &studied.demand,
                                              .limit_s = 60 * limit_min,
                                              .most_per_day = 1440.0 / QUEUE_SERVICE_MIN,
                                              .relative_half_width = 0.01,
                                              .jobs = 1};
    struct practical_result result;
    struct failure failure;
    ck_assert_msg(practical_measure(&request, &result, &failure), "%s", failure.text);
    studied_free(&studied);
    return (struct figure){result.trains_per_day, result.half_width};
}

static void report(const char *name, struct figure (*measure)(int64_t seed, double parameter), double parameter,
                   double known) {
    int covered = 0;
    double mean = 0, half_width = 0;
    for (int64_t seed = 1; seed <= EXPERIMENTS; seed++) {
        const struct figure figure = measure(seed, parameter);
        covered += fabs(figure.mean - known) <= figure.half_width;
        mean += figure.mean / EXPERIMENTS;
        half_width += figure.half_width / EXPERIMENTS;
    }
    printf("%-34s known %9.3f, mean %9.3f ± %6.3f, held by %d of %d: %.1f %%\n", name, known, mean, half_width, covered,
           EXPERIMENTS, 100.0 * covered / EXPERIMENTS);
    fflush(stdout);
}

START_TEST(mean_delays) {
    static const double LOADS[] = {0.5, 0.7, 0.8};
    const double trains_per_day = LOADS[_i] * 1440 / QUEUE_SERVICE_MIN;
    char name[64];
    snprintf(name, sizeof name, "mean delay, s, M/D/1 at load %.1f", LOADS[_i]);
    report(name, mean_delay, trains_per_day, 60 * queue_wait_min(trains_per_day, QUEUE_SERVICE_MIN));
}
END_TEST

START_TEST(the_saturated_answer) {
    report("saturated, trains a day", saturated, 0, turns_line_per_day);
}
END_TEST

START_TEST(the_practical_answer) {
    report("practical, trains a day", practical, LIMIT_MIN, queue_demand_at(LIMIT_MIN));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("interval_coverage");
    TCase *cases = tcase_create("interval_coverage");
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases, mean_delays, 0, 3);
    tcase_add_test(cases, the_saturated_answer);
    tcase_add_test(cases, the_practical_answer);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
