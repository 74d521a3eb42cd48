/* What happens at terminals by itself, between the calls of those who run trains: containers come, cranes finish lifts,
 * delivered containers are picked up. Terminals do not touch each other in this, so each is caught up alone. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "freight/freight_state.h"
#include "railway/network.h"

static const int64_t TIME_NONE_MS = INT64_MIN;

/* ---- counting ---- */

static struct flow_day *day_of(struct freight *freight, int32_t flow, int64_t time_ms) {
    const int64_t day = time_ms / MILLISECONDS_PER_DAY;
    if (day >= freight->day_count && !freight_make_days(freight, day + 1)) return &freight->lost_day;
    return &freight->days[day * freight->plan->flow_count + flow];
}

static void note_transit(struct freight *freight, int32_t flow, int64_t transit_ms) {
    struct transits *transits = &freight->transits[flow];
    if (transits->count == transits->room) {
        const int64_t room = transits->room ? 2 * transits->room : 1024;
        double *hours = realloc(transits->hours, (size_t)room * sizeof *hours);
        if (!hours) {
            freight->no_memory = true;
            return;
        }
        transits->hours = hours;
        transits->room = room;
    }
    transits->hours[transits->count++] = (double)transit_ms / 3600000.0;
    transits->sum_ms += transit_ms;
}

struct container_record freight_record(const struct freight *freight, const struct container *container) {
    const struct freight_plan *plan = freight->plan;
    const struct freight_hop *hop = &plan->hops[container->hop];
    const bool on_train = container->where == CONTAINER_BOARDING || container->where == CONTAINER_ABOARD;
    const int32_t set = hop->empty ? plan->flow_count : 0;
    const int32_t hops_before = hop->empty ? 0 : (int32_t)container->hop - plan->first_hop[hop->flow];
    return (struct container_record){
        .container_id = ((int64_t)container->number - 1) * plan->id_step + set + hop->flow + 1,
        .flow = hop->flow,
        .empty = hop->empty,
        .teu = container->teu,
        .arrived_ms = container->arrived_ms,
        .loaded_ms = container->loaded_ms,
        .delivered_ms = TIME_NONE_MS,
        .train_id = on_train ? freight->loads[container->train].train_id : container->train,
        .trains = hops_before + (container->where != CONTAINER_IN_YARD ? 1 : 0),
        .cost_cents = container->cost_cents,
        .status = container->where == CONTAINER_IN_YARD ? CONTAINER_WAITING : CONTAINER_RIDING};
}

/* ---- containers come ---- */

static bool comes_first(const struct freight *freight, int32_t one, int32_t other) {
    const int64_t one_ms = freight->offers[one].next_ms, other_ms = freight->offers[other].next_ms;
    return one_ms < other_ms || (one_ms == other_ms && one < other);
}

static void sink(const struct freight *freight, struct station_state *station, int32_t at) {
    const int32_t flow = station->flows[at];
    for (int32_t child; (child = 2 * at + 1) < station->flow_count; at = child) {
        if (child + 1 < station->flow_count && comes_first(freight, station->flows[child + 1], station->flows[child]))
            child++;
        if (!comes_first(freight, station->flows[child], flow)) break;
        station->flows[at] = station->flows[child];
    }
    station->flows[at] = flow;
}

void freight_order_flows(struct freight *freight, struct station_state *station) {
    for (int32_t i = station->flow_count / 2; i-- > 0;) sink(freight, station, i);
}

static void refuse(struct freight *freight, int32_t terminal, const struct container *container) {
    const int32_t flow = freight->plan->hops[container->hop].flow;
    freight->counts[flow].refused += container->teu;
    day_of(freight, flow, container->arrived_ms)->refused += container->teu;
    if (container->counted) {
        freight->window_counts[flow].refused += container->teu;
        freight->terminal_uses[terminal].teu_refused += container->teu;
    }
    if (!freight->run.told) return;
    struct container_record record = freight_record(freight, container);
    record.status = CONTAINER_REFUSED;
    freight->run.told(freight->run.context, &record);
}

/* A load that goes the way that empties are to go uses one of them. */
static void lower_debts(struct freight *freight, int32_t flow, int32_t teu) {
    const struct freight_plan *plan = freight->plan;
    for (int32_t i = plan->first_lowered[flow]; i < plan->first_lowered[flow + 1] && teu > 0; i++) {
        struct debt *debt = &freight->debts[plan->lowered[i]];
        if (teu == 2 && debt->forty > 0) {
            debt->forty--;
            return;
        }
        if (debt->twenty == 0 && debt->forty > 0) { /* half of it is still owed */
            debt->forty--;
            debt->twenty++;
            return;
        }
        const int64_t used = debt->twenty < teu ? debt->twenty : teu;
        debt->twenty -= used;
        teu -= (int32_t)used;
    }
}

static void admit(struct freight *freight, int32_t terminal, const struct container *offered) {
    const int32_t flow = freight->plan->hops[offered->hop].flow;
    const int32_t place = freight->offers[flow].number <= UINT32_MAX ? container_pool_take(&freight->pool) : -1;
    if (place < 0) {
        freight->no_memory = true;
        return;
    }
    freight->pool.containers[place] = *offered;
    container_list_add(&freight->queues[2 * offered->hop + offered->teu - 1], freight->pool.containers, place);
    yard_enter(&freight->stations[terminal].yard, offered->arrived_ms, offered->teu);
    freight->counts[flow].waiting += offered->teu;
    if (offered->counted) freight->window_counts[flow].waiting += offered->teu;
    lower_debts(freight, flow, offered->teu);
}

/* The next container of those that begin at the terminal. */
static void offer_next(struct freight *freight, int32_t terminal) {
    struct station_state *station = &freight->stations[terminal];
    const int32_t flow = station->flows[0];
    struct offers *offers = &freight->offers[flow];
    const struct container offered = {.arrived_ms = offers->next_ms,
                                      .came_ms = offers->next_ms,
                                      .loaded_ms = TIME_NONE_MS,
                                      .number = (uint32_t)offers->number,
                                      .hop = (unsigned)freight->plan->first_hop[flow] & GREATEST_HOP,
                                      .teu = (unsigned)offers->next_teu & 3,
                                      .where = CONTAINER_IN_YARD,
                                      .counted = freight_in_window(freight, offers->next_ms)};
    freight->counts[flow].offered += offered.teu;
    if (offered.counted) {
        freight->window_counts[flow].offered += offered.teu;
        freight->uses[flow].containers_offered++;
    }
    day_of(freight, flow, offered.arrived_ms)->offered += offered.teu;
    if (yard_admit(&station->yard, freight->plan->class[flow], offered.teu))
        admit(freight, terminal, &offered);
    else
        refuse(freight, terminal, &offered);
    offers_next(offers, &freight->plan->input.traffic->flows[flow], &freight->offer_setting);
    sink(freight, station, 0);
}

/* ---- cranes finish ---- */

static void charge(struct freight *freight, struct container *container, enum account account, int64_t time_ms,
                   int64_t cents) {
    if (cents == 0) return;
    ledger_post(&freight->ledger, account, time_ms, -cents);
    container->cost_cents += cents;
    if (container->counted) freight->uses[freight->plan->hops[container->hop].flow].cost_cents += cents;
}

static int64_t overlap_ms(const struct freight *freight, int64_t from_ms, int64_t to_ms) {
    if (from_ms < freight->run.window_from_ms) from_ms = freight->run.window_from_ms;
    if (to_ms > freight->run.window_to_ms) to_ms = freight->run.window_to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static void end_lift(struct freight *freight, int32_t terminal, struct container *container, const struct work *work) {
    struct terminal_use *use = &freight->terminal_uses[terminal];
    use->lifts += freight_in_window(freight, work->end_ms);
    use->crane_busy_ms += overlap_ms(freight, work->begin_ms, work->end_ms);
    charge(freight, container, ACCOUNT_LIFTS, work->end_ms, freight->lift_cents);
}

static void end_loading(struct freight *freight, int32_t terminal, struct container *container, int64_t time_ms) {
    const struct freight_hop *hop = &freight->plan->hops[container->hop];
    container->where = CONTAINER_ABOARD;
    if (hop->first) container->loaded_ms = time_ms;
    if (hop->empty) {
        if (container->counted) freight->uses[hop->flow].teu_empties += container->teu;
        return;
    }
    if (hop->first) day_of(freight, hop->flow, time_ms)->loaded += container->teu;
    struct yard *yard = &freight->stations[terminal].yard;
    yard_leave(yard, time_ms, container->teu);
    yard_release(yard, hop->remaining + 1, container->teu);
    const double days = (double)(time_ms - container->came_ms) / (double)MILLISECONDS_PER_DAY;
    charge(freight, container, ACCOUNT_YARD, time_ms,
           llround(container->teu * days * freight->plan->input.prices.yard_cents_per_teu_day));
}

/* It waits for its next train. */
static void change_trains(struct freight *freight, int32_t terminal, int32_t place, int64_t time_ms) {
    struct container *container = &freight->pool.containers[place];
    const int32_t flow = freight->plan->hops[container->hop].flow;
    container->hop++;
    container->came_ms = time_ms;
    container->where = CONTAINER_IN_YARD;
    container_list_add(&freight->queues[2 * container->hop + container->teu - 1], freight->pool.containers, place);
    yard_enter(&freight->stations[terminal].yard, time_ms, container->teu);
    freight->counts[flow].riding -= container->teu;
    freight->counts[flow].waiting += container->teu;
    if (!container->counted) return;
    freight->window_counts[flow].riding -= container->teu;
    freight->window_counts[flow].waiting += container->teu;
}

static int64_t late_penalty(const struct flow *flow, int32_t teu, int64_t transit_ms) {
    const double days = (double)(transit_ms - flow->due_ms) / (double)MILLISECONDS_PER_DAY;
    return llround(teu * (double)flow->late_cents_per_teu_day * days);
}

static void count_delivery(struct freight *freight, const struct container *container, int64_t time_ms, bool late) {
    const int32_t flow = freight->plan->hops[container->hop].flow, teu = container->teu;
    freight->counts[flow].riding -= teu;
    freight->counts[flow].delivered += teu;
    day_of(freight, flow, time_ms)->delivered += teu;
    if (freight_in_window(freight, time_ms)) freight->teu_delivered_in_window += teu;
    if (!container->counted) return;
    struct flow_use *use = &freight->uses[flow];
    freight->window_counts[flow].riding -= teu;
    freight->window_counts[flow].delivered += teu;
    use->containers_delivered++;
    use->containers_late += late;
    use->teu_late += late ? teu : 0;
    note_transit(freight, flow, time_ms - container->arrived_ms);
}

/* What a delivered container earns. */
struct earned {
    int64_t revenue_cents, penalty_cents;
};

static struct earned earn(struct freight *freight, const struct container *container, int64_t time_ms) {
    const int32_t flow_index = freight->plan->hops[container->hop].flow, teu = container->teu;
    const struct flow *flow = &freight->plan->input.traffic->flows[flow_index];
    const int64_t transit_ms = time_ms - container->arrived_ms;
    const bool late = flow->due_ms >= 0 && transit_ms > flow->due_ms;
    const struct earned earned = {teu * flow->tariff_cents, late ? late_penalty(flow, teu, transit_ms) : 0};
    ledger_post(&freight->ledger, ACCOUNT_TARIFF, time_ms, earned.revenue_cents);
    if (earned.penalty_cents) ledger_post(&freight->ledger, ACCOUNT_LATE_PENALTY, time_ms, -earned.penalty_cents);
    count_delivery(freight, container, time_ms, late);
    if (container->counted) {
        freight->uses[flow_index].revenue_cents += earned.revenue_cents;
        freight->uses[flow_index].penalty_cents += earned.penalty_cents;
    }
    return earned;
}

static void owe_empty(struct freight *freight, int32_t flow, int32_t teu) {
    if (!freight->plan->input.traffic->flows[flow].empties_return) return;
    if (teu == 2)
        freight->debts[flow].forty++;
    else
        freight->debts[flow].twenty++;
}

static void tell_delivered(const struct freight *freight, const struct container *container, int64_t time_ms,
                           const struct earned *earned) {
    struct container_record record = freight_record(freight, container);
    record.delivered_ms = time_ms;
    record.status = CONTAINER_DELIVERED;
    record.revenue_cents = earned->revenue_cents;
    record.penalty_cents = earned->penalty_cents;
    freight->run.told(freight->run.context, &record);
}

static void deliver(struct freight *freight, int32_t terminal, int32_t place, int64_t time_ms) {
    struct container *container = &freight->pool.containers[place];
    const struct freight_hop *hop = &freight->plan->hops[container->hop];
    struct yard *yard = &freight->stations[terminal].yard;
    struct earned earned = {0};
    if (!hop->empty) {
        earned = earn(freight, container, time_ms);
        owe_empty(freight, hop->flow, container->teu);
    }
    if (!hop->empty || yard->rules->pickup_ms > 0) yard_deliver(yard, time_ms, container->teu);
    if (freight->run.told) tell_delivered(freight, container, time_ms, &earned);
    container_pool_give(&freight->pool, place);
}

static void end_work(struct freight *freight, int32_t terminal) {
    const struct work work = agenda_take(&freight->stations[terminal].agenda);
    struct container *container = &freight->pool.containers[work.container];
    const struct freight_hop *hop = &freight->plan->hops[container->hop];
    if (hop->empty && work.ends == WORK_LOADING) container->counted = freight_in_window(freight, work.end_ms);
    if (work.lift) end_lift(freight, terminal, container, &work);
    if (work.ends == WORK_LOADING)
        end_loading(freight, terminal, container, work.end_ms);
    else if (work.ends == WORK_UNLOADING && hop->remaining > 0)
        change_trains(freight, terminal, work.container, work.end_ms);
    else if (work.ends == WORK_UNLOADING)
        deliver(freight, terminal, work.container, work.end_ms);
}

/* ---- in the order of the clock ---- */

void freight_add_work(struct freight *freight, int32_t terminal, const struct work *work) {
    if (!agenda_add(&freight->stations[terminal].agenda, work)) freight->no_memory = true;
    if (work->end_ms < freight->next_ms[terminal]) freight->next_ms[terminal] = work->end_ms;
}

/* At one instant slots fall free first, then cranes finish, then containers come. */
static void catch_up_terminal(struct freight *freight, int32_t terminal, int64_t time_ms) {
    struct station_state *station = &freight->stations[terminal];
    for (;;) {
        const int64_t pickup_ms = yard_next_pickup_ms(&station->yard), work_ms = agenda_next_ms(&station->agenda);
        const int64_t offer_ms = station->flow_count > 0 ? freight->offers[station->flows[0]].next_ms : INT64_MAX;
        const int64_t own_ms = pickup_ms < work_ms ? pickup_ms : work_ms;
        const int64_t next_ms = own_ms < offer_ms ? own_ms : offer_ms;
        if (next_ms > time_ms) {
            freight->next_ms[terminal] = next_ms;
            return;
        }
        if (pickup_ms == next_ms)
            yard_pick_up(&station->yard);
        else if (work_ms == next_ms)
            end_work(freight, terminal);
        else
            offer_next(freight, terminal);
    }
}

void freight_catch_up(struct freight *freight, int64_t time_ms) {
    if (time_ms >= freight->end_ms) time_ms = freight->end_ms - 1;
    for (int32_t i = 0; i < freight->plan->terminal_count; i++)
        if (freight->next_ms[i] <= time_ms) catch_up_terminal(freight, i, time_ms);
}
