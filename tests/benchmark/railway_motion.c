/* One run of a heavy freight train: over plain line, and over rolling country with 240 gradients, curves and limits. */
#include "engine_timing.h"
#include "railway/motion_line.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 20000, MARKS = 24 };

static const double line_m = 120e3;

static uint64_t mixed(uint64_t hash, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static void plain(struct line *line) {
    line_begin(line);
    line_add_section(line, line_m, INFINITY, FORWARD);
}

static void hilly(struct line *line) {
    struct numbers numbers = {1};
    plain(line);
    for (double at = 0; at < line_m; at += 500)
        line_add_alignment(line, (struct alignment){.from_m = at,
                                                    .to_m = at + 500,
                                                    .gradient_permille = numbers_between(&numbers, -6, 6),
                                                    .curve_radius_m = numbers_between(&numbers, 300, 3000),
                                                    .speed_ms = numbers_chance(&numbers, 0.1) ? 15 : INFINITY,
                                                    .tunnel = numbers_chance(&numbers, 0.1)});
}

/* Runs of to_m metres, starting a little further on each time. */
static bool measure(const char *name, const struct motion_path *path, double to_m, const struct motion_marks *marks) {
    double nanoseconds[REPEATS];
    uint64_t hash = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        hash = 0;
        const double start = cpu_seconds();
        for (int i = 0; i < RUNS; i++) {
            struct motion_request request = plain_request(to_m);
            request.from_m = i % 1000;
            request.stop = i % 2;
            request.sighting_m = 300;
            struct motion_result result;
            if (!motion_run(path, &request, marks, &result, NULL)) return false;
            hash = mixed(mixed(mixed(hash, result.duration_s), result.energy_j), result.indication_s);
        }
        nanoseconds[repeat] = (cpu_seconds() - start) * 1e9 / RUNS;
    }
    printf("motion, %s, %3.0f km, %2d marks: %8.0f ns per run (median of %d), hash %016" PRIx64 "\n", name, to_m / 1000,
           marks ? marks->count : 0, median(nanoseconds), REPEATS, hash);
    return true;
}

static bool measure_line(const char *name, const struct line *line) {
    const struct train_type type = heavy_train();
    struct motion_path *path = line_path(line, &type);
    if (!path) return false;
    double at[MARKS], passed[MARKS], wanted[MARKS];
    const struct motion_marks marks = {MARKS, at, passed, wanted};
    for (int k = 0; k < MARKS; k++) at[k] = line_m * k / MARKS;
    const bool done =
        measure(name, path, 20e3, NULL) && measure(name, path, line_m, NULL) && measure(name, path, line_m, &marks);
    motion_path_destroy(path);
    return done;
}

int main(void) {
    static struct line line;
    plain(&line);
    if (!measure_line("plain", &line)) return EXIT_FAILURE;
    hilly(&line);
    return measure_line("hilly", &line) ? EXIT_SUCCESS : EXIT_FAILURE;
}
