/* What `bering check` prints: the scenario as it was understood, for people and for programs. */
#ifndef BERING_CLI_CHECK_REPORT_H
#define BERING_CLI_CHECK_REPORT_H

#include "scenario/scenario.h"
#include "study/running_table.h"

/* In JSON `scenario` and `table` are NULL when nothing could be read. */
void check_report_text(const struct scenario *scenario, const struct running_table *table,
                       const struct diagnostics *diagnostics);
void check_report_json(const struct scenario *scenario, const struct running_table *table,
                       const struct diagnostics *diagnostics);
void check_report_csv(const struct scenario *scenario, const struct running_table *table); /* the running times */

#endif
