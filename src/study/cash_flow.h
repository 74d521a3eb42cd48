/* A project's money year by year, and what is made of it: net present value, internal rate of return, payback,
 * break-even tariff, capital charges. Pure functions: no scenario, no chance.
 *
 *     struct cash_flow flow;
 *     double net[CASH_FLOW_MOST_YEARS];
 *     cash_flow_make(&plan, &flow);
 *     cash_flow_net(&flow, net);
 *     npv = present_value(net, flow.year_count, 0.08, plan.payment_point);
 *
 * Real prices throughout. Year 0 begins with the first spending, which is the moment that values are discounted to.
 * Rates are per year, 0.08 is 8 %. Sources: Brealey, Myers and Allen, Principles of Corporate Finance, chapters 2, 5
 * and 6; Norstrom, Journal of Financial and Quantitative Analysis 7 (1972) 1835, for the uniqueness of internal rates.
 */
#ifndef BERING_STUDY_CASH_FLOW_H
#define BERING_STUDY_CASH_FLOW_H

#include <stdbool.h>
#include <stdint.h>

enum { CASH_FLOW_MOST_YEARS = 640 };

/* What is built, what it earns and costs. All amounts ≥ 0.
 *
 * The capital is spent between 0 and construction_years, whatever the delay; the line opens delay_years later and
 * operates life_years from then on. Nothing need be a whole number: what falls into a part of a year is counted there
 * in proportion. Durations longer than CASH_FLOW_MOST_YEARS allows (100 years for construction and delay, 400 for the
 * life) are cut to that.
 *
 * The traffic of the n-th year of operation is what is offered then, but at most the capacity. Offered is
 * demand × (1 + growth)^(years since demand_year, at the beginning of that year of operation) × ramp-up, whose share is
 * the mean over that year of min(1, time since opening / ramp_up_years). */
struct cash_flow_plan {
    double capital_usd;           /* planned */
    double capital_overrun;       /* spent over planned; 1: as planned */
    const double *capital_shares; /* [share_count] spent in equal parts of the construction; NULL: evenly */
    int32_t share_count;
    double construction_years, delay_years, life_years;

    double demand_teu_per_year; /* in demand_year; ≥ 0 */
    double demand_year;         /* years after the first spending; the planned opening is construction_years */
    double growth;              /* > −1 */
    double ramp_up_years;       /* 0: all of the demand is there at once */
    double capacity_teu_per_year;

    double revenue_usd_per_teu, cost_usd_per_teu;
    double other_revenue_usd_per_year, other_cost_usd_per_year; /* of full years of operation, whatever the traffic */
    double fixed_cost_usd_per_year;

    double renewal_share;       /* of the capital spent, paid in the year that ends an interval */
    double renewal_every_years; /* of operation, at least 1; ≤ 0: never; none at the end of the life */
    double residual_share;      /* of the capital spent, got back in the year that ends the life */

    double payment_point; /* when a year's money is paid: 1 at its end, 0.5 in its middle, 0 at its start */
};

/* One year; all ≥ 0. */
struct cash_year {
    double capital_usd, renewal_usd, residual_usd;
    double revenue_usd, other_revenue_usd;
    double variable_cost_usd, other_cost_usd, fixed_cost_usd;
    double teu;
    double operating; /* share of the year that the line is open */
};

struct cash_flow {
    int32_t year_count;
    double opening_year, end_year; /* years after the first spending */
    double payment_point;          /* of the plan */
    struct cash_year years[CASH_FLOW_MOST_YEARS];
};

void cash_flow_make(const struct cash_flow_plan *plan, struct cash_flow *flow);

double cash_year_net(const struct cash_year *year);
void cash_flow_net(const struct cash_flow *flow, double *net); /* net[year_count] */

/* ---- one value of many years ---- */

/* Σ amounts[t] · (1 + rate)^−(t + payment_point), rate > −1. Of net flows it is the net present value. */
double present_value(const double *amounts, int32_t count, double rate, double payment_point);

/* The present value of each kind of money, and of the TEU. */
struct cash_values {
    double capital_usd, renewal_usd, residual_usd, revenue_usd, other_revenue_usd, variable_cost_usd, other_cost_usd,
        fixed_cost_usd;
    double teu;
    double net_usd; /* net present value */
};
struct cash_values cash_flow_values(const struct cash_flow *flow, double rate);

/* ---- internal rates of return ---- */

/* Rates r in (−1, 10] at which the net present value is 0. */
enum internal_rate_kind {
    INTERNAL_RATE_ONE,
    INTERNAL_RATE_SEVERAL,
    INTERNAL_RATE_LOSES, /* none: the value is negative at every such rate */
    INTERNAL_RATE_GAINS, /* none: it is positive at every such rate */
    INTERNAL_RATE_EMPTY, /* no money flows at all */
};
enum { INTERNAL_RATES_KEPT = 8 };
struct internal_rate {
    enum internal_rate_kind kind;
    int32_t count;                     /* distinct rates found; those beyond INTERNAL_RATES_KEPT are counted only */
    double rates[INTERNAL_RATES_KEPT]; /* ascending */
    bool loan;   /* ONE: the value rises with the rate there, so that this is what money costs, not what it earns */
    bool proved; /* by Descartes' rule of signs there can be no other */
};

/* Of count amounts a year apart; when within the year they are paid makes no difference. */
struct internal_rate internal_rate_of_return(const double *amounts, int32_t count);

/* How many times consecutive non-zero amounts differ in sign: no more internal rates than that (Descartes). */
int32_t sign_changes(const double *amounts, int32_t count);

/* ---- payback ---- */

/* Years from the first spending until the sum of all amounts so far, discounted at `rate` (0: not), is no longer
 * negative and stays so to the end; within its year a sum is taken to change evenly. 0: it never is negative; INFINITY:
 * the money does not come back. */
double payback_years(const double *amounts, int32_t count, double rate, double payment_point);

/* ---- prices ---- */

/* The revenue per TEU at which the net present value is 0, all else unchanged; exact, since the traffic does not depend
 * on it. May be negative where other revenue pays for everything. NAN where nothing is ever carried. */
double break_even_tariff(const struct cash_values *values);

/* Net present value per dollar of the present value of the capital, plus 1. NAN without capital. */
double profitability_index(const struct cash_values *values);

/* ---- capital charges ---- */

/* What a loan of 1 costs at the end of each of so many years; 1/years at rate 0. NAN where years ≤ 0. */
double capital_recovery_factor(double rate, double years);

/* What the capital spent is worth at the opening: with interest from the day of each payment on. */
double capital_at_opening(const struct cash_flow *flow, double rate);

/* The capital at the opening as an even payment at the end of every year of operation, and that per TEU. TEU per year
 * is the even volume with the same present value as the real ones: with constant traffic it is just that. */
struct capital_charge {
    double capital_usd;  /* spent */
    double interest_usd; /* during construction; 0 when it is not to be counted */
    double usd_per_year, teu_per_year;
    double usd_per_teu; /* NAN where nothing is ever carried */
};
struct capital_charge capital_charge_of(const struct cash_flow *flow, double rate, bool interest_during_construction);

#endif
