/* The runs in a database, for people to look through and to clear out. */
#ifndef BERING_RESULTS_RUN_LIST_H
#define BERING_RESULTS_RUN_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"

/* One run; texts belong to the list. NULL, or NAN, where the database has NULL. */
struct run_list_entry {
    int64_t run_id, experiment_id, replication, seed;
    char *created_at, *scenario, *variant, *schedule, *dispatch, *detail, *status, *results_sha256;
    double horizon_days, trains_per_day, mean_delay_min;
    int64_t point; /* of a sweep, from 1; 0: of none */
};

struct run_list {
    struct run_list_entry *entries; /* by run_id */
    int64_t count;
};

bool run_list_read(struct database *database, struct run_list *list, struct failure *failure);
void run_list_free(struct run_list *list); /* leaves it empty */

/* Whether there is such a run, now: another process may delete one while its rows are read. */
bool run_list_has(struct database *database, int64_t run_id, bool *has, struct failure *failure);

/* Deletes one run with all its rows, and then the experiment and the input files that no other run needs. The
 * estimates and differences of an experiment that has further runs are made anew without it. False, with the reason, if
 * there is no such run. */
bool run_list_delete(struct database *database, int64_t run_id, struct failure *failure);

#endif
