/* How trains come into being: slots, the queues outside, the calendar, standing starts, latecomers. For the modules of
 * this room only. */
#ifndef BERING_SIMULATION_ENTRIES_H
#define BERING_SIMULATION_ENTRIES_H

#include "simulation/state.h"

/* More slots for trains; false: out of memory. */
bool entries_grow_slots(struct simulation *simulation);

void entries_give_slot_back(struct simulation *simulation, int32_t slot);
/* A slot becomes this train, outside. */
void entries_fill_train(struct simulation *simulation, int32_t slot, int32_t trip_index,
                        const struct outsider *outsider);

/* Legs from … to − 1 of a path are no longer ahead of one of its trains. */
void entries_take_from_demand(struct simulation *simulation, const struct path *path, int32_t from, int32_t to);

/* The first of a plan's queue gets a slot and asks. */
void entries_bring_forward(struct simulation *simulation, int32_t trip);

/* Adds to the end of a plan's queue outside. */
void entries_queue(struct simulation *simulation, int32_t trip, const struct outsider *outsider);

/* The first of the queue has entered. */
void entries_leave_queue(struct simulation *simulation, int32_t trip);

/* The next train of an endless queue. */
void entries_add_saturated(struct simulation *simulation, int32_t trip);

/* Puts the next train of a plan into the calendar. */
void entries_plan_next(struct simulation *simulation, int32_t trip);

/* A latecomer is loaded, or looked at again while it is held for a full load (EVENT_LOADING). */
void entries_loading(struct simulation *simulation, int32_t index);

/* Makes the trains whose time is now. */
void entries_create_due(struct simulation *simulation);

#endif
