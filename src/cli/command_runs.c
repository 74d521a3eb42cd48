/* `bering runs`: what is in a database. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "results/run_list.h"

static int fail(const struct failure *failure) {
    print_complaint("runs", "%s", failure->text);
    return STATUS_FAILED;
}

/* `–` where the run has no such figure. */
static void figure_cell(struct text_table *table, double value) {
    if (isnan(value))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.1f", value);
}

/* Whether some run is of a sweep. */
static bool any_point(const struct run_list *list) {
    for (int64_t index = 0; index < list->count; index++)
        if (list->entries[index].point > 0) return true;
    return false;
}

/* What the status alone does not tell. */
static void explain_running(const struct run_list *list) {
    for (int64_t index = 0; index < list->count; index++) {
        if (strcmp(list->entries[index].status, "running") != 0) continue;
        printf("\nrunning: at work, or cut off; the next command that writes to the database while nobody else has it\n"
               "open marks those cut off `interrupted`.\n");
        return;
    }
}

static void print_text(const struct run_list *list) {
    if (list->count == 0) {
        printf("no runs\n");
        return;
    }
    static const char *const headers[] = {"run",   "experiment",  "scenario",      "variant", "dispatch",
                                          "days",  "replication", "seed",          "status",  "trains/day",
                                          "delay", "detail",      "created (UTC)", "point"};
    const bool points = any_point(list);
    struct text_table *table = text_table_create(points ? "rrlllrrrlrrllr" : "rrlllrrrlrrll", headers);
    for (int64_t index = 0; index < list->count; index++) {
        const struct run_list_entry *entry = &list->entries[index];
        char delay[DURATION_SIZE];
        text_table_cell(table, "%" PRId64, entry->run_id);
        text_table_cell(table, "%" PRId64, entry->experiment_id);
        text_table_cell(table, "%s", entry->scenario);
        text_table_cell(table, "%s", entry->variant != NULL ? entry->variant : "–");
        text_table_cell(table, "%s", entry->dispatch);
        text_table_cell(table, "%g", entry->horizon_days);
        text_table_cell(table, "%" PRId64, entry->replication);
        text_table_cell(table, "%" PRId64, entry->seed);
        text_table_cell(table, "%s", entry->status);
        figure_cell(table, entry->trains_per_day);
        text_table_cell(table, "%s", format_minutes(entry->mean_delay_min * 60, delay));
        text_table_cell(table, "%s", entry->detail);
        text_table_cell(table, "%s", entry->created_at);
        if (points && entry->point == 0) text_table_cell(table, "–");
        if (points && entry->point > 0) text_table_cell(table, "%" PRId64, entry->point);
    }
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    explain_running(list);
}

static void print_json(const char *path, const struct run_list *list) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "database", path);
    json_array_begin(&json, "runs");
    for (int64_t index = 0; index < list->count; index++) {
        const struct run_list_entry *entry = &list->entries[index];
        json_object_begin(&json, NULL);
        json_integer(&json, "run_id", entry->run_id);
        json_integer(&json, "experiment_id", entry->experiment_id);
        json_text(&json, "created_at", entry->created_at);
        json_text(&json, "scenario", entry->scenario);
        json_text(&json, "variant", entry->variant);
        json_text(&json, "schedule", entry->schedule);
        json_text(&json, "dispatch", entry->dispatch);
        json_real(&json, "horizon_days", entry->horizon_days);
        json_integer(&json, "replication", entry->replication);
        json_integer(&json, "seed", entry->seed);
        json_text(&json, "detail", entry->detail);
        json_text(&json, "status", entry->status);
        json_real(&json, "trains_per_day", entry->trains_per_day);
        json_real(&json, "mean_delay_min", entry->mean_delay_min);
        json_text(&json, "results_sha256", entry->results_sha256);
        if (entry->point > 0)
            json_integer(&json, "point", entry->point);
        else
            json_null(&json, "point");
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
}

static void print_csv(const struct run_list *list) {
    struct csv_row row = {.stream = stdout};
    printf("run_id,experiment_id,created_at,scenario,variant,schedule,dispatch,horizon_days,replication,seed,detail,"
           "status,trains_per_day,mean_delay_min,results_sha256,point\n");
    for (int64_t index = 0; index < list->count; index++) {
        const struct run_list_entry *entry = &list->entries[index];
        csv_integer(&row, entry->run_id);
        csv_integer(&row, entry->experiment_id);
        csv_text(&row, entry->created_at);
        csv_text(&row, entry->scenario);
        csv_text(&row, entry->variant);
        csv_text(&row, entry->schedule);
        csv_text(&row, entry->dispatch);
        csv_real(&row, entry->horizon_days);
        csv_integer(&row, entry->replication);
        csv_integer(&row, entry->seed);
        csv_text(&row, entry->detail);
        csv_text(&row, entry->status);
        csv_real(&row, entry->trains_per_day);
        csv_real(&row, entry->mean_delay_min);
        csv_text(&row, entry->results_sha256);
        if (entry->point > 0)
            csv_integer(&row, entry->point);
        else
            csv_text(&row, NULL);
        csv_end(&row);
    }
}

static int list_runs(const char *path, int format) {
    struct failure failure;
    struct database *database = database_open(path, DATABASE_READ, DATABASE_PATIENCE_MS, &failure);
    if (database == NULL) return fail(&failure);
    struct run_list list;
    const bool read = run_list_read(database, &list, &failure);
    database_close(database);
    if (!read) return fail(&failure);
    if (format == OUTPUT_JSON)
        print_json(path, &list);
    else if (format == OUTPUT_CSV)
        print_csv(&list);
    else
        print_text(&list);
    run_list_free(&list);
    return STATUS_DONE;
}

static int delete_run(const char *path, int64_t run_id, int format) {
    struct failure failure;
    interrupt_watch(); /* once it has begun it is done */
    struct database *database = database_open(path, DATABASE_CHANGE, DATABASE_PATIENCE_MS, &failure);
    if (database == NULL) return fail(&failure);
    const bool deleted = run_list_delete(database, run_id, &failure);
    database_close(database);
    if (!deleted) return fail(&failure);
    if (format == OUTPUT_TEXT) printf("run %" PRId64 " deleted from %s\n", run_id, path);
    if (format == OUTPUT_CSV) printf("deleted\n%" PRId64 "\n", run_id);
    if (format == OUTPUT_JSON) {
        struct json json = {.stream = stdout};
        json_object_begin(&json, NULL);
        json_text(&json, "database", path);
        json_integer(&json, "deleted", run_id);
        json_object_end(&json);
    }
    return STATUS_DONE;
}

int command_runs(int argc, char **argv) {
    const char *path = "bering.db";
    int64_t run_id = 0;
    int format = OUTPUT_TEXT;
    const struct option options[] = {
        {.name = "db", .kind = OPTION_TEXT, .value = "FILE", .target = &path, .help = "the database (bering.db)"},
        {.name = "delete",
         .kind = OPTION_INTEGER,
         .value = "ID",
         .target = &run_id,
         .minimum = 1,
         .maximum = INT64_MAX,
         .help = "deletes that run with all its rows"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = OUTPUT_FORMATS,
         .target = &format,
         .help = "how to print (text)"},
    };
    const struct command_line line = {.command = "runs",
                                      .arguments = "",
                                      .purpose = "Lists the runs in a database, or deletes one.",
                                      .options = options,
                                      .option_count = sizeof options / sizeof *options};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) {
        fprintf(stderr, "bering runs: out of memory\n");
        return STATUS_FAILED;
    }
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    free(arguments);
    if (result != OPTIONS_READY) return options_status(result);
    return run_id > 0 ? delete_run(path, run_id, format) : list_runs(path, format);
}
