#include "study/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "study/time_left.h"

static struct failure failure;

/* A sweep of what `keys` say, one a place, up to NULL; must go well. */
static struct sweep *sweep_of(const char *const *keys, int64_t sample) {
    struct sweep *sweep = sweep_create();
    for (; *keys != NULL; keys++) ck_assert_msg(sweep_vary(sweep, *keys, &failure), "%s: %s", *keys, failure.text);
    ck_assert_msg(sweep_finish(sweep, sample, &failure), "%s", failure.text);
    return sweep;
}

#define SWEEP_OF(sample, ...) sweep_of((const char *const[]){__VA_ARGS__, NULL}, sample)

/* All points as `a,b;a,b;…`. */
static const char *points_of(const struct sweep *sweep) {
    static char text[4096];
    text[0] = '\0';
    for (int32_t point = 0; point < sweep_point_count(sweep); point++)
        for (int32_t key = 0; key < sweep_key_count(sweep); key++) {
            char number[SWEEP_NUMBER_SIZE];
            const size_t length = strlen(text);
            snprintf(text + length, sizeof text - length, "%s%s",
                     key > 0     ? "|"
                     : point > 0 ? ";"
                                 : "",
                     sweep_value(sweep, point, key, number));
        }
    return text;
}

/* The values of one key alone. */
static void assert_values(const char *key, const char *values) {
    struct sweep *sweep = SWEEP_OF(0, key);
    ck_assert_str_eq(points_of(sweep), values);
    sweep_free(sweep);
}

START_TEST(a_grid_changes_its_last_key_fastest) {
    struct sweep *sweep = SWEEP_OF(0, "options=,A,A+B", "fleet_size=1:2");
    ck_assert_int_eq(sweep_point_count(sweep), 6);
    ck_assert_int_eq(sweep_key_count(sweep), 2);
    ck_assert_str_eq(sweep_key(sweep, 0), "options");
    ck_assert_str_eq(sweep_key(sweep, 1), "fleet_size");
    ck_assert_str_eq(points_of(sweep), "|1;|2;A|1;A|2;A+B|1;A+B|2");
    sweep_free(sweep);
}
END_TEST

START_TEST(variants_are_the_slowest_key) {
    char bare[] = "bare", full[] = "full", *names[] = {bare, full};
    struct sweep *sweep = sweep_create();
    ck_assert(sweep_vary(sweep, "seed=3,4", &failure));
    ck_assert(sweep_vary_variants(sweep, names, 2, &failure));
    ck_assert(!sweep_vary_variants(sweep, names, 2, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "varied already"));
    ck_assert(sweep_finish(sweep, 0, &failure));
    ck_assert(sweep_key_is_variant(sweep, 0) && !sweep_key_is_variant(sweep, 1));
    ck_assert_str_eq(points_of(sweep), "bare|3;bare|4;full|3;full|4");
    sweep_free(sweep);
    sweep = SWEEP_OF(0, "seed=1,2", "variant=full,bare"); /* some of them, where they are named */
    ck_assert(sweep_key_is_variant(sweep, 1));
    ck_assert_str_eq(points_of(sweep), "1|full;1|bare;2|full;2|bare");
    sweep_free(sweep);
}
END_TEST

START_TEST(values_are_as_they_were_written) {
    assert_values("sections[A-B].purge_s=600, 900 ,*0.5", "600;900;*0.5");
    assert_values("schedule.entry_delay_s=exponential(300),uniform(0,600),0", "exponential(300);uniform(0,600);0");
    assert_values("fleet_window_min=,30", ";30");
    assert_values("options=", "");
    assert_values("description=a: b", "a: b");
    assert_values("start_date=2030-01-01,2031-01-01", "2030-01-01;2031-01-01");
}
END_TEST

/* A colon is part of a time of day, or of a list of stops, and makes no range of it. */
START_TEST(times_of_day_are_no_ranges) {
    assert_values("schedule[E].first_departure=06:00", "06:00");
    assert_values("schedule[E].first_departure=06:00,07:30", "06:00;07:30");
    assert_values("schedule[E].stops=S2:120", "S2:120");
    assert_values("tracks[S1:loop].count=1:3", "1;2;3");
    assert_values("sections[a.b].purge_s=1:2", "1;2"); /* the point is part of the identifier */
}
END_TEST

START_TEST(ranges_end_where_the_steps_meet_the_end) {
    assert_values("fleet_size=1:4", "1;2;3;4");
    assert_values("reaction_s=0:1:0.25", "0;0.25;0.5;0.75;1");
    assert_values("reaction_s=0:0.3:0.1", "0;0.1;0.2;0.3"); /* though 3 · 0.1 is above 0.3 */
    assert_values("reaction_s=0:1:0.4", "0;0.4;0.8");
    assert_values("reaction_s=5:5", "5");
    assert_values("alignment.gradient_permille=-2:2:2", "-2;0;2");
    assert_values("sections.speed_kmh=*0.8:1.2:0.2", "*0.8;*1;*1.2");
    assert_values("sections.speed_kmh=*0.8:*1.2:0.2", "*0.8;*1;*1.2");
    assert_values("sections.length_km=1e1:2e1:5", "10;15;20");
    assert_values("economics[life_years].value=20:40:10", "20;30;40"); /* what a value holds is the key's to say */
    assert_values("economics[viewpoint].value=1:2", "1:2");
}
END_TEST

/* Refused, with all of these words, separated by '|', in the sentence. */
static void refused(const char *const *keys, int64_t sample, const char *words) {
    struct sweep *sweep = sweep_create();
    bool well = true;
    failure.text[0] = '\0';
    for (; well && *keys != NULL; keys++) well = sweep_vary(sweep, *keys, &failure);
    well = well && sweep_finish(sweep, sample, &failure);
    ck_assert_msg(!well, "not refused: %s", words);
    ck_assert_msg(strstr(failure.text, words) != NULL, "'%s' is not in: %s", words, failure.text);
    sweep_free(sweep);
}

#define REFUSED(sample, words, ...) refused((const char *const[]){__VA_ARGS__, NULL}, sample, words)

START_TEST(what_makes_no_points_is_refused) {
    refused((const char *const[]){NULL}, 0, "nothing to vary");
    REFUSED(0, "no key and values", "=1,2");
    REFUSED(0, "no key and values", "fleet_size");
    REFUSED(0, "no values", "fleet_size=");
    REFUSED(0, "no values", "fleet_size= , ");
    REFUSED(0, "no range of numbers", "fleet_size=1:");
    REFUSED(0, "no range of numbers", "fleet_size=:3");
    REFUSED(0, "no range of numbers", "fleet_size=1:2:3:4");
    REFUSED(0, "no range of numbers", "fleet_size=1:two");
    REFUSED(0, "no range of numbers", "fleet_size=1:nan");
    REFUSED(0, "no range of numbers", "sections.speed_kmh=0.8:*1.2:0.1");
    REFUSED(0, "no range of numbers", "sections.speed_kmh=*0.8:1.2:*0.1");
    REFUSED(0, "runs backwards", "fleet_size=4:1");
    REFUSED(0, "runs backwards", "fleet_size=4:1:-1");
    REFUSED(0, "STEP is 0", "fleet_size=1:4:0");
    REFUSED(0, "leads away", "fleet_size=1:4:-1");
    REFUSED(0, "less than 1 needs a STEP", "reaction_s=0:0.5");
    REFUSED(0, "factors needs a STEP", "sections.speed_kmh=*0.5:2");
    REFUSED(0, "'2' is listed twice", "fleet_size=1,2,3,2");
    REFUSED(0, "varied already", "fleet_size=1,2", "seed=1", "fleet_size=3");
}
END_TEST

START_TEST(too_many_points_are_counted_and_refused) {
    REFUSED(0, "1000000000 points", "seed=1:1000000000");
    REFUSED(0, "1000000000 points", "seed=1:1000", "fleet_size=1:1000", "reaction_s=1:1000");
    REFUSED(0, "1000001 points", "seed=0:1000000");
    REFUSED(0, "more than 9223372036854775807 points", "seed=0:1e15", "reaction_s=0:1e15");
    REFUSED(1000001, "1000001 points", "sections.speed_kmh=60:100");
    struct sweep *sweep = SWEEP_OF(0, "seed=1:1000000");
    char number[SWEEP_NUMBER_SIZE];
    ck_assert_int_eq(sweep_point_count(sweep), SWEEP_MOST_RUNS);
    ck_assert_str_eq(sweep_value(sweep, 999999, 0, number), "1000000");
    sweep_free(sweep);
}
END_TEST

/* Sobol's sequence in two dimensions begins (1/2, 1/2), (3/4, 1/4), (1/4, 3/4), (3/8, 3/8). */
START_TEST(a_sample_is_the_beginning_of_the_sequence) {
    struct sweep *sweep = SWEEP_OF(4, "sections.speed_kmh=60:100", "sections.release_s=*0:4");
    ck_assert_str_eq(points_of(sweep), "80|*2;90|*1;70|*3;75|*1.5");
    sweep_free(sweep);
    struct sweep *larger = SWEEP_OF(64, "sections.speed_kmh=60:100", "sections.release_s=*0:4");
    ck_assert_int_eq(strncmp(points_of(larger), "80|*2;90|*1;70|*3;75|*1.5;", 25), 0);
    sweep_free(larger);
}
END_TEST

/* Whole numbers, lists and steps are sampled among their values, each about as often as the others. */
START_TEST(a_sample_takes_values_that_there_are) {
    struct sweep *sweep =
        SWEEP_OF(32, "fleet_size=1:4", "options=,A", "sections.speed_kmh=60:100:20", "reaction_s=0:9");
    int32_t fleets[5] = {0}, with = 0, speeds[3] = {0};
    for (int32_t point = 0; point < 32; point++) {
        char number[SWEEP_NUMBER_SIZE];
        const int32_t fleet = atoi(sweep_value(sweep, point, 0, number));
        ck_assert(fleet >= 1 && fleet <= 4);
        fleets[fleet]++;
        with += strcmp(sweep_value(sweep, point, 1, number), "A") == 0;
        const int32_t speed = atoi(sweep_value(sweep, point, 2, number));
        ck_assert(speed == 60 || speed == 80 || speed == 100);
        speeds[(speed - 60) / 20]++;
    }
    for (int32_t fleet = 1; fleet <= 4; fleet++) ck_assert_int_eq(fleets[fleet], 8);
    ck_assert_int_eq(with, 16);
    for (int index = 0; index < 3; index++) ck_assert(speeds[index] >= 9 && speeds[index] <= 12);
    sweep_free(sweep);
}
END_TEST

static int by_text(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* As many as there are, and so all of them, each once: also where their number is no power of two. */
START_TEST(no_point_of_a_sample_comes_again) {
    static const struct {
        const char *keys[4];
        int32_t count;
    } cases[] = {
        {{"fleet_size=1,2,3"}, 3}, {{"fleet_size=1:7", "options=,A,B", "seed=1:11"}, 231}, {{"seed=1:1000"}, 1000}};
    for (size_t which = 0; which < sizeof cases / sizeof *cases; which++) {
        struct sweep *sweep = sweep_of(cases[which].keys, cases[which].count);
        char **points = calloc((size_t)cases[which].count, sizeof *points);
        for (int32_t point = 0; point < cases[which].count; point++) {
            char text[200] = "", number[SWEEP_NUMBER_SIZE];
            for (int32_t key = 0; key < sweep_key_count(sweep); key++) {
                strcat(text, sweep_value(sweep, point, key, number));
                strcat(text, "|");
            }
            points[point] = strdup(text);
        }
        qsort(points, (size_t)cases[which].count, sizeof *points, by_text);
        for (int32_t point = 1; point < cases[which].count; point++) ck_assert_str_ne(points[point - 1], points[point]);
        for (int32_t point = 0; point < cases[which].count; point++) free(points[point]);
        free(points);
        sweep_free(sweep);
    }
    REFUSED(4, "only 3 to take it from", "fleet_size=1,2,3");
}
END_TEST

START_TEST(a_sample_has_at_most_forty_dimensions) {
    static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"; /* 41 */
    for (int32_t count = 40; count <= 41; count++) {
        struct sweep *sweep = sweep_create();
        for (int32_t key = 0; key < count; key++) {
            char text[64];
            snprintf(text, sizeof text, "sections[%c].speed_kmh=60:100", names[key]);
            ck_assert(sweep_vary(sweep, text, &failure));
        }
        ck_assert_int_eq(sweep_finish(sweep, 8, &failure), count == 40);
        if (count == 41)
            ck_assert_ptr_nonnull(strstr(failure.text, "41 keys are varied, and a sample can have at most"));
        sweep_free(sweep);
    }
}
END_TEST

/* Two points that cost 1 and 9 seconds a run, of which the second was taken for cheap: what is left is told by what the
 * runs have cost, not by how many are done. */
START_TEST(time_left_is_told_by_what_runs_cost) {
    struct time_left *left = time_left_create(3);
    time_left_expect(left, 0, 10, 4);
    time_left_expect(left, 1, 10, 4);
    time_left_expect(left, 2, 30, 2);
    ck_assert(isnan(time_left_seconds(left, 0, 5)));
    time_left_note(left, 0, 1);
    time_left_note(left, 0, 1);
    /* One at a time so far: 2 s for 2 runs of weight 10. To come: 2 + 4 + 2 · 3 s. */
    ck_assert_double_eq_tol(time_left_seconds(left, 0, 2), 12, 1e-12);
    /* Two at a time: as much work in half the time. */
    ck_assert_double_eq_tol(time_left_seconds(left, 0, 1), 6, 1e-12);
    time_left_note(left, 1, 9);
    /* 11 s for a weight of 30; to come: 2 · 1 + 3 · 9 + 2 · 30 · 11/30. */
    ck_assert_double_eq_tol(time_left_seconds(left, 0, 11), 2 + 27 + 22, 1e-12);
    /* Two at a time, each 3 s into a run: 17 s of work in 8.5 s, and 6 s of what is to come are done. */
    ck_assert_double_eq_tol(time_left_seconds(left, 6, 8.5), (51 - 6) / 2.0, 1e-12);
    for (int run = 0; run < 2; run++) time_left_note(left, 0, 1);
    for (int run = 0; run < 3; run++) time_left_note(left, 1, 9);
    for (int run = 0; run < 2; run++) time_left_note(left, 2, 30);
    ck_assert_double_eq(time_left_seconds(left, 0, 100), 0);
    time_left_free(left);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_grid_changes_its_last_key_fastest,     variants_are_the_slowest_key,
                                  values_are_as_they_were_written,         times_of_day_are_no_ranges,
                                  ranges_end_where_the_steps_meet_the_end, what_makes_no_points_is_refused,
                                  too_many_points_are_counted_and_refused, a_sample_is_the_beginning_of_the_sequence,
                                  a_sample_takes_values_that_there_are,    no_point_of_a_sample_comes_again,
                                  a_sample_has_at_most_forty_dimensions,   time_left_is_told_by_what_runs_cost};
    return run_suite("sweep", tests, sizeof tests / sizeof *tests);
}
