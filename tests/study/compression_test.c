/* Timetables pushed together: blocking times worked out by hand. */
#include "study/compression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "one_section.h"
#include "study/formulas.h"

enum { MINUTE_MS = 60000, EAST = 0, WEST = 1 };

/* W – S1 – E, 20 and 30 min, 4 min between trains that meet; one after the other 5 min apart. */
static struct scenario *two_sections(char east[256], char west[256]) {
    static const double KM[] = {100.0 / 3, 50};
    struct scenario *scenario = build_straight(KM, 2, 2, 5, 4, east, west);
    scenario->settings.repeat_once = false;
    scenario->settings.warmup_ms = MILLISECONDS_PER_DAY;
    return scenario;
}

static struct compression compress(const struct studied *studied) {
    struct compression compression;
    struct failure failure;
    ck_assert_msg(compression_find(studied->plan, &studied->demand, NULL, &compression, &failure), "%s", failure.text);
    return compression;
}

static void near(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-6 * fmax(1, fabs(expected)), "%.9g, expected %.9g", value, expected);
}

static void add_train(struct scenario *scenario, const char *id, const char *way, double hour) {
    build_train(scenario, id, "train", way, 3600 * hour, -1, -1);
}

/* Turn about, far apart: each pair meets nowhere, and pushed together takes 2 × (30 + 4) min on the second section. */
START_TEST(trains_that_alternate) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "w1", west, 4);
    add_train(scenario, "e2", east, 7);
    add_train(scenario, "w2", west, 10);
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    ck_assert(compression.applies);
    ck_assert_int_eq(compression.section_count, 2);
    ck_assert_int_eq(compression.limiting, 1);
    for (int32_t i = 0; i < 2; i++) {
        const struct compressed_section *section = &compression.sections[i];
        ck_assert_int_eq(section->section, i);
        ck_assert_int_eq(section->trains, 4);
        near(section->open_min, 1440);
        near(section->occupied_min, 4 * (i == 0 ? 24 : 34));
        near(section->occupancy, section->occupied_min / 1440);
        near(section->trains_per_day, trains_per_day_at_ceiling(4, section->occupied_min, 0.6));
    }
    near(compression.occupancy, 136.0 / 1440);
    near(compression.trains_per_day, 0.6 * 1440 / 34);
    near(compression.forward_per_day, 0.3 * 1440 / 34);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

/* Two and two: a headway, a turn, a headway, a turn. */
START_TEST(trains_in_fleets) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "e2", east, 2);
    add_train(scenario, "w1", west, 7);
    add_train(scenario, "w2", west, 10);
    scenario->settings.horizon_ms = 5 * MILLISECONDS_PER_DAY;
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    near(compression.sections[1].occupied_min, 5 * (5 + 34 + 5 + 34));
    near(compression.sections[0].occupied_min, 5 * (5 + 24 + 5 + 24));
    near(compression.sections[1].open_min, 5 * 1440);
    near(compression.occupancy, 78.0 / 1440);
    near(compression.trains_per_day, 4 * 0.6 * 1440 / 78);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

/* Two blocks of 10 and 15 min each, no length, no braking distance to speak of: a follower comes a block behind, and
 * waits for its release; that of the slow block decides. */
START_TEST(blocks) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    for (int32_t i = 0; i < 2; i++) {
        scenario->network.sections[i].headway_ms = -1;
        scenario->network.sections[i].block_m = scenario->network.sections[i].length_m / 2;
    }
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "e2", east, 2);
    add_train(scenario, "w1", west, 7);
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    /* e1 e2: 15 + 4; e2 w1: 30 + 4; w1 e1: 30 + 4 */
    near(compression.sections[1].occupied_min, 19 + 34 + 34);
    near(compression.sections[0].occupied_min, 14 + 24 + 24);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

/* What possessions leave is what is filled; a train that is kept by one still counts once. */
START_TEST(possessions_leave_less) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "w1", west, 7);
    scenario->network.possessions = malloc(sizeof *scenario->network.possessions);
    ck_assert_ptr_nonnull(scenario->network.possessions);
    scenario->network.possessions[0] = (struct possession){.section = 1,
                                                           .directions = DIRECTION_BOTH_BITS,
                                                           .weekdays = 127,
                                                           .from_ms = 12 * 60 * (int64_t)MINUTE_MS,
                                                           .to_ms = 18 * 60 * (int64_t)MINUTE_MS};
    scenario->network.possession_count = 1;
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    near(compression.sections[0].open_min, 1440);
    near(compression.sections[1].open_min, 1080);
    near(compression.sections[1].occupancy, 68.0 / 1080);
    near(compression.trains_per_day, 2 * 0.6 * 1080 / 68);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

/* With two tracks each road is a piece of its own, in one direction. */
START_TEST(two_tracks) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    scenario->network.sections[1].tracks = 2;
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "e2", east, 2);
    add_train(scenario, "w1", west, 7);
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    ck_assert_int_eq(compression.section_count, 3);
    ck_assert_int_eq(compression.limiting, 0);
    near(compression.sections[0].occupied_min, 5 + 24 + 24);
    for (int32_t track = 1; track <= 2; track++) {
        ck_assert_int_eq(compression.sections[track].section, 1);
        ck_assert_int_eq(compression.sections[track].line_track, track);
        near(compression.sections[track].occupied_min, track == 1 ? 10 : 5);
        ck_assert_int_eq(compression.sections[track].trains, 3 - track);
    }
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

/* A schedule that runs once has a window as long as it runs, whatever the horizon would have been: here nearly two
 * days. */
START_TEST(a_schedule_that_runs_once) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    scenario->settings.repeat_once = true;
    scenario->settings.warmup_ms = 0;
    add_train(scenario, "e1", east, 1);
    add_train(scenario, "w1", west, 47);
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    ck_assert_msg(compression.applies, "%s", compression.reason);
    ck_assert_int_eq(compression.sections[1].trains, 2);
    near(compression.sections[1].open_min, 47 * 60 + 50);
    near(compression.trains_per_day, 0.6 * 1440 / 34);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

START_TEST(no_train_in_the_window) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    scenario->settings.start_weekday = 0;
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 7200)->weekdays = 1u << 5;
    struct studied studied = studied_of(scenario);
    struct compression compression = compress(&studied);
    ck_assert(!compression.applies && isnan(compression.trains_per_day) && isnan(compression.occupancy));
    ck_assert_str_eq(compression.reason, "no train ran in the window");
    ck_assert_int_eq(compression.limiting, -1);
    compression_free(&compression);
    studied_free(&studied);
}
END_TEST

START_TEST(it_stops_when_it_is_told_to) {
    char east[256], west[256];
    struct scenario *scenario = two_sections(east, west);
    scenario->settings.horizon_ms = 1000 * MILLISECONDS_PER_DAY;
    add_train(scenario, "e1", east, 1);
    struct studied studied = studied_of(scenario);
    struct compression compression;
    struct failure failure;
    const atomic_bool stop = true;
    ck_assert(!compression_find(studied.plan, &studied.demand, &stop, &compression, &failure));
    ck_assert_str_eq(failure.text, "interrupted");
    studied_free(&studied);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {trains_that_alternate,
                                  trains_in_fleets,
                                  blocks,
                                  possessions_leave_less,
                                  two_tracks,
                                  a_schedule_that_runs_once,
                                  no_train_in_the_window,
                                  it_stops_when_it_is_told_to};
    return run_suite("compression", tests, sizeof tests / sizeof *tests);
}
