#include "study_fixture.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

static sqlite3_stmt *begin_row(struct database *database, const char *sql, const char *variant) {
    struct failure failure;
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s", failure.text);
    sqlite3_bind_text(statement, 1, variant, -1, SQLITE_STATIC);
    return statement;
}

static void bind_real(sqlite3_stmt *statement, int place, double value) {
    if (isnan(value))
        sqlite3_bind_null(statement, place);
    else
        sqlite3_bind_double(statement, place, value);
}

static void end_row(sqlite3_stmt *statement) {
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

struct database *study_open(int stations, const char *const *names) {
    struct database *database = fixture_open("A line");
    fixture_line(database, stations, 20, names);
    fixture_sql(database, "UPDATE inputs SET content = CAST('key,value' || char(10) || 'name,Studied line' || char(10)"
                          " AS BLOB) WHERE path LIKE '%scenario.csv';"
                          "INSERT INTO experiments VALUES (2, 'capacity', 'data/line', '2034-01-01')");
    return database;
}

void study_answer(struct database *database, const char *variant, const struct study_row *row) {
    sqlite3_stmt *statement = begin_row(
        database,
        "INSERT INTO capacity (experiment_id, variant, answer, fleet, input_sha256, trains_per_day, half_width,"
        " confidence, place, binds, reason) VALUES (2, ?1, ?2, nullif(?3, 0), 'abc', ?4, ?5, 0.95, ?6, ?7, ?8)",
        variant);
    sqlite3_bind_text(statement, 2, row->answer, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 3, row->fleet);
    bind_real(statement, 4, row->trains_per_day);
    bind_real(statement, 5, row->half_width);
    sqlite3_bind_text(statement, 6, row->place, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 7, row->binds, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 8, row->reason, -1, SQLITE_STATIC);
    end_row(statement);
}

void study_point(struct database *database, const char *variant, int seq, double demand, double mean_s,
                 double half_width_s, double p90_s) {
    sqlite3_stmt *statement =
        begin_row(database,
                  "INSERT INTO capacity_points (experiment_id, variant, curve, seq, offered_per_day, mean_delay_s,"
                  " delay_half_width_s, p90_delay_s) VALUES (2, ?1, 'practical', ?2, ?3, ?4, ?5, ?6)",
                  variant);
    sqlite3_bind_int(statement, 2, seq);
    sqlite3_bind_double(statement, 3, demand);
    bind_real(statement, 4, mean_s);
    bind_real(statement, 5, half_width_s);
    bind_real(statement, 6, p90_s);
    end_row(statement);
}

void study_fit(struct database *database, const char *variant, double limit_s, const char *measure, const char *outcome,
               double a_s, double b) {
    sqlite3_stmt *statement =
        begin_row(database, "INSERT INTO capacity_fits VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6, 0.1)", variant);
    sqlite3_bind_double(statement, 2, limit_s);
    sqlite3_bind_text(statement, 3, measure, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 4, outcome, -1, SQLITE_STATIC);
    bind_real(statement, 5, a_s);
    bind_real(statement, 6, b);
    end_row(statement);
}

void study_section(struct database *database, const char *variant, int seq, const char *section, int line_track,
                   double occupancy) {
    sqlite3_stmt *statement = begin_row(
        database, "INSERT INTO capacity_sections VALUES (2, ?1, ?2, ?3, ?4, 100, ?5 * 8400, 8400, ?5, 20)", variant);
    sqlite3_bind_int(statement, 2, seq);
    sqlite3_bind_text(statement, 3, section, -1, SQLITE_STATIC);
    sqlite3_bind_int(statement, 4, line_track);
    sqlite3_bind_double(statement, 5, occupancy);
    end_row(statement);
}

/* The delay of M/D/1 before a line that carries so much, in seconds. */
static double delay_at(double demand, double capacity) {
    const double filling = fmin(demand / capacity, 0.99);
    return 86400 / capacity * filling / (2 * (1 - filling));
}

void study_variant(struct database *database, const char *variant, double capacity, int sections) {
    static const double shares[] = {0.1, 0.3, 0.5, 0.65, 0.75, 0.85, 0.9, 0.95, 1};
    const double limit_s = 1800, practical = capacity / (1 + 86400 / capacity / 2 / limit_s);
    for (int fleet = 0; fleet <= 4; fleet += 1 + (fleet == 2))
        study_answer(database, variant,
                     &(struct study_row){"theoretical", fleet, capacity * (fleet == 0 ? 3 : 1 + 0.3 * fleet), NAN,
                                         "S0 – S1", "running_time", NULL});
    study_answer(database, variant, &(struct study_row){"compressed", 0, capacity * 0.6, NAN, "X0", NULL, NULL});
    study_answer(database, variant, &(struct study_row){"saturated", 0, capacity, capacity / 100, NULL, NULL, NULL});
    study_answer(database, variant, &(struct study_row){"practical", 0, practical, practical / 50, NULL, NULL, NULL});
    for (int point = 0; point < 9; point++) {
        const double demand = shares[point] * capacity, delay_s = delay_at(demand, capacity);
        study_point(database, variant, point + 1, demand, delay_s, delay_s / 20, 2 * delay_s);
    }
    study_fit(database, variant, limit_s, "mean", "found", 60, log(30) / practical);
    for (int section = 0; section < sections; section++) {
        char id[16];
        snprintf(id, sizeof id, "X%d", section);
        study_section(database, variant, section + 1, id, 1, 0.2 + 0.13 * (section * 7 % 6));
    }
}
