/* A table of a scenario: rows by number, columns by their number in the description, whatever their order in the file.
 * A cell can be replaced by an override before anything reads it. Reading a cell reports what is wrong with it, with
 * its place or the override that brought it: read each cell once. */
#ifndef BERING_SCENARIO_TABLE_H
#define BERING_SCENARIO_TABLE_H

#include "engine/law.h"
#include "scenario/columns.h"
#include "scenario/csv_table.h"
#include "scenario/names.h"

/* KEY=VALUE of --set or of a variant. The texts belong to whoever made it. */
struct override {
    const char *key, *value;
    const char *file; /* where it was written: `--set`, or variants.csv with its place */
    int32_t line, column;
    bool trial; /* of a variant that is not chosen: checked, and nothing changed */
};

struct table {
    const struct table_description *description;
    const char *file; /* as the user would open it; owned by the input files */
    bool present;     /* there is such a file and its header could be read */
    bool damaged;     /* rows are missing that could not be read */
    int32_t row_count;
    int32_t *lines;                     /* [row_count]; of keys [column_count], each key having a line of its own */
    const char **cells;                 /* [row_count × column_count], "" where empty or left out */
    const struct override **origins;    /* [row_count × column_count] or NULL; NULL entry: from the file */
    int32_t places[TABLE_MOST_COLUMNS]; /* the column's number in the file, from 1; 0: left out */
    struct csv_table csv;               /* owns the texts */
};

/* Links `csv` (which the table takes over, whatever the result) to the columns of `description`: reports unknown,
 * double and missing columns. False when out of memory. */
bool table_build(struct table *table, const struct table_description *description, const char *file,
                 struct csv_table *csv, struct diagnostics *diagnostics);
/* The table of one row whose columns are the keys of `source`, scenario.csv's or economics.csv's, which it refers to:
 * `keys` is TABLE_SETTINGS or TABLE_ECONOMIC_KEYS. False when out of memory. */
bool table_build_keys(struct table *table, enum table_name keys, const struct table *source,
                      struct diagnostics *diagnostics);
void table_free(struct table *table);

/* One row being read. */
struct row {
    const struct table *table;
    int32_t index;
    struct diagnostics *diagnostics;
};

void row_error(const struct row *row, int32_t column, const char *format, ...) __attribute__((format(printf, 3, 4)));
void row_warning(const struct row *row, int32_t column, const char *format, ...) __attribute__((format(printf, 3, 4)));

int32_t row_line(const struct row *row, int32_t column);
const char *cell_raw(const struct row *row, int32_t column);  /* as it is, nothing reported */
bool cell_given(const struct row *row, int32_t column);       /* not empty */
const char *cell_text(const struct row *row, int32_t column); /* identifiers and required cells are checked */

/* Inside Bering's units; NAN when empty without a default, or wrong. */
double cell_number(const struct row *row, int32_t column);
/* `otherwise` when empty without a default, or wrong. */
int64_t cell_whole(const struct row *row, int32_t column, int64_t otherwise);
int64_t cell_milliseconds(const struct row *row, int32_t column, int64_t otherwise); /* of a number in seconds */
int64_t cell_clock(const struct row *row, int32_t column, int64_t otherwise);        /* ms */
int32_t cell_word(const struct row *row, int32_t column, int32_t otherwise);         /* its place among the words */
unsigned cell_directions(const struct row *row, int32_t column);                     /* DIRECTION_…_BITs */
unsigned cell_weekdays(const struct row *row, int32_t column); /* bit 0 Monday …; all if wrong */
void cell_date(const struct row *row, int32_t column, int32_t *year, int32_t *month, int32_t *day);
/* The caller frees the law; false when wrong (it is then the default). */
bool cell_law(const struct row *row, int32_t column, struct law *law);

/* A clock text alone: ms, or −1. */
int64_t clock_parse(const char *text);

/* The row an identifier refers to: reports one that nothing declares. `found` is the index names_find gives; −1 when
 * switched off or not declared. */
enum name_state cell_reference(const struct row *row, int32_t column, const struct names *names, int32_t *found);
/* The same for an identifier that is only a part of a cell. */
enum name_state refer(const struct row *row, int32_t column, const char *what, const char *identifier,
                      const struct names *names, int32_t *found);

#endif
