/* The times of legs: fixed ones in proportion to the way, computed ones by the closed form, each found once. */
#include "../engine/suite.h"

#include <math.h>

#include "railway/run_cache.h"
#include "support/railway_builder.h"

enum { LEAD_MS = 20000, MARGIN_M = 230 };

struct runs {
    struct scenario *scenario;
    struct layout *layout;
    struct path *path;
    const struct path *paths[1];
    struct run_cache *cache;
};

/* A – B – C, each section 12 km, B with two tracks of 500 m, a train of 500 m. So from turnout to turnout there are
 * 11,500 m, from stop to stop 12,000 m, and a tail is out 500 m after its head. */
static struct scenario *line(void) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 0, 0);
    build_station(scenario, "B", 2, 500);
    build_station(scenario, "C", 0, 0);
    build_section(scenario, "AB", "A", "B", 12000);
    build_section(scenario, "BC", "B", "C", 12000);
    build_type(scenario, "train", 500);
    build_train(scenario, "T", "train", "A B C", 0, -1, -1);
    return scenario;
}

static void make(struct runs *runs, struct scenario *scenario, bool clear_by_length) {
    const struct run_settings settings = {.lead_ms = LEAD_MS, .moving_margin_m = MARGIN_M};
    const struct train_plan *plan = &scenario->timetable.plans[0];
    *runs = (struct runs){.scenario = scenario, .layout = layout_create(&scenario->network)};
    ck_assert_ptr_nonnull(runs->layout);
    runs->path = path_create(runs->layout, &scenario->train_types[0], 0, scenario->running_times,
                             scenario->running_time_count, plan->route, plan->route_length, clear_by_length);
    ck_assert_ptr_nonnull(runs->path);
    runs->paths[0] = runs->path;
    runs->cache = run_cache_create(runs->paths, 1, &settings);
    ck_assert_ptr_nonnull(runs->cache);
}

static void runs_free(struct runs *runs) {
    run_cache_destroy(runs->cache);
    path_destroy(runs->path);
    layout_destroy(runs->layout);
    build_free(runs->scenario);
}

static const struct leg_run *find(struct runs *runs, int32_t leg, double speed_ms, bool stop) {
    const struct leg_run *run = run_cache_find(runs->cache, 0, leg, speed_ms, stop, INFINITY, INFINITY);
    ck_assert_ptr_nonnull(run);
    return run;
}

/* ---- fixed times: 600 s, 30 s more from rest, 20 s more to a stop ---- */

static void make_fixed(struct runs *runs, bool clear_by_length) {
    struct scenario *scenario = line();
    build_running_time(scenario, 600, 30, 20);
    scenario->network.sections[0].block_m = 3000;
    make(runs, scenario, clear_by_length);
}

START_TEST(fixed_durations) {
    static const struct {
        double speed;
        bool stop;
        int32_t duration, indication;
    } cases[] = {
        {0, true, 650000, 630000}, {0, false, 630000, 630000}, {25, true, 620000, 600000}, {25, false, 600000, 600000}};
    struct runs runs;
    make_fixed(&runs, false);
    for (size_t i = 0; i < 4; i++) {
        const struct leg_run *run = find(&runs, 0, cases[i].speed, cases[i].stop);
        ck_assert_int_eq(run->duration_ms, cases[i].duration);
        ck_assert_int_eq(run->indication_ms, cases[i].indication); /* after the whole running time */
        ck_assert_int_eq(run->station_ms, cases[i].indication);
        ck_assert(run->exit_speed_ms == (cases[i].stop ? 0 : runs.scenario->train_types[0].max_speed_ms));
        ck_assert(run->energy_j == 0);
    }
    runs_free(&runs);
}
END_TEST

/* Four blocks of 150 s; wanted 20 s before the head is there. */
START_TEST(fixed_blocks) {
    static const int32_t enter[2][4] = {{0, 180000, 330000, 480000}, {0, 150000, 300000, 450000}};
    struct runs runs;
    make_fixed(&runs, false);
    for (int32_t running = 0; running < 2; running++) {
        const struct leg_run *run = find(&runs, 0, running ? 25 : 0, true);
        for (int32_t b = 0; b < 4; b++) {
            ck_assert_int_eq(run->enter_ms[b], enter[running][b]);
            ck_assert_int_eq(run->wanted_ms[b], enter[running][b] - LEAD_MS);
        }
    }
    runs_free(&runs);
}
END_TEST

static void check_marks(const struct leg_run *run, int32_t count, const int32_t *marks) {
    for (int32_t i = 0; i < count; i++) ck_assert_int_eq(run->marks_ms[i], marks[i]);
}

/* A point leaves its track as it departs, blocks as it enters the next, the section as it arrives. */
START_TEST(fixed_marks_of_a_point) {
    static const int32_t stops[] = {0, 180000, 330000, 480000, 650000};
    static const int32_t through[] = {0, 180000, 330000, 480000, 630000};
    struct runs runs;
    make_fixed(&runs, false);
    ck_assert_int_eq(runs.path->legs[0].mark_count, 5);
    check_marks(find(&runs, 0, 0, true), 5, stops);
    check_marks(find(&runs, 0, 0, false), 5, through);
    runs_free(&runs);
}
END_TEST

/* A tail is 500/11,500 of 600 s later, 26.087 s; the end of the section it reaches as the head stops. */
START_TEST(fixed_marks_of_a_tail) {
    static const int32_t stops[] = {56087, 206087, 356087, 506087, 650000};
    static const int32_t running[] = {26087, 176087, 326087, 476087, 620000};
    struct runs runs;
    make_fixed(&runs, true);
    ck_assert_int_eq(runs.path->legs[0].mark_count, 5);
    check_marks(find(&runs, 0, 0, true), 5, stops);
    check_marks(find(&runs, 0, 25, true), 5, running);
    runs_free(&runs);
}
END_TEST

/* A station as long as the train, which no length in tenths of a metre makes other than so. */
START_TEST(fixed_marks_of_any_length) {
    for (int32_t tenths = 1001; tenths < 4000; tenths += 37) {
        struct scenario *scenario = build_scenario();
        struct runs runs;
        build_station(scenario, "A", 0, 0);
        build_station(scenario, "B", 0, 0);
        build_station(scenario, "C", 0, 0);
        build_section(scenario, "AB", "A", "B", 11860);
        build_section(scenario, "BC", "B", "C", 11860);
        build_type(scenario, "train", tenths / 10.0);
        build_train(scenario, "T", "train", "A B C", 0, -1, -1);
        build_running_time(scenario, 600, 0, 60);
        make(&runs, scenario, true);
        const struct leg_run *run = find(&runs, 0, 0, true);
        const int32_t marks = runs.path->legs[0].mark_count;
        ck_assert_int_eq(run->duration_ms, 660000);
        ck_assert_int_eq(run->marks_ms[marks - 1], run->duration_ms);
        runs_free(&runs);
    }
}
END_TEST

/* On two tracks each of three blocks takes its share, and the whole way as long as in one go. */
START_TEST(fixed_shares) {
    struct scenario *scenario = line();
    struct runs runs;
    build_running_time(scenario, 600, 30, 20);
    scenario->network.sections[0].tracks = 2;
    scenario->network.sections[0].block_m = 4000;
    make(&runs, scenario, false);
    ck_assert_int_eq(find(&runs, 0, 0, false)->duration_ms, 230000);
    ck_assert_int_eq(find(&runs, 1, 25, false)->duration_ms, 200000);
    ck_assert_int_eq(find(&runs, 1, 25, true)->duration_ms, 220000);
    ck_assert_int_eq(find(&runs, 2, 0, false)->duration_ms, 230000);
    ck_assert_int_eq(find(&runs, 3, 25, true)->duration_ms, 20000); /* into the station */
    ck_assert_int_eq(find(&runs, 3, 25, false)->duration_ms, 0);
    ck_assert_int_eq(find(&runs, 4, 0, true)->duration_ms, 650000);
    runs_free(&runs);
}
END_TEST

/* Under moving block, with points every 50 s: the way to a point must be clear as long before as braking from the mean
 * speed and the margin take, 11,500/600 m/s over twice 0.5 m/s² and 230 m at it: 19.167 + 12 s. From rest nothing is to
 * be braked from, and the margin holds all the same.
 */
START_TEST(fixed_points) {
    static const int32_t wanted[2][3] = {{-12000, 48833, 98833}, {-31167, 18833, 68833}};
    struct scenario *scenario = line();
    struct runs runs;
    build_running_time(scenario, 600, 30, 20);
    scenario->network.sections[0].signalling = SIGNALLING_MOVING;
    scenario->train_types[0].brake_ms2 = 0.5;
    make(&runs, scenario, false);
    ck_assert_int_eq(runs.path->legs[0].block_count, 13);
    for (int32_t running = 0; running < 2; running++)
        for (int32_t b = 0; b < 3; b++)
            ck_assert_int_eq(find(&runs, 0, running ? 25 : 0, true)->wanted_ms[b], wanted[running][b] - LEAD_MS);
    runs_free(&runs);
}
END_TEST

/* ---- computed times: 0.1 m/s² either way, 30 m/s at most, a tenth longer than need be ---- */

static void make_computed(struct runs *runs, double effort_n) {
    struct scenario *scenario = line();
    struct train_type *type = &scenario->train_types[0];
    type->mass_kg = 1e6;
    type->tractive_effort_n = effort_n;
    type->power_w = 1e9;
    type->davis_a_n = type->davis_b_ns_m = type->davis_c_ns2_m2 = 0;
    type->brake_ms2 = 0.1;
    type->max_speed_ms = 30;
    type->supplement_percent = 10;
    type->has_traction = true;
    make(runs, scenario, true);
}

static void check_near(int32_t found_ms, double seconds) {
    const double wanted = 1100 * seconds;
    ck_assert_msg(fabs(found_ms - wanted) <= 1 + 0.0005 * fabs(wanted), "%d ms, not %.1f", found_ms, wanted);
}

/* Up to 30 m/s and down again are 300 s and 4,500 m each. */
START_TEST(computed_durations) {
    static const struct {
        double speed, start_limit, end_limit;
        bool stop;
        double duration_s, exit_speed;
    } cases[] = {
        {0, INFINITY, INFINITY, true, 300 + 100 + 300, 0},
        {0, INFINITY, INFINITY, false, 300 + 250, 30},
        {30, INFINITY, INFINITY, true, 250 + 300, 0},
        {30, INFINITY, INFINITY, false, 400, 30},
        {0, 5, INFINITY, true, 50 + 75 + 250 + 87.5 + 300, 0}, /* 5 m/s until the tail is out, 500 m on */
        {0, INFINITY, 15, true, 300 + 100 + 300, 0},           /* slower than that anyway */
        {0, INFINITY, 15, false, 300 + 3625.0 / 30 + 150 + 500.0 / 15, 15},
    };
    struct runs runs;
    make_computed(&runs, 1e5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct leg_run *run =
            run_cache_find(runs.cache, 0, 0, cases[i].speed, cases[i].stop, cases[i].start_limit, cases[i].end_limit);
        ck_assert_ptr_nonnull(run);
        check_near(run->duration_ms, cases[i].duration_s);
        ck_assert_double_eq_tol(run->exit_speed_ms, cases[i].exit_speed, 1e-6);
    }
    ck_assert(isnan(run_cache_stalled(runs.cache)));
    runs_free(&runs);
}
END_TEST

START_TEST(computed_moments) {
    struct runs runs;
    make_computed(&runs, 1e5);
    const struct leg_run *run = find(&runs, 0, 0, true);
    check_near(run->indication_ms + LEAD_MS, 400);            /* 4,500 m before it stops */
    check_near(run->station_ms + LEAD_MS, 300 + 2500.0 / 30); /* 4,500 m before the turnout, 500 m earlier */
    ck_assert_int_eq(run->wanted_ms[0], -LEAD_MS);
    ck_assert_int_eq(run->enter_ms[0], 0);
    check_near(run->marks_ms[0], 100); /* 500 m from rest */
    check_near(run->marks_ms[1], 700);
    ck_assert_double_eq_tol(run->energy_j, 1e5 * 4500, 1e5);
    const struct leg_run *running = find(&runs, 1, 30, true);
    check_near(running->marks_ms[0], 500.0 / 30);
    check_near(running->wanted_ms[0] + LEAD_MS, -4500.0 / 30); /* its braking distance before it is there */
    runs_free(&runs);
}
END_TEST

START_TEST(too_weak_to_start) {
    struct runs runs;
    make_computed(&runs, 0);
    ck_assert_ptr_null(run_cache_find(runs.cache, 0, 0, 0, true, INFINITY, INFINITY));
    ck_assert_double_eq_tol(run_cache_stalled(runs.cache), 250, 1); /* where it stood in A */
    runs_free(&runs);
}
END_TEST

/* ---- found once ---- */

START_TEST(each_run_is_found_once) {
    struct runs runs;
    make_fixed(&runs, false);
    const struct leg_run *stops = find(&runs, 0, 0, true);
    ck_assert_ptr_eq(find(&runs, 0, 0, true), stops);
    ck_assert_ptr_ne(find(&runs, 0, 0, false), stops);
    ck_assert_ptr_ne(find(&runs, 0, 25, true), stops);
    ck_assert_ptr_ne(find(&runs, 1, 0, true), stops);
    ck_assert_ptr_ne(run_cache_find(runs.cache, 0, 0, 0, true, 20, INFINITY), stops);
    ck_assert_ptr_ne(run_cache_find(runs.cache, 0, 0, 0, true, INFINITY, 20), stops);
    ck_assert_ptr_eq(find(&runs, 0, 0, true), stops);
    runs_free(&runs);
}
END_TEST

START_TEST(the_same_without_the_stop) {
    struct runs runs;
    make_fixed(&runs, false);
    const struct leg_run *stops = run_cache_find(runs.cache, 0, 0, 25, true, 20, 15);
    ck_assert_ptr_null(stops->through);
    const struct leg_run *through = run_cache_through(runs.cache, 0, 0, stops);
    ck_assert_ptr_eq(through, run_cache_find(runs.cache, 0, 0, 25, false, 20, 15));
    ck_assert_ptr_eq(stops->through, through);
    ck_assert_ptr_eq(run_cache_through(runs.cache, 0, 0, stops), through);
    ck_assert_ptr_eq(run_cache_through(runs.cache, 0, 0, through), through);
    runs_free(&runs);
}
END_TEST

/* More runs than fit into one piece of memory keep their places. */
START_TEST(many_runs) {
    enum { RUNS = 2000 };
    struct runs runs;
    const struct leg_run *found[RUNS];
    make_fixed(&runs, false);
    for (int32_t i = 0; i < RUNS; i++) found[i] = find(&runs, i % 2, 1 + i, true);
    for (int32_t i = 0; i < RUNS; i++) {
        ck_assert_ptr_eq(find(&runs, i % 2, 1 + i, true), found[i]);
        ck_assert_int_eq(found[i]->duration_ms, 620000);
        ck_assert(found[i]->entry_speed_ms == 1 + i);
    }
    runs_free(&runs);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {fixed_durations,
                                  fixed_blocks,
                                  fixed_marks_of_a_point,
                                  fixed_marks_of_a_tail,
                                  fixed_marks_of_any_length,
                                  fixed_shares,
                                  fixed_points,
                                  computed_durations,
                                  computed_moments,
                                  too_weak_to_start,
                                  each_run_is_found_once,
                                  the_same_without_the_stop,
                                  many_runs};
    return run_suite("run_cache", tests, sizeof tests / sizeof *tests);
}
