#include "freight/flow.h"

#include <stdlib.h>

#include "railway/network.h"

const struct terminal *traffic_terminal(const struct traffic *traffic, int32_t station) {
    for (int32_t i = 0; i < traffic->terminal_count; i++)
        if (traffic->terminals[i].station == station) return &traffic->terminals[i];
    return NULL;
}

double terminal_shift_share(const struct terminal *terminal) {
    int64_t shifts_ms = 0;
    for (int32_t i = 0; i < terminal->shift_count; i++)
        shifts_ms += terminal->shifts[i].to_ms - terminal->shifts[i].from_ms;
    return terminal->shift_count > 0 ? (double)shifts_ms / (double)MILLISECONDS_PER_DAY : 1;
}

void traffic_free_flows(struct traffic *traffic) {
    for (int32_t i = 0; i < traffic->flow_count; i++) {
        free(traffic->flows[i].id);
        free(traffic->flows[i].commodity);
    }
    free(traffic->flows);
    traffic->flows = NULL;
    traffic->flow_count = 0;
}

void traffic_free(struct traffic *traffic) {
    traffic_free_flows(traffic);
    free(traffic->terminals);
    *traffic = (struct traffic){0};
}
