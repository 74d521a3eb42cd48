/* What a sweep came to, for whoever shows it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/sweep_statements.h"
#include "results/sweep_store.h"

static enum run_status status_of(const char *name) {
    for (int status = RUN_RUNNING; status < RUN_FAILED; status++)
        if (strcmp(run_status_name((enum run_status)status), name) == 0) return (enum run_status)status;
    return RUN_FAILED;
}

static bool take_run(struct sweep_results *results, sqlite3_stmt *statement, int64_t *room) {
    if (results->run_count == *room) {
        const int64_t more = 2 * *room + 64;
        struct sweep_run_row *runs = realloc(results->runs, (size_t)more * sizeof *runs);
        if (runs == NULL) return false;
        results->runs = runs;
        *room = more;
    }
    struct sweep_run_row *row = &results->runs[results->run_count++];
    *row = (struct sweep_run_row){.run_id = sqlite3_column_int64(statement, 0),
                                  .point = sqlite3_column_int(statement, 1),
                                  .replication = sqlite3_column_int(statement, 2),
                                  .status = status_of(statement_text(statement, 3))};
    snprintf(row->results_sha256, sizeof row->results_sha256, "%s", statement_text(statement, 4));
    results->statuses[row->status]++;
    results->points[row->point - 1].runs[row->status]++;
    return true;
}

static bool read_runs(struct database *database, struct sweep_results *results, struct failure *failure) {
    sqlite3_stmt *statement = statement_with(database,
                                             "SELECT run_id, point, replication, status, results_sha256 FROM runs "
                                             "WHERE experiment_id = ?1 AND point BETWEEN 1 AND ?2 ORDER BY run_id",
                                             results->experiment_id, results->point_count, failure);
    bool well = statement != NULL;
    int64_t room = 0;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW)
        well = take_run(results, statement, &room) || sweep_no_memory(failure);
    if (well) return statement_finish(database, statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

/* Estimates, or differences: point, metric, mean, half_width, confidence, replications, against. */
static bool read_figures(struct database *database, const char *sql, bool differences, struct sweep_results *results,
                         struct failure *failure) {
    sqlite3_stmt *statement = statement_with(database, sql, results->experiment_id, results->point_count, failure);
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct sweep_point_row *point = &results->points[sqlite3_column_int64(statement, 0) - 1];
        struct estimate *figures = differences ? point->differences : point->estimates;
        const int metric = sweep_metric_place(statement_text(statement, 1));
        if (metric < 0) continue;
        figures[metric] = (struct estimate){.mean = statement_real(statement, 2),
                                            .half_width = statement_real(statement, 3),
                                            .confidence = sqlite3_column_double(statement, 4),
                                            .count = sqlite3_column_int64(statement, 5)};
        if (differences) results->against = sqlite3_column_int(statement, 6);
    }
    return statement_finish(database, statement, code, failure);
}

static bool read_deadlock(struct database *database, const struct sweep_run_row *run, struct sweep_results *results,
                          struct failure *failure) {
    struct sweep_deadlock *deadlock = &results->deadlocks[results->deadlock_count++];
    *deadlock = (struct sweep_deadlock){.run_id = run->run_id, .point = run->point};
    sqlite3_stmt *statement = statement_with(
        database, "SELECT train, station, waits_for FROM deadlocks WHERE run_id = ?1 ORDER BY train_id LIMIT 1",
        run->run_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        snprintf(deadlock->train, sizeof deadlock->train, "%s", statement_text(statement, 0));
        snprintf(deadlock->station, sizeof deadlock->station, "%s", statement_text(statement, 1));
        snprintf(deadlock->waits_for, sizeof deadlock->waits_for, "%s", statement_text(statement, 2));
    }
    return statement_finish(database, statement, code, failure);
}

static bool read_deadlocks(struct database *database, struct sweep_results *results, struct failure *failure) {
    int32_t last = 0;
    for (int64_t index = 0; index < results->run_count; index++) {
        const struct sweep_run_row *run = &results->runs[index];
        if (run->status != RUN_DEADLOCKED || run->point == last) continue;
        last = run->point;
        results->deadlocked_points++;
        if (results->deadlock_count < SWEEP_DEADLOCKS_KEPT && !read_deadlock(database, run, results, failure))
            return false;
    }
    return true;
}

bool sweep_results_read(struct database *database, int64_t experiment_id, int32_t point_count,
                        struct sweep_results *results, struct failure *failure) {
    static const char estimates[] = "SELECT point, metric, mean, half_width, confidence, replications FROM estimates "
                                    "WHERE experiment_id = ?1 AND point BETWEEN 1 AND ?2",
                      differences[] = "SELECT point, metric, mean, half_width, confidence, replications, against FROM "
                                      "differences WHERE experiment_id = ?1 AND point BETWEEN 1 AND ?2";
    const struct estimate none = {.mean = NAN, .half_width = NAN, .confidence = SWEEP_CONFIDENCE};
    *results = (struct sweep_results){.experiment_id = experiment_id, .point_count = point_count};
    results->points = calloc((size_t)point_count + 1, sizeof *results->points);
    bool well = results->points != NULL || sweep_no_memory(failure);
    for (int32_t point = 0; well && point < point_count; point++)
        for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++)
            results->points[point].estimates[metric] = results->points[point].differences[metric] = none;
    well = well && read_runs(database, results, failure) &&
           read_figures(database, estimates, false, results, failure) &&
           read_figures(database, differences, true, results, failure) && read_deadlocks(database, results, failure);
    if (!well) sweep_results_free(results);
    return well;
}

void sweep_results_free(struct sweep_results *results) {
    free(results->runs);
    free(results->points);
    *results = (struct sweep_results){0};
}
