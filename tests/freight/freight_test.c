/* Containers from their offer to their delivery: cases worked out by hand, to the millisecond and the cent. */
#include "../engine/suite.h"
#include "freight_world.h"

#include <math.h>

static int64_t clock_ms(int hours, int minutes, int seconds) {
    return ((hours * INT64_C(60) + minutes) * 60 + seconds) * 1000;
}

static int64_t posted(const struct freight_world *world, enum account account) {
    return ledger_total(freight_results(world->freight).ledger, account);
}

static const struct flow_use *use_of(const struct freight_world *world, int32_t flow) {
    return &freight_results(world->freight).flows[flow];
}

static const struct terminal_use *station_use_of(const struct freight_world *world, char station) {
    const struct freight_results results = freight_results(world->freight);
    for (int32_t i = 0; i < results.terminal_count; i++)
        if (results.terminals[i].station == station - 'A') return &results.terminals[i];
    ck_abort_msg("no such terminal");
}

/* A terminal with one crane. */
static struct terminal *one_crane(struct freight_world *world, const char *station, double lift_s) {
    struct terminal *terminal = world_terminal(world, station);
    terminal->cranes = 1;
    terminal->lift_s = lift_s;
    return terminal;
}

static void run_to_end(struct freight_world *world, int64_t end_ms) {
    world->census = true;
    world->run.end_ms = end_ms;
    world_ready(world);
    world_drive(world);
    world_end(world, end_ms);
}

/* Containers come to A half past every hour; the train leaves at three, and takes one lift of a minute for each. */
START_TEST(loads_what_is_there_and_leaves) {
    struct freight_world world;
    world_start(&world, 2, 100);
    world_flow(&world, "AB", 24, 10000);
    one_crane(&world, "A", 60);
    one_crane(&world, "B", 90);
    world.prices.lift_cents = 150.4;
    world.prices.yard_cents_per_teu_day = 100;
    world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0));
    run_to_end(&world, clock_ms(6, 0, 0));
    const int64_t minutes_in_yard[] = {151, 92, 33};
    int64_t yard_cents = 0;
    for (int64_t n = 1; n <= 3; n++) {
        const struct container_record *container = world_nth(&world, 0, n, false);
        const int64_t stay_cents = llround((double)minutes_in_yard[n - 1] / 1440 * 100);
        ck_assert_int_eq(container->status, CONTAINER_DELIVERED);
        ck_assert_int_eq(container->arrived_ms, clock_ms((int)n - 1, 30, 0));
        ck_assert_int_eq(container->loaded_ms, clock_ms(3, (int)n, 0));
        ck_assert_int_eq(container->delivered_ms, clock_ms(4, 3, 90 * (int)n));
        ck_assert_int_eq(container->revenue_cents, 10000);
        ck_assert_int_eq(container->penalty_cents, 0);
        ck_assert_int_eq(container->cost_cents, 2 * 150 + stay_cents);
        ck_assert_int_eq(container->train_id, 1);
        ck_assert_int_eq(container->trains, 1);
        yard_cents += stay_cents;
    }
    const struct container_record *fourth = world_nth(&world, 0, 4, false);
    ck_assert_int_eq(fourth->status, CONTAINER_WAITING);
    ck_assert_int_eq(fourth->loaded_ms, INT64_MIN);
    ck_assert_int_eq(fourth->train_id, 0);
    ck_assert_int_eq(posted(&world, ACCOUNT_TARIFF), 30000);
    ck_assert_int_eq(posted(&world, ACCOUNT_LIFTS), -6 * 150);
    ck_assert_int_eq(posted(&world, ACCOUNT_YARD), -yard_cents);
    const struct flow_use *use = use_of(&world, 0);
    ck_assert_int_eq(use->teu_offered, 6);
    ck_assert_int_eq(use->teu_delivered, 3);
    ck_assert_int_eq(use->teu_waiting, 3);
    ck_assert_double_eq_tol(use->mean_transit_h, (214.5 + 156 + 97.5) / 180, 1e-12);
    ck_assert_double_eq_tol(use->p50_transit_h, 156.0 / 60, 1e-12);
    ck_assert_double_eq_tol(use->p95_transit_h, (156 + 0.9 * (214.5 - 156)) / 60, 1e-12);
    ck_assert_int_eq(station_use_of(&world, 'A')->lifts, 3);
    ck_assert_int_eq(station_use_of(&world, 'B')->crane_busy_ms, 3 * 90000);
    ck_assert_int_eq(station_use_of(&world, 'A')->max_teu, 3);
    /* 0.5–1.5 h: 1; to 2.5 h: 2; to 3 h 1 min: 3; to 3:02: 2; to 3:03: 1; from 3:30: 1, 2, 3 */
    const double teu_hours = 1 + 2 + 3 * 31.0 / 60 + 2 / 60.0 + 1 / 60.0 + 1 + 2 + 0.5 * 3;
    ck_assert_double_eq_tol(station_use_of(&world, 'A')->mean_teu, teu_hours / 6, 1e-9);
    world_finish(&world);
}
END_TEST

/* A train for three that leaves at two finds two there. */
START_TEST(holds_for_a_full_load) {
    const struct {
        int64_t hold_ms, departed_ms;
        int32_t teu;
    } cases[] = {{0, clock_ms(2, 2, 0), 2},
                 {clock_ms(0, 15, 0), clock_ms(2, 15, 0), 2},
                 {clock_ms(4, 0, 0), clock_ms(2, 31, 0), 3}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct freight_world world;
        world_start(&world, 2, 3);
        world_flow(&world, "AB", 24, 1);
        one_crane(&world, "A", 60)->hold_ms = cases[i].hold_ms;
        world_depart(&world, world_plan(&world, "AB"), clock_ms(2, 0, 0));
        run_to_end(&world, clock_ms(10, 0, 0));
        ck_assert_int_eq(world.trains[0].departed_ms, cases[i].departed_ms);
        ck_assert_int_eq(use_of(&world, 0)->teu_delivered, cases[i].teu);
        world_finish(&world);
    }
}
END_TEST

/* A train held under the cranes is told when the next container comes, and the limit where none comes before it. */
START_TEST(says_when_to_ask_again) {
    struct freight_world world;
    world_start(&world, 2, 3);
    world_flow(&world, "AB", 24, 1);
    world_terminal(&world, "A")->hold_ms = clock_ms(0, 40, 0);
    world_plan(&world, "AB");
    world_ready(&world);
    const int32_t load = freight_load_begin(world.freight, 0);
    ck_assert_int_eq(freight_load(world.freight, load, 0, clock_ms(0, 10, 0), clock_ms(1, 0, 0)).again_ms,
                     clock_ms(0, 30, 0));
    ck_assert_int_eq(freight_load(world.freight, load, 0, clock_ms(0, 30, 0), clock_ms(1, 0, 0)).again_ms,
                     clock_ms(1, 30, 0));
    ck_assert_int_eq(freight_load_teu(world.freight, load), 1);
    ck_assert_int_eq(freight_load(world.freight, load, 0, clock_ms(1, 30, 0), clock_ms(1, 0, 0)).again_ms,
                     clock_ms(1, 40, 0));
    ck_assert_int_eq(freight_load(world.freight, load, 0, clock_ms(1, 40, 0), clock_ms(1, 0, 0)).again_ms, INT64_MAX);
    ck_assert_int_eq(freight_load_teu(world.freight, load), 2);
    world_finish(&world);
}
END_TEST

/* Flow 0 offers 40-foot containers, flow 1 those of 20 feet, both half past every hour. */
START_TEST(skips_40_feet_where_20_are_left) {
    const struct {
        double capacity_teu;
        int32_t teu[2]; /* of both flows */
    } cases[] = {{1, {0, 1}}, {2, {2, 0}}, {3, {2, 1}}, {4, {2, 2}}, {5, {4, 1}}, {6, {4, 2}}, {7, {4, 2}}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct freight_world world;
        world_start(&world, 2, cases[i].capacity_teu);
        world_flow(&world, "AB", 48, 1)->share_40ft = 1;
        world_flow(&world, "AB", 24, 1);
        world_depart(&world, world_plan(&world, "AB"), clock_ms(2, 0, 0));
        run_to_end(&world, clock_ms(4, 0, 0));
        for (int32_t flow = 0; flow < 2; flow++)
            ck_assert_int_eq(use_of(&world, flow)->teu_delivered, cases[i].teu[flow]);
        world_finish(&world);
    }
}
END_TEST

START_TEST(refuses_where_the_yard_is_full) {
    struct freight_world world;
    world_start(&world, 2, 100);
    world_flow(&world, "AB", 24, 1);
    world_terminal(&world, "A")->yard_teu = 3;
    world_depart(&world, world_plan(&world, "AB"), clock_ms(5, 0, 0)); /* 0:30, 1:30, 2:30 wait; two are refused */
    run_to_end(&world, clock_ms(7, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_offered, 7);
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 3);
    ck_assert_int_eq(use_of(&world, 0)->teu_refused, 2);
    ck_assert_int_eq(use_of(&world, 0)->teu_waiting, 2);
    ck_assert_int_eq(station_use_of(&world, 'A')->teu_refused, 2);
    ck_assert_int_eq(world_nth(&world, 0, 4, false)->status, CONTAINER_REFUSED);
    ck_assert_int_eq(world_nth(&world, 0, 6, false)->status, CONTAINER_WAITING);
    ck_assert_int_eq(freight_results(world.freight).flow_days[0].refused, 2);
    world_finish(&world);
}
END_TEST

/* The yard at B has two slots, kept for two hours after delivery at four. */
START_TEST(loads_only_with_a_slot_where_it_leaves) {
    struct freight_world world;
    world_start(&world, 2, 4);
    world_flow(&world, "AB", 24, 1);
    struct terminal *terminal = world_terminal(&world, "B");
    terminal->yard_teu = 2;
    terminal->pickup_ms = clock_ms(2, 0, 0);
    const int32_t plan = world_plan(&world, "AB");
    world_depart(&world, plan, clock_ms(3, 0, 0));  /* takes two of three */
    world_depart(&world, plan, clock_ms(5, 30, 0)); /* takes none of four */
    world_depart(&world, plan, clock_ms(6, 0, 0));  /* takes two of four: the slots are free again */
    run_to_end(&world, clock_ms(8, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 4);
    ck_assert_int_eq(world_nth(&world, 0, 3, false)->train_id, 3);
    ck_assert_int_eq(station_use_of(&world, 'A')->teu_left_behind, 1 + 4 + 2);
    ck_assert_int_eq(station_use_of(&world, 'B')->teu_left_behind, 0);
    ck_assert_int_eq(station_use_of(&world, 'B')->max_teu, 2);
    ck_assert_double_eq_tol(station_use_of(&world, 'B')->mean_teu, 2 * 3.0 / 8, 1e-12);
    world_finish(&world);
}
END_TEST

/* Three containers change trains at B: the first arrives at four, the second leaves at six. */
START_TEST(changes_trains_by_lift_transshipment_or_bogies) {
    const struct {
        enum gauge_change change;
        int64_t lifts;                              /* at B */
        int64_t came_s[3], cost_cents[3], loaded_s; /* after four; from six until the last is on board */
    } cases[] = {
        {GAUGE_CHANGE_NONE, 6, {60, 120, 180}, {2, 2, 2}, 180},
        {GAUGE_CHANGE_TRANSSHIP, 3, {60, 120, 180}, {1, 1, 1}, 0},
        {GAUGE_CHANGE_BOGIE, 2, {60, 60, 120}, {1, 0, 1}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct freight_world world;
        world_start(&world, 3, 10);
        world_flow(&world, "AC", 24, 1);
        one_crane(&world, "B", 60)->gauge_change = cases[i].change;
        world.prices.lift_cents = 1;
        world.prices.yard_cents_per_teu_day = 24 * 3600 * 1000.0; /* a cent a millisecond */
        world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0));
        world_depart(&world, world_plan(&world, "BC"), clock_ms(6, 0, 0));
        run_to_end(&world, clock_ms(9, 0, 0));
        ck_assert_int_eq(station_use_of(&world, 'B')->lifts, cases[i].lifts);
        ck_assert_int_eq(station_use_of(&world, 'B')->crane_busy_ms, cases[i].lifts * 60000);
        ck_assert_int_eq(world.trains[1].departed_ms, clock_ms(6, 0, (int)cases[i].loaded_s));
        for (int64_t n = 1; n <= 3; n++) {
            const struct container_record *container = world_nth(&world, 0, n, false);
            const int64_t at_a = clock_ms(3, 0, 0) - container->arrived_ms;
            const int64_t loaded_ms = clock_ms(6, 0, 0) + (cases[i].loaded_s > 0 ? n * 60000 : 0);
            const int64_t at_b = loaded_ms - clock_ms(4, 0, (int)cases[i].came_s[n - 1]);
            ck_assert_int_eq(container->delivered_ms, clock_ms(7, 0, (int)cases[i].loaded_s));
            ck_assert_int_eq(container->trains, 2);
            ck_assert_int_eq(container->train_id, 2);
            ck_assert_int_eq(container->loaded_ms, clock_ms(3, 0, 0));
            /* one lift each at A and at C, where lifts take no time */
            ck_assert_int_eq(container->cost_cents, at_a + at_b + cases[i].cost_cents[n - 1] + 2);
        }
        world_finish(&world);
    }
}
END_TEST

/* Of 40 feet, then 20, 40: the second wagon carries half of the third container. */
START_TEST(lifts_one_bogie_wagon_for_every_two_teu_begun) {
    struct freight_world world;
    world_start(&world, 3, 10);
    world_flow(&world, "AC", 24, 1);
    struct flow *forty = world_flow(&world, "AC", 48, 1);
    forty->share_40ft = 1;
    one_crane(&world, "B", 60)->gauge_change = GAUGE_CHANGE_BOGIE;
    world.prices.lift_cents = 1;
    world_depart(&world, world_plan(&world, "AB"), clock_ms(2, 0, 0)); /* 20, 40, 20, 40: 6 TEU, three wagons */
    world_plan(&world, "BC");
    run_to_end(&world, clock_ms(9, 0, 0));
    ck_assert_int_eq(station_use_of(&world, 'B')->lifts, 3);
    ck_assert_int_eq(world_nth(&world, 0, 1, false)->cost_cents, 2); /* wagon 1 */
    ck_assert_int_eq(world_nth(&world, 1, 1, false)->cost_cents, 2); /* begins on wagon 1, wagon 2 */
    ck_assert_int_eq(world_nth(&world, 0, 2, false)->cost_cents, 1); /* ends wagon 2 */
    ck_assert_int_eq(world_nth(&world, 1, 2, false)->cost_cents, 2); /* wagon 3 */
    ck_assert_int_eq(world_nth(&world, 1, 2, false)->status, CONTAINER_WAITING);
    world_finish(&world);
}
END_TEST

/* Two containers go to B; one comes from there, in an empty container; the other goes back empty. */
START_TEST(brings_empties_back_unless_loads_use_them) {
    for (int32_t slot = 0; slot < 2; slot++) {
        struct freight_world world;
        world_start(&world, 2, 10);
        world_flow(&world, "AB", 24, 100)->empties_return = true;
        world_flow(&world, "BA", 24 / 8.0, 100); /* at four, and twelve */
        struct terminal *terminal = one_crane(&world, "A", 60);
        terminal->pickup_ms = slot ? clock_ms(1, 0, 0) : 0;
        terminal->yard_teu = slot ? 5 : -1; /* two classes there, of 2 each, and one more */
        world.prices.lift_cents = 7;
        world_depart(&world, world_plan(&world, "AB"), clock_ms(2, 0, 0)); /* there at 3:02 */
        world_depart(&world, world_plan(&world, "BA"), clock_ms(5, 0, 0));
        run_to_end(&world, clock_ms(8, 0, 0));
        const struct container_record *empty = world_nth(&world, 0, 1, true);
        ck_assert(empty->empty && empty->flow == 0 && empty->status == CONTAINER_DELIVERED);
        ck_assert_int_eq(empty->arrived_ms, clock_ms(5, 0, 0));
        ck_assert_int_eq(empty->loaded_ms, clock_ms(5, 0, 0));
        ck_assert_int_eq(empty->delivered_ms, clock_ms(6, 2, 0));
        ck_assert_int_eq(empty->revenue_cents, 0);
        ck_assert_int_eq(empty->cost_cents, 2 * 7);
        ck_assert_int_eq(empty->container_id, 3);
        ck_assert_ptr_null(world_nth(&world, 0, 2, true));
        ck_assert_int_eq(use_of(&world, 0)->teu_empties, 1);
        ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 2);
        ck_assert_int_eq(use_of(&world, 0)->cost_cents, 2 * 14 + 14);
        ck_assert_int_eq(use_of(&world, 1)->teu_delivered, 1);
        ck_assert_int_eq(use_of(&world, 1)->cost_cents, 14);
        ck_assert_int_eq(posted(&world, ACCOUNT_TARIFF), 300);
        world_finish(&world);
    }
}
END_TEST

START_TEST(keeps_empties_where_they_would_find_no_slot) {
    struct freight_world world;
    world_start(&world, 2, 10);
    world_flow(&world, "AB", 24, 100)->empties_return = true;
    struct terminal *terminal = world_terminal(&world, "A");
    terminal->pickup_ms = clock_ms(24, 0, 0);
    terminal->yard_teu = 2; /* one slot for what waits, one for what comes back */
    const int32_t there = world_plan(&world, "AB"), back = world_plan(&world, "BA");
    world_depart(&world, there, clock_ms(1, 0, 0));
    world_depart(&world, there, clock_ms(2, 0, 0));
    world_depart(&world, back, clock_ms(4, 0, 0));
    world_depart(&world, back, clock_ms(6, 0, 0));
    run_to_end(&world, clock_ms(9, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 2);
    ck_assert_int_eq(use_of(&world, 0)->teu_empties, 1);
    world_finish(&world);
}
END_TEST

START_TEST(charges_lateness_by_the_day) {
    struct freight_world world;
    world_start(&world, 2, 100);
    struct flow *flow = world_flow(&world, "AB", 48, 5000); /* 40-foot, half past each hour */
    flow->share_40ft = 1;
    flow->due_ms = clock_ms(2, 30, 0);
    flow->late_cents_per_teu_day = 4800;                               /* 4 cents a minute for both TEU: 6⅔ */
    world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0)); /* there at four: 3:30, 2:30, 1:30 under way */
    run_to_end(&world, clock_ms(5, 0, 0));
    ck_assert_int_eq(world_nth(&world, 0, 1, false)->penalty_cents, 2 * 4800 / 24);
    ck_assert_int_eq(world_nth(&world, 0, 2, false)->penalty_cents, 0);
    ck_assert_int_eq(world_nth(&world, 0, 1, false)->revenue_cents, 2 * 5000);
    ck_assert_int_eq(posted(&world, ACCOUNT_LATE_PENALTY), -2 * 4800 / 24);
    ck_assert_int_eq(use_of(&world, 0)->containers_late, 1);
    ck_assert_int_eq(use_of(&world, 0)->teu_late, 2);
    ck_assert_int_eq(use_of(&world, 0)->penalty_cents, 400);
    world_finish(&world);
}
END_TEST

/* Lifts at B end at 4:01, 4:02, 4:03. What ends when the run does has not happened. */
START_TEST(cuts_what_the_end_of_the_run_cuts) {
    const struct {
        int64_t end_ms;
        int32_t delivered, riding, loaded;
        int64_t busy_ms; /* at B */
    } cases[] = {{clock_ms(4, 3, 0), 2, 1, 3, 180000},  {clock_ms(4, 3, 0) + 1, 3, 0, 3, 180000},
                 {clock_ms(4, 2, 30), 2, 1, 3, 150000}, {clock_ms(3, 0, 0) + 1, 0, 3, 0, 0},
                 {clock_ms(3, 0, 20), 0, 3, 1, 0},      {clock_ms(3, 0, 20) + 1, 0, 3, 2, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct freight_world world;
        world_start(&world, 2, 100);
        world_flow(&world, "AB", 24, 100);
        one_crane(&world, "A", 10);
        one_crane(&world, "B", 60);
        world.hop_ms = clock_ms(0, 59, 30);
        world.prices.lift_cents = 3;
        world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0));
        run_to_end(&world, cases[i].end_ms);
        const struct flow_use *use = use_of(&world, 0);
        ck_assert_int_eq(use->teu_delivered, cases[i].delivered);
        ck_assert_int_eq(use->teu_riding, cases[i].riding);
        ck_assert_int_eq(posted(&world, ACCOUNT_TARIFF), 100 * cases[i].delivered);
        ck_assert_int_eq(posted(&world, ACCOUNT_LIFTS), -3 * (cases[i].loaded + cases[i].delivered));
        ck_assert_int_eq(station_use_of(&world, 'B')->crane_busy_ms, cases[i].busy_ms);
        const struct container_record *third = world_nth(&world, 0, 3, false);
        ck_assert_int_eq(third->status, cases[i].riding > 0 ? CONTAINER_RIDING : CONTAINER_DELIVERED);
        ck_assert_int_eq(third->loaded_ms, cases[i].loaded == 3 ? clock_ms(3, 0, 30) : INT64_MIN);
        ck_assert_int_eq(third->train_id, 1);
        ck_assert_int_eq(freight_results(world.freight).flow_days[0].loaded, cases[i].loaded);
        world_finish(&world);
    }
}
END_TEST

/* A run without an end is over when the last train is: what its clock has not reached has not happened. */
START_TEST(ends_with_the_clock_where_no_end_is_given) {
    struct freight_world world;
    world_start(&world, 2, 100);
    world_flow(&world, "AB", 24, 100);
    world_plan(&world, "AB");
    world_ready(&world);
    world_end(&world, clock_ms(2, 30, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_offered, 3); /* that of 2:30 included */
    world_finish(&world);
}
END_TEST

START_TEST(counts_what_is_offered_in_the_window) {
    struct freight_world world;
    world_start(&world, 2, 100);
    world_flow(&world, "AB", 24, 100);
    world.prices.lift_cents = 3;
    world.run.window_from_ms = clock_ms(1, 30, 0);
    world.run.window_to_ms = clock_ms(2, 30, 0);
    world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0));
    run_to_end(&world, clock_ms(6, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_offered, 1);
    ck_assert_int_eq(use_of(&world, 0)->containers_offered, 1);
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 1);
    ck_assert_int_eq(use_of(&world, 0)->revenue_cents, 100);
    ck_assert_int_eq(use_of(&world, 0)->cost_cents, 6);
    ck_assert_double_eq(use_of(&world, 0)->mean_transit_h, 2.5);
    ck_assert_int_eq(freight_results(world.freight).teu_delivered_in_window, 0);
    ck_assert_int_eq(freight_results(world.freight).flow_days[0].offered, 6);
    ck_assert_int_eq(freight_results(world.freight).ledger->window[ACCOUNT_TARIFF], 0);
    ck_assert_int_eq(posted(&world, ACCOUNT_TARIFF), 300);
    ck_assert_int_eq(station_use_of(&world, 'A')->lifts, 0);
    ck_assert_int_eq(station_use_of(&world, 'A')->max_teu, 2);
    ck_assert_double_eq(station_use_of(&world, 'A')->mean_teu, 2);
    world_finish(&world);
}
END_TEST

START_TEST(posts_what_trains_earn_and_cost) {
    struct freight_world world;
    world_start(&world, 3, 0);
    world.prices = (struct freight_prices){
        .energy_cents_per_kwh = 12.3456, .track_access_cents_per_train_km = 0.7, .fixed_cents_per_year = 36500 * 3};
    struct train_type *type = &world.scenario->train_types[0];
    type->revenue_per_train_usd = 1234.565;
    type->cost_per_hour_usd = 10.005;
    type->cost_per_train_km_usd = 0.333;
    const int32_t plan = world_plan(&world, "AC");
    world.run.end_ms = 2 * MILLISECONDS_PER_DAY;
    world_ready(&world);
    const struct train_trip trip = {plan, clock_ms(23, 0, 0), clock_ms(25, 30, 0), 120, 1000};
    const struct train_money money = freight_train_ended(world.freight, -1, &trip);
    world.trains_net_cents = money.revenue_cents - money.cost_cents;
    ck_assert_int_eq(money.revenue_cents, llround(123456.5));
    ck_assert_int_eq(money.cost_cents, 12346 + llround(1000.5 * 2.5) + 3996 + 84);
    ck_assert_int_eq(money.teu, 0);
    world_end(&world, 2 * MILLISECONDS_PER_DAY);
    const struct ledger *ledger = freight_results(world.freight).ledger;
    ck_assert_int_eq(ledger->day_count, 2);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_ENERGY], -12346);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_TRAIN_HOURS], -2501);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_TRAIN_KM], -3996);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_TRACK_ACCESS_PAID], -84);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_TRACK_ACCESS_RECEIVED], 84);
    ck_assert_int_eq(ledger->days[0][ACCOUNT_FIXED], -300);
    ck_assert_int_eq(ledger->days[1][ACCOUNT_FIXED], -300);
    ck_assert_int_eq(ledger->days[0][ACCOUNT_TRAIN_REVENUE], 0);
    world_finish(&world);
}
END_TEST

/* A flow that nobody carries fills its yard and goes nowhere. */
START_TEST(lets_wait_what_no_train_carries) {
    struct freight_world world;
    world_start(&world, 3, 10);
    world_flow(&world, "AB", 24, 1);
    world_flow(&world, "AC", 24, 1);
    world_terminal(&world, "A")->yard_teu = 10;
    world_depart(&world, world_plan(&world, "AB"), clock_ms(3, 0, 0));
    run_to_end(&world, clock_ms(24, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 3);
    ck_assert_int_eq(use_of(&world, 1)->teu_delivered, 0);
    ck_assert_int_eq(use_of(&world, 1)->teu_offered, 24);
    ck_assert_int_gt(use_of(&world, 1)->teu_refused, 0);
    ck_assert(isnan(use_of(&world, 1)->p50_transit_h));
    world_finish(&world);
}
END_TEST

/* At calls on the way containers leave, and others take their room. */
START_TEST(loads_and_unloads_on_the_way) {
    struct freight_world world;
    world_start(&world, 3, 3);
    world_flow(&world, "AB", 24, 1);
    world_flow(&world, "BC", 24, 1);
    world_flow(&world, "AC", 24, 1);
    one_crane(&world, "B", 60);
    world_depart(&world, world_plan(&world, "ABC"), clock_ms(2, 0, 0)); /* takes AB, AC, AB */
    run_to_end(&world, clock_ms(12, 0, 0));
    ck_assert_int_eq(use_of(&world, 0)->teu_delivered, 2);
    ck_assert_int_eq(use_of(&world, 1)->teu_delivered, 2);
    ck_assert_int_eq(use_of(&world, 2)->teu_delivered, 1);
    ck_assert_int_eq(world_nth(&world, 0, 2, false)->delivered_ms, clock_ms(3, 2, 0));
    ck_assert_int_eq(world_nth(&world, 1, 2, false)->loaded_ms, clock_ms(3, 4, 0));
    ck_assert_int_eq(world_nth(&world, 1, 2, false)->delivered_ms, clock_ms(4, 4, 0));
    ck_assert_int_eq(freight_results(world.freight).teu_delivered_in_window, 5);
    world_finish(&world);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {loads_what_is_there_and_leaves,
                                  holds_for_a_full_load,
                                  says_when_to_ask_again,
                                  skips_40_feet_where_20_are_left,
                                  refuses_where_the_yard_is_full,
                                  loads_only_with_a_slot_where_it_leaves,
                                  changes_trains_by_lift_transshipment_or_bogies,
                                  lifts_one_bogie_wagon_for_every_two_teu_begun,
                                  brings_empties_back_unless_loads_use_them,
                                  keeps_empties_where_they_would_find_no_slot,
                                  charges_lateness_by_the_day,
                                  cuts_what_the_end_of_the_run_cuts,
                                  ends_with_the_clock_where_no_end_is_given,
                                  counts_what_is_offered_in_the_window,
                                  posts_what_trains_earn_and_cost,
                                  lets_wait_what_no_train_carries,
                                  loads_and_unloads_on_the_way};
    return run_suite("freight", tests, sizeof tests / sizeof tests[0]);
}
