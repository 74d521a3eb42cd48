/* What a run earned and spent, day by day, month by month or year by year: from its ledger. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/chart.h"
#include "chart/graph_run.h"
#include "chart/money_unit.h"
#include "chart/scripts.h"
#include "chart/sheet.h"
#include "chart/text_width.h"

/* What accounts are drawn as, from the bottom of the stack up: earned first, then spent. */
enum part {
    PART_TARIFF,
    PART_TRAIN_REVENUE,
    PART_TRAINS,
    PART_ENERGY,
    PART_TERMINALS,
    PART_FIXED,
    PART_PENALTIES,
    PART_COUNT,
    FIRST_COST = PART_TRAINS
};

static const struct {
    const char *name, *legend, *words;
} parts[PART_COUNT] = {
    [PART_TARIFF] = {"tariff", "TARIFF", "tariffs"},
    [PART_TRAIN_REVENUE] = {"train_revenue", "TRAIN_REVENUE", "other trains"},
    [PART_TRAINS] = {"trains", "TRAINS", "running trains"},
    [PART_ENERGY] = {"energy", "ENERGY", "energy"},
    [PART_TERMINALS] = {"terminals", "TERMINALS", "terminals"},
    [PART_FIXED] = {"fixed", "FIXED", "fixed"},
    [PART_PENALTIES] = {"penalties", "PENALTIES", "penalties"},
};

/* Track access is left out: what one account pays, the other receives. */
static const struct {
    const char *account;
    enum part part;
} accounts[] = {{"tariff", PART_TARIFF},         {"train_revenue", PART_TRAIN_REVENUE},
                {"train_hours", PART_TRAINS},    {"train_km", PART_TRAINS},
                {"energy", PART_ENERGY},         {"lifts", PART_TERMINALS},
                {"yard", PART_TERMINALS},        {"fixed", PART_FIXED},
                {"late_penalty", PART_PENALTIES}};

enum { TEXT_SIZE = 512, MOST_DAYS = 92, MOST_MONTHS_DAYS = 3700, LABEL_SIZE = 16 };
static const double label_px = 13;

struct period {
    char label[LABEL_SIZE]; /* 2030-01-31, 2030-01, 2030 */
    double usd[PART_COUNT]; /* ≥ 0 */
    int32_t days;
};

struct revenue_picture {
    struct gnuplot *job;
    struct graph_run run;
    const char *length; /* "day", "month", "year" */
    struct period *periods;
    int32_t count, room;
    struct money_unit unit;
    struct sheet_frame frame;
    struct sheet_scale money;
    bool used[PART_COUNT];
};

static void picture_free(struct revenue_picture *picture) {
    graph_run_free(&picture->run);
    free(picture->periods);
}

/* ---- reading ---- */

/* Days of the measured window, whole ones. */
#define MEASURED "(day - 1) * 86400000 >= r.warmup_ms AND (day - 1) * 86400000 < r.warmup_ms + r.horizon_ms"

static const char days_sql[] =
    "SELECT count(DISTINCT l.day) FROM ledger l JOIN runs r USING (run_id) WHERE run_id = ?1 AND " MEASURED;
/* ?2: how many letters of a date tell the period. */
static const char money_sql[] =
    "SELECT substr(l.date, 1, ?2) AS period, l.account, sum(l.amount_usd), count(DISTINCT l.day) FROM v_ledger l "
    "JOIN runs r USING (run_id) WHERE run_id = ?1 AND " MEASURED " GROUP BY 1, 2 ORDER BY 1, 2";

static bool count_days(struct revenue_picture *picture, struct database *database, int64_t *days,
                       struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, days_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    const bool well = sqlite3_step(statement) == SQLITE_ROW;
    if (well) *days = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return well || database_explain(database, failure);
}

static struct period *period_of(struct revenue_picture *picture, const char *label) {
    if (picture->count > 0 && strcmp(picture->periods[picture->count - 1].label, label) == 0)
        return &picture->periods[picture->count - 1];
    struct period *periods = array_room(picture->periods, picture->count, &picture->room, sizeof *periods);
    if (periods == NULL) return NULL;
    picture->periods = periods;
    struct period *period = &periods[picture->count++];
    *period = (struct period){0};
    snprintf(period->label, sizeof period->label, "%s", label);
    return period;
}

static void add(struct revenue_picture *picture, struct period *period, const char *account, double usd) {
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        const enum part part = accounts[i].part;
        if (strcmp(accounts[i].account, account) != 0 || usd == 0) continue;
        period->usd[part] += part < FIRST_COST ? usd : -usd;
        picture->used[part] = true;
    }
}

static bool read_money(struct revenue_picture *picture, struct database *database, int letters,
                       struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, money_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, picture->run.run_id);
    sqlite3_bind_int(statement, 2, letters);
    bool room = true;
    int code = SQLITE_DONE;
    while (room && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct period *period = period_of(picture, (const char *)sqlite3_column_text(statement, 0));
        room = period != NULL;
        if (!room) break;
        add(picture, period, (const char *)sqlite3_column_text(statement, 1), sqlite3_column_double(statement, 2));
        const int32_t days = sqlite3_column_int(statement, 3);
        if (days > period->days) period->days = days;
    }
    sqlite3_finalize(statement);
    if (!room) return failure_set(failure, "out of memory");
    return code == SQLITE_DONE || database_explain(database, failure);
}

static bool read(struct revenue_picture *picture, struct database *database, int64_t run_id, struct failure *failure) {
    static const struct {
        const char *length;
        int letters;
    } lengths[] = {{"day", 10}, {"month", 7}, {"year", 4}};
    int64_t days = 0;
    if (!graph_run_read_any(database, run_id, &picture->run, failure) || !count_days(picture, database, &days, failure))
        return false;
    if (days == 0)
        return failure_set(failure, "run %" PRId64 " has neither earned nor spent anything", picture->run.run_id);
    const int which = days <= MOST_DAYS ? 0 : days <= MOST_MONTHS_DAYS ? 1 : 2;
    picture->length = lengths[which].length;
    return read_money(picture, database, lengths[which].letters, failure);
}

/* ---- layout ---- */

static double sum_of(const struct period *period, int from, int to) {
    double sum = 0;
    for (int part = from; part < to; part++) sum += period->usd[part];
    return sum;
}

static double earned(const struct period *period) {
    return sum_of(period, 0, FIRST_COST);
}

static double spent(const struct period *period) {
    return sum_of(period, FIRST_COST, PART_COUNT);
}

static double amount(const struct revenue_picture *picture, double usd) {
    return usd / picture->unit.usd;
}

static void lay_out(struct revenue_picture *picture) {
    double high = 0, low = 0;
    for (int32_t i = 0; i < picture->count; i++) {
        const struct period *period = &picture->periods[i];
        high = fmax(high, fmax(earned(period), spent(period)));
        low = fmin(low, earned(period) - spent(period));
    }
    picture->unit = money_unit_for(fmax(high, -low));
    high = amount(picture, high);
    low = amount(picture, low);
    const double margin = high > low ? 0.05 * (high - low) : 1;
    picture->frame = (struct sheet_frame){.width = 1500,
                                          .height = 820,
                                          .left = 96,
                                          .right = 1440,
                                          .top = 118,
                                          .bottom = 748,
                                          .x_to = picture->count,
                                          .y_top = high + margin,
                                          .y_bottom = low < 0 ? low - margin : 0};
    picture->money = sheet_scale_between(picture->frame.y_bottom, picture->frame.y_top,
                                         picture->frame.bottom - picture->frame.top, 50);
}

/* ---- data files: stacks of boxes, x y from_x to_x from_y to_y; earned on the left of a period's slot ---- */

static bool write_part(const struct revenue_picture *picture, int part, struct failure *failure) {
    char name[48];
    snprintf(name, sizeof name, "%s.dat", parts[part].name);
    FILE *file = sheet_data(picture->job, name, failure);
    if (file == NULL) return false;
    const bool cost = part >= FIRST_COST;
    const double from_x = cost ? 0.51 : 0.12, to_x = cost ? 0.88 : 0.49;
    for (int32_t i = 0; i < picture->count; i++) {
        const struct period *period = &picture->periods[i];
        const double bottom = amount(picture, sum_of(period, cost ? FIRST_COST : 0, part)),
                     top = bottom + amount(picture, period->usd[part]);
        if (top > bottom)
            fprintf(file, "%.6f %.6f %.6f %.6f %.6f %.6f\n", i + (from_x + to_x) / 2, (bottom + top) / 2, i + from_x,
                    i + to_x, bottom, top);
    }
    return gnuplot_close(picture->job, file, failure);
}

static bool write_data(const struct revenue_picture *picture, struct failure *failure) {
    for (int part = 0; part < PART_COUNT; part++)
        if (!write_part(picture, part, failure)) return false;
    FILE *file = sheet_data(picture->job, "left.dat", failure);
    if (file == NULL) return false;
    for (int32_t i = 0; i < picture->count; i++)
        fprintf(file, "%.6f %.6f\n", i + 0.5,
                amount(picture, earned(&picture->periods[i]) - spent(&picture->periods[i])));
    return gnuplot_close(picture->job, file, failure);
}

/* ---- texts ---- */

static void put_periods(const struct revenue_picture *picture, const struct sheet *sheet) {
    const double slot = (picture->frame.right - picture->frame.left) / picture->count;
    const double wanted = text_width(picture->periods[0].label, label_px) + 18;
    const int32_t step = (int32_t)fmax(1, ceil(wanted / slot));
    const bool parts_of = picture->count > 1 && strcmp(picture->length, "day") != 0;
    for (int32_t end = 0; parts_of && end < 2; end++) { /* the window may begin and end within one */
        const int32_t i = end == 0 ? 0 : picture->count - 1;
        char days[32];
        snprintf(days, sizeof days, "%" PRId32 " day%s", picture->periods[i].days,
                 picture->periods[i].days == 1 ? "" : "s");
        sheet_text(sheet, days, sheet_x(&picture->frame, i + 0.5), picture->frame.bottom + 35, ALIGN_CENTRE,
                   &(struct sheet_font){.size = label_px, .ink = "SOFT"});
    }
    for (int32_t i = 0; i < picture->count; i += step)
        sheet_text(sheet, picture->periods[i].label, sheet_x(&picture->frame, i + 0.5), picture->frame.bottom + 17,
                   ALIGN_CENTRE, &(struct sheet_font){.size = label_px, .ink = "INK"});
}

static void put_head(const struct revenue_picture *picture, const struct sheet *sheet) {
    double all_earned = 0, all_spent = 0;
    char title[64], subtitle[TEXT_SIZE], money[2][64];
    for (int32_t i = 0; i < picture->count; i++) {
        all_earned += earned(&picture->periods[i]);
        all_spent += spent(&picture->periods[i]);
    }
    const struct money_unit unit = money_unit_for(fmax(all_earned, all_spent));
    money_format(&unit, all_earned, money[0], sizeof money[0]);
    money_format(&unit, all_spent, money[1], sizeof money[1]);
    snprintf(title, sizeof title, "Earned and spent by %s", picture->length);
    snprintf(subtitle, sizeof subtitle, "%s · run %" PRId64 "%s%s · %s earned, %s spent", picture->run.scenario,
             picture->run.run_id, picture->run.variant != NULL ? " · " : "",
             picture->run.variant != NULL ? picture->run.variant : "", money[0], money[1]);
    struct sheet_legend legend[PART_COUNT + 1];
    for (int part = 0; part < PART_COUNT; part++)
        legend[part] = (struct sheet_legend){picture->used[part] ? parts[part].legend : NULL, parts[part].words};
    legend[PART_COUNT] = (struct sheet_legend){"LEFT_OVER", "left over"};
    sheet_head(sheet, title, subtitle, legend, PART_COUNT + 1);
}

static bool write_script(const struct revenue_picture *picture, enum picture_format format, struct failure *failure) {
    struct sheet sheet;
    if (!sheet_begin(&sheet, picture->job, format, &picture->frame, failure)) return false;
    put_head(picture, &sheet);
    put_periods(picture, &sheet);
    sheet_scale_left(&sheet, &picture->money);
    sheet_text(&sheet, picture->unit.words, 24, (picture->frame.top + picture->frame.bottom) / 2, ALIGN_CENTRE,
               &(struct sheet_font){.size = label_px, .ink = "INK", .angle = 90});
    return sheet_end(&sheet, revenue_script, failure);
}

bool revenue_chart_write(struct database *database, const struct chart_request *request, enum picture_format format,
                         struct gnuplot *job, struct chart_result *result, struct failure *failure) {
    struct revenue_picture picture = {.job = job};
    bool well = read(&picture, database, request->run_id, failure);
    if (well) {
        lay_out(&picture);
        well = write_data(&picture, failure) && write_script(&picture, format, failure);
    }
    *result = (struct chart_result){.run_id = picture.run.run_id, .item = "periods", .items = picture.count};
    picture_free(&picture);
    return well;
}
