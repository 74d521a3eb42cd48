/* The answers of capacity.h in a database: tables `capacity`, `capacity_points`, `capacity_sections`, `capacity_fits`
 * (docs/formats.md). All variants of one question are one experiment, written in one transaction once they are known.
 */
#ifndef BERING_STUDY_CAPACITY_STORE_H
#define BERING_STUDY_CAPACITY_STORE_H

#include "study/capacity.h"

struct capacity_answered {
    const struct scenario *scenario; /* its `variant` names the rows */
    const struct capacity *capacity;
};

/* Appends to the file, which is made if it is not there. *experiment_id receives the new experiment. */
bool capacity_store(const char *database, const char *arguments, const struct capacity_answered *answered,
                    int32_t count, int64_t *experiment_id, struct failure *failure);

#endif
