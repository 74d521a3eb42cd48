/* Many runs side by side: workers simulate, each run into a recorder of its own, and the calling thread alone takes
 * what they finish, so that whatever it does with it (writing to a database) needs no lock.
 *
 * Finished runs that wait to be taken are few: a worker that is too far ahead waits. When *stop becomes true the runs
 * under way are cut short (RUN_INTERRUPTED), and those that were not begun are never told of. */
#ifndef BERING_STUDY_RUN_POOL_H
#define BERING_STUDY_RUN_POOL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/failure.h"
#include "results/recorder.h"
#include "results/words.h"
#include "simulation/simulation.h"

/* simulation_run, or in tests something in its place. */
typedef enum simulation_result replication_function(const struct simulation_plan *plan,
                                                    const struct simulation_options *options,
                                                    const struct observer *observer);

/* What a worker has to simulate. */
struct pool_task {
    const struct scenario *scenario;
    const struct simulation_plan *plan;
    int32_t replication; /* from 1 */
};

/* What became of it. */
struct pool_outcome {
    enum run_status status;         /* never RUN_RUNNING */
    const struct recorded_run *run; /* its results; NULL unless it is complete or deadlocked: half a run must not be
                                       taken for a run */
    struct recorder *recorder;      /* where they lie; whoever wants to keep them sets this to NULL and owns it then */
    double wall_s;
};

struct pool_progress {
    int32_t done;
    double elapsed_s;   /* since the beginning */
    double under_way_s; /* work put into runs that are not done, all workers together */
};

struct run_pool_request {
    int32_t count; /* of runs, ≥ 1 */
    int32_t jobs;  /* ≥ 1; workers */
    bool in_order; /* outcomes are told by rising index; else each as soon as it is there */
    replication_function *simulate;
    const atomic_bool *stop; /* NULL: cannot be interrupted */
    void *context;           /* of all that follow */
    /* Tells a worker its task; called from any of them, several at once. RUN_RUNNING: go ahead. RUN_FAILED or
     * RUN_INTERRUPTED: that is what becomes of the run. The task must live until `take` has had its outcome. */
    enum run_status (*open)(void *context, int32_t index, struct pool_task *task);
    /* What became of run `index`; from the calling thread. False, with the reason, ends the work. */
    bool (*take)(void *context, int32_t index, struct pool_outcome *outcome, struct failure *failure);
    /* How far the work is; from the calling thread, about five times a second. NULL: nobody wants to know. */
    void (*progress)(void *context, const struct pool_progress *progress);
};

/* True when all was done, or stopped. */
bool run_pool_work(const struct run_pool_request *request, struct failure *failure);

double run_pool_seconds(void); /* of a clock that only runs forward */

#endif
