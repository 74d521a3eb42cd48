/* Appraisals in a database, written by hand, for the tests of their charts: experiment 2, beside the run of
 * graph_fixture.h. */
#ifndef BERING_TESTS_CHART_APPRAISAL_FIXTURE_H
#define BERING_TESTS_CHART_APPRAISAL_FIXTURE_H

#include "graph_fixture.h"

/* The database with a run and an empty experiment 2; the transaction is still open. */
struct database *appraisal_open(void);

/* One appraisal of the scenario "Studied line", in dollars. */
void appraisal_add(struct database *database, int seq, const char *variant, double single_npv_usd,
                   double probability_pays);

/* A year: the sums of the case of all means and of the middle case, and by how much 75 and 95 of 100 cases lie above
 * (and 25 and 5 below) the middle one. */
void appraisal_add_year(struct database *database, int seq, int year, double single, double middle, double quarter,
                        double most, double teu);

/* A bar; `switching` NAN: none. */
void appraisal_add_bar(struct database *database, int seq, int rank, const char *input, double low, double mean,
                       double high, double npv_low, double npv_high, double switching);

#endif
