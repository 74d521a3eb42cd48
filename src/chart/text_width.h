/* How wide a text is in DejaVu Sans, the font of the charts, so that labels can be laid out before anything is drawn.
 * Letters outside ASCII are taken at a generous width for their script; a font put in its place is close enough. */
#ifndef BERING_CHART_TEXT_WIDTH_H
#define BERING_CHART_TEXT_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* In the unit of the font size. Bytes that are not UTF-8 count as one letter each. */
double text_width(const char *text, double font_size);
double text_width_bold(const char *text, double font_size);

/* Copies as much of `text` as fits in `width`, ending in … where something was cut, never within a character; control
 * characters become blanks and what is not UTF-8 a question mark. `size` ≥ 4 bytes. True if nothing was cut. */
bool text_fit(const char *text, double font_size, double width, char *fitted, size_t size);

#endif
