/* The trains a day that an appraisal takes the line to carry: as given, as the database has it from `bering capacity`,
 * else found now and kept there as an experiment of `capacity`. */
#ifndef BERING_STUDY_PROJECT_CAPACITY_H
#define BERING_STUDY_PROJECT_CAPACITY_H

#include "study/capacity.h"

enum capacity_answer { CAPACITY_ANSWER_PRACTICAL, CAPACITY_ANSWER_SATURATED, CAPACITY_ANSWER_GIVEN };
const char *capacity_answer_word(enum capacity_answer answer); /* practical, saturated, given */

enum { PROJECT_CAPACITY_PRECISION_PERCENT = 1 }; /* half-width of what is found now, as `bering capacity` by default */

struct project_capacity_request {
    const struct scenario *scenario;
    const struct simulation_plan *plan;
    enum capacity_answer answer; /* which is wanted; where practical has no figure, saturated is taken */
    double given_per_day;        /* CAPACITY_ANSWER_GIVEN */
    const char *database;        /* path of the file; need not be there */
    const char *arguments;       /* for the table `experiments`, where it is found now */
    int32_t jobs;
    const atomic_bool *stop;                                                     /* NULL: cannot be interrupted */
    void (*progress)(void *context, enum capacity_step step, double share_done); /* NULL: nobody wants to know */
    void *context;
};

struct project_capacity {
    enum capacity_answer answer; /* which it is */
    double trains_per_day;       /* of the whole mix, both ways */
    double half_width;           /* 0: none is known */
    double confidence;
    double standard_error; /* of that mean: half_width over the normal quantile, a little too wide with few batches */
    int64_t experiment_id; /* 0: given */
    bool found;            /* in the database; false: given, or found now */
};

/* In the database is searched for the latest experiment of the same input_sha256, variant and settings (those that
 * matter to capacity: settings_fingerprint.h). False when interrupted, when the line carries nothing, or when something
 * fails. */
bool project_capacity_get(const struct project_capacity_request *request, struct project_capacity *capacity,
                          struct failure *failure);

#endif
