/* The line of a run as a chart shows it: stations in a row, from a database alone.
 *
 * Lengths and names come from the input files kept with the run, with the options and the changes of lengths it was run
 * with. Of a network with branches the row is the route most train-kilometres are run on, with what lies beyond it on
 * the way of trains that run all of it and more. */
#ifndef BERING_CHART_LINE_MAP_H
#define BERING_CHART_LINE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"

struct map_station {
    char *id;
    char *name; /* the id where the file gives none */
    double km;  /* from the first station of the row */
};

struct map_section {
    char *id;                /* between station i and i + 1 */
    bool downwards;          /* forward runs from i to i + 1 */
    bool two_track;          /* the directions do not share a line track */
    double utilisation[2];   /* of the measured window; towards the end of the row, towards its beginning */
    double line_utilisation; /* by both, of the shared line track; NAN with two_track */
};

/* A planned closure of a section, every week. */
struct map_closure {
    int32_t section;
    unsigned weekdays;      /* bit 0 Monday … bit 6 Sunday, of the day it begins */
    int64_t from_ms, to_ms; /* in the day; to > from, over 24 h where it crosses midnight */
};

struct line_map {
    struct map_station *stations;
    int32_t station_count;        /* ≥ 2 */
    struct map_section *sections; /* [station_count − 1] */
    struct map_closure *closures;
    int32_t closure_count, closure_room;
    int32_t network_stations; /* all there are; more than station_count where the row is a part */
    bool without_trains;      /* no train ran from one station to another, so that there is no row */
};

/* Where it fails, `without_trains` alone is to be looked at. */
bool line_map_read(struct database *database, int64_t run_id, struct line_map *map, struct failure *failure);
void line_map_free(struct line_map *map); /* leaves it empty */

/* The station's place in the row; −1 if it is not on it. */
int32_t line_map_station(const struct line_map *map, const char *id);

double line_map_length_km(const struct line_map *map);

#endif
