/* Running a scenario: one replication that is told train by train, or all its replications into a database.
 *
 *     #include <bering/run.h>
 *     #include <stdio.h>
 *
 *     static void on_progress(void *context, int32_t done, int32_t total, double elapsed_s) {
 *         (void)context;
 *         fprintf(stderr, "%d of %d replications, %.0f s\n", done, total, elapsed_s);
 *     }
 *
 *     int main(int argc, char **argv) {
 *         if (argc < 3) return 2;
 *         const char *const overrides[] = {"replications=4", "horizon_days=2"};
 *         const struct bering_scenario_options options = {.overrides = overrides, .override_count = 2};
 *         struct bering_scenario *scenario = bering_scenario_open(argv[1], &options, NULL);
 *         if (scenario == NULL) return 1;
 *         const struct bering_database_request request = {.database = argv[2], .progress = on_progress};
 *         struct bering_error error;
 *         struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
 *         struct bering_estimate trains;
 *         if (experiment == NULL)
 *             fprintf(stderr, "%s\n", error.text);
 *         else if (bering_experiment_estimate(experiment, "trains_per_day", &trains))
 *             printf("%.1f ± %.1f trains a day\n", trains.mean, trains.half_width);
 *         const int status = experiment != NULL ? 0 : 1;
 *         bering_experiment_free(experiment);
 *         bering_scenario_close(scenario);
 *         return status;
 *     }
 */
#ifndef BERING_PUBLIC_RUN_H
#define BERING_PUBLIC_RUN_H

#include <bering/scenario.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BERING_TIME_NONE INT64_MIN

enum bering_run_status {
    BERING_RUN_COMPLETE,
    BERING_RUN_DEADLOCKED, /* some trains can never move on: struct bering_run_end says which */
    BERING_RUN_INTERRUPTED,
    BERING_RUN_FAILED /* nothing was simulated to its end; the error says why */
};

/* Why something could not be done: one sentence, no newline. Untouched on success. */
struct bering_error {
    char text[1024];
};

/* -------------------------------------------------------------------------------------------------- stopping a run */

/* A flag that brings runs to an orderly end soon after it is set. */
struct bering_stop;

struct bering_stop *bering_stop_create(void);    /* NULL: out of memory */
void bering_stop_set(struct bering_stop *stop);  /* from any thread, also in a signal handler or a callback */
void bering_stop_free(struct bering_stop *stop); /* not while a run watches it */

/* ----------------------------------------------------------------------------- one replication, train by train */

enum bering_train_status {
    BERING_TRAIN_ARRIVED,
    BERING_TRAIN_RUNNING,     /* on the line when the run ended */
    BERING_TRAIN_WAITING,     /* in a station then */
    BERING_TRAIN_NOT_ENTERED, /* outside still */
    BERING_TRAIN_CANCELLED
};

/* Why a train stood longer than planned, by the longest part of the wait. */
enum bering_wait_cause {
    BERING_WAIT_NONE,
    BERING_WAIT_SCHEDULED, /* its departure time had not come */
    BERING_WAIT_PRIMARY,   /* its own delay: late entry, longer dwell */
    BERING_WAIT_KNOCK_ON,  /* another train: wait_for_train_id */
    BERING_WAIT_POSSESSION,
    BERING_WAIT_HAZARD
};

/* One station on a train's way, stopped at or passed. */
struct bering_call {
    int32_t station;
    const char *track; /* NULL: not reached */
    int64_t planned_arrival_ms;
    int64_t arrival_ms; /* BERING_TIME_NONE at the origin */
    int64_t planned_departure_ms;
    int64_t departure_ms;
    bool stopped;
    int64_t wait_ms; /* standing (at the origin: waiting outside) beyond dwell and timetable */
    enum bering_wait_cause wait_cause;
    int64_t wait_for_train_id; /* 0: nobody */
};

/* One train, told when it has ended, or when the run ends with it under way. */
struct bering_train {
    int64_t train_id; /* from 1, in the order of planned departure */
    const char *name; /* as in the database: "T7@3", "S@3.1" */
    int32_t plan;
    const char *train_type;
    int32_t origin, destination; /* stations */
    int64_t planned_departure_ms;
    int64_t departure_ms; /* BERING_TIME_NONE: has not entered */
    int64_t planned_arrival_ms;
    int64_t arrival_ms;   /* BERING_TIME_NONE: has not arrived */
    int64_t unimpeded_ms; /* how long it would take with nobody else on the line */
    int64_t delay_ms;     /* of a train under way: so far; may be negative for one that arrived */
    double energy_kwh;    /* at the wheel, so far */
    enum bering_train_status status;
    const struct bering_call *calls; /* from origin to destination */
    int32_t call_count;              /* 0 for a train that has not entered and is not the next to */
};

/* How a section was used, of the measured window only. */
struct bering_section_use {
    int64_t forward_trains, backward_trains;   /* that entered it */
    int64_t forward_busy_ms, backward_busy_ms; /* held by a train (or several) that way */
    int64_t forward_wait_ms, backward_wait_ms; /* trains waited to enter it, summed over trains */
    int64_t busy_ms; /* single track: held by anybody, either way; of two tracks the fuller one */
};

/* A train of a deadlock. */
struct bering_deadlocked_train {
    const char *name;
    int32_t station;       /* where it stands */
    const char *waits_for; /* a train's name; NULL: nobody in particular */
};

/* What is told of the whole, at the end. */
struct bering_run_end {
    enum bering_run_status status;
    int64_t end_ms;                       /* the clock when the run ended */
    int64_t window_from_ms, window_to_ms; /* the measured window: [from, to) */
    int64_t events;
    int64_t forced_moves;                      /* started though the dispatch policy held them: nothing else could */
    bool not_proved;                           /* it was not proved that every train can reach its end */
    const struct bering_section_use *sections; /* by section */
    int32_t section_count;
    const struct bering_deadlocked_train *deadlocked;
    int32_t deadlocked_count;
};

/* Who listens. Either function may be NULL. They are called by the thread that runs, in an order that is the same for
 * the same input and seed. */
struct bering_listener {
    void *context;
    void (*train)(void *context, const struct bering_train *train);
    void (*end)(void *context, const struct bering_run_end *end);
};

/* Runs one replication (from 1) from beginning to end. `end` is told of every replication that was begun,
 * except where BERING_RUN_FAILED is returned; then `error` says why. Trains of the warm-up are told too. A scenario
 * with `warmup_days = auto` has its warm-up worked out by its first run, which takes a further replication. `stop` and
 * `error` may be NULL. */
enum bering_run_status bering_run(struct bering_scenario *scenario, int64_t replication,
                                  const struct bering_listener *listener, const struct bering_stop *stop,
                                  struct bering_error *error);

/* ------------------------------------------------------------------------------------ replications into a database */

/* How `bering_run_into` works; all zero but `database` will do. How many replications there are, their seed and how
 * much of each is kept are the scenario's: the overrides "replications=20", "seed=7", "detail=trains". */
struct bering_database_request {
    const char *database;           /* the file to append to; made if it is not there */
    const char *arguments;          /* a note for the table `experiments`; NULL: the scenario's folder */
    int32_t jobs;                   /* replications side by side, at most 256; 0: one for each processor */
    const struct bering_stop *stop; /* NULL: runs to the end */
    /* Told by the calling thread, about five times a second and at the end; NULL: nobody wants to know. */
    void (*progress)(void *context, int32_t done, int32_t total, double elapsed_s);
    void *context;
};

struct bering_experiment;

/* One replication as it was stored. */
struct bering_stored_run {
    int64_t run_id;
    int32_t replication;
    enum bering_run_status status;
    const char *results_sha256; /* the same for the same input, seed and replication; "" without results */
    double wall_s;              /* how long it took */
};

/* A mean over the replications that are complete. */
struct bering_estimate {
    double mean;       /* NAN where some replication does not have it */
    double half_width; /* of the 95 % confidence interval; NAN with fewer than two replications */
    int64_t replications;
};

/* Simulates all replications and stores them as `bering run` does (the tables are those of docs/formats.md §4; the
 * table `experiments` says `library`). What is stored does not depend on the number of jobs. NULL on failure, with
 * `error` (may be NULL) saying why; what was written by then stays. A replication that deadlocks or fails is no failure
 * of the whole; nor is a stop, after which those that are done are kept and the others marked: look at their status. */
struct bering_experiment *bering_run_into(struct bering_scenario *scenario,
                                          const struct bering_database_request *request, struct bering_error *error);

int64_t bering_experiment_id(const struct bering_experiment *experiment);
int32_t bering_experiment_run_count(const struct bering_experiment *experiment);

/* Index from 0 to the count − 1, that is the replication less 1. */
struct bering_stored_run bering_experiment_run_at(const struct bering_experiment *experiment, int32_t index);

/* Metrics are named as in the table `metrics`: "trains_per_day", "mean_delay_s" … False: there is no such metric. */
bool bering_experiment_estimate(const struct bering_experiment *experiment, const char *metric,
                                struct bering_estimate *estimate);

void bering_experiment_free(struct bering_experiment *experiment);

#ifdef __cplusplus
}
#endif

#endif
