/* The sum of all money, discounted, year by year: the case of all means, and how far the samples lie apart. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "chart/appraisal_tables.h"
#include "chart/chart.h"
#include "chart/money_unit.h"
#include "chart/scripts.h"
#include "chart/sheet.h"

enum { TEXT_SIZE = 512, LABEL_ROOM = 150 };
static const double label_px = 13, label_height = 18;

struct cash_picture {
    struct gnuplot *job;
    struct appraisal_tables tables;
    struct money_unit unit;
    struct sheet_frame frame;
    struct sheet_scale years, money;
};

static double amount(const struct cash_picture *picture, double usd) {
    return usd / picture->unit.usd;
}

/* A year's sum is that of its end. */
static double moment(const struct appraisal_sums *year) {
    return year->year + 1;
}

static void lay_out(struct cash_picture *picture) {
    const struct appraisal_tables *tables = &picture->tables;
    double low = 0, high = 0;
    for (int32_t i = 0; i < tables->year_count; i++) {
        low = fmin(low, fmin(tables->years[i].p5, tables->years[i].single));
        high = fmax(high, fmax(tables->years[i].p95, tables->years[i].single));
    }
    picture->unit = money_unit_for(fmax(-low, high));
    low = amount(picture, low);
    high = amount(picture, high);
    const double margin = high > low ? (high - low) * 0.05 : 1;
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1484 - LABEL_ROOM,
                                          .top = 100,
                                          .bottom = 748,
                                          .x_from = tables->years[0].year,
                                          .x_to = moment(&tables->years[tables->year_count - 1]),
                                          .y_top = high + margin,
                                          .y_bottom = low - margin};
    const struct sheet_frame *frame = &picture->frame;
    picture->years = sheet_scale_between(frame->x_from, frame->x_to, frame->right - frame->left, 70);
    if (picture->years.step < 1) picture->years.step = 1;
    picture->years.decimals = 0;
    picture->money = sheet_scale_between(frame->y_bottom, frame->y_top, frame->bottom - frame->top, 50);
}

/* Year, the five quantiles, the case of all means; everything begins at nothing. */
static bool write_sums(const struct cash_picture *picture, struct failure *failure) {
    FILE *file = gnuplot_file(picture->job, "sums.dat", failure);
    if (file == NULL) return false;
    fprintf(file, "%d 0 0 0 0 0 0\n", picture->tables.years[0].year);
    for (int32_t i = 0; i < picture->tables.year_count; i++) {
        const struct appraisal_sums *year = &picture->tables.years[i];
        const double sums[] = {year->p5, year->p25, year->p50, year->p75, year->p95, year->single};
        fprintf(file, "%.0f", moment(year));
        for (size_t k = 0; k < sizeof sums / sizeof *sums; k++) fprintf(file, " %.6f", amount(picture, sums[k]));
        fputc('\n', file);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Where the lines end, at the right. Nothing is uncertain where they all end alike. */
static void put_ends(const struct cash_picture *picture, const struct sheet *sheet) {
    const struct appraisal_sums *last = &picture->tables.years[picture->tables.year_count - 1];
    const bool certain = picture->tables.bar_count == 0;
    const struct {
        double usd;
        const char *what;
        bool shown;
    } ends[] = {{last->p95, "95 %", !certain},
                {last->p50, "middle", !certain},
                {last->single, "means", true},
                {last->p5, "5 %", !certain}};
    enum { ENDS = sizeof ends / sizeof *ends };
    struct column_label labels[ENDS];
    int32_t order[ENDS], count = 0;
    for (int32_t i = 0; i < ENDS; i++) {
        if (!ends[i].shown) continue;
        int32_t place = count++;
        for (; place > 0 && ends[order[place - 1]].usd < ends[i].usd; place--) order[place] = order[place - 1];
        order[place] = i;
    }
    for (int32_t i = 0; i < count; i++)
        labels[i] =
            (struct column_label){.wanted = sheet_y(&picture->frame, amount(picture, ends[order[i]].usd)), .rank = 1};
    column_layout(labels, count, label_height, picture->frame.top, picture->frame.bottom);
    for (int32_t i = 0; i < count; i++) {
        char money[64], text[96];
        money_format(&picture->unit, ends[order[i]].usd, money, sizeof money);
        snprintf(text, sizeof text, "%s  %s", money, ends[order[i]].what);
        if (labels[i].shown)
            sheet_text(sheet, text, picture->frame.right + 8, labels[i].middle, ALIGN_LEFT,
                       &(struct sheet_font){.size = label_px, .ink = "INK", .bold = order[i] == 2});
    }
}

/* The first year in which something is carried. */
static void put_opening(const struct cash_picture *picture, const struct sheet *sheet) {
    const struct appraisal_tables *tables = &picture->tables;
    int32_t first = 0;
    while (first < tables->year_count && !(tables->years[first].teu > 0)) first++;
    if (first == 0 || first == tables->year_count) return;
    sheet_number(sheet, "OPENING", tables->years[first].year);
    sheet_text(sheet, "opens", sheet_x(&picture->frame, tables->years[first].year), picture->frame.top - 10,
               ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "SOFT"});
}

static void put_head(const struct cash_picture *picture, const struct sheet *sheet) {
    const bool certain = picture->tables.bar_count == 0;
    char subtitle[TEXT_SIZE];
    appraisal_tables_title(&picture->tables, subtitle, sizeof subtitle);
    const size_t used = strlen(subtitle);
    if (!certain)
        snprintf(subtitle + used, sizeof subtitle - used, " · in %.0f %% of cases it pays",
                 100 * picture->tables.probability_pays);
    const struct sheet_legend legend[] = {{"SINGLE", "all at their means"},
                                          {certain ? NULL : "MIDDLE", "half above, half below"},
                                          {certain ? NULL : "HALF", "25 to 75 % of cases"},
                                          {certain ? NULL : "MOST", "5 to 95 %"}};
    sheet_head(sheet, "All money so far, discounted", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(const struct cash_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    char axis[64];
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_head(picture, &sheet);
    put_ends(picture, &sheet);
    put_opening(picture, &sheet);
    sheet_scale_below(&sheet, &picture->years);
    sheet_scale_left(&sheet, &picture->money);
    sheet_number(&sheet, "FAN", picture->tables.bar_count > 0);
    snprintf(axis, sizeof axis, "%s", picture->unit.words);
    sheet_text(&sheet, axis, 24, (picture->frame.top + picture->frame.bottom) / 2, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
    sheet_text(&sheet, "at the beginning of the year", (picture->frame.left + picture->frame.right) / 2,
               picture->frame.bottom + 44, ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK"});
    return sheet_end(&sheet, cash_script, failure);
}

bool cash_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                      struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct cash_picture picture = {.job = job};
    if (!appraisal_tables_read(database, request->experiment_id, request->variant, &picture.tables, failure))
        return false;
    lay_out(&picture);
    const bool well = write_sums(&picture, failure) && write_script(&picture, format, failure);
    *result = (struct chart_result){.experiment_id = picture.tables.experiment_id,
                                    .item = "appraisals",
                                    .items = 1,
                                    .left_out = picture.tables.others};
    appraisal_tables_free(&picture.tables);
    return well;
}
