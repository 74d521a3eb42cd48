#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chart_tests.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "graph_fixture.h"
#include "results/scratch.h"
#include "study_fixture.h"

static char database_path_text[SCRATCH_PATH];

/* A database to draw from; what the command says goes to a file beside it. */
static void set_up(void) {
    scratch_make();
    struct database *database = fixture_open("A line");
    fixture_line(database, 3, 20, NULL);
    fixture_traffic(database, 3, 4, 60, 15, 5);
    database_close(database);
    scratch_file("run.db", database_path_text);
    char path[SCRATCH_PATH];
    ck_assert_ptr_nonnull(freopen(scratch_file("out", path), "w", stdout));
    ck_assert_ptr_nonnull(freopen(scratch_file("err", path), "w", stderr));
}

enum { MOST_WORDS = 12 };

/* Runs `plot` with these words (until NULL). */
static int run_plot(const char *const *words) {
    static char texts[MOST_WORDS][SCRATCH_PATH];
    char *argv[MOST_WORDS + 1];
    int argc = 0;
    argv[argc++] = strcpy(texts[0], "plot");
    for (; *words != NULL; words++, argc++) argv[argc] = strcpy(texts[argc], *words);
    argv[argc] = NULL;
    const int status = command_plot(argc, argv);
    fflush(stdout);
    fflush(stderr);
    return status;
}

#define PLOT(...) run_plot((const char *const[]){__VA_ARGS__, NULL})

static void assert_said(const char *stream, const char *words) {
    char path[SCRATCH_PATH];
    char *text = file_content(scratch_file(stream, path));
    ck_assert_msg(strstr(text, words) != NULL, "%s", text);
    free(text);
}

START_TEST(the_database_is_not_drawn_over) {
    char database[SCRATCH_PATH], link[SCRATCH_PATH];
    ck_assert_int_eq(rename(database_path_text, scratch_file("run.svg", database)), 0);
    ck_assert_int_eq(symlink(database, scratch_file("link.svg", link)), 0);
    ck_assert_int_eq(PLOT("traingraph", "--db", database, "-o", database), STATUS_USAGE);
    assert_said("err", "would take the place of the database; name another file");
    ck_assert_int_eq(PLOT("traingraph", "--db", link, "-o", database), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--db", database, "-o", link), STATUS_USAGE);
    char *bytes = file_content(database);
    ck_assert_int_eq(strncmp(bytes, "SQLite format 3", 15), 0);
    free(bytes);
}
END_TEST

START_TEST(a_wrong_command_line_is_2) {
    ck_assert_int_eq(run_plot((const char *const[]){NULL}), STATUS_USAGE);
    assert_said("err", "which chart?");
    ck_assert_int_eq(PLOT("nonsense"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--from", "25:99"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--to", "soon"), STATUS_USAGE);
    assert_said("err", "HH:MM");
    ck_assert_int_eq(PLOT("traingraph", "--from", "11:00", "--to", "08:00"), STATUS_USAGE);
    assert_said("err", "--to must be after --from, by a minute or more, unlike '08:00' after '11:00'");
    ck_assert_int_eq(PLOT("traingraph", "--from", "2 11:00", "--to", "2 11:00"), STATUS_USAGE);
    assert_said("err", "unlike '2 11:00' after '2 11:00'");
    ck_assert_int_eq(PLOT("traingraph", "-o", "a.gif"), STATUS_USAGE);
    assert_said("err", "the output must end in .svg, .png or .pdf, unlike 'a.gif'");
    ck_assert_int_eq(PLOT("traingraph", "--run", "0"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--colour"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "again"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("delay", "--run", "1"), STATUS_USAGE);
    assert_said("err", "--run says nothing about a chart of delay");
    ck_assert_int_eq(PLOT("capacity", "--from", "08:00"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("occupation", "--to", "08:00"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("stairway", "--experiment", "1"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--variant", "one"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("occupation", "--run", "1", "--experiment", "1"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("occupation", "--run", "1", "--variant", "one"), STATUS_USAGE);
}
END_TEST

START_TEST(work_that_fails_is_1) {
    ck_assert_int_eq(PLOT("traingraph", "--db", "/nonexistent/x.db"), STATUS_FAILED);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--run", "9"), STATUS_FAILED);
    assert_said("err", "has no run 9");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--from", "900"), STATUS_FAILED);
    assert_said("err", "run 1 ends after 24.0 hours, before --from");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "-o", "/dev/null/x.svg"), STATUS_FAILED);
    assert_said("err", "cannot be written");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "-o", "/nonexistent/a.svg"), STATUS_FAILED);
    assert_said("err", "cannot be written");
    setenv("PATH", "", 1);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "install it");
}
END_TEST

START_TEST(a_chart_without_its_data_says_what_makes_them) {
    ck_assert_int_eq(PLOT("delay", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "has no delays at different demands; `bering capacity SCENARIO --db");
    ck_assert_int_eq(PLOT("capacity", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "has no answers of a capacity study");
    ck_assert_int_eq(PLOT("occupation", "--experiment", "1", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "has no compressed timetable");
    ck_assert_int_eq(PLOT("stairway", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "run it again with --detail blocks");
    ck_assert_int_eq(PLOT("waiting", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "no flows.csv");
    ck_assert_int_eq(PLOT("transit", "--db", database_path_text), STATUS_FAILED);
    ck_assert_int_eq(PLOT("earnings", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "`bering sweep SCENARIO --vary 'schedule.trains_per_day=*0.5,*1,*1.5,*2' --db");
}
END_TEST

/* More variants than there is room for. */
START_TEST(a_study_is_drawn_with_what_was_asked_for) {
    if (!gnuplot_is_there()) return;
    char path[SCRATCH_PATH];
    scratch_remove();
    scratch_make();
    struct database *database = study_open(4, NULL);
    for (int variant = 0; variant < 30; variant++) {
        char name[16];
        snprintf(name, sizeof name, "v%d", variant);
        study_variant(database, name, 20 + variant, 3);
    }
    fixture_sql(database, "COMMIT");
    database_close(database);
    scratch_file("run.db", database_path_text);
    ck_assert_ptr_nonnull(freopen(scratch_file("out", path), "w", stdout));
    ck_assert_ptr_nonnull(freopen(scratch_file("err", path), "w", stderr));
    ck_assert_int_eq(PLOT("capacity", "--db", database_path_text, "--format", "json"), STATUS_DONE);
    assert_said("out", "\"experiment_id\": 2,\n  \"variants\": 24\n");
    assert_said("err", "no room for 6 more variants");
    ck_assert_int_eq(access(scratch_file("capacity.svg", path), R_OK), 0);
    ck_assert_int_eq(PLOT("delay", "--db", database_path_text, "--experiment", "2", "--variant", "v29", "-o",
                          scratch_file("d.pdf", path), "--format", "json"),
                     STATUS_DONE);
    assert_said("out", "\"kind\": \"delay\"");
    assert_said("out", "\"variants\": 1\n");
    ck_assert_int_eq(access(path, R_OK), 0);
    ck_assert_int_eq(PLOT("occupation", "--db", database_path_text, "--variant", "v3", "--format", "json"),
                     STATUS_DONE);
    assert_said("out", "\"sections\": 3\n");
}
END_TEST

START_TEST(help_and_list_are_0) {
    ck_assert_int_eq(PLOT("--help"), STATUS_DONE);
    assert_said("out", "traingraph");
    ck_assert_int_eq(PLOT("--list"), STATUS_DONE);
    ck_assert_int_eq(PLOT("--list", "--format", "json"), STATUS_DONE);
    assert_said("out", "\"kind\": \"traingraph\"");
    assert_said("out", "\"kind\": \"stairway\"");
    assert_said("out", "\"kind\": \"occupation\"");
    assert_said("out", "\"kind\": \"capacity\"");
    assert_said("out", "\"kind\": \"delay\"");
    assert_said("out", "\"kind\": \"earnings\"");
}
END_TEST

/* The last run deadlocked before any train had moved; it is drawn if asked for. */
START_TEST(a_complete_run_comes_first_and_a_dead_start_can_be_drawn) {
    if (!gnuplot_is_there()) return;
    struct failure failure;
    struct database *database = database_open(database_path_text, DATABASE_WRITE, 1000, &failure);
    fixture_sql(
        database,
        "INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, dispatch, replication, seed, start_date,"
        " warmup_ms, horizon_ms, detail, status, bering_version, created_at, end_ms) SELECT 2, 1, 'abc', scenario,"
        " dispatch, 2, 1, start_date, 0, 0, detail, 'deadlocked', '0', '', 0 FROM runs;"
        "INSERT INTO trains (run_id, train_id, train, train_type, origin, destination, planned_departure_ms, teu,"
        " status, direction) VALUES (2, 1, 'T1', 'freight', 'S0', 'S2', 600000, 0, 'waiting', 'forward');"
        "INSERT INTO calls (run_id, train_id, seq, station, arrival_ms, stopped, wait_ms)"
        " VALUES (2, 1, 1, 'S0', 0, 1, 0), (2, 1, 2, 'S1', NULL, 0, 0), (2, 1, 3, 'S2', NULL, 1, 0)");
    database_close(database);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--format", "json"), STATUS_DONE);
    assert_said("out", "\"run_id\": 1,");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--run", "2", "--format", "json"), STATUS_DONE);
    assert_said("out", "\"run_id\": 2,\n  \"from_ms\": 0,\n  \"to_ms\": 3600000,\n  \"trains\": 1\n");
}
END_TEST

START_TEST(the_picture_lies_beside_the_database) {
    char path[SCRATCH_PATH];
    if (!gnuplot_is_there()) return;
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text), STATUS_DONE);
    ck_assert_int_eq(access(scratch_file("traingraph.svg", path), R_OK), 0);
    assert_said("out", path);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "-o", scratch_file("b.png", path), "--from",
                          "00:30", "--to", "02:00", "--format", "json"),
                     STATUS_DONE);
    ck_assert_int_eq(access(path, R_OK), 0);
    assert_said("out", "\"from_ms\": 1800000");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--from", "20:00", "--to", "21:00"), STATUS_DONE);
    assert_said("err", "no train is on the line");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_wrong_command_line_is_2,
                                  the_database_is_not_drawn_over,
                                  work_that_fails_is_1,
                                  a_chart_without_its_data_says_what_makes_them,
                                  a_study_is_drawn_with_what_was_asked_for,
                                  help_and_list_are_0,
                                  a_complete_run_comes_first_and_a_dead_start_can_be_drawn,
                                  the_picture_lies_beside_the_database};
    return run_suite_in_scratch("command_plot", tests, sizeof tests / sizeof *tests, set_up);
}
