/* Small questions that the tests of charts ask of files. */
#ifndef BERING_TESTS_CHART_CHART_TESTS_H
#define BERING_TESTS_CHART_CHART_TESTS_H

#include <stdbool.h>

/* Whether there is a gnuplot to draw with; says so on stderr where there is none: what needs it is then skipped. */
bool gnuplot_is_there(void);

/* How many texts of an svg picture are exactly this. */
int svg_texts_equal(const char *path, const char *text);

int files_in(const char *folder);

/* The whole file; the caller frees it. */
char *file_content(const char *path);

#endif
