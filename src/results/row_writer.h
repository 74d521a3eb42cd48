/* Rows written one value after the other, as their table has its columns. The first error of SQLite stops the writing
 * and is explained; what follows does nothing then.
 *
 *     struct row_writer writer = row_writer_start(database, &failure);
 *     row_begin(&writer, "INSERT INTO points VALUES (?, ?)");
 *     row_integer(&writer, 3);
 *     row_real(&writer, 0.5);
 *     row_end(&writer);
 *     good = row_writer_stop(&writer);
 */
#ifndef BERING_RESULTS_ROW_WRITER_H
#define BERING_RESULTS_ROW_WRITER_H

#include "results/database.h"

struct row_writer {
    struct database *database;
    struct failure *failure;
    sqlite3_stmt *statement;
    const char *sql; /* of the statement */
    int column;      /* values of the row so far */
    bool good;
};

struct row_writer row_writer_start(struct database *database, struct failure *failure);
bool row_writer_stop(struct row_writer *writer); /* whether all was written */

/* `sql` is static text: where it is the one of the row before, its statement is used again. */
void row_begin(struct row_writer *writer, const char *sql);
void row_text(struct row_writer *writer, const char *text); /* must live until row_end; NULL: NULL */
void row_integer(struct row_writer *writer, int64_t value);
void row_real(struct row_writer *writer, double value); /* not finite: NULL */
void row_null(struct row_writer *writer);
void row_end(struct row_writer *writer);

#endif
