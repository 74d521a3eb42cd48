/* What `bering capacity` prints for programs: all that the page says, as JSON or CSV. */
#ifndef BERING_CLI_CAPACITY_FORMATS_H
#define BERING_CLI_CAPACITY_FORMATS_H

#include "cli/capacity_print.h"

void capacity_print_json(const char *title, const struct capacity_column *columns, int32_t count,
                         const struct option_gain *gains, int32_t gain_count);
/* A row for each answer; for each option one more, its id as the variant and what it adds as the figure. */
void capacity_print_csv(const struct capacity_column *columns, int32_t count, const struct option_gain *gains,
                        int32_t gain_count);

#endif
