#include "study/replications.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What a worker hands to the writer. */
struct slot {
    struct recorder *recorder; /* NULL: out of memory */
    enum simulation_result result;
    double wall_s;
    bool done;
};

/* Shared by the workers and the writer; everything below the mutex is guarded by it. */
struct pool {
    const struct replications_request *request;
    atomic_bool stop; /* the request's flag, or that writing has failed */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct slot *slots; /* [replication − 1] */
    int32_t next;       /* the next replication to be started, from 0 */
    int32_t written;    /* replications the writer is done with */
    int32_t done;
};

static double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

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

/* ------------------------------------------------------------------------------------------------------- workers */

static void simulate(struct pool *pool, int32_t index, struct slot *slot) {
    const struct replications_request *request = pool->request;
    const double started_s = seconds_now();
    *slot = (struct slot){.recorder = recorder_create(request->scenario), .result = SIMULATION_NO_MEMORY};
    if (slot->recorder == NULL) return;
    const struct observer observer = recorder_observer(slot->recorder);
    const struct simulation_options options = {.replication = request->left_out + index + 1,
                                               .want_blocks = detail_wants_blocks(request->scenario->settings.detail),
                                               .stop = &pool->stop};
    slot->result = request->simulate(request->plan, &options, &observer);
    slot->wall_s = seconds_now() - started_s;
}

/* The next replication to simulate; −1 when there is none. Waits while too many wait to be written. */
static int32_t take_next(struct pool *pool) {
    const int32_t ahead = 2 * pool->request->jobs;
    pthread_mutex_lock(&pool->mutex);
    while (!atomic_load(&pool->stop) && pool->next < pool->request->replications && pool->next >= pool->written + ahead)
        pthread_cond_wait(&pool->changed, &pool->mutex);
    const bool more = !atomic_load(&pool->stop) && pool->next < pool->request->replications;
    const int32_t index = more ? pool->next++ : -1;
    pthread_mutex_unlock(&pool->mutex);
    return index;
}

static void *work(void *context) {
    struct pool *pool = context;
    for (int32_t index = take_next(pool); index >= 0; index = take_next(pool)) {
        struct slot slot;
        simulate(pool, index, &slot);
        pthread_mutex_lock(&pool->mutex);
        slot.done = true;
        pool->slots[index] = slot;
        pool->done++;
        pthread_cond_broadcast(&pool->changed);
        pthread_mutex_unlock(&pool->mutex);
    }
    return NULL;
}

static void pool_stop(struct pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_store(&pool->stop, true);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
}

/* -------------------------------------------------------------------------------------------------------- writer */

static void tell_progress(const struct pool *pool, int32_t done, double started_s) {
    const struct replications_request *request = pool->request;
    if (request->progress == NULL) return;
    const struct replications_progress progress = {
        .done = done, .total = request->replications, .elapsed_s = seconds_now() - started_s};
    request->progress(request->context, &progress);
}

/* A fifth of a second from now: how soon an interruption is noticed and progress told. */
static struct timespec soon(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_nsec += 200000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

/* Waits until the replication is done, or was never begun because of a stop. */
static struct slot wait_for(struct pool *pool, int32_t index, double started_s) {
    pthread_mutex_lock(&pool->mutex);
    while (!pool->slots[index].done && !(atomic_load(&pool->stop) && pool->next <= index)) {
        const struct timespec until = soon();
        pthread_cond_timedwait(&pool->changed, &pool->mutex, &until);
        const int32_t done = pool->done;
        pthread_mutex_unlock(&pool->mutex);
        tell_progress(pool, done, started_s);
        if (pool->request->stop != NULL && atomic_load(pool->request->stop)) pool_stop(pool);
        pthread_mutex_lock(&pool->mutex);
    }
    const struct slot slot = pool->slots[index];
    pool->slots[index].recorder = NULL; /* now the writer's */
    pthread_mutex_unlock(&pool->mutex);
    return slot;
}

static enum run_status status_of(const struct slot *slot) {
    if (!slot->done) return RUN_INTERRUPTED;
    if (slot->recorder == NULL) return RUN_FAILED;
    switch (slot->result) {
    case SIMULATION_DONE:
        return recorder_run(slot->recorder) != NULL ? RUN_COMPLETE : RUN_FAILED;
    case SIMULATION_DEADLOCKED:
        return recorder_run(slot->recorder) != NULL ? RUN_DEADLOCKED : RUN_FAILED;
    case SIMULATION_INTERRUPTED:
        return RUN_INTERRUPTED;
    case SIMULATION_NO_MEMORY:
        break;
    }
    return RUN_FAILED;
}

/* Half a run must not be taken for a run: of what was interrupted or failed only the status is kept. */
static const struct recorded_run *run_to_keep(const struct slot *slot, enum run_status status) {
    return status == RUN_COMPLETE || status == RUN_DEADLOCKED ? recorder_run(slot->recorder) : NULL;
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

static bool write_one(struct store *store, const struct replications_request *request, struct slot *slot,
                      struct replications *replications, struct replication_result *result, struct failure *failure) {
    result->status = status_of(slot);
    result->wall_s = slot->wall_s;
    const struct recorded_run *run = run_to_keep(slot, result->status);
    const struct store_outcome outcome = {
        .scenario = request->scenario, .status = result->status, .run = run, .wall_s = slot->wall_s};
    const bool written = store_run_finish(store, result->run_id, &outcome, result->results_sha256, failure);
    if (written) note_result(replications, result, run);
    if (written && run != NULL && worth_showing(replications, result->status)) {
        recorder_destroy(replications->shown);
        replications->shown = slot->recorder;
        replications->shown_replication = result->replication;
        slot->recorder = NULL;
    }
    recorder_destroy(slot->recorder);
    return written;
}

static bool write_all(struct store *store, struct pool *pool, struct replications *replications,
                      struct failure *failure) {
    const double started_s = seconds_now();
    for (int32_t index = 0; index < pool->request->replications; index++) {
        struct slot slot = wait_for(pool, index, started_s);
        if (!write_one(store, pool->request, &slot, replications, &replications->results[index], failure)) return false;
        pthread_mutex_lock(&pool->mutex);
        pool->written = index + 1;
        pthread_cond_broadcast(&pool->changed);
        pthread_mutex_unlock(&pool->mutex);
    }
    tell_progress(pool, replications->complete + replications->deadlocked + replications->failed, started_s);
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

/* Starts the workers; how many could be started. */
static int32_t start_workers(struct pool *pool, pthread_t *workers) {
    const struct replications_request *request = pool->request;
    const int32_t wanted = request->jobs < request->replications ? request->jobs : request->replications;
    int32_t started = 0;
    while (started < wanted && pthread_create(&workers[started], NULL, work, pool) == 0) started++;
    return started;
}

static bool run_pool(struct store *store, struct pool *pool, struct replications *replications,
                     struct failure *failure) {
    pthread_t *workers = calloc((size_t)pool->request->jobs, sizeof *workers);
    const int32_t started = workers != NULL ? start_workers(pool, workers) : 0;
    bool well = started > 0 || failure_set(failure, "no thread could be started for the simulation");
    if (well) well = write_all(store, pool, replications, failure);
    pool_stop(pool);
    for (int32_t index = 0; index < started; index++) pthread_join(workers[index], NULL);
    for (int32_t index = 0; index < pool->request->replications; index++) recorder_destroy(pool->slots[index].recorder);
    free(workers);
    return well;
}

static bool begin_experiment(struct store *store, const struct replications_request *request,
                             struct replications *replications, struct failure *failure) {
    struct store_experiment experiment;
    if (!store_experiment_begin(store, request->command, request->arguments, request->scenario, request->replications,
                                &experiment, failure))
        return false;
    replications->experiment_id = experiment.experiment_id;
    replications->deterministic = scenario_is_deterministic(request->scenario);
    for (int32_t index = 0; index < request->replications; index++)
        replications->results[index] = (struct replication_result){
            .run_id = experiment.first_run_id + index,
            .replication = request->left_out + index + 1,
            .status = RUN_RUNNING};
    return true;
}

bool replications_run(struct store *store, const struct replications_request *request,
                      struct replications *replications, struct failure *failure) {
    *replications = (struct replications){.count = request->replications};
    struct pool pool = {.request = request};
    pool.slots = calloc((size_t)request->replications, sizeof *pool.slots);
    replications->results = calloc((size_t)request->replications, sizeof *replications->results);
    bool well = (pool.slots != NULL && replications->results != NULL) || failure_set(failure, "out of memory");
    well = well && begin_experiment(store, request, replications, failure);
    if (well) {
        atomic_init(&pool.stop, false);
        pthread_mutex_init(&pool.mutex, NULL);
        pthread_cond_init(&pool.changed, NULL);
        well = run_pool(store, &pool, replications, failure) &&
               make_estimates(store, request->scenario, replications, failure);
        pthread_cond_destroy(&pool.changed);
        pthread_mutex_destroy(&pool.mutex);
    }
    free(pool.slots);
    if (!well) replications_free(replications);
    return well;
}

void replications_free(struct replications *replications) {
    free(replications->results);
    recorder_destroy(replications->shown);
    *replications = (struct replications){0};
}
