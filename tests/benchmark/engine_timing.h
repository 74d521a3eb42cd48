/* What the engine's benchmarks measure with: CPU time, and the median of a few repeats. */
#ifndef BERING_BENCHMARK_ENGINE_TIMING_H
#define BERING_BENCHMARK_ENGINE_TIMING_H

#include "engine/statistics.h"

#include <time.h>

enum { REPEATS = 5 };

static inline double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline double median(double repeats[REPEATS]) {
    return quantile_of(repeats, REPEATS, 0.5);
}

#endif
