/* Who goes first. The interlocking and the deadlock rule decide what may happen; a policy ranks the requests and may
 * hold a permitted move. No policy, however bad, causes a collision or a deadlock.
 *
 * A policy's state is one flat block of memory that can be copied, so that a look-ahead can play on a copy. A policy
 * sees the railway only through a `dispatch_view`. */
#ifndef BERING_DISPATCH_POLICY_H
#define BERING_DISPATCH_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/stream.h"
#include "railway/path.h"

/* One train that asks for its next move. */
struct dispatch_request {
    int32_t train; /* slot */
    int64_t train_id;
    const struct path *path;
    int32_t from, to;    /* nodes of its path */
    int64_t since_ms;    /* when it became ready, or would have with nobody in its way before */
    int64_t ready_ms;    /* when it became ready */
    int64_t lateness_ms; /* against its plan, so far */
    int32_t priority;    /* of its type: the higher class first */
    double delay_weight;
    int32_t row;       /* of its plan in the schedule */
    int32_t direction; /* of its whole route */
    bool entering;     /* still outside */
    bool running;      /* has reached its indication point; refused, it stops */
};

/* What a policy may ask. `context` belongs to the simulation. */
struct dispatch_view {
    const void *context;
    int64_t now_ms;
    const struct layout *layout;
    /* Requests that wait for a road in a direction, one after the other: *cursor starts at −1; NULL ends. */
    const struct dispatch_request *(*waiting)(const void *context, int32_t road, int32_t direction, int32_t *cursor);
    /* Would it be allowed to go if nobody were on the road? (Tracks and the deadlock rule.) */
    bool (*otherwise_permitted)(const void *context, int32_t train);
    /* Trains on the line, or first of their queue outside, that are still to run over a road in a direction. */
    int32_t (*demand)(const void *context, int32_t road, int32_t direction);
    /* Trains committed to the request's target place that go on the same way from there. */
    int32_t (*same_way_at_target)(const void *context, const struct dispatch_request *request);
};

struct dispatch_answer {
    bool go;
    int64_t until_ms; /* hold: when to ask again at the latest; INT64_MAX: when something changes */
    int32_t rival;    /* hold: slot of the train it is held for; −1 */
};

struct dispatch_settings {
    int32_t fleet_size;
    int64_t fleet_window_ms; /* 0: not tied to the clock */
    struct stream stream;    /* for a policy that draws */
};

struct dispatch_policy {
    const char *name;
    /* NULL, all three, for a policy without a state of its own */
    size_t (*state_size)(const struct layout *layout);
    void (*start)(void *state, const struct layout *layout, const struct dispatch_settings *settings);
    /* < 0: a before b; never 0 for two different trains. */
    int (*compare)(const void *state, const struct dispatch_request *a, const struct dispatch_request *b);
    /* How many stretches the train should ask for at once (≥ 1): they are granted whole or not at all. NULL: one. */
    int32_t (*stretches)(const void *state, const struct dispatch_request *request);
    /* May this permitted move start now? */
    struct dispatch_answer (*permit)(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request);
    void (*granted)(void *state, const struct dispatch_view *view, const struct dispatch_request *request);
};

/* First come, first served, by the time each train became ready; a train does not run ahead of one that has waited
 * longer for the line to turn, so both directions are served. */
extern const struct dispatch_policy dispatch_first_come;

/* The higher class first; within a class by lateness times delay weight, then as first come. */
extern const struct dispatch_policy dispatch_priority;

/* Up to fleet_size trains one way over each single line while the other way waits, then the other way; or turns tied
 * to the clock, in which each way may enter the line. */
extern const struct dispatch_policy dispatch_fleet;

/* Order by the time of asking, then of the schedule's rows, then of the trains: the tie-break of every policy. */
int dispatch_compare_first_come(const struct dispatch_request *a, const struct dispatch_request *b);

#endif
