#include <stdio.h>
#include <string.h>

#include "audit/world_reading.h"

enum { PART_SIZE = 128 };

/* TABLE.COLUMN, TABLE[ID].COLUMN or TABLE[ID:SECOND].COLUMN taken apart. */
struct override {
    const struct world_setting *setting;
    char table[PART_SIZE], id[PART_SIZE], second[PART_SIZE], column[PART_SIZE]; /* id, second "": any */
    int32_t rows;                                                               /* that were meant */
    bool known;                                                                 /* there is such a column */
};

static bool copy_part(char *part, const char *from, const char *end) {
    const size_t length = (size_t)(end - from);
    if (length == 0 || length >= PART_SIZE) return false;
    memcpy(part, from, length);
    part[length] = '\0';
    return true;
}

static bool split_key(struct override *override) {
    const char *key = override->setting->key, *rest = key + strcspn(key, "[.");
    if (!copy_part(override->table, key, rest)) return false;
    if (*rest == '[') {
        const char *close = strchr(rest, ']');
        if (close == NULL) return false;
        const char *colon = memchr(rest, ':', (size_t)(close - rest));
        if (!copy_part(override->id, rest + 1, colon != NULL ? colon : close)) return false;
        if (colon != NULL && !copy_part(override->second, colon + 1, close)) return false;
        rest = close + 1;
    }
    return *rest == '.' && copy_part(override->column, rest + 1, rest + strlen(rest));
}

/* ---- one cell ---- */

static void multiply(struct world_reading *reading, const struct world_column *column, const char **cell,
                     double factor) {
    char text[40];
    double number;
    const char *before = **cell != '\0' ? *cell : column->standard;
    if (before == NULL || !world_parse_number(before, &number)) return; /* nothing is given, or no limit */
    snprintf(text, sizeof text, "%.15g", number * factor);
    const char *kept = world_keep(reading, text);
    if (kept != NULL) *cell = kept;
}

static void replace(struct world_reading *reading, const char *text, const char **cell, unsigned char *change) {
    const char *kept = world_keep(reading, text);
    if (kept != NULL) *cell = kept;
    *change = WORLD_REPLACED;
}

/* One piece of a value: a factor, or what the cell is to hold. */
static void apply_piece(struct world_reading *reading, const struct world_column *column, const char *piece,
                        const char **cell, unsigned char *change) {
    double factor;
    if (*piece == '*' && world_parse_number(piece + 1, &factor)) {
        multiply(reading, column, cell, factor);
        if (*change == WORLD_AS_WRITTEN) *change = WORLD_MULTIPLIED;
        return;
    }
    replace(reading, piece, cell, change);
}

/* A value may be several, joined by blanks: what the first version of the database made of a key that came again. */
static void apply_value(struct world_reading *reading, const struct world_column *column, const char *value,
                        const char **cell, unsigned char *change) {
    const size_t length = strlen(value);
    if (column->kind == WORLD_TEXT) {
        const bool all = length >= 2 && strcmp(value + length - 2, " *") == 0; /* every row, in the end */
        replace(reading, all ? "*" : value, cell, change);
        return;
    }
    if (length == 0) replace(reading, value, cell, change);
    for (const char *at = value + strspn(value, " "); *at != '\0'; at += strspn(at, " ")) {
        char piece[PART_SIZE];
        const size_t size = strcspn(at, " ");
        if (copy_part(piece, at, at + size))
            apply_piece(reading, column, piece, cell, change);
        else
            world_problem(reading, "'%.*s' is not a value", text_shown(at), at);
        at += size;
    }
}

/* Without their order two settings can be laid over one cell only if both are factors. */
static void check_order(struct world_reading *reading, const struct override *override, unsigned char before,
                        unsigned char after) {
    if (override->setting->ordered || before == WORLD_AS_WRITTEN) return;
    if (before == WORLD_MULTIPLIED && after == WORLD_MULTIPLIED) return;
    world_problem(reading, "%.*s changes what another setting changes, and the database does not say which came first",
                  text_shown(override->setting->key), override->setting->key);
}

/* ---- all cells ---- */

static bool row_meant(const struct world_table *table, int32_t row, const struct override *override) {
    const char *const *cells = table->cells + (size_t)row * (size_t)table->form->column_count;
    if (override->id[0] == '\0') return true;
    return strcmp(cells[0], override->id) == 0 &&
           (override->second[0] == '\0' || strcmp(cells[1], override->second) == 0);
}

static void apply_to_table(struct world_reading *reading, struct world_table *table, struct override *override) {
    const int32_t columns = table->form->column_count;
    int32_t column = 0;
    while (column < columns && strcmp(table->form->columns[column].name, override->column) != 0) column++;
    if (column == columns) return;
    override->known = true;
    for (int32_t row = 0; row < table->row_count; row++) {
        const size_t cell = (size_t)row * (size_t)columns + (size_t)column;
        unsigned char change = WORLD_AS_WRITTEN;
        if (!row_meant(table, row, override)) continue;
        override->rows++;
        apply_value(reading, &table->form->columns[column], override->setting->value, &table->cells[cell], &change);
        check_order(reading, override, table->changed[cell], change);
        if (change > table->changed[cell]) table->changed[cell] = change;
    }
}

static void apply_override(struct world_reading *reading, struct override *override) {
    const char *key = override->setting->key;
    if (!split_key(override)) {
        world_problem(reading, "'%.*s' is not the name of a setting", text_shown(key), key);
        return;
    }
    if (world_other_table(override->table)) return;
    for (int name = 0; name < WORLD_TABLES; name++)
        if (reading->tables[name].form != NULL && strcmp(override->table, world_form(name)->name) == 0)
            apply_to_table(reading, &reading->tables[name], override);
    if (strcmp(override->table, "schedule") == 0)
        for (int32_t i = 0; i < reading->schedule_count; i++)
            if (reading->schedules[i].form != NULL) apply_to_table(reading, &reading->schedules[i], override);
    if (!override->known || override->rows == 0)
        world_problem(reading, "the setting %.*s changes %s that is not there", text_shown(key), key,
                      override->known ? "a row" : "a table or a column");
}

bool world_apply_overrides(struct world_reading *reading) {
    for (int32_t i = 0; i < reading->setting_count && !reading->no_memory; i++) {
        struct override override = {.setting = &reading->settings[i]};
        if (strpbrk(override.setting->key, "[.") != NULL) apply_override(reading, &override);
    }
    return !reading->no_memory;
}
