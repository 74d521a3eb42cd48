/* The line of a run as its trains hold it: where blocks begin and end, and what is known of approaching them. */
#ifndef BERING_CHART_STAIR_LINE_H
#define BERING_CHART_STAIR_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "chart/line_map.h"
#include "scenario/scenario.h"

/* From turnout to turnout, in km of the row. */
struct stair_section {
    int32_t section; /* of the scenario's network */
    double from_km, to_km;
    int32_t block_count; /* 0: a headway or moving block separates trains */
};

struct stair_line {
    struct line_map map;
    struct scenario *scenario;
    double *zone_from_km, *zone_to_km; /* [map.station_count]: from the one end of its longest track to the other; a
                                          track without a length is as long as the longest train */
    struct stair_section *sections;    /* [map.station_count − 1] */
};

/* Fails where the run's input files no longer make its scenario. */
bool stair_line_read(struct database *database, int64_t run_id, struct stair_line *line, struct failure *failure);
void stair_line_free(struct stair_line *line); /* leaves it empty */

/* The place in the row of a section by its id; −1: it is not on it. */
int32_t stair_line_section(const struct stair_line *line, const char *id);

/* Where block `block` of a section of the row lies, counted from 1 as in the database; all of it for 0. */
void stair_line_block(const struct stair_line *line, int32_t section, int32_t block, double *from_km, double *to_km);

/* The train type of that id; −1: none. */
int32_t stair_line_type(const struct stair_line *line, const char *id);

#endif
