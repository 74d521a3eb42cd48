#include "cli/sweep_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "scenario/text.h"

/* Places in sweep_metrics. */
enum { TRAINS_PER_DAY = 0, MEAN_DELAY = 3 };

static int64_t runs_done(const struct sweep_results *results) {
    return results->statuses[RUN_COMPLETE] + results->statuses[RUN_DEADLOCKED];
}

static bool interrupted(const struct sweep_results *results) {
    return results->statuses[RUN_INTERRUPTED] > 0;
}

/* ------------------------------------------------------------------------------------------------------------- text */

static const char *plural(int64_t count) {
    return count == 1 ? "" : "s";
}

/* Whether all points have this in common. */
static bool same_replications(const struct sweep_points *points) {
    for (int32_t point = 1; point < points->count; point++)
        if (points->points[point].replications != points->points[0].replications) return false;
    return true;
}

static bool same_seed(const struct sweep_points *points) {
    for (int32_t point = 1; point < points->count; point++)
        if (points->points[point].seed != points->points[0].seed) return false;
    return true;
}

static void print_title(const struct sweep_report *report) {
    const struct sweep_points *points = report->points;
    char title[256];
    snprintf(title, sizeof title, "%s", points->points[0].title);
    print_heading("%s", text_make_printable(title));
    printf("  %" PRId32 " point%s, ", points->count, plural(points->count));
    if (same_replications(points))
        printf("%" PRId32 " replication%s each", points->points[0].replications,
               plural(points->points[0].replications));
    else
        printf("%" PRId64 " runs", points->run_count);
    if (same_seed(points))
        printf(", seed %" PRId64 "%s\n", points->points[0].seed, points->count > 1 ? " at every point" : "");
    else
        printf("\n");
}

/* "47.9 ± 0.4"; a difference has its sign. What rounds to nothing has none. */
static char *format_estimate(const struct estimate *estimate, bool difference, double scale, char text[DURATION_SIZE]) {
    if (isnan(estimate->mean)) {
        snprintf(text, DURATION_SIZE, "–");
        return text;
    }
    double mean = round(estimate->mean * scale * 10) / 10;
    if (mean == 0) mean = 0; /* not −0 */
    const int length = snprintf(text, DURATION_SIZE, difference && mean != 0 ? "%+.1f" : "%.1f", mean);
    if (!isnan(estimate->half_width))
        snprintf(text + length, DURATION_SIZE - (size_t)length, " ± %.1f", estimate->half_width * scale);
    return text;
}

/* Whether some point has less than all of its runs. */
static bool some_missing(const struct sweep_report *report) {
    return report->results->statuses[RUN_COMPLETE] < report->points->run_count;
}

static void table_cells(struct text_table *table, const struct sweep_report *report, int32_t point) {
    const struct sweep_point_row *row = &report->results->points[point];
    const struct sweep *sweep = report->points->sweep;
    char text[DURATION_SIZE], number[SWEEP_NUMBER_SIZE];
    text_table_cell(table, "%" PRId32, point + 1);
    for (int32_t key = 0; key < sweep_key_count(sweep); key++) {
        const char *value = sweep_value(sweep, point, key, number);
        text_table_cell(table, "%s", value[0] != '\0' ? value : "–");
    }
    if (some_missing(report))
        text_table_cell(table, "%" PRId32 " of %" PRId32, row->runs[RUN_COMPLETE],
                        report->points->points[point].replications);
    text_table_cell(table, "%s", format_estimate(&row->estimates[TRAINS_PER_DAY], false, 1, text));
    text_table_cell(table, "%s", format_estimate(&row->estimates[MEAN_DELAY], false, 1.0 / 60, text));
    if (report->results->against == 0) return;
    text_table_cell(table, "%s", format_estimate(&row->differences[TRAINS_PER_DAY], true, 1, text));
    text_table_cell(table, "%s", format_estimate(&row->differences[MEAN_DELAY], true, 1.0 / 60, text));
}

static void print_table(const struct sweep_report *report) {
    const int32_t keys = sweep_key_count(report->points->sweep);
    char *alignment = calloc((size_t)keys + 8, sizeof *alignment), against[2][48];
    const char **headers = calloc((size_t)keys + 8, sizeof *headers);
    if (alignment == NULL || headers == NULL) {
        free(alignment);
        free(headers);
        output_lose();
        return;
    }
    int32_t columns = 0;
    headers[columns++] = "point";
    for (int32_t key = 0; key < keys; key++) headers[columns++] = sweep_key(report->points->sweep, key);
    if (some_missing(report)) headers[columns++] = "complete";
    headers[columns++] = "trains/day";
    headers[columns++] = "mean delay, min";
    snprintf(against[0], sizeof against[0], "trains/day against %" PRId32, report->results->against);
    snprintf(against[1], sizeof against[1], "delay against %" PRId32 ", min", report->results->against);
    for (int index = 0; index < 2 && report->results->against > 0; index++) headers[columns++] = against[index];
    memset(alignment, 'r', (size_t)columns);
    memset(alignment + 1, 'l', (size_t)keys);
    struct text_table *table = text_table_create(alignment, headers);
    for (int32_t point = 0; point < report->points->count; point++) table_cells(table, report, point);
    printf("\n");
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    free(alignment);
    free(headers);
}

static void print_deadlocks(const struct sweep_results *results) {
    for (int32_t index = 0; index < results->deadlock_count; index++) {
        const struct sweep_deadlock *deadlock = &results->deadlocks[index];
        printf("Point %" PRId32 " deadlocked in run %" PRId64 ": %s at %s can never move on%s%s\n", deadlock->point,
               deadlock->run_id, deadlock->train, deadlock->station,
               deadlock->waits_for[0] != '\0' ? ", it waits for " : "", deadlock->waits_for);
    }
    if (results->deadlocked_points > results->deadlock_count)
        printf("… and %" PRId32 " more points deadlocked\n", results->deadlocked_points - results->deadlock_count);
}

static bool any_width(const struct sweep_results *results) {
    for (int32_t point = 0; point < results->point_count; point++)
        if (!isnan(results->points[point].estimates[TRAINS_PER_DAY].half_width)) return true;
    return false;
}

/* What the reader should know before believing the figures. */
static void print_notes(const struct sweep_report *report) {
    const struct sweep_results *results = report->results;
    printf("\n");
    print_deadlocks(results);
    if (results->statuses[RUN_FAILED] > 0)
        printf("%" PRId64 " run%s failed for want of memory\n", results->statuses[RUN_FAILED],
               plural(results->statuses[RUN_FAILED]));
    if (report->points->deterministic)
        printf("Nothing here is drawn at random: replications would add nothing.\n");
    else if (any_width(results))
        printf(
            "± is half the width of the %.0f %% confidence interval over replications; differences are taken between "
            "the\nsame replications.\n",
            100 * SWEEP_CONFIDENCE);
    else
        printf("With one replication there are no intervals; --replications N gives some.\n");
}

static void print_results_line(const struct sweep_report *report) {
    const struct sweep_results *results = report->results;
    char database[512];
    snprintf(database, sizeof database, "%s", report->database);
    printf("\nResults  %s, experiment %" PRId64, text_make_printable(database), results->experiment_id);
    if (results->run_count > 0) printf(", run%s %" PRId64, plural(results->run_count), results->runs[0].run_id);
    if (results->run_count > 1) printf(" to %" PRId64, results->runs[results->run_count - 1].run_id);
    printf("\n");
    if (!interrupted(results)) return;
    const bool again = strstr(report->arguments, "--resume") != NULL;
    printf("\nInterrupted: %" PRId64 " of %" PRId64 " runs are done and kept. To go on:\n  bering sweep %s%s\n",
           runs_done(results), report->points->run_count, report->arguments, again ? "" : " --resume");
}

void sweep_print_text(const struct sweep_report *report) {
    print_title(report);
    print_table(report);
    print_notes(report);
    print_results_line(report);
}

/* ------------------------------------------------------------------------------------------------------------- JSON */

static void json_estimates(struct json *json, const char *key, const struct estimate *estimates) {
    json_array_begin(json, key);
    for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++) {
        if (estimates[metric].count == 0) continue;
        json_object_begin(json, NULL);
        json_text(json, "metric", metric_name(sweep_metrics[metric]));
        json_real(json, "mean", estimates[metric].mean);
        json_real(json, "half_width", estimates[metric].half_width);
        json_real(json, "confidence", estimates[metric].confidence);
        json_integer(json, "replications", estimates[metric].count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_values(struct json *json, const struct sweep *sweep, int32_t point) {
    json_array_begin(json, "values");
    for (int32_t key = 0; key < sweep_key_count(sweep); key++) {
        char number[SWEEP_NUMBER_SIZE];
        json_object_begin(json, NULL);
        json_text(json, "key", sweep_key(sweep, key));
        json_text(json, "value", sweep_value(sweep, point, key, number));
        json_object_end(json);
    }
    json_array_end(json);
}

/* The runs of a point, which begin at *next, which moves on. */
static void json_runs(struct json *json, const struct sweep_results *results, int32_t point, int64_t *next) {
    json_array_begin(json, "runs");
    for (; *next < results->run_count && results->runs[*next].point == point; ++*next) {
        const struct sweep_run_row *run = &results->runs[*next];
        json_object_begin(json, NULL);
        json_integer(json, "run_id", run->run_id);
        json_integer(json, "replication", run->replication);
        json_text(json, "status", run_status_name(run->status));
        json_text(json, "results_sha256", run->results_sha256[0] != '\0' ? run->results_sha256 : NULL);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_deadlocks(struct json *json, const struct sweep_results *results) {
    json_array_begin(json, "deadlocks");
    for (int32_t index = 0; index < results->deadlock_count; index++) {
        const struct sweep_deadlock *deadlock = &results->deadlocks[index];
        json_object_begin(json, NULL);
        json_integer(json, "point", deadlock->point);
        json_integer(json, "run_id", deadlock->run_id);
        json_text(json, "train", deadlock->train);
        json_text(json, "station", deadlock->station);
        json_text(json, "waits_for", deadlock->waits_for[0] != '\0' ? deadlock->waits_for : NULL);
        json_object_end(json);
    }
    json_array_end(json);
}

void sweep_print_json(const struct sweep_report *report) {
    const struct sweep_results *results = report->results;
    struct json json = {.stream = stdout};
    int64_t next = 0;
    json_object_begin(&json, NULL);
    json_text(&json, "database", report->database);
    json_integer(&json, "experiment_id", results->experiment_id);
    json_boolean(&json, "deterministic", report->points->deterministic);
    json_boolean(&json, "interrupted", interrupted(results));
    json_integer(&json, "runs_done", runs_done(results));
    json_integer(&json, "runs_total", report->points->run_count);
    if (results->against > 0)
        json_integer(&json, "against", results->against);
    else
        json_null(&json, "against");
    json_array_begin(&json, "points");
    for (int32_t point = 0; point < report->points->count; point++) {
        json_object_begin(&json, NULL);
        json_integer(&json, "point", point + 1);
        json_values(&json, report->points->sweep, point);
        json_runs(&json, results, point + 1, &next);
        json_estimates(&json, "estimates", results->points[point].estimates);
        json_estimates(&json, "differences", results->points[point].differences);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_deadlocks(&json, results);
    json_object_end(&json);
}

/* -------------------------------------------------------------------------------------------------------------- CSV */

static void csv_header(const struct sweep *sweep) {
    struct csv_row row = {.stream = stdout};
    char name[80];
    csv_text(&row, "point");
    for (int32_t key = 0; key < sweep_key_count(sweep); key++) csv_text(&row, sweep_key(sweep, key));
    csv_text(&row, "complete");
    csv_text(&row, "deadlocked");
    csv_text(&row, "against");
    for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++) {
        static const char *const forms[] = {"%s", "%s_half_width", "%s_difference", "%s_difference_half_width"};
        for (int form = 0; form < 4; form++) {
            snprintf(name, sizeof name, forms[form], metric_name(sweep_metrics[metric]));
            csv_text(&row, name);
        }
    }
    csv_end(&row);
}

void sweep_print_csv(const struct sweep_report *report) {
    const struct sweep *sweep = report->points->sweep;
    struct csv_row row = {.stream = stdout};
    csv_header(sweep);
    for (int32_t point = 0; point < report->points->count; point++) {
        const struct sweep_point_row *figures = &report->results->points[point];
        char number[SWEEP_NUMBER_SIZE];
        csv_integer(&row, point + 1);
        for (int32_t key = 0; key < sweep_key_count(sweep); key++)
            csv_text(&row, sweep_value(sweep, point, key, number));
        csv_integer(&row, figures->runs[RUN_COMPLETE]);
        csv_integer(&row, figures->runs[RUN_DEADLOCKED]);
        if (report->results->against > 0)
            csv_integer(&row, report->results->against);
        else
            csv_text(&row, NULL);
        for (int metric = 0; metric < SWEEP_METRIC_COUNT; metric++) {
            csv_real(&row, figures->estimates[metric].mean);
            csv_real(&row, figures->estimates[metric].half_width);
            csv_real(&row, figures->differences[metric].mean);
            csv_real(&row, figures->differences[metric].half_width);
        }
        csv_end(&row);
    }
}
