/* The sums of a run against its rows: databases of many kinds that the library writes have no fault in their books, and
 * a fault put into one is found by the check that it belongs to. */
#include <bering/bering.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../results/scratch.h"
#include "audit/audit.h"

enum { MOST_OVERRIDES = 8 };

/* ------------------------------------------------------------------------------------------------------ scaffolding */

/* One way to fill a database: the scenario is a folder of the project, or "" for the small one below. */
struct kind {
    const char *scenario;
    const char *schedule; /* NULL: the scenario's own */
    const char *overrides[MOST_OVERRIDES];
};

static const char *project_file(const char *name, char path[SCRATCH_PATH]) {
    const char *root = getenv("BERING_PROJECT");
    ck_assert_int_lt(snprintf(path, SCRATCH_PATH, "%s/%s", root != NULL ? root : ".", name), SCRATCH_PATH);
    return path;
}

/* Trainsets that turn round, stand on their tracks from the start and stop for longer than planned, over single and
 * double track, with fixed times and computed ones. */
static const struct {
    const char *name, *text;
} small_scenario[] = {
    {"scenario.csv", "key,value\nname,Small\nhorizon_days,2\nwarmup_days,0.25\nroute_setting_s,20\nschedule,own.csv\n"},
    {"stations.csv", "station,kind,crossing_interval_s,arrival_interval_s\nA,terminal,30,\nB,siding,30,60\nC,siding,,\n"
                     "D,terminal,,\n"},
    {"tracks.csv", "station,track,count,length_m\nA,yard,3,900\nB,main,2,600\nC,main,,900\nC,loop,,500\nD,yard,*,\n"},
    {"sections.csv", "section,from,to,length_km,tracks,block_km,release_s\nA-B,A,B,12,1,4,20\nC-B,C,B,9,1,,10\n"
                     "C-D,C,D,15,2,3,15\n"},
    {"train_types.csv", "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,davis_a_n,"
                        "running_factor,capacity_teu,cost_per_train_km_usd,cost_per_hour_usd\n"
                        "short,400,900,100,3000,250,0.4,10000,\"lognormal(0,0.05)\",30,5,100\n"
                        "long,800,1800,80,3000,300,0.3,20000,,60,7,120\n"
                        "fixed,450,,80,,,,,,10,1,50\n"},
    {"running_times.csv", "section,train_type,run_s,start_s,stop_s\nA-B,fixed,700,40,30\nC-B,fixed,500,40,30\n"
                          "C-D,fixed,800,40,30\n"},
    {"terminals.csv", "station,turnaround_s\nA,1200\nD,900\n"},
    {"own.csv", "service,train_type,origin,destination,interval_min,return_of,stops,entry_delay_s\n"
                "OUT,short,A,D,70,,C:120,exponential(200)\nBACK,short,D,A,,OUT,,\nLONG,long,D,A,160,,,\n"},
    {"times.csv", "train,train_type,station,arrival,departure,min_dwell_s,entry_delay_s,dwell_s\n"
                  "T1,short,A,00:05,00:20,60,exponential(100),\nT1,short,B,00:40,00:50,90,,exponential(60)\n"
                  "T1,short,D,01:30,,120,,exponential(50)\n"
                  "T2,short,D,,00:30,,,\nT2,short,C,01:05,01:05,,,\nT2,short,A,,,30,,\n"
                  "T3,fixed,D,,00:32,,,\nT3,fixed,B,01:05,01:15,,,\nT3,fixed,A,01:40,,,,\n"},
    {"late.csv", "train,train_type,station,arrival,departure,track\n"
                 "E1,fixed,B,00:05,00:10,main.1\nE1,fixed,D,,,\nE2,fixed,B,00:06,00:10,main.2\nE2,fixed,D,,,\n"
                 "W1,fixed,C,00:07,00:10,main\nW1,fixed,A,,,\nW2,fixed,C,00:08,00:12,loop\nW2,fixed,A,,,\n"
                 "Z,fixed,A,,00:15,\nZ,fixed,D,,,\n"},
};

static const char *make_small_scenario(void) {
    char path[SCRATCH_PATH];
    for (size_t i = 0; i < sizeof small_scenario / sizeof *small_scenario; i++) {
        FILE *stream = fopen(scratch_file(small_scenario[i].name, path), "w");
        ck_assert_ptr_nonnull(stream);
        fputs(small_scenario[i].text, stream);
        ck_assert_int_eq(fclose(stream), 0);
    }
    return scratch_folder();
}

static void tell_problems(const struct kind *kind, const struct bering_problems *problems) {
    const struct bering_problem problem = bering_problems_at(problems, 0);
    ck_abort_msg("%s: %s:%d: %s", kind->scenario, problem.file, problem.line, problem.message);
}

/* Simulates, and opens what was written: it is to be closed. */
static struct database *database_of(const struct kind *kind) {
    char folder[SCRATCH_PATH], schedule[SCRATCH_PATH], file[SCRATCH_PATH];
    const char *schedules[] = {schedule};
    struct bering_scenario_options options = {.overrides = kind->overrides};
    while (options.override_count < MOST_OVERRIDES && kind->overrides[options.override_count] != NULL)
        options.override_count++;
    const bool small = kind->scenario[0] == '\0';
    const char *where = small ? make_small_scenario() : project_file(kind->scenario, folder);
    if (kind->schedule != NULL) {
        if (small)
            scratch_file(kind->schedule, schedule);
        else
            project_file(kind->schedule, schedule);
        options.schedules = schedules;
        options.schedule_count = 1;
    }
    struct bering_problems *problems = NULL;
    struct bering_scenario *scenario = bering_scenario_open(where, &options, &problems);
    if (scenario == NULL) tell_problems(kind, problems);
    bering_problems_free(problems);
    unlink(scratch_file("books.db", file));
    const struct bering_database_request request = {.database = file, .jobs = 1};
    struct bering_error error = {""};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
    ck_assert_msg(experiment != NULL, "%s: %s", kind->scenario, error.text);
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    struct failure failure;
    struct database *database = database_open(file, DATABASE_CHANGE, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    return database;
}

static void execute(struct database *database, const char *sql) {
    struct failure failure;
    ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
}

/* To be freed. */
static struct audit_report audit(struct database *database, int64_t run_id) {
    struct audit_report report;
    struct failure failure;
    ck_assert_msg(audit_run(database, run_id, &report, &failure), "%s", failure.text);
    return report;
}

static const enum audit_check books[] = {AUDIT_DELAY,       AUDIT_WAITS,     AUDIT_METRICS, AUDIT_SECTION_USE,
                                         AUDIT_STATION_USE, AUDIT_ESTIMATES, AUDIT_DEADLOCK};
enum { BOOKS = sizeof books / sizeof *books };

/* What the report says against a check; NULL: nothing. `text` (NULL: any) has to be part of it. */
static const struct audit_violation *violation_of(const struct audit_report *report, enum audit_check check,
                                                  const char *text) {
    for (int32_t i = 0; i < report->kept_count; i++)
        if (report->kept[i].check == check && (text == NULL || strstr(report->kept[i].text, text) != NULL))
            return &report->kept[i];
    return NULL;
}

/* ------------------------------------------------------------------------------------------------ without a fault */

static void check_clean(struct database *database, const struct kind *kind, int64_t run_id) {
    struct audit_report report = audit(database, run_id);
    for (int i = 0; i < BOOKS; i++) {
        const struct audit_tally *tally = &report.tallies[books[i]];
        const struct audit_violation *found = violation_of(&report, books[i], NULL);
        ck_assert_msg(tally->violations == 0, "%s %s, run %d: %s: %s at %s: %s", kind->scenario,
                      kind->overrides[0] != NULL ? kind->overrides[0] : "", (int)run_id, audit_check_name(books[i]),
                      found && found->train ? found->train : "nobody", found && found->place ? found->place : "nowhere",
                      found ? found->text : "");
        ck_assert_msg(tally->tested > 0 || tally->skipped_because != NULL, "%s: neither tested nor skipped",
                      audit_check_name(books[i]));
    }
    audit_report_free(&report);
}

static void check_all_clean(const struct kind *kinds, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct database *database = database_of(&kinds[i]);
        const int64_t runs = ask_integer(database, "SELECT max(run_id) FROM runs");
        for (int64_t run = 1; run <= runs; run++) check_clean(database, &kinds[i], run);
        database_close(database);
    }
}

#define LINE "tests/cli/scenarios/line"
#define TUNNEL "data/tunnel-2025"
#define SERVICES "schedules/tunnel-2025-services.csv"
#define LINE113 "tests/data/bench/line113"
#define KINDS(kinds) kinds, sizeof kinds / sizeof *kinds

START_TEST(a_tunnel_by_timetable) {
    static const struct kind kinds[] = {
        {TUNNEL, NULL, {"dispatch=fcfs", "detail=full", "horizon_days=2", "replications=1"}},
        {TUNNEL, NULL, {"dispatch=priority", "detail=full", "horizon_days=2", "replications=2"}},
        {TUNNEL, NULL, {"dispatch=fleet", "detail=blocks", "horizon_days=2", "replications=1", "seed=5e0"}},
        {TUNNEL, NULL, {"options=bare", "detail=full", "horizon_days=2", "replications=1", "warmup_days=auto"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

START_TEST(a_tunnel_by_demand) {
    static const struct kind kinds[] = {
        {TUNNEL, SERVICES, {"dispatch=fcfs", "detail=full", "horizon_days=2", "replications=3"}},
        {TUNNEL, SERVICES, {"dispatch=priority", "detail=full", "horizon_days=3", "replications=1"}},
        {TUNNEL, SERVICES, {"dispatch=fleet", "fleet_size=3", "detail=full", "horizon_days=2", "replications=1"}},
        {TUNNEL, SERVICES, {"dispatch=fleet", "fleet_window_min=120", "detail=full", "horizon_days=2"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

/* Trains stand in the tunnel, and on their way through stations, when such a run ends. */
START_TEST(trains_that_are_always_ready) {
    static const struct kind kinds[] = {
        {TUNNEL, SERVICES, {"schedule.arrivals=saturated", "dispatch=fcfs", "detail=full", "horizon_days=2"}},
        {TUNNEL, SERVICES, {"schedule.arrivals=saturated", "dispatch=priority", "detail=full", "horizon_days=2"}},
        {TUNNEL, SERVICES, {"schedule.arrivals=saturated", "dispatch=fleet", "detail=full", "horizon_days=2"}},
        {TUNNEL, SERVICES, {"schedule.arrivals=saturated", "sections.purge_s=300", "detail=full", "horizon_days=2"}},
        {LINE113, NULL, {"schedule.arrivals=saturated", "schedule.interval_min=", "detail=full", "horizon_days=2"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

START_TEST(sections_of_every_kind) {
    static const struct kind kinds[] = {
        {LINE113, NULL, {"sections.purge_s=600", "detail=full", "horizon_days=3", "warmup_days=1"}},
        {LINE113, NULL, {"sections.tracks=2", "sections.block_km=4", "schedule.interval_min=*0.5", "detail=full"}},
        {LINE113, NULL, {"sections.tracks=2", "sections.headway_s=300", "schedule.arrivals=poisson", "detail=full"}},
        {LINE113, NULL, {"sections.signalling=moving", "schedule.interval_min=*0.7", "detail=full"}},
        {LINE113, NULL, {"schedule.interval_min=*0.4", "detail=full", "horizon_days=2", "dispatch=fleet"}},
        {LINE, NULL, {"clear_by_length=yes", "detail=full", "horizon_days=3", "warmup_days=1", "replications=3"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

START_TEST(schedules_that_run_once) {
    static const struct kind kinds[] = {
        {LINE, NULL, {"repeat=once", "detail=full"}},
        {LINE, NULL, {"repeat=once", "horizon_days=0.5", "detail=full"}},
        {LINE, NULL, {"repeat=once", "horizon_days=5", "detail=calls", "replications=2"}},
        {"", "times.csv", {"repeat=once", "horizon_days=", "warmup_days=0", "detail=full"}},
        {TUNNEL, SERVICES, {"repeat=once", "schedule.arrivals=saturated", "detail=full"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

START_TEST(trainsets_that_turn_and_trains_that_stand) {
    static const struct kind kinds[] = {{"", NULL, {"detail=full"}},
                                        {"", NULL, {"detail=full", "dispatch=priority", "replications=2"}},
                                        {"", "times.csv", {"detail=full", "dispatch=fleet"}},
                                        {"", "times.csv", {"detail=calls", "clear_by_length=yes"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

START_TEST(a_deadlock) {
    static const struct kind kinds[] = {{"tests/cli/scenarios/dead", NULL, {"detail=full"}},
                                        {"tests/cli/scenarios/dead", NULL, {"detail=trains", "repeat=daily"}},
                                        {"tests/cli/scenarios/dead", NULL, {"detail=summary", "replications=2"}}};
    check_all_clean(KINDS(kinds));
}
END_TEST

/* Trains that the timetable puts onto their tracks one by one: the run goes on until nobody can move. */
START_TEST(a_deadlock_later_on) {
    const struct kind kind = {"", "late.csv", {"repeat=once", "horizon_days=", "warmup_days=0", "detail=full"}};
    struct database *database = database_of(&kind);
    ck_assert_str_eq(ask_text(database, "SELECT status FROM runs"), "deadlocked");
    ck_assert_int_gt(ask_integer(database, "SELECT end_ms FROM runs"), 10 * 60000);
    ck_assert_int_eq(ask_integer(database, "SELECT max_occupied FROM station_use WHERE station = 'B'"), 2);
    check_clean(database, &kind, 1);
    database_close(database);
}
END_TEST

/* What is kept decides what is tested; the rest is left out and says why. */
START_TEST(less_detail_leaves_checks_out) {
    static const struct {
        const char *detail;
        bool tested[BOOKS];
    } details[] = {{"detail=summary", {false, false, false, false, false, true, true}},
                   {"detail=trains", {true, false, true, false, false, true, true}},
                   {"detail=calls", {true, true, true, true, true, true, true}},
                   {"detail=containers", {true, true, true, true, true, true, true}},
                   {"detail=blocks", {true, true, true, true, true, true, true}},
                   {"detail=full", {true, true, true, true, true, true, true}}};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        const struct kind kind = {LINE, NULL, {details[i].detail, "horizon_days=2"}};
        struct database *database = database_of(&kind);
        check_clean(database, &kind, 1);
        struct audit_report report = audit(database, 1);
        for (int book = 0; book < BOOKS; book++) {
            const struct audit_tally *tally = &report.tallies[books[book]];
            ck_assert_msg((tally->tested > 0) == details[i].tested[book], "%s: %s", details[i].detail,
                          audit_check_name(books[book]));
            if (tally->tested == 0) ck_assert_ptr_nonnull(strstr(tally->skipped_because, "needs detail"));
        }
        audit_report_free(&report);
        database_close(database);
    }
}
END_TEST

/* ---------------------------------------------------------------------------------------------------- with a fault */

/* The books that a fault also shows in, as bits. */
#define ALSO(check) (1u << ((check)-AUDIT_DELAY))
enum {
    OF_TIMES = ALSO(AUDIT_METRICS) | ALSO(AUDIT_SECTION_USE) | ALSO(AUDIT_STATION_USE),
    OF_METRICS = ALSO(AUDIT_ESTIMATES)
};

struct fault {
    const char *sql;
    enum audit_check check;
    const char *text; /* part of what is said */
    unsigned also;
};

/* Puts it in, finds it, and takes it out again. */
static void check_found(struct database *database, int64_t run_id, const struct fault *fault) {
    execute(database, "BEGIN");
    execute(database, fault->sql);
    ck_assert_msg(sqlite3_changes(database_handle(database)) > 0, "changes nothing: %s", fault->sql);
    struct audit_report report = audit(database, run_id);
    const struct audit_violation *said = violation_of(&report, fault->check, NULL);
    ck_assert_msg(violation_of(&report, fault->check, fault->text) != NULL, "not found by %s: %s (it said: %s)",
                  audit_check_name(fault->check), fault->sql, said != NULL ? said->text : "nothing");
    for (int i = 0; i < BOOKS; i++) {
        if (books[i] == fault->check || (fault->also & ALSO(books[i])) != 0) continue;
        said = violation_of(&report, books[i], NULL);
        ck_assert_msg(said == NULL, "%s shows in %s: %s", fault->sql, audit_check_name(books[i]),
                      said ? said->text : "");
    }
    audit_report_free(&report);
    execute(database, "ROLLBACK");
}

static void check_all_found(struct database *database, int64_t run_id, const struct fault *faults, size_t count) {
    for (size_t i = 0; i < count; i++) check_found(database, run_id, &faults[i]);
}

/* With waits of every size, and stops; a day of warm-up. */
static const struct kind faulty = {
    LINE, NULL, {"detail=full", "horizon_days=1.5", "warmup_days=1", "replications=3", "schedule.interval_min=*0.5"}};

START_TEST(every_metric_is_made_again) {
    struct database *database = database_of(&faulty);
    sqlite3_stmt *names = NULL;
    struct failure failure;
    names = database_prepare(database, "SELECT metric, mean IS NULL FROM estimates ORDER BY metric", &failure);
    ck_assert_ptr_nonnull(names);
    int32_t metrics = 0;
    while (sqlite3_step(names) == SQLITE_ROW) {
        static const char *const changes[] = {"value = coalesce(value, 0) + 1",
                                              "value = value * (1 + 1e-8) + 1e-6 * (value = 0)", "value = NULL",
                                              "unit = 'furlongs'"};
        const char *metric = (const char *)sqlite3_column_text(names, 0);
        const bool nothing = sqlite3_column_int(names, 1); /* as of containers where there are none */
        for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
            char sql[256];
            if (nothing && (i == 1 || i == 2)) continue;
            snprintf(sql, sizeof sql, "UPDATE metrics SET %s WHERE run_id = 1 AND metric = '%s'", changes[i], metric);
            check_found(database, 1, &(struct fault){sql, AUDIT_METRICS, metric, OF_METRICS});
        }
        metrics++;
    }
    sqlite3_finalize(names);
    ck_assert_int_eq(metrics, 31);
    check_found(database, 1,
                &(struct fault){"DELETE FROM metrics WHERE run_id = 1 AND metric = 'train_km'", AUDIT_METRICS,
                                "train_km is missing", OF_METRICS});
    database_close(database);
}
END_TEST

/* Where there was nothing to measure. */
START_TEST(a_figure_of_nothing_is_no_number) {
    const struct kind kind = {"tests/cli/scenarios/dead", NULL, {"detail=trains"}};
    struct database *database = database_of(&kind);
    static const struct fault faults[] = {
        {"UPDATE metrics SET value = 0 WHERE metric = 'mean_run_s'", AUDIT_METRICS, "nothing to measure", 0},
        {"UPDATE metrics SET value = 100 WHERE metric = 'punctual_percent'", AUDIT_METRICS, "nothing to measure", 0},
        {"UPDATE metrics SET value = 3 WHERE metric = 'trains_planned'", AUDIT_METRICS, "should be 4", 0}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

/* Also without calls, where a line has but one way. */
START_TEST(metrics_without_calls) {
    const struct kind kind = {LINE, NULL, {"detail=trains"}};
    struct database *database = database_of(&kind);
    static const struct fault faults[] = {
        {"UPDATE metrics SET value = value + 1 WHERE metric = 'train_km'", AUDIT_METRICS, "train_km", OF_METRICS},
        {"UPDATE metrics SET value = value + 0.01 WHERE metric = 'cost_usd'", AUDIT_METRICS, "cost_usd", OF_METRICS}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

START_TEST(delays_are_made_again) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"UPDATE trains SET delay_ms = delay_ms + 1 WHERE run_id = 1 AND train_id = 7", AUDIT_DELAY, "delay_ms is",
         OF_TIMES},
        {"UPDATE trains SET delay_ms = NULL WHERE run_id = 1 AND train_id = 30", AUDIT_DELAY, "has no delay_ms",
         OF_TIMES},
        {"UPDATE trains SET delay_ms = delay_ms - 1 WHERE run_id = 1 AND status = 'running'", AUDIT_DELAY,
         "delay_ms is", OF_TIMES},
        {"UPDATE trains SET unimpeded_ms = unimpeded_ms + 1, delay_ms = delay_ms - 1 WHERE run_id = 1 AND train_id = 7",
         AUDIT_DELAY, "by the same plan", OF_TIMES},
        {"UPDATE trains SET delay_ms = delay_ms + unimpeded_ms - 120000, unimpeded_ms = 120000 WHERE run_id = 1 AND "
         "service = 'WEST'",
         AUDIT_DELAY, "dwells and timetable alone", OF_TIMES}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

START_TEST(delays_against_a_planned_arrival) {
    const struct kind kind = {"", "times.csv", {"detail=full"}};
    struct database *database = database_of(&kind);
    static const struct fault faults[] = {
        {"UPDATE trains SET delay_ms = delay_ms + 1 WHERE train = 'T1@2'", AUDIT_DELAY, "delay_ms is", OF_TIMES},
        {"UPDATE trains SET unimpeded_ms = 1800000 WHERE train LIKE 'T1@%'", AUDIT_DELAY, "dwells and timetable alone",
         OF_TIMES}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

#define FIRST(condition)                                                                                               \
    "run_id = 1 AND (train_id, seq) = (SELECT train_id, seq FROM calls WHERE run_id = 1 AND " condition " LIMIT 1)"

START_TEST(waits_are_made_again) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"UPDATE calls SET wait_ms = wait_ms + 1 WHERE " FIRST("wait_cause = 'knock_on'"), AUDIT_WAITS, "wait_ms is",
         OF_TIMES},
        {"UPDATE calls SET wait_ms = -1 WHERE " FIRST("wait_ms = 0"), AUDIT_WAITS, "negative", OF_TIMES},
        {"UPDATE calls SET wait_ms = 60000, wait_cause = 'primary' WHERE " FIRST(
             "station = 'E' AND departure_ms IS NULL"),
         AUDIT_WAITS, "has not left", OF_TIMES},
        {"UPDATE calls SET wait_cause = NULL WHERE " FIRST("wait_cause = 'primary'"), AUDIT_WAITS, "without a cause",
         OF_TIMES},
        {"UPDATE calls SET wait_cause = 'weather' WHERE " FIRST("wait_cause = 'primary'"), AUDIT_WAITS,
         "no cause there", OF_TIMES},
        {"UPDATE calls SET wait_cause = 'primary' WHERE " FIRST("wait_ms = 0"), AUDIT_WAITS, "without a wait", 0},
        {"UPDATE calls SET wait_for_train_id = NULL WHERE " FIRST("wait_cause = 'knock_on'"), AUDIT_WAITS, "for nobody",
         0},
        {"UPDATE calls SET wait_for_train_id = train_id WHERE " FIRST("wait_cause = 'knock_on'"), AUDIT_WAITS, "itself",
         0},
        {"UPDATE calls SET wait_for_train_id = 9999 WHERE " FIRST("wait_cause = 'knock_on'"), AUDIT_WAITS, "not there",
         0},
        {"UPDATE calls SET wait_for_train_id = 3 WHERE " FIRST("wait_cause = 'primary'"), AUDIT_WAITS, "no train was",
         0}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

START_TEST(the_use_of_sections_is_made_again) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"UPDATE section_use SET busy_ms = busy_ms + 1 WHERE run_id = 1 AND section = 'S1-S2' AND direction = "
         "'forward'",
         AUDIT_SECTION_USE, "forward busy_ms is", 0},
        {"UPDATE section_use SET busy_ms = busy_ms - 1 WHERE run_id = 1 AND section = 'W-S1' AND direction = "
         "'backward'",
         AUDIT_SECTION_USE, "backward busy_ms is", 0},
        {"UPDATE section_use SET line_busy_ms = line_busy_ms + 1 WHERE run_id = 1 AND section = 'S3-E'",
         AUDIT_SECTION_USE, "line_busy_ms is", 0},
        {"UPDATE section_use SET trains = trains + 1 WHERE run_id = 1 AND section = 'S1-S2'", AUDIT_SECTION_USE,
         "trains is", 0},
        {"UPDATE section_use SET wait_ms = wait_ms + 1 WHERE run_id = 1 AND section = 'S2-S3' AND direction = "
         "'backward'",
         AUDIT_SECTION_USE, "wait_ms is", 0},
        {"UPDATE section_use SET wait_ms = wait_ms + 864000000 WHERE run_id = 1 AND section = 'W-S1' AND direction = "
         "'forward'",
         AUDIT_SECTION_USE, "at most", 0},
        {"UPDATE section_use SET utilisation = utilisation * 1.000001 WHERE run_id = 1", AUDIT_SECTION_USE,
         "utilisation is", 0},
        {"UPDATE section_use SET line_utilisation = NULL WHERE run_id = 1 AND section = 'W-S1'", AUDIT_SECTION_USE,
         "line_utilisation is", 0},
        {"DELETE FROM section_use WHERE run_id = 1 AND section = 'W-S1' AND direction = 'forward'", AUDIT_SECTION_USE,
         "no row for forward", 0}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

/* Without blocks the times of calls still bound how long a section was held; with fixed times they say it. */
START_TEST(the_use_of_sections_without_blocks) {
    const struct kind kind = {
        LINE, NULL, {"detail=calls", "running_times.train_type=*", "schedule.train_type=stone", "horizon_days=2"}};
    struct database *database = database_of(&kind);
    check_clean(database, &kind, 1);
    static const struct fault faults[] = {
        {"UPDATE section_use SET busy_ms = busy_ms + 1 WHERE section = 'S1-S2' AND direction = 'forward'",
         AUDIT_SECTION_USE, "busy_ms is", 0},
        {"UPDATE section_use SET trains = trains - 1 WHERE section = 'S1-S2' AND direction = 'backward'",
         AUDIT_SECTION_USE, "trains is", 0}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
    const struct kind computed = {LINE, NULL, {"detail=calls", "horizon_days=2"}};
    database = database_of(&computed);
    check_found(database, 1,
                &(struct fault){"UPDATE section_use SET busy_ms = busy_ms + busy_ms / 10 WHERE section = 'W-S1'",
                                AUDIT_SECTION_USE, "at most", 0});
    database_close(database);
}
END_TEST

START_TEST(the_use_of_stations_is_made_again) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"UPDATE station_use SET wait_ms = wait_ms + 1 WHERE run_id = 1 AND station = 'S3'", AUDIT_STATION_USE,
         "wait_ms is", 0},
        {"UPDATE station_use SET wait_ms = wait_ms - 1 WHERE run_id = 1 AND station = 'W'", AUDIT_STATION_USE,
         "wait_ms is", 0},
        {"UPDATE station_use SET max_occupied = 0 WHERE run_id = 1 AND station = 'S2'", AUDIT_STATION_USE, "at least",
         0},
        {"UPDATE station_use SET max_occupied = 3 WHERE run_id = 1 AND station = 'S2'", AUDIT_STATION_USE, "at most",
         0},
        {"UPDATE station_use SET mean_occupied = mean_occupied / 2 WHERE run_id = 1 AND station = 'S2'",
         AUDIT_STATION_USE, "mean_occupied is", 0},
        {"UPDATE station_use SET mean_occupied = NULL WHERE run_id = 1 AND station = 'E'", AUDIT_STATION_USE,
         "mean_occupied is", 0},
        {"DELETE FROM station_use WHERE run_id = 1 AND station = 'W'", AUDIT_STATION_USE, "no row", 0}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

/* Trains without a length leave a station as they depart: how full it was is known to the millisecond. */
START_TEST(the_use_of_stations_to_the_millisecond) {
    const struct kind kind = {
        LINE, NULL, {"detail=calls", "running_times.train_type=*", "schedule.train_type=stone", "horizon_days=2"}};
    struct database *database = database_of(&kind);
    check_found(
        database, 1,
        &(struct fault){"UPDATE station_use SET mean_occupied = mean_occupied + 1 / 172800000.0 WHERE station = "
                        "'S2'",
                        AUDIT_STATION_USE, "mean_occupied is", 0});
    check_found(database, 1,
                &(struct fault){"UPDATE station_use SET max_occupied = max_occupied + 1 WHERE station = 'S2'",
                                AUDIT_STATION_USE, "max_occupied is", 0});
    database_close(database);
}
END_TEST

START_TEST(estimates_are_made_again) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"UPDATE estimates SET mean = mean * (1 + 1e-6) WHERE metric = 'mean_delay_s'", AUDIT_ESTIMATES,
         "the mean of mean_delay_s", 0},
        {"UPDATE estimates SET mean = NULL WHERE metric = 'trains_per_day'", AUDIT_ESTIMATES, "is NULL", 0},
        {"UPDATE estimates SET half_width = half_width * 1.001 WHERE metric = 'mean_delay_s'", AUDIT_ESTIMATES,
         "the half-width of mean_delay_s", 0},
        {"UPDATE estimates SET half_width = NULL WHERE metric = 'trains_per_day'", AUDIT_ESTIMATES, "is NULL", 0},
        {"UPDATE estimates SET confidence = 0.9 WHERE metric = 'mean_delay_s'", AUDIT_ESTIMATES, "the half-width of",
         0},
        {"UPDATE estimates SET confidence = 2 WHERE metric = 'train_km'", AUDIT_ESTIMATES, "between 0 and 1", 0},
        {"UPDATE estimates SET replications = 4 WHERE metric = 'train_km'", AUDIT_ESTIMATES, "3 are complete", 0},
        {"DELETE FROM estimates WHERE metric = 'train_km'", AUDIT_ESTIMATES, "no estimate of train_km", 0},
        {"UPDATE metrics SET value = value + 1 WHERE run_id = 3 AND metric = 'train_km'", AUDIT_ESTIMATES,
         "the mean of train_km", 0},
        {"UPDATE runs SET status = 'failed' WHERE run_id = 3", AUDIT_ESTIMATES, "2 are complete", 0}};
    check_all_found(database, 1, KINDS(faults));
    struct audit_report second = audit(database, 2);
    ck_assert_int_eq(second.tallies[AUDIT_ESTIMATES].tested, 0);
    ck_assert_ptr_nonnull(strstr(second.tallies[AUDIT_ESTIMATES].skipped_because, "with run 1"));
    audit_report_free(&second);
    database_close(database);
}
END_TEST

START_TEST(one_replication_has_no_interval) {
    const struct kind kind = {LINE, NULL, {"detail=summary"}};
    struct database *database = database_of(&kind);
    check_found(database, 1,
                &(struct fault){"UPDATE estimates SET half_width = 0 WHERE metric = 'mean_delay_s'", AUDIT_ESTIMATES,
                                "should be NULL", 0});
    execute(database, "UPDATE runs SET status = 'running'");
    execute(database,
            "INSERT INTO runs SELECT 2, experiment_id, input_sha256, scenario, variant, schedule, dispatch, 2, "
            "seed, start_date, warmup_ms, horizon_ms, detail, 'complete', NULL, bering_version, created_at, "
            "wall_s, events, end_ms, forced_moves, searches, point FROM runs");
    execute(database, "INSERT INTO settings SELECT 2, key, value, seq FROM settings");
    struct audit_report report = audit(database, 2);
    ck_assert_ptr_nonnull(strstr(report.tallies[AUDIT_ESTIMATES].skipped_because, "none yet"));
    audit_report_free(&report);
    database_close(database);
}
END_TEST

START_TEST(a_deadlock_names_its_trains) {
    const struct kind kind = {"tests/cli/scenarios/dead", NULL, {"detail=full"}};
    struct database *database = database_of(&kind);
    static const struct fault faults[] = {
        {"DELETE FROM deadlocks", AUDIT_DEADLOCK, "no train is named", 0},
        {"DELETE FROM deadlocks WHERE train = 'W2'", AUDIT_DEADLOCK, "is not in the deadlock", 0},
        {"UPDATE deadlocks SET station = 'S2' WHERE train = 'E1'", AUDIT_DEADLOCK, "stands at S1", 0},
        {"UPDATE deadlocks SET train = 'E9' WHERE train = 'E1'", AUDIT_DEADLOCK, "of that id is E1", 0},
        {"UPDATE deadlocks SET train_id = 9 WHERE train = 'E1'", AUDIT_DEADLOCK, "not among the trains", 0},
        {"UPDATE deadlocks SET waits_for = 'E9' WHERE train = 'E1'", AUDIT_DEADLOCK, "which is not there", 0},
        {"UPDATE deadlocks SET waits_for = 'E1' WHERE train = 'E1'", AUDIT_DEADLOCK, "itself", 0},
        {"UPDATE trains SET arrival_ms = 0, status = 'arrived' WHERE train = 'E1'", AUDIT_DEADLOCK, "has arrived",
         ALSO(AUDIT_METRICS) | ALSO(AUDIT_DELAY)},
        {"UPDATE trains SET status = 'running' WHERE train = 'E1'", AUDIT_DEADLOCK, "runs though", 0},
        {"UPDATE calls SET departure_ms = 600000 WHERE train_id = 1 AND seq = 1", AUDIT_DEADLOCK, "after the run has",
         OF_TIMES},
        {"UPDATE runs SET status = 'complete'", AUDIT_DEADLOCK, "4 trains are in a deadlock", OF_METRICS}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

START_TEST(a_run_that_is_complete_is_no_deadlock) {
    struct database *database = database_of(&faulty);
    static const struct fault faults[] = {
        {"INSERT INTO deadlocks VALUES (1, 3, 'EAST@1.2', 'S1', NULL)", AUDIT_DEADLOCK, "1 trains are in", 0},
        {"UPDATE runs SET status = 'deadlocked' WHERE run_id = 1", AUDIT_DEADLOCK, "no train is named", OF_METRICS}};
    check_all_found(database, 1, KINDS(faults));
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_tunnel_by_timetable,
                                  a_tunnel_by_demand,
                                  trains_that_are_always_ready,
                                  sections_of_every_kind,
                                  schedules_that_run_once,
                                  trainsets_that_turn_and_trains_that_stand,
                                  a_deadlock,
                                  a_deadlock_later_on,
                                  less_detail_leaves_checks_out,
                                  every_metric_is_made_again,
                                  a_figure_of_nothing_is_no_number,
                                  metrics_without_calls,
                                  delays_are_made_again,
                                  delays_against_a_planned_arrival,
                                  waits_are_made_again,
                                  the_use_of_sections_is_made_again,
                                  the_use_of_sections_without_blocks,
                                  the_use_of_stations_is_made_again,
                                  the_use_of_stations_to_the_millisecond,
                                  estimates_are_made_again,
                                  one_replication_has_no_interval,
                                  a_deadlock_names_its_trains,
                                  a_run_that_is_complete_is_no_deadlock};
    return run_suite_in_scratch("books", tests, sizeof tests / sizeof *tests, scratch_make);
}
