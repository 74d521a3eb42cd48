/* Railways small enough to try every order of moves on: a few stations, up to six trains. They are described here in
 * their own words, for the tests of the deadlock rule; scenarios for the library are made from them. */
#ifndef BERING_TESTS_RAILWAY_SMALL_RAILWAY_H
#define BERING_TESTS_RAILWAY_SMALL_RAILWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "engine/stream.h"
#include "scenario/scenario.h"

enum { SMALL_STATIONS = 7, SMALL_TRACKS = 3, SMALL_SECTIONS = 8, SMALL_TRAINS = 6, SMALL_TRIPS = 3 };

/* How a section is run. */
enum manner {
    MANNER_SINGLE, /* one track for both ways */
    MANNER_ONE_GO, /* two tracks, with a purge: run in one go */
    MANNER_BLOCKS, /* two tracks, from block to block */
    MANNER_QUEUE,  /* two tracks with a headway: trains line up before the far station */
};

struct small_station {
    int32_t tracks;                 /* 0: no limit */
    int32_t length_m[SMALL_TRACKS]; /* 0: any train */
};

struct small_section {
    int32_t from, to;
    enum manner manner;
    int32_t blocks; /* MANNER_BLOCKS */
    int32_t most;   /* on each track of it; 0: no limit */
};

/* A way through neighbouring stations, and the tracks that are prescribed there (−1: any). */
struct small_trip {
    int32_t count, way[SMALL_STATIONS], track[SMALL_STATIONS];
};

/* A train with the trips it runs one after the other, turning round where one ends. */
struct small_train {
    int32_t length_m;
    int32_t trip_count;
    struct small_trip trips[SMALL_TRIPS];
    bool stands; /* on a track of its first station; else it waits outside */
    int32_t stands_on;
};

struct small_railway {
    int32_t station_count, section_count, train_count;
    struct small_station stations[SMALL_STATIONS];
    struct small_section sections[SMALL_SECTIONS];
    struct small_train trains[SMALL_TRAINS];
};

int32_t small_section_between(const struct small_railway *railway, int32_t a, int32_t b); /* −1: none */
bool small_fits(const struct small_railway *railway, int32_t train, int32_t station, int32_t track);

/* For chance in tests: the same numbers everywhere. */
struct dice {
    struct stream stream;
    uint64_t entity, draw;
};
int32_t roll(struct dice *dice, int32_t faces); /* 0 … faces − 1 */

/* What a random railway may have in it. */
struct small_traits {
    bool two_tracks; /* sections with two tracks, half of them all */
    bool only;       /* these all run the way `manner` says */
    enum manner manner;
    bool meets;      /* a line of sidings with two tracks or three; trains run from end to end, both ways */
    bool crowded;    /* most trains stand somewhere from the beginning */
    bool turning;    /* trains with more than one trip */
    bool lengths;    /* tracks that some trains do not fit */
    bool bound;      /* prescribed tracks */
    bool in_the_way; /* trains that begin where they stand in the way of others */
};

struct small_railway small_random(struct dice *dice, const struct small_traits *traits);

/* The railway as a scenario: station i is N<i>, the plans are the trips in order; all sections take 10 minutes. Freed
 * by build_free. */
struct scenario *small_scenario(const struct small_railway *railway);

void small_describe(const struct small_railway *railway, FILE *file);

#endif
