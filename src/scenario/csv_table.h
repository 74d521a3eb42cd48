/* One CSV file as rows of cells, each with its place. RFC 4180 and comments: UTF-8, a byte-order mark and CRLF
 * accepted; lines that begin with `#` and empty lines skipped; blanks around an unquoted cell do not count.
 *
 * Every line that cannot be read is reported and left out, the others are kept: `damaged` then says that what is
 * missing may have been there. Line numbers count from 1 in the file, quoted newlines included; a row's line is the
 * one it begins on. */
#ifndef BERING_SCENARIO_CSV_TABLE_H
#define BERING_SCENARIO_CSV_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scenario/diagnostics.h"
#include "scenario/text.h"

enum { CSV_LARGEST_FILE = 64 << 20 }; /* bytes */

struct csv_table {
    int32_t header_line; /* 0: the file holds no row at all */
    int32_t width;       /* cells of every row */
    const char **header; /* [width] */
    int32_t row_count;
    int32_t *lines;     /* [row_count] */
    const char **cells; /* [row_count × width], never NULL: an empty cell is "" */
    bool damaged;
    struct text_pool pool; /* owns the texts */
};

/* Tells which columns hold plain numbers, so that a decimal comma in a row with too many cells can be pointed at. */
struct csv_hints {
    bool (*is_number)(const void *context, const char *column);
    const void *context;
};

/* Reads `size` bytes, called `file` in messages. `hints` may be NULL. False when out of memory (and *table is empty);
 * otherwise *table holds what could be read. */
bool csv_table_read(const char *file, const char *bytes, size_t size, const struct csv_hints *hints,
                    struct diagnostics *diagnostics, struct csv_table *table);
void csv_table_free(struct csv_table *table);

#endif
