/* Every container counted where it is, for tests. */
#include <stdlib.h>
#include <string.h>

#include "freight/freight_state.h"

struct census {
    const struct freight *freight;
    struct flow_count *counts, *window_counts; /* [flow] waiting and riding */
    int64_t *used_teu;                         /* [terminal · classes + class] */
    int64_t *works;                            /* [container place] on an agenda that end something */
    bool *listed;                              /* [container place] */
};

static void count_slots(struct census *census, const struct container *container) {
    const struct freight_plan *plan = census->freight->plan;
    const struct freight_hop *hop = &plan->hops[container->hop];
    const bool in_yard = container->where == CONTAINER_IN_YARD || container->where == CONTAINER_BOARDING;
    const bool on_train = container->where != CONTAINER_IN_YARD;
    if (in_yard && !hop->empty)
        census->used_teu[yard_class_index(plan, hop->from, hop->remaining + 1)] += container->teu;
    if (on_train && (!hop->empty || plan->terminals[hop->to].yard.pickup_ms > 0))
        census->used_teu[yard_class_index(plan, hop->to, hop->remaining)] += container->teu;
}

static const char *count_pool(struct census *census) {
    const struct freight *freight = census->freight;
    for (int32_t i = 0; i < freight->pool.count; i++) {
        const struct container *container = &freight->pool.containers[i];
        if (container->where == CONTAINER_NOWHERE) continue;
        const struct freight_hop *hop = &freight->plan->hops[container->hop];
        if (container->teu != 1 && container->teu != 2) return "a container is neither of 20 nor of 40 feet";
        count_slots(census, container);
        const bool works = container->where == CONTAINER_BOARDING || container->where == CONTAINER_LEAVING;
        if (census->works[i] != works)
            return "a container waits for a crane that does not come, or the other way round";
        if (hop->empty) continue;
        const bool waits = container->where == CONTAINER_IN_YARD;
        census->counts[hop->flow].waiting += waits ? container->teu : 0;
        census->counts[hop->flow].riding += waits ? 0 : container->teu;
        if (!container->counted) continue;
        census->window_counts[hop->flow].waiting += waits ? container->teu : 0;
        census->window_counts[hop->flow].riding += waits ? 0 : container->teu;
    }
    return NULL;
}

static const char *compare_counts(const struct flow_count *kept, const struct flow_count *seen) {
    if (kept->waiting != seen->waiting) return "those that wait are not as many as counted";
    if (kept->riding != seen->riding) return "those that ride are not as many as counted";
    if (kept->offered != kept->delivered + kept->riding + kept->waiting + kept->refused)
        return "offered is not delivered + riding + waiting + refused";
    return NULL;
}

/* The TEU of a list; −1: it is broken, or holds one that does not belong there. */
static int64_t list_teu(struct census *census, const struct container_list *list, int32_t hop, int32_t teu,
                        int32_t load) {
    const struct container_pool *pool = &census->freight->pool;
    int64_t sum = 0;
    int32_t last = -1;
    for (int32_t i = list->first; i >= 0; last = i, i = pool->containers[i].next) {
        const struct container *container = &pool->containers[i];
        const bool aboard = container->where == CONTAINER_BOARDING || container->where == CONTAINER_ABOARD;
        if (census->listed[i]) return -1;
        census->listed[i] = true;
        if (load < 0 && (container->where != CONTAINER_IN_YARD || container->hop != hop || container->teu != teu))
            return -1;
        if (load >= 0 && (!aboard || container->train != load)) return -1;
        if (load < 0 && last >= 0 && pool->containers[last].came_ms > container->came_ms) return -1;
        sum += container->teu;
    }
    return last == list->last && sum == list->teu ? sum : -1;
}

static const char *count_queues(struct census *census) {
    for (int32_t i = 0; i < 2 * census->freight->plan->hop_count; i++)
        if (list_teu(census, &census->freight->queues[i], i / 2, 1 + i % 2, -1) < 0)
            return "a queue in a yard is not in order";
    return NULL;
}

static const char *count_loads(struct census *census) {
    const struct freight *freight = census->freight;
    const int32_t stops = freight->plan->most_stops;
    for (int32_t i = 0; i < freight->load_count; i++) {
        int64_t teu = 0;
        for (int32_t k = 0; freight->loads[i].going && k < stops; k++) {
            const int64_t list = list_teu(census, &freight->aboard[(int64_t)i * stops + k], -1, 0, i);
            if (list < 0) return "what is aboard a train is not in order";
            teu += list;
        }
        if (!freight->loads[i].going) continue;
        if (teu != freight->loads[i].aboard_teu) return "a train does not carry what it counts";
        if (teu > freight->plan->plans[freight->loads[i].train_plan].capacity_teu) return "a train carries too much";
    }
    return NULL;
}

static const char *find_lost(const struct census *census) {
    const struct container_pool *pool = &census->freight->pool;
    int32_t free = 0;
    for (int32_t i = pool->free; i >= 0 && free <= pool->count; i = pool->containers[i].next) free++;
    for (int32_t i = 0; i < pool->count; i++) {
        const int32_t where = pool->containers[i].where;
        const bool in_list = where != CONTAINER_NOWHERE && where != CONTAINER_LEAVING;
        if (in_list != census->listed[i]) return "a container is in no list, or in one where it should not be";
        free -= where == CONTAINER_NOWHERE;
    }
    return free == 0 ? NULL : "places of the pool are lost";
}

static const char *count_yards(struct census *census) {
    const struct freight *freight = census->freight;
    for (int32_t i = 0; i < freight->plan->terminal_count; i++) {
        const struct yard *yard = &freight->stations[i].yard;
        const int32_t first = yard_class_index(freight->plan, i, 0);
        for (int64_t k = 0; k < yard->pickup_count; k++)
            census->used_teu[first] += yard->pickups[(yard->first_pickup + k) & (yard->pickup_room - 1)].teu;
        if (!yard_is_sound(yard, census->used_teu + first)) return "a yard's slots do not add up";
    }
    return NULL;
}

static const char *count_all(struct census *census) {
    const struct freight *freight = census->freight;
    for (int32_t i = 0; i < freight->plan->terminal_count; i++)
        for (int64_t k = 0; k < freight->stations[i].agenda.count; k++) {
            const struct work *work = agenda_at(&freight->stations[i].agenda, k);
            census->works[work->container] += work->ends != WORK_NOTHING;
        }
    const char *wrong = count_pool(census);
    for (int32_t i = 0; !wrong && i < freight->plan->flow_count; i++) {
        wrong = compare_counts(&freight->counts[i], &census->counts[i]);
        if (!wrong) wrong = compare_counts(&freight->window_counts[i], &census->window_counts[i]);
    }
    if (!wrong) wrong = count_queues(census);
    if (!wrong) wrong = count_loads(census);
    if (!wrong) wrong = find_lost(census);
    return wrong ? wrong : count_yards(census);
}

const char *freight_census(const struct freight *freight) {
    const size_t flows = (size_t)freight->plan->flow_count, places = (size_t)freight->pool.count;
    const size_t classes = freight->plan->terminal_count > 0 ? (size_t)freight->plan->terminal_count *
                                                                   (size_t)freight->plan->terminals[0].yard.class_count
                                                             : 0;
    struct census census = {.freight = freight,
                            .counts = calloc(flows + 1, sizeof *census.counts),
                            .window_counts = calloc(flows + 1, sizeof *census.window_counts),
                            .used_teu = calloc(classes + 1, sizeof *census.used_teu),
                            .works = calloc(places + 1, sizeof *census.works),
                            .listed = calloc(places + 1, sizeof *census.listed)};
    const char *wrong = "out of memory";
    if (census.counts && census.window_counts && census.used_teu && census.works && census.listed)
        wrong = count_all(&census);
    free(census.counts);
    free(census.window_counts);
    free(census.used_teu);
    free(census.works);
    free(census.listed);
    return wrong;
}
