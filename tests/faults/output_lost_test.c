/* Nobody reads what a command prints, or it cannot be written: what it was to do is done all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

/* Who writes does so to lost.db, a new one or, with `copied`, one like kept.db. */
static const struct {
    const char *arguments;
    bool writes, copied;
} commands[] = {
    {.arguments = "check line"},
    {.arguments = "runs --db kept.db"},
    {.arguments = "audit --db kept.db"},
    {.arguments = "rerun 1 --db kept.db"},
    {.arguments = "plot traingraph --run 1 --db kept.db -o picture.svg"},
    {.arguments = "run line --jobs 2 --db lost.db", .writes = true},
    {.arguments = "run line --jobs 2 --format json --db lost.db", .writes = true},
    {.arguments = "sweep line --vary seed=3,4 --jobs 2 --db lost.db", .writes = true},
    {.arguments = "capacity line --days 3 --jobs 1 --db lost.db", .writes = true},
    {.arguments = "appraise pays --samples 32 --jobs 1 --db lost.db", .writes = true},
    {.arguments = "runs --delete 2 --db lost.db", .writes = true, .copied = true},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static struct ending start(int command, enum output_to output) {
    const struct conditions conditions = {.output = output};
    forget("lost.db");
    unlink("picture.svg");
    if (commands[command].copied) copy_file("kept.db", "lost.db");
    return bering_run(&conditions, commands[command].arguments);
}

/* What it writes is what it writes on an ordinary day. */
static void check_done(int command, const char *where, const struct standing *well) {
    if (strncmp(commands[command].arguments, "plot", 4) == 0)
        ck_assert_msg(same_bytes("picture.svg", "picture.well"), "%s: the picture", where);
    if (!commands[command].writes) return;
    const struct standing now = check_database("lost.db", "kept.db");
    check_at_rest("lost.db");
    ck_assert_msg(now.complete == well->complete && now.runs == well->runs, "%s: %d runs in place of %d", where,
                  (int)now.complete, (int)well->complete);
    ck_assert_int_eq(ask("lost.db", "SELECT count(*) FROM experiments"),
                     ask("well.db", "SELECT count(*) FROM experiments"));
}

START_TEST(nobody_reads_and_nobody_can) {
    static const struct {
        enum output_to output;
        const char *name;
        bool well; /* it is no failure */
    } outputs[] = {{TO_NOBODY, "a reader that has gone", true},
                   {TO_A_READER, "| head -1", true},
                   {TO_A_FULL_DISK, "> /dev/full", false},
                   {TO_NOTHING, ">&-", false}};
    make_kept();
    for (int command = 0; command < COMMANDS; command++) {
        struct standing well = {0};
        const struct ending ordinary = start(command, TO_A_FILE);
        ck_assert_msg(ordinary.status == 0, "%s: %s", commands[command].arguments, ordinary.said);
        if (commands[command].writes) well = check_database("lost.db", "kept.db");
        if (commands[command].writes) copy_file("lost.db", "well.db");
        rename("picture.svg", "picture.well");
        for (size_t index = 0; index < sizeof outputs / sizeof *outputs; index++) {
            char where[300];
            snprintf(where, sizeof where, "bering %s %s", commands[command].arguments, outputs[index].name);
            const struct ending ending = start(command, outputs[index].output);
            ck_assert_msg(ending.status == (outputs[index].well ? 0 : 1), "%s: %d: %s", where, ending.status,
                          ending.said);
            ck_assert_msg(strcmp(ending.said, outputs[index].well ? "" : "bering: the output could not be written\n") ==
                              0,
                          "%s: %s", where, ending.said);
            check_done(command, where, &well);
        }
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {nobody_reads_and_nobody_can};
    return run_fault_suite("output_lost", tests, sizeof tests / sizeof *tests);
}
