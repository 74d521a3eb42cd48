/* How long many runs of different cost will still take. What counts is not how many are done: a point with a hundred
 * trains a day takes longer than one with ten. A run to come is taken to cost what the runs of its own point have cost
 * so far; where there are none yet, its weight (a guess, in any unit) times what a unit of weight has cost elsewhere.
 *
 *     struct time_left *left = time_left_create(points);
 *     time_left_expect(left, point, weight, runs);   …for each point…
 *     time_left_note(left, point, seconds);          …for each run that is done…
 *     time_left_seconds(left, under_way_s, elapsed_s)
 */
#ifndef BERING_STUDY_TIME_LEFT_H
#define BERING_STUDY_TIME_LEFT_H

#include <stdint.h>

struct time_left;

struct time_left *time_left_create(int32_t points); /* NULL when out of memory */
void time_left_free(struct time_left *left);        /* NULL is allowed */

void time_left_expect(struct time_left *left, int32_t point, double weight, int32_t runs);
void time_left_note(struct time_left *left, int32_t point, double seconds);

/* Seconds from now, at the pace at which work was done side by side in `elapsed_s`; `under_way_s` is the work already
 * put into runs to come. NAN before any run is done. */
double time_left_seconds(const struct time_left *left, double under_way_s, double elapsed_s);

#endif
