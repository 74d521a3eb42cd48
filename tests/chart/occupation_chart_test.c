/* The chart of how full each section is. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "results/scratch.h"
#include "study_fixture.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
}

static void write_occupation(const struct chart_request *request) {
    fixture_sql(database, "COMMIT");
    written_make(&written, "occupation", database, request);
}

static void end_occupation(void) {
    written_free(&written);
    database_close(database);
}

START_TEST(bars_are_the_occupancy_in_the_order_of_the_line) {
    const struct chart_request request = {0};
    database = study_open(4, (const char *const[]){"West", "Loop", "Bridge", "East"});
    study_section(database, "", 2, "X1", 1, 0.63);
    study_section(database, "", 1, "X0", 1, 0.4);
    study_section(database, "", 3, "X2", 1, 0.55);
    study_answer(database, "", &(struct study_row){"compressed", 0, 15, NAN, NULL, NULL, NULL});
    write_occupation(&request);
    ck_assert_int_eq(written_rows(&written, "compressed.dat", 7, rows), 3);
    static const double shares[] = {0.4, 0.63, 0.55};
    const double left = rows[0][2];
    for (int row = 0; row < 3; row++) {
        ck_assert_double_eq_tol(rows[row][6], shares[row], 1e-5);
        ck_assert_double_eq_tol((rows[row][3] - left) / (rows[0][3] - left), shares[row] / 0.4, 1e-4);
        if (row > 0) ck_assert_double_gt(rows[row][4], rows[row - 1][5]);
    }
    ck_assert_int_eq(written_rows(&written, "ceiling.dat", 4, rows), 1);
    ck_assert_double_eq_tol((rows[0][0] - left) / (written_number(&written, "RIGHT") - left), 0.6, 1e-4);
    ck_assert_int_eq(written_says(&written, "West – Loop"), 1);
    ck_assert_int_eq(written_says(&written, "63 %"), 1);
    ck_assert_int_eq(written_says(&written, "ceiling 60 %"), 1);
    assert_texts_lie_well(&written, 20);
    end_occupation();
}
END_TEST

/* A variant that splits a section has it beside what others have in its place. */
START_TEST(sections_of_all_variants_stand_where_their_own_line_has_them) {
    const struct chart_request request = {0};
    database = study_open(2, NULL);
    static const char *const plain[] = {"A", "B", "C"}, *const split[] = {"A", "B1", "B2", "C"};
    for (int section = 0; section < 3; section++) study_section(database, "plain", section + 1, plain[section], 1, 0.5);
    for (int section = 0; section < 4; section++) study_section(database, "split", section + 1, split[section], 1, 0.3);
    study_section(database, "split", 5, "C", 2, 0.9);
    study_section(database, "split", 6, "C", 2, 0.8); /* another block of the same road */
    write_occupation(&request);
    ck_assert_int_eq(written.result.items, 6);
    ck_assert_int_eq(written_rows(&written, "compressed.dat", 7, rows), 3 + 5);
    static const char *const order[] = {"A", "B1", "B2", "B", "C", "C, backward road"};
    static struct written_text texts[WRITTEN_TEXTS];
    const int count = written_texts(&written, texts);
    double before = 0;
    for (int row = 0; row < 6; row++) {
        const struct box *box = NULL;
        for (int text = 0; text < count; text++)
            if (strcmp(texts[text].text, order[row]) == 0) box = &texts[text].box;
        ck_assert_msg(box != NULL, "%s is not there", order[row]);
        if (row != 3) ck_assert_double_gt(box->y, before);
        if (row != 3) before = box->y;
    }
    ck_assert_int_eq(written_says(&written, "90 %"), 1);
    ck_assert_int_eq(written_says(&written, "plain") + written_says(&written, "split"), 2);
    end_occupation();
}
END_TEST

START_TEST(texts_never_overlap_however_many_sections_and_variants) {
    static const int stations[] = {2, 8, 40, 60}, variants[] = {1, 5, 9};
    for (int round = 0; round < 12; round++) {
        const struct chart_request request = {0};
        const int count = variants[round % 3], sections = stations[round / 3] - 1;
        database = study_open(stations[round / 3], NULL);
        for (int variant = 0; variant < count; variant++) {
            char name[64];
            snprintf(name, sizeof name, "variant %d, and what it is about", variant);
            study_variant(database, name, 20, sections);
        }
        fixture_sql(database, "UPDATE capacity_sections SET occupancy = occupancy * (1 + (seq * 7 % 11) * 0.1)");
        write_occupation(&request);
        assert_texts_lie_well(&written, sections + 6);
        ck_assert_int_eq(written_mentions(&written, "the first 6 of 9 variants"), count == 9);
        end_occupation();
        scratch_remove();
        scratch_make();
    }
}
END_TEST

START_TEST(a_run_shows_its_use_by_direction) {
    const struct chart_request request = {0};
    database = fixture_open("A run");
    fixture_line(database, 4, 20, (const char *const[]){"West", "Loop", "Bridge", "East"});
    fixture_use(database, "X0", 360, 144);
    fixture_use(database, "X1", 144, 288);
    fixture_use(database, "X2", 144, 288);
    fixture_use(database, "Branch", 72, 0);
    fixture_sql(database, "UPDATE section_use SET line_busy_ms = busy_ms, line_utilisation = utilisation"
                          " WHERE section = 'X2'");
    fixture_traffic(database, 4, 4, 60, 15, 0);
    fixture_sql(database, "DROP TABLE capacity_sections"); /* the database of a Bering that had no such table */
    written_make(&written, "occupation", database, &request);
    ck_assert_int_eq(written.result.run_id, 1);
    ck_assert_int_eq(written.result.items, 4);
    ck_assert_int_eq(written_rows(&written, "up.dat", 7, rows), 4);
    static const double up[] = {0.1, 0.2, 0.2, 0}, down[] = {0.25, 0.1, 0.1, 0.05};
    for (int row = 0; row < 4; row++) ck_assert_double_eq_tol(rows[row][6], up[row], 1e-5);
    const double behind = rows[0][2], beside = rows[2][2];
    ck_assert_int_eq(written_rows(&written, "down.dat", 7, rows), 4);
    for (int row = 0; row < 4; row++) ck_assert_double_eq_tol(rows[row][6], down[row], 1e-5);
    ck_assert_double_eq_tol(rows[0][3], behind, 1e-3); /* single track: the one behind the other */
    ck_assert_double_eq_tol(rows[2][2], beside, 1e-3); /* two tracks: beside each other */
    ck_assert_int_eq(written_rows(&written, "ceiling.dat", 4, rows), 0);
    ck_assert_int_eq(written_says(&written, "West – Loop") + written_says(&written, "Branch"), 2);
    ck_assert_int_eq(written_says(&written, "35 %") + written_says(&written, "10 %, 20 %"), 2);
    ck_assert_int_eq(written_says(&written, "by trains to East"), 1);
    assert_texts_lie_well(&written, 15);
    assert_draws_silently("occupation", database, &request);
    end_occupation();
}
END_TEST

START_TEST(a_study_comes_before_a_run_unless_the_run_is_asked_for) {
    struct chart_request request = {0};
    database = study_open(3, NULL);
    fixture_use(database, "X0", 360, 144);
    study_variant(database, "one", 20, 2);
    write_occupation(&request);
    ck_assert_int_eq(written.result.experiment_id, 2);
    written_free(&written);
    assert_draws_silently("occupation", database, &request);
    request.run_id = 1;
    written_make(&written, "occupation", database, &request);
    ck_assert_int_eq(written.result.run_id, 1);
    ck_assert_int_eq(written_says(&written, "X0"), 1); /* a run without trains: by the ids of its sections */
    fixture_sql(database, "DELETE FROM section_use");
    assert_chart_refused("occupation", database, &request, "run 1 has no use of sections");
    request = (struct chart_request){.variant = "two"};
    assert_chart_refused("occupation", database, &request, "experiment 2 has no compressed timetable of variant 'two'");
    end_occupation();
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        bars_are_the_occupancy_in_the_order_of_the_line, sections_of_all_variants_stand_where_their_own_line_has_them,
        texts_never_overlap_however_many_sections_and_variants, a_run_shows_its_use_by_direction,
        a_study_comes_before_a_run_unless_the_run_is_asked_for};
    return run_suite_in_scratch("occupation_chart", tests, sizeof tests / sizeof *tests, set_up);
}
