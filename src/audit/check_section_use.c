/* How full the sections were, from calls and occupations. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

/* One direction of a section. */
struct section_sum {
    int64_t trains;
    int64_t wait_least_ms, wait_most_ms; /* INT64_MAX: any more, where trains wait at signals on the line too */
    int64_t busy_least_ms, busy_most_ms;
    int64_t line_busy_least_ms, line_busy_most_ms; /* of its line track, both directions together */
};

struct section_audit {
    const struct books *books;
    struct section_sum *sums; /* [section * 2 + direction] */
    struct books_span *spans; /* scratch: as many as there are hops */
};

/* ---- how long a section is held ---- */

/* Whether the last block of the hop has been entered. */
static bool is_whole(const struct books *books, const struct audit_hop *hop) {
    const int64_t block = books->rows->occupations[hop->first_occupation + hop->occupation_count - 1].block;
    if (block == 0) return true;
    return block == (hop->direction == AUDIT_FORWARD ? audit_section_blocks(&books->world->sections[hop->section]) : 1);
}

/* Until when, where blocks are kept. */
static struct books_span held_by_blocks(const struct books *books, const struct audit_hop *hop) {
    const bool over = is_whole(books, hop) && hop->release_ms != AUDIT_NULL_MS;
    const int64_t until_ms = over ? hop->release_ms : books->end_ms;
    return (struct books_span){books->rows->occupations[hop->first_occupation].enter_ms, until_ms, until_ms};
}

/* Where only calls are kept: a train as long as the zone of the station ahead, or without a length, is out of the
 * section as it arrives; a shorter one before, a longer one after, be it as light as its load or as if full. Rounding
 * may make a millisecond of difference. */
static struct books_span held_by_calls(const struct books *books, const struct audit_hop *hop) {
    const struct audit_section *section = &books->world->sections[hop->section];
    const int32_t type_index = books->rows->trains[hop->train].type;
    const int32_t far = hop->direction == AUDIT_FORWARD ? section->to : section->from;
    struct books_span span = {hop->departure_ms, hop->departure_ms + section->release_ms, books->end_ms};
    if (hop->arrival_ms == AUDIT_NULL_MS || type_index < 0) return span;
    const double length_m = books->world->types[type_index].length_m,
                 light_m = audit_rows_type(books->world, &books->rows->trains[hop->train]).length_m;
    const double zone = audit_world_zone(books->world, far, length_m),
                 light_zone = audit_world_zone(books->world, far, light_m);
    const bool point = books_is_point_run(books, hop->section, type_index, (enum audit_direction)hop->direction);
    const int64_t release_ms = hop->arrival_ms + section->release_ms;
    if (section->line_tracks == 1 && (point || (length_m >= zone && light_m >= light_zone)))
        span.least_to_ms = release_ms - !point;
    if (point || (length_m <= zone && light_m <= light_zone)) span.most_to_ms = release_ms + !point;
    if (span.most_to_ms < span.least_to_ms) span.most_to_ms = span.least_to_ms;
    return span;
}

static int by_beginning(const void *left, const void *right) {
    const struct books_span *a = left, *b = right;
    return (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

/* Time within the window that is in any of the spans, at least and at most. */
static void add_up(const struct books *books, struct books_span *spans, int32_t count, int64_t *least_ms,
                   int64_t *most_ms) {
    if (count > 1) qsort(spans, (size_t)count, sizeof *spans, by_beginning);
    int64_t least_until = INT64_MIN, most_until = INT64_MIN;
    for (int32_t i = 0; i < count; i++) {
        const struct books_span *span = &spans[i];
        *least_ms +=
            books_in_window(books, span->from_ms > least_until ? span->from_ms : least_until, span->least_to_ms);
        *most_ms += books_in_window(books, span->from_ms > most_until ? span->from_ms : most_until, span->most_to_ms);
        if (span->least_to_ms > least_until) least_until = span->least_to_ms;
        if (span->most_to_ms > most_until) most_until = span->most_to_ms;
    }
}

/* The spans of the hops of one section, of one direction or (−1) of both. */
static int32_t find_spans(const struct section_audit *audit, const struct audit_hop *hops, int32_t count,
                          int32_t direction) {
    int32_t found = 0;
    for (int32_t i = 0; i < count; i++)
        if (direction < 0 || hops[i].direction == direction)
            audit->spans[found++] = hops[i].occupation_count > 0 ? held_by_blocks(audit->books, &hops[i])
                                                                 : held_by_calls(audit->books, &hops[i]);
    return found;
}

static void count_busy(const struct section_audit *audit, const struct audit_hop *hops, int32_t count) {
    const bool shared = audit->books->world->sections[hops[0].section].line_tracks == 1;
    for (int32_t direction = 0; direction < 2; direction++) {
        struct section_sum *sum = &audit->sums[hops[0].section * 2 + direction];
        int32_t found = find_spans(audit, hops, count, direction);
        add_up(audit->books, audit->spans, found, &sum->busy_least_ms, &sum->busy_most_ms);
        for (int32_t i = 0; i < found; i++) {
            const int64_t enter_ms = audit->spans[i].from_ms;
            sum->trains += enter_ms >= audit->books->from_ms && enter_ms < audit->books->to_ms;
        }
        found = find_spans(audit, hops, count, shared ? -1 : direction);
        add_up(audit->books, audit->spans, found, &sum->line_busy_least_ms, &sum->line_busy_most_ms);
    }
}

static bool count_hops(struct section_audit *audit) {
    struct audit_movements movements;
    if (!audit_movements_find(audit->books->world, audit->books->rows, &movements)) return false;
    audit->spans = malloc(((size_t)movements.hop_count + 1) * sizeof *audit->spans);
    int32_t first = 0;
    while (first < movements.hop_count && movements.hops[first].section < 0) first++;
    while (audit->spans != NULL && first < movements.hop_count) {
        int32_t end = first;
        while (end < movements.hop_count && movements.hops[end].section == movements.hops[first].section) end++;
        count_busy(audit, &movements.hops[first], end - first);
        first = end;
    }
    audit_movements_free(&movements);
    return audit->spans != NULL;
}

/* ---- how long trains waited to enter it ---- */

/* Whether a train may have been late by itself here: then only the rest of its wait was for the section. */
static bool may_be_late_itself(const struct books *books, int32_t call) {
    const struct audit_train_row *train = &books->rows->trains[books->rows->calls[call].train];
    if (train->name.plan < 0 || audit_rows_handled(books->world, books->rows, call)) return true;
    if (call == train->first_call) return books->world->plans[train->name.plan].entry_delay;
    const struct audit_call *planned = books_planned_call(books, call);
    return planned != NULL && planned->dwell_delay;
}

static void count_wait(const struct section_audit *audit, int32_t call) {
    const struct books *books = audit->books;
    const int64_t wait_ms = books->rows->calls[call].wait_ms, from_ms = books->could_leave_ms[call];
    if (wait_ms <= 0 || from_ms == AUDIT_NULL_MS) return;
    enum audit_direction direction;
    const int32_t section = books_section_after(books, call, &direction);
    if (section < 0) return;
    struct section_sum *sum = &audit->sums[section * 2 + (int32_t)direction];
    const int64_t part_ms = books_in_window(books, from_ms, from_ms + wait_ms);
    if (!may_be_late_itself(books, call)) sum->wait_least_ms += part_ms;
    if (sum->wait_most_ms != INT64_MAX) sum->wait_most_ms += part_ms;
}

/* Trains run a two-track section from block to block, and wait there too, unless a possession or a purge asks for it to
 * be run in one go. */
static bool is_run_block_by_block(const struct audit_world *world, int32_t section) {
    if (world->sections[section].line_tracks == 1 || world->sections[section].purge_ms > 0) return false;
    for (int32_t i = 0; i < world->possession_count; i++)
        if (world->possessions[i].section == section) return false;
    return true;
}

static void count_waits(const struct section_audit *audit) {
    for (int32_t section = 0; section < audit->books->world->section_count; section++)
        if (is_run_block_by_block(audit->books->world, section))
            audit->sums[section * 2].wait_most_ms = audit->sums[section * 2 + 1].wait_most_ms = INT64_MAX;
    for (int32_t call = 0; call < audit->books->rows->call_count; call++) count_wait(audit, call);
}

/* ---- against what is written ---- */

static void compare(const struct section_audit *audit, const char *section, const char *direction, const char *what,
                    int64_t written, int64_t least, int64_t most) {
    if (written >= least && written <= most) return;
    struct audit_report *report = audit->books->report;
    if (least == most)
        audit_violation(report, AUDIT_SECTION_USE, NULL, section, AUDIT_NO_TIME,
                        "%s %s is %" PRId64 " and should be %" PRId64, direction, what, written, least);
    else
        audit_violation(report, AUDIT_SECTION_USE, NULL, section, AUDIT_NO_TIME,
                        "%s %s is %" PRId64 " and should be %s %" PRId64, direction, what, written,
                        written < least ? "at least" : "at most", written < least ? least : most);
}

static void compare_share(const struct section_audit *audit, const char *section, const char *direction,
                          const char *what, double written, int64_t busy_ms) {
    const int64_t window_ms = audit->books->to_ms - audit->books->from_ms;
    const double share = window_ms > 0 ? (double)busy_ms / (double)window_ms : NAN;
    if (!books_alike(written, share))
        audit_violation(audit->books->report, AUDIT_SECTION_USE, NULL, section, AUDIT_NO_TIME,
                        "%s %s is %.10g and should be %.10g", direction, what, written, share);
}

/* Where several sections join two stations, only the blocks held tell which of them a train ran over. */
static bool is_told_apart(const struct books *books, int32_t section) {
    const struct audit_section *of = &books->world->sections[section];
    const int32_t first = audit_world_next_between(books->world, 0, of->from, of->to);
    return books->rows->detail.blocks || audit_world_next_between(books->world, first + 1, of->from, of->to) < 0;
}

static void compare_row(const struct section_audit *audit, sqlite3_stmt *row, bool *found) {
    const char *section = (const char *)sqlite3_column_text(row, 0), *word = (const char *)sqlite3_column_text(row, 1);
    const int32_t index = section == NULL ? -1 : audit_world_section(audit->books->world, section);
    const int32_t direction = word == NULL ? -1 : strcmp(word, "forward") == 0 ? 0 : strcmp(word, "backward") ? -1 : 1;
    if (index < 0 || direction < 0) {
        audit_violation(audit->books->report, AUDIT_SECTION_USE, NULL, section, AUDIT_NO_TIME,
                        "there is no such section or direction");
        return;
    }
    const struct section_sum *sum = &audit->sums[index * 2 + direction];
    found[index * 2 + direction] = true;
    if (!is_told_apart(audit->books, index)) return;
    audit_tested(audit->books->report, AUDIT_SECTION_USE, 1);
    const int64_t busy_ms = sqlite3_column_int64(row, 3), line_busy_ms = sqlite3_column_int64(row, 6);
    compare(audit, section, word, "trains", sqlite3_column_int64(row, 2), sum->trains, sum->trains);
    compare(audit, section, word, "busy_ms", busy_ms, sum->busy_least_ms, sum->busy_most_ms);
    compare(audit, section, word, "wait_ms", sqlite3_column_int64(row, 4), sum->wait_least_ms, sum->wait_most_ms);
    compare(audit, section, word, "line_busy_ms", line_busy_ms, sum->line_busy_least_ms, sum->line_busy_most_ms);
    compare_share(audit, section, word, "utilisation", books_real(row, 5), busy_ms);
    compare_share(audit, section, word, "line_utilisation", books_real(row, 7), line_busy_ms);
}

static bool compare_all(const struct section_audit *audit) {
    const struct audit_world *world = audit->books->world;
    bool *found = calloc((size_t)world->section_count * 2 + 1, sizeof *found);
    if (found == NULL) return books_no_memory(audit->books);
    sqlite3_stmt *statement =
        books_query(audit->books, "SELECT section, direction, trains, busy_ms, wait_ms, utilisation, line_busy_ms, "
                                  "line_utilisation FROM section_use WHERE run_id = ?1");
    int code = SQLITE_ERROR;
    while (statement != NULL && (code = sqlite3_step(statement)) == SQLITE_ROW) compare_row(audit, statement, found);
    for (int32_t i = 0; statement != NULL && i < world->section_count * 2; i++)
        if (!found[i])
            audit_violation(audit->books->report, AUDIT_SECTION_USE, NULL, world->sections[i / 2].id, AUDIT_NO_TIME,
                            "there is no row for %s", i % 2 == AUDIT_FORWARD ? "forward" : "backward");
    free(found);
    return statement != NULL && books_done(audit->books, statement, code);
}

bool books_check_section_use(const struct books *books) {
    if (!books->rows->detail.calls) {
        audit_skip(books->report, AUDIT_SECTION_USE, "needs detail calls or more; for busy times blocks");
        return true;
    }
    struct section_audit audit = {.books = books};
    audit.sums = calloc((size_t)books->world->section_count * 2 + 1, sizeof *audit.sums);
    bool good = audit.sums != NULL && count_hops(&audit);
    if (good) {
        count_waits(&audit);
        good = compare_all(&audit);
    } else
        books_no_memory(books);
    free(audit.sums);
    free(audit.spans);
    return good;
}
