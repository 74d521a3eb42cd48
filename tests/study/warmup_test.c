#include "study/warmup.h"

#include <math.h>

#include "../engine/suite.h"
#include "../results/small_line.h"

static int64_t transient; /* trains before the delays settle */

/* A train every hour for forty days: the first `transient` ever later, the others about equally late. */
static enum simulation_result pilot_run(const struct simulation_plan *plan, const struct simulation_options *options,
                                        const struct observer *observer) {
    (void)plan;
    ck_assert_int_eq(options->replication, 1);
    for (int64_t step = 0; step < 960; step++) {
        const int64_t train_id = step * 7 % 960 + 1; /* told in another order than planned */
        const int64_t settled_ms = 600000 + train_id * 37 % 11 * 1000;
        const struct train_record train = {.train_id = train_id,
                                           .planned_departure_ms = (train_id - 1) * SMALL_LINE_HOUR,
                                           .delay_ms = train_id <= transient ? train_id * 1000 : settled_ms};
        observer->train(observer->context, &train);
    }
    observer->end(observer->context, &(struct run_summary){0});
    return SIMULATION_DONE;
}

static enum simulation_result interrupted_run(const struct simulation_plan *plan,
                                              const struct simulation_options *options,
                                              const struct observer *observer) {
    pilot_run(plan, options, observer);
    return SIMULATION_INTERRUPTED;
}

static int64_t chosen(const struct small_line *line, replication_function *simulate) {
    int64_t warmup_ms = -1;
    struct failure failure;
    ck_assert(warmup_choose(&line->scenario, NULL, simulate, NULL, &warmup_ms, &failure));
    return warmup_ms;
}

START_TEST(the_transient_is_cut_to_whole_days) {
    struct small_line line;
    small_line_make(&line);
    transient = 100; /* up to the morning of the fifth day */
    ck_assert_int_eq(chosen(&line, pilot_run), 5 * SMALL_LINE_DAY);
    transient = 0;
    ck_assert_int_le(chosen(&line, pilot_run), SMALL_LINE_DAY);
    ck_assert_int_eq(chosen(&line, interrupted_run), 0);
}
END_TEST

START_TEST(a_once_schedule_has_no_warm_up) {
    struct small_line line;
    small_line_make(&line);
    line.scenario.settings.repeat_once = true;
    transient = 100;
    ck_assert_int_eq(chosen(&line, pilot_run), 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_transient_is_cut_to_whole_days, a_once_schedule_has_no_warm_up};
    return run_suite("warmup", tests, sizeof tests / sizeof *tests);
}
