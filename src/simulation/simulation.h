/* One replication of one scenario: the clock, the events, the state of line and trains. Knows one run only; everything
 * statistical lives in study/. Reports to one observer; the scenario must outlive it and is not changed. */
#ifndef BERING_SIMULATION_SIMULATION_H
#define BERING_SIMULATION_SIMULATION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"
#include "simulation/observer.h"

struct simulation_options {
    int64_t replication;     /* from 1 */
    bool want_blocks;        /* tell the blocks of each passage */
    bool no_freight;         /* trains carry no containers and no money is counted: a question about the line alone */
    const atomic_bool *stop; /* NULL, or a flag that interrupts the run soon after it becomes true */
};

/* Everything that is the same for all replications of a scenario and costs time to make: places, paths, speed
 * profiles. Built once; read-only while simulations run, and so shared by their threads. */
struct simulation_plan;
/* NULL on failure, with the reason in message (a train that stalls on a gradient, or memory). */
struct simulation_plan *simulation_plan_create(const struct scenario *scenario, char *message, int32_t message_size);
/* The same, telling of every train type on every route that cannot be run: `plan`, of the timetable, is the first such
 * train. −1: memory ran out. */
typedef void simulation_plan_problem(void *context, int32_t plan, const char *message);
struct simulation_plan *simulation_plan_create_telling(const struct scenario *scenario, simulation_plan_problem *tell,
                                                       void *context);
void simulation_plan_destroy(struct simulation_plan *plan);

enum simulation_result { SIMULATION_DONE, SIMULATION_DEADLOCKED, SIMULATION_INTERRUPTED, SIMULATION_NO_MEMORY };

/* Runs one replication from beginning to end. The observer's `end` is called in every case but NO_MEMORY. */
enum simulation_result simulation_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                      const struct observer *observer);

/* The same under a policy of the caller's; NULL: the scenario's. */
struct dispatch_policy;
enum simulation_result simulation_run_policy(const struct simulation_plan *plan,
                                             const struct simulation_options *options,
                                             const struct dispatch_policy *policy, const struct observer *observer);

/* ---- step by step: for whoever wants to look ahead ---- */

/* A replication at some moment. Holds no memory in common with any other but the plan. */
struct simulation;

/* At its beginning. NULL: out of memory. Plan, policy (NULL: the scenario's) and observer (may be NULL) must outlive
 * it. */
struct simulation *simulation_create(const struct simulation_plan *plan, const struct simulation_options *options,
                                     const struct dispatch_policy *policy, const struct observer *observer);
void simulation_destroy(struct simulation *simulation); /* NULL is allowed */

/* Everything up to and including until_ms happens. False when the run has ended (or failed): only finishing is left. */
bool simulation_advance(struct simulation *simulation, int64_t until_ms);

/* Runs to the end and tells the observer's `end`. Once only. */
enum simulation_result simulation_finish(struct simulation *simulation);

/* An independent simulation that would go on exactly as `source` would, telling `observer` (may be NULL) from now on.
 * NULL: out of memory. */
struct simulation *simulation_copy(const struct simulation *source, const struct observer *observer);

#endif
