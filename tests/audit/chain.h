/* A chain of stations as the audit reads a scenario, made in a few lines of C: for tests of its physics. */
#ifndef BERING_TESTS_AUDIT_CHAIN_H
#define BERING_TESTS_AUDIT_CHAIN_H

#include "audit/physics.h"

enum { CHAIN_STATIONS = 9, CHAIN_ALIGNMENTS = 512, CHAIN_FIXED_TIMES = 4 };

/* Stations "s0", "s1" … with one track each, sections "0-1", "1-2" … between them. Holds pointers into itself: use it
 * where it stands. */
struct chain {
    struct audit_world world;
    struct audit_station stations[CHAIN_STATIONS];
    struct audit_track tracks[CHAIN_STATIONS];
    struct audit_section sections[CHAIN_STATIONS];
    struct audit_alignment alignments[CHAIN_ALIGNMENTS];
    struct audit_fixed_time fixed_times[CHAIN_FIXED_TIMES];
    struct audit_type type;
    struct audit_leg legs[CHAIN_STATIONS]; /* all of them, from s0 on */
};

/* With the one train type, of constant acceleration: 200 kN on 4,000 t and no resistance is 0.05 m/s², braking
 * 0.3 m/s², at most 30 m/s, 1,000 m long. A first station s0 whose track is zone_m long. */
void chain_begin(struct chain *chain, double zone_m);
/* A section from the last station, without a limit of its own, and the station at its end. */
void chain_add(struct chain *chain, double length_m, double zone_m);
/* To the section added last, ascending; speed 0 is none. */
void chain_add_alignment(struct chain *chain, struct audit_alignment alignment);
void chain_add_fixed_time(struct chain *chain, struct audit_fixed_time fixed_time);

/* All legs, from rest to rest. */
struct audit_way chain_way(const struct chain *chain);
/* The least times of the legs of `way`; fails the test when out of memory. */
void chain_times(const struct chain *chain, const struct audit_way *way, double *least_s);

#endif
