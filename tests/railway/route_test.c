/* Routes against what a search of all simple paths finds, and the cases that have names. */
#include "../engine/suite.h"

#include "engine/stream.h"
#include "railway/route.h"

#include <math.h>
#include <string.h>

enum { MOST_STATIONS = 9, MOST_SECTIONS = 24 };

/* A network of bare stations and sections; no ids, no tracks: routes need neither. */
struct plan {
    struct station stations[MOST_STATIONS];
    struct section sections[MOST_SECTIONS];
    struct network network;
};

static const struct train_type slow_and_fast[2] = {{.max_speed_ms = 10, .length_m = 1}, {.max_speed_ms = 50}};

static void start(struct plan *plan, int32_t stations) {
    *plan = (struct plan){0};
    plan->network = (struct network){.stations = plan->stations, .station_count = stations, .sections = plan->sections};
}

static struct section *add(struct plan *plan, int32_t from, int32_t to, double length_m) {
    struct section *section = &plan->sections[plan->network.section_count++];
    *section = (struct section){.from = from, .to = to, .length_m = length_m, .speed_ms = 20, .clearance_m = INFINITY};
    return section;
}

/* Finds a route for type 0 without fixed times. */
static struct route_answer find(const struct plan *plan, const int32_t *stations, int32_t count) {
    struct route_finder *finder = route_finder_create(&plan->network, slow_and_fast, 2, NULL, 0);
    ck_assert_ptr_nonnull(finder);
    const struct route_answer answer = route_find(finder, 0, stations, count);
    route_finder_destroy(finder);
    return answer;
}

START_TEST(along_a_line) {
    struct plan plan;
    start(&plan, 4);
    add(&plan, 0, 1, 1000);
    add(&plan, 2, 1, 1000);
    add(&plan, 2, 3, 1000);
    const int32_t there[] = {0, 2, 3}, back[] = {3, 0};
    struct route_answer answer = find(&plan, there, 3);
    ck_assert_int_eq(answer.outcome, ROUTE_FOUND);
    ck_assert_int_eq(answer.leg_count, 3);
    ck_assert_int_eq(answer.legs[0].section, 0);
    ck_assert_int_eq(answer.legs[1].section, 1);
    ck_assert_int_eq(answer.legs[1].direction, BACKWARD);
    ck_assert_int_eq(route_leg_end(&plan.network, &answer.legs[1]), 2);
    ck_assert_double_eq(answer.duration_s, 300); /* at the train's 10 m/s, not the line's 20 */
    free(answer.legs);
    answer = find(&plan, back, 2);
    ck_assert_int_eq(answer.legs[0].direction, BACKWARD);
    ck_assert_int_eq(answer.legs[1].direction, FORWARD);
    free(answer.legs);
}
END_TEST

START_TEST(station_twice) {
    struct plan plan;
    start(&plan, 4); /* 0 – 1 – 2, and 3 a branch at 1 */
    add(&plan, 0, 1, 1000);
    add(&plan, 1, 2, 1000);
    add(&plan, 1, 3, 1000);
    static const struct {
        int32_t stations[4], count, failed;
    } cases[] = {
        {{0, 3, 2}, 3, 2}, /* back through 1 */
        {{0, 1, 0}, 3, 2}, /* home again */
        {{1, 0, 2}, 3, 2}, /* over its origin */
        {{0, 2, 1}, 3, 1}, /* over a call to come */
        {{0, 0}, 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct route_answer answer = find(&plan, cases[i].stations, cases[i].count);
        ck_assert_msg(answer.outcome == ROUTE_REVISITS && answer.failed_call == cases[i].failed, "case %zu", i);
        ck_assert_ptr_null(answer.legs);
    }
}
END_TEST

START_TEST(not_for_this_train) {
    struct plan plan;
    start(&plan, 4); /* station 3 lies apart */
    struct section *broad = add(&plan, 0, 1, 1000), *low = add(&plan, 1, 2, 1000);
    struct train_type type = {.max_speed_ms = 10, .gauge_mm = 1435, .height_m = 5};
    const int32_t ends[] = {0, 2}, apart[] = {0, 3};
    broad->gauge_mm = 1520;
    for (int32_t step = 0; step < 3; step++) {
        struct route_finder *finder = route_finder_create(&plan.network, &type, 1, NULL, 0);
        const struct route_answer answer = route_find(finder, 0, ends, 2);
        const struct route_answer none = route_find(finder, 0, apart, 2);
        ck_assert_int_eq(none.outcome, ROUTE_NONE);
        ck_assert_int_eq(none.barrier, -1);
        ck_assert_int_eq(answer.outcome, step == 2 ? ROUTE_FOUND : ROUTE_NONE);
        ck_assert_int_eq(answer.barrier, step == 2 ? -1 : step);
        ck_assert_int_eq(answer.failed_call, step == 2 ? 0 : 1);
        free(answer.legs);
        route_finder_destroy(finder);
        if (step == 0) type.gauge_mm = 0, low->clearance_m = 4.9; /* a train without a gauge runs on any */
        if (step == 1) low->clearance_m = 5;
    }
}
END_TEST

/* The direct section is shorter, but its limits, the alignment's or a fixed time make the detour quicker. */
START_TEST(by_running_time) {
    struct plan plan;
    struct alignment slow = {.section = 0, .to_m = 500, .speed_ms = 2};
    const int32_t ends[] = {0, 2};
    const struct running_time times[] = {
        {.section = 0, .train_type = -1, .directions = DIRECTION_BOTH_BITS, .run_ms = 500000},
        {.section = 0, .train_type = 0, .directions = DIRECTION_BOTH_BITS, .run_ms = 250000},
        {.section = 0, .train_type = 0, .directions = DIRECTION_FORWARD_BIT, .run_ms = 150000},
    };
    start(&plan, 3);
    add(&plan, 0, 2, 1500);
    add(&plan, 0, 1, 1000);
    add(&plan, 1, 2, 1000);
    plan.network.alignments = &slow;
    static const struct {
        int32_t alignments, first_time, time_count;
        double duration_s;
    } cases[] = {{0, 0, 0, 150}, {1, 0, 0, 200}, {0, 0, 1, 200}, {1, 0, 3, 150}, {0, 0, 2, 200}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plan.sections[0].alignment_count = plan.network.alignment_count = cases[i].alignments;
        struct route_finder *finder = route_finder_create(&plan.network, slow_and_fast, 2, times, cases[i].time_count);
        const struct route_answer answer = route_find(finder, 0, ends, 2);
        ck_assert_double_eq_tol(answer.duration_s, cases[i].duration_s, 1e-9);
        ck_assert_int_eq(answer.leg_count, cases[i].duration_s == 150 ? 1 : 2);
        free(answer.legs);
        route_finder_destroy(finder);
    }
}
END_TEST

/* The least time from `at` to `to` over all simple paths. */
static double least_time(const struct plan *plan, int32_t at, int32_t to, unsigned visited) {
    double least = INFINITY;
    if (at == to) return 0;
    for (int32_t i = 0; i < plan->network.section_count; i++) {
        const struct section *section = &plan->sections[i];
        const int32_t next = section->from == at ? section->to : section->to == at ? section->from : -1;
        if (next < 0 || visited & 1u << next) continue;
        least = fmin(least, section->length_m / 10 + least_time(plan, next, to, visited | 1u << next));
    }
    return least;
}

START_TEST(against_all_simple_paths) {
    const struct stream stream = {.seed = 1, .purpose = STREAM_TEST, .replication = 1};
    int32_t found = 0;
    for (uint64_t network = 0; network < 400; network++) {
        struct plan plan;
        uint64_t draw = 0;
        start(&plan, 2 + (int32_t)(stream_uniform(&stream, network, draw++) * (MOST_STATIONS - 2)));
        const int32_t sections = (int32_t)(stream_uniform(&stream, network, draw++) * 14);
        for (int32_t i = 0; i < sections; i++) {
            const int32_t from = (int32_t)(stream_uniform(&stream, network, draw++) * plan.network.station_count);
            const int32_t to = (int32_t)(stream_uniform(&stream, network, draw++) * plan.network.station_count);
            if (from != to) add(&plan, from, to, 1 + floor(stream_uniform(&stream, network, draw++) * 50));
        }
        const int32_t ends[] = {0, plan.network.station_count - 1};
        const double least = least_time(&plan, ends[0], ends[1], 1);
        const struct route_answer answer = find(&plan, ends, 2);
        ck_assert_int_eq(answer.outcome, isfinite(least) ? ROUTE_FOUND : ROUTE_NONE);
        if (answer.outcome == ROUTE_FOUND) ck_assert_double_eq_tol(answer.duration_s, least, 1e-9);
        found += answer.outcome == ROUTE_FOUND;
        free(answer.legs);
    }
    ck_assert_int_gt(found, 100);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {along_a_line, station_twice, not_for_this_train, by_running_time,
                                  against_all_simple_paths};
    return run_suite("route", tests, sizeof tests / sizeof tests[0]);
}
