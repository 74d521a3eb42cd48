/* The cranes of one terminal: lifts are made in the order they are asked for, each by the crane that is free first, and
 * begin only within a shift. So they are a queue G/G/c whose lifts need no events: when one begins and ends is known as
 * soon as it is asked for. */
#ifndef BERING_FREIGHT_CRANES_H
#define BERING_FREIGHT_CRANES_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/law.h"
#include "engine/stream.h"
#include "freight/flow.h"

struct cranes {
    const struct terminal *terminal; /* outlives them */
    int64_t *free_ms;                /* [crane]: from when on; the first is never later than the others (a heap) */
    bool drawn;                      /* lift times differ */
    int64_t lift_ms;                 /* unless drawn */
    struct law law;                  /* drawn: seconds, lognormal with the terminal's mean and variation */
    struct stream stream;            /* STREAM_LIFT; entity: the station; draw: the how many-th lift there, from 0 */
    int64_t lifts;                   /* asked for so far */
    double uniforms[4];              /* of the block of the next one */
};

/* False: out of memory; then they may be freed all the same. */
bool cranes_start(struct cranes *cranes, const struct terminal *terminal, const struct stream *stream);
bool cranes_copy(struct cranes *target, const struct cranes *source); /* target: not started */
void cranes_free(struct cranes *cranes);

struct lift {
    int64_t begin_ms, end_ms;
};
struct lift cranes_lift(struct cranes *cranes, int64_t now_ms);

/* The first instant from time_ms on within a shift. */
int64_t terminal_opens_ms(const struct terminal *terminal, int64_t time_ms);

#endif
