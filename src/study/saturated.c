#include "study/saturated.h"

#include <math.h>
#include <stdlib.h>

const double saturated_overloads[SATURATED_OVERLOADS] = {1.5, 2, 3};

enum {
    GUESS_DAYS = 30,
    TRIED_DAYS = 60, /* of a replication */
    FREE_DAYS = 20,  /* short: what is not carried piles up on the line, and makes it slow to simulate */
    NEAR_REPLICATIONS = 2,
    ANSWER_DAYS = 120,
    LEAST_REPLICATIONS = 4,
    MOST_REPLICATIONS = 40,
    ANEW = 100001, /* replications that no other load has seen */
    MOST_STEPS = 20,
    MOST_TRIES = 6
};
static const double carried_share = 0.98, almost = 0.995;
static const double near_bracket = 1.15; /* from here on two replications a load: so far one shows the way */
static const double beyond[] = {1.1, 1.25};
enum { BEYOND = sizeof beyond / sizeof *beyond };

/* How well a load is known. */
enum standing { TRIED, DROPPED, CONFIRMED };

struct search {
    const struct saturated_request *request;
    struct saturated_result *result;
    struct failure *failure;
    double low, high;                         /* loads: all is carried, not all is; 0, INFINITY: not known */
    int steps, tries;                         /* of the bracketing, and of confirming, that are left */
    enum standing standing[SATURATED_POINTS]; /* of result.points */
};

static void told(const struct search *search) {
    const double share = search->result->point_count / (double)(MOST_STEPS + BEYOND + SATURATED_OVERLOADS + 1);
    if (search->request->progress != NULL) search->request->progress(search->request->context, fmin(share, 1));
}

static void count_in(const struct load_result *load, struct saturated_result *result) {
    result->deadlocked |= load->deadlocked;
    result->forced_moves += load->forced_moves;
    result->events += load->events;
    result->all_replications += load->replications;
    result->all_days += load->days;
    result->deterministic = load->deterministic;
}

/* One replication; what is to be known better is to be asked for. */
static struct load_request load_of(const struct search *search, double trains_per_day, enum demand_law law) {
    return (struct load_request){.demand = search->request->demand,
                                 .offered = {trains_per_day, law, law == DEMAND_SATURATED},
                                 .figure = FIGURE_BALANCED,
                                 .against = NAN,
                                 .days = TRIED_DAYS,
                                 .first_replication = 1,
                                 .least_replications = 1,
                                 .most_replications = 1,
                                 .jobs = search->request->jobs,
                                 .stop = search->request->stop};
}

static bool measure(struct search *search, const struct load_request *request, struct load_result *load) {
    if (!offered_load_measure(request, load, search->failure)) return false;
    count_in(load, search->result);
    return true;
}

/* A load measured again takes the place of what was known of it. */
static void note_point(struct search *search, const struct load_result *load, enum standing standing) {
    struct saturated_result *result = search->result;
    int32_t at = 0;
    while (at < result->point_count &&
           fabs(result->points[at].offered_per_day - load->offered_per_day) > 1e-9 * load->offered_per_day)
        at++;
    if (at == SATURATED_POINTS) return;
    result->points[at] =
        (struct saturated_point){.offered_per_day = load->offered_per_day,
                                 .balanced = load->balanced,
                                 .trains_per_day = load->trains_per_day,
                                 .direction_per_day = {load->direction[FORWARD].mean, load->direction[BACKWARD].mean},
                                 .precise = load->precise};
    search->standing[at] = standing;
    if (at == result->point_count) result->point_count++;
    told(search);
}

/* ---- loads, quickly ---- */

static bool is_carried(const struct saturated_point *point) {
    return point->balanced.mean >= carried_share * point->offered_per_day;
}

static void find_edge(struct search *search) {
    const struct saturated_result *result = search->result;
    search->low = 0;
    search->high = INFINITY;
    for (int32_t i = 0; i < result->point_count; i++)
        if (!is_carried(&result->points[i])) search->high = fmin(search->high, result->points[i].offered_per_day);
    for (int32_t i = 0; i < result->point_count; i++) {
        const double load = result->points[i].offered_per_day;
        if (is_carried(&result->points[i]) && load < search->high) search->low = fmax(search->low, load);
    }
}

/* *balanced and *short_class may be NULL: nobody wants to know. */
static bool try_load(struct search *search, double trains_per_day, int32_t replications, double *balanced,
                     int32_t *short_class) {
    struct load_result load;
    struct load_request request = load_of(search, trains_per_day, DEMAND_AS_SCHEDULED);
    request.least_replications = request.most_replications = replications;
    if (!measure(search, &request, &load)) return false;
    if (balanced != NULL) *balanced = load.balanced.mean;
    if (short_class != NULL) *short_class = load.short_class;
    note_point(search, &load, TRIED);
    find_edge(search);
    load_result_free(&load);
    return true;
}

/* Between the sides of the bracket; while one is missing, further out. What ran at a load that is too much is a good
 * guess for one that is not. */
static double next_load(const struct search *search, double guess) {
    if (search->result->point_count == 0) return guess;
    if (isinf(search->high)) return 1.4 * search->low;
    if (search->low > 0) return (search->low + search->high) / 2;
    double ran = search->high;
    for (int32_t i = 0; i < search->result->point_count; i++)
        if (search->result->points[i].offered_per_day == search->high)
            ran = search->result->points[i].trains_per_day.mean;
    return fmax(fmin(ran, 0.9 * search->high), search->high / 3);
}

static bool bracket(struct search *search, double guess) {
    const double near = 1 + fmax(1.5 * search->request->relative_half_width, 0.01);
    for (; search->steps > 0 && search->high > near * search->low; search->steps--) {
        const int32_t replications = search->high < near_bracket * search->low ? NEAR_REPLICATIONS : 1;
        if (!try_load(search, next_load(search, guess), replications, NULL, NULL)) return false;
    }
    return true;
}

/* The best of the loads of that standing but one (−1: none left out); −1: there is none. */
static int32_t best_of(const struct search *search, enum standing standing, int32_t but) {
    int32_t best = -1;
    for (int32_t i = 0; i < search->result->point_count; i++)
        if (search->standing[i] == standing && i != but &&
            (best < 0 || search->result->points[i].balanced.mean > search->result->points[best].balanced.mean))
            best = i;
    return best;
}

static double balanced_at(const struct search *search, int32_t point) {
    return point >= 0 ? search->result->points[point].balanced.mean : 0;
}

/* ---- the answer ---- */

static int32_t starved(const struct demand *demand, const struct load_result *load) {
    for (int32_t c = 0; c < demand->class_count; c++)
        if (load->class_per_day[c] < 0.5 * demand->classes[c].share * load->trains_per_day.mean) return c;
    return -1;
}

/* Whether some trains begin their way with that section. */
static bool leads_in(const struct demand *demand, int32_t section) {
    for (int32_t c = 0; c < demand->class_count; c++)
        if (demand->scenario->timetable.plans[demand->classes[c].model].route[0].section == section) return true;
    return false;
}

static void find_queue(const struct demand *demand, const struct load_result *load, struct saturated_result *result) {
    int64_t longest = 0;
    result->queue_section = result->queue_direction = -1;
    for (int32_t i = 0; i < 2 * demand->scenario->network.section_count; i++) {
        if (load->held_up_ms[i] <= longest || leads_in(demand, i / 2)) continue;
        longest = load->held_up_ms[i];
        result->queue_section = i / 2;
        result->queue_direction = i % 2;
    }
    result->queue_min = (double)longest / 60000 / fmax(load->trains_per_day.mean * load->days, 1);
}

static void take_answer(const struct demand *demand, const struct load_result *load, struct saturated_result *result) {
    result->trains_per_day = load->balanced;
    result->offered_per_day = load->offered_per_day;
    for (int direction = 0; direction < 2; direction++)
        result->direction_per_day[direction] = load->direction[direction].mean;
    result->teu_per_day = load->balanced.mean * demand->teu_per_train;
    result->starved_class = starved(demand, load);
    result->replications = load->replications;
    result->days = load->days;
    result->warmup_days = load->warmup_days;
    result->batch_days = load->batch_days;
    result->lag_correlation = load->lag_correlation;
    result->precise = load->precise;
    find_queue(demand, load, result);
}

/* Measures it as well as the answer has to be known, and takes it for the answer if it is better. Not to the end where
 * it turns out to be less than `hopeless_below`. */
static bool confirm(struct search *search, double trains_per_day, enum demand_law law, double hopeless_below) {
    struct load_result load;
    struct load_request request = load_of(search, trains_per_day, law);
    request.relative_half_width = search->request->relative_half_width;
    request.hopeless_below = hopeless_below;
    request.days = ANSWER_DAYS;
    request.first_replication = ANEW;
    request.least_replications = LEAST_REPLICATIONS;
    request.most_replications = MOST_REPLICATIONS;
    if (!measure(search, &request, &load)) return false;
    const bool dropped = load.balanced.mean + load.balanced.half_width < hopeless_below;
    note_point(search, &load, dropped ? DROPPED : CONFIRMED);
    if (!dropped && !(load.balanced.mean <= search->result->trains_per_day.mean))
        take_answer(search->request->demand, &load, search->result);
    load_result_free(&load);
    return true;
}

/* One replication or two may be lucky: the loads that look best are looked at more closely, one after the other, until
 * none is left that looks better than what is known. */
static bool settle(struct search *search) {
    for (; search->tries > 0; search->tries--) {
        const int32_t best = best_of(search, TRIED, -1), known = best_of(search, CONFIRMED, -1);
        if (best < 0 || balanced_at(search, best) <= balanced_at(search, known)) break;
        const double next = balanced_at(search, best_of(search, TRIED, best));
        const double hopeless = fmax(balanced_at(search, known), almost * next);
        if (!confirm(search, search->result->points[best].offered_per_day, DEMAND_AS_SCHEDULED, hopeless)) return false;
        find_edge(search);
        if (!bracket(search, NAN)) return false;
    }
    const int32_t dropped = best_of(search, DROPPED, -1);
    if (best_of(search, CONFIRMED, -1) >= 0 || dropped < 0) return true;
    return confirm(search, search->result->points[dropped].offered_per_day, DEMAND_AS_SCHEDULED, 0);
}

/* One of the overloads may turn out to carry more than what was the answer. */
static bool overload(struct search *search) {
    struct saturated_result *result = search->result;
    const double load = result->offered_per_day;
    double carried[SATURATED_OVERLOADS];
    for (int i = 0; i < SATURATED_OVERLOADS; i++)
        if (!try_load(search, saturated_overloads[i] * load, 1, &carried[i], &result->held_by[i])) return false;
    if (!settle(search)) return false;
    for (int i = 0; i < SATURATED_OVERLOADS; i++) result->held[i] = carried[i] / result->trains_per_day.mean;
    return true;
}

static bool find(struct search *search) {
    const struct demand *demand = search->request->demand;
    struct load_result ready;
    struct load_request request = load_of(search, demand->trains_per_day, DEMAND_SATURATED);
    request.days = GUESS_DAYS;
    if (!measure(search, &request, &ready)) return false;
    /* where nothing but ready trains jams the line, the schedule may know better */
    const double guess = fmax(ready.trains_per_day.mean, demand->trains_per_day);
    load_result_free(&ready);
    if (!bracket(search, guess)) return false;
    const double edge =
        search->low > 0 ? search->low : search->result->points[best_of(search, TRIED, -1)].offered_per_day;
    for (int i = 0; i < BEYOND; i++)
        if (!try_load(search, beyond[i] * edge, NEAR_REPLICATIONS, NULL, NULL)) return false;
    return settle(search) && overload(search);
}

bool saturated_measure(const struct saturated_request *request, struct saturated_result *result,
                       struct failure *failure) {
    *result = (struct saturated_result){.trains_per_day.mean = NAN,
                                        .held = {NAN, NAN, NAN},
                                        .held_by = {-1, -1, -1},
                                        .starved_class = -1,
                                        .queue_section = -1,
                                        .queue_direction = -1};
    struct search search = {.request = request,
                            .result = result,
                            .failure = failure,
                            .high = INFINITY,
                            .steps = MOST_STEPS,
                            .tries = MOST_TRIES};
    /* A mix of which some are always ready has no number a day to multiply: what these get is the answer. */
    if (request->demand->weighted) return confirm(&search, request->demand->trains_per_day, DEMAND_SATURATED, 0);
    return find(&search);
}

bool saturated_with_free_tracks(const struct saturated_request *request, double trains_per_day,
                                double *balanced_per_day, struct failure *failure) {
    struct scenario scenario = *request->demand->scenario;
    const size_t count = (size_t)scenario.network.station_count;
    struct station *stations = malloc((count + 1) * sizeof *stations);
    if (stations == NULL) return failure_set(failure, "there is not enough memory");
    for (size_t i = 0; i < count; i++) {
        stations[i] = scenario.network.stations[i];
        if (stations[i].track_count > 1) stations[i].unlimited = true;
    }
    scenario.network.stations = stations;
    struct demand demand = *request->demand;
    demand.scenario = &scenario;
    struct saturated_result ignored = {0};
    struct search search = {
        .request = &(struct saturated_request){.demand = &demand, .jobs = request->jobs, .stop = request->stop},
        .result = &ignored,
        .failure = failure};
    struct load_request load_request = load_of(&search, trains_per_day, DEMAND_AS_SCHEDULED);
    load_request.days = FREE_DAYS;
    struct load_result load;
    const bool good = measure(&search, &load_request, &load);
    if (good) *balanced_per_day = load.balanced.mean;
    if (good) load_result_free(&load);
    free(stations);
    return good;
}
