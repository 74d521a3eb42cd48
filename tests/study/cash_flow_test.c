/* Money over the years against closed forms and textbook cases: annuities, growing annuities, present values paid at
 * any point of the year, internal rates that are none, one or several, payback, capital charges. */
#include "../engine/suite.h"

#include <math.h>

#include "study/cash_flow.h"

#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

/* A bore for $1,000 in one year, then ten years of 10 TEU at $20, each costing $5; nothing else. */
static const struct cash_flow_plan small = {
    .capital_usd = 1000,
    .capital_overrun = 1,
    .construction_years = 1,
    .life_years = 10,
    .demand_teu_per_year = 10,
    .demand_year = 1,
    .capacity_teu_per_year = 1e9,
    .revenue_usd_per_teu = 20,
    .cost_usd_per_teu = 5,
};

static struct cash_flow flow; /* too large for the stack of a small machine */

static double net_present_value(const struct cash_flow_plan *plan, double rate) {
    double net[CASH_FLOW_MOST_YEARS];
    cash_flow_make(plan, &flow);
    cash_flow_net(&flow, net);
    return present_value(net, flow.year_count, rate, plan->payment_point);
}

/* Of 1 at the ends of so many years. */
static double annuity(double rate, double years) {
    return (1 - pow(1 + rate, -years)) / rate;
}

/* ---- years ---- */

START_TEST(a_plan_in_whole_years) {
    struct cash_flow_plan plan = small;
    const double shares[] = {0.1, 0.2, 0.7};
    plan.capital_shares = shares;
    plan.share_count = COUNT_OF(shares);
    plan.construction_years = 3;
    plan.capital_overrun = 1.5;
    plan.delay_years = 2;
    plan.fixed_cost_usd_per_year = 7;
    plan.other_revenue_usd_per_year = 30;
    plan.other_cost_usd_per_year = 4;
    plan.renewal_share = 0.1;
    plan.renewal_every_years = 5;
    plan.residual_share = 0.2;
    cash_flow_make(&plan, &flow);
    ck_assert_int_eq(flow.year_count, 15);
    ck_assert_double_eq(flow.opening_year, 5);
    for (int32_t i = 0; i < 15; i++) {
        const struct cash_year *year = &flow.years[i];
        const bool open = i >= 5;
        ck_assert_double_eq_tol(year->capital_usd, i < 3 ? 1500 * shares[i] : 0, 1e-9);
        ck_assert_double_eq(year->operating, open);
        ck_assert_double_eq_tol(year->teu, open ? 10 : 0, 1e-12);
        ck_assert_double_eq_tol(year->revenue_usd, open ? 200 : 0, 1e-12);
        ck_assert_double_eq_tol(year->variable_cost_usd, open ? 50 : 0, 1e-12);
        ck_assert_double_eq_tol(year->other_revenue_usd, open ? 30 : 0, 1e-12);
        ck_assert_double_eq_tol(year->other_cost_usd, open ? 4 : 0, 1e-12);
        ck_assert_double_eq_tol(year->fixed_cost_usd, open ? 7 : 0, 1e-12);
        ck_assert_double_eq_tol(year->renewal_usd, i == 9 ? 150 : 0, 1e-9); /* not again when the life ends */
        ck_assert_double_eq_tol(year->residual_usd, i == 14 ? 300 : 0, 1e-9);
    }
}
END_TEST

/* Whatever the durations: all capital is spent, all years of operation are counted. */
START_TEST(parts_of_years_add_up) {
    static const double durations[][3] = {{2.5, 0, 10}, {0.7, 0.3, 30}, {0, 0, 5.25}, {3.1, 1.9, 0.5}, {0.1, 0.2, 7}};
    for (int32_t i = 0; i < COUNT_OF(durations); i++) {
        struct cash_flow_plan plan = small;
        plan.construction_years = durations[i][0];
        plan.delay_years = durations[i][1];
        plan.life_years = durations[i][2];
        plan.fixed_cost_usd_per_year = 3;
        plan.residual_share = 1;
        cash_flow_make(&plan, &flow);
        struct cash_year sum = {0};
        for (int32_t year = 0; year < flow.year_count; year++) {
            ck_assert(flow.years[year].operating <= 1 + 1e-12);
            sum.capital_usd += flow.years[year].capital_usd;
            sum.operating += flow.years[year].operating;
            sum.teu += flow.years[year].teu;
            sum.fixed_cost_usd += flow.years[year].fixed_cost_usd;
        }
        ck_assert_double_eq_tol(sum.capital_usd, 1000, 1e-9);
        ck_assert_double_eq_tol(sum.operating, durations[i][2], 1e-9);
        ck_assert_double_eq_tol(sum.teu, 10 * durations[i][2], 1e-8);
        ck_assert_double_eq_tol(sum.fixed_cost_usd, 3 * durations[i][2], 1e-8);
        const double end = durations[i][0] + durations[i][1] + durations[i][2];
        ck_assert_int_eq(flow.year_count, (int32_t)ceil(end - 1e-6));
        ck_assert_double_eq(flow.years[flow.year_count - 1].residual_usd, 1000);
    }
}
END_TEST

START_TEST(a_part_of_the_year_is_open) {
    struct cash_flow_plan plan = small;
    plan.construction_years = 2.25;
    plan.growth = 0.1;
    plan.demand_year = 2.25;
    cash_flow_make(&plan, &flow);
    ck_assert_int_eq(flow.year_count, 13);
    ck_assert_double_eq_tol(flow.years[0].capital_usd, 1000 / 2.25, 1e-9);
    ck_assert_double_eq_tol(flow.years[2].capital_usd, 1000 * 0.25 / 2.25, 1e-9);
    ck_assert_double_eq_tol(flow.years[2].teu, 0.75 * 10, 1e-9);
    ck_assert_double_eq_tol(flow.years[3].teu, 0.25 * 10 + 0.75 * 11, 1e-9);
    ck_assert_double_eq_tol(flow.years[12].operating, 0.25, 1e-9);
}
END_TEST

START_TEST(durations_have_an_end) {
    struct cash_flow_plan plan = small;
    plan.construction_years = plan.delay_years = plan.life_years = 1e12;
    plan.renewal_every_years = 1e-9;
    plan.renewal_share = 0.01;
    cash_flow_make(&plan, &flow);
    ck_assert_int_eq(flow.year_count, 600);
    ck_assert_double_eq(flow.years[300].renewal_usd, 10); /* once a year at most */
    plan.construction_years = plan.delay_years = plan.life_years = 0;
    plan.renewal_every_years = -1;
    plan.residual_share = 1;
    cash_flow_make(&plan, &flow);
    ck_assert_int_eq(flow.year_count, 1);
    ck_assert_double_eq(cash_year_net(&flow.years[0]), -1000);
}
END_TEST

START_TEST(ramp_growth_and_capacity) {
    struct cash_flow_plan plan = small;
    plan.ramp_up_years = 3;
    cash_flow_make(&plan, &flow);
    static const double ramp[] = {1. / 6, 3. / 6, 5. / 6, 1, 1};
    for (int32_t i = 0; i < COUNT_OF(ramp); i++) ck_assert_double_eq_tol(flow.years[1 + i].teu, 10 * ramp[i], 1e-12);
    plan.ramp_up_years = 0.5; /* half of the first half, all of the second */
    cash_flow_make(&plan, &flow);
    ck_assert_double_eq_tol(flow.years[1].teu, 7.5, 1e-12);
    ck_assert_double_eq_tol(flow.years[2].teu, 10, 1e-12);

    plan = small;
    plan.growth = 0.05;
    plan.capacity_teu_per_year = 12;
    for (int32_t delay = 0; delay < 3; delay++) { /* demand grows on while the line is late */
        plan.delay_years = delay;
        cash_flow_make(&plan, &flow);
        for (int32_t i = 0; i < 10; i++)
            ck_assert_double_eq_tol(flow.years[1 + delay + i].teu, fmin(12, 10 * pow(1.05, delay + i)), 1e-9);
    }
    plan.capacity_teu_per_year = 0;
    ck_assert_double_eq_tol(net_present_value(&plan, 0), -1000, 1e-9);
}
END_TEST

/* ---- present values ---- */

START_TEST(an_annuity) {
    static const double points[] = {1, 0.5, 0}, rates[] = {0.01, 0.08, 0.12, 0.5};
    for (int32_t p = 0; p < COUNT_OF(points); p++)
        for (int32_t r = 0; r < COUNT_OF(rates); r++) {
            struct cash_flow_plan plan = small;
            plan.payment_point = points[p];
            const double rate = rates[r], at_start = pow(1 + rate, 1 - points[p]);
            const double expected = at_start / (1 + rate) * (150 * annuity(rate, 10) - 1000);
            ck_assert_double_eq_tol(net_present_value(&plan, rate), expected, 1e-9);
            ck_assert_double_eq_tol(cash_flow_values(&flow, rate).net_usd, expected, 1e-9);
        }
    ck_assert_double_eq_tol(net_present_value(&small, 0), 500, 1e-9);
}
END_TEST

START_TEST(a_growing_annuity) {
    struct cash_flow_plan plan = small;
    plan.payment_point = 0; /* the capital now, the first income in a year */
    plan.growth = 0.03;
    const double rate = 0.08;
    const double value = 150 / (rate - 0.03) * (1 - pow(1.03 / 1.08, 10));
    ck_assert_double_eq_tol(net_present_value(&plan, rate), value - 1000, 1e-9);
    plan.growth = rate; /* then each year is worth the same */
    ck_assert_double_eq_tol(net_present_value(&plan, rate), 10 * 150 / 1.08 - 1000, 1e-9);
}
END_TEST

START_TEST(nearly_a_perpetuity) {
    struct cash_flow_plan plan = small;
    plan.payment_point = 0;
    plan.life_years = 400;
    ck_assert_double_eq_tol(net_present_value(&plan, 0.08), 150 / 0.08 - 1000, 1e-9);
    plan.growth = 0.02;
    ck_assert_double_eq_tol(net_present_value(&plan, 0.08), 150 / 0.06 - 1000, 1e-6);
}
END_TEST

START_TEST(values_by_kind) {
    struct cash_flow_plan plan = small;
    plan.payment_point = 0;
    plan.fixed_cost_usd_per_year = 7;
    plan.other_revenue_usd_per_year = 30;
    plan.other_cost_usd_per_year = 4;
    plan.renewal_share = 0.1;
    plan.renewal_every_years = 4;
    plan.residual_share = 0.2;
    cash_flow_make(&plan, &flow);
    const struct cash_values values = cash_flow_values(&flow, 0.1);
    const double a = annuity(0.1, 10);
    ck_assert_double_eq_tol(values.capital_usd, 1000, 1e-9);
    ck_assert_double_eq_tol(values.revenue_usd, 200 * a, 1e-9);
    ck_assert_double_eq_tol(values.variable_cost_usd, 50 * a, 1e-9);
    ck_assert_double_eq_tol(values.fixed_cost_usd, 7 * a, 1e-9);
    ck_assert_double_eq_tol(values.other_revenue_usd, 30 * a, 1e-9);
    ck_assert_double_eq_tol(values.other_cost_usd, 4 * a, 1e-9);
    ck_assert_double_eq_tol(values.renewal_usd, 100 * (pow(1.1, -4) + pow(1.1, -8)), 1e-9);
    ck_assert_double_eq_tol(values.residual_usd, 200 * pow(1.1, -10), 1e-9);
    ck_assert_double_eq_tol(values.teu, 10 * a, 1e-9);
    ck_assert_double_eq_tol(profitability_index(&values), 1 + values.net_usd / 1000, 1e-12);
    ck_assert(isnan(profitability_index(&(struct cash_values){.net_usd = 5})));
}
END_TEST

/* ---- internal rates ---- */

START_TEST(internal_rates) {
    static const struct {
        double amounts[8];
        int32_t count;
        enum internal_rate_kind kind;
        double rates[3];
        int32_t rate_count;
        bool loan, proved;
    } cases[] = {
        {{-100, 110}, 2, INTERNAL_RATE_ONE, {0.1}, 1, false, true},
        {{100, -110}, 2, INTERNAL_RATE_ONE, {0.1}, 1, true, true},
        {{-100, 60}, 2, INTERNAL_RATE_ONE, {-0.4}, 1, false, true},
        {{-100, 0, 121, 0, 0}, 5, INTERNAL_RATE_ONE, {0.1}, 1, false, true},
        {{0, 0, -100, 0, 121}, 5, INTERNAL_RATE_ONE, {0.1}, 1, false, true},
        {{-1000, 2500, -1540}, 3, INTERNAL_RATE_SEVERAL, {0.1, 0.4}, 2, false, true},
        {{-1000, 3600, -4310, 1716}, 4, INTERNAL_RATE_SEVERAL, {0.1, 0.2, 0.3}, 3, false, true},
        {{1000, -3000, 2500}, 3, INTERNAL_RATE_GAINS, {0}, 0, false, false},
        {{-1000, 3000, -2500}, 3, INTERNAL_RATE_LOSES, {0}, 0, false, false},
        {{-100, 220, -121}, 3, INTERNAL_RATE_ONE, {0.1}, 1, false, false}, /* touches 0 and does not pass it */
        {{-4000, 25000, -25000}, 3, INTERNAL_RATE_SEVERAL, {0.25, 4}, 2, false, true}, /* Lorie and Savage's kind */
        {{-100, -5, -1}, 3, INTERNAL_RATE_LOSES, {0}, 0, false, true},
        {{0, 5, 1}, 3, INTERNAL_RATE_GAINS, {0}, 0, false, true},
        {{0, 0, 0}, 3, INTERNAL_RATE_EMPTY, {0}, 0, false, true},
        {{0}, 0, INTERNAL_RATE_EMPTY, {0}, 0, false, true},
        {{-1, 11}, 2, INTERNAL_RATE_ONE, {10}, 1, false, true},
        {{-1, 12}, 2, INTERNAL_RATE_GAINS, {0}, 0, false, true}, /* 1,100 % is beyond the range */
        {{-100, 50, 50}, 3, INTERNAL_RATE_ONE, {0}, 1, false, true},
    };
    for (int32_t i = 0; i < COUNT_OF(cases); i++) {
        const struct internal_rate found = internal_rate_of_return(cases[i].amounts, cases[i].count);
        ck_assert_msg(found.kind == cases[i].kind, "case %d: kind %d", (int)i, (int)found.kind);
        ck_assert_msg(found.count == cases[i].rate_count, "case %d: %d rates", (int)i, (int)found.count);
        ck_assert_msg(found.loan == cases[i].loan && found.proved == cases[i].proved, "case %d", (int)i);
        for (int32_t k = 0; k < found.count; k++)
            ck_assert_msg(fabs(found.rates[k] - cases[i].rates[k]) < (found.proved ? 1e-10 : 1e-6), "case %d: %.17g",
                          (int)i, found.rates[k]);
    }
}
END_TEST

/* Amounts made from their roots: −(x − x1)(x − x2)(x − x3) with x = 1/(1+r), times (1 + x + … + x^n) without roots
 * there. */
START_TEST(rates_are_found_again) {
    uint32_t random = 12345;
    for (int32_t trial = 0; trial < 300; trial++) {
        double rates[3], amounts[40] = {-1};
        int32_t length = 1;
        const int32_t wanted = 1 + trial % 3;
        for (int32_t k = 0; k < wanted; k++) {
            random = random * 1664525u + 1013904223u;
            rates[k] = -0.3 + 0.4 * k + 0.35 * (random >> 8) / 16777216.0;
            for (int32_t i = length++; i >= 0; i--) /* times (1 − (1 + r) x) */
                amounts[i] = (i < length - 1 ? amounts[i] : 0) - (i > 0 ? (1 + rates[k]) * amounts[i - 1] : 0);
        }
        const int32_t more = trial % 30;
        double product[40] = {0};
        for (int32_t i = 0; i < length; i++)
            for (int32_t k = 0; k <= more; k++) product[i + k] += amounts[i];
        const struct internal_rate found = internal_rate_of_return(product, length + more);
        ck_assert_msg(found.count == wanted, "trial %d: %d rates of %d", (int)trial, (int)found.count, (int)wanted);
        for (int32_t k = 0; k < wanted; k++) ck_assert_double_eq_tol(found.rates[k], rates[k], 1e-8);
    }
}
END_TEST

/* Over 600 years neither end of the range overflows, and the value at the rate found is 0. */
START_TEST(rates_over_centuries) {
    struct cash_flow_plan plan = small;
    double net[CASH_FLOW_MOST_YEARS];
    plan.construction_years = plan.delay_years = 100;
    plan.life_years = 400;
    plan.renewal_share = 0.9;
    plan.renewal_every_years = 7;
    plan.growth = 0.01;
    cash_flow_make(&plan, &flow);
    cash_flow_net(&flow, net);
    const struct internal_rate found = internal_rate_of_return(net, flow.year_count);
    ck_assert_int_eq(found.kind, INTERNAL_RATE_ONE);
    ck_assert_double_eq_tol(present_value(net, flow.year_count, found.rates[0], 1), 0, 1e-6);
}
END_TEST

START_TEST(the_rate_of_an_annuity) {
    for (int32_t percent = 1; percent <= 30; percent++) {
        double amounts[31] = {-annuity(percent / 100.0, 30)};
        for (int32_t i = 1; i <= 30; i++) amounts[i] = 1;
        const struct internal_rate found = internal_rate_of_return(amounts, 31);
        ck_assert_int_eq(found.kind, INTERNAL_RATE_ONE);
        ck_assert(found.proved);
        ck_assert_double_eq_tol(found.rates[0], percent / 100.0, 1e-11);
    }
}
END_TEST

/* ---- payback ---- */

START_TEST(payback) {
    static const struct {
        double amounts[6];
        int32_t count;
        double rate, point, years;
    } cases[] = {
        {{-100, 50, 50, 50}, 4, 0, 1, 3},
        {{-100, 40, 40, 40}, 4, 0, 1, 3.5},
        {{-100, 40, 40}, 3, 0, 1, INFINITY},
        {{-100, 150, -80, 20, 20}, 5, 0, 1, 4.5}, /* back, gone again, back to stay */
        {{-100, 150, -80}, 3, 0, 1, INFINITY},
        {{10, 10}, 2, 0, 1, 0},
        {{-100, 110, 121}, 3, 0.1, 0, 2},
        {{-100, 110, 121}, 3, 0.1, 0.5, 2}, /* all amounts shrink alike */
        {{-100, 55, 121}, 3, 0.1, 0, 2.5},
        {{-100, 110, 121}, 3, 1, 0, INFINITY},
    };
    for (int32_t i = 0; i < COUNT_OF(cases); i++) {
        const double years = payback_years(cases[i].amounts, cases[i].count, cases[i].rate, cases[i].point);
        ck_assert_msg(years == cases[i].years || fabs(years - cases[i].years) < 1e-12, "case %d: %g", (int)i, years);
    }
}
END_TEST

/* ---- prices and charges ---- */

START_TEST(the_break_even_tariff_breaks_even) {
    static const double rates[] = {0, 0.04, 0.08, 0.2};
    struct cash_flow_plan plan = small;
    plan.construction_years = 3.5;
    plan.growth = 0.02;
    plan.ramp_up_years = 2;
    plan.renewal_share = 0.05;
    plan.renewal_every_years = 3;
    plan.fixed_cost_usd_per_year = 11;
    plan.other_revenue_usd_per_year = 6;
    plan.capacity_teu_per_year = 11;
    for (int32_t i = 0; i < COUNT_OF(rates); i++) {
        struct cash_flow_plan at_it = plan;
        cash_flow_make(&plan, &flow);
        const struct cash_values values = cash_flow_values(&flow, rates[i]);
        at_it.revenue_usd_per_teu = break_even_tariff(&values);
        ck_assert_double_eq_tol(net_present_value(&at_it, rates[i]), 0, 1e-9);
    }
    ck_assert(isnan(break_even_tariff(&(struct cash_values){.net_usd = -5})));
}
END_TEST

START_TEST(capital_recovery) {
    ck_assert_double_eq_tol(capital_recovery_factor(0.08, 30), 0.0888, 5e-5);
    ck_assert_double_eq_tol(capital_recovery_factor(0.08, 30), 1 / annuity(0.08, 30), 1e-15);
    ck_assert_double_eq(capital_recovery_factor(0, 25), 0.04);
    ck_assert_double_eq_tol(capital_recovery_factor(1e-9, 25), 0.04, 1e-9);
    ck_assert_double_eq_tol(capital_recovery_factor(0.1, 1), 1.1, 1e-15);
    ck_assert(isnan(capital_recovery_factor(0.08, 0)));
}
END_TEST

/* 18 pairs a day of 142 TEU, full both ways, 8 % over 30 years: docs/facts.md, section 4. */
START_TEST(the_facts_capital_charge) {
    static const struct {
        double capital_usd, usd_per_teu, million_per_year;
    } cases[] = {{8e9, 381, 711}, {65e9, 3094, 5774}};
    for (int32_t i = 0; i < COUNT_OF(cases); i++)
        for (int32_t years = 0; years <= 10; years += 5) { /* without interest, construction makes no difference */
            const struct cash_flow_plan plan = {
                .capital_usd = cases[i].capital_usd,
                .capital_overrun = 1,
                .construction_years = years,
                .life_years = 30,
                .demand_teu_per_year = 18 * 142 * 2 * 365.0,
                .demand_year = years,
                .capacity_teu_per_year = 1e12,
            };
            cash_flow_make(&plan, &flow);
            const struct capital_charge charge = capital_charge_of(&flow, 0.08, false);
            ck_assert_double_eq_tol(charge.teu_per_year, 1865880, 1e-3);
            ck_assert_double_eq(round(charge.usd_per_year / 1e6), cases[i].million_per_year);
            ck_assert_double_eq(round(charge.usd_per_teu), cases[i].usd_per_teu);
            ck_assert_double_eq(charge.interest_usd, 0);
        }
}
END_TEST

/* Spent evenly over n years, each year's part at its end, middle or start, it is an annuity's final value. */
START_TEST(interest_during_construction) {
    static const double points[] = {1, 0.5, 0};
    for (int32_t i = 0; i < COUNT_OF(points); i++) {
        struct cash_flow_plan plan = small;
        plan.construction_years = 8;
        plan.payment_point = points[i];
        cash_flow_make(&plan, &flow);
        const double final = 125 * (pow(1.08, 8) - 1) / 0.08 * pow(1.08, 1 - points[i]);
        ck_assert_double_eq_tol(capital_at_opening(&flow, 0.08), final, 1e-9);
        const struct capital_charge charge = capital_charge_of(&flow, 0.08, true);
        ck_assert_double_eq_tol(charge.interest_usd, final - 1000, 1e-9);
        ck_assert_double_eq_tol(charge.usd_per_year, final * capital_recovery_factor(0.08, 10), 1e-9);
        plan.delay_years = 2; /* two more years of interest */
        cash_flow_make(&plan, &flow);
        ck_assert_double_eq_tol(capital_at_opening(&flow, 0.08), final * 1.08 * 1.08, 1e-9);
    }
}
END_TEST

/* A tariff of the charge per TEU, paid at the ends of years, pays for the capital exactly: also with growing traffic.
 */
START_TEST(the_charge_pays_for_the_capital) {
    struct cash_flow_plan plan = small;
    plan.payment_point = 1;
    plan.construction_years = 4;
    plan.growth = 0.04;
    plan.ramp_up_years = 3;
    plan.cost_usd_per_teu = 0;
    cash_flow_make(&plan, &flow);
    const struct capital_charge charge = capital_charge_of(&flow, 0.08, true);
    plan.revenue_usd_per_teu = charge.usd_per_teu;
    ck_assert_double_eq_tol(net_present_value(&plan, 0.08), 0, 1e-9);
    plan.demand_teu_per_year = 0;
    cash_flow_make(&plan, &flow);
    ck_assert(isnan(capital_charge_of(&flow, 0.08, true).usd_per_teu));
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_plan_in_whole_years,
                                  parts_of_years_add_up,
                                  a_part_of_the_year_is_open,
                                  durations_have_an_end,
                                  ramp_growth_and_capacity,
                                  an_annuity,
                                  a_growing_annuity,
                                  nearly_a_perpetuity,
                                  values_by_kind,
                                  internal_rates,
                                  rates_are_found_again,
                                  rates_over_centuries,
                                  the_rate_of_an_annuity,
                                  payback,
                                  the_break_even_tariff_breaks_even,
                                  capital_recovery,
                                  the_facts_capital_charge,
                                  interest_during_construction,
                                  the_charge_pays_for_the_capital};
    return run_suite("cash_flow", tests, sizeof tests / sizeof tests[0]);
}
