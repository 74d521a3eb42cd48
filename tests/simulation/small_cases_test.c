/* Seven small cases known from a peer (two arms on either side of a single track x – y1 – y2 – z): whatever the middle
 * can hold, every train must arrive. A middle "with capacity 2" is a station with two tracks of that length. */
#include <check.h>
#include <stdlib.h>

#include "support/railway_builder.h"

struct small_case {
    const char *name;
    int junction_tracks; /* at x and z */
    double middle_m;     /* the station in the middle has two tracks of this length; 0: block posts y1, y2 */
    double speed_ms;
    bool moving;
    const char *ways[4]; /* from A and C to F and H, and back */
};

#define EAST(a, f) a " x m z " f
#define WEST(h, c) h " z m x " c

static const struct small_case CASES[] = {
    {"nobody can meet", 1, 0, 10, false, {"A x y1 y2 z F", "H z y2 y1 x C"}},
    {"one way at a time", 1, 0, 10, false, {"A x y1 y2 z F", "H z y2 y1 x D"}},
    {"meeting place shorter than a train", 1, 100, 10, false, {EAST("A", "F"), WEST("H", "C")}},
    {"meeting place", 1, 500, 10, false, {EAST("A", "F"), WEST("H", "C")}},
    {"places too small", 2, 100, 5, false, {EAST("A", "F"), EAST("C", "H"), WEST("F", "A"), WEST("H", "C")}},
    {"two tracks everywhere", 2, 500, 10, false, {EAST("A", "F"), EAST("C", "H"), WEST("F", "A"), WEST("H", "C")}},
    {"moving block in the middle",
     1,
     0,
     10,
     true,
     {"A x y1 y2 z F", "C x y1 y2 z H", "F z y2 y1 x A", "H z y2 y1 x C"}},
};

static void add_section(struct scenario *scenario, const char *id, const char *from, const char *to, double length_m,
                        const struct small_case *of) {
    struct section *section = build_section(scenario, id, from, to, length_m);
    if (of->moving) section->signalling = SIGNALLING_MOVING;
    build_running_time_on(scenario, id, length_m / of->speed_ms, 0, 0);
}

static struct scenario *build_case(const struct small_case *of) {
    struct scenario *scenario = build_scenario();
    static const char *const ENDS[] = {"A", "C", "D", "F", "H"};
    for (int i = 0; i < 5; i++) build_station(scenario, ENDS[i], 0, 0);
    build_station(scenario, "x", of->junction_tracks, 500);
    build_station(scenario, "z", of->junction_tracks, 500);
    for (int i = 0; i < 5; i++) add_section(scenario, ENDS[i], ENDS[i], i < 3 ? "x" : "z", 1000, of);
    if (of->middle_m > 0) {
        build_station(scenario, "m", 2, of->middle_m);
        add_section(scenario, "x-m", "x", "m", 550, of);
        add_section(scenario, "m-z", "m", "z", 550, of);
    } else {
        build_station(scenario, "y1", 1, 10);
        build_station(scenario, "y2", 1, 10);
        add_section(scenario, "x-y1", "x", "y1", 500, of);
        add_section(scenario, "y1-y2", "y1", "y2", 100, of);
        add_section(scenario, "y2-z", "y2", "z", 500, of);
    }
    build_type(scenario, "train", 200);
    for (int i = 0; i < 4 && of->ways[i]; i++) {
        char id[4] = {'T', (char)('1' + i), 0};
        build_train(scenario, id, "train", of->ways[i], 0, -1, -1);
    }
    return scenario;
}

START_TEST(all_arrive) {
    static const enum dispatch_kind POLICIES[] = {DISPATCH_FCFS, DISPATCH_PRIORITY, DISPATCH_FLEET};
    const struct small_case *of = &CASES[_i];
    struct scenario *scenario = build_case(of);
    for (int p = 0; p < 3; p++)
        for (int reversed = 0; reversed < 2; reversed++) {
            scenario->settings.dispatch = POLICIES[p];
            struct outcome outcome = build_run(scenario, 1);
            ck_assert_msg(!outcome.deadlocked && outcome.others == 0, "%s: policy %d: %d trains did not arrive",
                          of->name, p, (int)outcome.others);
            ck_assert_msg(outcome.violations == 0, "%s: %s", of->name, outcome.first_violation);
            build_reverse_schedule(scenario);
        }
    build_free(scenario);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("small cases");
    TCase *cases = tcase_create("small cases");
    tcase_add_loop_test(cases, all_arrive, 0, (int)(sizeof CASES / sizeof *CASES));
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
