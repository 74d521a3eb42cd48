#include "study/cash_flow.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stddef.h>

#include "engine/gsl_errors.h"

/* ---- making ---- */

enum { MOST_YEARS_BEFORE = 100, MOST_LIFE_YEARS = 400 };

/* Durations are sums: what they are too long by rounding is no year more. */
static const double ROUNDING_YEARS = 1e-9;

static double within(double value, double most) {
    return value > 0 ? fmin(value, most) : 0;
}

/* Years that a duration from the first spending on reaches into. */
static int32_t years_reached(double duration) {
    return (int32_t)ceil(duration - ROUNDING_YEARS);
}

/* The year that a moment ends, or lies in. */
static struct cash_year *year_ending(struct cash_flow *flow, double moment) {
    const int32_t year = years_reached(moment) - 1;
    return &flow->years[year < 0 ? 0 : year < flow->year_count ? year : flow->year_count - 1];
}

/* The part of year `year` that lies between two moments. */
static double overlap(int32_t year, double from, double to) {
    const double length = fmin(to, year + 1) - fmax(from, year);
    return length > 0 ? length : 0;
}

static void spend_between(struct cash_flow *flow, double from, double to, double amount) {
    for (int32_t year = (int32_t)from; year < flow->year_count && year < to; year++)
        flow->years[year].capital_usd += amount * overlap(year, from, to) / (to - from);
}

static void spend_capital(const struct cash_flow_plan *plan, struct cash_flow *flow, double capital,
                          double construction) {
    const int32_t count = plan->capital_shares ? plan->share_count : 1;
    if (construction <= 0) {
        flow->years[0].capital_usd = capital;
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        const double share = plan->capital_shares ? plan->capital_shares[i] : 1;
        spend_between(flow, construction * i / count, construction * (i + 1) / count, capital * share);
    }
}

/* The integral from 0 of min(1, time / ramp). */
static double ramped(double time, double ramp) {
    return time >= ramp ? time - ramp / 2 : time * time / (2 * ramp);
}

/* Of the year of operation that begins so long after the opening. */
static double teu_per_year(const struct cash_flow_plan *plan, const struct cash_flow *flow, double begin,
                           double length) {
    const double ramp = within(plan->ramp_up_years, MOST_YEARS_BEFORE);
    const double share = (ramped(begin + length, ramp) - ramped(begin, ramp)) / length;
    if (!(plan->demand_teu_per_year > 0)) return 0;
    const double since = flow->opening_year + begin - plan->demand_year;
    return fmin(plan->demand_teu_per_year * share * pow(1 + plan->growth, since), plan->capacity_teu_per_year);
}

static void operate(const struct cash_flow_plan *plan, struct cash_flow *flow, double life) {
    for (int32_t begin = 0; begin < life - ROUNDING_YEARS; begin++) {
        const double length = fmin(1, life - begin), from = flow->opening_year + begin, to = from + length;
        const double teu = teu_per_year(plan, flow, begin, length);
        for (int32_t i = (int32_t)from; i < flow->year_count && i < to; i++) {
            struct cash_year *year = &flow->years[i];
            const double part = overlap(i, from, to);
            year->operating += part;
            year->teu += part * teu;
            year->revenue_usd += part * teu * plan->revenue_usd_per_teu;
            year->variable_cost_usd += part * teu * plan->cost_usd_per_teu;
            year->other_revenue_usd += part * plan->other_revenue_usd_per_year;
            year->other_cost_usd += part * plan->other_cost_usd_per_year;
            year->fixed_cost_usd += part * plan->fixed_cost_usd_per_year;
        }
    }
}

static void renew(const struct cash_flow_plan *plan, struct cash_flow *flow, double capital, double life) {
    const double every = fmax(plan->renewal_every_years, 1);
    if (!(plan->renewal_every_years > 0)) return;
    for (int32_t i = 1; i * every < life - ROUNDING_YEARS; i++)
        year_ending(flow, flow->opening_year + i * every)->renewal_usd += plan->renewal_share * capital;
}

void cash_flow_make(const struct cash_flow_plan *plan, struct cash_flow *flow) {
    const double construction = within(plan->construction_years, MOST_YEARS_BEFORE);
    const double life = within(plan->life_years, MOST_LIFE_YEARS);
    const double capital = plan->capital_usd * plan->capital_overrun;
    flow->opening_year = construction + within(plan->delay_years, MOST_YEARS_BEFORE);
    flow->end_year = flow->opening_year + life;
    flow->payment_point = plan->payment_point;
    flow->year_count = years_reached(flow->end_year) > 1 ? years_reached(flow->end_year) : 1;
    for (int32_t i = 0; i < flow->year_count; i++) flow->years[i] = (struct cash_year){0};
    spend_capital(plan, flow, capital, construction);
    operate(plan, flow, life);
    renew(plan, flow, capital, life);
    if (life > 0) year_ending(flow, flow->end_year)->residual_usd += plan->residual_share * capital;
}

double cash_year_net(const struct cash_year *year) {
    return year->revenue_usd + year->other_revenue_usd + year->residual_usd - year->capital_usd - year->renewal_usd -
           year->variable_cost_usd - year->other_cost_usd - year->fixed_cost_usd;
}

void cash_flow_net(const struct cash_flow *flow, double *net) {
    for (int32_t i = 0; i < flow->year_count; i++) net[i] = cash_year_net(&flow->years[i]);
}

/* ---- present values ---- */

double present_value(const double *amounts, int32_t count, double rate, double payment_point) {
    const double factor = 1 / (1 + rate);
    double value = 0;
    for (int32_t i = count - 1; i >= 0; i--) value = amounts[i] + factor * value;
    return value * pow(factor, payment_point);
}

struct cash_values cash_flow_values(const struct cash_flow *flow, double rate) {
    struct cash_values values = {0};
    for (int32_t i = 0; i < flow->year_count; i++) {
        const struct cash_year *year = &flow->years[i];
        const double factor = pow(1 + rate, -(i + flow->payment_point));
        values.capital_usd += factor * year->capital_usd;
        values.renewal_usd += factor * year->renewal_usd;
        values.residual_usd += factor * year->residual_usd;
        values.revenue_usd += factor * year->revenue_usd;
        values.other_revenue_usd += factor * year->other_revenue_usd;
        values.variable_cost_usd += factor * year->variable_cost_usd;
        values.other_cost_usd += factor * year->other_cost_usd;
        values.fixed_cost_usd += factor * year->fixed_cost_usd;
        values.teu += factor * year->teu;
        values.net_usd += factor * cash_year_net(year);
    }
    return values;
}

/* ---- internal rates ---- */

/* The value as a share of what it would be if all amounts had one sign: the same roots, no overflow at any rate, and
 * between −1 and 1. Above a rate of 0 it is summed as a present value, below as a final one. */
struct amounts {
    const double *values; /* neither the first nor the last is 0 */
    int32_t count;
};

static double scaled_value(double rate, void *context) {
    const struct amounts *amounts = context;
    const bool present = rate >= 0;
    const double factor = present ? 1 / (1 + rate) : 1 + rate;
    double value = 0, size = 0;
    for (int32_t i = 0; i < amounts->count; i++) {
        const double amount = amounts->values[present ? amounts->count - 1 - i : i];
        value = value * factor + amount;
        size = size * factor + fabs(amount);
    }
    return value / size;
}

/* What rounding leaves of a value that is 0. */
static const double NOTHING = 1e-13;

static int sign_of(double value) {
    return fabs(value) <= NOTHING ? 0 : value > 0 ? 1 : -1;
}

static void add_rate(struct internal_rate *found, double rate) {
    if (found->count < INTERNAL_RATES_KEPT) found->rates[found->count] = rate;
    found->count++;
}

/* Where the value passes 0 between two rates. */
static double root_between(struct amounts *amounts, double low, double high) {
    enum { MOST_STEPS = 200 };
    gsl_function function = {scaled_value, amounts};
    gsl_root_fsolver *solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    double root = (low + high) / 2;
    if (!solver || gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS) {
        gsl_root_fsolver_free(solver);
        return root;
    }
    for (int32_t step = 0; step < MOST_STEPS; step++) {
        if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS) break;
        root = gsl_root_fsolver_root(solver);
        const double from = gsl_root_fsolver_x_lower(solver), to = gsl_root_fsolver_x_upper(solver);
        if (gsl_root_test_interval(from, to, 1e-15, 1e-14) == GSL_SUCCESS) break;
    }
    gsl_root_fsolver_free(solver);
    return root;
}

struct turned {
    struct amounts *amounts;
    int sign;
};

static double turned_value(double rate, void *context) {
    const struct turned *turned = context;
    return turned->sign * scaled_value(rate, turned->amounts);
}

/* The rate between low and high at which the value, of one sign at all three, is nearest to 0. */
static double nearest_to_nothing(struct amounts *amounts, int sign, double low, double middle, double high) {
    enum { MOST_STEPS = 100 };
    struct turned turned = {amounts, sign};
    gsl_function function = {turned_value, &turned};
    gsl_min_fminimizer *search = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (!search || gsl_min_fminimizer_set(search, &function, middle, low, high) != GSL_SUCCESS) {
        gsl_min_fminimizer_free(search);
        return middle;
    }
    for (int32_t step = 0; step < MOST_STEPS; step++) {
        if (gsl_min_fminimizer_iterate(search) != GSL_SUCCESS) break;
        middle = gsl_min_fminimizer_x_minimum(search);
        const double from = gsl_min_fminimizer_x_lower(search), to = gsl_min_fminimizer_x_upper(search);
        if (turned_value(middle, &turned) <= 0 || gsl_min_test_interval(from, to, 1e-10, 0) == GSL_SUCCESS) break;
    }
    gsl_min_fminimizer_free(search);
    return middle;
}

/* Rates at which values are compared: even steps of the discount factor above 0 and of its inverse below, so that they
 * lie closest where money is usually lent. */
enum { GRID_HALF = 200, GRID_COUNT = 2 * GRID_HALF };
static const double LEAST_RATE = -1 + 1e-12, GREATEST_RATE = 10;

static double grid_rate(int32_t place) {
    if (place < GRID_HALF) return (double)(place + 1) / GRID_HALF - 1; /* −0.995 … 0 */
    const double least_factor = 1 / (1 + GREATEST_RATE);
    return 1 / (1 - (1 - least_factor) * (place - GRID_HALF + 1) / GRID_HALF) - 1;
}

/* Two roots that lie between the same points of the grid, or one where the value touches 0. */
static void find_turning(struct amounts *amounts, const double rates[3], const double values[3],
                         struct internal_rate *found) {
    const int sign = sign_of(values[1]);
    if (sign == 0 || sign_of(values[0]) != sign || sign_of(values[2]) != sign) return;
    if (fabs(values[1]) > fabs(values[0]) || fabs(values[1]) > fabs(values[2])) return;
    const double rate = nearest_to_nothing(amounts, sign, rates[0], rates[1], rates[2]);
    const int there = sign_of(scaled_value(rate, amounts));
    if (there == 0) add_rate(found, rate);
    if (there != -sign) return;
    add_rate(found, root_between(amounts, rates[0], rate));
    add_rate(found, root_between(amounts, rate, rates[2]));
}

static void search_grid(struct amounts *amounts, struct internal_rate *found) {
    double rates[3] = {0}, values[3] = {0};
    for (int32_t place = 0; place < GRID_COUNT; place++) {
        rates[0] = rates[1], rates[1] = rates[2], values[0] = values[1], values[1] = values[2];
        rates[2] = grid_rate(place);
        values[2] = scaled_value(rates[2], amounts);
        if (sign_of(values[2]) == 0) add_rate(found, rates[2]);
        if (place > 0 && sign_of(values[1]) * sign_of(values[2]) < 0)
            add_rate(found, root_between(amounts, rates[1], rates[2]));
        if (place > 1) find_turning(amounts, rates, values, found);
    }
}

/* With one change of sign there is one root, and it passes 0. */
static void search_once(struct amounts *amounts, struct internal_rate *found) {
    const double first = scaled_value(LEAST_RATE, amounts), last = scaled_value(GREATEST_RATE, amounts);
    if (sign_of(last) == 0)
        add_rate(found, GREATEST_RATE);
    else if (first * last < 0)
        add_rate(found, root_between(amounts, LEAST_RATE, GREATEST_RATE));
}

int32_t sign_changes(const double *amounts, int32_t count) {
    int32_t changes = 0;
    double before = 0;
    for (int32_t i = 0; i < count; i++) {
        if (amounts[i] == 0) continue;
        changes += before != 0 && (before > 0) != (amounts[i] > 0);
        before = amounts[i];
    }
    return changes;
}

struct internal_rate internal_rate_of_return(const double *amounts, int32_t count) {
    struct internal_rate found = {.kind = INTERNAL_RATE_EMPTY, .proved = true};
    struct amounts kept = {amounts, count};
    gsl_errors_as_values();
    while (kept.count > 0 && kept.values[kept.count - 1] == 0) kept.count--;
    while (kept.count > 0 && kept.values[0] == 0) kept.values++, kept.count--;
    if (kept.count == 0) return found;
    const int32_t changes = sign_changes(kept.values, kept.count);
    if (changes == 1)
        search_once(&kept, &found);
    else if (changes > 1)
        search_grid(&kept, &found);
    found.proved = found.count >= changes || changes == 1;
    if (found.count == 0)
        found.kind = scaled_value(0, &kept) > 0 ? INTERNAL_RATE_GAINS : INTERNAL_RATE_LOSES;
    else
        found.kind = found.count == 1 ? INTERNAL_RATE_ONE : INTERNAL_RATE_SEVERAL;
    found.loan = found.count == 1 && scaled_value(LEAST_RATE, &kept) < 0 && scaled_value(GREATEST_RATE, &kept) > 0;
    return found;
}

/* ---- payback ---- */

double payback_years(const double *amounts, int32_t count, double rate, double payment_point) {
    double sum = 0, before = 0, size = 0, payback = 0;
    bool negative = false;
    for (int32_t i = 0; i < count; i++) {
        const double amount = amounts[i] * pow(1 + rate, -(i + payment_point));
        before = sum;
        sum += amount;
        size += fabs(amount);
        if (sum < -NOTHING * size)
            negative = true;
        else if (negative) {
            payback = i + fmin(1, -before / amount);
            negative = false;
        }
    }
    return negative ? INFINITY : payback;
}

/* ---- prices and charges ---- */

double break_even_tariff(const struct cash_values *values) {
    return values->teu > 0 ? (values->revenue_usd - values->net_usd) / values->teu : NAN;
}

double profitability_index(const struct cash_values *values) {
    return values->capital_usd > 0 ? 1 + values->net_usd / values->capital_usd : NAN;
}

double capital_recovery_factor(double rate, double years) {
    if (!(years > 0) || !(rate > -1)) return NAN;
    return rate == 0 ? 1 / years : rate / -expm1(-years * log1p(rate));
}

double capital_at_opening(const struct cash_flow *flow, double rate) {
    double sum = 0;
    for (int32_t i = 0; i < flow->year_count; i++)
        sum += flow->years[i].capital_usd * pow(1 + rate, flow->opening_year - (i + flow->payment_point));
    return sum;
}

struct capital_charge capital_charge_of(const struct cash_flow *flow, double rate, bool interest_during_construction) {
    struct capital_charge charge = {0};
    double teu = 0, operating = 0;
    for (int32_t i = 0; i < flow->year_count; i++) {
        const struct cash_year *year = &flow->years[i];
        const double factor = pow(1 + rate, flow->opening_year - (i + 1));
        charge.capital_usd += year->capital_usd;
        teu += factor * year->teu;
        operating += factor * year->operating;
    }
    if (interest_during_construction) charge.interest_usd = capital_at_opening(flow, rate) - charge.capital_usd;
    charge.usd_per_year =
        (charge.capital_usd + charge.interest_usd) * capital_recovery_factor(rate, flow->end_year - flow->opening_year);
    charge.teu_per_year = operating > 0 ? teu / operating : 0;
    charge.usd_per_teu = teu > 0 ? charge.usd_per_year / charge.teu_per_year : NAN;
    return charge;
}
