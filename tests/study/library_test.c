/* The library as a stranger uses it: by its public headers alone. */
#include <bering/bering.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../engine/suite.h"

enum { PATH_SIZE = 512, MINUTE_MS = 60000, DAY_MS = 86400000 };

/* ------------------------------------------------------------------------------------------------------ scaffolding */

static char *path_in(const char *folder, const char *name, char path[PATH_SIZE]) {
    ck_assert_int_lt(snprintf(path, PATH_SIZE, "%s/%s", folder, name), PATH_SIZE);
    return path;
}

static void make_scratch(char folder[PATH_SIZE]) {
    const char *root = getenv("TMPDIR");
    snprintf(folder, PATH_SIZE, "%s/bering-library-XXXXXX", root != NULL ? root : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

struct file {
    const char *name, *text;
};

static void write_files(const char *folder, const struct file *files, size_t count) {
    for (size_t index = 0; index < count; index++) {
        char path[PATH_SIZE];
        FILE *stream = fopen(path_in(folder, files[index].name, path), "w");
        ck_assert_ptr_nonnull(stream);
        fputs(files[index].text, stream);
        fclose(stream);
    }
}

static void remove_files(const char *folder, const struct file *files, size_t count) {
    char path[PATH_SIZE];
    for (size_t index = 0; index < count; index++) unlink(path_in(folder, files[index].name, path));
    ck_assert_int_eq(rmdir(folder), 0);
}

/* tests/data/bench/line113 with overrides, which must be sound. */
static struct bering_scenario *open_line(const char *const *overrides, int32_t count) {
    const char *data = getenv("BERING_TEST_DATA");
    char folder[PATH_SIZE];
    const struct bering_scenario_options options = {.overrides = overrides, .override_count = count};
    struct bering_scenario *scenario =
        bering_scenario_open(path_in(data != NULL ? data : "tests/data", "bench/line113", folder), &options, NULL);
    ck_assert_ptr_nonnull(scenario);
    return scenario;
}

static struct bering_scenario *open_day(void) {
    const char *const overrides[] = {"warmup_days=0", "horizon_days=1"};
    return open_line(overrides, 2);
}

/* --------------------------------------------------------------------------------------------- version and scenario */

START_TEST(headers_and_library_are_of_one_version) {
    char version[64];
    snprintf(version, sizeof version, "%d.%d.%d", BERING_VERSION_MAJOR, BERING_VERSION_MINOR, BERING_VERSION_PATCH);
    ck_assert_str_eq(bering_version(), version);
    const char *project = getenv("BERING_PROJECT_VERSION");
    if (project != NULL) ck_assert_str_eq(version, project);
}
END_TEST

START_TEST(a_scenario_answers_questions) {
    struct bering_scenario *scenario = open_day();
    ck_assert_str_eq(bering_scenario_name(scenario), "line5");
    ck_assert_uint_eq(strlen(bering_scenario_input_sha256(scenario)), 64);
    ck_assert_int_eq(bering_scenario_station_count(scenario), 7);
    ck_assert_int_eq(bering_scenario_section_count(scenario), 6);
    ck_assert_int_eq(bering_scenario_plan_count(scenario), 2);
    ck_assert_str_eq(bering_scenario_station_id(scenario, 0), "W");
    ck_assert_str_eq(bering_scenario_station_id(scenario, 6), "E");
    ck_assert_ptr_nonnull(bering_scenario_section_id(scenario, 5));
    ck_assert_str_eq(bering_scenario_plan_id(scenario, 1), "ew");
    ck_assert_ptr_null(bering_scenario_station_id(scenario, 7));
    ck_assert_ptr_null(bering_scenario_section_id(scenario, -1));
    ck_assert_ptr_null(bering_scenario_plan_id(scenario, 2));
    bering_scenario_close(scenario);
}
END_TEST

/* Whatever is counted has something at each index from 0, and nothing outside. */
START_TEST(indexes_outside_give_nothing) {
    struct bering_scenario *scenario = open_day();
    const struct {
        int32_t (*count)(const struct bering_scenario *scenario);
        const char *(*at)(const struct bering_scenario *scenario, int32_t index);
    } lists[] = {{bering_scenario_station_count, bering_scenario_station_id},
                 {bering_scenario_section_count, bering_scenario_section_id},
                 {bering_scenario_plan_count, bering_scenario_plan_id}};
    for (int list = 0; list < 3; list++) {
        const int32_t count = lists[list].count(scenario);
        ck_assert_int_gt(count, 0);
        for (int32_t index = -2; index < count + 2; index++)
            ck_assert_int_eq(lists[list].at(scenario, index) != NULL, index >= 0 && index < count);
        ck_assert_ptr_null(lists[list].at(scenario, INT32_MAX));
        ck_assert_ptr_null(lists[list].at(scenario, INT32_MIN));
    }
    bering_scenario_close(scenario);
}
END_TEST

START_TEST(a_sound_scenario_has_no_problems) {
    const char *data = getenv("BERING_TEST_DATA");
    char folder[PATH_SIZE];
    struct bering_problems *problems = NULL;
    path_in(data != NULL ? data : "tests/data", "bench/line113", folder);
    struct bering_scenario *scenario = bering_scenario_open(folder, NULL, &problems);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_ptr_nonnull(problems);
    ck_assert_int_eq(bering_problems_errors(problems), 0);
    bering_problems_free(problems);
    bering_scenario_close(scenario);
}
END_TEST

static const struct file broken[] = {
    {"scenario.csv", "key,value\nname,broken\nseed,many\n"},
    {"stations.csv", "station,kind\nA,terminal\nB,castle\n"},
    {"tracks.csv", "station,track,count\nA,1,1\nB,1,1\n"},
    {"sections.csv", "section,from,to,length_km\nA-B,A,B,10\n"},
    {"train_types.csv", "train_type,length_m,max_speed_kmh\nF,100,80\n"},
};
enum { BROKEN_FILES = sizeof broken / sizeof *broken };

START_TEST(problems_have_their_place) {
    char folder[PATH_SIZE], path[PATH_SIZE];
    make_scratch(folder);
    write_files(folder, broken, BROKEN_FILES);
    const char *const overrides[] = {"colour=red"};
    const struct bering_scenario_options options = {.overrides = overrides, .override_count = 1};
    struct bering_problems *problems = NULL;
    ck_assert_ptr_null(bering_scenario_open(folder, &options, &problems));
    ck_assert_int_ge(bering_problems_errors(problems), 3);
    ck_assert_int_ge(bering_problems_count(problems), bering_problems_errors(problems));
    int32_t seed = 0, kind = 0, colour = 0;
    for (int32_t index = 0; index < bering_problems_count(problems); index++) {
        const struct bering_problem problem = bering_problems_at(problems, index);
        ck_assert_str_ne(problem.message, "");
        if (problem.warning) continue;
        const bool second_cell = problem.line == 3 && problem.column == 2;
        if (strcmp(problem.file, path_in(folder, "scenario.csv", path)) == 0) seed += second_cell;
        if (strcmp(problem.file, path_in(folder, "stations.csv", path)) == 0) kind += second_cell;
        if (strcmp(problem.file, "--set") == 0) colour += strstr(problem.message, "colour") != NULL;
    }
    ck_assert_int_eq(seed, 1);
    ck_assert_int_eq(kind, 1);
    ck_assert_int_eq(colour, 1);
    ck_assert_str_eq(bering_problems_at(problems, bering_problems_count(problems)).message, "");
    ck_assert_str_eq(bering_problems_at(problems, -1).message, "");
    ck_assert_str_eq(bering_problems_at(problems, -1).file, "");
    bering_problems_free(problems);
    remove_files(folder, broken, BROKEN_FILES);
}
END_TEST

START_TEST(nothing_is_allowed) {
    ck_assert_int_eq(bering_problems_count(NULL), 0);
    ck_assert_int_eq(bering_problems_errors(NULL), 0);
    ck_assert_str_eq(bering_problems_at(NULL, 0).file, "");
    bering_problems_free(NULL);
    bering_scenario_close(NULL);
    bering_experiment_free(NULL);
    bering_stop_free(NULL);
    ck_assert_ptr_null(bering_scenario_open("no/such/folder", NULL, NULL));
}
END_TEST

/* ---------------------------------------------------------------------------------------------- one replication */

struct tally {
    int64_t told, arrived, forward, delay_ms, wait_ms, ends;
    uint64_t sum; /* over everything, in the order told */
    int64_t entered_middle[2];
    struct bering_stop *stop; /* set by the first train */
};

static void add_to_sum(struct tally *tally, int64_t value) {
    tally->sum = (tally->sum ^ (uint64_t)value) * UINT64_C(1099511628211);
}

static void check_arrived(const struct bering_train *train) {
    ck_assert_int_eq(train->call_count, 7);
    ck_assert_int_eq(train->calls[0].station, train->origin);
    ck_assert_int_eq(train->calls[6].station, train->destination);
    ck_assert_int_eq(train->calls[0].departure_ms, train->departure_ms);
    ck_assert_int_eq(train->calls[6].arrival_ms, train->arrival_ms);
    ck_assert_ptr_nonnull(train->calls[3].track);
    ck_assert_int_ge(train->departure_ms, train->planned_departure_ms);
    ck_assert_int_ge(train->arrival_ms - train->departure_ms, train->unimpeded_ms - MINUTE_MS);
    ck_assert_double_gt(train->energy_kwh, 0);
}

static void on_train(void *context, const struct bering_train *train) {
    struct tally *tally = context;
    tally->told++;
    tally->forward += train->plan == 0;
    tally->delay_ms += train->delay_ms;
    for (int32_t index = 0; index < train->call_count; index++) {
        tally->wait_ms += train->calls[index].wait_ms;
        if (train->calls[index].wait_cause == BERING_WAIT_KNOCK_ON)
            ck_assert_int_gt(train->calls[index].wait_for_train_id, 0);
    }
    add_to_sum(tally, train->train_id);
    add_to_sum(tally, train->arrival_ms);
    ck_assert_str_eq(train->train_type, "F");
    ck_assert_int_eq(strncmp(train->name, train->plan == 0 ? "we@" : "ew@", 3), 0);
    if (train->train_id == 1) ck_assert_str_eq(train->name, "we@1.1");
    if (tally->stop != NULL) bering_stop_set(tally->stop);
    if (train->status != BERING_TRAIN_ARRIVED) return;
    tally->arrived++;
    check_arrived(train);
}

static void on_end(void *context, const struct bering_run_end *end) {
    struct tally *tally = context;
    tally->ends++;
    ck_assert_int_gt(end->events, 0);
    ck_assert_int_eq(end->section_count, 6);
    ck_assert_int_eq(end->deadlocked_count, 0);
    tally->entered_middle[0] = end->sections[3].forward_trains;
    tally->entered_middle[1] = end->sections[3].backward_trains;
    for (int32_t section = 0; section < end->section_count; section++) {
        const struct bering_section_use *use = &end->sections[section];
        ck_assert_int_le(use->busy_ms, end->window_to_ms - end->window_from_ms);
        ck_assert_int_eq(use->busy_ms, use->forward_busy_ms + use->backward_busy_ms); /* a single track */
    }
    add_to_sum(tally, end->events);
}

static struct bering_listener listener_of(struct tally *tally) {
    return (struct bering_listener){.context = tally, .train = on_train, .end = on_end};
}

/* A train an hour each way: 48 in a day, most of which arrive in it. */
START_TEST(a_day_is_told_train_by_train) {
    struct bering_scenario *scenario = open_day();
    struct tally tally = {0};
    const struct bering_listener listener = listener_of(&tally);
    ck_assert_int_eq(bering_run(scenario, 1, &listener, NULL, NULL), BERING_RUN_COMPLETE);
    ck_assert_int_eq(tally.told, 48);
    ck_assert_int_eq(tally.forward, 24);
    ck_assert_int_ge(tally.arrived, 40);
    ck_assert_int_eq(tally.ends, 1);
    ck_assert_int_gt(tally.delay_ms, 0);
    ck_assert_int_gt(tally.wait_ms, 0);
    ck_assert_int_ge(tally.entered_middle[0] + tally.entered_middle[1], tally.arrived);
    ck_assert_int_le(tally.entered_middle[0], tally.forward);
    bering_scenario_close(scenario);
}
END_TEST

START_TEST(the_same_again_is_the_same) {
    struct bering_scenario *scenario = open_day();
    struct tally first = {0}, second = {0};
    const struct bering_listener listeners[] = {listener_of(&first), listener_of(&second)};
    bering_run(scenario, 1, &listeners[0], NULL, NULL);
    bering_run(scenario, 1, &listeners[1], NULL, NULL);
    ck_assert_uint_eq(first.sum, second.sum);
    ck_assert_int_eq(bering_run(scenario, 1, NULL, NULL, NULL), BERING_RUN_COMPLETE);
    bering_scenario_close(scenario);
}
END_TEST

START_TEST(a_run_can_be_stopped) {
    struct bering_scenario *scenario = open_line(NULL, 0);
    struct tally tally = {.stop = bering_stop_create()};
    const struct bering_listener listener = listener_of(&tally);
    ck_assert_int_eq(bering_run(scenario, 1, &listener, tally.stop, NULL), BERING_RUN_INTERRUPTED);
    ck_assert_int_lt(tally.told, 31 * 48);
    ck_assert_int_eq(tally.ends, 1);
    bering_stop_free(tally.stop);
    bering_scenario_close(scenario);
}
END_TEST

START_TEST(a_replication_before_the_first_is_refused) {
    struct bering_scenario *scenario = open_day();
    struct bering_error error = {.text = ""};
    ck_assert_int_eq(bering_run(scenario, 0, NULL, NULL, &error), BERING_RUN_FAILED);
    ck_assert_str_ne(error.text, "");
    bering_scenario_close(scenario);
}
END_TEST

struct side {
    struct bering_scenario *scenario;
    struct tally tally;
};

static void *run_aside(void *context) {
    struct side *side = context;
    const struct bering_listener listener = listener_of(&side->tally);
    bering_run(side->scenario, 1, &listener, NULL, NULL);
    return NULL;
}

/* Whoever comes first works out the warm-up; both run with it. */
START_TEST(threads_may_share_a_scenario) {
    const char *const overrides[] = {"warmup_days=auto", "horizon_days=20"};
    struct bering_scenario *scenario = open_line(overrides, 2);
    struct side sides[2] = {{.scenario = scenario}, {.scenario = scenario}};
    pthread_t threads[2];
    for (int index = 0; index < 2; index++)
        ck_assert_int_eq(pthread_create(&threads[index], NULL, run_aside, &sides[index]), 0);
    for (int index = 0; index < 2; index++) pthread_join(threads[index], NULL);
    ck_assert_int_ge(sides[0].tally.told, 20 * 48);
    ck_assert_uint_eq(sides[0].tally.sum, sides[1].tally.sum);
    bering_scenario_close(scenario);
}
END_TEST

/* A stop during the warm-up's pilot leaves the scenario as it was: it can be run afterwards. */
START_TEST(a_stopped_warm_up_is_worked_out_again) {
    const char *const overrides[] = {"warmup_days=auto", "horizon_days=2"};
    struct bering_scenario *scenario = open_line(overrides, 2);
    struct bering_stop *stop = bering_stop_create();
    bering_stop_set(stop);
    const struct bering_database_request request = {.database = "never-made.db", .stop = stop};
    struct bering_error error = {.text = ""};
    ck_assert_int_eq(bering_run(scenario, 1, NULL, stop, NULL), BERING_RUN_INTERRUPTED);
    ck_assert_ptr_null(bering_run_into(scenario, &request, &error));
    ck_assert_str_ne(error.text, "");
    ck_assert_int_ne(access("never-made.db", F_OK), 0);
    ck_assert_int_eq(bering_run(scenario, 1, NULL, NULL, NULL), BERING_RUN_COMPLETE);
    bering_stop_free(stop);
    bering_scenario_close(scenario);
}
END_TEST

/* Two trains face each other over a single line, each on the only track the other could go to. */
static const struct file facing[] = {
    {"scenario.csv", "key,value\nrepeat,once\nschedule,trains.csv\n"},
    {"stations.csv", "station,kind\nA,terminal\nB,terminal\n"},
    {"tracks.csv", "station,track,count\nA,1,1\nB,1,1\n"},
    {"sections.csv", "section,from,to,length_km\nA-B,A,B,10\n"},
    {"train_types.csv", "train_type,length_m,max_speed_kmh\nF,100,80\n"},
    {"running_times.csv", "section,train_type,run_s\nA-B,*,600\n"},
    {"trains.csv", "train,train_type,station,arrival,departure,track\n"
                   "T1,F,A,00:00,00:10,1\nT1,F,B,00:30,,\nT2,F,B,00:00,00:10,1\nT2,F,A,00:30,,\n"},
};
enum { FACING_FILES = sizeof facing / sizeof *facing };

static void on_deadlock(void *context, const struct bering_run_end *end) {
    int32_t *named = context;
    ck_assert_int_eq(end->status, BERING_RUN_DEADLOCKED);
    ck_assert_int_eq(end->deadlocked_count, 2);
    for (int32_t index = 0; index < 2; index++) {
        const struct bering_deadlocked_train *train = &end->deadlocked[index];
        const bool first = strcmp(train->name, "T1") == 0;
        ck_assert_int_eq(train->station, first ? 0 : 1);
        ck_assert_str_eq(train->waits_for, first ? "T2" : "T1");
        *named += first ? 1 : 10;
    }
}

START_TEST(a_deadlock_is_explained) {
    char folder[PATH_SIZE];
    make_scratch(folder);
    write_files(folder, facing, FACING_FILES);
    struct bering_scenario *scenario = bering_scenario_open(folder, NULL, NULL);
    ck_assert_ptr_nonnull(scenario);
    int32_t named = 0;
    const struct bering_listener listener = {.context = &named, .end = on_deadlock};
    ck_assert_int_eq(bering_run(scenario, 1, &listener, NULL, NULL), BERING_RUN_DEADLOCKED);
    ck_assert_int_eq(named, 11);
    bering_scenario_close(scenario);
    remove_files(folder, facing, FACING_FILES);
}
END_TEST

/* --------------------------------------------------------------------------------------------------- a database */

static int64_t ask(const char *path, const char *sql) {
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;
    ck_assert_int_eq(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    const int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return value;
}

static void change_file(const char *path, const char *sql) {
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

static void on_progress(void *context, int32_t done, int32_t total, double elapsed_s) {
    int32_t *last = context;
    ck_assert_int_ge(done, *last);
    ck_assert_int_eq(total, 3);
    ck_assert_double_ge(elapsed_s, 0);
    *last = done;
}

static void check_experiment(const struct bering_experiment *experiment) {
    struct bering_estimate estimate = {0};
    ck_assert_int_eq(bering_experiment_run_count(experiment), 3);
    for (int32_t index = 0; index < 3; index++) {
        const struct bering_stored_run run = bering_experiment_run_at(experiment, index);
        ck_assert_int_eq(run.replication, index + 1);
        ck_assert_int_eq(run.status, BERING_RUN_COMPLETE);
        ck_assert_uint_eq(strlen(run.results_sha256), 64);
        ck_assert_int_eq(run.run_id, bering_experiment_run_at(experiment, 0).run_id + index);
    }
    for (int32_t index = -1; index <= 3; index += 4) {
        ck_assert_int_eq(bering_experiment_run_at(experiment, index).run_id, 0);
        ck_assert_str_eq(bering_experiment_run_at(experiment, index).results_sha256, "");
    }
    ck_assert(bering_experiment_estimate(experiment, "trains_planned", &estimate));
    ck_assert_double_eq(estimate.mean, 48);
    ck_assert_int_eq(estimate.replications, 3);
    ck_assert(!bering_experiment_estimate(experiment, "happiness", &estimate));
}

START_TEST(replications_go_into_a_database) {
    char folder[PATH_SIZE], path[PATH_SIZE];
    make_scratch(folder);
    path_in(folder, "library.db", path);
    const char *const overrides[] = {"warmup_days=0", "horizon_days=1", "replications=3"};
    struct bering_scenario *scenario = open_line(overrides, 3);
    int32_t last = 0;
    struct bering_database_request request = {
        .database = path, .jobs = 2, .arguments = "a note", .progress = on_progress, .context = &last};
    struct bering_experiment *first = bering_run_into(scenario, &request, NULL);
    request.jobs = 0;
    last = 0;
    struct bering_experiment *second = bering_run_into(scenario, &request, NULL);
    ck_assert(first != NULL && second != NULL);
    ck_assert_int_eq(last, 3);
    check_experiment(first);
    check_experiment(second);
    ck_assert_int_eq(bering_experiment_id(second), bering_experiment_id(first) + 1);
    ck_assert_str_eq(bering_experiment_run_at(first, 0).results_sha256,
                     bering_experiment_run_at(second, 0).results_sha256);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM runs WHERE status = 'complete'"), 6);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM trains"), 6 * 48);
    ck_assert_int_eq(ask(path, "SELECT count(*) FROM experiments WHERE command = 'library' AND arguments = 'a note'"),
                     2);
    bering_experiment_free(first);
    bering_experiment_free(second);
    bering_scenario_close(scenario);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left there */
}
END_TEST

START_TEST(a_stopped_experiment_keeps_its_marks) {
    char folder[PATH_SIZE], path[PATH_SIZE];
    make_scratch(folder);
    path_in(folder, "library.db", path);
    struct bering_scenario *scenario = open_day();
    struct bering_stop *stop = bering_stop_create();
    bering_stop_set(stop);
    const struct bering_database_request request = {.database = path, .stop = stop};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, NULL);
    ck_assert_ptr_nonnull(experiment);
    ck_assert_int_eq(bering_experiment_run_count(experiment), 1);
    const enum bering_run_status status = bering_experiment_run_at(experiment, 0).status;
    ck_assert(status == BERING_RUN_INTERRUPTED || status == BERING_RUN_COMPLETE); /* it may have been too quick */
    bering_experiment_free(experiment);
    bering_stop_free(stop);
    bering_scenario_close(scenario);
    unlink(path);
    rmdir(folder);
}
END_TEST

START_TEST(what_cannot_be_written_is_said) {
    struct bering_scenario *scenario = open_day();
    const struct bering_database_request requests[] = {{.database = "no/such/folder/library.db"},
                                                       {.database = NULL},
                                                       {.database = "never-made.db", .jobs = 257},
                                                       {.database = "never-made.db", .jobs = -1}};
    for (int index = 0; index < 4; index++) {
        struct bering_error error = {.text = ""};
        ck_assert_ptr_null(bering_run_into(scenario, &requests[index], &error));
        ck_assert_str_ne(error.text, "");
        ck_assert_ptr_null(bering_run_into(scenario, &requests[index], NULL)); /* who does not want to know */
    }
    ck_assert_int_ne(access("never-made.db", F_OK), 0);
    bering_scenario_close(scenario);
}
END_TEST

START_TEST(a_stored_run_is_made_again) {
    char folder[PATH_SIZE], path[PATH_SIZE];
    make_scratch(folder);
    path_in(folder, "library.db", path);
    struct bering_scenario *scenario = open_day();
    const struct bering_database_request request = {.database = path};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, NULL);
    ck_assert_ptr_nonnull(experiment);
    struct bering_rerun rerun;
    struct bering_error error = {.text = ""};
    ck_assert(bering_rerun(path, 1, NULL, &rerun, &error));
    ck_assert_int_eq(rerun.outcome, BERING_RERUN_SAME);
    ck_assert_str_eq(rerun.sha256, bering_experiment_run_at(experiment, 0).results_sha256);
    ck_assert_str_eq(rerun.made_by, bering_version());
    ck_assert(rerun.why[0] == '\0' && rerun.first_row[0] == '\0' && rerun.rows_different == 0);
    change_file(path, "UPDATE trains SET delay_ms = delay_ms + 1");
    ck_assert(bering_rerun(path, 1, NULL, &rerun, NULL));
    ck_assert_int_eq(rerun.outcome, BERING_RERUN_DIFFERENT);
    ck_assert_int_eq(rerun.rows_different, 48);
    ck_assert_str_eq(rerun.first_table, "trains");
    ck_assert_ptr_nonnull(strstr(rerun.first_row, "delay_ms was "));
    ck_assert_str_ne(rerun.why, "");
    ck_assert(bering_rerun(path, 2, NULL, &rerun, NULL));
    ck_assert_int_eq(rerun.outcome, BERING_RERUN_IMPOSSIBLE);
    ck_assert_str_eq(rerun.why, "there is no such run");
    ck_assert(!bering_rerun("never-made.db", 1, NULL, &rerun, &error));
    ck_assert_str_ne(error.text, "");
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    unlink(path);
    rmdir(folder);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {headers_and_library_are_of_one_version,
                                  a_scenario_answers_questions,
                                  indexes_outside_give_nothing,
                                  a_sound_scenario_has_no_problems,
                                  problems_have_their_place,
                                  nothing_is_allowed,
                                  a_day_is_told_train_by_train,
                                  the_same_again_is_the_same,
                                  a_run_can_be_stopped,
                                  a_replication_before_the_first_is_refused,
                                  threads_may_share_a_scenario,
                                  a_stopped_warm_up_is_worked_out_again,
                                  a_deadlock_is_explained,
                                  replications_go_into_a_database,
                                  a_stopped_experiment_keeps_its_marks,
                                  what_cannot_be_written_is_said,
                                  a_stored_run_is_made_again};
    return run_suite("library", tests, sizeof tests / sizeof *tests);
}
