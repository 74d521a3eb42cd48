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
};

START_TEST(a_unit_that_is_another_is_told) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *expected = unit_contradicted(cases[i].key, cases[i].unit);
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
