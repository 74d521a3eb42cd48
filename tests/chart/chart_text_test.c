/* Widths of texts, dates, marks of the axis of time, and the times a user writes. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/gnuplot.h"
#include "chart/graph_run.h"
#include "chart/sheet.h"
#include "chart/text_width.h"
#include "chart/time_axis.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };
static const int64_t DAY = 24 * (int64_t)HOUR;

START_TEST(a_text_is_as_wide_as_its_letters) {
    ck_assert_double_eq_tol(text_width("mm", 2048), 2 * 1995, 1e-9);
    ck_assert_double_eq_tol(text_width("é", 10), 10 * 1450 / 2048.0, 1e-9);
    ck_assert_double_gt(text_width("東京", 10), 20);
    ck_assert_double_eq_tol(text_width("\xff", 10), text_width("?", 10), 1e-9);
    ck_assert_double_gt(text_width_bold("abc", 10), text_width("abc", 10));
    ck_assert_double_eq_tol(text_width("", 10), 0, 1e-9);
}
END_TEST

START_TEST(a_long_text_is_cut_between_letters) {
    char fitted[64];
    ck_assert(text_fit("Diomede", 13, 200, fitted, sizeof fitted));
    ck_assert_str_eq(fitted, "Diomede");
    for (double width = 15; width < 120; width += 3) {
        ck_assert(!text_fit("Uelen éééé 東京 yard of the far east", 13, width, fitted, sizeof fitted));
        ck_assert_double_le(text_width(fitted, 13), width);
        ck_assert_str_eq(fitted + strlen(fitted) - 3, "…");
    }
    ck_assert(!text_fit("abcdefghij", 1, 1000, fitted, 8)); /* no room in memory */
    ck_assert_str_eq(fitted, "abcd…");
    ck_assert(text_fit("a\tb\nc\xff", 13, 200, fitted, sizeof fitted));
    ck_assert_str_eq(fitted, "a b c?");
}
END_TEST

START_TEST(dates_are_those_of_the_calendar) {
    int64_t day;
    char text[MARK_LABEL_SIZE];
    ck_assert(date_parse("1970-01-01", &day) && day == 0);
    ck_assert(date_parse("2034-01-02", &day) && day == 23377);
    date_format(day, true, text);
    ck_assert_str_eq(text, "Mon 2 Jan 2034");
    ck_assert(date_parse("2000-02-29", &day));
    date_format(day + 1, false, text);
    ck_assert_str_eq(text, "Wed 1 Mar");
    ck_assert(date_parse("1969-12-31", &day) && day == -1);
    date_format(day, true, text);
    ck_assert_str_eq(text, "Wed 31 Dec 1969");
    ck_assert(!date_parse("2100-02-29", &day) && !date_parse("2030-13-01", &day) && !date_parse("2030-1-1x", &day));
    for (int64_t number = 0; number < 200000; number += 37) { /* back and forth, over five centuries */
        char date[MARK_LABEL_SIZE];
        date_format(number, true, date);
        ck_assert_uint_gt(strlen(date), 10);
    }
}
END_TEST

/* Every axis has labels, and no two of them overlap. */
START_TEST(marks_suit_any_span) {
    static const double hours[] = {0.02, 0.2, 0.5, 1,   2,   3,   6,    12,   18,   24,
                                   36,   48,  72,  168, 240, 720, 2000, 8760, 17520};
    const double width = 1150;
    for (size_t index = 0; index < sizeof hours / sizeof *hours; index++) {
        struct time_axis axis;
        const int64_t span = llround(hours[index] * HOUR), from = 26 * HOUR + 7 * MINUTE;
        ck_assert(time_axis_make(from, from + span, 23377, width, &axis));
        double end = -INFINITY;
        for (int32_t mark = 0; mark < axis.mark_count; mark++) {
            ck_assert_int_ge(axis.marks[mark].at_ms, from);
            ck_assert_int_le(axis.marks[mark].at_ms, from + span);
            if (axis.marks[mark].label[0] == '\0') continue;
            const double x = width * (double)(axis.marks[mark].at_ms - from) / (double)span;
            const double half = text_width(axis.marks[mark].label, 13) / 2;
            ck_assert_double_gt(x - half, end);
            end = x + half;
        }
        ck_assert_int_le(axis.mark_count, 400);
        if (hours[index] >= 0.2) ck_assert_double_gt(end, 0);
        time_axis_free(&axis);
    }
}
END_TEST

START_TEST(a_day_has_hours_heavy_and_ten_minutes_faint) {
    struct time_axis axis;
    ck_assert(time_axis_make(DAY, 2 * DAY, 23377, 1150, &axis));
    ck_assert_int_eq(axis.mark_count, 145);
    for (int32_t mark = 0; mark < axis.mark_count; mark++) {
        const enum mark_weight weight = mark % 144 == 0 ? MARK_DAY : mark % 6 == 0 ? MARK_HEAVY : MARK_FAINT;
        ck_assert_int_eq(axis.marks[mark].weight, weight);
    }
    ck_assert_str_eq(axis.marks[6 * 7].label, "07:00");
    ck_assert_int_eq(axis.day_count, 1);
    ck_assert_str_eq(axis.days[0].label, "Tue 3 Jan 2034");
    time_axis_free(&axis);
}
END_TEST

START_TEST(times_are_read_as_they_are_written) {
    struct graph_time time;
    ck_assert(graph_time_parse("06:30", &time) && time.kind == TIME_CLOCK && time.ms == 6 * HOUR + 30 * MINUTE);
    ck_assert(graph_time_parse("2 06:30", &time) && time.kind == TIME_MOMENT);
    ck_assert_int_eq(time.ms, DAY + 6 * HOUR + 30 * MINUTE);
    ck_assert(graph_time_parse("36.5", &time) && time.kind == TIME_MOMENT && time.ms == 36 * HOUR + 30 * MINUTE);
    ck_assert(graph_time_parse("49:30", &time) && time.kind == TIME_CLOCK && time.ms == 49 * HOUR + 30 * MINUTE);
    ck_assert(graph_time_parse("0", &time) && time.kind == TIME_MOMENT && time.ms == 0);
    static const char *const wrong[] = {"",   "x",   "6:", "06:60", "0 06:30", "2 ",
                                        "1.", "1e3", "-1", "25:60", "2 x",     "nan"};
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++)
        ck_assert_msg(!graph_time_parse(wrong[index], &time), "%s", wrong[index]);
}
END_TEST

static struct graph_run run;
static int64_t from_ms, to_ms;
static struct failure failure;

static bool window(const char *from, const char *to) {
    struct graph_time first = {TIME_OPEN, 0}, last = {TIME_OPEN, 0};
    if (from != NULL) ck_assert(graph_time_parse(from, &first));
    if (to != NULL) ck_assert(graph_time_parse(to, &last));
    return graph_window(&run, first, last, DAY, &from_ms, &to_ms, &failure);
}

static void assert_window(const char *from, const char *to, int64_t expected_from, int64_t expected_to) {
    ck_assert_msg(window(from, to), "%s", failure.text);
    ck_assert_int_eq(from_ms, expected_from);
    ck_assert_int_eq(to_ms, expected_to);
}

static void assert_no_window(const char *from, const char *to, const char *because) {
    ck_assert(!window(from, to));
    ck_assert_msg(strstr(failure.text, because) != NULL, "%s", failure.text);
}

START_TEST(the_window_is_the_first_measured_day_unless_told) {
    run =
        (struct graph_run){.run_id = 3, .warmup_ms = DAY, .horizon_ms = 7 * DAY, .end_ms = 8 * DAY, .last_ms = 8 * DAY};
    assert_window(NULL, NULL, DAY, 2 * DAY);
    assert_window("06:00", "18:00", DAY + 6 * HOUR, DAY + 18 * HOUR);
    assert_window("22:00", "28:00", DAY + 22 * HOUR, 2 * DAY + 4 * HOUR); /* over 24: the days after */
    assert_window("3 22:00", "4 04:00", 2 * DAY + 22 * HOUR, 3 * DAY + 4 * HOUR);
    assert_window("8 12:00", NULL, 7 * DAY + 12 * HOUR, 8 * DAY); /* the run ends */
    assert_no_window("3 12:00", "2 12:00", "--to must be after --from");
    assert_no_window("22:00", "04:00", "--to must be after --from");
    assert_no_window("06:00", "30", "--to must be after --from"); /* the same moment */
    assert_no_window("900", NULL, "run 3 ends after 192.0 hours, before --from");
}
END_TEST

START_TEST(a_run_that_ended_early_shows_its_last_day) {
    run = (struct graph_run){.warmup_ms = 0, .end_ms = 0, .last_ms = HOUR}; /* a deadlock at time 0 */
    assert_window(NULL, NULL, 0, HOUR);
    assert_window("00:00", NULL, 0, HOUR);
    run = (struct graph_run){.warmup_ms = 7 * DAY, .end_ms = 3 * DAY, .last_ms = 3 * DAY + HOUR}; /* in the warm-up */
    assert_window(NULL, NULL, 2 * DAY + HOUR, 3 * DAY + HOUR);
    run = (struct graph_run){.warmup_ms = DAY, .end_ms = 9 * HOUR, .last_ms = 9 * HOUR}; /* once, all trains arrived */
    assert_window(NULL, NULL, 0, 9 * HOUR);
}
END_TEST

START_TEST(a_scale_has_round_steps_with_room_between_them) {
    for (double most = 0.003; most < 1e7; most *= 1.7) {
        const struct sheet_scale scale = sheet_scale_make(most, 1000, 60);
        const double pixels = scale.step / most * 1000, power = pow(10, floor(log10(scale.step) + 1e-9));
        const double lead = scale.step / power;
        ck_assert_msg(pixels >= 60 - 1e-6 && pixels <= 60 * 2.5 + 1e-6, "%g: %g pixels", most, pixels);
        ck_assert(fabs(lead - 1) < 1e-9 || fabs(lead - 2) < 1e-9 || fabs(lead - 5) < 1e-9);
        char text[32];
        sheet_scale_format(&scale, 3 * scale.step, text, sizeof text);
        ck_assert_double_eq_tol(strtod(text, NULL), 3 * scale.step, 1e-9 * most); /* no figure is cut */
    }
}
END_TEST

START_TEST(the_format_follows_the_name) {
    enum picture_format format;
    ck_assert(picture_format_of("a/b.svg", &format) && format == PICTURE_SVG);
    ck_assert(picture_format_of("B.PNG", &format) && format == PICTURE_PNG);
    ck_assert(picture_format_of("x y.pdf", &format) && format == PICTURE_PDF);
    ck_assert(!picture_format_of("a.gif", &format) && !picture_format_of(".svg", &format));
    ck_assert(!picture_format_of("a/.svg", &format) && !picture_format_of("", &format));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("chart_text");
    TCase *tests = tcase_create("chart_text");
    tcase_add_test(tests, a_text_is_as_wide_as_its_letters);
    tcase_add_test(tests, a_long_text_is_cut_between_letters);
    tcase_add_test(tests, dates_are_those_of_the_calendar);
    tcase_add_test(tests, marks_suit_any_span);
    tcase_add_test(tests, a_day_has_hours_heavy_and_ten_minutes_faint);
    tcase_add_test(tests, times_are_read_as_they_are_written);
    tcase_add_test(tests, the_window_is_the_first_measured_day_unless_told);
    tcase_add_test(tests, a_run_that_ended_early_shows_its_last_day);
    tcase_add_test(tests, a_scale_has_round_steps_with_room_between_them);
    tcase_add_test(tests, the_format_follows_the_name);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
