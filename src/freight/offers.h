/* When a flow's containers come, and how large they are.
 *
 * Arrivals follow the cumulative intensity Λ(t) of the flow: teu_per_day × the factor of the calendar month, so
 * constant within a month. Poisson: the n-th container comes when Λ in containers (mean TEU 1 + share_40ft) has gone on
 * by an exponential variate of mean 1 (Poisson process by change of time: Çinlar 1975, §4.7). Regular: when it reaches
 * n − ½. Batch: the n-th batch, all of it at one instant, when Λ in TEU reaches (n − ½) · batch_teu.
 *
 * The n-th container is 40 feet long where its uniform is below share_40ft; in a batch the last one is 20 feet long
 * where only 1 TEU is left of it. A regular flow draws nothing: its 40-foot containers are spread evenly.
 *
 * Draws are addressed by the container's number: 2(n − 1) for its gap, 2(n − 1) + 1 for its size. So the same
 * containers come whatever trains do. */
#ifndef BERING_FREIGHT_OFFERS_H
#define BERING_FREIGHT_OFFERS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/stream.h"
#include "freight/flow.h"

/* What all flows of a run have in common. */
struct offer_setting {
    struct stream stream;                       /* STREAM_CONTAINER */
    int32_t start_year, start_month, start_day; /* of time 0 */
    int64_t end_ms;                             /* nothing need be known from then on */
};

struct offers {
    int64_t next_ms;  /* when the next container comes; INT64_MAX: none before the end */
    int64_t number;   /* which it is of its flow, from 1 */
    int32_t next_teu; /* 1 or 2 */

    /* for offers.c */
    int32_t batch_left; /* TEU still to come with the batch */
    int64_t batches;
    double level;                       /* of Λ, where the next container or batch comes */
    double month_level;                 /* where the month began: month_from_ms */
    double rate;                        /* of Λ within it, per ms */
    int64_t month_from_ms, month_to_ms; /* the first: from time 0; without seasons it never ends */
    int32_t year, month;
    double uniforms[4]; /* of the block that holds the container's draws */
};

/* At the first container. */
void offers_start(struct offers *offers, const struct flow *flow, const struct offer_setting *setting);
/* On to the next one. */
void offers_next(struct offers *offers, const struct flow *flow, const struct offer_setting *setting);

/* The mean size of a flow's containers, and the least. */
double flow_mean_teu(const struct flow *flow);
int32_t flow_least_teu(const struct flow *flow);

#endif
