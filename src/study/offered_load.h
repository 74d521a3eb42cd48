/* One number of trains a day, offered to a line and simulated until the figures are known as well as asked.
 *
 * Replications of equal length are added until the interval of the figure asked for is narrow enough; how figures and
 * intervals come from their days stands in load_figures.h. Replication r is the same at any load (common random
 * numbers), and so is the answer for any number of jobs. A demand in which nothing is random has one replication, four
 * times as long.
 *
 * Delay is that of docs/model.md: waiting outside counts, and a train that is still under way when the replication ends
 * counts what it has by then. Sources: White (1997) for MSER; Law, Simulation Modeling and Analysis, for batch means.
 */
#ifndef BERING_STUDY_OFFERED_LOAD_H
#define BERING_STUDY_OFFERED_LOAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/failure.h"
#include "study/demand.h"
#include "study/load_figures.h"

struct load_request {
    const struct demand *demand;
    struct demand_request offered;
    enum load_figure figure;    /* the one that has to be known well */
    double relative_half_width; /* enough: half the interval over the figure; 0: never enough */
    double least_half_width;    /* enough, whatever the figure is; in its unit */
    double against;             /* also enough when the interval leaves this out: far away (three half-widths) whatever
                                   least_replications says; NAN: never */
    double hopeless_below;      /* also enough when the interval lies below this; 0: never */
    int32_t days;               /* of one replication, ≥ 20 */
    int32_t first_replication;  /* ≥ 1: others are drawn independently of those that begin further on */
    int32_t least_replications; /* ≥ 1 */
    int32_t most_replications;  /* ≥ 1 */
    int32_t jobs;               /* replications side by side; changes no result */
    const atomic_bool *stop;    /* NULL: cannot be interrupted */
};

struct load_result {
    double offered_per_day;
    struct estimate trains_per_day; /* that arrived, both directions */
    struct estimate direction[2];   /* likewise, by enum direction */
    struct estimate balanced;       /* what the whole mix got, trains a day: load_balanced */
    int32_t short_class;            /* the class that got less than its share; −1: none */
    double *class_per_day;          /* [demand.class_count]; owned */
    struct estimate delay_s;        /* mean over trains planned; NAN where none was */
    /* The next three: NAN where the figure asked for is FIGURE_BALANCED. */
    struct estimate p90_delay_s;
    double p95_delay_s;
    double punctual;            /* share of trains at most delay_limit_min late */
    int64_t *held_up_ms;        /* [section × 2 + direction]: trains stood before it because of others; owned */
    int32_t replications, days; /* how many, and how many measured days in all */
    int32_t warmup_days;        /* cut from each replication */
    int32_t batch_days;         /* length of a batch; 0: a replication each */
    double lag_correlation;     /* of neighbouring batches; NAN where it cannot be told */
    bool deterministic;         /* nothing is drawn at random: one replication says all */
    bool precise;               /* the interval is as narrow as asked */
    bool deadlocked;            /* some replication was: the figures are of what ran by then */
    int64_t forced_moves, events;
};

/* False when memory is short, a train cannot run, or *stop became true; *failure says which. The result is to be freed
 * otherwise. */
bool offered_load_measure(const struct load_request *request, struct load_result *result, struct failure *failure);
void load_result_free(struct load_result *result); /* leaves it empty */

#endif
