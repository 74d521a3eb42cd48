#include "results/recorder.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/statistics.h"

/* An array that grows. Doubling keeps the copying within the cost of filling it once. */
struct buffer {
    void *items;
    int64_t count, capacity;
};

struct recorder {
    const struct scenario *scenario;
    double *route_km; /* [plan] */
    int64_t window_from_ms, window_to_ms;
    bool keeps_trains, keeps_calls, keeps_blocks;

    struct buffer trains, calls, occupations, containers;
    struct ledger ledger; /* the run's summary points to it */
    struct buffer delays; /* double seconds, of the trains planned in the window */

    int64_t planned, entered, on_line, arrived[2];
    int64_t punctual, judged;
    double run_s, energy_j, train_km, cost_usd, capacity_teu; /* sums over the trains that arrived in the window */
    int64_t wait_ms[WAIT_HAZARD + 1];

    struct recorded_run run;
    bool out_of_memory, ended;
};

static const struct {
    const char *name, *unit;
} metrics[METRIC_COUNT] = {
    [METRIC_COST_USD] = {"cost_usd", "USD"},
    [METRIC_ENERGY_KWH] = {"energy_kwh", "kWh"},
    [METRIC_FORCED_MOVES] = {"forced_moves", "moves"},
    [METRIC_MARGIN_USD] = {"margin_usd", "USD"},
    [METRIC_MAX_DELAY_S] = {"max_delay_s", "s"},
    [METRIC_MEAN_DELAY_S] = {"mean_delay_s", "s"},
    [METRIC_MEAN_RUN_S] = {"mean_run_s", "s"},
    [METRIC_MEAN_TRANSIT_H] = {"mean_transit_h", "h"},
    [METRIC_P50_DELAY_S] = {"p50_delay_s", "s"},
    [METRIC_P95_DELAY_S] = {"p95_delay_s", "s"},
    [METRIC_PUNCTUAL_PERCENT] = {"punctual_percent", "%"},
    [METRIC_REVENUE_USD] = {"revenue_usd", "USD"},
    [METRIC_REVENUE_USD_PER_TEU] = {"revenue_usd_per_teu", "USD/TEU"},
    [METRIC_SHARE_ON_TIME_PERCENT] = {"share_on_time_percent", "%"},
    [METRIC_TEU_CAPACITY_PER_DAY] = {"teu_capacity_per_day", "TEU/day"},
    [METRIC_TEU_OFFERED_PER_DAY] = {"teu_offered_per_day", "TEU/day"},
    [METRIC_TEU_PER_DAY] = {"teu_per_day", "TEU/day"},
    [METRIC_TEU_REFUSED_PER_DAY] = {"teu_refused_per_day", "TEU/day"},
    [METRIC_TRAIN_KM] = {"train_km", "km"},
    [METRIC_TRAINS_ARRIVED] = {"trains_arrived", "trains"},
    [METRIC_TRAINS_ENTERED] = {"trains_entered", "trains"},
    [METRIC_TRAINS_ON_LINE] = {"trains_on_line", "trains"},
    [METRIC_TRAINS_PER_DAY] = {"trains_per_day", "trains/day"},
    [METRIC_TRAINS_PER_DAY_BACKWARD] = {"trains_per_day_backward", "trains/day"},
    [METRIC_TRAINS_PER_DAY_FORWARD] = {"trains_per_day_forward", "trains/day"},
    [METRIC_TRAINS_PLANNED] = {"trains_planned", "trains"},
    [METRIC_WAIT_HAZARD_S] = {"wait_hazard_s", "s"},
    [METRIC_WAIT_KNOCK_ON_S] = {"wait_knock_on_s", "s"},
    [METRIC_WAIT_POSSESSION_S] = {"wait_possession_s", "s"},
    [METRIC_WAIT_PRIMARY_S] = {"wait_primary_s", "s"},
    [METRIC_WAIT_SCHEDULED_S] = {"wait_scheduled_s", "s"},
};

const char *metric_name(enum metric metric) {
    return metrics[metric].name;
}
const char *metric_unit(enum metric metric) {
    return metrics[metric].unit;
}

bool detail_wants_blocks(enum detail_level detail) {
    return detail == DETAIL_BLOCKS || detail == DETAIL_FULL;
}

bool detail_wants_containers(enum detail_level detail) {
    return detail == DETAIL_CONTAINERS || detail == DETAIL_FULL;
}

bool account_is_revenue(enum account account) {
    return account == ACCOUNT_TARIFF || account == ACCOUNT_LATE_PENALTY || account == ACCOUNT_TRAIN_REVENUE;
}

static int64_t window_sum(const struct ledger *ledger, bool revenue) {
    int64_t cents = 0;
    for (int account = 0; account < ACCOUNT_COUNT; account++)
        if (account_is_revenue((enum account)account) == revenue) cents += ledger->window[account];
    return cents;
}

int64_t ledger_window_revenue(const struct ledger *ledger) {
    return window_sum(ledger, true);
}

int64_t ledger_window_cost(const struct ledger *ledger) {
    return -window_sum(ledger, false);
}

/* Room for `more` > 0 further items; the first of them, or NULL when out of memory. */
static void *buffer_extend(struct buffer *buffer, int64_t more, size_t item_size) {
    if (buffer->count + more > buffer->capacity) {
        int64_t capacity = buffer->capacity == 0 ? 64 : buffer->capacity;
        while (capacity < buffer->count + more) capacity *= 2;
        void *items = realloc(buffer->items, (size_t)capacity * item_size);
        if (items == NULL) return NULL;
        buffer->items = items;
        buffer->capacity = capacity;
    }
    void *first = (char *)buffer->items + (size_t)buffer->count * item_size;
    buffer->count += more;
    return first;
}

static double route_length_km(const struct network *network, const struct train_plan *plan) {
    double length_m = 0;
    for (int32_t leg = 0; leg < plan->route_length; leg++)
        length_m += network->sections[plan->route[leg].section].length_m;
    return length_m / 1000;
}

struct recorder *recorder_create(const struct scenario *scenario) {
    struct recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL) return NULL;
    const int32_t plan_count = scenario->timetable.plan_count;
    recorder->route_km = calloc((size_t)plan_count + 1, sizeof *recorder->route_km);
    recorder->run.held_ms = calloc((size_t)scenario->network.section_count * 2 + 1, sizeof *recorder->run.held_ms);
    if (recorder->route_km == NULL || recorder->run.held_ms == NULL) {
        recorder_destroy(recorder);
        return NULL;
    }
    for (int32_t plan = 0; plan < plan_count; plan++)
        recorder->route_km[plan] = route_length_km(&scenario->network, &scenario->timetable.plans[plan]);
    const struct settings *settings = &scenario->settings;
    const enum detail_level detail = settings->detail;
    recorder->scenario = scenario;
    recorder->window_from_ms = settings->warmup_ms;
    recorder->window_to_ms =
        settings->repeat_once && !settings->horizon_given ? INT64_MAX : settings->warmup_ms + settings->horizon_ms;
    recorder->keeps_trains = detail >= DETAIL_TRAINS;
    recorder->keeps_calls = detail >= DETAIL_CALLS;
    recorder->keeps_blocks = detail_wants_blocks(detail);
    recorder->run.detail = detail;
    return recorder;
}

void recorder_destroy(struct recorder *recorder) {
    if (recorder == NULL) return;
    free(recorder->route_km);
    free(recorder->run.held_ms);
    free(recorder->trains.items);
    free(recorder->calls.items);
    free(recorder->occupations.items);
    free(recorder->containers.items);
    free(recorder->delays.items);
    ledger_free(&recorder->ledger);
    free((void *)recorder->run.summary.freight.flows);
    free((void *)recorder->run.summary.freight.flow_days);
    free((void *)recorder->run.summary.freight.terminals);
    free((void *)recorder->run.summary.waiting);
    free((void *)recorder->run.summary.sections);
    free((void *)recorder->run.summary.section_busy_ms);
    free((void *)recorder->run.summary.stations);
    free(recorder);
}

static bool in_window(const struct recorder *recorder, int64_t time_ms) {
    return time_ms != TIME_NONE && time_ms >= recorder->window_from_ms && time_ms < recorder->window_to_ms;
}

/* Keeps the longest few in order; of equal ones the first told stays first. */
static void note_wait(struct recorder *recorder, const struct train_record *train, const struct train_call *call) {
    struct recorded_run *run = &recorder->run;
    int32_t place = run->longest_wait_count;
    while (place > 0 && run->longest_waits[place - 1].wait_ms < call->wait_ms) place--;
    if (place == LONGEST_WAITS_KEPT) return;
    if (run->longest_wait_count < LONGEST_WAITS_KEPT) run->longest_wait_count++;
    struct recorded_wait *waits = run->longest_waits;
    memmove(&waits[place + 1], &waits[place], (size_t)(run->longest_wait_count - 1 - place) * sizeof *waits);
    waits[place] = (struct recorded_wait){.train_id = train->train_id,
                                          .plan = train->plan,
                                          .day = train->day,
                                          .number = train->number,
                                          .station = call->station,
                                          .wait_ms = call->wait_ms,
                                          .cause = call->wait_cause,
                                          .wait_for_train = call->wait_for_train};
}

/* Whether something else than the train itself made it wait. */
static bool was_held(const struct train_call *call) {
    return call->wait_cause != WAIT_NONE && call->wait_cause != WAIT_SCHEDULED && call->wait_cause != WAIT_PRIMARY;
}

static void count_waits(struct recorder *recorder, const struct train_record *train) {
    const struct train_plan *plan = &recorder->scenario->timetable.plans[train->plan];
    for (int32_t index = 0; index < train->call_count; index++) {
        const struct train_call *call = &train->calls[index];
        if (call->wait_ms <= 0) continue;
        recorder->wait_ms[call->wait_cause] += call->wait_ms;
        if (!was_held(call)) continue;
        note_wait(recorder, train, call);
        if (index >= plan->route_length) continue;
        const struct route_leg *onward = &plan->route[index];
        recorder->run.held_ms[onward->section * 2 + onward->direction] += call->wait_ms;
    }
}

/* A train under way within the limit may yet become late: it is not judged. */
static void count_punctuality(struct recorder *recorder, const struct train_record *train) {
    const bool late = (double)train->delay_ms > recorder->scenario->settings.delay_limit_min * 60000;
    if (!late && train->arrival_ms == TIME_NONE) return;
    recorder->judged++;
    if (!late) recorder->punctual++;
}

static void count_planned(struct recorder *recorder, const struct train_record *train) {
    recorder->planned++;
    count_waits(recorder, train);
    if (train->status == TRAIN_CANCELLED) return;
    count_punctuality(recorder, train);
    double *delay_s = buffer_extend(&recorder->delays, 1, sizeof *delay_s);
    if (delay_s == NULL)
        recorder->out_of_memory = true;
    else
        *delay_s = (double)train->delay_ms / 1000;
}

static void count_arrived(struct recorder *recorder, const struct train_record *train) {
    const struct train_plan *plan = &recorder->scenario->timetable.plans[train->plan];
    const struct train_type *type = &recorder->scenario->train_types[plan->train_type];
    const double run_s = (double)(train->arrival_ms - train->departure_ms) / 1000;
    const double km = recorder->route_km[train->plan];
    recorder->arrived[train->direction]++;
    recorder->run_s += run_s;
    recorder->energy_j += train->energy_j;
    recorder->train_km += km;
    recorder->cost_usd += km * type->cost_per_train_km_usd + run_s / 3600 * type->cost_per_hour_usd;
    recorder->capacity_teu += type->capacity_teu;
}

static void count_train(struct recorder *recorder, const struct train_record *train) {
    if (in_window(recorder, train->planned_departure_ms)) count_planned(recorder, train);
    if (in_window(recorder, train->departure_ms)) recorder->entered++;
    if (in_window(recorder, train->arrival_ms)) count_arrived(recorder, train);
    if (train->departure_ms != TIME_NONE && train->departure_ms < recorder->window_to_ms &&
        (train->arrival_ms == TIME_NONE || train->arrival_ms >= recorder->window_to_ms))
        recorder->on_line++;
}

static bool keep_calls(struct recorder *recorder, const struct train_record *train) {
    if (train->call_count == 0) return true;
    struct train_call *calls = buffer_extend(&recorder->calls, train->call_count, sizeof *calls);
    if (calls == NULL) return false;
    memcpy(calls, train->calls, (size_t)train->call_count * sizeof *calls);
    return true;
}

static bool keep_passage(struct recorder *recorder, const struct train_passage *passage) {
    const int32_t blocks = passage->block_count;
    struct recorded_occupation *rows = buffer_extend(&recorder->occupations, blocks == 0 ? 1 : blocks, sizeof *rows);
    if (rows == NULL) return false;
    struct recorded_occupation row = {.section = passage->section,
                                      .direction = passage->direction,
                                      .line_track = passage->line_track,
                                      .enter_ms = passage->enter_ms,
                                      .clear_ms = passage->clear_ms,
                                      .release_ms = passage->release_ms};
    if (blocks == 0) rows[0] = row;
    int32_t entered = 0;
    for (int32_t index = 0; index < blocks; index++) {
        const struct train_block *block = &passage->blocks[index];
        if (block->enter_ms == TIME_NONE) continue;
        row.block = passage->direction == FORWARD ? index + 1 : blocks - index;
        row.enter_ms = block->enter_ms;
        row.clear_ms = block->clear_ms;
        row.release_ms = block->release_ms;
        rows[entered++] = row;
    }
    if (blocks > 0) recorder->occupations.count -= blocks - entered; /* blocks ahead of a train still under way */
    return true;
}

static bool keep_train(struct recorder *recorder, const struct train_record *train) {
    struct recorded_train *row = buffer_extend(&recorder->trains, 1, sizeof *row);
    if (row == NULL) return false;
    *row = (struct recorded_train){
        .record = *train, .first_call = recorder->calls.count, .first_occupation = recorder->occupations.count};
    row->record.calls = NULL;
    row->record.passages = NULL;
    if (recorder->keeps_calls) {
        if (!keep_calls(recorder, train)) return false;
        row->call_count = train->call_count;
    }
    for (int32_t index = 0; recorder->keeps_blocks && index < train->passage_count; index++)
        if (!keep_passage(recorder, &train->passages[index])) return false;
    row->occupation_count = (int32_t)(recorder->occupations.count - row->first_occupation);
    return true;
}

static void on_train(void *context, const struct train_record *train) {
    struct recorder *recorder = context;
    if (recorder->out_of_memory) return;
    count_train(recorder, train);
    if (recorder->keeps_trains && !keep_train(recorder, train)) recorder->out_of_memory = true;
}

static void on_container(void *context, const struct container_record *container) {
    struct recorder *recorder = context;
    if (recorder->out_of_memory) return;
    struct container_record *row = buffer_extend(&recorder->containers, 1, sizeof *row);
    if (row == NULL)
        recorder->out_of_memory = true;
    else
        *row = *container;
}

/* A copy that outlives the call; NULL when out of memory, never for an empty array. */
static void *copy_of(const void *items, int64_t count, size_t item_size) {
    void *copy = calloc((size_t)count + 1, item_size);
    if (copy != NULL && count > 0) memcpy(copy, items, (size_t)count * item_size);
    return copy;
}

/* Of a run told without flows there are none to keep. */
static bool keep_freight(struct recorder *recorder, const struct freight_results *told) {
    struct freight_results *freight = &recorder->run.summary.freight;
    const int64_t flow_count = recorder->scenario->traffic.flow_count;
    *freight = (struct freight_results){.teu_delivered_in_window = told->teu_delivered_in_window};
    if (told->flows != NULL && flow_count > 0) {
        freight->flows = copy_of(told->flows, flow_count, sizeof *told->flows);
        freight->flow_days = copy_of(told->flow_days, told->day_count * flow_count, sizeof *told->flow_days);
        freight->day_count = told->day_count;
        freight->terminals = copy_of(told->terminals, told->terminal_count, sizeof *told->terminals);
        freight->terminal_count = told->terminal_count;
        if (freight->flows == NULL || freight->flow_days == NULL || freight->terminals == NULL) return false;
    }
    if (told->ledger == NULL) return true;
    ledger_start(&recorder->ledger, told->ledger->window_from_ms, told->ledger->window_to_ms);
    freight->ledger = &recorder->ledger;
    return ledger_copy(&recorder->ledger, told->ledger);
}

static bool keep_summary(struct recorder *recorder, const struct run_summary *told) {
    const struct network *network = &recorder->scenario->network;
    struct run_summary *summary = &recorder->run.summary;
    *summary = *told;
    summary->waiting = copy_of(told->waiting, told->waiting_count, sizeof *told->waiting);
    summary->sections = copy_of(told->sections, network->section_count * 2, sizeof *told->sections);
    summary->section_busy_ms =
        copy_of(told->section_busy_ms, network->section_count * 2, sizeof *told->section_busy_ms);
    summary->stations = copy_of(told->stations, network->station_count, sizeof *told->stations);
    return keep_freight(recorder, &told->freight) && summary->waiting != NULL && summary->sections != NULL &&
           summary->section_busy_ms != NULL && summary->stations != NULL;
}

/* Over `count` trains; NAN where there is none. */
static double share(double sum, int64_t count) {
    return count > 0 ? sum / (double)count : NAN;
}

static void delay_metrics(struct recorder *recorder, double *values) {
    double *delays = recorder->delays.items;
    const size_t count = (size_t)recorder->delays.count;
    double sum = 0;
    double greatest = NAN;
    for (size_t index = 0; index < count; index++) {
        sum += delays[index];
        if (!(greatest >= delays[index])) greatest = delays[index];
    }
    values[METRIC_MEAN_DELAY_S] = share(sum, recorder->delays.count);
    values[METRIC_MAX_DELAY_S] = greatest;
    values[METRIC_P50_DELAY_S] = count > 0 ? quantile_of(delays, count, 0.50) : NAN;
    values[METRIC_P95_DELAY_S] = count > 0 ? quantile_of(delays, count, 0.95) : NAN;
    values[METRIC_PUNCTUAL_PERCENT] = share(100.0 * (double)recorder->punctual, recorder->judged);
}

static void wait_metrics(const struct recorder *recorder, double *values) {
    static const struct {
        enum metric metric;
        enum wait_cause cause;
    } pairs[] = {{METRIC_WAIT_SCHEDULED_S, WAIT_SCHEDULED},
                 {METRIC_WAIT_PRIMARY_S, WAIT_PRIMARY},
                 {METRIC_WAIT_KNOCK_ON_S, WAIT_KNOCK_ON},
                 {METRIC_WAIT_POSSESSION_S, WAIT_POSSESSION},
                 {METRIC_WAIT_HAZARD_S, WAIT_HAZARD}};
    for (size_t index = 0; index < sizeof pairs / sizeof *pairs; index++)
        values[pairs[index].metric] = (double)recorder->wait_ms[pairs[index].cause] / 1000;
}

static void flow_metrics(const struct recorder *recorder, double per_day, double *values) {
    const struct freight_results *freight = &recorder->run.summary.freight;
    int64_t offered_teu = 0, refused_teu = 0, delivered = 0, judged = 0, late = 0;
    double transit_h = 0;
    for (int32_t index = 0; freight->flows != NULL && index < recorder->scenario->traffic.flow_count; index++) {
        const struct flow_use *use = &freight->flows[index];
        offered_teu += use->teu_offered;
        refused_teu += use->teu_refused;
        delivered += use->containers_delivered;
        if (use->containers_delivered > 0) transit_h += use->mean_transit_h * (double)use->containers_delivered;
        if (recorder->scenario->traffic.flows[index].due_ms < 0) continue;
        judged += use->containers_delivered;
        late += use->containers_late;
    }
    values[METRIC_TEU_PER_DAY] = (double)freight->teu_delivered_in_window * per_day;
    values[METRIC_TEU_OFFERED_PER_DAY] = (double)offered_teu * per_day;
    values[METRIC_TEU_REFUSED_PER_DAY] = (double)refused_teu * per_day;
    values[METRIC_MEAN_TRANSIT_H] = share(transit_h, delivered);
    values[METRIC_SHARE_ON_TIME_PERCENT] = share(100.0 * (double)(judged - late), judged);
}

static void money_metrics(const struct recorder *recorder, double *values) {
    const struct freight_results *freight = &recorder->run.summary.freight;
    const struct ledger *ledger = freight->ledger;
    values[METRIC_REVENUE_USD_PER_TEU] = NAN;
    values[METRIC_COST_USD] = recorder->cost_usd;
    if (ledger != NULL) {
        const int64_t container_cents = ledger->window[ACCOUNT_TARIFF] + ledger->window[ACCOUNT_LATE_PENALTY];
        values[METRIC_REVENUE_USD] = (double)ledger_window_revenue(ledger) / 100;
        values[METRIC_REVENUE_USD_PER_TEU] = share((double)container_cents / 100, freight->teu_delivered_in_window);
        values[METRIC_COST_USD] = (double)ledger_window_cost(ledger) / 100;
    }
    values[METRIC_MARGIN_USD] = values[METRIC_REVENUE_USD] - values[METRIC_COST_USD];
}

static void work_out_metrics(struct recorder *recorder) {
    double *values = recorder->run.metrics;
    const struct run_summary *summary = &recorder->run.summary;
    const int64_t arrived = recorder->arrived[FORWARD] + recorder->arrived[BACKWARD];
    const double days = (double)(summary->window_to_ms - summary->window_from_ms) / (double)MILLISECONDS_PER_DAY;
    const double per_day = days > 0 ? 1 / days : 0;
    values[METRIC_TRAINS_PLANNED] = (double)recorder->planned;
    values[METRIC_TRAINS_ENTERED] = (double)recorder->entered;
    values[METRIC_TRAINS_ARRIVED] = (double)arrived;
    values[METRIC_TRAINS_ON_LINE] = (double)recorder->on_line;
    values[METRIC_TRAINS_PER_DAY] = (double)arrived * per_day;
    values[METRIC_TRAINS_PER_DAY_FORWARD] = (double)recorder->arrived[FORWARD] * per_day;
    values[METRIC_TRAINS_PER_DAY_BACKWARD] = (double)recorder->arrived[BACKWARD] * per_day;
    values[METRIC_MEAN_RUN_S] = share(recorder->run_s, arrived);
    values[METRIC_ENERGY_KWH] = recorder->energy_j / 3.6e6;
    values[METRIC_TRAIN_KM] = recorder->train_km;
    values[METRIC_TEU_CAPACITY_PER_DAY] = recorder->capacity_teu * per_day;
    values[METRIC_FORCED_MOVES] = (double)summary->forced_moves;
    flow_metrics(recorder, per_day, values);
    money_metrics(recorder, values);
    delay_metrics(recorder, values);
    wait_metrics(recorder, values);
}

static int by_train_id(const void *left, const void *right) {
    const int64_t a = ((const struct recorded_train *)left)->record.train_id;
    const int64_t b = ((const struct recorded_train *)right)->record.train_id;
    return (a > b) - (a < b);
}

static void on_end(void *context, const struct run_summary *told) {
    struct recorder *recorder = context;
    struct recorded_run *run = &recorder->run;
    assert(!recorder->ended);
    if (!keep_summary(recorder, told)) recorder->out_of_memory = true;
    if (recorder->out_of_memory) return;
    run->trains = recorder->trains.items;
    run->train_count = recorder->trains.count;
    run->calls = recorder->calls.items;
    run->call_count = recorder->calls.count;
    run->occupations = recorder->occupations.items;
    run->occupation_count = recorder->occupations.count;
    run->containers = recorder->containers.items;
    run->container_count = recorder->containers.count;
    if (run->train_count > 1) qsort(run->trains, (size_t)run->train_count, sizeof *run->trains, by_train_id);
    work_out_metrics(recorder);
    /* A year of delays is of no further use, and many replications may wait to be written. */
    free(recorder->delays.items);
    recorder->delays = (struct buffer){0};
    recorder->ended = true;
}

struct observer recorder_observer(struct recorder *recorder) {
    return (struct observer){.context = recorder,
                             .train = on_train,
                             .end = on_end,
                             .container = detail_wants_containers(recorder->run.detail) ? on_container : NULL};
}

const struct recorded_run *recorder_run(const struct recorder *recorder) {
    return recorder->ended && !recorder->out_of_memory ? &recorder->run : NULL;
}

const struct recorded_train *recorded_train_find(const struct recorded_run *run, int64_t train_id) {
    if (run->train_count == 0) return NULL;
    const struct recorded_train key = {.record.train_id = train_id};
    return bsearch(&key, run->trains, (size_t)run->train_count, sizeof *run->trains, by_train_id);
}
