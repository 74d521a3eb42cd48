/* Writes what a recorder collected into a database (docs/formats.md §4).
 *
 *     struct store *store = store_create(database, &failure);
 *     store_experiment_begin(store, "run", "data/line --seed 3", scenario, 2, &experiment, &failure);
 *     store_run_finish(store, experiment.first_run_id, &outcome, &failure);   …and + 1…
 *     store_estimates(store, experiment.experiment_id, …);
 *     store_destroy(store);
 *
 * Beginning an experiment commits its row, the input files (once for each input_sha256) and one `running` row for each
 * replication, with run_ids that rise by one from replication to replication. Finishing a run writes everything else
 * of it, its settings and its final status included, in one transaction: a reader sees all of a run or nothing.
 *
 * A store belongs to one thread at a time; its database must outlive it. */
#ifndef BERING_RESULTS_STORE_H
#define BERING_RESULTS_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/statistics.h"
#include "results/database.h"
#include "results/recorder.h"
#include "results/words.h"
#include "scenario/scenario.h"

struct store;

struct store *store_create(struct database *database, struct failure *failure); /* NULL on failure */
void store_destroy(struct store *store);                                        /* NULL is allowed */

struct store_experiment {
    int64_t experiment_id;
    int64_t first_run_id; /* of replication 1; replication r has first_run_id + r − 1 */
};

bool store_experiment_begin(struct store *store, const char *command, const char *arguments,
                            const struct scenario *scenario, int32_t replications, struct store_experiment *experiment,
                            struct failure *failure);

/* How a replication ended. */
struct store_outcome {
    const struct scenario *scenario; /* NULL only without a run: its settings are then not written either */
    enum run_status status;
    const struct recorded_run *run; /* NULL: nothing to keep (interrupted, failed); only the status is written */
    double wall_s;
};

/* Writes the run; hexadecimal (may be NULL) receives its results_sha256, "" without results. On failure the run stays
 * `running` and nothing of it is there. */
bool store_run_finish(struct store *store, int64_t run_id, const struct store_outcome *outcome, char hexadecimal[65],
                      struct failure *failure);

struct store_estimate {
    const char *metric;
    struct estimate estimate; /* NAN becomes NULL */
};

/* All rows in one transaction. `variant` may be NULL. */
bool store_estimates(struct store *store, int64_t experiment_id, const char *variant,
                     const struct store_estimate *estimates, int32_t count, struct failure *failure);

#endif
