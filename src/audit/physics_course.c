#include "audit/physics_course.h"

#include <math.h>
#include <stdlib.h>

static const double weight_of_permille = 9.80665 / 1000; /* newtons per kilogram */
static const double least_length_m = 1;                  /* of a train, to average over */
static const double same_place_m = 1e-6;

/* Line of one kind, up to where the next strip begins; the last one goes on for ever. */
struct strip {
    double from_m;
    double permille, tunnel; /* gradient and curve in the direction of travel; 1 in a tunnel */
    double speed_ms;
    double permille_before, tunnel_before; /* integrals from 0 to from_m */
};

struct layout {
    const struct audit_world *world;
    const struct audit_way *way;
    const struct audit_type *type;
    double length_m;          /* of the train */
    double *entry_m, *stop_m; /* leg_count + 1: entry turnout and exit signal of each station */
    struct strip *strips;     /* ascending */
    int32_t strip_count;
    double *part_m; /* where each part of the legs that are run begins, and the end */
    int32_t part_count;
    double *edges;
    int32_t edge_count;
};

/* ---- stations ---- */

static int32_t station_before(const struct audit_world *world, const struct audit_leg *leg) {
    const struct audit_section *section = &world->sections[leg->section];
    return leg->direction == AUDIT_FORWARD ? section->from : section->to;
}

static int32_t station_after(const struct audit_world *world, const struct audit_leg *leg) {
    const struct audit_section *section = &world->sections[leg->section];
    return leg->direction == AUDIT_FORWARD ? section->to : section->from;
}

double audit_leg_metres(const struct audit_world *world, const struct audit_leg *leg, double length_m) {
    const double zone_before = audit_world_zone(world, station_before(world, leg), length_m);
    const double zone_after = audit_world_zone(world, station_after(world, leg), length_m);
    return world->sections[leg->section].length_m + (zone_after - zone_before) / 2;
}

static void place_stations(struct layout *layout) {
    double centre_m = 0;
    for (int32_t k = 0; k <= layout->way->leg_count; k++) {
        const struct audit_leg *leg = &layout->way->legs[k > 0 ? k - 1 : 0];
        const int32_t station = k > 0 ? station_after(layout->world, leg) : station_before(layout->world, leg);
        const double half_m = audit_world_zone(layout->world, station, layout->type->length_m) / 2;
        if (k > 0) centre_m += layout->world->sections[leg->section].length_m;
        layout->entry_m[k] = centre_m - half_m;
        layout->stop_m[k] = centre_m + half_m;
    }
}

int32_t audit_way_parts(const struct audit_world *world, const struct audit_way *way) {
    int32_t parts = 0;
    for (int32_t k = way->first; k < way->first + way->count; k++)
        parts += audit_section_blocks(&world->sections[way->legs[k].section]);
    return parts;
}

/* Blocks of equal length from turnout to turnout. */
static void place_parts(struct layout *layout) {
    const struct audit_way *way = layout->way;
    for (int32_t k = way->first; k < way->first + way->count; k++) {
        const int32_t blocks = audit_section_blocks(&layout->world->sections[way->legs[k].section]);
        const double block_m = (layout->entry_m[k + 1] - layout->stop_m[k]) / blocks;
        for (int32_t b = 0; b < blocks; b++) layout->part_m[layout->part_count++] = layout->stop_m[k] + b * block_m;
    }
    layout->part_m[layout->part_count] = layout->stop_m[way->first + way->count];
}

/* v through the turnouts of the track used at the k-th station of the way. */
static double turnout_speed(const struct layout *layout, int32_t k) {
    const struct audit_way *way = layout->way;
    const int32_t track = k > way->first ? way->legs[k - 1].track_to : way->legs[k].track_from;
    return track >= 0 ? layout->world->tracks[track].speed_ms : INFINITY;
}

/* ---- strips ---- */

static double curve_permille(double radius_m) {
    if (!(radius_m > 0)) return 0;
    if (radius_m < 100) radius_m = 100;
    return radius_m < 300 ? 500 / (radius_m - 30) : 650 / (radius_m - 55);
}

/* Strips come in order; one that begins before the last one did, or where it did, takes its place. */
static void add_strip(struct layout *layout, struct strip strip) {
    while (layout->strip_count > 0 && layout->strips[layout->strip_count - 1].from_m >= strip.from_m)
        layout->strip_count--;
    layout->strips[layout->strip_count++] = strip;
}

static void add_leg_strips(struct layout *layout, const struct audit_leg *leg, double start_m) {
    const struct audit_section *section = &layout->world->sections[leg->section];
    const bool forward = leg->direction == AUDIT_FORWARD;
    add_strip(layout, (struct strip){.from_m = start_m, .speed_ms = section->speed_ms});
    for (int32_t i = 0; i < section->alignment_count; i++) {
        const int32_t met = forward ? i : section->alignment_count - 1 - i;
        const struct audit_alignment *alignment = &layout->world->alignments[section->first_alignment + met];
        const double near_m = forward ? alignment->from_m : section->length_m - alignment->to_m;
        const double far_m = forward ? alignment->to_m : section->length_m - alignment->from_m;
        const double climb = forward ? alignment->gradient_permille : -alignment->gradient_permille;
        add_strip(layout, (struct strip){.from_m = start_m + fmax(near_m, 0),
                                         .permille = climb + curve_permille(alignment->curve_radius_m),
                                         .tunnel = alignment->tunnel ? 1 : 0,
                                         .speed_ms = fmin(alignment->speed_ms, section->speed_ms)});
        if (far_m < section->length_m)
            add_strip(layout, (struct strip){.from_m = start_m + far_m, .speed_ms = section->speed_ms});
    }
}

static void lay_strips(struct layout *layout) {
    double start_m = 0;
    for (int32_t k = 0; k < layout->way->leg_count; k++) {
        add_leg_strips(layout, &layout->way->legs[k], start_m);
        start_m += layout->world->sections[layout->way->legs[k].section].length_m;
    }
    add_strip(layout, (struct strip){.from_m = start_m, .speed_ms = INFINITY});
    for (int32_t i = 1; i < layout->strip_count; i++) {
        const struct strip *before = &layout->strips[i - 1];
        struct strip *strip = &layout->strips[i];
        strip->permille_before = before->permille_before + before->permille * (strip->from_m - before->from_m);
        strip->tunnel_before = before->tunnel_before + before->tunnel * (strip->from_m - before->from_m);
    }
}

/* Integrals from 0 to x, of permille and tunnel; *cursor is the strip found for the last, smaller x. */
static void integrals(const struct layout *layout, int32_t *cursor, double x, double *permille, double *tunnel) {
    while (*cursor + 1 < layout->strip_count && layout->strips[*cursor + 1].from_m <= x) (*cursor)++;
    const struct strip *strip = &layout->strips[*cursor];
    const double into = fmax(0, x - strip->from_m); /* before 0 there is nothing */
    *permille = strip->permille_before + strip->permille * into;
    *tunnel = strip->tunnel_before + strip->tunnel * into;
}

/* ---- edges and pieces ---- */

static void add_edge(struct layout *layout, double x) {
    const struct audit_way *way = layout->way;
    if (x >= layout->stop_m[way->first] && x <= layout->stop_m[way->first + way->count])
        layout->edges[layout->edge_count++] = x;
}

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void find_edges(struct layout *layout) {
    const struct audit_way *way = layout->way;
    for (int32_t i = 0; i < layout->strip_count; i++) {
        add_edge(layout, layout->strips[i].from_m);
        add_edge(layout, layout->strips[i].from_m + layout->length_m);
    }
    for (int32_t k = way->first; k <= way->first + way->count; k++) {
        add_edge(layout, layout->entry_m[k]);
        add_edge(layout, layout->stop_m[k] + layout->length_m);
    }
    for (int32_t i = 0; i <= layout->part_count; i++) add_edge(layout, layout->part_m[i]);
    qsort(layout->edges, (size_t)layout->edge_count, sizeof *layout->edges, ascending);
}

/* The first piece that begins at x or beyond; the end if none does. */
static int32_t piece_at(const struct audit_course *course, double x) {
    int32_t low = 0, high = course->piece_count - 1;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (course->pieces[middle].from_m >= x - same_place_m)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void limit_between(struct audit_course *course, double from_m, double to_m, double speed_ms) {
    if (speed_ms == INFINITY) return;
    const int32_t end = piece_at(course, to_m);
    for (int32_t i = piece_at(course, from_m); i < end; i++)
        course->pieces[i].limit = fmin(course->pieces[i].limit, speed_ms * speed_ms);
}

static void make_pieces(const struct layout *layout, struct audit_course *course) {
    const struct audit_type *type = layout->type;
    int32_t head = 0, tail = 0;
    for (int32_t i = 0; i < layout->edge_count; i++) {
        const double x = layout->edges[i];
        if (i > 0 && x - course->pieces[course->piece_count - 1].from_m < same_place_m) continue;
        double permille, tunnel, permille_behind, tunnel_behind;
        integrals(layout, &head, x, &permille, &tunnel);
        integrals(layout, &tail, x - layout->length_m, &permille_behind, &tunnel_behind);
        permille = (permille - permille_behind) / layout->length_m;
        tunnel = (tunnel - tunnel_behind) / layout->length_m;
        course->pieces[course->piece_count++] =
            (struct audit_piece){.from_m = x,
                                 .force_n = type->davis_a + type->mass_kg * weight_of_permille * permille,
                                 .drag = type->davis_c * (1 + (type->tunnel_drag - 1) * tunnel),
                                 .limit = type->max_speed_ms * type->max_speed_ms};
    }
}

static void set_limits(const struct layout *layout, struct audit_course *course) {
    const struct audit_way *way = layout->way;
    for (int32_t i = 0; i + 1 < layout->strip_count; i++)
        limit_between(course, layout->strips[i].from_m, layout->strips[i + 1].from_m + layout->length_m,
                      layout->strips[i].speed_ms);
    for (int32_t k = way->first; k <= way->first + way->count; k++)
        limit_between(course, layout->entry_m[k], layout->stop_m[k] + layout->length_m, turnout_speed(layout, k));
}

static bool allocate(struct layout *layout, struct audit_course *course) {
    const struct audit_way *way = layout->way;
    size_t strips = 1;
    for (int32_t i = 0; i < way->leg_count; i++)
        strips += 2 * (size_t)layout->world->sections[way->legs[i].section].alignment_count + 1;
    const size_t parts = (size_t)audit_way_parts(layout->world, way) + 1;
    const size_t stations = (size_t)way->leg_count + 1, edges = 2 * strips + 2 * stations + parts;
    layout->entry_m = malloc(stations * sizeof *layout->entry_m);
    layout->stop_m = malloc(stations * sizeof *layout->stop_m);
    layout->strips = malloc(strips * sizeof *layout->strips);
    layout->part_m = malloc(parts * sizeof *layout->part_m);
    layout->edges = malloc(edges * sizeof *layout->edges);
    course->pieces = malloc(edges * sizeof *course->pieces);
    course->begins = malloc(parts * sizeof *course->begins);
    return layout->entry_m && layout->stop_m && layout->strips && layout->part_m && layout->edges && course->pieces &&
           course->begins;
}

bool audit_course_lay(const struct audit_world *world, const struct audit_way *way, struct audit_course *course) {
    const struct audit_type loaded = audit_type_without(&world->types[way->type], way->quarters_missing);
    const struct audit_type *type = &loaded;
    struct layout layout = {.world = world, .way = way, .type = type, .length_m = fmax(type->length_m, least_length_m)};
    *course = (struct audit_course){0};
    const bool room = allocate(&layout, course);
    if (room) {
        place_stations(&layout);
        place_parts(&layout);
        lay_strips(&layout);
        find_edges(&layout);
        make_pieces(&layout, course);
        set_limits(&layout, course);
        for (int32_t i = 0; i <= layout.part_count; i++) course->begins[i] = piece_at(course, layout.part_m[i]);
    } else {
        audit_course_free(course);
    }
    free(layout.entry_m);
    free(layout.stop_m);
    free(layout.strips);
    free(layout.part_m);
    free(layout.edges);
    return room;
}

void audit_course_free(struct audit_course *course) {
    free(course->pieces);
    free(course->begins);
    *course = (struct audit_course){0};
}
