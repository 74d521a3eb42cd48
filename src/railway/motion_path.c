#include "railway/motion_path.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "railway/motion.h"

static const double gravity_ms2 = 9.80665;
static const double least_radius_m = 100; /* the formula has a pole at 30 m; no main line is tighter than this */
static const double least_length_m = 1;   /* a window to average over */

/* The line between two edges: one gradient, one curve, one limit. */
struct strip {
    double from_m, to_m;
    double slope_permille; /* gradient in the direction of travel and curve resistance together */
    double tunnel;         /* 1 in a tunnel */
    double limit_ms;
};

struct strips {
    struct strip *items;
    size_t count;
    double *slope_before; /* integrals from 0 to the strip's from_m; one entry more than strips */
    double *tunnel_before;
    double end_m;
};

static double curve_permille(double radius_m) {
    if (radius_m <= 0) return 0;
    const double radius = fmax(radius_m, least_radius_m);
    return radius >= 300 ? 650 / (radius - 55) : 500 / (radius - 30);
}

static bool same_strip(const struct strip *a, const struct strip *b) {
    return a->slope_permille == b->slope_permille && a->tunnel == b->tunnel && a->limit_ms == b->limit_ms;
}

static void strips_add(struct strips *strips, struct strip strip) {
    if (!(strip.to_m > strip.from_m)) return;
    struct strip *last = strips->count ? &strips->items[strips->count - 1] : NULL;
    if (last && same_strip(last, &strip))
        last->to_m = strip.to_m;
    else
        strips->items[strips->count++] = strip;
}

/* The k-th alignment of a section in the order a train meets it. */
static const struct alignment *alignment_met(const struct network *network, const struct section *section,
                                             int32_t direction, int32_t k) {
    const int32_t from_start = direction == FORWARD ? k : section->alignment_count - 1 - k;
    return &network->alignments[section->first_alignment + from_start];
}

static void strips_add_leg(struct strips *strips, const struct network *network, const struct train_type *type,
                           struct route_leg leg) {
    const struct section *section = &network->sections[leg.section];
    const bool forward = leg.direction == FORWARD;
    const double start = strips->end_m, end = start + section->length_m;
    const double limit = fmin(type->max_speed_ms, section->speed_ms);
    double reached = start;
    for (int32_t k = 0; k < section->alignment_count; k++) {
        const struct alignment *met = alignment_met(network, section, leg.direction, k);
        const double near_m = forward ? met->from_m : section->length_m - met->to_m;
        const double far_m = forward ? met->to_m : section->length_m - met->from_m;
        const double from = fmin(fmax(start + near_m, reached), end), to = fmin(start + far_m, end);
        const double gradient = forward ? met->gradient_permille : -met->gradient_permille;
        strips_add(strips, (struct strip){reached, from, 0, 0, limit});
        strips_add(strips, (struct strip){from, to, gradient + curve_permille(met->curve_radius_m), met->tunnel ? 1 : 0,
                                          fmin(limit, met->speed_ms)});
        reached = fmax(reached, to);
    }
    strips_add(strips, (struct strip){reached, end, 0, 0, limit});
    strips->end_m = end;
}

static void strips_integrate(struct strips *strips) {
    double slope = 0, tunnel = 0;
    for (size_t i = 0; i < strips->count; i++) {
        const struct strip *strip = &strips->items[i];
        strips->slope_before[i] = slope;
        strips->tunnel_before[i] = tunnel;
        slope += strip->slope_permille * (strip->to_m - strip->from_m);
        tunnel += strip->tunnel * (strip->to_m - strip->from_m);
    }
    strips->slope_before[strips->count] = slope;
    strips->tunnel_before[strips->count] = tunnel;
}

static void strips_free(struct strips *strips) {
    free(strips->items);
    free(strips->slope_before);
    free(strips->tunnel_before);
}

static bool strips_build(struct strips *strips, const struct network *network, const struct train_type *type,
                         const struct route_leg *route, int32_t route_length) {
    size_t capacity = 0; /* a strip for each alignment, one before each and one after the last */
    for (int32_t i = 0; i < route_length; i++)
        capacity += 2 * (size_t)network->sections[route[i].section].alignment_count + 1;
    strips->items = malloc(capacity * sizeof *strips->items);
    strips->slope_before = malloc((capacity + 1) * sizeof *strips->slope_before);
    strips->tunnel_before = malloc((capacity + 1) * sizeof *strips->tunnel_before);
    if (!strips->items || !strips->slope_before || !strips->tunnel_before) return false;
    for (int32_t i = 0; i < route_length; i++) strips_add_leg(strips, network, type, route[i]);
    strips_integrate(strips);
    return true;
}

/* The strip that holds x: the first that ends beyond it; count where all end before. */
static size_t strips_index(const struct strips *strips, double x) {
    size_t low = 0, high = strips->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strips->items[middle].to_m > x)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ∫ from 0 to x of slope and tunnel. */
static void strips_integral(const struct strips *strips, double x, double *slope, double *tunnel) {
    const size_t i = strips_index(strips, x);
    const bool within = i < strips->count && x > strips->items[i].from_m;
    const double part = within ? x - strips->items[i].from_m : 0;
    *slope = strips->slope_before[i] + (within ? strips->items[i].slope_permille * part : 0);
    *tunnel = strips->tunnel_before[i] + (within ? strips->items[i].tunnel * part : 0);
}

static double strips_edge(const struct strips *strips, size_t i) {
    return i < strips->count ? strips->items[i].from_m : strips->end_m;
}

/* The positions of the head where something changes, ascending: each edge of a strip, met by the head and again, one
 * train's length later, by the tail. The first is well before the line, so that nothing has begun there. */
static double *change_points(const struct strips *strips, double length_m, size_t *count) {
    const size_t edges = strips->count + 1;
    double *points = malloc((2 * edges + 1) * sizeof *points);
    if (!points) return NULL;
    size_t head = 0, tail = 0, used = 0;
    points[used++] = -length_m;
    while (tail < edges) {
        const double at_head = head < edges ? strips_edge(strips, head) : INFINITY;
        const double at_tail = strips_edge(strips, tail) + length_m;
        const double point = at_head <= at_tail ? at_head : at_tail;
        if (at_head <= at_tail)
            head++;
        else
            tail++;
        if (point > points[used - 1]) points[used++] = point;
    }
    *count = used;
    return points;
}

/* True where b merely goes on as a does. */
static bool same_course(const struct resistance_piece *a, const struct resistance_piece *b) {
    const double distance = b->from_m - a->from_m;
    return a->force_slope == b->force_slope && a->drag_slope == b->drag_slope &&
           a->force_n + a->force_slope * distance == b->force_n && a->drag + a->drag_slope * distance == b->drag;
}

static bool build_resistances(struct motion_path *path, const struct train_type *type, const struct strips *strips,
                              const double *points, size_t count) {
    path->resistances = malloc(count * sizeof *path->resistances);
    if (!path->resistances) return false;
    const double weight = type->mass_kg * gravity_ms2 / 1000;
    const double more_drag = type->davis_c_ns2_m2 * (type->tunnel_drag - 1);
    struct resistance_piece next = {0};
    for (size_t k = count; k-- > 0;) {
        double slope_head, slope_tail, tunnel_head, tunnel_tail;
        strips_integral(strips, points[k], &slope_head, &tunnel_head);
        strips_integral(strips, points[k] - path->length_m, &slope_tail, &tunnel_tail);
        struct resistance_piece piece = {.from_m = points[k]};
        piece.force_n = type->davis_a_n + weight * (slope_head - slope_tail) / path->length_m;
        piece.drag = type->davis_c_ns2_m2 + more_drag * (tunnel_head - tunnel_tail) / path->length_m;
        if (k + 1 < count) {
            piece.force_slope = (next.force_n - piece.force_n) / (next.from_m - piece.from_m);
            piece.drag_slope = (next.drag - piece.drag) / (next.from_m - piece.from_m);
        }
        path->resistances[k] = next = piece;
    }
    size_t kept = 1;
    for (size_t k = 1; k < count; k++)
        if (!same_course(&path->resistances[kept - 1], &path->resistances[k]))
            path->resistances[kept++] = path->resistances[k];
    path->resistance_count = kept;
    return true;
}

/* The least limit under a train whose head is at x. */
static double limit_over_train(const struct motion_path *path, const struct strips *strips, double x) {
    double limit = path->max_speed_ms;
    for (size_t i = strips_index(strips, x - path->length_m); i < strips->count && strips->items[i].from_m < x; i++)
        limit = fmin(limit, strips->items[i].limit_ms);
    return limit;
}

static bool build_limits(struct motion_path *path, const struct strips *strips, const double *points, size_t count) {
    path->limits = malloc(count * sizeof *path->limits);
    if (!path->limits) return false;
    for (size_t k = 0; k < count; k++) {
        const double speed =
            k + 1 < count ? limit_over_train(path, strips, (points[k] + points[k + 1]) / 2) : path->max_speed_ms;
        if (k > 0 && speed == path->limits[path->limit_count - 1].speed_ms) continue;
        path->limits[path->limit_count++] = (struct limit_piece){points[k], speed};
    }
    return true;
}

/* From the far end backwards: a piece is as high as its own limit, or as lets the train brake for what follows it. The
 * array is filled from its end, twice as long as the limits, and then moved to its front. */
static bool build_envelope(struct motion_path *path) {
    const size_t capacity = 2 * path->limit_count;
    path->envelope = malloc(capacity * sizeof *path->envelope);
    if (!path->envelope) return false;
    size_t first = capacity;
    double ahead = INFINITY, end_m = INFINITY;
    for (size_t k = path->limit_count; k-- > 0;) {
        const struct limit_piece *limit = &path->limits[k];
        const double level = limit->speed_ms * limit->speed_ms / 2;
        double start_level = level;
        if (level > ahead) {
            const double from = end_m - (level - ahead) / path->brake_ms2;
            const bool long_enough = k == 0 || from > limit->from_m; /* the first piece reaches back for ever */
            const double braking_from = long_enough ? from : limit->from_m;
            path->envelope[--first] = (struct envelope_piece){braking_from, ahead, true};
            if (long_enough)
                path->envelope[--first] = (struct envelope_piece){fmin(limit->from_m, from), level, false};
            else
                start_level = ahead + path->brake_ms2 * (end_m - limit->from_m);
        } else {
            path->envelope[--first] = (struct envelope_piece){limit->from_m, level, false};
        }
        ahead = start_level;
        end_m = limit->from_m;
    }
    path->envelope_count = capacity - first;
    for (size_t k = 0; k < path->envelope_count; k++) path->envelope[k] = path->envelope[first + k];
    return true;
}

static void take_train(struct motion_path *path, const struct train_type *type) {
    const bool pulls = type->power_w > 0 && type->tractive_effort_n > 0;
    path->length_m = fmax(type->length_m, least_length_m);
    path->inertia_kg = type->mass_kg * type->rotating_mass;
    path->per_inertia = 1 / path->inertia_kg;
    path->effort_n = pulls ? type->tractive_effort_n : 0;
    path->power_w = pulls ? type->power_w : 0;
    const double switch_ms = pulls ? type->power_w / type->tractive_effort_n : INFINITY;
    path->switch_level = switch_ms * switch_ms / 2;
    path->davis_b_ns_m = type->davis_b_ns_m;
    path->brake_ms2 = type->brake_ms2;
    path->max_speed_ms = type->max_speed_ms;
}

static bool build_pieces(struct motion_path *path, const struct train_type *type, const struct strips *strips) {
    size_t count = 0;
    double *points = change_points(strips, path->length_m, &count);
    const bool built = points && build_resistances(path, type, strips, points, count) &&
                       build_limits(path, strips, points, count) && build_envelope(path);
    free(points);
    return built;
}

struct motion_path *motion_path_create(const struct network *network, const struct train_type *type,
                                       const struct route_leg *route, int32_t route_length) {
    assert(type->has_traction && route_length >= 1);
    struct motion_path *path = calloc(1, sizeof *path);
    if (!path) return NULL;
    take_train(path, type);
    struct strips strips = {0};
    const bool built = strips_build(&strips, network, type, route, route_length) && build_pieces(path, type, &strips);
    strips_free(&strips);
    if (built) return path;
    motion_path_destroy(path);
    return NULL;
}

void motion_path_destroy(struct motion_path *path) {
    if (!path) return;
    free(path->resistances);
    free(path->limits);
    free(path->envelope);
    free(path);
}

/* The last of `count` pieces of `size` bytes, each beginning with its from_m, that begins at x or before; else the
 * first. */
static size_t piece_index(const void *pieces, size_t size, size_t count, double x) {
    size_t low = 0, high = count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (*(const double *)((const char *)pieces + middle * size) <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double motion_path_limit(const struct motion_path *path, double x_m) {
    return path->limits[piece_index(path->limits, sizeof *path->limits, path->limit_count, x_m)].speed_ms;
}

double motion_path_approach(const struct motion_path *path, double x_m) {
    const size_t index = motion_path_envelope_index(path, x_m);
    const struct envelope_piece *piece = &path->envelope[index];
    double level = piece->end_level;
    if (piece->braking) level += path->brake_ms2 * (path->envelope[index + 1].from_m - x_m);
    return sqrt(2 * level);
}

size_t motion_path_resistance_index(const struct motion_path *path, double x_m) {
    return piece_index(path->resistances, sizeof *path->resistances, path->resistance_count, x_m);
}

size_t motion_path_envelope_index(const struct motion_path *path, double x_m) {
    return piece_index(path->envelope, sizeof *path->envelope, path->envelope_count, x_m);
}
