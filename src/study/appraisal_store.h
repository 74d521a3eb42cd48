/* Appraisals in a database: tables `appraisals`, `appraisal_years`, `appraisal_bars`, `appraisal_samples`
 * (docs/formats.md). All columns of one question are one experiment, written in one transaction once they are known. */
#ifndef BERING_STUDY_APPRAISAL_STORE_H
#define BERING_STUDY_APPRAISAL_STORE_H

#include "study/project_appraisal.h"

struct appraised {
    const struct scenario *scenario;
    const struct project_appraisal *project;
};

/* Appends to the file, which is made if it is not there. *experiment_id receives the new experiment. */
bool appraisal_store(const char *database, const char *arguments, const struct appraised *appraised, int32_t count,
                     int64_t *experiment_id, struct failure *failure);

#endif
