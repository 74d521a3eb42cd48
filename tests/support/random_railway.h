/* Railways by lot, written as a user would write them: CSV files, in memory only, from which a scenario is read as from
 * a folder. The same seed gives the same files.
 *
 * Every railway can be run, and a run of it that starts can go on to its end: trains only stop where they fit, no
 * possession leaves too little time for a stretch, no train is too weak for its line, and trains that stand somewhere
 * from the beginning stand so that nobody is in another's way for ever:
 *   - where any number of trains may stand, or
 *   - one at each of some stations with two or more tracks, all of which fit every train, nobody being bound to a
 *     track: no station is full then, so every train can go on to a free track, or
 *   - one train alone, wherever it is: everybody else comes in by a move of its own. */
#ifndef BERING_TESTS_RANDOM_RAILWAY_H
#define BERING_TESTS_RANDOM_RAILWAY_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"

/* What a railway has or has not: counted by tests, so that none passes by testing nothing. */
enum railway_feature {
    RAILWAY_LINE,
    RAILWAY_TREE,
    RAILWAY_RING,
    RAILWAY_TWO_TRACKS,
    RAILWAY_BLOCK_POST,
    RAILWAY_LIMITED_TERMINAL,
    RAILWAY_SHORT_TRACKS, /* too short for some of its train types */
    RAILWAY_TURNOUT_SPEEDS,
    RAILWAY_OPTIONS,
    RAILWAY_OVERRIDES,
    RAILWAY_FIXED_TIMES,
    RAILWAY_PHYSICS,
    RAILWAY_ALIGNMENT,
    RAILWAY_GAUGES,
    RAILWAY_CLEARANCE,
    RAILWAY_BLOCKS,
    RAILWAY_MOVING_BLOCK,
    RAILWAY_HEADWAY,
    RAILWAY_RELEASE,
    RAILWAY_CROSSING_INTERVAL,
    RAILWAY_ARRIVAL_INTERVAL,
    RAILWAY_PURGE,
    RAILWAY_PURGE_ONE_WAY,
    RAILWAY_MAX_TRAINS,
    RAILWAY_POSSESSION,
    RAILWAY_CLEAR_BY_LENGTH,
    RAILWAY_TIMETABLE,
    RAILWAY_STOPS,
    RAILWAY_STOP_ON_SINGLE_LINE, /* at a station of one track */
    RAILWAY_TIMED_PASS,
    RAILWAY_BINDING_TRACK,
    RAILWAY_ENTRY_DELAY,
    RAILWAY_DWELL_LAW,
    RAILWAY_STANDING,
    RAILWAY_SERVICES,
    RAILWAY_REGULAR,
    RAILWAY_POISSON,
    RAILWAY_SATURATED,
    RAILWAY_RETURN,
    RAILWAY_WEEKDAYS,
    RAILWAY_SEVERAL_SCHEDULES,
    RAILWAY_RUNNING_FACTOR,
    RAILWAY_DAILY,
    RAILWAY_ONCE,
    RAILWAY_WARMUP,
    RAILWAY_FLEET_WINDOW,
    RAILWAY_FLOWS,
    RAILWAY_CHANGES, /* of trains, by containers */
    RAILWAY_BATCHES,
    RAILWAY_FORTIES, /* 40-foot containers */
    RAILWAY_SEASONS,
    RAILWAY_EMPTIES,
    RAILWAY_LOAD_DEPENDENT, /* mass or length follow the load */
    RAILWAY_CRANES,
    RAILWAY_SHIFTS,
    RAILWAY_SMALL_YARD, /* where a flow begins */
    RAILWAY_HOLD,       /* for a full load, where a flow begins */
    RAILWAY_PICKUP,
    RAILWAY_TRANSSHIPMENT,
    RAILWAY_BOGIE_EXCHANGE,
    RAILWAY_PRICES,
    RAILWAY_FEATURE_COUNT
};
const char *railway_feature_name(enum railway_feature feature);

enum { RAILWAY_FILES = 16, RAILWAY_OVERRIDES_MOST = 4, RAILWAY_TEXT = 64 };

struct random_railway {
    uint64_t seed;
    struct input_file files[RAILWAY_FILES];
    int32_t file_count;
    const char *schedules[2]; /* none: the scenario names its own */
    int32_t schedule_count;
    const char *options[2]; /* to be built */
    int32_t option_count;
    const char *variant; /* NULL: none */
    char override_texts[RAILWAY_OVERRIDES_MOST][RAILWAY_TEXT];
    const char *overrides[RAILWAY_OVERRIDES_MOST];
    int32_t override_count;
    bool has[RAILWAY_FEATURE_COUNT];
    bool everybody_arrives; /* the run goes on until every train of its schedule has ended */
};

/* Ends the process when out of memory. */
struct random_railway *random_railway_make(uint64_t seed);
void random_railway_free(struct random_railway *railway); /* NULL is allowed */

/* NULL if something is wrong with it, as the diagnostics then say. */
struct scenario *random_railway_read(const struct random_railway *railway, struct diagnostics *diagnostics);

/* Writes the files into a folder, made if need be, and prints the command that runs them; for looking at a railway
 * that breaks a test. False where that fails. */
bool random_railway_write(const struct random_railway *railway, const char *folder);

#endif
