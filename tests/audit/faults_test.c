/* Wherever the database or the memory refuses: an audit says that it could not be made, or says all that it would have.
 * It never passes a run that it has not looked at. */
#include <bering/bering.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "../results/scratch.h"
#include "../support/injected.h"
#include "audit/audit.h"

enum { MOST_OVERRIDES = 4 };

static const struct kind {
    const char *scenario;
    const char *overrides[MOST_OVERRIDES];
    const char *change; /* planted faults, so that there are violations to be told; NULL: none */
} kinds[] = {
    {"tests/audit/line", {"horizon_days=0.3", "replications=2", "detail=full"}, NULL},
    {"tests/audit/line",
     {"horizon_days=0.3", "detail=full"},
     "UPDATE calls SET arrival_ms = arrival_ms + 1; UPDATE trains SET train = 'nobody' WHERE train_id = 1; UPDATE "
     "metrics SET value = value + 1; UPDATE containers SET arrived_ms = -1; UPDATE occupations SET block = block + 1"},
    {"tests/data/siding_line", {"horizon_days=0.3", "detail=containers", "stations[S1].crossing_interval_s=60"}, NULL},
    {"tests/cli/scenarios/line", {"horizon_days=0.3", "detail=blocks"}, NULL},
    {"tests/cli/scenarios/dead", {"detail=blocks"}, NULL},
};

static struct failure failure;
static struct database *database;

static void make(const struct kind *kind) {
    char folder[SCRATCH_PATH], file[SCRATCH_PATH];
    const char *root = getenv("BERING_PROJECT");
    struct bering_scenario_options options = {.overrides = kind->overrides};
    while (options.override_count < MOST_OVERRIDES && kind->overrides[options.override_count] != NULL)
        options.override_count++;
    snprintf(folder, sizeof folder, "%s/%s", root != NULL ? root : ".", kind->scenario);
    struct bering_problems *problems = NULL;
    struct bering_scenario *scenario = bering_scenario_open(folder, &options, &problems);
    ck_assert_msg(scenario != NULL, "%s: %s", kind->scenario, bering_problems_at(problems, 0).message);
    bering_problems_free(problems);
    const struct bering_database_request request = {.database = scratch_file("audit.db", file), .jobs = 1};
    struct bering_error error = {""};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
    ck_assert_msg(experiment != NULL, "%s: %s", kind->scenario, error.text);
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    database = database_open(file, DATABASE_CHANGE, 0, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    if (kind->change != NULL) ck_assert_msg(database_execute(database, kind->change, &failure), "%s", failure.text);
}

/* The check of which two reports say different things; NULL: there is none. */
static const char *differing(const struct audit_report *one, const struct audit_report *other) {
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++)
        if (one->tallies[check].tested != other->tallies[check].tested ||
            one->tallies[check].violations != other->tallies[check].violations ||
            (one->tallies[check].skipped_because == NULL) != (other->tallies[check].skipped_because == NULL))
            return audit_check_name((enum audit_check)check);
    for (int32_t i = 0; i < one->kept_count; i++)
        if (i >= other->kept_count || strcmp(one->kept[i].text, other->kept[i].text) != 0)
            return audit_check_name(one->kept[i].check);
    return NULL;
}

START_TEST(an_audit_is_whole_or_says_that_it_is_not) {
    int32_t faults = 0, passed = 0;
    struct audit_report whole = {0};
    make(&kinds[_i]);
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        struct audit_report report;
        failure = (struct failure){.text = ""};
        injected_begin(fault);
        const bool well = audit_run(database, 1, &report, &failure);
        const bool happened = injected_end();
        if (fault == INJECTED_NONE) {
            faults = injected_faults();
            ck_assert_msg(well, "%s", failure.text);
            ck_assert_int_eq(report.violation_count > 0, kinds[_i].change != NULL);
            whole = report;
            continue;
        }
        ck_assert_msg(happened, "fault %d did not happen", fault);
        ck_assert_ptr_null(sqlite3_next_stmt(database_handle(database), NULL));
        passed += well;
        if (!well)
            ck_assert_msg(strstr(failure.text, "refused") != NULL || strstr(failure.text, "memory") != NULL,
                          "fault %d: says '%s'", fault, failure.text);
        else {
            const char *check = differing(&whole, &report);
            ck_assert_msg(check == NULL, "fault %d: passed for an audit, but for %s", fault, check);
            audit_report_free(&report);
        }
    }
    ck_assert_int_gt(faults, 200);
    ck_assert_int_lt(passed, faults / 10);
    audit_report_free(&whole);
    database_close(database);
}
END_TEST

int main(void) {
    return run_suite_for_each("audit_faults", an_audit_is_whole_or_says_that_it_is_not,
                              (int)(sizeof kinds / sizeof *kinds), scratch_make, scratch_remove);
}
