#include "freight_world.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/event_queue.h"

/* ---- making ---- */

static void fail(const char *why) {
    fprintf(stderr, "freight world: %s\n", why);
    abort();
}

static void tell(void *context, const struct container_record *container) {
    struct freight_world *world = context;
    if (world->told_count == world->told_room) {
        world->told_room = world->told_room ? 2 * world->told_room : 256;
        world->told = realloc(world->told, (size_t)world->told_room * sizeof *world->told);
        if (!world->told) fail("out of memory");
    }
    world->told[world->told_count++] = *container;
}

void world_start(struct freight_world *world, int32_t stations, double capacity_teu) {
    memset(world, 0, sizeof *world);
    world->scenario = build_scenario();
    char id[] = "A", before[] = "A", section[] = "AB";
    for (int32_t i = 0; i < stations; i++) {
        id[0] = (char)('A' + i);
        build_station(world->scenario, id, 0, 0);
        before[0] = section[0] = (char)('A' + i - 1);
        section[1] = id[0];
        if (i > 0) build_section(world->scenario, section, before, id, STATION_KM * 1000);
    }
    build_type(world->scenario, "boxes", 500)->capacity_teu = capacity_teu;
    world->traffic = (struct traffic){.flows = world->flows, .terminals = world->terminals};
    world->run = (struct freight_run){.seed = 1, .replication = 1, .window_to_ms = INT64_MAX, .end_ms = INT64_MAX};
    world->hop_ms = HOUR_MS;
}

void world_finish(struct freight_world *world) {
    freight_destroy(world->freight);
    freight_plan_destroy(world->plan);
    build_free(world->scenario);
    free(world->trains);
    free(world->told);
}

struct flow *world_flow(struct freight_world *world, const char *way, double teu_per_day, int64_t tariff_cents) {
    struct flow *flow = &world->flows[world->traffic.flow_count];
    *flow = (struct flow){.entity = world->traffic.flow_count++,
                          .origin = way[0] - 'A',
                          .destination = way[1] - 'A',
                          .teu_per_day = teu_per_day,
                          .arrivals = FLOW_REGULAR,
                          .batch_teu = 1,
                          .tariff_cents = tariff_cents,
                          .due_ms = -1};
    for (int32_t i = 0; i < MONTHS; i++) flow->seasonality[i] = 1;
    return flow;
}

struct terminal *world_terminal(struct freight_world *world, const char *station) {
    struct terminal *terminal = &world->terminals[world->traffic.terminal_count++];
    *terminal = (struct terminal){.station = station[0] - 'A', .yard_teu = -1};
    return terminal;
}

/* Puts a call before the plan's last. */
static void add_call(struct train_plan *plan, int32_t station) {
    plan->calls = realloc(plan->calls, (size_t)(plan->call_count + 1) * sizeof *plan->calls);
    if (!plan->calls) fail("out of memory");
    const int32_t last = plan->call_count++;
    plan->calls[last] = plan->calls[last - 1];
    plan->calls[last - 1] =
        (struct planned_call){.station = station, .arrival_ms = -1, .departure_ms = -1, .track = -1, .stop = true};
}

int32_t world_plan(struct freight_world *world, const char *stops) {
    char way[64] = "", id[16];
    const char last = stops[strlen(stops) - 1];
    for (char station = stops[0];; station = (char)(station < last ? station + 1 : station - 1)) {
        strcat(way, (char[]){station, station == last ? '\0' : ' ', '\0'});
        if (station == last) break;
    }
    snprintf(id, sizeof id, "T%d", world->scenario->timetable.plan_count);
    struct train_plan *plan = build_train(world->scenario, id, "boxes", way, 0, -1, -1);
    for (size_t i = 1; i + 1 < strlen(stops); i++) add_call(plan, stops[i] - 'A');
    return world->scenario->timetable.plan_count - 1;
}

void world_depart(struct freight_world *world, int32_t train_plan, int64_t departure_ms) {
    world->trains = realloc(world->trains, (size_t)(world->train_count + 1) * sizeof *world->trains);
    if (!world->trains) fail("out of memory");
    world->trains[world->train_count++] =
        (struct world_train){.departure_ms = departure_ms, .train_plan = train_plan, .load = -1};
}

void world_ready(struct freight_world *world) {
    const struct freight_input input = {.traffic = &world->traffic,
                                        .network = &world->scenario->network,
                                        .timetable = &world->scenario->timetable,
                                        .train_types = world->scenario->train_types,
                                        .prices = world->prices,
                                        .start_year = 2030,
                                        .start_month = 1,
                                        .start_day = 1};
    world->plan = freight_plan_create(&input);
    if (!world->plan) fail("no plan");
    if (!world->quiet && !world->run.told) {
        world->run.told = tell;
        world->run.context = world;
    }
    world->freight = freight_create(world->plan, &world->run);
    if (!world->freight) fail("no freight");
}

/* Copies the freight, and lets the one that does not go on do something else. */
static void copy_freight(struct freight_world *world) {
    world->copied_ms = 0;
    struct freight *copy =
        world->copy_goes_on ? freight_copy(world->freight, tell, world) : freight_copy(world->freight, NULL, NULL);
    if (!copy) fail("no copy");
    struct freight *left = copy;
    if (world->copy_goes_on) {
        left = world->freight;
        world->freight = copy;
    }
    const int32_t told = world->told_count;
    if (!freight_finish(left, world->run.end_ms)) fail("out of memory");
    world->told_count = told;
    freight_destroy(left);
}

/* ---- trains ---- */

enum { EVENT_PUT, EVENT_LOAD, EVENT_DEPART, EVENT_ARRIVE, EVENT_END };

static void push(struct event_queue *events, int64_t time_ms, uint32_t kind, uint32_t train) {
    if (time_ms < INT64_MAX && !event_queue_push(events, time_ms, 0, kind, train)) fail("out of memory");
}

static void check(struct freight_world *world, const char *after) {
    const char *wrong = world->census ? freight_census(world->freight) : NULL;
    if (!wrong) return;
    fprintf(stderr, "after %s: %s\n", after, wrong);
    fail("the census does not agree");
}

static void load(struct freight_world *world, struct event_queue *events, const struct event *event) {
    struct world_train *train = &world->trains[event->subject];
    const struct handling handling =
        freight_load(world->freight, train->load, train->call, event->time_ms, train->departure_ms);
    check(world, "loading");
    if (handling.again_ms < INT64_MAX) {
        if (handling.again_ms <= event->time_ms) fail("asked again at once");
        push(events, handling.again_ms, EVENT_LOAD, event->subject);
        return;
    }
    int64_t departure_ms = handling.done_ms;
    if (train->call == 0 && train->departure_ms > departure_ms) departure_ms = train->departure_ms;
    push(events, departure_ms, EVENT_DEPART, event->subject);
}

static void end_trip(struct freight_world *world, const struct event *event) {
    struct world_train *train = &world->trains[event->subject];
    const int32_t calls = world->scenario->timetable.plans[train->train_plan].call_count;
    const struct train_trip trip = {.train_plan = train->train_plan,
                                    .departure_ms = train->departed_ms,
                                    .arrival_ms = event->time_ms,
                                    .km = STATION_KM * (calls - 1),
                                    .energy_kwh = 1000};
    const struct train_money money = freight_train_ended(world->freight, train->load, &trip);
    world->trains_net_cents += money.revenue_cents - money.cost_cents;
    check(world, "a trip");
}

static void happen(struct freight_world *world, struct event_queue *events, const struct event *event) {
    struct world_train *train = &world->trains[event->subject];
    switch (event->kind) {
    case EVENT_PUT:
        train->load = freight_load_begin(world->freight, train->train_plan);
        freight_load_is_of(world->freight, train->load, (int64_t)event->subject + 1);
        load(world, events, event);
        break;
    case EVENT_LOAD:
        load(world, events, event);
        break;
    case EVENT_DEPART:
        if (train->call == 0) train->departed_ms = event->time_ms;
        train->call++;
        push(events, event->time_ms + world->hop_ms, EVENT_ARRIVE, event->subject);
        break;
    case EVENT_ARRIVE: {
        const bool last = train->call == world->scenario->timetable.plans[train->train_plan].call_count - 1;
        const int64_t done_ms = freight_unload(world->freight, train->load, train->call, event->time_ms);
        check(world, "unloading");
        push(events, done_ms, last ? EVENT_END : EVENT_LOAD, event->subject);
        break;
    }
    case EVENT_END:
        end_trip(world, event);
        break;
    }
}

int64_t world_drive(struct freight_world *world) {
    struct event_queue *events = event_queue_create();
    if (!events) fail("out of memory");
    for (int32_t i = 0; i < world->train_count; i++) {
        const struct world_train *train = &world->trains[i];
        const int64_t put_ms = train->departure_ms - freight_plan_closing_ms(world->plan, train->train_plan);
        push(events, put_ms > 0 ? put_ms : 0, EVENT_PUT, (uint32_t)i);
    }
    struct event event = {0};
    int64_t now_ms = 0;
    while (event_queue_pop(events, &event) && event.time_ms < world->run.end_ms) {
        if (world->copied_ms > 0 && event.time_ms >= world->copied_ms) copy_freight(world);
        happen(world, events, &event);
        now_ms = event.time_ms;
    }
    event_queue_destroy(events);
    return now_ms;
}

/* ---- the end ---- */

static int64_t total(const struct freight_world *world, enum account account) {
    return ledger_total(freight_results(world->freight).ledger, account);
}

void world_end(struct freight_world *world, int64_t now_ms) {
    if (!freight_finish(world->freight, now_ms)) fail("out of memory");
    check(world, "the end");
    if (world->quiet) return;
    int64_t containers_cents = 0, ledger_cents = 0;
    for (int32_t i = 0; i < world->told_count; i++)
        containers_cents += world->told[i].revenue_cents - world->told[i].penalty_cents - world->told[i].cost_cents;
    const int64_t of_containers = total(world, ACCOUNT_TARIFF) + total(world, ACCOUNT_LATE_PENALTY) +
                                  total(world, ACCOUNT_LIFTS) + total(world, ACCOUNT_YARD);
    for (int32_t account = 0; account < ACCOUNT_COUNT; account++) ledger_cents += total(world, account);
    if (of_containers != containers_cents) fail("the ledger and the containers disagree");
    if (ledger_cents != containers_cents + world->trains_net_cents + total(world, ACCOUNT_TRACK_ACCESS_RECEIVED) +
                            total(world, ACCOUNT_FIXED))
        fail("the ledger does not add up");
}

const struct container_record *world_container(const struct freight_world *world, int64_t container_id) {
    for (int32_t i = 0; i < world->told_count; i++)
        if (world->told[i].container_id == container_id) return &world->told[i];
    return NULL;
}

const struct container_record *world_nth(const struct freight_world *world, int32_t flow, int64_t number, bool empty) {
    bool returns = false;
    for (int32_t i = 0; i < world->traffic.flow_count; i++) returns = returns || world->flows[i].empties_return;
    const int32_t flows = world->traffic.flow_count, sets = returns ? 2 : 1;
    return world_container(world, (number - 1) * sets * flows + (empty ? flows : 0) + flow + 1);
}
