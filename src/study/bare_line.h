/* The line of a scenario with nobody on it but one or two trains: what the interlocking makes of them, and nothing
 * else.
 *
 * The trains are those of a demand's classes. Of all that could keep them from going only what lies between the two is
 * left: there is no timetable, no possession, and at a station with two or more tracks one is always free. Running
 * times are the planned ones times the mean of the factor drawn for them, or of what the factor cannot be below, dwells
 * inside a move the least ones with the mean of what is added to them. Since every separation is a maximum of sums of
 * such times, the mean of separations is not below the separation of the means (Jensen).
 *
 * How a train comes to a node where a move begins: from rest, or running at some speed that it can have there. All
 * such speeds are listed, with all turnouts it may come over. Not for use by several threads at once. */
#ifndef BERING_STUDY_BARE_LINE_H
#define BERING_STUDY_BARE_LINE_H

#include "simulation/plan.h"
#include "study/demand.h"

struct way_in {
    double speed_ms;   /* 0: from rest */
    double turnout_ms; /* limit of the turnouts of the track it comes over; INFINITY: none */
    int64_t lag_ms;    /* running: at least so long before it passes has its move to be granted; the lead is in it */
};

struct bare_node {
    double *turnouts; /* their limits, the fastest first, each once */
    int32_t turnout_count;
    struct way_in *ways_in;
    int32_t way_count, way_room;
};

struct bare_line {
    const struct scenario *original;
    struct scenario scenario; /* shares all but the stations, the possessions and the timetable */
    struct station *stations;
    struct possession *possessions;
    struct timetable timetable;   /* one service a class */
    struct simulation_plan *plan; /* its trips are the classes */
    struct bare_node **nodes;     /* [class][node of its path] */
    int32_t class_count;
    struct interlocking *empty; /* nobody on the line */
    struct interlocking *one;   /* with the first train */
    struct interlocking *line;  /* where moves are tried */
    struct move move;
    /* the first train, once sent; the legs [first_leg, first_leg + leg_count) of its path, arrays by leg of the path */
    int32_t sent_class, first_leg, leg_count;
    int64_t *leg_start_ms;
    const struct leg_run **leg_runs;
    int64_t arrival_ms; /* at the end of the move it was sent on: the head, running through where it may */
    bool no_memory;     /* memory ran out since it was made: answers since then are worth nothing */
};

/* The demand and its scenario must outlive it. False when memory runs out, or a train cannot run its route. */
bool bare_line_make(struct bare_line *line, const struct demand *demand, struct failure *failure);
void bare_line_free(struct bare_line *line); /* leaves it empty */

const struct path *bare_line_path(const struct bare_line *line, int32_t class_index);
/* The nodes between which the move over a leg of a class's path is made. */
int32_t bare_line_move_start(const struct bare_line *line, int32_t class_index, int32_t leg);
int32_t bare_line_move_end(const struct bare_line *line, int32_t class_index, int32_t leg);

/* The best way in to a node from rest or running: the fastest, over the fastest turnouts. NULL where there is none. */
const struct way_in *bare_line_best_way_in(const struct bare_line *line, int32_t class_index, int32_t node,
                                           bool from_rest);

/* Sends the first train over the empty line from a node: on its way to where it may stand next, running through there
 * unless it has to stop; where that is between two blocks, on to a station. (The far signal of a line with headway or
 * moving block is far enough, unless it has room for one train alone: a follower is let in before it is known what the
 * one ahead does there.) False when it cannot. */
bool bare_line_send(struct bare_line *line, int32_t class_index, int32_t node, const struct way_in *way_in);

/* When its tail is out of a leg that it was sent over. */
int64_t bare_line_clear_ms(const struct bare_line *line, int32_t leg);

/* The earliest start, from not_before_ms on, of a second train's move from a node behind (or against) the first one;
 * `end_turnout_ms` is the limit it ends over. The times of its legs are then in line->move. INT64_MAX: never. */
int64_t bare_line_follow(struct bare_line *line, int32_t class_index, int32_t node, const struct way_in *way_in,
                         double end_turnout_ms, int64_t not_before_ms);

#define BARE_LINE_START_MS (2 * MILLISECONDS_PER_DAY) /* when the first train starts, or passes, where it begins */

#endif
