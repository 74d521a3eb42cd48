/* What writing a run costs: CPU time per row of `trains`, `calls` and `occupations`, and per row of `containers`,
 * hashing included, into a file. Prints the hash of the rows, so that a faster program can be seen to write the same.
 *
 *     meson test --benchmark results_store --logbase benchmarklog */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "results/store.h"

enum { STATIONS = 8, TRAINS = 20000, BLOCKS = 4, MINUTE = 60000, FLOWS = 4, CONTAINERS = 1000000 };

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A line of eight stations and one service over all of it. */
static void make_scenario(struct scenario *scenario) {
    static struct station stations[STATIONS];
    static struct track tracks[STATIONS];
    static struct section sections[STATIONS - 1];
    static char ids[STATIONS][8], section_ids[STATIONS][16];
    static struct planned_call calls[2] = {{.station = 0}, {.station = STATIONS - 1}};
    static struct route_leg route[STATIONS - 1];
    static struct train_plan plan = {.kind = PLAN_SERVICE,
                                     .calls = calls,
                                     .call_count = 2,
                                     .route = route,
                                     .route_length = STATIONS - 1,
                                     .return_of = -1};
    static struct train_type type;
    plan.id = strdup("freight");
    type.id = strdup("container_train");
    for (int32_t index = 0; index < STATIONS; index++) {
        snprintf(ids[index], sizeof ids[index], "S%d", index);
        stations[index] =
            (struct station){.id = ids[index], .name = ids[index], .first_track = index, .track_count = 1};
        tracks[index] = (struct track){.id = ids[index], .station = index};
        if (index == STATIONS - 1) continue;
        snprintf(section_ids[index], sizeof section_ids[index], "S%d-S%d", index, index + 1);
        sections[index] =
            (struct section){.id = section_ids[index], .from = index, .to = index + 1, .length_m = 15000, .tracks = 1};
        route[index] = (struct route_leg){index, FORWARD};
    }
    *scenario = (struct scenario){.settings = {.start_year = 2030,
                                               .start_month = 1,
                                               .start_day = 1,
                                               .horizon_ms = 365 * MILLISECONDS_PER_DAY,
                                               .detail = DETAIL_BLOCKS},
                                  .network = {.stations = stations,
                                              .station_count = STATIONS,
                                              .tracks = tracks,
                                              .track_count = STATIONS,
                                              .sections = sections,
                                              .section_count = STATIONS - 1},
                                  .train_types = &type,
                                  .train_type_count = 1,
                                  .timetable = {&plan, 1},
                                  .folder = plan.id};
}

static void tell_train(const struct observer *observer, int64_t number) {
    struct train_call calls[STATIONS];
    struct train_block blocks[STATIONS - 1][BLOCKS];
    struct train_passage passages[STATIONS - 1];
    const int64_t start_ms = number * 26 * MINUTE;
    for (int32_t index = 0; index < STATIONS; index++) {
        const int64_t arrival_ms = start_ms + index * 15 * MINUTE;
        calls[index] = (struct train_call){index,
                                           index,
                                           TIME_NONE,
                                           arrival_ms,
                                           TIME_NONE,
                                           arrival_ms + MINUTE,
                                           true,
                                           number % 3 * MINUTE,
                                           number % 3 == 0 ? WAIT_NONE : WAIT_KNOCK_ON,
                                           number};
        if (index == STATIONS - 1) continue;
        for (int32_t block = 0; block < BLOCKS; block++)
            blocks[index][block] =
                (struct train_block){arrival_ms + block * 3 * MINUTE, arrival_ms + block * 3 * MINUTE + 4 * MINUTE,
                                     arrival_ms + block * 3 * MINUTE + 5 * MINUTE};
        passages[index] = (struct train_passage){
            .section = index, .line_track = 1, .enter_ms = arrival_ms, .block_count = BLOCKS, .blocks = blocks[index]};
    }
    const struct train_record train = {.train_id = number,
                                       .day = number / 55 + 1,
                                       .number = number % 55 + 1,
                                       .planned_departure_ms = start_ms,
                                       .departure_ms = start_ms + MINUTE,
                                       .planned_arrival_ms = TIME_NONE,
                                       .arrival_ms = start_ms + 120 * MINUTE,
                                       .unimpeded_ms = 100 * MINUTE,
                                       .delay_ms = 20 * MINUTE,
                                       .energy_j = 1e9 + (double)number,
                                       .calls = calls,
                                       .call_count = STATIONS,
                                       .passages = passages,
                                       .passage_count = STATIONS - 1};
    observer->train(observer->context, &train);
}

/* The n-th to be delivered: the flows take turns, and each in pairs that changed places on the way. */
static void tell_container(const struct observer *observer, int64_t place) {
    const int32_t flow = (int32_t)(place % FLOWS);
    const int64_t number = (place / FLOWS ^ 1) + 1, arrived_ms = number * 100000 + flow;
    const struct container_record container = {.container_id = (number - 1) * 2 * FLOWS + flow + 1,
                                               .flow = flow,
                                               .teu = 1 + (int32_t)(number % 2),
                                               .arrived_ms = arrived_ms,
                                               .loaded_ms = arrived_ms + 7 * 60 * MINUTE,
                                               .delivered_ms = arrived_ms + 31 * 60 * MINUTE + number % 1000,
                                               .train_id = place / 142 + 1,
                                               .trains = 1,
                                               .revenue_cents = 63900 * (1 + number % 2),
                                               .penalty_cents = number % 10 == 0 ? 1234 : 0,
                                               .cost_cents = 9000,
                                               .status = CONTAINER_DELIVERED};
    observer->container(observer->context, &container);
}

static struct recorder *record(const struct scenario *scenario) {
    static const struct section_use sections[2 * STATIONS];
    static const int64_t busy[2 * STATIONS];
    static const struct station_use stations[STATIONS];
    struct recorder *recorder = recorder_create(scenario);
    const struct observer observer = recorder_observer(recorder);
    for (int64_t number = 1; number <= TRAINS && observer.container == NULL; number++) tell_train(&observer, number);
    for (int64_t place = 0; place < CONTAINERS && observer.container != NULL; place++) tell_container(&observer, place);
    const struct run_summary summary = {.window_to_ms = 365 * MILLISECONDS_PER_DAY,
                                        .sections = sections,
                                        .section_busy_ms = busy,
                                        .stations = stations};
    observer.end(observer.context, &summary);
    return recorder;
}

static int write_run(struct store *store, const struct scenario *scenario, const struct recorder *recorder) {
    const struct recorded_run *run = recorder_run(recorder);
    const struct store_outcome outcome = {.scenario = scenario, .status = RUN_COMPLETE, .run = run};
    struct store_experiment experiment;
    struct failure failure;
    char hash[65];
    const double started_s = cpu_seconds();
    if (!store_experiment_begin(store, "benchmark", "", scenario, 1, &experiment, &failure) ||
        !store_run_finish(store, experiment.first_run_id, &outcome, hash, &failure)) {
        fprintf(stderr, "%s\n", failure.text);
        return EXIT_FAILURE;
    }
    const double seconds = cpu_seconds() - started_s;
    const int64_t rows = run->train_count + run->call_count + run->occupation_count + run->container_count;
    printf("%lld rows%s in %.3f CPU s: %.2f us a row, %.0f rows/s; hash %.16s\n", (long long)rows,
           run->container_count > 0 ? " of containers" : "", seconds, 1e6 * seconds / (double)rows,
           (double)rows / seconds, hash);
    return EXIT_SUCCESS;
}

/* Records once and writes three times. */
static int measure(struct store *store, const struct scenario *scenario) {
    const double started_s = cpu_seconds();
    struct recorder *recorder = record(scenario);
    const struct recorded_run *run = recorder_run(recorder);
    printf("recording %lld trains, %lld containers: %.3f CPU s\n", (long long)run->train_count,
           (long long)run->container_count, cpu_seconds() - started_s);
    int status = EXIT_SUCCESS;
    for (int repeat = 0; status == EXIT_SUCCESS && repeat < 3; repeat++) status = write_run(store, scenario, recorder);
    recorder_destroy(recorder);
    return status;
}

int main(void) {
    static struct flow flows[FLOWS];
    static char flow_ids[FLOWS][24];
    const char *root = getenv("TMPDIR");
    char path[256];
    snprintf(path, sizeof path, "%s/bering-benchmark-%ld.db", root != NULL ? root : "/tmp", (long)getpid());
    struct scenario scenario;
    make_scenario(&scenario);
    struct failure failure;
    struct database *database = database_open(path, DATABASE_WRITE, DATABASE_PATIENCE_MS, &failure);
    struct store *store = database != NULL ? store_create(database, &failure) : NULL;
    int status = store != NULL ? measure(store, &scenario) : EXIT_FAILURE;
    for (int32_t flow = 0; flow < FLOWS; flow++) {
        snprintf(flow_ids[flow], sizeof flow_ids[flow], "asia_america_%d", flow);
        flows[flow] = (struct flow){.id = flow_ids[flow], .due_ms = -1};
    }
    scenario.traffic = (struct traffic){.flows = flows, .flow_count = FLOWS};
    scenario.settings.detail = DETAIL_CONTAINERS;
    if (status == EXIT_SUCCESS) status = measure(store, &scenario);
    store_destroy(store);
    database_close(database);
    remove(path);
    free(scenario.timetable.plans[0].id);
    free(scenario.train_types[0].id);
    return status;
}
