#include "study/load_figures.h"

#include <math.h>
#include <stdlib.h>

#include "study/replications.h"

enum { SHORTEST_DAYS = 5, LEAST_BATCHES = 20, LEAST_REPLICATIONS = 8 };
static const double lag_allowed = 0.25; /* about one standard error of the correlation of 16 batches */
static const double lag_most = 0.5;     /* that the interval is widened for */
static const double short_errors = 2, short_share = 0.005;

/* ---- a figure, batch by batch ---- */

/* Over the days of a batch: what the figure is the quotient of, and the trains that came. */
struct terms {
    double sum, weight, came;
};

/* The trains that a figure is about: one class, those of one direction, or all. */
struct kinds {
    int32_t class_index, direction; /* −1: any */
};
static const struct kinds all_kinds = {-1, -1};

static bool is_of(const struct demand *demand, int32_t class_index, struct kinds kinds) {
    if (kinds.class_index >= 0) return kinds.class_index == class_index;
    return kinds.direction < 0 || kinds.direction == demand->classes[class_index].direction;
}

static double share_of(const struct demand *demand, struct kinds kinds) {
    double share = 0;
    for (int32_t c = 0; c < demand->class_count; c++)
        if (is_of(demand, c, kinds)) share += demand->classes[c].share;
    return share;
}

static struct terms arrivals(const struct load_batch *batch, struct kinds kinds) {
    const struct load_sample *sample = batch->sample;
    struct terms terms = {.weight = batch->to - batch->from};
    for (int32_t c = 0; c < sample->demand->class_count; c++) {
        if (!is_of(sample->demand, c, kinds)) continue;
        for (int32_t day = batch->from; day < batch->to; day++) {
            terms.sum += sample->arrived[day * sample->demand->class_count + c];
            terms.came += sample->planned[day * sample->demand->class_count + c];
        }
    }
    terms.came /= terms.weight;
    return terms;
}

static struct terms delays(const struct load_batch *batch) {
    struct terms terms = {0};
    for (int32_t day = batch->from; day < batch->to; day++) {
        terms.sum += batch->sample->delay_s[day];
        terms.weight += load_sample_planned(batch->sample, day);
    }
    terms.came = terms.weight / (batch->to - batch->from);
    return terms;
}

/* ---- the figure and how far the batches are from it ---- */

/* A figure, and for each batch by how much it alone would put it up: these add up to 0. */
struct spread {
    double mean;
    double *deviations;
    int32_t lost; /* degrees of freedom that the regression takes */
};

/* Takes out of the deviations, and of the mean, what goes with the number of trains that came. */
static void take_out(const struct load_batches *batches, const double *came, double expected, struct spread *spread) {
    const int32_t count = batches->count;
    double mean = 0, covariance = 0, variance = 0;
    for (int32_t i = 0; i < count; i++) mean += came[i] / count;
    for (int32_t i = 0; i < count; i++) {
        covariance += (came[i] - mean) * spread->deviations[i];
        variance += (came[i] - mean) * (came[i] - mean);
    }
    if (count < 4 || !(variance > 1e-12 * mean * mean * count)) return;
    const double slope = covariance / variance;
    for (int32_t i = 0; i < count; i++) spread->deviations[i] -= slope * (came[i] - mean);
    spread->mean -= slope * (mean - expected);
    spread->lost = 1;
}

static bool spread_of(const struct load_batches *batches, const struct terms *terms, double expected,
                      struct spread *spread) {
    const size_t count = (size_t)batches->count;
    *spread = (struct spread){.mean = NAN, .deviations = calloc(count + 1, sizeof *spread->deviations)};
    double *came = malloc((count + 1) * sizeof *came);
    double sum = 0, weight = 0;
    for (size_t i = 0; i < count; i++) {
        sum += terms[i].sum;
        weight += terms[i].weight;
    }
    const bool good = spread->deviations != NULL && came != NULL;
    if (good && weight > 0) {
        spread->mean = sum / weight;
        for (size_t i = 0; i < count; i++) {
            spread->deviations[i] = (terms[i].sum - spread->mean * terms[i].weight) / (weight / (double)count);
            came[i] = terms[i].came;
        }
        if (!isnan(expected)) take_out(batches, came, expected, spread);
    }
    free(came);
    if (!good) free(spread->deviations);
    return good;
}

/* Of neighbours within replications; NAN with fewer than two pairs. */
static double lag_of(const struct load_batches *batches, const struct spread *spread) {
    double products = 0, squares = 0;
    int32_t neighbours = 0;
    for (int32_t i = 0; i < batches->count; i++) {
        squares += spread->deviations[i] * spread->deviations[i];
        if (i == 0 || batches->items[i].sample != batches->items[i - 1].sample) continue;
        products += spread->deviations[i] * spread->deviations[i - 1];
        neighbours++;
    }
    const double rounding = 1e-12 * fabs(spread->mean);
    if (neighbours < 2 || !(squares > rounding * rounding * batches->count)) return NAN;
    return products / neighbours / (squares / batches->count);
}

/* What is left of the likeness of neighbours widens the interval as it does in a first-order autoregressive series. */
static struct estimate estimate_of(const struct load_batches *batches, const struct spread *spread) {
    struct running_statistics deviations = {0};
    for (int32_t i = 0; i < batches->count; i++) running_statistics_add(&deviations, spread->deviations[i]);
    deviations.count -= spread->lost;
    struct estimate estimate = running_statistics_estimate(&deviations, REPLICATIONS_CONFIDENCE);
    const double lag = lag_of(batches, spread);
    if (lag > 0) estimate.half_width *= sqrt((1 + fmin(lag, lag_most)) / (1 - fmin(lag, lag_most)));
    estimate.mean = spread->mean;
    estimate.count = batches->count;
    return estimate;
}

/* Arrivals a day over the share of those kinds, so that all of them compare with the whole. */
static bool spread_arrivals(const struct load_batches *batches, struct kinds kinds, double share,
                            struct spread *spread) {
    struct terms *terms = malloc(((size_t)batches->count + 1) * sizeof *terms);
    if (terms == NULL) return false;
    for (int32_t i = 0; i < batches->count; i++) {
        terms[i] = arrivals(&batches->items[i], kinds);
        terms[i].sum /= share;
        terms[i].came /= share;
    }
    const bool good = spread_of(batches, terms, batches->offered_per_day, spread);
    free(terms);
    return good;
}

static bool spread_delays(const struct load_batches *batches, struct spread *spread) {
    struct terms *terms = malloc(((size_t)batches->count + 1) * sizeof *terms);
    if (terms == NULL) return false;
    for (int32_t i = 0; i < batches->count; i++) terms[i] = delays(&batches->items[i]);
    const bool good = spread_of(batches, terms, batches->offered_per_day, spread);
    free(terms);
    return good;
}

/* ---- quantiles ---- */

/* The delays of the trains planned in a batch, or (NULL) in all of them; their number. */
static size_t list_delays(const struct load_batches *batches, const struct load_batch *batch, double *delays_s) {
    size_t used = 0;
    for (int32_t i = 0; i < batches->count; i++) {
        const struct load_batch *of = &batches->items[i];
        if (batch != NULL && of != batch) continue;
        for (size_t k = 0; k < of->sample->train_count; k++) {
            const struct planned_train *train = &of->sample->trains[k];
            if (train->day >= of->from && train->day < of->to) delays_s[used++] = train->delay_s;
        }
    }
    return used;
}

static double *room_for_delays(const struct load_batches *batches) {
    size_t count = 1;
    const struct load_sample *before = NULL;
    for (int32_t i = 0; i < batches->count; i++) {
        if (batches->items[i].sample != before) count += batches->items[i].sample->train_count;
        before = batches->items[i].sample;
    }
    return malloc(count * sizeof(double));
}

/* Of each batch its own quantile; those of short batches are not quite unbiased, so the mean is that of all trains. */
static bool spread_quantile(const struct load_batches *batches, double fraction, struct spread *spread) {
    struct terms *terms = malloc(((size_t)batches->count + 1) * sizeof *terms);
    double *delays_s = room_for_delays(batches);
    bool good = terms != NULL && delays_s != NULL;
    for (int32_t i = 0; good && i < batches->count; i++) {
        const size_t count = list_delays(batches, &batches->items[i], delays_s);
        terms[i] = (struct terms){.weight = (double)count,
                                  .came = (double)count / (batches->items[i].to - batches->items[i].from)};
        terms[i].sum = count > 0 ? (double)count * quantile_of(delays_s, count, fraction) : 0;
    }
    double all = NAN;
    if (good) all = quantile_of(delays_s, list_delays(batches, NULL, delays_s), fraction);
    if (good) good = spread_of(batches, terms, NAN, spread);
    if (good) spread->mean = all;
    free(terms);
    free(delays_s);
    return good;
}

/* ---- batches ---- */

void load_batches_free(struct load_batches *batches) {
    free(batches->items);
    *batches = (struct load_batches){0};
}

/* What does not fill a batch is left out at the beginning. */
static bool cut(const struct load_sample *samples, int32_t sample_count, int32_t days, struct load_batches *batches) {
    size_t room = 1;
    for (int32_t s = 0; s < sample_count; s++) room += (size_t)samples[s].day_count;
    free(batches->items);
    batches->items = malloc(room * sizeof *batches->items);
    batches->count = 0;
    batches->days = days;
    if (batches->items == NULL) return false;
    for (int32_t s = 0; s < sample_count; s++) {
        const int32_t kept = samples[s].day_count - samples[s].warmup_days;
        const int32_t length = days > 0 ? days : kept;
        for (int32_t from = samples[s].warmup_days + kept % length; from < samples[s].day_count; from += length)
            batches->items[batches->count++] = (struct load_batch){&samples[s], from, from + length};
    }
    return true;
}

static bool spread_figure(const struct load_batches *batches, enum load_figure figure, struct spread *spread) {
    if (figure == FIGURE_DELAY) return spread_delays(batches, spread);
    if (figure == FIGURE_P90_DELAY) return spread_quantile(batches, 0.9, spread);
    return spread_arrivals(batches, all_kinds, 1, spread);
}

bool load_batches_make(const struct load_sample *samples, int32_t sample_count, double offered_per_day,
                       enum load_figure figure, struct load_batches *batches) {
    *batches = (struct load_batches){.offered_per_day = offered_per_day, .lag_correlation = NAN};
    const int32_t longest = samples[0].day_count / 4;
    for (int32_t days = SHORTEST_DAYS;; days *= 2) {
        struct spread spread;
        const bool last = sample_count > 1 ? days > longest : 2 * days > longest;
        if (last && sample_count > 1) days = 0;
        if (!cut(samples, sample_count, days, batches) || !spread_figure(batches, figure, &spread)) {
            load_batches_free(batches);
            return false;
        }
        batches->lag_correlation = lag_of(batches, &spread);
        free(spread.deviations);
        const bool alike = batches->lag_correlation > lag_allowed;
        batches->long_enough = !alike && batches->count >= (days > 0 ? LEAST_BATCHES : LEAST_REPLICATIONS);
        if (last || !alike) return true;
    }
}

/* ---- figures ---- */

static struct estimate nothing(void) {
    return (struct estimate){NAN, NAN, REPLICATIONS_CONFIDENCE, 0};
}

static struct estimate finish(const struct load_batches *batches, bool good, struct spread *spread) {
    if (!good) return nothing();
    const struct estimate estimate = estimate_of(batches, spread);
    free(spread->deviations);
    return estimate;
}

/* In trains of these kinds a day. */
static struct estimate arrivals_of(const struct load_batches *batches, struct kinds kinds) {
    if (batches->count == 0) return nothing();
    const double share = share_of(batches->items[0].sample->demand, kinds);
    if (!(share > 0)) return (struct estimate){0, 0, REPLICATIONS_CONFIDENCE, batches->count};
    struct spread spread;
    const bool good = spread_arrivals(batches, kinds, share, &spread);
    struct estimate estimate = finish(batches, good, &spread);
    estimate.mean *= share;
    estimate.half_width *= share;
    return estimate;
}

struct estimate load_throughput(const struct load_batches *batches) {
    return arrivals_of(batches, all_kinds);
}

struct estimate load_direction(const struct load_batches *batches, int32_t direction) {
    return arrivals_of(batches, (struct kinds){-1, direction});
}

struct estimate load_class(const struct load_batches *batches, int32_t class_index) {
    return arrivals_of(batches, (struct kinds){class_index, -1});
}

struct estimate load_delay(const struct load_batches *batches) {
    struct spread spread;
    const bool good = spread_delays(batches, &spread);
    return finish(batches, good, &spread);
}

struct estimate load_delay_quantile(const struct load_batches *batches, double fraction) {
    struct spread spread;
    const bool good = spread_quantile(batches, fraction, &spread);
    return finish(batches, good, &spread);
}

/* By how much the class is short of the whole, more than by chance; 0 where it is not. */
static double shortfall(const struct load_batches *batches, const struct spread *whole, const struct spread *class) {
    struct running_statistics differences = {0};
    for (int32_t i = 0; i < batches->count; i++)
        running_statistics_add(&differences, class->deviations[i] - whole->deviations[i]);
    const double error = sqrt(running_statistics_variance(&differences) / (double)differences.count);
    const double shortfall = whole->mean - class->mean;
    return shortfall > fmax(short_errors * error, short_share * whole->mean) ? shortfall : 0;
}

struct estimate load_balanced(const struct load_batches *batches, int32_t *short_class) {
    *short_class = -1;
    struct estimate balanced = load_throughput(batches);
    struct spread whole;
    if (batches->count < 2 || !spread_arrivals(batches, all_kinds, 1, &whole)) return balanced;
    const struct demand *demand = batches->items[0].sample->demand;
    double worst = 0;
    for (int32_t c = 0; c < demand->class_count; c++) {
        struct spread class;
        if (!spread_arrivals(batches, (struct kinds){c, -1}, demand->classes[c].share, &class)) continue;
        const double by = shortfall(batches, &whole, &class);
        if (by > worst) {
            worst = by;
            *short_class = c;
            balanced = estimate_of(batches, &class);
        }
        free(class.deviations);
    }
    free(whole.deviations);
    return balanced;
}

struct estimate load_figure_of(const struct load_batches *batches, enum load_figure figure) {
    int32_t short_class;
    if (figure == FIGURE_DELAY) return load_delay(batches);
    if (figure == FIGURE_P90_DELAY) return load_delay_quantile(batches, 0.9);
    return load_balanced(batches, &short_class);
}

double load_punctual(const struct load_batches *batches, double limit_s) {
    double *delays_s = room_for_delays(batches);
    if (delays_s == NULL) return NAN;
    const size_t count = list_delays(batches, NULL, delays_s);
    size_t punctual = 0;
    for (size_t i = 0; i < count; i++) punctual += delays_s[i] <= limit_s;
    free(delays_s);
    return count > 0 ? (double)punctual / (double)count : (double)NAN;
}
