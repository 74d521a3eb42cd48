#include "results/kept_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/words.h"
#include "scenario/input_files.h"
#include "scenario/text.h"

const char *kept_run_obstacle_name(enum kept_run_obstacle obstacle) {
    static const char *const names[] = {
        "none",           "unknown",        "running",          "interrupted",      "failed",      "row_wrong",
        "inputs_missing", "inputs_changed", "settings_missing", "settings_changed", "inputs_wrong"};
    return names[obstacle];
}

const char *kept_run_obstacle_text(enum kept_run_obstacle obstacle) {
    static const char *const texts[] = {
        "nothing stands against it",
        "there is no such run",
        "it is still running, or was ended by force; it has no results",
        "it was interrupted and has no results",
        "it failed and has no results",
        "its row in the database was changed: there is no such replication",
        "its input files, or some of them, are not in the database",
        "the input files in the database are not those it was made from (input_sha256 is of others)",
        "its settings are not in the database",
        "its settings in the database contradict its row there (seed, dispatch or detail)",
        "this version of Bering finds errors in its input files",
    };
    return texts[obstacle];
}

/* --------------------------------------------------------------------------------------------- from the database */

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* "" for NULL; NULL when out of memory. */
static char *column_copy(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return strdup(text != NULL ? text : "");
}

static bool read_row(struct database *database, struct kept_run *run, struct failure *failure) {
    static const char sql[] = "SELECT replication, seed, horizon_ms, scenario, schedule, variant, dispatch, detail, "
                              "status, input_sha256, results_sha256, bering_version FROM runs WHERE run_id = ?1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run->run_id);
    const int step = sqlite3_step(statement);
    bool well = step == SQLITE_ROW || step == SQLITE_DONE || database_explain(database, failure);
    if (step == SQLITE_DONE) run->obstacle = KEPT_RUN_UNKNOWN;
    if (step == SQLITE_ROW) {
        run->replication = sqlite3_column_int64(statement, 0);
        run->seed = sqlite3_column_int64(statement, 1);
        run->horizon_ms = sqlite3_column_int64(statement, 2);
        char **const texts[] = {&run->scenario,     &run->schedule,       &run->variant,
                                &run->dispatch,     &run->detail,         &run->status,
                                &run->input_sha256, &run->results_sha256, &run->bering_version};
        for (int index = 0; index < 9; index++)
            if ((*texts[index] = column_copy(statement, 3 + index)) == NULL) well = no_memory(failure);
    }
    sqlite3_finalize(statement);
    return well;
}

/* One more element at the end of an array; NULL when out of memory, and the array is as it was. */
static void *one_more(void *array, int32_t count, size_t size) {
    return realloc(array, ((size_t)count + 1) * size);
}

static bool add_input(struct kept_run *run, sqlite3_stmt *row) {
    struct input_file *inputs = one_more(run->inputs, run->input_count, sizeof *inputs);
    if (inputs == NULL) return false;
    run->inputs = inputs;
    struct input_file *input = &inputs[run->input_count];
    const void *bytes = sqlite3_column_blob(row, 1);
    input->size = (size_t)sqlite3_column_bytes(row, 1);
    input->path = column_copy(row, 0);
    input->content = malloc(input->size + 1);
    if (input->path == NULL || input->content == NULL) {
        free(input->path);
        free(input->content);
        return false;
    }
    if (input->size > 0) memcpy(input->content, bytes, input->size);
    run->input_count++;
    return true;
}

/* Takes over the key and value, also on failure. */
static bool add_setting(struct kept_run *run, char *key, char *value, bool placed) {
    struct kept_setting *settings = one_more(run->settings, run->setting_count, sizeof *settings);
    if (settings != NULL) run->settings = settings;
    if (settings == NULL || key == NULL || value == NULL) {
        free(key);
        free(value);
        return false;
    }
    settings[run->setting_count++] = (struct kept_setting){key, value, placed};
    run->order_kept = run->order_kept && placed;
    return true;
}

/* Version 1 of the schema put what was given twice into one row: `100 *0.8`. */
static bool add_merged(struct kept_run *run, const char *key, const char *value) {
    for (const char *factor; (factor = strstr(value, " *")) != NULL; value = factor + 1)
        if (!add_setting(run, text_copy(key), text_format("%.*s", (int)(factor - value), value), false)) return false;
    return add_setting(run, text_copy(key), text_copy(value), false);
}

static bool add_setting_row(struct kept_run *run, sqlite3_stmt *row) {
    const char *key = (const char *)sqlite3_column_text(row, 0), *value = (const char *)sqlite3_column_text(row, 1);
    if (key == NULL || value == NULL) return false;
    if (sqlite3_column_type(row, 2) != SQLITE_NULL) return add_setting(run, text_copy(key), text_copy(value), true);
    if (strpbrk(key, "[.") != NULL) return add_merged(run, key, value);
    return add_setting(run, text_copy(key), text_copy(value), false);
}

/* Hands every row of a query about this run to `add`. */
static bool read_rows(struct database *database, const char *sql, struct kept_run *run,
                      bool (*add)(struct kept_run *run, sqlite3_stmt *row), struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run->run_id);
    bool memory = true;
    int step = SQLITE_ROW;
    while (memory && (step = sqlite3_step(statement)) == SQLITE_ROW) memory = add(run, statement);
    bool well = memory || no_memory(failure);
    if (memory && step != SQLITE_DONE) well = database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

static bool read_all(struct database *database, struct kept_run *run, struct failure *failure) {
    static const char inputs[] = "SELECT path, content FROM inputs WHERE input_sha256 = (SELECT input_sha256 FROM runs "
                                 "WHERE run_id = ?1) ORDER BY path";
    static const char settings[] = "SELECT key, value, seq FROM settings WHERE run_id = ?1 "
                                   "ORDER BY seq, instr(key, '[') > 0, instr(key, ':') > 0, key";
    if (!read_row(database, run, failure)) return false;
    if (run->obstacle == KEPT_RUN_UNKNOWN) return true;
    return read_rows(database, inputs, run, add_input, failure) &&
           read_rows(database, settings, run, add_setting_row, failure);
}

/* --------------------------------------------------------------------------------------------------- what is wrong */

/* The folder of a file that is called `name`, with the stroke at its end; NULL if it is called otherwise. */
static const char *folder_end(const char *path, const char *name) {
    const size_t length = strlen(path), tail = strlen(name);
    if (length < tail || strcmp(path + length - tail, name) != 0) return NULL;
    const char *end = path + length - tail;
    return end == path || end[-1] == '/' ? end : NULL;
}

/* A schedule may be called scenario.csv as well: the folder is the one with which the fingerprint is right. */
static bool find_folder(struct kept_run *run, bool *any, struct failure *failure) {
    struct input_files files = {.files = run->inputs, .count = run->input_count};
    *any = false;
    for (int32_t index = 0; index < run->input_count && run->folder == NULL; index++) {
        const char *path = run->inputs[index].path, *end = folder_end(path, "scenario.csv");
        char sha256[65];
        if (end == NULL) continue;
        *any = true;
        char *folder = text_format("%.*s", (int)(end - path), path);
        files.folder = folder;
        if (folder == NULL || !input_files_finish(&files, sha256)) {
            free(folder);
            return no_memory(failure);
        }
        if (strcmp(sha256, run->input_sha256) == 0)
            run->folder = folder;
        else
            free(folder);
    }
    return true;
}

static enum kept_run_obstacle obstacle_of_status(const char *status) {
    if (strcmp(status, run_status_name(RUN_RUNNING)) == 0) return KEPT_RUN_RUNNING;
    if (strcmp(status, run_status_name(RUN_INTERRUPTED)) == 0) return KEPT_RUN_INTERRUPTED;
    return strcmp(status, run_status_name(RUN_FAILED)) == 0 ? KEPT_RUN_FAILED : KEPT_RUN_FREE;
}

/* Takes apart the paths that are joined by blanks, which may stand in a path as well; `paths` has room for one more
 * than there are inputs. How many there are; −1 where some of them is not kept. */
static int32_t split_schedules(const struct kept_run *run, const char *text, const char **paths, int32_t count) {
    if (count >= run->input_count) return -1;
    for (int32_t index = 0; index < run->input_count; index++) {
        const char *path = run->inputs[index].path;
        const size_t length = strlen(path);
        if (length == 0 || strncmp(text, path, length) != 0) continue;
        paths[count] = path;
        if (text[length] == '\0') return count + 1;
        const int32_t all = text[length] == ' ' ? split_schedules(run, text + length + 1, paths, count + 1) : -1;
        if (all >= 0) return all;
    }
    return -1;
}

static bool find_obstacle(struct kept_run *run, struct failure *failure) {
    bool any = false;
    run->obstacle = obstacle_of_status(run->status);
    if (run->replication < 1 || run->replication > INT32_MAX) run->obstacle = KEPT_RUN_ROW_WRONG;
    if (run->obstacle != KEPT_RUN_FREE) return true;
    const char **paths = calloc((size_t)run->input_count + 1, sizeof *paths);
    if (paths == NULL) return no_memory(failure);
    const bool schedules = split_schedules(run, run->schedule, paths, 0) >= 0;
    free(paths);
    if (!find_folder(run, &any, failure)) return false;
    if (!any)
        run->obstacle = KEPT_RUN_INPUTS_MISSING;
    else if (run->folder == NULL)
        run->obstacle = KEPT_RUN_INPUTS_CHANGED;
    else if (!schedules)
        run->obstacle = KEPT_RUN_INPUTS_MISSING;
    else if (run->setting_count == 0)
        run->obstacle = KEPT_RUN_SETTINGS_MISSING;
    return true;
}

bool kept_run_read(struct database *database, int64_t run_id, struct kept_run *run, struct failure *failure) {
    *run = (struct kept_run){.run_id = run_id, .order_kept = true};
    /* one state of the file, whoever writes to it; a savepoint, as the caller may have begun a transaction */
    if (!database_execute(database, "SAVEPOINT kept_run", failure)) return false;
    bool well = read_all(database, run, failure);
    if (!database_execute(database, "RELEASE kept_run", well ? failure : &(struct failure){0})) well = false;
    if (well && run->obstacle == KEPT_RUN_FREE) well = find_obstacle(run, failure);
    if (!well) kept_run_free(run);
    return well;
}

void kept_run_free(struct kept_run *run) {
    for (int32_t index = 0; index < run->input_count; index++) {
        free(run->inputs[index].path);
        free(run->inputs[index].content);
    }
    for (int32_t index = 0; index < run->setting_count; index++) {
        free(run->settings[index].key);
        free(run->settings[index].value);
    }
    void *const parts[] = {run->dispatch,       run->detail, run->scenario,     run->schedule,
                           run->variant,        run->status, run->input_sha256, run->results_sha256,
                           run->bering_version, run->folder, run->inputs,       run->settings};
    for (size_t index = 0; index < sizeof parts / sizeof *parts; index++) free(parts[index]);
    *run = (struct kept_run){0};
}

/* ---------------------------------------------------------------------------------------------------- the scenario */

static const char *value_of(const struct kept_run *run, const char *key) {
    for (int32_t index = 0; index < run->setting_count; index++)
        if (strcmp(run->settings[index].key, key) == 0) return run->settings[index].value;
    return "";
}

/* Version 1 of the schema kept the usual day where a schedule that runs once was given no horizon; the run's row has
 * how long it became. */
static bool horizon_not_given(const struct kept_run *run, const struct kept_setting *setting) {
    return !setting->placed && strcmp(setting->key, "horizon_days") == 0 &&
           strcmp(value_of(run, "repeat"), "once") == 0 &&
           llround(strtod(setting->value, NULL) * (double)MILLISECONDS_PER_DAY) != run->horizon_ms;
}

/* Texts are not part of the results, and may begin with a `*` that is no factor; the schedules are given by path. */
static bool without_effect(const char *key) {
    return strcmp(key, "name") == 0 || strcmp(key, "description") == 0 || strcmp(key, "schedule") == 0;
}

/* The settings as overrides; NULL when out of memory. */
static char **make_overrides(const struct kept_run *run, int32_t *count) {
    char **overrides = calloc((size_t)run->setting_count + 1, sizeof *overrides);
    *count = 0;
    for (int32_t index = 0; overrides != NULL && index < run->setting_count; index++) {
        const struct kept_setting *setting = &run->settings[index];
        if (without_effect(setting->key)) continue;
        const char *value = horizon_not_given(run, setting) ? "" : setting->value;
        if ((overrides[*count] = text_format("%s=%s", setting->key, value)) != NULL) {
            ++*count;
            continue;
        }
        while (*count > 0) free(overrides[--*count]);
        free(overrides);
        overrides = NULL;
    }
    return overrides;
}

struct scenario *kept_run_scenario(const struct kept_run *run, struct diagnostics *diagnostics) {
    struct scenario *scenario = NULL;
    int32_t count = 0;
    char **overrides = make_overrides(run, &count);
    const char **schedules = calloc((size_t)run->input_count + 1, sizeof *schedules);
    if (overrides != NULL && schedules != NULL) {
        const struct scenario_request request = {.folder = run->folder,
                                                 .schedules = schedules,
                                                 .schedule_count = split_schedules(run, run->schedule, schedules, 0),
                                                 .variant = run->variant[0] != '\0' ? run->variant : NULL,
                                                 .overrides = (const char *const *)overrides,
                                                 .override_count = count,
                                                 .as_used = true};
        scenario = scenario_read_inputs(&request, run->inputs, run->input_count, diagnostics);
    } else {
        diagnostics_no_memory(diagnostics, run->folder);
    }
    for (int32_t index = 0; index < count; index++) free(overrides[index]);
    free(overrides);
    free(schedules);
    return scenario;
}

bool kept_run_agrees(const struct kept_run *run, const struct scenario *scenario) {
    const struct settings *settings = &scenario->settings;
    return settings->seed == run->seed && strcmp(dispatch_name(settings->dispatch), run->dispatch) == 0 &&
           strcmp(detail_name(settings->detail), run->detail) == 0;
}
