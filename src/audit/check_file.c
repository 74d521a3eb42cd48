#include "audit/checks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"
#include "scenario/sha256.h"

/* ---- the files kept ---- */

struct kept_file {
    char *name; /* as it goes into the fingerprint */
    void *bytes;
    size_t size;
};

static int by_name(const void *left, const void *right) {
    return strcmp(((const struct kept_file *)left)->name, ((const struct kept_file *)right)->name);
}

/* A file of the scenario's folder goes by its path from there, any other by the last part of its path. */
static const char *name_of(const char *path, const char *folder) {
    const size_t length = strlen(folder);
    if (strncmp(path, folder, length) == 0) return path + length;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void fingerprint(struct kept_file *files, int32_t count, char text[SHA256_TEXT_SIZE]) {
    if (count > 1) qsort(files, (size_t)count, sizeof *files, by_name);
    struct sha256 hash;
    sha256_init(&hash);
    for (int32_t i = 0; i < count; i++) {
        char size[24];
        const int digits = snprintf(size, sizeof size, "%zu", files[i].size);
        sha256_update(&hash, files[i].name, strlen(files[i].name) + 1);
        sha256_update(&hash, size, (size_t)digits + 1);
        sha256_update(&hash, files[i].bytes, files[i].size);
    }
    unsigned char digest[SHA256_BYTES];
    sha256_finish(&hash, digest);
    sha256_text(digest, text);
}

/* The folder of scenario.csv with its slash, "" where it has none; NULL when out of memory. */
static char *scenario_folder(struct database *database, const char *input_sha256, struct failure *failure) {
    static const char sql[] = "SELECT path FROM inputs WHERE input_sha256 = ?1 AND (path = 'scenario.csv' OR path LIKE "
                              "'%/scenario.csv') ORDER BY length(path) LIMIT 1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return NULL;
    sqlite3_bind_text(statement, 1, input_sha256, -1, SQLITE_STATIC);
    const int code = sqlite3_step(statement);
    const char *path = code == SQLITE_ROW ? database_text(statement, 0) : "";
    if (path == NULL || (code != SQLITE_ROW && code != SQLITE_DONE)) {
        database_explain(database, failure);
        sqlite3_finalize(statement);
        return NULL;
    }
    const char *slash = strrchr(path, '/');
    const size_t length = slash ? (size_t)(slash - path) + 1 : 0;
    char *folder = malloc(length + 1);
    if (folder == NULL)
        failure_set(failure, "there is not enough memory to check the files kept");
    else {
        if (length > 0) memcpy(folder, path, length);
        folder[length] = '\0';
    }
    sqlite3_finalize(statement);
    return folder;
}

static bool take_file(sqlite3_stmt *statement, const char *folder, struct kept_file **files, int32_t *count) {
    struct kept_file *more = realloc(*files, ((size_t)*count + 1) * sizeof *more);
    if (more == NULL) return false;
    *files = more;
    const char *path = database_text(statement, 0);
    const void *content = sqlite3_column_blob(statement, 1);
    struct kept_file file = {.size = (size_t)sqlite3_column_bytes(statement, 1)};
    if (path == NULL || (content == NULL && file.size > 0)) return false;
    const char *name = name_of(path, folder);
    file.name = malloc(strlen(name) + 1);
    file.bytes = malloc(file.size + 1);
    if (file.name != NULL) strcpy(file.name, name);
    if (file.bytes != NULL && file.size > 0) memcpy(file.bytes, content, file.size);
    more[(*count)++] = file;
    return file.name != NULL && file.bytes != NULL;
}

static bool files_intact(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                         struct failure *failure) {
    char *folder = scenario_folder(database, rows->input_sha256, failure);
    sqlite3_stmt *statement =
        folder ? database_prepare(database, "SELECT path, content FROM inputs WHERE input_sha256 = ?1", failure) : NULL;
    struct kept_file *files = NULL;
    int32_t count = 0;
    bool good = statement != NULL;
    if (good) sqlite3_bind_text(statement, 1, rows->input_sha256, -1, SQLITE_STATIC);
    int code = SQLITE_DONE;
    while (good && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        good = take_file(statement, folder, &files, &count);
        if (!good) failure_set(failure, "there is not enough memory to check the files kept");
    }
    if (good && code != SQLITE_DONE) good = database_explain(database, failure);
    if (good) {
        char text[SHA256_TEXT_SIZE];
        fingerprint(files, count, text);
        audit_tested(report, AUDIT_INPUTS_INTACT, count > 0 ? count : 1);
        if (strcmp(text, rows->input_sha256) != 0)
            audit_violation(report, AUDIT_INPUTS_INTACT, NULL, NULL, AUDIT_NO_TIME,
                            "the %d files kept have the fingerprint %.16s…, the run names %.16s…", count, text,
                            rows->input_sha256);
    }
    for (int32_t i = 0; i < count; i++) {
        free(files[i].name);
        free(files[i].bytes);
    }
    free(files);
    free(folder);
    sqlite3_finalize(statement);
    return good;
}

/* ---- the rows kept ---- */

/* docs/formats.md, results_sha256: the tables and columns that the fingerprint covers. */
static const struct {
    const char *name, *columns, *order;
    const char *of; /* the table it is a part of, and the condition; NULL: all of its own */
} tables[] = {
    {"section_use", "section, direction, trains, busy_ms, wait_ms, utilisation, line_busy_ms, line_utilisation",
     "section, direction", NULL},
    {"station_use", "station, max_occupied, mean_occupied, wait_ms", "station", NULL},
    {"flow_use",
     "flow, teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused, mean_transit_h, p95_transit_h, "
     "revenue_cents, containers_offered, containers_delivered, containers_late, teu_late, p50_transit_h, "
     "penalty_cents, cost_cents, teu_empties",
     "flow", NULL},
    {"flow_days", "day, flow, teu_offered, teu_loaded, teu_delivered, teu_refused", "day, flow", NULL},
    {"terminal_use",
     "station, lifts, crane_busy_ms, crane_utilisation, teu_refused, teu_left_behind, max_teu, mean_teu", "station",
     NULL},
    {"ledger", "day, account, amount_cents", "day, account", NULL},
    {"disruptions", "seq, hazard, place, start_ms, end_ms, effect", "seq", NULL},
    {"metrics", "metric, value, unit", "metric", NULL},
    {"trains",
     "train_id, train, service, train_type, origin, destination, planned_departure_ms, departure_ms, "
     "planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms, energy_kwh, teu, status, direction",
     "train_id", NULL},
    {"train_money", "train_id, revenue_cents, cost_cents", "train_id",
     "trains WHERE (revenue_cents <> 0 OR cost_cents <> 0)"},
    {"calls",
     "train_id, seq, station, track, planned_arrival_ms, arrival_ms, planned_departure_ms, departure_ms, stopped, "
     "wait_ms, wait_cause, wait_for_train_id",
     "train_id, seq", NULL},
    {"occupations", "train_id, seq, section, line_track, block, direction, enter_ms, clear_ms, release_ms",
     "train_id, seq", NULL},
    {"containers",
     "container_id, flow, train_id, teu, arrived_ms, loaded_ms, delivered_ms, revenue_cents, status, penalty_cents, "
     "cost_cents, trains, empty",
     "container_id", NULL},
    {"deadlocks", "train_id, train, station, waits_for", "train_id", NULL},
};

static void add_little_endian(struct sha256 *hash, uint64_t value, int bytes) {
    unsigned char out[8];
    for (int i = 0; i < bytes; i++) out[i] = (unsigned char)(value >> 8 * i);
    sha256_update(hash, out, (size_t)bytes);
}

/* The fewest bytes whose two's complement is the value: none for 0. */
static int bytes_for(int64_t value) {
    if (value == 0) return 0;
    for (int bytes = 1; bytes < 8; bytes++) {
        const int64_t limit = INT64_C(1) << (8 * bytes - 1);
        if (value >= -limit && value < limit) return bytes;
    }
    return 8;
}

static void add_text(struct sha256 *hash, char letter, const void *text, int size) {
    sha256_update(hash, &letter, 1);
    add_little_endian(hash, (uint64_t)size, 4);
    sha256_update(hash, text, (size_t)size);
}

/* False when memory is short. */
static bool add_value(struct sha256 *hash, sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: {
        const int64_t value = sqlite3_column_int64(statement, column);
        const unsigned char head[2] = {'i', (unsigned char)bytes_for(value)};
        sha256_update(hash, head, sizeof head);
        add_little_endian(hash, (uint64_t)value, head[1]);
        break;
    }
    case SQLITE_FLOAT: {
        const double value = sqlite3_column_double(statement, column);
        uint64_t bits;
        memcpy(&bits, &value, sizeof bits);
        sha256_update(hash, "r", 1);
        add_little_endian(hash, bits == UINT64_C(1) << 63 ? 0 : bits, 8);
        break;
    }
    case SQLITE_TEXT: {
        const void *text = sqlite3_column_text(statement, column);
        if (text == NULL) return false;
        add_text(hash, 't', text, sqlite3_column_bytes(statement, column));
        break;
    }
    default:
        sha256_update(hash, "n", 1);
    }
    return true;
}

static bool add_table(struct database *database, int64_t run_id, size_t table, struct sha256 *hash, int64_t *row_count,
                      struct failure *failure) {
    char sql[640];
    const bool apart = tables[table].of == NULL;
    snprintf(sql, sizeof sql, "SELECT %s FROM %s %s run_id = ?1 ORDER BY %s", tables[table].columns,
             apart ? tables[table].name : tables[table].of, apart ? "WHERE" : "AND", tables[table].order);
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    int code, rows = 0;
    bool good = true;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && good) {
        if (rows++ == 0) {
            sha256_update(hash, "T", 1);
            add_text(hash, 't', tables[table].name, (int)strlen(tables[table].name));
        }
        sha256_update(hash, "R", 1);
        for (int column = 0; good && column < sqlite3_column_count(statement); column++)
            good = add_value(hash, statement, column);
    }
    *row_count += rows;
    sqlite3_finalize(statement);
    if (!good) return failure_set(failure, "there is not enough memory to check the rows kept");
    return code == SQLITE_DONE || database_explain(database, failure);
}

static bool rows_intact(struct database *database, const struct audit_rows *rows, struct audit_report *report,
                        struct failure *failure) {
    struct sha256 hash;
    sha256_init(&hash);
    int64_t row_count = 0;
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++)
        if (!add_table(database, rows->run_id, table, &hash, &row_count, failure)) return false;
    unsigned char digest[SHA256_BYTES];
    char text[SHA256_TEXT_SIZE];
    sha256_finish(&hash, digest);
    sha256_text(digest, text);
    audit_tested(report, AUDIT_RESULTS_INTACT, row_count);
    if (strcmp(text, rows->results_sha256) != 0)
        audit_violation(report, AUDIT_RESULTS_INTACT, NULL, NULL, AUDIT_NO_TIME,
                        "the rows have the fingerprint %.16s…, the run names %.16s…", text, rows->results_sha256);
    return true;
}

/* ---- what the run's row says ---- */

/* Whether a setting is what the run's row makes of it: a seed may have been written as 4e3. */
static bool told_alike(const char *key, const char *given, const char *told) {
    double seed;
    if (strcmp(key, "seed") != 0 || !world_parse_number(given, &seed)) return strcmp(given, told) == 0;
    return seed >= 0 && seed <= 0x1p53 && (int64_t)seed == strtoll(told, NULL, 10);
}

/* A setting that the row tells, too, and what it makes of it. */
static bool check_told_twice(struct database *database, int64_t run_id, struct audit_report *report,
                             struct failure *failure) {
    static const char sql[] =
        "SELECT key, value, told FROM settings JOIN (SELECT 'seed' key, CAST(seed AS TEXT) told FROM runs "
        "WHERE run_id = ?1 UNION ALL SELECT 'dispatch', dispatch FROM runs WHERE run_id = ?1 UNION ALL "
        "SELECT 'detail', detail FROM runs WHERE run_id = ?1 UNION ALL SELECT 'start_date', start_date FROM runs "
        "WHERE run_id = ?1) USING (key) WHERE run_id = ?1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *words[3];
        for (int column = 0; column < 3; column++) {
            words[column] = (const char *)sqlite3_column_text(statement, column);
            if (words[column] == NULL) words[column] = "NULL";
        }
        audit_tested(report, AUDIT_SETTINGS, 1);
        if (!told_alike(words[0], words[1], words[2]))
            audit_violation(report, AUDIT_SETTINGS, NULL, NULL, AUDIT_NO_TIME,
                            "the run is said to have %s %.40s, and was given %.40s", words[0], words[2], words[1]);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || database_explain(database, failure);
}

/* The measured window is the one asked for, and a run that is complete ended no sooner. */
static void check_period(const struct audit_world *world, const struct audit_rows *rows, struct audit_report *report) {
    const int64_t window_end = rows->warmup_ms + rows->horizon_ms;
    audit_tested(report, AUDIT_SETTINGS, 1);
    if (rows->warmup_ms != world->warmup_ms || rows->horizon_ms != world->horizon_ms)
        audit_violation(report, AUDIT_SETTINGS, NULL, NULL, AUDIT_NO_TIME,
                        "the run is said to have %.3f s of warm-up and %.3f s measured, and was given %.3f and %.3f",
                        (double)rows->warmup_ms / 1000, (double)rows->horizon_ms / 1000,
                        (double)world->warmup_ms / 1000, (double)world->horizon_ms / 1000);
    if (rows->end_ms == AUDIT_NULL_MS)
        audit_violation(report, AUDIT_SETTINGS, NULL, NULL, AUDIT_NO_TIME, "nothing says when the run ended");
    else if (!world->repeat_once && strcmp(rows->status, "complete") == 0 && rows->end_ms != window_end)
        audit_violation(report, AUDIT_SETTINGS, NULL, NULL, rows->end_ms,
                        "the run is complete, and ended %.3f s from the end of its window",
                        (double)(rows->end_ms - window_end) / 1000);
}

/* Rows that the detail does not provide for: whoever lowered it would have had them skipped. */
static void check_detail(const struct audit_rows *rows, struct audit_report *report) {
    const struct {
        const char *table;
        bool kept;
        int32_t rows;
    } levels[] = {{"trains", rows->detail.trains, rows->train_count},
                  {"calls", rows->detail.calls, rows->call_count},
                  {"occupations", rows->detail.blocks, rows->occupation_count}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        audit_tested(report, AUDIT_SETTINGS, 1);
        if (!levels[i].kept && levels[i].rows > 0)
            audit_violation(report, AUDIT_SETTINGS, NULL, NULL, AUDIT_NO_TIME,
                            "detail %.40s keeps no %s, and there are %d of them", rows->detail_word, levels[i].table,
                            levels[i].rows);
    }
}

/* ---- what rows refer to ---- */

static void check_senseless(const struct audit_rows *rows, struct audit_report *report) {
    if (rows->senseless > 0)
        audit_violation(report, AUDIT_REFERENCES, NULL, NULL, AUDIT_NO_TIME,
                        "%" PRId64 " values are missing, of the wrong kind or beyond all reason; the first is a %s",
                        rows->senseless, rows->first_senseless);
}

static void check_train_references(const struct audit_rows *rows, struct audit_report *report) {
    for (int32_t i = 0; i < rows->train_count; i++) {
        const struct audit_train_row *train = &rows->trains[i];
        audit_tested(report, AUDIT_REFERENCES, 1);
        if (train->type < 0 || train->origin < 0 || train->destination < 0 || train->direction < 0)
            audit_violation(report, AUDIT_REFERENCES, train->train, NULL, train->departure_ms,
                            "its train type, origin, destination or direction is none there is");
        if (rows->detail.calls && train->call_count == 0 && train->departure_ms != AUDIT_NULL_MS)
            audit_violation(report, AUDIT_REFERENCES, train->train, NULL, train->departure_ms,
                            "it has run without calls");
    }
}

static void check_row_references(const struct audit_rows *rows, struct audit_report *report) {
    for (int32_t i = 0; i < rows->call_count; i++) {
        const struct audit_call_row *call = &rows->calls[i];
        audit_tested(report, AUDIT_REFERENCES, 1);
        if (call->train < 0 || call->station < 0 || call->track == -1)
            audit_violation(report, AUDIT_REFERENCES, call->train >= 0 ? rows->trains[call->train].train : NULL,
                            call->station_id, call->arrival_ms, "a call names a train, station or track there is not");
    }
    for (int32_t i = 0; i < rows->occupation_count; i++) {
        const struct audit_occupation_row *row = &rows->occupations[i];
        const bool numbered = row->train < 0 || row->seq == i - rows->trains[row->train].first_occupation + 1;
        audit_tested(report, AUDIT_REFERENCES, 1);
        if (row->train < 0 || row->section < 0 || row->direction < 0 || !numbered)
            audit_violation(report, AUDIT_REFERENCES, row->train >= 0 ? rows->trains[row->train].train : NULL,
                            row->section_id, row->enter_ms,
                            "an occupation names a train, section or direction there is not, or has a wrong number");
    }
}

bool audit_check_file(struct database *database, const struct audit_world *world, const struct audit_rows *rows,
                      struct audit_report *report, struct failure *failure) {
    if (!files_intact(database, rows, report, failure) || !rows_intact(database, rows, report, failure) ||
        !check_told_twice(database, rows->run_id, report, failure))
        return false;
    if (world->problem[0] == '\0') check_period(world, rows, report);
    check_detail(rows, report);
    check_senseless(rows, report);
    if (rows->detail.trains)
        check_train_references(rows, report);
    else
        audit_skip(report, AUDIT_REFERENCES, "needs detail trains or more");
    check_row_references(rows, report);
    return true;
}
