/* What must hold on any railway: random ones, written as CSV, read, simulated, recorded and stored as by `bering run`,
 * under the policy of their own and under three that no user gets: one that always holds, one that draws lots, one that
 * is greedy. Judged from the database alone. No deadlock, every train arrives, and the same input gives the same run.
 *
 * BERING_TEST_LONG=1 makes ten times as many. BERING_TEST_SEED=n takes railway n alone, and leaves its files and the
 * database of its runs in the folder railway-n. */
#include <check.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "dispatch/policy.h"
#include "study/replications.h"
#include "support/random_railway.h"

/* ---- three policies no user gets ---- */

static size_t lot_size(const struct layout *layout) {
    (void)layout;
    return sizeof(struct stream) + sizeof(uint64_t);
}

struct lot {
    struct stream stream;
    uint64_t draws;
};

static void lot_start(void *state, const struct layout *layout, const struct dispatch_settings *settings) {
    (void)layout;
    *(struct lot *)state = (struct lot){settings->stream, 0};
}

static int by_id(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    return a->train_id < b->train_id ? -1 : 1;
}

static struct dispatch_answer always_hold(void *state, const struct dispatch_view *view,
                                          const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
    return (struct dispatch_answer){false, INT64_MAX, -1};
}

static struct dispatch_answer by_lot(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request) {
    (void)request;
    struct lot *lot = state;
    bool go = stream_uniform(&lot->stream, 1, lot->draws++) < 0.5;
    return (struct dispatch_answer){go, go ? INT64_MAX : view->now_ms + 1 + (int64_t)(lot->draws % 7) * 60000, -1};
}

static void nothing(void *state, const struct dispatch_view *view, const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
}

static int32_t three_stretches(const void *state, const struct dispatch_request *request) {
    (void)state, (void)request;
    return 3;
}

static struct dispatch_answer always_go(void *state, const struct dispatch_view *view,
                                        const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
    return (struct dispatch_answer){true, INT64_MAX, -1};
}

#define RULE(label, asks_for, answers)                                                                                 \
    {                                                                                                                  \
        .name = label, .state_size = lot_size, .start = lot_start, .compare = by_id, .stretches = asks_for,            \
        .permit = answers, .granted = nothing                                                                          \
    }
static const struct dispatch_policy HOLDS = RULE("always holds", NULL, always_hold);
static const struct dispatch_policy BY_LOT = RULE("by lot", NULL, by_lot);
static const struct dispatch_policy GREEDY = RULE("greedy, three stretches at once", three_stretches, always_go);

static enum simulation_result run_holding(const struct simulation_plan *plan, const struct simulation_options *options,
                                          const struct observer *observer) {
    return simulation_run_policy(plan, options, &HOLDS, observer);
}

static enum simulation_result run_by_lot(const struct simulation_plan *plan, const struct simulation_options *options,
                                         const struct observer *observer) {
    return simulation_run_policy(plan, options, &BY_LOT, observer);
}

static enum simulation_result run_greedily(const struct simulation_plan *plan, const struct simulation_options *options,
                                           const struct observer *observer) {
    return simulation_run_policy(plan, options, &GREEDY, observer);
}

static const struct rule {
    const char *name;
    replication_function *simulate;
} RULES[] = {
    {"its own policy", simulation_run},
    {"always holds", run_holding},
    {"by lot", run_by_lot},
    {"greedy", run_greedily},
};
enum { OWN_RULE = 0, TEST_RULES = 3, ONE_IN_REPEATED = 16 };

/* ---- what was seen ---- */

/* What became of containers; of railways in which that happened, by own policy, no more than of what is counted. */
struct freight_tally {
    int64_t offered, delivered, refused, changed, empties, late;
    int64_t with_any, with_changes, with_full_yards, with_refusals, with_left_behind, with_empties, with_late;
};

struct tally {
    int64_t railways, runs, trains, waits, knock_on, possession_waits, forced, searches, not_proved;
    int64_t repeated, differing;             /* compared with itself; with two replications that are not the same */
    int64_t repeated_with_containers, alike; /* the same containers under two policies */
    struct freight_tally containers;
    int64_t features[RAILWAY_FEATURE_COUNT];
    int64_t tested[AUDIT_CHECK_COUNT]; /* cases that each check of the audit looked at */
    int32_t failures;
};

enum { MOST_FAILURES = 20 };

__attribute__((format(printf, 4, 5))) static void complain(struct tally *tally, uint64_t seed, const char *rule,
                                                           const char *format, ...) {
    char text[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "railway %" PRIu64 ", %s: %s\n", seed, rule, text);
    tally->failures++;
}

/* ---- one railway ---- */

struct bench {
    struct database *database;
    struct store *store;
    struct tally *tally;
};

static void open_bench(struct bench *bench, struct tally *tally, const char *path) {
    struct failure failure;
    bench->tally = tally;
    bench->database = database_open(path, DATABASE_WRITE, DATABASE_PATIENCE_MS, &failure);
    ck_assert_msg(bench->database != NULL, "%s", failure.text);
    bench->store = store_create(bench->database, &failure);
    ck_assert_msg(bench->store != NULL, "%s", failure.text);
}

static void close_bench(struct bench *bench) {
    store_destroy(bench->store);
    database_close(bench->database);
}

static void count_run(struct tally *tally, const struct recorded_run *run) {
    tally->runs++;
    tally->trains += run->train_count;
    for (int64_t i = 0; i < run->call_count; i++) {
        tally->waits += run->calls[i].wait_ms > 0;
        tally->knock_on += run->calls[i].wait_cause == WAIT_KNOCK_ON;
        tally->possession_waits += run->calls[i].wait_cause == WAIT_POSSESSION;
    }
    tally->forced += run->summary.forced_moves;
    tally->searches += run->summary.searches;
    tally->not_proved += run->summary.not_proved;
}

static void count_containers(struct freight_tally *tally, const struct recorded_run *run) {
    const struct freight_results *freight = &run->summary.freight;
    const struct freight_tally before = *tally;
    int64_t left_behind = 0, turned_away = 0;
    for (int64_t i = 0; i < run->container_count; i++) {
        const struct container_record *container = &run->containers[i];
        tally->offered++;
        tally->delivered += container->status == CONTAINER_DELIVERED;
        tally->refused += container->status == CONTAINER_REFUSED;
        tally->changed += container->trains > 1;
        tally->empties += container->empty && container->delivered_ms != TIME_NONE;
        tally->late += container->penalty_cents > 0;
    }
    for (int32_t i = 0; i < freight->terminal_count; i++) {
        turned_away += freight->terminals[i].teu_refused;
        left_behind += freight->terminals[i].teu_left_behind;
    }
    tally->with_any += tally->delivered > before.delivered;
    tally->with_changes += tally->changed > before.changed;
    tally->with_full_yards += tally->refused > before.refused || turned_away + left_behind > 0;
    tally->with_refusals += tally->refused > before.refused;
    tally->with_left_behind += left_behind > 0;
    tally->with_empties += tally->empties > before.empties;
    tally->with_late += tally->late > before.late;
}

/* Everybody arrives where the run goes on until then; every service with trains always ready is served. */
static void check_liveness(struct bench *bench, const struct random_railway *railway, const struct scenario *scenario,
                           const char *rule, const struct recorded_run *run) {
    int64_t left = 0;
    bool served[64] = {false};
    for (int64_t i = 0; i < run->train_count; i++) {
        left += run->trains[i].record.status != TRAIN_ARRIVED;
        if (run->trains[i].record.departure_ms != TIME_NONE) served[run->trains[i].record.plan % 64] = true;
    }
    if (railway->everybody_arrives && left > 0)
        complain(bench->tally, railway->seed, rule, "%" PRId64 " of %" PRId64 " trains never arrive", left,
                 run->train_count);
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++)
        if (scenario->timetable.plans[i].arrivals == ARRIVALS_SATURATED && !served[i % 64] &&
            run->summary.end_ms >= MILLISECONDS_PER_DAY)
            complain(bench->tally, railway->seed, rule, "no train of service %s ever leaves",
                     scenario->timetable.plans[i].id);
}

/* The first violation of each check. */
static void tell_violations(struct tally *tally, uint64_t seed, const char *rule, const struct audit_report *report) {
    bool told[AUDIT_CHECK_COUNT] = {false};
    if (report->violation_count == 0) complain(tally, seed, rule, "the audit could test nothing");
    for (int32_t i = 0; i < report->kept_count; i++) {
        const struct audit_violation *violation = &report->kept[i];
        if (told[violation->check]) continue;
        told[violation->check] = true;
        complain(tally, seed, rule, "%s, %" PRId64 " times, first %s at %s, %" PRId64 " ms: %s",
                 audit_check_name(violation->check), report->tallies[violation->check].violations,
                 violation->train ? violation->train : "-", violation->place ? violation->place : "-",
                 violation->timed ? violation->time_ms : -1, violation->text ? violation->text : "");
    }
}

static void audit(struct bench *bench, uint64_t seed, const char *rule, int64_t run_id) {
    struct failure failure;
    struct audit_report report;
    ck_assert_msg(audit_run(bench->database, run_id, &report, &failure), "%s", failure.text);
    for (int32_t i = 0; i < AUDIT_CHECK_COUNT; i++) bench->tally->tested[i] += report.tallies[i].tested;
    if (!audit_report_good(&report)) tell_violations(bench->tally, seed, rule, &report);
    audit_report_free(&report);
}

/* The run's id; 0: it is not complete. */
static int64_t judge(struct bench *bench, const struct random_railway *railway, const struct scenario *scenario,
                     const struct rule *rule, const struct replications *replications) {
    const struct replication_result *result = &replications->results[0];
    if (result->status != RUN_COMPLETE) {
        complain(bench->tally, railway->seed, rule->name, "%s",
                 result->status == RUN_DEADLOCKED ? "deadlocked" : "no complete run");
        return 0;
    }
    const struct recorded_run *run = recorder_run(replications->shown);
    count_run(bench->tally, run);
    if (rule == &RULES[OWN_RULE]) count_containers(&bench->tally->containers, run);
    check_liveness(bench, railway, scenario, rule->name, run);
    audit(bench, railway->seed, rule->name, result->run_id);
    return result->run_id;
}

static void replicate(struct bench *bench, const struct scenario *scenario, const struct simulation_plan *plan,
                      const struct rule *rule, int32_t count, int32_t jobs, struct replications *replications) {
    struct failure failure;
    const struct replications_request request = {.scenario = scenario,
                                                 .plan = plan,
                                                 .simulate = rule->simulate,
                                                 .command = "test",
                                                 .arguments = rule->name,
                                                 .replications = count,
                                                 .jobs = jobs};
    ck_assert_msg(replications_run(bench->store, &request, replications, &failure), "%s", failure.text);
}

static int64_t run_rule(struct bench *bench, const struct random_railway *railway, const struct scenario *scenario,
                        const struct simulation_plan *plan, const struct rule *rule) {
    struct replications replications;
    replicate(bench, scenario, plan, rule, 1, 1, &replications);
    const int64_t run_id = judge(bench, railway, scenario, rule, &replications);
    replications_free(&replications);
    return run_id;
}

/* How many rows of a query about two runs there are. */
static int64_t count_of(struct bench *bench, const char *sql, int64_t one, int64_t other) {
    struct failure failure;
    sqlite3_stmt *statement = database_prepare(bench->database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s", failure.text);
    sqlite3_bind_int64(statement, 1, one);
    sqlite3_bind_int64(statement, 2, other);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    const int64_t count = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return count;
}

/* The same containers are offered whoever goes first, as long as both runs go on; empties go back when they can. */
static void compare_containers(struct bench *bench, uint64_t seed, const char *rule, int64_t one, int64_t other) {
    static const char common[] =
        "WITH common (end_ms) AS (SELECT min(end_ms) FROM runs WHERE run_id IN (?1, ?2)), "
        "offered (run_id, container_id, flow, teu, arrived_ms) AS (SELECT run_id, container_id, flow, teu, arrived_ms "
        "FROM containers, common WHERE run_id IN (?1, ?2) AND NOT empty AND arrived_ms < end_ms) ";
    char sql[900];
    snprintf(
        sql, sizeof sql,
        "%sSELECT count(*) FROM (SELECT 1 FROM offered GROUP BY container_id, flow, teu, arrived_ms HAVING count(*) "
        "<> 2 OR min(run_id) = max(run_id))",
        common);
    const int64_t strangers = count_of(bench, sql, one, other);
    if (strangers > 0)
        complain(bench->tally, seed, rule, "%" PRId64 " containers are not those of its own policy", strangers);
    snprintf(sql, sizeof sql, "%sSELECT count(*) FROM offered", common);
    bench->tally->alike += count_of(bench, sql, one, other) / 2;
}

/* Σ ledger = Σ containers + Σ trains and what comes whatever runs, to the cent. */
static void check_cents(struct bench *bench, uint64_t seed, const char *rule, int64_t run_id) {
    const int64_t left = count_of(
        bench,
        "SELECT (SELECT coalesce(sum(amount_cents), 0) FROM ledger WHERE run_id IN (?1, ?2) AND account NOT IN "
        "('fixed', 'track_access_received')) - (SELECT coalesce(sum(revenue_cents - penalty_cents - cost_cents), 0) "
        "FROM containers WHERE run_id IN (?1, ?2)) - (SELECT coalesce(sum(revenue_cents - cost_cents), 0) FROM trains "
        "WHERE run_id IN (?1, ?2))",
        run_id, run_id);
    if (left != 0) complain(bench->tally, seed, rule, "%" PRId64 " cents of the ledger are nobody's", left);
}

/* Two replications side by side give what they give one after the other, the second time as the first. */
static void check_repeats(struct bench *bench, const struct random_railway *railway, const struct scenario *scenario,
                          const struct simulation_plan *plan, const struct rule *rule) {
    enum { REPLICATIONS = 2 };
    struct replications alone, together;
    replicate(bench, scenario, plan, rule, REPLICATIONS, 1, &alone);
    replicate(bench, scenario, plan, rule, REPLICATIONS, 2, &together);
    for (int32_t i = 0; i < REPLICATIONS; i++)
        if (strcmp(alone.results[i].results_sha256, together.results[i].results_sha256) != 0)
            complain(bench->tally, railway->seed, rule->name, "replication %d differs with two jobs", i + 1);
    bench->tally->differing += strcmp(alone.results[0].results_sha256, alone.results[1].results_sha256) != 0;
    audit(bench, railway->seed, rule->name, together.results[REPLICATIONS - 1].run_id);
    bench->tally->repeated++;
    bench->tally->repeated_with_containers += recorder_run(together.shown)->container_count > 0;
    replications_free(&alone);
    replications_free(&together);
}

static void check_railway(struct bench *bench, uint64_t seed) {
    struct random_railway *railway = random_railway_make(seed);
    struct diagnostics diagnostics = {0};
    char message[512] = "";
    struct scenario *scenario = random_railway_read(railway, &diagnostics);
    struct simulation_plan *plan = scenario ? simulation_plan_create(scenario, message, sizeof message) : NULL;
    if (!plan) {
        complain(bench->tally, seed, "reading", "%s", message);
        diagnostics_print(&diagnostics, stderr);
    } else {
        bench->tally->railways++;
        for (int32_t i = 0; i < RAILWAY_FEATURE_COUNT; i++) bench->tally->features[i] += railway->has[i];
        const struct rule *rule = &RULES[1 + seed % TEST_RULES];
        const int64_t own = run_rule(bench, railway, scenario, plan, &RULES[OWN_RULE]);
        const int64_t other = run_rule(bench, railway, scenario, plan, rule);
        if (own > 0 && other > 0 && railway->has[RAILWAY_FLOWS]) {
            check_cents(bench, seed, RULES[OWN_RULE].name, own);
            check_cents(bench, seed, rule->name, other);
            compare_containers(bench, seed, rule->name, own, other);
        }
        if (seed % ONE_IN_REPEATED == 0)
            check_repeats(bench, railway, scenario, plan, &RULES[seed / ONE_IN_REPEATED % (1 + TEST_RULES)]);
    }
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    random_railway_free(railway);
}

/* ---- all of them ---- */

/* The address sanitizer looks at every access, and takes some ten times as long. */
#ifdef __SANITIZE_ADDRESS__
enum { RAILWAYS = 500, RAILWAYS_TO_A_BENCH = 50 };
#else
enum { RAILWAYS = 2000, RAILWAYS_TO_A_BENCH = 50 };
#endif

/* Leaves the files in a folder; the path of the database that its runs are to go to. */
static void look_at_one(uint64_t seed, char path[64]) {
    char folder[32];
    struct random_railway *railway = random_railway_make(seed);
    snprintf(folder, sizeof folder, "railway-%" PRIu64, seed);
    ck_assert(random_railway_write(railway, folder));
    random_railway_free(railway);
    snprintf(path, 64, "%s/runs.db", folder);
    remove(path);
}

static void print_tally(const struct tally *tally) {
    printf("%" PRId64 " railways, %" PRId64 " runs, %" PRId64 " trains, %" PRId64 " waits (%" PRId64
           " for others, %" PRId64 " for possessions), %" PRId64 " forced moves, %" PRId64 " searches, %" PRId64
           " not proved; %" PRId64 " repeated, %" PRId64 " of them with replications that differ\n",
           tally->railways, tally->runs, tally->trains, tally->waits, tally->knock_on, tally->possession_waits,
           tally->forced, tally->searches, tally->not_proved, tally->repeated, tally->differing);
    const struct freight_tally *containers = &tally->containers;
    printf("containers, own policy: %" PRId64 " offered, %" PRId64 " delivered, %" PRId64 " refused, %" PRId64
           " changed trains, %" PRId64 " empties, %" PRId64 " late; railways that deliver %" PRId64
           ", with changes %" PRId64 ", full yards %" PRId64 " (refusing %" PRId64 ", leaving behind %" PRId64
           "), empties %" PRId64 ", late %" PRId64 "; alike under two policies %" PRId64
           "; repeated with containers %" PRId64 "\n",
           containers->offered, containers->delivered, containers->refused, containers->changed, containers->empties,
           containers->late, containers->with_any, containers->with_changes, containers->with_full_yards,
           containers->with_refusals, containers->with_left_behind, containers->with_empties, containers->with_late,
           tally->alike, tally->repeated_with_containers);
    for (int32_t i = 0; i < RAILWAY_FEATURE_COUNT; i++)
        printf("%s%s %" PRId64, i ? ", " : "", railway_feature_name((enum railway_feature)i), tally->features[i]);
    printf("\n");
    for (int32_t i = 0; i < AUDIT_CHECK_COUNT; i++)
        printf("%s%s %" PRId64, i ? ", " : "", audit_check_name((enum audit_check)i), tally->tested[i]);
    printf("\n");
}

/* Things that must happen, not only be possible. */
static void check_freight_tally(const struct tally *tally) {
    const struct freight_tally *containers = &tally->containers;
    const int64_t least = tally->railways / 20;
    ck_assert_int_ge(containers->with_any, 4 * least);
    ck_assert_int_ge(containers->with_changes, least);
    ck_assert_int_ge(containers->with_refusals, least);
    ck_assert_int_ge(containers->with_left_behind, least);
    ck_assert_int_ge(containers->with_full_yards, least);
    ck_assert_int_ge(containers->with_empties, least);
    ck_assert_int_ge(containers->with_late, least);
    ck_assert_int_ge(tally->alike, 20 * tally->railways);
    ck_assert_int_ge(tally->repeated_with_containers, tally->repeated / 5);
}

/* Nothing is shown by railways without what is to be shown, nor by trains that never meet. */
static void check_tally(const struct tally *tally) {
    for (int32_t i = 0; i < RAILWAY_FEATURE_COUNT; i++)
        ck_assert_msg(20 * tally->features[i] >= tally->railways, "only %" PRId64 " railways with %s",
                      tally->features[i], railway_feature_name((enum railway_feature)i));
    for (int32_t i = 0; i < AUDIT_CHECK_COUNT; i++)
        ck_assert_msg(tally->tested[i] >= tally->railways, "check %s looked at %" PRId64 " cases",
                      audit_check_name((enum audit_check)i), tally->tested[i]);
    check_freight_tally(tally);
    ck_assert_int_ge(tally->trains, 20 * tally->railways);
    ck_assert_int_ge(tally->knock_on, tally->trains / 2);
    ck_assert_int_ge(tally->possession_waits, tally->railways / 10);
    ck_assert_int_ge(tally->forced, tally->railways);
    ck_assert_int_ge(tally->searches, tally->railways);
    ck_assert_int_ge(tally->differing, tally->repeated / 4);
}

/* Railways further on, of which some service once was never served: the tracks it needed were always taken. */
static const uint64_t STARVED_ONCE[] = {9694, 12385, 14597, 16739};
enum { STARVED_COUNT = sizeof STARVED_ONCE / sizeof *STARVED_ONCE };

START_TEST(who_starved_is_served) {
    struct tally tally = {0};
    struct bench bench;
    open_bench(&bench, &tally, ":memory:");
    for (int i = 0; i < STARVED_COUNT; i++) check_railway(&bench, STARVED_ONCE[i]);
    close_bench(&bench);
    ck_assert_int_eq(tally.railways, STARVED_COUNT);
    ck_assert_int_eq(tally.failures, 0);
}
END_TEST

/* Others further on: a tail that was out of its section just as the train stopped, and was taken to stay; a train held
 * by a place of which none went on. */
static const uint64_t WRONG_ONCE[] = {2041, 3347};
enum { WRONG_COUNT = sizeof WRONG_ONCE / sizeof *WRONG_ONCE };

START_TEST(what_was_wrong_once_is_right) {
    struct tally tally = {0};
    struct bench bench;
    open_bench(&bench, &tally, ":memory:");
    for (int i = 0; i < WRONG_COUNT; i++) check_railway(&bench, WRONG_ONCE[i]);
    close_bench(&bench);
    ck_assert_int_eq(tally.railways, WRONG_COUNT);
    ck_assert_int_eq(tally.failures, 0);
}
END_TEST

START_TEST(random_railways_are_safe_and_live) {
    const char *one = getenv("BERING_TEST_SEED");
    uint64_t first = one ? strtoull(one, NULL, 10) : 0;
    uint64_t count = one ? 1 : getenv("BERING_TEST_LONG") ? 10 * RAILWAYS : RAILWAYS;
    struct tally tally = {0};
    struct bench bench;
    char path[64] = ":memory:";
    if (one) look_at_one(first, path);
    for (uint64_t k = 0; k < count && tally.failures < MOST_FAILURES; k++) {
        if (k % RAILWAYS_TO_A_BENCH == 0) open_bench(&bench, &tally, path);
        check_railway(&bench, first + k);
        if (k % RAILWAYS_TO_A_BENCH == RAILWAYS_TO_A_BENCH - 1 || k == count - 1) close_bench(&bench);
    }
    print_tally(&tally);
    ck_assert_int_eq(tally.failures, 0);
    if (!one) check_tally(&tally);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("properties");
    TCase *cases = tcase_create("properties");
    tcase_set_timeout(cases, 3600);
    tcase_add_test(cases, random_railways_are_safe_and_live);
    tcase_add_test(cases, who_starved_is_served);
    tcase_add_test(cases, what_was_wrong_once_is_right);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
