/* One replication of an offered load, told day by day: what is kept of it for the figures (load_figures.h). */
#ifndef BERING_STUDY_LOAD_SAMPLE_H
#define BERING_STUDY_LOAD_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "simulation/observer.h"
#include "study/demand.h"

/* A train that was planned to depart in the replication. */
struct planned_train {
    int32_t day;
    float delay_s;
};

struct load_sample {
    const struct demand *demand;
    int32_t day_count;
    int32_t *arrived, *planned; /* [day × class]: trains that arrived, that were planned to depart */
    double *delay_s;            /* [day]: sum over the trains planned for it */
    struct planned_train *trains;
    size_t train_count, train_room;
    int64_t *held_up_ms; /* [section × 2 + direction]: trains stood before it because of others */
    int32_t warmup_days; /* to leave out at the beginning, ≥ 1 after load_samples_cut */
    int64_t forced_moves, events;
    bool no_memory;
};

/* The observer fills the sample; its timetable is one of demand_build, a plan for each class. False when out of memory;
 * the sample is then empty. */
bool load_sample_create(struct load_sample *sample, const struct demand *demand, int32_t day_count);
struct observer load_sample_observer(struct load_sample *sample);
void load_sample_free(struct load_sample *sample); /* leaves it empty */

/* How much of the beginning to leave out: MSER-5 on the daily mean delays, or arrivals, over all replications
 * together, where what it would cut is unlike the rest (two standard errors): where it is not, chance alone decides,
 * and more often against high delays than low ones. Never less than the first day, on which the line was empty. False
 * when out of memory. */
bool load_samples_cut(struct load_sample *samples, int32_t count, bool by_delay);

/* Over a day. */
int32_t load_sample_arrived(const struct load_sample *sample, int32_t day);
int32_t load_sample_planned(const struct load_sample *sample, int32_t day);

#endif
