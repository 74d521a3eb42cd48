/* The least time a train can need, by an integration of the audit's own.
 *
 * From a standstill to the next one a train can follow no faster a speed than the profile that this module finds: at
 * every point the greatest speed from which everything ahead can still be kept, and that traction can bring about.
 * That profile lies above every possible one at every point, so the time between any two points of the way is a lower
 * bound by itself, for a train that was slowed earlier too. It is the technical minimum: no supplement, no random
 * factor.
 *
 * What moves a train and what limits it is said in docs/model.md, "Geometry" and "Motion". The state is v², the
 * variable the way: in it constant braking and constant traction are straight lines. Constant accelerations, limits and
 * braking come out exact; what bends (drag, power, gradients coming under the train) goes in steps of at most 50 m,
 * which is within 0.02 % of the truth, to either side (tests/audit/physics_test.c compares). A way of 100 km takes
 * a fraction of a millisecond. */
#ifndef BERING_AUDIT_PHYSICS_H
#define BERING_AUDIT_PHYSICS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/world.h"

/* One section on a way, and the station at its end. */
struct audit_leg {
    int32_t section;
    enum audit_direction direction;
    int32_t track_from, track_to; /* world.tracks used at its two ends; −1: unknown, no limit through turnouts */
};

/* Some legs of a train's route that are run without a stop: they begin at the exit signal of the first station and end
 * at that of the last. The legs around them, if there are any, lie under the train when it stands at either end, and
 * count for gradients and limits: as many as it is long. At rest at either end or not: where not, any speed is granted
 * there from which the limits ahead can be kept, as far as the way goes. */
struct audit_way {
    int32_t type;
    int32_t quarters_missing;     /* of its load: audit_type_without; 0: as if full */
    const struct audit_leg *legs; /* joined to each other */
    int32_t leg_count;
    int32_t first, count; /* those that are run */
    bool starts_at_rest, ends_at_rest;
};

/* A leg is told in parts: its blocks in the order they are run (audit_section_blocks), the last of them up to the exit
 * signal. How many there are in the legs that are run. */
int32_t audit_way_parts(const struct audit_world *world, const struct audit_way *way);

/* least_s[i], an entry for each part: the least time of the head from its beginning to the next one's. INFINITY: the
 * train cannot run it at all (no traction given, too steep).
 *
 * A leg with a fixed running time takes that, from exit signal to exit signal, whatever the zones of its stations:
 * run_s, spread evenly over its blocks, and start_s and stop_s where it begins or ends the way at rest. Neither
 * supplement nor `running_factor` make that less, and `clear_by_length`, which is about tails, changes nothing. A
 * computed leg that follows it, or leads to it, without a stop is granted the same as one that begins, or ends, the way
 * so.
 *
 * False when out of memory; least_s is then not filled. */
bool audit_least_times(const struct audit_world *world, const struct audit_way *way, double *least_s);

/* Metres from the exit signal at the beginning of a leg to that at its end. A station's zone is as long as its longest
 * track, one without a length counting as long as the train, `length_m`. */
double audit_leg_metres(const struct audit_world *world, const struct audit_leg *leg, double length_m);

#endif
