/* Which run a chart is of, and which hours of it. */
#ifndef BERING_CHART_GRAPH_RUN_H
#define BERING_CHART_GRAPH_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"

/* Texts belong to the run; variant may be NULL. */
struct graph_run {
    int64_t run_id, replication;
    int64_t warmup_ms, horizon_ms, end_ms;
    int64_t last_ms;   /* what can be shown ends here: the trains of a deadlock stand on for a while after its end */
    int64_t first_day; /* of time 0, in days since 1970-01-01 */
    char *scenario, *variant, *dispatch, *detail, *status;
    double trains_per_day, mean_delay_min; /* NAN where the run has none */
};

/* The run with this id; 0: the last complete one, or else the last that deadlocked. Fails where there is none, or where
 * it keeps no calls to draw. */
bool graph_run_read(struct database *database, int64_t run_id, struct graph_run *run, struct failure *failure);
/* Likewise, whatever it keeps. */
bool graph_run_read_any(struct database *database, int64_t run_id, struct graph_run *run, struct failure *failure);
void graph_run_free(struct graph_run *run);

/* A moment as the user writes it. */
struct graph_time {
    enum { TIME_OPEN, TIME_CLOCK, TIME_MOMENT } kind; /* not given; of the first measured day; from time 0 */
    int64_t ms;
};

/* `HH:MM` (hours over 24 are later days), `D HH:MM` (day D of the run, from 1) or a number of hours from time 0. False
 * if it is none of them. */
bool graph_time_parse(const char *text, struct graph_time *time);

enum { LEAST_WINDOW_MS = 60000 }; /* no chart shows less */

/* The hours to show: by default `span_ms` from where the first measured day begins, or the last day of a run that ended
 * before it. */
bool graph_window(const struct graph_run *run, struct graph_time from, struct graph_time to, int64_t span_ms,
                  int64_t *from_ms, int64_t *to_ms, struct failure *failure);

#endif
