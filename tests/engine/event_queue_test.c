#include "engine/event_queue.h"
#include "engine/event_queue_internal.h"
#include "engine/stream.h"
#include "suite.h"

#include <string.h>

/* The same queue done the plain way: an array in the order of popping. */
struct plain_event {
    struct event event;
    event_handle handle;
    uint8_t order_class;
};

enum { PLAIN_SIZE = 1024 };

struct plain_queue {
    struct plain_event events[PLAIN_SIZE];
    size_t count;
};

static void plain_push(struct plain_queue *plain, struct plain_event added) {
    size_t place = plain->count++;
    for (; place > 0; place--) {
        const struct plain_event *before = &plain->events[place - 1];
        if (before->event.time_ms < added.event.time_ms) break;
        if (before->event.time_ms == added.event.time_ms && before->order_class <= added.order_class) break;
        plain->events[place] = *before;
    }
    plain->events[place] = added;
}

static void plain_remove(struct plain_queue *plain, size_t place) {
    plain->count--;
    memmove(&plain->events[place], &plain->events[place + 1], (plain->count - place) * sizeof plain->events[0]);
}

/* A queue, its plain double, and random numbers to drive both. */
struct pair {
    struct event_queue *queue;
    struct plain_queue *plain;
};

struct driver {
    struct stream stream;
    uint64_t draw;
};

static uint64_t choose(struct driver *driver, uint64_t below) {
    return (uint64_t)(stream_uniform(&driver->stream, 0, driver->draw++) * (double)below);
}

static void pair_push(struct pair *pair, int64_t time_ms, uint8_t order_class, uint32_t subject) {
    event_handle handle = event_queue_push(pair->queue, time_ms, order_class, order_class, subject);
    REQUIRE(handle != 0);
    bool repeated = false;
    for (size_t i = 0; i < pair->plain->count; i++) repeated |= pair->plain->events[i].handle == handle;
    REQUIRE(!repeated);
    struct event event = {.time_ms = time_ms, .kind = order_class, .subject = subject};
    plain_push(pair->plain, (struct plain_event){.event = event, .handle = handle, .order_class = order_class});
}

/* Pops both and compares; returns the handle that was popped, 0 if there was none. */
static event_handle pair_pop(struct pair *pair) {
    struct event event;
    bool popped = event_queue_pop(pair->queue, &event);
    REQUIRE(popped == (pair->plain->count > 0));
    if (!popped) return 0;
    struct plain_event expected = pair->plain->events[0];
    plain_remove(pair->plain, 0);
    REQUIRE(event.time_ms == expected.event.time_ms);
    REQUIRE(event.kind == expected.event.kind);
    REQUIRE(event.subject == expected.event.subject);
    return expected.handle;
}

static event_handle pair_cancel(struct pair *pair, size_t place) {
    event_handle handle = pair->plain->events[place].handle;
    REQUIRE(event_queue_cancel(pair->queue, handle));
    REQUIRE(!event_queue_cancel(pair->queue, handle));
    plain_remove(pair->plain, place);
    return handle;
}

static void pair_compare(struct pair *pair) {
    REQUIRE(event_queue_count(pair->queue) == pair->plain->count);
    REQUIRE(event_queue_entries(pair->queue) <= 2 * PLAIN_SIZE);
}

/* Chances in a hundred of each operation; what is left looks at the next time. */
struct mix {
    const char *name;
    int pushes;
    int pops;
    int cancels;
    int copies;
    int64_t horizon_ms; /* small: many ties */
    uint64_t classes;
    int operations;
};

static const struct mix mixes[] = {
    {"growing, then pushed against the size", 50, 30, 10, 0, 1000000, 1, 40000},
    {"only ties of one class", 40, 38, 12, 0, 1, 1, 40000},
    {"ties of all classes", 40, 38, 12, 1, 3, 256, 60000},
    {"mostly cancelled", 45, 5, 45, 1, 100000, 4, 60000},
    {"mostly empty", 30, 55, 10, 1, 50, 2, 60000},
    {"pop and push", 45, 45, 0, 2, 10000, 3, 60000},
};

static void step(const struct mix *mix, struct pair *pair, struct pair *other, struct driver *driver,
                 event_handle *dead) {
    int chance = (int)choose(driver, 100);
    struct plain_queue *plain = pair->plain;
    if (chance < mix->pushes) {
        if (plain->count == PLAIN_SIZE) return;
        int64_t time_ms = (int64_t)choose(driver, (uint64_t)mix->horizon_ms);
        pair_push(pair, time_ms, (uint8_t)choose(driver, mix->classes), (uint32_t)driver->draw);
    } else if ((chance -= mix->pushes) < mix->pops) {
        event_handle popped = pair_pop(pair);
        if (popped) *dead = popped;
    } else if ((chance -= mix->pops) < mix->cancels) {
        if (plain->count > 0) *dead = pair_cancel(pair, choose(driver, plain->count));
    } else if ((chance -= mix->cancels) < mix->copies) {
        REQUIRE(event_queue_copy(other->queue, pair->queue));
        *other->plain = *plain;
    } else {
        int64_t expected = plain->count ? plain->events[0].event.time_ms : INT64_MAX;
        REQUIRE(event_queue_next_time(pair->queue) == expected);
    }
}

START_TEST(behaves_as_a_sorted_array) {
    for (size_t m = 0; m < sizeof mixes / sizeof mixes[0]; m++) {
        const struct mix *mix = &mixes[m];
        struct driver driver = {.stream = {.seed = 7, .purpose = STREAM_TEST, .replication = m + 1}};
        struct pair pairs[2];
        for (int i = 0; i < 2; i++)
            pairs[i] = (struct pair){event_queue_create(), calloc(1, sizeof(struct plain_queue))};
        event_handle dead = 0; /* belongs to the queue in use only until the next copy */
        for (int i = 0; i < mix->operations; i++) {
            size_t turn = mix->copies && choose(&driver, 2);
            step(mix, &pairs[turn], &pairs[!turn], &driver, &dead);
            pair_compare(&pairs[turn]);
            if (!mix->copies) REQUIRE(!event_queue_cancel(pairs[turn].queue, dead));
        }
        for (int i = 0; i < 2; i++) {
            while (pair_pop(&pairs[i])) continue;
            REQUIRE(event_queue_entries(pairs[i].queue) == 0);
            event_queue_destroy(pairs[i].queue);
            free(pairs[i].plain);
        }
    }
}
END_TEST

/* What each letter of a script does: + pushes time and class, - pops and expects the subject (the number of the push,
 * from 1), x cancels the push of that number, ? expects the next time. */
struct operation {
    char what;
    int64_t number;
    uint8_t order_class;
};

static const struct operation scripts[][12] = {
    {{'?', INT64_MAX, 0}, {'-', 0, 0}, {'+', 5, 0}, {'?', 5, 0}, {'-', 1, 0}, {'?', INT64_MAX, 0}, {'-', 0, 0}},
    /* ties leave in the order they came, a later push at the same time included */
    {{'+', 5, 1}, {'+', 5, 1}, {'+', 5, 1}, {'-', 1, 0}, {'+', 5, 1}, {'-', 2, 0}, {'-', 3, 0}, {'-', 4, 0}},
    /* class before order, time before class */
    {{'+', 5, 255}, {'+', 5, 1}, {'+', 5, 0}, {'+', 4, 255}, {'-', 4, 0}, {'-', 3, 0}, {'-', 2, 0}, {'-', 1, 0}},
    /* a push before the next one while the root is vacant */
    {{'+', 1, 0}, {'+', 9, 0}, {'-', 1, 0}, {'?', 9, 0}, {'+', 2, 0}, {'?', 2, 0}, {'-', 3, 0}, {'-', 2, 0}},
    /* cancelled at the root, beside a vacant root, and last of all */
    {{'+', 1, 0}, {'+', 2, 0}, {'+', 3, 0}, {'x', 1, 0}, {'?', 2, 0}, {'-', 2, 0}, {'x', 3, 0}, {'?', INT64_MAX, 0}},
    {{'+', 1, 0},
     {'+', 2, 0},
     {'+', 3, 0},
     {'+', 4, 0},
     {'-', 1, 0},
     {'x', 2, 0},
     {'?', 3, 0},
     {'-', 3, 0},
     {'-', 4, 0}},
    /* the ends of time */
    {{'+', INT64_MAX, 0}, {'+', 0, 0}, {'-', 2, 0}, {'?', INT64_MAX, 0}, {'-', 1, 0}, {'-', 0, 0}},
};

static void follow(const struct operation *operation, struct event_queue *queue, event_handle *handles,
                   uint32_t *push_count) {
    struct event event = {0};
    switch (operation->what) {
    case '+':
        *push_count += 1;
        handles[*push_count] = event_queue_push(queue, operation->number, operation->order_class, 0, *push_count);
        ck_assert_uint_ne(handles[*push_count], 0);
        return;
    case '-':
        ck_assert(event_queue_pop(queue, &event) == (operation->number > 0));
        ck_assert_int_eq(event.subject, operation->number);
        return;
    case 'x':
        ck_assert(event_queue_cancel(queue, handles[operation->number]));
        return;
    default:
        ck_assert_int_eq(event_queue_next_time(queue), operation->number);
    }
}

START_TEST(follows_scripts) {
    for (size_t s = 0; s < sizeof scripts / sizeof scripts[0]; s++) {
        struct event_queue *queue = event_queue_create();
        event_handle handles[13] = {0};
        uint32_t push_count = 0;
        for (size_t i = 0; i < 12 && scripts[s][i].what; i++) follow(&scripts[s][i], queue, handles, &push_count);
        event_queue_destroy(queue);
    }
}
END_TEST

START_TEST(refuses_what_it_must) {
    struct event_queue *queue = event_queue_create();
    ck_assert_uint_eq(event_queue_push(queue, -1, 0, 0, 0), 0);
    ck_assert(!event_queue_cancel(queue, 0));
    ck_assert(!event_queue_cancel(queue, UINT64_MAX));
    event_handle handle = event_queue_push(queue, 1, 0, 0, 0);
    ck_assert(!event_queue_cancel(queue, handle + 1));
    struct event event;
    ck_assert(event_queue_pop(queue, &event));
    ck_assert(!event_queue_cancel(queue, handle));
    event_handle next = event_queue_push(queue, 1, 0, 0, 0);
    ck_assert_uint_ne(handle, next);
    ck_assert(!event_queue_cancel(queue, handle));
    ck_assert_uint_eq(event_queue_count(queue), 1);
    ck_assert(!event_queue_reserve(queue, SIZE_MAX));
    ck_assert(event_queue_cancel(queue, next));
    event_queue_destroy(queue);
    event_queue_destroy(NULL);
}
END_TEST

/* Ties pushed across the wrap of the order counter, some popped and some cancelled between: order and handles stay. */
START_TEST(keeps_order_when_the_counter_wraps) {
    enum { COUNT = 100 };
    for (uint64_t before = 0; before <= COUNT; before++) {
        struct event_queue *queue = event_queue_create();
        event_handle handles[COUNT];
        event_queue_advance_order(queue, EVENT_QUEUE_GREATEST_ORDER + 1 - before);
        for (uint32_t i = 0; i < COUNT; i++) {
            struct event event;
            handles[i] = event_queue_push(queue, 5, 3, 0, i);
            if (i != 10) continue;
            REQUIRE(event_queue_pop(queue, &event)); /* leaves the root vacant */
            REQUIRE(event.subject == 0);
        }
        for (uint32_t i = 1; i < COUNT; i++)
            if (i % 3 == 0) REQUIRE(event_queue_cancel(queue, handles[i]));
        for (uint32_t i = 1; i < COUNT; i++) {
            struct event event;
            if (i % 3 == 0) continue;
            REQUIRE(event_queue_pop(queue, &event));
            REQUIRE(event.subject == i);
            REQUIRE(event.time_ms == 5);
        }
        REQUIRE(event_queue_count(queue) == 0);
        event_queue_destroy(queue);
    }
}
END_TEST

START_TEST(never_repeats_a_handle_of_a_worn_out_slot) {
    enum { COUNT = 40 };
    struct event_queue *queue = event_queue_create();
    struct event event;
    event_handle first = event_queue_push(queue, 1, 0, 0, 0);
    ck_assert(event_queue_pop(queue, &event));
    event_queue_age_slots(queue);
    event_handle handles[COUNT];
    for (int i = 0; i < COUNT; i++) {
        handles[i] = event_queue_push(queue, i, 0, 0, 0);
        ck_assert(handles[i] != 0 && handles[i] != first);
        for (int earlier = 0; earlier < i; earlier++) ck_assert(handles[earlier] != handles[i]);
        ck_assert(event_queue_pop(queue, &event));
        ck_assert_int_eq(event.time_ms, i);
        ck_assert(!event_queue_cancel(queue, handles[i]));
    }
    event_queue_destroy(queue);
}
END_TEST

START_TEST(allocates_nothing_after_reserve) {
    for (size_t room = 1; room <= 300; room = room * 3 / 2 + 1) {
        struct event_queue *queue = event_queue_create();
        struct driver driver = {.stream = {.seed = 3, .purpose = STREAM_TEST, .replication = room}};
        event_handle handles[512] = {0};
        ck_assert(event_queue_reserve(queue, room));
        size_t capacity = event_queue_capacity(queue);
        for (int i = 0; i < 20000; i++) {
            struct event event;
            uint64_t chance = choose(&driver, 10);
            if (event_queue_count(queue) < room && chance < 8)
                handles[choose(&driver, 512)] = event_queue_push(queue, (int64_t)choose(&driver, 1000), 0, 0, 0);
            else if (chance < 9)
                event_queue_pop(queue, &event);
            if (chance == 9) event_queue_cancel(queue, handles[choose(&driver, 512)]);
            if (i % 5000 == 4999)
                for (size_t h = 0; h < 512; h++) event_queue_cancel(queue, handles[h]);
        }
        ck_assert_uint_eq(event_queue_capacity(queue), capacity);
        event_queue_destroy(queue);
    }
}
END_TEST

START_TEST(drops_cancelled_entries) {
    struct event_queue *queue = event_queue_create();
    for (uint32_t i = 0; i < 10; i++) event_queue_push(queue, 1000000, 0, 0, i);
    for (int i = 0; i < 100000; i++) {
        REQUIRE(event_queue_cancel(queue, event_queue_push(queue, 1000, 0, 0, 99)));
        REQUIRE(event_queue_entries(queue) <= 20);
        REQUIRE(event_queue_count(queue) == 10);
    }
    REQUIRE(event_queue_capacity(queue) <= 64);
    event_queue_destroy(queue);
}
END_TEST

START_TEST(copies_are_independent) {
    struct event_queue *source = event_queue_create();
    struct event_queue *target = event_queue_create();
    ck_assert(event_queue_copy(target, source)); /* empty into empty */
    event_handle handles[200];
    for (uint32_t i = 0; i < 200; i++) handles[i] = event_queue_push(source, i, 0, 0, i);
    for (int i = 0; i < 500; i++) event_queue_push(target, 1, 0, 0, 0);
    ck_assert(event_queue_copy(target, source)); /* smaller into larger */
    ck_assert(event_queue_copy(source, source));
    ck_assert(event_queue_cancel(target, handles[0]));
    ck_assert_uint_eq(event_queue_count(source), 200);
    ck_assert_int_eq(event_queue_next_time(source), 0);
    ck_assert_int_eq(event_queue_next_time(target), 1);
    size_t capacity = event_queue_capacity(target);
    for (int i = 0; i < 100; i++) ck_assert(event_queue_copy(target, source));
    ck_assert_uint_eq(event_queue_capacity(target), capacity);
    event_queue_destroy(source);
    struct event event;
    for (uint32_t i = 0; i < 200; i++) ck_assert(event_queue_pop(target, &event) && event.subject == i);
    event_queue_destroy(target);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        behaves_as_a_sorted_array,
        follows_scripts,
        refuses_what_it_must,
        keeps_order_when_the_counter_wraps,
        never_repeats_a_handle_of_a_worn_out_slot,
        allocates_nothing_after_reserve,
        drops_cancelled_entries,
        copies_are_independent,
    };
    return run_suite("event_queue", tests, sizeof tests / sizeof tests[0]);
}
