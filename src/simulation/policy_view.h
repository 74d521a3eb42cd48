/* The simulation as a dispatch policy sees it. For the modules of this room only. */
#ifndef BERING_SIMULATION_POLICY_VIEW_H
#define BERING_SIMULATION_POLICY_VIEW_H

#include "simulation/state.h"

bool policy_view_permitted(const void *context, int32_t slot);
/* The first train committed to the request's target that goes on the same way from there; −1: none. */
int32_t policy_view_same_way_ahead(const struct simulation *simulation, const struct dispatch_request *request);
struct dispatch_view policy_view_of(const struct simulation *simulation);

#endif
