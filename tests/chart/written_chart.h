/* A chart as it is written for gnuplot, and questions about its script and its data files. */
#ifndef BERING_TESTS_CHART_WRITTEN_CHART_H
#define BERING_TESTS_CHART_WRITTEN_CHART_H

#include <stdbool.h>

#include "chart/chart.h"
#include "chart/label_layout.h"

struct written_chart {
    struct gnuplot *job;
    char *script;
    struct chart_result result;
};

/* The test fails if it cannot be written. */
void written_make(struct written_chart *written, const char *kind, struct database *database,
                  const struct chart_request *request);
void written_free(struct written_chart *written);

/* The value of `name = …` in the script. */
double written_number(const struct written_chart *written, const char *name);

/* The rows of numbers in a data file, those of the point far outside left out; how many. Each has `columns`. */
enum { WRITTEN_COLUMNS = 7, WRITTEN_ROWS = 4096 };
int written_rows(const struct written_chart *written, const char *file, int columns, double rows[][WRITTEN_COLUMNS]);

/* A text of the picture and where it lies, in pixels. */
struct written_text {
    char text[512];
    struct box box;
};
enum { WRITTEN_TEXTS = 1024 };
int written_texts(const struct written_chart *written, struct written_text *texts);

/* How many of them say exactly this, or contain it. */
int written_says(const struct written_chart *written, const char *text);
int written_mentions(const struct written_chart *written, const char *part);

/* No text lies on another or beyond the picture; there are at least so many. */
void assert_texts_lie_well(const struct written_chart *written, int least);

/* Draws it in every format; gnuplot must have nothing to say. */
void assert_draws_silently(const char *kind, struct database *database, const struct chart_request *request);

/* The chart is refused, with these words. */
void assert_chart_refused(const char *kind, struct database *database, const struct chart_request *request,
                          const char *words);

#endif
