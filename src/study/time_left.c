#include "study/time_left.h"

#include <math.h>
#include <stdlib.h>

struct point_cost {
    double weight;
    int32_t to_come, done;
    double seconds; /* of those done */
};

struct time_left {
    struct point_cost *points;
    int32_t count;
    double seconds, weight; /* of all that are done */
};

struct time_left *time_left_create(int32_t points) {
    struct time_left *left = calloc(1, sizeof *left);
    if (left != NULL) left->points = calloc((size_t)points + 1, sizeof *left->points);
    if (left != NULL && left->points != NULL) {
        left->count = points;
        return left;
    }
    free(left);
    return NULL;
}

void time_left_free(struct time_left *left) {
    if (left == NULL) return;
    free(left->points);
    free(left);
}

void time_left_expect(struct time_left *left, int32_t point, double weight, int32_t runs) {
    left->points[point] = (struct point_cost){.weight = weight, .to_come = runs};
}

void time_left_note(struct time_left *left, int32_t point, double seconds) {
    struct point_cost *cost = &left->points[point];
    cost->to_come--;
    cost->done++;
    cost->seconds += seconds;
    left->seconds += seconds;
    left->weight += cost->weight;
}

double time_left_seconds(const struct time_left *left, double under_way_s, double elapsed_s) {
    if (!(left->seconds > 0) || !(left->weight > 0) || !(elapsed_s > 0)) return NAN;
    const double unit_s = left->seconds / left->weight;
    double work_s = -under_way_s;
    for (int32_t point = 0; point < left->count; point++) {
        const struct point_cost *cost = &left->points[point];
        work_s += cost->to_come * (cost->done > 0 ? cost->seconds / cost->done : cost->weight * unit_s);
    }
    return fmax(work_s, 0) * elapsed_s / (left->seconds + under_way_s);
}
