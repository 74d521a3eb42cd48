#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/reader.h"

/* A station is a zone as long as its longest track; a track without a length adds nothing. */
static double zone_length(const struct network *network, int32_t index) {
    const struct station *station = &network->stations[index];
    double longest = 0;
    for (int32_t i = 0; i < station->track_count; i++) {
        const double length = network->tracks[station->first_track + i].length_m;
        if (isfinite(length) && length > longest) longest = length;
    }
    return longest;
}

/* Whether a row of sections.csv, switched on or not, leads to the station. */
static bool has_section(const struct reader *reader, const char *station) {
    const struct table *table = &reader->tables[TABLE_SECTIONS];
    for (int32_t i = 0; i < table->row_count; i++) {
        const struct row row = {.table = table, .index = i};
        if (strcmp(cell_raw(&row, SECTIONS_FROM), station) == 0 || strcmp(cell_raw(&row, SECTIONS_TO), station) == 0)
            return true;
    }
    return false;
}

/* A station that no section leads to is no error, but hardly meant. */
static bool warn_of_lonely_stations(struct reader *reader) {
    const struct network *network = &reader->scenario->network;
    bool *reached = calloc((size_t)network->station_count + 1, sizeof *reached);
    if (!reached) return false;
    for (int32_t i = 0; i < network->section_count; i++)
        reached[network->sections[i].from] = reached[network->sections[i].to] = true;
    int32_t looked_at = 0; /* each is looked for in the whole table: no more of them than would be shown */
    for (int32_t i = 0; i < network->station_count && looked_at < DIAGNOSTICS_KEPT; i++) {
        if (reached[i]) continue;
        looked_at++;
        const struct row row = reader_row(reader, &reader->tables[TABLE_STATIONS], reader->station_rows[i]);
        if (!has_section(reader, network->stations[i].id))
            row_warning(&row, STATIONS_STATION,
                        "no train can come to station '%s', expected a section in sections.csv that leads there",
                        network->stations[i].id);
    }
    free(reached);
    return true;
}

bool check_network(struct reader *reader) {
    const struct network *network = &reader->scenario->network;
    for (int32_t i = 0; i < network->station_count && !reader->tables[TABLE_TRACKS].damaged; i++) {
        const struct row row = reader_row(reader, &reader->tables[TABLE_STATIONS], reader->station_rows[i]);
        if (network->stations[i].track_count == 0)
            row_error(&row, STATIONS_STATION, "station '%s' has no tracks, expected at least one in tracks.csv",
                      network->stations[i].id);
    }
    for (int32_t i = 0; i < network->section_count; i++) {
        const struct section *section = &network->sections[i];
        const struct row row = reader_row(reader, &reader->tables[TABLE_SECTIONS], reader->section_rows[i]);
        const double zones = (zone_length(network, section->from) + zone_length(network, section->to)) / 2;
        if (section->length_m <= zones)
            row_error(&row, SECTIONS_LENGTH,
                      "section '%s' is no longer than the halves of its stations' tracks, expected more than %.16g km",
                      section->id, zones / 1000);
    }
    return warn_of_lonely_stations(reader);
}

/* ---- possessions ---- */

enum { DAYS_PER_WEEK = 7 };
#define MILLISECONDS_PER_WEEK (DAYS_PER_WEEK * MILLISECONDS_PER_DAY)

/* A possession on one day, in ms from Monday 00:00. */
struct window {
    int64_t from_ms, to_ms;
    int32_t possession;
};

static int compare_windows(const void *left, const void *right) {
    const struct window *one = left, *other = right;
    if (one->from_ms != other->from_ms) return one->from_ms < other->from_ms ? -1 : 1;
    return (one->possession > other->possession) - (one->possession < other->possession);
}

/* The least time a train of this type needs for the section: fixed, or at the speed limits. */
static int64_t least_running_ms(const struct scenario *scenario, int32_t section_index, int32_t type, int direction) {
    const struct section *section = &scenario->network.sections[section_index];
    const struct running_time *fixed =
        running_time_find(scenario->running_times, scenario->running_time_count, section_index, type, 1u << direction);
    if (fixed) return fixed->run_ms;
    const double speed = fmin(section->speed_ms, scenario->train_types[type].max_speed_ms);
    return (int64_t)(section->length_m / speed * (double)MILLISECONDS_PER_SECOND);
}

static bool stops_direction(const struct scenario *scenario, const struct possession *possession, int direction) {
    const int32_t tracks = scenario->network.sections[possession->section].tracks;
    const int32_t used = tracks == 2 && direction == BACKWARD ? 2 : 1;
    return possession->directions & 1u << direction && (possession->line_track == 0 || possession->line_track == used);
}

/* The windows of a section in one direction over the week, in order. */
static int32_t gather_windows(const struct scenario *scenario, int32_t section, int direction, struct window *windows) {
    const struct network *network = &scenario->network;
    int32_t count = 0;
    for (int32_t i = 0; i < network->possession_count; i++) {
        const struct possession *possession = &network->possessions[i];
        if (possession->section != section || !stops_direction(scenario, possession, direction)) continue;
        for (int day = 0; day < DAYS_PER_WEEK; day++)
            if (possession->weekdays & 1u << day)
                windows[count++] = (struct window){day * MILLISECONDS_PER_DAY + possession->from_ms,
                                                   day * MILLISECONDS_PER_DAY + possession->to_ms, i};
    }
    qsort(windows, (size_t)count, sizeof *windows, compare_windows);
    return count;
}

struct gap {
    int64_t least_ms, longest_ms; /* least: of those that are open at all; INT64_MAX: never */
    int32_t before_least;         /* the possession that ends where the least begins */
};

static struct gap find_gaps(const struct window *windows, int32_t count) {
    struct gap gap = {.least_ms = INT64_MAX, .longest_ms = 0, .before_least = windows[0].possession};
    /* Sunday's last window may reach into Monday: begin with the latest end of all, a week earlier. */
    int64_t open_from = 0;
    int32_t last = 0;
    for (int32_t i = 0; i < count; i++)
        if (i == 0 || windows[i].to_ms - MILLISECONDS_PER_WEEK > open_from) {
            open_from = windows[i].to_ms - MILLISECONDS_PER_WEEK;
            last = windows[i].possession;
        }
    for (int32_t i = 0; i < count; i++) {
        const int64_t length = windows[i].from_ms - open_from;
        if (length > 0 && length < gap.least_ms) {
            gap.least_ms = length;
            gap.before_least = last;
        }
        if (length > gap.longest_ms) gap.longest_ms = length;
        if (windows[i].to_ms <= open_from) continue;
        open_from = windows[i].to_ms;
        last = windows[i].possession;
    }
    return gap;
}

/* The quickest and the slowest train that is to run over the section this way. */
struct demand {
    int64_t least_ms, most_ms;
    int32_t quickest, slowest; /* train types; −1: none runs */
};

static void add_demand(const struct scenario *scenario, const struct train_plan *plan, const bool *closed,
                       struct demand *demands) {
    for (int32_t i = 0; i < plan->route_length; i++) {
        const struct route_leg *leg = &plan->route[i];
        struct demand *demand = &demands[2 * leg->section + leg->direction];
        if (!closed[leg->section]) continue;
        const int64_t time = least_running_ms(scenario, leg->section, plan->train_type, leg->direction);
        if (demand->quickest < 0 || time < demand->least_ms)
            demand->least_ms = time, demand->quickest = plan->train_type;
        if (demand->slowest < 0 || time > demand->most_ms) demand->most_ms = time, demand->slowest = plan->train_type;
    }
}

static void check_section(struct reader *reader, int32_t section, int direction, const struct demand *demand,
                          struct window *windows) {
    const struct scenario *scenario = reader->scenario;
    const char *id = scenario->network.sections[section].id, *way = direction == FORWARD ? "forward" : "backward";
    if (demand->quickest < 0) return;
    const int32_t count = gather_windows(scenario, section, direction, windows);
    if (count == 0) return;
    const struct gap gap = find_gaps(windows, count);
    const struct row row =
        reader_row(reader, &reader->tables[TABLE_POSSESSIONS], reader->possession_rows[gap.before_least]);
    if (gap.longest_ms < demand->most_ms)
        row_error(&row, POSSESSIONS_SECTION,
                  "section '%s' is never open %s for more than %.1f min, train type '%s' needs %.1f min", id, way,
                  (double)gap.longest_ms / 60000, scenario->train_types[demand->slowest].id,
                  (double)demand->most_ms / 60000);
    else if (gap.least_ms < demand->least_ms)
        row_error(&row, POSSESSIONS_TO,
                  "section '%s' is open %s for only %.1f min after this, train type '%s' needs %.1f min", id, way,
                  (double)gap.least_ms / 60000, scenario->train_types[demand->quickest].id,
                  (double)demand->least_ms / 60000);
}

bool check_possessions(struct reader *reader) {
    const struct scenario *scenario = reader->scenario;
    const struct network *network = &scenario->network;
    const size_t ways = 2 * (size_t)network->section_count;
    if (network->possession_count == 0) return true;
    struct demand *demands = calloc(ways + 1, sizeof *demands);
    struct window *windows = malloc((size_t)network->possession_count * DAYS_PER_WEEK * sizeof *windows);
    bool *closed = calloc((size_t)network->section_count + 1, sizeof *closed);
    const bool room = demands && windows && closed;
    for (size_t i = 0; room && i < ways; i++) demands[i] = (struct demand){.quickest = -1, .slowest = -1};
    for (int32_t i = 0; room && i < network->possession_count; i++) closed[network->possessions[i].section] = true;
    for (int32_t i = 0; room && i < scenario->timetable.plan_count; i++)
        add_demand(scenario, &scenario->timetable.plans[i], closed, demands);
    for (int32_t i = 0; room && i < network->section_count; i++)
        for (int direction = FORWARD; closed[i] && direction <= BACKWARD; direction++)
            check_section(reader, i, direction, &demands[2 * i + direction], windows);
    free(demands);
    free(windows);
    free(closed);
    return room;
}
