/* The practical answer to "how many trains a day": the greatest demand whose delay stays within a limit.
 *
 * Demands up to the saturated answer are simulated under common random numbers; the curve of delay against volume comes
 * with intervals, and with the fit D = A·e^(BV) (Krueger 1999, for its form only; least squares of ln D, GSL).
 *
 * The search. From the greatest demand down, the first that keeps the limit and the one above it that does not bracket
 * the answer; the bracket is narrowed to a few per cent. Each of these demands is simulated until its delay's interval
 * leaves out the limit or is narrow. In between, where the limit should be met, the delay is then simulated with other
 * random numbers, until its interval, divided by the slope of the curve there, is as narrow in trains a day as asked
 * (a coarse look first, then where that says); the answer is where a line of that slope through that delay meets the
 * limit. */
#ifndef BERING_STUDY_PRACTICAL_H
#define BERING_STUDY_PRACTICAL_H

#include "study/offered_load.h"

enum practical_measure { PRACTICAL_MEAN, PRACTICAL_P90 };

struct practical_request {
    const struct demand *demand;
    double limit_s; /* > 0 */
    enum practical_measure measure;
    double most_per_day;        /* the saturated answer: no more is offered */
    double relative_half_width; /* of the answer, e.g. 0.01 */
    int32_t jobs;
    const atomic_bool *stop;
    void (*progress)(void *context, double share_done);
    void *context;
};

enum practical_outcome {
    PRACTICAL_FOUND,
    PRACTICAL_NEVER_KEPT,    /* even a tenth of the saturated answer breaks the limit */
    PRACTICAL_NEVER_REACHED, /* even the saturated answer keeps it: then that is the answer */
    PRACTICAL_NO_DEMAND,     /* some trains are always ready: there is no demand to vary, and no delay to limit */
};

/* found, never_kept, never_reached, no_demand. */
const char *practical_outcome_word(enum practical_outcome outcome);
/* Why there is no figure, or only a least one; NULL where it was found. */
const char *practical_reason(enum practical_outcome outcome);

struct practical_point {
    double trains_per_day;
    struct estimate delay_s, p90_delay_s;
    double punctual;
};

enum { PRACTICAL_POINTS = 32 };

struct practical_result {
    enum practical_outcome outcome;
    double trains_per_day, half_width; /* NAN where there is none; half_width NAN where the limit is never reached.
                                          Without chance, half the bracket: delay is no smooth function then */
    double delay_s;                    /* at the answer: the limit; where it is never kept, or never reached, what the
                                          smallest, or the greatest, demand has */
    double teu_per_day;
    struct practical_point points[PRACTICAL_POINTS]; /* by trains a day */
    int32_t point_count;
    double fit_a_s, fit_b, fit_residual; /* D = a·e^(b·V), V in trains a day; residual: standard deviation of ln D
                                            about it. NAN with fewer than three points of any delay */
    int32_t replications;                /* of all demands; likewise: */
    int64_t days;
    bool deterministic;
    bool precise; /* the interval is as narrow as asked */
};

/* The delay that trains have with nobody else about: from their own lateness, their laws, possessions. A limit below it
 * is kept at no demand. Measured on trains months apart, the clock's time of each another; request->limit_s,
 * most_per_day and relative_half_width are not used. Fails like practical_measure. */
bool practical_alone(const struct practical_request *request, struct estimate *delay_s, struct failure *failure);

/* False when interrupted, when memory is short or a train cannot run. */
bool practical_measure(const struct practical_request *request, struct practical_result *result,
                       struct failure *failure);

#endif
