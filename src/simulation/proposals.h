/* The move a train asks for, as interlocking and deadlock rule see it. For the modules of this room only. */
#ifndef BERING_SIMULATION_PROPOSALS_H
#define BERING_SIMULATION_PROPOSALS_H

#include "simulation/draws.h"
#include "simulation/state.h"

/* For struct deadlock_bindings; context: the simulation. */
int32_t proposals_binding_track(const void *context, int32_t slot, int32_t node);
/* For deadlock_know_trainsets; context: the simulation. */
int32_t proposals_later_path(const void *context, int32_t slot, int32_t later);

int32_t proposals_onward_path(const struct simulation *simulation, const struct train *train);
/* The run of the leg it is on if it does not stop at the end of it; NULL: out of memory. */
const struct leg_run *proposals_through_run(const struct simulation *simulation, const struct train *train);

/* `context` must live as long as the request. */
void proposals_fill(const struct simulation *simulation, int32_t slot, const struct move_context *context,
                    struct move_request *request);

/* Would the state after the move be safe (and proved so)? *counted becomes the move as the deadlock rule counts it. */
bool proposals_is_safe(struct simulation *simulation, const struct move_request *request, int32_t track,
                       struct deadlock_move *counted);

#endif
