#include "chart/label_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns ---- */

/* How near a shown label's nearest shown neighbour wants to stand. */
static double crowding(const struct column_label *labels, int32_t count, int32_t index) {
    double nearest = INFINITY;
    for (int32_t other = index - 1; other >= 0 && isinf(nearest); other--)
        if (labels[other].shown) nearest = labels[index].wanted - labels[other].wanted;
    for (int32_t other = index + 1; other < count; other++) {
        if (!labels[other].shown) continue;
        return fmin(nearest, labels[other].wanted - labels[index].wanted);
    }
    return nearest;
}

static void leave_one_out(struct column_label *labels, int32_t count) {
    int32_t worst = -1;
    double worst_crowding = 0;
    for (int32_t index = 0; index < count; index++) {
        if (!labels[index].shown) continue;
        const double distance = crowding(labels, count, index);
        const bool worse = worst < 0 || labels[index].rank < labels[worst].rank ||
                           (labels[index].rank == labels[worst].rank && distance < worst_crowding);
        if (!worse) continue;
        worst = index;
        worst_crowding = distance;
    }
    if (worst >= 0) labels[worst].shown = false;
}

/* Labels that touch, as one: their common shift is the mean of what each would want. */
struct group {
    int32_t first, count; /* in the order of shown labels */
    double start;         /* upper edge */
};

static double clamp(double value, double low, double high) {
    return fmax(low, fmin(value, high));
}

static void place_group(struct group *group, const double *wanted, double height, double top, double bottom) {
    double sum = 0;
    for (int32_t index = 0; index < group->count; index++) sum += wanted[group->first + index] - index * height;
    group->start = clamp(sum / group->count - height / 2, top, bottom - group->count * height);
}

/* Pools neighbours that would overlap until none do. */
static int32_t pool_groups(struct group *groups, const double *wanted, int32_t count, double height, double top,
                           double bottom) {
    int32_t group_count = 0;
    for (int32_t index = 0; index < count; index++) {
        groups[group_count] = (struct group){.first = index, .count = 1};
        place_group(&groups[group_count++], wanted, height, top, bottom);
        while (group_count > 1) {
            struct group *above = &groups[group_count - 2];
            if (above->start + above->count * height <= groups[group_count - 1].start) break;
            above->count += groups[--group_count].count;
            place_group(above, wanted, height, top, bottom);
        }
    }
    return group_count;
}

static void spread(struct column_label *labels, int32_t count, double height, double top, double bottom,
                   struct group *groups, double *wanted) {
    int32_t shown = 0;
    for (int32_t index = 0; index < count; index++)
        if (labels[index].shown) wanted[shown++] = labels[index].wanted;
    const int32_t group_count = pool_groups(groups, wanted, shown, height, top, bottom);
    int32_t group = 0, within = 0;
    for (int32_t index = 0; index < count && group < group_count; index++) {
        if (!labels[index].shown) continue;
        labels[index].middle = groups[group].start + (within + 0.5) * height;
        if (++within < groups[group].count) continue;
        group++;
        within = 0;
    }
}

bool column_layout(struct column_label *labels, int32_t count, double height, double top, double bottom) {
    struct group few_groups[COLUMN_LABELS_FEW + 1];
    double few_wanted[COLUMN_LABELS_FEW + 1];
    const bool few = count <= COLUMN_LABELS_FEW;
    for (int32_t index = 0; index < count; index++) labels[index].shown = true;
    const int32_t room = (int32_t)floor((bottom - top) / height + 1e-9);
    for (int32_t shown = count; shown > room && shown > 0; shown--) leave_one_out(labels, count);
    struct group *groups = few ? few_groups : malloc((size_t)(count + 1) * sizeof *groups);
    double *wanted = few ? few_wanted : malloc((size_t)(count + 1) * sizeof *wanted);
    const bool well = groups != NULL && wanted != NULL;
    if (well) spread(labels, count, height, top, bottom, groups, wanted);
    if (!few) free(groups);
    if (!few) free(wanted);
    return well;
}

/* ---- boxes ---- */

/* Half the extent of a box along a direction. */
static double extent(const struct box *box, double ux, double uy) {
    const double cosine = cos(box->angle), sine = sin(box->angle);
    return box->half_width * fabs(ux * cosine + uy * sine) + box->half_height * fabs(uy * cosine - ux * sine);
}

static bool separated_along(const struct box *one, const struct box *other, double angle) {
    const double ux = cos(angle), uy = sin(angle);
    const double distance = fabs((one->x - other->x) * ux + (one->y - other->y) * uy);
    return distance >= extent(one, ux, uy) + extent(other, ux, uy) - 1e-9;
}

bool boxes_overlap(const struct box *one, const struct box *other) {
    const double quarter = acos(0);
    return !separated_along(one, other, one->angle) && !separated_along(one, other, one->angle + quarter) &&
           !separated_along(one, other, other->angle) && !separated_along(one, other, other->angle + quarter);
}

/* A line as a box without height. */
static struct box segment_box(const struct line_segment *segment) {
    return (struct box){.x = (segment->x1 + segment->x2) / 2,
                        .y = (segment->y1 + segment->y2) / 2,
                        .half_width = hypot(segment->x2 - segment->x1, segment->y2 - segment->y1) / 2,
                        .half_height = fmax(0.5, segment->thick / 2),
                        .angle = atan2(segment->y2 - segment->y1, segment->x2 - segment->x1)};
}

/* ---- labels along lines ---- */

struct placing {
    struct line_label *labels;
    int32_t placed; /* labels looked at so far */
    const struct line_segment *segments;
    int32_t segment_count;
    const struct line_label_style *style;
    int32_t *first_of_owner; /* [owner count + 1] into own */
    int32_t *own;            /* segments by owner */
    int32_t owner_count;
};

enum {
    MOST_CROSSINGS = 1, /* lines a label may cover */
    MOST_BEND = 2,      /* pixels a line may leave the straight beside its label */
    MOST_PIECES = 12    /* segments beside one label */
};

static bool inside(const struct box *box, const struct line_label_style *style) {
    const double across = extent(box, 1, 0), down = extent(box, 0, 1);
    return box->x - across >= style->left && box->x + across <= style->right && box->y - down >= style->top &&
           box->y + down <= style->bottom;
}

static struct box grown(const struct box *box, double margin) {
    struct box larger = *box;
    larger.half_width += margin;
    larger.half_height += margin;
    return larger;
}

static bool covers_label(const struct placing *placing, const struct box *box) {
    const struct box larger = grown(box, placing->style->margin);
    for (int32_t index = 0; index < placing->placed; index++) {
        const struct line_label *label = &placing->labels[index];
        if (label->placed && boxes_overlap(&larger, &label->box)) return true;
    }
    return false;
}

static int32_t lines_covered(const struct placing *placing, const struct box *box) {
    const double reach = hypot(box->half_width, box->half_height);
    int32_t count = 0;
    for (int32_t index = 0; index < placing->segment_count && count <= MOST_CROSSINGS; index++) {
        const struct line_segment *segment = &placing->segments[index];
        if (fmax(segment->x1, segment->x2) < box->x - reach || fmin(segment->x1, segment->x2) > box->x + reach)
            continue;
        if (fmax(segment->y1, segment->y2) < box->y - reach || fmin(segment->y1, segment->y2) > box->y + reach)
            continue;
        const struct box line = segment_box(segment);
        if (boxes_overlap(box, &line)) count += segment->thick > 0 ? MOST_CROSSINGS + 1 : 1;
    }
    return count;
}

/* The label beside its line at `share` of the way, on one side of it. */
static struct box candidate(const struct line_segment *segment, double share, double side, double width,
                            const struct line_label_style *style) {
    const double quarter = acos(0);
    double angle = atan2(segment->y2 - segment->y1, segment->x2 - segment->x1);
    if (angle > quarter) angle -= 2 * quarter; /* never upside down */
    if (angle <= -quarter) angle += 2 * quarter;
    const double away = side * (style->height / 2 + style->gap);
    return (struct box){.x = segment->x1 + share * (segment->x2 - segment->x1) + away * sin(angle),
                        .y = segment->y1 + share * (segment->y2 - segment->y1) - away * cos(angle),
                        .half_width = width / 2,
                        .half_height = style->height / 2,
                        .angle = angle};
}

/* How far a point lies from the straight line through a segment. */
static double distance_from(const struct line_segment *segment, double x, double y) {
    const double across = segment->x2 - segment->x1, down = segment->y2 - segment->y1;
    return fabs((x - segment->x1) * down - (y - segment->y1) * across) / fmax(hypot(across, down), 1e-9);
}

/* The straight piece from the start of a line's segment `first` (a place in `own`) over `count` segments in a row, all
 * of whose ends lie near it. False if they do not, or are not in a row. */
static bool straight_piece(const struct placing *placing, int32_t first, int32_t count, struct line_segment *piece) {
    *piece = placing->segments[placing->own[first]];
    const struct line_segment *last = piece;
    for (int32_t index = 1; index < count; index++) {
        const struct line_segment *next = &placing->segments[placing->own[first + index]];
        if (next->thick > 0 || next->owner != piece->owner || next->x1 != last->x2 || next->y1 != last->y2)
            return false;
        last = next;
    }
    piece->x2 = last->x2;
    piece->y2 = last->y2;
    for (int32_t index = 1; index < count; index++) {
        const struct line_segment *next = &placing->segments[placing->own[first + index]];
        if (distance_from(piece, next->x1, next->y1) > MOST_BEND) return false;
    }
    return piece->thick == 0;
}

static double length_of(const struct line_segment *segment) {
    return hypot(segment->x2 - segment->x1, segment->y2 - segment->y1);
}

/* The shortest straight piece that begins with a segment and is long enough for a label; false if there is none. */
static bool piece_for(const struct placing *placing, const struct line_label *label, int32_t first,
                      struct line_segment *piece) {
    const int32_t left = placing->first_of_owner[label->owner + 1] - first;
    for (int32_t count = 1; count <= left && count <= MOST_PIECES; count++) {
        if (!straight_piece(placing, first, count, piece)) continue;
        if (length_of(piece) >= label->width + 4) return true;
    }
    return false;
}

/* Does the line come near the band with a piece long enough for its label? Then it is labelled there or nowhere. */
static bool comes_near(const struct placing *placing, const struct line_label *label) {
    const struct line_label_style *style = placing->style;
    for (int32_t first = placing->first_of_owner[label->owner]; first < placing->first_of_owner[label->owner + 1];
         first++) {
        struct line_segment piece;
        if (!piece_for(placing, label, first, &piece)) continue;
        const double middle = (piece.y1 + piece.y2) / 2;
        if (fabs(middle - style->band) <= style->reach / 2) return true;
        if ((piece.y1 - style->band) * (piece.y2 - style->band) < 0) return true;
    }
    return false;
}

/* Tries the places along one piece of its line; keeps the best so far. */
static void try_piece(const struct placing *placing, struct line_label *label, const struct line_segment *segment,
                      double reach, double *best_cost) {
    static const double shares[] = {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8};
    const double length = length_of(segment);
    for (size_t index = 0; index < 2 * sizeof shares / sizeof *shares; index++) {
        const double share = shares[index / 2];
        if (fmin(share, 1 - share) * length < label->width / 2 && share != 0.5) continue;
        const struct box box = candidate(segment, share, index % 2 == 0 ? 1 : -1, label->width, placing->style);
        if (fabs(box.y - placing->style->band) > reach) continue;
        const double cost = fabs(box.y - placing->style->band) / 100 + (index % 2 == 0 ? 0 : 0.05);
        if (cost >= *best_cost || !inside(&box, placing->style) || covers_label(placing, &box)) continue;
        const int32_t covered = lines_covered(placing, &box);
        if (covered > MOST_CROSSINGS || cost + 4 * covered >= *best_cost) continue;
        *best_cost = cost + 4 * covered;
        label->placed = true;
        label->box = box;
    }
}

static void place_label(struct placing *placing, struct line_label *label) {
    double best_cost = INFINITY;
    label->placed = false;
    if (label->owner < 0 || label->owner >= placing->owner_count) return;
    const double reach = comes_near(placing, label) ? placing->style->reach : INFINITY;
    for (int32_t first = placing->first_of_owner[label->owner]; first < placing->first_of_owner[label->owner + 1];
         first++) {
        struct line_segment piece;
        if (piece_for(placing, label, first, &piece)) try_piece(placing, label, &piece, reach, &best_cost);
    }
}

/* Sorts the segments by their owners. */
static bool sort_by_owner(struct placing *placing) {
    for (int32_t index = 0; index < placing->segment_count; index++)
        if (placing->segments[index].owner >= placing->owner_count)
            placing->owner_count = placing->segments[index].owner + 1;
    int32_t *first = calloc((size_t)placing->owner_count + 2, sizeof *first);
    int32_t *own = malloc(((size_t)placing->segment_count + 1) * sizeof *own);
    placing->first_of_owner = first;
    placing->own = own;
    if (first == NULL || own == NULL) return false;
    for (int32_t index = 0; index < placing->segment_count; index++) first[placing->segments[index].owner + 2]++;
    for (int32_t owner = 2; owner < placing->owner_count + 2; owner++) first[owner] += first[owner - 1];
    for (int32_t index = 0; index < placing->segment_count; index++)
        own[first[placing->segments[index].owner + 1]++] = index;
    return true;
}

bool line_labels_place(struct line_label *labels, int32_t count, const struct line_segment *segments,
                       int32_t segment_count, const struct line_label_style *style) {
    struct placing placing = {.labels = labels, .segments = segments, .segment_count = segment_count, .style = style};
    const bool well = sort_by_owner(&placing);
    for (int32_t index = 0; well && index < count; index++, placing.placed++) place_label(&placing, &labels[index]);
    free(placing.first_of_owner);
    free(placing.own);
    return well;
}

/* ---- a label near a point ---- */

/* The middle of a label that touches the point's ring in a direction: beside it to the left or right, above or below.
 */
static struct box beside_point(double x, double y, double width, double height, double distance, double angle) {
    const double across = cos(angle), down = sin(angle);
    return (struct box){.x = x + distance * across + copysign(fmin(fabs(across) * 2, 1), across) * width / 2,
                        .y = y + distance * down + copysign(fmin(fabs(down) * 2, 1), down) * height / 2,
                        .half_width = width / 2,
                        .half_height = height / 2};
}

bool box_is_free(const struct box *box, const struct line_segment *segments, int32_t segment_count,
                 const struct box *taken, int32_t taken_count) {
    for (int32_t index = 0; index < taken_count; index++)
        if (boxes_overlap(box, &taken[index])) return false;
    for (int32_t index = 0; index < segment_count; index++) {
        const struct line_segment *segment = &segments[index];
        const double reach = hypot(box->half_width, box->half_height) + segment->thick + 1;
        if (fmax(segment->x1, segment->x2) < box->x - reach || fmin(segment->x1, segment->x2) > box->x + reach)
            continue;
        if (fmax(segment->y1, segment->y2) < box->y - reach || fmin(segment->y1, segment->y2) > box->y + reach)
            continue;
        const struct box line = segment_box(segment);
        if (boxes_overlap(box, &line)) return false;
    }
    return true;
}

/* Within the style's bounds, and free with its margin. */
static bool is_placed(const struct box *box, const struct line_segment *segments, int32_t segment_count,
                      const struct box *taken, int32_t taken_count, const struct point_label_style *style) {
    const struct line_label_style bounds = {
        .left = style->left, .right = style->right, .top = style->top, .bottom = style->bottom};
    const struct box larger = grown(box, style->margin);
    return inside(box, &bounds) && box_is_free(&larger, segments, segment_count, taken, taken_count);
}

bool point_label_place(double x, double y, double width, double height, const struct line_segment *segments,
                       int32_t segment_count, const struct box *taken, int32_t taken_count,
                       const struct point_label_style *style, struct box *box) {
    enum { DIRECTIONS = 16 };
    const double quarter = acos(0);
    for (double distance = style->gap; distance <= style->reach; distance += 5) {
        for (int turn = 0; turn < DIRECTIONS; turn++) { /* above first */
            const double angle = quarter * (4.0 * turn / DIRECTIONS - 1);
            *box = beside_point(x, y, width, height, distance, angle);
            if (is_placed(box, segments, segment_count, taken, taken_count, style)) return true;
        }
    }
    return false;
}

bool straight_label_place(const struct line_segment *line, double width, double height,
                          const struct line_segment *segments, int32_t segment_count, const struct box *taken,
                          int32_t taken_count, const struct point_label_style *style, struct box *box) {
    static const double shares[] = {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8};
    const struct line_label_style beside = {.height = height, .gap = style->gap};
    const double length = length_of(line);
    for (size_t index = 0; index < 2 * sizeof shares / sizeof *shares; index++) {
        const double share = shares[index / 2];
        if (fmin(share, 1 - share) * length < width / 2) continue;
        *box = candidate(line, share, index % 2 == 0 ? 1 : -1, width, &beside);
        if (is_placed(box, segments, segment_count, taken, taken_count, style)) return true;
    }
    return false;
}
