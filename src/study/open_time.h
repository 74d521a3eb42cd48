/* How much of the time possessions leave to a line track. */
#ifndef BERING_STUDY_OPEN_TIME_H
#define BERING_STUDY_OPEN_TIME_H

#include <stdint.h>

#include "railway/network.h"

/* The share of the week in which trains of at least one of these directions (DIRECTION_…_BITs, at least one) may be on
 * a road (of the layout: 2 · section, + 1 for the backward road of a two-track section). NAN when out of memory. */
double open_share_of_week(const struct network *network, int32_t road, unsigned directions);

#endif
