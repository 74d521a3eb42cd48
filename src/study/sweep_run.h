/* A sweep simulated: all points with all their replications, side by side, into one database under one experiment. Each
 * run is written as soon as it is done, under a run_id that was settled before, so that neither the number of workers
 * nor being cut off and gone on with changes what the database holds in the end. The same seed at every point makes
 * replication r of each see the same delays and arrivals (common random numbers), and differences are taken between
 * the same replications. */
#ifndef BERING_STUDY_SWEEP_RUN_H
#define BERING_STUDY_SWEEP_RUN_H

#include "results/sweep_store.h"
#include "study/run_pool.h"
#include "study/sweep_points.h"

/* How far the work is; told from the calling thread, about five times a second. */
struct sweep_progress {
    int64_t done, total; /* runs; those of before among them */
    double left_s;       /* about so many seconds more; NAN: not known yet */
};

struct sweep_run_request {
    struct sweep_points *points;
    const char *database;  /* path of the file; made only now, that there is something sound to write */
    const char *command;   /* for the table `experiments` */
    const char *arguments; /* likewise */
    int32_t against;       /* the point, from 0, that the others are compared with */
    int32_t jobs;          /* ≥ 1 */
    bool resume;           /* goes on with a sweep that is there */
    int64_t experiment_id; /* which one; 0: the last */
    replication_function *simulate;
    const atomic_bool *stop;                                                /* NULL: cannot be interrupted */
    void (*progress)(void *context, const struct sweep_progress *progress); /* NULL: nobody wants to know */
    void *context;
};

/* On success *results is to be freed with sweep_results_free; a deadlocked, interrupted or failed run is no failure. On
 * failure what was written stays, and can be gone on with. */
bool sweep_run(const struct sweep_run_request *request, struct sweep_results *results, struct failure *failure);

#endif
