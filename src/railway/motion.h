/* How a train moves along a route: minimum-time speed profiles from train physics.
 *
 *   m ρ dv/dt = min(F, P/v) − (A + B v + C v²·tunnel) − m g (gradient, averaged over the train's length) − curve
 *
 * with the speed limit of the line, of the alignment, of the train and of the turnouts, each in force until the tail
 * has cleared it, and service braking at a constant rate. Sources: Davis (1926) for the form of the resistance;
 * Wende, Fahrdynamik des Schienenverkehrs (2003), ch. 2–4 for the equation of motion; curve resistance by Röckl,
 * r = 650/(R − 55) N/kN for R ≥ 300 m and 500/(R − 30) below (a radius under 100 m counts as 100).
 *
 * What is understood by these words:
 * - Everything the line does to a train is averaged over its length: gradient, curve, and the share of it that is in a
 *   tunnel (the factor of C grows from 1 to tunnel_drag as the train enters). g is 9.80665 m/s²; a permille of gradient
 *   or of N/kN is a thousandth of the weight m g. A train shorter than 1 m counts as 1 m.
 * - The braking rate brake_ms2 is a planned net deceleration: gradient and resistance are not added to it. Where they
 *   alone would slow the train down more than that, traction makes up the difference as far as it can.
 * - Traction may be unable to hold a limit: the train then slows down towards its balancing speed, and comes to a stand
 *   (stalls) if even the full effort is not enough.
 *
 * A `motion_path` is one train type on one route, laid out on a straight axis x (metres of head position). A `run` is
 * one stretch of movement of the head from x0 to x1. Nothing here knows signals, stations' tracks or other trains.
 *
 * A path is immutable: any number of threads may run on it at once. A run allocates nothing and gives the same result,
 * to the last bit, wherever doubles are IEEE and not contracted. */
#ifndef BERING_RAILWAY_MOTION_H
#define BERING_RAILWAY_MOTION_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/network.h"
#include "railway/timetable.h"
#include "railway/train_type.h"

struct motion_path;

/* Lays `type` on `route` (route_length ≥ 1 legs). x = 0 is the origin's centre; centre k lies at the sum of the
 * lengths of the first k legs. Before 0 and beyond the last centre the line goes on level, straight, in the open and
 * without a limit of its own. The path copies what it needs. NULL when out of memory. The type must have traction
 * (has_traction, brake_ms2 > 0; an effort or a power of 0 is allowed and only stalls). */
struct motion_path *motion_path_create(const struct network *network, const struct train_type *type,
                                       const struct route_leg *route, int32_t route_length);
void motion_path_destroy(struct motion_path *path); /* NULL is allowed */

/* The line's speed limit for a head at x (the tail's limits included), never above the train's own, m/s. */
double motion_path_limit(const struct motion_path *path, double x_m);
/* The most from which the limits ahead can be kept, too, by service braking. */
double motion_path_approach(const struct motion_path *path, double x_m);

struct motion_request {
    double from_m;         /* head at the start */
    double to_m;           /* head at the end, > from_m */
    double entry_speed_ms; /* 0: starts from rest; else it runs through. Above what the limits ahead allow it brakes for
                              them from from_m on; too near to a stop or a limit for that, as hard as it must */
    bool stop;             /* comes to rest at to_m; otherwise runs through it */
    double start_limit_ms; /* turnouts left behind: in force while the tail has not passed from_m; INFINITY: none */
    double end_limit_ms;   /* turnouts ahead: in force from end_limit_from_m on to to_m; INFINITY: none */
    double end_limit_from_m;
    double exit_limit_ms; /* most speed at to_m of a run through, because of what lies beyond; 0: as the limits allow */
    double sighting_m;    /* added to the braking distance where a signal is wanted (see wanted_s) */
};

/* Positions asked for, ascending or not, and the answers, all in seconds from the start of the run. Arrays of `count`
 * belong to the caller. Both answers rise with at_m. After a stall they hold for what was reached, else NAN. */
struct motion_marks {
    int32_t count;
    const double *at_m;
    double *passed_s; /* when the head is at at_m: from_m ≤ at_m ≤ to_m; NAN outside. NULL: not wanted */
    double *wanted_s; /* when the head comes within braking distance + sighting of at_m (the last moment at which a
                         train that is to stop there could begin to brake, from the speed it then has); may be
                         negative where it lies before from_m at entry_speed_ms (extended back at that speed);
                         0 for a start from rest already within it; NAN where the run ends before. NULL: not wanted */
};

struct motion_result {
    double duration_s;
    double indication_s; /* where braking for a stop at to_m begins, sighting included, ≥ 0; also when `stop` is false:
                            the last moment to decide between the two */
    double exit_speed_ms; /* 0 when it stops */
    double energy_j;      /* at the wheel: traction only, braking gives nothing back */
};

/* Computes one run. The head runs as fast as limits, traction and braking for every limit and stop ahead allow: the
 * limits of the path beyond to_m are honoured too (a run through arrives no faster than lets it brake for them), so
 * that a run with stop and one without are identical, to the last bit, until indication_s. `marks` may be NULL.
 * Returns false when the train stalls (cannot start, or cannot climb, and never reaches to_m): *stalled_at_m (NULL: not
 * wanted) is then where its head stands, and *result is left alone. Accurate to 0.1 % in time and energy. */
bool motion_run(const struct motion_path *path, const struct motion_request *request, const struct motion_marks *marks,
                struct motion_result *result, double *stalled_at_m);

#endif
