/* Trains under the cranes: when they are loaded and unloaded, and how long they stay for it. The containers themselves
 * are freight/freight.h's; here is what trains do about them. For the modules of this room only.
 *
 * A train that loads at its origin is put under the cranes at closing time, so long before its planned departure, and
 * is ready when the lifts are done and, if it is held for a full load, that has come or the limit is over. A standing
 * start is loaded on its track, a trainset that turns round when it is unloaded, and not before the closing time of its
 * next plan. At a stop the dwell is not over before the lifts are. At its destination a train keeps its track until it
 * is unloaded. */
#ifndef BERING_SIMULATION_HANDLING_H
#define BERING_SIMULATION_HANDLING_H

#include "simulation/state.h"

/* How long before its planned departure a train has to be known. */
int64_t handling_lead_ms(const struct simulation *simulation);

/* A train that was just made gets its load, if its plan carries any. False when out of memory. */
bool handling_begin(struct simulation *simulation, int32_t trip, struct outsider *outsider);

/* Whether trains of a trip are loaded before they can enter. */
bool handling_loads_at_origin(const struct simulation *simulation, int32_t trip);
/* When that begins, for a train planned to depart at planned_ms: not before now. */
int64_t handling_closing_ms(const struct simulation *simulation, int32_t trip, int64_t planned_ms);

/* The train outside is loaded now. Its ready_ms moves on; the time to come back for a hold, INT64_MAX: it is done. */
int64_t handling_load_outside(struct simulation *simulation, struct outsider *outsider);

/* It has its slot, and so its path: of its load, where its type follows that. */
void handling_weigh(struct simulation *simulation, struct train *train);

/* The train that one is loaded as where it stands: itself at its origin, and at its destination its trainset's next
 * one, which has no id yet; its planned departure, and the load. */
struct outsider handling_next_of(const struct simulation *simulation, const struct train *train);
/* A train that stands at its origin, or whose trainset turns round there, is loaded now (EVENT_HANDLING). */
void handling_load_standing(struct simulation *simulation, int32_t slot);
/* A standing start waits for its closing time. False: it has nothing to load. */
bool handling_wait_standing(struct simulation *simulation, int32_t slot);

/* The train has stopped at a node of its way: when what is to be lifted off and on is done; now if nothing. */
int64_t handling_stop(struct simulation *simulation, int32_t slot, int32_t node);

/* Its trip is over: income and cost are posted and noted with the train. */
void handling_end(struct simulation *simulation, int32_t slot, int64_t arrival_ms);

#endif
