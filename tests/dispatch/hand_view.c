#include "hand_view.h"

#include <stdlib.h>

#include "support/railway_builder.h"

static struct path *path_of(const struct hand_line *line, int32_t plan) {
    const struct train_plan *of = &line->scenario->timetable.plans[plan];
    return path_create(line->layout, &line->scenario->train_types[0], 0, line->scenario->running_times,
                       line->scenario->running_time_count, of->route, of->route_length, false);
}

struct hand_line hand_line_create(int32_t tracks_at_b, unsigned two_track_sections, int64_t purge_ms) {
    static const char *const STATIONS[] = {"W", "A", "m", "B", "E"};
    static const char *const SECTIONS[] = {"WA", "Am", "mB", "BE"};
    const int32_t tracks[] = {0, 2, 1, tracks_at_b, 0};
    struct hand_line line = {.scenario = build_scenario()};
    for (int32_t i = 0; i < 5; i++) build_station(line.scenario, STATIONS[i], tracks[i], 0);
    for (int32_t i = 0; i < HAND_SECTIONS; i++) {
        struct section *section = build_section(line.scenario, SECTIONS[i], STATIONS[i], STATIONS[i + 1], 10000);
        if (two_track_sections >> i & 1) section->tracks = 2;
        section->purge_ms = purge_ms;
    }
    build_running_time(line.scenario, 600, 0, 0);
    build_type(line.scenario, "train", 500);
    build_train(line.scenario, "east", "train", "W A m B E", 0, -1, -1);
    build_train(line.scenario, "west", "train", "E B m A W", 0, -1, -1);
    build_train(line.scenario, "between", "train", "A m B", 0, -1, -1);
    line.layout = layout_create(&line.scenario->network);
    if (!line.layout) abort();
    for (int32_t way = EAST; way < HAND_WAYS; way++)
        if (!(line.paths[way] = path_of(&line, way))) abort();
    return line;
}

void hand_line_free(struct hand_line *line) {
    for (int32_t way = EAST; way < HAND_WAYS; way++) path_destroy(line->paths[way]);
    layout_destroy(line->layout);
    build_free(line->scenario);
}

int32_t hand_node(const struct hand_line *line, int32_t way, int32_t station) {
    for (int32_t i = 0; i < line->paths[way]->node_count; i++)
        if (line->paths[way]->nodes[i].station == station) return i;
    return -1;
}

struct hand_request *hand_ask(struct hand_view *view, int32_t train, int32_t way, int32_t station, int64_t since_ms) {
    const struct path *path = view->line->paths[way];
    struct hand_request *asks = &view->requests[view->count++];
    int32_t from = hand_node(view->line, way, station);
    *asks = (struct hand_request){.request = {.train = train,
                                              .train_id = 100 + train,
                                              .path = path,
                                              .from = from,
                                              .to = path->nodes[from].next_stand,
                                              .since_ms = since_ms,
                                              .ready_ms = since_ms,
                                              .priority = 1,
                                              .delay_weight = 1,
                                              .direction = way,
                                              .entering = from == 0},
                                  .permitted = true};
    return asks;
}

static bool wants(const struct dispatch_request *request, int32_t road, int32_t direction) {
    for (int32_t i = request->from; i < request->to; i++)
        if (request->path->legs[i].road == road && request->path->legs[i].direction == direction) return true;
    return false;
}

static const struct dispatch_request *waiting(const void *context, int32_t road, int32_t direction, int32_t *cursor) {
    struct hand_view *view = (struct hand_view *)(uintptr_t)context;
    for (int32_t i = *cursor + 1; i < view->count; i++) {
        if (!wants(&view->requests[i].request, road, direction)) continue;
        *cursor = i;
        view->shown = view->requests[i].request;
        return &view->shown;
    }
    return NULL;
}

static const struct hand_request *find(const struct hand_view *view, int32_t train) {
    for (int32_t i = 0; i < view->count; i++)
        if (view->requests[i].request.train == train) return &view->requests[i];
    abort();
}

static bool permitted(const void *context, int32_t train) {
    struct hand_view *view = (struct hand_view *)(uintptr_t)context;
    view->shown = (struct dispatch_request){.train = -1}; /* the simulation may look at others meanwhile */
    return find(view, train)->permitted;
}

static int32_t demand(const void *context, int32_t road, int32_t direction) {
    return ((const struct hand_view *)context)->demand[road / 2][direction];
}

static int32_t same_way(const void *context, const struct dispatch_request *request) {
    return find(context, request->train)->same_way;
}

struct dispatch_view hand_see(const struct hand_view *view, int64_t now_ms) {
    return (struct dispatch_view){view, now_ms, view->line->layout, waiting, permitted, demand, same_way};
}
