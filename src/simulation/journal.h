/* What happened to each train and each place, as it becomes certain: for the modules of this room only. A leg is
 * certain once it is known whether its train stops at the end of it or runs through. */
#ifndef BERING_SIMULATION_JOURNAL_H
#define BERING_SIMULATION_JOURNAL_H

#include "simulation/state.h"

/* A train has come into being in a slot. */
void journal_begin(struct simulation *simulation, int32_t slot);

/* It comes to stand at a node at arrival_ms. */
void journal_arrival(struct simulation *simulation, int32_t slot, int32_t node, int32_t track, int64_t arrival_ms,
                     bool stopped);

/* It runs through a node at passing_ms. */
void journal_pass(struct simulation *simulation, int32_t slot, int32_t node, int32_t track, int64_t passing_ms);

/* It starts from a node at departure_ms; `ready_planned_ms` is when it would have left without any delay of its own or
 * by others. */
void journal_departure(struct simulation *simulation, int32_t slot, int32_t node, int64_t departure_ms,
                       int64_t ready_planned_ms);

/* A leg has been granted, to be begun at start_ms. */
void journal_enter(struct simulation *simulation, int32_t slot, int32_t leg, int64_t start_ms);

/* A leg has become certain: what its tail leaves, and when; its energy. */
void journal_leg(struct simulation *simulation, int32_t slot, int32_t leg, const struct leg_run *run, double factor,
                 int64_t start_ms);

/* It leaves its destination now; or, with `stays`, its trainset begins another plan there. */
void journal_leave(struct simulation *simulation, int32_t slot, bool stays);

/* At the end: the use of sections and stations as the observer is told it. */
void journal_sum_up(struct simulation *simulation);

/* At the end: how far a train has come on the leg it is on, what it has left, and which tracks and sections it still
 * holds. */
void journal_end(struct simulation *simulation, int32_t slot);

/* Its train ends (or the run does): tells the observer. */
void journal_tell(struct simulation *simulation, int32_t slot, enum train_status status, int64_t arrival_ms);

/* A train that never got a slot: still outside behind others. */
void journal_tell_outsider(struct simulation *simulation, int32_t trip, const struct outsider *outsider);

#endif
