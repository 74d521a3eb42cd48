/* The compressed answer to "how many trains a day": UIC code 406. The trains that ran over each piece of line, in the
 * order in which they ran, are pushed together until nothing lies between them but what interlocking needs; the share
 * of the open time that they then take is the occupancy, and at the recommended ceiling (formulas.h, F12) the piece
 * would carry so many trains.
 *
 * The order is that of one simulated replication of the scenario as it is: its timetable, its policy, its measured
 * window, cyclic. The time between two trains is the least separation of their classes (separation.h), each in the way
 * it came, from rest or running. Where the line is cut into pieces decides the answer, so all of them are listed: each
 * single-track section, each road of a two-track section, or each of its blocks.
 *
 * Source: UIC code 406, Capacity, 1st edition 2004. */
#ifndef BERING_STUDY_COMPRESSION_H
#define BERING_STUDY_COMPRESSION_H

#include <stdatomic.h>

#include "study/demand.h"
#include "study/separation.h"

struct compressed_section {
    int32_t section;               /* of the network */
    int32_t line_track;            /* 0: single track, both directions; 1, 2: the road of a two-track section */
    int32_t trains;                /* in the window */
    double occupied_min, open_min; /* in the window: compressed, and left by possessions */
    double occupancy;              /* their quotient */
    double trains_per_day;         /* of the whole mix, at the ceiling */
};

struct compression {
    bool applies;
    char reason[160]; /* why not; "" where it does */
    double ceiling;   /* 0.6: mixed traffic, over the day */
    double
        trains_per_day; /* both directions, at the ceiling, as the fullest piece allows; NAN where it does not apply */
    double forward_per_day, backward_per_day, teu_per_day;
    double occupancy;                    /* of the fullest piece */
    int32_t limiting;                    /* its index; −1: none */
    struct compressed_section *sections; /* in the order of the network */
    int32_t section_count;
};

/* `plan` is that of the demand's scenario. False when memory is short or *stop (may be NULL) became true. */
bool compression_find(const struct simulation_plan *plan, const struct demand *demand, const atomic_bool *stop,
                      struct compression *compression, struct failure *failure);
void compression_free(struct compression *compression); /* leaves it empty */

#endif
