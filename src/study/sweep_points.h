/* The points of a sweep read as what they are, each a scenario of its own.
 *
 *     struct sweep_points points;
 *     switch (sweep_points_read(&request, &points, &diagnostics, &failure)) …
 *     scenario = sweep_points_scenario(&points, 3, &diagnostics);   …scenario_free…
 *     sweep_points_free(&points);
 *
 * All are read and planned before anything is simulated, so that what is wrong with any of them is told at once. What
 * is kept of a point is little; its scenario is read again when its turn comes, from the files as they were read the
 * first time. */
#ifndef BERING_STUDY_SWEEP_POINTS_H
#define BERING_STUDY_SWEEP_POINTS_H

#include <stdatomic.h>

#include "results/sweep_store.h"
#include "scenario/scenario.h"
#include "scenario/text.h"
#include "study/sweep.h"

struct sweep_points_request {
    const struct sweep *sweep;             /* finished */
    const struct scenario_request *common; /* what all points have in common; outlives the points */
    const atomic_bool *stop;               /* NULL: cannot be interrupted */
    void (*progress)(void *context, int32_t read, int32_t total); /* now and then; NULL: nobody wants to know */
    void *context;
};

/* What is kept of a point. The texts belong to the points' pool. */
struct sweep_point {
    const char *title, *variant, *schedule; /* the last two may be NULL */
    enum dispatch_kind dispatch;
    enum detail_level detail;
    int32_t start_year, start_month, start_day;
    int64_t seed, warmup_ms, horizon_ms; /* warmup_ms is 0 where it is `auto` */
    int32_t replications;
    int32_t files;     /* of sweep_points.files */
    int64_t first_run; /* runs of the points before it */
    double weight;     /* a guess at what its run costs: trains × sections × days */
};

/* The files of a scenario, once for all points that were read from the same. */
struct sweep_files {
    char sha256[65];
    struct input_file *inputs;
    int32_t count;
};

struct sweep_points {
    const struct sweep *sweep;
    const struct scenario_request *common;
    struct sweep_point *points;
    int32_t count;
    int64_t run_count;
    struct sweep_files *files;
    int32_t files_count;
    char settings_sha256[65]; /* of all settings of all points, as used */
    bool deterministic;       /* none of them draws anything at random */
    struct text_pool texts;
};

/* WRONG: diagnostics has errors; what is wrong at some points alone says at which, and `failure` says so where there
 * was so much that the reading was given up, else it is "". FAILED: `failure` says why. Only READ leaves anything to be
 * freed. */
enum sweep_points_result {
    SWEEP_POINTS_READ,
    SWEEP_POINTS_WRONG,
    SWEEP_POINTS_STOPPED,
    SWEEP_POINTS_FAILED,
    SWEEP_POINTS_TOO_MANY /* runs; likewise */
};
enum sweep_points_result sweep_points_read(const struct sweep_points_request *request, struct sweep_points *points,
                                           struct diagnostics *diagnostics, struct failure *failure);
void sweep_points_free(struct sweep_points *points); /* leaves it empty */

/* A point's scenario, from 0; NULL when memory is short. Several threads may ask at once. */
struct scenario *sweep_points_scenario(const struct sweep_points *points, int32_t point,
                                       struct diagnostics *diagnostics);

/* The points as sweep_store.h wants them told; `points` must outlive it. */
struct sweep_description sweep_points_describe(struct sweep_points *points);

#endif
