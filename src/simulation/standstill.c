#include "simulation/standstill.h"

#include <stdlib.h>

#include "simulation/dispatching.h"
#include "simulation/proposals.h"
#include "simulation/requests.h"

static void wake_all(struct simulation *simulation) {
    for (int32_t slot = 0; slot < simulation->train_room; slot++)
        if (simulation->trains[slot].phase != PHASE_FREE) requests_wake(simulation, slot);
}

/* Starts the policy's first choice that interlocking and deadlock rule allow, whatever the policy holds. */
static bool force_one(struct simulation *simulation) {
    wake_all(simulation);
    bool granted = false;
    simulation->forcing = true;
    while (simulation->ready_count > 0 && !granted) {
        int32_t slot = dispatching_take_first(simulation);
        granted = dispatching_try(simulation, slot, true);
    }
    simulation->forcing = false;
    while (simulation->ready_count > 0) simulation->trains[simulation->ready[--simulation->ready_count]].queued = false;
    return granted;
}

bool standstill_due(const struct simulation *simulation) {
    return event_queue_count(simulation->events) > (size_t)simulation->latecomers_due;
}

/* Nothing moves and nothing is due: tries everybody, then forces one. Where lengths matter a search may have met its
 * bound and refused what is safe: before the line counts as locked, it may take its time. */
bool standstill_resolve(struct simulation *simulation) {
    wake_all(simulation);
    dispatching_run(simulation);
    if (standstill_due(simulation) || simulation->asking_count == 0) return true;
    bool granted = force_one(simulation);
    if (!granted && !standstill_due(simulation) && deadlock_searches(simulation->deadlock) > 0) {
        deadlock_search_deeper(simulation->deadlock, true);
        granted = force_one(simulation);
        deadlock_search_deeper(simulation->deadlock, false);
    }
    simulation->forced_moves += granted;
    if (granted) wake_all(simulation), dispatching_run(simulation);
    return granted || event_queue_count(simulation->events) > 0;
}

static const struct train *train_by_id(const struct simulation *simulation, int64_t id) {
    for (int32_t i = 0; i < simulation->train_room; i++)
        if (simulation->trains[i].phase != PHASE_FREE && simulation->trains[i].id == id) return &simulation->trains[i];
    return NULL;
}

/* Somebody committed to the place it wants next. */
static int64_t blocker_at_target(const struct simulation *simulation, int32_t slot) {
    const struct train *train = &simulation->trains[slot];
    const struct path *path = path_of(simulation, train);
    int32_t next = path->nodes[train->at].next_stand;
    if (next < 0) return 0;
    for (int32_t node = train->at + 1; node <= next; node++) {
        int32_t other = simulation->line->place_first[path->nodes[node].place];
        if (other >= 0 && other != slot) return simulation->trains[other].id;
    }
    return 0;
}

void standstill_report(struct simulation *simulation) {
    simulation->deadlocked = true;
    simulation->waiting = calloc((size_t)simulation->train_room + 1, sizeof *simulation->waiting);
    if (!simulation->waiting) return;
    for (int32_t slot = 0; slot < simulation->train_room; slot++) {
        const struct train *train = &simulation->trains[slot];
        if (train->phase == PHASE_FREE || train->phase == PHASE_LEAVING || train->phase == PHASE_RUNNING) continue;
        struct waiting_train *waiting = &simulation->waiting[simulation->waiting_count++];
        int64_t blocker = blocker_at_target(simulation, slot);
        if (blocker == 0) blocker = train->cause_train;
        const struct train *other = blocker ? train_by_id(simulation, blocker) : NULL;
        *waiting = (struct waiting_train){.train_id = train->id,
                                          .plan = train->trip,
                                          .day = train->day,
                                          .number = train->number,
                                          .station = path_of(simulation, train)->nodes[train->at].station,
                                          .waits_for = other ? other->id : 0,
                                          .waits_for_plan = other ? other->trip : -1,
                                          .waits_for_day = other ? other->day : 0,
                                          .waits_for_number = other ? other->number : 0};
        if (waiting->station < 0) waiting->station = path_of(simulation, train)->nodes[0].station;
    }
}

/* A train has come to stand without a move: is the state still one that can be cleared? At the start, one that cannot
 * ends the run; later it is an incident, and the run goes on as long as anybody can move. */
void standstill_test_after_placing(struct simulation *simulation) {
    if (!simulation->placed) return;
    simulation->placed = false;
    struct deadlock_bindings bindings = {proposals_binding_track, simulation};
    enum deadlock_verdict verdict = deadlock_test_all(simulation->deadlock, simulation->line, &bindings);
    if (verdict == DEADLOCK_NO_MEMORY) simulation->no_memory = true;
    if (verdict == DEADLOCK_UNPROVED) simulation->not_proved = true;
    if (verdict == DEADLOCK_UNSAFE && simulation->now_ms == 0) standstill_report(simulation);
}
