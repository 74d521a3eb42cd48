/* What the trains can carry on each hop of the containers' journeys, beside what is offered: averages over the week,
 * for checks and for people, not for the simulation. */
#ifndef BERING_FREIGHT_HOP_SUPPLY_H
#define BERING_FREIGHT_HOP_SUPPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "freight/journey.h"

struct hop_supply {
    double trains_per_day; /* that serve the hop */
    double teu_per_day;    /* room on them, empty at its start */
    double largest_teu;    /* room on the largest of them */
    int32_t plan;          /* one of them: the first in the schedule; −1: none */
    /* TEU offered over room, where that is highest between its stations: of all flows that ride on its trains, each
     * shared out over the trains of its hops in proportion to their room. Empties that return are left out. Over 1: not
     * all that is offered can be carried. INFINITY: something is offered and there is no room. */
    double load;
};

/* Fills supplies[0 … journeys->hop_count − 1]. False: out of memory. */
bool hop_supplies(const struct journey_input *input, const struct journeys *journeys, struct hop_supply *supplies);

#endif
