/* Arrays that grow, for the modules of this room. */
#ifndef BERING_CHART_ARRAY_H
#define BERING_CHART_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Makes room for one more item behind `count`; the array may move. NULL: out of memory, and the array is as it was. */
static inline void *array_room(void *items, int32_t count, int32_t *room, size_t item_size) {
    if (count < *room) return items;
    const int32_t wanted = *room < 16 ? 16 : *room * 2;
    void *grown = realloc(items, (size_t)wanted * item_size);
    if (grown != NULL) *room = wanted;
    return grown;
}

#endif
