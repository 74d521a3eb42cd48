#include "motion_reference.h"

#include <math.h>
#include <stdlib.h>

/* One metre of head positions, from x = begin + index. */
struct metre {
    double static_force_n; /* gradient and curve, at its start */
    double drag;           /* factor of v², at its start */
    double limit_ms;       /* within it */
    double square;         /* v² the train may have at its start, for all that lies ahead (the final stop excepted) */
};

struct table {
    const struct train_type *type;
    const struct motion_request *request;
    int begin, count;
    struct metre *metres;
};

struct under_train {
    double permille, tunnel, limit_ms;
};

static double overlap(double a0, double a1, double b0, double b1) {
    if (a1 <= b0 || b1 <= a0) return 0;
    return (a1 < b1 ? a1 : b1) - (a0 > b0 ? a0 : b0);
}

/* Röckl */
static double curve(double radius) {
    if (radius <= 0) return 0;
    return radius < 300 ? 500 / (radius - 30) : 650 / (radius - 55);
}

/* What lies under a train from rear to front: averages, and the least limit. */
static struct under_train look_under(const struct network *network, const struct train_type *type,
                                     const struct route_leg *route, int32_t route_length, double rear, double front) {
    struct under_train under = {0, 0, type->max_speed_ms};
    double start = 0;
    for (int32_t leg = 0; leg < route_length; leg++) {
        const struct section *section = &network->sections[route[leg].section];
        const double length = section->length_m;
        if (overlap(rear, front, start, start + length) > 0) under.limit_ms = fmin(under.limit_ms, section->speed_ms);
        for (int32_t k = 0; k < section->alignment_count; k++) {
            const struct alignment *a = &network->alignments[section->first_alignment + k];
            const bool back = route[leg].direction == BACKWARD;
            const double from = start + (back ? length - a->to_m : a->from_m);
            const double to = start + (back ? length - a->from_m : a->to_m);
            const double metres = overlap(rear, front, from, to);
            if (metres <= 0) continue;
            under.permille += metres * ((back ? -1 : 1) * a->gradient_permille + curve(a->curve_radius_m));
            under.tunnel += a->tunnel ? metres : 0;
            under.limit_ms = fmin(under.limit_ms, a->speed_ms);
        }
        start += length;
    }
    under.permille /= front - rear;
    under.tunnel /= front - rear;
    return under;
}

static double requested_limit(const struct table *table, double x) {
    const struct motion_request *request = table->request;
    double limit = INFINITY;
    if (x < request->from_m + table->type->length_m) limit = fmin(limit, request->start_limit_ms);
    if (x > request->end_limit_from_m && x < request->to_m) limit = fmin(limit, request->end_limit_ms);
    return limit;
}

static struct table tabulate(const struct network *network, const struct train_type *type,
                             const struct route_leg *route, int32_t route_length,
                             const struct motion_request *request) {
    const int beyond = (int)(type->max_speed_ms * type->max_speed_ms / (2 * type->brake_ms2)) + 10;
    struct table table = {type, request, (int)request->from_m, 0, NULL};
    table.count = (int)request->to_m - table.begin + beyond;
    table.metres = malloc((size_t)table.count * sizeof *table.metres);
    for (int i = 0; i < table.count; i++) {
        const double x = table.begin + i;
        const struct under_train here = look_under(network, type, route, route_length, x - type->length_m, x);
        const struct under_train within =
            look_under(network, type, route, route_length, x + 0.5 - type->length_m, x + 0.5);
        table.metres[i].static_force_n = type->mass_kg * 9.80665 * here.permille / 1000;
        table.metres[i].drag = type->davis_c_ns2_m2 * (1 + (type->tunnel_drag - 1) * here.tunnel);
        table.metres[i].limit_ms = fmin(within.limit_ms, requested_limit(&table, x + 0.5));
    }
    double ahead = type->max_speed_ms * type->max_speed_ms;
    for (int i = table.count - 1; i >= 0; i--) {
        const double limit = table.metres[i].limit_ms;
        ahead = table.metres[i].square = fmin(limit * limit, ahead + 2 * type->brake_ms2);
    }
    return table;
}

static int metre_of(const struct table *table, double x, double *part) {
    int i = (int)floor(x) - table->begin;
    if (i < 0) i = 0;
    if (i > table->count - 2) i = table->count - 2;
    *part = x - (table->begin + i);
    return i;
}

static double allowed_speed(const struct table *table, double x, bool stop) {
    double part;
    const int i = metre_of(table, x, &part);
    const double limit = table->metres[i].limit_ms, brake = table->type->brake_ms2;
    double square = fmin(limit * limit, table->metres[i + 1].square + 2 * brake * (1 - part));
    if (stop) square = fmin(square, 2 * brake * fmax(0, table->request->to_m - x));
    const double exit = table->request->exit_limit_ms;
    if (!table->request->stop && exit > 0)
        square = fmin(square, exit * exit + 2 * brake * fmax(0, table->request->to_m - x));
    return sqrt(square);
}

static double resistance(const struct table *table, double x, double v) {
    double part;
    const int i = metre_of(table, x, &part);
    const struct metre *a = &table->metres[i], *b = &table->metres[i + 1];
    const double drag = a->drag + part * (b->drag - a->drag);
    return table->type->davis_a_n + table->type->davis_b_ns_m * v + drag * v * v + a->static_force_n +
           part * (b->static_force_n - a->static_force_n);
}

static double effort(const struct train_type *type, double v) {
    return v * type->tractive_effort_n > type->power_w ? type->power_w / v : type->tractive_effort_n;
}

static double full_traction(const struct table *table, double x, double v) {
    const struct train_type *type = table->type;
    return (effort(type, v) - resistance(table, x, v)) / (type->mass_kg * type->rotating_mass);
}

struct moment {
    double t, x, v;
};

static void note_marks(const struct table *table, const struct motion_marks *marks, struct moment a, struct moment b,
                       double *furthest, double *indication) {
    const double brake = table->type->brake_ms2, sighting = table->request->sighting_m;
    const double reach = fmax(*furthest, b.x + b.v * b.v / (2 * brake) + sighting);
    for (int32_t k = -1; k < (marks ? marks->count : 0); k++) {
        const double at = k < 0 ? table->request->to_m : marks->at_m[k];
        double *wanted = k < 0 ? indication : &marks->wanted_s[k];
        if (at > *furthest && at <= reach + 1e-3 && isnan(*wanted))
            *wanted = a.t + (b.t - a.t) * (at - *furthest) / fmax(reach - *furthest, 1e-3);
        if (k >= 0 && at >= a.x && at <= b.x && isnan(marks->passed_s[k]))
            marks->passed_s[k] = a.t + 2 * (at - a.x) / (a.v + b.v);
    }
    *furthest = reach;
}

static void begin_marks(const struct table *table, const struct motion_marks *marks, double *furthest,
                        double *indication) {
    const struct motion_request *request = table->request;
    const double v = request->entry_speed_ms;
    *furthest = request->from_m + v * v / (2 * table->type->brake_ms2) + request->sighting_m;
    *indication = request->to_m <= *furthest ? 0 : NAN;
    for (int32_t k = 0; marks && k < marks->count; k++) {
        marks->passed_s[k] = marks->at_m[k] == request->from_m ? 0 : NAN;
        marks->wanted_s[k] = marks->at_m[k] > *furthest ? NAN : v > 0 ? (marks->at_m[k] - *furthest) / v : 0;
    }
}

/* Along the last metre of a stop: constant braking. */
static struct moment come_to_rest(const struct table *table, struct moment a) {
    const double left = table->request->to_m - a.x;
    return (struct moment){a.t + (a.v > 0 ? 2 * left / a.v : 0), table->request->to_m, 0};
}

/* One step of time: mid-point rule at full traction, held down to what is allowed where it ends. */
static struct moment one_step(const struct table *table, struct moment a, double step_s, bool *held) {
    const double slope = full_traction(table, a.x, a.v);
    const double middle_v = fmax(0, a.v + slope * step_s / 2);
    const double v = a.v + full_traction(table, a.x + (a.v + middle_v) / 2 * step_s / 2, middle_v) * step_s;
    struct moment b = {a.t + step_s, a.x, v};
    for (int again = 0; again < 3; again++) {
        b.x = a.x + (a.v + b.v) / 2 * step_s;
        b.v = fmin(v, allowed_speed(table, b.x, table->request->stop));
    }
    *held = b.v < v;
    return b;
}

/* Where full traction ends or begins within a step, much smaller steps: the work of traction changes there at once. */
static struct moment next_moment(const struct table *table, struct moment a, double step_s, bool *held) {
    bool held_after;
    struct moment b = one_step(table, a, step_s, &held_after);
    if (held_after != *held) b = one_step(table, a, step_s / 32, &held_after);
    *held = held_after;
    return b;
}

static double traction_work(const struct table *table, struct moment a, struct moment b) {
    const struct train_type *type = table->type;
    const double x = (a.x + b.x) / 2, v = (a.v + b.v) / 2;
    const double needed = type->mass_kg * type->rotating_mass * (b.v - a.v) / (b.t - a.t) + resistance(table, x, v);
    return fmin(effort(type, v), fmax(0, needed)) * (b.x - a.x);
}

static struct reference_result integrate(const struct table *table, const struct motion_marks *marks, double step_s) {
    const struct motion_request *request = table->request;
    struct reference_result result = {.arrives = true, .least_speed_ms = INFINITY};
    struct moment a = {0, request->from_m, request->entry_speed_ms};
    double furthest;
    bool held = false;
    begin_marks(table, marks, &furthest, &result.indication_s);
    while (a.x < request->to_m) {
        const bool last = request->stop && request->to_m - a.x < 1 && a.v >= allowed_speed(table, a.x, true) * 0.999;
        struct moment b = last ? come_to_rest(table, a) : next_moment(table, a, step_s, &held);
        if (b.v <= 0 && !last) {
            result.arrives = false;
            result.stalled_at_m = a.x;
            return result;
        }
        if (b.v < a.v && b.v < allowed_speed(table, b.x, request->stop) * 0.999)
            result.least_speed_ms = fmin(result.least_speed_ms, b.v);
        if (b.x > request->to_m) {
            const double part = (request->to_m - a.x) / (b.x - a.x);
            b = (struct moment){a.t + part * (b.t - a.t), request->to_m, a.v + part * (b.v - a.v)};
        }
        result.energy_j += traction_work(table, a, b);
        note_marks(table, marks, a, b, &furthest, &result.indication_s);
        a = b;
    }
    result.duration_s = a.t;
    result.exit_speed_ms = a.v;
    return result;
}

double reference_entry_limit(const struct network *network, const struct train_type *type,
                             const struct route_leg *route, int32_t route_length,
                             const struct motion_request *request) {
    struct table table = tabulate(network, type, route, route_length, request);
    const double limit = allowed_speed(&table, request->from_m, request->stop);
    free(table.metres);
    return limit;
}

struct reference_result reference_run(const struct network *network, const struct train_type *type,
                                      const struct route_leg *route, int32_t route_length,
                                      const struct motion_request *request, const struct motion_marks *marks,
                                      double step_s) {
    struct table table = tabulate(network, type, route, route_length, request);
    struct reference_result result = integrate(&table, marks, step_s);
    free(table.metres);
    return result;
}
