/* The least mean separation over all orders of a mix at one pinch: the linear program described in theoretical.h. */
#ifndef BERING_STUDY_LEAST_MEAN_H
#define BERING_STUDY_LEAST_MEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "study/separation.h"

struct least_mean {
    double minutes; /* a train of the whole mix; NAN: no order keeps the conditions */
    double parts_min[SEPARATION_PART_COUNT];
};

/* Over the trains of the directions (DIRECTION_…_BITs) at the pinch. `turns`: at least so many pairs, as a share of all
 * trains of the mix, go forward and then backward; 0: any number. False when out of memory. */
bool least_mean_find(const struct demand *demand, const struct pinch *pinch, unsigned directions, double turns,
                     struct least_mean *mean);

/* The share of the mix that runs over the pinch in a direction. */
double least_mean_share(const struct demand *demand, const struct pinch *pinch, int32_t direction);

/* The time a train of the mix is inside at least, on average. */
double least_mean_inside_min(const struct demand *demand, const struct pinch *pinch);

#endif
