#include "dispatch/policy.h"
#include "dispatch/rivals.h"

static int compare(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    if (a->priority != b->priority) return a->priority > b->priority ? -1 : 1;
    double a_cost = (double)a->lateness_ms * a->delay_weight, b_cost = (double)b->lateness_ms * b->delay_weight;
    if (a_cost != b_cost) return a_cost > b_cost ? -1 : 1;
    return dispatch_compare_first_come(a, b);
}

static struct dispatch_answer permit(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request) {
    return dispatch_hold_for_rivals(&dispatch_priority, state, view, request);
}

const struct dispatch_policy dispatch_priority = {.name = "priority", .compare = compare, .permit = permit};
