#include "railway/path.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* Least distance between the stopping points of neighbouring nodes: keeps a path in order where a scenario's stations
 * overlap (which its reader refuses). */
static const double LEAST_LEG_M = 1.0;

static int32_t first_under(const struct path *path, int32_t node) {
    int32_t first = node;
    while (first > 0 && path->nodes[node].stop_m - path->nodes[first - 1].stop_m < path->type->length_m) first--;
    return first;
}

bool path_fits(const struct path *path, int32_t layout_track) {
    const double track_m = path->layout->tracks[layout_track].length_m;
    if (path->end_place < 0) return track_m >= path->type->length_m;
    const struct place *end = &path->layout->places[path->end_place];
    const bool ends = layout_track >= end->first_track && layout_track < end->first_track + end->track_count;
    return track_m >= (ends ? path->end_length_m : path->type->length_m);
}

/* Length of a station's zone for a train: its longest track; one without a length is as long as the train. */
static double zone_of(const struct layout *layout, const struct train_type *type, int32_t station) {
    const struct place *place = &layout->places[station];
    double zone = 0;
    for (int32_t i = 0; i < place->track_count; i++) {
        double length = layout->tracks[place->first_track + i].length_m;
        zone = fmax(zone, isfinite(length) ? length : type->length_m);
    }
    return zone;
}

static void count_fits(const struct path *path, int32_t station, int32_t *fitting, int32_t *tracks) {
    const struct place *place = &path->layout->places[station];
    *fitting = 0;
    *tracks = place->track_count;
    for (int32_t i = 0; i < place->track_count; i++) *fitting += path_fits(path, place->first_track + i);
}

void path_end_as_long_as(struct path *path, double length_m) {
    struct path_node *end = &path->nodes[path->node_count - 1];
    int32_t fitting, tracks;
    path->end_length_m = fmax(length_m, path->type->length_m);
    path->end_place = end->place;
    count_fits(path, end->station, &fitting, &tracks);
    end->all_fit = fitting == tracks;
    if (path->layout->places[end->place].capacity >= 0 && tracks > 1 && fitting < tracks) path->plain = false;
}

static int32_t legs_of(const struct layout *layout, const struct route_leg *route, int32_t route_length) {
    int32_t legs = 0;
    for (int32_t i = 0; i < route_length; i++) {
        const struct road *road = &layout->roads[layout_road(layout, route[i].section, route[i].direction)];
        legs += road->kind == ROAD_WHOLE ? 1 : road->kind == ROAD_LINE ? 2 : road->block_count + 1;
    }
    return legs;
}

static void add_station_node(struct path *path, int32_t station, double centre_m, bool end) {
    struct path_node *node = &path->nodes[path->node_count++];
    double half = zone_of(path->layout, path->type, station) / 2;
    int32_t fitting, tracks;
    count_fits(path, station, &fitting, &tracks);
    bool unlimited = path->layout->places[station].capacity < 0;
    *node = (struct path_node){.place = station,
                               .station = station,
                               .call = path->call_count++,
                               .next_stand = -1,
                               .stand = end || (fitting > 0 && (tracks > 1 || unlimited)),
                               .all_fit = fitting == tracks,
                               .entry_m = centre_m - half,
                               .stop_m = centre_m + half};
    if (!unlimited && tracks > 1 && fitting < tracks) path->plain = false;
}

static void add_leg(struct path *path, const struct path_leg *leg) {
    path->legs[path->node_count - 1] = *leg;
}

/* The nodes and legs of one section of the route, up to and including the station at its far end. */
static void add_section(struct path *path, const struct route_leg *step, int32_t number, double *centre_m, bool last) {
    const struct layout *layout = path->layout;
    const struct section *section = &layout->network->sections[step->section];
    int32_t far = step->direction == FORWARD ? section->to : section->from;
    int32_t road_index = layout_road(layout, step->section, step->direction);
    const struct road *road = &layout->roads[road_index];
    struct path_leg leg = {.kind = LEG_WHOLE,
                           .section = step->section,
                           .direction = step->direction,
                           .road = road_index,
                           .line_track = section->tracks == 2 && step->direction == BACKWARD ? 2 : 1,
                           .track = -1,
                           .step = number,
                           .block_count = road->block_count,
                           .share = 1};
    double begin = path->nodes[path->node_count - 1].stop_m;
    *centre_m += section->length_m;
    double end = fmax(*centre_m - zone_of(layout, path->type, far) / 2, begin + LEAST_LEG_M);
    int32_t signals = road->kind == ROAD_BLOCKS ? road->block_count : road->kind == ROAD_LINE ? 1 : 0;
    for (int32_t i = 0; i < signals; i++) {
        double at = begin + (end - begin) * (i + 1) / signals;
        leg.kind = road->kind == ROAD_BLOCKS ? LEG_BLOCK : LEG_LINE;
        leg.block_count = road->kind == ROAD_BLOCKS ? 1 : road->block_count;
        leg.share = 1.0 / signals;
        /* blocks are numbered in the order run; a backward road has its own */
        leg.track = road->kind == ROAD_BLOCKS ? layout->places[road->place].first_track + i : -1;
        add_leg(path, &leg);
        path->nodes[path->node_count++] = (struct path_node){.place = road->place,
                                                             .station = -1,
                                                             .call = -1,
                                                             .stand = true,
                                                             .all_fit = true,
                                                             .next_stand = -1,
                                                             .entry_m = at,
                                                             .stop_m = at};
        leg = (struct path_leg){.kind = LEG_ENTER,
                                .section = leg.section,
                                .direction = leg.direction,
                                .road = leg.road,
                                .line_track = leg.line_track,
                                .track = -1,
                                .step = number,
                                .share = 0};
    }
    add_leg(path, &leg);
    add_station_node(path, far, *centre_m, last);
    struct path_node *station = &path->nodes[path->node_count - 1];
    station->entry_m = fmax(station->entry_m, end);
    station->stop_m = fmax(station->stop_m, station->entry_m + LEAST_LEG_M);
}

static void link_stands(struct path *path) {
    int32_t next = -1;
    for (int32_t i = path->node_count - 1; i >= 0; i--) {
        path->nodes[i].next_stand = next;
        if (path->nodes[i].stand) {
            if (next >= 0 && next - i > path->longest_move) path->longest_move = next - i;
            next = i;
        }
    }
}

static void find_fixed_times(struct path *path, const struct running_time *rows, int32_t count, int32_t type_index) {
    for (int32_t i = 0; i < path->node_count - 1; i++)
        path->legs[i].fixed =
            running_time_find(rows, count, path->legs[i].section, type_index, 1u << path->legs[i].direction);
}

/* Where each block of a leg begins. A moving block's points are blocks without length. */
static void place_blocks(struct path *path) {
    int32_t total = 0;
    for (int32_t i = 0; i < path->node_count - 1; i++) {
        struct path_leg *leg = &path->legs[i];
        const struct section *section = &path->layout->network->sections[leg->section];
        double begin = path->nodes[i].stop_m, end = path->nodes[i + 1].entry_m;
        bool points = leg->kind != LEG_BLOCK && section->headway_ms < 0 && section->signalling == SIGNALLING_MOVING;
        int32_t parts = points ? leg->block_count - 1 : leg->block_count;
        leg->first_block = total;
        for (int32_t b = 0; b < leg->block_count; b++) path->block_from_m[total++] = begin + (end - begin) * b / parts;
    }
    path->block_total = total;
}

static double block_end(const struct path *path, int32_t leg, int32_t block) {
    const struct path_leg *of = &path->legs[leg];
    if (block + 1 < of->block_count) {
        const struct section *section = &path->layout->network->sections[of->section];
        bool points = section->headway_ms < 0 && section->signalling == SIGNALLING_MOVING;
        return path->block_from_m[of->first_block + block + (points ? 0 : 1)];
    }
    return path->nodes[leg + 1].entry_m;
}

/* The last block before a signal on the line: a train without length that stops at that signal is still in it. */
static bool before_signal(const struct path *path, const struct path_mark *mark) {
    if (mark->leg < 0) return false;
    const struct path_leg *leg = &path->legs[mark->leg];
    return (leg->kind == LEG_BLOCK || leg->kind == LEG_LINE) && mark->block == leg->block_count - 1;
}

static int compare_marks(const void *left, const void *right) {
    const struct path_mark *a = left, *b = right;
    if (a->at_m != b->at_m) return a->at_m < b->at_m ? -1 : 1;
    int32_t a_order = a->node >= 0 ? a->node : a->leg, b_order = b->node >= 0 ? b->node : b->leg;
    if (a_order != b_order) return a_order < b_order ? -1 : 1;
    return a->block - b->block;
}

/* Where a train without length leaves the last block of a leg: a section at the station where it arrives, a block of
 * two tracks as it goes on into the next. */
static double point_leaves(const struct path *path, int32_t leg) {
    const bool enters = leg + 2 < path->node_count && path->legs[leg + 1].kind == LEG_ENTER;
    return path->nodes[leg + 1 + enters].stop_m;
}

/* A position from `node` on, and a stop there where it is meant to be one: sums of lengths differ in their last digits,
 * and the order of marks must not hang on those. */
static double on_a_stop(const struct path *path, int32_t node, double at_m) {
    while (node < path->node_count && path->nodes[node].stop_m < at_m - 1e-6) node++;
    const bool meant = node < path->node_count && path->nodes[node].stop_m <= at_m + 1e-6;
    return meant ? path->nodes[node].stop_m : at_m;
}

/* Marks the positions at which the tail leaves things, each in the leg in which the head gets there. With a fixed time
 * and no clearing by length, a track is left at departure and a section at arrival. */
static void place_marks(struct path *path, bool clear_by_length) {
    int32_t count = 0, last = path->node_count - 2;
    double length = path->type->length_m;
    for (int32_t i = 0; i <= last; i++) {
        const struct path_leg *leg = &path->legs[i];
        bool point = leg->fixed && !clear_by_length;
        double left = path->nodes[i + (point && leg->kind == LEG_ENTER)].stop_m; /* the last block with the section */
        left = on_a_stop(path, i, left + (point ? 0 : length));
        path->marks[count++] = (struct path_mark){.at_m = left, .node = i, .leg = -1};
        for (int32_t b = 0; b < leg->block_count; b++) {
            bool last_block = point && b == leg->block_count - 1;
            double at = last_block ? point_leaves(path, i) : block_end(path, i, b) + (point ? 0 : length);
            at = on_a_stop(path, i, at);
            path->marks[count++] = (struct path_mark){.at_m = at, .node = -1, .leg = i, .block = b};
        }
    }
    qsort(path->marks, (size_t)count, sizeof *path->marks, compare_marks);
    int32_t next = 0;
    for (int32_t i = 0; i <= last; i++) {
        struct path_leg *leg = &path->legs[i];
        leg->first_mark = next;
        /* what lies beyond the end of the path is left when the train leaves it */
        while (next < count && (path->marks[next].at_m <= path->nodes[i + 1].stop_m + 1e-6 || i == last) &&
               path->marks[next].node != i + 1 &&
               !(path->marks[next].leg == i && before_signal(path, &path->marks[next])))
            next++;
        leg->mark_count = next - leg->first_mark;
    }
}

static bool ends_section(const struct path *path, int32_t leg) {
    const struct path_leg *next = &path->legs[leg + 1];
    return leg + 2 == path->node_count || next->kind == LEG_ENTER || next->step != path->legs[leg].step;
}

/* What the network says of the section of each leg, and of the marks. */
static void gather_rules(struct path *path) {
    const struct network *network = path->layout->network;
    for (int32_t i = 0; i < path->node_count; i++) {
        struct path_node *node = &path->nodes[i];
        const struct place *place = &path->layout->places[node->place];
        node->first_under = first_under(path, i);
        node->first_track = place->first_track;
        node->track_count = place->track_count;
        node->alike = place->alike;
        node->unlimited = place->capacity < 0;
        node->keeps_interval = node->station >= 0 && network->stations[node->station].arrival_interval_ms > 0;
    }
    for (int32_t i = 0; i < path->node_count - 1; i++) {
        struct path_leg *leg = &path->legs[i];
        const struct section *section = &network->sections[leg->section];
        const int32_t station = path->nodes[i].station;
        leg->release_ms = section->release_ms;
        leg->opposing_ms = section->release_ms + (station >= 0 ? network->stations[station].crossing_interval_ms : 0);
        leg->single_line = leg->kind == LEG_WHOLE && section->tracks == 1;
        leg->bare = leg->kind == LEG_WHOLE && section->headway_ms < 0 && section->signalling == SIGNALLING_FIXED &&
                    section->purge_ms == 0 && section->max_trains == 0 &&
                    !path->layout->roads[leg->road].closed_at_times;
        for (int32_t m = leg->first_mark; m < leg->first_mark + leg->mark_count; m++) {
            struct path_mark *mark = &path->marks[m];
            mark->last = mark->leg >= 0 && mark->block == path->legs[mark->leg].block_count - 1;
            mark->leaves = mark->last && ends_section(path, mark->leg);
            mark->purged = mark->last && network->sections[path->legs[mark->leg].section].purge_ms > 0;
            if (mark->node > 0 && path->nodes[mark->node].station < 0)
                mark->release_ms = network->sections[path->legs[mark->node - 1].section].release_ms;
        }
    }
}

static bool needs_motion(const struct path *path) {
    for (int32_t i = 0; i < path->node_count - 1; i++)
        if (!path->legs[i].fixed) return true;
    return false;
}

static bool path_allocate(struct path *path, int32_t legs) {
    int32_t blocks = 0;
    assert(legs > 0);
    for (int32_t i = 0; i < path->layout->road_count; i++)
        if (path->layout->roads[i].block_count > blocks) blocks = path->layout->roads[i].block_count;
    size_t most = (size_t)legs * (size_t)(blocks + 1);
    path->nodes = aligned_alloc(CACHE_LINE, ((size_t)legs + 1) * sizeof *path->nodes);
    path->legs = aligned_alloc(CACHE_LINE, (size_t)legs * sizeof *path->legs);
    path->marks = calloc(most + (size_t)legs, sizeof *path->marks);
    path->block_from_m = calloc(most, sizeof *path->block_from_m);
    return path->nodes && path->legs && path->marks && path->block_from_m;
}

struct path *path_create(const struct layout *layout, const struct train_type *type, int32_t type_index,
                         const struct running_time *running_times, int32_t running_time_count,
                         const struct route_leg *route, int32_t route_length, bool clear_by_length) {
    struct path *path = calloc(1, sizeof *path);
    if (!path) return NULL;
    path->layout = layout;
    path->type = type;
    path->end_length_m = type->length_m;
    path->end_place = -1;
    path->plain = true;
    if (!path_allocate(path, legs_of(layout, route, route_length))) return path_destroy(path), NULL;
    const struct section *first = &layout->network->sections[route[0].section];
    add_station_node(path, route[0].direction == FORWARD ? first->from : first->to, 0, true);
    double centre = 0;
    for (int32_t i = 0; i < route_length; i++) add_section(path, &route[i], i, &centre, i == route_length - 1);
    link_stands(path);
    find_fixed_times(path, running_times, running_time_count, type_index);
    place_blocks(path);
    place_marks(path, clear_by_length);
    gather_rules(path);
    if (needs_motion(path)) {
        path->motion = motion_path_create(layout->network, type, route, route_length);
        if (!path->motion) return path_destroy(path), NULL;
    }
    return path;
}

void path_destroy(struct path *path) {
    if (!path) return;
    motion_path_destroy(path->motion);
    free(path->nodes);
    free(path->legs);
    free(path->marks);
    free(path->block_from_m);
    free(path);
}
