#include "chart/time_axis.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "chart/array.h"

enum { MINUTES_PER_DAY = 1440, MS_PER_MINUTE = 60000 };
static const int64_t ms_per_day = INT64_C(86400000);

/* ---- dates ---- */

static bool leap_year(int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t month_length(int64_t year, int64_t month) {
    static const int8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return lengths[month - 1] + (month == 2 && leap_year(year));
}

/* Days from 1970-01-01 to the first of January of a year. */
static int64_t new_year(int64_t year) {
    const int64_t before = year - 1;
    return 365 * (year - 1970) + (before / 4 - before / 100 + before / 400) - 477;
}

bool date_parse(const char *text, int64_t *day) {
    int year, month, day_of_month, used = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day_of_month, &used) != 3 || text[used] != '\0') return false;
    if (year < 1 || month < 1 || month > 12 || day_of_month < 1 || day_of_month > month_length(year, month))
        return false;
    *day = new_year(year) + day_of_month - 1;
    for (int64_t earlier = 1; earlier < month; earlier++) *day += month_length(year, earlier);
    return true;
}

static int64_t floor_division(int64_t value, int64_t divisor) {
    return value / divisor - (value % divisor < 0);
}

static void date_of(int64_t day, int64_t *year, int64_t *month, int64_t *day_of_month) {
    *year = 1970 + floor_division(day, 366);
    while (new_year(*year + 1) <= day) (*year)++;
    int64_t left = day - new_year(*year);
    for (*month = 1; left >= month_length(*year, *month); (*month)++) left -= month_length(*year, *month);
    *day_of_month = left + 1;
}

void date_format(int64_t day, bool with_year, char text[MARK_LABEL_SIZE]) {
    static const char weekdays[7][4] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t year, month, day_of_month;
    date_of(day, &year, &month, &day_of_month);
    const int64_t weekday = day + 3 - 7 * floor_division(day + 3, 7); /* 1970-01-01 was a Thursday */
    const int used =
        snprintf(text, MARK_LABEL_SIZE, "%s %" PRId64 " %s", weekdays[weekday], day_of_month, months[month - 1]);
    if (with_year) snprintf(text + used, MARK_LABEL_SIZE - (size_t)used, " %" PRId64, year);
}

/* ---- marks ---- */

/* In minutes. Labels are the clock below a day's step, dates from it on. */
struct scale {
    int32_t least_label_px; /* a label needs so much room */
    int32_t faint, heavy, label;
};

static const struct scale scales[] = {
    {100, 1, 10, 5},           {60, 10, 60, 10},           {60, 10, 60, 30},         {44, 10, 60, 60},
    {44, 30, 60, 120},         {44, 60, 360, 180},         {44, 60, 360, 360},       {44, 120, 720, 720},
    {80, 360, 1440, 1440},     {80, 720, 1440, 2880},      {80, 1440, 10080, 10080}, {80, 1440, 10080, 20160},
    {80, 10080, 40320, 40320}, {80, 10080, 40320, 161280},
};
enum { SCALE_COUNT = sizeof scales / sizeof *scales };

static const struct scale *choose_scale(int64_t span_ms, double width) {
    const double px_per_minute = width * MS_PER_MINUTE / (double)span_ms;
    for (int index = 0; index < SCALE_COUNT; index++)
        if (scales[index].label * px_per_minute >= scales[index].least_label_px) return &scales[index];
    return &scales[SCALE_COUNT - 1];
}

static bool add_mark(struct time_axis *axis, int32_t *room, const struct time_mark *mark) {
    struct time_mark *marks = array_room(axis->marks, axis->mark_count, room, sizeof *marks);
    if (marks == NULL) return false;
    axis->marks = marks;
    marks[axis->mark_count++] = *mark;
    return true;
}

static void label_mark(struct time_mark *mark, const struct scale *scale, int64_t minute, int64_t first_day) {
    if (minute % scale->label != 0) return;
    const int64_t day = floor_division(minute, MINUTES_PER_DAY);
    const int64_t clock = minute - day * MINUTES_PER_DAY;
    if (scale->label < MINUTES_PER_DAY)
        snprintf(mark->label, sizeof mark->label, "%02" PRId64 ":%02" PRId64, clock / 60, clock % 60);
    else
        date_format(first_day + day, false, mark->label);
}

static bool add_marks(struct time_axis *axis, const struct scale *scale, int64_t from_ms, int64_t to_ms,
                      int64_t first_day) {
    int32_t room = 0;
    const int64_t step = scale->faint;
    for (int64_t minute = floor_division(from_ms + step * MS_PER_MINUTE - 1, step * MS_PER_MINUTE) * step;
         minute * MS_PER_MINUTE <= to_ms; minute += step) {
        struct time_mark mark = {.at_ms = minute * MS_PER_MINUTE, .weight = MARK_FAINT};
        if (minute % scale->heavy == 0) mark.weight = MARK_HEAVY;
        if (minute % MINUTES_PER_DAY == 0 && scale->heavy < MINUTES_PER_DAY) mark.weight = MARK_DAY;
        label_mark(&mark, scale, minute, first_day);
        if (!add_mark(axis, &room, &mark)) return false;
    }
    return true;
}

static bool add_days(struct time_axis *axis, int64_t from_ms, int64_t to_ms, int64_t first_day) {
    const int64_t first = floor_division(from_ms, ms_per_day), last = floor_division(to_ms - 1, ms_per_day);
    axis->days = calloc((size_t)(last - first + 1), sizeof *axis->days);
    if (axis->days == NULL) return false;
    for (int64_t day = first; day <= last; day++) {
        struct time_day *row = &axis->days[axis->day_count++];
        row->from_ms = day == first ? from_ms : day * ms_per_day;
        row->to_ms = day == last ? to_ms : (day + 1) * ms_per_day;
        date_format(first_day + day, true, row->label);
    }
    return true;
}

bool time_axis_make(int64_t from_ms, int64_t to_ms, int64_t first_day, double width, struct time_axis *axis) {
    *axis = (struct time_axis){0};
    const struct scale *scale = choose_scale(to_ms - from_ms, width);
    const bool well = add_marks(axis, scale, from_ms, to_ms, first_day) &&
                      (scale->label >= MINUTES_PER_DAY || add_days(axis, from_ms, to_ms, first_day));
    if (!well) time_axis_free(axis);
    return well;
}

void time_axis_free(struct time_axis *axis) {
    free(axis->marks);
    free(axis->days);
    *axis = (struct time_axis){0};
}
