/* The library's own face, the other half: running. Thin: it translates, and decides nothing. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/words.h"
#include "study/experiment.h"
#include "study/library.h"
#include "study/warmup.h"

static_assert(BERING_TIME_NONE == TIME_NONE, "times are passed on as they are");

static void explain(struct bering_error *error, const char *text) {
    if (error != NULL) snprintf(error->text, sizeof error->text, "%s", text);
}

/* ------------------------------------------------------------------------------------------------------- stopping */

struct bering_stop *bering_stop_create(void) {
    struct bering_stop *stop = calloc(1, sizeof *stop);
    if (stop != NULL) atomic_init(&stop->set, false);
    return stop;
}

void bering_stop_set(struct bering_stop *stop) {
    atomic_store(&stop->set, true);
}

void bering_stop_free(struct bering_stop *stop) {
    free(stop);
}

static const atomic_bool *flag_of(const struct bering_stop *stop) {
    return stop != NULL ? &stop->set : NULL;
}

/* -------------------------------------------------------------------------------------------------------- warm-up */

/* The scenario may be shared by threads: the first to run it works out its warm-up while the others wait, and a warm-up
 * that a stop cut short is not kept. */
static enum bering_run_status settle(struct bering_scenario *scenario, const atomic_bool *stop,
                                     struct bering_error *error) {
    struct failure failure;
    enum bering_run_status status = BERING_RUN_COMPLETE;
    pthread_mutex_lock(&scenario->mutex);
    if (!scenario->settled) {
        if (!warmup_settle(scenario->scenario, scenario->plan, stop, &failure))
            status = BERING_RUN_FAILED;
        else if (scenario->scenario->settings.warmup_auto && stop != NULL && atomic_load(stop))
            status = BERING_RUN_INTERRUPTED;
        scenario->settled = status == BERING_RUN_COMPLETE;
    }
    pthread_mutex_unlock(&scenario->mutex);
    if (status == BERING_RUN_FAILED) explain(error, failure.text);
    return status;
}

/* ----------------------------------------------------------------------------------------- one replication: trains */

/* Between the simulation, which tells of indices, and the listener, who is told names. */
struct interpreter {
    const struct scenario *scenario;
    const struct bering_listener *listener;
    struct bering_call *calls; /* room for the longest plan */
    bool out_of_memory;
};

static enum bering_train_status public_train_status(enum train_status status) {
    static const enum bering_train_status same[] = {[TRAIN_ARRIVED] = BERING_TRAIN_ARRIVED,
                                                    [TRAIN_RUNNING] = BERING_TRAIN_RUNNING,
                                                    [TRAIN_WAITING] = BERING_TRAIN_WAITING,
                                                    [TRAIN_NOT_ENTERED] = BERING_TRAIN_NOT_ENTERED,
                                                    [TRAIN_CANCELLED] = BERING_TRAIN_CANCELLED};
    return same[status];
}

static enum bering_wait_cause public_wait_cause(enum wait_cause cause) {
    static const enum bering_wait_cause same[] = {[WAIT_NONE] = BERING_WAIT_NONE,
                                                  [WAIT_SCHEDULED] = BERING_WAIT_SCHEDULED,
                                                  [WAIT_PRIMARY] = BERING_WAIT_PRIMARY,
                                                  [WAIT_KNOCK_ON] = BERING_WAIT_KNOCK_ON,
                                                  [WAIT_POSSESSION] = BERING_WAIT_POSSESSION,
                                                  [WAIT_HAZARD] = BERING_WAIT_HAZARD};
    return same[cause];
}

/* A call is at a station of the route, and a route visits no station twice. */
static struct bering_call *make_call_room(const struct scenario *scenario) {
    return calloc((size_t)scenario->network.station_count + 1, sizeof(struct bering_call));
}

static struct bering_call public_call(const struct scenario *scenario, const struct train_call *call) {
    return (struct bering_call){.station = call->station,
                                .track = call->track >= 0 ? scenario->network.tracks[call->track].id : NULL,
                                .planned_arrival_ms = call->planned_arrival_ms,
                                .arrival_ms = call->arrival_ms,
                                .planned_departure_ms = call->planned_departure_ms,
                                .departure_ms = call->departure_ms,
                                .stopped = call->stopped,
                                .wait_ms = call->wait_ms,
                                .wait_cause = public_wait_cause(call->wait_cause),
                                .wait_for_train_id = call->wait_for_train};
}

static void on_train(void *context, const struct train_record *record) {
    struct interpreter *interpreter = context;
    const struct scenario *scenario = interpreter->scenario;
    if (interpreter->listener->train == NULL) return;
    const struct train_plan *plan = &scenario->timetable.plans[record->plan];
    char name[TRAIN_NAME_SIZE];
    train_name(scenario, record->plan, record->day, record->number, name);
    for (int32_t index = 0; index < record->call_count; index++)
        interpreter->calls[index] = public_call(scenario, &record->calls[index]);
    const struct bering_train train = {.train_id = record->train_id,
                                       .name = name,
                                       .plan = record->plan,
                                       .train_type = scenario->train_types[plan->train_type].id,
                                       .origin = plan->calls[0].station,
                                       .destination = plan->calls[plan->call_count - 1].station,
                                       .planned_departure_ms = record->planned_departure_ms,
                                       .departure_ms = record->departure_ms,
                                       .planned_arrival_ms = record->planned_arrival_ms,
                                       .arrival_ms = record->arrival_ms,
                                       .unimpeded_ms = record->unimpeded_ms,
                                       .delay_ms = record->delay_ms,
                                       .energy_kwh = record->energy_j / 3.6e6,
                                       .status = public_train_status(record->status),
                                       .calls = interpreter->calls,
                                       .call_count = record->call_count};
    interpreter->listener->train(interpreter->listener->context, &train);
}

/* -------------------------------------------------------------------------------------- one replication: its end */

/* NULL when out of memory. */
static struct bering_section_use *public_section_uses(const struct scenario *scenario,
                                                      const struct run_summary *summary) {
    const int32_t count = scenario->network.section_count;
    struct bering_section_use *uses = calloc((size_t)count + 1, sizeof *uses);
    if (uses == NULL) return NULL;
    for (int32_t section = 0; section < count; section++) {
        const struct section_use *forward = &summary->sections[section * 2 + FORWARD];
        const struct section_use *backward = &summary->sections[section * 2 + BACKWARD];
        const int64_t *busy_ms = &summary->section_busy_ms[section * 2];
        uses[section] = (struct bering_section_use){.forward_trains = forward->trains,
                                                    .backward_trains = backward->trains,
                                                    .forward_busy_ms = forward->busy_ms,
                                                    .backward_busy_ms = backward->busy_ms,
                                                    .forward_wait_ms = forward->wait_ms,
                                                    .backward_wait_ms = backward->wait_ms,
                                                    .busy_ms = busy_ms[0] > busy_ms[1] ? busy_ms[0] : busy_ms[1]};
    }
    return uses;
}

/* `names` has room for two: the train, and whom it waits for. */
static void name_deadlocked(const struct scenario *scenario, const struct waiting_train *waiting,
                            struct bering_deadlocked_train *train, char (*names)[TRAIN_NAME_SIZE]) {
    train_name(scenario, waiting->plan, waiting->day, waiting->number, names[0]);
    *train = (struct bering_deadlocked_train){.name = names[0], .station = waiting->station};
    if (waiting->waits_for_plan < 0) return;
    train_name(scenario, waiting->waits_for_plan, waiting->waits_for_day, waiting->waits_for_number, names[1]);
    train->waits_for = names[1];
}

static enum bering_run_status status_of_summary(const struct run_summary *summary) {
    return summary->deadlocked    ? BERING_RUN_DEADLOCKED
           : summary->interrupted ? BERING_RUN_INTERRUPTED
                                  : BERING_RUN_COMPLETE;
}

static void tell_end(const struct interpreter *interpreter, const struct run_summary *summary,
                     const struct bering_section_use *sections, const struct bering_deadlocked_train *deadlocked) {
    /* A run that ends during its warm-up has measured nothing: its window is empty, not of negative length. */
    const bool measured = summary->window_to_ms > summary->window_from_ms;
    const struct bering_run_end end = {.status = status_of_summary(summary),
                                       .end_ms = summary->end_ms,
                                       .window_from_ms = summary->window_from_ms,
                                       .window_to_ms = measured ? summary->window_to_ms : summary->window_from_ms,
                                       .events = summary->events,
                                       .forced_moves = summary->forced_moves,
                                       .not_proved = summary->not_proved,
                                       .sections = sections,
                                       .section_count = interpreter->scenario->network.section_count,
                                       .deadlocked = deadlocked,
                                       .deadlocked_count = summary->waiting_count};
    interpreter->listener->end(interpreter->listener->context, &end);
}

static void on_end(void *context, const struct run_summary *summary) {
    struct interpreter *interpreter = context;
    if (interpreter->listener->end == NULL) return;
    const size_t waiting = (size_t)summary->waiting_count;
    struct bering_section_use *sections = public_section_uses(interpreter->scenario, summary);
    struct bering_deadlocked_train *deadlocked = calloc(waiting + 1, sizeof *deadlocked);
    char(*names)[TRAIN_NAME_SIZE] = calloc(2 * waiting + 1, sizeof *names);
    interpreter->out_of_memory = sections == NULL || deadlocked == NULL || names == NULL;
    if (!interpreter->out_of_memory) {
        for (size_t index = 0; index < waiting; index++)
            name_deadlocked(interpreter->scenario, &summary->waiting[index], &deadlocked[index], &names[2 * index]);
        tell_end(interpreter, summary, sections, deadlocked);
    }
    free(names);
    free(deadlocked);
    free(sections);
}

static enum bering_run_status simulate(struct bering_scenario *scenario, int64_t replication,
                                       const struct bering_listener *listener, const atomic_bool *stop) {
    static const enum bering_run_status statuses[] = {[SIMULATION_DONE] = BERING_RUN_COMPLETE,
                                                      [SIMULATION_DEADLOCKED] = BERING_RUN_DEADLOCKED,
                                                      [SIMULATION_INTERRUPTED] = BERING_RUN_INTERRUPTED,
                                                      [SIMULATION_NO_MEMORY] = BERING_RUN_FAILED};
    struct interpreter interpreter = {
        .scenario = scenario->scenario, .listener = listener, .calls = make_call_room(scenario->scenario)};
    if (interpreter.calls == NULL) return BERING_RUN_FAILED;
    const struct observer observer = {.context = &interpreter, .train = on_train, .end = on_end};
    const struct simulation_options options = {.replication = replication, .stop = stop};
    const enum simulation_result result = simulation_run(scenario->plan, &options, &observer);
    free(interpreter.calls);
    return interpreter.out_of_memory ? BERING_RUN_FAILED : statuses[result];
}

enum bering_run_status bering_run(struct bering_scenario *scenario, int64_t replication,
                                  const struct bering_listener *listener, const struct bering_stop *stop,
                                  struct bering_error *error) {
    if (replication < 1) {
        explain(error, "replications are counted from 1");
        return BERING_RUN_FAILED;
    }
    const enum bering_run_status settled = settle(scenario, flag_of(stop), error);
    if (settled != BERING_RUN_COMPLETE) return settled;
    const struct bering_listener nobody = {0};
    const enum bering_run_status status =
        simulate(scenario, replication, listener != NULL ? listener : &nobody, flag_of(stop));
    if (status == BERING_RUN_FAILED) explain(error, "out of memory");
    return status;
}

/* ------------------------------------------------------------------------------------ replications into a database */

struct bering_experiment {
    struct replications replications;
};

static void on_progress(void *context, const struct replications_progress *progress) {
    const struct bering_database_request *request = context;
    request->progress(request->context, progress->done, progress->total, progress->elapsed_s);
}

static bool store_all(const struct bering_scenario *scenario, struct bering_database_request *request,
                      struct replications *replications, struct failure *failure) {
    const struct experiment_request work = {.scenario = scenario->scenario,
                                            .plan = scenario->plan,
                                            .database = request->database,
                                            .command = "library",
                                            .arguments = request->arguments != NULL ? request->arguments
                                                                                    : scenario->scenario->folder,
                                            .jobs = request->jobs > 0 ? request->jobs : experiment_default_jobs(),
                                            .stop = flag_of(request->stop),
                                            .progress = request->progress != NULL ? on_progress : NULL,
                                            .context = request};
    return experiment_run(&work, replications, failure);
}

/* What is wrong with the request; NULL: nothing. */
static const char *objection(const struct bering_database_request *request) {
    if (request->database == NULL) return "no database is named";
    if (request->jobs < 0 || request->jobs > EXPERIMENT_MOST_JOBS) return "the jobs are not from 0 to 256";
    return NULL;
}

struct bering_experiment *bering_run_into(struct bering_scenario *scenario,
                                          const struct bering_database_request *request, struct bering_error *error) {
    const char *wrong = objection(request);
    if (wrong != NULL) {
        explain(error, wrong);
        return NULL;
    }
    const enum bering_run_status settled = settle(scenario, flag_of(request->stop), error);
    if (settled == BERING_RUN_INTERRUPTED) explain(error, "stopped before the first replication");
    if (settled != BERING_RUN_COMPLETE) return NULL;
    struct bering_experiment *experiment = calloc(1, sizeof *experiment);
    struct bering_database_request copy = *request;
    struct failure failure = {.text = "out of memory"};
    if (experiment != NULL && store_all(scenario, &copy, &experiment->replications, &failure)) return experiment;
    explain(error, failure.text);
    free(experiment);
    return NULL;
}

int64_t bering_experiment_id(const struct bering_experiment *experiment) {
    return experiment->replications.experiment_id;
}

int32_t bering_experiment_run_count(const struct bering_experiment *experiment) {
    return experiment->replications.count;
}

static enum bering_run_status public_run_status(enum run_status status) {
    static const enum bering_run_status same[] = {[RUN_RUNNING] = BERING_RUN_FAILED,
                                                  [RUN_COMPLETE] = BERING_RUN_COMPLETE,
                                                  [RUN_DEADLOCKED] = BERING_RUN_DEADLOCKED,
                                                  [RUN_INTERRUPTED] = BERING_RUN_INTERRUPTED,
                                                  [RUN_FAILED] = BERING_RUN_FAILED};
    return same[status];
}

struct bering_stored_run bering_experiment_run_at(const struct bering_experiment *experiment, int32_t index) {
    if (index < 0 || index >= experiment->replications.count)
        return (struct bering_stored_run){.status = BERING_RUN_FAILED, .results_sha256 = ""};
    const struct replication_result *result = &experiment->replications.results[index];
    return (struct bering_stored_run){.run_id = result->run_id,
                                      .replication = result->replication,
                                      .status = public_run_status(result->status),
                                      .results_sha256 = result->results_sha256,
                                      .wall_s = result->wall_s};
}

bool bering_experiment_estimate(const struct bering_experiment *experiment, const char *metric,
                                struct bering_estimate *estimate) {
    for (int index = 0; index < METRIC_COUNT; index++) {
        if (strcmp(metric_name((enum metric)index), metric) != 0) continue;
        const struct estimate *found = &experiment->replications.estimates[index];
        *estimate = (struct bering_estimate){
            .mean = found->mean, .half_width = found->half_width, .replications = (int64_t)found->count};
        return true;
    }
    return false;
}

void bering_experiment_free(struct bering_experiment *experiment) {
    if (experiment == NULL) return;
    replications_free(&experiment->replications);
    free(experiment);
}
