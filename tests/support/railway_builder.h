/* Scenarios made in a few lines of C, for tests: no files, no CSV. Times in seconds, lengths in metres. */
#ifndef BERING_TESTS_RAILWAY_BUILDER_H
#define BERING_TESTS_RAILWAY_BUILDER_H

#include "scenario/scenario.h"
#include "simulation/observer.h"

/* An empty scenario: once, fcfs, seed 1. Ends the process when out of memory (so do all calls here). */
struct scenario *build_scenario(void);
void build_free(struct scenario *scenario);

/* Stations: tracks of one length (0: any train); 0 tracks: no limit. Returns the index. */
int32_t build_station(struct scenario *scenario, const char *id, int32_t tracks, double length_m);
/* One more track at the last station built. */
int32_t build_track(struct scenario *scenario, double length_m);
/* A single-track section between stations named by id. */
struct section *build_section(struct scenario *scenario, const char *id, const char *from, const char *to,
                              double length_m);
/* A train type without traction (fixed times only). */
struct train_type *build_type(struct scenario *scenario, const char *id, double length_m);
/* A fixed running time on every section for every type. */
void build_running_time(struct scenario *scenario, double run_s, double start_s, double stop_s);
void build_running_time_on(struct scenario *scenario, const char *section, double run_s, double start_s, double stop_s);

/* A timetable train along stations "A B C" (every station of the way, by id), from rest at departure_s; standing at
 * its first station from standing_s on if that is not negative (on the track numbered `track` there, −1 any). */
struct train_plan *build_train(struct scenario *scenario, const char *id, const char *type, const char *way,
                               double departure_s, double standing_s, int32_t track);
/* A service along the same kind of way. */
struct train_plan *build_service(struct scenario *scenario, const char *id, const char *type, const char *way,
                                 enum arrival_process arrivals, double interval_s);
/* A straight line W – S1 – … – E of `sections` sections at 100 km/h (fixed times, no loss at stops), with `tracks` at
 * each station between and no limit at the ends; type "train". Follow-up headway_min (0: one block) and release_min.
 * Returns the stations of the way east in `east` and west in `west`, as build_train wants them. */
struct scenario *build_straight(const double *section_km, int32_t sections, int32_t tracks, double headway_min,
                                double release_min, char east[256], char west[256]);

/* The last rows first. */
void build_reverse_schedule(struct scenario *scenario);

/* ---- what a run gave ---- */

struct outcome {
    int64_t arrived, others;
    int64_t arrived_in_window[2]; /* per direction */
    double total_delay_s, mean_delay_s;
    int64_t trains_planned;
    int64_t late; /* calls with a wait */
    int64_t end_ms, events, forced;
    bool deadlocked, interrupted, not_proved;
    int32_t waiting_count;
    double days;        /* of the window */
    uint64_t hash;      /* over everything told */
    int64_t violations; /* found by checking what was told: two in a section, on a track, too early … */
    char first_violation[200];
};

/* Runs one replication under the scenario's policy and checks what it tells. */
struct outcome build_run(const struct scenario *scenario, int64_t replication);

#endif
