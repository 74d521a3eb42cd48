/* Whether a run that deadlocked says who stands where, and whether one that did not is silent. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

/* The place of a train among the rows; −1: there is none. */
static int32_t train_with(const struct audit_rows *rows, int64_t train_id) {
    for (int32_t i = 0; i < rows->train_count; i++)
        if (rows->trains[i].train_id == train_id) return i;
    return -1;
}

static bool is_name(const struct audit_rows *rows, const char *name) {
    for (int32_t i = 0; i < rows->train_count; i++)
        if (strcmp(rows->trains[i].train, name) == 0) return true;
    return false;
}

/* Where a train is when the run ends: the last station it has come to, or where it would come from. */
static const char *where(const struct audit_rows *rows, const struct audit_train_row *train) {
    const char *station = NULL;
    for (int32_t k = 0; k < train->call_count; k++) {
        const struct audit_call_row *call = &rows->calls[train->first_call + k];
        if (k == 0 || call->arrival_ms != AUDIT_NULL_MS) station = call->station_id;
    }
    return station;
}

static void check_train(const struct books *books, const struct audit_train_row *train, const char *name,
                        const char *station, const char *waits_for) {
    const struct audit_rows *rows = books->rows;
    struct audit_report *report = books->report;
    if (strcmp(train->train, name) != 0)
        audit_violation(report, AUDIT_DEADLOCK, name, station, AUDIT_NO_TIME, "the train of that id is %s",
                        train->train);
    if (train->arrival_ms != AUDIT_NULL_MS || strcmp(train->status, "arrived") == 0)
        audit_violation(report, AUDIT_DEADLOCK, name, station, AUDIT_NO_TIME, "is in the deadlock and has arrived");
    if (waits_for != NULL && (strcmp(waits_for, name) == 0 || !is_name(rows, waits_for)))
        audit_violation(report, AUDIT_DEADLOCK, name, station, AUDIT_NO_TIME, "waits for %s, %s", waits_for,
                        strcmp(waits_for, name) == 0 ? "itself" : "which is not there");
    const char *stands_at = where(rows, train);
    if (rows->detail.calls && (stands_at == NULL || strcmp(stands_at, station) != 0))
        audit_violation(report, AUDIT_DEADLOCK, name, station, AUDIT_NO_TIME, "stands at %s by its calls",
                        stands_at == NULL ? "no station" : stands_at);
}

/* Every train that waits within the network can never move on: all of them are told. */
static void check_waiting_told(const struct books *books, const bool *told) {
    const struct audit_rows *rows = books->rows;
    for (int32_t i = 0; i < rows->train_count; i++) {
        const bool under_way = strcmp(rows->trains[i].status, "running") == 0;
        if (under_way || (strcmp(rows->trains[i].status, "waiting") == 0 && !told[i]))
            audit_violation(books->report, AUDIT_DEADLOCK, rows->trains[i].train, NULL, AUDIT_NO_TIME,
                            under_way ? "runs though the run is deadlocked" : "waits and is not in the deadlock");
    }
}

/* A database of another making may have NULL where ours has a word. */
static const char *text_or_empty(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? text : "";
}

static bool check_trains(const struct books *books, bool deadlocked, int64_t *count) {
    const struct audit_rows *rows = books->rows;
    bool *told = calloc((size_t)rows->train_count + 1, sizeof *told);
    if (told == NULL) return books_no_memory(books);
    sqlite3_stmt *statement =
        books_query(books, "SELECT train_id, train, station, waits_for FROM deadlocks WHERE run_id = ?1");
    int code = SQLITE_ERROR;
    while (statement != NULL && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        (*count)++;
        if (!deadlocked || !rows->detail.trains) continue;
        const char *name = text_or_empty(statement, 1), *station = text_or_empty(statement, 2);
        const int32_t train = train_with(rows, sqlite3_column_int64(statement, 0));
        audit_tested(books->report, AUDIT_DEADLOCK, 1);
        if (train < 0) {
            audit_violation(books->report, AUDIT_DEADLOCK, name, station, AUDIT_NO_TIME,
                            "is in the deadlock and not among the trains");
            continue;
        }
        told[train] = true;
        check_train(books, &rows->trains[train], name, station, (const char *)sqlite3_column_text(statement, 3));
    }
    if (deadlocked) check_waiting_told(books, told);
    free(told);
    return statement != NULL && books_done(books, statement, code);
}

/* Nobody leaves after the run has ended, least of all where nobody can. */
static void check_departures(const struct books *books) {
    for (int32_t i = 0; i < books->rows->call_count; i++) {
        const struct audit_call_row *call = &books->rows->calls[i];
        if (call->train < 0 || call->departure_ms == AUDIT_NULL_MS || call->departure_ms <= books->end_ms) continue;
        audit_violation(books->report, AUDIT_DEADLOCK, books->rows->trains[call->train].train, call->station_id,
                        call->departure_ms, "leaves after the run has ended");
    }
}

bool books_check_deadlock(const struct books *books) {
    const bool deadlocked = strcmp(books->rows->status, "deadlocked") == 0;
    int64_t count = 0;
    audit_tested(books->report, AUDIT_DEADLOCK, 1);
    if (!check_trains(books, deadlocked, &count)) return false;
    if (deadlocked && count == 0)
        audit_violation(books->report, AUDIT_DEADLOCK, NULL, NULL, books->end_ms,
                        "the run is deadlocked, and no train is named");
    if (!deadlocked && count > 0)
        audit_violation(books->report, AUDIT_DEADLOCK, NULL, NULL, books->end_ms,
                        "the run is %s, and %" PRId64 " trains are in a deadlock", books->rows->status, count);
    check_departures(books);
    return true;
}
