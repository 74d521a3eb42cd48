#include "study/sweep_run.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../results/scratch.h"
#include "audit/audit.h"
#include "results/run_list.h"
#include "study/rerun.h"

/* A –20 km– M –30 km– B, an hour between trains each way, and delays at their entry. The option `loop` is the second
 * track at M. */
static const struct {
    const char *name, *content;
} files[] = {{"scenario.csv",
              "key,value\nname,Small line\nhorizon_days,1\nschedule,services.csv\nreplications,3\nseed,5\n"
              "detail,trains\n"},
             {"stations.csv", "station,kind\nA,terminal\nM,siding\nB,terminal\n"},
             {"tracks.csv", "station,track,count,option\nA,yard,*,\nM,main,1,\nM,loop,1,loop\nB,yard,*,\n"},
             {"sections.csv", "section,from,to,length_km,release_s\nA-M,A,M,20,30\nM-B,M,B,30,30\n"},
             {"train_types.csv", "train_type,length_m,max_speed_kmh\nF,500,100\n"},
             {"running_times.csv", "section,train_type,run_s\nA-M,*,900\nM-B,*,1300\n"},
             {"services.csv", "service,train_type,origin,destination,interval_min,entry_delay_s\n"
                              "E,F,A,B,120,exponential(600)\nW,F,B,A,120,exponential(600)\n"},
             {"options.csv", "option\nloop\n"},
             {"variants.csv", "variant,options,settings\nbare,,\nlooped,loop,reaction_s=1\nthird,,\nfourth,,\n"}};

static char path[SCRATCH_PATH], database_path_text[SCRATCH_PATH];
static struct failure failure;
static atomic_bool stop;
static atomic_int begun;
static int most_begun; /* after that many runs something happens */

static void write_scenario(void) {
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        FILE *file = fopen(scratch_file(files[index].name, path), "w");
        ck_assert_ptr_nonnull(file);
        fputs(files[index].content, file);
        fclose(file);
    }
}

static void set_up(void) {
    scratch_make();
    write_scenario();
    scratch_file("results.db", database_path_text);
    atomic_store(&stop, false);
    atomic_store(&begun, 0);
    most_begun = 0;
}

static void pause_for(int64_t milliseconds) {
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&time, NULL);
}

/* In place of a simulation: the simulation, but the program ends by force as one too many begins. */
static enum simulation_result killed_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                         const struct observer *observer) {
    if (atomic_fetch_add(&begun, 1) == most_begun) raise(SIGKILL);
    return simulation_run(plan, options, observer);
}

/* The same with a wish to stop, which the run then waits for. */
static enum simulation_result stopped_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                          const struct observer *observer) {
    if (atomic_fetch_add(&begun, 1) == most_begun) atomic_store(&stop, true);
    while (atomic_load(&stop) && !atomic_load(options->stop)) pause_for(1);
    return simulation_run(plan, options, observer);
}

/* One run has no memory. */
static enum simulation_result failed_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                         const struct observer *observer) {
    if (atomic_fetch_add(&begun, 1) == most_begun) return SIMULATION_NO_MEMORY;
    return simulation_run(plan, options, observer);
}

/* Every second replication never comes to its end. */
static enum simulation_result deadlocked_run(const struct simulation_plan *plan,
                                             const struct simulation_options *options,
                                             const struct observer *observer) {
    const enum simulation_result result = simulation_run(plan, options, observer);
    return options->replication == 2 ? SIMULATION_DEADLOCKED : result;
}

/* A sweep and what it is read from. */
struct trial {
    struct sweep *sweep;
    struct scenario_request common;
    struct sweep_points points;
};

static enum sweep_points_result read_trial(struct trial *trial, const char *const *keys, const char *const *overrides,
                                           struct diagnostics *diagnostics) {
    trial->sweep = sweep_create();
    for (; *keys != NULL; keys++) ck_assert_msg(sweep_vary(trial->sweep, *keys, &failure), "%s", failure.text);
    ck_assert_msg(sweep_finish(trial->sweep, 0, &failure), "%s", failure.text);
    int32_t count = 0;
    while (overrides[count] != NULL) count++;
    trial->common =
        (struct scenario_request){.folder = scratch_folder(), .overrides = overrides, .override_count = count};
    const struct sweep_points_request request = {.sweep = trial->sweep, .common = &trial->common, .stop = &stop};
    return sweep_points_read(&request, &trial->points, diagnostics, &failure);
}

static void end_trial(struct trial *trial) {
    sweep_points_free(&trial->points);
    sweep_free(trial->sweep);
}

/* Reads and runs; the results are to be freed. False where sweep_run fails. */
struct asked {
    const char *const *keys, *const *overrides;
    replication_function *simulate;
    int32_t jobs, against;
    bool resume;
    int64_t experiment_id;
};

static bool run_asked(const struct asked *asked, struct sweep_results *results) {
    struct trial trial;
    struct diagnostics diagnostics = {0};
    const enum sweep_points_result read = read_trial(&trial, asked->keys, asked->overrides, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_int_eq(read, SWEEP_POINTS_READ);
    const struct sweep_run_request request = {.points = &trial.points,
                                              .database = database_path_text,
                                              .command = "sweep",
                                              .arguments = "",
                                              .against = asked->against,
                                              .jobs = asked->jobs,
                                              .resume = asked->resume,
                                              .experiment_id = asked->experiment_id,
                                              .simulate = asked->simulate,
                                              .stop = &stop};
    const bool well = sweep_run(&request, results, &failure);
    end_trial(&trial);
    return well;
}

static void run_well(const struct asked *asked, struct sweep_results *results) {
    ck_assert_msg(run_asked(asked, results), "%s", failure.text);
}

static const char *const two_by_two[] = {"variant=bare,looped", "sections[M-B].release_s=30,300", NULL};
static const char *const nothing[] = {NULL};
static const struct asked plain = {.keys = two_by_two, .overrides = nothing, .simulate = simulation_run, .jobs = 2};

static struct database *open_database(enum database_mode mode) {
    struct database *database = database_open(database_path_text, mode, 1000, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    return database;
}

/* All that a sweep's database holds but times of day and how long it took. */
static const char everything[] =
    "SELECT (SELECT group_concat(run_id || ' ' || point || ' ' || replication || ' ' || coalesce(variant, '-') || ' ' "
    "|| "
    "status || ' ' || results_sha256 || ' ' || warmup_ms || ' ' || horizon_ms, '\n') FROM (SELECT * FROM runs ORDER BY "
    "run_id)) || (SELECT group_concat(point || ' ' || coalesce(variant, '-') || metric || ' ' || coalesce(mean, '-') "
    "|| "
    "' ' || coalesce(half_width, '-') || ' ' || replications, '\n') FROM (SELECT * FROM estimates ORDER BY point, "
    "metric)) || (SELECT group_concat(point || ' ' || against || metric || ' ' || coalesce(mean, '-') || ' ' || "
    "coalesce(half_width, '-') || ' ' || replications, '\n') FROM (SELECT * FROM differences ORDER BY point, metric)) "
    "|| (SELECT group_concat(run_id || key || '=' || value || seq, '\n') FROM (SELECT * FROM settings ORDER BY run_id, "
    "seq)) || (SELECT count(*) || ' ' || sum(delay_ms) FROM trains)";

/* A copy; the caller frees it. */
static char *all_of_it(void) {
    struct database *database = open_database(DATABASE_READ);
    char *text = strdup(ask_text(database, everything));
    database_close(database);
    return text;
}

static void forget_database(void) {
    ck_assert_int_eq(remove(database_path_text), 0);
}

/* What the sweep holds that nothing came between. */
static char *uninterrupted(const struct asked *asked) {
    struct sweep_results results;
    run_well(asked, &results);
    sweep_results_free(&results);
    char *text = all_of_it();
    forget_database();
    return text;
}

START_TEST(runs_rise_with_the_point_and_then_the_replication) {
    struct sweep_results results;
    run_well(&plain, &results);
    ck_assert_int_eq(results.run_count, 12);
    ck_assert_int_eq(results.statuses[RUN_COMPLETE], 12);
    for (int32_t index = 0; index < 12; index++) {
        ck_assert_int_eq(results.runs[index].run_id, index + 1);
        ck_assert_int_eq(results.runs[index].point, index / 3 + 1);
        ck_assert_int_eq(results.runs[index].replication, index % 3 + 1);
    }
    sweep_results_free(&results);
    struct database *database = open_database(DATABASE_READ);
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(point || key || '=' || value, ' ') FROM (SELECT * FROM "
                                        "points ORDER BY point, seq)"),
                     "1variant=bare 1sections[M-B].release_s=30 2variant=bare 2sections[M-B].release_s=300 "
                     "3variant=looped 3sections[M-B].release_s=30 4variant=looped 4sections[M-B].release_s=300");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE variant = CASE WHEN point < 3 THEN 'bare' "
                                           "ELSE 'looped' END AND experiment_id = 1 AND seed = 5"),
                     12);
    ck_assert_str_eq(ask_text(database,
                              "SELECT group_concat(value, '|') FROM (SELECT value FROM settings WHERE run_id = 10 "
                              "AND key IN ('options', 'reaction_s', 'sections[M-B].release_s') ORDER BY seq)"),
                     "1|loop|300");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM inputs WHERE path LIKE '%services.csv'"), 1);
    database_close(database);
}
END_TEST

START_TEST(every_run_can_be_made_again) {
    struct sweep_results results;
    run_well(&plain, &results);
    for (int64_t index = 0; index < results.run_count; index++) {
        struct rerun rerun;
        const struct rerun_request request = {.database = database_path_text, .run_id = results.runs[index].run_id};
        ck_assert_msg(rerun_run(&request, &rerun, &failure), "%s", failure.text);
        ck_assert_int_eq(rerun.outcome, RERUN_SAME);
        ck_assert_str_eq(rerun.sha256, results.runs[index].results_sha256);
    }
    ck_assert_str_ne(results.runs[0].results_sha256, results.runs[3].results_sha256);
    sweep_results_free(&results);
}
END_TEST

/* The point that a sweep has in common with a run by itself is that run. */
START_TEST(a_point_is_what_a_run_would_be) {
    struct sweep_results results;
    run_well(&plain, &results);
    static const char *const as_point_4[] = {"sections[M-B].release_s=300"};
    const struct scenario_request request = {
        .folder = scratch_folder(), .variant = "looped", .overrides = as_point_4, .override_count = 1};
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    char message[200];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    struct database *memory = database_in_memory(&failure);
    struct store *store = store_create(memory, &failure);
    struct store_experiment experiment;
    ck_assert(store_experiment_begin(store, "run", "", scenario, 1, &experiment, &failure));
    struct recorder *recorder = recorder_create(scenario);
    const struct observer observer = recorder_observer(recorder);
    const struct simulation_options options = {.replication = 2};
    ck_assert_int_eq(simulation_run(plan, &options, &observer), SIMULATION_DONE);
    const struct store_outcome outcome = {
        .scenario = scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder), .wall_s = 1};
    char hash[65];
    ck_assert(store_run_finish(store, experiment.first_run_id, &outcome, hash, &failure));
    ck_assert_str_eq(hash, results.runs[10].results_sha256); /* point 4, replication 2 */
    recorder_destroy(recorder);
    store_destroy(store);
    database_close(memory);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    sweep_results_free(&results);
}
END_TEST

START_TEST(jobs_change_nothing) {
    struct asked asked = plain;
    asked.jobs = 1;
    char *one = uninterrupted(&asked);
    static const int32_t jobs[] = {2, 3, 16};
    for (int which = 0; which < 3; which++) {
        asked.jobs = jobs[which];
        char *many = uninterrupted(&asked);
        ck_assert_str_eq(many, one);
        free(many);
    }
    free(one);
}
END_TEST

/* Ends a sweep of its own by force as the `count`-th run begins. */
static void run_and_kill(const struct asked *asked, int count) {
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct sweep_results results;
        struct asked killed = *asked;
        killed.simulate = killed_run;
        atomic_store(&begun, 0);
        most_begun = count - 1;
        run_asked(&killed, &results);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

START_TEST(what_was_killed_goes_on_to_the_same_end) {
    char *whole = uninterrupted(&plain);
    static const int counts[] = {1, 2, 5, 9, 12};
    for (int which = 0; which < 5; which++) {
        run_and_kill(&plain, counts[which]);
        struct database *database = open_database(DATABASE_READ);
        const int64_t complete = ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'complete'");
        ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs WHERE status = 'running'"), 12 - complete);
        ck_assert_int_lt(complete, counts[which]);
        /* What two workers had begun at most, and one of them had not handed over. */
        ck_assert_int_ge(complete, counts[which] - 4);
        ck_assert_int_eq(ask_integer(database, "SELECT count(DISTINCT run_id) FROM metrics"), complete);
        database_close(database);
        struct sweep_results results;
        struct asked again = plain;
        again.resume = true;
        again.simulate = failed_run; /* counts the runs */
        atomic_store(&begun, 0);
        most_begun = 1000;
        run_well(&again, &results);
        ck_assert_int_eq(atomic_load(&begun), 12 - complete); /* no run was made twice */
        sweep_results_free(&results);
        char *text = all_of_it();
        ck_assert_str_eq(text, whole);
        free(text);
        forget_database();
    }
    free(whole);
}
END_TEST

START_TEST(what_was_stopped_keeps_what_is_done_and_goes_on) {
    char *whole = uninterrupted(&plain);
    struct asked asked = plain;
    struct sweep_results results;
    asked.simulate = stopped_run;
    asked.jobs = 1;
    most_begun = 4; /* the fifth: point 2, replication 2 */
    run_well(&asked, &results);
    ck_assert_int_eq(results.statuses[RUN_COMPLETE], 4);
    ck_assert_int_eq(results.statuses[RUN_INTERRUPTED], 8);
    ck_assert_int_eq(results.points[0].estimates[0].count, 3);
    ck_assert_int_eq(results.points[1].estimates[0].count, 1);
    ck_assert(isnan(results.points[1].estimates[0].half_width));
    ck_assert_int_eq(results.points[1].differences[0].count, 1);
    ck_assert(isnan(results.points[2].estimates[0].mean));
    sweep_results_free(&results);
    atomic_store(&stop, false);
    asked = plain;
    asked.resume = true;
    run_well(&asked, &results);
    sweep_results_free(&results);
    char *text = all_of_it();
    ck_assert_str_eq(text, whole);
    free(text);
    run_well(&asked, &results); /* there is nothing left to do */
    ck_assert_int_eq(results.statuses[RUN_COMPLETE], 12);
    sweep_results_free(&results);
    text = all_of_it();
    ck_assert_str_eq(text, whole);
    free(text);
    free(whole);
}
END_TEST

/* Runs that failed, and runs that were deleted, are made when the sweep goes on; deleting them leaves estimates and
 * differences of the others. */
START_TEST(runs_that_are_missing_are_made) {
    char *whole = uninterrupted(&plain);
    struct asked asked = plain;
    struct sweep_results results;
    asked.simulate = failed_run;
    asked.jobs = 1;
    most_begun = 6;
    run_well(&asked, &results);
    ck_assert_int_eq(results.statuses[RUN_FAILED], 1);
    ck_assert_int_eq(results.points[2].estimates[0].count, 2);
    ck_assert_int_eq(results.points[2].differences[0].count, 2);
    sweep_results_free(&results);
    struct database *database = open_database(DATABASE_CHANGE);
    ck_assert_msg(run_list_delete(database, 1, &failure), "%s", failure.text);
    ck_assert_msg(run_list_delete(database, 12, &failure), "%s", failure.text);
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(point || ':' || replications, ' ') FROM (SELECT * FROM "
                                        "differences WHERE metric = 'mean_delay_s' ORDER BY point)"),
                     "2:2 3:2 4:1");
    ck_assert_int_eq(ask_integer(database, "SELECT replications FROM estimates WHERE point = 4 AND metric = "
                                           "'mean_delay_s'"),
                     2);
    database_close(database);
    asked = plain;
    asked.resume = true;
    run_well(&asked, &results);
    sweep_results_free(&results);
    char *text = all_of_it();
    ck_assert_str_eq(text, whole);
    free(text);
    free(whole);
}
END_TEST

/* Student's interval over the differences of the same replications, worked out by hand: t(0.975; 2) = 4.302652729…. */
static void check_differences(struct database *database, int32_t against) {
    static const char *const metrics[] = {"trains_per_day", "mean_delay_s", "p95_delay_s"};
    for (int32_t point = 1; point <= 4; point++)
        for (int which = 0; which < 3; which++) {
            double difference[3], mean = 0, squares = 0;
            char sql[400];
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM differences WHERE point = %d AND against = %d AND metric = '%s'", (int)point,
                     (int)against, metrics[which]);
            ck_assert_int_eq(ask_integer(database, sql), point != against);
            if (point == against) continue;
            for (int replication = 0; replication < 3; replication++) {
                double value[2];
                const int32_t points[] = {point, against};
                for (int side = 0; side < 2; side++) {
                    snprintf(sql, sizeof sql, "SELECT value FROM metrics WHERE run_id = %d AND metric = '%s'",
                             (int)(3 * (points[side] - 1) + replication + 1), metrics[which]);
                    value[side] = ask_real(database, sql);
                }
                difference[replication] = value[0] - value[1];
                mean += difference[replication] / 3;
            }
            for (int index = 0; index < 3; index++) squares += pow(difference[index] - mean, 2);
            snprintf(sql, sizeof sql, "SELECT mean FROM differences WHERE point = %d AND metric = '%s'", (int)point,
                     metrics[which]);
            ck_assert_double_eq_tol(ask_real(database, sql), mean, 1e-9 * (1 + fabs(mean)));
            snprintf(sql, sizeof sql, "SELECT half_width FROM differences WHERE point = %d AND metric = '%s'",
                     (int)point, metrics[which]);
            ck_assert_double_eq_tol(ask_real(database, sql), 4.3026527297 * sqrt(squares / 2 / 3),
                                    1e-8 * (1 + squares));
        }
}

START_TEST(differences_are_between_the_same_replications) {
    struct sweep_results results;
    for (int32_t against = 0; against < 4; against += 2) {
        struct asked asked = plain;
        asked.against = against;
        run_well(&asked, &results);
        ck_assert_int_eq(results.against, against + 1);
        sweep_results_free(&results);
        struct database *database = open_database(DATABASE_READ);
        check_differences(database, against + 1);
        ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_points v JOIN estimates e ON e.point = v.point "
                                               "AND e.metric = 'mean_delay_s' AND e.mean / 60 = v.mean_delay_min AND "
                                               "v.replications = 3 AND v.trains_per_day_half_width IS NOT NULL"),
                         4);
        ck_assert_str_eq(ask_text(database, "SELECT varied FROM v_points WHERE point = 3"),
                         "variant=looped, sections[M-B].release_s=30");
        ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_differences WHERE sure = (low > 0 OR high < 0)"),
                         3 * SWEEP_METRIC_COUNT);
        /* The same delays at every point: what differs is the railway. */
        ck_assert_int_eq(ask_integer(database, "SELECT count(DISTINCT n) FROM (SELECT replication, count(DISTINCT "
                                               "value) AS n FROM metrics JOIN runs USING (run_id) WHERE metric = "
                                               "'trains_planned' GROUP BY replication)"),
                         1);
        database_close(database);
        forget_database();
    }
}
END_TEST

START_TEST(a_deadlock_is_kept_and_the_others_go_on) {
    struct asked asked = plain;
    struct sweep_results results;
    asked.simulate = deadlocked_run;
    run_well(&asked, &results);
    ck_assert_int_eq(results.statuses[RUN_DEADLOCKED], 4);
    ck_assert_int_eq(results.statuses[RUN_COMPLETE], 8);
    ck_assert_int_eq(results.deadlocked_points, 4);
    ck_assert_int_eq(results.deadlocks[1].run_id, 5);
    ck_assert_int_eq(results.points[1].runs[RUN_DEADLOCKED], 1);
    ck_assert_int_eq(results.points[1].estimates[0].count, 2);
    ck_assert_int_eq(results.points[1].differences[0].count, 2);
    sweep_results_free(&results);
    asked.resume = true; /* a deadlock is a result */
    asked.simulate = failed_run;
    atomic_store(&begun, 0);
    run_well(&asked, &results);
    ck_assert_int_eq(atomic_load(&begun), 0);
    sweep_results_free(&results);
}
END_TEST

/* How many violations of its estimates the audit finds with a run; `words` stand in the first. */
static int64_t audited(struct database *database, int64_t run_id, const char *words) {
    struct audit_report report = {0};
    ck_assert_msg(audit_run(database, run_id, &report, &failure), "%s", failure.text);
    const int64_t violations = report.tallies[AUDIT_ESTIMATES].violations;
    ck_assert_int_ge(report.tallies[AUDIT_ESTIMATES].tested, METRIC_COUNT + (run_id > 3 ? SWEEP_METRIC_COUNT : 0));
    for (int32_t index = 0; index < report.kept_count && words != NULL; index++) {
        if (report.kept[index].check != AUDIT_ESTIMATES) continue;
        ck_assert_msg(strstr(report.kept[index].text, words) != NULL, "'%s' is not in: %s", words,
                      report.kept[index].text);
        break;
    }
    audit_report_free(&report);
    return violations;
}

/* The first run of each point answers for the point's estimates and differences. */
START_TEST(the_audit_knows_points) {
    static const struct {
        const char *change, *words;
        int64_t run_id;
    } cases[] = {
        {"UPDATE estimates SET mean = mean + 1 WHERE point = 2 AND metric = 'mean_delay_s'", "the mean of mean_delay_s",
         4},
        {"UPDATE estimates SET point = NULL WHERE point = 3 AND metric = 'train_km'",
         "there is no estimate of train_km", 7},
        {"UPDATE differences SET mean = mean + 1 WHERE point = 3 AND metric = 'mean_delay_s'",
         "the mean of the difference in mean_delay_s", 7},
        {"UPDATE differences SET half_width = 0.1 WHERE point = 4 AND metric = 'mean_delay_s'",
         "the half-width of the difference in mean_delay_s", 10},
        {"UPDATE differences SET replications = 2 WHERE point = 4 AND metric = 'p95_delay_s'",
         "the difference in p95_delay_s is over 2 replications, and 3 are complete", 10},
        {"UPDATE differences SET against = 2 WHERE point = 3 AND metric = 'mean_delay_s'",
         "the mean of the difference in mean_delay_s", 7},
        {"DELETE FROM differences WHERE point = 4 AND metric = 'p95_delay_s'", "no difference in p95_delay_s", 10}};
    struct sweep_results results;
    run_well(&plain, &results);
    sweep_results_free(&results);
    struct database *database = open_database(DATABASE_CHANGE);
    for (int64_t run_id = 1; run_id <= 10; run_id += 3) ck_assert_int_eq(audited(database, run_id, NULL), 0);
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        ck_assert(database_execute(database, "BEGIN", &failure));
        ck_assert_msg(database_execute(database, cases[index].change, &failure), "%s", failure.text);
        ck_assert_int_gt(audited(database, cases[index].run_id, cases[index].words), 0);
        for (int64_t run_id = 1; run_id <= 10; run_id += 3)
            if (run_id != cases[index].run_id) ck_assert_int_eq(audited(database, run_id, NULL), 0);
        ck_assert(database_execute(database, "ROLLBACK", &failure));
    }
    database_close(database);
}
END_TEST

/* Each point may have replications of its own: compared are those that both have. */
START_TEST(points_may_have_replications_of_their_own) {
    static const char *const keys[] = {"replications=2,4,1", NULL};
    struct sweep_results results;
    struct asked asked = plain;
    asked.keys = keys;
    run_well(&asked, &results);
    ck_assert_int_eq(results.run_count, 7);
    ck_assert_int_eq(results.runs[2].point, 2);
    ck_assert_int_eq(results.runs[6].point, 3);
    ck_assert_int_eq(results.points[1].estimates[0].count, 4);
    ck_assert_int_eq(results.points[1].differences[0].count, 2);
    ck_assert_double_eq(results.points[1].differences[3].mean, 0);
    ck_assert_int_eq(results.points[2].differences[0].count, 1);
    ck_assert_str_eq(results.runs[0].results_sha256, results.runs[2].results_sha256);
    sweep_results_free(&results);
}
END_TEST

/* What `auto` stands for is settled at each point, and kept with its runs. */
START_TEST(a_warm_up_is_settled_at_each_point) {
    static const char *const keys[] = {"schedule.interval_min=45,240", NULL}, *const overrides[] = {
                                                                                  "warmup_days=auto", "horizon_days=6",
                                                                                  "options=loop", NULL};
    struct sweep_results results;
    struct asked asked = plain;
    asked.keys = keys;
    asked.overrides = overrides;
    run_well(&asked, &results);
    struct database *database = open_database(DATABASE_READ);
    ck_assert_int_eq(ask_integer(database, "SELECT count(DISTINCT warmup_ms) FROM runs WHERE point = 1"), 1);
    ck_assert_int_gt(ask_integer(database, "SELECT max(warmup_ms) FROM runs"), 0);
    database_close(database);
    for (int64_t index = 0; index < results.run_count; index += 3) {
        struct rerun rerun;
        const struct rerun_request request = {.database = database_path_text, .run_id = results.runs[index].run_id};
        ck_assert(rerun_run(&request, &rerun, &failure));
        ck_assert_int_eq(rerun.outcome, RERUN_SAME);
    }
    sweep_results_free(&results);
}
END_TEST

/* Going on is refused, with `words` in the sentence, and nothing is changed. */
static void resume_refused(const char *const *keys, const char *const *overrides, int64_t experiment_id,
                           const char *words) {
    char *before = all_of_it();
    const struct asked asked = {.keys = keys,
                                .overrides = overrides,
                                .simulate = simulation_run,
                                .jobs = 1,
                                .resume = true,
                                .experiment_id = experiment_id};
    struct sweep_results results;
    ck_assert_msg(!run_asked(&asked, &results), "not refused: %s", words);
    ck_assert_msg(strstr(failure.text, words) != NULL, "'%s' is not in: %s", words, failure.text);
    char *after = all_of_it();
    ck_assert_str_eq(after, before);
    free(before);
    free(after);
}

static void put_file(const char *name, const char *content) {
    FILE *file = fopen(scratch_file(name, path), "w");
    fputs(content, file);
    fclose(file);
}

START_TEST(another_sweep_is_not_gone_on_with) {
    static const char *const more[] = {"variant=bare,looped", "sections[M-B].release_s=30,300,600", NULL},
                             *const other[] = {"variant=bare,looped", "sections[M-B].release_s=30,301", NULL},
                             *const swapped[] = {"sections[M-B].release_s=30,300", "variant=bare,looped", NULL},
                             *const fewer[] = {"sections[M-B].release_s=1,2,3,4", NULL},
                             *const third[] = {"variant=bare,looped", "sections[M-B].release_s=30,300", "seed=5", NULL};
    static const char *const first[] = {"variant=bare,looped,third,fourth", NULL}; /* of other names, too */
    static const char *const seed[] = {"seed=6", NULL}, *const cell[] = {"sections[A-M].release_s=31", NULL},
                             *const three[] = {"replications=4", NULL};
    struct sweep_results results;
    struct asked asked = plain;
    asked.resume = true;
    ck_assert(!run_asked(&asked, &results));
    ck_assert_ptr_nonnull(strstr(failure.text, "no such database"));
    run_well(&plain, &results);
    sweep_results_free(&results);
    resume_refused(more, nothing, 0, "it has 4 points, and those asked for are 6");
    resume_refused(other, nothing, 0,
                   "its point 2 has sections[M-B].release_s=300, and the one asked for "
                   "sections[M-B].release_s=301");
    resume_refused(swapped, nothing, 0, "it varies variant where sections[M-B].release_s is asked for");
    resume_refused(fewer, nothing, 0, "it varies variant where");
    resume_refused(third, nothing, 0, "it does not vary seed");
    resume_refused(first, nothing, 0, "it varies more keys than are asked for, sections[M-B].release_s among them");
    resume_refused(two_by_two, seed, 0, "point 1 had seed=5, and has seed=6 now");
    resume_refused(two_by_two, cell, 0, "point 1 has sections[A-M].release_s=31 now, and had not");
    resume_refused(two_by_two, three, 0, "point 1 had replications=3, and has replications=4 now");
    resume_refused(two_by_two, nothing, 2, "there is no experiment 2");
    put_file("running_times.csv", "section,train_type,run_s\nA-M,*,901\nM-B,*,1300\n");
    resume_refused(two_by_two, nothing, 0, "running_times.csv has changed");
    write_scenario();
    asked.experiment_id = 1;
    run_well(&asked, &results);
    sweep_results_free(&results);
}
END_TEST

/* A difference that no run has kept yet is found as well. */
START_TEST(settings_are_compared_before_any_run_is_done) {
    static const char *const seed[] = {"seed=6", NULL};
    struct asked asked = plain;
    struct sweep_results results;
    run_and_kill(&asked, 1);
    asked.resume = true;
    asked.overrides = seed;
    ck_assert(!run_asked(&asked, &results));
    ck_assert_msg(strstr(failure.text, "its settings were others") != NULL, "%s", failure.text);
    struct database *database = open_database(DATABASE_CHANGE);
    ck_assert(database_execute(database, "UPDATE runs SET bering_version = '0.0.9'", &failure));
    database_close(database);
    asked.overrides = nothing;
    ck_assert(!run_asked(&asked, &results));
    ck_assert_msg(strstr(failure.text, "begun by Bering 0.0.9") != NULL, "%s", failure.text);
}
END_TEST

START_TEST(only_a_sweep_is_gone_on_with) {
    struct asked asked = plain;
    struct sweep_results results;
    struct database *database = open_database(DATABASE_WRITE);
    ck_assert(database_execute(
        database, "INSERT INTO experiments (command, arguments, created_at) VALUES ('run', '', '')", &failure));
    database_close(database);
    asked.resume = true;
    ck_assert(!run_asked(&asked, &results));
    ck_assert_ptr_nonnull(strstr(failure.text, "there is no sweep in it to go on with"));
    asked.experiment_id = 1;
    ck_assert(!run_asked(&asked, &results));
    ck_assert_ptr_nonnull(strstr(failure.text, "experiment 1 is no sweep but a run"));
}
END_TEST

/* The last of two is gone on with unless the first is named. */
START_TEST(the_last_sweep_is_gone_on_with) {
    static const char *const other[] = {"seed=1,2", NULL};
    struct asked asked = plain;
    struct sweep_results results;
    run_well(&plain, &results);
    sweep_results_free(&results);
    asked.keys = other;
    run_well(&asked, &results);
    ck_assert_int_eq(results.experiment_id, 2);
    ck_assert_int_eq(results.runs[0].run_id, 13);
    sweep_results_free(&results);
    asked.resume = true;
    run_well(&asked, &results);
    ck_assert_int_eq(results.experiment_id, 2);
    sweep_results_free(&results);
    asked.keys = two_by_two;
    ck_assert(!run_asked(&asked, &results));
    asked.experiment_id = 1;
    run_well(&asked, &results);
    ck_assert_int_eq(results.run_count, 12);
    sweep_results_free(&results);
}
END_TEST

/* All that is told of the points, as printed. */
static const char *told(const char *const *keys, const char *const *overrides) {
    static char text[4096];
    struct trial trial;
    struct diagnostics diagnostics = {0};
    ck_assert_int_eq(read_trial(&trial, keys, overrides, &diagnostics), SWEEP_POINTS_WRONG);
    FILE *stream = fmemopen(text, sizeof text - 1, "w");
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    diagnostics_free(&diagnostics);
    sweep_free(trial.sweep);
    return text;
}

START_TEST(all_that_is_wrong_with_points_is_told_at_once) {
    static const char *const keys[] = {"fleet_sise=1,2", "sections[A-M].release_s=-1,30", "sections[X].release_s=1",
                                       NULL},
                             *const gauge[] = {"sections[A-M].gauge_mm=,1435", "seed=1,2,3", NULL},
                             *const overrides[] = {"train_types.gauge_mm=1520", NULL};
    ck_assert_str_eq(told(keys, nothing),
                     "--vary:0:0: fleet_sise=1: unknown key 'fleet_sise', did you mean 'fleet_size'?\n"
                     "--vary:0:0: sections[X].release_s=1: sections has no row 'X'\n"
                     "--vary:0:0: sections[A-M].release_s=-1: release_s -1 is out of range, expected 0 to 86400\n");
    const char *text = told(gauge, overrides); /* wrong only with a value that is right in itself */
    ck_assert_msg(strstr(text, "(with sections[A-M].gauge_mm=1435, seed=1, and at 2 more points)") != NULL, "%s", text);
    put_file("sections.csv", "section,from,to,length_km\nA-M,A,M,20\nM-B,M,C,30\n");
    text = told(gauge, nothing); /* wrong everywhere: told once, of no point */
    ck_assert_msg(strstr(text, "sections.csv:3:3: to 'C' is not declared") != NULL, "%s", text);
    ck_assert_msg(strstr(text, "(with") == NULL, "%s", text);
    ck_assert_int_ne(access(database_path_text, F_OK), 0);
}
END_TEST

START_TEST(too_many_runs_are_refused_as_soon_as_they_are_known) {
    static const char *const keys[] = {"seed=1:1000", NULL}, *const many[] = {"replications=1001", NULL};
    struct trial trial;
    struct diagnostics diagnostics = {0};
    ck_assert_int_eq(read_trial(&trial, keys, many, &diagnostics), SWEEP_POINTS_TOO_MANY);
    ck_assert_msg(strstr(failure.text, "1000 points make 1001000 runs") != NULL, "%s", failure.text);
    sweep_free(trial.sweep);
}
END_TEST

static void note_progress(void *context, const struct sweep_progress *progress) {
    struct sweep_progress *last = context;
    ck_assert_int_ge(progress->done, last->done);
    *last = *progress;
}

static enum simulation_result slow_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                       const struct observer *observer) {
    pause_for(60);
    return simulation_run(plan, options, observer);
}

START_TEST(progress_counts_what_was_done_before) {
    struct trial trial;
    struct diagnostics diagnostics = {0};
    struct sweep_results results;
    run_and_kill(&plain, 6);
    ck_assert_int_eq(read_trial(&trial, two_by_two, nothing, &diagnostics), SWEEP_POINTS_READ);
    struct sweep_progress last = {0};
    const struct sweep_run_request request = {.points = &trial.points,
                                              .database = database_path_text,
                                              .command = "sweep",
                                              .arguments = "",
                                              .jobs = 1,
                                              .resume = true,
                                              .simulate = slow_run,
                                              .progress = note_progress,
                                              .context = &last};
    ck_assert_msg(sweep_run(&request, &results, &failure), "%s", failure.text);
    ck_assert_int_eq(last.total, 12);
    ck_assert_int_ge(last.done, 3);
    ck_assert(last.left_s >= 0 && last.left_s < 60);
    sweep_results_free(&results);
    end_trial(&trial);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {runs_rise_with_the_point_and_then_the_replication,
                                  every_run_can_be_made_again,
                                  a_point_is_what_a_run_would_be,
                                  jobs_change_nothing,
                                  what_was_killed_goes_on_to_the_same_end,
                                  what_was_stopped_keeps_what_is_done_and_goes_on,
                                  runs_that_are_missing_are_made,
                                  differences_are_between_the_same_replications,
                                  a_deadlock_is_kept_and_the_others_go_on,
                                  the_audit_knows_points,
                                  points_may_have_replications_of_their_own,
                                  a_warm_up_is_settled_at_each_point,
                                  another_sweep_is_not_gone_on_with,
                                  settings_are_compared_before_any_run_is_done,
                                  only_a_sweep_is_gone_on_with,
                                  the_last_sweep_is_gone_on_with,
                                  all_that_is_wrong_with_points_is_told_at_once,
                                  too_many_runs_are_refused_as_soon_as_they_are_known,
                                  progress_counts_what_was_done_before};
    return run_suite_in_scratch("sweep_run", tests, sizeof tests / sizeof *tests, set_up);
}
