/* `bering run`: simulates a scenario and writes it to the database. What is printed is in run_summary.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/run_summary.h"
#include "cli/scenario_options.h"
#include "cli/typed_arguments.h"
#include "study/experiment.h"
#include "study/planning.h"
#include "study/warmup.h"

struct run_options {
    struct scenario_options scenario;
    const char *database;
    int64_t jobs;
    int format;
};

static int fail(const char *why) {
    print_complaint("run", "%s", why);
    return STATUS_FAILED;
}

/* Progress has its own line, which is written over. */
static void show_progress(void *context, const struct replications_progress *progress) {
    (void)context;
    if (progress->total == 1)
        fprintf(stderr, "\rsimulating, %.0f s ", progress->elapsed_s);
    else
        fprintf(stderr, "\r%d of %d replications, %.0f s ", progress->done, progress->total, progress->elapsed_s);
    fflush(stderr);
}

static void clear_progress(void) {
    fprintf(stderr, "\r%*s\r", 60, "");
}

static int exit_status(const struct replications *replications) {
    if (replications->interrupted > 0) return STATUS_INTERRUPTED;
    return replications->deadlocked > 0 || replications->failed > 0 ? STATUS_FAILED : STATUS_DONE;
}

static void print_summary(const struct run_report *report, int format) {
    if (format == OUTPUT_JSON)
        run_summary_json(report);
    else if (format == OUTPUT_CSV)
        run_summary_csv(report);
    else
        run_summary_text(report);
}

static int run_plan(const struct run_options *options, const struct scenario *scenario,
                    const struct simulation_plan *plan, const char *arguments) {
    const bool terminal = isatty(STDERR_FILENO);
    const struct experiment_request request = {.scenario = scenario,
                                               .plan = plan,
                                               .database = options->database,
                                               .command = "run",
                                               .arguments = arguments,
                                               .jobs = (int32_t)options->jobs,
                                               .stop = interrupt_watch(),
                                               .progress = terminal ? show_progress : NULL};
    struct replications replications;
    struct failure failure;
    const bool done = experiment_run(&request, &replications, &failure);
    if (terminal) clear_progress();
    if (!done) return fail(failure.text);
    const struct run_report report = {
        .scenario = scenario, .replications = &replications, .database = options->database};
    print_summary(&report, options->format);
    const int status = exit_status(&replications);
    if (replications.deadlocked > 0) fail("deadlocked: some trains can never move on");
    if (replications.failed > 0) fail("out of memory in some replication");
    replications_free(&replications);
    return status;
}

static int run_scenario(const struct run_options *options, struct scenario *scenario, const char *arguments) {
    struct diagnostics diagnostics = {0};
    struct simulation_plan *plan = planning_create(scenario, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    if (plan == NULL) return STATUS_FAILED;
    struct failure failure;
    const bool settled = warmup_settle(scenario, plan, interrupt_watch(), &failure);
    const int status = settled ? run_plan(options, scenario, plan, arguments) : fail(failure.text);
    simulation_plan_destroy(plan);
    return status;
}

static int read_and_run(const struct run_options *options, const char *folder, int argc, char **argv) {
    interrupt_watch(); /* what is read can be long, too */
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = scenario_options_read(&options->scenario, folder, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    if (scenario == NULL) return STATUS_FAILED;
    char *arguments = arguments_as_typed(argc, argv);
    const int status = arguments != NULL ? run_scenario(options, scenario, arguments) : fail("out of memory");
    free(arguments);
    scenario_free(scenario);
    return status;
}

int command_run(int argc, char **argv) {
    struct run_options values = {.scenario = SCENARIO_OPTIONS_NONE,
                                 .database = "bering.db",
                                 .jobs = experiment_default_jobs(),
                                 .format = OUTPUT_TEXT};
    struct option options[SCENARIO_OPTION_COUNT + 3] = {0};
    scenario_options_declare(&values.scenario, options);
    options[SCENARIO_OPTION_COUNT] = (struct option){.name = "jobs",
                                                     .letter = 'j',
                                                     .kind = OPTION_INTEGER,
                                                     .value = "N",
                                                     .target = &values.jobs,
                                                     .minimum = 1,
                                                     .maximum = EXPERIMENT_MOST_JOBS,
                                                     .help = "replications side by side (one for each processor)"};
    options[SCENARIO_OPTION_COUNT + 1] = (struct option){.name = "db",
                                                         .kind = OPTION_TEXT,
                                                         .value = "FILE",
                                                         .target = &values.database,
                                                         .help = "the database to append to (bering.db)"};
    options[SCENARIO_OPTION_COUNT + 2] = (struct option){.name = "format",
                                                         .kind = OPTION_CHOICE,
                                                         .choices = OUTPUT_FORMATS,
                                                         .target = &values.format,
                                                         .help = "how to print (text)"};
    const struct command_line line = {.command = "run",
                                      .arguments = "SCENARIO",
                                      .purpose = "Simulates the scenario in the folder SCENARIO, writes the results to "
                                                 "the database and prints a summary.",
                                      .options = options,
                                      .option_count = SCENARIO_OPTION_COUNT + 3,
                                      .least_arguments = 1,
                                      .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("out of memory");
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = options_status(result);
    if (result == OPTIONS_READY) status = read_and_run(&values, arguments[0], argc, argv);
    options_free(&line);
    free(arguments);
    return status;
}
