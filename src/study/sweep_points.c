#include "study/sweep_points.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/sha256.h"
#include "scenario/text.h"
#include "study/planning.h"
#include "study/replications.h"

/* --------------------------------------------------------------------------------------------------- one point's
 * reading */

/* What scenario_read is asked for a point. */
struct point_request {
    struct scenario_request request;
    const char **overrides;
    char **made; /* those of the varied keys */
    int32_t made_count;
};

static void point_request_free(struct point_request *made) {
    for (int32_t index = 0; index < made->made_count; index++) free(made->made[index]);
    free(made->made);
    free(made->overrides);
}

/* False when out of memory; to be freed in any case. */
static bool make_request(const struct sweep *sweep, const struct scenario_request *common, int32_t point,
                         struct point_request *made) {
    const int32_t keys = sweep_key_count(sweep), fixed = common->override_count;
    *made = (struct point_request){.request = *common};
    made->overrides = calloc((size_t)(fixed + keys) + 1, sizeof *made->overrides);
    made->made = calloc((size_t)keys + 1, sizeof *made->made);
    if (made->overrides == NULL || made->made == NULL) return false;
    for (int32_t index = 0; index < fixed; index++) made->overrides[index] = common->overrides[index];
    for (int32_t key = 0; key < keys; key++) {
        char number[SWEEP_NUMBER_SIZE];
        const char *value = sweep_value(sweep, point, key, number);
        if (sweep_key_is_variant(sweep, key)) {
            made->request.variant = value;
            continue;
        }
        char *text = text_format("%s=%s", sweep_key(sweep, key), value);
        if (text == NULL) return false;
        made->overrides[fixed + made->made_count] = text;
        made->made[made->made_count++] = text;
    }
    made->request.overrides = made->overrides;
    made->request.override_count = fixed + made->made_count;
    made->request.varied_count = made->made_count;
    return true;
}

struct scenario *sweep_points_scenario(const struct sweep_points *points, int32_t point,
                                       struct diagnostics *diagnostics) {
    const struct sweep_files *files = &points->files[points->points[point].files];
    struct point_request made;
    struct scenario *scenario = NULL;
    if (make_request(points->sweep, points->common, point, &made))
        scenario = scenario_read_inputs(&made.request, files->inputs, files->count, diagnostics);
    point_request_free(&made);
    return scenario;
}

/* -------------------------------------------------------------------------------------------------------- what is
 * wrong */

static const char varied[] = "--vary"; /* as scenario_read has it */

/* An error, or warning, and at how many points it was met. */
struct complaint {
    struct diagnostic entry;
    int32_t first_point, count;
};

struct complaints {
    struct complaint list[DIAGNOSTICS_KEPT];
    int32_t count, errors;
    bool out_of_memory;
};

static bool same_text(const char *one, const char *other) {
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

/* Whether both are about the same key, and say the same of whatever value: `KEY=VALUE: what is wrong`. */
static bool same_of_values(const char *one, const char *other) {
    const size_t key = strcspn(one, "=");
    const char *what = strstr(one, ": "), *other_what = strstr(other, ": ");
    return strncmp(one, other, key + 1) == 0 && what != NULL && other_what != NULL && strcmp(what, other_what) == 0;
}

static bool same_complaint(const struct diagnostic *one, const struct diagnostic *other) {
    if (!same_text(one->file, other->file) || one->line != other->line || one->column != other->column) return false;
    if (one->message == NULL || other->message == NULL) return one->message == other->message;
    if (strcmp(one->message, other->message) == 0) return true;
    return same_text(one->file, varied) && same_of_values(one->message, other->message);
}

static struct complaint *find_complaint(struct complaints *complaints, const struct diagnostic *entry) {
    for (int32_t index = 0; index < complaints->count; index++)
        if (same_complaint(&complaints->list[index].entry, entry)) return &complaints->list[index];
    return NULL;
}

static void add_complaint(struct complaints *complaints, const struct diagnostic *entry, int32_t point) {
    struct complaint *known = find_complaint(complaints, entry);
    if (known != NULL) {
        known->count++;
        return;
    }
    complaints->errors += !entry->warning;
    if (complaints->count == DIAGNOSTICS_KEPT) return;
    struct complaint *new = &complaints->list[complaints->count];
    *new = (struct complaint){.entry = *entry, .first_point = point, .count = 1};
    new->entry.file = entry->file != NULL ? text_copy(entry->file) : NULL;
    new->entry.message = text_copy(entry->message);
    if (new->entry.message == NULL || (entry->file != NULL && new->entry.file == NULL))
        complaints->out_of_memory = true;
    complaints->count++;
}

/* `fleet_size=2, repeat=once`; the caller frees it. NULL when out of memory. */
static char *point_in_words(const struct sweep *sweep, int32_t point) {
    char *words = text_copy("");
    for (int32_t key = 0; words != NULL && key < sweep_key_count(sweep); key++) {
        char number[SWEEP_NUMBER_SIZE];
        char *longer = text_format("%s%s%s=%s", words, key > 0 ? ", " : "", sweep_key(sweep, key),
                                   sweep_value(sweep, point, key, number));
        free(words);
        words = longer;
    }
    return words;
}

/* What is not wrong at every point is told with the first point where it is; what --vary brought names it already. */
static void tell_complaint(const struct sweep *sweep, const struct complaint *complaint, int32_t points_read,
                           struct diagnostics *diagnostics) {
    const struct diagnostic *entry = &complaint->entry;
    const char *message = entry->message != NULL ? entry->message : "out of memory";
    const char *file = entry->file != NULL ? entry->file : "?"; /* of which there was none for it either */
    const bool plain = complaint->count == points_read || same_text(entry->file, varied);
    char *words = plain ? NULL : point_in_words(sweep, complaint->first_point);
    char *told = NULL;
    if (words != NULL && complaint->count > 1)
        told = text_format("%s (with %s, and at %d more points)", message, words, (int)complaint->count - 1);
    else if (words != NULL)
        told = text_format("%s (with %s)", message, words);
    if (entry->warning)
        diagnostics_warning(diagnostics, file, entry->line, entry->column, "%s", told != NULL ? told : message);
    else
        diagnostics_error(diagnostics, file, entry->line, entry->column, "%s", told != NULL ? told : message);
    free(told);
    free(words);
}

static void tell_complaints(const struct sweep *sweep, struct complaints *complaints, int32_t points_read,
                            struct diagnostics *diagnostics) {
    for (int32_t index = 0; index < complaints->count; index++) {
        tell_complaint(sweep, &complaints->list[index], points_read, diagnostics);
        free(complaints->list[index].entry.file);
        free(complaints->list[index].entry.message);
    }
    if (complaints->errors > diagnostics->errors) diagnostics->errors = complaints->errors; /* those not kept count */
    diagnostics_sort(diagnostics);
}

/* ----------------------------------------------------------------------------------------------- what is kept of a
 * point */

/* A text that may be that of the point before; NULL stays NULL. */
static bool keep_text(struct sweep_points *points, const char *text, const char *before, const char **kept) {
    *kept = text == NULL                                  ? NULL
            : before != NULL && strcmp(before, text) == 0 ? before
                                                          : text_pool_add(&points->texts, text, strlen(text));
    return text == NULL || *kept != NULL;
}

/* Takes over the scenario's files where they are new. */
static bool keep_files(struct sweep_points *points, struct scenario *scenario, int32_t *which) {
    for (*which = 0; *which < points->files_count; ++*which)
        if (strcmp(points->files[*which].sha256, scenario->input_sha256) == 0) return true;
    struct sweep_files *files = realloc(points->files, (size_t)(points->files_count + 1) * sizeof *files);
    if (files == NULL) return false;
    points->files = files;
    files = &points->files[points->files_count++];
    *files = (struct sweep_files){.inputs = scenario->inputs, .count = scenario->input_count};
    memcpy(files->sha256, scenario->input_sha256, sizeof files->sha256);
    scenario->inputs = NULL;
    scenario->input_count = 0;
    return true;
}

static double trains_a_day(const struct train_plan *plan) {
    static const double day_ms = 86400000.0;
    if (plan->kind == PLAN_TIMETABLE) return 1;
    if (plan->arrivals == ARRIVALS_SATURATED) return 24;
    return plan->interval_ms > 0 ? (double)(plan->last_ms - plan->first_ms) / plan->interval_ms : day_ms / 3600000.0;
}

static double weigh(const struct scenario *scenario) {
    const struct settings *settings = &scenario->settings;
    const double days = (double)(settings->warmup_ms + settings->horizon_ms) / (double)MILLISECONDS_PER_DAY;
    double sections = 0;
    for (int32_t index = 0; index < scenario->timetable.plan_count; index++) {
        const struct train_plan *plan = &scenario->timetable.plans[index];
        sections += trains_a_day(plan) * plan->route_length;
    }
    return 1 + sections * (settings->repeat_once ? 1 : days);
}

static void hash_settings(struct sha256 *hash, const struct scenario *scenario) {
    for (int32_t index = 0; index < scenario->settings_used_count; index++) {
        const struct setting_used *used = &scenario->settings_used[index];
        sha256_update(hash, used->key, strlen(used->key) + 1);
        sha256_update(hash, used->value, strlen(used->value) + 1);
    }
    sha256_update(hash, "", 1); /* no key is empty: the end of the point */
}

static bool keep_point(struct sweep_points *points, struct scenario *scenario, int32_t index) {
    const struct settings *settings = &scenario->settings;
    const struct sweep_point *before = index > 0 ? &points->points[index - 1] : &(struct sweep_point){0};
    struct sweep_point *point = &points->points[index];
    char title[256];
    scenario_title(scenario, title, sizeof title);
    *point = (struct sweep_point){.dispatch = settings->dispatch,
                                  .detail = settings->detail,
                                  .start_year = settings->start_year,
                                  .start_month = settings->start_month,
                                  .start_day = settings->start_day,
                                  .seed = settings->seed,
                                  .warmup_ms = settings->warmup_ms,
                                  .horizon_ms = settings->horizon_ms,
                                  .replications = settings->replications,
                                  .first_run = points->run_count,
                                  .weight = weigh(scenario)};
    points->run_count += point->replications;
    points->deterministic = points->deterministic && scenario_is_deterministic(scenario);
    return keep_text(points, title, before->title, &point->title) &&
           keep_text(points, scenario->variant, before->variant, &point->variant) &&
           keep_text(points, scenario->schedule_path, before->schedule, &point->schedule) &&
           keep_files(points, scenario, &point->files);
}

/* ------------------------------------------------------------------------------------------------------------- all
 * points */

struct reading {
    const struct sweep_points_request *request;
    struct sweep_points *points;
    struct complaints *complaints;
    struct sha256 settings;
    struct failure *failure;
};

static enum sweep_points_result no_memory(struct failure *failure) {
    failure_set(failure, "out of memory");
    return SWEEP_POINTS_FAILED;
}

/* The point's scenario if nothing is wrong with it; what is wrong is added to the complaints. */
static struct scenario *read_point(struct reading *reading, int32_t point) {
    struct diagnostics diagnostics = {0};
    struct point_request made;
    struct scenario *scenario = NULL;
    struct simulation_plan *plan = NULL;
    if (make_request(reading->request->sweep, reading->request->common, point, &made))
        scenario = scenario_read(&made.request, &diagnostics);
    else
        diagnostics_no_memory(&diagnostics, reading->request->common->folder);
    if (scenario != NULL) plan = planning_create(scenario, &diagnostics);
    point_request_free(&made);
    for (int32_t index = 0; index < diagnostics.kept; index++)
        add_complaint(reading->complaints, &diagnostics.entries[index], point);
    diagnostics_free(&diagnostics);
    if (plan == NULL) scenario_free(scenario);
    const bool right = plan != NULL;
    simulation_plan_destroy(plan);
    return right ? scenario : NULL;
}

static enum sweep_points_result too_many(const struct reading *reading, int64_t runs) {
    failure_set(reading->failure, "%" PRId32 " points make %s%" PRId64 " runs, expected at most %d in all",
                reading->points->count, runs == reading->points->run_count ? "more than " : "", runs, SWEEP_MOST_RUNS);
    return SWEEP_POINTS_TOO_MANY;
}

static enum sweep_points_result read_and_keep(struct reading *reading, int32_t index) {
    struct sweep_points *points = reading->points;
    struct scenario *scenario = read_point(reading, index);
    if (scenario == NULL) return SWEEP_POINTS_READ; /* there are complaints */
    hash_settings(&reading->settings, scenario);
    const bool kept = keep_point(points, scenario, index);
    const int64_t expected = (int64_t)points->count * scenario->settings.replications;
    scenario_free(scenario);
    if (!kept) return no_memory(reading->failure);
    if (index == 0 && expected > SWEEP_MOST_RUNS) return too_many(reading, expected); /* as long as they are alike */
    return points->run_count > SWEEP_MOST_RUNS ? too_many(reading, points->run_count) : SWEEP_POINTS_READ;
}

/* *read: how many there was time for. Once something is wrong the others are read for what is wrong with them. */
static enum sweep_points_result read_all(struct reading *reading, int32_t *read) {
    const struct sweep_points_request *request = reading->request;
    enum sweep_points_result result = SWEEP_POINTS_READ;
    for (*read = 0; result == SWEEP_POINTS_READ && *read < reading->points->count; ++*read) {
        if (request->stop != NULL && atomic_load(request->stop)) return SWEEP_POINTS_STOPPED;
        if (request->progress != NULL) request->progress(request->context, *read, reading->points->count);
        result = read_and_keep(reading, *read);
        if (reading->complaints->errors >= DIAGNOSTICS_KEPT && *read + 1 < reading->points->count) {
            failure_set(reading->failure, "so much is wrong that the points after %" PRId32 " were not looked at",
                        *read + 1);
            return SWEEP_POINTS_WRONG;
        }
    }
    if (reading->complaints->out_of_memory) return no_memory(reading->failure);
    return result == SWEEP_POINTS_READ && reading->complaints->errors > 0 ? SWEEP_POINTS_WRONG : result;
}

enum sweep_points_result sweep_points_read(const struct sweep_points_request *request, struct sweep_points *points,
                                           struct diagnostics *diagnostics, struct failure *failure) {
    *points = (struct sweep_points){.sweep = request->sweep,
                                    .common = request->common,
                                    .count = sweep_point_count(request->sweep),
                                    .deterministic = true};
    struct reading reading = {.request = request, .points = points, .failure = failure};
    failure->text[0] = '\0';
    sha256_init(&reading.settings);
    points->points = calloc((size_t)points->count + 1, sizeof *points->points);
    reading.complaints = calloc(1, sizeof *reading.complaints);
    enum sweep_points_result result = SWEEP_POINTS_FAILED;
    int32_t read = 0;
    if (points->points != NULL && reading.complaints != NULL)
        result = read_all(&reading, &read);
    else
        no_memory(failure);
    if (reading.complaints != NULL) tell_complaints(request->sweep, reading.complaints, read, diagnostics);
    free(reading.complaints);
    unsigned char digest[SHA256_BYTES];
    sha256_finish(&reading.settings, digest);
    sha256_text(digest, points->settings_sha256);
    if (result != SWEEP_POINTS_READ) sweep_points_free(points);
    return result;
}

void sweep_points_free(struct sweep_points *points) {
    for (int32_t index = 0; index < points->files_count; index++) {
        for (int32_t file = 0; file < points->files[index].count; file++) {
            free(points->files[index].inputs[file].path);
            free(points->files[index].inputs[file].content);
        }
        free(points->files[index].inputs);
    }
    free(points->files);
    free(points->points);
    text_pool_free(&points->texts);
    *points = (struct sweep_points){0};
}

/* ------------------------------------------------------------------------------------------------------------- the
 * store */

static void describe_runs(void *context, int32_t index, struct store_runs *runs) {
    const struct sweep_points *points = context;
    const struct sweep_point *point = &points->points[index];
    const struct sweep_files *files = &points->files[point->files];
    *runs = (struct store_runs){.title = point->title,
                                .variant = point->variant,
                                .schedule = point->schedule,
                                .dispatch = point->dispatch,
                                .detail = point->detail,
                                .start_year = point->start_year,
                                .start_month = point->start_month,
                                .start_day = point->start_day,
                                .seed = point->seed,
                                .warmup_ms = point->warmup_ms,
                                .horizon_ms = point->horizon_ms,
                                .input_sha256 = files->sha256,
                                .inputs = files->inputs,
                                .input_count = files->count,
                                .point = index + 1,
                                .replications = point->replications,
                                .first_run = point->first_run};
}

static const char *describe_key(void *context, int32_t key) {
    return sweep_key(((const struct sweep_points *)context)->sweep, key);
}

static const char *describe_value(void *context, int32_t point, int32_t key, char text[SWEEP_VALUE_SIZE]) {
    return sweep_value(((const struct sweep_points *)context)->sweep, point, key, text);
}

static struct scenario *describe_scenario(void *context, int32_t point) {
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = sweep_points_scenario(context, point, &diagnostics);
    diagnostics_free(&diagnostics);
    return scenario;
}

struct sweep_description sweep_points_describe(struct sweep_points *points) {
    struct sweep_description description = {.point_count = points->count,
                                            .key_count = sweep_key_count(points->sweep),
                                            .run_count = points->run_count,
                                            .context = points,
                                            .runs = describe_runs,
                                            .key = describe_key,
                                            .value = describe_value,
                                            .scenario = describe_scenario};
    memcpy(description.settings_sha256, points->settings_sha256, sizeof description.settings_sha256);
    return description;
}
