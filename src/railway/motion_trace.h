/* The course of a run as it is computed, stride by stride, and what is read off it: when the head passes a mark, when
 * it comes within braking distance of one. Private to the motion module. */
#ifndef BERING_RAILWAY_MOTION_TRACE_H
#define BERING_RAILWAY_MOTION_TRACE_H

#include <stdint.h>

#include "railway/motion.h"

/* From x0 to x1 the level w = v²/2 is the cubic with these values and these slopes (accelerations) at both ends: exact
 * for constant acceleration, of fourth order elsewhere. */
struct stride {
    double x0, w0, a0;
    double x1, w1, a1;
};

double stride_level(const struct stride *stride, double x);

/* Where the level first meets the line w = level0 + slope (x − x0), below which it starts and not below which it ends,
 * or the other way round. */
double stride_meets(const struct stride *stride, double level0, double slope);

/* The time the whole stride takes. */
double stride_duration(const struct stride *stride, double speed0_ms, double speed1_ms);

/* Reach = head + braking distance, v²/2b: the nearest point at which the train could still stop. */
struct traced_stride {
    struct stride stride;
    double t0, t1;
    double reach0, reach1; /* furthest reach so far, at both ends */
};

enum { TRACED_STRIDES = 64 };

struct motion_trace {
    const struct motion_request *request;
    const struct motion_marks *marks; /* NULL: none */
    double brake_ms2;
    double reach;        /* the furthest so far */
    double indication_s; /* < 0 until known */
    int32_t count;       /* strides not yet read */
    struct traced_stride strides[TRACED_STRIDES];
};

void motion_trace_begin(struct motion_trace *trace, const struct motion_request *request,
                        const struct motion_marks *marks, double brake_ms2);
void motion_trace_add(struct motion_trace *trace, const struct stride *stride, double t0, double t1);
void motion_trace_end(struct motion_trace *trace);

#endif
