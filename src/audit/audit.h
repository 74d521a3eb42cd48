/* `bering audit`: checks a run from its database alone. It reads the files kept there and the rows, and goes through
 * everything that must always hold (docs/model.md, "What always holds") with code of its own: of the rest of Bering it
 * uses the reading of CSV and of SQLite, and the SHA-256 function. */
#ifndef BERING_AUDIT_AUDIT_H
#define BERING_AUDIT_AUDIT_H

#include "audit/report.h"
#include "results/database.h"

/* Audits one run; `report` is filled and to be freed. False if the database fails or memory is short. A run that is
 * still running, was interrupted or failed has nothing to check: all its checks are skipped, and say so. */
bool audit_run(struct database *database, int64_t run_id, struct audit_report *report, struct failure *failure);

#endif
