#include "chart/graph_shape.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"

static const double lane_px = 6, least_lane_px = 3, stop_px = 4; /* between two trains that stand side by side */
static const double least_stop_px = 3;                           /* a stop is never drawn shorter */
static const double most_band_px = 26;                           /* half a band */

double frame_x(const struct graph_frame *frame, int64_t at_ms) {
    return frame->left +
           (frame->right - frame->left) * (double)(at_ms - frame->from_ms) / (double)(frame->to_ms - frame->from_ms);
}

double frame_y(const struct graph_frame *frame, const struct line_map *map, double km) {
    return frame->first_y + (frame->last_y - frame->first_y) * km / line_map_length_km(map);
}

/* ---- lanes ---- */

struct stand {
    int32_t station, call;
    bool downwards;
    int64_t from_ms, to_ms;
};

struct lanes {
    struct stand *stands;
    int32_t count, room;
    int32_t *lane;    /* [call], −1: does not stand for long */
    int32_t *deepest; /* [station × 2 + side] lanes in use */
};

/* Trains towards the end of the row stand above the station's line, the others below: each on the side it comes from.
 * At the ends of the row all stand outside it. */
static int32_t side_of(const struct line_map *map, int32_t station, bool downwards) {
    if (station == 0) return 0;
    if (station == map->station_count - 1) return 1;
    return downwards ? 0 : 1;
}

static int by_place_and_time(const void *left, const void *right) {
    const struct stand *a = left, *b = right;
    if (a->station != b->station) return a->station < b->station ? -1 : 1;
    if (a->from_ms != b->from_ms) return a->from_ms < b->from_ms ? -1 : 1;
    return (a->call > b->call) - (a->call < b->call);
}

static bool is_long(const struct graph_call *call) {
    return call->stand_from_ms != GRAPH_TIME_NONE && call->stand_to_ms - call->stand_from_ms >= SHAPE_STOP_MS;
}

static bool collect_stands(const struct graph_trains *trains, const struct graph_frame *frame, struct lanes *lanes) {
    for (int32_t index = 0; index < trains->train_count; index++) {
        const struct graph_train *train = &trains->trains[index];
        for (int32_t number = train->first_call; number < train->first_call + train->call_count; number++) {
            const struct graph_call *call = &trains->calls[number];
            if (call->station < 0 || !is_long(call)) continue;
            if (call->stand_to_ms <= frame->from_ms || call->stand_from_ms >= frame->to_ms) continue;
            struct stand *stands = array_room(lanes->stands, lanes->count, &lanes->room, sizeof *stands);
            if (stands == NULL) return false;
            lanes->stands = stands;
            stands[lanes->count++] =
                (struct stand){call->station, number, train->downwards, call->stand_from_ms, call->stand_to_ms};
        }
    }
    if (lanes->count > 1) qsort(lanes->stands, (size_t)lanes->count, sizeof *lanes->stands, by_place_and_time);
    return true;
}

enum { MOST_LANES = 32 };

/* The lowest lane that is free when a train comes to stand, in order of coming. */
static void assign_lanes(const struct line_map *map, struct lanes *lanes) {
    int64_t free_ms[2][MOST_LANES];
    for (int32_t index = 0; index < lanes->count; index++) {
        const struct stand *stand = &lanes->stands[index];
        if (index == 0 || stand->station != stand[-1].station)
            for (int32_t lane = 0; lane < MOST_LANES; lane++) free_ms[0][lane] = free_ms[1][lane] = INT64_MIN;
        const int32_t side = side_of(map, stand->station, stand->downwards);
        int32_t lane = 0;
        while (lane < MOST_LANES - 1 && free_ms[side][lane] > stand->from_ms) lane++;
        free_ms[side][lane] = stand->to_ms;
        lanes->lane[stand->call] = lane;
        int32_t *deepest = &lanes->deepest[stand->station * 2 + side];
        if (*deepest < lane + 1) *deepest = lane + 1;
    }
}

/* How far from its line a station's lanes may reach. */
static double band_limit(const struct line_map *map, const struct graph_frame *frame, int32_t station) {
    const double y = frame_y(frame, map, map->stations[station].km);
    double limit = most_band_px;
    if (station > 0) limit = fmin(limit, 0.4 * (y - frame_y(frame, map, map->stations[station - 1].km)));
    if (station + 1 < map->station_count)
        limit = fmin(limit, 0.4 * (frame_y(frame, map, map->stations[station + 1].km) - y));
    if (station == 0) limit = fmax(limit, y - frame->top - 4); /* outside the row there is room */
    if (station + 1 == map->station_count) limit = fmax(limit, frame->bottom - y - 4);
    return limit;
}

/* The distance between lanes, and how many fit; trains beyond that share them. */
static double lane_distance(double limit, int32_t lanes_used, int32_t *lanes_there) {
    const double needed = limit / lanes_used;
    *lanes_there = lanes_used;
    if (needed >= least_lane_px) return fmin(needed, lane_px);
    *lanes_there = (int32_t)fmax(1, floor(limit / least_lane_px));
    return fmin(least_lane_px, limit);
}

static double stand_offset(const struct line_map *map, const struct graph_frame *frame, const struct lanes *lanes,
                           int32_t station, bool downwards, int32_t lane, double *band) {
    const int32_t side = side_of(map, station, downwards);
    const int32_t *deepest = &lanes->deepest[station * 2];
    int32_t there;
    const double distance =
        lane_distance(band_limit(map, frame, station), deepest[0] > deepest[1] ? deepest[0] : deepest[1], &there);
    const double away = (lane % there + 0.5) * distance;
    band[station] = fmax(band[station], away + distance / 2);
    return side == 0 ? -away : away;
}

/* ---- lines ---- */

struct shaping {
    const struct graph_trains *trains;
    const struct line_map *map;
    const struct graph_frame *frame;
    struct lanes lanes;
    struct graph_shape *shape;
};

static bool add_segment(struct line_segment **segments, int32_t *count, int32_t *room,
                        const struct line_segment *segment) {
    struct line_segment *grown = array_room(*segments, *count, room, sizeof *grown);
    if (grown == NULL) return false;
    *segments = grown;
    grown[(*count)++] = *segment;
    return true;
}

/* The height at which a train stands, or passes, at a call. */
static double call_y(struct shaping *shaping, int32_t train, int32_t number) {
    const struct graph_call *call = &shaping->trains->calls[number];
    double y = frame_y(shaping->frame, shaping->map, shaping->map->stations[call->station].km);
    if (shaping->lanes.lane[number] >= 0)
        y += stand_offset(shaping->map, shaping->frame, &shaping->lanes, call->station,
                          shaping->trains->trains[train].downwards, shaping->lanes.lane[number], shaping->shape->band);
    return y;
}

/* The part within the hours shown; nothing outside them. */
static bool add_run(struct shaping *shaping, int32_t train, int64_t from_ms, double y1, int64_t to_ms, double y2) {
    const struct graph_frame *frame = shaping->frame;
    if (to_ms <= frame->from_ms || from_ms >= frame->to_ms) return true;
    struct line_segment run = {frame_x(frame, from_ms), y1, frame_x(frame, to_ms), y2, train, 0};
    const double slope = run.x2 > run.x1 ? (y2 - y1) / (run.x2 - run.x1) : 0;
    if (run.x1 < frame->left) {
        run.y1 += (frame->left - run.x1) * slope;
        run.x1 = frame->left;
    }
    if (run.x2 > frame->right) {
        run.y2 -= (run.x2 - frame->right) * slope;
        run.x2 = frame->right;
    }
    return add_segment(&shaping->shape->runs, &shaping->shape->run_count, &shaping->shape->run_room, &run);
}

static bool add_stop(struct shaping *shaping, int32_t train, const struct graph_call *call, double y) {
    const struct graph_frame *frame = shaping->frame;
    struct line_segment stop = {fmax(frame_x(frame, call->stand_from_ms), frame->left),
                                y,
                                fmin(frame_x(frame, call->stand_to_ms), frame->right),
                                y,
                                train,
                                stop_px};
    const double missing = least_stop_px - (stop.x2 - stop.x1);
    if (missing > 0) { /* within the plot */
        stop.x1 = fmin(fmax(stop.x1 - missing / 2, frame->left), frame->right - least_stop_px);
        stop.x2 = stop.x1 + least_stop_px;
    }
    return add_segment(&shaping->shape->stops, &shaping->shape->stop_count, &shaping->shape->stop_room, &stop);
}

static bool add_call(struct shaping *shaping, int32_t train, int32_t number) {
    const struct graph_call *call = &shaping->trains->calls[number];
    if (call->stand_from_ms == GRAPH_TIME_NONE) return true;
    if (call->stand_to_ms <= shaping->frame->from_ms || call->stand_from_ms >= shaping->frame->to_ms) return true;
    const double y = call_y(shaping, train, number);
    if (is_long(call)) return add_stop(shaping, train, call, y);
    return add_run(shaping, train, call->stand_from_ms, y, call->stand_to_ms, y);
}

/* From one call to the next, where the two are neighbours in the row. */
static bool add_leg(struct shaping *shaping, int32_t train, int32_t number) {
    const struct graph_call *here = &shaping->trains->calls[number], *there = here + 1;
    const int64_t from_ms = here->departure_ms != GRAPH_TIME_NONE ? here->departure_ms : here->arrival_ms;
    const int64_t to_ms = there->arrival_ms != GRAPH_TIME_NONE ? there->arrival_ms : there->departure_ms;
    if (here->station < 0 || there->station < 0 || abs(here->station - there->station) != 1) return true;
    if (from_ms == GRAPH_TIME_NONE || to_ms == GRAPH_TIME_NONE) return true;
    return add_run(shaping, train, from_ms, call_y(shaping, train, number), to_ms, call_y(shaping, train, number + 1));
}

static bool add_train(struct shaping *shaping, int32_t index) {
    const struct graph_train *train = &shaping->trains->trains[index];
    const int32_t end = train->first_call + train->call_count;
    for (int32_t number = train->first_call; number < end; number++) {
        if (shaping->trains->calls[number].station < 0) continue;
        if (!add_call(shaping, index, number)) return false;
        if (number + 1 < end && !add_leg(shaping, index, number)) return false;
    }
    return true;
}

static bool make_lanes(struct shaping *shaping) {
    struct lanes *lanes = &shaping->lanes;
    lanes->lane = malloc(((size_t)shaping->trains->call_count + 1) * sizeof *lanes->lane);
    lanes->deepest = calloc((size_t)shaping->map->station_count * 2, sizeof *lanes->deepest);
    if (lanes->lane == NULL || lanes->deepest == NULL) return false;
    for (int32_t call = 0; call < shaping->trains->call_count; call++) lanes->lane[call] = -1;
    if (!collect_stands(shaping->trains, shaping->frame, lanes)) return false;
    assign_lanes(shaping->map, lanes);
    return true;
}

bool graph_shape_make(const struct graph_trains *trains, const struct line_map *map, const struct graph_frame *frame,
                      struct graph_shape *shape, struct failure *failure) {
    *shape = (struct graph_shape){0};
    struct shaping shaping = {.trains = trains, .map = map, .frame = frame, .shape = shape};
    shape->band = calloc((size_t)map->station_count, sizeof *shape->band);
    bool well = shape->band != NULL && make_lanes(&shaping);
    for (int32_t index = 0; well && index < trains->train_count; index++) well = add_train(&shaping, index);
    free(shaping.lanes.stands);
    free(shaping.lanes.lane);
    free(shaping.lanes.deepest);
    if (well) return true;
    graph_shape_free(shape);
    return failure_set(failure, "out of memory");
}

void graph_shape_free(struct graph_shape *shape) {
    free(shape->runs);
    free(shape->stops);
    free(shape->band);
    *shape = (struct graph_shape){0};
}
