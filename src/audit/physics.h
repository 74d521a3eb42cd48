/* The least time a train can need, by an integration of the audit's own.
 *
 * From a standstill to the next one a train can follow no faster a speed than the profile that this module finds: at
 * every point the greatest speed from which everything ahead can still be kept. That profile lies above every possible
 * one at every point, so the time between any two points of the way is a lower bound by itself, for a train that was
 * slowed earlier too. It is the technical minimum: no supplement, no random factor. */
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

/* A way of `leg_count` legs; it begins at the exit signal of the first station and ends at that of the last. At rest
 * at either end or not: where not, any speed that the limits allow is granted. */
struct audit_way {
    int32_t type;
    const struct audit_leg *legs;
    int32_t leg_count;
    bool starts_at_rest, ends_at_rest;
};

/* least_s[i], leg_count entries: the least time from the exit signal at the beginning of leg i to that at its end, to
 * the head of the train. Legs with a fixed running time have that (run, and start and stop where they apply), divided
 * by nothing: `running_factor` never makes a train faster than its technical minimum, which for a fixed time is the
 * time given. False when out of memory, or when the train cannot run this way at all (no traction given, too steep);
 * least_s then holds zeros. */
bool audit_least_times(const struct audit_world *world, const struct audit_way *way, double *least_s);

/* Metres from the exit signal at the beginning of a leg to that at its end; `length_m` of the train counts where a
 * station's zone is as long as the train. */
double audit_leg_metres(const struct audit_world *world, const struct audit_leg *leg, double length_m);

#endif
