/* The saturated answer to "how many trains a day": the greatest balanced throughput over offered loads, up to three
 * times what the line carries, under the scenario's dispatch policy, mix, law and hours of arrivals.
 *
 * Balanced is the least over classes of arrivals over share: a policy that lets one direction, or one kind of train,
 * starve is not credited with the others. Arrivals, since trains that depart may yet pile up where any number can
 * stand.
 *
 * The search. What trains that are always ready get, or what is scheduled if that is more, is where it begins. Up to
 * some load the line carries all that it is offered (within 2 %); beyond it more, the same or less, as policy and
 * tracks have it. That edge is bracketed; loads at 1.1 and 1.25 times the best, and the overloads, 1.5, 2 and 3 times
 * the answer, are measured as well. Each of these loads takes one replication, or two where the bracket is narrow. The
 * load that looks best is then simulated again, with other random numbers than those it was the best of, until its
 * interval is as narrow as asked; where that makes it less good, the next one, until none looks better than what is
 * known.
 *
 * What is carried at the overloads stands beside it: throughput should hold there, and that is a property to see, not
 * to assume. */
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

enum { SATURATED_POINTS = 32, SATURATED_OVERLOADS = 3 };
extern const double saturated_overloads[SATURATED_OVERLOADS]; /* 1.5, 2, 3 times the answer's load */

struct saturated_point {
    double offered_per_day;
    struct estimate balanced;
    struct estimate trains_per_day;
    double direction_per_day[2];
    bool precise;
};

struct saturated_result {
    struct estimate trains_per_day; /* the answer, both directions, of the whole mix */
    double offered_per_day;         /* the load that gives it */
    double direction_per_day[2];    /* all that ran that way there: of a mix that is carried whole they add up to it */
    double teu_per_day;             /* room for containers in the answer */
    struct saturated_point points[SATURATED_POINTS]; /* in the order first measured */
    int32_t point_count;
    double held[SATURATED_OVERLOADS]; /* what of the whole mix was carried at each overload, over the answer; NAN: not
                                         measured */
    int32_t held_by[SATURATED_OVERLOADS]; /* the class that got least of its share there; −1: all got theirs */
    int32_t starved_class;                /* one that got less than half its share at the answer; −1: none */
    /* Where trains on the line stood longest because of others, at the answer: before this section, run in this
     * direction (−1: nowhere), so long on average over all trains. Queues outside, at the origins, are not meant. */
    int32_t queue_section, queue_direction;
    double queue_min;
    int32_t replications, days, warmup_days, batch_days; /* of the answer's load */
    double lag_correlation;
    bool deterministic, precise, deadlocked;
    int32_t all_replications; /* of all loads; likewise: */
    int64_t all_days, forced_moves, events;
};

/* False when interrupted, when memory is short or a train cannot run. */
bool saturated_measure(const struct saturated_request *request, struct saturated_result *result,
                       struct failure *failure);

/* What the whole mix would get at a load if every crossing station had a track for every train: one replication. */
bool saturated_with_free_tracks(const struct saturated_request *request, double trains_per_day,
                                double *balanced_per_day, struct failure *failure);

#endif
