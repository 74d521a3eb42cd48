#include "small_railway.h"

#include <stdlib.h>
#include <string.h>

#include "support/railway_builder.h"

int32_t small_section_between(const struct small_railway *railway, int32_t a, int32_t b) {
    for (int32_t i = 0; i < railway->section_count; i++) {
        const struct small_section *section = &railway->sections[i];
        if ((section->from == a && section->to == b) || (section->from == b && section->to == a)) return i;
    }
    return -1;
}

bool small_fits(const struct small_railway *railway, int32_t train, int32_t station, int32_t track) {
    int32_t length = railway->stations[station].length_m[track];
    return length == 0 || length >= railway->trains[train].length_m;
}

int32_t roll(struct dice *dice, int32_t faces) {
    return (int32_t)(stream_uniform(&dice->stream, dice->entity, dice->draw++) * faces);
}

static bool chance(struct dice *dice, int32_t in) {
    return roll(dice, in) == 0;
}

/* ---- the network ---- */

enum { SHORT_M = 600, LONG_M = 1200 };

static void add_section(struct dice *dice, struct small_railway *railway, const struct small_traits *traits, int32_t a,
                        int32_t b) {
    bool turned = chance(dice, 2);
    struct small_section section = {.from = turned ? b : a, .to = turned ? a : b};
    if (traits->two_tracks && chance(dice, traits->only ? 2 : 3))
        section.manner = traits->only ? traits->manner : (enum manner)(1 + roll(dice, 3));
    if (section.manner == MANNER_BLOCKS) {
        section.blocks = 1 + roll(dice, 3);
        if (section.blocks > 1 && chance(dice, 2)) section.most = 1 + roll(dice, section.blocks);
    }
    if (section.manner == MANNER_QUEUE) section.most = roll(dice, 3);
    railway->sections[railway->section_count++] = section;
}

static void random_tracks(struct dice *dice, struct small_railway *railway, const struct small_traits *traits,
                          int32_t index, int32_t neighbours) {
    struct small_station *station = &railway->stations[index];
    if (traits->meets)
        station->tracks = neighbours == 1 ? 0 : chance(dice, 6) ? 3 : 2;
    else if (neighbours == 1)
        station->tracks = chance(dice, 2) ? 0 : 1 + roll(dice, 3);
    else
        station->tracks = chance(dice, 4) ? 1 : chance(dice, traits->crowded ? 2 : 6) ? 3 : 2;
    for (int32_t i = 0; i < station->tracks && traits->lengths; i++)
        station->length_m[i] = chance(dice, 2) ? SHORT_M : LONG_M;
}

/* A line, a star, a ring, or any tree. */
static void random_network(struct dice *dice, struct small_railway *railway, const struct small_traits *traits) {
    int32_t neighbours[SMALL_STATIONS] = {0}, shape = traits->meets ? 0 : roll(dice, 4);
    railway->station_count = 3 + roll(dice, traits->crowded ? 3 : 4);
    if (traits->meets) railway->station_count = 4 + roll(dice, 3);
    for (int32_t i = 1; i < railway->station_count; i++) {
        /* arms of one or two stations round station 0 */
        int32_t hub = i > 3 ? i - 3 : 0;
        int32_t before = shape == 0 || shape == 2 ? i - 1 : shape == 1 ? hub : roll(dice, i);
        add_section(dice, railway, traits, before, i);
        neighbours[before]++;
        neighbours[i]++;
    }
    if (shape == 2) {
        int32_t closes = chance(dice, 2) ? 0 : roll(dice, railway->station_count - 2);
        add_section(dice, railway, traits, railway->station_count - 1, closes);
        neighbours[closes]++;
        neighbours[railway->station_count - 1]++;
    }
    for (int32_t i = 0; i < railway->station_count; i++) random_tracks(dice, railway, traits, i, neighbours[i]);
}

/* ---- trains ---- */

static int32_t sections_at(const struct small_railway *railway, int32_t station) {
    int32_t count = 0;
    for (int32_t i = 0; i < railway->section_count; i++)
        count += railway->sections[i].from == station || railway->sections[i].to == station;
    return count;
}

static bool visits(const struct small_trip *trip, int32_t station) {
    for (int32_t i = 0; i < trip->count; i++)
        if (trip->way[i] == station) return true;
    return false;
}

static bool can_end_at(const struct small_railway *railway, int32_t train, int32_t station) {
    if (railway->stations[station].tracks == 0) return true;
    for (int32_t i = 0; i < railway->stations[station].tracks; i++)
        if (small_fits(railway, train, station, i)) return true;
    return false;
}

/* From a station to wherever chance ends it, or on to an end of the line; false if it leads nowhere. */
static bool random_trip(struct dice *dice, const struct small_railway *railway, int32_t train, int32_t from,
                        bool through, struct small_trip *trip) {
    *trip = (struct small_trip){.count = 1, .way = {from}};
    for (int32_t tries = 0; tries < 60; tries++) {
        int32_t next = roll(dice, railway->station_count);
        if (visits(trip, next) || small_section_between(railway, trip->way[trip->count - 1], next) < 0) continue;
        trip->way[trip->count++] = next;
        if (trip->count > 2 && !through && chance(dice, 12)) break;
    }
    while (trip->count > 1 && !can_end_at(railway, train, trip->way[trip->count - 1])) trip->count--;
    for (int32_t i = 0; i < SMALL_STATIONS; i++) trip->track[i] = -1;
    return trip->count > 1;
}

static void bind_tracks(struct dice *dice, const struct small_railway *railway, int32_t train,
                        struct small_trip *trip) {
    for (int32_t i = 0; i < trip->count; i++) {
        const struct small_station *station = &railway->stations[trip->way[i]];
        bool end = i == 0 || i == trip->count - 1;
        if (station->tracks == 0 || (station->tracks == 1 && !end) || !chance(dice, 3)) continue;
        int32_t track = roll(dice, station->tracks);
        if (small_fits(railway, train, trip->way[i], track)) trip->track[i] = track;
    }
}

static bool is_taken(const struct small_railway *railway, int32_t station, int32_t track) {
    for (int32_t i = 0; i < railway->train_count; i++) {
        const struct small_train *train = &railway->trains[i];
        if (train->stands && train->trips[0].way[0] == station && train->stands_on == track) return true;
    }
    return false;
}

/* Lets the train stand at its first station from the beginning, if there is a track for it. */
static void stand(struct dice *dice, const struct small_railway *railway, const struct small_traits *traits,
                  int32_t index, struct small_train *train) {
    int32_t station = train->trips[0].way[0], tracks = railway->stations[station].tracks;
    if (tracks == 1 && sections_at(railway, station) > 1 && !traits->in_the_way) return;
    int32_t track = train->trips[0].track[0] >= 0 ? train->trips[0].track[0] : tracks > 0 ? roll(dice, tracks) : 0;
    if (tracks > 0 && (is_taken(railway, station, track) || !small_fits(railway, index, station, track))) return;
    train->stands = true;
    train->stands_on = track;
}

static bool random_train(struct dice *dice, struct small_railway *railway, const struct small_traits *traits) {
    int32_t index = railway->train_count;
    struct small_train *train = &railway->trains[index];
    int32_t from = roll(dice, railway->station_count);
    /* most come from an end of the line */
    for (int32_t tries = roll(dice, 8); tries > 0 && sections_at(railway, from) > 1; tries--)
        from = roll(dice, railway->station_count);
    if (traits->meets) from = index % 2 ? railway->station_count - 1 : 0;
    *train = (struct small_train){.length_m = chance(dice, 2) ? SHORT_M : LONG_M};
    if (!can_end_at(railway, index, from) || !random_trip(dice, railway, index, from, traits->meets, &train->trips[0]))
        return false;
    train->trip_count = 1;
    if (traits->turning && chance(dice, 3)) {
        while (train->trip_count < SMALL_TRIPS && (train->trip_count == 1 || chance(dice, 3))) {
            const struct small_trip *before = &train->trips[train->trip_count - 1];
            struct small_trip *trip = &train->trips[train->trip_count];
            if (!random_trip(dice, railway, index, before->way[before->count - 1], false, trip)) break;
            train->trip_count++;
        }
    } else {
        if (traits->bound) bind_tracks(dice, railway, index, &train->trips[0]);
        if (traits->crowded || chance(dice, 2)) stand(dice, railway, traits, index, train);
    }
    railway->train_count++;
    return true;
}

struct small_railway small_random(struct dice *dice, const struct small_traits *traits) {
    struct small_railway railway = {0};
    random_network(dice, &railway, traits);
    int32_t trains = 2 + roll(dice, SMALL_TRAINS - 1);
    if (traits->crowded || traits->meets || chance(dice, 2)) trains = SMALL_TRAINS;
    for (int32_t tries = 0; tries < 200 && railway.train_count < trains; tries++) random_train(dice, &railway, traits);
    return railway;
}

/* ---- as a scenario ---- */

static void build_network(const struct small_railway *railway, struct scenario *scenario) {
    char id[24], from[8], to[8];
    for (int32_t i = 0; i < railway->station_count; i++) {
        const struct small_station *station = &railway->stations[i];
        snprintf(id, sizeof id, "N%d", i);
        build_station(scenario, id, station->tracks > 0 ? 1 : 0, station->length_m[0]);
        for (int32_t k = 1; k < station->tracks; k++) build_track(scenario, station->length_m[k]);
    }
    for (int32_t i = 0; i < railway->section_count; i++) {
        const struct small_section *section = &railway->sections[i];
        snprintf(id, sizeof id, "s%d", i);
        snprintf(from, sizeof from, "N%d", section->from);
        snprintf(to, sizeof to, "N%d", section->to);
        struct section *built = build_section(scenario, id, from, to, 12000);
        built->tracks = section->manner == MANNER_SINGLE ? 1 : 2;
        built->max_trains = section->most;
        if (section->manner == MANNER_ONE_GO) built->purge_ms = 60000;
        if (section->manner == MANNER_BLOCKS) built->block_m = 12000 / section->blocks;
        if (section->manner == MANNER_QUEUE) built->headway_ms = 120000;
    }
    build_running_time(scenario, 600, 0, 0);
    build_type(scenario, "short", SHORT_M);
    build_type(scenario, "long", LONG_M);
}

/* Every station of the way with a prescribed track becomes a call between the first and the last. */
static void prescribe_tracks(struct train_plan *plan, const struct small_trip *trip, const struct scenario *scenario) {
    struct planned_call last = plan->calls[1], *calls = calloc((size_t)trip->count, sizeof *calls);
    if (!calls) abort();
    calls[0] = plan->calls[0];
    free(plan->calls);
    plan->calls = calls;
    plan->call_count = 1;
    for (int32_t i = 0; i < trip->count; i++) {
        const struct station *station = &scenario->network.stations[trip->way[i]];
        int32_t track = trip->track[i] >= 0 ? station->first_track + trip->track[i] : -1;
        if (i == trip->count - 1) calls[plan->call_count++] = last;
        if (i > 0 && i < trip->count - 1 && track >= 0)
            calls[plan->call_count++] =
                (struct planned_call){.station = trip->way[i], .arrival_ms = -1, .departure_ms = -1};
        if (i == 0 || i == trip->count - 1 || track >= 0) calls[plan->call_count - 1].track = track;
    }
}

struct scenario *small_scenario(const struct small_railway *railway) {
    struct scenario *scenario = build_scenario();
    build_network(railway, scenario);
    for (int32_t i = 0; i < railway->train_count; i++)
        for (int32_t t = 0; t < railway->trains[i].trip_count; t++) {
            const struct small_train *train = &railway->trains[i];
            const struct small_trip *trip = &train->trips[t];
            const char *type = train->length_m == SHORT_M ? "short" : "long";
            char way[8 * SMALL_STATIONS] = "", id[16];
            for (int32_t k = 0; k < trip->count; k++)
                snprintf(way + strlen(way), sizeof way - strlen(way), "%sN%d", k ? " " : "", trip->way[k]);
            snprintf(id, sizeof id, "T%d.%d", i, t);
            if (train->trip_count > 1) {
                struct train_plan *plan = build_service(scenario, id, type, way, ARRIVALS_REGULAR, 3600);
                plan->return_of = t > 0 ? scenario->timetable.plan_count - 2 : -1;
            } else
                prescribe_tracks(build_train(scenario, id, type, way, 0, train->stands ? 0 : -1, -1), trip, scenario);
        }
    return scenario;
}

/* ---- in words ---- */

static void describe_section(const struct small_section *section, FILE *file) {
    static const char *const MANNERS[] = {"single", "two tracks in one go", "blocks", "queue"};
    fprintf(file, "  N%d-N%d %s", section->from, section->to, MANNERS[section->manner]);
    if (section->blocks) fprintf(file, " %d", section->blocks);
    if (section->most) fprintf(file, ", at most %d", section->most);
    fprintf(file, "\n");
}

void small_describe(const struct small_railway *railway, FILE *file) {
    for (int32_t i = 0; i < railway->station_count; i++) {
        fprintf(file, "  N%d/%d", i, railway->stations[i].tracks);
        for (int32_t k = 0; k < railway->stations[i].tracks; k++)
            if (railway->stations[i].length_m[k]) fprintf(file, " %d m", railway->stations[i].length_m[k]);
        fprintf(file, "\n");
    }
    for (int32_t i = 0; i < railway->section_count; i++) describe_section(&railway->sections[i], file);
    for (int32_t i = 0; i < railway->train_count; i++) {
        const struct small_train *train = &railway->trains[i];
        fprintf(file, "  T%d %d m%s", i, train->length_m, train->stands ? ", stands" : "");
        if (train->stands) fprintf(file, " on %d", train->stands_on);
        for (int32_t t = 0; t < train->trip_count; t++) {
            fprintf(file, t ? ", then" : ":");
            for (int32_t k = 0; k < train->trips[t].count; k++) {
                fprintf(file, " N%d", train->trips[t].way[k]);
                if (train->trips[t].track[k] >= 0) fprintf(file, "(track %d)", train->trips[t].track[k]);
            }
        }
        fprintf(file, "\n");
    }
}
