#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "freight/hop_supply.h"
#include "freight/journey.h"
#include "railway/route.h"
#include "scenario/reader.h"

/* Whether the trains can carry the flows, and what would serve those they cannot. */

/* ---- a message put together ---- */

struct sentence {
    char text[1500];
    size_t used;
    bool reasons; /* one has been given: the next begins with a semicolon */
};

__attribute__((format(printf, 2, 3))) static void say(struct sentence *sentence, const char *format, ...) {
    const size_t room = sizeof sentence->text - sentence->used;
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(sentence->text + sentence->used, room, format, arguments);
    va_end(arguments);
    if (written > 0) sentence->used += (size_t)written < room ? (size_t)written : room - 1;
}

static void begin_reason(struct sentence *sentence) {
    say(sentence, sentence->reasons ? "; " : ": ");
    sentence->reasons = true;
}

enum { NAMES_SAID = 4 };

/* "'A', 'B' and 3 more": the stations that are marked. */
static void say_stations(struct sentence *sentence, const struct network *network, const bool *marked) {
    int32_t count = 0, said = 0;
    for (int32_t i = 0; i < network->station_count; i++) count += marked[i];
    for (int32_t i = 0; i < network->station_count && said < NAMES_SAID; i++) {
        if (!marked[i]) continue;
        const bool last = said + 1 == count;
        say(sentence, "%s'%s'", said == 0 ? "" : last ? " and " : ", ", network->stations[i].id);
        said++;
    }
    if (count > said) say(sentence, " and %d more", count - said);
}

/* ---- what would carry a flow ---- */

/* A flow by itself, in a scenario that is kinder than it is: every train carries containers, or there is a terminal at
 * every station. */
struct kinder {
    struct traffic traffic;
    struct timetable timetable;
    struct journey_input input;
    struct journeys journeys;
    struct train_type *types;
};

static void kinder_free(struct kinder *kinder) {
    journeys_free(&kinder->journeys);
    free(kinder->traffic.terminals);
    free(kinder->timetable.plans);
    free(kinder->types);
}

/* A copy of `count` things for a while; what they own stays the original's. NULL: out of memory. */
static void *copy_of(const void *things, int32_t count, size_t size) {
    void *copy = calloc((size_t)count + 1, size);
    if (copy && count > 0) memcpy(copy, things, (size_t)count * size);
    return copy;
}

static bool kinder_find(const struct scenario *scenario, const struct traffic *alone, bool trains, bool terminals,
                        struct kinder *kinder) {
    const struct network *network = &scenario->network;
    *kinder = (struct kinder){.traffic = *alone, .timetable = scenario->timetable};
    kinder->timetable.plans =
        copy_of(scenario->timetable.plans, scenario->timetable.plan_count, sizeof *kinder->timetable.plans);
    kinder->types = copy_of(scenario->train_types, scenario->train_type_count, sizeof *kinder->types);
    kinder->traffic.terminals = calloc((size_t)network->station_count + 1, sizeof *kinder->traffic.terminals);
    if (!kinder->timetable.plans || !kinder->types || !kinder->traffic.terminals) return false;
    for (int32_t i = 0; trains && i < scenario->train_type_count; i++) kinder->types[i].capacity_teu = 1;
    for (int32_t i = 0; trains && i < scenario->timetable.plan_count; i++)
        kinder->timetable.plans[i].arrivals = ARRIVALS_REGULAR;
    kinder->traffic.terminal_count = 0;
    for (int32_t i = 0; i < network->station_count; i++)
        if (terminals || traffic_terminal(alone, i))
            kinder->traffic.terminals[kinder->traffic.terminal_count++].station = i;
    kinder->input = (struct journey_input){&kinder->traffic, network, &kinder->timetable, kinder->types};
    return journeys_find(&kinder->input, &kinder->journeys);
}

/* The first plan that serves a hop. */
static int32_t plan_of_hop(const struct kinder *kinder, int32_t hop) {
    for (int32_t plan = 0; plan < kinder->timetable.plan_count; plan++)
        for (int32_t i = kinder->journeys.first_boarding[plan]; i < kinder->journeys.first_boarding[plan + 1]; i++)
            if (kinder->journeys.boardings[i].hop == hop) return plan;
    return -1;
}

static int32_t gauge_of(const struct scenario *scenario, int32_t plan_index) {
    const struct train_plan *plan = &scenario->timetable.plans[plan_index];
    int32_t gauge_mm = scenario->train_types[plan->train_type].gauge_mm;
    for (int32_t i = 0; gauge_mm == 0 && i < plan->route_length; i++)
        gauge_mm = scenario->network.sections[plan->route[i].section].gauge_mm;
    return gauge_mm;
}

static void say_of_trains(struct sentence *sentence, const struct scenario *scenario, const struct hop *hop,
                          int32_t plan_index) {
    const struct train_plan *plan = &scenario->timetable.plans[plan_index];
    const struct train_type *type = &scenario->train_types[plan->train_type];
    const char *from = scenario->network.stations[hop->from].id, *to = scenario->network.stations[hop->to].id;
    begin_reason(sentence);
    if (type->capacity_teu > 0)
        say(sentence,
            "from '%s' to '%s' there are only saturated trains ('%s'), which carry no containers, expected a "
            "timetable or a service whose arrivals are regular or poisson",
            from, to, plan->id);
    else
        say(sentence,
            "from '%s' to '%s' there are only trains without room for containers ('%s'), expected capacity_teu > 0 "
            "for train type '%s'",
            from, to, plan->id, type->id);
}

static void say_of_terminal(struct sentence *sentence, const struct kinder *kinder, const struct scenario *scenario,
                            int32_t hop) {
    const struct hop *after = &kinder->journeys.hops[hop];
    const int32_t before_mm = gauge_of(scenario, plan_of_hop(kinder, hop - 1)),
                  after_mm = gauge_of(scenario, plan_of_hop(kinder, hop));
    begin_reason(sentence);
    say(sentence, "containers would change trains at '%s'", scenario->network.stations[after->from].id);
    if (before_mm != after_mm && before_mm != 0 && after_mm != 0)
        say(sentence, ", from a gauge of %d mm to one of %d mm", before_mm, after_mm);
    say(sentence, ", expected a row for it in terminals.csv");
}

/* What the journey found in a kinder scenario lacks in the real one. */
static void say_what_lacks(struct sentence *sentence, const struct kinder *kinder, const struct scenario *scenario) {
    const struct journey_input real = {&scenario->traffic, &scenario->network, &scenario->timetable,
                                       scenario->train_types};
    for (int32_t i = 0; i < kinder->journeys.hop_count; i++) {
        const struct hop *hop = &kinder->journeys.hops[i];
        if (i > 0 && !traffic_terminal(&scenario->traffic, hop->from)) say_of_terminal(sentence, kinder, scenario, i);
        if (!journeys_direct(&real, hop->from, hop->to)) say_of_trains(sentence, scenario, hop, plan_of_hop(kinder, i));
    }
}

/* ---- when nothing would ---- */

/* Marks where trains with containers get from `from` (or, backward, come from to get there), changing wherever they
 * like; not `from` itself. */
static void mark_reached(const struct journey_input *input, int32_t from, bool backward, bool *marked) {
    for (int32_t i = 0; i < input->network->station_count; i++) marked[i] = i == from;
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t p = 0; p < input->timetable->plan_count; p++) {
            const struct train_plan *plan = &input->timetable->plans[p];
            bool aboard = false;
            for (int32_t i = 0; i < plan->call_count && journeys_carries(input, p); i++) {
                const struct planned_call *call = &plan->calls[backward ? plan->call_count - 1 - i : i];
                if (!call->stop) continue;
                changed = changed || (aboard && !marked[call->station]);
                marked[call->station] = aboard = aboard || marked[call->station];
            }
        }
    }
    marked[from] = false;
}

/* The stations of the shortest way by number of sections from one to another, into `before` (the station before each):
 * false when nothing connects them. */
static bool find_way(const struct network *network, int32_t from, int32_t to, int32_t *before) {
    for (int32_t i = 0; i < network->station_count; i++) before[i] = -1;
    before[from] = from;
    for (bool changed = true; changed && before[to] < 0;) {
        changed = false;
        for (int32_t i = 0; i < network->section_count; i++) {
            const struct section *section = &network->sections[i];
            const bool at_from = before[section->from] >= 0, at_to = before[section->to] >= 0;
            if (at_from == at_to) continue;
            before[at_from ? section->to : section->from] = at_from ? section->from : section->to;
            changed = true;
        }
    }
    return before[to] >= 0;
}

static int32_t gauge_between(const struct network *network, int32_t one, int32_t other) {
    for (int32_t i = 0; i < network->section_count; i++) {
        const struct section *section = &network->sections[i];
        if ((section->from == one && section->to == other) || (section->from == other && section->to == one))
            return section->gauge_mm;
    }
    return 0;
}

/* Where the gauge changes on the way, going back from its end. */
static void say_of_gauge(struct sentence *sentence, const struct network *network, const int32_t *before, int32_t to) {
    for (int32_t at = before[to], after = to; before[at] != at; after = at, at = before[at]) {
        const int32_t before_mm = gauge_between(network, before[at], at), after_mm = gauge_between(network, at, after);
        if (before_mm == after_mm || before_mm == 0 || after_mm == 0) continue;
        say(sentence, "; the gauge changes at '%s' from %d mm to %d mm, expected trains on either side",
            network->stations[at].id, before_mm, after_mm);
        return;
    }
}

static bool any(const bool *marked, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (marked[i]) return true;
    return false;
}

static bool say_where_trains_call(struct sentence *sentence, const struct scenario *scenario, const struct flow *flow) {
    const struct network *network = &scenario->network;
    const struct journey_input input = {&scenario->traffic, network, &scenario->timetable, scenario->train_types};
    const char *origin = network->stations[flow->origin].id, *destination = network->stations[flow->destination].id;
    bool *marked = calloc((size_t)network->station_count + 1, sizeof *marked);
    int32_t *before = calloc((size_t)network->station_count + 1, sizeof *before);
    const bool room = marked && before;
    if (room && !find_way(network, flow->origin, flow->destination, before)) {
        say(sentence, ": no sections connect them");
    } else if (room) {
        mark_reached(&input, flow->origin, false, marked);
        say(sentence,
            any(marked, network->station_count) ? ": trains with containers from '%s' get to "
                                                : ": no train with containers leaves '%s'",
            origin);
        say_stations(sentence, network, marked);
        mark_reached(&input, flow->destination, true, marked);
        say(sentence, any(marked, network->station_count) ? "; those to '%s' come from " : "; none goes to '%s'",
            destination);
        say_stations(sentence, network, marked);
        say_of_gauge(sentence, network, before, flow->destination);
        say(sentence,
            "; expected trains with capacity_teu > 0 that stop at '%s' and later at '%s', or that meet at a "
            "station in terminals.csv",
            origin, destination);
    }
    free(marked);
    free(before);
    return room;
}

/* ---- one flow ---- */

/* `flow` may be the way back of empty containers. */
static bool report_no_journey(struct reader *reader, const struct row *row, int32_t column, const struct flow *flow,
                              const char *what) {
    const struct scenario *scenario = reader->scenario;
    const struct network *network = &scenario->network;
    struct flow copy = *flow;
    const struct traffic alone = {&copy, 1, scenario->traffic.terminals, scenario->traffic.terminal_count};
    struct sentence sentence = {.used = 0};
    bool found = false, room = true;
    say(&sentence, "no trains carry %s'%s' from '%s' to '%s'", what, flow->id, network->stations[flow->origin].id,
        network->stations[flow->destination].id);
    for (int32_t kind = 1; room && !found && kind <= 3; kind++) {
        struct kinder kinder;
        room = kinder_find(scenario, &alone, kind & 1, kind & 2, &kinder);
        found = room && kinder.journeys.hop_count > 0;
        if (found) say_what_lacks(&sentence, &kinder, scenario);
        kinder_free(&kinder);
    }
    if (room && !found) room = say_where_trains_call(&sentence, scenario, flow);
    if (room) row_error(row, column, "%s", sentence.text);
    return room;
}

static bool is_zero(const struct row *row, int32_t column) {
    double value;
    return cell_given(row, column) && number_parse(cell_raw(row, column), &value) && value == 0;
}

/* What a terminal cannot do that a flow asks of it. */
static void check_terminal(struct reader *reader, const struct flow *flow, int32_t station, bool *told) {
    const struct scenario *scenario = reader->scenario;
    const struct terminal *terminal = traffic_terminal(&scenario->traffic, station);
    const char *id = scenario->network.stations[station].id;
    if (!terminal || told[station]) return;
    const struct row row = reader_row(reader, &reader->tables[TABLE_TERMINALS],
                                      reader->terminal_rows[terminal - scenario->traffic.terminals]);
    if (is_zero(&row, TERMINALS_CRANES)) {
        row_error(&row, TERMINALS_CRANES,
                  "capacity zero: '%s' has no cranes for flow '%s', expected at least 1, or an empty cell for no limit",
                  id, flow->id);
        told[station] = true;
    }
    const int32_t largest = flow->share_40ft > 0 ? 2 : 1;
    if (terminal->yard_teu < 0 || terminal->yard_teu >= largest) return;
    row_error(&row, TERMINALS_YARD,
              "capacity zero: the yard of '%s' has room for %d TEU, flow '%s' has containers of %d, expected at least "
              "%d, or an empty cell for no limit",
              id, terminal->yard_teu, flow->id, largest, largest);
    told[station] = true;
}

/* How many times what its trains can carry a flow may offer before that is taken for a slip. */
static const double far_above = 2;

static void check_supply(struct reader *reader, const struct row *row, const struct flow *flow, const struct hop *hop,
                         const struct hop_supply *supply) {
    const struct scenario *scenario = reader->scenario;
    const char *from = scenario->network.stations[hop->from].id, *to = scenario->network.stations[hop->to].id;
    const struct train_type *type = &scenario->train_types[scenario->timetable.plans[supply->plan].train_type];
    if (supply->largest_teu < 1)
        row_error(row, FLOWS_FLOW,
                  "the trains of flow '%s' from '%s' to '%s' hold %.16g TEU ('%s'), expected at least 1", flow->id,
                  from, to, type->capacity_teu, type->id);
    else if (supply->largest_teu < 2 && flow->share_40ft > 0)
        row_error(row, FLOWS_SHARE_40FT,
                  "share_40ft %s, but the trains of flow '%s' from '%s' to '%s' hold 1 TEU ('%s'), expected at least 2",
                  cell_raw(row, FLOWS_SHARE_40FT), flow->id, from, to, type->id);
    else if (flow->teu_per_day > far_above * supply->teu_per_day)
        row_warning(row, FLOWS_TEU_PER_DAY,
                    "teu_per_day %s of flow '%s' is far above the %.6g TEU a day that its trains from '%s' to '%s' can "
                    "carry (%.4g trains a day)",
                    cell_raw(row, FLOWS_TEU_PER_DAY), flow->id, supply->teu_per_day, from, to, supply->trains_per_day);
}

/* The scenario's flows, then the way back of each whose empty containers return. */
static struct flow *all_ways(const struct traffic *traffic, int32_t *count) {
    struct flow *flows = calloc(2 * (size_t)traffic->flow_count + 1, sizeof *flows);
    *count = traffic->flow_count;
    for (int32_t i = 0; flows && i < traffic->flow_count; i++) {
        flows[i] = traffic->flows[i];
        if (!flows[i].empties_return) continue;
        flows[*count] = flows[i];
        flows[*count].origin = flows[i].destination;
        flows[*count].destination = flows[i].origin;
        flows[*count].entity = i; /* whose empties they are */
        flows[(*count)++].teu_per_day = 0;
    }
    return flows;
}

static bool check_way(struct reader *reader, const struct journeys *journeys, const struct hop_supply *supplies,
                      const struct flow *flows, int32_t way, bool *told) {
    const int32_t flow_count = reader->scenario->traffic.flow_count;
    const bool empties = way >= flow_count;
    const struct flow *flow = &flows[way];
    const struct row row =
        reader_row(reader, &reader->tables[TABLE_FLOWS], reader->flow_rows[empties ? flow->entity : way]);
    if (journeys->first_hop[way] < 0 && !empties && flow->teu_per_day == 0) return true; /* offers nothing */
    if (journeys->first_hop[way] < 0)
        return report_no_journey(reader, &row, empties ? FLOWS_EMPTIES_RETURN : FLOWS_FLOW, flow,
                                 empties ? "the empty containers of flow " : "flow ");
    for (int32_t i = journeys->first_hop[way]; i < journeys->hop_count && journeys->hops[i].flow == way; i++) {
        check_terminal(reader, flow, journeys->hops[i].from, told);
        check_terminal(reader, flow, journeys->hops[i].to, told);
        check_supply(reader, &row, flow, &journeys->hops[i], &supplies[i]);
    }
    return true;
}

/* A schedule given for the occasion that has no trains for containers at all, such as an endless queue that measures
 * the line: it was not meant for the flows. */
static bool leaves_flows_out(struct reader *reader) {
    struct scenario *scenario = reader->scenario;
    const struct journey_input input = {&scenario->traffic, &scenario->network, &scenario->timetable,
                                        scenario->train_types};
    if (reader->request->schedule_count == 0) return false;
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++)
        if (journeys_carries(&input, i)) return false;
    const struct row row = reader_row(reader, &reader->tables[TABLE_FLOWS], reader->flow_rows[0]);
    row_warning(&row, FLOWS_FLOW, "left out, as all flows: no train of %s carries containers", scenario->schedule_path);
    traffic_free_flows(&scenario->traffic);
    return true;
}

bool check_flows(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    struct traffic traffic = scenario->traffic;
    struct journeys journeys = {0};
    if (reader->request->line_only || traffic.flow_count == 0 || leaves_flows_out(reader)) return true;
    struct flow *flows = traffic.flows = all_ways(&scenario->traffic, &traffic.flow_count);
    const struct journey_input input = {&traffic, &scenario->network, &scenario->timetable, scenario->train_types};
    bool *told = calloc((size_t)scenario->network.station_count + 1, sizeof *told);
    bool room = flows && told && journeys_find(&input, &journeys);
    struct hop_supply *supplies = calloc((size_t)journeys.hop_count + 1, sizeof *supplies);
    room = room && supplies && hop_supplies(&input, &journeys, supplies);
    for (int32_t way = 0; room && way < traffic.flow_count; way++)
        room = check_way(reader, &journeys, supplies, flows, way, told);
    free(supplies);
    free(told);
    free(flows);
    journeys_free(&journeys);
    return room;
}
