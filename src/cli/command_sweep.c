/* `bering sweep`: many points of a scenario, simulated side by side. What is printed is in sweep_print.c. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "cli/sweep_print.h"
#include "cli/typed_arguments.h"
#include "study/experiment.h"
#include "study/sweep_run.h"

struct sweep_options {
    struct scenario_options scenario;
    struct option_list vary;
    bool variants, resume;
    int64_t sample, against, experiment_id, jobs; /* the first three: 0 is not given */
    const char *database;
    int format;
};

static int fail(const char *why) {
    print_complaint("sweep", "%s", why);
    return STATUS_FAILED;
}

/* Memory that is short is not the fault of the command line. */
static bool ends_in_memory(const char *what) {
    static const char short_of_it[] = "out of memory";
    const size_t length = strlen(what), end = sizeof short_of_it - 1;
    return length >= end && strcmp(what + length - end, short_of_it) == 0;
}

static int complain(const char *what) {
    if (ends_in_memory(what)) return fail(what);
    print_complaint("sweep", "%s", what);
    fprintf(stderr, "`bering help sweep` lists what it understands\n");
    return STATUS_USAGE;
}

/* --------------------------------------------------------------------------------------------------------- progress */

struct progress {
    bool terminal, shown;
    double started_s, told_s;
};

static void show(struct progress *progress) {
    progress->shown = true;
    fflush(stderr);
}

/* What takes a moment needs no word. */
static void show_reading(void *context, int32_t read, int32_t total) {
    struct progress *progress = context;
    const double now_s = run_pool_seconds();
    if (!progress->terminal || now_s < progress->started_s + 1 || now_s < progress->told_s + 0.2) return;
    progress->told_s = now_s;
    fprintf(stderr, "\r\033[Kreading: %" PRId32 " of %" PRId32 " points", read, total);
    show(progress);
}

static void show_running(void *context, const struct sweep_progress *told) {
    struct progress *progress = context;
    fprintf(stderr, "\r\033[K%" PRId64 " of %" PRId64 " runs", told->done, told->total);
    const double left_s = told->left_s;
    if (left_s >= 5400)
        fprintf(stderr, ", about %.1f h left", left_s / 3600);
    else if (left_s >= 90)
        fprintf(stderr, ", about %.0f min left", left_s / 60);
    else if (!isnan(left_s))
        fprintf(stderr, ", about %.0f s left", ceil(left_s));
    show(progress);
}

static void clear_progress(struct progress *progress) {
    if (progress->shown) fprintf(stderr, "\r\033[K");
    progress->shown = false;
}

/* ---------------------------------------------------------------------------------------------------------- running */

static void print_report(const struct sweep_report *report, int format) {
    if (format == OUTPUT_JSON)
        sweep_print_json(report);
    else if (format == OUTPUT_CSV)
        sweep_print_csv(report);
    else
        sweep_print_text(report);
}

static int exit_status(const struct sweep_results *results) {
    if (results->statuses[RUN_INTERRUPTED] > 0) return STATUS_INTERRUPTED;
    if (results->deadlocked_points > 0) fail("deadlocked at some points: some trains can never move on");
    if (results->statuses[RUN_FAILED] > 0) fail("out of memory in some run");
    return results->deadlocked_points > 0 || results->statuses[RUN_FAILED] > 0 ? STATUS_FAILED : STATUS_DONE;
}

static int run_points(const struct sweep_options *options, struct sweep_points *points, const char *arguments,
                      struct progress *progress) {
    const struct sweep_run_request request = {.points = points,
                                              .database = options->database,
                                              .command = "sweep",
                                              .arguments = arguments,
                                              .against = options->against > 0 ? (int32_t)options->against - 1 : 0,
                                              .jobs = (int32_t)options->jobs,
                                              .resume = options->resume,
                                              .experiment_id = options->experiment_id,
                                              .simulate = simulation_run,
                                              .stop = interrupt_watch(),
                                              .progress = progress->terminal ? show_running : NULL,
                                              .context = progress};
    struct sweep_results results;
    struct failure failure;
    const bool done = sweep_run(&request, &results, &failure);
    clear_progress(progress);
    if (!done) return fail(failure.text);
    const struct sweep_report report = {
        .points = points, .results = &results, .database = options->database, .arguments = arguments};
    print_report(&report, options->format);
    const int status = exit_status(&results);
    sweep_results_free(&results);
    return status;
}

/* Reads all points, and tells all that is wrong with any of them. */
static int read_and_run(const struct sweep_options *options, const struct sweep *sweep,
                        const struct scenario_request *common, const char *arguments) {
    struct progress progress = {.terminal = isatty(STDERR_FILENO) != 0, .started_s = run_pool_seconds()};
    const struct sweep_points_request request = {
        .sweep = sweep, .common = common, .stop = interrupt_watch(), .progress = show_reading, .context = &progress};
    struct sweep_points points;
    struct diagnostics diagnostics = {0};
    struct failure failure = {""};
    const enum sweep_points_result result = sweep_points_read(&request, &points, &diagnostics, &failure);
    clear_progress(&progress);
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    int status = STATUS_FAILED; /* SWEEP_POINTS_WRONG: most is said already */
    if (result == SWEEP_POINTS_FAILED || (result == SWEEP_POINTS_WRONG && failure.text[0] != '\0')) fail(failure.text);
    if (result == SWEEP_POINTS_TOO_MANY) status = complain(failure.text);
    if (result == SWEEP_POINTS_STOPPED) {
        fprintf(stderr, "bering sweep: interrupted before the first run\n");
        status = STATUS_INTERRUPTED;
    }
    if (result != SWEEP_POINTS_READ) return status;
    status = run_points(options, &points, arguments, &progress);
    sweep_points_free(&points);
    return status;
}

/* --------------------------------------------------------------------------------------------------- what is varied */

static int vary_all(const struct sweep_options *options, struct sweep *sweep) {
    for (int32_t index = 0; index < options->vary.count; index++) {
        struct failure failure, told;
        if (sweep_vary(sweep, options->vary.values[index], &failure)) continue;
        failure_set(&told, "--vary %.*s: %s", text_shown(options->vary.values[index]), options->vary.values[index],
                    failure.text);
        return complain(told.text);
    }
    return STATUS_DONE;
}

/* There is something wrong with variants.csv, or nothing in it; whatever else is wrong is told with it. */
static int complain_of_variants(const struct scenario_request *common, struct diagnostics *diagnostics) {
    struct diagnostics all = {0};
    scenario_free(scenario_read(common, &all));
    if (all.errors == 0 && diagnostics->errors == 0)
        diagnostics_error(diagnostics, common->folder, 0, 0,
                          "no variants to vary, expected some in variants.csv of the scenario");
    diagnostics_print(all.errors > 0 ? &all : diagnostics, stderr);
    diagnostics_free(&all);
    return STATUS_FAILED;
}

static int vary_variants(const struct scenario_request *common, struct sweep *sweep) {
    struct diagnostics diagnostics = {0};
    struct failure failure;
    char **names = NULL;
    int32_t count = 0;
    int status = STATUS_DONE;
    if (!scenario_variant_names(common->folder, &diagnostics, &names, &count) || diagnostics.errors > 0 || count == 0)
        status = complain_of_variants(common, &diagnostics);
    else if (!sweep_vary_variants(sweep, names, count, &failure))
        status = complain(failure.text);
    scenario_variant_names_free(names, count);
    diagnostics_free(&diagnostics);
    return status;
}

static bool varies(const struct sweep *sweep, const char *name) {
    for (int32_t key = 0; key < sweep_key_count(sweep); key++)
        if (strcmp(sweep_key(sweep, key), name) == 0) return true;
    return false;
}

static int finish_sweep(const struct sweep_options *options, struct sweep *sweep) {
    struct failure failure;
    if (!sweep_finish(sweep, options->sample, &failure)) return complain(failure.text);
    if (varies(sweep, "variant") && options->scenario.variant != NULL)
        return complain("--variant and the variants varied, expected one or the other");
    if (varies(sweep, "schedule") && options->scenario.schedules.count > 0)
        return complain("--schedule and the schedule varied, expected one or the other");
    if (options->experiment_id > 0 && !options->resume)
        return complain("--experiment without --resume, expected both or neither");
    if (options->against <= sweep_point_count(sweep)) return STATUS_DONE;
    failure_set(&failure, "--against %" PRId64 ", and there are %" PRId32 " points, expected one of them",
                options->against, sweep_point_count(sweep));
    return complain(failure.text);
}

static int sweep_with(const struct sweep_options *options, const struct scenario_request *common, struct sweep *sweep,
                      const char *arguments) {
    interrupt_watch(); /* what is read can be long, too */
    int status = vary_all(options, sweep);
    if (status == STATUS_DONE && options->variants) status = vary_variants(common, sweep);
    if (status == STATUS_DONE) status = finish_sweep(options, sweep);
    return status == STATUS_DONE ? read_and_run(options, sweep, common, arguments) : status;
}

static int sweep_folder(const struct sweep_options *options, const char *folder, int argc, char **argv) {
    struct scenario_options_texts texts = {0};
    struct scenario_request common;
    struct sweep *sweep = sweep_create();
    char *arguments = arguments_as_typed(argc, argv);
    const bool memory =
        sweep != NULL && arguments != NULL && scenario_options_request(&options->scenario, folder, &texts, &common);
    const int status = memory ? sweep_with(options, &common, sweep, arguments) : fail("out of memory");
    scenario_options_release(&texts);
    free(arguments);
    sweep_free(sweep);
    return status;
}

/* ----------------------------------------------------------------------------------------------------- command line */

enum { OWN_OPTIONS = 9 };

static void declare_own(struct sweep_options *values, struct option *options) {
    const struct option own[OWN_OPTIONS] = {
        {.name = "vary",
         .kind = OPTION_LIST,
         .value = "KEY=VALUES",
         .target = &values->vary,
         .pair = true,
         .help = "KEY as for --set, VALUES as in 1,2,4 or 1:4 or 0.5:2:0.5"},
        {.name = "variants",
         .kind = OPTION_FLAG,
         .target = &values->variants,
         .help = "every row of variants.csv, too"},
        {.name = "sample",
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values->sample,
         .minimum = 1,
         .maximum = SWEEP_MOST_RUNS,
         .help = "N points spread evenly (Sobol) in place of the grid"},
        {.name = "against",
         .kind = OPTION_INTEGER,
         .value = "POINT",
         .target = &values->against,
         .minimum = 1,
         .maximum = SWEEP_MOST_RUNS,
         .help = "the point that the others are compared with (1)"},
        {.name = "resume",
         .kind = OPTION_FLAG,
         .target = &values->resume,
         .help = "goes on with the sweep that was cut off last"},
        {.name = "experiment",
         .kind = OPTION_INTEGER,
         .value = "ID",
         .target = &values->experiment_id,
         .minimum = 1,
         .maximum = INT64_MAX,
         .help = "with --resume: which sweep"},
        {.name = "jobs",
         .letter = 'j',
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values->jobs,
         .minimum = 1,
         .maximum = EXPERIMENT_MOST_JOBS,
         .help = "runs side by side (one for each processor)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .value = "FILE",
         .target = &values->database,
         .help = "the database to append to (bering.db)"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = OUTPUT_FORMATS,
         .target = &values->format,
         .help = "how to print (text)"},
    };
    memcpy(options, own, sizeof own);
}

int command_sweep(int argc, char **argv) {
    struct sweep_options values = {.scenario = SCENARIO_OPTIONS_NONE,
                                   .database = "bering.db",
                                   .jobs = experiment_default_jobs(),
                                   .format = OUTPUT_TEXT};
    struct option options[OWN_OPTIONS + SCENARIO_OPTION_COUNT] = {0};
    declare_own(&values, options);
    scenario_options_declare(&values.scenario, options + OWN_OPTIONS);
    const struct command_line line = {
        .command = "sweep",
        .arguments = "SCENARIO",
        .purpose = "Simulates the scenario at every point of a grid of settings, or at a sample of points, with the\n"
                   "same random numbers at each, and compares the points. Cut off at any moment, it can be gone on\n"
                   "with: the same command and --resume.",
        .options = options,
        .option_count = OWN_OPTIONS + SCENARIO_OPTION_COUNT,
        .least_arguments = 1,
        .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("out of memory");
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = options_status(result);
    if (result == OPTIONS_READY) status = sweep_folder(&values, arguments[0], argc, argv);
    options_free(&line);
    free(arguments);
    return status;
}
