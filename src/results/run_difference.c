#include "results/run_difference.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows of one side of a table, one at a time. */
struct side {
    const struct run_place *place;
    sqlite3_stmt *statement;
    bool there; /* a row is at hand */
    int64_t rows;
};

static int32_t key_columns(const struct results_table_columns *table) {
    int32_t count = 1;
    for (const char *text = table->order; *text != '\0'; text++) count += *text == ',';
    return count; /* they are the first of the table's columns */
}

/* ---------------------------------------------------------------------------------------------------------- values */

static int compare_texts(sqlite3_stmt *one, sqlite3_stmt *other, int column) {
    const void *texts[] = {sqlite3_column_blob(one, column), sqlite3_column_blob(other, column)};
    const int sizes[] = {sqlite3_column_bytes(one, column), sqlite3_column_bytes(other, column)};
    const int smaller = sizes[0] < sizes[1] ? sizes[0] : sizes[1];
    const int order = smaller > 0 ? memcmp(texts[0], texts[1], (size_t)smaller) : 0;
    return order != 0 ? order : (sizes[0] > sizes[1]) - (sizes[0] < sizes[1]);
}

/* As SQLite orders them. */
static int compare_values(sqlite3_stmt *one, sqlite3_stmt *other, int column) {
    const int types[] = {sqlite3_column_type(one, column), sqlite3_column_type(other, column)};
    if (types[0] != types[1]) return types[0] == SQLITE_NULL ? -1 : types[1] == SQLITE_NULL ? 1 : types[0] - types[1];
    if (types[0] == SQLITE_INTEGER) {
        const int64_t a = sqlite3_column_int64(one, column), b = sqlite3_column_int64(other, column);
        return (a > b) - (a < b);
    }
    if (types[0] == SQLITE_FLOAT) {
        const double a = sqlite3_column_double(one, column), b = sqlite3_column_double(other, column);
        return (a > b) - (a < b);
    }
    return types[0] == SQLITE_NULL ? 0 : compare_texts(one, other, column);
}

static void write_value(sqlite3_stmt *statement, int column, char *text, size_t size) {
    const int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) {
        snprintf(text, size, "NULL");
    } else if (type == SQLITE_FLOAT) { /* the shortest that reads back as the same number */
        const double value = sqlite3_column_double(statement, column);
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, size, "%.*g", digits, value);
            if (strtod(text, NULL) == value) break;
        }
    } else {
        snprintf(text, size, "%s", (const char *)sqlite3_column_text(statement, column));
    }
}

/* ------------------------------------------------------------------------------------------------- the first of all */

static int column_number(sqlite3_stmt *statement, const char *name) {
    for (int column = 0; column < sqlite3_column_count(statement); column++)
        if (strcmp(sqlite3_column_name(statement, column), name) == 0) return column;
    return -1;
}

/* The name of the row's train: its own column, or that of the train it refers to. */
static bool find_train(const struct side *side, char name[TRAIN_NAME_SIZE], struct failure *failure) {
    const int own = column_number(side->statement, "train"), id = column_number(side->statement, "train_id");
    if (own >= 0) write_value(side->statement, own, name, TRAIN_NAME_SIZE);
    if (own >= 0 || id < 0) return true;
    sqlite3_stmt *find = database_prepare(side->place->database,
                                          "SELECT train FROM trains WHERE run_id = ?1 AND train_id = ?2", failure);
    if (find == NULL) return false;
    sqlite3_bind_int64(find, 1, side->place->run_id);
    sqlite3_bind_int64(find, 2, sqlite3_column_int64(side->statement, id));
    if (sqlite3_step(find) == SQLITE_ROW) write_value(find, 0, name, TRAIN_NAME_SIZE);
    sqlite3_finalize(find);
    return true;
}

static void find_place(sqlite3_stmt *statement, char *place, size_t size) {
    static const char *const columns[] = {"station", "section", "place"};
    for (int index = 0; index < 3; index++) {
        const int column = column_number(statement, columns[index]);
        if (column >= 0) write_value(statement, column, place, size);
    }
}

static void write_key(sqlite3_stmt *statement, int32_t keys, char *text, size_t size) {
    size_t used = 0;
    for (int32_t column = 0; column < keys && used < size; column++) {
        char value[DIFFERENCE_TEXT_SIZE];
        write_value(statement, column, value, sizeof value);
        used += (size_t)snprintf(text + used, size - used, "%s%s %s", column > 0 ? ", " : "",
                                 sqlite3_column_name(statement, column), value);
    }
}

/* `column` is the first that differs of a row that both sides have. */
static bool describe(const struct side *kept, const struct side *now, enum row_difference_kind kind, int32_t keys,
                     int column, struct row_difference *row, struct failure *failure) {
    const struct side *side = kind == ROW_NEW ? now : kept;
    *row = (struct row_difference){.kind = kind};
    write_key(side->statement, keys, row->key, sizeof row->key);
    find_place(side->statement, row->place, sizeof row->place);
    if (kind == ROW_CHANGED) {
        snprintf(row->column, sizeof row->column, "%s", sqlite3_column_name(kept->statement, column));
        write_value(kept->statement, column, row->kept, sizeof row->kept);
        write_value(now->statement, column, row->now, sizeof row->now);
    }
    return find_train(side, row->train, failure);
}

/* ------------------------------------------------------------------------------------------------------- the tables */

static bool next_row(struct side *side, struct failure *failure) {
    const int step = sqlite3_step(side->statement);
    side->there = step == SQLITE_ROW;
    side->rows += side->there;
    return side->there || step == SQLITE_DONE || database_explain(side->place->database, failure);
}

static bool open_side(struct side *side, const struct run_place *place, enum results_table table,
                      struct failure *failure) {
    char sql[RESULTS_QUERY_SIZE];
    results_table_query(table, sql);
    *side = (struct side){.place = place, .statement = database_prepare(place->database, sql, failure)};
    if (side->statement == NULL) return false;
    sqlite3_bind_int64(side->statement, 1, place->run_id);
    return next_row(side, failure);
}

/* How the rows at hand lie to each other: *column is the first that differs, −1 where none does. */
static enum row_difference_kind compare_rows(const struct side *kept, const struct side *now, int32_t keys,
                                             int32_t columns, int *column) {
    *column = 0;
    if (!now->there) return ROW_LOST;
    if (!kept->there) return ROW_NEW;
    for (; *column < columns; ++*column) {
        const int order = compare_values(kept->statement, now->statement, *column);
        if (order != 0) return *column >= keys ? ROW_CHANGED : order < 0 ? ROW_LOST : ROW_NEW;
    }
    *column = -1;
    return ROW_CHANGED;
}

static bool walk(struct side *kept, struct side *now, const struct results_table_columns *table,
                 struct table_difference *difference, struct failure *failure) {
    const int32_t keys = key_columns(table);
    while (kept->there || now->there) {
        int column;
        const enum row_difference_kind kind = compare_rows(kept, now, keys, table->column_count, &column);
        if (column >= 0 && difference->different++ == 0 &&
            !describe(kept, now, kind, keys, column, &difference->first, failure))
            return false;
        if (kind != ROW_NEW && !next_row(kept, failure)) return false;
        if (kind != ROW_LOST && !next_row(now, failure)) return false;
    }
    return true;
}

static bool compare_tables(const struct run_place *kept, const struct run_place *now, enum results_table table,
                           struct run_difference *difference, struct failure *failure) {
    struct side sides[2] = {0};
    struct table_difference found = {.table = results_tables[table].name};
    const bool well = open_side(&sides[0], kept, table, failure) && open_side(&sides[1], now, table, failure) &&
                      walk(&sides[0], &sides[1], &results_tables[table], &found, failure);
    found.kept_rows = sides[0].rows;
    found.now_rows = sides[1].rows;
    if (well && found.different > 0) difference->tables[difference->count++] = found;
    sqlite3_finalize(sides[0].statement);
    sqlite3_finalize(sides[1].statement);
    return well;
}

bool run_difference_find(const struct run_place *kept, const struct run_place *now, struct run_difference *difference,
                         struct failure *failure) {
    difference->count = 0;
    for (int table = 0; table < RESULTS_TABLE_COUNT; table++)
        if (!compare_tables(kept, now, (enum results_table)table, difference, failure)) return false;
    return true;
}

/* ------------------------------------------------------------------------------------------------------- in words */

/* A value, and where it is a time or a duration, that as a clock shows it. */
static void value_words(const char *column, const char *value, char *words, size_t size) {
    const size_t length = strlen(column);
    const bool time = length > 3 && strcmp(column + length - 3, "_ms") == 0 && strcmp(value, "NULL") != 0;
    const int64_t all_ms = time ? strtoll(value, NULL, 10) : 0, size_ms = llabs(all_ms);
    if (!time) {
        snprintf(words, size, "%s", strcmp(value, "NULL") == 0 ? "nothing" : value);
        return;
    }
    snprintf(words, size, "%s (%s%" PRId64 ":%02" PRId64 ":%02" PRId64 ")", value, all_ms < 0 ? "-" : "",
             size_ms / 3600000, size_ms / 60000 % 60, size_ms / 1000 % 60);
}

void row_difference_words(const struct row_difference *row, char words[ROW_DIFFERENCE_WORDS_SIZE]) {
    char what[2 * DIFFERENCE_TEXT_SIZE + TRAIN_NAME_SIZE + 20], kept[DIFFERENCE_TEXT_SIZE + 40], now[sizeof kept];
    const bool train = row->train[0] != '\0', place = row->place[0] != '\0';
    snprintf(what, sizeof what, "%s%s%s%s%s%s%s", train ? "train " : "", row->train, train && place ? " at " : "",
             train ? row->place : "", train ? " (" : "", row->key, train ? ")" : "");
    if (row->kind == ROW_CHANGED) {
        value_words(row->column, row->kept, kept, sizeof kept);
        value_words(row->column, row->now, now, sizeof now);
        snprintf(words, ROW_DIFFERENCE_WORDS_SIZE, "%s: %s was %s and is now %s", what, row->column, kept, now);
    } else {
        snprintf(words, ROW_DIFFERENCE_WORDS_SIZE, "%s: %s", what,
                 row->kind == ROW_LOST ? "kept, but not there now" : "there now, but not kept");
    }
}
