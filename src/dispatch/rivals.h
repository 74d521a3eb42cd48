/* Rivals: trains that wait for the same single line the other way. */
#ifndef BERING_DISPATCH_RIVALS_H
#define BERING_DISPATCH_RIVALS_H

#include "dispatch/policy.h"

/* Holds `request` while a train that the policy ranks before it waits for one of its roads the other way, and only the
 * road itself keeps that train: to run now would let the later come first for ever. */
struct dispatch_answer dispatch_hold_for_rivals(const struct dispatch_policy *policy, const void *state,
                                                const struct dispatch_view *view,
                                                const struct dispatch_request *request);

/* A train that waits for `road` against `direction` and is kept by the road alone; −1: none. */
int32_t dispatch_rival(const struct dispatch_view *view, int32_t road, int32_t direction);

/* Does the station the request would go to already have `most` trains going its way from there, or so many that all but
 * one of its tracks are theirs? A siding filled by one direction lets nobody meet there. */
bool dispatch_target_is_crowded(const struct dispatch_view *view, const struct dispatch_request *request, int32_t most);

#endif
