/* Nothing is allocated for a container: twice as many days make only the few arrays longer that grow with days and with
 * what was delivered, and they double. The functions that allocate are replaced by ones that count. Sanitizers replace
 * them themselves: then there is nothing to see, and the test is skipped. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "freight_world.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define COUNTS 0
#else
#define COUNTS 1
#endif

enum { SKIPPED = 77 };

static int64_t calls;

#if COUNTS
/* glibc's own, under the names it has for those who replace them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size) {
    calls++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    calls++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    calls++;
    return __libc_realloc(memory, size);
}
#endif

/* How often memory is asked for while so many days of 400 TEU go there, and empties back. */
static int64_t calls_in(int64_t days) {
    struct freight_world world;
    world_start(&world, 2, 100);
    struct flow *flow = world_flow(&world, "AB", 400, 1);
    flow->arrivals = FLOW_POISSON;
    flow->share_40ft = 0.3;
    flow->empties_return = true;
    for (int32_t i = 0; i < 2; i++) {
        struct terminal *terminal = world_terminal(&world, i == 0 ? "A" : "B");
        terminal->cranes = 3;
        terminal->lift_s = 60;
        terminal->lift_cv = 0.5;
        terminal->yard_teu = 1000;
        terminal->pickup_ms = 10 * HOUR_MS;
    }
    const int32_t there = world_plan(&world, "AB"), back = world_plan(&world, "BA");
    for (int64_t i = 0; i < 5 * days; i++) {
        world_depart(&world, there, i * MILLISECONDS_PER_DAY / 5);
        world_depart(&world, back, i * MILLISECONDS_PER_DAY / 5);
    }
    world.quiet = true;
    world_ready(&world);
    const int64_t before = calls;
    world_end(&world, world_drive(&world));
    const int64_t asked = calls - before;
    ck_assert_int_gt(freight_results(world.freight).flows[0].teu_delivered, 350 * days);
    world_finish(&world);
    return asked;
}

START_TEST(nothing_is_allocated_for_a_container) {
    const int64_t once = calls_in(100), twice = calls_in(200);
    ck_assert_int_gt(once, 0);
    if (twice - once > 6)
        ck_abort_msg("memory was asked for %lld times, and %lld in twice the time", (long long)once, (long long)twice);
}
END_TEST

int main(void) {
    if (!COUNTS) return SKIPPED;
    Suite *suite = suite_create("freight allocation");
    TCase *test_case = tcase_create("days");
    tcase_add_test(test_case, nothing_is_allocated_for_a_container);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
