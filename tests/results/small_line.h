/* A line A – S – B, small enough to know every number by heart, made in memory; and a run on it told by hand.
 *
 *     A (terminal, *)  ──A-S, 10 km──  S (2 tracks)  ──S-B, 20 km──  B (terminal, *)
 *
 * plans: 0 the timetable's train T1, A to B; 1 the service SV, B to A. */
#ifndef BERING_TESTS_RESULTS_SMALL_LINE_H
#define BERING_TESTS_RESULTS_SMALL_LINE_H

#include "scenario/scenario.h"
#include "simulation/observer.h"

enum { SMALL_LINE_MINUTE = 60000, SMALL_LINE_HOUR = 3600000, SMALL_LINE_DAY = 86400000 };

/* Everything the scenario points to; the scenario lives as long as this. */
struct small_line {
    struct scenario scenario;
    struct station stations[3];
    struct track tracks[4];
    struct section sections[2];
    struct train_type types[1];
    struct planned_call calls[2][2];
    struct route_leg routes[2][2];
    struct train_plan plans[2];
    struct input_file inputs[2];
    struct flow flows[2];
    struct terminal terminals[1];
    struct setting_used settings_used[3];
};

/* One day after no warm-up, detail `blocks`. Change the settings as needed. */
void small_line_make(struct small_line *line);

/* Tells `observer` of four trains and the end:
 *   3 SV@1.1  planned 1:00, entered 1:00, arrived 2:30, delay 30 min, 3.6 MJ; waited 20 min at S for train 1
 *   1 T1@1    planned 0:30, entered 0:30, arrived 1:40, delay 0, 7.2 MJ
 *   2 SV@1.2  planned 2:00, entered 2:10, under way, delay so far 10 min; waited 10 min outside B (its own delay)
 *   4 T1@2    planned 24:00, not entered
 * in this order. `shift_ms` moves the arrival, and so the delay, of train 3. */
void small_line_tell(const struct observer *observer, int64_t shift_ms);

/* Flows between the ends, and two cranes at A:
 *   east  A to B, 100 dollars a TEU, due after 90 min, 288 dollars a TEU and day of lateness
 *   west  B to A, 80 dollars a TEU, never late */
void small_line_add_freight(struct small_line *line);

/* The same run with containers and money (cents):
 *   1 east  2 TEU  offered 0:10, by train 1, delivered 1:45; tariff 20,000, cost 300
 *   2 west  1 TEU  offered 1:55, riding on train 2; cost 150
 *   3 east  2 TEU  empty, by train 3; cost 300
 *   5 east  1 TEU  offered 0:15, by train 1, delivered 1:50, 5 min late; tariff 10,000, penalty 100, cost 300
 *   9 east  1 TEU  offered 5:00, waiting
 *  13 east  1 TEU  offered 6:00, refused
 * in the order of their ends. Train 1 earns 500 and costs 4,000, train 3 costs 5,000 (together 3,000 for track access);
 * fixed cost is 700. */
void small_line_tell_freight(const struct observer *observer);

/* Tells of a deadlock at 3:00: T1@1 at A waits for SV@1.1, which stands at S and waits for T1@1. */
void small_line_tell_deadlock(const struct observer *observer);

#endif
