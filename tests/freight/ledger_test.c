/* Money by day and account. */
#include "../engine/suite.h"

#include <string.h>

#include "freight/ledger.h"
#include "railway/network.h"

static const int64_t DAY = MILLISECONDS_PER_DAY;

START_TEST(names_every_account_once) {
    for (int32_t i = 0; i < ACCOUNT_COUNT; i++) {
        ck_assert_ptr_nonnull(account_name((enum account)i));
        for (int32_t k = 0; k < i; k++) ck_assert_str_ne(account_name((enum account)i), account_name((enum account)k));
    }
}
END_TEST

START_TEST(posts_by_day_and_account) {
    struct ledger ledger;
    ledger_start(&ledger, DAY, 3 * DAY);
    ck_assert_int_eq(ledger_total(&ledger, ACCOUNT_TARIFF), 0);
    ledger_post(&ledger, ACCOUNT_TARIFF, DAY - 1, 1);
    ledger_post(&ledger, ACCOUNT_TARIFF, DAY, 10);
    ledger_post(&ledger, ACCOUNT_TARIFF, 3 * DAY - 1, 100);
    ledger_post(&ledger, ACCOUNT_TARIFF, 3 * DAY, 1000);
    ledger_post(&ledger, ACCOUNT_LIFTS, DAY, -7);
    ck_assert_int_eq(ledger.day_count, 4);
    ck_assert_int_eq(ledger.days[0][ACCOUNT_TARIFF], 1);
    ck_assert_int_eq(ledger.days[1][ACCOUNT_TARIFF], 10);
    ck_assert_int_eq(ledger.days[1][ACCOUNT_LIFTS], -7);
    ck_assert_int_eq(ledger.days[2][ACCOUNT_LIFTS], 0);
    ck_assert_int_eq(ledger_total(&ledger, ACCOUNT_TARIFF), 1111);
    ck_assert_int_eq(ledger.window[ACCOUNT_TARIFF], 110);
    ck_assert_int_eq(ledger.window[ACCOUNT_LIFTS], -7);
    ledger_post(&ledger, ACCOUNT_FIXED, 40000 * DAY, -5); /* far beyond: all days between are there, without entries */
    ck_assert_int_eq(ledger.day_count, 40001);
    ck_assert_int_eq(ledger.days[39999][ACCOUNT_FIXED], 0);
    ck_assert_int_eq(ledger_total(&ledger, ACCOUNT_FIXED), -5);
    ck_assert_int_eq(ledger.days[1][ACCOUNT_TARIFF], 10);
    ck_assert(!ledger.no_memory);
    ledger_free(&ledger);
}
END_TEST

START_TEST(copies_are_their_own) {
    struct ledger source, copy;
    ledger_start(&source, 0, INT64_MAX);
    ledger_start(&copy, 0, 0);
    ck_assert(ledger_copy(&copy, &source)); /* an empty one */
    for (int64_t day = 0; day < 500; day++) ledger_post(&source, ACCOUNT_YARD, day * DAY, day);
    ck_assert(ledger_copy(&copy, &source));
    ck_assert_int_eq(copy.day_count, 500);
    ck_assert_int_eq(memcmp(copy.days, source.days, 500 * sizeof *copy.days), 0);
    ledger_post(&copy, ACCOUNT_YARD, 700 * DAY, 1);
    ledger_post(&source, ACCOUNT_YARD, 3 * DAY, 1000);
    ck_assert_int_eq(ledger_total(&copy, ACCOUNT_YARD), 499 * 250 + 1);
    ck_assert_int_eq(ledger_total(&source, ACCOUNT_YARD), 499 * 250 + 1000);
    ck_assert_int_eq(copy.window[ACCOUNT_YARD], 499 * 250 + 1);
    ledger_free(&source);
    ledger_free(&copy);
}
END_TEST

START_TEST(shares_a_year_out_exactly) {
    const int64_t yearly[] = {0, 1, 364, 365, 366, 730, 1000000007, -1, -1000, INT64_C(900000000000000001)};
    for (size_t i = 0; i < sizeof yearly / sizeof yearly[0]; i++) {
        int64_t sum = 0;
        for (int64_t day = 0; day < 365 * 3; day++) {
            const int64_t share = ledger_daily_share(yearly[i], day);
            const int64_t whole = yearly[i] / 365;
            REQUIRE(share - whole <= 1 && share - whole >= -1);
            sum += share;
            if (day >= 365) sum -= ledger_daily_share(yearly[i], day - 365);
            if (day >= 364) REQUIRE(sum == yearly[i]);
        }
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {names_every_account_once, posts_by_day_and_account, copies_are_their_own,
                                  shares_a_year_out_exactly};
    return run_suite("ledger", tests, sizeof tests / sizeof tests[0]);
}
