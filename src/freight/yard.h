/* The slots of one yard, TEU by TEU, and who holds them.
 *
 * A container is of a class: the hops it has still to go from here (0: it is delivered here). It holds its slot from
 * when it is offered, or from when it was loaded for this yard, until it has been lifted off or picked up. Every class
 * that uses the yard has a guarantee g; what a class has in use beyond it comes from the shared rest: at all times
 * Σ max(used, g) ≤ size. With room for the largest container in every guarantee some container of the lowest class that
 * waits can always be moved once those before it are gone, so yards do not lock each other up (structured buffer pool:
 * Raubold and Haenle, ICCC 1976). A yard too small for all guarantees gives them to the lowest classes and admits no
 * others.
 *
 * Containers that are newly offered here take no more than their class's equal share of the yard. Else, once demand has
 * been too high for a while, they would fill all that is shared on all sides, trains would find no slots where they go
 * but the guaranteed ones, and hardly run loaded any more (input limits: Lam and Reiser, IEEE Trans. Commun. 27, 1979).
 */
#ifndef BERING_FREIGHT_YARD_H
#define BERING_FREIGHT_YARD_H

#include <stdbool.h>
#include <stdint.h>

/* Of the plan, immutable. */
struct yard_class {
    bool there;        /* some containers are of it here */
    bool admitted;     /* there, and the yard is large enough for it */
    int64_t guarantee; /* TEU; 0 unless admitted */
};
struct yard_rules {
    int64_t size_teu;  /* −1: no limit */
    int64_t share_teu; /* size over the classes there */
    int64_t pickup_ms;
    struct yard_class *classes; /* belongs to the plan */
    int32_t class_count;
};

/* Sets share, guarantees and admissions, given size and who is there. The guarantee is the equal share, but at least
 * `container_teu` (1 or 2: the largest container) and no more than `train_teu` (the largest train that calls). */
void yard_rules_set(struct yard_rules *rules, int64_t container_teu, int64_t train_teu);

struct pickup {
    int64_t time_ms;
    int32_t teu;
};

struct yard {
    const struct yard_rules *rules;
    int64_t *used_teu;      /* [class] slots taken, reserved ones included */
    int64_t claimed_teu;    /* Σ max(used, guarantee) */
    struct pickup *pickups; /* a ring: delivered and not yet picked up, ascending */
    int64_t first_pickup, pickup_count, pickup_room;
    bool no_memory; /* some were lost */

    /* in the yard, and what becomes of that within the measured window */
    int64_t teu;
    int64_t window_from_ms, window_to_ms;
    int64_t changed_ms; /* the last time `teu` changed */
    int64_t max_teu;
    double teu_ms;
};

/* False: out of memory; then it may be freed all the same. */
bool yard_start(struct yard *yard, const struct yard_rules *rules, int64_t window_from_ms, int64_t window_to_ms);
bool yard_copy(struct yard *target, const struct yard *source); /* target: not started */
void yard_free(struct yard *yard);

/* ---- slots ---- */

bool yard_reserve(struct yard *yard, int32_t class, int32_t teu); /* false: there is no slot */
bool yard_admit(struct yard *yard, int32_t class, int32_t teu);   /* the same for one newly offered */
void yard_release(struct yard *yard, int32_t class, int32_t teu);

/* ---- what stands there, in the order of the clock ---- */

void yard_enter(struct yard *yard, int64_t time_ms, int32_t teu);
void yard_leave(struct yard *yard, int64_t time_ms, int32_t teu);
/* A container of class 0 has come to stand: it is picked up, and its slot free, pickup_ms later. */
void yard_deliver(struct yard *yard, int64_t time_ms, int32_t teu);
int64_t yard_next_pickup_ms(const struct yard *yard); /* INT64_MAX: none */
void yard_pick_up(struct yard *yard);                 /* the next one */
/* Counts what stands there up to the end of the run. */
void yard_finish(struct yard *yard, int64_t end_ms);

/* For tests: whether slots add up and nobody has more than it may. `used_teu`: what the classes should have in use. */
bool yard_is_sound(const struct yard *yard, const int64_t *used_teu);

#endif
