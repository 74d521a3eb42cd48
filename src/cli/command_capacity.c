/* `bering capacity`: how many trains a day, four ways, for every variant. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/capacity_evidence.h"
#include "cli/capacity_formats.h"
#include "cli/capacity_print.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/scenario_options.h"
#include "cli/typed_arguments.h"
#include "study/capacity_store.h"
#include "study/experiment.h"
#include "study/planning.h"
#include "study/settings_fingerprint.h"

struct capacity_options {
    struct scenario_options scenario;
    const char *precision; /* per cent, as written */
    const char *database;
    int64_t jobs;
    int format, delay;
    bool options, theory, evidence;
};

/* A scenario read with some options more, or as a variant, and its answers. */
struct found {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct capacity capacity;
    char *label;
    bool answered;
    bool borrowed; /* the answers are another's, of the same line */
};

struct progress {
    const char *label;
    bool terminal;
};

static int fail(const char *text) {
    print_complaint("capacity", "%s", text);
    return STATUS_FAILED;
}

static void show(void *context, enum capacity_step step, double share_done) {
    static const char *const names[] = {"theoretical", "compressed", "saturated", "practical"};
    const struct progress *progress = context;
    if (!progress->terminal) return;
    fprintf(stderr, "\r\033[K%s: %s, %.0f %%", progress->label, names[step], 100 * share_done);
    fflush(stderr);
}

static void found_free(struct found *found) {
    if (found->answered && !found->borrowed) capacity_free(&found->capacity);
    simulation_plan_destroy(found->plan);
    scenario_free(found->scenario);
    free(found->label);
    *found = (struct found){0};
}

/* Reads the scenario; what is wrong with it is told. */
static bool open_scenario(const struct scenario_options *options, const char *folder, struct found *found) {
    struct diagnostics diagnostics = {0};
    found->scenario = scenario_options_read(options, folder, &diagnostics);
    if (found->scenario != NULL) found->plan = planning_create(found->scenario, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    diagnostics_free(&diagnostics);
    return found->plan != NULL;
}

static bool answer(const struct capacity_options *options, struct found *found, struct failure *failure) {
    struct progress progress = {found->label, isatty(STDERR_FILENO) != 0};
    const struct capacity_request request = {.scenario = found->scenario,
                                             .plan = found->plan,
                                             .relative_half_width = strtod(options->precision, NULL) / 100,
                                             .measure = (enum practical_measure)options->delay,
                                             .theory_only = options->theory,
                                             .jobs = (int32_t)options->jobs,
                                             .stop = interrupt_watch(),
                                             .progress = show,
                                             .context = &progress};
    found->answered = capacity_find(&request, &found->capacity, failure);
    if (progress.terminal) fprintf(stderr, "\r\033[K");
    return found->answered;
}

/* ---- what each option adds ---- */

/* Alternating, or the bound where that has no answer. */
static double theoretical_figure(const struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    const struct theoretical_answer *pattern = &theory->patterns[capacity_pattern(capacity)].answer;
    return theory->pattern_count > 0 && pattern->applies ? pattern->trains_per_day : theory->bound.trains_per_day;
}

static void compare(const struct capacity *with, const struct capacity *without, struct option_gain *gain) {
    if (!with->simulated) {
        gain->added_per_day = theoretical_figure(with) - theoretical_figure(without);
        return;
    }
    const struct estimate *a = &with->saturated.trains_per_day, *b = &without->saturated.trains_per_day;
    gain->added_per_day = a->mean - b->mean;
    gain->half_width = hypot(a->half_width, b->half_width);
}

/* Options to be built: those of the command line, one more, and what that one requires. */
struct building {
    const char **options; /* owned, with room for all that can come */
    char **words;         /* of `requires`, taken apart; owned */
    int32_t option_count, word_count;
    double capex_usd; /* of what is built beyond the command line; NAN where one of them has none */
};

static bool building_begin(struct building *building, const struct option_list *with, int32_t option_count) {
    const size_t room = (size_t)with->count + (size_t)option_count + 1;
    *building = (struct building){.options = calloc(room, sizeof *building->options),
                                  .words = calloc(room, sizeof *building->words)};
    if (building->options == NULL || building->words == NULL) return false;
    for (int32_t i = 0; i < with->count; i++) building->options[building->option_count++] = with->values[i];
    return true;
}

static void building_free(struct building *building) {
    for (int32_t i = 0; i < building->word_count; i++) free(building->words[i]);
    free(building->words);
    free(building->options);
}

static bool is_built(const struct building *building, const char *id) {
    for (int32_t i = 0; i < building->option_count; i++)
        if (strcmp(building->options[i], id) == 0) return true;
    return false;
}

static const struct option_offered *find_option(const struct scenario *scenario, const char *id) {
    for (int32_t i = 0; i < scenario->option_count; i++)
        if (strcmp(scenario->options[i].id, id) == 0) return &scenario->options[i];
    return NULL;
}

/* With all that it requires, and what these require. What it requires to be left out the scenario itself will tell. */
static void build(struct building *building, const struct scenario *scenario, const struct option_offered *option) {
    if (option->on || is_built(building, option->id)) return;
    building->options[building->option_count++] = option->id;
    building->capex_usd += option->capex_usd;
    char *words = strdup(option->requires), *rest = words;
    if (words == NULL) return;
    building->words[building->word_count++] = words;
    for (char *word; (word = strtok_r(rest, "; ", &rest)) != NULL;) {
        const struct option_offered *needed = find_option(scenario, word);
        if (needed != NULL) build(building, scenario, needed);
    }
}

/* "Four tracks more, with island" */
static char *name_of(const struct building *building, int32_t own, const struct option_offered *option) {
    char name[512];
    int length = snprintf(name, sizeof name, "%s", option->name);
    for (int32_t i = own + 1; i < building->option_count && length > 0 && length < (int)sizeof name; i++)
        length += snprintf(name + length, sizeof name - (size_t)length, "%s %s", i == own + 1 ? ", with" : ",",
                           building->options[i]);
    return strdup(name);
}

static bool gain_of(const struct capacity_options *options, const char *folder, const struct found *base,
                    const struct option_offered *option, struct option_gain *gain, struct failure *failure) {
    struct building building;
    *gain = (struct option_gain){.id = option->id, .added_per_day = NAN, .half_width = NAN};
    if (!building_begin(&building, &options->scenario.with, base->scenario->option_count)) {
        building_free(&building);
        return failure_set(failure, "there is not enough memory");
    }
    const int32_t own = building.option_count;
    build(&building, base->scenario, option);
    gain->name = name_of(&building, own, option);
    gain->capex_usd = building.capex_usd;
    struct scenario_options more = options->scenario;
    more.with = (struct option_list){building.options, building.option_count};
    struct found found = {.label = strdup(option->name)};
    struct diagnostics diagnostics = {0};
    found.scenario = scenario_options_read(&more, folder, &diagnostics);
    if (found.scenario != NULL) found.plan = planning_create(found.scenario, &diagnostics);
    bool good = (found.label != NULL && gain->name != NULL && !(found.plan == NULL && diagnostics.no_memory)) ||
                failure_set(failure, "there is not enough memory");
    if (good && found.plan == NULL)
        gain->problem = strdup(diagnostics.kept > 0 ? diagnostics.entries[0].message : "it cannot be read");
    else if (good) {
        good = answer(options, &found, failure);
        if (good) compare(&found.capacity, &base->capacity, gain);
    }
    building_free(&building);
    diagnostics_free(&diagnostics);
    found_free(&found);
    return good;
}

/* By what a billion buys; free ones, and those without an answer, by what they add. */
static double worth(const struct option_gain *gain) {
    if (isnan(gain->added_per_day)) return -INFINITY;
    return gain->capex_usd > 0 ? gain->added_per_day / gain->capex_usd : gain->added_per_day;
}

static int by_worth(const void *left, const void *right) {
    const double a = worth(left), b = worth(right);
    return a > b ? -1 : a < b;
}

struct gains {
    struct option_gain *items;
    int32_t count;
};

/* Its place among all by what it adds, whatever it costs: 1 is the most. */
static void rank(struct gains *gains) {
    for (int32_t i = 0; i < gains->count; i++) {
        if (isnan(gains->items[i].added_per_day)) continue;
        gains->items[i].rank = 1;
        for (int32_t k = 0; k < gains->count; k++)
            gains->items[i].rank += gains->items[k].added_per_day > gains->items[i].added_per_day;
    }
}

static bool find_gains(const struct capacity_options *options, const char *folder, const struct found *base,
                       struct gains *gains, struct failure *failure) {
    gains->items = calloc((size_t)base->scenario->option_count + 1, sizeof *gains->items);
    if (gains->items == NULL) return failure_set(failure, "there is not enough memory");
    for (int32_t i = 0; i < base->scenario->option_count; i++) {
        if (base->scenario->options[i].on) continue;
        if (!gain_of(options, folder, base, &base->scenario->options[i], &gains->items[gains->count++], failure))
            return false;
    }
    qsort(gains->items, (size_t)gains->count, sizeof *gains->items, by_worth);
    rank(gains);
    return true;
}

static void gains_free(struct gains *gains) {
    for (int32_t i = 0; i < gains->count; i++) {
        free(gains->items[i].problem);
        free(gains->items[i].name);
    }
    free(gains->items);
    *gains = (struct gains){0};
}

/* ---- all variants ---- */

/* Writes what was found to the database. */
static bool keep(const struct capacity_options *options, const struct found *found, int32_t count,
                 const char *arguments, int64_t *experiment_id, struct failure *failure) {
    struct capacity_answered *answered = calloc((size_t)count, sizeof *answered);
    if (answered == NULL) return failure_set(failure, "there is not enough memory");
    for (int32_t i = 0; i < count; i++) answered[i] = (struct capacity_answered){found[i].scenario, &found[i].capacity};
    const bool good = capacity_store(options->database, arguments, answered, count, experiment_id, failure);
    free(answered);
    return good;
}

static void print_answers(const struct capacity_options *options, const struct capacity_column *columns, int32_t count,
                          const struct gains *gains) {
    const char *title = columns[0].scenario->settings.name;
    if (options->format == OUTPUT_JSON) {
        capacity_print_json(title, columns, count, gains->items, gains->count);
        return;
    }
    if (options->format == OUTPUT_CSV) {
        capacity_print_csv(columns, count, gains->items, gains->count);
        return;
    }
    capacity_print_text(title, columns, count);
    if (options->evidence) capacity_print_evidence(columns, count);
    if (options->options) capacity_print_gains(gains->items, gains->count, &columns[0]);
}

static bool print(const struct capacity_options *options, const struct found *found, int32_t count,
                  const struct gains *gains, struct failure *failure) {
    struct capacity_column *columns = calloc((size_t)count, sizeof *columns);
    if (columns == NULL) return failure_set(failure, "there is not enough memory");
    for (int32_t i = 0; i < count; i++)
        columns[i] = (struct capacity_column){found[i].label, found[i].scenario, found[i].capacity};
    print_answers(options, columns, count, gains);
    free(columns);
    return true;
}

/* "as it is", the variant, "with island, fans" or both; "as set" where it is not as it is. */
static char *label_of(const struct scenario_options *options, const struct scenario *scenario) {
    char label[256];
    int length = snprintf(label, sizeof label, "%s", scenario->variant != NULL ? scenario->variant : "");
    for (int32_t i = 0; i < options->with.count && length < (int)sizeof label; i++)
        length += snprintf(label + length, sizeof label - (size_t)length, "%s%s",
                           i > 0        ? ", "
                           : length > 0 ? " with "
                                        : "with ",
                           options->with.values[i]);
    const bool changed = options->overrides.count > 0 || options->schedules.count > 0;
    return strdup(length > 0 ? label : changed ? "as set" : "as it is");
}

/* The scenario as it is, or as the one variant asked for; else every variant it offers. All of them are read before
 * anything is simulated, so that all that is wrong is told at once. */
struct columns {
    struct found *items; /* owned */
    int32_t count;
};

static void columns_free(struct columns *columns) {
    for (int32_t i = 0; i < columns->count; i++) found_free(&columns->items[i]);
    free(columns->items);
}

static bool open_variants(const struct capacity_options *options, const char *folder, const struct scenario *base,
                          struct columns *columns) {
    bool good = true;
    columns->items = calloc((size_t)base->variant_count, sizeof *columns->items);
    if (columns->items == NULL) {
        fail("there is not enough memory");
        return false;
    }
    for (int32_t i = 0; i < base->variant_count; i++) {
        struct scenario_options variant = options->scenario;
        variant.variant = base->variants[i].id;
        good &= open_scenario(&variant, folder, &columns->items[columns->count++]);
    }
    return good;
}

static bool open_all(const struct capacity_options *options, const char *folder, struct columns *columns) {
    const bool one = options->scenario.variant != NULL || options->scenario.with.count > 0 || options->options;
    struct found base = {0};
    bool good = open_scenario(&options->scenario, folder, &base);
    if (good && !one && base.scenario->variant_count > 0)
        good = open_variants(options, folder, base.scenario, columns);
    else if (good && (columns->items = calloc(1, sizeof *columns->items)) != NULL) {
        columns->items[columns->count++] = base;
        return true;
    } else if (good) {
        fail("there is not enough memory");
        good = false;
    }
    found_free(&base);
    return good;
}

/* Variants that differ in money only, as two prices of one tunnel, are one line: its answers are found once. */
static bool borrow_answer(struct found *found, int32_t index) {
    char mine[SHA256_TEXT_SIZE], other[SHA256_TEXT_SIZE];
    scenario_fingerprint(found[index].scenario, FINGERPRINT_OF_CAPACITY, mine);
    for (int32_t i = 0; i < index; i++) {
        scenario_fingerprint(found[i].scenario, FINGERPRINT_OF_CAPACITY, other);
        if (strcmp(mine, other) != 0) continue;
        found[index].capacity = found[i].capacity;
        found[index].answered = found[index].borrowed = true;
        return true;
    }
    return false;
}

static int answer_all(const struct capacity_options *options, const char *folder, struct found *found, int32_t count,
                      const char *arguments) {
    struct failure failure = {""};
    int64_t experiment_id = 0;
    struct gains gains = {0};
    bool good = database_can_be_written(options->database, DATABASE_PATIENCE_MS, &failure);
    int32_t answered = 0;
    for (int32_t i = 0; good && i < count; i++) {
        found[i].label = label_of(&options->scenario, found[i].scenario);
        good = found[i].label != NULL && (borrow_answer(found, i) || answer(options, &found[i], &failure));
        if (!good && count > 1 && failure.text[0] != '\0') {
            const struct failure of_one = failure;
            failure_set(&failure, "%s: %s", found[i].label, of_one.text);
        }
        answered += good;
    }
    if (good && options->options) good = find_gains(options, folder, &found[0], &gains, &failure);
    bool kept = false;
    const bool interrupted = !good && atomic_load(interrupt_watch());
    if (good || (interrupted && answered > 0)) {
        if (!good) gains_free(&gains);
        /* first printed: it may be long work, and keeping it can fail */
        kept = print(options, found, answered, &gains, &failure) &&
               keep(options, found, answered, arguments, &experiment_id, &failure);
    }
    if (kept && options->format == OUTPUT_TEXT)
        printf("\nResults  %s, experiment %lld\n", options->database, (long long)experiment_id);
    gains_free(&gains);
    if (good && kept) return STATUS_DONE;
    if (interrupted && (kept || answered == 0)) {
        fprintf(stderr, "bering capacity: interrupted%s\n", answered > 0 ? "; what is shown was answered" : "");
        return STATUS_INTERRUPTED;
    }
    return fail(failure.text[0] != '\0' ? failure.text : "there is not enough memory");
}

/* Options of `run` that change no answer. */
static void tell_what_is_not_used(const struct scenario_options *options) {
    if (options->replications >= 0)
        fprintf(stderr, "bering capacity: --replications changes nothing: as many are made as --precision takes\n");
    if (options->detail >= 0) fprintf(stderr, "bering capacity: --detail changes nothing: no runs are kept\n");
}

static int find_capacity(const struct capacity_options *options, const char *folder, const char *arguments) {
    interrupt_watch();
    tell_what_is_not_used(&options->scenario);
    struct columns columns = {0};
    const int status = open_all(options, folder, &columns)
                           ? answer_all(options, folder, columns.items, columns.count, arguments)
                           : STATUS_FAILED;
    columns_free(&columns);
    return status;
}

int command_capacity(int argc, char **argv) {
    struct capacity_options values = {.scenario = SCENARIO_OPTIONS_NONE,
                                      .precision = "1",
                                      .database = "bering.db",
                                      .jobs = experiment_default_jobs(),
                                      .format = OUTPUT_TEXT};
    enum { OWN = 8 };
    struct option options[SCENARIO_OPTION_COUNT + OWN] = {0};
    values.scenario.line_only = true;
    scenario_options_declare(&values.scenario, options);
    const struct option own[OWN] = {
        {.name = "precision",
         .kind = OPTION_NUMBER,
         .value = "PERCENT",
         .target = &values.precision,
         .least = 0.05,
         .most = 50,
         .help = "half the 95 % interval of the simulated answers (1)"},
        {.name = "delay",
         .kind = OPTION_CHOICE,
         .choices = "mean|p90",
         .target = &values.delay,
         .help = "what has to keep the limit delay_limit_min (mean)"},
        {.name = "options", .kind = OPTION_FLAG, .target = &values.options, .help = "what each option not built adds"},
        {.name = "evidence",
         .kind = OPTION_FLAG,
         .target = &values.evidence,
         .help = "what the answers rest on: sections, loads, delays and their fit"},
        {.name = "theory", .kind = OPTION_FLAG, .target = &values.theory, .help = "formulas only, nothing simulated"},
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
         .help = "the database to append to (bering.db)"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = OUTPUT_FORMATS,
         .target = &values.format,
         .help = "how to print (text)"},
    };
    memcpy(options + SCENARIO_OPTION_COUNT, own, sizeof own);
    const struct command_line line = {
        .command = "capacity",
        .arguments = "SCENARIO",
        .purpose =
            "How many trains a day the line carries: by formula, as a compressed timetable, saturated, and within "
            "a limit of delay. Every variant of the scenario has a column, unless --variant, --with or --options "
            "is given.",
        .options = options,
        .option_count = SCENARIO_OPTION_COUNT + OWN,
        .least_arguments = 1,
        .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("there is not enough memory");
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = options_status(result);
    if (result == OPTIONS_READY) {
        char *typed = arguments_as_typed(argc, argv);
        status = typed != NULL ? find_capacity(&values, arguments[0], typed) : fail("there is not enough memory");
        free(typed);
    }
    options_free(&line);
    free(arguments);
    return status;
}
