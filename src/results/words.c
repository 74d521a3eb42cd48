#include "results/words.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *run_status_name(enum run_status status) {
    static const char *const names[] = {"running", "complete", "deadlocked", "interrupted", "failed"};
    return names[status];
}

const char *container_status_name(enum container_status status) {
    static const char *const names[] = {[CONTAINER_DELIVERED] = "delivered",
                                        [CONTAINER_RIDING] = "riding",
                                        [CONTAINER_WAITING] = "waiting",
                                        [CONTAINER_REFUSED] = "refused"};
    return names[status];
}

const char *train_status_name(enum train_status status) {
    static const char *const names[] = {"arrived", "running", "waiting", "not_entered", "cancelled"};
    return names[status];
}

const char *wait_cause_name(enum wait_cause cause) {
    static const char *const names[] = {NULL, "scheduled", "primary", "knock_on", "possession", "hazard"};
    return names[cause];
}

const char *direction_name(int32_t direction) {
    return direction == FORWARD ? "forward" : "backward";
}

const char *dispatch_name(enum dispatch_kind dispatch) {
    static const char *const names[] = {"fcfs", "priority", "fleet", "lookahead"};
    return names[dispatch];
}

const char *detail_name(enum detail_level detail) {
    static const char *const names[] = {"summary", "trains", "calls", "blocks", "containers", "full"};
    return names[detail];
}

void train_name(const struct scenario *scenario, int32_t plan, int64_t day, int64_t number,
                char name[TRAIN_NAME_SIZE]) {
    assert(plan >= 0 && plan < scenario->timetable.plan_count);
    const struct train_plan *train_plan = &scenario->timetable.plans[plan];
    if (train_plan->kind == PLAN_SERVICE)
        snprintf(name, TRAIN_NAME_SIZE, "%s@%" PRId64 ".%" PRId64, train_plan->id, day, number);
    else if (scenario->settings.repeat_once)
        snprintf(name, TRAIN_NAME_SIZE, "%s", train_plan->id);
    else
        snprintf(name, TRAIN_NAME_SIZE, "%s@%" PRId64, train_plan->id, day);
}

void scenario_title(const struct scenario *scenario, char *title, size_t size) {
    if (scenario->settings.name != NULL && scenario->settings.name[0] != '\0') {
        snprintf(title, size, "%s", scenario->settings.name);
        return;
    }
    size_t end = strlen(scenario->folder);
    while (end > 1 && scenario->folder[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && scenario->folder[start - 1] != '/') start--;
    if (start == end) start = 0; /* the root */
    snprintf(title, size, "%.*s", (int)(end - start), scenario->folder + start);
}
