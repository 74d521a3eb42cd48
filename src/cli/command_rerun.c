/* `bering rerun`: is a run still the same when it is made again? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "scenario/text.h"
#include "study/rerun.h"

/* Progress has its own line, which is written over; what takes a moment needs none. */
static void show_progress(void *context, const struct replications_progress *progress) {
    bool *shown = context;
    if (progress->elapsed_s < 1) return;
    *shown = true;
    fprintf(stderr, "\rsimulating, %.0f s ", progress->elapsed_s);
    fflush(stderr);
}

/* ------------------------------------------------------------------------------------------------------------- text */

static void print_differences(const struct run_difference *difference) {
    static const char *const headers[] = {"table", "rows kept", "rows now", "different", "the first of them"};
    if (difference->count == 0) return;
    printf("\n");
    struct text_table *table = text_table_create("lrrrl", headers);
    for (int32_t index = 0; index < difference->count; index++) {
        const struct table_difference *found = &difference->tables[index];
        char words[ROW_DIFFERENCE_WORDS_SIZE];
        row_difference_words(&found->first, words);
        text_table_cell(table, "%s", found->table);
        text_table_cell(table, "%" PRId64, found->kept_rows);
        text_table_cell(table, "%" PRId64, found->now_rows);
        text_table_cell(table, "%" PRId64, found->different);
        text_table_cell(table, "%s", words);
    }
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
}

static void print_text(const struct rerun *rerun) {
    char made_by[sizeof rerun->made_by];
    if (rerun->outcome != RERUN_SAME && rerun->outcome != RERUN_DIFFERENT) return;
    memcpy(made_by, rerun->made_by, sizeof made_by);
    print_heading("Run %" PRId64 ", %s, replication %" PRId64 ": %s", rerun->run_id, rerun->scenario,
                  rerun->replication, rerun->outcome == RERUN_SAME ? "the same again" : "different");
    printf("  made by   Bering %s, %s\n", text_make_printable(made_by), rerun->kept_status);
    printf("  made now  Bering %s, %s\n", BERING_VERSION, rerun->status);
    if (rerun->outcome == RERUN_SAME) {
        printf("  results   %s\n", rerun->sha256);
        return;
    }
    printf("  results   %s stored with the run\n", rerun->kept_sha256[0] != '\0' ? rerun->kept_sha256 : "no hash");
    printf("            %s of the rows kept\n", rerun->rows_sha256);
    printf("            %s of the rows made now\n", rerun->sha256);
    print_differences(&rerun->difference);
    printf("\n%s\n", rerun_cause(rerun));
}

/* ------------------------------------------------------------------------------------------------------------- JSON */

static const char *text_or_null(const char *text) {
    return text[0] != '\0' ? text : NULL;
}

static void print_first(struct json *json, const struct row_difference *row) {
    static const char *const kinds[] = {"changed", "lost", "new"};
    const bool changed = row->kind == ROW_CHANGED;
    json_object_begin(json, "first");
    json_text(json, "kind", kinds[row->kind]);
    json_text(json, "key", row->key);
    json_text(json, "train", text_or_null(row->train));
    json_text(json, "place", text_or_null(row->place));
    json_text(json, "column", text_or_null(row->column));
    json_text(json, "kept", changed ? row->kept : NULL);
    json_text(json, "now", changed ? row->now : NULL);
    json_object_end(json);
}

static void print_json(const char *path, const struct rerun *rerun) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "database", path);
    json_integer(&json, "run_id", rerun->run_id);
    json_text(&json, "outcome", rerun_outcome_name(rerun->outcome));
    json_text(&json, "obstacle", rerun->outcome == RERUN_IMPOSSIBLE ? kept_run_obstacle_name(rerun->obstacle) : NULL);
    json_text(&json, "cause", rerun_cause(rerun));
    json_text(&json, "made_by", text_or_null(rerun->made_by));
    json_text(&json, "made_now_by", BERING_VERSION);
    json_text(&json, "status_kept", text_or_null(rerun->kept_status));
    json_text(&json, "status_now", text_or_null(rerun->status));
    json_text(&json, "results_sha256_kept", text_or_null(rerun->kept_sha256));
    json_text(&json, "results_sha256_of_rows", text_or_null(rerun->rows_sha256));
    json_text(&json, "results_sha256_now", text_or_null(rerun->sha256));
    json_array_begin(&json, "differences");
    for (int32_t index = 0; index < rerun->difference.count; index++) {
        const struct table_difference *found = &rerun->difference.tables[index];
        json_object_begin(&json, NULL);
        json_text(&json, "table", found->table);
        json_integer(&json, "rows_kept", found->kept_rows);
        json_integer(&json, "rows_now", found->now_rows);
        json_integer(&json, "rows_different", found->different);
        print_first(&json, &found->first);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
}

/* ---------------------------------------------------------------------------------------------------------- command */

static int fail(const char *why) {
    print_complaint("rerun", "%s", why);
    return STATUS_FAILED;
}

static int status_of(const char *path, const struct rerun *rerun) {
    char details[sizeof rerun->details];
    switch (rerun->outcome) {
    case RERUN_SAME:
        return STATUS_DONE;
    case RERUN_DIFFERENT:
        return STATUS_FAILED;
    case RERUN_INTERRUPTED:
        fprintf(stderr, "bering rerun: interrupted before run %" PRId64 " was made again\n", rerun->run_id);
        return STATUS_INTERRUPTED;
    case RERUN_IMPOSSIBLE:
        memcpy(details, rerun->details, sizeof details);
        fprintf(stderr, "bering rerun: %s: run %" PRId64 " cannot be made again: %s%s%s\n", path, rerun->run_id,
                kept_run_obstacle_text(rerun->obstacle), details[0] != '\0' ? ": " : "", text_make_printable(details));
    }
    return STATUS_FAILED;
}

static int rerun_and_print(const char *path, int64_t run_id, int format) {
    bool shown = false;
    const struct rerun_request request = {.database = path,
                                          .run_id = run_id,
                                          .stop = interrupt_watch(),
                                          .progress = isatty(STDERR_FILENO) ? show_progress : NULL,
                                          .context = &shown};
    struct rerun rerun;
    struct failure failure;
    const bool done = rerun_run(&request, &rerun, &failure);
    if (shown) fprintf(stderr, "\r%*s\r", 60, "");
    if (!done) return fail(failure.text);
    if (format == OUTPUT_JSON)
        print_json(path, &rerun);
    else
        print_text(&rerun);
    return status_of(path, &rerun);
}

/* A run's number; false and said on stderr when the word is none. */
static bool read_run_id(const char *word, int64_t *run_id) {
    char *end = NULL;
    errno = 0;
    const long long value = strtoll(word, &end, 10);
    *run_id = value;
    if (word[0] >= '0' && word[0] <= '9' && *end == '\0' && errno == 0 && value >= 1) return true;
    print_complaint("rerun", "'%s' is not the number of a run; `bering runs` lists them", word);
    return false;
}

int command_rerun(int argc, char **argv) {
    const char *path = "bering.db";
    int format = OUTPUT_TEXT;
    const struct option options[] = {
        {.name = "db", .kind = OPTION_TEXT, .value = "FILE", .target = &path, .help = "the database (bering.db)"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = "text|json",
         .target = &format,
         .help = "how to print (text)"},
    };
    const struct command_line line = {.command = "rerun",
                                      .arguments = "RUN_ID",
                                      .purpose = "Makes a run again from the files and settings in the database, and "
                                                 "says whether the results are the\nsame; if not, in what they differ. "
                                                 "RUN_ID is its number (`bering runs` lists them). Writes nothing.",
                                      .options = options,
                                      .option_count = sizeof options / sizeof *options,
                                      .least_arguments = 1,
                                      .most_arguments = 1};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("out of memory");
    int32_t argument_count = 0;
    int64_t run_id = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    int status = result == OPTIONS_READY ? STATUS_USAGE : options_status(result);
    if (result == OPTIONS_READY && read_run_id(arguments[0], &run_id)) status = rerun_and_print(path, run_id, format);
    free(arguments);
    return status;
}
