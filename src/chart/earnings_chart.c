/* Revenue, cost and margin a day against trains a day: the points of a sweep, or the variants of another experiment. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/chart.h"
#include "chart/label_layout.h"
#include "chart/money_unit.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/study_tables.h"
#include "chart/text_width.h"
#include "scenario/text.h"
#include "study/settings_fingerprint.h"

enum { TEXT_SIZE = 512, MOST_GROUPS = 6, ANSWER_ROOM = 170 };
static const double label_px = 13, label_height = 16;

/* A mean over replications and half the width of its interval, 0 where there is none. */
struct figure {
    double mean, half;
};

enum money { MONEY_REVENUE, MONEY_COST, MONEY_MARGIN, MONEY_COUNT };
static const char *const money_names[MONEY_COUNT] = {"revenue", "cost", "margin"};

/* Points that differ in the schedule alone, in the order they were asked for: a line joins them. */
struct point {
    int32_t group;
    int64_t run_id;                           /* the first of its runs */
    struct figure trains, money[MONEY_COUNT]; /* a day; dollars */
};

struct group {
    char *name; /* variant and settings; "" for the scenario as it is */
};

struct earnings_picture {
    struct gnuplot *job;
    int64_t experiment_id;
    char *scenario;
    double confidence; /* 0: no intervals */
    int32_t replications;
    struct point *points;
    int32_t point_count, point_room;
    struct group *groups;
    int32_t group_count, group_room;
    int32_t left_out;   /* points of more groups than can be told apart */
    struct study study; /* the capacity of the same line, nothing where there is none */
    struct money_unit unit;
    struct sheet_frame frame;
    struct sheet_scale trains, money;
};

static void picture_free(struct earnings_picture *picture) {
    for (int32_t i = 0; i < picture->group_count; i++) free(picture->groups[i].name);
    free(picture->groups);
    free(picture->points);
    free(picture->scenario);
    study_free(&picture->study);
}

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* ---- which experiment ---- */

static const char latest_sql[] = "SELECT experiment_id FROM estimates WHERE metric = 'revenue_usd' AND mean <> 0 GROUP "
                                 "BY experiment_id HAVING count(*) > 1 ORDER BY experiment_id DESC LIMIT 1";

/* 0: there is none. */
static bool find_latest(struct database *database, int64_t *experiment_id, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, latest_sql, failure);
    if (statement == NULL) return false;
    const int step = sqlite3_step(statement);
    *experiment_id = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return step == SQLITE_ROW || step == SQLITE_DONE || database_explain(database, failure);
}

static bool nothing_there(struct database *database, int64_t experiment_id, const char *variant,
                          struct failure *failure) {
    const char *path = database_path(database);
    char word[TEXT_WORD_SIZE];
    if (experiment_id == 0)
        return failure_set(failure,
                           "%s has no experiment that earns at different numbers of trains a day; `bering sweep "
                           "SCENARIO --vary 'schedule.trains_per_day=*0.5,*1,*1.5,*2' --db %s` makes one",
                           path, text_for_shell(path, word, sizeof word));
    if (variant != NULL)
        return failure_set(failure,
                           "%s: experiment %" PRId64 " has no complete runs of variant '%s' that earn or spend", path,
                           experiment_id, variant);
    return failure_set(failure, "%s: experiment %" PRId64 " has no complete runs that earn or spend", path,
                       experiment_id);
}

/* ---- its points ---- */

#define FIGURE(metric)                                                                                                 \
    "max(mean) FILTER (WHERE metric = '" metric "'), max(half_width) FILTER (WHERE metric = '" metric "'), "

/* What a point varies beside the schedule names its group. Money is of the whole window, whose days are those of its
 * runs. */
static const char points_sql[] =
    "WITH found AS (SELECT point, variant, " FIGURE("trains_per_day") FIGURE("revenue_usd") FIGURE("cost_usd")
        FIGURE("margin_usd") "max(confidence) FILTER (WHERE half_width IS NOT NULL), max(replications) FROM estimates "
                             "WHERE experiment_id = ?1 AND (?2 IS NULL OR variant IS ?2) GROUP BY point, variant) "
                             "SELECT f.*, r.run_id, r.scenario, r.days, "
                             "(SELECT group_concat(iif(key = 'variant', value, key || ' ' || value), ', ') FROM "
                             " (SELECT key, value FROM points p WHERE p.experiment_id = ?1 AND p.point = f.point AND "
                             "  key NOT LIKE 'schedule.%' AND key NOT LIKE 'schedule[%' ORDER BY seq)) "
                             "FROM found f JOIN (SELECT point, variant, min(run_id) AS run_id, scenario, "
                             " avg(min(warmup_ms + horizon_ms, end_ms) - warmup_ms) / 86400000.0 AS days FROM runs "
                             " WHERE experiment_id = ?1 AND status = 'complete' GROUP BY point, variant) r "
                             "ON r.point IS f.point AND r.variant IS f.variant WHERE r.days > 0 ORDER BY r.run_id";
enum { COLUMN_POINT, COLUMN_VARIANT, COLUMN_TRAINS, COLUMN_MONEY = 4 };
enum { COLUMN_CONFIDENCE = COLUMN_MONEY + 2 * MONEY_COUNT, COLUMN_REPLICATIONS, COLUMN_RUN, COLUMN_SCENARIO };
enum { COLUMN_DAYS = COLUMN_SCENARIO + 1, COLUMN_SETTINGS };

static struct figure figure_of(sqlite3_stmt *row, int column, double days) {
    return (struct figure){sqlite3_column_double(row, column) / days, sqlite3_column_double(row, column + 1) / days};
}

/* −1: out of memory. */
static int32_t group_of(struct earnings_picture *picture, const char *name) {
    for (int32_t i = 0; i < picture->group_count; i++)
        if (strcmp(picture->groups[i].name, name) == 0) return i;
    struct group *groups = array_room(picture->groups, picture->group_count, &picture->group_room, sizeof *groups);
    if (groups == NULL) return -1;
    picture->groups = groups;
    groups[picture->group_count] = (struct group){.name = strdup(name)};
    if (groups[picture->group_count].name == NULL) return -1;
    return picture->group_count++;
}

/* Nothing varied: the variant is the name. */
static const char *group_name(sqlite3_stmt *row) {
    const char *settings = (const char *)sqlite3_column_text(row, COLUMN_SETTINGS);
    const char *variant = (const char *)sqlite3_column_text(row, COLUMN_VARIANT);
    if (settings != NULL) return settings;
    return variant != NULL ? variant : "";
}

static bool take_point(struct earnings_picture *picture, sqlite3_stmt *row) {
    struct point *points = array_room(picture->points, picture->point_count, &picture->point_room, sizeof *points);
    if (points == NULL) return false;
    picture->points = points;
    if (picture->scenario == NULL) picture->scenario = strdup((const char *)sqlite3_column_text(row, COLUMN_SCENARIO));
    struct point *point = &points[picture->point_count];
    const double days = sqlite3_column_double(row, COLUMN_DAYS);
    *point = (struct point){.group = group_of(picture, group_name(row)),
                            .run_id = sqlite3_column_int64(row, COLUMN_RUN),
                            .trains = figure_of(row, COLUMN_TRAINS, 1)};
    if (point->group < 0 || picture->scenario == NULL) return false;
    bool any = false;
    for (int money = 0; money < MONEY_COUNT; money++) {
        point->money[money] = figure_of(row, COLUMN_MONEY + 2 * money, days);
        any = any || point->money[money].mean != 0;
    }
    picture->confidence = fmax(picture->confidence, sqlite3_column_double(row, COLUMN_CONFIDENCE));
    const int32_t replications = sqlite3_column_int(row, COLUMN_REPLICATIONS);
    if (replications > picture->replications) picture->replications = replications;
    if (any) picture->point_count++;
    return true;
}

static void drop_groups(struct earnings_picture *picture) {
    int32_t kept = 0;
    for (int32_t i = 0; i < picture->point_count; i++)
        if (picture->points[i].group < MOST_GROUPS) picture->points[kept++] = picture->points[i];
    picture->left_out = picture->point_count - kept;
    picture->point_count = kept;
    while (picture->group_count > MOST_GROUPS) free(picture->groups[--picture->group_count].name);
}

static bool read_points(struct earnings_picture *picture, struct database *database, const char *variant,
                        struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, points_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->experiment_id);
    sqlite3_bind_text(statement, 2, variant, -1, SQLITE_STATIC);
    bool room = true;
    int code = SQLITE_DONE;
    while (room && (code = sqlite3_step(statement)) == SQLITE_ROW) room = take_point(picture, statement);
    sqlite3_finalize(statement);
    if (!room) return no_memory(failure);
    return code == SQLITE_DONE || database_explain(database, failure);
}

/* ---- the capacity of the same line ---- */

/* A factor for all services leaves the mix of trains as it is, and so what the line can carry. */
static bool changes_capacity(const char *key, const char *value) {
    return strcmp(key, "schedule.trains_per_day") != 0 || value[0] != '*';
}

static bool fingerprint_of(struct database *database, int64_t run_id, char text[SHA256_TEXT_SIZE],
                           struct failure *failure) {
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT key, value FROM settings WHERE run_id = ?1 ORDER BY seq", failure);
    if (statement == NULL) return false;
    struct settings_fingerprint fingerprint;
    int code;
    sqlite3_bind_int64(statement, 1, run_id);
    settings_fingerprint_begin(&fingerprint, FINGERPRINT_OF_CAPACITY);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        const char *value = (const char *)sqlite3_column_text(statement, 1);
        if (changes_capacity(key, value)) settings_fingerprint_add(&fingerprint, key, value);
    }
    settings_fingerprint_end(&fingerprint, text);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || database_explain(database, failure);
}

/* One capacity for all points, or none can be drawn. */
static bool same_line(const struct earnings_picture *picture, struct database *database, char text[SHA256_TEXT_SIZE],
                      bool *same, struct failure *failure) {
    *same = true;
    for (int32_t i = 0; i < picture->point_count && *same; i++) {
        char other[SHA256_TEXT_SIZE] = "";
        if (!fingerprint_of(database, picture->points[i].run_id, i == 0 ? text : other, failure)) return false;
        if (i > 0) *same = strcmp(text, other) == 0;
    }
    return true;
}

/* Variants that differ in money alone have the same settings here; the run's own comes first. */
static const char capacity_sql[] =
    "SELECT c.experiment_id, c.variant FROM capacity c JOIN runs r USING (input_sha256) WHERE r.run_id = ?1 AND "
    "c.settings_sha256 = ?2 ORDER BY c.experiment_id DESC, c.variant <> coalesce(r.variant, ''), c.rowid LIMIT 1";

static bool read_capacity(struct earnings_picture *picture, struct database *database, struct failure *failure) {
    char settings[SHA256_TEXT_SIZE];
    bool same;
    if (!same_line(picture, database, settings, &same, failure)) return false;
    if (!same) return true;
    sqlite3_stmt *statement = database_prepare(database, capacity_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->points[0].run_id);
    sqlite3_bind_text(statement, 2, settings, -1, SQLITE_STATIC);
    const int step = sqlite3_step(statement);
    bool well = step == SQLITE_ROW || step == SQLITE_DONE || database_explain(database, failure);
    if (step == SQLITE_ROW)
        well = study_read(database, sqlite3_column_int64(statement, 0), (const char *)sqlite3_column_text(statement, 1),
                          STUDY_ANSWERS, &picture->study, failure);
    sqlite3_finalize(statement);
    return well;
}

static bool read(struct earnings_picture *picture, struct database *database, const struct chart_request *request,
                 struct failure *failure) {
    picture->experiment_id = request->experiment_id;
    if (picture->experiment_id == 0 && !find_latest(database, &picture->experiment_id, failure)) return false;
    if (picture->experiment_id == 0) return nothing_there(database, 0, NULL, failure);
    if (!read_points(picture, database, request->variant, failure)) return false;
    if (picture->point_count == 0) return nothing_there(database, picture->experiment_id, request->variant, failure);
    drop_groups(picture);
    return read_capacity(picture, database, failure);
}

/* ---- layout ---- */

/* Answers that can be compared with what was simulated: formulas leave too much out, and may lie far away. */
static const struct study_answer *answer_of(const struct earnings_picture *picture, enum study_answer_kind kind) {
    if (picture->study.variant_count == 0 || kind == ANSWER_THEORETICAL) return NULL;
    const struct study_answer *answer = study_answer_of(&picture->study.variants[0], kind, 0);
    return answer != NULL && isfinite(answer->trains_per_day) ? answer : NULL;
}

static double half_of(const struct study_answer *answer) {
    return isnan(answer->half_width) ? 0 : answer->half_width;
}

static double amount(const struct earnings_picture *picture, double usd) {
    return usd / picture->unit.usd;
}

static void lay_out(struct earnings_picture *picture) {
    double low = 0, high = 0, farthest = 0;
    for (int32_t i = 0; i < picture->point_count; i++) {
        const struct point *point = &picture->points[i];
        farthest = fmax(farthest, point->trains.mean + point->trains.half);
        for (int money = 0; money < MONEY_COUNT; money++) {
            low = fmin(low, point->money[money].mean - point->money[money].half);
            high = fmax(high, point->money[money].mean + point->money[money].half);
        }
    }
    for (int kind = ANSWER_COMPRESSED; kind <= ANSWER_PRACTICAL; kind++) {
        const struct study_answer *answer = answer_of(picture, (enum study_answer_kind)kind);
        if (answer != NULL) farthest = fmax(farthest, answer->trains_per_day + half_of(answer));
    }
    picture->unit = money_unit_for(fmax(high, -low));
    low = amount(picture, low);
    high = amount(picture, high);
    const double margin = high > low ? 0.05 * (high - low) : 1;
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1472,
                                          .top = 118,
                                          .bottom = 748,
                                          .x_to = farthest > 0 ? 1.04 * farthest : 1,
                                          .y_top = high + margin,
                                          .y_bottom = low < 0 ? low - margin : 0};
    const struct sheet_frame *frame = &picture->frame;
    picture->trains = sheet_scale_make(frame->x_to, frame->right - frame->left, 70);
    picture->money = sheet_scale_between(frame->y_bottom, frame->y_top, frame->bottom - frame->top, 50);
}

/* ---- data files revenue_1.dat …: x y from_x to_x from_y to_y; and of the answers x, y, half, height ---- */

static bool write_group(const struct earnings_picture *picture, enum money money, int32_t group,
                        struct failure *failure) {
    char name[48];
    snprintf(name, sizeof name, "%s_%" PRId32 ".dat", money_names[money], group + 1);
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    for (int32_t i = 0; i < picture->point_count; i++) {
        const struct point *point = &picture->points[i];
        const struct figure *x = &point->trains, *y = &point->money[money];
        if (point->group == group)
            fprintf(file, "%.6f %.6f %.6f %.6f %.6f %.6f\n", x->mean, amount(picture, y->mean),
                    fmax(0, x->mean - x->half), x->mean + x->half, amount(picture, y->mean - y->half),
                    amount(picture, y->mean + y->half));
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_answer(const struct earnings_picture *picture, const char *name, enum study_answer_kind kind,
                         struct failure *failure) {
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    const struct study_answer *answer = answer_of(picture, kind);
    const double low = picture->frame.y_bottom, high = picture->frame.y_top;
    if (answer != NULL)
        fprintf(file, "%.6f %.6f %.6f %.6f %.6f %.6f\n", answer->trains_per_day, (low + high) / 2,
                answer->trains_per_day - half_of(answer), answer->trains_per_day + half_of(answer), low, high);
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct earnings_picture *picture, struct failure *failure) {
    for (int32_t group = 0; group < picture->group_count; group++)
        for (int money = 0; money < MONEY_COUNT; money++)
            if (!write_group(picture, (enum money)money, group, failure)) return false;
    return write_answer(picture, "compressed.dat", ANSWER_COMPRESSED, failure) &&
           write_answer(picture, "saturated.dat", ANSWER_SATURATED, failure) &&
           write_answer(picture, "practical.dat", ANSWER_PRACTICAL, failure);
}

/* ---- texts ---- */

static int by_place(const void *left, const void *right) {
    const struct study_answer *a = *(const struct study_answer *const *)left,
                              *b = *(const struct study_answer *const *)right;
    return (a->trains_per_day > b->trains_per_day) - (a->trains_per_day < b->trains_per_day);
}

/* Above the plot, beside each other: a column that lies. */
static void put_answers(const struct earnings_picture *picture, const struct sheet *sheet) {
    static const char *const names[] = {"", "compressed", "saturated", "practical"};
    static const char *const inks[] = {"", "INK", "SATURATED", "PRACTICAL"};
    const struct study_answer *answers[ANSWER_PRACTICAL];
    struct column_label labels[ANSWER_PRACTICAL];
    int32_t count = 0;
    for (int kind = ANSWER_COMPRESSED; kind <= ANSWER_PRACTICAL; kind++) {
        const struct study_answer *answer = answer_of(picture, (enum study_answer_kind)kind);
        if (answer != NULL) answers[count++] = answer;
    }
    if (count == 0) return;
    qsort(answers, (size_t)count, sizeof *answers, by_place);
    for (int32_t i = 0; i < count; i++)
        labels[i] = (struct column_label){.wanted = sheet_x(&picture->frame, answers[i]->trains_per_day), .rank = 1};
    column_layout(labels, count, ANSWER_ROOM, picture->frame.left, picture->frame.right);
    for (int32_t i = 0; i < count; i++) {
        char text[96], half[32] = "";
        if (half_of(answers[i]) > 0) snprintf(half, sizeof half, " ± %.1f", half_of(answers[i]));
        snprintf(text, sizeof text, "%s %.1f%s", names[answers[i]->kind], answers[i]->trains_per_day, half);
        sheet_text(sheet, text, labels[i].middle, picture->frame.top - 13, ALIGN_CENTRE,
                   &(struct sheet_font){.size = label_px, .ink = inks[answers[i]->kind]});
    }
}

static struct line_segment line_between(const struct earnings_picture *picture, double x1, double y1, double x2,
                                        double y2, double thick) {
    const struct sheet_frame *frame = &picture->frame;
    return (struct line_segment){sheet_x(frame, x1),
                                 sheet_y(frame, amount(picture, y1)),
                                 sheet_x(frame, x2),
                                 sheet_y(frame, amount(picture, y2)),
                                 0,
                                 thick};
}

/* What labels keep clear of: the lines of all groups, points and their intervals. NULL: out of memory. */
static struct line_segment *lines_of(const struct earnings_picture *picture, int32_t *count) {
    enum { LINES = 3 * MONEY_COUNT }; /* of a point */
    assert(picture->point_count > 0);
    struct line_segment *lines = calloc((size_t)picture->point_count * LINES, sizeof *lines);
    *count = 0;
    for (int32_t i = 0; i < picture->point_count && lines != NULL; i++) {
        const struct point *point = &picture->points[i];
        const struct figure *x = &point->trains;
        int32_t before = i - 1;
        while (before >= 0 && picture->points[before].group != point->group) before--;
        for (int money = 0; money < MONEY_COUNT; money++) {
            const struct figure *y = &point->money[money];
            lines[(*count)++] = line_between(picture, x->mean, y->mean - y->half, x->mean, y->mean + y->half, 14);
            lines[(*count)++] = line_between(picture, x->mean - x->half, y->mean, x->mean + x->half, y->mean, 10);
            if (before < 0) continue;
            const struct point *other = &picture->points[before];
            lines[(*count)++] =
                line_between(picture, other->trains.mean, other->money[money].mean, x->mean, y->mean, 4);
        }
    }
    return lines;
}

/* Each group's name, near its last margin; one that finds no room is left out. */
static bool put_groups(const struct earnings_picture *picture, const struct sheet *sheet, struct failure *failure) {
    const struct point_label_style style = {.left = picture->frame.left + 4,
                                            .right = picture->frame.right - 4,
                                            .top = picture->frame.top + 4,
                                            .bottom = picture->frame.bottom - 4,
                                            .gap = 10,
                                            .reach = 60,
                                            .margin = 3};
    int32_t line_count, taken_count = 0;
    struct box taken[MOST_GROUPS];
    struct line_segment *lines = lines_of(picture, &line_count);
    if (lines == NULL) return no_memory(failure);
    for (int32_t group = 0; group < picture->group_count && picture->group_count > 1; group++) {
        const struct point *last = NULL;
        char name[TEXT_SIZE];
        for (int32_t i = 0; i < picture->point_count; i++)
            if (picture->points[i].group == group) last = &picture->points[i];
        if (last == NULL) continue;
        const char *wanted = picture->groups[group].name;
        text_fit(wanted[0] != '\0' ? wanted : "as it is", label_px, 300, name, sizeof name);
        if (!point_label_place(sheet_x(&picture->frame, last->trains.mean),
                               sheet_y(&picture->frame, amount(picture, last->money[MONEY_MARGIN].mean)),
                               text_width(name, label_px), label_height, lines, line_count, taken, taken_count, &style,
                               &taken[taken_count]))
            continue;
        sheet_text_in_box(sheet, name, &taken[taken_count++], &(struct sheet_font){.size = label_px, .ink = "INK"});
    }
    free(lines);
    return true;
}

static void put_head(const struct earnings_picture *picture, const struct sheet *sheet) {
    char subtitle[TEXT_SIZE], capacity[64] = "", interval[64];
    if (picture->study.variant_count > 0)
        snprintf(capacity, sizeof capacity, " · capacity: experiment %" PRId64, picture->study.experiment_id);
    const char *name = picture->group_count == 1 ? picture->groups[0].name : "";
    snprintf(subtitle, sizeof subtitle, "experiment %" PRId64 " · %s%s%s · %" PRId32 " replication%s of each point%s",
             picture->experiment_id, picture->scenario, name[0] != '\0' ? " · " : "", name, picture->replications,
             picture->replications == 1 ? "" : "s", capacity);
    snprintf(interval, sizeof interval, "%.0f %% interval", 100 * picture->confidence);
    const struct sheet_legend legend[] = {{"REVENUE", "revenue"},
                                          {"COST", "cost"},
                                          {"MARGIN", "margin"},
                                          {picture->confidence > 0 ? "INTERVAL" : NULL, interval}};
    sheet_head(sheet, "Money a day against trains a day", subtitle, legend, sizeof legend / sizeof *legend);
}

static bool write_script(const struct earnings_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    char axis[64];
    const struct sheet_frame *frame = &picture->frame;
    const struct sheet_font font = {.size = label_px, .ink = "INK"};
    if (!sheet_begin(&sheet, picture->job, format, frame, failure)) return false;
    sheet_number(&sheet, "GROUPS", picture->group_count);
    put_head(picture, &sheet);
    put_answers(picture, &sheet);
    sheet_scale_below(&sheet, &picture->trains);
    sheet_scale_left(&sheet, &picture->money);
    const bool room = put_groups(picture, &sheet, failure);
    snprintf(axis, sizeof axis, "%s a day", picture->unit.words);
    sheet_text(&sheet, "trains a day that arrive, both directions", (frame->left + frame->right) / 2,
               frame->bottom + 44, ALIGN_CENTRE, &font);
    sheet_text(&sheet, axis, 24, (frame->top + frame->bottom) / 2, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
    return sheet_end(&sheet, earnings_script, failure) && room;
}

bool earnings_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                          struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct earnings_picture picture = {.job = job};
    bool well = read(&picture, database, request, failure);
    if (well) {
        lay_out(&picture);
        well = write_data(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){.experiment_id = picture.experiment_id,
                                    .item = "points",
                                    .items = picture.point_count,
                                    .left_out = picture.left_out};
    picture_free(&picture);
    return well;
}
