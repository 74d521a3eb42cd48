/* Every metric, from the trains and calls that it counts. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

static const double MS_PER_DAY = 86400000;

enum figure {
    COST,
    ENERGY,
    FORCED_MOVES,
    MARGIN,
    MAX_DELAY,
    MEAN_DELAY,
    MEAN_RUN,
    MEAN_TRANSIT,
    P50_DELAY,
    P95_DELAY,
    PUNCTUAL,
    REVENUE,
    REVENUE_PER_TEU,
    ON_TIME,
    TEU_CAPACITY,
    TEU_OFFERED,
    TEU,
    TEU_REFUSED,
    TRAIN_KM,
    ARRIVED,
    ENTERED,
    ON_LINE,
    PER_DAY,
    PER_DAY_BACKWARD,
    PER_DAY_FORWARD,
    PLANNED,
    WAIT_HAZARD,
    WAIT_KNOCK_ON,
    WAIT_POSSESSION,
    WAIT_PRIMARY,
    WAIT_SCHEDULED,
    FIGURES
};

static const struct {
    const char *metric, *unit;
    const char *cause; /* of a wait */
} figures[FIGURES] = {
    [COST] = {"cost_usd", "USD", NULL},
    [ENERGY] = {"energy_kwh", "kWh", NULL},
    [FORCED_MOVES] = {"forced_moves", "moves", NULL},
    [MARGIN] = {"margin_usd", "USD", NULL},
    [MAX_DELAY] = {"max_delay_s", "s", NULL},
    [MEAN_DELAY] = {"mean_delay_s", "s", NULL},
    [MEAN_RUN] = {"mean_run_s", "s", NULL},
    [MEAN_TRANSIT] = {"mean_transit_h", "h", NULL},
    [P50_DELAY] = {"p50_delay_s", "s", NULL},
    [P95_DELAY] = {"p95_delay_s", "s", NULL},
    [PUNCTUAL] = {"punctual_percent", "%", NULL},
    [REVENUE] = {"revenue_usd", "USD", NULL},
    [REVENUE_PER_TEU] = {"revenue_usd_per_teu", "USD/TEU", NULL},
    [ON_TIME] = {"share_on_time_percent", "%", NULL},
    [TEU_CAPACITY] = {"teu_capacity_per_day", "TEU/day", NULL},
    [TEU_OFFERED] = {"teu_offered_per_day", "TEU/day", NULL},
    [TEU] = {"teu_per_day", "TEU/day", NULL},
    [TEU_REFUSED] = {"teu_refused_per_day", "TEU/day", NULL},
    [TRAIN_KM] = {"train_km", "km", NULL},
    [ARRIVED] = {"trains_arrived", "trains", NULL},
    [ENTERED] = {"trains_entered", "trains", NULL},
    [ON_LINE] = {"trains_on_line", "trains", NULL},
    [PER_DAY] = {"trains_per_day", "trains/day", NULL},
    [PER_DAY_BACKWARD] = {"trains_per_day_backward", "trains/day", NULL},
    [PER_DAY_FORWARD] = {"trains_per_day_forward", "trains/day", NULL},
    [PLANNED] = {"trains_planned", "trains", NULL},
    [WAIT_HAZARD] = {"wait_hazard_s", "s", "hazard"},
    [WAIT_KNOCK_ON] = {"wait_knock_on_s", "s", "knock_on"},
    [WAIT_POSSESSION] = {"wait_possession_s", "s", "possession"},
    [WAIT_PRIMARY] = {"wait_primary_s", "s", "primary"},
    [WAIT_SCHEDULED] = {"wait_scheduled_s", "s", "scheduled"},
};

/* What the rows come to. */
struct reckoning {
    const struct books *books;
    double *plan_km;     /* [plan]; NAN: not known from what is kept */
    int64_t *delays_ms;  /* of the trains planned in the window */
    int64_t delay_count; /* likewise */
    int64_t judged, punctual, arrived[2], run_ms, wait_ms[FIGURES];
    double value[FIGURES];
    bool known[FIGURES];
};

/* ---- how far a plan goes ---- */

/* The sections between the calls of one of its trains: all trains of a plan go one way. */
static double km_by_calls(const struct books *books, const struct audit_train_row *train) {
    double metres = 0;
    enum audit_direction direction;
    for (int32_t k = 0; k + 1 < train->call_count; k++) {
        const int32_t section = books_section_after(books, train->first_call + k, &direction);
        metres += section < 0 ? NAN : books->world->sections[section].length_m;
    }
    return train->call_count < 2 ? NAN : metres / 1000;
}

/* Depth first from one station to another, over sections not gone over yet; NAN if it is not reached. */
static double metres_to(const struct audit_world *world, bool *used, int32_t station, int32_t goal) {
    if (station == goal) return 0;
    for (int32_t i = 0; i < world->section_count; i++) {
        const struct audit_section *section = &world->sections[i];
        if (used[i] || (section->from != station && section->to != station)) continue;
        used[i] = true;
        const double rest = metres_to(world, used, section->from == station ? section->to : section->from, goal);
        if (!isnan(rest)) return rest + section->length_m;
    }
    return NAN;
}

static int32_t root_of(const int32_t *above, int32_t station) {
    while (above[station] != station) station = above[station];
    return station;
}

/* Whether there is never more than one way from one station to another. *good: there was memory. */
static bool is_forest(const struct audit_world *world, bool *good) {
    int32_t *above = malloc(((size_t)world->station_count + 1) * sizeof *above);
    bool forest = *good = above != NULL;
    for (int32_t i = 0; forest && i < world->station_count; i++) above[i] = i;
    for (int32_t i = 0; forest && i < world->section_count; i++) {
        const int32_t a = root_of(above, world->sections[i].from), b = root_of(above, world->sections[i].to);
        forest = a != b;
        above[a] = b;
    }
    free(above);
    return forest;
}

/* Where calls are not kept: the way there is, if there is but one. */
static bool km_by_network(const struct books *books, double *plan_km) {
    const struct audit_world *world = books->world;
    bool good;
    if (!is_forest(world, &good)) return good;
    bool *used = malloc((size_t)world->section_count + 1);
    for (int32_t i = 0; used != NULL && i < world->plan_count; i++) {
        const struct audit_plan *plan = &world->plans[i];
        if (plan->call_count < 2) continue;
        memset(used, 0, (size_t)world->section_count + 1);
        const struct audit_call *calls = &world->calls[plan->first_call];
        plan_km[i] = metres_to(world, used, calls[0].station, calls[plan->call_count - 1].station) / 1000;
    }
    free(used);
    return used != NULL;
}

static bool find_plan_km(const struct books *books, double *plan_km) {
    for (int32_t i = 0; i < books->world->plan_count; i++) plan_km[i] = NAN;
    if (!books->rows->detail.calls) return km_by_network(books, plan_km);
    for (int32_t i = 0; i < books->rows->train_count; i++) {
        const struct audit_train_row *train = &books->rows->trains[i];
        if (train->name.plan >= 0 && isnan(plan_km[train->name.plan]))
            plan_km[train->name.plan] = km_by_calls(books, train);
    }
    return true;
}

/* ---- counting trains ---- */

static void count_waits(struct reckoning *reckoning, const struct audit_train_row *train) {
    for (int32_t k = 0; k < train->call_count; k++) {
        const struct audit_call_row *call = &reckoning->books->rows->calls[train->first_call + k];
        for (int figure = 0; figure < FIGURES && call->cause != NULL; figure++)
            if (figures[figure].cause != NULL && strcmp(figures[figure].cause, call->cause) == 0)
                reckoning->wait_ms[figure] += call->wait_ms;
    }
}

/* A train under way that is not late yet may become so: it is neither punctual nor not. */
static void count_planned(struct reckoning *reckoning, const struct audit_train_row *train) {
    reckoning->value[PLANNED]++;
    count_waits(reckoning, train);
    if (strcmp(train->status, "cancelled") == 0 || train->delay_ms == AUDIT_NULL_MS) return;
    const bool late = (double)train->delay_ms > reckoning->books->world->delay_limit_ms;
    if (late || train->arrival_ms != AUDIT_NULL_MS) reckoning->judged++;
    if (!late && train->arrival_ms != AUDIT_NULL_MS) reckoning->punctual++;
    reckoning->delays_ms[reckoning->delay_count++] = train->delay_ms;
}

static void count_arrived(struct reckoning *reckoning, const struct audit_train_row *train) {
    double *value = reckoning->value;
    const int64_t run_ms = train->departure_ms == AUDIT_NULL_MS ? 0 : train->arrival_ms - train->departure_ms;
    if (train->direction >= 0) reckoning->arrived[train->direction]++;
    value[ARRIVED]++;
    reckoning->run_ms += run_ms;
    value[ENERGY] += train->energy_kwh;
    const double km = train->name.plan < 0 ? NAN : reckoning->plan_km[train->name.plan];
    value[TRAIN_KM] += km;
    if (train->type < 0) return;
    const struct audit_type *type = &reckoning->books->world->types[train->type];
    value[COST] += km * type->cost_per_train_km_usd + (double)run_ms / 3.6e6 * type->cost_per_hour_usd;
    value[TEU_CAPACITY] += type->capacity_teu;
}

static void count_train(struct reckoning *reckoning, const struct audit_train_row *train) {
    const struct books *books = reckoning->books;
    if (books_counts(books, train->planned_departure_ms)) count_planned(reckoning, train);
    if (books_counts(books, train->departure_ms)) reckoning->value[ENTERED]++;
    if (books_counts(books, train->arrival_ms)) count_arrived(reckoning, train);
    if (train->departure_ms != AUDIT_NULL_MS && train->departure_ms < books->count_to_ms &&
        (train->arrival_ms == AUDIT_NULL_MS || train->arrival_ms >= books->count_to_ms))
        reckoning->value[ON_LINE]++;
}

/* ---- figures ---- */

static double over(double sum, int64_t count) {
    return count > 0 ? sum / (double)count : NAN;
}

static int by_value(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* Between the two nearest of the sorted delays, in seconds. */
static double quantile_s(const struct reckoning *reckoning, double fraction) {
    if (reckoning->delay_count == 0) return NAN;
    const double place = fraction * (double)(reckoning->delay_count - 1);
    const int64_t below = (int64_t)floor(place);
    const int64_t above = below + 1 < reckoning->delay_count ? below + 1 : below;
    const double low = (double)reckoning->delays_ms[below], high = (double)reckoning->delays_ms[above];
    return (low + (place - (double)below) * (high - low)) / 1000;
}

static void reckon_delays(struct reckoning *reckoning) {
    const int64_t count = reckoning->delay_count;
    double sum_ms = 0;
    if (count > 1) qsort(reckoning->delays_ms, (size_t)count, sizeof *reckoning->delays_ms, by_value);
    for (int64_t i = 0; i < count; i++) sum_ms += (double)reckoning->delays_ms[i];
    reckoning->value[MEAN_DELAY] = over(sum_ms / 1000, count);
    reckoning->value[MAX_DELAY] = count > 0 ? (double)reckoning->delays_ms[count - 1] / 1000 : NAN;
    reckoning->value[P50_DELAY] = quantile_s(reckoning, 0.5);
    reckoning->value[P95_DELAY] = quantile_s(reckoning, 0.95);
    reckoning->value[PUNCTUAL] = over(100 * (double)reckoning->punctual, reckoning->judged);
}

/* Rates over a window without length are 0: nothing arrives in it. */
static void reckon_rates(struct reckoning *reckoning) {
    const double days = (double)(reckoning->books->to_ms - reckoning->books->from_ms) / MS_PER_DAY;
    double *value = reckoning->value;
    value[PER_DAY] = days > 0 ? value[ARRIVED] / days : 0;
    value[PER_DAY_FORWARD] = days > 0 ? (double)reckoning->arrived[AUDIT_FORWARD] / days : 0;
    value[PER_DAY_BACKWARD] = days > 0 ? (double)reckoning->arrived[AUDIT_BACKWARD] / days : 0;
    value[TEU_CAPACITY] = days > 0 ? value[TEU_CAPACITY] / days : 0;
}

static void reckon(struct reckoning *reckoning) {
    const struct audit_rows *rows = reckoning->books->rows;
    for (int32_t i = 0; i < rows->train_count; i++) count_train(reckoning, &rows->trains[i]);
    reckon_delays(reckoning);
    reckon_rates(reckoning);
    reckoning->value[MEAN_RUN] = over((double)reckoning->run_ms / 1000, (int64_t)reckoning->value[ARRIVED]);
    reckoning->value[FORCED_MOVES] = (double)rows->forced_moves;
    for (int figure = 0; figure < FIGURES; figure++) {
        reckoning->known[figure] = true;
        if (figures[figure].cause == NULL) continue;
        reckoning->value[figure] = (double)reckoning->wait_ms[figure] / 1000;
        reckoning->known[figure] = rows->detail.calls;
    }
    reckoning->known[TRAIN_KM] = !isnan(reckoning->value[TRAIN_KM]);
    reckoning->known[COST] = !isnan(reckoning->value[COST]);
}

/* ---- containers and money ---- */

/* Sums over rows of flows and of the ledger. */
struct freight_sums {
    int64_t flows, offered_teu, refused_teu, delivered, judged, late; /* delivered, judged, late: containers */
    double transit_h;                                                 /* of all delivered */
    int64_t postings;                                                 /* of the whole run */
    int64_t revenue_cents, container_cents, margin_cents;             /* within the window */
    int64_t delivered_teu;                                            /* likewise */
};

static bool sum_flows(const struct books *books, struct freight_sums *sums) {
    sqlite3_stmt *statement = books_query(books, "SELECT flow, teu_offered, teu_refused, containers_delivered, "
                                                 "containers_late, mean_transit_h FROM flow_use WHERE run_id = ?1");
    if (statement == NULL) return false;
    int code;
    for (; (code = sqlite3_step(statement)) == SQLITE_ROW; sums->flows++) {
        const char *id = (const char *)sqlite3_column_text(statement, 0);
        const int32_t flow = id != NULL ? audit_world_flow(books->world, id) : -1;
        const int64_t delivered = books_figure(statement, 3);
        sums->offered_teu += books_figure(statement, 1);
        sums->refused_teu += books_figure(statement, 2);
        sums->delivered += delivered;
        if (delivered > 0) sums->transit_h += (double)delivered * books_real(statement, 5);
        if (flow < 0 || books->world->flows[flow].due_ms < 0) continue;
        sums->judged += delivered;
        sums->late += books_figure(statement, 4);
    }
    return books_done(books, statement, code);
}

/* Nothing is posted after the window; where it begins within a day, the day's postings cannot be told apart. */
static bool sum_ledger(const struct books *books, struct freight_sums *sums) {
    static const char sql[] =
        "SELECT (SELECT count(*) FROM ledger WHERE run_id = ?1), total(amount_cents) FILTER (WHERE account IN "
        "('tariff', 'late_penalty', 'train_revenue')), "
        "total(amount_cents) FILTER (WHERE account IN ('tariff', 'late_penalty')), total(amount_cents), "
        "(SELECT total(teu_delivered) FROM flow_days WHERE run_id = ?1 AND (day - 1) * 86400000 >= ?2) "
        "FROM ledger WHERE run_id = ?1 AND (day - 1) * 86400000 >= ?2";
    sqlite3_stmt *statement = books_query(books, sql);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 2, books->from_ms);
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        sums->postings = sqlite3_column_int64(statement, 0);
        sums->revenue_cents = sqlite3_column_int64(statement, 1);
        sums->container_cents = sqlite3_column_int64(statement, 2);
        sums->margin_cents = sqlite3_column_int64(statement, 3);
        sums->delivered_teu = sqlite3_column_int64(statement, 4);
    }
    return books_done(books, statement, code == SQLITE_ROW ? SQLITE_DONE : code);
}

static bool reckon_freight(struct reckoning *reckoning) {
    const struct books *books = reckoning->books;
    struct freight_sums sums = {0};
    if (!sum_flows(books, &sums) || !sum_ledger(books, &sums)) return false;
    const double days = (double)(books->to_ms - books->from_ms) / MS_PER_DAY;
    double *value = reckoning->value;
    const bool whole = books->from_ms % (int64_t)MS_PER_DAY == 0;
    value[TEU] = days > 0 ? (double)sums.delivered_teu / days : 0;
    value[TEU_OFFERED] = days > 0 ? (double)sums.offered_teu / days : 0;
    value[TEU_REFUSED] = days > 0 ? (double)sums.refused_teu / days : 0;
    value[MEAN_TRANSIT] = over(sums.transit_h, sums.delivered);
    value[ON_TIME] = over(100 * (double)(sums.judged - sums.late), sums.judged);
    value[REVENUE_PER_TEU] = over((double)sums.container_cents / 100, sums.delivered_teu);
    reckoning->known[TEU] = reckoning->known[REVENUE_PER_TEU] = whole || sums.flows == 0;
    if (sums.postings > 0) { /* else the ledger was not yet kept, or nothing cost anything */
        value[REVENUE] = (double)sums.revenue_cents / 100;
        value[COST] = (double)(sums.revenue_cents - sums.margin_cents) / 100;
        reckoning->known[REVENUE] = reckoning->known[COST] = whole;
    }
    value[MARGIN] = value[REVENUE] - value[COST];
    reckoning->known[MARGIN] = reckoning->known[REVENUE] && reckoning->known[COST];
    return true;
}

/* ---- against what is written ---- */

static void compare(const struct reckoning *reckoning, int figure, double written, const char *unit) {
    struct audit_report *report = reckoning->books->report;
    const double expected = reckoning->value[figure];
    audit_tested(report, AUDIT_METRICS, 1);
    if (unit == NULL || strcmp(unit, figures[figure].unit) != 0)
        audit_violation(report, AUDIT_METRICS, NULL, NULL, AUDIT_NO_TIME, "%s is in %s and should be in %s",
                        figures[figure].metric, unit == NULL ? "no unit" : unit, figures[figure].unit);
    if (books_alike(written, expected)) return;
    if (isnan(written))
        audit_violation(report, AUDIT_METRICS, NULL, NULL, AUDIT_NO_TIME, "%s is NULL and should be %.10g",
                        figures[figure].metric, expected);
    else if (isnan(expected))
        audit_violation(report, AUDIT_METRICS, NULL, NULL, AUDIT_NO_TIME,
                        "%s is %.10g though there is nothing to measure", figures[figure].metric, written);
    else
        audit_violation(report, AUDIT_METRICS, NULL, NULL, AUDIT_NO_TIME, "%s is %.10g and should be %.10g",
                        figures[figure].metric, written, expected);
}

/* A figure that runs of before containers do not have; they have none of them. */
static bool is_later(int figure) {
    return figure == MARGIN || figure == MEAN_TRANSIT || figure == REVENUE_PER_TEU || figure == ON_TIME ||
           figure == TEU_OFFERED || figure == TEU_REFUSED;
}

static bool compare_all(const struct reckoning *reckoning) {
    const struct books *books = reckoning->books;
    bool found[FIGURES] = {false};
    sqlite3_stmt *statement = books_query(books, "SELECT metric, value, unit FROM metrics WHERE run_id = ?1");
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *metric = (const char *)sqlite3_column_text(statement, 0);
        for (int figure = 0; metric != NULL && figure < FIGURES; figure++) {
            if (strcmp(metric, figures[figure].metric) != 0) continue;
            found[figure] = true;
            if (reckoning->known[figure])
                compare(reckoning, figure, books_real(statement, 1), (const char *)sqlite3_column_text(statement, 2));
        }
    }
    for (int figure = 0; figure < FIGURES; figure++)
        if (!found[figure] && !(is_later(figure) && !found[MARGIN]))
            audit_violation(books->report, AUDIT_METRICS, NULL, NULL, AUDIT_NO_TIME, "%s is missing",
                            figures[figure].metric);
    return books_done(books, statement, code);
}

bool books_check_metrics(const struct books *books) {
    const struct audit_rows *rows = books->rows;
    if (!rows->detail.trains) {
        audit_skip(books->report, AUDIT_METRICS, "needs detail trains or more");
        return true;
    }
    struct reckoning reckoning = {.books = books,
                                  .plan_km = malloc(((size_t)books->world->plan_count + 1) * sizeof(double)),
                                  .delays_ms = malloc(((size_t)rows->train_count + 1) * sizeof(int64_t))};
    bool good = reckoning.plan_km != NULL && reckoning.delays_ms != NULL && find_plan_km(books, reckoning.plan_km);
    if (good) {
        reckon(&reckoning);
        good = reckon_freight(&reckoning) && compare_all(&reckoning);
    } else
        books_no_memory(books);
    free(reckoning.plan_km);
    free(reckoning.delays_ms);
    return good;
}
