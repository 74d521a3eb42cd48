#include "chart/stair_line.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/kept_run.h"

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

static bool read_scenario(struct database *database, int64_t run_id, struct stair_line *line, struct failure *failure) {
    struct kept_run kept;
    if (!kept_run_read(database, run_id, &kept, failure)) return false;
    struct diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    if (diagnostics != NULL && kept.obstacle == KEPT_RUN_FREE) line->scenario = kept_run_scenario(&kept, diagnostics);
    const bool short_of_memory = diagnostics == NULL || diagnostics->no_memory;
    if (diagnostics != NULL) diagnostics_free(diagnostics);
    free(diagnostics);
    const enum kept_run_obstacle obstacle = kept.obstacle != KEPT_RUN_FREE ? kept.obstacle : KEPT_RUN_INPUTS_WRONG;
    kept_run_free(&kept);
    if (line->scenario != NULL) return true;
    if (short_of_memory) return no_memory(failure);
    return failure_set(failure, "the blocks of run %" PRId64 " cannot be told: %s", run_id,
                       kept_run_obstacle_text(obstacle));
}

static double zone_km(const struct scenario *scenario, int32_t station) {
    const struct station *of = &scenario->network.stations[station];
    double longest_train = 0, zone = 0;
    for (int32_t type = 0; type < scenario->train_type_count; type++)
        longest_train = fmax(longest_train, scenario->train_types[type].length_m);
    for (int32_t track = of->first_track; track < of->first_track + of->track_count; track++) {
        const double length = scenario->network.tracks[track].length_m;
        zone = fmax(zone, isfinite(length) ? length : longest_train);
    }
    return zone / 1000;
}

/* A headway or moving block leaves no blocks in the database. */
static int32_t blocks_of(const struct section *section) {
    if (section->headway_ms >= 0 || section->signalling == SIGNALLING_MOVING) return 0;
    if (section->block_m <= 0) return 1;
    return (int32_t)fmax(1, ceil(section->length_m / section->block_m - 1e-9));
}

static bool place_stations(struct stair_line *line, struct failure *failure) {
    const struct line_map *map = &line->map;
    line->zone_from_km = calloc((size_t)map->station_count, sizeof *line->zone_from_km);
    line->zone_to_km = calloc((size_t)map->station_count, sizeof *line->zone_to_km);
    if (line->zone_from_km == NULL || line->zone_to_km == NULL) return no_memory(failure);
    for (int32_t index = 0; index < map->station_count; index++) {
        const int32_t station = network_station(&line->scenario->network, map->stations[index].id);
        const double half = station >= 0 ? zone_km(line->scenario, station) / 2 : 0;
        line->zone_from_km[index] = map->stations[index].km - half;
        line->zone_to_km[index] = map->stations[index].km + half;
    }
    return true;
}

static bool place_sections(struct stair_line *line, struct failure *failure) {
    const struct line_map *map = &line->map;
    line->sections = calloc((size_t)map->station_count, sizeof *line->sections);
    if (line->sections == NULL) return no_memory(failure);
    for (int32_t index = 0; index + 1 < map->station_count; index++) {
        struct stair_section *section = &line->sections[index];
        section->section = network_section(&line->scenario->network, map->sections[index].id);
        if (section->section < 0)
            return failure_set(failure, "the input files of the run have no section '%s'", map->sections[index].id);
        section->from_km = line->zone_to_km[index];
        section->to_km = fmax(line->zone_from_km[index + 1], section->from_km);
        section->block_count = blocks_of(&line->scenario->network.sections[section->section]);
    }
    return true;
}

bool stair_line_read(struct database *database, int64_t run_id, struct stair_line *line, struct failure *failure) {
    *line = (struct stair_line){0};
    const bool well = line_map_read(database, run_id, &line->map, failure) &&
                      read_scenario(database, run_id, line, failure) && place_stations(line, failure) &&
                      place_sections(line, failure);
    if (!well) stair_line_free(line);
    return well;
}

void stair_line_free(struct stair_line *line) {
    line_map_free(&line->map);
    scenario_free(line->scenario);
    free(line->zone_from_km);
    free(line->zone_to_km);
    free(line->sections);
    *line = (struct stair_line){0};
}

int32_t stair_line_section(const struct stair_line *line, const char *id) {
    for (int32_t index = 0; index + 1 < line->map.station_count; index++)
        if (strcmp(line->map.sections[index].id, id) == 0) return index;
    return -1;
}

void stair_line_block(const struct stair_line *line, int32_t section, int32_t block, double *from_km, double *to_km) {
    const struct stair_section *of = &line->sections[section];
    *from_km = of->from_km;
    *to_km = of->to_km;
    if (block < 1 || block > of->block_count) return;
    /* they count from the section's `from` end, which may be either end of the row */
    const int32_t place = line->map.sections[section].downwards ? block - 1 : of->block_count - block;
    const double length = (of->to_km - of->from_km) / of->block_count;
    *from_km = of->from_km + length * place;
    *to_km = *from_km + length;
}

int32_t stair_line_type(const struct stair_line *line, const char *id) {
    for (int32_t type = 0; type < line->scenario->train_type_count; type++)
        if (strcmp(line->scenario->train_types[type].id, id) == 0) return type;
    return -1;
}
