/* The calendar. */
#include "suite.h"

#include "engine/calendar_date.h"

START_TEST(knows_how_long_months_are) {
    const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int32_t month = 1; month <= 12; month++) ck_assert_int_eq(days_of_month(2027, month), days[month - 1]);
    const struct {
        int32_t year, february;
    } years[] = {{2000, 29}, {1900, 28}, {2100, 28}, {2028, 29}, {2030, 28}, {2400, 29}};
    for (size_t i = 0; i < sizeof years / sizeof years[0]; i++)
        ck_assert_int_eq(days_of_month(years[i].year, 2), years[i].february);
}
END_TEST

START_TEST(repeats_after_400_years) {
    int64_t sum = 0;
    for (int32_t year = 2001; year <= 2400; year++)
        for (int32_t month = 1; month <= 12; month++) sum += days_of_month(year, month);
    ck_assert_int_eq(sum, 146097);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {knows_how_long_months_are, repeats_after_400_years};
    return run_suite("calendar_date", tests, sizeof tests / sizeof tests[0]);
}
