/* What cranes have been asked to do, in the order in which it will be done. */
#include "../engine/suite.h"

#include "engine/stream.h"
#include "freight/agenda.h"

START_TEST(gives_back_in_the_order_of_time) {
    const struct stream dice = {2, STREAM_TEST, 1};
    struct agenda agenda = {0}, copy = {0};
    uint64_t rolls = 0;
    int64_t last_ms = -1, base_ms = 0, taken = 0;
    int32_t last_added = -1;
    ck_assert_int_eq(agenda_next_ms(&agenda), INT64_MAX);
    for (int32_t i = 0; i < 20000; i++) {
        base_ms += (int64_t)(stream_uniform(&dice, 0, rolls++) * 10);
        const int64_t end_ms = base_ms + (int64_t)(stream_uniform(&dice, 0, rolls++) * 100);
        ck_assert(agenda_add(&agenda, &(struct work){.end_ms = end_ms, .container = i}));
        if (i == 10000) ck_assert(agenda_copy(&copy, &agenda));
        while (agenda_next_ms(&agenda) < base_ms || (i == 19999 && agenda.count > 0)) {
            const struct work work = agenda_take(&agenda);
            REQUIRE(work.end_ms > last_ms || (work.end_ms == last_ms && work.container > last_added));
            last_ms = work.end_ms;
            last_added = work.container;
            taken++;
        }
    }
    ck_assert_int_eq(taken, 20000);
    ck_assert_int_gt(copy.count, 0);
    for (last_ms = 0; copy.count > 0; last_ms = agenda_take(&copy).end_ms) REQUIRE(agenda_next_ms(&copy) >= last_ms);
    agenda_free(&agenda);
    agenda_free(&copy);
}
END_TEST

START_TEST(grows_across_its_end) {
    struct agenda agenda = {0}, copy = {0};
    ck_assert(agenda_copy(&copy, &agenda));
    ck_assert_int_eq(copy.count, 0);
    int64_t next = 0, expected = 0;
    for (int32_t round = 0; round < 200; round++) { /* two in, one out: the ring begins anywhere when it is full */
        for (int32_t i = 0; i < 2; i++) ck_assert(agenda_add(&agenda, &(struct work){.end_ms = next++}));
        ck_assert_int_eq(agenda_take(&agenda).end_ms, expected++);
    }
    ck_assert_int_eq(agenda.count, 200);
    for (int64_t i = 0; i < 200; i++) ck_assert_int_eq(agenda_at(&agenda, i)->end_ms, expected + i);
    agenda_free(&agenda);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {gives_back_in_the_order_of_time, grows_across_its_end};
    return run_suite("agenda", tests, sizeof tests / sizeof tests[0]);
}
