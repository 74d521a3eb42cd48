#include "results/words.h"

#include <string.h>

#include "../engine/suite.h"

/* A scenario without a name is called as its folder. */
START_TEST(a_scenario_has_a_title) {
    static const struct {
        const char *name, *folder, *title;
    } cases[] = {{"Line 1", "data/line", "Line 1"},
                 {"", "data/line", "line"},
                 {NULL, "data/line", "line"},
                 {NULL, "data/line//", "line"},
                 {NULL, "line", "line"},
                 {NULL, "/", "/"},
                 {NULL, "data/a b/", "a b"},
                 {NULL, "", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char title[64], folder[64], name[64] = "";
        if (cases[i].name != NULL) strcpy(name, cases[i].name);
        strcpy(folder, cases[i].folder);
        struct scenario scenario = {.folder = folder};
        scenario.settings.name = cases[i].name != NULL ? name : NULL;
        scenario_title(&scenario, title, sizeof title);
        ck_assert_str_eq(title, cases[i].title);
    }
}
END_TEST

START_TEST(a_long_title_is_cut) {
    char folder[] = "data/Gibraltar", title[10];
    const struct scenario scenario = {.folder = folder};
    scenario_title(&scenario, title, sizeof title);
    ck_assert_str_eq(title, "Gibraltar");
    scenario_title(&scenario, title, 4);
    ck_assert_str_eq(title, "Gib");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_scenario_has_a_title, a_long_title_is_cut};
    return run_suite("words", tests, sizeof tests / sizeof *tests);
}
