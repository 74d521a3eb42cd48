#include <string.h>

#include "scenario/reader.h"

/* Cells that are read for the messages alone: settings of variants that are not chosen, as if their values stood there,
 * and files that are not used yet. What a cell refers to is looked for among the rows of the table, switched on or not.
 */

static bool declares(const struct table *table, const char *identifier, size_t length) {
    for (int32_t row = 0; row < table->row_count; row++) {
        const char *cell = table->cells[(size_t)row * (size_t)table->description->column_count];
        if (strlen(cell) == length && memcmp(cell, identifier, length) == 0) return true;
    }
    return table->damaged;
}

static void try_reference(struct reader *reader, const struct row *row, int32_t column) {
    const struct column *description = &row->table->description->columns[column];
    const char *text = cell_text(row, column);
    if (*text == '\0' || strcmp(text, "*") == 0) return;
    for (int32_t name = 0; name < TABLE_FILES; name++) {
        if (strcmp(table_description(name)->name, description->words) != 0) continue;
        if (!declares(&reader->tables[name], text, strlen(text)))
            row_error(row, column, "%s '%.*s' is not declared in %s", description->name, text_shown(text), text,
                      table_description(name)->file);
    }
}

static void try_law(const struct row *row, int32_t column) {
    struct law law;
    cell_law(row, column, &law);
    law_free(&law);
}

static void try_date(const struct row *row, int32_t column) {
    int32_t year, month, day;
    cell_date(row, column, &year, &month, &day);
}

static void try_seasons(const struct row *row, int32_t column) {
    double factors[MONTHS];
    read_seasons(row, column, factors);
}

static void try_shifts(const struct row *row, int32_t column) {
    struct shift shifts[SHIFTS_KEPT];
    int32_t count;
    read_shifts(row, column, shifts, &count);
}

/* A word that is accepted in place of a number. */
static bool accepted_word(const struct row *row, int32_t column) {
    const char *word = row->table->description->columns[column].words;
    return word && strcmp(cell_raw(row, column), word) == 0;
}

static void try_row(struct reader *reader, const struct row *row, int32_t column) {
    switch (row->table->description->columns[column].kind) {
    case CELL_IDENTIFIER:
        cell_text(row, column);
        break;
    case CELL_REFERENCE:
        try_reference(reader, row, column);
        break;
    case CELL_NUMBER:
        if (!accepted_word(row, column)) cell_number(row, column);
        break;
    case CELL_WHOLE:
        if (!accepted_word(row, column)) cell_whole(row, column, 0);
        break;
    case CELL_WORD:
        cell_word(row, column, 0);
        break;
    case CELL_LAW:
        try_law(row, column);
        break;
    case CELL_CLOCK:
        cell_clock(row, column, 0);
        break;
    case CELL_DATE:
        try_date(row, column);
        break;
    case CELL_WEEKDAYS:
        cell_weekdays(row, column);
        break;
    case CELL_SEASONS:
        try_seasons(row, column);
        break;
    case CELL_SHIFTS:
        try_shifts(row, column);
        break;
    case CELL_TEXT:
    case CELL_OPTIONS:
    case CELL_STOPS:
        break;
    }
}

void try_cell(struct reader *reader, const struct table *table, int32_t column, const struct override *override,
              const char *text) {
    const char *cells[TABLE_MOST_COLUMNS] = {0};
    const struct override *origins[TABLE_MOST_COLUMNS] = {0};
    struct table scratch = *table;
    const struct row row = reader_row(reader, &scratch, 0);
    scratch.cells = cells;
    scratch.origins = origins;
    cells[column] = text;
    origins[column] = override;
    if (table->description->used) try_row(reader, &row, column);
}

static bool try_unused(struct reader *reader, const struct table *table) {
    struct names names = {0};
    const struct column *columns = table->description->columns;
    if (!names_reserve(&names, table->row_count)) return false;
    for (int32_t index = 0; index < table->row_count; index++) {
        const struct row row = reader_row(reader, table, index);
        for (int32_t column = 0; column < table->description->column_count; column++) {
            try_row(reader, &row, column);
            if (columns[column].kind == CELL_OPTIONS) options_hold(reader, &row, column);
            if (columns[column].kind == CELL_TEXT && columns[column].required) cell_text(&row, column);
        }
        names_add(&names, cell_raw(&row, 0), index, index);
    }
    names_sort(&names);
    report_duplicates(reader, table, 0, &names);
    names_free(&names);
    return true;
}

bool try_unused_tables(struct reader *reader) {
    for (int32_t name = 0; name < TABLE_FILES; name++) {
        const struct table *table = &reader->tables[name];
        if (table->present && !table->description->used && !try_unused(reader, table)) return false;
    }
    return true;
}

void try_options(struct reader *reader, const struct override *override) {
    const struct table *options = &reader->tables[TABLE_OPTIONS];
    for (const char *text = override->value; *text != '\0';) {
        const size_t piece = strcspn(text, ";+");
        size_t length = piece;
        const size_t blanks = strspn(text, " ");
        while (length > blanks && text[length - 1] == ' ') length--;
        if (length > blanks && !declares(options, text + blanks, length - blanks))
            diagnostics_error(reader->diagnostics, override->file, override->line, override->column,
                              "options=%.*s: option '%.*s' is not declared in options.csv", text_shown(override->value),
                              override->value, (int)(length - blanks), text + blanks);
        text += piece + (text[piece] != '\0');
    }
}
