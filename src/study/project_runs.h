/* The simulated runs that an appraisal takes a scenario's traffic from: those that a database has already, else made
 * now and kept there as an experiment of their own, exactly as `bering run --detail trains` would, so that they can be
 * audited and repeated. */
#ifndef BERING_STUDY_PROJECT_RUNS_H
#define BERING_STUDY_PROJECT_RUNS_H

#include "study/experiment.h"
#include "study/project_traffic.h"

struct project_runs_request {
    struct scenario *scenario; /* of detail `trains` or more; a warm-up `auto` is settled where runs are made */
    const struct simulation_plan *plan;
    const char *database;    /* path of the file; need not be there */
    const char *arguments;   /* for the table `experiments`, where runs are made */
    int32_t jobs;            /* 1 … EXPERIMENT_MOST_JOBS */
    const atomic_bool *stop; /* NULL: cannot be interrupted */
    void (*progress)(void *context, const struct replications_progress *progress); /* NULL: nobody wants to know */
    void *context;
};

struct project_runs {
    int64_t experiment_id, first_run_id;
    int32_t count;
    bool found;               /* they were there already */
    struct traffic_sums sums; /* of all of them */
};

/* Found are the latest experiment's runs of the same input_sha256, variant and settings (those that matter to runs:
 * settings_fingerprint.h) that are all complete, as many as the scenario's replications, of detail `trains` or more.
 * False when interrupted, when a run deadlocks, or when something fails; else to be freed. */
bool project_runs_get(const struct project_runs_request *request, struct project_runs *runs, struct failure *failure);
void project_runs_free(struct project_runs *runs); /* leaves it empty */

#endif
