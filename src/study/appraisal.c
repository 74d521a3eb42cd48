#include "study/appraisal.h"

#include <assert.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/appraisal_parts.h"

enum { STANDARD_SHIFTS = 16, STANDARD_POINTS = 256 };

/* What making shares. */
struct making {
    struct appraisal_input input; /* its zeros filled in */
    struct appraisal *appraisal;
    double *values;        /* [sample × APPRAISAL_INPUT_COUNT] */
    double *ceilings;      /* [sample] */
    double *series;        /* [sample]: one figure of all of them */
    double *scratch;       /* [sample] */
    double *sums;          /* [year × sample], of the fan; and the same discounted */
    struct cash_flow flow; /* scratch */
};

/* ---- quantiles ---- */

static double sorted_quantile(const double *sorted, size_t count, double fraction) {
    if (count == 0) return NAN;
    const double place = (double)(count - 1) * fraction;
    const size_t lower = (size_t)place, upper = lower + 1 < count ? lower + 1 : lower;
    if (sorted[lower] == sorted[upper]) return sorted[lower];
    if (isfinite(sorted[lower]) && isfinite(sorted[upper]))
        return gsl_stats_quantile_from_sorted_data(sorted, 1, count, fraction);
    return sorted[place - (double)lower < 0.5 ? lower : upper]; /* nothing lies between a number and infinity */
}

/* Copies what is a number, sorted; how many. */
static size_t sort_into(double *scratch, const double *values, int64_t count) {
    size_t kept = 0;
    for (int64_t i = 0; i < count; i++)
        if (!isnan(values[i])) scratch[kept++] = values[i];
    gsl_sort(scratch, 1, kept);
    return kept;
}

static const double fractions[] = {0.05, 0.25, 0.5, 0.75, 0.95};
enum { P5, P25, P50, P75, P95, FRACTION_COUNT };

static struct appraisal_quantiles quantiles_of(struct making *making, const double *values) {
    double found[FRACTION_COUNT];
    const size_t kept = sort_into(making->scratch, values, making->appraisal->sample_count);
    for (int32_t i = 0; i < FRACTION_COUNT; i++) found[i] = sorted_quantile(making->scratch, kept, fractions[i]);
    return (struct appraisal_quantiles){
        .p5 = found[P5],
        .p25 = found[P25],
        .p50 = found[P50],
        .p75 = found[P75],
        .p95 = found[P95],
        .p5_half_width = NAN,
        .p50_half_width = NAN,
        .p95_half_width = NAN,
    };
}

/* Half-widths from what the shifts, each by itself, give. */
static void add_half_widths(struct making *making, const double *values, struct appraisal_quantiles *quantiles) {
    static const int32_t wanted[] = {P5, P50, P95};
    double *const targets[] = {&quantiles->p5_half_width, &quantiles->p50_half_width, &quantiles->p95_half_width};
    struct running_statistics spread[3] = {0};
    bool finite[3] = {true, true, true};
    const int32_t points = making->input.points_per_shift;
    for (int32_t shift = 0; shift < making->input.shifts; shift++) {
        const size_t kept = sort_into(making->scratch, values + (int64_t)shift * points, points);
        for (int32_t i = 0; i < 3; i++) {
            const double found = sorted_quantile(making->scratch, kept, fractions[wanted[i]]);
            finite[i] = finite[i] && isfinite(found);
            running_statistics_add(&spread[i], found);
        }
    }
    for (int32_t i = 0; i < 3; i++)
        *targets[i] = finite[i] ? running_statistics_estimate(&spread[i], making->input.confidence).half_width : NAN;
}

static struct appraisal_quantiles quantiles_with_widths(struct making *making, const double *values) {
    struct appraisal_quantiles quantiles = quantiles_of(making, values);
    add_half_widths(making, values, &quantiles);
    return quantiles;
}

/* The mean of the shifts' means. */
static struct estimate mean_of(const struct making *making, const double *values) {
    struct running_statistics means = {0};
    const int32_t points = making->input.points_per_shift;
    for (int32_t shift = 0; shift < making->input.shifts; shift++) {
        struct running_statistics within = {0};
        for (int32_t i = 0; i < points; i++) running_statistics_add(&within, values[(int64_t)shift * points + i]);
        running_statistics_add(&means, within.mean);
    }
    return running_statistics_estimate(&means, making->input.confidence);
}

/* ---- samples ---- */

static double rate_for_quantiles(const struct internal_rate *rate) {
    switch (rate->kind) {
    case INTERNAL_RATE_ONE:
        return rate->rates[0];
    case INTERNAL_RATE_SEVERAL:
        return NAN;
    case INTERNAL_RATE_GAINS:
        return INFINITY;
    case INTERNAL_RATE_LOSES:
    case INTERNAL_RATE_EMPTY:
        break;
    }
    return -INFINITY;
}

static void take_samples(struct making *making) {
    struct appraisal *appraisal = making->appraisal;
    int64_t several = 0, none = 0;
    for (int64_t i = 0; i < appraisal->sample_count; i++) {
        struct appraisal_case one;
        appraisal_case_make(&making->input, making->values + i * APPRAISAL_INPUT_COUNT, &one, &making->flow);
        appraisal->samples[i] = (struct appraisal_sample){
            .npv_usd = one.npv_usd,
            .irr = rate_for_quantiles(&one.irr),
            .payback_years = one.payback_years,
            .discounted_payback_years = one.discounted_payback_years,
            /* without traffic no tariff is enough */
            .break_even_usd_per_teu = isnan(one.break_even_usd_per_teu) ? INFINITY : one.break_even_usd_per_teu,
        };
        making->ceilings[i] = one.ceiling_usd_per_teu;
        several += one.irr.kind == INTERNAL_RATE_SEVERAL;
        none += one.irr.count == 0;
        if (making->flow.year_count > appraisal->year_count) appraisal->year_count = making->flow.year_count;
    }
    appraisal->several_rates_share = (double)several / (double)appraisal->sample_count;
    appraisal->no_rate_share = (double)none / (double)appraisal->sample_count;
}

/* A figure of each sample as a series. */
#define GATHER(making, figure)                                                                                         \
    for (int64_t i = 0; i < (making)->appraisal->sample_count; i++)                                                    \
    (making)->series[i] = (making)->appraisal->samples[i].figure

static void summarize(struct making *making) {
    struct appraisal *appraisal = making->appraisal;
    double *series = making->series;
    GATHER(making, npv_usd);
    appraisal->npv_usd = mean_of(making, series);
    appraisal->npv = quantiles_with_widths(making, series);
    GATHER(making, npv_usd > 0);
    appraisal->probability_pays = mean_of(making, series);
    GATHER(making, irr);
    appraisal->irr = quantiles_with_widths(making, series);
    GATHER(making, payback_years);
    appraisal->payback = quantiles_with_widths(making, series);
    GATHER(making, discounted_payback_years);
    appraisal->discounted_payback = quantiles_with_widths(making, series);
    GATHER(making, break_even_usd_per_teu);
    appraisal->break_even = quantiles_with_widths(making, series);
    appraisal->ceiling = quantiles_with_widths(making, making->ceilings);
    for (int64_t i = 0; i < appraisal->sample_count; i++)
        series[i] = isnan(making->ceilings[i]) ? NAN : series[i] <= making->ceilings[i];
    appraisal->probability_allowed = mean_of(making, series);
}

/* ---- the fan ---- */

/* Sums by year and sample, those of samples that are over as they ended. */
static void fill_sums(struct making *making, bool discounted) {
    const struct appraisal *appraisal = making->appraisal;
    for (int64_t i = 0; i < appraisal->sample_count; i++) {
        const double *values = making->values + i * APPRAISAL_INPUT_COUNT;
        const double rate = discounted ? values[ECONOMIC_DISCOUNT_RATE] : 0;
        double sum = 0;
        appraisal_npv(&making->input, values, &making->flow);
        for (int32_t year = 0; year < appraisal->year_count; year++) {
            if (year < making->flow.year_count)
                sum += cash_year_net(&making->flow.years[year]) * pow(1 + rate, -(year + making->flow.payment_point));
            making->sums[year * appraisal->sample_count + i] = sum;
        }
    }
}

static bool make_fan(struct making *making) {
    struct appraisal *appraisal = making->appraisal;
    const size_t years = (size_t)appraisal->year_count, samples = (size_t)appraisal->sample_count;
    appraisal->years = calloc(years, sizeof *appraisal->years);
    making->sums = malloc(years * samples * sizeof *making->sums);
    if (!appraisal->years || !making->sums) return false;
    for (int32_t discounted = 0; discounted < 2; discounted++) {
        fill_sums(making, discounted);
        for (int32_t i = 0; i < appraisal->year_count; i++) {
            struct appraisal_year *year = &appraisal->years[i];
            const double *sums = making->sums + i * appraisal->sample_count;
            const struct appraisal_quantiles quantiles = quantiles_of(making, sums);
            const double mean = mean_of(making, sums).mean;
            year->calendar_year = appraisal->first_year + i;
            *(discounted ? &year->discounted_sum_usd : &year->sum_usd) = quantiles;
            *(discounted ? &year->mean_discounted_sum_usd : &year->mean_sum_usd) = mean;
        }
    }
    return true;
}

/* ---- all of it ---- */

static void fill_standards(struct appraisal_input *input) {
    if (input->shifts == 0) input->shifts = STANDARD_SHIFTS;
    if (input->points_per_shift == 0) input->points_per_shift = STANDARD_POINTS;
    if (input->confidence == 0) input->confidence = 0.95;
    assert(input->shifts >= 2 && input->points_per_shift > 0);
    assert((input->points_per_shift & (input->points_per_shift - 1)) == 0);
    assert((int64_t)input->shifts * input->points_per_shift <= APPRAISAL_MOST_SAMPLES);
}

static bool make_arrays(struct making *making) {
    struct appraisal *appraisal = making->appraisal;
    const size_t samples = (size_t)appraisal->sample_count;
    appraisal->samples = calloc(samples, sizeof *appraisal->samples);
    appraisal->bars = calloc(APPRAISAL_INPUT_COUNT, sizeof *appraisal->bars);
    making->values = malloc(samples * APPRAISAL_INPUT_COUNT * sizeof *making->values);
    making->ceilings = malloc(samples * sizeof *making->ceilings);
    making->series = malloc(samples * sizeof *making->series);
    making->scratch = malloc(samples * sizeof *making->scratch);
    return appraisal->samples && appraisal->bars && making->values && making->ceilings && making->series &&
           making->scratch;
}

static bool make_all(struct making *making) {
    struct appraisal *appraisal = making->appraisal;
    const struct appraisal_input *input = &making->input;
    double means[APPRAISAL_INPUT_COUNT];
    appraisal->sample_count = (int64_t)input->shifts * input->points_per_shift;
    appraisal->viewpoint = input->economics->viewpoint;
    appraisal->first_year = input->economics->first_year;
    if (!make_arrays(making)) return false;
    for (int32_t i = 0; i < APPRAISAL_INPUT_COUNT; i++) appraisal->uncertain_count += appraisal_is_uncertain(input, i);
    appraisal_means(input, means);
    appraisal_case_make(input, means, &appraisal->single, &appraisal->flow);
    if (!appraisal_sample_values(input, making->values)) return false;
    take_samples(making);
    summarize(making);
    appraisal_make_bars(input, means, appraisal->bars, &making->flow);
    return make_fan(making);
}

struct appraisal *appraisal_make(const struct appraisal_input *input) {
    struct making *making = calloc(1, sizeof *making);
    struct appraisal *appraisal = calloc(1, sizeof *appraisal);
    bool made = making && appraisal;
    if (made) {
        making->input = *input;
        making->appraisal = appraisal;
        fill_standards(&making->input);
        made = make_all(making);
        double *const arrays[] = {making->values, making->ceilings, making->series, making->scratch, making->sums};
        for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) free(arrays[i]);
    }
    free(making);
    if (made) return appraisal;
    appraisal_free(appraisal);
    return NULL;
}

void appraisal_free(struct appraisal *appraisal) {
    if (!appraisal) return;
    free(appraisal->samples);
    free(appraisal->years);
    free(appraisal->bars);
    free(appraisal);
}
