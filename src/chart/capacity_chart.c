/* Trains a day by variant, one bar for each answer. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "chart/chart.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/study_names.h"
#include "chart/study_tables.h"
#include "chart/text_width.h"

enum {
    CANVAS_WIDTH = 1500,
    PLOT_LEFT = 200,
    PLOT_RIGHT = 1120, /* what limits an answer may be told beyond it */
    PLOT_TOP = 96,
    BELOW = 70,
    NAME_HEIGHT = 26, /* of a variant's name above its bars */
    ROW_HEIGHT = 19,
    BAR_HEIGHT = 12,
    GROUP_GAP = 14,
    EDGE = 16,
    LEAST_PLACE = 80, /* less room than that is none for a place */
    MOST_VARIANTS = 24,
    TEXT_SIZE = 512,
};
static const double row_px = 12, name_px = 13;
static const double value_share = 0.98; /* the longest bar, of the plot */

struct capacity_picture {
    struct gnuplot *job;
    struct study study;
    struct study_names names;
    int32_t shown; /* variants */
    struct sheet_frame frame;
    struct sheet_scale scale;
};

/* An answer's bar. */
struct row {
    const struct study_answer *answer;
    double y; /* its middle */
};

static double name_height(const struct study_variant *variant) {
    return variant->name[0] != '\0' ? NAME_HEIGHT : 0;
}

static double group_height(const struct study_variant *variant) {
    return name_height(variant) + ROW_HEIGHT * variant->answer_count + GROUP_GAP;
}

static double half_of(const struct study_answer *answer) {
    return isnan(answer->half_width) ? 0 : answer->half_width;
}

static void lay_out(struct capacity_picture *picture) {
    double most = 0, height = GROUP_GAP / 2.0;
    picture->shown = picture->study.variant_count < MOST_VARIANTS ? picture->study.variant_count : MOST_VARIANTS;
    for (int32_t index = 0; index < picture->shown; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        height += group_height(variant);
        for (int32_t number = 0; number < variant->answer_count; number++) {
            const double end = variant->answers[number].trains_per_day + half_of(&variant->answers[number]);
            if (isfinite(end)) most = fmax(most, end);
        }
    }
    const double bottom = PLOT_TOP + height;
    picture->frame = (struct sheet_frame){.width = CANVAS_WIDTH,
                                          .height = (int32_t)ceil(bottom) + BELOW,
                                          .left = PLOT_LEFT,
                                          .right = PLOT_RIGHT,
                                          .top = PLOT_TOP,
                                          .bottom = bottom,
                                          .x_to = most > 0 ? most / value_share : 1,
                                          .y_top = PLOT_TOP,
                                          .y_bottom = bottom};
    picture->scale = sheet_scale_make(picture->frame.x_to, PLOT_RIGHT - PLOT_LEFT, 60);
}

/* ---- rows ---- */

static void format_row(const struct study_answer *answer, char *text, size_t size) {
    static const char *const names[] = {"theoretical, any order", "compressed, UIC 406", "saturated", "practical"};
    if (answer->fleet == 1)
        snprintf(text, size, "alternating, n = 1");
    else if (answer->fleet > 1)
        snprintf(text, size, "in fleets, n = %" PRId32, answer->fleet);
    else
        snprintf(text, size, "%s", names[answer->kind]);
}

static void format_value(const struct study_answer *answer, char *text, size_t size) {
    if (isnan(answer->trains_per_day))
        snprintf(text, size, "–");
    else if (!isfinite(answer->trains_per_day))
        snprintf(text, size, "no limit");
    else if (isnan(answer->half_width)) /* a practical one without an interval: its limit was never reached */
        snprintf(text, size, "%s%.1f", answer->kind == ANSWER_PRACTICAL ? "≥ " : "", answer->trains_per_day);
    else
        snprintf(text, size, "%.1f ± %.1f", answer->trains_per_day, answer->half_width);
}

/* Where it is limited and by what, or why there is no answer or no interval. */
static void format_place(const struct capacity_picture *picture, const struct study_answer *answer, char *text,
                         size_t size) {
    char place[TEXT_SIZE], binds[TEXT_SIZE];
    study_names_place(&picture->names, answer->place, place, sizeof place);
    snprintf(binds, sizeof binds, "%s", answer->binds);
    for (char *letter = binds; *letter != '\0'; letter++)
        if (*letter == '_') *letter = ' '; /* `running_time` */
    if (isnan(answer->trains_per_day) || place[0] == '\0')
        snprintf(text, size, "%s", answer->reason);
    else
        snprintf(text, size, "%s%s%s", place, place[0] != '\0' && binds[0] != '\0' ? ": " : "", binds);
}

static void put_row(const struct capacity_picture *picture, const struct sheet *sheet, const struct row *row) {
    static const char *const inks[] = {"THEORETICAL", "INK", "SATURATED", "PRACTICAL"};
    const struct study_answer *answer = row->answer;
    char text[2 * TEXT_SIZE + 8];
    format_row(answer, text, sizeof text);
    sheet_text(sheet, text, PLOT_LEFT - 10, row->y, ALIGN_RIGHT, &(struct sheet_font){.size = row_px, .ink = "INK"});
    format_value(answer, text, sizeof text);
    const double end = isfinite(answer->trains_per_day) ? answer->trains_per_day + half_of(answer) : 0;
    double x = sheet_x(&picture->frame, end) + 8;
    sheet_text(sheet, text, x, row->y, ALIGN_LEFT,
               &(struct sheet_font){.size = row_px, .ink = inks[answer->kind], .bold = true});
    x += text_width_bold(text, row_px) + 12;
    format_place(picture, answer, text, sizeof text);
    if (CANVAS_WIDTH - EDGE - x >= LEAST_PLACE)
        sheet_text_within(sheet, text, CANVAS_WIDTH - EDGE - x, x, row->y, ALIGN_LEFT,
                          &(struct sheet_font){.size = row_px, .ink = "GREY"});
}

static void put_rows(const struct capacity_picture *picture, const struct sheet *sheet) {
    double y = PLOT_TOP + GROUP_GAP / 2.0;
    for (int32_t index = 0; index < picture->shown; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        sheet_text_within(sheet, variant->name, CANVAS_WIDTH - 2 * EDGE, EDGE, y + NAME_HEIGHT / 2.0, ALIGN_LEFT,
                          &(struct sheet_font){.size = name_px, .ink = "INK", .bold = true});
        for (int32_t number = 0; number < variant->answer_count; number++)
            put_row(picture, sheet,
                    &(struct row){&variant->answers[number], y + name_height(variant) + ROW_HEIGHT * (number + 0.5)});
        y += group_height(variant);
    }
}

/* ---- data files ---- */

/* Bars as boxes, x y from_x to_x from_y to_y, x in trains a day, y in pixels; and the intervals of the answer, x y from
 * to. */
static bool write_kind(const struct capacity_picture *picture, const char *name, enum study_answer_kind kind,
                       bool intervals, struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    double y = PLOT_TOP + GROUP_GAP / 2.0;
    for (int32_t index = 0; index < picture->shown; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        for (int32_t number = 0; number < variant->answer_count; number++) {
            const struct study_answer *answer = &variant->answers[number];
            const double middle = y + name_height(variant) + ROW_HEIGHT * (number + 0.5),
                         value = answer->trains_per_day;
            if (answer->kind != kind || !isfinite(value) || (intervals && isnan(answer->half_width))) continue;
            if (intervals)
                fprintf(file, "%.6f %.3f %.6f %.6f\n", value, middle, fmax(0, value - answer->half_width),
                        value + answer->half_width);
            else
                fprintf(file, "%.6f %.3f 0 %.6f %.3f %.3f\n", value / 2, middle, value, middle - BAR_HEIGHT / 2.0,
                        middle + BAR_HEIGHT / 2.0);
        }
        y += group_height(variant);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* The lines of the grid, behind the bars alone, so that a long name stands clear of them: x, y, 0, their length. */
static bool write_grid(const struct capacity_picture *picture, const char *name, int32_t first, int32_t last,
                       struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    double y = PLOT_TOP + GROUP_GAP / 2.0;
    for (int32_t index = 0; index < picture->shown; index++) {
        const struct study_variant *variant = &picture->study.variants[index];
        for (int32_t mark = first; mark <= last; mark++)
            fprintf(file, "%.6f %.3f 0 %d\n", mark * picture->scale.step, y + name_height(variant),
                    ROW_HEIGHT * variant->answer_count);
        y += group_height(variant);
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct capacity_picture *picture, struct failure *failure) {
    const int32_t marks = (int32_t)floor(picture->scale.to / picture->scale.step + 1e-9);
    return write_grid(picture, "axis.dat", 0, 0, failure) && write_grid(picture, "grid.dat", 1, marks, failure) &&
           write_kind(picture, "theoretical.dat", ANSWER_THEORETICAL, false, failure) &&
           write_kind(picture, "compressed.dat", ANSWER_COMPRESSED, false, failure) &&
           write_kind(picture, "saturated.dat", ANSWER_SATURATED, false, failure) &&
           write_kind(picture, "practical.dat", ANSWER_PRACTICAL, false, failure) &&
           write_kind(picture, "saturated_interval.dat", ANSWER_SATURATED, true, failure) &&
           write_kind(picture, "practical_interval.dat", ANSWER_PRACTICAL, true, failure);
}

/* ---- all of it ---- */

/* The confidence of the intervals; NAN where there are none. */
static double confidence_of(const struct study *study) {
    for (int32_t index = 0; index < study->variant_count; index++)
        for (int32_t number = 0; number < study->variants[index].answer_count; number++)
            if (!isnan(study->variants[index].answers[number].half_width))
                return study->variants[index].answers[number].confidence;
    return NAN;
}

static void put_head(const struct capacity_picture *picture, const struct sheet *sheet) {
    char subtitle[2 * TEXT_SIZE], interval[64];
    study_title(&picture->study, subtitle, sizeof subtitle);
    const size_t used = strlen(subtitle);
    if (picture->shown < picture->study.variant_count)
        snprintf(subtitle + used, sizeof subtitle - used, " · the first %" PRId32 " of %" PRId32 " variants",
                 picture->shown, picture->study.variant_count);
    const double confidence = confidence_of(&picture->study);
    snprintf(interval, sizeof interval, "%.0f %% interval", 100 * confidence);
    const struct sheet_legend legend[] = {{"FORMULA", "by formula"},
                                          {"COMPRESSED", "timetable compressed"},
                                          {"SIMULATED", "simulated"},
                                          {isnan(confidence) ? NULL : "INTERVAL", interval}};
    sheet_head(sheet, "Trains a day, both directions", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(const struct capacity_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_head(picture, &sheet);
    put_rows(picture, &sheet);
    sheet_scale_below(&sheet, &picture->scale);
    sheet_text(&sheet, "trains a day", (PLOT_LEFT + PLOT_RIGHT) / 2.0, picture->frame.bottom + 42, ALIGN_CENTRE,
               &(struct sheet_font){.size = name_px, .ink = "INK"});
    return sheet_end(&sheet, capacity_script, failure);
}

bool capacity_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                          struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct capacity_picture picture = {.job = job};
    bool well =
        study_read(database, request->experiment_id, request->variant, STUDY_ANSWERS, &picture.study, failure) &&
        study_names_read(database, picture.study.input_sha256, &picture.names, failure);
    if (well) {
        lay_out(&picture);
        well = write_data(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){.experiment_id = picture.study.experiment_id,
                                    .item = "variants",
                                    .items = picture.shown,
                                    .left_out = picture.study.variant_count - picture.shown};
    study_names_free(&picture.names);
    study_free(&picture.study);
    return well;
}
