/* What `bering audit` prints: what was checked, how often, what was left out and why, and what is wrong. */
#ifndef BERING_CLI_AUDIT_PRINT_H
#define BERING_CLI_AUDIT_PRINT_H

#include "audit/report.h"

/* A run that was audited, and what it is called. */
struct audited_run {
    struct audit_report report;
    char *title; /* "run 3, line113, blocks" */
};

/* Everything was checked that could be, and something was; nothing is wrong. */
bool audit_is_good(const struct audited_run *runs, int64_t count);

/* `whole`: every check with its number of cases, for one run; otherwise a line a run. Violations always. */
void audit_print_text(const struct audited_run *runs, int64_t count, bool whole);
void audit_print_json(const char *database, const struct audited_run *runs, int64_t count);
void audit_print_csv(const struct audited_run *runs, int64_t count); /* a row for each run and check */

#endif
