/* The chart of trains a day by variant. */
#include <check.h>
#include <math.h>
#include <stdio.h>

#include "results/scratch.h"
#include "study_fixture.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
    database = study_open(3, (const char *const[]){"West yard", "The \"middle\", 50 %", "East yard"});
}

static void write_capacity(const struct chart_request *request) {
    fixture_sql(database, "COMMIT");
    written_make(&written, "capacity", database, request);
}

static void end_capacity(void) {
    written_free(&written);
    database_close(database);
}

/* A bar from 0 to the answer. */
static void assert_bar(int row, double value) {
    ck_assert_double_eq_tol(rows[row][2], 0, 1e-9);
    ck_assert_double_eq_tol(rows[row][3], value, 1e-5);
    ck_assert_double_eq_tol(rows[row][5] - rows[row][4], 12, 1e-3);
}

START_TEST(every_answer_has_its_bar) {
    const struct chart_request request = {0};
    study_variant(database, "one", 20, 0);
    study_variant(database, "two", 50, 0);
    write_capacity(&request);
    ck_assert_int_eq(written_rows(&written, "theoretical.dat", 6, rows), 8);
    static const double theory[] = {60, 26, 32, 44, 150, 65, 80, 110}; /* any order, n = 1, 2, 4 */
    for (int row = 0; row < 8; row++) assert_bar(row, theory[row]);
    for (int row = 1; row < 8; row++) ck_assert_double_gt(rows[row][4], rows[row - 1][5]); /* one below the other */
    ck_assert_int_eq(written_rows(&written, "compressed.dat", 6, rows), 2);
    assert_bar(0, 12);
    assert_bar(1, 30);
    ck_assert_int_eq(written_rows(&written, "saturated.dat", 6, rows), 2);
    assert_bar(1, 50);
    ck_assert_int_eq(written_rows(&written, "saturated_interval.dat", 4, rows), 2);
    ck_assert_double_eq_tol(rows[1][2], 49.5, 1e-5);
    ck_assert_double_eq_tol(rows[1][3], 50.5, 1e-5);
    ck_assert_int_eq(written_rows(&written, "practical_interval.dat", 4, rows), 2);
    ck_assert_int_eq(written_says(&written, "50.0 ± 0.5"), 1);
    ck_assert_int_eq(written_says(&written, "in fleets, n = 4"), 2);
    ck_assert_int_eq(written_says(&written, "95 % interval"), 1);
    ck_assert_int_eq(written_says(&written, "one") + written_says(&written, "two"), 2);
    ck_assert_double_ge(written_number(&written, "X_TO"), 150);
    end_capacity();
}
END_TEST

START_TEST(places_are_named_and_answers_missing_explained) {
    const struct chart_request request = {0};
    study_answer(database, "", &(struct study_row){"theoretical", 1, 20, NAN, "S0 – S1", "running_time", NULL});
    study_answer(database, "", &(struct study_row){"compressed", 0, 15, NAN, "X1", NULL, NULL});
    study_answer(database, "", &(struct study_row){"saturated", 0, NAN, NAN, NULL, NULL, "a network with junctions"});
    study_answer(database, "", &(struct study_row){"practical", 0, 12, NAN, NULL, NULL, "never too late"});
    write_capacity(&request);
    ck_assert_int_eq(written_says(&written, "≥ 12.0") + written_says(&written, "never too late"), 2);
    ck_assert_int_eq(written_says(&written, "West yard – The \"middle\", 50 %: running time"), 1);
    ck_assert_int_eq(written_says(&written, "The \"middle\", 50 % – East yard"), 1);
    ck_assert_int_eq(written_says(&written, "–"), 1);
    ck_assert_int_eq(written_says(&written, "a network with junctions"), 1);
    ck_assert_int_eq(written_rows(&written, "saturated.dat", 6, rows), 0);
    assert_texts_lie_well(&written, 8);
    end_capacity();
}
END_TEST

START_TEST(a_study_without_any_figure_is_drawn_with_its_reasons) {
    const struct chart_request request = {0};
    study_answer(database, "", &(struct study_row){"theoretical", 0, NAN, NAN, NULL, NULL, "no train runs"});
    write_capacity(&request);
    ck_assert_int_eq(written_says(&written, "no train runs"), 1);
    assert_draws_silently("capacity", database, &request);
    end_capacity();
}
END_TEST

START_TEST(texts_never_overlap_however_many_variants) {
    static const int counts[] = {1, 5, 24, 30};
    for (int round = 0; round < 8; round++) {
        const struct chart_request request = {0};
        for (int variant = 0; variant < counts[round / 2]; variant++) {
            char name[160];
            snprintf(name, sizeof name,
                     round % 2 == 0
                         ? "v%d"
                         : "%d sidings, and a name so long that it would run out of the picture at its right "
                           "side if nobody had a look at where it ends",
                     variant);
            study_variant(database, name, 10 + 7 * variant, 0);
        }
        write_capacity(&request);
        assert_texts_lie_well(&written, 14);
        ck_assert_int_eq(written.result.items, counts[round / 2] < 24 ? counts[round / 2] : 24);
        ck_assert_int_eq(written.result.left_out, counts[round / 2] - written.result.items);
        ck_assert_int_eq(written_mentions(&written, "the first 24 of 30 variants"), counts[round / 2] == 30);
        end_capacity();
        scratch_remove();
        set_up();
    }
}
END_TEST

START_TEST(the_latest_study_is_drawn_and_any_asked_for) {
    struct chart_request request = {0};
    study_variant(database, "one", 20, 0);
    fixture_sql(database, "INSERT INTO experiments VALUES (3, 'capacity', 'x', ''), (4, 'run', 'x', '');"
                          "INSERT INTO capacity (experiment_id, variant, answer, input_sha256, trains_per_day) VALUES"
                          " (3, 'later', 'saturated', 'none', 77)");
    write_capacity(&request);
    ck_assert_int_eq(written.result.experiment_id, 3);
    ck_assert_int_eq(written_says(&written, "77.0"), 1);
    ck_assert_int_eq(written_says(&written, "experiment 3 · x"), 1); /* no files kept: by its arguments */
    written_free(&written);
    request.experiment_id = 2;
    written_make(&written, "capacity", database, &request);
    ck_assert_int_eq(written_says(&written, "one"), 1);
    assert_draws_silently("capacity", database, &request);
    request.experiment_id = 4;
    assert_chart_refused("capacity", database, &request, "experiment 4 has no answers of a capacity study");
    end_capacity();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {every_answer_has_its_bar, places_are_named_and_answers_missing_explained,
                                  a_study_without_any_figure_is_drawn_with_its_reasons,
                                  texts_never_overlap_however_many_variants,
                                  the_latest_study_is_drawn_and_any_asked_for};
    return run_suite_in_scratch("capacity_chart", tests, sizeof tests / sizeof *tests, set_up);
}
