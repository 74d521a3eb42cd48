/* The file the results live in: one SQLite database (docs/formats.md §4), which further runs are appended to.
 *
 *     struct failure failure;
 *     struct database *database = database_open("bering.db", DATABASE_WRITE, DATABASE_PATIENCE_MS, &failure);
 *     if (database == NULL) …failure.text says why…
 *     …store.h, run_list.h or plain SQL through database_handle()…
 *     database_close(database);
 *
 * The file is marked by its application_id and user_version. A file of somebody else, or of a newer Bering, is refused
 * and left as it is; one of an older Bering is brought up to date, views included, when it is opened to be written to,
 * and only looks as if it were when it is opened to be read. While it is open for writing the file is in WAL mode, so
 * that it can be read meanwhile; when the last writer closes it, it is one file again.
 *
 * A run that is `running` though its process has ended (killed, or without room to write) becomes `interrupted` when
 * the file is next opened for writing, or closed after it, while nobody else has it open. Runs of other processes at
 * work are never touched: whoever writes runs keeps the file open from their beginning to their end.
 *
 * Views (v_runs, v_metrics, v_estimates, v_points, v_differences, v_trains, v_calls, v_waits, v_occupations,
 * v_section_use, v_station_use, v_deadlocks, v_disruptions, v_flow_use, v_flows, v_terminal_use, v_teu_waiting,
 * v_ledger, v_income, v_containers) give names for ids, hours and minutes for milliseconds, dollars for cents. Each
 * says in a comment what it shows, with an example query: sqlite3 bering.db '.schema v_trains'
 *
 * A database belongs to one thread at a time. */
#ifndef BERING_RESULTS_DATABASE_H
#define BERING_RESULTS_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "results/failure.h"

enum database_mode {
    DATABASE_READ, /* must exist; never changed, but for what a killed process had begun to write: that is taken back */
    DATABASE_WRITE, /* made if it is not there, or is an empty file */
    DATABASE_CHANGE /* must exist; will be written to */
};

enum { DATABASE_PATIENCE_MS = 30000 }; /* how long to wait for another process that writes */

struct database;

/* NULL on failure. `patience_ms` is how long any later statement waits while another process holds the file. */
struct database *database_open(const char *path, enum database_mode mode, int32_t patience_ms, struct failure *failure);

/* Whether it could be opened for DATABASE_WRITE now: asked before long work whose results are written at its end. Makes
 * no file. */
bool database_can_be_written(const char *path, int32_t patience_ms, struct failure *failure);

/* An empty one that lies in memory alone and is gone when it is closed. NULL on failure. */
struct database *database_in_memory(struct failure *failure);

/* Back to one file, where nobody else has it open, and closed. NULL is allowed. */
void database_close(struct database *database);

sqlite3 *database_handle(struct database *database); /* belongs to the database */
const char *database_path(const struct database *database);

/* Whether it is in WAL mode, or that cannot be told for want of memory. Then runs that are `running` once it is open
 * for writing are, or may be, those of somebody at work: those of the dead have been marked, unless somebody else has
 * it open. */
bool database_in_wal(struct database *database);

/* Whether its file is still where it was opened. What is written to one that was deleted would be lost, and beside one
 * that was renamed SQLite's own files would get lost. */
bool database_in_place(struct database *database, struct failure *failure);

/* Runs statements that return nothing of interest. */
bool database_execute(struct database *database, const char *sql, struct failure *failure);

/* NULL on failure; to be finalised by the caller. */
sqlite3_stmt *database_prepare(struct database *database, const char *sql, struct failure *failure);

/* The text of a column of the row a statement stands at, "" where it is NULL; it lives as SQLite's own does. NULL where
 * there is no memory for it: database_explain says so. */
const char *database_text(sqlite3_stmt *statement, int column);

/* Says in plain words what SQLite's last error on this database means for the user; returns false. */
bool database_explain(struct database *database, struct failure *failure);

#endif
