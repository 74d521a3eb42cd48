/* The hold model (Jones, 1986): n pending events; each step takes the earliest and adds one an exponential time after
 * it. The times to add are drawn beforehand: only the queue is measured. */
#include "engine/event_queue.h"
#include "engine/stream.h"
#include "engine_timing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { STEP_COUNT = 1 << 16, HOLDS = 2000000 };

static void draw_steps(uint32_t steps[STEP_COUNT]) {
    const struct stream stream = {.seed = 1, .purpose = STREAM_TEST, .replication = 1};
    for (uint64_t i = 0; i < STEP_COUNT; i++)
        steps[i] = (uint32_t)stream_exponential(stream_uniform(&stream, 1, i), 1e6);
}

static uint64_t hold(struct event_queue *queue, const uint32_t *steps, int count) {
    uint64_t hash = 0;
    struct event event;
    for (int i = 0; i < count && event_queue_pop(queue, &event); i++) {
        hash = (hash ^ (uint64_t)event.time_ms ^ event.subject) * UINT64_C(0x9e3779b97f4a7c15);
        event_queue_push(queue, event.time_ms + steps[i % STEP_COUNT], 0, event.kind, event.subject);
    }
    return hash;
}

static bool measure(const uint32_t *steps, uint32_t pending) {
    double nanoseconds[REPEATS];
    uint64_t hash = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        struct event_queue *queue = event_queue_create();
        if (!queue || !event_queue_reserve(queue, pending)) return false;
        for (uint32_t i = 0; i < pending; i++) event_queue_push(queue, steps[i % STEP_COUNT], 0, 0, i);
        hold(queue, steps, 10 * (int)pending); /* until the pending times are those of a long run */
        double start = cpu_seconds();
        hash = hold(queue, steps, HOLDS);
        nanoseconds[repeat] = (cpu_seconds() - start) * 1e9 / HOLDS;
        event_queue_destroy(queue);
    }
    printf("hold %6" PRIu32 " pending: %6.1f ns per pop-and-push (median of %d), hash %016" PRIx64 "\n", pending,
           median(nanoseconds), REPEATS, hash);
    return true;
}

int main(void) {
    static uint32_t steps[STEP_COUNT];
    draw_steps(steps);
    const uint32_t pending[] = {10, 100, 1000, 10000, 100000};
    for (size_t i = 0; i < sizeof pending / sizeof pending[0]; i++)
        if (!measure(steps, pending[i])) return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
