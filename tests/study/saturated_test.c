/* The saturated answer: against F4, against a renewal process, under policies that starve, and what it must not depend
 * on. */
#include "study/saturated.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "engine/stream.h"
#include "one_section.h"
#include "study/formulas.h"

static struct saturated_result measure(const struct studied *studied, double precision, int32_t jobs) {
    const struct saturated_request request = {
        .demand = &studied->demand, .relative_half_width = precision, .jobs = jobs};
    struct saturated_result result;
    struct failure failure;
    ck_assert_msg(saturated_measure(&request, &result, &failure), "%s", failure.text);
    return result;
}

static double between(uint64_t entity, uint64_t draw, double low, double high) {
    const struct stream stream = {31, STREAM_TEST, 1};
    return low + (high - low) * stream_uniform(&stream, entity, draw);
}

/* ---- F4 ---- */

/* Equal sections, fleets of n, 2n tracks a siding; trains come by the clock, or at random. The larger of 1 % and a
 * train a day, each way; and it holds beyond. */
START_TEST(equal_sections_meet_the_formula) {
    static const int32_t FLEETS[] = {1, 2, 4};
    const uint64_t line = (uint64_t)_i;
    const int32_t fleet = FLEETS[line % 3], sections = 1 + (int32_t)between(line, 0, 0, 4);
    const double headway = floor(between(line, 1, 3, 9)), interval = floor(between(line, 2, 1, 8));
    const double km = round(between(line, 3, headway / 0.6 + 5, 80)), run = 0.6 * km;
    const double lengths[] = {km, km, km, km};
    char east[256], west[256];
    struct scenario *scenario = build_straight(lengths, sections, 2 * fleet, headway, interval, east, west);
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_size = fleet;
    const enum arrival_process arrivals = line % 2 == 0 ? ARRIVALS_REGULAR : ARRIVALS_POISSON;
    build_service(scenario, "e", "train", east, arrivals, 7200);
    build_service(scenario, "w", "train", west, arrivals, 7200);
    struct studied studied = studied_of(scenario);
    const double formula = fleet_trains_per_day(run, run, fleet, headway, interval, 1);
    const struct saturated_result result = measure(&studied, 0.01, 1);
    const double tolerance = fmax(0.01 * formula / 2, 1);
    for (int direction = 0; direction < 2; direction++)
        ck_assert_msg(fabs(result.direction_per_day[direction] - formula / 2) <= tolerance,
                      "%d × %g km, h %g, τ %g, n %d: %.2f, formula %.2f", sections, km, headway, interval, fleet,
                      result.direction_per_day[direction], formula / 2);
    ck_assert(fabs(result.trains_per_day.mean - formula) <= fmax(0.01 * formula, 1));
    for (int i = 0; i < SATURATED_OVERLOADS; i++) ck_assert_msg(result.held[i] > 0.97, "%.3f", result.held[i]);
    ck_assert(result.precise && !result.deadlocked && result.starved_class < 0);
    studied_free(&studied);
}
END_TEST

/* ---- intervals ---- */

/* The 95 % interval of the whole search, over many seeds, on a line that carries what is known. */
START_TEST(intervals_of_the_search_cover) {
    const int times = getenv("BERING_TEST_LONG") ? 400 : SANITIZED ? 12 : 60;
    int covered = 0;
    double mean = 0;
    for (int time = 1; time <= times; time++) {
        struct studied studied = turns_line(time);
        const struct saturated_result result = measure(&studied, 0.01, 1);
        ck_assert(result.precise && result.trains_per_day.half_width <= 0.01 * result.trains_per_day.mean);
        covered += fabs(result.trains_per_day.mean - turns_line_per_day) <= result.trains_per_day.half_width;
        mean += result.trains_per_day.mean / times;
        studied_free(&studied);
    }
    /* 95 %, less two and a half standard errors of that many; they may hold it oftener */
    const double least = 0.95 - 2.5 * sqrt(0.95 * 0.05 / times);
    ck_assert_msg(covered >= least * times, "%d of %d", covered, times);
    ck_assert_msg(fabs(mean / turns_line_per_day - 1) < 0.001, "%.4f, expected %.4f", mean, turns_line_per_day);
}
END_TEST

/* ---- policies ---- */

/* M/D/1 carries a train a service time, and 99 % of that only when far more come. */
START_TEST(a_queue_carries_a_train_a_service_time) {
    struct studied studied = queue_line(2);
    const struct saturated_result result = measure(&studied, 0.01, 1);
    ck_assert_msg(fabs(result.trains_per_day.mean - 48) <= 0.25, "%.3f", result.trains_per_day.mean);
    ck_assert(fabs(result.teu_per_day - result.trains_per_day.mean * studied.demand.teu_per_train) < 1e-9);
    studied_free(&studied);
}
END_TEST

/* Strict priority starves the lower class beyond saturation: the answer is what is carried before it does, and the
 * overloads are seen to hold less. */
START_TEST(starving_is_not_carrying) {
    static const double KM[] = {50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 1, 2, 0, 0, east, west);
    build_type(scenario, "high", 500);
    scenario->train_types[1].priority = 2;
    scenario->settings.dispatch = DISPATCH_PRIORITY;
    build_running_time(scenario, 1800, 0, 0);
    build_service(scenario, "low", "train", east, ARRIVALS_POISSON, 7200);
    build_service(scenario, "high", "high", west, ARRIVALS_POISSON, 3600);
    struct studied studied = studied_of(scenario);
    const struct saturated_result result = measure(&studied, 0.01, 1);
    ck_assert_msg(result.trains_per_day.mean > 0.96 * 48 && result.trains_per_day.mean < 48.3, "%.3f",
                  result.trains_per_day.mean);
    ck_assert_msg(result.held[0] < 0.9 && result.held[2] < 0.6, "%.2f %.2f", result.held[0], result.held[2]);
    ck_assert(result.held_by[0] == 0 && result.held_by[2] == 0); /* the low */
    studied_free(&studied);
}
END_TEST

/* Where every train is always ready there is no load to vary: what the line takes is the answer. */
START_TEST(trains_that_are_always_ready) {
    static const double KM[] = {50, 60};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 2, 8, 5, 4, east, west);
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_size = 2;
    build_service(scenario, "e", "train", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", west, ARRIVALS_SATURATED, 0);
    struct studied studied = studied_of(scenario);
    const struct saturated_result result = measure(&studied, 0.01, 1);
    ck_assert_msg(fabs(result.trains_per_day.mean - 64) < 0.2, "%.3f", result.trains_per_day.mean);
    ck_assert(isnan(result.held[0]) && result.held_by[0] == -1);
    ck_assert_int_eq(result.point_count, 1);
    studied_free(&studied);
}
END_TEST

/* Tracks for every train: the second section, of which the sidings take no more than one each way, is no longer short
 * of them. */
START_TEST(free_tracks) {
    static const double KM[] = {50, 50, 50};
    char east[256], west[256];
    struct scenario *scenario = build_straight(KM, 3, 2, 5, 4, east, west);
    scenario->settings.dispatch = DISPATCH_FLEET;
    scenario->settings.fleet_size = 4;
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 7200);
    struct studied studied = studied_of(scenario);
    const struct saturated_request request = {.demand = &studied.demand, .relative_half_width = 0.01, .jobs = 1};
    const struct saturated_result result = measure(&studied, 0.01, 1);
    double balanced;
    struct failure failure;
    ck_assert(saturated_with_free_tracks(&request, 2 * result.trains_per_day.mean, &balanced, &failure));
    ck_assert_msg(result.trains_per_day.mean < 46 && balanced > 1.5 * result.trains_per_day.mean, "%.2f, then %.2f",
                  result.trains_per_day.mean, balanced);
    ck_assert_int_eq(scenario->network.stations[1].unlimited, false);
    studied_free(&studied);
}
END_TEST

/* ---- repeatable ---- */

START_TEST(the_number_of_jobs_changes_nothing) {
    struct studied studied = turns_line(4);
    struct saturated_result alone = measure(&studied, 0.01, 1), two = measure(&studied, 0.01, 2);
    ck_assert_int_eq(alone.point_count, two.point_count);
    ck_assert(memcmp(alone.points, two.points, sizeof alone.points[0] * (size_t)alone.point_count) == 0);
    ck_assert(memcmp(&alone.trains_per_day, &two.trains_per_day, sizeof alone.trains_per_day) == 0);
    ck_assert_int_eq(alone.events, two.events);
    ck_assert_int_eq(alone.all_replications, two.all_replications);
    studied_free(&studied);
}
END_TEST

struct watched {
    atomic_bool stop;
    int told;
    double last;
};

static void stop_soon(void *context, double share_done) {
    struct watched *watched = context;
    ck_assert(share_done >= watched->last && share_done <= 1);
    watched->last = share_done;
    if (++watched->told == 4) watched->stop = true;
}

START_TEST(it_stops_when_it_is_told_to) {
    struct studied studied = turns_line(4);
    struct watched watched = {0};
    const struct saturated_request request = {.demand = &studied.demand,
                                              .relative_half_width = 0.01,
                                              .jobs = 2,
                                              .stop = &watched.stop,
                                              .progress = stop_soon,
                                              .context = &watched};
    struct saturated_result result;
    struct failure failure;
    ck_assert(!saturated_measure(&request, &result, &failure));
    ck_assert_str_eq(failure.text, "interrupted");
    ck_assert_int_eq(watched.told, 4);
    studied_free(&studied);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("saturated");
    TCase *cases = tcase_create("saturated");
    tcase_set_timeout(cases, 0);
    tcase_add_loop_test(cases, equal_sections_meet_the_formula, 0,
                        getenv("BERING_TEST_LONG") ? 120
                        : SANITIZED                ? 6
                                                   : 18);
    tcase_add_test(cases, intervals_of_the_search_cover);
    tcase_add_test(cases, a_queue_carries_a_train_a_service_time);
    tcase_add_test(cases, starving_is_not_carrying);
    tcase_add_test(cases, trains_that_are_always_ready);
    tcase_add_test(cases, free_tracks);
    tcase_add_test(cases, the_number_of_jobs_changes_nothing);
    tcase_add_test(cases, it_stops_when_it_is_told_to);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
