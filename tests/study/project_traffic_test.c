/* What a year of traffic is to an appraisal, worked out by hand on a line of 100 km: eight container trains of 100 TEU
 * and two coaches a day. */
#include "study/project_traffic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "support/railway_builder.h"

static struct scenario *line;
static struct flow *flows; /* of the line, which frees them */
static struct terminal *terminals;
static struct setting_used setting;
static struct traffic_sums sums;
static struct failure failure;

enum { EAST, WEST, COACH };

/* 300 TEU a day east, 100 west; ten measured days in which 3,600 TEU were delivered. */
static void set_up(void) {
    static const double km[] = {100};
    static char overrides[] = "economics[capex_usd].value", capital[] = "1e9";
    char east[256], west[256];
    line = build_straight(km, 1, 2, 0, 0, east, west);
    line->settings.repeat_once = false;
    line->train_types[0].capacity_teu = 100;
    line->train_types[0].cost_per_train_km_usd = 20;
    line->train_types[0].cost_per_hour_usd = 500;
    struct train_type *coach = build_type(line, "coach", 200);
    coach->cost_per_train_km_usd = 5;
    coach->cost_per_hour_usd = 100;
    coach->revenue_per_train_usd = 3000;
    build_service(line, "EAST", "train", east, ARRIVALS_REGULAR, 21600);
    build_service(line, "WEST", "train", west, ARRIVALS_REGULAR, 21600);
    build_service(line, "COACH", "coach", east, ARRIVALS_REGULAR, 43200);
    flows = calloc(2, sizeof *flows);
    terminals = calloc(2, sizeof *terminals);
    ck_assert(flows != NULL && terminals != NULL);
    flows[0] = (struct flow){.origin = 0, .destination = 1, .teu_per_day = 300};
    flows[1] = (struct flow){.origin = 1, .destination = 0, .teu_per_day = 100};
    terminals[0] = (struct terminal){.station = 0, .cranes = 2, .yard_teu = -1};
    terminals[1] = (struct terminal){.station = 1, .yard_teu = -1};
    line->traffic = (struct traffic){.flows = flows, .flow_count = 2, .terminals = terminals, .terminal_count = 2};
    law_parse("0.1", &line->economics.laws[ECONOMIC_ENERGY], (char[100]){0}, 100);
    setting = (struct setting_used){overrides, capital};
    line->settings_used = &setting;
    line->settings_used_count = 1;
    ck_assert(traffic_sums_make(line, &sums));
    sums.days = 10;
    sums.plans[EAST] = (struct plan_sums){40, 50, 36000};
    sums.plans[WEST] = (struct plan_sums){40, 40, 18000};
    sums.plans[COACH] = (struct plan_sums){20, 20, 4000};
    sums.teu_offered = 4000;
    sums.teu_delivered = 3800;
    sums.teu_refused = 20;
    sums.revenue_usd = 400000;
    sums.penalty_usd = 20000;
    sums.teu_delivered_in_window = 3600;
    sums.lifts = 7200;
    sums.yard_teu_days = 1800;
}

static void tear_down(void) {
    traffic_sums_free(&sums);
    build_free(line);
}

static bool near(double value, double expected) {
    return fabs(value - expected) <= 1e-9 * fabs(expected);
}

static struct project_traffic make(void) {
    struct project_traffic traffic;
    ck_assert_msg(project_traffic_make(line, &sums, &traffic, &failure), "%s", failure.text);
    return traffic;
}

START_TEST(figures_are_per_teu_delivered) {
    const struct project_traffic traffic = make();
    const struct appraisal_traffic *found = &traffic.traffic;
    ck_assert(near(found->tariff_usd_per_teu, 100));                                   /* 380,000 / 3,800 */
    ck_assert(near(found->running_cost_usd_per_teu, (8000 * 20 + 90 * 500) / 3600.0)); /* 80 trains of 100 km */
    ck_assert(near(found->energy_kwh_per_teu, 15));
    ck_assert(near(found->train_km_per_teu, 8000 / 3600.0));
    ck_assert(near(found->lifts_per_teu, 2));
    ck_assert(near(found->yard_days_per_teu, 0.5));
    ck_assert(near(found->demand_teu_per_day, 400));
    ck_assert(near(found->rail_km, 100));
    ck_assert(near(traffic.teu_per_train_simulated, 45));
    ck_assert(near(traffic.delivered_share, 0.95));
    ck_assert(near(traffic.refused_share, 0.005));
}
END_TEST

/* 20 coaches in ten days are 730 a year. */
START_TEST(other_trains_are_a_year_of_them) {
    const struct project_traffic traffic = make();
    ck_assert(near(traffic.traffic.other_revenue_usd_per_year, 730 * 3000));
    ck_assert(near(traffic.traffic.other_train_km_per_year, 73000));
    ck_assert(near(traffic.traffic.other_cost_usd_per_year, 73000 * 5 + 730 * 100 + 4000 * 36.5 * 0.1));
}
END_TEST

/* East needs 300 of 400; when it is full, 400 TEU go east and 133.3 west on the eight trains. */
START_TEST(the_heavy_direction_fills_the_line) {
    const struct project_traffic traffic = make();
    ck_assert(near(traffic.load, 0.75));
    ck_assert(near(traffic.trains_per_day, 10));
    ck_assert(near(traffic.container_trains_per_day, 8));
    ck_assert(near(traffic.teu_per_train_full, 400 / 0.75 / 8));
    ck_assert(near(traffic.traffic.teu_per_train, 400 / 0.75 / 10)); /* coaches among them carry none */
    flows[1].teu_per_day = 300;
    ck_assert(near(make().teu_per_train_full, 100));
    flows[0].teu_per_day = 0;
    ck_assert(near(make().teu_per_train_full, 50));
}
END_TEST

START_TEST(other_trains_stay_within_the_capacity) {
    static const struct { double capacity, share; } cases[] = {{40, 1}, {10, 1}, {5, 0.5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct project_traffic traffic = make();
        project_traffic_fit(&traffic, cases[i].capacity, 0.3);
        ck_assert(!traffic.cranes_bind);
        ck_assert(near(traffic.traffic.capacity_trains_per_day, cases[i].capacity));
        ck_assert(near(traffic.traffic.capacity_standard_error, 0.3));
        ck_assert(near(traffic.traffic.other_revenue_usd_per_year, 730 * 3000 * cases[i].share));
        ck_assert(near(traffic.traffic.other_train_km_per_year, 73000 * cases[i].share));
    }
}
END_TEST

/* Busy for 3 of 4 days at 360 TEU a day, cranes allow 480: that is nine trains of the mix, of 53.3 TEU each. */
START_TEST(cranes_may_be_the_limit) {
    sums.crane_busy_days[0] = 7.5;
    struct project_traffic traffic = make();
    ck_assert(near(traffic.crane_teu_per_day, 480));
    ck_assert_int_eq(traffic.crane_station, 0);
    project_traffic_fit(&traffic, 8.9, 0.2);
    ck_assert(!traffic.cranes_bind);
    project_traffic_fit(&traffic, 12, 0.2);
    ck_assert(traffic.cranes_bind);
    ck_assert(near(traffic.traffic.capacity_trains_per_day, 9));
    ck_assert(traffic.traffic.capacity_standard_error == 0);
    terminals[0].shift_count = 1;
    terminals[0].shifts[0] = (struct shift){0, 64800000}; /* at work in 18 of 24 hours, they are busy all of it */
    ck_assert(near(make().crane_teu_per_day, 360));
    sums.crane_busy_days[0] = 0;
    ck_assert(isinf(make().crane_teu_per_day));
}
END_TEST

/* With 2 % refused while 45 TEU rode on trains with paying room for 66.7, no more than 45 are counted on. Trains that
 * ran full were the limit themselves. */
START_TEST(yards_may_be_the_limit) {
    ck_assert(!make().yards_bind);
    sums.teu_refused = 80;
    const struct project_traffic traffic = make();
    ck_assert(traffic.yards_bind);
    ck_assert(near(traffic.traffic.teu_per_train, 36)); /* 45 on eight of ten trains */
    ck_assert(near(traffic.teu_per_train_full, 400 / 0.75 / 8));
    sums.crane_busy_days[0] = 9.9; /* of ten: the yard is full because the cranes can do no more */
    ck_assert(!make().yards_bind);
    sums.crane_busy_days[0] = 9;
    ck_assert(make().yards_bind);
    sums.teu_delivered_in_window = 5340;
    ck_assert(!make().yards_bind);
    ck_assert(near(make().traffic.teu_per_train, 400 / 0.75 / 10));
}
END_TEST

START_TEST(penalties_beyond_the_tariffs_are_a_cost) {
    const double cost = make().traffic.running_cost_usd_per_teu;
    sums.penalty_usd = 438000; /* 10 dollars a TEU more than was earned */
    const struct project_traffic traffic = make();
    ck_assert(traffic.traffic.tariff_usd_per_teu == 0);
    ck_assert(near(traffic.traffic.running_cost_usd_per_teu, cost + 10));
}
END_TEST

START_TEST(without_anything_delivered_there_are_no_figures) {
    struct project_traffic traffic;
    sums.teu_delivered_in_window = 0;
    ck_assert(!project_traffic_make(line, &sums, &traffic, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "no container was delivered in the 10 days"));
}
END_TEST

/* Whether exactly this many things are missing, the last of them said so. */
static void assert_missing(int32_t count, const char *last) {
    static char folder[] = "data/line";
    struct diagnostics diagnostics = {0};
    line->folder = folder;
    ck_assert(project_traffic_possible(line, &diagnostics) == (count == 0));
    ck_assert_int_eq(diagnostics.errors, count);
    ck_assert(count == 0 || strstr(diagnostics.entries[count - 1].message, last) != NULL);
    ck_assert(count == 0 || strcmp(diagnostics.entries[0].file, line->folder) == 0);
    diagnostics_free(&diagnostics);
    line->folder = NULL;
}

START_TEST(all_that_is_missing_is_told_at_once) {
    assert_missing(0, NULL);
    line->settings_used_count = 0;
    assert_missing(1, "there is no economics.csv");
    struct input_file file = {.path = (char[]){"data/line/economics.csv"}};
    line->inputs = &file;
    line->input_count = 1;
    assert_missing(0, NULL);
    line->timetable.plans[COACH].arrivals = ARRIVALS_SATURATED;
    assert_missing(1, "service COACH is saturated");
    line->timetable.plans[COACH].arrivals = ARRIVALS_REGULAR;
    line->settings.repeat_once = true;
    assert_missing(1, "runs once");
    flows[0].teu_per_day = flows[1].teu_per_day = 0;
    line->settings.repeat_once = false;
    assert_missing(1, "no containers are offered");
    line->traffic.flow_count = 0;
    assert_missing(1, "there is no flow");
    line->settings.repeat_once = true;
    line->timetable.plans[COACH].arrivals = ARRIVALS_SATURATED;
    line->input_count = 0;
    assert_missing(4, "service COACH is saturated");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {figures_are_per_teu_delivered,
                                  other_trains_are_a_year_of_them,
                                  the_heavy_direction_fills_the_line,
                                  other_trains_stay_within_the_capacity,
                                  cranes_may_be_the_limit,
                                  yards_may_be_the_limit,
                                  penalties_beyond_the_tariffs_are_a_cost,
                                  without_anything_delivered_there_are_no_figures,
                                  all_that_is_missing_is_told_at_once};
    Suite *suite = suite_create("project_traffic");
    TCase *cases = tcase_create("project_traffic");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(cases, tests[i]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
