#include "study/load_sample.h"

#include <math.h>
#include <stdlib.h>

#include "engine/statistics.h"
#include "railway/timetable.h"

bool load_sample_create(struct load_sample *sample, const struct demand *demand, int32_t day_count) {
    const size_t days = (size_t)day_count, cells = days * (size_t)demand->class_count;
    *sample = (struct load_sample){.demand = demand, .day_count = day_count};
    sample->arrived = calloc(cells, sizeof *sample->arrived);
    sample->planned = calloc(cells, sizeof *sample->planned);
    sample->delay_s = calloc(days, sizeof *sample->delay_s);
    sample->held_up_ms = calloc(2 * (size_t)demand->scenario->network.section_count + 1, sizeof *sample->held_up_ms);
    if (sample->arrived && sample->planned && sample->delay_s && sample->held_up_ms) return true;
    load_sample_free(sample);
    return false;
}

void load_sample_free(struct load_sample *sample) {
    free(sample->arrived);
    free(sample->planned);
    free(sample->delay_s);
    free(sample->held_up_ms);
    free(sample->trains);
    *sample = (struct load_sample){0};
}

/* ---- what the simulation tells ---- */

static bool keep_train(struct load_sample *sample, int32_t day, double delay_s) {
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

/* −1: none of the sample's. */
static int32_t day_of(const struct load_sample *sample, int64_t time_ms) {
    const int64_t day = time_ms == TIME_NONE || time_ms < 0 ? -1 : time_ms / MILLISECONDS_PER_DAY;
    return day >= 0 && day < sample->day_count ? (int32_t)day : -1;
}

static void note_waits(struct load_sample *sample, const struct train_record *train) {
    for (int32_t k = 0; k < train->passage_count; k++) {
        const struct train_call *call = &train->calls[k];
        if (call->wait_cause != WAIT_KNOCK_ON) continue;
        const struct train_passage *passage = &train->passages[k];
        sample->held_up_ms[2 * passage->section + passage->direction] += call->wait_ms;
    }
}

static void on_train(void *context, const struct train_record *train) {
    struct load_sample *sample = context;
    const int32_t classes = sample->demand->class_count;
    const int32_t arrived = train->status == TRAIN_ARRIVED ? day_of(sample, train->arrival_ms) : -1;
    if (arrived >= 0) sample->arrived[arrived * classes + train->plan]++;
    note_waits(sample, train);
    /* a train that is always ready is planned when it departs */
    const int32_t planned = day_of(sample, train->saturated ? train->departure_ms : train->planned_departure_ms);
    if (planned < 0 || train->status == TRAIN_CANCELLED) return;
    const double delay_s = (double)train->delay_ms / 1000;
    sample->planned[planned * classes + train->plan]++;
    sample->delay_s[planned] += delay_s;
    if (!keep_train(sample, planned, delay_s)) sample->no_memory = true;
}

static void on_end(void *context, const struct run_summary *summary) {
    struct load_sample *sample = context;
    sample->forced_moves = summary->forced_moves;
    sample->events = summary->events;
}

struct observer load_sample_observer(struct load_sample *sample) {
    return (struct observer){.context = sample, .train = on_train, .end = on_end};
}

/* ---- days ---- */

static int32_t sum(const struct load_sample *sample, const int32_t *counts, int32_t day) {
    int32_t total = 0;
    const int32_t classes = sample->demand->class_count;
    for (int32_t c = 0; c < classes; c++) total += counts[day * classes + c];
    return total;
}

int32_t load_sample_arrived(const struct load_sample *sample, int32_t day) {
    return sum(sample, sample->arrived, day);
}

int32_t load_sample_planned(const struct load_sample *sample, int32_t day) {
    return sum(sample, sample->planned, day);
}

static double mean_of_day(const struct load_sample *samples, int32_t count, int32_t day, bool by_delay) {
    double sum = 0, weight = 0;
    for (int32_t s = 0; s < count; s++) {
        sum += by_delay ? samples[s].delay_s[day] : load_sample_arrived(&samples[s], day);
        weight += by_delay ? load_sample_planned(&samples[s], day) : 1;
    }
    return weight > 0 ? sum / weight : 0;
}

/* Whether the days before `cut` are unlike the rest, by the means of fives that MSER-5 looks at. */
static bool is_unlike(const double *series, int32_t days, int32_t cut) {
    enum { FIVE = 5 };
    struct running_statistics before = {0}, rest = {0};
    for (int32_t from = 0; from + FIVE <= days; from += FIVE) {
        double sum = 0;
        for (int32_t i = from; i < from + FIVE; i++) sum += series[i];
        running_statistics_add(from < cut ? &before : &rest, sum / FIVE);
    }
    const double error =
        sqrt(running_statistics_variance(&rest) * (1.0 / (double)before.count + 1.0 / (double)rest.count));
    return fabs(before.mean - rest.mean) > 2 * error;
}

bool load_samples_cut(struct load_sample *samples, int32_t count, bool by_delay) {
    const int32_t days = samples[0].day_count;
    double *series = malloc((size_t)days * sizeof *series);
    if (series == NULL) return false;
    for (int32_t day = 0; day < days; day++) series[day] = mean_of_day(samples, count, day, by_delay);
    int32_t warmup_days = (int32_t)mser5_truncation(series, (size_t)days);
    if (warmup_days == 0 || !is_unlike(series, days, warmup_days)) warmup_days = 1;
    free(series);
    for (int32_t s = 0; s < count; s++) samples[s].warmup_days = warmup_days;
    return true;
}
