#include "simulation/simulation.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/journal.h"
#include "simulation/requests.h"
#include "simulation/state.h"

/* A request that has waited this long goes before all others, and no policy may hold it or run opposing trains past it. */
static const int64_t AGED_MS = 12 * 3600 * INT64_C(1000);

enum { FIRST_SLOTS = 64 };

/* ---- random draws: addressed by train and by what they are for ---- */

static uint64_t entity_of(const struct train *train)
{
    return (uint64_t)train->trip << 44 ^ (uint64_t)train->day << 20 ^ (uint64_t)train->number;
}

static double draw(const struct simulation *simulation, const struct train *train, enum stream_purpose purpose,
                   int32_t node, const struct law *law)
{
    struct stream stream = {(uint64_t)simulation->plan->scenario->settings.seed, purpose,
                            (uint64_t)simulation->options.replication};
    return law_sample(law, stream_uniform(&stream, entity_of(train), (uint64_t)node));
}

/* A law of seconds, as a delay: never negative. */
static int64_t draw_ms(const struct simulation *simulation, const struct train *train, enum stream_purpose purpose,
                       int32_t node, const struct law *law)
{
    double seconds = draw(simulation, train, purpose, node, law);
    return seconds > 0 ? (int64_t)llround(fmin(seconds, 1e9) * 1000) : 0;
}

/* ---- what a move needs to know of its train ---- */

struct move_context {
    const struct simulation *simulation;
    const struct train *train;
};

/* Actual over planned running time; never below the technical minimum, which lacks the supplement. */
static double running_factor(const void *context, int32_t leg)
{
    const struct move_context *move = context;
    const struct trip *trip = trip_of(move->simulation, move->train);
    if (!trip->random_running) return 1;
    double factor = draw(move->simulation, move->train, STREAM_RUNNING, leg, &trip->type->running_factor);
    double least = 1 / (1 + trip->type->supplement_percent / 100);
    return fmin(fmax(factor, least), 1000);
}

static int64_t ready_planned(const struct simulation *simulation, const struct train *train, int32_t node,
                             int64_t arrival_ms)
{
    const struct node_plan *at = &trip_of(simulation, train)->nodes[node];
    int64_t ready = arrival_ms + at->min_dwell_ms;
    if (at->departure_ms >= 0 && train->base_ms + at->departure_ms > ready) ready = train->base_ms + at->departure_ms;
    return ready;
}

static int64_t ready_after(const struct simulation *simulation, const struct train *train, int32_t node,
                           int64_t arrival_ms)
{
    const struct node_plan *at = &trip_of(simulation, train)->nodes[node];
    int64_t planned = ready_planned(simulation, train, node, arrival_ms);
    if (!at->dwell) return planned;
    int64_t ready = arrival_ms + at->min_dwell_ms + draw_ms(simulation, train, STREAM_DWELL, node, at->dwell);
    return ready > planned ? ready : planned;
}

static int64_t leave_within_move(const void *context, int32_t node, int64_t arrival_ms)
{
    const struct move_context *move = context;
    if (!trip_of(move->simulation, move->train)->nodes[node].stop) return INT64_MIN;
    return ready_after(move->simulation, move->train, node, arrival_ms);
}

static int32_t binding_track(const void *context, int32_t slot, int32_t node)
{
    const struct simulation *simulation = context;
    return trip_of(simulation, &simulation->trains[slot])->nodes[node].track;
}

static int32_t onward_path(const struct simulation *simulation, const struct train *train)
{
    int32_t onward = trip_of(simulation, train)->onward;
    return onward >= 0 ? simulation->plan->trips[onward].path : -1;
}

static const struct leg_run *through_run(const struct simulation *simulation, const struct train *train)
{
    return run_cache_find(simulation->line->runs, trip_of(simulation, train)->path, train->to - 1,
                          train->run->entry_speed_ms, false, train->run->start_limit_ms, train->run->end_limit_ms);
}

static void fill_request(const struct simulation *simulation, int32_t slot, const struct move_context *context,
                         struct move_request *request)
{
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    bool running = train->phase == PHASE_RUNNING, entering = train->phase == PHASE_OUTSIDE;
    int32_t from = running ? train->to : train->at;
    int32_t to = simulation->plan->paths[trip->path]->nodes[from].next_stand;
    *request = (struct move_request){
        .train = slot, .train_id = train->id, .path = trip->path, .from = from, .to = to, .running = running,
        .entering = entering, .now_ms = simulation->now_ms, .base_ms = simulation->now_ms + simulation->line->lead_ms,
        .track = entering ? -1 : simulation->line->commitments[slot].track,
        .from_track = trip->nodes[from].track, .to_track = trip->nodes[to].track, .factor = running_factor,
        .leave = leave_within_move, .context = context};
    if (!running) return;
    const struct leg_run *through = through_run(simulation, train);
    if (!through) return;
    request->base_ms = train->leg_start_ms + scaled_ms(through->duration_ms, train->factor);
    request->entry_speed_ms = through->exit_speed_ms;
}

static struct deadlock_move deadlock_move_of(const struct simulation *simulation, const struct move_request *request,
                                             int32_t track)
{
    const struct train *train = &simulation->trains[request->train];
    return (struct deadlock_move){.train = request->train, .path = request->path, .node = request->to, .track = track,
                                  .onward_path = onward_path(simulation, train),
                                  .plain = trip_of(simulation, train)->plain, .entering = request->entering};
}

static bool is_safe(struct simulation *simulation, const struct move_request *request, int32_t track)
{
    struct deadlock_move move = deadlock_move_of(simulation, request, track);
    struct deadlock_bindings bindings = {binding_track, simulation};
    return deadlock_test(simulation->deadlock, simulation->line, &move, &bindings) == DEADLOCK_SAFE;
}

/* ---- what a policy sees ---- */

/* Since when a request could have been granted for all its own queue knows: a train that queued behind another waits for
 * its own turn only from the end of that one's first move. */
static int64_t own_turn_since(const struct simulation *simulation, const struct train *train)
{
    if (train->phase != PHASE_OUTSIDE) return train->asked_ms;
    const struct path_leg *leg = &path_of(simulation, train)->legs[0];
    const struct entry_log *last = &simulation->last_entry[leg->road * 2 + leg->direction];
    return train->entry_ready_ms > last->began_ms ? train->entry_ready_ms : last->ended_ms;
}

/* When a train would have become ready here with nobody in its way: an undelayed train's own time, and for a delayed one
 * its seniority. So trains are served in the order they come, those on the line before those that still queue outside,
 * and the direction that has waited longer first. */
static int64_t since_of(const struct simulation *simulation, const struct train *train)
{
    int32_t node = train->phase == PHASE_RUNNING ? train->to : train->at;
    int64_t due = train->seniority_ms + trip_of(simulation, train)->nodes[node].alone_ms;
    int64_t asked = train->phase == PHASE_OUTSIDE ? train->seniority_ms : train->asked_ms;
    return due < asked ? due : asked;
}

static struct dispatch_request dispatch_request_of(const struct simulation *simulation, int32_t slot)
{
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    int32_t from = train->phase == PHASE_RUNNING ? train->to : train->at;
    const struct path *path = simulation->plan->paths[trip->path];
    return (struct dispatch_request){
        .train = slot, .train_id = train->id, .path = path, .from = from, .to = path->nodes[from].next_stand,
        .since_ms = since_of(simulation, train),
        .ready_ms = train->phase == PHASE_OUTSIDE ? train->entry_ready_ms : train->asked_ms,
        .lateness_ms = simulation->now_ms - train->planned_departure_ms - trip->nodes[from].alone_ms,
        .priority = trip->type->priority, .delay_weight = trip->type->delay_weight, .row = trip->plan->row,
        .entering = train->phase == PHASE_OUTSIDE, .running = train->phase == PHASE_RUNNING};
}

static const struct dispatch_request *view_waiting(const void *context, int32_t road, int32_t direction, int32_t *cursor)
{
    struct simulation *simulation = (struct simulation *)(uintptr_t)context;
    int32_t index = *cursor == -1 ? simulation->road_wishes[road] : simulation->wishes[*cursor].next;
    while (index >= 0 && simulation->wishes[index].direction != direction) index = simulation->wishes[index].next;
    if (index < 0) return NULL;
    *cursor = index;
    simulation->rival_request = dispatch_request_of(simulation, simulation->wishes[index].train);
    return &simulation->rival_request;
}

static bool view_permitted(const void *context, int32_t slot)
{
    struct simulation *simulation = (struct simulation *)(uintptr_t)context;
    const struct train *train = &simulation->trains[slot];
    if (train->cause == WAIT_POSSESSION) return false;
    struct move_context move_context = {simulation, train};
    struct move_request request;
    fill_request(simulation, slot, &move_context, &request);
    if (!interlocking_has_tracks(simulation->line, &request)) return false;
    return is_safe(simulation, &request, trip_of(simulation, train)->nodes[request.to].track);
}

static int32_t view_same_way(const void *context, const struct dispatch_request *request)
{
    const struct simulation *simulation = context;
    const struct interlocking *line = simulation->line;
    int32_t onward = request->path->nodes[request->to].next_stand;
    if (onward < 0) return 0;
    int32_t place = request->path->nodes[request->to].place, next = request->path->nodes[onward].place, count = 0;
    for (int32_t slot = line->place_first[place]; slot >= 0; slot = line->commitments[slot].next)
        count += slot != request->train && interlocking_next_place(line, &line->commitments[slot]) == next;
    return count;
}

static int32_t view_demand(const void *context, int32_t road, int32_t direction)
{
    return ((const struct simulation *)context)->demand[road * 2 + direction];
}

static struct dispatch_view view_of(const struct simulation *simulation)
{
    return (struct dispatch_view){simulation, simulation->now_ms, simulation->plan->layout, view_waiting, view_permitted,
                                  view_demand, view_same_way};
}

/* ---- slots and outside queues ---- */

static bool grow_slots(struct simulation *simulation)
{
    int32_t old = simulation->train_room, room = old ? 2 * old : FIRST_SLOTS;
    const struct simulation_plan *plan = simulation->plan;
    struct train *trains = realloc(simulation->trains, (size_t)room * sizeof *trains);
    if (trains) simulation->trains = trains;
    struct train_call *calls = realloc(simulation->calls, (size_t)room * (size_t)plan->most_calls * sizeof *calls);
    if (calls) simulation->calls = calls;
    struct train_passage *passages =
        realloc(simulation->passages, (size_t)room * (size_t)plan->most_steps * sizeof *passages);
    if (passages) simulation->passages = passages;
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
    if (!trains || !calls || !passages || !ready || !indicating || !blocks_done ||
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

static int32_t take_slot(struct simulation *simulation)
{
    if (simulation->free_slot < 0 && !grow_slots(simulation)) {
        simulation->no_memory = true;
        return -1;
    }
    int32_t slot = simulation->free_slot;
    simulation->free_slot = simulation->trains[slot].refusal.next;
    return slot;
}

static void give_slot_back(struct simulation *simulation, int32_t slot)
{
    simulation->trains[slot] = (struct train){.phase = PHASE_FREE, .first_wish = -1};
    simulation->trains[slot].refusal.next = simulation->free_slot;
    simulation->free_slot = slot;
}

static void fill_train(struct simulation *simulation, int32_t slot, int32_t trip_index, const struct outsider *outsider)
{
    const struct trip *trip = &simulation->plan->trips[trip_index];
    bool timetable = trip->plan->kind == PLAN_TIMETABLE;
    simulation->trains[slot] = (struct train){
        .id = outsider->id, .trip = trip_index, .day = outsider->day, .number = outsider->number,
        .phase = PHASE_OUTSIDE, .planned_departure_ms = outsider->planned_ms,
        .base_ms = timetable ? outsider->planned_ms - trip->planned_departure_ms : outsider->planned_ms,
        .entry_ready_ms = outsider->ready_ms, .seniority_ms = outsider->seniority_ms, .ready_planned_ms = outsider->planned_ms, .ready_ms = outsider->ready_ms,
        .asked_ms = simulation->now_ms, .noted_ms = outsider->ready_ms, .first_wish = -1,
        .cause = WAIT_KNOCK_ON, .factor = 1};
    struct commitment *commitment = &simulation->line->commitments[slot];
    *commitment = (struct commitment){.path = -1, .track = -1, .onward_path = onward_path(simulation, &simulation->trains[slot]),
                                      .plain = trip->plain};
    const struct path *path = simulation->plan->paths[trip->path];
    for (int32_t i = 0; i < path->node_count - 1; i++)
        simulation->demand[path->legs[i].road * 2 + path->legs[i].direction] += path->legs[i].kind != LEG_ENTER;
    journal_begin(simulation, slot);
}

static void take_from_demand(struct simulation *simulation, const struct path *path, int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++)
        simulation->demand[path->legs[i].road * 2 + path->legs[i].direction] -= path->legs[i].kind != LEG_ENTER;
}

/* The first of a plan's queue gets a slot and asks. */
static void bring_forward(struct simulation *simulation, int32_t trip)
{
    struct outside_queue *queue = &simulation->outside[trip];
    if (queue->slot >= 0 || queue->count == 0) return;
    int32_t slot = take_slot(simulation);
    if (slot < 0) return;
    fill_train(simulation, slot, trip, &queue->ring[queue->first]);
    queue->slot = slot;
    if (!requests_add(simulation, slot)) simulation->no_memory = true;
    requests_wake(simulation, slot);
}

static void queue_outside(struct simulation *simulation, int32_t trip, const struct outsider *outsider)
{
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
    bring_forward(simulation, trip);
}

static void leave_queue(struct simulation *simulation, int32_t trip)
{
    struct outside_queue *queue = &simulation->outside[trip];
    queue->first = (queue->first + 1) % queue->room;
    queue->count--;
    queue->slot = -1;
}

/* Trains of an endless queue have no time at which they came. The service that has sent off most (for its weight) counts
 * as coming now; the others as if they had come at its rate, so that one that falls behind gains seniority. */
static int64_t saturated_seniority(const struct simulation *simulation, int32_t trip)
{
    double most = 0;
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) most = fmax(most, simulation->carried[i]);
    return most > 0 ? (int64_t)((double)simulation->now_ms * (simulation->carried[trip] / most)) : simulation->now_ms;
}

static void add_saturated(struct simulation *simulation, int32_t trip)
{
    struct calendar *calendar = &simulation->arrivals[trip].calendar;
    int64_t day = simulation->now_ms / MILLISECONDS_PER_DAY;
    if (day != calendar->day) *calendar = (struct calendar){.day = day};
    struct outsider outsider = {.id = ++simulation->last_id, .day = day + 1, .number = ++calendar->number,
                                .planned_ms = simulation->now_ms, .ready_ms = simulation->now_ms,
                                .seniority_ms = saturated_seniority(simulation, trip)};
    queue_outside(simulation, trip, &outsider);
}

/* ---- trains that come into being ---- */

static void plan_next(struct simulation *simulation, int32_t trip)
{
    const struct scenario *scenario = simulation->plan->scenario;
    struct stream stream = {(uint64_t)scenario->settings.seed, STREAM_ARRIVAL, (uint64_t)simulation->options.replication};
    struct arrival_of_trip *arrival = &simulation->arrivals[trip];
    if (!calendar_next(&arrival->calendar, simulation->plan->trips[trip].plan, trip, scenario->settings.start_weekday,
                       scenario->settings.repeat_once, &stream, &arrival->next))
        return;
    if (!event_queue_push(simulation->calendar_events, arrival->next.time_ms, 0, (uint32_t)trip, 0))
        simulation->no_memory = true;
}

static void place_standing(struct simulation *simulation, int32_t trip, struct outsider *outsider)
{
    int32_t slot = take_slot(simulation);
    if (slot < 0) return;
    fill_train(simulation, slot, trip, outsider);
    struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    int32_t binding = trip_of(simulation, train)->nodes[0].track;
    if (!interlocking_place(simulation->line, slot, trip_of(simulation, train)->path, 0, binding, simulation->now_ms)) {
        /* its track is taken: it waits outside for it like any other */
        take_from_demand(simulation, path, 0, path->node_count - 1);
        give_slot_back(simulation, slot);
        queue_outside(simulation, trip, outsider);
        return;
    }
    simulation->placed = true;
    journal_arrival(simulation, slot, 0, simulation->line->commitments[slot].track, simulation->now_ms, true);
    train->ready_planned_ms = ready_planned(simulation, train, 0, simulation->now_ms);
    train->ready_ms = outsider->ready_ms > train->ready_planned_ms ? outsider->ready_ms : train->ready_planned_ms;
    train->noted_ms = train->seniority_ms = train->ready_ms;
    train->phase = PHASE_DWELLING;
    requests_wake_place(simulation, path->nodes[0].place);
    if (!event_queue_push(simulation->events, train->ready_ms, CLASS_READY, EVENT_READY, (uint32_t)slot))
        simulation->no_memory = true;
}

static void come_late(struct simulation *simulation, int32_t trip, const struct outsider *outsider)
{
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
    if (!event_queue_push(simulation->events, outsider->ready_ms, CLASS_READY, EVENT_ENTRY, (uint32_t)index))
        simulation->no_memory = true;
}

static void create_train(struct simulation *simulation, int32_t trip_index)
{
    const struct trip *trip = &simulation->plan->trips[trip_index];
    const struct calendar_entry entry = simulation->arrivals[trip_index].next;
    int64_t planned = entry.time_ms;
    if (trip->plan->kind == PLAN_TIMETABLE) planned = (entry.day - 1) * MILLISECONDS_PER_DAY + trip->planned_departure_ms;
    struct outsider outsider = {.id = ++simulation->last_id, .day = entry.day, .number = entry.number,
                                .planned_ms = planned, .ready_ms = planned, .seniority_ms = planned};
    if (!law_is_constant(&trip->plan->entry_delay) || law_mean(&trip->plan->entry_delay) > 0) {
        struct train train = {.trip = trip_index, .day = entry.day, .number = entry.number};
        outsider.ready_ms += draw_ms(simulation, &train, STREAM_ENTRY_DELAY, 0, &trip->plan->entry_delay);
        outsider.seniority_ms = outsider.ready_ms;
    }
    plan_next(simulation, trip_index);
    if (trip->plan->starts_standing) place_standing(simulation, trip_index, &outsider);
    else if (outsider.ready_ms > simulation->now_ms) come_late(simulation, trip_index, &outsider);
    else queue_outside(simulation, trip_index, &outsider);
}

static void create_due_trains(struct simulation *simulation)
{
    struct event event;
    simulation->due_count = 0;
    while (event_queue_next_time(simulation->calendar_events) == simulation->now_ms &&
           event_queue_pop(simulation->calendar_events, &event)) {
        /* kept in the order of the schedule's rows, which decides at equal times */
        int32_t at = simulation->due_count++;
        for (; at > 0 && simulation->due[at - 1] > (int32_t)event.kind; at--) simulation->due[at] = simulation->due[at - 1];
        simulation->due[at] = (int32_t)event.kind;
        simulation->events_done++;
    }
    for (int32_t i = 0; i < simulation->due_count; i++) create_train(simulation, simulation->due[i]);
}

/* ---- a granted move ---- */

static void push_event(struct simulation *simulation, int64_t time_ms, enum event_kind kind, int32_t slot)
{
    if (!event_queue_push(simulation->events, time_ms, CLASS_MOVEMENT, kind, (uint32_t)slot)) simulation->no_memory = true;
}

/* The last granted leg: it ends in a stop, unless the next move is granted at its indication point. */
static void schedule_end_of_leg(struct simulation *simulation, int32_t slot)
{
    struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct node_plan *at = &trip_of(simulation, train)->nodes[train->to];
    int64_t arrival = train->leg_start_ms + scaled_ms(train->run->duration_ms, train->factor);
    bool stops = at->stop || train->to == path->node_count - 1;
    if (!stops && at->departure_ms >= 0) {
        const struct leg_run *through = through_run(simulation, train);
        int64_t passing = through ? train->leg_start_ms + scaled_ms(through->duration_ms, train->factor) : arrival;
        stops = train->base_ms + at->departure_ms > passing;
    }
    if (stops) {
        push_event(simulation, arrival, EVENT_ARRIVAL, slot);
        if (train->to == path->node_count - 1 && trip_of(simulation, train)->onward < 0)
            interlocking_will_leave(simulation->line, slot, ready_after(simulation, train, train->to, arrival));
        return;
    }
    int64_t indication = train->leg_start_ms + scaled_ms(train->run->indication_ms, train->factor);
    push_event(simulation, indication > simulation->now_ms ? indication : simulation->now_ms, EVENT_INDICATION, slot);
}

static void begin_counting_wait(struct train *train, int64_t now_ms)
{
    train->noted_ms = now_ms;
    train->knock_on_ms = train->possession_ms = train->longest_for_ms = 0;
    train->cause = WAIT_NONE;
    train->cause_train = train->longest_train = 0;
}

/* Charges the time since the last note to the cause noted then. */
static void charge_wait(struct simulation *simulation, struct train *train, int64_t until_ms)
{
    int64_t waited = until_ms - train->noted_ms;
    if (waited > 0 && train->cause == WAIT_POSSESSION) train->possession_ms += waited;
    if (waited > 0 && train->cause == WAIT_KNOCK_ON) {
        train->knock_on_ms += waited;
        if (waited > train->longest_for_ms) {
            train->longest_for_ms = waited;
            train->longest_train = train->cause_train;
        }
    }
    (void)simulation;
    if (until_ms > train->noted_ms) train->noted_ms = until_ms;
}

static void run_through_end(struct simulation *simulation, int32_t slot, int64_t passing_ms)
{
    struct train *train = &simulation->trains[slot];
    const struct leg_run *through = through_run(simulation, train);
    int32_t leg = train->to - 1, track = simulation->line->commitments[slot].track;
    interlocking_run_through(simulation->line, slot, train->id, leg, through, train->factor, train->leg_start_ms);
    journal_leg(simulation, slot, leg, through, train->factor, train->leg_start_ms);
    journal_arrival(simulation, slot, train->to, track, passing_ms, false);
    journal_departure(simulation, slot, train->to, passing_ms, passing_ms);
    requests_wake_road(simulation, path_of(simulation, train)->legs[leg].road);
}

static void journal_move(struct simulation *simulation, int32_t slot, const struct move_request *request)
{
    struct train *train = &simulation->trains[slot];
    const struct move *move = &simulation->move;
    for (int32_t i = 0; i < move->leg_count; i++) {
        const struct move_leg *leg = &move->legs[i];
        int32_t index = request->from + i;
        journal_enter(simulation, slot, index, leg->start_ms);
        if (i + 1 == move->leg_count) break;
        int64_t arrival = leg->start_ms + scaled_ms(leg->run->duration_ms, leg->factor);
        journal_arrival(simulation, slot, index + 1, leg->track, arrival, leg->run->stop);
        begin_counting_wait(train, leg->end_ms);
        train->ready_ms = leg->end_ms;
        journal_departure(simulation, slot, index + 1, leg->end_ms,
                          leg->run->stop ? ready_planned(simulation, train, index + 1, arrival) : leg->end_ms);
        journal_leg(simulation, slot, index, leg->run, leg->factor, leg->start_ms);
    }
}

static void wake_after_grant(struct simulation *simulation, const struct move_request *request, int32_t from_place)
{
    const struct path *path = simulation->plan->paths[request->path];
    for (int32_t leg = request->from; leg < request->to; leg++) requests_wake_held(simulation, path->legs[leg].road);
    requests_wake_place(simulation, from_place);
    if (path->nodes[request->to].place != from_place) requests_wake_unsafe(simulation, from_place);
}

/* Makes the move in simulation->move real. */
static void grant(struct simulation *simulation, int32_t slot, const struct move_request *request)
{
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const struct path *path = simulation->plan->paths[trip->path];
    const struct move *move = &simulation->move;
    const struct move_leg *last = &move->legs[move->leg_count - 1];
    int32_t from_place = path->nodes[request->from].place;
    struct dispatch_view view = view_of(simulation);
    struct dispatch_request asked = dispatch_request_of(simulation, slot);
    struct deadlock_move counted = deadlock_move_of(simulation, request, last->track);
    requests_remove(simulation, slot);
    deadlock_granted(simulation->deadlock, &counted);
    take_from_demand(simulation, path, request->from, request->to);
    if (request->running) run_through_end(simulation, slot, request->base_ms);
    if (!interlocking_grant(simulation->line, request, move)) simulation->no_memory = true;
    simulation->policy->granted(simulation->policy_state, &view, &asked);
    if (!request->running) {
        charge_wait(simulation, train, move->start_ms - simulation->line->lead_ms);
        if (request->entering) journal_arrival(simulation, slot, 0, move->from_track, TIME_NONE, true);
        journal_departure(simulation, slot, request->from, move->start_ms, train->ready_planned_ms);
        simulation->running_count++;
    }
    journal_move(simulation, slot, request);
    train->phase = PHASE_RUNNING;
    train->running_request = false;
    train->at = request->to - 1;
    train->to = request->to;
    train->run = last->run;
    train->factor = last->factor;
    train->leg_start_ms = last->start_ms;
    schedule_end_of_leg(simulation, slot);
    wake_after_grant(simulation, request, from_place);
    if (!request->entering) return;
    int32_t trip_index = train->trip;
    const struct path_leg *first = &path->legs[0];
    simulation->last_entry[first->road * 2 + first->direction] =
        (struct entry_log){simulation->now_ms, last->start_ms + scaled_ms(last->run->duration_ms, last->factor)};
    leave_queue(simulation, trip_index);
    if (trip->plan->kind == PLAN_SERVICE && trip->plan->arrivals == ARRIVALS_SATURATED) {
        simulation->carried[trip_index] += 1 / trip->plan->weight;
        add_saturated(simulation, trip_index);
    } else bring_forward(simulation, trip_index);
}

/* ---- a request that is tried ---- */

static void note_refusal(struct simulation *simulation, int32_t slot, enum wait_cause cause, int32_t blocking)
{
    struct train *train = &simulation->trains[slot];
    charge_wait(simulation, train, simulation->now_ms);
    train->cause = cause;
    train->cause_train =
        blocking >= 0 && simulation->trains[blocking].phase != PHASE_FREE ? simulation->trains[blocking].id : 0;
}

static void refuse_by_line(struct simulation *simulation, int32_t slot)
{
    const struct move *move = &simulation->move;
    enum wait_cause cause = move->obstacle == OBSTACLE_POSSESSION ? WAIT_POSSESSION : WAIT_KNOCK_ON;
    note_refusal(simulation, slot, cause, move->blocking_train);
    int64_t until = move->verdict == MOVE_LATER ? move->later_ms : INT64_MAX;
    /* rounding never makes a retry come at once again */
    if (until <= simulation->now_ms) until = simulation->now_ms + 1;
    if (move->obstacle == OBSTACLE_TRACK && move->blocked_place >= 0)
        requests_sleep(simulation, slot, SLEEP_PLACE, move->blocked_place, until);
    else requests_sleep(simulation, slot, move->obstacle == OBSTACLE_POSSESSION ? SLEEP_TIME : SLEEP_ROAD, -1, until);
}

static void refuse_as_unsafe(struct simulation *simulation, int32_t slot)
{
    const int32_t *places;
    int32_t count = deadlock_closed_set(simulation->deadlock, &places);
    int32_t blocking = count > 0 ? simulation->line->place_first[places[0]] : -1;
    note_refusal(simulation, slot, WAIT_KNOCK_ON, blocking);
    requests_sleep(simulation, slot, SLEEP_UNSAFE, -1, INT64_MAX);
    struct refusal *refusal = &simulation->trains[slot].refusal;
    refusal->closed_count = count <= CLOSED_PLACES_KEPT ? count : 0;
    for (int32_t i = 0; i < refusal->closed_count; i++) refusal->closed[i] = places[i];
}

static bool is_aged(const struct simulation *simulation, const struct train *train)
{
    return train->asking && simulation->now_ms - own_turn_since(simulation, train) > AGED_MS;
}

/* Nobody runs past a train that has aged, where only the road keeps it. */
static int32_t aged_rival(struct simulation *simulation, const struct dispatch_request *request)
{
    for (int32_t i = request->from; i < request->to; i++) {
        const struct path_leg *leg = &request->path->legs[i];
        for (int32_t index = simulation->road_wishes[leg->road]; index >= 0; index = simulation->wishes[index].next) {
            const struct wish *wish = &simulation->wishes[index];
            if (wish->direction == leg->direction) continue;
            const struct train *rival = &simulation->trains[wish->train];
            if (is_aged(simulation, rival) && since_of(simulation, rival) < request->since_ms &&
                view_permitted(simulation, wish->train))
                return wish->train;
        }
    }
    return -1;
}

/* Services that are always ready share an origin in proportion to their weights: the one behind goes first. */
static bool is_turn_of_another(const struct simulation *simulation, const struct train *train)
{
    const struct trip *mine = trip_of(simulation, train);
    if (train->phase != PHASE_OUTSIDE || mine->plan->kind != PLAN_SERVICE || mine->plan->arrivals != ARRIVALS_SATURATED)
        return false;
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) {
        const struct train_plan *other = simulation->plan->trips[i].plan;
        if (i == train->trip || other->kind != PLAN_SERVICE || other->arrivals != ARRIVALS_SATURATED ||
            other->calls[0].station != mine->plan->calls[0].station)
            continue;
        double behind = simulation->carried[train->trip] - simulation->carried[i];
        if (behind > 1e-9 || (behind > -1e-9 && i < train->trip)) return true;
    }
    return false;
}

static bool permitted_by_policy(struct simulation *simulation, int32_t slot)
{
    const struct train *train = &simulation->trains[slot];
    struct dispatch_request request = dispatch_request_of(simulation, slot);
    struct dispatch_answer answer = {false, INT64_MAX, -1};
    if (!is_turn_of_another(simulation, train)) {
        int32_t rival = aged_rival(simulation, &request);
        struct dispatch_view view = view_of(simulation);
        if (rival >= 0) answer.rival = rival;
        else if (is_aged(simulation, train)) answer.go = true;
        else answer = simulation->policy->permit(simulation->policy_state, &view, &request);
    }
    if (answer.go) return true;
    note_refusal(simulation, slot, WAIT_KNOCK_ON, answer.rival);
    /* what holds it changes with the road it wants or, where opposing trains come to, at its own place */
    int32_t place = request.path->nodes[request.entering ? request.to : request.from].place;
    requests_sleep(simulation, slot, SLEEP_HELD, place, answer.until_ms);
    return false;
}

/* Where lengths matter another free track may do where the first choice is unsafe. */
static bool find_safe_track(struct simulation *simulation, struct move_request *request)
{
    struct move *move = &simulation->move;
    int32_t chosen = move->legs[move->leg_count - 1].track;
    if (is_safe(simulation, request, chosen)) return true;
    bool complex = simulation->line->complex_count > 0 || !trip_of(simulation, &simulation->trains[request->train])->plain;
    const struct path *path = simulation->plan->paths[request->path];
    const struct place *place = &simulation->plan->layout->places[path->nodes[request->to].place];
    if (!complex || place->capacity < 0 || place->station < 0 || request->to_track >= 0) return false;
    for (int32_t i = 0; i < place->track_count; i++) {
        request->to_track = place->first_track + i;
        if (request->to_track == chosen || !path_fits(path, request->to_track)) continue;
        interlocking_evaluate(simulation->line, request, move);
        if (move->verdict == MOVE_POSSIBLE && is_safe(simulation, request, request->to_track)) return true;
    }
    return false;
}

/* Tries one request; with `force`, whatever the policy says. True if it was granted. */
static bool try_request(struct simulation *simulation, int32_t slot, bool force)
{
    struct move_context context = {simulation, &simulation->trains[slot]};
    struct move_request request;
    fill_request(simulation, slot, &context, &request);
    interlocking_evaluate(simulation->line, &request, &simulation->move);
    if (simulation->move.verdict == MOVE_FAILED) {
        simulation->no_memory = true;
        return false;
    }
    if (simulation->move.verdict != MOVE_POSSIBLE) {
        refuse_by_line(simulation, slot);
        return false;
    }
    if (!force && !permitted_by_policy(simulation, slot)) return false;
    if (!find_safe_track(simulation, &request)) {
        refuse_as_unsafe(simulation, slot);
        return false;
    }
    grant(simulation, slot, &request);
    return true;
}

static bool goes_before(const struct simulation *simulation, int32_t a_slot, int32_t b_slot)
{
    struct dispatch_request a = dispatch_request_of(simulation, a_slot), b = dispatch_request_of(simulation, b_slot);
    bool a_aged = is_aged(simulation, &simulation->trains[a_slot]), b_aged = is_aged(simulation, &simulation->trains[b_slot]);
    if (a_aged != b_aged) return a_aged;
    if (a_aged) return dispatch_compare_first_come(&a, &b) < 0;
    return simulation->policy->compare(simulation->policy_state, &a, &b) < 0;
}

static int32_t take_first_ready(struct simulation *simulation)
{
    int32_t best = 0;
    for (int32_t i = 1; i < simulation->ready_count; i++)
        if (goes_before(simulation, simulation->ready[i], simulation->ready[best])) best = i;
    int32_t slot = simulation->ready[best];
    simulation->ready[best] = simulation->ready[--simulation->ready_count];
    simulation->trains[slot].queued = false;
    return slot;
}

/* Trains that reached their indication point and were refused brake, and ask again where they stand. */
static void let_refused_brake(struct simulation *simulation)
{
    for (int32_t i = 0; i < simulation->indicating_count; i++) {
        int32_t slot = simulation->indicating[i];
        struct train *train = &simulation->trains[slot];
        if (!train->running_request) continue;
        requests_remove(simulation, slot);
        train->running_request = false;
        push_event(simulation, train->leg_start_ms + scaled_ms(train->run->duration_ms, train->factor), EVENT_ARRIVAL, slot);
    }
    simulation->indicating_count = 0;
}

static void dispatch(struct simulation *simulation)
{
    while (simulation->ready_count > 0 && !simulation->no_memory) {
        int32_t slot = take_first_ready(simulation);
        if (simulation->trains[slot].asking) try_request(simulation, slot, false);
    }
    let_refused_brake(simulation);
}

/* ---- events ---- */

static void ask(struct simulation *simulation, int32_t slot)
{
    struct train *train = &simulation->trains[slot];
    train->phase = PHASE_ASKING;
    if (!requests_add(simulation, slot)) simulation->no_memory = true;
    requests_wake(simulation, slot);
}

static void on_ready(struct simulation *simulation, int32_t slot)
{
    simulation->trains[slot].asked_ms = simulation->now_ms;
    ask(simulation, slot);
}

static void on_indication(struct simulation *simulation, int32_t slot)
{
    struct train *train = &simulation->trains[slot];
    train->running_request = true;
    train->asked_ms = simulation->now_ms;
    begin_counting_wait(train, simulation->now_ms);
    if (!requests_add(simulation, slot)) simulation->no_memory = true;
    simulation->indicating[simulation->indicating_count++] = slot;
    requests_wake(simulation, slot);
}

static void arrive_at_destination(struct simulation *simulation, int32_t slot)
{
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    train->phase = PHASE_LEAVING;
    int64_t leave = ready_after(simulation, train, train->at, simulation->now_ms);
    if (trip->onward >= 0) {
        const struct path *path = simulation->plan->paths[trip->path];
        leave = simulation->now_ms + simulation->plan->scenario->network.stations[path->nodes[train->at].station].turnaround_ms;
    }
    if (!event_queue_push(simulation->events, leave, CLASS_MOVEMENT, EVENT_LEAVE, (uint32_t)slot)) simulation->no_memory = true;
}

static void on_arrival(struct simulation *simulation, int32_t slot)
{
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
                                  ? ready_planned(simulation, train, node, simulation->now_ms) : simulation->now_ms;
    train->ready_ms = planned ? ready_after(simulation, train, node, simulation->now_ms) : train->ready_planned_ms;
    int64_t asked = train->asked_ms;
    begin_counting_wait(train, train->ready_ms);
    if (train->ready_ms > simulation->now_ms) {
        train->phase = PHASE_DWELLING;
        if (!event_queue_push(simulation->events, train->ready_ms, CLASS_READY, EVENT_READY, (uint32_t)slot))
            simulation->no_memory = true;
        return;
    }
    train->asked_ms = planned ? simulation->now_ms : asked;
    ask(simulation, slot);
}

/* The trainset that has turned round begins its next plan on the track it stands on. */
static void begin_onward(struct simulation *simulation, int32_t slot, int32_t trip_index)
{
    const struct train before = simulation->trains[slot];
    struct outsider outsider = {.id = ++simulation->last_id, .day = before.day, .number = before.number,
                                .planned_ms = simulation->now_ms, .ready_ms = simulation->now_ms,
                                .seniority_ms = simulation->now_ms};
    const struct commitment committed = simulation->line->commitments[slot];
    fill_train(simulation, slot, trip_index, &outsider);
    struct commitment *commitment = &simulation->line->commitments[slot];
    int32_t onward = commitment->onward_path;
    *commitment = committed;
    int32_t path = simulation->plan->trips[trip_index].path;
    interlocking_place(simulation->line, slot, path, 0, committed.track, simulation->now_ms);
    commitment->onward_path = onward;
    journal_arrival(simulation, slot, 0, committed.track, before.ready_ms, true);
    ask(simulation, slot);
}

static void on_leave(struct simulation *simulation, int32_t slot)
{
    struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    int32_t place = simulation->plan->paths[trip->path]->nodes[train->at].place;
    journal_departure(simulation, slot, train->at, TIME_NONE, 0);
    journal_tell(simulation, slot, TRAIN_ARRIVED, train->ready_ms);
    if (trip->onward >= 0) {
        begin_onward(simulation, slot, trip->onward);
        return;
    }
    interlocking_leave(simulation->line, slot, simulation->now_ms);
    give_slot_back(simulation, slot);
    requests_wake_place(simulation, place);
}

static void on_entry(struct simulation *simulation, int32_t index)
{
    struct latecomer latecomer = simulation->latecomers[index];
    simulation->latecomers[index].next = simulation->latecomer_free;
    simulation->latecomer_free = index;
    queue_outside(simulation, latecomer.trip, &latecomer.outsider);
}

static void handle(struct simulation *simulation, const struct event *event)
{
    int32_t subject = (int32_t)event->subject;
    switch ((enum event_kind)event->kind) {
    case EVENT_READY: on_ready(simulation, subject); break;
    case EVENT_RETRY:
        simulation->trains[subject].timer = 0;
        requests_wake(simulation, subject);
        break;
    case EVENT_INDICATION: on_indication(simulation, subject); break;
    case EVENT_ARRIVAL: on_arrival(simulation, subject); break;
    case EVENT_LEAVE: on_leave(simulation, subject); break;
    case EVENT_ENTRY: on_entry(simulation, subject); break;
    }
}

/* ---- standstill and deadlock ---- */

static void wake_all(struct simulation *simulation)
{
    for (int32_t slot = 0; slot < simulation->train_room; slot++)
        if (simulation->trains[slot].phase != PHASE_FREE) requests_wake(simulation, slot);
}

/* Nothing moves and nothing is due: tries everybody, then starts the policy's first choice whatever it holds. */
static bool resolve_standstill(struct simulation *simulation)
{
    wake_all(simulation);
    dispatch(simulation);
    if (event_queue_count(simulation->events) > 0 || simulation->asking_count == 0) return true;
    wake_all(simulation);
    bool granted = false;
    while (simulation->ready_count > 0 && !granted) {
        int32_t slot = take_first_ready(simulation);
        granted = try_request(simulation, slot, true);
    }
    simulation->forced_moves += granted;
    while (simulation->ready_count > 0) simulation->trains[simulation->ready[--simulation->ready_count]].queued = false;
    if (granted) wake_all(simulation), dispatch(simulation);
    return granted || event_queue_count(simulation->events) > 0;
}

static const struct train *train_by_id(const struct simulation *simulation, int64_t id)
{
    for (int32_t i = 0; i < simulation->train_room; i++)
        if (simulation->trains[i].phase != PHASE_FREE && simulation->trains[i].id == id) return &simulation->trains[i];
    return NULL;
}

/* Somebody committed to the place it wants next. */
static int64_t blocker_at_target(const struct simulation *simulation, int32_t slot)
{
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    int32_t next = path->nodes[train->at].next_stand;
    if (next < 0) return 0;
    for (int32_t node = train->at + 1; node <= next; node++) {
        int32_t other = simulation->line->place_first[path->nodes[node].place];
        if (other >= 0 && other != slot) return simulation->trains[other].id;
    }
    return 0;
}

static void report_deadlock(struct simulation *simulation)
{
    simulation->deadlocked = true;
    simulation->waiting = calloc((size_t)simulation->train_room + 1, sizeof *simulation->waiting);
    if (!simulation->waiting) return;
    for (int32_t slot = 0; slot < simulation->train_room; slot++) {
        const struct train *train = &simulation->trains[slot];
        if (train->phase == PHASE_FREE || train->phase == PHASE_LEAVING || train->phase == PHASE_RUNNING) continue;
        struct waiting_train *waiting = &simulation->waiting[simulation->waiting_count++];
        int64_t blocker = blocker_at_target(simulation, slot);
        if (blocker == 0) blocker = train->cause_train;
        const struct train *other = blocker ? train_by_id(simulation, blocker) : NULL;
        *waiting = (struct waiting_train){
            .train_id = train->id, .plan = train->trip, .day = train->day, .number = train->number,
            .station = path_of(simulation, train)->nodes[train->at].station, .waits_for = other ? other->id : 0,
            .waits_for_plan = other ? other->trip : -1, .waits_for_day = other ? other->day : 0,
            .waits_for_number = other ? other->number : 0};
        if (waiting->station < 0) waiting->station = path_of(simulation, train)->nodes[0].station;
    }
}

/* A train has come to stand without a move: is the state still one that can be cleared? At the start, one that cannot
 * ends the run; later it is an incident, and the run goes on as long as anybody can move. */
static void test_after_placing(struct simulation *simulation)
{
    if (!simulation->placed) return;
    simulation->placed = false;
    struct deadlock_bindings bindings = {binding_track, simulation};
    enum deadlock_verdict verdict = deadlock_test_all(simulation->deadlock, simulation->line, &bindings);
    if (verdict == DEADLOCK_UNPROVED) simulation->not_proved = true;
    if (verdict == DEADLOCK_UNSAFE && simulation->now_ms == 0) report_deadlock(simulation);
}

/* ---- the run ---- */

static bool clock_forward(struct simulation *simulation)
{
    int64_t next = event_queue_next_time(simulation->events);
    int64_t created = event_queue_next_time(simulation->calendar_events);
    if (created < next) next = created;
    if (next == INT64_MAX || next >= simulation->end_ms) return false;
    simulation->now_ms = next;
    return true;
}

static void one_instant(struct simulation *simulation)
{
    create_due_trains(simulation);
    do {
        struct event event;
        while (event_queue_next_time(simulation->events) == simulation->now_ms && event_queue_pop(simulation->events, &event)) {
            simulation->events_done++;
            handle(simulation, &event);
        }
        test_after_placing(simulation);
        if (simulation->deadlocked) return;
        dispatch(simulation);
    } while (event_queue_next_time(simulation->events) == simulation->now_ms && !simulation->no_memory);
    if (event_queue_count(simulation->events) == 0 && simulation->asking_count > 0 && !simulation->no_memory &&
        !resolve_standstill(simulation))
        report_deadlock(simulation);
}

static void start_saturated(struct simulation *simulation)
{
    for (int32_t i = 0; i < simulation->plan->trip_count; i++) {
        const struct train_plan *plan = simulation->plan->trips[i].plan;
        if (plan->kind == PLAN_SERVICE && plan->arrivals == ARRIVALS_SATURATED && plan->return_of < 0)
            add_saturated(simulation, i);
        else plan_next(simulation, i);
    }
}

static void run(struct simulation *simulation)
{
    start_saturated(simulation);
    /* saturated trains are there at time 0, whether or not anything else is due then */
    one_instant(simulation);
    while (!simulation->deadlocked && !simulation->no_memory) {
        if (simulation->options.stop && atomic_load_explicit(simulation->options.stop, memory_order_relaxed)) {
            simulation->interrupted = true;
            return;
        }
        if (!clock_forward(simulation)) return;
        one_instant(simulation);
    }
}

static enum train_status status_at_end(const struct train *train)
{
    if (train->phase == PHASE_OUTSIDE) return TRAIN_NOT_ENTERED;
    return train->phase == PHASE_RUNNING ? TRAIN_RUNNING : train->phase == PHASE_LEAVING ? TRAIN_ARRIVED : TRAIN_WAITING;
}

/* Sections still held when the clock stops are counted up to then. */
static void count_open_passages(struct simulation *simulation, int32_t slot)
{
    const struct train *train = &simulation->trains[slot];
    const struct train_passage *passages = simulation->passages + (size_t)slot * (size_t)simulation->plan->most_steps;
    for (int32_t i = 0; i < trip_of(simulation, train)->plan->route_length; i++) {
        const struct train_passage *passage = &passages[i];
        if (passage->enter_ms == TIME_NONE || passage->enter_ms > simulation->now_ms || passage->clear_ms != TIME_NONE) continue;
        int32_t index = passage->section * 2 + passage->direction;
        int64_t from = passage->enter_ms > simulation->busy_until_ms[index] ? passage->enter_ms : simulation->busy_until_ms[index];
        if (from < simulation->window_from_ms) from = simulation->window_from_ms;
        if (passage->enter_ms >= simulation->window_from_ms) simulation->section_use[index].trains++;
        if (simulation->now_ms <= from) continue;
        simulation->section_use[index].busy_ms += simulation->now_ms - from;
        simulation->section_busy_ms[passage->section * 2 + passage->line_track - 1] += simulation->now_ms - from;
        simulation->busy_until_ms[index] = simulation->now_ms;
    }
}

static int compare_slots_by_id(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return a[0] < b[0] ? -1 : a[0] > b[0];
}

/* Tells all trains that have not ended, in the order of their ids. */
static void tell_the_rest(struct simulation *simulation)
{
    int64_t (*order)[2] = calloc((size_t)simulation->train_room + 1, sizeof *order);
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
        count_open_passages(simulation, slot);
        enum train_status status = status_at_end(train);
        journal_tell(simulation, slot, status, status == TRAIN_ARRIVED ? train->ready_ms : TIME_NONE);
    }
    free(order);
    for (int32_t trip = 0; trip < simulation->plan->trip_count; trip++) {
        const struct outside_queue *queue = &simulation->outside[trip];
        for (int32_t i = queue->slot >= 0 ? 1 : 0; i < queue->count; i++)
            journal_tell_outsider(simulation, trip, &queue->ring[(queue->first + i) % queue->room]);
    }
    struct event event;
    while (event_queue_pop(simulation->events, &event))
        if (event.kind == EVENT_ENTRY) {
            const struct latecomer *late = &simulation->latecomers[event.subject];
            journal_tell_outsider(simulation, late->trip, &late->outsider);
        }
}

static void finish(struct simulation *simulation)
{
    bool open_end = simulation->end_ms == INT64_MAX;
    if (!open_end && !simulation->deadlocked && !simulation->interrupted) {
        bool once = simulation->plan->scenario->settings.repeat_once;
        if (!once || event_queue_next_time(simulation->events) != INT64_MAX) simulation->now_ms = simulation->end_ms;
    }
    if (open_end || simulation->now_ms < simulation->window_to_ms) simulation->window_to_ms = simulation->now_ms;
    tell_the_rest(simulation);
    if (simulation->no_memory || !simulation->observer || !simulation->observer->end) return;
    struct run_summary summary = {
        .end_ms = simulation->now_ms, .window_from_ms = simulation->window_from_ms,
        .window_to_ms = simulation->window_to_ms, .events = simulation->events_done,
        .forced_moves = simulation->forced_moves, .searches = deadlock_searches(simulation->deadlock),
        .deadlocked = simulation->deadlocked, .not_proved = simulation->not_proved, .interrupted = simulation->interrupted,
        .waiting = simulation->waiting, .waiting_count = simulation->waiting_count,
        .sections = simulation->section_use, .section_busy_ms = simulation->section_busy_ms,
        .stations = simulation->station_use};
    simulation->observer->end(simulation->observer->context, &summary);
}

/* ---- making and unmaking ---- */

static int32_t *filled(size_t count, int32_t value)
{
    int32_t *array = malloc((count + 1) * sizeof *array);
    for (size_t i = 0; array && i < count; i++) array[i] = value;
    return array;
}

static const struct dispatch_policy *policy_of(const struct scenario *scenario)
{
    switch (scenario->settings.dispatch) {
    case DISPATCH_PRIORITY: return &dispatch_priority;
    case DISPATCH_FLEET: return &dispatch_fleet;
    case DISPATCH_FCFS:
    case DISPATCH_LOOKAHEAD: break;
    }
    return &dispatch_first_come;
}

static bool allocate(struct simulation *simulation)
{
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
    simulation->last_entry = calloc(roads * 2, sizeof *simulation->last_entry);
    simulation->demand = calloc(roads * 2, sizeof *simulation->demand);
    simulation->carried = calloc(trips, sizeof *simulation->carried);
    simulation->road_wishes = filled(roads, -1);
    simulation->place_sleepers = filled((size_t)plan->layout->place_count, -1);
    simulation->busy_until_ms = calloc(sections, sizeof *simulation->busy_until_ms);
    simulation->section_use = calloc(sections, sizeof *simulation->section_use);
    simulation->section_busy_ms = calloc(sections, sizeof *simulation->section_busy_ms);
    simulation->station_use = calloc(stations, sizeof *simulation->station_use);
    simulation->station_logs = calloc(stations, sizeof *simulation->station_logs);
    simulation->policy_state = calloc(1, simulation->policy->state_size(plan->layout) + 1);
    if (!simulation->events || !simulation->calendar_events || !simulation->arrivals || !simulation->due ||
        !simulation->line || !simulation->outside || !simulation->last_entry || !simulation->demand || !simulation->carried ||
        !simulation->road_wishes || !simulation->place_sleepers || !simulation->busy_until_ms ||
        !simulation->section_use || !simulation->section_busy_ms || !simulation->station_use ||
        !simulation->station_logs || !simulation->policy_state)
        return false;
    simulation->deadlock = deadlock_create(simulation->line);
    if (!simulation->deadlock || !move_create(&simulation->move, simulation->line) || !grow_slots(simulation)) return false;
    for (size_t i = 0; i < trips; i++) simulation->outside[i].slot = -1;
    for (size_t i = 0; i < roads * 2; i++) simulation->last_entry[i] = (struct entry_log){INT64_MIN, INT64_MIN};
    return true;
}

static void release(struct simulation *simulation)
{
    event_queue_destroy(simulation->events);
    event_queue_destroy(simulation->calendar_events);
    deadlock_destroy(simulation->deadlock);
    move_free(&simulation->move);
    interlocking_destroy(simulation->line);
    if (simulation->outside)
        for (int32_t i = 0; i < simulation->plan->trip_count; i++) free(simulation->outside[i].ring);
    void *owned[] = {simulation->arrivals, simulation->due, simulation->outside, simulation->last_entry, simulation->demand,
                     simulation->carried, simulation->road_wishes, simulation->place_sleepers, simulation->busy_until_ms,
                     simulation->section_use, simulation->section_busy_ms, simulation->station_use,
                     simulation->station_logs, simulation->policy_state, simulation->trains, simulation->calls,
                     simulation->passages, simulation->blocks, simulation->ready, simulation->indicating,
                     simulation->wishes, simulation->latecomers, simulation->waiting};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++) free(owned[i]);
}

enum simulation_result simulation_run_policy(const struct simulation_plan *plan, const struct simulation_options *options,
                                             const struct dispatch_policy *policy, const struct observer *observer)
{
    const struct settings *settings = &plan->scenario->settings;
    int64_t end = settings->warmup_ms + settings->horizon_ms;
    if (settings->repeat_once && !settings->horizon_given) end = INT64_MAX;
    struct simulation simulation = {.plan = plan, .options = *options, .observer = observer, .policy = policy,
                                    .window_from_ms = settings->warmup_ms, .window_to_ms = end, .end_ms = end,
                                    .free_slot = -1, .wish_free = -1, .unsafe_sleepers = -1, .latecomer_free = -1};
    enum simulation_result result = SIMULATION_NO_MEMORY;
    if (allocate(&simulation)) {
        struct dispatch_settings dispatch_settings = {
            settings->fleet_size, settings->fleet_window_ms,
            {(uint64_t)settings->seed, STREAM_POLICY, (uint64_t)options->replication}};
        policy->start(simulation.policy_state, plan->layout, &dispatch_settings);
        run(&simulation);
        if (!simulation.no_memory) finish(&simulation);
        if (!simulation.no_memory)
            result = simulation.deadlocked ? SIMULATION_DEADLOCKED
                     : simulation.interrupted ? SIMULATION_INTERRUPTED : SIMULATION_DONE;
    }
    release(&simulation);
    return result;
}

enum simulation_result simulation_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                      const struct observer *observer)
{
    return simulation_run_policy(plan, options, policy_of(plan->scenario), observer);
}
