#include "study/capacity.h"

#include <math.h>
#include <string.h>

const int32_t capacity_fleets[CAPACITY_FLEETS] = {1, 2, 4, 8};
static const double far_below = 0.6;

struct telling {
    const struct capacity_request *request;
    enum capacity_step step;
};

static void tell(void *context, double share_done) {
    const struct telling *telling = context;
    if (telling->request->progress != NULL)
        telling->request->progress(telling->request->context, telling->step, share_done);
}

int32_t capacity_pattern(const struct capacity *capacity) {
    const struct settings *settings = &capacity->demand.scenario->settings;
    const int32_t fleet = settings->dispatch == DISPATCH_FLEET ? settings->fleet_size : 1;
    int32_t nearest = 0;
    for (int32_t i = 0; i < capacity->theoretical.pattern_count; i++)
        if (capacity->theoretical.patterns[i].fleet <= fleet) nearest = i;
    return nearest;
}

const struct theoretical_answer *capacity_governing(const struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    const int32_t pattern = capacity_pattern(capacity);
    const bool usable = theory->pattern_count > 0 && theory->patterns[pattern].answer.applies;
    return usable ? &theory->patterns[pattern].answer : &theory->bound;
}

/* What the line would carry by the governing answer, were it not for the stretch that limits it. */
static void find_next(struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    const struct theoretical_answer *governing = capacity_governing(capacity);
    const int32_t pattern = governing == &theory->bound ? -1 : capacity_pattern(capacity);
    capacity->next_per_day = NAN;
    capacity->next_stretch = -1;
    for (int32_t i = 0; governing->applies && i < theory->stretch_count; i++) {
        const struct theoretical_stretch *stretch = &theory->stretches[i];
        const double carried = (pattern < 0 ? &stretch->bound : &stretch->patterns[pattern])->trains_per_day;
        if (i == governing->limiting_stretch || !isfinite(carried)) continue;
        if (capacity->next_stretch >= 0 && carried >= capacity->next_per_day) continue;
        capacity->next_per_day = carried;
        capacity->next_stretch = i;
    }
}

/* Formulas take every crossing station to have a free track: where far less is carried, it is seen whether that is why.
 */
static bool try_free_tracks(const struct saturated_request *request, struct capacity *capacity,
                            struct failure *failure) {
    const double carried = capacity->saturated.trains_per_day.mean;
    const struct theoretical_answer *formula = capacity_governing(capacity);
    capacity->free_tracks_per_day = NAN;
    if (request->demand->weighted || !formula->applies || !(carried < far_below * formula->trains_per_day)) return true;
    return saturated_with_free_tracks(request, CAPACITY_FREE_TRACKS_LOAD * carried, &capacity->free_tracks_per_day,
                                      failure);
}

static struct practical_request practical_of(const struct capacity_request *request, struct telling *telling,
                                             const struct capacity *capacity) {
    return (struct practical_request){.demand = &capacity->demand,
                                      .limit_s = 60 * request->scenario->settings.delay_limit_min,
                                      .measure = request->measure,
                                      .relative_half_width = request->relative_half_width,
                                      .jobs = request->jobs,
                                      .stop = request->stop,
                                      .progress = tell,
                                      .context = telling};
}

/* A limit that a train breaks with the line to itself is a mistake, and told before anything else is simulated. */
static bool check_limit(const struct practical_request *request, struct failure *failure) {
    struct estimate alone_s;
    if (request->demand->weighted) return true; /* no limit is looked at */
    if (!practical_alone(request, &alone_s, failure)) return false;
    if (!(request->limit_s < alone_s.mean - (alone_s.half_width > 0 ? alone_s.half_width : 0))) return true;
    return failure_set(
        failure,
        "delay_limit_min %g is below the delay of trains that have the line to themselves, %s %.1f min: no "
        "demand can keep it",
        request->limit_s / 60, request->measure == PRACTICAL_P90 ? "90 % of delays" : "mean delay", alone_s.mean / 60);
}

static bool simulate(const struct capacity_request *request, struct capacity *capacity, struct failure *failure) {
    struct telling telling = {request, CAPACITY_COMPRESSED};
    struct practical_request practical = practical_of(request, &telling, capacity);
    tell(&telling, 0);
    if (!check_limit(&practical, failure) ||
        !compression_find(request->plan, &capacity->demand, request->stop, &capacity->compression, failure))
        return false;
    telling.step = CAPACITY_SATURATED;
    const struct saturated_request saturated = {.demand = &capacity->demand,
                                                .relative_half_width = request->relative_half_width,
                                                .jobs = request->jobs,
                                                .stop = request->stop,
                                                .progress = tell,
                                                .context = &telling};
    if (!saturated_measure(&saturated, &capacity->saturated, failure) ||
        !try_free_tracks(&saturated, capacity, failure))
        return false;
    telling.step = CAPACITY_PRACTICAL;
    practical.most_per_day = capacity->saturated.trains_per_day.mean;
    capacity->limit_s = practical.limit_s;
    capacity->by_p90 = request->measure == PRACTICAL_P90;
    if (!practical_measure(&practical, &capacity->practical, failure)) return false;
    capacity->simulated = true;
    return true;
}

bool capacity_find(const struct capacity_request *request, struct capacity *capacity, struct failure *failure) {
    memset(capacity, 0, sizeof *capacity);
    struct telling telling = {request, CAPACITY_THEORETICAL};
    tell(&telling, 0);
    bool good = demand_read(request->plan, &capacity->demand, failure) &&
                theoretical_find(&capacity->demand, capacity_fleets, CAPACITY_FLEETS, &capacity->theoretical, failure);
    if (good) find_next(capacity);
    if (good && !request->theory_only) good = simulate(request, capacity, failure);
    if (!good) capacity_free(capacity);
    return good;
}

void capacity_free(struct capacity *capacity) {
    compression_free(&capacity->compression);
    theoretical_free(&capacity->theoretical);
    demand_free(&capacity->demand);
    memset(capacity, 0, sizeof *capacity);
}
