/* The chart of delay against demand. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart_tests.h"
#include "results/scratch.h"
#include "study_fixture.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
    database = study_open(5, NULL);
}

static void write_delay(void) {
    const struct chart_request request = {0};
    fixture_sql(database, "COMMIT");
    written_make(&written, "delay", database, &request);
}

static void end_delay(void) {
    written_free(&written);
    database_close(database);
}

static void put_answers(const char *variant, double saturated, double practical) {
    study_answer(database, variant, &(struct study_row){"saturated", 0, saturated, 0.5, NULL, NULL, NULL});
    study_answer(database, variant, &(struct study_row){"practical", 0, practical, 0.25, NULL, NULL, NULL});
}

START_TEST(points_stand_at_their_demand_and_delay_with_their_intervals) {
    put_answers("", 40, 28);
    study_fit(database, "", 1800, "mean", "found", NAN, NAN);
    study_point(database, "", 1, 30, 2400, 300, 4000); /* in any order */
    study_point(database, "", 2, 10, 600, 60, 900);
    study_point(database, "", 3, 20, 1200, NAN, 2000);
    write_delay();
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 3);
    static const double expected[][4] = {{10, 10, 9, 11}, {20, 20, 20, 20}, {30, 40, 35, 45}};
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 4; column++)
            ck_assert_double_eq_tol(rows[row][column], expected[row][column], 1e-5);
    ck_assert_int_eq(written_rows(&written, "curve_1.dat", 2, rows), 3);
    ck_assert_double_eq_tol(rows[0][0], 10, 1e-5);
    ck_assert_double_eq_tol(rows[2][1], 40, 1e-5);
    ck_assert_int_eq(written_rows(&written, "fit_1.dat", 2, rows), 0);
    ck_assert_int_eq(written_says(&written, "mean delay, minutes"), 1);
    ck_assert_int_eq(written_mentions(&written, "Studied line"), 1);
    end_delay();
}
END_TEST

START_TEST(the_answers_stand_on_the_limit_and_at_the_saturated_throughput) {
    put_answers("", 40, 28);
    study_fit(database, "", 1800, "mean", "found", 120, 0.1);
    for (int point = 1; point <= 4; point++) study_point(database, "", point, 10 * point, 600 * point, 60, 900);
    write_delay();
    ck_assert_int_eq(written_rows(&written, "practical_1.dat", 4, rows), 1);
    static const double practical[] = {28, 30, 27.75, 28.25};
    for (int column = 0; column < 4; column++) ck_assert_double_eq_tol(rows[0][column], practical[column], 1e-5);
    ck_assert_int_eq(written_rows(&written, "saturated_1.dat", 6, rows), 1);
    ck_assert_double_eq_tol(rows[0][2], 39.5, 1e-5);
    ck_assert_double_eq_tol(rows[0][3], 40.5, 1e-5);
    ck_assert_double_eq_tol(rows[0][5], written_number(&written, "Y_TOP"), 1e-5);
    ck_assert_int_eq(written_rows(&written, "limit_1.dat", 2, rows), 2);
    ck_assert_double_eq_tol(rows[0][1], 30, 1e-5);
    const int count = written_rows(&written, "fit_1.dat", 2, rows);
    ck_assert_int_gt(count, 20);
    for (int row = 0; row < count - 1; row++) ck_assert_double_eq_tol(rows[row][1], 2 * exp(0.1 * rows[row][0]), 1e-4);
    ck_assert_int_eq(written_says(&written, "practical  28.0 ± 0.2") + written_says(&written, "practical  28.0 ± 0.3"),
                     1);
    ck_assert_int_eq(written_says(&written, "saturated 40.0 ± 0.5"), 1);
    ck_assert_int_eq(written_says(&written, "limit 30 min"), 1);
    end_delay();
}
END_TEST

/* What lies far above the limit leaves the plot instead of flattening everything below it. */
START_TEST(a_curve_that_runs_away_is_cut_at_the_top) {
    put_answers("", 40, 28);
    study_fit(database, "", 1800, "mean", "found", NAN, NAN);
    study_point(database, "", 1, 10, 600, 60, NAN);
    study_point(database, "", 2, 20, 1200, 60, NAN);
    study_point(database, "", 3, 40, 600000, 60, NAN);
    write_delay();
    const double top = written_number(&written, "Y_TOP");
    ck_assert_double_eq_tol(top, 66, 1e-5);
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 2);
    ck_assert_int_eq(written_rows(&written, "curve_1.dat", 2, rows), 3);
    ck_assert_double_eq_tol(rows[2][1], top, 1e-5);
    ck_assert_double_eq_tol(rows[2][0], 20 + 20 * (66 - 20.0) / (10000 - 20), 1e-5);
    end_delay();
}
END_TEST

START_TEST(the_knee_is_where_the_curve_lies_farthest_below_its_chord) {
    static const double delays[2][5] = {{60, 120, 180, 240, 300}, {60, 80, 120, 900, 1800}};
    study_fit(database, "straight", 1800, "mean", "found", NAN, NAN);
    study_fit(database, "bent", 1800, "mean", "found", NAN, NAN);
    for (int point = 0; point < 5; point++) {
        study_point(database, "straight", point + 1, 10 * (point + 1), delays[0][point], 6, NAN);
        study_point(database, "bent", point + 1, 10 * (point + 1), delays[1][point], 6, NAN);
    }
    put_answers("straight", 60, 50);
    put_answers("bent", 60, 50);
    write_delay();
    ck_assert_int_eq(written_rows(&written, "knee_1.dat", 2, rows), 0);
    ck_assert_int_eq(written_rows(&written, "knee_2.dat", 2, rows), 1);
    ck_assert_double_eq_tol(rows[0][0], 30, 1e-5);
    ck_assert_double_eq_tol(rows[0][1], 2, 1e-5);
    ck_assert_int_eq(written_rows(&written, "limit_1.dat", 2, rows), 2); /* one for both */
    ck_assert_int_eq(written_rows(&written, "limit_2.dat", 2, rows), 0);
    end_delay();
}
END_TEST

START_TEST(a_limit_never_kept_or_never_reached_is_said) {
    study_answer(database, "hard", &(struct study_row){"practical", 0, NAN, NAN, NULL, NULL, "never kept"});
    study_answer(database, "easy", &(struct study_row){"practical", 0, 40, NAN, NULL, NULL, NULL});
    study_fit(database, "hard", 60, "mean", "never_kept", NAN, NAN);
    study_fit(database, "easy", 60, "mean", "never_reached", NAN, NAN);
    for (int point = 1; point <= 4; point++) {
        study_point(database, "hard", point, 10 * point, 90 + 5 * point, 3, NAN);
        study_point(database, "easy", point, 10 * point, 10 * point, 1, NAN);
    }
    write_delay();
    ck_assert_int_eq(written_rows(&written, "practical_1.dat", 4, rows), 0);
    ck_assert_int_eq(written_rows(&written, "practical_2.dat", 4, rows), 1);
    ck_assert_double_eq_tol(rows[0][1], 40 / 60.0, 1e-5); /* on its curve, not on the limit */
    ck_assert_int_eq(written_says(&written, "hard  limit never kept"), 1);
    ck_assert_int_eq(written_says(&written, "easy  ≥ 40.0, limit never reached"), 1);
    end_delay();
}
END_TEST

START_TEST(a_percentile_is_drawn_with_the_mean_beside_it) {
    put_answers("", 40, 28);
    study_fit(database, "", 1800, "p90", "found", 60, 0.05);
    for (int point = 1; point <= 4; point++) study_point(database, "", point, 10 * point, 300 * point, 60, 600 * point);
    write_delay();
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 4);
    ck_assert_double_eq_tol(rows[1][1], 20, 1e-5);
    ck_assert_double_eq_tol(rows[1][3] - rows[1][2], 0, 1e-5);
    ck_assert_int_eq(written_rows(&written, "means_1.dat", 4, rows), 4);
    ck_assert_double_eq_tol(rows[1][1], 10, 1e-5);
    ck_assert_double_eq_tol(rows[1][3] - rows[1][2], 2, 1e-5);
    ck_assert_int_eq(written_says(&written, "90th percentile"), 1);
    end_delay();
}
END_TEST

START_TEST(where_no_percentile_is_kept_the_mean_stands_for_it) {
    put_answers("", 40, 28);
    study_fit(database, "", 1800, "p90", "found", NAN, NAN);
    study_point(database, "", 1, 10, 300, 60, 600);
    study_point(database, "", 2, 20, 600, 60, NAN);
    write_delay();
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 2);
    ck_assert_double_eq_tol(rows[0][1], 10, 1e-5);
    ck_assert_double_eq_tol(rows[1][1], 10, 1e-5);
    end_delay();
}
END_TEST

/* Nothing is known of the limit: all of the curve is shown, and the practical answer stands on it. */
START_TEST(without_a_limit_the_curve_is_shown_whole) {
    put_answers("", 40, 28);
    study_point(database, "", 1, 10, 600, 60, NAN);
    study_point(database, "", 2, 20, 1200, NAN, NAN);
    study_point(database, "", 3, 30, 2400, 300, NAN);
    write_delay();
    ck_assert_double_eq_tol(written_number(&written, "Y_TOP"), 45 * 1.05, 1e-5);
    ck_assert_int_eq(written_rows(&written, "limit_1.dat", 2, rows), 0);
    ck_assert_int_eq(written_rows(&written, "fit_1.dat", 2, rows), 0);
    ck_assert_int_eq(written_mentions(&written, "limit "), 0);
    ck_assert_int_eq(written_rows(&written, "practical_1.dat", 4, rows), 1);
    ck_assert_double_eq_tol(rows[0][0], 28, 1e-5);
    ck_assert_double_eq_tol(rows[0][1], 36, 1e-5); /* between 20 and 40 minutes */
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 3);
    end_delay();
}
END_TEST

/* Demands and delays of nothing give a frame all the same. */
START_TEST(a_line_without_delay_has_a_frame) {
    study_point(database, "", 1, 0, 0, NAN, NAN);
    write_delay();
    ck_assert_double_eq_tol(written_number(&written, "Y_TOP"), 1, 1e-9);
    ck_assert_double_eq_tol(written_number(&written, "X_TO"), 1, 1e-9);
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 1);
    ck_assert_int_eq(written_rows(&written, "practical_1.dat", 4, rows), 0);
    end_delay();
}
END_TEST

/* Whether a label lies on a curve, by the middle of its letters. */
static void assert_labels_clear_of_curves(int variants) {
    static struct written_text texts[WRITTEN_TEXTS];
    const double left = written_number(&written, "LEFT"), right = written_number(&written, "RIGHT");
    const double top = written_number(&written, "TOP"), bottom = written_number(&written, "BOTTOM");
    const double x_to = written_number(&written, "X_TO"), y_top = written_number(&written, "Y_TOP");
    const int count = written_texts(&written, texts);
    for (int variant = 1; variant <= variants; variant++) {
        char file[32];
        snprintf(file, sizeof file, "curve_%d.dat", variant);
        const int points = written_rows(&written, file, 2, rows);
        for (int point = 1; point < points; point++) {
            struct box line = {0};
            const double x1 = left + rows[point - 1][0] / x_to * (right - left);
            const double x2 = left + rows[point][0] / x_to * (right - left);
            const double y1 = bottom - rows[point - 1][1] / y_top * (bottom - top);
            const double y2 = bottom - rows[point][1] / y_top * (bottom - top);
            line = (struct box){(x1 + x2) / 2, (y1 + y2) / 2, hypot(x2 - x1, y2 - y1) / 2, 1, atan2(y2 - y1, x2 - x1)};
            for (int text = 0; text < count; text++) {
                if (texts[text].box.y < top || texts[text].box.y > bottom || texts[text].box.x < left) continue;
                ck_assert_msg(!boxes_overlap(&texts[text].box, &line), "'%s' lies on a curve", texts[text].text);
            }
        }
    }
}

/* However far above the limit: something of it is seen. */
START_TEST(a_curve_far_above_the_limit_is_seen) {
    study_answer(database, "", &(struct study_row){"practical", 0, NAN, NAN, NULL, NULL, "never kept"});
    study_fit(database, "", 0.06, "mean", "never_kept", NAN, NAN);
    for (int point = 1; point <= 4; point++) study_point(database, "", point, 10 * point, 300 * point, 3, NAN);
    write_delay();
    ck_assert_double_eq_tol(written_number(&written, "Y_TOP"), 7.5, 1e-5); /* 1.5 times 5 min */
    ck_assert_int_eq(written_rows(&written, "points_1.dat", 4, rows), 1);
    end_delay();
}
END_TEST

START_TEST(every_saturated_answer_has_its_variant) {
    static const char *const names[] = {"bare", "as_proposed", "undersea"};
    for (int variant = 0; variant < 3; variant++) {
        study_fit(database, names[variant], 1800, "mean", "found", NAN, NAN);
        for (int point = 1; point <= 3; point++)
            study_point(database, names[variant], point, 10 * point + variant, 300 * point, 3, NAN);
        put_answers(names[variant], 50 + variant, 30);
    }
    write_delay();
    for (int variant = 0; variant < 2; variant++) { /* two rows, and the third has no room */
        char start[32];
        snprintf(start, sizeof start, "%s %d.0 ±", names[variant], 50 + variant);
        ck_assert_int_eq(written_mentions(&written, start), 1);
    }
    assert_texts_lie_well(&written, 16);
    end_delay();
}
END_TEST

START_TEST(labels_lie_clear_of_each_other_and_of_the_curves) {
    static const int counts[] = {1, 2, 5, 12, 24};
    for (int round = 0; round < 10; round++) {
        const int count = counts[round / 2];
        for (int variant = 0; variant < count; variant++) {
            char name[64];
            snprintf(name, sizeof name, round % 2 == 0 ? "v%d" : "%d sidings and all that goes with them", variant);
            study_variant(database, name, round % 2 == 0 ? 20 + 5 * variant : 30 + variant, 4);
        }
        write_delay();
        ck_assert_int_eq(written.result.items, count);
        assert_texts_lie_well(&written, 20);
        assert_labels_clear_of_curves(count);
        if (count <= 5) /* with room for all, all are named */
            for (int variant = 0; variant < count; variant++) {
                char start[16];
                snprintf(start, sizeof start, round % 2 == 0 ? "v%d  " : "%d ", variant);
                ck_assert_int_ge(written_mentions(&written, start), 1);
            }
        end_delay();
        scratch_remove();
        set_up();
    }
}
END_TEST

START_TEST(hostile_names_come_through) {
    static const char *const names[] = {"a_b^{c}@d&e~f\\n", "it's \"q\"; `id` $(id)", "%d 50%; <b> éß東"};
    if (!gnuplot_is_there()) return;
    for (int name = 0; name < 3; name++) study_variant(database, names[name], 20 + 30 * name, 4);
    fixture_sql(database,
                "UPDATE inputs SET content = CAST('key,value' || char(10) || 'name,\"T_i^t{l}e \"\"z\"\" %s'';\"'"
                " || char(10) AS BLOB) WHERE path LIKE '%scenario.csv'; COMMIT");
    char path[SCRATCH_PATH];
    const struct chart_request request = {0};
    struct chart_result result;
    struct failure failure = {""};
    ck_assert_msg(
        chart_draw(chart_kind_of("delay"), database, &request, scratch_file("x.svg", path), &result, &failure), "%s",
        failure.text);
    char *svg = file_content(path);
    ck_assert_ptr_nonnull(strstr(svg, "a_b^{c}@d&amp;e~f\\n"));
    ck_assert_ptr_nonnull(strstr(svg, "`id` $(id)"));
    free(svg);
    ck_assert_int_eq(svg_texts_equal(path, "experiment 2 · T_i^t{l}e \"z\" %s';"), 1);
    database_close(database);
}
END_TEST

START_TEST(draws_every_format_without_a_word_from_gnuplot) {
    const struct chart_request request = {0};
    study_variant(database, "one", 30, 4);
    study_variant(database, "two", 60, 4);
    fixture_sql(database, "COMMIT");
    assert_draws_silently("delay", database, &request);
    database_close(database);
}
END_TEST

START_TEST(what_is_not_there_is_said) {
    struct chart_request request = {0};
    study_answer(database, "", &(struct study_row){"theoretical", 0, 20, NAN, NULL, NULL, NULL});
    fixture_sql(database, "COMMIT");
    assert_chart_refused("delay", database, &request, "has no delays at different demands; `bering capacity");
    study_variant(database, "one", 30, 4);
    request.experiment_id = 7;
    assert_chart_refused("delay", database, &request, "has no experiment 7");
    request.experiment_id = 1;
    assert_chart_refused("delay", database, &request, "experiment 1 has no delays at different demands");
    request = (struct chart_request){.variant = "three"};
    assert_chart_refused("delay", database, &request, "of variant 'three'");
    request.variant = "one";
    written_make(&written, "delay", database, &request);
    ck_assert_int_eq(written.result.items, 1);
    end_delay();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {points_stand_at_their_demand_and_delay_with_their_intervals,
                                  the_answers_stand_on_the_limit_and_at_the_saturated_throughput,
                                  a_curve_that_runs_away_is_cut_at_the_top,
                                  the_knee_is_where_the_curve_lies_farthest_below_its_chord,
                                  a_limit_never_kept_or_never_reached_is_said,
                                  a_curve_far_above_the_limit_is_seen,
                                  every_saturated_answer_has_its_variant,
                                  a_percentile_is_drawn_with_the_mean_beside_it,
                                  where_no_percentile_is_kept_the_mean_stands_for_it,
                                  without_a_limit_the_curve_is_shown_whole,
                                  a_line_without_delay_has_a_frame,
                                  labels_lie_clear_of_each_other_and_of_the_curves,
                                  hostile_names_come_through,
                                  draws_every_format_without_a_word_from_gnuplot,
                                  what_is_not_there_is_said};
    return run_suite_in_scratch("delay_chart", tests, sizeof tests / sizeof *tests, set_up);
}
