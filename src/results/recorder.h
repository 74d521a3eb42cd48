/* Collects one replication in memory: what store.h writes and what a summary shows.
 *
 *     struct recorder *recorder = recorder_create(scenario);
 *     struct observer observer = recorder_observer(recorder);
 *     simulation_run(plan, &options, &observer);
 *     const struct recorded_run *run = recorder_run(recorder);   …NULL if memory ran out or the run never ended…
 *     recorder_destroy(recorder);
 *
 * What is kept follows the scenario's `detail`: trains from `trains` on, calls from `calls` on, occupations with
 * `blocks` and `full`, containers with `containers` and `full`. At `summary` a train leaves one number behind (its
 * delay), so a year fits in little memory. What flows, terminals and the ledger come to is kept always.
 *
 * What counts. The measured window is [warmup, warmup + horizon); it is open at its end for a `once` schedule without
 * a horizon of its own. Throughput (trains_arrived, trains_per_day…, mean_run_s, energy_kwh, train_km,
 * teu_capacity_per_day) counts the trains that arrive in it, delay and waits the trains planned to depart in it,
 * whatever became of them, cancelled ones left out. trains_on_line counts those that have entered and not arrived at
 * its end. A mean or quantile of nothing is NAN and becomes NULL.
 *
 * Containers. teu_per_day counts the TEU delivered in the window; teu_offered_per_day and teu_refused_per_day those
 * offered in it. mean_transit_h is taken over the containers offered in the window and delivered by the end of the run,
 * share_on_time_percent over those of them that have a due time. teu_capacity_per_day says what the trains that arrived
 * in the window could have carried.
 *
 * Money. What the ledger posted in the window: revenue_usd are tariffs less penalties and what trains earn, cost_usd
 * (positive) all the rest, margin_usd = revenue_usd − cost_usd. Track access, paid and received, cancels.
 * revenue_usd_per_teu are tariffs less penalties over the TEU delivered in the window. Of a run that was told without a
 * ledger revenue is 0, and cost_usd is the train-km and train-hours of the trains that arrived in the window. */
#ifndef BERING_RESULTS_RECORDER_H
#define BERING_RESULTS_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"
#include "simulation/observer.h"

enum metric {
    METRIC_COST_USD,
    METRIC_ENERGY_KWH,
    METRIC_FORCED_MOVES,
    METRIC_MARGIN_USD,
    METRIC_MAX_DELAY_S,
    METRIC_MEAN_DELAY_S,
    METRIC_MEAN_RUN_S,
    METRIC_MEAN_TRANSIT_H,
    METRIC_P50_DELAY_S,
    METRIC_P95_DELAY_S,
    METRIC_PUNCTUAL_PERCENT, /* of the trains whose delay is known, or already above the limit: at most delay_limit_min
                              */
    METRIC_REVENUE_USD,
    METRIC_REVENUE_USD_PER_TEU,
    METRIC_SHARE_ON_TIME_PERCENT,
    METRIC_TEU_CAPACITY_PER_DAY,
    METRIC_TEU_OFFERED_PER_DAY,
    METRIC_TEU_PER_DAY,
    METRIC_TEU_REFUSED_PER_DAY,
    METRIC_TRAIN_KM,
    METRIC_TRAINS_ARRIVED,
    METRIC_TRAINS_ENTERED,
    METRIC_TRAINS_ON_LINE,
    METRIC_TRAINS_PER_DAY,
    METRIC_TRAINS_PER_DAY_BACKWARD,
    METRIC_TRAINS_PER_DAY_FORWARD,
    METRIC_TRAINS_PLANNED,
    METRIC_WAIT_HAZARD_S,
    METRIC_WAIT_KNOCK_ON_S,
    METRIC_WAIT_POSSESSION_S,
    METRIC_WAIT_PRIMARY_S,
    METRIC_WAIT_SCHEDULED_S,
    METRIC_COUNT
};
const char *metric_name(enum metric metric); /* as in the table `metrics`; in ascending order of bytes */
const char *metric_unit(enum metric metric);

/* One row of `trains`, as the simulation told it; its calls and occupations are those of the run's arrays from the
 * given places on. The record's own pointers are NULL. */
struct recorded_train {
    struct train_record record;
    int64_t first_call;
    int32_t call_count;
    int32_t occupation_count;
    int64_t first_occupation;
};

struct recorded_occupation {
    int32_t section;
    int32_t direction;
    int32_t line_track;
    int32_t block;                          /* from 1 at the `from` end; 0: the section has none */
    int64_t enter_ms, clear_ms, release_ms; /* TIME_NONE: not yet at the end of the run */
};

/* One of the longest waits of trains planned in the window, for anything but their own time or their own delay. */
struct recorded_wait {
    int64_t train_id;
    int32_t plan;
    int64_t day, number;
    int32_t station;
    int64_t wait_ms;
    enum wait_cause cause;
    int64_t wait_for_train; /* 0: nobody */
};
enum { LONGEST_WAITS_KEPT = 5 };

struct recorded_run {
    enum detail_level detail;
    double metrics[METRIC_COUNT];
    struct run_summary summary;    /* the arrays and the ledger belong to the run; counted as in observer.h */
    struct recorded_train *trains; /* by train_id */
    int64_t train_count;
    struct train_call *calls;
    int64_t call_count;
    struct recorded_occupation *occupations;
    int64_t occupation_count;
    struct container_record *containers; /* in the order they were told */
    int64_t container_count;
    struct recorded_wait longest_waits[LONGEST_WAITS_KEPT]; /* longest first */
    int32_t longest_wait_count;
    /* [section * 2 + direction]: how long the same trains waited, for the same reasons, before entering it. Unlike
     * section_use.wait_ms this leaves out their own delay, which no railway could spare them. */
    int64_t *held_ms;
};

struct recorder;

struct recorder *recorder_create(const struct scenario *scenario); /* NULL when out of memory; the scenario must live */
void recorder_destroy(struct recorder *recorder);                  /* NULL is allowed */
struct observer recorder_observer(struct recorder *recorder);

/* What was collected, once the simulation has ended; NULL when memory ran out or it has not. Belongs to the recorder.
 */
const struct recorded_run *recorder_run(const struct recorder *recorder);

/* The recorded train of that id, NULL if there is none (at `summary` never any). */
const struct recorded_train *recorded_train_find(const struct recorded_run *run, int64_t train_id);

/* Whether the simulation has to tell blocks, or containers, for this detail. */
bool detail_wants_blocks(enum detail_level detail);
bool detail_wants_containers(enum detail_level detail);

/* What all accounts of a side come to within the measured window, in cents; costs are positive. */
int64_t ledger_window_revenue(const struct ledger *ledger);
int64_t ledger_window_cost(const struct ledger *ledger);
bool account_is_revenue(enum account account); /* else a cost; a penalty is revenue that does not come */

#endif
