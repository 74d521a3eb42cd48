/* Slots of a yard: rules, against counting anew, and what stands there over time. */
#include "../engine/suite.h"

#include <string.h>

#include "engine/stream.h"
#include "freight/yard.h"

enum { MOST_CLASSES = 5 };

static struct yard_rules a_yard(struct yard_class *classes, const char *there, int64_t size_teu, int64_t container_teu,
                                int64_t train_teu) {
    struct yard_rules rules = {.size_teu = size_teu, .classes = classes, .class_count = (int32_t)strlen(there)};
    memset(classes, 0, MOST_CLASSES * sizeof *classes);
    for (int32_t i = 0; i < rules.class_count; i++) classes[i].there = there[i] == 'x';
    yard_rules_set(&rules, container_teu, train_teu);
    return rules;
}

START_TEST(shares_out_what_it_has) {
    const struct {
        const char *there, *admitted;
        int64_t size_teu, container_teu, train_teu, guarantee, share;
    } cases[] = {
        {"xx", "xx", 300, 2, 142, 142, 150}, {"xx", "xx", 200, 2, 142, 100, 100}, {".x", ".x", 200, 2, 142, 142, 200},
        {"x.x", "x.x", 9, 2, 142, 4, 4},     {"xxx", "xxx", 6, 2, 142, 2, 2},     {"xxx", "xx.", 5, 2, 142, 2, 2},
        {"xxx", "xxx", 5, 1, 142, 1, 1},     {"xxx", "...", 1, 2, 142, 2, 2},     {"xx", "..", 0, 1, 142, 1, 1},
        {"xx", "xx", 300, 2, 0, 2, 150},     {"xx", "xx", -1, 2, 142, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct yard_class classes[MOST_CLASSES];
        const struct yard_rules rules =
            a_yard(classes, cases[i].there, cases[i].size_teu, cases[i].container_teu, cases[i].train_teu);
        for (int32_t k = 0; k < rules.class_count; k++) {
            const bool admitted = cases[i].admitted[k] == 'x';
            ck_assert_int_eq(classes[k].admitted, admitted);
            ck_assert_int_eq(classes[k].guarantee, admitted ? cases[i].guarantee : 0);
        }
        if (cases[i].size_teu >= 0) ck_assert_int_eq(rules.share_teu, cases[i].share);
    }
}
END_TEST

/* A yard of 10 for two classes and trains of 3: 3 for each, 4 for either; newly offered ones take 5. */
START_TEST(keeps_guarantees_free) {
    struct yard_class classes[MOST_CLASSES];
    const struct yard_rules rules = a_yard(classes, "xx", 10, 1, 3);
    struct yard yard;
    ck_assert(yard_start(&yard, &rules, 0, INT64_MAX));
    int32_t admitted = 0, reserved = 0;
    while (yard_admit(&yard, 1, 1)) admitted++;
    ck_assert_int_eq(admitted, 5);
    while (yard_reserve(&yard, 1, 1)) reserved++;
    ck_assert_int_eq(reserved, 2);
    for (reserved = 0; yard_reserve(&yard, 0, 1);) reserved++;
    ck_assert_int_eq(reserved, 3);
    yard_release(&yard, 1, 2); /* of the shared ones */
    ck_assert(!yard_admit(&yard, 1, 1));
    ck_assert(yard_reserve(&yard, 0, 2));
    yard_release(&yard, 1, 1);
    ck_assert(yard_reserve(&yard, 0, 1) && !yard_reserve(&yard, 0, 1));
    yard_release(&yard, 1, 4); /* down to its guarantee and below: free for it alone */
    ck_assert(yard_reserve(&yard, 0, 1) && !yard_reserve(&yard, 0, 1));
    const int64_t used_teu[] = {7, 0};
    ck_assert(yard_is_sound(&yard, used_teu));
    yard_free(&yard);
}
END_TEST

/* Whoever is below its guarantee always gets a slot, and no more are out than there are. */
START_TEST(holds_its_rules_whatever_happens) {
    const struct stream dice = {4, STREAM_TEST, 1};
    uint64_t rolls = 0;
    int64_t refused = 0, granted = 0;
    for (int32_t round = 0; round < 100; round++) {
        struct yard_class classes[MOST_CLASSES];
        const int64_t size_teu = (int64_t)(stream_uniform(&dice, 0, rolls++) * 60);
        const struct yard_rules rules = a_yard(classes, "xxxx", size_teu, 2, 10);
        struct yard yard;
        int64_t used_teu[MOST_CLASSES] = {0};
        ck_assert(yard_start(&yard, &rules, 0, INT64_MAX));
        for (int32_t step = 0; step < 1000; step++) {
            const int32_t class = (int32_t)(stream_uniform(&dice, 0, rolls++) * 4);
            const int32_t teu = 1 + (int32_t)(stream_uniform(&dice, 0, rolls++) * 2);
            if (stream_uniform(&dice, 0, rolls++) < 0.4) {
                if (used_teu[class] < teu) continue;
                yard_release(&yard, class, teu);
                used_teu[class] -= teu;
                continue;
            }
            const bool guaranteed = used_teu[class] + teu <= classes[class].guarantee;
            const bool got = yard_reserve(&yard, class, teu);
            REQUIRE(got || !guaranteed);
            used_teu[class] += got ? teu : 0;
            refused += !got;
            granted += got;
            REQUIRE(yard_is_sound(&yard, used_teu));
            REQUIRE(used_teu[0] + used_teu[1] + used_teu[2] + used_teu[3] <= size_teu);
        }
        yard_free(&yard);
    }
    ck_assert(refused > 1000 && granted > 1000);
}
END_TEST

START_TEST(knows_no_limit_without_one) {
    struct yard_class classes[MOST_CLASSES];
    const struct yard_rules rules = a_yard(classes, "x.x", -1, 2, 100);
    struct yard yard;
    ck_assert(yard_start(&yard, &rules, 0, INT64_MAX));
    for (int32_t i = 0; i < 100000; i++) REQUIRE(yard_admit(&yard, 0, 2) && yard_reserve(&yard, 2, 1));
    ck_assert(!yard_reserve(&yard, 1, 1));
    ck_assert(yard_is_sound(&yard, (const int64_t[]){200000, 0, 100000}));
    yard_free(&yard);
}
END_TEST

START_TEST(frees_slots_at_pickup) {
    struct yard_class classes[MOST_CLASSES];
    struct yard_rules rules = a_yard(classes, "x", 300, 1, 300);
    rules.pickup_ms = 1000;
    struct yard yard, copy;
    ck_assert(yard_start(&yard, &rules, 0, INT64_MAX));
    for (int32_t i = 0; i < 300; i++) {
        ck_assert(yard_reserve(&yard, 0, 1));
        yard_deliver(&yard, i, 1);
    }
    ck_assert(!yard_reserve(&yard, 0, 1));
    ck_assert(yard_copy(&copy, &yard));
    for (int64_t i = 0; i < 300; i++) {
        ck_assert_int_eq(yard_next_pickup_ms(&yard), 1000 + i);
        yard_pick_up(&yard);
        ck_assert_int_eq(yard.used_teu[0], 299 - i);
    }
    ck_assert_int_eq(yard_next_pickup_ms(&yard), INT64_MAX);
    ck_assert_int_eq(copy.teu, 300);
    ck_assert_int_eq(yard_next_pickup_ms(&copy), 1000);
    ck_assert(yard_is_sound(&copy, (const int64_t[]){300}) && yard_is_sound(&yard, (const int64_t[]){0}));
    yard_free(&yard);
    yard_free(&copy);
}
END_TEST

/* 2 TEU from 10 to 40, one more from 20 to 50, within a window from 15 to 45. */
START_TEST(measures_what_stands_there) {
    struct yard_class classes[MOST_CLASSES];
    const struct yard_rules rules = a_yard(classes, "xx", -1, 1, 1);
    struct yard yard;
    ck_assert(yard_start(&yard, &rules, 15, 45));
    yard_enter(&yard, 5, 7); /* gone before */
    yard_leave(&yard, 6, 7);
    yard_enter(&yard, 10, 2);
    yard_enter(&yard, 20, 1);
    yard_leave(&yard, 40, 2);
    yard_leave(&yard, 50, 1);
    yard_enter(&yard, 60, 9);
    yard_finish(&yard, 100);
    ck_assert_int_eq(yard.max_teu, 3);
    ck_assert_double_eq(yard.teu_ms, 2 * 25 + 25);
    yard_free(&yard);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {shares_out_what_it_has,     keeps_guarantees_free, holds_its_rules_whatever_happens,
                                  knows_no_limit_without_one, frees_slots_at_pickup, measures_what_stands_there};
    return run_suite("yard", tests, sizeof tests / sizeof tests[0]);
}
