#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

enum { MILLISECONDS_PER_MINUTE = 60000, MILLISECONDS_PER_HOUR = 3600000, CENTS_PER_DOLLAR = 100 };

/* ---- lists in a cell ---- */

/* Takes the next piece of a list joined by `;` off *text, without the blanks around it; false after the last one. */
static bool next_piece(const char **text, const char **piece, size_t *length) {
    if (!*text) return false;
    const size_t whole = strcspn(*text, ";"), blanks = strspn(*text, " ");
    *piece = *text + (blanks < whole ? blanks : whole);
    *length = whole - (size_t)(*piece - *text);
    while (*length > 0 && (*piece)[*length - 1] == ' ') --*length;
    *text = (*text)[whole] == ';' ? *text + whole + 1 : NULL;
    return true;
}

/* How much of a piece to print. */
static int shown(size_t length) {
    return length < 60 ? (int)length : 60;
}

static bool read_factor(const struct row *row, int32_t column, const char *piece, size_t length, double *factor) {
    const struct column *description = &row->table->description->columns[column];
    char number[64] = "";
    if (length < sizeof number) memcpy(number, piece, length);
    if (number_parse(number, factor) && *factor >= description->minimum && *factor <= description->maximum) return true;
    row_error(row, column, "factor '%.*s' of %s is not one, expected %.16g to %.16g", shown(length), piece,
              description->name, description->minimum, description->maximum);
    return false;
}

/* How far the mean of the factors of a year may be from 1: what comes of writing them with two digits. */
static const double mean_tolerance = 0.005;

bool read_seasons(const struct row *row, int32_t column, double factors[MONTHS]) {
    const char *text = cell_raw(row, column), *piece, *name = row->table->description->columns[column].name;
    size_t length;
    int32_t count = 0;
    double sum = 0;
    if (*text == '\0') return false;
    for (; next_piece(&text, &piece, &length); count++) {
        double factor;
        if (!read_factor(row, column, piece, length, &factor)) return false;
        if (count < MONTHS) factors[count] = factor;
        sum += factor;
    }
    if (count != MONTHS) {
        row_error(row, column, "%s has %d factor%s, expected %d joined by ;, January first", name, count,
                  count == 1 ? "" : "s", MONTHS);
        return false;
    }
    const double mean = sum / MONTHS;
    if (fabs(mean - 1) > mean_tolerance + 1e-9) {
        row_error(row, column, "the factors of %s have a mean of %.6g, expected 1", name, mean);
        return false;
    }
    for (int32_t month = 0; month < MONTHS; month++) factors[month] /= mean;
    return true;
}

/* `HH:MM-HH:MM` */
static bool read_shift(const struct row *row, int32_t column, const char *piece, size_t length, struct shift *shift) {
    char from[16] = "", to[16] = "";
    const char *dash = memchr(piece, '-', length);
    const size_t before = dash ? (size_t)(dash - piece) : length, after = dash ? length - before - 1 : 0;
    if (before < sizeof from) memcpy(from, piece, before);
    if (after < sizeof to) memcpy(to, piece + length - after, after);
    shift->from_ms = clock_parse(from);
    shift->to_ms = clock_parse(to);
    const bool times = shift->from_ms >= 0 && shift->from_ms < MILLISECONDS_PER_DAY && shift->to_ms >= 0 &&
                       shift->to_ms <= MILLISECONDS_PER_DAY && shift->from_ms != shift->to_ms;
    if (!times)
        row_error(row, column, "shift '%.*s' is not one, expected HH:MM-HH:MM from 00:00 to 24:00", shown(length),
                  piece);
    else if (shift->to_ms < shift->from_ms)
        shift->to_ms += MILLISECONDS_PER_DAY;
    return times;
}

static int compare_shifts(const void *left, const void *right) {
    const struct shift *one = left, *other = right;
    return (one->from_ms > other->from_ms) - (one->from_ms < other->from_ms);
}

/* Where a shift of the day overlaps the next, the first one of the next day after the last; −1: none does. */
static int32_t find_overlap(const struct shift *shifts, int32_t count) {
    for (int32_t i = 0; i + 1 < count; i++)
        if (shifts[i].to_ms > shifts[i + 1].from_ms) return i;
    return count > 1 && shifts[count - 1].to_ms - MILLISECONDS_PER_DAY > shifts[0].from_ms ? count - 1 : -1;
}

/* Joins those that follow on each other without a break; none are left where that is the whole day. */
static int32_t join_shifts(struct shift *shifts, int32_t count) {
    int32_t last = 0;
    for (int32_t i = 1; i < count; i++) {
        if (shifts[last].to_ms == shifts[i].from_ms)
            shifts[last].to_ms = shifts[i].to_ms;
        else
            shifts[++last] = shifts[i];
    }
    if (last > 0 && shifts[last].to_ms - MILLISECONDS_PER_DAY == shifts[0].from_ms) {
        shifts[last].to_ms = shifts[0].to_ms + MILLISECONDS_PER_DAY;
        memmove(shifts, shifts + 1, (size_t)last * sizeof *shifts);
        last--;
    }
    return last == 0 && shifts[0].to_ms - shifts[0].from_ms == MILLISECONDS_PER_DAY ? 0 : last + 1;
}

bool read_shifts(const struct row *row, int32_t column, struct shift shifts[SHIFTS_KEPT], int32_t *count) {
    const char *text = cell_raw(row, column), *piece, *name = row->table->description->columns[column].name;
    size_t length;
    int32_t read = 0;
    *count = 0;
    if (*text == '\0') return false;
    while (next_piece(&text, &piece, &length)) {
        if (read == SHIFTS_KEPT) {
            row_error(row, column, "more than %d %s, expected %d at most", SHIFTS_KEPT, name, SHIFTS_KEPT);
            return false;
        }
        if (!read_shift(row, column, piece, length, &shifts[read++])) return false;
    }
    qsort(shifts, (size_t)read, sizeof *shifts, compare_shifts);
    const int32_t overlap = find_overlap(shifts, read);
    if (overlap >= 0) {
        const int64_t at = shifts[(overlap + 1) % read].from_ms / MILLISECONDS_PER_MINUTE;
        row_error(row, column,
                  "%s overlap: the one before %02d:%02d lasts longer, expected it to end there at the latest", name,
                  (int)(at / 60), (int)(at % 60));
        return false;
    }
    *count = join_shifts(shifts, read);
    return true;
}

/* ---- terminals.csv ---- */

static int64_t milliseconds(const struct row *row, int32_t column, double unit_ms, int64_t otherwise) {
    const double value = cell_number(row, column);
    return isnan(value) ? otherwise : llround(value * unit_ms);
}

/* False when the row does not exist, or cannot be used. */
static bool read_terminal(struct reader *reader, const struct row *row, struct terminal *terminal,
                          int64_t *turnaround_ms) {
    const enum name_state state = cell_reference(row, TERMINALS_STATION, &reader->stations, &terminal->station);
    const double yard_teu = cell_number(row, TERMINALS_YARD);
    terminal->cranes = (int32_t)cell_whole(row, TERMINALS_CRANES, 0);
    terminal->lift_s = cell_number(row, TERMINALS_LIFT);
    terminal->lift_cv = cell_number(row, TERMINALS_LIFT_CV);
    terminal->yard_teu = isnan(yard_teu) ? -1 : (int32_t)floor(yard_teu);
    terminal->gauge_change = (enum gauge_change)(cell_word(row, TERMINALS_GAUGE_CHANGE, -1) + 1);
    terminal->hold_ms = milliseconds(row, TERMINALS_HOLD, MILLISECONDS_PER_MINUTE, 0);
    terminal->closing_ms = milliseconds(row, TERMINALS_CLOSING, MILLISECONDS_PER_MINUTE, -1);
    terminal->pickup_ms = milliseconds(row, TERMINALS_PICKUP, MILLISECONDS_PER_HOUR, 0);
    read_shifts(row, TERMINALS_SHIFTS, terminal->shifts, &terminal->shift_count);
    *turnaround_ms = cell_milliseconds(row, TERMINALS_TURNAROUND, 0);
    return options_hold(reader, row, TERMINALS_OPTION) && state == NAME_FOUND;
}

bool read_terminals(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_TERMINALS];
    struct network *network = &reader->scenario->network;
    struct traffic *traffic = &reader->scenario->traffic;
    int32_t *first = calloc((size_t)network->station_count + 1, sizeof *first); /* line that a station had already */
    traffic->terminals = calloc((size_t)table->row_count + 1, sizeof *traffic->terminals);
    reader->terminal_rows = calloc((size_t)table->row_count + 1, sizeof *reader->terminal_rows);
    const bool room = first && traffic->terminals && reader->terminal_rows;
    for (int32_t i = 0; room && i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        struct terminal *terminal = &traffic->terminals[traffic->terminal_count];
        int64_t turnaround_ms;
        *terminal = (struct terminal){0};
        if (!read_terminal(reader, &row, terminal, &turnaround_ms)) continue;
        if (first[terminal->station]) {
            row_error(&row, TERMINALS_STATION, "station '%s' a second time, first in line %d",
                      network->stations[terminal->station].id, first[terminal->station]);
            continue;
        }
        first[terminal->station] = table->lines[i];
        network->stations[terminal->station].turnaround_ms = turnaround_ms;
        reader->terminal_rows[traffic->terminal_count++] = i;
    }
    free(first);
    return room;
}

/* ---- flows.csv ---- */

static void read_arrivals(const struct row *row, struct flow *flow) {
    const double batch_teu = cell_number(row, FLOWS_BATCH);
    flow->teu_per_day = cell_number(row, FLOWS_TEU_PER_DAY);
    const int32_t arrivals = cell_word(row, FLOWS_ARRIVALS, -1); /* −1: no word that is known, and said so */
    flow->arrivals = arrivals >= 0 ? (enum flow_arrivals)arrivals : FLOW_POISSON;
    flow->batch_teu = isnan(batch_teu) ? 1 : (int32_t)llround(batch_teu);
    if (flow->arrivals == FLOW_BATCH && !cell_given(row, FLOWS_BATCH))
        row_error(row, FLOWS_BATCH, "batch_teu is empty, expected the size of a batch where arrivals is batch");
    if (arrivals >= 0 && arrivals != FLOW_BATCH && cell_given(row, FLOWS_BATCH))
        row_error(row, FLOWS_BATCH, "batch_teu %s, but arrivals is %s, expected batch", cell_raw(row, FLOWS_BATCH),
                  flow->arrivals == FLOW_POISSON ? "poisson" : "regular");
}

static void read_money(const struct row *row, struct flow *flow) {
    const double tariff = cell_number(row, FLOWS_TARIFF), late = cell_number(row, FLOWS_LATE);
    flow->tariff_cents = isnan(tariff) ? 0 : llround(tariff * CENTS_PER_DOLLAR);
    flow->due_ms = milliseconds(row, FLOWS_DUE, MILLISECONDS_PER_HOUR, -1);
    flow->late_cents_per_teu_day = isnan(late) ? 0 : llround(late * CENTS_PER_DOLLAR);
    if (flow->late_cents_per_teu_day > 0 && !cell_given(row, FLOWS_DUE))
        row_warning(row, FLOWS_LATE, "late_usd_per_teu_day has no effect without due_h");
}

static void read_seasonality(const struct row *row, struct flow *flow) {
    const bool given = read_seasons(row, FLOWS_SEASONALITY, flow->seasonality);
    for (int32_t month = 0; month < MONTHS; month++) {
        if (!given) flow->seasonality[month] = 1;
        if (fabs(flow->seasonality[month] - 1) > 1e-9) flow->seasonal = true;
    }
}

static bool read_flow(struct reader *reader, const struct row *row) {
    struct traffic *traffic = &reader->scenario->traffic;
    struct flow flow = {.entity = row->index};
    const char *id = cell_text(row, FLOWS_FLOW);
    const enum name_state origin = cell_reference(row, FLOWS_ORIGIN, &reader->stations, &flow.origin);
    const enum name_state destination = cell_reference(row, FLOWS_DESTINATION, &reader->stations, &flow.destination);
    read_arrivals(row, &flow);
    read_money(row, &flow);
    read_seasonality(row, &flow);
    flow.share_40ft = cell_number(row, FLOWS_SHARE_40FT);
    flow.empties_return = cell_word(row, FLOWS_EMPTIES_RETURN, 0) == 1;
    if (cell_given(row, FLOWS_ORIGIN) && strcmp(cell_raw(row, FLOWS_ORIGIN), cell_raw(row, FLOWS_DESTINATION)) == 0)
        row_error(row, FLOWS_DESTINATION, "destination '%s' is the origin, expected another station",
                  cell_raw(row, FLOWS_DESTINATION));
    const bool active = options_hold(reader, row, FLOWS_OPTION) && origin == NAME_FOUND && destination == NAME_FOUND;
    if (*id == '\0') return true;
    names_add(&reader->flows, id, active ? traffic->flow_count : -1, row->index);
    if (!active) return true;
    flow.id = text_copy(id);
    flow.commodity = text_copy(cell_text(row, FLOWS_COMMODITY));
    reader->flow_rows[traffic->flow_count] = row->index;
    traffic->flows[traffic->flow_count++] = flow;
    return flow.id && flow.commodity;
}

bool read_flows(struct reader *reader) {
    const struct table *table = &reader->tables[TABLE_FLOWS];
    struct traffic *traffic = &reader->scenario->traffic;
    reader->flows = (struct names){.table = "flows.csv", .damaged = table->damaged};
    if (!names_reserve(&reader->flows, table->row_count)) return false;
    traffic->flows = calloc((size_t)table->row_count + 1, sizeof *traffic->flows);
    reader->flow_rows = calloc((size_t)table->row_count + 1, sizeof *reader->flow_rows);
    if (!traffic->flows || !reader->flow_rows) return false;
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = reader_row(reader, table, i);
        if (!read_flow(reader, &row)) return false;
    }
    names_sort(&reader->flows);
    report_duplicates(reader, table, FLOWS_FLOW, &reader->flows);
    return true;
}
