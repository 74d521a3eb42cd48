/* The trains of a train graph as lines on a canvas: running as slanted ones, standing as heavy level ones, each in a
 * lane of its own within its station's band, so that trains that meet can all be seen. In pixels, y down. */
#ifndef BERING_CHART_GRAPH_SHAPE_H
#define BERING_CHART_GRAPH_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/graph_trains.h"
#include "chart/label_layout.h"
#include "chart/line_map.h"

enum {
    SHAPE_STOP_MS = 60000, /* a stop from so long on is heavy, and never shorter on the canvas than it can be seen */
};

/* Where the graph lies on the canvas, and what it shows. */
struct graph_frame {
    double left, right, top, bottom; /* of the plot */
    double first_y, last_y;          /* of the first and the last station */
    int64_t from_ms, to_ms;
};

double frame_x(const struct graph_frame *frame, int64_t at_ms);
double frame_y(const struct graph_frame *frame, const struct line_map *map, double km);

struct graph_shape {
    struct line_segment *runs;  /* owner: the train's number; in order along each train */
    struct line_segment *stops; /* of SHAPE_STOP_MS or more; level */
    int32_t run_count, run_room, stop_count, stop_room;
    double *band; /* [station_count] half the height that its lanes take; 0 where nobody stands */
};

bool graph_shape_make(const struct graph_trains *trains, const struct line_map *map, const struct graph_frame *frame,
                      struct graph_shape *shape, struct failure *failure);
void graph_shape_free(struct graph_shape *shape);

#endif
