/* The practical answer to "how many trains a day": the greatest demand whose delay stays within a limit.
 *
 * Demands up to the saturated answer are simulated under common random numbers; the curve of delay against volume comes
 * with intervals, and with the fit D = A·e^(BV) (Krueger 1999, for its form only; least squares of ln D, GSL). The
 * answer is bracketed between a demand that keeps the limit and one that breaks it, and narrowed until the bracket is
 * small; each side is simulated until its interval leaves out the limit, or is as narrow as asked. */
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
    PRACTICAL_NEVER_KEPT,   /* even a tenth of the saturated answer breaks the limit */
    PRACTICAL_NEVER_REACHED /* even the saturated answer keeps it: then that is the answer */
};

struct practical_point {
    double trains_per_day;
    struct estimate delay_s;
    double p90_delay_s, punctual;
};

enum { PRACTICAL_POINTS = 24 };

struct practical_result {
    enum practical_outcome outcome;
    double trains_per_day, half_width; /* half_width: half the bracket, and what the delay's own interval adds */
    double delay_s;                    /* at the answer, between the two sides of the bracket */
    double teu_per_day;
    struct practical_point points[PRACTICAL_POINTS]; /* by trains a day */
    int32_t point_count;
    double fit_a_s, fit_b, fit_residual; /* D = a·e^(b·V), V in trains a day; residual: standard deviation of ln D
                                            about it. NAN with fewer than three points of any delay */
    int32_t replications, days;          /* of all demands */
    bool deterministic;
};

/* False when interrupted, when memory is short or a train cannot run. */
bool practical_measure(const struct practical_request *request, struct practical_result *result,
                       struct failure *failure);

#endif
