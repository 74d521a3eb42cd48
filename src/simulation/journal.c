#include "simulation/journal.h"

#include <stdlib.h>
#include <string.h>

static struct train_call *calls_of(const struct simulation *simulation, int32_t slot) {
    return simulation->calls + (size_t)slot * (size_t)simulation->plan->most_calls;
}

static struct train_passage *passages_of(const struct simulation *simulation, int32_t slot) {
    return simulation->passages + (size_t)slot * (size_t)simulation->plan->most_steps;
}

static struct train_block *blocks_of(const struct simulation *simulation, int32_t slot) {
    return simulation->blocks + (size_t)slot * (size_t)simulation->plan->most_blocks;
}

static int64_t planned(int64_t base_ms, int64_t in_day_ms) {
    return in_day_ms >= 0 ? base_ms + in_day_ms : TIME_NONE;
}

/* The part of [from, to) inside the measured window. */
static int64_t in_window(const struct simulation *simulation, int64_t from_ms, int64_t to_ms) {
    if (from_ms < simulation->window_from_ms) from_ms = simulation->window_from_ms;
    if (to_ms > simulation->window_to_ms) to_ms = simulation->window_to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

static void plan_calls(const struct simulation *simulation, const struct train *train, struct train_call *calls) {
    const struct trip *trip = trip_of(simulation, train);
    const struct path *path = path_of(simulation, train);
    for (int32_t node = 0; node < path->node_count; node++) {
        if (path->nodes[node].call < 0) continue;
        const struct node_plan *at = &trip->nodes[node];
        calls[path->nodes[node].call] = (struct train_call){
            .station = path->nodes[node].station,
            .track = -1,
            .planned_arrival_ms = planned(train->base_ms, at->arrival_ms),
            .arrival_ms = TIME_NONE,
            .planned_departure_ms = node == 0 ? train->planned_departure_ms : planned(train->base_ms, at->departure_ms),
            .departure_ms = TIME_NONE};
    }
}

void journal_begin(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    plan_calls(simulation, train, calls_of(simulation, slot));
    struct train_passage *passages = passages_of(simulation, slot);
    for (int32_t leg = 0; leg < path->node_count - 1; leg++) {
        const struct path_leg *at = &path->legs[leg];
        passages[at->step] = (struct train_passage){.section = at->section,
                                                    .direction = at->direction,
                                                    .line_track = at->line_track,
                                                    .enter_ms = TIME_NONE,
                                                    .clear_ms = TIME_NONE,
                                                    .release_ms = TIME_NONE};
    }
    if (!simulation->options.want_blocks) return;
    struct train_block *blocks = blocks_of(simulation, slot);
    for (int32_t i = 0; i < path->block_total; i++) blocks[i] = (struct train_block){TIME_NONE, TIME_NONE, TIME_NONE};
}

static bool make_room(struct simulation *simulation, void *array, int32_t count, int32_t *room, size_t size) {
    if (count < *room) return true;
    int32_t more = *room ? 2 * *room : 8;
    void *bigger = realloc(*(void **)array, (size_t)more * size);
    if (!bigger) return simulation->no_memory = true, false;
    *(void **)array = bigger;
    *room = more;
    return true;
}

static void come_to_stand(struct simulation *simulation, int32_t station, int64_t from_ms) {
    struct station_log *log = &simulation->station_logs[station];
    if (make_room(simulation, &log->present_since_ms, log->present_count, &log->present_room,
                  sizeof *log->present_since_ms))
        log->present_since_ms[log->present_count++] = from_ms;
}

static void stand_no_longer(struct station_log *log, int64_t from_ms) {
    for (int32_t i = 0; i < log->present_count; i++)
        if (log->present_since_ms[i] == from_ms) {
            log->present_since_ms[i] = log->present_since_ms[--log->present_count];
            return;
        }
}

/* Forgets the stays that ended before anybody present came: nothing told later can overlap them. */
static void forget_stays(struct station_log *log, int64_t now_ms) {
    int64_t since = now_ms;
    for (int32_t i = 0; i < log->present_count; i++)
        if (log->present_since_ms[i] < since) since = log->present_since_ms[i];
    int32_t kept = 0;
    for (int32_t i = 0; i < log->stay_count; i++)
        if (log->stays[i].to_ms > since) log->stays[kept++] = log->stays[i];
    log->stay_count = kept;
}

/* How many stand at once: the most stays that any stay's beginning falls into. */
static void add_stay(struct simulation *simulation, int32_t station, int64_t from_ms, int64_t to_ms) {
    struct station_use *use = &simulation->station_use[station];
    struct station_log *log = &simulation->station_logs[station];
    use->occupied_ms += in_window(simulation, from_ms, to_ms);
    /* while it is itself among those present, so that nothing it overlapped is forgotten */
    forget_stays(log, simulation->now_ms);
    stand_no_longer(log, from_ms);
    if (to_ms <= simulation->window_from_ms || from_ms >= simulation->window_to_ms) return;
    if (use->max_occupied == 0) use->max_occupied = 1; /* a stay of no length, too */
    if (to_ms <= from_ms || !make_room(simulation, &log->stays, log->stay_count, &log->stay_room, sizeof *log->stays))
        return;
    log->stays[log->stay_count++] = (struct stay){from_ms, to_ms};
    for (int32_t i = 0; i < log->stay_count; i++) {
        int64_t at = log->stays[i].from_ms;
        if (at < from_ms || at >= to_ms) continue;
        int32_t together = 0;
        for (int32_t k = 0; k < log->stay_count; k++)
            together += log->stays[k].from_ms <= at && log->stays[k].to_ms > at;
        if (together > use->max_occupied) use->max_occupied = together;
    }
}

void journal_arrival(struct simulation *simulation, int32_t slot, int32_t node, int32_t track, int64_t arrival_ms,
                     bool stopped) {
    const struct path_node *at = &path_of(simulation, &simulation->trains[slot])->nodes[node];
    if (at->call < 0) return;
    struct train_call *call = &calls_of(simulation, slot)[at->call];
    call->arrival_ms = arrival_ms;
    call->stopped = stopped;
    call->track = track;
    if (arrival_ms != TIME_NONE) come_to_stand(simulation, at->station, arrival_ms);
}

/* The longest part of the wait names its cause. */
static void explain_wait(struct train_call *call, const struct train *train, int64_t primary_ms) {
    if (call->wait_ms <= 0) {
        call->wait_cause = call->stopped && call->planned_departure_ms != TIME_NONE &&
                                   call->departure_ms == call->planned_departure_ms && call->arrival_ms != TIME_NONE
                               ? WAIT_SCHEDULED
                               : WAIT_NONE;
        return;
    }
    if (train->knock_on_ms >= primary_ms && train->knock_on_ms >= train->possession_ms &&
        train->knock_on_ms >= train->scheduled_ms && train->knock_on_ms > 0) {
        call->wait_cause = WAIT_KNOCK_ON;
        call->wait_for_train = train->longest_train;
    } else if (train->possession_ms > primary_ms && train->possession_ms >= train->scheduled_ms)
        call->wait_cause = WAIT_POSSESSION;
    else if (train->scheduled_ms > primary_ms)
        call->wait_cause = WAIT_SCHEDULED;
    else
        call->wait_cause = WAIT_PRIMARY;
}

void journal_departure(struct simulation *simulation, int32_t slot, int32_t node, int64_t departure_ms,
                       int64_t ready_planned_ms) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct path_node *at = &path->nodes[node];
    int64_t wait = departure_ms - ready_planned_ms;
    if (wait > 0 && at->station >= 0)
        simulation->station_use[at->station].wait_ms += in_window(simulation, ready_planned_ms, departure_ms);
    /* for the section it has waited from when it could have gone, its own delay over */
    int64_t ready = train->ready_ms > ready_planned_ms ? train->ready_ms : ready_planned_ms;
    if (departure_ms > ready) {
        const struct path_leg *leg = &path->legs[node];
        simulation->section_use[leg->section * 2 + leg->direction].wait_ms +=
            in_window(simulation, ready, departure_ms);
    }
    if (at->call < 0) return;
    struct train_call *call = &calls_of(simulation, slot)[at->call];
    if (call->arrival_ms == TIME_NONE) come_to_stand(simulation, at->station, departure_ms);
    call->departure_ms = departure_ms;
    call->wait_ms = wait > 0 ? wait : 0;
    explain_wait(call, train, train->ready_ms > ready_planned_ms ? train->ready_ms - ready_planned_ms : 0);
}

void journal_enter(struct simulation *simulation, int32_t slot, int32_t leg, int64_t start_ms) {
    const struct path_leg *at = &path_of(simulation, &simulation->trains[slot])->legs[leg];
    struct train_passage *passage = &passages_of(simulation, slot)[at->step];
    if (passage->enter_ms == TIME_NONE) passage->enter_ms = start_ms;
}

static void count_span(struct simulation *simulation, int32_t use_index, int32_t road, struct stay span) {
    int64_t busy = in_window(simulation, span.from_ms, span.to_ms);
    simulation->section_use[use_index].busy_ms += busy;
    simulation->section_busy_ms[road] += busy;
}

/* Adds a time a section was held: trains that follow each other are told in nearly any order, and count once together.
 * The spans are kept apart and in order of time; the usual one comes after all others. */
static void add_span(struct simulation *simulation, int32_t use_index, int32_t road, struct stay span) {
    struct span_log *log = &simulation->spans[use_index];
    int32_t at = log->count;
    while (at > 0 && log->spans[at - 1].to_ms >= span.from_ms) {
        const struct stay other = log->spans[at - 1];
        if (other.from_ms <= span.to_ms) { /* they touch: one span */
            if (other.from_ms < span.from_ms) span.from_ms = other.from_ms;
            if (other.to_ms > span.to_ms) span.to_ms = other.to_ms;
            log->count--;
            memmove(&log->spans[at - 1], &log->spans[at], (size_t)(log->count - at + 1) * sizeof span);
        }
        at--;
    }
    if (log->count == SPANS_KEPT) {
        count_span(simulation, use_index, road, log->spans[0]);
        memmove(&log->spans[0], &log->spans[1], (size_t)--log->count * sizeof span);
        if (at > 0) at--;
    }
    memmove(&log->spans[at + 1], &log->spans[at], (size_t)(log->count - at) * sizeof span);
    log->spans[at] = span;
    log->count++;
}

void journal_count_spans(struct simulation *simulation) {
    for (int32_t i = 0; i < simulation->plan->scenario->network.section_count * 2; i++) {
        struct span_log *log = &simulation->spans[i];
        int32_t road = layout_road(simulation->plan->layout, i / 2, i % 2);
        for (int32_t k = 0; k < log->count; k++) count_span(simulation, i, road, log->spans[k]);
        log->count = 0;
    }
}

void journal_held(struct simulation *simulation, const struct train_passage *passage, int64_t until_ms) {
    int32_t use_index = passage->section * 2 + passage->direction;
    if (passage->enter_ms >= simulation->window_from_ms && passage->enter_ms < simulation->window_to_ms)
        simulation->section_use[use_index].trains++;
    add_span(simulation, use_index, passage->section * 2 + passage->line_track - 1,
             (struct stay){passage->enter_ms, until_ms});
}

static void track_left(struct simulation *simulation, int32_t slot, int32_t node, int64_t left_ms) {
    const struct path_node *at = &path_of(simulation, &simulation->trains[slot])->nodes[node];
    if (at->call < 0) return;
    const struct train_call *call = &calls_of(simulation, slot)[at->call];
    int64_t from = call->arrival_ms != TIME_NONE ? call->arrival_ms : call->departure_ms;
    if (from != TIME_NONE) add_stay(simulation, at->station, from, left_ms);
}

void journal_leave(struct simulation *simulation, int32_t slot, bool stays) {
    const struct train *train = &simulation->trains[slot];
    const struct path_node *at = &path_of(simulation, train)->nodes[train->at];
    int64_t from = calls_of(simulation, slot)[at->call].arrival_ms;
    if (from == TIME_NONE) return;
    if (stays)
        stand_no_longer(&simulation->station_logs[at->station], from); /* its next plan goes on from there */
    else
        add_stay(simulation, at->station, from, simulation->now_ms);
}

static void block_left(struct simulation *simulation, int32_t slot, const struct path_mark *mark, int64_t at_ms) {
    const struct path *path = path_of(simulation, &simulation->trains[slot]);
    const struct path_leg *leg = &path->legs[mark->leg];
    int64_t release = at_ms + simulation->plan->scenario->network.sections[leg->section].release_ms;
    if (simulation->options.want_blocks) {
        struct train_block *block = &blocks_of(simulation, slot)[leg->first_block + mark->block];
        block->clear_ms = at_ms;
        block->release_ms = release;
    }
    bool last_leg = mark->leg + 1 == path->node_count - 1 || path->legs[mark->leg + 1].kind == LEG_ENTER ||
                    path->legs[mark->leg + 1].step != leg->step;
    if (mark->block != leg->block_count - 1 || !last_leg) return;
    struct train_passage *passage = &passages_of(simulation, slot)[leg->step];
    if (passage->clear_ms != TIME_NONE || passage->enter_ms == TIME_NONE) return;
    passage->clear_ms = at_ms;
    passage->release_ms = release;
    journal_held(simulation, passage, passage->release_ms);
}

static void tell_mark(struct simulation *simulation, int32_t slot, const struct path_mark *mark, int64_t at_ms) {
    if (mark->node >= 0)
        track_left(simulation, slot, mark->node, at_ms);
    else
        block_left(simulation, slot, mark, at_ms);
}

void journal_leg(struct simulation *simulation, int32_t slot, int32_t leg_index, const struct leg_run *run,
                 double factor, int64_t start_ms) {
    struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct path_leg *leg = &path->legs[leg_index];
    train->energy_j += run->energy_j;
    if (simulation->options.want_blocks) {
        struct train_block *blocks = blocks_of(simulation, slot) + leg->first_block;
        for (int32_t b = 0; b < leg->block_count; b++)
            blocks[b].enter_ms = start_ms + scaled_ms(run->enter_ms[b], factor);
    }
    for (int32_t i = 0; i < leg->mark_count; i++) {
        const struct path_mark *mark = &path->marks[leg->first_mark + i];
        tell_mark(simulation, slot, mark, start_ms + scaled_ms(run->marks_ms[i], factor));
    }
}

/* The blocks of the leg a train is on, and what its tail has left since. */
static void tell_open_leg(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct path_leg *leg = &path->legs[train->to - 1];
    for (int32_t b = 0; simulation->options.want_blocks && b < leg->block_count; b++)
        blocks_of(simulation, slot)[leg->first_block + b].enter_ms =
            train->leg_start_ms + scaled_ms(train->run->enter_ms[b], train->factor);
    for (int32_t i = 0; i < leg->mark_count; i++) {
        int64_t at = train->leg_start_ms + scaled_ms(train->run->marks_ms[i], train->factor);
        if (at <= simulation->now_ms) tell_mark(simulation, slot, &path->marks[leg->first_mark + i], at);
    }
}

/* Tracks that its tail is still on, from the leg it is on, or stands before, to the end of its path. */
static void tell_tracks_held(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    bool running = train->phase == PHASE_RUNNING;
    int32_t first = running ? train->to - 1 : train->at;
    for (int32_t leg = first; leg < path->node_count - 1; leg++)
        for (int32_t i = 0; i < path->legs[leg].mark_count; i++) {
            const struct path_mark *mark = &path->marks[path->legs[leg].first_mark + i];
            if (mark->node < 0 || mark->node > first) continue;
            if (running && leg == first &&
                train->leg_start_ms + scaled_ms(train->run->marks_ms[i], train->factor) <= simulation->now_ms)
                continue;
            track_left(simulation, slot, mark->node, simulation->now_ms);
        }
}

void journal_end(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    if (train->phase == PHASE_RUNNING) tell_open_leg(simulation, slot);
    if (train->phase == PHASE_LEAVING)
        journal_leave(simulation, slot, false);
    else if (train->phase != PHASE_OUTSIDE)
        tell_tracks_held(simulation, slot);
}

/* What lies beyond the clock has not happened. */
static void forget_future(const struct simulation *simulation, struct train_call *calls, int32_t call_count,
                          struct train_passage *passages, int32_t *passage_count, struct train_block *blocks,
                          int32_t block_count) {
    int64_t now = simulation->now_ms;
    for (int32_t i = 0; i < call_count; i++) {
        if (calls[i].arrival_ms > now) calls[i].arrival_ms = TIME_NONE, calls[i].track = -1, calls[i].stopped = false;
        if (calls[i].departure_ms <= now) continue;
        calls[i].departure_ms = TIME_NONE;
        if (calls[i].wait_ms == 0) calls[i].wait_cause = WAIT_NONE;
    }
    int32_t entered = 0;
    while (entered < *passage_count && passages[entered].enter_ms != TIME_NONE && passages[entered].enter_ms <= now) {
        if (passages[entered].clear_ms > now) passages[entered].clear_ms = passages[entered].release_ms = TIME_NONE;
        if (passages[entered].release_ms > now) passages[entered].release_ms = TIME_NONE;
        entered++;
    }
    *passage_count = entered;
    for (int32_t i = 0; i < block_count; i++) {
        if (blocks[i].enter_ms > now) blocks[i] = (struct train_block){TIME_NONE, TIME_NONE, TIME_NONE};
        if (blocks[i].clear_ms > now) blocks[i].clear_ms = TIME_NONE;
        if (blocks[i].release_ms > now) blocks[i].release_ms = TIME_NONE;
    }
}

/* Blocks of each section, found through the first leg that runs it. */
static void attach_blocks(const struct simulation *simulation, int32_t slot, struct train_passage *passages) {
    const struct path *path = path_of(simulation, &simulation->trains[slot]);
    const struct train_block *blocks = blocks_of(simulation, slot);
    for (int32_t leg = 0; leg < path->node_count - 1; leg++) {
        const struct path_leg *at = &path->legs[leg];
        const struct section *section = &simulation->plan->scenario->network.sections[at->section];
        if (section->headway_ms >= 0 || section->signalling == SIGNALLING_MOVING || at->kind == LEG_ENTER) continue;
        struct train_passage *passage = &passages[at->step];
        if (passage->block_count == 0) passage->blocks = blocks + at->first_block;
        passage->block_count += at->block_count;
    }
}

static int64_t delay_of(const struct simulation *simulation, const struct train_record *record) {
    int64_t until = record->arrival_ms != TIME_NONE ? record->arrival_ms : simulation->now_ms;
    int64_t from;
    if (record->saturated) {
        if (record->departure_ms == TIME_NONE) return 0;
        from = record->departure_ms + record->unimpeded_ms;
    } else if (record->planned_arrival_ms != TIME_NONE)
        from = record->planned_arrival_ms;
    else
        from = record->planned_departure_ms + record->unimpeded_ms;
    int64_t delay = until - from;
    return record->arrival_ms == TIME_NONE && delay < 0 ? 0 : delay;
}

static void fill_record(const struct simulation *simulation, const struct trip *trip, struct train_record *record) {
    const struct train_plan *source = trip->plan;
    record->saturated = source->kind == PLAN_SERVICE && source->arrivals == ARRIVALS_SATURATED;
    record->unimpeded_ms = trip->unimpeded_ms;
    record->direction = trip->direction;
    record->delay_ms = delay_of(simulation, record);
}

/* One whose departure is granted for a time after the end of the run is still where it was. */
static enum train_status status_told(enum train_status status, struct train_call *calls, int32_t call_count) {
    int32_t last = call_count - 1;
    if (status != TRAIN_RUNNING) return status;
    while (last > 0 && calls[last].arrival_ms == TIME_NONE && calls[last].departure_ms == TIME_NONE) last--;
    if (calls[last].departure_ms != TIME_NONE) return TRAIN_RUNNING;
    if (calls[last].arrival_ms != TIME_NONE) return TRAIN_WAITING;
    calls[last].track = -1;
    calls[last].stopped = false;
    return TRAIN_NOT_ENTERED;
}

void journal_tell(struct simulation *simulation, int32_t slot, enum train_status status, int64_t arrival_ms) {
    if (!simulation->observer || !simulation->observer->train) return;
    const struct train *train = &simulation->trains[slot];
    const struct trip *trip = trip_of(simulation, train);
    const struct path *path = path_of(simulation, train);
    struct train_call *calls = calls_of(simulation, slot);
    struct train_passage *passages = passages_of(simulation, slot);
    struct train_block *blocks = simulation->options.want_blocks ? blocks_of(simulation, slot) : NULL;
    int32_t passage_count = trip->plan->route_length;
    if (blocks) attach_blocks(simulation, slot, passages);
    if (status != TRAIN_ARRIVED)
        forget_future(simulation, calls, path->call_count, passages, &passage_count, blocks,
                      blocks ? path->block_total : 0);
    status = status_told(status, calls, path->call_count);
    struct train_record record = {
        .train_id = train->id,
        .plan = train->trip,
        .day = train->day,
        .number = train->number,
        .planned_departure_ms = train->planned_departure_ms,
        .departure_ms = calls[0].departure_ms,
        .planned_arrival_ms = trip->planned_arrival_ms >= 0 ? train->base_ms + trip->planned_arrival_ms : TIME_NONE,
        .arrival_ms = arrival_ms,
        .energy_j = train->energy_j,
        .status = status,
        .calls = calls,
        .call_count = path->call_count,
        .passages = passages,
        .passage_count = passage_count};
    fill_record(simulation, trip, &record);
    simulation->observer->train(simulation->observer->context, &record);
}

void journal_tell_outsider(struct simulation *simulation, int32_t trip_index, const struct outsider *outsider) {
    if (!simulation->observer || !simulation->observer->train) return;
    const struct trip *trip = &simulation->plan->trips[trip_index];
    int64_t base = outsider->planned_ms - trip->planned_departure_ms;
    struct train_record record = {.train_id = outsider->id,
                                  .plan = trip_index,
                                  .day = outsider->day,
                                  .number = outsider->number,
                                  .planned_departure_ms = outsider->planned_ms,
                                  .departure_ms = TIME_NONE,
                                  .planned_arrival_ms =
                                      trip->planned_arrival_ms >= 0 ? base + trip->planned_arrival_ms : TIME_NONE,
                                  .arrival_ms = TIME_NONE,
                                  .status = TRAIN_NOT_ENTERED};
    fill_record(simulation, trip, &record);
    simulation->observer->train(simulation->observer->context, &record);
}
