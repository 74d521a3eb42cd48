/* `bering check`: reads a scenario, reports every error, prints what was understood. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/check_report.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "study/planning.h"

static void report(const struct scenario *scenario, const struct running_table *table,
                   const struct diagnostics *diagnostics, int format) {
    if (format == OUTPUT_JSON)
        check_report_json(scenario, table, diagnostics);
    else if (format == OUTPUT_CSV)
        check_report_csv(scenario, table);
    else
        check_report_text(scenario, table, diagnostics);
}

/* What only shows when trains are put on their routes: one that stalls on a gradient, say. */
static void try_plan(const struct scenario *scenario, struct diagnostics *diagnostics) {
    simulation_plan_destroy(planning_create(scenario, diagnostics));
}

static int check(const struct scenario_options *options, const char *folder, int format) {
    struct diagnostics diagnostics = {0};
    struct running_table table = {0};
    struct scenario *scenario = scenario_options_read(options, folder, &diagnostics);
    if (scenario != NULL) try_plan(scenario, &diagnostics);
    if (scenario != NULL && !running_table_make(scenario, &table)) diagnostics_no_memory(&diagnostics, folder);
    diagnostics_print(&diagnostics, stderr);
    if (scenario != NULL)
        report(scenario, &table, &diagnostics, format);
    else if (format == OUTPUT_JSON)
        check_report_json(NULL, NULL, &diagnostics);
    const int status = diagnostics.errors == 0 ? STATUS_DONE : STATUS_FAILED;
    running_table_free(&table);
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    return status;
}

int command_check(int argc, char **argv) {
    struct scenario_options values = SCENARIO_OPTIONS_NONE;
    int format = OUTPUT_TEXT;
    struct option options[SCENARIO_OPTION_COUNT + 1];
    scenario_options_declare(&values, options);
    options[SCENARIO_OPTION_COUNT] = (struct option){.name = "format",
                                                     .kind = OPTION_CHOICE,
                                                     .choices = OUTPUT_FORMATS,
                                                     .target = &format,
                                                     .help = "how to print (text)"};
    const struct command_line line = {.command = "check",
                                      .arguments = "SCENARIO",
                                      .purpose = "Reads the scenario in the folder SCENARIO, reports every error and "
                                                 "prints what was understood.\nWrites nothing.",
                                      .options = options,
                                      .option_count = SCENARIO_OPTION_COUNT + 1,
                                      .least_arguments = 1,
                                      .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) {
        fprintf(stderr, "bering check: out of memory\n");
        return STATUS_FAILED;
    }
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = options_status(result);
    if (result == OPTIONS_READY) status = check(&values, arguments[0], format);
    options_free(&line);
    free(arguments);
    return status;
}
