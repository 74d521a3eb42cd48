/* One number of trains a day, offered to a line and simulated until the figures are known as well as asked.
 *
 * Replications of equal length are added until the interval is narrow enough. Of each the beginning is cut by MSER-5
 * (on the daily mean delays, or where the line is offered more than it carries on the daily departures), the rest is
 * taken in batches of whole days; the batches are made longer until neighbours are no longer alike (lag-1 correlation).
 * The interval is Student's over the batches of all replications. Replication r is the same at any load (common random
 * numbers), and so is the answer for any number of jobs.
 *
 * Delay is that of docs/model.md: waiting outside counts, and a train that is still under way when the replication ends
 * counts what it has by then. Sources: White (1997) for MSER; Law, Simulation Modeling and Analysis, for batch means.
 */
#ifndef BERING_STUDY_OFFERED_LOAD_H
#define BERING_STUDY_OFFERED_LOAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/statistics.h"
#include "results/failure.h"
#include "study/demand.h"

enum load_target { LOAD_THROUGHPUT, LOAD_DELAY }; /* the figure that has to be known well */

struct load_request {
    const struct demand *demand;
    struct demand_request offered;
    enum load_target target;
    double relative_half_width; /* enough: half the interval over the mean; of a delay at least 6 s are enough */
    double against_s;           /* LOAD_DELAY: also enough when the interval leaves out this delay; NAN: never */
    int32_t days;               /* of one replication, ≥ 20 */
    int32_t most_replications;  /* ≥ 1 */
    int32_t jobs;               /* replications side by side; changes no result */
    const atomic_bool *stop;    /* NULL: cannot be interrupted */
};

struct load_result {
    double offered_per_day;
    struct estimate trains_per_day;  /* that departed, both directions */
    struct estimate direction[2];    /* likewise, by enum direction */
    double balanced_per_day;         /* the least over classes of departures over share: what the whole mix got */
    double *class_per_day;           /* [demand.class_count]; owned */
    struct estimate delay_s;         /* mean over trains planned; NAN where none was */
    double p90_delay_s, p95_delay_s; /* over all trains of all replications, the warm-up left out */
    double punctual;                 /* share of trains at most delay_limit_min late */
    int32_t replications, days;      /* how many, and how many measured days in all */
    int32_t warmup_days;             /* cut from each, the most of any */
    int32_t batch_days;              /* length of a batch */
    double lag_correlation;          /* of neighbouring batches; NAN with fewer than three */
    bool deterministic;              /* nothing is drawn at random: one replication says all */
    bool precise;                    /* the interval is as narrow as asked */
    bool deadlocked;                 /* some replication was: the figures are of what ran by then */
    int64_t forced_moves, events;
};

/* False when memory is short, a train cannot run, or *stop became true; *failure says which. The result is to be freed
 * otherwise. */
bool offered_load_measure(const struct load_request *request, struct load_result *result, struct failure *failure);
void load_result_free(struct load_result *result); /* leaves it empty */

#endif
