/* A scratch folder for a test's files, and small questions to a database. */
#ifndef BERING_TESTS_RESULTS_SCRATCH_H
#define BERING_TESTS_RESULTS_SCRATCH_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

#include "results/database.h"

enum { SCRATCH_PATH = 256 };

void scratch_make(void);   /* before each test: a new folder */
void scratch_remove(void); /* after each test: with all its files */
const char *scratch_folder(void);
const char *scratch_file(const char *name, char path[SCRATCH_PATH]); /* a path inside it */

/* What a query gives in its first row and column; the test fails if it gives none. The text lives until the next. */
int64_t ask_integer(struct database *database, const char *sql);
double ask_real(struct database *database, const char *sql);      /* NAN for NULL */
const char *ask_text(struct database *database, const char *sql); /* "NULL" for NULL */

/* Runs the tests of a suite, each in a scratch folder of its own that `set_up` makes. */
int run_suite_in_scratch(const char *name, const TTest *const *tests, size_t count, void (*set_up)(void));

#endif
