#include "study/run_pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A run that a worker is done with. */
struct finished {
    int32_t index;
    struct pool_outcome outcome;
};

/* Shared by the workers and the taker; everything below the mutex is guarded by it. */
struct pool {
    const struct run_pool_request *request;
    atomic_bool stop; /* the request's flag, or that taking has failed */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct finished *ready; /* done and not yet taken, in no order */
    int32_t ready_count;    /* ≤ room */
    int32_t room;           /* how many may be begun and not yet taken */
    int32_t begun, taken, done;
    double beginnings_s; /* sum of when those were begun that are not done, since the pool's beginning */
    double started_s;
    double told_s; /* the taker's own */
};

static const double tell_every_s = 0.2;

double run_pool_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---------------------------------------------------------------------------------------------------------- workers */

static enum run_status status_of(enum simulation_result result, const struct recorder *recorder) {
    switch (result) {
    case SIMULATION_DONE:
        return recorder_run(recorder) != NULL ? RUN_COMPLETE : RUN_FAILED;
    case SIMULATION_DEADLOCKED:
        return recorder_run(recorder) != NULL ? RUN_DEADLOCKED : RUN_FAILED;
    case SIMULATION_INTERRUPTED:
        return RUN_INTERRUPTED;
    case SIMULATION_NO_MEMORY:
        break;
    }
    return RUN_FAILED;
}

static void simulate(struct pool *pool, const struct pool_task *task, struct pool_outcome *outcome) {
    outcome->status = RUN_FAILED;
    outcome->recorder = recorder_create(task->scenario);
    if (outcome->recorder == NULL) return;
    const struct observer observer = recorder_observer(outcome->recorder);
    const struct simulation_options options = {.replication = task->replication,
                                               .want_blocks = detail_wants_blocks(task->scenario->settings.detail),
                                               .stop = &pool->stop};
    const enum simulation_result result = pool->request->simulate(task->plan, &options, &observer);
    outcome->status = status_of(result, outcome->recorder);
    if (outcome->status == RUN_COMPLETE || outcome->status == RUN_DEADLOCKED)
        outcome->run = recorder_run(outcome->recorder);
}

/* Since the pool's beginning. */
static double seconds_in(const struct pool *pool) {
    return run_pool_seconds() - pool->started_s;
}

/* The next run to begin, and when that is; −1 when there is none. Waits while too many wait to be taken. */
static int32_t begin_next(struct pool *pool, double *beginning_s) {
    const int32_t count = pool->request->count;
    pthread_mutex_lock(&pool->mutex);
    while (!atomic_load(&pool->stop) && pool->begun < count && pool->begun - pool->taken >= pool->room)
        pthread_cond_wait(&pool->changed, &pool->mutex);
    const bool more = !atomic_load(&pool->stop) && pool->begun < count;
    const int32_t index = more ? pool->begun++ : -1;
    *beginning_s = seconds_in(pool);
    if (more) pool->beginnings_s += *beginning_s;
    pthread_mutex_unlock(&pool->mutex);
    return index;
}

static void *work(void *context) {
    struct pool *pool = context;
    double beginning_s;
    for (int32_t index; (index = begin_next(pool, &beginning_s)) >= 0;) {
        struct finished finished = {.index = index};
        struct pool_task task = {0};
        finished.outcome.status = pool->request->open(pool->request->context, index, &task);
        if (finished.outcome.status == RUN_RUNNING) simulate(pool, &task, &finished.outcome);
        finished.outcome.wall_s = seconds_in(pool) - beginning_s;
        pthread_mutex_lock(&pool->mutex);
        pool->beginnings_s -= beginning_s;
        pool->ready[pool->ready_count++] = finished;
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

/* ----------------------------------------------------------------------------------------------------------- taking */

/* A fifth of a second from now: how soon an interruption is noticed. */
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

/* The place in `ready` of the run to take next; −1 while it is not there. */
static int32_t next_ready(const struct pool *pool) {
    int32_t best = -1;
    for (int32_t place = 0; place < pool->ready_count; place++)
        if (best < 0 || pool->ready[place].index < pool->ready[best].index) best = place;
    if (best >= 0 && pool->request->in_order && pool->ready[best].index != pool->taken) return -1;
    return best;
}

/* Whether every run that was, or may yet be, begun has been taken. */
static bool nothing_to_come(const struct pool *pool) {
    return pool->taken == pool->begun && (atomic_load(&pool->stop) || pool->begun == pool->request->count);
}

static struct pool_progress progress_of(const struct pool *pool) {
    const double now_s = seconds_in(pool);
    return (struct pool_progress){
        .done = pool->done,
        .elapsed_s = now_s,
        .under_way_s = (pool->begun - pool->done) * now_s - pool->beginnings_s,
    };
}

/* Looks around: whether to stop, and whether it is time to tell how far the work is. */
static void look_around(struct pool *pool, const struct pool_progress *progress) {
    if (pool->request->stop != NULL && atomic_load(pool->request->stop)) pool_stop(pool);
    if (pool->request->progress == NULL || progress->elapsed_s < pool->told_s + tell_every_s) return;
    pool->told_s = progress->elapsed_s;
    pool->request->progress(pool->request->context, progress);
}

/* Waits for the next run to take. False: there is none. */
static bool wait_for_next(struct pool *pool, struct finished *finished) {
    pthread_mutex_lock(&pool->mutex);
    int32_t place;
    while ((place = next_ready(pool)) < 0 && !nothing_to_come(pool)) {
        const struct timespec until = soon();
        pthread_cond_timedwait(&pool->changed, &pool->mutex, &until);
        const struct pool_progress progress = progress_of(pool);
        pthread_mutex_unlock(&pool->mutex);
        look_around(pool, &progress);
        pthread_mutex_lock(&pool->mutex);
    }
    if (place >= 0) {
        *finished = pool->ready[place];
        pool->ready[place] = pool->ready[--pool->ready_count];
    }
    pthread_mutex_unlock(&pool->mutex);
    return place >= 0;
}

/* Says that one more is taken; how far the work is. */
static struct pool_progress note_taken(struct pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    pool->taken++;
    const struct pool_progress progress = progress_of(pool);
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->mutex);
    return progress;
}

static bool take_all(struct pool *pool, struct failure *failure) {
    const struct run_pool_request *request = pool->request;
    struct finished finished;
    while (wait_for_next(pool, &finished)) {
        const bool well = request->take(request->context, finished.index, &finished.outcome, failure);
        recorder_destroy(finished.outcome.recorder);
        if (!well) return false;
        const struct pool_progress progress = note_taken(pool);
        look_around(pool, &progress); /* there may always be one that waits */
    }
    return true;
}

/* --------------------------------------------------------------------------------------------------------- together */

/* Starts the workers; how many could be started. */
static int32_t start_workers(struct pool *pool, pthread_t *workers) {
    const struct run_pool_request *request = pool->request;
    const int32_t wanted = request->jobs < request->count ? request->jobs : request->count;
    int32_t started = 0;
    while (started < wanted && pthread_create(&workers[started], NULL, work, pool) == 0) started++;
    return started;
}

static bool work_with(struct pool *pool, pthread_t *workers, struct failure *failure) {
    const int32_t started = start_workers(pool, workers);
    bool well = started > 0 ||
                failure_set(failure, "no thread could be started for the simulation: memory, or threads, are short");
    if (well) well = take_all(pool, failure);
    pool_stop(pool);
    for (int32_t index = 0; index < started; index++) pthread_join(workers[index], NULL);
    for (int32_t place = 0; place < pool->ready_count; place++) recorder_destroy(pool->ready[place].outcome.recorder);
    return well;
}

bool run_pool_work(const struct run_pool_request *request, struct failure *failure) {
    struct pool pool = {.request = request, .room = 2 * request->jobs, .started_s = run_pool_seconds()};
    pool.ready = calloc((size_t)pool.room, sizeof *pool.ready);
    pthread_t *workers = calloc((size_t)request->jobs, sizeof *workers);
    bool well = (pool.ready != NULL && workers != NULL) || failure_set(failure, "out of memory");
    if (well) {
        atomic_init(&pool.stop, false);
        pthread_mutex_init(&pool.mutex, NULL);
        pthread_cond_init(&pool.changed, NULL);
        well = work_with(&pool, workers, failure);
        pthread_cond_destroy(&pool.changed);
        pthread_mutex_destroy(&pool.mutex);
    }
    free(workers);
    free(pool.ready);
    return well;
}
