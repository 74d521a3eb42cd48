/* Figures of offered loads from days made up here, so that every one of them is known. */
#include "study/load_figures.h"

#include <math.h>
#include <stdlib.h>

#include "../engine/suite.h"
#include "engine/stream.h"
#include "support/railway_builder.h"

enum { DAYS = 60, CLASSES = 2 };

struct made {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct demand demand;
};

/* Two classes: a third of the trains forward, two thirds backward. */
static struct made make(void) {
    static const double KM[] = {50};
    char east[256], west[256], message[512];
    struct failure failure;
    struct made made = {.scenario = build_straight(KM, 1, 2, 0, 0, east, west)};
    build_service(made.scenario, "e", "train", east, ARRIVALS_POISSON, 7200);
    build_service(made.scenario, "w", "train", west, ARRIVALS_POISSON, 3600);
    made.plan = simulation_plan_create(made.scenario, message, sizeof message);
    ck_assert_msg(made.plan != NULL, "%s", message);
    ck_assert(demand_read(made.plan, &made.demand, &failure));
    ck_assert_int_eq(made.demand.class_count, CLASSES);
    return made;
}

static void made_free(struct made *made) {
    demand_free(&made->demand);
    simulation_plan_destroy(made->plan);
    build_free(made->scenario);
}

static double normal_like(uint64_t entity, uint64_t draw) {
    const struct stream stream = {23, STREAM_TEST, 1};
    double sum = -6;
    for (uint64_t i = 0; i < 12; i++) sum += stream_uniform(&stream, entity, 12 * draw + i);
    return sum;
}

static void set_day(struct load_sample *sample, int32_t day, int32_t forward, int32_t backward, double delay_s) {
    const int32_t counts[CLASSES] = {forward, backward};
    for (int32_t c = 0; c < CLASSES; c++)
        sample->arrived[day * CLASSES + c] = sample->planned[day * CLASSES + c] = counts[c];
    sample->delay_s[day] = delay_s * (forward + backward);
}

static void near(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected)), "%.12g, expected %.12g", value, expected);
}

START_TEST(a_mean_over_trains_and_not_over_days) {
    struct made made = make();
    struct load_sample sample;
    ck_assert(load_sample_create(&sample, &made.demand, DAYS));
    sample.warmup_days = 20;
    for (int32_t day = 0; day < DAYS; day++) {
        const bool busy = day % 2 == 0;
        set_day(&sample, day, busy ? 10 : 1, busy ? 20 : 2, day < 20 ? 1e6 : busy ? 300 : 30);
    }
    struct load_batches batches;
    ck_assert(load_batches_make(&sample, 1, NAN, FIGURE_DELAY, &batches));
    ck_assert_int_eq(batches.count, 8);
    near(load_delay(&batches).mean, (30 * 300 + 3 * 30) / 33.0);
    near(load_throughput(&batches).mean, 16.5);
    near(load_direction(&batches, FORWARD).mean, 5.5);
    near(load_direction(&batches, BACKWARD).mean, 11);
    near(load_class(&batches, 1).mean, 11);
    load_batches_free(&batches);
    load_sample_free(&sample);
    made_free(&made);
}
END_TEST

/* Three trains a day are known to come; by chance 4.1 came, and left. */
START_TEST(what_came_by_chance_is_taken_out) {
    struct made made = make();
    struct load_sample sample;
    ck_assert(load_sample_create(&sample, &made.demand, DAYS));
    sample.warmup_days = 10;
    for (int32_t day = 0; day < DAYS; day++) {
        const int32_t forward = 1 + day / 5 % 2, backward = 2 + day / 10 % 2;
        set_day(&sample, day, forward, backward, 100);
    }
    struct load_batches batches;
    ck_assert(load_batches_make(&sample, 1, 3, FIGURE_BALANCED, &batches));
    ck_assert_int_eq(batches.count, 10);
    const struct estimate trains = load_throughput(&batches);
    near(trains.mean, 3);
    ck_assert(trains.half_width < 1e-9);
    near(load_direction(&batches, FORWARD).mean, 1);
    near(load_delay(&batches).mean, 100);
    load_batches_free(&batches);
    ck_assert(load_batches_make(&sample, 1, NAN, FIGURE_BALANCED, &batches));
    near(load_throughput(&batches).mean, 4.1);
    load_batches_free(&batches);
    load_sample_free(&sample);
    made_free(&made);
}
END_TEST

/* Means of many days, each drawn by itself: 95 % of the intervals hold the truth, and batches need not be long. Days
 * that follow the day before (first-order autoregressive): longer batches, and the intervals still hold it. */
START_TEST(intervals_cover) {
    static const double LIKENESS[] = {0, 0.6, 0.9};
    enum { TIMES = 400, SAMPLES = 8, TRAINS = 10 };
    struct made made = make();
    struct load_sample samples[SAMPLES];
    for (int32_t s = 0; s < SAMPLES; s++) {
        ck_assert(load_sample_create(&samples[s], &made.demand, 2 * DAYS));
        samples[s].warmup_days = 1;
    }
    int covered = 0;
    double days = 0;
    for (uint64_t time = 0; time < TIMES; time++) {
        const double likeness = LIKENESS[_i];
        for (uint64_t s = 0; s < SAMPLES; s++) {
            double state = normal_like(1000 * time + s, 999);
            for (int32_t day = 0; day < 2 * DAYS; day++) {
                state = likeness * state + sqrt(1 - likeness * likeness) * normal_like(1000 * time + s, (uint64_t)day);
                set_day(&samples[s], day, TRAINS, TRAINS, 600 + 60 * state);
            }
        }
        struct load_batches batches;
        ck_assert(load_batches_make(samples, SAMPLES, NAN, FIGURE_DELAY, &batches));
        const struct estimate delay = load_delay(&batches);
        covered += fabs(delay.mean - 600) <= delay.half_width;
        days += batches.days / (double)TIMES;
        load_batches_free(&batches);
    }
    for (int32_t s = 0; s < SAMPLES; s++) load_sample_free(&samples[s]);
    made_free(&made);
    ck_assert_msg(covered >= 0.93 * TIMES && covered <= 0.98 * TIMES, "%d of %d", covered, TIMES);
    if (_i == 0) ck_assert_msg(days < 5.2, "batches of %.1f days", days);
    if (_i == 2) ck_assert_msg(days > 8, "batches of %.1f days", days);
}
END_TEST

START_TEST(a_class_is_short_only_beyond_chance) {
    struct made made = make();
    struct load_sample sample;
    int32_t short_class;
    ck_assert(load_sample_create(&sample, &made.demand, DAYS));
    sample.warmup_days = 10;
    /* 10 and 20 trains come and go, but the hours at which the first go are a matter of chance */
    for (int32_t day = 0; day < DAYS; day++) {
        set_day(&sample, day, 10, 20, 0);
        sample.arrived[day * CLASSES] += (int32_t)lround(3 * normal_like(1, (uint64_t)day)) - (day >= 55);
    }
    struct load_batches batches;
    ck_assert(load_batches_make(&sample, 1, 30, FIGURE_BALANCED, &batches));
    const struct estimate all = load_throughput(&batches);
    near(load_balanced(&batches, &short_class).mean, all.mean);
    ck_assert_int_eq(short_class, -1);
    load_batches_free(&batches);
    /* of the second, 15 of 20 go: the mix of which they are two thirds got 22.5 */
    for (int32_t day = 0; day < DAYS; day++) {
        set_day(&sample, day, 10, 20, 0);
        sample.arrived[day * CLASSES + 1] = 15;
    }
    ck_assert(load_batches_make(&sample, 1, 30, FIGURE_BALANCED, &batches));
    near(load_throughput(&batches).mean, 25);
    near(load_balanced(&batches, &short_class).mean, 22.5);
    ck_assert_int_eq(short_class, 1);
    load_batches_free(&batches);
    load_sample_free(&sample);
    made_free(&made);
}
END_TEST

static void add_train(struct load_sample *sample, int32_t day, float delay_s) {
    sample->trains = realloc(sample->trains, (sample->train_count + 1) * sizeof *sample->trains);
    ck_assert_ptr_nonnull(sample->trains);
    sample->trains[sample->train_count++] = (struct planned_train){day, delay_s};
}

START_TEST(quantiles_and_punctual_trains) {
    struct made made = make();
    struct load_sample sample;
    ck_assert(load_sample_create(&sample, &made.demand, DAYS));
    sample.warmup_days = 10;
    for (int32_t day = 0; day < DAYS; day++) {
        set_day(&sample, day, 51, 50, 50);
        for (int32_t i = 0; i <= 100; i++) add_train(&sample, day, (float)(day < 10 ? 9999 : i));
    }
    struct load_batches batches;
    ck_assert(load_batches_make(&sample, 1, NAN, FIGURE_P90_DELAY, &batches));
    near(load_delay_quantile(&batches, 0.5).mean, 50);
    ck_assert_msg(fabs(load_delay_quantile(&batches, 0.9).mean - 90) < 0.2, "%.3f",
                  load_delay_quantile(&batches, 0.9).mean);
    ck_assert(load_delay_quantile(&batches, 0.9).half_width < 1e-9);
    near(load_punctual(&batches, 24.5), 25 / 101.0);
    load_batches_free(&batches);
    load_sample_free(&sample);
    made_free(&made);
}
END_TEST

/* A line that takes ten days to fill loses these; one that is the same from the second day on, only the first. */
START_TEST(the_beginning_is_cut_where_it_differs) {
    struct made made = make();
    struct load_sample samples[2];
    for (int32_t s = 0; s < 2; s++) {
        ck_assert(load_sample_create(&samples[s], &made.demand, DAYS));
        for (int32_t day = 0; day < DAYS; day++)
            set_day(&samples[s], day, 5, 5, 1000 + 30 * normal_like((uint64_t)s, (uint64_t)day));
    }
    ck_assert(load_samples_cut(samples, 2, true));
    ck_assert_int_eq(samples[0].warmup_days, 1);
    ck_assert_int_eq(samples[1].warmup_days, 1);
    for (int32_t s = 0; s < 2; s++)
        for (int32_t day = 0; day < 10; day++) samples[s].delay_s[day] *= day / 10.0;
    ck_assert(load_samples_cut(samples, 2, true));
    ck_assert_int_eq(samples[0].warmup_days, 10);
    ck_assert_int_eq(samples[1].warmup_days, 10);
    ck_assert(load_samples_cut(samples, 2, false)); /* arrivals are the same all the time */
    ck_assert_int_eq(samples[1].warmup_days, 1);
    for (int32_t s = 0; s < 2; s++) load_sample_free(&samples[s]);
    made_free(&made);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("load_figures");
    TCase *cases = tcase_create("load_figures");
    tcase_set_timeout(cases, 0);
    tcase_add_test(cases, a_mean_over_trains_and_not_over_days);
    tcase_add_test(cases, what_came_by_chance_is_taken_out);
    tcase_add_loop_test(cases, intervals_cover, 0, 3);
    tcase_add_test(cases, a_class_is_short_only_beyond_chance);
    tcase_add_test(cases, quantiles_and_punctual_trains);
    tcase_add_test(cases, the_beginning_is_cut_where_it_differs);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
