/* A path as motion_run reads it: what opposes a train and what limits it, as functions of the position x of its head.
 *
 * Because a train of length L is somewhere between x − L and x, everything the line does to it is an average, or a
 * minimum, over that window. On strips of constant gradient, curvature and tunnel the averages are linear between the
 * edges of the strips and the same edges shifted by L; the minimum is constant there. Both are laid out once here.
 *
 * Speeds appear as levels w = v²/2 (m²/s²), the kinetic energy per kilogram: dw/dx is the acceleration, so braking at a
 * constant rate is a straight line in (x, w) and the envelope of all braking curves a chain of straight pieces.
 *
 * Private to the motion module. */
#ifndef BERING_RAILWAY_MOTION_PATH_H
#define BERING_RAILWAY_MOTION_PATH_H

#include <stdbool.h>
#include <stddef.h>

/* Each piece holds from its from_m to that of the next one; the first also before, the last also beyond. */

struct resistance_piece {
    double from_m;
    double force_n, force_slope; /* Davis A, gradient and curve at from_m; per metre */
    double drag, drag_slope;     /* the factor of v², tunnel included, N s²/m², at from_m; per metre */
};

struct limit_piece {
    double from_m;
    double speed_ms;
};

struct envelope_piece {
    double from_m;
    double end_level; /* at the end of the piece; a level piece has it everywhere */
    bool braking;     /* falls by the braking rate towards its end */
};

struct motion_path {
    double length_m;    /* of the train */
    double inertia_kg;  /* mass times rotating mass */
    double per_inertia; /* its reciprocal, for the many divisions */
    double effort_n;    /* both 0 for a train without traction */
    double power_w;
    double switch_level; /* where effort gives way to power */
    double davis_b_ns_m;
    double brake_ms2;
    double max_speed_ms;
    struct resistance_piece *resistances;
    size_t resistance_count;
    struct limit_piece *limits;
    size_t limit_count;
    struct envelope_piece *envelope;
    size_t envelope_count;
};

/* The piece that holds at x, by binary search. */
size_t motion_path_resistance_index(const struct motion_path *path, double x_m);
size_t motion_path_envelope_index(const struct motion_path *path, double x_m);

#endif
