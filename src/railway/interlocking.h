/* What may happen on the line: who holds which track and which section until when, and from when on a train may start
 * its next move without ever meeting, catching up with, or standing in the way of another.
 *
 * A move takes a train from where it stands (or runs) to a later node of its path where it may stand, over one or
 * several legs. It is granted whole: every section on the way is then the train's own direction's, and a track at the
 * far end is reserved for it. Since the times of a granted move are known, every hold carries the moment at which it
 * ends; it is simply over when the clock has passed that moment. Only a track at which a train stands without a granted
 * onward move has no such moment.
 *
 * The interlocking knows neither clock nor policy. Whether the state after a move can still be cleared is the deadlock
 * rule's business (deadlock.h), for which it keeps where every train is committed: its furthest reserved track.
 *
 * Trains are numbered by slots, which the caller gives out and reuses. */
#ifndef BERING_RAILWAY_INTERLOCKING_H
#define BERING_RAILWAY_INTERLOCKING_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/path.h"
#include "railway/run_cache.h"

/* Where a train is committed: at which node of its path it will stand if nothing more is granted. */
struct commitment {
    int32_t path; /* index in the interlocking's paths; −1: the slot is not in use */
    int32_t node;
    int32_t track;          /* of the layout; −1 at a place without numbered tracks */
    int32_t onward_path;    /* the path its trainset runs after this one (return_of); −1: it leaves at the end */
    int32_t previous, next; /* in the list of its place, in order of coming; −1 ends it */
    bool listed;            /* counted at its place: not where it only arrives to leave */
    bool plain;             /* see path.plain; false also with a binding track, or standing on single line */
};

/* One train on one road, from its grant until nothing waits for it any more. */
struct passage {
    int64_t train_id;
    int32_t train, leg;
    int32_t direction;
    int32_t next;              /* in the road's list, in order of grant */
    int64_t enter_ms, exit_ms; /* head in at the section's beginning; head at the end of the leg */
    int64_t clear_ms; /* tail out of the section; INT64_MAX: not known (a train that may stop at the far signal) */
    int64_t clear_earliest_ms; /* the same if it runs through where it may yet stop */
    int64_t *block_clear_ms; /* [block_count of the leg − 1], in the order run: the last is clear with the section */
};

struct hold {
    int64_t free_ms;  /* from then on free; INT64_MAX: the holder has no onward move yet */
    int64_t train_id; /* of the last holder; 0: it came to stand here without a move */
    int32_t train;    /* its slot, −1 */
};

/* An arrival or passage at a station with an arrival interval. */
struct arrival {
    int64_t train_id;
    int64_t earliest_ms, latest_ms; /* if it runs through, if it stops */
    int32_t section, train, next;
};

/* The passages over a road, and how long after its tail has cleared it, or its head has left it, one still matters to
 * anybody. */
struct road_passages {
    int32_t first, last;                   /* into passages; −1 */
    int64_t after_clear_ms, after_exit_ms; /* exit: 0 where nothing depends on it */
};

/* What a train took at a node and for the leg that begins there. */
struct taken {
    int32_t track;   /* held or used at the node; −1 */
    int32_t passage; /* into passages; −1 */
};

struct interlocking {
    const struct layout *layout;
    const struct path *const *paths;
    int32_t path_count;
    struct run_cache *runs;
    int64_t lead_ms;
    int64_t first_weekday;
    int64_t longest_crossing_ms;

    struct hold *holds;          /* [layout.track_count] */
    struct road_passages *roads; /* [layout.road_count] */
    struct passage *passages;
    int32_t passage_count, passage_free; /* free list through `next`; −1 */
    int64_t *block_clear_ms;             /* passage_count × block_stride */
    int32_t block_stride;
    int32_t *place_count, *place_first, *place_last; /* [layout.place_count]: trains committed */
    int32_t complex_count;                           /* trains committed that are not plain */
    int32_t *arrival_first;                          /* [station_count] into arrivals; −1 */
    struct arrival *arrivals;
    int32_t arrival_count, arrival_free;

    int32_t train_count;            /* slots there is room for */
    int32_t node_stride;            /* nodes of the longest path */
    struct commitment *commitments; /* [train_count] */
    struct taken *taken;            /* [train × node_stride + node] */
};

/* NULL: out of memory. `paths` and the layout must outlive it. */
struct interlocking *interlocking_create(const struct layout *layout, const struct path *const *paths,
                                         int32_t path_count, const struct run_settings *settings,
                                         int32_t first_weekday);
void interlocking_destroy(struct interlocking *interlocking);

/* Room for `count` slots; false when out of memory. */
bool interlocking_reserve(struct interlocking *interlocking, int32_t count);

/* Makes `target`, made by interlocking_create with the same arguments, equal to `source`. False: out of memory. */
bool interlocking_copy(struct interlocking *target, const struct interlocking *source);

/* ---- one move ---- */

struct move_request {
    int32_t train;
    int64_t train_id;
    int32_t path;
    int32_t from, to; /* nodes; to is a standing node after from */
    bool running;     /* runs through `from`, at base_ms, with entry_speed_ms; else it starts there from rest */
    bool entering;    /* comes from outside: takes a track at `from` as it starts */
    int64_t now_ms;
    int64_t base_ms; /* earliest start */
    double entry_speed_ms;
    int32_t track;      /* at `from`: −1 while entering, or without numbered tracks */
    int32_t from_track; /* entering: binding track at `from`; −1 any */
    int32_t to_track;   /* binding (or chosen) track at `to`; −1 any */
    /* Actual over planned running time of a leg; and when a train that arrives at a node where it has to stop within
     * the move may leave it (INT64_MIN: it does not stop there). */
    double (*factor)(const void *context, int32_t leg);
    int64_t (*leave)(const void *context, int32_t node, int64_t arrival_ms);
    /* The time before which it may not pass a node within the move (INT64_MIN: any). NULL: no such nodes. */
    int64_t (*earliest)(const void *context, int32_t node);
    const void *context;
};

enum move_verdict {
    MOVE_POSSIBLE,
    MOVE_LATER,   /* at later_ms, if nothing else changes */
    MOVE_BLOCKED, /* until some train at blocked_place is granted its onward move */
    MOVE_FAILED,  /* out of memory, or the train stalls */
};

enum move_obstacle { OBSTACLE_NONE, OBSTACLE_ROAD, OBSTACLE_TRACK, OBSTACLE_POSSESSION, OBSTACLE_TIMETABLE };

struct move_leg {
    const struct leg_run *run;
    double factor;
    int64_t start_ms, end_ms; /* end: head at the far node, and away from it again after a stop within the move */
    int32_t track;            /* at the far node */
};

struct move {
    enum move_verdict verdict;
    enum move_obstacle obstacle; /* why not: the constraint that binds last */
    int64_t later_ms;
    int32_t blocked_place;
    int32_t blocked_road;   /* OBSTACLE_ROAD: which; −1 */
    int32_t blocking_train; /* slot; −1: nobody */
    int64_t blocking_id;    /* its train_id, where it may have left the network; else 0 */
    int64_t start_ms;
    int32_t from_track;
    int32_t leg_count;     /* legs from `from` on */
    struct move_leg *legs; /* room for node_stride, owned by whoever owns the move */
};

bool move_create(struct move *move, const struct interlocking *interlocking); /* makes room; false: out of memory */
void move_free(struct move *move);

/* Whether, or when, the move can start. Changes nothing but what is over (holds and passages of the past). */
void interlocking_evaluate(struct interlocking *interlocking, const struct move_request *request, struct move *move);

/* Ignoring who is on the road and in which order: is there a track at the far end and on the way for it? For a policy
 * that asks whether a rival is held up by the road alone. */
bool interlocking_has_tracks(const struct interlocking *interlocking, const struct move_request *request);

/* Makes the possible move just evaluated real. False: out of memory (the state is then no longer usable). */
bool interlocking_grant(struct interlocking *interlocking, const struct move_request *request, const struct move *move);

/* The last leg of a granted move is run through after all (its next move was granted in time): `run` replaces the one
 * that stops. */
void interlocking_run_through(struct interlocking *interlocking, int32_t train, int64_t train_id, int32_t leg,
                              const struct leg_run *run, double factor, int64_t start_ms);

/* Puts a train at a node at time now_ms without a move (a timetable's standing start; a trainset's next plan). False
 * if the track is taken. `track` −1: any that fits. */
bool interlocking_place(struct interlocking *interlocking, int32_t train, int32_t path, int32_t node, int32_t track,
                        int64_t now_ms);

/* The train will leave the network from where it is committed at time_ms: a follower may count on its track. */
void interlocking_will_leave(struct interlocking *interlocking, int32_t train, int64_t time_ms);

/* The train leaves the network; its track is free from now_ms on. */
void interlocking_leave(struct interlocking *interlocking, int32_t train, int64_t now_ms);

/* The next place a committed train needs after `node`; −1: it leaves the network there. */
static inline int32_t interlocking_next_place(const struct interlocking *line, const struct commitment *commitment) {
    const struct path_node *nodes = line->paths[commitment->path]->nodes;
    int32_t here = nodes[commitment->node].place, next = nodes[commitment->node].next_stand;
    /* from block to block of a line track it stays at the same place */
    while (next >= 0 && nodes[next].place == here) next = nodes[next].next_stand;
    if (next >= 0) return nodes[next].place;
    if (commitment->onward_path < 0) return -1;
    const struct path *onward = line->paths[commitment->onward_path];
    return onward->nodes[onward->nodes[0].next_stand].place;
}

/* The earliest time at or after enter_ms at which a passage of `stay_ms` over a road fits between its possessions. */
int64_t possession_free_from(const struct layout *layout, int32_t road, int32_t direction, int32_t first_weekday,
                             int64_t enter_ms, int64_t stay_ms);

#endif
