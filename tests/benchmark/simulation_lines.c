/* How long a simulation takes, the scenario loaded, into an observer in memory: the two lines peers were measured on, a
 * corridor of 6,000 km, and the same with a tenth of the days, stations or trains. CPU time, median of five; the hash
 * of all arrivals proves that a faster build still answers the same.
 *
 *   simulation_lines FOLDER [WORD]   the folder that holds line113 and line598; only the cases with WORD in their name
 */
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

static void fail(const char *name, const char *why) {
    fprintf(stderr, "%s: %s\n", name, why);
    exit(EXIT_FAILURE);
}

/* Milliseconds of one run, its planning included. */
static double run_once(const char *name, const struct scenario *scenario, struct tally *tally) {
    char message[200];
    *tally = (struct tally){UINT64_C(1469598103934665603), 0, 0};
    struct observer observer = {.context = tally, .train = count_train, .end = count_end};
    struct simulation_options options = {.replication = 1};
    double before = cpu_seconds();
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    if (!plan) fail(name, message);
    if (simulation_run(plan, &options, &observer) != SIMULATION_DONE) fail(name, "the run failed");
    double taken = (cpu_seconds() - before) * 1000;
    simulation_plan_destroy(plan);
    return taken;
}

static double time_scenario(const char *name, const struct scenario *scenario, double aim_ms) {
    double repeats[REPEATS];
    struct tally tally;
    for (int i = 0; i < REPEATS; i++) repeats[i] = run_once(name, scenario, &tally);
    double taken = median(repeats);
    char aim[24] = "";
    if (aim_ms > 0) snprintf(aim, sizeof aim, "(aim %.0f)", aim_ms);
    printf("%-34s %8.2f ms %-10s %6" PRId64 " trains arrived %8" PRId64 " events  hash %016" PRIx64 "\n", name, taken,
           aim, tally.arrived, tally.events, tally.hash);
    fflush(stdout);
    return taken;
}

static double time_folder(const char *folder, const char *line, int days, double aim_ms) {
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
    double taken = time_scenario(name, scenario, aim_ms);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    return taken;
}

/* The ways there and back over stations N0 … N(last), as build_service wants them. */
static void name_ways(int32_t last, char *east, char *west) {
    for (int32_t i = 0; i <= last; i++) {
        east += sprintf(east, "%sN%d", i ? " " : "", i);
        west += sprintf(west, "%sN%d", i ? " " : "", last - i);
    }
}

struct corridor {
    int32_t stations; /* crossing stations between its ends, 20 km apart */
    int32_t days;
    int32_t trains; /* a day, half of them each way */
};

static struct scenario *build_corridor(const struct corridor *corridor) {
    const double section_m = 6000e3 / 301;
    struct scenario *scenario = build_scenario();
    int32_t last = corridor->stations + 1;
    char id[16], before[16] = "", section[40];
    for (int32_t i = 0; i <= last; i++) {
        snprintf(id, sizeof id, "N%d", i);
        build_station(scenario, id, i == 0 || i == last ? 0 : 2, 1500);
        snprintf(section, sizeof section, "%s-%s", before, id);
        if (i > 0) build_section(scenario, section, before, id, section_m);
        strcpy(before, id);
    }
    char *east = calloc((size_t)last * 8 + 64, 1), *west = calloc((size_t)last * 8 + 64, 1);
    if (!east || !west) fail("corridor", "out of memory");
    name_ways(last, east, west);
    build_running_time(scenario, section_m / 22.2, 60, 30);
    build_type(scenario, "train", 1000);
    build_service(scenario, "e", "train", east, ARRIVALS_REGULAR, 2 * 86400.0 / corridor->trains);
    build_service(scenario, "w", "train", west, ARRIVALS_REGULAR, 2 * 86400.0 / corridor->trains);
    scenario->settings.repeat_once = false;
    scenario->settings.horizon_ms = corridor->days * MILLISECONDS_PER_DAY;
    free(east);
    free(west);
    return scenario;
}

static double time_corridor(const struct corridor *corridor, const char *word, double aim_ms) {
    char name[80];
    snprintf(name, sizeof name, "corridor, %d stations, %d/day, %d d", corridor->stations, corridor->trains,
             corridor->days);
    if (!strstr(name, word)) return NAN;
    struct scenario *scenario = build_corridor(corridor);
    double taken = time_scenario(name, scenario, aim_ms);
    build_free(scenario);
    return taken;
}

static void time_growth(double whole_ms, const struct corridor *tenth, const char *word, const char *of_what,
                        double times) {
    double part_ms = time_corridor(tenth, word, 0);
    if (!isnan(whole_ms) && !isnan(part_ms))
        printf("  %4.1f times the %-8s cost %4.1f times as much (aim 12)\n", times, of_what, whole_ms / part_ms);
}

int main(int argument_count, char **arguments) {
    if (argument_count < 2) {
        fprintf(stderr, "usage: %s FOLDER [WORD]\n", arguments[0]);
        return EXIT_FAILURE;
    }
    const char *word = argument_count > 2 ? arguments[2] : "";
    if (strstr("line598", word)) time_folder(arguments[1], "line598", 0, 10);
    if (strstr("line113", word)) time_folder(arguments[1], "line113", 365, 50);
    double whole_ms = time_corridor(&(struct corridor){300, 365, 40}, word, 1000);
    time_growth(whole_ms, &(struct corridor){300, 36, 40}, word, "days", 365.0 / 36);
    time_growth(whole_ms, &(struct corridor){30, 365, 40}, word, "stations", 10);
    time_growth(whole_ms, &(struct corridor){300, 365, 4}, word, "trains", 10);
    return EXIT_SUCCESS;
}
