/* What is meant to run: one plan per train of a timetable, or per service that makes many trains. Plans are immutable;
 * the simulation makes trains from them day after day. Times are milliseconds from the start of the plan's day. */
#ifndef BERING_RAILWAY_TIMETABLE_H
#define BERING_RAILWAY_TIMETABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/law.h"

enum plan_kind { PLAN_TIMETABLE, PLAN_SERVICE };
enum arrival_process { ARRIVALS_REGULAR, ARRIVALS_POISSON, ARRIVALS_SATURATED };

/* One row of a timetable, or a stop of a service. The first is the origin, the last the destination. */
struct planned_call {
    int32_t station;
    int64_t arrival_ms;   /* −1: not given */
    int64_t departure_ms; /* −1: not given; nobody departs, or passes, before it */
    int64_t min_dwell_ms;
    int32_t track;        /* binding; −1: any (index in network.tracks) */
    bool stop;            /* false: a timed pass */
    struct law dwell;     /* seconds, added to the minimum */
};

/* One section of a route and the way it is run. */
struct route_leg {
    int32_t section;
    int32_t direction; /* enum direction */
};

struct train_plan {
    enum plan_kind kind;
    char *id;            /* the timetable's train, or the service */
    int32_t train_type;
    int32_t row;         /* order in the schedule; decides between equal times */
    const char *file;    /* where it was written: one of the scenario's inputs, NULL in none; its first row's line and */
    int32_t line, column; /* the cell of its train type */
    struct planned_call *calls;
    int32_t call_count;  /* ≥ 2 */
    struct route_leg *route; /* from origin to destination; visits no station twice */
    int32_t route_length;    /* ≥ 1 */
    bool starts_standing; /* timetable: the first row has an arrival; it stands there from then on */
    struct law entry_delay; /* seconds */

    /* services only */
    enum arrival_process arrivals;
    int64_t first_ms, last_ms;  /* window of departures in the day; last_ms may be 24 h */
    double interval_ms;         /* > 0; between regular departures, or the mean of poisson ones; unused if saturated */
    int32_t trains_per_day;     /* regular departures in a day: n-th at first_ms + round(n · interval_ms), n = 0 … ;
                                   0 for poisson and saturated, and for regular ones that count on from day to day: the
                                   n-th when their window has been open for offset_ms + n · interval_ms in all */
    double offset_ms;
    double weight;              /* saturated: share of the origin (trains_per_day as written, 1 by default) */
    unsigned weekdays;          /* bit 0 Monday … bit 6 Sunday */
    int32_t return_of;          /* plan whose trainsets turn round into this one; −1: none. Such a plan makes no trains
                                   of its own: each departs at its trainset's arrival + the station's turnaround */
};

struct timetable {
    struct train_plan *plans;
    int32_t plan_count;
};

/* The plan whose departures start a chain of returns: the plan itself where it returns from none. */
const struct train_plan *timetable_root(const struct timetable *timetable, const struct train_plan *plan);

/* On how many days of the week it runs. No weekdays at all are all of them, as in a simulation. */
int32_t train_plan_days_a_week(const struct train_plan *plan);

/* How many trains a plan makes a day, on average over the week: one of a timetable; of a saturated service its weight;
 * of a return as many as of the service it begins with. */
double timetable_trains_per_day(const struct timetable *timetable, int32_t plan);

void timetable_free(struct timetable *timetable); /* frees what it owns; leaves it empty */

#endif
