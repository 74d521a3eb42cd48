/* A CSV file of a run's input as it is kept in the database: rows of texts, columns by name. */
#ifndef BERING_CHART_INPUT_TABLE_H
#define BERING_CHART_INPUT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"
#include "scenario/csv_table.h"

struct input_table {
    struct csv_table csv;
    char *options; /* of the run, joined by `+` */
};

/* Reads the file called `name` of the scenario folder the run was made from. A file that is not there is a table
 * without rows. */
bool input_table_read(struct database *database, int64_t run_id, const char *name, struct input_table *table,
                      struct failure *failure);
/* The same of any inputs kept, with no option on. */
bool input_table_read_inputs(struct database *database, const char *input_sha256, const char *name,
                             struct input_table *table, struct failure *failure);
void input_table_free(struct input_table *table);

/* The cell of a column, "" where there is no such column. */
const char *input_table_cell(const struct input_table *table, int32_t row, const char *column);

/* Whether the row's `option` holds with the options of the run. */
bool input_table_holds(const struct input_table *table, int32_t row);

#endif
