/* The rows of a run put together: a hop is a train's way from one station to the next, with the blocks it held. */
#ifndef BERING_AUDIT_MOVEMENTS_H
#define BERING_AUDIT_MOVEMENTS_H

#include "audit/rows.h"
#include "audit/world.h"

struct audit_hop {
    int32_t train;   /* index in rows.trains */
    int32_t call;    /* index in rows.calls of where it starts; the next row is where it ends */
    int32_t section; /* −1: no section joins the two stations */
    int32_t direction, line_track;
    int64_t departure_ms; /* head in */
    int64_t arrival_ms;   /* head at the exit signal of the next station; AUDIT_NULL_MS: not there yet */
    /* From the occupations that belong to it; AUDIT_NULL_MS where there are none, or it was not over at the end. */
    int32_t first_occupation, occupation_count;
    int64_t clear_ms, release_ms; /* of its last block */
};

struct audit_movements {
    struct audit_hop *hops; /* by section, line track, then departure; those with no section first */
    int32_t hop_count;
};

/* Occupations are given to hops in their order: the first ones that name the hop's section and direction. False when
 * out of memory. */
bool audit_movements_find(const struct audit_world *world, const struct audit_rows *rows,
                          struct audit_movements *movements);
void audit_movements_free(struct audit_movements *movements);

/* The end of the hops that share section and line track with hops[first], which is the first of them. */
int32_t audit_movements_end(const struct audit_movements *movements, int32_t first);

#endif
