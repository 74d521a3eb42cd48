/* Going on with a sweep: is it the same, and what is missing? */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/sweep_statements.h"
#include "results/sweep_store.h"

/* ---------------------------------------------------------------------------------------------------- going on: who */

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
        return failure_set(failure, "%s: there is no sweep in it to go on with; begin one without --resume",
                           database_path(database));
    sqlite3_stmt *statement =
        statement_with(database, "SELECT command FROM experiments WHERE experiment_id = ?1", experiment_id, 0, failure);
    if (statement == NULL) return false;
    if (sqlite3_step(statement) == SQLITE_ROW)
        failure_set(failure, "%s: experiment %" PRId64 " is no sweep but a %s", database_path(database), experiment_id,
                    statement_text(statement, 0));
    else
        failure_set(failure, "%s: there is no experiment %" PRId64, database_path(database), experiment_id);
    sqlite3_finalize(statement);
    return false;
}

static bool find_sweep(struct resuming *resuming, int64_t experiment_id, char settings_sha256[65]) {
    sqlite3_stmt *statement =
        statement_with(resuming->database,
                       "SELECT experiment_id, points, settings_sha256 FROM sweeps WHERE ?1 IN (0, experiment_id) "
                       "ORDER BY experiment_id DESC LIMIT 1",
                       experiment_id, 0, resuming->failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    int64_t points = 0;
    if (code == SQLITE_ROW) {
        resuming->place->experiment_id = sqlite3_column_int64(statement, 0);
        points = sqlite3_column_int64(statement, 1);
        snprintf(settings_sha256, 65, "%s", statement_text(statement, 2));
    }
    if (!statement_finish(resuming->database, statement, code, resuming->failure)) return false;
    if (code != SQLITE_ROW) return not_found(resuming->database, experiment_id, resuming->failure);
    if (points == resuming->description->point_count) return true;
    return differs(resuming, "it has %" PRId64 " points, and those asked for are %" PRId32, points,
                   resuming->description->point_count);
}

/* A value of a point as it was asked for, against the row at hand. */
static bool same_value(struct resuming *resuming, sqlite3_stmt *statement, int32_t point, int32_t key) {
    const struct sweep_description *description = resuming->description;
    const bool there = sqlite3_column_int64(statement, 0) == point + 1 && sqlite3_column_int64(statement, 1) == key + 1;
    const char *asked = description->key(description->context, key), *kept = statement_text(statement, 2);
    if (!there) return differs(resuming, "the values of its point %" PRId32 " are not all there", point + 1);
    if (strcmp(asked, kept) != 0) return differs(resuming, "it varies %s where %s is asked for", kept, asked);
    char text[SWEEP_VALUE_SIZE];
    const char *value = description->value(description->context, point, key, text);
    if (strcmp(value, statement_text(statement, 3)) == 0) return true;
    return differs(resuming, "its point %" PRId32 " has %s=%s, and the one asked for %s=%s", point + 1, kept,
                   statement_text(statement, 3), asked, value);
}

static bool compare_points(struct resuming *resuming) {
    const struct sweep_description *description = resuming->description;
    sqlite3_stmt *statement = statement_with(
        resuming->database, "SELECT point, seq, key, value FROM points WHERE experiment_id = ?1 ORDER BY point, seq",
        resuming->place->experiment_id, 0, resuming->failure);
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    int32_t point = 0, key = 0;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (point == description->point_count || sqlite3_column_int64(statement, 0) != point + 1)
            well = differs(resuming, "it varies more keys than are asked for, %s among them",
                           statement_text(statement, 2));
        well = well && same_value(resuming, statement, point, key);
        if (++key == description->key_count) point++, key = 0;
    }
    if (!well) {
        sqlite3_finalize(statement);
        return false;
    }
    if (!statement_finish(resuming->database, statement, code, resuming->failure)) return false;
    return point == description->point_count || differs(resuming, "it varies fewer keys than are asked for");
}

/* --------------------------------------------------------------------------------------------------- going on: what */

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
        const struct input_file *now = find_input(runs, statement_text(statement, 0));
        const size_t size = (size_t)sqlite3_column_bytes(statement, 1);
        const bool same = now != NULL && now->size == size &&
                          (size == 0 || memcmp(now->content, sqlite3_column_blob(statement, 1), size) == 0);
        if (!same)
            snprintf(which, sizeof which, ", %.200s %s", statement_text(statement, 0),
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
    if (known && strcmp(statement_text(statement, 3), runs->input_sha256) != 0)
        return inputs_differ(resuming, statement_text(statement, 3), runs);
    if (known && strcmp(statement_text(statement, 4), BERING_VERSION) != 0)
        return differs(resuming, "it was begun by Bering %s, and this is %s", statement_text(statement, 4),
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
        statement_with(resuming->database,
                       "SELECT run_id, point, replication, input_sha256, bering_version, " HAS_RESULTS
                       " FROM runs WHERE experiment_id = ?1 ORDER BY run_id",
                       resuming->place->experiment_id, 0, resuming->failure);
    struct store_runs runs = {0};
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) well = compare_run(resuming, statement, &runs);
    if (well) return statement_finish(resuming->database, statement, code, resuming->failure);
    sqlite3_finalize(statement);
    return false;
}

/* One setting of a run that has results, against those of its scenario now. */
static bool same_setting(struct resuming *resuming, sqlite3_stmt *statement, const struct scenario *scenario,
                         int32_t index, int64_t point) {
    const bool there = index < scenario->settings_used_count;
    const char *key = statement_text(statement, 1), *value = statement_text(statement, 2),
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
    if (scenario == NULL) return sweep_no_memory(resuming->failure);
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
    sqlite3_stmt *points =
        statement_with(resuming->database,
                       "SELECT point, min(run_id) FROM runs WHERE experiment_id = ?1 AND " HAS_RESULTS
                       " GROUP BY point ORDER BY point",
                       resuming->place->experiment_id, 0, resuming->failure);
    bool same = points != NULL;
    while (same && sqlite3_step(points) == SQLITE_ROW) {
        sqlite3_stmt *settings =
            statement_with(resuming->database, "SELECT seq, key, value FROM settings WHERE run_id = ?1 ORDER BY seq",
                           sqlite3_column_int64(points, 1), 0, resuming->failure);
        same = settings != NULL && compare_point_settings(resuming, settings, sqlite3_column_int64(points, 0));
        sqlite3_finalize(settings);
    }
    sqlite3_finalize(points);
    return same && differs(resuming, "its settings were others");
}

/* ----------------------------------------------------------------------------------------------------- going on: do */

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
        well = statement_run(resuming->database, changes[index], resuming->place->experiment_id, 0, resuming->failure);
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
