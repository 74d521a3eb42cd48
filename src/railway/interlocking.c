#include "railway/interlocking.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_PASSAGES = 64, FIRST_ARRIVALS = 64, FIRST_TRAINS = 64 };

static int64_t later_of(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* ---- making, growing, copying ---- */

static int32_t *filled(size_t count, int32_t value) {
    int32_t *array = malloc((count + 1) * sizeof *array);
    if (array)
        for (size_t i = 0; i < count; i++) array[i] = value;
    return array;
}

static void chain_passages(struct interlocking *line, int32_t from) {
    for (int32_t i = from; i < line->passage_count; i++) {
        line->passages[i].next = i + 1 < line->passage_count ? i + 1 : line->passage_free;
        line->passages[i].block_clear_ms = line->block_clear_ms + (size_t)i * (size_t)line->block_stride;
    }
    line->passage_free = from;
}

static bool grow_passages(struct interlocking *line) {
    int32_t old = line->passage_count, count = old ? 2 * old : FIRST_PASSAGES;
    struct passage *passages = realloc(line->passages, (size_t)count * sizeof *passages);
    if (!passages) return false;
    line->passages = passages;
    int64_t *clear = realloc(line->block_clear_ms, (size_t)count * (size_t)line->block_stride * sizeof *clear);
    if (!clear) return false;
    line->block_clear_ms = clear;
    for (int32_t i = 0; i < old; i++) passages[i].block_clear_ms = clear + (size_t)i * (size_t)line->block_stride;
    line->passage_count = count;
    chain_passages(line, old);
    return true;
}

static bool grow_arrivals(struct interlocking *line) {
    int32_t old = line->arrival_count, count = old ? 2 * old : FIRST_ARRIVALS;
    struct arrival *arrivals = realloc(line->arrivals, (size_t)count * sizeof *arrivals);
    if (!arrivals) return false;
    line->arrivals = arrivals;
    line->arrival_count = count;
    for (int32_t i = old; i < count; i++) arrivals[i].next = i + 1 < count ? i + 1 : line->arrival_free;
    line->arrival_free = old;
    return true;
}

bool interlocking_reserve(struct interlocking *line, int32_t count) {
    if (count <= line->train_count) return true;
    int32_t old = line->train_count, room = old ? old : FIRST_TRAINS;
    while (room < count) room *= 2;
    size_t cells = (size_t)room * (size_t)line->node_stride;
    struct commitment *commitments = realloc(line->commitments, (size_t)room * sizeof *commitments);
    if (commitments) line->commitments = commitments;
    struct taken *taken = realloc(line->taken, cells * sizeof *taken);
    if (taken) line->taken = taken;
    if (!commitments || !taken) return false;
    for (int32_t i = old; i < room; i++) commitments[i] = (struct commitment){.path = -1};
    line->train_count = room;
    return true;
}

static struct road_passages empty_road(const struct interlocking *line, int32_t road) {
    const struct section *section = &line->layout->network->sections[road / 2];
    int64_t released = section->release_ms + line->longest_crossing_ms + line->lead_ms;
    return (struct road_passages){.first = -1,
                                  .last = -1,
                                  .after_clear_ms = later_of(released, section->purge_ms),
                                  .after_exit_ms = section->headway_ms > 0 ? section->headway_ms : 0};
}

struct interlocking *interlocking_create(const struct layout *layout, const struct path *const *paths,
                                         int32_t path_count, const struct run_settings *settings,
                                         int32_t first_weekday) {
    struct interlocking *line = calloc(1, sizeof *line);
    if (!line) return NULL;
    *line = (struct interlocking){.layout = layout,
                                  .paths = paths,
                                  .path_count = path_count,
                                  .lead_ms = settings->lead_ms,
                                  .first_weekday = first_weekday,
                                  .passage_free = -1,
                                  .arrival_free = -1,
                                  .block_stride = 1,
                                  .node_stride = 2};
    for (int32_t i = 0; i < layout->road_count; i++)
        if (layout->roads[i].block_count > line->block_stride) line->block_stride = layout->roads[i].block_count;
    for (int32_t i = 0; i < path_count; i++)
        if (paths[i]->node_count > line->node_stride) line->node_stride = paths[i]->node_count;
    for (int32_t i = 0; i < layout->network->station_count; i++)
        line->longest_crossing_ms =
            later_of(line->longest_crossing_ms, layout->network->stations[i].crossing_interval_ms);
    size_t roads = (size_t)layout->road_count, places = (size_t)layout->place_count;
    line->runs = run_cache_create(paths, path_count, settings);
    line->holds = calloc((size_t)layout->track_count + 1, sizeof *line->holds);
    line->roads = calloc(roads + 1, sizeof *line->roads);
    line->place_count = filled(places, 0);
    line->place_first = filled(places, -1);
    line->place_last = filled(places, -1);
    line->arrival_first = filled((size_t)layout->network->station_count, -1);
    if (!line->runs || !line->holds || !line->roads || !line->place_count || !line->place_first || !line->place_last ||
        !line->arrival_first || !grow_passages(line) || !grow_arrivals(line) ||
        !interlocking_reserve(line, FIRST_TRAINS))
        return interlocking_destroy(line), NULL;
    for (int32_t i = 0; i < layout->road_count; i++) line->roads[i] = empty_road(line, i);
    for (int32_t i = 0; i < layout->track_count; i++) line->holds[i] = (struct hold){.free_ms = INT64_MIN, .train = -1};
    return line;
}

void interlocking_destroy(struct interlocking *line) {
    if (!line) return;
    run_cache_destroy(line->runs);
    free(line->holds);
    free(line->roads);
    free(line->passages);
    free(line->block_clear_ms);
    free(line->place_count);
    free(line->place_first);
    free(line->place_last);
    free(line->arrival_first);
    free(line->arrivals);
    free(line->commitments);
    free(line->taken);
    free(line);
}

static void copy_array(void *target, const void *source, int32_t count, size_t size) {
    memcpy(target, source, (size_t)count * size);
}

bool interlocking_copy(struct interlocking *target, const struct interlocking *source) {
    while (target->passage_count < source->passage_count)
        if (!grow_passages(target)) return false;
    while (target->arrival_count < source->arrival_count)
        if (!grow_arrivals(target)) return false;
    if (!interlocking_reserve(target, source->train_count)) return false;
    const struct layout *layout = source->layout;
    copy_array(target->holds, source->holds, layout->track_count, sizeof *source->holds);
    copy_array(target->roads, source->roads, layout->road_count, sizeof *source->roads);
    copy_array(target->place_count, source->place_count, layout->place_count, sizeof(int32_t));
    copy_array(target->place_first, source->place_first, layout->place_count, sizeof(int32_t));
    copy_array(target->place_last, source->place_last, layout->place_count, sizeof(int32_t));
    copy_array(target->arrival_first, source->arrival_first, layout->network->station_count, sizeof(int32_t));
    copy_array(target->arrivals, source->arrivals, source->arrival_count, sizeof *source->arrivals);
    target->arrival_free = source->arrival_free;
    target->complex_count = source->complex_count;
    copy_array(target->passages, source->passages, source->passage_count, sizeof *source->passages);
    copy_array(target->block_clear_ms, source->block_clear_ms, source->passage_count * source->block_stride,
               sizeof(int64_t));
    for (int32_t i = 0; i < target->passage_count; i++)
        target->passages[i].block_clear_ms = target->block_clear_ms + (size_t)i * (size_t)target->block_stride;
    /* slots the source never had stay out of use; passages it never had stay off its free list */
    target->passage_free = source->passage_free;
    copy_array(target->commitments, source->commitments, source->train_count, sizeof *source->commitments);
    for (int32_t i = source->train_count; i < target->train_count; i++) target->commitments[i].path = -1;
    copy_array(target->taken, source->taken, source->train_count * source->node_stride, sizeof *source->taken);
    return true;
}

bool move_create(struct move *move, const struct interlocking *line) {
    *move = (struct move){.legs = calloc((size_t)line->node_stride, sizeof *move->legs)};
    return move->legs != NULL;
}

void move_free(struct move *move) {
    free(move->legs);
    *move = (struct move){0};
}

/* ---- possessions ---- */

static int64_t day_of(int64_t time_ms) {
    return time_ms >= 0 ? time_ms / MILLISECONDS_PER_DAY
                        : -((-time_ms + MILLISECONDS_PER_DAY - 1) / MILLISECONDS_PER_DAY);
}

/* The end of the first window of `possession` that [enter, enter + stay) meets; INT64_MIN if it meets none. */
static int64_t window_met(const struct possession *possession, int32_t first_weekday, int64_t enter_ms,
                          int64_t stay_ms) {
    int64_t first = day_of(enter_ms) - 1, last = day_of(enter_ms + stay_ms);
    for (int64_t day = first; day <= last; day++) {
        if (!(possession->weekdays >> weekday_of_day(first_weekday, day) & 1)) continue;
        int64_t from = day * MILLISECONDS_PER_DAY + possession->from_ms,
                to = day * MILLISECONDS_PER_DAY + possession->to_ms;
        if (enter_ms < to && enter_ms + stay_ms > from) return to;
    }
    return INT64_MIN;
}

int64_t possession_free_from(const struct layout *layout, int32_t road, int32_t direction, int32_t first_weekday,
                             int64_t enter_ms, int64_t stay_ms) {
    const struct network *network = layout->network;
    int32_t section = road / 2, line_track = 1 + road % 2;
    /* A gap that a train never fits is refused by the scenario's reader; a year of windows is the end of patience. */
    for (int32_t round = 0; round < 1000; round++) {
        int64_t moved = enter_ms;
        for (int32_t i = 0; i < network->possession_count; i++) {
            const struct possession *possession = &network->possessions[i];
            if (possession->section != section || !(possession->directions >> direction & 1)) continue;
            if (possession->line_track != 0 && possession->line_track != line_track) continue;
            moved = later_of(moved, window_met(possession, first_weekday, moved, stay_ms));
        }
        if (moved == enter_ms) break;
        enter_ms = moved;
    }
    return enter_ms;
}

static struct taken *taken_at(const struct interlocking *line, int32_t train, int32_t node) {
    return &line->taken[(size_t)train * (size_t)line->node_stride + (size_t)node];
}

/* ---- what is over ---- */

static void drop_past(struct interlocking *line, int32_t road_index, int64_t now_ms) {
    struct road_passages *road = &line->roads[road_index];
    int32_t previous = -1, index = road->first;
    while (index >= 0) {
        struct passage *passage = &line->passages[index];
        int32_t next = passage->next;
        bool known = passage->clear_ms < INT64_MAX;
        bool followed = road->after_exit_ms > 0 && passage->exit_ms + road->after_exit_ms >= now_ms;
        if (known && passage->clear_ms + road->after_clear_ms < now_ms && !followed) {
            if (previous < 0)
                road->first = next;
            else
                line->passages[previous].next = next;
            if (next < 0) road->last = previous;
            passage->train_id = 0;
            passage->next = line->passage_free;
            line->passage_free = index;
        } else
            previous = index;
        index = next;
    }
}

/* ---- tracks ---- */

static int64_t hold_free_ms(const struct interlocking *line, int32_t track) {
    return line->holds[track].free_ms;
}

/* Is `track` a better choice than `best` for a train of this path? Faster turnouts first, then the shortest that will
 * do (the long ones are kept for long trains), then the file's order. */
static bool better_track(const struct layout *layout, int32_t track, int32_t best) {
    const struct layout_track *a = &layout->tracks[track], *b = &layout->tracks[best];
    if (a->speed_ms != b->speed_ms) return a->speed_ms > b->speed_ms;
    return a->length_m < b->length_m;
}

/* Of tracks that are all the same: the first that is free, else the one that is free soonest. */
static int32_t choose_of_equal(const struct interlocking *line, const struct path_node *node, int64_t now_ms) {
    int32_t best = -1;
    int64_t best_ms = INT64_MAX;
    for (int32_t track = node->first_track; track < node->first_track + node->track_count; track++) {
        int64_t free_ms = hold_free_ms(line, track);
        if (free_ms <= now_ms) return track;
        if (free_ms < best_ms) best_ms = free_ms, best = track;
    }
    return best;
}

/* The track a train would take at a node: a free one, else the one that is free soonest and whose time is known.
 * −1: none. `standing`: it must fit. */
static int32_t choose_track(const struct interlocking *line, const struct path *path, const struct path_node *node,
                            bool standing, int32_t binding, int64_t now_ms) {
    if (binding >= 0) return hold_free_ms(line, binding) < INT64_MAX ? binding : -1;
    if (node->alike && (node->all_fit || !standing)) return choose_of_equal(line, node, now_ms);
    int32_t best = -1;
    for (int32_t track = node->first_track; track < node->first_track + node->track_count; track++) {
        int64_t free_ms = hold_free_ms(line, track);
        if (free_ms == INT64_MAX || (standing && !path_fits(path, track))) continue;
        if (best < 0) {
            best = track;
            continue;
        }
        int64_t best_ms = hold_free_ms(line, best);
        bool free_now = free_ms <= now_ms, best_now = best_ms <= now_ms;
        if (free_now != best_now ? free_now : free_now ? better_track(line->layout, track, best) : free_ms < best_ms)
            best = track;
    }
    return best;
}

static double track_speed(const struct layout *layout, int32_t track) {
    return track >= 0 ? layout->tracks[track].speed_ms : INFINITY;
}

/* A place without limit has its first track for a name, and nobody holds it. */
static bool unlimited(const struct interlocking *line, int32_t place) {
    return line->layout->places[place].capacity < 0;
}

static void block_by_place(const struct interlocking *line, struct move *move, int32_t place) {
    move->verdict = MOVE_BLOCKED;
    move->obstacle = OBSTACLE_TRACK;
    move->blocked_place = place;
    move->blocking_train = line->place_first[place];
    for (int32_t i = 0; i < line->layout->places[place].track_count; i++) {
        int32_t holder = line->holds[line->layout->places[place].first_track + i].train;
        if (holder >= 0 && move->blocking_train < 0) move->blocking_train = holder;
    }
}

/* Chooses a track at the end of leg `index`; false if there is none. */
static bool choose_for_leg(const struct interlocking *line, const struct move_request *request, struct move *move,
                           int32_t index) {
    const struct path *path = line->paths[request->path];
    int32_t node_index = request->from + index + 1;
    const struct path_node *node = &path->nodes[node_index];
    const struct path_leg *leg = &path->legs[request->from + index];
    bool standing = node_index == request->to;
    int32_t *track = &move->legs[index].track;
    *track = -1;
    if (node->unlimited) {
        if (node->station >= 0) *track = node->first_track;
        return true;
    }
    if (leg->kind == LEG_BLOCK) {
        *track = leg->track;
        const struct place *place = &line->layout->places[node->place];
        bool same = line->paths[request->path]->nodes[node_index - 1].place == node->place;
        if (!same && line->place_count[node->place] >= place->capacity)
            return block_by_place(line, move, node->place), false;
        if (hold_free_ms(line, *track) < INT64_MAX) return true;
        move->blocking_train = line->holds[*track].train;
        move->verdict = MOVE_BLOCKED;
        move->obstacle = OBSTACLE_TRACK;
        move->blocked_place = node->place;
        return false;
    }
    /* a track it fits also to run through, where it might stand: its speed before the turnouts counts on those */
    *track = choose_track(line, path, node, node->stand, standing ? request->to_track : -1, request->now_ms);
    if (*track < 0) return block_by_place(line, move, node->place), false;
    return true;
}

static bool choose_from_track(const struct interlocking *line, const struct move_request *request, struct move *move) {
    move->from_track = request->track;
    if (!request->entering) return true;
    const struct path *path = line->paths[request->path];
    const struct path_node *node = &path->nodes[request->from];
    if (node->unlimited) {
        move->from_track = request->from_track >= 0 ? request->from_track : node->first_track;
        return true;
    }
    move->from_track = choose_track(line, path, node, true, request->from_track, request->now_ms);
    if (move->from_track < 0) return block_by_place(line, move, node->place), false;
    return true;
}

bool interlocking_has_tracks(const struct interlocking *line, const struct move_request *request) {
    struct move_leg legs[1];
    const struct path *path = line->paths[request->path];
    struct move move = {.legs = legs};
    if (!choose_from_track(line, request, &move)) return false;
    for (int32_t node = request->from + 1; node <= request->to; node++) {
        const struct path_node *at = &path->nodes[node];
        const struct path_leg *leg = &path->legs[node - 1];
        if (at->unlimited) continue;
        if (leg->kind == LEG_BLOCK) {
            if (hold_free_ms(line, leg->track) == INT64_MAX) return false;
        } else if (choose_track(line, path, at, at->stand, node == request->to ? request->to_track : -1,
                                request->now_ms) < 0)
            return false;
    }
    return true;
}

/* ---- constraints: each moves `start` on, and remembers who made it ---- */

struct search {
    struct interlocking *line;
    const struct move_request *request;
    struct move *move;
    const struct path *path;
    const struct path_leg *legs;   /* the first of the move */
    const struct path_node *nodes; /* [i + 1]: the far node of legs[i] */
    struct move_leg *moves;        /* of the legs */
    int32_t leg_count;
    int64_t placed_ms; /* the start that the times of the move's legs belong to */
    int64_t start_ms;  /* the start the constraints seen so far ask for */
    bool changed;
};

static void not_before(struct search *search, int64_t start_ms, enum move_obstacle obstacle, int32_t road,
                       int32_t train) {
    if (start_ms <= search->start_ms) return;
    search->move->blocking_id = 0;
    search->start_ms = start_ms;
    search->changed = true;
    search->move->obstacle = obstacle;
    search->move->blocked_road = road;
    search->move->blocking_train = train;
}

/* Because of a train that may have left the network by now: its slot may be another's. */
static void not_before_train(struct search *search, int64_t start_ms, enum move_obstacle obstacle, int32_t road,
                             int32_t train, int64_t train_id) {
    if (start_ms <= search->start_ms) return;
    not_before(search, start_ms, obstacle, road, train);
    search->move->blocking_id = train_id;
}

static void not_before_road(struct search *search, int64_t start_ms, int32_t road, int32_t train, int64_t train_id) {
    not_before_train(search, start_ms, OBSTACLE_ROAD, road, train, train_id);
}

static void not_before_track(struct search *search, int64_t start_ms, const struct hold *hold) {
    not_before_train(search, start_ms, OBSTACLE_TRACK, -1, hold->train, hold->train_id);
}

static int64_t scaled(int64_t time_ms, double factor) {
    return factor == 1 ? time_ms : (int64_t)llround((double)time_ms * factor);
}

static bool stops_by_plan(const struct move_request *request, int32_t node) {
    return request->leave && request->leave(request->context, node, 0) != INT64_MIN;
}

/* When the head is at the far end of a leg if it need not stop there: the earliest it can be. */
static int64_t through_ms(const struct search *search, int32_t leg_index) {
    const struct move_request *request = search->request;
    const struct move_leg *mine = &search->moves[leg_index];
    int32_t leg = request->from + leg_index;
    const struct leg_run *run = mine->run;
    assert(run); /* found when the leg was tried */
    if (!stops_by_plan(request, leg + 1)) run = run_cache_through(search->line->runs, request->path, leg, run);
    return mine->start_ms + scaled((run ? run : mine->run)->duration_ms, mine->factor);
}

/* The first leg's signal is wanted when the move is decided: at the start from rest, or at the indication point. */
static int64_t decision_ms(const struct search *search) {
    return search->request->running ? search->request->now_ms : search->placed_ms - search->line->lead_ms;
}

/* Opposing trains: the whole way must be released, and the crossing interval over, when the move is decided. */
static void keep_from_opposing(struct search *search, const struct passage *passage, int32_t leg_index) {
    const struct path_leg *leg = &search->legs[leg_index];
    int64_t free_ms = passage->clear_ms == INT64_MAX ? INT64_MAX / 2 : passage->clear_ms + leg->opposing_ms;
    int64_t late = free_ms - decision_ms(search);
    if (late > 0) not_before_road(search, search->placed_ms + late, leg->road, passage->train, passage->train_id);
}

/* The train ahead, same way: no block is wanted before it has cleared it; or the headway is kept at both ends. */
static void keep_behind(struct search *search, const struct passage *ahead, int32_t leg_index) {
    const struct path_leg *leg = &search->legs[leg_index];
    const struct section *section = &search->line->layout->network->sections[leg->section];
    const struct move_leg *mine = &search->moves[leg_index];
    int64_t late = 0;
    if (!leg->bare && section->headway_ms >= 0) {
        late = ahead->enter_ms + section->headway_ms - mine->start_ms;
        /* at the far end of a two-track section the order is kept when the train leaves the line (keep_order) */
        if (leg->kind != LEG_LINE)
            late = later_of(late, ahead->exit_ms + section->headway_ms - through_ms(search, leg_index));
    } else {
        int64_t release = !leg->bare && section->signalling == SIGNALLING_MOVING ? 0 : leg->release_ms;
        for (int32_t b = 0; b < leg->block_count; b++) {
            int64_t clear_ms = b + 1 < leg->block_count ? ahead->block_clear_ms[b] : ahead->clear_ms;
            /* not known where the train ahead may stop at the far signal: this one stops behind it */
            if (clear_ms == INT64_MAX) break;
            int64_t wanted = mine->start_ms + scaled(mine->run->wanted_ms[b], mine->factor);
            late = later_of(late, clear_ms + release - wanted);
        }
    }
    if (late > 0) not_before_road(search, search->placed_ms + late, leg->road, ahead->train, ahead->train_id);
}

static bool purges(const struct section *section, int32_t after, int32_t before) {
    return section->purge_ms > 0 && (section->purge_after >> after & 1) && (section->purge_before >> before & 1);
}

/* Ventilation, and the most trains at once. */
static void keep_purge_and_number(struct search *search, int32_t leg_index) {
    struct interlocking *line = search->line;
    const struct path_leg *leg = &search->legs[leg_index];
    const struct section *section = &line->layout->network->sections[leg->section];
    if (section->purge_ms == 0 && section->max_trains == 0) return;
    int32_t most = section->max_trains;
    if (section->purge_ms > 0 && most <= 1) most = 1;
    int64_t enter = search->moves[leg_index].start_ms;
    int32_t inside = 0;
    int64_t first_out = INT64_MAX;
    const struct passage *first = NULL;
    for (int32_t i = line->roads[leg->road].first; i >= 0; i = line->passages[i].next) {
        const struct passage *passage = &line->passages[i];
        if (purges(section, passage->direction, leg->direction) && enter >= passage->clear_earliest_ms &&
            enter < passage->clear_ms + section->purge_ms)
            not_before_road(search, search->placed_ms + passage->clear_ms + section->purge_ms - enter, leg->road,
                            passage->train, passage->train_id);
        if (passage->clear_ms <= enter) continue;
        inside++;
        if (passage->clear_ms < first_out) first_out = passage->clear_ms, first = passage;
    }
    if (most > 0 && inside >= most && first) {
        int64_t out = first_out == INT64_MAX ? INT64_MAX / 2 : first_out;
        if (out > enter)
            not_before_road(search, search->placed_ms + out - enter, leg->road, first->train, first->train_id);
    }
}

/* When the tail is out of the section of a leg of the move. */
static int64_t cleared_ms(const struct search *search, int32_t leg_index) {
    const struct path *path = search->path;
    int32_t index = search->request->from + leg_index;
    for (int32_t i = leg_index; i < search->leg_count; i++) {
        const struct path_leg *leg = &path->legs[search->request->from + i];
        const struct move_leg *mine = &search->moves[i];
        for (int32_t m = 0; m < leg->mark_count; m++) {
            const struct path_mark *mark = &path->marks[leg->first_mark + m];
            if (mark->leg == index && mark->block == path->legs[index].block_count - 1)
                return mine->start_ms + scaled(mine->run->marks_ms[m], mine->factor);
        }
    }
    return search->moves[leg_index].end_ms;
}

static void keep_possessions(struct search *search, int32_t leg_index) {
    struct interlocking *line = search->line;
    if (line->layout->network->possession_count == 0) return;
    const struct path_leg *leg = &search->legs[leg_index];
    if (leg->kind != LEG_WHOLE) return;
    const struct move_leg *mine = &search->moves[leg_index];
    const struct section *section = &line->layout->network->sections[leg->section];
    int64_t stay = cleared_ms(search, leg_index) - mine->start_ms + section->release_ms;
    int64_t from = possession_free_from(line->layout, leg->road, leg->direction, (int32_t)line->first_weekday,
                                        mine->start_ms, stay);
    if (from > mine->start_ms)
        not_before(search, search->placed_ms + from - mine->start_ms, OBSTACLE_POSSESSION, leg->road, -1);
}

/* Nobody passes a timed row before its time: on single line it waits for it where it stands. */
static void keep_timetable(struct search *search, int32_t leg_index) {
    const struct move_request *request = search->request;
    int32_t node = request->from + leg_index + 1;
    if (!request->earliest) return;
    int64_t earliest = request->earliest(request->context, node), passing = search->moves[leg_index].end_ms;
    if (earliest > passing) not_before(search, search->placed_ms + earliest - passing, OBSTACLE_TIMETABLE, -1, -1);
}

/* Most trains on a two-track line from block to block: as many as have a block, or are still to leave one. */
static void keep_number_in_blocks(struct search *search, int32_t leg_index) {
    const struct interlocking *line = search->line;
    const struct path_node *node = &search->nodes[leg_index + 1];
    const struct place *place = &line->layout->places[node->place];
    if (place->capacity >= place->track_count) return;
    if (search->nodes[leg_index].place == node->place) return;
    const struct move_leg *mine = &search->moves[leg_index];
    int64_t wanted = mine->start_ms + scaled(mine->run->wanted_ms[0], mine->factor);
    int32_t inside = 0;
    const struct hold *blocking = NULL;
    for (int32_t i = 0; i < place->track_count; i++) {
        const struct hold *hold = &line->holds[place->first_track + i];
        bool counted = hold->free_ms > wanted;
        for (int32_t k = 0; k < i && counted; k++) {
            const struct hold *other = &line->holds[place->first_track + k];
            counted = !(other->train == hold->train && other->free_ms > wanted);
        }
        inside += counted;
        if (hold->free_ms > wanted && (!blocking || hold->free_ms < blocking->free_ms)) blocking = hold;
    }
    if (inside < place->capacity || !blocking) return;
    int64_t out = blocking->free_ms == INT64_MAX ? INT64_MAX / 2 : blocking->free_ms;
    not_before_track(search, search->placed_ms + out - wanted, blocking);
    search->move->blocked_place = node->place;
}

/* The track at the far node, where another train is still to leave it. */
static void keep_track(struct search *search, int32_t leg_index) {
    const struct interlocking *line = search->line;
    const struct path_leg *leg = &search->legs[leg_index];
    const struct path_node *node = &search->nodes[leg_index + 1];
    const struct move_leg *mine = &search->moves[leg_index];
    if (mine->track < 0 || node->unlimited) return;
    const struct hold *hold = &line->holds[mine->track];
    int64_t wanted = mine->start_ms + (leg->kind == LEG_BLOCK ? scaled(mine->run->wanted_ms[0], mine->factor)
                                                              : scaled(mine->run->station_ms, mine->factor));
    if (hold->free_ms > wanted) not_before_track(search, search->placed_ms + hold->free_ms - wanted, hold);
}

/* Arrivals from opposite sides of a station keep their interval, whether either stops or runs through. */
static void keep_arrival_interval(struct search *search, int32_t leg_index) {
    struct interlocking *line = search->line;
    const struct path_leg *leg = &search->legs[leg_index];
    const struct path_node *node = &search->nodes[leg_index + 1];
    int32_t station = node->station;
    int64_t interval = line->layout->network->stations[station].arrival_interval_ms;
    const struct move_leg *mine = &search->moves[leg_index];
    int64_t earliest = through_ms(search, leg_index);
    int64_t latest = mine->start_ms + scaled(mine->run->duration_ms, mine->factor);
    int32_t *link = &line->arrival_first[station];
    while (*link >= 0) {
        struct arrival *other = &line->arrivals[*link];
        if (other->latest_ms + interval < search->request->now_ms) {
            int32_t gone = *link;
            *link = other->next;
            other->next = line->arrival_free;
            line->arrival_free = gone;
            continue;
        }
        if (other->section != leg->section && earliest < other->latest_ms + interval &&
            latest + interval > other->earliest_ms)
            not_before_road(search, search->placed_ms + other->latest_ms + interval - earliest, leg->road, other->train,
                            other->train_id);
        link = &other->next;
    }
}

/* Trains leave a two-track section with a headway in the order they came. */
static void keep_order(struct search *search, int32_t leg_index) {
    struct interlocking *line = search->line;
    const struct path_leg *leg = &search->legs[leg_index];
    const struct section *section = &line->layout->network->sections[leg->section];
    if (line->layout->roads[leg->road].kind != ROAD_LINE) return;
    for (int32_t i = line->roads[leg->road].first; i >= 0; i = line->passages[i].next) {
        const struct passage *ahead = &line->passages[i];
        if (ahead->train == search->request->train && ahead->train_id == search->request->train_id) return;
        if (ahead->clear_ms == INT64_MAX) {
            search->move->blocked_place = line->layout->roads[leg->road].place;
            not_before_road(search, INT64_MAX / 2, leg->road, ahead->train, ahead->train_id);
            return;
        }
        int64_t gap = section->headway_ms > 0 ? section->headway_ms : 0;
        int64_t arrive = through_ms(search, leg_index), leave = search->moves[leg_index].start_ms;
        if (section->headway_ms < 0 && ahead->clear_ms > leave) /* moving block: behind its tail */
            not_before_road(search, search->placed_ms + ahead->clear_ms - leave, leg->road, ahead->train,
                            ahead->train_id);
        if (ahead->exit_ms + gap > arrive)
            not_before_road(search, search->placed_ms + ahead->exit_ms + gap - arrive, leg->road, ahead->train,
                            ahead->train_id);
    }
}

static void keep_road(struct search *search, int32_t leg_index) {
    struct interlocking *line = search->line;
    const struct path_leg *leg = &search->legs[leg_index];
    if (leg->kind == LEG_ENTER) {
        keep_order(search, leg_index);
        return;
    }
    if (leg->kind == LEG_BLOCK) return;
    const struct passage *ahead = NULL;
    for (int32_t i = line->roads[leg->road].first; i >= 0; i = line->passages[i].next) {
        const struct passage *passage = &line->passages[i];
        if (passage->direction == leg->direction)
            ahead = passage;
        else
            keep_from_opposing(search, passage, leg_index);
    }
    if (ahead) keep_behind(search, ahead, leg_index);
    if (leg->bare) return;
    keep_purge_and_number(search, leg_index);
    keep_possessions(search, leg_index);
}

/* ---- times of a move ---- */

/* The limit of the turnouts at a node, over the track used there. */
static double turnouts_used(const struct search *search, int32_t node) {
    const struct interlocking *line = search->line;
    const struct move_request *request = search->request;
    if (search->path->nodes[node].station < 0) return INFINITY;
    int32_t track = search->move->from_track;
    if (node > request->from) track = search->moves[node - request->from - 1].track;
    if (node < request->from) track = taken_at(line, request->train, node)->track;
    return track_speed(line->layout, track);
}

/* The limit of the turnouts under the train as a leg begins, those of earlier nodes included. It is kept until the tail
 * is past the node: for earlier ones somewhat longer than it must be. */
static double turnouts_behind(const struct search *search, int32_t node) {
    double limit = turnouts_used(search, node);
    for (int32_t before = search->path->nodes[node].first_under; before < node; before++)
        limit = fmin(limit, turnouts_used(search, before));
    return limit;
}

/* The runs of the move's legs: they depend on speeds and tracks, not on when it starts. */
static bool find_runs(struct search *search) {
    struct interlocking *line = search->line;
    const struct move_request *request = search->request;
    double speed = request->running ? request->entry_speed_ms : 0;
    for (int32_t i = 0; i < search->leg_count; i++) {
        struct move_leg *leg = &search->moves[i];
        int32_t node = request->from + i + 1;
        bool stop = node == request->to || stops_by_plan(request, node);
        leg->run = run_cache_find(line->runs, request->path, request->from + i, speed, stop,
                                  turnouts_behind(search, node - 1), turnouts_used(search, node));
        if (!leg->run) return false;
        leg->factor = request->factor ? request->factor(request->context, request->from + i) : 1;
        speed = leg->run->exit_speed_ms;
    }
    return true;
}

static void set_times(struct search *search) {
    const struct move_request *request = search->request;
    int64_t time = search->placed_ms = search->start_ms;
    for (int32_t i = 0; i < search->leg_count; i++) {
        struct move_leg *leg = &search->moves[i];
        leg->start_ms = time;
        time += scaled(leg->run->duration_ms, leg->factor);
        if (i + 1 < search->leg_count && leg->run->stop && request->leave)
            time = later_of(time, request->leave(request->context, request->from + i + 1, time));
        leg->end_ms = time;
    }
}

static void keep_from_track(struct search *search) {
    const struct interlocking *line = search->line;
    const struct move_request *request = search->request;
    if (!request->entering || search->nodes[0].unlimited) return;
    const struct hold *hold = &line->holds[search->move->from_track];
    not_before_track(search, hold->free_ms, hold);
}

/* Is it known already that the move cannot start: never, or not at the one moment a running train can? */
static bool given_up(const struct search *search) {
    return search->start_ms >= INT64_MAX / 4 ||
           (search->request->running && search->start_ms > search->request->base_ms);
}

/* Rounds until a start is found that every constraint accepts: each only ever moves it on. */
static void find_start(struct search *search) {
    enum { MOST_ROUNDS = 10000 };
    for (int32_t round = 0; round < MOST_ROUNDS; round++) {
        search->changed = false;
        keep_from_track(search);
        if (round == 0 || search->placed_ms != search->start_ms) set_times(search);
        for (int32_t i = 0; i < search->leg_count && !given_up(search); i++) {
            keep_road(search, i);
            keep_track(search, i);
            if (search->nodes[i + 1].keeps_interval) keep_arrival_interval(search, i);
            if (i + 1 < search->leg_count) keep_timetable(search, i);
            if (search->legs[i].kind == LEG_BLOCK) keep_number_in_blocks(search, i);
            if (search->placed_ms != search->start_ms) set_times(search);
        }
        if (!search->changed || given_up(search)) return;
    }
}

void interlocking_evaluate(struct interlocking *line, const struct move_request *request, struct move *move) {
    struct move_leg *legs = move->legs;
    *move = (struct move){.verdict = MOVE_POSSIBLE,
                          .later_ms = INT64_MAX,
                          .blocked_place = -1,
                          .blocked_road = -1,
                          .blocking_train = -1,
                          .from_track = -1,
                          .leg_count = request->to - request->from,
                          .legs = legs};
    const struct path *path = line->paths[request->path];
    if (!choose_from_track(line, request, move)) return;
    for (int32_t i = 0; i < move->leg_count; i++) {
        if (!choose_for_leg(line, request, move, i)) return;
        if (path->legs[request->from + i].kind != LEG_BLOCK)
            drop_past(line, path->legs[request->from + i].road, request->now_ms);
    }
    struct search search = {.line = line,
                            .request = request,
                            .move = move,
                            .path = path,
                            .legs = &path->legs[request->from],
                            .nodes = &path->nodes[request->from],
                            .moves = legs,
                            .leg_count = move->leg_count,
                            .placed_ms = request->base_ms,
                            .start_ms = request->base_ms};
    if (!find_runs(&search)) {
        move->verdict = MOVE_FAILED;
        return;
    }
    find_start(&search);
    move->start_ms = search.start_ms;
    if (search.start_ms <= request->base_ms) return;
    if (search.start_ms >= INT64_MAX / 4) {
        move->verdict = MOVE_BLOCKED;
        return;
    }
    move->verdict = MOVE_LATER;
    move->later_ms = request->running ? search.start_ms : search.start_ms - line->lead_ms;
}

/* ---- making a move real ---- */

static void list_at_place(struct interlocking *line, int32_t train) {
    struct commitment *commitment = &line->commitments[train];
    int32_t place = line->paths[commitment->path]->nodes[commitment->node].place;
    commitment->listed = interlocking_next_place(line, commitment) >= 0;
    if (!commitment->listed) return;
    commitment->previous = line->place_last[place];
    commitment->next = -1;
    if (commitment->previous >= 0)
        line->commitments[commitment->previous].next = train;
    else
        line->place_first[place] = train;
    line->place_last[place] = train;
    line->place_count[place]++;
    line->complex_count += !commitment->plain;
}

static void unlist(struct interlocking *line, int32_t train) {
    struct commitment *commitment = &line->commitments[train];
    if (commitment->path < 0 || !commitment->listed) return;
    int32_t place = line->paths[commitment->path]->nodes[commitment->node].place;
    if (commitment->previous >= 0)
        line->commitments[commitment->previous].next = commitment->next;
    else
        line->place_first[place] = commitment->next;
    if (commitment->next >= 0)
        line->commitments[commitment->next].previous = commitment->previous;
    else
        line->place_last[place] = commitment->previous;
    commitment->listed = false;
    line->place_count[place]--;
    line->complex_count -= !commitment->plain;
}

static void take_track(struct interlocking *line, int32_t train, int64_t train_id, int32_t node, bool unlimited,
                       int32_t track) {
    taken_at(line, train, node)->track = track;
    if (track >= 0 && !unlimited)
        line->holds[track] = (struct hold){.free_ms = INT64_MAX, .train_id = train_id, .train = train};
}

/* A leg as a train runs it. */
struct leg_course {
    int64_t train_id;
    int32_t train, path, leg;
    const struct leg_run *run;
    double factor;
    int64_t start_ms;
};

static int64_t course_ms(const struct leg_course *course, int32_t after_ms) {
    return course->start_ms + scaled(after_ms, course->factor);
}

/* The tail has left a block: the last one of a leg leaves it clear. */
static void clear_block(struct interlocking *line, const struct leg_course *course, const struct path_mark *mark,
                        struct passage *passage, int32_t mark_number) {
    int64_t at = course_ms(course, course->run->marks_ms[mark_number]);
    if (!mark->last) {
        passage->block_clear_ms[mark->block] = at;
        return;
    }
    passage->clear_ms = passage->clear_earliest_ms = at;
    if (!mark->purged) return;
    const struct leg_run *through = run_cache_through(line->runs, course->path, course->leg, course->run);
    int64_t earliest = through ? course_ms(course, through->marks_ms[mark_number]) : at;
    if (earliest < at) passage->clear_earliest_ms = earliest;
}

/* Writes when this leg's marks are reached into the holds and passages they end. Done again, with earlier times, when a
 * train that would have stopped runs through. */
static void apply_marks(struct interlocking *line, const struct leg_course *course) {
    const struct path *path = line->paths[course->path];
    const struct path_leg *leg = &path->legs[course->leg];
    const struct path_mark *marks = &path->marks[leg->first_mark];
    const struct taken *taken = taken_at(line, course->train, 0);
    for (int32_t i = 0; i < leg->mark_count; i++) {
        const struct path_mark *mark = &marks[i];
        if (mark->node >= 0) {
            int32_t track = taken[mark->node].track;
            if (track >= 0 && line->holds[track].train == course->train)
                line->holds[track].free_ms = course_ms(course, course->run->marks_ms[i]) + mark->release_ms;
            continue;
        }
        int32_t index = taken[mark->leg].passage;
        if (index < 0) continue;
        struct passage *passage = &line->passages[index];
        if (passage->train_id == course->train_id && passage->leg == mark->leg)
            clear_block(line, course, mark, passage, i);
    }
}

static bool add_passage(struct interlocking *line, const struct move_request *request, int32_t leg_index,
                        const struct move_leg *move_leg) {
    const struct path_leg *leg = &line->paths[request->path]->legs[leg_index];
    taken_at(line, request->train, leg_index)->passage = -1;
    if (leg->kind == LEG_ENTER || leg->kind == LEG_BLOCK) return true;
    if (line->passage_free < 0 && !grow_passages(line)) return false;
    int32_t index = line->passage_free;
    struct passage *passage = &line->passages[index];
    line->passage_free = passage->next;
    int64_t *clear = passage->block_clear_ms;
    *passage = (struct passage){
        .train_id = request->train_id,
        .train = request->train,
        .leg = leg_index,
        .direction = leg->direction,
        .next = -1,
        .enter_ms = move_leg->start_ms,
        .exit_ms = leg->kind == LEG_LINE ? INT64_MAX / 2
                                         : move_leg->start_ms + scaled(move_leg->run->duration_ms, move_leg->factor),
        .clear_ms = INT64_MAX,
        .clear_earliest_ms = INT64_MAX,
        .block_clear_ms = clear};
    for (int32_t b = 0; b + 1 < leg->block_count; b++) clear[b] = INT64_MAX;
    struct road_passages *road = &line->roads[leg->road];
    if (road->last >= 0)
        line->passages[road->last].next = index;
    else
        road->first = index;
    road->last = index;
    taken_at(line, request->train, leg_index)->passage = index;
    return true;
}

static bool add_arrival(struct interlocking *line, const struct move_request *request, int32_t leg_index,
                        const struct move_leg *move_leg) {
    const struct path *path = line->paths[request->path];
    if (!path->nodes[leg_index + 1].keeps_interval) return true;
    int32_t station = path->nodes[leg_index + 1].station;
    if (line->arrival_free < 0 && !grow_arrivals(line)) return false;
    int32_t index = line->arrival_free;
    struct arrival *arrival = &line->arrivals[index];
    line->arrival_free = arrival->next;
    int64_t latest = move_leg->start_ms + scaled(move_leg->run->duration_ms, move_leg->factor);
    const struct leg_run *through = move_leg->run;
    if (!stops_by_plan(request, leg_index + 1))
        through = run_cache_through(line->runs, request->path, leg_index, move_leg->run);
    int64_t earliest = move_leg->start_ms + scaled(through ? through->duration_ms : 0, move_leg->factor);
    *arrival = (struct arrival){.train_id = request->train_id,
                                .earliest_ms = earliest < latest ? earliest : latest,
                                .latest_ms = latest,
                                .section = path->legs[leg_index].section,
                                .train = request->train,
                                .next = line->arrival_first[station]};
    line->arrival_first[station] = index;
    return true;
}

bool interlocking_grant(struct interlocking *line, const struct move_request *request, const struct move *move) {
    struct commitment *commitment = &line->commitments[request->train];
    const struct path *path = line->paths[request->path];
    if (request->entering) {
        commitment->path = request->path;
        commitment->listed = false;
        take_track(line, request->train, request->train_id, request->from, path->nodes[request->from].unlimited,
                   move->from_track);
        if (request->from > 0) taken_at(line, request->train, request->from - 1)->passage = -1;
    }
    unlist(line, request->train);
    for (int32_t i = 0; i < move->leg_count; i++) {
        int32_t leg = request->from + i;
        take_track(line, request->train, request->train_id, leg + 1, path->nodes[leg + 1].unlimited,
                   move->legs[i].track);
        if (!add_passage(line, request, leg, &move->legs[i]) || !add_arrival(line, request, leg, &move->legs[i]))
            return false;
        /* leaving a line signal: the order at the far end is settled with this leg's end */
        if (path->legs[leg].kind == LEG_ENTER && path->legs[leg - 1].kind == LEG_LINE) {
            int32_t index = taken_at(line, request->train, leg - 1)->passage;
            if (index >= 0 && line->passages[index].train_id == request->train_id)
                line->passages[index].exit_ms =
                    move->legs[i].start_ms + scaled(move->legs[i].run->duration_ms, move->legs[i].factor);
        }
        const struct leg_course course = {.train_id = request->train_id,
                                          .train = request->train,
                                          .path = request->path,
                                          .leg = leg,
                                          .run = move->legs[i].run,
                                          .factor = move->legs[i].factor,
                                          .start_ms = move->legs[i].start_ms};
        apply_marks(line, &course);
    }
    commitment->node = request->to;
    commitment->track = move->legs[move->leg_count - 1].track;
    list_at_place(line, request->train);
    return true;
}

void interlocking_run_through(struct interlocking *line, int32_t train, int64_t train_id, int32_t leg_index,
                              const struct leg_run *run, double factor, int64_t start_ms) {
    int32_t path_index = line->commitments[train].path;
    const struct path_leg *leg = &line->paths[path_index]->legs[leg_index];
    apply_marks(line, &(struct leg_course){train_id, train, path_index, leg_index, run, factor, start_ms});
    int64_t end = start_ms + scaled(run->duration_ms, factor);
    int32_t owner = leg->kind == LEG_ENTER ? leg_index - 1 : leg_index;
    int32_t index = owner >= 0 ? taken_at(line, train, owner)->passage : -1;
    if (index >= 0 && line->passages[index].train_id == train_id && leg->kind != LEG_LINE)
        line->passages[index].exit_ms = end;
    const struct path_node *node = &line->paths[path_index]->nodes[leg_index + 1];
    if (!node->keeps_interval) return;
    for (int32_t i = line->arrival_first[node->station]; i >= 0; i = line->arrivals[i].next)
        if (line->arrivals[i].train == train && line->arrivals[i].section == leg->section &&
            line->arrivals[i].latest_ms >= end)
            line->arrivals[i].earliest_ms = line->arrivals[i].latest_ms = end;
}

bool interlocking_place(struct interlocking *line, int32_t train, int32_t path_index, int32_t node, int32_t track,
                        int64_t now_ms) {
    const struct path *path = line->paths[path_index];
    int32_t place = path->nodes[node].place;
    struct commitment *commitment = &line->commitments[train];
    bool onward = commitment->path >= 0; /* the same trainset stays on its track */
    if (!onward) {
        if (unlimited(line, place))
            track = track >= 0 ? track : line->layout->places[place].first_track;
        else
            track = choose_track(line, path, &path->nodes[node], true, track, now_ms);
        if (track < 0 || (!unlimited(line, place) && hold_free_ms(line, track) > now_ms)) return false;
    }
    unlist(line, train);
    commitment->path = path_index;
    commitment->node = node;
    commitment->track = track;
    if (node > 0) taken_at(line, train, node - 1)->passage = -1;
    take_track(line, train, 0, node, path->nodes[node].unlimited, track);
    list_at_place(line, train);
    return true;
}

void interlocking_will_leave(struct interlocking *line, int32_t train, int64_t time_ms) {
    int32_t track = line->commitments[train].track;
    if (track >= 0 && line->holds[track].train == train) line->holds[track].free_ms = time_ms;
}

void interlocking_leave(struct interlocking *line, int32_t train, int64_t now_ms) {
    struct commitment *commitment = &line->commitments[train];
    unlist(line, train);
    if (commitment->path >= 0) {
        int32_t track = taken_at(line, train, commitment->node)->track;
        if (track >= 0 && line->holds[track].train == train) line->holds[track].free_ms = now_ms;
    }
    commitment->path = -1;
}
