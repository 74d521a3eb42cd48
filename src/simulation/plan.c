#include "simulation/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 512 };

/* Who is told of what cannot be planned. */
struct teller {
    simulation_plan_problem *tell;
    void *context;
};

static void tell_no_memory(const struct teller *teller) {
    teller->tell(teller->context, -1, "out of memory");
}

static bool same_route(const struct train_plan *a, const struct train_plan *b) {
    return a->train_type == b->train_type && a->route_length == b->route_length &&
           memcmp(a->route, b->route, (size_t)a->route_length * sizeof *a->route) == 0;
}

/* −1: out of memory. */
static int32_t add_path(struct simulation_plan *plan, const struct trip *trip, const struct train_type *type) {
    const struct scenario *scenario = plan->scenario;
    struct path *path =
        path_create(plan->layout, type, trip->plan->train_type, scenario->running_times, scenario->running_time_count,
                    trip->plan->route, trip->plan->route_length, scenario->settings.clear_by_length);
    if (!path) return -1;
    plan->paths[plan->path_count] = path;
    if (path->call_count > plan->most_calls) plan->most_calls = path->call_count;
    if (trip->plan->route_length > plan->most_steps) plan->most_steps = trip->plan->route_length;
    if (path->block_total > plan->most_blocks) plan->most_blocks = path->block_total;
    return plan->path_count++;
}

/* Plans of one type on one route share a path. */
static bool find_path(struct simulation_plan *plan, int32_t index) {
    struct trip *trip = &plan->trips[index];
    for (int32_t i = 0; i < index; i++)
        if (same_route(plan->trips[i].plan, trip->plan)) {
            trip->path = plan->trips[i].path;
            return true;
        }
    trip->path = add_path(plan, trip, trip->type);
    return trip->path >= 0;
}

static bool follows_its_load(const struct train_type *type) {
    return type->capacity_teu >= 1 && (!isnan(type->empty_mass_kg) || !isnan(type->empty_length_m));
}

/* A type with that share of its load. What a train weighs resists it: A and B go with the mass (rolling resistance per
 * axle load), C with the length (air, which lies along its sides). */
static struct train_type lightened(const struct train_type *type, double share) {
    struct train_type light = *type;
    if (!isnan(type->empty_mass_kg)) {
        light.mass_kg = type->empty_mass_kg + (type->mass_kg - type->empty_mass_kg) * share;
        light.davis_a_n *= light.mass_kg / type->mass_kg;
        light.davis_b_ns_m *= light.mass_kg / type->mass_kg;
    }
    if (!isnan(type->empty_length_m)) {
        light.length_m = type->empty_length_m + (type->length_m - type->empty_length_m) * share;
        light.davis_c_ns2_m2 *= light.length_m / type->length_m;
    }
    return light;
}

static bool add_light_paths(struct simulation_plan *plan, int32_t index) {
    struct trip *trip = &plan->trips[index];
    if (!follows_its_load(trip->type) || !freight_plan_carries(plan->freight, index) ||
        freight_plan_loads_later(plan->freight, index))
        return true;
    for (int32_t i = 0; i < index; i++)
        if (same_route(plan->trips[i].plan, trip->plan) && plan->trips[i].light_paths[0] >= 0) {
            memcpy(trip->light_paths, plan->trips[i].light_paths, sizeof trip->light_paths);
            return true;
        }
    for (int32_t level = 0; level < LOAD_LEVELS; level++) {
        struct train_type *light = &plan->light_types[plan->light_type_count++];
        *light = lightened(trip->type, (double)level / LOAD_LEVELS);
        trip->light_paths[level] = add_path(plan, trip, light);
        if (trip->light_paths[level] < 0) return false;
    }
    return true;
}

static bool crosses_single_line(const struct layout *layout, int32_t station) {
    int32_t sections = 0;
    for (int32_t i = 0; i < layout->network->section_count; i++)
        sections += layout->network->sections[i].from == station || layout->network->sections[i].to == station;
    return sections > 1 && layout->places[station].capacity == 1;
}

/* Which way a route goes: the way of most of its length, as its sections are drawn; where that does not say, by the
 * order in which the stations of its ends stand in their file. So one way is one direction, however each section is
 * drawn. */
static int32_t direction_of(const struct network *network, const struct train_plan *plan) {
    double forward = 0, all = 0;
    for (int32_t i = 0; i < plan->route_length; i++) {
        double length = network->sections[plan->route[i].section].length_m;
        forward += plan->route[i].direction == FORWARD ? length : -length;
        all += length;
    }
    if (fabs(forward) > 0.01 * all) return forward > 0 ? FORWARD : BACKWARD;
    return plan->calls[0].station < plan->calls[plan->call_count - 1].station ? FORWARD : BACKWARD;
}

/* Trainsets know from their first plan on which comes next. One is plain only if it stays so to its last plan, and does
 * not turn round where others have to pass. */
static void link_trainsets(struct simulation_plan *plan) {
    for (int32_t i = 0; i < plan->trip_count; i++) {
        struct trip *trip = &plan->trips[i];
        int32_t before = trip->plan->return_of;
        if (before < 0) continue;
        plan->trips[before].onward = i;
        if (crosses_single_line(plan->layout, plan->paths[trip->path]->nodes[0].station)) trip->plain = false;
    }
    for (int32_t i = 0; i < plan->trip_count; i++)
        for (int32_t later = plan->trips[i].onward; later >= 0; later = plan->trips[later].onward)
            plan->trips[i].plain = plan->trips[i].plain && plan->trips[later].plain;
}

static bool fill_trip(struct simulation_plan *plan, struct trip *trip) {
    const struct path *path = plan->paths[trip->path];
    trip->nodes = calloc((size_t)path->node_count, sizeof *trip->nodes);
    if (!trip->nodes) return false;
    trip->plain = path->plain;
    trip->direction = direction_of(&plan->scenario->network, trip->plan);
    trip->random_running = !law_is_constant(&trip->type->running_factor) || law_mean(&trip->type->running_factor) != 1;
    for (int32_t i = 0; i < path->node_count; i++)
        trip->nodes[i] = (struct node_plan){.arrival_ms = -1, .departure_ms = -1, .track = -1, .call = -1};
    for (int32_t i = 0; i < trip->plan->route_length; i++)
        trip->length_km += plan->scenario->network.sections[trip->plan->route[i].section].length_m / 1000;
    int32_t node = 0;
    for (int32_t c = 0; c < trip->plan->call_count; c++) {
        const struct planned_call *call = &trip->plan->calls[c];
        while (node < path->node_count && path->nodes[node].station != call->station) node++;
        if (node == path->node_count) break; /* the reader has checked that calls lie on the route, in order */
        struct node_plan *at = &trip->nodes[node];
        *at = (struct node_plan){.stop = call->stop,
                                 .arrival_ms = call->arrival_ms,
                                 .departure_ms = call->departure_ms,
                                 .min_dwell_ms = call->min_dwell_ms,
                                 .track = call->track,
                                 .call = c,
                                 .dwell = &call->dwell};
        if (law_is_constant(&call->dwell) && law_mean(&call->dwell) == 0) at->dwell = NULL;
        if (call->track >= 0) trip->plain = false;
    }
    trip->nodes[0].stop = trip->nodes[path->node_count - 1].stop = true;
    if (trip->plan->starts_standing && crosses_single_line(plan->layout, path->nodes[0].station)) trip->plain = false;
    const struct node_plan *first = &trip->nodes[0], *last = &trip->nodes[path->node_count - 1];
    trip->planned_departure_ms = first->departure_ms >= 0 ? first->departure_ms
                                 : first->arrival_ms >= 0 ? first->arrival_ms
                                                          : 0;
    trip->planned_arrival_ms = last->arrival_ms >= 0 ? last->arrival_ms : last->departure_ms;
    return true;
}

static double best_turnout(const struct path *path, const struct trip *trip, int32_t node) {
    const struct place *place = &path->layout->places[path->nodes[node].place];
    if (path->nodes[node].station < 0) return INFINITY;
    if (trip->nodes[node].track >= 0) return path->layout->tracks[trip->nodes[node].track].speed_ms;
    double best = 0;
    for (int32_t i = 0; i < place->track_count; i++)
        if (!path->nodes[node].stand || path_fits(path, place->first_track + i))
            best = fmax(best, path->layout->tracks[place->first_track + i].speed_ms);
    return best;
}

/* Of the turnouts that may still be under the train as a leg begins, those of earlier nodes included. */
static double best_turnouts_behind(const struct path *path, const struct trip *trip, int32_t node) {
    double limit = best_turnout(path, trip, node);
    for (int32_t before = path->nodes[node].first_under; before < node; before++)
        limit = fmin(limit, best_turnout(path, trip, before));
    return limit;
}

/* Where a train stands still for want of power. */
static void describe_stall(const struct simulation_plan *plan, const struct trip *trip, double stalled_m,
                           char message[MESSAGE_SIZE]) {
    const struct path *path = plan->paths[trip->path];
    snprintf(message, MESSAGE_SIZE,
             "train type %s cannot run %s: it stalls %.1f km after %s (more tractive effort, less mass or a "
             "gentler gradient is needed)",
             trip->type->id, trip->plan->id, stalled_m / 1000,
             plan->scenario->network.stations[path->nodes[0].station].id);
}

/* The train alone on the line: planned running times, minimum dwells, its own timetable. False when it stalls
 * (run_cache_stalled) or out of memory. */
static bool run_alone(struct simulation_plan *plan, struct run_cache *runs, struct trip *trip) {
    const struct path *path = plan->paths[trip->path];
    int64_t start = trip->planned_departure_ms, time = start;
    double speed = 0;
    for (int32_t leg = 0; leg < path->node_count - 1; leg++) {
        const struct node_plan *at = &trip->nodes[leg + 1];
        double from = best_turnouts_behind(path, trip, leg), to = best_turnout(path, trip, leg + 1);
        const struct leg_run *run = run_cache_find(runs, trip->path, leg, speed, at->stop, from, to);
        if (run && !at->stop && at->departure_ms > time + run->duration_ms)
            run = run_cache_find(runs, trip->path, leg, speed, true, from, to);
        if (!run) return false;
        time += run->duration_ms;
        trip->nodes[leg + 1].alone_ms = time - start;
        if (run->stop && leg + 1 < path->node_count - 1) {
            time += at->min_dwell_ms;
            if (at->departure_ms > time) time = at->departure_ms;
        }
        speed = run->exit_speed_ms;
    }
    trip->unimpeded_ms = time - start;
    return true;
}

/* Goes on after a train that stalls, and tells once for a path. */
static bool run_all_alone(struct simulation_plan *plan, const struct teller *teller) {
    struct run_cache *runs =
        run_cache_create((const struct path *const *)plan->paths, plan->path_count, &plan->run_settings);
    bool *told = calloc((size_t)plan->path_count + 1, sizeof *told);
    bool room = runs && told, done = room;
    for (int32_t i = 0; i < plan->trip_count && room; i++) {
        struct trip *trip = &plan->trips[i];
        char message[MESSAGE_SIZE];
        if (told[trip->path] || run_alone(plan, runs, trip)) continue;
        done = false;
        room = !isnan(run_cache_stalled(runs));
        if (!room) break;
        told[trip->path] = true;
        describe_stall(plan, trip, run_cache_stalled(runs), message);
        teller->tell(teller->context, i, message);
    }
    if (!room) tell_no_memory(teller);
    free(told);
    run_cache_destroy(runs);
    return done;
}

/* Containers are lifted where a train stands by plan; at a place with one track on its way it does not. */
static bool check_handling(const struct simulation_plan *plan, const struct teller *teller) {
    bool done = true;
    for (int32_t i = 0; i < plan->trip_count; i++) {
        const struct trip *trip = &plan->trips[i];
        const struct path *path = plan->paths[trip->path];
        for (int32_t node = 1; node < path->node_count - 1; node++) {
            const int32_t call = trip->nodes[node].call;
            if (call < 0 || path->nodes[node].stand || !freight_plan_calls(plan->freight, i, call)) continue;
            char message[MESSAGE_SIZE];
            snprintf(message, sizeof message,
                     "containers of %s are to change trains at %s, which has one track and nowhere to stand: a second "
                     "track is needed",
                     trip->plan->id, plan->scenario->network.stations[path->nodes[node].station].id);
            teller->tell(teller->context, i, message);
            done = false;
        }
    }
    return done;
}

/* What money there is beyond tariffs and trains. Uncertain prices are an appraisal's; a run counts with their means. */
static struct freight_prices prices_of(const struct scenario *scenario) {
    const struct economics *economics = &scenario->economics;
    const double fixed_usd = economics_mean(economics, ECONOMIC_OPEX_FIXED) +
                             economics_opex_of_options(scenario->options, scenario->option_count);
    return (struct freight_prices){
        .lift_cents = 100 * economics_mean(economics, ECONOMIC_LIFT),
        .yard_cents_per_teu_day = 100 * economics_mean(economics, ECONOMIC_YARD),
        .energy_cents_per_kwh = 100 * economics_mean(economics, ECONOMIC_ENERGY),
        .track_access_cents_per_train_km = 100 * economics_mean(economics, ECONOMIC_TRACK_ACCESS),
        .fixed_cents_per_year = llround(100 * fixed_usd),
    };
}

/* A trainset that comes light and goes on is loaded where it stands: it needs a track for the full train. */
static void make_room_to_load(struct simulation_plan *plan, const struct trip *trip) {
    for (int32_t level = 0; level < LOAD_LEVELS; level++)
        if (trip->light_paths[level] >= 0)
            path_end_as_long_as(plan->paths[trip->light_paths[level]], trip->type->length_m);
}

static bool build(struct simulation_plan *plan, const struct scenario *scenario) {
    const struct settings *settings = &scenario->settings;
    plan->scenario = scenario;
    plan->run_settings = (struct run_settings){settings->route_setting_ms + settings->reaction_ms, settings->sighting_m,
                                               settings->moving_margin_m};
    plan->trip_count = scenario->timetable.plan_count;
    plan->layout = layout_create(&scenario->network);
    plan->trips = calloc((size_t)plan->trip_count + 1, sizeof *plan->trips);
    plan->paths = calloc((size_t)plan->trip_count * (LOAD_LEVELS + 1) + 1, sizeof(struct path *));
    plan->light_types = calloc((size_t)plan->trip_count * LOAD_LEVELS + 1, sizeof *plan->light_types);
    const struct freight_input freight = {.traffic = &scenario->traffic,
                                          .network = &scenario->network,
                                          .timetable = &scenario->timetable,
                                          .train_types = scenario->train_types,
                                          .prices = prices_of(scenario),
                                          .start_year = settings->start_year,
                                          .start_month = settings->start_month,
                                          .start_day = settings->start_day};
    plan->freight = freight_plan_create(&freight);
    if (!plan->layout || !plan->trips || !plan->paths || !plan->light_types || !plan->freight) return false;
    for (int32_t i = 0; i < plan->trip_count; i++) {
        const struct train_plan *source = &scenario->timetable.plans[i];
        plan->trips[i] =
            (struct trip){.plan = source, .type = &scenario->train_types[source->train_type], .onward = -1};
        for (int32_t level = 0; level < LOAD_LEVELS; level++) plan->trips[i].light_paths[level] = -1;
        if (!find_path(plan, i) || !fill_trip(plan, &plan->trips[i])) return false;
    }
    for (int32_t i = 0; i < plan->trip_count; i++)
        if (!add_light_paths(plan, i)) return false;
    link_trainsets(plan);
    for (int32_t i = 0; i < plan->trip_count; i++)
        if (plan->trips[i].onward >= 0) make_room_to_load(plan, &plan->trips[i]);
    return true;
}

struct simulation_plan *simulation_plan_create_telling(const struct scenario *scenario, simulation_plan_problem *tell,
                                                       void *context) {
    const struct teller teller = {tell, context};
    struct simulation_plan *plan = calloc(1, sizeof *plan);
    const bool built = plan && build(plan, scenario);
    if (!built) tell_no_memory(&teller);
    if (built && check_handling(plan, &teller) && run_all_alone(plan, &teller)) return plan;
    simulation_plan_destroy(plan);
    return NULL;
}

/* Keeps the first message. */
struct first_message {
    char *text;
    size_t size;
};

static void keep_first(void *context, int32_t plan, const char *message) {
    const struct first_message *first = context;
    (void)plan;
    if (first->text[0] == '\0') snprintf(first->text, first->size, "%s", message);
}

struct simulation_plan *simulation_plan_create(const struct scenario *scenario, char *message, int32_t message_size) {
    struct first_message first = {message, (size_t)message_size};
    message[0] = '\0';
    return simulation_plan_create_telling(scenario, keep_first, &first);
}

void simulation_plan_destroy(struct simulation_plan *plan) {
    if (!plan) return;
    for (int32_t i = 0; i < plan->path_count; i++) path_destroy(plan->paths[i]);
    if (plan->trips)
        for (int32_t i = 0; i < plan->trip_count; i++) free(plan->trips[i].nodes);
    free(plan->paths);
    free(plan->trips);
    free(plan->light_types);
    freight_plan_destroy(plan->freight);
    layout_destroy(plan->layout);
    free(plan);
}
