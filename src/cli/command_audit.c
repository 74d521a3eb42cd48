/* `bering audit`: checks finished runs again, from the database alone. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/audit.h"
#include "cli/audit_print.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"
#include "results/run_list.h"
#include "scenario/text.h"

struct audit_options {
    const char *path;
    int64_t run_id; /* 0: all that are finished */
    int format;
};

struct audited {
    struct audited_run *runs;
    int64_t count;
};

static int fail(const char *text) {
    print_complaint("audit", "%s", text);
    return STATUS_FAILED;
}

static bool finished(const struct run_list_entry *entry) {
    return strcmp(entry->status, "complete") == 0 || strcmp(entry->status, "deadlocked") == 0;
}

static char *title_of(const struct run_list_entry *entry) {
    char text[256];
    snprintf(text, sizeof text, "run %" PRId64 ", %.120s%s%.60s, %s, detail %s", entry->run_id, entry->scenario,
             entry->variant ? ", variant " : "", entry->variant ? entry->variant : "", entry->dispatch, entry->detail);
    return strdup(text);
}

/* Says how far it is, on a terminal and where there is something to wait for. */
static void show_progress(int64_t done, int64_t count) {
    if (count < 10 || !isatty(STDERR_FILENO)) return;
    fprintf(stderr, done < count ? "\raudited %" PRId64 " of %" PRId64 " runs" : "\r\033[K", done, count);
    fflush(stderr);
}

/* A run may be deleted while it is audited, or before its turn comes: `there` tells. */
static bool audit_listed_run(struct database *database, int64_t run_id, struct audit_report *report, bool *there,
                             struct failure *failure) {
    const bool audited = audit_run(database, run_id, report, failure);
    if (!run_list_has(database, run_id, there, audited ? failure : &(struct failure){0})) {
        if (audited) audit_report_free(report);
        return false;
    }
    if (audited && !*there) audit_report_free(report);
    return audited || !*there;
}

static int audit_listed(struct database *database, const struct audit_options *options, const struct run_list *list,
                        struct audited *audited) {
    const atomic_bool *stop = interrupt_watch();
    audited->runs = calloc((size_t)list->count + 1, sizeof *audited->runs);
    if (audited->runs == NULL) return fail("there is not enough memory");
    for (int64_t i = 0; i < list->count; i++) {
        const struct run_list_entry *entry = &list->entries[i];
        if (options->run_id > 0 ? entry->run_id != options->run_id : !finished(entry)) continue;
        if (atomic_load(stop)) {
            fprintf(stderr, "bering audit: interrupted; what was audited is told\n");
            return STATUS_INTERRUPTED;
        }
        struct audited_run *run = &audited->runs[audited->count];
        struct failure failure;
        bool there;
        if (!audit_listed_run(database, entry->run_id, &run->report, &there, &failure)) return fail(failure.text);
        if (!there) continue;
        audited->count++;
        run->title = title_of(entry);
        if (run->title == NULL) return fail("there is not enough memory");
        show_progress(i + 1, list->count);
    }
    return STATUS_DONE;
}

static int print(const struct audit_options *options, const struct audited *audited) {
    if (options->format == OUTPUT_JSON)
        audit_print_json(options->path, audited->runs, audited->count);
    else if (options->format == OUTPUT_CSV)
        audit_print_csv(audited->runs, audited->count);
    else
        audit_print_text(audited->runs, audited->count, options->run_id > 0 || audited->count == 1);
    return audit_is_good(audited->runs, audited->count) ? STATUS_DONE : STATUS_FAILED;
}

static int audit_database(struct database *database, const struct audit_options *options) {
    struct run_list list;
    struct failure failure;
    if (!run_list_read(database, &list, &failure)) return fail(failure.text);
    struct audited audited = {0};
    int status = audit_listed(database, options, &list, &audited);
    char word[TEXT_WORD_SIZE];
    if (status == STATUS_DONE && audited.count == 0) {
        if (options->run_id > 0)
            print_complaint("audit", "there is no run %" PRId64 " in %s; `bering runs --db %s` lists them",
                            options->run_id, options->path, text_for_shell(options->path, word, sizeof word));
        else
            print_complaint("audit", "there is no finished run in %s", options->path);
        status = STATUS_FAILED;
    } else if (audited.count > 0) {
        const int found = print(options, &audited);
        if (status == STATUS_DONE) status = found;
    }
    for (int64_t i = 0; i < audited.count; i++) {
        audit_report_free(&audited.runs[i].report);
        free(audited.runs[i].title);
    }
    free(audited.runs);
    run_list_free(&list);
    return status;
}

static int audit_file(const struct audit_options *options) {
    struct failure failure;
    struct database *database = database_open(options->path, DATABASE_READ, DATABASE_PATIENCE_MS, &failure);
    if (database == NULL) return fail(failure.text);
    const int status = audit_database(database, options);
    database_close(database);
    return status;
}

int command_audit(int argc, char **argv) {
    struct audit_options values = {.path = "bering.db", .format = OUTPUT_TEXT};
    const struct option options[] = {
        {.name = "db",
         .kind = OPTION_TEXT,
         .value = "FILE",
         .target = &values.path,
         .help = "the database (bering.db)"},
        {.name = "run",
         .kind = OPTION_INTEGER,
         .value = "ID",
         .target = &values.run_id,
         .minimum = 1,
         .maximum = INT64_MAX,
         .help = "only this run, with every check (all finished runs)"},
        {.name = "format",
         .kind = OPTION_CHOICE,
         .choices = OUTPUT_FORMATS,
         .target = &values.format,
         .help = "how to print (text)"},
    };
    const struct command_line line = {
        .command = "audit",
        .arguments = "",
        .purpose =
            "Checks finished runs again from the database alone: collisions, tracks, headways, physics, the plan, "
            "the sums. Exit status 1 if anything is wrong, or nothing could be checked. What the run did not "
            "keep is said to be not checked; --detail full keeps everything.",
        .options = options,
        .option_count = sizeof options / sizeof *options};
    const char **arguments = calloc((size_t)argc, sizeof *arguments);
    if (arguments == NULL) return fail("there is not enough memory");
    int32_t argument_count = 0;
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    free(arguments);
    if (result != OPTIONS_READY) return options_status(result);
    return audit_file(&values);
}
