/* One train type on one route: where it may stand, what it holds as it goes, where its tail leaves what.
 *
 * A path is a chain of nodes joined by legs. A node is a station, or (on a two-track section) a signal on the line. A
 * leg runs from the stopping point of one node to that of the next.
 *
 * Geometry (docs/model.md): a station is a zone as long as its longest track, centred on its point; a train stands with
 * its head at the exit signal, i.e. half a zone beyond the centre; a section runs from turnout to turnout. A track
 * without a length is as long as the train. */
#ifndef BERING_RAILWAY_PATH_H
#define BERING_RAILWAY_PATH_H

#include <stdbool.h>
#include <stdint.h>

#include "railway/layout.h"
#include "railway/motion.h"
#include "railway/timetable.h"
#include "railway/train_type.h"

enum { CACHE_LINE = 64 };

enum leg_kind {
    LEG_WHOLE, /* a section in one go */
    LEG_BLOCK, /* one block of a two-track section */
    LEG_LINE,  /* a two-track section up to the far entry signal */
    LEG_ENTER, /* from the line into a station */
};

/* What happens when the head reaches a position: the tail leaves a track or a block. */
struct path_mark {
    double at_m;
    int32_t node;       /* the node whose track is left; −1 */
    int32_t leg;        /* the leg one of whose blocks is left; −1 */
    int32_t block;      /* of that leg */
    bool last;          /* the last block of that leg */
    bool leaves;        /* and with it the section */
    bool purged;        /* and the section is to be ventilated behind the train */
    int64_t release_ms; /* a block left as a track: how long it stays taken after the tail; else 0 */
};

struct path_node {
    _Alignas(CACHE_LINE) int32_t place;
    int32_t station;                  /* −1: a signal on the line */
    int32_t call;                     /* its number among the stations of the path; −1 */
    int32_t next_stand;               /* the next node where one may; −1 */
    int32_t first_track, track_count; /* of the place */
    int32_t first_under; /* the first node whose turnouts may still lie under a train that stands here: this one, unless
                            the train is longer than the leg to it */
    bool stand;          /* a move may end here */
    bool alike;          /* the tracks of the place differ neither in length nor in speed, */
    bool all_fit;        /* the train fits every one of them */
    bool unlimited;      /* the place is without limit */
    bool keeps_interval; /* the station has an arrival interval */
    double entry_m, stop_m; /* head positions: at the entry turnout (or where the block ends), when standing */
};

/* What a move is tried against again and again comes first, in one cache line. */
struct path_leg {
    _Alignas(CACHE_LINE) enum leg_kind kind;
    int32_t section, direction, road, line_track;
    int32_t track; /* LEG_BLOCK: the block, as a track of the layout */
    int32_t step;  /* the section's number on the route, from 0 */
    int32_t first_mark, mark_count;
    int32_t block_count; /* of the road within this leg: those of the section, or 1, or 0 (LEG_ENTER) */
    int32_t first_block; /* in path.block_from_m */
    bool single_line;    /* LEG_WHOLE over one track for both ways */
    bool bare; /* LEG_WHOLE, and nothing but fixed blocks and release times separate trains: no headway, moving block,
                  purge, most trains or possession */
    int64_t release_ms;               /* of the section */
    int64_t opposing_ms;              /* from a tail's clearing the section to an opposing train's start into it */
    double share;                     /* LEG_BLOCK with a fixed time: part of the section's running time */
    const struct running_time *fixed; /* NULL: computed */
};

struct path {
    const struct layout *layout;
    const struct train_type *type;
    double end_length_m; /* it must fit at its end: the type's, but for path_end_as_long_as */
    int32_t end_place;   /* where that is more than the type's; −1: nowhere */
    int32_t node_count;
    struct path_node *nodes;
    struct path_leg *legs; /* node_count − 1 */
    struct path_mark *marks;
    double *block_from_m; /* where each block of each leg begins */
    int32_t block_total;
    int32_t call_count;
    struct motion_path *motion; /* NULL where every leg is fixed */
    bool plain; /* every track of every place on the way fits it, and it begins and ends where nobody passes: the
                   deadlock rule without search is exact for it */
    int32_t longest_move; /* most legs from one standing place to the next */
};

/* NULL: out of memory. `type_index` is the type's row (running times name it); the layout, the type and the running
 * times must outlive the path. With `clear_by_length`, tails count on sections with a fixed running time too. */
struct path *path_create(const struct layout *layout, const struct train_type *type, int32_t type_index,
                         const struct running_time *running_times, int32_t running_time_count,
                         const struct route_leg *route, int32_t route_length, bool clear_by_length);
void path_destroy(struct path *path);

/* The train grows where it ends, no shorter than it comes: its trainset is loaded there for another train. */
void path_end_as_long_as(struct path *path, double length_m);

bool path_fits(const struct path *path, int32_t layout_track); /* may the train stand on it? */

#endif
