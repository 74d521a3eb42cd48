#include <stdio.h>
#include <stdlib.h>

#include "scenario/reader.h"

/* A train that stands at its first station from the beginning, until it is to leave. Every day again, unless the
 * timetable runs once. */
struct standing {
    int32_t plan;
    int32_t station;
    int32_t track;   /* −1: any that fits */
    double length_m; /* of the train */
    int64_t from_ms; /* in the day, of a timetable that repeats */
    int64_t to_ms;
    bool told;
};

/* Those at one station at one moment; never more than fit. */
struct crowd {
    struct standing **trains;
    int64_t *leaves_ms;
    int32_t count;
};

static int compare_standing(const void *left, const void *right) {
    const struct standing *one = left, *other = right;
    if (one->station != other->station) return one->station < other->station ? -1 : 1;
    if (one->from_ms != other->from_ms) return one->from_ms < other->from_ms ? -1 : 1;
    return (one->plan > other->plan) - (one->plan < other->plan);
}

/* Whether it takes a track that nobody else can have. */
static bool takes_a_track(const struct network *network, const struct standing *standing) {
    const struct station *station = &network->stations[standing->station];
    if (standing->track >= 0) return !network->tracks[standing->track].unlimited;
    for (int32_t i = 0; i < station->track_count; i++) {
        const struct track *track = &network->tracks[station->first_track + i];
        if (track->unlimited && track->length_m >= standing->length_m) return false;
    }
    return true;
}

static int32_t gather_standing(const struct scenario *scenario, struct standing *all) {
    int32_t count = 0;
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++) {
        const struct train_plan *plan = &scenario->timetable.plans[i];
        const struct planned_call *call = &plan->calls[0];
        if (plan->kind != PLAN_TIMETABLE || !plan->starts_standing) continue;
        const int64_t leaves = call->departure_ms >= 0 ? call->departure_ms : call->arrival_ms + call->min_dwell_ms;
        const int64_t stays = leaves > call->arrival_ms ? leaves - call->arrival_ms : 1;
        const int64_t from =
            scenario->settings.repeat_once ? call->arrival_ms : call->arrival_ms % MILLISECONDS_PER_DAY;
        all[count] = (struct standing){.plan = i,
                                       .station = call->station,
                                       .track = call->track,
                                       .length_m = scenario->train_types[plan->train_type].length_m,
                                       .from_ms = from,
                                       .to_ms = from + stays};
        count += takes_a_track(&scenario->network, &all[count]);
    }
    qsort(all, (size_t)count, sizeof *all, compare_standing);
    return count;
}

/* ---- messages ---- */

enum { CLOCK_SIZE = 32 };

static const char *clock_text(int64_t time_ms, char text[CLOCK_SIZE]) {
    const int64_t seconds = time_ms / MILLISECONDS_PER_SECOND;
    const int hours = (int)(seconds / 3600), minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
    if (rest == 0)
        snprintf(text, CLOCK_SIZE, "%02d:%02d", hours, minutes);
    else
        snprintf(text, CLOCK_SIZE, "%02d:%02d:%02d", hours, minutes, rest);
    return text;
}

static struct row first_row(struct reader *reader, const struct standing *standing) {
    const struct plan_place *place = &reader->plan_places[standing->plan];
    return reader_row(reader, &reader->schedules[place->table], reader->call_rows[place->first_call]);
}

static void report_taken(struct reader *reader, struct standing *standing, const struct standing *other) {
    const struct scenario *scenario = reader->scenario;
    const struct train_plan *before = &scenario->timetable.plans[other->plan];
    const struct row row = first_row(reader, standing);
    char from[CLOCK_SIZE], to[CLOCK_SIZE];
    const int64_t arrival = before->calls[0].arrival_ms;
    row_error(&row, TIMETABLE_TRACK, "track '%s' of '%s' is taken: train '%s' stands there from %s to %s%s",
              scenario->network.tracks[standing->track].id, scenario->network.stations[standing->station].id,
              before->id, clock_text(arrival, from), clock_text(arrival + other->to_ms - other->from_ms, to),
              scenario->settings.repeat_once ? "" : " every day");
    standing->told = true;
}

static void report_crowd(struct reader *reader, struct standing *standing, int32_t trains) {
    const struct scenario *scenario = reader->scenario;
    const struct row row = first_row(reader, standing);
    char at[CLOCK_SIZE];
    row_error(&row, standing->track >= 0 ? TIMETABLE_TRACK : TIMETABLE_ARRIVAL,
              "more trains stand at '%s' at %s than fit its tracks: train '%s' comes to %d already there",
              scenario->network.stations[standing->station].id,
              clock_text(scenario->timetable.plans[standing->plan].calls[0].arrival_ms, at),
              scenario->timetable.plans[standing->plan].id, trains);
    standing->told = true;
}

/* ---- who is there when one comes ---- */

/* Tracks at least so long that no train of the crowd has for its own. */
static int32_t free_tracks(const struct network *network, const struct crowd *crowd, int32_t station_index,
                           double length_m) {
    const struct station *station = &network->stations[station_index];
    int32_t count = 0;
    for (int32_t i = 0; i < station->track_count; i++)
        count += network->tracks[station->first_track + i].length_m >= length_m;
    for (int32_t i = 0; i < crowd->count; i++)
        if (crowd->trains[i]->track >= 0) count -= network->tracks[crowd->trains[i]->track].length_m >= length_m;
    return count;
}

/* Whether those that may have any track find one each: of the trains at least so long as one of them, there are no more
 * than tracks. */
static bool all_fit(const struct network *network, const struct crowd *crowd) {
    for (int32_t i = 0; i < crowd->count; i++) {
        const double length_m = crowd->trains[i]->length_m;
        int32_t trains = 0;
        if (crowd->trains[i]->track >= 0) continue;
        for (int32_t k = 0; k < crowd->count; k++)
            trains += crowd->trains[k]->track < 0 && crowd->trains[k]->length_m >= length_m;
        if (trains > free_tracks(network, crowd, crowd->trains[i]->station, length_m)) return false;
    }
    return true;
}

static void let_leave(struct crowd *crowd, int64_t now_ms) {
    int32_t kept = 0;
    for (int32_t i = 0; i < crowd->count; i++) {
        if (crowd->leaves_ms[i] <= now_ms) continue;
        crowd->trains[kept] = crowd->trains[i];
        crowd->leaves_ms[kept++] = crowd->leaves_ms[i];
    }
    crowd->count = kept;
}

static void let_come(struct reader *reader, struct crowd *crowd, struct standing *standing, int64_t leaves_ms) {
    for (int32_t i = 0; i < crowd->count && standing->track >= 0; i++)
        if (crowd->trains[i]->track == standing->track) {
            report_taken(reader, standing, crowd->trains[i]);
            return;
        }
    crowd->trains[crowd->count] = standing;
    crowd->leaves_ms[crowd->count++] = leaves_ms;
    if (all_fit(&reader->scenario->network, crowd)) return;
    crowd->count--;
    report_crowd(reader, standing, crowd->count);
}

/* The trains of one station, `count` of them in the order they come, on as many days as it takes for every two that
 * ever meet to meet. */
static void check_station(struct reader *reader, struct standing *standings, int32_t count, struct crowd *crowd) {
    int64_t longest_ms = 0;
    for (int32_t i = 0; i < count; i++) {
        const int64_t stays_ms = standings[i].to_ms - standings[i].from_ms;
        if (stays_ms > longest_ms) longest_ms = stays_ms;
    }
    const int64_t days = reader->scenario->settings.repeat_once ? 1 : 2 + longest_ms / MILLISECONDS_PER_DAY;
    crowd->count = 0;
    for (int64_t day = 0; day < days; day++)
        for (int32_t i = 0; i < count; i++) {
            const int64_t midnight = day * MILLISECONDS_PER_DAY;
            if (standings[i].told) continue;
            let_leave(crowd, midnight + standings[i].from_ms);
            let_come(reader, crowd, &standings[i], midnight + standings[i].to_ms);
        }
}

bool check_standing(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    const size_t plans = (size_t)scenario->timetable.plan_count + 1, tracks = (size_t)scenario->network.track_count + 1;
    struct standing *all = malloc(plans * sizeof *all);
    struct crowd crowd = {malloc(tracks * sizeof *crowd.trains), malloc(tracks * sizeof *crowd.leaves_ms), 0};
    const bool room = all && crowd.trains && crowd.leaves_ms;
    const int32_t count = room ? gather_standing(scenario, all) : 0;
    for (int32_t first = 0, next; first < count; first = next) {
        for (next = first + 1; next < count && all[next].station == all[first].station;) next++;
        check_station(reader, all + first, next - first, &crowd);
    }
    free(all);
    free(crowd.trains);
    free(crowd.leaves_ms);
    return room;
}
