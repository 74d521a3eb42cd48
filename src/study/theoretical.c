#include "study/theoretical.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "study/formulas.h"
#include "study/least_mean.h"

static const double TOLERANCE = 1e-9;

const char *theoretical_limit_word(enum theoretical_limit limit) {
    static const char *const WORDS[] = {[LIMIT_RUNNING_TIME] = "running_time", [LIMIT_HEADWAY] = "headway",
                                        [LIMIT_INTERVAL] = "interval",         [LIMIT_PURGE] = "purge",
                                        [LIMIT_POSSESSION] = "possession",     [LIMIT_TRACKS] = "tracks",
                                        [LIMIT_MAX_TRAINS] = "max_trains"};
    return WORDS[limit];
}

/* ---- one pinch ---- */

/* What most of the day goes into. */
static enum theoretical_limit greatest_part(const struct stretch_figure *figure) {
    static const enum theoretical_limit LIMITS[SEPARATION_PART_COUNT] = {[PART_RUNNING] = LIMIT_RUNNING_TIME,
                                                                         [PART_HEADWAY] = LIMIT_HEADWAY,
                                                                         [PART_INTERVAL] = LIMIT_INTERVAL,
                                                                         [PART_PURGE] = LIMIT_PURGE};
    enum theoretical_limit limit = LIMIT_POSSESSION;
    double greatest = figure->closed_min;
    for (int part = 0; part < SEPARATION_PART_COUNT; part++)
        if (figure->parts_min[part] > greatest) {
            greatest = figure->parts_min[part];
            limit = LIMITS[part];
        }
    return limit;
}

/* Takes a bound from a mean separation if it is lower than what stands there; `concerned`: whose open time counts, as
 * in pinch.open_share. */
static bool lower(struct stretch_figure *figure, const struct least_mean *mean, const struct pinch *pinch,
                  int32_t concerned) {
    const double open_min = MINUTES_PER_DAY * pinch->open_share[concerned];
    const double trains = mean->minutes > 0 ? open_min / mean->minutes : open_min > 0 ? INFINITY : 0;
    if (trains >= figure->trains_per_day) return false;
    figure->trains_per_day = trains;
    figure->separation_min = mean->minutes;
    figure->closed_min = MINUTES_PER_DAY - open_min;
    figure->windows_per_day = pinch->windows_per_day[concerned];
    for (int part = 0; part < SEPARATION_PART_COUNT; part++) figure->parts_min[part] = trains * mean->parts_min[part];
    figure->binds = greatest_part(figure);
    return true;
}

static struct stretch_figure unlimited_figure(const struct pinch *pinch) {
    return (struct stretch_figure){.trains_per_day = INFINITY, .section = pinch->section, .block = pinch->block};
}

static struct stretch_figure no_figure(const struct pinch *pinch) {
    return (struct stretch_figure){.trains_per_day = NAN, .section = pinch->section, .block = pinch->block};
}

/* The trains of one direction among themselves, and the number inside: bounds that hold for any order. */
static bool lower_for_any_order(const struct demand *demand, const struct pinch *pinch, struct stretch_figure *figure) {
    for (int32_t direction = FORWARD; direction <= BACKWARD; direction++) {
        struct least_mean mean;
        if (least_mean_share(demand, pinch, direction) == 0) continue;
        if (!least_mean_find(demand, pinch, 1u << direction, 0, &mean)) return false;
        if (!isnan(mean.minutes)) lower(figure, &mean, pinch, 1 + direction);
    }
    if (pinch->most_inside == 0) return true;
    const struct least_mean inside = {least_mean_inside_min(demand, pinch) / pinch->most_inside, {0}};
    if (!lower(figure, &inside, pinch, 0)) return true;
    figure->parts_min[PART_RUNNING] = MINUTES_PER_DAY - figure->closed_min;
    figure->binds = LIMIT_MAX_TRAINS;
    return true;
}

/* Both directions with at least so many turns. NAN where there is no such order. */
static bool figure_of(const struct demand *demand, const struct pinch *pinch, double turns,
                      struct stretch_figure *figure) {
    struct least_mean mean;
    *figure = unlimited_figure(pinch);
    if (!least_mean_find(demand, pinch, DIRECTION_BOTH_BITS, turns, &mean)) return false;
    if (isnan(mean.minutes)) return *figure = no_figure(pinch), true;
    lower(figure, &mean, pinch, 0);
    return lower_for_any_order(demand, pinch, figure);
}

/* Turns that fleets of so many need each way, as a share of all trains; 0 where trains do not meet. */
static double turns_of(const struct demand *demand, const struct pinch *pinch, int32_t fleet) {
    const double forward = least_mean_share(demand, pinch, FORWARD),
                 backward = least_mean_share(demand, pinch, BACKWARD);
    return fmin(forward, backward) > 0 ? fmax(forward, backward) / fleet : 0;
}

static bool can_turn(const struct demand *demand, const struct pinch *pinch, int32_t fleet) {
    const double fewer = fmin(least_mean_share(demand, pinch, FORWARD), least_mean_share(demand, pinch, BACKWARD));
    return turns_of(demand, pinch, fleet) <= fewer + TOLERANCE;
}

static bool pattern_of(const struct demand *demand, const struct pinch *pinch, int32_t fleet,
                       struct stretch_figure *figure) {
    const int32_t room = pinch->waiting_tracks < fleet ? pinch->waiting_tracks : fleet;
    if (!can_turn(demand, pinch, room)) return *figure = no_figure(pinch), true;
    if (!figure_of(demand, pinch, turns_of(demand, pinch, room), figure)) return false;
    if (room == fleet || turns_of(demand, pinch, fleet) == 0) return true;
    struct stretch_figure with_tracks;
    if (!figure_of(demand, pinch, turns_of(demand, pinch, fleet), &with_tracks)) return false;
    if (with_tracks.trains_per_day > figure->trains_per_day * (1 + TOLERANCE)) figure->binds = LIMIT_TRACKS;
    return true;
}

/* ---- stretches ---- */

static struct theoretical_stretch *stretch_of(const struct demand *demand, const struct pinch *pinch,
                                              struct theoretical *theoretical) {
    for (int32_t i = 0; i < theoretical->stretch_count; i++) {
        struct theoretical_stretch *stretch = &theoretical->stretches[i];
        if ((stretch->from == pinch->from && stretch->to == pinch->to) ||
            (stretch->from == pinch->to && stretch->to == pinch->from))
            return stretch;
    }
    const struct station *stations = demand->scenario->network.stations;
    struct theoretical_stretch *stretch = &theoretical->stretches[theoretical->stretch_count++];
    *stretch = (struct theoretical_stretch){
        .from = pinch->from, .to = pinch->to, .waiting_tracks = INT32_MAX, .bound = unlimited_figure(pinch)};
    for (int i = 0; i < THEORETICAL_MOST_PATTERNS; i++) stretch->patterns[i] = unlimited_figure(pinch);
    snprintf(stretch->name, sizeof stretch->name, "%s – %s", stations[pinch->from].id, stations[pinch->to].id);
    return stretch;
}

/* The lower of two; one that does not apply stays. */
static void keep_lower(struct stretch_figure *kept, const struct stretch_figure *figure) {
    if (isnan(kept->trains_per_day)) return;
    if (isnan(figure->trains_per_day) || figure->trains_per_day < kept->trains_per_day) *kept = *figure;
}

static bool find_stretches(const struct demand *demand, const struct separations *separations,
                           struct theoretical *theoretical) {
    theoretical->stretches = calloc((size_t)separations->pinch_count + 1, sizeof *theoretical->stretches);
    if (!theoretical->stretches) return false;
    for (int32_t i = 0; i < separations->pinch_count; i++) {
        const struct pinch *pinch = &separations->pinches[i];
        struct theoretical_stretch *stretch = stretch_of(demand, pinch, theoretical);
        struct stretch_figure figure;
        if (pinch->waiting_tracks < stretch->waiting_tracks) stretch->waiting_tracks = pinch->waiting_tracks;
        if (!figure_of(demand, pinch, 0, &figure)) return false;
        keep_lower(&stretch->bound, &figure);
        for (int32_t k = 0; k < theoretical->pattern_count; k++) {
            if (!pattern_of(demand, pinch, theoretical->patterns[k].fleet, &figure)) return false;
            keep_lower(&stretch->patterns[k], &figure);
        }
    }
    return true;
}

/* ---- the line ---- */

static struct theoretical_answer no_answer(void) {
    return (struct theoretical_answer){.trains_per_day = NAN,
                                       .forward_per_day = NAN,
                                       .backward_per_day = NAN,
                                       .teu_per_day = NAN,
                                       .windows_per_day = NAN,
                                       .limiting_stretch = -1};
}

static struct theoretical_answer answer_of(const struct demand *demand, const struct stretch_figure *figure,
                                           int32_t stretch) {
    const double trains = figure->trains_per_day;
    return (struct theoretical_answer){.applies = true,
                                       .trains_per_day = trains,
                                       .forward_per_day = trains * demand->forward_share,
                                       .backward_per_day = trains * (1 - demand->forward_share),
                                       .teu_per_day = trains * demand->teu_per_train,
                                       .windows_per_day = figure->windows_per_day,
                                       .limiting_stretch = stretch,
                                       .binds = figure->binds};
}

static const struct stretch_figure *figure_at(const struct theoretical *theoretical, int32_t stretch, int32_t pattern) {
    const struct theoretical_stretch *at = &theoretical->stretches[stretch];
    return pattern < 0 ? &at->bound : &at->patterns[pattern];
}

/* Why a stretch has no figure for a pattern or (−1) the bound. */
static void explain(const struct theoretical *theoretical, int32_t stretch, int32_t pattern,
                    char text[THEORETICAL_REASON_SIZE]) {
    const struct theoretical_stretch *at = &theoretical->stretches[stretch];
    const int32_t fleet = pattern < 0 ? 0 : theoretical->patterns[pattern].fleet;
    if (pattern < 0)
        snprintf(text, THEORETICAL_REASON_SIZE, "%s: no order in which all of these trains follow each other",
                 at->name);
    else if (at->waiting_tracks < fleet)
        snprintf(text, THEORETICAL_REASON_SIZE,
                 "%s: too many more trains go one way for fleets of %d, all that its tracks let wait, to take turns",
                 at->name, at->waiting_tracks);
    else
        snprintf(text, THEORETICAL_REASON_SIZE, "%s: too many more trains go one way for fleets of %d to take turns",
                 at->name, fleet);
}

/* The least over the stretches, of a pattern or (−1) of the bound. */
static struct theoretical_answer least_of(const struct demand *demand, const struct theoretical *theoretical,
                                          int32_t pattern) {
    struct theoretical_answer answer = no_answer();
    int32_t least = -1;
    for (int32_t i = 0; i < theoretical->stretch_count; i++) {
        const double trains = figure_at(theoretical, i, pattern)->trains_per_day;
        if (isnan(trains)) {
            explain(theoretical, i, pattern, answer.reason);
            return answer;
        }
        /* of equal ones the first */
        if (least < 0 || trains < figure_at(theoretical, least, pattern)->trains_per_day * (1 - TOLERANCE)) least = i;
    }
    if (least >= 0 && isfinite(figure_at(theoretical, least, pattern)->trains_per_day))
        return answer_of(demand, figure_at(theoretical, least, pattern), least);
    snprintf(answer.reason, sizeof answer.reason, "nothing keeps these trains apart");
    return answer;
}

/* ---- whether all trains run on one line ---- */

static int32_t root_of(int32_t *parents, int32_t station) {
    while (parents[station] != station) station = parents[station] = parents[parents[station]];
    return station;
}

/* A station at which the used sections part, or close a ring; −1: they lie in lines; −2: out of memory. */
static int32_t parting_station(const struct demand *demand) {
    const struct network *network = &demand->scenario->network;
    int32_t *parents = calloc((size_t)network->station_count + 1, sizeof *parents);
    int32_t *arms = calloc((size_t)network->station_count + 1, sizeof *arms);
    bool *used = calloc((size_t)network->section_count + 1, sizeof *used);
    int32_t parting = parents && arms && used ? -1 : -2;
    for (int32_t i = 0; parting == -1 && i < network->station_count; i++) parents[i] = i;
    for (int32_t i = 0; parting == -1 && i < demand->class_count; i++) {
        const struct train_plan *plan = &demand->scenario->timetable.plans[demand->classes[i].model];
        for (int32_t k = 0; k < plan->route_length; k++) used[plan->route[k].section] = true;
    }
    for (int32_t i = 0; parting == -1 && i < network->section_count; i++) {
        if (!used[i]) continue;
        const int32_t from = network->sections[i].from, to = network->sections[i].to;
        if (++arms[from] > 2 || root_of(parents, from) == root_of(parents, to)) parting = from;
        if (++arms[to] > 2) parting = to;
        parents[root_of(parents, from)] = root_of(parents, to);
    }
    free(parents);
    free(arms);
    free(used);
    return parting;
}

static bool find_answers(const struct demand *demand, struct theoretical *theoretical) {
    const int32_t parting = parting_station(demand);
    if (parting == -2) return false;
    theoretical->bound = least_of(demand, theoretical, -1);
    for (int32_t k = 0; k < theoretical->pattern_count; k++) {
        struct theoretical_answer *answer = &theoretical->patterns[k].answer;
        if (parting >= 0) {
            *answer = no_answer();
            snprintf(answer->reason, sizeof answer->reason, "the trains' routes part at %s",
                     demand->scenario->network.stations[parting].id);
            continue;
        }
        *answer = least_of(demand, theoretical, k);
    }
    return true;
}

bool theoretical_find(const struct demand *demand, const int32_t *fleets, int32_t fleet_count,
                      struct theoretical *theoretical, struct failure *failure) {
    struct separations separations;
    *theoretical = (struct theoretical){.pattern_count = fleet_count};
    for (int32_t k = 0; k < fleet_count; k++) theoretical->patterns[k].fleet = fleets[k];
    if (!separations_find(demand, &separations, failure)) return false;
    const bool well = find_stretches(demand, &separations, theoretical) && find_answers(demand, theoretical);
    separations_free(&separations);
    if (well) return true;
    theoretical_free(theoretical);
    return failure_set(failure, "out of memory");
}

void theoretical_free(struct theoretical *theoretical) {
    free(theoretical->stretches);
    *theoretical = (struct theoretical){0};
}
