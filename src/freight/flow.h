/* Container demand and the terminals that handle it, as in flows.csv and terminals.csv: plain data, immutable once
 * read, everything by index. Only rows that are switched on (options) are here. Names and meanings are those of
 * docs/formats.md §1; TEU is the twenty-foot equivalent unit: a 20-foot container is 1, a 40-foot one 2. */
#ifndef BERING_FREIGHT_FLOW_H
#define BERING_FREIGHT_FLOW_H

#include <stdbool.h>
#include <stdint.h>

enum flow_arrivals {
    FLOW_POISSON, /* each container by itself, at random */
    FLOW_REGULAR, /* each container by itself, equally spaced */
    FLOW_BATCH,   /* batch_teu at once (a ship, a block train), equally spaced */
};

enum { MONTHS = 12 };

struct flow {
    char *id;
    char *commodity; /* "" if not given */
    int32_t entity;  /* its place among all declared rows, switched off or not: what its random draws are addressed by,
                        so that an option elsewhere does not change them */
    int32_t origin, destination; /* stations */
    double teu_per_day;          /* ≥ 0, on average over a year of `seasonality` */
    enum flow_arrivals arrivals;
    int32_t batch_teu;              /* ≥ 1; FLOW_BATCH */
    int64_t tariff_cents;           /* per TEU, earned at delivery; ≥ 0 */
    int64_t due_ms;                 /* after it was offered; < 0: never late */
    int64_t late_cents_per_teu_day; /* ≥ 0 */
    double seasonality[MONTHS];     /* factor of each month, January first; their mean is 1 */
    bool seasonal;                  /* some factor is not 1 */
    double share_40ft;              /* of the containers (not of the TEU): 0 … 1 */
    bool empties_return;            /* each container delivered goes back empty, unless a load going that way uses it */
};

enum gauge_change {
    GAUGE_CHANGE_NONE,      /* a container that changes trains here is lifted into the yard, and out of it again */
    GAUGE_CHANGE_TRANSSHIP, /* train to train, side by side: one lift */
    GAUGE_CHANGE_BOGIE,     /* the wagons go on on other bogies: one lift a wagon of 2 TEU, the containers stay on */
};

/* Part of a day in which the cranes work: [from, to), milliseconds; to > from, beyond 24 h where it crosses midnight.
 */
struct shift {
    int64_t from_ms, to_ms;
};
enum { SHIFTS_KEPT = 6 };

/* A station's means of handling containers. A station without a row in terminals.csv has none of these limits. */
struct terminal {
    int32_t station;
    int32_t cranes;   /* 0: no limit (cranes not given), lifts begin at once */
    double lift_s;    /* mean time of a lift; 0: none */
    double lift_cv;   /* standard deviation over mean; lifts are lognormal. 0: all equal */
    int32_t yard_teu; /* −1: no limit */
    enum gauge_change gauge_change;
    int64_t pickup_ms;  /* how long a delivered container keeps its slot in the yard */
    int64_t hold_ms;    /* a train that begins here waits for a full load at most so long after its departure */
    int64_t closing_ms; /* a train that begins here is loaded from so long before its departure; < 0: as long as a
                           full load takes with all cranes at work */
    struct shift shifts[SHIFTS_KEPT]; /* ascending, apart from each other */
    int32_t shift_count;              /* 0: day and night */
};

/* The whole of a scenario's container traffic. */
struct traffic {
    struct flow *flows; /* in the file's order */
    int32_t flow_count;
    struct terminal *terminals; /* in the file's order, at most one a station */
    int32_t terminal_count;
};

const struct terminal *traffic_terminal(const struct traffic *traffic, int32_t station); /* NULL: none */

/* The share of a day in which its cranes work. */
double terminal_shift_share(const struct terminal *terminal);

void traffic_free_flows(struct traffic *traffic); /* the terminals stay */
void traffic_free(struct traffic *traffic);       /* frees what it owns, not the struct itself; leaves it empty */

#endif
