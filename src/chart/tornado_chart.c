/* What each uncertain assumption does to the value by itself, the others at their means: the widest first. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "chart/appraisal_tables.h"
#include "chart/chart.h"
#include "chart/money_unit.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/text_width.h"

enum {
    TEXT_SIZE = 512,
    MOST_BARS = 16,
    CANVAS_WIDTH = 1500,
    PLOT_LEFT = 300,
    PLOT_RIGHT = 1240,
    PLOT_TOP = 128,
    ROW_HEIGHT = 38,
    BAR_HEIGHT = 22
};
static const double label_px = 13, name_px = 14;

struct tornado_picture {
    struct gnuplot *job;
    struct appraisal_tables tables;
    struct money_unit unit;
    struct sheet_frame frame;
    struct sheet_scale scale;
    int32_t shown;
};

static double amount(const struct tornado_picture *picture, double usd) {
    return usd / picture->unit.usd;
}

/* What stands at both ends of a bar needs room as well. */
static void lay_out(struct tornado_picture *picture) {
    const struct appraisal_tables *tables = &picture->tables;
    static const double room = 80.0 / (PLOT_RIGHT - PLOT_LEFT);
    picture->shown = tables->bar_count < MOST_BARS ? tables->bar_count : MOST_BARS;
    double low = fmin(0, tables->single_npv_usd), high = fmax(0, tables->single_npv_usd);
    for (int32_t i = 0; i < picture->shown; i++) {
        low = fmin(low, fmin(tables->bars[i].npv_low_usd, tables->bars[i].npv_high_usd));
        high = fmax(high, fmax(tables->bars[i].npv_low_usd, tables->bars[i].npv_high_usd));
    }
    picture->unit = money_unit_for(fmax(-low, high));
    low = amount(picture, low);
    high = amount(picture, high);
    const double margin = high > low ? (high - low) * room / (1 - 2 * room) : 1;
    const double bottom = PLOT_TOP + ROW_HEIGHT * picture->shown + 12;
    picture->frame = (struct sheet_frame){.width = CANVAS_WIDTH,
                                          .height = (int32_t)bottom + 76,
                                          .left = PLOT_LEFT,
                                          .right = PLOT_RIGHT,
                                          .top = PLOT_TOP,
                                          .bottom = bottom,
                                          .x_from = low - margin,
                                          .x_to = high + margin,
                                          .y_top = PLOT_TOP,
                                          .y_bottom = bottom};
    picture->scale = sheet_scale_between(low - margin, high + margin, PLOT_RIGHT - PLOT_LEFT, 70);
}

static double row_y(int32_t row) {
    return PLOT_TOP + 6 + ROW_HEIGHT * (row + 0.5);
}

/* ---- bars: x y from_x to_x from_y to_y, from the case of all means to where the input is low, or high ---- */

static bool write_bars(const struct tornado_picture *picture, const char *name, bool high, struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    const double single = amount(picture, picture->tables.single_npv_usd);
    for (int32_t i = 0; i < picture->shown; i++) {
        const struct appraisal_bar_row *bar = &picture->tables.bars[i];
        const double end = amount(picture, high ? bar->npv_high_usd : bar->npv_low_usd), y = row_y(i);
        fprintf(file, "%.6f %.3f %.6f %.6f %.3f %.3f\n", (single + end) / 2, y, fmin(single, end), fmax(single, end),
                y - BAR_HEIGHT / 2.0, y + BAR_HEIGHT / 2.0);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* ---- texts ---- */

/* Money as money, what is a share or a factor in three digits. */
static void format_value(const char *input, double value, char *text, size_t size) {
    const bool money = strstr(input, "usd") != NULL && strcmp(input, "exchange_rate_usd") != 0;
    const struct money_unit unit = money_unit_for(value);
    if (money)
        money_format(&unit, value, text, size);
    else
        snprintf(text, size, "%.3g", value);
}

static void format_name(const char *input, char *text, size_t size) {
    snprintf(text, size, "%s", input);
    for (char *letter = text; *letter != '\0'; letter++)
        if (*letter == '_') *letter = ' ';
}

/* Outside its end of the bar. Where both lie on one side of the middle, the nearer end has its value beyond the middle.
 */
static void put_end(const struct tornado_picture *picture, const struct sheet *sheet, const char *input, double value,
                    double usd, bool left, double y) {
    char text[64];
    format_value(input, value, text, sizeof text);
    const double single = picture->tables.single_npv_usd;
    const double edge = left ? fmin(usd, single) : fmax(usd, single);
    sheet_text(sheet, text, sheet_x(&picture->frame, amount(picture, edge)) + (left ? -6 : 6), y,
               left ? ALIGN_RIGHT : ALIGN_LEFT, &(struct sheet_font){.size = label_px, .ink = "INK"});
}

static void put_switch(const struct sheet *sheet, const struct appraisal_bar_row *bar, double y) {
    char value[64], text[TEXT_SIZE];
    if (isnan(bar->switching_value))
        snprintf(text, sizeof text, "–");
    else {
        format_value(bar->input, bar->switching_value, value, sizeof value);
        snprintf(text, sizeof text, "%s", value);
    }
    sheet_text(sheet, text, PLOT_RIGHT + 28, y, ALIGN_LEFT, &(struct sheet_font){.size = label_px, .ink = "INK"});
}

static void put_row(const struct tornado_picture *picture, const struct sheet *sheet, int32_t row) {
    const struct appraisal_bar_row *bar = &picture->tables.bars[row];
    const bool rises = bar->npv_high_usd >= bar->npv_low_usd;
    const double y = row_y(row);
    char name[TEXT_SIZE], mean[64], text[2 * TEXT_SIZE];
    format_name(bar->input, name, sizeof name);
    format_value(bar->input, bar->mean, mean, sizeof mean);
    snprintf(text, sizeof text, "%s  %s", name, mean);
    sheet_text_within(sheet, text, PLOT_LEFT - 26, PLOT_LEFT - 10, y, ALIGN_RIGHT,
                      &(struct sheet_font){.size = name_px, .ink = "INK"});
    put_end(picture, sheet, bar->input, bar->low, bar->npv_low_usd, rises, y);
    put_end(picture, sheet, bar->input, bar->high, bar->npv_high_usd, !rises, y);
    put_switch(sheet, bar, y);
}

static void put_texts(const struct tornado_picture *picture, const struct sheet *sheet) {
    char subtitle[TEXT_SIZE], single[64], text[96];
    const struct sheet_font soft = {.size = label_px, .ink = "SOFT"};
    appraisal_tables_title(&picture->tables, subtitle, sizeof subtitle);
    const struct sheet_legend legend[] = {{"LOW", "where it is low (10 %)"}, {"HIGH", "where it is high (90 %)"}};
    sheet_head(sheet, "Net present value by one assumption at a time", subtitle, legend, 2);
    for (int32_t row = 0; row < picture->shown; row++) put_row(picture, sheet, row);
    money_format(&picture->unit, picture->tables.single_npv_usd, single, sizeof single);
    snprintf(text, sizeof text, "all at their means: %s", single);
    sheet_text(sheet, text, sheet_x(&picture->frame, amount(picture, picture->tables.single_npv_usd)), PLOT_TOP - 14,
               ALIGN_CENTRE, &soft);
    sheet_text(sheet, "assumption, and its mean", PLOT_LEFT - 10, PLOT_TOP - 14, ALIGN_RIGHT, &soft);
    sheet_text(sheet, "value is 0 where it is", PLOT_RIGHT + 28, PLOT_TOP - 14, ALIGN_LEFT, &soft);
    sheet_scale_below(sheet, &picture->scale);
    sheet_text(sheet, picture->unit.words, (PLOT_LEFT + PLOT_RIGHT) / 2.0, picture->frame.bottom + 44, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK"});
}

static bool write_script(const struct tornado_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_texts(picture, &sheet);
    sheet_number(&sheet, "SINGLE", amount(picture, picture->tables.single_npv_usd));
    return sheet_end(&sheet, tornado_script, failure);
}

static bool draw(struct tornado_picture *picture, enum picture_format format, struct failure *failure) {
    if (picture->tables.bar_count == 0)
        return failure_set(failure,
                           "experiment %" PRId64 ": nothing is uncertain: every key of economics.csv is a number, "
                           "not a law such as uniform(0.8,1.2)",
                           picture->tables.experiment_id);
    lay_out(picture);
    return write_bars(picture, "low.dat", false, failure) && write_bars(picture, "high.dat", true, failure) &&
           write_script(picture, format, failure);
}

bool tornado_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                         struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct tornado_picture picture = {.job = job};
    if (!appraisal_tables_read(database, request->experiment_id, request->variant, &picture.tables, failure))
        return false;
    const bool well = draw(&picture, format, failure);
    *result = (struct chart_result){.experiment_id = picture.tables.experiment_id,
                                    .item = "assumptions",
                                    .items = picture.shown,
                                    .left_out = picture.tables.bar_count - picture.shown};
    appraisal_tables_free(&picture.tables);
    return well;
}
