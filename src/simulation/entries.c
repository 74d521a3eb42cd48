#include "simulation/entries.h"

#include <math.h>
#include <stdlib.h>

#include "simulation/draws.h"
#include "simulation/handling.h"
#include "simulation/journal.h"
#include "simulation/proposals.h"
#include "simulation/requests.h"

enum { FIRST_SLOTS = 64 };

bool entries_grow_slots(struct simulation *simulation) {
    int32_t old = simulation->train_room, room = old ? 2 * old : FIRST_SLOTS;
    const struct simulation_plan *plan = simulation->plan;
    struct train *trains = realloc(simulation->trains, (size_t)room * sizeof *trains);
    if (trains) simulation->trains = trains;
    struct stage *stages = realloc(simulation->stages, (size_t)room * (size_t)plan->most_calls * sizeof *stages);
    if (stages) simulation->stages = stages;
    struct asked *asked = realloc(simulation->asked, (size_t)room * sizeof *asked);
    if (asked) simulation->asked = asked;
    int32_t *ready = realloc(simulation->ready, (size_t)room * sizeof *ready);
    if (ready) simulation->ready = ready;
    int32_t *indicating = realloc(simulation->indicating, (size_t)room * sizeof *indicating);
    if (indicating) simulation->indicating = indicating;
    bool blocks_done = true;
    if (simulation->options.want_blocks) {
        struct train_block *blocks =
            realloc(simulation->blocks, ((size_t)room * (size_t)plan->most_blocks + 1) * sizeof *blocks);
        if (blocks) simulation->blocks = blocks;
        blocks_done = blocks != NULL;
    }
    if (!trains || !asked || !stages || !ready || !indicating || !blocks_done ||
        !interlocking_reserve(simulation->line, room))
        return false;
    for (int32_t i = old; i < room; i++) {
        trains[i] = (struct train){.phase = PHASE_FREE, .first_wish = -1};
        trains[i].refusal.next = i + 1 < room ? i + 1 : simulation->free_slot;
    }
    simulation->free_slot = old;
    simulation->train_room = room;
    return true;
}

static int32_t take_slot(struct simulation *simulation) {
    if (simulation->free_slot < 0 && !entries_grow_slots(simulation)) {
        simulation->no_memory = true;
        return -1;
    }
    int32_t slot = simulation->free_slot;
    simulation->free_slot = simulation->trains[slot].refusal.next;
    return slot;
}

void entries_give_slot_back(struct simulation *simulation, int32_t slot) {
    simulation->trains[slot] = (struct train){.phase = PHASE_FREE, .first_wish = -1};
    simulation->trains[slot].refusal.next = simulation->free_slot;
    simulation->free_slot = slot;
}

void entries_fill_train(struct simulation *simulation, int32_t slot, int32_t trip_index,
                        const struct outsider *outsider) {
    const struct trip *trip = &simulation->plan->trips[trip_index];
    bool timetable = trip->plan->kind == PLAN_TIMETABLE;
    simulation->trains[slot] =
        (struct train){.id = outsider->id,
                       .trip = trip_index,
                       .day = outsider->day,
                       .number = outsider->number,
                       .phase = PHASE_OUTSIDE,
                       .planned_departure_ms = outsider->planned_ms,
                       .base_ms = timetable ? outsider->planned_ms - trip->planned_departure_ms : outsider->planned_ms,
                       .entry_ready_ms = outsider->ready_ms,
                       .seniority_ms = outsider->seniority_ms,
                       .ready_planned_ms = outsider->planned_ms,
                       .ready_ms = outsider->ready_ms,
                       .asked_ms = simulation->now_ms,
                       .noted_ms = outsider->ready_ms,
                       .first_wish = -1,
                       .load = outsider->load,
                       .next_load = -1,
                       .factor = 1};
    handling_weigh(simulation, &simulation->trains[slot]);
    struct commitment *commitment = &simulation->line->commitments[slot];
    *commitment = (struct commitment){.path = -1,
                                      .track = -1,
                                      .onward_path = proposals_onward_path(simulation, &simulation->trains[slot]),
                                      .plain = trip->plain};
    const struct path *path = path_of(simulation, &simulation->trains[slot]);
    for (int32_t i = 0; i < path->node_count - 1; i++)
        simulation->demand[path->legs[i].road * 2 + path->legs[i].direction] += path->legs[i].kind != LEG_ENTER;
    journal_begin(simulation, slot);
}

void entries_take_from_demand(struct simulation *simulation, const struct path *path, int32_t from, int32_t to) {
    for (int32_t i = from; i < to; i++)
        simulation->demand[path->legs[i].road * 2 + path->legs[i].direction] -= path->legs[i].kind != LEG_ENTER;
}

/* The first of a plan's queue gets a slot and asks. */
void entries_bring_forward(struct simulation *simulation, int32_t trip) {
    struct outside_queue *queue = &simulation->outside[trip];
    if (queue->slot >= 0 || queue->count == 0) return;
    int32_t slot = take_slot(simulation);
    if (slot < 0) return;
    entries_fill_train(simulation, slot, trip, &queue->ring[queue->first]);
    queue->slot = slot;
    requests_ask(simulation, slot);
}

void entries_queue(struct simulation *simulation, int32_t trip, const struct outsider *outsider) {
    struct outside_queue *queue = &simulation->outside[trip];
    if (queue->count == queue->room) {
        int32_t room = queue->room ? 2 * queue->room : 4;
        struct outsider *ring = malloc((size_t)room * sizeof *ring);
        if (!ring) {
            simulation->no_memory = true;
            return;
        }
        for (int32_t i = 0; i < queue->count; i++) ring[i] = queue->ring[(queue->first + i) % queue->room];
        free(queue->ring);
        queue->ring = ring;
        queue->room = room;
        queue->first = 0;
    }
    queue->ring[(queue->first + queue->count++) % queue->room] = *outsider;
    entries_bring_forward(simulation, trip);
}

void entries_leave_queue(struct simulation *simulation, int32_t trip) {
    struct outside_queue *queue = &simulation->outside[trip];
    queue->first = (queue->first + 1) % queue->room;
    queue->count--;
    queue->slot = -1;
}

/* Trains of an endless queue have no time at which they came. The service that has sent off most (for its weight)
 * counts as coming now; the others as if they had come at its rate, so that one that falls behind gains seniority. */
static int64_t saturated_seniority(const struct simulation *simulation, int32_t trip) {
    double most = 0;
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) most = fmax(most, simulation->carried[i]);
    return most > 0 ? (int64_t)((double)simulation->now_ms * (simulation->carried[trip] / most)) : simulation->now_ms;
}

void entries_add_saturated(struct simulation *simulation, int32_t trip) {
    struct calendar *calendar = &simulation->arrivals[trip].calendar;
    int64_t day = simulation->now_ms / MILLISECONDS_PER_DAY;
    if (day != calendar->day) *calendar = (struct calendar){.day = day};
    struct outsider outsider = {.id = ++simulation->last_id,
                                .day = day + 1,
                                .number = ++calendar->number,
                                .planned_ms = simulation->now_ms,
                                .ready_ms = simulation->now_ms,
                                .seniority_ms = saturated_seniority(simulation, trip),
                                .load = -1};
    entries_queue(simulation, trip, &outsider);
}

void entries_plan_next(struct simulation *simulation, int32_t trip) {
    const struct scenario *scenario = simulation->plan->scenario;
    struct stream stream = {(uint64_t)scenario->settings.seed, STREAM_ARRIVAL,
                            (uint64_t)simulation->options.replication};
    struct arrival_of_trip *arrival = &simulation->arrivals[trip];
    if (!calendar_next(&arrival->calendar, simulation->plan->trips[trip].plan, trip, scenario->settings.start_weekday,
                       scenario->settings.repeat_once, &stream, &arrival->next))
        return;
    /* it comes into being in time for its route to be set, and for it to be loaded, by then */
    int64_t at = arrival->next.time_ms;
    if (!simulation->plan->trips[trip].plan->starts_standing) at -= handling_lead_ms(simulation);
    if (at < simulation->now_ms) at = simulation->now_ms;
    if (!event_queue_push(simulation->calendar_events, at, 0, (uint32_t)trip, 0)) simulation->no_memory = true;
    if (at < simulation->next_creation_ms) simulation->next_creation_ms = at;
}

/* It waits unseen for an event of its own. */
static void come_late(struct simulation *simulation, int32_t trip, const struct outsider *outsider,
                      enum event_kind kind, int64_t at_ms) {
    if (simulation->latecomer_free < 0) {
        int32_t old = simulation->latecomer_room, room = old ? 2 * old : 32;
        struct latecomer *latecomers = realloc(simulation->latecomers, (size_t)room * sizeof *latecomers);
        if (!latecomers) {
            simulation->no_memory = true;
            return;
        }
        simulation->latecomers = latecomers;
        simulation->latecomer_room = room;
        for (int32_t i = old; i < room; i++) latecomers[i].next = i + 1 < room ? i + 1 : -1;
        simulation->latecomer_free = old;
    }
    int32_t index = simulation->latecomer_free;
    simulation->latecomer_free = simulation->latecomers[index].next;
    simulation->latecomers[index] = (struct latecomer){trip, -1, *outsider};
    if (!event_queue_push(simulation->events, at_ms, CLASS_READY, kind, (uint32_t)index)) simulation->no_memory = true;
    simulation->latecomers_due++;
}

static void queue_when_ready(struct simulation *simulation, int32_t trip, const struct outsider *outsider) {
    const int64_t ask = outsider->ready_ms - simulation->line->lead_ms;
    if (ask > simulation->now_ms)
        come_late(simulation, trip, outsider, EVENT_ENTRY, ask);
    else
        entries_queue(simulation, trip, outsider);
}

/* Loads it, now or at closing time, and queues it when that is done. */
static void load_then_queue(struct simulation *simulation, int32_t trip, struct outsider *outsider) {
    int64_t again = handling_closing_ms(simulation, trip, outsider->planned_ms);
    if (again <= simulation->now_ms) again = handling_load_outside(simulation, outsider);
    if (again != INT64_MAX)
        come_late(simulation, trip, outsider, EVENT_LOADING, again);
    else
        queue_when_ready(simulation, trip, outsider);
}

void entries_loading(struct simulation *simulation, int32_t index) {
    struct latecomer late = simulation->latecomers[index];
    simulation->latecomers[index].next = simulation->latecomer_free;
    simulation->latecomer_free = index;
    simulation->latecomers_due--;
    const int64_t again = handling_load_outside(simulation, &late.outsider);
    if (again != INT64_MAX)
        come_late(simulation, late.trip, &late.outsider, EVENT_LOADING, again);
    else
        queue_when_ready(simulation, late.trip, &late.outsider);
}

static void place_standing(struct simulation *simulation, int32_t trip, struct outsider *outsider) {
    int32_t slot = take_slot(simulation);
    if (slot < 0) return;
    entries_fill_train(simulation, slot, trip, outsider);
    struct train *train = &simulation->trains[slot];
    train->path = trip_of(simulation, train)->path; /* as if full, until it is loaded */
    const struct path *path = path_of(simulation, train);
    int32_t binding = trip_of(simulation, train)->nodes[0].track;
    if (!interlocking_place(simulation->line, slot, train->path, 0, binding, simulation->now_ms)) {
        /* its track is taken: it waits outside for it like any other */
        entries_take_from_demand(simulation, path, 0, path->node_count - 1);
        entries_give_slot_back(simulation, slot);
        if (handling_loads_at_origin(simulation, trip))
            load_then_queue(simulation, trip, outsider);
        else
            queue_when_ready(simulation, trip, outsider);
        return;
    }
    simulation->placed = true;
    journal_arrival(simulation, slot, 0, simulation->line->commitments[slot].track, simulation->now_ms, true);
    train->ready_planned_ms = draws_ready_planned(simulation, train, 0, simulation->now_ms);
    train->ready_ms = outsider->ready_ms > train->ready_planned_ms ? outsider->ready_ms : train->ready_planned_ms;
    train->noted_ms = train->seniority_ms = train->ready_ms;
    train->phase = PHASE_DWELLING;
    requests_wake_place(simulation, path->nodes[0].place);
    if (handling_wait_standing(simulation, slot)) return;
    int64_t ask = train->ready_ms - simulation->line->lead_ms;
    if (ask < simulation->now_ms) ask = simulation->now_ms;
    if (!event_queue_push(simulation->events, ask, CLASS_READY, EVENT_READY, (uint32_t)slot))
        simulation->no_memory = true;
}

static void create_train(struct simulation *simulation, int32_t trip_index) {
    const struct trip *trip = &simulation->plan->trips[trip_index];
    const struct calendar_entry entry = simulation->arrivals[trip_index].next;
    int64_t planned = entry.time_ms;
    if (trip->plan->kind == PLAN_TIMETABLE)
        planned = (entry.day - 1) * MILLISECONDS_PER_DAY + trip->planned_departure_ms;
    struct outsider outsider = {.id = ++simulation->last_id,
                                .day = entry.day,
                                .number = entry.number,
                                .planned_ms = planned,
                                .ready_ms = planned,
                                .seniority_ms = planned};
    if (!law_is_constant(&trip->plan->entry_delay) || law_mean(&trip->plan->entry_delay) > 0) {
        struct train train = {.trip = trip_index, .day = entry.day, .number = entry.number};
        outsider.ready_ms += draws_delay_ms(simulation, &train, STREAM_ENTRY_DELAY, 0, &trip->plan->entry_delay);
        outsider.seniority_ms = outsider.ready_ms;
    }
    entries_plan_next(simulation, trip_index);
    if (!handling_begin(simulation, trip_index, &outsider)) return;
    if (trip->plan->starts_standing)
        place_standing(simulation, trip_index, &outsider);
    else if (handling_loads_at_origin(simulation, trip_index))
        load_then_queue(simulation, trip_index, &outsider);
    else
        queue_when_ready(simulation, trip_index, &outsider);
}

void entries_create_due(struct simulation *simulation) {
    struct event event;
    simulation->due_count = 0;
    while (event_queue_pop_at(simulation->calendar_events, simulation->now_ms, &event)) {
        /* kept in the order of the schedule's rows, which decides at equal times */
        int32_t at = simulation->due_count++;
        for (; at > 0 && simulation->due[at - 1] > (int32_t)event.kind; at--)
            simulation->due[at] = simulation->due[at - 1];
        simulation->due[at] = (int32_t)event.kind;
        simulation->events_done++;
    }
    simulation->next_creation_ms = event_queue_next_time(simulation->calendar_events);
    for (int32_t i = 0; i < simulation->due_count; i++) create_train(simulation, simulation->due[i]);
}
