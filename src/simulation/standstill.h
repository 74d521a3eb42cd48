/* When nothing moves: a forced move, or a deadlock told. For the modules of this room only. */
#ifndef BERING_SIMULATION_STANDSTILL_H
#define BERING_SIMULATION_STANDSTILL_H

#include "simulation/state.h"

/* Whether anything is going to happen on the line by itself. Trains that are still to come, be they late, loaded
 * outside or not due yet, do not count: no dispatcher knows of them, and nobody on the line waits for one. */
bool standstill_due(const struct simulation *simulation);

/* Nothing moves and nothing is due, but somebody asks: tries everybody, then starts the policy's first choice whatever
 * it holds. False: nobody can move any more, and nobody comes late. */
bool standstill_resolve(struct simulation *simulation);

/* Ends the run as deadlocked: who stands where and waits for whom. */
void standstill_report(struct simulation *simulation);

/* After trains have come to stand without a move: the full test. Dead at time 0 ends the run. */
void standstill_test_after_placing(struct simulation *simulation);

#endif
