/* What the queue's own tests and nobody else may know about it. */
#ifndef BERING_ENGINE_EVENT_QUEUE_INTERNAL_H
#define BERING_ENGINE_EVENT_QUEUE_INTERNAL_H

#include "engine/event_queue.h"

/* The greatest push order an entry can hold; the next push after it renumbers the entries. */
#define EVENT_QUEUE_GREATEST_ORDER UINT64_C(0xffffffff)

/* Acts as though pushes up to `order` had been made already: the next one gets it. Never moves backwards. */
void event_queue_advance_order(struct event_queue *queue, uint64_t order);

/* Acts as though every slot had been used until its generation is one use short of the last. */
void event_queue_age_slots(struct event_queue *queue);

/* Entries in the heap, cancelled ones included. */
size_t event_queue_entries(const struct event_queue *queue);

/* Entries the queue has memory for. */
size_t event_queue_capacity(const struct event_queue *queue);

#endif
