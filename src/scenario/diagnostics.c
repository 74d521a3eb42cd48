#include "scenario/diagnostics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/text.h"

/* What a diagnostic says where there was no memory for its own words. */
static char no_memory[] = "out of memory";

/* A full list of warnings must not hide an error: the last warning makes room. */
static struct diagnostic *free_entry(struct diagnostics *diagnostics, bool warning) {
    if (diagnostics->kept < DIAGNOSTICS_KEPT) return &diagnostics->entries[diagnostics->kept++];
    if (warning) return NULL;
    for (int32_t i = DIAGNOSTICS_KEPT - 1; i >= 0; i--) {
        if (!diagnostics->entries[i].warning) continue;
        free(diagnostics->entries[i].file);
        if (diagnostics->entries[i].message != no_memory) free(diagnostics->entries[i].message);
        memmove(&diagnostics->entries[i], &diagnostics->entries[i + 1],
                (size_t)(DIAGNOSTICS_KEPT - 1 - i) * sizeof diagnostics->entries[i]);
        return &diagnostics->entries[DIAGNOSTICS_KEPT - 1];
    }
    return NULL;
}

static void add(struct diagnostics *diagnostics, bool warning, const char *file, int32_t line, int32_t column,
                const char *format, va_list arguments) {
    if (warning)
        diagnostics->warnings++;
    else
        diagnostics->errors++;
    struct diagnostic *entry = free_entry(diagnostics, warning);
    if (!entry) return;
    *entry = (struct diagnostic){.file = text_copy(file), .line = line, .column = column, .warning = warning};
    entry->message = text_format_list(format, arguments);
    if (entry->message) {
        text_make_printable(entry->message); /* a cell may hold anything; a diagnostic stays on one line */
    } else {
        entry->message = no_memory;
        diagnostics->no_memory = true;
    }
}

void diagnostics_no_memory(struct diagnostics *diagnostics, const char *file) {
    diagnostics_error(diagnostics, file, 0, 0, "%s", no_memory);
    diagnostics->no_memory = true;
}

void diagnostics_error(struct diagnostics *diagnostics, const char *file, int32_t line, int32_t column,
                       const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(diagnostics, false, file, line, column, format, arguments);
    va_end(arguments);
}

void diagnostics_warning(struct diagnostics *diagnostics, const char *file, int32_t line, int32_t column,
                         const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(diagnostics, true, file, line, column, format, arguments);
    va_end(arguments);
}

static const char *file_of(const struct diagnostic *entry) {
    return entry->file ? entry->file : "?";
}

static int compare(const struct diagnostic *one, const struct diagnostic *other) {
    const int files = strcmp(file_of(one), file_of(other));
    if (files != 0) return files;
    if (one->line != other->line) return one->line < other->line ? -1 : 1;
    return (one->column > other->column) - (one->column < other->column);
}

/* By insertion: stable, and there are at most a hundred. */
void diagnostics_sort(struct diagnostics *diagnostics) {
    for (int32_t i = 1; i < diagnostics->kept; i++) {
        const struct diagnostic moved = diagnostics->entries[i];
        int32_t to = i;
        for (; to > 0 && compare(&diagnostics->entries[to - 1], &moved) > 0; to--)
            diagnostics->entries[to] = diagnostics->entries[to - 1];
        diagnostics->entries[to] = moved;
    }
}

/* A file's name may hold anything, too. */
static void print_file(const char *file, FILE *stream) {
    char *shown = text_copy(file);
    fputs(shown ? text_make_printable(shown) : "?", stream);
    free(shown);
}

void diagnostics_print(const struct diagnostics *diagnostics, FILE *stream) {
    struct diagnostics sorted = *diagnostics; /* shares the texts */
    diagnostics_sort(&sorted);
    int32_t errors_shown = 0;
    for (int32_t i = 0; i < sorted.kept; i++) {
        const struct diagnostic *entry = &sorted.entries[i];
        errors_shown += !entry->warning;
        print_file(file_of(entry), stream);
        fprintf(stream, ":%" PRId32 ":%" PRId32 ": %s%s\n", entry->line, entry->column,
                entry->warning ? "warning: " : "", entry->message);
    }
    const int32_t left = sorted.errors - errors_shown;
    if (left > 0) fprintf(stream, "and %" PRId32 " more error%s\n", left, left == 1 ? "" : "s");
}

void diagnostics_free(struct diagnostics *diagnostics) {
    for (int32_t i = 0; i < diagnostics->kept; i++) {
        free(diagnostics->entries[i].file);
        if (diagnostics->entries[i].message != no_memory) free(diagnostics->entries[i].message);
    }
    *diagnostics = (struct diagnostics){0};
}
