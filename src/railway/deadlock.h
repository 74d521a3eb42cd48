/* The deadlock rule: is there still an order in which every train gets to its end?
 *
 * The rule counts each train at the furthest track it has reserved. Let F be the places with a limited number of tracks
 * that are full; drop from F, again and again, any place some train of which goes on to a place outside F. The state is
 * safe exactly if F ends empty, where every train fits every track on its way (Doshi et al., IJCAI 2024,
 * 10.24963/ijcai.2024/641; docs/model.md says what was checked). From a safe state only a move that fills a place can
 * be unsafe, and only through a closed set that contains that place: the test starts there and stays local.
 *
 * Where a train does not fit every track, has a binding one, or stands on single line, the rule is not exact. It may
 * still prove a state safe with only those tracks counted that every train present fits, at places with two or more of
 * them, while the others are empty. Failing that, a depth-
 * first search over the order of single moves decides then, bounded by the number of states it may see; the last order
 * it proved is kept, and its next move is always allowed. */
#ifndef BERING_RAILWAY_DEADLOCK_H
#define BERING_RAILWAY_DEADLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/interlocking.h"

/* Most states one search may see; and where nobody could move otherwise. */
enum { DEADLOCK_SEARCH_STATES = 20000, DEADLOCK_DEEP_SEARCH_STATES = 3000000 };

/* The binding track of a train at a node of its path (−1: none), for the search. */
struct deadlock_bindings {
    int32_t (*track)(const void *context, int32_t train, int32_t node);
    const void *context;
};

/* The path of the plan that a train's trainset runs `later` plans after its present one (1 is the onward path); −1: it
 * has left by then. `context` is that of the bindings. */
typedef int32_t deadlock_later_path(const void *context, int32_t train, int32_t later);

struct deadlock;
struct deadlock *deadlock_create(const struct interlocking *interlocking); /* NULL: out of memory */
void deadlock_destroy(struct deadlock *deadlock);
bool deadlock_copy(struct deadlock *target, const struct deadlock *source); /* false: out of memory */

/* For the search, where trainsets run more than two plans; without it they leave after the onward one. */
void deadlock_know_trainsets(struct deadlock *deadlock, deadlock_later_path *later_path);

/* A move under consideration: `train` (its slot) is committed to `node` of `path` on `track` from where it is now, or
 * from outside. `plain` and `onward_path` as in its commitment. */
struct deadlock_move {
    int32_t train, path, node, track, onward_path;
    bool plain, entering;
};

enum deadlock_verdict {
    DEADLOCK_SAFE,
    DEADLOCK_UNSAFE,
    DEADLOCK_UNPROVED /* the search met its bound */,
    DEADLOCK_NO_MEMORY
};

/* Would the state after the move be safe, the state before it being so? After an UNSAFE, deadlock_closed_set tells the
 * places that hold each other. */
enum deadlock_verdict deadlock_test(struct deadlock *deadlock, const struct interlocking *interlocking,
                                    const struct deadlock_move *move, const struct deadlock_bindings *bindings);

/* The move was granted, right after its test: keeps the proved order in step. */
void deadlock_granted(struct deadlock *deadlock, const struct deadlock_move *move);

/* The full test of the state as it is; to be made after anything that is not a move. */
enum deadlock_verdict deadlock_test_all(struct deadlock *deadlock, const struct interlocking *interlocking,
                                        const struct deadlock_bindings *bindings);

/* Places of the closed set found by the last unsafe test; count 0 where the search refused (any change may help). */
int32_t deadlock_closed_set(const struct deadlock *deadlock, const int32_t **places);

/* From now on searches may see DEADLOCK_DEEP_SEARCH_STATES, which takes seconds and 64 MiB: for a line that stands
 * still because every search met its bound. */
void deadlock_search_deeper(struct deadlock *deadlock, bool deeper);

int64_t deadlock_searches(const struct deadlock *deadlock); /* exact searches made so far */

#endif
