/* A capacity study in a database, written by hand, for the tests of its charts: experiment 2, beside the run of
 * graph_fixture.h and with its input files. */
#ifndef BERING_TESTS_CHART_STUDY_FIXTURE_H
#define BERING_TESTS_CHART_STUDY_FIXTURE_H

#include "graph_fixture.h"

/* The database with a run, an empty experiment 2, and a line of so many stations; the transaction is still open. */
struct database *study_open(int stations, const char *const *names);

struct study_row {
    const char *answer;                /* theoretical, compressed, saturated, practical */
    int fleet;                         /* 0: NULL */
    double trains_per_day, half_width; /* NAN: NULL */
    const char *place, *binds, *reason;
};
void study_answer(struct database *database, const char *variant, const struct study_row *row);

/* A demand of the curve `practical`; seconds. */
void study_point(struct database *database, const char *variant, int seq, double demand, double mean_s,
                 double half_width_s, double p90_s);

void study_fit(struct database *database, const char *variant, double limit_s, const char *measure, const char *outcome,
               double a_s, double b);

void study_section(struct database *database, const char *variant, int seq, const char *section, int line_track,
                   double occupancy);

/* All of a variant that carries `capacity` trains a day: every answer, a curve of delay that bends up towards it and
 * crosses the limit of half an hour, its fit, and the sections X0 … of the line. */
void study_variant(struct database *database, const char *variant, double capacity, int sections);

#endif
