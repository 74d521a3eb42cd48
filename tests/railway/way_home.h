/* Can everybody still get home? Answered by trying every order of moves, from what docs/model.md says a move is and
 * nothing else: no rule, no shortcut, nothing of the library. A state says where each train is bound to. */
#ifndef BERING_TESTS_RAILWAY_WAY_HOME_H
#define BERING_TESTS_RAILWAY_WAY_HOME_H

#include "small_railway.h"

enum { OUTSIDE = -1, HALTS_MOST = 80 };

enum halt_kind { HALT_STATION, HALT_BLOCK, HALT_QUEUE };

/* Where a train may stand, and what it runs through on its way there from the one before. */
struct halt {
    enum halt_kind kind;
    int32_t station; /* −1: on the line */
    int32_t section, direction, block;
    int32_t bound; /* track; −1: any */
    int32_t passed[SMALL_STATIONS], passed_count;
};

struct itinerary {
    struct halt halts[HALTS_MOST]; /* the first is where it starts; at the last it is home and gone */
    int32_t count;
};

struct state {
    int8_t at[SMALL_TRAINS];    /* halt; OUTSIDE; the last: gone */
    int8_t track[SMALL_TRAINS]; /* at a station with a limit: which; in a queue: how many are before it; else 0 */
};

struct way_home;
struct way_home *way_home_create(const struct small_railway *railway); /* ends the process when out of memory */
void way_home_destroy(struct way_home *way_home);
const struct itinerary *way_home_itinerary(const struct way_home *way_home, int32_t train);

struct state way_home_start(const struct way_home *way_home);
bool way_home_is_gone(const struct way_home *way_home, const struct state *state, int32_t train);

/* Tracks the train could move to now, of those that differ; tracks[0] = 0 where they have no number. */
int32_t way_home_moves(const struct way_home *way_home, const struct state *state, int32_t train,
                       int32_t tracks[SMALL_TRACKS]);
struct state way_home_after(const struct way_home *way_home, const struct state *state, int32_t train, int32_t track);

bool way_home_exists(struct way_home *way_home, const struct state *state);

/* True once for each state (states that differ only in the names of like tracks are one). */
bool way_home_is_new(struct way_home *way_home, const struct state *state);

void way_home_describe(const struct way_home *way_home, const struct state *state, FILE *file);

#endif
