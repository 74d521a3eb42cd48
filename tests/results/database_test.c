#include "results/database.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../engine/suite.h"
#include "results/results_hash.h"
#include "results/schema.h"
#include "scratch.h"

/* The columns of the contract (docs/formats.md §4), in its order, and what Bering adds to them. */
static const struct {
    const char *table, *columns, *added;
} contract[] = {
    {"experiments", "experiment_id, command, arguments, created_at", ""},
    {"inputs", "input_sha256, path, content", ""},
    {"runs",
     "run_id, experiment_id, input_sha256, scenario, variant, schedule, dispatch, replication, seed, start_date, "
     "warmup_ms, horizon_ms, detail, status, results_sha256, bering_version, created_at, wall_s, events",
     ", end_ms, forced_moves, searches, point"},
    {"settings", "run_id, key, value", ", seq"},
    {"section_use", "run_id, section, direction, trains, busy_ms, wait_ms, utilisation",
     ", line_busy_ms, line_utilisation"},
    {"station_use", "run_id, station, max_occupied, mean_occupied, wait_ms", ""},
    {"flow_use",
     "run_id, flow, teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused, mean_transit_h, p95_transit_h, "
     "revenue_cents",
     ", containers_offered, containers_delivered, containers_late, teu_late, p50_transit_h, penalty_cents, cost_cents, "
     "teu_empties"},
    {"flow_days", "run_id, day, flow, teu_offered, teu_loaded, teu_delivered, teu_refused", ""},
    {"terminal_use",
     "run_id, station, lifts, crane_busy_ms, crane_utilisation, teu_refused, teu_left_behind, max_teu, mean_teu", ""},
    {"ledger", "run_id, day, account, amount_cents", ""},
    {"disruptions", "run_id, hazard, place, start_ms, end_ms, effect", NULL}, /* seq stands among them */
    {"metrics", "run_id, metric, value, unit", ""},
    {"estimates", "experiment_id, variant, metric, mean, half_width, confidence, replications", ", point"},
    {"trains",
     "run_id, train_id, train, service, train_type, origin, destination, planned_departure_ms, departure_ms, "
     "planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms, energy_kwh, teu, status",
     ", direction, revenue_cents, cost_cents"},
    {"calls",
     "run_id, train_id, seq, station, track, planned_arrival_ms, arrival_ms, planned_departure_ms, departure_ms, "
     "stopped, wait_ms, wait_cause, wait_for_train_id",
     ""},
    {"occupations", "run_id, train_id, section, line_track, block, direction, enter_ms, clear_ms, release_ms", NULL},
    {"containers",
     "run_id, container_id, flow, train_id, teu, arrived_ms, loaded_ms, delivered_ms, revenue_cents, status",
     ", penalty_cents, cost_cents, trains, empty"},
    {"sweeps", "experiment_id, points, settings_sha256", ""},
    {"points", "experiment_id, point, seq, key, value", ""},
    {"differences", "experiment_id, point, against, metric, mean, half_width, confidence, replications", ""},
};
enum { CONTRACT_TABLES = sizeof contract / sizeof *contract };

static char path[SCRATCH_PATH];
static struct failure failure;

static void set_up(void) {
    scratch_make();
    scratch_file("results.db", path);
    failure.text[0] = '\0';
}

static struct database *open_well(enum database_mode mode) {
    struct database *database = database_open(path, mode, 50, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    return database;
}

/* Opening is refused with a sentence that contains `word` and names the file. */
static void refused(const char *of, enum database_mode mode, const char *word) {
    failure.text[0] = '\0';
    ck_assert_ptr_null(database_open(of, mode, 50, &failure));
    ck_assert_msg(strstr(failure.text, word) != NULL, "'%s' is not in: %s", word, failure.text);
    ck_assert_msg(strstr(failure.text, of) == failure.text, "does not begin with the file: %s", failure.text);
    ck_assert_ptr_null(strchr(failure.text, '\n'));
}

static void write_file(const char *content, size_t size) {
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(content, 1, size, file), size);
    fclose(file);
}

/* A database made by somebody else. */
static void make_with(const char *sql) {
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static bool exists(const char *name) {
    char other[SCRATCH_PATH];
    return access(scratch_file(name, other), F_OK) == 0;
}

START_TEST(tables_have_the_columns_of_the_contract) {
    struct database *database = open_well(DATABASE_WRITE);
    for (int table = 0; table < CONTRACT_TABLES; table++) {
        char sql[512], columns[1024];
        snprintf(sql, sizeof sql, "SELECT strict FROM pragma_table_list WHERE name = '%s'", contract[table].table);
        ck_assert_msg(ask_integer(database, sql) == 1, "%s is not STRICT", contract[table].table);
        const bool apart = contract[table].added == NULL; /* seq is looked for by itself */
        snprintf(sql, sizeof sql, "SELECT group_concat(name, ', ') FROM pragma_table_info('%s')%s",
                 contract[table].table, apart ? " WHERE name <> 'seq'" : "");
        snprintf(columns, sizeof columns, "%s%s", contract[table].columns, apart ? "" : contract[table].added);
        ck_assert_str_eq(ask_text(database, sql), columns);
    }
    database_close(database);
}
END_TEST

START_TEST(rows_of_a_run_go_with_it) {
    struct database *database = open_well(DATABASE_WRITE);
    ck_assert_int_eq(ask_integer(database, "PRAGMA foreign_keys"), 1);
    for (int table = 0; table < CONTRACT_TABLES; table++) {
        if (strncmp(contract[table].columns, "run_id", 6) != 0 || strcmp(contract[table].table, "runs") == 0) continue;
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT \"table\" || on_delete FROM pragma_foreign_key_list('%s')",
                 contract[table].table);
        ck_assert_str_eq(ask_text(database, sql), "runsCASCADE");
    }
    database_close(database);
}
END_TEST

/* The example in each view's comment runs; so nothing in it names what is not there. */
START_TEST(every_view_comes_with_an_example_that_works) {
    struct database *database = open_well(DATABASE_WRITE);
    int32_t views = 0;
    for (const struct schema_view *view = schema_views; view->name != NULL; view++, views++) {
        char sql[256], example[512];
        snprintf(sql, sizeof sql, "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = '%s'", view->name);
        const char *from = strstr(ask_text(database, sql), "-- Example: ");
        ck_assert_msg(from != NULL, "%s has no example", view->name);
        snprintf(example, sizeof example, "%.*s", (int)strcspn(from + 12, "\n"), from + 12);
        ck_assert_msg(strstr(example, view->name) != NULL, "the example is not about %s", view->name);
        ck_assert_msg(database_execute(database, example, &failure), "%s: %s", example, failure.text);
    }
    ck_assert_int_ge(views, 10);
    database_close(database);
}
END_TEST

START_TEST(it_is_marked_and_one_file_again_when_closed) {
    struct database *database = open_well(DATABASE_WRITE);
    ck_assert_int_eq(ask_integer(database, "PRAGMA application_id"), SCHEMA_APPLICATION_ID);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
    ck_assert_str_eq(ask_text(database, "PRAGMA journal_mode"), "wal");
    ck_assert(exists("results.db-wal"));
    database_close(database);
    ck_assert(exists("results.db"));
    ck_assert(!exists("results.db-wal") && !exists("results.db-shm") && !exists("results.db-journal"));
}
END_TEST

START_TEST(it_is_extended_not_overwritten) {
    struct database *database = open_well(DATABASE_WRITE);
    ck_assert(database_execute(
        database, "INSERT INTO experiments (command, arguments, created_at) VALUES ('run','','')", &failure));
    database_close(database);
    database = open_well(DATABASE_WRITE);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM experiments"), 1);
    struct database *reader = open_well(DATABASE_READ); /* while it is open for writing */
    ck_assert_int_eq(ask_integer(reader, "SELECT count(*) FROM experiments"), 1);
    ck_assert(!database_execute(reader, "DELETE FROM experiments", &failure));
    database_close(reader);
    database_close(database);
    ck_assert(!exists("results.db-wal"));
}
END_TEST

START_TEST(an_empty_file_becomes_a_database) {
    struct stat status;
    write_file("", 0);
    refused(path, DATABASE_READ, "empty, not a database of Bering's");
    refused(path, DATABASE_CHANGE, "empty, not a database of Bering's");
    ck_assert(stat(path, &status) == 0 && status.st_size == 0);
    database_close(open_well(DATABASE_WRITE));
    database_close(open_well(DATABASE_READ));
}
END_TEST

START_TEST(one_that_somebody_has_changed_is_said_to_be) {
    struct database *database = open_well(DATABASE_WRITE);
    ck_assert(database_execute(database, "DROP TABLE calls", &failure));
    ck_assert_ptr_null(database_prepare(database, "SELECT track FROM calls", &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, ": not as Bering made it: no such table: calls"));
    database_close(database);
}
END_TEST

/* Names that SQLite knows for something else than files. */
START_TEST(a_name_is_that_of_a_file) {
    static const char *const names[] = {":memory:", "file:results.db?mode=memory", "file:results.db", ":x"};
    ck_assert_int_eq(chdir(scratch_folder()), 0);
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        struct database *database = database_open(names[index], DATABASE_WRITE, 50, &failure);
        ck_assert_msg(database != NULL, "%s", failure.text);
        database_close(database);
        ck_assert_msg(exists(names[index]), "%s", names[index]);
        ck_assert(database_can_be_written(names[index], 50, &failure));
        database_close(database_open(names[index], DATABASE_READ, 50, &failure));
        remove(names[index]);
        ck_assert_ptr_null(database_open(names[index], DATABASE_READ, 50, &failure));
    }
    ck_assert(!exists("results.db"));
    ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

START_TEST(what_is_not_ours_is_refused_and_left_alone) {
    write_file("station,kind\nA,terminal\n this is long enough to be looked at as the head of a database file......",
               95);
    refused(path, DATABASE_WRITE, "not a database");
    refused(path, DATABASE_READ, "not a database");
    remove(path);
    make_with("CREATE TABLE letters (a)");
    struct stat before, after;
    stat(path, &before);
    refused(path, DATABASE_WRITE, "a database, but not one of Bering's; it is left as it is");
    refused(path, DATABASE_READ, "not one of Bering's");
    stat(path, &after);
    ck_assert(before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
              before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
    remove(path);
    make_with("CREATE TABLE letters (a); PRAGMA application_id = 1");
    refused(path, DATABASE_WRITE, "not one of Bering's");
}
END_TEST

START_TEST(one_marked_but_never_filled_is_filled) {
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d", SCHEMA_APPLICATION_ID);
    make_with(sql);
    refused(path, DATABASE_READ, "empty, not a database of Bering's");
    struct database *database = open_well(DATABASE_WRITE);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
    database_close(database);
    static const char *const versions[] = {"0", "-1"};
    for (int index = 0; index < 2; index++) {
        snprintf(sql, sizeof sql, "PRAGMA user_version = %s", versions[index]);
        make_with(sql);
        refused(path, DATABASE_WRITE, "no Bering has written");
        refused(path, DATABASE_READ, "no Bering has written");
        refused(path, DATABASE_CHANGE, "it is left as it is");
    }
}
END_TEST

START_TEST(a_newer_one_is_refused) {
    database_close(open_well(DATABASE_WRITE));
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA user_version = %d", SCHEMA_VERSION + 1);
    make_with(sql);
    refused(path, DATABASE_WRITE, "newer version");
    refused(path, DATABASE_READ, "newer version");
    refused(path, DATABASE_CHANGE, "newer version");
}
END_TEST

/* Who may do everything is not refused: becomes somebody else for a while, to whom the files then belong. */
static void give_up_rights(void) {
    enum { NOBODY = 65534 };
    if (geteuid() != 0) return;
    ck_assert_int_eq(chown(scratch_folder(), NOBODY, NOBODY), 0);
    ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
    ck_assert_int_eq(seteuid(NOBODY), 0);
}

/* A database as the first version made it, with the settings of two runs. */
static void make_first_version(void) {
    remove(path);
    for (const char *const *step = schema_steps[0]; *step != NULL; step++) make_with(*step);
    for (const struct schema_view *view = schema_views; view->name != NULL; view++) make_with(view->statement);
    char mark[100];
    snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = 1", SCHEMA_APPLICATION_ID);
    make_with(mark);
    make_with("INSERT INTO experiments VALUES (1, 'run', 'data/line', '2025-01-01T00:00:00Z');"
              "INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, dispatch, replication, seed, "
              "start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at) "
              "VALUES (1, 1, '', 's', 'fcfs', 1, 1, '2030-01-01', 0, 0, 'calls', 'complete', '0', ''),"
              " (2, 1, '', 's', 'fcfs', 2, 1, '2030-01-01', 0, 0, 'calls', 'complete', '0', '');"
              "INSERT INTO settings VALUES (1, 'seed', '1'), (1, 'options', ''), (2, 'seed', '1'), "
              "(2, 'sections[A-B].purge_s', '600 *0.5')");
}

static const char first_settings[] = "1:options=;1:seed=1;2:sections[A-B].purge_s=600 *0.5;2:seed=1";

/* The order was not kept: NULL. */
static void holds_first_settings(struct database *database) {
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(run_id || ':' || key || '=' || value, ';') FROM "
                                        "(SELECT * FROM settings WHERE seq IS NULL ORDER BY run_id, key)"),
                     first_settings);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM settings"), 4);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_runs"), 2);
}

START_TEST(an_older_one_is_read_as_it_is) {
    const uid_t before = geteuid();
    make_first_version();
    give_up_rights();
    chmod(path, 0400);
    chmod(scratch_folder(), 0500);
    struct database *database = open_well(DATABASE_READ);
    holds_first_settings(database);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), 1);
    database_close(database);
    ck_assert_int_eq(seteuid(before), 0);
    database = open_well(DATABASE_READ); /* by one who could write to it, too */
    holds_first_settings(database);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), 1);
    database_close(database);
}
END_TEST

START_TEST(an_older_one_is_brought_up_to_date_to_be_written_to) {
    for (int which = 0; which < 2; which++) {
        make_first_version();
        struct database *database = open_well(which == 0 ? DATABASE_WRITE : DATABASE_CHANGE);
        ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
        holds_first_settings(database);
        ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM sqlite_schema WHERE name = 'settings_1'"), 0);
        ck_assert(
            !database_execute(database, "INSERT INTO settings (run_id, key, value) VALUES (1, 'seed', '2')", &failure));
        ck_assert(database_execute(database, "DELETE FROM runs WHERE run_id = 2", &failure));
        ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM settings"), 2);
        database_close(database);
    }
    struct database *fresh = NULL;
    char other[SCRATCH_PATH], schema[1024];
    static const char sql[] = "SELECT group_concat(sql, ';') FROM (SELECT * FROM sqlite_schema WHERE name LIKE "
                              "'settings%' ORDER BY name)";
    struct database *database = open_well(DATABASE_READ);
    snprintf(schema, sizeof schema, "%s", ask_text(database, sql));
    database_close(database);
    fresh = database_open(scratch_file("fresh.db", other), DATABASE_WRITE, 50, &failure);
    ck_assert_str_eq(ask_text(fresh, sql), schema);
    database_close(fresh);
}
END_TEST

/* A database as an older version left it, with the two runs of make_first_version. */
static void make_older_version(int version) {
    make_first_version();
    for (int from = 1; from < version; from++)
        for (const char *const *step = schema_steps[from]; *step != NULL; step++) {
            /* The views are of today, and at odds with the tables. */
            char *statement = sqlite3_mprintf("PRAGMA legacy_alter_table = ON; %s", *step);
            make_with(statement);
            sqlite3_free(statement);
        }
    char mark[64];
    snprintf(mark, sizeof mark, "PRAGMA user_version = %d", version);
    make_with(mark);
}

/* What a database of the second version holds looks the same in the third, but that it belongs to no sweep. */
static void holds_second_rows(struct database *database) {
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(run_id || ':' || coalesce(point, 'none'), ' ') FROM "
                                        "(SELECT * FROM runs ORDER BY run_id)"),
                     "1:none 2:none");
    ck_assert_str_eq(ask_text(database, "SELECT metric || ':' || mean || ':' || coalesce(point, 'none') FROM "
                                        "v_estimates"),
                     "trains_per_day:24.5:none");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_runs WHERE point IS NULL"), 2);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_points"), 0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_differences"), 0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM sweeps"), 0);
}

START_TEST(one_of_before_sweeps_has_none) {
    make_older_version(2);
    make_with("INSERT INTO estimates VALUES (1, NULL, 'trains_per_day', 24.5, 0.5, 0.95, 2)");
    struct database *database = open_well(DATABASE_READ);
    holds_second_rows(database);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), 2);
    database_close(database);
    database = open_well(DATABASE_CHANGE);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
    holds_second_rows(database);
    static const char again[] = "INSERT INTO estimates (experiment_id, metric, confidence, replications, point) "
                                "VALUES (1, 'trains_per_day', 0.95, 2, %s)";
    char sql[256];
    snprintf(sql, sizeof sql, again, "NULL");
    ck_assert(!database_execute(database, sql, &failure)); /* it has one */
    snprintf(sql, sizeof sql, again, "1");
    ck_assert_msg(database_execute(database, sql, &failure), "%s", failure.text);
    ck_assert(!database_execute(database, sql, &failure));
    database_close(database);
}
END_TEST

/* What a run of before containers holds looks the same now, its fingerprint included, and there was no money. */
static void holds_fourth_rows(struct database *database) {
    char hash[SHA256_TEXT_SIZE];
    ck_assert_msg(results_hash_of_run(database, 1, hash, &failure), "%s", failure.text);
    ck_assert_str_eq(hash, "d5b7b4456e600f30741e02d6ddc6fc6c8a62f93b56a5ad2b2ef329b4631a6531");
    ck_assert_str_eq(ask_text(database, "SELECT train || '|' || teu || '|' || revenue_cents || '|' || cost_cents FROM "
                                        "trains"),
                     "T1@1|0|0|0");
    ck_assert_str_eq(ask_text(database, "SELECT train || '|' || revenue_usd || '|' || cost_usd FROM v_trains"),
                     "T1@1|0.0|0.0");
    static const char *const empty[] = {"flow_use", "flow_days", "terminal_use", "containers",
                                        "v_flows",  "v_income",  "v_containers", "v_teu_waiting"};
    for (size_t index = 0; index < sizeof empty / sizeof *empty; index++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", empty[index]);
        ck_assert_int_eq(ask_integer(database, sql), 0);
    }
}

START_TEST(one_of_before_containers_has_none) {
    make_older_version(4);
    make_with("INSERT INTO trains VALUES (1, 1, 'T1@1', NULL, 'freight', 'A', 'B', 0, 0, NULL, 3600000, 3600000, 0, "
              "2.5, 0, 'arrived', 'forward');"
              "INSERT INTO metrics VALUES (1, 'cost_usd', 12.5, 'USD')");
    struct database *database = open_well(DATABASE_READ);
    holds_fourth_rows(database);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), 4);
    database_close(database);
    database = open_well(DATABASE_CHANGE);
    ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
    holds_fourth_rows(database);
    database_close(database);
}
END_TEST

/* A capacity of before appraisals is there as before; under which settings it was found is not known. */
static void holds_capacity(struct database *database) {
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(answer || '|' || trains_per_day || '|' || "
                                        "coalesce(settings_sha256, 'unknown'), ' ') FROM "
                                        "(SELECT * FROM capacity ORDER BY answer)"),
                     "saturated|36.5|unknown theoretical|40.0|unknown");
    ck_assert_double_eq(ask_real(database, "SELECT saturated FROM v_capacity"), 36.5);
    static const char *const empty[] = {"appraisals",        "appraisal_years", "appraisal_bars",
                                        "appraisal_samples", "v_appraisals",    "v_appraisal_years"};
    for (size_t index = 0; index < sizeof empty / sizeof *empty; index++) {
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", empty[index]);
        ck_assert_int_eq(ask_integer(database, sql), 0);
    }
}

START_TEST(one_of_before_appraisals_has_none) {
    for (int version = 4; version <= 5; version++) {
        unlink(path);
        make_older_version(version);
        make_with("INSERT INTO capacity (experiment_id, variant, answer, input_sha256, trains_per_day) "
                  "VALUES (1, '', 'theoretical', 'abc', 40), (1, '', 'saturated', 'abc', 36.5)");
        struct database *database = open_well(DATABASE_READ);
        holds_capacity(database);
        ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), version);
        database_close(database);
        database = open_well(DATABASE_CHANGE);
        holds_capacity(database);
        ck_assert_int_eq(ask_integer(database, "PRAGMA user_version"), SCHEMA_VERSION);
        database_close(database);
    }
}
END_TEST

START_TEST(what_is_not_there_is_not_read) {
    char other[SCRATCH_PATH];
    refused(path, DATABASE_READ, "no such database");
    refused(path, DATABASE_CHANGE, "no such database");
    ck_assert(!exists("results.db"));
    refused(scratch_folder(), DATABASE_WRITE, "folder");
    refused(scratch_folder(), DATABASE_READ, "folder");
    refused(scratch_file("nowhere/results.db", other), DATABASE_WRITE, "its folder is not there");
}
END_TEST

START_TEST(a_locked_one_is_said_to_be_locked) {
    database_close(open_well(DATABASE_WRITE));
    sqlite3 *other = NULL;
    ck_assert_int_eq(sqlite3_open(path, &other), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    refused(path, DATABASE_WRITE, "locked");
    refused(path, DATABASE_READ, "locked");
    ck_assert_int_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    database_close(open_well(DATABASE_WRITE));
}
END_TEST

START_TEST(a_full_one_is_said_to_be_full) {
    struct database *database = open_well(DATABASE_WRITE);
    ask_integer(database, "PRAGMA max_page_count = 1"); /* no more than there are */
    ck_assert(!database_execute(database, "INSERT INTO inputs VALUES ('0', 'p', zeroblob(1000000))", &failure));
    ck_assert_msg(strstr(failure.text, "no space left") != NULL, "%s", failure.text);
    database_close(database);
}
END_TEST

static void fail_to_read(sqlite3_context *context, int count, sqlite3_value **values) {
    (void)count;
    (void)values;
    sqlite3_result_error_code(context, SQLITE_IOERR_READ);
}

START_TEST(a_disk_that_fails_is_said_to) {
    struct database *database = open_well(DATABASE_WRITE);
    sqlite3_create_function(database_handle(database), "fail_to_read", 0, SQLITE_UTF8, NULL, fail_to_read, NULL, NULL);
    ck_assert(!database_execute(database, "SELECT fail_to_read()", &failure));
    ck_assert_msg(strstr(failure.text, "reading or writing failed: ") != NULL, "%s", failure.text);
    database_close(database);
}
END_TEST

START_TEST(a_read_only_one_is_said_to_be) {
    const uid_t before = geteuid();
    database_close(open_well(DATABASE_WRITE));
    give_up_rights();
    chmod(path, 0400);
    refused(path, DATABASE_WRITE, "cannot be written to: it, or its folder, is read-only");
    database_close(open_well(DATABASE_READ));
    remove(path);
    chmod(scratch_folder(), 0500);
    refused(path, DATABASE_WRITE, "nothing can be written in its folder");
    ck_assert_int_eq(seteuid(before), 0);
}
END_TEST

START_TEST(several_writers_take_turns) {
    struct database *first = open_well(DATABASE_WRITE);
    struct database *second = open_well(DATABASE_WRITE);
    ck_assert(database_execute(first, "BEGIN IMMEDIATE", &failure));
    ck_assert(!database_execute(second, "BEGIN IMMEDIATE", &failure));
    ck_assert_msg(strstr(failure.text, "locked") != NULL, "%s", failure.text);
    ck_assert(database_execute(first, "COMMIT", &failure));
    ck_assert(database_execute(second, "BEGIN IMMEDIATE; COMMIT", &failure));
    database_close(first);
    ck_assert(exists("results.db-wal")); /* the other still needs it */
    database_close(second);
    ck_assert(!exists("results.db-wal"));
    database_close(NULL);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {tables_have_the_columns_of_the_contract,
                                  rows_of_a_run_go_with_it,
                                  every_view_comes_with_an_example_that_works,
                                  it_is_marked_and_one_file_again_when_closed,
                                  it_is_extended_not_overwritten,
                                  an_empty_file_becomes_a_database,
                                  a_name_is_that_of_a_file,
                                  one_that_somebody_has_changed_is_said_to_be,
                                  what_is_not_ours_is_refused_and_left_alone,
                                  one_marked_but_never_filled_is_filled,
                                  a_newer_one_is_refused,
                                  an_older_one_is_read_as_it_is,
                                  an_older_one_is_brought_up_to_date_to_be_written_to,
                                  one_of_before_sweeps_has_none,
                                  one_of_before_containers_has_none,
                                  one_of_before_appraisals_has_none,
                                  what_is_not_there_is_not_read,
                                  a_locked_one_is_said_to_be_locked,
                                  a_full_one_is_said_to_be_full,
                                  a_disk_that_fails_is_said_to,
                                  a_read_only_one_is_said_to_be,
                                  several_writers_take_turns};
    return run_suite_in_scratch("database", tests, sizeof tests / sizeof *tests, set_up);
}
