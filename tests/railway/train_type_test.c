#include "../engine/suite.h"

#include "railway/network.h"
#include "railway/timetable.h"
#include "railway/train_type.h"

#include <string.h>

enum { ANY = -1, FREIGHT = 0, FAST = 1 };

static const struct running_time rows[] = {
    {.section = 0, .train_type = ANY, .directions = DIRECTION_BOTH_BITS, .run_ms = 1},
    {.section = 0, .train_type = ANY, .directions = DIRECTION_FORWARD_BIT, .run_ms = 2},
    {.section = 0, .train_type = FAST, .directions = DIRECTION_BOTH_BITS, .run_ms = 3},
    {.section = 1, .train_type = FREIGHT, .directions = DIRECTION_BACKWARD_BIT, .run_ms = 4},
    {.section = 1, .train_type = FREIGHT, .directions = DIRECTION_BOTH_BITS, .run_ms = 5},
    {.section = 2, .train_type = FREIGHT, .directions = DIRECTION_FORWARD_BIT, .run_ms = 6},
};

/* A named type beats `*` even where `*` names the direction. 0: none. */
static const struct {
    int32_t section, train_type;
    unsigned direction;
    int64_t run_ms;
} wanted[] = {
    {0, FREIGHT, DIRECTION_FORWARD_BIT, 2},  {0, FREIGHT, DIRECTION_BACKWARD_BIT, 1},
    {0, FAST, DIRECTION_FORWARD_BIT, 3},     {0, FAST, DIRECTION_BACKWARD_BIT, 3},
    {1, FREIGHT, DIRECTION_FORWARD_BIT, 5},  {1, FREIGHT, DIRECTION_BACKWARD_BIT, 4},
    {1, FAST, DIRECTION_FORWARD_BIT, 0},     {2, FREIGHT, DIRECTION_FORWARD_BIT, 6},
    {2, FREIGHT, DIRECTION_BACKWARD_BIT, 0}, {3, FREIGHT, DIRECTION_FORWARD_BIT, 0},
};

static int64_t found(const struct running_time *table, int32_t count, size_t i) {
    const struct running_time *row =
        running_time_find(table, count, wanted[i].section, wanted[i].train_type, wanted[i].direction);
    return row ? row->run_ms : 0;
}

START_TEST(the_more_specific_row_wins) {
    enum { COUNT = sizeof rows / sizeof *rows };
    struct running_time reversed[COUNT];
    for (size_t i = 0; i < COUNT; i++) reversed[i] = rows[COUNT - 1 - i];
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        ck_assert_int_eq(found(rows, COUNT, i), wanted[i].run_ms);
        ck_assert_int_eq(found(reversed, COUNT, i), wanted[i].run_ms);
        ck_assert_int_eq(found(NULL, 0, i), 0);
    }
}
END_TEST

static char *copy(const char *text) {
    char *result = malloc(strlen(text) + 1);
    ck_assert_ptr_nonnull(result);
    return strcpy(result, text);
}

START_TEST(freeing_leaves_nothing) {
    char message[200];
    struct train_type type = {.id = copy("F"), .name = copy("Freight")};
    ck_assert(law_parse("empirical(1;2;3)", &type.running_factor, message, sizeof message));
    train_type_free(&type);
    ck_assert_ptr_null(type.id);
    ck_assert_ptr_null(type.running_factor.values);
    train_type_free(&type);
    train_type_free(NULL);

    struct timetable timetable = {.plans = calloc(1, sizeof(struct train_plan)), .plan_count = 1};
    struct train_plan *plan = &timetable.plans[0];
    *plan = (struct train_plan){.id = copy("T1"), .call_count = 2, .route_length = 1};
    plan->calls = calloc(2, sizeof *plan->calls);
    plan->route = calloc(1, sizeof *plan->route);
    ck_assert(law_parse("empirical(1;2)", &plan->calls[1].dwell, message, sizeof message));
    ck_assert(law_parse("empirical(4)", &plan->entry_delay, message, sizeof message));
    timetable_free(&timetable);
    ck_assert_ptr_null(timetable.plans);
    ck_assert_int_eq(timetable.plan_count, 0);
    timetable_free(&timetable);
    timetable_free(NULL);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_more_specific_row_wins, freeing_leaves_nothing};
    return run_suite("train_type", tests, sizeof tests / sizeof *tests);
}
