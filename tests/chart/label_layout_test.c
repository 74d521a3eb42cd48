#include "chart/label_layout.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

/* A small generator of its own, so that the cases are the same everywhere. */
static uint32_t state;
static double drawn(double low, double high) {
    state = state * 1664525u + 1013904223u;
    return low + (high - low) * (state >> 8) / 16777216.0;
}

enum { MOST = 80 };

static void assert_apart(const struct column_label *labels, int32_t count, double height, double top, double bottom) {
    double edge = top;
    for (int32_t index = 0; index < count; index++) {
        if (!labels[index].shown) continue;
        ck_assert_double_ge(labels[index].middle - height / 2, edge - 1e-6);
        edge = labels[index].middle + height / 2;
    }
    ck_assert_double_le(edge, bottom + 1e-6);
}

START_TEST(columns_never_overlap_and_keep_their_order) {
    state = 7;
    for (int round = 0; round < 2000; round++) {
        struct column_label labels[MOST];
        const int32_t count = 1 + (int32_t)drawn(0, MOST);
        double wanted = 100;
        for (int32_t index = 0; index < count; index++) {
            labels[index] = (struct column_label){.wanted = wanted, .rank = (int32_t)drawn(0, 3)};
            wanted = fmin(wanted + drawn(0, 40) * drawn(0, 1), 750);
        }
        column_layout(labels, count, 16, 98, 756);
        assert_apart(labels, count, 16, 98, 756);
        int32_t shown = 0;
        for (int32_t index = 0; index < count; index++) shown += labels[index].shown;
        ck_assert_int_eq(shown, count < 41 ? count : 41); /* as many as there is room for */
    }
}
END_TEST

START_TEST(labels_with_room_stay_where_they_belong) {
    struct column_label labels[] = {{.wanted = 120}, {.wanted = 140}, {.wanted = 400}};
    column_layout(labels, 3, 16, 100, 700);
    for (int index = 0; index < 3; index++) ck_assert_double_eq_tol(labels[index].middle, labels[index].wanted, 1e-9);
}
END_TEST

START_TEST(colliding_labels_share_the_shift) {
    struct column_label labels[] = {{.wanted = 200}, {.wanted = 204}, {.wanted = 500}};
    column_layout(labels, 3, 16, 100, 700);
    ck_assert_double_eq_tol(labels[0].middle, 194, 1e-9);
    ck_assert_double_eq_tol(labels[1].middle, 210, 1e-9);
    ck_assert_double_eq_tol(labels[2].middle, 500, 1e-9);
}
END_TEST

START_TEST(the_lowest_rank_is_left_out_first) {
    struct column_label labels[] = {{100, 2, false, 0}, {101, 0, false, 0}, {102, 1, false, 0}, {103, 2, false, 0}};
    column_layout(labels, 4, 16, 90, 90 + 3 * 16);
    ck_assert(labels[0].shown && !labels[1].shown && labels[2].shown && labels[3].shown);
    column_layout(labels, 4, 16, 90, 90 + 2 * 16);
    ck_assert(labels[0].shown && !labels[1].shown && !labels[2].shown && labels[3].shown);
    column_layout(labels, 0, 16, 90, 200);
}
END_TEST

/* Whether a point lies within a box. */
static bool holds(const struct box *box, double x, double y) {
    const double cosine = cos(box->angle), sine = sin(box->angle);
    const double along = (x - box->x) * cosine + (y - box->y) * sine;
    const double across = (y - box->y) * cosine - (x - box->x) * sine;
    return fabs(along) < box->half_width && fabs(across) < box->half_height;
}

/* Looks for a common point on a fine grid over one of them. */
static bool share_a_point(const struct box *one, const struct box *other) {
    enum { STEPS = 60 };
    for (int u = 0; u <= STEPS; u++)
        for (int v = 0; v <= STEPS; v++) {
            const double along = one->half_width * 0.999 * (2.0 * u / STEPS - 1);
            const double across = one->half_height * 0.999 * (2.0 * v / STEPS - 1);
            const double x = one->x + along * cos(one->angle) - across * sin(one->angle);
            const double y = one->y + along * sin(one->angle) + across * cos(one->angle);
            if (holds(other, x, y)) return true;
        }
    return false;
}

START_TEST(boxes_overlap_exactly_where_they_share_a_point) {
    state = 11;
    int found = 0;
    for (int round = 0; round < 3000; round++) {
        struct box boxes[2];
        for (int index = 0; index < 2; index++)
            boxes[index] = (struct box){drawn(0, 30), drawn(0, 30), drawn(1, 12), drawn(1, 6), drawn(-1.6, 1.6)};
        const bool shared = share_a_point(&boxes[0], &boxes[1]) || share_a_point(&boxes[1], &boxes[0]);
        if (shared) ck_assert(boxes_overlap(&boxes[0], &boxes[1]));
        struct box smaller = boxes[0]; /* a grid misses what only touches: shrink a little for the other way round */
        smaller.half_width *= 0.93;
        smaller.half_height *= 0.93;
        if (boxes_overlap(&smaller, &boxes[1])) ck_assert(shared);
        found += shared;
    }
    ck_assert_int_gt(found, 300);
}
END_TEST

static const struct line_label_style style = {.height = 10.5,
                                              .gap = 1.5,
                                              .margin = 2,
                                              .left = 130,
                                              .right = 1290,
                                              .top = 104,
                                              .bottom = 750,
                                              .band = 430,
                                              .reach = 130};

static void assert_labels_good(const struct line_label *labels, int32_t count, const struct line_segment *segments,
                               int32_t segment_count) {
    for (int32_t index = 0; index < count; index++) {
        const struct box *box = &labels[index].box;
        if (!labels[index].placed) continue;
        ck_assert_double_gt(box->angle, -acos(0) - 1e-9); /* never upside down */
        ck_assert_double_le(box->angle, acos(0) + 1e-9);
        for (int32_t other = 0; other < index; other++)
            if (labels[other].placed) ck_assert(!boxes_overlap(box, &labels[other].box));
        for (int32_t segment = 0; segment < segment_count; segment++) {
            if (segments[segment].thick == 0) continue;
            const struct line_segment *line = &segments[segment];
            const struct box bar = {(line->x1 + line->x2) / 2, line->y1, (line->x2 - line->x1) / 2, line->thick / 2, 0};
            ck_assert(!boxes_overlap(box, &bar));
        }
    }
}

START_TEST(labels_along_lines_never_overlap) {
    state = 5;
    int32_t placed = 0;
    for (int round = 0; round < 30; round++) {
        struct line_segment segments[3 * MOST];
        struct line_label labels[MOST];
        const double spacing = drawn(4, 60);
        for (int32_t train = 0; train < MOST; train++) {
            const double x = 140 + train * spacing, rise = drawn(10, 80);
            const bool down = train % 2 == 0;
            segments[3 * train] = (struct line_segment){x, down ? 128 : 726, x + rise, down ? 400 : 410, train, 0};
            segments[3 * train + 1] = (struct line_segment){x + rise, 405, x + rise + 20, 405, train, 4};
            segments[3 * train + 2] =
                (struct line_segment){x + rise + 20, down ? 400 : 410, x + 2 * rise + 20, down ? 726 : 128, train, 0};
            labels[train] = (struct line_label){.owner = train, .width = drawn(12, 40)};
        }
        ck_assert(line_labels_place(labels, MOST, segments, 3 * MOST, &style));
        assert_labels_good(labels, MOST, segments, 3 * MOST);
        for (int32_t train = 0; train < MOST; train++) placed += labels[train].placed;
    }
    ck_assert_int_gt(placed, 30 * 10);
}
END_TEST

START_TEST(a_line_too_short_for_its_label_has_none) {
    const struct line_segment segments[] = {{300, 400, 310, 405, 0, 0}, {300, 500, 500, 500, 1, 4}};
    struct line_label labels[] = {{.owner = 0, .width = 30}, {.owner = 1, .width = 30}, {.owner = 9, .width = 5}};
    ck_assert(line_labels_place(labels, 3, segments, 2, &style));
    for (int index = 0; index < 3; index++) ck_assert(!labels[index].placed);
    ck_assert(line_labels_place(labels, 0, segments, 0, &style));
}
END_TEST

START_TEST(a_label_stands_beside_its_own_line) {
    const struct line_segment segment = {300, 150, 400, 700, 0, 0};
    struct line_label label = {.owner = 0, .width = 25};
    ck_assert(line_labels_place(&label, 1, &segment, 1, &style));
    ck_assert(label.placed);
    const double length = hypot(100, 550);
    const double away = fabs((label.box.x - 300) * 550 - (label.box.y - 150) * 100) / length;
    ck_assert_double_eq_tol(away, style.height / 2 + style.gap, 1e-9);
    ck_assert_double_eq_tol(label.box.angle, atan2(550, 100), 1e-9);
    ck_assert_double_le(fabs(label.box.y - style.band), 30);
}
END_TEST

/* Segments and boxes at random on a canvas; what is placed covers none of them and is as near as told. */
START_TEST(a_label_near_a_point_covers_nothing) {
    enum { LINES = 12, BOXES = 10 };
    static const struct point_label_style near_style = {0, 400, 0, 300, 8, 60, 2};
    int placed = 0;
    state = 11;
    for (int round = 0; round < 500; round++) {
        struct line_segment lines[LINES];
        struct box taken[BOXES], box;
        for (int index = 0; index < LINES; index++)
            lines[index] =
                (struct line_segment){drawn(0, 400), drawn(0, 300), drawn(0, 400), drawn(0, 300), 0, drawn(0, 8)};
        for (int index = 0; index < BOXES; index++)
            taken[index] = (struct box){drawn(0, 400), drawn(0, 300), drawn(5, 40), 6, drawn(-1.5, 1.5)};
        const double x = drawn(0, 400), y = drawn(0, 300), width = drawn(10, 80);
        if (!point_label_place(x, y, width, 14, lines, LINES, taken, BOXES, &near_style, &box)) continue;
        placed++;
        ck_assert(box_is_free(&box, lines, LINES, taken, BOXES));
        ck_assert(box.x - width / 2 >= 0 && box.x + width / 2 <= 400 && box.y - 7 >= 0 && box.y + 7 <= 300);
        const double across = fmax(0, fabs(x - box.x) - width / 2), down = fmax(0, fabs(y - box.y) - 7);
        ck_assert_double_le(hypot(across, down), 60 + 1e-6);
        ck_assert_double_ge(hypot(across, down), 5);
    }
    ck_assert_int_gt(placed, 100);
}
END_TEST

START_TEST(a_label_near_a_point_alone_stands_above_it) {
    static const struct point_label_style near_style = {0, 400, 0, 300, 8, 60, 2};
    struct box box;
    ck_assert(point_label_place(200, 150, 40, 14, NULL, 0, NULL, 0, &near_style, &box));
    ck_assert_double_eq_tol(box.x, 200, 1e-6);
    ck_assert_double_eq_tol(box.y, 150 - 8 - 7, 1e-6);
    const struct box all = {200, 150, 400, 300, 0};
    ck_assert(!point_label_place(200, 150, 40, 14, NULL, 0, &all, 1, &near_style, &box));
}
END_TEST

START_TEST(a_label_along_a_line_turns_with_it) {
    static const struct point_label_style near_style = {0, 400, 0, 300, 4, 0, 2};
    const struct line_segment rising = {100, 250, 300, 50, 0, 2};
    struct box box;
    ck_assert(straight_label_place(&rising, 80, 14, &rising, 1, NULL, 0, &near_style, &box));
    ck_assert_double_eq_tol(box.angle, -acos(0) / 2, 1e-9);
    ck_assert_double_eq_tol(hypot(box.x - 200, box.y - 150), 4 + 7, 1e-6);
    struct box other;
    ck_assert(straight_label_place(&rising, 80, 14, &rising, 1, &box, 1, &near_style, &other));
    ck_assert(!boxes_overlap(&box, &other));
    ck_assert(!straight_label_place(&rising, 300, 14, &rising, 1, NULL, 0, &near_style, &box)); /* longer than the line */
}
END_TEST

int main(void) {
    Suite *suite = suite_create("label_layout");
    TCase *tests = tcase_create("label_layout");
    tcase_add_test(tests, columns_never_overlap_and_keep_their_order);
    tcase_add_test(tests, labels_with_room_stay_where_they_belong);
    tcase_add_test(tests, colliding_labels_share_the_shift);
    tcase_add_test(tests, the_lowest_rank_is_left_out_first);
    tcase_add_test(tests, boxes_overlap_exactly_where_they_share_a_point);
    tcase_add_test(tests, labels_along_lines_never_overlap);
    tcase_add_test(tests, a_line_too_short_for_its_label_has_none);
    tcase_add_test(tests, a_label_stands_beside_its_own_line);
    tcase_add_test(tests, a_label_near_a_point_covers_nothing);
    tcase_add_test(tests, a_label_near_a_point_alone_stands_above_it);
    tcase_add_test(tests, a_label_along_a_line_turns_with_it);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
