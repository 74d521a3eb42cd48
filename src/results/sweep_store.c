#include "results/sweep_store.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const enum metric sweep_metrics[SWEEP_METRIC_COUNT] = {METRIC_TRAINS_PER_DAY, METRIC_TRAINS_PER_DAY_FORWARD,
                                                       METRIC_TRAINS_PER_DAY_BACKWARD, METRIC_MEAN_DELAY_S,
                                                       METRIC_P95_DELAY_S};

/* Whether a run has its results. */
#define HAS_RESULTS "status IN ('complete', 'deadlocked')"

/* -------------------------------------------------------------------------------------------------------- statements
 */

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* Ends a statement that was stepped through to `code`. */
static bool finish(struct database *database, sqlite3_stmt *statement, int code, struct failure *failure) {
    if (code != SQLITE_DONE && code != SQLITE_ROW) database_explain(database, failure);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW;
}

static sqlite3_stmt *prepare_with(struct database *database, const char *sql, int64_t first, int64_t second,
                                  struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return NULL;
    sqlite3_bind_int64(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) >= 2) sqlite3_bind_int64(statement, 2, second);
    return statement;
}

/* Runs a statement with at most two parameters that gives no rows. */
static bool change(struct database *database, const char *sql, int64_t first, int64_t second, struct failure *failure) {
    sqlite3_stmt *statement = prepare_with(database, sql, first, second, failure);
    return statement != NULL && finish(database, statement, sqlite3_step(statement), failure);
}

static double column_real(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

/* "" for NULL. */
static const char *column_text(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? text : "";
}

static struct estimate estimate_of(const struct running_statistics *statistics) {
    struct estimate estimate = running_statistics_estimate(statistics, SWEEP_CONFIDENCE);
    if (isnan(estimate.mean) || statistics->count < 2) estimate.half_width = NAN;
    return estimate;
}

/* --------------------------------------------------------------------------------------------------------- beginning
 */

static bool insert_sweep(struct store *store, const struct sweep_description *description, int64_t experiment_id,
                         struct failure *failure) {
    struct database *database = store_database(store);
    sqlite3_stmt *statement =
        prepare_with(database, "INSERT INTO sweeps (experiment_id, points, settings_sha256) VALUES (?1, ?2, ?3)",
                     experiment_id, description->point_count, failure);
    if (statement == NULL) return false;
    sqlite3_bind_text(statement, 3, description->settings_sha256, -1, SQLITE_STATIC);
    return finish(database, statement, sqlite3_step(statement), failure);
}

static bool insert_values(struct database *database, sqlite3_stmt *statement,
                          const struct sweep_description *description, int32_t point, struct failure *failure) {
    sqlite3_bind_int64(statement, 2, point + 1);
    for (int32_t key = 0; key < description->key_count; key++) {
        char text[SWEEP_VALUE_SIZE];
        sqlite3_bind_int64(statement, 3, key + 1);
        sqlite3_bind_text(statement, 4, description->key(description->context, key), -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(statement, 5, description->value(description->context, point, key, text), -1,
                          SQLITE_TRANSIENT);
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
    sqlite3_stmt *statement =
        prepare_with(database, "INSERT INTO points (experiment_id, point, seq, key, value) VALUES (?1, ?2, ?3, ?4, ?5)",
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

/* ------------------------------------------------------------------------------------------------------ going on: who
 */

/* What is compared, and what with. */
struct resuming {
    struct store *store;
    struct database *database;
    const struct sweep_description *description;
    struct sweep_place *place;
    unsigned char *done;
    struct failure *failure;
};

__attribute__((format(printf, 2, 3))) static bool differs(const struct resuming *resuming, const char *format, ...) {
    char why[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    return failure_set(resuming->failure, "%s: experiment %" PRId64 " cannot be gone on with: %s",
                       database_path(resuming->database), resuming->place->experiment_id, why);
}

static bool not_found(struct database *database, int64_t experiment_id, struct failure *failure) {
    if (experiment_id == 0)
        return failure_set(failure, "%s: there is no sweep in it to go on with", database_path(database));
    sqlite3_stmt *statement =
        prepare_with(database, "SELECT command FROM experiments WHERE experiment_id = ?1", experiment_id, 0, failure);
    if (statement == NULL) return false;
    if (sqlite3_step(statement) == SQLITE_ROW)
        failure_set(failure, "%s: experiment %" PRId64 " is no sweep but a %s", database_path(database), experiment_id,
                    column_text(statement, 0));
    else
        failure_set(failure, "%s: there is no experiment %" PRId64, database_path(database), experiment_id);
    sqlite3_finalize(statement);
    return false;
}

static bool find_sweep(struct resuming *resuming, int64_t experiment_id, char settings_sha256[65]) {
    sqlite3_stmt *statement =
        prepare_with(resuming->database,
                     "SELECT experiment_id, points, settings_sha256 FROM sweeps WHERE ?1 IN (0, experiment_id) "
                     "ORDER BY experiment_id DESC LIMIT 1",
                     experiment_id, 0, resuming->failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    int64_t points = 0;
    if (code == SQLITE_ROW) {
        resuming->place->experiment_id = sqlite3_column_int64(statement, 0);
        points = sqlite3_column_int64(statement, 1);
        snprintf(settings_sha256, 65, "%s", column_text(statement, 2));
    }
    if (!finish(resuming->database, statement, code, resuming->failure)) return false;
    if (code != SQLITE_ROW) return not_found(resuming->database, experiment_id, resuming->failure);
    if (points == resuming->description->point_count) return true;
    return differs(resuming, "it has %" PRId64 " points, and those asked for are %" PRId32, points,
                   resuming->description->point_count);
}

/* A value of a point as it was asked for, against the row at hand. */
static bool same_value(struct resuming *resuming, sqlite3_stmt *statement, int32_t point, int32_t key) {
    const struct sweep_description *description = resuming->description;
    const bool there = sqlite3_column_int64(statement, 0) == point + 1 && sqlite3_column_int64(statement, 1) == key + 1;
    const char *asked = description->key(description->context, key), *kept = column_text(statement, 2);
    if (!there) return differs(resuming, "the values of its point %" PRId32 " are not all there", point + 1);
    if (strcmp(asked, kept) != 0) return differs(resuming, "it varies %s where %s is asked for", kept, asked);
    char text[SWEEP_VALUE_SIZE];
    const char *value = description->value(description->context, point, key, text);
    if (strcmp(value, column_text(statement, 3)) == 0) return true;
    return differs(resuming, "its point %" PRId32 " has %s=%s, and the one asked for %s=%s", point + 1, kept,
                   column_text(statement, 3), asked, value);
}

static bool compare_points(struct resuming *resuming) {
    const struct sweep_description *description = resuming->description;
    sqlite3_stmt *statement = prepare_with(
        resuming->database, "SELECT point, seq, key, value FROM points WHERE experiment_id = ?1 ORDER BY point, seq",
        resuming->place->experiment_id, 0, resuming->failure);
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    int32_t point = 0, key = 0;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (point == description->point_count || sqlite3_column_int64(statement, 0) != point + 1)
            well =
                differs(resuming, "it varies more keys than are asked for, %s among them", column_text(statement, 2));
        well = well && same_value(resuming, statement, point, key);
        if (++key == description->key_count) point++, key = 0;
    }
    if (!well) {
        sqlite3_finalize(statement);
        return false;
    }
    if (!finish(resuming->database, statement, code, resuming->failure)) return false;
    return point == description->point_count || differs(resuming, "it varies fewer keys than are asked for");
}

/* ------------------------------------------------------------------------------------------------------ going on: what
 */

static const struct input_file *find_input(const struct store_runs *runs, const char *path) {
    for (int32_t index = 0; index < runs->input_count; index++)
        if (strcmp(runs->inputs[index].path, path) == 0) return &runs->inputs[index];
    return NULL;
}

/* The files are not those the run was made from: says which. */
static bool inputs_differ(struct resuming *resuming, const char *kept_sha256, const struct store_runs *runs) {
    sqlite3_stmt *statement =
        database_prepare(resuming->database, "SELECT path, content FROM inputs WHERE input_sha256 = ?1 ORDER BY path",
                         resuming->failure);
    char which[300] = "", kept[65];
    if (statement == NULL) return false;
    snprintf(kept, sizeof kept, "%s", kept_sha256); /* of a statement that goes on */
    sqlite3_bind_text(statement, 1, kept, -1, SQLITE_STATIC);
    while (which[0] == '\0' && sqlite3_step(statement) == SQLITE_ROW) {
        const struct input_file *now = find_input(runs, column_text(statement, 0));
        const size_t size = (size_t)sqlite3_column_bytes(statement, 1);
        const bool same = now != NULL && now->size == size &&
                          (size == 0 || memcmp(now->content, sqlite3_column_blob(statement, 1), size) == 0);
        if (!same)
            snprintf(which, sizeof which, ", %.200s %s", column_text(statement, 0),
                     now == NULL ? "for one is not read any more" : "has changed");
    }
    sqlite3_finalize(statement);
    return differs(resuming, "the input files of its point %" PRId32 " were others (input_sha256 %.12s…, now %.12s…)%s",
                   runs->point, kept_sha256, runs->input_sha256, which);
}

/* One row of `runs`: run_id, point, replication, input_sha256, bering_version, whether it has results. `runs` is what
 * the point of the row before should have. */
static bool compare_run(struct resuming *resuming, sqlite3_stmt *statement, struct store_runs *runs) {
    const struct sweep_description *description = resuming->description;
    struct sweep_place *place = resuming->place;
    const int64_t run_id = sqlite3_column_int64(statement, 0), point = sqlite3_column_int64(statement, 1),
                  replication = sqlite3_column_int64(statement, 2);
    const bool known = point >= 1 && point <= description->point_count && replication >= 1;
    if (known && point != runs->point) description->runs(description->context, (int32_t)point - 1, runs);
    if (known && strcmp(column_text(statement, 3), runs->input_sha256) != 0)
        return inputs_differ(resuming, column_text(statement, 3), runs);
    if (known && strcmp(column_text(statement, 4), BERING_VERSION) != 0)
        return differs(resuming, "it was begun by Bering %s, and this is %s", column_text(statement, 4),
                       BERING_VERSION);
    if (known && replication > runs->replications)
        return differs(resuming, "its settings were others: point %" PRId64 " had more replications than %" PRId32,
                       point, runs->replications);
    const int64_t run = runs->first_run + replication - 1;
    if (place->first_run_id == 0) place->first_run_id = run_id - run;
    if (!known || place->first_run_id < 1 || run_id != place->first_run_id + run)
        return differs(resuming, "run %" PRId64 " is none that it could have", run_id);
    resuming->done[run] = sqlite3_column_int(statement, 5) != 0;
    return true;
}

static bool compare_runs(struct resuming *resuming) {
    sqlite3_stmt *statement =
        prepare_with(resuming->database,
                     "SELECT run_id, point, replication, input_sha256, bering_version, " HAS_RESULTS
                     " FROM runs WHERE experiment_id = ?1 ORDER BY run_id",
                     resuming->place->experiment_id, 0, resuming->failure);
    struct store_runs runs = {0};
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) well = compare_run(resuming, statement, &runs);
    if (well) return finish(resuming->database, statement, code, resuming->failure);
    sqlite3_finalize(statement);
    return false;
}

/* One setting of a run that has results, against those of its scenario now. */
static bool same_setting(struct resuming *resuming, sqlite3_stmt *statement, const struct scenario *scenario,
                         int32_t index, int64_t point) {
    const bool there = index < scenario->settings_used_count;
    const char *key = column_text(statement, 1), *value = column_text(statement, 2),
               *key_now = there ? scenario->settings_used[index].key : "none",
               *value_now = there ? scenario->settings_used[index].value : "";
    if (strcmp(key, key_now) == 0 && strcmp(value, value_now) == 0) return true;
    return differs(resuming, "its settings were others: point %" PRId64 " had %s=%.200s, now %s=%.200s", point, key,
                   value, key_now, value_now);
}

/* Whether all settings of the statement's rows, of one run, are those of the point now. */
static bool compare_point_settings(struct resuming *resuming, sqlite3_stmt *statement, int64_t point) {
    const struct sweep_description *description = resuming->description;
    struct scenario *scenario = description->scenario(description->context, (int32_t)point - 1);
    if (scenario == NULL) return no_memory(resuming->failure);
    bool same = true;
    int32_t index = 0;
    while (same && sqlite3_step(statement) == SQLITE_ROW)
        same = same_setting(resuming, statement, scenario, index++, point);
    if (same && index < scenario->settings_used_count)
        same = differs(resuming, "its settings were others: point %" PRId64 " has %s=%.200s now", point,
                       scenario->settings_used[index].key, scenario->settings_used[index].value);
    scenario_free(scenario);
    return same;
}

/* The fingerprints of all settings differ: looks for a setting that does among the runs that have kept theirs. */
static bool settings_differ(struct resuming *resuming) {
    sqlite3_stmt *points = prepare_with(resuming->database,
                                        "SELECT point, min(run_id) FROM runs WHERE experiment_id = ?1 AND " HAS_RESULTS
                                        " GROUP BY point ORDER BY point",
                                        resuming->place->experiment_id, 0, resuming->failure);
    bool same = points != NULL;
    while (same && sqlite3_step(points) == SQLITE_ROW) {
        sqlite3_stmt *settings =
            prepare_with(resuming->database, "SELECT seq, key, value FROM settings WHERE run_id = ?1 ORDER BY seq",
                         sqlite3_column_int64(points, 1), 0, resuming->failure);
        same = settings != NULL && compare_point_settings(resuming, settings, sqlite3_column_int64(points, 0));
        sqlite3_finalize(settings);
    }
    sqlite3_finalize(points);
    return same && differs(resuming, "its settings were others");
}

/* -------------------------------------------------------------------------------------------------------- going on: do
 */

/* Runs that were deleted are there again, under the numbers they had. */
static bool insert_missing_runs(struct resuming *resuming) {
    const struct sweep_description *description = resuming->description;
    sqlite3_stmt *statement =
        database_prepare(resuming->database, "SELECT 1 FROM runs WHERE run_id = ?1", resuming->failure);
    bool well = statement != NULL;
    int64_t run_id = resuming->place->first_run_id, inserted;
    for (int32_t point = 0; well && point < description->point_count; point++) {
        struct store_runs runs;
        description->runs(description->context, point, &runs);
        for (int32_t replication = 1; well && replication <= runs.replications; replication++, run_id++) {
            if (resuming->done[run_id - resuming->place->first_run_id]) continue;
            sqlite3_bind_int64(statement, 1, run_id);
            const bool there = sqlite3_step(statement) == SQLITE_ROW;
            sqlite3_reset(statement);
            well = there || (store_insert_inputs(resuming->store, &runs, resuming->failure) &&
                             store_insert_runs(resuming->store, &runs, resuming->place->experiment_id, replication,
                                               replication, run_id, &inserted, resuming->failure));
        }
    }
    sqlite3_finalize(statement);
    return well;
}

static bool make_ready(struct resuming *resuming) {
    static const char *const changes[] = {
        "DELETE FROM settings WHERE run_id IN (SELECT run_id FROM runs WHERE experiment_id = ?1 AND NOT " HAS_RESULTS
        ")",
        "UPDATE runs SET status = 'running', wall_s = NULL WHERE experiment_id = ?1 AND NOT " HAS_RESULTS,
        "DELETE FROM differences WHERE experiment_id = ?1",
        "DELETE FROM estimates WHERE experiment_id = ?1 AND point IN (SELECT point FROM runs WHERE experiment_id = ?1 "
        "AND status = 'running')"};
    bool well = insert_missing_runs(resuming);
    for (int index = 0; well && index < 4; index++)
        well = change(resuming->database, changes[index], resuming->place->experiment_id, 0, resuming->failure);
    return well;
}

static bool compare_and_make_ready(struct resuming *resuming, int64_t experiment_id) {
    char settings_sha256[65];
    if (!find_sweep(resuming, experiment_id, settings_sha256) || !compare_points(resuming) || !compare_runs(resuming))
        return false;
    if (strcmp(settings_sha256, resuming->description->settings_sha256) != 0) return settings_differ(resuming);
    return make_ready(resuming);
}

bool sweep_store_resume(struct store *store, int64_t experiment_id, const struct sweep_description *description,
                        struct sweep_place *place, unsigned char *done, struct failure *failure) {
    struct resuming resuming = {store, store_database(store), description, place, done, failure};
    *place = (struct sweep_place){.experiment_id = experiment_id};
    memset(done, 0, (size_t)description->run_count);
    if (!store_begin(store, failure)) return false;
    return store_end(store, compare_and_make_ready(&resuming, experiment_id), failure);
}

/* --------------------------------------------------------------------------------------------------------------- runs
 */

static bool flush_estimate(struct store *store, const struct sweep_place *place, const struct store_runs *runs,
                           const char *metric, const struct running_statistics *statistics, struct failure *failure) {
    const struct store_estimate row = {metric, estimate_of(statistics)};
    return statistics->count == 0 ||
           store_insert_estimate(store, place->experiment_id, runs->point, runs->variant, &row, failure);
}

/* Makes the estimates of a point anew, over its complete runs. */
static bool write_estimates(struct store *store, const struct sweep_place *place, const struct store_runs *runs,
                            struct failure *failure) {
    struct database *database = store_database(store);
    const int64_t from = place->first_run_id + runs->first_run, to = from + runs->replications - 1;
    if (!change(database, "DELETE FROM estimates WHERE experiment_id = ?1 AND coalesce(point, 0) = ?2",
                place->experiment_id, runs->point, failure))
        return false;
    sqlite3_stmt *statement = prepare_with(database,
                                           "SELECT metric, value FROM metrics JOIN runs USING (run_id) WHERE run_id "
                                           "BETWEEN ?1 AND ?2 AND status = 'complete' ORDER BY metric, run_id",
                                           from, to, failure);
    char metric[64] = "";
    struct running_statistics statistics = {0};
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (strcmp(metric, column_text(statement, 0)) != 0) {
            well = flush_estimate(store, place, runs, metric, &statistics, failure);
            statistics = (struct running_statistics){0};
            snprintf(metric, sizeof metric, "%s", column_text(statement, 0));
        }
        running_statistics_add(&statistics, column_real(statement, 1));
    }
    well = well && flush_estimate(store, place, runs, metric, &statistics, failure);
    if (well) return finish(database, statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

static bool still_to_run(struct database *database, int64_t run_id, struct failure *failure) {
    sqlite3_stmt *statement =
        prepare_with(database, "SELECT status = 'running' FROM runs WHERE run_id = ?1", run_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    const bool running = code == SQLITE_ROW && sqlite3_column_int(statement, 0) != 0;
    if (!finish(database, statement, code, failure)) return false;
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

/* ------------------------------------------------------------------------------------------------------- differences
 */

#define OF_THE_METRICS                                                                                                 \
    "metric IN ('trains_per_day', 'trains_per_day_forward', 'trains_per_day_backward', "                               \
    "'mean_delay_s', 'p95_delay_s')"

static int metric_place(const char *name) {
    for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++)
        if (strcmp(metric_name(sweep_metrics[metric]), name) == 0) return metric;
    return -1;
}

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
    sqlite3_stmt *statement = prepare_with(database,
                                           "SELECT replication, metric, value FROM runs JOIN metrics USING (run_id) "
                                           "WHERE experiment_id = ?1 AND point = ?2 AND status = 'complete' "
                                           "AND replication > 0 AND " OF_THE_METRICS,
                                           experiment_id, against, failure);
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const int64_t replication = sqlite3_column_int64(statement, 0);
        well = base_make_room(base, replication) || no_memory(failure);
        if (!well) break;
        base->there[replication] = true;
        base->values[replication][metric_place(column_text(statement, 1))] = column_real(statement, 2);
    }
    if (well) return finish(database, statement, code, failure);
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
        const struct estimate estimate = estimate_of(&differing->statistics[metric]);
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
        const int metric = metric_place(column_text(values, 2));
        if (sqlite3_column_int64(values, 0) != differing.point) {
            if (!write_differences(database, insert, &differing, failure)) return false;
            differing = (struct differing){.point = sqlite3_column_int64(values, 0)};
        }
        if (replication < base->room && base->there[replication])
            running_statistics_add(&differing.statistics[metric],
                                   column_real(values, 3) - base->values[replication][metric]);
    }
    if (code != SQLITE_DONE) return database_explain(database, failure);
    return write_differences(database, insert, &differing, failure);
}

static bool make_differences(struct database *database, int64_t experiment_id, int64_t against,
                             struct failure *failure) {
    struct base base = {0};
    sqlite3_stmt *values =
        prepare_with(database,
                     "SELECT point, replication, metric, value FROM runs JOIN metrics USING (run_id) "
                     "WHERE experiment_id = ?1 AND point <> ?2 AND status = 'complete' "
                     "AND replication > 0 AND " OF_THE_METRICS " ORDER BY point, replication",
                     experiment_id, against, failure);
    sqlite3_stmt *insert = prepare_with(database,
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
    sqlite3_stmt *statement = prepare_with(database, "SELECT max(against) FROM differences WHERE experiment_id = ?1",
                                           experiment_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *against = sqlite3_column_int64(statement, 0); /* 0 for NULL */
    return finish(database, statement, code, failure);
}

bool sweep_store_differences(struct database *database, int64_t experiment_id, int64_t against,
                             struct failure *failure) {
    if (against == 0 && !find_against(database, experiment_id, &against, failure)) return false;
    if (against == 0) return true;
    return change(database, "DELETE FROM differences WHERE experiment_id = ?1", experiment_id, 0, failure) &&
           make_differences(database, experiment_id, against, failure);
}

/* ------------------------------------------------------------------------------------------------------------- ending
 */

/* Of the points that are not complete; those of the others came with their last run. */
static bool write_open_estimates(struct store *store, const struct sweep_place *place,
                                 const struct sweep_description *description, struct failure *failure) {
    sqlite3_stmt *statement =
        prepare_with(store_database(store),
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
    if (well) return finish(store_database(store), statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

bool sweep_store_end(struct store *store, const struct sweep_place *place, const struct sweep_description *description,
                     int32_t against, struct failure *failure) {
    if (!store_begin(store, failure)) return false;
    const bool well = change(store_database(store),
                             "UPDATE runs SET status = 'interrupted' WHERE experiment_id = ?1 AND status = 'running'",
                             place->experiment_id, 0, failure) &&
                      write_open_estimates(store, place, description, failure) &&
                      sweep_store_differences(store_database(store), place->experiment_id, against + 1, failure);
    return store_end(store, well, failure);
}

/* ------------------------------------------------------------------------------------------------------------ results
 */

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
                                  .status = status_of(column_text(statement, 3))};
    snprintf(row->results_sha256, sizeof row->results_sha256, "%s", column_text(statement, 4));
    results->statuses[row->status]++;
    results->points[row->point - 1].runs[row->status]++;
    return true;
}

static bool read_runs(struct database *database, struct sweep_results *results, struct failure *failure) {
    sqlite3_stmt *statement = prepare_with(database,
                                           "SELECT run_id, point, replication, status, results_sha256 FROM runs "
                                           "WHERE experiment_id = ?1 AND point BETWEEN 1 AND ?2 ORDER BY run_id",
                                           results->experiment_id, results->point_count, failure);
    bool well = statement != NULL;
    int64_t room = 0;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW)
        well = take_run(results, statement, &room) || no_memory(failure);
    if (well) return finish(database, statement, code, failure);
    sqlite3_finalize(statement);
    return false;
}

/* Estimates, or differences: point, metric, mean, half_width, confidence, replications, against. */
static bool read_figures(struct database *database, const char *sql, bool differences, struct sweep_results *results,
                         struct failure *failure) {
    sqlite3_stmt *statement = prepare_with(database, sql, results->experiment_id, results->point_count, failure);
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct sweep_point_row *point = &results->points[sqlite3_column_int64(statement, 0) - 1];
        struct estimate *figures = differences ? point->differences : point->estimates;
        const int metric = metric_place(column_text(statement, 1));
        if (metric < 0) continue;
        figures[metric] = (struct estimate){.mean = column_real(statement, 2),
                                            .half_width = column_real(statement, 3),
                                            .confidence = sqlite3_column_double(statement, 4),
                                            .count = sqlite3_column_int64(statement, 5)};
        if (differences) results->against = sqlite3_column_int(statement, 6);
    }
    return finish(database, statement, code, failure);
}

static bool read_deadlock(struct database *database, const struct sweep_run_row *run, struct sweep_results *results,
                          struct failure *failure) {
    struct sweep_deadlock *deadlock = &results->deadlocks[results->deadlock_count++];
    *deadlock = (struct sweep_deadlock){.run_id = run->run_id, .point = run->point};
    sqlite3_stmt *statement = prepare_with(
        database, "SELECT train, station, waits_for FROM deadlocks WHERE run_id = ?1 ORDER BY train_id LIMIT 1",
        run->run_id, 0, failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        snprintf(deadlock->train, sizeof deadlock->train, "%s", column_text(statement, 0));
        snprintf(deadlock->station, sizeof deadlock->station, "%s", column_text(statement, 1));
        snprintf(deadlock->waits_for, sizeof deadlock->waits_for, "%s", column_text(statement, 2));
    }
    return finish(database, statement, code, failure);
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
    bool well = results->points != NULL || no_memory(failure);
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
