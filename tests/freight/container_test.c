/* The pool of containers and their lists. */
#include "../engine/suite.h"

#include "freight/container.h"

START_TEST(uses_places_again) {
    struct container_pool pool = {.free = -1};
    for (int32_t i = 0; i < 5000; i++) {
        const int32_t place = container_pool_take(&pool);
        ck_assert_int_eq(place, i);
        pool.containers[place] = (struct container){.where = CONTAINER_IN_YARD, .number = (uint32_t)i};
    }
    for (int32_t i = 0; i < 5000; i += 2) container_pool_give(&pool, i);
    ck_assert_int_eq(pool.containers[4].where, CONTAINER_NOWHERE);
    for (int32_t i = 0; i < 2500; i++) {
        const int32_t place = container_pool_take(&pool);
        REQUIRE(place % 2 == 0 && pool.containers[place].where == CONTAINER_NOWHERE);
        pool.containers[place].where = CONTAINER_ABOARD;
    }
    ck_assert_int_eq(pool.count, 5000);
    ck_assert_int_eq(container_pool_take(&pool), 5000);
    for (int32_t i = 1; i < 5000; i += 2) REQUIRE(pool.containers[i].number == (uint32_t)i);
    container_pool_free(&pool);
}
END_TEST

START_TEST(copies_are_their_own) {
    struct container_pool pool = {.free = -1}, copy;
    ck_assert(container_pool_copy(&copy, &pool));
    ck_assert_int_eq(container_pool_take(&copy), 0);
    container_pool_free(&copy);
    for (int32_t i = 0; i < 3; i++) {
        const int32_t place = container_pool_take(&pool);
        pool.containers[place] = (struct container){.number = (uint32_t)i, .teu = 1, .where = CONTAINER_IN_YARD};
    }
    container_pool_give(&pool, 1);
    ck_assert(container_pool_copy(&copy, &pool));
    ck_assert_int_eq(container_pool_take(&copy), 1);
    ck_assert_int_eq(container_pool_take(&copy), 3);
    copy.containers[0].number = 9;
    ck_assert_int_eq(pool.containers[0].number, 0);
    ck_assert_int_eq(container_pool_take(&pool), 1);
    container_pool_free(&pool);
    container_pool_free(&copy);
}
END_TEST

START_TEST(lists_first_in_first_out) {
    struct container containers[10] = {0};
    struct container_list list = {.first = -1, .last = -1};
    for (int32_t round = 0; round < 3; round++) {
        int64_t teu = 0;
        for (int32_t i = 0; i < 10; i++) {
            containers[i].teu = (unsigned)(1 + i % 2) & 3;
            container_list_add(&list, containers, i);
            teu += containers[i].teu;
        }
        ck_assert_int_eq(list.teu, teu);
        for (int32_t i = 0; i < 10; i++) ck_assert_int_eq(container_list_take(&list, containers), i);
        ck_assert_int_eq(list.first, -1);
        ck_assert_int_eq(list.last, -1);
        ck_assert_int_eq(list.teu, 0);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {uses_places_again, copies_are_their_own, lists_first_in_first_out};
    return run_suite("container", tests, sizeof tests / sizeof tests[0]);
}
