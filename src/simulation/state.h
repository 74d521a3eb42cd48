/* The state of one running simulation: for the modules of this room only. Everything refers to everything by index, so
 * that the whole can be copied. */
#ifndef BERING_SIMULATION_STATE_H
#define BERING_SIMULATION_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dispatch/policy.h"
#include "engine/event_queue.h"
#include "engine/stream.h"
#include "freight/freight.h"
#include "railway/deadlock.h"
#include "railway/interlocking.h"
#include "simulation/calendar.h"
#include "simulation/plan.h"

/* Kinds of events; the order class decides between events of one instant: what becomes of trains first, then retries.
 */
enum event_kind {
    EVENT_READY,
    EVENT_RETRY,
    EVENT_INDICATION,
    EVENT_ARRIVAL,
    EVENT_LEAVE,
    EVENT_ENTRY,
    EVENT_LOADING,  /* a latecomer is put under the cranes, or looked at again */
    EVENT_HANDLING, /* likewise one that stands at its origin or turns round there */
};
enum { CLASS_MOVEMENT = 0, CLASS_READY = 1, CLASS_RETRY = 2 };

enum train_phase {
    PHASE_FREE,    /* the slot is not in use */
    PHASE_OUTSIDE, /* first of its plan's queue: asks to enter */
    PHASE_DWELLING,
    PHASE_ASKING, /* stands, ready, asks for its next move */
    PHASE_RUNNING,
    PHASE_LEAVING, /* at its destination, until its dwell is over */
};

enum sleep { SLEEP_NONE, SLEEP_TIME, SLEEP_ROAD, SLEEP_PLACE, SLEEP_HELD, SLEEP_UNSAFE };

enum { CLOSED_PLACES_KEPT = 12 };

/* Why a request was refused, and so what can wake it. */
struct refusal {
    enum sleep sleep;
    int64_t until_ms;                   /* it is tried again then at the latest; INT64_MAX: no such time */
    int32_t place;                      /* SLEEP_PLACE, SLEEP_HELD */
    int32_t next, previous;             /* in the list of that place, or of unsafe requests; −1 */
    int32_t closed[CLOSED_PLACES_KEPT]; /* SLEEP_UNSAFE: a grant out of one of these may help */
    int32_t closed_count;               /* 0: any grant may help */
};

/* In groups that are used together, since a train is rarely still in the cache when its next event comes. */
struct train {
    int64_t id;
    int32_t trip;
    int32_t path; /* of its trip and load */
    enum train_phase phase;
    int32_t at;                /* the node it stands at, or ran from last */
    int32_t to;                /* running: the node its granted way ends at */
    const struct leg_run *run; /* running: of the leg that ends there */
    double factor;
    int64_t leg_start_ms;
    int64_t ready_planned_ms, ready_ms, asked_ms; /* could go without a delay of its own; could go; asks */

    int64_t planned_departure_ms;
    int64_t seniority_ms; /* what its place in the order counts from: entry_ready_ms, but for saturated trains */
    bool asking, queued, running_request;
    int32_t first_wish;  /* roads it waits for; −1 */
    event_handle timer;  /* of a retry */
    int32_t stage_count; /* stages it has come to */
    double energy_j;
    struct refusal refusal;

    /* waiting since it asked, by cause */
    int64_t noted_ms, knock_on_ms, possession_ms, scheduled_ms, longest_for_ms;
    int64_t cause_train, longest_train; /* train ids */
    enum wait_cause cause;

    int32_t load, next_load;  /* of the freight; next: of its trainset's next plan. −1: none */
    struct train_money money; /* posted at its arrival */

    int64_t day, number;
    int64_t base_ms;        /* what its plan's times count from */
    int64_t entry_ready_ms; /* outside: planned departure + entry delay */
};

/* What a policy sees of a train that asks; it stays the same, but for the lateness, until its next move is granted. */
struct asked {
    struct dispatch_request seen;
    int64_t due_ms; /* when it would have been ready here by its plan, with nobody in its way */
    int64_t
        own_turn_ms;   /* since when it asks in earnest: outside, since it has been the first of its queue and ready */
    int64_t passed_ms; /* since when others that rank behind it have been let go first; TIME_NONE: none has */
};

/* One request on one road's list. */
struct wish {
    int32_t train, road, direction;
    int32_t next, previous; /* on the road's list */
    int32_t sibling;        /* next wish of the same train */
};

/* A train outside behind the first of its plan. */
struct outsider {
    int64_t id, day, number, planned_ms, ready_ms, seniority_ms;
    int32_t load; /* of the freight; −1: none */
};

/* Trains of one plan that wait outside, first in first out; [0] of the ring is the one that asks (and has a slot). */
struct outside_queue {
    struct outsider *ring;
    int32_t first, count, room;
    int32_t slot; /* of the first; −1 */
};

/* A train that comes later than planned: until then nobody sees it. */
struct latecomer {
    int32_t trip, next; /* next: free list */
    struct outsider outsider;
};

struct arrival_of_trip {
    struct calendar calendar;
    struct calendar_entry next;
};

/* What happened to a train at one station of its way, and in the section after it; made into calls and passages when
 * the train is told. TIME_NONE: not yet. */
struct stage {
    int64_t arrival_ms, departure_ms;
    int64_t enter_ms, clear_ms; /* head in the section, tail out of it */
    int64_t wait_ms, wait_for_train;
    int32_t track;
    bool stopped;
    unsigned char wait_cause;
};

/* A stay on a station's track, for counting how many at once. */
struct stay {
    int64_t from_ms, to_ms;
};

/* A station's use so far, the stays that one still to be told may have overlapped, and when those present now came. */
struct station_log {
    struct station_use use;
    int32_t stay_count, stay_room, present_count, present_room;
    int64_t *present_since_ms;
    struct stay *stays;
};

/* How one way of a section was used: times it was held, apart from each other and in order, as a ring; those that
 * nothing told later can touch are counted. */
enum { SPANS_KEPT = 12 };
struct span_log {
    int64_t trains, busy_ms; /* that entered, and that it was held, within the measured window */
    int32_t first, count;
    struct stay spans[SPANS_KEPT];
};

struct simulation {
    const struct simulation_plan *plan;
    struct simulation_options options;
    const struct observer *observer;
    int64_t now_ms, window_from_ms, window_to_ms, end_ms; /* end: INT64_MAX where only the last train ends it */

    struct event_queue *events;
    struct event_queue *calendar_events; /* kind: trip */
    int64_t next_creation_ms;            /* of the first of them */
    struct arrival_of_trip *arrivals;    /* [trip] */
    int32_t *due;                        /* trips due now */
    int32_t due_count;
    bool started;
    bool forcing; /* at a standstill: one stretch at a time, whatever the policy asks for */
    bool placed;  /* a train has come to stand without a move since the last full test */
    struct interlocking *line;
    struct deadlock *deadlock;
    struct move move, rival_move;

    const struct dispatch_policy *policy;
    void *policy_state;
    struct freight *freight; /* NULL: not wanted */

    struct train *trains;
    struct asked *asked;                        /* [slot] of trains that ask */
    int32_t train_room, train_count, free_slot; /* free list through refusal.next */
    int64_t last_id;
    int32_t asking_count, running_count;
    int64_t longest_since_ms;      /* no train that asks has had its own turn (struct asked) longer than since then */
    struct outside_queue *outside; /* [trip] */
    struct latecomer *latecomers;
    int32_t latecomer_room, latecomer_free;
    int32_t *demand; /* [road × 2 + direction] trains with a slot that are still to run over it */
    double *carried; /* [trip] saturated: trains sent off over weight */

    struct wish *wishes;
    int32_t wish_room, wish_free;
    int32_t *road_wishes;    /* [road] first; −1 */
    int32_t *place_sleepers; /* [place] first; −1 */
    int32_t unsafe_sleepers; /* first; −1 */
    int32_t *ready;          /* slots to be tried */
    int32_t ready_count;
    int32_t *indicating; /* running trains that ask now */
    int32_t indicating_count;

    /* what is told at the end */
    struct stage *stages;           /* [slot × most_calls] */
    struct train_call *calls;       /* [most_calls] and */
    struct train_passage *passages; /* [most_steps] of the train that is told */
    struct train_block *blocks;     /* [slot × most_blocks] */
    struct span_log *spans;         /* [section × 2 + direction] */
    struct station_log *station_logs;
    /* as the observer is told it at the end */
    struct section_use *section_use; /* [section × 2 + direction]; wait_ms is counted here from the beginning */
    int64_t *section_busy_ms;
    struct station_use *station_use;
    int32_t latecomers_due; /* trains outside that are late or loaded, with an event each */
    int64_t events_done, forced_moves;
    bool deadlocked, not_proved, interrupted, no_memory;
    struct waiting_train *waiting;
    int32_t waiting_count;
};

static inline const struct trip *trip_of(const struct simulation *simulation, const struct train *train) {
    return &simulation->plan->trips[train->trip];
}

static inline const struct path *path_of(const struct simulation *simulation, const struct train *train) {
    return simulation->plan->paths[train->path];
}

static inline int64_t scaled_ms(int64_t time_ms, double factor) {
    return factor == 1 ? time_ms : (int64_t)((double)time_ms * factor + (time_ms < 0 ? -0.5 : 0.5));
}

#endif
