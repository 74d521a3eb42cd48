/* The trains of a run that a chart of some hours shows, where they were when. */
#ifndef BERING_CHART_GRAPH_TRAINS_H
#define BERING_CHART_GRAPH_TRAINS_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/line_map.h"

#define GRAPH_TIME_NONE INT64_MIN

/* One call, at a station of the row or elsewhere (station −1). */
struct graph_call {
    int32_t station;
    int64_t arrival_ms, departure_ms;   /* GRAPH_TIME_NONE: not reached, not left, or outside the network */
    int64_t stand_from_ms, stand_to_ms; /* stands here (at its origin also: waits outside); NONE: it does not */
};

enum { GRAPH_NAME_SIZE = 112 };

struct graph_train {
    char name[GRAPH_NAME_SIZE]; /* without the day: T7, S.5 */
    char type[GRAPH_NAME_SIZE];
    int64_t train_id;
    bool downwards; /* towards the end of the row */
    int32_t first_call, call_count;
};

struct graph_trains {
    struct graph_train *trains;
    int32_t train_count, train_room;
    struct graph_call *calls;
    int32_t call_count, call_room;
};

/* All trains that are somewhere on the row between from_ms and to_ms. `end_ms` is when the run ended: trains that still
 * stand then stand until then. */
bool graph_trains_read(struct database *database, int64_t run_id, const struct line_map *map, int64_t from_ms,
                       int64_t to_ms, int64_t end_ms, struct graph_trains *trains, struct failure *failure);
void graph_trains_free(struct graph_trains *trains);

#endif
