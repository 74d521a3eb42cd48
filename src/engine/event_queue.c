#include "engine/event_queue.h"
#include "engine/event_queue_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* An entry of the heap, most significant first: time 64, class 8, push order 32, slot 24. No two entries are equal, so
 * the order of popping depends on nothing but the keys. */
__extension__ typedef unsigned __int128 entry;

enum { SLOT_BITS = 24, ORDER_BITS = 32, CLASS_SHIFT = SLOT_BITS + ORDER_BITS };

#define SLOT_LIMIT ((size_t)1 << SLOT_BITS)
#define SLOT_MASK (SLOT_LIMIT - 1)
#define GENERATION_LIMIT (UINT64_C(1) << (64 - SLOT_BITS))
#define NO_SLOT UINT32_MAX

enum { CACHE_LINE = 64, FIRST_CAPACITY = 64 };

static_assert(EVENT_QUEUE_GREATEST_ORDER == (UINT64_C(1) << ORDER_BITS) - 1, "the order field holds every order");

/* What an entry carries besides its place in time. The generation is odd while the event is pending and even while it
 * is not (cancelled, or the slot free); a handle is valid while its generation equals the slot's. */
struct slot {
    uint64_t generation;
    uint32_t kind;
    uint32_t subject; /* while the slot is free: the next free one */
};

struct event_queue {
    entry *heap;         /* heap[1] is the root; the children of i are 2i and 2i + 1, always in one cache line */
    struct slot *slots;  /* as many as entries: an entry keeps its slot until it leaves the heap */
    size_t capacity;     /* entries there is memory for */
    size_t entry_count;  /* entries, the vacant root and the cancelled ones included */
    size_t cancelled;    /* entries that are dropped when they come to the root */
    size_t slot_count;   /* slots ever used */
    uint64_t next_order; /* of the next push */
    uint32_t free_slot;  /* head of the list of free slots */
    bool vacant;         /* the root was popped and not yet replaced: the next push may take its place in one sift */
};

static inline size_t entry_slot(entry key) {
    return (size_t)key & SLOT_MASK;
}

static inline int64_t entry_time(entry key) {
    return (int64_t)(uint64_t)(key >> 64);
}

static inline bool entry_is_pending(const struct event_queue *queue, entry key) {
    return queue->slots[entry_slot(key)].generation & 1;
}

struct event_queue *event_queue_create(void) {
    struct event_queue *queue = calloc(1, sizeof *queue);
    if (!queue) return NULL;
    queue->free_slot = NO_SLOT;
    return queue;
}

void event_queue_destroy(struct event_queue *queue) {
    if (!queue) return;
    free(queue->heap);
    free(queue->slots);
    free(queue);
}

/* Moves both tables to memory for `capacity` entries; the old ones stay when there is none. */
static bool set_capacity(struct event_queue *queue, size_t capacity) {
    size_t heap_bytes = (capacity + 1) * sizeof(entry);
    heap_bytes = (heap_bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    entry *heap = aligned_alloc(CACHE_LINE, heap_bytes);
    struct slot *slots = malloc(capacity * sizeof *slots);
    if (!heap || !slots) {
        free(heap);
        free(slots);
        return false;
    }
    if (queue->entry_count) memcpy(heap + 1, queue->heap + 1, queue->entry_count * sizeof *heap);
    if (queue->slot_count) memcpy(slots, queue->slots, queue->slot_count * sizeof *slots);
    free(queue->heap);
    free(queue->slots);
    queue->heap = heap;
    queue->slots = slots;
    queue->capacity = capacity;
    return true;
}

bool event_queue_reserve(struct event_queue *queue, size_t count) {
    if (count > SLOT_LIMIT) return false;
    /* A cancellation leaves at most as many cancelled entries as pending ones, and only a cancellation makes any. */
    size_t wanted = count > SLOT_LIMIT / 2 ? SLOT_LIMIT : 2 * count;
    return wanted <= queue->capacity || set_capacity(queue, wanted);
}

bool event_queue_copy(struct event_queue *target, const struct event_queue *source) {
    if (target == source) return true;
    if (target->capacity < source->slot_count) {
        /* What is there is about to be overwritten: do not carry it over. */
        target->entry_count = target->cancelled = target->slot_count = 0;
        target->vacant = false;
        target->free_slot = NO_SLOT;
        if (!set_capacity(target, source->capacity)) return false;
    }
    if (source->entry_count) memcpy(target->heap + 1, source->heap + 1, source->entry_count * sizeof *source->heap);
    if (source->slot_count) memcpy(target->slots, source->slots, source->slot_count * sizeof *source->slots);
    target->entry_count = source->entry_count;
    target->cancelled = source->cancelled;
    target->slot_count = source->slot_count;
    target->next_order = source->next_order;
    target->free_slot = source->free_slot;
    target->vacant = source->vacant;
    return true;
}

/* Puts `key` into the hole at `hole`, or below it after moving lesser entries up. */
static inline void sift_down(entry *heap, size_t count, size_t hole, entry key) {
    size_t child;
    while ((child = 2 * hole) < count) {
        child += heap[child + 1] < heap[child];
        if (key < heap[child]) break;
        heap[hole] = heap[child];
        hole = child;
    }
    if (child == count && heap[child] < key) {
        heap[hole] = heap[child];
        hole = child;
    }
    heap[hole] = key;
}

/* Puts `key` into the hole at `hole`, or above it after moving greater entries down. */
static inline void sift_up(entry *heap, size_t hole, entry key) {
    while (hole > 1 && key < heap[hole / 2]) {
        heap[hole] = heap[hole / 2];
        hole /= 2;
    }
    heap[hole] = key;
}

static void fill_vacant_root(struct event_queue *queue) {
    if (!queue->vacant) return;
    queue->vacant = false;
    entry last = queue->heap[queue->entry_count--];
    if (queue->entry_count) sift_down(queue->heap, queue->entry_count, 1, last);
}

/* Puts every entry where it belongs after they were rewritten in any order. */
static void restore_heap(struct event_queue *queue) {
    for (size_t i = queue->entry_count / 2; i >= 1; i--) sift_down(queue->heap, queue->entry_count, i, queue->heap[i]);
}

static inline void free_slot(struct event_queue *queue, size_t index) {
    struct slot *slot = &queue->slots[index];
    if (slot->generation >= GENERATION_LIMIT) return; /* worn out: another use would repeat a handle */
    slot->subject = queue->free_slot;
    queue->free_slot = (uint32_t)index;
}

/* Frees the slots of cancelled entries and closes the gaps they leave. Its cost is at most a constant for each
 * cancellation since the last time. */
static void drop_cancelled(struct event_queue *queue) {
    fill_vacant_root(queue);
    size_t kept = 0;
    for (size_t i = 1; i <= queue->entry_count; i++) {
        entry key = queue->heap[i];
        if (entry_is_pending(queue, key)) {
            queue->heap[++kept] = key;
        } else {
            free_slot(queue, entry_slot(key));
        }
    }
    queue->entry_count = kept;
    queue->cancelled = 0;
    restore_heap(queue);
}

/* Gives the entries the orders 0, 1, 2 … they already stand in, so that the counter can start again behind them. Sorts
 * within the heap, greatest entry to the end: a push must not need memory for it. */
__attribute__((noinline, cold)) static void renumber(struct event_queue *queue) {
    fill_vacant_root(queue);
    entry *heap = queue->heap;
    for (size_t last = queue->entry_count; last > 1; last--) {
        entry least = heap[1];
        sift_down(heap, last - 1, 1, heap[last]);
        heap[last] = least;
    }
    const entry order_mask = (entry)EVENT_QUEUE_GREATEST_ORDER << SLOT_BITS;
    queue->next_order = queue->entry_count;
    for (size_t i = 1; i <= queue->entry_count; i++)
        heap[i] = (heap[i] & ~order_mask) | (entry)(queue->entry_count - i) << SLOT_BITS;
    restore_heap(queue);
}

/* Makes sure that take_slot finds one. */
__attribute__((noinline, cold)) static bool make_room(struct event_queue *queue) {
    if (queue->capacity < SLOT_LIMIT) {
        size_t doubled = queue->capacity ? 2 * queue->capacity : FIRST_CAPACITY;
        return set_capacity(queue, doubled < SLOT_LIMIT ? doubled : SLOT_LIMIT);
    }
    if (queue->cancelled) drop_cancelled(queue);
    return queue->free_slot != NO_SLOT;
}

static inline size_t take_slot(struct event_queue *queue) {
    size_t index = queue->free_slot;
    if (index != NO_SLOT) {
        queue->free_slot = queue->slots[index].subject;
        return index;
    }
    queue->slots[queue->slot_count].generation = 0;
    return queue->slot_count++;
}

event_handle event_queue_push(struct event_queue *queue, int64_t time_ms, uint8_t order_class, uint32_t kind,
                              uint32_t subject) {
    if (time_ms < 0) return 0;
    if (queue->free_slot == NO_SLOT && queue->slot_count == queue->capacity && !make_room(queue)) return 0;
    if (queue->next_order > EVENT_QUEUE_GREATEST_ORDER) renumber(queue);

    uint64_t low = (uint64_t)order_class << CLASS_SHIFT | queue->next_order++ << SLOT_BITS;
    size_t index = take_slot(queue);
    struct slot *slot = &queue->slots[index];
    slot->generation++;
    slot->kind = kind;
    slot->subject = subject;
    low |= index;

    entry key = (entry)(uint64_t)time_ms << 64 | low;
    if (queue->vacant) {
        queue->vacant = false;
        sift_down(queue->heap, queue->entry_count, 1, key);
    } else {
        sift_up(queue->heap, ++queue->entry_count, key);
    }
    return slot->generation << SLOT_BITS | index;
}

bool event_queue_cancel(struct event_queue *queue, event_handle handle) {
    size_t index = handle & SLOT_MASK;
    uint64_t generation = handle >> SLOT_BITS;
    if (index >= queue->slot_count || !(generation & 1)) return false;
    if (queue->slots[index].generation != generation) return false;
    queue->slots[index].generation++;
    queue->cancelled++;
    if (queue->cancelled > event_queue_count(queue)) drop_cancelled(queue);
    return true;
}

/* Brings a pending event to the root; false when there is none. */
static inline bool settle_root(struct event_queue *queue) {
    fill_vacant_root(queue);
    while (queue->entry_count && !entry_is_pending(queue, queue->heap[1])) {
        free_slot(queue, entry_slot(queue->heap[1]));
        queue->cancelled--;
        queue->vacant = true;
        fill_vacant_root(queue);
    }
    return queue->entry_count > 0;
}

bool event_queue_pop(struct event_queue *queue, struct event *event) {
    if (!settle_root(queue)) return false;
    entry key = queue->heap[1];
    size_t index = entry_slot(key);
    struct slot *slot = &queue->slots[index];
    *event = (struct event){.time_ms = entry_time(key), .kind = slot->kind, .subject = slot->subject};
    slot->generation++;
    free_slot(queue, index);
    queue->vacant = true;
    return true;
}

/* Apart, so that those who only look need not save and restore what the sifting below needs. */
__attribute__((noinline)) static int64_t settled_next_time(struct event_queue *queue) {
    return settle_root(queue) ? entry_time(queue->heap[1]) : INT64_MAX;
}

static inline int64_t next_time(struct event_queue *queue) {
    const entry *heap = queue->heap;
    if (queue->entry_count > 1 || (queue->entry_count == 1 && !queue->vacant)) {
        entry next = heap[1];
        /* Below a vacant root it is one of the children; look at it there, so that a push can still take the root. */
        if (queue->vacant) next = queue->entry_count > 2 && heap[3] < heap[2] ? heap[3] : heap[2];
        if (entry_is_pending(queue, next)) return entry_time(next);
    }
    return settled_next_time(queue);
}

int64_t event_queue_next_time(struct event_queue *queue) {
    return next_time(queue);
}

bool event_queue_pop_at(struct event_queue *queue, int64_t time_ms, struct event *event) {
    return next_time(queue) == time_ms && event_queue_pop(queue, event);
}

size_t event_queue_count(const struct event_queue *queue) {
    return queue->entry_count - queue->cancelled - queue->vacant;
}

void event_queue_advance_order(struct event_queue *queue, uint64_t order) {
    assert(order >= queue->next_order && order <= EVENT_QUEUE_GREATEST_ORDER + 1);
    queue->next_order = order;
}

void event_queue_age_slots(struct event_queue *queue) {
    assert(queue->entry_count == 0 || (queue->vacant && queue->entry_count == 1));
    for (size_t i = 0; i < queue->slot_count; i++) queue->slots[i].generation = GENERATION_LIMIT - 2;
}

size_t event_queue_entries(const struct event_queue *queue) {
    return queue->entry_count - queue->vacant;
}

size_t event_queue_capacity(const struct event_queue *queue) {
    return queue->capacity;
}
