#include "chart/gnuplot.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "chart_tests.h"
#include "results/scratch.h"

static struct failure failure;
static char path[SCRATCH_PATH];

static void set_up(void) {
    scratch_make();
    failure.text[0] = '\0';
}

static struct gnuplot *job_with(const char *script, enum picture_format format) {
    struct gnuplot *job = gnuplot_begin(&failure);
    ck_assert_msg(job != NULL, "%s", failure.text);
    FILE *file = gnuplot_file(job, GNUPLOT_SCRIPT, &failure);
    ck_assert_ptr_nonnull(file);
    gnuplot_terminal(file, format, 300, 200);
    fputs(script, file);
    ck_assert(gnuplot_close(job, file, &failure));
    return job;
}

static bool draw(const char *script, const char *target) {
    enum picture_format format = PICTURE_SVG;
    picture_format_of(target, &format);
    struct gnuplot *job = job_with(script, format);
    const bool drawn = gnuplot_draw(job, target, &failure);
    if (drawn) ck_assert_str_eq(gnuplot_messages(job), "");
    gnuplot_end(job);
    return drawn;
}

static void write_file(const char *name, const char *text, mode_t mode) {
    FILE *file = fopen(scratch_file(name, path), "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

static void assert_content(const char *name, const char *start) {
    char text[64] = "";
    FILE *file = fopen(scratch_file(name, path), "r");
    ck_assert_msg(file != NULL, "%s is not there", name);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    ck_assert_msg(strncmp(text, start, strlen(start)) == 0, "%s begins %.20s", name, text);
}

/* A program of ours in gnuplot's place: the folder is the whole of PATH. */
static void stand_in(const char *program) {
    write_file("gnuplot", program, 0755);
    setenv("PATH", scratch_folder(), 1);
}

START_TEST(draws_all_formats) {
    if (!gnuplot_is_there()) return;
    ck_assert_msg(draw("plot x\n", scratch_file("a.svg", path)), "%s", failure.text);
    assert_content("a.svg", "<?xml");
    ck_assert_msg(draw("plot x\n", scratch_file("a.png", path)), "%s", failure.text);
    assert_content("a.png", "\x89PNG");
    ck_assert_msg(draw("plot x\n", scratch_file("a.pdf", path)), "%s", failure.text);
    assert_content("a.pdf", "%PDF");
    struct stat status;
    const mode_t mask = umask(0);
    umask(mask);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0666 & ~mask); /* as public as any file */
}
END_TEST

START_TEST(hostile_file_names_are_only_names) {
    if (!gnuplot_is_there()) return;
    static const char *const names[] = {
        "a b.svg", "it's \"quoted\".svg", "$(touch owned).svg", "`touch owned`.svg", "a;touch owned.svg", "%s%n%d.svg",
        "-o.svg",  "@x{^}_~&\\.svg"};
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        ck_assert_msg(draw("plot x\n", scratch_file(names[index], path)), "%s", failure.text);
        assert_content(names[index], "<?xml");
    }
    ck_assert_int_ne(access(scratch_file("owned", path), F_OK), 0);
}
END_TEST

START_TEST(hostile_texts_come_through) {
    if (!gnuplot_is_there()) return;
    static const char text[] = "a_b^c{d}@e~f\\n'g' \"h\" %d %s `touch owned` $(x) @MACRO #i [j] éß東";
    struct gnuplot *job = gnuplot_begin(&failure);
    FILE *script = gnuplot_file(job, GNUPLOT_SCRIPT, &failure);
    gnuplot_terminal(script, PICTURE_SVG, 900, 300);
    fputs("T = ", script);
    gnuplot_string(script, text);
    fputs("\nset label T at 0,0\nset label 'end\\' at 1,1\nplot [-5:5] x\n", script);
    ck_assert(gnuplot_close(job, script, &failure));
    ck_assert_msg(gnuplot_draw(job, scratch_file("t.svg", path), &failure), "%s", failure.text);
    ck_assert_str_eq(gnuplot_messages(job), "");
    gnuplot_end(job);
    ck_assert_int_eq(svg_texts_equal(path, text), 1);
    ck_assert_int_eq(svg_texts_equal(path, "end\\"), 1);
    ck_assert_int_ne(access(scratch_file("owned", path), F_OK), 0);
}
END_TEST

START_TEST(a_missing_gnuplot_is_told_with_a_remedy) {
    static const char *const paths[] = {"", ":", "/nonexistent", "relative:."};
    for (size_t index = 0; index < sizeof paths / sizeof *paths; index++) {
        setenv("PATH", paths[index], 1);
        ck_assert(!draw("plot x\n", scratch_file("a.svg", path)));
        ck_assert_ptr_nonnull(strstr(failure.text, "gnuplot is not there, and charts are drawn with it: install it"));
        ck_assert_int_ne(access(path, F_OK), 0);
    }
}
END_TEST

START_TEST(a_failing_gnuplot_is_quoted_and_the_old_picture_stays) {
    write_file("a.svg", "old", 0644);
    stand_in("#!/bin/sh\necho half > picture\necho 'line 3: all points\nundefined!' >&2\nexit 3\n");
    ck_assert(!draw("", scratch_file("a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "exit status 3: line 3: all points undefined!"));
    assert_content("a.svg", "old");
    stand_in("#!/bin/sh\nexit 0\n");
    ck_assert(!draw("", scratch_file("a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "drew nothing"));
    stand_in("#!/bin/sh\n: > picture\nexit 0\n");
    ck_assert(!draw("", scratch_file("a.svg", path)));
    stand_in("#!/bin/sh\nkill -9 $$\n");
    ck_assert(!draw("", scratch_file("a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "signal 9"));
    assert_content("a.svg", "old");
    ck_assert_int_eq(files_in(scratch_folder()), 2); /* nothing left beside: the picture and the stand-in */
}
END_TEST

enum { TOLD, NOT_TOLD, CANNOT_BE_TRIED };

/* In a process of its own, for it gives up what it may do: no further process may be begun. */
static int draw_without_processes(void) {
    const struct rlimit none = {0, 0};
    if ((geteuid() == 0 && setuid(65534) != 0) || setrlimit(RLIMIT_NPROC, &none) != 0) return CANNOT_BE_TRIED;
    struct gnuplot *job = gnuplot_begin(&failure);
    if (job == NULL) return CANNOT_BE_TRIED;
    char target[4096];
    snprintf(target, sizeof target, "%s/a.svg", gnuplot_folder(job));
    const bool drawn = gnuplot_draw(job, target, &failure);
    gnuplot_end(job);
    if (!drawn && strstr(failure.text, "gnuplot cannot be started: ") != NULL) return TOLD;
    fprintf(stderr, "%s\n", drawn ? "a picture was drawn" : failure.text);
    return NOT_TOLD;
}

START_TEST(a_gnuplot_that_cannot_be_started_is_told) {
    stand_in("#!/bin/sh\nexit 0\n");
    chmod(scratch_folder(), 0755);
    const pid_t child = fork();
    if (child == 0) _exit(draw_without_processes());
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) != NOT_TOLD);
    if (WEXITSTATUS(status) == CANNOT_BE_TRIED) fprintf(stderr, "skipped: the limit on processes cannot be set\n");
}
END_TEST

START_TEST(errors_of_a_script_are_failures) {
    if (!gnuplot_is_there()) return;
    ck_assert(!draw("plot nonsense(x)\n", scratch_file("a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "gnuplot failed"));
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(gnuplot_start_up_files_are_not_read) {
    if (!gnuplot_is_there()) return;
    write_file(".gnuplot", "exit status 9\n", 0644);
    setenv("HOME", scratch_folder(), 1);
    ck_assert_msg(draw("plot x\n", scratch_file("a.svg", path)), "%s", failure.text);
}
END_TEST

START_TEST(an_output_that_cannot_be_written_is_told) {
    ck_assert(!draw("plot x\n", scratch_file("no/such/folder/a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "cannot be written: its folder is not there; make it, or name another"));
    ck_assert_int_eq(mkdir(scratch_file("folder.svg", path), 0755), 0);
    ck_assert(!draw("plot x\n", path));
    ck_assert_ptr_nonnull(strstr(failure.text, "it is there and no file"));
    rmdir(path);
    if (geteuid() == 0) return; /* to whom no folder is closed */
    chmod(scratch_folder(), 0500);
    ck_assert(!draw("plot x\n", scratch_file("a.svg", path)));
    ck_assert_ptr_nonnull(strstr(failure.text, "Permission denied"));
}
END_TEST

START_TEST(nothing_is_left_behind) {
    struct gnuplot *job = job_with("plot x\n", PICTURE_SVG);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", gnuplot_folder(job));
    ck_assert_int_eq(access(folder, F_OK), 0);
    gnuplot_end(job);
    ck_assert_int_ne(access(folder, F_OK), 0);
    gnuplot_end(NULL);
}
END_TEST

START_TEST(no_folder_for_the_data_is_told) {
    setenv("TMPDIR", "/nonexistent", 1);
    ck_assert_ptr_null(gnuplot_begin(&failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "/nonexistent"));
}
END_TEST

int main(void) {
    const TTest *const tests[] = {draws_all_formats,
                                  hostile_file_names_are_only_names,
                                  hostile_texts_come_through,
                                  a_missing_gnuplot_is_told_with_a_remedy,
                                  a_failing_gnuplot_is_quoted_and_the_old_picture_stays,
                                  a_gnuplot_that_cannot_be_started_is_told,
                                  errors_of_a_script_are_failures,
                                  gnuplot_start_up_files_are_not_read,
                                  an_output_that_cannot_be_written_is_told,
                                  nothing_is_left_behind,
                                  no_folder_for_the_data_is_told};
    return run_suite_in_scratch("gnuplot", tests, sizeof tests / sizeof *tests, set_up);
}
