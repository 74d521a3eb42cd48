#include "scenario/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 128 };

/* A key taken apart. */
struct target {
    char table[NAME_SIZE];
    char id[NAME_SIZE], second[NAME_SIZE]; /* "": any row */
    char column[NAME_SIZE];
};

__attribute__((format(printf, 3, 4))) static void complain(struct reader *reader, const struct override *override,
                                                           const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *message = text_format_list(format, arguments);
    va_end(arguments);
    diagnostics_error(reader->diagnostics, override->file, override->line, override->column, "%.*s=%.*s: %s",
                      text_shown(override->key), override->key, text_shown(override->value), override->value,
                      message ? message : "out of memory");
    free(message);
}

/* ---- gathering ---- */

static bool add_override(struct reader *reader, const char *text, size_t length, const struct override *place) {
    const char *equals = memchr(text, '=', length);
    if (!equals || equals == text) {
        diagnostics_error(reader->diagnostics, place->file, place->line, place->column,
                          "'%.*s' has no key and value, expected KEY=VALUE", length < 60 ? (int)length : 60, text);
        return true;
    }
    const size_t key = (size_t)(equals - text);
    struct override *override = &reader->overrides[reader->override_count];
    *override = *place;
    override->key = text_pool_add(&reader->texts, text, key);
    override->value = text_pool_add(&reader->texts, equals + 1, length - key - 1);
    if (!override->key || !override->value) return false;
    reader->override_count++;
    return true;
}

static int32_t count_pieces(const char *text) {
    int32_t count = 1;
    for (; *text != '\0'; text++) count += *text == ';';
    return count;
}

static bool gather_variant(struct reader *reader, int32_t index) {
    const struct table *table = &reader->tables[TABLE_VARIANTS];
    const struct row variant = reader_row(reader, table, index), *row = &variant;
    const struct override place = {.file = table->file,
                                   .line = row_line(row, VARIANTS_SETTINGS),
                                   .column = table->places[VARIANTS_SETTINGS],
                                   .trial = index != reader->variant_row};
    for (const char *text = cell_raw(row, VARIANTS_SETTINGS); *text != '\0';) {
        text += strspn(text, " ");
        const size_t piece = strcspn(text, ";");
        size_t length = piece;
        while (length > 0 && text[length - 1] == ' ') length--;
        if (length > 0 && !add_override(reader, text, length, &place)) return false;
        text += piece + (text[piece] == ';');
    }
    return true;
}

static bool find_variant(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_VARIANTS];
    const char *wanted = reader->request->variant;
    struct names names = {.table = "variants.csv", .damaged = table->damaged};
    if (!names_reserve(&names, table->row_count)) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        const char *variant = cell_text(&row, VARIANTS_VARIANT);
        if (*variant != '\0') names_add(&names, variant, i, i);
    }
    names_sort(&names);
    report_duplicates(reader, table, VARIANTS_VARIANT, &names);
    if (wanted && names_find(&names, wanted, &reader->variant_row) != NAME_FOUND && !names.damaged) {
        const char *nearest = names_nearest(&names, wanted);
        diagnostics_error(reader->diagnostics, "--variant", 0, 0,
                          "variant '%.*s' is not declared in variants.csv%s%s%s", text_shown(wanted), wanted,
                          nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
    names_free(&names);
    return true;
}

bool gather_overrides(struct reader *reader) {
    const struct scenario_request *request = reader->request;
    reader->variant_row = -1;
    if (!find_variant(reader)) return false;
    const struct table *variants = &reader->tables[TABLE_VARIANTS];
    size_t room = (size_t)request->override_count + 1;
    for (int32_t i = 0; i < variants->row_count; i++)
        room += (size_t)count_pieces(variants->cells[(size_t)i * VARIANTS_COLUMNS + VARIANTS_SETTINGS]);
    reader->overrides = malloc(room * sizeof *reader->overrides);
    if (!reader->overrides) return false;
    for (int32_t i = 0; i < variants->row_count && !request->as_used; i++)
        if (i != reader->variant_row && !gather_variant(reader, i)) return false;
    if (reader->variant_row >= 0 && !request->as_used && !gather_variant(reader, reader->variant_row)) return false;
    const struct override set = {.file = "--set"}, varied = {.file = "--vary"};
    for (int32_t i = 0; i < request->override_count; i++) {
        const struct override *place = i < request->override_count - request->varied_count ? &set : &varied;
        if (!add_override(reader, request->overrides[i], strlen(request->overrides[i]), place)) return false;
    }
    return true;
}

/* ---- applying ---- */

static bool is_number_column(const struct column *column) {
    return column->kind == CELL_NUMBER || column->kind == CELL_WHOLE;
}

/* What a cell is to hold; NULL: nothing changes, *empty telling that there was nothing to multiply. */
static const char *new_text(struct table *table, const struct column *column, const char *cell,
                            const struct override *override, bool *empty, bool *out_of_memory) {
    char product[40];
    double factor, number;
    if (override->value[0] != '*' || !number_parse(override->value + 1, &factor)) return override->value;
    if (*cell == '\0') cell = column->standard;
    *empty = !cell || (column->words && strcmp(cell, column->words) == 0); /* `auto`, `*` */
    if (*empty || !number_parse(cell, &number)) return NULL; /* a cell that is no number is reported when it is read */
    snprintf(product, sizeof product, "%.15g", number * factor);
    const char *text = text_pool_add(&table->csv.pool, product, strlen(product));
    *out_of_memory = !text;
    return text;
}

static bool set_cell(struct reader *reader, struct table *table, int32_t row, int32_t column,
                     const struct override *override, bool *empty) {
    const size_t columns = (size_t)table->description->column_count;
    const size_t cell = (size_t)row * columns + (size_t)column;
    bool out_of_memory = false;
    *empty = false;
    if (!table->origins && !override->trial)
        table->origins = calloc((size_t)table->row_count * columns + 1, sizeof *table->origins);
    if (!table->origins && !override->trial) return false;
    const char *text =
        new_text(table, &table->description->columns[column], table->cells[cell], override, empty, &out_of_memory);
    if (!text) return !out_of_memory;
    if (override->trial) {
        try_cell(reader, table, column, override, text);
        return true;
    }
    table->cells[cell] = text;
    table->origins[cell] = override;
    return true;
}

static bool factor_allowed(struct reader *reader, const struct override *override, const struct column *column) {
    double factor;
    if (override->value[0] != '*') return true;
    if (!is_number_column(column)) {
        /* A lone * is a value of its own where every row is meant. */
        if (override->value[1] == '\0') return true;
        complain(reader, override, "%s %s, expected a value without *", column->name,
                 column->kind == CELL_LAW ? "may hold a law" : "holds no numbers");
        return false;
    }
    if (number_parse(override->value + 1, &factor)) return true;
    if (override->value[1] == '\0' && column->words && strcmp(column->words, "*") == 0) return true;
    complain(reader, override, "'%.*s' is not a number, expected a factor such as *0.8",
             text_shown(override->value + 1), override->value + 1);
    return false;
}

/* TABLE.COLUMN, TABLE[ID].COLUMN or TABLE[ID:SECOND].COLUMN; false when it is none of them. */
static bool take_part(char *part, const char *from, size_t length) {
    if (length == 0 || length >= NAME_SIZE) return false;
    memcpy(part, from, length);
    part[length] = '\0';
    return true;
}

static bool split_key(const char *key, struct target *target) {
    *target = (struct target){0};
    const size_t table = strcspn(key, "[.");
    if (key[table] == '\0' || !take_part(target->table, key, table)) return false;
    const char *rest = key + table;
    if (*rest == '[') {
        const char *close = strchr(rest, ']');
        if (!close) return false;
        const char *colon = memchr(rest, ':', (size_t)(close - rest));
        const char *end = colon ? colon : close;
        if (!take_part(target->id, rest + 1, (size_t)(end - rest - 1))) return false;
        if (colon && !take_part(target->second, colon + 1, (size_t)(close - colon - 1))) return false;
        rest = close + 1;
    }
    return *rest == '.' && take_part(target->column, rest + 1, strlen(rest + 1));
}

static bool row_meant(const struct table *table, int32_t row, const struct target *target) {
    const char **cells = table->cells + (size_t)row * (size_t)table->description->column_count;
    if (target->id[0] == '\0') return true;
    if (strcmp(cells[0], target->id) != 0) return false;
    return target->second[0] == '\0' || strcmp(cells[1], target->second) == 0;
}

/* Adds to *rows the rows that were meant, to *changed those that had something to change. False: out of memory. */
static bool apply_to_table(struct reader *reader, struct table *table, const struct target *target, int32_t column,
                           const struct override *override, int32_t *rows, int32_t *changed) {
    for (int32_t row = 0; row < table->row_count; row++) {
        bool empty;
        if (!row_meant(table, row, target)) continue;
        ++*rows;
        if (!set_cell(reader, table, row, column, override, &empty)) return false;
        *changed += !empty;
    }
    return true;
}

static void complain_of_column(struct reader *reader, const struct override *override, const char *name,
                               const struct table_description *description) {
    char meant[COLUMNS_MEANT_SIZE];
    complain(reader, override, "%s has no column '%.*s'%s", description->name, text_shown(name), name,
             columns_meant(description, name, meant));
}

/* Whether what a variant on trial says of the schedule may be meant for another one than was read. */
static bool other_schedule(const struct reader *reader, const struct override *override, const struct target *target) {
    if (!override->trial || strcmp(target->table, "schedule") != 0) return false;
    bool other = reader->request->schedule_count > 0;
    for (int32_t i = 0; i < reader->override_count; i++) {
        const struct override *setting = &reader->overrides[i];
        const bool counts = !setting->trial || setting->line == override->line;
        other = other || (counts && strcmp(setting->key, "schedule") == 0);
    }
    return other;
}

/* The same of a column that this form of schedule does not have. */
static bool other_form(const struct reader *reader, const struct override *override, const struct target *target) {
    return other_schedule(reader, override, target) &&
           (table_column(table_description(TABLE_TIMETABLE), target->column) >= 0 ||
            table_column(table_description(TABLE_SERVICES), target->column) >= 0);
}

/* Whether a variant on trial may have put a number there before it multiplies. */
static bool set_before(const struct reader *reader, const struct override *override) {
    for (const struct override *before = reader->overrides; override->trial && before < override; before++)
        if (before->line == override->line) return true;
    return false;
}

static void complain_of_key(struct reader *reader, const struct override *override, const char *key,
                            const struct table_description *description) {
    const bool setting = description == table_description(TABLE_SETTINGS);
    const char *nearest = setting && text_near(key, text_distance(key, "options")) ? "options" : NULL;
    if (!nearest) nearest = columns_nearest(description, key);
    if (nearest)
        complain(reader, override, "unknown key '%.*s', did you mean '%s'?", text_shown(key), key, nearest);
    else
        complain(reader, override, "unknown key '%.*s', expected a key of %s", text_shown(key), key,
                 setting ? "scenario.csv, options, TABLE.COLUMN or TABLE[ID].COLUMN" : "economics.csv");
}

/* A key of scenario.csv or economics.csv, which need not stand in the file. */
static bool apply_to_key(struct reader *reader, struct table *keys, const char *key, const struct override *override) {
    bool empty;
    const int32_t column = table_column(keys->description, key);
    if (column < 0) {
        complain_of_key(reader, override, key, keys->description);
        return true;
    }
    if (!factor_allowed(reader, override, &keys->description->columns[column])) return true;
    if (!set_cell(reader, keys, 0, column, override, &empty)) return false;
    if (empty && !set_before(reader, override)) complain(reader, override, "%s holds no number to multiply", key);
    return true;
}

static bool apply_override(struct reader *reader, const struct override *override, const struct target *target,
                           struct table *tables, int32_t table_count) {
    int32_t rows = 0, changed = 0, known = 0;
    bool damaged = false;
    for (int32_t i = 0; i < table_count; i++) {
        damaged = damaged || tables[i].damaged;
        if (!tables[i].present) continue;
        const int32_t column = table_column(tables[i].description, target->column);
        if (column < 0) continue;
        known++;
        if (!factor_allowed(reader, override, &tables[i].description->columns[column])) return true;
        if (!apply_to_table(reader, &tables[i], target, column, override, &rows, &changed)) return false;
    }
    if (known == 0 && (damaged || other_form(reader, override, target))) return true;
    if (known == 0 && table_count > 0 && tables[0].present)
        complain_of_column(reader, override, target->column, tables[0].description);
    else if (known == 0)
        complain(reader, override, "the scenario has no %s", target->table);
    else if (rows == 0 && !damaged && !other_schedule(reader, override, target))
        complain(reader, override, target->id[0] ? "%s has no row '%s%s%s'" : "%s has no rows", target->table,
                 target->id, target->second[0] ? ":" : "", target->second);
    else if (changed == 0 && rows > 0 && !set_before(reader, override))
        complain(reader, override, "%s holds no number to multiply", target->column);
    return true;
}

static const char *nearest_table(const char *name) {
    for (int32_t i = 0; i < TABLE_FILES; i++)
        if (text_near(name, text_distance(name, table_description(i)->name))) return table_description(i)->name;
    return text_near(name, text_distance(name, "schedule")) ? "schedule" : NULL;
}

bool apply_table_overrides(struct reader *reader) {
    for (int32_t i = 0; i < reader->override_count; i++) {
        const struct override *override = &reader->overrides[i];
        struct target target;
        struct table *tables = reader->schedules;
        int32_t count = reader->schedule_count, number = 0;
        if (!strpbrk(override->key, "[.")) continue;
        if (!split_key(override->key, &target)) {
            complain(reader, override, "not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN");
            continue;
        }
        while (number < TABLE_FILES && strcmp(table_description(number)->name, target.table) != 0) number++;
        if (number == TABLE_ECONOMICS) {
            const bool value = strcmp(target.column, "value") == 0 && target.second[0] == '\0';
            if (!value || target.id[0] == '\0')
                complain(reader, override, "not a key of economics.csv, expected economics[KEY].value");
            else if (!apply_to_key(reader, &reader->economics, target.id, override))
                return false;
            continue;
        }
        if (number < TABLE_FILES && number != TABLE_SCENARIO) {
            tables = &reader->tables[number];
            count = 1;
        } else if (number == TABLE_SCENARIO) {
            complain(reader, override, "the keys of scenario.csv stand alone, expected '%.*s'",
                     text_shown(target.column), target.column);
            continue;
        } else if (strcmp(target.table, "schedule") != 0) {
            const char *nearest = nearest_table(target.table);
            complain(reader, override, "unknown table '%.*s'%s%s%s", text_shown(target.table), target.table,
                     nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
            continue;
        }
        if (!apply_override(reader, override, &target, tables, count)) return false;
    }
    return true;
}

bool apply_setting_overrides(struct reader *reader) {
    for (int32_t i = 0; i < reader->override_count; i++) {
        const struct override *override = &reader->overrides[i];
        if (strpbrk(override->key, "[.")) continue;
        if (strcmp(override->key, "options") == 0) {
            if (override->trial)
                try_options(reader, override);
            else
                reader->options_override = override;
            continue;
        }
        if (!apply_to_key(reader, &reader->settings, override->key, override)) return false;
    }
    return true;
}
