/* The library's own face, one half: version, scenario and its problems. Thin: it translates, and decides nothing. */
#include "study/library.h"

#include <stdlib.h>

#include "results/words.h"
#include "scenario/diagnostics.h"
#include "study/planning.h"

const char *bering_version(void) {
    return BERING_VERSION;
}

/* ------------------------------------------------------------------------------------------------------- problems */

struct bering_problems {
    struct diagnostics diagnostics;
};

int32_t bering_problems_count(const struct bering_problems *problems) {
    return problems != NULL ? problems->diagnostics.kept : 0;
}

int32_t bering_problems_errors(const struct bering_problems *problems) {
    return problems != NULL ? problems->diagnostics.errors : 0;
}

struct bering_problem bering_problems_at(const struct bering_problems *problems, int32_t index) {
    if (index < 0 || index >= bering_problems_count(problems))
        return (struct bering_problem){.file = "", .message = ""};
    const struct diagnostic *entry = &problems->diagnostics.entries[index];
    return (struct bering_problem){.file = entry->file != NULL ? entry->file : "",
                                   .line = entry->line,
                                   .column = entry->column,
                                   .message = entry->message,
                                   .warning = entry->warning};
}

void bering_problems_free(struct bering_problems *problems) {
    if (problems == NULL) return;
    diagnostics_free(&problems->diagnostics);
    free(problems);
}

/* ------------------------------------------------------------------------------------------------------- scenario */

static struct scenario *read(const char *folder, const struct bering_scenario_options *options,
                             struct diagnostics *diagnostics) {
    const struct bering_scenario_options none = {0};
    if (options == NULL) options = &none;
    const struct scenario_request request = {.folder = folder,
                                             .schedules = options->schedules,
                                             .schedule_count = options->schedule_count,
                                             .with_options = options->with,
                                             .with_option_count = options->with_count,
                                             .variant = options->variant,
                                             .overrides = options->overrides,
                                             .override_count = options->override_count};
    return scenario_read(&request, diagnostics);
}

/* Takes over `inner`, also on failure. */
static struct bering_scenario *wrap(struct scenario *inner, struct diagnostics *diagnostics) {
    struct bering_scenario *scenario = calloc(1, sizeof *scenario);
    struct simulation_plan *plan = scenario != NULL ? planning_create(inner, diagnostics) : NULL;
    if (plan == NULL) {
        if (scenario == NULL) diagnostics_no_memory(diagnostics, inner->folder);
        scenario_free(inner);
        free(scenario);
        return NULL;
    }
    scenario->scenario = inner;
    scenario->plan = plan;
    scenario_title(inner, scenario->name, sizeof scenario->name);
    pthread_mutex_init(&scenario->mutex, NULL);
    return scenario;
}

struct bering_scenario *bering_scenario_open(const char *folder, const struct bering_scenario_options *options,
                                             struct bering_problems **problems) {
    if (problems != NULL) *problems = NULL;
    struct bering_problems *found = calloc(1, sizeof *found);
    if (found == NULL) return NULL;
    struct scenario *inner = read(folder, options, &found->diagnostics);
    struct bering_scenario *scenario = inner != NULL ? wrap(inner, &found->diagnostics) : NULL;
    diagnostics_sort(&found->diagnostics);
    if (problems != NULL)
        *problems = found;
    else
        bering_problems_free(found);
    return scenario;
}

void bering_scenario_close(struct bering_scenario *scenario) {
    if (scenario == NULL) return;
    simulation_plan_destroy(scenario->plan);
    scenario_free(scenario->scenario);
    pthread_mutex_destroy(&scenario->mutex);
    free(scenario);
}

const char *bering_scenario_name(const struct bering_scenario *scenario) {
    return scenario->name;
}

const char *bering_scenario_input_sha256(const struct bering_scenario *scenario) {
    return scenario->scenario->input_sha256;
}

int32_t bering_scenario_station_count(const struct bering_scenario *scenario) {
    return scenario->scenario->network.station_count;
}

int32_t bering_scenario_section_count(const struct bering_scenario *scenario) {
    return scenario->scenario->network.section_count;
}

int32_t bering_scenario_plan_count(const struct bering_scenario *scenario) {
    return scenario->scenario->timetable.plan_count;
}

const char *bering_scenario_station_id(const struct bering_scenario *scenario, int32_t station) {
    if (station < 0 || station >= bering_scenario_station_count(scenario)) return NULL;
    return scenario->scenario->network.stations[station].id;
}

const char *bering_scenario_section_id(const struct bering_scenario *scenario, int32_t section) {
    if (section < 0 || section >= bering_scenario_section_count(scenario)) return NULL;
    return scenario->scenario->network.sections[section].id;
}

const char *bering_scenario_plan_id(const struct bering_scenario *scenario, int32_t plan) {
    if (plan < 0 || plan >= bering_scenario_plan_count(scenario)) return NULL;
    return scenario->scenario->timetable.plans[plan].id;
}
