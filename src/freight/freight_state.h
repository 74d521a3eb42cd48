/* The state of running freight: for the modules of this room only. Everything refers to everything by index, so that
 * the whole can be copied. */
#ifndef BERING_FREIGHT_FREIGHT_STATE_H
#define BERING_FREIGHT_FREIGHT_STATE_H

#include "freight/agenda.h"
#include "freight/container.h"
#include "freight/cranes.h"
#include "freight/freight_plan.h"
#include "freight/offers.h"
#include "freight/yard.h"

/* Where the containers of a flow are, TEU; empties left out. */
struct flow_count {
    int64_t offered, delivered, riding, waiting, refused;
};

/* Transit times of delivered containers of the measured window. */
struct transits {
    double *hours;
    int64_t count, room;
    int64_t sum_ms;
};

/* Empties that a flow's destination owes to its origin, in containers. */
struct debt {
    int64_t twenty, forty;
};

struct load {
    int64_t train_id; /* 0: not yet known */
    int64_t done_ms;  /* its lifts so far */
    int32_t train_plan;
    int32_t aboard_teu, total_teu;
    int32_t next_free;
    bool going; /* false: the place is free */
};

struct station_state {
    struct yard yard;
    struct cranes cranes;
    struct agenda agenda;
    int32_t *flows; /* those that begin here: a heap by their next container, then flow */
    int32_t flow_count;
};

/* One that waits for its turn to board. */
struct candidate {
    int64_t came_ms, number;
    int32_t boarding, queue;
};

struct freight {
    const struct freight_plan *plan;
    struct freight_run run;
    int64_t now_ms;
    int64_t end_ms; /* nothing happens from then on */
    int64_t lift_cents;
    bool no_memory, finished;

    struct offer_setting offer_setting;
    struct offers *offers;          /* [flow] */
    int32_t *flows;                 /* the heaps of all stations, as the plan's flows_from */
    struct station_state *stations; /* [terminal of the plan] */
    int64_t *next_ms;               /* [terminal]: when something happens there by itself */
    struct container_pool pool;
    struct container_list *queues; /* [2 · hop + TEU − 1] waiting in the yard where the hop begins */
    struct load *loads;
    int32_t load_count, load_room, free_load;
    struct container_list *aboard; /* [load · most_stops + stop] */
    struct debt *debts;            /* [flow] */
    int64_t *empties;              /* [flow] so far */

    struct flow_count *counts, *window_counts; /* [flow] */
    struct flow_use *uses;                     /* [flow] */
    struct transits *transits;                 /* [flow] */
    struct flow_day *days;                     /* [day · flow_count + flow] */
    int64_t day_count, day_room;
    struct flow_day lost_day;           /* where out of memory */
    struct terminal_use *terminal_uses; /* [terminal] */
    struct ledger ledger;
    int64_t teu_delivered_in_window;

    /* scratch of one loading */
    struct candidate *candidates;
    int32_t candidate_count;
    int64_t *slotless; /* [terminal · classes + class]: the loading that found no slot there */
    int64_t loadings;
};

static inline bool freight_in_window(const struct freight *freight, int64_t time_ms) {
    return time_ms >= freight->run.window_from_ms && time_ms < freight->run.window_to_ms;
}

static inline int32_t yard_class_index(const struct freight_plan *plan, int32_t terminal, int32_t class) {
    return (int32_t)(plan->terminals[terminal].yard.classes - plan->classes) + class;
}

/* Room for so many days; false: out of memory, noted. */
bool freight_make_days(struct freight *freight, int64_t day_count);
/* Takes in everything that happened by itself until then, that instant included. */
void freight_catch_up(struct freight *freight, int64_t time_ms);
/* The heap of the flows that begin at a station, made anew. */
void freight_order_flows(struct freight *freight, struct station_state *station);
/* Has the cranes of a terminal do a work; counts it in next_ms. */
void freight_add_work(struct freight *freight, int32_t terminal, const struct work *work);
/* Of a container as it is, not delivered. */
struct container_record freight_record(const struct freight *freight, const struct container *container);

#endif
