#include "railway/timetable.h"

#include <stdlib.h>

enum { DAYS_PER_WEEK = 7, EVERY_DAY = 0x7f };

const struct train_plan *timetable_root(const struct timetable *timetable, const struct train_plan *plan) {
    while (plan->return_of >= 0) plan = &timetable->plans[plan->return_of];
    return plan;
}

int32_t train_plan_days_a_week(const struct train_plan *plan) {
    const unsigned weekdays = (plan->weekdays & EVERY_DAY) == 0 ? EVERY_DAY : plan->weekdays;
    int32_t days = 0;
    for (int32_t day = 0; day < DAYS_PER_WEEK; day++) days += weekdays >> day & 1;
    return days;
}

double timetable_trains_per_day(const struct timetable *timetable, int32_t plan) {
    const struct train_plan *root = timetable_root(timetable, &timetable->plans[plan]);
    if (root->kind == PLAN_TIMETABLE) return 1;
    double a_day = root->weight;
    if (root->arrivals == ARRIVALS_REGULAR && root->trains_per_day > 0)
        a_day = root->trains_per_day;
    else if (root->arrivals != ARRIVALS_SATURATED)
        a_day = (double)(root->last_ms - root->first_ms) / root->interval_ms;
    return a_day * train_plan_days_a_week(root) / DAYS_PER_WEEK;
}

static void train_plan_free(struct train_plan *plan) {
    for (int32_t i = 0; i < plan->call_count; i++) law_free(&plan->calls[i].dwell);
    law_free(&plan->entry_delay);
    free(plan->calls);
    free(plan->route);
    free(plan->id);
}

void timetable_free(struct timetable *timetable) {
    if (!timetable) return;
    for (int32_t i = 0; i < timetable->plan_count; i++) train_plan_free(&timetable->plans[i]);
    free(timetable->plans);
    *timetable = (struct timetable){0};
}
