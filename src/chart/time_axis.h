/* Marks on an axis of time, from minutes to months: which lines are heavy, which faint, and what is written below. */
#ifndef BERING_CHART_TIME_AXIS_H
#define BERING_CHART_TIME_AXIS_H

#include <stdbool.h>
#include <stdint.h>

enum mark_weight { MARK_FAINT, MARK_HEAVY, MARK_DAY };

enum { MARK_LABEL_SIZE = 32 };

struct time_mark {
    int64_t at_ms;
    enum mark_weight weight;
    char label[MARK_LABEL_SIZE]; /* "" for none */
};

/* A day (or, on a long axis, the first of several) as it is written below the clock. */
struct time_day {
    int64_t from_ms, to_ms; /* the part of it that the axis shows */
    char label[MARK_LABEL_SIZE];
};

struct time_axis {
    struct time_mark *marks; /* ascending */
    int32_t mark_count;
    struct time_day *days; /* empty where the marks themselves are days */
    int32_t day_count;
};

/* Days since 1970-01-01 of a date `YYYY-MM-DD`; false if it is none. */
bool date_parse(const char *text, int64_t *day);
/* "Mon 2 Jan 2034", without the year if so wanted. */
void date_format(int64_t day, bool with_year, char text[MARK_LABEL_SIZE]);

/* Marks from from_ms to to_ms (> from_ms), both included, on an axis of `width` pixels; time 0 is 00:00 of `first_day`.
 * False when out of memory. */
bool time_axis_make(int64_t from_ms, int64_t to_ms, int64_t first_day, double width, struct time_axis *axis);
void time_axis_free(struct time_axis *axis);

#endif
