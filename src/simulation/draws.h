/* What chance adds to a plan: delays, dwells, running times; each draw is addressed by its train and by what it is
 * for. And, from dwells and timetable, when a train is ready to go on. For the modules of this room only. */
#ifndef BERING_SIMULATION_DRAWS_H
#define BERING_SIMULATION_DRAWS_H

#include "simulation/state.h"

/* What a move asks back about its train. */
struct move_context {
    const struct simulation *simulation;
    const struct train *train;
};

/* A law of seconds as a delay in milliseconds, never negative. */
int64_t draws_delay_ms(const struct simulation *simulation, const struct train *train, enum stream_purpose purpose,
                       int32_t node, const struct law *law);

/* The `factor` and `leave` of a move_request; context: a struct move_context. */
double draws_running_factor(const void *context, int32_t leg);

/* When a train that arrives at a node may leave it by dwell and timetable; with its random dwell in draws_ready_after.
 */
int64_t draws_ready_planned(const struct simulation *simulation, const struct train *train, int32_t node,
                            int64_t arrival_ms);

int64_t draws_ready_after(const struct simulation *simulation, const struct train *train, int32_t node,
                          int64_t arrival_ms);
int64_t draws_leave_within_move(const void *context, int32_t node, int64_t arrival_ms);
int64_t draws_earliest_within_move(const void *context, int32_t node);

#endif
