/* The event list: what happens next, and at what time.
 *
 * An implicit binary heap of 16-byte entries, each one 128-bit key: time in the high half; class, push order and
 * slot in the low half. One compare orders events by time, then by class (lower first), then first-in-first-out.
 * A handle names an event until it is popped or cancelled; a cancelled entry stays in the heap (its slot no longer
 * counts as pending) and is dropped when it comes to the top, or with all the others of its kind as soon as a
 * cancellation makes them outnumber the pending ones. At most 16,777,216 (2^24) events can be pending.
 *
 * Times are milliseconds from the scenario's start and never negative. The queue owns its memory; it grows only in
 * event_queue_push, so that after event_queue_reserve(q, n) no push with fewer than n pending events allocates.
 * The queue holds no pointers into itself and event_queue_copy makes an independent one (a look-ahead replays it). */
#ifndef BERING_ENGINE_EVENT_QUEUE_H
#define BERING_ENGINE_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an event carries: two words whose meaning belongs to the model that pushed it. */
struct event {
    int64_t time_ms;
    uint32_t kind;    /* the model's own enumeration */
    uint32_t subject; /* the model's own index: a train, a station … */
};

/* Names one pending event; 0 names none. Never reused while the queue lives (slot and generation together). */
typedef uint64_t event_handle;

struct event_queue;

/* Returns NULL when out of memory. */
struct event_queue *event_queue_create(void);
void event_queue_destroy(struct event_queue *queue); /* NULL is allowed */

/* Makes room for `count` pending events; false when out of memory (the queue is unchanged). */
bool event_queue_reserve(struct event_queue *queue, size_t count);

/* Makes `target` an exact copy of `source`: same pending events, same order, same handles (what `target` held is gone).
 * Allocates only when `target` has never been as large. False when out of memory; `target` is then empty. */
bool event_queue_copy(struct event_queue *target, const struct event_queue *source);

/* Adds an event; `order_class` (0–255) decides between events of the same time, the lower first; within one class the
 * first pushed comes first, however many were pushed between. Returns its handle, or 0 when out of memory, when there
 * are 2^24 pending events already or when `time_ms` is negative. A push right after a pop is cheaper than either alone.
 */
event_handle event_queue_push(struct event_queue *queue, int64_t time_ms, uint8_t order_class, uint32_t kind,
                              uint32_t subject);

/* Cancels a pending event. False (and nothing happens) if the handle is 0, was popped or was cancelled before. */
bool event_queue_cancel(struct event_queue *queue, event_handle handle);

/* Takes the earliest event into *event; false when none is pending. */
bool event_queue_pop(struct event_queue *queue, struct event *event);

/* Takes the earliest event into *event if its time is `time_ms`; false, and nothing happens, if it is another or none is
 * pending. */
bool event_queue_pop_at(struct event_queue *queue, int64_t time_ms, struct event *event);

/* The time of the earliest pending event; INT64_MAX when none is pending. */
int64_t event_queue_next_time(struct event_queue *queue);

/* Pending events, cancelled ones not counted. */
size_t event_queue_count(const struct event_queue *queue);

#endif
