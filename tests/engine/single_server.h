/* One server and one line before it, first come, first served: the model whose every figure has a closed form. Twice:
 * on the engine (event queue and streams) and as Lindley's recursion. Both make the same draws and count the same whole
 * ticks, so they must agree exactly. Shared by tests and benchmarks. */
#ifndef BERING_TESTS_SINGLE_SERVER_H
#define BERING_TESTS_SINGLE_SERVER_H

#include "engine/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ticks of the clock in one unit of time: fine enough for rounding to vanish behind any statistics. */
#define TICKS_PER_UNIT 1000000.0

struct single_server {
    struct stream stream;
    double arrival_rate;   /* per unit of time; exponential gaps */
    double service_time;   /* mean, in units of time */
    bool constant_service; /* else exponential */
    int64_t first_wait;    /* of the first customer, in ticks (0: the system starts empty) */
};

struct single_server_result {
    int64_t customers;
    int64_t events;
    int64_t ticks_in_system; /* summed over customers */
    uint64_t hash;           /* of every customer's time in the system, in order */
};

/* Serves `customers` from arrival to departure on the engine (first_wait must be 0). False when out of memory. */
bool single_server_simulate(const struct single_server *model, int64_t customers, struct single_server_result *result);

/* Each customer's time in the system, in units of time. */
void single_server_recursion(const struct single_server *model, size_t customers, double *times);

/* The wait a customer finds in an M/M/1 system that has always been running, from one uniform, in ticks. */
int64_t single_server_stationary_wait(const struct single_server *model, double uniform);

double single_server_mean_time(const struct single_server_result *result);

#endif
