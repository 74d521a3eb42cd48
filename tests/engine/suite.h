/* Running one suite of Check as a program of its own. */
#ifndef BERING_TESTS_ENGINE_SUITE_H
#define BERING_TESTS_ENGINE_SUITE_H

#include <check.h>
#include <stdlib.h>

/* ck_assert for loops of a million: Check notes the place of every assertion with a system call, this one only when it
 * fails. */
#define REQUIRE(condition)                                                                                             \
    do {                                                                                                               \
        if (!(condition)) ck_abort_msg("not so: %s", #condition);                                                      \
    } while (0)

static inline int run_case(Suite *suite, TCase *test_case) {
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Adds every test of the table to one case. */
static inline int run_suite(const char *name, const TTest *const *tests, size_t count) {
    Suite *suite = suite_create(name);
    TCase *test_case = tcase_create(name);
    tcase_set_timeout(test_case, 0); /* the runner of all suites has a limit of its own */
    for (size_t i = 0; i < count; i++) tcase_add_test(test_case, tests[i]);
    return run_case(suite, test_case);
}

/* Runs one test once for each number from 0 up to `count` (Check gives it as _i), each between set_up and tear_down. */
static inline int run_suite_for_each(const char *name, const TTest *test, int count, void (*set_up)(void),
                                     void (*tear_down)(void)) {
    Suite *suite = suite_create(name);
    TCase *test_case = tcase_create(name);
    tcase_set_timeout(test_case, 0);
    tcase_add_checked_fixture(test_case, set_up, tear_down);
    tcase_add_loop_test(test_case, test, 0, count);
    return run_case(suite, test_case);
}

#endif
