/* Files that are not what they should be, or may not be touched: told with the file, and nothing is written. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

static const char *const readers[] = {"runs --db ", "audit --db ", "rerun 1 --db ", "plot traingraph -o x.svg --db "};
static const char *const writers[] = {"run line --db ", "sweep line --vary seed=1,2 --db ",
                                      "capacity line --theory --db ", "appraise pays --samples 32 --db ",
                                      "runs --delete 1 --db "};
enum { READERS = 4, WRITERS = 5 };

/* Exit status 1, one line that names the file and says `words`. */
static void refuses(const struct conditions *conditions, const char *command, const char *path, const char *words) {
    char arguments[300];
    snprintf(arguments, sizeof arguments, "%s%s", command, path);
    const struct ending ending = bering_run(conditions, arguments);
    ck_assert_msg(ending.status == 1, "bering %s: exit status %d: %s", arguments, ending.status, ending.said);
    ck_assert_msg(strstr(ending.said, words) != NULL && strstr(ending.said, path) != NULL, "bering %s: %s", arguments,
                  ending.said);
    const char *end = strchr(ending.said, '\n');
    ck_assert_msg(end != NULL && end[1] == '\0', "bering %s: not one line: %s", arguments, ending.said);
}

static void all_refuse(const struct conditions *conditions, const char *path, const char *words) {
    for (int reader = 0; reader < READERS; reader++) refuses(conditions, readers[reader], path, words);
    for (int writer = 0; writer < WRITERS; writer++) refuses(conditions, writers[writer], path, words);
}

static void writers_refuse(const struct conditions *conditions, const char *path, const char *words) {
    for (int writer = 0; writer < WRITERS; writer++) refuses(conditions, writers[writer], path, words);
}

/* The sum over a file's bytes and its length: whether it has changed. */
static uint64_t fingerprint(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    uint64_t sum = 14695981039346656037u;
    for (int byte; (byte = fgetc(file)) != EOF;) sum = (sum ^ (uint64_t)byte) * 1099511628211u;
    fclose(file);
    return sum;
}

static void change(const char *path, const char *sql) {
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(handle));
    sqlite3_close(handle);
}

START_TEST(what_is_no_database_of_ours_is_left_alone) {
    struct {
        const char *path, *words;
        uint64_t before;
    } files[] = {{"text.db", "text.db: not a database", 0},
                 {"other.db", "a database, but not one of Bering's; it is left as it is", 0},
                 {"newer.db", "written by a newer version of Bering (schema 9999,", 0},
                 {"cut.db", "the database is damaged", 0},
                 {"damaged.db", "the database is damaged", 0}};
    char text[1000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    write_file("text.db", text, 0644);
    change("other.db", "CREATE TABLE notes (text)");
    must("run line --db newer.db");
    change("newer.db", "PRAGMA user_version = 9999");
    must("run line --db cut.db");
    ck_assert_int_eq(truncate("cut.db", 20000), 0);
    must("run line --db damaged.db");
    const int file = open("damaged.db", O_WRONLY);
    for (int page = 1; page < 12; page++) ck_assert_int_eq(pwrite(file, text, sizeof text, page * 4096), sizeof text);
    close(file);
    for (size_t index = 0; index < sizeof files / sizeof *files; index++) {
        files[index].before = fingerprint(files[index].path);
        all_refuse(NULL, files[index].path, files[index].words);
        ck_assert(index >= 3 || fingerprint(files[index].path) == files[index].before); /* the damaged are ours */
    }
}
END_TEST

START_TEST(what_is_no_file_is_told) {
    all_refuse(NULL, "line", "line: a folder, not a database");
    all_refuse(NULL, "/dev/null", "/dev/null: not a file");
    all_refuse(NULL, "line/scenario.csv/x.db", "cannot be opened: Not a directory");
    for (int reader = 0; reader < READERS; reader++)
        refuses(NULL, readers[reader], "none.db", "no such database; `bering run` makes one");
    for (int writer = 0; writer < WRITERS - 1; writer++)
        refuses(NULL, writers[writer], "nowhere/x.db", "its folder is not there; make it, or name another");
    ck_assert(!exists("nowhere") && !exists("none.db"));
}
END_TEST

/* ------------------------------------------------------------------------------------------------------ permission */

static const struct conditions nobody = {.nobody = true};

/* Whether the program can be run as somebody without rights: its own folder may be closed to them. */
static bool can_be_nobody(void) {
    ck_assert_int_eq(chmod(".", 0777), 0);
    const bool can = bering_run(&nobody, "--version").status == 0;
    if (!can) printf("not tested: the program cannot be started as another user\n");
    return can;
}

START_TEST(a_folder_that_may_only_be_read) {
    if (!can_be_nobody()) return;
    ck_assert_int_eq(mkdir("closed", 0755), 0);
    must("run line --db closed/kept.db");
    ck_assert_int_eq(chmod("closed/kept.db", 0666), 0);
    ck_assert_int_eq(chmod("closed", 0555), 0);
    const uint64_t before = fingerprint("closed/kept.db");
    writers_refuse(&nobody, "closed/kept.db", "cannot be written to: it, or its folder, is read-only");
    for (int writer = 0; writer < WRITERS - 1; writer++)
        refuses(&nobody, writers[writer], "closed/new.db", "nothing can be written in its folder (Permission denied)");
    refuses(&nobody, "plot traingraph --db closed/kept.db -o ", "closed/x.svg", "cannot be written: Permission denied");
    ck_assert_int_eq(bering_run(&nobody, "runs --db closed/kept.db").status, 0); /* reading is allowed */
    ck_assert_int_eq(bering_run(&nobody, "audit --db closed/kept.db").status, 0);
    ck_assert_int_eq(files_like("closed", ""), 3); /* it, `.` and `..` */
    ck_assert(fingerprint("closed/kept.db") == before);
    ck_assert_int_eq(chmod("closed", 0755), 0);
}
END_TEST

START_TEST(a_file_that_may_not_be_touched) {
    if (!can_be_nobody()) return;
    must("run line --db kept.db");
    const uint64_t before = fingerprint("kept.db");
    ck_assert_int_eq(chmod("kept.db", 0444), 0);
    writers_refuse(&nobody, "kept.db", "cannot be written to: it, or its folder, is read-only");
    ck_assert_int_eq(chmod("kept.db", 0), 0);
    all_refuse(&nobody, "kept.db", "cannot be opened: Permission denied");
    ck_assert_int_eq(chmod("kept.db", 0644), 0);
    ck_assert(fingerprint("kept.db") == before);
    ck_assert_int_eq(chmod("line/tracks.csv", 0), 0);
    refuses(&nobody, "run --db new.db ", "line", "line/tracks.csv:0:0: ");
    ck_assert(!exists("new.db"));
}
END_TEST

/* What was cut off while it was written, in a folder that may only be read by now. */
START_TEST(a_killed_run_that_may_only_be_read) {
    if (!can_be_nobody()) return;
    ck_assert_int_eq(mkdir("closed", 0755), 0);
    const struct conditions killed = {.preloaded = "FAULTY_FILES",
                                      .variables = {"FAULT_PATH=kept.db", "FAULT_AT=150", "FAULT_KIND=kill"}};
    ck_assert_int_eq(bering_run(&killed, "run line --jobs 1 --db closed/kept.db").status, 137);
    ck_assert_int_gt(check_database("closed/kept.db", NULL).running, 0);
    unlink("closed/kept.db-shm");
    ck_assert_int_eq(chmod("closed", 0555), 0);
    refuses(&nobody, "runs --db ", "closed/kept.db", "cut off while it was written to, and is not whole without");
    ck_assert_int_eq(chmod("closed", 0755), 0);
}
END_TEST

/* ---------------------------------------------------------------------------------------------------- the scenario */

/* Exit status 1 with the place, and no database. */
static void scenario_refused(const char *words) {
    static const char *const commands[] = {"check line", "run line --db new.db",
                                           "sweep line --vary seed=1,2 --db new.db",
                                           "capacity line --theory --db new.db"};
    for (size_t index = 0; index < sizeof commands / sizeof *commands; index++) {
        const struct ending ending = bering_run(NULL, commands[index]);
        ck_assert_msg(ending.status == 1, "%s: %d: %s", commands[index], ending.status, ending.said);
        ck_assert_msg(strstr(ending.said, words) != NULL, "%s: %s", commands[index], ending.said);
        ck_assert(!exists("new.db"));
    }
}

START_TEST(a_file_of_100_megabytes) {
    ck_assert_int_eq(truncate("line/stations.csv", 100 << 20), 0);
    scenario_refused("line/stations.csv:0:0: ");
    scenario_refused("64 MiB");
}
END_TEST

START_TEST(a_folder_in_place_of_a_file) {
    ck_assert_int_eq(unlink("line/sections.csv"), 0);
    ck_assert_int_eq(mkdir("line/sections.csv", 0755), 0);
    scenario_refused("line/sections.csv:0:0: ");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {what_is_no_database_of_ours_is_left_alone,
                                  what_is_no_file_is_told,
                                  a_folder_that_may_only_be_read,
                                  a_file_that_may_not_be_touched,
                                  a_killed_run_that_may_only_be_read,
                                  a_file_of_100_megabytes,
                                  a_folder_in_place_of_a_file};
    return run_fault_suite("refused", tests, sizeof tests / sizeof *tests);
}
