#include "chart/sheet.h"

#include <math.h>
#include <string.h>

#include "chart/scripts.h"
#include "chart/text_width.h"

enum { EDGE = 16, HEAD_Y = 32, SUBTITLE_Y = 62, SAMPLE = 28, SAMPLE_GAP = 6, LEGEND_GAP = 20, TEXT_SIZE = 2048 };
static const double title_px = 19, subtitle_px = 13, scale_px = 13;

double sheet_x(const struct sheet_frame *frame, double value) {
    return frame->left + (value - frame->x_from) / (frame->x_to - frame->x_from) * (frame->right - frame->left);
}

double sheet_y(const struct sheet_frame *frame, double value) {
    return frame->top + (value - frame->y_top) / (frame->y_bottom - frame->y_top) * (frame->bottom - frame->top);
}

/* ---- script and data ---- */

void sheet_number(const struct sheet *sheet, const char *name, double value) {
    fprintf(sheet->script, "%s = %.6f\n", name, value);
}

bool sheet_begin(struct sheet *sheet, struct gnuplot *job, enum picture_format format, const struct sheet_frame *frame,
                 struct failure *failure) {
    *sheet = (struct sheet){.job = job, .script = gnuplot_file(job, GNUPLOT_SCRIPT, failure), .frame = *frame};
    if (sheet->script == NULL) return false;
    gnuplot_terminal(sheet->script, format, frame->width, frame->height);
    sheet_number(sheet, "W", frame->width);
    sheet_number(sheet, "H", frame->height);
    sheet_number(sheet, "LEFT", frame->left);
    sheet_number(sheet, "RIGHT", frame->right);
    sheet_number(sheet, "TOP", frame->top);
    sheet_number(sheet, "BOTTOM", frame->bottom);
    sheet_number(sheet, "X_FROM", frame->x_from);
    sheet_number(sheet, "X_TO", frame->x_to);
    sheet_number(sheet, "Y_TOP", frame->y_top);
    sheet_number(sheet, "Y_BOTTOM", frame->y_bottom);
    fputs(look_script, sheet->script);
    return true;
}

bool sheet_end(struct sheet *sheet, const char *drawing, struct failure *failure) {
    fputs(drawing, sheet->script);
    FILE *script = sheet->script;
    sheet->script = NULL;
    return gnuplot_close(sheet->job, script, failure);
}

FILE *sheet_data(struct gnuplot *job, const char *name, struct failure *failure) {
    FILE *file = gnuplot_file(job, name, failure);
    if (file != NULL) fputs("-1e6 -1e6 -1e6 -1e6 -1e6 -1e6\n\n", file);
    return file;
}

/* ---- texts ---- */

void sheet_text(const struct sheet *sheet, const char *text, double x, double y, enum sheet_align align,
                const struct sheet_font *font) {
    static const char *const words[] = {"left", "center", "right"};
    if (text[0] == '\0') return;
    fputs("set label ", sheet->script);
    gnuplot_string(sheet->script, text);
    fprintf(sheet->script, " at screen SX(%.2f), SY(%.2f) %s font %s(%.2f) rotate by %.2f tc rgb %s front\n", x, y,
            words[align], font->bold ? "BOLD" : "PLAIN", font->size, font->angle, font->ink);
}

void sheet_text_within(const struct sheet *sheet, const char *text, double width, double x, double y,
                       enum sheet_align align, const struct sheet_font *font) {
    char fitted[TEXT_SIZE];
    text_fit(text, font->bold ? font->size * 1.14 : font->size, width, fitted, sizeof fitted);
    sheet_text(sheet, fitted, x, y, align, font);
}

void sheet_text_in_box(const struct sheet *sheet, const char *text, const struct box *box,
                       const struct sheet_font *font) {
    static const int corners[5][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};
    const double cosine = cos(box->angle), sine = sin(box->angle);
    fputs("set object polygon", sheet->script);
    for (int corner = 0; corner < 5; corner++) {
        const double along = corners[corner][0] * (box->half_width + 2), across = corners[corner][1] * box->half_height;
        fprintf(sheet->script, " %s screen SX(%.2f), SY(%.2f)", corner == 0 ? "from" : "to",
                box->x + along * cosine - across * sine, box->y + along * sine + across * cosine);
    }
    fputs(" fillstyle transparent solid 0.8 noborder fillcolor rgb PAPER front\n", sheet->script);
    struct sheet_font turned = *font;
    turned.angle = -box->angle * 90 / acos(0);
    sheet_text(sheet, text, box->x, box->y, ALIGN_CENTRE, &turned);
}

void sheet_head(const struct sheet *sheet, const char *title, const char *subtitle, const struct sheet_legend *legend,
                int32_t legend_count) {
    const struct sheet_font words = {.size = subtitle_px, .ink = "SOFT"};
    double x = sheet->frame.width - EDGE + LEGEND_GAP;
    for (int32_t index = 0; index < legend_count; index++)
        if (legend[index].name != NULL)
            x -= SAMPLE + SAMPLE_GAP + text_width(legend[index].word, words.size) + LEGEND_GAP;
    const double left = fmin(sheet->frame.left, 96);
    sheet_text_within(sheet, title, x - LEGEND_GAP - left, left, HEAD_Y, ALIGN_LEFT,
                      &(struct sheet_font){.size = title_px, .ink = "INK", .bold = true});
    sheet_text_within(sheet, subtitle, sheet->frame.width - EDGE - left, left, SUBTITLE_Y, ALIGN_LEFT, &words);
    sheet_number(sheet, "LEGEND_Y", HEAD_Y);
    for (int32_t index = 0; index < legend_count; index++) {
        if (legend[index].name == NULL) continue;
        fprintf(sheet->script, "LEGEND_%s = %.2f\n", legend[index].name, x);
        sheet_text(sheet, legend[index].word, x + SAMPLE + SAMPLE_GAP, HEAD_Y, ALIGN_LEFT, &words);
        x += SAMPLE + SAMPLE_GAP + text_width(legend[index].word, words.size) + LEGEND_GAP;
    }
}

/* ---- scales ---- */

struct sheet_scale sheet_scale_make(double most, double length, double spacing) {
    static const double steps[] = {1, 2, 5, 10};
    const double least = most * spacing / length;
    const double power = pow(10, floor(log10(least)));
    double step = 10 * power;
    for (int index = 3; index >= 0; index--)
        if (steps[index] * power >= least * (1 - 1e-9)) step = steps[index] * power;
    return (struct sheet_scale){.step = step, .to = most, .decimals = (int)fmax(0, -floor(log10(step) + 1e-9))};
}

struct sheet_scale sheet_scale_between(double from, double to, double length, double spacing) {
    struct sheet_scale scale = sheet_scale_make(to - from, length, spacing);
    scale.from = from;
    scale.to = to;
    return scale;
}

void sheet_scale_format(const struct sheet_scale *scale, double value, char *text, size_t size) {
    snprintf(text, size, "%s%.*f", value < 0 ? "−" : "", scale->decimals, fabs(value));
}

static int32_t first_mark(const struct sheet_scale *scale) {
    return (int32_t)ceil(scale->from / scale->step - 1e-9);
}

static int32_t last_mark(const struct sheet_scale *scale) {
    return (int32_t)floor(scale->to / scale->step + 1e-9);
}

static void tell_marks(const struct sheet *sheet, const struct sheet_scale *scale, char axis) {
    fprintf(sheet->script, "%c_STEP = %.6f\n%c_FIRST = %d\n%c_LAST = %d\n", axis, scale->step, axis,
            (int)first_mark(scale), axis, (int)last_mark(scale));
}

void sheet_scale_below(const struct sheet *sheet, const struct sheet_scale *scale) {
    for (int32_t mark = first_mark(scale); mark <= last_mark(scale); mark++) {
        char text[32];
        sheet_scale_format(scale, mark * scale->step, text, sizeof text);
        sheet_text(sheet, text, sheet_x(&sheet->frame, mark * scale->step), sheet->frame.bottom + 17, ALIGN_CENTRE,
                   &(struct sheet_font){.size = scale_px, .ink = "INK"});
    }
    tell_marks(sheet, scale, 'X');
}

void sheet_scale_left(const struct sheet *sheet, const struct sheet_scale *scale) {
    for (int32_t mark = first_mark(scale); mark <= last_mark(scale); mark++) {
        char text[32];
        sheet_scale_format(scale, mark * scale->step, text, sizeof text);
        sheet_text(sheet, text, sheet->frame.left - 10, sheet_y(&sheet->frame, mark * scale->step), ALIGN_RIGHT,
                   &(struct sheet_font){.size = scale_px, .ink = "INK"});
    }
    tell_marks(sheet, scale, 'Y');
}
