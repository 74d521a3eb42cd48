/* A sweep that is gone on with has to be the one that was begun: whatever else lies in the database is told by its
 * name, and nothing is changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/sweep_store.h"
#include "scenario/text.h"
#include "scratch.h"
#include "small_line.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct small_line line;
static struct database *database;
static struct store *store;
static struct sweep_description description;
static struct sweep_place place;

static void runs_of(void *context, int32_t point, struct store_runs *runs) {
    (void)context;
    *runs = (struct store_runs){.title = "small line",
                                .start_year = 2030,
                                .start_month = 1,
                                .start_day = 1,
                                .horizon_ms = SMALL_LINE_DAY,
                                .input_sha256 = "0123",
                                .inputs = line.inputs,
                                .input_count = 2,
                                .point = point + 1,
                                .replications = 2,
                                .first_run = 2 * (int64_t)point};
}

static const char *key_of(void *context, int32_t key) {
    (void)context, (void)key;
    return "seed";
}

static const char *value_of(void *context, int32_t point, int32_t key, char text[SWEEP_VALUE_SIZE]) {
    (void)context, (void)key;
    snprintf(text, SWEEP_VALUE_SIZE, "%d", 80 + point);
    return text;
}

/* A scenario of nothing but the settings in `context`, a NULL at their end; NULL: memory is short. */
static struct scenario *scenario_of(void *context, int32_t point) {
    (void)point;
    if (context == NULL) return NULL;
    struct scenario *scenario = calloc(1, sizeof *scenario);
    scenario->settings_used = calloc(8, sizeof *scenario->settings_used);
    for (char **text = context; *text != NULL; text += 2)
        scenario->settings_used[scenario->settings_used_count++] =
            (struct setting_used){text_copy(text[0]), text_copy(text[1])};
    return scenario;
}

static bool keep_run(int64_t run, int32_t ends) {
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell(&observer, SMALL_LINE_MINUTE);
    const struct store_outcome outcome = {
        .scenario = &line.scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder), .wall_s = 1};
    const bool well = sweep_store_run(store, &place, &description, run, &outcome, ends, &failure);
    recorder_destroy(recorder);
    return well;
}

/* Two points of two runs each, the last of which was never made. */
static void set_up(void) {
    scratch_make();
    small_line_make(&line);
    description = (struct sweep_description){.point_count = 2,
                                             .key_count = 1,
                                             .run_count = 4,
                                             .settings_sha256 = "4567",
                                             .runs = runs_of,
                                             .key = key_of,
                                             .value = value_of,
                                             .scenario = scenario_of};
    database = database_open(scratch_file("sweep.db", path), DATABASE_WRITE, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    store = store_create(database, &failure);
    ck_assert_ptr_nonnull(store);
    ck_assert_msg(sweep_store_begin(store, "sweep", "", &description, &place, &failure), "%s", failure.text);
    for (int64_t run = 0; run < 3; run++) ck_assert_msg(keep_run(run, -1), "%s", failure.text);
    ck_assert(sweep_store_end(store, &place, &description, 0, &failure));
    ck_assert(database_execute(database, "PRAGMA foreign_keys = OFF", &failure));
}

static void finish(void) {
    store_destroy(store);
    database_close(database);
}

static void change(const char *sql) {
    ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
}

static int64_t state(void) {
    return ask_integer(database,
                       "SELECT (SELECT sum(run_id * length(status)) FROM runs) + (SELECT count(*) * 1000 FROM "
                       "settings) + (SELECT count(*) * 100000 FROM estimates)");
}

static void refused(const char *what, const char *told) {
    unsigned char done[4];
    const int64_t before = state();
    failure.text[0] = '\0';
    ck_assert_msg(!sweep_store_resume(store, 0, &description, &place, done, &failure), "%s: gone on with", what);
    ck_assert_msg(strstr(failure.text, told) != NULL, "%s: says '%s'", what, failure.text);
    ck_assert_int_eq(state(), before);
    ck_assert(sqlite3_get_autocommit(database_handle(database)));
}

START_TEST(rows_that_are_not_of_this_sweep) {
    static const char *const cases[][2] = {
        {"UPDATE runs SET point = 7 WHERE run_id = 1", "run 1 is of no point of it"},
        {"UPDATE runs SET point = 0 WHERE run_id = 2", "run 2 is of no point of it"},
        {"UPDATE runs SET replication = 9 WHERE run_id = 1", "run 1 is none that it could have"},
        {"UPDATE runs SET replication = 0 WHERE run_id = 1", "run 1 is none that it could have"},
        {"UPDATE runs SET run_id = 40 WHERE run_id = 3", "run 40 is none that it could have"},
        {"UPDATE runs SET run_id = -1 WHERE run_id = 1", "run -1 is none that it could have"},
        {"DELETE FROM points WHERE point = 2", "it varies fewer keys than are asked for"},
        {"DELETE FROM points WHERE point = 1", "it does not vary seed, which is asked for"},
        {"INSERT INTO points (experiment_id, point, seq, key, value) VALUES (1, 1, 9, 'speed', '1')",
         "it varies more keys than are asked for, speed among them"},
        {"INSERT INTO points (experiment_id, point, seq, key, value) VALUES (1, 3, 1, 'speed', '1')",
         "it varies more keys than are asked for, speed among them"},
        {"UPDATE points SET key = 'speed'", "it varies speed where seed is asked for"},
        {"UPDATE points SET value = '99' WHERE point = 2", "its point 2 has seed=99, and the one asked for seed=81"},
        {"UPDATE sweeps SET points = 3", "it has 3 points, and those asked for are 2"},
        {"UPDATE runs SET bering_version = '0.0.9' WHERE run_id = 3", "begun by Bering 0.0.9"},
        {"UPDATE runs SET status = 'running' WHERE run_id = 4",
         "it is running, or another program has the database open"},
        {"DELETE FROM sweeps; DELETE FROM experiments", "there is no sweep in it to go on with"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char copy[SCRATCH_PATH];
        finish();
        remove(scratch_file("sweep.db", copy));
        scratch_remove();
        set_up();
        change(cases[i][0]);
        refused(cases[i][0], cases[i][1]);
    }
    finish();
}
END_TEST

START_TEST(files_that_are_not_those_of_the_sweep) {
    change("UPDATE runs SET input_sha256 = '89ab' WHERE run_id = 2");
    refused("files that were not kept", "the input files of its point 1 were others (input_sha256 89ab…, now 0123…)");
    change("INSERT INTO inputs (input_sha256, path, content) VALUES ('89ab', 'data/small/stations.csv', x'')");
    refused("a file that is the same", "others (input_sha256 89ab…, now 0123…)");
    change("INSERT INTO inputs (input_sha256, path, content) VALUES ('89ab', 'elsewhere/scenario.csv', x'41')");
    refused("a file of the same name, in another folder", "data/small/scenario.csv has changed");
    change("INSERT INTO inputs (input_sha256, path, content) VALUES ('89ab', 'data/roads.csv', x'41')");
    refused("a file that there was", "data/roads.csv is not read any more");
    finish();
}
END_TEST

START_TEST(settings_that_are_not_those_of_the_sweep) {
    static const char *const kept[] = {"horizon_days", "1", "seed", "7", "sections[A-S].speed_kmh", "80", NULL},
                             *const fewer[] = {"horizon_days", "1", "seed", "7", NULL},
                             *const more[] = {"horizon_days", "1",       "seed", "7", "sections[A-S].speed_kmh",
                                              "80",           "options", "loop", NULL},
                             *const without[] = {"horizon_days", "1", "sections[A-S].speed_kmh", "80", NULL},
                             *const other[] = {"horizon_days", "1", "seed", "8", "sections[A-S].speed_kmh", "80", NULL},
                             *const renamed[] = {"horizon_days", "1", "seed", "7", "sections[S-B].speed_kmh",
                                                 "80",           NULL};
    const struct {
        const char *const *settings;
        const char *told;
    } cases[] = {
        {fewer, "point 1 had sections[A-S].speed_kmh=80, and has not now"},
        {more, "point 1 has options=loop now, and had not"},
        {without, "point 1 had seed=7, and has not now"},
        {other, "point 1 had seed=7, and has seed=8 now"},
        {renamed, "point 1 had sections[A-S].speed_kmh=80, and has sections[S-B].speed_kmh=80 now"},
        {kept, "its settings were others"}, /* of runs that have kept none yet */
        {NULL, "out of memory"},
    };
    strcpy(description.settings_sha256, "7654");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        description.context = (void *)(uintptr_t)cases[i].settings;
        refused(cases[i].told, cases[i].told);
    }
    finish();
}
END_TEST

/* What another program has done with a run meanwhile stays. */
START_TEST(a_run_that_is_not_running_any_more_is_not_written) {
    unsigned char done[4];
    ck_assert_msg(sweep_store_resume(store, 0, &description, &place, done, &failure), "%s", failure.text);
    ck_assert_mem_eq(done, ((unsigned char[]){1, 1, 1, 0}), 4);
    change("UPDATE runs SET status = 'interrupted' WHERE run_id = 4");
    ck_assert(!keep_run(3, 1));
    ck_assert_ptr_nonnull(strstr(failure.text, "run 4 was finished, or deleted, by another program"));
    change("DELETE FROM runs WHERE run_id = 4");
    ck_assert(!keep_run(3, 1));
    ck_assert_ptr_nonnull(strstr(failure.text, "run 4 was finished, or deleted, by another program"));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM trains WHERE run_id = 4"), 0);
    finish();
}
END_TEST

/* A point with replications that the one compared with has not, and rows of points there are none of, count for
 * nothing. */
START_TEST(differences_are_of_what_both_points_have) {
    change("UPDATE runs SET status = 'running' WHERE run_id = 4");
    ck_assert_msg(keep_run(3, 1), "%s", failure.text);
    change("UPDATE runs SET status = 'failed' WHERE run_id = 2; UPDATE runs SET point = 9, status = 'failed' WHERE "
           "run_id = 1");
    ck_assert_msg(sweep_store_end(store, &place, &description, 0, &failure), "%s", failure.text);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM differences"), 0);
    ck_assert_int_gt(ask_integer(database, "SELECT count(*) FROM estimates WHERE point = 2"), 3);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates WHERE point <> 2"), 0);
    finish();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {rows_that_are_not_of_this_sweep, files_that_are_not_those_of_the_sweep,
                                  settings_that_are_not_those_of_the_sweep,
                                  a_run_that_is_not_running_any_more_is_not_written,
                                  differences_are_of_what_both_points_have};
    return run_suite_in_scratch("sweep_store", tests, sizeof tests / sizeof *tests, set_up);
}
