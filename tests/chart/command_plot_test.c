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

START_TEST(a_wrong_command_line_is_2) {
    ck_assert_int_eq(run_plot((const char *const[]){NULL}), STATUS_USAGE);
    assert_said("err", "which chart?");
    ck_assert_int_eq(PLOT("nonsense"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--from", "25:99"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--to", "soon"), STATUS_USAGE);
    assert_said("err", "HH:MM");
    ck_assert_int_eq(PLOT("traingraph", "-o", "a.gif"), STATUS_USAGE);
    assert_said("err", ".svg, .png or .pdf");
    ck_assert_int_eq(PLOT("traingraph", "--run", "0"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "--colour"), STATUS_USAGE);
    ck_assert_int_eq(PLOT("traingraph", "again"), STATUS_USAGE);
}
END_TEST

START_TEST(work_that_fails_is_1) {
    ck_assert_int_eq(PLOT("traingraph", "--db", "/nonexistent/x.db"), STATUS_FAILED);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--run", "9"), STATUS_FAILED);
    assert_said("err", "has no run 9");
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "--from", "900"), STATUS_FAILED);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text, "-o", "/nonexistent/a.svg"), STATUS_FAILED);
    assert_said("err", "cannot be written");
    setenv("PATH", "", 1);
    ck_assert_int_eq(PLOT("traingraph", "--db", database_path_text), STATUS_FAILED);
    assert_said("err", "install it");
}
END_TEST

START_TEST(help_and_list_are_0) {
    ck_assert_int_eq(PLOT("--help"), STATUS_DONE);
    assert_said("out", "traingraph");
    ck_assert_int_eq(PLOT("--list"), STATUS_DONE);
    ck_assert_int_eq(PLOT("--list", "--format", "json"), STATUS_DONE);
    assert_said("out", "\"kind\": \"traingraph\"");
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
    const TTest *const tests[] = {a_wrong_command_line_is_2, work_that_fails_is_1, help_and_list_are_0,
                                  the_picture_lies_beside_the_database};
    return run_suite_in_scratch("command_plot", tests, sizeof tests / sizeof *tests, set_up);
}
