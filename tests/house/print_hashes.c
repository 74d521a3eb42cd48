/* Prints the results hash of every replication of a set of runs, one a line: what same_hash.sh compares between
 * compilers, optimisation levels and numbers of jobs.
 *
 *   print_hashes PROJECT DATABASE JOBS     PROJECT holds data/, schedules/ and tests/data; DATABASE is made */
#include <bering/bering.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OVERRIDES = 8, PATH_SIZE = 1024 };

static const struct run_case {
    const char *name, *folder, *schedule, *variant; /* schedule, variant NULL: none */
    const char *overrides[MOST_OVERRIDES];
} cases[] = {
    {"timetable fcfs", "data/tunnel-2025", NULL, NULL, {"dispatch=fcfs", "schedule.dwell_s=exponential(300)"}},
    {"timetable priority", "data/tunnel-2025", NULL, NULL, {"dispatch=priority", "schedule.dwell_s=exponential(300)"}},
    {"timetable fleet",
     "data/tunnel-2025",
     NULL,
     NULL,
     {"dispatch=fleet", "fleet_size=3", "schedule.dwell_s=exponential(300)"}},
    {"services fcfs", "data/tunnel-2025", "schedules/tunnel-2025-services.csv", NULL, {"dispatch=fcfs"}},
    {"services priority", "data/tunnel-2025", "schedules/tunnel-2025-services.csv", "every_siding", {NULL}},
    {"services fleet", "data/tunnel-2025", "schedules/tunnel-2025-services.csv", "fleets", {"warmup_days=auto"}},
    {"second bore", "data/tunnel-2025", "schedules/tunnel-2025-services.csv", "second_bore", {NULL}},
    {"laws 1",
     "data/tunnel-2025",
     "schedules/tunnel-2025-services.csv",
     NULL,
     {"train_types.running_factor=lognormal(0,0.05)", "schedule.entry_delay_s=triangular(0,300,1800)"}},
    {"laws 2",
     "data/tunnel-2025",
     "schedules/tunnel-2025-services.csv",
     NULL,
     {"train_types.running_factor=triangular(0.95,1,1.2)", "schedule.entry_delay_s=lognormal(5,1.2)"}},
    {"laws 3",
     "data/tunnel-2025",
     "schedules/tunnel-2025-services.csv",
     NULL,
     {"train_types.running_factor=uniform(1,1.1)", "schedule.entry_delay_s=empirical(0;60;90.5;3600;7)"}},
    {"laws 4",
     "data/tunnel-2025",
     NULL,
     NULL,
     {"train_types.running_factor=lognormal(0.01,0.02)", "schedule.dwell_s=exponential(45)"}},
    {"moving block", "data/tunnel-2025", NULL, NULL, {"sections.signalling=moving", "sections.block_km="}},
    {"line113", "tests/data/bench/line113", NULL, NULL, {"horizon_days=5", "replications=1"}},
    {"line598", "tests/data/bench/line598", NULL, NULL, {"horizon_days=2", "schedule.entry_delay_s=exponential(600)"}},
};
enum { CASE_COUNT = sizeof cases / sizeof *cases };

static struct bering_scenario *open_case(const struct run_case *run_case, const char *project) {
    char folder[PATH_SIZE], schedule[PATH_SIZE];
    const char *const schedules[] = {schedule};
    const char *overrides[MOST_OVERRIDES + 2] = {"replications=3", "detail=full"};
    struct bering_scenario_options options = {
        .schedules = schedules, .variant = run_case->variant, .overrides = overrides, .override_count = 2};
    for (int32_t index = 0; index < MOST_OVERRIDES && run_case->overrides[index] != NULL; index++)
        overrides[options.override_count++] = run_case->overrides[index];
    snprintf(folder, sizeof folder, "%s/%s", project, run_case->folder);
    if (run_case->schedule != NULL) {
        snprintf(schedule, sizeof schedule, "%s/%s", project, run_case->schedule);
        options.schedule_count = 1;
    }
    struct bering_problems *problems = NULL;
    struct bering_scenario *scenario = bering_scenario_open(folder, &options, &problems);
    for (int32_t index = 0; scenario == NULL && index < bering_problems_count(problems); index++)
        fprintf(stderr, "%s: %s: %s\n", run_case->name, bering_problems_at(problems, index).file,
                bering_problems_at(problems, index).message);
    bering_problems_free(problems);
    return scenario;
}

static bool print_case(const struct run_case *run_case, const char *project, const char *database, int32_t jobs) {
    struct bering_scenario *scenario = open_case(run_case, project);
    if (scenario == NULL) return false;
    const struct bering_database_request request = {.database = database, .jobs = jobs};
    struct bering_error error = {.text = ""};
    struct bering_experiment *experiment = bering_run_into(scenario, &request, &error);
    if (experiment == NULL) fprintf(stderr, "%s: %s\n", run_case->name, error.text);
    for (int32_t index = 0; experiment != NULL && index < bering_experiment_run_count(experiment); index++) {
        const struct bering_stored_run run = bering_experiment_run_at(experiment, index);
        printf("%s, replication %d, status %d: %s\n", run_case->name, run.replication, run.status, run.results_sha256);
    }
    const bool done = experiment != NULL;
    bering_experiment_free(experiment);
    bering_scenario_close(scenario);
    return done;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: print_hashes PROJECT DATABASE JOBS\n");
        return 2;
    }
    bool done = true;
    for (int32_t index = 0; done && index < CASE_COUNT; index++)
        done = print_case(&cases[index], argv[1], argv[2], atoi(argv[3]));
    return done ? 0 : 1;
}
