/* The chart of what a run earned and spent. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_tests.h"
#include "graph_fixture.h"
#include "results/scratch.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
    database = fixture_open("A line");
    fixture_line(database, 3, 20, NULL);
}

/* So many days from 3 January 2034, after so many of warm-up: each earns and spends the same. */
static void add_days(int warmup, int days) {
    char sql[512];
    snprintf(sql, sizeof sql, "UPDATE runs SET warmup_ms = %d * 86400000, horizon_ms = %d * 86400000", warmup, days);
    fixture_sql(database, sql);
    static const struct {
        const char *account;
        int cents;
    } accounts[] = {{"tariff", 1000000},
                    {"train_revenue", 200000},
                    {"late_penalty", -50000},
                    {"train_hours", -100000},
                    {"train_km", -200000},
                    {"energy", -40000},
                    {"lifts", -30000},
                    {"yard", -10000},
                    {"fixed", -70000},
                    {"track_access_paid", -500000},
                    {"track_access_received", 500000}};
    for (int day = 1; day <= warmup + days + 1; day++)
        for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
            snprintf(sql, sizeof sql, "INSERT INTO ledger VALUES (1, %d, '%s', %d)", day, accounts[i].account,
                     accounts[i].cents);
            fixture_sql(database, sql);
        }
    fixture_sql(database, "COMMIT");
}

static void end_revenue(void) {
    written_free(&written);
    database_close(database);
}

/* Earned: 10,000 + 2,000; spent: 3,000 on trains, 400, 400, 700, 500; left: 7,000. The warm-up does not count. */
START_TEST(stacks_are_what_a_day_earns_and_spends) {
    add_days(2, 5);
    written_make(&written, "revenue", database, &(struct chart_request){0});
    static const struct {
        const char *file;
        double from, to;
    } stacks[] = {{"tariff.dat", 0, 10000},     {"train_revenue.dat", 10000, 12000}, {"trains.dat", 0, 3000},
                  {"energy.dat", 3000, 3400},   {"terminals.dat", 3400, 3800},       {"fixed.dat", 3800, 4500},
                  {"penalties.dat", 4500, 5000}};
    for (size_t i = 0; i < sizeof stacks / sizeof *stacks; i++) {
        ck_assert_msg(written_rows(&written, stacks[i].file, 6, rows) == 5, "%s", stacks[i].file);
        ck_assert_double_eq_tol(rows[4][4], stacks[i].from, 1e-5);
        ck_assert_double_eq_tol(rows[4][5], stacks[i].to, 1e-5);
    }
    ck_assert_int_eq(written_rows(&written, "left.dat", 2, rows), 5);
    ck_assert_double_eq_tol(rows[0][1], 7000, 1e-5);
    ck_assert_int_eq(written_says(&written, "2034-01-05"), 1);
    ck_assert_int_eq(written_says(&written, "2034-01-04"), 0);
    ck_assert_int_eq(written_says(&written, "dollars"), 1);
    ck_assert_int_eq(written_mentions(&written, "by day"), 1);
    assert_texts_lie_well(&written, 15);
    end_revenue();
}
END_TEST

/* 120 days from 5 January on: 27 of January, then whole months, and 4 of May. */
START_TEST(long_runs_are_drawn_by_month_and_by_year) {
    add_days(2, 120);
    written_make(&written, "revenue", database, &(struct chart_request){0});
    ck_assert_int_eq(written.result.items, 5);
    ck_assert_int_eq(written_rows(&written, "tariff.dat", 6, rows), 5);
    static const double days[] = {27, 28, 31, 30, 4};
    for (int month = 0; month < 5; month++) ck_assert_double_eq_tol(rows[month][5], 10000 * days[month], 1e-3);
    ck_assert_int_eq(written_says(&written, "27 days"), 1);
    ck_assert_int_eq(written_says(&written, "4 days"), 1);
    ck_assert_int_eq(written_says(&written, "2034-03"), 1);
    ck_assert_int_eq(written_mentions(&written, "by month"), 1);
    assert_texts_lie_well(&written, 10);
    end_revenue();
}
END_TEST

START_TEST(texts_have_room_whatever_the_days) {
    static const int days[] = {1, 30, 92};
    for (int i = 0; i < 3; i++) {
        if (i > 0) fixture_sql(database, "BEGIN; DELETE FROM ledger");
        add_days(0, days[i]);
        written_make(&written, "revenue", database, &(struct chart_request){.run_id = 1});
        ck_assert_int_eq(written.result.items, days[i]);
        assert_texts_lie_well(&written, 10);
        written_free(&written);
    }
    database_close(database);
}
END_TEST

START_TEST(a_run_without_money_is_said_to_have_none) {
    fixture_sql(database, "COMMIT");
    assert_chart_refused("revenue", database, &(struct chart_request){0}, "neither earned nor spent");
    assert_chart_refused("revenue", database, &(struct chart_request){.run_id = 9}, "run 9");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    if (!gnuplot_is_there()) return;
    add_days(0, 40);
    assert_draws_silently("revenue", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {stacks_are_what_a_day_earns_and_spends, long_runs_are_drawn_by_month_and_by_year,
                                  texts_have_room_whatever_the_days, a_run_without_money_is_said_to_have_none,
                                  it_draws_without_a_word};
    return run_suite_in_scratch("revenue_chart", tests, sizeof tests / sizeof *tests, set_up);
}
