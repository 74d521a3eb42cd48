#include "study/practical.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

/* Of the saturated answer. From the top down: the first that keeps the limit is the lower side of the bracket. */
static const double shares[] = {1, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.45, 0.3, 0.1};
enum { SHARES = sizeof shares / sizeof *shares, REPLICATION_DAYS = 60, MOST_REPLICATIONS = 40, MOST_STEPS = 10 };
static const double curve_half_width = 0.05; /* of the delays along the curve */

struct search {
    const struct practical_request *request;
    struct practical_result *result;
    struct failure *failure;
};

static double measured(const struct search *search, const struct practical_point *point) {
    return search->request->measure == PRACTICAL_P90 ? point->p90_delay_s : point->delay_s.mean;
}

static bool keeps(const struct search *search, const struct practical_point *point) {
    return measured(search, point) <= search->request->limit_s;
}

static int by_volume(const void *left, const void *right) {
    const struct practical_point *a = left, *b = right;
    return a->trains_per_day < b->trains_per_day ? -1 : a->trains_per_day > b->trains_per_day;
}

/* Simulates one demand, as well as it has to be known. */
static bool measure(struct search *search, double trains_per_day, struct practical_point *point) {
    const struct practical_request *request = search->request;
    const struct load_request load = {.demand = request->demand,
                                      .offered = {trains_per_day, DEMAND_AS_SCHEDULED, false},
                                      .target = LOAD_DELAY,
                                      .relative_half_width = curve_half_width,
                                      .against_s = request->measure == PRACTICAL_MEAN ? request->limit_s : (double)NAN,
                                      .days = REPLICATION_DAYS,
                                      .most_replications = MOST_REPLICATIONS,
                                      .jobs = request->jobs,
                                      .stop = request->stop};
    struct load_result result;
    if (!offered_load_measure(&load, &result, search->failure)) return false;
    *point = (struct practical_point){trains_per_day, result.delay_s, result.p90_delay_s, result.punctual};
    search->result->replications += result.replications;
    search->result->days += result.days;
    search->result->deterministic = result.deterministic;
    load_result_free(&result);
    if (search->result->point_count < PRACTICAL_POINTS) search->result->points[search->result->point_count++] = *point;
    return true;
}

/* Where the limit lies between two demands, if delay grows exponentially between them. */
static double interpolate(const struct search *search, const struct practical_point *low,
                          const struct practical_point *high) {
    const double a = fmax(measured(search, low), 1), b = fmax(measured(search, high), 2);
    double part = b > a ? log(fmax(search->request->limit_s, 1) / a) / log(b / a) : 0.5;
    part = fmin(fmax(part, 0), 1);
    return low->trains_per_day + part * (high->trains_per_day - low->trains_per_day);
}

static void answer(struct search *search, const struct practical_point *low, const struct practical_point *high) {
    struct practical_result *result = search->result;
    result->outcome = PRACTICAL_FOUND;
    result->trains_per_day = interpolate(search, low, high);
    const double width = high->trains_per_day - low->trains_per_day;
    const double rise = measured(search, high) - measured(search, low);
    const double known = fmax(low->delay_s.half_width, high->delay_s.half_width);
    const double slack = rise > 0 && known > 0 ? fmin(known * width / rise, width) : 0;
    result->half_width = width / 2 + slack;
    result->delay_s = search->request->limit_s;
    if (!keeps(search, low)) result->delay_s = measured(search, low);
}

/* Narrows the bracket from both sides. */
static bool narrow(struct search *search, struct practical_point low, struct practical_point high) {
    const double enough = 2 * search->request->relative_half_width * search->request->most_per_day;
    for (int step = 0; step < MOST_STEPS && high.trains_per_day - low.trains_per_day > enough; step++) {
        const double width = high.trains_per_day - low.trains_per_day;
        double between = interpolate(search, &low, &high);
        between = fmin(fmax(between, low.trains_per_day + width / 4), high.trains_per_day - width / 4);
        struct practical_point point;
        if (!measure(search, between, &point)) return false;
        if (keeps(search, &point))
            low = point;
        else
            high = point;
    }
    answer(search, &low, &high);
    return true;
}

static void fit(struct practical_result *result) {
    double volume[PRACTICAL_POINTS], logarithm[PRACTICAL_POINTS];
    size_t count = 0;
    for (int32_t i = 0; i < result->point_count; i++) {
        if (!(result->points[i].delay_s.mean > 1)) continue;
        volume[count] = result->points[i].trains_per_day;
        logarithm[count++] = log(result->points[i].delay_s.mean);
    }
    result->fit_a_s = result->fit_b = result->fit_residual = NAN;
    if (count < 3) return;
    double level, slope, covariance[3], squares;
    gsl_fit_linear(volume, 1, logarithm, 1, count, &level, &slope, &covariance[0], &covariance[1], &covariance[2],
                   &squares);
    result->fit_a_s = exp(level);
    result->fit_b = slope;
    result->fit_residual = sqrt(squares / (double)(count - 2));
}

static bool find(struct search *search) {
    const struct practical_request *request = search->request;
    struct practical_result *result = search->result;
    struct practical_point above = {0}, low = {0}, high = {0};
    bool bracketed = false;
    for (int32_t i = 0; i < SHARES; i++) {
        struct practical_point point;
        if (!measure(search, shares[i] * request->most_per_day, &point)) return false;
        if (request->progress != NULL) request->progress(request->context, (i + 1.0) / (SHARES + 3));
        if (!bracketed && keeps(search, &point)) {
            low = point;
            high = above;
            bracketed = true;
            if (i == 0) result->outcome = PRACTICAL_NEVER_REACHED;
        }
        above = point;
    }
    if (!bracketed)
        result->outcome = PRACTICAL_NEVER_KEPT;
    else if (result->outcome == PRACTICAL_NEVER_REACHED) {
        result->trains_per_day = request->most_per_day;
        result->delay_s = measured(search, &low);
    } else if (!narrow(search, low, high))
        return false;
    return true;
}

bool practical_measure(const struct practical_request *request, struct practical_result *result,
                       struct failure *failure) {
    *result = (struct practical_result){.trains_per_day = NAN, .half_width = NAN, .delay_s = NAN, .teu_per_day = NAN};
    struct search search = {request, result, failure};
    if (!find(&search)) return false;
    qsort(result->points, (size_t)result->point_count, sizeof *result->points, by_volume);
    fit(result);
    result->teu_per_day = result->trains_per_day * request->demand->teu_per_train;
    return true;
}
