/* What the answers of `bering capacity` rest on, as tables for people (`--evidence`): the pieces of the compressed
 * timetable, what was carried at each load offered, and the delay at each demand beside its fit. JSON and the database
 * hold the same always. */
#ifndef BERING_CLI_CAPACITY_EVIDENCE_H
#define BERING_CLI_CAPACITY_EVIDENCE_H

#include "cli/capacity_print.h"

/* Of every column that was simulated, one after the other, on standard output. */
void capacity_print_evidence(const struct capacity_column *columns, int32_t count);

#endif
