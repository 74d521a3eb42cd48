/* A run as a database keeps it: all that it can be repeated from.
 *
 *     struct kept_run run;
 *     if (!kept_run_read(database, run_id, &run, &failure)) …the database fails, or memory is short…
 *     if (run.obstacle == KEPT_RUN_FREE) scenario = kept_run_scenario(&run, &diagnostics);
 *     kept_run_free(&run);
 *
 * The files are those of the table `inputs`; what the command line added is taken from the table `settings` and the
 * run's own row, since the command itself need not have come from a command line. */
#ifndef BERING_RESULTS_KEPT_RUN_H
#define BERING_RESULTS_KEPT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"
#include "scenario/scenario.h"

/* What stands in the way of repeating a run. */
enum kept_run_obstacle {
    KEPT_RUN_FREE, /* nothing */
    KEPT_RUN_UNKNOWN,
    KEPT_RUN_RUNNING,
    KEPT_RUN_INTERRUPTED,
    KEPT_RUN_FAILED,
    KEPT_RUN_ROW_WRONG, /* its row in `runs` cannot have been written by Bering */
    KEPT_RUN_INPUTS_MISSING,
    KEPT_RUN_INPUTS_CHANGED, /* the files kept are not those its input_sha256 was taken of */
    KEPT_RUN_SETTINGS_MISSING,
    KEPT_RUN_SETTINGS_CHANGED, /* they contradict the run's row; kept_run_agrees tells */
    KEPT_RUN_INPUTS_WRONG      /* this version finds errors in them; only kept_run_scenario can tell */
};

/* A word, and why in a clause that follows on "the run cannot be repeated: ". */
const char *kept_run_obstacle_name(enum kept_run_obstacle obstacle);
const char *kept_run_obstacle_text(enum kept_run_obstacle obstacle);

struct kept_setting {
    char *key, *value;
    bool placed; /* it is known when it was applied; false: written by a version that did not keep it */
};

/* Texts are never NULL: "" where the database has NULL. */
struct kept_run {
    enum kept_run_obstacle obstacle;
    int64_t run_id, replication, seed, horizon_ms;
    char *scenario, *schedule, *variant, *dispatch, *detail, *status, *input_sha256, *results_sha256, *bering_version;
    char *folder;              /* of the scenario among the files; NULL if there is none that they fit */
    struct input_file *inputs; /* sorted by path */
    int32_t input_count;
    struct kept_setting *settings; /* in the order they were applied, as far as that is known */
    int32_t setting_count;
    bool order_kept; /* of all settings */
};

/* False only when the database fails or memory is short. */
bool kept_run_read(struct database *database, int64_t run_id, struct kept_run *run, struct failure *failure);
void kept_run_free(struct kept_run *run); /* leaves it empty */

/* The scenario that was simulated, read from the files kept; the run must have no obstacle. NULL where scenario_read
 * would give it, with diagnostics. Where the order of the settings is not known, those of more rows are taken to have
 * come before those of fewer. */
struct scenario *kept_run_scenario(const struct kept_run *run, struct diagnostics *diagnostics);

/* Whether such a scenario fits what the run's row says of seed, dispatch and detail. */
bool kept_run_agrees(const struct kept_run *run, const struct scenario *scenario);

#endif
