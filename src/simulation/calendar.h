/* When the trains of a plan come into being, one after the other: a timetable's train once a day, a service's at its
 * interval (each day anew, or counted on from day to day) or by a Poisson process. Saturated and return services make
 * no trains here. */
#ifndef BERING_SIMULATION_CALENDAR_H
#define BERING_SIMULATION_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/stream.h"
#include "railway/timetable.h"

/* How far one plan has come. Zeroed: at its beginning. */
struct calendar {
    int64_t day;    /* index of the day, 0 the first */
    int64_t number; /* trains made on that day */
    int64_t drawn;  /* poisson, or counted on: intervals so far */
    double open_ms; /* likewise: time run through while the window was open */
};

struct calendar_entry {
    int64_t time_ms; /* planned departure; of a train that starts standing: when it comes to stand there */
    int64_t day;     /* from 1 */
    int64_t number;  /* from 1; 0 for a timetable's train */
};

/* The next train of the plan; false when there is none (any more). `plan_index` addresses its random draws. */
bool calendar_next(struct calendar *calendar, const struct train_plan *plan, int32_t plan_index, int32_t first_weekday,
                   bool once, const struct stream *arrivals, struct calendar_entry *entry);

#endif
