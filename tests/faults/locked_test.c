/* A database that somebody else holds, and several that write to it at once. */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"

static sqlite3 *hold(const char *path, const char *sql) {
    sqlite3 *handle = NULL;
    ck_assert_int_eq(sqlite3_open(path, &handle), SQLITE_OK);
    sqlite3_busy_timeout(handle, 10000);
    ck_assert_msg(sqlite3_exec(handle, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(handle));
    return handle;
}

/* Who waits for a lock does not sleep: half a minute is soon over. */
static const struct conditions impatient = {.preloaded = "FAULTY_FILES", .variables = {"FAULT_HURRY=1"}};

static const char locked[] = "locked by another program that writes to it; try again when it is done";

START_TEST(every_command_tells_of_a_lock) {
    static const char *const commands[] = {"run line --db held.db",
                                           "sweep line --vary seed=1,2 --db held.db",
                                           "capacity line --theory --db held.db",
                                           "runs --db held.db",
                                           "runs --delete 1 --db held.db",
                                           "appraise pays --samples 32 --db held.db",
                                           "audit --db held.db",
                                           "rerun 1 --db held.db",
                                           "plot traingraph --db held.db -o x.svg"};
    must("run line --db held.db");
    sqlite3 *handle = hold("held.db", "BEGIN EXCLUSIVE");
    for (size_t index = 0; index < sizeof commands / sizeof *commands; index++) {
        const struct ending ending = bering_run(&impatient, commands[index]);
        ck_assert_msg(ending.status == 1, "%s: %d: %s", commands[index], ending.status, ending.said);
        ck_assert_msg(strstr(ending.said, locked) != NULL, "%s: %s", commands[index], ending.said);
    }
    sqlite3_close(handle);
    check_at_rest("held.db");
    ck_assert_int_eq(check_database("held.db", NULL).complete, 4);
    ck_assert_int_eq(ask("held.db", "SELECT count(*) FROM experiments"), 1);
}
END_TEST

/* Waits until the database has so many finished runs. */
static void wait_for_runs(const char *path, int64_t count) {
    int64_t complete = 0;
    for (double until = seconds_now() + 60; complete < count && seconds_now() < until; sleep_for(0.002)) {
        sqlite3 *handle = NULL;
        sqlite3_stmt *statement = NULL;
        if (exists(path) && sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
            sqlite3_prepare_v2(handle, "SELECT count(*) FROM runs WHERE status = 'complete'", -1, &statement, NULL) ==
                SQLITE_OK &&
            sqlite3_step(statement) == SQLITE_ROW)
            complete = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        sqlite3_close(handle);
    }
    ck_assert_int_ge(complete, count);
}

/* Long enough to be met in the middle of it. */
#define LONG_RUN "run line --replications 2000 --jobs 1 --db "

START_TEST(a_lock_in_the_middle_of_a_run) {
    must("run line --replications 100 --db reference.db");
    const pid_t process = bering_start(&impatient, LONG_RUN "held.db");
    wait_for_runs("held.db", 3);
    sqlite3 *handle = hold("held.db", "BEGIN IMMEDIATE");
    const struct ending ending = bering_end(process);
    ck_assert_int_eq(ending.status, 1);
    ck_assert_msg(strstr(ending.said, locked) != NULL, "%s", ending.said);
    sqlite3_close(handle);
    const struct standing left = check_database("held.db", NULL);
    ck_assert_int_ge(left.complete, 3);
    ck_assert_int_eq(left.complete + left.running + left.interrupted, 2000);
    must("run line --replications 1 --db held.db");
    check_at_rest("held.db");
    ck_assert_int_eq(ask("held.db", "SELECT count(*) FROM runs WHERE status = 'complete'"), left.complete + 1);
}
END_TEST

/* Deleted or renamed in the middle of a run: told, and no run is said to be kept that is not. */
START_TEST(a_database_that_is_taken_away) {
    for (int renamed = 0; renamed < 2; renamed++) {
        forget("taken.db");
        forget("away.db");
        const pid_t process = bering_start(NULL, LONG_RUN "taken.db");
        wait_for_runs("taken.db", 3);
        ck_assert_int_eq(renamed ? rename("taken.db", "away.db") : unlink("taken.db"), 0);
        const struct ending ending = bering_end(process);
        ck_assert_msg(ending.status == 1, "%d: %s", ending.status, ending.said);
        ck_assert_msg(strstr(ending.said, "taken.db: deleted, renamed or replaced while it was written to") != NULL,
                      "%s", ending.said);
        ck_assert_int_eq(files_like(".", "taken.db"), 0);
        if (!renamed) continue;
        const struct standing left = check_database("away.db", NULL);
        ck_assert_int_ge(left.complete, 3);
        must("run line --replications 1 --db away.db");
        check_at_rest("away.db");
        ck_assert_int_eq(check_database("away.db", NULL).complete, left.complete + 1);
    }
}
END_TEST

/* The first signal cannot be heeded while SQLite waits; the second one does not ask. */
START_TEST(two_signals_end_it_at_once) {
    const int signals[] = {SIGINT, SIGTERM};
    for (int index = 0; index < 2; index++) {
        const pid_t process = bering_start(NULL, LONG_RUN "held.db");
        wait_for_runs("held.db", 3);
        sqlite3 *handle = hold("held.db", "BEGIN IMMEDIATE");
        sleep_for(0.1);
        kill(process, signals[index]);
        sleep_for(0.7); /* sooner, and it would be the same wish told twice */
        struct ending ending;
        ck_assert_msg(!bering_gone(process, &ending), "it did not wait for the lock: %d: %s", ending.status,
                      ending.said);
        const double second = seconds_now();
        kill(process, signals[index]);
        ending = bering_end(process);
        ck_assert_int_eq(ending.status, 128 + signals[index]);
        ck_assert(seconds_now() - second < 5);
        sqlite3_close(handle);
        const struct standing left = check_database("held.db", NULL);
        ck_assert_int_ge(left.complete, 3);
        ck_assert_int_gt(left.running, 0);
        must("run line --replications 1 --db held.db");
        check_at_rest("held.db");
        forget("held.db");
    }
}
END_TEST

/* The same of every command that writes: it waits for the lock before it does anything. */
START_TEST(two_signals_end_every_command) {
    static const char *const commands[] = {"run line --db held.db", "sweep line --vary seed=1,2 --db held.db",
                                           "capacity line --theory --db held.db",
                                           "appraise pays --samples 32 --db held.db"};
    const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    must("run line --db held.db");
    sqlite3 *handle = hold("held.db", "BEGIN EXCLUSIVE");
    for (size_t index = 0; index < 3 * sizeof commands / sizeof *commands; index++) {
        const char *command = commands[index / 3];
        const pid_t process = bering_start(NULL, command);
        struct ending ending = {0};
        sleep_for(1);
        kill(process, signals[index % 3]);
        sleep_for(0.7);
        ck_assert_msg(!bering_gone(process, &ending), "%s did not wait for the lock: %d: %s", command, ending.status,
                      ending.said);
        const double second = seconds_now();
        kill(process, signals[index % 3]);
        ending = bering_end(process);
        ck_assert_msg(ending.status == 128 + signals[index % 3], "%s: %d: %s", command, ending.status, ending.said);
        ck_assert(seconds_now() - second < 5);
    }
    sqlite3_close(handle);
    check_at_rest("held.db");
    ck_assert_int_eq(check_database("held.db", NULL).runs, 4);
}
END_TEST

/* ------------------------------------------------------------------------------------------------- several writers */

enum { WRITERS = 4 };

START_TEST(several_write_at_once) {
    must("run line --replications 6 --jobs 1 --db reference.db");
    const int64_t rounds = moments(4, 100);
    for (int64_t round = 0; round < rounds; round++) {
        pid_t processes[WRITERS];
        forget("shared.db");
        for (int writer = 0; writer < WRITERS; writer++) /* the first makes the file, or all try to */
            processes[writer] = bering_start(NULL, "run line --replications 6 --jobs 1 --db shared.db");
        for (int writer = 0; writer < WRITERS; writer++) {
            const struct ending ending = bering_end(processes[writer]);
            ck_assert_msg(ending.status == 0, "round %d: %d: %s", (int)round, ending.status, ending.said);
        }
        check_at_rest("shared.db");
        ck_assert_int_eq(check_database("shared.db", "reference.db").complete, 6 * WRITERS);
        ck_assert_int_eq(ask("shared.db", "SELECT count(*) FROM (SELECT 1 FROM runs GROUP BY experiment_id HAVING "
                                          "count(*) = 6 AND count(DISTINCT replication) = 6)"),
                         WRITERS);
        ck_assert_int_eq(ask("shared.db", "SELECT count(DISTINCT experiment_id) FROM estimates"), WRITERS);
    }
    printf("%d processes made and wrote one database at once %d times; %d checks passed\n", WRITERS, (int)rounds,
           (int)checks_passed());
}
END_TEST

/* All commands at once, on one database: who writes takes turns, who reads sees whole runs. */
START_TEST(all_commands_at_once) {
    static const char *const commands[] = {"run line --jobs 1 --db shared.db",
                                           "sweep line --vary seed=3,4 --jobs 1 --db shared.db",
                                           "capacity line --days 3 --jobs 1 --db shared.db",
                                           "appraise pays --samples 32 --jobs 1 --db shared.db",
                                           "runs --delete 2 --db shared.db",
                                           "runs --db shared.db",
                                           "audit --db shared.db",
                                           "rerun 1 --db shared.db",
                                           "plot traingraph --run 1 --db shared.db -o picture.svg",
                                           "plot tornado --db shared.db -o another.svg"};
    enum { COMMANDS = sizeof commands / sizeof *commands };
    make_kept();
    const int64_t rounds = moments(1, 40), runs = ask("kept.db", "SELECT count(*) FROM runs");
    const int64_t experiments = ask("kept.db", "SELECT count(*) FROM experiments");
    must("sweep line --vary seed=3,4 --jobs 1 --db alone.db"); /* how much each of them adds */
    must("run line --jobs 1 --db alone.db");
    for (int64_t round = 0; round < rounds; round++) {
        pid_t processes[COMMANDS];
        forget("shared.db");
        copy_file("kept.db", "shared.db");
        for (int64_t turn = 0; turn < COMMANDS; turn++)
            processes[(turn + round) % COMMANDS] = bering_start(NULL, commands[(turn + round) % COMMANDS]);
        for (int command = 0; command < COMMANDS; command++) {
            const struct ending ending = bering_end(processes[command]);
            /* The last appraisal may be one without what is uncertain. */
            const bool certain = strstr(ending.said, "nothing is uncertain") != NULL;
            ck_assert_msg(ending.status == 0 || certain, "round %d: %s: %d: %s", (int)round, commands[command],
                          ending.status, ending.said);
        }
        check_at_rest("shared.db");
        const struct standing now = check_database("shared.db", "kept.db");
        ck_assert_int_eq(now.runs, now.complete);
        ck_assert_int_eq(now.complete, runs - 1 + ask("alone.db", "SELECT count(*) FROM runs"));
        ck_assert_int_eq(ask("shared.db", "SELECT count(*) FROM experiments"), experiments + 4);
    }
    printf("%d commands on one database at once %d times; %d checks passed\n", COMMANDS, (int)rounds,
           (int)checks_passed());
}
END_TEST

/* The dead among the living: only whoever is alone can tell them apart, and does. A sweep whose runs were taken for
 * those of the dead would fail. */
START_TEST(one_of_two_is_killed) {
    const int64_t rounds = moments(3, 60);
    for (int64_t round = 0; round < rounds; round++) {
        forget("shared.db");
        const pid_t lives = bering_start(NULL, "sweep line --vary seed=1:30 --jobs 1 --db shared.db");
        const pid_t dies = bering_start(NULL, LONG_RUN "shared.db");
        wait_for_runs("shared.db", 3 + round % 40);
        kill(dies, SIGKILL);
        ck_assert_int_eq(bering_end(dies).status, 137);
        must("run line --replications 1 --db shared.db"); /* must touch neither */
        const struct ending ending = bering_end(lives);
        ck_assert_msg(ending.status == 0, "%d: %s", ending.status, ending.said);
        check_at_rest("shared.db");
        ck_assert_int_eq(check_database("shared.db", NULL).interrupted,
                         ask("shared.db", "SELECT count(*) FROM runs JOIN experiments USING (experiment_id) WHERE "
                                          "status <> 'complete' AND arguments LIKE '%2000%'"));
        ck_assert_int_eq(ask("shared.db", "SELECT count(*) FROM runs JOIN experiments USING (experiment_id) WHERE "
                                          "status = 'complete' AND arguments LIKE '%seed=1:30%'"),
                         120);
    }
}
END_TEST

START_TEST(a_sweep_at_work_is_not_gone_on_with) {
    static const char command[] = "sweep line --vary seed=1:300 --jobs 1 --db shared.db";
    const pid_t process = bering_start(NULL, command);
    wait_for_runs("shared.db", 3);
    char again[200];
    snprintf(again, sizeof again, "%s --resume", command);
    const struct ending second = bering_run(NULL, again);
    ck_assert_int_eq(second.status, 1);
    ck_assert_msg(strstr(second.said, "it is running, or another program has the database open") != NULL, "%s",
                  second.said);
    kill(process, SIGINT);
    ck_assert_int_eq(bering_end(process).status, 130);
    const struct standing left = check_database("shared.db", NULL);
    ck_assert_int_gt(left.complete, 0);
    ck_assert_int_eq(left.complete + left.interrupted, 1200);
    check_at_rest("shared.db");
}
END_TEST

/* Somebody reads all the while: what is finished can be read, and at the end the file is one only when he is gone. */
START_TEST(a_reader_keeps_nobody_from_writing) {
    must("run line --db shared.db");
    sqlite3 *reader = hold("shared.db", "PRAGMA journal_mode = WAL; BEGIN; SELECT count(*) FROM runs");
    must("run line --db shared.db");
    ck_assert_int_eq(sqlite3_exec(reader, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(reader);
    must("run line --db shared.db");
    check_at_rest("shared.db");
    ck_assert_int_eq(check_database("shared.db", NULL).complete, 12);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {every_command_tells_of_a_lock,
                                  a_lock_in_the_middle_of_a_run,
                                  a_database_that_is_taken_away,
                                  two_signals_end_it_at_once,
                                  two_signals_end_every_command,
                                  several_write_at_once,
                                  all_commands_at_once,
                                  one_of_two_is_killed,
                                  a_sweep_at_work_is_not_gone_on_with,
                                  a_reader_keeps_nobody_from_writing};
    return run_fault_suite("locked", tests, sizeof tests / sizeof *tests);
}
