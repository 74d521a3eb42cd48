#include "chart/input_table.h"

#include <stdlib.h>
#include <string.h>

/* The scenario's own files lie in one folder, that of scenario.csv. */
static const char input_sql[] =
    "SELECT i.content FROM inputs i"
    " JOIN inputs s ON s.input_sha256 = i.input_sha256"
    "  AND (s.path = 'scenario.csv' OR substr(s.path, -13) = '/scenario.csv')"
    " WHERE i.input_sha256 = coalesce(?1, (SELECT input_sha256 FROM runs WHERE run_id = ?3))"
    "  AND i.path = substr(s.path, 1, length(s.path) - 12) || ?2"
    " ORDER BY s.path LIMIT 1";
static const char options_sql[] = "SELECT value FROM settings WHERE run_id = ?1 AND key = 'options'";

/* A parse of what was once read without an error: what it says now interests nobody. */
static bool parse(struct input_table *table, const char *name, const void *bytes, int size, struct failure *failure) {
    struct diagnostics *diagnostics = calloc(1, sizeof *diagnostics);
    const bool well = diagnostics != NULL &&
                      csv_table_read(name, size > 0 ? bytes : "", (size_t)size, NULL, diagnostics, &table->csv);
    if (diagnostics != NULL) diagnostics_free(diagnostics);
    free(diagnostics);
    return well || failure_set(failure, "out of memory");
}

static bool read_options(struct database *database, int64_t run_id, struct input_table *table,
                         struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, options_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const int step = sqlite3_step(statement);
    const char *text = step == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    table->options = strdup(text != NULL ? text : "");
    sqlite3_finalize(statement);
    if (step != SQLITE_ROW && step != SQLITE_DONE) {
        input_table_free(table);
        return database_explain(database, failure);
    }
    return table->options != NULL || failure_set(failure, "out of memory");
}

/* Of these inputs, or those of a run. */
static bool read_rows(struct database *database, const char *input_sha256, int64_t run_id, const char *name,
                      struct input_table *table, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, input_sql, failure);
    bool well = statement != NULL;
    if (well) {
        sqlite3_bind_text(statement, 1, input_sha256, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, run_id);
        const int step = sqlite3_step(statement);
        if (step == SQLITE_ROW)
            well = parse(table, name, sqlite3_column_blob(statement, 0), sqlite3_column_bytes(statement, 0), failure);
        else if (step != SQLITE_DONE)
            well = database_explain(database, failure);
    }
    sqlite3_finalize(statement);
    if (!well) input_table_free(table);
    return well;
}

bool input_table_read(struct database *database, int64_t run_id, const char *name, struct input_table *table,
                      struct failure *failure) {
    *table = (struct input_table){0};
    return read_options(database, run_id, table, failure) && read_rows(database, NULL, run_id, name, table, failure);
}

bool input_table_read_inputs(struct database *database, const char *input_sha256, const char *name,
                             struct input_table *table, struct failure *failure) {
    *table = (struct input_table){.options = strdup("")};
    if (table->options == NULL) return failure_set(failure, "out of memory");
    return read_rows(database, input_sha256, 0, name, table, failure);
}

void input_table_free(struct input_table *table) {
    csv_table_free(&table->csv);
    free(table->options);
    *table = (struct input_table){0};
}

const char *input_table_cell(const struct input_table *table, int32_t row, const char *column) {
    for (int32_t index = 0; index < table->csv.width; index++)
        if (strcmp(table->csv.header[index], column) == 0)
            return table->csv.cells[(size_t)row * (size_t)table->csv.width + (size_t)index];
    return "";
}

static bool is_on(const char *options, const char *name, size_t length) {
    while (*options != '\0') {
        const size_t here = strcspn(options, "+;");
        if (here == length && memcmp(options, name, length) == 0) return true;
        options += here + (options[here] != '\0');
    }
    return false;
}

bool input_table_holds(const struct input_table *table, int32_t row) {
    const char *wanted = input_table_cell(table, row, "option");
    while (*wanted != '\0') {
        const size_t length = strcspn(wanted, ";");
        const char *name = wanted + strspn(wanted, " !");
        size_t name_length = length - (size_t)(name - wanted);
        while (name_length > 0 && name[name_length - 1] == ' ') name_length--;
        const bool off = memchr(wanted, '!', length) != NULL;
        if (name_length > 0 && is_on(table->options, name, name_length) == off) return false;
        wanted += length + (wanted[length] != '\0');
    }
    return true;
}
