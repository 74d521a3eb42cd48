/* A program that uses the library goes on when memory is short: one allocation after the other fails, and each function
 * says so, gives back all it took, and works the next time. */
#include <bering/bering.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../engine/suite.h"
#include "../faults/faulty_memory.h"

static const char *folder_of(char path[600]) {
    const char *data = getenv("BERING_TEST_DATA");
    snprintf(path, 600, "%s/bench/line113", data != NULL ? data : "tests/data");
    return path;
}

static struct bering_scenario *open_hours(struct bering_problems **problems) {
    const char *const overrides[] = {"warmup_days=0", "horizon_days=0.2"};
    const struct bering_scenario_options options = {.overrides = overrides, .override_count = 2};
    char path[600];
    return bering_scenario_open(folder_of(path), &options, problems);
}

struct told {
    int64_t trains, ends;
    enum bering_run_status status;
};

static void on_train(void *context, const struct bering_train *train) {
    struct told *told = context;
    told->trains += train->train_id > 0;
}

static void on_end(void *context, const struct bering_run_end *end) {
    struct told *told = context;
    told->ends++;
    told->status = end->status;
}

static enum bering_run_status run(struct bering_scenario *scenario, struct told *told, struct bering_error *error) {
    const struct bering_listener listener = {told, on_train, on_end};
    *told = (struct told){0};
    return bering_run(scenario, 1, &listener, NULL, error);
}

START_TEST(a_run_says_that_memory_is_short) {
    struct bering_scenario *scenario = open_hours(NULL);
    ck_assert_ptr_nonnull(scenario);
    struct told well, told;
    struct bering_error error = {""};
    faulty_memory_at(0, false);
    ck_assert_int_eq(run(scenario, &well, &error), BERING_RUN_COMPLETE);
    const int64_t asked = faulty_memory_asked();
    ck_assert_int_gt(asked, 50);
    int64_t failed = 0;
    for (int64_t at = 1; at <= asked; at++) {
        const int64_t live = faulty_memory_live();
        error.text[0] = '\0';
        faulty_memory_at(at, at % 2 == 0);
        const enum bering_run_status status = run(scenario, &told, &error);
        faulty_memory_at(0, false);
        ck_assert_msg(faulty_memory_live() == live, "allocation %d: %d blocks are not freed", (int)at,
                      (int)(faulty_memory_live() - live));
        if (status == BERING_RUN_COMPLETE) {
            ck_assert_int_eq(told.trains, well.trains);
            continue;
        }
        ck_assert_int_eq(status, BERING_RUN_FAILED);
        ck_assert_msg(strstr(error.text, "memory") != NULL, "allocation %d: %s", (int)at, error.text);
        failed++;
    }
    ck_assert_int_gt(failed, asked / 2);
    ck_assert_int_eq(run(scenario, &told, &error), BERING_RUN_COMPLETE);
    ck_assert_int_eq(told.trains, well.trains);
    bering_scenario_close(scenario);
}
END_TEST

/* Whether a problem says so. */
static bool is_told(const struct bering_problems *problems) {
    for (int32_t index = 0; index < bering_problems_count(problems); index++)
        if (strstr(bering_problems_at(problems, index).message, "memory") != NULL) return true;
    return false;
}

START_TEST(opening_says_that_memory_is_short) {
    struct bering_problems *problems = NULL;
    faulty_memory_at(0, false);
    bering_scenario_close(open_hours(&problems));
    bering_problems_free(problems);
    const int64_t asked = faulty_memory_asked(), step = asked > 400 ? asked / 400 : 1;
    int64_t failed = 0;
    for (int64_t at = 1; at <= asked; at += step) {
        const int64_t live = faulty_memory_live();
        faulty_memory_at(at, false);
        struct bering_scenario *scenario = open_hours(&problems);
        faulty_memory_at(0, false);
        if (scenario == NULL) ck_assert_msg(problems == NULL || is_told(problems), "allocation %d", (int)at);
        failed += scenario == NULL;
        bering_scenario_close(scenario);
        bering_problems_free(problems);
        ck_assert_msg(faulty_memory_live() == live, "allocation %d: %d blocks are not freed", (int)at,
                      (int)(faulty_memory_live() - live));
    }
    ck_assert_int_gt(failed, asked / step / 2);
}
END_TEST

START_TEST(storing_says_that_memory_is_short) {
    const char *root = getenv("TMPDIR");
    char folder[400], path[420];
    snprintf(folder, sizeof folder, "%s/bering-memory-XXXXXX", root != NULL ? root : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/short.db", folder);
    struct bering_scenario *scenario = open_hours(NULL);
    const struct bering_database_request request = {.database = path, .jobs = 1};
    int64_t failed = 0;
    for (int64_t at = 1; at <= 120; at++) {
        struct bering_error error = {""};
        faulty_memory_at(at, false);
        struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
        faulty_memory_at(0, false);
        failed += experiment == NULL;
        ck_assert_msg(experiment != NULL || strstr(error.text, "memory") != NULL, "allocation %d: %s", (int)at,
                      error.text);
        bering_experiment_free(experiment);
    }
    ck_assert_int_gt(failed, 60);
    struct bering_experiment *experiment = bering_run_into(scenario, &request, NULL);
    ck_assert_ptr_nonnull(experiment);
    ck_assert_int_eq(bering_experiment_run_at(experiment, 0).status, BERING_RUN_COMPLETE);
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else is left there */
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_run_says_that_memory_is_short, opening_says_that_memory_is_short,
                                  storing_says_that_memory_is_short};
    return run_suite("library_memory", tests, sizeof tests / sizeof *tests);
}
