#include <math.h>
#include <string.h>

#include "audit/world_reading.h"

static bool runs_on(const struct audit_world *world, const struct audit_plan *plan, int64_t day) {
    const int64_t weekday = (day - 1 + world->first_weekday) % 7;
    return (plan->weekdays >> weekday & 1) != 0;
}

/* Digits without a nought before them, up to `end`; 0: something else. */
static int64_t whole_number(const char *text, const char *end) {
    int64_t number = 0;
    if (end - text < 1 || end - text > 9 || *text == '0') return 0;
    for (; text < end; text++) {
        if (*text < '0' || *text > '9') return 0;
        number = number * 10 + (*text - '0');
    }
    return number;
}

/* Whether a service has a train of this number on this day. Those that turn round, or are always there, have as many
 * as it happens to become, on whatever day. */
static bool has_train(const struct audit_world *world, const struct audit_plan *plan, int64_t day, int64_t number) {
    if (plan->return_of >= 0 || plan->arrivals == AUDIT_SATURATED) return true;
    if (world->repeat_once && day > 1) return false;
    return runs_on(world, plan, day) && (plan->arrivals == AUDIT_POISSON || number <= plan->trains_per_day);
}

struct audit_train_name audit_train_name(const struct audit_world *world, const char *name) {
    const struct audit_train_name nothing = {.plan = -1};
    char id[64];
    const char *at = strchr(name, '@'), *end = name + strlen(name);
    const size_t length = at != NULL ? (size_t)(at - name) : (size_t)(end - name);
    if (length >= sizeof id) return nothing;
    memcpy(id, name, length);
    id[length] = '\0';
    struct audit_train_name parts = {.plan = audit_world_plan(world, id)};
    if (parts.plan < 0) return nothing;
    const struct audit_plan *plan = &world->plans[parts.plan];
    if (at == NULL) return !plan->service && world->repeat_once ? parts : nothing;
    const char *dot = strchr(at, '.');
    if (plan->service != (dot != NULL) || (!plan->service && world->repeat_once)) return nothing;
    parts.day = whole_number(at + 1, dot != NULL ? dot : end);
    if (dot != NULL) parts.number = whole_number(dot + 1, end);
    if (parts.day == 0 || (dot != NULL && parts.number == 0)) return nothing;
    return !plan->service || has_train(world, plan, parts.day, parts.number) ? parts : nothing;
}

int64_t audit_planned_departure(const struct audit_world *world, const struct audit_train_name *name) {
    if (name->plan < 0 || name->plan >= world->plan_count) return -1;
    const struct audit_plan *plan = &world->plans[name->plan];
    const int64_t begins_ms = (name->day > 0 ? name->day - 1 : 0) * WORLD_DAY_MS;
    if (!plan->service) {
        const struct audit_call *first = &world->calls[plan->first_call];
        return begins_ms + (first->departure_ms >= 0 ? first->departure_ms : first->arrival_ms);
    }
    if (plan->return_of >= 0 || plan->arrivals != AUDIT_REGULAR || name->number < 1) return -1;
    return begins_ms + plan->first_ms + llround((double)(name->number - 1) * plan->interval_ms);
}
