#include "simulation/journal.h"

#include <stdlib.h>

static struct stage *stages_of(const struct simulation *simulation, int32_t slot) {
    return simulation->stages + (size_t)slot * (size_t)simulation->plan->most_calls;
}

static struct train_block *blocks_of(const struct simulation *simulation, int32_t slot) {
    return simulation->blocks + (size_t)slot * (size_t)simulation->plan->most_blocks;
}

static int64_t planned(int64_t base_ms, int64_t in_day_ms) {
    return in_day_ms >= 0 ? base_ms + in_day_ms : TIME_NONE;
}

static int64_t planned_departure(const struct simulation *simulation, const struct train *train, int32_t node) {
    if (node == 0) return train->planned_departure_ms;
    return planned(train->base_ms, trip_of(simulation, train)->nodes[node].departure_ms);
}

/* The part of [from, to) inside the measured window. */
static int64_t in_window(const struct simulation *simulation, int64_t from_ms, int64_t to_ms) {
    if (from_ms < simulation->window_from_ms) from_ms = simulation->window_from_ms;
    if (to_ms > simulation->window_to_ms) to_ms = simulation->window_to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

void journal_begin(struct simulation *simulation, int32_t slot) {
    struct train *train = &simulation->trains[slot];
    train->stage_count = 0;
    if (!simulation->options.want_blocks) return;
    const struct path *path = path_of(simulation, train);
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
    struct station_log *log = &simulation->station_logs[station];
    struct station_use *use = &log->use;
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
    struct train *train = &simulation->trains[slot];
    const struct path_node *at = &path_of(simulation, train)->nodes[node];
    if (at->call < 0) return;
    stages_of(simulation, slot)[at->call] = (struct stage){.arrival_ms = arrival_ms,
                                                           .departure_ms = TIME_NONE,
                                                           .enter_ms = TIME_NONE,
                                                           .clear_ms = TIME_NONE,
                                                           .track = track,
                                                           .stopped = stopped};
    train->stage_count = at->call + 1;
    if (arrival_ms != TIME_NONE) come_to_stand(simulation, at->station, arrival_ms);
}

void journal_pass(struct simulation *simulation, int32_t slot, int32_t node, int32_t track, int64_t passing_ms) {
    struct train *train = &simulation->trains[slot];
    const struct path_node *at = &path_of(simulation, train)->nodes[node];
    if (at->call < 0) return;
    stages_of(simulation, slot)[at->call] = (struct stage){.arrival_ms = passing_ms,
                                                           .departure_ms = passing_ms,
                                                           .enter_ms = TIME_NONE,
                                                           .clear_ms = TIME_NONE,
                                                           .track = track};
    train->stage_count = at->call + 1;
    come_to_stand(simulation, at->station, passing_ms);
}

/* Did the plan alone let it stand until departure_ms? */
static bool waited_for_its_time(const struct simulation *simulation, const struct train *train, int32_t node,
                                const struct stage *stage) {
    int64_t planned_ms = planned_departure(simulation, train, node);
    return stage->stopped && planned_ms != TIME_NONE && stage->departure_ms == planned_ms &&
           stage->arrival_ms != TIME_NONE;
}

/* The longest part of the wait names its cause. */
static enum wait_cause cause_of_wait(const struct train *train, int64_t primary_ms) {
    if (train->knock_on_ms >= primary_ms && train->knock_on_ms >= train->possession_ms &&
        train->knock_on_ms >= train->scheduled_ms && train->knock_on_ms > 0)
        return WAIT_KNOCK_ON;
    if (train->possession_ms > primary_ms && train->possession_ms >= train->scheduled_ms) return WAIT_POSSESSION;
    return train->scheduled_ms > primary_ms ? WAIT_SCHEDULED : WAIT_PRIMARY;
}

void journal_departure(struct simulation *simulation, int32_t slot, int32_t node, int64_t departure_ms,
                       int64_t ready_planned_ms) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct path_node *at = &path->nodes[node];
    int64_t wait = departure_ms - ready_planned_ms;
    if (wait > 0 && at->station >= 0)
        simulation->station_logs[at->station].use.wait_ms += in_window(simulation, ready_planned_ms, departure_ms);
    /* for the section it has waited from when it could have gone, its own delay over */
    int64_t ready = train->ready_ms > ready_planned_ms ? train->ready_ms : ready_planned_ms;
    if (departure_ms > ready) {
        const struct path_leg *leg = &path->legs[node];
        simulation->section_use[leg->section * 2 + leg->direction].wait_ms +=
            in_window(simulation, ready, departure_ms);
    }
    if (at->call < 0) return;
    struct stage *stage = &stages_of(simulation, slot)[at->call];
    if (stage->arrival_ms == TIME_NONE) come_to_stand(simulation, at->station, departure_ms);
    stage->departure_ms = departure_ms;
    stage->wait_ms = wait > 0 ? wait : 0;
    if (wait <= 0) {
        stage->wait_cause = waited_for_its_time(simulation, train, node, stage) ? WAIT_SCHEDULED : WAIT_NONE;
        return;
    }
    stage->wait_cause = (unsigned char)cause_of_wait(
        train, train->ready_ms > ready_planned_ms ? train->ready_ms - ready_planned_ms : 0);
    if (stage->wait_cause == WAIT_KNOCK_ON) stage->wait_for_train = train->longest_train;
}

void journal_enter(struct simulation *simulation, int32_t slot, int32_t leg, int64_t start_ms) {
    const struct path_leg *at = &path_of(simulation, &simulation->trains[slot])->legs[leg];
    bool enters = leg == 0 || at[-1].step != at->step;
    if (enters) stages_of(simulation, slot)[at->step].enter_ms = start_ms;
}

static struct stay *span_at(struct span_log *log, int32_t index) {
    int32_t at = log->first + index;
    return &log->spans[at < SPANS_KEPT ? at : at - SPANS_KEPT];
}

static void take_span_out(struct span_log *log, int32_t index) {
    for (log->count--; index < log->count; index++) *span_at(log, index) = *span_at(log, index + 1);
}

static void put_span_in(struct span_log *log, int32_t index, struct stay span) {
    for (int32_t i = log->count++; i > index; i--) *span_at(log, i) = *span_at(log, i - 1);
    *span_at(log, index) = span;
}

static void count_first_span(const struct simulation *simulation, struct span_log *log) {
    log->busy_ms += in_window(simulation, span_at(log, 0)->from_ms, span_at(log, 0)->to_ms);
    log->first = (log->first + 1) % SPANS_KEPT;
    log->count--;
}

/* Adds a time a section was held: trains that follow each other are told in nearly any order, and count once together.
 * The usual one comes after all others. */
static void add_span(const struct simulation *simulation, struct span_log *log, struct stay span) {
    int32_t at = log->count;
    while (at > 0 && span_at(log, at - 1)->to_ms >= span.from_ms) {
        const struct stay other = *span_at(log, at - 1);
        if (other.from_ms <= span.to_ms) { /* they touch: one span */
            if (other.from_ms < span.from_ms) span.from_ms = other.from_ms;
            if (other.to_ms > span.to_ms) span.to_ms = other.to_ms;
            take_span_out(log, at - 1);
        }
        at--;
    }
    if (log->count == SPANS_KEPT) {
        count_first_span(simulation, log);
        if (at > 0) at--;
    }
    put_span_in(log, at, span);
}

void journal_sum_up(struct simulation *simulation) {
    const struct network *network = &simulation->plan->scenario->network;
    for (int32_t i = 0; i < network->section_count * 2; i++) {
        struct span_log *log = &simulation->spans[i];
        while (log->count > 0) count_first_span(simulation, log);
        simulation->section_use[i].trains = log->trains;
        simulation->section_use[i].busy_ms = log->busy_ms;
        simulation->section_busy_ms[layout_road(simulation->plan->layout, i / 2, i % 2)] += log->busy_ms;
    }
    for (int32_t i = 0; i < network->station_count; i++) simulation->station_use[i] = simulation->station_logs[i].use;
}

static void section_held(struct simulation *simulation, const struct path_leg *leg, int64_t enter_ms,
                         int64_t until_ms) {
    struct span_log *log = &simulation->spans[leg->section * 2 + leg->direction];
    log->trains += enter_ms >= simulation->window_from_ms && enter_ms < simulation->window_to_ms;
    add_span(simulation, log, (struct stay){enter_ms, until_ms});
}

static void track_left(struct simulation *simulation, int32_t slot, const struct path_node *at, int64_t left_ms) {
    if (at->call < 0) return;
    const struct stage *stage = &stages_of(simulation, slot)[at->call];
    int64_t from = stage->arrival_ms != TIME_NONE ? stage->arrival_ms : stage->departure_ms;
    if (from != TIME_NONE) add_stay(simulation, at->station, from, left_ms);
}

void journal_leave(struct simulation *simulation, int32_t slot, bool stays) {
    const struct train *train = &simulation->trains[slot];
    const struct path_node *at = &path_of(simulation, train)->nodes[train->at];
    int64_t from = stages_of(simulation, slot)[at->call].arrival_ms;
    if (from == TIME_NONE) return;
    if (stays)
        stand_no_longer(&simulation->station_logs[at->station], from); /* its next plan goes on from there */
    else
        add_stay(simulation, at->station, from, simulation->now_ms);
}

static void block_left(struct simulation *simulation, int32_t slot, const struct path_leg *leg,
                       const struct path_mark *mark, int64_t at_ms) {
    if (simulation->options.want_blocks) {
        struct train_block *block = &blocks_of(simulation, slot)[leg->first_block + mark->block];
        block->clear_ms = at_ms;
        block->release_ms = at_ms + leg->release_ms;
    }
    if (!mark->leaves) return;
    struct stage *stage = &stages_of(simulation, slot)[leg->step];
    if (stage->clear_ms != TIME_NONE) return;
    stage->clear_ms = at_ms;
    section_held(simulation, leg, stage->enter_ms, at_ms + leg->release_ms);
}

static void tell_mark(struct simulation *simulation, int32_t slot, const struct path *path,
                      const struct path_mark *mark, int64_t at_ms) {
    if (mark->node >= 0)
        track_left(simulation, slot, &path->nodes[mark->node], at_ms);
    else
        block_left(simulation, slot, &path->legs[mark->leg], mark, at_ms);
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
        tell_mark(simulation, slot, path, mark, start_ms + scaled_ms(run->marks_ms[i], factor));
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
        if (at <= simulation->now_ms) tell_mark(simulation, slot, path, &path->marks[leg->first_mark + i], at);
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
            track_left(simulation, slot, &path->nodes[mark->node], simulation->now_ms);
        }
}

/* Sections still held when the clock stops are counted up to then. */
static void count_open_passages(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    for (int32_t i = 0; i < path->node_count - 1; i++) {
        const struct path_leg *leg = &path->legs[i];
        if (leg->step >= train->stage_count || (i > 0 && path->legs[i - 1].step == leg->step)) continue;
        const struct stage *stage = &stages_of(simulation, slot)[leg->step];
        if (stage->enter_ms != TIME_NONE && stage->enter_ms <= simulation->now_ms && stage->clear_ms == TIME_NONE)
            section_held(simulation, leg, stage->enter_ms, simulation->now_ms);
    }
}

void journal_end(struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    if (train->phase == PHASE_RUNNING) tell_open_leg(simulation, slot);
    if (train->phase == PHASE_LEAVING)
        journal_leave(simulation, slot, false);
    else if (train->phase != PHASE_OUTSIDE)
        tell_tracks_held(simulation, slot);
    count_open_passages(simulation, slot);
}

static void fill_call(const struct simulation *simulation, const struct train *train, int32_t node,
                      const struct stage *stage, struct train_call *call) {
    *call = (struct train_call){.station = path_of(simulation, train)->nodes[node].station,
                                .track = stage ? stage->track : -1,
                                .planned_arrival_ms =
                                    planned(train->base_ms, trip_of(simulation, train)->nodes[node].arrival_ms),
                                .arrival_ms = stage ? stage->arrival_ms : TIME_NONE,
                                .planned_departure_ms = planned_departure(simulation, train, node),
                                .departure_ms = stage ? stage->departure_ms : TIME_NONE};
    if (!stage) return;
    call->stopped = stage->stopped;
    call->wait_ms = stage->wait_ms;
    call->wait_cause = (enum wait_cause)stage->wait_cause;
    call->wait_for_train = stage->wait_for_train;
}

static void fill_passage(const struct path_leg *leg, const struct stage *stage, struct train_passage *passage) {
    int64_t clear_ms = stage ? stage->clear_ms : TIME_NONE;
    *passage = (struct train_passage){.section = leg->section,
                                      .direction = leg->direction,
                                      .line_track = leg->line_track,
                                      .enter_ms = stage ? stage->enter_ms : TIME_NONE,
                                      .clear_ms = clear_ms,
                                      .release_ms = clear_ms != TIME_NONE ? clear_ms + leg->release_ms : TIME_NONE};
}

/* Makes its stages, and the way it has not come to, into calls and passages. */
static void fill_way(const struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    const struct stage *stages = stages_of(simulation, slot);
    for (int32_t node = 0; node < path->node_count; node++) {
        int32_t call = path->nodes[node].call;
        if (call < 0) continue;
        const struct stage *stage = call < train->stage_count ? &stages[call] : NULL;
        fill_call(simulation, train, node, stage, &simulation->calls[call]);
        if (node + 1 < path->node_count) fill_passage(&path->legs[node], stage, &simulation->passages[call]);
    }
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
    struct train_call *calls = simulation->calls;
    struct train_passage *passages = simulation->passages;
    struct train_block *blocks = simulation->options.want_blocks ? blocks_of(simulation, slot) : NULL;
    int32_t passage_count = trip->plan->route_length;
    fill_way(simulation, slot);
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
        .teu = train->load >= 0 ? freight_load_total_teu(simulation->freight, train->load) : train->money.teu,
        .revenue_cents = train->money.revenue_cents,
        .cost_cents = train->money.cost_cents,
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
    struct train_record record = {
        .train_id = outsider->id,
        .plan = trip_index,
        .day = outsider->day,
        .number = outsider->number,
        .planned_departure_ms = outsider->planned_ms,
        .departure_ms = TIME_NONE,
        .planned_arrival_ms = trip->planned_arrival_ms >= 0 ? base + trip->planned_arrival_ms : TIME_NONE,
        .arrival_ms = TIME_NONE,
        .teu = outsider->load >= 0 ? freight_load_total_teu(simulation->freight, outsider->load) : 0,
        .status = TRAIN_NOT_ENTERED};
    fill_record(simulation, trip, &record);
    simulation->observer->train(simulation->observer->context, &record);
}
