/* The time a leg of a path takes, computed once for each way of running it: from rest or at a speed, to a stop or
 * through, over which turnouts. */
#ifndef BERING_RAILWAY_RUN_CACHE_H
#define BERING_RAILWAY_RUN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/path.h"

/* Times are milliseconds from the head leaving the leg's first node, planned (the supplement included). The search in
 * the cache reads the first cache line only. */
struct leg_run {
    _Alignas(CACHE_LINE) double entry_speed_ms;
    double start_limit_ms, end_limit_ms; /* what it was asked for */
    struct leg_run *next;
    const struct leg_run *through; /* the same without the stop, once it has been asked for; NULL before */
    double exit_speed_ms;
    int32_t duration_ms;
    int32_t indication_ms; /* last moment to be granted the next move without braking */
    int32_t station_ms;    /* when the station at the far end must be ready to receive it */
    bool stop;
    double energy_j;
    int32_t *marks_ms;  /* [leg.mark_count] when each mark is reached; INT32_MAX where this run does not reach it */
    int32_t *wanted_ms; /* [leg.block_count] when each block must be free; may be negative */
    int32_t *enter_ms;  /* [leg.block_count] when the head enters it */
    int32_t times[];    /* what they point into */
};

struct run_settings {
    int64_t lead_ms; /* route setting and reaction: how long before it is wanted a signal must clear */
    double sighting_m;
    double moving_margin_m;
};

/* Runs of all paths, filled as they are asked for; one per simulation (not shared between threads). */
struct run_cache;
struct run_cache *run_cache_create(const struct path *const *paths, int32_t path_count,
                                   const struct run_settings *settings);
void run_cache_destroy(struct run_cache *cache);

/* The run of a leg of paths[path]. The limits are those of the turnouts at either end (INFINITY: none). NULL: out of
 * memory, or the train stalls (run_cache_stalled then tells where, in metres along the path; NAN otherwise). */
const struct leg_run *run_cache_find(struct run_cache *cache, int32_t path, int32_t leg, double entry_speed_ms,
                                     bool stop, double start_limit_ms, double end_limit_ms);

/* The same leg run through instead of to a stop (`run` itself if it does not stop). NULL as above. */
const struct leg_run *run_cache_find_through(struct run_cache *cache, int32_t path, int32_t leg,
                                             const struct leg_run *run);
static inline const struct leg_run *run_cache_through(struct run_cache *cache, int32_t path, int32_t leg,
                                                      const struct leg_run *run) {
    if (!run->stop) return run;
    return run->through ? run->through : run_cache_find_through(cache, path, leg, run);
}

double run_cache_stalled(const struct run_cache *cache);

#endif
