/* From the days of replications (load_sample.h) to figures with intervals.
 *
 * The days of all replications, each one's warm-up left out, are cut into batches of as many days; a figure is a sum
 * over all batches divided by another, and its interval Student's over the batches' deviations from it. Batches are
 * made longer until neighbours are no longer alike (lag-1 correlation); where no batch is long enough for that, each
 * replication is one (if there are several).
 *
 * How many trains come is known in the mean, so what by chance came more or fewer in the measured days is taken out of
 * each figure by regression on the trains that came in the batch (control variate; Law, Simulation Modeling and
 * Analysis). That narrows the interval where trains come at random and changes nothing where they come by the clock. */
#ifndef BERING_STUDY_LOAD_FIGURES_H
#define BERING_STUDY_LOAD_FIGURES_H

#include "engine/statistics.h"
#include "study/load_sample.h"

struct load_batch {
    const struct load_sample *sample;
    int32_t from, to; /* days: [from, to) */
};

struct load_batches {
    struct load_batch *items;
    int32_t count;
    double offered_per_day; /* what the mean of the trains that come is; NAN: not known, nothing is taken out */
    int32_t days;           /* of a batch; 0: a replication each */
    bool long_enough;       /* there are batches enough, and neighbours are not alike */
    double lag_correlation; /* of the figure it was made for; NAN where it cannot be told */
};

enum load_figure {
    FIGURE_BALANCED,  /* trains a day that the whole mix got: load_balanced */
    FIGURE_DELAY,     /* s, mean over trains planned */
    FIGURE_P90_DELAY, /* s */
};

/* The shortest batches that are long enough for a figure, at least five days. False when out of memory. */
bool load_batches_make(const struct load_sample *samples, int32_t sample_count, double offered_per_day,
                       enum load_figure figure, struct load_batches *batches);
void load_batches_free(struct load_batches *batches); /* leaves it empty */

/* NAN where there is no batch, or no memory. */
struct estimate load_throughput(const struct load_batches *batches);
struct estimate load_direction(const struct load_batches *batches, int32_t direction);
struct estimate load_class(const struct load_batches *batches, int32_t class_index);
struct estimate load_delay(const struct load_batches *batches);
struct estimate load_delay_quantile(const struct load_batches *batches, double fraction);
struct estimate load_figure_of(const struct load_batches *batches, enum load_figure figure);

/* What the whole mix got: the least over classes of arrivals over share. A class counts only if it got less than its
 * share beyond chance (two standard errors of the difference, and half a per cent): else chance alone would make the
 * least of many classes less than what is carried. *short_class: the class it is, −1: none is short. */
struct estimate load_balanced(const struct load_batches *batches, int32_t *short_class);

/* Share of the trains at most so late. */
double load_punctual(const struct load_batches *batches, double limit_s);

#endif
