#include "simulation/simulation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/dispatching.h"
#include "simulation/draws.h"
#include "simulation/ending.h"
#include "simulation/entries.h"
#include "simulation/granting.h"
#include "simulation/handling.h"
#include "simulation/journal.h"
#include "simulation/proposals.h"
#include "simulation/requests.h"
#include "simulation/standstill.h"
#include "simulation/state.h"
#include "simulation/waits.h"

/* ---- events ---- */

static void ask(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    train->phase = PHASE_ASKING;
    requests_ask(simulation, slot);
}

static void on_ready(struct simulation *simulation, int32_t slot) {
    simulation->trains[slot].asked_ms = simulation->trains[slot].ready_ms;
    ask(simulation, slot);
}

static void on_indication(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    train->running_request = true;
    train->asked_ms = simulation->now_ms;
    waits_begin(train, simulation->now_ms);
    simulation->indicating[simulation->indicating_count++] = slot;
    requests_ask(simulation, slot);
}

/* When a train that has arrived at its destination is to depart again with its trainset's next plan. */
static int64_t turned_round_ms(const struct simulation *simulation, const struct train *train) {
    const int32_t station = path_of(simulation, train)->nodes[train->at].station;
    return train->ready_ms + simulation->plan->scenario->network.stations[station].turnaround_ms;
}

static void arrive_at_destination(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const int64_t handled = handling_stop(simulation, slot, train->at);
    train->phase = PHASE_LEAVING;
    int64_t leave = draws_ready_after(simulation, train, train->at, simulation->now_ms);
    if (trip->onward >= 0) {
        leave = turned_round_ms(simulation, train);
        struct outsider next = {.load = -1};
        if (!handling_begin(simulation, trip->onward, &next)) return;
        train->next_load = next.load;
        if (handling_loads_at_origin(simulation, trip->onward)) {
            const int64_t closing = handling_closing_ms(simulation, trip->onward, leave);
            granting_push_event(simulation, handled > closing ? handled : closing, EVENT_HANDLING, slot);
            return;
        }
    }
    granting_push_event(simulation, handled > leave ? handled : leave, EVENT_LEAVE, slot);
}

static void on_arrival(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    int32_t node = train->to;
    journal_leg(simulation, slot, node - 1, train->run, train->factor, train->leg_start_ms);
    journal_arrival(simulation, slot, node, simulation->line->commitments[slot].track, simulation->now_ms, true);
    simulation->running_count--;
    train->at = node;
    if (node == path->node_count - 1) {
        train->ready_ms = simulation->now_ms; /* until it leaves: its arrival */
        arrive_at_destination(simulation, slot);
        return;
    }
    bool planned = trip_of(simulation, train)->nodes[node].stop;
    train->ready_planned_ms = planned || trip_of(simulation, train)->nodes[node].departure_ms >= 0
                                  ? draws_ready_planned(simulation, train, node, simulation->now_ms)
                                  : simulation->now_ms;
    train->ready_ms =
        planned ? draws_ready_after(simulation, train, node, simulation->now_ms) : train->ready_planned_ms;
    const int64_t handled = planned ? handling_stop(simulation, slot, node) : simulation->now_ms;
    if (handled > train->ready_ms) train->ready_ms = handled;
    int64_t asked = train->asked_ms;
    const enum wait_cause cause = train->cause;
    const int64_t cause_train = train->cause_train;
    waits_begin(train, train->ready_ms);
    /* Whatever made it brake where it was to run through costs it the time to start again, too. */
    if (!planned) train->cause = cause, train->cause_train = cause_train;
    int64_t asks = train->ready_ms - simulation->line->lead_ms;
    if (asks > simulation->now_ms) {
        train->phase = PHASE_DWELLING;
        if (!event_queue_push(simulation->events, asks, CLASS_READY, EVENT_READY, (uint32_t)slot))
            simulation->no_memory = true;
        return;
    }
    train->asked_ms = planned ? train->ready_ms : asked;
    ask(simulation, slot);
}

/* The trainset that has turned round begins its next plan on the track it stands on. */
static void begin_onward(struct simulation *simulation, int32_t slot, int32_t trip_index) {
    const struct train before = simulation->trains[slot];
    struct outsider outsider = {.id = ++simulation->last_id,
                                .day = before.day,
                                .number = before.number,
                                .planned_ms = turned_round_ms(simulation, &before),
                                .ready_ms = simulation->now_ms,
                                .seniority_ms = simulation->now_ms,
                                .load = before.next_load};
    if (outsider.load >= 0) freight_load_is_of(simulation->freight, outsider.load, outsider.id);
    const struct commitment committed = simulation->line->commitments[slot];
    entries_fill_train(simulation, slot, trip_index, &outsider);
    struct commitment *commitment = &simulation->line->commitments[slot];
    int32_t onward = commitment->onward_path;
    *commitment = committed;
    interlocking_place(simulation->line, slot, simulation->trains[slot].path, 0, committed.track, simulation->now_ms);
    commitment->onward_path = onward;
    journal_arrival(simulation, slot, 0, committed.track, before.ready_ms, true);
    ask(simulation, slot);
}

static void on_leave(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    int32_t place = path_of(simulation, train)->nodes[train->at].place;
    handling_end(simulation, slot, train->ready_ms);
    journal_leave(simulation, slot, trip->onward >= 0);
    journal_tell(simulation, slot, TRAIN_ARRIVED, train->ready_ms);
    if (trip->onward >= 0) {
        begin_onward(simulation, slot, trip->onward);
        return;
    }
    interlocking_leave(simulation->line, slot, simulation->now_ms);
    entries_give_slot_back(simulation, slot);
    requests_wake_place(simulation, place);
}

static void on_entry(struct simulation *simulation, int32_t index) {
    struct latecomer latecomer = simulation->latecomers[index];
    simulation->latecomers[index].next = simulation->latecomer_free;
    simulation->latecomer_free = index;
    simulation->latecomers_due--;
    entries_queue(simulation, latecomer.trip, &latecomer.outsider);
}

static void handle(struct simulation *simulation, const struct event *event) {
    int32_t subject = (int32_t)event->subject;
    switch ((enum event_kind)event->kind) {
    case EVENT_READY:
        on_ready(simulation, subject);
        break;
    case EVENT_RETRY:
        simulation->trains[subject].timer = 0;
        requests_wake(simulation, subject);
        break;
    case EVENT_INDICATION:
        on_indication(simulation, subject);
        break;
    case EVENT_ARRIVAL:
        on_arrival(simulation, subject);
        break;
    case EVENT_LEAVE:
        on_leave(simulation, subject);
        break;
    case EVENT_ENTRY:
        on_entry(simulation, subject);
        break;
    case EVENT_LOADING:
        entries_loading(simulation, subject);
        break;
    case EVENT_HANDLING:
        handling_load_standing(simulation, subject);
        break;
    }
}

/* ---- the run ---- */

static int64_t next_time(struct simulation *simulation) {
    int64_t next = event_queue_next_time(simulation->events);
    return simulation->next_creation_ms < next ? simulation->next_creation_ms : next;
}

static void one_instant(struct simulation *simulation) {
    if (simulation->next_creation_ms == simulation->now_ms) entries_create_due(simulation);
    int64_t next;
    do {
        struct event event;
        while (event_queue_pop_at(simulation->events, simulation->now_ms, &event)) {
            simulation->events_done++;
            handle(simulation, &event);
        }
        standstill_test_after_placing(simulation);
        if (simulation->deadlocked) return;
        dispatching_run(simulation);
        next = event_queue_next_time(simulation->events);
    } while (next == simulation->now_ms && !simulation->no_memory);
    if (!standstill_due(simulation) && !simulation->no_memory && simulation->asking_count > 0 &&
        !standstill_resolve(simulation))
        standstill_report(simulation);
}

static void start_saturated(struct simulation *simulation) {
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) {
        const struct train_plan *plan = simulation->plan->trips[i].plan;
        if (plan->kind == PLAN_SERVICE && plan->arrivals == ARRIVALS_SATURATED && plan->return_of < 0)
            entries_add_saturated(simulation, i);
        else
            entries_plan_next(simulation, i);
    }
}

/* Goes on to the end, or until the clock would pass `until_ms`. */
static void run_until(struct simulation *simulation, int64_t until_ms) {
    if (!simulation->started) {
        simulation->started = true;
        start_saturated(simulation);
        /* saturated trains are there at time 0, whether or not anything else is due then */
        one_instant(simulation);
    }
    while (!simulation->deadlocked && !simulation->no_memory) {
        if (simulation->options.stop && atomic_load_explicit(simulation->options.stop, memory_order_relaxed)) {
            simulation->interrupted = true;
            return;
        }
        int64_t next = next_time(simulation);
        if (next > until_ms || next >= simulation->end_ms || next == INT64_MAX) return;
        simulation->now_ms = next;
        one_instant(simulation);
    }
}

/* ---- making and unmaking ---- */

static int32_t *filled(size_t count, int32_t value) {
    int32_t *array = malloc((count + 1) * sizeof *array);
    for (size_t i = 0; array && i < count; i++) array[i] = value;
    return array;
}

static const struct dispatch_policy *policy_of(const struct scenario *scenario) {
    switch (scenario->settings.dispatch) {
    case DISPATCH_PRIORITY:
        return &dispatch_priority;
    case DISPATCH_FLEET:
        return &dispatch_fleet;
    case DISPATCH_FCFS:
    case DISPATCH_LOOKAHEAD:
        break;
    }
    return &dispatch_first_come;
}

static size_t policy_state_size(const struct dispatch_policy *policy, const struct layout *layout) {
    return policy->state_size ? policy->state_size(layout) : 0;
}

static bool begin_freight(struct simulation *simulation) {
    const struct observer *observer = simulation->observer;
    if (simulation->options.no_freight) return true;
    const struct freight_run run = {.seed = (uint64_t)simulation->plan->scenario->settings.seed,
                                    .replication = (uint64_t)simulation->options.replication,
                                    .window_from_ms = simulation->window_from_ms,
                                    .window_to_ms = simulation->window_to_ms,
                                    .end_ms = simulation->end_ms,
                                    .told = observer ? observer->container : NULL,
                                    .context = observer ? observer->context : NULL};
    simulation->freight = freight_create(simulation->plan->freight, &run);
    return simulation->freight != NULL;
}

static bool allocate(struct simulation *simulation) {
    const struct simulation_plan *plan = simulation->plan;
    size_t trips = (size_t)plan->trip_count + 1, roads = (size_t)plan->layout->road_count + 1;
    size_t sections = (size_t)plan->scenario->network.section_count * 2 + 1;
    size_t stations = (size_t)plan->scenario->network.station_count + 1;
    simulation->events = event_queue_create();
    simulation->calendar_events = event_queue_create();
    simulation->arrivals = calloc(trips, sizeof *simulation->arrivals);
    simulation->due = calloc(trips, sizeof *simulation->due);
    simulation->line = interlocking_create(plan->layout, (const struct path *const *)plan->paths, plan->path_count,
                                           &plan->run_settings, plan->scenario->settings.start_weekday);
    simulation->outside = calloc(trips, sizeof *simulation->outside);
    simulation->demand = calloc(roads * 2, sizeof *simulation->demand);
    simulation->carried = calloc(trips, sizeof *simulation->carried);
    simulation->road_wishes = filled(roads, -1);
    simulation->place_sleepers = filled((size_t)plan->layout->place_count, -1);
    simulation->spans = calloc(sections, sizeof *simulation->spans);
    simulation->section_use = calloc(sections, sizeof *simulation->section_use);
    simulation->section_busy_ms = calloc(sections, sizeof *simulation->section_busy_ms);
    simulation->station_use = calloc(stations, sizeof *simulation->station_use);
    simulation->station_logs = calloc(stations, sizeof *simulation->station_logs);
    simulation->calls = calloc((size_t)plan->most_calls + 1, sizeof *simulation->calls);
    simulation->passages = calloc((size_t)plan->most_steps + 1, sizeof *simulation->passages);
    simulation->policy_state = calloc(1, policy_state_size(simulation->policy, plan->layout) + 1);
    if (!simulation->events || !simulation->calendar_events || !simulation->arrivals || !simulation->due ||
        !simulation->line || !simulation->outside || !simulation->demand || !simulation->carried ||
        !simulation->road_wishes || !simulation->place_sleepers || !simulation->spans || !simulation->section_use ||
        !simulation->section_busy_ms || !simulation->station_use || !simulation->station_logs || !simulation->calls ||
        !simulation->passages || !simulation->policy_state)
        return false;
    simulation->deadlock = deadlock_create(simulation->line);
    if (!simulation->deadlock || !move_create(&simulation->move, simulation->line) || !entries_grow_slots(simulation) ||
        !begin_freight(simulation))
        return false;
    deadlock_know_trainsets(simulation->deadlock, proposals_later_path);
    for (size_t i = 0; i < trips; i++) simulation->outside[i].slot = -1;
    return true;
}

static void release(struct simulation *simulation) {
    event_queue_destroy(simulation->events);
    event_queue_destroy(simulation->calendar_events);
    deadlock_destroy(simulation->deadlock);
    move_free(&simulation->move);
    interlocking_destroy(simulation->line);
    freight_destroy(simulation->freight);
    if (simulation->outside)
        for (int32_t i = 0; i < simulation->plan->trip_count; i++) free(simulation->outside[i].ring);
    for (int32_t i = 0; simulation->station_logs && i < simulation->plan->scenario->network.station_count; i++) {
        free(simulation->station_logs[i].present_since_ms);
        free(simulation->station_logs[i].stays);
    }
    void *owned[] = {simulation->arrivals,        simulation->due,         simulation->outside,
                     simulation->demand,          simulation->carried,     simulation->road_wishes,
                     simulation->place_sleepers,  simulation->spans,       simulation->section_use,
                     simulation->section_busy_ms, simulation->station_use, simulation->station_logs,
                     simulation->policy_state,    simulation->trains,      simulation->calls,
                     simulation->stages,          simulation->asked,       simulation->passages,
                     simulation->blocks,          simulation->ready,       simulation->indicating,
                     simulation->wishes,          simulation->latecomers,  simulation->waiting};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
}

struct simulation *simulation_create(const struct simulation_plan *plan, const struct simulation_options *options,
                                     const struct dispatch_policy *policy, const struct observer *observer) {
    const struct settings *settings = &plan->scenario->settings;
    int64_t end = settings->warmup_ms + settings->horizon_ms;
    if (settings->repeat_once && !settings->horizon_given) end = INT64_MAX;
    struct simulation *simulation = malloc(sizeof *simulation);
    if (!simulation) return NULL;
    *simulation = (struct simulation){.plan = plan,
                                      .options = *options,
                                      .observer = observer,
                                      .policy = policy ? policy : policy_of(plan->scenario),
                                      .window_from_ms = settings->warmup_ms,
                                      .window_to_ms = end,
                                      .end_ms = end,
                                      .free_slot = -1,
                                      .wish_free = -1,
                                      .unsafe_sleepers = -1,
                                      .next_creation_ms = INT64_MAX,
                                      .latecomer_free = -1};
    if (!allocate(simulation)) return simulation_destroy(simulation), NULL;
    struct dispatch_settings dispatch_settings = {
        settings->fleet_size,
        settings->fleet_window_ms,
        {(uint64_t)settings->seed, STREAM_POLICY, (uint64_t)options->replication}};
    if (simulation->policy->start)
        simulation->policy->start(simulation->policy_state, plan->layout, &dispatch_settings);
    return simulation;
}

void simulation_destroy(struct simulation *simulation) {
    if (!simulation) return;
    release(simulation);
    free(simulation);
}

bool simulation_advance(struct simulation *simulation, int64_t until_ms) {
    run_until(simulation, until_ms);
    return !simulation->deadlocked && !simulation->no_memory && !simulation->interrupted &&
           next_time(simulation) < simulation->end_ms;
}

enum simulation_result simulation_finish(struct simulation *simulation) {
    run_until(simulation, INT64_MAX);
    if (!simulation->no_memory) ending_tell(simulation);
    if (simulation->no_memory) return SIMULATION_NO_MEMORY;
    if (simulation->deadlocked) return SIMULATION_DEADLOCKED;
    return simulation->interrupted ? SIMULATION_INTERRUPTED : SIMULATION_DONE;
}

enum simulation_result simulation_run_policy(const struct simulation_plan *plan,
                                             const struct simulation_options *options,
                                             const struct dispatch_policy *policy, const struct observer *observer) {
    struct simulation *simulation = simulation_create(plan, options, policy, observer);
    if (!simulation) return SIMULATION_NO_MEMORY;
    enum simulation_result result = simulation_finish(simulation);
    simulation_destroy(simulation);
    return result;
}

enum simulation_result simulation_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                      const struct observer *observer) {
    return simulation_run_policy(plan, options, NULL, observer);
}

/* ---- copying ---- */

/* Replaces *array by a copy of `count` elements of `source`. */
static bool copy_array(void *array, const void *source, size_t count, size_t size) {
    void *copy = realloc(*(void **)array, count * size + 1);
    if (!copy) return false;
    *(void **)array = copy;
    if (count > 0) memcpy(copy, source, count * size);
    return true;
}

static bool copy_queues(struct simulation *copy, const struct simulation *source) {
    for (int32_t i = 0; i < source->plan->trip_count; i++) {
        const struct outside_queue *from = &source->outside[i];
        struct outsider *ring = NULL;
        if (from->room > 0 && !copy_array(&ring, from->ring, (size_t)from->room, sizeof *ring)) return false;
        copy->outside[i] = *from;
        copy->outside[i].ring = ring;
    }
    return true;
}

static bool copy_trains(struct simulation *copy, const struct simulation *source) {
    const struct simulation_plan *plan = source->plan;
    size_t room = (size_t)source->train_room;
    copy->train_room = source->train_room;
    return copy_array(&copy->trains, source->trains, room, sizeof *source->trains) &&
           copy_array(&copy->stages, source->stages, room * (size_t)plan->most_calls, sizeof *source->stages) &&
           (!source->options.want_blocks ||
            copy_array(&copy->blocks, source->blocks, room * (size_t)plan->most_blocks, sizeof *source->blocks)) &&
           copy_array(&copy->asked, source->asked, room, sizeof *source->asked) &&
           copy_array(&copy->ready, source->ready, room, sizeof *source->ready) &&
           copy_array(&copy->indicating, source->indicating, room, sizeof *source->indicating) &&
           copy_array(&copy->wishes, source->wishes, (size_t)source->wish_room, sizeof *source->wishes) &&
           copy_array(&copy->latecomers, source->latecomers, (size_t)source->latecomer_room,
                      sizeof *source->latecomers);
}

static bool copy_logs(struct simulation *copy, const struct simulation *source) {
    for (int32_t i = 0; i < source->plan->scenario->network.station_count; i++) {
        const struct station_log *from = &source->station_logs[i];
        struct station_log *to = &copy->station_logs[i];
        if (!copy_array(&to->present_since_ms, from->present_since_ms, (size_t)from->present_room,
                        sizeof *from->present_since_ms) ||
            !copy_array(&to->stays, from->stays, (size_t)from->stay_room, sizeof *from->stays))
            return false;
        to->use = from->use;
        to->stay_count = from->stay_count;
        to->stay_room = from->stay_room;
        to->present_count = from->present_count;
        to->present_room = from->present_room;
    }
    return true;
}

static bool copy_places(struct simulation *copy, const struct simulation *source) {
    const struct simulation_plan *plan = source->plan;
    size_t trips = (size_t)plan->trip_count, roads = (size_t)plan->layout->road_count;
    size_t sections = (size_t)plan->scenario->network.section_count * 2;
    size_t stations = (size_t)plan->scenario->network.station_count;
    return copy_array(&copy->arrivals, source->arrivals, trips, sizeof *source->arrivals) &&
           copy_array(&copy->carried, source->carried, trips, sizeof *source->carried) &&
           copy_array(&copy->demand, source->demand, roads * 2, sizeof *source->demand) &&
           copy_array(&copy->road_wishes, source->road_wishes, roads, sizeof *source->road_wishes) &&
           copy_array(&copy->place_sleepers, source->place_sleepers, (size_t)plan->layout->place_count,
                      sizeof *source->place_sleepers) &&
           copy_array(&copy->spans, source->spans, sections, sizeof *source->spans) &&
           copy_array(&copy->section_use, source->section_use, sections, sizeof *source->section_use) &&
           copy_array(&copy->section_busy_ms, source->section_busy_ms, sections, sizeof *source->section_busy_ms) &&
           copy_array(&copy->station_use, source->station_use, stations, sizeof *source->station_use) &&
           copy_logs(copy, source) &&
           copy_array(&copy->policy_state, source->policy_state, policy_state_size(source->policy, plan->layout), 1);
}

static bool copy_freight(struct simulation *copy, const struct simulation *source) {
    const struct observer *observer = copy->observer;
    if (!source->freight) return true;
    freight_destroy(copy->freight);
    copy->freight =
        freight_copy(source->freight, observer ? observer->container : NULL, observer ? observer->context : NULL);
    return copy->freight != NULL;
}

/* Runs are found again by the copy in its own cache: same arguments, same times. */
static bool find_runs_again(struct simulation *copy) {
    for (int32_t slot = 0; slot < copy->train_room; slot++) {
        struct train *train = &copy->trains[slot];
        if (train->phase != PHASE_RUNNING) continue;
        const struct leg_run *run = train->run;
        train->run = run_cache_find(copy->line->runs, train->path, train->to - 1, run->entry_speed_ms, run->stop,
                                    run->start_limit_ms, run->end_limit_ms);
        if (!train->run) return false;
    }
    return true;
}

struct simulation *simulation_copy(const struct simulation *source, const struct observer *observer) {
    struct simulation *copy = simulation_create(source->plan, &source->options, source->policy, observer);
    if (!copy) return NULL;
    copy->started = source->started;
    copy->now_ms = source->now_ms;
    copy->free_slot = source->free_slot;
    copy->last_id = source->last_id;
    copy->asking_count = source->asking_count;
    copy->running_count = source->running_count;
    copy->longest_since_ms = source->longest_since_ms;
    copy->wish_room = source->wish_room;
    copy->wish_free = source->wish_free;
    copy->latecomer_room = source->latecomer_room;
    copy->latecomer_free = source->latecomer_free;
    copy->unsafe_sleepers = source->unsafe_sleepers;
    copy->placed = source->placed;
    copy->next_creation_ms = source->next_creation_ms;
    copy->latecomers_due = source->latecomers_due;
    copy->events_done = source->events_done;
    copy->forced_moves = source->forced_moves;
    copy->not_proved = source->not_proved;
    copy->deadlocked = source->deadlocked;
    bool done = event_queue_copy(copy->events, source->events) &&
                event_queue_copy(copy->calendar_events, source->calendar_events) &&
                interlocking_copy(copy->line, source->line) && deadlock_copy(copy->deadlock, source->deadlock) &&
                copy_freight(copy, source) && copy_queues(copy, source) && copy_trains(copy, source) &&
                copy_places(copy, source) && find_runs_again(copy);
    if (!done) return simulation_destroy(copy), NULL;
    return copy;
}
