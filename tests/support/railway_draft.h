/* Inside random_railway: what is known of a railway while it is being drawn, and the files being written. */
#ifndef BERING_TESTS_RAILWAY_DRAFT_H
#define BERING_TESTS_RAILWAY_DRAFT_H

#include <stdio.h>

#include "engine/stream.h"
#include "support/random_railway.h"

enum { MOST_STATIONS = 10, MOST_SECTIONS = 12, MOST_TYPES = 4, MOST_TRACKS = 5, MOST_RETURNS = 3, MOST_CARRIERS = 32 };

enum draft_file {
    FILE_SCENARIO,
    FILE_STATIONS,
    FILE_TRACKS,
    FILE_SECTIONS,
    FILE_TRAIN_TYPES,
    FILE_ALIGNMENT,
    FILE_RUNNING_TIMES,
    FILE_POSSESSIONS,
    FILE_OPTIONS,
    FILE_VARIANTS,
    FILE_TERMINALS,
    FILE_TIMETABLE,
    FILE_SERVICES,
    FILE_FLOWS,
    FILE_ECONOMICS,
    FILE_COUNT
};

struct draft_track {
    char id[16];
    double length_m; /* INFINITY: any */
};

struct draft_station {
    int32_t degree;
    bool terminal, unlimited;
    struct draft_track tracks[MOST_TRACKS]; /* those built */
    int32_t track_count;
    bool turns, handles, loads; /* trainsets turn; a terminal for containers; a flow or its empties begin here */
    int32_t turnaround_s;
};

struct draft_section {
    int32_t from, to;
    double km;
    int32_t gauge_mm; /* 0: any */
    bool low;         /* a bore that clears not every train */
    bool fixed;       /* has a running time for every train */
    bool queue;       /* with a headway or moving block: on two tracks as many wait at its end as `max_trains` says */
    bool endless;     /* two tracks, and nothing says how many */
    int32_t line_tracks;
};

struct draft_type {
    double length_m;
    int32_t gauge_mm; /* 0: any */
    bool tall;
    int32_t capacity_teu;
};

/* A train or service with containers where its type has room for them, and where it stops, in order. */
struct draft_carrier {
    int32_t type, stops[MOST_STATIONS], stop_count;
};

struct draft {
    struct random_railway *railway;
    struct stream stream;
    uint64_t draws, freight_draws;
    bool freight_dice;         /* those are rolled now: what they decide changes nothing else */
    FILE *streams[FILE_COUNT]; /* NULL: no such file */
    struct draft_station stations[MOST_STATIONS];
    int32_t station_count;
    struct draft_section sections[MOST_SECTIONS];
    int32_t section_count;
    struct draft_type types[MOST_TYPES];
    int32_t type_count;
    bool freight; /* containers, if trains can carry any */
    struct draft_carrier carriers[MOST_CARRIERS];
    int32_t carrier_count;
    bool loop_built, double_built; /* the two options there may be */
    bool once, all_fixed;
    bool any_track; /* every train fits every track */
    bool bindings;  /* trains may be bound to a track */
};

/* ---- dice ---- */

int32_t roll(struct draft *draft, int32_t faces); /* 0 … faces − 1 */
bool chance(struct draft *draft, int32_t percent);
double between(struct draft *draft, double low, double high);

/* ---- files ---- */

/* The stream to write rows to; the file comes into being, with this header. */
FILE *draft_file(struct draft *draft, enum draft_file file, const char *header);
const char *draft_file_path(enum draft_file file);
void draft_has(struct draft *draft, enum railway_feature feature);

/* ---- the steps, in this order ---- */

void draw_shape(struct draft *draft);     /* stations and sections, and what joins them */
void draw_settings(struct draft *draft);  /* scenario.csv but for the schedule, options, overrides */
void draw_types(struct draft *draft);     /* train types */
void draw_stations(struct draft *draft);  /* stations and their tracks */
void draw_sections(struct draft *draft);  /* sections, alignment, running times, possessions */
void draw_schedules(struct draft *draft); /* at least one train */
void draw_freight(struct draft *draft);   /* terminals; flows and prices */

/* ---- for draw_freight ---- */

/* The last cells of a train type's row: its containers, its money. mass_t 0: not given. */
void write_type_freight(struct draft *draft, struct draft_type *type, FILE *file, double mass_t);
void begin_carrier(struct draft *draft, int32_t type, int32_t origin);
void add_carrier_stop(struct draft *draft, int32_t station); /* of the last one */

/* ---- what fits ---- */

bool fits_station(const struct draft *draft, int32_t station, int32_t type);
/* Stations from one to the other over sections the type may use, none twice; their number, 0: there is no way. Of
 * several ways one by lot. */
int32_t draw_way(struct draft *draft, int32_t type, int32_t from, int32_t to, int32_t way[MOST_STATIONS]);
double way_km(const struct draft *draft, int32_t from, int32_t to); /* of neighbours */

#endif
