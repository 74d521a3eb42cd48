#include "chart/graph_trains.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"

/* A train is there from its planned departure (it may wait outside) to its arrival. */
static const char calls_sql[] =
    "SELECT t.train_id, t.train, t.status, t.planned_departure_ms,"
    " c.station, c.arrival_ms, c.departure_ms, c.wait_ms, t.train_type"
    " FROM trains t JOIN calls c ON c.run_id = t.run_id AND c.train_id = t.train_id"
    " WHERE t.run_id = ?1 AND coalesce(t.arrival_ms, ?3) >= ?2"
    "  AND min(coalesce(t.departure_ms, ?3), coalesce(t.planned_departure_ms, t.departure_ms, ?3)) <= ?3"
    " ORDER BY t.train_id, c.seq";

/* What the rows of one train have in common. */
struct reading {
    struct graph_trains *trains;
    const struct line_map *map;
    int64_t end_ms;
    int64_t train_id;
    int64_t planned_departure_ms;
    bool ended;
};

static int64_t time_of(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? GRAPH_TIME_NONE
                                                                 : sqlite3_column_int64(statement, column);
}

/* `T7@3` is T7, and `S@3.5` S.5: the day stands below the graph. */
static void leave_out_day(char *name) {
    char *day = strchr(name, '@');
    if (day == NULL) return;
    const char *rest = day + 1 + strspn(day + 1, "0123456789");
    memmove(day, rest, strlen(rest) + 1);
}

static bool begin_train(struct reading *reading, sqlite3_stmt *statement) {
    struct graph_trains *trains = reading->trains;
    struct graph_train *grown = array_room(trains->trains, trains->train_count, &trains->train_room, sizeof *grown);
    if (grown == NULL) return false;
    trains->trains = grown;
    struct graph_train *train = &grown[trains->train_count++];
    *train = (struct graph_train){.first_call = trains->call_count};
    snprintf(train->name, sizeof train->name, "%s", (const char *)sqlite3_column_text(statement, 1));
    leave_out_day(train->name);
    const char *status = (const char *)sqlite3_column_text(statement, 2);
    snprintf(train->type, sizeof train->type, "%s", (const char *)sqlite3_column_text(statement, 8));
    train->train_id = reading->train_id = sqlite3_column_int64(statement, 0);
    reading->planned_departure_ms = time_of(statement, 3);
    reading->ended = strcmp(status, "arrived") == 0 || strcmp(status, "cancelled") == 0;
    return true;
}

/* From when to when a train stood at a call. */
static void find_stand(const struct reading *reading, struct graph_call *call, bool origin, int64_t wait_ms) {
    call->stand_from_ms = call->arrival_ms;
    call->stand_to_ms = call->departure_ms;
    if (origin && call->arrival_ms == GRAPH_TIME_NONE) {
        call->stand_from_ms =
            call->departure_ms == GRAPH_TIME_NONE ? reading->planned_departure_ms : call->departure_ms - wait_ms;
    }
    if (call->departure_ms == GRAPH_TIME_NONE && !reading->ended && call->stand_from_ms != GRAPH_TIME_NONE)
        call->stand_to_ms = reading->end_ms;
    if (call->stand_from_ms != GRAPH_TIME_NONE && call->stand_to_ms > call->stand_from_ms) return;
    call->stand_from_ms = call->stand_to_ms = GRAPH_TIME_NONE;
}

static bool add_call(struct reading *reading, sqlite3_stmt *statement) {
    struct graph_trains *trains = reading->trains;
    struct graph_call *calls = array_room(trains->calls, trains->call_count, &trains->call_room, sizeof *calls);
    if (calls == NULL) return false;
    trains->calls = calls;
    struct graph_call *call = &calls[trains->call_count++];
    struct graph_train *train = &trains->trains[trains->train_count - 1];
    *call =
        (struct graph_call){.station = line_map_station(reading->map, (const char *)sqlite3_column_text(statement, 4)),
                            .arrival_ms = time_of(statement, 5),
                            .departure_ms = time_of(statement, 6)};
    find_stand(reading, call, train->call_count == 0, sqlite3_column_int64(statement, 7));
    train->call_count++;
    return true;
}

/* By the first and the last of its stations on the row; a train with less than two of them is not shown. */
static void end_train(struct graph_trains *trains) {
    if (trains->train_count == 0) return;
    struct graph_train *train = &trains->trains[trains->train_count - 1];
    int32_t first = -1, last = -1;
    for (int32_t index = 0; index < train->call_count; index++) {
        const int32_t station = trains->calls[train->first_call + index].station;
        if (station < 0) continue;
        if (first < 0) first = station;
        last = station;
    }
    train->downwards = last > first;
    if (first != last) return;
    trains->call_count = train->first_call;
    trains->train_count--;
}

bool graph_trains_read(struct database *database, int64_t run_id, const struct line_map *map, int64_t from_ms,
                       int64_t to_ms, int64_t end_ms, struct graph_trains *trains, struct failure *failure) {
    *trains = (struct graph_trains){0};
    sqlite3_stmt *statement = database_prepare(database, calls_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_int64(statement, 2, from_ms);
    sqlite3_bind_int64(statement, 3, to_ms);
    struct reading reading = {.trains = trains, .map = map, .end_ms = end_ms, .train_id = -1};
    int step;
    bool well = true;
    while (well && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (sqlite3_column_int64(statement, 0) != reading.train_id) {
            end_train(trains);
            well = begin_train(&reading, statement);
        }
        well = well && add_call(&reading, statement);
    }
    end_train(trains);
    sqlite3_finalize(statement);
    if (!well)
        failure_set(failure, "out of memory");
    else if (step != SQLITE_DONE)
        well = database_explain(database, failure);
    if (!well) graph_trains_free(trains);
    return well;
}

void graph_trains_free(struct graph_trains *trains) {
    free(trains->trains);
    free(trains->calls);
    *trains = (struct graph_trains){0};
}
