/* Memory is refused once, at every single time that it is asked for: while a railway is read, while its plan is made,
 * and while it is simulated, copied and simulated on. Whoever asked says so, and nothing is lost (which the address
 * sanitizer sees) or used that is not there; with memory enough the run is the one it always is.
 *
 * The linker puts what stands below in the place of malloc and its like, in Bering alone. */
#include <check.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/simulation.h"
#include "support/random_railway.h"

enum { HOURS = 3600000 };

/* ---- what stands in ---- */

extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t count, size_t size);
extern void *__real_realloc(void *block, size_t size);
extern char *__real_strdup(const char *text);
extern char *__real_strndup(const char *text, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);

static bool watched;
static int64_t asked, refused_at; /* 0: never */

static bool refuses(void) {
    return watched && ++asked == refused_at;
}

void *__wrap_malloc(size_t size) {
    return refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size) {
    return refuses() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text) {
    return refuses() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size) {
    return refuses() ? NULL : __real_strndup(text, size);
}

static void refuse(int64_t at) {
    asked = 0;
    refused_at = at;
}

/* ---- what is run ---- */

/* What an observer hears, in one number. */
struct heard {
    uint64_t sum;
    int64_t trains, ends;
};

static void add(struct heard *heard, int64_t value) {
    heard->sum = (heard->sum ^ (uint64_t)value) * 1099511628211u;
}

static void hear_train(void *context, const struct train_record *train) {
    struct heard *heard = context;
    heard->trains++;
    add(heard, train->train_id);
    add(heard, train->departure_ms);
    add(heard, train->arrival_ms);
}

static void hear_end(void *context, const struct run_summary *summary) {
    struct heard *heard = context;
    heard->ends++;
    add(heard, summary->events);
}

struct attempt {
    struct random_railway *railway; /* or */
    const char *folder;
    int64_t copied_at_ms;
    struct heard heard, of_copy;
    enum { NOT_READ, NOT_PLANNED, NOT_MADE, NOT_COPIED, NOT_FINISHED, DONE } came_to;
    int64_t reading; /* how often memory is asked for until it is read */
};

static struct scenario *read_it(const struct attempt *attempt, struct diagnostics *diagnostics) {
    if (attempt->railway != NULL) return random_railway_read(attempt->railway, diagnostics);
    static const char *const overrides[] = {"horizon_days=2", "warmup_days=0"};
    const struct scenario_request request = {.folder = attempt->folder, .overrides = overrides, .override_count = 2};
    return scenario_read(&request, diagnostics);
}

static void finish_both(struct attempt *attempt, struct simulation *simulation, struct simulation *copy) {
    watched = true;
    const enum simulation_result of_copy = simulation_finish(copy), result = simulation_finish(simulation);
    watched = false;
    if (result != SIMULATION_NO_MEMORY && of_copy != SIMULATION_NO_MEMORY) attempt->came_to = DONE;
    ck_assert_int_eq(attempt->heard.ends, result != SIMULATION_NO_MEMORY);
    ck_assert_int_eq(attempt->of_copy.ends, of_copy != SIMULATION_NO_MEMORY);
}

static void simulate(struct attempt *attempt, const struct simulation_plan *plan) {
    const struct simulation_options options = {.replication = 1, .want_blocks = true};
    const struct observer observer = {.context = &attempt->heard, .train = hear_train, .end = hear_end},
                          of_copy = {.context = &attempt->of_copy, .train = hear_train, .end = hear_end};
    attempt->came_to = NOT_MADE;
    watched = true;
    struct simulation *simulation = simulation_create(plan, &options, NULL, &observer);
    if (simulation != NULL) simulation_advance(simulation, attempt->copied_at_ms);
    watched = false;
    if (simulation == NULL) return;
    attempt->came_to = NOT_COPIED;
    attempt->of_copy = attempt->heard;
    watched = true;
    struct simulation *copy = simulation_copy(simulation, &of_copy);
    watched = false;
    attempt->came_to = copy == NULL ? NOT_COPIED : NOT_FINISHED;
    if (copy != NULL) finish_both(attempt, simulation, copy);
    simulation_destroy(copy);
    simulation_destroy(simulation);
}

static void plan_and_simulate(struct attempt *attempt, const struct scenario *scenario) {
    char message[300] = "";
    attempt->came_to = NOT_PLANNED;
    watched = true;
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    watched = false;
    if (plan != NULL)
        simulate(attempt, plan);
    else
        ck_assert_msg(strstr(message, "memory") != NULL, "%s", message);
    simulation_plan_destroy(plan);
}

static bool names_memory(const struct diagnostics *diagnostics) {
    char text[20000] = "";
    FILE *file = fmemopen(text, sizeof text, "w");
    ck_assert_ptr_nonnull(file);
    diagnostics_print(diagnostics, file);
    fclose(file);
    return strstr(text, "memory") != NULL;
}

static void try_with(struct attempt *attempt, int64_t at) {
    struct diagnostics diagnostics = {0};
    attempt->heard = attempt->of_copy = (struct heard){0};
    attempt->came_to = NOT_READ;
    refuse(at);
    watched = true;
    struct scenario *scenario = read_it(attempt, &diagnostics);
    watched = false;
    attempt->reading = asked;
    if (scenario != NULL)
        plan_and_simulate(attempt, scenario);
    else
        ck_assert_msg(names_memory(&diagnostics), "memory, asked for the %" PRId64 "th time", at);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
}

/* ---- the tests ---- */

static void try_each(struct attempt *attempt, const char *name) {
    int64_t ended[DONE + 1] = {0};
    try_with(attempt, 0);
    ck_assert_int_eq(attempt->came_to, DONE);
    ck_assert_int_gt(attempt->heard.trains, 0);
    ck_assert_uint_eq(attempt->heard.sum, attempt->of_copy.sum);
    const struct heard whole = attempt->heard;
    const int64_t most = asked, reading = attempt->reading;
    for (int64_t at = 1; at <= most; at++) {
        try_with(attempt, at);
        ended[attempt->came_to]++;
        /* a warning can do without its words, and a file with a longer name: both belong to the reading */
        ck_assert_msg(attempt->came_to != DONE || (at <= reading && attempt->heard.sum == whole.sum),
                      "%s: without the memory asked for the %" PRId64 "th time it is another run", name, at);
    }
    try_with(attempt, most + 1); /* nothing is left of it */
    ck_assert_uint_eq(attempt->heard.sum, whole.sum);
    printf("%s: refused %" PRId64 " times; not read %" PRId64 ", not planned %" PRId64 ", not made %" PRId64
           ", not copied %" PRId64 ", not finished %" PRId64 ", no matter %" PRId64 "\n",
           name, most, ended[NOT_READ], ended[NOT_PLANNED], ended[NOT_MADE], ended[NOT_COPIED], ended[NOT_FINISHED],
           ended[DONE]);
}

START_TEST(railways_by_lot) {
    char name[40];
    struct attempt attempt = {.railway = random_railway_make((uint64_t)_i), .copied_at_ms = 6 * HOURS};
    snprintf(name, sizeof name, "railway %d", _i);
    try_each(&attempt, name);
    random_railway_free(attempt.railway);
}
END_TEST

START_TEST(a_line_with_freight) {
    struct attempt attempt = {.folder = getenv("BERING_FREIGHT_LINE"), .copied_at_ms = 24 * HOURS};
    ck_assert_ptr_nonnull(attempt.folder);
    try_each(&attempt, "freight");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("short_of_memory");
    TCase *test_case = tcase_create("short_of_memory");
    tcase_set_timeout(test_case, 200);
    tcase_add_loop_test(test_case, railways_by_lot, 0, 12);
    tcase_add_test(test_case, a_line_with_freight);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
