#include "study/warmup.h"

#include <assert.h>
#include <stdlib.h>

struct pilot_train {
    int64_t train_id; /* rises with the planned departure */
    int64_t planned_ms;
    int64_t delay_ms;
};

struct pilot {
    struct pilot_train *trains;
    size_t count, capacity;
    bool out_of_memory;
};

static void on_train(void *context, const struct train_record *train) {
    struct pilot *pilot = context;
    if (train->status == TRAIN_CANCELLED || pilot->out_of_memory) return;
    if (pilot->count == pilot->capacity) {
        const size_t capacity = pilot->capacity == 0 ? 256 : 2 * pilot->capacity;
        struct pilot_train *trains = realloc(pilot->trains, capacity * sizeof *trains);
        pilot->out_of_memory = trains == NULL;
        if (trains == NULL) return;
        pilot->trains = trains;
        pilot->capacity = capacity;
    }
    pilot->trains[pilot->count++] = (struct pilot_train){train->train_id, train->planned_departure_ms, train->delay_ms};
}

static void on_end(void *context, const struct run_summary *summary) {
    (void)context;
    (void)summary;
}

static int by_train_id(const void *left, const void *right) {
    const int64_t a = ((const struct pilot_train *)left)->train_id;
    const int64_t b = ((const struct pilot_train *)right)->train_id;
    return (a > b) - (a < b);
}

static bool work_out(struct pilot *pilot, int64_t *warmup_ms) {
    double *delays = calloc(pilot->count + 1, sizeof *delays);
    if (delays == NULL) return false;
    if (pilot->count > 0) qsort(pilot->trains, pilot->count, sizeof *pilot->trains, by_train_id);
    for (size_t index = 0; index < pilot->count; index++) delays[index] = (double)pilot->trains[index].delay_ms;
    const size_t cut = mser5_truncation(delays, pilot->count);
    free(delays);
    if (cut == 0 || cut >= pilot->count) return true;
    const int64_t until_ms = pilot->trains[cut].planned_ms;
    *warmup_ms = (until_ms + MILLISECONDS_PER_DAY - 1) / MILLISECONDS_PER_DAY * MILLISECONDS_PER_DAY;
    return true;
}

bool warmup_choose(const struct scenario *scenario, const struct simulation_plan *plan, replication_function *simulate,
                   const atomic_bool *stop, int64_t *warmup_ms, struct failure *failure) {
    assert(scenario->settings.warmup_ms == 0);
    *warmup_ms = 0;
    if (scenario->settings.repeat_once) return true;
    struct pilot pilot = {0};
    const struct observer observer = {.context = &pilot, .train = on_train, .end = on_end};
    const struct simulation_options options = {.replication = 1, .stop = stop};
    const enum simulation_result result = simulate(plan, &options, &observer);
    bool well = result != SIMULATION_NO_MEMORY && !pilot.out_of_memory;
    if (well && result == SIMULATION_DONE) well = work_out(&pilot, warmup_ms);
    free(pilot.trains);
    return well || failure_set(failure, "out of memory");
}

bool warmup_settle(struct scenario *scenario, const struct simulation_plan *plan, const atomic_bool *stop,
                   struct failure *failure) {
    if (!scenario->settings.warmup_auto) return true;
    int64_t warmup_ms = 0;
    scenario->settings.warmup_ms = 0;
    if (!warmup_choose(scenario, plan, simulation_run, stop, &warmup_ms, failure)) return false;
    scenario->settings.warmup_ms = warmup_ms;
    return true;
}
