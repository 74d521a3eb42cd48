/* Delay against demand. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/chart.h"
#include "chart/label_layout.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/study_tables.h"
#include "chart/text_width.h"

enum { TEXT_SIZE = 512, FIT_POINTS = 60, SHADES = 7 };
static const double label_px = 13, label_height = 16;
static const double shown_over_limit = 2.2;  /* the plot ends at so many times the limit */
static const double shown_over_lowest = 1.5; /* and not below so many times a curve's lowest point */

struct delay_picture {
    struct gnuplot *job;
    struct study study;
    const struct study_variant *variant; /* whose files are being written */
    struct sheet_frame frame;
    struct sheet_scale x_scale, y_scale;
    double limit_min;           /* the highest of the variants; NAN: none */
    bool p90;                   /* of the first variant: what is drawn is the 90th percentile */
    struct line_segment *lines; /* what labels keep clear of, in pixels */
    int32_t line_count, line_room;
    struct box *taken; /* by labels */
    int32_t taken_count, taken_room;
    bool short_of_memory; /* for a label */
};

static void picture_free(struct delay_picture *picture) {
    study_free(&picture->study);
    free(picture->lines);
    free(picture->taken);
}

/* Minutes. */
static double delay_of(const struct delay_picture *picture, const struct study_point *point) {
    return (picture->p90 && !isnan(point->p90_s) ? point->p90_s : point->mean_s) / 60;
}

/* Of the interval, which is that of the mean: a percentile has none. */
static double half_minutes(const struct study_point *point) {
    return isnan(point->half_width_s) ? 0 : point->half_width_s / 60;
}

static double fit_at(const struct study_fit *fit, double demand) {
    return fit->a_s / 60 * exp(fit->b * demand);
}

static bool has_fit(const struct study_fit *fit) {
    return fit->known && fit->a_s > 0 && isfinite(fit->b);
}

/* ---- frame ---- */

static void find_limits(struct delay_picture *picture) {
    picture->limit_min = NAN;
    for (int32_t index = 0; index < picture->study.variant_count; index++) {
        const struct study_fit *fit = &picture->study.variants[index].fit;
        if (fit->known && fit->limit_s > 0) picture->limit_min = fmax(picture->limit_min, fit->limit_s / 60);
    }
    picture->p90 = picture->study.variants[0].fit.p90;
}

/* As far up as the limit can be seen in the middle of, or as the curves go where that is less; but so far that
 * something is seen of each curve. */
static double highest_shown(const struct delay_picture *picture) {
    double most = 0, lowest = 0;
    for (int32_t index = 0; index < picture->study.variant_count; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        double least = INFINITY;
        for (int32_t point = 0; point < variant->point_count; point++) {
            const double delay = delay_of(picture, &variant->points[point]);
            most = fmax(most, delay + (picture->p90 ? 0 : half_minutes(&variant->points[point])));
            least = fmin(least, delay);
        }
        if (isfinite(least)) lowest = fmax(lowest, least);
    }
    if (isnan(picture->limit_min)) return most > 0 ? most * 1.05 : 1;
    const double enough = fmax(shown_over_limit * picture->limit_min, shown_over_lowest * lowest);
    return fmax(fmin(most * 1.05, enough), 1.25 * picture->limit_min);
}

static double farthest_shown(const struct delay_picture *picture) {
    double most = 0;
    for (int32_t index = 0; index < picture->study.variant_count; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        for (int32_t point = 0; point < variant->point_count; point++) most = fmax(most, variant->points[point].demand);
        for (int32_t number = 0; number < variant->answer_count; number++) {
            const struct study_answer *answer = &variant->answers[number];
            if (answer->kind < ANSWER_SATURATED || isnan(answer->trains_per_day)) continue;
            most = fmax(most, answer->trains_per_day + fmax(0, answer->half_width));
        }
    }
    return most > 0 ? most * 1.04 : 1;
}

static void lay_out(struct delay_picture *picture) {
    find_limits(picture);
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1472,
                                          .top = 118,
                                          .bottom = 748,
                                          .x_to = farthest_shown(picture),
                                          .y_top = highest_shown(picture)};
    picture->x_scale = sheet_scale_make(picture->frame.x_to, picture->frame.right - picture->frame.left, 70);
    picture->y_scale = sheet_scale_make(picture->frame.y_top, picture->frame.bottom - picture->frame.top, 50);
}

/* ---- lines ---- */

struct place {
    double x, y; /* trains a day, minutes */
};

static double clipped(const struct delay_picture *picture, double minutes) {
    return fmin(minutes, picture->frame.y_top);
}

/* Cuts off what of a line is above the plot; false if nothing is left. */
static bool clip(const struct delay_picture *picture, struct place *from, struct place *to) {
    const double top = picture->frame.y_top;
    if (from->y >= top && to->y >= top) return false;
    struct place *above = from->y > to->y ? from : to;
    const struct place below = from->y > to->y ? *to : *from;
    if (above->y <= top) return true;
    above->x = below.x + (above->x - below.x) * (top - below.y) / (above->y - below.y);
    above->y = top;
    return true;
}

/* Labels keep clear of a line so many pixels wide. */
static bool keep_clear(struct delay_picture *picture, struct place from, struct place to, double width) {
    struct line_segment *lines = array_room(picture->lines, picture->line_count, &picture->line_room, sizeof *lines);
    if (lines == NULL) return false;
    picture->lines = lines;
    const struct sheet_frame *frame = &picture->frame;
    lines[picture->line_count++] = (struct line_segment){
        sheet_x(frame, from.x), sheet_y(frame, from.y), sheet_x(frame, to.x), sheet_y(frame, to.y), 0, width};
    return true;
}

/* A line through points, as far as it can be seen. */
struct pen {
    FILE *file;
    double width;    /* 0: labels may cover it */
    struct place at; /* the last point, NAN before the first */
    struct place drawn;
};

static bool pen_to(struct delay_picture *picture, struct pen *pen, struct place to) {
    struct place from = pen->at, end = to;
    const bool first = isnan(from.x);
    pen->at = to;
    if (first || !clip(picture, &from, &end)) return true;
    if (from.x != pen->drawn.x || from.y != pen->drawn.y) fprintf(pen->file, "\n%.6f %.6f\n", from.x, from.y);
    fprintf(pen->file, "%.6f %.6f\n", end.x, end.y);
    pen->drawn = end;
    return pen->width == 0 || keep_clear(picture, from, end, pen->width);
}

/* ---- what is drawn of a variant ---- */

static struct place place_of(const struct delay_picture *picture, const struct study_point *point) {
    return (struct place){point->demand, delay_of(picture, point)};
}

static bool put_curve(struct delay_picture *picture, FILE *file) {
    struct pen pen = {.file = file, .width = 6, .at = {NAN, NAN}, .drawn = {NAN, NAN}};
    for (int32_t index = 0; index < picture->variant->point_count; index++)
        if (!pen_to(picture, &pen, place_of(picture, &picture->variant->points[index]))) return false;
    return true;
}

/* Demand, delay, and the ends of its interval, which are those of the mean. */
static bool put_point(struct delay_picture *picture, FILE *file, struct place here, double half) {
    if (!(here.y <= picture->frame.y_top)) return true;
    const struct place low = {here.x, fmax(0, here.y - half)}, high = {here.x, clipped(picture, here.y + half)};
    fprintf(file, "%.6f %.6f %.6f %.6f\n", here.x, here.y, low.y, high.y);
    return keep_clear(picture, low, high, 12);
}

static bool put_points(struct delay_picture *picture, FILE *file) {
    for (int32_t index = 0; index < picture->variant->point_count; index++) {
        const struct study_point *point = &picture->variant->points[index];
        const double half = picture->p90 ? 0 : half_minutes(point);
        if (!put_point(picture, file, place_of(picture, point), half)) return false;
    }
    return true;
}

/* Beside a percentile the mean, which the fit is of. */
static bool put_means(struct delay_picture *picture, FILE *file) {
    for (int32_t index = 0; index < picture->variant->point_count && picture->p90; index++) {
        const struct study_point *point = &picture->variant->points[index];
        if (!put_point(picture, file, (struct place){point->demand, point->mean_s / 60}, half_minutes(point)))
            return false;
    }
    return true;
}

static bool put_fit(struct delay_picture *picture, FILE *file) {
    const struct study_variant *variant = picture->variant;
    if (!has_fit(&variant->fit) || variant->point_count < 2) return true;
    const double from = variant->points[0].demand, to = variant->points[variant->point_count - 1].demand;
    struct pen pen = {.file = file, .at = {NAN, NAN}, .drawn = {NAN, NAN}};
    for (int32_t step = 0; step <= FIT_POINTS; step++) {
        const double x = from + (to - from) * step / FIT_POINTS;
        if (!pen_to(picture, &pen, (struct place){x, fit_at(&variant->fit, x)})) return false;
    }
    return true;
}

/* Where the curve ends, or leaves the plot, and how many of its points come before that. */
static int32_t last_shown(const struct delay_picture *picture, struct place *last) {
    const struct study_variant *variant = picture->variant;
    *last = place_of(picture, &variant->points[0]);
    int32_t index = 1;
    for (; index < variant->point_count && last->y < picture->frame.y_top; index++) {
        struct place from = *last;
        *last = place_of(picture, &variant->points[index]);
        clip(picture, &from, last);
    }
    return last->y < picture->frame.y_top ? index : index - 1;
}

/* The measured point that lies farthest below the chord of what can be seen of the curve: up to there a further train
 * adds less delay than on the average over the chord, from there on more. Less than a twentieth of its rise is none. */
static bool put_knee(struct delay_picture *picture, FILE *file) {
    const struct study_variant *variant = picture->variant;
    const struct place first = place_of(picture, &variant->points[0]);
    struct place last, knee = first;
    const int32_t shown = last_shown(picture, &last);
    const double least = (last.y - first.y) / 20;
    double deepest = least;
    for (int32_t index = 1; index < shown && last.x > first.x; index++) {
        const struct place here = place_of(picture, &variant->points[index]);
        const double chord = first.y + (last.y - first.y) * (here.x - first.x) / (last.x - first.x);
        if (chord - here.y <= deepest) continue;
        deepest = chord - here.y;
        knee = here;
    }
    if (!(deepest > least)) return true;
    fprintf(file, "%.6f %.6f\n", knee.x, knee.y);
    return keep_clear(picture, knee, knee, 18);
}

/* ---- its answers ---- */

/* Where a curve is at a demand; where it ends, behind that. */
static double height_at(const struct delay_picture *picture, double x) {
    const struct study_variant *variant = picture->variant;
    struct place to = place_of(picture, &variant->points[0]);
    for (int32_t index = 1; index < variant->point_count && to.x < x; index++) {
        const struct place from = to;
        to = place_of(picture, &variant->points[index]);
        if (to.x >= x) return clipped(picture, from.y + (to.y - from.y) * (x - from.x) / (to.x - from.x));
    }
    return clipped(picture, to.y);
}

static double half_of(const struct study_answer *answer) {
    return isnan(answer->half_width) ? 0 : answer->half_width;
}

static const struct study_answer *answer_of(const struct study_variant *variant, enum study_answer_kind kind) {
    const struct study_answer *answer = study_answer_of(variant, kind, 0);
    return answer != NULL && !isnan(answer->trains_per_day) ? answer : NULL;
}

/* The practical answer stands on the limit, and on its curve where the limit is never reached. */
static double practical_height(const struct delay_picture *picture, const struct study_answer *answer) {
    const struct study_fit *fit = &picture->variant->fit;
    return fit->known && fit->outcome == STUDY_FOUND ? fit->limit_s / 60 : height_at(picture, answer->trains_per_day);
}

static bool put_practical(struct delay_picture *picture, FILE *file) {
    const struct study_answer *answer = answer_of(picture->variant, ANSWER_PRACTICAL);
    if (answer == NULL) return true;
    const double x = answer->trains_per_day, y = practical_height(picture, answer);
    const struct place low = {fmax(0, x - half_of(answer)), y}, high = {x + half_of(answer), y};
    fprintf(file, "%.6f %.6f %.6f %.6f\n", x, y, low.x, high.x);
    return keep_clear(picture, low, high, 18);
}

static bool put_saturated(struct delay_picture *picture, FILE *file) {
    const struct study_answer *answer = answer_of(picture->variant, ANSWER_SATURATED);
    if (answer == NULL) return true;
    const double x = answer->trains_per_day, top = picture->frame.y_top;
    fprintf(file, "%.6f %.6f %.6f %.6f %.6f %.6f\n", x, top / 2, fmax(0, x - half_of(answer)), x + half_of(answer), 0.0,
            top);
    return true;
}

static bool put_limit(struct delay_picture *picture, FILE *file) {
    const struct study_fit *fit = &picture->variant->fit;
    if (!fit->known || !(fit->limit_s > 0)) return true;
    for (const struct study_variant *other = picture->study.variants; other < picture->variant; other++)
        if (other->fit.limit_s == fit->limit_s) return true; /* one line for all that have it */
    const struct place from = {0, fit->limit_s / 60}, to = {picture->frame.x_to, fit->limit_s / 60};
    fprintf(file, "%.6f %.6f\n%.6f %.6f\n", from.x, from.y, to.x, to.y);
    return keep_clear(picture, from, to, 3);
}

/* ---- data files, NAME_1.dat for the first variant and so on ---- */

typedef bool put_data(struct delay_picture *picture, FILE *file);
static const struct {
    const char *name;
    put_data *put;
} layers[] = {{"limit", put_limit},         {"saturated", put_saturated}, {"fit", put_fit},     {"curve", put_curve},
              {"practical", put_practical}, {"points", put_points},       {"means", put_means}, {"knee", put_knee}};

static bool write_layer(struct delay_picture *picture, int32_t variant, const char *name, put_data *put,
                        struct failure *failure) {
    char file_name[48];
    snprintf(file_name, sizeof file_name, "%s_%" PRId32 ".dat", name, variant + 1);
    FILE *file = sheet_data(picture->job, file_name, failure);
    if (file == NULL) return false;
    picture->variant = &picture->study.variants[variant];
    const bool room = put(picture, file);
    return gnuplot_close(picture->job, file, failure) && (room || failure_set(failure, "out of memory"));
}

static bool write_layers(struct delay_picture *picture, struct failure *failure) {
    for (int32_t variant = 0; variant < picture->study.variant_count; variant++)
        for (size_t layer = 0; layer < sizeof layers / sizeof *layers; layer++)
            if (!write_layer(picture, variant, layers[layer].name, layers[layer].put, failure)) return false;
    return true;
}

/* ---- labels ---- */

static bool take_box(struct delay_picture *picture, const struct box *box) {
    struct box *taken = array_room(picture->taken, picture->taken_count, &picture->taken_room, sizeof *taken);
    if (taken == NULL) {
        picture->short_of_memory = true;
        return false;
    }
    picture->taken = taken;
    taken[picture->taken_count++] = *box;
    return true;
}

static struct point_label_style label_style(const struct delay_picture *picture, double gap, double reach) {
    return (struct point_label_style){.left = picture->frame.left + 4,
                                      .right = picture->frame.right - 4,
                                      .top = picture->frame.top + 4,
                                      .bottom = picture->frame.bottom - 4,
                                      .gap = gap,
                                      .reach = reach,
                                      .margin = 3};
}

static bool put_label(struct delay_picture *picture, const struct sheet *sheet, const char *text, const struct box *box,
                      const char *ink) {
    sheet_text_in_box(sheet, text, box, &(struct sheet_font){.size = label_px, .ink = ink});
    return take_box(picture, box);
}

/* A label near a place of the plot, with a thin line to it where it is not beside it. False: no room for it. */
static bool label_near(struct delay_picture *picture, const struct sheet *sheet, const char *text, struct place at,
                       double reach, const char *ink) {
    const struct point_label_style style = label_style(picture, 10, reach);
    const double x = sheet_x(&picture->frame, at.x), y = sheet_y(&picture->frame, at.y);
    struct box box;
    if (!point_label_place(x, y, text_width(text, label_px), label_height, picture->lines, picture->line_count,
                           picture->taken, picture->taken_count, &style, &box))
        return false;
    const double near_x = fmin(fmax(x, box.x - box.half_width), box.x + box.half_width);
    const double near_y = fmin(fmax(y, box.y - box.half_height), box.y + box.half_height);
    if (hypot(near_x - x, near_y - y) > 22)
        fprintf(sheet->script,
                "set arrow from screen SX(%.2f), SY(%.2f) to screen SX(%.2f), SY(%.2f) nohead lw 0.8 lc rgb %s back\n",
                near_x, near_y, x, y, ink);
    return put_label(picture, sheet, text, &box, ink);
}

static void format_figure(const struct study_answer *answer, char *text, size_t size) {
    if (isnan(answer->half_width))
        snprintf(text, size, "%.1f", answer->trains_per_day);
    else
        snprintf(text, size, "%.1f ± %.1f", answer->trains_per_day, answer->half_width);
}

/* The variant's name, its practical answer behind it. */
static void format_curve(const struct study_variant *variant, double longest, char *text, size_t size) {
    const struct study_answer *answer = answer_of(variant, ANSWER_PRACTICAL);
    char figure[64] = "";
    const bool never_reached = variant->fit.known && variant->fit.outcome == STUDY_NEVER_REACHED;
    const size_t sign = answer != NULL && never_reached ? strlen(strcpy(figure, "≥ ")) : 0;
    if (answer != NULL) format_figure(answer, figure + sign, sizeof figure - sign);
    if (variant->fit.known && variant->fit.outcome == STUDY_NEVER_KEPT)
        snprintf(figure, sizeof figure, "limit never kept");
    if (never_reached)
        snprintf(figure + strlen(figure), sizeof figure - strlen(figure), "%slimit never reached",
                 figure[0] != '\0' ? ", " : "");
    char name[TEXT_SIZE];
    text_fit(variant->name[0] != '\0' ? variant->name : "practical", label_px, longest, name, sizeof name);
    snprintf(text, size, "%s%s%s", name, figure[0] != '\0' ? "  " : "", figure);
}

/* The place farthest to the right where the curve is no higher than that. */
static struct place curve_at_height(const struct delay_picture *picture, struct place last, double height) {
    struct place at = last;
    for (int step = 0; step <= 200 && at.y > height; step++) {
        at.x = last.x + (picture->variant->points[0].demand - last.x) * step / 200;
        at.y = height_at(picture, at.x);
    }
    return at;
}

static bool label_beside(struct delay_picture *picture, const struct sheet *sheet, const char *text, double reach,
                         const char *ink) {
    static const double shares[] = {0.85, 0.7, 0.55, 0.4, 0.25, 0.12};
    struct place last;
    last_shown(picture, &last);
    for (size_t share = 0; share < sizeof shares / sizeof *shares; share++)
        if (label_near(picture, sheet, text, curve_at_height(picture, last, shares[share] * last.y), reach, ink))
            return true;
    return false;
}

/* Turned with a straight piece of the curve, the last one first. */
static bool label_along(struct delay_picture *picture, const struct sheet *sheet, const char *text, const char *ink) {
    const struct point_label_style style = label_style(picture, 6, 0);
    const struct sheet_frame *frame = &picture->frame;
    for (int32_t index = picture->variant->point_count - 1; index > 0; index--) {
        struct place from = place_of(picture, &picture->variant->points[index - 1]);
        struct place to = place_of(picture, &picture->variant->points[index]);
        struct box box;
        if (!clip(picture, &from, &to)) continue;
        const struct line_segment piece = {
            sheet_x(frame, from.x), sheet_y(frame, from.y), sheet_x(frame, to.x), sheet_y(frame, to.y), 0, 0};
        if (straight_label_place(&piece, text_width(text, label_px), label_height, picture->lines, picture->line_count,
                                 picture->taken, picture->taken_count, &style, &box))
            return put_label(picture, sheet, text, &box, ink);
    }
    return false;
}

/* Level beside its curve, or along it, or somewhere near; if there is no room, with less of a long name. */
static void label_curve(struct delay_picture *picture, const struct sheet *sheet, int32_t index) {
    static const double longest[] = {300, 120, 50};
    char text[TEXT_SIZE + 80], ink[32];
    picture->variant = &picture->study.variants[index];
    snprintf(ink, sizeof ink, "SHADE[%" PRId32 "]", index % SHADES + 1);
    const bool alone = picture->study.variant_count == 1;
    const struct study_answer *answer = answer_of(picture->variant, ANSWER_PRACTICAL);
    for (size_t length = 0; length < sizeof longest / sizeof *longest; length++) {
        format_curve(picture->variant, longest[length], text, sizeof text);
        if (alone && answer != NULL &&
            label_near(picture, sheet, text, (struct place){answer->trains_per_day, practical_height(picture, answer)},
                       100, ink))
            return;
        if (label_beside(picture, sheet, text, 16, ink) || label_along(picture, sheet, text, ink) ||
            label_beside(picture, sheet, text, 60, ink))
            return;
    }
    format_curve(picture->variant, longest[1], text, sizeof text);
    label_beside(picture, sheet, text, 260, ink);
}

static void label_limit(struct delay_picture *picture, const struct sheet *sheet) {
    if (isnan(picture->limit_min)) return;
    char text[64];
    snprintf(text, sizeof text, "limit %g min", picture->limit_min);
    for (int step = 0; step <= 40; step++) {
        const struct place at = {picture->frame.x_to * (0.004 + 0.02 * step) +
                                     text_width(text, label_px) / 2 / (picture->frame.right - picture->frame.left) *
                                         picture->frame.x_to,
                                 picture->limit_min};
        if (label_near(picture, sheet, text, at, 12, "INK")) return;
    }
}

/* The variant with the least saturated answer above `above`, NULL: none. */
static const struct study_variant *next_saturated(const struct delay_picture *picture, double above) {
    const struct study_variant *next = NULL;
    double least = INFINITY;
    for (int32_t index = 0; index < picture->study.variant_count; index++) {
        const struct study_answer *answer = answer_of(&picture->study.variants[index], ANSWER_SATURATED);
        if (answer == NULL || answer->trains_per_day <= above || answer->trains_per_day >= least) continue;
        least = answer->trains_per_day;
        next = &picture->study.variants[index];
    }
    return next;
}

/* Above the plot, in two rows one beside the other, each with the name of its variant; one that finds no room there is
 * left out. */
static void label_saturated(const struct delay_picture *picture, const struct sheet *sheet) {
    enum { ROWS = 2 };
    double free_from[ROWS] = {picture->frame.left, picture->frame.left}, last = -INFINITY;
    for (const struct study_variant *variant; (variant = next_saturated(picture, last)) != NULL;) {
        const struct study_answer *answer = answer_of(variant, ANSWER_SATURATED);
        last = answer->trains_per_day;
        char figure[64], name[TEXT_SIZE], text[TEXT_SIZE + 80];
        format_figure(answer, figure, sizeof figure);
        text_fit(picture->study.variant_count == 1 ? "saturated" : variant->name, label_px, 120, name, sizeof name);
        snprintf(text, sizeof text, "%s%s%s", name, name[0] != '\0' ? " " : "", figure);
        const double half = text_width(text, label_px) / 2, at = sheet_x(&picture->frame, last);
        const double middle = fmin(at, picture->frame.width - 16 - half);
        int row = 0;
        while (row < ROWS && middle - half < free_from[row]) row++;
        if (row == ROWS) continue;
        sheet_text(sheet, text, middle, picture->frame.top - 13 - row * (label_height + 1), ALIGN_CENTRE,
                   &(struct sheet_font){.size = label_px, .ink = "SATURATED"});
        free_from[row] = middle + half + 10;
    }
}

static void put_labels(struct delay_picture *picture, const struct sheet *sheet) {
    label_limit(picture, sheet);
    for (int32_t index = 0; index < picture->study.variant_count; index++) label_curve(picture, sheet, index);
    label_saturated(picture, sheet);
    const struct sheet_font font = {.size = label_px, .ink = "INK"};
    const struct sheet_frame *frame = &picture->frame;
    sheet_text(sheet, "trains a day asked for", (frame->left + frame->right) / 2, frame->bottom + 44, ALIGN_CENTRE,
               &font);
    sheet_text(sheet, picture->p90 ? "delay, minutes" : "mean delay, minutes", 26, (frame->top + frame->bottom) / 2,
               ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
}

/* ---- all of it ---- */

static void put_subtitle(const struct delay_picture *picture, char *text, size_t size) {
    const struct study_variant *variant = &picture->study.variants[0];
    char title[TEXT_SIZE];
    study_title(&picture->study, title, sizeof title);
    const int used = snprintf(text, size, "%s", title);
    if (picture->study.variant_count > 1 || !has_fit(&variant->fit) || used >= (int)size) return;
    snprintf(text + used, size - (size_t)used, "%s%s · fit: D = %.3g · e^(%.3g V) min, ln D within ± %.2f",
             variant->name[0] != '\0' ? " · variant " : "", variant->name, variant->fit.a_s / 60, variant->fit.b,
             variant->fit.residual);
}

static void put_head(const struct delay_picture *picture, const struct sheet *sheet) {
    bool fits = false, saturated = false, practical = false;
    for (int32_t index = 0; index < picture->study.variant_count; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        fits = fits || has_fit(&variant->fit);
        saturated = saturated || answer_of(variant, ANSWER_SATURATED) != NULL;
        practical = practical || answer_of(variant, ANSWER_PRACTICAL) != NULL;
    }
    const struct sheet_legend legend[] = {
        {"CURVE", picture->p90 ? "90th percentile" : "simulated, with its interval"},
        {picture->p90 ? "MEAN" : NULL, "mean"},
        {fits ? "FIT" : NULL, picture->p90 ? "fit of the mean, A·e^(BV)" : "fit D = A·e^(BV)"},
        {isnan(picture->limit_min) ? NULL : "LIMIT", "limit"},
        {practical ? "PRACTICAL" : NULL, "practical answer"},
        {"KNEE", "knee"},
        {saturated ? "SATURATED" : NULL, "saturated answer"},
    };
    char subtitle[2 * TEXT_SIZE];
    put_subtitle(picture, subtitle, sizeof subtitle);
    sheet_head(sheet, "Delay against demand", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(struct delay_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    sheet_number(&sheet, "VARIANTS", picture->study.variant_count);
    put_head(picture, &sheet);
    sheet_scale_below(&sheet, &picture->x_scale);
    sheet_scale_left(&sheet, &picture->y_scale);
    put_labels(picture, &sheet);
    const bool well = sheet_end(&sheet, delay_script, failure);
    return picture->short_of_memory ? failure_set(failure, "out of memory") : well;
}

bool delay_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                       struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct delay_picture picture = {.job = job};
    bool well = study_read(database, request->experiment_id, request->variant, STUDY_POINTS, &picture.study, failure);
    if (well) {
        lay_out(&picture);
        well = write_layers(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){
        .experiment_id = picture.study.experiment_id, .item = "variants", .items = picture.study.variant_count};
    picture_free(&picture);
    return well;
}
