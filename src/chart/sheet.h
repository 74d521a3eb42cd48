/* The script of a chart as it is written: frame and looks first, then texts at places worked out beforehand, at the end
 * the drawing itself, from plots/KIND.gp.
 *
 *     struct sheet sheet;
 *     if (!sheet_begin(&sheet, job, PICTURE_SVG, &frame, &failure)) return false;
 *     sheet_head(&sheet, &head);
 *     sheet_text(&sheet, "Uelen yard", 88, 120, ALIGN_RIGHT, &font);
 *     return sheet_end(&sheet, delay_script, &failure);
 *
 * Pixels count from the upper left corner. Every text of a chart passes through sheet_text, whatever it says, so that
 * nothing in it means anything to gnuplot, and where each lies can be read from the script. */
#ifndef BERING_CHART_SHEET_H
#define BERING_CHART_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "chart/gnuplot.h"
#include "chart/label_layout.h"

/* The canvas, and the plot on it with what its edges stand for. */
struct sheet_frame {
    int32_t width, height;
    double left, right, top, bottom;      /* pixels */
    double x_from, x_to, y_top, y_bottom; /* in the units of the data */
};

double sheet_x(const struct sheet_frame *frame, double value); /* pixels of a value */
double sheet_y(const struct sheet_frame *frame, double value);

struct sheet {
    struct gnuplot *job;
    FILE *script;
    struct sheet_frame frame;
};

/* False on failure, with nothing left open. Otherwise sheet_end must follow. */
bool sheet_begin(struct sheet *sheet, struct gnuplot *job, enum picture_format format, const struct sheet_frame *frame,
                 struct failure *failure);
bool sheet_end(struct sheet *sheet, const char *drawing, struct failure *failure);

/* `NAME = value` in the script. */
void sheet_number(const struct sheet *sheet, const char *name, double value);

enum sheet_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct sheet_font {
    double size;     /* pixels */
    const char *ink; /* a colour of plots/look.gp, such as INK or SATURATED */
    bool bold;
    double angle; /* degrees, the text climbing where it is positive */
};

/* y: the middle of the line. An empty text is left out. */
void sheet_text(const struct sheet *sheet, const char *text, double x, double y, enum sheet_align align,
                const struct sheet_font *font);

/* The same, shortened to `width` pixels where it is longer. */
void sheet_text_within(const struct sheet *sheet, const char *text, double width, double x, double y,
                       enum sheet_align align, const struct sheet_font *font);

/* In the middle of a box laid out by label_layout.h and turned with it (the font's angle does not count), on a pale
 * ground, since thin lines or colours may lie below it. */
void sheet_text_in_box(const struct sheet *sheet, const char *text, const struct box *box,
                       const struct sheet_font *font);

/* One word of the legend; the drawing puts a sample of 28 pixels at LEGEND_name, at the height LEGEND_Y. */
struct sheet_legend {
    const char *name; /* NULL: left out */
    const char *word;
};

/* Title and legend on one line, the title getting what the legend leaves; what is drawn in smaller letters below. */
void sheet_head(const struct sheet *sheet, const char *title, const char *subtitle, const struct sheet_legend *legend,
                int32_t legend_count);

/* A data file that begins with a point far outside, so that it is never empty: gnuplot complains about those. */
FILE *sheet_data(struct gnuplot *job, const char *name, struct failure *failure);

/* Numbers below (or beside) an axis. */
struct sheet_scale {
    double step, to; /* marks at 0, step, 2 step … to */
    int decimals;
    double from; /* ≤ 0: the first mark is not below it */
};

/* Marks of 1, 2 or 5 times a power of ten up to `most` (> 0), at least `spacing` pixels apart over `length`. */
struct sheet_scale sheet_scale_make(double most, double length, double spacing);
/* The same from one value to another, on either side of 0. */
struct sheet_scale sheet_scale_between(double from, double to, double length, double spacing);
void sheet_scale_format(const struct sheet_scale *scale, double value, char *text, size_t size);

/* Their numbers below the frame, or at its left; and X_STEP or Y_STEP for the lines of the grid, which are the multiples
 * of it from X_FIRST to X_LAST, or Y_FIRST to Y_LAST. */
void sheet_scale_below(const struct sheet *sheet, const struct sheet_scale *scale);
void sheet_scale_left(const struct sheet *sheet, const struct sheet_scale *scale);

#endif
