/* M/M/1 on the engine: arrival rate 0.9, service rate 1; two events and two draws for each customer. */
#include "engine/single_server.h"
#include "engine_timing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CUSTOMERS = 5000000 };

int main(void) {
    const struct single_server model = {
        .stream = {.seed = 1, .purpose = STREAM_TEST, .replication = 1}, .arrival_rate = 0.9, .service_time = 1};
    struct single_server_result result;
    double seconds[REPEATS];
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        double start = cpu_seconds();
        if (!single_server_simulate(&model, CUSTOMERS, &result)) return EXIT_FAILURE;
        seconds[repeat] = cpu_seconds() - start;
    }
    printf("M/M/1: %.2f M customers/s (median of %d), %.2f events per customer, hash %016" PRIx64 "\n",
           CUSTOMERS / median(seconds) / 1e6, REPEATS, (double)result.events / (double)result.customers, result.hash);
    printf("mean time in system %.4f, closed form %.4f\n", single_server_mean_time(&result),
           1 / (1 / model.service_time - model.arrival_rate));
    return EXIT_SUCCESS;
}
