/* The theoretical answer to "how many trains a day": what no dispatcher can exceed, with the formula beside it.
 *
 * At every pinch of the line (separation.h) trains come one after the other, each at least so long after the one before
 * as the two kinds of trains need. If every order of the mix takes s̄ minutes a train or more, then in the time that
 * possessions leave no more than
 *
 *     1440 E / s̄          (E: the open share of the day)
 *
 * trains a day of the whole mix can run, a train that does not come over the pinch counted with 0 minutes. U is the
 * least of this over all pinches. For one type s̄ is its headway h. That U is true does not depend on what the network
 * looks like: each pinch bounds by itself. The first train of an open window keeps no separation from one before it: so
 * a simulation may carry about one train more than U in each window that possessions leave, and one at its beginning.
 * U is about full trains, as all answers are: where train types follow their load (train_type.empty_mass_t), a run with
 * containers has lighter trains too, faster and shorter, and those may come nearer to each other.
 *
 * **The least mean separation.** Let x_ij be the share of neighbours (i, j) among all neighbouring pairs in some order
 * of the trains, i and j being states: a class that comes from rest, or running. Every train is once the first of a
 * pair and once the second, in the same state, so Σ_j x_ij = Σ_j x_ji; and the states of a class make up its share.
 * These are linear conditions that every order, however long, satisfies in the limit; the least of Σ s_ij x_ij under
 * them alone (linear_program.h) is therefore not above the mean separation of any order. It can be below that of the
 * best one, since the conditions do not say that the pairs hang together in one sequence: two directions may be taken
 * as two endless fleets, which never turn. That is 1440 E / h, the limit of F4 for n → ∞.
 *
 * Two more conditions that hold beyond neighbours, each giving a bound of its own: the trains of one direction keep
 * their separations whoever comes between (a purge that only concerns one direction is like that); and with at most k
 * trains inside, k · 1440 E ≥ the time they all are inside.
 *
 * **Patterns** are bounds for those who let no more than n trains go the same way in a row where both ways meet on
 * single track: n = 1 is strict alternation. Such an order has at least max(f, b)/n turns each way, f and b being the
 * shares of the two ways; that is one more linear condition. For one type and as many trains each way it gives F4,
 *
 *     1440 E · 2n / [t1 + t2 + 2 (n − 1) h + 2 τ]
 *
 * and for a mix the same with the least mean separations within fleets and at turns. n is not more than the waiting
 * tracks allow: half the tracks of the crossing stations at the ends, the rule of the policy `fleet` (docs/model.md).
 * A pattern has no answer where its premise fails: where trains part to different routes, fleets on one section are
 * not those on the next; where so many more trains go one way that fleets of n cannot carry them, no such order is. */
#ifndef BERING_STUDY_THEORETICAL_H
#define BERING_STUDY_THEORETICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "study/demand.h"
#include "study/separation.h"

enum { THEORETICAL_MOST_PATTERNS = 8, THEORETICAL_NAME_SIZE = 160, THEORETICAL_REASON_SIZE = 320 };

/* What binds at a pinch: what most of its day goes into; tracks, where longer fleets would have been allowed and would
 * carry more; the most trains inside, where that counts more than what keeps two of them apart. */
enum theoretical_limit {
    LIMIT_RUNNING_TIME,
    LIMIT_HEADWAY,
    LIMIT_INTERVAL,
    LIMIT_PURGE,
    LIMIT_POSSESSION,
    LIMIT_TRACKS,
    LIMIT_MAX_TRAINS,
};

/* running_time, headway, interval, purge, possession, tracks, max_trains. */
const char *theoretical_limit_word(enum theoretical_limit limit);

/* What a stretch carries of the mix, under the bound or a pattern. */
struct stretch_figure {
    double trains_per_day; /* of the whole mix, both directions; INFINITY: nothing limits; NAN: does not apply */
    int32_t section;       /* the one that binds */
    int32_t block;         /* of a two-track section run from block to block, from 0; else −1 */
    enum theoretical_limit binds;
    double separation_min; /* the least mean separation, a train of the whole mix */
    /* what the day goes into at the pinch that binds, minutes; they add up to 1440 */
    double parts_min[SEPARATION_PART_COUNT], closed_min;
    double windows_per_day; /* in how many pieces possessions leave it there; 0: none closes it */
};

/* Single line between two crossing stations, or a two-track section. */
struct theoretical_stretch {
    int32_t from, to;                 /* stations, in the order in which trains that go forward come to them */
    char name[THEORETICAL_NAME_SIZE]; /* "FROM – TO", by their ids */
    int32_t waiting_tracks;           /* how long fleets can be here; INT32_MAX: nothing limits them */
    struct stretch_figure bound;
    struct stretch_figure patterns[THEORETICAL_MOST_PATTERNS];
};

struct theoretical_answer {
    bool applies;
    char reason[THEORETICAL_REASON_SIZE]; /* why not; "" where it applies */
    double trains_per_day;                /* NAN where it does not apply; likewise the others */
    double forward_per_day, backward_per_day, teu_per_day;
    double windows_per_day;   /* at the limiting stretch: about so many trains a day a simulation may carry more */
    int32_t limiting_stretch; /* −1 where it does not apply */
    enum theoretical_limit binds;
};

struct theoretical {
    struct theoretical_answer bound; /* U */
    int32_t pattern_count;
    struct {
        int32_t fleet;
        struct theoretical_answer answer;
    } patterns[THEORETICAL_MOST_PATTERNS];
    struct theoretical_stretch *stretches;
    int32_t stretch_count;
};

/* For a demand's mix, with patterns of these fleets (each ≥ 1, at most THEORETICAL_MOST_PATTERNS of them). Only the
 * shares of the demand count, not its number of trains. False when out of memory, or a train cannot run its route. */
bool theoretical_find(const struct demand *demand, const int32_t *fleets, int32_t fleet_count,
                      struct theoretical *theoretical, struct failure *failure);
void theoretical_free(struct theoretical *theoretical); /* leaves it empty */

#endif
