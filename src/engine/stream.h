/* Counter-based random streams: every draw has an address, so neither the order of drawing nor the number of threads
 * ever changes a result, and two scenarios compared under one seed see the same arrivals, dwells and failures
 * (common random numbers).
 *
 * Generator: Philox4x64-10 of Random123 (Salmon et al., SC 2011). Key = {seed, purpose}, counter = {replication,
 * entity, block, 0}; a block gives four draws. One uniform per variate; other laws by inversion (law.h). */
#ifndef BERING_ENGINE_STREAM_H
#define BERING_ENGINE_STREAM_H

#include <stdint.h>

/* What a stream is for. Values are part of the results: append, never renumber. */
enum stream_purpose {
    STREAM_ARRIVAL = 1,     /* when trains of a Poisson service come */
    STREAM_ENTRY_DELAY = 2, /* lateness at entry */
    STREAM_DWELL = 3,       /* added to the minimum dwell */
    STREAM_RUNNING = 4,     /* actual over planned running time */
    STREAM_POLICY = 5,      /* a dispatch policy that draws */
    STREAM_CONTAINER = 6,   /* when containers come, and their sizes */
    STREAM_HAZARD = 7,
    STREAM_APPRAISAL = 8,
    STREAM_LIFT = 9,        /* how long a crane's lift takes */
    STREAM_TEST = 100, /* tests and benchmarks */
};

struct stream {
    uint64_t seed;
    uint64_t purpose;     /* enum stream_purpose */
    uint64_t replication; /* from 1 */
};

/* The uniform variate at (entity, draw): an odd multiple of 2^-53, each equally likely; so strictly between 0 and 1,
 * and 1 - u is exact and as likely as u. (52 random bits: the open interval costs the 53rd.) */
double stream_uniform(const struct stream *stream, uint64_t entity, uint64_t draw);

/* Four uniforms at once, from one block of the generator: those of draws 4·block … 4·block+3 where
 * stream_uniform(…, draw) is uniforms[draw % 4] of block draw / 4. For hot loops that consume draws in order. */
void stream_uniform4(const struct stream *stream, uint64_t entity, uint64_t block, double uniforms[4]);

/* Exponential variate with the given mean from a uniform, by inversion through log1p. */
double stream_exponential(double uniform, double mean);

#endif
