#include "simulation/waits.h"

void waits_begin(struct train *train, int64_t now_ms) {
    train->noted_ms = now_ms;
    train->knock_on_ms = train->possession_ms = train->scheduled_ms = train->longest_for_ms = 0;
    train->cause = WAIT_NONE;
    train->cause_train = train->longest_train = 0;
}

/* Charges the time since the last note to the cause noted then. */
void waits_charge(struct train *train, int64_t until_ms) {
    int64_t waited = until_ms - train->noted_ms;
    if (waited > 0 && train->cause == WAIT_POSSESSION) train->possession_ms += waited;
    if (waited > 0 && train->cause == WAIT_SCHEDULED) train->scheduled_ms += waited;
    if (waited > 0 && train->cause == WAIT_KNOCK_ON) {
        train->knock_on_ms += waited;
        if (waited > train->longest_for_ms) {
            train->longest_for_ms = waited;
            train->longest_train = train->cause_train;
        }
    }
    if (until_ms > train->noted_ms) train->noted_ms = until_ms;
}

int64_t waits_train_id(const struct simulation *simulation, int32_t slot) {
    return slot >= 0 && simulation->trains[slot].phase != PHASE_FREE ? simulation->trains[slot].id : 0;
}

void waits_note(struct simulation *simulation, int32_t slot, enum wait_cause cause, int64_t blocking_id) {
    struct train *train = &simulation->trains[slot];
    waits_charge(train, simulation->now_ms);
    train->cause = cause;
    train->cause_train = blocking_id;
}
