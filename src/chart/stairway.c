/* The stairway: blocking times over distance (across) and time (down). */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/chart.h"
#include "chart/label_layout.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/stair_trains.h"
#include "chart/text_width.h"
#include "chart/time_axis.h"

enum {
    CANVAS_WIDTH = 1500,
    PLOT_LEFT = 104,
    PLOT_RIGHT = 1380,
    HEAD = 96, /* title and subtitle */
    PLOT_HEIGHT = 800,
    BELOW = 60,
    LEAST_NAMES = 40,
    MOST_NAMES = 190, /* of a station's name, along its slant */
    TEXT_SIZE = 512,
    DEFAULT_SPAN_MS = 21600000,
    HOUR_MS = 3600000,
};
static const double name_px = 13, number_px = 10.5, clock_px = 13, km_px = 11;
static const double name_angle = 50; /* degrees */
static const double number_height = 12;

struct stair_picture {
    struct gnuplot *job;
    struct graph_run run;
    struct stair_line line;
    struct stair_trains trains;
    struct time_axis axis;
    struct column_label *names;
    struct sheet_frame frame; /* km across, hours down */
    int64_t from_ms, to_ms;
};

static void picture_free(struct stair_picture *picture) {
    graph_run_free(&picture->run);
    stair_line_free(&picture->line);
    stair_trains_free(&picture->trains);
    time_axis_free(&picture->axis);
    free(picture->names);
}

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

static double hours_of(int64_t at_ms) {
    return (double)at_ms / 3600000;
}

static bool runs_down(const struct stair_picture *picture, int32_t train) {
    return picture->trains.trains.trains[train].downwards;
}

/* ---- layout ---- */

static double names_length(const struct stair_picture *picture) {
    double longest = LEAST_NAMES;
    for (int32_t index = 0; index < picture->line.map.station_count; index++)
        longest = fmax(longest, text_width(picture->line.map.stations[index].name, name_px));
    return fmin(longest, MOST_NAMES);
}

static bool lay_out(struct stair_picture *picture, struct failure *failure) {
    const struct stair_line *line = &picture->line;
    const int32_t count = line->map.station_count;
    const double slant = name_angle * acos(0) / 90, top = HEAD + ceil(names_length(picture) * sin(slant)) + 20;
    const double first = line->zone_from_km[0], last = line->zone_to_km[count - 1], pad = (last - first) * 0.01;
    picture->frame = (struct sheet_frame){.width = CANVAS_WIDTH,
                                          .height = (int32_t)top + PLOT_HEIGHT + BELOW,
                                          .left = PLOT_LEFT,
                                          .right = PLOT_RIGHT,
                                          .top = top,
                                          .bottom = top + PLOT_HEIGHT,
                                          .x_from = first - pad,
                                          .x_to = last + pad,
                                          .y_top = hours_of(picture->from_ms),
                                          .y_bottom = hours_of(picture->to_ms)};
    picture->names = calloc((size_t)count, sizeof *picture->names);
    if (picture->names == NULL) return no_memory(failure);
    for (int32_t index = 0; index < count; index++) {
        const double x = sheet_x(&picture->frame, line->map.stations[index].km);
        const int32_t rank = index == 0 || index + 1 == count;
        picture->names[index] = (struct column_label){.wanted = x, .rank = rank};
    }
    if (!column_layout(picture->names, count, name_px * 1.25 / sin(slant), PLOT_LEFT - 4, PLOT_RIGHT + 4))
        return no_memory(failure);
    /* the clock's numbers lie one below the other, and need less of an axis than side by side */
    return time_axis_make(picture->from_ms, picture->to_ms, picture->run.first_day, PLOT_HEIGHT * 1.6,
                          &picture->axis) ||
           no_memory(failure);
}

/* ---- data files: km and hours ---- */

enum part { PART_BEFORE, PART_RUNNING, PART_AFTER, PART_COUNT };

/* A part of a stair as a box, within the window: x y from_x to_x from_y to_y. */
static void put_box(const struct stair_picture *picture, FILE *file, const struct stair *stair, int64_t from_ms,
                    int64_t to_ms) {
    const int64_t from = from_ms > picture->from_ms ? from_ms : picture->from_ms;
    const int64_t to = to_ms < picture->to_ms ? to_ms : picture->to_ms;
    if (to <= from) return;
    fprintf(file, "%.5f %.6f %.5f %.5f %.6f %.6f\n", (stair->from_km + stair->to_km) / 2, hours_of(from + to) / 2,
            fmin(stair->from_km, stair->to_km), fmax(stair->from_km, stair->to_km), hours_of(from), hours_of(to));
}

static void part_of(const struct stair *stair, enum part part, int64_t *from_ms, int64_t *to_ms) {
    const int64_t bounds[PART_COUNT + 1] = {stair->wanted_ms, stair->enter_ms, stair->out_ms, stair->release_ms};
    *from_ms = bounds[part];
    *to_ms = bounds[part + 1];
}

static bool write_boxes(const struct stair_picture *picture, const char *name, enum part part, bool down,
                        struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    for (int32_t index = 0; index < picture->trains.stair_count; index++) {
        const struct stair *stair = &picture->trains.stairs[index];
        if (stair->whole || runs_down(picture, stair->train) != down) continue;
        int64_t from_ms, to_ms;
        part_of(stair, part, &from_ms, &to_ms);
        put_box(picture, file, stair, from_ms, to_ms);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Without blocks a section is held as the train goes: a band between its head and its tail, as a closed line. */
static void put_band(FILE *file, const struct stair *stair, int64_t before_ms, int64_t behind_ms) {
    fprintf(file, "%.5f %.6f\n%.5f %.6f\n%.5f %.6f\n%.5f %.6f\n%.5f %.6f\n\n", stair->from_km,
            hours_of(stair->enter_ms - before_ms), stair->to_km, hours_of(stair->out_ms - before_ms), stair->to_km,
            hours_of(stair->out_ms + behind_ms), stair->from_km, hours_of(stair->enter_ms + behind_ms), stair->from_km,
            hours_of(stair->enter_ms - before_ms));
}

static bool write_bands(const struct stair_picture *picture, const char *name, bool before, bool down,
                        struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    for (int32_t index = 0; index < picture->trains.stair_count; index++) {
        const struct stair *stair = &picture->trains.stairs[index];
        if (!stair->whole || runs_down(picture, stair->train) != down) continue;
        if (before)
            put_band(file, stair, stair->enter_ms - stair->wanted_ms, 0);
        else
            put_band(file, stair, 0, stair->release_ms - stair->out_ms);
    }
    return gnuplot_close(picture->job, file, failure);
}

/* Whether a train got from one point to the next over what is drawn: no station lies between them. */
static bool is_joined(const struct stair_picture *picture, const struct stair_point *from,
                      const struct stair_point *to) {
    const struct stair_line *line = &picture->line;
    const double low = fmin(from->km, to->km) + 1e-6, high = fmax(from->km, to->km) - 1e-6;
    for (int32_t index = 0; index < line->map.station_count; index++)
        if (line->zone_from_km[index] > low && line->zone_to_km[index] < high) return false;
    return true;
}

static bool write_paths(const struct stair_picture *picture, const char *name, bool down, struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    for (int32_t train = 0; train < picture->trains.trains.train_count; train++) {
        const struct stair_path *path = &picture->trains.paths[train];
        const struct stair_point *points = picture->trains.points + path->first_point;
        if (runs_down(picture, train) != down) continue;
        fprintf(file, "\n# %s\n", picture->trains.trains.trains[train].name);
        for (int32_t index = 0; index < path->point_count; index++) {
            if (index > 0 && !is_joined(picture, &points[index - 1], &points[index])) fputc('\n', file);
            fprintf(file, "%.5f %.6f\n", points[index].km, hours_of(points[index].at_ms));
        }
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_stations(const struct stair_picture *picture, struct failure *failure) {
    const struct stair_line *line = &picture->line;
    const double from = picture->frame.y_top, to = picture->frame.y_bottom;
    FILE *zones = sheet_data(picture->job, "zones.dat", failure);
    if (zones == NULL) return false;
    for (int32_t index = 0; index < line->map.station_count; index++)
        fprintf(zones, "%.5f %.6f %.5f %.5f %.6f %.6f\n", line->map.stations[index].km, (from + to) / 2,
                line->zone_from_km[index], line->zone_to_km[index], from, to);
    if (!gnuplot_close(picture->job, zones, failure)) return false;
    FILE *blocks = sheet_data(picture->job, "blocks.dat", failure);
    if (blocks == NULL) return false;
    for (int32_t index = 0; index + 1 < line->map.station_count; index++) {
        const struct stair_section *section = &line->sections[index];
        const int32_t parts = section->block_count > 0 ? section->block_count : 1;
        for (int32_t edge = 0; edge <= parts; edge++) {
            const double km = section->from_km + (section->to_km - section->from_km) * edge / parts;
            fprintf(blocks, "%.5f %.6f\n%.5f %.6f\n\n", km, from, km, to);
        }
    }
    return gnuplot_close(picture->job, blocks, failure);
}

static bool write_marks(const struct stair_picture *picture, struct failure *failure) {
    static const char *const names[] = {"faint.dat", "heavy.dat", "midnight.dat"};
    for (int weight = MARK_FAINT; weight <= MARK_DAY; weight++) {
        FILE *file = sheet_data(picture->job, names[weight], failure);
        if (file == NULL) return false;
        for (int32_t index = 0; index < picture->axis.mark_count; index++) {
            const struct time_mark *mark = &picture->axis.marks[index];
            if ((int)mark->weight != weight) continue;
            fprintf(file, "%.5f %.6f\n%.5f %.6f\n\n", picture->frame.x_from, hours_of(mark->at_ms), picture->frame.x_to,
                    hours_of(mark->at_ms));
        }
        if (!gnuplot_close(picture->job, file, failure)) return false;
    }
    return true;
}

static bool write_data(const struct stair_picture *picture, struct failure *failure) {
    static const char *const names[2][6] = {
        {"before_up.dat", "running_up.dat", "after_up.dat", "band_before_up.dat", "band_up.dat", "paths_up.dat"},
        {"before_down.dat", "running_down.dat", "after_down.dat", "band_before_down.dat", "band_down.dat",
         "paths_down.dat"}};
    for (int down = 0; down < 2; down++) {
        for (int part = PART_BEFORE; part < PART_COUNT; part++)
            if (!write_boxes(picture, names[down][part], (enum part)part, down, failure)) return false;
        if (!write_bands(picture, names[down][3], true, down, failure) ||
            !write_bands(picture, names[down][4], false, down, failure) ||
            !write_paths(picture, names[down][5], down, failure))
            return false;
    }
    return write_stations(picture, failure) && write_marks(picture, failure);
}

/* ---- train numbers ---- */

/* The part of a path that the window shows, in pixels; false if there is none. */
static bool visible_piece(const struct stair_picture *picture, const struct stair_point *from,
                          const struct stair_point *to, struct line_segment *piece) {
    if (to->at_ms <= picture->from_ms || from->at_ms >= picture->to_ms || to->at_ms <= from->at_ms) return false;
    const double first = hours_of(from->at_ms), last = hours_of(to->at_ms);
    const double begin = fmax(first, picture->frame.y_top), end = fmin(last, picture->frame.y_bottom);
    const double slope = (to->km - from->km) / (last - first);
    *piece = (struct line_segment){.x1 = sheet_x(&picture->frame, from->km + slope * (begin - first)),
                                   .y1 = sheet_y(&picture->frame, begin),
                                   .x2 = sheet_x(&picture->frame, from->km + slope * (end - first)),
                                   .y2 = sheet_y(&picture->frame, end)};
    return true;
}

static struct line_segment *visible_paths(const struct stair_picture *picture, int32_t *count) {
    struct line_segment *pieces = malloc(((size_t)picture->trains.point_count + 1) * sizeof *pieces);
    *count = 0;
    for (int32_t train = 0; pieces != NULL && train < picture->trains.trains.train_count; train++) {
        const struct stair_path *path = &picture->trains.paths[train];
        const struct stair_point *points = picture->trains.points + path->first_point;
        for (int32_t index = 1; index < path->point_count; index++) {
            struct line_segment *piece = &pieces[*count];
            if (!visible_piece(picture, &points[index - 1], &points[index], piece)) continue;
            piece->owner = train;
            piece->thick = points[index - 1].km == points[index].km ? 3 : 0;
            (*count)++;
        }
    }
    return pieces;
}

/* What labels keep clear of: paths and labels. */
struct obstacles {
    struct line_segment *paths;
    int32_t path_count;
    struct box *labels;
    int32_t label_count;
};

/* Along a train's path over a section; false where the path bends too much, is too short, or others lie there. */
static bool number_over(const struct stair_picture *picture, int32_t train, int32_t section, double width,
                        const struct obstacles *obstacles, struct box *box) {
    const struct stair_section *over = &picture->line.sections[section];
    const struct stair_path *path = &picture->trains.paths[train];
    const struct stair_point *points = picture->trains.points + path->first_point, *first = NULL, *last = NULL;
    const bool down = runs_down(picture, train);
    for (int32_t index = 0; index < path->point_count && last == NULL; index++) {
        const double km = points[index].km;
        if (down ? km <= over->from_km + 1e-6 : km >= over->to_km - 1e-6) first = &points[index];
        if (first != NULL && (down ? km >= over->to_km - 1e-6 : km <= over->from_km + 1e-6)) last = &points[index];
    }
    struct line_segment piece;
    if (last == NULL || !visible_piece(picture, first, last, &piece)) return false;
    const struct sheet_frame *frame = &picture->frame;
    const struct point_label_style style = {.left = frame->left + 2,
                                            .right = frame->right - 2,
                                            .top = frame->top + 2,
                                            .bottom = frame->bottom - 2,
                                            .gap = 3,
                                            .margin = 1};
    return straight_label_place(&piece, width, number_height, obstacles->paths, obstacles->path_count,
                                obstacles->labels, obstacles->label_count, &style, box);
}

static double section_length(const struct stair_picture *picture, int32_t section) {
    return picture->line.sections[section].to_km - picture->line.sections[section].from_km;
}

/* Over the longest section, so that the numbers stand below each other, or else over the longest that has room. */
static bool place_number(const struct stair_picture *picture, int32_t train, double width,
                         const struct obstacles *obstacles, struct box *box) {
    enum { TRIES = 8 };
    double longest = INFINITY;
    for (int try = 0; try < TRIES; try++) { /* lengths of sections, downwards */
        double next = -1;
        for (int32_t section = 0; section + 1 < picture->line.map.station_count; section++)
            if (section_length(picture, section) < longest) next = fmax(next, section_length(picture, section));
        if (next < 0) return false;
        longest = next;
        for (int32_t section = 0; section + 1 < picture->line.map.station_count; section++)
            if (section_length(picture, section) == longest &&
                number_over(picture, train, section, width, obstacles, box))
                return true;
    }
    return false;
}

static bool put_numbers(const struct stair_picture *picture, const struct sheet *sheet, struct failure *failure) {
    const struct graph_trains *trains = &picture->trains.trains;
    struct obstacles obstacles = {.labels = calloc((size_t)trains->train_count + 1, sizeof *obstacles.labels)};
    obstacles.paths = visible_paths(picture, &obstacles.path_count);
    const bool well = obstacles.paths != NULL && obstacles.labels != NULL;
    for (int32_t index = 0; well && index < trains->train_count; index++) {
        const char *name = trains->trains[index].name;
        struct box box;
        if (!place_number(picture, index, text_width(name, number_px) + 4, &obstacles, &box)) continue;
        obstacles.labels[obstacles.label_count++] = box;
        sheet_text_in_box(sheet, name, &box,
                          &(struct sheet_font){.size = number_px, .ink = runs_down(picture, index) ? "DOWN" : "UP"});
    }
    free(obstacles.paths);
    free(obstacles.labels);
    return well || no_memory(failure);
}

/* ---- texts around the plot ---- */

static void put_station_names(const struct stair_picture *picture, const struct sheet *sheet) {
    const struct sheet_frame *frame = &picture->frame;
    for (int32_t index = 0; index < picture->line.map.station_count; index++) {
        const struct column_label *name = &picture->names[index];
        if (!name->shown) continue;
        sheet_text_within(sheet, picture->line.map.stations[index].name, MOST_NAMES + 1, name->middle, frame->top - 14,
                          ALIGN_LEFT, &(struct sheet_font){.size = name_px, .ink = "INK", .angle = name_angle});
        fprintf(sheet->script,
                "set arrow from screen SX(%.2f), SY(%.2f) to screen SX(%.2f), SY(%.2f) nohead lw 0.7 lc "
                "rgb '#888888'\n",
                name->middle, frame->top - 9, name->wanted, frame->top);
    }
}

/* Only below their own stations, as many as there is room for; those of the ends before the others. */
static void put_kms(const struct stair_picture *picture, const struct sheet *sheet) {
    const struct line_map *map = &picture->line.map;
    const double width = text_width("0000.0", km_px) + 4;
    const double end = sheet_x(&picture->frame, map->stations[map->station_count - 1].km);
    double free_from = -INFINITY;
    for (int32_t index = 0; index < map->station_count; index++) {
        const double x = sheet_x(&picture->frame, map->stations[index].km);
        const bool last = index + 1 == map->station_count;
        if (x - width / 2 < free_from || (!last && index > 0 && x + width > end)) continue;
        char text[32];
        snprintf(text, sizeof text, "%.1f", map->stations[index].km);
        sheet_text(sheet, text, x, picture->frame.bottom + 14, ALIGN_CENTRE,
                   &(struct sheet_font){.size = km_px, .ink = "GREY"});
        free_from = x + width / 2;
    }
    sheet_text(sheet, "km", (picture->frame.left + picture->frame.right) / 2, picture->frame.bottom + 38, ALIGN_CENTRE,
               &(struct sheet_font){.size = km_px, .ink = "GREY"});
}

static void put_clock(const struct stair_picture *picture, const struct sheet *sheet) {
    const struct sheet_frame *frame = &picture->frame;
    for (int32_t index = 0; index < picture->axis.mark_count; index++)
        sheet_text_within(sheet, picture->axis.marks[index].label, 52, frame->left - 8,
                          sheet_y(frame, hours_of(picture->axis.marks[index].at_ms)), ALIGN_RIGHT,
                          &(struct sheet_font){.size = clock_px, .ink = "INK"});
    for (int32_t index = 0; index < picture->axis.day_count; index++) {
        const struct time_day *day = &picture->axis.days[index];
        const double from = sheet_y(frame, hours_of(day->from_ms)), to = sheet_y(frame, hours_of(day->to_ms));
        if (text_width(day->label, clock_px) > to - from - 8) continue;
        sheet_text(sheet, day->label, 24, (from + to) / 2, ALIGN_CENTRE,
                   &(struct sheet_font){.size = clock_px, .ink = "GREY", .angle = 90});
    }
}

static void put_head(const struct stair_picture *picture, const struct sheet *sheet) {
    const struct graph_run *run = &picture->run;
    const struct line_map *map = &picture->line.map;
    char down[TEXT_SIZE], up[TEXT_SIZE], name[TEXT_SIZE - 8], subtitle[2 * TEXT_SIZE];
    text_fit(map->stations[map->station_count - 1].name, clock_px, 160, name, sizeof name);
    snprintf(down, sizeof down, "to %s", name);
    text_fit(map->stations[0].name, clock_px, 160, name, sizeof name);
    snprintf(up, sizeof up, "to %s", name);
    const struct sheet_legend legend[] = {{"BEFORE", "route set, approach"},
                                          {"RUNNING", "head in"},
                                          {"AFTER", "tail out, release"},
                                          {"DOWN", down},
                                          {"UP", up}};
    int used = snprintf(subtitle, sizeof subtitle, "blocking times · run %" PRId64, run->run_id);
    if (run->variant != NULL)
        used += snprintf(subtitle + used, sizeof subtitle - (size_t)used, " · variant %.200s", run->variant);
    used += snprintf(subtitle + used, sizeof subtitle - (size_t)used, " · dispatch %.100s", run->dispatch);
    if (map->network_stations > map->station_count)
        snprintf(subtitle + used, sizeof subtitle - (size_t)used,
                 " · %" PRId32 " of the network's %" PRId32 " stations", map->station_count, map->network_stations);
    sheet_head(sheet, run->scenario, subtitle, legend, sizeof legend / sizeof *legend);
}

/* ---- all of it ---- */

static bool write_script(const struct stair_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_head(picture, &sheet);
    put_station_names(picture, &sheet);
    put_kms(picture, &sheet);
    put_clock(picture, &sheet);
    const bool well = put_numbers(picture, &sheet, failure);
    return sheet_end(&sheet, stairway_script, failure) && well;
}

/* Where nobody says when to begin: with the hour in which the first train is on the line, so that a line that is empty
 * by night is not drawn empty. */
static bool find_window(struct stair_picture *picture, struct database *database, const struct chart_request *request,
                        struct failure *failure) {
    if (!graph_window(&picture->run, request->from, request->to, DEFAULT_SPAN_MS, &picture->from_ms, &picture->to_ms,
                      failure))
        return false;
    if (!stair_trains_kept(database, &picture->run, failure)) return false;
    if (request->from.kind != TIME_OPEN) return true;
    int64_t first_ms;
    if (!stair_trains_first(database, &picture->run, picture->from_ms, &first_ms, failure)) return false;
    const int64_t hour_ms = first_ms - first_ms % HOUR_MS;
    const bool later = hour_ms > picture->from_ms && (request->to.kind == TIME_OPEN || hour_ms < picture->to_ms);
    return !later || graph_window(&picture->run, (struct graph_time){TIME_MOMENT, hour_ms}, request->to,
                                  DEFAULT_SPAN_MS, &picture->from_ms, &picture->to_ms, failure);
}

static bool read_all(struct stair_picture *picture, struct database *database, const struct chart_request *request,
                     struct failure *failure) {
    return graph_run_read_any(database, request->run_id, &picture->run, failure) &&
           find_window(picture, database, request, failure) &&
           stair_line_read(database, picture->run.run_id, &picture->line, failure) &&
           stair_trains_read(database, &picture->run, &picture->line, picture->from_ms, picture->to_ms,
                             &picture->trains, failure);
}

bool stairway_write(struct database *database, const struct chart_request *request, enum picture_format format,
                    struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct stair_picture picture = {.job = job};
    const bool well = read_all(&picture, database, request, failure) && lay_out(&picture, failure) &&
                      write_data(&picture, failure) && write_script(&picture, format, failure);
    *result = (struct chart_result){.run_id = picture.run.run_id,
                                    .from_ms = picture.from_ms,
                                    .to_ms = picture.to_ms,
                                    .item = "trains",
                                    .items = picture.trains.trains.train_count};
    picture_free(&picture);
    return well;
}
