/* The train graph (string-line diagram) of a run: distance down, to scale, time across, every train a line, and beside
 * it how long each section was occupied. Everything comes from the database. */
#ifndef BERING_CHART_TRAINGRAPH_H
#define BERING_CHART_TRAINGRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/gnuplot.h"
#include "chart/graph_run.h"
#include "results/database.h"

struct traingraph_request {
    int64_t run_id; /* 0: the last complete one */
    struct graph_time from, to;
};

/* What was drawn. */
struct traingraph_result {
    int64_t run_id;
    int64_t from_ms, to_ms;
    int32_t trains; /* lines in the picture */
};

/* Writes the script and its data into the job's folder, ready to be drawn. */
bool traingraph_write(struct database *database, const struct traingraph_request *request, enum picture_format format,
                      struct gnuplot *job, struct traingraph_result *result, struct failure *failure);

/* Draws it: the format by the ending of `path`. */
bool traingraph_draw(struct database *database, const struct traingraph_request *request, const char *path,
                     struct traingraph_result *result, struct failure *failure);

#endif
