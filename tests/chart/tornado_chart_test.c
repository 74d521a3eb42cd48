/* The chart of what each assumption does to the value. */
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
    appraisal_add(database, 1, NULL, -2e9, 0.3);
}

static void add_bars(void) {
    appraisal_add_bar(database, 1, 1, "capex_overrun", 0.8, 1.2, 1.7, 1e9, -6e9, 0.92);
    appraisal_add_bar(database, 1, 2, "opex_fixed_usd_per_year", 1e8, 1.5e8, 2e8, -1.5e9, -2.5e9, NAN);
    appraisal_add_bar(database, 1, 3, "discount_rate", 0.04, 0.06, 0.08, -2.2e9, -1.9e9, NAN);
    fixture_sql(database, "COMMIT");
}

static void end_tornado(void) {
    written_free(&written);
    database_close(database);
}

START_TEST(bars_reach_from_the_means_to_each_end) {
    add_bars();
    written_make(&written, "tornado", database, &(struct chart_request){0});
    static const double low[][2] = {{-2, 1}, {-2, -1.5}, {-2.2, -2}}, high[][2] = {{-6, -2}, {-2.5, -2}, {-2, -1.9}};
    ck_assert_int_eq(written_rows(&written, "low.dat", 6, rows), 3);
    for (int row = 0; row < 3; row++)
        for (int end = 0; end < 2; end++) ck_assert_double_eq_tol(rows[row][2 + end], low[row][end], 1e-5);
    ck_assert(rows[0][1] < rows[1][1] && rows[1][1] < rows[2][1]); /* the widest on top */
    ck_assert_int_eq(written_rows(&written, "high.dat", 6, rows), 3);
    for (int row = 0; row < 3; row++)
        for (int end = 0; end < 2; end++) ck_assert_double_eq_tol(rows[row][2 + end], high[row][end], 1e-5);
    ck_assert_double_eq_tol(written_number(&written, "SINGLE"), -2, 1e-5);
    end_tornado();
}
END_TEST

START_TEST(names_and_values_stand_beside_the_bars) {
    add_bars();
    written_make(&written, "tornado", database, &(struct chart_request){0});
    static const char *const texts[] = {"capex overrun  1.2",
                                        "0.8",
                                        "1.7",
                                        "0.92",
                                        "opex fixed usd per year  $150 m",
                                        "$100 m",
                                        "$200 m",
                                        "discount rate  0.06",
                                        "0.04",
                                        "0.08",
                                        "all at their means: −$2.00 bn"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(written_says(&written, texts[i]) == 1, "'%s' %d times", texts[i],
                      written_says(&written, texts[i]));
    ck_assert_int_eq(written_says(&written, "–"), 2); /* no switching value */
    ck_assert_int_eq(written.result.items, 3);
    end_tornado();
}
END_TEST

/* Inputs beyond the room are counted; texts never lie on each other, whatever the bars. */
START_TEST(there_is_room_for_what_is_shown) {
    for (int rank = 1; rank <= 20; rank++) {
        char input[32];
        snprintf(input, sizeof input, "input_%d_usd_per_year_and_more", rank);
        const double width = 5e9 / rank;
        appraisal_add_bar(database, 1, rank, input, 1e7 * rank, 2e7 * rank, 3e7 * rank, -2e9 + width * (rank % 3 - 1),
                          -2e9 - width, rank % 2 ? 4e6 : (double)NAN);
    }
    fixture_sql(database, "COMMIT");
    written_make(&written, "tornado", database, &(struct chart_request){0});
    ck_assert_int_eq(written.result.items, 16);
    ck_assert_int_eq(written.result.left_out, 4);
    assert_texts_lie_well(&written, 60);
    end_tornado();
}
END_TEST

START_TEST(without_anything_uncertain_there_is_nothing_to_draw) {
    fixture_sql(database, "COMMIT");
    assert_chart_refused("tornado", database, &(struct chart_request){0}, "nothing is uncertain");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    if (!gnuplot_is_there()) return;
    add_bars();
    assert_draws_silently("tornado", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {bars_reach_from_the_means_to_each_end, names_and_values_stand_beside_the_bars,
                                  there_is_room_for_what_is_shown, without_anything_uncertain_there_is_nothing_to_draw,
                                  it_draws_without_a_word};
    return run_suite_in_scratch("tornado_chart", tests, sizeof tests / sizeof *tests, set_up);
}
