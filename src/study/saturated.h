/* The saturated answer to "how many trains a day": the greatest balanced throughput over offered loads, up to three
 * times what the line carries, under the scenario's dispatch policy, mix and law of arrivals.
 *
 * Balanced is the least over classes of departures over share: a policy that lets one direction, or one kind of train,
 * starve is not credited with the others. Loads are offered round the clock. What is carried at one and a half, two and
 * three times the answer stands beside it: throughput should hold there, and that is a property to see, not to assume.
 */
#ifndef BERING_STUDY_SATURATED_H
#define BERING_STUDY_SATURATED_H

#include "study/offered_load.h"

struct saturated_request {
    const struct demand *demand;
    double relative_half_width; /* of the answer, e.g. 0.01 */
    int32_t jobs;
    const atomic_bool *stop;
    void (*progress)(void *context, double share_done); /* NULL: nobody wants to know; called by the calling thread */
    void *context;
};

enum { SATURATED_POINTS = 15, SATURATED_OVERLOADS = 3 };
extern const double saturated_overloads[SATURATED_OVERLOADS]; /* 1.5, 2, 3 times the greatest below them */

struct saturated_point {
    double offered_per_day, balanced_per_day;
    struct estimate trains_per_day;
    double direction_per_day[2];
    bool precise;
};

struct saturated_result {
    struct estimate trains_per_day; /* the answer, both directions */
    double direction_per_day[2];
    double teu_per_day;                              /* room for containers in them */
    struct saturated_point points[SATURATED_POINTS]; /* in the order measured */
    int32_t point_count;
    double held[SATURATED_OVERLOADS]; /* what was carried at each overload, over the answer;
                                                           NAN: not measured */
    int32_t starved_class;            /* one that got less than half its share at the answer; −1: none */
    int32_t replications, days, warmup_days, batch_days; /* of the answer's load */
    double lag_correlation;
    bool deterministic, precise, deadlocked;
    int64_t forced_moves, events; /* of all loads */
};

/* False when interrupted, when memory is short or a train cannot run. */
bool saturated_measure(const struct saturated_request *request, struct saturated_result *result,
                       struct failure *failure);

#endif
