/* Statistics of simulation output: running moments, Student-t intervals, batch means, quantiles.
 * Sources: Welford, Technometrics 4 (1962) 419; Chan, Golub, LeVeque (1983) for merging; Student-t quantiles, sorting
 * and sorted-data quantiles from GSL. Law, Simulation Modeling and Analysis, for batch means and the lag-1 check. */
#ifndef BERING_ENGINE_STATISTICS_H
#define BERING_ENGINE_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Count, mean, spread and extremes of a sample seen one value at a time. A zeroed one is empty. */
struct running_statistics {
    int64_t count;
    double mean;
    double squares; /* sum of squared deviations from the mean */
    double minimum; /* meaningless while count is 0 */
    double maximum;
};

void running_statistics_add(struct running_statistics *statistics, double value);
void running_statistics_merge(struct running_statistics *target, const struct running_statistics *source);
double running_statistics_variance(const struct running_statistics *statistics); /* of the sample, n − 1; NAN below 2 */
double running_statistics_deviation(const struct running_statistics *statistics);

/* A mean with the half-width of its confidence interval. */
struct estimate {
    double mean;
    double half_width; /* NAN with fewer than two observations */
    double confidence; /* as asked, e.g. 0.95 */
    int64_t count;     /* observations (replications, or batches) */
};

/* Half the width of the two-sided Student-t interval of the mean. */
struct estimate running_statistics_estimate(const struct running_statistics *statistics, double confidence);

/* Batch means of a stationary series: `batch_count` (≥ 2) equal batches, the remainder at the start left out.
 * *lag_correlation (may be NULL) is the lag-1 correlation of the batch means: well above 0 says the batches are too
 * short for the interval to be trusted. */
struct estimate batch_means_estimate(const double *values, size_t count, size_t batch_count, double confidence,
                                     double *lag_correlation);

/* The quantile of unsorted values by linear interpolation (GSL's definition); sorts `values` in place. NAN if empty. */
double quantile_of(double *values, size_t count, double fraction);

/* The same value in linear time, by selection (GSL's): for many values. Leaves them in another order. */
double quantile_by_selection(double *values, size_t count, double fraction);

/* MSER-5 (White, 1997): how many leading values to cut so that the standard error of the rest is least; values are
 * taken in fives; never more than half the series. */
size_t mser5_truncation(const double *values, size_t count);

#endif
