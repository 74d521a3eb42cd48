/* Appraisals whose answers have closed forms: values that are linear in what is uncertain, viewpoints that add up,
 * rates that do not exist; and sampling that depends on its seed as it should and covers what it promises. */
#include "../engine/suite.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/appraisal.h"

#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

static struct law law(const char *text) {
    struct law law;
    char message[200];
    ck_assert_msg(law_parse(text, &law, message, sizeof message), "%s", message);
    return law;
}

static struct economics economics; /* of the test that runs */

static void set(enum economic_law key, const char *text) {
    law_free(&economics.laws[key]);
    economics.laws[key] = law(text);
}

/* A million paid now, and 100 TEU a day at $10 for one year, paid at its end; at 10 % that is worth 365,000/1.1. */
static struct appraisal_input small(void) {
    economics_free(&economics);
    economics.discounting = DISCOUNTING_START_OF_YEAR;
    economics.first_year = 2030;
    set(ECONOMIC_CAPEX, "1e6");
    set(ECONOMIC_CAPEX_OVERRUN, "1");
    set(ECONOMIC_TARIFF_FACTOR, "1");
    set(ECONOMIC_DEMAND_FACTOR, "1");
    set(ECONOMIC_EXCHANGE_RATE, "1");
    set(ECONOMIC_CONSTRUCTION, "1");
    set(ECONOMIC_DISCOUNT_RATE, "0.1");
    set(ECONOMIC_LIFE, "1");
    return (struct appraisal_input){
        .economics = &economics,
        .traffic = {.capacity_trains_per_day = 40,
                    .teu_per_train = 10,
                    .demand_teu_per_day = 100,
                    .tariff_usd_per_teu = 10},
        .seed = 1,
    };
}

/* A line with something of everything. */
static struct appraisal_input whole(void) {
    struct appraisal_input input = small();
    economics.discounting = DISCOUNTING_MID_YEAR;
    set(ECONOMIC_CAPEX, "8e9");
    set(ECONOMIC_CAPEX_OVERRUN, "lognormal(0.2,0.3)");
    set(ECONOMIC_OPENING_DELAY, "exponential(1.5)");
    set(ECONOMIC_TARIFF_FACTOR, "triangular(0.7,1,1.2)");
    set(ECONOMIC_DEMAND_FACTOR, "uniform(0.6,1.4)");
    set(ECONOMIC_EXCHANGE_RATE, "lognormal(0,0.1)");
    set(ECONOMIC_OPEX_FIXED, "uniform(1e8,2e8)");
    set(ECONOMIC_GROWTH, "uniform(-0.01,0.04)");
    set(ECONOMIC_RAMP_UP, "uniform(0,5)");
    set(ECONOMIC_CONSTRUCTION, "triangular(6,8,15)");
    set(ECONOMIC_LIFE, "empirical(30;40;50)");
    set(ECONOMIC_TRACK_ACCESS, "uniform(100,300)");
    set(ECONOMIC_ENERGY, "0.1");
    set(ECONOMIC_LIFT, "60");
    set(ECONOMIC_YARD, "5");
    set(ECONOMIC_RENEWALS_SHARE, "0.05");
    set(ECONOMIC_RENEWALS_EVERY, "10");
    set(ECONOMIC_RESIDUAL_SHARE, "0.1");
    set(ECONOMIC_SEA_TARIFF, "uniform(800,1500)");
    set(ECONOMIC_VALUE_OF_TIME, "20");
    set(ECONOMIC_DAYS_SAVED, "5");
    input.options_capex_usd = 5e8;
    input.options_opex_usd_per_year = 1e7;
    input.traffic = (struct appraisal_traffic){
        .capacity_trains_per_day = 36,
        .capacity_standard_error = 0.5,
        .teu_per_train = 142,
        .demand_teu_per_day = 4500,
        .demand_calendar_year = 2038,
        .tariff_usd_per_teu = 900,
        .running_cost_usd_per_teu = 40,
        .energy_kwh_per_teu = 90,
        .lifts_per_teu = 1.2,
        .yard_days_per_teu = 2,
        .train_km_per_teu = 0.8,
        .other_revenue_usd_per_year = 3e7,
        .other_cost_usd_per_year = 1e7,
        .other_train_km_per_year = 80000,
    };
    return input;
}

static struct appraisal *make(const struct appraisal_input *input) {
    struct appraisal *appraisal = appraisal_make(input);
    ck_assert_ptr_nonnull(appraisal);
    return appraisal;
}

/* ---- the single case ---- */

START_TEST(the_single_case) {
    const struct appraisal_input input = small();
    struct appraisal *appraisal = make(&input);
    const struct appraisal_case *single = &appraisal->single;
    ck_assert_double_eq_tol(single->npv_usd, 365000 / 1.1 - 1e6, 1e-6);
    ck_assert_int_eq(single->irr.kind, INTERNAL_RATE_ONE);
    ck_assert_double_eq_tol(single->irr.rates[0], 0.365 - 1, 1e-12);
    ck_assert(isinf(single->payback_years));
    ck_assert_double_eq_tol(single->break_even_usd_per_teu, 1.1e6 / 36500, 1e-9);
    ck_assert_double_eq(single->revenue_usd_per_teu, 10);
    ck_assert(isnan(single->ceiling_usd_per_teu) && isnan(single->rail_usd_per_teu));
    ck_assert_double_eq_tol(single->profitability_index, 0.365 / 1.1, 1e-12);
    ck_assert_double_eq_tol(single->teu_per_year, 36500, 1e-9);
    ck_assert_double_eq_tol(single->trains_per_day, 10, 1e-12);
    ck_assert_double_eq_tol(single->charge.usd_per_teu, 1.1e6 / 36500, 1e-9);
    ck_assert_int_eq(appraisal->flow.year_count, 2);
    appraisal_free(appraisal);
}
END_TEST

START_TEST(prices_and_options_count) {
    struct appraisal_input input = small();
    set(ECONOMIC_ENERGY, "0.5");
    set(ECONOMIC_LIFT, "0.25");
    set(ECONOMIC_YARD, "0.125");
    set(ECONOMIC_OPEX_FIXED, "1000");
    set(ECONOMIC_TARIFF_FACTOR, "2");
    set(ECONOMIC_EXCHANGE_RATE, "1.5");
    set(ECONOMIC_TRACK_ACCESS, "77"); /* a transfer */
    set(ECONOMIC_SEA_TARIFF, "1000");
    set(ECONOMIC_VALUE_OF_TIME, "30");
    set(ECONOMIC_DAYS_SAVED, "-2");
    set(ECONOMIC_RAIL_TARIFF, "0.5");
    input.options_capex_usd = 2e5;
    input.options_opex_usd_per_year = 500;
    input.traffic.running_cost_usd_per_teu = 1;
    input.traffic.energy_kwh_per_teu = 2;
    input.traffic.lifts_per_teu = 8;
    input.traffic.yard_days_per_teu = 16;
    input.traffic.train_km_per_teu = 3;
    input.traffic.other_revenue_usd_per_year = 4000;
    input.traffic.other_cost_usd_per_year = 3000;
    input.traffic.rail_km = 600;
    struct appraisal *appraisal = make(&input);
    const struct appraisal_case *single = &appraisal->single;
    const double in_a_year = 36500 * (30 - 1 - 1 - 2 - 2) + 6000 - 3000 - 1500;
    ck_assert_double_eq_tol(single->npv_usd, in_a_year / 1.1 - 1.2e6, 1e-6);
    ck_assert_double_eq(single->revenue_usd_per_teu, 30);
    ck_assert_double_eq(single->ceiling_usd_per_teu, 940);
    ck_assert_double_eq(single->rail_usd_per_teu, 300);
    appraisal_free(appraisal);
}
END_TEST

/* docs/facts.md, section 4: $8 bn and $65 bn, 18 full pairs a day, 8 %, 30 years. */
START_TEST(the_facts_capital_charge) {
    static const char *const capital[] = {"8e9", "65e9"};
    static const double usd_per_teu[] = {381, 3094};
    for (int32_t i = 0; i < COUNT_OF(capital); i++) {
        struct appraisal_input input = small();
        struct cash_flow flow;
        struct appraisal_case result;
        double means[APPRAISAL_INPUT_COUNT];
        economics.discounting = DISCOUNTING_END_OF_YEAR;
        set(ECONOMIC_CAPEX, capital[i]);
        set(ECONOMIC_CONSTRUCTION, "8");
        set(ECONOMIC_DISCOUNT_RATE, "0.08");
        set(ECONOMIC_LIFE, "30");
        input.traffic.capacity_trains_per_day = 36;
        input.traffic.teu_per_train = 142;
        input.traffic.demand_teu_per_day = 1e5;
        appraisal_means(&input, means);
        appraisal_case_make(&input, means, &result, &flow);
        ck_assert_double_eq(round(result.charge.usd_per_teu), usd_per_teu[i]);
        ck_assert_double_eq_tol(result.trains_per_day, 36, 1e-9);
        economics.interest_during_construction = true;
        appraisal_case_make(&input, means, &result, &flow);
        const double final = (pow(1.08, 8) - 1) / 0.08 / 8; /* of eight equal payments, per dollar */
        ck_assert_double_eq_tol(result.charge.usd_per_teu, usd_per_teu[i] * final, 1);
    }
}
END_TEST

START_TEST(demand_grows_from_its_calendar_year) {
    struct appraisal_input input = small();
    set(ECONOMIC_GROWTH, "0.1");
    set(ECONOMIC_CONSTRUCTION, "4"); /* 2030 to 2034 */
    static const struct {
        int32_t year;
        double factor;
    } cases[] = {{0, 1}, {2034, 1}, {2032, 1.21}, {2035, 1 / 1.1}};
    for (int32_t i = 0; i < COUNT_OF(cases); i++) {
        input.traffic.demand_calendar_year = cases[i].year;
        struct appraisal *appraisal = make(&input);
        ck_assert_double_eq_tol(appraisal->single.teu_per_year, 36500 * cases[i].factor, 1e-6);
        appraisal_free(appraisal);
    }
}
END_TEST

/* ---- viewpoints ---- */

/* Whatever the values: what the operator pays for access the manager earns, and the project is both. */
START_TEST(the_project_is_manager_and_operator) {
    const struct appraisal_input input = whole();
    struct cash_flow flow;
    double values[APPRAISAL_INPUT_COUNT], npv[3];
    for (int32_t trial = 0; trial < 100; trial++) {
        for (int32_t i = 0; i < APPRAISAL_INPUT_COUNT; i++)
            values[i] = appraisal_value(&input, i, (0.5 + (trial * 31 + i * 17) % 101) / 101);
        for (int32_t viewpoint = 0; viewpoint < 3; viewpoint++) {
            economics.viewpoint = (enum viewpoint)viewpoint;
            npv[viewpoint] = appraisal_npv(&input, values, &flow);
        }
        ck_assert(npv[VIEWPOINT_MANAGER] != 0 && npv[VIEWPOINT_OPERATOR] != 0);
        ck_assert_double_eq_tol(npv[VIEWPOINT_PROJECT], npv[VIEWPOINT_MANAGER] + npv[VIEWPOINT_OPERATOR], 1e-3);
    }
}
END_TEST

START_TEST(who_pays_what) {
    struct appraisal_input input = small();
    set(ECONOMIC_TRACK_ACCESS, "2");
    set(ECONOMIC_OPEX_FIXED, "100");
    input.traffic.train_km_per_teu = 3;
    input.traffic.running_cost_usd_per_teu = 1;
    input.traffic.other_train_km_per_year = 50;
    economics.viewpoint = VIEWPOINT_MANAGER;
    struct appraisal *appraisal = make(&input);
    ck_assert_double_eq_tol(appraisal->single.npv_usd, (6 * 36500 + 100 - 100) / 1.1 - 1e6, 1e-6);
    ck_assert_double_eq(appraisal->single.revenue_usd_per_teu, 6);
    appraisal_free(appraisal);
    economics.viewpoint = VIEWPOINT_OPERATOR;
    appraisal = make(&input);
    ck_assert_double_eq_tol(appraisal->single.npv_usd, ((10 - 1 - 6) * 36500 - 100) / 1.1, 1e-6);
    ck_assert_int_eq(appraisal->single.irr.kind, INTERNAL_RATE_GAINS);
    ck_assert_double_eq(appraisal->irr.p5, INFINITY);
    ck_assert_double_eq(appraisal->no_rate_share, 1);
    ck_assert(isnan(appraisal->single.profitability_index));
    appraisal_free(appraisal);
}
END_TEST

/* ---- sampling ---- */

static void expect_all(const struct appraisal_quantiles *quantiles, double value) {
    const double found[] = {quantiles->p5, quantiles->p25, quantiles->p50, quantiles->p75, quantiles->p95};
    for (int32_t i = 0; i < COUNT_OF(found); i++) ck_assert_double_eq(found[i], value);
}

START_TEST(nothing_uncertain) {
    struct appraisal_input input = whole();
    for (int32_t key = 0; key < ECONOMIC_LAW_COUNT; key++) {
        char text[100];
        snprintf(text, sizeof text, "%.17g", law_mean(&economics.laws[key]));
        set((enum economic_law)key, text);
    }
    input.traffic.capacity_standard_error = 0;
    input.traffic.tariff_usd_per_teu = 2000; /* one that pays */
    struct appraisal *appraisal = make(&input);
    const struct appraisal_case *single = &appraisal->single;
    ck_assert_int_eq(appraisal->uncertain_count, 0);
    ck_assert(single->npv_usd > 0 && isfinite(single->discounted_payback_years));
    ck_assert_double_eq(appraisal->npv_usd.mean, single->npv_usd);
    ck_assert_double_eq(appraisal->npv_usd.half_width, 0);
    ck_assert_double_eq(appraisal->probability_pays.mean, 1);
    expect_all(&appraisal->npv, single->npv_usd);
    expect_all(&appraisal->irr, single->irr.rates[0]);
    expect_all(&appraisal->payback, single->payback_years);
    expect_all(&appraisal->discounted_payback, single->discounted_payback_years);
    expect_all(&appraisal->break_even, single->break_even_usd_per_teu);
    expect_all(&appraisal->ceiling, single->ceiling_usd_per_teu);
    ck_assert_int_eq(appraisal->year_count, appraisal->flow.year_count);
    double sum = 0;
    for (int32_t i = 0; i < appraisal->year_count; i++) {
        sum += cash_year_net(&appraisal->flow.years[i]);
        ck_assert_int_eq(appraisal->years[i].calendar_year, 2030 + i);
        expect_all(&appraisal->years[i].sum_usd, sum);
        ck_assert_double_eq(appraisal->years[i].mean_sum_usd, sum);
    }
    ck_assert_double_eq_tol(appraisal->years[appraisal->year_count - 1].discounted_sum_usd.p50, single->npv_usd, 1);
    appraisal_free(appraisal);
}
END_TEST

/* Uniform capital: the value is as uniform, and turns where the capital is the income's present value. */
START_TEST(a_uniform_input) {
    struct appraisal_input input = small();
    set(ECONOMIC_CAPEX, "uniform(2e5,6e5)");
    struct appraisal *appraisal = make(&input);
    const double income = 365000 / 1.1;
    ck_assert_int_eq(appraisal->uncertain_count, 1);
    ck_assert_int_eq(appraisal->sample_count, 4096);
    ck_assert_double_eq_tol(appraisal->single.npv_usd, income - 4e5, 1e-6);
    ck_assert_double_eq_tol(appraisal->npv_usd.mean, income - 4e5, 200);
    ck_assert(fabs(appraisal->npv_usd.mean - (income - 4e5)) < 2 * appraisal->npv_usd.half_width);
    ck_assert(appraisal->npv_usd.half_width < 300);
    ck_assert_double_eq_tol(appraisal->npv.p5, income - 5.8e5, 500);
    ck_assert_double_eq_tol(appraisal->npv.p25, income - 5e5, 500);
    ck_assert_double_eq_tol(appraisal->npv.p50, income - 4e5, 500);
    ck_assert_double_eq_tol(appraisal->npv.p75, income - 3e5, 500);
    ck_assert_double_eq_tol(appraisal->npv.p95, income - 2.2e5, 500);
    ck_assert_double_eq_tol(appraisal->probability_pays.mean, (income - 2e5) / 4e5, 2e-3);
    ck_assert_double_eq_tol(appraisal->irr.p50, 365. / 400 - 1, 2e-3);
    ck_assert_double_eq_tol(appraisal->irr.p95, 365. / 220 - 1, 1e-2);
    ck_assert_double_eq_tol(appraisal->break_even.p50, 4.4e5 / 36500, 2e-2);
    const struct appraisal_bar *bar = &appraisal->bars[0];
    ck_assert_str_eq(appraisal_input_name(bar->input), "capex_usd");
    ck_assert_double_eq_tol(bar->low, 2.4e5, 1e-6);
    ck_assert_double_eq_tol(bar->high, 5.6e5, 1e-6);
    ck_assert_double_eq_tol(bar->npv_low_usd, income - 2.4e5, 1e-6);
    ck_assert_double_eq_tol(bar->npv_high_usd, income - 5.6e5, 1e-6);
    ck_assert_double_eq_tol(bar->switching_value, income, 1e-3);
    ck_assert(bar->switches_within);
    /* The money comes back within the second year, or not at all: in 41 % of the samples (365 of 200 … 600) it does. */
    ck_assert_double_eq_tol(appraisal->payback.p5, 1 + 220. / 365, 1e-2);
    ck_assert_double_eq(appraisal->payback.p50, INFINITY);
    ck_assert(isfinite(appraisal->payback.p5_half_width) && isnan(appraisal->payback.p50_half_width));
    appraisal_free(appraisal);
}
END_TEST

/* Two uniform ones of equal effect add up to a triangular one. */
START_TEST(two_uniform_inputs) {
    struct appraisal_input input = small();
    set(ECONOMIC_CAPEX, "uniform(2e5,3e5)");
    set(ECONOMIC_OPEX_FIXED, "uniform(0,110000)"); /* paid a year later */
    struct appraisal *appraisal = make(&input);
    const double most = 365000 / 1.1 - 2e5;
    ck_assert_double_eq_tol(appraisal->npv_usd.mean, most - 1e5, 100);
    ck_assert_double_eq_tol(appraisal->npv.p5, most - 1e5 * (2 - sqrt(0.1)), 500);
    ck_assert_double_eq_tol(appraisal->npv.p25, most - 1e5 * (2 - sqrt(0.5)), 500);
    ck_assert_double_eq_tol(appraisal->npv.p50, most - 1e5, 500);
    ck_assert_double_eq_tol(appraisal->npv.p95, most - 1e5 * sqrt(0.1), 500);
    ck_assert_double_eq_tol(appraisal->bars[0].width_usd, 8e4, 1e-6);
    ck_assert_double_eq_tol(appraisal->bars[1].width_usd, 8e4, 1e-6);
    appraisal_free(appraisal);
}
END_TEST

/* More demand than the line carries: the value is normal as the capacity's estimate. */
START_TEST(an_uncertain_capacity) {
    struct appraisal_input input = small();
    input.traffic.demand_teu_per_day = 1000;
    input.traffic.capacity_standard_error = 2;
    struct appraisal *appraisal = make(&input);
    const double per_train = 10 * 10 * 365 / 1.1, mean = 40 * per_train - 1e6;
    ck_assert_double_eq_tol(appraisal->npv_usd.mean, mean, 0.01 * per_train);
    ck_assert_double_eq_tol(appraisal->npv.p5, mean - 2 * gsl_cdf_ugaussian_Pinv(0.95) * per_train, 0.03 * per_train);
    ck_assert_double_eq_tol(appraisal->npv.p95, mean + 2 * gsl_cdf_ugaussian_Pinv(0.95) * per_train, 0.03 * per_train);
    ck_assert_int_eq(appraisal->bars[0].input, APPRAISAL_CAPACITY);
    ck_assert_str_eq(appraisal_input_name(APPRAISAL_CAPACITY), "capacity_trains_per_day");
    ck_assert_double_eq_tol(appraisal->bars[0].switching_value, 1e6 / per_train, 1e-6);
    ck_assert(!appraisal->bars[0].switches_within);
    appraisal_free(appraisal);
    input.traffic.capacity_trains_per_day = 0; /* and never below 0 */
    appraisal = make(&input);
    ck_assert_double_eq(appraisal->npv.p25, -1e6);
    ck_assert(appraisal->npv.p95 > -1e6);
    appraisal_free(appraisal);
}
END_TEST

START_TEST(rates_that_do_not_exist) {
    struct appraisal_input input = small();
    input.traffic.running_cost_usd_per_teu = 11;
    struct appraisal *appraisal = make(&input); /* every container costs more than it brings */
    expect_all(&appraisal->irr, -INFINITY);
    expect_all(&appraisal->payback, INFINITY);
    ck_assert_double_eq(appraisal->no_rate_share, 1);
    ck_assert_double_eq(appraisal->probability_pays.mean, 0);
    appraisal_free(appraisal);

    input = small(); /* −1,000,000, 2,500,000, −1,540,000 */
    set(ECONOMIC_LIFE, "2");
    set(ECONOMIC_GROWTH, "-0.5");
    set(ECONOMIC_OPEX_FIXED, "5580000");
    input.traffic.tariff_usd_per_teu = 8080000. / 36500;
    appraisal = make(&input);
    ck_assert_int_eq(appraisal->single.irr.kind, INTERNAL_RATE_SEVERAL);
    ck_assert_double_eq_tol(appraisal->single.irr.rates[0], 0.1, 1e-9);
    ck_assert_double_eq_tol(appraisal->single.irr.rates[1], 0.4, 1e-9);
    ck_assert_double_eq(appraisal->several_rates_share, 1);
    ck_assert(isnan(appraisal->irr.p50));
    appraisal_free(appraisal);

    input = small(); /* no traffic: no tariff is enough, no input turns it */
    input.traffic.demand_teu_per_day = 0;
    set(ECONOMIC_TARIFF_FACTOR, "uniform(0.5,1.5)");
    appraisal = make(&input);
    ck_assert(isnan(appraisal->single.break_even_usd_per_teu) && isnan(appraisal->single.charge.usd_per_teu));
    expect_all(&appraisal->break_even, INFINITY);
    ck_assert_double_eq(appraisal->bars[0].width_usd, 0);
    ck_assert(isnan(appraisal->bars[0].switching_value) && !appraisal->bars[0].switches_within);
    appraisal_free(appraisal);
}
END_TEST

/* The tariff needed is below the ceiling as often as the ceiling's law says. */
START_TEST(the_ceiling) {
    struct appraisal_input input = small();
    set(ECONOMIC_SEA_TARIFF, "uniform(20,40)");
    struct appraisal *appraisal = make(&input);
    const double needed = 1.1e6 / 36500;
    ck_assert_double_eq_tol(appraisal->probability_allowed.mean, (40 - needed) / 20, 3e-3);
    ck_assert_double_eq_tol(appraisal->ceiling.p5, 21, 0.05);
    appraisal_free(appraisal);
    set(ECONOMIC_SEA_TARIFF, "0");
    appraisal = make(&input);
    ck_assert(isnan(appraisal->probability_allowed.mean) && isnan(appraisal->ceiling.p50));
    appraisal_free(appraisal);
}
END_TEST

START_TEST(the_fan) {
    const struct appraisal_input input = whole();
    struct appraisal *appraisal = make(&input);
    const struct appraisal_year *last = &appraisal->years[appraisal->year_count - 1];
    ck_assert_int_gt(appraisal->year_count, appraisal->flow.year_count);
    ck_assert_double_eq_tol(last->discounted_sum_usd.p5, appraisal->npv.p5, 1);
    ck_assert_double_eq_tol(last->discounted_sum_usd.p95, appraisal->npv.p95, 1);
    ck_assert_double_eq_tol(last->mean_discounted_sum_usd, appraisal->npv_usd.mean, 1);
    for (int32_t i = 0; i < appraisal->year_count; i++) {
        const struct appraisal_quantiles *sum = &appraisal->years[i].sum_usd;
        ck_assert(sum->p5 <= sum->p25 && sum->p25 <= sum->p50 && sum->p50 <= sum->p75 && sum->p75 <= sum->p95);
    }
    for (int32_t i = 1; i < appraisal->uncertain_count; i++)
        ck_assert(appraisal->bars[i - 1].width_usd >= appraisal->bars[i].width_usd);
    appraisal_free(appraisal);
}
END_TEST

/* At every switching value of every bar the value is 0. */
START_TEST(switching_values_switch) {
    struct appraisal_input input = whole();
    struct cash_flow flow;
    int32_t found = 0;
    set(ECONOMIC_LIFE, "uniform(20,50)");
    set(ECONOMIC_RENEWALS_SHARE, "0"); /* no jumps */
    set(ECONOMIC_RESIDUAL_SHARE, "0");
    struct appraisal *appraisal = make(&input);
    for (int32_t i = 0; i < appraisal->uncertain_count; i++) {
        double values[APPRAISAL_INPUT_COUNT];
        const struct appraisal_bar *bar = &appraisal->bars[i];
        if (isnan(bar->switching_value)) continue;
        memcpy(values, appraisal->single.values, sizeof values);
        values[bar->input] = bar->switching_value;
        ck_assert_double_eq_tol(appraisal_npv(&input, values, &flow), 0, 100); /* of 8,000,000,000 */
        found++;
    }
    ck_assert_int_ge(found, 3);
    appraisal_free(appraisal);
}
END_TEST

START_TEST(a_seed_is_a_result) {
    struct appraisal_input input = whole();
    struct appraisal *one = make(&input), *again = make(&input);
    input.seed = 2;
    struct appraisal *other = make(&input);
    const size_t size = (size_t)one->sample_count * sizeof *one->samples;
    ck_assert_mem_eq(one->samples, again->samples, size);
    ck_assert_mem_eq(one->years, again->years, (size_t)one->year_count * sizeof *one->years);
    ck_assert_mem_eq(&one->npv, &again->npv, sizeof one->npv);
    ck_assert(one->npv_usd.mean != other->npv_usd.mean);
    ck_assert(fabs(one->npv_usd.mean - other->npv_usd.mean) < one->npv_usd.half_width + other->npv_usd.half_width);
    ck_assert(fabs(one->npv.p5 - other->npv.p5) < one->npv.p5_half_width + other->npv.p5_half_width);
    ck_assert_mem_eq(&one->single, &other->single, sizeof one->single);
    appraisal_free(one);
    appraisal_free(again);
    appraisal_free(other);
}
END_TEST

/* Over many seeds the 95 % interval of the mean covers it in 90 to 99 % of them, and quasi-random points beat as many
 * random ones by far. */
START_TEST(intervals_cover) {
    enum { TRIALS = 300 };
    struct appraisal_input input = small();
    int32_t covered = 0;
    double squares = 0;
    set(ECONOMIC_CAPEX, "triangular(2e5,3e5,9e5)");
    set(ECONOMIC_TARIFF_FACTOR, "lognormal(0,0.4)");
    set(ECONOMIC_DEMAND_FACTOR, "uniform(0.5,1.5)");
    input.shifts = 8;
    input.points_per_shift = 16;
    const double income = 365000 / 1.1 * exp(0.08), mean = income - 14e5 / 3;
    for (input.seed = 1; input.seed <= TRIALS; input.seed++) {
        struct appraisal *appraisal = make(&input);
        const double error = appraisal->npv_usd.mean - mean;
        covered += fabs(error) <= appraisal->npv_usd.half_width;
        squares += error * error;
        appraisal_free(appraisal);
    }
    ck_assert_msg(covered >= 0.9 * TRIALS && covered <= 0.99 * TRIALS, "%d of %d", (int)covered, TRIALS);
    /* Variances of the three: of the capital; of the product of two independent factors. */
    const double capital = (4e10 + 9e10 + 81e10 - 6e10 - 18e10 - 27e10) / 18;
    const double product = income * income * ((1 + 1. / 12) * exp(0.16) - 1);
    ck_assert_double_lt(sqrt(squares / TRIALS), 0.5 * sqrt((capital + product) / 128));
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_single_case,
                                  prices_and_options_count,
                                  the_facts_capital_charge,
                                  demand_grows_from_its_calendar_year,
                                  the_project_is_manager_and_operator,
                                  who_pays_what,
                                  nothing_uncertain,
                                  a_uniform_input,
                                  two_uniform_inputs,
                                  an_uncertain_capacity,
                                  rates_that_do_not_exist,
                                  the_ceiling,
                                  the_fan,
                                  switching_values_switch,
                                  a_seed_is_a_result,

                                  intervals_cover};
    const int status = run_suite("appraisal", tests, sizeof tests / sizeof tests[0]);
    economics_free(&economics);
    return status;
}
