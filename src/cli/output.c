#include "cli/output.h"
#include "scenario/text.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_colour(void) {
    const char *refused = getenv("NO_COLOR");
    return (refused == NULL || refused[0] == '\0') && isatty(STDOUT_FILENO);
}

void print_complaint(const char *command, const char *format, ...) {
    char text[1200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(stderr, "bering%s%s: %s\n", command != NULL ? " " : "", command != NULL ? command : "",
            text_make_printable(text));
}

void print_heading(const char *format, ...) {
    const bool colour = wants_colour();
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    printf(colour ? "\033[1m%s\033[0m\n" : "%s\n", text_make_printable(text));
}

char *format_minutes(double seconds, char text[DURATION_SIZE]) {
    if (isnan(seconds))
        snprintf(text, DURATION_SIZE, "–");
    else
        snprintf(text, DURATION_SIZE, "%.1f min", seconds / 60);
    return text;
}

char *format_hours(int64_t milliseconds, char text[DURATION_SIZE]) {
    const char *sign = milliseconds < 0 ? "-" : "";
    const int64_t minutes = (llabs(milliseconds) + 30000) / 60000; /* to the nearest minute */
    const int64_t days = minutes / 1440;
    if (days == 0)
        snprintf(text, DURATION_SIZE, "%s%" PRId64 ":%02" PRId64, sign, minutes / 60, minutes % 60);
    else
        snprintf(text, DURATION_SIZE, "%s%" PRId64 " d %02" PRId64 ":%02" PRId64, sign, days, minutes % 1440 / 60,
                 minutes % 60);
    return text;
}

/* ---------------------------------------------------------------------------------------------------- text tables */

enum { MOST_COLUMNS = 32 };

/* Belongs to stdout as its error does (ferror), and like it cannot be carried through all that prints. */
static atomic_bool incomplete;

bool output_is_whole(void) {
    return !atomic_load(&incomplete);
}

void output_lose(void) {
    atomic_store(&incomplete, true);
}

struct text_table {
    char alignment[MOST_COLUMNS + 1];
    int32_t column_count;
    char **cells; /* row by row, the header first if there is one */
    int32_t cell_count, capacity;
    bool has_header;
    bool short_of_memory; /* a cell is missing */
};

static void add_cell(struct text_table *table, const char *text) {
    if (table->cell_count == table->capacity) {
        const int32_t capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
        char **cells = realloc(table->cells, (size_t)capacity * sizeof *cells);
        if (cells == NULL) {
            table->short_of_memory = true;
            return;
        }
        table->cells = cells;
        table->capacity = capacity;
    }
    char *copy = strdup(text);
    if (copy == NULL)
        table->short_of_memory = true;
    else
        table->cells[table->cell_count++] = text_make_printable(copy);
}

struct text_table *text_table_create(const char *alignment, const char *const *headers) {
    assert(strlen(alignment) <= MOST_COLUMNS);
    struct text_table *table = calloc(1, sizeof *table);
    if (table == NULL) return NULL;
    table->column_count = (int32_t)strlen(alignment);
    memcpy(table->alignment, alignment, strlen(alignment) + 1);
    table->has_header = headers != NULL;
    for (int32_t column = 0; headers != NULL && column < table->column_count; column++)
        add_cell(table, headers[column] != NULL ? headers[column] : "");
    return table;
}

void text_table_cell(struct text_table *table, const char *format, ...) {
    if (table == NULL) return;
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_cell(table, text);
}

static const char *cell_text(const struct text_table *table, int32_t cell) {
    return cell < table->cell_count ? table->cells[cell] : "";
}

/* Columns on the screen: UTF-8 continuation bytes take none. */
static int32_t width_of(const char *text) {
    int32_t width = 0;
    for (; *text != '\0'; text++) width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* Blanks are owed until something follows them: no line ends in any. */
static int32_t print_cell(const struct text_table *table, FILE *stream, int32_t cell, int32_t width, int32_t owed) {
    const char *text = cell_text(table, cell);
    const int32_t padding = width - width_of(text);
    const bool right = table->alignment[cell % table->column_count] == 'r';
    if (text[0] == '\0') return owed + width;
    fprintf(stream, "%*s%s", owed + (right ? padding : 0), "", text);
    return right ? 0 : padding;
}

void text_table_print(const struct text_table *table, FILE *stream, int32_t indent) {
    if (table == NULL || table->short_of_memory) {
        output_lose();
        return;
    }
    int32_t widths[MOST_COLUMNS] = {0};
    for (int32_t cell = 0; cell < table->cell_count; cell++) {
        const int32_t width = width_of(cell_text(table, cell));
        if (width > widths[cell % table->column_count]) widths[cell % table->column_count] = width;
    }
    const int32_t rows = (table->cell_count + table->column_count - 1) / table->column_count;
    for (int32_t row = 0; row < rows; row++) {
        int32_t owed = indent;
        for (int32_t column = 0; column < table->column_count; column++)
            owed = 2 + print_cell(table, stream, row * table->column_count + column, widths[column], owed);
        fputc('\n', stream);
    }
}

void text_table_destroy(struct text_table *table) {
    if (table == NULL) return;
    for (int32_t cell = 0; cell < table->cell_count; cell++) free(table->cells[cell]);
    free(table->cells);
    free(table);
}

/* ------------------------------------------------------------------------------------------------------- numbers */

char *format_real(double value, char text[REAL_SIZE]) {
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, REAL_SIZE, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return text;
}

/* ----------------------------------------------------------------------------------------------------------- CSV */

static void csv_separate(struct csv_row *row) {
    if (row->started) fputc(',', row->stream);
    row->started = true;
}

void csv_text(struct csv_row *row, const char *text) {
    csv_separate(row);
    if (text == NULL) return;
    /* A first cell that begins with # would be read as a comment. */
    if (text[0] != '#' && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, row->stream);
        return;
    }
    fputc('"', row->stream);
    for (; *text != '\0'; text++) {
        if (*text == '"') fputc('"', row->stream);
        fputc(*text, row->stream);
    }
    fputc('"', row->stream);
}

void csv_integer(struct csv_row *row, int64_t value) {
    csv_separate(row);
    fprintf(row->stream, "%" PRId64, value);
}

void csv_real(struct csv_row *row, double value) {
    char text[REAL_SIZE];
    csv_separate(row);
    if (isfinite(value)) fputs(format_real(value, text), row->stream);
}

void csv_end(struct csv_row *row) {
    fputc('\n', row->stream);
    row->started = false;
}

/* ---------------------------------------------------------------------------------------------------------- JSON */

static void json_quote(FILE *stream, const char *text) {
    fputc('"', stream);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0';) {
        const size_t length = utf8_length(at, UTF8_MOST);
        if (length == 0) {
            fputs("\xef\xbf\xbd", stream); /* a file's name may hold any bytes; JSON may not */
            at++;
            continue;
        }
        if (*at == '"' || *at == '\\')
            fprintf(stream, "\\%c", *at);
        else if (*at < 0x20)
            fprintf(stream, "\\u%04x", *at);
        else
            fwrite(at, 1, length, stream);
        at += length;
    }
    fputc('"', stream);
}

/* The comma, line and indent before a value. Deep values stand on one line, to keep rows readable. */
static void json_lead(struct json *json, const char *key) {
    const bool own_line = json->depth >= 1 && json->depth <= 2;
    if (json->filled[json->depth]) fputs(own_line ? "," : ", ", json->stream);
    if (own_line) fprintf(json->stream, "\n%*s", 2 * json->depth, "");
    json->filled[json->depth] = true;
    if (key == NULL) return;
    json_quote(json->stream, key);
    fputs(": ", json->stream);
}

static void json_open(struct json *json, const char *key, char bracket) {
    json_lead(json, key);
    fputc(bracket, json->stream);
    assert(json->depth + 1 < (int32_t)(sizeof json->filled / sizeof *json->filled));
    json->filled[++json->depth] = false;
}

static void json_close(struct json *json, char bracket) {
    const bool own_line = json->depth <= 2 && json->filled[json->depth];
    json->depth--;
    if (own_line) fprintf(json->stream, "\n%*s", 2 * json->depth, "");
    fputc(bracket, json->stream);
    if (json->depth == 0) fputc('\n', json->stream);
}

void json_object_begin(struct json *json, const char *key) {
    json_open(json, key, '{');
}
void json_object_end(struct json *json) {
    json_close(json, '}');
}
void json_array_begin(struct json *json, const char *key) {
    json_open(json, key, '[');
}
void json_array_end(struct json *json) {
    json_close(json, ']');
}

void json_text(struct json *json, const char *key, const char *text) {
    json_lead(json, key);
    if (text == NULL)
        fputs("null", json->stream);
    else
        json_quote(json->stream, text);
}

void json_integer(struct json *json, const char *key, int64_t value) {
    json_lead(json, key);
    fprintf(json->stream, "%" PRId64, value);
}

void json_real(struct json *json, const char *key, double value) {
    char text[REAL_SIZE];
    json_lead(json, key);
    fputs(isfinite(value) ? format_real(value, text) : "null", json->stream);
}

void json_boolean(struct json *json, const char *key, bool value) {
    json_lead(json, key);
    fputs(value ? "true" : "false", json->stream);
}

void json_null(struct json *json, const char *key) {
    json_lead(json, key);
    fputs("null", json->stream);
}
