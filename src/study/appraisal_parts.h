/* Inside the appraisal: what its files share. */
#ifndef BERING_STUDY_APPRAISAL_PARTS_H
#define BERING_STUDY_APPRAISAL_PARTS_H

#include "study/appraisal.h"

/* appraisal_samples.c: values[sample × APPRAISAL_INPUT_COUNT + input], shift after shift. False: out of memory. */
bool appraisal_sample_values(const struct appraisal_input *input, double *values);

/* appraisal_bars.c: one for each uncertain input, the widest first. `flow` is scratch. */
void appraisal_make_bars(const struct appraisal_input *input, const double means[APPRAISAL_INPUT_COUNT],
                         struct appraisal_bar *bars, struct cash_flow *flow);

#endif
