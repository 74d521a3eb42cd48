#include "way_home.h"

#include <stdlib.h>

/* What is known of a state. */
struct known {
    uint64_t key; /* 0: empty */
    bool answered, safe, seen;
};

struct way_home {
    const struct small_railway *railway;
    struct itinerary itineraries[SMALL_TRAINS];
    int32_t like[SMALL_STATIONS][SMALL_TRACKS]; /* the first track that no train can tell from this one */
    struct known *table;
    uint64_t room, used;
};

/* ---- where trains may stand ---- */

/* Between its ends a train stands only where trains can meet and one track at least is long enough. */
static bool may_stand(const struct small_railway *railway, int32_t train, int32_t station) {
    int32_t tracks = railway->stations[station].tracks;
    if (tracks == 0) return true;
    for (int32_t i = 0; i < tracks && tracks > 1; i++)
        if (small_fits(railway, train, station, i)) return true;
    return false;
}

static struct halt *add_halt(struct itinerary *itinerary, struct halt *pending) {
    struct halt *halt = &itinerary->halts[itinerary->count++];
    *halt = *pending;
    pending->passed_count = 0;
    return halt;
}

/* The places to stand at on the line track of a section with two tracks. */
static void add_line(struct itinerary *itinerary, struct halt *pending, const struct small_section *section) {
    pending->station = pending->bound = -1;
    pending->kind = section->manner == MANNER_QUEUE ? HALT_QUEUE : HALT_BLOCK;
    int32_t halts = section->manner == MANNER_QUEUE ? 1 : section->manner == MANNER_BLOCKS ? section->blocks : 0;
    for (int32_t i = 0; i < halts; i++) {
        pending->block = i;
        add_halt(itinerary, pending);
    }
}

static void add_trip(const struct small_railway *railway, int32_t train, int32_t number, struct itinerary *itinerary) {
    const struct small_trip *trip = &railway->trains[train].trips[number];
    struct halt pending = {.kind = HALT_STATION, .station = trip->way[0], .bound = trip->track[0]};
    if (number == 0) add_halt(itinerary, &pending);
    for (int32_t i = 1; i < trip->count; i++) {
        int32_t index = small_section_between(railway, trip->way[i - 1], trip->way[i]);
        pending.section = index;
        pending.direction = railway->sections[index].from == trip->way[i - 1] ? 0 : 1;
        add_line(itinerary, &pending, &railway->sections[index]);
        pending.kind = HALT_STATION;
        pending.station = trip->way[i];
        pending.bound = trip->track[i];
        if (i == trip->count - 1 || may_stand(railway, train, trip->way[i]))
            add_halt(itinerary, &pending);
        else
            pending.passed[pending.passed_count++] = trip->way[i];
    }
}

static bool is_prescribed(const struct small_railway *railway, int32_t station, int32_t track) {
    for (int32_t i = 0; i < railway->train_count; i++)
        for (int32_t t = 0; t < railway->trains[i].trip_count; t++)
            for (int32_t k = 0; k < railway->trains[i].trips[t].count; k++)
                if (railway->trains[i].trips[t].way[k] == station && railway->trains[i].trips[t].track[k] == track)
                    return true;
    return false;
}

static void find_like_tracks(struct way_home *way_home) {
    for (int32_t s = 0; s < way_home->railway->station_count; s++) {
        const struct small_station *station = &way_home->railway->stations[s];
        for (int32_t i = 0; i < station->tracks; i++) {
            way_home->like[s][i] = i;
            for (int32_t k = i - 1; k >= 0; k--)
                if (station->length_m[k] == station->length_m[i] && !is_prescribed(way_home->railway, s, i) &&
                    !is_prescribed(way_home->railway, s, k))
                    way_home->like[s][i] = k;
        }
    }
}

struct way_home *way_home_create(const struct small_railway *railway) {
    struct way_home *way_home = calloc(1, sizeof *way_home);
    if (!way_home) abort();
    way_home->railway = railway;
    for (int32_t i = 0; i < railway->train_count; i++)
        for (int32_t t = 0; t < railway->trains[i].trip_count; t++) add_trip(railway, i, t, &way_home->itineraries[i]);
    find_like_tracks(way_home);
    way_home->room = 1 << 12;
    way_home->table = calloc(way_home->room, sizeof *way_home->table);
    if (!way_home->table) abort();
    return way_home;
}

void way_home_destroy(struct way_home *way_home) {
    free(way_home->table);
    free(way_home);
}

const struct itinerary *way_home_itinerary(const struct way_home *way_home, int32_t train) {
    return &way_home->itineraries[train];
}

/* ---- states ---- */

struct state way_home_start(const struct way_home *way_home) {
    struct state state = {{0}, {0}};
    for (int32_t i = 0; i < way_home->railway->train_count; i++) {
        const struct small_train *train = &way_home->railway->trains[i];
        state.at[i] = (int8_t)(train->stands ? 0 : OUTSIDE);
        state.track[i] = (int8_t)(train->stands ? train->stands_on : 0);
    }
    return state;
}

bool way_home_is_gone(const struct way_home *way_home, const struct state *state, int32_t train) {
    return state->at[train] == way_home->itineraries[train].count - 1;
}

/* Where a train stands; NULL: outside, or gone. */
static const struct halt *halt_of(const struct way_home *way_home, const struct state *state, int32_t train) {
    if (state->at[train] == OUTSIDE || way_home_is_gone(way_home, state, train)) return NULL;
    return &way_home->itineraries[train].halts[state->at[train]];
}

static bool same_line(const struct halt *a, const struct halt *b) {
    return a && b && a->station < 0 && b->station < 0 && a->section == b->section && a->direction == b->direction;
}

static int32_t count_on_line(const struct way_home *way_home, const struct state *state, const struct halt *halt) {
    int32_t count = 0;
    for (int32_t i = 0; i < way_home->railway->train_count; i++) count += same_line(halt_of(way_home, state, i), halt);
    return count;
}

static int32_t count_at(const struct way_home *way_home, const struct state *state, int32_t station) {
    int32_t count = 0;
    for (int32_t i = 0; i < way_home->railway->train_count; i++) {
        const struct halt *halt = halt_of(way_home, state, i);
        count += halt && halt->station == station;
    }
    return count;
}

static bool track_is_taken(const struct way_home *way_home, const struct state *state, int32_t station, int32_t track) {
    for (int32_t i = 0; i < way_home->railway->train_count; i++) {
        const struct halt *halt = halt_of(way_home, state, i);
        if (halt && halt->station == station && state->track[i] == track) return true;
    }
    return false;
}

/* ---- moves ---- */

/* Free tracks for a train to stand on at a station, one of each kind. */
static int32_t free_tracks(const struct way_home *way_home, const struct state *state, int32_t train,
                           const struct halt *halt, int32_t tracks[SMALL_TRACKS]) {
    int32_t count = 0, last = way_home->railway->stations[halt->station].tracks;
    if (last == 0) return tracks[0] = 0, 1;
    for (int32_t i = 0; i < last; i++) {
        bool like_another = false;
        if (halt->bound >= 0 && halt->bound != i) continue;
        if (!small_fits(way_home->railway, train, halt->station, i)) continue;
        if (track_is_taken(way_home, state, halt->station, i)) continue;
        for (int32_t k = 0; k < count; k++)
            like_another |= way_home->like[halt->station][tracks[k]] == way_home->like[halt->station][i];
        if (!like_another) tracks[count++] = i;
    }
    return count;
}

/* Is there room on the line track: the block empty, and not the most trains there can be? */
static bool line_has_room(const struct way_home *way_home, const struct state *state, const struct halt *from,
                          const struct halt *to) {
    int32_t most = way_home->railway->sections[to->section].most;
    for (int32_t i = 0; i < way_home->railway->train_count && to->kind == HALT_BLOCK; i++) {
        const struct halt *halt = halt_of(way_home, state, i);
        if (same_line(halt, to) && halt->block == to->block) return false;
    }
    return most == 0 || same_line(from, to) || count_on_line(way_home, state, to) < most;
}

int32_t way_home_moves(const struct way_home *way_home, const struct state *state, int32_t train,
                       int32_t tracks[SMALL_TRACKS]) {
    const struct itinerary *itinerary = &way_home->itineraries[train];
    int32_t at = state->at[train];
    if (way_home_is_gone(way_home, state, train)) return 0;
    const struct halt *from = halt_of(way_home, state, train), *to = &itinerary->halts[at == OUTSIDE ? 1 : at + 1];
    /* it comes in over a track of its first station */
    if (at == OUTSIDE && free_tracks(way_home, state, train, &itinerary->halts[0], tracks) == 0) return 0;
    if (from && from->kind == HALT_QUEUE && state->track[train] > 0) return 0;
    for (int32_t i = 0; i < to->passed_count; i++) {
        int32_t limit = way_home->railway->stations[to->passed[i]].tracks;
        if (limit > 0 && count_at(way_home, state, to->passed[i]) >= limit) return 0;
    }
    if (to->kind == HALT_STATION) return free_tracks(way_home, state, train, to, tracks);
    tracks[0] = 0;
    return line_has_room(way_home, state, from, to);
}

struct state way_home_after(const struct way_home *way_home, const struct state *state, int32_t train, int32_t track) {
    struct state after = *state;
    const struct halt *from = halt_of(way_home, state, train);
    after.at[train] = (int8_t)(state->at[train] == OUTSIDE ? 1 : state->at[train] + 1);
    after.track[train] = (int8_t)(way_home_is_gone(way_home, &after, train) ? 0 : track);
    const struct halt *to = halt_of(way_home, &after, train);
    if (to && to->kind == HALT_QUEUE) after.track[train] = (int8_t)count_on_line(way_home, state, to);
    for (int32_t i = 0; i < way_home->railway->train_count && from && from->kind == HALT_QUEUE; i++)
        if (i != train && same_line(halt_of(way_home, state, i), from)) after.track[i]--;
    return after;
}

/* ---- every order ---- */

static uint64_t key_of(const struct way_home *way_home, const struct state *state) {
    uint64_t key = 1;
    for (int32_t i = 0; i < way_home->railway->train_count; i++) {
        const struct halt *halt = halt_of(way_home, state, i);
        int32_t track = state->track[i];
        if (halt && halt->kind == HALT_STATION && way_home->railway->stations[halt->station].tracks > 0)
            track = way_home->like[halt->station][track];
        key = key << 10 | (uint64_t)(state->at[i] + 1) << 3 | (uint64_t)track;
    }
    return key;
}

static struct known *find(struct known *table, uint64_t room, uint64_t key) {
    uint64_t hash = key * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
    for (;; hash++) {
        struct known *known = &table[hash & (room - 1)];
        if (known->key == key || known->key == 0) return known;
    }
}

static struct known *known_of(struct way_home *way_home, uint64_t key) {
    struct known *known = find(way_home->table, way_home->room, key);
    if (known->key == key) return known;
    if (2 * ++way_home->used > way_home->room) {
        uint64_t room = 4 * way_home->room;
        struct known *table = calloc(room, sizeof *table);
        if (!table) abort();
        for (uint64_t i = 0; i < way_home->room; i++)
            if (way_home->table[i].key) *find(table, room, way_home->table[i].key) = way_home->table[i];
        free(way_home->table);
        way_home->table = table;
        way_home->room = room;
        known = find(table, room, key);
    }
    known->key = key;
    return known;
}

bool way_home_exists(struct way_home *way_home, const struct state *state) {
    uint64_t key = key_of(way_home, state);
    const struct known *known = known_of(way_home, key);
    if (known->answered) return known->safe;
    bool all_gone = true, safe = false;
    for (int32_t i = 0; i < way_home->railway->train_count && !safe; i++) {
        int32_t tracks[SMALL_TRACKS], count = way_home_moves(way_home, state, i, tracks);
        all_gone &= way_home_is_gone(way_home, state, i);
        for (int32_t k = 0; k < count && !safe; k++) {
            struct state after = way_home_after(way_home, state, i, tracks[k]);
            safe = way_home_exists(way_home, &after);
        }
    }
    struct known *answer = known_of(way_home, key); /* the table may have grown */
    answer->answered = true;
    answer->safe = safe || all_gone;
    return answer->safe;
}

bool way_home_is_new(struct way_home *way_home, const struct state *state) {
    struct known *known = known_of(way_home, key_of(way_home, state));
    if (known->seen) return false;
    return known->seen = true;
}

void way_home_describe(const struct way_home *way_home, const struct state *state, FILE *file) {
    for (int32_t i = 0; i < way_home->railway->train_count; i++) {
        const struct halt *halt = halt_of(way_home, state, i);
        fprintf(file, "  T%d ", i);
        if (!halt)
            fprintf(file, state->at[i] == OUTSIDE ? "outside\n" : "gone\n");
        else if (halt->station >= 0)
            fprintf(file, "at N%d track %d (halt %d)\n", halt->station, state->track[i], state->at[i]);
        else
            fprintf(file, "on section %d, direction %d, block %d, behind %d\n", halt->section, halt->direction,
                    halt->block, state->track[i]);
    }
}
