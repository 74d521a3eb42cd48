/* Which settings make a difference to what was found out before. */
#include "study/settings_fingerprint.h"

#include <string.h>

#include "../engine/suite.h"

static void text_of(enum fingerprint_of of, const char *key, const char *value, char text[SHA256_TEXT_SIZE]) {
    struct settings_fingerprint fingerprint;
    settings_fingerprint_begin(&fingerprint, of);
    settings_fingerprint_add(&fingerprint, "dispatch", "fcfs");
    settings_fingerprint_add(&fingerprint, key, value);
    settings_fingerprint_end(&fingerprint, text);
}

static bool differs(enum fingerprint_of of, const char *key) {
    char one[SHA256_TEXT_SIZE], other[SHA256_TEXT_SIZE];
    text_of(of, key, "1", one);
    text_of(of, key, "2", other);
    return strcmp(one, other) != 0;
}

START_TEST(what_matters_is_told_apart) {
    static const struct {
        const char *key;
        bool to_capacity, to_runs;
    } cases[] = {
        {"seed", true, true},          {"options", true, true},
        {"reaction_s", true, true},    {"sections[A-B].purge_s", true, true},
        {"horizon_days", false, true}, {"warmup_days", false, true},
        {"replications", false, true}, {"name", false, false},
        {"description", false, false}, {"detail", false, false},
        {"price_year", false, false},  {"economics[capex_usd].value", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(differs(FINGERPRINT_OF_CAPACITY, cases[i].key) == cases[i].to_capacity, "%s", cases[i].key);
        ck_assert_msg(differs(FINGERPRINT_OF_RUNS, cases[i].key) == cases[i].to_runs, "%s", cases[i].key);
    }
}
END_TEST

/* Where one text ends and the next begins is part of it. */
START_TEST(texts_do_not_run_together) {
    char one[SHA256_TEXT_SIZE], other[SHA256_TEXT_SIZE];
    text_of(FINGERPRINT_OF_RUNS, "ab", "c", one);
    text_of(FINGERPRINT_OF_RUNS, "a", "bc", other);
    ck_assert_str_ne(one, other);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {what_matters_is_told_apart, texts_do_not_run_together};
    return run_suite("settings_fingerprint", tests, sizeof tests / sizeof *tests);
}
