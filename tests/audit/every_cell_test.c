/* Nothing that a run keeps is there without being held against something: whatever cell of its results is changed, in
 * one row, some check other than that of the fingerprint finds it. And whatever it is changed to, the audit ends. With
 * BERING_TEST_LONG=1 in eight rows of each table. */
#include <bering/bering.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "../results/scratch.h"
#include "audit/audit.h"

static struct failure failure;
static struct database *database;

static void execute(const char *sql) {
    ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
}

static void make(const char *where, const char *const *overrides, int32_t count) {
    char folder[SCRATCH_PATH], file[SCRATCH_PATH];
    const char *root = getenv("BERING_PROJECT");
    const struct bering_scenario_options options = {.overrides = overrides, .override_count = count};
    snprintf(folder, sizeof folder, "%s/%s", root != NULL ? root : ".", where);
    struct bering_scenario *scenario = bering_scenario_open(folder, &options, NULL);
    ck_assert_ptr_nonnull(scenario);
    const struct bering_database_request request = {.database = scratch_file("audit.db", file), .jobs = 1};
    struct bering_error error = {""};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
    ck_assert_msg(experiment != NULL, "%s", error.text);
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    database = database_open(file, DATABASE_CHANGE, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
}

static const char *const tables[] = {"trains",      "calls",    "occupations", "containers",   "ledger", "section_use",
                                     "station_use", "flow_use", "flow_days",   "terminal_use", "metrics"};
enum { TABLE_COUNT = sizeof tables / sizeof *tables };

/* As a database of another making may be: any cell may hold anything. */
static void loosen(void) {
    execute("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON");
    for (int table = 0; table < TABLE_COUNT; table++) {
        char sql[400];
        snprintf(sql, sizeof sql, "CREATE TABLE free AS SELECT * FROM %s; DROP TABLE %s; ALTER TABLE free RENAME TO %s",
                 tables[table], tables[table], tables[table]);
        execute(sql);
    }
}

/* What the audit finds beside the fingerprint that does not fit. */
static int64_t found(void) {
    struct audit_report report;
    ck_assert_msg(audit_run(database, 1, &report, &failure), "%s", failure.text);
    const int64_t count = report.violation_count - report.tallies[AUDIT_RESULTS_INTACT].violations;
    audit_report_free(&report);
    return count;
}

/* What a cell is changed to, and whether that is found in a column of numbers and in one of texts: what is neither can
 * only come from a database of another making, and is read as 0, or as nothing. */
static const struct {
    const char *value;
    bool number, text;
} others[] = {{"+1", true, false},
              {"-1", true, false},
              {"4611686018427387904", true, false},
              {"-4611686018427387904", true, false},
              {"1e300", true, false},
              {"'nonsense'", false, true},
              {"''", false, true},
              {"NULL", false, false},
              {"x'00ff'", false, false}};
enum { OTHER_COUNT = sizeof others / sizeof *others };

/* Columns that nothing else of a run tells about, "" for all of a table: the cranes and yards of terminals, which the
 * audit does not work out; numbers that are but names; what is only true or not, where any number is true. With a
 * value: those of which only so much is not noticed, of a train or container under way, or within what rounding may do.
 */
static const char *const free_columns[][3] = {
    {"terminal_use", "", NULL},
    {"containers", "container_id", NULL},
    {"calls", "stopped", NULL},
    {"containers", "empty", NULL},
    {"trains", "unimpeded_ms", "+1"},
    {"containers", "arrived_ms", "+1"},
    {"containers", "loaded_ms", "+1"},
    {"containers", "trains", "+1"},
    {"section_use", "wait_ms", "+1"},
    {"trains", "energy_kwh", "+1"},
    {"trains", "energy_kwh", "4611686018427387904"},
    {"trains", "energy_kwh", "1e300"},
};

static bool is_free(const char *table, const char *column, const char *value) {
    for (size_t i = 0; i < sizeof free_columns / sizeof *free_columns; i++)
        if (strcmp(free_columns[i][0], table) == 0 &&
            (free_columns[i][1][0] == '\0' || strcmp(free_columns[i][1], column) == 0) &&
            (free_columns[i][2] == NULL || strcmp(free_columns[i][2], value) == 0))
            return true;
    return false;
}

/* Changes one cell, looks, and changes it back; the row lies `eighths` of the way down. Whether something was found, or
 * nothing changed. */
static bool change_is_found(const char *table, int eighths, const char *column, const char *value) {
    char sql[500];
    snprintf(sql, sizeof sql,
             "BEGIN; UPDATE %s SET %s = %s WHERE rowid = (SELECT rowid FROM %s WHERE run_id = 1 LIMIT 1 OFFSET (SELECT "
             "count(*) * %d / 8 FROM %s WHERE run_id = 1)) AND %s IS NOT %s",
             table, column, value, table, eighths, table, column, value);
    const int before = sqlite3_total_changes(database_handle(database));
    execute(sql);
    const bool changed = sqlite3_total_changes(database_handle(database)) > before;
    const bool well = !changed || found() > 0;
    execute("ROLLBACK");
    return well;
}

/* How many changes of a column were not found. */
static int try_column(const char *table, int eighths, const char *column, bool text) {
    int missed = 0;
    for (int other = 0; other < OTHER_COUNT; other++) {
        char value[100];
        if (strcmp(others[other].value, "+1") == 0)
            snprintf(value, sizeof value, "%s + 1", column);
        else
            snprintf(value, sizeof value, "%s", others[other].value);
        if (change_is_found(table, eighths, column, value) || is_free(table, column, others[other].value)) continue;
        if (!(text ? others[other].text : others[other].number)) continue;
        fprintf(stderr, "%s.%s = %s was not found\n", table, column, value);
        missed++;
    }
    return missed;
}

static const struct kind {
    const char *scenario, *overrides[2];
} kinds[] = {{"tests/audit/line", {"horizon_days=0.3", "detail=full"}},
             {"tests/data/siding_line", {"horizon_days=0.2", "detail=full"}}};

START_TEST(every_cell_is_held_against_something) {
    make(kinds[_i].scenario, kinds[_i].overrides, 2);
    loosen();
    ck_assert_int_eq(found(), 0);
    const bool everywhere = getenv("BERING_TEST_LONG") != NULL; /* whether it ends, no more */
    int missed = 0, columns = 0;
    for (int table = 0; table < TABLE_COUNT; table++) {
        char sql[200], names[2000];
        snprintf(sql, sizeof sql,
                 "SELECT group_concat(type || ' ' || name, ' ') FROM pragma_table_info('%s') WHERE name <> 'run_id'",
                 tables[table]);
        snprintf(names, sizeof names, "%s", ask_text(database, sql));
        char *next;
        for (const char *type = strtok_r(names, " ", &next); type != NULL; type = strtok_r(NULL, " ", &next)) {
            const char *column = strtok_r(NULL, " ", &next);
            const bool text = strcmp(type, "TEXT") == 0;
            columns++;
            missed += try_column(tables[table], 4, column, text);
            for (int eighths = 0; everywhere && eighths < 8; eighths++)
                try_column(tables[table], eighths, column, text);
        }
    }
    ck_assert_int_gt(columns, 80);
    ck_assert_int_eq(missed, 0);
    database_close(database);
}
END_TEST

int main(void) {
    return run_suite_for_each("audit_every_cell", every_cell_is_held_against_something,
                              (int)(sizeof kinds / sizeof *kinds), scratch_make, scratch_remove);
}
