#include "moves.h"

#include <stdio.h>
#include <stdlib.h>

static const struct trip *trip_of(const struct moment *moment, int32_t train) {
    return &moment->plan->trips[moment->trip[train]];
}

int32_t moment_bound_track(const void *moment, int32_t train, int32_t node) {
    return trip_of(moment, train)->nodes[node].track;
}

int32_t moment_later_path(const void *context, int32_t train, int32_t later) {
    const struct moment *moment = context;
    int32_t trip = moment->trip[train];
    while (later-- > 0 && trip >= 0) trip = moment->plan->trips[trip].onward;
    return trip >= 0 ? moment->plan->trips[trip].path : -1;
}

/* ---- making ---- */

static void need(bool there) {
    if (there) return;
    fprintf(stderr, "out of memory\n");
    abort();
}

struct moment moment_create(const struct simulation_plan *plan) {
    struct moment moment = {.plan = plan};
    moment.line = interlocking_create(plan->layout, (const struct path *const *)plan->paths, plan->path_count,
                                      &plan->run_settings, 0);
    need(moment.line && interlocking_reserve(moment.line, MOVES_TRAINS));
    moment.deadlock = deadlock_create(moment.line);
    need(moment.deadlock);
    deadlock_know_trainsets(moment.deadlock, moment_later_path);
    return moment;
}

void moment_free(struct moment *moment) {
    deadlock_destroy(moment->deadlock);
    interlocking_destroy(moment->line);
}

void moment_copy(struct moment *target, const struct moment *source) {
    struct interlocking *line = target->line;
    struct deadlock *deadlock = target->deadlock;
    need(interlocking_copy(line, source->line) && deadlock_copy(deadlock, source->deadlock));
    *target = *source;
    target->line = line;
    target->deadlock = deadlock;
}

void moment_add(struct moment *moment, int32_t train, int32_t trip) {
    moment->trip[train] = trip;
    moment->line->commitments[train] = (struct commitment){.path = -1,
                                                           .track = -1,
                                                           .onward_path = moment_later_path(moment, train, 1),
                                                           .plain = trip_of(moment, train)->plain};
}

void moment_place(struct moment *moment, int32_t train, int32_t track) {
    need(interlocking_place(moment->line, train, trip_of(moment, train)->path, 0, track, moment->now_ms));
}

/* ---- moving ---- */

void moment_turn_round(struct moment *moment, int32_t train) {
    struct commitment *commitment = &moment->line->commitments[train];
    if (commitment->path < 0 || commitment->onward_path < 0) return;
    if (commitment->node < moment->line->paths[commitment->path]->node_count - 1) return;
    moment->trip[train] = trip_of(moment, train)->onward;
    need(interlocking_place(moment->line, train, trip_of(moment, train)->path, 0, commitment->track,
                            moment->arrives_ms[train]));
    commitment->onward_path = moment_later_path(moment, train, 1);
}

static struct move_request request_for(const struct moment *moment, int32_t train, int32_t track, int64_t now_ms) {
    const struct commitment *commitment = &moment->line->commitments[train];
    const struct trip *trip = trip_of(moment, train);
    bool entering = commitment->path < 0;
    int32_t from = entering ? 0 : commitment->node, to = moment->plan->paths[trip->path]->nodes[from].next_stand;
    int64_t arrives = moment->arrives_ms[train];
    return (struct move_request){.train = train,
                                 .train_id = 1 + train + MOVES_TRAINS * moment->trip[train],
                                 .path = trip->path,
                                 .from = from,
                                 .to = to,
                                 .entering = entering,
                                 .now_ms = now_ms,
                                 .base_ms = arrives > now_ms ? arrives : now_ms,
                                 .track = entering ? -1 : commitment->track,
                                 .from_track = trip->nodes[from].track,
                                 .to_track = track >= 0 ? track : trip->nodes[to].track};
}

bool moment_may_start(const struct moment *moment, int32_t train, int32_t track, int64_t now_ms,
                      struct move_request *request, struct move *move) {
    for (int32_t tries = 0; tries < 20; tries++) {
        *request = request_for(moment, train, track, now_ms);
        interlocking_evaluate(moment->line, request, move);
        if (move->verdict == MOVE_POSSIBLE) return true;
        if (move->verdict == MOVE_BLOCKED) return false;
        if (move->verdict != MOVE_LATER || move->later_ms <= now_ms) break;
        now_ms = move->later_ms;
    }
    fprintf(stderr, "train %d is put off for ever\n", train);
    abort();
}

static struct deadlock_move counted_move(const struct moment *moment, const struct move_request *request,
                                         const struct move *move) {
    return (struct deadlock_move){.train = request->train,
                                  .path = request->path,
                                  .node = request->to,
                                  .track = move->legs[move->leg_count - 1].track,
                                  .onward_path = moment_later_path(moment, request->train, 1),
                                  .plain = trip_of(moment, request->train)->plain,
                                  .entering = request->entering};
}

enum deadlock_verdict moment_judge(const struct moment *moment, const struct move_request *request,
                                   const struct move *move) {
    const struct deadlock_bindings bindings = {moment_bound_track, moment};
    const struct deadlock_move counted = counted_move(moment, request, move);
    return deadlock_test(moment->deadlock, moment->line, &counted, &bindings);
}

bool moment_is_plain(const struct moment *moment, const struct move_request *request) {
    return moment->line->complex_count == 0 && trip_of(moment, request->train)->plain;
}

enum deadlock_verdict moment_judge_all(const struct moment *moment, struct deadlock *deadlock) {
    const struct deadlock_bindings bindings = {moment_bound_track, moment};
    return deadlock_test_all(deadlock, moment->line, &bindings);
}

void moment_grant(struct moment *moment, const struct move_request *request, const struct move *move) {
    int32_t train = request->train;
    const struct move_leg *last = &move->legs[move->leg_count - 1];
    const struct deadlock_move counted = counted_move(moment, request, move);
    deadlock_granted(moment->deadlock, &counted);
    need(interlocking_grant(moment->line, request, move));
    moment->now_ms = request->now_ms;
    moment->arrives_ms[train] = last->start_ms + last->run->duration_ms;
    bool ends = request->to == moment->line->paths[request->path]->node_count - 1;
    moment->gone[train] = ends && counted.onward_path < 0;
    if (moment->gone[train]) interlocking_will_leave(moment->line, train, moment->arrives_ms[train]);
}

void moment_leave(struct moment *moment, int64_t now_ms) {
    for (int32_t i = 0; i < MOVES_TRAINS; i++)
        if (moment->gone[i] && moment->line->commitments[i].path >= 0 && moment->arrives_ms[i] <= now_ms)
            interlocking_leave(moment->line, i, moment->arrives_ms[i]);
}
