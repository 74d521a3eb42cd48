/* TEU that wait for their first train, flow by flow, day by day; and those that full yards turned away. */
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

enum { TEXT_SIZE = 512, LABEL_ROOM = 190, DATE_SIZE = 16, MS_PER_DAY = 86400000 };
static const double label_px = 13, label_height = 18;

struct flow_day {
    int64_t day; /* from 1 */
    char date[DATE_SIZE];
    double waiting, refused; /* TEU: at the end of the day, and on it */
};

struct waiting_flow {
    char *name;
    struct flow_day *days;
    int32_t day_count, day_room;
    double most; /* waiting or refused */
};

struct waiting_picture {
    struct gnuplot *job;
    struct graph_run run;
    struct waiting_flow *flows; /* by name; those with the most waiting where there are more than can be shown */
    int32_t flow_count, flow_room, left_out;
    double refused; /* TEU, of all flows and days */
    struct sheet_frame frame;
    struct sheet_scale teu;
};

static void flow_free(struct waiting_flow *flow) {
    free(flow->name);
    free(flow->days);
}

static void picture_free(struct waiting_picture *picture) {
    for (int32_t i = 0; i < picture->flow_count; i++) flow_free(&picture->flows[i]);
    free(picture->flows);
    graph_run_free(&picture->run);
}

/* ---- reading ---- */

static const char days_sql[] =
    "SELECT w.flow, w.day, w.date, w.teu_waiting, d.teu_refused FROM v_teu_waiting w JOIN flow_days d "
    "USING (run_id, day, flow) WHERE run_id = ?1 ORDER BY w.flow, w.day";

/* Rows come flow by flow. NULL: out of memory. */
static struct waiting_flow *flow_of(struct waiting_picture *picture, const char *name) {
    if (picture->flow_count > 0 && strcmp(picture->flows[picture->flow_count - 1].name, name) == 0)
        return &picture->flows[picture->flow_count - 1];
    struct waiting_flow *flows =
        array_room(picture->flows, picture->flow_count, &picture->flow_room, sizeof *picture->flows);
    if (flows == NULL) return NULL;
    picture->flows = flows;
    struct waiting_flow *flow = &flows[picture->flow_count];
    *flow = (struct waiting_flow){.name = strdup(name)};
    if (flow->name == NULL) return NULL;
    picture->flow_count++;
    return flow;
}

static bool take_day(struct waiting_picture *picture, sqlite3_stmt *row) {
    struct waiting_flow *flow = flow_of(picture, (const char *)sqlite3_column_text(row, 0));
    if (flow == NULL) return false;
    struct flow_day *days = array_room(flow->days, flow->day_count, &flow->day_room, sizeof *days);
    if (days == NULL) return false;
    flow->days = days;
    struct flow_day *day = &days[flow->day_count++];
    *day = (struct flow_day){.day = sqlite3_column_int64(row, 1),
                             .waiting = sqlite3_column_double(row, 3),
                             .refused = sqlite3_column_double(row, 4)};
    snprintf(day->date, sizeof day->date, "%s", (const char *)sqlite3_column_text(row, 2));
    flow->most = fmax(flow->most, fmax(day->waiting, day->refused));
    picture->refused += day->refused;
    return true;
}

static int by_most(const void *left, const void *right) {
    const struct waiting_flow *a = left, *b = right;
    return (a->most < b->most) - (a->most > b->most);
}

static int by_name(const void *left, const void *right) {
    return strcmp(((const struct waiting_flow *)left)->name, ((const struct waiting_flow *)right)->name);
}

static void keep_the_most(struct waiting_picture *picture) {
    if (picture->flow_count <= CHART_FLOWS) return;
    qsort(picture->flows, (size_t)picture->flow_count, sizeof *picture->flows, by_most);
    picture->left_out = picture->flow_count - CHART_FLOWS;
    while (picture->flow_count > CHART_FLOWS) flow_free(&picture->flows[--picture->flow_count]);
    qsort(picture->flows, (size_t)picture->flow_count, sizeof *picture->flows, by_name);
}

static bool read(struct waiting_picture *picture, struct database *database, int64_t run_id, struct failure *failure) {
    if (!graph_run_read_any(database, run_id, &picture->run, failure)) return false;
    sqlite3_stmt *statement = database_prepare(database, days_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    bool room = true;
    int code = SQLITE_DONE;
    while (room && (code = sqlite3_step(statement)) == SQLITE_ROW) room = take_day(picture, statement);
    sqlite3_finalize(statement);
    if (!room) return failure_set(failure, "out of memory");
    if (code != SQLITE_DONE) return database_explain(database, failure);
    if (picture->flow_count == 0)
        return failure_set(failure, "run %" PRId64 " has no containers to wait: its scenario has no flows.csv",
                           picture->run.run_id);
    keep_the_most(picture);
    return true;
}

/* ---- layout ---- */

static double last_day(const struct waiting_picture *picture) {
    const struct waiting_flow *flow = &picture->flows[0];
    return (double)flow->days[flow->day_count - 1].day;
}

/* All flows have the same days. */
static double refused_on(const struct waiting_picture *picture, int32_t place, int32_t flows) {
    double sum = 0;
    for (int32_t i = 0; i < flows; i++)
        if (place < picture->flows[i].day_count) sum += picture->flows[i].days[place].refused;
    return sum;
}

static void lay_out(struct waiting_picture *picture) {
    double most = 0;
    for (int32_t i = 0; i < picture->flow_count; i++) most = fmax(most, picture->flows[i].most);
    for (int32_t place = 0; place < picture->flows[0].day_count; place++)
        most = fmax(most, refused_on(picture, place, picture->flow_count));
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1484 - LABEL_ROOM,
                                          .top = 118,
                                          .bottom = 748,
                                          .x_to = last_day(picture),
                                          .y_top = most > 0 ? 1.05 * most : 1};
    picture->teu = sheet_scale_make(picture->frame.y_top, picture->frame.bottom - picture->frame.top, 50);
    if (picture->teu.step < 1) picture->teu.step = 1;
    picture->teu.decimals = 0;
}

/* ---- data files of a flow: waiting_1.dat, x in days, y in TEU; refused_1.dat, boxes x y from_x to_x from_y to_y ----
 */

static bool write_waiting(const struct waiting_picture *picture, int32_t index, struct failure *failure) {
    char name[48];
    const struct waiting_flow *flow = &picture->flows[index];
    snprintf(name, sizeof name, "waiting_%" PRId32 ".dat", index + 1);
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    fputs("0 0\n", file);
    for (int32_t place = 0; place < flow->day_count; place++)
        fprintf(file, "%" PRId64 " %.0f\n", flow->days[place].day, flow->days[place].waiting);
    return gnuplot_close(picture->job, file, failure);
}

static bool write_refused(const struct waiting_picture *picture, int32_t index, struct failure *failure) {
    char name[48];
    const struct waiting_flow *flow = &picture->flows[index];
    snprintf(name, sizeof name, "refused_%" PRId32 ".dat", index + 1);
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    for (int32_t place = 0; place < flow->day_count; place++) {
        const double bottom = refused_on(picture, place, index), top = bottom + flow->days[place].refused;
        const double x = (double)flow->days[place].day;
        if (top > bottom)
            fprintf(file, "%.1f %.1f %.1f %.1f %.0f %.0f\n", x - 0.5, (bottom + top) / 2, x - 1, x, bottom, top);
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct waiting_picture *picture, struct failure *failure) {
    for (int32_t i = 0; i < picture->flow_count; i++)
        if (!write_waiting(picture, i, failure) || !write_refused(picture, i, failure)) return false;
    return true;
}

/* ---- texts ---- */

/* Where days begin; on a long axis where weeks do. */
static void put_dates(const struct waiting_picture *picture, const struct sheet *sheet) {
    const struct sheet_frame *frame = &picture->frame;
    const struct waiting_flow *flow = &picture->flows[0];
    const double wanted = text_width(flow->days[0].date, label_px) + 18;
    int32_t step = (int32_t)fmax(1, ceil(wanted * frame->x_to / (frame->right - frame->left)));
    if (step > 2) step = (step + 6) / 7 * 7;
    sheet_number(sheet, "X_STEP", step);
    sheet_number(sheet, "X_LAST", (flow->day_count - 1) / step);
    for (int32_t place = 0; place < flow->day_count; place += step)
        sheet_text(sheet, flow->days[place].date, sheet_x(frame, (double)flow->days[place].day - 1), frame->bottom + 17,
                   ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK"});
}

static double waiting_at_end(const struct waiting_flow *flow) {
    return flow->days[flow->day_count - 1].waiting;
}

/* Names and what waits in the end, where the lines end. */
static void put_ends(const struct waiting_picture *picture, const struct sheet *sheet) {
    struct column_label labels[CHART_FLOWS];
    int32_t order[CHART_FLOWS];
    for (int32_t i = 0; i < picture->flow_count; i++) {
        int32_t place = i;
        const double here = waiting_at_end(&picture->flows[i]);
        for (; place > 0 && waiting_at_end(&picture->flows[order[place - 1]]) < here; place--)
            order[place] = order[place - 1];
        order[place] = i;
    }
    for (int32_t i = 0; i < picture->flow_count; i++)
        labels[i] = (struct column_label){.wanted = sheet_y(&picture->frame, waiting_at_end(&picture->flows[order[i]])),
                                          .rank = 1};
    column_layout(labels, picture->flow_count, label_height, picture->frame.top, picture->frame.bottom);
    for (int32_t i = 0; i < picture->flow_count; i++) {
        char text[TEXT_SIZE], ink[32];
        snprintf(ink, sizeof ink, "FLOW[%" PRId32 "]", order[i] + 1);
        snprintf(text, sizeof text, "%.0f  %s", waiting_at_end(&picture->flows[order[i]]),
                 picture->flows[order[i]].name);
        sheet_text_within(sheet, text, LABEL_ROOM - 8, picture->frame.right + 8, labels[i].middle, ALIGN_LEFT,
                          &(struct sheet_font){.size = label_px, .ink = ink, .bold = true});
    }
}

static void put_head(const struct waiting_picture *picture, const struct sheet *sheet) {
    const struct graph_run *run = &picture->run;
    char subtitle[TEXT_SIZE], refused[64] = "";
    if (picture->refused > 0) snprintf(refused, sizeof refused, " · %.0f TEU refused in all", picture->refused);
    snprintf(subtitle, sizeof subtitle, "%s · run %" PRId64 "%s%s%s", run->scenario, run->run_id,
             run->variant != NULL ? " · " : "", run->variant != NULL ? run->variant : "", refused);
    const struct sheet_legend legend[] = {{"WAITING", "waiting at the end of the day"},
                                          {picture->refused > 0 ? "REFUSED" : NULL, "refused that day, yard full"},
                                          {run->warmup_ms > 0 ? "WARMUP" : NULL, "warm-up"}};
    sheet_head(sheet, "TEU waiting for their first train", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(const struct waiting_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    sheet_number(&sheet, "FLOWS", picture->flow_count);
    sheet_number(&sheet, "WARMUP_DAYS", fmin(picture->frame.x_to, (double)picture->run.warmup_ms / MS_PER_DAY));
    put_head(picture, &sheet);
    put_dates(picture, &sheet);
    put_ends(picture, &sheet);
    sheet_scale_left(&sheet, &picture->teu);
    sheet_text(&sheet, "TEU", 24, (picture->frame.top + picture->frame.bottom) / 2, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
    return sheet_end(&sheet, waiting_script, failure);
}

bool waiting_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                         struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct waiting_picture picture = {.job = job};
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
