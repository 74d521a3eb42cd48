/* What trains can carry beside what is offered, on lines small enough to add up by hand. */
#include "../engine/suite.h"

#include <math.h>

#include "freight/hop_supply.h"
#include "support/railway_builder.h"

enum { MOST = 4 };

/* A – B – C, 30 km each, a terminal at B; `boxes` carries 10.9 TEU. */
struct world {
    struct scenario *scenario;
    struct flow flows[MOST];
    struct terminal terminals[1];
    struct traffic traffic;
    struct journeys journeys;
    struct hop_supply supplies[MOST];
};

static void start(struct world *world) {
    *world = (struct world){.scenario = build_scenario()};
    build_station(world->scenario, "A", 0, 0);
    build_station(world->scenario, "B", 0, 0);
    build_station(world->scenario, "C", 0, 0);
    build_section(world->scenario, "AB", "A", "B", 30000);
    build_section(world->scenario, "BC", "B", "C", 30000);
    build_type(world->scenario, "boxes", 500)->capacity_teu = 10.9;
    build_type(world->scenario, "large", 500)->capacity_teu = 40;
    world->terminals[0].station = 1;
    world->traffic = (struct traffic){.flows = world->flows, .terminals = world->terminals, .terminal_count = 1};
}

static void add_flow(struct world *world, int32_t origin, int32_t destination, double teu_per_day) {
    world->flows[world->traffic.flow_count++] =
        (struct flow){.origin = origin, .destination = destination, .teu_per_day = teu_per_day};
}

static void find(struct world *world) {
    const struct journey_input input = {&world->traffic, &world->scenario->network, &world->scenario->timetable,
                                        world->scenario->train_types};
    journeys_free(&world->journeys);
    ck_assert(journeys_find(&input, &world->journeys));
    ck_assert_int_le(world->journeys.hop_count, MOST);
    ck_assert(hop_supplies(&input, &world->journeys, world->supplies));
}

static void finish(struct world *world) {
    journeys_free(&world->journeys);
    build_free(world->scenario);
}

/* How many trains a day. */
START_TEST(kinds_of_trains) {
    static const struct {
        enum plan_kind kind;
        enum arrival_process arrivals;
        int32_t trains_per_day;
        unsigned weekdays;
        double hours, interval_h, expected;
    } cases[] = {
        {PLAN_TIMETABLE, ARRIVALS_REGULAR, 0, 127, 24, 1, 1},
        {PLAN_SERVICE, ARRIVALS_REGULAR, 6, 127, 24, 1, 6},
        {PLAN_SERVICE, ARRIVALS_REGULAR, 6, 0, 24, 1, 6}, /* no days are all days */
        {PLAN_SERVICE, ARRIVALS_REGULAR, 7, 0x3, 24, 1, 2},
        {PLAN_SERVICE, ARRIVALS_REGULAR, 0, 127, 12, 8, 1.5}, /* counted on from day to day */
        {PLAN_SERVICE, ARRIVALS_POISSON, 0, 127, 12, 8, 1.5},
        {PLAN_SERVICE, ARRIVALS_POISSON, 0, 0x7, 14, 2, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        start(&world);
        struct train_plan *plan = build_service(world.scenario, "S", "boxes", "A B C", cases[i].arrivals, 3600);
        plan->kind = cases[i].kind;
        plan->trains_per_day = cases[i].trains_per_day;
        plan->weekdays = cases[i].weekdays;
        plan->first_ms = 0;
        plan->last_ms = (int64_t)(cases[i].hours * 3600e3);
        plan->interval_ms = cases[i].interval_h * 3600e3;
        build_service(world.scenario, "home", "boxes", "C B A", ARRIVALS_REGULAR, 60)->return_of = 0;
        add_flow(&world, 0, 2, 5);
        add_flow(&world, 2, 0, 0);
        find(&world);
        ck_assert_int_eq(world.journeys.hop_count, 2);
        for (int32_t hop = 0; hop < 2; hop++) {
            ck_assert_double_eq_tol(world.supplies[hop].trains_per_day, cases[i].expected, 1e-12);
            ck_assert_double_eq_tol(world.supplies[hop].teu_per_day, 10 * cases[i].expected, 1e-12);
            ck_assert_double_eq(world.supplies[hop].largest_teu, 10);
            ck_assert_int_eq(world.supplies[hop].plan, hop);
        }
        ck_assert_double_eq_tol(world.supplies[0].load, 0.5 / cases[i].expected, 1e-12);
        ck_assert_double_eq(world.supplies[1].load, 0);
        finish(&world);
    }
}
END_TEST

/* Flows that share trains: one all the way, one from B, one that changes there. */
START_TEST(shared_trains) {
    struct world world;
    start(&world);
    struct train_plan *plan = build_service(world.scenario, "through", "boxes", "A B C", ARRIVALS_REGULAR, 21600);
    plan->calls = realloc(plan->calls, 3 * sizeof *plan->calls); /* 4 × 10 TEU */
    ck_assert_ptr_nonnull(plan->calls);
    plan->calls[2] = plan->calls[plan->call_count++ - 1];
    plan->calls[1] = plan->calls[0];
    plan->calls[1].station = 1;
    build_service(world.scenario, "short", "large", "B C", ARRIVALS_REGULAR, 43200); /* 2 × 40 TEU */
    add_flow(&world, 0, 2, 20);
    add_flow(&world, 1, 2, 60);
    find(&world);
    ck_assert_int_eq(world.journeys.hop_count, 2);
    ck_assert_double_eq_tol(world.supplies[0].teu_per_day, 40, 1e-12);
    ck_assert_double_eq_tol(world.supplies[1].teu_per_day, 120, 1e-12);
    ck_assert_double_eq_tol(world.supplies[1].trains_per_day, 6, 1e-12);
    ck_assert_double_eq(world.supplies[1].largest_teu, 40);
    /* From B the through trains carry 20 of the first and 60 × 40/120 of the second on room for 40. */
    ck_assert_double_eq_tol(world.supplies[0].load, 1, 1e-12);
    ck_assert_double_eq_tol(world.supplies[1].load, 1, 1e-12);
    world.flows[0].teu_per_day = 0; /* 60 on 120 */
    find(&world);
    ck_assert_double_eq_tol(world.supplies[1].load, 0.5, 1e-12);
    finish(&world);
}
END_TEST

/* A train for less than a container. */
START_TEST(no_room) {
    struct world world;
    start(&world);
    build_service(world.scenario, "S", "boxes", "A B C", ARRIVALS_REGULAR, 3600);
    world.scenario->train_types[0].capacity_teu = 0.9;
    add_flow(&world, 0, 2, 1);
    find(&world);
    ck_assert_double_eq(world.supplies[0].teu_per_day, 0);
    ck_assert_double_eq(world.supplies[0].largest_teu, 0);
    ck_assert(isinf(world.supplies[0].load));
    world.flows[0].teu_per_day = 0;
    find(&world);
    ck_assert_double_eq(world.supplies[0].load, 0);
    finish(&world);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {kinds_of_trains, shared_trains, no_room};
    return run_suite("hop_supply", tests, sizeof tests / sizeof *tests);
}
