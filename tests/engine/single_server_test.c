/* The engine as a whole against queueing theory. */
#include "engine/statistics.h"
#include "single_server.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>

static struct single_server server(double load, bool constant_service, uint64_t replication) {
    return (struct single_server){
        .stream = {.seed = 1, .purpose = STREAM_TEST, .replication = replication},
        .arrival_rate = load,
        .service_time = 1,
        .constant_service = constant_service,
    };
}

START_TEST(engine_agrees_with_the_recursion_to_the_tick) {
    enum { CUSTOMERS = 20000 };
    const double loads[] = {0.1, 0.5, 0.9, 1.5};
    double *times = malloc(CUSTOMERS * sizeof *times);
    for (size_t i = 0; i < 2 * sizeof loads / sizeof loads[0]; i++) {
        struct single_server model = server(loads[i / 2], i % 2, i + 1);
        struct single_server_result result;
        ck_assert(single_server_simulate(&model, CUSTOMERS, &result));
        single_server_recursion(&model, CUSTOMERS, times);
        int64_t ticks = 0;
        for (int customer = 0; customer < CUSTOMERS; customer++) ticks += llround(times[customer] * TICKS_PER_UNIT);
        ck_assert_int_eq(result.ticks_in_system, ticks);
        ck_assert_int_eq(result.customers, CUSTOMERS);
        ck_assert_int_eq(result.events, 2 * CUSTOMERS);
    }
    free(times);
}
END_TEST

START_TEST(same_seed_same_hash) {
    struct single_server model = server(0.8, false, 1);
    struct single_server_result first, second, other;
    ck_assert(single_server_simulate(&model, 5000, &first));
    ck_assert(single_server_simulate(&model, 5000, &second));
    model.stream.replication++;
    ck_assert(single_server_simulate(&model, 5000, &other));
    ck_assert_uint_eq(first.hash, second.hash);
    ck_assert_uint_ne(first.hash, other.hash);
}
END_TEST

/* Mean time in the system; with service time 1 the load is the arrival rate. */
static double closed_form(const struct single_server *model) {
    double load = model->arrival_rate * model->service_time;
    if (model->constant_service) return load * model->service_time / (2 * (1 - load)) + model->service_time;
    return 1 / (1 / model->service_time - model->arrival_rate);
}

START_TEST(mean_time_in_system_is_the_closed_form) {
    enum { REPLICATIONS = 20, CUSTOMERS = 30000 };
    const struct {
        double load;
        bool constant_service;
        double tolerance; /* relative, so that a useless interval does not pass */
    } cases[] = {{0.3, false, 0.01}, {0.5, false, 0.02}, {0.8, false, 0.05},
                 {0.3, true, 0.01},  {0.5, true, 0.01},  {0.8, true, 0.05}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct running_statistics means = {0};
        double expected = 0;
        for (uint64_t replication = 1; replication <= REPLICATIONS; replication++) {
            struct single_server model = server(cases[i].load, cases[i].constant_service, replication);
            struct single_server_result result;
            ck_assert(single_server_simulate(&model, CUSTOMERS, &result));
            running_statistics_add(&means, single_server_mean_time(&result));
            expected = closed_form(&model);
        }
        struct estimate estimate = running_statistics_estimate(&means, 0.999);
        ck_assert_double_eq_tol(estimate.mean, expected, estimate.half_width);
        ck_assert_double_lt(estimate.half_width, cases[i].tolerance * expected);
    }
}
END_TEST

/* Batch means over one long M/M/1 run: how often does the 95 % interval cover the closed-form mean? With
 * BERING_TEST_LONG=1 each run has 100,000 customers instead of 10,000. */
START_TEST(batch_means_intervals_cover) {
    enum { EXPERIMENTS = 1000, BATCHES = 10 };
    const char *wanted = getenv("BERING_TEST_LONG");
    size_t customers = wanted && *wanted == '1' ? 100000 : 10000;
    double *times = malloc(customers * sizeof *times);
    struct running_statistics correlations = {0};
    int covered = 0;
    for (uint64_t experiment = 1; experiment <= EXPERIMENTS; experiment++) {
        struct single_server model = server(0.5, false, experiment);
        model.first_wait = single_server_stationary_wait(&model, stream_uniform(&model.stream, 3, 0));
        single_server_recursion(&model, customers, times);
        double correlation;
        struct estimate estimate = batch_means_estimate(times, customers, BATCHES, 0.95, &correlation);
        covered += fabs(estimate.mean - closed_form(&model)) <= estimate.half_width;
        running_statistics_add(&correlations, correlation);
    }
    free(times);
    printf("coverage of 95 %% intervals, M/M/1 at load 0.5, %zu customers: %d of %d; mean lag-1 correlation %.3f\n",
           customers, covered, EXPERIMENTS, correlations.mean);
    ck_assert_int_ge(covered, 930);
    ck_assert_int_le(covered, 970);
    /* About their own mean, k independent batch means are correlated by -1/k: these batches are long enough. */
    ck_assert_double_eq_tol(correlations.mean, -1.0 / BATCHES, 0.02);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        engine_agrees_with_the_recursion_to_the_tick,
        same_seed_same_hash,
        mean_time_in_system_is_the_closed_form,
        batch_means_intervals_cover,
    };
    return run_suite("single_server", tests, sizeof tests / sizeof tests[0]);
}
