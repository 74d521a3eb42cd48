#include "chart/traingraph.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/graph_shape.h"
#include "chart/graph_trains.h"
#include "chart/label_layout.h"
#include "chart/line_map.h"
#include "chart/scripts.h"
#include "chart/text_width.h"
#include "chart/time_axis.h"

/* The canvas, in pixels; plots/traingraph.gp takes what it needs of it from the script's first lines. */
enum {
    CANVAS_WIDTH = 1500,
    CANVAS_HEIGHT = 820,
    PLOT_RIGHT = 1290,
    PLOT_TOP = 104,
    PLOT_BOTTOM = 750,
    PLOT_PAD = 24, /* beyond the first and the last station: room for trains that stand there */
    PANEL_LEFT = 1362,
    PANEL_RIGHT = 1476,
    EDGE = 16,
    NAME_GAP = 12, /* between a station's name and the plot */
    LEAST_NAMES = 60,
    MOST_NAMES = 210,
};
static const double name_px = 13, small_name_px = 11, number_px = 10.5, title_px = 19, subtitle_px = 13, km_px = 11,
                    percent_px = 12, percent_height = 10;
static const double line_height = 1.25; /* of a label, in its font size */

enum { TEXT_SIZE = 512 };

struct picture {
    struct graph_run run;
    struct line_map map;
    struct graph_trains trains;
    struct graph_frame frame;
    struct graph_shape shape;
    struct time_axis axis;
    struct line_label *numbers; /* one for each train */
    struct column_label *names, *kms, *percents;
    double name_size;
    struct gnuplot *job;
    FILE *script;
};

static void picture_free(struct picture *picture) {
    graph_run_free(&picture->run);
    line_map_free(&picture->map);
    graph_trains_free(&picture->trains);
    graph_shape_free(&picture->shape);
    time_axis_free(&picture->axis);
    free(picture->numbers);
    free(picture->names);
    free(picture->kms);
    free(picture->percents);
}

/* ---- layout ---- */

static double names_width(const struct picture *picture, double size) {
    double widest = LEAST_NAMES;
    for (int32_t index = 0; index < picture->map.station_count; index++)
        widest = fmax(widest, text_width(picture->map.stations[index].name, size));
    return fmin(widest, MOST_NAMES);
}

static void lay_out_frame(struct picture *picture) {
    const int32_t room = (int32_t)((PLOT_BOTTOM - PLOT_TOP) / (name_px * line_height));
    picture->name_size = picture->map.station_count > room ? small_name_px : name_px;
    picture->frame.left = ceil(EDGE + names_width(picture, picture->name_size) + NAME_GAP);
    picture->frame.right = PLOT_RIGHT;
    picture->frame.top = PLOT_TOP;
    picture->frame.bottom = PLOT_BOTTOM;
    picture->frame.first_y = PLOT_TOP + PLOT_PAD;
    picture->frame.last_y = PLOT_BOTTOM - PLOT_PAD;
}

static double station_y(const struct picture *picture, int32_t station) {
    return frame_y(&picture->frame, &picture->map, picture->map.stations[station].km);
}

/* The ends of the row stay longest, then where trains stand. */
static int32_t station_rank(const struct picture *picture, int32_t station) {
    if (station == 0 || station + 1 == picture->map.station_count) return 2;
    return picture->shape.band[station] > 0 ? 1 : 0;
}

/* A figure stands beside its own bar or nowhere: elsewhere it would be read as a neighbour's. It is left out where the
 * section is lower than its digits, or the figure before it too near. */
static void choose_percents(struct picture *picture) {
    double before = -INFINITY;
    for (int32_t index = 0; index + 1 < picture->map.station_count; index++) {
        struct column_label *figure = &picture->percents[index];
        const double above = station_y(picture, index), below = station_y(picture, index + 1);
        figure->middle = (above + below) / 2;
        figure->shown = below - above >= percent_height && figure->middle - before >= percent_px;
        if (figure->shown) before = figure->middle;
    }
}

static bool lay_out_columns(struct picture *picture, struct failure *failure) {
    const int32_t count = picture->map.station_count;
    picture->names = calloc((size_t)count, sizeof *picture->names);
    picture->kms = calloc((size_t)count, sizeof *picture->kms);
    picture->percents = calloc((size_t)count, sizeof *picture->percents);
    if (picture->names == NULL || picture->kms == NULL || picture->percents == NULL)
        return failure_set(failure, "out of memory");
    for (int32_t index = 0; index < count; index++) {
        const double y = station_y(picture, index);
        const int32_t rank = station_rank(picture, index);
        picture->names[index] = (struct column_label){.wanted = y, .rank = rank};
        picture->kms[index] = (struct column_label){.wanted = y, .rank = rank};
    }
    if (!column_layout(picture->names, count, picture->name_size * line_height, PLOT_TOP - 6, PLOT_BOTTOM + 6) ||
        !column_layout(picture->kms, count, km_px * line_height, PLOT_TOP - 6, PLOT_BOTTOM + 6))
        return failure_set(failure, "out of memory");
    choose_percents(picture);
    return true;
}

/* Numbers stand best in a row: in the middle of the longest section. */
static double number_band(const struct picture *picture) {
    double longest = 0, band = (PLOT_TOP + PLOT_BOTTOM) / 2.0;
    for (int32_t index = 0; index + 1 < picture->map.station_count; index++) {
        const double above = station_y(picture, index), below = station_y(picture, index + 1);
        if (below - above <= longest) continue;
        longest = below - above;
        band = (above + below) / 2;
    }
    return band;
}

static bool lay_out_numbers(struct picture *picture, struct failure *failure) {
    const struct graph_shape *shape = &picture->shape;
    const int32_t segment_count = shape->run_count + shape->stop_count;
    struct line_segment *segments = malloc(((size_t)segment_count + 1) * sizeof *segments);
    picture->numbers = calloc((size_t)picture->trains.train_count + 1, sizeof *picture->numbers);
    bool well = segments != NULL && picture->numbers != NULL;
    if (well) {
        if (shape->run_count > 0) memcpy(segments, shape->runs, (size_t)shape->run_count * sizeof *segments);
        if (shape->stop_count > 0)
            memcpy(segments + shape->run_count, shape->stops, (size_t)shape->stop_count * sizeof *segments);
        for (int32_t index = 0; index < picture->trains.train_count; index++)
            picture->numbers[index] =
                (struct line_label){.owner = index, .width = text_width(picture->trains.trains[index].name, number_px)};
        const struct line_label_style style = {.height = number_px,
                                               .gap = 1.5,
                                               .margin = 2,
                                               .left = picture->frame.left + 2,
                                               .right = picture->frame.right - 2,
                                               .top = picture->frame.top + 2,
                                               .bottom = picture->frame.bottom - 2,
                                               .band = number_band(picture),
                                               .reach = 130};
        well = line_labels_place(picture->numbers, picture->trains.train_count, segments, segment_count, &style);
    }
    free(segments);
    return well || failure_set(failure, "out of memory");
}

/* ---- data files: hours and kilometres ---- */

static double hours_at(const struct picture *picture, double x) {
    const struct graph_frame *frame = &picture->frame;
    const double share = (x - frame->left) / (frame->right - frame->left);
    return ((double)frame->from_ms + share * (double)(frame->to_ms - frame->from_ms)) / 3600000;
}

static double km_at(const struct picture *picture, double y) {
    const struct graph_frame *frame = &picture->frame;
    return (y - frame->first_y) / (frame->last_y - frame->first_y) * line_map_length_km(&picture->map);
}

static void put_point(const struct picture *picture, FILE *file, double x, double y) {
    fprintf(file, "%.6f %.5f\n", hours_at(picture, x), km_at(picture, y));
}

/* A point far outside, so that no file is without one: gnuplot complains about those. */
static void put_outside_point(FILE *file) {
    fputs("-1e6 -1e6 0 0 0 0\n\n", file);
}

static FILE *open_data(const struct picture *picture, const char *name, struct failure *failure) {
    FILE *file = gnuplot_file(picture->job, name, failure);
    if (file != NULL) put_outside_point(file);
    return file;
}

/* Segments of the trains of one direction; those that continue each other as one line. */
static bool write_lines(const struct picture *picture, const char *name, const struct line_segment *segments,
                        int32_t count, bool downwards, struct failure *failure) {
    FILE *file = open_data(picture, name, failure);
    if (file == NULL) return false;
    const struct line_segment *before = NULL;
    for (int32_t index = 0; index < count; index++) {
        const struct line_segment *segment = &segments[index];
        if (picture->trains.trains[segment->owner].downwards != downwards) continue;
        const bool goes_on =
            before != NULL && before->owner == segment->owner && before->x2 == segment->x1 && before->y2 == segment->y1;
        if (!goes_on) {
            fprintf(file, "\n# %s\n", picture->trains.trains[segment->owner].name);
            put_point(picture, file, segment->x1, segment->y1);
        }
        put_point(picture, file, segment->x2, segment->y2);
        before = segment;
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Where trains stand: x, y and how long. As vectors, since gnuplot's cairo terminals give a thick line of two points a
 * spike. */
static bool write_stops(const struct picture *picture, const char *name, bool downwards, struct failure *failure) {
    FILE *file = open_data(picture, name, failure);
    if (file == NULL) return false;
    for (int32_t index = 0; index < picture->shape.stop_count; index++) {
        const struct line_segment *stop = &picture->shape.stops[index];
        const struct graph_train *train = &picture->trains.trains[stop->owner];
        if (train->downwards != downwards) continue;
        const double from = hours_at(picture, stop->x1);
        fprintf(file, "# %s\n%.6f %.5f %.6f 0\n", train->name, from, km_at(picture, stop->y1),
                hours_at(picture, stop->x2) - from);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Where each number stands: its middle, its place in TRAINS, its angle in degrees. */
static bool write_numbers(const struct picture *picture, const char *name, bool downwards, struct failure *failure) {
    FILE *file = open_data(picture, name, failure);
    if (file == NULL) return false;
    int32_t place = 0;
    for (int32_t index = 0; index < picture->trains.train_count; index++) {
        const struct line_label *number = &picture->numbers[index];
        if (!number->placed) continue;
        place++;
        if (picture->trains.trains[number->owner].downwards != downwards) continue;
        fprintf(file, "%.6f %.5f %" PRId32 " %.2f\n", hours_at(picture, number->box.x), km_at(picture, number->box.y),
                place, -number->box.angle * 90 / acos(0));
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_marks(const struct picture *picture, struct failure *failure) {
    static const char *const names[] = {"faint.dat", "heavy.dat", "midnight.dat"};
    for (int weight = MARK_FAINT; weight <= MARK_DAY; weight++) {
        FILE *file = open_data(picture, names[weight], failure);
        if (file == NULL) return false;
        for (int32_t index = 0; index < picture->axis.mark_count; index++) {
            const struct time_mark *mark = &picture->axis.marks[index];
            if ((int)mark->weight != weight) continue;
            const double hours = (double)mark->at_ms / 3600000;
            fprintf(file, "%.6f %.5f\n%.6f %.5f\n\n", hours, km_at(picture, PLOT_TOP), hours,
                    km_at(picture, PLOT_BOTTOM));
        }
        if (!gnuplot_close(picture->job, file, failure)) return false;
    }
    return true;
}

/* Rows for boxes: x y from_x to_x from_y to_y. */
static void put_box(const struct picture *picture, FILE *file, double from_x, double to_x, double from_y, double to_y) {
    const double left = hours_at(picture, from_x), right = hours_at(picture, to_x);
    const double upper = km_at(picture, from_y), lower = km_at(picture, to_y);
    fprintf(file, "%.6f %.5f %.6f %.6f %.5f %.5f\n", (left + right) / 2, (upper + lower) / 2, left, right, upper,
            lower);
}

static bool write_stations(const struct picture *picture, struct failure *failure) {
    const struct graph_frame *frame = &picture->frame;
    FILE *bands = open_data(picture, "bands.dat", failure);
    if (bands == NULL) return false;
    for (int32_t index = 0; index < picture->map.station_count; index++) {
        const double y = station_y(picture, index), half = picture->shape.band[index];
        const bool first = index == 0, last = index + 1 == picture->map.station_count;
        if (half > 0) put_box(picture, bands, frame->left, frame->right, last ? y : y - half, first ? y : y + half);
    }
    if (!gnuplot_close(picture->job, bands, failure)) return false;
    FILE *lines = open_data(picture, "stations.dat", failure);
    if (lines == NULL) return false;
    for (int32_t index = 0; index < picture->map.station_count; index++) {
        put_point(picture, lines, frame->left, station_y(picture, index));
        put_point(picture, lines, frame->right, station_y(picture, index));
        fputc('\n', lines);
    }
    return gnuplot_close(picture->job, lines, failure);
}

/* 0 Monday … 6 Sunday of a day of the run. */
static int32_t weekday_of(const struct picture *picture, int64_t day) {
    return (int32_t)(((picture->run.first_day + day + 3) % 7 + 7) % 7);
}

static void put_closure(const struct picture *picture, FILE *file, const struct map_closure *closure, int64_t day) {
    const struct graph_frame *frame = &picture->frame;
    const double left = fmax(frame_x(frame, day * INT64_C(86400000) + closure->from_ms), frame->left);
    const double right = fmin(frame_x(frame, day * INT64_C(86400000) + closure->to_ms), frame->right);
    if (right > left)
        put_box(picture, file, left, right, station_y(picture, closure->section),
                station_y(picture, closure->section + 1));
}

static bool write_closures(const struct picture *picture, bool *any, struct failure *failure) {
    FILE *file = open_data(picture, "closures.dat", failure);
    if (file == NULL) return false;
    const int64_t first = picture->frame.from_ms / INT64_C(86400000) - 2; /* one that began the day before may last */
    const int64_t last = picture->frame.to_ms / INT64_C(86400000);
    *any = false;
    for (int32_t index = 0; index < picture->map.closure_count; index++) {
        const struct map_closure *closure = &picture->map.closures[index];
        for (int64_t day = first; day <= last; day++) {
            if (day < 0 || !(closure->weekdays >> weekday_of(picture, day) & 1)) continue;
            put_closure(picture, file, closure, day);
            const int64_t from_ms = day * INT64_C(86400000) + closure->from_ms;
            const int64_t to_ms = day * INT64_C(86400000) + closure->to_ms;
            *any = *any || (from_ms < picture->frame.to_ms && to_ms > picture->frame.from_ms);
        }
    }
    return gnuplot_close(picture->job, file, failure);
}

/* ---- the script's first lines ---- */

static void put_number(const struct picture *picture, const char *name, double value) {
    fprintf(picture->script, "%s = %.6f\n", name, value);
}

static void put_text(const struct picture *picture, const char *name, const char *text) {
    fprintf(picture->script, "%s = ", name);
    gnuplot_string(picture->script, text);
    fputc('\n', picture->script);
}

static void put_array(const struct picture *picture, const char *name, int32_t count) {
    fprintf(picture->script, "%s_COUNT = %" PRId32 "\narray %s[%" PRId32 "]\n", name, count, name, count + 1);
}

static void put_number_item(const struct picture *picture, const char *array, int32_t place, double value) {
    fprintf(picture->script, "%s[%" PRId32 "] = %.6f\n", array, place, value);
}

static void put_text_item(const struct picture *picture, const char *array, int32_t place, const char *text) {
    fprintf(picture->script, "%s[%" PRId32 "] = ", array, place);
    gnuplot_string(picture->script, text);
    fputc('\n', picture->script);
}

static void put_frame(const struct picture *picture) {
    const struct graph_frame *frame = &picture->frame;
    put_number(picture, "W", CANVAS_WIDTH);
    put_number(picture, "H", CANVAS_HEIGHT);
    put_number(picture, "LEFT", frame->left);
    put_number(picture, "RIGHT", frame->right);
    put_number(picture, "TOP", frame->top);
    put_number(picture, "BOTTOM", frame->bottom);
    put_number(picture, "PANEL_LEFT", PANEL_LEFT);
    put_number(picture, "PANEL_RIGHT", PANEL_RIGHT);
    put_number(picture, "FROM_H", (double)frame->from_ms / 3600000);
    put_number(picture, "TO_H", (double)frame->to_ms / 3600000);
    put_number(picture, "TOP_KM", km_at(picture, frame->top));
    put_number(picture, "BOTTOM_KM", km_at(picture, frame->bottom));
    put_number(picture, "TITLE_PX", title_px);
    put_number(picture, "SUBTITLE_PX", subtitle_px);
    put_number(picture, "NAME_PX", picture->name_size);
    put_number(picture, "KM_PX", km_px);
    put_number(picture, "NUMBER_PX", number_px);
    put_number(picture, "PERCENT_PX", percent_px);
}

/* A column of labels as arrays: the texts, where each stands, and what it belongs to. */
static void put_names(const struct picture *picture) {
    int32_t count = 0;
    const double width = picture->frame.left - EDGE - NAME_GAP;
    for (int32_t index = 0; index < picture->map.station_count; index++) count += picture->names[index].shown;
    put_array(picture, "NAMES", count);
    fprintf(picture->script, "array NAME_Y[%" PRId32 "]\narray NAME_AT[%" PRId32 "]\n", count + 1, count + 1);
    count = 0;
    for (int32_t index = 0; index < picture->map.station_count; index++) {
        if (!picture->names[index].shown) continue;
        char name[TEXT_SIZE];
        text_fit(picture->map.stations[index].name, picture->name_size, width + 1, name, sizeof name);
        put_text_item(picture, "NAMES", ++count, name);
        put_number_item(picture, "NAME_Y", count, picture->names[index].middle);
        put_number_item(picture, "NAME_AT", count, picture->names[index].wanted);
    }
}

static void put_kms(const struct picture *picture) {
    int32_t count = 0;
    for (int32_t index = 0; index < picture->map.station_count; index++) count += picture->kms[index].shown;
    put_array(picture, "KMS", count);
    fprintf(picture->script, "array KM_Y[%" PRId32 "]\n", count + 1);
    count = 0;
    for (int32_t index = 0; index < picture->map.station_count; index++) {
        if (!picture->kms[index].shown) continue;
        char text[32];
        snprintf(text, sizeof text, "%.1f", picture->map.stations[index].km);
        put_text_item(picture, "KMS", ++count, text);
        put_number_item(picture, "KM_Y", count, picture->kms[index].middle);
    }
}

static void put_numbers(const struct picture *picture) {
    int32_t count = 0;
    for (int32_t index = 0; index < picture->trains.train_count; index++) count += picture->numbers[index].placed;
    put_array(picture, "TRAINS", count);
    count = 0;
    for (int32_t index = 0; index < picture->trains.train_count; index++)
        if (picture->numbers[index].placed)
            put_text_item(picture, "TRAINS", ++count, picture->trains.trains[index].name);
}

static void put_clock(const struct picture *picture) {
    int32_t count = 0;
    for (int32_t index = 0; index < picture->axis.mark_count; index++)
        count += picture->axis.marks[index].label[0] != '\0';
    put_array(picture, "CLOCK", count);
    fprintf(picture->script, "array CLOCK_X[%" PRId32 "]\n", count + 1);
    count = 0;
    for (int32_t index = 0; index < picture->axis.mark_count; index++) {
        const struct time_mark *mark = &picture->axis.marks[index];
        if (mark->label[0] == '\0') continue;
        put_text_item(picture, "CLOCK", ++count, mark->label);
        put_number_item(picture, "CLOCK_X", count, frame_x(&picture->frame, mark->at_ms));
    }
}

static void put_days(const struct picture *picture) {
    int32_t count = 0;
    put_array(picture, "DAYS", picture->axis.day_count);
    fprintf(picture->script, "array DAY_X[%" PRId32 "]\n", picture->axis.day_count + 1);
    for (int32_t index = 0; index < picture->axis.day_count; index++) {
        const struct time_day *day = &picture->axis.days[index];
        const double left = frame_x(&picture->frame, day->from_ms), right = frame_x(&picture->frame, day->to_ms);
        if (text_width(day->label, subtitle_px) > right - left - 8) continue;
        put_text_item(picture, "DAYS", ++count, day->label);
        put_number_item(picture, "DAY_X", count, (left + right) / 2);
    }
    fprintf(picture->script, "DAYS_COUNT = %" PRId32 "\n", count);
}

/* ---- occupation ---- */

/* A bar of the panel, in shares of its width; stands between two heights. Colour 0: downwards, 1: upwards. */
struct bar {
    double from, to, upper, lower;
    int colour;
};

static int32_t bars_of(const struct picture *picture, int32_t index, struct bar bars[2]) {
    const struct map_section *section = &picture->map.sections[index];
    const double upper = station_y(picture, index), lower = station_y(picture, index + 1);
    const double gap = fmin(2, (lower - upper) / 6), middle = (upper + lower) / 2;
    const double down = section->utilisation[0], up = section->utilisation[1];
    if (section->two_track) {
        bars[0] = (struct bar){0, down, upper + gap, middle - gap / 4, 0};
        bars[1] = (struct bar){0, up, middle + gap / 4, lower - gap, 1};
    } else {
        bars[0] = (struct bar){0, down, upper + gap, lower - gap, 0};
        bars[1] = (struct bar){down, down + up, upper + gap, lower - gap, 1};
    }
    return 2;
}

static void put_bars(const struct picture *picture) {
    const int32_t sections = picture->map.station_count - 1;
    static const char *const arrays[] = {"BAR_FROM", "BAR_TO", "BAR_UPPER", "BAR_LOWER"};
    put_array(picture, "BAR_COLOUR", 2 * sections);
    for (int array = 0; array < 4; array++)
        fprintf(picture->script, "array %s[%" PRId32 "]\n", arrays[array], 2 * sections + 1);
    for (int32_t index = 0, place = 0; index < sections; index++) {
        struct bar bars[2];
        const int32_t count = bars_of(picture, index, bars);
        for (int32_t bar = 0; bar < count; bar++) {
            const double values[] = {bars[bar].from, bars[bar].to, bars[bar].upper, bars[bar].lower};
            put_number_item(picture, "BAR_COLOUR", ++place, bars[bar].colour);
            for (int array = 0; array < 4; array++) put_number_item(picture, arrays[array], place, values[array]);
        }
    }
}

static void format_use(const struct map_section *section, char *text, size_t size) {
    if (section->two_track)
        snprintf(text, size, "%.0f%% %.0f%%", 100 * section->utilisation[0], 100 * section->utilisation[1]);
    else
        snprintf(text, size, "%.0f%%", 100 * section->line_utilisation);
}

/* Behind the bar's end where there is room, else before it. */
static double percent_x(const struct map_section *section, double width) {
    const double share =
        section->two_track ? fmax(section->utilisation[0], section->utilisation[1]) : section->line_utilisation;
    const double end = PANEL_LEFT + fmin(share, 1) * (PANEL_RIGHT - PANEL_LEFT);
    return end + 5 + width <= PANEL_RIGHT ? end + 5 : end - 5 - width;
}

static void put_percents(const struct picture *picture) {
    const int32_t sections = picture->map.station_count - 1;
    int32_t count = 0;
    for (int32_t index = 0; index < sections; index++) count += picture->percents[index].shown;
    put_array(picture, "PERCENTS", count);
    fprintf(picture->script, "array PERCENT_X[%" PRId32 "]\narray PERCENT_Y[%" PRId32 "]\n", count + 1, count + 1);
    count = 0;
    for (int32_t index = 0; index < sections; index++) {
        if (!picture->percents[index].shown) continue;
        char text[32];
        format_use(&picture->map.sections[index], text, sizeof text);
        put_text_item(picture, "PERCENTS", ++count, text);
        put_number_item(picture, "PERCENT_X", count,
                        percent_x(&picture->map.sections[index], text_width(text, percent_px)));
        put_number_item(picture, "PERCENT_Y", count, picture->percents[index].middle);
    }
}

/* Which days the percentages are of. */
static void put_measured(const struct picture *picture) {
    const double first = (double)picture->run.warmup_ms / 86400000, days = (double)picture->run.horizon_ms / 86400000;
    char text[64];
    if (first == floor(first) && days == floor(days) && days > 1)
        snprintf(text, sizeof text, "days %.0f to %.0f", first + 1, first + days);
    else if (first == floor(first) && days == 1)
        snprintf(text, sizeof text, "day %.0f", first + 1);
    else
        snprintf(text, sizeof text, "%.4g days", days);
    put_text(picture, "MEASURED", text);
}

/* ---- title and legend ---- */

static void append(char *text, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void append(char *text, size_t size, const char *format, ...) {
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void append_dates(const struct picture *picture, char *text, size_t size) {
    char first[MARK_LABEL_SIZE], last[MARK_LABEL_SIZE];
    const int64_t day = picture->frame.from_ms / INT64_C(86400000);
    const int64_t last_day = (picture->frame.to_ms - 1) / INT64_C(86400000);
    date_format(picture->run.first_day + day, day == last_day, first);
    date_format(picture->run.first_day + last_day, true, last);
    if (day == last_day)
        append(text, size, " · %s (day %" PRId64 ")", first, day + 1);
    else
        append(text, size, " · %s to %s (days %" PRId64 " to %" PRId64 ")", first, last, day + 1, last_day + 1);
}

static void put_subtitle(const struct picture *picture) {
    const struct graph_run *run = &picture->run;
    const struct line_map *map = &picture->map;
    char text[4 * TEXT_SIZE] = "", fitted[4 * TEXT_SIZE];
    append(text, sizeof text, "run %" PRId64, run->run_id);
    if (run->replication > 1) append(text, sizeof text, ", replication %" PRId64, run->replication);
    if (strcmp(run->status, "complete") != 0) append(text, sizeof text, " (%s)", run->status);
    if (run->variant != NULL) append(text, sizeof text, " · variant %s", run->variant);
    append(text, sizeof text, " · dispatch %s", run->dispatch);
    append_dates(picture, text, sizeof text);
    if (!isnan(run->trains_per_day)) append(text, sizeof text, " · %.1f trains a day", run->trains_per_day);
    if (!isnan(run->mean_delay_min)) append(text, sizeof text, ", mean delay %.1f min", run->mean_delay_min);
    if (map->network_stations > map->station_count)
        append(text, sizeof text, " · %s – %s, %" PRId32 " of the network's %" PRId32 " stations",
               map->stations[0].name, map->stations[map->station_count - 1].name, map->station_count,
               map->network_stations);
    text_fit(text, subtitle_px, CANVAS_WIDTH - EDGE - picture->frame.left, fitted, sizeof fitted);
    put_text(picture, "SUBTITLE", fitted);
}

/* The legend stands at the right of the title, each word behind its sample; the title gets what is left. */
static void put_legend(const struct picture *picture, bool closures) {
    enum { SAMPLE = 28, SPACE = 22, SHORT = 180 };
    char down[TEXT_SIZE], up[TEXT_SIZE], title[TEXT_SIZE], name[TEXT_SIZE];
    const struct map_station *stations = picture->map.stations;
    text_fit(stations[picture->map.station_count - 1].name, subtitle_px, SHORT, name, sizeof name - 8);
    snprintf(down, sizeof down, "to %.*s", TEXT_SIZE - 8, name);
    text_fit(stations[0].name, subtitle_px, SHORT, name, sizeof name - 8);
    snprintf(up, sizeof up, "to %.*s", TEXT_SIZE - 8, name);
    const char *const words[] = {down, up, "stands", "closed"};
    const int count = closures ? 4 : 3;
    double x = CANVAS_WIDTH - EDGE + SPACE;
    for (int word = 0; word < count; word++) x -= SAMPLE + 6 + text_width(words[word], subtitle_px) + SPACE;
    text_fit(picture->run.scenario, title_px * 1.14, x - 24 - picture->frame.left, title, sizeof title);
    put_text(picture, "TITLE", title);
    put_array(picture, "LEGEND", count);
    fprintf(picture->script, "array LEGEND_X[%d]\n", count + 1);
    for (int word = 0; word < count; word++) {
        put_text_item(picture, "LEGEND", word + 1, words[word]);
        put_number_item(picture, "LEGEND_X", word + 1, x);
        x += SAMPLE + 6 + text_width(words[word], subtitle_px) + SPACE;
    }
}

/* ---- all of it ---- */

static bool write_script(struct picture *picture, enum picture_format format, bool closures, struct failure *failure) {
    picture->script = gnuplot_file(picture->job, GNUPLOT_SCRIPT, failure);
    if (picture->script == NULL) return false;
    gnuplot_terminal(picture->script, format, CANVAS_WIDTH, CANVAS_HEIGHT);
    put_frame(picture);
    put_names(picture);
    put_kms(picture);
    put_numbers(picture);
    put_clock(picture);
    put_days(picture);
    put_bars(picture);
    put_percents(picture);
    put_measured(picture);
    put_subtitle(picture);
    put_legend(picture, closures);
    fputs(look_script, picture->script);
    fputs(traingraph_script, picture->script);
    return gnuplot_close(picture->job, picture->script, failure);
}

static bool write_all(struct picture *picture, enum picture_format format, struct failure *failure) {
    const struct graph_shape *shape = &picture->shape;
    bool closures;
    for (int down = 0; down < 2; down++) {
        const char *runs = down ? "runs_down.dat" : "runs_up.dat", *stops = down ? "stops_down.dat" : "stops_up.dat";
        if (!write_lines(picture, runs, shape->runs, shape->run_count, down, failure) ||
            !write_stops(picture, stops, down, failure) ||
            !write_numbers(picture, down ? "numbers_down.dat" : "numbers_up.dat", down, failure))
            return false;
    }
    return write_marks(picture, failure) && write_stations(picture, failure) &&
           write_closures(picture, &closures, failure) && write_script(picture, format, closures, failure);
}

static bool read_all(struct picture *picture, struct database *database, const struct traingraph_request *request,
                     struct failure *failure) {
    struct graph_frame *frame = &picture->frame;
    return graph_run_read(database, request->run_id, &picture->run, failure) &&
           graph_window(&picture->run, request->from, request->to, INT64_C(86400000), &frame->from_ms, &frame->to_ms,
                        failure) &&
           line_map_read(database, picture->run.run_id, &picture->map, failure) &&
           graph_trains_read(database, picture->run.run_id, &picture->map, frame->from_ms, frame->to_ms,
                             picture->run.last_ms, &picture->trains, failure);
}

static bool lay_out(struct picture *picture, struct failure *failure) {
    lay_out_frame(picture);
    if (!graph_shape_make(&picture->trains, &picture->map, &picture->frame, &picture->shape, failure)) return false;
    if (!lay_out_columns(picture, failure) || !lay_out_numbers(picture, failure)) return false;
    return time_axis_make(picture->frame.from_ms, picture->frame.to_ms, picture->run.first_day,
                          picture->frame.right - picture->frame.left, &picture->axis) ||
           failure_set(failure, "out of memory");
}

bool traingraph_write(struct database *database, const struct traingraph_request *request, enum picture_format format,
                      struct gnuplot *job, struct traingraph_result *result, struct failure *failure) {
    struct picture picture = {.job = job};
    const bool well = read_all(&picture, database, request, failure) && lay_out(&picture, failure) &&
                      write_all(&picture, format, failure);
    *result = (struct traingraph_result){.run_id = picture.run.run_id,
                                         .from_ms = picture.frame.from_ms,
                                         .to_ms = picture.frame.to_ms,
                                         .trains = picture.trains.train_count};
    picture_free(&picture);
    return well;
}

bool traingraph_draw(struct database *database, const struct traingraph_request *request, const char *path,
                     struct traingraph_result *result, struct failure *failure) {
    enum picture_format format;
    if (!picture_format_of(path, &format))
        return failure_set(failure, "%s is no picture that can be drawn: its name must end in .svg, .png or .pdf",
                           path);
    struct gnuplot *job = gnuplot_begin(failure);
    if (job == NULL) return false;
    const bool well =
        traingraph_write(database, request, format, job, result, failure) && gnuplot_draw(job, path, failure);
    gnuplot_end(job);
    return well;
}
