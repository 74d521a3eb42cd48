/* An allocation that fails, at any of the tens of thousands that a command makes, and a limit on memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

static const struct {
    const char *arguments;
    bool writes; /* to memory.db, a new one or with `copied` one like kept.db; the others read kept.db */
    bool copied;
    int64_t removed;     /* how many finished runs it takes away */
    const char *picture; /* what it draws */
} commands[] = {
    {.arguments = "run line --replications 2 --jobs 1 --db memory.db", .writes = true},
    {.arguments = "run line --replications 4 --jobs 2 --db memory.db", .writes = true},
    {.arguments = "sweep line --vary seed=3,4 --replications 1 --jobs 1 --db memory.db", .writes = true},
    {.arguments = "capacity line --theory --db memory.db", .writes = true},
    {.arguments = "capacity pays --theory --options --db memory.db", .writes = true, .copied = true},
    {.arguments = "capacity line --days 3 --jobs 1 --db memory.db", .writes = true},
    {.arguments = "appraise pays --samples 32 --jobs 1 --db memory.db", .writes = true},
    {.arguments = "runs --delete 2 --db memory.db", .writes = true, .copied = true, .removed = 1},
    {.arguments = "check line"},
    {.arguments = "check pays --format json"},
    {.arguments = "audit --db kept.db"},
    {.arguments = "rerun 1 --db kept.db"},
    {.arguments = "runs --db kept.db"},
    {.arguments = "runs --db kept.db --format json"},
    {.arguments = "plot traingraph --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot stairway --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot revenue --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot waiting --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot transit --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot delay --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot capacity --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot occupation --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot occupation --run 1 --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot earnings --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot cash --db kept.db -o kept.svg", .picture = "kept.svg"},
    {.arguments = "plot tornado --db kept.db -o kept.svg", .picture = "kept.svg"},
};

/* The sanitizers bring an allocator of their own. */
static bool sanitized(void) {
    const char *sanitizer = getenv("FAULTS_SANITIZED");
    return sanitizer != NULL && strcmp(sanitizer, "none") != 0;
}

static struct ending fail_at(size_t command, const char *kind, int64_t at) {
    char where[40], how[40], folder[500], temporary[520];
    snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
    snprintf(how, sizeof how, "FAULT_KIND=%s", kind);
    ck_assert_ptr_nonnull(getcwd(folder, sizeof folder));
    snprintf(temporary, sizeof temporary, "TMPDIR=%s", folder);
    const struct conditions short_of_it = {.preloaded = "FAULTY_MEMORY",
                                           .variables = {where, how, "FAULT_COUNT=count", temporary}};
    forget("memory.db");
    if (commands[command].copied) copy_file("kept.db", "memory.db");
    if (commands[command].picture != NULL) write_file(commands[command].picture, "the old one", 0644);
    unlink("count");
    return bering_run(&short_of_it, commands[command].arguments);
}

/* With what little is left, or nothing at all, it may not have been able to mark what it did not finish. */
static void check_next_run(const struct standing *left) {
    must("run line --replications 1 --db memory.db");
    check_at_rest("memory.db");
    ck_assert_int_eq(check_database("memory.db", "kept.db").complete, left->complete + 1);
}

/* All that is kept when all goes well, or the exit status says that it is not; of what was there nothing is lost. */
static void check_kept(const char *arguments, int64_t at, const struct ending *ending, const struct standing *well,
                       int64_t least) {
    const struct standing left = check_database("memory.db", "kept.db");
    ck_assert_int_eq(left.complete + left.running + left.interrupted + left.failed, left.runs);
    ck_assert_msg(ending->status != 0 || same_finished(&left, well),
                  "%s, allocation %d: all is well, but there are %d complete runs of %d, %d answers of %d", arguments,
                  (int)at, (int)left.complete, (int)well->complete, (int)left.answers, (int)well->answers);
    ck_assert_msg(left.complete >= least, "%s, allocation %d: runs are lost: %d of %d", arguments, (int)at,
                  (int)left.complete, (int)least);
    if (left.running > 0) check_next_run(&left);
}

/* It says so, and ends in order. True where it noticed: SQLite can do with less. */
static bool check_ending(const char *arguments, int64_t at, const struct ending *ending) {
    ck_assert_msg(ending->status == 0 || ending->status == 1, "%s, allocation %d: exit status %d: %s", arguments,
                  (int)at, ending->status, ending->said);
    if (ending->status != 0)
        ck_assert_msg(strstr(ending->said, "memory") != NULL, "%s, allocation %d: %s", arguments, (int)at,
                      ending->said);
    return ending->status != 0;
}

/* What is said or drawn is right, or the exit status says that it is not. */
static void check_output(size_t command, int64_t at, const struct ending *ending) {
    const char *arguments = commands[command].arguments, *picture = commands[command].picture;
    if (ending->status == 0 && !commands[command].writes)
        ck_assert_msg(same_bytes("printed", "printed.well"), "%s, allocation %d: other output", arguments, (int)at);
    if (picture == NULL) return;
    if (ending->status == 0)
        ck_assert_msg(same_bytes(picture, "picture.well"), "%s, allocation %d: another picture", arguments, (int)at);
    else
        ck_assert_msg(same_bytes(picture, "picture.old"), "%s, allocation %d: the old picture is gone", arguments,
                      (int)at);
    ck_assert_msg(files_like(".", "bering-") == 0 && files_like(".", ".bering-") == 0,
                  "%s, allocation %d: something is left", arguments, (int)at);
}

static void fail_each(size_t command, const char *kind, int64_t few, int64_t many) {
    const char *arguments = commands[command].arguments;
    const struct ending well = fail_at(command, kind, 0);
    int64_t allocations = 0, blocks = 0, noticed = 0, count = 0, most = 0;
    ck_assert_msg(well.status == 0, "%s: %d: %s", arguments, well.status, well.said);
    read_count("count", &allocations, &blocks);
    ck_assert_int_gt(allocations, 100);
    rename("printed", "printed.well");
    if (commands[command].picture != NULL) rename(commands[command].picture, "picture.well");
    const bool writes = commands[command].writes;
    const struct standing kept = writes ? check_database("memory.db", "kept.db") : (struct standing){0};
    const int64_t before = commands[command].copied ? check_database("kept.db", NULL).complete : 0;
    const int64_t wanted = moments(few, many), step = allocations > wanted ? allocations / wanted : 1;
    for (int64_t at = 1 + (int64_t)command * 7 % step; at <= allocations; at += step, count++) {
        int64_t asked = 0, left = 0;
        const struct ending ending = fail_at(command, kind, at);
        noticed += check_ending(arguments, at, &ending);
        if (writes) check_kept(arguments, at, &ending, &kept, before - commands[command].removed);
        check_output(command, at, &ending);
        read_count("count", &asked, &left);
        if (left > most) most = left;
        /* A few blocks are never freed in any case, such as the buffer of the output. */
        ck_assert_msg(left <= blocks + 2, "%s, allocation %d: %d blocks are not freed, %d when all goes well: %s",
                      arguments, (int)at, (int)left, (int)blocks, ending.said);
    }
    printf("%s: %d of %d allocations failed (%s), told %d times; at most %d blocks not freed, %d when all goes well\n",
           arguments, (int)count, (int)allocations, kind, (int)noticed, (int)most, (int)blocks);
    ck_assert_int_gt(noticed, 0);
}

static void fail_all(const char *kind, int64_t few, int64_t many) {
    if (sanitized()) return;
    make_kept();
    write_file("picture.old", "the old one", 0644);
    for (size_t command = 0; command < sizeof commands / sizeof *commands; command++)
        fail_each(command, kind, few, many);
}

START_TEST(an_allocation_fails) {
    fail_all("once", 3, 150);
}
END_TEST

START_TEST(all_allocations_fail_from_there_on) {
    fail_all("full", 2, 150);
}
END_TEST

/* `ulimit -v`: from too little to begin with to enough. */
START_TEST(a_limit_on_memory) {
    if (sanitized()) return;
    static const char arguments[] = "run line --replications 1 --days 700 --jobs 1 --db memory.db";
    must("run line --replications 1 --days 700 --jobs 1 --db kept.db");
    const struct standing kept = check_database("kept.db", NULL);
    const int64_t steps = moments(10, 100);
    int64_t told = 0, done = 0;
    must("run line --replications 1 --db kept.db");
    for (int64_t step = 0; step < steps; step++) {
        const struct conditions limited = {.memory = (rlim_t)(16 + 100 * step / steps) << 20};
        forget("memory.db");
        const struct ending ending = bering_run(&limited, arguments);
        if (ending.status == 127) continue; /* the loader had not enough */
        told += check_ending(arguments, step, &ending);
        check_kept(arguments, step, &ending, &kept, 0);
        done += ending.status == 0;
    }
    printf("limits on memory: %d of %d told, %d enough\n", (int)told, (int)steps, (int)done);
    ck_assert_int_gt(told, 0);
    ck_assert_int_gt(done, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {an_allocation_fails, all_allocations_fail_from_there_on, a_limit_on_memory};
    return run_fault_suite("memory", tests, sizeof tests / sizeof *tests);
}
