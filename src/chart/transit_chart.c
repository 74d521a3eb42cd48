/* How long containers took from being offered to being delivered, flow by flow: how many in up to so many hours. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/chart.h"
#include "chart/graph_run.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/text_width.h"
#include "engine/statistics.h"
#include "results/kept_run.h"

enum { TEXT_SIZE = 512, TABLE_ROOM = 330, CURVE_POINTS = 500, ROW_HEIGHT = 18, BLOCK_GAP = 14, MS_PER_HOUR = 3600000 };
static const double label_px = 13;
static const double shown_share = 0.995; /* of each flow; the last few may take very long */

struct transit_flow {
    char *name;
    double *hours; /* of those delivered, ascending once all are read */
    int32_t count, room;
    int64_t undelivered, refused; /* waiting or riding when the run ended; turned away by a full yard */
    double median, most;          /* 95 % within `most` hours */
    double due_h;                 /* NAN: never late, or not to be told any more */
};

struct transit_picture {
    struct gnuplot *job;
    struct graph_run run;
    struct transit_flow *flows; /* by name */
    int32_t flow_count, flow_room, left_out;
    struct sheet_frame frame;
    struct sheet_scale hours, percent;
};

static void flow_free(struct transit_flow *flow) {
    free(flow->name);
    free(flow->hours);
}

static void picture_free(struct transit_picture *picture) {
    for (int32_t i = 0; i < picture->flow_count; i++) flow_free(&picture->flows[i]);
    free(picture->flows);
    graph_run_free(&picture->run);
}

/* ---- reading ---- */

/* As flow_use counts: offered in the measured window. */
static const char containers_sql[] =
    "SELECT flow, c.status, (delivered_ms - arrived_ms) / 3600000.0 FROM containers c JOIN runs r USING (run_id) "
    "WHERE run_id = ?1 AND empty = 0 AND arrived_ms >= r.warmup_ms AND arrived_ms < r.warmup_ms + r.horizon_ms";

/* NULL: out of memory. */
static struct transit_flow *flow_of(struct transit_picture *picture, const char *name) {
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (strcmp(picture->flows[i].name, name) == 0) return &picture->flows[i];
    struct transit_flow *flows =
        array_room(picture->flows, picture->flow_count, &picture->flow_room, sizeof *picture->flows);
    if (flows == NULL) return NULL;
    picture->flows = flows;
    struct transit_flow *flow = &flows[picture->flow_count];
    *flow = (struct transit_flow){.name = strdup(name), .due_h = NAN};
    if (flow->name == NULL) return NULL;
    picture->flow_count++;
    return flow;
}

static bool take_container(struct transit_picture *picture, sqlite3_stmt *row) {
    struct transit_flow *flow = flow_of(picture, (const char *)sqlite3_column_text(row, 0));
    if (flow == NULL) return false;
    const char *status = (const char *)sqlite3_column_text(row, 1);
    if (strcmp(status, "delivered") != 0) {
        *(strcmp(status, "refused") == 0 ? &flow->refused : &flow->undelivered) += 1;
        return true;
    }
    double *hours = array_room(flow->hours, flow->count, &flow->room, sizeof *hours);
    if (hours == NULL) return false;
    flow->hours = hours;
    hours[flow->count++] = sqlite3_column_double(row, 2);
    return true;
}

static bool read_containers(struct transit_picture *picture, struct database *database, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, containers_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    bool room = true;
    int code = SQLITE_DONE;
    while (room && (code = sqlite3_step(statement)) == SQLITE_ROW) room = take_container(picture, statement);
    sqlite3_finalize(statement);
    if (!room) return failure_set(failure, "out of memory");
    return code == SQLITE_DONE || database_explain(database, failure);
}

/* Flows with nothing delivered have no curve. */
static void drop_empty(struct transit_picture *picture) {
    int32_t kept = 0;
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (picture->flows[i].count > 0)
            picture->flows[kept++] = picture->flows[i];
        else
            flow_free(&picture->flows[i]);
    picture->flow_count = kept;
}

static int by_count(const void *left, const void *right) {
    const struct transit_flow *a = left, *b = right;
    return (a->count < b->count) - (a->count > b->count);
}

static int by_name(const void *left, const void *right) {
    return strcmp(((const struct transit_flow *)left)->name, ((const struct transit_flow *)right)->name);
}

static void keep_the_most(struct transit_picture *picture) {
    if (picture->flow_count > CHART_FLOWS) {
        qsort(picture->flows, (size_t)picture->flow_count, sizeof *picture->flows, by_count);
        picture->left_out = picture->flow_count - CHART_FLOWS;
        while (picture->flow_count > CHART_FLOWS) flow_free(&picture->flows[--picture->flow_count]);
    }
    if (picture->flow_count > 0) qsort(picture->flows, (size_t)picture->flow_count, sizeof *picture->flows, by_name);
    for (int32_t i = 0; i < picture->flow_count; i++) {
        struct transit_flow *flow = &picture->flows[i];
        flow->median = quantile_of(flow->hours, (size_t)flow->count, 0.5);
        flow->most = quantile_of(flow->hours, (size_t)flow->count, 0.95);
    }
}

static void take_due(struct transit_picture *picture, const struct scenario *scenario) {
    for (int32_t i = 0; i < picture->flow_count; i++)
        for (int32_t k = 0; k < scenario->traffic.flow_count; k++) {
            const struct flow *flow = &scenario->traffic.flows[k];
            if (strcmp(flow->id, picture->flows[i].name) == 0 && flow->due_ms >= 0)
                picture->flows[i].due_h = (double)flow->due_ms / MS_PER_HOUR;
        }
}

/* From the run's input and settings. Where these can no longer be read, nothing is said of what was due. */
static bool read_due(struct transit_picture *picture, struct database *database, struct failure *failure) {
    struct kept_run kept;
    if (!kept_run_read(database, picture->run.run_id, &kept, failure)) return false;
    struct diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    struct scenario *scenario = NULL;
    if (diagnostics != NULL && kept.obstacle == KEPT_RUN_FREE) scenario = kept_run_scenario(&kept, diagnostics);
    if (scenario != NULL) take_due(picture, scenario);
    const bool short_of_memory = diagnostics == NULL || (scenario == NULL && diagnostics->no_memory);
    scenario_free(scenario);
    if (diagnostics != NULL) diagnostics_free(diagnostics);
    free(diagnostics);
    kept_run_free(&kept);
    return !short_of_memory || failure_set(failure, "out of memory");
}

static bool has_flows(struct database *database, int64_t run_id, bool *has, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, "SELECT 1 FROM flow_use WHERE run_id = ?1 LIMIT 1", failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const int step = sqlite3_step(statement);
    sqlite3_finalize(statement);
    *has = step == SQLITE_ROW;
    return step == SQLITE_ROW || step == SQLITE_DONE || database_explain(database, failure);
}

static bool nothing_to_draw(const struct transit_picture *picture, struct database *database, struct failure *failure) {
    const struct graph_run *run = &picture->run;
    bool flows;
    if (!has_flows(database, run->run_id, &flows, failure)) return false;
    if (!flows)
        return failure_set(failure, "run %" PRId64 " has no containers: its scenario has no flows.csv", run->run_id);
    if (strcmp(run->detail, "containers") != 0 && strcmp(run->detail, "full") != 0)
        return failure_set(failure,
                           "run %" PRId64 " keeps no containers (detail %s), only how long they took in the mean, the "
                           "middle and 95 %% of cases (table flow_use): run it again with --detail containers",
                           run->run_id, run->detail);
    return failure_set(failure, "run %" PRId64 " has delivered none of the containers offered in its measured window",
                       run->run_id);
}

static bool read(struct transit_picture *picture, struct database *database, int64_t run_id, struct failure *failure) {
    if (!graph_run_read_any(database, run_id, &picture->run, failure) || !read_containers(picture, database, failure))
        return false;
    drop_empty(picture);
    if (picture->flow_count == 0) return nothing_to_draw(picture, database, failure);
    keep_the_most(picture);
    return read_due(picture, database, failure);
}

/* ---- layout ---- */

static void lay_out(struct transit_picture *picture) {
    double longest = 0;
    for (int32_t i = 0; i < picture->flow_count; i++) {
        struct transit_flow *flow = &picture->flows[i];
        longest = fmax(longest, quantile_of(flow->hours, (size_t)flow->count, shown_share));
    }
    double to = longest > 0 ? longest : 1;
    for (int32_t i = 0; i < picture->flow_count; i++) /* what is due long after all are there is only told */
        if (picture->flows[i].due_h <= 2 * longest) to = fmax(to, picture->flows[i].due_h);
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1484 - TABLE_ROOM,
                                          .top = 118,
                                          .bottom = 748,
                                          .x_to = 1.04 * to,
                                          .y_top = 100};
    const struct sheet_frame *frame = &picture->frame;
    picture->hours = sheet_scale_make(frame->x_to, frame->right - frame->left, 70);
    picture->percent = sheet_scale_make(frame->y_top, frame->bottom - frame->top, 50);
}

/* ---- data files of a flow, x in hours, y in percent: curve_1.dat, median_1.dat, most_1.dat ---- */

static FILE *flow_data(const struct transit_picture *picture, const char *name, int32_t index,
                       struct failure *failure) {
    char file[48];
    snprintf(file, sizeof file, "%s_%" PRId32 ".dat", name, index + 1);
    return sheet_data(picture->job, file, failure);
}

static bool write_curve(const struct transit_picture *picture, int32_t index, struct failure *failure) {
    const struct transit_flow *flow = &picture->flows[index];
    FILE *file = flow_data(picture, "curve", index, failure);
    if (file == NULL) return false;
    const int32_t points = flow->count < CURVE_POINTS ? flow->count : CURVE_POINTS;
    fprintf(file, "%.6f 0\n", flow->hours[0]);
    for (int32_t point = 1; point <= points; point++) {
        const int32_t count = (int32_t)((int64_t)flow->count * point / points);
        fprintf(file, "%.6f %.6f\n", flow->hours[count - 1], 100.0 * count / flow->count);
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_mark(const struct transit_picture *picture, const char *name, int32_t index, double hours,
                       double percent, struct failure *failure) {
    FILE *file = flow_data(picture, name, index, failure);
    if (file == NULL) return false;
    fprintf(file, "%.6f %.0f\n", hours, percent);
    return gnuplot_close(picture->job, file, failure);
}

static bool write_due(const struct transit_picture *picture, struct failure *failure) {
    FILE *file = sheet_data(picture->job, "due.dat", failure);
    if (file == NULL) return false;
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (picture->flows[i].due_h <= picture->frame.x_to) fprintf(file, "%.6f 0 0 100\n", picture->flows[i].due_h);
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct transit_picture *picture, struct failure *failure) {
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (!write_curve(picture, i, failure) ||
            !write_mark(picture, "median", i, picture->flows[i].median, 50, failure) ||
            !write_mark(picture, "most", i, picture->flows[i].most, 95, failure))
            return false;
    return write_due(picture, failure);
}

/* ---- texts ---- */

static double percent_by(const struct transit_flow *flow, double hours) {
    int32_t count = 0;
    while (count < flow->count && flow->hours[count] <= hours) count++;
    return 100.0 * count / flow->count;
}

static void format_rest(const struct transit_flow *flow, char *text, size_t size) {
    int used = snprintf(text, size, "%" PRId32 " delivered", flow->count);
    if (flow->undelivered > 0)
        used += snprintf(text + used, size - (size_t)used, ", %" PRId64 " not yet", flow->undelivered);
    if (flow->refused > 0) snprintf(text + used, size - (size_t)used, ", %" PRId64 " refused", flow->refused);
}

/* What the curves say, in figures beside them. */
static void put_table(const struct transit_picture *picture, const struct sheet *sheet) {
    const double x = picture->frame.right + 20;
    double y = picture->frame.top + ROW_HEIGHT / 2.0;
    for (int32_t i = 0; i < picture->flow_count; i++) {
        const struct transit_flow *flow = &picture->flows[i];
        char ink[32], rows[3][TEXT_SIZE] = {"", "", ""};
        snprintf(ink, sizeof ink, "FLOW[%" PRId32 "]", i + 1);
        snprintf(rows[0], sizeof rows[0], "half in %.1f h, 95 %% in %.1f h", flow->median, flow->most);
        if (!isnan(flow->due_h))
            snprintf(rows[1], sizeof rows[1], "due in %g h: %.1f %% by then", flow->due_h,
                     percent_by(flow, flow->due_h));
        format_rest(flow, rows[2], sizeof rows[2]);
        sheet_text_within(sheet, flow->name, TABLE_ROOM - 20, x, y, ALIGN_LEFT,
                          &(struct sheet_font){.size = label_px, .ink = ink, .bold = true});
        for (int row = 0; row < 3; row++)
            if (rows[row][0] != '\0')
                sheet_text_within(sheet, rows[row], TABLE_ROOM - 20, x, y += ROW_HEIGHT, ALIGN_LEFT,
                                  &(struct sheet_font){.size = label_px, .ink = row < 2 ? "INK" : "SOFT"});
        y += ROW_HEIGHT + BLOCK_GAP;
    }
}

/* The least due time above `above`; NAN: none. */
static double next_due(const struct transit_picture *picture, double above) {
    double next = NAN;
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (picture->flows[i].due_h > above) next = fmin(next, picture->flows[i].due_h);
    return next;
}

/* Above the plot; one that finds no room there is left out, the table has it. */
static void put_due(const struct transit_picture *picture, const struct sheet *sheet) {
    const struct sheet_frame *frame = &picture->frame;
    double free_from = frame->left;
    for (double due = next_due(picture, -1); due <= frame->x_to; due = next_due(picture, due)) {
        char text[64];
        snprintf(text, sizeof text, "due %g h", due);
        const double half = text_width(text, label_px) / 2, x = sheet_x(frame, due);
        if (x - half < free_from) continue;
        sheet_text(sheet, text, x, frame->top - 13, ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK"});
        free_from = x + half + 10;
    }
}

static void put_head(const struct transit_picture *picture, const struct sheet *sheet) {
    const struct graph_run *run = &picture->run;
    char subtitle[TEXT_SIZE];
    snprintf(subtitle, sizeof subtitle, "%s · run %" PRId64 "%s%s · offered in the measured window, without empties",
             run->scenario, run->run_id, run->variant != NULL ? " · " : "", run->variant != NULL ? run->variant : "");
    const struct sheet_legend legend[] = {
        {"MEDIAN", "half of them"},
        {"MOST", "95 % of them"},
        {next_due(picture, -1) <= picture->frame.x_to ? "DUE" : NULL, "late from here on"}};
    sheet_head(sheet, "How long containers take", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(const struct transit_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    const struct sheet_frame *frame = &picture->frame;
    if (!sheet_begin(&sheet, picture->job, format, frame, failure)) return false;
    sheet_number(&sheet, "FLOWS", picture->flow_count);
    put_head(picture, &sheet);
    put_table(picture, &sheet);
    put_due(picture, &sheet);
    sheet_scale_below(&sheet, &picture->hours);
    sheet_scale_left(&sheet, &picture->percent);
    sheet_text(&sheet, "hours from offered to delivered, at most", (frame->left + frame->right) / 2, frame->bottom + 44,
               ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK"});
    sheet_text(&sheet, "% of the containers delivered", 24, (frame->top + frame->bottom) / 2, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
    return sheet_end(&sheet, transit_script, failure);
}

bool transit_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                         struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct transit_picture picture = {.job = job};
    bool well = read(&picture, database, request->run_id, failure);
    if (well) {
        lay_out(&picture);
        well = write_data(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){
        .run_id = picture.run.run_id, .item = "flows", .items = picture.flow_count, .left_out = picture.left_out};
    picture_free(&picture);
    return well;
}
