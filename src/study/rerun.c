#include "study/rerun.h"

#include <stdio.h>
#include <string.h>

#include "results/results_hash.h"
#include "results/run_list.h"
#include "study/planning.h"
#include "study/warmup.h"

const char *rerun_outcome_name(enum rerun_outcome outcome) {
    static const char *const names[] = {"same", "different", "impossible", "interrupted"};
    return names[outcome];
}

/* -------------------------------------------------------------------------------------------------- simulating it */

static void set_obstacle(struct rerun *rerun, enum kept_run_obstacle obstacle) {
    rerun->outcome = RERUN_IMPOSSIBLE;
    rerun->obstacle = obstacle;
}

/* The first error of those found. */
static void set_wrong(struct rerun *rerun, const struct diagnostics *diagnostics) {
    set_obstacle(rerun, KEPT_RUN_INPUTS_WRONG);
    for (int32_t index = 0; index < diagnostics->kept; index++) {
        const struct diagnostic *entry = &diagnostics->entries[index];
        if (entry->warning) continue;
        snprintf(rerun->details, sizeof rerun->details, "%s:%d:%d: %s", entry->file != NULL ? entry->file : "",
                 (int)entry->line, (int)entry->column, entry->message);
        return;
    }
}

/* Simulates the replication into the scratch database. */
static bool simulate(const struct rerun_request *request, const struct scenario *scenario,
                     const struct simulation_plan *plan, struct database *scratch, struct rerun *rerun, int64_t *run_id,
                     struct failure *failure) {
    struct store *store = store_create(scratch, failure);
    if (store == NULL) return false;
    const struct replications_request work = {.scenario = scenario,
                                              .plan = plan,
                                              .simulate = simulation_run,
                                              .command = "rerun",
                                              .arguments = "",
                                              .left_out = (int32_t)(rerun->replication - 1),
                                              .replications = 1,
                                              .jobs = 1,
                                              .stop = request->stop,
                                              .progress = request->progress,
                                              .context = request->context};
    struct replications replications;
    bool well = replications_run(store, &work, &replications, failure);
    store_destroy(store);
    if (!well) return false;
    const struct replication_result *result = &replications.results[0];
    *run_id = result->run_id;
    snprintf(rerun->status, sizeof rerun->status, "%s", run_status_name(result->status));
    snprintf(rerun->sha256, sizeof rerun->sha256, "%s", result->results_sha256);
    if (result->status == RUN_FAILED) well = failure_set(failure, "out of memory");
    if (result->status == RUN_INTERRUPTED) rerun->outcome = RERUN_INTERRUPTED;
    replications_free(&replications);
    return well;
}

/* Where input is wrong, or the run is interrupted, the outcome says so. */
static bool repeat(const struct rerun_request *request, const struct kept_run *run, struct database *scratch,
                   struct rerun *rerun, int64_t *run_id, struct failure *failure) {
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = kept_run_scenario(run, &diagnostics);
    struct simulation_plan *plan = scenario != NULL ? planning_create(scenario, &diagnostics) : NULL;
    bool well = true;
    if (plan == NULL && diagnostics.no_memory)
        well = failure_set(failure, "out of memory");
    else if (plan == NULL)
        set_wrong(rerun, &diagnostics);
    else if (!kept_run_agrees(run, scenario))
        set_obstacle(rerun, KEPT_RUN_SETTINGS_CHANGED);
    else
        well = warmup_settle(scenario, plan, request->stop, failure) &&
               simulate(request, scenario, plan, scratch, rerun, run_id, failure);
    diagnostics_free(&diagnostics);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    return well;
}

/* ---------------------------------------------------------------------------------------------------- comparing it */

static bool compare(struct database *database, struct database *scratch, int64_t run_id, struct rerun *rerun,
                    struct failure *failure) {
    const struct run_place kept = {database, rerun->run_id}, now = {scratch, run_id};
    if (!database_execute(database, "BEGIN", failure)) return false;
    bool well = results_hash_of_run(database, rerun->run_id, rerun->rows_sha256, failure);
    if (well && strcmp(rerun->rows_sha256, rerun->sha256) != 0)
        well = run_difference_find(&kept, &now, &rerun->difference, failure);
    bool there = true;
    if (well) well = run_list_has(database, rerun->run_id, &there, failure);
    if (!database_execute(database, "COMMIT", well ? failure : &(struct failure){0})) return false;
    if (well && !there) return failure_set(failure, "the run has been deleted meanwhile");
    const bool same = rerun->difference.count == 0 && strcmp(rerun->kept_sha256, rerun->sha256) == 0 &&
                      strcmp(rerun->kept_status, rerun->status) == 0;
    rerun->outcome = same ? RERUN_SAME : RERUN_DIFFERENT;
    return well;
}

/* Everything is begun as if it went well: an outcome set on the way stands. */
static bool repeat_and_compare(const struct rerun_request *request, struct database *database,
                               const struct kept_run *run, struct rerun *rerun, struct failure *failure) {
    struct database *scratch = database_in_memory(failure);
    if (scratch == NULL) return false;
    int64_t run_id = 0;
    bool well = repeat(request, run, scratch, rerun, &run_id, failure);
    if (well && rerun->outcome == RERUN_SAME) well = compare(database, scratch, run_id, rerun, failure);
    database_close(scratch);
    return well;
}

static void note_kept(const struct kept_run *run, struct rerun *rerun) {
    rerun->replication = run->replication;
    rerun->order_kept = run->order_kept;
    snprintf(rerun->scenario, sizeof rerun->scenario, "%s", run->scenario);
    snprintf(rerun->made_by, sizeof rerun->made_by, "%s", run->bering_version);
    snprintf(rerun->kept_status, sizeof rerun->kept_status, "%s", run->status);
    snprintf(rerun->kept_sha256, sizeof rerun->kept_sha256, "%s", run->results_sha256);
}

static bool rerun_in(const struct rerun_request *request, struct database *database, struct rerun *rerun,
                     struct failure *failure) {
    struct kept_run run;
    if (!kept_run_read(database, request->run_id, &run, failure)) return false;
    bool well = true;
    if (run.obstacle != KEPT_RUN_UNKNOWN) note_kept(&run, rerun);
    if (run.obstacle != KEPT_RUN_FREE)
        set_obstacle(rerun, run.obstacle);
    else
        well = repeat_and_compare(request, database, &run, rerun, failure);
    kept_run_free(&run);
    return well;
}

bool rerun_run(const struct rerun_request *request, struct rerun *rerun, struct failure *failure) {
    *rerun = (struct rerun){.outcome = RERUN_SAME, .run_id = request->run_id};
    struct database *database = database_open(request->database, DATABASE_READ, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    const bool well = rerun_in(request, database, rerun, failure);
    database_close(database);
    return well;
}

const char *rerun_cause(const struct rerun *rerun) {
    if (rerun->outcome != RERUN_DIFFERENT) return NULL;
    const bool rows_intact = strcmp(rerun->rows_sha256, rerun->kept_sha256) == 0;
    const bool hash_again = strcmp(rerun->sha256, rerun->kept_sha256) == 0;
    if (hash_again && !rows_intact) return "Rows of the run were changed after it was stored: its hash is not theirs.";
    if (rerun->difference.count == 0 && !rows_intact)
        return "The hash stored with the run was changed: it is not that of the run's rows.";
    if (rerun->difference.count == 0) return "The status stored with the run was changed.";
    if (!rows_intact) return "The run's rows or the hash stored with them were changed after it was stored.";
    if (strcmp(rerun->made_by, BERING_VERSION) != 0) return "Another version of Bering made it.";
    if (!rerun->order_kept) return "In what order its settings were applied was not kept by the version that made it.";
    return "The settings kept with it are not those it was made with, or this is another build of Bering.";
}
