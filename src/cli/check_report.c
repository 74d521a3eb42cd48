#include "cli/check_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli/check_traffic.h"
#include "cli/output.h"
#include "results/words.h"

static const char *const case_names[RUNNING_CASE_COUNT][2] = {
    [PASS_TO_PASS] = {"pass", "pass"},
    [START_TO_PASS] = {"start", "pass"},
    [PASS_TO_STOP] = {"pass", "stop"},
    [START_TO_STOP] = {"start", "stop"},
};

static const char *kind_name(enum station_kind kind) {
    static const char *const names[] = {"terminal", "siding", "junction", "portal"};
    return names[kind];
}

/* Trains can meet where there are two tracks. */
static bool is_crossing_station(const struct station *station) {
    return station->unlimited || station->track_count >= 2;
}

/* Metres from the first station of each component along the sections; NULL when out of memory. Where ways of different
 * length lead to a station, the first found is taken. */
static double *station_positions(const struct network *network) {
    double *position_m = malloc((size_t)(network->station_count + 1) * sizeof *position_m);
    if (position_m == NULL) return NULL;
    for (int32_t station = 0; station < network->station_count; station++) position_m[station] = NAN;
    for (int32_t first = 0; first < network->station_count; first++) {
        if (!isnan(position_m[first])) continue;
        position_m[first] = 0;
        for (bool changed = true; changed;) {
            changed = false;
            for (int32_t index = 0; index < network->section_count; index++) {
                const struct section *section = &network->sections[index];
                const bool from = !isnan(position_m[section->from]), to = !isnan(position_m[section->to]);
                if (from == to) continue;
                position_m[from ? section->to : section->from] =
                    position_m[from ? section->from : section->to] + section->length_m;
                changed = true;
            }
        }
    }
    return position_m;
}

/* Without the last digits that the way through m/s leaves behind; INFINITY stays. */
static double kmh(double speed_ms) {
    return round(speed_ms * 3.6e6) / 1e6;
}

/* ----------------------------------------------------------------------------------------------------------- text */

static void length_cell(struct text_table *table, double length_m) {
    if (isinf(length_m))
        text_table_cell(table, "any");
    else
        text_table_cell(table, "%.0f m", length_m);
}

static void speed_cell(struct text_table *table, double speed_ms) {
    if (isinf(speed_ms))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%g km/h", kmh(speed_ms));
}

static double longest_track(const struct network *network, const struct station *station) {
    double longest_m = 0;
    for (int32_t track = 0; track < station->track_count; track++)
        longest_m = fmax(longest_m, network->tracks[station->first_track + track].length_m);
    return longest_m;
}

static void print_stations(const struct network *network, const double *position_m) {
    static const char *const headers[] = {"station", "name", "kind", "km", "tracks", "longest", "trains can meet"};
    struct text_table *table = text_table_create("lllrrrl", headers);
    for (int32_t index = 0; index < network->station_count; index++) {
        const struct station *station = &network->stations[index];
        text_table_cell(table, "%s", station->id);
        text_table_cell(table, "%s", station->name);
        text_table_cell(table, "%s", kind_name(station->kind));
        text_table_cell(table, "%.3f", position_m[index] / 1000);
        if (station->unlimited)
            text_table_cell(table, "*");
        else
            text_table_cell(table, "%d", station->track_count);
        length_cell(table, longest_track(network, station));
        text_table_cell(table, is_crossing_station(station) ? "yes" : "no");
    }
    printf("\n");
    print_heading("Stations");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static void separation_cell(struct text_table *table, const struct section *section) {
    if (section->headway_ms >= 0)
        text_table_cell(table, "headway %g min", (double)section->headway_ms / 60000);
    else if (section->signalling == SIGNALLING_MOVING)
        text_table_cell(table, "moving block");
    else if (section->block_m > 0)
        text_table_cell(table, "blocks of %g km", section->block_m / 1000);
    else
        text_table_cell(table, "one block");
}

static void print_sections(const struct network *network) {
    static const char *const headers[] = {"section",          "from",  "to",     "km", "tracks",
                                          "trains follow by", "speed", "release"};
    struct text_table *table = text_table_create("lllrrlrr", headers);
    for (int32_t index = 0; index < network->section_count; index++) {
        const struct section *section = &network->sections[index];
        text_table_cell(table, "%s", section->id);
        text_table_cell(table, "%s", network->stations[section->from].id);
        text_table_cell(table, "%s", network->stations[section->to].id);
        text_table_cell(table, "%.3f", section->length_m / 1000);
        text_table_cell(table, "%d", section->tracks);
        separation_cell(table, section);
        speed_cell(table, section->speed_ms);
        text_table_cell(table, "%g s", (double)section->release_ms / 1000);
    }
    printf("\n");
    print_heading("Sections");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static void print_train_types(const struct scenario *scenario) {
    static const char *const headers[] = {"train type", "name", "length", "mass", "max speed", "TEU", "traction"};
    struct text_table *table = text_table_create("llrrrrl", headers);
    for (int32_t index = 0; index < scenario->train_type_count; index++) {
        const struct train_type *type = &scenario->train_types[index];
        text_table_cell(table, "%s", type->id);
        text_table_cell(table, "%s", type->name);
        text_table_cell(table, "%.0f m", type->length_m);
        if (isnan(type->mass_kg))
            text_table_cell(table, "–");
        else
            text_table_cell(table, "%.0f t", type->mass_kg / 1000);
        speed_cell(table, type->max_speed_ms);
        text_table_cell(table, "%g", type->capacity_teu);
        text_table_cell(table, type->has_traction ? "computed" : "fixed times only");
    }
    printf("\n");
    print_heading("Train types");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static double route_km(const struct network *network, const struct train_plan *plan) {
    double length_m = 0;
    for (int32_t leg = 0; leg < plan->route_length; leg++)
        length_m += network->sections[plan->route[leg].section].length_m;
    return length_m / 1000;
}

static char *format_clock(int64_t day_ms, char text[DURATION_SIZE]) {
    const int64_t minutes = day_ms / 60000;
    snprintf(text, DURATION_SIZE, "%02" PRId64 ":%02" PRId64, minutes / 60, minutes % 60);
    return text;
}

/* "24 a day from 00:00, every 60 min" and the like. */
static void departures_cell(struct text_table *table, const struct scenario *scenario, const struct train_plan *plan) {
    char text[DURATION_SIZE];
    if (plan->kind == PLAN_TIMETABLE) {
        if (plan->calls[0].departure_ms < 0)
            text_table_cell(table, "once there");
        else
            text_table_cell(table, "%s", format_clock(plan->calls[0].departure_ms, text));
    } else if (plan->return_of >= 0) {
        text_table_cell(table, "returns from %s", scenario->timetable.plans[plan->return_of].id);
    } else if (plan->arrivals == ARRIVALS_SATURATED) {
        text_table_cell(table, "always one ready");
    } else if (plan->arrivals == ARRIVALS_POISSON) {
        text_table_cell(table, "at random, every %.4g min on average", plan->interval_ms / 60000);
    } else {
        text_table_cell(table, "%d a day from %s, every %.4g min", plan->trains_per_day,
                        format_clock(plan->first_ms, text), plan->interval_ms / 60000);
    }
}

static int32_t stops_between(const struct train_plan *plan) {
    int32_t stops = 0;
    for (int32_t call = 1; call < plan->call_count - 1; call++) stops += plan->calls[call].stop;
    return stops;
}

static void print_plans(const struct scenario *scenario) {
    static const char *const headers[] = {"train or service", "type", "from", "to", "km", "stops", "departs"};
    const struct network *network = &scenario->network;
    struct text_table *table = text_table_create("llllrrl", headers);
    for (int32_t index = 0; index < scenario->timetable.plan_count; index++) {
        const struct train_plan *plan = &scenario->timetable.plans[index];
        text_table_cell(table, "%s", plan->id);
        text_table_cell(table, "%s", scenario->train_types[plan->train_type].id);
        text_table_cell(table, "%s", network->stations[plan->calls[0].station].id);
        text_table_cell(table, "%s", network->stations[plan->calls[plan->call_count - 1].station].id);
        text_table_cell(table, "%.1f", route_km(network, plan));
        text_table_cell(table, "%d", stops_between(plan));
        departures_cell(table, scenario, plan);
    }
    printf("\n");
    print_heading("Trains%s%s%s", scenario->schedule_path != NULL ? " of " : "",
                  scenario->schedule_path != NULL ? scenario->schedule_path : "",
                  scenario->settings.repeat_once ? ", once" : ", every day");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

/* m:ss, as a planner would write a running time. */
static void run_time_cell(struct text_table *table, double run_s) {
    if (isnan(run_s)) {
        text_table_cell(table, "stalls");
        return;
    }
    const int64_t seconds = llround(run_s);
    text_table_cell(table, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
}

static void energy_cell(struct text_table *table, double energy_kwh) {
    if (isnan(energy_kwh))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.1f", energy_kwh);
}

static void print_running_times(const struct scenario *scenario, const struct running_table *running) {
    static const char *const headers[] = {"train type", "section",    "direction",   "pass–pass",      "start–pass",
                                          "pass–stop",  "start–stop", "kWh passing", "kWh start–stop", ""};
    struct text_table *table = text_table_create("lllrrrrrrl", headers);
    for (int32_t index = 0; index < running->count; index++) {
        const struct running_row *row = &running->rows[index];
        text_table_cell(table, "%s", scenario->train_types[row->train_type].id);
        text_table_cell(table, "%s", scenario->network.sections[row->section].id);
        text_table_cell(table, "%s", direction_name(row->direction));
        for (int which = 0; which < RUNNING_CASE_COUNT; which++) run_time_cell(table, row->cases[which].run_s);
        energy_cell(table, row->cases[PASS_TO_PASS].energy_kwh);
        energy_cell(table, row->cases[START_TO_STOP].energy_kwh);
        if (!isnan(row->stalled_km))
            text_table_cell(table, "stalls at km %.3f", row->stalled_km);
        else
            text_table_cell(table, row->fixed ? "fixed" : "");
    }
    printf("\n");
    print_heading("Running times, m:ss");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static void print_head(const struct scenario *scenario) {
    const struct settings *settings = &scenario->settings;
    char title[256];
    scenario_title(scenario, title, sizeof title);
    print_heading("%s", title);
    if (settings->description != NULL && settings->description[0] != '\0') printf("  %s\n", settings->description);
    printf("  starts %04d-%02d-%02d, %s, dispatch %s, seed %" PRId64 ", %d replication%s, detail %s\n",
           settings->start_year, settings->start_month, settings->start_day,
           settings->repeat_once ? "trains run once" : "every day the same", dispatch_name(settings->dispatch),
           settings->seed, settings->replications, settings->replications == 1 ? "" : "s",
           detail_name(settings->detail));
    if (scenario->variant != NULL) printf("  variant %s\n", scenario->variant);
}

static void print_end(const struct scenario *scenario, const struct diagnostics *diagnostics) {
    if (diagnostics->errors == 0) printf("\nNo errors in %d files.\n", scenario->input_count);
    for (int32_t index = 0; index < scenario->not_used_yet_count; index++)
        printf("%s%s%s", index == 0 ? "not used yet: " : ", ", scenario->not_used_yet[index],
               index == scenario->not_used_yet_count - 1 ? "\n" : "");
}

void check_report_text(const struct scenario *scenario, const struct running_table *table,
                       const struct diagnostics *diagnostics) {
    double *position_m = station_positions(&scenario->network);
    if (position_m == NULL) {
        output_lose();
        return;
    }
    print_head(scenario);
    print_stations(&scenario->network, position_m);
    print_sections(&scenario->network);
    print_train_types(scenario);
    print_plans(scenario);
    check_traffic_text(scenario);
    print_running_times(scenario, table);
    print_end(scenario, diagnostics);
    free(position_m);
}

/* ------------------------------------------------------------------------------------------------------------ CSV */

void check_report_csv(const struct scenario *scenario, const struct running_table *table) {
    struct csv_row out = {.stream = stdout};
    printf("train_type,section,direction,from,to,run_s,energy_kwh,fixed\n");
    for (int32_t index = 0; index < table->count; index++) {
        const struct running_row *row = &table->rows[index];
        for (int which = 0; which < RUNNING_CASE_COUNT; which++) {
            csv_text(&out, scenario->train_types[row->train_type].id);
            csv_text(&out, scenario->network.sections[row->section].id);
            csv_text(&out, direction_name(row->direction));
            csv_text(&out, case_names[which][0]);
            csv_text(&out, case_names[which][1]);
            csv_real(&out, row->cases[which].run_s);
            csv_real(&out, row->cases[which].energy_kwh);
            csv_text(&out, row->fixed ? "yes" : "no");
            csv_end(&out);
        }
    }
}

/* ----------------------------------------------------------------------------------------------------------- JSON */

static void json_diagnostics(struct json *json, const char *key, const struct diagnostics *diagnostics, bool warnings) {
    json_array_begin(json, key);
    for (int32_t index = 0; index < diagnostics->kept; index++) {
        const struct diagnostic *entry = &diagnostics->entries[index];
        if (entry->warning != warnings) continue;
        json_object_begin(json, NULL);
        json_text(json, "file", entry->file);
        json_integer(json, "line", entry->line);
        json_integer(json, "column", entry->column);
        json_text(json, "message", entry->message);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_stations(struct json *json, const struct network *network, const double *position_m) {
    json_array_begin(json, "stations");
    for (int32_t index = 0; index < network->station_count; index++) {
        const struct station *station = &network->stations[index];
        json_object_begin(json, NULL);
        json_text(json, "station", station->id);
        json_text(json, "name", station->name);
        json_text(json, "kind", kind_name(station->kind));
        json_real(json, "km", position_m[index] / 1000);
        json_boolean(json, "crossing_station", is_crossing_station(station));
        json_array_begin(json, "tracks");
        for (int32_t track = 0; track < station->track_count; track++) {
            const struct track *of = &network->tracks[station->first_track + track];
            json_object_begin(json, NULL);
            json_text(json, "track", of->id);
            json_real(json, "length_m", of->length_m);
            json_real(json, "speed_kmh", kmh(of->speed_ms));
            json_boolean(json, "unlimited", of->unlimited);
            json_object_end(json);
        }
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_sections(struct json *json, const struct network *network) {
    json_array_begin(json, "sections");
    for (int32_t index = 0; index < network->section_count; index++) {
        const struct section *section = &network->sections[index];
        json_object_begin(json, NULL);
        json_text(json, "section", section->id);
        json_text(json, "from", network->stations[section->from].id);
        json_text(json, "to", network->stations[section->to].id);
        json_real(json, "length_km", section->length_m / 1000);
        json_integer(json, "tracks", section->tracks);
        json_real(json, "block_km", section->block_m > 0 ? section->block_m / 1000 : NAN);
        json_real(json, "speed_kmh", kmh(section->speed_ms));
        json_text(json, "signalling", section->signalling == SIGNALLING_MOVING ? "moving" : "fixed");
        json_real(json, "headway_s", section->headway_ms >= 0 ? (double)section->headway_ms / 1000 : NAN);
        json_real(json, "release_s", (double)section->release_ms / 1000);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_train_types(struct json *json, const struct scenario *scenario) {
    json_array_begin(json, "train_types");
    for (int32_t index = 0; index < scenario->train_type_count; index++) {
        const struct train_type *type = &scenario->train_types[index];
        json_object_begin(json, NULL);
        json_text(json, "train_type", type->id);
        json_text(json, "name", type->name);
        json_real(json, "length_m", type->length_m);
        json_real(json, "mass_t", type->mass_kg / 1000);
        json_real(json, "max_speed_kmh", kmh(type->max_speed_ms));
        json_real(json, "capacity_teu", type->capacity_teu);
        json_boolean(json, "has_traction", type->has_traction);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_plans(struct json *json, const struct scenario *scenario) {
    const struct network *network = &scenario->network;
    json_array_begin(json, "routes");
    for (int32_t index = 0; index < scenario->timetable.plan_count; index++) {
        const struct train_plan *plan = &scenario->timetable.plans[index];
        json_object_begin(json, NULL);
        json_text(json, plan->kind == PLAN_SERVICE ? "service" : "train", plan->id);
        json_text(json, "train_type", scenario->train_types[plan->train_type].id);
        json_text(json, "origin", network->stations[plan->calls[0].station].id);
        json_text(json, "destination", network->stations[plan->calls[plan->call_count - 1].station].id);
        json_real(json, "length_km", route_km(network, plan));
        json_array_begin(json, "sections");
        for (int32_t leg = 0; leg < plan->route_length; leg++) {
            json_object_begin(json, NULL);
            json_text(json, "section", network->sections[plan->route[leg].section].id);
            json_text(json, "direction", direction_name(plan->route[leg].direction));
            json_object_end(json);
        }
        json_array_end(json);
        json_array_begin(json, "stops");
        for (int32_t call = 0; call < plan->call_count; call++)
            if (plan->calls[call].stop) json_text(json, NULL, network->stations[plan->calls[call].station].id);
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_running_times(struct json *json, const struct scenario *scenario, const struct running_table *table) {
    json_array_begin(json, "running_times");
    for (int32_t index = 0; index < table->count; index++) {
        const struct running_row *row = &table->rows[index];
        for (int which = 0; which < RUNNING_CASE_COUNT; which++) {
            json_object_begin(json, NULL);
            json_text(json, "train_type", scenario->train_types[row->train_type].id);
            json_text(json, "section", scenario->network.sections[row->section].id);
            json_text(json, "direction", direction_name(row->direction));
            json_text(json, "from", case_names[which][0]);
            json_text(json, "to", case_names[which][1]);
            json_real(json, "run_s", row->cases[which].run_s);
            json_real(json, "energy_kwh", row->cases[which].energy_kwh);
            json_boolean(json, "fixed", row->fixed);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static void json_scenario(struct json *json, const struct scenario *scenario, const struct running_table *table) {
    double *position_m = station_positions(&scenario->network);
    if (position_m == NULL) {
        output_lose();
        return;
    }
    char title[256];
    scenario_title(scenario, title, sizeof title);
    json_text(json, "scenario", title);
    json_text(json, "variant", scenario->variant);
    json_text(json, "schedule", scenario->schedule_path);
    json_text(json, "input_sha256", scenario->input_sha256);
    json_stations(json, &scenario->network, position_m);
    json_sections(json, &scenario->network);
    json_train_types(json, scenario);
    json_plans(json, scenario);
    json_running_times(json, scenario, table);
    check_traffic_json(json, scenario);
    json_array_begin(json, "not_used_yet");
    for (int32_t index = 0; index < scenario->not_used_yet_count; index++)
        json_text(json, NULL, scenario->not_used_yet[index]);
    json_array_end(json);
    free(position_m);
}

void check_report_json(const struct scenario *scenario, const struct running_table *table,
                       const struct diagnostics *diagnostics) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_boolean(&json, "ok", diagnostics->errors == 0);
    json_diagnostics(&json, "errors", diagnostics, false);
    json_diagnostics(&json, "warnings", diagnostics, true);
    if (scenario != NULL) json_scenario(&json, scenario, table);
    json_object_end(&json);
}
