/* Everything that is done to a file goes wrong once, or from some moment on, with every error a system has for it: of
 * every command, whether it reads or writes a scenario, a database or a picture. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

/* What is faulty is what `path` names. Who writes does so to broken.db, a new one or, with `copied`, one like kept.db;
 * who draws makes `picture`. Of a picture only what makes it goes wrong: what cannot be removed must stay. */
static const struct {
    const char *arguments, *path;
    bool writes, copied;
    const char *picture;
} commands[] = {
    {.arguments = "check line", .path = "line/"},
    {.arguments = "run line --jobs 1 --db broken.db", .path = "line/", .writes = true},
    {.arguments = "sweep line --vary seed=3,4 --jobs 1 --db broken.db", .path = "line/", .writes = true},
    {.arguments = "runs --db kept.db", .path = "kept.db"},
    {.arguments = "audit --run 1 --db kept.db", .path = "kept.db"},
    {.arguments = "rerun 1 --db kept.db", .path = "kept.db"},
    {.arguments = "plot traingraph --run 1 --db kept.db -o pictures/a.svg",
     .path = "kept.db",
     .picture = "pictures/a.svg"},
    {.arguments = "plot tornado --db kept.db -o pictures/a.svg", .path = "kept.db", .picture = "pictures/a.svg"},
    {.arguments = "plot stairway --run 1 --db kept.db -o pictures/a.svg",
     .path = "pictures",
     .picture = "pictures/a.svg"},
    {.arguments = "plot earnings --db kept.db -o pictures/a.png", .path = "pictures", .picture = "pictures/a.png"},
    {.arguments = "run line --jobs 1 --db broken.db", .path = "broken.db", .writes = true},
    {.arguments = "run line --jobs 2 --db broken.db", .path = "broken.db", .writes = true, .copied = true},
    {.arguments = "runs --delete 2 --db broken.db", .path = "broken.db", .writes = true, .copied = true},
    {.arguments = "sweep line --vary seed=3,4 --jobs 1 --db broken.db", .path = "broken.db", .writes = true},
    {.arguments = "capacity line --days 3 --jobs 1 --db broken.db", .path = "broken.db", .writes = true},
    {.arguments = "appraise pays --samples 32 --jobs 1 --db broken.db", .path = "broken.db", .writes = true},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const int errors[] = {EIO, EROFS, EDQUOT, EMFILE, ENOSPC};
enum { ERRORS = sizeof errors / sizeof *errors };

/* What is to be done, or the place. */
static void check_message(const char *where, const struct ending *ending) {
    static const char *const words[] = {
        "make room",       "see whether",           "try again",    "name another",
        "ulimit -n",       "sqlite3 FILE .recover", "is read-only", "copy both to another folder",
        "cannot be read: "};
    bool told = false;
    for (size_t index = 0; index < sizeof words / sizeof *words; index++)
        told |= strstr(ending->said, words[index]) != NULL;
    ck_assert_msg(told, "%s: %s", where, ending->said);
}

static struct ending start(int command, const struct conditions *conditions) {
    forget("broken.db");
    if (commands[command].copied) copy_file("kept.db", "broken.db");
    if (commands[command].picture != NULL) write_file(commands[command].picture, "the old one", 0644);
    return bering_run(conditions, commands[command].arguments);
}

static char temporary[600]; /* TMPDIR=… */

/* With the error `number`, 0: none, at `at`. */
static struct ending fail_at(int command, int number, const char *kind, int64_t at) {
    char where[40], how[40], error[40], path[100];
    snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
    snprintf(how, sizeof how, "FAULT_KIND=%s", kind);
    snprintf(error, sizeof error, "FAULT_ERROR=%d", number);
    snprintf(path, sizeof path, "FAULT_PATH=%s", commands[command].path);
    const bool of_picture = commands[command].picture != NULL && strcmp(commands[command].path, "pictures") == 0;
    const struct conditions conditions = {.preloaded = "FAULTY_FILES",
                                          .variables = {path, where, how, error, temporary, "FAULT_HURRY=1",
                                                        "FAULT_COUNT=count", of_picture ? NULL : "FAULT_ALL=1"}};
    return start(command, &conditions);
}

/* The disk is whole again: what is left is no hindrance. */
static void check_next_run(const char *where, const struct standing *left) {
    const struct ending ending = bering_run(NULL, "run line --replications 1 --jobs 1 --db broken.db");
    ck_assert_msg(ending.status == 0, "%s: the next run: %s", where, ending.said);
    check_at_rest("broken.db");
    const struct standing now = check_database("broken.db", "kept.db");
    ck_assert_msg(now.complete == left->complete + 1, "%s: the next run", where);
}

static void check_written(int command, const char *where, const struct ending *ending, int64_t complete) {
    const struct standing left = check_database("broken.db", "kept.db");
    ck_assert_msg(ending->status != 0 || left.complete == complete, "%s: all is well, but there are %d runs of %d",
                  where, (int)left.complete, (int)complete);
    ck_assert_msg(!commands[command].copied || left.complete >= complete - 4, "%s: runs are lost", where);
    if (left.made || ending->status == 0) check_next_run(where, &left);
}

static void check_read(int command, const char *where, const struct ending *ending) {
    const char *picture = commands[command].picture;
    if (ending->status == 0) ck_assert_msg(same_bytes("printed", "printed.well"), "%s: other output", where);
    check_at_rest("kept.db");
    if (picture == NULL) return;
    ck_assert_msg(same_bytes(picture, ending->status == 0 ? "picture.well" : "picture.old"), "%s: the picture", where);
    unlink(picture);
    ck_assert_msg(files_like("pictures", "") == 2 && files_like("pictures-temporary", "") == 2, "%s: something is left",
                  where);
}

/* Whether it was told. */
static bool check_ending(int command, const char *where, const struct ending *ending, int64_t complete) {
    ck_assert_msg(ending->status == 0 || ending->status == 1, "%s: exit status %d: %s", where, ending->status,
                  ending->said);
    if (ending->status == 1) check_message(where, ending);
    /* Of a scenario each file is told of. */
    const char *end = strchr(ending->said, '\n');
    ck_assert_msg(ending->status == 0 || strcmp(commands[command].path, "line/") == 0 ||
                      (end != NULL && end[1] == '\0'),
                  "%s: not one line: %s", where, ending->said);
    if (commands[command].writes)
        check_written(command, where, ending, complete);
    else
        check_read(command, where, ending);
    return ending->status == 1;
}

/* How many things are done when all goes well, and how many finished runs there are then. */
static int64_t count_acts(int command, int64_t *complete) {
    int64_t acts = 0;
    const struct ending well = fail_at(command, 0, "once", 0);
    ck_assert_msg(well.status == 0, "%s: %s", commands[command].arguments, well.said);
    read_count("count", &acts, NULL);
    rename("printed", "printed.well");
    if (commands[command].picture != NULL) rename(commands[command].picture, "picture.well");
    *complete = commands[command].writes ? check_database("broken.db", "kept.db").complete : 0;
    return acts;
}

static void make_place(void) {
    char folder[500];
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    snprintf(temporary, sizeof temporary, "TMPDIR=%s/pictures-temporary", folder);
    make_folder("pictures");
    make_folder("pictures-temporary");
    write_file("picture.old", "the old one", 0644);
    make_kept();
}

/* Of those that read or those that write, once or for good: all at once outlasts the half an hour and a few minutes
 * that Check can measure. */
static void everything_fails(bool writes, bool for_good) {
    const char *kind = for_good ? "full" : "once";
    int64_t all = 0, all_told = 0;
    make_place();
    for (int command = 0; command < COMMANDS; command++) {
        if (commands[command].writes != writes) continue;
        int64_t complete = 0, count = 0, told = 0;
        const int64_t acts = count_acts(command, &complete), tries = moments(1, 15);
        for (int error = 0; error < ERRORS; error++) {
            const int64_t step = acts > tries ? acts / tries : 1;
            /* In a short test each way has a moment of its own. */
            for (int64_t at = 1 + (acts * (2 * error + for_good) / (2 * ERRORS)) % step; at <= acts;
                 at += step, count++) {
                char where[300];
                snprintf(where, sizeof where, "%s, %s, %s at act %d of %d", commands[command].arguments,
                         strerror(errors[error]), kind, (int)at, (int)acts);
                const struct ending ending = fail_at(command, errors[error], kind, at);
                told += check_ending(command, where, &ending, complete);
            }
        }
        printf("%s: %d errors at %d acts on %s (%s), told %d times\n", commands[command].arguments, (int)count,
               (int)acts, commands[command].path, kind, (int)told);
        ck_assert_int_gt(told, 0);
        all += count, all_told += told;
    }
    printf("a broken disk: %d errors, told %d times; %d checks passed\n", (int)all, (int)all_told,
           (int)checks_passed());
}

START_TEST(what_reads_fails_once) {
    everything_fails(false, false);
}
END_TEST

START_TEST(what_reads_fails_for_good) {
    everything_fails(false, true);
}
END_TEST

START_TEST(what_writes_fails_once) {
    everything_fails(true, false);
}
END_TEST

START_TEST(what_writes_fails_for_good) {
    everything_fails(true, true);
}
END_TEST

/* `ulimit -n`: from too few for the program to be loaded to enough. */
START_TEST(few_files_may_be_open) {
    int64_t count = 0, told = 0, done = 0;
    make_place();
    for (int command = 0; command < COMMANDS; command++) {
        int64_t complete = 0;
        count_acts(command, &complete);
        for (rlim_t files = 4; files <= 14; files += (rlim_t)moments(3, 1)) {
            char where[300];
            snprintf(where, sizeof where, "%s with %d files", commands[command].arguments, (int)files);
            const struct conditions few = {.files = files, .variables = {temporary}};
            const struct ending ending = start(command, &few);
            if (ending.status == 127) continue;                              /* the loader had not enough */
            const bool of_gnuplot = strstr(ending.said, "gnuplot ") != NULL; /* which is under the same limit */
            if (of_gnuplot)
                check_read(command, where, &ending);
            else
                told += check_ending(command, where, &ending, complete);
            done += ending.status == 0, count++;
        }
    }
    printf("few files: %d times, told %d times, enough %d times\n", (int)count, (int)told, (int)done);
    ck_assert_int_gt(told, 0);
    ck_assert_int_gt(done, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {what_reads_fails_once, what_reads_fails_for_good, what_writes_fails_once,
                                  what_writes_fails_for_good, few_files_may_be_open};
    return run_fault_suite("broken_disk", tests, sizeof tests / sizeof *tests);
}
