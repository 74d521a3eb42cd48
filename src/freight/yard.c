#include "freight/yard.h"

#include <stdlib.h>
#include <string.h>

static int64_t larger(int64_t one, int64_t other) {
    return one > other ? one : other;
}

static int64_t smaller(int64_t one, int64_t other) {
    return one < other ? one : other;
}

void yard_rules_set(struct yard_rules *rules, int64_t container_teu, int64_t train_teu) {
    int64_t there = 0;
    for (int32_t i = 0; i < rules->class_count; i++) there += rules->classes[i].there;
    if (there == 0) return;
    const bool limited = rules->size_teu >= 0;
    rules->share_teu = larger(container_teu, rules->size_teu / there);
    const int64_t guarantee = limited ? larger(container_teu, smaller(rules->share_teu, train_teu)) : 0;
    int64_t left = rules->size_teu;
    for (int32_t i = 0; i < rules->class_count; i++) {
        struct yard_class *class = &rules->classes[i];
        class->admitted = class->there && (!limited || left >= guarantee);
        class->guarantee = class->admitted ? guarantee : 0;
        left -= class->guarantee;
    }
}

bool yard_start(struct yard *yard, const struct yard_rules *rules, int64_t window_from_ms, int64_t window_to_ms) {
    *yard = (struct yard){.rules = rules,
                          .used_teu = calloc((size_t)rules->class_count + 1, sizeof *yard->used_teu),
                          .window_from_ms = window_from_ms,
                          .window_to_ms = window_to_ms};
    for (int32_t i = 0; i < rules->class_count; i++) yard->claimed_teu += rules->classes[i].guarantee;
    return yard->used_teu != NULL;
}

static bool more_pickups(struct yard *yard) {
    const int64_t room = yard->pickup_room ? 2 * yard->pickup_room : 64;
    struct pickup *pickups = malloc((size_t)room * sizeof *pickups);
    if (!pickups) return false;
    for (int64_t i = 0; i < yard->pickup_count; i++)
        pickups[i] = yard->pickups[(yard->first_pickup + i) & (yard->pickup_room - 1)];
    free(yard->pickups);
    yard->pickups = pickups;
    yard->pickup_room = room;
    yard->first_pickup = 0;
    return true;
}

bool yard_copy(struct yard *target, const struct yard *source) {
    const size_t classes = ((size_t)source->rules->class_count + 1) * sizeof *source->used_teu;
    const size_t pickups = (size_t)source->pickup_room * sizeof *source->pickups;
    *target = *source;
    target->used_teu = malloc(classes);
    target->pickups = pickups ? malloc(pickups) : NULL;
    if (!target->used_teu || (pickups && !target->pickups)) return false;
    memcpy(target->used_teu, source->used_teu, classes);
    if (pickups) memcpy(target->pickups, source->pickups, pickups);
    return true;
}

void yard_free(struct yard *yard) {
    free(yard->used_teu);
    free(yard->pickups);
    *yard = (struct yard){0};
}

/* ---- slots ---- */

bool yard_reserve(struct yard *yard, int32_t class, int32_t teu) {
    const struct yard_rules *rules = yard->rules;
    const int64_t guarantee = rules->classes[class].guarantee, used_teu = yard->used_teu[class];
    const int64_t more_teu = larger(used_teu + teu, guarantee) - larger(used_teu, guarantee);
    if (!rules->classes[class].admitted) return false;
    if (rules->size_teu >= 0 && yard->claimed_teu + more_teu > rules->size_teu) return false;
    yard->used_teu[class] += teu;
    yard->claimed_teu += more_teu;
    return true;
}

bool yard_admit(struct yard *yard, int32_t class, int32_t teu) {
    const struct yard_rules *rules = yard->rules;
    if (rules->size_teu >= 0 && yard->used_teu[class] + teu > rules->share_teu) return false;
    return yard_reserve(yard, class, teu);
}

void yard_release(struct yard *yard, int32_t class, int32_t teu) {
    const int64_t guarantee = yard->rules->classes[class].guarantee, used_teu = yard->used_teu[class];
    yard->used_teu[class] -= teu;
    yard->claimed_teu -= larger(used_teu, guarantee) - larger(used_teu - teu, guarantee);
}

/* ---- what stands there ---- */

static void count_until(struct yard *yard, int64_t time_ms) {
    const int64_t from_ms = larger(yard->changed_ms, yard->window_from_ms);
    const int64_t to_ms = smaller(time_ms, yard->window_to_ms);
    yard->changed_ms = time_ms;
    if (to_ms <= from_ms) return;
    yard->teu_ms += (double)yard->teu * (double)(to_ms - from_ms);
    yard->max_teu = larger(yard->max_teu, yard->teu);
}

void yard_enter(struct yard *yard, int64_t time_ms, int32_t teu) {
    count_until(yard, time_ms);
    yard->teu += teu;
    if (time_ms >= yard->window_from_ms && time_ms < yard->window_to_ms)
        yard->max_teu = larger(yard->max_teu, yard->teu);
}

void yard_leave(struct yard *yard, int64_t time_ms, int32_t teu) {
    count_until(yard, time_ms);
    yard->teu -= teu;
}

void yard_deliver(struct yard *yard, int64_t time_ms, int32_t teu) {
    if (yard->rules->pickup_ms == 0) {
        yard_release(yard, 0, teu);
        return;
    }
    yard_enter(yard, time_ms, teu);
    if (yard->pickup_count == yard->pickup_room && !more_pickups(yard)) {
        yard->no_memory = true;
        return;
    }
    const int64_t place = (yard->first_pickup + yard->pickup_count++) & (yard->pickup_room - 1);
    yard->pickups[place] = (struct pickup){time_ms + yard->rules->pickup_ms, teu};
}

int64_t yard_next_pickup_ms(const struct yard *yard) {
    return yard->pickup_count > 0 ? yard->pickups[yard->first_pickup].time_ms : INT64_MAX;
}

void yard_pick_up(struct yard *yard) {
    const struct pickup pickup = yard->pickups[yard->first_pickup];
    yard->first_pickup = (yard->first_pickup + 1) & (yard->pickup_room - 1);
    yard->pickup_count--;
    yard_leave(yard, pickup.time_ms, pickup.teu);
    yard_release(yard, 0, pickup.teu);
}

void yard_finish(struct yard *yard, int64_t end_ms) {
    count_until(yard, end_ms);
}

bool yard_is_sound(const struct yard *yard, const int64_t *used_teu) {
    const struct yard_rules *rules = yard->rules;
    int64_t claimed_teu = 0, used = 0;
    for (int32_t i = 0; i < rules->class_count; i++) {
        if (yard->used_teu[i] != used_teu[i] || used_teu[i] < 0) return false;
        used += used_teu[i];
        claimed_teu += larger(used_teu[i], rules->classes[i].guarantee);
    }
    return claimed_teu == yard->claimed_teu && yard->teu >= 0 && yard->teu <= used &&
           (rules->size_teu < 0 || claimed_teu <= rules->size_teu);
}
