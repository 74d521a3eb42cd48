#include "study/rerun.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "../results/scratch.h"
#include "../scenario/folder.h"
#include "results/schema.h"
#include "study/experiment.h"
#include "study/planning.h"
#include "study/warmup.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct folder folder;

static void set_up(void) {
    scratch_make();
    scratch_file("runs.db", path);
    folder_make(&folder);
    folder_put(&folder, "day.csv",
               "service,train_type,origin,destination,interval_min,entry_delay_s\n"
               "east,F,A,B,120,exponential(900)\nwest,F,B,A,120,exponential(900)\n");
    folder_put(&folder, "scenario.csv", "key,value\nname,*2 lines\ndescription,*\nschedule,day.csv\n");
    folder_put(&folder, "night.csv",
               "service,train_type,origin,destination,trains_per_day,arrivals\nnorth,F,A,B,5,poisson\n");
    folder_put(&folder, "a day of two parts.csv",
               "train,train_type,station,arrival,departure,dwell_s\n"
               "T1,F,A,,03:10,\nT1,F,M,04:00,04:10,exponential(120)\nT1,F,B,05:00,,\n");
    folder_put(&folder, "dead.csv",
               "train,train_type,station,arrival,departure,track\n"
               "E1,F,M,00:00,00:00,loop.1\nE1,F,B,01:00,,\nE2,F,M,00:00,00:00,loop.2\nE2,F,B,01:00,,\n"
               "W1,F,B,00:00,00:00,yard.1\nW1,F,A,01:00,,\nW2,F,B,00:00,00:00,yard.2\nW2,F,A,01:00,,\n"
               "W3,F,B,00:00,00:00,yard.3\nW3,F,A,01:00,,\nW4,F,B,00:00,00:00,yard.4\nW4,F,A,01:00,,\n");
    folder_put(&folder, "options.csv", "option,requires\nfast_line,\nlong_loop,fast_line\n");
    folder_put(&folder, "sections.csv",
               "section,from,to,length_km,speed_kmh,option\nA-M,A,M,20,50,!fast_line\nA-M,A,M,20,75,fast_line\n"
               "M-B,M,B,30,,\n");
    folder_put(&folder, "tracks.csv",
               "station,track,count,length_m,option\nA,yard,*,,\nM,loop,2,1200,\nM,third,1,1500,long_loop\n"
               "B,yard,4,1500,\n");
    folder_put(&folder, "variants.csv",
               "variant,options,settings\nplain,,\nfast,fast_line,sections.speed_kmh=*0.9;seed=5;dispatch=priority\n"
               "night,fast_line+long_loop,schedule=night.csv;schedule[north].trains_per_day=*2\n");
}

enum { MOST_TEXTS = 8 };

/* What a command line would ask for. */
struct wish {
    const char *overrides[MOST_TEXTS], *with[MOST_TEXTS], *schedules[MOST_TEXTS], *variant;
};

static int32_t count_texts(const char *const texts[MOST_TEXTS]) {
    int32_t count = 0;
    while (count < MOST_TEXTS && texts[count] != NULL) count++;
    return count;
}

static struct scenario *read_wish(const struct wish *wish) {
    struct diagnostics diagnostics = {0};
    const struct scenario_request request = {.schedules = wish->schedules,
                                             .schedule_count = count_texts(wish->schedules),
                                             .with_options = wish->with,
                                             .with_option_count = count_texts(wish->with),
                                             .variant = wish->variant,
                                             .overrides = wish->overrides,
                                             .override_count = count_texts(wish->overrides)};
    struct scenario *scenario = folder_read(&folder, &request, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    diagnostics_free(&diagnostics);
    return scenario;
}

/* Runs it into the file, as `bering run` does; gives the results of replication 1. */
static struct replication_result run_into_file(const struct wish *wish) {
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = read_wish(wish);
    struct simulation_plan *plan = planning_create(scenario, &diagnostics);
    ck_assert_ptr_nonnull(plan);
    ck_assert(warmup_settle(scenario, plan, NULL, &failure));
    const struct experiment_request request = {
        .scenario = scenario, .plan = plan, .database = path, .command = "run", .arguments = "", .jobs = 2};
    struct replications replications;
    ck_assert_msg(experiment_run(&request, &replications, &failure), "%s", failure.text);
    const struct replication_result result = replications.results[0];
    replications_free(&replications);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    return result;
}

static struct rerun rerun_well(int64_t run_id) {
    struct rerun rerun;
    const struct rerun_request request = {.database = path, .run_id = run_id};
    ck_assert_msg(rerun_run(&request, &rerun, &failure), "%s", failure.text);
    return rerun;
}

/* Something other than Bering writes to the file. */
static void change(const char *sql) {
    sqlite3 *handle = NULL;
    char *told = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_exec(handle, sql, NULL, NULL, &told);
    ck_assert_msg(told == NULL, "%s: %s", sql, told);
    sqlite3_close(handle);
}

static void impossible(int64_t run_id, enum kept_run_obstacle obstacle) {
    const struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_IMPOSSIBLE);
    ck_assert_msg(rerun.obstacle == obstacle, "%s", kept_run_obstacle_name(rerun.obstacle));
    ck_assert_ptr_null(rerun_cause(&rerun));
    ck_assert_str_eq(rerun.sha256, "");
}

static const struct wish wishes[] = {
    {.overrides = {NULL}},
    {.overrides = {"seed=99", "horizon_days=2.5", "warmup_days=1", "detail=full"}},
    {.overrides = {"horizon_days=20", "warmup_days=auto", "train_types.running_factor=lognormal(0,0.1)",
                   "detail=summary"}},
    {.overrides = {"dispatch=fleet", "fleet_size=3", "detail=trains"}},
    /* factors that meet in one cell, in an order that matters */
    {.overrides = {"sections.speed_kmh=70", "sections.speed_kmh=*0.8", "sections.speed_kmh=*0.9"}},
    {.overrides = {"sections[A-M].speed_kmh=30", "sections.speed_kmh=80", "sections[A-M].speed_kmh=*0.7"}},
    {.overrides = {"sections[A-M].length_km=*2", "sections.length_km=*0.1", "sections[A-M].length_km=7",
                   "sections.length_km=*3"}},
    {.overrides = {"name=a * 3 b", "description=", "sections[M-B].headway_s=420", "schedule.entry_delay_s="}},
    {.with = {"fast_line"}},
    {.with = {"fast_line", "long_loop"}, .overrides = {"train_types[F].length_m=1300"}},
    {.overrides = {"options=fast_line+long_loop", "train_types.length_m=1300"}},
    {.variant = "plain"},
    {.variant = "fast"},
    {.variant = "fast", .overrides = {"sections.speed_kmh=*0.9", "options="}},
    {.variant = "night", .overrides = {"horizon_days=4", "schedule.trains_per_day=*1.5"}},
    {.schedules = {"s/night.csv", "s/a day of two parts.csv", "s/day.csv"}},
    {.schedules = {"s/day.csv", "s/a day of two parts.csv"}, .overrides = {"schedule[T1].dwell_s=uniform(0,900)"}},
    {.schedules = {"s/a day of two parts.csv"}, .overrides = {"repeat=once"}},
    {.schedules = {"s/day.csv"}, .overrides = {"repeat=once", "horizon_days=0.5"}},
    {.schedules = {"s/day.csv"}, .overrides = {"repeat=once", "horizon_days=3", "horizon_days="}},
    {.schedules = {"s/dead.csv"}, .overrides = {"repeat=once"}},
};
enum { WISH_COUNT = sizeof wishes / sizeof *wishes };

START_TEST(a_run_is_the_same_again) {
    char hashes[WISH_COUNT][65];
    for (int32_t index = 0; index < WISH_COUNT; index++) {
        const struct replication_result result = run_into_file(&wishes[index]);
        const struct rerun rerun = rerun_well(result.run_id);
        ck_assert_msg(rerun.outcome == RERUN_SAME, "wish %d: %s %s %s", (int)index, rerun_outcome_name(rerun.outcome),
                      kept_run_obstacle_text(rerun.obstacle), rerun.details);
        ck_assert_str_eq(rerun.sha256, result.results_sha256);
        ck_assert_str_eq(rerun.rows_sha256, result.results_sha256);
        ck_assert_str_eq(rerun.made_by, BERING_VERSION);
        ck_assert_str_eq(rerun.status, run_status_name(result.status));
        ck_assert(rerun.order_kept);
        ck_assert_int_eq(rerun.difference.count, 0);
        memcpy(hashes[index], result.results_sha256, sizeof hashes[index]);
    }
    /* what was asked for does matter, but for the plain variant and the two ways to build options */
    int32_t equal = 0;
    for (int32_t one = 0; one < WISH_COUNT; one++)
        for (int32_t other = 0; other < one; other++) equal += strcmp(hashes[one], hashes[other]) == 0;
    ck_assert_int_eq(equal, 2);
}
END_TEST

START_TEST(any_replication_is_the_same_again) {
    const struct wish wish = {.overrides = {"replications=5", "horizon_days=2"}};
    const int64_t first = run_into_file(&wish).run_id;
    char last[65] = "";
    for (int32_t replication = 1; replication <= 5; replication++) {
        const struct rerun rerun = rerun_well(first + replication - 1);
        ck_assert_int_eq(rerun.outcome, RERUN_SAME);
        ck_assert_int_eq(rerun.replication, replication);
        ck_assert_str_ne(rerun.sha256, last);
        memcpy(last, rerun.sha256, sizeof last);
    }
}
END_TEST

START_TEST(a_deadlock_is_the_same_again) {
    const struct replication_result result = run_into_file(&wishes[WISH_COUNT - 1]);
    ck_assert_int_eq(result.status, RUN_DEADLOCKED);
    const struct rerun rerun = rerun_well(result.run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_SAME);
    ck_assert_str_eq(rerun.status, "deadlocked");
    change("UPDATE deadlocks SET waits_for = 'E9' WHERE train = 'W2'");
    const struct rerun changed = rerun_well(result.run_id);
    ck_assert_int_eq(changed.outcome, RERUN_DIFFERENT);
    ck_assert_str_eq(changed.difference.tables[0].table, "deadlocks");
    ck_assert_str_eq(changed.difference.tables[0].first.train, "W2");
    ck_assert_str_eq(changed.difference.tables[0].first.place, "B");
    ck_assert_str_eq(changed.difference.tables[0].first.kept, "E9");
}
END_TEST

/* The only table that differs, with one row that does. */
static struct row_difference only_difference(int64_t run_id, const char *table, int64_t kept_less_now) {
    const struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_DIFFERENT);
    ck_assert_str_eq(rerun.sha256, rerun.kept_sha256);
    ck_assert_str_ne(rerun.sha256, rerun.rows_sha256);
    ck_assert_ptr_nonnull(strstr(rerun_cause(&rerun), "Rows of the run were changed"));
    ck_assert_int_eq(rerun.difference.count, 1);
    const struct table_difference *difference = &rerun.difference.tables[0];
    ck_assert_str_eq(difference->table, table);
    ck_assert_int_eq(difference->different, 1);
    ck_assert_int_eq(difference->kept_rows - difference->now_rows, kept_less_now);
    return difference->first;
}

START_TEST(a_changed_row_is_found_and_named) {
    char words[ROW_DIFFERENCE_WORDS_SIZE];
    const struct wish wish = {.overrides = {"detail=full"}};
    const int64_t run_id = run_into_file(&wish).run_id;
    run_into_file(&wish); /* of another run nothing is said */
    change("UPDATE calls SET departure_ms = 5400000 WHERE run_id = 1 AND train_id = 2 AND seq = 1");
    struct row_difference row = only_difference(run_id, "calls", 0);
    ck_assert_int_eq(row.kind, ROW_CHANGED);
    ck_assert_str_eq(row.train, "west@1.1");
    ck_assert_str_eq(row.place, "B");
    ck_assert_str_eq(row.column, "departure_ms");
    ck_assert_str_eq(row.kept, "5400000");
    row_difference_words(&row, words);
    const char *begin = "train west@1.1 at B (train_id 2, seq 1): departure_ms was 5400000 (1:30:00) and is now ";
    ck_assert_msg(strncmp(words, begin, strlen(begin)) == 0, "%s", words);
    ck_assert_int_eq(strtoll(words + strlen(begin), NULL, 10), strtoll(row.now, NULL, 10));
    char back[320];
    snprintf(back, sizeof back, "UPDATE calls SET departure_ms = %s WHERE run_id = 1 AND train_id = 2 AND seq = 1",
             row.now);
    change(back);
    ck_assert_int_eq(rerun_well(run_id).outcome, RERUN_SAME);

    change("DELETE FROM occupations WHERE run_id = 1 AND train_id = 3 AND seq = 2");
    row = only_difference(run_id, "occupations", -1);
    ck_assert_int_eq(row.kind, ROW_NEW);
    ck_assert_str_eq(row.train, "east@1.2");
    ck_assert_str_eq(row.place, "M-B");
    ck_assert_str_eq(row.key, "train_id 3, seq 2");
    row_difference_words(&row, words);
    ck_assert_str_eq(words, "train east@1.2 at M-B (train_id 3, seq 2): there now, but not kept");
}
END_TEST

START_TEST(rows_too_many_and_figures_are_named) {
    char words[ROW_DIFFERENCE_WORDS_SIZE];
    const int64_t run_id = run_into_file(&wishes[0]).run_id;
    change("INSERT INTO trains SELECT run_id, 9999, 'ghost', service, train_type, origin, destination, "
           "planned_departure_ms, departure_ms, planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms, energy_kwh, "
           "teu, status, direction, revenue_cents, cost_cents FROM trains WHERE train_id = 1");
    struct row_difference row = only_difference(run_id, "trains", 1);
    ck_assert_int_eq(row.kind, ROW_LOST);
    row_difference_words(&row, words);
    ck_assert_str_eq(words, "train ghost (train_id 9999): kept, but not there now");
    change("DELETE FROM trains WHERE train_id = 9999");

    change("UPDATE metrics SET value = NULL WHERE metric = 'trains_arrived'");
    row = only_difference(run_id, "metrics", 0);
    row_difference_words(&row, words);
    ck_assert_msg(strncmp(words, "metric trains_arrived: value was nothing and is now ", 52) == 0, "%s", words);
    ck_assert_str_eq(row.kept, "NULL");
    change("DELETE FROM metrics");
    const struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.difference.tables[0].different, METRIC_COUNT);
    ck_assert_int_eq(rerun.difference.tables[0].kept_rows, 0);
    ck_assert_int_eq(rerun.difference.tables[0].now_rows, METRIC_COUNT);
}
END_TEST

START_TEST(what_the_run_says_of_itself_is_compared) {
    const int64_t run_id = run_into_file(&wishes[0]).run_id;
    change("UPDATE runs SET status = 'deadlocked'");
    struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_DIFFERENT);
    ck_assert_str_eq(rerun_cause(&rerun), "The status stored with the run was changed.");
    change("UPDATE runs SET status = 'complete', results_sha256 = NULL");
    rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_DIFFERENT);
    ck_assert_int_eq(rerun.difference.count, 0);
    ck_assert_ptr_nonnull(strstr(rerun_cause(&rerun), "hash stored with the run was changed"));
    ck_assert_str_eq(rerun.kept_sha256, "");
}
END_TEST

/* As if another version of Bering ran its trains in another way. */
START_TEST(another_version_is_named) {
    const int64_t run_id = run_into_file(&wishes[4]).run_id;
    change("UPDATE settings SET value = '*0.85' WHERE key = 'sections.speed_kmh' AND value = '*0.9'");
    struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_DIFFERENT);
    ck_assert_str_eq(rerun.kept_sha256, rerun.rows_sha256);
    ck_assert_str_ne(rerun.kept_sha256, rerun.sha256);
    ck_assert_int_ge(rerun.difference.count, 3);
    ck_assert_ptr_nonnull(strstr(rerun_cause(&rerun), "another build"));
    change("UPDATE runs SET bering_version = '0.0.7'");
    rerun = rerun_well(run_id);
    ck_assert_str_eq(rerun.made_by, "0.0.7");
    ck_assert_str_eq(rerun_cause(&rerun), "Another version of Bering made it.");
}
END_TEST

START_TEST(changed_inputs_are_refused) {
    static const struct {
        const char *sql;
        enum kept_run_obstacle obstacle;
    } cases[] = {
        {"UPDATE inputs SET content = CAST(replace(CAST(content AS TEXT), '30', '31') AS BLOB) WHERE path = "
         "'s/sections.csv'",
         KEPT_RUN_INPUTS_CHANGED},
        {"UPDATE inputs SET path = 's/night.csv' WHERE path = 's/day.csv'", KEPT_RUN_INPUTS_CHANGED},
        {"INSERT INTO inputs SELECT input_sha256, 's/terminals.csv', X'' FROM runs", KEPT_RUN_INPUTS_CHANGED},
        {"DELETE FROM inputs WHERE path = 's/day.csv'", KEPT_RUN_INPUTS_CHANGED},
        {"DELETE FROM inputs WHERE path = 's/scenario.csv'", KEPT_RUN_INPUTS_MISSING},
        {"DELETE FROM inputs", KEPT_RUN_INPUTS_MISSING},
        {"UPDATE runs SET schedule = 's/other.csv'", KEPT_RUN_INPUTS_MISSING},
        {"UPDATE runs SET schedule = NULL", KEPT_RUN_INPUTS_MISSING},
        {"DELETE FROM settings", KEPT_RUN_SETTINGS_MISSING},
        {"UPDATE settings SET value = '2' WHERE key = 'seed'", KEPT_RUN_SETTINGS_CHANGED},
        {"UPDATE runs SET dispatch = 'fleet'", KEPT_RUN_SETTINGS_CHANGED},
        {"UPDATE runs SET replication = 0", KEPT_RUN_ROW_WRONG},
        {"UPDATE runs SET replication = 3000000000", KEPT_RUN_ROW_WRONG},
        {"UPDATE runs SET status = 'running'", KEPT_RUN_RUNNING},
        {"UPDATE runs SET status = 'interrupted'", KEPT_RUN_INTERRUPTED},
        {"UPDATE runs SET status = 'failed'", KEPT_RUN_FAILED},
        {"DELETE FROM runs", KEPT_RUN_UNKNOWN},
    };
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        remove(path);
        const int64_t run_id = run_into_file(&wishes[0]).run_id;
        ck_assert_int_eq(rerun_well(run_id).outcome, RERUN_SAME);
        change(cases[index].sql);
        impossible(run_id, cases[index].obstacle);
    }
}
END_TEST

START_TEST(files_that_this_version_finds_wrong_are_told) {
    const struct wish wish = {.overrides = {"sections.speed_kmh=70"}};
    const int64_t run_id = run_into_file(&wish).run_id;
    change("UPDATE settings SET value = 'fast' WHERE key = 'sections.speed_kmh'");
    impossible(run_id, KEPT_RUN_INPUTS_WRONG);
    const struct rerun rerun = rerun_well(run_id);
    ck_assert_msg(strstr(rerun.details, "speed_kmh 'fast' is not a number") != NULL, "%s", rerun.details);
}
END_TEST

static char *read_bytes(size_t *size) {
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    *size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    ck_assert_uint_lt(*size, sizeof bytes);
    char *copy = malloc(*size + 1);
    ck_assert_ptr_nonnull(copy);
    return memcpy(copy, bytes, *size);
}

START_TEST(nothing_is_written) {
    const int64_t run_id = run_into_file(&wishes[0]).run_id;
    size_t sizes[2];
    char *before = read_bytes(&sizes[0]);
    chmod(path, 0400);
    chmod(scratch_folder(), 0500);
    ck_assert_int_eq(rerun_well(run_id).outcome, RERUN_SAME);
    char *after = read_bytes(&sizes[1]);
    ck_assert(sizes[0] == sizes[1] && memcmp(before, after, sizes[0]) == 0);
    free(before);
    free(after);
}
END_TEST

/* The settings as version 1 of the schema kept them: one row a key, the order unknown. */
static void make_older(void) {
    char sql[700];
    snprintf(sql, sizeof sql,
             "ALTER TABLE settings RENAME TO newer;"
             "CREATE TABLE settings (run_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, "
             "PRIMARY KEY (run_id, key)) STRICT, WITHOUT ROWID;"
             "INSERT INTO settings SELECT run_id, key, group_concat(value, ' ') FROM "
             "(SELECT * FROM newer ORDER BY seq) GROUP BY run_id, key;"
             "UPDATE settings SET value = '1' WHERE key = 'horizon_days' AND value = '';"
             "DROP TABLE newer; PRAGMA user_version = 1");
    change(sql);
}

START_TEST(runs_of_an_older_version_are_the_same_again) {
    static const struct wish older[] = {
        {.overrides = {"sections.speed_kmh=70", "sections.speed_kmh=*0.8", "sections.speed_kmh=*0.9"}},
        {.overrides = {"sections.speed_kmh=80", "sections[A-M].speed_kmh=*0.7", "tracks.count=2",
                       "tracks[B:yard].count=3"}},
        {.schedules = {"s/day.csv"}, .overrides = {"repeat=once", "schedule.entry_delay_s=exponential(40000)"}},
        {.schedules = {"s/day.csv"}, .overrides = {"repeat=once", "horizon_days=1"}},
    };
    enum { COUNT = sizeof older / sizeof *older };
    for (int32_t index = 0; index < COUNT; index++) run_into_file(&older[index]);
    make_older();
    for (int64_t run_id = 1; run_id <= COUNT; run_id++) {
        const struct rerun rerun = rerun_well(run_id);
        ck_assert_msg(rerun.outcome == RERUN_SAME, "run %d: %s %s", (int)run_id, rerun_outcome_name(rerun.outcome),
                      rerun.details);
        ck_assert(!rerun.order_kept);
    }
    database_close(database_open(path, DATABASE_CHANGE, 1000, &failure)); /* brings it up to date */
    for (int64_t run_id = 1; run_id <= COUNT; run_id++) ck_assert_int_eq(rerun_well(run_id).outcome, RERUN_SAME);
}
END_TEST

START_TEST(an_order_that_was_not_kept_is_named) {
    const int64_t run_id = run_into_file(&wishes[5]).run_id;
    make_older();
    const struct rerun rerun = rerun_well(run_id);
    ck_assert_int_eq(rerun.outcome, RERUN_DIFFERENT);
    ck_assert_ptr_nonnull(strstr(rerun_cause(&rerun), "In what order its settings were applied"));
}
END_TEST

START_TEST(it_can_be_stopped) {
    const struct wish wish = {.overrides = {"horizon_days=20000", "detail=summary"}};
    const int64_t run_id = run_into_file(&wish).run_id;
    const atomic_bool stop = true;
    struct rerun rerun;
    const struct rerun_request request = {.database = path, .run_id = run_id, .stop = &stop};
    ck_assert(rerun_run(&request, &rerun, &failure));
    ck_assert_int_eq(rerun.outcome, RERUN_INTERRUPTED);
    ck_assert_ptr_null(rerun_cause(&rerun));
}
END_TEST

START_TEST(a_database_that_cannot_be_read_is_a_failure) {
    struct rerun rerun;
    const struct rerun_request request = {.database = path, .run_id = 1};
    ck_assert(!rerun_run(&request, &rerun, &failure));
    ck_assert_msg(strstr(failure.text, "no such database") != NULL, "%s", failure.text);
    run_into_file(&wishes[0]);
    change("PRAGMA user_version = 99");
    ck_assert(!rerun_run(&request, &rerun, &failure));
    ck_assert_msg(strstr(failure.text, "newer version of Bering") != NULL, "%s", failure.text);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_run_is_the_same_again,
                                  any_replication_is_the_same_again,
                                  a_deadlock_is_the_same_again,
                                  a_changed_row_is_found_and_named,
                                  rows_too_many_and_figures_are_named,
                                  what_the_run_says_of_itself_is_compared,
                                  another_version_is_named,
                                  changed_inputs_are_refused,
                                  files_that_this_version_finds_wrong_are_told,
                                  nothing_is_written,
                                  runs_of_an_older_version_are_the_same_again,
                                  an_order_that_was_not_kept_is_named,
                                  it_can_be_stopped,
                                  a_database_that_cannot_be_read_is_a_failure};
    return run_suite_in_scratch("rerun", tests, sizeof tests / sizeof *tests, set_up);
}
