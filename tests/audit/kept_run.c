#include "kept_run.h"

#include <stdlib.h>
#include <string.h>

#include "../results/scratch.h"

/* West – Middle – Isle – East, with Isle as an option, and a direct line in its place. */
static const char *const files[][2] = {
    {"line/scenario.csv", "key,value\nname,Line\n"},
    {"line/stations.csv", "station,name,kind,crossing_interval_s,arrival_interval_s,option\n"
                          "west,West,terminal,,,\n"
                          "middle,Middle,siding,60,240,\n"
                          "isle,Isle,junction,,,island\n"
                          "east,East,terminal,,,\n"},
    {"line/tracks.csv", "station,track,count,length_m,speed_kmh,option\n"
                        "middle,main,1,900,,\n"
                        "west,yard,*,,,\n"
                        "middle,loop,2,850,36,\n"
                        "east,yard,4,,,\n"
                        "isle,main,,1000,,island\n"},
    {"line/sections.csv", "section,from,to,length_km,block_km,speed_kmh,release_s,option\n"
                          "west-middle,west,middle,30,5,90,20,\n"
                          "middle-east,middle,east,50,,,,!island\n"
                          "middle-isle,middle,isle,20,,,,island\n"
                          "isle-east,isle,east,30,,,,\n"},
    {"line/train_types.csv", "train_type,length_m,max_speed_kmh\n"
                             "freight,800,90\n"
                             "fast,200,180\n"},
    {"line/options.csv", "option,requires\nisland,\nbore,island\n"},
    {"day.csv", "service,train_type,origin,destination,interval_min\n"
                "E,freight,west,east,120\n"
                "W,freight,east,west,120\n"},
};

static const char *const settings[][2] = {
    {"name", "Line"},
    {"description", ""},
    {"start_date", "2030-01-01"},
    {"warmup_days", "0"},
    {"horizon_days", "1"},
    {"replications", "1"},
    {"seed", "1"},
    {"dispatch", "fcfs"},
    {"fleet_size", "1"},
    {"fleet_window_min", ""},
    {"route_setting_s", "0"},
    {"reaction_s", "0"},
    {"sighting_m", "0"},
    {"moving_margin_m", "100"},
    {"repeat", "daily"},
    {"detail", "calls"},
    {"schedule", "../day.csv"},
    {"clear_by_length", "no"},
    {"delay_limit_min", "30"},
    {"price_year", ""},
    {"options", ""},
};

static struct database *database;
static struct audit_world world;
static struct failure failure;

static void run_bound(const char *sql, const char *first, const char *second) {
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s", failure.text);
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
    if (second != NULL) sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

void kept_sql(const char *sql) {
    ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
}

void kept_file(const char *path, const char *text) {
    run_bound("DELETE FROM inputs WHERE path = ?1", path, NULL);
    if (*text != '\0')
        run_bound("INSERT INTO inputs (input_sha256, path, content) VALUES ('4711', ?1, CAST(?2 AS BLOB))", path, text);
}

void kept_set(const char *key, const char *value) {
    const bool override = strpbrk(key, ".[") != NULL;
    if (!override) run_bound("DELETE FROM settings WHERE key = ?1", key, NULL);
    run_bound("INSERT INTO settings (run_id, key, value, seq) "
              "VALUES (1, ?1, ?2, (SELECT coalesce(max(seq), 0) + 1 FROM settings))",
              key, value);
}

void kept_schedule(const char *paths) {
    run_bound("UPDATE runs SET schedule = ?1", paths, NULL);
}

struct database *kept_database(void) {
    return database;
}

const struct audit_world *kept_world_of_any_sense(void) {
    audit_world_free(&world);
    failure.text[0] = '\0';
    ck_assert_msg(audit_world_read(database, 1, &world, &failure), "%s", failure.text);
    return &world;
}

const struct audit_world *kept_world(void) {
    kept_world_of_any_sense();
    ck_assert_str_eq(world.problem, "");
    return &world;
}

const char *station_id(const struct audit_world *of, int32_t station) {
    return station < 0 ? "–" : of->stations[station].id;
}

static void set_up(void) {
    char path[SCRATCH_PATH];
    scratch_make();
    database = database_open(scratch_file("kept.db", path), DATABASE_WRITE, 50, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    kept_sql("INSERT INTO experiments VALUES (1, 'run', '', '2030-01-01')");
    kept_sql("INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, schedule, dispatch, replication, seed, "
             "start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at) VALUES "
             "(1, 1, '4711', 'Line', 'day.csv', 'fcfs', 1, 1, '2030-01-01', 3000, 4000, 'calls', 'complete', '0', '')");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) kept_file(files[i][0], files[i][1]);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) kept_set(settings[i][0], settings[i][1]);
}

static void tear_down(void) {
    audit_world_free(&world);
    database_close(database);
    scratch_remove();
}

int run_suite_of_kept_runs(const char *name, const TTest *const *tests, size_t count) {
    Suite *suite = suite_create(name);
    TCase *test_case = tcase_create(name);
    tcase_set_timeout(test_case, 0); /* the runner of all suites has a limit of its own */
    tcase_add_checked_fixture(test_case, set_up, tear_down);
    for (size_t i = 0; i < count; i++) tcase_add_test(test_case, tests[i]);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
