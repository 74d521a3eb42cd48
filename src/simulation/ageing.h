/* Nobody waits for ever, whatever the policy: what a train gains by waiting. For the modules of this room only. */
#ifndef BERING_SIMULATION_AGEING_H
#define BERING_SIMULATION_AGEING_H

#include "simulation/state.h"

/* Has it waited so long that no policy may hold it, and that it goes before all that have not? */
bool ageing_is_aged(const struct simulation *simulation, int32_t slot);

/* The order of requests: the aged as by first come, then the others by the policy's order. */
bool ageing_goes_before(const struct simulation *simulation, int32_t a_slot, int32_t b_slot);

/* The slot of a train that has waited so long that the request has to wait for it, whatever interlocking and policy
 * say; −1: none. *until_ms: when to ask again at the latest; INT64_MAX: when something changes. */
int32_t ageing_rival(struct simulation *simulation, const struct dispatch_view *view,
                     const struct dispatch_request *request, int64_t *until_ms);

/* The request is to be granted: notes whom it passes. */
void ageing_note_passed(struct simulation *simulation, const struct dispatch_request *request);

/* Has it waited so long that it may have kept others from entering? Once it has gone, they are to ask again. */
bool ageing_keeps_out(const struct simulation *simulation, int32_t slot);
void ageing_let_in(struct simulation *simulation);

#endif
