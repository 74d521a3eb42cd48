/* What a sweep varies, and the points that come of it.
 *
 *     struct sweep *sweep = sweep_create();
 *     sweep_vary(sweep, "fleet_size=1,2,4", &failure);
 *     sweep_vary(sweep, "sections.speed_kmh=*0.8:1.2:0.1", &failure);
 *     sweep_finish(sweep, 0, &failure);
 *     …sweep_value(sweep, point, key, text) for point 0 … sweep_point_count(sweep) − 1…
 *     sweep_free(sweep);
 *
 * Without a sample the points are a grid: every value of each key with every value of the others, the last key's
 * changing fastest. With one they are the first so many points of Sobol's sequence (GSL's gsl_qrng_sobol; Bratley and
 * Fox, ACM Transactions on Mathematical Software 14 (1988) 88): evenly spread, always the same, and the points of a
 * larger sample begin with those of a smaller one. A list, a range with a STEP and a range of whole numbers are sampled
 * among their values, and a point that comes again is left out.
 *
 * A sweep knows no scenario: whether a key exists and a value is in range is found by reading the point. */
#ifndef BERING_STUDY_SWEEP_H
#define BERING_STUDY_SWEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "results/failure.h"

enum {
    SWEEP_MOST_RUNS = 1000000,
    SWEEP_MOST_SAMPLED = 40, /* keys: as many dimensions as GSL's sequence has */
    SWEEP_NUMBER_SIZE = 40   /* of a value as text, where it is a number out of a range */
};

struct sweep;

struct sweep *sweep_create(void);     /* NULL when out of memory */
void sweep_free(struct sweep *sweep); /* NULL is allowed */

/* KEY=VALUE,VALUE,… or KEY=FROM:TO[:STEP]; KEY as for --set, or `variant` for rows of variants.csv. Commas inside
 * parentheses belong to the value. FROM and TO are numbers as the column has them, a `*` before FROM makes them
 * factors; TO is one of the values if the steps meet it. A key whose cells are no numbers (times of day, say) has lists
 * alone. False, with the reason, where the text is no such thing, a value stands there twice or the key was varied
 * before. */
bool sweep_vary(struct sweep *sweep, const char *text, struct failure *failure);

/* The variants as one more dimension, the first of all: its key is `variant`. False when out of memory. */
bool sweep_vary_variants(struct sweep *sweep, char *const *names, int32_t count, struct failure *failure);

/* Makes the points; `sample` is how many to sample, 0: the whole grid. False, with the reason, where there is nothing
 * to vary, a range needs a STEP, or the points are more than SWEEP_MOST_RUNS. Once, before what follows. */
bool sweep_finish(struct sweep *sweep, int64_t sample, struct failure *failure);

int32_t sweep_point_count(const struct sweep *sweep);
int32_t sweep_key_count(const struct sweep *sweep);
const char *sweep_key(const struct sweep *sweep, int32_t key);
bool sweep_key_is_variant(const struct sweep *sweep, int32_t key);

/* The value of a key at a point, both from 0: the sweep's own text, or in `text`. */
const char *sweep_value(const struct sweep *sweep, int32_t point, int32_t key, char text[SWEEP_NUMBER_SIZE]);

#endif
