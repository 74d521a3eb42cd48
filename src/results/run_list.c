#include "results/run_list.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char list_sql[] = "SELECT run_id, experiment_id, replication, seed, created_at, scenario, variant, "
                               "schedule, dispatch, detail, status,"
                               " (SELECT results_sha256 FROM runs WHERE runs.run_id = v_runs.run_id), horizon_days, "
                               "trains_per_day, mean_delay_min "
                               "FROM v_runs ORDER BY run_id";

static char *column_copy(sqlite3_stmt *statement, int column, bool *well) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (text == NULL) return NULL;
    char *copy = strdup(text);
    if (copy == NULL) *well = false;
    return copy;
}

static double column_real(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

static bool read_entry(sqlite3_stmt *statement, struct run_list_entry *entry) {
    bool well = true;
    *entry = (struct run_list_entry){
        .run_id = sqlite3_column_int64(statement, 0),
        .experiment_id = sqlite3_column_int64(statement, 1),
        .replication = sqlite3_column_int64(statement, 2),
        .seed = sqlite3_column_int64(statement, 3),
        .horizon_days = column_real(statement, 12),
        .trains_per_day = column_real(statement, 13),
        .mean_delay_min = column_real(statement, 14),
    };
    char **const texts[] = {&entry->created_at, &entry->scenario, &entry->variant, &entry->schedule,
                            &entry->dispatch,   &entry->detail,   &entry->status,  &entry->results_sha256};
    for (int index = 0; index < 8; index++) *texts[index] = column_copy(statement, 4 + index, &well);
    return well;
}

bool run_list_read(struct database *database, struct run_list *list, struct failure *failure) {
    *list = (struct run_list){0};
    sqlite3_stmt *statement = database_prepare(database, list_sql, failure);
    if (statement == NULL) return false;
    int64_t capacity = 0;
    bool memory = true;
    int code = SQLITE_ROW;
    while (memory && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (list->count == capacity) {
            capacity = capacity == 0 ? 64 : 2 * capacity;
            struct run_list_entry *entries = realloc(list->entries, (size_t)capacity * sizeof *entries);
            if (entries == NULL) {
                memory = false;
                break;
            }
            list->entries = entries;
        }
        memory = read_entry(statement, &list->entries[list->count++]);
    }
    if (!memory)
        failure_set(failure, "out of memory");
    else if (code != SQLITE_DONE)
        database_explain(database, failure);
    sqlite3_finalize(statement);
    if (memory && code == SQLITE_DONE) return true;
    run_list_free(list);
    return false;
}

void run_list_free(struct run_list *list) {
    for (int64_t index = 0; index < list->count; index++) {
        struct run_list_entry *entry = &list->entries[index];
        char *const texts[] = {entry->created_at, entry->scenario, entry->variant, entry->schedule,
                               entry->dispatch,   entry->detail,   entry->status,  entry->results_sha256};
        for (int text = 0; text < 8; text++) free(texts[text]);
    }
    free(list->entries);
    *list = (struct run_list){0};
}

static bool delete_rows(struct database *database, int64_t run_id, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, "DELETE FROM runs WHERE run_id = ?", failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const bool done = sqlite3_step(statement) == SQLITE_DONE;
    if (!done) database_explain(database, failure);
    sqlite3_finalize(statement);
    if (!done) return false;
    if (sqlite3_changes(database_handle(database)) == 0)
        return failure_set(failure, "%s: there is no run %" PRId64, database_path(database), run_id);
    return database_execute(database,
                            "DELETE FROM experiments WHERE experiment_id NOT IN (SELECT experiment_id FROM runs);"
                            "DELETE FROM inputs WHERE input_sha256 NOT IN (SELECT input_sha256 FROM runs)",
                            failure);
}

bool run_list_delete(struct database *database, int64_t run_id, struct failure *failure) {
    if (!database_execute(database, "BEGIN IMMEDIATE", failure)) return false;
    if (delete_rows(database, run_id, failure) && database_execute(database, "COMMIT", failure)) return true;
    sqlite3_exec(database_handle(database), "ROLLBACK", NULL, NULL, NULL);
    return false;
}
