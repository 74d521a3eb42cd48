/* Many replications of one scenario, side by side (run_pool.h), into one database: written in the order of the
 * replications, so that what is stored does not depend on the number of workers. Replication r is the same whatever
 * the number asked for.
 *
 * When *stop becomes true, replications that are done are still written and the others marked `interrupted`. */
#ifndef BERING_STUDY_REPLICATIONS_H
#define BERING_STUDY_REPLICATIONS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/store.h"
#include "study/run_pool.h"

/* How far the work is; told from the calling thread, about five times a second and at the end. */
struct replications_progress {
    int32_t done, total;
    double elapsed_s;
};

struct replications_request {
    const struct scenario *scenario;
    const struct simulation_plan *plan;
    replication_function *simulate;
    const char *command;   /* for the table `experiments` */
    const char *arguments; /* likewise */
    int32_t left_out; /* replications before the first one, for a scratch database, whose `runs` count from 1 anyhow */
    int32_t replications;                                                          /* ≥ 1 */
    int32_t jobs;                                                                  /* ≥ 1; workers */
    const atomic_bool *stop;                                                       /* NULL: cannot be interrupted */
    void (*progress)(void *context, const struct replications_progress *progress); /* NULL: nobody wants to know */
    void *context;
};

/* What is left of one replication once it is written. */
struct replication_result {
    int64_t run_id;
    int32_t replication;
    enum run_status status;
    char results_sha256[65];      /* "" without results */
    double metrics[METRIC_COUNT]; /* NAN without results */
    double wall_s;
};

struct replications {
    int64_t experiment_id;
    struct replication_result *results; /* by replication */
    int32_t count;
    /* Over the replications that are `complete`; `count` of each says how many. A metric that some of them do not have
     * is NAN. */
    struct estimate estimates[METRIC_COUNT];
    int32_t complete, deadlocked, interrupted, failed;
    bool deterministic; /* nothing is drawn at random: further replications would add nothing */
    /* The first replication that has results, in full, for a summary; NULL if none. */
    struct recorder *shown;
    int32_t shown_replication;
};

/* Runs and stores everything. On failure nothing further is written, what was written stays, and *replications is
 * empty; otherwise free it with replications_free. A deadlocked, interrupted or failed replication is no failure. */
bool replications_run(struct store *store, const struct replications_request *request,
                      struct replications *replications, struct failure *failure);
void replications_free(struct replications *replications); /* leaves it empty */

/* Whether the scenario draws nothing at random: no law that varies, no Poisson arrivals. */
bool scenario_is_deterministic(const struct scenario *scenario);

#define REPLICATIONS_CONFIDENCE 0.95

#endif
