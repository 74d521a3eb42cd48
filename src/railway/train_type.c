#include "railway/train_type.h"

#include <stdlib.h>

#include "railway/network.h"

static int specificity(const struct running_time *row) {
    return 2 * (row->train_type >= 0) + (row->directions != DIRECTION_BOTH_BITS);
}

const struct running_time *running_time_find(const struct running_time *rows, int32_t row_count, int32_t section,
                                             int32_t train_type, unsigned direction_bit) {
    const struct running_time *best = NULL;
    for (int32_t i = 0; i < row_count; i++) {
        const struct running_time *row = &rows[i];
        if (row->section != section || !(row->directions & direction_bit)) continue;
        if (row->train_type >= 0 && row->train_type != train_type) continue;
        if (!best || specificity(row) > specificity(best)) best = row;
    }
    return best;
}

void train_type_free(struct train_type *type) {
    if (!type) return;
    free(type->id);
    free(type->name);
    law_free(&type->running_factor);
    *type = (struct train_type){0};
}
