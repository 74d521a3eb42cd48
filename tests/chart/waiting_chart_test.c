/* The chart of TEU waiting for their first train. */
#include <check.h>
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

/* So many TEU a day offered, loaded and refused over so many days. */
static void add_flow(const char *flow, int days, int offered, int loaded, int refused) {
    char sql[256];
    for (int day = 1; day <= days; day++) {
        snprintf(sql, sizeof sql, "INSERT INTO flow_days VALUES (1, %d, '%s', %d, %d, 0, %d)", day, flow, offered,
                 loaded, refused);
        fixture_sql(database, sql);
    }
}

static void write_waiting(void) {
    fixture_sql(database, "COMMIT");
    written_make(&written, "waiting", database, &(struct chart_request){0});
}

static void end_waiting(void) {
    written_free(&written);
    database_close(database);
}

START_TEST(lines_are_what_is_left_at_the_end_of_each_day) {
    fixture_sql(database, "UPDATE runs SET warmup_ms = 2 * 86400000");
    add_flow("east", 5, 100, 60, 0);
    add_flow("west", 5, 50, 50, 0);
    write_waiting();
    ck_assert_int_eq(written_rows(&written, "waiting_1.dat", 2, rows), 6);
    for (int day = 0; day <= 5; day++) ck_assert(rows[day][0] == day && rows[day][1] == 40 * day);
    ck_assert_int_eq(written_rows(&written, "waiting_2.dat", 2, rows), 6);
    ck_assert(rows[5][1] == 0);
    ck_assert_int_eq(written_rows(&written, "refused_1.dat", 6, rows), 0);
    ck_assert(written_number(&written, "WARMUP_DAYS") == 2);
    ck_assert_int_eq(written_says(&written, "200  east"), 1);
    ck_assert_int_eq(written_says(&written, "0  west"), 1);
    ck_assert_int_eq(written_says(&written, "2034-01-03"), 1);
    ck_assert_int_eq(written_mentions(&written, "refused"), 0);
    ck_assert_int_eq(written.result.items, 2);
    assert_texts_lie_well(&written, 12);
    end_waiting();
}
END_TEST

START_TEST(what_was_refused_is_stacked_on_its_day) {
    add_flow("east", 3, 100, 60, 40);
    add_flow("west", 3, 50, 20, 10);
    write_waiting();
    ck_assert_int_eq(written_rows(&written, "refused_1.dat", 6, rows), 3);
    ck_assert(rows[2][2] == 2 && rows[2][3] == 3 && rows[2][4] == 0 && rows[2][5] == 40);
    ck_assert_int_eq(written_rows(&written, "refused_2.dat", 6, rows), 3);
    ck_assert(rows[2][4] == 40 && rows[2][5] == 50);
    ck_assert(written_number(&written, "Y_TOP") > 60); /* 3 × 20 of west wait in the end */
    ck_assert_int_eq(written_mentions(&written, "150 TEU refused in all"), 1);
    end_waiting();
}
END_TEST

/* Of nine flows the two that wait least are left out. */
START_TEST(the_flows_that_wait_most_are_shown) {
    char flow[64];
    for (int i = 0; i < 9; i++) {
        snprintf(flow, sizeof flow, "%d-%s", i,
                 i == 8 ? "a-name-as-long-as-a-name-may-be-which-is-a-lot-of-letters" : "f");
        add_flow(flow, 4, 10 + (i * 4) % 9, 10, 0);
    }
    write_waiting();
    ck_assert_int_eq(written.result.items, 7);
    ck_assert_int_eq(written.result.left_out, 2);
    ck_assert_int_eq(written_says(&written, "0  0-f"), 0);
    ck_assert_int_eq(written_says(&written, "4  7-f"), 0);
    ck_assert_int_eq(written_says(&written, "8  5-f"), 1);
    assert_texts_lie_well(&written, 15);
    end_waiting();
}
END_TEST

START_TEST(texts_have_room_whatever_the_days) {
    static const int days[] = {1, 9, 400};
    for (int i = 0; i < 3; i++) {
        if (i > 0) fixture_sql(database, "BEGIN; DELETE FROM flow_days");
        add_flow("east", days[i], 3, 3, 0);
        write_waiting();
        assert_texts_lie_well(&written, 6);
        written_free(&written);
    }
    database_close(database);
}
END_TEST

START_TEST(a_run_without_flows_is_said_to_have_none) {
    fixture_sql(database, "COMMIT");
    assert_chart_refused("waiting", database, &(struct chart_request){0}, "no flows.csv");
    assert_chart_refused("waiting", database, &(struct chart_request){.run_id = 9}, "run 9");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    add_flow("east", 3, 100, 60, 40);
    add_flow("west_bound", 3, 50, 50, 0);
    fixture_sql(database, "COMMIT");
    assert_draws_silently("waiting", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {lines_are_what_is_left_at_the_end_of_each_day,
                                  what_was_refused_is_stacked_on_its_day,
                                  the_flows_that_wait_most_are_shown,
                                  texts_have_room_whatever_the_days,
                                  a_run_without_flows_is_said_to_have_none,
                                  it_draws_without_a_word};
    return run_suite_in_scratch("waiting_chart", tests, sizeof tests / sizeof *tests, set_up);
}
