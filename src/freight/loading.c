/* Containers board trains and leave them. */
#include <assert.h>

#include "freight/freight_state.h"
#include "railway/network.h"

/* How often a train that waits for a full load looks again for what no clock announces: containers that other trains
 * bring, and slots that they leave. */
static const int64_t LOOK_AGAIN_MS = 60 * MILLISECONDS_PER_SECOND;

static int64_t later(int64_t one_ms, int64_t other_ms) {
    return one_ms > other_ms ? one_ms : other_ms;
}

/* One loading: of a load at a call. */
struct loading {
    struct load *load;
    int32_t load_index, call, terminal;
    int32_t first, end; /* boardings of the plan */
    int64_t now_ms;
    int32_t room_teu;
};

static const struct freight_boarding *boarding_at(const struct freight *freight, int32_t boarding) {
    return &freight->plan->boardings[boarding];
}

static const struct freight_hop *hop_at(const struct freight *freight, int32_t boarding) {
    return &freight->plan->hops[freight->plan->boardings[boarding].hop];
}

static void come_to(struct freight *freight, int64_t now_ms) {
    assert(now_ms >= freight->now_ms && !freight->finished);
    freight->now_ms = now_ms;
    freight_catch_up(freight, now_ms);
}

/* ---- who is next ---- */

static bool goes_first(const struct freight *freight, const struct candidate *one, const struct candidate *other) {
    if (one->came_ms != other->came_ms) return one->came_ms < other->came_ms;
    const int32_t one_hop = boarding_at(freight, one->boarding)->hop;
    const int32_t other_hop = boarding_at(freight, other->boarding)->hop;
    return one_hop != other_hop ? one_hop < other_hop : one->number < other->number;
}

static void sink(struct freight *freight, int32_t at) {
    struct candidate *candidates = freight->candidates;
    const struct candidate candidate = candidates[at];
    for (int32_t child; (child = 2 * at + 1) < freight->candidate_count; at = child) {
        if (child + 1 < freight->candidate_count && goes_first(freight, &candidates[child + 1], &candidates[child]))
            child++;
        if (!goes_first(freight, &candidates[child], &candidate)) break;
        candidates[at] = candidates[child];
    }
    candidates[at] = candidate;
}

/* The head of a queue. */
static struct candidate candidate_of(const struct freight *freight, int32_t boarding, int32_t queue) {
    const struct container *head = &freight->pool.containers[freight->queues[queue].first];
    return (struct candidate){head->came_ms, head->number, boarding, queue};
}

static void gather_candidates(struct freight *freight, const struct loading *loading) {
    freight->candidate_count = 0;
    for (int32_t i = loading->first; i < loading->end; i++) {
        const int32_t hop = boarding_at(freight, i)->hop;
        for (int32_t queue = 2 * hop; queue < 2 * hop + 2; queue++)
            if (freight->queues[queue].first >= 0)
                freight->candidates[freight->candidate_count++] = candidate_of(freight, i, queue);
    }
    for (int32_t i = freight->candidate_count / 2; i-- > 0;) sink(freight, i);
}

/* The first candidate's queue gives no more. */
static void drop_first(struct freight *freight) {
    freight->candidates[0] = freight->candidates[--freight->candidate_count];
    if (freight->candidate_count > 0) sink(freight, 0);
}

/* ---- boarding ---- */

static void put_aboard(struct freight *freight, struct loading *loading, int32_t boarding, int32_t place) {
    const struct freight_hop *hop = hop_at(freight, boarding);
    struct container *container = &freight->pool.containers[place];
    struct lift lift = {loading->now_ms, loading->now_ms};
    if (hop->loads_by_lift) lift = cranes_lift(&freight->stations[loading->terminal].cranes, loading->now_ms);
    container->where = CONTAINER_BOARDING;
    container->train = loading->load_index;
    const int64_t list =
        (int64_t)loading->load_index * freight->plan->most_stops + boarding_at(freight, boarding)->stop;
    container_list_add(&freight->aboard[list], freight->pool.containers, place);
    loading->room_teu -= container->teu;
    loading->load->aboard_teu += container->teu;
    loading->load->total_teu += container->teu;
    loading->load->done_ms = later(loading->load->done_ms, lift.end_ms);
    freight_add_work(freight, loading->terminal,
                     &(struct work){lift.end_ms, lift.begin_ms, place, hop->loads_by_lift, WORK_LOADING});
}

static void count_boarding(struct freight *freight, const struct container *container, int32_t flow) {
    freight->counts[flow].waiting -= container->teu;
    freight->counts[flow].riding += container->teu;
    if (!container->counted) return;
    freight->window_counts[flow].waiting -= container->teu;
    freight->window_counts[flow].riding += container->teu;
}

/* A slot in the yard where it leaves the train. Where there is none, nobody else takes one there in this loading: else
 * 40-foot containers, which need two, would wait for ever. */
static bool reserve_slot(struct freight *freight, const struct freight_hop *hop, int32_t teu) {
    int64_t *slotless = &freight->slotless[yard_class_index(freight->plan, hop->to, hop->remaining)];
    if (*slotless == freight->loadings) return false;
    if (yard_reserve(&freight->stations[hop->to].yard, hop->remaining, teu)) return true;
    *slotless = freight->loadings;
    return false;
}

static void board_waiting(struct freight *freight, struct loading *loading) {
    gather_candidates(freight, loading);
    while (freight->candidate_count > 0 && loading->room_teu > 0) {
        const struct candidate next = freight->candidates[0];
        const struct freight_hop *hop = hop_at(freight, next.boarding);
        const int32_t teu = 1 + next.queue % 2;
        if (teu > loading->room_teu || !reserve_slot(freight, hop, teu)) {
            drop_first(freight);
            continue;
        }
        struct container_list *queue = &freight->queues[next.queue];
        const int32_t place = container_list_take(queue, freight->pool.containers);
        count_boarding(freight, &freight->pool.containers[place], hop->flow);
        put_aboard(freight, loading, next.boarding, place);
        if (queue->first < 0) {
            drop_first(freight);
            continue;
        }
        freight->candidates[0] = candidate_of(freight, next.boarding, next.queue);
        sink(freight, 0);
    }
}

/* ---- empties ---- */

/* One of those owed; false: it cannot be loaded. */
static bool board_empty(struct freight *freight, struct loading *loading, int32_t boarding, int32_t teu) {
    const struct freight_hop *hop = hop_at(freight, boarding);
    const bool stays = freight->plan->terminals[hop->to].yard.pickup_ms > 0;
    if (teu > loading->room_teu || (stays && !reserve_slot(freight, hop, teu))) return false;
    const int32_t place = freight->empties[hop->flow] < UINT32_MAX ? container_pool_take(&freight->pool) : -1;
    if (place < 0) {
        freight->no_memory = true;
        return false;
    }
    freight->pool.containers[place] =
        (struct container){.arrived_ms = loading->now_ms,
                           .came_ms = loading->now_ms,
                           .loaded_ms = INT64_MIN,
                           .number = (uint32_t)++freight->empties[hop->flow],
                           .hop = (unsigned)boarding_at(freight, boarding)->hop & GREATEST_HOP,
                           .teu = (unsigned)teu & 3};
    put_aboard(freight, loading, boarding, place);
    return true;
}

static void board_empties(struct freight *freight, struct loading *loading) {
    for (int32_t i = loading->first; i < loading->end; i++) {
        if (!hop_at(freight, i)->empty) continue;
        struct debt *debt = &freight->debts[hop_at(freight, i)->flow];
        while (debt->forty > 0 && board_empty(freight, loading, i, 2)) debt->forty--;
        while (debt->twenty > 0 && board_empty(freight, loading, i, 1)) debt->twenty--;
    }
}

/* ---- the whole ---- */

/* What more of those without a slot would have fitted on the train. */
static int64_t left_behind_teu(const struct freight *freight, const struct loading *loading) {
    int64_t twenty = 0, forty = 0;
    for (int32_t i = loading->first; i < loading->end; i++) {
        const struct freight_hop *hop = hop_at(freight, i);
        if (hop->empty ||
            freight->slotless[yard_class_index(freight->plan, hop->to, hop->remaining)] != freight->loadings)
            continue;
        twenty += freight->queues[2 * boarding_at(freight, i)->hop].teu;
        forty += freight->queues[2 * boarding_at(freight, i)->hop + 1].teu;
    }
    const int64_t room_teu = twenty > 0 ? loading->room_teu : loading->room_teu / 2 * 2;
    return twenty + forty < room_teu ? twenty + forty : room_teu;
}

/* When it is worth to look again for more, before the hold ends; INT64_MAX: never, it goes. */
static int64_t look_again_ms(const struct freight *freight, const struct loading *loading, int64_t latest_ms) {
    const int64_t until_ms = latest_ms + freight->plan->terminals[loading->terminal].limits.hold_ms;
    if (loading->call > 0 || freight->plan->terminals[loading->terminal].limits.hold_ms == 0) return INT64_MAX;
    if (loading->room_teu < freight->plan->plans[loading->load->train_plan].least_teu) return INT64_MAX;
    if (loading->now_ms >= until_ms) return INT64_MAX;
    int64_t again_ms = until_ms;
    for (int32_t i = loading->first; i < loading->end; i++) {
        const struct freight_hop *hop = hop_at(freight, i);
        if (hop->empty) continue;
        const bool slotless =
            freight->slotless[yard_class_index(freight->plan, hop->to, hop->remaining)] == freight->loadings;
        const int64_t more_ms =
            hop->first && !slotless ? freight->offers[hop->flow].next_ms : loading->now_ms + LOOK_AGAIN_MS;
        if (more_ms < again_ms) again_ms = more_ms;
    }
    return again_ms;
}

struct handling freight_load(struct freight *freight, int32_t load_index, int32_t call, int64_t now_ms,
                             int64_t latest_ms) {
    struct load *load = &freight->loads[load_index];
    const struct freight_train_plan *train = &freight->plan->plans[load->train_plan];
    assert(load->going);
    come_to(freight, now_ms);
    struct loading loading = {.load = load,
                              .load_index = load_index,
                              .call = call,
                              .now_ms = now_ms,
                              .room_teu = train->capacity_teu - load->aboard_teu};
    freight_plan_boardings_at(freight->plan, load->train_plan, call, &loading.first, &loading.end);
    if (loading.first == loading.end || now_ms >= freight->end_ms)
        return (struct handling){later(now_ms, load->done_ms), INT64_MAX};
    loading.terminal = hop_at(freight, loading.first)->from;
    freight->loadings++;
    board_waiting(freight, &loading);
    const int64_t again_ms = look_again_ms(freight, &loading, latest_ms);
    if (again_ms == INT64_MAX) {
        if (freight_in_window(freight, now_ms))
            freight->terminal_uses[loading.terminal].teu_left_behind += left_behind_teu(freight, &loading);
        board_empties(freight, &loading);
    }
    return (struct handling){later(now_ms, load->done_ms), again_ms};
}

/* ---- leaving ---- */

/* Containers that go on from here on other bogies, as they stand on the train: wagons of 2 TEU. */
struct wagons {
    int64_t teu;
    struct lift lift; /* of the last one */
};

/* A wagon is lifted when the first of its containers is come to, which pays; a container goes on when all that it
 * stands on have been. When that is. */
static int64_t change_bogies(struct freight *freight, int32_t terminal, int32_t place, struct wagons *wagons,
                             int64_t now_ms) {
    int64_t done_ms = now_ms;
    for (int32_t i = 0; i < freight->pool.containers[place].teu; i++) {
        if (wagons->teu++ % 2 == 0) {
            wagons->lift = cranes_lift(&freight->stations[terminal].cranes, now_ms);
            freight_add_work(freight, terminal,
                             &(struct work){wagons->lift.end_ms, wagons->lift.begin_ms, place, 1, WORK_NOTHING});
        }
        done_ms = later(done_ms, wagons->lift.end_ms);
    }
    freight_add_work(freight, terminal, &(struct work){done_ms, done_ms, place, 0, WORK_UNLOADING});
    return done_ms;
}

static int64_t lift_off(struct freight *freight, int32_t terminal, int32_t place, int64_t now_ms) {
    const struct lift lift = cranes_lift(&freight->stations[terminal].cranes, now_ms);
    freight_add_work(freight, terminal, &(struct work){lift.end_ms, lift.begin_ms, place, 1, WORK_UNLOADING});
    return lift.end_ms;
}

int64_t freight_unload(struct freight *freight, int32_t load_index, int32_t call, int64_t now_ms) {
    const struct freight_plan *plan = freight->plan;
    struct load *load = &freight->loads[load_index];
    const struct freight_call *at = &plan->calls[plan->plans[load->train_plan].first_call + call];
    int64_t done_ms = now_ms;
    assert(load->going);
    come_to(freight, now_ms);
    if (!(at->does & CALL_UNLOADS) || now_ms >= freight->end_ms) return now_ms;
    struct container_list *list = &freight->aboard[(int64_t)load_index * plan->most_stops + at->stop];
    struct wagons wagons = {0};
    while (list->first >= 0) {
        const int32_t place = container_list_take(list, freight->pool.containers);
        struct container *container = &freight->pool.containers[place];
        const struct freight_hop *hop = &plan->hops[container->hop];
        assert(container->where == CONTAINER_ABOARD || freight->no_memory);
        container->where = CONTAINER_LEAVING;
        container->train = (int32_t)load->train_id;
        load->aboard_teu -= container->teu;
        done_ms =
            later(done_ms, hop->change == GAUGE_CHANGE_BOGIE ? change_bogies(freight, hop->to, place, &wagons, now_ms)
                                                             : lift_off(freight, hop->to, place, now_ms));
    }
    load->done_ms = later(load->done_ms, done_ms);
    return done_ms;
}
