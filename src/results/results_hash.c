#include "results/results_hash.h"

#include <string.h>

const struct results_table_columns results_tables[RESULTS_TABLE_COUNT] = {
    [RESULTS_SECTION_USE] = {"section_use",
                             "section, direction, trains, busy_ms, wait_ms, utilisation, line_busy_ms, "
                             "line_utilisation",
                             8, "section, direction", NULL},
    [RESULTS_STATION_USE] = {"station_use", "station, max_occupied, mean_occupied, wait_ms", 4, "station", NULL},
    [RESULTS_FLOW_USE] = {"flow_use",
                          "flow, teu_offered, teu_delivered, teu_riding, teu_waiting, teu_refused, mean_transit_h, "
                          "p95_transit_h, revenue_cents, containers_offered, containers_delivered, containers_late, "
                          "teu_late, p50_transit_h, penalty_cents, cost_cents, teu_empties",
                          17, "flow", NULL},
    [RESULTS_FLOW_DAYS] = {"flow_days", "day, flow, teu_offered, teu_loaded, teu_delivered, teu_refused", 6,
                           "day, flow", NULL},
    [RESULTS_TERMINAL_USE] = {"terminal_use",
                              "station, lifts, crane_busy_ms, crane_utilisation, teu_refused, teu_left_behind, "
                              "max_teu, mean_teu",
                              8, "station", NULL},
    [RESULTS_LEDGER] = {"ledger", "day, account, amount_cents", 3, "day, account", NULL},
    [RESULTS_DISRUPTIONS] = {"disruptions", "seq, hazard, place, start_ms, end_ms, effect", 6, "seq", NULL},
    [RESULTS_METRICS] = {"metrics", "metric, value, unit", 3, "metric", NULL},
    [RESULTS_TRAINS] = {"trains",
                        "train_id, train, service, train_type, origin, destination, planned_departure_ms, "
                        "departure_ms, planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms, energy_kwh, teu, "
                        "status, direction",
                        16, "train_id", NULL},
    [RESULTS_TRAIN_MONEY] = {"train_money", "train_id, revenue_cents, cost_cents", 3, "train_id",
                             "trains WHERE (revenue_cents <> 0 OR cost_cents <> 0)"},
    [RESULTS_CALLS] = {"calls",
                       "train_id, seq, station, track, planned_arrival_ms, arrival_ms, planned_departure_ms, "
                       "departure_ms, stopped, wait_ms, wait_cause, wait_for_train_id",
                       12, "train_id, seq", NULL},
    [RESULTS_OCCUPATIONS] = {"occupations",
                             "train_id, seq, section, line_track, block, direction, enter_ms, clear_ms, release_ms", 9,
                             "train_id, seq", NULL},
    [RESULTS_CONTAINERS] = {"containers",
                            "container_id, flow, train_id, teu, arrived_ms, loaded_ms, delivered_ms, revenue_cents, "
                            "status, penalty_cents, cost_cents, trains, empty",
                            13, "container_id", NULL},
    [RESULTS_DEADLOCKS] = {"deadlocks", "train_id, train, station, waits_for", 4, "train_id", NULL},
};

/* Bytes are gathered, since one call of sha256_update for each would cost more than the hashing. */
static void add(struct results_hash *hash, const void *bytes, size_t size) {
    if (hash->used + size > sizeof hash->pending) {
        sha256_update(&hash->sha256, hash->pending, hash->used);
        hash->used = 0;
        if (size > sizeof hash->pending) {
            sha256_update(&hash->sha256, bytes, size);
            return;
        }
    }
    memcpy(hash->pending + hash->used, bytes, size);
    hash->used += size;
}

static void put_little_endian(unsigned char bytes[8], uint64_t value) {
    for (int byte = 0; byte < 8; byte++) bytes[byte] = (unsigned char)(value >> (8 * byte));
}

/* Bytes of the shortest two's complement: its bits, and one for the sign. */
static unsigned char bytes_needed(int64_t value) {
    if (value == 0) return 0;
    const uint64_t magnitude = value < 0 ? ~(uint64_t)value : (uint64_t)value;
    const int bits = magnitude == 0 ? 0 : 64 - __builtin_clzll(magnitude);
    return (unsigned char)(bits / 8 + 1);
}

void results_hash_begin(struct results_hash *hash) {
    sha256_init(&hash->sha256);
    hash->used = 0;
}

void results_hash_table(struct results_hash *hash, enum results_table table) {
    const char *name = results_tables[table].name;
    add(hash, "T", 1);
    results_hash_text(hash, name, strlen(name));
}

void results_hash_row(struct results_hash *hash) {
    add(hash, "R", 1);
}

void results_hash_null(struct results_hash *hash) {
    add(hash, "n", 1);
}

/* Short, because hashing its bytes costs a fifth of writing a row. */
void results_hash_integer(struct results_hash *hash, int64_t value) {
    unsigned char bytes[10] = {'i', bytes_needed(value)};
    put_little_endian(bytes + 2, (uint64_t)value);
    add(hash, bytes, 2 + (size_t)bytes[1]);
}

void results_hash_real(struct results_hash *hash, double value) {
    if (value == 0) value = 0; /* −0, which SQLite does not keep either */
    uint64_t bits = 0;
    unsigned char bytes[9] = {'r'};
    memcpy(&bits, &value, sizeof bits);
    put_little_endian(bytes + 1, bits);
    add(hash, bytes, sizeof bytes);
}

void results_hash_text(struct results_hash *hash, const char *text, size_t length) {
    const unsigned char head[5] = {'t', (unsigned char)length, (unsigned char)(length >> 8),
                                   (unsigned char)(length >> 16), (unsigned char)(length >> 24)};
    add(hash, head, sizeof head);
    add(hash, text, length);
}

void results_hash_finish(struct results_hash *hash, char hexadecimal[SHA256_TEXT_SIZE]) {
    unsigned char digest[SHA256_BYTES];
    sha256_update(&hash->sha256, hash->pending, hash->used);
    sha256_finish(&hash->sha256, digest);
    sha256_text(digest, hexadecimal);
}

static void hash_column(struct results_hash *hash, sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        results_hash_integer(hash, sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT:
        results_hash_real(hash, sqlite3_column_double(statement, column));
        break;
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_column_text(statement, column);
        results_hash_text(hash, text, (size_t)sqlite3_column_bytes(statement, column));
        break;
    }
    default:
        results_hash_null(hash);
    }
}

void results_table_query(enum results_table table, char sql[RESULTS_QUERY_SIZE]) {
    const struct results_table_columns *columns = &results_tables[table];
    const bool apart = columns->within == NULL;
    sqlite3_snprintf(RESULTS_QUERY_SIZE, sql, "SELECT %s FROM %s %s run_id = ?1 ORDER BY %s", columns->columns,
                     apart ? columns->name : columns->within, apart ? "WHERE" : "AND", columns->order);
}

static bool hash_table(struct results_hash *hash, enum results_table table, struct database *database, int64_t run_id,
                       struct failure *failure) {
    const struct results_table_columns *columns = &results_tables[table];
    char sql[RESULTS_QUERY_SIZE];
    results_table_query(table, sql);
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) results_hash_table(hash, table);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
        results_hash_row(hash);
        for (int column = 0; column < columns->column_count; column++) hash_column(hash, statement, column);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE || database_explain(database, failure);
}

bool results_hash_of_run(struct database *database, int64_t run_id, char hexadecimal[SHA256_TEXT_SIZE],
                         struct failure *failure) {
    struct results_hash hash;
    results_hash_begin(&hash);
    bool done = true;
    for (int table = 0; done && table < RESULTS_TABLE_COUNT; table++)
        done = hash_table(&hash, (enum results_table)table, database, run_id, failure);
    results_hash_finish(&hash, hexadecimal);
    return done;
}
