#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

enum { MILLISECONDS_PER_MINUTE = 60000, STATION_SIZE = 128 };

/* ---- stops ---- */

static int32_t count_stops(const char *text) {
    int32_t count = *text != '\0';
    for (; *text != '\0'; text++) count += *text == ';';
    return count;
}

/* One `STATION:dwell_s`; false when the call cannot be used. */
static bool read_stop(struct reader *reader, const struct row *row, const char *text, size_t length,
                      struct planned_call *call) {
    const struct column *column = &row->table->description->columns[SERVICES_STOPS];
    char station[STATION_SIZE], dwell[STATION_SIZE], expected[200];
    double seconds = 0;
    while (length > 0 && *text == ' ') text++, length--;
    const char *colon = memchr(text, ':', length);
    const size_t name = colon ? (size_t)(colon - text) : 0, rest = colon ? length - name - 1 : 0;
    bool fits = colon && name > 0 && name < sizeof station && rest > 0 && rest < sizeof dwell;
    if (fits) {
        memcpy(station, text, name);
        memcpy(dwell, colon + 1, rest);
        station[name] = dwell[rest] = '\0';
        fits = number_parse(dwell, &seconds);
    }
    if (!fits || seconds < column->minimum || seconds > column->maximum) {
        row_error(row, SERVICES_STOPS, "stop '%.*s' is not a stop, expected %s", length < 60 ? (int)length : 60, text,
                  column_expected(column, expected, sizeof expected));
        return false;
    }
    *call = (struct planned_call){.arrival_ms = -1,
                                  .departure_ms = -1,
                                  .track = -1,
                                  .stop = true,
                                  .min_dwell_ms = llround(seconds * (double)MILLISECONDS_PER_SECOND)};
    return read_call_station(reader, row, SERVICES_STOPS, "stop", station, &call->station);
}

static bool read_end(struct reader *reader, const struct row *row, int32_t column, struct planned_call *call) {
    const char *what = row->table->description->columns[column].name, *id = cell_text(row, column);
    *call = (struct planned_call){.arrival_ms = -1, .departure_ms = -1, .track = -1, .stop = true};
    if (*id == '\0' || !read_call_station(reader, row, column, what, id, &call->station)) return false;
    if (reader->scenario->network.stations[call->station].kind == STATION_TERMINAL) return true;
    row_error(row, column, "%s '%s' is no terminal, expected a station of kind terminal", what, id);
    return true;
}

/* Origin, stops as written, destination. False when out of memory; *usable: whether all of them are there. */
static bool read_calls(struct reader *reader, const struct row *row, struct train_plan *plan, bool *usable) {
    const char *text = cell_raw(row, SERVICES_STOPS);
    const int32_t stops = count_stops(text);
    plan->calls = calloc((size_t)stops + 2, sizeof *plan->calls);
    if (!plan->calls) return false;
    plan->call_count = stops + 2;
    *usable = read_end(reader, row, SERVICES_ORIGIN, &plan->calls[0]);
    for (int32_t i = 1; i <= stops; i++) {
        const size_t length = strcspn(text, ";");
        *usable = read_stop(reader, row, text, length, &plan->calls[i]) && *usable;
        text += length + (text[length] == ';');
    }
    *usable = read_end(reader, row, SERVICES_DESTINATION, &plan->calls[stops + 1]) && *usable;
    return true;
}

/* ---- how many trains, and when ---- */

/* The trains at first + round(n · interval) up to last, both included; 24:00 belongs to the next day. */
static int32_t count_departures(const struct train_plan *plan) {
    int64_t count = (int64_t)((double)(plan->last_ms - plan->first_ms) / plan->interval_ms) + 2;
    while (count > 0) {
        const int64_t last = plan->first_ms + llround((double)(count - 1) * plan->interval_ms);
        if (last <= plan->last_ms && last < MILLISECONDS_PER_DAY) break;
        count--;
    }
    return (int32_t)count;
}

static void count_regular(const struct row *row, struct train_plan *plan, double trains_per_day) {
    const double window = (double)(plan->last_ms - plan->first_ms);
    if (isnan(trains_per_day)) {
        plan->trains_per_day = count_departures(plan);
        return;
    }
    const double whole = fmax(1, floor(trains_per_day + 0.5));
    if (whole != trains_per_day)
        row_warning(row, SERVICES_TRAINS_PER_DAY, "trains_per_day %.15g of a regular service runs as %.15g",
                    trains_per_day, whole);
    plan->trains_per_day = (int32_t)whole;
    plan->interval_ms = whole > 1 ? window / whole : (double)MILLISECONDS_PER_DAY;
}

static void read_window(const struct row *row, struct train_plan *plan) {
    plan->first_ms = cell_clock(row, SERVICES_FIRST, 0);
    plan->last_ms = cell_clock(row, SERVICES_LAST, MILLISECONDS_PER_DAY);
    if (plan->first_ms == MILLISECONDS_PER_DAY)
        row_error(row, SERVICES_FIRST, "first_departure 24:00 belongs to the next day, expected 00:00");
    else if (plan->last_ms < plan->first_ms)
        row_error(row, SERVICES_LAST, "last_departure %s is before first_departure %s, expected a later one",
                  cell_raw(row, SERVICES_LAST), cell_raw(row, SERVICES_FIRST));
}

/* Whether the row says how often it runs, in exactly one way where that is needed. */
static bool check_frequency(const struct row *row, const struct train_plan *plan, bool returns) {
    const bool interval = cell_given(row, SERVICES_INTERVAL), number = cell_given(row, SERVICES_TRAINS_PER_DAY);
    if (interval && number) {
        row_error(row, SERVICES_TRAINS_PER_DAY, "both interval_min and trains_per_day, expected one of them");
        return false;
    }
    if (returns && (interval || number))
        row_warning(row, interval ? SERVICES_INTERVAL : SERVICES_TRAINS_PER_DAY, "%s has no effect with return_of",
                    interval ? "interval_min" : "trains_per_day");
    if (returns || plan->arrivals == ARRIVALS_SATURATED) return true;
    if (!interval && !number)
        row_error(row, -1, "service '%s' has neither interval_min nor trains_per_day, expected one of them", plan->id);
    return interval || number;
}

static void read_frequency(const struct row *row, struct train_plan *plan, bool returns) {
    const double interval = cell_number(row, SERVICES_INTERVAL) * MILLISECONDS_PER_MINUTE;
    const double number = cell_number(row, SERVICES_TRAINS_PER_DAY);
    plan->interval_ms = isnan(interval) ? (double)MILLISECONDS_PER_DAY : interval;
    plan->weight = 1;
    plan->arrivals = (enum arrival_process)cell_word(row, SERVICES_ARRIVALS, ARRIVALS_REGULAR);
    read_window(row, plan);
    const double window = (double)(plan->last_ms - plan->first_ms);
    if (!isnan(number)) plan->weight = number;
    if (!isnan(interval) && window > 0) plan->weight = window / interval;
    if (!check_frequency(row, plan, returns) || window < 0 || returns) return;
    if (!isnan(number) && window == 0 && (plan->arrivals == ARRIVALS_POISSON || number >= 1.5)) {
        row_error(row, SERVICES_LAST, "last_departure is first_departure, expected a window for %.15g trains a day",
                  number);
        return;
    }
    if (plan->arrivals == ARRIVALS_REGULAR) count_regular(row, plan, number);
    if (plan->arrivals == ARRIVALS_POISSON && !isnan(number)) plan->interval_ms = window / number;
}

/* ---- services ---- */

enum { EVERY_DAY = 0x7f };

static bool read_service(struct reader *reader, const struct row *row, struct train_plan *plan, bool *usable,
                         bool *off) {
    const char *id = cell_text(row, SERVICES_SERVICE);
    plan->id = text_copy(id);
    if (!plan->id) return false;
    const enum name_state type = cell_reference(row, SERVICES_TYPE, &reader->train_types, &plan->train_type);
    reader->row_is_off = !options_hold(reader, row, SERVICES_OPTION);
    *off = reader->row_is_off || type == NAME_OFF;
    const bool read = read_calls(reader, row, plan, usable);
    *usable = *usable || reader->row_is_off;
    reader->row_is_off = false;
    if (!read) return false;
    read_frequency(row, plan, cell_given(row, SERVICES_RETURN_OF));
    plan->weekdays = cell_weekdays(row, SERVICES_DAYS);
    if (plan->arrivals == ARRIVALS_SATURATED && plan->weekdays != EVERY_DAY)
        row_error(row, SERVICES_DAYS, "days '%s' of a saturated service, which is always ready, expected none",
                  cell_raw(row, SERVICES_DAYS));
    cell_law(row, SERVICES_ENTRY_DELAY, &plan->entry_delay);
    *usable = *usable && *id != '\0' && (type == NAME_FOUND || type == NAME_OFF);
    return true;
}

bool read_services(struct reader *reader, int32_t schedule) {
    const struct table *table = &reader->schedules[schedule];
    struct timetable *timetable = &reader->scenario->timetable;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        struct train_plan *plan = &timetable->plans[timetable->plan_count];
        bool usable = false, off = false;
        *plan = (struct train_plan){.kind = PLAN_SERVICE, .row = timetable->plan_count, .return_of = -1};
        timetable->plan_count++; /* so that it is freed whatever happens */
        if (!read_service(reader, &row, plan, &usable, &off)) return false;
        const bool kept = usable && !off;
        if (!usable) reader->trains.damaged = true;
        names_add(&reader->trains, cell_raw(&row, SERVICES_SERVICE), kept ? timetable->plan_count - 1 : -1,
                  timetable->plan_count);
        reader->plan_places[timetable->plan_count - 1] = (struct plan_place){.table = schedule, .row = i};
        if (kept) continue;
        discard_plan(plan);
        timetable->plan_count--;
    }
    return true;
}

/* ---- return_of ---- */

static struct row plan_row(struct reader *reader, int32_t plan) {
    const struct plan_place *place = &reader->plan_places[plan];
    return reader_row(reader, &reader->schedules[place->table], place->row);
}

static void check_return(const struct reader *reader, const struct row *row, const struct train_plan *plan,
                         const struct train_plan *before) {
    const struct network *network = &reader->scenario->network;
    const struct train_type *types = reader->scenario->train_types;
    const int32_t ends = before->calls[before->call_count - 1].station;
    if (plan->calls[0].station != ends)
        row_error(row, SERVICES_ORIGIN, "origin '%s' of a return, expected '%s' where service '%s' ends",
                  network->stations[plan->calls[0].station].id, network->stations[ends].id, before->id);
    if (plan->train_type != before->train_type)
        row_error(row, SERVICES_TYPE, "train_type '%s' of a return, expected '%s' as of service '%s'",
                  types[plan->train_type].id, types[before->train_type].id, before->id);
}

/* Finds the service that a return follows; *lost when that one is switched off. */
static void find_before(struct reader *reader, int32_t index, bool *lost) {
    struct train_plan *plan = &reader->scenario->timetable.plans[index];
    const struct row row = plan_row(reader, index);
    int32_t before;
    if (plan->kind != PLAN_SERVICE || !cell_given(&row, SERVICES_RETURN_OF)) return;
    const enum name_state state = cell_reference(&row, SERVICES_RETURN_OF, &reader->trains, &before);
    *lost = state == NAME_OFF;
    if (state != NAME_FOUND) return;
    if (reader->scenario->timetable.plans[before].kind != PLAN_SERVICE) {
        row_error(&row, SERVICES_RETURN_OF, "return_of '%s' is a train of a timetable, expected a service",
                  cell_raw(&row, SERVICES_RETURN_OF));
        return;
    }
    plan->return_of = before;
}

/* False when it goes round in a circle. */
static bool check_circle(struct reader *reader, int32_t index) {
    const struct timetable *timetable = &reader->scenario->timetable;
    int32_t steps = 0;
    for (int32_t at = timetable->plans[index].return_of; at >= 0; at = timetable->plans[at].return_of) {
        if (at != index && ++steps <= timetable->plan_count) continue;
        if (at != index) return true; /* leads into a circle that is reported where it is */
        const struct row row = plan_row(reader, index);
        row_error(&row, SERVICES_RETURN_OF,
                  "return_of goes round in a circle, expected a service that starts by itself");
        return false;
    }
    return true;
}

static void check_returns(struct reader *reader, int32_t *followed_by) {
    const struct timetable *timetable = &reader->scenario->timetable;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        const int32_t before = timetable->plans[i].return_of;
        if (before < 0 || !check_circle(reader, i)) continue;
        const struct row row = plan_row(reader, i);
        check_return(reader, &row, &timetable->plans[i], &timetable->plans[before]);
        if (followed_by[before] != 0)
            row_error(&row, SERVICES_RETURN_OF, "return_of '%s', which service '%s' is a return of already",
                      timetable->plans[before].id, timetable->plans[followed_by[before] - 1].id);
        else
            followed_by[before] = i + 1;
    }
}

/* Takes out the plans whose trainsets never come, and those after them; `moved` maps old to new numbers. */
static void drop_lost(struct reader *reader, const bool *lost, int32_t *moved) {
    struct timetable *timetable = &reader->scenario->timetable;
    int32_t kept = 0;
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        int32_t at = i;
        for (int32_t steps = 0; at >= 0 && !lost[at] && steps <= timetable->plan_count; steps++)
            at = timetable->plans[at].return_of;
        moved[i] = at >= 0 && lost[at] ? -1 : kept++;
    }
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        struct train_plan *plan = &timetable->plans[i];
        if (plan->return_of >= 0 && moved[i] >= 0) plan->return_of = moved[plan->return_of];
        if (moved[i] < 0) discard_plan(plan);
    }
    for (int32_t i = 0; i < timetable->plan_count; i++) {
        if (moved[i] < 0 || moved[i] == i) continue;
        timetable->plans[moved[i]] = timetable->plans[i];
        timetable->plans[moved[i]].row = moved[i];
        reader->plan_places[moved[i]] = reader->plan_places[i];
    }
    timetable->plan_count = kept;
}

bool link_returns(struct reader *reader) {
    const size_t plans = (size_t)reader->scenario->timetable.plan_count + 1;
    bool *lost = calloc(plans, sizeof *lost);
    int32_t *numbers = calloc(plans, sizeof *numbers);
    const bool room = lost && numbers;
    for (int32_t i = 0; room && i < reader->scenario->timetable.plan_count; i++) find_before(reader, i, &lost[i]);
    if (room) check_returns(reader, numbers);
    if (room) drop_lost(reader, lost, numbers);
    free(lost);
    free(numbers);
    return room;
}
