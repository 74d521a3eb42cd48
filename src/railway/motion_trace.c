#include "railway/motion_trace.h"

#include <math.h>
#include <stddef.h>

/* While a train brakes towards a point its reach stands still, a rounding error before or behind that point. */
static const double reach_tolerance_m = 1e-6;

static double level_into(const struct stride *stride, double into) {
    const double length = stride->x1 - stride->x0;
    const double part = into / length;
    const double rise = stride->w1 - stride->w0;
    const double from_start = stride->a0 * length, from_end = stride->a1 * length;
    const double quadratic = 3 * rise - 2 * from_start - from_end;
    const double cubic = from_start + from_end - 2 * rise;
    return stride->w0 + part * (from_start + part * (quadratic + part * cubic));
}

double stride_level(const struct stride *stride, double x) {
    return level_into(stride, x - stride->x0);
}

static double stride_slope(const struct stride *stride, double x) {
    const double length = stride->x1 - stride->x0;
    const double part = (x - stride->x0) / length;
    const double mean = (stride->w1 - stride->w0) / length;
    const double quadratic = 3 * mean - 2 * stride->a0 - stride->a1;
    const double cubic = stride->a0 + stride->a1 - 2 * mean;
    return stride->a0 + part * (2 * quadratic + part * 3 * cubic);
}

/* False position, halving the weight of an end that stays (Illinois): quick on nearly straight courses, never outside
 * the bracket. In distances from x0, which doubles tell apart better than positions far from 0. */
double stride_meets(const struct stride *stride, double level0, double slope) {
    double low = 0, high = stride->x1 - stride->x0, into = high;
    double at_low = stride->w0 - level0;
    double at_high = stride->w1 - (level0 + slope * high);
    const double enough = 1e-12 * (fabs(level0) + fabs(at_low) + fabs(at_high));
    int side = 0;
    for (int i = 0; i < 60 && fabs(at_high) > enough && at_low != at_high; i++) {
        into = high - at_high * (high - low) / (at_high - at_low);
        if (!(into > low && into < high)) break;
        const double at = level_into(stride, into) - (level0 + slope * into);
        if (fabs(at) <= enough) break;
        if ((at < 0) == (at_high < 0)) {
            high = into;
            at_high = at;
            if (side == 1) at_low /= 2;
            side = 1;
        } else {
            low = into;
            at_low = at;
            if (side == -1) at_high /= 2;
            side = -1;
        }
    }
    return stride->x0 + into;
}

/* Solves length = h (v0 + v1)/2 + h² (a0 − a1)/12, the trapezoidal rule for x = ∫ v dt with its end correction: exact
 * while the acceleration is linear in time, and from rest as well. */
double stride_duration(const struct stride *stride, double speed0_ms, double speed1_ms) {
    const double length = stride->x1 - stride->x0;
    const double mean = (speed0_ms + speed1_ms) / 2;
    const double inside = mean * mean + (stride->a0 - stride->a1) * length / 3;
    if (!(inside > 0)) return length / mean;
    return 2 * length / (mean + sqrt(inside));
}

/* The time from the start of the stride until the head is at x. */
static double traced_time(const struct traced_stride *traced, double x) {
    const struct stride *stride = &traced->stride;
    if (x <= stride->x0) return traced->t0;
    if (x >= stride->x1) return traced->t1;
    const struct stride part = {
        stride->x0, stride->w0, stride->a0, x, fmax(0, stride_level(stride, x)), stride_slope(stride, x)};
    const double t = traced->t0 + stride_duration(&part, sqrt(2 * part.w0), sqrt(2 * part.w1));
    return fmin(t, traced->t1);
}

/* When the reach comes to target, which lies beyond reach0 and not beyond reach1. */
static double traced_reach_time(const struct motion_trace *trace, const struct traced_stride *traced, double target) {
    const double b = trace->brake_ms2;
    const double level0 = b * (target - traced->stride.x0); /* from here the braking distance ends at the target */
    return traced_time(traced, stride_meets(&traced->stride, level0, -b));
}

/* For a target already within reach at the start. */
static double reach_time_before(const struct motion_trace *trace, double reach_at_start, double target) {
    const double speed = trace->request->entry_speed_ms;
    return speed > 0 ? fmin(0, (target - reach_at_start) / speed) : 0;
}

void motion_trace_begin(struct motion_trace *trace, const struct motion_request *request,
                        const struct motion_marks *marks, double brake_ms2) {
    const double entry = request->entry_speed_ms;
    trace->request = request;
    trace->marks = marks && marks->count > 0 ? marks : NULL;
    trace->brake_ms2 = brake_ms2;
    trace->reach = request->from_m + entry * entry / (2 * brake_ms2);
    trace->indication_s = trace->reach >= request->to_m - request->sighting_m - reach_tolerance_m ? 0 : -1;
    trace->count = 0;
    if (!trace->marks) return;
    for (int32_t k = 0; k < marks->count; k++) {
        const double target = marks->at_m[k] - request->sighting_m - reach_tolerance_m;
        if (marks->passed_s) marks->passed_s[k] = NAN;
        if (!marks->wanted_s) continue;
        marks->wanted_s[k] = target <= trace->reach ? reach_time_before(trace, trace->reach, target) : NAN;
    }
}

static const struct traced_stride *stride_over(const struct motion_trace *trace, double x) {
    int32_t low = 0, high = trace->count;
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;
        if (trace->strides[middle].stride.x0 <= x)
            low = middle;
        else
            high = middle;
    }
    return &trace->strides[low];
}

static const struct traced_stride *stride_reaching(const struct motion_trace *trace, double target) {
    int32_t low = 0, high = trace->count;
    while (high - low > 1) {
        const int32_t middle = low + (high - low) / 2;
        if (trace->strides[middle].reach0 < target)
            low = middle;
        else
            high = middle;
    }
    return &trace->strides[low];
}

/* Answers what the strides collected so far can answer, and forgets them. */
static void trace_read(struct motion_trace *trace) {
    const struct motion_marks *marks = trace->marks;
    const int32_t count = trace->count;
    if (!marks || count == 0) return;
    const double first_x = trace->strides[0].stride.x0, last_x = trace->strides[count - 1].stride.x1;
    const double first_reach = trace->strides[0].reach0, last_reach = trace->strides[count - 1].reach1;
    for (int32_t k = 0; k < marks->count; k++) {
        const double at = marks->at_m[k];
        if (marks->passed_s && at >= first_x && at <= last_x)
            marks->passed_s[k] = traced_time(stride_over(trace, at), at);
        const double target = at - trace->request->sighting_m - reach_tolerance_m;
        if (marks->wanted_s && target > first_reach && target <= last_reach)
            marks->wanted_s[k] = traced_reach_time(trace, stride_reaching(trace, target), target);
    }
    trace->count = 0;
}

void motion_trace_add(struct motion_trace *trace, const struct stride *stride, double t0, double t1) {
    struct traced_stride *traced = &trace->strides[trace->count];
    *traced = (struct traced_stride){*stride, t0, t1, trace->reach, trace->reach};
    traced->reach1 = fmax(trace->reach, stride->x1 + stride->w1 / trace->brake_ms2);
    trace->reach = traced->reach1;
    const double target = trace->request->to_m - trace->request->sighting_m - reach_tolerance_m;
    if (trace->indication_s < 0 && trace->reach >= target)
        trace->indication_s = traced_reach_time(trace, traced, target);
    if (trace->marks && ++trace->count == TRACED_STRIDES) trace_read(trace);
}

void motion_trace_end(struct motion_trace *trace) {
    trace_read(trace);
}
