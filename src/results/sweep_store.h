/* A sweep in a database: many scenarios, its points, in one experiment (docs/formats.md, tables `sweeps`, `points`,
 * `differences`).
 *
 *     sweep_store_begin(store, "sweep", "data/line --vary fleet_size=1,2", &description, &place, &failure);
 *     sweep_store_run(store, &place, run, &outcome, point_that_it_ends, &failure);   …for each run, in any order…
 *     sweep_store_end(store, &place, &description, against, &failure);
 *
 * Beginning commits a `running` row for each run, with run_ids that rise by one with the point and then with the
 * replication. Each run is then written in one transaction; with the last of a point come the point's estimates. Ending
 * marks what was not run `interrupted` and writes the estimates of points that are not complete, and all differences.
 * Whenever the work is cut off, what was written can be gone on with: sweep_store_resume. */
#ifndef BERING_RESULTS_SWEEP_STORE_H
#define BERING_RESULTS_SWEEP_STORE_H

#include "results/store.h"
#include "results/store_rows.h"

/* The figures that points are compared by. */
enum { SWEEP_METRIC_COUNT = 5 };
extern const enum metric sweep_metrics[SWEEP_METRIC_COUNT];

#define SWEEP_CONFIDENCE 0.95

enum { SWEEP_VALUE_SIZE = 40 };

/* What the points are. Points and keys count from 0 here, from 1 in the database. Texts belong to whoever describes
 * them; a value may be put in `text`. */
struct sweep_description {
    int32_t point_count, key_count;
    int64_t run_count;
    char settings_sha256[65];
    void *context;
    void (*runs)(void *context, int32_t point, struct store_runs *runs);
    const char *(*key)(void *context, int32_t key);
    const char *(*value)(void *context, int32_t point, int32_t key, char text[SWEEP_VALUE_SIZE]);
    struct scenario *(*scenario)(void *context, int32_t point); /* to be freed; NULL when memory is short */
};

/* Where it lies. Run r, from 0, is first_run_id + r. */
struct sweep_place {
    int64_t experiment_id, first_run_id;
};

bool sweep_store_begin(struct store *store, const char *command, const char *arguments,
                       const struct sweep_description *description, struct sweep_place *place, struct failure *failure);

/* Finds a sweep to go on with, the last one where experiment_id is 0, and makes it ready: *done, [run_count], is 1 for
 * every run that has its results, and the others are `running` again. False, with the reason, and nothing changed, if
 * there is none, or it was made from other files, points or settings, or by another version. */
bool sweep_store_resume(struct store *store, int64_t experiment_id, const struct sweep_description *description,
                        struct sweep_place *place, unsigned char *done, struct failure *failure);

/* Writes run `run`, from 0. `ends`: the point that has all its runs with it, from 0; −1: none. */
bool sweep_store_run(struct store *store, const struct sweep_place *place, const struct sweep_description *description,
                     int64_t run, const struct store_outcome *outcome, int32_t ends, struct failure *failure);

/* `against`: the point, from 0, that the others are compared with. */
bool sweep_store_end(struct store *store, const struct sweep_place *place, const struct sweep_description *description,
                     int32_t against, struct failure *failure);

/* ---- what is there when it is done ---- */

struct sweep_run_row {
    int64_t run_id;
    int32_t point, replication; /* from 1 */
    enum run_status status;
    char results_sha256[65]; /* "" without results */
};

struct sweep_point_row {
    int32_t runs[RUN_FAILED + 1];                                                   /* how many, by status */
    struct estimate estimates[SWEEP_METRIC_COUNT], differences[SWEEP_METRIC_COUNT]; /* NAN where there is none */
};

/* A train of a run that deadlocked. */
struct sweep_deadlock {
    int64_t run_id;
    int32_t point;                                                        /* from 1 */
    char train[TRAIN_NAME_SIZE], station[64], waits_for[TRAIN_NAME_SIZE]; /* waits_for: "" for nobody in particular */
};
enum { SWEEP_DEADLOCKS_KEPT = 20 };

struct sweep_results {
    int64_t experiment_id;
    struct sweep_run_row *runs; /* by run_id */
    int64_t run_count;
    struct sweep_point_row *points;
    int32_t point_count;
    int64_t statuses[RUN_FAILED + 1];                      /* runs by status */
    int32_t against;                                       /* from 1; 0: nothing is compared */
    struct sweep_deadlock deadlocks[SWEEP_DEADLOCKS_KEPT]; /* the first train of the first run of each point */
    int32_t deadlock_count, deadlocked_points;
};

/* To be freed with sweep_results_free. */
bool sweep_results_read(struct database *database, int64_t experiment_id, int32_t point_count,
                        struct sweep_results *results, struct failure *failure);
void sweep_results_free(struct sweep_results *results); /* leaves it empty */

/* Within a transaction: makes the differences of an experiment anew, from the metrics of its complete runs, against the
 * point (from 1) given, or where `against` is 0 the one they are against already; there may be none then. */
bool sweep_store_differences(struct database *database, int64_t experiment_id, int64_t against,
                             struct failure *failure);

#endif
