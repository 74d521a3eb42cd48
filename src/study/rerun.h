/* A run repeated from its database alone: is it still the same?
 *
 *     struct rerun rerun;
 *     const struct rerun_request request = {.database = "bering.db", .run_id = 3};
 *     if (!rerun_run(&request, &rerun, &failure)) …failure.text says why…
 *     if (rerun.outcome == RERUN_SAME) …
 *
 * The scenario is read from the files and settings that were kept, the replication simulated again, and its results
 * gathered in memory; the database is read and never written to. Same means: the hash that was stored with the run,
 * the rows that lie there now and the rows made now all agree, and so does the run's status. */
#ifndef BERING_STUDY_RERUN_H
#define BERING_STUDY_RERUN_H

#include "results/kept_run.h"
#include "results/run_difference.h"
#include "scenario/sha256.h"
#include "study/replications.h"

struct rerun_request {
    const char *database; /* path of the file */
    int64_t run_id;
    const atomic_bool *stop;                                                       /* NULL: cannot be interrupted */
    void (*progress)(void *context, const struct replications_progress *progress); /* NULL: nobody wants to know */
    void *context;
};

enum rerun_outcome { RERUN_SAME, RERUN_DIFFERENT, RERUN_IMPOSSIBLE, RERUN_INTERRUPTED };

struct rerun {
    enum rerun_outcome outcome;
    enum kept_run_obstacle obstacle; /* RERUN_IMPOSSIBLE: which */
    char details[512];               /* the first error in input files that are wrong; "" otherwise */
    int64_t run_id, replication;
    char scenario[256], made_by[64]; /* the version of Bering that made it; "" where there is no such run */
    char kept_status[16], status[16];
    char kept_sha256[SHA256_TEXT_SIZE]; /* results_sha256 as stored with the run; "" if there is none */
    char rows_sha256[SHA256_TEXT_SIZE]; /* that of the rows as they lie in the database */
    char sha256[SHA256_TEXT_SIZE];      /* that of the run made now */
    bool order_kept;                    /* of the settings; false: by a version that did not keep it */
    struct run_difference difference;   /* between the rows that lie there and those made now */
};

/* False when the database cannot be read or memory is short. */
bool rerun_run(const struct rerun_request *request, struct rerun *rerun, struct failure *failure);

/* Why a run that is different may be so, in one sentence; NULL for any other outcome. Static text. */
const char *rerun_cause(const struct rerun *rerun);

const char *rerun_outcome_name(enum rerun_outcome outcome); /* "same" */

#endif
