/* The simulation as a dispatch policy sees it. For the modules of this room only. */
#ifndef BERING_SIMULATION_POLICY_VIEW_H
#define BERING_SIMULATION_POLICY_VIEW_H

#include "simulation/state.h"

bool policy_view_permitted(const void *context, int32_t slot);
struct dispatch_view policy_view_of(const struct simulation *simulation);

#endif
