#include "study/compression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "study/formulas.h"

/* One train over one section, as it ran. */
struct passing {
    int32_t section, line_track, direction, class_index;
    bool from_rest;
    int64_t enter_ms;
};

struct collection {
    const struct demand *demand;
    int64_t from_ms, to_ms; /* the window: known at the end only, since a schedule that runs once ends by itself */
    struct passing *passings;
    size_t count, room;
    int64_t *departures_ms;
    size_t train_count, train_room;
    bool no_memory;
};

/* Room for one more; false when out of memory. */
static bool make_room(void **items, size_t size, size_t count, size_t *room) {
    if (count < *room) return true;
    const size_t more = *room > 0 ? 2 * *room : 1024;
    void *larger = realloc(*items, more * size);
    if (larger == NULL) return false;
    *items = larger;
    *room = more;
    return true;
}

static void add_passing(struct collection *collection, struct passing passing) {
    void *items = collection->passings;
    if (!make_room(&items, sizeof passing, collection->count, &collection->room)) {
        collection->no_memory = true;
        return;
    }
    collection->passings = items;
    collection->passings[collection->count++] = passing;
}

static void add_departure(struct collection *collection, int64_t departure_ms) {
    void *items = collection->departures_ms;
    if (!make_room(&items, sizeof departure_ms, collection->train_count, &collection->train_room)) {
        collection->no_memory = true;
        return;
    }
    collection->departures_ms = items;
    collection->departures_ms[collection->train_count++] = departure_ms;
}

/* Passage k leads from call k to the next: it begins from rest where the train stood at its beginning. */
static void on_train(void *context, const struct train_record *train) {
    struct collection *collection = context;
    if (train->departure_ms != TIME_NONE) add_departure(collection, train->departure_ms);
    for (int32_t k = 0; k < train->passage_count; k++) {
        const struct train_passage *passage = &train->passages[k];
        add_passing(collection, (struct passing){.section = passage->section,
                                                 .line_track = passage->line_track,
                                                 .direction = passage->direction,
                                                 .class_index = collection->demand->class_of_plan[train->plan],
                                                 .from_rest = k == 0 || train->calls[k].stopped,
                                                 .enter_ms = passage->enter_ms});
    }
}

static void on_end(void *context, const struct run_summary *summary) {
    struct collection *collection = context;
    collection->from_ms = summary->window_from_ms;
    collection->to_ms = summary->window_to_ms;
}

static bool in_window(const struct collection *collection, int64_t time_ms) {
    return time_ms >= collection->from_ms && time_ms < collection->to_ms;
}

static double departed(const struct collection *collection) {
    double count = 0;
    for (size_t i = 0; i < collection->train_count; i++)
        if (in_window(collection, collection->departures_ms[i])) count++;
    return count;
}

static int by_time(const void *left, const void *right) {
    const struct passing *a = left, *b = right;
    if (a->enter_ms != b->enter_ms) return a->enter_ms < b->enter_ms ? -1 : 1;
    return a->section - b->section;
}

/* Those in the window, in their order. */
static void put_in_order(struct collection *collection) {
    size_t kept = 0;
    for (size_t i = 0; i < collection->count; i++)
        if (in_window(collection, collection->passings[i].enter_ms))
            collection->passings[kept++] = collection->passings[i];
    collection->count = kept;
    if (kept > 0) qsort(collection->passings, kept, sizeof *collection->passings, by_time);
}

static bool belongs(const struct pinch *pinch, const struct passing *passing) {
    return passing->section == pinch->section && (pinch->line_track == 0 || pinch->line_track == passing->line_track);
}

/* The state a train was in: the one that fits, or of the same class the other way of coming. −1: none. */
static int32_t state_of(const struct pinch *pinch, const struct passing *passing) {
    int32_t otherwise = -1;
    for (int32_t i = 0; i < pinch->state_count; i++) {
        const struct separation_state *state = &pinch->states[i];
        if (state->class_index != passing->class_index || state->direction != passing->direction) continue;
        if (state->from_rest == passing->from_rest) return i;
        otherwise = i;
    }
    return otherwise;
}

/* The passings of a pinch in their order, cyclic: how long they take when pushed together. */
static double push_together(const struct collection *collection, const struct pinch *pinch, int32_t *trains) {
    int32_t first = -1, before = -1;
    double occupied = 0;
    *trains = 0;
    for (size_t i = 0; i < collection->count; i++) {
        if (!belongs(pinch, &collection->passings[i])) continue;
        const int32_t state = state_of(pinch, &collection->passings[i]);
        if (state < 0) continue;
        if (before >= 0) occupied += separation_of(pinch, before, state)->least_min;
        if (first < 0) first = state;
        before = state;
        ++*trains;
    }
    if (first >= 0) occupied += separation_of(pinch, before, first)->least_min;
    return occupied;
}

/* Takes a pinch up into the section it is a part of; of several blocks the fullest counts. */
static void take(const struct collection *collection, const struct pinch *pinch, struct compression *compression) {
    struct compressed_section *last =
        compression->section_count > 0 ? &compression->sections[compression->section_count - 1] : NULL;
    const bool same = last != NULL && last->section == pinch->section && last->line_track == pinch->line_track;
    int32_t trains;
    const double occupied = push_together(collection, pinch, &trains);
    if (trains == 0 || isinf(occupied) || (same && occupied <= last->occupied_min)) return;
    struct compressed_section *section = same ? last : &compression->sections[compression->section_count++];
    const double window_min = (double)(collection->to_ms - collection->from_ms) / 60000;
    *section = (struct compressed_section){.section = pinch->section,
                                           .line_track = pinch->line_track,
                                           .trains = trains,
                                           .occupied_min = occupied,
                                           .open_min = window_min * pinch->open_share[0]};
    section->occupancy = section->open_min > 0 ? occupied / section->open_min : (double)NAN;
    const double days = window_min / 1440;
    section->trains_per_day = departed(collection) / days * compression->ceiling / section->occupancy;
}

static void find_fullest(const struct demand *demand, struct compression *compression) {
    for (int32_t i = 0; i < compression->section_count; i++)
        if (compression->limiting < 0 ||
            compression->sections[i].occupancy > compression->sections[compression->limiting].occupancy)
            compression->limiting = i;
    if (compression->limiting < 0) return;
    const struct compressed_section *fullest = &compression->sections[compression->limiting];
    compression->applies = true;
    compression->occupancy = fullest->occupancy;
    compression->trains_per_day = fullest->trains_per_day;
    compression->forward_per_day = fullest->trains_per_day * demand->forward_share;
    compression->backward_per_day = fullest->trains_per_day - compression->forward_per_day;
    compression->teu_per_day = fullest->trains_per_day * demand->teu_per_train;
}

static bool compress(const struct collection *collection, const struct demand *demand, struct compression *compression,
                     struct failure *failure) {
    struct separations separations;
    if (!separations_find(demand, &separations, failure)) return false;
    compression->sections = calloc((size_t)separations.pinch_count + 1, sizeof *compression->sections);
    const bool good = compression->sections != NULL;
    for (int32_t i = 0; good && i < separations.pinch_count; i++)
        take(collection, &separations.pinches[i], compression);
    separations_free(&separations);
    if (!good) return failure_set(failure, "there is not enough memory");
    find_fullest(demand, compression);
    if (!compression->applies) snprintf(compression->reason, sizeof compression->reason, "no train ran in the window");
    return true;
}

bool compression_find(const struct simulation_plan *plan, const struct demand *demand, const atomic_bool *stop,
                      struct compression *compression, struct failure *failure) {
    *compression = (struct compression){.ceiling = occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY),
                                        .trains_per_day = NAN,
                                        .forward_per_day = NAN,
                                        .backward_per_day = NAN,
                                        .teu_per_day = NAN,
                                        .occupancy = NAN,
                                        .limiting = -1};
    struct collection collection = {.demand = demand};
    const struct simulation_options options = {.replication = 1, .stop = stop, .no_freight = true};
    const struct observer observer = {.context = &collection, .train = on_train, .end = on_end};
    const enum simulation_result result = simulation_run(plan, &options, &observer);
    bool good = true;
    if (result == SIMULATION_INTERRUPTED)
        good = failure_set(failure, "interrupted");
    else if (result == SIMULATION_NO_MEMORY || collection.no_memory)
        good = failure_set(failure, "there is not enough memory");
    else if (result == SIMULATION_DEADLOCKED)
        snprintf(compression->reason, sizeof compression->reason, "the timetable deadlocks");
    else {
        put_in_order(&collection);
        good = compress(&collection, demand, compression, failure);
    }
    free(collection.passings);
    free(collection.departures_ms);
    if (!good) compression_free(compression);
    return good;
}

void compression_free(struct compression *compression) {
    free(compression->sections);
    *compression = (struct compression){0};
}
