/* A second opinion on train motion: small fixed steps of time, everything that depends on the line tabulated metre by
 * metre by going through all alignments under the train. Slow, plain, and shares no code with src/railway/motion*.
 *
 * Lengths of trains and sections, alignments' ends and the request's positions must be whole metres: then the tables
 * are exact. */
#ifndef BERING_TESTS_RAILWAY_MOTION_REFERENCE_H
#define BERING_TESTS_RAILWAY_MOTION_REFERENCE_H

#include <stdbool.h>

#include "railway/motion.h"

struct reference_result {
    bool arrives;
    double stalled_at_m;
    double duration_s, indication_s, exit_speed_ms, energy_j;
    double least_speed_ms; /* away from a start from rest and from the final braking */
};

/* The speed at which a train may at most be at from_m, everything ahead considered. */
double reference_entry_limit(const struct network *network, const struct train_type *type,
                             const struct route_leg *route, int32_t route_length, const struct motion_request *request);

/* Fills marks as motion_run does. */
struct reference_result reference_run(const struct network *network, const struct train_type *type,
                                      const struct route_leg *route, int32_t route_length,
                                      const struct motion_request *request, const struct motion_marks *marks,
                                      double step_s);

#endif
