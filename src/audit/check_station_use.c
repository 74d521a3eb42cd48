/* How full the stations were, from calls. When a tail leaves a station is not kept: where trains have a length, it is
 * known within bounds only. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "audit/books.h"

struct station_sum {
    int64_t wait_ms;
    int64_t occupied_least_ms, occupied_most_ms; /* track-milliseconds */
    int32_t most_at_once_least, most_at_once_most;
};

struct stay {
    int32_t station;
    struct books_span span;
};

struct station_audit {
    const struct books *books;
    struct station_sum *sums; /* [station] */
    struct stay *stays;
    int32_t stay_count;
    int64_t *leaves; /* scratch: as many as there are stays */
};

/* ---- when a train leaves its track ---- */

/* The latest that a tail can be out of the station where the head left: once it has run its own length, which it has
 * as soon as its tail has left a block, or at the latest at the station that lies further than that. */
static int64_t tail_out_at_most_ms(const struct books *books, const struct audit_train_row *train, int32_t call,
                                   double length_m) {
    const struct audit_rows *rows = books->rows;
    const int64_t departure_ms = rows->calls[call].departure_ms;
    const struct audit_occupation_row *blocks = rows->occupations + train->first_occupation;
    for (int32_t i = 0; i < train->occupation_count; i++)
        if (blocks[i].enter_ms >= departure_ms)
            return blocks[i].clear_ms != AUDIT_NULL_MS ? blocks[i].clear_ms : books->end_ms;
    double run_m = 0;
    enum audit_direction direction;
    for (int32_t k = call; !books_is_last(books, k); k++) {
        const int32_t section = books_section_after(books, k, &direction);
        if (section < 0 || rows->calls[k + 1].arrival_ms == AUDIT_NULL_MS) break;
        run_m += books->world->sections[section].length_m / 2; /* zones may take up the rest */
        if (run_m >= length_m) return rows->calls[k + 1].arrival_ms;
    }
    return books->end_ms;
}

/* The least time in which a tail gets out of a station: at the train's most, or at the pace of a fixed time. */
static int64_t tail_out_at_least_ms(const struct books *books, int32_t type, double length_m, int32_t section,
                                    enum audit_direction direction) {
    const struct audit_fixed_time *fixed = audit_world_fixed_time(books->world, section, type, direction);
    const double way_m = books->world->sections[section].length_m;
    const double share = length_m < way_m ? length_m / way_m : 1;
    if (fixed != NULL) return (int64_t)floor(share * (double)fixed->run_ms) - 1;
    return (int64_t)floor(1000 * length_m / books->world->types[type].max_speed_ms) - 1;
}

static struct books_span stay_of_departed(const struct books *books, const struct audit_train_row *train,
                                          int32_t call) {
    const struct audit_call_row *row = &books->rows->calls[call];
    const int64_t from_ms = row->arrival_ms != AUDIT_NULL_MS ? row->arrival_ms : row->departure_ms;
    struct books_span span = {from_ms, row->departure_ms, books->end_ms};
    enum audit_direction direction;
    const int32_t section = books_section_after(books, call, &direction);
    if (section < 0 || train->type < 0) return span;
    if (books_is_point_run(books, section, train->type, direction)) {
        span.most_to_ms = row->departure_ms;
        return span;
    }
    const double length_m = audit_rows_type(books->world, train).length_m;
    span.least_to_ms += tail_out_at_least_ms(books, train->type, length_m, section, direction);
    span.most_to_ms = tail_out_at_most_ms(books, train, call, books->world->types[train->type].length_m);
    if (span.most_to_ms < span.least_to_ms) span.most_to_ms = span.least_to_ms;
    return span;
}

/* Whether the trainset that came with a call has begun its next train. */
static bool has_begun_next(const struct books *books, const struct audit_call_row *row) {
    const int32_t plan = books->rows->trains[row->train].name.plan;
    for (int32_t i = 0; i < books->rows->train_count; i++) {
        const struct audit_train_row *next = &books->rows->trains[i];
        if (next->name.plan < 0 || next->call_count == 0 || books->world->plans[next->name.plan].return_of != plan)
            continue;
        const struct audit_call_row *origin = &books->rows->calls[next->first_call];
        if (origin->station == row->station && origin->arrival_ms == row->arrival_ms) return true;
    }
    return false;
}

/* A trainset that turns round keeps its track, as the train that it becomes. False where that one has it already:
 * containers may hold it up. */
static bool stay_of_turned(const struct books *books, const struct audit_call_row *row, struct books_span *span) {
    const int64_t leaves_ms = row->arrival_ms + books->world->stations[row->station].turnaround_ms;
    *span = (struct books_span){row->arrival_ms, books->end_ms, books->end_ms};
    if (audit_rows_handled(books->world, books->rows, (int32_t)(row - books->rows->calls)))
        return !has_begun_next(books, row);
    const bool capped = books->end_ms >= books->count_to_ms;
    return leaves_ms > books->end_ms || (leaves_ms == books->end_ms && capped);
}

/* The last call: there the train keeps its track for its dwell. */
static bool stay_at_end(const struct books *books, const struct audit_train_row *train, int32_t call,
                        struct books_span *span) {
    const struct audit_call_row *row = &books->rows->calls[call];
    for (int32_t plan = 0; train->name.plan >= 0 && plan < books->world->plan_count; plan++)
        if (books->world->plans[plan].return_of == train->name.plan) return stay_of_turned(books, row, span);
    const struct audit_call *planned = books_planned_call(books, call);
    int64_t leaves_ms = row->arrival_ms + (planned != NULL ? planned->min_dwell_ms : 0);
    if (row->planned_departure_ms > leaves_ms) leaves_ms = row->planned_departure_ms;
    const bool handled = train->teu > 0 && audit_rows_handled(books->world, books->rows, call);
    const bool known = books->rows->detail.containers && !books->rows->changes;
    if (handled && known && train->unloaded_ms > leaves_ms) leaves_ms = train->unloaded_ms;
    if (leaves_ms > books->end_ms) leaves_ms = books->end_ms;
    const bool open = planned == NULL || planned->dwell_delay || (handled && !known);
    *span =
        (struct books_span){row->arrival_ms, leaves_ms, open && books->end_ms > leaves_ms ? books->end_ms : leaves_ms};
    return true;
}

/* Each station that it has come to; one where it still is, until the run ends. */
static void add_stays(struct station_audit *audit, const struct audit_train_row *train) {
    const struct books *books = audit->books;
    for (int32_t call = train->first_call; call < train->first_call + train->call_count; call++) {
        const struct audit_call_row *row = &books->rows->calls[call];
        struct books_span span;
        if (row->station < 0) continue;
        if (row->departure_ms != AUDIT_NULL_MS)
            span = stay_of_departed(books, train, call);
        else if (row->arrival_ms == AUDIT_NULL_MS)
            continue;
        else if (!books_is_last(books, call))
            span = (struct books_span){row->arrival_ms, books->end_ms, books->end_ms};
        else if (!stay_at_end(books, train, call, &span))
            continue;
        audit->stays[audit->stay_count++] = (struct stay){row->station, span};
    }
}

/* ---- how many at once ---- */

static int by_place(const void *left, const void *right) {
    const struct stay *a = left, *b = right;
    if (a->station != b->station) return a->station < b->station ? -1 : 1;
    return (a->span.from_ms > b->span.from_ms) - (a->span.from_ms < b->span.from_ms);
}

static int by_time(const void *left, const void *right) {
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The most of the stays, which are in the order of their beginnings, that lie over one moment in the window. One of no
 * length is a train that was there all the same; whether it was there together with others is open, and so is whether
 * one that comes as the run ends was there at all. */
static int32_t most_at_once(const struct station_audit *audit, const struct stay *stays, int32_t count, bool longest) {
    const struct books *books = audit->books;
    const int64_t until_ms = longest ? books->to_ms + 1 : books->to_ms;
    int32_t left = 0, gone = 0, present = 0, most = 0;
    for (int32_t i = 0; i < count; i++) {
        const int64_t to_ms = longest ? stays[i].span.most_to_ms : stays[i].span.least_to_ms;
        if (to_ms > books->from_ms && stays[i].span.from_ms < until_ms) audit->leaves[left++] = to_ms;
    }
    if (left > 1) qsort(audit->leaves, (size_t)left, sizeof *audit->leaves, by_time);
    for (int32_t i = 0; i < count; i++) {
        const int64_t from_ms = stays[i].span.from_ms;
        const int64_t to_ms = longest ? stays[i].span.most_to_ms : stays[i].span.least_to_ms;
        if (to_ms <= books->from_ms || from_ms >= until_ms) continue;
        present++;
        if (most == 0) most = 1;
        if (to_ms <= from_ms && !longest) continue;
        while (gone < left && audit->leaves[gone] <= from_ms) gone++;
        if (present - gone > most) most = present - gone;
    }
    return most;
}

static bool count_stays(struct station_audit *audit) {
    const struct books *books = audit->books;
    audit->stays = malloc(((size_t)books->rows->call_count + 1) * sizeof *audit->stays);
    audit->leaves = malloc(((size_t)books->rows->call_count + 1) * sizeof *audit->leaves);
    if (audit->stays == NULL || audit->leaves == NULL) return false;
    for (int32_t i = 0; i < books->rows->train_count; i++) add_stays(audit, &books->rows->trains[i]);
    if (audit->stay_count > 1) qsort(audit->stays, (size_t)audit->stay_count, sizeof *audit->stays, by_place);
    for (int32_t first = 0, end; first < audit->stay_count; first = end) {
        struct station_sum *sum = &audit->sums[audit->stays[first].station];
        for (end = first; end < audit->stay_count && audit->stays[end].station == audit->stays[first].station; end++) {
            const struct books_span *span = &audit->stays[end].span;
            sum->occupied_least_ms += books_in_window(books, span->from_ms, span->least_to_ms);
            sum->occupied_most_ms += books_in_window(books, span->from_ms, span->most_to_ms);
        }
        sum->most_at_once_least = most_at_once(audit, &audit->stays[first], end - first, false);
        sum->most_at_once_most = most_at_once(audit, &audit->stays[first], end - first, true);
    }
    return true;
}

static void count_waits(const struct station_audit *audit) {
    const struct books *books = audit->books;
    for (int32_t call = 0; call < books->rows->call_count; call++) {
        const struct audit_call_row *row = &books->rows->calls[call];
        const int64_t from_ms = books->could_leave_ms[call];
        if (row->station >= 0 && row->wait_ms > 0 && from_ms != AUDIT_NULL_MS)
            audit->sums[row->station].wait_ms += books_in_window(books, from_ms, from_ms + row->wait_ms);
    }
}

/* ---- against what is written ---- */

static void compare_mean(const struct station_audit *audit, const char *station, double written,
                         const struct station_sum *sum) {
    const double window_ms = (double)(audit->books->to_ms - audit->books->from_ms);
    const double least = window_ms > 0 ? (double)sum->occupied_least_ms / window_ms : NAN;
    const double most = window_ms > 0 ? (double)sum->occupied_most_ms / window_ms : NAN;
    if (books_alike(written, least) || books_alike(written, most) || (written > least && written < most)) return;
    audit_violation(audit->books->report, AUDIT_STATION_USE, NULL, station, AUDIT_NO_TIME,
                    "mean_occupied is %.10g and should lie between %.10g and %.10g", written, least, most);
}

static void compare_row(const struct station_audit *audit, sqlite3_stmt *row, bool *found) {
    const char *station = (const char *)sqlite3_column_text(row, 0);
    const int32_t index = station == NULL ? -1 : audit_world_station(audit->books->world, station);
    struct audit_report *report = audit->books->report;
    if (index < 0) {
        audit_violation(report, AUDIT_STATION_USE, NULL, station, AUDIT_NO_TIME, "there is no such station");
        return;
    }
    const struct station_sum *sum = &audit->sums[index];
    found[index] = true;
    audit_tested(report, AUDIT_STATION_USE, 1);
    const int64_t at_once = sqlite3_column_int64(row, 1), wait_ms = sqlite3_column_int64(row, 3);
    if (at_once < sum->most_at_once_least || at_once > sum->most_at_once_most)
        audit_violation(report, AUDIT_STATION_USE, NULL, station, AUDIT_NO_TIME,
                        "max_occupied is %" PRId64 " and should be %s %d", at_once,
                        at_once < sum->most_at_once_least ? "at least" : "at most",
                        at_once < sum->most_at_once_least ? sum->most_at_once_least : sum->most_at_once_most);
    if (wait_ms != sum->wait_ms)
        audit_violation(report, AUDIT_STATION_USE, NULL, station, AUDIT_NO_TIME,
                        "wait_ms is %" PRId64 " and should be %" PRId64, wait_ms, sum->wait_ms);
    compare_mean(audit, station, books_real(row, 2), sum);
}

static bool compare_all(const struct station_audit *audit) {
    const struct audit_world *world = audit->books->world;
    bool *found = calloc((size_t)world->station_count + 1, sizeof *found);
    if (found == NULL) return books_no_memory(audit->books);
    sqlite3_stmt *statement = books_query(
        audit->books, "SELECT station, max_occupied, mean_occupied, wait_ms FROM station_use WHERE run_id = ?1");
    int code = SQLITE_ERROR;
    while (statement != NULL && (code = sqlite3_step(statement)) == SQLITE_ROW) compare_row(audit, statement, found);
    for (int32_t i = 0; statement != NULL && i < world->station_count; i++)
        if (!found[i])
            audit_violation(audit->books->report, AUDIT_STATION_USE, NULL, world->stations[i].id, AUDIT_NO_TIME,
                            "there is no row for it");
    free(found);
    return statement != NULL && books_done(audit->books, statement, code);
}

bool books_check_station_use(const struct books *books) {
    if (!books->rows->detail.calls) {
        audit_skip(books->report, AUDIT_STATION_USE, "needs detail calls or more");
        return true;
    }
    struct station_audit audit = {.books = books};
    audit.sums = calloc((size_t)books->world->station_count + 1, sizeof *audit.sums);
    bool good = audit.sums != NULL && count_stays(&audit);
    if (good) {
        count_waits(&audit);
        good = compare_all(&audit);
    } else
        books_no_memory(books);
    free(audit.sums);
    free(audit.stays);
    free(audit.leaves);
    return good;
}
