/* A kind of train: length, mass, traction, resistance, braking, load and cost, as in train_types.csv, in SI units. */
#ifndef BERING_RAILWAY_TRAIN_TYPE_H
#define BERING_RAILWAY_TRAIN_TYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/law.h"

enum train_energy { ENERGY_ELECTRIC, ENERGY_DIESEL, ENERGY_STEAM };

struct train_type {
    char *id;
    char *name;
    int32_t gauge_mm; /* 0: any */
    double length_m;
    double mass_kg;            /* NAN where traction is not given; likewise the next three */
    double max_speed_ms;
    double power_w;
    double tractive_effort_n;
    double brake_ms2;
    double davis_a_n, davis_b_ns_m, davis_c_ns2_m2; /* R(v) = A + B v + C v² newtons, v in m/s */
    double rotating_mass;      /* ≥ 1 */
    double tunnel_drag;        /* C is multiplied by this in a tunnel */
    double supplement_percent; /* lengthens the planned running time */
    struct law running_factor; /* actual over planned running time */
    double height_m;           /* 0: not given */
    double capacity_teu;
    int32_t priority;
    double delay_weight;
    double cost_per_train_km_usd, cost_per_hour_usd;
    double revenue_per_train_usd; /* passengers, bulk: per train that arrives */
    double empty_mass_kg;  /* without its containers; NAN: its mass does not follow its load. mass_kg is that of full */
    double empty_length_m; /* without the wagons of its containers; NAN: its length does not follow its load */
    enum train_energy energy;
    bool has_traction; /* mass, power, effort and braking are all given */
};

/* A fixed running time that replaces the computed one (running_times.csv). */
struct running_time {
    int32_t section;
    int32_t train_type;  /* −1: every type */
    unsigned directions; /* DIRECTION_…_BITs */
    int64_t run_ms;      /* passing to passing, station centre to station centre */
    int64_t start_ms;    /* added when the train starts from rest */
    int64_t stop_ms;     /* added when it stops at the far end */
};

/* The row that holds for a type, a section and a direction: the more specific row wins (a named type over `*`, then
 * one direction over both); NULL where none does. */
const struct running_time *running_time_find(const struct running_time *rows, int32_t row_count, int32_t section,
                                             int32_t train_type, unsigned direction_bit);

void train_type_free(struct train_type *type);

#endif
