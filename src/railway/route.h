/* The way a train takes: the shortest by running time from its first call to its last through those between.
 *
 * A section's running time is the fixed one (running_times.csv) where there is one for the type and direction, else
 * what its length takes at the line's speed limits, the alignment's included, and the train's own. Sections of another
 * gauge, or too low for the train, are not used. No station is visited twice: from call to call the search keeps away
 * from stations already visited and from the calls still to come; that finds a way through wherever there is one on a
 * line or a tree, and in meshes unless the shortest way to one call blocks every way to the next. */
#ifndef BERING_RAILWAY_ROUTE_H
#define BERING_RAILWAY_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/network.h"
#include "railway/timetable.h"
#include "railway/train_type.h"

/* Finds routes in one network for many trains: the ways out of each station are laid out once, and running times are
 * worked out once for each type. Refers to what it was made from. Not for use by several threads at once. */
struct route_finder;

struct route_finder *route_finder_create(const struct network *network, const struct train_type *types,
                                         int32_t type_count, const struct running_time *running_times,
                                         int32_t running_time_count); /* NULL: out of memory */
void route_finder_destroy(struct route_finder *finder);               /* NULL is allowed */

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_NONE,     /* no way from call `failed_call` − 1 to it for this type */
    ROUTE_REVISITS, /* there is a way to call `failed_call`, but only over a station visited before or called at later;
                       also when a station is called at twice */
    ROUTE_NO_MEMORY
};

struct route_answer {
    enum route_outcome outcome;
    struct route_leg *legs; /* ROUTE_FOUND: the caller frees; else NULL */
    int32_t leg_count;
    double duration_s;
    int32_t failed_call;
    int32_t barrier; /* ROUTE_NONE: a section that is there but unusable for the type; −1: nothing connects them */
};

/* From stations[0] to stations[count − 1], count ≥ 2, through the others in their order. */
struct route_answer route_find(struct route_finder *finder, int32_t train_type, const int32_t *stations, int32_t count);

/* Whether a train of this type may run over this section at all. */
bool section_usable(const struct section *section, const struct train_type *type);

/* The station a leg leads to. */
int32_t route_leg_end(const struct network *network, const struct route_leg *leg);

#endif
