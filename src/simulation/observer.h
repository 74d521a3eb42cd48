/* What a simulation tells whoever listens. It does not know who that is, nor any SQL.
 *
 * A train is told once, when it has ended (or when the run ends with it under way), with everything that happened to
 * it; all pointers are valid during the call only. What concerns places is told once, at the end. The order in which
 * trains end is the same for the same input and seed. */
#ifndef BERING_SIMULATION_OBSERVER_H
#define BERING_SIMULATION_OBSERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "freight/freight.h"

enum train_status { TRAIN_ARRIVED, TRAIN_RUNNING, TRAIN_WAITING, TRAIN_NOT_ENTERED, TRAIN_CANCELLED };

/* Why a train stood longer than planned, by the longest part of the wait. */
enum wait_cause {
    WAIT_NONE,
    WAIT_SCHEDULED, /* its own departure time had not come */
    WAIT_PRIMARY,   /* its own delay: late entry, longer dwell */
    WAIT_KNOCK_ON,  /* another train: see wait_for */
    WAIT_POSSESSION,
    WAIT_HAZARD,
};

/* A time that has not come, or is not planned. */
#define TIME_NONE INT64_MIN

/* One station on a train's way, stopped at or passed. */
struct train_call {
    int32_t station;
    int32_t track;              /* index in network.tracks; −1 where not reached */
    int64_t planned_arrival_ms; /* TIME_NONE where the plan says nothing */
    int64_t arrival_ms;         /* head at the exit signal; TIME_NONE: not reached, or the origin */
    int64_t planned_departure_ms;
    int64_t departure_ms;
    bool stopped;
    int64_t wait_ms; /* standing (or, at the origin, waiting outside) beyond dwell and timetable */
    enum wait_cause wait_cause;
    int64_t wait_for_train; /* train_id, 0: nobody */
};

/* One block of a section as a train held it. */
struct train_block {
    int64_t enter_ms;   /* head in */
    int64_t clear_ms;   /* tail out */
    int64_t release_ms; /* clear + the section's release time */
};

/* One section on a train's way that it has entered. */
struct train_passage {
    int32_t section;
    int32_t direction;                      /* enum direction */
    int32_t line_track;                     /* 1, or 2 for the backward road of a two-track section */
    int64_t enter_ms, clear_ms, release_ms; /* clear and release TIME_NONE while not known at the end of the run */
    int32_t block_count;                    /* 0: not told (headway, moving block, or blocks not asked for) */
    const struct train_block *blocks; /* in the order run; number them from the `from` end to report them. A block not
                                         left at the end of the run has TIME_NONE */
};

struct train_record {
    int64_t train_id; /* from 1, in the order of planned departure, then of the schedule's rows */
    int32_t plan;     /* index in the scenario's timetable */
    int64_t day;      /* from 1; the plan's day */
    int64_t number;   /* n-th train of a service on that day, from 1; 0 for a timetable's train */
    bool saturated;
    int64_t planned_departure_ms;
    int64_t departure_ms;       /* TIME_NONE: has not entered */
    int64_t planned_arrival_ms; /* TIME_NONE: not planned */
    int64_t arrival_ms;         /* TIME_NONE: has not arrived */
    int64_t unimpeded_ms;       /* the same train with nobody else on the line, from planned departure to arrival */
    int64_t delay_ms;           /* docs/formats.md §4; of a train under way: so far, never negative */
    int32_t direction;          /* which way it goes on the whole: enum direction */
    double energy_j;            /* at the wheel, so far */
    int32_t teu;                /* loaded on its way so far; 0 without containers */
    int64_t revenue_cents, cost_cents; /* posted at its arrival; 0 while under way */
    enum train_status status;
    const struct train_call *calls;
    int32_t call_count;
    const struct train_passage *passages;
    int32_t passage_count;
};

struct section_use {
    int64_t trains;  /* that entered in the measured window, per direction */
    int64_t busy_ms; /* held (head in to released) within the measured window; overlaps of trains that follow each
                        other are counted once */
    int64_t wait_ms; /* trains stood ready to enter it, their own delay over, within the measured window */
};

struct station_use {
    int32_t max_occupied; /* tracks occupied at once */
    int64_t occupied_ms;  /* track-milliseconds occupied within the measured window */
    int64_t wait_ms;      /* trains stood longer than planned, whatever the cause, within the measured window */
};

struct waiting_train {
    int64_t train_id;
    int32_t plan;
    int64_t day, number;
    int32_t station;
    int64_t waits_for;      /* train_id, 0: nobody in particular */
    int32_t waits_for_plan; /* of that train, −1: nobody */
    int64_t waits_for_day, waits_for_number;
};

struct run_summary {
    int64_t end_ms;                       /* the clock when the run ended */
    int64_t window_from_ms, window_to_ms; /* what the uses cover: [from, to) */
    int64_t events;
    int64_t forced_moves; /* started by the mechanism though the policy held them */
    int64_t searches;     /* exact deadlock searches */
    bool deadlocked;
    bool not_proved; /* the start could not be proved feasible within the search's bound */
    bool interrupted;
    const struct waiting_train *waiting; /* deadlocked: who stands where and waits for whom */
    int32_t waiting_count;
    const struct section_use *sections; /* [section * 2 + direction] */
    const int64_t *section_busy_ms;     /* [section * 2 + line track − 1]: the union over both directions */
    const struct station_use *stations; /* [station] */
    struct freight_results freight;     /* of flows, terminals and money; without flows only the ledger is filled */
};

struct observer {
    void *context;
    void (*train)(void *context, const struct train_record *train);
    void (*end)(void *context, const struct run_summary *summary);
    freight_container_told *container; /* NULL, or told of every container: freight.h says when */
};

#endif
