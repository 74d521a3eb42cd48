#include "simulation/calendar.h"

#include <math.h>

#include "railway/network.h"

static bool runs_on(const struct train_plan *plan, int32_t first_weekday, int64_t day) {
    if (plan->kind == PLAN_TIMETABLE || plan->weekdays == 0) return true;
    return plan->weekdays >> weekday_of_day(first_weekday, day) & 1;
}

static bool skip_days_off(struct calendar *calendar, const struct train_plan *plan, int32_t first_weekday) {
    for (int32_t i = 0; i < 7 && !runs_on(plan, first_weekday, calendar->day); i++) calendar->day++;
    return runs_on(plan, first_weekday, calendar->day);
}

static bool next_regular(struct calendar *calendar, const struct train_plan *plan, int32_t first_weekday, bool once,
                         struct calendar_entry *entry) {
    int64_t a_day = plan->kind == PLAN_TIMETABLE ? 1 : plan->trains_per_day;
    if (a_day <= 0) return false;
    if (calendar->number >= a_day) {
        calendar->day++;
        calendar->number = 0;
    }
    if (!skip_days_off(calendar, plan, first_weekday) || (once && calendar->day > 0)) return false;
    int64_t in_day;
    if (plan->kind == PLAN_TIMETABLE) {
        const struct planned_call *first = &plan->calls[0];
        in_day = plan->starts_standing ? first->arrival_ms : first->departure_ms;
    } else
        in_day = plan->first_ms + llround((double)calendar->number * plan->interval_ms);
    calendar->number++;
    *entry = (struct calendar_entry){calendar->day * MILLISECONDS_PER_DAY + in_day, calendar->day + 1,
                                     plan->kind == PLAN_TIMETABLE ? 0 : calendar->number};
    return true;
}

/* The k-th day (k = 0 …) on which the plan runs. */
static int64_t running_day(const struct train_plan *plan, int32_t first_weekday, int64_t k) {
    int64_t in_week = 0;
    for (int64_t day = 0; day < 7; day++) in_week += runs_on(plan, first_weekday, day);
    int64_t day = k / in_week * 7, left = k % in_week;
    while (!runs_on(plan, first_weekday, day) || left-- > 0) day++;
    return day;
}

/* How much of its window's open time has gone by when its next train comes. */
static void next_in_open_time(struct calendar *calendar, const struct train_plan *plan, int32_t plan_index,
                              const struct stream *arrivals) {
    if (plan->arrivals == ARRIVALS_POISSON) {
        double uniform = stream_uniform(arrivals, (uint64_t)plan_index, (uint64_t)calendar->drawn++);
        calendar->open_ms += stream_exponential(uniform, plan->interval_ms);
    } else
        calendar->open_ms = round(plan->offset_ms + (double)calendar->drawn++ * plan->interval_ms);
}

/* A service that counts on from day to day. */
static bool next_counted_on(struct calendar *calendar, const struct train_plan *plan, int32_t plan_index,
                            int32_t first_weekday, bool once, const struct stream *arrivals,
                            struct calendar_entry *entry) {
    double window = (double)(plan->last_ms - plan->first_ms);
    if (window <= 0 || !(plan->interval_ms > 0)) return false;
    if (!skip_days_off(&(struct calendar){0}, plan, first_weekday)) return false;
    next_in_open_time(calendar, plan, plan_index, arrivals);
    double k = floor(calendar->open_ms / window);
    if (once && k > 0) return false;
    int64_t day = running_day(plan, first_weekday, (int64_t)k);
    if (once && day > 0) return false; /* it does not run on the only day there is */
    if (day != calendar->day) {
        calendar->day = day;
        calendar->number = 0;
    }
    calendar->number++;
    int64_t in_day = plan->first_ms + (int64_t)(calendar->open_ms - k * window);
    *entry = (struct calendar_entry){day * MILLISECONDS_PER_DAY + in_day, day + 1, calendar->number};
    return true;
}

bool calendar_next(struct calendar *calendar, const struct train_plan *plan, int32_t plan_index, int32_t first_weekday,
                   bool once, const struct stream *arrivals, struct calendar_entry *entry) {
    if (plan->return_of >= 0) return false;
    if (plan->kind == PLAN_SERVICE && plan->arrivals == ARRIVALS_SATURATED) return false;
    if (plan->kind == PLAN_SERVICE && (plan->arrivals == ARRIVALS_POISSON || plan->trains_per_day == 0))
        return next_counted_on(calendar, plan, plan_index, first_weekday, once, arrivals, entry);
    return next_regular(calendar, plan, first_weekday, once, entry);
}
