#include "study/replications.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "../results/scratch.h"
#include "../results/small_line.h"
#include "results/run_list.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct small_line line;
static struct database *database;
static struct store *store;
static atomic_bool stop;

static void open_file(const char *name) {
    database = database_open(scratch_file(name, path), DATABASE_WRITE, 1000, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    store = store_create(database, &failure);
    ck_assert_msg(store != NULL, "%s", failure.text);
}

static void close_file(void) {
    store_destroy(store);
    database_close(database);
}

static void set_up(void) {
    scratch_make();
    small_line_make(&line);
    atomic_store(&stop, false);
    open_file("results.db");
}

static void pause_for(int64_t milliseconds) {
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* In place of a simulation: replication r makes train 3 later by r minutes, and later replications end sooner. */
static enum simulation_result fake_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                       const struct observer *observer) {
    (void)plan;
    ck_assert(options->want_blocks);
    pause_for(options->replication % 5 == 1 ? 8 : 0);
    small_line_tell(observer, options->replication * SMALL_LINE_MINUTE);
    return SIMULATION_DONE;
}

/* The third begun asks for an end; whoever is begun after that sees it. */
static enum simulation_result fake_interrupted_run(const struct simulation_plan *plan,
                                                   const struct simulation_options *options,
                                                   const struct observer *observer) {
    (void)plan;
    if (options->replication < 3) {
        small_line_tell(observer, 0);
        return SIMULATION_DONE;
    }
    atomic_store(&stop, true);
    while (!atomic_load(options->stop)) pause_for(1);
    small_line_tell(observer, 0);
    return SIMULATION_INTERRUPTED;
}

static enum simulation_result fake_deadlocked_run(const struct simulation_plan *plan,
                                                  const struct simulation_options *options,
                                                  const struct observer *observer) {
    (void)plan;
    if (options->replication != 2) {
        small_line_tell(observer, options->replication);
        return SIMULATION_DONE;
    }
    small_line_tell_deadlock(observer);
    return SIMULATION_DEADLOCKED;
}

static enum simulation_result fake_failed_run(const struct simulation_plan *plan,
                                              const struct simulation_options *options,
                                              const struct observer *observer) {
    (void)plan;
    (void)options;
    (void)observer;
    return SIMULATION_NO_MEMORY;
}

static struct replications_request request_of(replication_function *simulate, int32_t replications, int32_t jobs) {
    return (struct replications_request){.scenario = &line.scenario,
                                         .simulate = simulate,
                                         .command = "run",
                                         .arguments = "",
                                         .replications = replications,
                                         .jobs = jobs,
                                         .stop = &stop};
}

static void run_well(const struct replications_request *request, struct replications *replications) {
    ck_assert_msg(replications_run(store, request, replications, &failure), "%s", failure.text);
}

START_TEST(results_do_not_depend_on_the_number_of_jobs) {
    enum { REPLICATIONS = 20 };
    static const int32_t jobs[] = {1, 2, 8, 64};
    char hashes[REPLICATIONS][65];
    for (size_t which = 0; which < sizeof jobs / sizeof *jobs; which++) {
        const struct replications_request request = request_of(fake_run, REPLICATIONS, jobs[which]);
        struct replications replications;
        run_well(&request, &replications);
        ck_assert_int_eq(replications.complete, REPLICATIONS);
        for (int32_t index = 0; index < REPLICATIONS; index++) {
            const struct replication_result *result = &replications.results[index];
            ck_assert_int_eq(result->replication, index + 1);
            ck_assert_int_eq(result->run_id, replications.results[0].run_id + index);
            ck_assert_double_eq(result->metrics[METRIC_MAX_DELAY_S], 1800 + 60 * (index + 1));
            if (which == 0) memcpy(hashes[index], result->results_sha256, sizeof hashes[index]);
            ck_assert_str_eq(result->results_sha256, hashes[index]);
        }
        replications_free(&replications);
    }
    ck_assert_str_ne(hashes[0], hashes[1]);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'complete'"), 80);
    ck_assert_int_eq(ask_integer(database, "SELECT count(DISTINCT results_sha256) FROM runs"), REPLICATIONS);
    close_file();
}
END_TEST

/* Longest delays 31 and 32 minutes: mean 1890 s, half-width t(0.975; 1) · 60 / √2 / √2. */
START_TEST(estimates_are_students) {
    const struct replications_request request = request_of(fake_run, 2, 2);
    struct replications replications;
    run_well(&request, &replications);
    const struct estimate *estimate = &replications.estimates[METRIC_MAX_DELAY_S];
    ck_assert_double_eq_tol(estimate->mean, 1890, 1e-9);
    ck_assert_double_eq_tol(estimate->half_width, 12.706204736 * 30, 1e-6);
    ck_assert_int_eq(estimate->count, 2);
    ck_assert_double_eq_tol(ask_real(database, "SELECT half_width FROM estimates WHERE metric = 'max_delay_s'"),
                            12.706204736 * 30, 1e-6);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates"), METRIC_COUNT);
    replications_free(&replications);
    close_file();
}
END_TEST

static void assert_same_text(const char *one, const char *other) {
    char text[4096];
    snprintf(text, sizeof text, "%s", ask_text(database, one));
    ck_assert_str_eq(text, ask_text(database, other));
}

/* Deleting the last of three runs leaves what two alone would have given, and the first of those one without a width;
 * one that was not complete changes nothing. */
START_TEST(estimates_never_speak_of_runs_that_are_gone) {
    struct replications replications;
    const struct replications_request three = request_of(fake_run, 3, 2), two = request_of(fake_run, 2, 2),
                                      deadlocked = request_of(fake_deadlocked_run, 3, 2);
    run_well(&three, &replications);
    replications_free(&replications);
    run_well(&two, &replications);
    replications_free(&replications);
    run_well(&deadlocked, &replications);
    replications_free(&replications);
#define ESTIMATES_OF(experiment)                                                                                       \
    "SELECT group_concat(metric || coalesce(mean, '-') || coalesce(half_width, '-') || replications) FROM "            \
    "(SELECT * FROM estimates WHERE experiment_id = " experiment " ORDER BY metric)"
    ck_assert_msg(run_list_delete(database, 3, &failure), "%s", failure.text);
    assert_same_text(ESTIMATES_OF("1"), ESTIMATES_OF("2"));
    ck_assert(run_list_delete(database, 7, &failure)); /* the one that deadlocked */
    ck_assert_int_eq(ask_integer(database, "SELECT min(replications) FROM estimates WHERE experiment_id = 3"), 2);
    ck_assert(run_list_delete(database, 1, &failure));
    ck_assert_int_eq(ask_integer(database, "SELECT max(replications) FROM estimates WHERE experiment_id = 1"), 1);
    ck_assert_int_eq(ask_integer(database, "SELECT count(half_width) FROM estimates WHERE experiment_id = 1"), 0);
    ck_assert_double_eq(ask_real(database, "SELECT mean FROM estimates WHERE experiment_id = 1 AND metric = "
                                           "'max_delay_s'"),
                        1920);
    ck_assert(run_list_delete(database, 2, &failure));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates WHERE experiment_id = 1"), 0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates WHERE experiment_id = 2"), METRIC_COUNT);
    close_file();
}
END_TEST

START_TEST(one_replication_has_no_width) {
    const struct replications_request request = request_of(fake_run, 1, 8);
    struct replications replications;
    run_well(&request, &replications);
    ck_assert(isnan(replications.estimates[METRIC_TRAINS_PER_DAY].half_width));
    ck_assert(isnan(ask_real(database, "SELECT half_width FROM estimates WHERE metric = 'trains_per_day'")));
    ck_assert_double_eq(ask_real(database, "SELECT mean FROM estimates WHERE metric = 'trains_per_day'"), 2);
    replications_free(&replications);
    close_file();
}
END_TEST

START_TEST(an_interruption_keeps_what_is_done) {
    const struct replications_request request = request_of(fake_interrupted_run, 12, 2);
    struct replications replications;
    run_well(&request, &replications);
    ck_assert_int_eq(replications.complete, 2);
    ck_assert_int_eq(replications.interrupted, 10);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'complete' AND replication < 3"),
                     2);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'interrupted'"), 10);
    ck_assert_int_eq(ask_integer(database, "SELECT count(DISTINCT run_id) FROM metrics"), 2);
    ck_assert_int_eq(replications.estimates[METRIC_TRAINS_PER_DAY].count, 2);
    replications_free(&replications);
    close_file();
}
END_TEST

START_TEST(a_deadlock_is_kept_shown_and_left_out_of_the_means) {
    const struct replications_request request = request_of(fake_deadlocked_run, 3, 2);
    struct replications replications;
    run_well(&request, &replications);
    ck_assert_int_eq(replications.deadlocked, 1);
    ck_assert_int_eq(replications.complete, 2);
    ck_assert_int_eq(replications.shown_replication, 2);
    ck_assert(recorder_run(replications.shown)->summary.deadlocked);
    ck_assert_int_eq(replications.estimates[METRIC_TRAINS_PER_DAY].count, 2);
    ck_assert_str_eq(ask_text(database, "SELECT status FROM runs WHERE replication = 2"), "deadlocked");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM deadlocks"), 2);
    replications_free(&replications);
    close_file();
}
END_TEST

START_TEST(a_failed_replication_is_marked) {
    const struct replications_request request = request_of(fake_failed_run, 3, 2);
    struct replications replications;
    run_well(&request, &replications);
    ck_assert_int_eq(replications.failed, 3);
    ck_assert_ptr_null(replications.shown);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'failed'"), 3);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM estimates"), 0);
    replications_free(&replications);
    close_file();
}
END_TEST

/* The third replication cannot be written: the rest is given up, the workers end, nothing leaks. */
START_TEST(a_full_disk_ends_the_work) {
    const struct replications_request request = request_of(fake_run, 200, 4);
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", (int)ask_integer(database, "PRAGMA page_count") + 8);
    ask_integer(database, sql);
    struct replications replications;
    ck_assert(!replications_run(store, &request, &replications, &failure));
    ck_assert_msg(strstr(failure.text, "no space left") != NULL, "%s", failure.text);
    ck_assert_ptr_null(replications.results);
    close_file();
}
END_TEST

static void count_progress(void *context, const struct replications_progress *progress) {
    struct replications_progress *last = context;
    ck_assert_int_ge(progress->done, last->done);
    *last = *progress;
}

START_TEST(progress_ends_at_the_end) {
    struct replications_progress last = {0};
    struct replications_request request = request_of(fake_run, 10, 3);
    request.progress = count_progress;
    request.context = &last;
    struct replications replications;
    run_well(&request, &replications);
    ck_assert_int_eq(last.done, 10);
    ck_assert_int_eq(last.total, 10);
    replications_free(&replications);
    close_file();
}
END_TEST

START_TEST(what_is_random_is_known) {
    ck_assert(scenario_is_deterministic(&line.scenario));
    line.plans[1].arrivals = ARRIVALS_SATURATED;
    ck_assert(scenario_is_deterministic(&line.scenario));
    line.plans[1].arrivals = ARRIVALS_POISSON;
    ck_assert(!scenario_is_deterministic(&line.scenario));
    line.plans[1].arrivals = ARRIVALS_REGULAR;
    line.plans[0].entry_delay = (struct law){.kind = LAW_EXPONENTIAL, .parameters = {300}};
    ck_assert(!scenario_is_deterministic(&line.scenario));
    line.plans[0].entry_delay = (struct law){0};
    line.calls[1][1].dwell = (struct law){.kind = LAW_EXPONENTIAL, .parameters = {300}};
    ck_assert(!scenario_is_deterministic(&line.scenario));
    line.calls[1][1].dwell = (struct law){0};
    line.types[0].running_factor = (struct law){.kind = LAW_LOGNORMAL, .parameters = {0, 0.03}};
    ck_assert(!scenario_is_deterministic(&line.scenario));
    close_file();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {results_do_not_depend_on_the_number_of_jobs,
                                  estimates_are_students,
                                  estimates_never_speak_of_runs_that_are_gone,
                                  one_replication_has_no_width,
                                  an_interruption_keeps_what_is_done,
                                  a_deadlock_is_kept_shown_and_left_out_of_the_means,
                                  a_failed_replication_is_marked,
                                  a_full_disk_ends_the_work,
                                  progress_ends_at_the_end,
                                  what_is_random_is_known};
    return run_suite_in_scratch("replications", tests, sizeof tests / sizeof *tests, set_up);
}
