/* What an appraisal left in the database, as its charts need it: docs/formats.md, tables `appraisals…`. */
#ifndef BERING_CHART_APPRAISAL_TABLES_H
#define BERING_CHART_APPRAISAL_TABLES_H

#include <stddef.h>
#include <stdint.h>

#include "results/database.h"

/* Sums of money up to the end of a calendar year, discounted, in dollars. */
struct appraisal_sums {
    int32_t year;
    double p5, p25, p50, p75, p95;
    double single; /* of the case of all means */
    double teu;    /* carried in that year, in that case */
};

/* An uncertain input by itself. NAN: there is no switching value. */
struct appraisal_bar_row {
    char *input;
    double low, mean, high, npv_low_usd, npv_high_usd, switching_value;
};

struct appraisal_tables {
    int64_t experiment_id;
    int32_t seq;
    int32_t others; /* appraisals of the experiment that were asked for as well */
    char *scenario, *variant, *viewpoint; /* variant: "" for none */
    int32_t price_year;                   /* 0: none */
    double single_npv_usd, npv_usd, probability_pays, discount_rate;
    struct appraisal_sums *years; /* in their order */
    int32_t year_count;
    struct appraisal_bar_row *bars; /* the widest first */
    int32_t bar_count;
};

/* Experiment 0: the latest with an appraisal. `name`: the first of its appraisals with that variant or scenario; NULL:
 * the first. Fails where there is none, saying what there is to do. */
bool appraisal_tables_read(struct database *database, int64_t experiment_id, const char *name,
                           struct appraisal_tables *tables, struct failure *failure);
void appraisal_tables_free(struct appraisal_tables *tables); /* leaves it empty */

/* "experiment 3 · Bering Strait tunnel as proposed in 2025, bare · money of the whole project, prices of 2025" */
void appraisal_tables_title(const struct appraisal_tables *tables, char *text, size_t size);

#endif
