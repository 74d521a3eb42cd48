#include "freight/container.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct container) == 48, "a container takes 48 bytes");

int32_t container_pool_take(struct container_pool *pool) {
    if (pool->free >= 0) {
        const int32_t place = pool->free;
        pool->free = pool->containers[place].next;
        return place;
    }
    if (pool->count == pool->room) {
        if (pool->room > INT32_MAX / 2) return -1;
        const int32_t room = pool->room ? 2 * pool->room : 1024;
        struct container *containers = realloc(pool->containers, (size_t)room * sizeof *containers);
        if (!containers) return -1;
        pool->containers = containers;
        pool->room = room;
    }
    return pool->count++;
}

void container_pool_give(struct container_pool *pool, int32_t place) {
    pool->containers[place].where = CONTAINER_NOWHERE;
    pool->containers[place].next = pool->free;
    pool->free = place;
}

bool container_pool_copy(struct container_pool *target, const struct container_pool *source) {
    *target = *source;
    target->room = source->count;
    if (source->count == 0) {
        target->containers = NULL;
        return true;
    }
    target->containers = malloc((size_t)source->count * sizeof *target->containers);
    if (target->containers)
        memcpy(target->containers, source->containers, (size_t)source->count * sizeof *target->containers);
    return target->containers != NULL;
}

void container_pool_free(struct container_pool *pool) {
    free(pool->containers);
    *pool = (struct container_pool){.free = -1};
}
