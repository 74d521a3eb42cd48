#include "results/sweep_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "results/sweep_statements.h"

/* -------------------------------------------------------------------------------------------------------- beginning */

static bool insert_sweep(struct store *store, const struct sweep_description *description, int64_t experiment_id,
                         struct failure *failure) {
    struct database *database = store_database(store);
    sqlite3_stmt *statement =
        statement_with(database, "INSERT INTO sweeps (experiment_id, points, settings_sha256) VALUES (?1, ?2, ?3)",
                       experiment_id, description->point_count, failure);
    if (statement == NULL) return false;
    sqlite3_bind_text(statement, 3, description->settings_sha256, -1, SQLITE_STATIC);
    return statement_finish(database, statement, sqlite3_step(statement), failure);
}

static bool insert_values(struct database *database, sqlite3_stmt *statement,
                          const struct sweep_description *description, int32_t point, struct failure *failure) {
    sqlite3_bind_int64(statement, 2, point + 1);
    for (int32_t key = 0; key < description->key_count; key++) {
        char text[SWEEP_VALUE_SIZE];
        sqlite3_bind_int64(statement, 3, key + 1);
        sqlite3_bind_text(statement, 4, description->key(description->context, key), -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 5, description->value(description->context, point, key, text), -1, SQLITE_STATIC);
        const int code = sqlite3_step(statement);
        if (code != SQLITE_DONE) return database_explain(database, failure);
        sqlite3_reset(statement);
    }
    return true;
}

/* Their values and their runs. */
static bool insert_points(struct store *store, const struct sweep_description *description, struct sweep_place *place,
                          struct failure *failure) {
    struct database *database = store_database(store);
    sqlite3_stmt *statement = statement_with(
        database, "INSERT INTO points (experiment_id, point, seq, key, value) VALUES (?1, ?2, ?3, ?4, ?5)",
        place->experiment_id, 0, failure);
    bool well = statement != NULL;
    for (int32_t point = 0; well && point < description->point_count; point++) {
        struct store_runs runs;
        int64_t first_run_id = 0;
        description->runs(description->context, point, &runs);
        well = insert_values(database, statement, description, point, failure) &&
               store_insert_inputs(store, &runs, failure) &&
               store_insert_runs(store, &runs, place->experiment_id, 1, runs.replications, 0, &first_run_id, failure);
        if (point == 0) place->first_run_id = first_run_id;
    }
    sqlite3_finalize(statement);
    return well;
}

bool sweep_store_begin(struct store *store, const char *command, const char *arguments,
                       const struct sweep_description *description, struct sweep_place *place,
                       struct failure *failure) {
    if (!store_begin(store, failure)) return false;
    const bool well = store_insert_experiment(store, command, arguments, &place->experiment_id, failure) &&
                      insert_sweep(store, description, place->experiment_id, failure) &&
                      insert_points(store, description, place, failure);
    return store_end(store, well, failure);
}

/* ------------------------------------------------------------------------------------------------------------- runs */

static bool flush_estimate(struct store *store, const struct sweep_place *place, const struct store_runs *runs,
                           const char *metric, const struct running_statistics *statistics, struct failure *failure) {
    const struct store_estimate row = {metric, sweep_estimate(statistics)};
    return statistics->count == 0 ||
           store_insert_estimate(store, place->experiment_id, runs->point, runs->variant, &row, failure);
}

/* Makes the estimates of a point anew, over its complete runs. */
static bool write_estimates(struct store *store, const struct sweep_place *place, const struct store_runs *runs,
                            struct failure *failure) {
    struct database *database = store_database(store);
    const int64_t from = place->first_run_id + runs->first_run, to = from + runs->replications - 1;
    if (!statement_run(database, "DELETE FROM estimates WHERE experiment_id = ?1 AND coalesce(point, 0) = ?2",
                       place->experiment_id, runs->point, failure))
        return false;
    sqlite3_stmt *statement = statement_with(database,
                                             "SELECT metric, value FROM metrics JOIN runs USING (run_id) WHERE run_id "
                                             "BETWEEN ?1 AND ?2 AND status = 'complete' ORDER BY metric, run_id",
                                             from, to, failure);
    char metric[64] = "";
    struct running_statistics statistics = {0};
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (strcmp(metric, statement_text(statement, 0)) != 0) {
            well = flush_estimate(store, place, runs, metric, &statistics, failure);
            statistics = (struct running_statistics){0};
            snprintf(metric, sizeof metric, "%s", statement_text(statement, 0));
        }
        running_statistics_add(&statistics, statement_real(statement, 1));
    }
    if (well && code == SQLITE_DONE) well = flush_estimate(store, place, runs, metric, &statistics, failure);
    if (well) return statement_finish(database, statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

static bool still_to_run(struct database *database, int64_t run_id, struct failure *failure) {
    sqlite3_stmt *statement =
        statement_with(database, "SELECT status = 'running' FROM runs WHERE run_id = ?1", run_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    const bool running = code == SQLITE_ROW && sqlite3_column_int(statement, 0) != 0;
    if (!statement_finish(database, statement, code, failure)) return false;
    return running || failure_set(failure, "%s: run %" PRId64 " was finished, or deleted, by another program meanwhile",
                                  database_path(database), run_id);
}

bool sweep_store_run(struct store *store, const struct sweep_place *place, const struct sweep_description *description,
                     int64_t run, const struct store_outcome *outcome, int32_t ends, struct failure *failure) {
    const int64_t run_id = place->first_run_id + run;
    char hexadecimal[65];
    if (!store_begin(store, failure)) return false;
    bool well = still_to_run(store_database(store), run_id, failure) &&
                store_insert_run_rows(store, run_id, outcome, hexadecimal, failure);
    if (well && ends >= 0) {
        struct store_runs runs;
        description->runs(description->context, ends, &runs);
        well = write_estimates(store, place, &runs, failure);
    }
    return store_end(store, well, failure);
}

/* ----------------------------------------------------------------------------------------------------------- ending */

/* Of the points that are not complete; those of the others came with their last run. */
static bool write_open_estimates(struct store *store, const struct sweep_place *place,
                                 const struct sweep_description *description, struct failure *failure) {
    sqlite3_stmt *statement = statement_with(
        store_database(store),
        "SELECT DISTINCT point FROM runs WHERE experiment_id = ?1 AND NOT " HAS_RESULTS " ORDER BY point",
        place->experiment_id, 0, failure);
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_runs runs;
        const int64_t point = sqlite3_column_int64(statement, 0);
        if (point < 1 || point > description->point_count) continue;
        description->runs(description->context, (int32_t)point - 1, &runs);
        well = write_estimates(store, place, &runs, failure);
    }
    if (well) return statement_finish(store_database(store), statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

bool sweep_store_end(struct store *store, const struct sweep_place *place, const struct sweep_description *description,
                     int32_t against, struct failure *failure) {
    if (!store_begin(store, failure)) return false;
    const bool well =
        statement_run(store_database(store),
                      "UPDATE runs SET status = 'interrupted' WHERE experiment_id = ?1 AND status = 'running'",
                      place->experiment_id, 0, failure) &&
        write_open_estimates(store, place, description, failure) &&
        sweep_store_differences(store_database(store), place->experiment_id, against + 1, failure);
    return store_end(store, well, failure);
}
