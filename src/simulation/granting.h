/* A granted move: what it does to line, journal and clock. For the modules of this room only. */
#ifndef BERING_SIMULATION_GRANTING_H
#define BERING_SIMULATION_GRANTING_H

#include "simulation/state.h"

/* An event of movement. */
void granting_push_event(struct simulation *simulation, int64_t time_ms, enum event_kind kind, int32_t slot);

/* Makes the move in simulation->move real; `counted`: as the deadlock rule tested it. */
void granting_grant(struct simulation *simulation, int32_t slot, const struct move_request *request,
                    const struct deadlock_move *counted);

#endif
