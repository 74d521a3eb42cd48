#include "graph_fixture.h"

#include <check.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/scratch.h"

static struct failure failure;

void fixture_sql(struct database *database, const char *sql) {
    ck_assert_msg(database_execute(database, sql, &failure), "%s: %s", sql, failure.text);
}

static sqlite3_stmt *prepare(struct database *database, const char *sql) {
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s: %s", sql, failure.text);
    return statement;
}

static void finish(sqlite3_stmt *statement) {
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static void bind_minute(sqlite3_stmt *statement, int place, double minute) {
    if (minute == NO_MINUTE)
        sqlite3_bind_null(statement, place);
    else
        sqlite3_bind_int64(statement, place, llround(minute * 60000));
}

struct database *fixture_open(const char *scenario) {
    char path[SCRATCH_PATH];
    struct database *database = database_open(scratch_file("run.db", path), DATABASE_WRITE, 1000, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    fixture_sql(database, "BEGIN; INSERT INTO experiments VALUES (1, 'run', '', '2034-01-01')");
    sqlite3_stmt *statement = prepare(
        database,
        "INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, dispatch, replication, seed,"
        " start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at, end_ms)"
        " VALUES (1, 1, 'abc', ?1, 'fcfs', 1, 1, '2034-01-03', 0, 86400000, 'calls', 'complete', '0', '', 86400000)");
    sqlite3_bind_text(statement, 1, scenario, -1, SQLITE_STATIC);
    finish(statement);
    fixture_input(database, "scenario.csv", "key,value\n");
    return database;
}

void fixture_input(struct database *database, const char *name, const char *content) {
    sqlite3_stmt *statement = prepare(database, "INSERT INTO inputs VALUES ('abc', 'data/line/' || ?1, ?2)");
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 2, content, (int)strlen(content), SQLITE_STATIC);
    finish(statement);
}

void fixture_use(struct database *database, const char *section, int forward, int backward) {
    const int minutes[] = {forward, backward};
    for (int way = 0; way < 2; way++) {
        sqlite3_stmt *statement =
            prepare(database, "INSERT INTO section_use VALUES (1, ?1, ?2, 1, ?3 * 60000, 0, ?3 / 1440.0,"
                              " ?4 * 60000, ?4 / 1440.0)");
        sqlite3_bind_text(statement, 1, section, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, way == 0 ? "forward" : "backward", -1, SQLITE_STATIC);
        sqlite3_bind_int(statement, 3, minutes[way]);
        sqlite3_bind_int(statement, 4, forward + backward);
        finish(statement);
    }
}

static void add_call(struct database *database, int64_t train_id, int seq, const struct fixture_call *call) {
    sqlite3_stmt *statement = prepare(
        database, "INSERT INTO calls (run_id, train_id, seq, station, arrival_ms, departure_ms, stopped, wait_ms)"
                  " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?4 IS NOT ?5, ?6)");
    sqlite3_bind_int64(statement, 1, train_id);
    sqlite3_bind_int(statement, 2, seq);
    sqlite3_bind_text(statement, 3, call->station, -1, SQLITE_STATIC);
    bind_minute(statement, 4, call->arrival);
    bind_minute(statement, 5, call->departure);
    bind_minute(statement, 6, call->wait);
    finish(statement);
}

void fixture_train(struct database *database, int64_t train_id, const char *train, const char *service,
                   const struct fixture_call *calls, int count) {
    sqlite3_stmt *statement = prepare(
        database, "INSERT INTO trains (run_id, train_id, train, service, train_type, origin, destination,"
                  " planned_departure_ms, departure_ms, arrival_ms, teu, status, direction)"
                  " VALUES (1, ?1, ?2, ?3, 'freight', ?4, ?5, ?6, ?7, ?8, 0, iif(?8 IS NULL, 'running', 'arrived'),"
                  " 'forward')");
    sqlite3_bind_int64(statement, 1, train_id);
    sqlite3_bind_text(statement, 2, train, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, service, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, calls[0].station, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 5, calls[count - 1].station, -1, SQLITE_STATIC);
    bind_minute(statement, 6, calls[0].departure == NO_MINUTE ? 0 : calls[0].departure - calls[0].wait);
    bind_minute(statement, 7, calls[0].departure);
    bind_minute(statement, 8, calls[count - 1].arrival);
    finish(statement);
    for (int call = 0; call < count; call++) add_call(database, train_id, call + 1, &calls[call]);
}

/* Text that grows. */
struct writing {
    char text[65536];
    size_t used;
};

static void put(struct writing *writing, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct writing *writing, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    writing->used +=
        (size_t)vsnprintf(writing->text + writing->used, sizeof writing->text - writing->used, format, arguments);
    va_end(arguments);
    ck_assert_uint_lt(writing->used, sizeof writing->text);
}

static void put_quoted(struct writing *writing, const char *text) {
    put(writing, "\"");
    for (; *text != '\0'; text++) put(writing, *text == '"' ? "\"\"" : "%c", *text);
    put(writing, "\"");
}

void fixture_line(struct database *database, int count, double km, const char *const *names) {
    struct writing *stations = calloc(1, sizeof *stations), *sections = calloc(1, sizeof *sections);
    ck_assert(stations != NULL && sections != NULL);
    put(stations, "station,name,kind\n");
    put(sections, "section,from,to,length_km\n");
    for (int index = 0; index < count; index++) {
        put(stations, "S%d,", index);
        if (names != NULL) put_quoted(stations, names[index]);
        put(stations, ",siding\n");
        if (index + 1 < count) put(sections, "X%d,S%d,S%d,%g\n", index, index, index + 1, km);
    }
    fixture_input(database, "stations.csv", stations->text);
    fixture_input(database, "sections.csv", sections->text);
    fixture_input(database, "possessions.csv", "section,weekday,from,to\nX0,daily,01:00,02:00\n");
    free(stations);
    free(sections);
}

void fixture_traffic(struct database *database, int stations, int count, double every, double run, double stand) {
    enum { MOST = 64, ID = 8 };
    static char ids[MOST][ID];
    ck_assert_int_le(stations, MOST);
    for (int index = 0; index < stations; index++) snprintf(ids[index], ID, "S%d", index % 1000);
    for (int number = 0; number < count; number++) {
        struct fixture_call calls[MOST];
        char name[32];
        double clock = number * every;
        for (int place = 0; place < stations; place++) {
            const int station = number % 2 == 0 ? place : stations - 1 - place;
            const bool stops = place > 0 && station % 3 == 0;
            calls[place] = (struct fixture_call){ids[station], clock, clock + (stops ? stand : 0), 0};
            clock = calls[place].departure + run;
        }
        calls[0].arrival = NO_MINUTE;
        calls[stations - 1].departure = NO_MINUTE;
        snprintf(name, sizeof name, "T%d@1", number + 1);
        fixture_train(database, number + 1, name, NULL, calls, stations);
    }
    fixture_sql(database, "COMMIT");
}
