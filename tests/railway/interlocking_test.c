/* The interlocking on lines small enough to work out by hand: who may start when, to the millisecond.
 *
 * Every section is 12 km from centre to centre and takes 600 s. Trains are 500 m long and stations as long as a train,
 * so the section between the turnouts is 11,500 m, and its blocks, if it has four, take 150 s each. Unless the test
 * says otherwise a train with a fixed time is a point: it leaves its track as it departs, a block as it enters the
 * next, the section as it arrives. Routes take 20 s to set, blocks 60 s to release, and 30 s pass in E before a train
 * may come out towards one that has come in. */
#include "../engine/suite.h"

#include <math.h>

#include "railway/interlocking.h"
#include "simulation/plan.h"
#include "support/railway_builder.h"

enum { LEAD_MS = 20000, RELEASE_MS = 60000, CROSSING_MS = 30000 };

static int64_t seconds(double time_s) {
    return llround(time_s * 1000);
}

/* ---- a line and its trains: train n runs plan n ---- */

struct yard {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct interlocking *line;
    struct move move;
};

static struct scenario *scenario_of(const char *const *stations, const int32_t *tracks, int32_t count) {
    struct scenario *scenario = build_scenario();
    for (int32_t i = 0; i < count; i++) build_station(scenario, stations[i], tracks[i], 0);
    for (int32_t i = 0; i + 1 < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "%s%s", stations[i], stations[i + 1]);
        build_section(scenario, id, stations[i], stations[i + 1], 12000)->release_ms = RELEASE_MS;
    }
    scenario->network.stations[count - 1].crossing_interval_ms = CROSSING_MS;
    scenario->settings.route_setting_ms = LEAD_MS;
    build_type(scenario, "train", 500);
    build_running_time(scenario, 600, 0, 0);
    return scenario;
}

/* W – E. */
static struct scenario *one_section(void) {
    static const char *const STATIONS[] = {"W", "E"};
    static const int32_t TRACKS[] = {0, 0};
    return scenario_of(STATIONS, TRACKS, 2);
}

/* W – S – E, S with so many tracks. */
static struct scenario *two_sections(int32_t tracks) {
    static const char *const STATIONS[] = {"W", "S", "E"};
    const int32_t all[] = {0, tracks, 0};
    return scenario_of(STATIONS, all, 3);
}

/* Another type with times of its own. */
static void add_type(struct scenario *scenario, const char *id, double run_s, double start_s, double stop_s) {
    const int32_t first = scenario->running_time_count;
    build_type(scenario, id, 500);
    build_running_time(scenario, run_s, start_s, stop_s);
    for (int32_t i = first; i < scenario->running_time_count; i++)
        scenario->running_times[i].train_type = scenario->train_type_count - 1;
}

static struct yard open_yard(struct scenario *scenario) {
    char message[200];
    struct yard yard = {.scenario = scenario, .plan = simulation_plan_create(scenario, message, sizeof message)};
    ck_assert_msg(yard.plan != NULL, "%s", message);
    yard.line = interlocking_create(yard.plan->layout, (const struct path *const *)yard.plan->paths,
                                    yard.plan->path_count, &yard.plan->run_settings, 0);
    ck_assert_ptr_nonnull(yard.line);
    ck_assert(move_create(&yard.move, yard.line));
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++)
        yard.line->commitments[i] =
            (struct commitment){.path = -1, .track = -1, .onward_path = -1, .plain = yard.plan->trips[i].plain};
    return yard;
}

static void close_yard(struct yard *yard) {
    move_free(&yard->move);
    interlocking_destroy(yard->line);
    simulation_plan_destroy(yard->plan);
    build_free(yard->scenario);
}

/* The train's next move, from where it is committed, from rest, no earlier than this. */
static struct move_request next_move(const struct yard *yard, int32_t train, int64_t start_ms) {
    const struct commitment *commitment = &yard->line->commitments[train];
    const int32_t path = yard->plan->trips[train].path;
    const bool entering = commitment->path < 0;
    const int32_t from = entering ? 0 : commitment->node;
    return (struct move_request){.train = train,
                                 .train_id = 100 + train,
                                 .path = path,
                                 .from = from,
                                 .to = yard->plan->paths[path]->nodes[from].next_stand,
                                 .entering = entering,
                                 .now_ms = start_ms - yard->line->lead_ms,
                                 .base_ms = start_ms,
                                 .track = entering ? -1 : commitment->track,
                                 .from_track = -1,
                                 .to_track = -1};
}

static enum move_verdict ask_for(struct yard *yard, const struct move_request *request) {
    interlocking_evaluate(yard->line, request, &yard->move);
    return yard->move.verdict;
}

static enum move_verdict ask(struct yard *yard, int32_t train, int64_t start_ms) {
    const struct move_request request = next_move(yard, train, start_ms);
    return ask_for(yard, &request);
}

static void grant_it(struct yard *yard, const struct move_request *request) {
    ck_assert_int_eq(ask_for(yard, request), MOVE_POSSIBLE);
    ck_assert_int_eq(yard->move.start_ms, request->base_ms);
    ck_assert(interlocking_grant(yard->line, request, &yard->move));
}

static void grant(struct yard *yard, int32_t train, int64_t start_ms) {
    const struct move_request request = next_move(yard, train, start_ms);
    grant_it(yard, &request);
}

/* A move may start at this moment, and not a millisecond earlier. */
static void check_earliest(struct yard *yard, int32_t train, int64_t earliest_ms, enum move_obstacle obstacle,
                           int32_t blocking_train) {
    ck_assert_int_eq(ask(yard, train, earliest_ms), MOVE_POSSIBLE);
    ck_assert_int_eq(ask(yard, train, earliest_ms - 1), MOVE_LATER);
    ck_assert_msg(yard->move.start_ms == earliest_ms, "%.3f s, not %.3f", (double)yard->move.start_ms / 1000,
                  (double)earliest_ms / 1000);
    ck_assert_int_eq(yard->move.later_ms, earliest_ms - yard->line->lead_ms);
    ck_assert_int_eq(yard->move.obstacle, obstacle);
    ck_assert_int_eq(yard->move.blocking_train, blocking_train);
}

/* ---- two trains on one section ---- */

enum { NO_HEADWAY = -1 };
enum { FIXED = SIGNALLING_FIXED, MOVING = SIGNALLING_MOVING };
enum { F = DIRECTION_FORWARD_BIT, B = DIRECTION_BACKWARD_BIT, FB = DIRECTION_BOTH_BITS };

/* The first train runs east from time 0. When may the second start? */
struct pair {
    const char *name;
    int32_t blocks;
    int32_t signalling;
    double headway_s;
    double purge_s;
    unsigned after, before;
    int32_t most;
    bool by_length;
    const char *first, *second; /* types: slow 600 s, fast 400 s, braking 600 s and 40 s more to a stop */
    bool opposing;
    double earliest_s;
};

static const struct pair PAIRS[] = {
    /* out at 600, released at 660, and its own route takes 20 */
    {"one block", 1, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "slow", "slow", false, 680},
    /* out of the first block at 150: 150 + 60 + 20 */
    {"four blocks", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "slow", "slow", false, 230},
    /* the last block is free at 660 and wanted 300 − 20 after its start */
    {"a fast one behind", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "slow", "fast", false, 380},
    /* out of the first block at 100: 100 + 60 + 20 */
    {"a fast one ahead", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "fast", "slow", false, 180},
    /* its tail is out of the first block 500 m later, of 11,500 in 600 s: 150 + 26.087 + 60 + 20 */
    {"a tail", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, true, "slow", "slow", false, 256.087},
    {"headway", 4, FIXED, 120, 0, FB, FB, 0, false, "slow", "slow", false, 120},
    /* it would be there after 400; the first is at 600 */
    {"headway at the far end", 4, FIXED, 120, 0, FB, FB, 0, false, "slow", "fast", false, 320},
    {"headway, a fast one ahead", 1, FIXED, 120, 0, FB, FB, 0, false, "fast", "slow", false, 120},
    /* the first is there at 640, the second at 600 if it runs through */
    {"headway behind one that stops", 1, FIXED, 120, 0, FB, FB, 0, false, "braking", "slow", false, 160},
    {"no headway at all", 1, FIXED, 0, 0, FB, FB, 0, false, "slow", "slow", false, 0},
    /* its tail leaves every point 26.087 s later; the route takes 20; release is for blocks */
    {"moving block", 1, MOVING, NO_HEADWAY, 0, FB, FB, 0, true, "slow", "slow", false, 46.087},
    {"one at a time", 4, FIXED, NO_HEADWAY, 0, FB, FB, 1, false, "slow", "slow", false, 600},
    {"two at a time", 4, FIXED, NO_HEADWAY, 0, FB, FB, 2, false, "slow", "slow", false, 230},
    {"purge", 4, FIXED, NO_HEADWAY, 300, FB, FB, 0, false, "slow", "slow", false, 900},
    /* none after trains of that way, or before: but still one at a time */
    {"purge after the others", 4, FIXED, NO_HEADWAY, 300, B, FB, 0, false, "slow", "slow", false, 600},
    {"purge before the others", 4, FIXED, NO_HEADWAY, 300, FB, B, 0, false, "slow", "slow", false, 600},
    {"purge after two", 4, FIXED, NO_HEADWAY, 300, FB, FB, 2, false, "slow", "slow", false, 230},
    /* out at 600, released at 660, crossed at 690, then its route */
    {"opposing", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "slow", "slow", true, 710},
    {"opposing, with a headway", 4, FIXED, 120, 0, FB, FB, 0, false, "slow", "slow", true, 710},
    {"opposing, moving block", 1, MOVING, NO_HEADWAY, 0, FB, FB, 0, false, "slow", "slow", true, 710},
    {"opposing, purge", 4, FIXED, NO_HEADWAY, 300, FB, FB, 0, false, "slow", "slow", true, 900},
    {"opposing, purge after the first", 4, FIXED, NO_HEADWAY, 300, F, B, 0, false, "slow", "slow", true, 900},
    {"opposing, purge after the second", 4, FIXED, NO_HEADWAY, 300, B, FB, 0, false, "slow", "slow", true, 710},
    {"opposing, purge for the first", 4, FIXED, NO_HEADWAY, 300, FB, F, 0, false, "slow", "slow", true, 710},
    {"opposing, one that stops", 4, FIXED, NO_HEADWAY, 0, FB, FB, 0, false, "braking", "slow", true, 750},
};

static struct yard yard_of(const struct pair *pair) {
    struct scenario *scenario = one_section();
    struct section *section = &scenario->network.sections[0];
    section->block_m = 12000.0 / pair->blocks;
    section->signalling = (enum signalling)pair->signalling;
    section->headway_ms = pair->headway_s < 0 ? -1 : seconds(pair->headway_s);
    section->purge_ms = seconds(pair->purge_s);
    section->purge_after = pair->after;
    section->purge_before = pair->before;
    section->max_trains = pair->most;
    scenario->settings.clear_by_length = pair->by_length;
    add_type(scenario, "slow", 600, 0, 0);
    add_type(scenario, "fast", 400, 0, 0);
    add_type(scenario, "braking", 600, 0, 40);
    build_train(scenario, "first", pair->first, "W E", 0, -1, -1);
    build_train(scenario, "second", pair->second, pair->opposing ? "E W" : "W E", 0, -1, -1);
    return open_yard(scenario);
}

START_TEST(two_on_one_section) {
    const struct pair *pair = &PAIRS[_i];
    struct yard yard = yard_of(pair);
    grant(&yard, 0, 0);
    const int64_t earliest = seconds(pair->earliest_s);
    ck_assert_msg(ask(&yard, 1, earliest) == MOVE_POSSIBLE, "%s: not at %.3f s but at %.3f", pair->name,
                  pair->earliest_s, (double)yard.move.start_ms / 1000);
    ck_assert_int_eq(ask(&yard, 1, earliest + 1), MOVE_POSSIBLE);
    if (earliest > 0) {
        check_earliest(&yard, 1, earliest, OBSTACLE_ROAD, 0);
        ck_assert_int_eq(yard.move.blocked_road, 0);
    }
    ck_assert_int_eq(ask(&yard, 1, seconds(100000)), MOVE_POSSIBLE);
    ck_assert_int_eq(yard.line->roads[0].first, -1); /* the first is forgotten */
    close_yard(&yard);
}
END_TEST

/* The third of two at a time waits for the first to be out, not for the second's block. */
START_TEST(the_third_of_two) {
    struct scenario *scenario = one_section();
    scenario->network.sections[0].block_m = 3000;
    scenario->network.sections[0].max_trains = 2;
    for (int32_t i = 0; i < 3; i++) build_train(scenario, "T", "train", "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 0, 0);
    grant(&yard, 1, seconds(230));
    check_earliest(&yard, 2, seconds(600), OBSTACLE_ROAD, 0);
    close_yard(&yard);
}
END_TEST

/* Purged: 300 s after the last of those that were in, however many enter in between. */
START_TEST(a_purge_counts_from_the_last) {
    struct scenario *scenario = one_section();
    scenario->network.sections[0].block_m = 3000;
    scenario->network.sections[0].max_trains = 2;
    scenario->network.sections[0].purge_ms = 300000;
    for (int32_t i = 0; i < 3; i++) build_train(scenario, "T", "train", i == 2 ? "E W" : "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 0, 0);
    grant(&yard, 1, seconds(230));                             /* out at 830 */
    check_earliest(&yard, 2, seconds(1130), OBSTACLE_ROAD, 1); /* not at 920 */
    close_yard(&yard);
}
END_TEST

/* When all is over the section is as new. */
START_TEST(a_section_that_was_empty) {
    struct scenario *scenario = one_section();
    for (int32_t i = 0; i < 4; i++) build_train(scenario, "T", "train", i == 3 ? "E W" : "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    for (int32_t i = 0; i < 3; i++) grant(&yard, i, seconds(100000 * i));
    check_earliest(&yard, 3, seconds(200710), OBSTACLE_ROAD, 2);
    close_yard(&yard);
}
END_TEST

/* ---- possessions ---- */

/* Windows in any order: from 2,500 to 3,000 s and from 1,000 to 2,000 s of Mondays (day 0) and Tuesdays, and over
 * midnight from Friday to Saturday, 86,000 to 90,000 s; all but the last for both ways and tracks. */
static const struct possession POSSESSIONS[] = {
    {.section = 0, .directions = FB, .weekdays = 3, .from_ms = 2500000, .to_ms = 3000000},
    {.section = 0, .directions = FB, .weekdays = 3, .from_ms = 1000000, .to_ms = 2000000},
    {.section = 0, .directions = F, .line_track = 1, .weekdays = 1u << 4, .from_ms = 86000000, .to_ms = 90000000},
};

static const struct {
    int32_t road, direction;
    double enter_s, stay_s, free_s;
} FREE[] = {
    {0, FORWARD, 600, 400, 600}, /* out as it begins */
    {0, FORWARD, 600, 400.001, 2000},
    {0, FORWARD, 1999, 10, 2000},
    {0, FORWARD, 2000, 500, 2000},
    {0, FORWARD, 2000, 501, 3000}, /* the gap is too short */
    {0, BACKWARD, 400, 700, 3000},
    {0, FORWARD, 86400 + 1500, 1, 86400 + 2000},
    {0, FORWARD, 2 * 86400 + 1500, 1, 2 * 86400 + 1500}, /* not on Wednesdays */
    {0, FORWARD, 7 * 86400 + 1500, 1, 7 * 86400 + 2000}, /* Monday again */
    {0, FORWARD, 4 * 86400 + 85000, 1001, 4 * 86400 + 90000},
    {0, FORWARD, 5 * 86400 + 3599, 1, 5 * 86400 + 3600}, /* began the day before */
    {0, FORWARD, 5 * 86400 + 3600, 1, 5 * 86400 + 3600},
    {0, BACKWARD, 5 * 86400, 1, 5 * 86400}, /* only the other way */
    {1, BACKWARD, 1500, 1, 2000},           /* on the second track as well */
    {1, FORWARD, 5 * 86400, 1, 5 * 86400},  /* only on the first */
};

static struct scenario *closed_section(int32_t first, int32_t possessions) {
    struct scenario *scenario = one_section();
    scenario->network.possessions = calloc((size_t)possessions, sizeof *POSSESSIONS);
    ck_assert_ptr_nonnull(scenario->network.possessions);
    for (int32_t i = 0; i < possessions; i++) scenario->network.possessions[i] = POSSESSIONS[first + i];
    scenario->network.possession_count = possessions;
    return scenario;
}

START_TEST(between_possessions) {
    struct scenario *scenario = closed_section(0, 3);
    struct layout *layout = layout_create(&scenario->network);
    ck_assert_ptr_nonnull(layout);
    for (size_t i = 0; i < sizeof FREE / sizeof *FREE; i++) {
        const int64_t from = possession_free_from(layout, FREE[i].road, FREE[i].direction, 0, seconds(FREE[i].enter_s),
                                                  seconds(FREE[i].stay_s));
        ck_assert_msg(from == seconds(FREE[i].free_s), "row %zu: %.3f s", i, (double)from / 1000);
    }
    layout_destroy(layout);
    build_free(scenario);
}
END_TEST

/* Released 660 s after it enters: the last to be let in before 1,000 s enters at 340. */
START_TEST(a_possession_keeps_out_whom_it_would_catch) {
    struct scenario *scenario = closed_section(1, 1);
    build_train(scenario, "T", "train", "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    ck_assert_int_eq(ask(&yard, 0, seconds(340)), MOVE_POSSIBLE);
    ck_assert_int_eq(ask(&yard, 0, seconds(340) + 1), MOVE_LATER);
    ck_assert_int_eq(yard.move.start_ms, seconds(2000));
    check_earliest(&yard, 0, seconds(2000), OBSTACLE_POSSESSION, -1);
    close_yard(&yard);
}
END_TEST

/* ---- tracks ---- */

/* Trains 0 and 1 stand in S, 2 wants to come. */
static struct yard full_siding(bool by_length) {
    struct scenario *scenario = two_sections(2);
    scenario->network.sections[0].headway_ms = 60000;
    scenario->settings.clear_by_length = by_length;
    for (int32_t i = 0; i < 4; i++) build_train(scenario, "T", "train", "W S E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    for (int32_t i = 0; i < 2; i++) grant(&yard, i, seconds(60 * i));
    return yard;
}

START_TEST(no_track_to_go_to) {
    struct yard yard = full_siding(false);
    const struct move_request request = next_move(&yard, 2, seconds(1000));
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_BLOCKED);
    ck_assert_int_eq(yard.move.obstacle, OBSTACLE_TRACK);
    ck_assert_int_eq(yard.move.blocked_place, 1);
    ck_assert_int_eq(yard.move.blocking_train, 0);
    ck_assert(!interlocking_has_tracks(yard.line, &request));
    const int32_t held[] = {yard.line->commitments[0].track, yard.line->commitments[1].track};
    ck_assert_int_ne(held[0], held[1]);
    for (int32_t i = 0; i < 2; i++) ck_assert_int_eq(yard.plan->layout->tracks[held[i]].place, 1);
    close_yard(&yard);
}
END_TEST

/* The one train 0 leaves at 2,000 s; there 600 s after its start. With a tail it leaves 26.087 s later. */
START_TEST(the_track_of_one_that_leaves) {
    for (int32_t by_length = 0; by_length < 2; by_length++) {
        struct yard yard = full_siding(by_length);
        const int32_t left = yard.line->commitments[0].track;
        grant(&yard, 0, seconds(2000));
        const struct move_request request = next_move(&yard, 2, seconds(1000));
        ck_assert(interlocking_has_tracks(yard.line, &request));
        check_earliest(&yard, 2, seconds(by_length ? 1426.087 : 1400), OBSTACLE_TRACK, 0);
        ck_assert_int_eq(yard.move.legs[0].track, left);
        grant(&yard, 2, seconds(1500));
        ck_assert_int_eq(ask(&yard, 3, seconds(5000)), MOVE_BLOCKED);
        close_yard(&yard);
    }
}
END_TEST

/* Of two that will be free the one that is free first: train 1 leaves before train 0. */
START_TEST(the_track_that_is_free_first) {
    struct yard yard = full_siding(false);
    const int32_t left = yard.line->commitments[1].track;
    grant(&yard, 1, seconds(2000));
    grant(&yard, 0, seconds(3000));
    check_earliest(&yard, 2, seconds(1400), OBSTACLE_TRACK, 1);
    ck_assert_int_eq(yard.move.legs[0].track, left);
    close_yard(&yard);
}
END_TEST

/* The only track of E, which train 0 reaches at 600 s and leaves at 900. */
START_TEST(the_track_of_one_that_has_arrived) {
    struct scenario *scenario = one_section();
    scenario->network.stations[1].unlimited = false;
    scenario->network.sections[0].headway_ms = 60000;
    for (int32_t i = 0; i < 2; i++) build_train(scenario, "T", "train", "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 0, 0);
    ck_assert_int_eq(ask(&yard, 1, seconds(1000)), MOVE_BLOCKED);
    interlocking_will_leave(yard.line, 0, seconds(900));
    check_earliest(&yard, 1, seconds(300), OBSTACLE_TRACK, 0);
    interlocking_leave(yard.line, 0, seconds(700));
    check_earliest(&yard, 1, seconds(100), OBSTACLE_TRACK, 0);
    close_yard(&yard);
}
END_TEST

/* Where trains come in over the only track of W, which train 0 leaves at 500 s. */
START_TEST(a_track_to_come_in_over) {
    struct scenario *scenario = one_section();
    scenario->network.stations[0].unlimited = false;
    scenario->network.sections[0].headway_ms = 60000;
    for (int32_t i = 0; i < 2; i++) build_train(scenario, "T", "train", "W E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    ck_assert(interlocking_place(yard.line, 0, yard.plan->trips[0].path, 0, -1, 0));
    ck_assert(!interlocking_place(yard.line, 1, yard.plan->trips[1].path, 0, -1, 0));
    ck_assert_int_eq(ask(&yard, 1, seconds(1000)), MOVE_BLOCKED);
    ck_assert_int_eq(yard.move.blocked_place, 0);
    grant(&yard, 0, seconds(500));
    ck_assert(!interlocking_place(yard.line, 1, yard.plan->trips[1].path, 0, -1, seconds(499)));
    check_earliest(&yard, 1, seconds(560), OBSTACLE_ROAD, 0); /* the track is free at 500, the headway 60 more */
    grant(&yard, 1, seconds(560));
    close_yard(&yard);
}
END_TEST

static void run_through(struct yard *yard, int32_t train, int32_t leg, int64_t start_ms) {
    const int32_t path = yard->plan->trips[train].path;
    const struct leg_run *stops = run_cache_find(yard->line->runs, path, leg, 0, true, INFINITY, INFINITY);
    interlocking_run_through(yard->line, train, 100 + train, leg, run_cache_through(yard->line->runs, path, leg, stops),
                             1, start_ms);
}

/* Train 0 has left W, where train 1 has come to stand; that it runs through S does not move train 1. */
START_TEST(a_track_that_is_anothers_by_now) {
    struct scenario *scenario = two_sections(2);
    scenario->network.stations[0].unlimited = false;
    for (int32_t i = 0; i < 3; i++) build_train(scenario, "T", "train", "W S E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 0, 0);
    ck_assert(interlocking_place(yard.line, 1, yard.plan->trips[1].path, 0, -1, seconds(100)));
    run_through(&yard, 0, 0, 0);
    ck_assert_int_eq(ask(&yard, 2, seconds(5000)), MOVE_BLOCKED);
    ck_assert_int_eq(yard.move.blocking_train, 1);
    close_yard(&yard);
}
END_TEST

/* Tracks of S, in the file's order, and which of them a train of 500 m takes when these are taken. */
static const struct {
    double length_m[3], speed_ms[3];
    unsigned taken;
    int32_t chosen; /* −1: none */
} CHOICES[] = {
    {{900, 700, 600}, {INFINITY, INFINITY, INFINITY}, 0, 2}, /* the shortest */
    {{900, 700, 600}, {INFINITY, INFINITY, INFINITY}, 1u << 2, 1},
    {{900, 700, 400}, {INFINITY, INFINITY, INFINITY}, 0, 1}, /* that it fits */
    {{900, 700, 400}, {INFINITY, INFINITY, INFINITY}, 3, -1},
    {{900, 700, 600}, {20, 10, 10}, 0, 0}, /* but the fastest first */
    {{900, 700, 600}, {10, 20, 20}, 0, 2},
    {{700, 700, 700}, {10, 10, 10}, 0, 0}, /* then as they stand */
    {{700, 700, 700}, {10, 10, 10}, 1, 1},
    {{900, 500, 499}, {10, 10, INFINITY}, 0, 1},
};

START_TEST(the_best_track) {
    struct scenario *scenario = two_sections(3);
    for (int32_t i = 0; i < 3; i++) {
        struct track *track = &scenario->network.tracks[scenario->network.stations[1].first_track + i];
        track->length_m = CHOICES[_i].length_m[i];
        track->speed_ms = CHOICES[_i].speed_ms[i];
    }
    for (int32_t i = 0; i < 4; i++) build_train(scenario, "T", "train", i == 0 ? "W S E" : "S E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    const int32_t first = yard.plan->layout->places[1].first_track;
    for (int32_t i = 0; i < 3; i++)
        if (CHOICES[_i].taken >> i & 1)
            ck_assert(interlocking_place(yard.line, 1 + i, yard.plan->trips[1 + i].path, 0, first + i, 0));
    ck_assert_int_eq(ask(&yard, 0, seconds(100)), CHOICES[_i].chosen < 0 ? MOVE_BLOCKED : MOVE_POSSIBLE);
    if (CHOICES[_i].chosen >= 0) ck_assert_int_eq(yard.move.legs[0].track, first + CHOICES[_i].chosen);
    close_yard(&yard);
}
END_TEST

/* A named track and no other. */
START_TEST(a_binding_track) {
    struct yard yard = full_siding(false);
    const int32_t tracks[] = {yard.line->commitments[0].track, yard.line->commitments[1].track};
    grant(&yard, 0, seconds(2000));
    struct move_request request = next_move(&yard, 2, seconds(1400));
    request.to_track = tracks[1];
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_BLOCKED);
    ck_assert(!interlocking_has_tracks(yard.line, &request));
    request.to_track = tracks[0];
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    close_yard(&yard);
}
END_TEST

/* ---- arrivals over different sections ---- */

/* Into S, where arrivals from W and E keep 180 s; stopping takes 40 s. Train 0 comes from W: at 600 s if it runs
 * through, at 640 if it stops. Train 1 comes from E, train 2 behind train 0. */
static struct yard meeting_point(bool headway) {
    struct scenario *scenario = two_sections(3);
    scenario->network.stations[1].arrival_interval_ms = 180000;
    if (headway) scenario->network.sections[0].headway_ms = 60000;
    add_type(scenario, "braking", 600, 0, 40);
    build_train(scenario, "T0", "braking", "W S E", 0, -1, -1);
    build_train(scenario, "T1", "braking", "E S W", 0, -1, -1);
    build_train(scenario, "T2", "braking", "W S E", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 0, 0);
    return yard;
}

static int64_t stops_everywhere(const void *context, int32_t node, int64_t arrival_ms) {
    (void)context, (void)node;
    return arrival_ms;
}

START_TEST(arrivals_keep_their_interval) {
    struct yard yard = meeting_point(true);
    check_earliest(&yard, 1, seconds(220), OBSTACLE_ROAD, 0); /* there at 820, if it runs through */
    struct move_request request = next_move(&yard, 1, seconds(180));
    request.leave = stops_everywhere; /* it will not: there at 820 */
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    request.base_ms = seconds(179.999);
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_LATER);
    ck_assert_int_eq(yard.move.start_ms, seconds(180));
    check_earliest(&yard, 2, seconds(100), OBSTACLE_ROAD, 0); /* a follower: 640 + 60 − 600, for the headway */
    close_yard(&yard);
}
END_TEST

/* Train 0 runs through after all: it is past S at 600. */
START_TEST(one_that_runs_through_is_past) {
    struct yard yard = meeting_point(true);
    run_through(&yard, 0, 0, 0);
    check_earliest(&yard, 1, seconds(180), OBSTACLE_ROAD, 0);
    check_earliest(&yard, 2, seconds(60), OBSTACLE_ROAD, 0);
    close_yard(&yard);
}
END_TEST

/* An arrival long before is no matter; nor is one that could still come long before. */
START_TEST(intervals_are_two_sided) {
    struct yard yard = meeting_point(true);
    interlocking_leave(yard.line, 0, 0);
    struct move_request late = next_move(&yard, 1, seconds(5000));
    late.now_ms = 0; /* planned ahead: there at 5,600 to 5,640 */
    grant_it(&yard, &late);
    struct move_request request = next_move(&yard, 2, seconds(4780)); /* there at 5,380 to 5,420: 180 s before */
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    request.base_ms++;
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_LATER);
    ck_assert_int_eq(yard.move.start_ms, seconds(5640 + 180 - 600));
    close_yard(&yard);
}
END_TEST

/* ---- running trains ---- */

/* Train 1 comes out of E at 0 and clears the section at 600, released at 660. Train 0 runs through S, where crossing
 * takes 30 s: its route can be asked for from 690 on. It asks at its indication, at the moment it is there. */
START_TEST(a_running_train_gets_its_route_or_not) {
    struct scenario *scenario = two_sections(2);
    scenario->network.stations[1].crossing_interval_ms = CROSSING_MS;
    build_train(scenario, "T0", "train", "W S E", 0, -1, -1);
    build_train(scenario, "T1", "train", "E S W", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    grant(&yard, 1, 0);
    for (int32_t ahead = 0; ahead < 2; ahead++) {
        struct move_request request = next_move(&yard, 0, seconds(690 + LEAD_MS / 1000));
        request.entering = false;
        request.running = true;
        request.from = 1;
        request.to = 2;
        request.track = yard.plan->layout->places[1].first_track;
        request.entry_speed_ms = 25;
        request.base_ms = seconds(690 + 100 * ahead);
        request.now_ms = seconds(690);
        ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
        ck_assert_int_eq(yard.move.legs[0].end_ms, request.base_ms + seconds(600));
        request.now_ms--;
        ck_assert_int_eq(ask_for(&yard, &request), MOVE_LATER);
        ck_assert_int_eq(yard.move.later_ms, request.base_ms + 1);
    }
    close_yard(&yard);
}
END_TEST

/* ---- moves over several sections ---- */

/* W – m – E with a block post: one move. */
static struct yard over_a_block_post(void) {
    struct scenario *scenario = two_sections(1);
    build_train(scenario, "T0", "train", "W S E", 0, -1, -1);
    build_train(scenario, "T1", "train", "E S W", 0, -1, -1);
    build_train(scenario, "T2", "train", "W S E", 0, -1, -1);
    return open_yard(scenario);
}

static int64_t passes_at_1000(const void *context, int32_t node) {
    (void)context;
    return node == 1 ? seconds(1000) : INT64_MIN;
}

static int64_t stops_until_900(const void *context, int32_t node, int64_t arrival_ms) {
    (void)context;
    return node != 1 ? INT64_MIN : arrival_ms > seconds(900) ? arrival_ms : seconds(900);
}

static double half_as_long_again(const void *context, int32_t leg) {
    (void)context;
    return leg == 1 ? 1.5 : 1;
}

START_TEST(times_of_a_move) {
    struct yard yard = over_a_block_post();
    struct move_request request = next_move(&yard, 0, seconds(100));
    ck_assert_int_eq(request.to, 2);
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    ck_assert_int_eq(yard.move.leg_count, 2);
    ck_assert_int_eq(yard.move.legs[0].start_ms, seconds(100));
    ck_assert_int_eq(yard.move.legs[0].end_ms, seconds(700));
    ck_assert_int_eq(yard.move.legs[1].end_ms, seconds(1300));
    ck_assert(!yard.move.legs[0].run->stop && yard.move.legs[1].run->stop);
    request.factor = half_as_long_again;
    request.leave = stops_until_900;
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    ck_assert(yard.move.legs[0].run->stop);
    ck_assert_int_eq(yard.move.legs[0].end_ms, seconds(900));
    ck_assert_int_eq(yard.move.legs[1].start_ms, seconds(900));
    ck_assert_int_eq(yard.move.legs[1].end_ms, seconds(1800));
    close_yard(&yard);
}
END_TEST

/* It waits where it stands for a time to pass on the way. */
START_TEST(a_timed_passage_on_the_way) {
    struct yard yard = over_a_block_post();
    struct move_request request = next_move(&yard, 0, seconds(400));
    request.earliest = passes_at_1000;
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_POSSIBLE);
    request.base_ms = seconds(100);
    ck_assert_int_eq(ask_for(&yard, &request), MOVE_LATER);
    ck_assert_int_eq(yard.move.start_ms, seconds(400));
    ck_assert_int_eq(yard.move.obstacle, OBSTACLE_TIMETABLE);
    close_yard(&yard);
}
END_TEST

/* The way back is open when both sections are: out at 1,200, released 1,260, crossed in E 1,290, route 1,310. A
 * follower finds the first section free at 660 + 20, and the second as long after. */
START_TEST(the_whole_way_is_held) {
    struct yard yard = over_a_block_post();
    grant(&yard, 0, 0);
    check_earliest(&yard, 1, seconds(1310), OBSTACLE_ROAD, 0);
    check_earliest(&yard, 2, seconds(680), OBSTACLE_ROAD, 0);
    close_yard(&yard);
}
END_TEST

/* ---- two tracks ---- */

static struct yard two_tracks(double headway_s, int32_t most) {
    struct scenario *scenario = one_section();
    struct section *section = &scenario->network.sections[0];
    section->tracks = 2;
    section->max_trains = most;
    section->block_m = 3000;
    section->headway_ms = headway_s < 0 ? -1 : seconds(headway_s);
    add_type(scenario, "fast", 400, 0, 0);
    build_train(scenario, "T0", "train", "W E", 0, -1, -1);
    build_train(scenario, "T1", "train", "W E", 0, -1, -1);
    build_train(scenario, "T2", "train", "E W", 0, -1, -1);
    build_train(scenario, "T3", "fast", "W E", 0, -1, -1);
    return open_yard(scenario);
}

/* Into the first block, until its holder goes on at 150: released at 210, and the route takes 20. */
START_TEST(from_block_to_block) {
    struct yard yard = two_tracks(-1, 0);
    grant(&yard, 0, 0);
    const int32_t place = yard.plan->layout->roads[0].place;
    ck_assert_int_eq(yard.line->commitments[0].track, yard.plan->layout->places[place].first_track);
    ck_assert_int_eq(ask(&yard, 1, seconds(1000)), MOVE_BLOCKED);
    ck_assert_int_eq(yard.move.blocked_place, place);
    ck_assert_int_eq(yard.move.blocking_train, 0);
    ck_assert_int_eq(ask(&yard, 2, 0), MOVE_POSSIBLE); /* the other way */
    grant(&yard, 0, seconds(150));
    check_earliest(&yard, 1, seconds(230), OBSTACLE_TRACK, 0);
    grant(&yard, 1, seconds(230));
    ck_assert_int_eq(ask(&yard, 1, seconds(380)), MOVE_BLOCKED); /* train 0 stands in the second */
    ck_assert_int_eq(yard.line->place_count[place], 2);
    close_yard(&yard);
}
END_TEST

/* One at a time, until train 0 is out of the last block at 600 and that released at 660. */
START_TEST(one_at_a_time_on_blocks) {
    struct yard yard = two_tracks(-1, 1);
    for (int32_t i = 0; i < 4; i++) {
        grant(&yard, 0, seconds(150 * i));
        ck_assert_int_eq(ask(&yard, 1, seconds(1000)), MOVE_BLOCKED);
    }
    grant(&yard, 0, seconds(600));
    ck_assert_int_eq(yard.line->commitments[0].node, 5);
    check_earliest(&yard, 1, seconds(680), OBSTACLE_TRACK, 0);
    close_yard(&yard);
}
END_TEST

/* Two at a time: the second as soon as there is a block, the third when the first is out, released at 660. */
START_TEST(two_at_a_time_on_blocks) {
    struct yard yard = two_tracks(-1, 2);
    grant(&yard, 0, 0);
    grant(&yard, 0, seconds(150));
    check_earliest(&yard, 1, seconds(230), OBSTACLE_TRACK, 0);
    grant(&yard, 1, seconds(230));
    for (int32_t i = 2; i < 5; i++) grant(&yard, 0, seconds(150 * i));
    grant(&yard, 1, seconds(380));
    check_earliest(&yard, 3, seconds(680), OBSTACLE_TRACK, 0);
    close_yard(&yard);
}
END_TEST

/* In the order of coming, 120 s apart at either end. Train 0 is at the far signal at 600 and goes in at once; train 3
 * comes 120 s behind it and is there at 520. */
START_TEST(in_a_queue) {
    struct yard yard = two_tracks(120, 0);
    grant(&yard, 0, 0);
    check_earliest(&yard, 3, seconds(120), OBSTACLE_ROAD, 0);
    grant(&yard, 3, seconds(120));
    ck_assert_int_eq(ask(&yard, 3, seconds(520)), MOVE_BLOCKED);
    ck_assert_int_eq(yard.move.blocking_train, 0);
    ck_assert_int_eq(yard.move.blocked_place, yard.plan->layout->roads[0].place);
    grant(&yard, 0, seconds(600));
    check_earliest(&yard, 3, seconds(720), OBSTACLE_ROAD, 0);
    close_yard(&yard);
}
END_TEST

/* At most one in the queue: the second is blocked until the first goes in. */
START_TEST(a_full_queue) {
    struct yard yard = two_tracks(0, 1);
    grant(&yard, 0, 0);
    ck_assert_int_eq(ask(&yard, 1, seconds(1000)), MOVE_BLOCKED);
    grant(&yard, 0, seconds(600));
    check_earliest(&yard, 1, seconds(600), OBSTACLE_ROAD, 0); /* most in the section: out at 600 */
    close_yard(&yard);
}
END_TEST

/* ---- where trains are committed ---- */

START_TEST(commitments) {
    struct yard yard = full_siding(false);
    struct interlocking *line = yard.line;
    ck_assert_int_eq(line->place_count[1], 2);
    ck_assert_int_eq(line->place_first[1], 0);
    ck_assert_int_eq(line->commitments[0].next, 1);
    ck_assert_int_eq(line->commitments[0].node, 1);
    ck_assert_int_eq(interlocking_next_place(line, &line->commitments[0]), 2);
    grant(&yard, 0, seconds(2000));
    ck_assert_int_eq(line->place_count[1], 1);
    ck_assert_int_eq(line->place_first[1], 1);
    ck_assert_int_eq(line->place_count[2], 0); /* it only comes to leave */
    ck_assert_int_eq(interlocking_next_place(line, &line->commitments[0]), -1);
    ck_assert_int_eq(line->complex_count, 0);
    interlocking_leave(line, 0, seconds(3000));
    ck_assert_int_eq(line->commitments[0].path, -1);
    line->commitments[2].plain = false;
    grant(&yard, 2, seconds(1500));
    ck_assert_int_eq(line->complex_count, 1);
    interlocking_leave(line, 2, seconds(3000));
    ck_assert_int_eq(line->complex_count, 0);
    ck_assert_int_eq(line->place_count[1], 1);
    close_yard(&yard);
}
END_TEST

/* A yard with a line of its own, equal to the other's; the rest is shared. */
static struct yard copy_of(const struct yard *yard) {
    struct yard copy = *yard;
    copy.line = interlocking_create(yard->plan->layout, (const struct path *const *)yard->plan->paths,
                                    yard->plan->path_count, &yard->plan->run_settings, 0);
    ck_assert_ptr_nonnull(copy.line);
    ck_assert(interlocking_reserve(copy.line, 200)); /* more slots than the original has */
    copy.line->commitments[150].path = 0;
    ck_assert(interlocking_copy(copy.line, yard->line));
    for (int32_t i = yard->line->train_count; i < 200; i++) ck_assert_int_eq(copy.line->commitments[i].path, -1);
    return copy;
}

/* A copy gives the same answers, and goes its own way. */
START_TEST(copies) {
    struct yard yard = full_siding(false), copy = copy_of(&yard);
    grant(&copy, 0, seconds(2000));
    check_earliest(&copy, 2, seconds(1400), OBSTACLE_TRACK, 0);
    ck_assert_int_eq(ask(&yard, 2, seconds(1400)), MOVE_BLOCKED);
    ck_assert(interlocking_copy(copy.line, yard.line));
    ck_assert_int_eq(ask(&copy, 2, seconds(1400)), MOVE_BLOCKED);
    interlocking_destroy(copy.line);
    close_yard(&yard);
}
END_TEST

/* Into S from either side, as above. In the copy train 1 comes at 820 to 860, so train 2 180 s after that. */
START_TEST(copies_of_arrivals) {
    struct yard yard = meeting_point(true), copy = copy_of(&yard);
    check_earliest(&copy, 1, seconds(220), OBSTACLE_ROAD, 0);
    grant(&copy, 1, seconds(220));
    check_earliest(&copy, 2, seconds(440), OBSTACLE_ROAD, 1);
    check_earliest(&yard, 2, seconds(100), OBSTACLE_ROAD, 0);
    interlocking_destroy(copy.line);
    close_yard(&yard);
}
END_TEST

/* In the copy train 0 runs through S and is out of the section at 600, not 640. */
START_TEST(copies_of_passages) {
    struct yard yard = meeting_point(false), copy = copy_of(&yard);
    run_through(&copy, 0, 0, 0);
    check_earliest(&copy, 2, seconds(680), OBSTACLE_ROAD, 0);
    check_earliest(&yard, 2, seconds(720), OBSTACLE_ROAD, 0);
    interlocking_destroy(copy.line);
    close_yard(&yard);
}
END_TEST

/* Hundreds of trains at once, each a minute behind the one before, and none forgotten too early. */
START_TEST(many_at_once) {
    enum { TRAINS = 300 };
    struct scenario *scenario = one_section();
    scenario->network.sections[0].headway_ms = 60000;
    build_train(scenario, "T", "train", "W E", 0, -1, -1);
    build_train(scenario, "back", "train", "E W", 0, -1, -1);
    struct yard yard = open_yard(scenario);
    ck_assert(interlocking_reserve(yard.line, TRAINS + 1));
    for (int32_t i = 0; i < TRAINS; i++) {
        struct move_request request = next_move(&yard, 0, seconds(60 * i));
        request.train = i;
        request.train_id = 1000 + i;
        request.entering = true;
        request.from = 0;
        request.to = 1;
        request.now_ms = 0; /* all planned at once */
        yard.line->commitments[i] = (struct commitment){.path = -1, .track = -1, .onward_path = -1, .plain = true};
        grant_it(&yard, &request);
    }
    struct move_request back = next_move(&yard, 1, seconds(60 * (TRAINS - 1) + 710));
    back.train = TRAINS;
    back.path = yard.plan->trips[1].path;
    back.entering = true;
    back.from = 0;
    back.to = 1;
    ck_assert_int_eq(ask_for(&yard, &back), MOVE_POSSIBLE);
    back.base_ms = back.now_ms = 0;
    ck_assert_int_eq(ask_for(&yard, &back), MOVE_LATER);
    ck_assert_int_eq(yard.move.start_ms, seconds(60 * (TRAINS - 1) + 710));
    ck_assert_int_eq(yard.move.blocking_train, TRAINS - 1);
    close_yard(&yard);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("interlocking");
    TCase *cases = tcase_create("interlocking");
    const TTest *const tests[] = {the_third_of_two,
                                  a_purge_counts_from_the_last,
                                  a_section_that_was_empty,
                                  between_possessions,
                                  a_possession_keeps_out_whom_it_would_catch,
                                  no_track_to_go_to,
                                  the_track_of_one_that_leaves,
                                  the_track_that_is_free_first,
                                  the_track_of_one_that_has_arrived,
                                  a_track_to_come_in_over,
                                  a_track_that_is_anothers_by_now,
                                  a_binding_track,
                                  arrivals_keep_their_interval,
                                  one_that_runs_through_is_past,
                                  intervals_are_two_sided,
                                  a_running_train_gets_its_route_or_not,
                                  times_of_a_move,
                                  a_timed_passage_on_the_way,
                                  the_whole_way_is_held,
                                  from_block_to_block,
                                  one_at_a_time_on_blocks,
                                  two_at_a_time_on_blocks,
                                  in_a_queue,
                                  a_full_queue,
                                  commitments,
                                  copies,
                                  copies_of_arrivals,
                                  copies_of_passages,
                                  many_at_once};
    tcase_add_loop_test(cases, two_on_one_section, 0, (int)(sizeof PAIRS / sizeof *PAIRS));
    tcase_add_loop_test(cases, the_best_track, 0, (int)(sizeof CHOICES / sizeof *CHOICES));
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
