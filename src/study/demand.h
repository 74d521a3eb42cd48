/* The traffic of a scenario as a mix: which kinds of trains, in which shares; and the same mix offered in any number of
 * trains a day, for whoever asks how many the line carries.
 *
 * A *class* is all trains that are alike to the line: the same type, route (and so origin, destination and direction),
 * stops and entry delay. In detail:
 * - A timetable's train counts once a day. Its commercial stops (with a least dwell, or a law for it) belong to its
 *   class. A wait that the timetable plans without either is a meet of that timetable: another number of trains meets
 *   elsewhere, so it is left out, and so are timed passes and planned times. Trains that stand on the line at first are
 *   taken to come from outside, where they stand; the track they stand on is not kept, one named at a stop is.
 * - A service counts its trains a day, averaged over the week. Services that differ in arrivals, window or days are
 *   classes of their own. A saturated service has no number of trains: its weight stands for one.
 * - A service that is the return_of another counts as many trains as that one. The pair becomes one class each way,
 *   and neither waits for the other's trainsets: in a balanced flow as many run either way, and how long trainsets
 *   stand at their terminals does not say what the line between carries.
 *
 * Classes are numbered by their first row in the schedule. A timetable built here has one service a class, with the
 * class's number as its row: the streams of random numbers stay those of the class whatever the number of trains. */
#ifndef BERING_STUDY_DEMAND_H
#define BERING_STUDY_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "results/failure.h"
#include "simulation/simulation.h"

struct demand_class {
    int32_t model; /* the plan of the scenario's timetable that it is like: its first row */
    int32_t train_type, origin, destination;
    int32_t direction;             /* on the whole way: enum direction */
    double trains_per_day;         /* as scheduled; of a saturated service its weight */
    double share;                  /* of all trains; the shares add up to 1 */
    enum arrival_process arrivals; /* as scheduled; of a timetable's trains: regular */
    int64_t first_ms, last_ms;     /* when in the day they come: the service's window; of a timetable's trains: from the
                                      first to the last departure in the timetable. The whole day where that is no time */
    unsigned weekdays;             /* bit 0 Monday … */
};

struct demand {
    const struct scenario *scenario;
    struct demand_class *classes;
    int32_t class_count;    /* ≥ 1 after demand_read */
    int32_t *class_of_plan; /* [timetable.plan_count] */
    double trains_per_day;  /* as scheduled, all classes */
    bool weighted;          /* some classes are saturated: their trains a day are only weights */
    double forward_share;   /* of all trains, that go forward */
    double teu_per_train;   /* capacity, on average over all trains */
};

/* The mix of a plan's scenario, which must outlive it. False when out of memory, or when there is no train at all. */
bool demand_read(const struct simulation_plan *plan, struct demand *demand, struct failure *failure);
void demand_free(struct demand *demand); /* leaves it empty */

/* When the trains of a scaled demand come. */
enum demand_law {
    DEMAND_AS_SCHEDULED, /* each class by its own law */
    DEMAND_REGULAR,      /* evenly; the classes one after the other, not all at the same minute */
    DEMAND_POISSON,      /* at random */
    DEMAND_SATURATED,    /* always one ready of each class; the number a day is then only a weight */
};

struct demand_request {
    double trains_per_day; /* all classes together, mean over the weeks; > 0 */
    enum demand_law law;
    bool round_the_clock; /* at any hour of any day; else only within each class's window, on its days */
};

/* Such a timetable for the demand's scenario, to be freed with timetable_free. Numbers of trains are exact in the long
 * run, fractions included: trains are counted on from day to day. A regular class k of K comes for the first time
 * (k + ½)/K of its interval after its window first opens; as scheduled, a regular service as it opens. False when out
 * of memory or when the number of trains is none. */
bool demand_build(const struct demand *demand, const struct demand_request *request, struct timetable *timetable,
                  struct failure *failure);

/* The scenario with another timetable, repeated every day: for planning_create and the like. Shares everything with
 * both, and is not to be freed. */
struct scenario demand_scenario(const struct scenario *scenario, const struct timetable *timetable);

#endif
