/* Drives interlocking and deadlock rule through moves one after the other, as src/simulation does, but in any order a
 * test likes: no clock that runs, no policy. */
#ifndef BERING_TESTS_RAILWAY_MOVES_H
#define BERING_TESTS_RAILWAY_MOVES_H

#include "railway/deadlock.h"
#include "simulation/plan.h"

enum { MOVES_TRAINS = 16 };

/* A railway at one moment of a sequence of moves. Every train has a trip of the plan to run, and those that are its
 * returns after it. */
struct moment {
    const struct simulation_plan *plan;
    struct interlocking *line;
    struct deadlock *deadlock;
    int64_t now_ms;
    int64_t arrives_ms[MOVES_TRAINS]; /* the last move granted */
    int32_t trip[MOVES_TRAINS];
    bool gone[MOVES_TRAINS];
};

/* Nobody on the line, no train known yet. Ends the process when out of memory, as do all of these. */
struct moment moment_create(const struct simulation_plan *plan);
void moment_free(struct moment *moment);
/* Makes `target` (made by moment_create) equal. */
void moment_copy(struct moment *target, const struct moment *source);

void moment_add(struct moment *moment, int32_t train, int32_t trip);
void moment_place(struct moment *moment, int32_t train, int32_t track); /* stands there (track of the layout) */

/* Where the train's trip is over, its next one begins. */
void moment_turn_round(struct moment *moment, int32_t train);

/* Asks for the train's next move, onto a track of the layout or any (−1), no earlier than now_ms, until it may start:
 * `request` is then what to grant, `move` its times. False: only another train's move can help. */
bool moment_may_start(const struct moment *moment, int32_t train, int32_t track, int64_t now_ms,
                      struct move_request *request, struct move *move);

/* Would the state after the move be safe? */
enum deadlock_verdict moment_judge(const struct moment *moment, const struct move_request *request,
                                   const struct move *move);
bool moment_is_plain(const struct moment *moment, const struct move_request *request); /* for the rule alone */
enum deadlock_verdict moment_judge_all(const struct moment *moment, struct deadlock *deadlock);
void moment_grant(struct moment *moment, const struct move_request *request, const struct move *move);

/* Trains that have arrived leave. */
void moment_leave(struct moment *moment, int64_t now_ms);

/* What the search needs to know of the trains. */
int32_t moment_bound_track(const void *moment, int32_t train, int32_t node);
int32_t moment_later_path(const void *moment, int32_t train, int32_t later);

#endif
