#include "chart/appraisal_tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double real_of(sqlite3_stmt *row, int column) {
    return sqlite3_column_type(row, column) == SQLITE_NULL ? NAN : sqlite3_column_double(row, column);
}

static char *text_of(sqlite3_stmt *row, int column) {
    const char *text = (const char *)sqlite3_column_text(row, column);
    return strdup(text != NULL ? text : "");
}

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* ---- which ---- */

static const char appraisal_sql[] =
    "SELECT experiment_id, seq, scenario, variant, viewpoint, price_year, single_npv_usd, npv_usd, probability_pays, "
    "count(*) OVER () FROM appraisals WHERE experiment_id = "
    "CASE ?1 WHEN 0 THEN (SELECT max(experiment_id) FROM appraisals) ELSE ?1 END "
    "AND (?2 IS NULL OR variant IS ?2 OR scenario IS ?2) ORDER BY seq LIMIT 1";

static bool none(struct database *database, int64_t experiment_id, const char *name, struct failure *failure) {
    const char *path = database_path(database);
    if (name != NULL && experiment_id == 0)
        return failure_set(failure, "%s: the last appraisal has no variant or scenario '%s'", path, name);
    if (name != NULL)
        return failure_set(failure, "%s: experiment %" PRId64 " has no appraisal of a variant or scenario '%s'", path,
                           experiment_id, name);
    if (experiment_id != 0)
        return failure_set(failure, "%s: experiment %" PRId64 " has no appraisal", path, experiment_id);
    return failure_set(failure, "%s has no appraisal; `bering appraise` makes one", path);
}

static bool take_appraisal(sqlite3_stmt *row, struct appraisal_tables *tables) {
    tables->experiment_id = sqlite3_column_int64(row, 0);
    tables->seq = sqlite3_column_int(row, 1);
    tables->scenario = text_of(row, 2);
    tables->variant = text_of(row, 3);
    tables->viewpoint = text_of(row, 4);
    tables->price_year = sqlite3_column_int(row, 5);
    tables->single_npv_usd = sqlite3_column_double(row, 6);
    tables->npv_usd = sqlite3_column_double(row, 7);
    tables->probability_pays = sqlite3_column_double(row, 8);
    tables->others = sqlite3_column_int(row, 9) - 1;
    return tables->scenario != NULL && tables->variant != NULL && tables->viewpoint != NULL;
}

static bool read_appraisal(struct database *database, int64_t experiment_id, const char *name,
                           struct appraisal_tables *tables, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, appraisal_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, experiment_id);
    sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
    const int code = sqlite3_step(statement);
    bool well = code == SQLITE_ROW;
    if (well)
        well = take_appraisal(statement, tables) || no_memory(failure);
    else if (code == SQLITE_DONE)
        none(database, experiment_id, name, failure);
    else
        database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

/* ---- its rows ---- */

typedef bool take_row(struct appraisal_tables *tables, sqlite3_stmt *row);

static bool read_rows(struct database *database, const char *sql, take_row *take, struct appraisal_tables *tables,
                      struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, tables->experiment_id);
    sqlite3_bind_int(statement, 2, tables->seq);
    bool well = true;
    int code = SQLITE_DONE;
    while (well && (code = sqlite3_step(statement)) == SQLITE_ROW) well = take(tables, statement) || no_memory(failure);
    if (well && code != SQLITE_DONE) well = database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

static bool take_year(struct appraisal_tables *tables, sqlite3_stmt *row) {
    struct appraisal_sums *years = realloc(tables->years, (size_t)(tables->year_count + 1) * sizeof *years);
    if (years == NULL) return false;
    tables->years = years;
    years[tables->year_count++] = (struct appraisal_sums){.year = sqlite3_column_int(row, 0),
                                                          .p5 = real_of(row, 1),
                                                          .p25 = real_of(row, 2),
                                                          .p50 = real_of(row, 3),
                                                          .p75 = real_of(row, 4),
                                                          .p95 = real_of(row, 5),
                                                          .single = real_of(row, 6),
                                                          .teu = real_of(row, 7)};
    return true;
}

static bool take_bar(struct appraisal_tables *tables, sqlite3_stmt *row) {
    struct appraisal_bar_row *bars = realloc(tables->bars, (size_t)(tables->bar_count + 1) * sizeof *bars);
    if (bars == NULL) return false;
    tables->bars = bars;
    bars[tables->bar_count] = (struct appraisal_bar_row){.input = text_of(row, 0),
                                                         .low = real_of(row, 1),
                                                         .mean = real_of(row, 2),
                                                         .high = real_of(row, 3),
                                                         .npv_low_usd = real_of(row, 4),
                                                         .npv_high_usd = real_of(row, 5),
                                                         .switching_value = real_of(row, 6)};
    return bars[tables->bar_count++].input != NULL;
}

static const char years_sql[] = "SELECT year, discounted_p5, discounted_p25, discounted_p50, discounted_p75, "
                                "discounted_p95, discounted_single_usd, "
                                "teu FROM appraisal_years WHERE experiment_id = ?1 AND seq = ?2 ORDER BY year";
static const char bars_sql[] = "SELECT input, low, mean, high, npv_low_usd, npv_high_usd, switching_value "
                               "FROM appraisal_bars WHERE experiment_id = ?1 AND seq = ?2 ORDER BY rank";

bool appraisal_tables_read(struct database *database, int64_t experiment_id, const char *name,
                           struct appraisal_tables *tables, struct failure *failure) {
    *tables = (struct appraisal_tables){0};
    const bool well = read_appraisal(database, experiment_id, name, tables, failure) &&
                      read_rows(database, years_sql, take_year, tables, failure) &&
                      read_rows(database, bars_sql, take_bar, tables, failure);
    if (!well) appraisal_tables_free(tables);
    return well;
}

void appraisal_tables_free(struct appraisal_tables *tables) {
    for (int32_t i = 0; i < tables->bar_count; i++) free(tables->bars[i].input);
    free(tables->bars);
    free(tables->years);
    free(tables->scenario);
    free(tables->variant);
    free(tables->viewpoint);
    *tables = (struct appraisal_tables){0};
}

void appraisal_tables_title(const struct appraisal_tables *tables, char *text, size_t size) {
    const bool whole = strcmp(tables->viewpoint, "project") == 0;
    char prices[32] = "", others[48] = "";
    if (tables->price_year > 0) snprintf(prices, sizeof prices, ", prices of %" PRId32, tables->price_year);
    if (tables->others > 0) snprintf(others, sizeof others, " · the first of %" PRId32, tables->others + 1);
    snprintf(text, size, "experiment %" PRId64 " · %s%s%s · money of the %s%s%s", tables->experiment_id,
             tables->scenario, tables->variant[0] != '\0' ? ", " : "", tables->variant,
             whole ? "whole project" : tables->viewpoint, prices, others);
}
