#include "results/sweep_statements.h"

#include <math.h>
#include <string.h>

#include "results/sweep_store.h"

const enum metric sweep_metrics[SWEEP_METRIC_COUNT] = {METRIC_TRAINS_PER_DAY, METRIC_TRAINS_PER_DAY_FORWARD,
                                                       METRIC_TRAINS_PER_DAY_BACKWARD, METRIC_MEAN_DELAY_S,
                                                       METRIC_P95_DELAY_S};

bool sweep_no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

bool statement_finish(struct database *database, sqlite3_stmt *statement, int code, struct failure *failure) {
    if (code != SQLITE_DONE && code != SQLITE_ROW) database_explain(database, failure);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW;
}

sqlite3_stmt *statement_with(struct database *database, const char *sql, int64_t first, int64_t second,
                             struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return NULL;
    sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) >= 2) sqlite3_bind_int64(statement, 2, second);
    return statement;
}

bool statement_run(struct database *database, const char *sql, int64_t first, int64_t second, struct failure *failure) {
    sqlite3_stmt *statement = statement_with(database, sql, first, second, failure);
    return statement != NULL && statement_finish(database, statement, sqlite3_step(statement), failure);
}

double statement_real(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

const char *statement_text(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? text : "";
}

struct estimate sweep_estimate(const struct running_statistics *statistics) {
    struct estimate estimate = running_statistics_estimate(statistics, SWEEP_CONFIDENCE);
    if (isnan(estimate.mean) || statistics->count < 2) estimate.half_width = NAN;
    return estimate;
}

int sweep_metric_place(const char *name) {
    for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++)
        if (strcmp(metric_name(sweep_metrics[metric]), name) == 0) return metric;
    return -1;
}
