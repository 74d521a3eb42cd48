/* What `bering sweep` prints when it is done, for people and for programs (docs/formats.md §4). */
#ifndef BERING_CLI_SWEEP_PRINT_H
#define BERING_CLI_SWEEP_PRINT_H

#include "study/sweep_points.h"

struct sweep_report {
    const struct sweep_points *points;
    const struct sweep_results *results;
    const char *database;  /* its path */
    const char *arguments; /* as typed, for how to go on */
};

void sweep_print_text(const struct sweep_report *report);
void sweep_print_json(const struct sweep_report *report);
void sweep_print_csv(const struct sweep_report *report);

#endif
