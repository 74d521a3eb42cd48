#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

#define KMH (1000.0 / 3600.0)

/* ---- stations ---- */

static void read_station(const struct world_row *row) {
    struct audit_world *world = row->reading->world;
    const char *id = world_take_identifier(row, STATION_ID);
    if (id == NULL) return;
    const bool active = world_holds(row, STATION_OPTION);
    world_declare(row, &row->reading->stations, id, active ? world->station_count : WORLD_OFF);
    if (!active) return;
    world->stations[world->station_count++] = (struct audit_station){
        .id = id,
        .terminal = world_word(row, STATION_KIND, "terminal|siding|junction|portal", 0) == 0,
        .crossing_interval_ms = world_milliseconds(row, STATION_CROSSING, 0),
        .arrival_interval_ms = world_milliseconds(row, STATION_ARRIVAL, 0),
    };
}

static bool read_stations(struct world_reading *reading) {
    void *stations;
    if (!world_make_room(reading, WORLD_STATIONS, &stations, sizeof(struct audit_station), &reading->stations))
        return false;
    reading->world->stations = stations;
    for (int32_t i = 0; i < reading->tables[WORLD_STATIONS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_STATIONS, i);
        read_station(&row);
    }
    return !reading->no_memory;
}

static void read_terminals(struct world_reading *reading) {
    for (int32_t i = 0; i < reading->tables[WORLD_TERMINALS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_TERMINALS, i);
        const int32_t station = world_reference(&row, TERMINAL_STATION, &reading->stations);
        if (station < 0 || !world_holds(&row, TERMINAL_OPTION)) continue;
        reading->world->stations[station].turnaround_ms = world_milliseconds(&row, TERMINAL_TURNAROUND, 0);
    }
}

/* ---- tracks ---- */

/* A row of tracks.csv that exists. */
struct track_group {
    struct audit_track track;
    int32_t count, row;
};

static int by_station(const void *left, const void *right) {
    const struct track_group *a = left, *b = right;
    if (a->track.station != b->track.station) return a->track.station < b->track.station ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* How many groups the table makes: 0 or 1. */
static int32_t read_group(const struct world_row *row, struct track_group *group) {
    const char *id = world_take_identifier(row, TRACK_ID);
    const bool unlimited = strcmp(world_raw(row, TRACK_COUNT), "*") == 0;
    *group = (struct track_group){.row = row->index,
                                  .count = unlimited ? 1 : (int32_t)world_whole(row, TRACK_COUNT, 1),
                                  .track = {.id = id,
                                            .station = world_reference(row, TRACK_STATION, &row->reading->stations),
                                            .length_m = world_number_or(row, TRACK_LENGTH, INFINITY),
                                            .speed_ms = world_number_or(row, TRACK_SPEED, INFINITY) * KMH,
                                            .unlimited = unlimited}};
    if (id == NULL || group->track.station < 0 || !world_holds(row, TRACK_OPTION)) return 0;
    if (unlimited && !row->reading->world->stations[group->track.station].terminal)
        world_row_problem(row, "a track without limit where there is no terminal");
    return 1;
}

/* The name under which a track is found among those of all stations; NULL when out of memory. */
static const char *track_key(struct world_reading *reading, int32_t station, const char *id) {
    char key[32 + 64 + 8];
    snprintf(key, sizeof key, "%d/%s", station, id);
    return world_keep(reading, key);
}

static bool add_track(struct world_reading *reading, const struct track_group *group, int32_t number) {
    struct audit_world *world = reading->world;
    struct audit_station *station = &world->stations[group->track.station];
    struct audit_track *track = &world->tracks[world->track_count];
    char id[64 + 16];
    *track = group->track;
    if (group->count > 1) {
        snprintf(id, sizeof id, "%s.%d", group->track.id, number);
        track->id = world_keep(reading, id);
    }
    const char *key = track->id != NULL ? track_key(reading, track->station, track->id) : NULL;
    if (key == NULL) return false;
    if (!world_names_put(&reading->tracks, key, world->track_count)) {
        const struct world_row row = world_row_of(reading, WORLD_TRACKS, group->row);
        world_row_problem(&row, "track '%s' of '%s' is declared twice", track->id, station->id);
        return true;
    }
    if (station->track_count++ == 0) station->first_track = world->track_count;
    station->unlimited = station->unlimited || track->unlimited;
    world->track_count++;
    return true;
}

static bool add_groups(struct world_reading *reading, struct track_group *groups, int32_t count, int32_t tracks) {
    reading->world->tracks = calloc((size_t)tracks + 1, sizeof *reading->world->tracks);
    if (reading->world->tracks == NULL || !world_names_reserve(&reading->tracks, tracks))
        return world_no_memory(reading);
    qsort(groups, (size_t)count, sizeof *groups, by_station);
    for (int32_t i = 0; i < count; i++)
        for (int32_t number = 1; number <= groups[i].count; number++)
            if (!add_track(reading, &groups[i], number)) return false;
    return true;
}

static bool read_tracks(struct world_reading *reading) {
    enum { MOST_TRACKS = 1000000 };
    const int32_t rows = reading->tables[WORLD_TRACKS].row_count;
    struct track_group *groups = malloc(((size_t)rows + 1) * sizeof *groups);
    if (groups == NULL) return world_no_memory(reading);
    int32_t count = 0, tracks = 0;
    for (int32_t i = 0; i < rows; i++) {
        const struct world_row row = world_row_of(reading, WORLD_TRACKS, i);
        if (read_group(&row, &groups[count]) == 0) continue;
        if (tracks + groups[count].count > MOST_TRACKS) {
            world_row_problem(&row, "more than %d tracks in all", MOST_TRACKS);
            break;
        }
        tracks += groups[count++].count;
    }
    const bool good = !reading->no_memory && add_groups(reading, groups, count, tracks);
    free(groups);
    for (int32_t i = 0; good && i < reading->world->station_count; i++)
        if (reading->world->stations[i].track_count == 0)
            world_problem(reading, "station '%s' has no tracks", reading->world->stations[i].id);
    return good;
}

/* ---- sections ---- */

static void read_section_cells(const struct world_row *row, struct audit_section *section) {
    section->length_m = world_number_or(row, SECTION_LENGTH, 1) * 1000;
    section->line_tracks = (int32_t)world_whole(row, SECTION_TRACKS, 1);
    section->block_m = world_number_or(row, SECTION_BLOCK, 0) * 1000;
    section->speed_ms = world_number_or(row, SECTION_SPEED, INFINITY) * KMH;
    section->headway_ms = world_milliseconds(row, SECTION_HEADWAY, -1);
    section->moving = world_word(row, SECTION_SIGNALLING, "fixed|moving", 0) == 1 && section->headway_ms < 0;
    section->release_ms = world_milliseconds(row, SECTION_RELEASE, 0);
    section->purge_ms = world_milliseconds(row, SECTION_PURGE, 0);
    world_directions(row, SECTION_PURGE_AFTER, section->purge_after);
    world_directions(row, SECTION_PURGE_BEFORE, section->purge_before);
    section->max_trains = (int32_t)world_whole(row, SECTION_MOST_TRAINS, 0);
    section->gauge_mm = (int32_t)world_whole(row, SECTION_GAUGE, 0);
    section->clearance_m = world_number_or(row, SECTION_CLEARANCE, INFINITY);
}

static void read_section(const struct world_row *row) {
    struct audit_world *world = row->reading->world;
    struct audit_section section = {.id = world_take_identifier(row, SECTION_ID),
                                    .from = world_reference(row, SECTION_FROM, &row->reading->stations),
                                    .to = world_reference(row, SECTION_TO, &row->reading->stations)};
    if (section.id == NULL) return;
    const bool active = world_holds(row, SECTION_OPTION) && section.from >= 0 && section.to >= 0;
    if (active && section.from == section.to) world_row_problem(row, "section '%s' ends where it begins", section.id);
    world_declare(row, &row->reading->sections, section.id, active ? world->section_count : WORLD_OFF);
    if (!active) return;
    read_section_cells(row, &section);
    world->sections[world->section_count++] = section;
}

static bool read_sections(struct world_reading *reading) {
    void *sections;
    if (!world_make_room(reading, WORLD_SECTIONS, &sections, sizeof(struct audit_section), &reading->sections))
        return false;
    reading->world->sections = sections;
    for (int32_t i = 0; i < reading->tables[WORLD_SECTIONS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_SECTIONS, i);
        read_section(&row);
    }
    return !reading->no_memory;
}

/* ---- alignment ---- */

struct aligned {
    struct audit_alignment part;
    int32_t section, row;
};

static int by_place(const void *left, const void *right) {
    const struct aligned *a = left, *b = right;
    if (a->section != b->section) return a->section < b->section ? -1 : 1;
    if (a->part.from_m != b->part.from_m) return a->part.from_m < b->part.from_m ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

/* How many parts come of it: 0 or 1. */
static int32_t read_aligned(const struct world_row *row, struct aligned *aligned) {
    const double from_km = world_number(row, ALIGNMENT_FROM), to_km = world_number(row, ALIGNMENT_TO);
    *aligned = (struct aligned){.section = world_reference(row, ALIGNMENT_SECTION, &row->reading->sections),
                                .row = row->index,
                                .part = {.from_m = from_km * 1000,
                                         .to_m = to_km * 1000,
                                         .gradient_permille = world_number_or(row, ALIGNMENT_GRADIENT, 0),
                                         .curve_radius_m = world_number_or(row, ALIGNMENT_CURVE, INFINITY),
                                         .speed_ms = world_number_or(row, ALIGNMENT_SPEED, INFINITY) * KMH,
                                         .tunnel = world_word(row, ALIGNMENT_TUNNEL, "no|yes", 0) == 1}};
    if (isnan(from_km) || isnan(to_km) || aligned->section < 0) return 0;
    if (from_km >= to_km) {
        world_row_problem(row, "the part of a section ends before it begins");
        return 0;
    }
    return world_holds(row, ALIGNMENT_OPTION);
}

/* A millimetre is rounding. */
static void link_aligned(struct world_reading *reading, const struct aligned *aligned) {
    struct audit_world *world = reading->world;
    struct audit_section *section = &world->sections[aligned->section];
    struct audit_alignment *part = &world->alignments[world->alignment_count];
    const struct world_row row = world_row_of(reading, WORLD_ALIGNMENT, aligned->row);
    *part = aligned->part;
    if (part->to_m > section->length_m + 0.001) world_row_problem(&row, "a part beyond the end of '%s'", section->id);
    part->to_m = fmin(part->to_m, section->length_m);
    if (section->alignment_count > 0 && part->from_m < part[-1].to_m - 0.001)
        world_row_problem(&row, "two parts of '%s' overlap", section->id);
    if (section->alignment_count++ == 0) section->first_alignment = world->alignment_count;
    world->alignment_count++;
}

static bool read_alignment(struct world_reading *reading) {
    const int32_t rows = reading->tables[WORLD_ALIGNMENT].row_count;
    struct aligned *aligned = malloc(((size_t)rows + 1) * sizeof *aligned);
    reading->world->alignments = calloc((size_t)rows + 1, sizeof *reading->world->alignments);
    if (aligned == NULL || reading->world->alignments == NULL) return free(aligned), world_no_memory(reading);
    int32_t count = 0;
    for (int32_t i = 0; i < rows; i++) {
        const struct world_row row = world_row_of(reading, WORLD_ALIGNMENT, i);
        count += read_aligned(&row, &aligned[count]);
    }
    qsort(aligned, (size_t)count, sizeof *aligned, by_place);
    for (int32_t i = 0; i < count; i++) link_aligned(reading, &aligned[i]);
    free(aligned);
    return true;
}

/* ---- possessions ---- */

static void read_possession(const struct world_row *row) {
    struct audit_world *world = row->reading->world;
    struct audit_possession *possession = &world->possessions[world->possession_count];
    *possession = (struct audit_possession){
        .section = world_reference(row, POSSESSION_SECTION, &row->reading->sections),
        .line_track = (int32_t)world_whole(row, POSSESSION_LINE_TRACK, 0),
        .weekdays = world_weekdays(row, POSSESSION_WEEKDAY),
        .from_ms = world_clock(row, POSSESSION_FROM, -1, 24),
        .to_ms = world_clock(row, POSSESSION_TO, -1, 24),
    };
    world_directions(row, POSSESSION_DIRECTION, possession->direction);
    if (!world_holds(row, POSSESSION_OPTION) || possession->section < 0) return;
    if (possession->from_ms < 0 || possession->to_ms < 0) return; /* told */
    if (possession->from_ms == possession->to_ms || possession->from_ms == WORLD_DAY_MS)
        world_row_problem(row, "a possession that is no window");
    if (possession->line_track > world->sections[possession->section].line_tracks)
        world_row_problem(row, "a possession of a line track that is not there");
    if (possession->to_ms <= possession->from_ms) possession->to_ms += WORLD_DAY_MS;
    world->possession_count++;
}

static bool read_possessions(struct world_reading *reading) {
    void *possessions;
    if (!world_make_room(reading, WORLD_POSSESSIONS, &possessions, sizeof(struct audit_possession), NULL)) return false;
    reading->world->possessions = possessions;
    for (int32_t i = 0; i < reading->tables[WORLD_POSSESSIONS].row_count; i++) {
        const struct world_row row = world_row_of(reading, WORLD_POSSESSIONS, i);
        read_possession(&row);
    }
    return true;
}

bool world_read_network(struct world_reading *reading) {
    if (!read_stations(reading) || !read_tracks(reading) || !read_sections(reading)) return false;
    read_terminals(reading);
    return read_alignment(reading) && read_possessions(reading);
}
