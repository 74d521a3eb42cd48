#include "study/sweep_run.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "study/planning.h"
#include "study/time_left.h"
#include "study/warmup.h"

/* A point whose turn has come: its scenario and plan, from the first of its runs to the last. */
enum point_state { POINT_CLOSED, POINT_OPENING, POINT_OPEN, POINT_FAILED };

struct open_point {
    struct scenario *scenario;
    struct simulation_plan *plan;
    int32_t to_come; /* runs that are not written yet */
    enum point_state state;
};

struct work {
    const struct sweep_run_request *request;
    struct sweep_description description;
    struct sweep_place place;
    struct store *store;
    struct time_left *left;
    int64_t *tasks; /* the runs to make, from 0 */
    int32_t task_count;
    struct open_point *points; /* guarded by the mutex; what an open point holds is not changed */
    pthread_mutex_t mutex;
    pthread_cond_t opened;
};

/* The point a run belongs to. */
static int32_t point_of(const struct sweep_points *points, int64_t run) {
    int32_t low = 0, high = points->count;
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;
        if (points->points[middle].first_run <= run)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ----------------------------------------------------------------------------------------------------------- points */

static void close_point(struct open_point *point) {
    simulation_plan_destroy(point->plan);
    scenario_free(point->scenario);
    point->plan = NULL;
    point->scenario = NULL;
    point->state = POINT_CLOSED;
}

/* False when memory is short. */
static bool fill_point(const struct work *work, int32_t index, struct open_point *point) {
    struct diagnostics diagnostics = {0};
    struct failure failure;
    point->scenario = sweep_points_scenario(work->request->points, index, &diagnostics);
    if (point->scenario != NULL) point->plan = planning_create(point->scenario, &diagnostics);
    diagnostics_free(&diagnostics);
    if (point->plan != NULL && warmup_settle(point->scenario, point->plan, work->request->stop, &failure)) return true;
    close_point(point);
    return false;
}

static bool stopped(const struct work *work) {
    return work->request->stop != NULL && atomic_load(work->request->stop);
}

/* The first who needs a point opens it, the others wait. */
static enum point_state open_point(struct work *work, int32_t index) {
    struct open_point *point = &work->points[index];
    pthread_mutex_lock(&work->mutex);
    while (point->state == POINT_OPENING) pthread_cond_wait(&work->opened, &work->mutex);
    if (point->state == POINT_CLOSED) {
        struct open_point filled = *point;
        point->state = POINT_OPENING;
        pthread_mutex_unlock(&work->mutex);
        const bool well = fill_point(work, index, &filled);
        pthread_mutex_lock(&work->mutex);
        point->scenario = filled.scenario;
        point->plan = filled.plan;
        point->state = well ? POINT_OPEN : POINT_FAILED;
        pthread_cond_broadcast(&work->opened);
    }
    const enum point_state state = point->state;
    pthread_mutex_unlock(&work->mutex);
    return state;
}

/* ------------------------------------------------------------------------------------------------------------- runs */

static enum run_status open_task(void *context, int32_t index, struct pool_task *task) {
    struct work *work = context;
    const struct sweep_points *points = work->request->points;
    const int64_t run = work->tasks[index];
    const int32_t point = point_of(points, run);
    if (stopped(work)) return RUN_INTERRUPTED;
    if (open_point(work, point) != POINT_OPEN) return RUN_FAILED;
    if (stopped(work)) return RUN_INTERRUPTED; /* it may have cut short what `auto` stands for */
    *task = (struct pool_task){.scenario = work->points[point].scenario,
                               .plan = work->points[point].plan,
                               .replication = (int32_t)(run - points->points[point].first_run) + 1};
    return RUN_RUNNING;
}

/* One run of the point less; closes it with the last. Returns whether that was it. */
static bool leave_point(struct work *work, int32_t index) {
    struct open_point *point = &work->points[index];
    pthread_mutex_lock(&work->mutex);
    const bool last = --point->to_come == 0;
    if (last) close_point(point);
    pthread_mutex_unlock(&work->mutex);
    return last;
}

/* What was interrupted is left `running`: the end marks all such runs at once. */
static bool take_run(void *context, int32_t index, struct pool_outcome *outcome, struct failure *failure) {
    struct work *work = context;
    const int64_t run = work->tasks[index];
    const int32_t point = point_of(work->request->points, run);
    bool well = true;
    if (outcome->status != RUN_INTERRUPTED) {
        const struct store_outcome stored = {.scenario = work->points[point].scenario,
                                             .status = outcome->status,
                                             .run = outcome->run,
                                             .wall_s = outcome->wall_s};
        const int32_t ends = work->points[point].to_come == 1 ? point : -1;
        well = sweep_store_run(work->store, &work->place, &work->description, run, &stored, ends, failure);
        time_left_note(work->left, point, outcome->wall_s);
    }
    leave_point(work, point);
    return well;
}

static void tell_progress(void *context, const struct pool_progress *told) {
    struct work *work = context;
    const int64_t total = work->request->points->run_count;
    const struct sweep_progress progress = {.done = total - work->task_count + told->done,
                                            .total = total,
                                            .left_s =
                                                time_left_seconds(work->left, told->under_way_s, told->elapsed_s)};
    work->request->progress(work->request->context, &progress);
}

/* --------------------------------------------------------------------------------------------------------- together */

static bool begin_or_resume(struct work *work, unsigned char *done, struct failure *failure) {
    const struct sweep_run_request *request = work->request;
    if (request->resume)
        return sweep_store_resume(work->store, request->experiment_id, &work->description, &work->place, done, failure);
    return sweep_store_begin(work->store, request->command, request->arguments, &work->description, &work->place,
                             failure);
}

/* Lists what is to be run. */
static void list_tasks(struct work *work, const unsigned char *done) {
    const struct sweep_points *points = work->request->points;
    for (int32_t index = 0; index < points->count; index++) {
        const struct sweep_point *point = &points->points[index];
        for (int32_t replication = 0; replication < point->replications; replication++) {
            if (done[point->first_run + replication]) continue;
            work->tasks[work->task_count++] = point->first_run + replication;
            work->points[index].to_come++;
        }
        time_left_expect(work->left, index, point->weight, work->points[index].to_come);
    }
}

static bool run_tasks(struct work *work, struct failure *failure) {
    const struct run_pool_request pool = {.count = work->task_count,
                                          .jobs = work->request->jobs,
                                          .simulate = work->request->simulate,
                                          .stop = work->request->stop,
                                          .context = work,
                                          .open = open_task,
                                          .take = take_run,
                                          .progress = work->request->progress != NULL ? tell_progress : NULL};
    pthread_mutex_init(&work->mutex, NULL);
    pthread_cond_init(&work->opened, NULL);
    const bool well = run_pool_work(&pool, failure);
    for (int32_t index = 0; index < work->request->points->count; index++) close_point(&work->points[index]);
    pthread_cond_destroy(&work->opened);
    pthread_mutex_destroy(&work->mutex);
    return well;
}

static bool run_in(struct work *work, struct database *database, struct sweep_results *results,
                   struct failure *failure) {
    const struct sweep_points *points = work->request->points;
    const size_t runs = (size_t)points->run_count + 1;
    unsigned char *done = calloc(runs, sizeof *done);
    work->tasks = calloc(runs, sizeof *work->tasks);
    work->points = calloc((size_t)points->count + 1, sizeof *work->points);
    work->left = time_left_create(points->count);
    bool well = done != NULL && work->tasks != NULL && work->points != NULL && work->left != NULL;
    if (!well) failure_set(failure, "out of memory");
    well = well && begin_or_resume(work, done, failure);
    if (well) list_tasks(work, done);
    if (well && work->task_count > 0) well = run_tasks(work, failure);
    well = well && sweep_store_end(work->store, &work->place, &work->description, work->request->against, failure) &&
           sweep_results_read(database, work->place.experiment_id, points->count, results, failure);
    time_left_free(work->left);
    free(work->points);
    free(work->tasks);
    free(done);
    return well;
}

bool sweep_run(const struct sweep_run_request *request, struct sweep_results *results, struct failure *failure) {
    assert(request->against >= 0 && request->against < request->points->count && request->jobs >= 1);
    struct work work = {.request = request, .description = sweep_points_describe(request->points)};
    const enum database_mode mode = request->resume ? DATABASE_CHANGE : DATABASE_WRITE;
    struct database *database = database_open(request->database, mode, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    work.store = store_create(database, failure);
    const bool well = work.store != NULL && run_in(&work, database, results, failure);
    store_destroy(work.store);
    database_close(database);
    return well;
}
