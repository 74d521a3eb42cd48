/* The containers that are under way, and lists of them: one pool, places used again. Everything
 * refers to them by place, so that the whole can be copied. */
#ifndef BERING_FREIGHT_CONTAINER_H
#define BERING_FREIGHT_CONTAINER_H

#include <stdbool.h>
#include <stdint.h>

enum container_where {
    CONTAINER_NOWHERE,  /* the place is free */
    CONTAINER_IN_YARD,  /* waits */
    CONTAINER_BOARDING, /* of a load; still in the yard, until the crane has lifted it */
    CONTAINER_ABOARD,
    CONTAINER_LEAVING, /* waits for the crane, or hangs on it */
};

enum { GREATEST_HOP = (1 << 26) - 1 };

/* 48 bytes: millions may wait where more is offered than trains can carry. */
struct container {
    int64_t arrived_ms; /* offered */
    int64_t came_ms;    /* to the yard where it waits */
    int64_t loaded_ms;  /* onto its first train; INT64_MIN: not yet */
    int64_t cost_cents;
    uint32_t number;   /* the how many-th of its flow, from 1 */
    int32_t next;      /* in its list, or of the free places; −1: the last */
    int32_t train;     /* boarding, aboard: the load that it is of; else the id of the train it has left, 0: none */
    unsigned hop : 26; /* of the freight plan: the one it is on or waits for */
    unsigned teu : 2;
    unsigned where : 3;   /* enum container_where */
    unsigned counted : 1; /* it belongs to the measured window */
};

struct container_pool {
    struct container *containers;
    int32_t count; /* places ever used */
    int32_t room;
    int32_t free; /* −1: none */
};

/* An empty pool has free = −1 and is else zeroed. A place of which all but `next` is not yet set; −1: out of memory. */
int32_t container_pool_take(struct container_pool *pool);
void container_pool_give(struct container_pool *pool, int32_t place);
bool container_pool_copy(struct container_pool *target, const struct container_pool *source); /* target: not started */
void container_pool_free(struct container_pool *pool);

/* First in, first out. An empty list has first = last = −1. */
struct container_list {
    int32_t first, last;
    int64_t teu;
};

static inline void container_list_add(struct container_list *list, struct container *containers, int32_t place) {
    containers[place].next = -1;
    if (list->last >= 0)
        containers[list->last].next = place;
    else
        list->first = place;
    list->last = place;
    list->teu += containers[place].teu;
}

static inline int32_t container_list_take(struct container_list *list, const struct container *containers) {
    const int32_t place = list->first;
    list->first = containers[place].next;
    if (list->first < 0) list->last = -1;
    list->teu -= containers[place].teu;
    return place;
}

#endif
