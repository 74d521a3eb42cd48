/* How much of the time possessions leave to a line track. */
#ifndef BERING_STUDY_OPEN_TIME_H
#define BERING_STUDY_OPEN_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/network.h"

struct open_time {
    double share;           /* of the week; 1 where nothing closes it */
    double windows_per_day; /* in how many pieces it is, on average; 0 where nothing closes it */
};

/* When trains of at least one of these directions (DIRECTION_…_BITs, at least one) may be on a road (of the layout:
 * 2 · section, + 1 for the backward road of a two-track section), every week the same. False when out of memory. */
bool open_time_find(const struct network *network, int32_t road, unsigned directions, struct open_time *open);

#endif
