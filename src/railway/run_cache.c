#include "railway/run_cache.h"

#include <math.h>
#include <stdlib.h>

/* Runs are few and live as long as the cache: they are cut from chunks and found through one short list a leg (a line
 * in steady state has two to six runs a leg). */
enum { CHUNK_BYTES = 1 << 16 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(CACHE_LINE) unsigned char bytes[];
};

struct run_cache {
    const struct path *const *paths;
    int32_t path_count;
    struct run_settings settings;
    struct leg_run **lists; /* by leg, all paths in one array */
    int32_t *first_leg;     /* of each path */
    struct chunk *chunks;
    double *at_m, *passed_s, *wanted_s; /* working arrays, long enough for any leg */
    double stalled_at_m;
};

static void *chunk_allocate(struct run_cache *cache, size_t size) {
    size = (size + CACHE_LINE - 1) & ~(size_t)(CACHE_LINE - 1);
    if (!cache->chunks || cache->chunks->used + size > cache->chunks->size) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        struct chunk *chunk = aligned_alloc(CACHE_LINE, sizeof *chunk + room);
        if (!chunk) return NULL;
        *chunk = (struct chunk){.next = cache->chunks, .size = room};
        cache->chunks = chunk;
    }
    void *memory = cache->chunks->bytes + cache->chunks->used;
    cache->chunks->used += size;
    return memory;
}

/* Positions asked for in one leg: its marks, its blocks, and the entry of the node at its far end. */
static int32_t positions_of(const struct path_leg *leg) {
    return leg->mark_count + leg->block_count + 1;
}

struct run_cache *run_cache_create(const struct path *const *paths, int32_t path_count,
                                   const struct run_settings *settings) {
    struct run_cache *cache = calloc(1, sizeof *cache);
    if (!cache) return NULL;
    *cache = (struct run_cache){.paths = paths, .path_count = path_count, .settings = *settings, .stalled_at_m = NAN};
    cache->first_leg = calloc((size_t)path_count + 1, sizeof *cache->first_leg);
    if (!cache->first_leg) return run_cache_destroy(cache), NULL;
    int32_t legs = 0, longest = 1;
    for (int32_t p = 0; p < path_count; p++) {
        cache->first_leg[p] = legs;
        for (int32_t i = 0; i < paths[p]->node_count - 1; i++)
            if (positions_of(&paths[p]->legs[i]) > longest) longest = positions_of(&paths[p]->legs[i]);
        legs += paths[p]->node_count - 1;
    }
    cache->lists = calloc((size_t)legs + 1, sizeof(struct leg_run *));
    cache->at_m = calloc((size_t)longest, sizeof(double));
    cache->passed_s = calloc((size_t)longest, sizeof(double));
    cache->wanted_s = calloc((size_t)longest, sizeof(double));
    if (!cache->lists || !cache->at_m || !cache->passed_s || !cache->wanted_s) return run_cache_destroy(cache), NULL;
    return cache;
}

void run_cache_destroy(struct run_cache *cache) {
    if (!cache) return;
    while (cache->chunks) {
        struct chunk *next = cache->chunks->next;
        free(cache->chunks);
        cache->chunks = next;
    }
    free(cache->lists);
    free(cache->first_leg);
    free(cache->at_m);
    free(cache->passed_s);
    free(cache->wanted_s);
    free(cache);
}

double run_cache_stalled(const struct run_cache *cache) {
    return cache->stalled_at_m;
}

static struct leg_run *run_allocate(struct run_cache *cache, const struct path_leg *leg) {
    size_t numbers = (size_t)leg->mark_count + 2 * (size_t)leg->block_count;
    struct leg_run *run = chunk_allocate(cache, sizeof *run + numbers * sizeof *run->times);
    if (!run) return NULL;
    int32_t *times = run->times;
    *run = (struct leg_run){.marks_ms = times,
                            .wanted_ms = times + leg->mark_count,
                            .enter_ms = times + leg->mark_count + leg->block_count};
    return run;
}

/* The limit of the slowest turnouts by which the train may come into a station: which it will be is not known yet. */
static double slowest_turnouts(const struct path *path, const struct path_node *node) {
    const struct place *place = &path->layout->places[node->place];
    double speed = INFINITY;
    for (int32_t i = 0; node->station >= 0 && i < place->track_count; i++)
        if (!node->stand || path_fits(path, place->first_track + i))
            speed = fmin(speed, path->layout->tracks[place->first_track + i].speed_ms);
    return speed;
}

/* How fast a train that runs through may be at the end of a leg if it is to keep the turnouts of the next node and to
 * stop there by service braking, be it that its plan says so, be it that it is refused; 0: as the line allows. */
static double exit_limit(const struct path *path, int32_t index) {
    if (index + 2 >= path->node_count) return 0;
    const struct path_node *here = &path->nodes[index + 1], *next = here + 1;
    const double twice = 2 * path->type->brake_ms2, turnouts = slowest_turnouts(path, next);
    return sqrt(fmin(twice * (next->stop_m - here->stop_m),
                     turnouts * turnouts + twice * fmax(next->entry_m - here->stop_m, 0)));
}

static int32_t to_ms(double seconds) {
    return (int32_t)lround(fmin(fmax(seconds * 1000, -1e9), 1e9));
}

/* When the head is at `at_m` of a leg with a fixed time, which it runs in proportion: the section's length, turnout to
 * turnout, takes the whole running time. Beyond it a tail's position may still be asked for. */
static int32_t fixed_time(const struct path *path, int32_t index, double at_m, double start_ms, double way_ms) {
    double from = path->nodes[index].stop_m, to = path->nodes[index + 1].entry_m;
    double part = to > from ? (at_m - from) / (to - from) : at_m > from;
    return (int32_t)llround(fmin(start_ms + way_ms * fmax(part, 0), 1e9));
}

/* Under moving block: how long before the head is at a point the way to there must be clear, braking distance and
 * margin at the mean speed of the leg; and the part of it that holds for a train that stands, too. 0 for fixed blocks.
 */
struct approach {
    double running_ms, standing_ms;
};

static struct approach fixed_approach(const struct run_cache *cache, const struct path *path, int32_t index,
                                      double way_ms) {
    const struct path_leg *leg = &path->legs[index];
    const struct section *section = &path->layout->network->sections[leg->section];
    if (section->headway_ms >= 0 || section->signalling != SIGNALLING_MOVING || !(path->type->brake_ms2 > 0))
        return (struct approach){0, 0};
    double speed = (path->nodes[index + 1].entry_m - path->nodes[index].stop_m) * 1000 / way_ms;
    if (!(speed > 0)) return (struct approach){0, 0};
    double margin_ms = 1000 * cache->settings.moving_margin_m / speed;
    return (struct approach){margin_ms + 1000 * speed / (2 * path->type->brake_ms2), margin_ms};
}

/* Positions are sums of lengths: what is meant to be one may differ in its last digits. */
static const double same_place_m = 1e-6;

static void fill_fixed(struct run_cache *cache, struct leg_run *run, const struct path *path, int32_t index) {
    const struct path_leg *leg = &path->legs[index];
    double start = run->entry_speed_ms > 0 ? 0 : (double)leg->fixed->start_ms;
    double way = (double)leg->fixed->run_ms * leg->share, stop = run->stop ? (double)leg->fixed->stop_ms : 0;
    int32_t duration = (int32_t)llround(start + way + stop);
    run->duration_ms = duration;
    run->indication_ms = run->station_ms = (int32_t)llround(start + way);
    for (int32_t i = 0; i < leg->mark_count; i++) {
        const struct path_mark *mark = &path->marks[leg->first_mark + i];
        bool leaving = mark->at_m <= path->nodes[index].stop_m + same_place_m;
        bool ending = mark->at_m >= path->nodes[index + 1].stop_m - same_place_m;
        /* the way from turnout to turnout takes the whole time, so at the end of it everything is left that is left on
         * this leg at all: in order, and no later than if it stopped */
        int32_t at = leaving ? 0 : ending ? duration : fixed_time(path, index, mark->at_m, start, way);
        run->marks_ms[i] = at < duration ? at : duration;
    }
    struct approach approach = fixed_approach(cache, path, index, way);
    for (int32_t b = 0; b < leg->block_count; b++) {
        run->enter_ms[b] = b == 0 ? 0 : fixed_time(path, index, path->block_from_m[leg->first_block + b], start, way);
        double wanted = run->enter_ms[b] - approach.running_ms;
        if (run->entry_speed_ms == 0) wanted = fmax(wanted, -approach.standing_ms);
        run->wanted_ms[b] = (int32_t)lround(wanted) - (int32_t)cache->settings.lead_ms;
    }
    run->exit_speed_ms = run->stop ? 0 : path->type->max_speed_ms;
    if (run->stop || !path->motion) return;
    const double limit = exit_limit(path, index);
    run->exit_speed_ms = fmin(run->exit_speed_ms, motion_path_approach(path->motion, path->nodes[index + 1].stop_m));
    if (limit > 0) run->exit_speed_ms = fmin(run->exit_speed_ms, limit);
}

static bool fill_computed(struct run_cache *cache, struct leg_run *run, const struct path *path, int32_t index) {
    const struct path_leg *leg = &path->legs[index];
    const struct section *section = &path->layout->network->sections[leg->section];
    const struct path_node *from = &path->nodes[index], *to = &path->nodes[index + 1];
    double limit = fmin(motion_path_limit(path->motion, from->stop_m), run->start_limit_ms);
    bool moving = section->headway_ms < 0 && section->signalling == SIGNALLING_MOVING;
    struct motion_request request = {.from_m = from->stop_m,
                                     .to_m = to->stop_m,
                                     .entry_speed_ms = fmin(run->entry_speed_ms, limit),
                                     .stop = run->stop,
                                     .start_limit_ms = run->start_limit_ms,
                                     .end_limit_ms = run->end_limit_ms,
                                     .end_limit_from_m = fmin(to->entry_m, to->stop_m),
                                     .exit_limit_ms = exit_limit(path, index),
                                     .sighting_m =
                                         moving ? cache->settings.moving_margin_m : cache->settings.sighting_m};
    int32_t count = 0;
    for (int32_t i = 0; i < leg->mark_count; i++)
        cache->at_m[count++] = fmin(path->marks[leg->first_mark + i].at_m, to->stop_m);
    for (int32_t b = 0; b < leg->block_count; b++) cache->at_m[count++] = path->block_from_m[leg->first_block + b];
    cache->at_m[count++] = to->entry_m;
    struct motion_marks marks = {count, cache->at_m, cache->passed_s, cache->wanted_s};
    struct motion_result result;
    if (!motion_run(path->motion, &request, &marks, &result, &cache->stalled_at_m)) return false;

    double longer = 1 + path->type->supplement_percent / 100;
    run->duration_ms = to_ms(result.duration_s * longer);
    int32_t indication = to_ms(result.indication_s * longer) - (int32_t)cache->settings.lead_ms;
    run->indication_ms = indication > 0 ? indication : 0;
    for (int32_t i = 0; i < leg->mark_count; i++) run->marks_ms[i] = to_ms(cache->passed_s[i] * longer);
    for (int32_t b = 0; b < leg->block_count; b++) {
        run->enter_ms[b] = to_ms(cache->passed_s[leg->mark_count + b] * longer);
        run->wanted_ms[b] = to_ms(cache->wanted_s[leg->mark_count + b] * longer) - (int32_t)cache->settings.lead_ms;
    }
    /* where it stands the margin holds, too: in the time that it takes at the train's best */
    if (moving && request.entry_speed_ms == 0 && leg->block_count > 0)
        run->wanted_ms[0] -= to_ms(cache->settings.moving_margin_m / path->type->max_speed_ms);
    run->station_ms = to_ms(cache->wanted_s[count - 1] * longer) - (int32_t)cache->settings.lead_ms;
    run->exit_speed_ms = result.exit_speed_ms;
    run->energy_j = result.energy_j;
    return true;
}

const struct leg_run *run_cache_find(struct run_cache *cache, int32_t path, int32_t leg, double entry_speed_ms,
                                     bool stop, double start_limit_ms, double end_limit_ms) {
    struct leg_run **list = &cache->lists[cache->first_leg[path] + leg];
    for (struct leg_run *run = *list; run; run = run->next)
        if (run->stop == stop && run->entry_speed_ms == entry_speed_ms && run->end_limit_ms == end_limit_ms &&
            run->start_limit_ms == start_limit_ms)
            return run;
    const struct path *of = cache->paths[path];
    struct leg_run *run = run_allocate(cache, &of->legs[leg]);
    if (!run) return NULL;
    run->entry_speed_ms = entry_speed_ms;
    run->stop = stop;
    run->start_limit_ms = start_limit_ms;
    run->end_limit_ms = end_limit_ms;
    if (of->legs[leg].fixed)
        fill_fixed(cache, run, of, leg);
    else if (!fill_computed(cache, run, of, leg))
        return NULL;
    /* runs without a stop are mostly found through their twins with one: they stand last */
    struct leg_run **link = list;
    while (!stop && *link) link = &(*link)->next;
    run->next = *link;
    *link = run;
    return run;
}

const struct leg_run *run_cache_find_through(struct run_cache *cache, int32_t path, int32_t leg,
                                             const struct leg_run *run) {
    const struct leg_run *through =
        run_cache_find(cache, path, leg, run->entry_speed_ms, false, run->start_limit_ms, run->end_limit_ms);
    for (struct leg_run *own = cache->lists[cache->first_leg[path] + leg]; own; own = own->next)
        if (own == run) own->through = through;
    return through;
}
