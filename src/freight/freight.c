/* A replication's freight from its beginning to its end; what trains earn and cost. */
#include "freight/freight.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/statistics.h"
#include "freight/freight_state.h"
#include "railway/network.h"

static const double CENTS_PER_USD = 100;

/* ---- beginning ---- */

static size_t class_count(const struct freight_plan *plan) {
    return plan->terminal_count > 0 ? (size_t)plan->terminal_count * (size_t)plan->terminals[0].yard.class_count : 0;
}

static bool allocate(void **items, size_t count, size_t size) {
    *items = calloc(count + 1, size);
    return *items != NULL;
}

/* All arrays but those that grow. */
static bool allocate_all(struct freight *freight) {
    const struct freight_plan *plan = freight->plan;
    const size_t flows = (size_t)plan->flow_count, terminals = (size_t)plan->terminal_count;
    return allocate((void **)&freight->offers, flows, sizeof *freight->offers) &&
           allocate((void **)&freight->flows, flows, sizeof *freight->flows) &&
           allocate((void **)&freight->stations, terminals, sizeof *freight->stations) &&
           allocate((void **)&freight->next_ms, terminals, sizeof *freight->next_ms) &&
           allocate((void **)&freight->queues, 2 * (size_t)plan->hop_count, sizeof *freight->queues) &&
           allocate((void **)&freight->debts, flows, sizeof *freight->debts) &&
           allocate((void **)&freight->empties, flows, sizeof *freight->empties) &&
           allocate((void **)&freight->counts, flows, sizeof *freight->counts) &&
           allocate((void **)&freight->window_counts, flows, sizeof *freight->window_counts) &&
           allocate((void **)&freight->uses, flows, sizeof *freight->uses) &&
           allocate((void **)&freight->transits, flows, sizeof *freight->transits) &&
           allocate((void **)&freight->terminal_uses, terminals, sizeof *freight->terminal_uses) &&
           allocate((void **)&freight->candidates, 2 * (size_t)plan->most_boardings, sizeof *freight->candidates) &&
           allocate((void **)&freight->slotless, class_count(plan), sizeof *freight->slotless);
}

static void start_flows(struct freight *freight) {
    const struct freight_input *input = &freight->plan->input;
    freight->offer_setting =
        (struct offer_setting){.stream = {freight->run.seed, STREAM_CONTAINER, freight->run.replication},
                               .start_year = input->start_year,
                               .start_month = input->start_month,
                               .start_day = input->start_day,
                               .end_ms = freight->run.end_ms};
    for (int32_t i = 0; i < freight->plan->flow_count; i++)
        offers_start(&freight->offers[i], &input->traffic->flows[i], &freight->offer_setting);
    for (int32_t i = 0; i < 2 * freight->plan->hop_count; i++)
        freight->queues[i] = (struct container_list){.first = -1, .last = -1};
}

static bool start_stations(struct freight *freight) {
    const struct freight_plan *plan = freight->plan;
    const struct stream stream = {freight->run.seed, STREAM_LIFT, freight->run.replication};
    memcpy(freight->flows, plan->flows_from, (size_t)plan->flow_count * sizeof *freight->flows);
    for (int32_t i = 0; i < plan->terminal_count; i++) {
        const struct freight_terminal *terminal = &plan->terminals[i];
        struct station_state *station = &freight->stations[i];
        station->flows = freight->flows + terminal->first_flow;
        station->flow_count = terminal->flow_count;
        freight->terminal_uses[i].station = terminal->limits.station;
        if (!yard_start(&station->yard, &terminal->yard, freight->run.window_from_ms, freight->run.window_to_ms) ||
            !cranes_start(&station->cranes, &terminal->limits, &stream))
            return false;
        freight_order_flows(freight, station);
    }
    return true;
}

struct freight *freight_create(const struct freight_plan *plan, const struct freight_run *run) {
    struct freight *freight = calloc(1, sizeof *freight);
    if (!freight) return NULL;
    *freight = (struct freight){.plan = plan,
                                .run = *run,
                                .end_ms = run->end_ms,
                                .lift_cents = llround(plan->input.prices.lift_cents),
                                .pool = {.free = -1},
                                .free_load = -1};
    ledger_start(&freight->ledger, run->window_from_ms, run->window_to_ms);
    if (allocate_all(freight)) {
        start_flows(freight);
        if (start_stations(freight)) return freight;
    }
    freight_destroy(freight);
    return NULL;
}

void freight_destroy(struct freight *freight) {
    if (!freight) return;
    for (int32_t i = 0; freight->stations && i < freight->plan->terminal_count; i++) {
        yard_free(&freight->stations[i].yard);
        cranes_free(&freight->stations[i].cranes);
        agenda_free(&freight->stations[i].agenda);
    }
    for (int32_t i = 0; freight->transits && i < freight->plan->flow_count; i++) free(freight->transits[i].hours);
    container_pool_free(&freight->pool);
    ledger_free(&freight->ledger);
    free(freight->offers);
    free(freight->flows);
    free(freight->stations);
    free(freight->next_ms);
    free(freight->queues);
    free(freight->loads);
    free(freight->aboard);
    free(freight->debts);
    free(freight->empties);
    free(freight->counts);
    free(freight->window_counts);
    free(freight->uses);
    free(freight->transits);
    free(freight->days);
    free(freight->terminal_uses);
    free(freight->candidates);
    free(freight->slotless);
    free(freight);
}

bool freight_make_days(struct freight *freight, int64_t day_count) {
    const int64_t flows = freight->plan->flow_count;
    if (day_count > freight->day_room) {
        int64_t room = freight->day_room ? freight->day_room : 32;
        while (room < day_count) room *= 2;
        struct flow_day *days = realloc(freight->days, (size_t)(room * flows + 1) * sizeof *days);
        if (!days) {
            freight->no_memory = true;
            return false;
        }
        freight->days = days;
        freight->day_room = room;
    }
    memset(freight->days + freight->day_count * flows, 0,
           (size_t)((day_count - freight->day_count) * flows) * sizeof *freight->days);
    freight->day_count = day_count;
    return true;
}

/* ---- a copy ---- */

static bool duplicate(void **target, const void *source, size_t count, size_t size) {
    *target = malloc(count * size + 1);
    if (*target && count > 0) memcpy(*target, source, count * size);
    return *target != NULL;
}

static bool copy_stations(struct freight *copy, const struct freight *source) {
    for (int32_t i = 0; i < source->plan->terminal_count; i++) {
        const struct station_state *from = &source->stations[i];
        struct station_state *to = &copy->stations[i];
        to->flows = copy->flows + (from->flows - source->flows);
        to->flow_count = from->flow_count;
        if (!yard_copy(&to->yard, &from->yard) || !cranes_copy(&to->cranes, &from->cranes) ||
            !agenda_copy(&to->agenda, &from->agenda))
            return false;
    }
    return true;
}

static bool copy_transits(struct freight *copy, const struct freight *source) {
    for (int32_t i = 0; i < source->plan->flow_count; i++) {
        const struct transits *from = &source->transits[i];
        struct transits *to = &copy->transits[i];
        if (!duplicate((void **)&to->hours, from->hours, (size_t)from->count, sizeof *to->hours)) return false;
        to->count = to->room = from->count;
        to->sum_ms = from->sum_ms;
    }
    return true;
}

static bool copy_growing(struct freight *copy, const struct freight *source) {
    const size_t flows = (size_t)source->plan->flow_count, loads = (size_t)source->load_count;
    copy->load_room = source->load_count;
    copy->day_room = source->day_count;
    return container_pool_copy(&copy->pool, &source->pool) && ledger_copy(&copy->ledger, &source->ledger) &&
           duplicate((void **)&copy->loads, source->loads, loads, sizeof *copy->loads) &&
           duplicate((void **)&copy->aboard, source->aboard, loads * (size_t)source->plan->most_stops,
                     sizeof *copy->aboard) &&
           duplicate((void **)&copy->days, source->days, (size_t)source->day_count * flows, sizeof *copy->days);
}

static void copy_fixed(struct freight *copy, const struct freight *source) {
    const size_t flows = (size_t)source->plan->flow_count, terminals = (size_t)source->plan->terminal_count;
    memcpy(copy->offers, source->offers, flows * sizeof *copy->offers);
    memcpy(copy->flows, source->flows, flows * sizeof *copy->flows);
    memcpy(copy->next_ms, source->next_ms, terminals * sizeof *copy->next_ms);
    memcpy(copy->queues, source->queues, 2 * (size_t)source->plan->hop_count * sizeof *copy->queues);
    memcpy(copy->debts, source->debts, flows * sizeof *copy->debts);
    memcpy(copy->empties, source->empties, flows * sizeof *copy->empties);
    memcpy(copy->counts, source->counts, flows * sizeof *copy->counts);
    memcpy(copy->window_counts, source->window_counts, flows * sizeof *copy->window_counts);
    memcpy(copy->uses, source->uses, flows * sizeof *copy->uses);
    memcpy(copy->terminal_uses, source->terminal_uses, terminals * sizeof *copy->terminal_uses);
    memcpy(copy->slotless, source->slotless, class_count(source->plan) * sizeof *copy->slotless);
}

struct freight *freight_copy(const struct freight *source, freight_container_told *told, void *context) {
    struct freight *copy = calloc(1, sizeof *copy);
    if (!copy) return NULL;
    *copy = (struct freight){.plan = source->plan,
                             .run = source->run,
                             .now_ms = source->now_ms,
                             .end_ms = source->end_ms,
                             .lift_cents = source->lift_cents,
                             .no_memory = source->no_memory,
                             .finished = source->finished,
                             .offer_setting = source->offer_setting,
                             .pool = {.free = -1},
                             .load_count = source->load_count,
                             .free_load = source->free_load,
                             .day_count = source->day_count,
                             .teu_delivered_in_window = source->teu_delivered_in_window,
                             .loadings = source->loadings};
    copy->run.told = told;
    copy->run.context = context;
    if (allocate_all(copy)) {
        copy_fixed(copy, source);
        if (copy_stations(copy, source) && copy_transits(copy, source) && copy_growing(copy, source)) return copy;
    }
    freight_destroy(copy);
    return NULL;
}

/* ---- loads ---- */

static bool more_loads(struct freight *freight) {
    const int32_t room = freight->load_room ? 2 * freight->load_room : 16;
    const size_t stops = (size_t)freight->plan->most_stops;
    struct load *loads = realloc(freight->loads, (size_t)room * sizeof *loads);
    if (!loads) return false;
    freight->loads = loads;
    struct container_list *aboard = realloc(freight->aboard, ((size_t)room * stops + 1) * sizeof *aboard);
    if (!aboard) return false;
    freight->aboard = aboard;
    freight->load_room = room;
    return true;
}

int32_t freight_load_begin(struct freight *freight, int32_t train_plan) {
    int32_t load = freight->free_load;
    if (load >= 0)
        freight->free_load = freight->loads[load].next_free;
    else {
        if (freight->load_count >= freight->load_room && !more_loads(freight)) {
            freight->no_memory = true;
            return -1;
        }
        load = freight->load_count++;
    }
    freight->loads[load] = (struct load){.train_plan = train_plan, .going = true, .next_free = -1};
    for (int32_t i = 0; i < freight->plan->most_stops; i++)
        freight->aboard[(int64_t)load * freight->plan->most_stops + i] =
            (struct container_list){.first = -1, .last = -1};
    return load;
}

void freight_load_is_of(struct freight *freight, int32_t load, int64_t train_id) {
    assert(train_id >= 0 && train_id <= INT32_MAX); /* containers keep them so */
    freight->loads[load].train_id = train_id;
}

int32_t freight_load_teu(const struct freight *freight, int32_t load) {
    return freight->loads[load].aboard_teu;
}

int32_t freight_load_total_teu(const struct freight *freight, int32_t load) {
    return freight->loads[load].total_teu;
}

/* ---- trains ---- */

static int64_t post_cost(struct freight *freight, enum account account, int64_t time_ms, double cents) {
    const int64_t whole_cents = llround(cents);
    if (whole_cents) ledger_post(&freight->ledger, account, time_ms, -whole_cents);
    return whole_cents;
}

static struct train_money post_trip(struct freight *freight, const struct train_trip *trip) {
    const struct freight_input *input = &freight->plan->input;
    const struct train_type *type = &input->train_types[input->timetable->plans[trip->train_plan].train_type];
    const double hours = (double)(trip->arrival_ms - trip->departure_ms) / 3600000.0;
    const int64_t time_ms = trip->arrival_ms;
    struct train_money money = {.revenue_cents = llround(type->revenue_per_train_usd * CENTS_PER_USD)};
    if (money.revenue_cents) ledger_post(&freight->ledger, ACCOUNT_TRAIN_REVENUE, time_ms, money.revenue_cents);
    const int64_t access_cents = post_cost(freight, ACCOUNT_TRACK_ACCESS_PAID, time_ms,
                                           input->prices.track_access_cents_per_train_km * trip->km);
    post_cost(freight, ACCOUNT_TRACK_ACCESS_RECEIVED, time_ms, -(double)access_cents);
    money.cost_cents =
        access_cents +
        post_cost(freight, ACCOUNT_ENERGY, time_ms, input->prices.energy_cents_per_kwh * trip->energy_kwh) +
        post_cost(freight, ACCOUNT_TRAIN_HOURS, time_ms, type->cost_per_hour_usd * CENTS_PER_USD * hours) +
        post_cost(freight, ACCOUNT_TRAIN_KM, time_ms, type->cost_per_train_km_usd * CENTS_PER_USD * trip->km);
    return money;
}

struct train_money freight_train_ended(struct freight *freight, int32_t load, const struct train_trip *trip) {
    struct train_money money = {0};
    if (trip->arrival_ms < freight->end_ms) money = post_trip(freight, trip);
    if (load < 0) return money;
    assert(freight->loads[load].going && (freight->loads[load].aboard_teu == 0 || freight->no_memory));
    money.teu = freight->loads[load].total_teu;
    freight->loads[load].going = false;
    freight->loads[load].next_free = freight->free_load;
    freight->free_load = load;
    return money;
}

/* ---- the end ---- */

static void post_fixed_cost(struct freight *freight) {
    const int64_t cents = freight->plan->input.prices.fixed_cents_per_year;
    for (int64_t day = 0; cents != 0 && day * MILLISECONDS_PER_DAY < freight->end_ms; day++)
        ledger_post(&freight->ledger, ACCOUNT_FIXED, day * MILLISECONDS_PER_DAY, -ledger_daily_share(cents, day));
}

static void tell_others(const struct freight *freight) {
    for (int32_t i = 0; freight->run.told && i < freight->pool.count; i++) {
        const struct container *container = &freight->pool.containers[i];
        if (container->where == CONTAINER_NOWHERE) continue;
        const struct container_record record = freight_record(freight, container);
        freight->run.told(freight->run.context, &record);
    }
}

static void finish_flow(struct freight *freight, int32_t flow) {
    const struct flow_count *count = &freight->window_counts[flow];
    const struct transits *transits = &freight->transits[flow];
    const size_t delivered = (size_t)transits->count;
    struct flow_use *use = &freight->uses[flow];
    use->teu_offered = count->offered;
    use->teu_delivered = count->delivered;
    use->teu_riding = count->riding;
    use->teu_waiting = count->waiting;
    use->teu_refused = count->refused;
    use->mean_transit_h = delivered ? (double)transits->sum_ms / (double)delivered / 3600000.0 : NAN;
    use->p50_transit_h = quantile_by_selection(transits->hours, delivered, 0.5);
    use->p95_transit_h = quantile_by_selection(transits->hours, delivered, 0.95);
}

/* Lifts that were under way at the end have kept cranes busy until then. */
static void finish_terminal(struct freight *freight, int32_t terminal) {
    struct station_state *station = &freight->stations[terminal];
    struct terminal_use *use = &freight->terminal_uses[terminal];
    const int64_t from_ms = freight->run.window_from_ms;
    const int64_t to_ms = freight->run.window_to_ms < freight->end_ms ? freight->run.window_to_ms : freight->end_ms;
    for (int64_t i = 0; i < station->agenda.count; i++) {
        const struct work *work = agenda_at(&station->agenda, i);
        const int64_t begin_ms = work->begin_ms > from_ms ? work->begin_ms : from_ms;
        if (work->lift && begin_ms < to_ms) use->crane_busy_ms += to_ms - begin_ms;
    }
    yard_finish(&station->yard, freight->end_ms);
    use->max_teu = station->yard.max_teu;
    use->mean_teu = to_ms > from_ms ? station->yard.teu_ms / (double)(to_ms - from_ms) : 0;
    if (station->yard.no_memory) freight->no_memory = true;
}

bool freight_finish(struct freight *freight, int64_t now_ms) {
    assert(now_ms >= freight->now_ms && !freight->finished);
    freight->now_ms = now_ms;
    if (now_ms < freight->end_ms) freight->end_ms = now_ms + 1;
    freight_catch_up(freight, now_ms);
    const int64_t days = (freight->end_ms + MILLISECONDS_PER_DAY - 1) / MILLISECONDS_PER_DAY;
    if (freight->plan->flow_count > 0 && days > freight->day_count) freight_make_days(freight, days);
    post_fixed_cost(freight);
    tell_others(freight);
    for (int32_t i = 0; i < freight->plan->terminal_count; i++) finish_terminal(freight, i);
    for (int32_t i = 0; i < freight->plan->flow_count; i++) finish_flow(freight, i);
    freight->finished = true;
    return !freight->no_memory && !freight->ledger.no_memory;
}

struct freight_results freight_results(const struct freight *freight) {
    return (struct freight_results){.flows = freight->uses,
                                    .flow_days = freight->days,
                                    .day_count = freight->day_count,
                                    .terminals = freight->terminal_uses,
                                    .terminal_count = freight->plan->terminal_count,
                                    .ledger = &freight->ledger,
                                    .teu_delivered_in_window = freight->teu_delivered_in_window};
}
