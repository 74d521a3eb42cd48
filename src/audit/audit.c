#include "audit/audit.h"

#include <stdio.h>
#include <string.h>

#include "audit/checks.h"

static void skip_everything(struct audit_report *report, const char *because) {
    for (int check = 0; check < AUDIT_CHECK_COUNT; check++) audit_skip(report, (enum audit_check)check, because);
}

/* What needs no understanding of the scenario is checked whatever it is like. */
static bool check_understood(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                             struct audit_report *report, struct failure *failure) {
    if (!audit_check_line(world, rows, report) || !audit_check_stations(world, rows, report) ||
        !audit_check_trains(world, rows, report) || !audit_check_physics(world, rows, report))
        return failure_set(failure, "there is not enough memory to audit run %lld", (long long)report->run_id);
    return audit_check_books(database, world, rows, report, failure);
}

static bool check_run(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                      struct audit_report *report, struct failure *failure) {
    if (strcmp(rows->status, "complete") != 0 && strcmp(rows->status, "deadlocked") != 0) {
        char because[96];
        snprintf(because, sizeof because, "the run is %.40s: it has no results that count", rows->status);
        skip_everything(report, because);
        return true;
    }
    if (!audit_check_file(database, world, rows, report, failure) ||
        !audit_check_money(database, rows, report, failure))
        return false;
    audit_tested(report, AUDIT_INPUTS_READ, 1);
    if (world->problem[0] != '\0') {
        audit_violation(report, AUDIT_INPUTS_READ, NULL, NULL, AUDIT_NO_TIME, "%s", world->problem);
        skip_everything(report, "the files kept cannot be understood");
        return true;
    }
    return check_understood(database, world, rows, report, failure);
}

bool audit_run(struct database *database, int64_t run_id, struct audit_report *report, struct failure *failure) {
    *report = (struct audit_report){.run_id = run_id};
    struct audit_world world;
    if (!audit_world_read(database, run_id, &world, failure)) return false;
    struct audit_rows rows;
    bool good = audit_rows_read(database, run_id, &world, &rows, failure);
    if (good) {
        good = check_run(database, &world, &rows, report, failure);
        audit_rows_free(&rows);
    }
    audit_world_free(&world);
    if (good && report->out_of_memory)
        good = failure_set(failure, "there is not enough memory to audit run %lld", (long long)run_id);
    if (!good) audit_report_free(report);
    return good;
}
