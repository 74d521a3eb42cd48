/* kill -9 at any moment, signals once and twice, and what the next command makes of what is left. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

#define REPLICATIONS "24"
static const char run[] = "run line --replications " REPLICATIONS " --jobs 2 --db ";
static const char sweep[] = "sweep line --vary seed=1:6 --jobs 2 --db ";

/* Makes the reference; how long that took. */
static double make_reference(const char *command) {
    char arguments[200];
    snprintf(arguments, sizeof arguments, "%sreference.db", command);
    const double started = seconds_now();
    must(arguments);
    check_database("reference.db", NULL);
    return seconds_now() - started;
}

/* What a run that was cut off leaves is marked by the next one, which is not hindered by it. */
static void check_next_run(const char *path, const struct standing *left) {
    char arguments[200];
    snprintf(arguments, sizeof arguments, "run line --replications 1 --db %s", path);
    must(arguments);
    const struct standing now = check_database(path, "reference.db");
    check_at_rest(path);
    ck_assert_int_eq(now.runs, left->runs + 1);
    ck_assert_int_eq(now.complete, left->complete + 1);
    ck_assert_int_eq(now.interrupted, left->interrupted + left->running);
}

/* Sends a signal to `command` after `after_s`; how it ended. */
static struct ending end_by(int number, const char *command, double after_s) {
    const pid_t process = bering_start(NULL, command);
    sleep_for(after_s);
    kill(process, number);
    return bering_end(process);
}

/* Where the machine is busy, moments may all fall before or after the runs: then again. */
static bool goes_on(int64_t moment, int64_t count, int64_t within) {
    return moment < count || (within == 0 && moment < 10 * count);
}

START_TEST(run_killed_at_any_moment) {
    const double takes_s = make_reference(run);
    const int64_t count = moments(10, 300);
    int64_t early = 0, within = 0, late = 0;
    for (int64_t moment = 0; moment < count; moment++) {
        forget("killed.db");
        const struct ending ending = end_by(SIGKILL, "run line --replications " REPLICATIONS " --jobs 2 --db killed.db",
                                            takes_s * 1.1 * ((double)moment + 0.5) / (double)count);
        ck_assert_msg(ending.status == 137 || ending.status == 0, "%d: %s", ending.status, ending.said);
        const struct standing left = check_database("killed.db", "reference.db");
        ck_assert_int_eq(left.interrupted + left.failed, 0);
        ck_assert_int_eq(left.runs, left.complete + left.running);
        early += left.runs == 0, late += left.runs > 0 && left.running == 0, within += left.running > 0;
        check_next_run("killed.db", &left);
    }
    printf(
        "run killed at %d moments: %d before the first row, %d among the runs, %d after the last; %d checks passed\n",
        (int)count, (int)early, (int)within, (int)late, (int)checks_passed());
    ck_assert_int_gt(within, 0); /* or it was not tested */
}
END_TEST

/* Between any two things that are done to the database's files, and in the middle of a write. */
START_TEST(run_killed_at_any_write) {
    make_reference("run line --jobs 1 --db ");
    static const char command[] = "run line --jobs 1 --db killed.db";
    const struct conditions counting = {.preloaded = "FAULTY_FILES",
                                        .variables = {"FAULT_PATH=killed.db", "FAULT_COUNT=count"}};
    ck_assert_int_eq(bering_run(&counting, command).status, 0);
    int64_t writes = 0, within = 0, count = 0;
    read_count("count", &writes, NULL);
    ck_assert_int_gt(writes, 50);
    const int64_t step = moments(writes / 10, 1);
    for (int torn = 0; torn <= 1; torn++) {
        for (int64_t at = 1 + torn * step / 2; at <= writes; at += step, count++) {
            char where[40];
            snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
            forget("killed.db");
            const struct conditions killing = {
                .preloaded = "FAULTY_FILES",
                .variables = {"FAULT_PATH=killed.db", where, torn ? "FAULT_KIND=torn" : "FAULT_KIND=kill"}};
            const struct ending ending = bering_run(&killing, command);
            ck_assert_msg(ending.status == 137 || (at > writes - 8 && ending.status == 0), "write %d: %d: %s", (int)at,
                          ending.status, ending.said);
            const struct standing left = check_database("killed.db", "reference.db");
            within += left.running > 0;
            if (left.made) must("runs --db killed.db"); /* whoever only reads is not hindered either */
            check_next_run("killed.db", &left);
        }
    }
    printf("run killed at %d of %d writes, before and amid them: %d among the runs; %d checks passed\n", (int)count,
           (int)writes * 2, (int)within, (int)checks_passed());
    ck_assert_int_gt(within, 0);
}
END_TEST

START_TEST(sweep_killed_is_gone_on_with) {
    const double takes_s = make_reference(sweep);
    const int64_t count = moments(4, 60), runs = ask("reference.db", "SELECT count(*) FROM runs");
    int64_t kills = 0;
    for (int64_t moment = 0; moment < count; moment++) {
        forget("killed.db");
        const char *again = "";
        for (int attempt = 0; attempt < 3; attempt++) {
            char arguments[200];
            snprintf(arguments, sizeof arguments, "%skilled.db%s", sweep, again);
            end_by(SIGKILL, arguments, takes_s * ((double)moment + 0.5 + attempt / 3.0) / (double)count / 1.5);
            kills++;
            if (check_database("killed.db", "reference.db").runs > 0) again = " --resume";
        }
        char arguments[200];
        snprintf(arguments, sizeof arguments, "%skilled.db%s", sweep, again);
        must(arguments);
        check_at_rest("killed.db");
        ck_assert_int_eq(check_database("killed.db", "reference.db").complete, runs);
        ck_assert_int_eq(ask("killed.db", "SELECT count(*) FROM experiments"), 1);
        ck_assert_int_eq(ask("killed.db", "SELECT count(*) FROM estimates"),
                         ask("reference.db", "SELECT count(*) FROM estimates"));
        ck_assert_int_eq(ask("killed.db", "SELECT count(*) FROM differences"),
                         ask("reference.db", "SELECT count(*) FROM differences"));
    }
    printf("sweep killed %d times and gone on with to its end %d times; %d checks passed\n", (int)kills, (int)count,
           (int)checks_passed());
}
END_TEST

/* capacity keeps its answers at its end, all or nothing; a deletion happens or does not. */
START_TEST(capacity_and_deletion_killed_at_any_write) {
    static const char *const commands[] = {"capacity line --theory --db killed.db", "runs --delete 2 --db killed.db",
                                           "capacity line --days 3 --jobs 1 --db killed.db"};
    must("run line --jobs 1 --db reference.db");
    for (int command = 0; command < 3; command++) {
        int64_t writes = 0, before = 0, after = 0;
        must("run line --jobs 1 --db killed.db");
        const struct conditions counting = {.preloaded = "FAULTY_FILES",
                                            .variables = {"FAULT_PATH=killed.db", "FAULT_COUNT=count"}};
        ck_assert_int_eq(bering_run(&counting, commands[command]).status, 0);
        read_count("count", &writes, NULL);
        for (int64_t at = 1; at <= writes; at += moments(writes / 5, 1)) {
            char where[40];
            snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
            forget("killed.db");
            must("run line --jobs 1 --db killed.db");
            const struct conditions killing = {.preloaded = "FAULTY_FILES",
                                               .variables = {"FAULT_PATH=killed.db", where, "FAULT_KIND=kill"}};
            bering_run(&killing, commands[command]);
            const int64_t complete = check_database("killed.db", "reference.db").complete;
            must("run line --replications 1 --db killed.db");
            const int64_t answers = ask("killed.db", "SELECT count(*) FROM capacity");
            const int64_t experiments = ask("killed.db", "SELECT count(*) FROM experiments");
            check_at_rest("killed.db");
            if (command != 1) ck_assert((answers == 0 && experiments == 2) || (answers > 0 && experiments == 3));
            if (command == 1) ck_assert(complete == 3 || complete == 4);
            const bool done = command != 1 ? answers > 0 : complete == 3;
            before += !done, after += done;
        }
        ck_assert_int_gt(before, 0);
        printf("%s: killed at %d writes, before it was done at %d\n", commands[command], (int)(before + after),
               (int)before);
    }
}
END_TEST

/* What a second one adds to what is there: one appraisal, and of capacity and runs what is not there as a whole. */
static void check_used(const struct standing *left, const struct standing *whole) {
    const struct standing now = check_database("killed.db", "reference.db");
    const bool run_again = left->complete < whole->complete, answered_again = left->answers < whole->answers;
    ck_assert_int_eq(now.appraisals, left->appraisals + 1);
    ck_assert_int_eq(now.answers, left->answers + (answered_again ? whole->answers : 0));
    ck_assert_int_eq(now.runs, left->runs + (run_again ? whole->runs : 0));
    ck_assert_int_eq(now.complete, left->complete + (run_again ? whole->complete : 0));
    ck_assert_int_eq(now.experiments, left->experiments + run_again + answered_again + 1);
    ck_assert_int_eq(now.interrupted, left->interrupted + left->running);
}

/* What an appraisal has simulated on the way is kept, and used the next time where it is whole. */
START_TEST(appraise_killed_at_any_write) {
    static const char command[] = "appraise pays --samples 32 --jobs 1 --db killed.db";
    must("appraise pays --samples 32 --jobs 1 --db reference.db");
    const struct conditions counting = {.preloaded = "FAULTY_FILES",
                                        .variables = {"FAULT_PATH=killed.db", "FAULT_COUNT=count"}};
    int64_t writes = 0, count = 0, answered = 0, within = 0, run_whole = 0;
    ck_assert_int_eq(bering_run(&counting, command).status, 0);
    read_count("count", &writes, NULL);
    const struct standing whole = check_database("killed.db", "reference.db");
    for (int64_t at = 1; at <= writes; at += moments(writes / 8, 5), count++) {
        char where[40];
        snprintf(where, sizeof where, "FAULT_AT=%d", (int)at);
        forget("killed.db");
        const struct conditions killing = {
            .preloaded = "FAULTY_FILES",
            .variables = {"FAULT_PATH=killed.db", where, count % 2 ? "FAULT_KIND=torn" : "FAULT_KIND=kill"}};
        const struct ending ending = bering_run(&killing, command);
        ck_assert_msg(ending.status == 137 || (at > writes - 8 && ending.status == 0), "write %d: %d: %s", (int)at,
                      ending.status, ending.said);
        const struct standing left = check_database("killed.db", "reference.db");
        ck_assert(ending.status == 137 || same_finished(&left, &whole));
        answered += left.answers > 0 && left.runs == 0, run_whole += left.complete == whole.complete;
        within += left.runs > 0 && left.complete < whole.complete;
        must(command);
        check_at_rest("killed.db");
        check_used(&left, &whole);
    }
    printf("appraise killed at %d of %d writes: %d after its capacity, %d among its runs, %d after them; %d checks "
           "passed\n",
           (int)count, (int)writes, (int)answered, (int)within, (int)run_whole, (int)checks_passed());
    ck_assert(answered > 0 && within > 0 && run_whole > 0);
}
END_TEST

static void stopped_by(int number, const char *command, bool sweeping) {
    const double takes_s = make_reference(command);
    const int64_t count = moments(4, 100);
    int64_t within = 0;
    char arguments[200];
    snprintf(arguments, sizeof arguments, "%sstopped.db", command);
    for (int64_t moment = 0; goes_on(moment, count, within); moment++) {
        forget("stopped.db");
        const struct ending ending =
            end_by(number, arguments, takes_s * ((double)(moment % count) + 0.5) / (double)count);
        const struct standing left = check_database("stopped.db", "reference.db");
        ck_assert_int_eq(left.runs, left.complete + left.interrupted); /* none is left running */
        if (left.runs > 0) check_at_rest("stopped.db");
        /* Before the program listens, the signal itself ends it; after the last run it changes nothing. */
        ck_assert_msg(ending.status == (left.interrupted > 0 ? 130 : 0) ||
                          (left.runs == 0 && (ending.status == 128 + number || ending.status == 130)),
                      "%d with %d interrupted: %s", ending.status, (int)left.interrupted, ending.said);
        within += left.interrupted > 0;
    }
    printf("%s stopped by signal %d at %d moments, %d among the runs; %d checks passed\n", sweeping ? "sweep" : "run",
           number, (int)count, (int)within, (int)checks_passed());
    ck_assert_int_gt(within, 0);
}

/* A signal to each of the other commands, at any moment: what it was to write is there or not, whole; nothing beside.
 */
START_TEST(every_command_interrupted) {
    static const struct {
        const char *arguments;
        int64_t added;   /* to the experiments, when it is done: an appraisal those of its runs, too */
        int64_t removed; /* of the finished runs, when it is done */
        bool hears;      /* it ends in order, with 130 */
    } commands[] = {{"capacity line --days 3 --jobs 2 --db stopped.db", 1, 0, true},
                    {"appraise pays --seed 9 --samples 32 --jobs 2 --db stopped.db", 3, 0, true},
                    {"runs --delete 2 --db stopped.db", 0, 1, false},
                    {"audit --db stopped.db", 0, 0, true},
                    {"rerun 1 --db stopped.db", 0, 0, true},
                    {"runs --db stopped.db", 0, 0, false},
                    {"check line", 0, 0, false}};
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    must("run line --replications 1 --days 1400 --detail summary --jobs 1 --db kept.db"); /* long enough to be heard */
    make_kept();
    const int64_t count = moments(3, 60);
    const struct standing before = check_database("kept.db", NULL);
    for (size_t index = 0; index < sizeof commands / sizeof *commands; index++) {
        int64_t stopped = 0, ended = 0, done = 0, moment = 0;
        forget("stopped.db");
        copy_file("kept.db", "stopped.db");
        const double started = seconds_now();
        must(commands[index].arguments);
        const double takes_s = seconds_now() - started;
        const struct standing well = check_database("stopped.db", NULL);
        ck_assert_int_eq(well.experiments, before.experiments + commands[index].added);
        for (; goes_on(moment, count, commands[index].hears ? stopped : done); moment++) {
            const int number = signals[moment % 3];
            forget("stopped.db");
            copy_file("kept.db", "stopped.db");
            const struct ending ending =
                end_by(number, commands[index].arguments, takes_s * ((double)(moment % count) + 0.5) / (double)count);
            ck_assert_msg(ending.status == 0 || ending.status == 128 + number ||
                              (ending.status == 130 && commands[index].hears),
                          "%s: %d: %s", commands[index].arguments, ending.status, ending.said);
            ck_assert_msg(ending.status == 0 || ending.status == 128 + number || strstr(ending.said, "interrupted"),
                          "%s: %s", commands[index].arguments, ending.said);
            const struct standing left = check_database("stopped.db", NULL);
            if (ending.status == 0 || ending.status == 130) check_at_rest("stopped.db");
            must("run line --replications 1 --db stopped.db");
            check_at_rest("stopped.db");
            const bool all = ending.status == 0;
            ck_assert_msg(!all || same_finished(&left, &well), "%s: done, but there are %d complete runs of %d",
                          commands[index].arguments, (int)left.complete, (int)well.complete);
            ck_assert_msg(left.complete >= before.complete - (all ? commands[index].removed : 0) &&
                              left.answers >= before.answers && left.appraisals >= before.appraisals,
                          "%s: %d: something is lost: %d complete runs of %d", commands[index].arguments, ending.status,
                          (int)left.complete, (int)before.complete);
            const int64_t found = left.experiments - before.experiments;
            ck_assert_msg(found >= 0 && found <= commands[index].added, "%s: %d and %d experiments",
                          commands[index].arguments, ending.status, (int)found);
            const bool in_order = ending.status == 130 && strstr(ending.said, "interrupted") != NULL;
            stopped += in_order, ended += !all && !in_order, done += all;
        }
        printf("%s: signals at %d moments: stopped in order %d times, ended %d times, done %d times\n",
               commands[index].arguments, (int)moment, (int)stopped, (int)ended, (int)done);
        if (moments(0, 1) == 1) ck_assert_int_gt(commands[index].hears ? stopped : done, 0);
    }
}
END_TEST

START_TEST(run_interrupted) {
    stopped_by(SIGINT, run, false);
}
END_TEST

START_TEST(run_terminated) {
    stopped_by(SIGTERM, run, false);
}
END_TEST

START_TEST(run_hung_up) {
    stopped_by(SIGHUP, run, false);
}
END_TEST

START_TEST(sweep_interrupted) {
    stopped_by(SIGINT, sweep, true);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {run_killed_at_any_moment,
                                  run_killed_at_any_write,
                                  sweep_killed_is_gone_on_with,
                                  capacity_and_deletion_killed_at_any_write,
                                  appraise_killed_at_any_write,
                                  run_interrupted,
                                  run_terminated,
                                  run_hung_up,
                                  sweep_interrupted,
                                  every_command_interrupted};
    return run_fault_suite("killed", tests, sizeof tests / sizeof *tests);
}
