#include "study/practical.h"

#include <gsl/gsl_fit.h>
#include <math.h>
#include <stdlib.h>

/* Of the saturated answer. From the top down: the first that keeps the limit is the lower side of the bracket. If the
 * very first does, the saturated answer itself is simulated too: nobody else needs its delay, which goes on growing. */
static const double shares[] = {0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.45, 0.3, 0.1};
enum {
    SHARES = sizeof shares / sizeof *shares,
    CURVE_DAYS = 60, /* of a replication */
    ANSWER_DAYS = 120,
    CURVE_REPLICATIONS = 2,
    MOST_CURVE_REPLICATIONS = 6,
    COARSE_REPLICATIONS = 4,
    LEAST_REPLICATIONS = 8,
    MOST_REPLICATIONS = 80,
    ANEW = 100001, /* replications that the search has not seen */
    MOST_STEPS = 12,
    ALONE_DAYS = 5000,
    ALONE_REPLICATIONS = 2,
};
static const double alone_per_day = 0.01618; /* one in two months, at another time of the day each */
static const double curve_half_width = 0.05, curve_half_width_s = 6; /* of the delays along the curve */
static const double narrow_bracket = 0.03;                           /* of the saturated answer */
static const double slope_known = 0.2, least_error = 0.005;          /* relative */

const char *practical_outcome_word(enum practical_outcome outcome) {
    static const char *const words[] = {"found", "never_kept", "never_reached", "no_demand"};
    return words[outcome];
}

const char *practical_reason(enum practical_outcome outcome) {
    if (outcome == PRACTICAL_NEVER_KEPT) return "even a tenth of what the line carries breaks the limit";
    if (outcome == PRACTICAL_NEVER_REACHED) return "the limit is kept at every demand the line carries";
    if (outcome == PRACTICAL_NO_DEMAND) return "some trains are always ready, so there is no demand to vary";
    return NULL;
}

struct search {
    const struct practical_request *request;
    struct practical_result *result;
    struct failure *failure;
};

static const struct estimate *measured(const struct search *search, const struct practical_point *point) {
    return search->request->measure == PRACTICAL_P90 ? &point->p90_delay_s : &point->delay_s;
}

static bool keeps(const struct search *search, const struct practical_point *point) {
    return measured(search, point)->mean <= search->request->limit_s;
}

static int by_volume(const void *left, const void *right) {
    const struct practical_point *a = left, *b = right;
    return (a->trains_per_day > b->trains_per_day) - (a->trains_per_day < b->trains_per_day);
}

static void told(const struct search *search) {
    const double share = search->result->point_count / (SHARES + 4.0);
    if (search->request->progress != NULL) search->request->progress(search->request->context, fmin(share, 1));
}

/* ---- one demand ---- */

static bool measure(struct search *search, const struct load_request *load, struct practical_point *point,
                    bool *precise) {
    struct practical_result *result = search->result;
    struct load_result measured;
    if (!offered_load_measure(load, &measured, search->failure)) return false;
    *point = (struct practical_point){load->offered.trains_per_day, measured.delay_s, measured.p90_delay_s,
                                      measured.punctual};
    *precise = measured.precise;
    result->replications += measured.replications;
    result->days += measured.days;
    result->deterministic = measured.deterministic;
    load_result_free(&measured);
    if (result->point_count < PRACTICAL_POINTS) result->points[result->point_count++] = *point;
    told(search);
    return true;
}

static struct load_request load_of(const struct search *search, double trains_per_day) {
    const struct practical_request *request = search->request;
    return (struct load_request){.demand = request->demand,
                                 .offered = {trains_per_day, DEMAND_AS_SCHEDULED, false},
                                 .figure = request->measure == PRACTICAL_P90 ? FIGURE_P90_DELAY : FIGURE_DELAY,
                                 .against = NAN,
                                 .days = CURVE_DAYS,
                                 .jobs = request->jobs,
                                 .stop = request->stop};
}

/* A point of the curve, or a side of the bracket. */
static bool measure_point(struct search *search, double trains_per_day, struct practical_point *point) {
    bool precise;
    struct load_request load = load_of(search, trains_per_day);
    load.relative_half_width = curve_half_width;
    load.least_half_width = curve_half_width_s;
    load.against = search->request->limit_s;
    load.first_replication = 1;
    load.least_replications = CURVE_REPLICATIONS;
    load.most_replications = MOST_CURVE_REPLICATIONS;
    return measure(search, &load, point, &precise);
}

/* ---- the answer ---- */

/* Seconds of delay per train a day at the limit, and half the interval over it. */
struct slope {
    double s_per_train, relative_half_width;
};

/* Least squares of ln D, weighted, over the points that lie so near, relatively, to a demand; 0: too few of them. */
static struct slope slope_within(const struct search *search, double trains_per_day, double near) {
    const struct practical_result *result = search->result;
    double volume[PRACTICAL_POINTS], logarithm[PRACTICAL_POINTS], weight[PRACTICAL_POINTS];
    size_t count = 0, below = 0;
    for (int32_t i = 0; i < result->point_count; i++) {
        const struct estimate *delay = measured(search, &result->points[i]);
        const double off = result->points[i].trains_per_day - trains_per_day;
        if (!(delay->mean > 1) || isnan(delay->half_width) || fabs(off) > near * trains_per_day) continue;
        const double error = fmax(delay->half_width / delay->mean, least_error);
        below += off < 0;
        volume[count] = off;
        logarithm[count] = log(delay->mean);
        weight[count++] = 1 / (error * error);
    }
    if (count < 3 || below == 0 || below == count) return (struct slope){0, 0};
    double level, growth, covariance[3], squares;
    gsl_fit_wlinear(volume, 1, weight, 1, logarithm, 1, count, &level, &growth, &covariance[0], &covariance[1],
                    &covariance[2], &squares);
    if (!(growth > 0)) return (struct slope){0, 0};
    return (struct slope){fmax(search->request->limit_s, 1) * growth, sqrt(covariance[2]) / growth};
}

/* As near as the slope is known well enough. 0: it is nowhere. */
static struct slope slope_at(const struct search *search, double trains_per_day) {
    for (double near = 0.05; near < 1; near += 0.05) {
        const struct slope slope = slope_within(search, trains_per_day, near);
        if (slope.s_per_train > 0 && slope.relative_half_width < slope_known) return slope;
    }
    return (struct slope){0, 0};
}

/* Where the limit lies between them. */
static double interpolate(const struct search *search, const struct practical_point *low,
                          const struct practical_point *high) {
    const double a = fmax(measured(search, low)->mean, 1), b = fmax(measured(search, high)->mean, 2);
    double part = b > a ? log(fmax(search->request->limit_s, 1) / a) / log(b / a) : 0.5;
    part = fmin(fmax(part, 0), 1);
    return low->trains_per_day + part * (high->trains_per_day - low->trains_per_day);
}

static bool narrow(struct search *search, struct practical_point *low, struct practical_point *high) {
    double enough = narrow_bracket * search->request->most_per_day;
    if (search->result->deterministic) enough = 2 * search->request->relative_half_width * low->trains_per_day;
    for (int step = 0; step < MOST_STEPS && high->trains_per_day - low->trains_per_day > enough; step++) {
        const double width = high->trains_per_day - low->trains_per_day;
        double between = interpolate(search, low, high);
        between = fmin(fmax(between, low->trains_per_day + width / 4), high->trains_per_day - width / 4);
        struct practical_point point;
        if (!measure_point(search, between, &point)) return false;
        if (keeps(search, &point))
            *low = point;
        else
            *high = point;
    }
    return true;
}

/* The delay at the best guess says how far from it the limit is met; that is not outside the bracket by more than its
 * width. The interval is that of the delay and, as far as the guess was off, that of the slope. */
static void solve(const struct search *search, const struct practical_point *low, const struct practical_point *high,
                  const struct practical_point *point, struct slope slope) {
    struct practical_result *result = search->result;
    const double width = high->trains_per_day - low->trains_per_day;
    const struct estimate *delay = measured(search, point);
    result->outcome = PRACTICAL_FOUND;
    result->delay_s = search->request->limit_s;
    result->trains_per_day = point->trains_per_day;
    result->half_width = width;
    if (!(slope.s_per_train > 0)) return;
    const double off = (search->request->limit_s - delay->mean) / slope.s_per_train;
    const double most = fmin(high->trains_per_day + width, search->request->most_per_day);
    result->trains_per_day = fmin(fmax(point->trains_per_day + off, low->trains_per_day - width), most);
    result->half_width = hypot(delay->half_width / slope.s_per_train, off * slope.relative_half_width);
}

/* As well as asked, or half as well. */
static bool measure_answer(struct search *search, double trains_per_day, bool coarse, struct practical_point *point,
                           struct slope *slope) {
    *slope = slope_at(search, trains_per_day);
    struct load_request load = load_of(search, trains_per_day);
    load.least_half_width =
        (coarse ? 2 : 1) * slope->s_per_train * search->request->relative_half_width * trains_per_day;
    if (!(slope->s_per_train > 0)) load.relative_half_width = curve_half_width;
    load.days = ANSWER_DAYS;
    load.first_replication = ANEW;
    load.least_replications = coarse ? COARSE_REPLICATIONS : LEAST_REPLICATIONS;
    load.most_replications = MOST_REPLICATIONS;
    return measure(search, &load, point, &search->result->precise);
}

/* Where nothing is random there is nothing to be known better. */
static void take_bracket(const struct search *search, const struct practical_point *low,
                         const struct practical_point *high) {
    struct practical_result *result = search->result;
    result->outcome = PRACTICAL_FOUND;
    result->trains_per_day = (low->trains_per_day + high->trains_per_day) / 2;
    result->half_width = (high->trains_per_day - low->trains_per_day) / 2;
    result->delay_s = search->request->limit_s;
    result->precise = result->half_width <= 1.01 * search->request->relative_half_width * result->trains_per_day;
}

/* A coarse look first, since the best guess of the bracket shares its random numbers, and their luck. */
static bool answer(struct search *search, const struct practical_point *low, const struct practical_point *high) {
    double guess = interpolate(search, low, high);
    for (int look = 0; look < 2; look++) {
        struct practical_point point;
        struct slope slope;
        if (!measure_answer(search, guess, look == 0, &point, &slope)) return false;
        solve(search, low, high, &point, slope);
        if (!(slope.s_per_train > 0)) break;
        guess = search->result->trains_per_day;
    }
    return true;
}

/* ---- the curve ---- */

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

/* ---- trains that meet nobody ---- */

bool practical_alone(const struct practical_request *request, struct estimate *delay_s, struct failure *failure) {
    const struct load_request load = {.demand = request->demand,
                                      .offered = {alone_per_day, DEMAND_REGULAR, false},
                                      .figure = request->measure == PRACTICAL_P90 ? FIGURE_P90_DELAY : FIGURE_DELAY,
                                      .against = NAN,
                                      .days = ALONE_DAYS,
                                      .first_replication = 1,
                                      .least_replications = ALONE_REPLICATIONS,
                                      .most_replications = ALONE_REPLICATIONS,
                                      .jobs = request->jobs,
                                      .stop = request->stop};
    struct load_result result;
    if (!offered_load_measure(&load, &result, failure)) return false;
    *delay_s = request->measure == PRACTICAL_P90 ? result.p90_delay_s : result.delay_s;
    load_result_free(&result);
    return true;
}

/* ---- the search ---- */

static bool none(struct search *search, enum practical_outcome outcome, double trains_per_day,
                 const struct practical_point *nearest) {
    search->result->outcome = outcome;
    search->result->trains_per_day = trains_per_day;
    search->result->delay_s = measured(search, nearest)->mean;
    return true;
}

static bool find(struct search *search) {
    const double most = search->request->most_per_day;
    struct practical_point points[SHARES], low, high;
    int32_t kept = SHARES;
    for (int32_t i = SHARES - 1; i >= 0; i--) {
        if (!measure_point(search, shares[i] * most, &points[i])) return false;
        if (keeps(search, &points[i])) kept = i;
    }
    if (kept == SHARES) return none(search, PRACTICAL_NEVER_KEPT, NAN, &points[SHARES - 1]);
    low = points[kept];
    if (kept > 0)
        high = points[kept - 1];
    else if (!measure_point(search, most, &high))
        return false;
    if (keeps(search, &high)) return none(search, PRACTICAL_NEVER_REACHED, most, &high);
    if (!narrow(search, &low, &high)) return false;
    if (!search->result->deterministic) return answer(search, &low, &high);
    take_bracket(search, &low, &high);
    return true;
}

bool practical_measure(const struct practical_request *request, struct practical_result *result,
                       struct failure *failure) {
    *result = (struct practical_result){
        .trains_per_day = NAN, .half_width = NAN, .delay_s = NAN, .teu_per_day = NAN, .precise = true};
    struct search search = {request, result, failure};
    if (request->demand->weighted)
        result->outcome = PRACTICAL_NO_DEMAND;
    else if (!find(&search))
        return false;
    qsort(result->points, (size_t)result->point_count, sizeof *result->points, by_volume);
    fit(result);
    result->teu_per_day = result->trains_per_day * request->demand->teu_per_train;
    return true;
}
