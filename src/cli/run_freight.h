/* What `bering run` says of containers and money: parts of its summary (run_summary.h). Of a run without flows and
 * without revenue they print nothing as text and empty arrays as JSON. Single flows, terminals and accounts are those
 * of the replication that is shown; sums with ± are over all that are complete. */
#ifndef BERING_CLI_RUN_FREIGHT_H
#define BERING_CLI_RUN_FREIGHT_H

#include "cli/output.h"
#include "cli/run_summary.h"

/* `run`: what is shown of it, not NULL. */
void run_freight_flows(const struct run_report *report, const struct recorded_run *run);     /* a table */
void run_freight_terminals(const struct run_report *report, const struct recorded_run *run); /* lines on what binds */
void run_freight_money(const struct run_report *report, const struct recorded_run *run);     /* a table */

/* "flows", "terminals" and "accounts"; `run` may be NULL. */
void run_freight_json(struct json *json, const struct run_report *report, const struct recorded_run *run);

#endif
