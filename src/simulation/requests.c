#include "simulation/requests.h"

#include <stdlib.h>

static int32_t origin_of(const struct train *train) {
    return train->phase == PHASE_RUNNING ? train->to : train->at;
}

int32_t requests_turn_of_another(const struct simulation *simulation, const struct train *train) {
    const struct trip *mine = trip_of(simulation, train);
    if (train->phase != PHASE_OUTSIDE || mine->plan->kind != PLAN_SERVICE || mine->plan->arrivals != ARRIVALS_SATURATED)
        return -1;
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) {
        const struct train_plan *other = simulation->plan->trips[i].plan;
        if (i == train->trip || other->kind != PLAN_SERVICE || other->arrivals != ARRIVALS_SATURATED ||
            other->calls[0].station != mine->plan->calls[0].station)
            continue;
        double behind = simulation->carried[train->trip] - simulation->carried[i];
        if (behind > 1e-9 || (behind > -1e-9 && i < train->trip)) return i;
    }
    return -1;
}

/* When a train would have become ready here with nobody in its way: an undelayed train's own time, and for a delayed
 * one its seniority. So trains are served in the order they come, those on the line before those that still queue
 * outside, and the direction that has waited longer first. */
static int64_t asks_since(const struct train *train, int64_t alone_ms) {
    int64_t due = train->seniority_ms + alone_ms;
    int64_t asked = train->phase == PHASE_OUTSIDE ? train->seniority_ms : train->asked_ms;
    return due < asked ? due : asked;
}

static void note_request(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const struct path *path = path_of(simulation, train);
    int32_t from = origin_of(train);
    int64_t alone_ms = trip->nodes[from].alone_ms;
    bool outside = train->phase == PHASE_OUTSIDE;
    simulation->asked[slot] = (struct asked){
        .seen = {.train = slot,
                 .train_id = train->id,
                 .path = path,
                 .from = from,
                 .to = path->nodes[from].next_stand,
                 .since_ms = asks_since(train, alone_ms),
                 .ready_ms = outside ? train->entry_ready_ms : train->asked_ms,
                 .priority = trip->type->priority,
                 .delay_weight = trip->type->delay_weight,
                 .row = trip->plan->row,
                 .direction = trip->direction,
                 .entering = outside,
                 .running = train->phase == PHASE_RUNNING},
        .due_ms = train->planned_departure_ms + alone_ms,
        .own_turn_ms = outside && train->entry_ready_ms > train->asked_ms ? train->entry_ready_ms : train->asked_ms,
        .passed_ms = TIME_NONE};
}

int32_t requests_target_of_several(const struct simulation *simulation, int32_t slot) {
    const struct trip *trip = trip_of(simulation, &simulation->trains[slot]);
    const struct path *path = path_of(simulation, &simulation->trains[slot]);
    int32_t to = simulation->asked[slot].seen.to;
    int32_t more = simulation->policy->stretches(simulation->policy_state, requests_as_seen(simulation, slot)) - 1;
    /* not beyond a planned stop, a timed passage, or from block to block of a two-track section */
    while (more-- > 0 && path->nodes[to].next_stand >= 0 && path->nodes[to].station >= 0 && !trip->nodes[to].stop &&
           trip->nodes[to].departure_ms < 0 && path->legs[to].kind == LEG_WHOLE)
        to = path->nodes[to].next_stand;
    return to;
}

static bool add_wish(struct simulation *simulation, int32_t slot, const struct path_leg *leg) {
    if (simulation->wish_free < 0) {
        int32_t old = simulation->wish_room, room = old ? 2 * old : 256;
        struct wish *wishes = realloc(simulation->wishes, (size_t)room * sizeof *wishes);
        if (!wishes) return false;
        simulation->wishes = wishes;
        simulation->wish_room = room;
        for (int32_t i = old; i < room; i++) wishes[i].next = i + 1 < room ? i + 1 : -1;
        simulation->wish_free = old;
    }
    int32_t index = simulation->wish_free;
    struct wish *wish = &simulation->wishes[index];
    simulation->wish_free = wish->next;
    struct train *train = &simulation->trains[slot];
    int32_t *first = &simulation->road_wishes[leg->road];
    *wish = (struct wish){slot, leg->road, leg->direction, *first, -1, train->first_wish};
    if (*first >= 0) simulation->wishes[*first].previous = index;
    *first = index;
    train->first_wish = index;
    return true;
}

static bool add(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    train->asking = true;
    train->first_wish = -1;
    train->refusal.sleep = SLEEP_NONE;
    train->refusal.next = train->refusal.previous = -1;
    simulation->asking_count++;
    const struct path *path = path_of(simulation, train);
    note_request(simulation, slot);
    int32_t to = requests_target(simulation, slot);
    for (int32_t leg = simulation->asked[slot].seen.from; leg < to; leg++)
        if (path->legs[leg].kind != LEG_ENTER && !add_wish(simulation, slot, &path->legs[leg])) return false;
    return true;
}

void requests_ask(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    if (!train->asking && !add(simulation, slot)) simulation->no_memory = true;
    requests_wake(simulation, slot);
}

/* Takes a sleeping request off the list it sleeps on. */
static void rouse(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    struct refusal *refusal = &train->refusal;
    if (train->timer) {
        event_queue_cancel(simulation->events, train->timer);
        train->timer = 0;
    }
    bool on_place = refusal->sleep == SLEEP_PLACE || refusal->sleep == SLEEP_HELD;
    if (on_place || refusal->sleep == SLEEP_UNSAFE) {
        int32_t *first = on_place ? &simulation->place_sleepers[refusal->place] : &simulation->unsafe_sleepers;
        if (refusal->previous >= 0)
            simulation->trains[refusal->previous].refusal.next = refusal->next;
        else
            *first = refusal->next;
        if (refusal->next >= 0) simulation->trains[refusal->next].refusal.previous = refusal->previous;
    }
    refusal->sleep = SLEEP_NONE;
    refusal->next = refusal->previous = -1;
}

void requests_remove(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    if (!train->asking) return;
    rouse(simulation, slot);
    for (int32_t index = train->first_wish; index >= 0;) {
        struct wish *wish = &simulation->wishes[index];
        int32_t sibling = wish->sibling;
        if (wish->previous >= 0)
            simulation->wishes[wish->previous].next = wish->next;
        else
            simulation->road_wishes[wish->road] = wish->next;
        if (wish->next >= 0) simulation->wishes[wish->next].previous = wish->previous;
        wish->next = simulation->wish_free;
        simulation->wish_free = index;
        index = sibling;
    }
    train->first_wish = -1;
    train->asking = false;
    simulation->asking_count--;
}

void requests_wake(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    if (!train->asking || train->queued) return;
    rouse(simulation, slot);
    train->queued = true;
    simulation->ready[simulation->ready_count++] = slot;
}

void requests_sleep(struct simulation *simulation, int32_t slot, enum sleep sleep, int32_t place, int64_t until_ms) {
    struct train *train = &simulation->trains[slot];
    rouse(simulation, slot);
    struct refusal *refusal = &train->refusal;
    refusal->sleep = sleep;
    refusal->place = place;
    refusal->until_ms = until_ms;
    if (until_ms < INT64_MAX / 4 && !train->running_request) {
        train->timer = event_queue_push(simulation->events, until_ms, CLASS_RETRY, EVENT_RETRY, (uint32_t)slot);
        if (!train->timer) simulation->no_memory = true;
    }
    bool on_place = sleep == SLEEP_PLACE || sleep == SLEEP_HELD;
    if (!on_place && sleep != SLEEP_UNSAFE) return;
    int32_t *first = on_place ? &simulation->place_sleepers[place] : &simulation->unsafe_sleepers;
    refusal->next = *first;
    refusal->previous = -1;
    if (*first >= 0) simulation->trains[*first].refusal.previous = slot;
    *first = slot;
}

static void wake_on_road(struct simulation *simulation, int32_t road, enum sleep sleep) {
    for (int32_t index = simulation->road_wishes[road]; index >= 0; index = simulation->wishes[index].next)
        if (simulation->trains[simulation->wishes[index].train].refusal.sleep == sleep)
            requests_wake(simulation, simulation->wishes[index].train);
}

void requests_wake_held(struct simulation *simulation, int32_t road) {
    wake_on_road(simulation, road, SLEEP_HELD);
}

void requests_wake_road(struct simulation *simulation, int32_t road) {
    wake_on_road(simulation, road, SLEEP_ROAD);
}

void requests_wake_place(struct simulation *simulation, int32_t place) {
    int32_t slot = simulation->place_sleepers[place];
    while (slot >= 0) {
        int32_t next = simulation->trains[slot].refusal.next;
        requests_wake(simulation, slot);
        slot = next;
    }
}

void requests_wake_unsafe(struct simulation *simulation, int32_t place) {
    int32_t slot = simulation->unsafe_sleepers;
    while (slot >= 0) {
        const struct refusal *refusal = &simulation->trains[slot].refusal;
        int32_t next = refusal->next;
        bool helps = refusal->closed_count == 0;
        for (int32_t i = 0; i < refusal->closed_count && !helps; i++) helps = refusal->closed[i] == place;
        if (helps) requests_wake(simulation, slot);
        slot = next;
    }
}
