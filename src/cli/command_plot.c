/* `bering plot`: charts from a database. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "chart/chart.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"

struct plot_options {
    const char *database;
    int64_t run_id, experiment_id; /* 0: not given */
    const char *variant, *from, *to, *output;
    bool list;
    int format;
};

static int complain(const char *what, const char *value) {
    print_complaint("plot", "%s '%s'; `bering help plot` says more", what, value);
    return STATUS_USAGE;
}

static int complain_of_kind(const char *name) {
    const char *names[CHART_KIND_COUNT];
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) names[kind] = chart_kinds[kind].name;
    const char *meant = nearest_word(name, names, CHART_KIND_COUNT);
    if (meant == NULL)
        print_complaint("plot", "unknown chart '%s'; `bering plot --list` lists the kinds", name);
    else
        print_complaint("plot", "unknown chart '%s'; did you mean '%s'?", name, meant);
    return STATUS_USAGE;
}

static int list_kinds(int format) {
    if (format == OUTPUT_TEXT) {
        for (int kind = 0; kind < CHART_KIND_COUNT; kind++)
            printf("%-10s  %s\n", chart_kinds[kind].name, chart_kinds[kind].purpose);
        return STATUS_DONE;
    }
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_array_begin(&json, "kinds");
    for (int kind = 0; kind < CHART_KIND_COUNT; kind++) {
        json_object_begin(&json, NULL);
        json_text(&json, "kind", chart_kinds[kind].name);
        json_text(&json, "purpose", chart_kinds[kind].purpose);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return STATUS_DONE;
}

/* The picture would take the place of the file that it is drawn from. */
static bool is_same_file(const char *one, const char *other) {
    struct stat first, second;
    return stat(one, &first) == 0 && stat(other, &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/* `traingraph.svg` in the folder of the database. The caller frees it. */
static char *output_beside(const char *database, const char *kind) {
    const char *slash = strrchr(database, '/');
    const int folder = slash == NULL ? 0 : (int)(slash - database) + 1;
    const size_t size = (size_t)folder + strlen(kind) + sizeof ".svg";
    char *path = malloc(size);
    if (path != NULL) snprintf(path, size, "%.*s%s.svg", folder, database, kind);
    return path;
}

static void print_result(const struct chart_kind *kind, const char *path, const struct chart_result *result,
                         int format) {
    if (format == OUTPUT_TEXT) {
        printf("%s\n", path);
        return;
    }
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "kind", kind->name);
    json_text(&json, "file", path);
    if (result->run_id != 0) json_integer(&json, "run_id", result->run_id);
    if (result->experiment_id != 0) json_integer(&json, "experiment_id", result->experiment_id);
    if (kind->takes & TAKES_WINDOW) {
        json_integer(&json, "from_ms", result->from_ms);
        json_integer(&json, "to_ms", result->to_ms);
    }
    json_integer(&json, result->item, result->items);
    json_object_end(&json);
}

static int draw(const struct plot_options *options, const struct chart_kind *kind, const struct chart_request *request,
                const char *path) {
    const atomic_bool *interrupted = interrupt_watch(); /* so that nothing half done is left behind */
    struct failure failure;
    struct chart_result result;
    struct database *database = database_open(options->database, DATABASE_READ, DATABASE_PATIENCE_MS, &failure);
    const bool drawn = database != NULL && chart_draw(kind, database, request, path, &result, &failure);
    database_close(database);
    if (!drawn && atomic_load(interrupted)) {
        fprintf(stderr, "bering plot: interrupted, nothing was drawn\n");
        return STATUS_INTERRUPTED;
    }
    if (!drawn) {
        print_complaint("plot", "%s", failure.text);
        return STATUS_FAILED;
    }
    if (kind->takes & TAKES_WINDOW && result.items == 0)
        fprintf(stderr, "bering plot: no train is on the line in the hours shown\n");
    if (result.left_out > 0)
        fprintf(stderr, "bering plot: no room for %" PRId32 " more %s\n", result.left_out, result.item);
    print_result(kind, path, &result, options->format);
    return STATUS_DONE;
}

/* What can be said without the run: a time of day and a moment of the run are told apart by it alone. */
static bool in_order(struct graph_time from, struct graph_time to) {
    return from.kind == TIME_OPEN || from.kind != to.kind || to.ms - from.ms >= LEAST_WINDOW_MS;
}

/* An option that says nothing about this kind of chart is a mistake, and better told than passed over. */
static const char *option_too_many(const struct plot_options *options, const struct chart_kind *kind) {
    if (!(kind->takes & TAKES_RUN) && options->run_id != 0) return "--run";
    if (!(kind->takes & TAKES_WINDOW) && options->from != NULL) return "--from";
    if (!(kind->takes & TAKES_WINDOW) && options->to != NULL) return "--to";
    if (!(kind->takes & TAKES_EXPERIMENT) && options->experiment_id != 0) return "--experiment";
    if (!(kind->takes & TAKES_EXPERIMENT) && options->variant != NULL) return "--variant";
    if (options->run_id != 0 && options->experiment_id != 0) return "--experiment beside --run";
    if (options->run_id != 0 && options->variant != NULL) return "--variant beside --run";
    return NULL;
}

static int plot(const struct plot_options *options, const char *name) {
    struct chart_request request = {
        .run_id = options->run_id, .experiment_id = options->experiment_id, .variant = options->variant};
    enum picture_format format;
    const struct chart_kind *kind = chart_kind_of(name);
    if (kind == NULL) return complain_of_kind(name);
    const char *too_many = option_too_many(options, kind);
    if (too_many != NULL) {
        fprintf(stderr, "bering plot: %s says nothing about a chart of %s; `bering help plot` says more\n", too_many,
                name);
        return STATUS_USAGE;
    }
    if (options->from != NULL && !graph_time_parse(options->from, &request.from))
        return complain("--from takes HH:MM, D HH:MM or hours, not", options->from);
    if (options->to != NULL && !graph_time_parse(options->to, &request.to))
        return complain("--to takes HH:MM, D HH:MM or hours, not", options->to);
    if (!in_order(request.from, request.to)) {
        print_complaint("plot",
                        "--to must be after --from, by a minute or more, unlike '%s' after '%s'; hours over 24 mean "
                        "later days",
                        options->to, options->from);
        return STATUS_USAGE;
    }
    if (options->output != NULL && !picture_format_of(options->output, &format))
        return complain("the output must end in .svg, .png or .pdf, unlike", options->output);
    char *beside = options->output == NULL ? output_beside(options->database, name) : NULL;
    const char *path = options->output != NULL ? options->output : beside;
    if (path == NULL) {
        fprintf(stderr, "bering plot: out of memory\n");
        return STATUS_FAILED;
    }
    const bool lost = is_same_file(path, options->database);
    if (lost)
        print_complaint("plot",
                        "the picture '%s' would take the place of the database; name another file with --output", path);
    const int status = lost ? STATUS_USAGE : draw(options, kind, &request, path);
    free(beside);
    return status;
}

int command_plot(int argc, char **argv) {
    struct plot_options chosen = {.database = "bering.db"};
    const struct option options[] = {
        {.name = "db",
         .kind = OPTION_TEXT,
         .value = "FILE",
         .target = &chosen.database,
         .help = "the database (bering.db)"},
        {.name = "run",
         .kind = OPTION_INTEGER,
         .value = "ID",
         .target = &chosen.run_id,
         .minimum = 1,
         .maximum = INT64_MAX,
         .help = "which run (the last complete one)"},
        {.name = "experiment",
         .kind = OPTION_INTEGER,
         .value = "ID",
         .target = &chosen.experiment_id,
         .minimum = 1,
         .maximum = INT64_MAX,
         .help = "which study, sweep or appraisal (the latest)"},
        {.name = "variant",
         .kind = OPTION_TEXT,
         .value = "NAME",
         .target = &chosen.variant,
         .help = "only this variant of it (all)"},
        {.name = "from",
         .kind = OPTION_TEXT,
         .value = "T",
         .target = &chosen.from,
         .help = "the first moment shown, T as above (where the first measured day begins)"},
        {.name = "to",
         .kind = OPTION_TEXT,
         .value = "T",
         .target = &chosen.to,
         .help = "the last, T likewise (a day later)"},
        {.name = "output",
         .letter = 'o',
         .kind = OPTION_TEXT,
         .value = "FILE",
         .target = &chosen.output,
         .help = "the picture, .svg, .png or .pdf (KIND.svg beside the database)"},
        {.name = "list", .kind = OPTION_FLAG, .target = &chosen.list, .help = "lists the kinds of chart"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = "text|json",
         .target = &chosen.format,
         .help = "how to print what was drawn (text)"},
    };
    const struct command_line line = {
        .command = "plot",
        .arguments = "KIND",
        .purpose =
            "Draws a chart from the database, with gnuplot. KIND, of a run:\n"
            "  traingraph   trains over distance and time, and how long each section was occupied\n"
            "  stairway     blocking times: which train holds which block; needs --detail blocks\n"
            "  revenue      what it earned and spent by day, month or year\n"
            "  waiting      TEU waiting for their first train, flow by flow, and those refused\n"
            "  transit      how long containers take and when they are due; needs --detail containers\n"
            "of a study by `bering capacity`:\n"
            "  delay        delay against demand, with the limit and the answers it gives\n"
            "  capacity     trains a day by variant: theoretical, compressed, saturated, practical\n"
            "of either:\n"
            "  occupation   how full each section is: compressed, or as a run used it\n"
            "of a sweep or any experiment with money:\n"
            "  earnings     revenue, cost and margin a day against trains a day, with the capacity\n"
            "of an appraisal:\n"
            "  cash         all money so far, discounted, with the fan of its cases\n"
            "  tornado      what each uncertain assumption does to its value\n"
            "T is HH:MM of the first measured day, where hours over 24 mean the days after it (25:30), D HH:MM of\n"
            "day D of the run (from 1), or a number of hours from its start. --to must be after --from.",
        .options = options,
        .option_count = sizeof options / sizeof *options,
        .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) {
        fprintf(stderr, "bering plot: out of memory\n");
        return STATUS_FAILED;
    }
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    const char *kind = argument_count > 0 ? arguments[0] : NULL;
    free(arguments);
    if (result != OPTIONS_READY) return options_status(result);
    if (chosen.list) return list_kinds(chosen.format);
    if (kind == NULL) {
        fprintf(stderr, "bering plot: which chart? `bering plot --list` lists the kinds\n");
        return STATUS_USAGE;
    }
    return plot(&chosen, kind);
}
