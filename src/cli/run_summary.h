/* What `bering run` prints when it is done, for people and for programs (docs/formats.md §3). */
#ifndef BERING_CLI_RUN_SUMMARY_H
#define BERING_CLI_RUN_SUMMARY_H

#include "study/replications.h"

struct run_report {
    const struct scenario *scenario;
    const struct replications *replications;
    const char *database; /* its path */
};

void run_summary_text(const struct run_report *report);
void run_summary_json(const struct run_report *report);
void run_summary_csv(const struct run_report *report);

#endif
