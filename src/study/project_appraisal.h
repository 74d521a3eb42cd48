/* Does a scenario pay? How many trains its line carries (project_capacity.h) and what its traffic earns and costs
 * (project_runs.h, project_traffic.h), both simulated, put into an appraisal (appraisal.h).
 *
 *     struct project_appraisal project;
 *     const struct project_request request = {.scenario = scenario, .plan = plan, .database = "bering.db", …};
 *     if (!project_appraise(&request, &project, &failure)) …failure.text says why…
 *     …project.appraisal…
 *     project_appraisal_free(&project);
 *
 * What was simulated lies in the database before the appraisal is made; what the appraisal says is written by
 * appraisal_store.h. The same input, seed and evidence give the same figures, whatever the number of jobs. */
#ifndef BERING_STUDY_PROJECT_APPRAISAL_H
#define BERING_STUDY_PROJECT_APPRAISAL_H

#include "study/appraisal.h"
#include "study/project_capacity.h"
#include "study/project_runs.h"

enum { PROJECT_SHIFTS = 16, PROJECT_STANDARD_SAMPLES = 4096 };

enum project_step { PROJECT_CAPACITY_STEP, PROJECT_TRAFFIC_STEP, PROJECT_SAMPLES_STEP };

struct project_request {
    struct scenario *scenario; /* of detail `trains` or more; project_traffic_possible; its warm-up may get settled */
    const struct simulation_plan *plan; /* of the scenario */
    enum capacity_answer answer;
    double given_per_day; /* CAPACITY_ANSWER_GIVEN */
    int32_t samples;      /* in all; a power of two, from 2 · PROJECT_SHIFTS to APPRAISAL_MOST_SAMPLES */
    const char *database;
    const char *arguments; /* as `bering run` and `bering capacity` would be given to find the same evidence */
    int32_t jobs;
    const atomic_bool *stop; /* NULL: cannot be interrupted */
    /* Told from the calling thread; NULL: nobody wants to know. share_done is that of the step. */
    void (*progress)(void *context, enum project_step step, double share_done);
    void *context;
};

struct project_appraisal {
    struct project_capacity capacity;
    struct project_runs runs; /* its sums are empty: they have gone into `traffic` */
    struct project_traffic traffic;
    double options_capex_usd, options_opex_usd_per_year;
    struct appraisal *appraisal;
};

/* False when interrupted, when nothing was delivered, when the traffic deadlocks or something fails. */
bool project_appraise(const struct project_request *request, struct project_appraisal *project,
                      struct failure *failure);
void project_appraisal_free(struct project_appraisal *project); /* leaves it empty */

/* The last full year of operation of the single case (of a life without one, the last part of a year, as if it were
 * whole): what a year brings once the traffic has grown. Without capital, renewals and residual value. */
struct cash_year appraisal_mature_year(const struct appraisal *appraisal);

/* In plain words: "pays", "does not pay", "may pay". */
enum project_verdict {
    PROJECT_PAYS,     /* in at least 95 of 100 cases */
    PROJECT_DOES_NOT, /* in at most 5 of 100 */
    PROJECT_MAY,
};
enum project_verdict project_verdict_of(const struct appraisal *appraisal);
const char *project_verdict_word(enum project_verdict verdict); /* pays, does_not_pay, may_pay */

#endif
