/* The least time between two trains, one after the other over the same piece of line, for every ordered pair of the
 * kinds of trains that a demand has: what every bound on a line's capacity is made of.
 *
 * A *pinch* is a piece that trains enter one after the other: a single-track section, for both directions; the road of
 * a two-track section; where that is run from block to block, each block of it. The time between two trains is that
 * between their heads coming in.
 *
 * What is taken to be possible is what makes the time least:
 * - A train is followed at the earliest that the interlocking allows on a line that is otherwise empty (bare_line.h).
 *   It is asked itself, with the trains' real motion; nothing here knows of blocks, headways, release, purge or
 * crossing intervals but to say what a time consists of.
 * - Whether a train enters from rest or running is not chosen for each pair, since it is the second of one pair and the
 *   first of the next: a state is a class with one of the two. Within a state the first train is as fast as it can be
 *   and the second one comes in whatever way lets it come soonest.
 * - A train leaves the piece running wherever it does not have to stop there.
 * - One that runs into single line from a station keeps that station's arrival interval from the one that has just
 *   arrived there out of it. This is why it can be better that both start from rest (scheme 2 of F2, formulas.h). */
#ifndef BERING_STUDY_SEPARATION_H
#define BERING_STUDY_SEPARATION_H

#include <stdbool.h>
#include <stdint.h>

#include "study/demand.h"

/* What a time on the line goes into. */
enum separation_part {
    PART_RUNNING,  /* until the first train is out of the way */
    PART_HEADWAY,  /* while both run one behind the other */
    PART_INTERVAL, /* release, crossing and arrival intervals, route setting, braking distance */
    PART_PURGE,    /* ventilation */
    SEPARATION_PART_COUNT,
};

struct separation {
    double least_min;                        /* INFINITY: the second never follows the first */
    double parts_min[SEPARATION_PART_COUNT]; /* they add up to it; 0 where it is infinite */
};

struct separation_state {
    int32_t class_index; /* of the demand */
    int32_t direction;   /* along the section: enum direction */
    bool from_rest;
    double inside_min; /* least time from its head in until its tail is out; for the first block of a two-track section
                          until it is out of the last */
};

struct pinch {
    int32_t section;
    int32_t line_track; /* 0: single track, both directions; 1, 2: the road of a two-track section */
    int32_t block;      /* from 0, in the order run; −1: the whole section or road */
    int32_t from, to;   /* stations: ends of the moves over it, the crossing stations of its stretch; in the order in
                           which   trains that go forward (demand_class.direction) come to them. Where the classes' moves
                           differ,   those of the section */
    struct separation_state *states;
    int32_t state_count;
    struct separation *separations; /* [first × state_count + second] */
    int32_t most_inside;            /* at most so many trains at once; 0: as many as there is room for */
    /* for trains of either direction; forward; backward, along the section */
    double open_share[3];      /* of the time, that possessions leave */
    double windows_per_day[3]; /* in how many pieces, on average; 0 where there are none */
    int32_t waiting_tracks; /* half the tracks (rounded down) of the crossing stations at either end, the smaller half,
                               where trains of both directions come over single line: how long fleets can be, see
                               docs/model.md, "Who goes first"; INT32_MAX: nothing limits them */
};

struct separations {
    struct pinch
        *pinches; /* in the order of the sections; those that no train of the demand comes over are not there */
    int32_t pinch_count;
};

/* False when out of memory, or a train of the demand cannot run its route. */
bool separations_find(const struct demand *demand, struct separations *separations, struct failure *failure);
void separations_free(struct separations *separations); /* leaves it empty */

static inline const struct separation *separation_of(const struct pinch *pinch, int32_t first, int32_t second) {
    return &pinch->separations[(int64_t)first * pinch->state_count + second];
}

#endif
