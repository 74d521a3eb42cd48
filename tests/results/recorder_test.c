#include "results/recorder.h"

#include <math.h>

#include "../engine/suite.h"
#include "small_line.h"

static const struct {
    enum metric metric;
    double value;
} expected[] = {
    {METRIC_TRAINS_PLANNED, 3},
    {METRIC_TRAINS_ENTERED, 3},
    {METRIC_TRAINS_ARRIVED, 2},
    {METRIC_TRAINS_ON_LINE, 1},
    {METRIC_TRAINS_PER_DAY, 2},
    {METRIC_TRAINS_PER_DAY_FORWARD, 1},
    {METRIC_TRAINS_PER_DAY_BACKWARD, 1},
    {METRIC_MEAN_DELAY_S, (1800 + 0 + 600) / 3.0},
    {METRIC_P50_DELAY_S, 600},
    {METRIC_P95_DELAY_S, 600 + 0.9 * 1200}, /* linear between the second and the third of three */
    {METRIC_MAX_DELAY_S, 1800},
    {METRIC_MEAN_RUN_S, (5400 + 4200) / 2.0},
    {METRIC_ENERGY_KWH, 3},
    {METRIC_TRAIN_KM, 60},
    {METRIC_COST_USD, 2 * 30 * 10 + (1.5 + 70.0 / 60) * 60},
    {METRIC_TEU_CAPACITY_PER_DAY, 200},
    {METRIC_TEU_PER_DAY, 0},
    {METRIC_REVENUE_USD, 0},
    {METRIC_PUNCTUAL_PERCENT, 50}, /* the train under way is not judged */
    {METRIC_WAIT_KNOCK_ON_S, 1200},
    {METRIC_WAIT_PRIMARY_S, 600},
    {METRIC_WAIT_SCHEDULED_S, 0},
};

static struct recorder *record(const struct small_line *line, int64_t shift_ms) {
    struct recorder *recorder = recorder_create(&line->scenario);
    ck_assert_ptr_nonnull(recorder);
    const struct observer observer = recorder_observer(recorder);
    small_line_tell(&observer, shift_ms);
    ck_assert_ptr_nonnull(recorder_run(recorder));
    return recorder;
}

START_TEST(metrics_follow_from_the_trains_told) {
    for (int detail = DETAIL_SUMMARY; detail <= DETAIL_FULL; detail++) {
        struct small_line line;
        small_line_make(&line);
        line.scenario.settings.detail = (enum detail_level)detail;
        struct recorder *recorder = record(&line, 0);
        for (size_t index = 0; index < sizeof expected / sizeof *expected; index++)
            ck_assert_double_eq_tol(recorder_run(recorder)->metrics[expected[index].metric], expected[index].value,
                                    1e-9);
        recorder_destroy(recorder);
    }
}
END_TEST

/* See small_line.h. */
static const struct {
    enum metric metric;
    double value;
} expected_of_freight[] = {
    {METRIC_TEU_PER_DAY, 3},
    {METRIC_TEU_OFFERED_PER_DAY, 6},
    {METRIC_TEU_REFUSED_PER_DAY, 1},
    {METRIC_MEAN_TRANSIT_H, 95.0 / 60},
    {METRIC_SHARE_ON_TIME_PERCENT, 50},
    {METRIC_REVENUE_USD, 300 - 1 + 5},
    {METRIC_COST_USD, 20 + 15 + 25 + 9 + 1.5 + 7}, /* track access cancels */
    {METRIC_MARGIN_USD, 304 - 77.5},
    {METRIC_REVENUE_USD_PER_TEU, 299.0 / 3},
    {METRIC_TRAINS_PER_DAY, 2},
};

START_TEST(containers_and_money_are_counted_at_every_detail) {
    for (int detail = DETAIL_SUMMARY; detail <= DETAIL_FULL; detail++) {
        struct small_line line;
        small_line_make(&line);
        small_line_add_freight(&line);
        line.scenario.settings.detail = (enum detail_level)detail;
        struct recorder *recorder = recorder_create(&line.scenario);
        const struct observer observer = recorder_observer(recorder);
        const bool wanted = detail_wants_containers((enum detail_level)detail);
        ck_assert((observer.container != NULL) == wanted);
        small_line_tell_freight(&observer);
        const struct recorded_run *run = recorder_run(recorder);
        for (size_t index = 0; index < sizeof expected_of_freight / sizeof *expected_of_freight; index++)
            ck_assert_double_eq_tol(run->metrics[expected_of_freight[index].metric], expected_of_freight[index].value,
                                    1e-9);
        ck_assert_int_eq(run->container_count, wanted ? 6 : 0);
        ck_assert_int_eq(run->summary.freight.flows[0].teu_delivered, 3); /* copies: what was told is gone */
        ck_assert_int_eq(run->summary.freight.flow_days[1].loaded, 1);
        ck_assert_int_eq(run->summary.freight.terminals[1].crane_busy_ms, 2 * SMALL_LINE_HOUR);
        ck_assert_int_eq(ledger_total(run->summary.freight.ledger, ACCOUNT_TARIFF), 30000);
        recorder_destroy(recorder);
    }
}
END_TEST

START_TEST(without_containers_there_is_nothing_of_them) {
    struct small_line line;
    small_line_make(&line);
    struct recorder *recorder = record(&line, 0);
    const struct recorded_run *run = recorder_run(recorder);
    ck_assert_double_eq(run->metrics[METRIC_TEU_OFFERED_PER_DAY], 0);
    ck_assert_double_eq(run->metrics[METRIC_MARGIN_USD], -run->metrics[METRIC_COST_USD]);
    ck_assert(isnan(run->metrics[METRIC_MEAN_TRANSIT_H]) && isnan(run->metrics[METRIC_SHARE_ON_TIME_PERCENT]) &&
              isnan(run->metrics[METRIC_REVENUE_USD_PER_TEU]));
    ck_assert_ptr_null(run->summary.freight.flows);
    ck_assert_ptr_null(run->summary.freight.ledger);
    recorder_destroy(recorder);
}
END_TEST

START_TEST(every_account_is_of_one_side) {
    struct ledger ledger;
    ledger_start(&ledger, 0, 100);
    int64_t sum = 0;
    for (int account = 0; account < ACCOUNT_COUNT; account++) {
        ledger_post(&ledger, (enum account)account, 50, 1 << account);
        ledger_post(&ledger, (enum account)account, 100, 1 << 20); /* after the window */
        sum += 1 << account;
    }
    ck_assert_int_eq(ledger_window_revenue(&ledger) - ledger_window_cost(&ledger), sum);
    ck_assert_int_eq(ledger_window_revenue(&ledger),
                     (1 << ACCOUNT_TARIFF) + (1 << ACCOUNT_LATE_PENALTY) + (1 << ACCOUNT_TRAIN_REVENUE));
    ledger_free(&ledger);
}
END_TEST

START_TEST(every_metric_has_a_name_and_they_ascend) {
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        ck_assert_ptr_nonnull(metric_name((enum metric)metric));
        ck_assert_ptr_nonnull(metric_unit((enum metric)metric));
        if (metric > 0)
            ck_assert_int_lt(strcmp(metric_name((enum metric)(metric - 1)), metric_name((enum metric)metric)), 0);
    }
}
END_TEST

START_TEST(the_warm_up_does_not_count) {
    struct small_line line;
    small_line_make(&line);
    line.scenario.settings.warmup_ms = 2 * SMALL_LINE_HOUR;
    struct recorder *recorder = record(&line, 0);
    const double *metrics = recorder_run(recorder)->metrics;
    ck_assert_double_eq(metrics[METRIC_TRAINS_PLANNED], 2); /* at 2:00 and at 24:00 */
    ck_assert_double_eq(metrics[METRIC_TRAINS_ENTERED], 1); /* at 2:10 */
    ck_assert_double_eq(metrics[METRIC_TRAINS_ARRIVED], 1); /* at 2:30 */
    ck_assert_double_eq(metrics[METRIC_MEAN_DELAY_S], 300);
    ck_assert_double_eq(metrics[METRIC_WAIT_KNOCK_ON_S], 0); /* by a train planned before */
    recorder_destroy(recorder);
}
END_TEST

START_TEST(a_once_schedule_has_no_end_of_its_own) {
    struct small_line line;
    small_line_make(&line);
    line.scenario.settings.repeat_once = true;
    struct recorder *recorder = record(&line, 0);
    ck_assert_double_eq(recorder_run(recorder)->metrics[METRIC_TRAINS_PLANNED], 4);
    recorder_destroy(recorder);
    line.scenario.settings.horizon_given = true;
    line.scenario.settings.horizon_ms = SMALL_LINE_HOUR;
    recorder = record(&line, 0);
    ck_assert_double_eq(recorder_run(recorder)->metrics[METRIC_TRAINS_PLANNED], 1);
    ck_assert_double_eq(recorder_run(recorder)->metrics[METRIC_TRAINS_ARRIVED], 0);
    ck_assert_double_eq(recorder_run(recorder)->metrics[METRIC_TRAINS_ON_LINE], 1);
    recorder_destroy(recorder);
}
END_TEST

START_TEST(nothing_to_measure_is_not_a_number) {
    struct small_line line;
    small_line_make(&line);
    line.scenario.settings.warmup_ms = 10 * SMALL_LINE_DAY;
    struct recorder *recorder = record(&line, 0);
    const double *metrics = recorder_run(recorder)->metrics;
    ck_assert_double_eq(metrics[METRIC_TRAINS_ARRIVED], 0);
    ck_assert(isnan(metrics[METRIC_MEAN_DELAY_S]) && isnan(metrics[METRIC_P95_DELAY_S]) &&
              isnan(metrics[METRIC_MAX_DELAY_S]) && isnan(metrics[METRIC_MEAN_RUN_S]) &&
              isnan(metrics[METRIC_PUNCTUAL_PERCENT]));
    recorder_destroy(recorder);
}
END_TEST

START_TEST(detail_decides_what_is_kept) {
    static const struct {
        enum detail_level detail;
        int64_t trains, calls, occupations;
    } cases[] = {{DETAIL_SUMMARY, 0, 0, 0}, {DETAIL_TRAINS, 4, 0, 0},     {DETAIL_CALLS, 4, 8, 0},
                 {DETAIL_BLOCKS, 4, 8, 7},  {DETAIL_CONTAINERS, 4, 8, 0}, {DETAIL_FULL, 4, 8, 7}};
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        struct small_line line;
        small_line_make(&line);
        line.scenario.settings.detail = cases[index].detail;
        struct recorder *recorder = record(&line, 0);
        const struct recorded_run *run = recorder_run(recorder);
        ck_assert_int_eq(run->train_count, cases[index].trains);
        ck_assert_int_eq(run->call_count, cases[index].calls);
        ck_assert_int_eq(run->occupation_count, cases[index].occupations);
        recorder_destroy(recorder);
    }
}
END_TEST

START_TEST(trains_are_by_id_and_blocks_from_the_from_end) {
    struct small_line line;
    small_line_make(&line);
    struct recorder *recorder = record(&line, 0);
    const struct recorded_run *run = recorder_run(recorder);
    for (int64_t index = 0; index < run->train_count; index++)
        ck_assert_int_eq(run->trains[index].record.train_id, index + 1);
    const struct recorded_train *third = recorded_train_find(run, 3);
    ck_assert_ptr_nonnull(third);
    ck_assert_int_eq(third->occupation_count, 3);
    const struct recorded_occupation *rows = &run->occupations[third->first_occupation];
    ck_assert_int_eq(rows[0].block, 2); /* backward: the far block first */
    ck_assert_int_eq(rows[0].enter_ms, 60 * SMALL_LINE_MINUTE);
    ck_assert_int_eq(rows[1].block, 1);
    ck_assert_int_eq(rows[2].block, 0); /* the section is not told in blocks */
    const struct recorded_train *under_way = recorded_train_find(run, 2);
    ck_assert_int_eq(under_way->occupation_count, 1); /* not the block ahead */
    ck_assert(run->occupations[under_way->first_occupation].clear_ms == TIME_NONE);
    ck_assert_ptr_null(recorded_train_find(run, 5));
    recorder_destroy(recorder);
}
END_TEST

START_TEST(the_longest_waits_are_known_with_their_cause) {
    struct small_line line;
    small_line_make(&line);
    line.scenario.settings.detail = DETAIL_SUMMARY;
    struct recorder *recorder = record(&line, 0);
    const struct recorded_run *run = recorder_run(recorder);
    ck_assert_int_eq(run->longest_wait_count, 1); /* the other wait was for its own delay */
    ck_assert_int_eq(run->longest_waits[0].wait_ms, 20 * SMALL_LINE_MINUTE);
    ck_assert_int_eq(run->longest_waits[0].cause, WAIT_KNOCK_ON);
    ck_assert_int_eq(run->longest_waits[0].wait_for_train, 1);
    for (int32_t index = 0; index < 4; index++) /* at S, before going on over A-S to A */
        ck_assert_int_eq(run->held_ms[index], index == 0 * 2 + BACKWARD ? 20 * SMALL_LINE_MINUTE : 0);
    recorder_destroy(recorder);
}
END_TEST

/* Thousands of trains, told in a scrambled order: the quantiles of 0 … n − 1 seconds, and the five longest waits. */
START_TEST(a_long_run_grows_its_arrays) {
    enum { COUNT = 10007 };
    struct small_line line;
    small_line_make(&line);
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    for (int64_t step = 0; step < COUNT; step++) {
        const int64_t rank = step * 7919 % COUNT; /* COUNT is prime: every rank once */
        const struct train_call call = {.station = 1, .track = 1, .wait_ms = rank + 1, .wait_cause = WAIT_KNOCK_ON};
        const struct train_record train = {.train_id = rank + 1,
                                           .day = 1,
                                           .planned_departure_ms = 0,
                                           .departure_ms = 0,
                                           .arrival_ms = 1000,
                                           .delay_ms = rank * 1000,
                                           .calls = &call,
                                           .call_count = 1};
        observer.train(observer.context, &train);
    }
    const struct section_use sections[4] = {0};
    const int64_t busy[4] = {0};
    const struct station_use stations[3] = {0};
    const struct run_summary summary = {
        .window_to_ms = SMALL_LINE_DAY, .sections = sections, .section_busy_ms = busy, .stations = stations};
    observer.end(observer.context, &summary);
    const struct recorded_run *run = recorder_run(recorder);
    ck_assert_double_eq(run->metrics[METRIC_P50_DELAY_S], (COUNT - 1) / 2.0);
    ck_assert_double_eq_tol(run->metrics[METRIC_P95_DELAY_S], 0.95 * (COUNT - 1), 1e-6);
    ck_assert_double_eq(run->metrics[METRIC_MAX_DELAY_S], COUNT - 1);
    for (int32_t index = 0; index < LONGEST_WAITS_KEPT; index++)
        ck_assert_int_eq(run->longest_waits[index].wait_ms, COUNT - index);
    for (int64_t index = 0; index < COUNT; index++) {
        ck_assert(run->trains[index].record.train_id == index + 1);
        ck_assert(run->calls[run->trains[index].first_call].wait_ms == index + 1);
    }
    recorder_destroy(recorder);
}
END_TEST

/* A run may end before anybody comes: a train that is not at hand yet has no calls. */
START_TEST(a_run_without_any_call_is_one) {
    struct small_line line;
    small_line_make(&line);
    struct recorder *recorder = recorder_create(&line.scenario);
    const struct observer observer = recorder_observer(recorder);
    const struct train_record train = {
        .train_id = 1, .day = 1, .departure_ms = TIME_NONE, .arrival_ms = TIME_NONE, .status = TRAIN_NOT_ENTERED};
    observer.train(observer.context, &train);
    const struct section_use sections[4] = {0};
    const int64_t busy[4] = {0};
    const struct station_use stations[3] = {0};
    const struct run_summary summary = {
        .window_to_ms = 1000, .sections = sections, .section_busy_ms = busy, .stations = stations};
    observer.end(observer.context, &summary);
    ck_assert_ptr_nonnull(recorder_run(recorder));
    ck_assert_int_eq(recorder_run(recorder)->train_count, 1);
    ck_assert_int_eq(recorder_run(recorder)->call_count, 0);
    recorder_destroy(recorder);
}
END_TEST

START_TEST(a_run_that_has_not_ended_has_no_result) {
    struct small_line line;
    small_line_make(&line);
    struct recorder *recorder = recorder_create(&line.scenario);
    ck_assert_ptr_null(recorder_run(recorder));
    recorder_destroy(recorder);
    recorder_destroy(NULL);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {metrics_follow_from_the_trains_told,
                                  containers_and_money_are_counted_at_every_detail,
                                  without_containers_there_is_nothing_of_them,
                                  every_account_is_of_one_side,
                                  every_metric_has_a_name_and_they_ascend,
                                  the_warm_up_does_not_count,
                                  a_once_schedule_has_no_end_of_its_own,
                                  nothing_to_measure_is_not_a_number,
                                  detail_decides_what_is_kept,
                                  trains_are_by_id_and_blocks_from_the_from_end,
                                  the_longest_waits_are_known_with_their_cause,
                                  a_long_run_grows_its_arrays,
                                  a_run_without_any_call_is_one,
                                  a_run_that_has_not_ended_has_no_result};
    return run_suite("recorder", tests, sizeof tests / sizeof *tests);
}
