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
    const char *asked = description->key(description->context, key), *kept = statement_text(statement, 2);
    char text[SWEEP_VALUE_SIZE];
    if (sqlite3_column_int64(statement, 0) > point + 1)
        return differs(resuming, "it does not vary %s, which is asked for", asked);
    if (strcmp(asked, kept) != 0) return differs(resuming, "it varies %s where %s is asked for", kept, asked);
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
        const bool more = point == description->point_count || sqlite3_column_int64(statement, 0) < point + 1;
        well = more ? differs(resuming, "it varies more keys than are asked for, %s among them",
                              statement_text(statement, 2))
                    : same_value(resuming, statement, point, key);
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

static const char *last_component(const char *path) {
    const char *stroke = strrchr(path, '/');
    return stroke != NULL ? stroke + 1 : path;
}

/* The file of that path; else one that is called the same: the folder may lie elsewhere now. */
static const struct input_file *find_input(const struct store_runs *runs, const char *path) {
    const struct input_file *found = NULL;
    for (int32_t index = 0; index < runs->input_count; index++) {
        const struct input_file *input = &runs->inputs[index];
        if (strcmp(input->path, path) == 0) return input;
        if (strcmp(last_component(input->path), last_component(path)) == 0) found = input;
    }
    return found;
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
    int code = SQLITE_DONE;
    while (which[0] == '\0' && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct input_file *now = find_input(runs, statement_text(statement, 0));
        const size_t size = (size_t)sqlite3_column_bytes(statement, 1);
        if (now == NULL)
            snprintf(which, sizeof which, ", %.200s is not read any more", statement_text(statement, 0));
        else if (now->size != size || (size > 0 && memcmp(now->content, sqlite3_column_blob(statement, 1), size) != 0))
            snprintf(which, sizeof which, ", %.200s has changed", now->path);
    }
    if (!statement_finish(resuming->database, statement, code, resuming->failure)) return false;
    return differs(resuming, "the input files of its point %" PRId32 " were others (input_sha256 %.12s…, now %.12s…)%s",
                   runs->point, kept, runs->input_sha256, which);
}

/* A row of `runs`: run_id, point, replication, input_sha256, bering_version, whether it has results. `runs` is what the
 * point of the row before should have. False: it is of no such point. */
static bool find_point(const struct resuming *resuming, sqlite3_stmt *statement, struct store_runs *runs) {
    const struct sweep_description *description = resuming->description;
    const int64_t point = sqlite3_column_int64(statement, 1);
    if (point < 1 || point > description->point_count) return false;
    if (point != runs->point) description->runs(description->context, (int32_t)point - 1, runs);
    return true;
}

static bool compare_origin(struct resuming *resuming, sqlite3_stmt *statement, struct store_runs *runs) {
    const int64_t run_id = sqlite3_column_int64(statement, 0);
    if (!find_point(resuming, statement, runs))
        return differs(resuming, "run %" PRId64 " is of no point of it", run_id);
    if (strcmp(statement_text(statement, 3), runs->input_sha256) != 0)
        return inputs_differ(resuming, statement_text(statement, 3), runs);
    if (strcmp(statement_text(statement, 4), BERING_VERSION) == 0) return true;
    return differs(resuming, "it was begun by Bering %s, and this is %s", statement_text(statement, 4), BERING_VERSION);
}

/* Which run it is, from 0, and whether it is done. */
static bool place_run(struct resuming *resuming, sqlite3_stmt *statement, struct store_runs *runs) {
    struct sweep_place *place = resuming->place;
    const int64_t run_id = sqlite3_column_int64(statement, 0), replication = sqlite3_column_int64(statement, 2);
    const bool known = find_point(resuming, statement, runs) && replication >= 1 && replication <= runs->replications;
    const int64_t run = runs->first_run + replication - 1;
    if (known && place->first_run_id == 0) place->first_run_id = run_id - run;
    if (!known || place->first_run_id < 1 || run_id != place->first_run_id + run)
        return differs(resuming, "run %" PRId64 " is none that it could have", run_id);
    resuming->done[run] = sqlite3_column_int(statement, 5) != 0;
    return true;
}

/* Gives each of the sweep's runs to `look`. */
static bool each_run(struct resuming *resuming,
                     bool (*look)(struct resuming *resuming, sqlite3_stmt *statement, struct store_runs *runs)) {
    sqlite3_stmt *statement =
        statement_with(resuming->database,
                       "SELECT run_id, point, replication, input_sha256, bering_version, " HAS_RESULTS
                       " FROM runs WHERE experiment_id = ?1 ORDER BY run_id",
                       resuming->place->experiment_id, 0, resuming->failure);
    struct store_runs runs = {0};
    bool well = statement != NULL;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) well = look(resuming, statement, &runs);
    if (well) return statement_finish(resuming->database, statement, code, resuming->failure);
    sqlite3_finalize(statement);
    return false;
}

/* How many settings a run has kept. */
static bool count_settings(struct resuming *resuming, int64_t run_id, int32_t *count) {
    sqlite3_stmt *statement = statement_with(resuming->database, "SELECT count(*) FROM settings WHERE run_id = ?1",
                                             run_id, 0, resuming->failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) *count = sqlite3_column_int(statement, 0);
    return statement_finish(resuming->database, statement, code, resuming->failure);
}

/* The first setting where they part: `kept` and `now` are how many there were and are, `index` is its place. */
static bool setting_differs(struct resuming *resuming, sqlite3_stmt *statement, int64_t point, int32_t kept,
                            const struct scenario *scenario, int32_t index) {
    const int32_t now = scenario->settings_used_count;
    const struct setting_used *used = index < now ? &scenario->settings_used[index] : NULL;
    const char *key = statement_text(statement, 1), *value = statement_text(statement, 2);
    const bool same_key = used != NULL && strcmp(key, used->key) == 0;
    if (used != NULL && !same_key && now > kept)
        return differs(resuming, "its settings were others: point %" PRId64 " has %s=%.200s now, and had not", point,
                       used->key, used->value);
    if (!same_key && now < kept)
        return differs(resuming, "its settings were others: point %" PRId64 " had %s=%.200s, and has not now", point,
                       key, value);
    return differs(resuming, "its settings were others: point %" PRId64 " had %s=%.200s, and has %s=%.200s now", point,
                   key, value, used->key, used->value);
}

static bool same_setting(sqlite3_stmt *statement, const struct scenario *scenario, int32_t index) {
    return index < scenario->settings_used_count &&
           strcmp(statement_text(statement, 1), scenario->settings_used[index].key) == 0 &&
           strcmp(statement_text(statement, 2), scenario->settings_used[index].value) == 0;
}

/* Whether the settings that a run has kept are those of its point now. */
static bool compare_point_settings(struct resuming *resuming, int64_t run_id, int64_t point) {
    const struct sweep_description *description = resuming->description;
    int32_t kept = 0;
    if (!count_settings(resuming, run_id, &kept)) return false;
    struct scenario *scenario = description->scenario(description->context, (int32_t)point - 1);
    if (scenario == NULL) return sweep_no_memory(resuming->failure);
    sqlite3_stmt *statement =
        statement_with(resuming->database, "SELECT seq, key, value FROM settings WHERE run_id = ?1 ORDER BY seq",
                       run_id, 0, resuming->failure);
    bool same = statement != NULL;
    int code = SQLITE_ROW;
    for (int32_t index = 0; same && code == SQLITE_ROW; index++) {
        code = sqlite3_step(statement);
        const bool alike =
            code == SQLITE_ROW ? same_setting(statement, scenario, index) : index >= scenario->settings_used_count;
        if (code != SQLITE_ROW && code != SQLITE_DONE)
            same = database_explain(resuming->database, resuming->failure);
        else if (!alike)
            same = setting_differs(resuming, statement, point, kept, scenario, index);
    }
    sqlite3_finalize(statement);
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
    int code = SQLITE_DONE;
    while (same && (code = sqlite3_step(points)) == SQLITE_ROW)
        same = compare_point_settings(resuming, sqlite3_column_int64(points, 1), sqlite3_column_int64(points, 0));
    if (same && code != SQLITE_DONE) same = database_explain(resuming->database, resuming->failure);
    sqlite3_finalize(points);
    return same && differs(resuming, "its settings were others");
}

/* ----------------------------------------------------------------------------------------------------- going on: do */

/* A run that was deleted is there again, under the number it had. Its schedule is told by the path under which the
 * files are kept: the folder may lie elsewhere now. */
static bool insert_missing_run(struct resuming *resuming, const struct store_runs *runs, int32_t replication) {
    struct store_runs row = *runs;
    const int64_t run_id = resuming->place->first_run_id + runs->first_run + replication - 1;
    sqlite3_stmt *statement = statement_with(
        resuming->database, "SELECT schedule FROM runs WHERE experiment_id = ?1 AND input_sha256 = ?2 LIMIT 1",
        resuming->place->experiment_id, 0, resuming->failure);
    if (statement == NULL) return false;
    sqlite3_bind_text(statement, 2, runs->input_sha256, -1, SQLITE_STATIC);
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) row.schedule = (const char *)sqlite3_column_text(statement, 0);
    int64_t inserted = 0;
    const bool well =
        (code == SQLITE_ROW || code == SQLITE_DONE || database_explain(resuming->database, resuming->failure)) &&
        store_insert_inputs(resuming->store, &row, resuming->failure) &&
        store_insert_runs(resuming->store, &row, resuming->place->experiment_id, replication, replication, run_id,
                          &inserted, resuming->failure);
    sqlite3_finalize(statement);
    return well;
}

static bool insert_missing_runs(struct resuming *resuming) {
    const struct sweep_description *description = resuming->description;
    sqlite3_stmt *statement =
        database_prepare(resuming->database, "SELECT 1 FROM runs WHERE run_id = ?1", resuming->failure);
    bool well = statement != NULL;
    for (int32_t point = 0; well && point < description->point_count; point++) {
        struct store_runs runs;
        description->runs(description->context, point, &runs);
        for (int32_t replication = 1; well && replication <= runs.replications; replication++) {
            const int64_t run = runs.first_run + replication - 1;
            if (resuming->done[run]) continue;
            sqlite3_bind_int64(statement, 1, resuming->place->first_run_id + run);
            const int code = sqlite3_step(statement);
            if (code == SQLITE_DONE)
                well = insert_missing_run(resuming, &runs, replication);
            else if (code != SQLITE_ROW)
                well = database_explain(resuming->database, resuming->failure);
            sqlite3_reset(statement);
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

/* Two at work on one sweep would be in each other's way. */
static bool nobody_at_work(struct resuming *resuming) {
    sqlite3_stmt *statement = statement_with(
        resuming->database, "SELECT EXISTS (SELECT 1 FROM runs WHERE experiment_id = ?1 AND status = 'running')",
        resuming->place->experiment_id, 0, resuming->failure);
    if (statement == NULL) return false;
    const int code = sqlite3_step(statement);
    const bool running = code == SQLITE_ROW && sqlite3_column_int(statement, 0) != 0;
    if (!statement_finish(resuming->database, statement, code, resuming->failure)) return false;
    return !running || !database_in_wal(resuming->database) ||
           differs(resuming, "it is running, or another program has the database open; try again when that is done");
}

static bool compare_and_make_ready(struct resuming *resuming, int64_t experiment_id) {
    char settings_sha256[65];
    if (!find_sweep(resuming, experiment_id, settings_sha256) || !nobody_at_work(resuming) ||
        !compare_points(resuming) || !each_run(resuming, compare_origin))
        return false;
    if (strcmp(settings_sha256, resuming->description->settings_sha256) != 0) return settings_differ(resuming);
    return each_run(resuming, place_run) && make_ready(resuming);
}

bool sweep_store_resume(struct store *store, int64_t experiment_id, const struct sweep_description *description,
                        struct sweep_place *place, unsigned char *done, struct failure *failure) {
    struct resuming resuming = {store, store_database(store), description, place, done, failure};
    *place = (struct sweep_place){.experiment_id = experiment_id};
    memset(done, 0, (size_t)description->run_count);
    if (!store_begin(store, failure)) return false;
    return store_end(store, compare_and_make_ready(&resuming, experiment_id), failure);
}
