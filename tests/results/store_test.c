#include "results/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/results_hash.h"
#include "scratch.h"
#include "small_line.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct small_line line;
static struct database *database;
static struct store *store;

static void set_up(void) {
    scratch_make();
    small_line_make(&line);
    database = database_open(scratch_file("results.db", path), DATABASE_WRITE, 50, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    store = store_create(database, &failure);
    ck_assert_msg(store != NULL, "%s", failure.text);
}

static void finish(void) {
    store_destroy(store);
    database_close(database);
}

static struct store_experiment begin(int32_t replications) {
    struct store_experiment experiment;
    ck_assert_msg(store_experiment_begin(store, "run", "data/small --seed 7", &line.scenario, replications, &experiment,
                                         &failure),
                  "%s", failure.text);
    return experiment;
}

/* Stores the small line's run as it is told, with train 3 later by shift_ms. */
static bool store_told(int64_t run_id, int64_t shift_ms, char hash[65]) {
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell(&observer, shift_ms);
    const struct store_outcome outcome = {
        .scenario = &line.scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder), .wall_s = 0.5};
    const bool well = store_run_finish(store, run_id, &outcome, hash, &failure);
    recorder_destroy(recorder);
    return well;
}

START_TEST(an_experiment_begins_with_its_runs) {
    const struct store_experiment first = begin(3);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'running'"), 3);
    ck_assert_int_eq(ask_integer(database, "SELECT max(run_id - replication) FROM runs"), first.first_run_id - 1);
    ck_assert_int_eq(ask_integer(database, "SELECT min(run_id - replication) FROM runs"), first.first_run_id - 1);
    ck_assert_str_eq(ask_text(database, "SELECT command || '|' || arguments FROM experiments"),
                     "run|data/small --seed 7");
    ck_assert_str_eq(ask_text(database, "SELECT scenario || '|' || coalesce(variant, '-') || '|' || schedule || '|' || "
                                        "dispatch || '|' || seed || '|' || start_date || '|' || warmup_ms || '|' || "
                                        "horizon_ms || '|' || detail || '|' || input_sha256 FROM runs"),
                     "small line|-|schedules/small.csv|fcfs|7|2030-01-01|0|86400000|blocks|0123");
    ck_assert_str_eq(ask_text(database, "SELECT coalesce(results_sha256, events, wall_s) FROM runs"), "NULL");
    const struct store_experiment second = begin(2);
    ck_assert_int_eq(second.first_run_id, first.first_run_id + 3);
    ck_assert_int_gt(second.experiment_id, first.experiment_id);
    finish();
}
END_TEST

START_TEST(inputs_are_kept_once) {
    begin(1);
    begin(1);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM inputs"), 2);
    ck_assert_str_eq(ask_text(database, "SELECT hex(content) FROM inputs WHERE path = 'data/small/scenario.csv'"),
                     "6B65792C76616C75650A");
    ck_assert_int_eq(ask_integer(database, "SELECT length(content) FROM inputs WHERE path LIKE '%stations.csv'"), 0);
    strcpy(line.scenario.input_sha256, "4567");
    begin(1);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM inputs"), 4);
    finish();
}
END_TEST

/* One query, and what its first column gives. */
static const struct {
    const char *query, *answer;
} rows[] = {
    {"SELECT status || '|' || events || '|' || end_ms || '|' || wall_s FROM runs", "complete|1234|86400000|0.5"},
    {"SELECT group_concat(seq || key || '=' || value, '|') FROM settings",
     "1horizon_days=1|2seed=7|3sections[A-S].speed_kmh=80"},
    {"SELECT group_concat(train_id || train, '|') FROM trains", "1T1@1|2SV@1.2|3SV@1.1|4T1@2"},
    {"SELECT train || '|' || service || '|' || train_type || '|' || origin || '|' || destination || '|' || "
     "planned_departure_ms || '|' || departure_ms || '|' || coalesce(planned_arrival_ms, '-') || '|' || arrival_ms || "
     "'|' || unimpeded_ms || '|' || delay_ms || '|' || energy_kwh || '|' || teu || '|' || status || '|' || direction "
     "FROM trains WHERE train_id = 3",
     "SV@1.1|SV|freight|B|A|3600000|3600000|-|9000000|3600000|1800000|1.0|0|arrived|backward"},
    {"SELECT coalesce(service, '-') || '|' || coalesce(departure_ms, '-') || '|' || coalesce(arrival_ms, '-') || '|' "
     "|| status FROM trains WHERE train_id = 4",
     "-|-|-|not_entered"},
    {"SELECT status FROM trains WHERE train_id = 2", "running"},
    {"SELECT group_concat(seq || station || coalesce(track, '-') || stopped, '|') FROM calls WHERE train_id = 1",
     "1A11|2S10|3B11"},
    {"SELECT track || '|' || coalesce(planned_arrival_ms, '-') || '|' || arrival_ms || '|' || departure_ms || '|' || "
     "wait_ms || '|' || wait_cause || '|' || wait_for_train_id FROM calls WHERE train_id = 3 AND seq = 2",
     "2|-|5400000|6600000|1200000|knock_on|1"},
    {"SELECT coalesce(wait_cause, '-') || coalesce(wait_for_train_id, '-') FROM calls WHERE train_id = 1", "--"},
    {"SELECT wait_cause || coalesce(wait_for_train_id, '-') FROM calls WHERE train_id = 2 AND seq = 1", "primary-"},
    {"SELECT coalesce(track, '-') FROM calls WHERE train_id = 2 AND seq = 2", "-"},
    {"SELECT group_concat(section || line_track || coalesce(block, '-') || direction, '|') FROM occupations "
     "WHERE train_id = 3",
     "S-B12backward|S-B11backward|A-S1-backward"},
    {"SELECT enter_ms || '|' || clear_ms || '|' || release_ms FROM occupations WHERE train_id = 3 AND seq = 1",
     "3600000|4320000|4380000"},
    {"SELECT coalesce(clear_ms, '-') || coalesce(release_ms, '-') FROM occupations WHERE train_id = 2", "--"},
    {"SELECT count(*) FROM occupations", "7"},
    {"SELECT group_concat(section || direction || trains || '|' || busy_ms || '|' || wait_ms, ' ') FROM section_use",
     "A-Sbackward1|720000|1200000 A-Sforward1|720000|0 S-Bbackward2|2880000|600000 S-Bforward1|1440000|0"},
    {"SELECT utilisation FROM section_use WHERE section = 'S-B' AND direction = 'forward'", "0.0166666666666667"},
    {"SELECT line_busy_ms || '|' || line_utilisation FROM section_use WHERE section = 'S-B'", "4320000|0.05"},
    {"SELECT group_concat(station || max_occupied || '|' || mean_occupied || '|' || wait_ms, ' ') FROM station_use",
     "A1|0.25|0 B0|0.0|600000 S2|0.5|1200000"},
    {"SELECT value || unit FROM metrics WHERE metric = 'trains_per_day'", "2.0trains/day"},
    {"SELECT (SELECT count(*) FROM flow_use) + (SELECT count(*) FROM flow_days) + (SELECT count(*) FROM terminal_use) "
     "+ (SELECT count(*) FROM ledger) + (SELECT count(*) FROM disruptions) + "
     "(SELECT count(*) FROM containers) + (SELECT count(*) FROM deadlocks)",
     "0"},
    {"SELECT train || '|' || wait_for_train || '|' || wait_min FROM v_waits WHERE station = 'S'", "SV@1.1|T1@1|20.0"},
    {"SELECT trains_per_day || '|' || round(mean_delay_min, 3) FROM v_runs", "2.0|13.333"},
};

START_TEST(a_run_is_stored_row_by_row) {
    const struct store_experiment experiment = begin(1);
    ck_assert_msg(store_told(experiment.first_run_id, 0, NULL), "%s", failure.text);
    for (size_t index = 0; index < sizeof rows / sizeof *rows; index++)
        ck_assert_str_eq(ask_text(database, rows[index].query), rows[index].answer);
    finish();
}
END_TEST

static const struct {
    const char *query, *answer;
} freight_rows[] = {
    {"SELECT group_concat(train_id || '|' || teu || '|' || revenue_cents || '|' || cost_cents, ' ') FROM trains",
     "1|3|500|4000 2|1|0|0 3|2|0|5000 4|0|0|0"},
    {"SELECT group_concat(container_id || flow || coalesce(train_id, '-') || status, ' ') FROM containers",
     "1east1delivered 2west2riding 3east3delivered 5east1delivered 9east-waiting 13east-refused"},
    {"SELECT teu || '|' || arrived_ms || '|' || loaded_ms || '|' || delivered_ms || '|' || revenue_cents || '|' || "
     "penalty_cents || '|' || cost_cents || '|' || trains || '|' || empty FROM containers WHERE container_id = 5",
     "1|900000|1500000|6600000|10000|100|300|1|0"},
    {"SELECT trains || '|' || empty || '|' || revenue_cents FROM containers WHERE container_id = 3", "1|1|0"},
    {"SELECT coalesce(loaded_ms, '-') || coalesce(delivered_ms, '-') || trains FROM containers WHERE container_id = 9",
     "--0"},
    {"SELECT teu_offered || '|' || teu_delivered || '|' || teu_riding || '|' || teu_waiting || '|' || teu_refused || "
     "'|' || round(mean_transit_h, 4) || '|' || round(p50_transit_h, 4) || '|' || round(p95_transit_h, 4) || '|' || "
     "revenue_cents || '|' || containers_offered || '|' || containers_delivered || '|' || containers_late || '|' || "
     "teu_late || '|' || penalty_cents || '|' || cost_cents || '|' || teu_empties FROM flow_use WHERE flow = 'east'",
     "5|3|0|1|1|1.5833|1.5833|1.5833|30000|4|2|1|1|100|900|2"},
    {"SELECT coalesce(mean_transit_h, '-') || coalesce(p50_transit_h, '-') || coalesce(p95_transit_h, '-') FROM "
     "flow_use WHERE flow = 'west'",
     "---"},
    {"SELECT group_concat(day || flow || teu_offered || teu_loaded || teu_delivered || teu_refused, ' ') FROM "
     "flow_days",
     "1east5331 1west1100"},
    {"SELECT group_concat(station || lifts || '|' || crane_busy_ms || '|' || coalesce(round(crane_utilisation, 4), "
     "'-') || '|' || teu_refused || '|' || teu_left_behind || '|' || max_teu || '|' || mean_teu, ' ') FROM "
     "terminal_use",
     "A3|7200000|0.0417|1|0|3|0.5 B3|1800000|-|0|1|2|0.25"},
    {"SELECT group_concat(day || account || amount_cents, ' ') FROM ledger",
     "1energy-2000 1fixed-700 1late_penalty-100 1lifts-900 1tariff30000 1track_access_paid-3000 "
     "1track_access_received3000 1train_hours-1500 1train_km-2500 1train_revenue500 1yard-150"},
    {"SELECT value || unit FROM metrics WHERE metric = 'margin_usd'", "226.5USD"},
    /* views */
    {"SELECT group_concat(flow || offered_per_day || '|' || coalesce(on_time_percent, '-') || '|' || "
     "coalesce(round(revenue_usd_per_teu, 3), '-'), ' ') FROM v_flows",
     "east5.0|50.0|99.667 west1.0|-|-"},
    {"SELECT group_concat(date || flow || teu_waiting, ' ') FROM v_teu_waiting", "2030-01-01east1 2030-01-01west0"},
    {"SELECT date || amount_usd FROM v_ledger WHERE account = 'tariff'", "2030-01-01300.0"},
    {"SELECT total_usd || '|' || usd_per_day FROM v_income WHERE account = 'train_km'", "-25.0|-25.0"},
    {"SELECT revenue_usd || '|' || cost_usd FROM v_trains WHERE train = 'T1@1'", "5.0|40.0"},
    {"SELECT train || '|' || round(transit_h, 4) || '|' || penalty_usd FROM v_containers WHERE container_id = 5",
     "T1@1|1.5833|1.0"},
    {"SELECT round(crane_percent, 2) FROM v_terminal_use WHERE station = 'A'", "4.17"},
};

static void store_freight(int64_t run_id, char hash[65]) {
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell_freight(&observer);
    const struct store_outcome outcome = {
        .scenario = &line.scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder)};
    ck_assert_msg(store_run_finish(store, run_id, &outcome, hash, &failure), "%s", failure.text);
    recorder_destroy(recorder);
}

static struct store_experiment begin_freight(int32_t replications) {
    small_line_add_freight(&line);
    line.scenario.settings.detail = DETAIL_CONTAINERS;
    return begin(replications);
}

START_TEST(containers_and_money_are_stored_row_by_row) {
    store_freight(begin_freight(1).first_run_id, NULL);
    for (size_t index = 0; index < sizeof freight_rows / sizeof *freight_rows; index++)
        ck_assert_str_eq(ask_text(database, freight_rows[index].query), freight_rows[index].answer);
    finish();
}
END_TEST

/* Every new table and column is part of the hash. */
START_TEST(the_hash_covers_containers_and_money) {
    static const char *const changes[] = {
        "UPDATE trains SET revenue_cents = 501 WHERE train_id = 1",
        "UPDATE trains SET cost_cents = 1 WHERE train_id = 4",
        "UPDATE containers SET penalty_cents = 99 WHERE container_id = 5",
        "UPDATE containers SET cost_cents = 0 WHERE container_id = 1",
        "UPDATE containers SET trains = 2 WHERE container_id = 1",
        "UPDATE containers SET empty = 0 WHERE container_id = 3",
        "UPDATE flow_use SET p50_transit_h = NULL",
        "UPDATE flow_use SET teu_empties = 3",
        "UPDATE flow_days SET teu_loaded = 2",
        "DELETE FROM terminal_use WHERE station = 'B'",
        "UPDATE ledger SET amount_cents = amount_cents + 1 WHERE account = 'yard'",
    };
    const struct store_experiment experiment = begin_freight(1);
    char hash[65], read[65];
    store_freight(experiment.first_run_id, hash);
    ck_assert(results_hash_of_run(database, experiment.first_run_id, read, &failure));
    ck_assert_str_eq(read, hash);
    for (size_t index = 0; index < sizeof changes / sizeof *changes; index++) {
        ck_assert(database_execute(database, "BEGIN", &failure));
        ck_assert_msg(database_execute(database, changes[index], &failure), "%s", failure.text);
        ck_assert(results_hash_of_run(database, experiment.first_run_id, read, &failure));
        ck_assert_msg(strcmp(read, hash) != 0, "%s", changes[index]);
        ck_assert(database_execute(database, "ROLLBACK", &failure));
    }
    finish();
}
END_TEST

/* A query of the page that gives the same figure twice, by two ways. */
static void both_ways_are_alike(const char *sql) {
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s: %s", sql, failure.text);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    ck_assert_int_ne(sqlite3_column_type(statement, 0), SQLITE_NULL);
    ck_assert_double_gt(sqlite3_column_double(statement, 0), 0);
    ck_assert_msg(fabs(sqlite3_column_double(statement, 0) - sqlite3_column_double(statement, 1)) < 1e-9,
                  "%s: %s and %s", sql, (const char *)sqlite3_column_text(statement, 0),
                  (const char *)sqlite3_column_text(statement, 1));
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

/* The text of a file of the project. */
static char *read_page(const char *name) {
    char page[1024];
    snprintf(page, sizeof page, "%s/%s", getenv("BERING_PROJECT"), name);
    FILE *file = fopen(page, "rb");
    ck_assert_msg(file != NULL, "%s", page);
    char *text = calloc(1, 1 << 20);
    ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, file), 0);
    fclose(file);
    return text;
}

/* docs/formats.md, "From the figures to the rows": every query there. */
START_TEST(the_figures_are_traced_to_their_rows_as_the_page_says) {
    store_freight(begin_freight(1).first_run_id, NULL);
    char *page = read_page("docs/formats.md");
    char *section = strstr(page, "### From the figures to the rows\n");
    ck_assert_ptr_nonnull(section);
    char *end = strstr(section + 1, "\n### ");
    if (end != NULL) *end = '\0';
    int32_t queries = 0;
    for (char *at = section; (at = strstr(at, "```sql\n")) != NULL; queries++) {
        char *stop = strstr(at += 7, "```");
        *stop = '\0';
        both_ways_are_alike(at);
        at = stop + 1;
    }
    ck_assert_int_eq(queries, 4);
    free(page);
    finish();
}
END_TEST

/* Every metric that the contract promises is there. */
START_TEST(the_promised_metrics_are_stored) {
    static const char *const promised[] = {"trains_planned",
                                           "trains_entered",
                                           "trains_arrived",
                                           "trains_on_line",
                                           "trains_per_day",
                                           "trains_per_day_forward",
                                           "trains_per_day_backward",
                                           "mean_delay_s",
                                           "p50_delay_s",
                                           "p95_delay_s",
                                           "max_delay_s",
                                           "mean_run_s",
                                           "energy_kwh",
                                           "teu_per_day",
                                           "revenue_usd",
                                           "cost_usd"};
    const struct store_experiment experiment = begin(1);
    ck_assert(store_told(experiment.first_run_id, 0, NULL));
    for (size_t index = 0; index < sizeof promised / sizeof *promised; index++) {
        char sql[128];
        snprintf(sql, sizeof sql, "SELECT count(value) FROM metrics WHERE metric = '%s'", promised[index]);
        ck_assert_msg(ask_integer(database, sql) == 1, "%s", promised[index]);
    }
    finish();
}
END_TEST

START_TEST(the_hash_is_that_of_the_rows) {
    const struct store_experiment experiment = begin(3);
    char first[65], second[65], other[65], read[65];
    ck_assert(store_told(experiment.first_run_id, 0, first));
    ck_assert(store_told(experiment.first_run_id + 1, 0, second));
    ck_assert(store_told(experiment.first_run_id + 2, 1, other)); /* one train a millisecond later */
    ck_assert_uint_eq(strlen(first), 64);
    ck_assert_str_eq(first, second);
    ck_assert_str_ne(first, other);
    for (int64_t run = 0; run < 3; run++) {
        ck_assert_msg(results_hash_of_run(database, experiment.first_run_id + run, read, &failure), "%s", failure.text);
        ck_assert_str_eq(read, run < 2 ? first : other);
    }
    ck_assert_str_eq(ask_text(database, "SELECT results_sha256 FROM runs"), first);
    /* A value that is changed afterwards is found out. */
    ck_assert(
        database_execute(database, "UPDATE trains SET energy_kwh = energy_kwh + 1e-9 WHERE train_id = 1", &failure));
    ck_assert(results_hash_of_run(database, experiment.first_run_id, read, &failure));
    ck_assert_str_ne(read, first);
    finish();
}
END_TEST

/* The serialisation is written down in results_hash.h; this is its value for the small line, so that it cannot change
 * by accident. */
START_TEST(the_hash_stays_what_it_was) {
    line.scenario.settings.detail = DETAIL_FULL;
    const struct store_experiment experiment = begin(1);
    char hash[65];
    ck_assert(store_told(experiment.first_run_id, 0, hash));
    ck_assert_str_eq(hash, "f05a6744bf83213cb684720f51e36ef31f22ce4144ae69815be3083bb78075be");
    finish();
}
END_TEST

START_TEST(a_run_that_cannot_be_written_leaves_nothing) {
    const struct store_experiment experiment = begin(1);
    ck_assert(database_execute(database, "PRAGMA cache_size = 1", &failure));
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)ask_integer(database, "PRAGMA page_count"));
    ask_integer(database, sql);
    line.scenario.settings.detail = DETAIL_FULL;
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    const struct train_call calls[64] = {0};
    for (int64_t train = 1; train <= 500; train++) {
        const struct train_record record = {.train_id = train, .day = 1, .calls = calls, .call_count = 64};
        observer.train(observer.context, &record);
    }
    small_line_tell_deadlock(&observer);
    const struct store_outcome outcome = {
        .scenario = &line.scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder)};
    ck_assert(!store_run_finish(store, experiment.first_run_id, &outcome, NULL, &failure));
    recorder_destroy(recorder);
    ck_assert_msg(strstr(failure.text, "no space left") != NULL, "%s", failure.text);
    ck_assert_str_eq(ask_text(database, "SELECT status FROM runs"), "running");
    ck_assert_int_eq(ask_integer(database, "SELECT (SELECT count(*) FROM trains) + (SELECT count(*) FROM metrics) + "
                                           "(SELECT count(*) FROM settings)"),
                     0);
    /* The store is usable again once there is room. */
    ask_integer(database, "PRAGMA max_page_count = 1000000");
    ck_assert_msg(store_told(experiment.first_run_id, 0, NULL), "%s", failure.text);
    finish();
}
END_TEST

START_TEST(of_an_interrupted_run_only_the_status_is_kept) {
    const struct store_experiment experiment = begin(1);
    const struct store_outcome outcome = {.scenario = &line.scenario, .status = RUN_INTERRUPTED, .wall_s = 1};
    char hash[65] = "x";
    ck_assert(store_run_finish(store, experiment.first_run_id, &outcome, hash, &failure));
    ck_assert_str_eq(hash, "");
    ck_assert_str_eq(ask_text(database, "SELECT status || coalesce(results_sha256, '-') FROM runs"), "interrupted-");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM settings"), 3);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM metrics"), 0);
    finish();
}
END_TEST

START_TEST(a_deadlock_says_who_waits_for_whom) {
    const struct store_experiment experiment = begin(1);
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell_deadlock(&observer);
    const struct store_outcome outcome = {
        .scenario = &line.scenario, .status = RUN_DEADLOCKED, .run = recorder_run(recorder)};
    char hash[65], read[65];
    ck_assert(store_run_finish(store, experiment.first_run_id, &outcome, hash, &failure));
    recorder_destroy(recorder);
    ck_assert_str_eq(ask_text(database, "SELECT status FROM runs"), "deadlocked");
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(train_id || train || '/' || station || '/' || waits_for, "
                                        "' ') FROM deadlocks"),
                     "1T1@1/A/SV@1.1 3SV@1.1/S/T1@1");
    ck_assert(results_hash_of_run(database, experiment.first_run_id, read, &failure));
    ck_assert_str_eq(read, hash);
    finish();
}
END_TEST

START_TEST(a_run_deleted_meanwhile_is_not_written) {
    const struct store_experiment experiment = begin(1);
    ck_assert(database_execute(database, "DELETE FROM runs", &failure));
    ck_assert(!store_told(experiment.first_run_id, 0, NULL));
    ck_assert_msg(strstr(failure.text, "deleted") != NULL, "%s", failure.text);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM trains"), 0);
    finish();
}
END_TEST

START_TEST(names_of_trains_follow_day_and_number) {
    char name[TRAIN_NAME_SIZE];
    train_name(&line.scenario, 0, 3, 0, name);
    ck_assert_str_eq(name, "T1@3");
    train_name(&line.scenario, 1, 3, 12, name);
    ck_assert_str_eq(name, "SV@3.12");
    line.scenario.settings.repeat_once = true;
    train_name(&line.scenario, 0, 1, 0, name);
    ck_assert_str_eq(name, "T1");
    train_name(&line.scenario, 1, 1, 2, name);
    ck_assert_str_eq(name, "SV@1.2");
    char title[64];
    line.scenario.settings.name = NULL;
    scenario_title(&line.scenario, title, sizeof title);
    ck_assert_str_eq(title, "small");
    finish();
}
END_TEST

START_TEST(the_horizon_of_a_once_schedule_is_what_it_took) {
    line.scenario.settings.repeat_once = true;
    line.scenario.settings.horizon_ms = 0;
    const struct store_experiment experiment = begin(1);
    ck_assert(store_told(experiment.first_run_id, 0, NULL));
    ck_assert_int_eq(ask_integer(database, "SELECT horizon_ms FROM runs"), SMALL_LINE_DAY);
    finish();
}
END_TEST

START_TEST(estimates_without_a_width_have_none) {
    const struct store_experiment experiment = begin(1);
    const struct store_estimate estimates[] = {{"trains_per_day", {2, 0.5, 0.95, 10}},
                                               {"mean_delay_s", {3, (double)NAN, 0.95, 1}}};
    ck_assert_msg(store_estimates(store, experiment.experiment_id, NULL, estimates, 2, &failure), "%s", failure.text);
    ck_assert_double_eq(ask_real(database, "SELECT half_width FROM estimates WHERE metric = 'trains_per_day'"), 0.5);
    ck_assert(isnan(ask_real(database, "SELECT half_width FROM estimates WHERE metric = 'mean_delay_s'")));
    ck_assert_str_eq(ask_text(database, "SELECT coalesce(variant, '-') || replications FROM estimates"), "-10");
    ck_assert_str_eq(ask_text(database, "SELECT low || '|' || high FROM v_estimates"), "1.5|2.5");
    ck_assert(!store_estimates(store, experiment.experiment_id, NULL, estimates, 1, &failure)); /* twice */
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates"), 2);
    finish();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {an_experiment_begins_with_its_runs,
                                  inputs_are_kept_once,
                                  a_run_is_stored_row_by_row,
                                  containers_and_money_are_stored_row_by_row,
                                  the_hash_covers_containers_and_money,
                                  the_figures_are_traced_to_their_rows_as_the_page_says,
                                  the_promised_metrics_are_stored,
                                  the_hash_is_that_of_the_rows,
                                  the_hash_stays_what_it_was,
                                  a_run_that_cannot_be_written_leaves_nothing,
                                  of_an_interrupted_run_only_the_status_is_kept,
                                  a_deadlock_says_who_waits_for_whom,
                                  a_run_deleted_meanwhile_is_not_written,
                                  names_of_trains_follow_day_and_number,
                                  the_horizon_of_a_once_schedule_is_what_it_took,
                                  estimates_without_a_width_have_none};
    return run_suite_in_scratch("store", tests, sizeof tests / sizeof *tests, set_up);
}
