#include "railway/layout.h"

#include <math.h>
#include <stdlib.h>

/* Points at which a moving block compares follower and leader: a kilometre apart, within these bounds. The separation
 * varies smoothly between them, and its extremes lie at the ends and where speed limits change. */
enum { MOVING_POINTS_LEAST = 9, MOVING_POINTS_MOST = 257 };

static int32_t blocks_of(const struct section *section) {
    if (section->headway_ms >= 0) return 1;
    if (section->signalling == SIGNALLING_MOVING) {
        double points = ceil(section->length_m / 1000.0) + 1;
        return (int32_t)fmin(fmax(points, MOVING_POINTS_LEAST), MOVING_POINTS_MOST);
    }
    if (section->block_m <= 0) return 1;
    return (int32_t)fmax(1, ceil(section->length_m / section->block_m - 1e-9));
}

static bool has_possession(const struct network *network, int32_t section) {
    for (int32_t i = 0; i < network->possession_count; i++)
        if (network->possessions[i].section == section) return true;
    return false;
}

static enum road_kind kind_of(const struct network *network, int32_t index) {
    const struct section *section = &network->sections[index];
    if (section->tracks < 2 || section->purge_ms > 0 || has_possession(network, index)) return ROAD_WHOLE;
    if (section->headway_ms >= 0 || section->signalling == SIGNALLING_MOVING) return ROAD_LINE;
    return ROAD_BLOCKS;
}

/* A line track as a place: its blocks are its tracks; with a headway or moving block, `max_trains` anonymous ones. */
static void add_line_place(struct layout *layout, struct road *road) {
    const struct section *section = &layout->network->sections[road->section];
    struct place *place = &layout->places[layout->place_count];
    int32_t tracks = road->kind == ROAD_BLOCKS ? road->block_count : section->max_trains;
    *place = (struct place){.station = -1,
                            .section = road->section,
                            .one_way = true,
                            .first_track = layout->track_count,
                            .track_count = tracks,
                            .capacity = tracks > 0 ? tracks : -1};
    if (section->max_trains > 0 && section->max_trains < tracks) place->capacity = section->max_trains;
    for (int32_t i = 0; i < tracks; i++)
        layout->tracks[layout->track_count++] =
            (struct layout_track){.place = layout->place_count, .length_m = INFINITY, .speed_ms = INFINITY};
    road->place = layout->place_count++;
}

static void add_stations(struct layout *layout) {
    const struct network *network = layout->network;
    for (int32_t i = 0; i < network->station_count; i++) {
        const struct station *station = &network->stations[i];
        layout->places[i] = (struct place){.station = i,
                                           .section = -1,
                                           .first_track = station->first_track,
                                           .track_count = station->track_count,
                                           .capacity = station->unlimited ? -1 : station->track_count};
    }
    for (int32_t i = 0; i < network->track_count; i++)
        layout->tracks[i] = (struct layout_track){.place = network->tracks[i].station,
                                                  .length_m = network->tracks[i].length_m,
                                                  .speed_ms = network->tracks[i].speed_ms};
    layout->place_count = network->station_count;
    layout->track_count = network->track_count;
}

static bool are_alike(const struct layout *layout, const struct place *place) {
    const struct layout_track *tracks = &layout->tracks[place->first_track];
    for (int32_t i = 1; i < place->track_count; i++)
        if (tracks[i].length_m != tracks[0].length_m || tracks[i].speed_ms != tracks[0].speed_ms) return false;
    return true;
}

static int32_t line_tracks_of(const struct network *network) {
    int32_t count = 0;
    for (int32_t i = 0; i < network->section_count; i++) {
        int32_t blocks = blocks_of(&network->sections[i]), most = network->sections[i].max_trains;
        count += 2 * (blocks > most ? blocks : most);
    }
    return count;
}

struct layout *layout_create(const struct network *network) {
    struct layout *layout = calloc(1, sizeof *layout);
    if (!layout) return NULL;
    layout->network = network;
    layout->road_count = 2 * network->section_count;
    layout->places = calloc((size_t)network->station_count + (size_t)layout->road_count + 1, sizeof *layout->places);
    layout->tracks = calloc((size_t)network->track_count + (size_t)line_tracks_of(network) + 1, sizeof *layout->tracks);
    layout->roads = calloc((size_t)layout->road_count + 1, sizeof *layout->roads);
    if (!layout->places || !layout->tracks || !layout->roads) return layout_destroy(layout), NULL;
    add_stations(layout);
    for (int32_t i = 0; i < layout->road_count; i++) {
        struct road *road = &layout->roads[i];
        *road = (struct road){.kind = kind_of(network, i / 2),
                              .section = i / 2,
                              .place = -1,
                              .closed_at_times = has_possession(network, i / 2),
                              .block_count = blocks_of(&network->sections[i / 2])};
        if (road->kind != ROAD_WHOLE) add_line_place(layout, road);
    }
    for (int32_t i = 0; i < layout->place_count; i++) layout->places[i].alike = are_alike(layout, &layout->places[i]);
    return layout;
}

void layout_destroy(struct layout *layout) {
    if (!layout) return;
    free(layout->places);
    free(layout->tracks);
    free(layout->roads);
    free(layout);
}

int32_t layout_road(const struct layout *layout, int32_t section, int32_t direction) {
    return 2 * section + (layout->network->sections[section].tracks == 2 ? direction : 0);
}
