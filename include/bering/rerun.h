/* Making a run again from its database alone: is it still what it says?
 *
 *     #include <bering/bering.h>
 *     #include <stdio.h>
 *
 *     int main(int argc, char **argv) {
 *         if (argc < 3) return 2;
 *         struct bering_scenario *scenario = bering_scenario_open(argv[1], NULL, NULL);
 *         if (scenario == NULL) return 1;
 *         const struct bering_database_request request = {.database = argv[2]};
 *         struct bering_experiment *experiment = bering_run_into(scenario, &request, NULL);
 *         const int64_t run_id = experiment != NULL ? bering_experiment_run_at(experiment, 0).run_id : 0;
 *         bering_experiment_free(experiment);
 *         bering_scenario_close(scenario);
 *         struct bering_rerun rerun;
 *         struct bering_error error;
 *         if (!bering_rerun(argv[2], run_id, NULL, &rerun, &error)) {
 *             fprintf(stderr, "%s\n", error.text);
 *             return 1;
 *         }
 *         printf("run %lld: %s\n", (long long)run_id, rerun.outcome == BERING_RERUN_SAME ? "the same" : rerun.why);
 *         return rerun.outcome == BERING_RERUN_SAME ? 0 : 1;
 *     }
 */
#ifndef BERING_PUBLIC_RERUN_H
#define BERING_PUBLIC_RERUN_H

#include <bering/run.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum bering_rerun_outcome {
    BERING_RERUN_SAME, /* the hash stored with the run, the rows that lie there and the rows made now all agree */
    BERING_RERUN_DIFFERENT,
    BERING_RERUN_IMPOSSIBLE, /* no such run, one without results, input files that are missing or were changed */
    BERING_RERUN_INTERRUPTED
};

/* All texts are "" where there is nothing of the kind. */
struct bering_rerun {
    enum bering_rerun_outcome outcome;
    char why[1024];         /* a sentence: why it is different or impossible */
    char made_by[64];       /* the version of Bering that made it */
    char stored_sha256[65]; /* results_sha256 as stored with the run */
    char rows_sha256[65];   /* that of the rows as they lie in the database */
    char sha256[65];        /* that of the rows made now */
    int64_t rows_different; /* that are not equal, or on one side alone */
    char first_table[64];   /* the first table in which rows differ */
    char first_row[1024];   /* its first row that does, in words: train, place, column, both values */
};

/* Reads input files and settings of the run from the database, simulates the same replication, and compares. Nothing is
 * written; a database that cannot be written to will do. `stop` and `error` may be NULL. False when the database cannot
 * be read or memory is short, with `error` saying why; then nothing is in *rerun. */
bool bering_rerun(const char *database, int64_t run_id, const struct bering_stop *stop, struct bering_rerun *rerun,
                  struct bering_error *error);

#ifdef __cplusplus
}
#endif

#endif
