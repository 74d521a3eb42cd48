/* `bering appraise`: does it pay? Scenarios and variants side by side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/appraise_print.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "cli/typed_arguments.h"
#include "results/words.h"
#include "scenario/text.h"
#include "study/appraisal_store.h"
#include "study/planning.h"

enum { MOST_COLUMNS = 24 };

struct appraise_options {
    struct scenario_options scenario;
    struct option_list variants;
    const char *capacity; /* practical, saturated or a number */
    const char *database;
    int64_t samples, jobs;
    int viewpoint; /* −1: the scenario's */
    int format;
};

/* One column on its way. */
struct opened {
    struct scenario *scenario;
    struct simulation_plan *plan;
    char *arguments; /* that `run` and `capacity` would be given for the same */
};

struct work {
    const struct appraise_options *options;
    struct opened opened[MOST_COLUMNS];
    struct appraise_column columns[MOST_COLUMNS];
    int32_t count;
};

static int fail(const char *text) {
    print_complaint("appraise", "%s", text);
    return STATUS_FAILED;
}

/* ---- reading ---- */

/* The scenario's options with one variant, and what else the command line says of it. */
struct asked {
    struct scenario_options options;
    const char **overrides;
    char viewpoint[64];
};

static const char *const viewpoint_words[] = {"project", "manager", "operator"};

static bool ask(const struct appraise_options *options, const char *variant, struct asked *asked) {
    const struct option_list given = options->scenario.overrides;
    *asked = (struct asked){.options = options->scenario,
                            .overrides = calloc((size_t)given.count + 1, sizeof *asked->overrides)};
    if (asked->overrides == NULL) return false;
    for (int32_t i = 0; i < given.count; i++) asked->overrides[i] = given.values[i];
    asked->options.variant = variant;
    asked->options.detail = DETAIL_TRAINS;
    asked->options.overrides = (struct option_list){asked->overrides, given.count};
    if (options->viewpoint < 0) return true;
    snprintf(asked->viewpoint, sizeof asked->viewpoint, "economics[viewpoint].value=%s",
             viewpoint_words[options->viewpoint]);
    asked->overrides[asked->options.overrides.count++] = asked->viewpoint;
    return true;
}

struct words {
    char **values;
    int count;
};

static void add_words(struct words *words, const char *flag, const char *value) {
    words->values[words->count++] = (char *)flag;
    words->values[words->count++] = (char *)value;
}

static void add_list(struct words *words, const char *flag, const struct option_list *list) {
    for (int32_t i = 0; i < list->count; i++) add_words(words, flag, list->values[i]);
}

/* What `bering run` would have to be given for the same traffic. */
static char *evidence_arguments(const struct scenario_options *options, const char *folder) {
    char replications[24], seed[24];
    const size_t room = 16 + 2 * (size_t)(options->schedules.count + options->with.count + options->overrides.count);
    struct words words = {calloc(room, sizeof *words.values), 0};
    if (words.values == NULL) return NULL;
    snprintf(replications, sizeof replications, "%lld", (long long)options->replications);
    snprintf(seed, sizeof seed, "%lld", (long long)options->seed);
    add_words(&words, "run", folder);
    add_list(&words, "--schedule", &options->schedules);
    add_list(&words, "--with", &options->with);
    if (options->variant != NULL) add_words(&words, "--variant", options->variant);
    add_list(&words, "--set", &options->overrides);
    if (options->days != NULL) add_words(&words, "--days", options->days);
    if (options->warmup != NULL) add_words(&words, "--warmup", options->warmup);
    if (options->replications >= 0) add_words(&words, "--replications", replications);
    if (options->seed >= 0) add_words(&words, "--seed", seed);
    add_words(&words, "--detail", "trains");
    char *text = arguments_as_typed(words.count, words.values);
    free(words.values);
    return text;
}

static bool open_column(struct work *work, const char *folder, const char *variant) {
    struct opened *opened = &work->opened[work->count++];
    struct diagnostics diagnostics = {0};
    struct asked asked;
    const bool asking = ask(work->options, variant, &asked);
    if (asking) opened->scenario = scenario_options_read(&asked.options, folder, &diagnostics);
    if (opened->scenario != NULL) {
        project_traffic_possible(opened->scenario, &diagnostics);
        opened->plan = planning_create(opened->scenario, &diagnostics);
    }
    if (asking) opened->arguments = evidence_arguments(&asked.options, folder);
    if (opened->arguments == NULL && diagnostics.errors == 0) diagnostics_no_memory(&diagnostics, folder);
    const bool right = opened->plan != NULL && diagnostics.errors == 0;
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    free(asked.overrides);
    return right && opened->arguments != NULL;
}

static bool has_variant(const char *folder, const char *variant) {
    struct diagnostics diagnostics = {0}; /* what is wrong is told when the scenario is read */
    char **names = NULL;
    int32_t count = 0;
    bool found = false;
    if (scenario_variant_names(folder, &diagnostics, &names, &count)) {
        for (int32_t i = 0; i < count; i++) found |= strcmp(names[i], variant) == 0;
        scenario_variant_names_free(names, count);
    }
    diagnostics_free(&diagnostics);
    return found;
}

/* A scenario as each of its variants that are asked for. One among several that has none of them is taken as it is. */
static bool open_scenario(struct work *work, const char *folder, bool alone) {
    const struct option_list *variants = &work->options->variants;
    bool read = true; /* what is wrong is the same in most variants, and told once */
    int32_t opened = 0;
    for (int32_t v = 0; read && v < variants->count; v++) {
        if (!alone && !has_variant(folder, variants->values[v])) continue;
        read = open_column(work, folder, variants->values[v]);
        opened++;
    }
    return opened > 0 || !read ? read : open_column(work, folder, NULL);
}

/* Several scenarios share the variants: each has to be one of some scenario's. */
static bool variants_are_known(const struct option_list *variants, const char *const *folders, int32_t folder_count) {
    bool known = true;
    for (int32_t v = 0; v < variants->count; v++) {
        bool found = false;
        for (int32_t f = 0; f < folder_count && !found; f++) found = has_variant(folders[f], variants->values[v]);
        known &= found;
        if (found) continue;
        print_complaint("appraise", "no scenario has a variant '%s', expected a row of some variants.csv",
                        variants->values[v]);
    }
    return known;
}

/* All are read before anything is simulated. */
static bool open_all(struct work *work, const char *const *folders, int32_t folder_count) {
    const struct option_list *variants = &work->options->variants;
    const int32_t each = variants->count > 0 ? variants->count : 1;
    bool good = true;
    if ((int64_t)folder_count * each > MOST_COLUMNS) {
        fprintf(stderr,
                "bering appraise: %d scenarios in %d variants are more than %d columns; ask for fewer at once\n",
                (int)folder_count, (int)each, MOST_COLUMNS);
        return false;
    }
    if (folder_count > 1 && !variants_are_known(variants, folders, folder_count)) return false;
    for (int32_t f = 0; f < folder_count; f++) good &= open_scenario(work, folders[f], folder_count == 1);
    return good;
}

/* The last part of a path, without slashes behind it. */
static const char *folder_name(const char *folder, int *length) {
    size_t end = strlen(folder);
    while (end > 1 && folder[end - 1] == '/') end--;
    size_t start = end;
    while (start > 0 && folder[start - 1] != '/') start--;
    *length = (int)(end - start);
    return folder + start;
}

/* "tunnel-2025, bare": as much as tells one column from another. */
static char *label_of(const struct work *work, int32_t index, bool several_scenarios) {
    char label[400];
    const struct scenario *scenario = work->opened[index].scenario;
    const char *variant = scenario->variant;
    int length = 0;
    const char *name = folder_name(scenario->folder, &length);
    if (several_scenarios)
        snprintf(label, sizeof label, "%.*s%s%s", length, name, variant != NULL ? ", " : "",
                 variant != NULL ? variant : "");
    else
        snprintf(label, sizeof label, "%s", variant != NULL ? variant : "as it is");
    return strdup(text_make_printable(label));
}

static bool label_all(struct work *work) {
    bool several = false, good = true;
    for (int32_t i = 1; i < work->count; i++)
        several |= strcmp(work->opened[i].scenario->folder, work->opened[0].scenario->folder) != 0;
    for (int32_t i = 0; i < work->count; i++) {
        work->columns[i].scenario = work->opened[i].scenario;
        work->columns[i].label = label_of(work, i, several);
        good &= work->columns[i].label != NULL;
    }
    return good;
}

/* ---- answering ---- */

struct shown {
    const char *label;
    bool terminal;
};

static void show(void *context, enum project_step step, double share_done) {
    static const char *const names[] = {"trains a day", "traffic", "money"};
    const struct shown *shown = context;
    if (!shown->terminal) return;
    fprintf(stderr, "\r\033[K%s: %s, %.0f %%", shown->label, names[step], 100 * share_done);
    fflush(stderr);
}

static enum capacity_answer wanted_answer(const char *capacity) {
    if (strcmp(capacity, capacity_answer_word(CAPACITY_ANSWER_PRACTICAL)) == 0) return CAPACITY_ANSWER_PRACTICAL;
    if (strcmp(capacity, capacity_answer_word(CAPACITY_ANSWER_SATURATED)) == 0) return CAPACITY_ANSWER_SATURATED;
    return CAPACITY_ANSWER_GIVEN;
}

static bool answer(struct work *work, int32_t index, struct failure *failure) {
    const struct appraise_options *options = work->options;
    struct opened *opened = &work->opened[index];
    struct appraise_column *column = &work->columns[index];
    struct shown shown = {column->label, isatty(STDERR_FILENO) != 0};
    const struct project_request request = {.scenario = opened->scenario,
                                            .plan = opened->plan,
                                            .answer = wanted_answer(options->capacity),
                                            .given_per_day = strtod(options->capacity, NULL),
                                            .samples = (int32_t)options->samples,
                                            .database = options->database,
                                            .arguments = opened->arguments,
                                            .jobs = (int32_t)options->jobs,
                                            .stop = interrupt_watch(),
                                            .progress = show,
                                            .context = &shown};
    struct failure of_one = {""};
    const bool good = project_appraise(&request, &column->project, &of_one);
    if (shown.terminal) fprintf(stderr, "\r\033[K");
    if (!good && work->count > 1)
        failure_set(failure, "%s: %s", column->label, of_one.text);
    else if (!good)
        *failure = of_one;
    return good;
}

static bool keep(const struct work *work, const char *arguments, int64_t *experiment_id, struct failure *failure) {
    struct appraised appraised[MOST_COLUMNS];
    for (int32_t i = 0; i < work->count; i++)
        appraised[i] = (struct appraised){work->columns[i].scenario, &work->columns[i].project};
    return appraisal_store(work->options->database, arguments, appraised, work->count, experiment_id, failure);
}

static void print(const struct appraise_report *report, int format) {
    if (format == OUTPUT_JSON)
        appraise_print_json(report);
    else if (format == OUTPUT_CSV)
        appraise_print_csv(report);
    else
        appraise_print_text(report);
}

static int answer_all(struct work *work, const char *arguments) {
    struct failure failure = {""};
    int64_t experiment_id = 0;
    bool good = label_all(work) || failure_set(&failure, "there is not enough memory");
    good = good && database_can_be_written(work->options->database, DATABASE_PATIENCE_MS, &failure);
    for (int32_t i = 0; good && i < work->count; i++) good = answer(work, i, &failure);
    good = good && keep(work, arguments, &experiment_id, &failure);
    if (good) {
        const struct appraise_report report = {work->columns, work->count, work->options->database, experiment_id};
        print(&report, work->options->format);
        return STATUS_DONE;
    }
    if (!atomic_load(interrupt_watch())) return fail(failure.text);
    fprintf(stderr, "bering appraise: interrupted; what was simulated is kept and will be used the next time\n");
    return STATUS_INTERRUPTED;
}

static int appraise(const struct appraise_options *options, const char *const *folders, int32_t folder_count,
                    const char *arguments) {
    interrupt_watch();
    struct work *work = calloc(1, sizeof *work);
    if (work == NULL) return fail("there is not enough memory");
    work->options = options;
    const int status = open_all(work, folders, folder_count) ? answer_all(work, arguments) : STATUS_FAILED;
    for (int32_t i = 0; i < work->count; i++) {
        project_appraisal_free(&work->columns[i].project);
        free(work->columns[i].label);
        simulation_plan_destroy(work->opened[i].plan);
        scenario_free(work->opened[i].scenario);
        free(work->opened[i].arguments);
    }
    free(work);
    return status;
}

/* ---- the command line ---- */

/* Those of all commands with a scenario but one variant and the detail, which is settled. */
static int32_t declare_shared(struct appraise_options *values, struct option *options) {
    struct option shared[SCENARIO_OPTION_COUNT];
    int32_t count = 0;
    scenario_options_declare(&values->scenario, shared);
    for (int32_t i = 0; i < SCENARIO_OPTION_COUNT; i++) {
        if (strcmp(shared[i].name, "detail") == 0) continue;
        if (strcmp(shared[i].name, "variant") == 0) {
            shared[i].kind = OPTION_LIST;
            shared[i].target = &values->variants;
            shared[i].help = "a row of variants.csv; each has a column of its own";
        }
        options[count++] = shared[i];
    }
    return count;
}

static bool is_power_of_two(int64_t number) {
    return (number & (number - 1)) == 0;
}

static int appraise_typed(const struct appraise_options *values, const char *const *folders, int32_t count, int argc,
                          char **argv) {
    if (!is_power_of_two(values->samples)) {
        fprintf(stderr, "bering appraise: --samples %lld is no power of two, expected 32, 64, … %d\n",
                (long long)values->samples, APPRAISAL_MOST_SAMPLES);
        return STATUS_USAGE;
    }
    char *typed = arguments_as_typed(argc, argv);
    const int status = typed != NULL ? appraise(values, folders, count, typed) : fail("there is not enough memory");
    free(typed);
    return status;
}

int command_appraise(int argc, char **argv) {
    struct appraise_options values = {.scenario = SCENARIO_OPTIONS_NONE,
                                      .capacity = capacity_answer_word(CAPACITY_ANSWER_PRACTICAL),
                                      .database = "bering.db",
                                      .samples = PROJECT_STANDARD_SAMPLES,
                                      .jobs = experiment_default_jobs(),
                                      .viewpoint = -1,
                                      .format = OUTPUT_TEXT};
    enum { OWN = 6 };
    const struct option own[OWN] = {
        {.name = "capacity",
         .kind = OPTION_NUMBER,
         .value = "ANSWER",
         .choices = "practical|saturated",
         .target = &values.capacity,
         .least = 0.01,
         .most = 100000,
         .help = "practical or saturated, as of `bering capacity`, or trains a day (practical)"},
        {.name = "viewpoint",
         .kind = OPTION_CHOICE,
         .choices = "project|manager|operator",
         .value = "WHOSE",
         .target = &values.viewpoint,
         .help = "money of the project, the manager or the operator (economics.csv)"},
        {.name = "samples",
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values.samples,
         .minimum = 2 * PROJECT_SHIFTS,
         .maximum = APPRAISAL_MOST_SAMPLES,
         .help = "cases drawn from what is uncertain, a power of two (4096)"},
        {.name = "jobs",
         .letter = 'j',
         .kind = OPTION_INTEGER,
         .value = "N",
         .target = &values.jobs,
         .minimum = 1,
         .maximum = EXPERIMENT_MOST_JOBS,
         .help = "replications side by side (one for each processor)"},
        {.name = "db",
         .kind = OPTION_TEXT,
         .value = "FILE",
         .target = &values.database,
         .help = "the database to read from and append to (bering.db)"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = OUTPUT_FORMATS,
         .target = &values.format,
         .help = "how to print (text)"},
    };
    struct option options[SCENARIO_OPTION_COUNT + OWN] = {0};
    const int32_t shared = declare_shared(&values, options);
    memcpy(options + shared, own, sizeof own);
    const struct command_line line = {
        .command = "appraise",
        .arguments = "SCENARIO…",
        .purpose = "Does it pay? Net present value, internal rate of return, payback, break-even tariff and what they\n"
                   "hang on, from simulated capacity and traffic. What the database has of both is used, the rest\n"
                   "is simulated and kept. Scenarios, and variants, have a column each.",
        .options = options,
        .option_count = shared + OWN,
        .least_arguments = 1,
        .most_arguments = MOST_COLUMNS};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("there is not enough memory");
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = options_status(result);
    if (result == OPTIONS_READY) status = appraise_typed(&values, arguments, argument_count, argc, argv);
    options_free(&line);
    free(arguments);
    return status;
}
