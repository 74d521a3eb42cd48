/* What store.c and sweep_store.c share of writing rows, and those that write an experiment without runs. */
#ifndef BERING_RESULTS_STORE_ROWS_H
#define BERING_RESULTS_STORE_ROWS_H

#include "results/store.h"

/* The runs of one scenario, before they are made. Texts and files belong to whoever fills it in. */
struct store_runs {
    const char *title, *variant, *schedule; /* the last two may be NULL */
    enum dispatch_kind dispatch;
    enum detail_level detail;
    int32_t start_year, start_month, start_day;
    int64_t seed, warmup_ms, horizon_ms;
    const char *input_sha256;
    const struct input_file *inputs;
    int32_t input_count;
    int32_t point;        /* of a sweep, from 1; 0: of none */
    int32_t replications; /* ≥ 1 */
    int64_t first_run;    /* of a sweep: how many runs the points before it have */
};

struct database *store_database(struct store *store);

/* One transaction: begun, and committed if all went well, else taken back. */
bool store_begin(struct store *store, struct failure *failure);
bool store_end(struct store *store, bool well, struct failure *failure);

/* Within a transaction. */
bool store_insert_experiment(struct store *store, const char *command, const char *arguments, int64_t *experiment_id,
                             struct failure *failure);
bool store_insert_inputs(struct store *store, const struct store_runs *runs, struct failure *failure);
/* Replications from `first` to `last`; run_id is that of the first, 0: whatever comes next. *first_run_id receives it.
 */
bool store_insert_runs(struct store *store, const struct store_runs *runs, int64_t experiment_id, int32_t first,
                       int32_t last, int64_t run_id, int64_t *first_run_id, struct failure *failure);
bool store_insert_run_rows(struct store *store, int64_t run_id, const struct store_outcome *outcome,
                           char hexadecimal[65], struct failure *failure);
/* `point` as in struct store_runs. */
bool store_insert_estimate(struct store *store, int64_t experiment_id, int32_t point, const char *variant,
                           const struct store_estimate *estimate, struct failure *failure);

#endif
