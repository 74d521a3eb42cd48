/* A train type on a route: where it may stand, what lies where, where its tail leaves what. Worked out by hand. */
#include "../engine/suite.h"

#include <math.h>

#include "railway/path.h"
#include "support/railway_builder.h"

/* The paths of the plans of a scenario. */
struct line {
    struct scenario *scenario;
    struct layout *layout;
    struct path *paths[3];
};

enum { W, S, T, E }; /* stations */

static struct path *make_path(const struct line *line, int32_t plan, bool clear_by_length) {
    const struct scenario *scenario = line->scenario;
    const struct train_plan *of = &scenario->timetable.plans[plan];
    struct path *path =
        path_create(line->layout, &scenario->train_types[of->train_type], of->train_type, scenario->running_times,
                    scenario->running_time_count, of->route, of->route_length, clear_by_length);
    ck_assert_ptr_nonnull(path);
    return path;
}

static void finish(struct line *line, bool clear_by_length) {
    line->layout = layout_create(&line->scenario->network);
    ck_assert_ptr_nonnull(line->layout);
    for (int32_t i = 0; i < line->scenario->timetable.plan_count; i++)
        line->paths[i] = make_path(line, i, clear_by_length);
}

static void line_free(struct line *line) {
    for (int32_t i = 0; i < line->scenario->timetable.plan_count; i++) path_destroy(line->paths[i]);
    layout_destroy(line->layout);
    build_free(line->scenario);
}

/* W – S – T – E, 10 km each, with tracks of these lengths at S (0: none; −1: of any length) and T; a train of 500 m. */
static struct line line_of(double s1, double s2, double t1, double t2) {
    struct line line = {.scenario = build_scenario()};
    build_station(line.scenario, "W", 0, 0);
    build_station(line.scenario, "S", 1, fmax(s1, 0));
    if (s2 != 0) build_track(line.scenario, fmax(s2, 0));
    build_station(line.scenario, "T", 1, fmax(t1, 0));
    if (t2 != 0) build_track(line.scenario, fmax(t2, 0));
    build_station(line.scenario, "E", 0, 0);
    build_section(line.scenario, "WS", "W", "S", 10000);
    build_section(line.scenario, "TS", "T", "S", 10000);
    build_section(line.scenario, "TE", "T", "E", 10000);
    build_type(line.scenario, "train", 500);
    build_running_time(line.scenario, 600, 0, 0);
    build_train(line.scenario, "east", "train", "W S T E", 0, -1, -1);
    build_train(line.scenario, "west", "train", "E T S W", 0, -1, -1);
    return line;
}

/* ---- where it may stand ---- */

static const struct {
    double s1, s2;
    bool stands, plain;
} STANDS[] = {
    {-1, -1, true, true},     {500, 500, true, true}, {500, 499, true, false}, {499, 500, true, false},
    {499, 499, false, false}, {-1, 0, false, true},   {900, 0, false, true},   {499, 0, false, true},
};

START_TEST(stands_where_it_fits_and_trains_can_meet) {
    struct line line = line_of(STANDS[_i].s1, STANDS[_i].s2, -1, -1);
    finish(&line, false);
    const struct path *path = line.paths[0];
    ck_assert_int_eq(path->node_count, 4);
    ck_assert(path->nodes[W].stand && path->nodes[T].stand && path->nodes[E].stand);
    ck_assert_int_eq(path->nodes[S].stand, STANDS[_i].stands);
    ck_assert_int_eq(path->nodes[W].next_stand, STANDS[_i].stands ? S : T);
    ck_assert_int_eq(path->nodes[S].next_stand, T);
    ck_assert_int_eq(path->nodes[T].next_stand, E);
    ck_assert_int_eq(path->nodes[E].next_stand, -1);
    ck_assert_int_eq(path->longest_move, STANDS[_i].stands ? 1 : 2);
    ck_assert_int_eq(path->plain, STANDS[_i].plain);
    line_free(&line);
}
END_TEST

/* At its ends it may stand whatever is there. */
START_TEST(stands_at_its_ends) {
    struct line line = line_of(-1, 0, 300, 0);
    build_train(line.scenario, "short", "train", "S T", 0, -1, -1);
    finish(&line, false);
    ck_assert(!line.paths[0]->nodes[S].stand && !line.paths[0]->nodes[T].stand);
    ck_assert(line.paths[2]->nodes[0].stand && line.paths[2]->nodes[1].stand);
    ck_assert(line.paths[2]->plain);
    line_free(&line);
}
END_TEST

/* One track is enough where it stands for any number. */
START_TEST(stands_where_there_is_no_limit) {
    struct line line = line_of(-1, 0, -1, -1);
    line.scenario->network.stations[S].unlimited = true;
    finish(&line, false);
    ck_assert(line.paths[0]->nodes[S].stand && line.paths[0]->plain);
    line_free(&line);
}
END_TEST

START_TEST(fits) {
    struct line line = line_of(499, 500, -1, 501);
    finish(&line, false);
    static const bool there[] = {true, false, true, true, true}; /* by track: W, S, S, T, T */
    for (int32_t track = 0; track < 5; track++) ck_assert_int_eq(path_fits(line.paths[0], track), there[track]);
    line_free(&line);
}
END_TEST

/* A train that is loaded where it ends needs a track there for what it becomes; on its way only for what it is. */
START_TEST(grows_where_it_ends) {
    struct line line = line_of(-1, 501, 600, 501);
    build_track(line.scenario, 700); /* at E, beside one of any length */
    finish(&line, false);
    const int32_t end = 6;
    ck_assert(path_fits(line.paths[0], end) && line.paths[0]->nodes[3].all_fit);
    path_end_as_long_as(line.paths[0], 701);
    ck_assert(path_fits(line.paths[0], end - 1) && !path_fits(line.paths[0], end));
    ck_assert(!line.paths[0]->nodes[3].all_fit);
    for (int32_t track = 1; track <= 4; track++) ck_assert(path_fits(line.paths[0], track));
    ck_assert(path_fits(line.paths[1], end));
    line_free(&line);
}
END_TEST

/* ---- positions ---- */

/* W has no length, so its zone is the train's: ±250 m. S: tracks of 600 and 1,200 m, ±600 m. T: 800 m and any, so 800
 * or the train's 500: ±400 m. */
START_TEST(zones) {
    struct line line = line_of(600, 1200, 800, -1);
    finish(&line, false);
    static const double entry[2][4] = {{-250, 9400, 19600, 29750}, {-250, 9600, 19400, 29750}};
    static const double stop[2][4] = {{250, 10600, 20400, 30250}, {250, 10400, 20600, 30250}};
    for (int32_t way = 0; way < 2; way++)
        for (int32_t i = 0; i < 4; i++) {
            const struct path_node *node = &line.paths[way]->nodes[i];
            ck_assert_double_eq_tol(node->entry_m, entry[way][i], 1e-9);
            ck_assert_double_eq_tol(node->stop_m, stop[way][i], 1e-9);
            ck_assert_int_eq(node->station, way == 0 ? i : 3 - i);
            ck_assert_int_eq(node->place, node->station);
            ck_assert_int_eq(node->call, i);
        }
    line_free(&line);
}
END_TEST

START_TEST(legs) {
    struct line line = line_of(-1, -1, -1, -1);
    finish(&line, false);
    static const int32_t section[2][3] = {{0, 1, 2}, {2, 1, 0}};
    static const int32_t direction[2][3] = {{FORWARD, BACKWARD, FORWARD}, {BACKWARD, FORWARD, BACKWARD}};
    for (int32_t way = 0; way < 2; way++)
        for (int32_t i = 0; i < 3; i++) {
            const struct path_leg *leg = &line.paths[way]->legs[i];
            ck_assert_int_eq(leg->kind, LEG_WHOLE);
            ck_assert_int_eq(leg->section, section[way][i]);
            ck_assert_int_eq(leg->direction, direction[way][i]);
            ck_assert_int_eq(leg->road, 2 * section[way][i]);
            ck_assert_int_eq(leg->line_track, 1);
            ck_assert_int_eq(leg->step, i);
            ck_assert_int_eq(leg->track, -1);
            ck_assert_ptr_nonnull(leg->fixed);
        }
    ck_assert_ptr_null(line.paths[0]->motion); /* nothing to compute */
    ck_assert_int_eq(line.paths[0]->call_count, 4);
    line_free(&line);
}
END_TEST

/* ---- two tracks ---- */

/* Between T and E, from 20,250 to 29,750 m, three blocks of 9,500/3 m. Blocks of either way are numbered as run. */
START_TEST(from_block_to_block) {
    struct line line = line_of(-1, -1, -1, -1);
    struct section *section = &line.scenario->network.sections[2];
    section->tracks = 2;
    section->block_m = 4000;
    finish(&line, false);
    const struct path *east = line.paths[0], *west = line.paths[1];
    ck_assert_int_eq(east->node_count, 7);
    for (int32_t i = 0; i < 3; i++) {
        const struct path_node *node = &east->nodes[3 + i];
        const struct path_leg *leg = &east->legs[2 + i], *back = &west->legs[i];
        const struct place *place = &line.layout->places[node->place];
        ck_assert(node->stand && node->station == -1 && node->call == -1);
        ck_assert_double_eq_tol(node->stop_m, 20250 + 9500.0 * (i + 1) / 3, 1e-9);
        ck_assert_double_eq_tol(node->entry_m, node->stop_m, 1e-9);
        ck_assert_int_eq(leg->kind, LEG_BLOCK);
        ck_assert_int_eq(leg->track, place->first_track + i);
        ck_assert_int_eq(leg->line_track, 1);
        ck_assert_int_eq(leg->block_count, 1);
        ck_assert_double_eq_tol(leg->share, 1.0 / 3, 1e-12);
        ck_assert_int_eq(back->kind, LEG_BLOCK);
        ck_assert_int_eq(back->track, line.layout->places[west->nodes[1].place].first_track + i);
        ck_assert_int_eq(back->line_track, 2);
        ck_assert_int_eq(back->road, 5);
    }
    ck_assert_int_ne(west->nodes[1].place, east->nodes[3].place);
    ck_assert_int_eq(east->legs[5].kind, LEG_ENTER);
    ck_assert_int_eq(east->legs[5].block_count, 0);
    ck_assert(east->legs[5].share == 0);
    ck_assert_int_eq(east->nodes[6].station, E);
    ck_assert_double_eq_tol(east->nodes[6].stop_m, 30250, 1e-9);
    line_free(&line);
}
END_TEST

/* With a headway one leg leads to the signal before the far station. */
START_TEST(to_the_far_signal) {
    struct line line = line_of(-1, -1, -1, -1);
    line.scenario->network.sections[0].tracks = 2;
    line.scenario->network.sections[0].headway_ms = 60000;
    finish(&line, false);
    const struct path *path = line.paths[0];
    ck_assert_int_eq(path->node_count, 5);
    ck_assert_int_eq(path->legs[0].kind, LEG_LINE);
    ck_assert(path->legs[0].share == 1);
    ck_assert_int_eq(path->legs[1].kind, LEG_ENTER);
    ck_assert_double_eq_tol(path->nodes[1].stop_m, 9750, 1e-9);
    ck_assert_int_eq(path->nodes[2].station, S);
    ck_assert_int_eq(path->legs[2].step, 1);
    line_free(&line);
}
END_TEST

/* ---- marks ---- */

struct mark_case {
    int32_t leg, node, left_leg, block; /* what is left while the head is on the leg */
    double at_m;
};

static void check_marks(const struct path *path, const struct mark_case *marks, int32_t count) {
    int32_t next = 0;
    for (int32_t leg = 0; leg < path->node_count - 1; leg++)
        for (int32_t i = 0; i < path->legs[leg].mark_count; i++, next++) {
            const struct path_mark *mark = &path->marks[path->legs[leg].first_mark + i];
            ck_assert_int_lt(next, count);
            ck_assert_msg(marks[next].leg == leg && mark->node == marks[next].node &&
                              mark->leg == marks[next].left_leg && mark->block == marks[next].block,
                          "mark %d: on leg %d node %d, leg %d, block %d", next, leg, mark->node, mark->leg,
                          mark->block);
            ck_assert_double_eq_tol(mark->at_m, marks[next].at_m, 1e-9);
        }
    ck_assert_int_eq(next, count);
}

/* A train of 500 m: S has 1,200 m, so the section is left before it stops there; T 300 m on its one track, so the
 * section before it is left 200 m beyond its point of stopping, on the next leg. Two blocks between S and T. */
static struct line marked_line(bool clear_by_length) {
    struct line line = line_of(1200, 1200, 300, 0);
    line.scenario->network.sections[1].block_m = 5000;
    finish(&line, clear_by_length);
    return line;
}

START_TEST(tails) {
    static const struct mark_case MARKS[] = {
        {0, 0, -1, 0, 750},   /* out of W */
        {0, -1, 0, 0, 9900},  /* out of the first section: S begins at 9,400 */
        {1, 1, -1, 0, 11100}, /* out of S, which ends at 10,600 */
        {1, -1, 1, 0, 15725}, /* blocks of 9,250/2 m from 10,600 on */
        {2, -1, 1, 1, 20350}, /* T begins at 19,850 and ends at 20,150 */
        {2, 2, -1, 0, 20650}, /* out of T */
        {2, -1, 2, 0, 30250}, /* E begins at 29,750 */
    };
    struct line line = marked_line(true);
    check_marks(line.paths[0], MARKS, sizeof MARKS / sizeof *MARKS);
    line_free(&line);
}
END_TEST

/* Of a train that ends in T what it has not left as it stops there counts as left on its last leg. */
START_TEST(tails_beyond_the_end) {
    struct line line = line_of(1200, 1200, 300, 0);
    build_train(line.scenario, "short", "train", "W S T", 0, -1, -1);
    finish(&line, true);
    const struct path_leg *last = &line.paths[2]->legs[1];
    ck_assert_int_eq(last->mark_count, 2);
    ck_assert_double_eq_tol(line.paths[2]->marks[last->first_mark + 1].at_m, 20350, 1e-9); /* it stops at 20,150 */
    line_free(&line);
}
END_TEST

/* With fixed times and no clearing by length a train is a point that leaves a section where it stops. */
START_TEST(points) {
    static const struct mark_case MARKS[] = {
        {0, 0, -1, 0, 250},   {0, -1, 0, 0, 10600}, {1, 1, -1, 0, 10600}, {1, -1, 1, 0, 15225},
        {1, -1, 1, 1, 20150}, {2, 2, -1, 0, 20150}, {2, -1, 2, 0, 30250},
    };
    struct line line = marked_line(false);
    check_marks(line.paths[0], MARKS, sizeof MARKS / sizeof *MARKS);
    line_free(&line);
}
END_TEST

/* The row that fits best gives each leg its fixed time. */
START_TEST(fixed_times) {
    struct line line = line_of(-1, -1, -1, -1);
    line.scenario->running_times[1].directions = DIRECTION_FORWARD_BIT;
    line.scenario->train_types[0].has_traction = true;
    line.scenario->train_types[0].mass_kg = 1e6;
    line.scenario->train_types[0].power_w = line.scenario->train_types[0].tractive_effort_n = 1e5;
    line.scenario->train_types[0].brake_ms2 = 0.5;
    finish(&line, false);
    ck_assert_ptr_null(line.paths[0]->legs[1].fixed); /* backward */
    ck_assert_ptr_nonnull(line.paths[0]->motion);
    ck_assert_ptr_eq(line.paths[0]->legs[2].fixed, &line.scenario->running_times[2]);
    ck_assert_ptr_eq(line.paths[1]->legs[1].fixed, &line.scenario->running_times[1]);
    ck_assert_ptr_null(line.paths[1]->motion);
    line_free(&line);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("path");
    TCase *cases = tcase_create("path");
    tcase_add_loop_test(cases, stands_where_it_fits_and_trains_can_meet, 0, (int)(sizeof STANDS / sizeof *STANDS));
    const TTest *const tests[] = {stands_at_its_ends,
                                  stands_where_there_is_no_limit,
                                  fits,
                                  grows_where_it_ends,
                                  zones,
                                  legs,
                                  from_block_to_block,
                                  to_the_far_signal,
                                  tails,
                                  tails_beyond_the_end,
                                  points,
                                  fixed_times};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
