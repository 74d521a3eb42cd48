/* What all replications of a scenario share: the layout, the paths, and what each plan of the timetable means on its
 * path. Built once, read-only afterwards. */
#ifndef BERING_SIMULATION_PLAN_H
#define BERING_SIMULATION_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "freight/freight.h"
#include "railway/interlocking.h"
#include "scenario/scenario.h"
#include "simulation/simulation.h"

/* A train whose type follows its load runs as if loaded to the next full quarter. */
enum { LOAD_LEVELS = 4 };

/* What the timetable asks of a train at a node of its path. Times are from the start of the plan's day; −1: none. */
struct node_plan {
    bool stop;
    int64_t arrival_ms, departure_ms, min_dwell_ms;
    int32_t track;           /* binding; −1 */
    int32_t call;            /* of the plan; −1: passed without a word */
    const struct law *dwell; /* seconds; NULL: none */
    int64_t alone_ms;        /* arrival, from planned departure at the origin, with nobody else on the line */
};

/* A plan of the timetable on its path. */
struct trip {
    const struct train_plan *plan;
    const struct train_type *type;
    int32_t path;                     /* fully loaded */
    int32_t light_paths[LOAD_LEVELS]; /* loaded to so many quarters; −1: its type does not follow its load, or it loads
                                         on its way */
    double length_km;
    struct node_plan *nodes;      /* [path.node_count] */
    int32_t onward;               /* trip of the trainset after this one; −1 */
    int64_t planned_departure_ms; /* in the day (timetable) */
    int64_t planned_arrival_ms;   /* in the day; −1: not planned */
    int64_t unimpeded_ms;
    int32_t direction;   /* which way it goes, on the whole: enum direction */
    bool plain;          /* for the deadlock rule */
    bool random_running; /* its running times are drawn */
};

struct simulation_plan {
    const struct scenario *scenario;
    struct layout *layout;
    struct path **paths;
    int32_t path_count;
    struct trip *trips; /* [timetable.plan_count] */
    int32_t trip_count;
    struct freight_plan *freight;
    struct train_type *light_types; /* [light_type_count]; ids and names are those of the types they come from */
    int32_t light_type_count;
    struct run_settings run_settings;
    int32_t most_calls, most_steps, most_blocks; /* of any path */
};

#endif
