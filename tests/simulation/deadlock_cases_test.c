/* Adversarial single-track cases: each has an order in which every train arrives (but the last, which is dead at its
 * start), and each catches a way of dispatching that stops with trains on the line. docs/model.md describes them. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/railway_builder.h"

/* A line of stations "W S1/2 S2/1 E": name/tracks, no number: no limit; name/2000+1000: one track of each length. */
static struct scenario *build_line(const char *text) {
    struct scenario *scenario = build_scenario();
    char copy[256], *save = NULL, previous[32] = "";
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
        char *slash = strchr(word, '/');
        if (slash) *slash = '\0';
        char *plus = slash ? strchr(slash + 1, '+') : NULL;
        if (plus) {
            build_station(scenario, word, 1, atof(slash + 1));
            build_track(scenario, atof(plus + 1));
        } else
            build_station(scenario, word, slash ? atoi(slash + 1) : 0, 0);
        if (previous[0]) {
            char id[80];
            snprintf(id, sizeof id, "%s-%s", previous, word);
            struct section *section = build_section(scenario, id, previous, word, 10000);
            section->release_ms = 60000;
        }
        snprintf(previous, sizeof previous, "%s", word);
    }
    build_running_time(scenario, 600, 0, 0);
    build_type(scenario, "train", 500);
    build_type(scenario, "long", 1500);
    build_type(scenario, "short", 800);
    return scenario;
}

struct start {
    const char *train, *type, *way;
    int32_t track; /* stands on this track of its first station; −1: queues there */
};

struct deadlock_case {
    const char *name, *line;
    struct start trains[8];
    int arrive;           /* trains that must arrive */
    bool dead;            /* dead at its start */
    double least_delay_s; /* the least total delay there is, by exhaustive search; 0: not known */
};

#define WE2 "W S1 S2 E"
#define EW2 "E S2 S1 W"
#define WE3 "W S1 S2 S3 E"
#define EW3 "E S3 S2 S1 W"

static const struct deadlock_case CASES[] = {
    {"C1 split section",
     "W S1/2 sig/1 S2/2 E",
     {{"E1", "train", "W S1 sig S2 E", -1}, {"W1", "train", "E S2 sig S1 W", -1}},
     2,
     false,
     0},
    {"C1b",
     "W S1/2 sig/1 S2/2 E",
     {{"E1", "train", "W S1 sig S2 E", -1},
      {"E2", "train", "W S1 sig S2 E", -1},
      {"W1", "train", "E S2 sig S1 W", -1},
      {"W2", "train", "E S2 sig S1 W", -1}},
     4,
     false,
     0},
    {"C1c no siding", "W p/1 q/1 E", {{"E1", "train", "W p q E", -1}, {"W1", "train", "E q p W", -1}}, 2, false, 0},
    {"C2 one siding",
     "W S1/2 E",
     {{"E1", "train", "W S1 E", -1},
      {"E2", "train", "W S1 E", -1},
      {"W1", "train", "E S1 W", -1},
      {"W2", "train", "E S1 W", -1}},
     4,
     false,
     2880},
    {"C3 two sidings",
     "W S1/2 S2/2 E",
     {{"E1", "train", WE2, -1}, {"E2", "train", WE2, -1}, {"W1", "train", EW2, -1}, {"W2", "train", EW2, -1}},
     4,
     false,
     3960},
    {"C4 mixed middle",
     "W S1/2 S2/2 S3/2 E",
     {{"E1", "train", WE3, -1},
      {"E2", "train", WE3, -1},
      {"E3", "train", WE3, -1},
      {"W1", "train", EW3, -1},
      {"W2", "train", EW3, -1},
      {"W3", "train", EW3, -1}},
     6,
     false,
     8280},
    {"C5 nobody fits",
     "W S1/2000+1000 S2/2000+1000 S3/2000+1000 E",
     {{"E1", "long", WE3, -1}, {"W1", "long", EW3, -1}},
     2,
     false,
     2460},
    {"C6 right track",
     "W S1/2000+1000 S2/2000+1000 E",
     {{"E1", "long", WE2, -1}, {"W1", "short", EW2, -1}},
     2,
     false,
     660},
    {"C6c",
     "W S1/2000+1000 S2/2000+1000 E",
     {{"E1", "long", WE2, -1}, {"E2", "short", WE2, -1}, {"W1", "long", EW2, -1}, {"W2", "short", EW2, -1}},
     4,
     false,
     3960},
    {"C7 full yard",
     "W S1/2 Y/2",
     {{"E1", "train", "W S1 Y", -1},
      {"E2", "train", "W S1 Y", -1},
      {"E3", "train", "W S1 Y", -1},
      {"W1", "train", "Y S1 W", 0},
      {"W2", "train", "Y S1 W", 1}},
     5,
     false,
     0},
    {"C8 a siding with both directions in it",
     "W S1/2 S2/2 E",
     {{"A", "train", WE2, -1}, {"B", "train", EW2, -1}, {"C", "train", "S1 S2 E", 0}, {"D", "train", "S1 W", 1}},
     4,
     false,
     0},
    {"C9 banker's false alarm",
     "W S1/2 S2/2 S3/2 E",
     {{"E1", "train", "S1 S2 S3 E", 0},
      {"E2", "train", "S1 S2 S3 E", 1},
      {"W1", "train", "S3 S2 S1 W", 0},
      {"W2", "train", "S3 S2 S1 W", 1}},
     4,
     false,
     0},
    {"C11 uneven stations",
     "W S1/2 S2/3 E",
     {{"E1", "train", WE2, -1},
      {"E2", "train", WE2, -1},
      {"E3", "train", WE2, -1},
      {"W1", "train", EW2, -1},
      {"W2", "train", EW2, -1},
      {"W3", "train", EW2, -1}},
     6,
     false,
     0},
    {"C12 dead start",
     "W S1/2 S2/2 E",
     {{"E1", "train", "S1 S2 E", 0},
      {"E2", "train", "S1 S2 E", 1},
      {"W1", "train", "S2 S1 W", 0},
      {"W2", "train", "S2 S1 W", 1}},
     0,
     true,
     0},
    {"followers must leave a track",
     "W S1/2 S2/2 E",
     {{"E1", "train", WE2, -1},
      {"E2", "train", WE2, -1},
      {"E3", "train", WE2, -1},
      {"E4", "train", WE2, -1},
      {"W1", "train", EW2, -1}},
     5,
     false,
     0},
    {"one that ends on the single line",
     "W S1/2 m/1 S2/2 E",
     {{"E1", "train", "W S1 m", -1}, {"E2", "train", "W S1 m S2 E", -1}, {"W1", "train", "E S2 m S1 W", -1}},
     3,
     false,
     0},
    {"longer than a siding, running through",
     "W S1/600+600 S2/2000+600 E",
     {{"E1", "long", WE2, -1}, {"W1", "train", EW2, -1}, {"W2", "train", EW2, -1}},
     3,
     false,
     0},
};

static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};

static struct scenario *build_case(const struct deadlock_case *of) {
    struct scenario *scenario = build_line(of->line);
    for (int i = 0; i < 8 && of->trains[i].train; i++) {
        const struct start *start = &of->trains[i];
        build_train(scenario, start->train, start->type, start->way, 0, start->track >= 0 ? 0 : -1, start->track);
    }
    return scenario;
}

static void run_case(const struct deadlock_case *of, struct scenario *scenario) {
    for (size_t p = 0; p < 3; p++)
        for (int fleet = 1; fleet <= 2; fleet++)
            for (int reversed = 0; reversed < 2; reversed++) {
                scenario->settings.dispatch = POLICIES[p];
                scenario->settings.fleet_size = fleet;
                struct outcome outcome = build_run(scenario, 1);
                ck_assert_msg(outcome.deadlocked == of->dead,
                              "%s: policy %zu, %s order: deadlocked %d after %.0f s, arrived %d", of->name, p,
                              reversed ? "reversed" : "given", outcome.deadlocked, (double)outcome.end_ms / 1000,
                              (int)outcome.arrived);
                ck_assert_msg(outcome.arrived == of->arrive, "%s: %d arrived", of->name, (int)outcome.arrived);
                ck_assert_msg(outcome.violations == 0, "%s: %s", of->name, outcome.first_violation);
                ck_assert_msg(outcome.total_delay_s >= of->least_delay_s - 1e-9,
                              "%s: %.0f s of delay, less than there can be", of->name, outcome.total_delay_s);
                ck_assert_int_eq(outcome.waiting_count, of->dead ? 4 : 0);
                if (of->dead) ck_assert_int_eq(outcome.end_ms, 0);
                build_reverse_schedule(scenario);
            }
}

START_TEST(every_train_arrives) {
    struct scenario *scenario = build_case(&CASES[_i]);
    run_case(&CASES[_i], scenario);
    build_free(scenario);
}
END_TEST

/* C10: three arms of two tracks meet in a junction of one; trains want to rotate. */
static struct scenario *build_y(int each) {
    struct scenario *scenario = build_scenario();
    static const char *const STATIONS[] = {"A", "B", "C"};
    for (int i = 0; i < 3; i++) build_station(scenario, STATIONS[i], 0, 0);
    static const char *const ARMS[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) build_station(scenario, ARMS[i], 2, 0);
    build_station(scenario, "J", 1, 0);
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof id, "%s%s", STATIONS[i], ARMS[i]);
        build_section(scenario, id, STATIONS[i], ARMS[i], 10000)->release_ms = 60000;
        snprintf(id, sizeof id, "%sJ", ARMS[i]);
        build_section(scenario, id, ARMS[i], "J", 10000)->release_ms = 60000;
    }
    build_running_time(scenario, 600, 0, 0);
    build_type(scenario, "train", 500);
    static const char *const WAYS[] = {"A a J b B", "B b J c C", "C c J a A"};
    for (int i = 0; i < 3 * each; i++) {
        char id[16];
        snprintf(id, sizeof id, "T%d", i + 1);
        build_train(scenario, id, "train", WAYS[i % 3], 0, -1, -1);
    }
    return scenario;
}

START_TEST(trains_rotate_at_a_junction) {
    struct deadlock_case of = {.name = _i == 1 ? "C10" : "C10c", .arrive = 3 * _i};
    struct scenario *scenario = build_y(_i);
    run_case(&of, scenario);
    build_free(scenario);
}
END_TEST

Suite *suite(void);
Suite *suite(void) {
    Suite *made = suite_create("deadlock cases");
    TCase *cases = tcase_create("cases");
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, every_train_arrives, 0, (int)(sizeof CASES / sizeof *CASES));
    tcase_add_loop_test(cases, trains_rotate_at_a_junction, 1, 3);
    suite_add_tcase(made, cases);
    return made;
}

int main(void) {
    SRunner *runner = srunner_create(suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
