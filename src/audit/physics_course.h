/* A way laid out on a straight axis, as the audit's integration reads it. Private to the physics of the audit.
 *
 * x is the position of the head in metres, 0 at the centre of the first station of the way's first leg. What the line
 * does to a train of length L, averaged over x − L … x, is linear from one edge to the next, where an edge is any place
 * at which something begins or ends, met by the head or by the tail. Between two edges lies a piece. */
#ifndef BERING_AUDIT_PHYSICS_COURSE_H
#define BERING_AUDIT_PHYSICS_COURSE_H

#include "audit/physics.h"

struct audit_piece {
    double from_m;
    double force_n; /* at from_m: Davis A, gradients and curves; linear to the next piece's */
    double drag;    /* at from_m: N s²/m², tunnels included; likewise */
    double limit;   /* v², in all of the piece */
    double ceiling; /* v² allowed at from_m by everything ahead: left to the integration */
};

struct audit_course {
    struct audit_piece *pieces; /* piece_count, the last being the end of the course and nothing more */
    int32_t piece_count;
    int32_t *begins; /* audit_way_parts() + 1: the piece with which each part begins, and the end */
};

/* False when out of memory. The type must have traction. */
bool audit_course_lay(const struct audit_world *world, const struct audit_way *way, struct audit_course *course);
void audit_course_free(struct audit_course *course);

#endif
