#include "freight/flow.h"

#include <stdlib.h>

const struct terminal *traffic_terminal(const struct traffic *traffic, int32_t station) {
    for (int32_t i = 0; i < traffic->terminal_count; i++)
        if (traffic->terminals[i].station == station) return &traffic->terminals[i];
    return NULL;
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
