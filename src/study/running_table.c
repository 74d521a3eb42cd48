#include "study/running_table.h"

#include <math.h>
#include <stdlib.h>

#include "railway/run_cache.h"

static bool may_run(const struct scenario *scenario, int32_t type_index, int32_t section_index, bool fixed) {
    const struct train_type *type = &scenario->train_types[type_index];
    const struct section *section = &scenario->network.sections[section_index];
    if (section->gauge_mm != 0 && type->gauge_mm != 0 && section->gauge_mm != type->gauge_mm) return false;
    if (type->height_m > section->clearance_m) return false;
    return fixed || type->has_traction;
}

/* The section's legs one after the other, each entered at the speed the one before was left with. */
static bool run_through(struct run_cache *cache, const struct path *path, bool start, bool stop,
                        struct running_case_result *result) {
    double speed_ms = start ? 0 : INFINITY; /* INFINITY: as fast as the line allows */
    *result = (struct running_case_result){0};
    for (int32_t leg = 0; leg < path->node_count - 1; leg++) {
        const bool last = leg == path->node_count - 2;
        const struct leg_run *run = run_cache_find(cache, 0, leg, speed_ms, stop && last, INFINITY, INFINITY);
        if (run == NULL) {
            *result = (struct running_case_result){NAN, NAN};
            return !isnan(run_cache_stalled(cache));
        }
        result->run_s += run->duration_ms / 1000.0;
        result->energy_kwh += path->legs[leg].fixed != NULL ? NAN : run->energy_j / 3.6e6;
        speed_ms = run->exit_speed_ms;
    }
    return true;
}

static bool fill_cases(const struct scenario *scenario, const struct path *path, struct running_row *row) {
    const struct settings *settings = &scenario->settings;
    const struct run_settings run_settings = {.lead_ms = settings->route_setting_ms + settings->reaction_ms,
                                              .sighting_m = settings->sighting_m,
                                              .moving_margin_m = settings->moving_margin_m};
    struct run_cache *cache = run_cache_create(&path, 1, &run_settings);
    if (cache == NULL) return false;
    bool well = true;
    row->stalled_km = NAN;
    for (int which = 0; well && which < RUNNING_CASE_COUNT; which++) {
        const bool start = which == START_TO_PASS || which == START_TO_STOP;
        const bool stop = which == PASS_TO_STOP || which == START_TO_STOP;
        well = run_through(cache, path, start, stop, &row->cases[which]);
        if (isnan(row->cases[which].run_s)) row->stalled_km = run_cache_stalled(cache) / 1000;
    }
    run_cache_destroy(cache);
    return well;
}

static bool fill_row(const struct scenario *scenario, const struct layout *layout, struct running_row *row) {
    const struct route_leg route = {row->section, row->direction};
    struct path *path =
        path_create(layout, &scenario->train_types[row->train_type], row->train_type, scenario->running_times,
                    scenario->running_time_count, &route, 1, scenario->settings.clear_by_length);
    if (path == NULL) return false;
    const bool well = fill_cases(scenario, path, row);
    path_destroy(path);
    return well;
}

static bool fill_table(const struct scenario *scenario, const struct layout *layout, struct running_table *table) {
    for (int32_t type = 0; type < scenario->train_type_count; type++) {
        for (int32_t section = 0; section < scenario->network.section_count; section++) {
            for (int32_t direction = FORWARD; direction <= BACKWARD; direction++) {
                const bool fixed = running_time_find(scenario->running_times, scenario->running_time_count, section,
                                                     type, 1u << direction) != NULL;
                if (!may_run(scenario, type, section, fixed)) continue;
                struct running_row *row = &table->rows[table->count++];
                *row = (struct running_row){
                    .train_type = type, .section = section, .direction = direction, .fixed = fixed};
                if (!fill_row(scenario, layout, row)) return false;
            }
        }
    }
    return true;
}

bool running_table_make(const struct scenario *scenario, struct running_table *table) {
    const size_t most = (size_t)scenario->train_type_count * (size_t)scenario->network.section_count * 2;
    *table = (struct running_table){.rows = calloc(most + 1, sizeof *table->rows)};
    struct layout *layout = layout_create(&scenario->network);
    const bool well = table->rows != NULL && layout != NULL && fill_table(scenario, layout, table);
    layout_destroy(layout);
    if (!well) running_table_free(table);
    return well;
}

void running_table_free(struct running_table *table) {
    free(table->rows);
    *table = (struct running_table){0};
}
