/* The end of a run: what is told of trains still under way and of places. For the modules of this room only. */
#ifndef BERING_SIMULATION_ENDING_H
#define BERING_SIMULATION_ENDING_H

#include "simulation/state.h"

/* Tells the observer everything that has not been told. */
void ending_tell(struct simulation *simulation);

#endif
