/* The checks, by what they look at. Each function does all checks of its file, counts what it tested and says what it
 * had to skip because the detail kept does not show it. They see the rows and the audit's own reading of the scenario,
 * nothing else. False only when memory is short (or, where they ask the database, when that fails). */
#ifndef BERING_AUDIT_CHECKS_H
#define BERING_AUDIT_CHECKS_H

#include "audit/report.h"
#include "audit/rows.h"
#include "audit/world.h"

/* AUDIT_BLOCK … AUDIT_PATH: needs blocks; opposing trains are also checked from calls. */
bool audit_check_line(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report);

/* AUDIT_TRACK … AUDIT_STANDING: needs calls. */
bool audit_check_stations(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report);

/* AUDIT_DEPARTURE … AUDIT_GAUGE, AUDIT_ACCOUNTED: needs trains, most of them calls. */
bool audit_check_trains(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report);

/* AUDIT_PHYSICS: needs calls; blocks make it finer. */
bool audit_check_physics(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report);

/* AUDIT_DELAY … AUDIT_LEDGER: the sums against the rows they were made of. */
bool audit_check_books(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                       struct audit_report *report, struct failure *failure);

/* AUDIT_INPUTS_INTACT, AUDIT_RESULTS_INTACT, AUDIT_SETTINGS, AUDIT_REFERENCES. */
bool audit_check_file(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                      struct audit_report *report, struct failure *failure);

/* AUDIT_CONTAINERS, so far as flow_use alone shows it. */
bool audit_check_money(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                       struct failure *failure);

#endif
