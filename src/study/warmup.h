/* How long the line takes to fill: the warm-up that `warmup_days = auto` stands for.
 *
 * One pilot replication (the first) is run from an empty line over the horizon; MSER-5 on the delays of its trains, in
 * the order they were planned, says how many to leave out; the warm-up lasts until the next of them is due, rounded up
 * to whole days, since every day has the same timetable. A schedule that runs once has none. */
#ifndef BERING_STUDY_WARMUP_H
#define BERING_STUDY_WARMUP_H

#include "results/failure.h"
#include "study/replications.h"

/* The scenario's own warm-up must be 0. False when out of memory; an interrupted pilot gives 0. */
bool warmup_choose(const struct scenario *scenario, const struct simulation_plan *plan, replication_function *simulate,
                   const atomic_bool *stop, int64_t *warmup_ms, struct failure *failure);

/* Where the scenario says `auto`, what it stands for is worked out and used from now on as if it had been given. Not
 * while anybody else uses the scenario. False when out of memory. */
bool warmup_settle(struct scenario *scenario, const struct simulation_plan *plan, const atomic_bool *stop,
                   struct failure *failure);

#endif
