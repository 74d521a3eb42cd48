/* The least time between two trains: by hand where that can be done, and against whatever simulated trains do. */
#include "study/separation.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../engine/suite.h"
#include "simulation/simulation.h"
#include "study/bare_line.h"
#include "support/railway_builder.h"
#include "support/random_railway.h"

/* ---- lines small enough to work out ---- */

struct found {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct demand demand;
    struct separations separations;
};

static struct found find(struct scenario *scenario) {
    char message[512];
    struct failure failure;
    struct found found = {.scenario = scenario};
    found.plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(found.plan != NULL, "%s", message);
    ck_assert_msg(demand_read(found.plan, &found.demand, &failure), "%s", failure.text);
    ck_assert_msg(separations_find(&found.demand, &found.separations, &failure), "%s", failure.text);
    return found;
}

static void found_free(struct found *found) {
    separations_free(&found->separations);
    demand_free(&found->demand);
    simulation_plan_destroy(found->plan);
}

static const struct pinch *pinch_at(const struct found *found, const char *section, int32_t line_track, int32_t block) {
    for (int32_t i = 0; i < found->separations.pinch_count; i++) {
        const struct pinch *pinch = &found->separations.pinches[i];
        if (strcmp(found->scenario->network.sections[pinch->section].id, section) == 0 &&
            pinch->line_track == line_track && pinch->block == block)
            return pinch;
    }
    ck_abort_msg("nobody comes over %s", section);
}

static int32_t state_of(const struct pinch *pinch, int32_t class_index, bool from_rest) {
    for (int32_t i = 0; i < pinch->state_count; i++)
        if (pinch->states[i].class_index == class_index && pinch->states[i].from_rest == from_rest) return i;
    return -1;
}

enum { REST = true, RUNS = false };

static const struct separation *between(const struct pinch *pinch, int32_t first, bool first_rests, int32_t second,
                                        bool second_rests) {
    const int32_t i = state_of(pinch, first, first_rests), k = state_of(pinch, second, second_rests);
    ck_assert_msg(i >= 0 && k >= 0, "no such state");
    return separation_of(pinch, i, k);
}

static void ck_minutes(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-4, "%.5f min, expected %.5f", value, expected);
}

/* W – A – B – E as in the worked example of F2 (V1): 24 and 25 min over A – B, start 2, stop 1, crossing 1, arrival 4.
 */
static struct scenario *worked_example(void) {
    struct scenario *scenario = build_scenario();
    static const char *const STATIONS[] = {"W", "A", "B", "E"};
    for (int i = 0; i < 4; i++) {
        build_station(scenario, STATIONS[i], i == 0 || i == 3 ? 0 : 2, 0);
        scenario->network.stations[i].crossing_interval_ms = 60000;
        scenario->network.stations[i].arrival_interval_ms = 240000;
    }
    build_section(scenario, "W-A", "W", "A", 4000);
    build_section(scenario, "A-B", "A", "B", 23000);
    build_section(scenario, "B-E", "B", "E", 4000);
    build_running_time_on(scenario, "W-A", 300, 120, 60);
    build_running_time_on(scenario, "B-E", 300, 120, 60);
    build_running_time_on(scenario, "A-B", 1440, 120, 60);
    build_running_time_on(scenario, "A-B", 1500, 120, 60);
    scenario->running_times[2].directions = DIRECTION_FORWARD_BIT;
    scenario->running_times[3].directions = DIRECTION_BACKWARD_BIT;
    build_type(scenario, "train", 500);
    build_service(scenario, "e", "train", "W A B E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "E B A W", ARRIVALS_SATURATED, 0);
    return scenario;
}

START_TEST(crossings_of_the_worked_example) {
    struct found found = find(worked_example());
    const struct pinch *pinch = pinch_at(&found, "A-B", 0, -1);
    ck_minutes(between(pinch, 0, REST, 1, REST)->least_min, 2 + 24 + 1);
    ck_minutes(between(pinch, 1, REST, 0, REST)->least_min, 2 + 25 + 1);
    ck_minutes(between(pinch, 0, RUNS, 1, REST)->least_min, 24 + 1);
    ck_minutes(between(pinch, 0, RUNS, 1, RUNS)->least_min, 24 + 4);
    ck_minutes(between(pinch, 1, REST, 0, RUNS)->least_min, 2 + 25 + 4);
    const struct separation *meet = between(pinch, 1, REST, 0, RUNS);
    ck_minutes(meet->parts_min[PART_RUNNING], 27);
    ck_minutes(meet->parts_min[PART_INTERVAL], 4);
    /* the one block is free when the train ahead is out */
    ck_minutes(between(pinch, 0, REST, 0, RUNS)->least_min, 26);
    ck_minutes(between(pinch, 0, RUNS, 0, RUNS)->least_min, 24);
    ck_assert_str_eq(found.scenario->network.stations[pinch->from].id, "A");
    ck_assert_str_eq(found.scenario->network.stations[pinch->to].id, "B");
    ck_assert_int_eq(pinch->waiting_tracks, 1);
    struct scenario *scenario = found.scenario;
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* A stretch with a block post: every section of it is left by one way before the other comes. */
START_TEST(a_block_post_divides_followers_only) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "P", 1, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-P", "W", "P", 10000)->release_ms = 60000;
    build_section(scenario, "P-E", "P", "E", 20000)->release_ms = 120000;
    build_running_time_on(scenario, "W-P", 600, 0, 0);
    build_running_time_on(scenario, "P-E", 1200, 0, 0);
    build_type(scenario, "train", 500);
    build_service(scenario, "e", "train", "W P E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "E P W", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    const struct pinch *west = pinch_at(&found, "W-P", 0, -1), *east = pinch_at(&found, "P-E", 0, -1);
    /* the second section decides: 10 + 20 + 2 − 10 min behind one another there, and so at the first */
    ck_minutes(between(west, 0, REST, 0, REST)->least_min, 22);
    ck_minutes(between(east, 0, REST, 0, REST)->least_min, 22);
    ck_minutes(between(west, 0, REST, 1, REST)->least_min, 10 + 20 + 2 + 20);
    ck_minutes(between(west, 1, REST, 0, REST)->least_min, 10 + 1);
    ck_minutes(between(east, 0, REST, 1, REST)->least_min, 20 + 2);
    ck_minutes(between(east, 1, REST, 0, REST)->least_min, 20 + 10 + 1 + 10);
    ck_assert_int_eq(state_of(west, 0, RUNS), -1); /* it begins there */
    ck_assert_int_eq(west->from, 0);
    ck_assert_int_eq(west->to, 2);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* The Cascade tunnel (V6): 21.8 min, smoke after eastbound trains that hinders eastbound ones only. */
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
    const struct pinch *pinch = pinch_at(&found, "W-E", 0, -1);
    ck_minutes(between(pinch, 0, REST, 0, REST)->least_min, 51.8);
    ck_minutes(between(pinch, 0, REST, 0, REST)->parts_min[PART_PURGE], 30);
    ck_minutes(between(pinch, 0, REST, 1, REST)->least_min, 25.8);
    ck_minutes(between(pinch, 1, REST, 0, REST)->least_min, 25.8);
    ck_minutes(between(pinch, 1, REST, 1, REST)->least_min, 25.8);
    ck_minutes(pinch->states[0].inside_min, 21.8);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* A slow train ahead of a fast one, headway at both ends; and the other way round. */
START_TEST(a_headway_holds_at_both_ends) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    build_section(scenario, "W-E", "W", "E", 30000)->headway_ms = 300000;
    build_running_time(scenario, 1800, 0, 0);
    build_running_time(scenario, 1200, 0, 0);
    build_type(scenario, "slow", 500);
    build_type(scenario, "fast", 200);
    scenario->running_times[1].train_type = 1;
    build_service(scenario, "s", "slow", "W E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "f", "fast", "W E", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    const struct pinch *pinch = pinch_at(&found, "W-E", 0, -1);
    ck_minutes(between(pinch, 0, REST, 1, REST)->least_min, 10 + 5);
    ck_minutes(between(pinch, 1, REST, 0, REST)->least_min, 5);
    ck_minutes(between(pinch, 1, REST, 1, REST)->parts_min[PART_HEADWAY], 5);
    ck_assert_int_eq(pinch->waiting_tracks, INT32_MAX);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* Two tracks with blocks: each direction by itself, block by block. */
START_TEST(two_tracks_block_by_block) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "W", 0, 0);
    build_station(scenario, "E", 0, 0);
    struct section *section = build_section(scenario, "W-E", "W", "E", 30000);
    section->tracks = 2;
    section->block_m = 10000;
    section->release_ms = 30000;
    section->max_trains = 2;
    build_running_time(scenario, 1800, 60, 0);
    build_type(scenario, "train", 500);
    build_service(scenario, "e", "train", "W E", ARRIVALS_SATURATED, 0);
    build_service(scenario, "w", "train", "E W", ARRIVALS_SATURATED, 0);
    struct found found = find(scenario);
    ck_assert_int_eq(found.separations.pinch_count, 6);
    for (int32_t block = 0; block < 3; block++)
        for (int32_t way = 0; way < 2; way++) {
            const struct pinch *pinch = pinch_at(&found, "W-E", 1 + way, block);
            const double start = block == 0 ? 1 : 1; /* a train that stops at a signal starts again */
            ck_minutes(between(pinch, way, REST, way, REST)->least_min, start + 10 + 0.5);
            ck_assert_int_eq(state_of(pinch, 1 - way, REST), -1);
            ck_assert_int_eq(pinch->most_inside, block == 0 ? 2 : 0);
            if (block > 0) ck_minutes(between(pinch, way, RUNS, way, RUNS)->least_min, 10.5);
        }
    ck_minutes(pinch_at(&found, "W-E", 1, 0)->states[0].inside_min, 31);
    found_free(&found);
    build_free(scenario);
}
END_TEST

/* ---- whatever trains do ---- */

struct entry {
    int32_t section, line_track, block;
    int64_t enter_ms;
    int32_t class_index, direction;
    int32_t from_rest; /* −1: not known */
};

struct collector {
    const struct bare_line *line;
    const int32_t *class_of_plan;
    struct entry *entries;
    size_t count, room;
};

static void add_entry(struct collector *collector, struct entry entry) {
    if (collector->count == collector->room) {
        collector->room = collector->room ? 2 * collector->room : 1024;
        collector->entries = realloc(collector->entries, collector->room * sizeof *collector->entries);
        ck_assert_ptr_nonnull(collector->entries);
    }
    collector->entries[collector->count++] = entry;
}

/* How the train came to where its move over a section began: its calls say. */
static int32_t came_from_rest(const struct collector *collector, int32_t class_index, int32_t step,
                              const struct train_record *train) {
    const struct path *path = bare_line_path(collector->line, class_index);
    int32_t leg = 0;
    while (path->legs[leg].step != step) leg++;
    const int32_t call = path->nodes[bare_line_move_start(collector->line, class_index, leg)].call;
    return call < 0 ? -1 : call == 0 || train->calls[call].stopped;
}

static void on_train(void *context, const struct train_record *train) {
    struct collector *collector = context;
    const int32_t class_index = collector->class_of_plan[train->plan];
    for (int32_t i = 0; i < train->passage_count; i++) {
        const struct train_passage *passage = &train->passages[i];
        const bool two_tracks = collector->line->plan->layout->network->sections[passage->section].tracks == 2;
        const struct path *path = bare_line_path(collector->line, class_index);
        int32_t leg = 0;
        while (path->legs[leg].step != i) leg++;
        const bool by_block = path->legs[leg].kind == LEG_BLOCK;
        struct entry entry = {.section = passage->section,
                              .line_track = two_tracks ? passage->line_track : 0,
                              .block = by_block ? 0 : -1,
                              .enter_ms = passage->enter_ms,
                              .class_index = class_index,
                              .direction = passage->direction,
                              .from_rest = came_from_rest(collector, class_index, i, train)};
        add_entry(collector, entry);
        for (int32_t b = 1; by_block && b < passage->block_count; b++) {
            if (passage->blocks[b].enter_ms == TIME_NONE) break;
            entry.block = b;
            entry.enter_ms = passage->blocks[b].enter_ms;
            entry.from_rest = -1;
            add_entry(collector, entry);
        }
    }
}

static void on_end(void *context, const struct run_summary *summary) {
    (void)context;
    (void)summary;
}

static int compare_entries(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    if (a->section != b->section) return a->section < b->section ? -1 : 1;
    if (a->line_track != b->line_track) return a->line_track < b->line_track ? -1 : 1;
    if (a->block != b->block) return a->block < b->block ? -1 : 1;
    return (a->enter_ms > b->enter_ms) - (a->enter_ms < b->enter_ms);
}

static bool may_be(const struct separation_state *state, const struct entry *entry) {
    return state->class_index == entry->class_index &&
           (entry->from_rest < 0 || state->from_rest == (entry->from_rest == 1));
}

static double least_between(const struct separations *separations, const struct entry *first,
                            const struct entry *second) {
    double least = INFINITY;
    for (int32_t p = 0; p < separations->pinch_count; p++) {
        const struct pinch *pinch = &separations->pinches[p];
        if (pinch->section != first->section || pinch->line_track != first->line_track || pinch->block != first->block)
            continue;
        for (int32_t i = 0; i < pinch->state_count; i++)
            for (int32_t k = 0; k < pinch->state_count; k++)
                if (may_be(&pinch->states[i], first) && may_be(&pinch->states[k], second))
                    least = fmin(least, separation_of(pinch, i, k)->least_min);
    }
    return least;
}

/* A wait that is only a meet of this timetable is none of its class's (demand.h): who runs through where another stops
 * is there sooner, and so has to come in later. */
static void take_meet_out(const struct train_plan *plan, struct planned_call *call) {
    const bool end = call == plan->calls || call == &plan->calls[plan->call_count - 1];
    if (end || plan->kind != PLAN_TIMETABLE || !call->stop || call->min_dwell_ms > 0) return;
    call->stop = false;
    call->arrival_ms = call->departure_ms = -1;
}

/* Nothing drawn at random: the separations are those of mean times. */
static void take_chance_out(struct scenario *scenario) {
    for (int32_t i = 0; i < scenario->train_type_count; i++) {
        law_free(&scenario->train_types[i].running_factor);
        scenario->train_types[i].running_factor = (struct law){.kind = LAW_CONSTANT, .parameters = {1}};
    }
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++)
        for (int32_t k = 0; k < scenario->timetable.plans[i].call_count; k++) {
            law_free(&scenario->timetable.plans[i].calls[k].dwell);
            take_meet_out(&scenario->timetable.plans[i], &scenario->timetable.plans[i].calls[k]);
        }
}

struct tally {
    int64_t pairs, close[2]; /* within a second of the least, same way and against each other */
    double nearest;
};

static void check_entries(uint64_t seed, const struct scenario *scenario, const struct separations *separations,
                          struct collector *collector, struct tally *tally) {
    if (collector->count > 0) qsort(collector->entries, collector->count, sizeof *collector->entries, compare_entries);
    for (size_t i = 1; i < collector->count; i++) {
        const struct entry *first = &collector->entries[i - 1], *second = &collector->entries[i];
        if (first->section != second->section || first->line_track != second->line_track ||
            first->block != second->block)
            continue;
        const double least = least_between(separations, first, second);
        const double after = (double)(second->enter_ms - first->enter_ms) / 60000;
        ck_assert_msg(after >= least - 1e-4,
                      "seed %d: %.3f min between classes %d (%d) and %d (%d) at section %s (%d, %d), least %.3f",
                      (int)seed, after, first->class_index, first->from_rest, second->class_index, second->from_rest,
                      scenario->network.sections[first->section].id, first->line_track, first->block, least);
        tally->pairs++;
        tally->close[first->direction != second->direction] += after < least + 1.0 / 60;
    }
}

static void run_and_check(uint64_t seed, const struct scenario *scenario, const int32_t *class_of_plan,
                          const struct bare_line *line, const struct separations *separations, struct tally *tally) {
    char message[512];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    struct collector collector = {.line = line, .class_of_plan = class_of_plan};
    const struct observer observer = {.context = &collector, .train = on_train, .end = on_end};
    /* separations are those of full trains: light ones may be faster, and shorter */
    const struct simulation_options options = {.replication = 1, .want_blocks = true, .no_freight = true};
    simulation_run(plan, &options, &observer);
    check_entries(seed, scenario, separations, &collector, tally);
    free(collector.entries);
    simulation_plan_destroy(plan);
}

/* Where trains need next to no time to follow each other, endlessly many are on the line at once. */
static bool keeps_all_apart(const struct separations *separations) {
    for (int32_t p = 0; p < separations->pinch_count; p++) {
        const struct pinch *pinch = &separations->pinches[p];
        for (int32_t i = 0; i < pinch->state_count * pinch->state_count; i++)
            if (pinch->separations[i].least_min < 1) return false;
    }
    return true;
}

static void run_saturated(uint64_t seed, const struct found *found, const struct bare_line *line, struct tally *tally) {
    struct timetable timetable;
    struct failure failure;
    ck_assert(demand_build(&found->demand, &(struct demand_request){40, DEMAND_SATURATED, true}, &timetable, &failure));
    struct scenario copy = demand_scenario(found->scenario, &timetable);
    copy.settings.warmup_ms = 0;
    copy.settings.horizon_ms = MILLISECONDS_PER_DAY;
    int32_t *classes = calloc((size_t)found->demand.class_count, sizeof *classes);
    for (int32_t i = 0; i < found->demand.class_count; i++) classes[i] = i;
    run_and_check(seed, &copy, classes, line, &found->separations, tally);
    free(classes);
    timetable_free(&timetable);
}

static void check_railway(uint64_t seed, struct tally *tally) {
    struct diagnostics diagnostics = {0};
    struct random_railway *railway = random_railway_make(seed);
    struct scenario *scenario = random_railway_read(railway, &diagnostics);
    ck_assert_msg(scenario != NULL, "seed %d", (int)seed);
    take_chance_out(scenario);
    struct found found = find(scenario);
    struct bare_line line;
    struct failure failure;
    ck_assert(bare_line_make(&line, &found.demand, &failure));
    run_and_check(seed, scenario, found.demand.class_of_plan, &line, &found.separations, tally);

    if (keeps_all_apart(&found.separations)) run_saturated(seed, &found, &line, tally);
    bare_line_free(&line);
    found_free(&found);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    random_railway_free(railway);
}
START_TEST(no_simulated_trains_are_nearer) {
    const char *from = getenv("BERING_TEST_SEED");
    const uint64_t first = from ? strtoull(from, NULL, 10) : 1, count = from                         ? 1
                                                                        : getenv("BERING_TEST_LONG") ? 1000
                                                                                                     : 60;
    struct tally tally = {0};
    for (uint64_t seed = first; seed < first + count; seed++) check_railway(seed, &tally);
    if (from) return;
    check_railway(238, &tally); /* from a section with fixed times into one that is computed, behind another train */
    /* and it is a least one: it happens */
    ck_assert_int_gt(tally.pairs, 1000);
    ck_assert_int_gt(tally.close[0], tally.pairs / 100);
    ck_assert_int_gt(tally.close[1], tally.pairs / 100);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        crossings_of_the_worked_example, a_block_post_divides_followers_only, a_purge_one_way,
        a_headway_holds_at_both_ends,    two_tracks_block_by_block,           no_simulated_trains_are_nearer};
    return run_suite("separation", tests, sizeof tests / sizeof *tests);
}
