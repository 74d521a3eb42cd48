#include "study/saturated.h"

#include <math.h>
#include <stdlib.h>

/* Over the first guess, which always-ready trains give; then, over the best of these, the overloads. */
static const double loads[] = {0.9, 1, 1.1, 1.25};
enum { LOADS = sizeof loads / sizeof *loads, MOST_ROUNDS = 3 };
const double saturated_overloads[SATURATED_OVERLOADS] = {1.5, 2, 3};

enum { REPLICATION_DAYS = 60, MOST_REPLICATIONS = 40, GUESS_DAYS = 30 };
static const double guess_half_width = 0.03;

static void told(const struct saturated_request *request, double share) {
    if (request->progress != NULL) request->progress(request->context, share);
}

static bool measure(const struct saturated_request *request, double trains_per_day, enum demand_law law, int32_t days,
                    double precision, struct load_result *result, struct failure *failure) {
    const struct load_request load = {.demand = request->demand,
                                      .offered = {trains_per_day, law, law == DEMAND_SATURATED},
                                      .target = LOAD_THROUGHPUT,
                                      .relative_half_width = precision,
                                      .against_s = NAN,
                                      .days = days,
                                      .most_replications = MOST_REPLICATIONS,
                                      .jobs = request->jobs,
                                      .stop = request->stop};
    return offered_load_measure(&load, result, failure);
}

static int32_t starved(const struct demand *demand, const struct load_result *load) {
    for (int32_t c = 0; c < demand->class_count; c++)
        if (load->class_per_day[c] < 0.5 * demand->classes[c].share * load->trains_per_day.mean) return c;
    return -1;
}

static void take_answer(const struct demand *demand, const struct load_result *load, struct saturated_result *result) {
    result->trains_per_day = load->trains_per_day;
    result->trains_per_day.mean = load->balanced_per_day;
    for (int direction = 0; direction < 2; direction++)
        result->direction_per_day[direction] = load->direction[direction].mean;
    result->teu_per_day = load->balanced_per_day * demand->teu_per_train;
    result->starved_class = starved(demand, load);
    result->replications = load->replications;
    result->days = load->days;
    result->warmup_days = load->warmup_days;
    result->batch_days = load->batch_days;
    result->lag_correlation = load->lag_correlation;
    result->precise = load->precise;
}

static void take_point(const struct load_result *load, struct saturated_point *point) {
    *point = (struct saturated_point){.offered_per_day = load->offered_per_day,
                                      .balanced_per_day = load->balanced_per_day,
                                      .trains_per_day = load->trains_per_day,
                                      .direction_per_day = {load->direction[0].mean, load->direction[1].mean},
                                      .precise = load->precise};
}

static void sum_up(const struct load_result *load, struct saturated_result *result) {
    result->deadlocked |= load->deadlocked;
    result->forced_moves += load->forced_moves;
    result->events += load->events;
    result->deterministic = load->deterministic;
}

/* One more load; the greatest of all is the answer. */
static bool add_load(const struct saturated_request *request, double trains_per_day, struct saturated_result *result,
                     struct failure *failure) {
    struct load_result load;
    if (!measure(request, trains_per_day, DEMAND_AS_SCHEDULED, REPLICATION_DAYS, request->relative_half_width, &load,
                 failure))
        return false;
    take_point(&load, &result->points[result->point_count]);
    sum_up(&load, result);
    if (result->point_count++ == 0 || load.balanced_per_day > result->trains_per_day.mean)
        take_answer(request->demand, &load, result);
    load_result_free(&load);
    told(request, result->point_count / (LOADS + SATURATED_OVERLOADS + 1.0));
    return true;
}

/* Loads around the guess; again around a greater one while the line still carries all that it is offered. */
static bool measure_loads(const struct saturated_request *request, double guess, struct saturated_result *result,
                          struct failure *failure) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
        for (int i = 0; i < LOADS; i++)
            if (!add_load(request, loads[i] * guess, result, failure)) return false;
        const struct saturated_point *last = &result->points[result->point_count - 1];
        if (last->balanced_per_day < 0.97 * last->offered_per_day) break;
        guess *= 1.6;
    }
    const double best = result->trains_per_day.mean;
    for (int i = 0; i < SATURATED_OVERLOADS; i++)
        if (!add_load(request, saturated_overloads[i] * best, result, failure)) return false;
    for (int i = 0; i < SATURATED_OVERLOADS; i++) {
        const struct saturated_point *point = &result->points[result->point_count - SATURATED_OVERLOADS + i];
        result->held[i] = point->balanced_per_day / result->trains_per_day.mean;
    }
    return true;
}

/* A mix of which some are always ready has no number a day to multiply: what always-ready trains get is the answer. */
static bool measure_weighted(const struct saturated_request *request, struct saturated_result *result,
                             struct failure *failure) {
    struct load_result load;
    if (!measure(request, request->demand->trains_per_day, DEMAND_SATURATED, REPLICATION_DAYS,
                 request->relative_half_width, &load, failure))
        return false;
    take_answer(request->demand, &load, result);
    sum_up(&load, result);
    load_result_free(&load);
    return true;
}

bool saturated_measure(const struct saturated_request *request, struct saturated_result *result,
                       struct failure *failure) {
    *result = (struct saturated_result){.held = {NAN, NAN, NAN}, .starved_class = -1};
    if (request->demand->weighted) return measure_weighted(request, result, failure);
    struct load_result ready;
    if (!measure(request, request->demand->trains_per_day, DEMAND_SATURATED, GUESS_DAYS, guess_half_width, &ready,
                 failure))
        return false;
    const double guess = fmax(ready.trains_per_day.mean, 0.1);
    load_result_free(&ready);
    return measure_loads(request, guess, result, failure);
}
