/* What is worked out of a scenario once: terminals, hops, what plans serve, when loading closes, what yards guarantee.
 */
#include "../engine/suite.h"
#include "freight_world.h"

#include "freight/freight_plan.h"

START_TEST(closes_early_enough_for_a_full_load) {
    const struct {
        int32_t cranes;
        double share_40ft;
        int64_t closing_ms, expected_ms;
    } cases[] = {{1, 0, -1, 142 * 90000},  {2, 0, -1, 71 * 90000}, {2, 1, -1, 36 * 90000},
                 {3, 0.5, -1, 32 * 90000}, {0, 0, -1, 90000},      {3, 0.5, 4 * HOUR_MS, 4 * HOUR_MS}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct freight_world world;
        world_start(&world, 3, 142.9);
        world_flow(&world, "AB", 100, 1)->share_40ft = cases[i].share_40ft;
        struct terminal *terminal = world_terminal(&world, "A");
        terminal->cranes = cases[i].cranes;
        terminal->lift_s = 90;
        terminal->closing_ms = cases[i].closing_ms;
        const int32_t there = world_plan(&world, "AB"), on = world_plan(&world, "BC");
        const int32_t through = world_plan(&world, "CAB");
        world_ready(&world);
        ck_assert_int_eq(freight_plan_closing_ms(world.plan, there), cases[i].expected_ms);
        ck_assert_int_eq(freight_plan_closing_ms(world.plan, on), 0);
        ck_assert_int_eq(freight_plan_closing_ms(world.plan, through), 0);
        ck_assert_int_eq(freight_plan_longest_closing_ms(world.plan), cases[i].expected_ms);
        world_finish(&world);
    }
}
END_TEST

/* No lifts are made where what boards has come by trains that are reloaded side by side. */
START_TEST(closes_at_once_where_nothing_is_lifted) {
    struct freight_world world;
    world_start(&world, 3, 100);
    world_flow(&world, "AC", 100, 1);
    struct terminal *terminal = world_terminal(&world, "B");
    *terminal = (struct terminal){.station = 1,
                                  .cranes = 1,
                                  .lift_s = 90,
                                  .yard_teu = -1,
                                  .gauge_change = GAUGE_CHANGE_TRANSSHIP,
                                  .closing_ms = -1};
    world_plan(&world, "AB");
    const int32_t second = world_plan(&world, "BC");
    world_ready(&world);
    ck_assert_int_eq(freight_plan_closing_ms(world.plan, second), 0);
    ck_assert(freight_plan_calls(world.plan, second, 0));
    ck_assert_int_eq(world.plan->hop_count, 2);
    ck_assert(!world.plan->hops[1].loads_by_lift && world.plan->hops[0].loads_by_lift);
    ck_assert_int_eq(world.plan->hops[0].change, GAUGE_CHANGE_TRANSSHIP);
    ck_assert_int_eq(world.plan->hops[1].change, GAUGE_CHANGE_NONE);
    world_finish(&world);
}
END_TEST

START_TEST(knows_what_trains_do_where) {
    struct freight_world world;
    world_start(&world, 4, 10);
    world_flow(&world, "AC", 1, 1);
    world_flow(&world, "BC", 1, 1);
    world_flow(&world, "CB", 1, 1);
    const struct {
        const char *stops, *does; /* l: loads, u: unloads, b: both */
        bool later;
    } cases[] = {{"ABCD", "lbu-", true}, {"ABC", "llu", true}, {"AC", "lu", false}, {"BC", "lu", false},
                 {"CB", "lu", false},    {"BA", "--", false},  {"CD", "--", false}, {"DCBA", "-lu-", true}};
    enum { COUNT = sizeof cases / sizeof cases[0] };
    for (int32_t i = 0; i < COUNT; i++) ck_assert_int_eq(world_plan(&world, cases[i].stops), i);
    world_ready(&world);
    for (int32_t i = 0; i < COUNT; i++) {
        bool carries = false;
        for (int32_t call = 0; cases[i].does[call]; call++) {
            const bool expected = cases[i].does[call] != '-';
            ck_assert_int_eq(freight_plan_calls(world.plan, i, call), expected);
            carries = carries || expected;
        }
        ck_assert_int_eq(freight_plan_carries(world.plan, i), carries);
        ck_assert_int_eq(freight_plan_loads_later(world.plan, i), cases[i].later);
    }
    world_finish(&world);
}
END_TEST

/* Empties are loads' way back: such trains carry, even where no load goes that way. */
START_TEST(finds_ways_back_for_empties) {
    struct freight_world world;
    world_start(&world, 3, 10);
    world_flow(&world, "AB", 1, 1)->empties_return = true;
    world_flow(&world, "BA", 1, 1);
    world_flow(&world, "AC", 1, 1)->empties_return = true;
    const int32_t back = world_plan(&world, "CA"), all = world_plan(&world, "CBA");
    world_plan(&world, "ABC");
    world_ready(&world);
    ck_assert(freight_plan_carries(world.plan, back) && freight_plan_calls(world.plan, back, 0));
    int32_t first, end;
    freight_plan_boardings_at(world.plan, back, 0, &first, &end);
    ck_assert_int_eq(end - first, 1);
    ck_assert(world.plan->hops[world.plan->boardings[first].hop].empty);
    freight_plan_boardings_at(world.plan, all, 1, &first, &end);
    ck_assert_int_eq(end - first, 2); /* the load, then the empty */
    ck_assert_int_eq(world.plan->boardings[first].hop, world.plan->first_hop[1]);
    ck_assert_int_eq(world.plan->boardings[first + 1].hop, world.plan->return_hop[0]);
    ck_assert_int_eq(world.plan->return_hop[1], -1);
    ck_assert_int_eq(world.plan->first_lowered[2] - world.plan->first_lowered[1], 1); /* by loads from B to A */
    ck_assert_int_eq(world.plan->lowered[world.plan->first_lowered[1]], 0);
    ck_assert_int_eq(world.plan->first_lowered[3] - world.plan->first_lowered[2], 0);
    world_finish(&world);
}
END_TEST

START_TEST(guarantees_slots_to_those_who_use_a_yard) {
    struct freight_world world;
    world_start(&world, 3, 30);
    world_flow(&world, "AC", 1, 1)->share_40ft = 0.5;
    world_flow(&world, "BC", 1, 1);
    for (int32_t i = 0; i < 3; i++) world_terminal(&world, (const char[]){(char)('A' + i), '\0'})->yard_teu = 50;
    world_plan(&world, "AB");
    world_plan(&world, "BC");
    world_ready(&world);
    const struct yard_rules *a = &world.plan->terminals[0].yard, *b = &world.plan->terminals[1].yard;
    const struct yard_rules *c = &world.plan->terminals[2].yard;
    ck_assert(!a->classes[0].there && !a->classes[1].there && a->classes[2].there); /* offered, with two hops to go */
    ck_assert(!b->classes[0].there && b->classes[1].there && !b->classes[2].there); /* offered, and changing */
    ck_assert(c->classes[0].there && !c->classes[1].there && !c->classes[2].there); /* delivered */
    ck_assert_int_eq(a->classes[2].guarantee, 30);
    ck_assert_int_eq(b->classes[1].guarantee, 30);
    ck_assert_int_eq(c->classes[0].guarantee, 30);
    ck_assert_int_eq(a->share_teu, 50);
    ck_assert_int_eq(world.plan->class[0], 2);
    ck_assert_int_eq(world.plan->class[1], 1);
    world_finish(&world);
}
END_TEST

START_TEST(is_empty_without_flows) {
    struct freight_world world;
    world_start(&world, 2, 30);
    const int32_t plan = world_plan(&world, "AB");
    world_ready(&world);
    ck_assert(!freight_plan_carries(world.plan, plan) && !freight_plan_calls(world.plan, plan, 0));
    ck_assert_int_eq(freight_plan_longest_closing_ms(world.plan), 0);
    ck_assert_int_eq(world.plan->terminal_count, 0);
    world_end(&world, 10);
    ck_assert_int_eq(freight_results(world.freight).terminal_count, 0);
    world_finish(&world);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        closes_early_enough_for_a_full_load, closes_at_once_where_nothing_is_lifted,   knows_what_trains_do_where,
        finds_ways_back_for_empties,         guarantees_slots_to_those_who_use_a_yard, is_empty_without_flows};
    return run_suite("freight_plan", tests, sizeof tests / sizeof tests[0]);
}
