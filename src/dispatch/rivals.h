/* Rivals: trains that wait for the same single line the other way. */
#ifndef BERING_DISPATCH_RIVALS_H
#define BERING_DISPATCH_RIVALS_H

#include "dispatch/policy.h"

/* Holds `request` while a train that the policy ranks before it waits for one of its roads the other way, and only the
 * road itself keeps that train: to run now would let the later come first for ever. Also while it would take the last
 * tracks of a place that trains the other way need to come to. */
struct dispatch_answer dispatch_hold_for_rivals(const struct dispatch_policy *policy, const void *state,
                                                const struct dispatch_view *view,
                                                const struct dispatch_request *request);

/* Are half the tracks of the station the request would go to taken by trains going its way from there, with trains of
 * the other way still to come? A siding filled by one direction lets nobody meet there. */
bool dispatch_target_is_crowded(const struct dispatch_view *view, const struct dispatch_request *request);

/* Trains of one way that may wait at a node: half the tracks of a station where both ways meet, else INT32_MAX. */
int32_t dispatch_waiting_room(const struct dispatch_view *view, const struct path *path, int32_t node);

#endif
