/* The chart of all money so far. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "appraisal_fixture.h"
#include "chart_tests.h"
#include "results/scratch.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
    database = appraisal_open();
}

/* Two years of building, three of use, paid back in the last. */
static void add_appraisal(int seq, const char *variant, double scale) {
    static const double sums[] = {-3, -8, -5, -1, 2};
    appraisal_add(database, seq, variant, 2 * scale, 0.6);
    for (int year = 0; year < 5; year++)
        appraisal_add_year(database, seq, 2034 + year, sums[year] * scale, (sums[year] - 0.5) * scale,
                           0.5 * year * scale, 1.5 * year * scale, year < 2 ? 0 : 1e6);
}

static void write_cash(const struct chart_request *request) {
    fixture_sql(database, "COMMIT");
    written_make(&written, "cash", database, request);
}

static void end_cash(void) {
    written_free(&written);
    database_close(database);
}

START_TEST(sums_stand_at_the_end_of_their_year) {
    add_appraisal(1, NULL, 1e9);
    appraisal_add_bar(database, 1, 1, "capex_overrun", 0.8, 1, 1.3, 4e9, -1e9, 1.2);
    write_cash(&(struct chart_request){0});
    ck_assert_int_eq(written_rows(&written, "sums.dat", 7, rows), 6);
    static const double first[] = {2034, 0, 0, 0, 0, 0, 0}, last[] = {2039, -4.5, -0.5, 1.5, 3.5, 7.5, 2};
    for (int column = 0; column < 7; column++) {
        ck_assert_double_eq_tol(rows[0][column], first[column], 1e-5);
        ck_assert_double_eq_tol(rows[5][column], last[column], 1e-5);
    }
    ck_assert_double_eq_tol(written_number(&written, "OPENING"), 2036, 1e-5);
    ck_assert(written_number(&written, "FAN") == 1);
    ck_assert(written_number(&written, "Y_BOTTOM") < -10 && written_number(&written, "Y_TOP") > 7.5);
    ck_assert_int_eq(written_says(&written, "billions of dollars"), 1);
    ck_assert_int_eq(written_says(&written, "$2.00 bn  means"), 1);
    ck_assert_int_eq(written_says(&written, "−$4.50 bn  5 %"), 1);
    ck_assert_int_eq(written_mentions(&written, "Studied line"), 1);
    ck_assert_int_eq(written_mentions(&written, "in 60 % of cases it pays"), 1);
    ck_assert_int_eq((int)written.result.experiment_id, 2);
    assert_texts_lie_well(&written, 15);
    end_cash();
}
END_TEST

/* Without anything uncertain there is no fan. */
START_TEST(what_is_certain_has_no_fan) {
    add_appraisal(1, NULL, 1e6);
    write_cash(&(struct chart_request){0});
    ck_assert(written_number(&written, "FAN") == 0);
    ck_assert_int_eq(written_says(&written, "millions of dollars"), 1);
    ck_assert_int_eq(written_mentions(&written, "5 %"), 0);
    ck_assert_int_eq(written_mentions(&written, "cases"), 0);
    assert_texts_lie_well(&written, 10);
    end_cash();
}
END_TEST

START_TEST(one_of_several_is_chosen_by_its_variant) {
    add_appraisal(1, NULL, 1e9);
    add_appraisal(2, "bare", 3e9);
    write_cash(&(struct chart_request){.variant = "bare"});
    ck_assert_int_eq(written.result.left_out, 0);
    ck_assert_int_eq(written_rows(&written, "sums.dat", 7, rows), 6);
    ck_assert_double_eq_tol(rows[5][6], 6, 1e-5);
    ck_assert_int_eq(written_mentions(&written, "Studied line, bare"), 1);
    written_free(&written);
    written_make(&written, "cash", database, &(struct chart_request){0});
    ck_assert_int_eq(written.result.left_out, 1);
    ck_assert_int_eq(written_mentions(&written, "the first of 2"), 1);
    end_cash();
}
END_TEST

START_TEST(what_is_not_there_is_said) {
    fixture_sql(database, "COMMIT");
    assert_chart_refused("cash", database, &(struct chart_request){0}, "`bering appraise` makes one");
    assert_chart_refused("cash", database, &(struct chart_request){.experiment_id = 7},
                         "experiment 7 has no appraisal");
    fixture_sql(database, "BEGIN");
    add_appraisal(1, NULL, 1e9);
    fixture_sql(database, "COMMIT");
    assert_chart_refused("cash", database, &(struct chart_request){.variant = "x"}, "no variant or scenario 'x'");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    if (!gnuplot_is_there()) return;
    add_appraisal(1, "it's \"50 %\" \\ {odd}", 1e9);
    appraisal_add_bar(database, 1, 1, "capex_overrun", 0.8, 1, 1.3, 4e9, -1e9, 1.2);
    fixture_sql(database, "COMMIT");
    assert_draws_silently("cash", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {sums_stand_at_the_end_of_their_year, what_is_certain_has_no_fan,
                                  one_of_several_is_chosen_by_its_variant, what_is_not_there_is_said,
                                  it_draws_without_a_word};
    return run_suite_in_scratch("cash_chart", tests, sizeof tests / sizeof *tests, set_up);
}
