#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

/* ---- while reading ---- */

/* FNV-1a. */
static size_t hash_of(const char *text) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32);
}

static size_t slot_of(const struct world_names *names, const char *text) {
    size_t slot = hash_of(text) & (names->room - 1);
    while (names->texts[slot] != NULL && strcmp(names->texts[slot], text) != 0) slot = (slot + 1) & (names->room - 1);
    return slot;
}

bool world_names_reserve(struct world_names *names, int32_t count) {
    size_t room = 16;
    while (room < 2 * (size_t)count) room *= 2;
    *names = (struct world_names){
        .texts = calloc(room, sizeof *names->texts), .indices = calloc(room, sizeof *names->indices), .room = room};
    if (names->texts != NULL && names->indices != NULL) return true;
    world_names_free(names);
    return false;
}

bool world_names_put(struct world_names *names, const char *text, int32_t index) {
    const size_t slot = slot_of(names, text);
    const bool there = names->texts[slot] != NULL && names->indices[slot] >= 0;
    if (there) return index < 0;
    names->texts[slot] = text;
    names->indices[slot] = index;
    return true;
}

bool world_names_change(struct world_names *names, const char *text, int32_t index) {
    if (world_names_find(names, text) == WORLD_UNKNOWN) return false;
    names->indices[slot_of(names, text)] = index;
    return true;
}

int32_t world_names_find(const struct world_names *names, const char *text) {
    if (names->room == 0) return WORLD_UNKNOWN;
    const size_t slot = slot_of(names, text);
    return names->texts[slot] != NULL ? names->indices[slot] : WORLD_UNKNOWN;
}

void world_names_free(struct world_names *names) {
    free((void *)names->texts);
    free(names->indices);
    *names = (struct world_names){0};
}

/* ---- for the checks ---- */

int32_t audit_world_station(const struct audit_world *world, const char *id) {
    for (int32_t i = 0; i < world->station_count; i++)
        if (strcmp(world->stations[i].id, id) == 0) return i;
    return -1;
}

int32_t audit_world_track(const struct audit_world *world, int32_t station, const char *id) {
    if (station < 0 || station >= world->station_count) return -1;
    const struct audit_station *at = &world->stations[station];
    for (int32_t i = at->first_track; i < at->first_track + at->track_count; i++)
        if (strcmp(world->tracks[i].id, id) == 0) return i;
    return -1;
}

int32_t audit_world_section(const struct audit_world *world, const char *id) {
    for (int32_t i = 0; i < world->section_count; i++)
        if (strcmp(world->sections[i].id, id) == 0) return i;
    return -1;
}

int32_t audit_world_type(const struct audit_world *world, const char *id) {
    for (int32_t i = 0; i < world->type_count; i++)
        if (strcmp(world->types[i].id, id) == 0) return i;
    return -1;
}

int32_t audit_quarters_missing(const struct audit_type *type, int64_t teu) {
    const double capacity = floor(type->capacity_teu);
    if ((isnan(type->empty_mass_kg) && isnan(type->empty_length_m)) || capacity < 1 || teu < 0) return 0;
    const double quarters = ceil((double)teu / capacity * AUDIT_LOAD_LEVELS);
    return quarters < AUDIT_LOAD_LEVELS ? AUDIT_LOAD_LEVELS - (int32_t)quarters : 0;
}

struct audit_type audit_type_without(const struct audit_type *type, int32_t quarters_missing) {
    struct audit_type loaded = *type;
    const double share = 1 - (double)quarters_missing / AUDIT_LOAD_LEVELS;
    if (quarters_missing == 0) return loaded;
    if (!isnan(type->empty_mass_kg)) {
        loaded.mass_kg = type->empty_mass_kg + (type->mass_kg - type->empty_mass_kg) * share;
        loaded.davis_a *= loaded.mass_kg / type->mass_kg;
        loaded.davis_b *= loaded.mass_kg / type->mass_kg;
    }
    if (!isnan(type->empty_length_m)) {
        loaded.length_m = type->empty_length_m + (type->length_m - type->empty_length_m) * share;
        loaded.davis_c *= loaded.length_m / type->length_m;
    }
    return loaded;
}

int32_t audit_world_flow(const struct audit_world *world, const char *id) {
    for (int32_t i = 0; i < world->flow_count; i++)
        if (strcmp(world->flows[i].id, id) == 0) return i;
    return -1;
}

int32_t audit_world_plan(const struct audit_world *world, const char *id) {
    int32_t low = 0, high = world->plans_by_id != NULL ? world->plan_count : 0;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        const int order = strcmp(world->plans[world->plans_by_id[middle]].id, id);
        if (order == 0) return world->plans_by_id[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

double audit_world_zone(const struct audit_world *world, int32_t station, double length_m) {
    const struct audit_station *at = &world->stations[station];
    double zone = 0;
    for (int32_t k = 0; k < at->track_count; k++) {
        const double track_m = world->tracks[at->first_track + k].length_m;
        zone = fmax(zone, isfinite(track_m) ? track_m : length_m);
    }
    return zone;
}

int32_t audit_world_next_between(const struct audit_world *world, int32_t from, int32_t one, int32_t other) {
    for (int32_t i = from; i < world->section_count; i++) {
        const struct audit_section *section = &world->sections[i];
        if ((section->from == one && section->to == other) || (section->from == other && section->to == one)) return i;
    }
    return -1;
}

int32_t audit_world_between(const struct audit_world *world, int32_t from, int32_t to,
                            enum audit_direction *direction) {
    for (int32_t i = 0; i < world->section_count; i++) {
        const struct audit_section *section = &world->sections[i];
        if (section->from == from && section->to == to) return *direction = AUDIT_FORWARD, i;
        if (section->from == to && section->to == from) return *direction = AUDIT_BACKWARD, i;
    }
    return -1;
}

/* They are sorted by section. */
static int32_t first_time_of(const struct audit_world *world, int32_t section) {
    int32_t low = 0, high = world->fixed_time_count;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (world->fixed_times[middle].section < section)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct audit_fixed_time *audit_world_fixed_time(const struct audit_world *world, int32_t section, int32_t type,
                                                      enum audit_direction direction) {
    const struct audit_fixed_time *best = NULL;
    int best_rank = -1;
    for (int32_t i = first_time_of(world, section); i < world->fixed_time_count; i++) {
        const struct audit_fixed_time *time = &world->fixed_times[i];
        if (time->section != section) break;
        if ((time->type >= 0 && time->type != type) || !time->direction[direction]) continue;
        const int rank = (time->type >= 0 ? 2 : 0) + (time->one_direction ? 1 : 0);
        if (rank <= best_rank) continue;
        best = time;
        best_rank = rank;
    }
    return best;
}

int32_t audit_section_blocks(const struct audit_section *section) {
    if (section->headway_ms >= 0 || section->moving || !(section->block_m > 0)) return 1;
    const double blocks = section->length_m / section->block_m; /* none longer than block_m, but for rounding */
    const double fewer = floor(blocks);
    return (int32_t)fmax(1, blocks - fewer < 1e-9 ? fewer : fewer + 1);
}
