/* The simulation as a dispatch policy sees it. For the modules of this room only. */
#ifndef BERING_SIMULATION_POLICY_VIEW_H
#define BERING_SIMULATION_POLICY_VIEW_H

#include "simulation/state.h"

int64_t policy_view_own_turn_since(const struct simulation *simulation, const struct train *train);
int64_t policy_view_since(const struct simulation *simulation, const struct train *train);
struct dispatch_request policy_view_request(const struct simulation *simulation, int32_t slot);
bool policy_view_permitted(const void *context, int32_t slot);
struct dispatch_view policy_view_of(const struct simulation *simulation);

#endif
