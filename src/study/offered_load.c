#include "study/offered_load.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "railway/timetable.h"
#include "study/planning.h"
#include "study/replications.h"

enum { LEAST_BATCHES = 10, LEAST_REPLICATIONS = 2, MOST_JOBS = 64 };
static const double lag_allowed = 0.25; /* about one standard error of the correlation of 16 batches */
static const double least_half_width_s = 6;

/* ---- one replication, told day by day ---- */

struct day {
    int32_t departed[2]; /* by direction */
    int32_t planned;     /* trains planned to depart on it */
    double delay_s;      /* their sum */
};

struct planned_train {
    int32_t day;
    float delay_s;
};

struct sample {
    const struct demand *demand;
    struct day *days;
    int32_t day_count;
    int32_t *class_departed, *class_planned; /* [day × class] */
    struct planned_train *trains;
    size_t train_count, train_room;
    bool no_memory, deadlocked, interrupted;
    int64_t forced_moves, events;
    int32_t warmup_days;
};

static bool keep_train(struct sample *sample, int32_t day, double delay_s) {
    if (sample->train_count == sample->train_room) {
        const size_t room = sample->train_room ? 2 * sample->train_room : 1024;
        struct planned_train *trains = realloc(sample->trains, room * sizeof *trains);
        if (trains == NULL) return false;
        sample->trains = trains;
        sample->train_room = room;
    }
    sample->trains[sample->train_count++] = (struct planned_train){day, (float)delay_s};
    return true;
}

static int32_t day_of(const struct sample *sample, int64_t time_ms) {
    const int64_t day = time_ms == TIME_NONE || time_ms < 0 ? -1 : time_ms / MILLISECONDS_PER_DAY;
    return day >= 0 && day < sample->day_count ? (int32_t)day : -1;
}

static void on_train(void *context, const struct train_record *train) {
    struct sample *sample = context;
    const int32_t departed = day_of(sample, train->departure_ms);
    if (departed >= 0) {
        sample->days[departed].departed[train->direction]++;
        sample->class_departed[departed * sample->demand->class_count + train->plan]++;
    }
    /* a train of a saturated class is planned when it departs */
    const int32_t planned = day_of(sample, train->saturated ? train->departure_ms : train->planned_departure_ms);
    if (planned < 0 || train->status == TRAIN_CANCELLED) return;
    const double delay_s = (double)train->delay_ms / 1000;
    sample->class_planned[planned * sample->demand->class_count + train->plan]++;
    sample->days[planned].planned++;
    sample->days[planned].delay_s += delay_s;
    if (!keep_train(sample, planned, delay_s)) sample->no_memory = true;
}

static void on_end(void *context, const struct run_summary *summary) {
    struct sample *sample = context;
    sample->forced_moves = summary->forced_moves;
    sample->events = summary->events;
}

static void sample_free(struct sample *sample) {
    free(sample->days);
    free(sample->class_departed);
    free(sample->class_planned);
    free(sample->trains);
    *sample = (struct sample){0};
}

static bool sample_create(struct sample *sample, const struct demand *demand, int32_t day_count) {
    const size_t cells = (size_t)day_count * (size_t)demand->class_count;
    *sample = (struct sample){.demand = demand, .day_count = day_count};
    sample->days = calloc((size_t)day_count, sizeof *sample->days);
    sample->class_departed = calloc(cells, sizeof *sample->class_departed);
    sample->class_planned = calloc(cells, sizeof *sample->class_planned);
    if (sample->days != NULL && sample->class_departed != NULL && sample->class_planned != NULL) return true;
    sample_free(sample);
    return false;
}

static double departures(const struct day *day) {
    return day->departed[0] + day->departed[1];
}

static double mean_delay(const struct day *day) {
    return day->planned > 0 ? day->delay_s / day->planned : 0;
}

/* The days to cut from the beginning. */
static bool cut_warmup(struct sample *sample, enum load_target target) {
    double *series = malloc((size_t)sample->day_count * sizeof *series);
    if (series == NULL) return false;
    for (int32_t i = 0; i < sample->day_count; i++)
        series[i] = target == LOAD_DELAY ? mean_delay(&sample->days[i]) : departures(&sample->days[i]);
    sample->warmup_days = (int32_t)mser5_truncation(series, (size_t)sample->day_count);
    free(series);
    /* nothing has left before the first trains have come: the first day is never like the others */
    if (sample->warmup_days == 0) sample->warmup_days = 1;
    return true;
}

/* ---- replications, side by side ---- */

struct work {
    const struct load_request *request;
    const struct simulation_plan *plan;
    int64_t replication;
    struct sample sample;
    bool good;
};

static void *replicate(void *context) {
    struct work *work = context;
    const struct simulation_options options = {.replication = work->replication, .stop = work->request->stop};
    const struct observer observer = {.context = &work->sample, .train = on_train, .end = on_end};
    const enum simulation_result result = simulation_run(work->plan, &options, &observer);
    work->sample.deadlocked = result == SIMULATION_DEADLOCKED;
    work->sample.interrupted = result == SIMULATION_INTERRUPTED;
    work->good =
        result != SIMULATION_NO_MEMORY && !work->sample.no_memory && cut_warmup(&work->sample, work->request->target);
    return NULL;
}

/* Runs `count` replications from `first` on, each in a thread of its own but the first. */
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

/* ---- from days to figures ---- */

struct samples {
    struct sample *items;
    int32_t count;
};

/* What is taken the mean of in a batch of days: a sum over a sum. */
typedef void figure(const struct day *day, double *sum, double *weight);

static void figure_all(const struct day *day, double *sum, double *weight) {
    *sum += departures(day);
    *weight += 1;
}

static void figure_forward(const struct day *day, double *sum, double *weight) {
    *sum += day->departed[FORWARD];
    *weight += 1;
}

static void figure_backward(const struct day *day, double *sum, double *weight) {
    *sum += day->departed[BACKWARD];
    *weight += 1;
}

static void figure_delay(const struct day *day, double *sum, double *weight) {
    *sum += day->delay_s;
    *weight += day->planned;
}

struct batched {
    struct estimate estimate;
    double lag_correlation;
    int64_t batches;
};

/* Means of batches of `days` days, warm-ups left out; what does not fill a batch is left out at the beginning. */
static struct batched batch(const struct samples *samples, int32_t days, figure *of) {
    struct running_statistics means = {0};
    double products = 0, sum = 0, weight = 0;
    int64_t neighbours = 0;
    for (int pass = 0; pass < 2; pass++) /* the second one needs the mean of the first */
        for (int32_t s = 0; s < samples->count; s++) {
            const struct sample *sample = &samples->items[s];
            const int32_t kept = sample->day_count - sample->warmup_days;
            double before = NAN;
            for (int32_t from = sample->warmup_days + kept % days; from < sample->day_count; from += days) {
                double batch_sum = 0, batch_weight = 0;
                for (int32_t i = from; i < from + days; i++) of(&sample->days[i], &batch_sum, &batch_weight);
                if (!(batch_weight > 0)) continue;
                const double mean = batch_sum / batch_weight;
                if (pass == 0) {
                    running_statistics_add(&means, mean);
                    sum += batch_sum;
                    weight += batch_weight;
                } else if (!isnan(before)) {
                    products += (mean - means.mean) * (before - means.mean);
                    neighbours++;
                }
                before = mean;
            }
        }
    struct batched batched = {running_statistics_estimate(&means, REPLICATIONS_CONFIDENCE), NAN, means.count};
    if (weight > 0) batched.estimate.mean = sum / weight;
    if (neighbours >= 2 && means.squares > 0)
        batched.lag_correlation = products / (double)neighbours / (means.squares / (double)means.count);
    return batched;
}

static bool lag_is_small(double lag_correlation) {
    return isnan(lag_correlation) || lag_correlation <= lag_allowed;
}

/* The shortest batches whose neighbours are not alike, as long as enough of them are left. */
static int32_t choose_batch(const struct samples *samples, figure *of) {
    const int32_t longest = samples->items[0].day_count / 4;
    int32_t days = 5;
    while (2 * days <= longest && !lag_is_small(batch(samples, days, of).lag_correlation)) days *= 2;
    return days;
}

static bool narrow_enough(const struct load_request *request, const struct batched *batched) {
    const struct estimate *estimate = &batched->estimate;
    if (batched->batches < LEAST_BATCHES || isnan(estimate->half_width) || !lag_is_small(batched->lag_correlation))
        return false;
    double wanted = request->relative_half_width * fabs(estimate->mean);
    if (request->target == LOAD_DELAY) wanted = fmax(wanted, least_half_width_s);
    if (estimate->half_width <= wanted) return true;
    return request->target == LOAD_DELAY && !isnan(request->against_s) &&
           fabs(estimate->mean - request->against_s) > estimate->half_width;
}

/* ---- the result ---- */

static bool fill_delays(const struct samples *samples, double limit_s, struct load_result *result) {
    size_t count = 0, punctual = 0, used = 0;
    for (int32_t s = 0; s < samples->count; s++) count += samples->items[s].train_count;
    double *delays = malloc((count + 1) * sizeof *delays);
    if (delays == NULL) return false;
    for (int32_t s = 0; s < samples->count; s++)
        for (size_t i = 0; i < samples->items[s].train_count; i++) {
            const struct planned_train *train = &samples->items[s].trains[i];
            if (train->day < samples->items[s].warmup_days) continue;
            delays[used++] = train->delay_s;
            punctual += train->delay_s <= limit_s;
        }
    result->p90_delay_s = quantile_of(delays, used, 0.9);
    result->p95_delay_s = quantile_of(delays, used, 0.95);
    result->punctual = used > 0 ? (double)punctual / (double)used : (double)NAN;
    free(delays);
    return true;
}

/* Over all measured days: trains of a class that departed, or that came. */
static int64_t count_class(const struct samples *samples, int32_t class, bool planned) {
    int64_t count = 0;
    for (int32_t s = 0; s < samples->count; s++) {
        const struct sample *sample = &samples->items[s];
        const int32_t *counts = planned ? sample->class_planned : sample->class_departed;
        for (int32_t day = sample->warmup_days; day < sample->day_count; day++)
            count += counts[day * sample->demand->class_count + class];
    }
    return count;
}

/* Departures of each class, and what the whole mix got: the least over classes of departures over share. The share is
 * that of the trains that came in these very days; of trains that are always ready, that of their weights. */
static bool fill_classes(const struct load_request *request, const struct samples *samples,
                         struct load_result *result) {
    const struct demand *demand = request->demand;
    result->class_per_day = calloc((size_t)demand->class_count, sizeof *result->class_per_day);
    if (result->class_per_day == NULL) return false;
    const bool weights = demand->weighted || request->offered.law == DEMAND_SATURATED;
    int64_t came = 0;
    for (int32_t c = 0; c < demand->class_count; c++) came += count_class(samples, c, true);
    double least = INFINITY;
    for (int32_t c = 0; c < demand->class_count; c++) {
        result->class_per_day[c] = (double)count_class(samples, c, false) / result->days;
        const double share = weights ? demand->classes[c].share : (double)count_class(samples, c, true) / (double)came;
        if (share > 0) least = fmin(least, result->class_per_day[c] / share);
    }
    result->balanced_per_day = isinf(least) ? 0 : least;
    return true;
}

static bool fill(const struct load_request *request, const struct samples *samples, struct load_result *result) {
    figure *target = request->target == LOAD_DELAY ? figure_delay : figure_all;
    const int32_t days = choose_batch(samples, target);
    const struct batched aimed = batch(samples, days, target);
    result->batch_days = days;
    result->lag_correlation = aimed.lag_correlation;
    result->trains_per_day = batch(samples, days, figure_all).estimate;
    result->direction[FORWARD] = batch(samples, days, figure_forward).estimate;
    result->direction[BACKWARD] = batch(samples, days, figure_backward).estimate;
    result->delay_s = batch(samples, days, figure_delay).estimate;
    result->replications = samples->count;
    result->days = result->warmup_days = 0;
    result->forced_moves = result->events = 0;
    for (int32_t s = 0; s < samples->count; s++) {
        const struct sample *sample = &samples->items[s];
        result->days += sample->day_count - sample->warmup_days;
        if (sample->warmup_days > result->warmup_days) result->warmup_days = sample->warmup_days;
        result->deadlocked |= sample->deadlocked;
        result->forced_moves += sample->forced_moves;
        result->events += sample->events;
    }
    result->precise = narrow_enough(request, &aimed);
    return fill_classes(request, samples, result) &&
           fill_delays(samples, 60 * request->demand->scenario->settings.delay_limit_min, result);
}

/* Replications until it is enough. A wave may run further than that: what is too many is thrown away, so that the
 * number of jobs changes nothing. */
static bool collect(const struct load_request *request, const struct simulation_plan *plan, bool deterministic,
                    struct samples *samples, struct failure *failure) {
    figure *target = request->target == LOAD_DELAY ? figure_delay : figure_all;
    const int32_t most = deterministic ? 1 : request->most_replications;
    const int32_t jobs = request->jobs < MOST_JOBS ? request->jobs : MOST_JOBS;
    struct work works[MOST_JOBS];
    while (samples->count < most) {
        const int32_t wave = most - samples->count < jobs ? most - samples->count : jobs;
        bool good = true, interrupted = false, enough = false;
        for (int32_t i = 0; i < wave; i++) {
            works[i] = (struct work){.request = request, .plan = plan, .replication = samples->count + i + 1};
            good &= sample_create(&works[i].sample, request->demand, request->days);
        }
        if (good) run_wave(works, wave);
        for (int32_t i = 0; i < wave; i++) {
            good &= works[i].good;
            interrupted |= works[i].sample.interrupted;
            if (!good || interrupted || enough) {
                sample_free(&works[i].sample);
                continue;
            }
            samples->items[samples->count++] = works[i].sample;
            if (samples->count < LEAST_REPLICATIONS) continue;
            const struct batched batched = batch(samples, choose_batch(samples, target), target);
            enough = narrow_enough(request, &batched);
        }
        if (interrupted) return failure_set(failure, "interrupted");
        if (!good) return failure_set(failure, "there is not enough memory");
        if (enough) break;
    }
    return true;
}

static bool measure(const struct load_request *request, const struct timetable *timetable, struct load_result *result,
                    struct failure *failure) {
    struct scenario scenario = demand_scenario(request->demand->scenario, timetable);
    scenario.settings.warmup_ms = 0;
    scenario.settings.horizon_ms = request->days * MILLISECONDS_PER_DAY;
    scenario.settings.horizon_given = true;
    char message[256] = "there is not enough memory";
    struct simulation_plan *plan = simulation_plan_create(&scenario, message, sizeof message);
    if (plan == NULL) return failure_set(failure, "%s", message);
    struct samples samples = {calloc((size_t)request->most_replications, sizeof *samples.items), 0};
    result->deterministic = scenario_is_deterministic(&scenario);
    bool good = samples.items != NULL ? collect(request, plan, result->deterministic, &samples, failure)
                                      : failure_set(failure, "there is not enough memory");
    if (good && !fill(request, &samples, result)) good = failure_set(failure, "there is not enough memory");
    for (int32_t i = 0; i < samples.count; i++) sample_free(&samples.items[i]);
    free(samples.items);
    simulation_plan_destroy(plan);
    return good;
}

bool offered_load_measure(const struct load_request *request, struct load_result *result, struct failure *failure) {
    *result = (struct load_result){.offered_per_day = request->offered.trains_per_day};
    struct timetable timetable;
    if (!demand_build(request->demand, &request->offered, &timetable, failure)) return false;
    const bool good = measure(request, &timetable, result, failure);
    timetable_free(&timetable);
    if (!good) load_result_free(result);
    return good;
}

void load_result_free(struct load_result *result) {
    free(result->class_per_day);
    *result = (struct load_result){0};
}
