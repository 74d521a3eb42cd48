/* economics.csv: what building and running the line costs and earns beyond what trains and containers pay, and how the
 * money is appraised (study/appraisal.h). Real prices throughout, of the year `price_year` of scenario.csv.
 *
 * Every number is a law (engine/law.h): a bare number is a constant; anything else makes it an uncertain input of the
 * appraisal. What needs one number takes the law's mean. Ranges and defaults are those of columns.c (docs/ranges.md);
 * the file may be missing, and every key of it too. */
#ifndef BERING_SCENARIO_ECONOMICS_H
#define BERING_SCENARIO_ECONOMICS_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/law.h"

/* Whose money is counted. Track access is what the operator pays to the manager: for the project as a whole it is
 * neither earned nor spent, and the project's cash flow is the sum of the other two. */
enum viewpoint { VIEWPOINT_PROJECT, VIEWPOINT_MANAGER, VIEWPOINT_OPERATOR };

/* When in a year its money is paid, for discounting. */
enum discounting { DISCOUNTING_END_OF_YEAR, DISCOUNTING_MID_YEAR, DISCOUNTING_START_OF_YEAR };

/* The keys that are laws. Their order is that of the dimensions an appraisal samples, those that matter most first: it
 * is part of the results; append, never renumber. */
enum economic_law {
    ECONOMIC_CAPEX_OVERRUN,  /* capital spent over capital planned */
    ECONOMIC_OPENING_DELAY,  /* years from the planned opening to the real one */
    ECONOMIC_TARIFF_FACTOR,  /* tariffs over those of flows.csv */
    ECONOMIC_DEMAND_FACTOR,  /* TEU offered over those of flows.csv */
    ECONOMIC_EXCHANGE_RATE,  /* USD for a unit of the currency that tariffs are earned in, over today's */
    ECONOMIC_CAPEX,          /* USD, without options */
    ECONOMIC_OPEX_FIXED,     /* USD a year from the opening on, without options */
    ECONOMIC_GROWTH,         /* of the TEU offered, per year: 0.02 is 2 % */
    ECONOMIC_RAMP_UP,        /* years in which the share of the demand that has found the line rises from 0 to 1 */
    ECONOMIC_CONSTRUCTION,   /* years from the first spending to the planned opening */
    ECONOMIC_DISCOUNT_RATE,  /* real, per year */
    ECONOMIC_LIFE,           /* years of operation */
    ECONOMIC_TRACK_ACCESS,   /* USD per train-km */
    ECONOMIC_ENERGY,         /* USD per kWh at the wheel */
    ECONOMIC_LIFT,           /* USD per lift */
    ECONOMIC_YARD,           /* USD per TEU and day in a yard */
    ECONOMIC_RENEWALS_SHARE, /* of the capital spent, each time */
    ECONOMIC_RENEWALS_EVERY, /* years of operation; 0: never */
    ECONOMIC_RESIDUAL_SHARE, /* of the capital spent, left at the end of the life */
    ECONOMIC_SEA_TARIFF,     /* USD per TEU, whole voyage; 0: not to be compared with */
    ECONOMIC_RAIL_TARIFF,    /* USD per TEU-km; 0: not to be compared with */
    ECONOMIC_VALUE_OF_TIME,  /* USD per TEU and day */
    ECONOMIC_DAYS_SAVED,     /* against the sea */
    ECONOMIC_LAW_COUNT
};

enum { ECONOMICS_MOST_SHARES = 64 };

struct economics {
    enum viewpoint viewpoint;
    enum discounting discounting;
    bool interest_during_construction; /* capital charges are taken of the capital as financed at the opening */
    int32_t first_year;                /* calendar year in which spending starts */
    /* Shares of the capital spent in equal parts of the construction time, one after the other; they sum to 1. One
     * share: spent evenly. */
    double construction_shares[ECONOMICS_MOST_SHARES];
    int32_t construction_share_count;
    struct law laws[ECONOMIC_LAW_COUNT];
};

void economics_free(struct economics *economics); /* leaves zeros */

double economics_mean(const struct economics *economics, enum economic_law law);

/* The key as it stands in economics.csv: "capex_overrun". */
const char *economics_key(enum economic_law law);
/* What its values may be. */
void economics_range(enum economic_law law, double *minimum, double *maximum);

/* What the options that are on add: to `capex_usd`, and to `opex_fixed_usd_per_year`. Options without a figure add
 * nothing. */
struct option_offered;
double economics_capex_of_options(const struct option_offered *options, int32_t count);
double economics_opex_of_options(const struct option_offered *options, int32_t count);

#endif
