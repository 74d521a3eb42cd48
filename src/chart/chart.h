/* The kinds of chart there are, and drawing any of them from a database. */
#ifndef BERING_CHART_CHART_H
#define BERING_CHART_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/gnuplot.h"
#include "chart/graph_run.h"
#include "results/database.h"

/* What to draw; a kind takes only what its `takes` says. */
struct chart_request {
    int64_t run_id;        /* 0: the last complete one */
    int64_t experiment_id; /* 0: the latest that has what is drawn */
    const char *variant;   /* NULL: all; of an appraisal also its scenario */
    struct graph_time from, to;
};

/* What was drawn, of a run or of an experiment; the other is 0. */
struct chart_result {
    int64_t run_id, experiment_id;
    int64_t from_ms, to_ms; /* where the chart has a window of time */
    const char *item;       /* what is counted: "trains", "variants", "sections"; static */
    int32_t items;          /* of them in the picture */
    int32_t left_out;       /* for which there was no room */
};

/* Writes the script and its data into the job's folder, ready to be drawn. */
typedef bool chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                         struct gnuplot *job, struct chart_result *result, struct failure *failure);

enum chart_takes { TAKES_RUN = 1, TAKES_WINDOW = 2, TAKES_EXPERIMENT = 4 };

struct chart_kind {
    const char *name;
    const char *purpose; /* in a line */
    unsigned takes;
    chart_write *write;
};

enum { CHART_KIND_COUNT = 11 };
extern const struct chart_kind chart_kinds[CHART_KIND_COUNT];

const struct chart_kind *chart_kind_of(const char *name); /* NULL: none of that name */

/* Draws it: the format by the ending of `path`. */
bool chart_draw(const struct chart_kind *kind, struct database *database, const struct chart_request *request,
                const char *path, struct chart_result *result, struct failure *failure);

/* Delay against demand: curves, limit, practical and saturated answer of each variant of a capacity study. */
chart_write delay_chart_write;
/* All answers of a capacity study, variant by variant. */
chart_write capacity_chart_write;
/* How full each section is: compressed, of a capacity study, or in use, of a run. */
chart_write occupation_chart_write;
/* The blocking times of a run's trains, block by block. */
chart_write stairway_write;
/* The sum of all money of an appraisal, discounted, year by year, with the fan of its cases. */
chart_write cash_chart_write;
/* What each uncertain assumption of an appraisal does to its value. */
chart_write tornado_chart_write;
/* What a run earned and spent by day, month or year. */
chart_write revenue_chart_write;
/* TEU of a run that wait for their first train, flow by flow, at the end of each day; and those refused. */
chart_write waiting_chart_write;
/* How long the containers of a run took, flow by flow: needs their rows. */
chart_write transit_chart_write;
/* Revenue, cost and margin a day of the points of a sweep (or the variants of another experiment) against trains a day.
 */
chart_write earnings_chart_write;

enum { CHART_FLOWS = 7 }; /* so many flows have a colour; of more, the largest are shown */

#endif
