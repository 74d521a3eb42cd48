#include "railway/motion.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "railway/motion_path.h"
#include "railway/motion_trace.h"

/* How it works. The position x of the head is the independent variable and the level w = v²/2 the state, so that
 * dw/dx is the acceleration. Limits and braking curves for everything ahead are straight lines in (x, w) that are known
 * beforehand; the least of them is the ceiling. The head is in one of three states:
 *
 *   on the ceiling   cruising at a limit or braking along a curve: exact, in one stride to the next change
 *   below it         full traction: third-order Runge–Kutta strides (Bogacki and Shampine 1989) with error control,
 *                    cut where they meet the ceiling or where effort gives way to power
 *   above it         only by an entry speed that was too high: braking until it is on the ceiling
 *
 * Changes of resistance, of the ceiling and the requested ends always end a stride. */

static const double level_tolerance = 1e-9;  /* relative; how near counts as on a line */
static const double stride_tolerance = 5e-5; /* relative error of w in one stride */
static const double touching_m = 1e-6;       /* nearer than this is there */
static const double settled_share = 1e-4;    /* of w, and of the effort: so near is at the balancing speed */
static const double least_stride_m = 1e-3;
static const double first_stride_m = 20;
static const double standstill_level = 5e-5; /* 0.01 m/s: slower than this and slowing down is stalled */

enum traction { BY_EFFORT, BY_POWER };

struct run {
    const struct motion_path *path;
    const struct motion_request *request;
    double x, w, t, energy;
    double reached_m, reached_w, reached_a; /* the end of the last free stride: often where the next one begins */
    double stride_m;                        /* the length the next free stride should have */
    size_t resistance;                      /* pieces that hold at x */
    size_t envelope;
    double start_until_m, start_level; /* the limit of the turnouts left behind */
    double end_level;                  /* and of those ahead */
    bool stop_curve;                   /* false once a run through has passed the point of decision */
    struct motion_trace trace;
};

/* The least of all lines from x to until_m. */
struct ceiling {
    double until_m;
    double level;              /* at x */
    bool braking;              /* it falls by the braking rate */
    double foot_m, foot_level; /* where a braking curve ends; until_m is not beyond it */
};

static double minimum(double a, double b) {
    return b < a ? b : a;
}

/* ---- forces ---- */

static double opposing_force(const struct run *run, double x, double level, double speed) {
    const struct resistance_piece *piece = &run->path->resistances[run->resistance];
    const double into = x - piece->from_m;
    return piece->force_n + piece->force_slope * into + run->path->davis_b_ns_m * speed +
           2 * level * (piece->drag + piece->drag_slope * into);
}

static double greatest_effort(const struct motion_path *path, double speed) {
    const double effort = path->effort_n;
    return effort * speed > path->power_w ? path->power_w / speed : effort;
}

static double acceleration(const struct run *run, enum traction traction, double x, double level) {
    const struct motion_path *path = run->path;
    const double held = level > 0 ? level : 0; /* a trial may overshoot standstill */
    const double speed = sqrt(2 * held);
    const double effort = traction == BY_POWER && speed > 0 ? path->power_w / speed : path->effort_n;
    return (effort - opposing_force(run, x, held, speed)) * path->per_inertia;
}

/* ∫ max(0, force) over `length`, the force being linear. */
static double positive_work(double force0, double force1, double length) {
    if (force0 <= 0 && force1 <= 0) return 0;
    if (force0 >= 0 && force1 >= 0) return (force0 + force1) / 2 * length;
    const double more = force0 > 0 ? force0 : force1, less = force0 > 0 ? force1 : force0;
    return more * more / (more - less) / 2 * length;
}

/* ---- the ceiling ---- */

static void find_pieces(struct run *run) {
    const struct motion_path *path = run->path;
    while (run->resistance + 1 < path->resistance_count && path->resistances[run->resistance + 1].from_m <= run->x)
        run->resistance++;
    while (run->envelope + 1 < path->envelope_count && path->envelope[run->envelope + 1].from_m <= run->x)
        run->envelope++;
}

static void lower_level(struct ceiling *flat, double level) {
    flat->level = minimum(flat->level, level);
}

static void lower_curve(struct ceiling *curve, double level, double foot_m, double foot_level) {
    if (level < curve->level) *curve = (struct ceiling){curve->until_m, level, true, foot_m, foot_level};
}

static void apply_line(const struct run *run, struct ceiling *flat, struct ceiling *curve) {
    const struct motion_path *path = run->path;
    const struct envelope_piece *piece = &path->envelope[run->envelope];
    const bool last = run->envelope + 1 == path->envelope_count;
    const double end_m = last ? INFINITY : path->envelope[run->envelope + 1].from_m;
    flat->until_m = minimum(flat->until_m, end_m);
    if (piece->braking)
        lower_curve(curve, piece->end_level + path->brake_ms2 * (end_m - run->x), end_m, piece->end_level);
    else
        lower_level(flat, piece->end_level);
    if (run->resistance + 1 < path->resistance_count)
        flat->until_m = minimum(flat->until_m, path->resistances[run->resistance + 1].from_m);
}

static void apply_turnouts(const struct run *run, struct ceiling *flat, struct ceiling *curve) {
    const struct motion_request *request = run->request;
    if (run->x < run->start_until_m) {
        lower_level(flat, run->start_level);
        flat->until_m = minimum(flat->until_m, run->start_until_m);
    }
    const double end_from = request->end_limit_from_m;
    if (run->x >= end_from) {
        lower_level(flat, run->end_level);
    } else if (run->end_level < INFINITY) {
        lower_curve(curve, run->end_level + run->path->brake_ms2 * (end_from - run->x), end_from, run->end_level);
        flat->until_m = minimum(flat->until_m, end_from);
    }
}

/* The curve for a stop at to_m belongs to a run through as well until it is met: so both are the same until then. */
static void apply_stop(struct run *run, struct ceiling *curve) {
    const double to = run->request->to_m;
    const double level = run->path->brake_ms2 * (to - run->x);
    if (!run->request->stop && run->w >= level * (1 - level_tolerance)) run->stop_curve = false;
    if (run->stop_curve) lower_curve(curve, level, to, 0);
}

static void apply_exit(const struct run *run, struct ceiling *curve) {
    const struct motion_request *request = run->request;
    const double level = request->exit_limit_ms * request->exit_limit_ms / 2;
    if (request->stop || level == 0) return;
    lower_curve(curve, level + run->path->brake_ms2 * (request->to_m - run->x), request->to_m, level);
}

static struct ceiling find_ceiling(struct run *run) {
    struct ceiling flat = {.until_m = run->request->to_m, .level = INFINITY};
    struct ceiling curve = {.level = INFINITY};
    find_pieces(run);
    apply_line(run, &flat, &curve);
    apply_turnouts(run, &flat, &curve);
    apply_exit(run, &curve);
    apply_stop(run, &curve);
    const double level_for =
        (curve.level - flat.level) / run->path->brake_ms2; /* metres until the curve is the lower */
    if (level_for <= touching_m) {
        curve.until_m = minimum(flat.until_m, curve.foot_m);
        return curve;
    }
    flat.until_m = minimum(flat.until_m, run->x + level_for);
    return flat;
}

/* ---- strides ---- */

static void advance(struct run *run, const struct stride *stride, double duration) {
    motion_trace_add(&run->trace, stride, run->t, run->t + duration);
    run->x = stride->x1;
    run->w = stride->w1;
    run->t += duration;
}

static void advance_steadily(struct run *run, double to, double level, double rate) {
    const struct stride stride = {run->x, run->w, rate, to, level, rate};
    advance(run, &stride, 2 * (to - run->x) / (sqrt(2 * run->w) + sqrt(2 * level)));
}

/* Too fast: brakes at the service rate down to a limit, and as hard as it must where a braking curve is missed. */
static void slow_down(struct run *run, const struct ceiling *ceiling) {
    const double rate =
        ceiling->braking ? (run->w - ceiling->foot_level) / (ceiling->foot_m - run->x) : run->path->brake_ms2;
    const double meets = ceiling->braking ? ceiling->foot_m : run->x + (run->w - ceiling->level) / run->path->brake_ms2;
    const double to = minimum(ceiling->until_m, meets);
    if (!(to > run->x)) { /* too near for a double to tell */
        run->w = ceiling->level;
        return;
    }
    const double level = meets <= ceiling->until_m ? (ceiling->braking ? ceiling->foot_level : ceiling->level)
                                                   : run->w - rate * (to - run->x);
    advance_steadily(run, to, level, -rate);
}

/* Cruises at the limit as far as traction can hold it. False when it cannot. */
static bool cruise(struct run *run, const struct ceiling *ceiling) {
    const double level = ceiling->level, speed = sqrt(2 * level);
    const double most = greatest_effort(run->path, speed);
    const double force0 = opposing_force(run, run->x, level, speed);
    double force1 = opposing_force(run, ceiling->until_m, level, speed);
    double to = ceiling->until_m;
    if (force0 > most) return false;
    if (force1 > most) {
        to = run->x + (to - run->x) * (most - force0) / (force1 - force0);
        force1 = most;
        if (to - run->x < least_stride_m) return false;
    }
    run->w = level;
    run->energy += positive_work(force0, force1, to - run->x);
    advance_steadily(run, to, level, 0);
    return true;
}

/* The force at x that brings about exactly the planned deceleration along a braking curve: below 0 the brakes, above
 * it traction, where a gradient alone would slow the train down more. */
static double curve_force(const struct run *run, const struct ceiling *ceiling, double x) {
    const double brake = run->path->brake_ms2;
    const double level = ceiling->foot_level + brake * (ceiling->foot_m - x), speed = sqrt(2 * level);
    return opposing_force(run, x, level, speed) - run->path->inertia_kg * brake;
}

static bool curve_can_be_held(const struct run *run, const struct ceiling *ceiling, double x, double force) {
    const double level = ceiling->foot_level + run->path->brake_ms2 * (ceiling->foot_m - x);
    return force <= greatest_effort(run->path, sqrt(2 * level));
}

/* How far the curve can be held: by bisection, for where it cannot is rare. */
static double curve_held_until(const struct run *run, const struct ceiling *ceiling) {
    double low = run->x, high = ceiling->until_m;
    for (int i = 0; i < 50 && high - low > least_stride_m / 2; i++) {
        const double middle = low + (high - low) / 2;
        if (curve_can_be_held(run, ceiling, middle, curve_force(run, ceiling, middle)))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Traction spent along the curve: in parts, for the force bends with the speed and may change its sign. */
static double curve_work(const struct run *run, const struct ceiling *ceiling, double to, double force0,
                         double force1) {
    if (force0 <= 0 && force1 <= 0) return 0;
    enum { PARTS = 8 };
    const double part = (to - run->x) / PARTS;
    double work = 0, before = force0;
    for (int k = 1; k <= PARTS; k++) {
        const double after = k == PARTS ? force1 : curve_force(run, ceiling, run->x + k * part);
        work += positive_work(before, after, part);
        before = after;
    }
    return work;
}

/* Brakes along the curve to its end. False when a gradient slows the train down more than that. */
static bool follow_curve(struct run *run, const struct ceiling *ceiling) {
    const double brake = run->path->brake_ms2;
    double to = ceiling->until_m;
    const double force0 = curve_force(run, ceiling, run->x);
    double force1 = curve_force(run, ceiling, to);
    if (!curve_can_be_held(run, ceiling, run->x, force0)) return false;
    if (!curve_can_be_held(run, ceiling, to, force1)) {
        to = curve_held_until(run, ceiling);
        force1 = curve_force(run, ceiling, to);
        if (to - run->x < least_stride_m) return false;
    }
    run->w = ceiling->level;
    run->energy += curve_work(run, ceiling, to, force0, force1);
    advance_steadily(run, to, ceiling->foot_level + brake * (ceiling->foot_m - to), -brake);
    return true;
}

/* Just at the switching speed both give the same effort; what follows depends on where the train is heading. */
static enum traction find_traction(const struct run *run) {
    const double at = run->path->switch_level;
    if (run->w < at * (1 - level_tolerance)) return BY_EFFORT;
    if (run->w > at * (1 + level_tolerance)) return BY_POWER;
    return acceleration(run, BY_EFFORT, run->x, run->w) > 0 ? BY_POWER : BY_EFFORT;
}

/* One stride at full traction, of `length` or as much shorter as accuracy asks. */
static struct stride free_stride(struct run *run, enum traction traction, double acceleration0, double length) {
    const double x = run->x, w = run->w, k1 = acceleration0;
    for (double h = length;;) {
        const double k2 = acceleration(run, traction, x + h / 2, w + h / 2 * k1);
        const double k3 = acceleration(run, traction, x + h * 3 / 4, w + h * 3 / 4 * k2);
        const double level = w + h * (2 * k1 + 3 * k2 + 4 * k3) / 9;
        const double k4 = acceleration(run, traction, x + h, level);
        const double error = fabs(h * (-5 * k1 + 6 * k2 + 8 * k3 - 9 * k4) / 72);
        const double allowed = stride_tolerance * (level > w ? level : w);
        if (error <= allowed || h <= least_stride_m) {
            const double grown = error * 27 < allowed ? 3 * h : error * 3.4 < allowed ? 1.5 * h : h;
            run->stride_m = h < length || grown > run->stride_m ? grown : run->stride_m;
            return (struct stride){x, w, k1, x + h, level, k4};
        }
        h = error > 27 * allowed ? h / 4 : h / 2;
    }
}

/* −d(force)/dw: how fast the surplus of force goes as the train gets faster. */
static double stiffness(const struct run *run, enum traction traction) {
    const struct motion_path *path = run->path;
    const double speed = sqrt(2 * run->w);
    const double effort_falls = traction == BY_POWER ? path->power_w / (speed * speed * speed) : 0;
    return effort_falls + path->davis_b_ns_m / speed + 2 * path->resistances[run->resistance].drag;
}

/* At its balancing speed, as near as makes no difference, and over the next `length` nothing changes it: w comes nearer
 * by `closing`, and no more. Explicit strides would only creep along there. */
static bool is_settled(const struct run *run, enum traction traction, double acceleration0, double length,
                       double *closing) {
    const struct motion_path *path = run->path;
    const double surplus = acceleration0 * path->inertia_kg;
    if (fabs(surplus) > settled_share * path->effort_n || run->w < standstill_level) return false;
    const struct resistance_piece *piece = &path->resistances[run->resistance];
    const double change = (fabs(piece->force_slope) + 2 * run->w * fabs(piece->drag_slope)) * length;
    const double held_by = stiffness(run, traction);
    *closing = surplus / held_by;
    return fabs(surplus) + change < settled_share * run->w * held_by; /* never where nothing holds the speed */
}

static void cut_stride(const struct run *run, struct stride *stride, enum traction traction, double level0,
                       double slope) {
    const double x = stride_meets(stride, level0, slope);
    stride->x1 = x;
    stride->w1 = level0 + slope * (x - stride->x0);
    stride->a1 = acceleration(run, traction, x, stride->w1);
}

/* Ends the stride where it rises through the ceiling. One that sets out from the ceiling keeps to it. */
static void cut_at_ceiling(const struct run *run, struct stride *stride, enum traction traction,
                           const struct ceiling *ceiling) {
    const double slope = ceiling->braking ? -run->path->brake_ms2 : 0;
    const double end_level = ceiling->level + slope * (stride->x1 - stride->x0);
    if (stride->w1 <= end_level) return;
    if (stride->w0 < ceiling->level * (1 - level_tolerance)) {
        cut_stride(run, stride, traction, ceiling->level, slope);
    } else {
        stride->w1 = end_level;
        stride->a1 = acceleration(run, traction, stride->x1, end_level);
    }
}

/* A stride may touch the ceiling unseen where it bends: drop from it and come back, or rise above it and fall below
 * again. Returns the length that shows it, or 0 where all is plain. */
static double telling_length(const struct run *run, const struct stride *stride, const struct ceiling *ceiling) {
    const double length = stride->x1 - stride->x0;
    const double slope = ceiling->braking ? -run->path->brake_ms2 : 0;
    const double end_level = ceiling->level + slope * length;
    if (length <= least_stride_m) return 0;
    const bool from_ceiling = stride->w0 >= ceiling->level * (1 - level_tolerance);
    if (from_ceiling && stride->a0 < slope && stride->w1 > end_level) return length / 2;
    if (from_ceiling || stride->w1 >= end_level || stride->a0 <= slope || stride->a1 >= slope) return 0;
    const double top = length * (stride->a0 - slope) / (stride->a0 - stride->a1);
    return stride_level(stride, stride->x0 + top) > ceiling->level + slope * top ? top : 0;
}

static void cut_at_switch(const struct run *run, struct stride *stride, enum traction traction) {
    const double at = run->path->switch_level;
    const bool rises = traction == BY_EFFORT && stride->w0 < at * (1 - level_tolerance) && stride->w1 > at;
    const bool falls = traction == BY_POWER && stride->w0 > at * (1 + level_tolerance) && stride->w1 < at;
    if (rises || falls) cut_stride(run, stride, traction, at, 0);
}

/* Full traction below the ceiling. False when the train comes to a stand, at run->x. */
static bool run_free(struct run *run, const struct ceiling *ceiling) {
    const enum traction traction = find_traction(run);
    const bool going_on = run->x == run->reached_m && run->w == run->reached_w;
    const double a0 = going_on ? run->reached_a : acceleration(run, traction, run->x, run->w);
    if (run->w < standstill_level && a0 <= 0) return false;
    double length = minimum(run->stride_m, ceiling->until_m - run->x);
    /* Under constant power speed is far from linear in time: no stride may change w by more than half. */
    if (traction == BY_POWER) length = minimum(length, run->w / (2 * fabs(a0) + 1e-12));
    /* Half of the way over which it would close on its balancing speed: over the whole of it the estimate of the error
     * is none, whatever the error. */
    if (run->w > standstill_level) length = minimum(length, run->path->inertia_kg / (2 * stiffness(run, traction)));
    double closing;
    struct stride stride = {run->x, run->w, 0, ceiling->until_m, run->w, 0};
    if (is_settled(run, traction, a0, ceiling->until_m - run->x, &closing)) {
        stride.w1 += closing;
        length = 0;
    }
    while (length > 0) {
        stride = free_stride(run, traction, a0, length);
        length = telling_length(run, &stride, ceiling);
    }
    if (stride.x1 > ceiling->until_m - touching_m) stride.x1 = ceiling->until_m;
    cut_at_ceiling(run, &stride, traction, ceiling);
    cut_at_switch(run, &stride, traction);
    const bool stands = stride.w1 < standstill_level && stride.a1 < 0;
    if (stride.w1 < 0) cut_stride(run, &stride, traction, 0, 0);
    const double duration = stride_duration(&stride, sqrt(2 * stride.w0), sqrt(2 * stride.w1));
    run->energy += traction == BY_POWER ? run->path->power_w * duration : run->path->effort_n * (stride.x1 - stride.x0);
    advance(run, &stride, duration);
    run->reached_m = stride.x1;
    run->reached_w = stride.w1;
    run->reached_a = stride.a1;
    return !stands;
}

static void begin(struct run *run, const struct motion_path *path, const struct motion_request *request) {
    const double entry = request->entry_speed_ms;
    run->path = path;
    run->request = request;
    run->x = request->from_m;
    run->w = entry * entry / 2;
    run->t = 0;
    run->energy = 0;
    run->reached_m = -INFINITY;
    run->stride_m = first_stride_m;
    run->resistance = motion_path_resistance_index(path, request->from_m);
    run->envelope = motion_path_envelope_index(path, request->from_m);
    run->start_until_m = request->start_limit_ms < INFINITY ? request->from_m + path->length_m : -INFINITY;
    run->start_level = request->start_limit_ms * request->start_limit_ms / 2;
    run->end_level = request->end_limit_ms * request->end_limit_ms / 2;
    run->stop_curve = true;
}

static bool step(struct run *run) {
    const struct ceiling ceiling = find_ceiling(run);
    if (run->w > ceiling.level * (1 + level_tolerance)) {
        slow_down(run, &ceiling);
        return true;
    }
    const bool on_ceiling = run->w >= ceiling.level * (1 - level_tolerance);
    if (on_ceiling && (ceiling.braking ? follow_curve(run, &ceiling) : cruise(run, &ceiling))) return true;
    return run_free(run, &ceiling);
}

bool motion_run(const struct motion_path *path, const struct motion_request *request, const struct motion_marks *marks,
                struct motion_result *result, double *stalled_at_m) {
    assert(request->to_m > request->from_m && request->entry_speed_ms >= 0);
    struct run run;
    begin(&run, path, request);
    motion_trace_begin(&run.trace, request, marks, path->brake_ms2);
    bool moves = true;
    while (moves && run.x < request->to_m) moves = step(&run);
    motion_trace_end(&run.trace);
    if (!moves && stalled_at_m) *stalled_at_m = run.x;
    if (!moves) return false;
    *result = (struct motion_result){run.t, run.trace.indication_s, sqrt(2 * run.w), run.energy};
    return true;
}
