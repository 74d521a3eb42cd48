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

/* Adds every test of the table to one case. */
static inline int run_suite(const char *name, const TTest *const *tests, size_t count) {
    Suite *suite = suite_create(name);
    TCase *test_case = tcase_create(name);
    tcase_set_timeout(test_case, 0); /* the runner of all suites has a limit of its own */
    for (size_t i = 0; i < count; i++) tcase_add_test(test_case, tests[i]);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
