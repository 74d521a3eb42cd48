#include "scenario/csv_table.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* libcsv knows no lines, no comments, no bytes that are not text, and stops at the first error. So the file is cut into
 * rows here, by a scanner that follows the same rules of quoting, and libcsv is fed one row at a time. */

enum scan_state { CELL_START, UNQUOTED, QUOTED, QUOTE_SEEN, AFTER_QUOTE };

struct scan {
    enum scan_state state;
    int32_t line;                   /* of the next byte */
    int32_t cell;                   /* of the next byte, from 1 */
    int32_t quote_line, quote_cell; /* where the last quoted cell began */
};

static void scan_byte(struct scan *scan, char byte) {
    const bool blank = byte == ' ' || byte == '\t';
    if (byte == '\n') scan->line++;
    if (byte == ',' && scan->state != QUOTED) {
        scan->cell++;
        scan->state = CELL_START;
    } else if (byte == '"' && scan->state == CELL_START) {
        scan->state = QUOTED;
        scan->quote_line = scan->line;
        scan->quote_cell = scan->cell;
    } else if (byte == '"' && scan->state == QUOTED) {
        scan->state = QUOTE_SEEN;
    } else if (byte == '"' && scan->state == QUOTE_SEEN) {
        scan->state = QUOTED;
    } else if (scan->state == QUOTE_SEEN) {
        scan->state = AFTER_QUOTE;
    } else if (scan->state == CELL_START && !blank) {
        scan->state = UNQUOTED;
    }
}

/* One row (or comment) of the file: its bytes without the line end. */
struct span {
    const char *bytes;
    size_t size;
    int32_t line; /* it begins on */
};

/* The scanner before the byte at `offset` of the row. */
static struct scan scan_to(const struct span *row, size_t offset) {
    struct scan scan = {.line = row->line, .cell = 1};
    for (size_t i = 0; i < offset; i++) scan_byte(&scan, row->bytes[i]);
    return scan;
}

/* What reading a file needs at hand. */
struct csv_reading {
    const char *file;
    const struct csv_hints *hints;
    struct diagnostics *diagnostics;
    struct csv_table *table;
    struct csv_parser parser;
    bool parser_ready;
    const char **row; /* cells of the row being read */
    int32_t row_cells, row_room;
    int32_t rows_room;
    bool row_ended;
    bool out_of_memory;
};

static void report(struct csv_reading *reading, int32_t line, int32_t column, const char *message) {
    diagnostics_error(reading->diagnostics, reading->file, line, column, "%s", message);
    reading->table->damaged = true;
}

/* Cuts the next row off the front. False when an open quote runs to the end of the file, with *scan as it ends. */
static bool cut_row(const char **next, size_t *left, struct span *row, struct scan *scan) {
    *row = (struct span){.bytes = *next, .line = scan->line};
    const bool comment = (*next)[0] == '#';
    *scan = (struct scan){.line = scan->line, .cell = 1};
    size_t size = 0;
    for (; size < *left; size++) {
        if ((*next)[size] == '\n' && (comment || scan->state != QUOTED)) break;
        if (!comment) scan_byte(scan, (*next)[size]);
    }
    row->size = size;
    const bool ended = size < *left;
    *next += size + ended;
    *left -= size + ended;
    scan->line += ended;
    if (row->size > 0 && row->bytes[row->size - 1] == '\r' && (ended || scan->state != QUOTED)) row->size--;
    return ended || comment || scan->state != QUOTED;
}

/* Bytes that are not text, and carriage returns that end no line (libcsv would end the row there). */
static bool check_bytes(struct csv_reading *reading, const struct span *row) {
    const bool comment = row->size > 0 && row->bytes[0] == '#';
    struct scan scan = {.line = row->line, .cell = 1};
    for (size_t i = 0; i < row->size;) {
        const size_t length = utf8_length((const unsigned char *)row->bytes + i, row->size - i);
        const unsigned char byte = (unsigned char)row->bytes[i];
        const char *wrong = NULL;
        if (byte == 0) wrong = "a NUL byte, expected text";
        if (byte == '\r' && !comment && scan.state != QUOTED)
            wrong = "a carriage return without a newline, expected lines that end with LF or CRLF";
        if (length == 0) {
            diagnostics_error(reading->diagnostics, reading->file, scan.line, scan.cell,
                              "byte 0x%02X is not UTF-8, expected UTF-8 text", byte);
            reading->table->damaged = true;
            return false;
        }
        if (wrong) return report(reading, scan.line, scan.cell, wrong), false;
        for (size_t k = 0; k < length && !comment; k++) scan_byte(&scan, row->bytes[i + k]);
        i += length;
    }
    return true;
}

static void on_cell(void *text, size_t size, void *context) {
    struct csv_reading *reading = context;
    if (reading->out_of_memory) return;
    if (reading->row_cells == reading->row_room) {
        const int32_t room = reading->row_room ? 2 * reading->row_room : 32;
        const char **row = realloc(reading->row, (size_t)room * sizeof *row);
        if (!row) {
            reading->out_of_memory = true;
            return;
        }
        reading->row = row;
        reading->row_room = room;
    }
    const char *cell = text && size ? text_pool_add(&reading->table->pool, text, size) : "";
    if (!cell) reading->out_of_memory = true;
    reading->row[reading->row_cells++] = cell;
}

static void on_row(int terminator, void *context) {
    (void)terminator;
    ((struct csv_reading *)context)->row_ended = true;
}

static bool start_parser(struct csv_reading *reading) {
    if (reading->parser_ready) csv_free(&reading->parser);
    reading->parser_ready =
        csv_init(&reading->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) == 0;
    if (!reading->parser_ready) return false;
    csv_set_blk_size(&reading->parser, 4096);
    return true;
}

/* Reads the cells of one row into reading->row. False when it was reported or memory ran out. */
static bool parse_row(struct csv_reading *reading, const struct span *row) {
    reading->row_cells = 0;
    reading->row_ended = false;
    size_t done = csv_parse(&reading->parser, row->bytes, row->size, on_cell, on_row, reading);
    if (done == row->size) done += csv_parse(&reading->parser, "\n", 1, on_cell, on_row, reading);
    if (done == row->size + 1) return !reading->out_of_memory;
    if (csv_error(&reading->parser) != CSV_EPARSE) {
        reading->out_of_memory = true;
        return false;
    }
    const struct scan scan = scan_to(row, done);
    report(reading, scan.line, scan.cell,
           scan.state == UNQUOTED || scan.state == CELL_START
               ? "a quote inside a cell without quotes, expected the whole cell in quotes and the quote doubled"
               : "text after the closing quote, expected a comma or the end of the line");
    if (!start_parser(reading)) reading->out_of_memory = true;
    return false;
}

static bool digits_only(const char *text) {
    size_t length = 0;
    while (text[length] >= '0' && text[length] <= '9') length++;
    return length > 0 && text[length] == '\0';
}

static bool could_be_number(const char *text) {
    return *text == '\0' || *text == '*' || digits_only(text + (*text == '-')) || strpbrk(text, ".e");
}

static bool numeric_column(const struct csv_reading *reading, int32_t column) {
    return reading->hints && reading->hints->is_number(reading->hints->context, reading->table->header[column]);
}

/* Whether the cells from `cell` on fit the columns from `column` on, if `extra` numbers were split at a decimal comma;
 * *split is then the first such cell. */
static bool split_fits(const struct csv_reading *reading, int32_t cell, int32_t column, int32_t extra, int32_t *split,
                       int32_t *split_column) {
    for (; column < reading->table->width; cell++, column++) {
        const char *text = reading->row[cell];
        const bool numeric = numeric_column(reading, column);
        const bool pair = numeric && extra > 0 && cell + 1 < reading->row_cells && digits_only(text + (*text == '-')) &&
                          digits_only(reading->row[cell + 1]);
        int32_t later = -1, later_column = -1;
        if (pair && split_fits(reading, cell + 2, column + 1, extra - 1, &later, &later_column)) {
            *split = cell;
            *split_column = column;
            return true;
        }
        if (numeric && !could_be_number(text)) return false;
    }
    return extra == 0;
}

static void report_wrong_count(struct csv_reading *reading, const struct span *row) {
    enum { MOST_SPLITS = 3, MOST_COLUMNS = 64 };
    const int32_t width = reading->table->width, cells = reading->row_cells, extra = cells - width;
    int32_t split = -1, column = -1;
    reading->table->damaged = true;
    if (extra >= 1 && extra <= MOST_SPLITS && width <= MOST_COLUMNS &&
        split_fits(reading, 0, 0, extra, &split, &column)) {
        diagnostics_error(reading->diagnostics, reading->file, row->line, split + 1,
                          "%d cells, expected %d; %s has a decimal comma: write %.*s.%.*s", cells, width,
                          reading->table->header[column], text_shown(reading->row[split]), reading->row[split],
                          text_shown(reading->row[split + 1]), reading->row[split + 1]);
        return;
    }
    diagnostics_error(reading->diagnostics, reading->file, row->line, cells > width ? width + 1 : cells,
                      "%d cell%s, expected %d as in the header", cells, cells == 1 ? "" : "s", width);
}

static bool keep_header(struct csv_reading *reading, const struct span *row) {
    struct csv_table *table = reading->table;
    table->header = malloc((size_t)reading->row_cells * sizeof *table->header);
    if (!table->header) return false;
    memcpy(table->header, reading->row, (size_t)reading->row_cells * sizeof *table->header);
    table->width = reading->row_cells;
    table->header_line = row->line;
    return true;
}

/* Whether the header is one cell that other separators divide, which is reported: its rows need not be. */
static bool other_separator(struct csv_reading *reading, const struct span *row) {
    const char *separator = strpbrk(reading->row[0], ";\t");
    if (reading->row_cells > 1 || !separator) return false;
    report(reading, row->line, 1,
           *separator == ';' ? "separated by ';', expected commas" : "separated by tabs, expected commas");
    return true;
}

static bool make_room(struct csv_reading *reading) {
    struct csv_table *table = reading->table;
    if (table->row_count < reading->rows_room) return true;
    const int32_t room = reading->rows_room ? 2 * reading->rows_room : 64;
    int32_t *lines = realloc(table->lines, (size_t)room * sizeof *lines);
    if (lines) table->lines = lines;
    const char **cells = lines ? realloc(table->cells, (size_t)room * (size_t)table->width * sizeof *cells) : NULL;
    if (!cells) return false;
    table->cells = cells;
    reading->rows_room = room;
    return true;
}

static bool keep_row(struct csv_reading *reading, const struct span *row) {
    struct csv_table *table = reading->table;
    if (!make_room(reading)) return false;
    memcpy(table->cells + (size_t)table->row_count * (size_t)table->width, reading->row,
           (size_t)table->width * sizeof *table->cells);
    table->lines[table->row_count++] = row->line;
    return true;
}

/* False when out of memory. */
static bool take_row(struct csv_reading *reading, const struct span *row) {
    if (!check_bytes(reading, row)) return true;
    if (row->size == 0 || row->bytes[0] == '#') return true;
    if (!parse_row(reading, row)) return !reading->out_of_memory;
    if (!reading->row_ended || reading->row_cells == 0) return true; /* nothing but blanks */
    if (reading->table->header_line == 0) return other_separator(reading, row) || keep_header(reading, row);
    if (reading->row_cells == reading->table->width) return keep_row(reading, row);
    report_wrong_count(reading, row);
    return true;
}

static bool read_rows(struct csv_reading *reading, const char *bytes, size_t size) {
    struct scan scan = {.line = 1, .cell = 1};
    while (size > 0) {
        struct span row;
        if (!cut_row(&bytes, &size, &row, &scan)) {
            report(reading, scan.quote_line, scan.quote_cell,
                   "the quote that opens here is never closed, expected a closing quote");
            return true;
        }
        if (!take_row(reading, &row)) return false;
        /* Without a header the rows mean nothing. */
        if (reading->table->header_line == 0 && reading->table->damaged) return true;
    }
    return true;
}

bool csv_table_read(const char *file, const char *bytes, size_t size, const struct csv_hints *hints,
                    struct diagnostics *diagnostics, struct csv_table *table) {
    *table = (struct csv_table){0};
    struct csv_reading reading = {.file = file, .hints = hints, .diagnostics = diagnostics, .table = table};
    if (size > CSV_LARGEST_FILE) {
        diagnostics_error(diagnostics, file, 0, 0, "larger than 64 MiB, expected at most 67108864 bytes");
        table->damaged = true;
        return true;
    }
    if (size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) bytes += 3, size -= 3;
    const bool done = start_parser(&reading) && read_rows(&reading, bytes, size);
    if (reading.parser_ready) csv_free(&reading.parser);
    free(reading.row);
    if (!done) csv_table_free(table);
    return done;
}

void csv_table_free(struct csv_table *table) {
    free(table->header);
    free(table->lines);
    free(table->cells);
    text_pool_free(&table->pool);
    *table = (struct csv_table){0};
}
