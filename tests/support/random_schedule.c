/* The schedules of a random_railway: a timetable, services, or both. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/railway_draft.h"

/* ---- clock ---- */

static void write_clock(FILE *file, int32_t time_s) {
    fprintf(file, "%02d:%02d", time_s / 3600, time_s / 60 % 60);
    if (time_s % 60) fprintf(file, ":%02d", time_s % 60);
}

/* Where others can pass, and now and then on single line. */
static bool may_stop(struct draft *draft, int32_t station, int32_t type) {
    const struct draft_station *at = &draft->stations[station];
    bool meets = at->track_count > 1 || at->unlimited;
    if (!fits_station(draft, station, type) || (!meets && !chance(draft, 15))) return false;
    if (!meets) draft_has(draft, RAILWAY_STOP_ON_SINGLE_LINE);
    return true;
}

/* The type and the way of a train from one station to another where it may begin and end; 0: no luck. */
static int32_t draw_trip(struct draft *draft, int32_t from, int32_t to, int32_t *type, int32_t way[MOST_STATIONS]) {
    *type = roll(draft, draft->type_count);
    if (from == to || !fits_station(draft, from, *type) || !fits_station(draft, to, *type)) return 0;
    return draw_way(draft, *type, from, to, way);
}

/* ---- a timetable ---- */

/* One row of a train, cell by cell as it comes about. */
struct draft_train {
    char id[16];
    int32_t type, way[MOST_STATIONS], count;
    int32_t time_s;
    bool standing;
};

static void write_law(struct draft *draft, FILE *file, bool given, enum railway_feature feature) {
    static const char *const LAWS[] = {"exponential(300)", "\"uniform(0,900)\"", "120", "empirical(0;0;60;1800)"};
    fprintf(file, ",%s", given ? LAWS[roll(draft, 4)] : "");
    if (given) draft_has(draft, feature);
}

static void write_binding(struct draft *draft, FILE *file, int32_t station, int32_t type) {
    const struct draft_station *at = &draft->stations[station];
    int32_t first = roll(draft, at->track_count);
    for (int32_t i = 0; i < at->track_count; i++) {
        const struct draft_track *track = &at->tracks[(first + i) % at->track_count];
        if (track->length_m < draft->types[type].length_m || (at->unlimited && at->tracks != track)) continue;
        fprintf(file, ",%s", track->id);
        draft_has(draft, RAILWAY_BINDING_TRACK);
        return;
    }
    fprintf(file, ",");
}

/* The cells after the times. */
static void write_rest(struct draft *draft, FILE *file, const struct draft_train *train, int32_t index, bool stop,
                       int32_t dwell_s) {
    bool binding = stop && (train->standing ? index == 0 && chance(draft, 40) : draft->bindings && chance(draft, 15));
    fprintf(file, dwell_s > 0 ? ",%d" : ",", dwell_s);
    if (binding)
        write_binding(draft, file, train->way[index], train->type);
    else
        fprintf(file, ",");
    write_law(draft, file, index == 0 && chance(draft, 25), RAILWAY_ENTRY_DELAY);
    write_law(draft, file, stop && index > 0 && index < train->count - 1 && chance(draft, 30), RAILWAY_DWELL_LAW);
    fprintf(file, "\n");
}

static void begin_row(FILE *file, const struct draft_train *train, int32_t index) {
    fprintf(file, "%s,y%d,N%d,", train->id, train->type, train->way[index]);
}

static void write_origin(struct draft *draft, FILE *file, struct draft_train *train) {
    begin_carrier(draft, train->type, train->way[0]);
    begin_row(file, train, 0);
    if (train->standing) fprintf(file, "00:00");
    fprintf(file, ",");
    bool leaves_by_dwell = train->standing && chance(draft, 30);
    if (!leaves_by_dwell) write_clock(file, train->time_s);
    write_rest(draft, file, train, 0, true, leaves_by_dwell ? train->time_s : 0);
}

static void write_stop(struct draft *draft, FILE *file, struct draft_train *train, int32_t index) {
    int32_t dwell_s = 30 * (1 + roll(draft, 20));
    bool timed = chance(draft, 60);
    begin_row(file, train, index);
    if (timed && chance(draft, 70)) write_clock(file, train->time_s);
    fprintf(file, ",");
    train->time_s += dwell_s;
    if (timed) write_clock(file, train->time_s);
    write_rest(draft, file, train, index, true, timed && chance(draft, 50) ? 0 : dwell_s);
    add_carrier_stop(draft, train->way[index]);
    draft_has(draft, RAILWAY_STOPS);
}

static void write_pass(struct draft *draft, FILE *file, struct draft_train *train, int32_t index) {
    begin_row(file, train, index);
    write_clock(file, train->time_s);
    fprintf(file, ",");
    write_clock(file, train->time_s);
    write_rest(draft, file, train, index, false, 0);
    draft_has(draft, RAILWAY_TIMED_PASS);
}

static void write_destination(struct draft *draft, FILE *file, struct draft_train *train) {
    int32_t last = train->count - 1, dwell_s = chance(draft, 20) ? 60 * roll(draft, 20) : 0;
    add_carrier_stop(draft, train->way[last]);
    begin_row(file, train, last);
    if (chance(draft, 70)) write_clock(file, train->time_s);
    fprintf(file, ",");
    write_rest(draft, file, train, last, true, dwell_s);
}

static void write_train(struct draft *draft, struct draft_train *train) {
    FILE *file = draft_file(draft, FILE_TIMETABLE,
                            "train,train_type,station,arrival,departure,min_dwell_s,track,entry_delay_s,dwell_s");
    double pace_s = between(draft, 35, 80); /* a kilometre */
    write_origin(draft, file, train);
    bool all =
        draft->railway->has[RAILWAY_RING] && chance(draft, 50); /* or none: else a way through need not be found */
    for (int32_t i = 1; i < train->count; i++) {
        train->time_s += (int32_t)(pace_s * way_km(draft, train->way[i - 1], train->way[i]));
        if (i == train->count - 1) break;
        if (draft->railway->has[RAILWAY_RING] && !all) continue;
        if (chance(draft, 30) && may_stop(draft, train->way[i], train->type))
            write_stop(draft, file, train, i);
        else if (all || chance(draft, 10))
            write_pass(draft, file, train, i);
    }
    write_destination(draft, file, train);
    draft_has(draft, RAILWAY_TIMETABLE);
}

/* Whether a train may stand here from the beginning; one a station where the tracks are limited. */
static bool may_stand(struct draft *draft, int32_t station, bool taken[MOST_STATIONS]) {
    const struct draft_station *at = &draft->stations[station];
    if (at->unlimited && !isfinite(at->tracks[0].length_m)) return true;
    if (!draft->once || !draft->any_track || at->track_count < 2 || at->unlimited || taken[station]) return false;
    taken[station] = true;
    return true;
}

static int32_t draw_end(struct draft *draft) {
    for (int32_t tries = 0; tries < 20; tries++) {
        int32_t station = roll(draft, draft->station_count);
        if (draft->stations[station].terminal || chance(draft, 15)) return station;
    }
    return 0;
}

static void draw_timetable(struct draft *draft) {
    bool taken[MOST_STATIONS] = {false}, standing = chance(draft, 40);
    bool lone = draft->once && !standing && chance(draft, 15);
    draft->bindings = !standing && chance(draft, 50);
    int32_t wanted = 2 + roll(draft, 14), hours = draft->once ? 1 + roll(draft, 8) : 20, written = 0;
    for (int32_t tries = 0; written < wanted && tries < 100; tries++) {
        struct draft_train train = {0};
        int32_t from = draw_end(draft), to = draw_end(draft);
        train.count = draw_trip(draft, from, to, &train.type, train.way);
        if (train.count == 0) continue;
        snprintf(train.id, sizeof train.id, "T%d", ++written);
        train.time_s = 15 * roll(draft, hours * 240);
        train.standing = lone || (standing && chance(draft, 40) && may_stand(draft, from, taken));
        if (train.standing) draft_has(draft, RAILWAY_STANDING);
        lone = false;
        write_train(draft, &train);
    }
}

/* ---- services ---- */

struct draft_service {
    char id[32];
    int32_t type, way[MOST_STATIONS], count;
    bool saturated;
};

/* Trains without end may pile up where any number has room, and a run counts no more than some sixty at once. */
static bool piles_up(const struct draft *draft, const struct draft_service *service) {
    for (int32_t i = 0; i < draft->section_count; i++)
        if (draft->sections[i].endless) return true;
    for (int32_t i = 0; i < draft->station_count; i++)
        if (draft->stations[i].unlimited && i != service->way[0] && i != service->way[service->count - 1]) return true;
    return false;
}

static void write_frequency(struct draft *draft, FILE *file, struct draft_service *service) {
    bool regular = draft->once ? chance(draft, 85) : chance(draft, 50);
    bool by_interval = chance(draft, 50);
    service->saturated = !regular && chance(draft, 60) && !piles_up(draft, service);
    int32_t first_h = chance(draft, 60) ? 0 : roll(draft, 12);
    int32_t hours = chance(draft, 60) ? 24 - first_h : 1 + roll(draft, 24 - first_h);
    fprintf(file, ",%02d:00,%02d:00", first_h, first_h + hours);
    if (by_interval)
        fprintf(file, ",%d,", 60 + 15 * roll(draft, 40));
    else
        fprintf(file, ",,%d", 1 + roll(draft, 9));
    fprintf(file, ",%s", regular ? "regular" : service->saturated ? "saturated" : "poisson");
    draft_has(draft, regular ? RAILWAY_REGULAR : service->saturated ? RAILWAY_SATURATED : RAILWAY_POISSON);
    if (!regular) draft->railway->everybody_arrives = false;
}

static void write_stops(struct draft *draft, FILE *file, const struct draft_service *service) {
    const char *separator = "";
    bool stops[MOST_STATIONS];
    for (int32_t i = 1; i < service->count - 1; i++) stops[i] = may_stop(draft, service->way[i], service->type);
    bool ring = draft->railway->has[RAILWAY_RING], all = ring && chance(draft, 50);
    fprintf(file, ",");
    for (int32_t i = 1; i < service->count - 1; i++) all = all && stops[i];
    for (int32_t i = 1; i < service->count - 1; i++) {
        if (ring ? !all : !stops[i] || !chance(draft, 25)) continue;
        fprintf(file, "%sN%d:%d", separator, service->way[i], 30 * roll(draft, 20));
        separator = ";";
        if (!service->saturated) add_carrier_stop(draft, service->way[i]);
        draft_has(draft, RAILWAY_STOPS);
    }
}

static void write_end_of_service(struct draft *draft, FILE *file, const struct draft_service *service) {
    static const char *const DAYS[] = {"daily", "mon;wed;fri", "sat;sun", "tue;thu;sat;sun"};
    int32_t days = service->saturated || chance(draft, 80) ? 0 : roll(draft, 4);
    if (days > 0) draft_has(draft, RAILWAY_WEEKDAYS);
    if (!service->saturated) begin_carrier(draft, service->type, service->way[0]);
    write_stops(draft, file, service);
    if (!service->saturated) add_carrier_stop(draft, service->way[service->count - 1]);
    fprintf(file, ",%s", DAYS[days]);
    write_law(draft, file, chance(draft, 20), RAILWAY_ENTRY_DELAY);
}

/* The trainsets of `before` go on from where they end; true if there is somewhere to go. */
static bool write_return(struct draft *draft, FILE *file, struct draft_service *before, int32_t number) {
    struct draft_service service = {.type = before->type, .saturated = before->saturated};
    int32_t from = before->way[before->count - 1], to = chance(draft, 75) ? before->way[0] : draw_end(draft);
    if (from == to || !draft->stations[to].terminal || !fits_station(draft, to, service.type)) return false;
    if (before->saturated && draft->stations[from].unlimited) return false; /* see piles_up */
    service.count = draw_way(draft, service.type, from, to, service.way);
    if (service.count == 0) return false;
    snprintf(service.id, sizeof service.id, "%.20s.%d", before->id, number);
    fprintf(file, "%s,y%d,N%d,N%d,,,,,", service.id, service.type, from, to);
    write_end_of_service(draft, file, &service);
    fprintf(file, ",%s\n", before->id);
    draft_has(draft, RAILWAY_RETURN);
    *before = service;
    return true;
}

static void write_service(struct draft *draft, struct draft_service *service) {
    FILE *file = draft_file(draft, FILE_SERVICES,
                            "service,train_type,origin,destination,first_departure,last_departure,interval_min,"
                            "trains_per_day,arrivals,stops,days,entry_delay_s,return_of");
    fprintf(file, "%s,y%d,N%d,N%d", service->id, service->type, service->way[0], service->way[service->count - 1]);
    write_frequency(draft, file, service);
    write_end_of_service(draft, file, service);
    fprintf(file, ",\n");
    draft_has(draft, RAILWAY_SERVICES);
    for (int32_t number = 1; number <= MOST_RETURNS && chance(draft, 30); number++)
        if (!write_return(draft, file, service, number)) break;
}

static void draw_turnarounds(struct draft *draft) {
    for (int32_t i = 0; i < draft->station_count; i++) {
        struct draft_station *station = &draft->stations[i];
        station->turns = station->terminal && chance(draft, 80);
        if (station->turns) station->turnaround_s = 300 * roll(draft, 12);
    }
}

static void draw_services(struct draft *draft) {
    int32_t wanted = 1 + roll(draft, 4), written = 0;
    for (int32_t tries = 0; written < wanted && tries < 100; tries++) {
        struct draft_service service = {0};
        int32_t from = roll(draft, draft->station_count), to = roll(draft, draft->station_count);
        if (!draft->stations[from].terminal || !draft->stations[to].terminal) continue;
        service.count = draw_trip(draft, from, to, &service.type, service.way);
        if (service.count == 0) continue;
        snprintf(service.id, sizeof service.id, "S%d", ++written);
        write_service(draft, &service);
    }
    if (draft->railway->has[RAILWAY_RETURN]) draw_turnarounds(draft);
}

/* ---- together ---- */

void draw_schedules(struct draft *draft) {
    struct random_railway *railway = draft->railway;
    static const enum draft_file SCHEDULES[] = {FILE_TIMETABLE, FILE_SERVICES};
    int32_t kind = roll(draft, 10);
    railway->everybody_arrives = draft->once;
    if (kind < 5 || kind > 7) draw_timetable(draft);
    if (kind >= 5) draw_services(draft);
    for (int32_t i = 0; i < 2; i++)
        if (draft->streams[SCHEDULES[i]]) railway->schedules[railway->schedule_count++] = draft_file_path(SCHEDULES[i]);
    if (railway->schedule_count == 2) {
        draft_has(draft, RAILWAY_SEVERAL_SCHEDULES);
    } else if (railway->schedule_count == 1 && chance(draft, 50)) {
        fprintf(draft->streams[FILE_SCENARIO], "schedule,%s,,\n", strrchr(railway->schedules[0], '/') + 1);
        railway->schedule_count = 0;
    }
}
