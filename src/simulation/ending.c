#include "simulation/ending.h"

#include <stdlib.h>

#include "simulation/handling.h"
#include "simulation/journal.h"

static enum train_status status_at_end(const struct train *train) {
    if (train->phase == PHASE_OUTSIDE) return TRAIN_NOT_ENTERED;
    return train->phase == PHASE_RUNNING   ? TRAIN_RUNNING
           : train->phase == PHASE_LEAVING ? TRAIN_ARRIVED
                                           : TRAIN_WAITING;
}

static int compare_slots_by_id(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return a[0] < b[0] ? -1 : a[0] > b[0];
}

/* Whether a train would be there by now did it not have to be loaded before it departs. */
static bool is_known(const struct simulation *simulation, const struct outsider *outsider) {
    const int64_t known_ms = outsider->planned_ms - simulation->line->lead_ms;
    return simulation->now_ms < simulation->end_ms ? known_ms <= simulation->now_ms : known_ms < simulation->end_ms;
}

/* A trainset that has turned round and is still under the cranes though its next train is due: that one is told of,
 * too. (Whatever is not loaded there begins its next train as it is due.) */
static void tell_turned(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const int32_t onward = trip_of(simulation, train)->onward;
    if (train->phase != PHASE_LEAVING || onward < 0) return;
    struct outsider next = handling_next_of(simulation, train);
    if (next.planned_ms >= simulation->now_ms) return;
    next.id = ++simulation->last_id;
    if (next.load >= 0) freight_load_is_of(simulation->freight, next.load, next.id);
    journal_tell_outsider(simulation, onward, &next);
}

/* Tells all trains that have not ended, in the order of their ids. */
static void tell_the_rest(struct simulation *simulation) {
    int64_t(*order)[2] = calloc((size_t)simulation->train_room + 1, sizeof *order);
    if (!order) {
        simulation->no_memory = true;
        return;
    }
    size_t count = 0;
    for (int32_t slot = 0; slot < simulation->train_room; slot++)
        if (simulation->trains[slot].phase != PHASE_FREE) {
            order[count][0] = simulation->trains[slot].id;
            order[count++][1] = slot;
        }
    qsort(order, count, sizeof *order, compare_slots_by_id);
    for (size_t i = 0; i < count; i++) {
        int32_t slot = (int32_t)order[i][1];
        const struct train *train = &simulation->trains[slot];
        journal_end(simulation, slot);
        enum train_status status = status_at_end(train);
        if (status == TRAIN_ARRIVED) handling_end(simulation, slot, train->ready_ms);
        journal_tell(simulation, slot, status, status == TRAIN_ARRIVED ? train->ready_ms : TIME_NONE);
    }
    for (size_t i = 0; i < count; i++) tell_turned(simulation, (int32_t)order[i][1]);
    free(order);
    for (int32_t trip = 0; trip < simulation->plan->trip_count; trip++) {
        const struct outside_queue *queue = &simulation->outside[trip];
        for (int32_t i = queue->slot >= 0 ? 1 : 0; i < queue->count; i++)
            journal_tell_outsider(simulation, trip, &queue->ring[(queue->first + i) % queue->room]);
    }
    struct event event;
    while (event_queue_pop(simulation->events, &event))
        if (event.kind == EVENT_ENTRY || event.kind == EVENT_LOADING) {
            const struct latecomer *late = &simulation->latecomers[event.subject];
            if (is_known(simulation, &late->outsider)) journal_tell_outsider(simulation, late->trip, &late->outsider);
        }
}

void ending_tell(struct simulation *simulation) {
    bool open_end = simulation->end_ms == INT64_MAX;
    if (!open_end && !simulation->deadlocked && !simulation->interrupted) {
        bool once = simulation->plan->scenario->settings.repeat_once;
        if (!once || event_queue_next_time(simulation->events) != INT64_MAX) simulation->now_ms = simulation->end_ms;
    }
    if (open_end || simulation->now_ms < simulation->window_to_ms) simulation->window_to_ms = simulation->now_ms;
    /* stopped or deadlocked before the warm-up was over: an empty window */
    if (simulation->window_to_ms < simulation->window_from_ms) simulation->window_to_ms = simulation->window_from_ms;
    tell_the_rest(simulation);
    journal_sum_up(simulation);
    if (simulation->freight && !freight_finish(simulation->freight, simulation->now_ms)) simulation->no_memory = true;
    if (simulation->no_memory || !simulation->observer || !simulation->observer->end) return;
    struct run_summary summary = {.end_ms = simulation->now_ms,
                                  .window_from_ms = simulation->window_from_ms,
                                  .window_to_ms = simulation->window_to_ms,
                                  .events = simulation->events_done,
                                  .forced_moves = simulation->forced_moves,
                                  .searches = deadlock_searches(simulation->deadlock),
                                  .deadlocked = simulation->deadlocked,
                                  .not_proved = simulation->not_proved,
                                  .interrupted = simulation->interrupted,
                                  .waiting = simulation->waiting,
                                  .waiting_count = simulation->waiting_count,
                                  .sections = simulation->section_use,
                                  .section_busy_ms = simulation->section_busy_ms,
                                  .stations = simulation->station_use};
    if (simulation->freight) summary.freight = freight_results(simulation->freight);
    simulation->observer->end(simulation->observer->context, &summary);
}
