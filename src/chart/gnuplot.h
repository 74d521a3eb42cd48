/* Draws a picture with gnuplot: a private folder of data files and a script, gnuplot run in it without a shell, and the
 * picture put in place only when it is whole.
 *
 *     struct gnuplot *job = gnuplot_begin(&failure);
 *     FILE *data = gnuplot_file(job, "trains.dat", &failure);   …write, then…
 *     gnuplot_close(job, data, &failure);
 *     FILE *script = gnuplot_file(job, GNUPLOT_SCRIPT, &failure);
 *     gnuplot_terminal(script, PICTURE_SVG, 1500, 820);   …names by gnuplot_string, plot commands…
 *     gnuplot_close(job, script, &failure);
 *     gnuplot_draw(job, "out/traingraph.svg", &failure);
 *     gnuplot_end(job);
 *
 * gnuplot's own start-up files are not read. The script refers to the data files by their plain names; the output is
 * set by gnuplot_terminal. Nothing a name may hold has a meaning to gnuplot: texts are written by gnuplot_string, set
 * in place by `set label`, and drawn in terminals without enhanced text. (`plot … with labels` looks for backslashes
 * and quotes in a text: only identifiers go there.) */
#ifndef BERING_CHART_GNUPLOT_H
#define BERING_CHART_GNUPLOT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "results/failure.h"

enum picture_format { PICTURE_SVG, PICTURE_PNG, PICTURE_PDF };

#define GNUPLOT_SCRIPT "script.gp" /* the file that gnuplot runs */

struct gnuplot;

/* By the ending of the file's name, in either case; false if it is none of the three. */
bool picture_format_of(const char *path, enum picture_format *format);

struct gnuplot *gnuplot_begin(struct failure *failure); /* NULL: no folder could be made */
void gnuplot_end(struct gnuplot *job);                  /* removes the folder; NULL is allowed */
const char *gnuplot_folder(const struct gnuplot *job);

/* A new file in the folder. NULL on failure. To be closed by gnuplot_close, which fails if anything written to it was
 * lost. */
FILE *gnuplot_file(struct gnuplot *job, const char *name, struct failure *failure);
bool gnuplot_close(struct gnuplot *job, FILE *file, struct failure *failure);

/* A text as a gnuplot string. Control characters become blanks. */
void gnuplot_string(FILE *script, const char *text);

/* `set terminal` and `set output` for a canvas of that many pixels, and the variable PX, by which to multiply a font
 * size in pixels. */
void gnuplot_terminal(FILE *script, enum picture_format format, int32_t width, int32_t height);

/* Runs gnuplot and puts the picture at `path`, replacing what is there in one step. On failure a picture that was there
 * is as it was. The failure says what to do where gnuplot is missing, and what gnuplot said where it failed. */
bool gnuplot_draw(struct gnuplot *job, const char *path, struct failure *failure);

/* What gnuplot printed, warnings included; "" for nothing. Valid until the job ends. */
const char *gnuplot_messages(const struct gnuplot *job);

#endif
