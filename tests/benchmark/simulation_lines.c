/* How long a simulation takes, the scenario loaded, into an observer in memory: the two lines peers were measured on,
 * and a corridor of 6,000 km. CPU time, median of five; the hash of all arrivals proves that a faster build still
 * answers the same.
 *
 *   simulation_lines FOLDER      the folder that holds line113 and line598 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "benchmark/engine_timing.h"
#include "simulation/simulation.h"
#include "support/railway_builder.h"

struct tally {
    uint64_t hash;
    int64_t arrived, events;
};

static void count_train(void *context, const struct train_record *train) {
    struct tally *tally = context;
    tally->arrived += train->status == TRAIN_ARRIVED;
    tally->hash = (tally->hash ^ (uint64_t)train->arrival_ms) * UINT64_C(1099511628211);
    tally->hash ^= tally->hash >> 29;
}

static void count_end(void *context, const struct run_summary *summary) {
    ((struct tally *)context)->events = summary->events;
}

static void time_scenario(const char *name, const struct scenario *scenario, double aim_ms) {
    double repeats[REPEATS];
    struct tally tally = {0, 0, 0};
    char message[200];
    for (int i = 0; i < REPEATS; i++) {
        tally = (struct tally){UINT64_C(1469598103934665603), 0, 0};
        struct observer observer = {&tally, count_train, count_end};
        struct simulation_options options = {.replication = 1};
        double before = cpu_seconds();
        struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
        if (!plan || simulation_run(plan, &options, &observer) != SIMULATION_DONE) {
            fprintf(stderr, "%s: %s\n", name, plan ? "the run failed" : message);
            exit(EXIT_FAILURE);
        }
        repeats[i] = (cpu_seconds() - before) * 1000;
        simulation_plan_destroy(plan);
    }
    printf("%-28s %9.2f ms (aim %.0f)  %8" PRId64 " trains arrived  %9" PRId64 " events  hash %016" PRIx64 "\n", name,
           median(repeats), aim_ms, tally.arrived, tally.events, tally.hash);
}

static void time_folder(const char *folder, const char *line, int days, double aim_ms) {
    char path[1000], name[100];
    snprintf(path, sizeof path, "%s/%s", folder, line);
    char horizon[40];
    snprintf(horizon, sizeof horizon, "horizon_days=%d", days);
    const char *overrides[] = {horizon, "warmup_days=0"};
    struct scenario_request request = {.folder = path, .overrides = overrides, .override_count = days ? 2 : 0};
    struct diagnostics diagnostics = {.kept = 0};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    if (!scenario) {
        diagnostics_print(&diagnostics, stderr);
        exit(EXIT_FAILURE);
    }
    snprintf(name, sizeof name, days ? "%s, %d days" : "%s", line, days);
    time_scenario(name, scenario, aim_ms);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
}

/* A straight corridor of equal sections, 20 trains a day each way. */
static void time_corridor(int32_t stations, int days, double aim_ms) {
    struct scenario *scenario = build_scenario();
    char *east = calloc((size_t)stations * 8 + 64, 1), *west = calloc((size_t)stations * 8 + 64, 1), id[16],
         last[16] = "";
    for (int32_t i = 0; i <= stations + 1; i++) {
        snprintf(id, sizeof id, "N%d", i);
        build_station(scenario, id, i == 0 || i == stations + 1 ? 0 : 2, 1500);
        if (i > 0) {
            char section[40];
            snprintf(section, sizeof section, "%s-%s", last, id);
            build_section(scenario, section, last, id, 6000e3 / (stations + 1));
        }
        strcpy(last, id);
    }
    for (int32_t i = 0; i <= stations + 1; i++) {
        sprintf(east + strlen(east), "%sN%d", i ? " " : "", i);
        sprintf(west + strlen(west), "%sN%d", i ? " " : "", stations + 1 - i);
    }
    build_running_time(scenario, 6000e3 / (stations + 1) / 22.2, 60, 30);
    build_type(scenario, "train", 1000);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 4320);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 4320);
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_ms = days * MILLISECONDS_PER_DAY;
    char name[80];
    snprintf(name, sizeof name, "6,000 km, %d stations, %d d", stations, days);
    time_scenario(name, scenario, aim_ms);
    build_free(scenario);
    free(east);
    free(west);
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
        return EXIT_FAILURE;
    }
    time_folder(arguments[1], "line598", 0, 10);
    time_folder(arguments[1], "line113", 365, 50);
    time_corridor(300, 365, 1000);
    time_corridor(300, 36, 100);
    time_corridor(30, 365, 100);
    return EXIT_SUCCESS;
}
