/* One fault planted at a time into the results of a run that has none: the audit finds each of them and calls it by its
 * name, train and place. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../results/scratch.h"
#include "audit/audit.h"
#include "bering/bering.h"
#include "results/database.h"

#define TRAIN(name) "run_id = 1 AND train_id = (SELECT train_id FROM trains WHERE run_id = 1 AND train = '" name "')"
#define CALL(name, station) TRAIN(name) " AND station = '" station "'"
#define CONTAINER "container_id = 5" /* of F, two TEU, by E1@1 */
#define HELD(name, section) TRAIN(name) " AND section = '" section "'"

struct fault {
    const char *name;
    const char *sql; /* plants it */
    enum audit_check check;
    const char *train, *place; /* NULL: not told */
};

/* The times come from the run itself: see `bering run tests/audit/line` and the tables calls and occupations. */
static const struct fault faults[] = {
    /* the line */
    {"a train enters a block a millisecond before the one ahead has released it",
     "UPDATE occupations SET enter_ms = (SELECT release_ms - 1 FROM occupations WHERE " HELD(
         "W1@1", "west-post") " AND block = 1) WHERE " HELD("E3@1", "west-post") " AND block = 1",
     AUDIT_BLOCK, "E3@1", "west-post"},
    {"two trains in one block for an hour",
     "UPDATE occupations SET clear_ms = clear_ms + 3600000, release_ms = release_ms + 3600000 WHERE " HELD(
         "E2@1", "west-post") " AND block = 2",
     AUDIT_BLOCK, "W1@1", "west-post"},
    {"a block that is never left",
     "UPDATE occupations SET clear_ms = NULL, release_ms = NULL WHERE " HELD("E4@1", "west-post") " AND block = 3",
     AUDIT_BLOCK, "W4@1", "west-post"},
    {"a train departs against another on single line",
     "UPDATE calls SET departure_ms = 18880000 WHERE " CALL(
         "E3@1",
         "west") "; UPDATE occupations SET enter_ms = "
                 "18880000 WHERE " HELD(
                     "E3@1",
                     "west-post") " AND block = 1; UPDATE trains SET departure_ms = 18880000 WHERE " TRAIN("E3@1"),
     AUDIT_OPPOSING, "E3@1", "west-post"},
    {"a release cut by a second",
     "UPDATE occupations SET release_ms = release_ms - 1000 WHERE " HELD("E1@1", "post-first") " AND block = 2",
     AUDIT_RELEASE, "E1@1", "post-first"},
    {"a tail out before the head is in",
     "UPDATE occupations SET clear_ms = enter_ms - 1, release_ms = enter_ms + 19999 WHERE " HELD("E1@1",
                                                                                                 "third-fourth"),
     AUDIT_RELEASE, "E1@1", "third-fourth"},
    {"a crossing interval a second short",
     "UPDATE occupations SET clear_ms = 19793689 - 89000, release_ms = 19793689 - 59000 WHERE " HELD("W2@1",
                                                                                                     "first-second"),
     AUDIT_CROSSING_INTERVAL, "E3@1", "first"},
    {"a headway a millisecond short at entry",
     "UPDATE calls SET arrival_ms = 17700496, departure_ms = 17700496 WHERE " CALL(
         "W2@1", "second") "; UPDATE occupations SET enter_ms = 17700496 WHERE " HELD("W2@1", "first-second"),
     AUDIT_HEADWAY, "W2@1", "first-second"},
    {"a headway a second short at exit", "UPDATE calls SET arrival_ms = 18000312 + 299000 WHERE " CALL("W2@1", "first"),
     AUDIT_HEADWAY, "W2@1", "first-second"},
    {"a train overtakes another on the line",
     "UPDATE occupations SET clear_ms = clear_ms + 3000000, release_ms = release_ms + 3000000 WHERE " HELD(
         "W1@1", "second-third"),
     AUDIT_HEADWAY, "W2@1", "second-third"},
    {"a moving block closer than the tail ahead",
     "UPDATE calls SET arrival_ms = 16633749, departure_ms = 16633749 WHERE " CALL(
         "W2@1", "third") "; UPDATE occupations SET enter_ms = 16633749 WHERE " HELD("W2@1", "second-third"),
     AUDIT_HEADWAY, "W2@1", "second-third"},
    {"a purge a second short",
     "UPDATE calls SET departure_ms = departure_ms - 1000 WHERE " CALL(
         "W2@1", "fourth") "; UPDATE occupations SET enter_ms = enter_ms - 1000 WHERE " HELD("W2@1", "third-fourth"),
     AUDIT_PURGE, "W2@1", "third-fourth"},
    {"three trains where two are allowed",
     "UPDATE occupations SET clear_ms = 22000000, release_ms = 22020000 WHERE " HELD(
         "E2@1",
         "third-fourth") "; UPDATE occupations SET clear_ms = 22000000, release_ms = 22020000 WHERE " HELD("W3@1",
                                                                                                           "third-"
                                                                                                           "fourth"),
     AUDIT_MAX_TRAINS, "E3@1", "third-fourth"},
    {"a train in a section that is closed for work",
     "UPDATE calls SET departure_ms = departure_ms + 1800000 WHERE " CALL(
         "W5@1", "first") "; UPDATE occupations SET enter_ms = enter_ms + 1800000, clear_ms = clear_ms + 1800000, "
                          "release_ms = release_ms + "
                          "1800000 WHERE " HELD("W5@1", "post-first"),
     AUDIT_POSSESSION, "W5@1", "post-first"},
    {"a block left out", "DELETE FROM occupations WHERE " HELD("E1@1", "west-post") " AND block = 2", AUDIT_PATH,
     "E1@1", "west-post"},
    {"blocks in the wrong order", "UPDATE occupations SET block = 4 - block WHERE " HELD("E1@1", "post-first"),
     AUDIT_PATH, "E1@1", "post-first"},
    {"the wrong line track", "UPDATE occupations SET line_track = 1 WHERE " HELD("W1@1", "fourth-east"), AUDIT_PATH,
     "W1@1", "fourth-east"},
    {"a head in after the departure",
     "UPDATE occupations SET enter_ms = enter_ms + 1 WHERE " HELD("E1@1", "third-fourth"), AUDIT_PATH, "E1@1",
     "third-fourth"},
    /* the stations */
    {"two trains on one track", "UPDATE calls SET track = 'main' WHERE " CALL("W1@1", "second"), AUDIT_TRACK, "W1@1",
     "second"},
    {"one train more than tracks", "UPDATE calls SET departure_ms = 33000000 WHERE " CALL("W3@1", "third"),
     AUDIT_STATION_CAPACITY, "E4@1", "third"},
    {"a train on a track too short",
     "UPDATE calls SET track = 'loop', stopped = 1, departure_ms = departure_ms + 20000 WHERE " CALL("E5@1", "first"),
     AUDIT_TRACK_FIT, "E5@1", "first"},
    {"a track that is not there", "UPDATE calls SET track = 'loop.9' WHERE " CALL("E5@1", "second"), AUDIT_TRACK_FIT,
     "E5@1", "second"},
    {"not the track of the timetable", "UPDATE calls SET track = 'loop.2' WHERE " CALL("E2@1", "second"),
     AUDIT_TRACK_BINDING, "E2@1", "second"},
    {"arrivals from opposite sides a second too close",
     "UPDATE calls SET arrival_ms = 16871193 + 119000, departure_ms = 16886193 + 119000 WHERE " CALL("W1@1", "second"),
     AUDIT_ARRIVAL_INTERVAL, "W1@1", "second"},
    {"a stop at a station of one track",
     "UPDATE calls SET stopped = 1, departure_ms = departure_ms + 30000 WHERE " CALL("E1@1", "post"), AUDIT_STANDING,
     "E1@1", "post"},
    {"a passage that takes its time",
     "UPDATE calls SET departure_ms = departure_ms + 5000 WHERE " CALL("E1@1", "first"), AUDIT_STANDING, "E1@1",
     "first"},
    /* the trains */
    {"a departure a second early", "UPDATE calls SET departure_ms = departure_ms - 1000 WHERE " CALL("E4@1", "third"),
     AUDIT_DEPARTURE, "E4@1", "third"},
    {"a planned stop not made", "UPDATE calls SET stopped = 0 WHERE " CALL("E2@1", "second"), AUDIT_STOPS, "E2@1",
     "second"},
    {"a dwell a second short", "UPDATE calls SET arrival_ms = departure_ms - 59000 WHERE " CALL("W2@1", "first"),
     AUDIT_STOPS, "W2@1", "first"},
    {"times that run backwards", "UPDATE calls SET arrival_ms = departure_ms + 1 WHERE " CALL("E3@1", "second"),
     AUDIT_ORDER_OF_CALLS, "E3@1", "second"},
    {"a call with a wrong number", "UPDATE calls SET seq = 9 WHERE seq = 7 AND " TRAIN("E1@1"), AUDIT_ORDER_OF_CALLS,
     "E1@1", "east"},
    {"a call without an arrival", "UPDATE calls SET arrival_ms = NULL WHERE " CALL("E1@1", "third"),
     AUDIT_ORDER_OF_CALLS, "E1@1", "third"},
    {"an arrival that is not the last call's", "UPDATE trains SET arrival_ms = arrival_ms - 60000 WHERE " TRAIN("E1@1"),
     AUDIT_ORDER_OF_CALLS, "E1@1", NULL},
    {"a station jumped over", "DELETE FROM calls WHERE " CALL("E1@1", "third"), AUDIT_ROUTE, "E1@1", "fourth"},
    {"a station visited twice", "UPDATE calls SET station = 'first' WHERE " CALL("E1@1", "third"), AUDIT_ROUTE, "E1@1",
     "first"},
    {"a stop of the schedule not on the way", "DELETE FROM calls WHERE " CALL("E2@1", "second"), AUDIT_ROUTE, "E2@1",
     "second"},
    {"a planned departure moved by a minute",
     "UPDATE trains SET planned_departure_ms = planned_departure_ms + 60000 WHERE " TRAIN("E1@1"), AUDIT_PLAN, "E1@1",
     NULL},
    {"a planned time of a call left out", "UPDATE calls SET planned_departure_ms = NULL WHERE " CALL("E2@1", "second"),
     AUDIT_PLAN, "E2@1", "second"},
    {"another train type", "UPDATE trains SET train_type = 'short' WHERE " TRAIN("E1@1"), AUDIT_PLAN, "E1@1", NULL},
    {"a train that nobody planned", "UPDATE trains SET train = 'X1@1' WHERE " TRAIN("E1@1"), AUDIT_PLAN, "X1@1", NULL},
    {"a line of another gauge",
     "UPDATE inputs SET content = CAST(replace(CAST(content AS TEXT), '1520,5.5', '1435,5.5') AS BLOB) WHERE path "
     "LIKE '%sections.csv'",
     AUDIT_GAUGE, "E1@1", "west-post"},
    {"a bore too low",
     "UPDATE inputs SET content = CAST(replace(CAST(content AS TEXT), '1520,5.5', '1520,4.9') AS BLOB) WHERE path "
     "LIKE '%sections.csv'",
     AUDIT_GAUGE, "E1@1", "west-post"},
    {"a run a second faster than the train can",
     "UPDATE calls SET arrival_ms = arrival_ms - 1000 WHERE " CALL(
         "E1@1", "east") "; UPDATE trains SET arrival_ms = arrival_ms - 1000 WHERE " TRAIN("E1@1"),
     AUDIT_PHYSICS, "E1@1", "fourth-east"},
    {"a train lost",
     "DELETE FROM calls WHERE " TRAIN("E4@2") "; DELETE FROM occupations WHERE " TRAIN(
         "E4@2") "; DELETE FROM trains WHERE run_id = 1 AND train = 'E4@2'",
     AUDIT_ACCOUNTED, "E4", "west"},
    {"a train that is there twice", "UPDATE trains SET train = 'E4@1' WHERE " TRAIN("E4@2"), AUDIT_ACCOUNTED, "E4@1",
     NULL},
    {"a status that is not so", "UPDATE trains SET status = 'running' WHERE " TRAIN("E1@1"), AUDIT_ACCOUNTED, "E1@1",
     NULL},
    {"an arrival after the end of the run", "UPDATE trains SET arrival_ms = 300000000 WHERE " TRAIN("E1@1"),
     AUDIT_ACCOUNTED, "E1@1", NULL},
    /* the books */
    {"a delay off by a millisecond", "UPDATE trains SET delay_ms = delay_ms + 1 WHERE " TRAIN("E1@1"), AUDIT_DELAY,
     "E1@1", NULL},
    {"a wait off by a millisecond", "UPDATE calls SET wait_ms = wait_ms + 1 WHERE " CALL("W2@1", "fourth"), AUDIT_WAITS,
     "W2@1", "fourth"},
    {"a wait for itself", "UPDATE calls SET wait_for_train_id = train_id WHERE " CALL("W2@1", "fourth"), AUDIT_WAITS,
     "W2@1", "fourth"},
    {"a train too many in the sum", "UPDATE metrics SET value = value + 1 WHERE metric = 'trains_arrived'",
     AUDIT_METRICS, NULL, NULL},
    {"a mean off by a millionth", "UPDATE metrics SET value = value * 1.000001 WHERE metric = 'mean_delay_s'",
     AUDIT_METRICS, NULL, NULL},
    {"a section held a millisecond longer",
     "UPDATE section_use SET busy_ms = busy_ms + 1 WHERE section = 'west-post' AND direction = 'forward'",
     AUDIT_SECTION_USE, NULL, "west-post"},
    {"a station fuller than it was", "UPDATE station_use SET max_occupied = 3 WHERE station = 'second'",
     AUDIT_STATION_USE, NULL, "second"},
    {"a figure without end", "UPDATE metrics SET value = 9e999 WHERE metric = 'energy_kwh'", AUDIT_METRICS, NULL, NULL},
    {"the use of a section that is not there",
     "INSERT INTO section_use SELECT run_id, 'nowhere', direction, trains, busy_ms, wait_ms, utilisation, "
     "line_busy_ms, "
     "line_utilisation FROM section_use WHERE section = 'west-post' AND direction = 'forward'",
     AUDIT_SECTION_USE, NULL, "nowhere"},
    {"the use of a station that is not there", "INSERT INTO station_use VALUES (1, 'nowhere', 0, 0, 0)",
     AUDIT_STATION_USE, NULL, "nowhere"},
    {"a mean over replications that is none", "UPDATE estimates SET mean = mean + 0.5 WHERE metric = 'trains_per_day'",
     AUDIT_ESTIMATES, NULL, NULL},
    {"a deadlock that was none",
     "INSERT INTO deadlocks (run_id, train_id, train, station) VALUES (1, 1, 'E1@1', 'west')", AUDIT_DEADLOCK, NULL,
     NULL},
    /* containers and money */
    {"a container less in the sum", "UPDATE flow_use SET teu_waiting = teu_waiting - 1 WHERE flow = 'F'",
     AUDIT_CONTAINERS, NULL, "F"},
    {"containers less than none",
     "UPDATE flow_use SET teu_riding = teu_riding - 200, teu_delivered = teu_delivered + 200 WHERE flow = 'G'",
     AUDIT_CONTAINERS, NULL, "G"},
    {"a container lost", "DELETE FROM containers WHERE container_id = 5", AUDIT_CONTAINERS, "E1@1", NULL},
    {"a container waiting lost", "DELETE FROM containers WHERE status = 'waiting' AND flow = 'G'", AUDIT_CONTAINERS,
     NULL, "G"},
    {"a container twice",
     "INSERT INTO containers SELECT run_id, 999999, flow, train_id, teu, arrived_ms, loaded_ms, delivered_ms, "
     "revenue_cents, status, penalty_cents, cost_cents, trains, empty FROM containers WHERE container_id = 5",
     AUDIT_CONTAINERS, "E1@1", NULL},
    {"a container of no flow", "UPDATE containers SET flow = 'H' WHERE container_id = 5", AUDIT_CONTAINERS, "E1@1",
     "H"},
    {"a container delivered before its train came", "UPDATE containers SET delivered_ms = 17000000 WHERE " CONTAINER,
     AUDIT_CONTAINERS, "E1@1", "F"},
    {"a container loaded after its train left", "UPDATE containers SET loaded_ms = 14415001 WHERE " CONTAINER,
     AUDIT_CONTAINERS, "E1@1", "F"},
    {"a container loaded before it came", "UPDATE containers SET arrived_ms = 14415001 WHERE " CONTAINER,
     AUDIT_CONTAINERS, "E1@1", "F"},
    {"a container on a train that is not there", "UPDATE containers SET train_id = 9999 WHERE " CONTAINER,
     AUDIT_CONTAINERS, NULL, "F"},
    {"a container on a train the other way", "UPDATE containers SET train_id = 2 WHERE " CONTAINER, AUDIT_CONTAINERS,
     "W1@1", "F"},
    {"a container delivered and said to wait", "UPDATE containers SET status = 'waiting' WHERE " CONTAINER,
     AUDIT_CONTAINERS, "E1@1", "F"},
    {"a container refused that was loaded",
     "UPDATE containers SET loaded_ms = arrived_ms + 1 WHERE container_id = (SELECT min(container_id) FROM containers "
     "WHERE status = 'refused')",
     AUDIT_CONTAINERS, NULL, "F"},
    {"a container that grew", "UPDATE containers SET teu = 3 WHERE " CONTAINER, AUDIT_CONTAINERS, "E1@1", "F"},
    {"a train with more than it can carry",
     "UPDATE inputs SET content = CAST(replace(CAST(content AS TEXT), '1,5,100,12', '1,5,45,12') AS BLOB) WHERE path "
     "LIKE '%train_types.csv'",
     AUDIT_CONTAINERS, "E1@1", "west"},
    {"a train that loaded more than its containers", "UPDATE trains SET teu = teu + 1 WHERE train = 'E1@1'",
     AUDIT_CONTAINERS, "E1@1", NULL},
    {"a tariff a cent short", "UPDATE containers SET revenue_cents = revenue_cents - 1 WHERE " CONTAINER,
     AUDIT_CONTAINERS, "E1@1", "F"},
    {"a penalty forgiven", "UPDATE containers SET penalty_cents = penalty_cents - 1 WHERE container_id = 221",
     AUDIT_CONTAINERS, "E5@1", "F"},
    {"a TEU more on a day", "UPDATE flow_days SET teu_offered = teu_offered + 1 WHERE day = 1 AND flow = 'F'",
     AUDIT_CONTAINERS, NULL, "F"},
    {"a day left out", "DELETE FROM flow_days WHERE day = 2 AND flow = 'G'", AUDIT_CONTAINERS, NULL, "G"},
    {"a container late and counted in time",
     "UPDATE flow_use SET containers_late = containers_late - 1 WHERE flow = 'F'", AUDIT_CONTAINERS, NULL, "F"},
    {"a transit time off by a second",
     "UPDATE flow_use SET p95_transit_h = p95_transit_h + 1 / 3600.0 WHERE flow = 'F'", AUDIT_CONTAINERS, NULL, "F"},
    {"a cent missing in the ledger",
     "UPDATE ledger SET amount_cents = amount_cents - 1 WHERE day = 1 AND account = 'tariff'", AUDIT_LEDGER, NULL,
     NULL},
    {"a cent on another day", "UPDATE ledger SET amount_cents = amount_cents + 2 * day - 3 WHERE account = 'train_km'",
     AUDIT_LEDGER, NULL, NULL},
    {"a cent of handling", "UPDATE ledger SET amount_cents = amount_cents + 1 WHERE day = 1 AND account = 'yard'",
     AUDIT_LEDGER, NULL, NULL},
    {"a lift less", "UPDATE terminal_use SET lifts = lifts - 1 WHERE station = 'west'", AUDIT_LEDGER, NULL, NULL},
    {"a day without its fixed cost", "DELETE FROM ledger WHERE day = 2 AND account = 'fixed'", AUDIT_LEDGER, NULL,
     NULL},
    {"a fixed cost a cent less",
     "UPDATE ledger SET amount_cents = amount_cents + 1 WHERE day = 1 AND account = 'fixed'", AUDIT_LEDGER, NULL, NULL},
    {"track access that nobody received",
     "UPDATE ledger SET amount_cents = amount_cents - 1 WHERE day = 1 AND account = 'track_access_received'",
     AUDIT_LEDGER, NULL, NULL},
    {"an account nobody knows", "UPDATE ledger SET account = 'gifts' WHERE account = 'train_revenue' AND day = 1",
     AUDIT_LEDGER, NULL, NULL},
    {"a train that costs a cent more", "UPDATE trains SET cost_cents = cost_cents + 1 WHERE train = 'E1@1'",
     AUDIT_LEDGER, "E1@1", NULL},
    {"a train that earns what it does not", "UPDATE trains SET revenue_cents = 1 WHERE train = 'E1@1'", AUDIT_LEDGER,
     "E1@1", NULL},
    /* the file */
    {"a byte of the inputs changed",
     "UPDATE inputs SET content = CAST(content || x'0a' AS BLOB) WHERE path LIKE "
     "'%tracks.csv'",
     AUDIT_INPUTS_INTACT, NULL, NULL},
    {"inputs nobody understands", "UPDATE inputs SET content = x'00ff00ff' WHERE path LIKE '%sections.csv'",
     AUDIT_INPUTS_READ, NULL, NULL},
    {"an input missing", "DELETE FROM inputs WHERE path LIKE '%stations.csv'", AUDIT_INPUTS_READ, NULL, NULL},
    {"a unit changed", "UPDATE metrics SET unit = 'min' WHERE metric = 'mean_delay_s'", AUDIT_RESULTS_INTACT, NULL,
     NULL},
    {"less detail told than kept", "UPDATE runs SET detail = 'summary' WHERE run_id = 1", AUDIT_SETTINGS, NULL, NULL},
    {"a detail nobody knows", "UPDATE runs SET detail = 'some' WHERE run_id = 1", AUDIT_SETTINGS, NULL, NULL},
    {"less detail asked for and told than kept",
     "UPDATE runs SET detail = 'trains' WHERE run_id = 1; UPDATE settings SET value = 'trains' WHERE key = 'detail'",
     AUDIT_SETTINGS, NULL, NULL},
    {"another seed told", "UPDATE runs SET seed = 7 WHERE run_id = 1", AUDIT_SETTINGS, NULL, NULL},
    {"another policy told", "UPDATE runs SET dispatch = 'fleet' WHERE run_id = 1", AUDIT_SETTINGS, NULL, NULL},
    {"another first day told", "UPDATE runs SET start_date = '2031-01-01' WHERE run_id = 1", AUDIT_SETTINGS, NULL,
     NULL},
    {"a window longer than asked for", "UPDATE runs SET horizon_ms = horizon_ms + 1 WHERE run_id = 1", AUDIT_SETTINGS,
     NULL, NULL},
    {"a run that ended nobody knows when", "UPDATE runs SET end_ms = NULL WHERE run_id = 1", AUDIT_SETTINGS, NULL,
     NULL},
    {"a run that ended before its window", "UPDATE runs SET end_ms = end_ms - 1 WHERE run_id = 1", AUDIT_SETTINGS, NULL,
     NULL},
    {"times beyond all reason",
     "UPDATE occupations SET enter_ms = 9223372036854775807, clear_ms = -9223372036854775807, release_ms = "
     "-9223372036854775807 WHERE run_id = 1",
     AUDIT_REFERENCES, NULL, NULL},
    {"a window beyond all reason",
     "UPDATE runs SET warmup_ms = 9223372036854775807, horizon_ms = 9223372036854775807, end_ms = 9223372036854775807 "
     "WHERE run_id = 1",
     AUDIT_REFERENCES, NULL, NULL},
    {"a station that is not there", "UPDATE calls SET station = 'nowhere' WHERE " CALL("E1@1", "third"),
     AUDIT_REFERENCES, "E1@1", "nowhere"},
    {"a call of no train", "UPDATE calls SET train_id = 999 WHERE " CALL("E1@1", "third"), AUDIT_REFERENCES, NULL,
     "third"},
};
enum { FAULT_COUNT = sizeof faults / sizeof *faults };

static char path[SCRATCH_PATH];
static struct database *database;

/* Runs the line, some of it changed: up to 7 settings besides the detail. */
static void run_line(const char *detail, const char *const *changes, int32_t change_count) {
    char setting[64], folder[1024];
    snprintf(setting, sizeof setting, "detail=%s", detail);
    const char *overrides[8] = {setting};
    for (int32_t i = 0; i < change_count; i++) overrides[i + 1] = changes[i];
    const struct bering_scenario_options options = {.overrides = overrides, .override_count = change_count + 1};
    const char *tests = getenv("BERING_AUDIT_TESTS");
    ck_assert_ptr_nonnull(tests);
    snprintf(folder, sizeof folder, "%s/line", tests);
    struct bering_scenario *scenario = bering_scenario_open(folder, &options, NULL);
    ck_assert_ptr_nonnull(scenario);
    const struct bering_database_request request = {.database = scratch_file("audit.db", path), .jobs = 1};
    struct bering_error error;
    struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
    ck_assert_msg(experiment != NULL, "%s", error.text);
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
}

static void open_changed(const char *detail, const char *const *changes, int32_t change_count) {
    run_line(detail, changes, change_count);
    struct failure failure;
    database = database_open(path, DATABASE_CHANGE, 1000, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    ck_assert(database_execute(database, "PRAGMA foreign_keys = OFF", &failure));
}

static void open_results(const char *detail) {
    open_changed(detail, NULL, 0);
}

static struct audit_report audit(void) {
    struct audit_report report;
    struct failure failure;
    ck_assert_msg(audit_run(database, 1, &report, &failure), "%s", failure.text);
    return report;
}

static void expect_clean(const char *when) {
    struct audit_report report = audit();
    for (int32_t i = 0; i < report.kept_count; i++)
        fprintf(stderr, "%s: %s %s %s: %s\n", when, audit_check_name(report.kept[i].check),
                report.kept[i].train ? report.kept[i].train : "-", report.kept[i].place ? report.kept[i].place : "-",
                report.kept[i].text);
    ck_assert_int_eq(report.violation_count, 0);
    ck_assert(audit_report_good(&report));
    audit_report_free(&report);
}

static bool same_text(const char *expected, const char *found) {
    return expected == NULL || (found != NULL && strcmp(expected, found) == 0);
}

static bool is_named(const struct audit_report *report, const struct fault *fault) {
    for (int32_t i = 0; i < report->kept_count; i++) {
        const struct audit_violation *violation = &report->kept[i];
        if (violation->check == fault->check && same_text(fault->train, violation->train) &&
            same_text(fault->place, violation->place))
            return true;
    }
    return false;
}

static void explain(const struct audit_report *report, const struct fault *fault) {
    fprintf(stderr, "%s: not found by %s; %" PRId64 " violations in all\n", fault->name, audit_check_name(fault->check),
            report->violation_count);
    for (int32_t i = 0; i < report->kept_count && i < 10; i++)
        fprintf(stderr, "    %s %s %s: %s\n", audit_check_name(report->kept[i].check),
                report->kept[i].train ? report->kept[i].train : "-",
                report->kept[i].place ? report->kept[i].place : "-", report->kept[i].text);
}

/* Plants the fault, audits, and takes it out again. */
static bool find(const struct fault *fault) {
    struct failure failure;
    ck_assert(database_execute(database, "BEGIN", &failure));
    const int before = sqlite3_total_changes(database_handle(database));
    ck_assert_msg(database_execute(database, fault->sql, &failure), "%s: %s", fault->name, failure.text);
    ck_assert_msg(sqlite3_total_changes(database_handle(database)) > before, "%s: nothing was planted", fault->name);
    struct audit_report report = audit();
    const bool named = is_named(&report, fault);
    if (!named) explain(&report, fault);
    ck_assert(!audit_report_good(&report));
    audit_report_free(&report);
    ck_assert(database_execute(database, "ROLLBACK", &failure));
    return named;
}

START_TEST(a_run_without_faults_is_clean) {
    static const char *const details[] = {"summary", "trains", "calls", "blocks", "containers", "full"};
    for (size_t i = 0; i < sizeof details / sizeof *details; i++) {
        scratch_remove();
        scratch_make();
        open_results(details[i]);
        expect_clean(details[i]);
        database_close(database);
    }
}
END_TEST

/* A train longer than the blocks keeps the limit of turnouts that lie blocks behind its head. */
START_TEST(turnouts_hold_until_the_tail_has_left_them) {
    static const char *const changes[] = {"sections[second-third].tracks=2",
                                          "sections[second-third].signalling=fixed",
                                          "sections[second-third].block_km=1.3",
                                          "train_types[long].length_m=1900",
                                          "tracks.length_m=2200",
                                          "tracks.speed_kmh=40"};
    open_changed("full", changes, sizeof changes / sizeof *changes);
    ck_assert_int_gt(ask_integer(database, "SELECT count(*) FROM trains WHERE status = 'arrived'"), 10);
    expect_clean("long trains");
    database_close(database);
}
END_TEST

START_TEST(every_planted_fault_is_found_and_named) {
    open_results("full");
    expect_clean("before");
    int missed = 0;
    for (int i = 0; i < (int)FAULT_COUNT; i++) missed += !find(&faults[i]);
    ck_assert_int_eq(missed, 0);
    expect_clean("after");
    database_close(database);
}
END_TEST

/* A check without a fault in the corpus could be one that finds nothing. */
START_TEST(every_check_has_a_fault) {
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) {
        int of_check = 0;
        for (int i = 0; i < (int)FAULT_COUNT; i++) of_check += faults[i].check == (enum audit_check)check;
        ck_assert_msg(of_check > 0, "no fault for %s", audit_check_name((enum audit_check)check));
    }
}
END_TEST

/* A database of another making need not keep what STRICT tables keep: NULL and text come where they make no sense. */
START_TEST(rows_of_another_making_end_no_process) {
    static const char *const changes[][2] = {
        {"trains", "train = NULL, status = NULL, direction = NULL, origin = NULL, train_type = NULL"},
        {"trains", "status = NULL"},
        {"trains", "departure_ms = 'noon', arrival_ms = x'0001'"},
        {"calls", "station = NULL, seq = NULL, train_id = NULL, stopped = NULL, wait_ms = NULL"},
        {"calls", "arrival_ms = arrival_ms + 0.5"},
        {"occupations", "section = NULL, seq = NULL, direction = NULL, enter_ms = NULL"}};
    open_results("full");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char sql[512];
        const char *table = changes[i][0];
        struct failure failure;
        snprintf(sql, sizeof sql,
                 "BEGIN; PRAGMA legacy_alter_table = ON; CREATE TABLE free AS SELECT * FROM %s; DROP TABLE %s; ALTER "
                 "TABLE free RENAME TO %s; UPDATE %s SET %s WHERE run_id = 1",
                 table, table, table, table, changes[i][1]);
        ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
        struct audit_report report = audit();
        ck_assert_msg(report.tallies[AUDIT_REFERENCES].violations > 0, "%s: %s", table, changes[i][1]);
        audit_report_free(&report);
        ck_assert(database_execute(database, "ROLLBACK", &failure));
    }
    static const char dead[] = "PRAGMA legacy_alter_table = ON; CREATE TABLE free AS SELECT * FROM deadlocks; DROP "
                               "TABLE deadlocks; ALTER TABLE free RENAME TO deadlocks; UPDATE runs SET status = "
                               "'deadlocked' WHERE run_id = 1; INSERT INTO deadlocks VALUES (1, 1, NULL, NULL, NULL)";
    struct failure failure;
    ck_assert_msg(database_execute(database, dead, &failure), "%s", failure.text);
    struct audit_report report = audit();
    ck_assert_int_gt(report.tallies[AUDIT_DEADLOCK].violations, 0);
    audit_report_free(&report);
    database_close(database);
}
END_TEST

/* With less kept less can be seen: this is, and what is not is said. */
START_TEST(detail_calls_still_shows_opposing_trains) {
    static const struct fault head_on = {
        "a train departs against another on single line",
        "UPDATE calls SET departure_ms = 18500000 WHERE " CALL("E3@1", "west") "; UPDATE trains SET departure_ms = "
                                                                               "18500000 WHERE " TRAIN("E3@1"),
        AUDIT_OPPOSING, "E3@1", "west-post"};
    open_results("calls");
    ck_assert(find(&head_on));
    struct audit_report report = audit();
    ck_assert_int_eq(report.tallies[AUDIT_BLOCK].tested, 0);
    ck_assert_ptr_nonnull(report.tallies[AUDIT_BLOCK].skipped_because);
    ck_assert_int_gt(report.tallies[AUDIT_OPPOSING].tested, 0);
    audit_report_free(&report);
    database_close(database);
}
END_TEST

/* What has no results is not passed. */
START_TEST(an_unfinished_run_is_not_good) {
    open_results("calls");
    struct failure failure;
    ck_assert(database_execute(database, "UPDATE runs SET status = 'running'", &failure));
    struct audit_report report = audit();
    ck_assert_int_eq(report.violation_count, 0);
    ck_assert(!audit_report_good(&report));
    ck_assert_ptr_nonnull(strstr(report.tallies[AUDIT_BLOCK].skipped_because, "running"));
    audit_report_free(&report);
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_run_without_faults_is_clean,          turnouts_hold_until_the_tail_has_left_them,
                                  every_planted_fault_is_found_and_named, every_check_has_a_fault,
                                  rows_of_another_making_end_no_process,  detail_calls_still_shows_opposing_trains,
                                  an_unfinished_run_is_not_good};
    return run_suite_in_scratch("audit corpus", tests, sizeof tests / sizeof *tests, scratch_make);
}
