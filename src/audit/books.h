/* The parts of audit_check_books(): what the database sums up, made again from the rows it was summed from. Private to
 * the files check_books.c, check_waits.c, check_metrics.c, check_section_use.c, check_station_use.c, check_estimates.c,
 * check_deadlock.c, check_containers.c and check_ledger.c. What each figure means: docs/formats.md, "Metrics", and
 * docs/model.md, "Delay and waiting". */
#ifndef BERING_AUDIT_BOOKS_H
#define BERING_AUDIT_BOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/movements.h"
#include "audit/report.h"
#include "audit/rows.h"
#include "audit/world.h"
#include "results/database.h"

struct books {
    struct database *database;
    const struct audit_world *world;
    const struct audit_rows *rows;
    struct audit_report *report;
    struct failure *failure;
    int64_t from_ms, to_ms;  /* the measured window, as far as the run came */
    int64_t end_ms;          /* of the run */
    int64_t count_to_ms;     /* trains count before this: the end of the window; INT64_MAX where nothing caps the run */
    int64_t *could_leave_ms; /* [call]: when it could have left by timetable and least dwell; AUDIT_NULL_MS: not known,
                                or it goes nowhere from there */
};

/* A stretch of time [from, to) of which the end is known within bounds. */
struct books_span {
    int64_t from_ms, least_to_ms, most_to_ms;
};

/* All return false only when the database fails or memory is short, and have then said so in `failure`. */
bool books_check_delays(const struct books *books);
bool books_check_waits(const struct books *books);
bool books_check_metrics(const struct books *books);
bool books_check_section_use(const struct books *books);
bool books_check_station_use(const struct books *books);
bool books_check_estimates(const struct books *books);
bool books_check_deadlock(const struct books *books);
bool books_check_containers(const struct books *books);
bool books_check_ledger(const struct books *books);

/* A query whose ?1 is the run; NULL on failure. Finalise it with books_done, which takes the last code of its steps. */
sqlite3_stmt *books_query(const struct books *books, const char *sql);
bool books_done(const struct books *books, sqlite3_stmt *statement, int code);

bool books_no_memory(const struct books *books); /* says so; returns false */

/* A number of things or cents; one beyond all reason is taken to lie where sums of them stay numbers. */
int64_t books_figure(sqlite3_stmt *statement, int column);

/* NAN where the column is NULL. */
double books_real(sqlite3_stmt *statement, int column);

/* Alike to a part in 10⁹, or to 10⁻⁹ near zero; NANs are alike. */
bool books_alike(double a, double b);

/* The part of [from, to) inside the window. */
int64_t books_in_window(const struct books *books, int64_t from_ms, int64_t to_ms);

/* Whether a time counts: within the window; never where it is AUDIT_NULL_MS. */
bool books_counts(const struct books *books, int64_t time_ms);

/* The plan's row for the station of a call; NULL: the plan does not name it, or is not known. */
const struct audit_call *books_planned_call(const struct books *books, int32_t call);

/* Whether a train's call is its last, where it ends. */
bool books_is_last(const struct books *books, int32_t call);

/* The section from a call to the next one, −1 if there is none. */
int32_t books_section_after(const struct books *books, int32_t call, enum audit_direction *direction);

/* Whether a section is run in a fixed time by this type and cleared on arrival. */
bool books_is_point_run(const struct books *books, int32_t section, int32_t type, enum audit_direction direction);

#endif
