/* How far the points of a sweep lie from one of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/sweep_statements.h"
#include "results/sweep_store.h"

#define OF_THE_METRICS                                                                                                 \
    "metric IN ('trains_per_day', 'trains_per_day_forward', 'trains_per_day_backward', "                               \
    "'mean_delay_s', 'p95_delay_s')"

/* The figures of the point that the others are compared with, [replication]. */
struct base {
    double (*values)[SWEEP_METRIC_COUNT];
    bool *there;
    int64_t room; /* replications 0 … room − 1 */
};

static bool base_make_room(struct base *base, int64_t replication) {
    if (replication < base->room) return true;
    const int64_t room = 2 * replication + 16;
    double(*values)[SWEEP_METRIC_COUNT] = realloc(base->values, (size_t)room * sizeof *values);
    if (values != NULL) base->values = values;
    bool *there = values != NULL ? realloc(base->there, (size_t)room * sizeof *there) : NULL;
    if (there == NULL) return false;
    memset(there + base->room, 0, (size_t)(room - base->room) * sizeof *there);
    for (int64_t place = base->room; place < room; place++)
        for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++) values[place][metric] = NAN;
    base->there = there;
    base->room = room;
    return true;
}

static bool read_base(struct database *database, int64_t experiment_id, int64_t against, struct base *base,
                      struct failure *failure) {
    sqlite3_stmt *statement = statement_with(database,
                                             "SELECT replication, metric, value FROM runs JOIN metrics USING (run_id) "
                                             "WHERE experiment_id = ?1 AND point = ?2 AND status = 'complete' "
                                             "AND replication > 0 AND " OF_THE_METRICS,
                                             experiment_id, against, failure);
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const int64_t replication = sqlite3_column_int64(statement, 0);
        well = base_make_room(base, replication) || sweep_no_memory(failure);
        if (!well) break;
        base->there[replication] = true;
        base->values[replication][sweep_metric_place(statement_text(statement, 1))] = statement_real(statement, 2);
    }
    if (well) return statement_finish(database, statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

/* The differences of one point so far. */
struct differing {
    int64_t point;
    struct running_statistics statistics[SWEEP_METRIC_COUNT];
};

static bool write_differences(struct database *database, sqlite3_stmt *insert, const struct differing *differing,
                              struct failure *failure) {
    for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++) {
        if (differing->statistics[metric].count == 0) continue;
        const struct estimate estimate = sweep_estimate(&differing->statistics[metric]);
        sqlite3_bind_int64(insert, 3, differing->point);
        sqlite3_bind_text(insert, 4, metric_name(sweep_metrics[metric]), -1, SQLITE_STATIC);
        sqlite3_bind_double(insert, 5, estimate.mean); /* NAN is bound as NULL */
        sqlite3_bind_double(insert, 6, estimate.half_width);
        sqlite3_bind_double(insert, 7, estimate.confidence);
        sqlite3_bind_int64(insert, 8, estimate.count);
        if (sqlite3_step(insert) != SQLITE_DONE) return database_explain(database, failure);
        sqlite3_reset(insert);
    }
    return true;
}

/* The rows of `values` are point, replication, metric, value, those of a point together. */
static bool compare_all(struct database *database, sqlite3_stmt *values, sqlite3_stmt *insert, const struct base *base,
                        struct failure *failure) {
    struct differing differing = {0};
    int code;
    while ((code = sqlite3_step(values)) == SQLITE_ROW) {
        const int64_t replication = sqlite3_column_int64(values, 1);
        const int metric = sweep_metric_place(statement_text(values, 2));
        if (sqlite3_column_int64(values, 0) != differing.point) {
            if (!write_differences(database, insert, &differing, failure)) return false;
            differing = (struct differing){.point = sqlite3_column_int64(values, 0)};
        }
        if (replication < base->room && base->there[replication])
            running_statistics_add(&differing.statistics[metric],
                                   statement_real(values, 3) - base->values[replication][metric]);
    }
    if (code != SQLITE_DONE) return database_explain(database, failure);
    return write_differences(database, insert, &differing, failure);
}

static bool make_differences(struct database *database, int64_t experiment_id, int64_t against,
                             struct failure *failure) {
    struct base base = {0};
    sqlite3_stmt *values =
        statement_with(database,
                       "SELECT point, replication, metric, value FROM runs JOIN metrics USING (run_id) "
                       "WHERE experiment_id = ?1 AND point <> ?2 AND status = 'complete' "
                       "AND replication > 0 AND " OF_THE_METRICS " ORDER BY point, replication",
                       experiment_id, against, failure);
    sqlite3_stmt *insert =
        statement_with(database,
                       "INSERT INTO differences (experiment_id, against, point, metric, mean, "
                       "half_width, confidence, replications) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                       experiment_id, against, failure);
    const bool well = values != NULL && insert != NULL && read_base(database, experiment_id, against, &base, failure) &&
                      compare_all(database, values, insert, &base, failure);
    sqlite3_finalize(values);
    sqlite3_finalize(insert);
    free(base.values);
    free(base.there);
    return well;
}

static bool find_against(struct database *database, int64_t experiment_id, int64_t *against, struct failure *failure) {
    sqlite3_stmt *statement = statement_with(database, "SELECT max(against) FROM differences WHERE experiment_id = ?1",
                                             experiment_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *against = sqlite3_column_int64(statement, 0); /* 0 for NULL */
    return statement_finish(database, statement, code, failure);
}

bool sweep_store_differences(struct database *database, int64_t experiment_id, int64_t against,
                             struct failure *failure) {
    if (against == 0 && !find_against(database, experiment_id, &against, failure)) return false;
    if (against == 0) return true;
    return statement_run(database, "DELETE FROM differences WHERE experiment_id = ?1", experiment_id, 0, failure) &&
           make_differences(database, experiment_id, against, failure);
}
