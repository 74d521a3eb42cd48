/* The railway as it lies in the ground: stations, their tracks, the sections between them, what runs along a section
 * (alignment), when a section is closed (possessions). Plain data, in SI units and milliseconds, immutable once built;
 * everything refers to everything else by index, so that a network can be shared by all threads.
 *
 * Only rows that are switched on (options) are here. The names and meanings are those of docs/formats.md §1. */
#ifndef BERING_RAILWAY_NETWORK_H
#define BERING_RAILWAY_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#define MILLISECONDS_PER_SECOND INT64_C(1000)
#define MILLISECONDS_PER_DAY INT64_C(86400000)

enum direction { FORWARD = 0, BACKWARD = 1 }; /* along a section: from → to, to → from */
enum { DIRECTION_FORWARD_BIT = 1, DIRECTION_BACKWARD_BIT = 2, DIRECTION_BOTH_BITS = 3 };

enum station_kind { STATION_TERMINAL, STATION_SIDING, STATION_JUNCTION, STATION_PORTAL };

struct station {
    char *id;
    char *name; /* the id where the file gives none */
    enum station_kind kind;
    double latitude, longitude; /* degrees; NAN where not given */
    int64_t crossing_interval_ms;
    int64_t arrival_interval_ms;
    int64_t turnaround_ms; /* of a trainset that turns round here (terminals.csv) */
    int32_t first_track;   /* its tracks are network.tracks[first_track … + track_count − 1], in the file's order */
    int32_t track_count;   /* ≥ 1 */
    bool unlimited;        /* some track has count `*`: always room */
};

struct track {
    char *id; /* TRACK, or TRACK.n where count > 1 */
    int32_t station;
    double length_m; /* INFINITY: any train fits */
    double speed_ms; /* limit through its turnouts; INFINITY: line speed */
    bool unlimited;  /* count `*` */
};

enum signalling { SIGNALLING_FIXED, SIGNALLING_MOVING };

struct section {
    char *id;
    int32_t from, to;      /* stations */
    double length_m;       /* station centre to station centre */
    int32_t tracks;        /* 1: both ways over one track; 2: one each way */
    double block_m;        /* 0: the section is one block */
    double speed_ms;       /* INFINITY: no limit of its own */
    enum signalling signalling;
    int64_t headway_ms;    /* < 0: not given (blocks or moving block separate trains) */
    int64_t release_ms;
    int64_t purge_ms;
    unsigned purge_after;  /* DIRECTION_…_BITs: trains that ran this way start a purge */
    unsigned purge_before; /* trains that are to run this way must wait for it */
    int32_t max_trains;    /* 0: no limit */
    int32_t gauge_mm;      /* 0: any */
    double clearance_m;    /* INFINITY: any */
    int32_t first_alignment, alignment_count; /* network.alignments, ascending and not overlapping */
};

struct alignment {
    int32_t section;
    double from_m, to_m;       /* from the section's `from` end, station centre = 0 */
    double gradient_permille;  /* positive climbs forward */
    double curve_radius_m;     /* 0: straight */
    double speed_ms;           /* INFINITY: none of its own */
    bool tunnel;
};

struct possession {
    int32_t section;
    int32_t line_track;   /* 0: all; 1; 2 (the backward road of a two-track section) */
    unsigned directions;  /* which trains it stops */
    unsigned weekdays;    /* bit 0 Monday … bit 6 Sunday, of the day it begins */
    int64_t from_ms;      /* within the day */
    int64_t to_ms;        /* > from_ms; over 24 h where it crosses midnight */
};

struct network {
    struct station *stations;
    int32_t station_count;
    struct track *tracks;
    int32_t track_count;
    struct section *sections;
    int32_t section_count;
    struct alignment *alignments; /* grouped by section */
    int32_t alignment_count;
    struct possession *possessions;
    int32_t possession_count;
};

/* Index by id, −1 where there is none. */
int32_t network_station(const struct network *network, const char *id);
int32_t network_section(const struct network *network, const char *id);
int32_t network_track(const struct network *network, int32_t station, const char *id);

/* The weekday of day `day` (0 = the day of time 0) when time 0 falls on `first_weekday`; 0 Monday … 6 Sunday. */
int32_t weekday_of_day(int32_t first_weekday, int64_t day);

void network_free(struct network *network); /* frees what it owns, not the struct itself; leaves it empty */

#endif
