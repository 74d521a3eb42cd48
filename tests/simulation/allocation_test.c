/* Nothing is allocated while trains run, once as many have been under way as ever will be: the functions that allocate
 * are replaced by ones that count, and must not be called between the 30th and the 330th day of a line. Sanitizers
 * replace them themselves: then there is nothing to see, and the test is skipped. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "scenario/scenario.h"
#include "simulation/simulation.h"

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
void __libc_free(void *memory);

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

void free(void *memory) {
    calls += memory != NULL;
    __libc_free(memory);
}
#endif

static struct scenario *read_line(const char *dispatch) {
    char folder[1000], setting[60];
    const char *data = getenv("BERING_TEST_DATA");
    ck_assert_ptr_nonnull(data);
    snprintf(folder, sizeof folder, "%s/bench/line113", data);
    snprintf(setting, sizeof setting, "dispatch=%s", dispatch);
    const char *overrides[] = {"horizon_days=365", "warmup_days=0", setting};
    const struct scenario_request request = {.folder = folder, .overrides = overrides, .override_count = 3};
    struct diagnostics diagnostics = {.kept = 0};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    diagnostics_free(&diagnostics);
    return scenario;
}

START_TEST(the_event_loop_allocates_nothing_after_warm_up) {
    static const char *const policies[] = {"fcfs", "priority", "fleet"};
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        struct scenario *scenario = read_line(policies[i]);
        char message[200] = "";
        struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
        ck_assert_msg(plan != NULL, "%s", message);
        const struct simulation_options options = {.replication = 1};
        struct simulation *simulation = simulation_create(plan, &options, NULL, NULL);
        ck_assert_ptr_nonnull(simulation);
        ck_assert(simulation_advance(simulation, 30 * MILLISECONDS_PER_DAY));
        ck_assert_int_gt(calls, 0); /* so they are counted */
        const int64_t before = calls;
        const bool more = simulation_advance(simulation, 330 * MILLISECONDS_PER_DAY);
        const int64_t during = calls - before; /* asserting allocates, too */
        ck_assert(more);
        ck_assert_msg(during == 0, "%s: %lld calls", policies[i], (long long)during);
        simulation_destroy(simulation);
        simulation_plan_destroy(plan);
        scenario_free(scenario);
    }
}
END_TEST

int main(void) {
    if (!COUNTS) {
        printf("not tested: something else replaces malloc\n");
        return SKIPPED;
    }
    Suite *suite = suite_create("allocation");
    TCase *test_case = tcase_create("allocation");
    tcase_add_test(test_case, the_event_loop_allocates_nothing_after_warm_up);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
