/* What must hold on any railway: lines, trees and rings with random tracks, lengths, signalling and timetables, under
 * every policy, one that always holds and one that decides by lot included. No collision, no deadlock, every train
 * arrives, and the same input gives the same run. BERING_TEST_LONG=1 makes ten times as many. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch/policy.h"
#include "engine/stream.h"
#include "support/railway_builder.h"

/* ---- two policies no user gets ---- */

static size_t no_state(const struct layout *layout) {
    (void)layout;
    return sizeof(struct stream) + sizeof(uint64_t);
}

struct lot {
    struct stream stream;
    uint64_t draws;
};

static void lot_start(void *state, const struct layout *layout, const struct dispatch_settings *settings) {
    (void)layout;
    *(struct lot *)state = (struct lot){settings->stream, 0};
}

static int by_id(const void *state, const struct dispatch_request *a, const struct dispatch_request *b) {
    (void)state;
    return a->train_id < b->train_id ? -1 : 1;
}

static struct dispatch_answer always_hold(void *state, const struct dispatch_view *view,
                                          const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
    return (struct dispatch_answer){false, INT64_MAX, -1};
}

static struct dispatch_answer by_lot(void *state, const struct dispatch_view *view,
                                     const struct dispatch_request *request) {
    (void)request;
    struct lot *lot = state;
    bool go = stream_uniform(&lot->stream, 1, lot->draws++) < 0.5;
    return (struct dispatch_answer){go, go ? INT64_MAX : view->now_ms + 1 + (int64_t)(lot->draws % 7) * 60000, -1};
}

static void nothing(void *state, const struct dispatch_view *view, const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
}

static int32_t three_stretches(const void *state, const struct dispatch_request *request) {
    (void)state, (void)request;
    return 3;
}

static struct dispatch_answer always_go(void *state, const struct dispatch_view *view,
                                        const struct dispatch_request *request) {
    (void)state, (void)view, (void)request;
    return (struct dispatch_answer){true, INT64_MAX, -1};
}

#define RULE(label, asks_for, answers)                                                                                 \
    {                                                                                                                  \
        .name = label, .state_size = no_state, .start = lot_start, .compare = by_id, .stretches = asks_for,            \
        .permit = answers, .granted = nothing                                                                          \
    }
static const struct dispatch_policy HOLDS = RULE("always holds", NULL, always_hold);
static const struct dispatch_policy BY_LOT = RULE("by lot", NULL, by_lot);
static const struct dispatch_policy GREEDY = RULE("greedy, three stretches at once", three_stretches, always_go);

/* ---- random railways ---- */

struct dice {
    struct stream stream;
    uint64_t draw, entity;
};

static int32_t roll(struct dice *dice, int32_t faces) {
    return (int32_t)(stream_uniform(&dice->stream, dice->entity, dice->draw++) * faces);
}

enum { MOST_STATIONS = 12 };

struct shape {
    int32_t stations, ends[4], end_count;
    int32_t parent[MOST_STATIONS]; /* the station before it on the way to station 0; ring: see below */
    bool ring;
    bool terminal[MOST_STATIONS];
};

static void name_of(char id[8], int32_t station) {
    snprintf(id, 8, "N%d", station % 1000);
}

static void random_section(struct dice *dice, struct scenario *scenario, int32_t from, int32_t to) {
    char a[8], b[8], id[24];
    name_of(a, from);
    name_of(b, to);
    snprintf(id, sizeof id, "%s-%s", a, b);
    bool turned = roll(dice, 2);
    struct section *section = build_section(scenario, id, turned ? b : a, turned ? a : b, 4000 + roll(dice, 30000));
    section->release_ms = roll(dice, 3) * 30000;
    if (roll(dice, 4) == 0) section->tracks = 2;
    switch (roll(dice, 5)) {
    case 0:
        section->block_m = 1500 + roll(dice, 6000);
        break;
    case 1:
        section->headway_ms = 120000 + roll(dice, 4) * 60000;
        break;
    case 2:
        section->signalling = SIGNALLING_MOVING;
        break;
    default:
        break;
    }
    if (roll(dice, 8) == 0) {
        section->purge_ms = 300000;
        section->purge_after = 1 + (unsigned)roll(dice, 3);
        section->max_trains = 1 + roll(dice, 2);
    }
    if (roll(dice, 3) == 0)
        build_running_time_on(scenario, id, 240 + roll(dice, 1200), roll(dice, 3) * 30, roll(dice, 3) * 20);
}

/* A tree (a line when every station hangs on the one before), or a ring with a terminal at each of three stations. */
static struct shape random_network(struct dice *dice, struct scenario *scenario) {
    struct shape shape = {.stations = 4 + roll(dice, 6), .ring = roll(dice, 5) == 0};
    int32_t degree[MOST_STATIONS] = {0};
    bool straight = roll(dice, 2);
    for (int32_t i = 1; i < shape.stations; i++) {
        shape.parent[i] = straight || roll(dice, 3) ? i - 1 : roll(dice, i);
        degree[i]++;
        degree[shape.parent[i]]++;
    }
    for (int32_t i = 0; i < shape.stations; i++) {
        char id[8];
        name_of(id, i);
        shape.terminal[i] = degree[i] == 1;
        int32_t tracks = shape.terminal[i] ? roll(dice, 3) : 1 + roll(dice, 3);
        if (shape.ring) tracks = 1 + roll(dice, 3);
        bool lengths = roll(dice, 3) == 0;
        build_station(scenario, id, tracks > 0 ? 1 : 0, lengths || tracks > 0 ? 1500 : 0);
        for (int32_t k = 1; k < tracks; k++) build_track(scenario, lengths && roll(dice, 2) ? 700 : 1500);
        struct station *station = &scenario->network.stations[i];
        station->crossing_interval_ms = roll(dice, 3) * 30000;
        if (roll(dice, 4) == 0) station->arrival_interval_ms = 180000;
    }
    for (int32_t i = 1; i < shape.stations; i++) random_section(dice, scenario, shape.parent[i], i);
    if (shape.ring) random_section(dice, scenario, shape.stations - 1, 0);
    return shape;
}

static void random_types(struct dice *dice, struct scenario *scenario) {
    for (int32_t i = 0; i < 3; i++) {
        static const char *const IDS[] = {"short", "middle", "long"};
        struct train_type *type = build_type(scenario, IDS[i], 200 + 500 * i + roll(dice, 100));
        type->mass_kg = 1e6 * (1 + roll(dice, 5));
        type->power_w = 4e6;
        type->tractive_effort_n = 4e5;
        type->brake_ms2 = 0.2 + 0.1 * roll(dice, 4);
        type->davis_a_n = 10000;
        type->max_speed_ms = 20 + roll(dice, 15);
        type->has_traction = true;
        type->priority = 1 + roll(dice, 2);
        type->supplement_percent = roll(dice, 2) * 5;
        if (roll(dice, 3) == 0) type->running_factor = (struct law){.kind = LAW_LOGNORMAL, .parameters = {0, 0.05}};
    }
}

/* The way from one station to another: up to the common ancestor and down again; on a ring, one of the two ways round.
 */
static bool random_way(struct dice *dice, const struct shape *shape, char *way, size_t size) {
    int32_t from = roll(dice, shape->stations), to = roll(dice, shape->stations);
    if (from == to || (!shape->ring && (!shape->terminal[from] || (!shape->terminal[to] && roll(dice, 4)))))
        return false;
    int32_t up[2 * MOST_STATIONS], count = 0, down[MOST_STATIONS], back = 0;
    if (shape->ring && roll(dice, 3) == 0) {
        /* over the closing section: only where the tree is the plain order of stations */
        for (int32_t i = 1; i < shape->stations; i++)
            if (shape->parent[i] != i - 1) return false;
        int32_t step = roll(dice, 2) ? 1 : shape->stations - 1;
        for (int32_t at = from; at != to; at = (at + step) % shape->stations) up[count++] = at;
        up[count++] = to;
    } else {
        int32_t a = from, b = to;
        while (a != b) {
            if (a > b)
                up[count++] = a, a = shape->parent[a];
            else
                down[back++] = b, b = shape->parent[b];
        }
        up[count++] = a;
        while (back > 0) up[count++] = down[--back];
    }
    way[0] = '\0';
    for (int32_t i = 0; i < count; i++) {
        char id[8];
        name_of(id, up[i]);
        snprintf(way + strlen(way), size - strlen(way), "%s%s", i ? " " : "", id);
    }
    return true;
}

static bool fits_at(const struct scenario *scenario, int32_t station, double length_m) {
    const struct station *at = &scenario->network.stations[station];
    for (int32_t i = 0; i < at->track_count; i++)
        if (scenario->network.tracks[at->first_track + i].length_m >= length_m) return true;
    return false;
}

static void random_trains(struct dice *dice, struct scenario *scenario, const struct shape *shape) {
    static const char *const TYPES[] = {"short", "middle", "long"};
    int32_t trains = 3 + roll(dice, 14), spread = 1 + roll(dice, 4) * 3600;
    for (int32_t i = 0, tries = 0; i < trains && tries < 400; tries++) {
        char way[256], id[16];
        if (!random_way(dice, shape, way, sizeof way)) continue;
        int32_t type = roll(dice, 3);
        snprintf(id, sizeof id, "T%d", i);
        struct train_plan *plan = build_train(scenario, id, TYPES[type], way, roll(dice, spread), -1, -1);
        double length = scenario->train_types[type].length_m;
        if (!fits_at(scenario, plan->calls[0].station, length) || !fits_at(scenario, plan->calls[1].station, length)) {
            free(plan->id);
            free(plan->calls);
            free(plan->route);
            scenario->timetable.plan_count--;
            continue;
        }
        if (roll(dice, 3) == 0) plan->entry_delay = (struct law){.kind = LAW_EXPONENTIAL, .parameters = {600}};
        if (roll(dice, 4) == 0) plan->calls[1].min_dwell_ms = 300000;
        i++;
    }
}

static struct scenario *random_railway(uint64_t seed) {
    struct dice dice = {{seed, STREAM_TEST, 1}, 0, seed};
    struct scenario *scenario = build_scenario();
    struct shape shape = random_network(&dice, scenario);
    random_types(&dice, scenario);
    random_trains(&dice, scenario, &shape);
    scenario->settings.seed = (int64_t)seed;
    scenario->settings.route_setting_ms = roll(&dice, 2) * 10000;
    return scenario;
}

/* ---- the properties ---- */

struct rule {
    const char *name;
    enum dispatch_kind dispatch;
    const struct dispatch_policy *policy;
};

static const struct rule RULES[] = {
    {"fcfs", DISPATCH_FCFS, NULL},           {"priority", DISPATCH_PRIORITY, NULL}, {"fleet", DISPATCH_FLEET, NULL},
    {"always holds", DISPATCH_FCFS, &HOLDS}, {"by lot", DISPATCH_FCFS, &BY_LOT},    {"greedy", DISPATCH_FCFS, &GREEDY},
};

static void check_railway(uint64_t seed) {
    struct scenario *scenario = random_railway(seed);
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES && scenario->timetable.plan_count > 0; i++) {
        scenario->settings.dispatch = RULES[i].dispatch;
        scenario->settings.fleet_size = 1 + (int32_t)(seed % 3);
        struct outcome outcome = build_run_policy(scenario, 1, RULES[i].policy);
        ck_assert_msg(outcome.violations == 0, "railway %" PRIu64 ", %s: %s", seed, RULES[i].name,
                      outcome.first_violation);
        ck_assert_msg(!outcome.deadlocked, "railway %" PRIu64 ", %s: deadlocked, %d of %d trains arrived", seed,
                      RULES[i].name, (int)outcome.arrived, (int)outcome.trains_planned);
        ck_assert_msg(outcome.others == 0 && outcome.arrived == scenario->timetable.plan_count,
                      "railway %" PRIu64 ", %s: %d of %d trains arrived", seed, RULES[i].name, (int)outcome.arrived,
                      scenario->timetable.plan_count);
        struct outcome again = build_run_policy(scenario, 1, RULES[i].policy);
        ck_assert_msg(again.hash == outcome.hash, "railway %" PRIu64 ", %s: a second run differs", seed, RULES[i].name);
    }
    build_free(scenario);
}

START_TEST(random_railways_are_safe_and_live) {
    const char *one = getenv("BERING_TEST_SEED");
    if (one) {
        if (_i == 0) check_railway(strtoull(one, NULL, 10));
        return;
    }
    uint64_t count = getenv("BERING_TEST_LONG") ? 1000 : 100;
    for (uint64_t k = 0; k < count; k++) check_railway((uint64_t)_i * 1000 + k);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("properties");
    TCase *cases = tcase_create("properties");
    tcase_set_timeout(cases, 600);
    tcase_add_loop_test(cases, random_railways_are_safe_and_live, 0, 10);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
