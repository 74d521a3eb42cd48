#include "dispatch/policy.h"
#include "dispatch/rivals.h"

int dispatch_compare_first_come(const struct dispatch_request *a, const struct dispatch_request *b) {
    if (a->since_ms != b->since_ms) return a->since_ms < b->since_ms ? -1 : 1;
    if (a->ready_ms != b->ready_ms) return a->ready_ms < b->ready_ms ? -1 : 1;
    if (a->row != b->row) return a->row < b->row ? -1 : 1;
    return a->train_id < b->train_id ? -1 : a->train_id > b->train_id;
}

static int compare(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    return dispatch_compare_first_come(a, b);
}

static struct dispatch_answer permit(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request) {
    return dispatch_hold_for_rivals(&dispatch_first_come, state, view, request);
}

const struct dispatch_policy dispatch_first_come = {.name = "fcfs", .compare = compare, .permit = permit};
