/* How containers travel: against a search of all journeys on small railways, and the cases that have names. */
#include "../engine/suite.h"

#include <math.h>
#include <string.h>

#include "engine/stream.h"
#include "freight/journey.h"
#include "support/railway_builder.h"

enum { MOST_FLOWS = 12, MOST_TERMINALS = 8 };

/* A railway with one flow or more; `boxes` carries 100 TEU at 30 m/s, `coach` none. */
struct world {
    struct scenario *scenario;
    struct flow flows[MOST_FLOWS];
    struct terminal terminals[MOST_TERMINALS];
    struct traffic traffic;
    struct journey_input input;
    struct journeys journeys;
};

/* Stations A, B, C … of which each is 30 km from the next. */
static void start(struct world *world, int32_t stations) {
    memset(world, 0, sizeof *world);
    world->scenario = build_scenario();
    char before[] = "A", id[] = "A", section[] = "AB";
    for (int32_t i = 0; i < stations; i++) {
        id[0] = (char)('A' + i);
        build_station(world->scenario, id, 0, 0);
        if (i > 0) {
            before[0] = section[0] = (char)(id[0] - 1);
            section[1] = id[0];
            build_section(world->scenario, section, before, id, 30000);
        }
    }
    build_type(world->scenario, "boxes", 500)->capacity_teu = 100;
    build_type(world->scenario, "coach", 500);
    world->traffic = (struct traffic){.flows = world->flows, .terminals = world->terminals};
}

static void finish(struct world *world) {
    journeys_free(&world->journeys);
    build_free(world->scenario);
}

static void add_flow(struct world *world, const char *way) {
    const char origin[] = {way[0], '\0'}, destination[] = {way[1], '\0'};
    world->flows[world->traffic.flow_count++] =
        (struct flow){.origin = network_station(&world->scenario->network, origin),
                      .destination = network_station(&world->scenario->network, destination)};
}

static void add_terminal(struct world *world, const char *id) {
    world->terminals[world->traffic.terminal_count++] =
        (struct terminal){.station = network_station(&world->scenario->network, id)};
}

/* Puts a call at a station between the first and the last. */
static struct planned_call *add_call(struct world *world, struct train_plan *plan, int32_t at, const char *id,
                                     bool stop) {
    plan->calls = realloc(plan->calls, (size_t)(plan->call_count + 1) * sizeof *plan->calls);
    ck_assert_ptr_nonnull(plan->calls);
    memmove(&plan->calls[at + 1], &plan->calls[at], (size_t)(plan->call_count - at) * sizeof *plan->calls);
    plan->call_count++;
    plan->calls[at] = (struct planned_call){.station = network_station(&world->scenario->network, id),
                                            .arrival_ms = -1,
                                            .departure_ms = -1,
                                            .track = -1,
                                            .stop = stop};
    return &plan->calls[at];
}

static struct train_plan *service(struct world *world, const char *id, const char *way) {
    return build_service(world->scenario, id, "boxes", way, ARRIVALS_REGULAR, 3600);
}

static void find(struct world *world) {
    world->input = (struct journey_input){.traffic = &world->traffic,
                                          .network = &world->scenario->network,
                                          .timetable = &world->scenario->timetable,
                                          .train_types = world->scenario->train_types};
    journeys_free(&world->journeys);
    ck_assert(journeys_find(&world->input, &world->journeys));
}

/* The stations of a flow's journey, "ABC"; "" where there is none. Checks what holds of all hops. */
static const char *way_of(const struct world *world, int32_t flow) {
    static char way[32];
    const struct journeys *journeys = &world->journeys;
    int32_t length = 0;
    way[0] = '\0';
    if (journeys->first_hop[flow] < 0) return way;
    way[length++] = world->scenario->network.stations[world->flows[flow].origin].id[0];
    for (int32_t i = journeys->first_hop[flow]; i < journeys->hop_count && journeys->hops[i].flow == flow; i++) {
        ck_assert_int_eq(world->scenario->network.stations[journeys->hops[i].from].id[0], way[length - 1]);
        way[length++] = world->scenario->network.stations[journeys->hops[i].to].id[0];
        way[length] = '\0';
        if (journeys->hops[i].remaining == 0) ck_assert_int_eq(journeys->hops[i].to, world->flows[flow].destination);
        if (i > journeys->first_hop[flow])
            ck_assert_int_eq(journeys->hops[i].remaining, journeys->hops[i - 1].remaining - 1);
    }
    ck_assert_int_eq(journeys->hops[journeys->first_hop[flow]].remaining, length - 2);
    return way;
}

START_TEST(all_the_way_by_one_train) {
    struct world world;
    start(&world, 3);
    add_call(&world, service(&world, "east", "A B C"), 1, "B", true);
    service(&world, "west", "C B A");
    add_flow(&world, "AC");
    add_flow(&world, "CA");
    add_flow(&world, "BC");
    add_flow(&world, "CB");
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "AC");
    ck_assert_str_eq(way_of(&world, 1), "CA");
    ck_assert_str_eq(way_of(&world, 2), "BC");
    ck_assert_str_eq(way_of(&world, 3), ""); /* going west nobody stops at B */
    const struct journeys *journeys = &world.journeys;
    ck_assert_int_eq(journeys->hop_count, 3);
    ck_assert_int_eq(journeys->first_hop[4], 3);
    ck_assert_int_eq(journeys->first_boarding[0], 0);
    ck_assert_int_eq(journeys->first_boarding[1], 2);
    ck_assert_int_eq(journeys->first_boarding[2], 3);
    static const struct boarding wanted[] = {{0, 0, 2}, {2, 1, 2}, {1, 0, 1}};
    for (int32_t i = 0; i < 3; i++) {
        ck_assert_int_eq(journeys->boardings[i].hop, wanted[i].hop);
        ck_assert_int_eq(journeys->boardings[i].from_call, wanted[i].from_call);
        ck_assert_int_eq(journeys->boardings[i].to_call, wanted[i].to_call);
    }
    ck_assert(journeys_direct(&world.input, 0, 2));
    ck_assert(journeys_direct(&world.input, 1, 2));
    ck_assert(!journeys_direct(&world.input, 2, 1));
    finish(&world);
}
END_TEST

START_TEST(trains_change_only_where_there_is_a_terminal) {
    struct world world;
    start(&world, 4);
    service(&world, "first", "A B");
    service(&world, "second", "B C");
    service(&world, "third", "C D");
    add_flow(&world, "AC");
    add_flow(&world, "AD");
    add_terminal(&world, "A"); /* a terminal where it begins or ends is not needed and changes nothing */
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "");
    add_terminal(&world, "B");
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "ABC");
    ck_assert_str_eq(way_of(&world, 1), "");
    add_terminal(&world, "C");
    find(&world);
    ck_assert_str_eq(way_of(&world, 1), "ABCD");
    ck_assert_int_eq(world.journeys.first_boarding[1], 2); /* both flows board the first train */
    ck_assert_int_eq(world.journeys.boarding_count, 5);
    finish(&world);
}
END_TEST

START_TEST(a_timed_pass_is_no_call) {
    struct world world;
    start(&world, 3);
    struct train_plan *plan = build_train(world.scenario, "T", "boxes", "A B C", 0, -1, -1);
    struct planned_call *call = add_call(&world, plan, 1, "B", false);
    call->arrival_ms = call->departure_ms = 1200000;
    add_flow(&world, "AB");
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "");
    plan->calls[1].stop = true;
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "AB");
    finish(&world);
}
END_TEST

/* Which trains carry containers, and with them their returns. */
START_TEST(trains_that_carry_nothing) {
    static const struct {
        const char *type;
        enum arrival_process arrivals;
        bool carries;
    } cases[] = {
        {"boxes", ARRIVALS_REGULAR, true},    {"boxes", ARRIVALS_POISSON, true},  {"coach", ARRIVALS_REGULAR, false},
        {"boxes", ARRIVALS_SATURATED, false}, {"coach", ARRIVALS_POISSON, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        start(&world, 2);
        build_service(world.scenario, "out", cases[i].type, "A B", cases[i].arrivals, 3600);
        build_service(world.scenario, "home", cases[i].type, "B A", ARRIVALS_REGULAR, 3600)->return_of = 0;
        build_service(world.scenario, "again", cases[i].type, "A B", ARRIVALS_SATURATED, 3600)->return_of = 1;
        add_flow(&world, "AB");
        add_flow(&world, "BA");
        find(&world);
        ck_assert_str_eq(way_of(&world, 0), cases[i].carries ? "AB" : "");
        ck_assert_str_eq(way_of(&world, 1), cases[i].carries ? "BA" : "");
        ck_assert_int_eq(world.journeys.boarding_count, cases[i].carries ? 3 : 0);
        for (int32_t plan = 0; plan < 3; plan++)
            ck_assert_int_eq(journeys_carries(&world.input, plan), cases[i].carries);
        ck_assert_int_eq(journeys_direct(&world.input, 0, 1), cases[i].carries);
        finish(&world);
    }
}
END_TEST

START_TEST(the_fewest_changes_before_the_least_time) {
    struct world world;
    start(&world, 4);
    struct train_plan *slow = build_train(world.scenario, "slow", "boxes", "A B C D", 0, -1, -1);
    slow->calls[1].arrival_ms = 100 * MILLISECONDS_PER_DAY;
    service(&world, "one", "A B");
    service(&world, "two", "B C D");
    add_terminal(&world, "B");
    add_flow(&world, "AD");
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "AD");
    ck_assert_int_eq(world.journeys.boarding_count, 1);
    finish(&world);
}
END_TEST

/* From A to D by a change at B or at C: kilometres at the greatest speed are the same, planned times are not. */
START_TEST(the_least_time_on_the_trains) {
    static const struct {
        int64_t by_b_ms, by_c_ms; /* how long the second train takes; −1: not planned */
        const char *way;
    } cases[] = {
        {-1, -1, "ABD"},           /* equal: the station that stands first */
        {1999999, -1, "ABD"},      /* 60 km at 30 m/s are 2,000 s */
        {2000001, -1, "ACD"},      /* and 30 km 1,000 s */
        {2000001, 1000002, "ABD"}, /* planned from C too */
        {2000001, 1000001, "ABD"}, /* equal again */
        {2000001, 1000000, "ACD"}, {1000000, 1, "ABD"}, {1000000, 0, "ABD"}, {1000001, 0, "ACD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        start(&world, 4);
        service(&world, "to_c", "A B C");
        service(&world, "to_b", "A B");
        struct train_plan *from_c = build_train(world.scenario, "from_c", "boxes", "C D", 5, -1, -1);
        if (cases[i].by_c_ms >= 0) from_c->calls[1].arrival_ms = 5000 + cases[i].by_c_ms;
        struct train_plan *from_b = build_train(world.scenario, "from_b", "boxes", "B C D", 7, -1, -1);
        if (cases[i].by_b_ms >= 0) from_b->calls[1].arrival_ms = 7000 + cases[i].by_b_ms;
        add_terminal(&world, "C");
        add_terminal(&world, "B");
        add_flow(&world, "AD");
        find(&world);
        ck_assert_str_eq(way_of(&world, 0), cases[i].way);
        finish(&world);
    }
}
END_TEST

/* A stop without times between two that have them lies between them in proportion to the way. */
START_TEST(times_that_are_not_planned) {
    static const struct {
        int64_t by_d_ms; /* the second train of the other journey */
        const char *way;
    } cases[] = {{6999999, "ADE"}, {7000000, "ACE"}, {7000001, "ACE"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world world;
        start(&world, 5);
        service(&world, "to_c", "A B C"); /* 2,000 s */
        struct train_plan *plan = build_train(world.scenario, "T", "boxes", "B C D E", 0, -1, -1);
        plan->calls[1].arrival_ms = 9000000;
        add_call(&world, plan, 1, "C", true); /* at 3,000 s: 6,000 s to E */
        plan = build_train(world.scenario, "U", "boxes", "A B C D", 0, -1, -1);
        plan->calls[1].arrival_ms = 1000000;
        plan = build_train(world.scenario, "V", "boxes", "D E", 0, -1, -1);
        plan->calls[1].arrival_ms = cases[i].by_d_ms;
        add_terminal(&world, "D");
        add_terminal(&world, "C");
        add_flow(&world, "AE");
        find(&world);
        ck_assert_str_eq(way_of(&world, 0), cases[i].way);
        finish(&world);
    }
}
END_TEST

START_TEST(nothing_to_carry) {
    struct world world;
    start(&world, 2);
    find(&world);
    ck_assert_int_eq(world.journeys.hop_count, 0);
    ck_assert_int_eq(world.journeys.first_hop[0], 0);
    add_flow(&world, "AB"); /* no trains at all */
    add_flow(&world, "AA");
    find(&world);
    ck_assert_int_eq(world.journeys.first_hop[0], -1);
    ck_assert_int_eq(world.journeys.first_hop[1], -1);
    ck_assert_int_eq(world.journeys.first_hop[2], 0);
    service(&world, "east", "A B");
    find(&world);
    ck_assert_str_eq(way_of(&world, 0), "AB");
    ck_assert_int_eq(world.journeys.first_hop[1], -1); /* nowhere to go */
    ck_assert_int_eq(world.journeys.first_hop[2], 1);
    finish(&world);
}
END_TEST

/* ---- against all journeys ---- */

/* Everything that can be tried: hops, then milliseconds, then the way as text. */
struct best {
    int32_t hops;
    int64_t ms;
    char way[32];
};

static void try_all(const struct world *world, int32_t at, int32_t to, int32_t hops, int64_t ms, char *way,
                    struct best *best) {
    const struct timetable *timetable = &world->scenario->timetable;
    way[hops] = (char)('A' + at);
    way[hops + 1] = '\0';
    if (at == to) {
        if (hops < best->hops || (hops == best->hops && ms < best->ms) ||
            (hops == best->hops && ms == best->ms && strcmp(way, best->way) < 0)) {
            *best = (struct best){.hops = hops, .ms = ms};
            strcpy(best->way, way);
        }
        return;
    }
    if (hops == best->hops || hops == 4) return;
    bool change = hops == 0;
    for (int32_t i = 0; i < world->traffic.terminal_count; i++) change |= world->terminals[i].station == at;
    for (int32_t i = 0; change && i < timetable->plan_count; i++) {
        const struct train_plan *plan = &timetable->plans[i];
        for (int32_t from = 0; from < plan->call_count; from++)
            for (int32_t end = from + 1; plan->calls[from].station == at && end < plan->call_count; end++)
                try_all(world, plan->calls[end].station, to, hops + 1,
                        ms + plan->calls[end].arrival_ms - plan->calls[from].departure_ms, way, best);
    }
}

struct dice {
    struct stream stream;
    uint64_t draws;
};

static double roll(struct dice *dice) {
    return stream_uniform(&dice->stream, 0, dice->draws++);
}

/* Trains by lot over a line of six stations, planned at every stop. */
static void draw_trains(struct world *world, struct dice *dice) {
    for (int32_t train = 0; train < 9; train++) {
        char way[16] = "", text[2] = "A";
        const int32_t from = (int32_t)(roll(dice) * 6), to = (int32_t)(roll(dice) * 6);
        if (from == to) continue;
        const int32_t step = to > from ? 1 : -1;
        for (int32_t at = from; at != to + step; at += step) {
            text[0] = (char)('A' + at);
            strcat(strcat(way, *way ? " " : ""), text);
        }
        struct train_plan *plan = build_train(world->scenario, "T", "boxes", way, 0, -1, -1);
        int64_t time_ms = 0;
        for (int32_t at = from + step; at != to; at += step) {
            if (roll(dice) < 0.6) continue;
            text[0] = (char)('A' + at);
            struct planned_call *call = add_call(world, plan, plan->call_count - 1, text, true);
            call->arrival_ms = time_ms += 1000 * (int64_t)(1 + roll(dice) * 3);
            call->departure_ms = time_ms += 1000;
        }
        plan->calls[plan->call_count - 1].arrival_ms = time_ms + 1000;
    }
}

START_TEST(the_best_of_all_journeys) {
    int32_t found = 0, changed = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct world world;
        struct dice dice = {.stream = {.seed = seed, .purpose = STREAM_TEST, .replication = 1}};
        start(&world, 6);
        draw_trains(&world, &dice);
        for (char id[] = "A"; id[0] <= 'F'; id[0]++)
            if (roll(&dice) < 0.5) add_terminal(&world, id);
        static const char *const ways[] = {"AF", "FA", "BE", "EC", "AC", "DB"};
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) add_flow(&world, ways[i]);
        find(&world);
        for (int32_t i = 0; i < world.traffic.flow_count; i++) {
            struct best best = {.hops = 5};
            char way[32];
            try_all(&world, world.flows[i].origin, world.flows[i].destination, 0, 0, way, &best);
            const char *mine = way_of(&world, i);
            if (strlen(mine) > 5) continue; /* deeper than the other search looks */
            ck_assert_str_eq(mine, best.way);
            found += *mine != '\0';
            changed += strlen(mine) > 2;
        }
        finish(&world);
    }
    ck_assert_int_ge(found, 800);
    ck_assert_int_ge(changed, 200);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {all_the_way_by_one_train,
                                  trains_change_only_where_there_is_a_terminal,
                                  a_timed_pass_is_no_call,
                                  trains_that_carry_nothing,
                                  the_fewest_changes_before_the_least_time,
                                  the_least_time_on_the_trains,
                                  times_that_are_not_planned,
                                  nothing_to_carry,
                                  the_best_of_all_journeys};
    return run_suite("journey", tests, sizeof tests / sizeof *tests);
}
