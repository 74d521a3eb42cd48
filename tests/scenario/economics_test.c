/* economics.csv: its defaults, every key in its unit, what is wrong with it, and overrides of keys that are there or
 * not. */
#include "folder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/columns.h"

#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

/* The small scenario with this economics.csv (NULL: none) and these overrides; must be right. */
static struct scenario *read_good(const char *economics, const char *const *overrides, int32_t override_count) {
    const struct scenario_request request = {.overrides = overrides, .override_count = override_count};
    struct diagnostics diagnostics = {0};
    struct folder folder;
    folder_make(&folder);
    if (economics) folder_put(&folder, "economics.csv", economics);
    struct scenario *scenario = folder_read(&folder, &request, &diagnostics);
    if (!scenario) diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_int_eq(scenario->not_used_yet_count, 0);
    diagnostics_free(&diagnostics);
    folder_free(&folder);
    return scenario;
}

static void expect_defaults(const struct economics *economics) {
    static const struct {
        enum economic_law law;
        double mean;
    } not_zero[] = {
        {ECONOMIC_CAPEX_OVERRUN, 1}, {ECONOMIC_TARIFF_FACTOR, 1}, {ECONOMIC_DEMAND_FACTOR, 1},    {ECONOMIC_LIFE, 30},
        {ECONOMIC_EXCHANGE_RATE, 1}, {ECONOMIC_CONSTRUCTION, 1},  {ECONOMIC_DISCOUNT_RATE, 0.08},
    };
    ck_assert_int_eq(economics->viewpoint, VIEWPOINT_PROJECT);
    ck_assert_int_eq(economics->discounting, DISCOUNTING_END_OF_YEAR);
    ck_assert(!economics->interest_during_construction);
    ck_assert_int_eq(economics->first_year, 2029);
    ck_assert_int_eq(economics->construction_share_count, 1);
    ck_assert_double_eq(economics->construction_shares[0], 1);
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++) {
        double expected = 0;
        for (int32_t i = 0; i < COUNT_OF(not_zero); i++)
            if (not_zero[i].law == (enum economic_law)law) expected = not_zero[i].mean;
        ck_assert(law_is_constant(&economics->laws[law]));
        ck_assert_msg(economics_mean(economics, law) == expected, "%s", economics_key(law));
    }
}

START_TEST(a_missing_file_means_the_defaults) {
    static const char *const files[] = {NULL, "key,value\n", "key,value,unit,source\ncapex_usd,,USD,unknown\n"};
    for (int32_t i = 0; i < COUNT_OF(files); i++) {
        struct scenario *scenario = read_good(files[i], NULL, 0);
        expect_defaults(&scenario->economics);
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(every_law_has_its_key) {
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++) {
        char file[200], text[100];
        double minimum, maximum;
        economics_range(law, &minimum, &maximum);
        const double low = minimum + 0.25, high = minimum + 0.75;
        ck_assert(high < maximum);
        snprintf(file, sizeof file, "key,value\n%s,\"uniform(%.9g,%.9g)\"\n", economics_key(law), low, high);
        struct scenario *scenario = read_good(file, NULL, 0);
        law_format(&scenario->economics.laws[law], text, sizeof text);
        ck_assert_int_eq(scenario->economics.laws[law].kind, LAW_UNIFORM);
        ck_assert_double_eq_tol(economics_mean(&scenario->economics, law), minimum + 0.5, 1e-12);
        for (int32_t other = 0; other < ECONOMIC_LAW_COUNT; other++)
            ck_assert(other == law || law_is_constant(&scenario->economics.laws[other]));
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(a_whole_file) {
    struct scenario *scenario = read_good("source,key,unit,value\n"
                                          "facts 1.2,capex_usd,USD,8e9\n"
                                          "assumed,capex_overrun,factor,\"lognormal(0.3,0.2)\"\n"
                                          "assumed,construction_years,years,8\n"
                                          "assumed,construction_profile,,0.1; 0.2 ;0.4;0.3\n"
                                          "assumed,viewpoint,,manager\n"
                                          "assumed,discounting,,mid_year\n"
                                          "assumed,interest_during_construction,,yes\n"
                                          "assumed,currency,,usd\n"
                                          "assumed,growth_per_year,,-0.01\n",
                                          NULL, 0);
    const struct economics *economics = &scenario->economics;
    ck_assert_double_eq(economics_mean(economics, ECONOMIC_CAPEX), 8e9);
    ck_assert_double_eq_tol(economics_mean(economics, ECONOMIC_CAPEX_OVERRUN), exp(0.32), 1e-12);
    ck_assert_double_eq(economics_mean(economics, ECONOMIC_GROWTH), -0.01);
    ck_assert_int_eq(economics->viewpoint, VIEWPOINT_MANAGER);
    ck_assert_int_eq(economics->discounting, DISCOUNTING_MID_YEAR);
    ck_assert(economics->interest_during_construction);
    ck_assert_int_eq(economics->first_year, 2022); /* 2030, less eight years of construction */
    ck_assert_int_eq(economics->construction_share_count, 4);
    ck_assert_double_eq_tol(economics->construction_shares[1], 0.2, 1e-12);
    ck_assert_double_eq_tol(economics->construction_shares[3], 0.3, 1e-12);
    scenario_free(scenario);
}
END_TEST

START_TEST(what_is_wrong) {
    static const struct {
        const char *row, *told;
    } cases[] = {
        {"capital,1",
         "s/economics.csv:2:1: unknown key 'capital', expected viewpoint, currency, discounting, first_year, "
         "construction_profile, interest_during_construction, capex_overrun, opening_delay_years, tariff_factor, "
         "demand_factor, exchange_rate_usd, capex_usd, opex_fixed_usd_per_year, growth_per_year, ramp_up_years, "
         "construction_years, discount_rate, life_years, track_access_usd_per_train_km, energy_usd_per_kwh, lift_usd, "
         "yard_usd_per_teu_day, renewals_share, renewals_every_years, residual_share, sea_tariff_usd_per_teu, "
         "rail_tariff_usd_per_teu_km, value_of_time_usd_per_teu_day or days_saved\n"},
        {"capex,1", "s/economics.csv:2:1: unknown key 'capex', did you mean 'capex_usd'?\n"},
        {"capex_us,1", "s/economics.csv:2:1: unknown key 'capex_us', did you mean 'capex_usd'?\n"},
        {"lift_usd,1\nlift_usd,2", "s/economics.csv:3:1: key 'lift_usd' a second time, first in line 2\n"},
        {",1", "s/economics.csv:2:1: key is empty, expected 1 to 63 characters of A-Z a-z 0-9 _ . -\n"},
        {"capex_usd,-1", "s/economics.csv:2:2: capex_usd -1 is out of range, expected a number from 0 to "
                         "1000000000000000 or a law of such\n"},
        {"capex_usd,\"8,5\"", "s/economics.csv:2:2: capex_usd '8,5' has a decimal comma: write 8.5\n"},
        {"capex_overrun,normal(1)",
         "s/economics.csv:2:2: capex_overrun: unknown law 'normal'; expected a number, constant, exponential, "
         "lognormal, triangular, uniform or empirical\n"},
        {"capex_overrun,\"triangular(2,1,3)\"",
         "s/economics.csv:2:2: capex_overrun: triangular has a=2, m=1, b=3; expected a <= m <= b\n"},
        {"opening_delay_years,exponential(-1)",
         "s/economics.csv:2:2: opening_delay_years: exponential has mean -1; expected 0 or more\n"},
        {"tariff_factor,\"uniform(-0.1,1)\"",
         "s/economics.csv:2:2: tariff_factor uniform(-0.1,1) is out of range, expected a number from 0 to 1000 or a "
         "law of such\n"},
        {"sea_tariff_usd_per_teu,-5", "s/economics.csv:2:2: sea_tariff_usd_per_teu -5 is out of range, expected a "
                                      "number from 0 to 10000000 or a law of such\n"},
        {"discount_rate,8", "s/economics.csv:2:2: discount_rate 8 is out of range, expected a number from 0 to 1 or a "
                            "law of such\n"},
        {"life_years,0.5", "s/economics.csv:2:2: life_years 0.5 is out of range, expected a number from 1 to 400 or a "
                           "law of such\n"},
        {"currency,rub", "s/economics.csv:2:2: currency 'rub' is not known, expected usd\n"},
        {"viewpoint,state", "s/economics.csv:2:2: viewpoint 'state' is not known, expected project, manager or "
                            "operator\n"},
        {"discounting,never", "s/economics.csv:2:2: discounting 'never' is not known, expected end_of_year, mid_year "
                              "or start_of_year\n"},
        {"interest_during_construction,8%",
         "s/economics.csv:2:2: interest_during_construction '8%' is not known, expected no or yes\n"},
        {"first_year,2030.5", "s/economics.csv:2:2: first_year '2030.5' is not a whole number, expected a whole number "
                              "from 1800 to 2300\n"},
        {"construction_profile,0.5;0.6",
         "s/economics.csv:2:2: construction_profile '0.5;0.6' sums to 1.1, expected 1\n"},
        {"construction_profile,0.5;half",
         "s/economics.csv:2:2: construction_profile '0.5;half', share 2 is no number from 0 to 1, expected shares "
         "joined by ;\n"},
        {"construction_profile,1;",
         "s/economics.csv:2:2: construction_profile '1;', share 2 is no number from 0 to 1, expected shares joined by "
         ";\n"},
        {"construction_profile,1.5;-0.5",
         "s/economics.csv:2:2: construction_profile '1.5;-0.5', share 1 is no number from 0 to 1, expected shares "
         "joined by ;\n"},
    };
    for (int32_t i = 0; i < COUNT_OF(cases); i++) {
        char file[400];
        snprintf(file, sizeof file, "key,value\n%s\n", cases[i].row);
        char *told = folder_told("economics.csv", file, NULL);
        ck_assert_str_eq(told, cases[i].told);
        free(told);
    }
}
END_TEST

START_TEST(more_shares_than_fit) {
    char file[1000] = "key,value\nconstruction_profile,1";
    for (int32_t i = 0; i < ECONOMICS_MOST_SHARES; i++) strcat(file, ";0");
    char *told = folder_told("economics.csv", strcat(file, "\n"), NULL);
    ck_assert_str_eq(told, "s/economics.csv:2:2: construction_profile has more than 64 shares, expected fewer\n");
    free(told);
}
END_TEST

START_TEST(overrides_of_keys) {
    static const char *const overrides[] = {"economics[capex_usd].value=1e9",
                                            "economics[capex_usd].value=2e9",
                                            "economics[life_years].value=uniform(20,40)",
                                            "economics[viewpoint].value=operator",
                                            "economics[first_year].value=2025",
                                            "economics[construction_profile].value=0.25;0.75"};
    static const char *const files[] = {NULL, "key,value\ncapex_usd,8e9\nlife_years,50\nviewpoint,manager\n"};
    for (int32_t i = 0; i < COUNT_OF(files); i++) {
        struct scenario *scenario = read_good(files[i], overrides, COUNT_OF(overrides));
        const struct economics *economics = &scenario->economics;
        ck_assert_double_eq(economics_mean(economics, ECONOMIC_CAPEX), 2e9);
        ck_assert_int_eq(economics->laws[ECONOMIC_LIFE].kind, LAW_UNIFORM);
        ck_assert_int_eq(economics->viewpoint, VIEWPOINT_OPERATOR);
        ck_assert_int_eq(economics->first_year, 2025);
        ck_assert_int_eq(economics->construction_share_count, 2);
        ck_assert_str_eq(scenario->settings_used[scenario->settings_used_count - 2].key, "economics[first_year].value");
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(wrong_overrides) {
    static const struct {
        const char *override, *told;
    } cases[] = {
        {"economics[capex_usd].value=-1",
         "--set:0:0: economics[capex_usd].value=-1: capex_usd -1 is out of range, expected "
         "a number from 0 to 1000000000000000 or a law of such\n"},
        {"economics[capex].value=1",
         "--set:0:0: economics[capex].value=1: unknown key 'capex', did you mean 'capex_usd'?\n"},
        {"economics[rate].value=1",
         "--set:0:0: economics[rate].value=1: unknown key 'rate', expected a key of economics.csv\n"},
        {"economics[lift_us].value=1",
         "--set:0:0: economics[lift_us].value=1: unknown key 'lift_us', did you mean 'lift_usd'?\n"},
        {"economics[lift_usd].unit=EUR",
         "--set:0:0: economics[lift_usd].unit=EUR: not a key of economics.csv, expected economics[KEY].value\n"},
        {"economics.value=1",
         "--set:0:0: economics.value=1: not a key of economics.csv, expected economics[KEY].value\n"},
        {"economics[currency].value=eur",
         "--set:0:0: economics[currency].value=eur: currency 'eur' is not known, expected usd\n"},
        {"economics[capex_usd].value=*2",
         "--set:0:0: economics[capex_usd].value=*2: capex_usd may hold a law, expected a value without *\n"},
        {"economics[first_year].value=*2",
         "--set:0:0: economics[first_year].value=*2: first_year holds no number to multiply\n"},
    };
    for (int32_t i = 0; i < COUNT_OF(cases); i++) {
        const struct scenario_request request = {.overrides = &cases[i].override, .override_count = 1};
        char *told = folder_told(NULL, NULL, &request);
        ck_assert_str_eq(told, cases[i].told);
        free(told);
    }
}
END_TEST

/* A variant that is not chosen is checked all the same, and changes nothing. */
START_TEST(variants) {
    static const char good[] = "variant,name,options,settings\ncheap,,,economics[capex_usd].value=1e9\n"
                               "dear,,,economics[capex_usd].value=9e9;economics[capex_overrun].value=1.5\n";
    static const char *const names[] = {NULL, "cheap", "dear"};
    static const double capex[] = {0, 1e9, 9e9};
    for (int32_t i = 0; i < COUNT_OF(names); i++) {
        const struct scenario_request request = {.variant = names[i]};
        struct diagnostics diagnostics = {0};
        struct folder folder;
        folder_make(&folder);
        folder_put(&folder, "variants.csv", good);
        struct scenario *scenario = folder_read(&folder, &request, &diagnostics);
        ck_assert_ptr_nonnull(scenario);
        ck_assert_double_eq(economics_mean(&scenario->economics, ECONOMIC_CAPEX), capex[i]);
        ck_assert_double_eq(economics_mean(&scenario->economics, ECONOMIC_CAPEX_OVERRUN), i == 2 ? 1.5 : 1);
        scenario_free(scenario);
        diagnostics_free(&diagnostics);
        folder_free(&folder);
    }
    char *told =
        folder_told("variants.csv", "variant,name,options,settings\ndear,,,economics[capex_usd].value=much\n", NULL);
    ck_assert_str_eq(told,
                     "s/variants.csv:2:4: economics[capex_usd].value=much: capex_usd: unknown law 'much'; expected "
                     "a number, constant, exponential, lognormal, triangular, uniform or empirical\n");
    free(told);
}
END_TEST

START_TEST(sums_of_options) {
    const struct option_offered options[] = {
        {.capex_usd = 1e9, .opex_usd_per_year = 2e6, .on = true},
        {.capex_usd = NAN, .opex_usd_per_year = 3e6, .on = true},
        {.capex_usd = 5e8, .opex_usd_per_year = NAN, .on = true},
        {.capex_usd = 7e9, .opex_usd_per_year = 9e6, .on = false},
    };
    ck_assert_double_eq(economics_capex_of_options(options, COUNT_OF(options)), 1.5e9);
    ck_assert_double_eq(economics_opex_of_options(options, COUNT_OF(options)), 5e6);
    ck_assert_double_eq(economics_capex_of_options(NULL, 0), 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        a_missing_file_means_the_defaults,
        every_law_has_its_key,
        a_whole_file,
        what_is_wrong,
        more_shares_than_fit,
        overrides_of_keys,
        wrong_overrides,
        variants,
        sums_of_options,
    };
    return run_suite("economics", tests, sizeof tests / sizeof tests[0]);
}
