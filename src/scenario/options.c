#include "scenario/reader.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* The next option of a list: `next` moves on behind it. False at the end. */
static bool next_option(const char **next, const char *separators, char *option, size_t size, bool *negated) {
    if (!*next) return false;
    const char *text = *next + strspn(*next, " ");
    const size_t length = strcspn(text, separators);
    *next = text[length] == '\0' ? NULL : text + length + 1;
    *negated = text[0] == '!';
    size_t from = *negated, to = length;
    while (from < to && text[from] == ' ') from++;
    while (to > from && text[to - 1] == ' ') to--;
    const size_t kept = to - from < size ? to - from : size - 1;
    memcpy(option, text + from, kept);
    option[kept] = '\0';
    return true;
}

enum { OPTION_SIZE = 128 };

bool options_hold(const struct reader *reader, const struct row *row, int32_t column) {
    char option[OPTION_SIZE];
    bool negated, holds = true;
    const char *next = cell_raw(row, column);
    const char *separators = row->table->description == table_description(TABLE_VARIANTS) ? ";+" : ";";
    if (*next == '\0') return true;
    while (next_option(&next, separators, option, sizeof option, &negated)) {
        int32_t index;
        if (refer(row, column, "option", option, &reader->options, &index) == NAME_FOUND)
            holds = holds && reader->options_on[index] != negated;
    }
    return holds;
}

/* What is wrong with an option of --with (which has no key) or of `options=`. */
__attribute__((format(printf, 3, 4))) static void complain(struct reader *reader, const struct override *override,
                                                           const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *message = text_format_list(format, arguments);
    va_end(arguments);
    diagnostics_error(reader->diagnostics, override->file, override->line, override->column, "%s%s%.*s%s%s",
                      override->key ? override->key : "", override->key ? "=" : "",
                      override->key ? text_shown(override->value) : 0, override->key ? override->value : "",
                      override->key ? ": " : "", message ? message : "out of memory");
    free(message);
}

static void switch_on_by_flag(struct reader *reader, const char *option, const struct override *override) {
    int32_t index;
    if (names_find(&reader->options, option, &index) == NAME_FOUND) {
        reader->options_on[index] = true;
        return;
    }
    if (reader->options.damaged) return;
    const char *nearest = names_nearest(&reader->options, option);
    complain(reader, override, "option '%.*s' is not declared in options.csv%s%s%s", text_shown(option), option,
             nearest ? ", did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* Switches on what a list names; it was written in `row`, a variant's, or else by `override`. */
static void switch_on(struct reader *reader, const char *list, const struct row *row, const struct override *override) {
    static const char negation[] = "'!%s' in a list of options that are built, expected '%s' left out";
    char option[OPTION_SIZE];
    bool negated;
    const char *next = list;
    if (*list == '\0') return;
    while (next_option(&next, ";+", option, sizeof option, &negated)) {
        int32_t index;
        if (negated && row)
            row_error(row, VARIANTS_OPTIONS, negation, option, option);
        else if (negated)
            complain(reader, override, negation, option, option);
        else if (!row)
            switch_on_by_flag(reader, option, override);
        else if (refer(row, VARIANTS_OPTIONS, "option", option, &reader->options, &index) == NAME_FOUND)
            reader->options_on[index] = true;
    }
}

static bool read_names(struct reader *reader, const struct table *table) {
    if (!names_reserve(&reader->options, table->row_count)) return false;
    reader->options_on = calloc((size_t)table->row_count + 1, sizeof *reader->options_on);
    if (!reader->options_on) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        const char *option = cell_text(&row, OPTIONS_OPTION);
        if (*option != '\0') names_add(&reader->options, option, i, i);
    }
    names_sort(&reader->options);
    report_duplicates(reader, table, OPTIONS_OPTION, &reader->options);
    return true;
}

static void check_requirements(struct reader *reader, const struct table *table) {
    char option[OPTION_SIZE];
    bool negated;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        const char *next = cell_raw(&row, OPTIONS_REQUIRES);
        if (*next == '\0') continue;
        while (next_option(&next, ";", option, sizeof option, &negated)) {
            int32_t index;
            if (refer(&row, OPTIONS_REQUIRES, "option", option, &reader->options, &index) != NAME_FOUND) continue;
            if (!reader->options_on[i] || reader->options_on[index] != negated) continue;
            row_error(&row, OPTIONS_REQUIRES, "option '%s' is on and requires '%s' to be %s",
                      cell_raw(&row, OPTIONS_OPTION), option, negated ? "off" : "on");
        }
    }
}

/* The variant's options, or instead of them those of the setting `options`; and those of --with. */
bool read_options(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_OPTIONS], *variants = &reader->tables[TABLE_VARIANTS];
    reader->options = (struct names){.table = "options.csv", .damaged = table->damaged};
    if (!read_names(reader, table)) return false;
    for (int32_t i = 0; i < variants->row_count; i++) {
        const struct row row = reader_row(reader, variants, i);
        if (i == reader->variant_row && !reader->options_override)
            switch_on(reader, cell_raw(&row, VARIANTS_OPTIONS), &row, NULL);
        else
            options_hold(reader, &row, VARIANTS_OPTIONS); /* for its messages */
    }
    if (reader->options_override) switch_on(reader, reader->options_override->value, NULL, reader->options_override);
    const struct override with = {.file = "--with"};
    for (int32_t i = 0; i < reader->request->with_option_count; i++)
        switch_on(reader, reader->request->with_options[i], NULL, &with);
    check_requirements(reader, table);
    return true;
}
