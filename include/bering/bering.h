/* libbering: how many trains a day can a railway carry? A discrete-event simulator of rail throughput.
 *
 * A scenario is a folder of CSV tables (docs/formats.md). It is opened once (scenario.h) and then run as often as you
 * like (run.h): one replication with callbacks, or many of them side by side into an SQLite database, from which any run
 * can be made again (rerun.h).
 *
 *     #include <bering/bering.h>
 *     #include <stdio.h>
 *
 *     static void on_train(void *context, const struct bering_train *train) {
 *         double *late_min = context;
 *         if (train->status == BERING_TRAIN_ARRIVED) *late_min += (double)train->delay_ms / 60000;
 *     }
 *
 *     int main(int argc, char **argv) {
 *         if (argc < 2) return 2;
 *         struct bering_problems *problems;
 *         struct bering_scenario *scenario = bering_scenario_open(argv[1], NULL, &problems);
 *         for (int32_t index = 0; index < bering_problems_count(problems); index++) {
 *             const struct bering_problem problem = bering_problems_at(problems, index);
 *             fprintf(stderr, "%s:%d:%d: %s\n", problem.file, problem.line, problem.column, problem.message);
 *         }
 *         bering_problems_free(problems);
 *         if (scenario == NULL) return 1;
 *         double late_min = 0;
 *         const struct bering_listener listener = {.context = &late_min, .train = on_train};
 *         const enum bering_run_status status = bering_run(scenario, 1, &listener, NULL, NULL);
 *         if (status == BERING_RUN_COMPLETE) printf("%.0f minutes late in all\n", late_min);
 *         bering_scenario_close(scenario);
 *         return status == BERING_RUN_COMPLETE ? 0 : 1;
 *     }
 *
 * Compile it with
 *     cc -o late late.c $(pkg-config --cflags --libs bering)
 *
 * What holds everywhere:
 *   Units     times are whole milliseconds from 00:00 UTC of the scenario's start date, in an int64_t that ends in
 *             _ms; a time that has not come or is not planned is BERING_TIME_NONE. Stations and sections are numbered
 *             from 0 in the order of their files, only those counted that are switched on.
 *   Ownership what a function named _open, _create or _run_into returns is yours, and is given back to the _close or
 *             _free of its kind, all of which allow NULL. Texts belong to what they were asked of. What a callback is
 *             shown lives until it returns.
 *   Errors    are values: nothing is printed, nothing ends the process. Where input is wrong there are problems with
 *             their place; where work fails there is a sentence (struct bering_error).
 *   Threads   different scenarios have nothing in common. One scenario may be run by several threads at once.
 *   Chance    the same input, seed and replication give the same results, whatever the number of threads. */
#ifndef BERING_BERING_H
#define BERING_BERING_H

#include <bering/rerun.h>
#include <bering/run.h>
#include <bering/scenario.h>
#include <bering/version.h>

#endif
