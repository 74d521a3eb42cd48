#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"
#include "audit/checks.h"

/* ---- the database ---- */

sqlite3_stmt *books_query(const struct books *books, const char *sql) {
    sqlite3_stmt *statement = database_prepare(books->database, sql, books->failure);
    if (statement != NULL) sqlite3_bind_int64(statement, 1, books->rows->run_id);
    return statement;
}

bool books_done(const struct books *books, sqlite3_stmt *statement, int code) {
    const bool good = code == SQLITE_DONE || database_explain(books->database, books->failure);
    sqlite3_finalize(statement);
    return good;
}

bool books_no_memory(const struct books *books) {
    return failure_set(books->failure, "there is not enough memory to audit run %lld", (long long)books->rows->run_id);
}

int64_t books_figure(sqlite3_stmt *statement, int column) {
    const int64_t figure = sqlite3_column_int64(statement, column), most = INT64_C(1) << 40;
    return figure > most ? most : figure < -most ? -most : figure;
}

double books_real(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

/* ---- figures ---- */

bool books_alike(double a, double b) {
    if (isnan(a) || isnan(b)) return isnan(a) && isnan(b);
    if (isinf(a) || isinf(b)) return a == b;
    return fabs(a - b) <= 1e-9 * fmax(1, fmax(fabs(a), fabs(b)));
}

int64_t books_in_window(const struct books *books, int64_t from_ms, int64_t to_ms) {
    if (from_ms < books->from_ms) from_ms = books->from_ms;
    if (to_ms > books->to_ms) to_ms = books->to_ms;
    return to_ms > from_ms ? to_ms - from_ms : 0;
}

bool books_counts(const struct books *books, int64_t time_ms) {
    return time_ms != AUDIT_NULL_MS && time_ms >= books->from_ms && time_ms < books->count_to_ms;
}

/* ---- calls and plans ---- */

const struct audit_call *books_planned_call(const struct books *books, int32_t call) {
    const struct audit_call_row *row = &books->rows->calls[call];
    if (row->train < 0 || row->station < 0) return NULL;
    const int32_t index = books->rows->trains[row->train].name.plan;
    if (index < 0) return NULL;
    const struct audit_plan *plan = &books->world->plans[index];
    for (int32_t k = 0; k < plan->call_count; k++)
        if (books->world->calls[plan->first_call + k].station == row->station)
            return &books->world->calls[plan->first_call + k];
    return NULL;
}

bool books_is_last(const struct books *books, int32_t call) {
    const struct audit_train_row *train = &books->rows->trains[books->rows->calls[call].train];
    return call + 1 == train->first_call + train->call_count;
}

int32_t books_section_after(const struct books *books, int32_t call, enum audit_direction *direction) {
    return books_is_last(books, call) ? -1 : audit_rows_section(books->world, books->rows, call, direction);
}

bool books_is_point_run(const struct books *books, int32_t section, int32_t type, enum audit_direction direction) {
    return !books->world->clear_by_length && type >= 0 &&
           audit_world_fixed_time(books->world, section, type, direction) != NULL;
}

/* A train that stands is free to go when its least dwell is over and its time has come; one that comes from outside,
 * when its time has come. */
static int64_t could_leave_ms(const struct books *books, int32_t call) {
    const struct audit_call_row *row = &books->rows->calls[call];
    if (row->train < 0 || books_is_last(books, call)) return AUDIT_NULL_MS;
    const bool origin = call == books->rows->trains[row->train].first_call;
    if (row->arrival_ms == AUDIT_NULL_MS) return origin ? row->planned_departure_ms : AUDIT_NULL_MS;
    const struct audit_call *planned = books_planned_call(books, call);
    const int64_t dwelt_ms = row->arrival_ms + (planned != NULL && row->stopped ? planned->min_dwell_ms : 0);
    return row->planned_departure_ms > dwelt_ms ? row->planned_departure_ms : dwelt_ms; /* NULL is less than any */
}

/* Where containers may have kept it, it was ready so long before it left as it says that it waited, if that is no
 * sooner than without them. */
static int64_t could_leave_handled_ms(const struct books *books, int32_t call) {
    const struct audit_call_row *row = &books->rows->calls[call];
    const int64_t could_ms = could_leave_ms(books, call);
    if (could_ms == AUDIT_NULL_MS || !audit_rows_handled(books->world, books->rows, call)) return could_ms;
    const int64_t ready_ms = (row->departure_ms != AUDIT_NULL_MS ? row->departure_ms : books->end_ms) - row->wait_ms;
    return ready_ms > could_ms ? ready_ms : could_ms;
}

/* ---- all of it ---- */

/* Whether the run goes on until its last train ends, however long that takes. */
static bool find_open_end(const struct books *books, bool *open) {
    *open = false;
    sqlite3_stmt *statement =
        books_query(books, "SELECT value FROM settings WHERE run_id = ?1 AND key = 'horizon_days' ORDER BY value = ''");
    if (statement == NULL) return false;
    int code = sqlite3_step(statement);
    const char *value = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "";
    *open = books->world->repeat_once && (value == NULL || value[0] == '\0');
    if (code == SQLITE_ROW) code = SQLITE_DONE;
    return books_done(books, statement, code);
}

static bool prepare(struct books *books) {
    const struct audit_rows *rows = books->rows;
    bool open;
    if (!find_open_end(books, &open)) return false;
    books->from_ms = rows->warmup_ms;
    books->to_ms = rows->warmup_ms + rows->horizon_ms;
    books->end_ms = rows->end_ms != AUDIT_NULL_MS ? rows->end_ms : books->to_ms;
    books->count_to_ms = open ? INT64_MAX : books->to_ms;
    if (books->end_ms < books->to_ms) books->to_ms = books->end_ms;
    if (books->to_ms < books->from_ms) books->to_ms = books->from_ms;
    books->could_leave_ms = malloc(((size_t)rows->call_count + 1) * sizeof *books->could_leave_ms);
    if (books->could_leave_ms == NULL) return books_no_memory(books);
    for (int32_t call = 0; call < rows->call_count; call++)
        books->could_leave_ms[call] = could_leave_handled_ms(books, call);
    return true;
}

bool audit_check_books(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                       struct audit_report *report, struct failure *failure) {
    struct books books = {.database = database, .world = world, .rows = rows, .report = report, .failure = failure};
    const bool good = prepare(&books) && books_check_delays(&books) && books_check_waits(&books) &&
                      books_check_metrics(&books) && books_check_section_use(&books) &&
                      books_check_station_use(&books) && books_check_estimates(&books) &&
                      books_check_deadlock(&books) && books_check_containers(&books) && books_check_ledger(&books);
    free(books.could_leave_ms);
    return good;
}
