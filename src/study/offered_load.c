#include "study/offered_load.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "study/planning.h"
#include "study/replications.h"

enum { DETERMINISTIC_TIMES = 4, FEW_BATCHES = 6, MOST_JOBS = 64 };
static const double far_half_widths = 3;

/* ---- replications, side by side ---- */

struct work {
    const struct load_request *request;
    const struct simulation_plan *plan;
    int64_t replication;
    struct load_sample sample;
    bool good, deadlocked, interrupted;
};

static void *replicate(void *context) {
    struct work *work = context;
    const struct simulation_options options = {
        .replication = work->replication, .stop = work->request->stop, .no_freight = true};
    const struct observer observer = load_sample_observer(&work->sample);
    const enum simulation_result result = simulation_run(work->plan, &options, &observer);
    work->deadlocked = result == SIMULATION_DEADLOCKED;
    work->interrupted = result == SIMULATION_INTERRUPTED;
    work->good = result != SIMULATION_NO_MEMORY && !work->sample.no_memory;
    return NULL;
}

/* Runs them all, each in a thread of its own but the first. */
static void run_wave(struct work *works, int32_t count) {
    pthread_t threads[MOST_JOBS];
    bool started[MOST_JOBS] = {false};
    for (int32_t i = 1; i < count; i++) started[i] = pthread_create(&threads[i], NULL, replicate, &works[i]) == 0;
    replicate(&works[0]);
    for (int32_t i = 1; i < count; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        else
            replicate(&works[i]);
    }
}

/* ---- until it is enough ---- */

struct collection {
    const struct load_request *request;
    const struct simulation_plan *plan;
    int32_t days, most; /* of a replication; replications */
    struct load_sample *samples;
    int32_t count;
    int32_t next_check; /* with how many replications the interval is looked at next */
    bool enough, deadlocked;
};

/* Trains that are always ready come as the line takes them: nothing is known beforehand. */
static double known_mean(const struct load_request *request) {
    const bool ready = request->offered.law == DEMAND_SATURATED || request->demand->weighted;
    return ready ? (double)NAN : request->offered.trains_per_day;
}

static bool make_batches(const struct collection *collection, struct load_batches *batches) {
    const struct load_request *request = collection->request;
    return load_samples_cut(collection->samples, collection->count, request->figure != FIGURE_BALANCED) &&
           load_batches_make(collection->samples, collection->count, known_mean(request), request->figure, batches);
}

static bool narrow_enough(const struct load_request *request, const struct load_batches *batches) {
    const struct estimate estimate = load_figure_of(batches, request->figure);
    if (!batches->long_enough || isnan(estimate.half_width)) return false;
    const double wanted = fmax(request->relative_half_width * fabs(estimate.mean), request->least_half_width);
    return estimate.half_width <= wanted;
}

/* Far from what it is compared with, little will do. */
static bool known_enough(const struct collection *collection, const struct load_batches *batches) {
    const struct load_request *request = collection->request;
    const struct estimate estimate = load_figure_of(batches, request->figure);
    if (batches->count < FEW_BATCHES || isnan(estimate.half_width)) return false;
    const double distance = fabs(estimate.mean - request->against);
    if (estimate.mean + estimate.half_width < request->hopeless_below) return true;
    if (distance > far_half_widths * estimate.half_width) return true;
    if (collection->count < request->least_replications || !batches->long_enough) return false;
    return narrow_enough(request, batches) || distance > estimate.half_width;
}

/* Looked at less and less often: the more there are, the less one more can change. */
static bool look(struct collection *collection) {
    if (collection->count < collection->next_check) return true;
    collection->next_check = collection->count + 1 + collection->count / 8;
    struct load_batches batches;
    if (!make_batches(collection, &batches)) return false;
    collection->enough = known_enough(collection, &batches);
    load_batches_free(&batches);
    return true;
}

/* Takes up what a wave gave, in order. It may have run further than was needed: what is too many is thrown away, so
 * that the number of jobs changes nothing. */
static bool take(struct collection *collection, struct work *works, int32_t count, struct failure *failure) {
    bool good = true, interrupted = false;
    for (int32_t i = 0; i < count; i++) {
        good = good && works[i].good;
        interrupted = interrupted || works[i].interrupted;
        if (!good || interrupted || collection->enough) {
            load_sample_free(&works[i].sample);
            continue;
        }
        collection->samples[collection->count++] = works[i].sample;
        collection->deadlocked = collection->deadlocked || works[i].deadlocked;
        good = look(collection);
    }
    if (interrupted) return failure_set(failure, "interrupted");
    return good || failure_set(failure, "there is not enough memory");
}

static bool collect(struct collection *collection, struct failure *failure) {
    const struct load_request *request = collection->request;
    const int32_t jobs = request->jobs < MOST_JOBS ? request->jobs : MOST_JOBS;
    struct work works[MOST_JOBS];
    while (collection->count < collection->most && !collection->enough) {
        const int32_t left = collection->most - collection->count, wave = left < jobs ? left : jobs;
        bool good = true;
        for (int32_t i = 0; i < wave; i++) {
            works[i] = (struct work){.request = request,
                                     .plan = collection->plan,
                                     .replication = request->first_replication + collection->count + i};
            good = load_sample_create(&works[i].sample, request->demand, collection->days) && good;
        }
        if (good) run_wave(works, wave);
        if (!take(collection, works, wave, failure)) return false;
    }
    return true;
}

/* ---- the result ---- */

static bool fill_classes(const struct load_batches *batches, const struct demand *demand, struct load_result *result) {
    result->class_per_day = calloc((size_t)demand->class_count, sizeof *result->class_per_day);
    if (result->class_per_day == NULL) return false;
    for (int32_t c = 0; c < demand->class_count; c++) result->class_per_day[c] = load_class(batches, c).mean;
    return true;
}

static void fill_figures(const struct load_batches *batches, struct load_result *result) {
    result->trains_per_day = load_throughput(batches);
    result->direction[FORWARD] = load_direction(batches, FORWARD);
    result->direction[BACKWARD] = load_direction(batches, BACKWARD);
    result->balanced = load_balanced(batches, &result->short_class);
    result->delay_s = load_delay(batches);
    result->batch_days = batches->days;
    result->lag_correlation = batches->lag_correlation;
}

static void fill_delays(const struct load_batches *batches, const struct demand *demand, struct load_result *result) {
    result->p90_delay_s = load_delay_quantile(batches, 0.9);
    result->p95_delay_s = load_delay_quantile(batches, 0.95).mean;
    result->punctual = load_punctual(batches, 60 * demand->scenario->settings.delay_limit_min);
}

static bool add_up(const struct collection *collection, struct load_result *result) {
    const size_t sides = 2 * (size_t)collection->request->demand->scenario->network.section_count;
    result->held_up_ms = calloc(sides + 1, sizeof *result->held_up_ms);
    if (result->held_up_ms == NULL) return false;
    result->replications = collection->count;
    result->deadlocked = collection->deadlocked;
    for (int32_t s = 0; s < collection->count; s++) {
        const struct load_sample *sample = &collection->samples[s];
        result->days += sample->day_count - sample->warmup_days;
        result->warmup_days = sample->warmup_days;
        result->forced_moves += sample->forced_moves;
        result->events += sample->events;
        for (size_t i = 0; i < sides; i++) result->held_up_ms[i] += sample->held_up_ms[i];
    }
    return true;
}

static bool fill(const struct collection *collection, struct load_result *result) {
    const struct load_request *request = collection->request;
    struct load_batches batches;
    if (!make_batches(collection, &batches)) return false;
    fill_figures(&batches, result);
    if (request->figure != FIGURE_BALANCED) fill_delays(&batches, request->demand, result);
    result->precise = narrow_enough(request, &batches);
    const bool good = fill_classes(&batches, request->demand, result) && add_up(collection, result);
    load_batches_free(&batches);
    return good;
}

static bool measure(const struct load_request *request, const struct timetable *timetable, struct load_result *result,
                    struct failure *failure) {
    struct scenario scenario = demand_scenario(request->demand->scenario, timetable);
    result->deterministic = scenario_is_deterministic(&scenario);
    struct collection collection = {.request = request,
                                    .days = request->days * (result->deterministic ? DETERMINISTIC_TIMES : 1),
                                    .most = result->deterministic ? 1 : request->most_replications,
                                    .next_check = 1};
    scenario.settings.warmup_ms = 0;
    scenario.settings.horizon_ms = collection.days * MILLISECONDS_PER_DAY;
    scenario.settings.horizon_given = true;
    char message[256] = "there is not enough memory";
    struct simulation_plan *plan = simulation_plan_create(&scenario, message, sizeof message);
    if (plan == NULL) return failure_set(failure, "%s", message);
    collection.plan = plan;
    collection.samples = calloc((size_t)collection.most, sizeof *collection.samples);
    bool good = collection.samples != NULL || failure_set(failure, "there is not enough memory");
    good = good && collect(&collection, failure);
    if (good && !fill(&collection, result)) good = failure_set(failure, "there is not enough memory");
    for (int32_t i = 0; i < collection.count; i++) load_sample_free(&collection.samples[i]);
    free(collection.samples);
    simulation_plan_destroy(plan);
    return good;
}

bool offered_load_measure(const struct load_request *request, struct load_result *result, struct failure *failure) {
    *result = (struct load_result){.offered_per_day = request->offered.trains_per_day,
                                   .short_class = -1,
                                   .p90_delay_s = {NAN, NAN, REPLICATIONS_CONFIDENCE, 0},
                                   .p95_delay_s = NAN,
                                   .punctual = NAN};
    struct timetable timetable;
    if (!demand_build(request->demand, &request->offered, &timetable, failure)) return false;
    const bool good = measure(request, &timetable, result, failure);
    timetable_free(&timetable);
    if (!good) load_result_free(result);
    return good;
}

void load_result_free(struct load_result *result) {
    free(result->class_per_day);
    free(result->held_up_ms);
    *result = (struct load_result){0};
}
