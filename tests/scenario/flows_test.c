/* Container traffic read from flows.csv and terminals.csv, and everything that can be wrong with it. */
#include "folder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The small scenario with containers: trains F hold 100 TEU and go from A to B and back every two hours; both files may
 * be NULL. */
static void make(struct folder *folder, const char *flows, const char *terminals) {
    folder_make(folder);
    folder_put(folder, "train_types.csv",
               "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\n"
               "F,1000,4000,80,5000,300,0.3,100\n");
    if (flows) folder_put(folder, "flows.csv", flows);
    if (terminals) folder_put(folder, "terminals.csv", terminals);
}

static struct scenario *read_good(struct folder *folder, const struct scenario_request *request) {
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = folder_read(folder, request, &diagnostics);
    if (!scenario || diagnostics.warnings > 0) diagnostics_print(&diagnostics, stdout);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_int_eq(diagnostics.warnings, 0);
    diagnostics_free(&diagnostics);
    folder_free(folder);
    return scenario;
}

static void expect_told(struct folder *folder, const struct scenario_request *request, const char *expected) {
    char *told = folder_tell(folder, request);
    ck_assert_msg(strcmp(told, expected) == 0, "told\n%s\nexpected\n%s", told, expected);
    free(told);
}

/* ---- what is right ---- */

START_TEST(flows) {
    struct folder folder;
    make(&folder,
         "flow,origin,destination,commodity,teu_per_day,arrivals,batch_teu,tariff_usd_per_teu,due_h,late_usd_per_teu_"
         "day,"
         "seasonality,share_40ft,empties_return\n"
         "east,A,B,Electronics,100.5,,,1234.565,36.5,12.345,,0.6,yes\n"
         "west,B,A,,0,regular,,,,,1.002;1.002;1.002;1.002;1.002;1.002;1.002;1.002;1.002;1.002;1.002;1.002,,no\n"
         "ship,A,B,,300,batch,1500.4,0.005,0,,0;2; 1;1;1;1;1;1;1;1;1;1,1,\n",
         NULL);
    struct scenario *scenario = read_good(&folder, NULL);
    const struct traffic *traffic = &scenario->traffic;
    const struct flow *east = &traffic->flows[0], *west = east + 1, *ship = east + 2;
    ck_assert_int_eq(scenario->not_used_yet_count, 0);
    ck_assert_int_eq(traffic->flow_count, 3);
    ck_assert_int_eq(traffic->terminal_count, 0);
    ck_assert_str_eq(east->id, "east");
    ck_assert_str_eq(east->commodity, "Electronics");
    ck_assert_int_eq(east->origin, 0);
    ck_assert_int_eq(east->destination, 2);
    ck_assert_double_eq(east->teu_per_day, 100.5);
    ck_assert_int_eq(east->arrivals, FLOW_POISSON);
    ck_assert_int_eq(east->tariff_cents, 123457); /* to the nearest cent: 1234.565 lies a little above the half */
    ck_assert_int_eq(east->due_ms, 131400000);
    ck_assert_int_eq(east->late_cents_per_teu_day, llround(1234.5));
    ck_assert(!east->seasonal && east->empties_return);
    ck_assert_double_eq(east->share_40ft, 0.6);
    ck_assert_str_eq(west->commodity, "");
    ck_assert_int_eq(west->arrivals, FLOW_REGULAR);
    ck_assert_int_eq(west->tariff_cents, 0);
    ck_assert_int_lt(west->due_ms, 0);
    ck_assert_int_eq(west->entity, 1);
    ck_assert(!west->seasonal && !west->empties_return); /* scaled to 1 each */
    ck_assert_int_eq(ship->arrivals, FLOW_BATCH);
    ck_assert_int_eq(ship->batch_teu, 1500);
    ck_assert_int_eq(ship->tariff_cents, 1);
    ck_assert_int_eq(ship->due_ms, 0);
    ck_assert(ship->seasonal);
    for (int32_t month = 0; month < MONTHS; month++) {
        ck_assert_double_eq(east->seasonality[month], 1);
        ck_assert_double_eq_tol(west->seasonality[month], 1, 1e-12);
        ck_assert_double_eq(ship->seasonality[month], month == 0 ? 0 : month == 1 ? 2 : 1);
    }
    scenario_free(scenario);
}
END_TEST

/* A mean that rounding leaves beside 1 is made 1. */
START_TEST(seasons_are_scaled) {
    struct folder folder;
    make(&folder,
         "flow,origin,destination,teu_per_day,seasonality\n"
         "F,A,B,1,0.83;0.83;0.83;0.83;0.83;0.83;1.17;1.17;1.17;1.17;1.17;1.16\n",
         NULL);
    struct scenario *scenario = read_good(&folder, NULL);
    const struct flow *flow = &scenario->traffic.flows[0];
    double sum = 0;
    for (int32_t month = 0; month < MONTHS; month++) sum += flow->seasonality[month];
    ck_assert_double_eq_tol(sum, 12, 1e-12);
    ck_assert_double_eq_tol(flow->seasonality[6] / flow->seasonality[0], 1.17 / 0.83, 1e-12);
    scenario_free(scenario);
}
END_TEST

START_TEST(terminals) {
    struct folder folder;
    make(&folder, "flow,origin,destination,teu_per_day\nF,A,B,100\n",
         "station,cranes,lift_s,lift_cv,yard_teu,gauge_change,turnaround_s,hold_for_full_min,closing_min,pickup_h\n"
         "B,3,120,0.25,1500.9,bogie,7200,30,90.5,48\nA,,,,,,,,,\nM,,,,0,transship,,,0,\n");
    struct scenario *scenario = read_good(&folder, NULL);
    const struct traffic *traffic = &scenario->traffic;
    ck_assert_int_eq(traffic->terminal_count, 3);
    const struct terminal *b = traffic_terminal(traffic, 2), *a = traffic_terminal(traffic, 0),
                          *m = traffic_terminal(traffic, 1);
    ck_assert_ptr_eq(b, &traffic->terminals[0]);
    ck_assert_int_eq(b->cranes, 3);
    ck_assert_double_eq(b->lift_s, 120);
    ck_assert_double_eq(b->lift_cv, 0.25);
    ck_assert_int_eq(b->yard_teu, 1500);
    ck_assert_int_eq(b->gauge_change, GAUGE_CHANGE_BOGIE);
    ck_assert_int_eq(b->hold_ms, 1800000);
    ck_assert_int_eq(b->closing_ms, 5430000);
    ck_assert_int_eq(b->pickup_ms, 172800000);
    ck_assert_int_eq(scenario->network.stations[2].turnaround_ms, 7200000);
    ck_assert_int_eq(a->cranes, 0);
    ck_assert_double_eq(a->lift_s, 0);
    ck_assert_double_eq(a->lift_cv, 0);
    ck_assert_int_eq(a->yard_teu, -1);
    ck_assert_int_eq(a->gauge_change, GAUGE_CHANGE_NONE);
    ck_assert_int_eq(a->hold_ms, 0);
    ck_assert_int_lt(a->closing_ms, 0);
    ck_assert_int_eq(a->pickup_ms, 0);
    ck_assert_int_eq(a->shift_count, 0);
    ck_assert_int_eq(m->gauge_change, GAUGE_CHANGE_TRANSSHIP);
    ck_assert_int_eq(m->closing_ms, 0);
    scenario_free(scenario);
}
END_TEST

START_TEST(shifts) {
    static const struct {
        const char *text;
        int32_t count, hours[4]; /* from, to, from, to */
    } cases[] = {
        {"06:00-14:00", 1, {6, 14}},
        {"14:00-18:00;06:00-12:00", 2, {6, 12, 14, 18}},
        {" 22:00-04:00 ; 06:00-12:00", 2, {6, 12, 22, 28}},
        {"06:00-14:00;14:00-22:00", 1, {6, 22}},  /* one follows on the other */
        {"00:00-06:00;22:00-24:00", 1, {22, 30}}, /* over midnight too */
        {"22:00-06:00;06:00-10:00;12:00-22:00", 1, {12, 34}},
        {"06:00-14:00;14:00-22:00;22:00-06:00", 0, {0}}, /* day and night */
        {"00:00-24:00", 0, {0}},
        {"00:00-12:00;12:00-24:00", 0, {0}},
        {"00:00-02:00;04:00-06:00;08:00-10:00;12:00-14:00;16:00-18:00;20:00-22:00", 6, {0, 2, 4, 6}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder folder;
        char text[200];
        snprintf(text, sizeof text, "station,shifts\nA,%s\n", cases[i].text);
        make(&folder, NULL, text);
        struct scenario *scenario = read_good(&folder, NULL);
        const struct terminal *terminal = &scenario->traffic.terminals[0];
        ck_assert_int_eq(terminal->shift_count, cases[i].count);
        for (int32_t k = 0; k < terminal->shift_count && k < 2; k++) {
            ck_assert_int_eq(terminal->shifts[k].from_ms, cases[i].hours[2 * k] * 3600000);
            ck_assert_int_eq(terminal->shifts[k].to_ms, cases[i].hours[2 * k + 1] * 3600000);
        }
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(what_trains_earn_and_weigh) {
    struct folder folder;
    make(&folder, NULL, NULL);
    folder_put(&folder, "train_types.csv",
               "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,revenue_per_train_usd,"
               "empty_mass_t,empty_length_m\nF,1000,4000,80,5000,300,0.3,2500.5,1400,0900\nG,1000,,80,,,,,,\n");
    struct scenario *scenario = read_good(&folder, NULL);
    ck_assert_double_eq(scenario->train_types[0].revenue_per_train_usd, 2500.5);
    ck_assert_double_eq(scenario->train_types[0].empty_mass_kg, 1.4e6);
    ck_assert_double_eq(scenario->train_types[0].empty_length_m, 900);
    ck_assert_double_eq(scenario->train_types[1].revenue_per_train_usd, 0);
    ck_assert(isnan(scenario->train_types[1].empty_mass_kg) && isnan(scenario->train_types[1].empty_length_m));
    scenario_free(scenario);
}
END_TEST

/* Rows that are switched off are not there, nor those about a station that is; others keep their random numbers. */
START_TEST(rows_switched_off) {
    struct folder folder;
    make(&folder, "flow,origin,destination,teu_per_day,option\nF,A,B,1,new\nF,A,B,2,!new\nG,M,B,3,\nH,B,A,4,\n",
         "station,cranes,option\nA,1,new\nA,2,!new\nM,0,\n");
    folder_put(&folder, "options.csv", "option\nnew\nloop\n");
    folder_put(&folder, "stations.csv", "station,kind,option\nA,terminal,\nM,siding,loop\nB,terminal,\n");
    folder_put(&folder, "sections.csv", "section,from,to,length_km,option\nA-B,A,B,50,\nA-M,A,M,20,\nM-B,M,B,30,\n");
    struct scenario *scenario = read_good(&folder, NULL);
    const struct traffic *traffic = &scenario->traffic;
    ck_assert_int_eq(traffic->flow_count, 2);
    ck_assert_double_eq(traffic->flows[0].teu_per_day, 2);
    ck_assert_int_eq(traffic->flows[0].entity, 1);
    ck_assert_str_eq(traffic->flows[1].id, "H");
    ck_assert_int_eq(traffic->flows[1].entity, 3);
    ck_assert_int_eq(traffic->terminal_count, 1);
    ck_assert_int_eq(traffic->terminals[0].cranes, 2);
    scenario_free(scenario);
}
END_TEST

START_TEST(overrides) {
    static const char *const texts[] = {"flows[F].teu_per_day=*1.5", "flows.tariff_usd_per_teu=20",
                                        "terminals[A].yard_teu=*0.5", "flows[F].seasonality=2;0;1;1;1;1;1;1;1;1;1;1",
                                        "terminals.shifts=08:00-16:00"};
    const struct scenario_request request = {.overrides = texts, .override_count = sizeof texts / sizeof *texts};
    struct folder folder;
    make(&folder, "flow,origin,destination,teu_per_day,tariff_usd_per_teu\nF,A,B,100,\n", "station,yard_teu\nA,25\n");
    struct scenario *scenario = read_good(&folder, &request);
    ck_assert_double_eq(scenario->traffic.flows[0].teu_per_day, 150);
    ck_assert_int_eq(scenario->traffic.flows[0].tariff_cents, 2000);
    ck_assert_double_eq(scenario->traffic.flows[0].seasonality[0], 2);
    ck_assert_int_eq(scenario->traffic.terminals[0].yard_teu, 12);
    ck_assert_int_eq(scenario->traffic.terminals[0].shift_count, 1);
    scenario_free(scenario);
    static const char *const wrong[] = {"flows[F].seasonality=1;1", "terminals[A].shifts=8-9", "flows.share_40ft=7"};
    const struct scenario_request bad = {.overrides = wrong, .override_count = sizeof wrong / sizeof *wrong};
    make(&folder, "flow,origin,destination,teu_per_day\nF,A,B,100\n", "station,yard_teu\nA,25\n");
    expect_told(&folder, &bad,
                "--set:0:0: terminals[A].shifts=8-9: shift '8-9' is not one, expected HH:MM-HH:MM from 00:00 to 24:00\n"
                "--set:0:0: flows[F].seasonality=1;1: seasonality has 2 factors, expected 12 joined by ;, January "
                "first\n"
                "--set:0:0: flows.share_40ft=7: share_40ft 7 is out of range, expected 0 to 1\n");
}
END_TEST

/* Variants that are not chosen are tried, too. */
START_TEST(variants_on_trial) {
    struct folder folder;
    make(&folder, "flow,origin,destination,teu_per_day\nF,A,B,100\n", "station,shifts\nA,06:00-08:00\n");
    folder_put(&folder, "variants.csv",
               "variant,settings\nv,flows.seasonality=1\nw,terminals.shifts=1-2\nx,flows.arrivals=flock\n");
    expect_told(&folder, NULL,
                "s/variants.csv:2:2: flows.seasonality=1: seasonality has 1 factor, expected 12 joined by ;, January "
                "first\n"
                "s/variants.csv:3:2: terminals.shifts=1-2: shift '1-2' is not one, expected HH:MM-HH:MM from 00:00 to "
                "24:00\n"
                "s/variants.csv:4:2: flows.arrivals=flock: arrivals 'flock' is not known, expected poisson, regular or "
                "batch\n");
}
END_TEST

/* ---- what is wrong with a row ---- */

struct wrong {
    const char *flows, *terminals;
    const char *told;
};

static void expect(const struct wrong *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct folder folder;
        make(&folder, cases[i].flows, cases[i].terminals);
        char *told = folder_tell(&folder, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu\n%s\n%s\ntold\n%s\nexpected\n%s", i, cases[i].flows,
                      cases[i].terminals, told, cases[i].told);
        free(told);
    }
}

#define EXPECT(cases) expect(cases, sizeof(cases) / sizeof(cases)[0])
#define FLOWS "flow,origin,destination,teu_per_day"
#define GOOD FLOWS "\nF,A,B,100\n"
#define ONES "1;1;1;1;1;1;1;1;1;1;1"

START_TEST(rows_of_flows) {
    static const struct wrong cases[] = {
        {"flow,origin,destination\nF,A,B\n", NULL,
         "s/flows.csv:1:0: column 'teu_per_day' is missing, expected 0 to 10000000\n"},
        {FLOWS ",tarif_usd_per_teu\nF,A,B,1,2\n", NULL,
         "s/flows.csv:1:5: unknown column 'tarif_usd_per_teu', did you mean 'tariff_usd_per_teu'?\n"},
        {FLOWS "\nF,A,B,1\nF,B,A,1\n", NULL, "s/flows.csv:3:1: flow 'F' a second time, first in line 2\n"},
        {FLOWS "\nF,A,C,1\nG,,B,1\nH,A,B,\n,A,B,1\n", NULL,
         "s/flows.csv:2:3: destination 'C' is not declared in stations.csv\n"
         "s/flows.csv:3:2: origin is empty, expected a row of stations\n"
         "s/flows.csv:4:4: teu_per_day is empty, expected 0 to 10000000\n"
         "s/flows.csv:5:1: flow is empty, expected 1 to 63 characters of A-Z a-z 0-9 _ . -\n"},
        {FLOWS "\nF,A,A,1\n", NULL, "s/flows.csv:2:3: destination 'A' is the origin, expected another station\n"},
        {FLOWS ",tariff_usd_per_teu,due_h,late_usd_per_teu_day,share_40ft\nF,A,B,-1,-2,-3,-4,-0.1\n", NULL,
         "s/flows.csv:2:4: teu_per_day -1 is out of range, expected 0 to 10000000\n"
         "s/flows.csv:2:5: tariff_usd_per_teu -2 is out of range, expected 0 to 10000000\n"
         "s/flows.csv:2:6: due_h -3 is out of range, expected 0 to 100000\n"
         "s/flows.csv:2:7: late_usd_per_teu_day -4 is out of range, expected 0 to 10000000\n"
         "s/flows.csv:2:8: share_40ft -0.1 is out of range, expected 0 to 1\n"},
        {FLOWS "\nF,A,B,\"1,5\"\nG,A,B,many\n", NULL,
         "s/flows.csv:2:4: teu_per_day '1,5' has a decimal comma: write 1.5\n"
         "s/flows.csv:3:4: teu_per_day 'many' is not a number, expected 0 to 10000000\n"},
        {FLOWS ",arrivals,batch_teu\nF,A,B,1,poison,\nG,A,B,1,batch,\nH,A,B,1,regular,5\nI,A,B,1,,6\nJ,A,B,1,batch,0\n",
         NULL,
         "s/flows.csv:2:5: arrivals 'poison' is not known, expected poisson, regular or batch\n"
         "s/flows.csv:3:6: batch_teu is empty, expected the size of a batch where arrivals is batch\n"
         "s/flows.csv:4:6: batch_teu 5, but arrivals is regular, expected batch\n"
         "s/flows.csv:5:6: batch_teu 6, but arrivals is poisson, expected batch\n"
         "s/flows.csv:6:6: batch_teu 0 is out of range, expected 1 to 1000000\n"},
        {FLOWS ",seasonality\nF,A,B,1,1;1\nG,A,B,1," ONES ";1;1\nH,A,B,1," ONES ";1.06\nI,A,B,1," ONES ";1.07\n"
               "J,A,B,1," ONES ";0.9\nK,A,B,1," ONES ";-1\nL,A,B,1," ONES ";\nM,A,B,1,winter\n",
         NULL,
         "s/flows.csv:2:5: seasonality has 2 factors, expected 12 joined by ;, January first\n"
         "s/flows.csv:3:5: seasonality has 13 factors, expected 12 joined by ;, January first\n"
         "s/flows.csv:5:5: the factors of seasonality have a mean of 1.00583, expected 1\n"
         "s/flows.csv:6:5: the factors of seasonality have a mean of 0.991667, expected 1\n"
         "s/flows.csv:7:5: factor '-1' of seasonality is not one, expected 0 to 12\n"
         "s/flows.csv:8:5: factor '' of seasonality is not one, expected 0 to 12\n"
         "s/flows.csv:9:5: factor 'winter' of seasonality is not one, expected 0 to 12\n"},
        {FLOWS ",empties_return,late_usd_per_teu_day\nF,A,B,1,maybe,\nG,A,B,1,,5\n", NULL,
         "s/flows.csv:2:5: empties_return 'maybe' is not known, expected no or yes\n"
         "s/flows.csv:3:6: warning: late_usd_per_teu_day has no effect without due_h\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(rows_of_terminals) {
    static const struct wrong cases[] = {
        {GOOD, "station,cranes\nA,1\nA,2\nC,1\n",
         "s/terminals.csv:3:1: station 'A' a second time, first in line 2\n"
         "s/terminals.csv:4:1: station 'C' is not declared in stations.csv\n"},
        {GOOD,
         "station,cranes,lift_s,lift_cv,yard_teu,gauge_change,hold_for_full_min,closing_min,pickup_h\n"
         "A,1.5,-1,11,-2,lift,-1,-1,-1\n",
         "s/terminals.csv:2:2: cranes '1.5' is not a whole number, expected a whole number from 0 to 10000\n"
         "s/terminals.csv:2:3: lift_s -1 is out of range, expected 0 to 86400\n"
         "s/terminals.csv:2:4: lift_cv 11 is out of range, expected 0 to 10\n"
         "s/terminals.csv:2:5: yard_teu -2 is out of range, expected 0 to 1000000000\n"
         "s/terminals.csv:2:6: gauge_change 'lift' is not known, expected transship or bogie\n"
         "s/terminals.csv:2:7: hold_for_full_min -1 is out of range, expected 0 to 100000\n"
         "s/terminals.csv:2:8: closing_min -1 is out of range, expected 0 to 100000\n"
         "s/terminals.csv:2:9: pickup_h -1 is out of range, expected 0 to 100000\n"},
        {GOOD, "station,shifts\nA,06:00-06:00\nB,06:00\nM,25:00-26:00\n",
         "s/terminals.csv:2:2: shift '06:00-06:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00\n"
         "s/terminals.csv:3:2: shift '06:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00\n"
         "s/terminals.csv:4:2: shift '25:00-26:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00\n"},
        {GOOD, "station,shifts\nA,06:00-14:00;13:59-20:00\nB,22:00-06:01;06:00-08:00\nM,24:00-02:00\n",
         "s/terminals.csv:2:2: shifts overlap: the one before 13:59 lasts longer, expected it to end there at the "
         "latest\n"
         "s/terminals.csv:3:2: shifts overlap: the one before 06:00 lasts longer, expected it to end there at the "
         "latest\n"
         "s/terminals.csv:4:2: shift '24:00-02:00' is not one, expected HH:MM-HH:MM from 00:00 to 24:00\n"},
        {GOOD,
         "station,shifts\nA,00:00-01:00;02:00-03:00;04:00-05:00;06:00-07:00;08:00-09:00;10:00-11:00;12:00-13:00\n",
         "s/terminals.csv:2:2: more than 6 shifts, expected 6 at most\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(empty_trains) {
    static const struct {
        const char *row, *told;
    } cases[] = {
        {"4001,", "s/train_types.csv:2:8: empty_mass_t 4001 is more than mass_t 4000 of the full train, expected at "
                  "most that\n"},
        {",1000.5", "s/train_types.csv:2:9: empty_length_m 1000.5 is more than length_m 1000 of the full train, "
                    "expected at most that\n"},
        {"4000,1000", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder folder;
        char text[300];
        make(&folder, NULL, NULL);
        snprintf(text, sizeof text,
                 "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,empty_mass_t,"
                 "empty_length_m\nF,1000,4000,80,5000,300,0.3,%s\n",
                 cases[i].row);
        folder_put(&folder, "train_types.csv", text);
        expect_told(&folder, NULL, cases[i].told);
    }
    struct folder folder;
    make(&folder, NULL, NULL);
    folder_put(&folder, "running_times.csv", "section,train_type,run_s\nA-M,*,900\nM-B,*,1350\n");
    folder_put(&folder, "train_types.csv",
               "train_type,length_m,max_speed_kmh,empty_mass_t,revenue_per_train_usd\nF,1000,80,5,-1\n");
    expect_told(&folder, NULL,
                "s/train_types.csv:2:4: empty_mass_t without mass_t, expected the mass of the full train too\n"
                "s/train_types.csv:2:5: revenue_per_train_usd -1 is out of range, expected 0 to 1000000000\n");
}
END_TEST

/* ---- what only shows beside the trains ---- */

START_TEST(capacity_zero) {
    static const struct wrong cases[] = {
        {FLOWS "\nF,A,B,100\nG,B,A,1\n", "station,cranes,yard_teu\nA,0,\nB,,0\nM,0,0\n",
         "s/terminals.csv:2:2: capacity zero: 'A' has no cranes for flow 'F', expected at least 1, or an empty cell "
         "for "
         "no limit\n"
         "s/terminals.csv:3:3: capacity zero: the yard of 'B' has room for 0 TEU, flow 'F' has containers of 1, "
         "expected at least 1, or an empty cell for no limit\n"},
        {FLOWS ",share_40ft\nF,A,B,100,\nG,B,A,1,0.1\n", "station,yard_teu\nA,1\n",
         "s/terminals.csv:2:2: capacity zero: the yard of 'A' has room for 1 TEU, flow 'G' has containers of 2, "
         "expected at least 2, or an empty cell for no limit\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(trains_too_small) {
    static const struct {
        const char *capacity_teu, *told;
    } cases[] = {
        {"0.5", "s/flows.csv:2:1: the trains of flow 'F' from 'A' to 'B' hold 0.5 TEU ('F'), expected at least 1\n"},
        {"1.9",
         "s/flows.csv:2:5: share_40ft 0.5, but the trains of flow 'F' from 'A' to 'B' hold 1 TEU ('F'), expected "
         "at least 2\n"},
        {"2",
         "s/flows.csv:2:4: warning: teu_per_day 100 of flow 'F' is far above the 24 TEU a day that its trains from "
         "'A' to 'B' can carry (12 trains a day)\n"},
        {"4",
         "s/flows.csv:2:4: warning: teu_per_day 100 of flow 'F' is far above the 48 TEU a day that its trains from "
         "'A' to 'B' can carry (12 trains a day)\n"},
        {"5", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder folder;
        char text[300];
        make(&folder, FLOWS ",share_40ft\nF,A,B,100,0.5\n", NULL);
        snprintf(text, sizeof text,
                 "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\n"
                 "F,1000,4000,80,5000,300,0.3,%s\n",
                 cases[i].capacity_teu);
        folder_put(&folder, "train_types.csv", text);
        expect_told(&folder, NULL, cases[i].told);
    }
}
END_TEST

#define NOT_CARRIED "s/flows.csv:2:1: no trains carry flow 'F' from 'A' to 'B': "
#define EXPECTED                                                                                                       \
    "expected trains with capacity_teu > 0 that stop at 'A' and later at 'B', or that meet at a station in "           \
    "terminals.csv\n"
#define SERVICES "service,train_type,origin,destination,interval_min,arrivals,stops,return_of\n"

/* What would serve a flow that no trains carry. */
START_TEST(flows_not_carried) {
    static const struct {
        const char *day, *terminals, *told;
    } cases[] = {
        {SERVICES "S,F,A,B,,saturated,,\nR,F,B,A,,,,S\n", NULL,
         NOT_CARRIED "from 'A' to 'B' there are only saturated trains ('S'), which carry no containers, expected a "
                     "timetable or a service whose arrivals are regular or poisson\n"},
        {SERVICES "R,F,A,B,,,,S\nS,F,B,A,,saturated,,\n", NULL,
         NOT_CARRIED "from 'A' to 'B' there are only saturated trains ('R'), which carry no containers, expected a "
                     "timetable or a service whose arrivals are regular or poisson\n"},
        {SERVICES "S,coach,A,B,60,,,\n", NULL,
         NOT_CARRIED "from 'A' to 'B' there are only trains without room for containers ('S'), expected capacity_teu > "
                     "0 for train type 'coach'\n"},
        {SERVICES "S,F,B,A,60,,,\n", NULL,
         NOT_CARRIED "no train with containers leaves 'A'; none goes to 'B'; the gauge changes at 'M' from 1520 mm to "
                     "1435 mm, expected trains on either side; " EXPECTED},
        {SERVICES "S,F,A,M,60,,,\nT,F,M,B,60,,,\n", NULL,
         NOT_CARRIED "containers would change trains at 'M', from a gauge of 1520 mm to one of 1435 mm, expected a row "
                     "for it in terminals.csv\n"},
        {SERVICES "S,F,A,M,60,,,\nT,F,M,B,60,,,\n", "station\nM\n", ""},
        {SERVICES "S,broad,A,M,60,,,\nT,narrow,M,B,60,,,\n", NULL,
         NOT_CARRIED "containers would change trains at 'M', from a gauge of 1520 mm to one of 1435 mm, expected a row "
                     "for it in terminals.csv\n"},
        {SERVICES "S,broad,A,M,60,,,\nT,coach,M,B,60,,,\n", NULL,
         NOT_CARRIED "containers would change trains at 'M', from a gauge of 1520 mm to one of 1435 mm, expected a row "
                     "for it in terminals.csv; from 'M' to 'B' "
                     "there are only trains without room for containers ('T'), expected capacity_teu > 0 for train "
                     "type 'coach'\n"},
        {SERVICES "S,broad,A,M,60,,,\n", NULL,
         NOT_CARRIED "trains with containers from 'A' get to 'M'; none goes to 'B'; the gauge changes at 'M' from 1520 "
                     "mm to 1435 mm, expected trains on either side; " EXPECTED},
        {SERVICES "T,F,M,B,60,,,\n", "station\nM\n",
         NOT_CARRIED "no train with containers leaves 'A'; those to 'B' come from 'M'; the gauge changes at 'M' from "
                     "1520 mm to 1435 mm, expected trains on either side; " EXPECTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder folder;
        make(&folder, GOOD, cases[i].terminals);
        folder_put(&folder, "stations.csv", "station,kind\nA,terminal\nM,terminal\nB,terminal\n");
        folder_put(&folder, "sections.csv", "section,from,to,length_km,gauge_mm\nA-M,A,M,20,1520\nB-M,B,M,30,1435\n");
        folder_put(&folder, "running_times.csv", "section,train_type,run_s\nA-M,*,900\nB-M,*,1350\n");
        folder_put(&folder, "train_types.csv",
                   "train_type,length_m,max_speed_kmh,capacity_teu,gauge_mm\nF,1000,80,100,\ncoach,300,80,,\n"
                   "broad,1000,80,100,1520\nnarrow,1000,80,100,1435\n");
        folder_put(&folder, "day.csv", cases[i].day);
        char *told = folder_tell(&folder, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu\ntold\n%s\nexpected\n%s", i, told, cases[i].told);
        free(told);
    }
}
END_TEST

START_TEST(flows_that_lead_nowhere) {
    struct folder folder;
    make(&folder, FLOWS ",empties_return\nF,A,B,1,yes\nG,C,A,1,\n", NULL);
    folder_put(&folder, "stations.csv", "station,kind\nA,terminal\nM,siding\nB,terminal\nC,terminal\n");
    folder_put(&folder, "tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,\nC,yard,,\n");
    folder_put(&folder, "day.csv", SERVICES "S,F,A,B,60,,M:60,\n");
    expect_told(
        &folder, NULL,
        "s/flows.csv:2:5: no trains carry the empty containers of flow 'F' from 'B' to 'A': no train with "
        "containers leaves 'B'; none goes to 'A'; expected trains with capacity_teu > 0 that stop at 'B' and "
        "later at 'A', or that meet at a station in terminals.csv\n"
        "s/flows.csv:3:1: no trains carry flow 'G' from 'C' to 'A': no sections connect them\n"
        "s/stations.csv:5:1: warning: no train can come to station 'C', expected a section in sections.csv that leads "
        "there\n");
}
END_TEST

/* More stations than are worth naming. */
START_TEST(many_stations) {
    struct folder folder;
    make(&folder, FLOWS "\nF,A,H,1\n", NULL);
    folder_put(&folder, "stations.csv",
               "station,kind\nA,terminal\nB,siding\nC,siding\nD,siding\nE,siding\nF,siding\nG,terminal\nH,siding\n");
    folder_put(&folder, "tracks.csv", "station,track\nA,1\nB,1\nC,1\nD,1\nE,1\nF,1\nG,1\nH,1\n");
    folder_put(&folder, "sections.csv",
               "section,from,to,length_km\nAB,A,B,9\nBC,B,C,9\nCD,C,D,9\nDE,D,E,9\nEF,E,F,9\nFG,F,G,9\nGH,G,H,9\n");
    folder_put(&folder, "day.csv", SERVICES "S,F,A,G,60,,B:9;C:9;D:9;E:9;F:9,\n");
    expect_told(
        &folder, NULL,
        "s/flows.csv:2:1: no trains carry flow 'F' from 'A' to 'H': trains with containers from 'A' get to 'B', "
        "'C', 'D', 'E' and 2 more; none goes to 'H'; expected trains with capacity_teu > 0 that stop at 'A' and "
        "later at 'H', or that meet at a station in terminals.csv\n");
}
END_TEST

/* Who asks about the line alone is not told of journeys, but of everything else. */
START_TEST(line_only) {
    const struct scenario_request request = {.line_only = true};
    struct folder folder;
    make(&folder, FLOWS "\nF,A,M,100\n", "station,cranes\nA,0\n");
    struct scenario *scenario = read_good(&folder, &request);
    ck_assert_int_eq(scenario->traffic.flow_count, 1);
    scenario_free(scenario);
    make(&folder, FLOWS "\nF,A,A,100\n", NULL);
    expect_told(&folder, &request, "s/flows.csv:2:3: destination 'A' is the origin, expected another station\n");
}
END_TEST

/* A flow that offers nothing needs no trains, and a schedule given for the occasion that has none with room for
 * containers is not for the flows. */
START_TEST(flows_left_out) {
    struct folder folder;
    make(&folder, FLOWS "\nF,A,M,0\n", NULL);
    struct scenario *scenario = read_good(&folder, NULL);
    ck_assert_int_eq(scenario->traffic.flow_count, 1);
    scenario_free(scenario);
    make(&folder, FLOWS "\nF,A,B,100\n", NULL);
    folder_put(&folder, "endless.csv", SERVICES "S,F,A,B,,saturated,,\n");
    const char *schedules[] = {"s/endless.csv"};
    const struct scenario_request request = {.schedules = schedules, .schedule_count = 1};
    struct diagnostics diagnostics = {0};
    scenario = folder_read(&folder, &request, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_int_eq(diagnostics.warnings, 1);
    ck_assert_int_eq(scenario->traffic.flow_count, 0);
    diagnostics_free(&diagnostics);
    scenario_free(scenario);
    folder_free(&folder);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {flows,
                                  seasons_are_scaled,
                                  terminals,
                                  shifts,
                                  what_trains_earn_and_weigh,
                                  rows_switched_off,
                                  overrides,
                                  variants_on_trial,
                                  rows_of_flows,
                                  rows_of_terminals,
                                  empty_trains,
                                  capacity_zero,
                                  trains_too_small,
                                  flows_not_carried,
                                  flows_that_lead_nowhere,
                                  many_stations,
                                  line_only,
                                  flows_left_out};
    return run_suite("flows", tests, sizeof tests / sizeof tests[0]);
}
