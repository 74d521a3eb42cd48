/* What `bering capacity` prints: variants side by side, the answers below each other. */
#ifndef BERING_CLI_CAPACITY_PRINT_H
#define BERING_CLI_CAPACITY_PRINT_H

#include "study/capacity.h"

/* One column of the answer. */
struct capacity_column {
    char *label; /* "as it is", the variant's name */
    const struct scenario *scenario;
    struct capacity capacity;
};

/* One option of options.csv, built on top of what is: what it adds. */
struct option_gain {
    const char *id;
    char *name;           /* with what has to be built with it */
    double capex_usd;     /* of all that; NAN: not given */
    double added_per_day; /* trains/day; NAN: could not be found */
    double half_width;    /* of the difference; 0: of a formula */
    int32_t rank;         /* by added_per_day, 1 the most; 0: could not be found */
    char *problem;        /* NULL: none; else why it could not be found */
};

void capacity_print_text(const char *title, const struct capacity_column *columns, int32_t count);
/* In the order given, the rank by what they add beside it; `without`: what they are compared with. Names the policy
 * where an option takes away. */
void capacity_print_gains(const struct option_gain *gains, int32_t count, const struct capacity_column *without);

#endif
