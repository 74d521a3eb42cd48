#include "results/failure.h"

#include <errno.h>
#include <string.h>

#include "../engine/suite.h"

/* What the user can do about it comes with what happened. */
START_TEST(errors_of_the_system_come_with_what_to_do) {
    static const struct {
        int number;
        const char *remedy; /* NULL: none is known */
    } cases[] = {{ENOSPC, "; make room and try again"},
                 {EDQUOT, "; make room and try again"},
                 {EIO, "; see whether its disk is full or gone, and try again"},
                 {EROFS, "; name another place for it"},
                 {EMFILE, "; too few files may be open at once: see `ulimit -n`"},
                 {ENFILE, "; too few files may be open at once: see `ulimit -n`"},
                 {EACCES, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FAILURE_REASON_SIZE];
        const char *what = strerror(cases[i].number);
        ck_assert_ptr_eq(failure_reason(cases[i].number, text), text);
        ck_assert_int_eq(strncmp(text, what, strlen(what)), 0);
        ck_assert_str_eq(text + strlen(what), cases[i].remedy != NULL ? cases[i].remedy : "");
    }
}
END_TEST

START_TEST(a_long_sentence_is_cut) {
    struct failure failure;
    ck_assert(!failure_set(&failure, "%02000d", 1));
    ck_assert_uint_eq(strlen(failure.text), sizeof failure.text - 1);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {errors_of_the_system_come_with_what_to_do, a_long_sentence_is_cut};
    return run_suite("failure", tests, sizeof tests / sizeof *tests);
}
