/* Requests tried in the order of the policy, within what interlocking and deadlock rule allow. For the modules of this
 * room only. */
#ifndef BERING_SIMULATION_DISPATCHING_H
#define BERING_SIMULATION_DISPATCHING_H

#include "simulation/state.h"

/* Tries one request; with `force`, whatever the policy says. True if it was granted. */
bool dispatching_try(struct simulation *simulation, int32_t slot, bool force);

/* Takes the first, by the policy's order, of the requests to be tried. */
int32_t dispatching_take_first(struct simulation *simulation);

/* Tries all that are awake, and lets running trains that were refused brake. */
void dispatching_run(struct simulation *simulation);

#endif
