#include "cli/run_freight.h"

#include <math.h>
#include <stdlib.h>

enum { FLOWS_SHOWN = 12, COSTS_SHOWN = 3 }; /* further ones are summed up */

static const double BUSY_CRANES = 0.8; /* share of their shifts in the window from which cranes are said to bind */

static double window_days(const struct recorded_run *run) {
    return (double)(run->summary.window_to_ms - run->summary.window_from_ms) / (double)MILLISECONDS_PER_DAY;
}

static int32_t flow_count_of(const struct run_report *report, const struct recorded_run *run) {
    return run != NULL && run->summary.freight.flows != NULL ? report->scenario->traffic.flow_count : 0;
}

/* ---- flows ---- */

static double on_time_percent(const struct run_report *report, int32_t flow, const struct flow_use *use) {
    if (report->scenario->traffic.flows[flow].due_ms < 0 || use->containers_delivered == 0) return NAN;
    return 100.0 * (double)(use->containers_delivered - use->containers_late) / (double)use->containers_delivered;
}

static void figure(struct text_table *table, double value, const char *unit) {
    if (isnan(value))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.1f%s", value, unit);
}

static void flow_cells(struct text_table *table, const struct flow_use *use, double days, double on_time) {
    figure(table, (double)use->teu_offered / days, "");
    figure(table, (double)use->teu_delivered / days, "");
    figure(table, (double)use->teu_refused / days, "");
    text_table_cell(table, "%lld", (long long)use->teu_waiting);
    figure(table, use->mean_transit_h, " h");
    figure(table, use->p95_transit_h, " h");
    figure(table, on_time, " %");
}

/* Those from `first` on as one. */
static struct flow_use sum_of(const struct run_report *report, const struct flow_use *uses, int32_t first) {
    struct flow_use sum = {.mean_transit_h = NAN, .p95_transit_h = NAN};
    for (int32_t flow = first; flow < report->scenario->traffic.flow_count; flow++) {
        sum.teu_offered += uses[flow].teu_offered;
        sum.teu_delivered += uses[flow].teu_delivered;
        sum.teu_refused += uses[flow].teu_refused;
        sum.teu_waiting += uses[flow].teu_waiting;
    }
    return sum;
}

void run_freight_flows(const struct run_report *report, const struct recorded_run *run) {
    static const char *const headers[] = {"TEU a day", "offered", "delivered", "refused",
                                          "waiting",   "mean",    "95 %",      "on time"};
    const int32_t flow_count = flow_count_of(report, run);
    const int32_t shown = flow_count > FLOWS_SHOWN ? FLOWS_SHOWN - 1 : flow_count;
    const double days = window_days(run);
    if (flow_count == 0 || days <= 0) return;
    const struct flow_use *uses = run->summary.freight.flows;
    struct text_table *table = text_table_create("lrrrrrrr", headers);
    for (int32_t flow = 0; flow < shown; flow++) {
        text_table_cell(table, "%s", report->scenario->traffic.flows[flow].id);
        flow_cells(table, &uses[flow], days, on_time_percent(report, flow, &uses[flow]));
    }
    if (shown < flow_count) {
        const struct flow_use rest = sum_of(report, uses, shown);
        text_table_cell(table, "%d more", (int)(flow_count - shown));
        flow_cells(table, &rest, days, NAN);
    }
    printf("\n");
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
}

/* ---- terminals ---- */

static double crane_share(const struct run_report *report, const struct recorded_run *run,
                          const struct terminal_use *use) {
    const struct terminal *terminal = traffic_terminal(&report->scenario->traffic, use->station);
    const double days = window_days(run);
    if (terminal == NULL || terminal->cranes == 0 || days <= 0) return NAN;
    return (double)use->crane_busy_ms / (days * (double)MILLISECONDS_PER_DAY * terminal->cranes);
}

static void print_busy_cranes(const struct run_report *report, const struct recorded_run *run,
                              const struct terminal_use *use, const char *station) {
    const struct terminal *terminal = traffic_terminal(&report->scenario->traffic, use->station);
    const double share = crane_share(report, run, use);
    if (isnan(share)) return;
    const double at_work = fmin(1, share / terminal_shift_share(terminal)); /* the last lift may outlast its shift */
    if (at_work >= BUSY_CRANES)
        printf("  cranes             %s, busy %.0f %% of %s\n", station, 100 * at_work,
               terminal->shift_count > 0 ? "their shifts" : "the time");
}

void run_freight_terminals(const struct run_report *report, const struct recorded_run *run) {
    const struct freight_results *freight = &run->summary.freight;
    const double days = window_days(run);
    for (int32_t index = 0; index < freight->terminal_count && days > 0; index++) {
        const struct terminal_use *use = &freight->terminals[index];
        const char *station = report->scenario->network.stations[use->station].id;
        print_busy_cranes(report, run, use, station);
        if (use->teu_refused > 0)
            printf("  full yard          %s, %.1f TEU a day refused\n", station, (double)use->teu_refused / days);
        if (use->teu_left_behind > 0)
            printf("  yards ahead full   %s, %.1f TEU a day left behind by trains with room\n", station,
                   (double)use->teu_left_behind / days);
    }
}

/* ---- money ---- */

struct account_sum {
    enum account account;
    int64_t cents; /* positive where it is a cost */
};

static int by_size(const void *left, const void *right) {
    const struct account_sum *one = left, *other = right;
    if (one->cents != other->cents) return one->cents < other->cents ? 1 : -1;
    return (one->account > other->account) - (one->account < other->account);
}

/* Cost accounts, the largest first; track access is paid to oneself. How many there are. */
static int32_t find_costs(const struct ledger *ledger, struct account_sum costs[ACCOUNT_COUNT]) {
    int32_t count = 0;
    for (int account = 0; account < ACCOUNT_COUNT; account++) {
        const bool access = account == ACCOUNT_TRACK_ACCESS_PAID || account == ACCOUNT_TRACK_ACCESS_RECEIVED;
        if (account_is_revenue((enum account)account) || access || ledger->window[account] == 0) continue;
        costs[count++] = (struct account_sum){(enum account)account, -ledger->window[account]};
    }
    qsort(costs, (size_t)count, sizeof *costs, by_size);
    return count;
}

static void money_row(struct text_table *table, const char *name, double usd, double half_width, double teu_per_day) {
    text_table_cell(table, "%s", name);
    if (isnan(half_width))
        text_table_cell(table, "%.0f", usd);
    else
        text_table_cell(table, "%.0f ± %.0f", usd, half_width);
    if (teu_per_day > 0)
        text_table_cell(table, "%.2f", usd / teu_per_day);
    else
        text_table_cell(table, "–");
}

static void metric_row(struct text_table *table, const struct run_report *report, const char *name, enum metric metric,
                       double days) {
    const struct estimate *estimate = &report->replications->estimates[metric];
    money_row(table, name, estimate->mean / days, estimate->half_width / days,
              report->replications->estimates[METRIC_TEU_PER_DAY].mean);
}

/* Accounts are those of one replication, where sums are means over all. */
static void account_row(struct text_table *table, const struct run_report *report, const char *account, int64_t cents,
                        double days, double teu_per_day) {
    char name[80];
    if (report->replications->complete > 1)
        snprintf(name, sizeof name, "  %s, replication %lld", account,
                 (long long)report->replications->shown_replication);
    else
        snprintf(name, sizeof name, "  %s", account);
    money_row(table, name, (double)cents / 100 / days, NAN, teu_per_day);
}

/* Containers and other trains apart, where there are both: a TEU brings its tariff only. */
static void revenue_rows(struct text_table *table, const struct run_report *report, const struct recorded_run *run,
                         double days) {
    const int64_t *cents = run->summary.freight.ledger->window;
    int32_t count = 0;
    for (int account = 0; account < ACCOUNT_COUNT; account++)
        count += account_is_revenue((enum account)account) && cents[account] != 0;
    for (int account = 0; account < ACCOUNT_COUNT && count > 1; account++)
        if (account_is_revenue((enum account)account) && cents[account] != 0)
            account_row(table, report, account_name((enum account)account), cents[account], days,
                        account == ACCOUNT_TRAIN_REVENUE ? 0 : run->metrics[METRIC_TEU_PER_DAY]);
}

static void cost_rows(struct text_table *table, const struct run_report *report, const struct recorded_run *run,
                      double days) {
    struct account_sum costs[ACCOUNT_COUNT];
    const int32_t count = find_costs(run->summary.freight.ledger, costs);
    const double teu_per_day = run->metrics[METRIC_TEU_PER_DAY];
    int64_t rest_cents = 0;
    const int32_t shown = count > COSTS_SHOWN + 1 ? COSTS_SHOWN : count;
    for (int32_t place = 0; place < count; place++) {
        if (place < shown)
            account_row(table, report, account_name(costs[place].account), costs[place].cents, days, teu_per_day);
        else
            rest_cents += costs[place].cents;
    }
    if (shown < count) account_row(table, report, "others", rest_cents, days, teu_per_day);
}

void run_freight_money(const struct run_report *report, const struct recorded_run *run) {
    static const char *const headers[] = {"USD", "a day", "a TEU"};
    const double days = window_days(run);
    const struct ledger *ledger = run->summary.freight.ledger;
    if (ledger == NULL || days <= 0) return;
    if (flow_count_of(report, run) == 0 && ledger_window_revenue(ledger) == 0) return;
    struct text_table *table = text_table_create("lrr", headers);
    metric_row(table, report, "revenue", METRIC_REVENUE_USD, days);
    revenue_rows(table, report, run, days);
    metric_row(table, report, "cost", METRIC_COST_USD, days);
    cost_rows(table, report, run, days);
    metric_row(table, report, "margin", METRIC_MARGIN_USD, days);
    printf("\n");
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
}

/* ---- JSON ---- */

static void json_flow(struct json *json, const struct run_report *report, int32_t flow, const struct flow_use *use,
                      double days) {
    json_object_begin(json, NULL);
    json_text(json, "flow", report->scenario->traffic.flows[flow].id);
    json_real(json, "teu_offered_per_day", (double)use->teu_offered / days);
    json_real(json, "teu_delivered_per_day", (double)use->teu_delivered / days);
    json_real(json, "teu_refused_per_day", (double)use->teu_refused / days);
    json_integer(json, "teu_riding", use->teu_riding);
    json_integer(json, "teu_waiting", use->teu_waiting);
    json_real(json, "mean_transit_h", use->mean_transit_h);
    json_real(json, "p50_transit_h", use->p50_transit_h);
    json_real(json, "p95_transit_h", use->p95_transit_h);
    json_real(json, "on_time_percent", on_time_percent(report, flow, use));
    json_real(json, "revenue_usd", (double)use->revenue_cents / 100);
    json_real(json, "penalty_usd", (double)use->penalty_cents / 100);
    json_real(json, "cost_usd", (double)use->cost_cents / 100);
    json_object_end(json);
}

static void json_terminal(struct json *json, const struct run_report *report, const struct recorded_run *run,
                          const struct terminal_use *use) {
    json_object_begin(json, NULL);
    json_text(json, "station", report->scenario->network.stations[use->station].id);
    json_integer(json, "lifts", use->lifts);
    json_real(json, "crane_utilisation", crane_share(report, run, use));
    json_integer(json, "teu_refused", use->teu_refused);
    json_integer(json, "teu_left_behind", use->teu_left_behind);
    json_integer(json, "max_teu", use->max_teu);
    json_real(json, "mean_teu", use->mean_teu);
    json_object_end(json);
}

void run_freight_json(struct json *json, const struct run_report *report, const struct recorded_run *run) {
    const struct freight_results *freight = run != NULL ? &run->summary.freight : NULL;
    const double days = run != NULL ? window_days(run) : 0;
    json_array_begin(json, "flows");
    for (int32_t flow = 0; flow < flow_count_of(report, run); flow++)
        json_flow(json, report, flow, &freight->flows[flow], days);
    json_array_end(json);
    json_array_begin(json, "terminals");
    for (int32_t index = 0; freight != NULL && index < freight->terminal_count; index++)
        json_terminal(json, report, run, &freight->terminals[index]);
    json_array_end(json);
    json_array_begin(json, "accounts");
    for (int account = 0; freight != NULL && freight->ledger != NULL && account < ACCOUNT_COUNT; account++) {
        if (freight->ledger->window[account] == 0) continue;
        json_object_begin(json, NULL);
        json_text(json, "account", account_name((enum account)account));
        json_real(json, "usd_per_day", (double)freight->ledger->window[account] / 100 / days);
        json_object_end(json);
    }
    json_array_end(json);
}
