/* The words that stand in the database and in the output for what is a number inside (docs/formats.md §4). */
#ifndef BERING_RESULTS_WORDS_H
#define BERING_RESULTS_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/scenario.h"
#include "simulation/observer.h"

enum run_status { RUN_RUNNING, RUN_COMPLETE, RUN_DEADLOCKED, RUN_INTERRUPTED, RUN_FAILED };

/* All return static text. */
const char *run_status_name(enum run_status status);
const char *train_status_name(enum train_status status);
const char *container_status_name(enum container_status status);
const char *wait_cause_name(enum wait_cause cause); /* NULL for WAIT_NONE */
const char *direction_name(int32_t direction);
const char *dispatch_name(enum dispatch_kind dispatch);
const char *detail_name(enum detail_level detail);

enum { TRAIN_NAME_SIZE = 112 };

/* The train's name in the results: `T7@3` for day 3 of the timetable's train T7 (just `T7` with repeat once), `S@3.n`
 * for the n-th train of service S on day 3. */
void train_name(const struct scenario *scenario, int32_t plan, int64_t day, int64_t number, char name[TRAIN_NAME_SIZE]);

/* What the scenario is called: its `name`, else the last part of its folder. Writes at most size bytes. */
void scenario_title(const struct scenario *scenario, char *title, size_t size);

#endif
