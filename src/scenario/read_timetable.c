#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

/* The rows of a schedule by train: each row's next one of the same train, −1 after the last. */
struct train_rows {
    int32_t *next;
    bool *first;
};

static void free_train_rows(struct train_rows *rows) {
    free(rows->next);
    free(rows->first);
}

/* Between the rows of a train there are none of others. */
static void check_together(struct reader *reader, const struct table *table, int32_t before, int32_t index) {
    const struct row row = reader_row(reader, table, index), above = reader_row(reader, table, index - 1);
    const char *train = cell_raw(&row, TIMETABLE_TRAIN);
    if (strcmp(cell_raw(&above, TIMETABLE_TRAIN), train) != 0)
        row_error(&row, TIMETABLE_TRAIN, "the rows of %s stand together, expected this one after line %d", train,
                  table->lines[before]);
}

static bool group_rows(struct reader *reader, const struct table *table, struct train_rows *rows) {
    struct names names = {0};
    rows->next = malloc(((size_t)table->row_count + 1) * sizeof *rows->next);
    rows->first = calloc((size_t)table->row_count + 1, sizeof *rows->first);
    if (!rows->next || !rows->first || !names_reserve(&names, table->row_count)) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        const char *train = cell_text(&row, TIMETABLE_TRAIN);
        const bool active = options_hold(reader, &row, TIMETABLE_OPTION);
        if (*train == '\0') reader->trains.damaged = true;
        if (*train != '\0' && active) names_add(&names, train, 0, i);
    }
    names_sort(&names);
    for (int32_t i = 0; i < names.count; i++) {
        const struct name *here = &names.entries[i];
        const bool continued = i + 1 < names.count && strcmp(here->text, names.entries[i + 1].text) == 0;
        rows->next[here->row] = continued ? names.entries[i + 1].row : -1;
        if (continued) check_together(reader, table, here->row, names.entries[i + 1].row);
        rows->first[here->row] = i == 0 || strcmp(here->text, names.entries[i - 1].text) != 0;
    }
    names_free(&names);
    return true;
}

/* ---- the cells of one call ---- */

static void find_track(struct reader *reader, const struct row *row, const char *id, struct planned_call *call) {
    const struct network *network = &reader->scenario->network;
    const struct table *tracks = &reader->tables[TABLE_TRACKS];
    const char *station = network->stations[call->station].id;
    char numbered[140];
    call->track = network_track(network, call->station, id);
    if (call->track >= 0 || tracks->damaged) return;
    for (int32_t i = 0; i < tracks->row_count; i++) {
        const struct row declared = reader_row(reader, tracks, i);
        if (strcmp(cell_raw(&declared, TRACKS_STATION), station) != 0) continue;
        if (strcmp(cell_raw(&declared, TRACKS_TRACK), id) != 0) continue;
        snprintf(numbered, sizeof numbered, "%.*s.1", text_shown(id), id);
        if (network_track(network, call->station, numbered) >= 0)
            row_error(row, TIMETABLE_TRACK, "track '%.*s' of '%s' stands for several, expected '%s' or another of them",
                      text_shown(id), id, station, numbered);
        else
            row_error(row, TIMETABLE_TRACK, "track '%.*s' of '%s' is switched off, expected one that is there",
                      text_shown(id), id, station);
        return;
    }
    row_error(row, TIMETABLE_TRACK, "track '%.*s' is not declared for '%s' in tracks.csv", text_shown(id), id, station);
}

/* False when the plan cannot be used. */
static bool read_call(struct reader *reader, const struct row *row, struct planned_call *call, bool *type_off,
                      int32_t *type) {
    *call = (struct planned_call){.station = -1, .track = -1};
    const enum name_state type_state = cell_reference(row, TIMETABLE_TYPE, &reader->train_types, type);
    *type_off = type_state == NAME_OFF;
    const char *station = cell_text(row, TIMETABLE_STATION), *track = cell_text(row, TIMETABLE_TRACK);
    const bool placed =
        *station != '\0' && read_call_station(reader, row, TIMETABLE_STATION, "station", station, &call->station);
    call->arrival_ms = cell_clock(row, TIMETABLE_ARRIVAL, -1);
    call->departure_ms = cell_clock(row, TIMETABLE_DEPARTURE, -1);
    call->min_dwell_ms = cell_milliseconds(row, TIMETABLE_MIN_DWELL, 0);
    cell_law(row, TIMETABLE_DWELL, &call->dwell);
    call->stop = call->arrival_ms != call->departure_ms || call->min_dwell_ms > 0;
    if (placed && *track != '\0') find_track(reader, row, track, call);
    return placed && type_state != NAME_UNKNOWN && type_state != NAME_BAD;
}

/* `time` read from a column, against the latest time before it. */
static void check_order(const struct row *row, int32_t column, int64_t time, int64_t *latest) {
    if (time < 0) return;
    if (time < *latest)
        row_error(row, column, "%s %s is before the time before it, expected %02d:%02d:%02d or later",
                  row->table->description->columns[column].name, cell_raw(row, column), (int)(*latest / 3600000),
                  (int)(*latest / 60000 % 60), (int)(*latest / 1000 % 60));
    else
        *latest = time;
}

static void read_entry_delay(const struct row *row, struct train_plan *plan, bool first) {
    if (first) {
        cell_law(row, TIMETABLE_ENTRY_DELAY, &plan->entry_delay);
        return;
    }
    if (cell_given(row, TIMETABLE_ENTRY_DELAY))
        row_error(row, TIMETABLE_ENTRY_DELAY, "entry_delay_s in a later row, expected it in the train's first row");
}

static void check_first_and_last(struct reader *reader, const struct table *table, struct train_plan *plan,
                                 const int32_t *rows) {
    struct planned_call *first = &plan->calls[0], *last = &plan->calls[plan->call_count - 1];
    const struct row first_row = reader_row(reader, table, rows[0]);
    first->stop = last->stop = true;
    plan->starts_standing = first->arrival_ms >= 0;
    if (first->arrival_ms < 0 && first->departure_ms < 0 && !cell_given(&first_row, TIMETABLE_DEPARTURE) &&
        !cell_given(&first_row, TIMETABLE_ARRIVAL))
        row_error(&first_row, TIMETABLE_DEPARTURE, "departure is empty, expected the time train '%s' is to leave",
                  plan->id);
    if (plan->call_count < 2)
        row_error(&first_row, -1, "train '%s' has one row, expected at least its origin and its destination", plan->id);
}

static int32_t count_rows(const struct train_rows *rows, int32_t first) {
    int32_t count = 0;
    for (int32_t row = first; row >= 0; row = rows->next[row]) count++;
    return count;
}

/* Reads all rows of a train; *usable says whether a plan came of it. */
static bool read_train(struct reader *reader, const struct table *table, const struct train_rows *rows, int32_t first,
                       int32_t *call_rows, struct train_plan *plan, bool *usable, bool *off) {
    int64_t latest = -1;
    const int32_t count = count_rows(rows, first);
    const struct row first_row = reader_row(reader, table, first);
    plan->id = text_copy(cell_raw(&first_row, TIMETABLE_TRAIN));
    plan->calls = calloc((size_t)count, sizeof *plan->calls);
    if (!plan->id || !plan->calls) return false;
    *usable = true;
    *off = false;
    for (int32_t at = first; at >= 0; at = rows->next[at]) {
        const struct row row = reader_row(reader, table, at);
        struct planned_call *call = &plan->calls[plan->call_count];
        bool type_off;
        int32_t type;
        call_rows[plan->call_count++] = at;
        *usable = read_call(reader, &row, call, &type_off, &type) && *usable;
        *off = *off || type_off;
        if (at == first) plan->train_type = type;
        if (strcmp(cell_raw(&row, TIMETABLE_TYPE), cell_raw(&first_row, TIMETABLE_TYPE)) != 0)
            row_error(&row, TIMETABLE_TYPE, "train_type '%.*s', expected '%s' as in the train's first row",
                      text_shown(cell_raw(&row, TIMETABLE_TYPE)), cell_raw(&row, TIMETABLE_TYPE),
                      cell_raw(&first_row, TIMETABLE_TYPE));
        read_entry_delay(&row, plan, at == first);
        check_order(&row, TIMETABLE_ARRIVAL, call->arrival_ms, &latest);
        check_order(&row, TIMETABLE_DEPARTURE, call->departure_ms, &latest);
    }
    check_first_and_last(reader, table, plan, call_rows);
    *usable = *usable && plan->call_count >= 2;
    return true;
}

bool read_timetable(struct reader *reader, int32_t schedule) {
    const struct table *table = &reader->schedules[schedule];
    struct timetable *timetable = &reader->scenario->timetable;
    struct train_rows rows = {0};
    int32_t used = 0; /* call rows of this schedule */
    for (int32_t i = 0; i < schedule; i++) used += reader->schedules[i].row_count;
    bool done = group_rows(reader, table, &rows);
    for (int32_t i = 0; done && i < table->row_count; i++) {
        if (!rows.first[i]) continue;
        struct train_plan *plan = &timetable->plans[timetable->plan_count];
        bool usable = false, off = false;
        *plan = (struct train_plan){
            .kind = PLAN_TIMETABLE, .row = timetable->plan_count, .train_type = -1, .return_of = -1, .weekdays = 127};
        timetable->plan_count++; /* so that it is freed whatever happens */
        done = read_train(reader, table, &rows, i, reader->call_rows + used, plan, &usable, &off);
        if (!done) break;
        const bool kept = usable && !off;
        if (!usable) reader->trains.damaged = true;
        names_add(&reader->trains, table->cells[(size_t)i * TIMETABLE_COLUMNS + TIMETABLE_TRAIN],
                  kept ? timetable->plan_count - 1 : -1, timetable->plan_count);
        reader->plan_places[timetable->plan_count - 1] =
            (struct plan_place){.table = schedule, .row = i, .first_call = used};
        used += plan->call_count;
        if (kept) continue;
        discard_plan(plan);
        timetable->plan_count--;
    }
    free_train_rows(&rows);
    return done;
}
