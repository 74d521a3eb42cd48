#include "chain.h"

#include <check.h>
#include <math.h>

static void add_station(struct chain *chain, double zone_m) {
    static const char *const ids[CHAIN_STATIONS] = {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"};
    const int32_t index = chain->world.station_count++;
    chain->world.track_count++;
    chain->tracks[index] =
        (struct audit_track){.id = "main", .station = index, .length_m = zone_m, .speed_ms = INFINITY};
    chain->stations[index] = (struct audit_station){.id = ids[index], .first_track = index, .track_count = 1};
}

void chain_begin(struct chain *chain, double zone_m) {
    chain->world = (struct audit_world){.stations = chain->stations,
                                        .tracks = chain->tracks,
                                        .sections = chain->sections,
                                        .alignments = chain->alignments,
                                        .fixed_times = chain->fixed_times,
                                        .types = &chain->type,
                                        .type_count = 1};
    chain->type = (struct audit_type){.id = "train",
                                      .length_m = 1000,
                                      .mass_kg = 4e6,
                                      .max_speed_ms = 30,
                                      .power_w = 5e7,
                                      .effort_n = 2e5,
                                      .brake_ms2 = 0.3,
                                      .rotating_mass = 1,
                                      .tunnel_drag = 1};
    add_station(chain, zone_m);
}

void chain_add(struct chain *chain, double length_m, double zone_m) {
    static const char *const ids[CHAIN_STATIONS] = {"0-1", "1-2", "2-3", "3-4", "4-5", "5-6", "6-7", "7-8"};
    const int32_t index = chain->world.section_count++;
    add_station(chain, zone_m);
    chain->sections[index] = (struct audit_section){.id = ids[index],
                                                    .from = index,
                                                    .to = index + 1,
                                                    .length_m = length_m,
                                                    .line_tracks = 1,
                                                    .speed_ms = INFINITY,
                                                    .headway_ms = -1,
                                                    .first_alignment = chain->world.alignment_count};
    chain->legs[index] = (struct audit_leg){index, AUDIT_FORWARD, index, index + 1};
}

void chain_add_alignment(struct chain *chain, struct audit_alignment alignment) {
    if (alignment.speed_ms == 0) alignment.speed_ms = INFINITY;
    chain->alignments[chain->world.alignment_count++] = alignment;
    chain->sections[chain->world.section_count - 1].alignment_count++;
}

void chain_add_fixed_time(struct chain *chain, struct audit_fixed_time fixed_time) {
    fixed_time.direction[0] = fixed_time.direction[1] = true;
    chain->fixed_times[chain->world.fixed_time_count++] = fixed_time;
}

struct audit_way chain_way(const struct chain *chain) {
    return (struct audit_way){.legs = chain->legs,
                              .leg_count = chain->world.section_count,
                              .count = chain->world.section_count,
                              .starts_at_rest = true,
                              .ends_at_rest = true};
}

void chain_times(const struct chain *chain, const struct audit_way *way, double *least_s) {
    ck_assert(audit_least_times(&chain->world, way, least_s));
}
