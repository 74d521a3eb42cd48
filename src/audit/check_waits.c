/* Delays of trains and waits of calls. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

static const struct audit_plan *plan_of(const struct books *books, const struct audit_train_row *train) {
    return train->name.plan < 0 ? NULL : &books->world->plans[train->name.plan];
}

/* ---- delay_ms ---- */

/* What a train's arrival is measured against; AUDIT_NULL_MS where that is not known (yet). */
static int64_t due_ms(const struct audit_plan *plan, const struct audit_train_row *train) {
    int64_t base_ms = train->planned_departure_ms;
    if (plan->service && plan->arrivals == AUDIT_SATURATED)
        base_ms = train->departure_ms;
    else if (train->planned_arrival_ms != AUDIT_NULL_MS)
        return train->planned_arrival_ms;
    return base_ms == AUDIT_NULL_MS || train->unimpeded_ms == AUDIT_NULL_MS ? AUDIT_NULL_MS
                                                                            : base_ms + train->unimpeded_ms;
}

static int64_t delay_ms(const struct books *books, const struct audit_plan *plan, const struct audit_train_row *train) {
    const int64_t due = due_ms(plan, train);
    if (due == AUDIT_NULL_MS) return 0;
    if (train->arrival_ms != AUDIT_NULL_MS) return train->arrival_ms - due;
    return books->end_ms > due ? books->end_ms - due : 0;
}

static void check_delay(const struct books *books, const struct audit_train_row *train) {
    const struct audit_plan *plan = plan_of(books, train);
    if (plan == NULL) return;
    audit_tested(books->report, AUDIT_DELAY, 1);
    const int64_t expected = delay_ms(books, plan, train);
    if (train->delay_ms == AUDIT_NULL_MS)
        audit_violation(books->report, AUDIT_DELAY, train->train, NULL, train->arrival_ms,
                        "has no delay_ms; it is %" PRId64, expected);
    else if (train->delay_ms != expected)
        audit_violation(books->report, AUDIT_DELAY, train->train, NULL, train->arrival_ms,
                        "delay_ms is %" PRId64 " and should be %" PRId64, train->delay_ms, expected);
}

/* ---- unimpeded_ms ---- */

/* The least that a plan spends standing between its ends. */
static int64_t least_dwells_ms(const struct books *books, const struct audit_plan *plan) {
    int64_t sum_ms = 0;
    for (int32_t k = 1; k + 1 < plan->call_count; k++) sum_ms += books->world->calls[plan->first_call + k].min_dwell_ms;
    return sum_ms;
}

/* The earliest that the timetable lets it pass its last timed row before the end, from its planned departure. */
static int64_t least_by_times_ms(const struct books *books, const struct audit_plan *plan) {
    if (plan->call_count == 0) return 0;
    const struct audit_call *calls = &books->world->calls[plan->first_call];
    const int64_t first_ms = calls[0].departure_ms >= 0 ? calls[0].departure_ms : calls[0].arrival_ms;
    for (int32_t k = plan->call_count - 2; k > 0 && first_ms >= 0; k--)
        if (calls[k].departure_ms >= 0) return calls[k].departure_ms - first_ms;
    return 0;
}

static void check_unimpeded(const struct books *books, const struct audit_train_row *train,
                            const struct audit_train_row **first_of_plan) {
    const struct audit_plan *plan = plan_of(books, train);
    if (plan == NULL) return;
    const struct audit_train_row **first = &first_of_plan[train->name.plan];
    if (*first == NULL) *first = train;
    audit_tested(books->report, AUDIT_DELAY, 1);
    const int64_t dwells_ms = least_dwells_ms(books, plan), times_ms = least_by_times_ms(books, plan);
    const int64_t least_ms = dwells_ms > times_ms ? dwells_ms : times_ms;
    if (train->unimpeded_ms == AUDIT_NULL_MS || train->unimpeded_ms <= least_ms)
        audit_violation(books->report, AUDIT_DELAY, train->train, NULL, AUDIT_NO_TIME,
                        "unimpeded_ms is %" PRId64 ", which dwells and timetable alone take",
                        train->unimpeded_ms == AUDIT_NULL_MS ? 0 : train->unimpeded_ms);
    else if (train->unimpeded_ms != (*first)->unimpeded_ms)
        audit_violation(books->report, AUDIT_DELAY, train->train, NULL, AUDIT_NO_TIME,
                        "unimpeded_ms is %" PRId64 ", that of %s, by the same plan, %" PRId64, train->unimpeded_ms,
                        (*first)->train, (*first)->unimpeded_ms);
}

bool books_check_delays(const struct books *books) {
    const struct audit_rows *rows = books->rows;
    if (!rows->detail.trains) {
        audit_skip(books->report, AUDIT_DELAY, "needs detail trains or more");
        return true;
    }
    if (rows->train_count == 0) audit_skip(books->report, AUDIT_DELAY, "there are no trains");
    const struct audit_train_row **first_of_plan = calloc((size_t)books->world->plan_count + 1, sizeof *first_of_plan);
    if (first_of_plan == NULL) return books_no_memory(books);
    for (int32_t i = 0; i < rows->train_count; i++) {
        check_delay(books, &rows->trains[i]);
        check_unimpeded(books, &rows->trains[i], first_of_plan);
    }
    free(first_of_plan);
    return true;
}

/* ---- waits ---- */

static void wrong(const struct books *books, const struct audit_call_row *call, const char *text) {
    audit_violation(books->report, AUDIT_WAITS, books->rows->trains[call->train].train, call->station_id,
                    call->departure_ms, "%s", text);
}

static bool is_cause(const char *word) {
    static const char *const causes[] = {"scheduled", "primary", "knock_on", "possession", "hazard"};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (strcmp(word, causes[i]) == 0) return true;
    return false;
}

/* How long it waited, from when it could have left to when it did. What was still to leave when the run ended has not
 * waited yet, unless its departure was fixed by then and lies beyond the end: as that of a train that is to run through
 * a station it has not come to. */
static void check_length(const struct books *books, const struct audit_call_row *call, int64_t could_leave_ms) {
    const char *train = books->rows->trains[call->train].train;
    if (call->departure_ms == AUDIT_NULL_MS) {
        const bool comes = call->arrival_ms == AUDIT_NULL_MS && call->seq > 1 && call[-1].train == call->train &&
                           call[-1].departure_ms != AUDIT_NULL_MS && !call->stopped;
        const bool beyond =
            comes || (could_leave_ms != AUDIT_NULL_MS && could_leave_ms + call->wait_ms > books->end_ms);
        if (call->wait_ms != 0 && !beyond)
            audit_violation(books->report, AUDIT_WAITS, train, call->station_id, call->arrival_ms,
                            "wait_ms is %" PRId64 " though it has not left", call->wait_ms);
        return;
    }
    if (could_leave_ms == AUDIT_NULL_MS) return;
    const int64_t waited_ms = call->departure_ms > could_leave_ms ? call->departure_ms - could_leave_ms : 0;
    if (call->wait_ms != waited_ms)
        audit_violation(books->report, AUDIT_WAITS, train, call->station_id, call->departure_ms,
                        "wait_ms is %" PRId64 " and should be %" PRId64, call->wait_ms, waited_ms);
}

/* `scheduled` may also stand where a train left at its very time. */
static void check_cause(const struct books *books, const struct audit_call_row *call) {
    if (call->cause != NULL && !is_cause(call->cause))
        wrong(books, call, "wait_cause is no cause there is");
    else if (call->cause == NULL && call->wait_ms > 0)
        wrong(books, call, "a wait without a cause");
    else if (call->cause != NULL && call->wait_ms == 0 &&
             (strcmp(call->cause, "scheduled") != 0 || !call->stopped ||
              call->departure_ms != call->planned_departure_ms))
        wrong(books, call, "a cause without a wait");
}

static bool is_train(const struct audit_rows *rows, int64_t train_id) {
    int32_t low = 0, high = rows->train_count;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (rows->trains[middle].train_id < train_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rows->train_count && rows->trains[low].train_id == train_id;
}

/* Whether exact searches, which name no place, refused moves: then a train may wait for others and for none of them in
 * particular. */
static bool find_searches(const struct books *books, bool *searched) {
    sqlite3_stmt *statement = books_query(books, "SELECT searches FROM runs WHERE run_id = ?1");
    if (statement == NULL) return false;
    int code = sqlite3_step(statement);
    *searched = code == SQLITE_ROW && sqlite3_column_int64(statement, 0) > 0;
    if (code == SQLITE_ROW) code = SQLITE_DONE;
    return books_done(books, statement, code);
}

static void check_waited_for(const struct books *books, const struct audit_call_row *call, bool searched) {
    const bool knock_on = call->cause != NULL && strcmp(call->cause, "knock_on") == 0;
    if (call->wait_for == AUDIT_NULL_MS) {
        if (knock_on && !searched) wrong(books, call, "a knock-on wait for nobody");
    } else if (!knock_on)
        wrong(books, call, "it waits for a train though no train was the cause");
    else if (call->wait_for == call->train_id)
        wrong(books, call, "it waits for itself");
    else if (!is_train(books->rows, call->wait_for))
        wrong(books, call, "it waits for a train that is not there");
}

bool books_check_waits(const struct books *books) {
    const struct audit_rows *rows = books->rows;
    if (!rows->detail.calls) {
        audit_skip(books->report, AUDIT_WAITS, "needs detail calls or more");
        return true;
    }
    if (rows->call_count == 0) audit_skip(books->report, AUDIT_WAITS, "there are no calls");
    bool searched;
    if (!find_searches(books, &searched)) return false;
    for (int32_t i = 0; i < rows->call_count; i++) {
        const struct audit_call_row *call = &rows->calls[i];
        if (call->train < 0) continue;
        audit_tested(books->report, AUDIT_WAITS, 1);
        if (call->wait_ms < 0) wrong(books, call, "wait_ms is negative");
        check_length(books, call, books->could_leave_ms[i]);
        check_cause(books, call);
        check_waited_for(books, call, searched);
    }
    return true;
}
