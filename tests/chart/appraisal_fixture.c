#include "appraisal_fixture.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

struct database *appraisal_open(void) {
    struct database *database = fixture_open("A line");
    fixture_line(database, 3, 20, NULL);
    fixture_sql(database, "INSERT INTO experiments VALUES (2, 'appraise', 'data/line', '2034-01-01')");
    return database;
}

static sqlite3_stmt *begin_row(struct database *database, const char *sql, int seq) {
    struct failure failure;
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s", failure.text);
    sqlite3_bind_int(statement, 1, seq);
    return statement;
}

static void end_row(sqlite3_stmt *statement) {
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

void appraisal_add(struct database *database, int seq, const char *variant, double single_npv_usd,
                   double probability_pays) {
    sqlite3_stmt *statement = begin_row(
        database,
        "INSERT INTO appraisals (experiment_id, seq, scenario, variant, input_sha256, viewpoint, price_year, "
        "first_year, "
        "seed, samples, capacity_answer, capacity_trains_per_day, traffic_experiment_id, traffic_run_id, "
        "used_trains_per_day, teu_per_train, demand_teu_per_day, tariff_usd_per_teu, running_cost_usd_per_teu, "
        "energy_kwh_per_teu, lifts_per_teu, yard_days_per_teu, train_km_per_teu, teu_per_year, capital_usd, "
        "revenue_usd_per_teu, single_npv_usd, npv_usd, probability_pays, verdict) VALUES (2, ?1, 'Studied line', ?2, "
        "'abc', 'project', 2025, 2034, 1, 64, 'given', 36, 1, 1, 36, 142, 5000, 500, 9, 0, 2, 0, 1, 1e6, 8e9, 500, ?3, "
        "?3, ?4, 'may_pay')",
        seq);
    sqlite3_bind_text(statement, 2, variant, -1, SQLITE_STATIC);
    sqlite3_bind_double(statement, 3, single_npv_usd);
    sqlite3_bind_double(statement, 4, probability_pays);
    end_row(statement);
}

void appraisal_add_year(struct database *database, int seq, int year, double single, double middle, double quarter,
                        double most, double teu) {
    sqlite3_stmt *statement = begin_row(
        database,
        "INSERT INTO appraisal_years (experiment_id, seq, year, capital_usd, renewal_usd, residual_usd, revenue_usd, "
        "other_revenue_usd, variable_cost_usd, other_cost_usd, fixed_cost_usd, net_usd, teu, discounted_single_usd, "
        "discounted_p5, discounted_p25, discounted_p50, discounted_p75, discounted_p95) VALUES (2, ?1, ?2, 0, 0, 0, 0, "
        "0, "
        "0, 0, 0, 0, ?3, ?4, ?5 - ?7, ?5 - ?6, ?5, ?5 + ?6, ?5 + ?7)",
        seq);
    const double values[] = {teu, single, middle, quarter, most};
    sqlite3_bind_int(statement, 2, year);
    for (int i = 0; i < 5; i++) sqlite3_bind_double(statement, 3 + i, values[i]);
    end_row(statement);
}

void appraisal_add_bar(struct database *database, int seq, int rank, const char *input, double low, double mean,
                       double high, double npv_low, double npv_high, double switching) {
    sqlite3_stmt *statement = begin_row(
        database, "INSERT INTO appraisal_bars VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, abs(?8 - ?7), ?9)", seq);
    const double values[] = {low, mean, high, npv_low, npv_high, switching};
    sqlite3_bind_int(statement, 2, rank);
    sqlite3_bind_text(statement, 3, input, -1, SQLITE_STATIC);
    for (int i = 0; i < 6; i++)
        if (isnan(values[i]))
            sqlite3_bind_null(statement, 4 + i);
        else
            sqlite3_bind_double(statement, 4 + i, values[i]);
    end_row(statement);
}
