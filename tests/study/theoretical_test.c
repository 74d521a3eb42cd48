/* The bound on trains a day and its patterns: against formulas, against orders tried one by one, and against whatever
 * simulations carry. */
#include "study/theoretical.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../engine/suite.h"
#include "engine/stream.h"
#include "simulation/plan.h"
#include "study/formulas.h"
#include "study/least_mean.h"
#include "study/running_table.h"
#include "support/railway_builder.h"
#include "support/random_railway.h"

static const int32_t FLEETS[] = {1, 2, 4, 8};
enum { FLEET_COUNT = 4 };

struct found {
    const struct scenario *scenario;
    struct simulation_plan *plan;
    struct demand demand;
    struct theoretical theoretical;
};

static void find_again(struct found *found) {
    struct failure failure;
    theoretical_free(&found->theoretical);
    ck_assert_msg(theoretical_find(&found->demand, FLEETS, FLEET_COUNT, &found->theoretical, &failure), "%s",
                  failure.text);
}

static struct found find(const struct scenario *scenario) {
    char message[512];
    struct failure failure;
    struct found found = {.scenario = scenario};
    found.plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(found.plan != NULL, "%s", message);
    ck_assert_msg(demand_read(found.plan, &found.demand, &failure), "%s", failure.text);
    find_again(&found);
    return found;
}

static void found_free(struct found *found) {
    theoretical_free(&found->theoretical);
    demand_free(&found->demand);
    simulation_plan_destroy(found->plan);
}

static const struct theoretical_answer *pattern(const struct found *found, int32_t fleet) {
    for (int32_t k = 0; k < FLEET_COUNT; k++)
        if (FLEETS[k] == fleet) return &found->theoretical.patterns[k].answer;
    ck_abort_msg("no pattern of %d", fleet);
}

static const struct theoretical_stretch *stretch(const struct found *found, const char *name) {
    for (int32_t i = 0; i < found->theoretical.stretch_count; i++)
        if (strcmp(found->theoretical.stretches[i].name, name) == 0) return &found->theoretical.stretches[i];
    ck_abort_msg("no stretch %s", name);
}

static void near(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-6 * fmax(1, fabs(expected)), "%.9g, expected %.9g", value, expected);
}

static void ck_limit(const struct found *found, const struct theoretical_answer *answer, const char *name,
                     const char *word) {
    ck_assert_msg(answer->applies, "%s", answer->reason);
    ck_assert_str_eq(found->theoretical.stretches[answer->limiting_stretch].name, name);
    ck_assert_str_eq(theoretical_limit_word(answer->binds), word);
}

static double uniform(uint64_t entity, uint64_t draw) {
    const struct stream stream = {17, STREAM_TEST, 1};
    return stream_uniform(&stream, entity, draw);
}

static double between(uint64_t entity, uint64_t draw, double low, double high) {
    return low + (high - low) * uniform(entity, draw);
}

/* ---- one type: formulas ---- */

static struct scenario *both_ways(const double *km, int32_t sections, int32_t tracks, double headway_min,
                                  double release_min) {
    char east[256], west[256];
    struct scenario *scenario = build_straight(km, sections, tracks, headway_min, release_min, east, west);
    scenario->train_types[0].capacity_teu = 142;
    build_service(scenario, "e", "train", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", west, ARRIVALS_SATURATED, 0);
    return scenario;
}

/* V14. */
START_TEST(the_strait) {
    static const struct {
        double km[3];
        int32_t sections;
        const char *limiting;
        double carried[2]; /* n = 1, n = 4 */
    } LINES[] = {{{110}, 1, "W – E", {20.6, 67.8}},
                 {{50, 60}, 2, "S1 – E", {36.0, 104.7}},
                 {{45, 7, 58}, 3, "S2 – E", {37.1, 107.1}},
                 {{37, 37, 36}, 3, "W – S1", {55.0, 139.8}}};
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        struct scenario *scenario = both_ways(LINES[i].km, LINES[i].sections, 8, 5, 4);
        struct found found = find(scenario);
        for (int k = 0; k < 2; k++) {
            const struct theoretical_answer *answer = pattern(&found, k == 0 ? 1 : 4);
            ck_limit(&found, answer, LINES[i].limiting, "running_time");
            ck_assert_msg(fabs(answer->trains_per_day - LINES[i].carried[k]) <= 0.05, "%.3f", answer->trains_per_day);
            near(answer->forward_per_day, answer->trains_per_day / 2);
            near(answer->backward_per_day, answer->trains_per_day / 2);
            near(answer->teu_per_day, answer->trains_per_day * 142);
        }
        near(found.theoretical.bound.trains_per_day, 288);
        ck_assert_str_eq(theoretical_limit_word(found.theoretical.bound.binds), "headway");
        found_free(&found);
        build_free(scenario);
    }
}
END_TEST

/* V3: equal sections, and unequal ones, any times. */
START_TEST(any_line_is_as_the_formula_says) {
    for (uint64_t line = 0; line < 60; line++) {
        double km[6];
        struct serial_section sections[6];
        const int32_t count = 1 + (int32_t)between(line, 0, 0, 6);
        const double headway = floor(between(line, 1, 60, 600)) / 60, interval = floor(between(line, 2, 0, 480)) / 60;
        for (int32_t i = 0; i < count; i++) {
            const bool equal = line % 2 == 0 && i > 0;
            km[i] = equal ? km[0] : round(between(line, 10 + (uint64_t)i, headway * 12 / 6, 100));
            if (km[i] * 0.6 < headway) km[i] = ceil(headway / 0.6);
            sections[i] = (struct serial_section){km[i] * 0.6, km[i] * 0.6};
        }
        struct scenario *scenario = both_ways(km, count, 16, headway, interval);
        struct found found = find(scenario);
        for (int32_t k = 0; k < FLEET_COUNT; k++) {
            int32_t limiting;
            const double formula = serial_trains_per_day(sections, count, FLEETS[k], headway, interval, 1, &limiting);
            const struct theoretical_answer *answer = &found.theoretical.patterns[k].answer;
            near(answer->trains_per_day, formula);
            ck_assert_int_eq(found.theoretical.stretches[answer->limiting_stretch].from, limiting);
            for (int32_t i = 0; i < count; i++)
                near(found.theoretical.stretches[i].patterns[k].trains_per_day,
                     fleet_trains_per_day(sections[i].run_there_min, sections[i].run_back_min, FLEETS[k], headway,
                                          interval, 1));
        }
        near(found.theoretical.bound.trains_per_day, fleet_trains_per_day(1, 1, INFINITY, headway, interval, 1));
        found_free(&found);
        build_free(scenario);
    }
}
END_TEST

/* Fleets are no longer than half the tracks of the stations on the way. */
START_TEST(few_tracks_make_short_fleets) {
    static const double KM[] = {37, 37, 36};
    for (int32_t tracks = 2; tracks <= 9; tracks++) {
        struct scenario *scenario = both_ways(KM, 3, tracks, 5, 4);
        struct found found = find(scenario);
        const int32_t room = tracks / 2;
        for (int32_t k = 0; k < FLEET_COUNT; k++) {
            const int32_t fleet = FLEETS[k] < room ? FLEETS[k] : room;
            near(found.theoretical.patterns[k].answer.trains_per_day, fleet_trains_per_day(22.2, 22.2, fleet, 5, 4, 1));
            ck_assert_int_eq(found.theoretical.patterns[k].answer.binds == LIMIT_TRACKS, FLEETS[k] > room);
        }
        ck_assert_int_eq(stretch(&found, "S1 – S2")->waiting_tracks, room);
        near(found.theoretical.bound.trains_per_day, 288);
        found_free(&found);
        build_free(scenario);
    }
}
END_TEST

/* V1: 55 minutes a pair, both starting from rest. */
START_TEST(the_worked_example) {
    struct scenario *scenario = build_scenario();
    static const double RUNS[7][2] = {{18, 19}, {20, 19}, {19, 21}, {24, 25}, {20, 18}, {21, 20}, {19, 17}};
    char id[16], from[16], to[16];
    for (int i = 0; i < 8; i++) {
        snprintf(id, sizeof id, "S%d", i);
        build_station(scenario, id, i == 0 || i == 7 ? 0 : 2, 0);
        scenario->network.stations[i].crossing_interval_ms = 60000;
        scenario->network.stations[i].arrival_interval_ms = 240000;
    }
    for (int i = 0; i < 7; i++) {
        snprintf(id, sizeof id, "%d", i + 1);
        snprintf(from, sizeof from, "S%d", i);
        snprintf(to, sizeof to, "S%d", i + 1);
        build_section(scenario, id, from, to, 20000);
        for (int way = 0; way < 2; way++) {
            build_running_time_on(scenario, id, RUNS[i][way] * 60, 120, 60);
            scenario->running_times[scenario->running_time_count - 1].directions = 1u << way;
        }
    }
    build_type(scenario, "train", 500);
    build_service(scenario, "e", "train", "S0 S1 S2 S3 S4 S5 S6 S7", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "S7 S6 S5 S4 S3 S2 S1 S0", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, 2 * 1440.0 / 55);
    ck_limit(&found, pattern(&found, 1), "S3 – S4", "running_time");
    const struct stretch_figure *figure = &stretch(&found, "S3 – S4")->patterns[0];
    near(figure->separation_min, 27.5);
    near(figure->parts_min[PART_RUNNING], 1440.0 * 53 / 55);
    near(figure->parts_min[PART_INTERVAL], 1440.0 * 2 / 55);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* V7: Severomuysky before its second bore, 25 min each way, 2.5 to 4 min at a crossing: 24.8 to 26.2 pairs. V8: with
 * two bores the limit is next to the tunnel: 36.5 min a pair there, an hour closed, 0.9 of the rest. */
START_TEST(severomuysky) {
    static const int64_t CROSSING_MS[] = {150000, 240000};
    static const double PAIRS[] = {1440.0 / 55, 1440.0 / 58};
    for (int i = 0; i < 2; i++) {
        struct scenario *scenario = build_scenario();
        build_station(scenario, "W", 0, 0);
        build_station(scenario, "E", 0, 0);
        for (int k = 0; k < 2; k++) scenario->network.stations[k].crossing_interval_ms = CROSSING_MS[i];
        build_section(scenario, "W-E", "W", "E", 23000);
        build_running_time(scenario, 1500, 0, 0);
        build_type(scenario, "train", 1000);
        build_service(scenario, "e", "train", "W E", ARRIVALS_SATURATED, 0);
        build_service(scenario, "w", "train", "E W", ARRIVALS_SATURATED, 0);
        struct found found = find(scenario);
        near(pattern(&found, 1)->trains_per_day / 2, PAIRS[i]);
        ck_assert(PAIRS[i] > 24.75 && PAIRS[i] < 26.25);
        found_free(&found);
        build_free(scenario);
    }
}
END_TEST

static void close_section(struct scenario *scenario, int32_t section, unsigned directions, unsigned weekdays,
                          double from_h, double to_h) {
    struct network *network = &scenario->network;
    network->possessions =
        realloc(network->possessions, (size_t)(network->possession_count + 1) * sizeof *network->possessions);
    ck_assert_ptr_nonnull(network->possessions);
    network->possessions[network->possession_count++] = (struct possession){.section = section,
                                                                            .directions = directions,
                                                                            .weekdays = weekdays,
                                                                            .from_ms = llround(from_h * 3.6e6),
                                                                            .to_ms = llround(to_h * 3.6e6)};
}

START_TEST(a_second_bore_moves_the_limit) {
    struct scenario *scenario = build_scenario();
    static const char *const STATIONS[] = {"W", "A", "B", "E"};
    for (int i = 0; i < 4; i++) build_station(scenario, STATIONS[i], i == 0 || i == 3 ? 0 : 2, 0);
    build_section(scenario, "W-A", "W", "A", 15000)->release_ms = 120000;
    build_section(scenario, "A-B", "A", "B", 23000);
    build_section(scenario, "B-E", "B", "E", 15000)->release_ms = 60000;
    scenario->network.sections[1].tracks = 2;
    scenario->network.sections[1].headway_ms = 600000;
    build_running_time_on(scenario, "W-A", 16.25 * 60, 0, 0);
    build_running_time_on(scenario, "A-B", 1500, 0, 0);
    build_running_time_on(scenario, "B-E", 15 * 60, 0, 0);
    close_section(scenario, 0, DIRECTION_BOTH_BITS, 127, 12, 13);
    close_section(scenario, 2, DIRECTION_BOTH_BITS, 127, 12, 13);
    build_type(scenario, "train", 1000);
    build_service(scenario, "e", "train", "W A B E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "E B A W", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    near(stretch(&found, "A – B")->patterns[0].trains_per_day, 2 * double_track_trains_per_day(10, 0, 1));
    ck_limit(&found, pattern(&found, 1), "W – A", "running_time");
    near(pattern(&found, 1)->trains_per_day, 2 * pairs_per_day(36.5, 60, 1, 1));
    ck_assert(fabs(0.9 * pattern(&found, 1)->trains_per_day / 2 - 34) < 0.1);
    near(stretch(&found, "W – A")->patterns[0].closed_min, 60);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* V6: the Cascade tunnel alone, 51.8 min a pair: two eastbound trains have 21.8 min and a purge of 30 between them,
 * whoever comes in the meantime. */
START_TEST(a_purge_one_way) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    struct section *tunnel = build_section(scenario, "W-E", "W", "E", 12540);
    tunnel->release_ms = 240000;
    tunnel->purge_ms = 30 * 60000;
    tunnel->purge_after = tunnel->purge_before = DIRECTION_FORWARD_BIT;
    build_running_time(scenario, 21.8 * 60, 0, 0);
    build_type(scenario, "train", 500);
    build_service(scenario, "e", "train", "W E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "E W", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, 2 * 1440 / 51.8);
    ck_limit(&found, pattern(&found, 1), "W – E", "purge");
    found_free(&found);
    tunnel->purge_after = tunnel->purge_before = DIRECTION_BOTH_BITS;
    found = find(scenario);
    near(found.theoretical.bound.trains_per_day,
         1440 / 51.8); /* it counts for everybody, and longer than the release */
    found_free(&found);
    build_free(scenario);
}
END_TEST

START_TEST(possessions_leave_a_share_of_the_day) {
    static const double KM[] = {50};
    struct scenario *scenario = both_ways(KM, 1, 2, 5, 4);
    close_section(scenario, 0, DIRECTION_BOTH_BITS, 127, 22, 28);
    close_section(scenario, 0, DIRECTION_BOTH_BITS, 127, 3, 5); /* an hour of it twice */
    struct found found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, fleet_trains_per_day(30, 30, 1, 5, 4, 17.0 / 24));
    near(pattern(&found, 1)->windows_per_day, 1);
    ck_limit(&found, pattern(&found, 1), "W – E", "running_time");
    found_free(&found);
    close_section(scenario, 0, DIRECTION_FORWARD_BIT, 1, 6, 20); /* the other way may go on */
    found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, fleet_trains_per_day(30, 30, 1, 5, 4, 17.0 / 24));
    near(found.theoretical.bound.trains_per_day, 288 * 17.0 / 24);
    near(found.theoretical.bound.windows_per_day, 1);
    found_free(&found);
    close_section(scenario, 0, DIRECTION_BACKWARD_BIT, 1, 6, 20);
    found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, fleet_trains_per_day(30, 30, 1, 5, 4, (17.0 - 2) / 24));
    near(pattern(&found, 1)->windows_per_day, 8.0 / 7);
    found_free(&found);
    close_section(scenario, 0, DIRECTION_BOTH_BITS, 127, 6, 18);
    found = find(scenario);
    near(pattern(&found, 1)->trains_per_day, fleet_trains_per_day(30, 30, 1, 5, 4, (5 - 2.0 / 7) / 24));
    ck_limit(&found, pattern(&found, 1), "W – E", "possession");
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* Trains that need no headway to speak of, but of which only three may be inside. */
START_TEST(most_trains_inside) {
    static const double KM[] = {50};
    struct scenario *scenario = both_ways(KM, 1, 2, 1, 4);
    scenario->network.sections[0].max_trains = 3;
    struct found found = find(scenario);
    near(found.theoretical.bound.trains_per_day, 3 * 1440.0 / 30);
    ck_limit(&found, &found.theoretical.bound, "W – E", "max_trains");
    near(pattern(&found, 1)->trains_per_day, fleet_trains_per_day(30, 30, 1, 1, 4, 1));
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* ---- what does not apply ---- */

START_TEST(two_thirds_one_way_cannot_alternate) {
    static const double KM[] = {50};
    struct scenario *scenario = both_ways(KM, 1, 2, 5, 4);
    scenario->timetable.plans[0].weight = 2;
    struct found found = find(scenario);
    ck_assert(!pattern(&found, 1)->applies && isnan(pattern(&found, 1)->trains_per_day));
    ck_assert_str_eq(pattern(&found, 1)->reason,
                     "W – E: too many more trains go one way for fleets of 1 to take turns");
    /* two there, one back: h + t + τ, t + τ */
    near(pattern(&found, 2)->trains_per_day, 1440 * 3 / (5 + 2 * 34.0));
    near(pattern(&found, 2)->forward_per_day, pattern(&found, 2)->trains_per_day * 2 / 3);
    near(found.theoretical.bound.trains_per_day, 288);
    found_free(&found);
    build_free(scenario);
}
END_TEST

START_TEST(where_routes_part_there_is_a_bound_but_no_pattern) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 0, 0);
    build_station(scenario, "B", 0, 0);
    build_station(scenario, "C", 0, 0);
    build_station(scenario, "J", 3, 0);
    build_section(scenario, "A-J", "A", "J", 10000)->headway_ms = 300000;
    build_section(scenario, "B-J", "B", "J", 10000)->headway_ms = 300000;
    build_section(scenario, "J-C", "J", "C", 10000)->headway_ms = 300000;
    build_running_time(scenario, 900, 0, 0);
    build_type(scenario, "train", 500);
    build_service(scenario, "a", "train", "A J C", ARRIVALS_SATURATED, 0);
    build_service(scenario, "b", "train", "B J C", ARRIVALS_SATURATED, 0);
    build_service(scenario, "c", "train", "C J A", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    near(found.theoretical.bound.trains_per_day, 288);
    ck_limit(&found, &found.theoretical.bound, "J – C", "headway");
    near(stretch(&found, "B – J")->bound.trains_per_day, 3 * 288);
    ck_assert(!pattern(&found, 1)->applies);
    ck_assert_str_eq(pattern(&found, 1)->reason, "the trains' routes part at J");
    found_free(&found);
    build_free(scenario);
}
END_TEST

START_TEST(nothing_keeps_them_apart) {
    static const double KM[] = {50};
    struct scenario *scenario = both_ways(KM, 1, 2, 0, 0);
    scenario->network.sections[0].headway_ms = 0;
    struct found found = find(scenario);
    ck_assert(!found.theoretical.bound.applies && isnan(found.theoretical.bound.trains_per_day));
    ck_assert_str_eq(found.theoretical.bound.reason, "nothing keeps these trains apart");
    near(pattern(&found, 1)->trains_per_day, 1440 / 30.0);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* Services that differ in their windows only, or stop where it is no matter here, are as one. */
START_TEST(the_same_trains_in_more_classes) {
    static const double KM[] = {50, 60, 20};
    struct scenario *scenario = both_ways(KM, 3, 8, 5, 4);
    struct found found = find(scenario);
    struct theoretical one = found.theoretical;
    found.theoretical = (struct theoretical){0};
    found_free(&found);
    for (int32_t k = 0; k < 2; k++) {
        const char *way = k == 0 ? "W S1 S2 E" : "E S2 S1 W";
        build_service(scenario, "more", "train", way, ARRIVALS_SATURATED, 0)->last_ms /= 2;
        struct train_plan *stops = build_service(scenario, "stops", "train", way, ARRIVALS_SATURATED, 0);
        stops->calls = realloc(stops->calls, 3 * sizeof *stops->calls);
        ck_assert_ptr_nonnull(stops->calls);
        stops->calls[2] = stops->calls[1];
        stops->calls[1].station = 2;
        stops->call_count = 3;
    }
    found = find(scenario);
    ck_assert_int_eq(found.demand.class_count, 6);
    near(found.theoretical.bound.trains_per_day, one.bound.trains_per_day);
    for (int32_t k = 0; k < FLEET_COUNT; k++)
        near(found.theoretical.patterns[k].answer.trains_per_day, one.patterns[k].answer.trains_per_day);
    theoretical_free(&one);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* ---- mixes: the least mean against orders tried one by one ---- */

enum { ORDER = 8, CLASSES = 4 };

/* A pinch of four classes, two each way, with two states each or one; any separations. */
struct made_up {
    struct demand demand;
    struct demand_class classes[CLASSES];
    struct pinch pinch;
    struct separation_state states[2 * CLASSES];
    struct separation separations[4 * CLASSES * CLASSES];
};

static void make_up(struct made_up *made, uint64_t number, int32_t modes) {
    *made = (struct made_up){0};
    made->demand = (struct demand){.classes = made->classes, .class_count = CLASSES};
    made->pinch =
        (struct pinch){.states = made->states, .state_count = CLASSES * modes, .separations = made->separations};
    for (int32_t i = 0; i < made->pinch.state_count; i++)
        made->states[i] = (struct separation_state){
            .class_index = i / modes, .direction = i / modes % 2, .from_rest = i % modes == 0};
    for (int32_t i = 0; i < made->pinch.state_count * made->pinch.state_count; i++)
        made->separations[i].least_min = floor(between(number, 100 + (uint64_t)i, 1, 40));
}

/* The least time round a circle of trains, each in the better of its states. */
static double time_round(const struct made_up *made, int32_t modes, const int32_t order[ORDER]) {
    double least = INFINITY;
    for (int32_t start = 0; start < modes; start++) {
        double times[2] = {INFINITY, INFINITY};
        times[start] = 0;
        for (int32_t i = 1; i <= ORDER; i++) {
            double next[2] = {INFINITY, INFINITY};
            for (int32_t a = 0; a < modes; a++)
                for (int32_t b = 0; b < modes; b++) {
                    const int32_t first = order[i - 1] * modes + a, second = order[i % ORDER] * modes + b;
                    next[b] = fmin(next[b], times[a] + separation_of(&made->pinch, first, second)->least_min);
                }
            memcpy(times, next, sizeof times);
        }
        least = fmin(least, times[start]);
    }
    return least;
}

static int32_t longest_run(const int32_t order[ORDER]) {
    int32_t longest = 0, run = 0;
    for (int32_t i = 0; i < 2 * ORDER; i++) {
        run = i > 0 && order[i % ORDER] % 2 == order[(i - 1) % ORDER] % 2 ? run + 1 : 1;
        if (run > longest) longest = run;
    }
    return longest < ORDER ? longest : ORDER;
}

/* The best of all orders of the counted trains in which no more than `fleet` go one way in a row. */
static double best_order(const struct made_up *made, int32_t modes, int32_t fleet, int32_t counts[CLASSES],
                         int32_t order[ORDER], int32_t placed) {
    if (placed == ORDER) return longest_run(order) <= fleet ? time_round(made, modes, order) : INFINITY;
    double best = INFINITY;
    for (int32_t i = 0; i < CLASSES; i++) {
        if (counts[i] == 0) continue;
        counts[i]--;
        order[placed] = i;
        best = fmin(best, best_order(made, modes, fleet, counts, order, placed + 1));
        counts[i]++;
        if (placed == 0) break; /* a circle begins anywhere */
    }
    return best;
}

/* With states of one kind and any number of turns the least mean is that of the cheapest assignment of followers to
 * trains (Birkhoff); here of a class's trains to a class's, tried one by one. */
static double best_assignment(const struct made_up *made, const int32_t trains[ORDER], int32_t row, unsigned taken) {
    if (row == ORDER) return 0;
    double best = INFINITY;
    for (int32_t k = 0; k < ORDER; k++) {
        if (taken >> k & 1) continue;
        if (k > 0 && trains[k] == trains[k - 1] && !(taken >> (k - 1) & 1)) continue; /* alike */
        best = fmin(best, separation_of(&made->pinch, trains[row], trains[k])->least_min +
                              best_assignment(made, trains, row + 1, taken | 1u << k));
    }
    return best;
}

static const int32_t COUNTS[][CLASSES] = {{2, 2, 2, 2}, {3, 1, 1, 3}, {1, 4, 3, 0}, {4, 4, 0, 0}};

START_TEST(no_order_is_better_than_the_least_mean) {
    int64_t met = 0, tried = 0;
    for (uint64_t number = 0; number < 24; number++) {
        const int32_t modes = 1 + (int32_t)(number % 2);
        const int32_t *counted = COUNTS[number / 2 % 4];
        struct made_up made;
        make_up(&made, number, modes);
        for (int32_t i = 0; i < CLASSES; i++) made.classes[i].share = counted[i] / (double)ORDER;
        for (int32_t fleet = 1; fleet <= ORDER; fleet *= 2) {
            int32_t counts[CLASSES], order[ORDER];
            memcpy(counts, counted, sizeof counts);
            const double best = best_order(&made, modes, fleet, counts, order, 0) / ORDER;
            struct least_mean mean;
            ck_assert(least_mean_find(&made.demand, &made.pinch, DIRECTION_BOTH_BITS, 0.5 / fleet, &mean));
            ck_assert_msg(mean.minutes <= best + 1e-9, "%d, fleets of %d: %g, an order takes %g", (int)number, fleet,
                          mean.minutes, best);
            ck_assert(isfinite(best));
            tried++;
            met += fabs(mean.minutes - best) < 1e-9;
        }
        if (modes == 2) continue;
        int32_t trains[ORDER], count = 0;
        for (int32_t i = 0; i < CLASSES; i++)
            for (int32_t k = 0; k < counted[i]; k++) trains[count++] = i;
        struct least_mean mean;
        ck_assert(least_mean_find(&made.demand, &made.pinch, DIRECTION_BOTH_BITS, 0, &mean));
        near(mean.minutes * ORDER, best_assignment(&made, trains, 0, 0));
    }
    ck_assert_int_gt(met, tried / 4); /* it is not only below: it is often met */
}
END_TEST

/* ---- the tunnel ---- */

/* The running time of a type over sections from one to another as they are drawn, starting and stopping where said. */
static double run_min(const struct running_table *table, const struct scenario *scenario, int32_t type,
                      const char *const *sections, int32_t direction, enum running_case first, enum running_case last) {
    double seconds = 0;
    for (int32_t i = 0; sections[i] != NULL; i++)
        for (int32_t k = 0; k < table->count; k++) {
            const struct running_row *row = &table->rows[k];
            if (row->train_type != type || row->direction != direction ||
                strcmp(scenario->network.sections[row->section].id, sections[i]) != 0)
                continue;
            seconds += row->cases[i == 0 ? first : sections[i + 1] == NULL ? last : PASS_TO_PASS].run_s;
        }
    return seconds / 60;
}

/* A pair of container trains between Big Diomede and Wales, as `bering check` shows the times: one starts in Wales and
 * runs out through Big Diomede, the other starts there and stops in Wales. Between them release 20 s, route setting and
 * reaction 15 s, and 60 s of crossing on Big Diomede. 20 h of the day are open. */
START_TEST(the_tunnel_by_hand) {
    static const char *const EAST[] = {"diomedes", "east_inner", "east_outer", "wales_approach", NULL};
    static const char *const WEST[] = {"wales_approach", "east_outer", "east_inner", "diomedes", NULL};
    char folder[1024];
    const char *root = getenv("BERING_PROJECT_ROOT");
    snprintf(folder, sizeof folder, "%s/data/tunnel-2025", root ? root : ".");
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = scenario_read(&(struct scenario_request){.folder = folder}, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    struct running_table table;
    ck_assert(running_table_make(scenario, &table));
    struct found found = find(scenario);
    ck_assert_int_eq(found.demand.class_count, 6);
    near(found.demand.forward_share, 0.5);
    ck_limit(&found, pattern(&found, 1), "big_diomede – us_yard", "running_time");
    ck_limit(&found, pattern(&found, 4), "big_diomede – us_yard", "tracks");
    near(pattern(&found, 4)->trains_per_day, pattern(&found, 2)->trains_per_day);
    near(pattern(&found, 1)->teu_per_day, pattern(&found, 1)->trains_per_day * 142 * 16 / 26);
    near(stretch(&found, "ru_yard – big_diomede")->patterns[0].closed_min, 240);

    for (int32_t i = 0; i < found.demand.class_count; i++)
        found.demand.classes[i].share = found.demand.classes[i].train_type == 0 ? 0.5 : 0;
    find_again(&found);
    const double pair = run_min(&table, scenario, 0, WEST, BACKWARD, START_TO_PASS, PASS_TO_PASS) +
                        run_min(&table, scenario, 0, EAST, FORWARD, START_TO_PASS, PASS_TO_STOP) +
                        (20 + 15 + 60 + 20 + 15) / 60.0;
    const double by_hand = 2 * 1200 / pair, found_per_day = pattern(&found, 1)->trains_per_day;
    ck_assert_msg(fabs(found_per_day / by_hand - 1) < 0.005, "%.3f, by hand %.3f", found_per_day, by_hand);
    found_free(&found);
    running_table_free(&table);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
}
END_TEST

/* ---- what simulations carry ---- */

struct carried {
    int64_t *arrived; /* by plan */
};

static void on_train(void *context, const struct train_record *train) {
    struct carried *carried = context;
    carried->arrived[train->plan] += train->status == TRAIN_ARRIVED;
}

static void on_end(void *context, const struct run_summary *summary) {
    (void)context;
    (void)summary;
}

/* Runs the demand saturated, and makes the mix what arrived. Trains a day, both ways. */
static double carry(struct found *found, int32_t days) {
    struct timetable timetable;
    struct failure failure;
    char message[512];
    ck_assert(demand_build(&found->demand, &(struct demand_request){40, DEMAND_SATURATED, true}, &timetable, &failure));
    struct scenario copy = demand_scenario(found->scenario, &timetable);
    copy.settings.warmup_ms = 0;
    copy.settings.horizon_ms = days * MILLISECONDS_PER_DAY;
    struct simulation_plan *plan = simulation_plan_create(&copy, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    struct carried carried = {calloc((size_t)found->demand.class_count, sizeof(int64_t))};
    const struct observer observer = {.context = &carried, .train = on_train, .end = on_end};
    simulation_run(plan, &(struct simulation_options){.replication = 1}, &observer);
    int64_t all = 0;
    for (int32_t i = 0; i < found->demand.class_count; i++) all += carried.arrived[i];
    found->demand.forward_share = 0;
    for (int32_t i = 0; i < found->demand.class_count; i++) {
        found->demand.classes[i].share = all > 0 ? (double)carried.arrived[i] / (double)all : 0;
        if (found->demand.classes[i].direction == FORWARD)
            found->demand.forward_share += found->demand.classes[i].share;
    }
    free(carried.arrived);
    simulation_plan_destroy(plan);
    timetable_free(&timetable);
    return (double)all / days;
}

/* Lines of any sections, two types of trains each way, which start, stop, and wait for each other. */
static struct scenario *mixed_line(uint64_t line, int32_t tracks) {
    double km[4];
    char east[256], west[256];
    const int32_t count = 1 + (int32_t)between(line, 0, 0, 4);
    for (int32_t i = 0; i < count; i++) km[i] = between(line, 10 + (uint64_t)i, 8, 40);
    struct scenario *scenario = build_straight(km, count, tracks, line % 3 == 0 ? 0 : between(line, 1, 3, 8),
                                               between(line, 2, 0, 4), east, west);
    build_type(scenario, "slow", 700);
    for (int32_t i = 0; i < count; i++) {
        build_running_time_on(scenario, scenario->network.sections[i].id, km[i] * 36 * 1.4, 90, 30);
        scenario->running_times[scenario->running_time_count - 1].train_type = 1;
        scenario->running_times[i].start_ms = 60000;
        scenario->running_times[i].stop_ms = 45000;
    }
    for (int32_t i = 0; i <= count; i++) {
        scenario->network.stations[i].crossing_interval_ms = llround(between(line, 20, 0, 90)) * 1000;
        scenario->network.stations[i].arrival_interval_ms = line % 2 ? llround(between(line, 21, 0, 300)) * 1000 : 0;
    }
    build_service(scenario, "e", "train", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", west, ARRIVALS_SATURATED, 0);
    build_service(scenario, "se", "slow", east, ARRIVALS_SATURATED, 0);
    build_service(scenario, "sw", "slow", west, ARRIVALS_SATURATED, 0);
    return scenario;
}

static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};

/* No policy carries more than the bound for the mix that it carried; fleets not more than their pattern. */
START_TEST(no_simulation_carries_more) {
    enum { DAYS = 20 };
    double closest = 0;
    for (uint64_t line = 0; line < 24; line++) {
        struct scenario *scenario = mixed_line(line, 2 + 2 * (int32_t)(line % 4));
        scenario->settings.dispatch = POLICIES[line / 2 % 3];
        scenario->settings.fleet_size = 1 << line % 3;
        struct found found = find(scenario);
        const double per_day = carry(&found, DAYS);
        find_again(&found);
        const double bound = found.theoretical.bound.trains_per_day;
        ck_assert_msg(per_day <= bound + 1, "line %d: %.2f trains a day, bound %.2f", (int)line, per_day, bound);
        const struct theoretical_answer *fleets = pattern(&found, scenario->settings.fleet_size);
        if (scenario->settings.dispatch == DISPATCH_FLEET && fleets->applies) {
            ck_assert_msg(per_day <= 1.01 * fleets->trains_per_day + 1, "line %d: %.2f trains a day, fleets %.2f",
                          (int)line, per_day, fleets->trains_per_day);
            closest = fmax(closest, per_day / fleets->trains_per_day);
        }
        found_free(&found);
        build_free(scenario);
    }
    ck_assert_msg(closest > 0.9, "closest %.3f", closest);
}
END_TEST

/* Where a deadlock is not seen at once (trains that do not fit every track), endless demand makes long searches. */
static bool all_plain(const struct simulation_plan *plan) {
    for (int32_t i = 0; i < plan->trip_count; i++)
        if (!plan->trips[i].plain) return false;
    return true;
}

/* Everything that a railway can have; without possessions, whose windows hold one train more than their share. */
static double carry_random(uint64_t seed) {
    enum { DAYS = 2 };
    struct diagnostics diagnostics = {0};
    struct random_railway *railway = random_railway_make(seed);
    struct scenario *scenario = random_railway_read(railway, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    scenario->network.possession_count = 0;
    scenario->settings.fleet_window_ms = 0;
    struct found found = find(scenario);
    double used = 0;
    if (found.theoretical.bound.applies && found.theoretical.bound.trains_per_day < 300 && all_plain(found.plan)) {
        const double per_day = carry(&found, DAYS);
        find_again(&found);
        const struct theoretical_answer *bound = &found.theoretical.bound;
        /* at its beginning and end a piece may be without a train for as long as the longest separation */
        if (per_day > 0) ck_assert_msg(bound->applies, "seed %d: %s", (int)seed, bound->reason);
        const double most = bound->trains_per_day * (1 + 0.125 / DAYS) + 1.0 / DAYS;
        ck_assert_msg(per_day == 0 || per_day <= most, "seed %d: %.2f trains a day, bound %.2f", (int)seed, per_day,
                      bound->trains_per_day);
        if (per_day > 0) used = per_day / bound->trains_per_day;
    }
    found_free(&found);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    random_railway_free(railway);
    return used;
}

START_TEST(no_random_railway_carries_more) {
    const char *from = getenv("BERING_TEST_SEED");
    const uint64_t first = from ? strtoull(from, NULL, 10) : 1, count = from                         ? 1
                                                                        : getenv("BERING_TEST_LONG") ? 500
                                                                                                     : 30;
    double closest = 0;
    for (uint64_t seed = first; seed < first + count; seed++) closest = fmax(closest, carry_random(seed));
    ck_assert_msg(from || closest > 0.9, "closest %.3f", closest);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_strait,
                                  any_line_is_as_the_formula_says,
                                  few_tracks_make_short_fleets,
                                  the_worked_example,
                                  severomuysky,
                                  a_second_bore_moves_the_limit,
                                  a_purge_one_way,
                                  possessions_leave_a_share_of_the_day,
                                  most_trains_inside,
                                  two_thirds_one_way_cannot_alternate,
                                  where_routes_part_there_is_a_bound_but_no_pattern,
                                  nothing_keeps_them_apart,
                                  the_same_trains_in_more_classes,
                                  no_order_is_better_than_the_least_mean,
                                  the_tunnel_by_hand,
                                  no_simulation_carries_more,
                                  no_random_railway_carries_more};
    return run_suite("theoretical", tests, sizeof tests / sizeof *tests);
}
