/* What comes later does not change what came before: a run over more days begins with the run over fewer, and the
 * first replications are the same however many are asked for. Random railways, of every form.
 *
 * What a shorter run has recorded when it ends, at E, is all true of the longer one as well: the same trains were due
 * before E, every time that had come is the same, and what had not come comes at E or later. A train that had ended is
 * the same in everything; of one under way, what grows with time (its waits so far, its energy) has not become less.
 *
 * BERING_TEST_LONG=1 makes ten times as many; BERING_TEST_SEED=n takes railway n alone. */
#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/replications.h"
#include "support/random_railway.h"

enum { RAILWAYS = 150, MOST_FAILURES = 10 };

struct tally {
    int64_t railways, pairs, ended, under_way, calls, occupations, later_trains;
    int64_t features[RAILWAY_FEATURE_COUNT];
    int32_t failures;
    uint64_t seed;
};

__attribute__((format(printf, 2, 3))) static void complain(struct tally *tally, const char *format, ...) {
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (tally->failures++ < MOST_FAILURES) fprintf(stderr, "railway %" PRIu64 ": %s\n", tally->seed, text);
}

/* ---- one run ---- */

struct outcome {
    struct recorder *recorder;
    const struct recorded_run *run;
};

static void run_it(const struct scenario *scenario, struct outcome *outcome) {
    char message[512] = "";
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    outcome->recorder = recorder_create(scenario);
    ck_assert_ptr_nonnull(outcome->recorder);
    const struct observer observer = recorder_observer(outcome->recorder);
    const struct simulation_options options = {.replication = 2, .want_blocks = true};
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    outcome->run = recorder_run(outcome->recorder);
    ck_assert_ptr_nonnull(outcome->run);
    simulation_plan_destroy(plan);
}

/* ---- a shorter run against a longer one ---- */

/* A time of the shorter run: the same in the longer one, or yet to come at its end. */
static bool time_fits(int64_t shorter_ms, int64_t longer_ms, int64_t end_ms) {
    if (shorter_ms == longer_ms) return true;
    return shorter_ms == TIME_NONE && longer_ms >= end_ms;
}

static bool call_fits(const struct train_call *shorter, const struct train_call *longer, bool ended, int64_t end_ms) {
    if (shorter->station != longer->station || shorter->planned_arrival_ms != longer->planned_arrival_ms ||
        shorter->planned_departure_ms != longer->planned_departure_ms)
        return false;
    if (!time_fits(shorter->arrival_ms, longer->arrival_ms, end_ms) ||
        !time_fits(shorter->departure_ms, longer->departure_ms, end_ms))
        return false;
    const bool left = ended || shorter->departure_ms != TIME_NONE; /* all is told of it */
    if (!left) return shorter->wait_ms <= longer->wait_ms;
    return shorter->track == longer->track && shorter->stopped == longer->stopped &&
           shorter->wait_ms == longer->wait_ms && shorter->wait_cause == longer->wait_cause &&
           shorter->wait_for_train == longer->wait_for_train;
}

static bool occupation_fits(const struct recorded_occupation *shorter, const struct recorded_occupation *longer,
                            int64_t end_ms) {
    return shorter->section == longer->section && shorter->direction == longer->direction &&
           shorter->line_track == longer->line_track && shorter->block == longer->block &&
           time_fits(shorter->enter_ms, longer->enter_ms, end_ms) &&
           time_fits(shorter->clear_ms, longer->clear_ms, end_ms) &&
           time_fits(shorter->release_ms, longer->release_ms, end_ms);
}

static bool record_fits(const struct train_record *shorter, const struct train_record *longer, bool ended,
                        int64_t end_ms) {
    const bool entered = shorter->status != TRAIN_NOT_ENTERED;
    if ((entered && shorter->train_id != longer->train_id) ||
        shorter->planned_departure_ms != longer->planned_departure_ms ||
        shorter->planned_arrival_ms != longer->planned_arrival_ms || shorter->direction != longer->direction)
        return false;
    if (!ended)
        return time_fits(shorter->departure_ms, longer->departure_ms, end_ms) &&
               time_fits(shorter->arrival_ms, longer->arrival_ms, end_ms) && shorter->energy_j <= longer->energy_j;
    return shorter->departure_ms == longer->departure_ms && shorter->arrival_ms == longer->arrival_ms &&
           shorter->unimpeded_ms == longer->unimpeded_ms && shorter->delay_ms == longer->delay_ms &&
           shorter->energy_j == longer->energy_j && shorter->status == longer->status;
}

/* The calls and occupations; what the longer run tells beyond those of the shorter came at its end or later. */
static void compare_parts(struct tally *tally, const struct recorded_run *shorter, const struct recorded_train *one,
                          const struct recorded_run *longer, const struct recorded_train *other, bool ended,
                          int64_t end_ms) {
    const int64_t id = one->record.train_id;
    const bool fewer = one->call_count > other->call_count || one->occupation_count > other->occupation_count;
    if (fewer || (ended && (one->call_count != other->call_count || one->occupation_count != other->occupation_count)))
        complain(tally, "train %" PRId64 ": other numbers of calls or occupations", id);
    if (fewer) return;
    for (int32_t i = 0; i < one->call_count; i++, tally->calls++)
        if (!call_fits(&shorter->calls[one->first_call + i], &longer->calls[other->first_call + i], ended, end_ms))
            complain(tally, "train %" PRId64 ", call %d of %d: another before %" PRId64 " ms", id, (int)i + 1,
                     (int)one->call_count, end_ms);
    for (int32_t i = 0; i < one->occupation_count; i++, tally->occupations++)
        if (!occupation_fits(&shorter->occupations[one->first_occupation + i],
                             &longer->occupations[other->first_occupation + i], end_ms))
            complain(tally, "train %" PRId64 ", occupation %d: another before %" PRId64 " ms", id, (int)i + 1, end_ms);
    for (int32_t i = one->occupation_count; i < other->occupation_count; i++)
        if (longer->occupations[other->first_occupation + i].enter_ms < end_ms)
            complain(tally, "train %" PRId64 ", occupation %d: not told by %" PRId64 " ms", id, (int)i + 1, end_ms);
}

static void compare_trains(struct tally *tally, const struct recorded_run *shorter, const struct recorded_train *one,
                           const struct recorded_run *longer, const struct recorded_train *other, int64_t end_ms) {
    const bool ended = one->record.status == TRAIN_ARRIVED || one->record.status == TRAIN_CANCELLED;
    tally->ended += ended;
    tally->under_way += !ended && one->record.departure_ms != TIME_NONE;
    if (!record_fits(&one->record, &other->record, ended, end_ms))
        complain(tally, "train %" PRId64 " is another before %" PRId64 " ms", one->record.train_id, end_ms);
    else
        compare_parts(tally, shorter, one, longer, other, ended, end_ms);
}

static int compare_names(const struct train_record *one, const struct train_record *other) {
    if (one->plan != other->plan) return one->plan < other->plan ? -1 : 1;
    if (one->day != other->day) return one->day < other->day ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

static int by_name(const void *left, const void *right) {
    const struct recorded_train *const *one = left, *const *other = right;
    return compare_names(&(*one)->record, &(*other)->record);
}

static const struct recorded_train **trains_by_name(const struct recorded_run *run) {
    const struct recorded_train **trains = calloc((size_t)run->train_count + 1, sizeof *trains);
    ck_assert_ptr_nonnull(trains);
    for (int64_t i = 0; i < run->train_count; i++) trains[i] = &run->trains[i];
    qsort(trains, (size_t)run->train_count, sizeof *trains, by_name);
    return trains;
}

/* A train that the shorter run does not tell of is not due before its end. */
static void check_not_told(struct tally *tally, const struct train_record *record, int64_t end_ms) {
    tally->later_trains++;
    if (record->planned_departure_ms < end_ms)
        complain(tally, "train %" PRId64 ", due at %" PRId64 " ms, is not in the run until %" PRId64 " ms",
                 record->train_id, record->planned_departure_ms, end_ms);
}

/* Trains by their names: where some are loaded, others get their ids long before they are due, and a trainset under
 * the cranes as its next train, which is due, only at the end. */
static void compare_runs(struct tally *tally, const struct recorded_run *shorter, const struct recorded_run *longer) {
    const int64_t end_ms = shorter->summary.end_ms;
    const struct recorded_train **ones = trains_by_name(shorter), **others = trains_by_name(longer);
    int64_t i = 0;
    tally->pairs++;
    if (longer->summary.end_ms < end_ms) complain(tally, "the longer run ends before the shorter");
    for (int64_t k = 0; k < longer->train_count; k++) {
        const int order = i < shorter->train_count ? compare_names(&ones[i]->record, &others[k]->record) : 1;
        if (order < 0) break;
        if (order == 0)
            compare_trains(tally, shorter, ones[i++], longer, others[k], end_ms);
        else
            check_not_told(tally, &others[k]->record, end_ms);
    }
    if (i < shorter->train_count)
        complain(tally, "train %" PRId64 " is not in the longer run", ones[i]->record.train_id);
    free(ones);
    free(others);
}

/* The first replications of many are those of few. */
static void compare_replications(struct tally *tally, const struct scenario *scenario) {
    enum { FEW = 3, MANY = 5 };
    char message[512] = "";
    struct failure failure;
    struct replications replications[2];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    struct database *database = database_in_memory(&failure);
    struct store *store = database != NULL ? store_create(database, &failure) : NULL;
    ck_assert(plan != NULL && store != NULL);
    for (int which = 0; which < 2; which++) {
        const struct replications_request request = {.scenario = scenario,
                                                     .plan = plan,
                                                     .simulate = simulation_run,
                                                     .command = "test",
                                                     .arguments = "",
                                                     .replications = which == 0 ? FEW : MANY,
                                                     .jobs = 1 + which};
        ck_assert_msg(replications_run(store, &request, &replications[which], &failure), "%s", failure.text);
    }
    for (int index = 0; index < FEW; index++)
        if (strcmp(replications[0].results[index].results_sha256, replications[1].results[index].results_sha256) != 0)
            complain(tally, "replication %d is another among %d", index + 1, MANY);
    replications_free(&replications[0]);
    replications_free(&replications[1]);
    store_destroy(store);
    database_close(database);
    simulation_plan_destroy(plan);
}

/* ---- one railway ---- */

/* The longer run takes the railway's own horizon, or for a schedule that runs once as long as it needs. */
static void check_horizons(struct tally *tally, struct scenario *scenario) {
    static const double parts[] = {0.137, 0.5, 0.81};
    struct settings *settings = &scenario->settings;
    struct outcome longer, shorter;
    run_it(scenario, &longer);
    const int64_t whole_ms = longer.run->summary.end_ms - settings->warmup_ms;
    for (size_t part = 0; whole_ms > 0 && part < sizeof parts / sizeof *parts; part++) {
        settings->horizon_given = true;
        settings->horizon_ms = (int64_t)(parts[part] * (double)whole_ms) + 1;
        run_it(scenario, &shorter);
        compare_runs(tally, shorter.run, longer.run);
        recorder_destroy(shorter.recorder);
    }
    recorder_destroy(longer.recorder);
}

static void check_railway(struct tally *tally, uint64_t seed) {
    struct random_railway *railway = random_railway_make(seed);
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = random_railway_read(railway, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_msg(scenario != NULL, "railway %" PRIu64 " cannot be read", seed);
    tally->seed = seed;
    tally->railways++;
    for (int32_t i = 0; i < RAILWAY_FEATURE_COUNT; i++) tally->features[i] += railway->has[i];
    scenario->settings.detail = DETAIL_FULL;
    if (seed % 5 == 0) compare_replications(tally, scenario);
    check_horizons(tally, scenario);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    random_railway_free(railway);
}

START_TEST(what_comes_later_changes_nothing_before) {
    const char *one = getenv("BERING_TEST_SEED");
    const uint64_t first = one ? strtoull(one, NULL, 10) : 0;
    const uint64_t count = one ? 1 : getenv("BERING_TEST_LONG") ? 10 * RAILWAYS : RAILWAYS;
    struct tally tally = {0};
    for (uint64_t k = 0; k < count && tally.failures < MOST_FAILURES; k++) check_railway(&tally, first + k);
    printf("%" PRId64 " railways, %" PRId64 " pairs of runs, %" PRId64 " trains ended, %" PRId64
           " under way at the end, %" PRId64 " calls, %" PRId64 " occupations, %" PRId64 " later trains\n",
           tally.railways, tally.pairs, tally.ended, tally.under_way, tally.calls, tally.occupations,
           tally.later_trains);
    ck_assert_int_eq(tally.failures, 0);
    if (one) return;
    ck_assert_int_ge(tally.pairs, 2 * tally.railways); /* nothing of this passes by testing nothing */
    ck_assert_int_ge(tally.ended, 10 * tally.railways);
    ck_assert_int_ge(tally.under_way, tally.railways);
    ck_assert_int_ge(tally.later_trains, 10 * tally.railways);
    static const enum railway_feature wanted[] = {
        RAILWAY_ONCE,        RAILWAY_DAILY,         RAILWAY_SATURATED,   RAILWAY_POISSON,        RAILWAY_RETURN,
        RAILWAY_ENTRY_DELAY, RAILWAY_DWELL_LAW,     RAILWAY_WARMUP,      RAILWAY_RUNNING_FACTOR, RAILWAY_POSSESSION,
        RAILWAY_STANDING,    RAILWAY_BINDING_TRACK, RAILWAY_FLEET_WINDOW};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        ck_assert_msg(tally.features[wanted[i]] > 0, "no railway with %s", railway_feature_name(wanted[i]));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("prefix");
    TCase *cases = tcase_create("prefix");
    tcase_set_timeout(cases, 0); /* the runner of all suites has a limit of its own */
    tcase_add_test(cases, what_comes_later_changes_nothing_before);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
