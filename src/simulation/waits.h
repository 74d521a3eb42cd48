/* Why a train waits, and for whom: time is charged to the cause that held it. For the modules of this room only. */
#ifndef BERING_SIMULATION_WAITS_H
#define BERING_SIMULATION_WAITS_H

#include "simulation/state.h"

/* Nothing has been waited for yet. */
void waits_begin(struct train *train, int64_t now_ms);

/* Charges the time since the last note, up to until_ms, to the cause noted then. */
void waits_charge(struct train *train, int64_t until_ms);

/* It was refused now, for this cause, by the train with that id (0: nobody in particular). */
void waits_note(struct simulation *simulation, int32_t slot, enum wait_cause cause, int64_t blocking_id);

/* The id of the train in a slot; 0 for −1 and for a slot without a train. */
int64_t waits_train_id(const struct simulation *simulation, int32_t slot);

#endif
