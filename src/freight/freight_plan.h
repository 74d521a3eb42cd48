/* What running freight needs to know of a scenario, worked out once: for the modules of this room. Read-only while
 * simulations run. */
#ifndef BERING_FREIGHT_FREIGHT_PLAN_H
#define BERING_FREIGHT_FREIGHT_PLAN_H

#include "freight/freight.h"
#include "freight/yard.h"

/* A hop of a flow's journey, or the way back of its empties. A flow that no trains carry has one that nobody serves. */
struct freight_hop {
    int32_t flow;
    int32_t from, to;         /* of the plan's terminals */
    int32_t remaining;        /* hops after it; also the class of its containers in the yard `to` */
    bool first;               /* of the journey; or empty */
    bool empty;               /* the way back */
    bool loads_by_lift;       /* false: they change the gauge there, and the lift is paid when they arrive */
    enum gauge_change change; /* at `to`, of containers that go on from there */
};

/* A hop that a plan serves. */
struct freight_boarding {
    int32_t hop;
    int32_t from_call, to_call;
    int32_t stop; /* to_call's number among the calls where the plan unloads, from 0 */
};

/* A station that flows use. */
struct freight_terminal {
    struct terminal limits; /* its row; without one, no limits */
    struct yard_rules yard;
    int32_t first_flow, flow_count; /* of flows_from: those that begin here */
};

enum { CALL_LOADS = 1, CALL_UNLOADS = 2 };

struct freight_call {
    uint8_t does; /* CALL_… */
    int32_t stop; /* CALL_UNLOADS */
};

struct freight_train_plan {
    int32_t first_call;     /* of calls */
    int32_t first_boarding; /* of boardings: ascending from_call, then hop, empties last */
    int32_t boarding_count;
    int32_t stop_count;
    int32_t capacity_teu;
    int32_t least_teu; /* the smallest container that may board at its first call */
    int64_t closing_ms;
};

struct freight_plan {
    struct freight_input input;
    int32_t flow_count;
    struct freight_hop *hops; /* journeys, then ways back */
    int32_t hop_count;
    int32_t *first_hop;  /* [flow] */
    int32_t *class;      /* [flow]: of its containers in the yard where they are offered: hops to go */
    int32_t *return_hop; /* [flow]; −1: none */
    int32_t id_step;     /* flows, counted twice where some return their empties: from a container_id to the next */
    struct freight_train_plan *plans; /* [timetable's plan] */
    struct freight_boarding *boardings;
    struct freight_call *calls;
    int32_t most_stops, most_boardings; /* of any plan */
    struct freight_terminal *terminals;
    int32_t terminal_count;
    int32_t *flows_from;        /* grouped by terminal, ascending */
    struct yard_class *classes; /* of all yards */
    int32_t *first_lowered;     /* [flow], and [flow_count]: … */
    int32_t *lowered;           /* … flows from where this one goes to where it begins, that return their empties */
};

/* Boardings of a plan at a call: [first, end) of plan->boardings. */
void freight_plan_boardings_at(const struct freight_plan *plan, int32_t train_plan, int32_t call, int32_t *first,
                               int32_t *end);

#endif
