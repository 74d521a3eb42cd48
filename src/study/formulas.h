/* What a line carries, by the closed forms of the field: the figures that stand beside every simulated one, and that
 * simulation is tested against. Pure functions; minutes, trains a day and shares of 1, as the names say.
 *
 * F1 … F12 are the numbers of docs/facts.md, where each formula stands with its source.
 *
 * An argument that cannot be (negative times, a share outside 0 … 1, less than one train in a fleet, NAN) gives NAN.
 * Nothing is rounded: how many whole trains fit is floor() of the answer. A line that nothing limits carries INFINITY.
 */
#ifndef BERING_STUDY_FORMULAS_H
#define BERING_STUDY_FORMULAS_H

#include <stdint.h>

#define MINUTES_PER_DAY 1440.0

/* ---- single track, one train after the other ---- */

/* F1, Scott's formula (Indian Railways): trains a day, both ways together, over the critical block. `run_min` is the
 * slowest goods train's time over it, `block_operation_min` what setting and clearing take; efficiency 0.7 is usual. */
double scott_trains_per_day(double run_min, double block_operation_min, double efficiency);

/* F2, the paired, non-packeted, parallel schedule of the Russian school. Between two crossing stations a pair of
 * trains, one each way, takes a period of
 *
 *     t' + t'' + what is lost at the one end and at the other
 *
 * and what is lost at an end depends on who stands there when the two meet. */
struct paired_section {
    double run_there_min, run_back_min; /* t', t'': passing to passing */
    double start_min, brake_min;        /* allowances of a train that starts, or stops, at an end */
    double arrival_interval_min;        /* τ_np: from a train's arrival to the passage of one from the other side */
    double crossing_interval_min; /* τ_s: from a train's running out to the start of the one that waited for it */
};

/* How the two meet at one end: the one that leaves the section and the one that then enters it. */
enum crossing {
    CROSSING_ENTERS_FROM_REST, /* the first runs out without a stop, the other starts: τ_s + start */
    CROSSING_ENTERS_RUNNING,   /* the first stops, the other runs in without one: brake + τ_np */
    CROSSING_BOTH_STOP,        /* brake + τ_s + start */
};

/* The four schemes of the worked example (tlookup.ru wocs-1042-1): which crossing at the near and at the far end. */
enum crossing_scheme {
    SCHEME_BOTH_STOP,  /* 1: both stop at the near end, one runs in without a stop at the far end */
    SCHEME_RUN_OUT,    /* 2: both start from rest and run out */
    SCHEME_THERE_RUNS, /* 3: the train there stops at neither end */
    SCHEME_BACK_RUNS,  /* 4: the train back stops at neither end */
    CROSSING_SCHEME_COUNT,
};

double crossing_lost_min(const struct paired_section *section, enum crossing crossing);
double paired_period_min(const struct paired_section *section, enum crossing_scheme scheme);
/* The scheme with the shortest period; *scheme (may be NULL) says which, the first of equals. */
double least_paired_period_min(const struct paired_section *section, enum crossing_scheme *scheme);

/* F2: N = (1440 − t_tech) α k / T, pairs a day. `closed_min` (t_tech) is kept free for maintenance, `reliability` (α)
 * is the share of the rest that failures leave, `pairs_per_period` (k) 1 without packets. */
double pairs_per_day(double period_min, double closed_min, double reliability, double pairs_per_period);

/* ---- packets and fleets ---- */

/* F3: period of a schedule in which K trains follow each other I' (I'') apart, there and back:
 * t' + t'' + lost at the ends + (K − 1)(I' + I''). Its pairs a day are pairs_per_day with k = K. */
double packet_period_min(double run_there_min, double run_back_min, double lost_min, double trains_in_packet,
                         double headway_there_min, double headway_back_min);

/* F3, packets of two for a share of the trains, the others singly: N = 2 · usable / [(2 − a) T + a (I' + I'')] pairs;
 * `usable_min` of the day is (1440 − t_tech) α. */
double partly_packeted_pairs_per_day(double usable_min, double period_min, double share_in_packets,
                                     double headway_there_min, double headway_back_min);

/* How long a section belongs to one fleet: run + (n − 1) h + τ, from the first train's start until the other way may
 * start. τ is release, route setting and start. */
double fleet_turn_min(double run_min, double fleet, double headway_min, double interval_min);

/* F4: N = 1440 E · 2n / [t1 + t2 + 2 (n − 1) h + 2 τ], trains a day, both ways together. n = 1 alternates; n may be
 * INFINITY, which gives 1440 E / h. `usable_share` (E) is that of the day. */
double fleet_trains_per_day(double run_there_min, double run_back_min, double fleet, double headway_min,
                            double interval_min, double usable_share);

/* F8: sections one after the other, enough tracks at every crossing station between them: the least of F4 over them.
 * *limiting (may be NULL) is the first section that has it; −1 where there is none. NAN without sections. */
struct serial_section {
    double run_there_min, run_back_min;
};
double serial_trains_per_day(const struct serial_section *sections, int32_t count, double fleet, double headway_min,
                             double interval_min, double usable_share, int32_t *limiting);

/* ---- from the parallel schedule to what is left for freight ---- */

/* F5: pairs left for freight when `count` kinds of other trains, pairs[i] of each, each take removal[i] (ε) places:
 * 1.0 to 1.4 for fast trains, 1.6 to 2.2 for local freight. Not below 0. */
double freight_pairs_per_day(double parallel_pairs, const double *pairs, const double *removal, int32_t count);

/* F6: pairs that a line must be able to carry for `places` wanted, filled to at most `filling` (K_fill: 0.85 on single
 * track, 0.91 on double). */
double required_pairs_per_day(double places, double filling);

/* F7: double track, trains a day each way: (1440 − t_tech) α / J, a train every `interval_min` (J). */
double double_track_trains_per_day(double interval_min, double closed_min, double reliability);

/* ---- meetings and queues ---- */

/* F9: how many opposing trains one meets on a line it needs `run_there_min` for, when they come regularly or at random,
 * so many a day, and need `run_back_min`. Exact in the mean. */
double meets(double opposing_trains_per_day, double run_there_min, double run_back_min);

/* F10: mean wait before a section that one train at a time runs in a fixed time (running and purge), trains coming at
 * random: M/D/1, ρ s / [2 (1 − ρ)]. INFINITY from ρ = 1 on. */
double queue_wait_min(double trains_per_day, double service_min);

/* F11: mean wait before a gate that opens by the clock, `open_min` in each `cycle_min`, under light traffic that comes
 * evenly: (C − g)² / 2C. */
double gate_wait_min(double cycle_min, double open_min);

/* ---- F12: UIC code 406 (first edition, 2004) ---- */

enum traffic_kind { TRAFFIC_SUBURBAN, TRAFFIC_HIGH_SPEED, TRAFFIC_MIXED, TRAFFIC_KIND_COUNT };
enum occupancy_period { OCCUPANCY_PEAK_HOUR, OCCUPANCY_DAY, OCCUPANCY_PERIOD_COUNT };

/* The greatest share of the time that a compressed timetable is recommended to take: dedicated suburban lines 0.85 in
 * the peak hour and 0.70 over the day, dedicated high-speed lines and lines with mixed traffic 0.75 and 0.60. NAN for
 * what is no kind or period. */
double occupancy_ceiling(enum traffic_kind traffic, enum occupancy_period period);

/* Trains a day at a ceiling, when `trains` of them take `occupied_min` once compressed. */
double trains_per_day_at_ceiling(double trains, double occupied_min, double ceiling);

#endif
