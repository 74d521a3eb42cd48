/* How long every train type takes over every section, and with how much energy: what `bering check` shows, worked out
 * by the same functions that a simulation uses, for one section at a time and over turnouts without a limit. */
#ifndef BERING_STUDY_RUNNING_TABLE_H
#define BERING_STUDY_RUNNING_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"

enum running_case { PASS_TO_PASS, START_TO_PASS, PASS_TO_STOP, START_TO_STOP, RUNNING_CASE_COUNT };

/* A train that starts has its head at the exit signal of the one station, one that stops at that of the other. */
struct running_case_result {
    double run_s;      /* planned: the supplement included; NAN: it stalls */
    double energy_kwh; /* at the wheel; NAN where the time is fixed */
};

struct running_row {
    int32_t train_type, section, direction;
    bool fixed;        /* by running_times.csv */
    double stalled_km; /* where it stalls, km from the station it comes from; NAN: nowhere */
    struct running_case_result cases[RUNNING_CASE_COUNT];
};

struct running_table {
    struct running_row *rows; /* by train type, section, direction; without those that may not run there */
    int32_t count;
};

/* False when out of memory. Train types that a section's gauge or clearance keeps out, and those without traction where
 * no time is fixed, have no row. */
bool running_table_make(const struct scenario *scenario, struct running_table *table);
void running_table_free(struct running_table *table); /* leaves it empty */

#endif
