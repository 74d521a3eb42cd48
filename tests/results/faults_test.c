/* Whatever the database or the memory refuses, at whatever place: the call says so in words, nothing of what it began
 * is there, and what was there is whole. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "../support/injected.h"
#include "results/kept_run.h"
#include "results/results_hash.h"
#include "results/run_difference.h"
#include "results/run_list.h"
#include "results/schema.h"
#include "results/store.h"
#include "results/sweep_store.h"
#include "scenario/text.h"
#include "scratch.h"
#include "small_line.h"

static char path[SCRATCH_PATH], kept_path[SCRATCH_PATH];
static struct failure failure;
static struct small_line line;
static struct database *database;
static struct store *store;
static struct store_experiment experiment;
static struct recorder *recorder;
static struct sweep_description description;
static struct sweep_place place;

/* ---- the sweep: two points of two runs, that differ in one key ---- */

static void runs_of(void *context, int32_t point, struct store_runs *runs) {
    (void)context;
    *runs = (struct store_runs){.title = "small line",
                                .schedule = "schedules/small.csv",
                                .start_year = 2030,
                                .start_month = 1,
                                .start_day = 1,
                                .seed = 7,
                                .horizon_ms = SMALL_LINE_DAY,
                                .detail = DETAIL_TRAINS,
                                .input_sha256 = "0123",
                                .inputs = line.inputs,
                                .input_count = 2,
                                .point = point + 1,
                                .replications = 2,
                                .first_run = 2 * (int64_t)point};
}

static const char *key_of(void *context, int32_t key) {
    (void)context, (void)key;
    return "sections[A-S].speed_kmh";
}

static const char *value_of(void *context, int32_t point, int32_t key, char text[SWEEP_VALUE_SIZE]) {
    (void)context, (void)key;
    snprintf(text, SWEEP_VALUE_SIZE, "%d", 80 + point);
    return text;
}

/* The small line's settings, of which one is another. */
static struct scenario *scenario_of(void *context, int32_t point) {
    struct scenario *scenario = calloc(1, sizeof *scenario);
    (void)context, (void)point;
    if (scenario == NULL) return NULL;
    scenario->settings_used = calloc(3, sizeof *scenario->settings_used);
    bool whole = scenario->settings_used != NULL;
    for (int index = 0; whole && index < 3; index++) {
        const struct setting_used *used = &line.settings_used[index];
        struct setting_used *copy = &scenario->settings_used[scenario->settings_used_count++];
        copy->key = text_copy(used->key);
        copy->value = text_copy(strcmp(used->key, "seed") == 0 ? "8" : used->value);
        whole = copy->key != NULL && copy->value != NULL;
    }
    if (whole) return scenario;
    scenario_free(scenario);
    return NULL;
}

/* ---- what is done, and what it is done to ---- */

static void set_up(void) {
    scratch_make();
    scratch_file("results.db", path);
    scratch_file("kept.db", kept_path);
    small_line_make(&line);
    small_line_add_freight(&line);
    line.scenario.settings.detail = DETAIL_FULL;
    description = (struct sweep_description){.point_count = 2,
                                             .key_count = 1,
                                             .run_count = 4,
                                             .runs = runs_of,
                                             .key = key_of,
                                             .value = value_of,
                                             .scenario = scenario_of};
    strcpy(description.settings_sha256, "4567");
}

static void open_to_write(void) {
    database = database_open(path, DATABASE_WRITE, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    store = store_create(database, &failure);
    ck_assert_msg(store != NULL, "%s", failure.text);
}

static void open_to_read(void) {
    database = database_open(path, DATABASE_READ, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
}

static void finish(void) {
    recorder_destroy(recorder);
    recorder = NULL;
    store_destroy(store);
    store = NULL;
    if (database != NULL) ck_assert_ptr_null(sqlite3_next_stmt(database_handle(database), NULL));
    database_close(database);
    database = NULL;
}

static void record(int64_t shift_ms) {
    recorder_destroy(recorder);
    recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    if (shift_ms == 0)
        small_line_tell_freight(&observer);
    else
        small_line_tell(&observer, shift_ms);
}

static struct store_outcome outcome_of(enum run_status status) {
    return (struct store_outcome){
        .scenario = &line.scenario, .status = status, .run = recorder_run(recorder), .wall_s = 1};
}

static void begin_experiment(void) {
    open_to_write();
    ck_assert(store_experiment_begin(store, "run", "data/small", &line.scenario, 3, &experiment, &failure));
}

static void begin_run(void) {
    begin_experiment();
    record(0);
}

static void store_both(void) {
    for (int run = 0; run < 2; run++) {
        record(run * SMALL_LINE_MINUTE);
        const struct store_outcome outcome = outcome_of(RUN_COMPLETE);
        ck_assert(store_run_finish(store, experiment.first_run_id + run, &outcome, NULL, &failure));
    }
}

static const struct store_estimate estimate = {"mean_delay_min", {.mean = 2, .half_width = 0.5, .count = 2}};

static void keep_runs(void) {
    begin_experiment();
    store_both();
    ck_assert(store_estimates(store, experiment.experiment_id, NULL, &estimate, 1, &failure));
}

static void keep_runs_to_read(void) {
    keep_runs();
    finish();
    open_to_read();
}

static void begin_sweep(void) {
    open_to_write();
    ck_assert_msg(sweep_store_begin(store, "sweep", "data/small", &description, &place, &failure), "%s", failure.text);
}

static void keep_sweep_runs(int64_t count) {
    begin_sweep();
    for (int64_t run = 0; run < count; run++) {
        record(SMALL_LINE_MINUTE * (1 + run * run));
        const struct store_outcome outcome = outcome_of(RUN_COMPLETE);
        ck_assert(sweep_store_run(store, &place, &description, run, &outcome, run % 2 == 1 ? (int32_t)(run / 2) : -1,
                                  &failure));
    }
}

static void keep_one_of_a_sweep(void) {
    keep_sweep_runs(1);
    record(SMALL_LINE_MINUTE * 2);
}

static void keep_three_of_a_sweep(void) {
    keep_sweep_runs(3);
}

static void keep_sweep(void) {
    keep_sweep_runs(4);
    ck_assert_msg(sweep_store_end(store, &place, &description, 0, &failure), "%s", failure.text);
}

static void keep_deadlocked_sweep(void) {
    keep_sweep_runs(3);
    recorder_destroy(recorder);
    recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell_deadlock(&observer);
    const struct store_outcome outcome = outcome_of(RUN_DEADLOCKED);
    ck_assert(sweep_store_run(store, &place, &description, 3, &outcome, 1, &failure));
    ck_assert(sweep_store_end(store, &place, &description, 0, &failure));
}

/* Cut off after three of four, and the first of them deleted. */
static void cut_off_sweep(void) {
    keep_sweep_runs(3);
    finish();
    open_to_write();
    ck_assert_msg(run_list_delete(database, 1, &failure), "%s", failure.text);
}

static void begin_sweep_of_other_settings(void) {
    keep_sweep_runs(2);
    finish();
    open_to_write();
    strcpy(description.settings_sha256, "7654");
}

static void begin_sweep_of_other_files(void) {
    keep_sweep_runs(2);
    finish();
    open_to_write();
    ck_assert(database_execute(database,
                               "INSERT INTO inputs VALUES ('89ab', 'data/roads.csv', x'00'); UPDATE runs SET "
                               "input_sha256 = '89ab'",
                               &failure));
}

/* A file as an older Bering left it: before the last steps of the schema. */
static void make_older(void) {
    sqlite3 *handle = NULL;
    char mark[100];
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    for (int step = 0; step < 2; step++)
        for (const char *const *statement = schema_steps[step]; *statement != NULL; statement++)
            ck_assert_int_eq(sqlite3_exec(handle, *statement, NULL, NULL, NULL), SQLITE_OK);
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = 2", SCHEMA_APPLICATION_ID);
    ck_assert_int_eq(sqlite3_exec(handle, mark, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

/* Somebody was killed while a run was at work. */
static void leave_running(void) {
    begin_experiment();
    finish();
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_int_eq(
        sqlite3_exec(handle, "PRAGMA journal_mode = WAL; UPDATE runs SET status = 'running'", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(handle);
}

/* ---- the calls, and what they give: nothing is asserted while faults may happen, as that asks for memory ---- */

static union {
    char hash[65];
    struct run_list list;
    struct kept_run run;
    struct run_difference difference;
    unsigned char done[4];
    struct sweep_results results;
} given;

static bool act_open(enum database_mode mode) {
    struct database *opened = database_open(path, mode, 0, &failure);
    database_close(opened);
    return opened != NULL;
}

static bool act_open_to_write(void) {
    return act_open(DATABASE_WRITE);
}

static bool act_open_to_read(void) {
    return act_open(DATABASE_READ);
}

static bool act_ask_whether_writable(void) {
    return database_can_be_written(path, 0, &failure);
}

static bool act_open_in_memory(void) {
    database = database_in_memory(&failure);
    return database != NULL;
}

static bool act_create_store(void) {
    struct store *other = store_create(database, &failure);
    store_destroy(other);
    return other != NULL;
}

static bool act_begin(void) {
    return store_experiment_begin(store, "run", "data/small", &line.scenario, 3, &experiment, &failure);
}

static bool act_finish_run(void) {
    const struct store_outcome outcome = outcome_of(RUN_COMPLETE);
    return store_run_finish(store, experiment.first_run_id, &outcome, given.hash, &failure);
}

static void check_finished_run(void) {
    ck_assert_str_eq(given.hash, ask_text(database, "SELECT results_sha256 FROM runs WHERE run_id = 1"));
}

static bool act_record(void) {
    recorder = recorder_create(&line.scenario);
    if (recorder == NULL) return failure_set(&failure, "out of memory");
    const struct observer observer = recorder_observer(recorder);
    small_line_tell_freight(&observer);
    const struct recorded_run *run = recorder_run(recorder);
    return run != NULL || failure_set(&failure, "out of memory");
}

static void check_recorded(void) {
    const struct recorded_run *run = recorder_run(recorder);
    ck_assert_int_eq(run->train_count, 4);
    ck_assert_int_eq(run->container_count, 6);
}

static bool act_estimate(void) {
    return store_estimates(store, experiment.experiment_id, NULL, &estimate, 1, &failure);
}

static bool act_hash(void) {
    return results_hash_of_run(database, 1, given.hash, &failure);
}

static bool act_list(void) {
    return run_list_read(database, &given.list, &failure);
}

static void check_list(void) {
    ck_assert_int_eq(given.list.count, 3);
    ck_assert_str_eq(given.list.entries[0].scenario, "small line");
    run_list_free(&given.list);
}

static bool act_delete(void) {
    return run_list_delete(database, 1, &failure);
}

static bool act_read_kept(void) {
    return kept_run_read(database, 1, &given.run, &failure);
}

static void check_kept(void) {
    ck_assert_int_eq(given.run.input_count, 2);
    ck_assert_int_eq(given.run.setting_count, 3);
    ck_assert_str_eq(given.run.settings[2].value, "80");
    ck_assert_int_eq(given.run.obstacle, KEPT_RUN_INPUTS_CHANGED); /* the small line's fingerprint is none */
    kept_run_free(&given.run);
}

static bool act_compare(void) {
    const struct run_place kept = {database, 1}, now = {database, 2};
    return run_difference_find(&kept, &now, &given.difference, &failure);
}

static void check_difference(void) {
    ck_assert_int_gt(given.difference.count, 3);
    ck_assert_str_eq(given.difference.tables[0].table, "flow_use");
}

static bool act_begin_sweep(void) {
    return sweep_store_begin(store, "sweep", "data/small", &description, &place, &failure);
}

static bool act_sweep_run(void) {
    const struct store_outcome outcome = outcome_of(RUN_COMPLETE);
    return sweep_store_run(store, &place, &description, 1, &outcome, 0, &failure);
}

static bool act_end_sweep(void) {
    return sweep_store_end(store, &place, &description, 0, &failure);
}

static bool act_resume(void) {
    return sweep_store_resume(store, 0, &description, &place, given.done, &failure);
}

/* Whether it was refused for what it is. */
static bool act_resume_in_vain(void) {
    return !act_resume() && (strstr(failure.text, "point 1 had seed=7, and has seed=8 now") != NULL ||
                             strstr(failure.text, "data/roads.csv is not read any more") != NULL);
}

static void check_resumed(void) {
    ck_assert_mem_eq(given.done, ((unsigned char[]){0, 1, 1, 0}), 4);
}

static bool act_read_sweep(void) {
    return sweep_results_read(database, 1, 2, &given.results, &failure);
}

static void check_sweep(void) {
    ck_assert_int_eq(given.results.run_count, 4);
    ck_assert_int_eq(given.results.deadlock_count, given.results.statuses[RUN_DEADLOCKED]);
    sweep_results_free(&given.results);
}

static const struct trial {
    const char *name;
    void (*prepare)(void);
    bool (*act)(void);
    void (*check)(void); /* what a call gives that is said to have gone well */
} trials[] = {
    {"a database is made", NULL, act_open_to_write, NULL},
    {"a database is opened to write", keep_runs, act_open_to_write, NULL},
    {"a database is opened to read", keep_runs, act_open_to_read, NULL},
    {"an older database is opened to read", make_older, act_open_to_read, NULL},
    {"an older database is opened to write", make_older, act_open_to_write, NULL},
    {"a database left by the dead is opened", leave_running, act_open_to_write, NULL},
    {"whether a database can be written", keep_runs, act_ask_whether_writable, NULL},
    {"a database in memory", NULL, act_open_in_memory, NULL},
    {"statements are prepared", open_to_write, act_create_store, NULL},
    {"an experiment begins", open_to_write, act_begin, NULL},
    {"a run is recorded", NULL, act_record, check_recorded},
    {"a run is written", begin_run, act_finish_run, check_finished_run},
    {"estimates are written", begin_experiment, act_estimate, NULL},
    {"a hash is taken", keep_runs_to_read, act_hash, NULL},
    {"runs are listed", keep_runs_to_read, act_list, check_list},
    {"a run is deleted", keep_runs, act_delete, NULL},
    {"a run of a sweep is deleted", keep_sweep, act_delete, NULL},
    {"a run is read to be repeated", keep_runs_to_read, act_read_kept, check_kept},
    {"two runs are compared", keep_runs_to_read, act_compare, check_difference},
    {"a sweep begins", open_to_write, act_begin_sweep, NULL},
    {"a run of a sweep ends a point", keep_one_of_a_sweep, act_sweep_run, NULL},
    {"a sweep ends", keep_three_of_a_sweep, act_end_sweep, NULL},
    {"a sweep is gone on with", cut_off_sweep, act_resume, check_resumed},
    {"a sweep with other settings is not gone on with", begin_sweep_of_other_settings, act_resume_in_vain, NULL},
    {"a sweep of other files is not gone on with", begin_sweep_of_other_files, act_resume_in_vain, NULL},
    {"a sweep is read", keep_sweep, act_read_sweep, check_sweep},
    {"a sweep with a deadlock is read", keep_deadlocked_sweep, act_read_sweep, check_sweep},
};

/* ---- what must hold ---- */

/* A fingerprint of all rows but for times of day. */
static uint64_t rows_of(sqlite3 *handle, const char *table) {
    char sql[300];
    sqlite3_stmt *statement = NULL;
    uint64_t hash = 14695981039346656037u;
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
    ck_assert_msg(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(handle));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            const char *text = (const char *)sqlite3_column_text(statement, column);
            if (strcmp(sqlite3_column_name(statement, column), "created_at") == 0) continue;
            for (; text != NULL && *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211u;
            hash = (hash ^ 0x1f) * 1099511628211u;
        }
    sqlite3_finalize(statement);
    return hash;
}

/* What the file holds, as anyone would read it; 0: there is none. */
static uint64_t content(void) {
    sqlite3 *handle = NULL;
    sqlite3_stmt *tables = NULL;
    uint64_t hash = 0;
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        sqlite3_close(handle);
        return 0;
    }
    ck_assert_int_eq(sqlite3_prepare_v2(handle, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
                                        &tables, NULL),
                     SQLITE_OK);
    while (sqlite3_step(tables) == SQLITE_ROW)
        hash = hash * 31 + rows_of(handle, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    ck_assert_int_eq(sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &tables, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(tables), SQLITE_ROW);
    ck_assert_str_eq((const char *)sqlite3_column_text(tables, 0), "ok");
    sqlite3_finalize(tables);
    sqlite3_close(handle);
    return hash;
}

static void forget(void) {
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char name[SCRATCH_PATH + 16];
        snprintf(name, sizeof name, "%s%s", path, tails[i]);
        remove(name);
    }
}

static void prepare(const struct trial *trial) {
    forget();
    strcpy(description.settings_sha256, "4567");
    if (trial->prepare != NULL) trial->prepare();
    failure = (struct failure){.text = ""};
}

static void check(const struct trial *trial, int32_t fault, bool well, const uint64_t before, const uint64_t after) {
    const uint64_t now = content();
    if (well)
        ck_assert_msg(now == after, "%s, fault %d: said to be done, and is not", trial->name, fault);
    else {
        ck_assert_msg(strstr(failure.text, "refused") != NULL || strstr(failure.text, "memory") != NULL,
                      "%s, fault %d: says '%s'", trial->name, fault, failure.text);
        /* what the dead have left is marked first, and for good */
        ck_assert_msg(now == before || (trial->prepare == leave_running && now == after),
                      "%s, fault %d: said not to be done, and something is (%s)", trial->name, fault, failure.text);
    }
}

START_TEST(what_is_refused_is_said_and_leaves_nothing) {
    const struct trial *trial = &trials[_i];
    int32_t faults = 0, refused = 0;
    prepare(trial);
    finish();
    const uint64_t before = content();
    uint64_t after = 0;
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        prepare(trial);
        injected_begin(fault);
        const bool well = trial->act();
        const bool happened = injected_end();
        /* where taking back is itself refused, closing does it */
        if (store != NULL && trial->act != act_resume_in_vain)
            ck_assert(sqlite3_get_autocommit(database_handle(database)));
        if (well && trial->check != NULL) trial->check();
        finish();
        if (fault == INJECTED_NONE) {
            ck_assert_msg(well, "%s: %s", trial->name, failure.text);
            faults = injected_faults();
            after = content();
        }
        ck_assert_msg(happened == (fault != INJECTED_NONE), "%s: fault %d did not happen", trial->name, fault);
        refused += !well;
        check(trial, fault, well, before, after);
    }
    ck_assert_msg(3 * refused > faults, "%s: %d of %d faults made no difference", trial->name, faults - refused,
                  faults);
    forget();
}
END_TEST

int main(void) {
    return run_suite_for_each("results_faults", what_is_refused_is_said_and_leaves_nothing,
                              (int)(sizeof trials / sizeof *trials), set_up, scratch_remove);
}
