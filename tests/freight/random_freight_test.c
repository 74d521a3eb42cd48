/* Freight by lot: networks, flows and terminals drawn at random, every container counted after every call. */
#include "../engine/suite.h"
#include "freight_world.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/stream.h"

struct dice {
    struct stream stream;
    uint64_t rolls;
};

static double uniform(struct dice *dice) {
    return stream_uniform(&dice->stream, 0, dice->rolls++);
}

static int32_t roll(struct dice *dice, int32_t faces) {
    return (int32_t)(uniform(dice) * faces);
}

static bool chance(struct dice *dice, double share) {
    return uniform(dice) < share;
}

enum { DAYS = 12 };

/* What of a world a case wants otherwise. */
struct wish {
    bool small_yards;     /* everywhere, some hardly large enough */
    bool only_january;    /* offers end with the month, trains go on */
    int64_t tariff_times; /* 0: once */
    int64_t copied_ms;    /* when the freight is copied; 0: never */
    bool copy_goes_on;    /* instead of the source */
    bool hurried;         /* other trains: twice as many */
};

static void draw_terminal(struct freight_world *world, struct dice *dice, char station, const struct wish *wish) {
    struct terminal *terminal = world_terminal(world, (const char[]){station, '\0'});
    terminal->cranes = roll(dice, 4);
    terminal->lift_s = chance(dice, 0.2) ? 0 : 200 * uniform(dice);
    terminal->lift_cv = chance(dice, 0.5) ? 0 : uniform(dice);
    if (wish->small_yards || chance(dice, 0.4)) terminal->yard_teu = 12 + roll(dice, wish->small_yards ? 30 : 100);
    terminal->gauge_change = (enum gauge_change)roll(dice, 3);
    terminal->pickup_ms = chance(dice, 0.5) ? 0 : roll(dice, 40) * HOUR_MS;
    terminal->hold_ms = chance(dice, 0.7) ? 0 : roll(dice, 240) * MINUTE_MS;
    terminal->closing_ms = chance(dice, 0.5) ? -1 : roll(dice, 240) * MINUTE_MS;
    if (chance(dice, 0.2)) {
        terminal->shift_count = 2;
        terminal->shifts[0] = (struct shift){6 * HOUR_MS, 14 * HOUR_MS};
        terminal->shifts[1] = (struct shift){20 * HOUR_MS, 27 * HOUR_MS};
    }
}

static void draw_flow(struct freight_world *world, struct dice *dice, int32_t stations, const struct wish *wish) {
    const int32_t origin = roll(dice, stations), step = 1 + roll(dice, stations - 1);
    const char way[] = {(char)('A' + origin), (char)('A' + (origin + step) % stations), '\0'};
    struct flow *flow = world_flow(world, way, 60 * uniform(dice), 100 + roll(dice, 100000));
    flow->arrivals = (enum flow_arrivals)roll(dice, 3);
    flow->batch_teu = 1 + roll(dice, 50);
    flow->share_40ft = chance(dice, 0.3) ? 0 : uniform(dice);
    flow->empties_return = chance(dice, 0.5);
    flow->due_ms = chance(dice, 0.5) ? -1 : roll(dice, 50) * HOUR_MS;
    flow->late_cents_per_teu_day = roll(dice, 10000);
    flow->tariff_cents *= wish->tariff_times ? wish->tariff_times : 1;
    if (!wish->only_january) return;
    flow->seasonal = true;
    for (int32_t i = 0; i < MONTHS; i++) flow->seasonality[i] = i == 0;
}

/* Plans that cut the row into pieces, so that containers change, and some that run through. Where all that is offered
 * is to arrive, they stop everywhere. */
static void draw_plans(struct freight_world *world, struct dice *dice, int32_t stations, const struct wish *wish) {
    for (int32_t from = 0; from < stations - 1;) {
        const int32_t to = from + 1 + roll(dice, stations - 1 - from);
        char there[MOST_STATIONS + 1] = "", back[MOST_STATIONS + 1] = "";
        for (int32_t i = from; i <= to; i++)
            if (i == from || i == to || wish->only_january || chance(dice, 0.7))
                strcat(there, (char[]){(char)('A' + i), '\0'});
        for (size_t i = strlen(there); i-- > 0;) strcat(back, (char[]){there[i], '\0'});
        world_plan(world, there);
        world_plan(world, back);
        from = to;
    }
    for (int32_t i = roll(dice, 3); i-- > 0;) {
        const int32_t from = roll(dice, stations), step = 1 + roll(dice, stations - 1);
        world_plan(world, (const char[]){(char)('A' + from), (char)('A' + (from + step) % stations), '\0'});
    }
}

/* Trains of all plans, one after the other. */
static void draw_trains(struct freight_world *world, struct dice *dice, double days, const struct wish *wish) {
    const int32_t plans = world->scenario->timetable.plan_count;
    const double a_day = plans * (wish->hurried ? 6 : 3);
    for (double day = 0; day < days; day += 1 / a_day)
        world_depart(world, roll(dice, plans), (int64_t)(day * (double)MILLISECONDS_PER_DAY));
}

static void draw_world(struct freight_world *world, uint64_t seed, const struct wish *wish) {
    struct dice dice = {.stream = {seed, STREAM_TEST, 1}};
    const int32_t stations = 2 + roll(&dice, 4);
    world_start(world, stations, 10 + roll(&dice, 60));
    struct train_type *type = &world->scenario->train_types[0];
    type->cost_per_hour_usd = 100 * uniform(&dice);
    type->cost_per_train_km_usd = 10 * uniform(&dice);
    type->revenue_per_train_usd = 1000 * uniform(&dice);
    world->prices = (struct freight_prices){.lift_cents = 10000 * uniform(&dice),
                                            .yard_cents_per_teu_day = 1000 * uniform(&dice),
                                            .energy_cents_per_kwh = 20 * uniform(&dice),
                                            .track_access_cents_per_train_km = 500 * uniform(&dice),
                                            .fixed_cents_per_year = roll(&dice, 100000000)};
    for (int32_t i = 0; i < stations; i++)
        if (wish->small_yards || chance(&dice, 0.8)) draw_terminal(world, &dice, (char)('A' + i), wish);
    for (int32_t i = 1 + roll(&dice, 6); i-- > 0;) draw_flow(world, &dice, stations, wish);
    draw_plans(world, &dice, stations, wish);
    world->run.seed = seed;
    world->run.window_from_ms = 2 * MILLISECONDS_PER_DAY;
    world->run.window_to_ms = 9 * MILLISECONDS_PER_DAY;
    world->copied_ms = wish->copied_ms;
    world->copy_goes_on = wish->copy_goes_on;
    draw_trains(world, &dice, wish->only_january ? 250 : DAYS, wish);
}

static void run_world(struct freight_world *world, uint64_t seed, const struct wish *wish) {
    draw_world(world, seed, wish);
    world->run.end_ms = DAYS * MILLISECONDS_PER_DAY;
    world_ready(world);
    world_drive(world);
    world_end(world, world->run.end_ms);
}

static int64_t posted(const struct freight_world *world, enum account account) {
    return ledger_total(freight_results(world->freight).ledger, account);
}

/* Every container counted where it is after every call, and all money at the end (world_end). */
START_TEST(keeps_count_of_every_container_and_cent) {
    int64_t delivered = 0, refused = 0, behind = 0, empties = 0, changed = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct freight_world world;
        draw_world(&world, seed, &(struct wish){.small_yards = seed % 3 == 0});
        world.census = true;
        world.run.end_ms = DAYS * MILLISECONDS_PER_DAY;
        world_ready(&world);
        world_drive(&world);
        world_end(&world, world.run.end_ms);
        const struct freight_results results = freight_results(world.freight);
        for (int32_t i = 0; i < world.traffic.flow_count; i++) {
            const struct flow_use *use = &results.flows[i];
            ck_assert_int_eq(use->teu_offered,
                             use->teu_delivered + use->teu_riding + use->teu_waiting + use->teu_refused);
            delivered += use->teu_delivered;
            refused += use->teu_refused;
            empties += use->teu_empties;
        }
        for (int32_t i = 0; i < results.terminal_count; i++) behind += results.terminals[i].teu_left_behind;
        for (int32_t i = 0; i < world.told_count; i++) changed += world.told[i].trains > 1;
        world_finish(&world);
    }
    /* Nothing of this is proved if it does not happen. */
    ck_assert(delivered > 1000 && refused > 1000 && behind > 100 && empties > 100 && changed > 1000);
}
END_TEST

/* What is told of containers is what the results count. */
START_TEST(tells_what_it_counts) {
    for (uint64_t seed = 101; seed <= 130; seed++) {
        struct freight_world world;
        run_world(&world, seed, &(struct wish){0});
        const struct freight_results results = freight_results(world.freight);
        struct flow_use sums[MOST_FLOWS] = {0};
        int64_t delivered_in_window = 0;
        for (int32_t i = 0; i < world.told_count; i++) {
            const struct container_record *told = &world.told[i];
            struct flow_use *sum = &sums[told->flow];
            const int64_t *window = &world.run.window_from_ms;
            if (!told->empty && told->delivered_ms >= window[0] && told->delivered_ms < world.run.window_to_ms)
                delivered_in_window += told->teu;
            const int64_t decides_ms = told->empty ? told->loaded_ms : told->arrived_ms;
            REQUIRE(told->loaded_ms == INT64_MIN || told->loaded_ms >= told->arrived_ms);
            REQUIRE(told->delivered_ms == INT64_MIN || told->delivered_ms >= told->loaded_ms);
            REQUIRE(told->delivered_ms < world.run.end_ms && told->loaded_ms < world.run.end_ms);
            if (decides_ms < world.run.window_from_ms || decides_ms >= world.run.window_to_ms) continue;
            sum->cost_cents += told->cost_cents;
            if (told->empty) {
                sum->teu_empties += told->teu;
                continue;
            }
            sum->teu_offered += told->teu;
            sum->teu_delivered += told->status == CONTAINER_DELIVERED ? told->teu : 0;
            sum->teu_riding += told->status == CONTAINER_RIDING ? told->teu : 0;
            sum->teu_waiting += told->status == CONTAINER_WAITING ? told->teu : 0;
            sum->teu_refused += told->status == CONTAINER_REFUSED ? told->teu : 0;
            sum->revenue_cents += told->revenue_cents;
            sum->penalty_cents += told->penalty_cents;
        }
        for (int32_t i = 0; i < world.traffic.flow_count; i++) {
            const struct flow_use *use = &results.flows[i];
            ck_assert_int_eq(use->teu_offered, sums[i].teu_offered);
            ck_assert_int_eq(use->teu_delivered, sums[i].teu_delivered);
            ck_assert_int_eq(use->teu_riding, sums[i].teu_riding);
            ck_assert_int_eq(use->teu_waiting, sums[i].teu_waiting);
            ck_assert_int_eq(use->teu_refused, sums[i].teu_refused);
            ck_assert_int_eq(use->revenue_cents, sums[i].revenue_cents);
            ck_assert_int_eq(use->penalty_cents, sums[i].penalty_cents);
            ck_assert_int_eq(use->cost_cents, sums[i].cost_cents);
            ck_assert_int_eq(use->teu_empties, sums[i].teu_empties);
        }
        ck_assert_int_eq(results.teu_delivered_in_window, delivered_in_window);
        world_finish(&world);
    }
}
END_TEST

START_TEST(doubles_revenue_with_tariffs) {
    for (uint64_t seed = 201; seed <= 220; seed++) {
        struct freight_world once, twice;
        run_world(&once, seed, &(struct wish){0});
        run_world(&twice, seed, &(struct wish){.tariff_times = 2});
        ck_assert_int_eq(posted(&twice, ACCOUNT_TARIFF), 2 * posted(&once, ACCOUNT_TARIFF));
        for (int32_t account = ACCOUNT_TARIFF + 1; account < ACCOUNT_COUNT; account++)
            ck_assert_int_eq(posted(&twice, account), posted(&once, account));
        world_finish(&once);
        world_finish(&twice);
    }
}
END_TEST

static int compare_containers(const void *left, const void *right) {
    const struct container_record *one = left, *other = right;
    return (one->container_id > other->container_id) - (one->container_id < other->container_id);
}

/* Loads in the order of their ids; their number. */
static int32_t sort_loads(struct freight_world *world) {
    int32_t loads = 0;
    for (int32_t i = 0; i < world->told_count; i++)
        if (!world->told[i].empty) world->told[loads++] = world->told[i];
    if (loads > 0) qsort(world->told, (size_t)loads, sizeof *world->told, compare_containers);
    return loads;
}

START_TEST(offers_the_same_whatever_trains_do) {
    for (uint64_t seed = 301; seed <= 320; seed++) {
        struct freight_world one, other;
        run_world(&one, seed, &(struct wish){0});
        run_world(&other, seed, &(struct wish){.hurried = true});
        const int32_t loads = sort_loads(&one);
        ck_assert_int_eq(sort_loads(&other), loads);
        for (int32_t i = 0; i < loads; i++) {
            REQUIRE(one.told[i].container_id == other.told[i].container_id);
            REQUIRE(one.told[i].arrived_ms == other.told[i].arrived_ms && one.told[i].teu == other.told[i].teu);
        }
        world_finish(&one);
        world_finish(&other);
    }
}
END_TEST

static void check_same(const struct freight_world *one, const struct freight_world *other) {
    ck_assert_int_eq(one->told_count, other->told_count);
    for (int32_t i = 0; i < one->told_count; i++) {
        const struct container_record *left = &one->told[i], *right = &other->told[i];
        REQUIRE(left->container_id == right->container_id && left->delivered_ms == right->delivered_ms &&
                left->loaded_ms == right->loaded_ms && left->train_id == right->train_id &&
                left->cost_cents == right->cost_cents && left->status == right->status);
    }
    for (int32_t account = 0; account < ACCOUNT_COUNT; account++)
        ck_assert_int_eq(posted(one, account), posted(other, account));
    const struct freight_results left = freight_results(one->freight), right = freight_results(other->freight);
    for (int32_t i = 0; i < one->traffic.flow_count; i++) {
        const double p50[] = {left.flows[i].p50_transit_h, right.flows[i].p50_transit_h};
        ck_assert(p50[0] == p50[1] || (isnan(p50[0]) && isnan(p50[1])));
        ck_assert_int_eq(left.flows[i].revenue_cents, right.flows[i].revenue_cents);
    }
    ck_assert_int_eq(left.day_count, right.day_count);
    const size_t days = (size_t)left.day_count * (size_t)one->traffic.flow_count;
    ck_assert_int_eq(memcmp(left.flow_days, right.flow_days, days * sizeof *left.flow_days), 0);
    ck_assert_int_eq(memcmp(left.terminals, right.terminals, (size_t)left.terminal_count * sizeof *left.terminals), 0);
}

/* Neither does a copy differ from what it was made of, nor does what becomes of one touch the other. */
START_TEST(copies_itself_exactly) {
    for (uint64_t seed = 401; seed <= 415; seed++) {
        struct freight_world plain, source, copy;
        run_world(&plain, seed, &(struct wish){0});
        run_world(&source, seed, &(struct wish){.copied_ms = 5 * MILLISECONDS_PER_DAY});
        run_world(&copy, seed, &(struct wish){.copied_ms = 5 * MILLISECONDS_PER_DAY, .copy_goes_on = true});
        check_same(&plain, &source);
        check_same(&plain, &copy);
        world_finish(&plain);
        world_finish(&source);
        world_finish(&copy);
    }
}
END_TEST

/* Small yards, containers for all sides, changes of train: when no more are offered and trains go on, all that was ever
 * taken arrives. */
START_TEST(never_locks_up) {
    int64_t refused = 0, behind = 0, delivered = 0, changed = 0;
    for (uint64_t seed = 501; seed <= 700; seed++) {
        struct freight_world world;
        draw_world(&world, seed, &(struct wish){.small_yards = true, .only_january = true});
        world.run.window_from_ms = 0;
        world.run.window_to_ms = INT64_MAX;
        world_ready(&world);
        world_end(&world, world_drive(&world));
        const struct freight_results results = freight_results(world.freight);
        for (int32_t i = 0; i < world.traffic.flow_count; i++) {
            if (results.flows[i].teu_waiting + results.flows[i].teu_riding > 0)
                ck_abort_msg("seed %d: flow %d of %d stands still", (int)seed, i, world.traffic.flow_count);
            delivered += results.flows[i].teu_delivered;
            refused += results.flows[i].teu_refused;
        }
        for (int32_t i = 0; i < results.terminal_count; i++) behind += results.terminals[i].teu_left_behind;
        for (int32_t i = 0; i < world.told_count; i++) changed += world.told[i].trains > 1;
        world_finish(&world);
    }
    ck_assert(delivered > 10000 && refused > 10000 && behind > 10000 && changed > 3000);
}
END_TEST

/* However much is offered, trains run full: what waits leaves the slots free that trains on the way need. */
START_TEST(keeps_running_full_when_too_much_is_offered) {
    enum { CAPACITY_TEU = 100, TRAINS_PER_DAY = 12 };
    struct freight_world world;
    world_start(&world, 2, CAPACITY_TEU);
    for (int32_t way = 0; way < 2; way++) {
        world_flow(&world, way ? "BA" : "AB", 3 * CAPACITY_TEU * TRAINS_PER_DAY, 1)->arrivals = FLOW_POISSON;
        struct terminal *terminal = world_terminal(&world, way ? "B" : "A");
        terminal->yard_teu = 1000; /* three trains are under way at a time, and one stands */
        terminal->pickup_ms = HOUR_MS;
    }
    world.hop_ms = 6 * HOUR_MS;
    const int32_t east = world_plan(&world, "AB"), west = world_plan(&world, "BA");
    for (int64_t i = 0; i < DAYS * TRAINS_PER_DAY; i++) {
        world_depart(&world, east, i * MILLISECONDS_PER_DAY / TRAINS_PER_DAY);
        world_depart(&world, west, i * MILLISECONDS_PER_DAY / TRAINS_PER_DAY);
    }
    world.quiet = true;
    world_ready(&world);
    world_end(&world, world_drive(&world));
    const struct freight_results results = freight_results(world.freight);
    for (int32_t i = 0; i < 2; i++) {
        ck_assert_int_ge(results.flows[i].teu_delivered, CAPACITY_TEU * (DAYS * TRAINS_PER_DAY - 2));
        ck_assert_int_gt(results.flows[i].teu_refused, results.flows[i].teu_delivered);
    }
    world_finish(&world);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        keeps_count_of_every_container_and_cent,    tells_what_it_counts,  doubles_revenue_with_tariffs,
        offers_the_same_whatever_trains_do,         copies_itself_exactly, never_locks_up,
        keeps_running_full_when_too_much_is_offered};
    return run_suite("random_freight", tests, sizeof tests / sizeof tests[0]);
}
