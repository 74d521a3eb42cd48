/* One value for each input: what follows. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stddef.h>

#include "study/appraisal.h"

const char *appraisal_input_name(int32_t input) {
    return input == APPRAISAL_CAPACITY ? "capacity_trains_per_day" : economics_key((enum economic_law)input);
}

double appraisal_value(const struct appraisal_input *input, int32_t number, double probability) {
    const struct appraisal_traffic *traffic = &input->traffic;
    if (number != APPRAISAL_CAPACITY) return law_sample(&input->economics->laws[number], probability);
    const double deviation = traffic->capacity_standard_error * gsl_cdf_ugaussian_Pinv(probability);
    return fmax(0, traffic->capacity_trains_per_day + deviation);
}

bool appraisal_is_uncertain(const struct appraisal_input *input, int32_t number) {
    if (number == APPRAISAL_CAPACITY) return input->traffic.capacity_standard_error > 0;
    return !law_is_constant(&input->economics->laws[number]);
}

void appraisal_means(const struct appraisal_input *input, double values[APPRAISAL_INPUT_COUNT]) {
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++) values[law] = law_mean(&input->economics->laws[law]);
    values[APPRAISAL_CAPACITY] = input->traffic.capacity_trains_per_day;
}

static double payment_point(enum discounting discounting) {
    static const double points[] = {
        [DISCOUNTING_END_OF_YEAR] = 1, [DISCOUNTING_MID_YEAR] = 0.5, [DISCOUNTING_START_OF_YEAR] = 0};
    return points[discounting];
}

/* Who earns and pays what. */
static void fill_money(const struct appraisal_input *input, const double *values, struct cash_flow_plan *plan) {
    const struct appraisal_traffic *traffic = &input->traffic;
    const enum viewpoint viewpoint = input->economics->viewpoint;
    const bool serves = viewpoint != VIEWPOINT_MANAGER, builds = viewpoint != VIEWPOINT_OPERATOR;
    const double access = values[ECONOMIC_TRACK_ACCESS], exchange = values[ECONOMIC_EXCHANGE_RATE];
    if (serves) {
        plan->revenue_usd_per_teu = traffic->tariff_usd_per_teu * values[ECONOMIC_TARIFF_FACTOR] * exchange;
        plan->cost_usd_per_teu =
            traffic->running_cost_usd_per_teu + traffic->energy_kwh_per_teu * values[ECONOMIC_ENERGY] +
            traffic->lifts_per_teu * values[ECONOMIC_LIFT] + traffic->yard_days_per_teu * values[ECONOMIC_YARD];
        plan->other_revenue_usd_per_year = traffic->other_revenue_usd_per_year * exchange;
        plan->other_cost_usd_per_year = traffic->other_cost_usd_per_year;
    }
    if (builds) {
        plan->capital_usd = values[ECONOMIC_CAPEX] + input->options_capex_usd;
        plan->fixed_cost_usd_per_year = values[ECONOMIC_OPEX_FIXED] + input->options_opex_usd_per_year;
    }
    if (viewpoint == VIEWPOINT_MANAGER) {
        plan->revenue_usd_per_teu = access * traffic->train_km_per_teu;
        plan->other_revenue_usd_per_year = access * traffic->other_train_km_per_year;
    } else if (viewpoint == VIEWPOINT_OPERATOR) {
        plan->cost_usd_per_teu += access * traffic->train_km_per_teu;
        plan->other_cost_usd_per_year += access * traffic->other_train_km_per_year;
    }
}

static struct cash_flow_plan plan_of(const struct appraisal_input *input, const double *values) {
    const struct economics *economics = input->economics;
    const struct appraisal_traffic *traffic = &input->traffic;
    struct cash_flow_plan plan = {
        .capital_overrun = values[ECONOMIC_CAPEX_OVERRUN],
        .capital_shares = economics->construction_share_count > 0 ? economics->construction_shares : NULL,
        .share_count = economics->construction_share_count,
        .construction_years = values[ECONOMIC_CONSTRUCTION],
        .delay_years = values[ECONOMIC_OPENING_DELAY],
        .life_years = values[ECONOMIC_LIFE],
        .demand_teu_per_year = traffic->demand_teu_per_day * values[ECONOMIC_DEMAND_FACTOR] * APPRAISAL_DAYS_PER_YEAR,
        .growth = values[ECONOMIC_GROWTH],
        .ramp_up_years = values[ECONOMIC_RAMP_UP],
        .capacity_teu_per_year = values[APPRAISAL_CAPACITY] * traffic->teu_per_train * APPRAISAL_DAYS_PER_YEAR,
        .renewal_share = values[ECONOMIC_RENEWALS_SHARE],
        .renewal_every_years = values[ECONOMIC_RENEWALS_EVERY],
        .residual_share = values[ECONOMIC_RESIDUAL_SHARE],
        .payment_point = payment_point(economics->discounting),
    };
    plan.demand_year =
        traffic->demand_calendar_year ? traffic->demand_calendar_year - economics->first_year : plan.construction_years;
    fill_money(input, values, &plan);
    return plan;
}

double appraisal_npv(const struct appraisal_input *input, const double values[APPRAISAL_INPUT_COUNT],
                     struct cash_flow *flow) {
    double net[CASH_FLOW_MOST_YEARS];
    const struct cash_flow_plan plan = plan_of(input, values);
    cash_flow_make(&plan, flow);
    cash_flow_net(flow, net);
    return present_value(net, flow->year_count, values[ECONOMIC_DISCOUNT_RATE], flow->payment_point);
}

/* Of the last full year of operation, or of the last part of one where none is full. */
static double mature_teu_per_year(const struct cash_flow *flow) {
    static const double nearly = 1 - 1e-6;
    double partly = 0;
    for (int32_t i = flow->year_count - 1; i >= 0; i--) {
        const struct cash_year *year = &flow->years[i];
        if (year->operating >= nearly) return year->teu / year->operating;
        if (partly == 0 && year->operating > 0) partly = year->teu / year->operating;
    }
    return partly;
}

static bool is_given(const struct appraisal_input *input, enum economic_law law) {
    return !law_is_constant(&input->economics->laws[law]) || law_mean(&input->economics->laws[law]) > 0;
}

static void compare_tariffs(const struct appraisal_input *input, struct appraisal_case *result) {
    const double *values = result->values;
    const double saved = values[ECONOMIC_VALUE_OF_TIME] * values[ECONOMIC_DAYS_SAVED];
    const double rail_km = input->traffic.rail_km;
    result->break_even_usd_per_teu = break_even_tariff(&result->present);
    result->ceiling_usd_per_teu = is_given(input, ECONOMIC_SEA_TARIFF) ? values[ECONOMIC_SEA_TARIFF] + saved : NAN;
    result->rail_usd_per_teu =
        rail_km > 0 && is_given(input, ECONOMIC_RAIL_TARIFF) ? values[ECONOMIC_RAIL_TARIFF] * rail_km : NAN;
}

void appraisal_case_make(const struct appraisal_input *input, const double values[APPRAISAL_INPUT_COUNT],
                         struct appraisal_case *result, struct cash_flow *flow) {
    double net[CASH_FLOW_MOST_YEARS];
    const double rate = values[ECONOMIC_DISCOUNT_RATE], per_train = input->traffic.teu_per_train;
    const struct cash_flow_plan plan = plan_of(input, values);
    *result = (struct appraisal_case){.revenue_usd_per_teu = plan.revenue_usd_per_teu};
    for (int32_t i = 0; i < APPRAISAL_INPUT_COUNT; i++) result->values[i] = values[i];
    cash_flow_make(&plan, flow);
    cash_flow_net(flow, net);
    result->npv_usd = present_value(net, flow->year_count, rate, flow->payment_point);
    result->irr = internal_rate_of_return(net, flow->year_count);
    result->payback_years = payback_years(net, flow->year_count, 0, flow->payment_point);
    result->discounted_payback_years = payback_years(net, flow->year_count, rate, flow->payment_point);
    result->present = cash_flow_values(flow, rate);
    result->profitability_index = profitability_index(&result->present);
    result->charge = capital_charge_of(flow, rate, input->economics->interest_during_construction);
    result->teu_per_year = mature_teu_per_year(flow);
    result->trains_per_day = per_train > 0 ? result->teu_per_year / per_train / APPRAISAL_DAYS_PER_YEAR : 0;
    compare_tariffs(input, result);
}
