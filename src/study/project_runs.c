#include "study/project_runs.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "study/settings_fingerprint.h"
#include "study/warmup.h"

#define CENTS_PER_USD 100.0
#define MILLISECONDS_PER_HOUR 3.6e6

/* ---- finding them ---- */

static bool same_settings(struct database *database, int64_t run_id, const char *wanted, bool *same,
                          struct failure *failure) {
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT key, value FROM settings WHERE run_id = ? ORDER BY seq", failure);
    if (statement == NULL) return false;
    struct settings_fingerprint fingerprint;
    char text[SHA256_TEXT_SIZE];
    int code;
    sqlite3_bind_int64(statement, 1, run_id);
    settings_fingerprint_begin(&fingerprint, FINGERPRINT_OF_RUNS);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        settings_fingerprint_add(&fingerprint, (const char *)sqlite3_column_text(statement, 0),
                                 (const char *)sqlite3_column_text(statement, 1));
    settings_fingerprint_end(&fingerprint, text);
    *same = strcmp(text, wanted) == 0;
    const bool well = code == SQLITE_DONE || database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

static const char candidates_sql[] =
    "SELECT experiment_id, min(run_id), count(*) FROM runs r WHERE input_sha256 = ?1 AND variant IS ?2 AND point IS "
    "NULL "
    "GROUP BY experiment_id HAVING count(*) = ?3 AND min(status = 'complete') AND min(detail <> 'summary') "
    "AND (SELECT count(*) FROM flow_use WHERE run_id = min(r.run_id)) = ?4 ORDER BY experiment_id DESC";

/* runs->found: there are some. */
static bool find(struct database *database, const struct scenario *scenario, struct project_runs *runs,
                 struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, candidates_sql, failure);
    if (statement == NULL) return false;
    char wanted[SHA256_TEXT_SIZE];
    scenario_fingerprint(scenario, FINGERPRINT_OF_RUNS, wanted);
    sqlite3_bind_text(statement, 1, scenario->input_sha256, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, scenario->variant, -1, SQLITE_STATIC); /* NULL binds NULL */
    sqlite3_bind_int(statement, 3, scenario->settings.replications);
    sqlite3_bind_int(statement, 4, scenario->traffic.flow_count);
    bool well = true;
    int code = SQLITE_DONE;
    while (well && !runs->found && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        runs->experiment_id = sqlite3_column_int64(statement, 0);
        runs->first_run_id = sqlite3_column_int64(statement, 1);
        runs->count = sqlite3_column_int(statement, 2);
        well = same_settings(database, runs->first_run_id, wanted, &runs->found, failure);
    }
    if (well && !runs->found && code != SQLITE_DONE) well = database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

/* ---- making them ---- */

static bool all_complete(const struct replications *replications, struct failure *failure) {
    if (replications->interrupted > 0) return failure_set(failure, "interrupted");
    if (replications->deadlocked > 0)
        return failure_set(failure, "the traffic deadlocks (experiment %" PRId64 "): there is nothing to appraise",
                           replications->experiment_id);
    return replications->failed == 0 || failure_set(failure, "out of memory in some replication");
}

static bool make(const struct project_runs_request *request, struct project_runs *runs, struct failure *failure) {
    if (!warmup_settle(request->scenario, request->plan, request->stop, failure)) return false;
    const struct experiment_request work = {.scenario = request->scenario,
                                            .plan = request->plan,
                                            .database = request->database,
                                            .command = "run",
                                            .arguments = request->arguments,
                                            .jobs = request->jobs,
                                            .stop = request->stop,
                                            .progress = request->progress,
                                            .context = request->context};
    struct replications replications;
    if (!experiment_run(&work, &replications, failure)) return false;
    const bool well = all_complete(&replications, failure);
    runs->experiment_id = replications.experiment_id;
    runs->first_run_id = replications.results[0].run_id;
    runs->count = replications.count;
    replications_free(&replications);
    return well;
}

/* ---- reading them ---- */

struct reading {
    struct database *database;
    const struct scenario *scenario;
    struct traffic_sums *sums;
    struct failure *failure;
    int64_t run_id, from_ms, to_ms; /* the measured window */
};

/* Calls `take` with each row of a statement whose parameters are the run and its window. */
static bool read_rows(const struct reading *reading, const char *sql,
                      void (*take)(const struct reading *reading, sqlite3_stmt *row)) {
    sqlite3_stmt *statement = database_prepare(reading->database, sql, reading->failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, reading->run_id);
    if (sqlite3_bind_parameter_count(statement) > 1) {
        sqlite3_bind_int64(statement, 2, reading->from_ms);
        sqlite3_bind_int64(statement, 3, reading->to_ms);
    }
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) take(reading, statement);
    const bool well = code == SQLITE_DONE || database_explain(reading->database, reading->failure);
    sqlite3_finalize(statement);
    return well;
}

static void take_plan(const struct reading *reading, sqlite3_stmt *row) {
    const char *id = (const char *)sqlite3_column_text(row, 0);
    const enum plan_kind kind = sqlite3_column_int(row, 1) ? PLAN_SERVICE : PLAN_TIMETABLE;
    const struct timetable *timetable = &reading->scenario->timetable;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        if (timetable->plans[i].kind != kind || strcmp(timetable->plans[i].id, id) != 0) continue;
        reading->sums->plans[i].trains += sqlite3_column_double(row, 2);
        reading->sums->plans[i].hours += sqlite3_column_double(row, 3) / MILLISECONDS_PER_HOUR;
        reading->sums->plans[i].energy_kwh += sqlite3_column_double(row, 4);
        return;
    }
}

static void take_flows(const struct reading *reading, sqlite3_stmt *row) {
    reading->sums->teu_offered += sqlite3_column_double(row, 0);
    reading->sums->teu_delivered += sqlite3_column_double(row, 1);
    reading->sums->teu_refused += sqlite3_column_double(row, 2);
    reading->sums->revenue_usd += sqlite3_column_double(row, 3) / CENTS_PER_USD;
    reading->sums->penalty_usd += sqlite3_column_double(row, 4) / CENTS_PER_USD;
}

static double window_days(const struct reading *reading) {
    return (double)(reading->to_ms - reading->from_ms) / (double)MILLISECONDS_PER_DAY;
}

static void take_terminal(const struct reading *reading, sqlite3_stmt *row) {
    const char *station = (const char *)sqlite3_column_text(row, 0);
    const struct traffic *traffic = &reading->scenario->traffic;
    reading->sums->lifts += sqlite3_column_double(row, 1);
    reading->sums->yard_teu_days += sqlite3_column_double(row, 3) * window_days(reading);
    for (int32_t i = 0; i < traffic->terminal_count; i++)
        if (strcmp(reading->scenario->network.stations[traffic->terminals[i].station].id, station) == 0)
            reading->sums->crane_busy_days[i] += sqlite3_column_double(row, 2) * window_days(reading);
}

static void take_delivered(const struct reading *reading, sqlite3_stmt *row) {
    reading->sums->teu_delivered_in_window += sqlite3_column_double(row, 0) * window_days(reading);
}

/* A train of a timetable is named T7@3, or T7 where the schedule runs once: identifiers have no @. */
static const char plans_sql[] =
    "SELECT coalesce(service, substr(train, 1, instr(train || '@', '@') - 1)), service IS NOT NULL, count(*), "
    "sum(arrival_ms - departure_ms), sum(energy_kwh) FROM trains WHERE run_id = ?1 AND status = 'arrived' "
    "AND arrival_ms >= ?2 AND arrival_ms < ?3 GROUP BY 1, 2";
static const char flows_sql[] =
    "SELECT sum(teu_offered), sum(teu_delivered), sum(teu_refused), sum(revenue_cents), sum(penalty_cents) "
    "FROM flow_use WHERE run_id = ?1";
static const char terminals_sql[] =
    "SELECT station, lifts, crane_utilisation, mean_teu FROM terminal_use WHERE run_id = ?1";
static const char delivered_sql[] = "SELECT value FROM metrics WHERE run_id = ?1 AND metric = 'teu_per_day'";

static bool read_run(const struct reading *reading) {
    reading->sums->days += window_days(reading);
    return read_rows(reading, plans_sql, take_plan) && read_rows(reading, flows_sql, take_flows) &&
           read_rows(reading, terminals_sql, take_terminal) && read_rows(reading, delivered_sql, take_delivered);
}

static bool read_all(struct database *database, const struct scenario *scenario, struct project_runs *runs,
                     struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(
        database, "SELECT run_id, warmup_ms, horizon_ms FROM runs WHERE experiment_id = ? ORDER BY run_id", failure);
    if (statement == NULL) return false;
    bool well = true;
    int code = SQLITE_DONE;
    sqlite3_bind_int64(statement, 1, runs->experiment_id);
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct reading reading = {database, scenario, &runs->sums, failure, sqlite3_column_int64(statement, 0), 0, 0};
        reading.from_ms = sqlite3_column_int64(statement, 1);
        reading.to_ms = reading.from_ms + sqlite3_column_int64(statement, 2);
        well = read_run(&reading);
    }
    if (well && code != SQLITE_DONE) well = database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

/* ---- together ---- */

static bool with_database(const struct project_runs_request *request, struct project_runs *runs,
                          bool (*work)(struct database *database, const struct scenario *scenario,
                                       struct project_runs *runs, struct failure *failure),
                          struct failure *failure) {
    struct database *database = database_open(request->database, DATABASE_READ, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    const bool well = work(database, request->scenario, runs, failure);
    database_close(database);
    return well;
}

bool project_runs_get(const struct project_runs_request *request, struct project_runs *runs, struct failure *failure) {
    *runs = (struct project_runs){0};
    if (!traffic_sums_make(request->scenario, &runs->sums)) return failure_set(failure, "out of memory");
    bool well = access(request->database, F_OK) != 0 || with_database(request, runs, find, failure);
    if (well && !runs->found) well = make(request, runs, failure);
    well = well && with_database(request, runs, read_all, failure);
    if (!well) project_runs_free(runs);
    return well;
}

void project_runs_free(struct project_runs *runs) {
    traffic_sums_free(&runs->sums);
    *runs = (struct project_runs){0};
}
