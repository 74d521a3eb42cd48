#include "cli/audit_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "scenario/text.h"

enum { MOMENT_SIZE = 48, VIOLATIONS_SHOWN_OF_CHECK = 5 };

bool audit_is_good(const struct audited_run *runs, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        if (!audit_report_good(&runs[i].report)) return false;
    return count > 0;
}

/* "day 2 06:15:30", as the days of the run are counted. */
static char *moment(const struct audit_violation *violation, char text[MOMENT_SIZE]) {
    if (!violation->timed) {
        strcpy(text, "–");
        return text;
    }
    const int64_t day_ms = INT64_C(86400000);
    int64_t day = violation->time_ms / day_ms, rest = violation->time_ms % day_ms;
    if (rest < 0) rest += day_ms, day--;
    snprintf(text, MOMENT_SIZE, "day %" PRId64 " %02d:%02d:%02d", day + 1, (int)(rest / 3600000),
             (int)(rest / 60000 % 60), (int)(rest / 1000 % 60));
    return text;
}

static const char *or_dash(const char *text) {
    return text != NULL ? text : "–";
}

/* The first few of every check: a flood of one does not hide the others. */
static void print_violations(const struct audit_report *report) {
    if (report->violation_count == 0) return;
    static const char *const headers[] = {"check", "train", "place", "when", "what is wrong"};
    struct text_table *table = text_table_create("lllll", headers);
    int64_t of_check[AUDIT_CHECK_COUNT] = {0}, shown = 0;
    for (int32_t i = 0; i < report->kept_count; i++) {
        const struct audit_violation *violation = &report->kept[i];
        if (of_check[violation->check]++ >= VIOLATIONS_SHOWN_OF_CHECK) continue;
        shown++;
        char text[MOMENT_SIZE];
        text_table_cell(table, "%s", audit_check_name(violation->check));
        text_table_cell(table, "%s", or_dash(violation->train));
        text_table_cell(table, "%s", or_dash(violation->place));
        text_table_cell(table, "%s", moment(violation, text));
        text_table_cell(table, "%s", or_dash(violation->text));
    }
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
    if (report->violation_count > shown)
        printf("  … and %" PRId64 " more; --format json gives the first %d of each check\n",
               report->violation_count - shown, AUDIT_VIOLATIONS_KEPT_OF_CHECK);
}

static bool was_skipped(const struct audit_tally *tally) {
    return tally->tested == 0 && tally->violations == 0;
}

static const char *reason(const struct audit_tally *tally) {
    return tally->skipped_because != NULL ? tally->skipped_because : "nothing of the kind happened";
}

static void print_checks(const struct audit_report *report) {
    static const char *const headers[] = {"check", "cases", "violations", "what must hold"};
    struct text_table *table = text_table_create("lrrl", headers);
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) {
        const struct audit_tally *tally = &report->tallies[check];
        text_table_cell(table, "%s", audit_check_name((enum audit_check)check));
        if (was_skipped(tally)) {
            text_table_cell(table, "–");
            text_table_cell(table, "–");
            text_table_cell(table, "not checked: %s", reason(tally));
            continue;
        }
        text_table_cell(table, "%" PRId64, tally->tested);
        text_table_cell(table, "%" PRId64, tally->violations);
        text_table_cell(table, "%s", audit_check_purpose((enum audit_check)check));
    }
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

struct sums {
    int64_t cases, checked, skipped;
};

static struct sums sums_of(const struct audit_report *report) {
    struct sums sums = {0};
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) {
        const struct audit_tally *tally = &report->tallies[check];
        sums.cases += tally->tested;
        if (was_skipped(tally))
            sums.skipped++;
        else
            sums.checked++;
    }
    return sums;
}

static void print_line(const struct audited_run *run) {
    const struct sums sums = sums_of(&run->report);
    char title[256];
    snprintf(title, sizeof title, "%s", run->title);
    printf("%s: %" PRId64 " checks, %" PRId64 " cases, %" PRId64 " violation%s", text_make_printable(title),
           sums.checked, sums.cases, run->report.violation_count, run->report.violation_count == 1 ? "" : "s");
    if (sums.skipped > 0) printf("; %" PRId64 " not checked", sums.skipped);
    printf("\n");
}

void audit_print_text(const struct audited_run *runs, int64_t count, bool whole) {
    for (int64_t i = 0; i < count; i++) {
        print_line(&runs[i]);
        if (whole) {
            printf("\n");
            print_checks(&runs[i].report);
            if (runs[i].report.violation_count > 0) printf("\n");
        }
        print_violations(&runs[i].report);
    }
    if (!whole) printf("\n--run N shows every check of one run; a run made with --detail full can be checked whole\n");
}

static void print_json_run(struct json *json, const struct audit_report *report) {
    json_object_begin(json, NULL);
    json_integer(json, "run_id", report->run_id);
    json_array_begin(json, "checks");
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) {
        const struct audit_tally *tally = &report->tallies[check];
        json_object_begin(json, NULL);
        json_text(json, "check", audit_check_name((enum audit_check)check));
        json_integer(json, "tested", tally->tested);
        json_integer(json, "violations", tally->violations);
        json_text(json, "skipped_because", was_skipped(tally) ? reason(tally) : NULL);
        json_object_end(json);
    }
    json_array_end(json);
    json_integer(json, "violation_count", report->violation_count);
    json_array_begin(json, "violations");
    for (int32_t i = 0; i < report->kept_count; i++) {
        const struct audit_violation *violation = &report->kept[i];
        json_object_begin(json, NULL);
        json_text(json, "check", audit_check_name(violation->check));
        json_text(json, "train", violation->train);
        json_text(json, "place", violation->place);
        if (violation->timed)
            json_integer(json, "time_ms", violation->time_ms);
        else
            json_null(json, "time_ms");
        json_text(json, "message", violation->text);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

void audit_print_json(const char *database, const struct audited_run *runs, int64_t count) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_boolean(&json, "ok", audit_is_good(runs, count));
    json_text(&json, "database", database);
    json_array_begin(&json, "runs");
    for (int64_t i = 0; i < count; i++) print_json_run(&json, &runs[i].report);
    json_array_end(&json);
    json_object_end(&json);
}

void audit_print_csv(const struct audited_run *runs, int64_t count) {
    struct csv_row row = {.stream = stdout};
    printf("run_id,check,tested,violations,skipped_because\n");
    for (int64_t i = 0; i < count; i++)
        for (int check = 0; check < AUDIT_CHECK_COUNT; check++) {
            const struct audit_tally *tally = &runs[i].report.tallies[check];
            csv_integer(&row, runs[i].report.run_id);
            csv_text(&row, audit_check_name((enum audit_check)check));
            csv_integer(&row, tally->tested);
            csv_integer(&row, tally->violations);
            csv_text(&row, was_skipped(tally) ? reason(tally) : NULL);
            csv_end(&row);
        }
}
