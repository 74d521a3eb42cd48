#include "results/run_list.h"

#include <math.h>
#include <string.h>

#include "results/store.h"
#include "scratch.h"
#include "small_line.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct small_line line;
static struct database *database;

/* Two experiments of two runs and one, from different input; the first run of each is finished. */
static void set_up(void) {
    scratch_make();
    small_line_make(&line);
    database = database_open(scratch_file("results.db", path), DATABASE_WRITE, 50, &failure);
    struct store *store = store_create(database, &failure);
    ck_assert_msg(store != NULL, "%s", failure.text);
    for (int32_t replications = 2; replications >= 1; replications--) {
        struct store_experiment experiment;
        ck_assert(store_experiment_begin(store, "run", "", &line.scenario, replications, &experiment, &failure));
        struct recorder *recorder = recorder_create(&line.scenario);
        const struct observer observer = recorder_observer(recorder);
        small_line_tell(&observer, 0);
        const struct store_outcome outcome = {
            .scenario = &line.scenario, .status = RUN_COMPLETE, .run = recorder_run(recorder)};
        ck_assert(store_run_finish(store, experiment.first_run_id, &outcome, NULL, &failure));
        recorder_destroy(recorder);
        strcpy(line.scenario.input_sha256, "4567");
    }
    store_destroy(store);
}

START_TEST(runs_are_listed_with_their_figures) {
    struct run_list list;
    ck_assert_msg(run_list_read(database, &list, &failure), "%s", failure.text);
    ck_assert_int_eq(list.count, 3);
    ck_assert_int_eq(list.entries[0].run_id, 1);
    ck_assert_str_eq(list.entries[0].status, "complete");
    ck_assert_str_eq(list.entries[0].scenario, "small line");
    ck_assert_ptr_null(list.entries[0].variant);
    ck_assert_double_eq(list.entries[0].trains_per_day, 2);
    ck_assert_double_eq_tol(list.entries[0].mean_delay_min, 40.0 / 3, 1e-9);
    ck_assert_double_eq(list.entries[0].horizon_days, 1);
    ck_assert_str_eq(list.entries[1].status, "running");
    ck_assert(isnan(list.entries[1].trains_per_day));
    ck_assert_ptr_null(list.entries[1].results_sha256);
    ck_assert_int_eq(list.entries[2].experiment_id, 2);
    run_list_free(&list);
    database_close(database);
}
END_TEST

START_TEST(a_deleted_run_takes_what_only_it_needed) {
    ck_assert_msg(run_list_delete(database, 1, &failure), "%s", failure.text);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM trains WHERE run_id = 1"), 0);
    ck_assert_int_gt(ask_integer(database, "SELECT count(*) FROM trains"), 0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM experiments"), 2); /* run 2 is of the first, too */
    ck_assert(run_list_delete(database, 3, &failure));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM experiments"), 1);
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(DISTINCT input_sha256) FROM inputs"), "0123");
    ck_assert_int_eq(ask_integer(database, "SELECT (SELECT count(*) FROM trains) + (SELECT count(*) FROM settings) + "
                                           "(SELECT count(*) FROM metrics) + (SELECT count(*) FROM calls)"),
                     0);
    database_close(database);
}
END_TEST

START_TEST(a_number_is_not_given_out_again) {
    ck_assert(run_list_delete(database, 3, &failure));
    struct store *store = store_create(database, &failure);
    struct store_experiment experiment;
    ck_assert(store_experiment_begin(store, "run", "", &line.scenario, 1, &experiment, &failure));
    ck_assert_int_eq(experiment.first_run_id, 4);
    store_destroy(store);
    database_close(database);
}
END_TEST

START_TEST(a_run_that_is_not_there_cannot_be_deleted) {
    ck_assert(!run_list_delete(database, 99, &failure));
    ck_assert_msg(strstr(failure.text, "there is no run 99") != NULL, "%s", failure.text);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM runs"), 3);
    database_close(database);
}
END_TEST

/* What has no runs of its own stays, and the files it was made from with it. */
START_TEST(capacity_outlives_the_runs) {
    ck_assert(database_execute(database,
                               "INSERT INTO experiments VALUES (7, 'capacity', '', '');"
                               "INSERT INTO capacity (experiment_id, variant, answer, input_sha256) "
                               "VALUES (7, '', 'saturated', '4567')",
                               &failure));
    ck_assert(run_list_delete(database, 3, &failure));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM capacity"), 1);
    ck_assert_str_eq(ask_text(database,
                              "SELECT group_concat(experiment_id) FROM (SELECT experiment_id FROM experiments "
                              "ORDER BY experiment_id)"),
                     "1,7");
    ck_assert_int_gt(ask_integer(database, "SELECT count(*) FROM inputs WHERE input_sha256 = '4567'"), 0);
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {runs_are_listed_with_their_figures, a_deleted_run_takes_what_only_it_needed,
                                  a_number_is_not_given_out_again, capacity_outlives_the_runs,
                                  a_run_that_is_not_there_cannot_be_deleted};
    return run_suite_in_scratch("run_list", tests, sizeof tests / sizeof *tests, set_up);
}
