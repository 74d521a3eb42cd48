/* What a single track carries, against closed forms: alternation and fleets (n trains one way, then n the other) over
 * the limiting section, N = 1440 · 2n / (t₁ + t₂ + 2(n−1)h + 2τ) trains a day; a queue before one section (M/D/1); and
 * that more demand than the line carries does not make it carry less. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/stream.h"
#include "support/railway_builder.h"

static double fleet_formula(const double *section_km, int sections, int fleet, double headway_min,
                            double interval_min) {
    double least = INFINITY;
    for (int i = 0; i < sections; i++) {
        double period = 2 * section_km[i] * 0.6 + 2 * (fleet - 1) * headway_min + 2 * interval_min;
        least = fmin(least, 1440 * 2 * fleet / period);
    }
    return least;
}

static void run_days(struct scenario *scenario, int warmup_days, int days) {
    scenario->settings.repeat_once = false;
    scenario->settings.warmup_ms = warmup_days * MILLISECONDS_PER_DAY;
    scenario->settings.horizon_ms = days * MILLISECONDS_PER_DAY;
}

struct line {
    const char *name;
    int sections;
    double km[6];
};

static const struct line LINES[] = {
    {"no siding", 1, {110}},
    {"one siding", 2, {50, 60}},
    {"two islands", 3, {45, 7, 58}},
    {"thirds", 3, {37, 37, 36}},
};

static struct outcome run_saturated(const struct line *line, int tracks, int fleet, double headway_min,
                                    double interval_min, enum dispatch_kind dispatch) {
    char east[256], west[256];
    struct scenario *scenario = build_straight(line->km, line->sections, tracks, headway_min, interval_min, east, west);
    build_service(scenario, "e", "train", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", west, ARRIVALS_SATURATED, 0);
    scenario->settings.dispatch = dispatch;
    scenario->settings.fleet_size = fleet;
    run_days(scenario, 2, 40);
    struct outcome outcome = build_run(scenario, 1);
    build_free(scenario);
    ck_assert_msg(outcome.violations == 0, "%s: %s", line->name, outcome.first_violation);
    ck_assert_msg(!outcome.deadlocked, "%s: deadlocked", line->name);
    ck_assert_int_eq(outcome.forced, 0);
    return outcome;
}

static void check_halves(const char *name, const struct outcome *outcome, double total) {
    for (int way = 0; way < 2; way++) {
        double share = (double)outcome->arrived_in_window[way] / outcome->days / total;
        ck_assert_msg(fabs(share - 0.5) <= 0.02, "%s: direction %d carries %.1f %%", name, way, 100 * share);
    }
}

static double total_of(const struct outcome *outcome) {
    return (double)(outcome->arrived_in_window[0] + outcome->arrived_in_window[1]) / outcome->days;
}

static const int FLEETS[] = {1, 2, 4};

START_TEST(fleets_meet_the_formula) {
    const struct line *line = &LINES[_i / 3];
    int fleet = FLEETS[_i % 3];
    struct outcome outcome = run_saturated(line, 8, fleet, 5, 4, DISPATCH_FLEET);
    double formula = fleet_formula(line->km, line->sections, fleet, 5, 4), total = total_of(&outcome);
    ck_assert_msg(fabs(total - formula) <= fmax(1, 0.01 * formula), "%s, fleets of %d: %.2f trains a day, formula %.2f",
                  line->name, fleet, total, formula);
    check_halves(line->name, &outcome, total);
}
END_TEST

START_TEST(few_tracks_keep_fleets_below_the_formula) {
    const struct line *line = &LINES[1 + _i];
    struct outcome outcome = run_saturated(line, 2, 4, 5, 4, DISPATCH_FLEET);
    double formula = fleet_formula(line->km, line->sections, 4, 5, 4), total = total_of(&outcome);
    ck_assert_msg(total < 0.9 * formula, "%s: %.2f trains a day, formula %.2f", line->name, total, formula);
    ck_assert_msg(total >= 0.99 * fleet_formula(line->km, line->sections, 1, 5, 4), "%s: %.2f trains a day", line->name,
                  total);
    check_halves(line->name, &outcome, total);
}
END_TEST

START_TEST(one_section_meets_the_formula_for_any_times) {
    struct stream stream = {7, STREAM_TEST, 1};
    double headway = 1 + 9 * stream_uniform(&stream, (uint64_t)_i, 1);
    double interval = 8 * stream_uniform(&stream, (uint64_t)_i, 2);
    double km = 10 * (headway * 1.2 / 6 + 15 * stream_uniform(&stream, (uint64_t)_i, 0));
    struct line line = {"one section", 1, {km}};
    for (int fleet = 1; fleet <= 8; fleet *= 2) {
        struct outcome outcome = run_saturated(&line, 8, fleet, headway, interval, DISPATCH_FLEET);
        double formula = fleet_formula(line.km, 1, fleet, headway, interval), total = total_of(&outcome);
        ck_assert_msg(fabs(total - formula) <= fmax(1, 0.01 * formula),
                      "%.1f km, h %.2f, τ %.2f, n %d: %.2f, formula %.2f", km, headway, interval, fleet, total,
                      formula);
        check_halves(line.name, &outcome, total);
    }
}
END_TEST

/* ---- a queue before one section: Poisson arrivals, fixed service ---- */

static double mean_wait_min(double trains_per_day, double run_s, int days, int64_t *trains) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-E", "W", "E", 20000);
    build_running_time(scenario, run_s, 0, 0);
    build_type(scenario, "train", 500);
    build_service(scenario, "s", "train", "W E", ARRIVALS_POISSON, 86400 / trains_per_day);
    run_days(scenario, 0, days);
    struct outcome outcome = build_run(scenario, 1);
    build_free(scenario);
    ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
    *trains = outcome.trains_planned;
    return outcome.mean_delay_s / 60;
}

START_TEST(queue_before_a_section) {
    static const double TRAINS_PER_DAY[] = {28.8, 40.32, 46.08};
    const double run_s = 1500, trains_per_day = TRAINS_PER_DAY[_i];
    double load = trains_per_day * run_s / 86400, formula = load * run_s / 60 / (2 * (1 - load));
    int64_t trains;
    double wait = mean_wait_min(trains_per_day, run_s, (int)(1e6 / trains_per_day), &trains);
    ck_assert_int_gt(trains, 990000);
    ck_assert_msg(fabs(wait / formula - 1) <= 0.03, "ρ = %.2f: mean wait %.2f min, formula %.2f", load, wait, formula);
}
END_TEST

/* ---- overload ---- */

static const double LOADS[] = {0.6, 0.8, 0.9, 1.0, 1.5, 2.0, 3.0};
enum { LOAD_COUNT = sizeof LOADS / sizeof *LOADS, FIRST_OVERLOAD = 4 };

static struct outcome run_load(const struct line *line, double capacity, double load, enum dispatch_kind dispatch) {
    char east[256], west[256];
    struct scenario *scenario = build_straight(line->km, line->sections, 2, 0, 4, east, west);
    double interval = 86400 * 2 / (capacity * load);
    struct train_plan *eastbound = build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, interval);
    eastbound->interval_ms = 86400e3 / eastbound->trains_per_day;
    struct train_plan *westbound = build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, interval);
    westbound->interval_ms = 86400e3 / westbound->trains_per_day;
    westbound->first_ms = (int64_t)(westbound->interval_ms / 3);
    scenario->settings.dispatch = dispatch;
    run_days(scenario, 3, 25);
    struct outcome outcome = build_run(scenario, 1);
    build_free(scenario);
    ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
    ck_assert_msg(!outcome.deadlocked, "%s deadlocked at %.1f times its capacity", line->name, load);
    return outcome;
}

START_TEST(overload_carries_no_less) {
    static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};
    const struct line *line = &LINES[_i / 3];
    double capacity = fleet_formula(line->km, line->sections, 1, 0, 4), greatest[2] = {0, 0}, carried[LOAD_COUNT][2];
    for (int i = 0; i < LOAD_COUNT; i++) {
        struct outcome outcome = run_load(line, capacity, LOADS[i], POLICIES[_i % 3]);
        for (int way = 0; way < 2; way++) {
            carried[i][way] = (double)outcome.arrived_in_window[way] / outcome.days;
            greatest[way] = fmax(greatest[way], carried[i][way]);
        }
    }
    for (int i = FIRST_OVERLOAD; i < LOAD_COUNT; i++)
        for (int way = 0; way < 2; way++)
            ck_assert_msg(carried[i][way] >= 0.98 * greatest[way],
                          "%s, policy %d, %.1f times capacity, direction %d: %.2f "
                          "trains a day, greatest %.2f",
                          line->name, _i % 3, LOADS[i], way, carried[i][way], greatest[way]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("capacity");
    TCase *cases = tcase_create("capacity");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, fleets_meet_the_formula, 0, 12);
    tcase_add_loop_test(cases, few_tracks_keep_fleets_below_the_formula, 0, 3);
    int sections = getenv("BERING_TEST_LONG") ? 100 : 10;
    tcase_add_loop_test(cases, one_section_meets_the_formula_for_any_times, 0, sections);
    tcase_add_loop_test(cases, queue_before_a_section, 0, 3);
    tcase_add_loop_test(cases, overload_carries_no_less, 0, 12);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
