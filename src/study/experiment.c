#include "study/experiment.h"

#include <unistd.h>

static bool run_into(struct database *database, const struct experiment_request *request,
                     struct replications *replications, struct failure *failure) {
    struct store *store = store_create(database, failure);
    if (store == NULL) return false;
    const struct replications_request work = {.scenario = request->scenario,
                                              .plan = request->plan,
                                              .simulate = simulation_run,
                                              .command = request->command,
                                              .arguments = request->arguments,
                                              .replications = request->scenario->settings.replications,
                                              .jobs = request->jobs,
                                              .stop = request->stop,
                                              .progress = request->progress,
                                              .context = request->context};
    const bool done = replications_run(store, &work, replications, failure);
    store_destroy(store);
    return done;
}

bool experiment_run(const struct experiment_request *request, struct replications *replications,
                    struct failure *failure) {
    struct database *database = database_open(request->database, DATABASE_WRITE, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    const bool done = run_into(database, request, replications, failure);
    database_close(database);
    return done;
}

int32_t experiment_default_jobs(void) {
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : online > EXPERIMENT_MOST_JOBS ? EXPERIMENT_MOST_JOBS : (int32_t)online;
}
