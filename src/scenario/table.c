#include "scenario/table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/calendar_date.h"
#include "railway/network.h"
#include "scenario/units.h"

/* ---- building ---- */

static void report_unknown_column(const struct table *table, int32_t place, struct diagnostics *diagnostics) {
    const char *name = table->csv.header[place - 1];
    if (*name == '\0') {
        diagnostics_error(diagnostics, table->file, table->csv.header_line, place,
                          "a column without a name, expected the name of a column");
        return;
    }
    char meant[COLUMNS_MEANT_SIZE];
    diagnostics_error(diagnostics, table->file, table->csv.header_line, place, "unknown column '%.*s'%s",
                      text_shown(name), name, columns_meant(table->description, name, meant));
}

static void link_columns(struct table *table, struct diagnostics *diagnostics) {
    const struct table_description *description = table->description;
    for (int32_t place = 1; place <= table->csv.width; place++) {
        const int32_t column = table_column(description, table->csv.header[place - 1]);
        if (column < 0) {
            report_unknown_column(table, place, diagnostics);
        } else if (table->places[column] != 0) {
            diagnostics_error(diagnostics, table->file, table->csv.header_line, place,
                              "column '%s' a second time, expected it once", description->columns[column].name);
            table->present = false; /* which of them is meant, nobody knows */
            table->damaged = true;
        } else {
            table->places[column] = place;
        }
    }
    for (int32_t column = 0; column < description->column_count; column++) {
        char expected[200];
        const bool needed = description->columns[column].required || description->columns[column].present;
        if (!needed || table->places[column] != 0) continue;
        diagnostics_error(diagnostics, table->file, table->csv.header_line, 0, "column '%s' is missing, expected %s",
                          description->columns[column].name,
                          column_expected(&description->columns[column], expected, sizeof expected));
        table->present = false;
        table->damaged = true;
    }
}

static bool fill_cells(struct table *table) {
    const int32_t columns = table->description->column_count;
    table->lines = malloc(((size_t)table->csv.row_count + 1) * sizeof *table->lines);
    table->cells = malloc(((size_t)table->csv.row_count + 1) * (size_t)columns * sizeof *table->cells);
    if (!table->lines || !table->cells) return false;
    table->row_count = table->csv.row_count;
    for (int32_t row = 0; row < table->row_count; row++) {
        table->lines[row] = table->csv.lines[row];
        for (int32_t column = 0; column < columns; column++) {
            const int32_t place = table->places[column];
            table->cells[(size_t)row * (size_t)columns + (size_t)column] =
                place ? table->csv.cells[(size_t)row * (size_t)table->csv.width + (size_t)place - 1] : "";
        }
    }
    return true;
}

bool table_build(struct table *table, const struct table_description *description, const char *file,
                 struct csv_table *csv, struct diagnostics *diagnostics) {
    *table = (struct table){.description = description, .file = file, .csv = *csv, .damaged = csv->damaged};
    *csv = (struct csv_table){0};
    if (table->csv.header_line == 0) {
        if (!table->damaged)
            diagnostics_error(diagnostics, file, 1, 0, "an empty file, expected a row that names the columns");
        table->damaged = true;
        return true;
    }
    table->present = true;
    link_columns(table, diagnostics);
    return !table->present || fill_cells(table);
}

static void check_unit(const struct row *row, const char *key) {
    const char *unit = cell_raw(row, SCENARIO_UNIT), *expected = unit_contradicted(key, unit);
    if (expected)
        row_error(row, SCENARIO_UNIT, "unit '%.*s' of %s, expected %s", text_shown(unit), unit, key, expected);
}

static void place_key(struct table *keys, const struct table *source, int32_t index, struct diagnostics *diagnostics) {
    const struct row row = {.table = source, .index = index, .diagnostics = diagnostics};
    const char *key = cell_text(&row, SCENARIO_KEY);
    if (*key == '\0') return;
    const int32_t column = table_column(keys->description, key);
    if (column < 0) {
        char meant[COLUMNS_MEANT_SIZE];
        row_error(&row, SCENARIO_KEY, "unknown key '%.*s'%s", text_shown(key), key,
                  columns_meant(keys->description, key, meant));
        return;
    }
    if (keys->lines[column] != 0) {
        row_error(&row, SCENARIO_KEY, "key '%s' a second time, first in line %d", key, keys->lines[column]);
        return;
    }
    check_unit(&row, key);
    keys->lines[column] = source->lines[index];
    keys->places[column] = source->places[SCENARIO_VALUE];
    keys->cells[column] = cell_raw(&row, SCENARIO_VALUE);
}

bool table_build_keys(struct table *table, enum table_name keys, const struct table *source,
                      struct diagnostics *diagnostics) {
    const struct table_description *description = table_description(keys);
    *table = (struct table){
        .description = description, .file = source->file, .damaged = source->damaged, .present = true, .row_count = 1};
    table->lines = calloc((size_t)description->column_count, sizeof *table->lines);
    table->cells = malloc((size_t)description->column_count * sizeof *table->cells);
    if (!table->lines || !table->cells) return false;
    for (int32_t column = 0; column < description->column_count; column++) table->cells[column] = "";
    for (int32_t row = 0; row < source->row_count; row++) place_key(table, source, row, diagnostics);
    return true;
}

void table_free(struct table *table) {
    free(table->lines);
    free(table->cells);
    free(table->origins);
    csv_table_free(&table->csv);
    *table = (struct table){0};
}

/* ---- places and messages ---- */

static size_t cell_at(const struct row *row, int32_t column) {
    return (size_t)row->index * (size_t)row->table->description->column_count + (size_t)column;
}

int32_t row_line(const struct row *row, int32_t column) {
    const struct table *table = row->table;
    return table->lines[table->description->keys == 0 ? column : row->index];
}

/* An override of many rows is wrong once. */
static bool told_already(const struct diagnostics *diagnostics, const struct override *origin, const char *text) {
    for (int32_t i = 0; i < diagnostics->kept; i++) {
        const struct diagnostic *entry = &diagnostics->entries[i];
        const size_t length = strlen(entry->message), tail = strlen(text);
        if (entry->line == origin->line && entry->column == origin->column && length > tail &&
            strcmp(entry->message + length - tail, text) == 0 && entry->file && strcmp(entry->file, origin->file) == 0)
            return true;
    }
    return false;
}

/* `column` < 0: the row as a whole. */
static void report(const struct row *row, int32_t column, bool warning, const char *format, va_list arguments) {
    const struct table *table = row->table;
    const struct override *origin = table->origins && column >= 0 ? table->origins[cell_at(row, column)] : NULL;
    char *message = text_format_list(format, arguments);
    const char *text = message ? message : "out of memory";
    void (*const add)(struct diagnostics *, const char *, int32_t, int32_t, const char *, ...) =
        warning ? diagnostics_warning : diagnostics_error;
    if (origin && told_already(row->diagnostics, origin, text)) {
        free(message);
        return;
    }
    if (origin)
        add(row->diagnostics, origin->file, origin->line, origin->column, "%.*s=%.*s: %s", text_shown(origin->key),
            origin->key, text_shown(origin->value), origin->value, text);
    else
        add(row->diagnostics, table->file, row_line(row, column < 0 ? 0 : column),
            column < 0 ? 0 : table->places[column], "%s", text);
    free(message);
}

void row_error(const struct row *row, int32_t column, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report(row, column, false, format, arguments);
    va_end(arguments);
}

void row_warning(const struct row *row, int32_t column, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    report(row, column, true, format, arguments);
    va_end(arguments);
}

static const struct column *column_of(const struct row *row, int32_t column) {
    return &row->table->description->columns[column];
}

/* "length_km 'abc' is not a number, expected 0.01 to 5000" */
static void report_cell(const struct row *row, int32_t column, const char *wrong) {
    char expected[200];
    const char *text = cell_raw(row, column);
    row_error(row, column, "%s '%.*s' %s, expected %s", column_of(row, column)->name, text_shown(text), text, wrong,
              column_expected(column_of(row, column), expected, sizeof expected));
}

/* ---- cells ---- */

const char *cell_raw(const struct row *row, int32_t column) {
    return row->table->cells[cell_at(row, column)];
}

bool cell_given(const struct row *row, int32_t column) {
    return *cell_raw(row, column) != '\0';
}

/* The text to read: the cell, or the default; NULL when there is neither, which is reported if the cell is required. */
static const char *text_to_read(const struct row *row, int32_t column) {
    char expected[200];
    const struct column *description = column_of(row, column);
    if (cell_given(row, column)) return cell_raw(row, column);
    if (description->required)
        row_error(row, column, "%s is empty, expected %s", description->name,
                  column_expected(description, expected, sizeof expected));
    return description->standard;
}

const char *cell_text(const struct row *row, int32_t column) {
    const char *text = text_to_read(row, column);
    if (!text) return "";
    if (column_of(row, column)->kind == CELL_IDENTIFIER && !identifier_valid(text)) {
        report_cell(row, column, "is not an identifier");
        return "";
    }
    return text;
}

/* Whether `text` would be a number with a point for its comma; *whole is then the length before the comma. */
static bool decimal_comma(const char *text, int *whole) {
    const char *comma = strchr(text, ',');
    char copy[64];
    double value;
    if (!comma || strlen(text) >= sizeof copy) return false;
    strcpy(copy, text);
    copy[comma - text] = '.';
    *whole = (int)(comma - text);
    return number_parse(copy, &value);
}

/* Whether `text`, which was not read as a number, is one beyond all numbers: 1e400. */
static bool too_large(const char *text) {
    char mantissa[64];
    double value;
    const size_t length = strcspn(text, "e"), sign = text[length] == 'e' && text[length + 1] == '+';
    if (text[length] != 'e' || length >= sizeof mantissa) return false;
    memcpy(mantissa, text, length);
    mantissa[length] = '\0';
    const char *exponent = text + length + 1 + sign;
    const size_t digits = strspn(exponent, "0123456789");
    return digits > 0 && exponent[digits] == '\0' && number_parse(mantissa, &value);
}

/* A number as written, within the column's range. */
static bool read_number(const struct row *row, int32_t column, const char *text, double *value) {
    const struct column *description = column_of(row, column);
    int whole;
    if (!number_parse(text, value)) {
        if (decimal_comma(text, &whole))
            row_error(row, column, "%s '%s' has a decimal comma: write %.*s.%s", description->name, text, whole, text,
                      text + whole + 1);
        else
            report_cell(row, column, too_large(text) ? "is out of range" : "is not a number");
        return false;
    }
    if (*value >= description->minimum && *value <= description->maximum) return true;
    char expected[200];
    row_error(row, column, "%s %.*s is out of range, expected %s", description->name, text_shown(text), text,
              column_expected(description, expected, sizeof expected));
    return false;
}

double cell_number(const struct row *row, int32_t column) {
    const struct column *description = column_of(row, column);
    const char *text = text_to_read(row, column);
    double value;
    if (!text || !read_number(row, column, text, &value)) return NAN;
    return description->unit == 0 ? value : value * description->unit;
}

int64_t cell_whole(const struct row *row, int32_t column, int64_t otherwise) {
    const char *text = text_to_read(row, column);
    double value;
    if (!text || !read_number(row, column, text, &value)) return otherwise;
    if (value == floor(value)) return (int64_t)value;
    report_cell(row, column, "is not a whole number");
    return otherwise;
}

int64_t cell_milliseconds(const struct row *row, int32_t column, int64_t otherwise) {
    const double seconds = cell_number(row, column);
    return isnan(seconds) ? otherwise : llround(seconds * (double)MILLISECONDS_PER_SECOND);
}

/* Up to `most` digits; −1 when there is none. */
static int32_t read_digits(const char **text, int32_t most) {
    int32_t value = 0, digits = 0;
    for (; digits < most && **text >= '0' && **text <= '9'; digits++, (*text)++) value = 10 * value + (**text - '0');
    return digits > 0 ? value : -1;
}

int64_t clock_parse(const char *text) {
    const int32_t hours = read_digits(&text, 5);
    if (hours < 0 || *text++ != ':') return -1;
    const char *start = text;
    const int32_t minutes = read_digits(&text, 2);
    if (minutes < 0 || minutes > 59 || text - start != 2) return -1;
    int32_t seconds = 0;
    if (*text == ':') {
        start = ++text;
        seconds = read_digits(&text, 2);
        if (seconds < 0 || seconds > 59 || text - start != 2) return -1;
    }
    return *text == '\0' ? (((int64_t)hours * 60 + minutes) * 60 + seconds) * MILLISECONDS_PER_SECOND : -1;
}

int64_t cell_clock(const struct row *row, int32_t column, int64_t otherwise) {
    const char *text = text_to_read(row, column);
    if (!text) return otherwise;
    const int64_t time = clock_parse(text);
    if (time >= 0 && (double)time <= column_of(row, column)->maximum * 3600e3) return time;
    report_cell(row, column, time < 0 ? "is not a time" : "is out of range");
    return otherwise;
}

/* The place of `word` among words separated by `|`; −1. */
static int32_t find_word(const char *words, const char *word, size_t length) {
    for (int32_t place = 0;; place++) {
        const size_t here = strcspn(words, "|");
        if (here == length && memcmp(words, word, length) == 0) return place;
        if (words[here] == '\0') return -1;
        words += here + 1;
    }
}

int32_t cell_word(const struct row *row, int32_t column, int32_t otherwise) {
    const char *text = text_to_read(row, column);
    if (!text) return otherwise;
    const int32_t place = find_word(column_of(row, column)->words, text, strlen(text));
    if (place >= 0) return place;
    const char *later = column_of(row, column)->later;
    const bool kept = later && find_word(later, text, strlen(text)) >= 0;
    report_cell(row, column, kept ? "is not in this version" : "is not known");
    return otherwise;
}

unsigned cell_directions(const struct row *row, int32_t column) {
    return (unsigned)cell_word(row, column, 2) + 1; /* forward, backward, both */
}

unsigned cell_weekdays(const struct row *row, int32_t column) {
    enum { EVERY_DAY = 127 };
    const char *text = text_to_read(row, column);
    if (!text || strcmp(text, "daily") == 0) return EVERY_DAY;
    unsigned days = 0;
    for (const char *word = text;;) {
        const size_t length = strcspn(word, ";");
        const int32_t day = find_word("mon|tue|wed|thu|fri|sat|sun", word, length);
        if (day < 0 || days & 1u << day) {
            report_cell(row, column, day < 0 ? "is not known" : "names a day twice");
            return EVERY_DAY;
        }
        days |= 1u << day;
        if (word[length] == '\0') return days;
        word += length + 1;
    }
}

static bool parse_date(const char *text, int32_t *year, int32_t *month, int32_t *day) {
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') return false;
    *year = read_digits(&text, 4);
    text++;
    *month = read_digits(&text, 2);
    text++;
    *day = read_digits(&text, 2);
    return *text == '\0' && *year >= 1900 && *year < 2200 && *month >= 1 && *month <= 12 && *day >= 1 &&
           *day <= days_of_month(*year, *month);
}

void cell_date(const struct row *row, int32_t column, int32_t *year, int32_t *month, int32_t *day) {
    const char *text = text_to_read(row, column);
    if (parse_date(text, year, month, day)) return;
    report_cell(row, column, "is not a date");
    parse_date(column_of(row, column)->standard, year, month, day);
}

bool cell_law(const struct row *row, int32_t column, struct law *law) {
    const struct column *description = column_of(row, column);
    const char *text = text_to_read(row, column);
    char message[200], expected[200];
    int whole;
    if (law_parse(text, law, message, sizeof message)) {
        const bool within = law_minimum(law) >= description->minimum && law_mean(law) <= description->maximum;
        if (within) return true;
        law_free(law);
        row_error(row, column, "%s %.*s is out of range, expected %s", description->name, text_shown(text), text,
                  column_expected(description, expected, sizeof expected));
    } else if (decimal_comma(text, &whole)) {
        row_error(row, column, "%s '%s' has a decimal comma: write %.*s.%s", description->name, text, whole, text,
                  text + whole + 1);
    } else {
        row_error(row, column, "%s: %s", description->name, message);
    }
    law_parse(description->standard, law, message, sizeof message);
    return false;
}

enum name_state refer(const struct row *row, int32_t column, const char *what, const char *identifier,
                      const struct names *names, int32_t *found) {
    const enum name_state state = names_find(names, identifier, found);
    if (state != NAME_UNKNOWN) return state;
    if (names->damaged) return NAME_BAD;
    /* Looking for the nearest name is slow; beyond the errors that are shown it is of no use. */
    const bool shown = row->diagnostics->errors < DIAGNOSTICS_KEPT;
    const char *nearest = shown ? names_nearest(names, identifier) : NULL;
    row_error(row, column, "%s '%.*s' is not declared in %s%s%s%s", what, text_shown(identifier), identifier,
              names->table, nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    return NAME_UNKNOWN;
}

enum name_state cell_reference(const struct row *row, int32_t column, const struct names *names, int32_t *found) {
    const char *text = text_to_read(row, column);
    *found = -1;
    if (!text || *text == '\0') return NAME_BAD;
    return refer(row, column, column_of(row, column)->name, text, names, found);
}
