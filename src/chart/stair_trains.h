/* The blocking times of a run's trains: how long each block is not available to anyone else, and why. */
#ifndef BERING_CHART_STAIR_TRAINS_H
#define BERING_CHART_STAIR_TRAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/graph_run.h"
#include "chart/graph_trains.h"
#include "chart/stair_line.h"

/* A train in a block. From wanted_ms to release_ms nobody else may be there:
 *
 *     wanted          enter          out            clear          release
 *     │ route setting │ head in …    │ … head out,  │ release      │
 *     │ reaction      │              │ tail in      │              │
 *     │ approach      │              │              │              │
 *
 * enter, clear and release are kept with the run. `out` lies on the train's path. `wanted` is reckoned from it as the
 * interlocking does (docs/model.md): the moment at which the head is as far before the block as the train needs to
 * brake from its speed there, and sighting_m; never before it last stood; and route_setting_s + reaction_s before that.
 * Speed is the mean between two places whose times are kept. On sections with a fixed running time nothing but route
 * setting and reaction lies before the head. */
struct stair {
    int32_t train; /* index */
    int32_t section;
    bool whole;            /* of a section without blocks: the head at its one end and at its other */
    double from_km, to_km; /* in the direction the train runs: to < from where it runs upwards */
    int64_t wanted_ms, enter_ms, out_ms, clear_ms, release_ms;
};

/* Where a train's head is when. */
struct stair_point {
    int64_t at_ms;
    double km;
};

struct stair_path {
    int32_t first_point, point_count;
};

struct stair_trains {
    struct graph_trains trains;
    struct stair_path *paths; /* [trains.train_count] */
    struct stair_point *points;
    int32_t point_count, point_room;
    struct stair *stairs;
    int32_t stair_count, stair_room;
};

/* False, saying what there is to do, where the run keeps nothing of who held which block. */
bool stair_trains_kept(struct database *database, const struct graph_run *run, struct failure *failure);

/* When a block is first held by somebody after `from_ms`, or since; `from_ms` if none is. */
bool stair_trains_first(struct database *database, const struct graph_run *run, int64_t from_ms, int64_t *first_ms,
                        struct failure *failure);

/* Of all trains on the line between from_ms and to_ms. */
bool stair_trains_read(struct database *database, const struct graph_run *run, const struct stair_line *line,
                       int64_t from_ms, int64_t to_ms, struct stair_trains *trains, struct failure *failure);
void stair_trains_free(struct stair_trains *trains); /* leaves it empty */

#endif
