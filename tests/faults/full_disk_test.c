/* No space left, at every single thing that is done to the database's files; and a disk that really is full. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

/* What a user is told. */
static void check_message(const struct ending *ending, int64_t at) {
    static const char *const words[] = {"make room", "see whether its disk is full",
                                        "see whether the disk is full"}; /* the last: what cannot even be made */
    bool told = false;
    for (int index = 0; index < 3; index++) told |= strstr(ending->said, words[index]) != NULL;
    ck_assert_msg(told, "write %d: %s", (int)at, ending->said);
}

/* There is room again. */
static void check_next_run(const char *path, const struct standing *left) {
    char arguments[200];
    snprintf(arguments, sizeof arguments, "run line --replications 1 --db %s", path);
    must(arguments);
    const struct standing now = check_database(path, "reference.db");
    check_at_rest(path);
    ck_assert_int_eq(now.runs, left->runs + 1);
    ck_assert_int_eq(now.complete, left->complete + 1);
}

/* Fails `command` at the write `at`; whether the command noticed. */
static bool fail_at(const char *command, const char *kind, int64_t at, struct standing *left) {
    char where[40], how[40];
    snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
    snprintf(how, sizeof how, "FAULT_KIND=%s", kind);
    const struct conditions full = {.preloaded = "FAULTY_FILES", .variables = {"FAULT_PATH=full.db", where, how}};
    forget("full.db");
    const struct ending ending = bering_run(&full, command);
    *left = check_database("full.db", "reference.db");
    if (ending.status == 0) return false;
    ck_assert_msg(ending.status == 1, "write %d: exit status %d: %s", (int)at, ending.status, ending.said);
    check_message(&ending, at);
    return true;
}

static int64_t count_writes(const char *command) {
    const struct conditions counting = {.preloaded = "FAULTY_FILES",
                                        .variables = {"FAULT_PATH=full.db", "FAULT_COUNT=count"}};
    int64_t writes = 0;
    forget("full.db");
    ck_assert_int_eq(bering_run(&counting, command).status, 0);
    read_count("count", &writes, NULL);
    ck_assert_int_gt(writes, 50);
    return writes;
}

static void full_at_every_write(const char *command, int64_t runs, int64_t few) {
    static const char *const kinds[] = {"full", "once", "short"};
    const int64_t writes = count_writes(command), step = moments(writes / few, 1);
    int64_t count = 0, noticed = 0, kept = 0;
    for (int kind = 0; kind < 3; kind++) {
        for (int64_t at = 1 + kind * step / 3; at <= writes; at += step, count++) {
            struct standing left;
            const bool told = fail_at(command, kinds[kind], at, &left);
            /* What does not matter to the results, such as tidying up at the end, may fail unnoticed. */
            if (!told) ck_assert_int_eq(left.complete, runs);
            noticed += told, kept += left.complete > 0 && left.complete < runs;
            check_next_run("full.db", &left);
        }
    }
    printf("%s: no space at %d of %d writes, told %d times, some but not all runs kept %d times; %d checks passed\n",
           command, (int)count, (int)writes * 3, (int)noticed, (int)kept, (int)checks_passed());
    ck_assert_int_gt(noticed, count / 2);
    ck_assert_int_gt(kept, 0);
}

START_TEST(run_without_space) {
    must("run line --jobs 1 --db reference.db");
    full_at_every_write("run line --jobs 1 --db full.db", 4, 7);
}
END_TEST

START_TEST(sweep_without_space) {
    must("sweep line --vary seed=1,2 --replications 2 --jobs 1 --db reference.db");
    full_at_every_write("sweep line --vary seed=1,2 --replications 2 --jobs 1 --db full.db", 4, 7);
}
END_TEST

/* Answers that cannot be kept are shown all the same: they may have taken hours. */
START_TEST(capacity_without_space) {
    static const char command[] = "capacity line --theory --db full.db";
    const int64_t writes = count_writes(command);
    int64_t shown = 0;
    must("run line --replications 1 --jobs 1 --db reference.db");
    for (int64_t at = 1; at <= writes; at += moments(writes / 5, 1)) {
        struct standing left;
        struct stat printed = {0};
        if (!fail_at(command, "full", at, &left)) continue;
        ck_assert(exists("full.db") == false || left.made == false ||
                  ask("copy-of.db", "SELECT count(*) FROM capacity") == 0 ||
                  ask("copy-of.db", "SELECT count(*) FROM experiments") == 1);
        stat("printed", &printed);
        shown += printed.st_size > 200;
    }
    ck_assert_int_gt(shown, 0);
}
END_TEST

/* What it has simulated on the way is kept, and used the next time. */
START_TEST(appraise_without_space) {
    static const char command[] = "appraise pays --samples 32 --jobs 1 --db full.db";
    const int64_t writes = count_writes(command);
    int64_t told = 0;
    must("appraise pays --samples 32 --jobs 1 --db reference.db");
    for (int64_t at = 1; at <= writes; at += moments(writes / 5, 7)) {
        struct standing left;
        told += fail_at(command, "full", at, &left);
        must(command);
        check_at_rest("full.db");
        ck_assert_int_ge(check_database("full.db", "reference.db").complete, 2);
        ck_assert_int_ge(ask("full.db", "SELECT count(*) FROM experiments WHERE command = 'appraise'"), 1);
    }
    ck_assert_int_gt(told, 0);
}
END_TEST

START_TEST(a_disk_that_is_full) {
    must("run line --replications 80 --db reference.db");
    if (!mount_small(4096)) {
        printf("a_disk_that_is_full: not tested, nothing can be mounted here\n");
        return;
    }
    char many[200];
    write_file("small/ballast", "", 0644);
    for (int64_t ballast = 0; ballast < moments(3, 15); ballast++) {
        ck_assert_int_eq(truncate("small/ballast", 0), 0);
        FILE *file = fopen("small/ballast", "w");
        for (int64_t kilobyte = 0; kilobyte < 2300 + ballast * 20; kilobyte++) fprintf(file, "%1024d", 0);
        fclose(file);
        forget("small/full.db");
        snprintf(many, sizeof many, "run line --replications 80 --jobs 2 --db small/full.db");
        const struct ending ending = bering_run(NULL, many);
        ck_assert_int_eq(ending.status, 1);
        check_message(&ending, ballast);
        const struct standing left = check_database("small/full.db", "reference.db");
        ck_assert_int_gt(left.complete, 0);
        ck_assert_int_lt(left.complete, 80);
        ck_assert_int_eq(unlink("small/ballast"), 0);
        must("runs --delete 1 --db small/full.db"); /* which makes room */
        must("runs --delete 2 --db small/full.db");
        check_at_rest("small/full.db");
        must("run line --replications 1 --db small/full.db");
        write_file("small/ballast", "", 0644);
    }
    umount("small");
}
END_TEST

/* A limit on the size of files (ulimit -f) is one more way to have no room. */
START_TEST(a_limit_on_files) {
    must("run line --replications 30 --db reference.db");
    const struct rlimit limit = {600 * 1024, RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    const struct ending ending = bering_run(NULL, "run line --replications 30 --jobs 2 --db full.db");
    setrlimit(RLIMIT_FSIZE, &none);
    ck_assert_int_eq(ending.status, 1);
    check_message(&ending, 0);
    const struct standing left = check_database("full.db", "reference.db");
    ck_assert_int_gt(left.complete, 0);
    ck_assert_int_lt(left.complete, 30);
    check_next_run("full.db", &left);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {run_without_space,      sweep_without_space, capacity_without_space,
                                  appraise_without_space, a_disk_that_is_full, a_limit_on_files};
    return run_fault_suite("full_disk", tests, sizeof tests / sizeof *tests);
}
