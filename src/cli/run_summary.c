#include "cli/run_summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "cli/output.h"
#include "cli/run_freight.h"
#include "scenario/text.h"

/* What is shown of single trains and sections comes from one replication, which is named. */
static const struct recorded_run *shown_run(const struct run_report *report) {
    const struct recorder *shown = report->replications->shown;
    return shown != NULL ? recorder_run(shown) : NULL;
}

static double mean_of(const struct run_report *report, enum metric metric) {
    return report->replications->estimates[metric].mean;
}

/* "47.9 ± 0.4", without the half-width where there is none, "–" where there is no mean. */
static char *format_estimate(const struct run_report *report, enum metric metric, double scale,
                             char text[DURATION_SIZE]) {
    const struct estimate *estimate = &report->replications->estimates[metric];
    if (isnan(estimate->mean))
        snprintf(text, DURATION_SIZE, "–");
    else if (isnan(estimate->half_width))
        snprintf(text, DURATION_SIZE, "%.1f", estimate->mean * scale);
    else
        snprintf(text, DURATION_SIZE, "%.1f ± %.1f", estimate->mean * scale, estimate->half_width * scale);
    return text;
}

/* A number of trains: whole, or to a tenth where it is a mean over replications. */
static char *format_count(const struct run_report *report, enum metric metric, char text[DURATION_SIZE]) {
    const double mean = mean_of(report, metric);
    snprintf(text, DURATION_SIZE, mean == floor(mean) ? "%.0f" : "%.1f", mean);
    return text;
}

static void print_title(const struct run_report *report) {
    const struct settings *settings = &report->scenario->settings;
    char title[1024];
    scenario_title(report->scenario, title, sizeof title);
    print_heading("%s", title);
    printf("  dispatch %s, seed %" PRId64, dispatch_name(settings->dispatch), settings->seed);
    if (report->scenario->variant != NULL) printf(", variant %s", report->scenario->variant);
    if (report->scenario->schedule_path != NULL) {
        snprintf(title, sizeof title, "%s", report->scenario->schedule_path);
        printf(", schedule %s", text_make_printable(title));
    }
    const double warmup_days = (double)settings->warmup_ms / (double)MILLISECONDS_PER_DAY;
    const double horizon_days = (double)settings->horizon_ms / (double)MILLISECONDS_PER_DAY;
    if (settings->repeat_once && !settings->horizon_given)
        printf("\n  once, until the last train has ended");
    else
        printf("\n  %g day%s measured", horizon_days, horizon_days == 1 ? "" : "s");
    if (settings->warmup_ms > 0 || settings->warmup_auto)
        printf(" after %g day%s of warm-up", warmup_days, warmup_days == 1 ? "" : "s");
    if (settings->warmup_auto) printf(" (auto)");
    printf(", %d replication%s\n", report->replications->count, report->replications->count == 1 ? "" : "s");
}

static void print_throughput(const struct run_report *report) {
    static const char *const headers[] = {"trains a day", "forward", "backward", "both"};
    char forward[DURATION_SIZE], backward[DURATION_SIZE], both[DURATION_SIZE], texts[4][DURATION_SIZE];
    struct text_table *table = text_table_create("lrrr", headers);
    text_table_cell(table, "arrived");
    text_table_cell(table, "%s", format_estimate(report, METRIC_TRAINS_PER_DAY_FORWARD, 1, forward));
    text_table_cell(table, "%s", format_estimate(report, METRIC_TRAINS_PER_DAY_BACKWARD, 1, backward));
    text_table_cell(table, "%s", format_estimate(report, METRIC_TRAINS_PER_DAY, 1, both));
    printf("\n");
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    printf("\nIn the measured window %s %s planned, %s entered, %s arrived; %s on the line at its end\n",
           format_count(report, METRIC_TRAINS_PLANNED, texts[0]),
           mean_of(report, METRIC_TRAINS_PLANNED) == 1 ? "train was" : "trains were",
           format_count(report, METRIC_TRAINS_ENTERED, texts[1]), format_count(report, METRIC_TRAINS_ARRIVED, texts[2]),
           format_count(report, METRIC_TRAINS_ON_LINE, texts[3]));
}

static void print_delays(const struct run_report *report) {
    static const char *const headers[] = {"delay, minutes", "mean", "median", "95 %", "longest"};
    static const enum metric delays[] = {METRIC_MEAN_DELAY_S, METRIC_P50_DELAY_S, METRIC_P95_DELAY_S,
                                         METRIC_MAX_DELAY_S};
    char text[DURATION_SIZE];
    struct text_table *table = text_table_create("lrrrr", headers);
    text_table_cell(table, "trains planned");
    for (int index = 0; index < 4; index++)
        text_table_cell(table, "%s", format_estimate(report, delays[index], 1.0 / 60, text));
    printf("\n");
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    if (!isnan(mean_of(report, METRIC_PUNCTUAL_PERCENT)))
        printf("\nPunctual (at most %g min late): %s %%\n", report->scenario->settings.delay_limit_min,
               format_estimate(report, METRIC_PUNCTUAL_PERCENT, 1, text));
    if (!isnan(mean_of(report, METRIC_MEAN_RUN_S)))
        printf("Running time: mean %s h\n",
               format_hours((int64_t)llround(mean_of(report, METRIC_MEAN_RUN_S) * 1000), text));
}

/* The fullest line track, −1 if nothing ran. Index: section * 2 + line track − 1. */
static int32_t fullest(const struct scenario *scenario, const struct run_summary *summary) {
    int32_t best = -1;
    for (int32_t index = 0; index < scenario->network.section_count * 2; index++)
        if (summary->section_busy_ms[index] > (best < 0 ? 0 : summary->section_busy_ms[best])) best = index;
    return best;
}

/* Section and direction before which trains were held longest, −1 if none were. Index: section * 2 + direction. */
static int32_t most_waited_for(const struct scenario *scenario, const struct recorded_run *run) {
    int32_t best = -1;
    for (int32_t index = 0; index < scenario->network.section_count * 2; index++)
        if (run->held_ms[index] > (best < 0 ? 0 : run->held_ms[best])) best = index;
    return best;
}

static void print_binding(const struct run_report *report) {
    const struct recorded_run *run = shown_run(report);
    const struct network *network = &report->scenario->network;
    const struct run_summary *summary = &run->summary;
    const int64_t window_ms = summary->window_to_ms - summary->window_from_ms;
    const int32_t busy = fullest(report->scenario, summary);
    const int32_t waited = most_waited_for(report->scenario, run);
    if (busy < 0 || window_ms <= 0) return;
    char text[DURATION_SIZE];
    printf("\n");
    print_heading("What binds");
    const struct section *section = &network->sections[busy / 2];
    printf("  fullest section    %s%s, occupied %.0f %% of the time\n", section->id,
           section->tracks != 2 ? ""
           : busy % 2 == 0      ? " forward"
                                : " backward",
           100.0 * (double)summary->section_busy_ms[busy] / (double)window_ms);
    if (waited < 0)
        printf("  most waiting       no train was held by anything but itself\n");
    else
        printf("  most waiting for   %s %s, %s h in all\n", network->sections[waited / 2].id,
               direction_name(waited % 2), format_hours(run->held_ms[waited], text));
    run_freight_terminals(report, run);
}

static const char *cause_in_words(enum wait_cause cause) {
    static const char *const words[] = {
        "–", "its time had not come", "its own delay", "another train", "possession", "disruption"};
    return words[cause];
}

static void print_longest_waits(const struct run_report *report) {
    const struct recorded_run *run = shown_run(report);
    const struct scenario *scenario = report->scenario;
    if (run->longest_wait_count == 0) return;
    static const char *const headers[] = {"train", "at", "h:mm", "because of", "for"};
    struct text_table *table = text_table_create("llrll", headers);
    for (int32_t index = 0; index < run->longest_wait_count; index++) {
        const struct recorded_wait *wait = &run->longest_waits[index];
        char name[TRAIN_NAME_SIZE], text[DURATION_SIZE];
        train_name(scenario, wait->plan, wait->day, wait->number, name);
        text_table_cell(table, "%s", name);
        text_table_cell(table, "%s", scenario->network.stations[wait->station].id);
        text_table_cell(table, "%s", format_hours(wait->wait_ms, text));
        text_table_cell(table, "%s", cause_in_words(wait->cause));
        const struct recorded_train *other = recorded_train_find(run, wait->wait_for_train);
        if (other != NULL) train_name(scenario, other->record.plan, other->record.day, other->record.number, name);
        text_table_cell(table, "%s", other != NULL ? name : "–");
    }
    printf("\n");
    print_heading("Longest waits");
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static void waiting_train_names(const struct scenario *scenario, const struct waiting_train *waiting,
                                char name[TRAIN_NAME_SIZE], char other[TRAIN_NAME_SIZE]) {
    train_name(scenario, waiting->plan, waiting->day, waiting->number, name);
    other[0] = '\0';
    if (waiting->waits_for_plan >= 0)
        train_name(scenario, waiting->waits_for_plan, waiting->waits_for_day, waiting->waits_for_number, other);
}

static void print_deadlock(const struct run_report *report) {
    const struct recorded_run *run = shown_run(report);
    static const char *const headers[] = {"train", "stands at", "waits for"};
    char text[DURATION_SIZE];
    printf("\n");
    print_heading("Deadlock at %s h in replication %d: these trains can never move on",
                  format_hours(run->summary.end_ms, text), report->replications->shown_replication);
    struct text_table *table = text_table_create("lll", headers);
    for (int32_t index = 0; index < run->summary.waiting_count; index++) {
        const struct waiting_train *waiting = &run->summary.waiting[index];
        char name[TRAIN_NAME_SIZE], other[TRAIN_NAME_SIZE];
        waiting_train_names(report->scenario, waiting, name, other);
        text_table_cell(table, "%s", name);
        text_table_cell(table, "%s", report->scenario->network.stations[waiting->station].id);
        text_table_cell(table, "%s", other[0] != '\0' ? other : "–");
    }
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

/* How many of the replications came to their end, and what became of the others. */
static void print_statuses(const struct replications *replications) {
    const struct {
        int32_t count;
        const char *status;
    } others[] = {{replications->deadlocked, "deadlocked"},
                  {replications->interrupted, "interrupted"},
                  {replications->failed, "failed"}};
    if (replications->complete == replications->count) return;
    if (replications->count == 1)
        printf("The replication is not complete:");
    else
        printf("Of %d replications %d %s complete,", replications->count, replications->complete,
               replications->complete == 1 ? "is" : "are");
    const char *separator = " ";
    for (size_t index = 0; index < sizeof others / sizeof *others; index++) {
        if (others[index].count == 0) continue;
        printf("%s", separator);
        if (replications->count > 1) printf("%d ", others[index].count);
        printf("%s", others[index].status);
        separator = ", ";
    }
    printf("%s.\n", replications->complete > 0 ? "; means are over the complete ones" : "");
}

/* What the reader should know before believing the figures. */
static void print_notes(const struct run_report *report) {
    const struct replications *replications = report->replications;
    const struct recorded_run *run = shown_run(report);
    printf("\n");
    print_statuses(replications);
    if (replications->deterministic)
        printf("Nothing here is drawn at random: replications would add nothing.\n");
    else if (replications->complete >= 2)
        printf("± is half the width of the %.0f %% confidence interval over %d replications.\n",
               100 * REPLICATIONS_CONFIDENCE, replications->complete);
    else if (replications->complete == 1)
        printf("One replication says nothing about chance: --replications 10 would show how far to trust it.\n");
    if (run != NULL && run->summary.forced_moves > 0)
        printf("%" PRId64 " %s started although the dispatch policy held %s: nothing else could move.\n",
               run->summary.forced_moves, run->summary.forced_moves == 1 ? "move was" : "moves were",
               run->summary.forced_moves == 1 ? "it" : "them");
    if (run != NULL && run->summary.not_proved)
        printf("It was not proved that every train can reach its end from the start.\n");
    for (int32_t index = 0; index < report->scenario->not_used_yet_count; index++)
        printf("%s%s%s", index == 0 ? "not used yet: " : ", ", report->scenario->not_used_yet[index],
               index == report->scenario->not_used_yet_count - 1 ? "\n" : "");
}

static void print_where(const struct run_report *report) {
    const struct replications *replications = report->replications;
    const int64_t first = replications->results[0].run_id;
    const int64_t last = replications->results[replications->count - 1].run_id;
    printf("\nResults  %s, experiment %" PRId64 ", run %" PRId64, report->database, replications->experiment_id, first);
    if (last > first) printf(" to %" PRId64, last);
    printf("\n");
    const struct recorded_run *run = shown_run(report);
    char word[TEXT_WORD_SIZE];
    if (run != NULL && run->call_count > 0)
        printf("Chart    bering plot traingraph --db %s --run %" PRId64 "\n",
               text_for_shell(report->database, word, sizeof word),
               replications->results[replications->shown_replication - 1].run_id);
}

void run_summary_text(const struct run_report *report) {
    const struct replications *replications = report->replications;
    print_title(report);
    if (replications->complete > 0) {
        print_throughput(report);
        print_delays(report);
    }
    if (replications->shown != NULL && replications->complete > 0) {
        run_freight_flows(report, shown_run(report));
        run_freight_money(report, shown_run(report));
    }
    if (replications->deadlocked > 0) {
        print_deadlock(report);
    } else if (replications->shown != NULL) {
        print_binding(report);
        print_longest_waits(report);
    }
    print_notes(report);
    print_where(report);
}

/* ---------------------------------------------------------------------------------------------------- JSON and CSV */

static void json_runs(struct json *json, const struct replications *replications) {
    json_array_begin(json, "runs");
    for (int32_t index = 0; index < replications->count; index++) {
        const struct replication_result *result = &replications->results[index];
        json_object_begin(json, NULL);
        json_integer(json, "run_id", result->run_id);
        json_integer(json, "replication", result->replication);
        json_text(json, "status", run_status_name(result->status));
        json_text(json, "results_sha256", result->results_sha256[0] != '\0' ? result->results_sha256 : NULL);
        json_object_end(json);
    }
    json_array_end(json);
}

static bool has_results(const struct replication_result *result) {
    return result->status == RUN_COMPLETE || result->status == RUN_DEADLOCKED;
}

static void json_metrics(struct json *json, const struct replications *replications) {
    json_array_begin(json, "metrics");
    for (int32_t index = 0; index < replications->count; index++) {
        const struct replication_result *result = &replications->results[index];
        for (int metric = 0; metric < METRIC_COUNT && has_results(result); metric++) {
            json_object_begin(json, NULL);
            json_integer(json, "run_id", result->run_id);
            json_text(json, "metric", metric_name((enum metric)metric));
            json_real(json, "value", result->metrics[metric]);
            json_text(json, "unit", metric_unit((enum metric)metric));
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static void json_estimates(struct json *json, const struct replications *replications) {
    json_array_begin(json, "estimates");
    for (int metric = 0; metric < METRIC_COUNT && replications->complete > 0; metric++) {
        const struct estimate *estimate = &replications->estimates[metric];
        json_object_begin(json, NULL);
        json_text(json, "metric", metric_name((enum metric)metric));
        json_real(json, "mean", estimate->mean);
        json_real(json, "half_width", estimate->half_width);
        json_real(json, "confidence", estimate->confidence);
        json_integer(json, "replications", estimate->count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_deadlock(struct json *json, const struct run_report *report) {
    if (report->replications->deadlocked == 0) {
        json_null(json, "deadlock");
        return;
    }
    const struct run_summary *summary = &shown_run(report)->summary;
    json_array_begin(json, "deadlock");
    for (int32_t index = 0; index < summary->waiting_count; index++) {
        const struct waiting_train *waiting = &summary->waiting[index];
        char name[TRAIN_NAME_SIZE], other[TRAIN_NAME_SIZE];
        waiting_train_names(report->scenario, waiting, name, other);
        json_object_begin(json, NULL);
        json_text(json, "train", name);
        json_text(json, "station", report->scenario->network.stations[waiting->station].id);
        json_text(json, "waits_for", other[0] != '\0' ? other : NULL);
        json_object_end(json);
    }
    json_array_end(json);
}

void run_summary_json(const struct run_report *report) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "database", report->database);
    json_integer(&json, "experiment_id", report->replications->experiment_id);
    json_integer(&json, "warmup_ms", report->scenario->settings.warmup_ms);
    json_boolean(&json, "deterministic", report->replications->deterministic);
    json_array_begin(&json, "not_used_yet");
    for (int32_t index = 0; index < report->scenario->not_used_yet_count; index++)
        json_text(&json, NULL, report->scenario->not_used_yet[index]);
    json_array_end(&json);
    json_runs(&json, report->replications);
    json_metrics(&json, report->replications);
    json_estimates(&json, report->replications);
    run_freight_json(&json, report, shown_run(report));
    json_deadlock(&json, report);
    json_object_end(&json);
}

void run_summary_csv(const struct run_report *report) {
    struct csv_row row = {.stream = stdout};
    printf("run_id,replication,status,metric,value,unit\n");
    for (int32_t index = 0; index < report->replications->count; index++) {
        const struct replication_result *result = &report->replications->results[index];
        for (int metric = 0; metric < METRIC_COUNT && has_results(result); metric++) {
            csv_integer(&row, result->run_id);
            csv_integer(&row, result->replication);
            csv_text(&row, run_status_name(result->status));
            csv_text(&row, metric_name((enum metric)metric));
            csv_real(&row, result->metrics[metric]);
            csv_text(&row, metric_unit((enum metric)metric));
            csv_end(&row);
        }
    }
}
