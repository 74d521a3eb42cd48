#include "railway/route.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A section as it leaves a station. */
struct way_out {
    int32_t section, direction, to;
};

struct waiting {
    double time;
    int32_t station;
};

struct route_finder {
    const struct network *network;
    const struct train_type *types;
    const struct running_time *running_times;
    int32_t running_time_count;
    int32_t *first_way; /* [stations + 1] */
    struct way_out *ways;
    double **times; /* [type][2 × section + direction], s; INFINITY: unusable; NULL until wanted */
    int32_t type_count;
    double *best;         /* [station] of the search under way */
    int32_t *came_by;     /* [station] index in ways; −1 */
    int32_t *came_from;   /* [station] */
    bool *closed;         /* [station] not to be entered */
    struct waiting *heap; /* at most one entry for each way out, and the start */
    int32_t heap_count;
};

bool section_usable(const struct section *section, const struct train_type *type) {
    const bool gauge = section->gauge_mm == 0 || type->gauge_mm == 0 || section->gauge_mm == type->gauge_mm;
    return gauge && type->height_m <= section->clearance_m;
}

int32_t route_leg_end(const struct network *network, const struct route_leg *leg) {
    const struct section *section = &network->sections[leg->section];
    return leg->direction == FORWARD ? section->to : section->from;
}

/* ---- what a section takes ---- */

static double time_at_limits(const struct network *network, const struct section *section,
                             const struct train_type *type) {
    const double speed = fmin(section->speed_ms, type->max_speed_ms);
    double seconds = section->length_m / speed;
    for (int32_t i = 0; i < section->alignment_count; i++) {
        const struct alignment *piece = &network->alignments[section->first_alignment + i];
        if (piece->speed_ms < speed) seconds += (piece->to_m - piece->from_m) * (1 / piece->speed_ms - 1 / speed);
    }
    return seconds;
}

static const double *times_of(struct route_finder *finder, int32_t type) {
    const struct network *network = finder->network;
    if (finder->times[type]) return finder->times[type];
    double *times = malloc((2 * (size_t)network->section_count + 1) * sizeof *times);
    if (!times) return NULL;
    for (int32_t i = 0; i < network->section_count; i++) {
        const struct section *section = &network->sections[i];
        const double computed = time_at_limits(network, section, &finder->types[type]);
        const bool usable = section_usable(section, &finder->types[type]);
        times[2 * i] = times[2 * i + 1] = usable ? computed : INFINITY;
    }
    /* A row at a time, the less specific first, so that the more specific row has the last word. */
    for (int specificity = 0; specificity < 4; specificity++)
        for (int32_t i = finder->running_time_count - 1; i >= 0; i--) {
            const struct running_time *row = &finder->running_times[i];
            const int specific = 2 * (row->train_type >= 0) + (row->directions != DIRECTION_BOTH_BITS);
            if (specific != specificity || (row->train_type >= 0 && row->train_type != type)) continue;
            for (int direction = 0; direction < 2; direction++) {
                double *time = &times[2 * row->section + direction];
                if (row->directions & 1u << direction && isfinite(*time)) *time = (double)row->run_ms / 1000;
            }
        }
    finder->times[type] = times;
    return times;
}

/* ---- the finder ---- */

static void add_way(struct route_finder *finder, int32_t *used, int32_t from, int32_t to, int32_t section,
                    int32_t direction) {
    finder->ways[finder->first_way[from] + used[from]++] = (struct way_out){section, direction, to};
}

static bool lay_out(struct route_finder *finder) {
    const struct network *network = finder->network;
    int32_t *used = calloc((size_t)network->station_count + 1, sizeof *used);
    if (!used) return false;
    for (int32_t i = 0; i < network->section_count; i++) {
        finder->first_way[network->sections[i].from + 1]++;
        finder->first_way[network->sections[i].to + 1]++;
    }
    for (int32_t i = 0; i < network->station_count; i++) finder->first_way[i + 1] += finder->first_way[i];
    for (int32_t i = 0; i < network->section_count; i++) {
        const struct section *section = &network->sections[i];
        add_way(finder, used, section->from, section->to, i, FORWARD);
        add_way(finder, used, section->to, section->from, i, BACKWARD);
    }
    free(used);
    return true;
}

struct route_finder *route_finder_create(const struct network *network, const struct train_type *types,
                                         int32_t type_count, const struct running_time *running_times,
                                         int32_t running_time_count) {
    struct route_finder *finder = calloc(1, sizeof *finder);
    if (!finder) return NULL;
    const size_t stations = (size_t)network->station_count + 1, ways = 2 * (size_t)network->section_count + 1;
    *finder = (struct route_finder){.network = network,
                                    .types = types,
                                    .type_count = type_count,
                                    .running_times = running_times,
                                    .running_time_count = running_time_count,
                                    .first_way = calloc(stations + 1, sizeof *finder->first_way),
                                    .ways = calloc(ways, sizeof *finder->ways),
                                    .times = calloc((size_t)type_count + 1, sizeof *finder->times),
                                    .best = calloc(stations, sizeof *finder->best),
                                    .came_by = calloc(stations, sizeof *finder->came_by),
                                    .came_from = calloc(stations, sizeof *finder->came_from),
                                    .closed = calloc(stations, sizeof *finder->closed),
                                    .heap = calloc(ways + 1, sizeof *finder->heap)};
    const bool room = finder->first_way && finder->ways && finder->times && finder->best && finder->came_by &&
                      finder->came_from && finder->closed && finder->heap;
    if (room && lay_out(finder)) return finder;
    route_finder_destroy(finder);
    return NULL;
}

void route_finder_destroy(struct route_finder *finder) {
    if (!finder) return;
    for (int32_t i = 0; finder->times && i < finder->type_count; i++) free(finder->times[i]);
    free(finder->first_way);
    free(finder->ways);
    free(finder->times);
    free(finder->best);
    free(finder->came_by);
    free(finder->came_from);
    free(finder->closed);
    free(finder->heap);
    free(finder);
}

/* ---- Dijkstra ---- */

/* The earlier first; of equals the lower station, so that the answer does not depend on the heap's shape. */
static bool sooner(const struct waiting *one, const struct waiting *other) {
    return one->time != other->time ? one->time < other->time : one->station < other->station;
}

static void push(struct route_finder *finder, struct waiting waiting) {
    int32_t at = finder->heap_count++;
    for (; at > 0 && sooner(&waiting, &finder->heap[(at - 1) / 2]); at = (at - 1) / 2)
        finder->heap[at] = finder->heap[(at - 1) / 2];
    finder->heap[at] = waiting;
}

static struct waiting pop(struct route_finder *finder) {
    const struct waiting top = finder->heap[0], last = finder->heap[--finder->heap_count];
    int32_t at = 0;
    for (;;) {
        int32_t child = 2 * at + 1;
        if (child >= finder->heap_count) break;
        if (child + 1 < finder->heap_count && sooner(&finder->heap[child + 1], &finder->heap[child])) child++;
        if (!sooner(&finder->heap[child], &last)) break;
        finder->heap[at] = finder->heap[child];
        at = child;
    }
    finder->heap[at] = last;
    return top;
}

/* From `from` to `to` over stations that are not closed. `times` NULL: over any section, each counting as one. */
static bool search(struct route_finder *finder, int32_t from, int32_t to, const double *times) {
    for (int32_t i = 0; i < finder->network->station_count; i++) finder->best[i] = INFINITY;
    finder->best[from] = 0;
    finder->heap_count = 0;
    push(finder, (struct waiting){0, from});
    while (finder->heap_count > 0) {
        const struct waiting here = pop(finder);
        if (here.station == to) return true;
        if (here.time > finder->best[here.station]) continue;
        for (int32_t i = finder->first_way[here.station]; i < finder->first_way[here.station + 1]; i++) {
            const struct way_out *way = &finder->ways[i];
            const double time = here.time + (times ? times[2 * way->section + way->direction] : 1);
            if (finder->closed[way->to] || !(time < finder->best[way->to])) continue;
            finder->best[way->to] = time;
            finder->came_by[way->to] = i;
            finder->came_from[way->to] = here.station;
            push(finder, (struct waiting){time, way->to});
        }
    }
    return false;
}

static bool add_legs(struct route_finder *finder, struct route_answer *answer, int32_t from, int32_t to) {
    int32_t count = 0;
    for (int32_t at = to; at != from; at = finder->came_from[at]) count++;
    struct route_leg *legs = realloc(answer->legs, (size_t)(answer->leg_count + count) * sizeof *legs);
    if (!legs) return false;
    answer->legs = legs;
    for (int32_t at = to, i = answer->leg_count + count - 1; at != from; at = finder->came_from[at], i--) {
        const struct way_out *way = &finder->ways[finder->came_by[at]];
        legs[i] = (struct route_leg){way->section, way->direction};
        finder->closed[at] = true;
    }
    answer->leg_count += count;
    answer->duration_s += finder->best[to];
    return true;
}

/* Why there is no way to `to`: leaves outcome and barrier. */
static void explain(struct route_finder *finder, struct route_answer *answer, int32_t type, int32_t from, int32_t to,
                    const double *times) {
    memset(finder->closed, 0, (size_t)finder->network->station_count * sizeof *finder->closed);
    answer->outcome = ROUTE_REVISITS;
    if (search(finder, from, to, times)) return;
    answer->outcome = ROUTE_NONE;
    if (!search(finder, from, to, NULL)) return;
    for (int32_t at = to; at != from; at = finder->came_from[at]) {
        const int32_t section = finder->ways[finder->came_by[at]].section;
        if (!section_usable(&finder->network->sections[section], &finder->types[type])) answer->barrier = section;
    }
}

static bool called_twice(const int32_t *stations, int32_t count, struct route_answer *answer, bool *closed) {
    for (int32_t i = 0; i < count; i++) {
        if (closed[stations[i]]) {
            answer->outcome = ROUTE_REVISITS;
            answer->failed_call = i;
            return true;
        }
        closed[stations[i]] = true;
    }
    return false;
}

struct route_answer route_find(struct route_finder *finder, int32_t train_type, const int32_t *stations,
                               int32_t count) {
    struct route_answer answer = {.outcome = ROUTE_NO_MEMORY, .barrier = -1};
    const double *times = times_of(finder, train_type);
    if (!times) return answer;
    memset(finder->closed, 0, (size_t)finder->network->station_count * sizeof *finder->closed);
    if (called_twice(stations, count, &answer, finder->closed)) return answer;
    answer.outcome = ROUTE_FOUND;
    for (int32_t i = 1; i < count && answer.outcome == ROUTE_FOUND; i++) {
        finder->closed[stations[i]] = false;
        if (!search(finder, stations[i - 1], stations[i], times)) {
            answer.failed_call = i;
            explain(finder, &answer, train_type, stations[i - 1], stations[i], times);
        } else if (!add_legs(finder, &answer, stations[i - 1], stations[i])) {
            answer.outcome = ROUTE_NO_MEMORY;
        }
    }
    if (answer.outcome == ROUTE_FOUND) return answer;
    free(answer.legs);
    answer.legs = NULL;
    answer.leg_count = 0;
    return answer;
}
