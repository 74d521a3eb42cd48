#include "engine/statistics.h"
#include "engine/stream.h"
#include "suite.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

static const struct stream test_stream = {.seed = 5, .purpose = STREAM_TEST, .replication = 1};

static double normal(uint64_t entity, uint64_t draw) {
    return gsl_cdf_ugaussian_Pinv(stream_uniform(&test_stream, entity, draw));
}

/* The sample offset+1 … offset+n: mean offset + (n+1)/2, variance n(n+1)/12. */
START_TEST(moments_of_a_row_of_integers) {
    const double offsets[] = {0, -1e6, 1e9};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        struct running_statistics statistics = {0};
        for (int n = 1; n <= 1000; n++) {
            running_statistics_add(&statistics, offsets[i] + n);
            double variance = n * (n + 1) / 12.0;
            ck_assert_int_eq(statistics.count, n);
            ck_assert_double_eq_tol(statistics.mean, offsets[i] + (n + 1) / 2.0, 1e-15 * fabs(offsets[i]) * 4 + 1e-12);
            ck_assert(statistics.minimum == offsets[i] + 1 && statistics.maximum == offsets[i] + n);
            if (n == 1) continue;
            ck_assert_double_eq_tol(running_statistics_variance(&statistics), variance, 1e-9 * variance);
            ck_assert_double_eq_tol(running_statistics_deviation(&statistics), sqrt(variance), 1e-9 * sqrt(variance));
        }
    }
}
END_TEST

START_TEST(merging_is_adding_one_by_one) {
    enum { COUNT = 100 };
    struct running_statistics whole = {0};
    for (uint64_t i = 0; i < COUNT; i++) running_statistics_add(&whole, 1e3 + normal(1, i));
    for (uint64_t cut = 0; cut <= COUNT; cut++) {
        struct running_statistics left = {0};
        struct running_statistics right = {0};
        for (uint64_t i = 0; i < COUNT; i++) running_statistics_add(i < cut ? &left : &right, 1e3 + normal(1, i));
        running_statistics_merge(&left, &right);
        ck_assert_int_eq(left.count, COUNT);
        ck_assert_double_eq_tol(left.mean, whole.mean, 1e-11);
        ck_assert_double_eq_tol(left.squares, whole.squares, 1e-8);
        ck_assert(left.minimum == whole.minimum && left.maximum == whole.maximum);
    }
}
END_TEST

/* Student-t quantiles as tables print them. */
static const struct {
    int count;
    double confidence;
    double quantile;
} student_table[] = {
    {2, 0.95, 12.706204736432095},   {5, 0.90, 2.131846786326649},   {5, 0.95, 2.7764451051977987},
    {10, 0.95, 2.2621571627409915},  {10, 0.99, 3.2498355440153697}, {30, 0.95, 2.045229642132703},
    {100, 0.95, 1.9842169515086827},
};

START_TEST(half_width_is_student_times_standard_error) {
    for (size_t i = 0; i < sizeof student_table / sizeof student_table[0]; i++) {
        struct running_statistics statistics = {0};
        int n = student_table[i].count;
        for (int value = 1; value <= n; value++) running_statistics_add(&statistics, value);
        struct estimate estimate = running_statistics_estimate(&statistics, student_table[i].confidence);
        double half_width = student_table[i].quantile * sqrt((n + 1) / 12.0);
        ck_assert_double_eq_tol(estimate.mean, (n + 1) / 2.0, 1e-12);
        ck_assert_double_eq_tol(estimate.half_width, half_width, 1e-8 * half_width);
        ck_assert(estimate.confidence == student_table[i].confidence && estimate.count == n);
    }
}
END_TEST

START_TEST(too_little_gives_no_number) {
    struct running_statistics statistics = {0};
    ck_assert(isnan(running_statistics_variance(&statistics)));
    ck_assert(isnan(running_statistics_estimate(&statistics, 0.95).mean));
    running_statistics_add(&statistics, 3);
    ck_assert(isnan(running_statistics_deviation(&statistics)));
    ck_assert(running_statistics_estimate(&statistics, 0.95).mean == 3);
    ck_assert(isnan(running_statistics_estimate(&statistics, 0.95).half_width));
    running_statistics_add(&statistics, 4);
    const double impossible[] = {0, 1, -1, 2, NAN};
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++)
        ck_assert(isnan(running_statistics_estimate(&statistics, impossible[i]).half_width));
    double correlation;
    struct estimate estimate = batch_means_estimate(NULL, 0, 2, 0.95, &correlation);
    ck_assert(isnan(estimate.mean) && isnan(estimate.half_width) && estimate.count == 0 && isnan(correlation));
    ck_assert(isnan(quantile_of(NULL, 0, 0.5)));
    ck_assert_uint_eq(mser5_truncation(NULL, 0), 0);
}
END_TEST

/* Normal samples have the promised coverage exactly: 20,000 intervals miss it by more than 0.5 % about once in a
 * thousand seeds. */
START_TEST(intervals_of_normal_samples_cover) {
    enum { EXPERIMENTS = 20000, SIZE = 5 };
    int covered = 0;
    for (uint64_t experiment = 0; experiment < EXPERIMENTS; experiment++) {
        struct running_statistics statistics = {0};
        for (uint64_t i = 0; i < SIZE; i++) running_statistics_add(&statistics, 10 + normal(experiment, i));
        struct estimate estimate = running_statistics_estimate(&statistics, 0.95);
        covered += fabs(estimate.mean - 10) <= estimate.half_width;
    }
    ck_assert_double_eq_tol((double)covered / EXPERIMENTS, 0.95, 0.005);
}
END_TEST

/* The values 0, 1, 2 … in four batches have means at equal distances d, so variance 5d²/3 and lag-1 correlation 1/4. */
START_TEST(batch_means_of_a_ramp) {
    enum { SIZE = 25, LEFT_OUT = 3 };
    double values[LEFT_OUT + 4 * SIZE];
    for (int i = 0; i < LEFT_OUT; i++) values[i] = 1e9;
    for (int i = 0; i < 4 * SIZE; i++) values[LEFT_OUT + i] = i;
    double correlation;
    struct estimate estimate = batch_means_estimate(values, LEFT_OUT + 4 * SIZE, 4, 0.95, &correlation);
    ck_assert_int_eq(estimate.count, 4);
    ck_assert_double_eq_tol(estimate.mean, (4 * SIZE - 1) / 2.0, 1e-12);
    ck_assert_double_eq_tol(estimate.half_width, 3.182446305284263 * SIZE * sqrt(5.0 / 12), 1e-7);
    ck_assert_double_eq_tol(correlation, 0.25, 1e-12);
}
END_TEST

START_TEST(lag_correlation_tells_signs) {
    enum { COUNT = 100 };
    double values[COUNT];
    double correlation;
    for (int i = 0; i < COUNT; i++) values[i] = i % 2 ? 1 : -1;
    batch_means_estimate(values, COUNT, COUNT, 0.95, &correlation);
    ck_assert_double_eq_tol(correlation, -(COUNT - 1.0) / COUNT, 1e-12);
    for (int i = 0; i < COUNT; i++) values[i] = 5;
    struct estimate constant = batch_means_estimate(values, COUNT, 10, 0.95, &correlation);
    ck_assert(correlation == 0 && constant.half_width == 0 && constant.mean == 5);
    batch_means_estimate(values, COUNT, 10, 0.95, NULL);
}
END_TEST

START_TEST(quantiles_interpolate) {
    const struct {
        double fraction, quantile;
    } table[] = {{0, 1}, {0.25, 2}, {0.5, 3}, {0.6, 3.4}, {0.75, 4}, {0.95, 4.8}, {1, 5}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        double values[] = {4, 1, 5, 3, 2};
        ck_assert_double_eq_tol(quantile_of(values, 5, table[i].fraction), table[i].quantile, 1e-12);
        for (int place = 0; place < 5; place++) ck_assert(values[place] == place + 1);
    }
    double single[] = {7};
    ck_assert(quantile_of(single, 1, 0.3) == 7);
    ck_assert(isnan(quantile_of(single, 1, -0.1)) && isnan(quantile_of(single, 1, 1.1)));
    ck_assert(isnan(quantile_of(single, 1, NAN)));
}
END_TEST

/* MSER-5 as it is defined: the cut d that makes Σ_{i ≥ d} (Yᵢ - mean)² / (k - d)² least, with Y the means of fives. */
static size_t mser5_by_definition(const double *values, size_t count) {
    size_t batch_count = count / 5;
    size_t best = 0;
    double least = INFINITY;
    for (size_t cut = 0; cut <= batch_count / 2 && cut < batch_count; cut++) {
        double sum = 0;
        for (size_t i = 5 * cut; i < 5 * batch_count; i++) sum += values[i];
        double mean = sum / (double)(5 * (batch_count - cut));
        double squares = 0;
        for (size_t b = cut; b < batch_count; b++) {
            const double *five = values + 5 * b;
            squares += pow((five[0] + five[1] + five[2] + five[3] + five[4]) / 5 - mean, 2);
        }
        double error = squares / pow((double)(batch_count - cut), 2);
        if (!(error < least)) continue;
        least = error;
        best = cut;
    }
    return 5 * best;
}

START_TEST(quantiles_by_selection_are_the_same) {
    const struct stream stream = {.seed = 3, .purpose = STREAM_TEST, .replication = 1};
    for (size_t count = 1; count <= 300; count += 1 + count / 10)
        for (double fraction = 0; fraction <= 1; fraction += 0.05) {
            double values[300], others[300];
            for (size_t i = 0; i < count; i++)
                values[i] = others[i] = floor(stream_uniform(&stream, count, i) * 100); /* some are equal */
            ck_assert_double_eq(quantile_by_selection(values, count, fraction), quantile_of(others, count, fraction));
        }
    double single[] = {7};
    ck_assert(isnan(quantile_by_selection(NULL, 0, 0.5)));
    ck_assert(isnan(quantile_by_selection(single, 1, -0.1)) && isnan(quantile_by_selection(single, 1, NAN)));
}
END_TEST

START_TEST(truncation_is_the_definition) {
    enum { LONGEST = 400 };
    for (uint64_t series = 0; series < 200; series++) {
        double values[LONGEST];
        size_t count = 10 + series * 389 / 199;
        double decay = 1 + (double)(series % 40);
        for (size_t i = 0; i < count; i++) values[i] = normal(1000 + series, i) + 20 * exp(-(double)i / decay);
        size_t cut = mser5_truncation(values, count);
        ck_assert_uint_eq(cut, mser5_by_definition(values, count));
        ck_assert_uint_le(cut, count / 2);
    }
}
END_TEST

START_TEST(truncation_finds_the_step) {
    double values[203] = {0};
    ck_assert_uint_eq(mser5_truncation(values, 203), 0);
    for (size_t i = 0; i < 40; i++) values[i] = 9;
    ck_assert_uint_eq(mser5_truncation(values, 203), 40);
    ck_assert_uint_eq(mser5_truncation(values, 4), 0);
    for (size_t i = 0; i < 203; i++) values[i] = i < 150 ? 9 : 0; /* the step lies beyond the half */
    ck_assert_uint_le(mser5_truncation(values, 203), 101);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        moments_of_a_row_of_integers,
        merging_is_adding_one_by_one,
        half_width_is_student_times_standard_error,
        too_little_gives_no_number,
        intervals_of_normal_samples_cover,
        batch_means_of_a_ramp,
        lag_correlation_tells_signs,
        quantiles_interpolate,
        quantiles_by_selection_are_the_same,
        truncation_is_the_definition,
        truncation_finds_the_step,
    };
    return run_suite("statistics", tests, sizeof tests / sizeof tests[0]);
}
