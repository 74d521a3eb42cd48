#include "results/row_writer.h"

#include <math.h>
#include <stddef.h>

struct row_writer row_writer_start(struct database *database, struct failure *failure) {
    return (struct row_writer){.database = database, .failure = failure, .good = true};
}

bool row_writer_stop(struct row_writer *writer) {
    sqlite3_finalize(writer->statement);
    writer->statement = NULL;
    writer->sql = NULL;
    return writer->good;
}

void row_begin(struct row_writer *writer, const char *sql) {
    if (!writer->good) return;
    writer->column = 0;
    if (writer->sql == sql) return;
    sqlite3_finalize(writer->statement);
    writer->statement = database_prepare(writer->database, sql, writer->failure);
    writer->sql = sql;
    writer->good = writer->statement != NULL;
}

void row_text(struct row_writer *writer, const char *text) {
    if (writer->good) sqlite3_bind_text(writer->statement, ++writer->column, text, -1, SQLITE_STATIC);
}

void row_integer(struct row_writer *writer, int64_t value) {
    if (writer->good) sqlite3_bind_int64(writer->statement, ++writer->column, value);
}

void row_real(struct row_writer *writer, double value) {
    if (!isfinite(value))
        row_null(writer);
    else if (writer->good)
        sqlite3_bind_double(writer->statement, ++writer->column, value);
}

void row_null(struct row_writer *writer) {
    if (writer->good) sqlite3_bind_null(writer->statement, ++writer->column);
}

void row_end(struct row_writer *writer) {
    if (!writer->good) return;
    if (sqlite3_step(writer->statement) != SQLITE_DONE)
        writer->good = database_explain(writer->database, writer->failure);
    sqlite3_reset(writer->statement);
    sqlite3_clear_bindings(writer->statement);
}
