/* Containers in one running simulation: they are offered, wait in yards, are lifted, ride, change trains, are
 * delivered; and what that earns and costs. Knows no trains but by the plan they run and a load they carry.
 *
 * There is no event for a container. Whoever runs the trains asks at the moments that matter (a train is to be loaded,
 * a train has arrived), in the order of the clock; what happened in between — containers that came, lifts, slots that
 * fell free — is caught up then, exactly as if each had had its event.
 *
 *     freight_plan_create            once for a scenario
 *     freight_create                 once for a replication
 *     freight_load_begin             a train is put under the cranes at its origin
 *     freight_load                   at a call: what waits for its later calls boards; says when the lifts are done
 *     freight_unload                 at a call: who is bound for it leaves; says when the lifts are done
 *     freight_train_ended            its trip's income and cost
 *     freight_finish                 counts what is left; then the results can be read
 *
 * At every instant, of every flow: offered = delivered + waiting + riding + refused.
 *
 * Yards. A container offered where the yard is full is refused and gone. One is loaded only with a slot reserved in the
 * yard where it leaves the train, so that a train never waits for a yard. Slots are guaranteed by the number of hops
 * still to go (the structured buffer pool of packet networks: Raubold and Haenle, ICCC 1976): as the classes can wait
 * only for lower ones and the lowest, the delivered, leave by the clock, yards cannot lock each other up either. What a
 * class does not use of its guarantee stays free for it; the rest is shared. The guarantee is the yard's equal share,
 * but no more than the largest train that calls can carry. So that trains find slots however much is offered, what is
 * newly offered takes no more than its class's equal share of the yard: to it, the yard is full then (yard.h).
 *
 * Where a container finds no slot in the yard it is bound for, no other of its class takes one there in the same
 * loading: else 40-foot containers, which need two, might wait for ever. Empties board when a train is held no longer.
 */
#ifndef BERING_FREIGHT_FREIGHT_H
#define BERING_FREIGHT_FREIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "freight/flow.h"
#include "freight/journey.h"
#include "freight/ledger.h"

/* Prices of economics.csv and of option rows, in cents. */
struct freight_prices {
    double lift_cents;
    double yard_cents_per_teu_day;
    double energy_cents_per_kwh;
    double track_access_cents_per_train_km;
    int64_t fixed_cents_per_year;
};

/* What a freight plan is made from; everything outlives it. */
struct freight_input {
    const struct traffic *traffic;
    const struct network *network;
    const struct timetable *timetable;
    const struct train_type *train_types;
    struct freight_prices prices;
    int32_t start_year, start_month, start_day; /* of time 0: seasons */
};

struct freight_plan;
struct freight_plan *freight_plan_create(const struct freight_input *input); /* NULL: out of memory */
void freight_plan_destroy(struct freight_plan *plan);                        /* NULL is allowed */

/* Whether trains of a timetable's plan load or unload anything anywhere. */
bool freight_plan_carries(const struct freight_plan *plan, int32_t train_plan);
/* The same at one of its calls. */
bool freight_plan_calls(const struct freight_plan *plan, int32_t train_plan, int32_t call);
/* Whether it loads at calls after its first: such a train runs as if full. */
bool freight_plan_loads_later(const struct freight_plan *plan, int32_t train_plan);
/* How long before its planned departure a train of a plan is put under the cranes; 0 where it loads nothing there. */
int64_t freight_plan_closing_ms(const struct freight_plan *plan, int32_t train_plan);
int64_t freight_plan_longest_closing_ms(const struct freight_plan *plan);

/* What became of a container, told when it is delivered or refused, and at the end of all others, in an order that is
 * the same for the same input and seed. Times TIME_NONE (observer.h: INT64_MIN) where it did not come to that. */
enum container_status { CONTAINER_DELIVERED, CONTAINER_RIDING, CONTAINER_WAITING, CONTAINER_REFUSED };
struct container_record {
    int64_t container_id; /* the n-th of its flow, whatever else happens: (n − 1) · sets · flows + flow + 1. Where some
                             flow's empties return there are two sets: theirs is + flows. Else one */
    int32_t flow;         /* of the traffic's flows */
    bool empty;           /* an empty one that goes back: of the flow it was delivered for, from there to its origin */
    int32_t teu;
    int64_t arrived_ms;   /* offered */
    int64_t loaded_ms;    /* lifted onto its first train */
    int64_t delivered_ms; /* lifted off its last train */
    int64_t train_id;     /* its last train so far; 0: none */
    int32_t trains;       /* it has ridden on so far */
    int64_t revenue_cents, penalty_cents, cost_cents; /* all ≥ 0: tariff; lateness; lifts and yard days */
    enum container_status status;
};
typedef void freight_container_told(void *context, const struct container_record *container);

struct freight;
struct freight_run {
    uint64_t seed, replication;
    int64_t window_from_ms, window_to_ms; /* measured: flow_use counts what is offered in [from, to) */
    int64_t end_ms;                       /* nothing happens from then on; INT64_MAX: when the last train has ended */
    freight_container_told *told;         /* NULL: not wanted */
    void *context;
};
struct freight *freight_create(const struct freight_plan *plan, const struct freight_run *run); /* NULL: no memory */
void freight_destroy(struct freight *freight);                                                  /* NULL is allowed */
/* Goes on exactly as `source` would, told elsewhere (NULL: not told). NULL: out of memory. */
struct freight *freight_copy(const struct freight *source, freight_container_told *told, void *context);

/* A load is what one train carries, from its origin to its last unloading: a handle ≥ 0. −1: out of memory. */
int32_t freight_load_begin(struct freight *freight, int32_t train_plan);
/* Names its train once that has an id: up to INT32_MAX. 0: not yet. */
void freight_load_is_of(struct freight *freight, int32_t load, int64_t train_id);
int32_t freight_load_teu(const struct freight *freight, int32_t load); /* aboard now */

/* When handling is done, and whether it is worth to ask again. */
struct handling {
    int64_t done_ms;  /* all lifts of this load so far; ≥ now */
    int64_t again_ms; /* its origin's hold_for_full: not full yet, ask freight_load again then; INT64_MAX: go */
};
/* At now_ms everything bound for later calls of its plan that waits in the yard boards in the order it came there, as
 * far as it fits and slots can be reserved; empties after loads. latest_ms: planned departure, from which the hold of
 * a train at its first call counts; at other calls it is not held. Calls of all functions here come in the order of
 * the clock. */
struct handling freight_load(struct freight *freight, int32_t load, int32_t call, int64_t now_ms, int64_t latest_ms);

/* At now_ms the train has come to a call: who is bound for it is lifted off. When that is done. */
int64_t freight_unload(struct freight *freight, int32_t load, int32_t call, int64_t now_ms);

/* A train of a plan has ended its trip (arrived: at arrival_ms; its load is empty and gone then). Posts its income and
 * cost and tells them; load −1: it carried none. Every kWh is priced alike, whatever the train burns: an electric one's
 * at the wheel. */
struct train_money {
    int64_t revenue_cents, cost_cents; /* both ≥ 0; cost: energy, hours, km, track access */
    int32_t teu;                       /* that it has loaded on its way, in all */
};
struct train_trip {
    int32_t train_plan;
    int64_t departure_ms, arrival_ms;
    double km, energy_kwh;
};
struct train_money freight_train_ended(struct freight *freight, int32_t load, const struct train_trip *trip);
/* What a train under way at the end of a run has loaded so far. */
int32_t freight_load_total_teu(const struct freight *freight, int32_t load);

/* Catches up to now_ms, posts the fixed cost of each day begun, tells what is left. Once, at the end of a run. False:
 * out of memory at some time: the results are not whole. */
bool freight_finish(struct freight *freight, int64_t now_ms);

/* ---- results, after freight_finish ---- */

/* Of what was offered within the measured window, followed to the end of the run. Empties that go back are counted
 * apart and in no other sum. */
struct flow_use {
    int64_t teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused;
    int64_t containers_offered, containers_delivered, containers_late;
    int64_t teu_late;
    double mean_transit_h, p50_transit_h, p95_transit_h; /* offered to delivered, per container; NAN: none delivered */
    int64_t revenue_cents, penalty_cents, cost_cents;    /* of those containers; cost includes their empties' */
    int64_t teu_empties; /* empties loaded within the window */
};

/* Of a flow on a day (by the clock, warm-up too), TEU. */
struct flow_day {
    int64_t offered, loaded, delivered, refused; /* loaded: onto the first train */
};

/* Of a station that flows use, within the measured window. */
struct terminal_use {
    int32_t station;
    int64_t lifts, crane_busy_ms; /* crane-milliseconds of all cranes */
    int64_t teu_refused;          /* for want of a slot here */
    int64_t teu_left_behind;      /* not loaded, though there was room on the train, for want of a slot where they go */
    int64_t max_teu;              /* in the yard at once, reserved slots left out */
    double mean_teu;
};

struct freight_results {
    const struct flow_use *flows;       /* [flow] */
    const struct flow_day *flow_days;   /* [day × flow_count + flow] */
    int64_t day_count;
    const struct terminal_use *terminals;
    int32_t terminal_count;
    const struct ledger *ledger;
    int64_t teu_delivered_in_window;    /* by the time of delivery: what teu_per_day counts */
};
struct freight_results freight_results(const struct freight *freight); /* belongs to the freight */

/* For tests: counts every container where it is, structure by structure, and compares with the counters; and that no
 * yard, train or class holds more than it may. NULL when all is well, else what is not. */
const char *freight_census(const struct freight *freight);

#endif
