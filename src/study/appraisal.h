/* Does it pay? From the laws of economics.csv and what simulation found out about traffic to the value of the project,
 * its uncertainty, and the assumption that decides.
 *
 *     struct appraisal_input input = {.economics = &scenario->economics, .traffic = {…}, .seed = 1};
 *     struct appraisal *appraisal = appraisal_make(&input);
 *     …appraisal_free(appraisal);
 *
 * Viewpoints. The operator earns tariffs and pays what trains, lifts, yards and track access cost. The manager earns
 * the track access and pays for the capital, its renewals and the fixed cost. The project is both: at any one case its
 * NPV is the sum of theirs.
 *
 * The single case is that of all laws at their means: not the mean of the uncertain result, nor its median.
 *
 * Sampling. Each uncertain input has one dimension of a Sobol sequence (GSL's) and goes through the inverse of its law;
 * the capacity comes first, then the keys in the order of enum economic_law. The sequence's first points_per_shift
 * points are used `shifts` times, each time scrambled anew: the binary digits of each dimension go through a random
 * triangular matrix and a random digital shift (Matoušek, Journal of Complexity 14 (1998) 527; Owen, Monte Carlo
 * theory, methods and examples, chapter 17). The scrambled sets are independent and unbiased, and what they differ by
 * makes the intervals. On sums of two inputs the mean is found some ten times as closely as by as many random points,
 * quantiles two to four times. Everything depends on the input and its seed alone.
 */
#ifndef BERING_STUDY_APPRAISAL_H
#define BERING_STUDY_APPRAISAL_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/statistics.h"
#include "scenario/economics.h"
#include "study/cash_flow.h"

#define APPRAISAL_DAYS_PER_YEAR 365.0

enum { APPRAISAL_MOST_SAMPLES = 65536 };

/* What simulation says of the line and its trains. All ≥ 0; per TEU means per TEU that pays. */
struct appraisal_traffic {
    double capacity_trains_per_day;  /* both ways together */
    double capacity_standard_error;  /* of that mean: one more uncertain input, normal, cut at 0 */
    double teu_per_train;            /* paying TEU that a train carries when the line is full */
    double demand_teu_per_day;       /* offered in demand_calendar_year */
    int32_t demand_calendar_year;    /* 0: that of the planned opening */
    double tariff_usd_per_teu;       /* mean, less what lateness costs */
    double running_cost_usd_per_teu; /* train-km and train-hours */
    double energy_kwh_per_teu;       /* these four are priced by economics.csv */
    double lifts_per_teu;
    double yard_days_per_teu; /* TEU-days in yards */
    double train_km_per_teu;
    double other_revenue_usd_per_year; /* passengers, bulk; of a full year, whatever the containers; in the tariffs'
                                          currency */
    double other_cost_usd_per_year;    /* running cost of those trains, energy included */
    double other_train_km_per_year;    /* that pay track access */
    double rail_km;                    /* over which the rail tariff would be paid; 0: not to be compared with */
};

struct appraisal_input {
    const struct economics *economics;                   /* outlives the making only */
    double options_capex_usd, options_opex_usd_per_year; /* economics_…_of_options; like capex_usd they overrun */
    struct appraisal_traffic traffic;
    uint64_t seed;
    int32_t shifts;           /* 0: 16; at least 2 */
    int32_t points_per_shift; /* 0: 256; a power of two; times shifts at most APPRAISAL_MOST_SAMPLES */
    double confidence;        /* of the intervals; 0: 0.95 */
};

/* Inputs that can be uncertain: the laws of economics.csv by their number, then this. */
enum { APPRAISAL_CAPACITY = ECONOMIC_LAW_COUNT, APPRAISAL_INPUT_COUNT };
const char *appraisal_input_name(int32_t input); /* the key; "capacity_trains_per_day" */

/* One value for each input and what comes of them. */
struct appraisal_case {
    double values[APPRAISAL_INPUT_COUNT];
    double npv_usd;
    struct internal_rate irr;
    double payback_years, discounted_payback_years; /* from the first spending; INFINITY: never */
    double break_even_usd_per_teu; /* the revenue per TEU of this viewpoint at which npv_usd is 0; NAN: no traffic */
    double revenue_usd_per_teu;    /* what it is here: tariff, or the manager's track access */
    double ceiling_usd_per_teu;    /* sea tariff + value of time × days saved; NAN: no sea tariff */
    double rail_usd_per_teu;       /* rail tariff × rail_km; NAN: none */
    double profitability_index;    /* NAN: no capital */
    double trains_per_day, teu_per_year; /* once grown and ramped up: of the last full year of operation */
    struct capital_charge charge;
    struct cash_values present;
};

/* Of many cases. Quantiles count a case that loses at every rate as −INFINITY, one that gains at every rate as INFINITY
 * (its internal rate), and a payback that never comes as INFINITY; cases with several internal rates are left out of
 * those of the rate. */
struct appraisal_quantiles {
    double p5, p25, p50, p75, p95;
    double p5_half_width, p50_half_width, p95_half_width; /* from the shifts; NAN: some shift has no finite one */
};

struct appraisal_sample {
    double npv_usd, irr, payback_years, discounted_payback_years, break_even_usd_per_teu; /* irr: as in quantiles; NAN:
                                                                                              several */
};

/* The value of one uncertain input against the others at their means. */
struct appraisal_bar {
    int32_t input;
    double low, high;                 /* its 10 % and 90 % quantiles */
    double npv_low_usd, npv_high_usd; /* at `low`, at `high` */
    double width_usd;                 /* |npv_high − npv_low| */
    double mean;                      /* where it stands in the single case */
    double switching_value; /* nearest to the mean at which the NPV is 0; NAN: none within the law's range (1 to 99 %)
                               extended four-fold either way, and what the key may be */
    bool switches_within;   /* it lies between low and high */
};

/* The sum of money so far at the end of a year. */
struct appraisal_year {
    int32_t calendar_year;
    struct appraisal_quantiles sum_usd, discounted_sum_usd; /* without half-widths: NAN */
    double mean_sum_usd, mean_discounted_sum_usd;
};

struct appraisal {
    enum viewpoint viewpoint;
    struct appraisal_case single; /* all laws at their means */
    struct cash_flow flow;        /* of that case */
    int32_t first_year;           /* calendar year of flow.years[0] */

    int32_t uncertain_count; /* inputs whose laws are not constant; 0: every sample is the single case */
    int64_t sample_count;
    struct appraisal_sample *samples;
    struct estimate npv_usd;             /* mean, from the shifts */
    struct estimate probability_pays;    /* NPV > 0 */
    struct estimate probability_allowed; /* break-even tariff ≤ ceiling; mean NAN: no ceiling */
    struct appraisal_quantiles npv, irr, payback, discounted_payback, break_even, ceiling;
    double several_rates_share, no_rate_share; /* of the samples: with several internal rates, with none */

    struct appraisal_year *years; /* [year_count]: the longest sample's years */
    int32_t year_count;

    struct appraisal_bar *bars; /* [uncertain_count], the widest first */
};

struct appraisal *appraisal_make(const struct appraisal_input *input); /* NULL: out of memory */
void appraisal_free(struct appraisal *appraisal);                      /* NULL is allowed */

/* One case alone: the input's laws replaced by these values. */
void appraisal_case_make(const struct appraisal_input *input, const double values[APPRAISAL_INPUT_COUNT],
                         struct appraisal_case *result, struct cash_flow *flow);
/* Its net present value alone, and its years. */
double appraisal_npv(const struct appraisal_input *input, const double values[APPRAISAL_INPUT_COUNT],
                     struct cash_flow *flow);
/* All laws at their means. */
void appraisal_means(const struct appraisal_input *input, double values[APPRAISAL_INPUT_COUNT]);
/* One input's value at a probability strictly between 0 and 1; and whether that makes a difference. */
double appraisal_value(const struct appraisal_input *input, int32_t number, double probability);
bool appraisal_is_uncertain(const struct appraisal_input *input, int32_t number);

#endif
