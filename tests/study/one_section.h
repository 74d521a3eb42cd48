/* Lines with known answers, for the tests of simulated capacity. */
#ifndef BERING_TESTS_ONE_SECTION_H
#define BERING_TESTS_ONE_SECTION_H

#include "study/demand.h"
#include "support/railway_builder.h"

/* A sanitizer slows experiments tenfold, and sees no more in the hundredth than in the first dozen: coverage is what the
 * builds without one are for. */
#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

struct studied {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct demand demand;
};

/* Plans the scenario and reads its demand; ends the test where that fails. */
struct studied studied_of(struct scenario *scenario);
void studied_free(struct studied *studied); /* and the scenario */

/* M/D/1: trains at random from both ends before one section of 30 min, one at a time, first come first served. It
 * carries 48 a day, and the mean wait is F10's. */
struct studied queue_line(int64_t seed);
enum { QUEUE_SERVICE_MIN = 30 };
double queue_demand_at(double wait_min); /* trains a day at which the mean wait is so long */

/* One section, strictly by turns, running times uniform between 30 and 45 min, 4 min between trains: a renewal process
 * that carries 1440 / 41.5 trains a day. Trains come by the clock. */
struct studied turns_line(int64_t seed);
extern const double turns_line_per_day;

#endif
