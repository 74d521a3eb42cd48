/* How commands print: aligned tables for people, JSON and CSV for programs, headings in bold on a terminal. */
#ifndef BERING_CLI_OUTPUT_H
#define BERING_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV };
#define OUTPUT_FORMATS "text|json|csv"

/* Cells of text tables, headings and complaints are made printable (text_make_printable): names come from files of
 * others. */

/* One line on stderr, "bering COMMAND: …", whatever characters are in it; `command` NULL for the program itself. Long
 * texts, which somebody has typed, are cut. */
void print_complaint(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints a line in bold where stdout is a terminal and NO_COLOR is not set. */
void print_heading(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- Durations and moments as text; each returns `text`. */
enum { DURATION_SIZE = 48 };
char *format_minutes(double seconds, char text[DURATION_SIZE]);     /* "12.3 min"; "–" for NAN */
char *format_hours(int64_t milliseconds, char text[DURATION_SIZE]); /* "3:07" h:mm; from a day on "2 d 03:07" */

/* ---- A table of cells, printed with aligned columns. The text of cells is copied. */
struct text_table;
/* `alignment` has one letter a column: 'l' or 'r'. `headers` may have NULLs; NULL: no header. NULL without memory: the
 * other functions then do nothing. A table for which memory did not suffice is not printed, and output_is_whole tells.
 */
struct text_table *text_table_create(const char *alignment, const char *const *headers);
void text_table_cell(struct text_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_table_print(const struct text_table *table, FILE *stream, int32_t indent);
void text_table_destroy(struct text_table *table);

/* False once something was not printed because memory is short: whoever ends the program must say so, as with what
 * could not be written to stdout. */
bool output_is_whole(void);
void output_lose(void); /* says that something was not */

/* ---- CSV: cells of a row, then its end. */
struct csv_row {
    FILE *stream;
    bool started;
};
void csv_text(struct csv_row *row, const char *text); /* NULL: empty */
void csv_integer(struct csv_row *row, int64_t value);
void csv_real(struct csv_row *row, double value); /* NAN: empty */
void csv_end(struct csv_row *row);

/* ---- JSON: what is written inside an object has a key, inside an array NULL. */
struct json {
    FILE *stream;
    int32_t depth;
    bool filled[16]; /* [depth]: something has been written there */
};
void json_object_begin(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array_begin(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_text(struct json *json, const char *key, const char *text); /* NULL: null */
void json_integer(struct json *json, const char *key, int64_t value);
void json_real(struct json *json, const char *key, double value); /* NAN and infinities: null */
void json_boolean(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* The shortest decimal that reads back as the same number. */
enum { REAL_SIZE = 32 };
char *format_real(double value, char text[REAL_SIZE]);

#endif
