#include "cli/check_traffic.h"

#include <math.h>
#include <stdlib.h>

#include "freight/hop_supply.h"
#include "freight/journey.h"

enum { WAY_SIZE = 600, HOUR_MS = 3600000, MINUTE_MS = 60000 };

static const char *arrivals_name(enum flow_arrivals arrivals) {
    static const char *const names[] = {"poisson", "regular", "batch"};
    return names[arrivals];
}

static const char *gauge_change_name(enum gauge_change change) {
    static const char *const names[] = {NULL, "transship", "bogie"};
    return names[change];
}

/* ---- how the flows travel ---- */

struct travels {
    struct journeys journeys;
    struct hop_supply *supplies; /* [hop] */
};

static void travels_free(struct travels *travels) {
    journeys_free(&travels->journeys);
    free(travels->supplies);
}

/* False when out of memory. */
static bool find_travels(const struct scenario *scenario, struct travels *travels) {
    const struct journey_input input = {&scenario->traffic, &scenario->network, &scenario->timetable,
                                        scenario->train_types};
    *travels = (struct travels){0};
    if (!journeys_find(&input, &travels->journeys)) {
        output_lose();
        return false;
    }
    travels->supplies = calloc((size_t)travels->journeys.hop_count + 1, sizeof *travels->supplies);
    if (travels->supplies != NULL && hop_supplies(&input, &travels->journeys, travels->supplies)) return true;
    travels_free(travels);
    output_lose();
    return false;
}

/* The hops of a flow are [first, last). */
static int32_t last_hop(const struct travels *travels, int32_t flow) {
    int32_t last = travels->journeys.first_hop[flow];
    while (last >= 0 && last < travels->journeys.hop_count && travels->journeys.hops[last].flow == flow) last++;
    return last;
}

/* The hop with the least room. */
static const struct hop_supply *narrowest(const struct travels *travels, int32_t flow) {
    const struct hop_supply *least = NULL;
    for (int32_t hop = travels->journeys.first_hop[flow]; hop >= 0 && hop < last_hop(travels, flow); hop++)
        if (least == NULL || travels->supplies[hop].teu_per_day < least->teu_per_day) least = &travels->supplies[hop];
    return least;
}

static double highest_load(const struct travels *travels, int32_t flow) {
    double load = 0;
    for (int32_t hop = travels->journeys.first_hop[flow]; hop >= 0 && hop < last_hop(travels, flow); hop++)
        load = fmax(load, travels->supplies[hop].load);
    return load;
}

/* "W – S2 – E", with a change of trains at each station between. */
static const char *way_text(const struct scenario *scenario, const struct travels *travels, int32_t flow,
                            char text[WAY_SIZE]) {
    const struct station *stations = scenario->network.stations;
    int length = snprintf(text, WAY_SIZE, "%s", stations[scenario->traffic.flows[flow].origin].id);
    for (int32_t hop = travels->journeys.first_hop[flow]; hop >= 0 && hop < last_hop(travels, flow); hop++)
        if (length < WAY_SIZE)
            length += snprintf(text + length, (size_t)(WAY_SIZE - length), " – %s",
                               stations[travels->journeys.hops[hop].to].id);
    return text;
}

static void flow_cells(struct text_table *table, const struct scenario *scenario, const struct travels *travels,
                       int32_t index) {
    const struct flow *flow = &scenario->traffic.flows[index];
    const struct hop_supply *supply = narrowest(travels, index);
    const double load = highest_load(travels, index);
    char way[WAY_SIZE];
    text_table_cell(table, "%s", flow->id);
    text_table_cell(table, "%s", flow->commodity);
    text_table_cell(table, "%s", way_text(scenario, travels, index, way));
    text_table_cell(table, "%.4g", supply != NULL ? supply->trains_per_day : 0);
    text_table_cell(table, "%.6g", flow->teu_per_day);
    text_table_cell(table, "%.6g", supply != NULL ? supply->teu_per_day : 0);
    if (isinf(load))
        text_table_cell(table, "no room");
    else
        text_table_cell(table, "%.0f %%", 100 * load);
    text_table_cell(table, "$%.2f", (double)flow->tariff_cents / 100);
    text_table_cell(table, flow->empties_return ? "return empty" : "");
}

static void print_flows(const struct scenario *scenario, const struct travels *travels) {
    static const char *const headers[] = {"flow", "commodity", "journey", "trains a day", "TEU a day", "room for",
                                          "load", "tariff",    ""};
    struct text_table *table = text_table_create("lllrrrrrl", headers);
    for (int32_t index = 0; index < scenario->traffic.flow_count; index++) flow_cells(table, scenario, travels, index);
    printf("\n");
    print_heading("Container flows");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

/* ---- what terminals can handle ---- */

/* The cranes' lifts an hour; NAN: no limit. */
static double lifts_per_hour(const struct terminal *terminal) {
    return terminal->cranes > 0 && terminal->lift_s > 0 ? 3600 * terminal->cranes / terminal->lift_s : NAN;
}

static double hours_per_day(const struct terminal *terminal) {
    int64_t open_ms = 0;
    for (int32_t i = 0; i < terminal->shift_count; i++)
        open_ms += terminal->shifts[i].to_ms - terminal->shifts[i].from_ms;
    return terminal->shift_count > 0 ? (double)open_ms / HOUR_MS : 24;
}

static void terminal_cells(struct text_table *table, const struct scenario *scenario, const struct terminal *terminal) {
    text_table_cell(table, "%s", scenario->network.stations[terminal->station].id);
    if (terminal->cranes > 0)
        text_table_cell(table, "%d", terminal->cranes);
    else
        text_table_cell(table, "no limit");
    if (terminal->lift_s > 0)
        text_table_cell(table, "%g s", terminal->lift_s);
    else
        text_table_cell(table, "none");
    if (isnan(lifts_per_hour(terminal)))
        text_table_cell(table, "no limit");
    else
        text_table_cell(table, "%.4g", lifts_per_hour(terminal));
    text_table_cell(table, "%.4g", hours_per_day(terminal));
    if (terminal->yard_teu >= 0)
        text_table_cell(table, "%d TEU", terminal->yard_teu);
    else
        text_table_cell(table, "no limit");
    text_table_cell(table, "%s",
                    terminal->gauge_change != GAUGE_CHANGE_NONE ? gauge_change_name(terminal->gauge_change) : "–");
    text_table_cell(table, "%g min", (double)terminal->hold_ms / MINUTE_MS);
    text_table_cell(table, "%g min", (double)scenario->network.stations[terminal->station].turnaround_ms / MINUTE_MS);
}

static void print_terminals(const struct scenario *scenario) {
    static const char *const headers[] = {"terminal",      "cranes",           "a lift",
                                          "lifts an hour", "hours a day",      "yard",
                                          "gauge change",  "waits for a load", "turnaround"};
    struct text_table *table = text_table_create("lrrrrrlrr", headers);
    for (int32_t index = 0; index < scenario->traffic.terminal_count; index++)
        terminal_cells(table, scenario, &scenario->traffic.terminals[index]);
    printf("\n");
    print_heading("Terminals");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

void check_traffic_text(const struct scenario *scenario) {
    struct travels travels;
    if (scenario->traffic.flow_count > 0 && find_travels(scenario, &travels)) {
        print_flows(scenario, &travels);
        travels_free(&travels);
    }
    if (scenario->traffic.terminal_count > 0) print_terminals(scenario);
}

/* ---- JSON ---- */

static void json_hops(struct json *json, const struct scenario *scenario, const struct travels *travels, int32_t flow) {
    json_array_begin(json, "hops");
    for (int32_t index = travels->journeys.first_hop[flow]; index >= 0 && index < last_hop(travels, flow); index++) {
        const struct hop *hop = &travels->journeys.hops[index];
        const struct hop_supply *supply = &travels->supplies[index];
        json_object_begin(json, NULL);
        json_text(json, "from", scenario->network.stations[hop->from].id);
        json_text(json, "to", scenario->network.stations[hop->to].id);
        json_real(json, "trains_per_day", supply->trains_per_day);
        json_real(json, "capacity_teu_per_day", supply->teu_per_day);
        json_real(json, "load", supply->load);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_flow(struct json *json, const struct scenario *scenario, const struct travels *travels,
                      int32_t index) {
    const struct flow *flow = &scenario->traffic.flows[index];
    const struct hop_supply *supply = narrowest(travels, index);
    json_object_begin(json, NULL);
    json_text(json, "flow", flow->id);
    json_text(json, "commodity", flow->commodity);
    json_text(json, "origin", scenario->network.stations[flow->origin].id);
    json_text(json, "destination", scenario->network.stations[flow->destination].id);
    json_text(json, "arrivals", arrivals_name(flow->arrivals));
    json_real(json, "teu_per_day", flow->teu_per_day);
    json_real(json, "share_40ft", flow->share_40ft);
    json_real(json, "tariff_usd_per_teu", (double)flow->tariff_cents / 100);
    json_real(json, "due_h", flow->due_ms >= 0 ? (double)flow->due_ms / HOUR_MS : NAN);
    json_boolean(json, "empties_return", flow->empties_return);
    json_real(json, "trains_per_day", supply != NULL ? supply->trains_per_day : 0);
    json_real(json, "capacity_teu_per_day", supply != NULL ? supply->teu_per_day : 0);
    json_real(json, "load", highest_load(travels, index));
    json_hops(json, scenario, travels, index);
    json_object_end(json);
}

static void json_terminal(struct json *json, const struct scenario *scenario, const struct terminal *terminal) {
    json_object_begin(json, NULL);
    json_text(json, "station", scenario->network.stations[terminal->station].id);
    if (terminal->cranes > 0)
        json_integer(json, "cranes", terminal->cranes);
    else
        json_null(json, "cranes");
    json_real(json, "lift_s", terminal->lift_s);
    json_real(json, "lift_cv", terminal->lift_cv);
    json_real(json, "lifts_per_hour", lifts_per_hour(terminal));
    json_real(json, "hours_per_day", hours_per_day(terminal));
    if (terminal->yard_teu >= 0)
        json_integer(json, "yard_teu", terminal->yard_teu);
    else
        json_null(json, "yard_teu");
    json_text(json, "gauge_change", gauge_change_name(terminal->gauge_change));
    json_real(json, "hold_for_full_min", (double)terminal->hold_ms / MINUTE_MS);
    json_real(json, "closing_min", terminal->closing_ms >= 0 ? (double)terminal->closing_ms / MINUTE_MS : NAN);
    json_real(json, "pickup_h", (double)terminal->pickup_ms / HOUR_MS);
    json_real(json, "turnaround_s", (double)scenario->network.stations[terminal->station].turnaround_ms / 1000);
    json_object_end(json);
}

void check_traffic_json(struct json *json, const struct scenario *scenario) {
    struct travels travels;
    json_array_begin(json, "flows");
    if (scenario->traffic.flow_count > 0 && find_travels(scenario, &travels)) {
        for (int32_t index = 0; index < scenario->traffic.flow_count; index++)
            json_flow(json, scenario, &travels, index);
        travels_free(&travels);
    }
    json_array_end(json);
    json_array_begin(json, "terminals");
    for (int32_t index = 0; index < scenario->traffic.terminal_count; index++)
        json_terminal(json, scenario, &scenario->traffic.terminals[index]);
    json_array_end(json);
}
