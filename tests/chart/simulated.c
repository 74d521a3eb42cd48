#include "simulated.h"

#include <check.h>
#include <stdio.h>

#include "study/experiment.h"
#include "study/planning.h"
#include "study/warmup.h"

struct database *simulate_folder(struct folder *folder, const char *file) {
    struct failure failure = {""};
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = folder_read(folder, NULL, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    struct simulation_plan *plan = planning_create(scenario, &diagnostics);
    ck_assert_ptr_nonnull(plan);
    ck_assert(warmup_settle(scenario, plan, NULL, &failure));
    const struct experiment_request request = {
        .scenario = scenario, .plan = plan, .database = file, .command = "run", .arguments = "", .jobs = 1};
    struct replications replications;
    ck_assert_msg(experiment_run(&request, &replications, &failure), "%s", failure.text);
    replications_free(&replications);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    folder_free(folder);
    struct database *database = database_open(file, DATABASE_READ, 1000, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    return database;
}
