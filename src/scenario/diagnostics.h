/* What is wrong with the input, collected so that all of it can be told at once: `FILE:LINE:COLUMN: what is wrong,
 * what was expected`. The first 100 errors are kept, the rest only counted; warnings are kept while there is room.
 *
 * FILE is what the user would open, or the flag that brought the text (`--set`, `--vary`, `--with`, `--variant`, with
 * 0:0). */
#ifndef BERING_SCENARIO_DIAGNOSTICS_H
#define BERING_SCENARIO_DIAGNOSTICS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { DIAGNOSTICS_KEPT = 100 };

struct diagnostic {
    char *file;     /* as the user would open it */
    int32_t line;   /* from 1; 0: the file as a whole */
    int32_t column; /* the cell's number, from 1; 0: the line as a whole */
    char *message;
    bool warning;
};

/* A zeroed one is empty and ready. */
struct diagnostics {
    struct diagnostic entries[DIAGNOSTICS_KEPT];
    int32_t kept;   /* entries filled, errors and warnings in the order found */
    int32_t errors; /* all errors, kept or not */
    int32_t warnings;
    bool no_memory; /* memory was short: the input may be right for all that is known */
};

void diagnostics_error(struct diagnostics *diagnostics, const char *file, int32_t line, int32_t column,
                       const char *format, ...) __attribute__((format(printf, 5, 6)));
void diagnostics_warning(struct diagnostics *diagnostics, const char *file, int32_t line, int32_t column,
                         const char *format, ...) __attribute__((format(printf, 5, 6)));

/* An error for want of memory, of the file or folder as a whole. */
void diagnostics_no_memory(struct diagnostics *diagnostics, const char *file);

/* Sorts the entries by file, line and column; those of one place stay in the order found. */
void diagnostics_sort(struct diagnostics *diagnostics);

/* Writes them as text, one a line, sorted by file, line and column; a last line counts what was left off. */
void diagnostics_print(const struct diagnostics *diagnostics, FILE *stream);

void diagnostics_free(struct diagnostics *diagnostics); /* leaves it empty */

#endif
