#include "audit/checks.h"

#include <inttypes.h>
#include <stdlib.h>

#include "audit/movements.h"

struct stations_audit {
    const struct audit_world *world;
    const struct audit_rows *rows;
    struct audit_report *report;
};

static double seconds(int64_t milliseconds) {
    return (double)milliseconds / 1000;
}

/* ---- who is where, and how long ---- */

/* A stay on a track: from when the head is at the exit signal (or, where blocks are kept, the tail has come in, if that
 * is earlier) until the head leaves. The tail is still on the track then: this is the least that is held. */
struct stay {
    int32_t station, track; /* world.tracks; −1: not known */
    int64_t from_ms, to_ms;
    int32_t call; /* rows.calls */
};

struct stays {
    struct stay *items;
    int32_t count;
};

/* At one moment the one that goes at once first: it leaves the track to the other. */
static int by_track(const void *left, const void *right) {
    const struct stay *a = left, *b = right;
    if (a->track != b->track) return a->track < b->track ? -1 : 1;
    if (a->from_ms != b->from_ms) return a->from_ms < b->from_ms ? -1 : 1;
    if (a->to_ms != b->to_ms) return a->to_ms < b->to_ms ? -1 : 1;
    return a->call < b->call ? -1 : a->call > b->call;
}

/* Departures come last at a moment: who comes as another goes is there with it for no time at all. */
static int by_station(const void *left, const void *right) {
    const struct stay *a = left, *b = right;
    if (a->station != b->station) return a->station < b->station ? -1 : 1;
    if (a->from_ms != b->from_ms) return a->from_ms < b->from_ms ? -1 : 1;
    return a->call < b->call ? -1 : a->call > b->call;
}

static const char *train_of(const struct stations_audit *audit, const struct stay *stay) {
    return audit->rows->trains[audit->rows->calls[stay->call].train].train;
}

/* The least dwell that the plan has for a train at the end of its way: it keeps its track so long. */
static int64_t last_dwell_ms(const struct stations_audit *audit, const struct audit_train_row *train) {
    if (train->name.plan < 0) return 0;
    const struct audit_plan *plan = &audit->world->plans[train->name.plan];
    if (plan->call_count == 0) return 0;
    return audit->world->calls[plan->first_call + plan->call_count - 1].min_dwell_ms;
}

/* Tail in, where it is known: the clearing of the section that ends here. *next is the first occupation that was begun
 * no earlier than the last arrival asked for, and moves on. */
static int64_t tail_in_ms(const struct stations_audit *audit, const struct audit_train_row *train,
                          const struct audit_call_row *call, int32_t *next) {
    const struct audit_occupation_row *of_train = audit->rows->occupations + train->first_occupation;
    while (*next < train->occupation_count && of_train[*next].enter_ms < call->arrival_ms) (*next)++;
    const struct audit_occupation_row *row = *next > 0 ? &of_train[*next - 1] : NULL;
    if (row == NULL || row->section < 0 || row->clear_ms == AUDIT_NULL_MS) return call->arrival_ms;
    const struct audit_section *section = &audit->world->sections[row->section];
    const int32_t end = row->direction == AUDIT_FORWARD ? section->to : section->from;
    return end == call->station && row->clear_ms < call->arrival_ms ? row->clear_ms : call->arrival_ms;
}

static void add_stays(const struct stations_audit *audit, const struct audit_train_row *train, struct stays *stays) {
    int32_t next = 0;
    for (int32_t k = 0; k < train->call_count; k++) {
        const int32_t index = train->first_call + k;
        const struct audit_call_row *call = &audit->rows->calls[index];
        if (call->station < 0 || (call->arrival_ms == AUDIT_NULL_MS && call->departure_ms == AUDIT_NULL_MS)) continue;
        struct stay stay = {call->station, call->track, call->departure_ms, call->departure_ms, index};
        if (call->arrival_ms != AUDIT_NULL_MS) stay.from_ms = tail_in_ms(audit, train, call, &next);
        if (call->departure_ms == AUDIT_NULL_MS)
            stay.to_ms = k + 1 == train->call_count ? call->arrival_ms + last_dwell_ms(audit, train) : INT64_MAX;
        stays->items[stays->count++] = stay;
    }
}

static bool find_stays(const struct stations_audit *audit, struct stays *stays) {
    *stays = (struct stays){.items = calloc((size_t)audit->rows->call_count + 1, sizeof *stays->items)};
    if (stays->items == NULL) return false;
    for (int32_t i = 0; i < audit->rows->train_count; i++) add_stays(audit, &audit->rows->trains[i], stays);
    return true;
}

/* ---- tracks ---- */

static void check_tracks(const struct stations_audit *audit, struct stays *stays) {
    qsort(stays->items, (size_t)stays->count, sizeof *stays->items, by_track);
    const struct stay *last = NULL; /* of those before on the track, the one that stays longest */
    for (int32_t i = 0; i < stays->count; i++) {
        const struct stay *stay = &stays->items[i];
        if (stay->track < 0 || audit->world->tracks[stay->track].unlimited) continue;
        const bool same = last != NULL && last->track == stay->track;
        if (same) {
            audit_tested(audit->report, AUDIT_TRACK, 1);
            if (stay->from_ms < last->to_ms &&
                audit->rows->calls[stay->call].train != audit->rows->calls[last->call].train)
                audit_violation(audit->report, AUDIT_TRACK, train_of(audit, stay),
                                audit->world->stations[stay->station].id, stay->from_ms,
                                "comes onto track %s, where %s is", audit->world->tracks[stay->track].id,
                                train_of(audit, last));
        }
        if (!same || stay->to_ms >= last->to_ms) last = stay;
    }
}

static int by_time(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void count_station(const struct stations_audit *audit, const struct stay *stays, int32_t count, int64_t *left) {
    const struct audit_station *station = &audit->world->stations[stays[0].station];
    if (station->unlimited) return;
    for (int32_t i = 0; i < count; i++) left[i] = stays[i].to_ms;
    qsort(left, (size_t)count, sizeof *left, by_time);
    for (int32_t i = 0, gone = 0; i < count; i++) {
        while (gone < count && left[gone] <= stays[i].from_ms) gone++;
        audit_tested(audit->report, AUDIT_STATION_CAPACITY, 1);
        /* who passes at this very moment is gone already, though it came no earlier */
        if (i + 1 - gone > station->track_count)
            audit_violation(audit->report, AUDIT_STATION_CAPACITY, train_of(audit, &stays[i]), station->id,
                            stays[i].from_ms, "is one more train than the %d tracks there are", station->track_count);
    }
}

static bool check_capacity(const struct stations_audit *audit, struct stays *stays) {
    int64_t *left = malloc(((size_t)stays->count + 1) * sizeof *left);
    if (left == NULL) return false;
    qsort(stays->items, (size_t)stays->count, sizeof *stays->items, by_station);
    for (int32_t first = 0, end; first < stays->count; first = end) {
        end = first + 1;
        while (end < stays->count && stays->items[end].station == stays->items[first].station) end++;
        count_station(audit, &stays->items[first], end - first, left);
    }
    free(left);
    return true;
}

/* ---- one call by itself ---- */

static void check_fit(const struct stations_audit *audit, const struct audit_train_row *train,
                      const struct audit_call_row *call) {
    if (call->arrival_ms == AUDIT_NULL_MS && call->departure_ms == AUDIT_NULL_MS) return;
    const int64_t at = call->arrival_ms != AUDIT_NULL_MS ? call->arrival_ms : call->departure_ms;
    audit_tested(audit->report, AUDIT_TRACK_FIT, 1);
    if (call->track < 0) {
        audit_violation(audit->report, AUDIT_TRACK_FIT, train->train, call->station_id, at,
                        call->track_id ? "uses track %s, which is not there" : "is there on no track",
                        call->track_id ? call->track_id : "");
        return;
    }
    const struct audit_track *track = &audit->world->tracks[call->track];
    if (!call->stopped || train->type < 0) return;
    const double length = audit_rows_type(audit->world, train).length_m;
    if (length > track->length_m)
        audit_violation(audit->report, AUDIT_TRACK_FIT, train->train, call->station_id, at,
                        "stands with %g m on track %s of %g m", length, track->id, track->length_m);
}

/* A stop that the schedule itself asks for, where it holds the single line on both sides meanwhile. */
static bool stop_is_planned(const struct stations_audit *audit, const struct audit_train_row *train, int32_t station) {
    if (train->name.plan < 0) return false;
    const struct audit_plan *plan = &audit->world->plans[train->name.plan];
    for (int32_t i = 0; i < plan->call_count; i++) {
        const struct audit_call *planned = &audit->world->calls[plan->first_call + i];
        if (planned->station == station && planned->stop) return true;
    }
    return false;
}

static void check_standing(const struct stations_audit *audit, const struct audit_train_row *train, int32_t k) {
    const struct audit_call_row *call = &audit->rows->calls[train->first_call + k];
    if (k == 0 || k + 1 == train->call_count || call->station < 0 || call->arrival_ms == AUDIT_NULL_MS) return;
    const struct audit_station *station = &audit->world->stations[call->station];
    audit_tested(audit->report, AUDIT_STANDING, 1);
    if (call->stopped && !station->unlimited && station->track_count < 2 &&
        !stop_is_planned(audit, train, call->station))
        audit_violation(audit->report, AUDIT_STANDING, train->train, call->station_id, call->arrival_ms,
                        "stops at a station of one track");
    else if (!call->stopped && call->departure_ms != AUDIT_NULL_MS && call->departure_ms != call->arrival_ms)
        audit_violation(audit->report, AUDIT_STANDING, train->train, call->station_id, call->arrival_ms,
                        "passes, and yet stays %.3f s", seconds(call->departure_ms - call->arrival_ms));
}

/* The track that a row of the timetable names, for a call of the results at that station. */
static void check_binding(const struct stations_audit *audit, const struct audit_train_row *train,
                          const struct audit_call_row *call) {
    if (train->name.plan < 0 || call->track_id == NULL) return;
    const struct audit_plan *plan = &audit->world->plans[train->name.plan];
    for (int32_t i = 0; i < plan->call_count; i++) {
        const struct audit_call *planned = &audit->world->calls[plan->first_call + i];
        if (planned->station != call->station || planned->track < 0) continue;
        audit_tested(audit->report, AUDIT_TRACK_BINDING, 1);
        if (planned->track != call->track)
            audit_violation(audit->report, AUDIT_TRACK_BINDING, train->train, call->station_id,
                            call->arrival_ms != AUDIT_NULL_MS ? call->arrival_ms : call->departure_ms,
                            "uses track %s, the timetable says %s", call->track_id,
                            audit->world->tracks[planned->track].id);
    }
}

static void check_calls(const struct stations_audit *audit) {
    for (int32_t t = 0; t < audit->rows->train_count; t++) {
        const struct audit_train_row *train = &audit->rows->trains[t];
        for (int32_t k = 0; k < train->call_count; k++) {
            const struct audit_call_row *call = &audit->rows->calls[train->first_call + k];
            check_fit(audit, train, call);
            check_standing(audit, train, k);
            check_binding(audit, train, call);
        }
    }
}

/* ---- arrivals over different sections ---- */

struct arriving {
    int32_t station, section, train;
    int64_t time_ms;
};

static int by_arrival(const void *left, const void *right) {
    const struct arriving *a = left, *b = right;
    if (a->station != b->station) return a->station < b->station ? -1 : 1;
    if (a->time_ms != b->time_ms) return a->time_ms < b->time_ms ? -1 : 1;
    return a->train < b->train ? -1 : a->train > b->train;
}

static void compare_arrivals(const struct stations_audit *audit, const struct arriving *first,
                             const struct arriving *end) {
    const struct audit_station *station = &audit->world->stations[first->station];
    for (const struct arriving *next = first + 1; next < end && next->station == first->station; next++) {
        if (next->time_ms - first->time_ms >= station->arrival_interval_ms) break;
        if (next->section != first->section)
            audit_violation(audit->report, AUDIT_ARRIVAL_INTERVAL, audit->rows->trains[next->train].train, station->id,
                            next->time_ms, "arrives %.3f s after %s over another section, not %.3f s",
                            seconds(next->time_ms - first->time_ms), audit->rows->trains[first->train].train,
                            seconds(station->arrival_interval_ms));
    }
    audit_tested(audit->report, AUDIT_ARRIVAL_INTERVAL, 1);
}

static bool check_arrivals(const struct stations_audit *audit) {
    struct audit_movements movements;
    if (!audit_movements_find(audit->world, audit->rows, &movements)) return false;
    struct arriving *arrivals = malloc(((size_t)movements.hop_count + 1) * sizeof *arrivals);
    int32_t count = 0;
    for (int32_t i = 0; arrivals != NULL && i < movements.hop_count; i++) {
        const struct audit_hop *hop = &movements.hops[i];
        if (hop->section < 0 || hop->arrival_ms == AUDIT_NULL_MS) continue;
        const int32_t station = audit->rows->calls[hop->call + 1].station;
        if (station < 0 || audit->world->stations[station].arrival_interval_ms == 0) continue;
        arrivals[count++] = (struct arriving){station, hop->section, hop->train, hop->arrival_ms};
    }
    audit_movements_free(&movements);
    if (arrivals == NULL) return false;
    qsort(arrivals, (size_t)count, sizeof *arrivals, by_arrival);
    for (int32_t i = 0; i < count; i++) compare_arrivals(audit, &arrivals[i], arrivals + count);
    free(arrivals);
    return true;
}

bool audit_check_stations(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report) {
    if (!rows->detail.calls) {
        for (int check = AUDIT_TRACK; check <= AUDIT_STANDING; check++)
            audit_skip(report, (enum audit_check)check, "needs detail calls or more");
        return true;
    }
    const struct stations_audit audit = {world, rows, report};
    struct stays stays;
    if (!find_stays(&audit, &stays)) return false;
    check_tracks(&audit, &stays);
    bool good = check_capacity(&audit, &stays);
    free(stays.items);
    check_calls(&audit);
    good = good && check_arrivals(&audit);
    return good;
}
