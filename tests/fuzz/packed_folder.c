#include "packed_folder.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const good[][2] = {
    {"scenario.csv", "key,value\nschedule,day.csv\n"},
    {"stations.csv", "station,kind\nA,terminal\nM,siding\nB,terminal\n"},
    {"tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,1500\n"},
    {"sections.csv", "section,from,to,length_km\nA-M,A,M,20\nM-B,M,B,30\n"},
    {"train_types.csv", "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\n"
                        "F,1000,4000,80,5000,300,0.3,80\n"},
    {"day.csv", "service,train_type,origin,destination,interval_min\neast,F,A,B,120\nwest,F,B,A,120\n"},
};

/* ---- cutting ---- */

static char *copy(const char *text, size_t size) {
    char *bytes = malloc(size + 1);
    if (!bytes) abort();
    if (size > 0) memcpy(bytes, text, size);
    bytes[size] = '\0';
    return bytes;
}

static bool has(const struct packed_folder *folder, const char *name) {
    for (int32_t i = 0; i < folder->count; i++)
        if (strcmp(folder->files[i].path, name) == 0) return true;
    return false;
}

void packed_folder_add(struct packed_folder *folder, const char *name, const char *content, size_t size) {
    if (folder->count == PACKED_MOST_FILES || has(folder, name)) return;
    folder->files[folder->count++] = (struct input_file){copy(name, strlen(name)), copy(content, size), size};
}

static void add_lines(struct packed_lines *lines, const char *text, size_t size) {
    while (size > 0 && lines->count < PACKED_MOST_LINES) {
        const char *end = memchr(text, '\n', size);
        const size_t length = end ? (size_t)(end - text) : size;
        lines->lines[lines->count++] = copy(text, length);
        size -= length + (end != NULL);
        text += length + (end != NULL);
    }
}

/* The lines that a piece of this name holds; NULL: it is a file. */
static struct packed_lines *lines_of(struct packed_folder *folder, const char *name) {
    if (strcmp(name, "set") == 0) return &folder->overrides;
    if (strcmp(name, "with") == 0) return &folder->with;
    if (strcmp(name, "schedules") == 0) return &folder->schedules;
    if (strcmp(name, "variant") == 0) return &folder->variant;
    if (strcmp(name, "vary") == 0) return &folder->varied;
    return NULL;
}

/* One piece: the line that names it and what follows. */
static void add_piece(struct packed_folder *folder, const char *piece, size_t size) {
    const char *end = memchr(piece, '\n', size);
    const size_t length = end ? (size_t)(end - piece) : size, skipped = length + (end != NULL);
    char *name = copy(piece, length);
    struct packed_lines *lines = lines_of(folder, name);
    if (lines)
        add_lines(lines, piece + skipped, size - skipped);
    else
        packed_folder_add(folder, name, piece + skipped, size - skipped);
    free(name);
}

void packed_folder_cut(struct packed_folder *folder, const char *text, size_t size) {
    while (size > 0) {
        size_t length = 0;
        while (length < size && !(text[length] == '\n' && length + 1 < size && text[length + 1] == '=')) length++;
        add_piece(folder, text + (text[0] == '='), length - (length > 0 && text[0] == '='));
        const size_t taken = length < size ? length + 1 : length;
        text += taken, size -= taken;
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        packed_folder_add(folder, good[i][0], good[i][1], strlen(good[i][1]));
    const int32_t overrides = folder->overrides.count, varied = folder->varied.count;
    folder->request = (struct scenario_request){.folder = "",
                                                .schedules = (const char *const *)folder->schedules.lines,
                                                .schedule_count = folder->schedules.count,
                                                .with_options = (const char *const *)folder->with.lines,
                                                .with_option_count = folder->with.count,
                                                .variant = folder->variant.count > 0 ? folder->variant.lines[0] : NULL,
                                                .overrides = (const char *const *)folder->overrides.lines,
                                                .override_count = overrides,
                                                .varied_count = varied < overrides ? varied : overrides};
}

void packed_folder_free(struct packed_folder *folder) {
    struct packed_lines *const all[] = {&folder->overrides, &folder->with, &folder->schedules, &folder->variant,
                                        &folder->varied};
    for (int32_t i = 0; i < folder->count; i++) free(folder->files[i].path), free(folder->files[i].content);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        for (int32_t k = 0; k < all[i]->count; k++) free(all[i]->lines[k]);
    *folder = (struct packed_folder){0};
}

/* ---- what was read is in order ---- */

static void check_network(const struct network *network) {
    for (int32_t i = 0; i < network->station_count; i++) {
        const struct station *station = &network->stations[i];
        assert(station->track_count >= 1 && station->first_track + station->track_count <= network->track_count);
        for (int32_t k = 0; k < station->track_count; k++)
            assert(network->tracks[station->first_track + k].station == i);
    }
    for (int32_t i = 0; i < network->section_count; i++) {
        const struct section *section = &network->sections[i];
        assert(section->from != section->to && section->length_m > 0 && section->speed_ms > 0);
        assert(section->from >= 0 && section->from < network->station_count);
        assert(section->to >= 0 && section->to < network->station_count);
        double reached = 0;
        for (int32_t k = 0; k < section->alignment_count; k++) {
            const struct alignment *part = &network->alignments[section->first_alignment + k];
            assert(part->section == i && part->from_m >= reached && part->to_m > part->from_m);
            reached = part->to_m;
        }
        assert(reached <= section->length_m * (1 + 1e-9));
    }
    for (int32_t i = 0; i < network->possession_count; i++)
        assert(network->possessions[i].to_ms > network->possessions[i].from_ms);
}

static void check_plan(const struct scenario *scenario, const struct train_plan *plan) {
    assert(plan->call_count >= 2 && plan->route_length >= 1);
    assert(plan->train_type >= 0 && plan->train_type < scenario->train_type_count);
    assert(plan->kind == PLAN_TIMETABLE || plan->interval_ms > 0);
    assert(plan->return_of < scenario->timetable.plan_count);
    for (int32_t leg = 0; leg < plan->route_length; leg++)
        assert(plan->route[leg].section >= 0 && plan->route[leg].section < scenario->network.section_count);
}

static void check_traffic(const struct scenario *scenario) {
    const int32_t stations = scenario->network.station_count;
    for (int32_t i = 0; i < scenario->traffic.flow_count; i++) {
        const struct flow *flow = &scenario->traffic.flows[i];
        assert(flow->origin >= 0 && flow->origin < stations && flow->destination >= 0 && flow->destination < stations);
        assert(flow->teu_per_day >= 0 && flow->share_40ft >= 0 && flow->share_40ft <= 1);
    }
    for (int32_t i = 0; i < scenario->traffic.terminal_count; i++)
        assert(scenario->traffic.terminals[i].station >= 0 && scenario->traffic.terminals[i].station < stations);
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++)
        assert(isfinite(economics_mean(&scenario->economics, (enum economic_law)law)));
}

static void check_scenario(const struct scenario *scenario) {
    check_network(&scenario->network);
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++) check_plan(scenario, &scenario->timetable.plans[i]);
    check_traffic(scenario);
    assert(scenario->settings.horizon_ms > 0 && scenario->settings.warmup_ms >= 0);
    assert(scenario->settings.replications >= 1);
}

void packed_folder_try(const struct packed_folder *folder) {
    struct diagnostics diagnostics = {0}, again = {0};
    struct scenario *scenario = scenario_read_inputs(&folder->request, folder->files, folder->count, &diagnostics);
    assert((scenario != NULL) == (diagnostics.errors == 0));
    for (int32_t i = 0; i < diagnostics.kept; i++) assert(diagnostics.entries[i].message[0] != '\0');
    if (scenario) {
        check_scenario(scenario);
        struct scenario *same = scenario_read_inputs(&folder->request, scenario->inputs, scenario->input_count, &again);
        assert(same && strcmp(same->input_sha256, scenario->input_sha256) == 0);
        assert(again.kept == diagnostics.kept && same->settings_used_count == scenario->settings_used_count);
        scenario_free(same);
    }
    scenario_free(scenario);
    diagnostics_free(&again);
    diagnostics_free(&diagnostics);
}
