/* One experiment from a scenario to a file: the replications it asks for, simulated side by side and appended to a
 * database. What `bering run` and the library have in common; before it comes warmup_settle. */
#ifndef BERING_STUDY_EXPERIMENT_H
#define BERING_STUDY_EXPERIMENT_H

#include "study/replications.h"

struct experiment_request {
    const struct scenario *scenario; /* its warm-up settled */
    const struct simulation_plan *plan;
    const char *database;    /* path of the file; made only now, that there is something sound to write */
    const char *command;     /* for the table `experiments` */
    const char *arguments;   /* likewise */
    int32_t jobs;            /* 1 … EXPERIMENT_MOST_JOBS */
    const atomic_bool *stop; /* NULL: cannot be interrupted */
    void (*progress)(void *context, const struct replications_progress *progress); /* NULL: nobody wants to know */
    void *context;
};

enum { EXPERIMENT_MOST_JOBS = 256 };

/* As replications_run: on success *replications is to be freed with replications_free. */
bool experiment_run(const struct experiment_request *request, struct replications *replications,
                    struct failure *failure);

/* One job for each processor. */
int32_t experiment_default_jobs(void);

#endif
