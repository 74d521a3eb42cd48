/* The tornado: how far each uncertain input alone moves the net present value, and where it turns it. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/gsl_errors.h"
#include "study/appraisal_parts.h"

/* The net present value by one input. */
struct by_input {
    const struct appraisal_input *input;
    double values[APPRAISAL_INPUT_COUNT];
    int32_t number;
    struct cash_flow *flow;
};

static double npv_by_input(double value, void *context) {
    struct by_input *by = context;
    by->values[by->number] = value;
    return appraisal_npv(by->input, by->values, by->flow);
}

static double root_between(struct by_input *by, double low, double high) {
    enum { MOST_STEPS = 200 };
    gsl_function function = {npv_by_input, by};
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
        if (gsl_root_test_interval(from, to, 0, 1e-12) == GSL_SUCCESS) break;
    }
    gsl_root_fsolver_free(solver);
    return root;
}

/* Where the net present value changes sign, or jumps across 0, nearest to the mean. */
static double find_switch(struct by_input *by, double mean) {
    enum { STEPS = 128, EXTENSION = 4 };
    double least = 0, most = INFINITY, nearest = NAN;
    if (by->number != APPRAISAL_CAPACITY) economics_range((enum economic_law)by->number, &least, &most);
    const double p1 = appraisal_value(by->input, by->number, 0.01), p99 = appraisal_value(by->input, by->number, 0.99);
    const double low = fmax(least, p1 - EXTENSION * (p99 - p1)), high = fmin(most, p99 + EXTENSION * (p99 - p1));
    if (!(high > low)) return NAN;
    double before = low, npv_before = npv_by_input(low, by);
    for (int32_t step = 1; step <= STEPS; step++) {
        const double here = low + (high - low) * step / STEPS, npv = npv_by_input(here, by);
        if (npv_before == 0 || (npv_before < 0) != (npv < 0)) {
            const double root = npv_before == 0 ? before : root_between(by, before, here);
            if (isnan(nearest) || fabs(root - mean) < fabs(nearest - mean)) nearest = root;
        }
        before = here, npv_before = npv;
    }
    return nearest;
}

static int by_width(const void *left, const void *right) {
    const struct appraisal_bar *one = left, *other = right;
    if (one->width_usd != other->width_usd) return one->width_usd > other->width_usd ? -1 : 1;
    return (one->input > other->input) - (one->input < other->input);
}

void appraisal_make_bars(const struct appraisal_input *input, const double means[APPRAISAL_INPUT_COUNT],
                         struct appraisal_bar *bars, struct cash_flow *flow) {
    int32_t count = 0;
    gsl_errors_as_values();
    for (int32_t number = 0; number < APPRAISAL_INPUT_COUNT; number++) {
        struct by_input by = {.input = input, .number = number, .flow = flow};
        struct appraisal_bar *bar = &bars[count];
        if (!appraisal_is_uncertain(input, number)) continue;
        memcpy(by.values, means, sizeof by.values);
        *bar = (struct appraisal_bar){.input = number,
                                      .low = appraisal_value(input, number, 0.1),
                                      .high = appraisal_value(input, number, 0.9),
                                      .mean = means[number]};
        bar->npv_low_usd = npv_by_input(bar->low, &by);
        bar->npv_high_usd = npv_by_input(bar->high, &by);
        bar->width_usd = fabs(bar->npv_high_usd - bar->npv_low_usd);
        bar->switching_value = find_switch(&by, bar->mean);
        bar->switches_within = bar->switching_value >= bar->low && bar->switching_value <= bar->high;
        count++;
    }
    qsort(bars, (size_t)count, sizeof *bars, by_width);
}
