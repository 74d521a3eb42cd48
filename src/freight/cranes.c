#include "freight/cranes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "railway/network.h"

/* A lognormal variate of mean m and standard deviation v·m has σ² = ln(1 + v²), μ = ln m − σ²/2. */
static struct law lift_law(const struct terminal *terminal) {
    const double variance = log1p(terminal->lift_cv * terminal->lift_cv);
    return (struct law){.kind = LAW_LOGNORMAL, .parameters = {log(terminal->lift_s) - variance / 2, sqrt(variance)}};
}

bool cranes_start(struct cranes *cranes, const struct terminal *terminal, const struct stream *stream) {
    *cranes = (struct cranes){.terminal = terminal,
                              .free_ms = calloc((size_t)terminal->cranes + 1, sizeof *cranes->free_ms),
                              .drawn = terminal->lift_s > 0 && terminal->lift_cv > 0,
                              .lift_ms = llround(terminal->lift_s * (double)MILLISECONDS_PER_SECOND),
                              .stream = *stream};
    if (cranes->drawn) cranes->law = lift_law(terminal);
    return cranes->free_ms != NULL;
}

bool cranes_copy(struct cranes *target, const struct cranes *source) {
    const size_t size = ((size_t)source->terminal->cranes + 1) * sizeof *source->free_ms;
    *target = *source;
    target->free_ms = malloc(size);
    if (target->free_ms) memcpy(target->free_ms, source->free_ms, size);
    return target->free_ms != NULL;
}

void cranes_free(struct cranes *cranes) {
    free(cranes->free_ms);
    *cranes = (struct cranes){0};
}

int64_t terminal_opens_ms(const struct terminal *terminal, int64_t time_ms) {
    if (terminal->shift_count == 0) return time_ms;
    const int64_t today_ms = time_ms / MILLISECONDS_PER_DAY * MILLISECONDS_PER_DAY;
    for (int64_t day_ms = today_ms - MILLISECONDS_PER_DAY;; day_ms += MILLISECONDS_PER_DAY)
        for (int32_t i = 0; i < terminal->shift_count; i++) {
            const struct shift *shift = &terminal->shifts[i];
            if (time_ms < day_ms + shift->to_ms)
                return time_ms > day_ms + shift->from_ms ? time_ms : day_ms + shift->from_ms;
        }
}

static int64_t lift_time(struct cranes *cranes) {
    const uint64_t draw = (uint64_t)cranes->lifts++;
    if (!cranes->drawn) return cranes->lift_ms;
    if (draw % 4 == 0)
        stream_uniform4(&cranes->stream, (uint64_t)cranes->terminal->station, draw / 4, cranes->uniforms);
    return llround(law_sample(&cranes->law, cranes->uniforms[draw % 4]) * (double)MILLISECONDS_PER_SECOND);
}

/* The first crane of the heap is busy until then: the one that is free next takes its place. */
static void occupy_first(struct cranes *cranes, int64_t until_ms) {
    int64_t *free_ms = cranes->free_ms;
    const int32_t count = cranes->terminal->cranes;
    int32_t at = 0;
    for (int32_t child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && free_ms[child + 1] < free_ms[child]) child++;
        if (free_ms[child] >= until_ms) break;
        free_ms[at] = free_ms[child];
    }
    free_ms[at] = until_ms;
}

struct lift cranes_lift(struct cranes *cranes, int64_t now_ms) {
    const bool limited = cranes->terminal->cranes > 0;
    const int64_t free_ms = limited && cranes->free_ms[0] > now_ms ? cranes->free_ms[0] : now_ms;
    const int64_t begin_ms = terminal_opens_ms(cranes->terminal, free_ms);
    const struct lift lift = {begin_ms, begin_ms + lift_time(cranes)};
    if (limited) occupy_first(cranes, lift.end_ms);
    return lift;
}
