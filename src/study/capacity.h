/* "How many trains a day?" for one scenario: the four answers side by side, each as its own header defines it, and what
 * they say of the line.
 *
 *     theoretical   no dispatcher can exceed it                          theoretical.h
 *     compressed    the timetable pushed together, UIC 406               compression.h
 *     saturated     the most that is carried, whatever is offered        saturated.h
 *     practical     the most that keeps the delay within a limit         practical.h
 *
 * Theoretical ≥ saturated ≥ practical, within one train a window and the half-widths; compressed stands beside them. */
#ifndef BERING_STUDY_CAPACITY_H
#define BERING_STUDY_CAPACITY_H

#include "scenario/scenario.h"
#include "study/compression.h"
#include "study/practical.h"
#include "study/saturated.h"
#include "study/theoretical.h"

enum capacity_step { CAPACITY_THEORETICAL, CAPACITY_COMPRESSED, CAPACITY_SATURATED, CAPACITY_PRACTICAL };

struct capacity_request {
    const struct scenario *scenario;
    const struct simulation_plan *plan; /* of the scenario */
    double relative_half_width;         /* of the simulated answers, e.g. 0.01 */
    enum practical_measure measure;
    bool theory_only; /* nothing is simulated */
    int32_t jobs;
    const atomic_bool *stop; /* NULL: cannot be interrupted */
    /* Told from the calling thread; NULL: nobody wants to know. share_done is that of the step. */
    void (*progress)(void *context, enum capacity_step step, double share_done);
    void *context;
};

#define CAPACITY_FREE_TRACKS_LOAD 1.5

struct capacity {
    struct demand demand;
    struct theoretical theoretical;
    bool simulated; /* the three below are there */
    struct compression compression;
    struct saturated_result saturated;
    double limit_s; /* of the practical answer */
    bool by_p90;    /* it is not the mean delay that keeps it, but the 90th percentile */
    struct practical_result practical;
    /* Where the saturated answer is far below the formula that the policy comes nearest to (under 60 %): what the line
     * carries of half as many trains again if every crossing station has a track for every train. NAN: not asked. */
    double free_tracks_per_day;
    /* Without the limiting stretch the line would carry what the next one allows: the governing answer
     * (capacity_governing) then, and that stretch. NAN and −1 where no other limits. */
    double next_per_day;
    int32_t next_stretch;
};

/* False when interrupted, memory is short, a train cannot run, or the limit of delay is below what trains have that are
 * alone on the line (unless theory_only). */
bool capacity_find(const struct capacity_request *request, struct capacity *capacity, struct failure *failure);
void capacity_free(struct capacity *capacity); /* leaves it empty */

/* Theoretical and pattern answers are those of the theoretical part; the fleets that capacity_find asks for. */
enum { CAPACITY_FLEETS = 4 };
extern const int32_t capacity_fleets[CAPACITY_FLEETS]; /* 1, 2, 4, 8 */

/* The pattern that the scenario's policy comes nearest to: its fleet_size under `fleet`, else alternation (index in
 * theoretical.patterns). */
int32_t capacity_pattern(const struct capacity *capacity);

/* That pattern's answer, or the bound where it has none. */
const struct theoretical_answer *capacity_governing(const struct capacity *capacity);

#endif
