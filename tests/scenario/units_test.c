/* Units that contradict the key they stand beside. */
#include <check.h>
#include <stdlib.h>

#include "scenario/units.h"

static const struct {
    const char *key, *unit, *expected; /* NULL: nothing is wrong */
} cases[] = {
    {"horizon_days", "days", NULL},
    {"horizon_days", "d", NULL},
    {"horizon_days", "", NULL},
    {"horizon_days", "assumed", NULL},
    {"horizon_days", "h", "days"},
    {"horizon_days", "years", "days"},
    {"sighting_m", "km", "m"},
    {"reaction_s", "min", "s"},
    {"reaction_s", "%", "s"},
    {"seed", "m", NULL},
    {"construction_years", "a", NULL},
    {"construction_years", "years", NULL},
    {"construction_years", "months", "years"},
    {"capex_usd", "USD", NULL},
    {"capex_usd", "usd", NULL},
    {"capex_usd", "US$", NULL},
    {"capex_usd", "$", NULL},
    {"capex_usd", "USD (2025)", NULL},
    {"capex_usd", "", NULL},
    {"capex_usd", "EUR", "USD"},
    {"capex_usd", "€", "USD"},
    {"capex_usd", "m USD", "USD"},
    {"capex_usd", "USD bn", "USD"},
    {"capex_usd", "$bn", "USD"},
    {"capex_usd", "USDm", "USD"},
    {"capex_usd", "kUSD", "USD"},
    {"capex_usd", "million dollars", "USD"},
    {"energy_usd_per_kwh", "USD/kWh", NULL},
    {"energy_usd_per_kwh", "cents/kWh", "USD"},
    {"rail_tariff_usd_per_teu_km", "USD/TEU-km", NULL},
    {"value_of_time_usd_per_teu_day", "USD/(TEU day)", NULL},
    {"value_of_time_usd_per_teu_day", "USD/TEU/m", NULL},
    {"discount_rate", "1/a", NULL},
    {"discount_rate", "%", "a fraction, 0.05 for 5 %"},
    {"growth_per_year", "%/a", "a fraction, 0.05 for 5 %"},
    {"residual_share", "percent", "a fraction, 0.05 for 5 %"},
    {"days_saved", "days", NULL},
    {"days_saved", "h", "days"},
    /* what is paid for is not a multiple of what is paid */
    {"lift_usd", "USD per t", NULL},
    {"lift_usd", "USD per m", NULL},
    {"lift_usd", "USD/t", NULL},
    {"lift_usd", "USD / m", NULL},
    {"lift_usd", "USD a t", NULL},
    {"lift_usd", "million USD per t", "USD"},
    {"lift_usd", "per TEU", NULL},
    {"exchange_rate_usd", "USD for a euro", NULL},
    {"exchange_rate_usd", "USD per RUB", NULL},
    {"exchange_rate_usd", "%", "a fraction, 0.05 for 5 %"},
    /* what people write of dollars */
    {"capex_usd", "USD 2025", NULL},
    {"capex_usd", "USD2025", NULL},
    {"capex_usd", "2011 $", NULL},
    {"capex_usd", "US$, real", NULL},
    {"capex_usd", "US dollars", NULL},
    {"capex_usd", "U.S. dollars of 2025", NULL},
    {"capex_usd", "USD, Europe", NULL},
    {"capex_usd", "USD (converted from EUR at 1.1)", NULL},
    {"capex_usd", "USD (1 USD = 90 RUB)", NULL},
    {"capex_usd", "usd/teu", NULL},
    {"capex_usd", "USD p.a.", NULL},
    {"capex_usd", "USD t-1", NULL},
    {"capex_usd", "1", NULL},
    {"capex_usd", "-", NULL},
    {"capex_usd", "n/a", NULL},
    {"capex_usd", "assumed; in the money of 2025, with everything that the builder of a line must pay for, €", NULL},
    /* and of other money */
    {"capex_usd", "USD (million)", "USD"},
    {"capex_usd", "USD(million)", "USD"},
    {"capex_usd", "USD, million", "USD"},
    {"capex_usd", "in millions of USD", "USD"},
    {"capex_usd", "Mio. USD", "USD"},
    {"capex_usd", "US$m", "USD"},
    {"capex_usd", "$MM", "USD"},
    {"capex_usd", "1000 USD", "USD"},
    {"capex_usd", "10^6 USD", "USD"},
    {"capex_usd", "€m", "USD"},
    {"capex_usd", "m€", "USD"},
    {"capex_usd", "£", "USD"},
    {"capex_usd", "kEUR", "USD"},
    {"capex_usd", "Euro", "USD"},
    {"capex_usd", "A$", "USD"},
    {"opex_fixed_usd_per_year", "% of capex", "USD"},
    /* capitals, plurals, abbreviations */
    {"warmup_days", "hrs", "days"},
    {"warmup_days", "Hours", "days"},
    {"warmup_days", "hour(s)", "days"},
    {"warmup_days", "(h)", "days"},
    {"warmup_days", "Days", NULL},
    {"warmup_days", "day(s)", NULL},
    {"warmup_days", "in days", NULL},
    {"warmup_days", "days of 24 h", NULL},
    {"sighting_m", "miles", "m"},
    {"sighting_m", "yards", "m"},
    {"sighting_m", "Feet", "m"},
    {"sighting_m", "min", "m"},
    {"sighting_m", "M", NULL},
    {"sighting_m", "meters", NULL},
    {"sighting_m", "Metres", NULL},
    {"reaction_s", "mins", "s"},
    {"reaction_s", "secs", NULL},
    {"reaction_s", "sec.", NULL},
    {"reaction_s", "S", NULL},
    {"reaction_s", "m", "s"},
    {"delay_limit_min", "mins", NULL},
    {"delay_limit_min", "m", NULL},
    {"delay_limit_min", "secs", "min"},
    {"life_years", "yr", NULL},
    {"life_years", "yrs.", NULL},
    {"life_years", "y", NULL},
    {"life_years", "%", "years"},
    {"construction_years", "mths", "years"},
    /* shares */
    {"discount_rate", "% per year", "a fraction, 0.05 for 5 %"},
    {"discount_rate", "% p.a.", "a fraction, 0.05 for 5 %"},
    {"discount_rate", "in %", "a fraction, 0.05 for 5 %"},
    {"discount_rate", "Percent per year", "a fraction, 0.05 for 5 %"},
    {"discount_rate", "per year", NULL},
    {"discount_rate", "fraction (0.05 is 5 %)", NULL},
    {"residual_share", "share", NULL},
    {"residual_share", "1", NULL},
    {"capex_overrun", "x", NULL},
    {"fleet_size", "trains", NULL},
    {"start_date", "date", NULL},
    {"name", "m", NULL},
};

START_TEST(a_unit_that_is_another_is_told) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *expected = unit_contradicted(cases[i].key, cases[i].unit);
        ck_assert_msg((expected == NULL) == (cases[i].expected == NULL), "%s in %s: %s", cases[i].key, cases[i].unit,
                      expected ? expected : "nothing is told");
        ck_assert_pstr_eq(expected, cases[i].expected);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("units");
    TCase *tests = tcase_create("units");
    tcase_add_test(tests, a_unit_that_is_another_is_told);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
