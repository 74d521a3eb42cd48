/* Thousands of mutations of the scenarios that come with Bering: every one must be refused, with the place of what is
 * wrong, or run harmlessly.
 *
 *     mutations ROOT [COUNT [SEED]]        COUNT mutations (300; with BERING_TEST_LONG=1 ten thousand), SEED 1
 *     mutations ROOT --only CASE [SEED]    one of them, telling what was changed and what came of it
 *
 * Each is read, and if it is accepted its first day is simulated in memory (the second reading differs in the horizon);
 * its results are audited. A case that crashes takes only its own process with it; one that does not come to an end is
 * asked to stop after a few seconds of processor time, as by Ctrl-C, and ended if that is of no use. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "mutation.h"
#include "results/kept_run.h"
#include "results/store.h"
#include "scenario/text.h"
#include "study/planning.h"
#include "study/replications.h"
#include "study/warmup.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
enum { SANITIZED = 1, SECONDS_TO_END = 20, SECONDS_TO_STOP = 60, SECONDS_TO_AUDIT = 300 };
#else
enum { SANITIZED = 0, SECONDS_TO_END = 4, SECONDS_TO_STOP = 20, SECONDS_TO_AUDIT = 60 };
#endif
enum { MOST_SCENARIOS = 64, BATCH = 100, MOST_MISHAPS = 100, REPEATED = 5, EXIT_HANGS = 99 };

enum outcome {
    REFUSED, /* with errors, or trains that cannot run */
    COMPLETE,
    DEADLOCKED,
    STOPPED, /* it would have taken longer */
    NO_MEMORY,
    OUTCOMES
};

/* What the processes share. */
struct shared {
    int32_t current; /* the case under way */
    int64_t outcomes[OUTCOMES];
    int64_t without_line; /* refused, and no error has a line: a file that is missing, an option of the command line */
    int64_t audited, repeated, with_flows;
    int32_t slowest;
    double slowest_s;
    int32_t mishaps;
    struct mishap {
        int32_t number;
        char text[1200];
    } kept[MOST_MISHAPS];
};

struct shipped {
    struct scenario *scenario;
    char *folder;
};

struct work {
    struct shipped shipped[MOST_SCENARIOS];
    int32_t shipped_count;
    uint64_t seed;
    bool loud;
    struct shared *shared;
};

static atomic_bool stop_running;
static volatile sig_atomic_t alarms;

static void mishap(struct work *work, const char *what, const char *details) {
    struct shared *shared = work->shared;
    if (shared->mishaps < MOST_MISHAPS) {
        struct mishap *kept = &shared->kept[shared->mishaps];
        kept->number = shared->current;
        snprintf(kept->text, sizeof kept->text, "%s%s%s", what, details ? ": " : "", details ? details : "");
    }
    shared->mishaps++;
}

/* ---- one case ---- */

static void on_alarm(int signal) {
    (void)signal;
    atomic_store(&stop_running, true);
    if (alarms++ > 0) _exit(EXIT_HANGS);
}

static void set_alarm(int seconds, int more) {
    const struct itimerval timer = {.it_value.tv_sec = seconds, .it_interval.tv_sec = more};
    setitimer(ITIMER_PROF, &timer, NULL);
}

static double cpu_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static enum outcome refused(struct work *work, struct diagnostics *diagnostics) {
    bool line = false;
    if (work->loud) diagnostics_print(diagnostics, stdout);
    if (diagnostics->errors == 0) mishap(work, "neither a scenario nor an error", NULL);
    for (int32_t i = 0; i < diagnostics->kept; i++) {
        const struct diagnostic *entry = &diagnostics->entries[i];
        if (strstr(entry->message, "out of memory")) return NO_MEMORY;
        if (!entry->file || !*entry->file || !*entry->message) mishap(work, "an error without a place", entry->message);
        line = line || (!entry->warning && entry->line > 0);
    }
    if (!line) work->shared->without_line++;
    return REFUSED;
}

static enum outcome simulate(struct work *work, struct scenario *scenario, const struct simulation_plan *plan,
                             const char *sha256);

static void audit(struct work *work, struct database *database, int64_t run_id) {
    struct audit_report report = {.run_id = run_id};
    struct failure failure = {{0}};
    if (!audit_run(database, run_id, &report, &failure)) {
        mishap(work, "cannot be audited", failure.text);
    } else if (report.violation_count > 0) {
        char details[400];
        const struct audit_violation *first = report.kept;
        snprintf(details, sizeof details, "%s, train %s, at %s: %s; %" PRId64 " violations",
                 audit_check_name(first->check), first->train ? first->train : "–", first->place ? first->place : "–",
                 first->text, report.violation_count);
        if (work->loud) printf("the audit finds: %s\n", details);
        mishap(work, "the audit finds", details);
    }
    work->shared->audited++;
    audit_report_free(&report);
}

/* Once more from what the database keeps, as `bering rerun` does it. */
static void repeat(struct work *work, struct database *database, int64_t run_id) {
    struct failure failure = {{0}};
    struct diagnostics diagnostics = {0};
    struct kept_run run;
    char kept[65] = "";
    if (!kept_run_read(database, run_id, &run, &failure)) {
        mishap(work, "what was kept cannot be read", failure.text);
        return;
    }
    snprintf(kept, sizeof kept, "%s", run.results_sha256);
    struct scenario *scenario = run.obstacle == KEPT_RUN_FREE ? kept_run_scenario(&run, &diagnostics) : NULL;
    struct simulation_plan *plan = scenario ? planning_create(scenario, &diagnostics) : NULL;
    if (!plan)
        mishap(work, "cannot be repeated",
               diagnostics.kept > 0 ? diagnostics.entries[0].message : kept_run_obstacle_text(run.obstacle));
    else if (!kept_run_agrees(&run, scenario))
        mishap(work, "cannot be repeated", kept_run_obstacle_text(KEPT_RUN_SETTINGS_CHANGED));
    else
        simulate(work, scenario, plan, kept);
    work->shared->repeated++;
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    kept_run_free(&run);
}

static enum outcome outcome_of(enum run_status status) {
    return status == RUN_DEADLOCKED    ? DEADLOCKED
           : status == RUN_INTERRUPTED ? STOPPED
           : status == RUN_FAILED      ? NO_MEMORY
                                       : COMPLETE;
}

/* Into a database in memory; then it is audited and, now and then, repeated. `sha256` given: this is the repetition,
 * which must come to these results. */
static enum outcome simulate(struct work *work, struct scenario *scenario, const struct simulation_plan *plan,
                             const char *sha256) {
    struct failure failure = {{0}};
    enum outcome outcome = NO_MEMORY;
    struct database *database = database_in_memory(&failure);
    struct store *store = database ? store_create(database, &failure) : NULL;
    const struct replications_request request = {.scenario = scenario,
                                                 .plan = plan,
                                                 .simulate = simulation_run,
                                                 .command = "mutations",
                                                 .arguments = "",
                                                 .replications = 1,
                                                 .jobs = 1,
                                                 .stop = &stop_running};
    struct replications replications;
    if (store && warmup_settle(scenario, plan, &stop_running, &failure) &&
        replications_run(store, &request, &replications, &failure)) {
        const struct replication_result *result = &replications.results[0];
        outcome = outcome_of(result->status);
        const bool ended = outcome == COMPLETE || outcome == DEADLOCKED;
        if (ended && sha256 && strcmp(sha256, result->results_sha256) != 0)
            mishap(work, "repeated, it comes to other results", NULL);
        if (ended && !sha256) {
            work->shared->with_flows += scenario->traffic.flow_count > 0;
            set_alarm(SECONDS_TO_AUDIT, SECONDS_TO_STOP); /* millions of containers it may have to read, and repeat */
            audit(work, database, result->run_id);
            if (work->shared->current % REPEATED == 0 || work->loud) repeat(work, database, result->run_id);
        }
        replications_free(&replications);
    } else if (!strstr(failure.text, "memory")) {
        mishap(work, "cannot be run", failure.text);
    }
    store_destroy(store);
    database_close(database);
    return outcome;
}

/* The request, with a short horizon and all details: days are alike, and one of them will do. */
struct asked {
    struct scenario_request request;
    char *texts[8];
    const char *overrides[16];
    const char *with[1];
};

static void ask_for_one_day(struct asked *asked, const struct scenario *scenario) {
    int32_t *count = &asked->request.override_count;
    if (scenario->settings.horizon_ms > MILLISECONDS_PER_DAY || !scenario->settings.horizon_given)
        asked->overrides[(*count)++] = "horizon_days=1";
    if (scenario->settings.warmup_ms > MILLISECONDS_PER_DAY) asked->overrides[(*count)++] = "warmup_days=0.5";
    if (scenario->settings.replications > 1) asked->overrides[(*count)++] = "replications=1";
    asked->overrides[(*count)++] = "detail=full";
}

static enum outcome read_and_run(struct work *work, struct asked *asked, const struct mutated *mutated) {
    struct diagnostics diagnostics = {0};
    enum outcome outcome = REFUSED;
    struct simulation_plan *plan = NULL;
    struct scenario *scenario = scenario_read_inputs(&asked->request, mutated->files, mutated->count, &diagnostics);
    if ((scenario != NULL) != (diagnostics.errors == 0)) mishap(work, "a scenario and errors, or neither", NULL);
    if (scenario) {
        ask_for_one_day(asked, scenario);
        scenario_free(scenario);
        diagnostics_free(&diagnostics);
        scenario = scenario_read_inputs(&asked->request, mutated->files, mutated->count, &diagnostics);
        if (!scenario) mishap(work, "accepted, but not with a horizon of one day", diagnostics.entries[0].message);
    }
    if (scenario) plan = planning_create(scenario, &diagnostics);
    outcome = plan ? simulate(work, scenario, plan, NULL) : refused(work, &diagnostics);
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    return outcome;
}

static void choose_request(struct dice *dice, const struct shipped *shipped, const struct mutated *mutated,
                           bool containers, struct asked *asked) {
    const struct scenario *scenario = shipped->scenario;
    asked->request = (struct scenario_request){
        .folder = shipped->folder, .with_options = asked->with, .overrides = asked->overrides};
    if (scenario->variant_count > 0 && dice_chance(dice, 0.3))
        asked->request.variant = scenario->variants[dice_below(dice, scenario->variant_count)].id;
    if (dice_chance(dice, 0.01)) asked->request.variant = "nonsense";
    if (scenario->option_count > 0 && dice_chance(dice, 0.3)) {
        asked->with[0] = scenario->options[dice_below(dice, scenario->option_count)].id;
        asked->request.with_option_count = 1;
    }
    if (containers) asked->overrides[asked->request.override_count++] = "train_types.capacity_teu=80";
    if (!dice_chance(dice, 0.2)) return;
    for (int32_t more = 1 + dice_below(dice, 3); more > 0; more--) {
        char *text = mutation_override(dice, mutated);
        asked->texts[more] = text;
        asked->overrides[asked->request.override_count++] = text;
    }
}

static void tell_changes(const struct shipped *shipped, const struct asked *asked, const struct mutated *mutated) {
    printf("%s, variant %s", shipped->folder, asked->request.variant ? asked->request.variant : "–");
    for (int32_t i = 0; i < asked->request.with_option_count; i++) printf(", with %s", asked->with[i]);
    for (int32_t i = 0; i < asked->request.override_count; i++) printf(", set '%s'", asked->overrides[i]);
    printf("\n");
    for (int32_t i = 0; i < mutated->count; i++) {
        const struct input_file *now = &mutated->files[i];
        bool same = false;
        for (int32_t k = 0; k < shipped->scenario->input_count && !same; k++) {
            const struct input_file *old = &shipped->scenario->inputs[k];
            same = strcmp(old->path, now->path) == 0 && old->size == now->size &&
                   memcmp(old->content, now->content, old->size) == 0;
        }
        if (!same) printf("---- %s\n%.*s\n", now->path, (int)now->size, now->content);
    }
    if (mutated->count < shipped->scenario->input_count) printf("---- a file less\n");
}

/* Containers for the trains, a terminal at every station and something about money, where the scenario has none. */
static void give_containers(struct dice *dice, const struct shipped *shipped, struct mutated *mutated) {
    static const char *const laws[] = {"poisson,", "regular,", "batch,40"};
    const struct scenario *scenario = shipped->scenario;
    const struct timetable *timetable = &scenario->timetable;
    char *flows =
        text_copy("flow,origin,destination,teu_per_day,arrivals,batch_teu,tariff_usd_per_teu,due_h,share_40ft,"
                  "empties_return\n");
    char *terminals = text_copy("station,cranes,lift_s,lift_cv,yard_teu,gauge_change,closing_min,shifts\n");
    for (int32_t i = 1 + dice_below(dice, 3); i > 0; i--) {
        const struct train_plan *plan = &timetable->plans[dice_below(dice, timetable->plan_count)];
        char *longer = text_format("%sflow%d,%s,%s,%d,%s,%d,%d,%.1f,%s\n", flows, (int)i,
                                   scenario->network.stations[plan->calls[0].station].id,
                                   scenario->network.stations[plan->calls[plan->call_count - 1].station].id,
                                   (int)dice_below(dice, 600), laws[dice_below(dice, 3)], (int)dice_below(dice, 900),
                                   12 + (int)dice_below(dice, 90), 0.1 * dice_below(dice, 11),
                                   dice_chance(dice, 0.3) ? "yes" : "no");
        free(flows);
        flows = longer;
    }
    for (int32_t i = 0; i < scenario->network.station_count; i++) {
        char *longer = text_format("%s%s,%d,%d,0.2,%d,%s,%s,%s\n", terminals, scenario->network.stations[i].id,
                                   (int)dice_below(dice, 6), 30 + (int)dice_below(dice, 120),
                                   200 + (int)dice_below(dice, 900), dice_chance(dice, 0.2) ? "transship" : "",
                                   dice_chance(dice, 0.5) ? "120" : "", dice_chance(dice, 0.1) ? "06:00-22:00" : "");
        free(terminals);
        terminals = longer;
    }
    mutated_put(mutated, text_format("%s/flows.csv", shipped->folder), flows, strlen(flows));
    mutated_put(mutated, text_format("%s/terminals.csv", shipped->folder), terminals, strlen(terminals));
    char *money = text_copy("key,value\nlift_usd,40\ntrack_access_usd_per_train_km,12.5\nenergy_usd_per_kwh,0.1\n"
                            "capex_usd,8e9\nyard_usd_per_teu_day,3\ncapex_overrun,\"lognormal(0.3,0.4)\"\n");
    mutated_put(mutated, text_format("%s/economics.csv", shipped->folder), money, strlen(money));
}

static void try_case(struct work *work, int32_t number) {
    struct dice dice = {.stream = {work->seed, STREAM_TEST, 1}, .entity = (uint64_t)number};
    const struct shipped *shipped = &work->shipped[dice_below(&dice, work->shipped_count)];
    struct mutated mutated = mutated_copy(shipped->scenario->inputs, shipped->scenario->input_count);
    struct asked asked = {0};
    const double began = cpu_seconds();
    const bool containers = shipped->scenario->traffic.flow_count == 0 && dice_chance(&dice, 0.4);
    if (containers) give_containers(&dice, shipped, &mutated);
    do mutate(&dice, &mutated);
    while (dice_chance(&dice, 0.3));
    choose_request(&dice, shipped, &mutated, containers, &asked);
    if (work->loud) tell_changes(shipped, &asked, &mutated);
    work->shared->current = number;
    alarms = 0;
    atomic_store(&stop_running, false);
    set_alarm(SECONDS_TO_END, SECONDS_TO_STOP);
    const enum outcome outcome = read_and_run(work, &asked, &mutated);
    set_alarm(0, 0);
    work->shared->outcomes[outcome]++;
    const double took = cpu_seconds() - began;
    if (took > work->shared->slowest_s) work->shared->slowest_s = took, work->shared->slowest = number;
    if (work->loud) printf("outcome %d, %.2f s\n", (int)outcome, took);
    for (size_t i = 0; i < sizeof asked.texts / sizeof asked.texts[0]; i++) free(asked.texts[i]);
    mutated_free(&mutated);
}

/* ---- all of them ---- */

static void try_batch(struct work *work, int32_t first, int32_t end) {
    const struct rlimit no_core = {0, 0}, memory = {(rlim_t)3 << 30, (rlim_t)3 << 30};
    setrlimit(RLIMIT_CORE, &no_core);
    if (!SANITIZED) setrlimit(RLIMIT_AS, &memory);
    signal(SIGPROF, on_alarm);
    for (int32_t number = first; number < end; number++) try_case(work, number);
    fflush(NULL);
    _exit(0);
}

static void try_all(struct work *work, int32_t count) {
    for (int32_t first = 1; first <= count;) {
        const int32_t end = first + BATCH < count + 1 ? first + BATCH : count + 1;
        int status = 0;
        work->shared->current = first - 1;
        const pid_t child = fork();
        if (child == 0) try_batch(work, first, end);
        if (child < 0 || waitpid(child, &status, 0) != child) abort();
        if (status == 0) {
            first = end;
            continue;
        }
        char text[60];
        snprintf(text, sizeof text, WIFSIGNALED(status) ? "signal %d" : "exit %d",
                 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        const bool hangs = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_HANGS;
        mishap(work, hangs ? "hangs" : "crashes", hangs ? NULL : text);
        first = work->shared->current + 1;
    }
}

static void load(struct work *work, const char *folder) {
    struct diagnostics diagnostics = {0};
    const struct scenario_request request = {.folder = folder};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    if (!scenario) diagnostics_print(&diagnostics, stderr), exit(2);
    diagnostics_free(&diagnostics);
    if (work->shipped_count == MOST_SCENARIOS) abort();
    work->shipped[work->shipped_count++] = (struct shipped){scenario, text_copy(folder)};
}

/* Every folder below with a scenario.csv, in the order of their names. */
static void load_below(struct work *work, const char *path) {
    struct dirent **names = NULL;
    const int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *folder = text_format("%s/%s", path, names[i]->d_name), *file = text_format("%s/scenario.csv", folder);
        struct stat status;
        const bool below = names[i]->d_name[0] != '.' && stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
        if (below && access(file, R_OK) == 0)
            load(work, folder);
        else if (below)
            load_below(work, folder);
        free(file), free(folder), free(names[i]);
    }
    free(names);
}

static int report(const struct work *work, int32_t count) {
    const struct shared *shared = work->shared;
    const int64_t *outcomes = shared->outcomes;
    printf("%" PRId32 " mutations of %" PRId32 " scenarios, seed %" PRIu64 "\n", count, work->shipped_count,
           work->seed);
    printf("%6" PRId64 " refused, %" PRId64 " of them without a line: a file that is missing, an option\n",
           outcomes[REFUSED], shared->without_line);
    printf("%6" PRId64 " ran to their end, %" PRId64 " with containers\n", outcomes[COMPLETE], shared->with_flows);
    printf("%6" PRId64 " ran into a deadlock\n", outcomes[DEADLOCKED]);
    printf("%6" PRId64 " stopped in order after %d s\n", outcomes[STOPPED], (int)SECONDS_TO_END);
    printf("%6" PRId64 " ran out of memory, and said so\n", outcomes[NO_MEMORY]);
    printf("%6" PRId64 " audited, %" PRId64 " repeated from what was kept\n", shared->audited, shared->repeated);
    printf("slowest: case %" PRId32 ", %.2f s of processor time\n", shared->slowest, shared->slowest_s);
    for (int32_t i = 0; i < shared->mishaps && i < MOST_MISHAPS; i++)
        printf("case %" PRId32 ": %s\n", shared->kept[i].number, shared->kept[i].text);
    printf("%" PRId32 " mishaps\n", shared->mishaps);
    return shared->mishaps == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    const bool lengthy = getenv("BERING_TEST_LONG") != NULL, only = argc > 3 && strcmp(argv[2], "--only") == 0;
    if (argc < 2) return fprintf(stderr, "expected the folder of the project\n"), 2;
    struct work work = {.seed = argc > 3 + only ? strtoull(argv[3 + only], NULL, 10) : 1, .loud = only};
    const int32_t count = only       ? (int32_t)strtol(argv[3], NULL, 10)
                          : argc > 2 ? (int32_t)strtol(argv[2], NULL, 10)
                          : lengthy  ? 10000
                                     : 300;
    work.shared = mmap(NULL, sizeof *work.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (work.shared == MAP_FAILED) abort();
    char *data = text_format("%s/data", argv[1]);
    load_below(&work, data);
    free(data);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (only) {
        signal(SIGPROF, on_alarm);
        try_case(&work, count);
    } else {
        try_all(&work, count);
    }
    const int status = report(&work, only ? 1 : count);
    for (int32_t i = 0; i < work.shipped_count; i++)
        scenario_free(work.shipped[i].scenario), free(work.shipped[i].folder);
    munmap(work.shared, sizeof *work.shared);
    return status;
}
