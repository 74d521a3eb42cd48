/* The chart of money a day against trains a day. */
#include <check.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "chart_tests.h"
#include "results/scratch.h"
#include "study/settings_fingerprint.h"
#include "study_fixture.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

/* Experiment 2 is a capacity study without answers, 3 a sweep without points. */
static void set_up(void) {
    scratch_make();
    database = study_open(3, NULL);
    fixture_sql(database, "INSERT INTO experiments VALUES (3, 'sweep', 'data/line', '2034-01-01')");
}

static void run_sql(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void run_sql(const char *format, ...) {
    char sql[1024];
    va_list arguments;
    va_start(arguments, format);
    ck_assert_int_lt(vsnprintf(sql, sizeof sql, format, arguments), (int)sizeof sql);
    va_end(arguments);
    fixture_sql(database, sql);
}

/* A point of experiment 3 (0: none, a variant of it) with a run of ten days and its estimates, in dollars over those
 * days. */
static void add_point(int point, const char *variant, double trains, double revenue, double cost) {
    const double values[] = {trains, revenue, cost, revenue - cost};
    static const char *const metrics[] = {"trains_per_day", "revenue_usd", "cost_usd", "margin_usd"};
    static int64_t run_id = 100;
    run_id++;
    run_sql(
        "INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, variant, dispatch, replication, seed,"
        " start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at, end_ms, point) VALUES"
        " (%d, 3, 'abc', 'Studied line', nullif('%s', ''), 'fcfs', 1, 1, '2034-01-03', 86400000, 864000000, 'calls',"
        " 'complete', '0', '', 950400000, nullif(%d, 0))",
        (int)run_id, variant, point);
    run_sql("INSERT INTO settings VALUES (%d, 'seed', '1', 1), (%d, 'horizon_days', '%d', 2)", (int)run_id, (int)run_id,
            point);
    for (int i = 0; i < 4; i++)
        run_sql("INSERT INTO estimates (experiment_id, point, variant, metric, mean, half_width, confidence,"
                " replications) VALUES (3, nullif(%d, 0), nullif('%s', ''), '%s', %.3f, %.3f, 0.95, 4)",
                point, variant, metrics[i], values[i], i == 0 ? 0.5 : 1e6);
}

static void vary(int point, int seq, const char *key, const char *value) {
    run_sql("INSERT INTO points VALUES (3, %d, %d, '%s', '%s')", point, seq, key, value);
    run_sql("INSERT INTO settings SELECT max(run_id), '%s', '%s', %d FROM runs", key, value, 10 + seq);
}

static void add_sweep(void) {
    static const struct {
        double trains;
        const char *factor;
    } points[] = {{10, "*0.5"}, {20, "*1"}, {30, "*1.5"}};
    for (int i = 0; i < 3; i++) {
        add_point(i + 1, "", points[i].trains, 2e6 * points[i].trains, 2e7 + 1e5 * points[i].trains);
        vary(i + 1, 1, "schedule.trains_per_day", points[i].factor);
    }
}

/* Capacity under the settings that the runs of the sweep have beside horizon and schedule. */
static void add_capacity(void) {
    struct settings_fingerprint fingerprint;
    char text[SHA256_TEXT_SIZE];
    settings_fingerprint_begin(&fingerprint, FINGERPRINT_OF_CAPACITY);
    settings_fingerprint_add(&fingerprint, "seed", "1");
    settings_fingerprint_end(&fingerprint, text);
    study_variant(database, "", 36, 2);
    run_sql("UPDATE capacity SET settings_sha256 = '%s'", text);
}

static void write_earnings(const struct chart_request *request) {
    fixture_sql(database, "COMMIT");
    written_make(&written, "earnings", database, request);
}

static void end_earnings(void) {
    written_free(&written);
    database_close(database);
}

/* Ten days: 20 m earned at ten trains a day are 2 m a day. */
START_TEST(points_are_means_of_a_day_with_their_intervals) {
    add_sweep();
    write_earnings(&(struct chart_request){0});
    ck_assert(written_number(&written, "GROUPS") == 1);
    ck_assert_int_eq(written_rows(&written, "revenue_1.dat", 6, rows), 3);
    static const double first[] = {10, 2, 9.5, 10.5, 1.9, 2.1};
    for (int column = 0; column < 6; column++) ck_assert_double_eq_tol(rows[0][column], first[column], 1e-5);
    ck_assert_int_eq(written_rows(&written, "cost_1.dat", 6, rows), 3);
    ck_assert_double_eq_tol(rows[2][1], 2.3, 1e-5);
    ck_assert_int_eq(written_rows(&written, "margin_1.dat", 6, rows), 3);
    ck_assert_double_eq_tol(rows[0][1], -0.1, 1e-5);
    ck_assert(written_number(&written, "Y_BOTTOM") < -0.2);
    ck_assert_int_eq(written_says(&written, "millions of dollars a day"), 1);
    ck_assert_int_eq(written_mentions(&written, "4 replications"), 1);
    ck_assert_int_eq(written_says(&written, "95 % interval"), 1);
    ck_assert_int_eq((int)written.result.experiment_id, 3);
    ck_assert_int_eq(written.result.items, 3);
    ck_assert_int_eq(written_rows(&written, "practical.dat", 6, rows), 0);
    assert_texts_lie_well(&written, 15);
    end_earnings();
}
END_TEST

START_TEST(capacity_of_the_same_line_is_drawn) {
    add_sweep();
    add_capacity();
    write_earnings(&(struct chart_request){0});
    ck_assert_int_eq(written_rows(&written, "practical.dat", 6, rows), 1);
    ck_assert(rows[0][0] > 10 && rows[0][2] < rows[0][0] && rows[0][3] > rows[0][0]);
    ck_assert_int_eq(written_rows(&written, "saturated.dat", 6, rows), 1);
    ck_assert_int_eq(written_rows(&written, "compressed.dat", 6, rows), 1);
    ck_assert_int_eq(written_mentions(&written, "capacity: experiment 2"), 1);
    ck_assert_int_eq(written_mentions(&written, "practical "), 1);
    assert_texts_lie_well(&written, 18);
    end_earnings();
}
END_TEST

/* Of other settings, other files, or where the points differ in more than one factor for the whole schedule. */
START_TEST(capacity_of_another_line_is_not_drawn) {
    static const char *const changes[] = {"UPDATE settings SET value = '2' WHERE key = 'seed'",
                                          "UPDATE capacity SET input_sha256 = 'def'",
                                          "UPDATE settings SET value = '8' WHERE value = '*1.5'",
                                          "UPDATE settings SET key = 'schedule[E].trains_per_day' WHERE value = '*1'"};
    add_sweep();
    add_capacity();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        fixture_sql(database, "SAVEPOINT same");
        fixture_sql(database, changes[i]);
        written_make(&written, "earnings", database, &(struct chart_request){0});
        ck_assert_msg(written_rows(&written, "practical.dat", 6, rows) == 0, "%s", changes[i]);
        ck_assert_int_eq(written_mentions(&written, "capacity"), 0);
        written_free(&written);
        fixture_sql(database, "ROLLBACK TO same");
    }
    database_close(database);
}
END_TEST

/* Two options at two demands: two lines, each with its name. */
START_TEST(lines_join_what_differs_in_the_schedule_alone) {
    for (int point = 1; point <= 4; point++) {
        add_point(point, "", 10.0 * ((point + 1) / 2), point * 3e7, 2e7);
        vary(point, 1, "schedule.trains_per_day", point <= 2 ? "*1" : "*2");
        vary(point, 2, "options", point % 2 == 1 ? "" : "loop");
    }
    write_earnings(&(struct chart_request){0});
    ck_assert(written_number(&written, "GROUPS") == 2);
    ck_assert_int_eq(written_rows(&written, "margin_2.dat", 6, rows), 2);
    ck_assert_double_eq_tol(rows[0][1], 4, 1e-5);
    ck_assert_double_eq_tol(rows[1][1], 10, 1e-5);
    ck_assert_int_eq(written_says(&written, "options loop"), 1);
    assert_texts_lie_well(&written, 15);
    end_earnings();
}
END_TEST

START_TEST(variants_are_points_by_themselves) {
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (int i = 0; i < 8; i++) add_point(0, names[i], 10 + 2 * i, 1e7 * (3 + i), 2e7);
    write_earnings(&(struct chart_request){.experiment_id = 3});
    ck_assert_int_eq(written.result.items, 6);
    ck_assert_int_eq(written.result.left_out, 2);
    ck_assert_int_eq(written_says(&written, "c"), 1);
    assert_texts_lie_well(&written, 15);
    written_free(&written);
    fixture_sql(database, "BEGIN");
    write_earnings(&(struct chart_request){.variant = "h"});
    ck_assert_int_eq(written.result.items, 1);
    ck_assert_int_eq(written_mentions(&written, "Studied line · h"), 1);
    end_earnings();
}
END_TEST

START_TEST(a_database_without_money_says_what_makes_it) {
    add_point(1, "", 10, 0, 0);
    add_point(2, "", 20, 0, 0);
    fixture_sql(database, "COMMIT");
    assert_chart_refused("earnings", database, &(struct chart_request){0}, "bering sweep SCENARIO --vary");
    assert_chart_refused("earnings", database, &(struct chart_request){.experiment_id = 3}, "experiment 3 has no");
    fixture_sql(database, "BEGIN");
    add_point(3, "dear", 20, 3e7, 1e7);
    add_point(4, "dear", 30, 3e7, 1e7);
    fixture_sql(database, "COMMIT");
    assert_chart_refused("earnings", database, &(struct chart_request){.variant = "cheap"}, "variant 'cheap'");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    add_sweep();
    add_capacity();
    fixture_sql(database, "COMMIT");
    assert_draws_silently("earnings", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {points_are_means_of_a_day_with_their_intervals,
                                  capacity_of_the_same_line_is_drawn,
                                  capacity_of_another_line_is_not_drawn,
                                  lines_join_what_differs_in_the_schedule_alone,
                                  variants_are_points_by_themselves,
                                  a_database_without_money_says_what_makes_it,
                                  it_draws_without_a_word};
    return run_suite_in_scratch("earnings_chart", tests, sizeof tests / sizeof *tests, set_up);
}
