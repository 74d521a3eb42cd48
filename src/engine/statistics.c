#include "engine/statistics.h"
#include "engine/gsl_errors.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

void running_statistics_add(struct running_statistics *statistics, double value) {
    if (statistics->count == 0) {
        *statistics = (struct running_statistics){.count = 1, .mean = value, .minimum = value, .maximum = value};
        return;
    }
    statistics->count++;
    double deviation = value - statistics->mean;
    statistics->mean += deviation / (double)statistics->count;
    statistics->squares += deviation * (value - statistics->mean);
    if (value < statistics->minimum) statistics->minimum = value;
    if (value > statistics->maximum) statistics->maximum = value;
}

void running_statistics_merge(struct running_statistics *target, const struct running_statistics *source) {
    if (source->count == 0) return;
    if (target->count == 0) {
        *target = *source;
        return;
    }
    double target_count = (double)target->count;
    double source_count = (double)source->count;
    double count = target_count + source_count;
    double difference = source->mean - target->mean;
    target->squares += source->squares + difference * difference * (target_count * (source_count / count));
    target->mean += difference * (source_count / count);
    target->count += source->count;
    if (source->minimum < target->minimum) target->minimum = source->minimum;
    if (source->maximum > target->maximum) target->maximum = source->maximum;
}

double running_statistics_variance(const struct running_statistics *statistics) {
    if (statistics->count < 2) return NAN;
    return statistics->squares / (double)(statistics->count - 1);
}

double running_statistics_deviation(const struct running_statistics *statistics) {
    return sqrt(running_statistics_variance(statistics));
}

/* The Student-t quantile that leaves (1 - confidence) / 2 above it; NAN when there is none. */
static double student_quantile(double confidence, int64_t degrees_of_freedom) {
    if (!(confidence > 0 && confidence < 1)) return NAN;
    gsl_errors_as_values();
    return gsl_cdf_tdist_Qinv((1 - confidence) / 2, (double)degrees_of_freedom);
}

struct estimate running_statistics_estimate(const struct running_statistics *statistics, double confidence) {
    struct estimate estimate = {.mean = statistics->count ? statistics->mean : NAN,
                                .half_width = NAN,
                                .confidence = confidence,
                                .count = statistics->count};
    if (statistics->count < 2) return estimate;
    double standard_error = running_statistics_deviation(statistics) / sqrt((double)statistics->count);
    estimate.half_width = student_quantile(confidence, statistics->count - 1) * standard_error;
    return estimate;
}

static double mean_of(const double *values, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += values[i];
    return sum / (double)count;
}

/* The lag-1 correlation of the means of equal batches, given their mean and sum of squares; 0 when they do not vary. */
static double batch_lag_correlation(const double *values, size_t batch_size, size_t batch_count,
                                    const struct running_statistics *batches) {
    if (!(batches->squares > 0)) return 0;
    double products = 0;
    double previous = mean_of(values, batch_size) - batches->mean;
    for (size_t i = 1; i < batch_count; i++) {
        double current = mean_of(values + i * batch_size, batch_size) - batches->mean;
        products += previous * current;
        previous = current;
    }
    return products / batches->squares;
}

struct estimate batch_means_estimate(const double *values, size_t count, size_t batch_count, double confidence,
                                     double *lag_correlation) {
    assert(batch_count >= 2);
    if (lag_correlation) *lag_correlation = NAN;
    struct running_statistics batches = {0};
    size_t batch_size = count / batch_count;
    if (batch_size == 0) return running_statistics_estimate(&batches, confidence);

    const double *first = values + count % batch_count;
    for (size_t i = 0; i < batch_count; i++)
        running_statistics_add(&batches, mean_of(first + i * batch_size, batch_size));
    if (lag_correlation) *lag_correlation = batch_lag_correlation(first, batch_size, batch_count, &batches);
    return running_statistics_estimate(&batches, confidence);
}

double quantile_of(double *values, size_t count, double fraction) {
    if (count == 0 || !(fraction >= 0 && fraction <= 1)) return NAN;
    gsl_sort(values, 1, count);
    return gsl_stats_quantile_from_sorted_data(values, 1, count, fraction);
}

double quantile_by_selection(double *values, size_t count, double fraction) {
    if (count == 0 || !(fraction >= 0 && fraction <= 1)) return NAN;
    const double rank = fraction * (double)(count - 1);
    const size_t below = (size_t)rank;
    const double part = rank - (double)below;
    const double low = gsl_stats_select(values, 1, count, below);
    if (below + 1 == count) return low;
    double high = INFINITY; /* selection has put all that is greater behind */
    for (size_t i = below + 1; i < count; i++) high = fmin(high, values[i]);
    return (1 - part) * low + part * high;
}

size_t mser5_truncation(const double *values, size_t count) {
    enum { BATCH_SIZE = 5 };
    size_t batch_count = count / BATCH_SIZE;
    struct running_statistics rest = {0};
    size_t best = 0;
    double least = INFINITY;
    /* From the end, so that each cut adds one batch to what remains; of equal cuts the shortest is kept. */
    for (size_t cut = batch_count; cut-- > 0;) {
        running_statistics_add(&rest, mean_of(values + cut * BATCH_SIZE, BATCH_SIZE));
        if (cut > batch_count / 2) continue;
        double square_error = rest.squares / ((double)rest.count * (double)rest.count);
        if (square_error > least) continue;
        least = square_error;
        best = cut;
    }
    return best * BATCH_SIZE;
}
