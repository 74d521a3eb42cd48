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
    {"six uneven sections", 6, {10, 25, 14, 30, 8, 20}},
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

struct offered_trains {
    enum dispatch_kind dispatch;
    int32_t fleet, tracks;
    double headway_min;
};

static const double LOADS[] = {0.6, 0.8, 0.9, 1.0, 1.5, 2.0, 3.0};
enum { LOAD_COUNT = sizeof LOADS / sizeof *LOADS, FIRST_OVERLOAD = 4 };

static struct outcome run_load(const struct line *line, const struct offered_trains *traffic, double capacity,
                               double load, enum arrival_process arrivals) {
    char east[256], west[256];
    struct scenario *scenario =
        build_straight(line->km, line->sections, traffic->tracks, traffic->headway_min, 4, east, west);
    double interval = 86400 * 2 / (capacity * load);
    struct train_plan *eastbound = build_service(scenario, "e", "train", east, arrivals, interval);
    struct train_plan *westbound = build_service(scenario, "w", "train", west, arrivals, interval);
    if (arrivals == ARRIVALS_REGULAR) {
        /* whole trains a day, and the two ways a third of an interval apart */
        eastbound = scenario->timetable.plans; /* the second may have moved it */
        eastbound->interval_ms = 86400e3 / eastbound->trains_per_day;
        westbound->interval_ms = 86400e3 / westbound->trains_per_day;
        westbound->first_ms = (int64_t)(westbound->interval_ms / 3);
    }
    scenario->settings.dispatch = traffic->dispatch;
    scenario->settings.fleet_size = traffic->fleet;
    run_days(scenario, 3, 25);
    struct outcome outcome = build_run(scenario, 1);
    build_free(scenario);
    ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
    ck_assert_msg(!outcome.deadlocked, "%s deadlocked at %.1f times its capacity", line->name, load);
    ck_assert_msg(outcome.forced == 0, "%s: %d moves were forced", line->name, (int)outcome.forced);
    return outcome;
}

static const struct offered_trains TRAFFIC[] = {
    {DISPATCH_FCFS, 1, 2, 0},
    {DISPATCH_PRIORITY, 1, 2, 0},
    {DISPATCH_FLEET, 1, 2, 0},
    {DISPATCH_FLEET, 4, 8, 5},
};
enum { TRAFFIC_COUNT = sizeof TRAFFIC / sizeof *TRAFFIC };

START_TEST(overload_carries_no_less) {
    const struct line *line = &LINES[_i / TRAFFIC_COUNT];
    const struct offered_trains *traffic = &TRAFFIC[_i % TRAFFIC_COUNT];
    double capacity = fleet_formula(line->km, line->sections, traffic->fleet, traffic->headway_min, 4);
    double greatest[2] = {0, 0}, carried[LOAD_COUNT][2];
    for (int i = 0; i < LOAD_COUNT; i++) {
        struct outcome outcome = run_load(line, traffic, capacity, LOADS[i], ARRIVALS_REGULAR);
        for (int way = 0; way < 2; way++) {
            carried[i][way] = (double)outcome.arrived_in_window[way] / outcome.days;
            greatest[way] = fmax(greatest[way], carried[i][way]);
        }
    }
    for (int i = FIRST_OVERLOAD; i < LOAD_COUNT; i++)
        for (int way = 0; way < 2; way++)
            ck_assert_msg(carried[i][way] >= 0.98 * greatest[way],
                          "%s, traffic %d, %.1f times capacity, direction %d: %.2f trains a day, greatest %.2f",
                          line->name, _i % TRAFFIC_COUNT, LOADS[i], way, carried[i][way], greatest[way]);
}
END_TEST

/* Random arrivals at twice the capacity, both ways together: chance decides between the ways, not how much is carried.
 */
START_TEST(random_overload_meets_the_formula) {
    const struct line *line = &LINES[_i / TRAFFIC_COUNT];
    const struct offered_trains *traffic = &TRAFFIC[_i % TRAFFIC_COUNT];
    double capacity = fleet_formula(line->km, line->sections, traffic->fleet, traffic->headway_min, 4);
    struct outcome outcome = run_load(line, traffic, capacity, 2, ARRIVALS_POISSON);
    ck_assert_msg(total_of(&outcome) >= 0.97 * capacity, "%s, traffic %d: %.2f trains a day, formula %.2f", line->name,
                  _i % TRAFFIC_COUNT, total_of(&outcome), capacity);
}
END_TEST

/* ---- overload of random lines ---- */

struct random_line {
    struct line line;
    struct offered_trains traffic;
};

static struct random_line draw_line(uint64_t seed) {
    struct stream stream = {seed, STREAM_TEST, 1};
    uint64_t draw = 0;
    struct random_line random = {.line = {.name = "random line"}};
    random.line.sections = 1 + (int)(6 * stream_uniform(&stream, 1, draw++));
    for (int i = 0; i < random.line.sections; i++) random.line.km[i] = 8 + 40 * stream_uniform(&stream, 1, draw++);
    random.traffic.dispatch = (enum dispatch_kind)(3 * stream_uniform(&stream, 1, draw++));
    random.traffic.fleet = 1 + (int32_t)(4 * stream_uniform(&stream, 1, draw++));
    random.traffic.tracks = 2 + (int32_t)(4 * stream_uniform(&stream, 1, draw++));
    random.traffic.headway_min = stream_uniform(&stream, 1, draw) < 0.4 ? 0 : 2 + 6 * stream_uniform(&stream, 1, draw);
    return random;
}

static int compare_doubles(const void *left, const void *right) {
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The least that a way carries at 1.5 to 3 times the capacity, as a part of the most it carries at any load. */
static double least_in_overload(const struct random_line *random) {
    const struct offered_trains *traffic = &random->traffic;
    struct outcome full =
        run_saturated(&random->line, traffic->tracks, traffic->fleet, traffic->headway_min, 4, traffic->dispatch);
    double capacity = total_of(&full), least = INFINITY, greatest[2] = {0, 0}, carried[LOAD_COUNT][2];
    for (int i = 0; i < LOAD_COUNT; i++) {
        struct outcome outcome = run_load(&random->line, traffic, capacity, LOADS[i], ARRIVALS_REGULAR);
        for (int way = 0; way < 2; way++) {
            carried[i][way] = (double)outcome.arrived_in_window[way] / outcome.days;
            greatest[way] = fmax(greatest[way], carried[i][way]);
        }
    }
    for (int i = FIRST_OVERLOAD; i < LOAD_COUNT; i++)
        for (int way = 0; way < 2; way++) least = fmin(least, carried[i][way] / greatest[way]);
    return least;
}

/* That overload costs nothing holds on most lines, not on all: one in ten carries less when pressed, mostly under first
 * come and priority where sidings have three tracks and more and trains follow each other, in waves that once begun go
 * on. None breaks down. */
START_TEST(random_lines_in_overload) {
    enum { LINE_LIMIT = 1000 };
    int count = getenv("BERING_TEST_LONG") ? LINE_LIMIT : 60;
    double least[LINE_LIMIT];
    for (int i = 0; i < count; i++) {
        struct random_line random = draw_line((uint64_t)i + 1);
        least[i] = least_in_overload(&random);
        if (least[i] < 0.98)
            printf("line %d: %d sections, dispatch %d, fleets of %d, %d tracks, headway %.1f min: %.3f\n", i + 1,
                   random.line.sections, random.traffic.dispatch, random.traffic.fleet, random.traffic.tracks,
                   random.traffic.headway_min, least[i]);
    }
    qsort(least, (size_t)count, sizeof *least, compare_doubles);
    printf("overload of random lines: least %.3f, 5 %% %.3f, median %.3f of the most carried\n", least[0],
           least[count / 20], least[count / 2]);
    ck_assert_double_ge(least[0], 0.5);
    ck_assert_double_ge(least[count / 20], 0.65);
    ck_assert_double_ge(least[count / 5], 0.98);
}
END_TEST

/* ---- the worked example of the paired schedule: 55 minutes a pair ---- */

/* Trains meet at both ends of the limiting section A–B: each starts there from rest and runs out through the other end.
 * Run 1,440 and 1,500 s, start 120, stop 60, crossing 60, arrival 240: a pair every 120 + 1,440 + 60 + 120 + 1,500 + 60
 * s = 55 min. */
static struct outcome run_pairs(double period_min, int pairs) {
    struct scenario *scenario = build_scenario();
    static const char *const STATIONS[] = {"W", "A", "B", "E"};
    for (int i = 0; i < 4; i++) {
        build_station(scenario, STATIONS[i], i == 0 || i == 3 ? 0 : 2, 0);
        scenario->network.stations[i].crossing_interval_ms = 60000;
        scenario->network.stations[i].arrival_interval_ms = i == 1 || i == 2 ? 240000 : 0;
    }
    build_section(scenario, "W-A", "W", "A", 4000);
    build_section(scenario, "A-B", "A", "B", 23000);
    build_section(scenario, "B-E", "B", "E", 4000);
    build_running_time_on(scenario, "W-A", 300, 120, 60);
    build_running_time_on(scenario, "B-E", 300, 120, 60);
    build_running_time_on(scenario, "A-B", 1440, 120, 60);
    build_running_time_on(scenario, "A-B", 1500, 120, 60);
    scenario->running_times[2].directions = DIRECTION_FORWARD_BIT;
    scenario->running_times[3].directions = DIRECTION_BACKWARD_BIT;
    build_type(scenario, "train", 500);
    for (int i = 0; i < pairs; i++) {
        char id[16];
        /* each stands where it is to start from before the other has cleared the section */
        double at = 7200 + i * period_min * 60;
        snprintf(id, sizeof id, "E%d", i);
        struct train_plan *east = build_train(scenario, id, "train", "W A B E", at - 1200, -1, -1);
        east->calls = realloc(east->calls, 3 * sizeof *east->calls);
        east->calls[2] = east->calls[1];
        east->calls[1] = (struct planned_call){
            .station = 1, .arrival_ms = -1, .track = -1, .stop = true, .departure_ms = llround(at * 1000)};
        east->call_count = 3;
        snprintf(id, sizeof id, "W%d", i);
        double back = at + 120 + 1440 + 60;
        struct train_plan *west = build_train(scenario, id, "train", "E B A W", back - 1200, -1, -1);
        west->calls = realloc(west->calls, 3 * sizeof *west->calls);
        west->calls[2] = west->calls[1];
        west->calls[1] = (struct planned_call){
            .station = 2, .arrival_ms = -1, .track = -1, .stop = true, .departure_ms = llround(back * 1000)};
        west->call_count = 3;
    }
    struct outcome outcome = build_run(scenario, 1);
    build_free(scenario);
    ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
    return outcome;
}

START_TEST(a_pair_every_55_minutes_but_not_every_54) {
    enum { PAIRS = 20 };
    struct outcome fits = run_pairs(55, PAIRS), tight = run_pairs(54, PAIRS);
    ck_assert_int_eq(fits.late, 0);
    ck_assert_int_gt(tight.late, 0);
}
END_TEST

/* Two bores, sections of two tracks between stations of two and four, and blocks before them that are shorter than a
 * train: what is offered far below the limit is carried. Once a train was not asked again when a track that its leader
 * had kept under its tail had fallen free, and the line stood still for hours (62 of 78 trains a day). */
START_TEST(two_bores_carry_what_is_offered) {
    static const char *const overrides[] = {"schedule.trains_per_day=*3", "flows.teu_per_day=0", "horizon_days=10",
                                            "dispatch=fcfs"};
    const char *data = getenv("BERING_TEST_DATA");
    ck_assert_ptr_nonnull(data);
    char folder[600], schedule[600];
    snprintf(folder, sizeof folder, "%s/../../data/tunnel-2025", data);
    snprintf(schedule, sizeof schedule, "%s/../../schedules/tunnel-2025-services.csv", data);
    const char *const schedules[] = {schedule};
    const struct scenario_request request = {.folder = folder,
                                             .schedules = schedules,
                                             .schedule_count = 1,
                                             .variant = "second_bore",
                                             .overrides = overrides,
                                             .override_count = sizeof overrides / sizeof *overrides};
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    const struct outcome outcome = build_run(scenario, 1);
    ck_assert_msg(outcome.violations == 0, "%s", outcome.first_violation);
    const int64_t arrived = outcome.arrived_in_window[0] + outcome.arrived_in_window[1];
    ck_assert_msg(arrived > 740 && outcome.mean_delay_s < 1800, "%lld trains, %.0f s late", (long long)arrived,
                  outcome.mean_delay_s);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("capacity");
    TCase *cases = tcase_create("capacity");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, fleets_meet_the_formula, 0, 15);
    tcase_add_loop_test(cases, few_tracks_keep_fleets_below_the_formula, 0, 3);
    int sections = getenv("BERING_TEST_LONG") ? 100 : 10;
    tcase_add_loop_test(cases, one_section_meets_the_formula_for_any_times, 0, sections);
    tcase_add_loop_test(cases, queue_before_a_section, 0, 3);
    tcase_add_loop_test(cases, overload_carries_no_less, 0, 5 * TRAFFIC_COUNT);
    tcase_add_loop_test(cases, random_overload_meets_the_formula, 0, 5 * TRAFFIC_COUNT);
    tcase_add_test(cases, random_lines_in_overload);
    tcase_add_test(cases, two_bores_carry_what_is_offered);
    tcase_add_test(cases, a_pair_every_55_minutes_but_not_every_54);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
