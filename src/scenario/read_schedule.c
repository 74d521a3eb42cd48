#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

bool read_call_station(struct reader *reader, const struct row *row, int32_t column, const char *what,
                       const char *identifier, int32_t *station) {
    const enum name_state state = refer(row, column, what, identifier, &reader->stations, station);
    if (state == NAME_OFF && !reader->network_damaged && !reader->row_is_off)
        row_error(row, column, "%s '%s' is switched off, expected a station that is there", what, identifier);
    return state == NAME_FOUND;
}

void discard_plan(struct train_plan *plan) {
    for (int32_t i = 0; i < plan->call_count; i++) law_free(&plan->calls[i].dwell);
    law_free(&plan->entry_delay);
    free(plan->calls);
    free(plan->id);
    *plan = (struct train_plan){0};
}

static int32_t plans_at_most(const struct reader *reader) {
    int32_t rows = 0;
    for (int32_t i = 0; i < reader->schedule_count; i++) rows += reader->schedules[i].row_count;
    return rows;
}

static void report_double_trains(struct reader *reader) {
    for (int32_t i = 1; i < reader->trains.count; i++) {
        const struct name *before = &reader->trains.entries[i - 1], *name = &reader->trains.entries[i];
        if (name->index < 0 || strcmp(before->text, name->text) != 0) continue;
        const struct plan_place *place = &reader->plan_places[name->index];
        const struct plan_place *first = &reader->plan_places[before->index];
        const struct table *table = &reader->schedules[place->table], *first_table = &reader->schedules[first->table];
        const struct row row = reader_row(reader, table, place->row);
        row_error(&row, 0, "%s '%s' a second time, first in %s:%d", table->description->columns[0].name, name->text,
                  first_table->file, first_table->lines[first->row]);
    }
}

/* Where each plan was written, for whoever finds out later that it cannot be run. */
static void note_places(struct reader *reader) {
    struct timetable *timetable = &reader->scenario->timetable;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        const struct plan_place *place = &reader->plan_places[i];
        const struct table *table = &reader->schedules[place->table];
        const bool service = timetable->plans[i].kind == PLAN_SERVICE;
        timetable->plans[i].file = table->file;
        timetable->plans[i].line = table->lines[place->row];
        timetable->plans[i].column = table->places[service ? SERVICES_TYPE : TIMETABLE_TYPE];
    }
}

/* Trains that are always ready never end by themselves: with them a schedule that runs once has a horizon, too. */
static void close_horizon(struct scenario *scenario) {
    for (int32_t i = 0; i < scenario->timetable.plan_count; i++)
        if (scenario->timetable.plans[i].arrivals == ARRIVALS_SATURATED) scenario->settings.horizon_given = true;
}

bool read_schedules(struct reader *reader) {
    struct timetable *timetable = &reader->scenario->timetable;
    const int32_t most = plans_at_most(reader);
    reader->trains = (struct names){.table = "the schedules"};
    timetable->plans = calloc((size_t)most + 1, sizeof *timetable->plans);
    reader->plan_places = calloc((size_t)most + 1, sizeof *reader->plan_places);
    reader->call_rows = calloc((size_t)most + 1, sizeof *reader->call_rows);
    if (!timetable->plans || !reader->plan_places || !reader->call_rows) return false;
    if (!names_reserve(&reader->trains, most)) return false;
    for (int32_t i = 0; i < reader->schedule_count; i++) {
        const struct table *table = &reader->schedules[i];
        if (!table->present) continue;
        if (table->row_count == 0 && !table->damaged)
            diagnostics_error(reader->diagnostics, table->file, table->csv.header_line, 0,
                              "no rows, expected at least one %s", table->description->columns[0].name);
        reader->trains.damaged = reader->trains.damaged || table->damaged;
        const bool services = table->description == table_description(TABLE_SERVICES);
        if (!(services ? read_services(reader, i) : read_timetable(reader, i))) return false;
    }
    names_sort(&reader->trains);
    report_double_trains(reader);
    if (!link_returns(reader)) return false;
    note_places(reader);
    close_horizon(reader->scenario);
    return true;
}
