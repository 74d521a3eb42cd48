/* Requests that wait: which roads they want (so that a policy sees its rivals), and what would wake them. For the
 * modules of this room only. */
#ifndef BERING_SIMULATION_REQUESTS_H
#define BERING_SIMULATION_REQUESTS_H

#include "simulation/state.h"

/* The train asks for its next move, from now on: its wishes stand on the lists of the roads it wants, and it is tried
 * at this instant. */
void requests_ask(struct simulation *simulation, int32_t slot);
/* It asks no longer. */
void requests_remove(struct simulation *simulation, int32_t slot);

/* Puts a request among those to be tried at this instant. */
void requests_wake(struct simulation *simulation, int32_t slot);

/* Lets a refused request sleep until what it lacks may be there. */
void requests_sleep(struct simulation *simulation, int32_t slot, enum sleep sleep, int32_t place, int64_t until_ms);

/* A train has been let onto a road: those a policy held for it may follow. */
void requests_wake_held(struct simulation *simulation, int32_t road);
/* A road will be clear sooner than it seemed. */
void requests_wake_road(struct simulation *simulation, int32_t road);
/* A train at this place was granted its onward move: its track will be free. */
void requests_wake_place(struct simulation *simulation, int32_t place);
/* A train committed to this place has been granted its onward move: what was unsafe may be safe now. */
void requests_wake_unsafe(struct simulation *simulation, int32_t place);

/* Services that are always ready share an origin in proportion to their weights: the one behind goes first. The plan
 * whose turn it is; −1: the train's own. */
int32_t requests_turn_of_another(const struct simulation *simulation, const struct train *train);

/* The request of a train that asks, as a policy sees it now. */
static inline const struct dispatch_request *requests_as_seen(const struct simulation *simulation, int32_t slot) {
    struct asked *asked = &simulation->asked[slot];
    asked->seen.lateness_ms = simulation->now_ms - asked->due_ms;
    return &asked->seen;
}

/* The node the next move of a train that asks ends at; _of_several: where the policy may ask for several stretches. */
int32_t requests_target_of_several(const struct simulation *simulation, int32_t slot);
static inline int32_t requests_target(const struct simulation *simulation, int32_t slot) {
    if (!simulation->policy->stretches || simulation->forcing) return simulation->asked[slot].seen.to;
    return requests_target_of_several(simulation, slot);
}

#endif
