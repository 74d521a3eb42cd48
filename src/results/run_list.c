#include "results/run_list.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/statistics.h"
#include "results/sweep_store.h"

static const char list_sql[] = "SELECT run_id, experiment_id, replication, seed, created_at, scenario, variant, "
                               "schedule, dispatch, detail, status,"
                               " (SELECT results_sha256 FROM runs WHERE runs.run_id = v_runs.run_id), horizon_days, "
                               "trains_per_day, mean_delay_min, point "
                               "FROM v_runs ORDER BY run_id";

static char *column_copy(sqlite3_stmt *statement, int column, bool *well) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (text == NULL) return NULL;
    char *copy = strdup(text);
    if (copy == NULL) *well = false;
    return copy;
}

static double column_real(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

static bool read_entry(sqlite3_stmt *statement, struct run_list_entry *entry) {
    bool well = true;
    *entry = (struct run_list_entry){
        .run_id = sqlite3_column_int64(statement, 0),
        .experiment_id = sqlite3_column_int64(statement, 1),
        .replication = sqlite3_column_int64(statement, 2),
        .seed = sqlite3_column_int64(statement, 3),
        .horizon_days = column_real(statement, 12),
        .trains_per_day = column_real(statement, 13),
        .mean_delay_min = column_real(statement, 14),
        .point = sqlite3_column_int64(statement, 15), /* 0 for NULL */
    };
    char **const texts[] = {&entry->created_at, &entry->scenario, &entry->variant, &entry->schedule,
                            &entry->dispatch,   &entry->detail,   &entry->status,  &entry->results_sha256};
    for (int index = 0; index < 8; index++) *texts[index] = column_copy(statement, 4 + index, &well);
    return well;
}

bool run_list_read(struct database *database, struct run_list *list, struct failure *failure) {
    *list = (struct run_list){0};
    sqlite3_stmt *statement = database_prepare(database, list_sql, failure);
    if (statement == NULL) return false;
    int64_t capacity = 0;
    bool memory = true;
    int code = SQLITE_ROW;
    while (memory && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (list->count == capacity) {
            capacity = capacity == 0 ? 64 : 2 * capacity;
            struct run_list_entry *entries = realloc(list->entries, (size_t)capacity * sizeof *entries);
            if (entries == NULL) {
                memory = false;
                break;
            }
            list->entries = entries;
        }
        memory = read_entry(statement, &list->entries[list->count++]);
    }
    if (!memory)
        failure_set(failure, "out of memory");
    else if (code != SQLITE_DONE)
        database_explain(database, failure);
    sqlite3_finalize(statement);
    if (memory && code == SQLITE_DONE) return true;
    run_list_free(list);
    return false;
}

void run_list_free(struct run_list *list) {
    for (int64_t index = 0; index < list->count; index++) {
        struct run_list_entry *entry = &list->entries[index];
        char *const texts[] = {entry->created_at, entry->scenario, entry->variant, entry->schedule,
                               entry->dispatch,   entry->detail,   entry->status,  entry->results_sha256};
        for (int text = 0; text < 8; text++) free(texts[text]);
    }
    free(list->entries);
    *list = (struct run_list){0};
}

/* Runs a statement whose only parameter is a run, or an experiment. */
static bool change(struct database *database, const char *sql, int64_t id, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, id);
    const bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done) database_explain(database, failure);
    sqlite3_finalize(statement);
    return done;
}

/* Estimates of the run's experiment, point and variant that other complete runs bear out, and those that none does. */
#define OF_THE_SAME                                                                                                    \
    "experiment_id = (SELECT experiment_id FROM runs WHERE run_id = ?1) AND (point, variant) IS (SELECT point, "       \
    "variant FROM runs WHERE run_id = ?1)"
#define FROM_THE_OTHERS                                                                                                \
    "FROM metrics JOIN runs USING (run_id) WHERE " OF_THE_SAME " AND run_id <> ?1 AND status = 'complete'"
static const char drop_sql[] =
    "DELETE FROM estimates WHERE " OF_THE_SAME " AND metric NOT IN (SELECT metric " FROM_THE_OTHERS ")";
static const char values_sql[] = "SELECT metric, value " FROM_THE_OTHERS " ORDER BY metric, replication, run_id";
static const char confidence_sql[] = "SELECT max(confidence) FROM estimates WHERE " OF_THE_SAME;
static const char update_sql[] = "UPDATE estimates SET mean = ?3, half_width = ?4, replications = ?5"
                                 " WHERE " OF_THE_SAME " AND metric = ?2";

/* The values of one metric, seen so far. */
struct sample {
    char metric[64];
    struct running_statistics statistics;
};

static bool update_estimate(struct database *database, sqlite3_stmt *update, const struct sample *sample,
                            double confidence, struct failure *failure) {
    const struct running_statistics *statistics = &sample->statistics;
    if (statistics->count == 0) return true;
    sqlite3_bind_text(update, 2, sample->metric, -1, SQLITE_STATIC);
    sqlite3_bind_double(update, 3, statistics->mean); /* NAN, where one run has no value, is bound as NULL */
    sqlite3_bind_double(update, 4, running_statistics_estimate(statistics, confidence).half_width);
    sqlite3_bind_int64(update, 5, statistics->count);
    const bool done = sqlite3_step(update) == SQLITE_DONE || database_explain(database, failure);
    sqlite3_reset(update);
    return done;
}

/* Each metric's values follow each other. */
static bool update_estimates(struct database *database, sqlite3_stmt *values, sqlite3_stmt *update, double confidence,
                             struct failure *failure) {
    struct sample sample = {.metric = ""};
    bool well = true;
    int step = SQLITE_DONE;
    while (well && (step = sqlite3_step(values)) == SQLITE_ROW) {
        const char *metric = (const char *)sqlite3_column_text(values, 0);
        if (strcmp(metric, sample.metric) != 0) {
            well = update_estimate(database, update, &sample, confidence, failure);
            sample = (struct sample){.metric = ""};
            snprintf(sample.metric, sizeof sample.metric, "%s", metric);
        }
        running_statistics_add(&sample.statistics, column_real(values, 1));
    }
    if (well && step != SQLITE_DONE) well = database_explain(database, failure);
    return well && update_estimate(database, update, &sample, confidence, failure);
}

/* The estimates of a run's experiment as they are without it: over the other complete runs. */
static bool estimate_without(struct database *database, int64_t run_id, struct failure *failure) {
    if (!change(database, drop_sql, run_id, failure)) return false;
    sqlite3_stmt *const statements[] = {database_prepare(database, confidence_sql, failure),
                                        database_prepare(database, values_sql, failure),
                                        database_prepare(database, update_sql, failure)};
    bool well = statements[0] != NULL && statements[1] != NULL && statements[2] != NULL;
    for (int index = 0; well && index < 3; index++) sqlite3_bind_int64(statements[index], 1, run_id);
    if (well && sqlite3_step(statements[0]) != SQLITE_ROW) well = database_explain(database, failure);
    if (well && sqlite3_column_type(statements[0], 0) != SQLITE_NULL)
        well =
            update_estimates(database, statements[1], statements[2], sqlite3_column_double(statements[0], 0), failure);
    for (int index = 0; index < 3; index++) sqlite3_finalize(statements[index]);
    return well;
}

/* The experiment of a run; 0: there is no such run. */
static bool find_experiment(struct database *database, int64_t run_id, int64_t *experiment_id,
                            struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, "SELECT experiment_id FROM runs WHERE run_id = ?1", failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const int code = sqlite3_step(statement);
    *experiment_id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    const bool well = code == SQLITE_ROW || code == SQLITE_DONE || database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

static bool delete_rows(struct database *database, int64_t run_id, struct failure *failure) {
    int64_t experiment_id = 0;
    if (!find_experiment(database, run_id, &experiment_id, failure)) return false;
    if (experiment_id == 0)
        return failure_set(failure, "%s: there is no run %" PRId64, database_path(database), run_id);
    if (!estimate_without(database, run_id, failure)) return false;
    if (!change(database, "DELETE FROM runs WHERE run_id = ?1", run_id, failure)) return false;
    if (!sweep_store_differences(database, experiment_id, 0, failure)) return false;
    /* Capacity and appraisals are experiments without runs, and stay. */
    return change(
               database,
               "DELETE FROM experiments WHERE experiment_id = ?1 AND experiment_id NOT IN (SELECT experiment_id FROM "
               "runs)",
               experiment_id, failure) &&
           database_execute(database,
                            "DELETE FROM inputs WHERE input_sha256 NOT IN (SELECT input_sha256 FROM runs UNION "
                            "SELECT input_sha256 FROM capacity UNION SELECT input_sha256 FROM appraisals)",
                            failure);
}

bool run_list_has(struct database *database, int64_t run_id, bool *has, struct failure *failure) {
    int64_t experiment_id = 0;
    const bool found = find_experiment(database, run_id, &experiment_id, failure);
    *has = found && experiment_id != 0;
    return found;
}

bool run_list_delete(struct database *database, int64_t run_id, struct failure *failure) {
    if (!database_execute(database, "BEGIN IMMEDIATE", failure)) return false;
    if (delete_rows(database, run_id, failure) && database_execute(database, "COMMIT", failure)) return true;
    sqlite3_exec(database_handle(database), "ROLLBACK", NULL, NULL, NULL);
    return false;
}
