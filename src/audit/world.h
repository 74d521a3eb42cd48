/* The scenario as the audit reads it: from the files kept in `inputs` and the settings kept in `settings`, by code of
 * its own. What the simulator understood is not asked; only the reading of CSV and of the database is shared with it.
 *
 * Only rows whose `option` holds are here. SI units and milliseconds; everything refers to everything else by index.
 * Names and meanings are those of docs/formats.md §2 and §3. */
#ifndef BERING_AUDIT_WORLD_H
#define BERING_AUDIT_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"

enum audit_direction { AUDIT_FORWARD = 0, AUDIT_BACKWARD = 1 };

struct audit_station {
    const char *id;
    bool terminal;
    int64_t crossing_interval_ms, arrival_interval_ms, turnaround_ms;
    int32_t first_track, track_count; /* world.tracks; `count` expanded, a track without limit once */
    bool unlimited;                   /* some track has count `*` */
};

struct audit_track {
    const char *id; /* as in the results: TRACK or TRACK.n */
    int32_t station;
    double length_m; /* INFINITY: any train */
    double speed_ms; /* INFINITY: line speed */
    bool unlimited;
};

struct audit_section {
    const char *id;
    int32_t from, to;
    double length_m; /* between the stations' centres */
    int32_t line_tracks;
    double block_m; /* as given; 0: the section is one block */
    double speed_ms;
    bool moving;        /* signalling */
    int64_t headway_ms; /* −1: not given */
    int64_t release_ms, purge_ms;
    bool purge_after[2], purge_before[2]; /* by direction */
    int32_t max_trains;                   /* 0: no limit of its own */
    int32_t gauge_mm;                     /* 0: any */
    double clearance_m;                   /* INFINITY: any */
    int32_t first_alignment, alignment_count;
};

struct audit_alignment { /* ascending along the section */
    double from_m, to_m; /* from the centre of the section's `from` */
    double gradient_permille, curve_radius_m, speed_ms;
    bool tunnel;
};

struct audit_type {
    const char *id;
    double length_m, mass_kg, max_speed_ms;
    double power_w, effort_n, brake_ms2; /* NAN where not given */
    double davis_a, davis_b, davis_c, rotating_mass, tunnel_drag;
    double supplement;         /* 0.05 = 5 % */
    bool random_running_times; /* `running_factor` is a law, or another number than 1 */
    int32_t gauge_mm;          /* 0: any */
    double height_m;           /* 0: not given */
    double capacity_teu, cost_per_train_km_usd, cost_per_hour_usd, revenue_per_train_usd;
    double empty_mass_kg, empty_length_m; /* NAN: it does not follow the load */
};

struct audit_flow {
    const char *id;
    int32_t origin, destination;
    int64_t tariff_cents; /* per TEU */
    int64_t due_ms;       /* after it was offered; −1: never late */
    int64_t late_cents_per_teu_day;
};

struct audit_prices { /* means; NAN: a law of which the audit does not know the mean */
    double lift_cents, energy_cents_per_kwh, access_cents_per_km, fixed_cents_per_year;
};

struct audit_fixed_time {
    int32_t section, type; /* type −1: all */
    bool direction[2], one_direction;
    int64_t run_ms, start_ms, stop_ms;
};

struct audit_possession {
    int32_t section;
    int32_t line_track; /* 0: all */
    bool direction[2];
    unsigned weekdays;      /* bit 0 Monday */
    int64_t from_ms, to_ms; /* within the day it begins; to > from */
};

struct audit_call { /* one row of a timetable, or an end or a stop of a service */
    int32_t station;
    int64_t arrival_ms, departure_ms; /* from the plan's day; −1: not given */
    int64_t min_dwell_ms;
    int32_t track; /* world.tracks; −1: any */
    bool stop;
    bool dwell_delay; /* its dwell_s is not always 0 */
};

enum audit_arrivals { AUDIT_REGULAR, AUDIT_POISSON, AUDIT_SATURATED };

struct audit_plan {
    const char *id;
    bool service;
    int32_t type;
    int32_t first_call, call_count; /* world.calls */
    bool standing;                  /* timetable: its first row has an arrival */
    bool entry_delay;               /* its entry delay is not always 0 */
    enum audit_arrivals arrivals;   /* services */
    int64_t first_ms, last_ms;
    double interval_ms;     /* regular: the n-th of a day departs at first_ms + n · interval_ms, rounded */
    int32_t trains_per_day; /* regular: how many a day */
    unsigned weekdays;
    int32_t return_of; /* plan; −1: none */
};

struct audit_world {
    struct audit_station *stations;
    int32_t station_count;
    struct audit_track *tracks;
    int32_t track_count;
    struct audit_section *sections;
    int32_t section_count;
    struct audit_alignment *alignments;
    int32_t alignment_count;
    struct audit_type *types;
    int32_t type_count;
    struct audit_fixed_time *fixed_times;
    int32_t fixed_time_count;
    struct audit_possession *possessions;
    int32_t possession_count;
    struct audit_plan *plans;
    int32_t plan_count;
    int32_t *plans_by_id; /* the plans in the order of their ids */
    struct audit_call *calls;
    int32_t call_count;
    struct audit_flow *flows; /* in the file's order */
    int32_t flow_count;
    struct audit_prices prices;
    int32_t first_weekday; /* of time 0; 0 Monday */
    int64_t warmup_ms, horizon_ms;
    int64_t route_setting_ms, reaction_ms;
    double sighting_m, moving_margin_m, delay_limit_ms;
    bool repeat_once, clear_by_length;
    char problem[256];         /* why the inputs could not be understood; "" */
    struct audit_texts *texts; /* owns every id */
};

/* Reads what run `run_id` was given. False if the database fails (*failure says how) or memory is short. Inputs that
 * make no sense give true and `problem`; what could be read is then there, and nothing should be concluded from it. */
bool audit_world_read(struct database *database, int64_t run_id, struct audit_world *world, struct failure *failure);
void audit_world_free(struct audit_world *world);

/* Index by id; −1 if there is none. Linear: the callers keep what they look up. */
int32_t audit_world_station(const struct audit_world *world, const char *id);
int32_t audit_world_track(const struct audit_world *world, int32_t station, const char *id);
int32_t audit_world_section(const struct audit_world *world, const char *id);
int32_t audit_world_type(const struct audit_world *world, const char *id);
int32_t audit_world_plan(const struct audit_world *world, const char *id);
int32_t audit_world_flow(const struct audit_world *world, const char *id);

/* Where the several sections that may join two stations lie: those that do, from `from` on; −1 at the end. */
int32_t audit_world_next_between(const struct audit_world *world, int32_t from, int32_t one, int32_t other);

/* The section that joins two stations, −1 if none; the first of several; *direction is that of running from → to. */
int32_t audit_world_between(const struct audit_world *world, int32_t from, int32_t to, enum audit_direction *direction);

/* A train type as it runs loaded with `teu`, where it follows its load: to the next full quarter. Between empty and
 * full mass and length lie on a straight line; Davis' A and B go with the mass, C with the length. */
enum { AUDIT_LOAD_LEVELS = 4 };
int32_t audit_quarters_missing(const struct audit_type *type, int64_t teu); /* of a full load; 0: it runs as if full */
struct audit_type audit_type_without(const struct audit_type *type, int32_t quarters_missing);

/* The most specific fixed running time, NULL: computed. */
const struct audit_fixed_time *audit_world_fixed_time(const struct audit_world *world, int32_t section, int32_t type,
                                                      enum audit_direction direction);

/* How long the zone of a station is for a train of `length_m`: its longest track; one without a length is as long as
 * the train. */
double audit_world_zone(const struct audit_world *world, int32_t station, double length_m);

/* How many blocks a section has (docs/formats.md, block_km), 1 with a headway or moving block. */
int32_t audit_section_blocks(const struct audit_section *section);

/* Takes a name of the results apart: the plan it belongs to, its day (from 1; 0 where the name has none) and its number
 * in the day (from 1; 0 for a timetable's train). The plan is −1 if nothing planned makes such a name. */
struct audit_train_name {
    int32_t plan;
    int64_t day, number;
};
struct audit_train_name audit_train_name(const struct audit_world *world, const char *name);

/* When such a train is to depart from its first station by the schedule; −1 where that is not fixed (poisson,
 * saturated, a trainset that turns round). */
int64_t audit_planned_departure(const struct audit_world *world, const struct audit_train_name *name);

#endif
