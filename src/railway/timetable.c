#include "railway/timetable.h"

#include <stdlib.h>

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
