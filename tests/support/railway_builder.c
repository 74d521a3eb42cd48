#include "support/railway_builder.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "simulation/simulation.h"

static void *grown(void *array, int32_t count, size_t size) {
    void *bigger = realloc(array, (size_t)(count + 1) * size);
    if (!bigger) abort();
    memset((char *)bigger + (size_t)count * size, 0, size);
    return bigger;
}

static char *copied(const char *text) {
    char *copy = malloc(strlen(text) + 1);
    if (!copy) abort();
    return strcpy(copy, text);
}

struct scenario *build_scenario(void) {
    struct scenario *scenario = calloc(1, sizeof *scenario);
    if (!scenario) abort();
    scenario->settings = (struct settings){.start_year = 2030,
                                           .start_month = 1,
                                           .start_day = 1,
                                           .start_weekday = 1,
                                           .horizon_ms = MILLISECONDS_PER_DAY,
                                           .replications = 1,
                                           .seed = 1,
                                           .fleet_size = 1,
                                           .moving_margin_m = 100,
                                           .repeat_once = true,
                                           .detail = DETAIL_FULL,
                                           .delay_limit_min = 30};
    return scenario;
}

void build_free(struct scenario *scenario) {
    for (int32_t i = 0; i < scenario->train_type_count; i++) train_type_free(&scenario->train_types[i]);
    free(scenario->train_types);
    free(scenario->running_times);
    timetable_free(&scenario->timetable);
    network_free(&scenario->network);
    traffic_free(&scenario->traffic);
    free(scenario);
}

int32_t build_track(struct scenario *scenario, double length_m) {
    struct network *network = &scenario->network;
    struct station *station = &network->stations[network->station_count - 1];
    network->tracks = grown(network->tracks, network->track_count, sizeof *network->tracks);
    char id[32];
    snprintf(id, sizeof id, "%d", station->track_count + 1);
    network->tracks[network->track_count] = (struct track){.id = copied(id),
                                                           .station = network->station_count - 1,
                                                           .length_m = length_m > 0 ? length_m : INFINITY,
                                                           .speed_ms = INFINITY};
    station->track_count++;
    return network->track_count++;
}

int32_t build_station(struct scenario *scenario, const char *id, int32_t tracks, double length_m) {
    struct network *network = &scenario->network;
    network->stations = grown(network->stations, network->station_count, sizeof *network->stations);
    struct station *station = &network->stations[network->station_count++];
    *station = (struct station){.id = copied(id),
                                .name = copied(id),
                                .kind = STATION_SIDING,
                                .latitude = NAN,
                                .longitude = NAN,
                                .first_track = network->track_count,
                                .unlimited = tracks == 0};
    for (int32_t i = 0; i < (tracks > 0 ? tracks : 1); i++) {
        int32_t track = build_track(scenario, length_m);
        network->tracks[track].unlimited = tracks == 0;
    }
    return network->station_count - 1;
}

struct section *build_section(struct scenario *scenario, const char *id, const char *from, const char *to,
                              double length_m) {
    struct network *network = &scenario->network;
    network->sections = grown(network->sections, network->section_count, sizeof *network->sections);
    struct section *section = &network->sections[network->section_count++];
    *section = (struct section){.id = copied(id),
                                .from = network_station(network, from),
                                .to = network_station(network, to),
                                .length_m = length_m,
                                .tracks = 1,
                                .speed_ms = INFINITY,
                                .headway_ms = -1,
                                .purge_after = DIRECTION_BOTH_BITS,
                                .purge_before = DIRECTION_BOTH_BITS,
                                .clearance_m = INFINITY};
    return section;
}

struct train_type *build_type(struct scenario *scenario, const char *id, double length_m) {
    scenario->train_types = grown(scenario->train_types, scenario->train_type_count, sizeof *scenario->train_types);
    struct train_type *type = &scenario->train_types[scenario->train_type_count++];
    *type = (struct train_type){.id = copied(id),
                                .name = copied(id),
                                .length_m = length_m,
                                .mass_kg = NAN,
                                .power_w = NAN,
                                .tractive_effort_n = NAN,
                                .brake_ms2 = NAN,
                                .empty_mass_kg = NAN,
                                .empty_length_m = NAN,
                                .max_speed_ms = 30,
                                .rotating_mass = 1,
                                .tunnel_drag = 1,
                                .priority = 1,
                                .delay_weight = 1,
                                .running_factor = {.kind = LAW_CONSTANT, .parameters = {1}}};
    return type;
}

static void add_time(struct scenario *scenario, int32_t section, double run_s, double start_s, double stop_s) {
    scenario->running_times =
        grown(scenario->running_times, scenario->running_time_count, sizeof *scenario->running_times);
    scenario->running_times[scenario->running_time_count++] = (struct running_time){.section = section,
                                                                                    .train_type = -1,
                                                                                    .directions = DIRECTION_BOTH_BITS,
                                                                                    .run_ms = llround(run_s * 1000),
                                                                                    .start_ms = llround(start_s * 1000),
                                                                                    .stop_ms = llround(stop_s * 1000)};
}

void build_running_time(struct scenario *scenario, double run_s, double start_s, double stop_s) {
    for (int32_t i = 0; i < scenario->network.section_count; i++) add_time(scenario, i, run_s, start_s, stop_s);
}

void build_running_time_on(struct scenario *scenario, const char *section, double run_s, double start_s,
                           double stop_s) {
    add_time(scenario, network_section(&scenario->network, section), run_s, start_s, stop_s);
}

static int32_t type_index(const struct scenario *scenario, const char *id) {
    for (int32_t i = 0; i < scenario->train_type_count; i++)
        if (strcmp(scenario->train_types[i].id, id) == 0) return i;
    abort();
}

static void find_route(struct scenario *scenario, struct train_plan *plan, const char *way) {
    char *text = copied(way), *save = NULL;
    int32_t previous = -1;
    for (char *id = strtok_r(text, " ", &save); id; id = strtok_r(NULL, " ", &save)) {
        int32_t station = network_station(&scenario->network, id);
        if (station < 0) abort();
        if (previous < 0) {
            plan->calls = grown(NULL, 0, sizeof *plan->calls);
            plan->calls[0].station = station;
        }
        for (int32_t i = 0; previous >= 0 && i < scenario->network.section_count; i++) {
            const struct section *section = &scenario->network.sections[i];
            bool forward = section->from == previous && section->to == station;
            if (!forward && !(section->from == station && section->to == previous)) continue;
            plan->route = grown(plan->route, plan->route_length, sizeof *plan->route);
            plan->route[plan->route_length++] = (struct route_leg){i, forward ? FORWARD : BACKWARD};
            break;
        }
        previous = station;
    }
    free(text);
    plan->calls = grown(plan->calls, 1, sizeof *plan->calls);
    plan->calls[1].station = previous;
    plan->call_count = 2;
    for (int32_t i = 0; i < 2; i++) {
        plan->calls[i].arrival_ms = plan->calls[i].departure_ms = -1;
        plan->calls[i].track = -1;
        plan->calls[i].stop = true;
    }
}

static struct train_plan *new_plan(struct scenario *scenario, const char *id, const char *type, const char *way) {
    struct timetable *timetable = &scenario->timetable;
    timetable->plans = grown(timetable->plans, timetable->plan_count, sizeof *timetable->plans);
    struct train_plan *plan = &timetable->plans[timetable->plan_count];
    *plan = (struct train_plan){.id = copied(id),
                                .train_type = type_index(scenario, type),
                                .row = timetable->plan_count,
                                .return_of = -1,
                                .weight = 1,
                                .weekdays = 127,
                                .last_ms = MILLISECONDS_PER_DAY};
    timetable->plan_count++;
    find_route(scenario, plan, way);
    return plan;
}

struct train_plan *build_train(struct scenario *scenario, const char *id, const char *type, const char *way,
                               double departure_s, double standing_s, int32_t track) {
    struct train_plan *plan = new_plan(scenario, id, type, way);
    plan->kind = PLAN_TIMETABLE;
    plan->calls[0].departure_ms = llround(departure_s * 1000);
    plan->starts_standing = standing_s >= 0;
    if (standing_s >= 0) plan->calls[0].arrival_ms = llround(standing_s * 1000);
    if (track >= 0) plan->calls[0].track = scenario->network.stations[plan->calls[0].station].first_track + track;
    return plan;
}

struct train_plan *build_service(struct scenario *scenario, const char *id, const char *type, const char *way,
                                 enum arrival_process arrivals, double interval_s) {
    struct train_plan *plan = new_plan(scenario, id, type, way);
    plan->kind = PLAN_SERVICE;
    plan->arrivals = arrivals;
    plan->interval_ms = interval_s * 1000;
    if (arrivals == ARRIVALS_REGULAR) plan->trains_per_day = (int32_t)lround(86400 / interval_s);
    return plan;
}

struct scenario *build_straight(const double *section_km, int32_t sections, int32_t tracks, double headway_min,
                                double release_min, char east[256], char west[256]) {
    struct scenario *scenario = build_scenario();
    char stations[64][16];
    for (int32_t i = 0; i <= sections; i++) {
        snprintf(stations[i], sizeof stations[i], i == 0 ? "W" : i == sections ? "E" : "S%d", i);
        build_station(scenario, stations[i], i == 0 || i == sections ? 0 : tracks, 0);
    }
    east[0] = west[0] = '\0';
    for (int32_t i = 0; i <= sections; i++) {
        strcat(strcat(east, i ? " " : ""), stations[i]);
        strcat(strcat(west, i ? " " : ""), stations[sections - i]);
        if (i == sections) break;
        char id[40];
        snprintf(id, sizeof id, "%.15s-%.15s", stations[i], stations[i + 1]);
        struct section *section = build_section(scenario, id, stations[i], stations[i + 1], section_km[i] * 1000);
        if (headway_min > 0) section->headway_ms = llround(headway_min * 60000);
        section->release_ms = llround(release_min * 60000);
        build_running_time_on(scenario, id, section_km[i] * 36, 0, 0);
    }
    build_type(scenario, "train", 500);
    return scenario;
}

void build_reverse_schedule(struct scenario *scenario) {
    struct timetable *timetable = &scenario->timetable;
    for (int32_t i = 0, k = timetable->plan_count - 1; i < k; i++, k--) {
        struct train_plan other = timetable->plans[i];
        timetable->plans[i] = timetable->plans[k];
        timetable->plans[k] = other;
    }
    for (int32_t i = 0; i < timetable->plan_count; i++) timetable->plans[i].row = i;
}

/* ---- checking what a run tells, with nothing but what it tells ---- */

struct interval {
    int32_t place, lane; /* section and line track × direction, or station and track */
    int64_t from_ms, to_ms;
    int64_t train_id;
};

struct checker {
    const struct scenario *scenario;
    struct outcome outcome;
    struct interval *line, *track;
    int32_t line_count, line_room, track_count, track_room;
};

__attribute__((format(printf, 2, 3))) static void violation(struct checker *checker, const char *format, ...) {
    if (checker->outcome.violations++ > 0) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(checker->outcome.first_violation, sizeof checker->outcome.first_violation, format, arguments);
    va_end(arguments);
}

static void add_interval(struct interval **list, int32_t *count, int32_t *room, struct interval interval) {
    if (*count == *room) {
        *room = *room ? 2 * *room : 1024;
        *list = realloc(*list, (size_t)*room * sizeof **list);
        if (!*list) abort();
    }
    (*list)[(*count)++] = interval;
}

static void mix(uint64_t *hash, int64_t value) {
    *hash = (*hash ^ (uint64_t)value) * UINT64_C(1099511628211);
    *hash ^= *hash >> 29;
}

static void check_calls(struct checker *checker, const struct train_record *train) {
    const struct network *network = &checker->scenario->network;
    const struct train_plan *plan = &checker->scenario->timetable.plans[train->plan];
    const struct train_type *type = &checker->scenario->train_types[plan->train_type];
    int64_t last = INT64_MIN;
    for (int32_t i = 0; i < train->call_count; i++) {
        const struct train_call *call = &train->calls[i];
        mix(&checker->outcome.hash, call->arrival_ms);
        mix(&checker->outcome.hash, call->departure_ms);
        mix(&checker->outcome.hash, call->track);
        mix(&checker->outcome.hash, call->wait_ms);
        checker->outcome.late += call->wait_ms > 0;
        if (call->arrival_ms != TIME_NONE) {
            if (call->arrival_ms < last) violation(checker, "train %" PRId64 " runs back in time", train->train_id);
            last = call->arrival_ms;
        }
        if (call->departure_ms != TIME_NONE) {
            if (call->departure_ms < last)
                violation(checker, "train %" PRId64 " departs before it arrives", train->train_id);
            last = call->departure_ms;
            if (call->planned_departure_ms != TIME_NONE && call->departure_ms < call->planned_departure_ms)
                violation(checker, "train %" PRId64 " departs early", train->train_id);
        }
        if (call->track < 0 || (call->arrival_ms == TIME_NONE && call->departure_ms == TIME_NONE)) continue;
        if (network->stations[call->station].unlimited) continue;
        if (call->stopped && network->tracks[call->track].length_m < type->length_m)
            violation(checker, "train %" PRId64 " stands on too short a track", train->train_id);
        int64_t from = call->arrival_ms != TIME_NONE ? call->arrival_ms : call->departure_ms;
        int64_t to = call->departure_ms != TIME_NONE  ? call->departure_ms
                     : train->status == TRAIN_ARRIVED ? from
                                                      : INT64_MAX;
        add_interval(&checker->track, &checker->track_count, &checker->track_room,
                     (struct interval){call->station, call->track, from, to, train->train_id});
    }
}

static void check_passages(struct checker *checker, const struct train_record *train) {
    for (int32_t i = 0; i < train->passage_count; i++) {
        const struct train_passage *passage = &train->passages[i];
        mix(&checker->outcome.hash, passage->enter_ms);
        mix(&checker->outcome.hash, passage->clear_ms);
        if (passage->enter_ms == TIME_NONE) continue;
        int64_t to = passage->clear_ms == TIME_NONE ? INT64_MAX : passage->clear_ms;
        add_interval(&checker->line, &checker->line_count, &checker->line_room,
                     (struct interval){passage->section * 2 + passage->line_track - 1, passage->direction,
                                       passage->enter_ms, to, train->train_id});
        const struct section *section = &checker->scenario->network.sections[passage->section];
        bool fixed = section->headway_ms < 0 && section->signalling == SIGNALLING_FIXED;
        if (!fixed || section->tracks == 2) continue;
        for (int32_t b = 0; b < passage->block_count; b++) {
            int64_t out = passage->blocks[b].release_ms == TIME_NONE ? INT64_MAX : passage->blocks[b].release_ms;
            if (passage->blocks[b].enter_ms == TIME_NONE) continue;
            int32_t block = passage->direction == FORWARD ? b : passage->block_count - 1 - b;
            add_interval(
                &checker->track, &checker->track_count, &checker->track_room,
                (struct interval){-1 - passage->section, block, passage->blocks[b].enter_ms, out, train->train_id});
        }
    }
}

static void check_train(void *context, const struct train_record *train) {
    struct checker *checker = context;
    struct outcome *outcome = &checker->outcome;
    const struct settings *settings = &checker->scenario->settings;
    mix(&outcome->hash, train->train_id);
    mix(&outcome->hash, train->arrival_ms);
    mix(&outcome->hash, train->delay_ms);
    mix(&outcome->hash, train->status);
    if (train->status == TRAIN_ARRIVED)
        outcome->arrived++;
    else
        outcome->others++;
    outcome->trains_planned++;
    outcome->total_delay_s += (double)train->delay_ms / 1000;
    int64_t from = settings->warmup_ms, to = settings->repeat_once ? INT64_MAX : from + settings->horizon_ms;
    if (train->arrival_ms != TIME_NONE && train->arrival_ms >= from && train->arrival_ms < to)
        outcome->arrived_in_window[train->direction]++;
    check_calls(checker, train);
    check_passages(checker, train);
}

static int compare_intervals(const void *left, const void *right) {
    const struct interval *a = left, *b = right;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    if (a->from_ms != b->from_ms) return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

/* Opposing trains never overlap on one line track. */
static void check_line(struct checker *checker) {
    if (checker->line_count == 0) return;
    qsort(checker->line, (size_t)checker->line_count, sizeof *checker->line, compare_intervals);
    int32_t place = INT32_MIN;
    int64_t until[2] = {INT64_MIN, INT64_MIN};
    for (int32_t i = 0; i < checker->line_count; i++) {
        const struct interval *interval = &checker->line[i];
        if (interval->place != place) until[0] = until[1] = INT64_MIN;
        place = interval->place;
        if (interval->from_ms < until[!interval->lane])
            violation(checker, "two directions in section %s at %" PRId64 " ms: train %" PRId64,
                      checker->scenario->network.sections[place / 2].id, interval->from_ms, interval->train_id);
        if (interval->to_ms > until[interval->lane]) until[interval->lane] = interval->to_ms;
    }
}

static int compare_lanes(const void *left, const void *right) {
    const struct interval *a = left, *b = right;
    if (a->place != b->place) return a->place < b->place ? -1 : 1;
    if (a->lane != b->lane) return a->lane < b->lane ? -1 : 1;
    return compare_intervals(left, right);
}

/* One train at a time on each track and in each block. */
static void check_tracks(struct checker *checker) {
    if (checker->track_count == 0) return;
    qsort(checker->track, (size_t)checker->track_count, sizeof *checker->track, compare_lanes);
    for (int32_t i = 1; i < checker->track_count; i++) {
        const struct interval *a = &checker->track[i - 1], *b = &checker->track[i];
        if (a->place == b->place && a->lane == b->lane && b->from_ms < a->to_ms && b->from_ms != b->to_ms)
            violation(checker, "trains %" PRId64 " and %" PRId64 " on one %s (%s) at %" PRId64 " ms", a->train_id,
                      b->train_id, a->place < 0 ? "block" : "track",
                      a->place < 0 ? checker->scenario->network.sections[-1 - a->place].id
                                   : checker->scenario->network.stations[a->place].id,
                      b->from_ms);
    }
}

static void check_end(void *context, const struct run_summary *summary) {
    struct checker *checker = context;
    struct outcome *outcome = &checker->outcome;
    outcome->end_ms = summary->end_ms;
    outcome->events = summary->events;
    outcome->forced = summary->forced_moves;
    outcome->deadlocked = summary->deadlocked;
    outcome->interrupted = summary->interrupted;
    outcome->not_proved = summary->not_proved;
    outcome->waiting_count = summary->waiting_count;
    outcome->days = (double)(summary->window_to_ms - summary->window_from_ms) / (double)MILLISECONDS_PER_DAY;
    for (int32_t i = 0; i < checker->scenario->network.station_count; i++) {
        const struct station *station = &checker->scenario->network.stations[i];
        if (!station->unlimited && summary->stations[i].max_occupied > station->track_count)
            violation(checker, "%d trains at %s", summary->stations[i].max_occupied, station->id);
        mix(&outcome->hash, summary->stations[i].occupied_ms);
    }
    for (int32_t i = 0; i < 2 * checker->scenario->network.section_count; i++)
        mix(&outcome->hash, summary->sections[i].busy_ms);
    check_line(checker);
    check_tracks(checker);
}

struct outcome build_run(const struct scenario *scenario, int64_t replication) {
    char message[256];
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    if (!plan) {
        fprintf(stderr, "%s\n", message);
        abort();
    }
    struct checker checker = {.scenario = scenario, .outcome = {.hash = UINT64_C(1469598103934665603)}};
    struct observer observer = {.context = &checker, .train = check_train, .end = check_end};
    struct simulation_options options = {.replication = replication, .want_blocks = true};
    enum simulation_result result = simulation_run(plan, &options, &observer);
    if (result == SIMULATION_NO_MEMORY) violation(&checker, "out of memory or stalled");
    simulation_plan_destroy(plan);
    free(checker.line);
    free(checker.track);
    if (checker.outcome.trains_planned > 0)
        checker.outcome.mean_delay_s = checker.outcome.total_delay_s / (double)checker.outcome.trains_planned;
    return checker.outcome;
}
