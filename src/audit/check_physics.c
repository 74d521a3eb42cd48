#include "audit/checks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/physics.h"

/* What a train may come out under a least time: both moments and the planned time between them are rounded to a
 * millisecond in the results; and both the simulator and the audit integrate the motion, to less than 0.1 %. Where a
 * section is run in many pieces, each is rounded by itself, but takes longer than a second: that is within the 0.1 %.
 */
static const double rounding_ms = 3;
static const double accuracy = 1e-3;

/* Ways whose least times are known: what makes a way is written out as whole numbers, and found by hashing. */
struct known_way {
    size_t key, key_length; /* in keys */
    size_t least;           /* in least_ms, one a part: from the beginning of its leg to the part's end */
    uint64_t hash;
};

struct known_ways {
    int32_t *keys;
    double *least_ms;
    struct known_way *ways;
    size_t *slots; /* way + 1; 0: empty */
    size_t key_count, key_room, least_count, least_room, way_count, way_room, slot_count;
};

/* Occupations of one leg. */
struct blocks_held {
    int32_t first, count;
};

struct physics_audit {
    const struct audit_world *world;
    const struct audit_rows *rows;
    struct audit_report *report;
    int32_t *alike;           /* by track: the first of its station with the same limit; −1: none of its own */
    struct audit_leg *legs;   /* of the train at hand, one less than its calls; section −1: none joins the stations */
    struct blocks_held *held; /* in each leg */
    struct audit_leg *way;    /* of the legs, the ones that a way is made of */
    struct known_ways known;
};

/* ---- known ways ---- */

static bool make_room(void **items, size_t *room, size_t needed, size_t size) {
    if (needed <= *room) return true;
    size_t larger = *room ? *room : 256;
    while (larger < needed) larger *= 2;
    void *moved = realloc(*items, larger * size);
    if (moved == NULL) return false;
    *items = moved;
    *room = larger;
    return true;
}

static uint64_t hash_of(const int32_t *key, size_t length) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++) hash = (hash ^ (uint32_t)key[i]) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* Writes the key of a way behind the keys there are, without counting it. */
static bool write_key(struct known_ways *known, const struct audit_way *way, size_t *length) {
    *length = 5 + 3 * (size_t)way->leg_count;
    if (!make_room((void **)&known->keys, &known->key_room, known->key_count + *length, sizeof *known->keys))
        return false;
    int32_t *key = &known->keys[known->key_count];
    *key++ = way->type;
    *key++ = way->quarters_missing;
    *key++ = way->first;
    *key++ = way->count;
    *key++ = 2 * way->starts_at_rest + way->ends_at_rest;
    for (int32_t i = 0; i < way->leg_count; i++) {
        const struct audit_leg *leg = &way->legs[i];
        *key++ = 2 * leg->section + (leg->direction == AUDIT_BACKWARD);
        *key++ = leg->track_from;
        *key++ = leg->track_to;
    }
    return true;
}

/* The slot of a key, or the empty one where it belongs. */
static size_t slot_of(const struct known_ways *known, const int32_t *key, size_t length, uint64_t hash) {
    size_t slot = hash & (known->slot_count - 1);
    for (; known->slots[slot] != 0; slot = (slot + 1) & (known->slot_count - 1)) {
        const struct known_way *way = &known->ways[known->slots[slot] - 1];
        if (way->hash == hash && way->key_length == length &&
            memcmp(&known->keys[way->key], key, length * sizeof *key) == 0)
            break;
    }
    return slot;
}

/* Never more than half full. */
static bool widen(struct known_ways *known) {
    if (2 * (known->way_count + 1) <= known->slot_count) return true;
    const size_t count = known->slot_count ? 2 * known->slot_count : 256;
    size_t *slots = calloc(count, sizeof *slots);
    if (slots == NULL) return false;
    free(known->slots);
    known->slots = slots;
    known->slot_count = count;
    for (size_t i = 0; i < known->way_count; i++) {
        const struct known_way *way = &known->ways[i];
        slots[slot_of(known, &known->keys[way->key], way->key_length, way->hash)] = i + 1;
    }
    return true;
}

static void known_ways_free(struct known_ways *known) {
    free(known->keys);
    free(known->least_ms);
    free(known->ways);
    free(known->slots);
}

/* Where the running factor is always 1 every train takes its supplement, too; a fixed time has none. */
static double planned_share(const struct audit_world *world, const struct audit_way *way, int32_t leg) {
    const struct audit_type *type = &world->types[way->type];
    const struct audit_leg *at = &way->legs[way->first + leg];
    if (type->random_running_times || audit_world_fixed_time(world, at->section, way->type, at->direction)) return 1;
    return 1 + type->supplement;
}

static bool remember(struct physics_audit *audit, const struct audit_way *way, size_t key_length, uint64_t hash) {
    struct known_ways *known = &audit->known;
    const size_t parts = (size_t)audit_way_parts(audit->world, way);
    if (!make_room((void **)&known->ways, &known->way_room, known->way_count + 1, sizeof *known->ways) ||
        !make_room((void **)&known->least_ms, &known->least_room, known->least_count + parts, sizeof *known->least_ms))
        return false;
    double *least_ms = &known->least_ms[known->least_count];
    if (!audit_least_times(audit->world, way, least_ms)) return false;
    for (int32_t i = 0; i < way->count; i++) {
        const double scale = 1000 * planned_share(audit->world, way, i);
        const int32_t blocks = audit_section_blocks(&audit->world->sections[way->legs[way->first + i].section]);
        for (int32_t b = 0; b < blocks; b++) least_ms[b] = least_ms[b] * scale + (b > 0 ? least_ms[b - 1] : 0);
        least_ms += blocks;
    }
    known->ways[known->way_count++] = (struct known_way){known->key_count, key_length, known->least_count, hash};
    known->key_count += key_length;
    known->least_count += parts;
    return true;
}

/* The least times of a way's parts, NULL when out of memory. They are good until the next call. */
static const double *least_times(struct physics_audit *audit, const struct audit_way *way) {
    struct known_ways *known = &audit->known;
    size_t length;
    if (!widen(known) || !write_key(known, way, &length)) return NULL;
    const uint64_t hash = hash_of(&known->keys[known->key_count], length);
    const size_t slot = slot_of(known, &known->keys[known->key_count], length, hash);
    if (known->slots[slot] == 0) {
        if (!remember(audit, way, length, hash)) return NULL;
        known->slots[slot] = known->way_count;
    }
    return &known->least_ms[known->ways[known->slots[slot] - 1].least];
}

/* ---- a train ---- */

static int32_t alike(const struct physics_audit *audit, int32_t track) {
    return track >= 0 ? audit->alike[track] : -1;
}

/* The next occupations of the train that name the leg's section and direction. */
static struct blocks_held held_in(const struct physics_audit *audit, const struct audit_train_row *train,
                                  const struct audit_leg *leg, int32_t *next) {
    const struct audit_occupation_row *occupations = audit->rows->occupations;
    const int32_t end = train->first_occupation + train->occupation_count;
    struct blocks_held held = {.first = *next};
    while (*next < end && leg->section >= 0 && occupations[*next].section == leg->section &&
           occupations[*next].direction == (int32_t)leg->direction)
        (*next)++;
    held.count = *next - held.first;
    return held;
}

static void find_legs(struct physics_audit *audit, const struct audit_train_row *train) {
    const struct audit_call_row *calls = &audit->rows->calls[train->first_call];
    int32_t next = train->first_occupation;
    for (int32_t i = 0; i + 1 < train->call_count; i++) {
        struct audit_leg *leg = &audit->legs[i];
        *leg = (struct audit_leg){-1, AUDIT_FORWARD, alike(audit, calls[i].track), alike(audit, calls[i + 1].track)};
        leg->section = audit_rows_section(audit->world, audit->rows, train->first_call + i, &leg->direction);
        audit->held[i] = held_in(audit, train, leg, &next);
    }
}

static bool was_run(const struct physics_audit *audit, const struct audit_train_row *train, int32_t leg) {
    const struct audit_call_row *call = &audit->rows->calls[train->first_call + leg];
    return audit->legs[leg].section >= 0 && call->departure_ms != AUDIT_NULL_MS && call[1].arrival_ms != AUDIT_NULL_MS;
}

/* Legs before the way, as many as the train is long, and one after it: zones do not reach further. */
static struct audit_way way_of(const struct physics_audit *audit, const struct audit_train_row *train, int32_t from,
                               int32_t to) {
    const struct audit_world *world = audit->world;
    int32_t first = from, end = to;
    for (double metres = 0;
         first > 0 && audit->legs[first - 1].section >= 0 && metres < world->types[train->type].length_m; first--)
        metres += world->sections[audit->legs[first - 1].section].length_m;
    if (end + 1 < train->call_count && audit->legs[end].section >= 0) end++;
    for (int32_t i = first; i < end; i++) {
        audit->way[i - first] = audit->legs[i];
        if (i < from || i >= to) audit->way[i - first].track_from = audit->way[i - first].track_to = -1;
    }
    return (struct audit_way){.type = train->type,
                              .quarters_missing = train->quarters_missing,
                              .legs = audit->way,
                              .leg_count = end - first,
                              .first = from - first,
                              .count = to - from};
}

/* ---- one leg ---- */

struct judged_leg {
    const struct audit_train_row *train;
    const struct audit_call_row *calls; /* at its two ends */
    const struct audit_section *section;
    enum audit_direction direction;
    const double *least_ms; /* from its beginning to the end of each part */
    int32_t parts;
    bool told; /* what is found goes into the report */
};

static bool too_fast(double taken_ms, double least_ms) {
    return !(taken_ms >= least_ms * (1 - accuracy) - rounding_ms);
}

static bool judge_leg(struct physics_audit *audit, const struct judged_leg *leg) {
    const struct audit_call_row *calls = leg->calls;
    const double taken_ms = (double)(calls[1].arrival_ms - calls[0].departure_ms);
    const double least_ms = leg->least_ms[leg->parts - 1];
    if (leg->told) audit_tested(audit->report, AUDIT_PHYSICS, 1);
    if (!too_fast(taken_ms, least_ms)) return true;
    if (!leg->told) return false;
    if (least_ms == INFINITY)
        audit_violation(audit->report, AUDIT_PHYSICS, leg->train->train, leg->section->id, calls[1].arrival_ms,
                        "runs from %s to %s in %.3f s, where it has not the traction to get", calls[0].station_id,
                        calls[1].station_id, taken_ms / 1000);
    else
        audit_violation(audit->report, AUDIT_PHYSICS, leg->train->train, leg->section->id, calls[1].arrival_ms,
                        "runs from %s to %s in %.3f s and needs %.3f s at least", calls[0].station_id,
                        calls[1].station_id, taken_ms / 1000, least_ms / 1000);
    return false;
}

/* Where the whole leg is in order. Head in: not too soon after the departure, nor so late that the arrival comes too
 * soon after it. */
static bool judge_block(struct physics_audit *audit, const struct judged_leg *leg,
                        const struct audit_occupation_row *occupation) {
    const struct audit_call_row *calls = leg->calls;
    const int64_t blocks = leg->parts, number = occupation->block;
    if (number < 1 || number > blocks) return true;
    const int64_t part = leg->direction == AUDIT_FORWARD ? number - 1 : blocks - number;
    if (part == 0 || occupation->enter_ms == AUDIT_NULL_MS) return true;
    const double before_ms = leg->least_ms[part - 1], after_ms = leg->least_ms[leg->parts - 1] - before_ms;
    const double from_ms = (double)(occupation->enter_ms - calls[0].departure_ms);
    const double to_ms = (double)(calls[1].arrival_ms - occupation->enter_ms);
    if (!leg->told) return !too_fast(from_ms, before_ms) && !too_fast(to_ms, after_ms);
    audit_tested(audit->report, AUDIT_PHYSICS, 1);
    if (too_fast(from_ms, before_ms))
        audit_violation(audit->report, AUDIT_PHYSICS, leg->train->train, leg->section->id, occupation->enter_ms,
                        "enters block %lld %.3f s after leaving %s and needs %.3f s at least", (long long)number,
                        from_ms / 1000, calls[0].station_id, before_ms / 1000);
    else if (too_fast(to_ms, after_ms))
        audit_violation(audit->report, AUDIT_PHYSICS, leg->train->train, leg->section->id, calls[1].arrival_ms,
                        "reaches %s %.3f s after entering block %lld and needs %.3f s at least", calls[1].station_id,
                        to_ms / 1000, (long long)number, after_ms / 1000);
    else
        return true;
    return false;
}

/* Legs from…to − 1 against the least times of their parts; false: somewhere it was too fast. */
static bool judge_way(struct physics_audit *audit, const struct audit_train_row *train, int32_t from, int32_t to,
                      const double *least_ms, bool told) {
    const struct audit_call_row *calls = &audit->rows->calls[train->first_call];
    bool all_good = true;
    for (int32_t i = from; i < to; i++) {
        const struct audit_section *section = &audit->world->sections[audit->legs[i].section];
        const struct judged_leg leg = {.train = train,
                                       .calls = &calls[i],
                                       .section = section,
                                       .direction = audit->legs[i].direction,
                                       .least_ms = least_ms,
                                       .parts = audit_section_blocks(section),
                                       .told = told};
        const bool good = judge_leg(audit, &leg);
        all_good = all_good && good;
        for (int32_t k = 0; k < audit->held[i].count && good; k++)
            if (!judge_block(audit, &leg, &audit->rows->occupations[audit->held[i].first + k])) all_good = false;
        least_ms += leg.parts;
    }
    return all_good;
}

/* Legs from…to − 1, run without a stop: as light as its load, or, if that is too fast somewhere, as if full. */
static bool check_way(struct physics_audit *audit, const struct audit_train_row *train, int32_t from, int32_t to) {
    const struct audit_call_row *calls = &audit->rows->calls[train->first_call];
    struct audit_way way = way_of(audit, train, from, to);
    way.starts_at_rest = from == 0 || calls[from].stopped;
    way.ends_at_rest = calls[to].stopped;
    const double *least_ms = least_times(audit, &way);
    if (least_ms == NULL) return false;
    if (way.quarters_missing > 0 && !judge_way(audit, train, from, to, least_ms, false)) {
        way.quarters_missing = 0;
        least_ms = least_times(audit, &way);
        if (least_ms == NULL) return false;
    }
    judge_way(audit, train, from, to, least_ms, true);
    return true;
}

static bool check_train(struct physics_audit *audit, const struct audit_train_row *train) {
    if (train->type < 0) return true;
    const struct audit_call_row *calls = &audit->rows->calls[train->first_call];
    if (train->energy_kwh < 0) /* at the wheel: braking gives nothing back */
        audit_violation(audit->report, AUDIT_PHYSICS, train->train, NULL, train->departure_ms,
                        "used %.10g kWh, less than none", train->energy_kwh);
    find_legs(audit, train);
    for (int32_t from = 0; from + 1 < train->call_count; from++) {
        if (!was_run(audit, train, from)) continue;
        int32_t to = from + 1;
        while (to + 1 < train->call_count && !calls[to].stopped && was_run(audit, train, to)) to++;
        if (!check_way(audit, train, from, to)) return false;
        from = to - 1;
    }
    return true;
}

/* ---- all of them ---- */

static void find_alike(struct physics_audit *audit) {
    const struct audit_world *world = audit->world;
    for (int32_t i = 0; i < world->track_count; i++) {
        int32_t first = i;
        if (world->tracks[i].station >= 0) first = world->stations[world->tracks[i].station].first_track;
        while (first < i && world->tracks[first].speed_ms != world->tracks[i].speed_ms) first++;
        audit->alike[i] = isfinite(world->tracks[i].speed_ms) ? first : -1;
    }
}

static bool prepare(struct physics_audit *audit) {
    int32_t most = 0;
    for (int32_t i = 0; i < audit->rows->train_count; i++)
        if (audit->rows->trains[i].call_count > most) most = audit->rows->trains[i].call_count;
    audit->alike = calloc((size_t)audit->world->track_count + 1, sizeof *audit->alike);
    audit->legs = calloc((size_t)most + 1, sizeof *audit->legs);
    audit->way = calloc((size_t)most + 1, sizeof *audit->way);
    audit->held = calloc((size_t)most + 1, sizeof *audit->held);
    if (!audit->alike || !audit->legs || !audit->way || !audit->held) return false;
    find_alike(audit);
    return true;
}

bool audit_check_physics(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report) {
    if (!rows->detail.calls) {
        audit_skip(report, AUDIT_PHYSICS, "needs detail calls or more");
        return true;
    }
    struct physics_audit audit = {.world = world, .rows = rows, .report = report};
    bool room = prepare(&audit);
    for (int32_t i = 0; i < rows->train_count && room; i++) room = check_train(&audit, &rows->trains[i]);
    known_ways_free(&audit.known);
    free(audit.alike);
    free(audit.legs);
    free(audit.way);
    free(audit.held);
    return room;
}
