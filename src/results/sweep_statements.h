/* Inside the room: statements as the files sweep_*.c need them. */
#ifndef BERING_RESULTS_SWEEP_STATEMENTS_H
#define BERING_RESULTS_SWEEP_STATEMENTS_H

#include "engine/statistics.h"
#include "results/database.h"

/* Whether a run has its results. */
#define HAS_RESULTS "status IN ('complete', 'deadlocked')"

/* With ?1, and ?2 where there is one, bound. NULL on failure. */
sqlite3_stmt *statement_with(struct database *database, const char *sql, int64_t first, int64_t second,
                             struct failure *failure);

/* Ends a statement whose last step gave `code`; false where that is an error. */
bool statement_finish(struct database *database, sqlite3_stmt *statement, int code, struct failure *failure);

/* Runs a statement with at most two parameters that gives no rows. */
bool statement_run(struct database *database, const char *sql, int64_t first, int64_t second, struct failure *failure);

double statement_real(sqlite3_stmt *statement, int column);      /* NAN for NULL */
const char *statement_text(sqlite3_stmt *statement, int column); /* "" for NULL */

bool sweep_no_memory(struct failure *failure); /* says so; returns false */

/* The place of a metric in sweep_metrics; −1: it is none of them. */
int sweep_metric_place(const char *name);

/* As in the tables: no half-width below two replications, or where one has no value. */
struct estimate sweep_estimate(const struct running_statistics *statistics);

#endif
