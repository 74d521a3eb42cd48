#include "chart/line_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/input_table.h"

/* The network while the row is chosen from it. */
struct link {
    char *id;
    int32_t from, to;
    double length_km;
    double trains; /* that run over it, both ways */
};

struct route {
    int32_t *stations;
    int32_t count, room;
    int64_t trains;
};

struct network_read {
    struct map_station *stations;
    int32_t station_count, station_room;
    struct link *links;
    int32_t link_count, link_room;
    struct route *routes;
    int32_t route_count, route_room;
};

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

static void network_read_free(struct network_read *network) {
    for (int32_t index = 0; index < network->station_count; index++) {
        free(network->stations[index].id);
        free(network->stations[index].name);
    }
    for (int32_t index = 0; index < network->link_count; index++) free(network->links[index].id);
    for (int32_t index = 0; index < network->route_count; index++) free(network->routes[index].stations);
    free(network->stations);
    free(network->links);
    free(network->routes);
}

static int32_t find_station(const struct network_read *network, const char *id) {
    for (int32_t index = 0; index < network->station_count; index++)
        if (strcmp(network->stations[index].id, id) == 0) return index;
    return -1;
}

static const struct link *find_link(const struct network_read *network, int32_t one, int32_t other) {
    const struct link *best = NULL; /* of several, the busiest */
    for (int32_t index = 0; index < network->link_count; index++) {
        const struct link *link = &network->links[index];
        const bool joins = (link->from == one && link->to == other) || (link->from == other && link->to == one);
        if (joins && (best == NULL || link->trains > best->trains)) best = link;
    }
    return best;
}

/* ---- reading the input ---- */

static bool add_station(struct network_read *network, const char *id, const char *name, struct failure *failure) {
    struct map_station *stations =
        array_room(network->stations, network->station_count, &network->station_room, sizeof *stations);
    if (stations == NULL) return no_memory(failure);
    network->stations = stations;
    struct map_station *station = &stations[network->station_count++];
    *station = (struct map_station){.id = strdup(id), .name = strdup(name[0] != '\0' ? name : id)};
    return (station->id != NULL && station->name != NULL) || no_memory(failure);
}

static bool read_stations(struct database *database, int64_t run_id, struct network_read *network,
                          struct failure *failure) {
    struct input_table table;
    if (!input_table_read(database, run_id, "stations.csv", &table, failure)) return false;
    bool well = true;
    for (int32_t row = 0; well && row < table.csv.row_count; row++) {
        const char *id = input_table_cell(&table, row, "station");
        if (!input_table_holds(&table, row) || find_station(network, id) >= 0) continue;
        well = add_station(network, id, input_table_cell(&table, row, "name"), failure);
    }
    input_table_free(&table);
    return well;
}

/* A length after the run's `--set sections[ID].length_km=…`: a number, and factors `*x` in their order. */
static double changed_length(const char *change, double length_km) {
    while (*change != '\0') {
        const bool factor = *change == '*';
        char *rest = NULL;
        const double value = strtod(change + factor, &rest);
        if (rest == change + factor || !isfinite(value)) return length_km;
        length_km = factor ? length_km * value : value;
        change = rest + strspn(rest, " ");
    }
    return length_km;
}

static bool change_lengths(struct database *database, int64_t run_id, struct network_read *network,
                           struct failure *failure) {
    static const char sql[] =
        "SELECT key, value FROM settings WHERE run_id = ?1 AND key LIKE 'sections%.length_km' ORDER BY seq, key";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = (const char *)sqlite3_column_text(statement, 0) + strlen("sections");
        const char *value = (const char *)sqlite3_column_text(statement, 1);
        const size_t length = strcspn(key, "]");
        for (int32_t index = 0; index < network->link_count; index++) {
            struct link *link = &network->links[index];
            const bool meant =
                *key == '.' || (strlen(link->id) + 1 == length && memcmp(key + 1, link->id, length - 1) == 0);
            if (meant) link->length_km = changed_length(value, link->length_km);
        }
    }
    sqlite3_finalize(statement);
    return step == SQLITE_DONE || database_explain(database, failure);
}

static bool add_link(struct network_read *network, const struct input_table *table, int32_t row,
                     struct failure *failure) {
    struct link *links = array_room(network->links, network->link_count, &network->link_room, sizeof *links);
    if (links == NULL) return no_memory(failure);
    network->links = links;
    struct link link = {.from = find_station(network, input_table_cell(table, row, "from")),
                        .to = find_station(network, input_table_cell(table, row, "to")),
                        .length_km = strtod(input_table_cell(table, row, "length_km"), NULL)};
    if (link.from < 0 || link.to < 0) return true; /* a station that is switched off */
    link.id = strdup(input_table_cell(table, row, "section"));
    if (link.id == NULL) return no_memory(failure);
    links[network->link_count++] = link;
    return true;
}

static bool read_links(struct database *database, int64_t run_id, struct network_read *network,
                       struct failure *failure) {
    struct input_table table;
    if (!input_table_read(database, run_id, "sections.csv", &table, failure)) return false;
    bool well = true;
    for (int32_t row = 0; well && row < table.csv.row_count; row++)
        if (input_table_holds(&table, row)) well = add_link(network, &table, row, failure);
    input_table_free(&table);
    return well && change_lengths(database, run_id, network, failure);
}

/* ---- choosing the row ---- */

static bool read_route(struct database *database, int64_t run_id, int64_t train_id, struct network_read *network,
                       struct route *route, struct failure *failure) {
    static const char sql[] = "SELECT station FROM calls WHERE run_id = ?1 AND train_id = ?2 ORDER BY seq";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_int64(statement, 2, train_id);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        int32_t *stations = array_room(route->stations, route->count, &route->room, sizeof *stations);
        if (stations == NULL) break;
        route->stations = stations;
        stations[route->count] = find_station(network, (const char *)sqlite3_column_text(statement, 0));
        if (stations[route->count] >= 0) route->count++;
    }
    sqlite3_finalize(statement);
    if (step == SQLITE_ROW) return no_memory(failure);
    return step == SQLITE_DONE || database_explain(database, failure);
}

/* One route for each pair of origin and destination, by the calls of one of its trains. */
static bool read_routes(struct database *database, int64_t run_id, struct network_read *network,
                        struct failure *failure) {
    static const char sql[] = "SELECT count(*), coalesce(min(CASE status WHEN 'arrived' THEN train_id END),"
                              " min(train_id)) FROM trains WHERE run_id = ?1 GROUP BY origin, destination";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    int step;
    bool well = true;
    while (well && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        struct route *routes = array_room(network->routes, network->route_count, &network->route_room, sizeof *routes);
        if (routes == NULL) well = no_memory(failure);
        if (!well) break;
        network->routes = routes;
        struct route *route = &routes[network->route_count++];
        *route = (struct route){.trains = sqlite3_column_int64(statement, 0)};
        well = read_route(database, run_id, sqlite3_column_int64(statement, 1), network, route, failure);
    }
    sqlite3_finalize(statement);
    return well && (step == SQLITE_DONE || database_explain(database, failure));
}

static void count_trains(struct network_read *network) {
    for (int32_t index = 0; index < network->route_count; index++) {
        const struct route *route = &network->routes[index];
        for (int32_t leg = 0; leg + 1 < route->count; leg++) {
            const struct link *link = find_link(network, route->stations[leg], route->stations[leg + 1]);
            if (link != NULL) network->links[link - network->links].trains += (double)route->trains;
        }
    }
}

/* Train-kilometres on the sections of a route, whoever runs them; −1 where it leaves the sections there are. */
static double route_weight(const struct network_read *network, const struct route *route) {
    double sum = 0;
    for (int32_t leg = 0; leg + 1 < route->count; leg++) {
        const struct link *link = find_link(network, route->stations[leg], route->stations[leg + 1]);
        if (link == NULL) return -1;
        sum += link->trains * link->length_km;
    }
    return route->count >= 2 ? sum : -1;
}

static const struct route *choose_route(const struct network_read *network) {
    const struct route *best = NULL;
    double best_weight = -1;
    for (int32_t index = 0; index < network->route_count; index++) {
        const double weight = route_weight(network, &network->routes[index]);
        if (weight <= best_weight) continue;
        best_weight = weight;
        best = &network->routes[index];
    }
    return best;
}

/* ---- laying it out ---- */

/* The row begins where most of its sections run forward from. */
static bool is_backward(const struct network_read *network, const struct route *route) {
    double forward_km = 0;
    for (int32_t leg = 0; leg + 1 < route->count; leg++) {
        const struct link *link = find_link(network, route->stations[leg], route->stations[leg + 1]);
        forward_km += link->from == route->stations[leg] ? link->length_km : -link->length_km;
    }
    return forward_km < 0;
}

static bool lay_out(struct network_read *network, const struct route *route, struct line_map *map,
                    struct failure *failure) {
    const bool turned = is_backward(network, route);
    map->stations = calloc((size_t)route->count, sizeof *map->stations);
    map->sections = calloc((size_t)route->count, sizeof *map->sections);
    if (map->stations == NULL || map->sections == NULL) return no_memory(failure);
    map->network_stations = network->station_count;
    double km = 0;
    for (int32_t index = 0; index < route->count; index++) {
        const int32_t here = route->stations[turned ? route->count - 1 - index : index];
        struct map_station *station = &map->stations[map->station_count++];
        const struct map_station *known = &network->stations[here];
        *station = (struct map_station){.id = strdup(known->id), .name = strdup(known->name), .km = km};
        if (station->id == NULL || station->name == NULL) return no_memory(failure);
        if (index + 1 == route->count) break;
        const struct link *link =
            find_link(network, here, route->stations[turned ? route->count - 2 - index : index + 1]);
        map->sections[index] = (struct map_section){.id = strdup(link->id), .downwards = link->from == here};
        if (map->sections[index].id == NULL) return no_memory(failure);
        km += link->length_km;
    }
    return true;
}

static bool read_row(struct database *database, int64_t run_id, struct line_map *map, struct failure *failure) {
    struct network_read network = {0};
    bool well = read_stations(database, run_id, &network, failure) && read_links(database, run_id, &network, failure) &&
                read_routes(database, run_id, &network, failure);
    if (well) {
        count_trains(&network);
        const struct route *route = choose_route(&network);
        map->without_trains = route == NULL;
        well = route != NULL ? lay_out(&network, route, map, failure)
                             : failure_set(failure, "run %lld has no train that ran from one station to another",
                                           (long long)run_id);
    }
    network_read_free(&network);
    return well;
}

/* ---- how the sections were used ---- */

struct use_row {
    int64_t busy_ms, line_busy_ms;
    double utilisation, line_utilisation;
};

static void take_uses(struct map_section *section, const struct use_row use[2]) {
    section->utilisation[0] = use[section->downwards ? 0 : 1].utilisation;
    section->utilisation[1] = use[section->downwards ? 1 : 0].utilisation;
    /* A line track of its own is busy just as long as its one direction. */
    section->two_track = use[0].busy_ms + use[1].busy_ms > 0 && use[0].line_busy_ms == use[0].busy_ms &&
                         use[1].line_busy_ms == use[1].busy_ms;
    section->line_utilisation = section->two_track ? NAN : use[0].line_utilisation;
}

static bool read_uses(struct database *database, int64_t run_id, struct line_map *map, struct failure *failure) {
    static const char sql[] = "SELECT direction, busy_ms, line_busy_ms, utilisation, line_utilisation"
                              " FROM section_use WHERE run_id = ?1 AND section = ?2";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    int step = SQLITE_DONE;
    for (int32_t index = 0; index + 1 < map->station_count && step == SQLITE_DONE; index++) {
        struct use_row use[2] = {{0}};
        sqlite3_reset(statement);
        sqlite3_bind_int64(statement, 1, run_id);
        sqlite3_bind_text(statement, 2, map->sections[index].id, -1, SQLITE_STATIC);
        while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
            const bool backward = strcmp((const char *)sqlite3_column_text(statement, 0), "backward") == 0;
            use[backward] = (struct use_row){sqlite3_column_int64(statement, 1), sqlite3_column_int64(statement, 2),
                                             sqlite3_column_double(statement, 3), sqlite3_column_double(statement, 4)};
        }
        take_uses(&map->sections[index], use);
    }
    sqlite3_finalize(statement);
    return step == SQLITE_DONE || database_explain(database, failure);
}

/* ---- closures ---- */

static int64_t clock_of(const char *text) {
    int hours, minutes, seconds = 0;
    if (sscanf(text, "%d:%d:%d", &hours, &minutes, &seconds) < 2) return -1;
    return ((int64_t)hours * 3600 + minutes * 60 + seconds) * 1000;
}

static unsigned weekdays_of(const char *text) {
    static const char names[7][4] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    unsigned weekdays = 0;
    for (unsigned day = 0; day < 7; day++)
        if (strstr(text, names[day]) != NULL) weekdays |= 1u << day;
    return weekdays != 0 ? weekdays : 0x7F;
}

static int32_t section_place(const struct line_map *map, const char *id) {
    for (int32_t index = 0; index + 1 < map->station_count; index++)
        if (strcmp(map->sections[index].id, id) == 0) return index;
    return -1;
}

/* Only what closes the whole section: a band in the chart says that nobody runs there. */
static bool add_closure(struct line_map *map, const struct input_table *table, int32_t row, struct failure *failure) {
    const char *direction = input_table_cell(table, row, "direction");
    struct map_closure closure = {.section = section_place(map, input_table_cell(table, row, "section")),
                                  .weekdays = weekdays_of(input_table_cell(table, row, "weekday")),
                                  .from_ms = clock_of(input_table_cell(table, row, "from")),
                                  .to_ms = clock_of(input_table_cell(table, row, "to"))};
    if (closure.section < 0 || closure.from_ms < 0 || closure.to_ms < 0) return true;
    const bool part = map->sections[closure.section].two_track && input_table_cell(table, row, "line_track")[0] != '\0';
    if (part || (direction[0] != '\0' && strcmp(direction, "both") != 0)) return true;
    if (closure.to_ms <= closure.from_ms) closure.to_ms += INT64_C(86400000);
    struct map_closure *closures = array_room(map->closures, map->closure_count, &map->closure_room, sizeof *closures);
    if (closures == NULL) return no_memory(failure);
    map->closures = closures;
    closures[map->closure_count++] = closure;
    return true;
}

static bool read_closures(struct database *database, int64_t run_id, struct line_map *map, struct failure *failure) {
    struct input_table table;
    if (!input_table_read(database, run_id, "possessions.csv", &table, failure)) return false;
    bool well = true;
    for (int32_t row = 0; well && row < table.csv.row_count; row++)
        if (input_table_holds(&table, row)) well = add_closure(map, &table, row, failure);
    input_table_free(&table);
    return well;
}

/* ---- */

bool line_map_read(struct database *database, int64_t run_id, struct line_map *map, struct failure *failure) {
    *map = (struct line_map){0};
    const bool well = read_row(database, run_id, map, failure) && read_uses(database, run_id, map, failure) &&
                      read_closures(database, run_id, map, failure);
    const bool without_trains = map->without_trains;
    if (!well) line_map_free(map);
    map->without_trains = without_trains;
    return well;
}

void line_map_free(struct line_map *map) {
    for (int32_t index = 0; index < map->station_count; index++) {
        free(map->stations[index].id);
        free(map->stations[index].name);
        free(map->sections[index].id);
    }
    free(map->stations);
    free(map->sections);
    free(map->closures);
    *map = (struct line_map){0};
}

int32_t line_map_station(const struct line_map *map, const char *id) {
    for (int32_t index = 0; index < map->station_count; index++)
        if (strcmp(map->stations[index].id, id) == 0) return index;
    return -1;
}

double line_map_length_km(const struct line_map *map) {
    return map->stations[map->station_count - 1].km;
}
