/* How each flow's containers travel: from terminal to terminal by trains that call at both, changing trains where no
 * train goes all the way. Found once for a scenario, read-only while simulations run.
 *
 * A journey has the fewest changes; of several such, the least time on the trains (planned times of timetables, else
 * kilometres at the type's greatest speed), then the first in the order of the stations' rows. Only plans that carry
 * containers count: those whose train type has capacity_teu > 0 and that are not `saturated`, nor the return of such a
 * service (an endless queue of trains measures the line and carries nothing). Containers change trains only at stations
 * with a row in terminals.csv. */
#ifndef BERING_FREIGHT_JOURNEY_H
#define BERING_FREIGHT_JOURNEY_H

#include <stdbool.h>
#include <stdint.h>

#include "freight/flow.h"
#include "railway/network.h"
#include "railway/timetable.h"
#include "railway/train_type.h"

/* Part of a journey on one train. */
struct hop {
    int32_t flow;
    int32_t from, to;  /* stations */
    int32_t remaining; /* hops after this one; 0: `to` is the destination */
};

/* A hop that a plan serves: its containers board at one of its calls and leave at a later one. */
struct boarding {
    int32_t hop;
    int32_t from_call, to_call; /* of the plan's calls */
};

struct journeys {
    struct hop *hops; /* grouped by flow, in the order travelled */
    int32_t hop_count;
    int32_t *first_hop; /* [flow]; −1: no trains go that way. And [flow_count] = hop_count */
    struct boarding *boardings; /* grouped by plan, ascending from_call, then hop */
    int32_t boarding_count;
    int32_t *first_boarding; /* [plan], and [plan_count] = boarding_count */
};

/* What the trains are: arrays by index, belonging to the caller and outliving nothing here. */
struct journey_input {
    const struct traffic *traffic;
    const struct network *network;
    const struct timetable *timetable;
    const struct train_type *train_types;
};

/* False: out of memory. A flow that no trains carry has first_hop −1; whoever reads the scenario reports it. */
bool journeys_find(const struct journey_input *input, struct journeys *journeys);
void journeys_free(struct journeys *journeys);

/* Whether a plan's trains carry containers at all. */
bool journeys_carries(const struct journey_input *input, int32_t plan);

/* The call at a station where trains of a plan stop; −1: they do not. */
int32_t journeys_stop_at(const struct train_plan *plan, int32_t station);

/* Whether some plan carries containers from one station to the other without a change. */
bool journeys_direct(const struct journey_input *input, int32_t from, int32_t to);

#endif
