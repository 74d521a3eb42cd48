#include "cli/run_summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/scratch.h"
#include "results/small_line.h"

static char path[SCRATCH_PATH];
static char printed[16384];
static struct small_line line;
static struct replication_result results[3];
static struct replications replications;

static void set_up(void) {
    scratch_make();
    small_line_make(&line);
    ck_assert_ptr_nonnull(freopen(scratch_file("out", path), "w", stdout));
    for (int index = 0; index < 3; index++)
        results[index] = (struct replication_result){.run_id = index + 1, .replication = index + 1};
    replications = (struct replications){.experiment_id = 1, .results = results, .shown_replication = 1};
}

/* Hands on to the observer it wraps, saying that the start was not proved and one move was forced. */
static void end_unproved(void *context, const struct run_summary *told) {
    const struct observer *observer = context;
    struct run_summary summary = *told;
    summary.not_proved = true;
    summary.forced_moves = 1;
    observer->end(observer->context, &summary);
}

static void leave_out(void *context, const struct train_record *train) {
    (void)context;
    (void)train;
}

static void print_summary(void) {
    const struct run_report report = {.scenario = &line.scenario, .replications = &replications, .database = "a.db"};
    run_summary_text(&report);
    fflush(stdout);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    printed[fread(printed, 1, sizeof printed - 1, file)] = '\0';
    fclose(file);
}

static void assert_printed(const char *words, bool expected) {
    ck_assert_msg((strstr(printed, words) != NULL) == expected, "'%s' in:\n%s", words, printed);
}

START_TEST(what_was_not_proved_or_forced_is_said) {
    struct recorder *recorder = recorder_create(&line.scenario);
    struct observer observer = recorder_observer(recorder);
    const struct observer unproved = {.context = &observer, .train = leave_out, .end = end_unproved};
    small_line_tell(&unproved, 0);
    replications.count = replications.complete = 1;
    replications.shown = recorder;
    print_summary();
    assert_printed("\nIt was not proved that every train can reach its end from the start.\n", true);
    assert_printed("\n1 move was started although the dispatch policy held it: nothing else could move.\n", true);
    assert_printed("Chart ", false); /* there is no train to draw */
    recorder_destroy(recorder);
}
END_TEST

START_TEST(what_was_proved_is_not_spoken_of) {
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell(&observer, 0);
    replications.count = replications.complete = 1;
    replications.shown = recorder;
    print_summary();
    assert_printed("proved", false);
    assert_printed("Chart    bering plot traingraph --db a.db --run 1\n", true);
    recorder_destroy(recorder);
}
END_TEST

static void tell_freight(struct recorder *recorder) {
    const struct observer observer = recorder_observer(recorder);
    small_line_tell_freight(&observer);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        replications.estimates[metric] =
            (struct estimate){recorder_run(recorder)->metrics[metric], (double)NAN, 0.95, 1};
    replications.count = replications.complete = 1;
    replications.shown = recorder;
}

START_TEST(flows_and_money_have_a_table_each) {
    small_line_add_freight(&line);
    struct recorder *recorder = recorder_create(&line.scenario);
    tell_freight(recorder);
    print_summary();
    assert_printed("TEU a day  offered  delivered  refused  waiting   mean   95 %  on time\n", true);
    assert_printed("east           5.0        3.0      1.0        1  1.6 h  1.6 h   50.0 %\n", true);
    assert_printed("west           1.0        0.0      0.0        0      –      –        –\n", true);
    assert_printed("revenue            304  101.33\n", true);
    assert_printed("  tariff           300  100.00\n", true);
    assert_printed("  late_penalty      -1   -0.33\n", true);
    assert_printed("  train_revenue      5       –\n", true);
    assert_printed("  train_km          25    8.33\n", true);
    assert_printed(", replication 1", false); /* there is no other */
    assert_printed("  others            18", true);
    assert_printed("track_access", false); /* paid and received */
    assert_printed("margin             226   75.50\n", true);
    assert_printed("  full yard          A, 1.0 TEU a day refused\n", true);
    assert_printed("  yards ahead full   B, 1.0 TEU a day left behind by trains with room\n", true);
    recorder_destroy(recorder);
}
END_TEST

/* Two cranes, two hours at work in all: that is a 24th of a day of both, and all of a shift of one. */
START_TEST(cranes_are_busy_by_their_shifts) {
    small_line_add_freight(&line);
    struct recorder *recorder = recorder_create(&line.scenario);
    tell_freight(recorder);
    print_summary();
    assert_printed("  cranes ", false);
    ck_assert_ptr_nonnull(freopen(path, "w", stdout));
    line.terminals[0].shifts[0] = (struct shift){0, SMALL_LINE_HOUR};
    line.terminals[0].shift_count = 1;
    print_summary();
    assert_printed("  cranes             A, busy 100 % of their shifts\n", true);
    recorder_destroy(recorder);
}
END_TEST

START_TEST(without_flows_nothing_is_said_of_them) {
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell(&observer, 0);
    replications.count = replications.complete = 1;
    replications.shown = recorder;
    print_summary();
    assert_printed("TEU", false);
    assert_printed("USD", false);
    recorder_destroy(recorder);
}
END_TEST

START_TEST(the_replications_are_told_in_words) {
    replications.count = 1;
    replications.interrupted = 1;
    print_summary();
    assert_printed("\nThe replication is not complete: interrupted.\n", true);
    replications = (struct replications){
        .count = 3, .deadlocked = 0, .interrupted = 2, .failed = 1, .experiment_id = 1, .results = results};
    print_summary();
    assert_printed("\nOf 3 replications 0 are complete, 2 interrupted, 1 failed.\n", true);
    replications.complete = 1;
    replications.interrupted = 1;
    print_summary();
    assert_printed("\nOf 3 replications 1 is complete, 1 interrupted, 1 failed; means are over the complete ones.\n",
                   true);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {what_was_not_proved_or_forced_is_said, what_was_proved_is_not_spoken_of,
                                  flows_and_money_have_a_table_each,     cranes_are_busy_by_their_shifts,
                                  without_flows_nothing_is_said_of_them, the_replications_are_told_in_words};
    return run_suite_in_scratch("run_summary", tests, sizeof tests / sizeof *tests, set_up);
}
