#include "study/replications.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool law_varies(const struct law *law) {
    return !law_is_constant(law);
}

static bool plan_varies(const struct train_plan *plan) {
    if (law_varies(&plan->entry_delay)) return true;
    if (plan->kind == PLAN_SERVICE && plan->arrivals == ARRIVALS_POISSON) return true;
    for (int32_t call = 0; call < plan->call_count; call++)
        if (law_varies(&plan->calls[call].dwell)) return true;
    return false;
}

bool scenario_is_deterministic(const struct scenario *scenario) {
    for (int32_t index = 0; index < scenario->timetable.plan_count; index++) {
        const struct train_plan *plan = &scenario->timetable.plans[index];
        if (plan_varies(plan) || law_varies(&scenario->train_types[plan->train_type].running_factor)) return false;
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------------- writing */

/* What the pool's functions are given. */
struct writing {
    struct store *store;
    const struct replications_request *request;
    struct replications *replications;
};

static enum run_status open_task(void *context, int32_t index, struct pool_task *task) {
    const struct replications_request *request = ((const struct writing *)context)->request;
    *task = (struct pool_task){
        .scenario = request->scenario, .plan = request->plan, .replication = request->left_out + index + 1};
    return RUN_RUNNING;
}

static void tell_progress(void *context, const struct pool_progress *told) {
    const struct replications_request *request = ((const struct writing *)context)->request;
    const struct replications_progress progress = {
        .done = told->done, .total = request->replications, .elapsed_s = told->elapsed_s};
    request->progress(request->context, &progress);
}

static void note_result(struct replications *replications, struct replication_result *result,
                        const struct recorded_run *run) {
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        result->metrics[metric] = run != NULL ? run->metrics[metric] : NAN;
    switch (result->status) {
    case RUN_COMPLETE:
        replications->complete++;
        break;
    case RUN_DEADLOCKED:
        replications->deadlocked++;
        break;
    case RUN_INTERRUPTED:
        replications->interrupted++;
        break;
    default:
        replications->failed++;
    }
}

/* A deadlock explains more than a run that went well: it is shown in its place. */
static bool worth_showing(const struct replications *replications, enum run_status status) {
    if (replications->shown == NULL) return true;
    return status == RUN_DEADLOCKED && replications->deadlocked == 1;
}

static bool write_one(void *context, int32_t index, struct pool_outcome *outcome, struct failure *failure) {
    const struct writing *writing = context;
    struct replications *replications = writing->replications;
    struct replication_result *result = &replications->results[index];
    result->status = outcome->status;
    result->wall_s = outcome->wall_s;
    const struct store_outcome stored = {.scenario = writing->request->scenario,
                                         .status = outcome->status,
                                         .run = outcome->run,
                                         .wall_s = outcome->wall_s};
    if (!store_run_finish(writing->store, result->run_id, &stored, result->results_sha256, failure)) return false;
    note_result(replications, result, outcome->run);
    if (outcome->run == NULL || !worth_showing(replications, result->status)) return true;
    recorder_destroy(replications->shown);
    replications->shown = outcome->recorder;
    replications->shown_replication = result->replication;
    outcome->recorder = NULL;
    return true;
}

/* Those that were never begun. */
static bool write_interrupted(struct writing *writing, struct failure *failure) {
    for (int32_t index = 0; index < writing->replications->count; index++) {
        struct pool_outcome outcome = {.status = RUN_INTERRUPTED};
        if (writing->replications->results[index].status != RUN_RUNNING) continue;
        if (!write_one(writing, index, &outcome, failure)) return false;
    }
    return true;
}

static bool simulate_and_write(struct store *store, const struct replications_request *request,
                               struct replications *replications, struct failure *failure) {
    struct writing writing = {store, request, replications};
    const struct run_pool_request work = {.count = request->replications,
                                          .jobs = request->jobs,
                                          .in_order = true,
                                          .simulate = request->simulate,
                                          .stop = request->stop,
                                          .context = &writing,
                                          .open = open_task,
                                          .take = write_one,
                                          .progress = request->progress != NULL ? tell_progress : NULL};
    const double started_s = run_pool_seconds();
    if (!run_pool_work(&work, failure) || !write_interrupted(&writing, failure)) return false;
    const struct pool_progress end = {
        .done = replications->complete + replications->deadlocked + replications->failed,
        .elapsed_s = run_pool_seconds() - started_s,
    };
    if (request->progress != NULL) tell_progress(&writing, &end);
    return true;
}

/* ----------------------------------------------------------------------------------------------------- estimates */

static struct estimate estimate_of(const struct replications *replications, int metric) {
    struct running_statistics statistics = {0};
    bool known = true;
    for (int32_t index = 0; index < replications->count; index++) {
        const struct replication_result *result = &replications->results[index];
        if (result->status != RUN_COMPLETE) continue;
        known = known && !isnan(result->metrics[metric]);
        running_statistics_add(&statistics, result->metrics[metric]);
    }
    struct estimate estimate = {
        .mean = NAN, .half_width = NAN, .confidence = REPLICATIONS_CONFIDENCE, .count = statistics.count};
    if (statistics.count == 0 || !known) return estimate;
    estimate.mean = statistics.mean;
    if (statistics.count >= 2) estimate = running_statistics_estimate(&statistics, REPLICATIONS_CONFIDENCE);
    return estimate;
}

static bool make_estimates(struct store *store, const struct scenario *scenario, struct replications *replications,
                           struct failure *failure) {
    struct store_estimate rows[METRIC_COUNT];
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        replications->estimates[metric] = estimate_of(replications, metric);
        rows[metric] = (struct store_estimate){metric_name((enum metric)metric), replications->estimates[metric]};
    }
    if (replications->complete == 0) return true;
    return store_estimates(store, replications->experiment_id, scenario->variant, rows, METRIC_COUNT, failure);
}

/* ------------------------------------------------------------------------------------------------------ together */

static bool begin_experiment(struct store *store, const struct replications_request *request,
                             struct replications *replications, struct failure *failure) {
    struct store_experiment experiment;
    if (!store_experiment_begin(store, request->command, request->arguments, request->scenario, request->replications,
                                &experiment, failure))
        return false;
    replications->experiment_id = experiment.experiment_id;
    replications->deterministic = scenario_is_deterministic(request->scenario);
    for (int32_t index = 0; index < request->replications; index++)
        replications->results[index] = (struct replication_result){.run_id = experiment.first_run_id + index,
                                                                   .replication = request->left_out + index + 1,
                                                                   .status = RUN_RUNNING};
    return true;
}

bool replications_run(struct store *store, const struct replications_request *request,
                      struct replications *replications, struct failure *failure) {
    *replications = (struct replications){.count = request->replications};
    replications->results = calloc((size_t)request->replications, sizeof *replications->results);
    const bool well = (replications->results != NULL || failure_set(failure, "out of memory")) &&
                      begin_experiment(store, request, replications, failure) &&
                      simulate_and_write(store, request, replications, failure) &&
                      make_estimates(store, request->scenario, replications, failure);
    if (!well) replications_free(replications);
    return well;
}

void replications_free(struct replications *replications) {
    free(replications->results);
    recorder_destroy(replications->shown);
    *replications = (struct replications){0};
}
