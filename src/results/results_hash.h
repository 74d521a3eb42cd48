/* The fingerprint of a run's results: `results_sha256`. It is the same for the same input, seed and replication,
 * whatever the number of threads, the run's number or the file it is written to; a faster program that still gives the
 * same answers gives the same fingerprint.
 *
 * SHA-256 over the rows of the run, table by table in the order of results_tables[], in each table in the order of its
 * primary key (texts by their bytes), run_id left out. A table without rows adds nothing. Otherwise it adds
 *     'T' and its name as a text,
 *     then for every row 'R' and each column, in the order listed:
 *         NULL     'n'
 *         INTEGER  'i', how many bytes follow (one byte), and the fewest bytes that hold it in two's complement, least
 *                  significant first; 0 has none
 *         REAL     'r' and 8 bytes, IEEE 754 binary64, least significant first; −0 as 0
 *         TEXT     't', its length in bytes as 4 bytes, least significant first, and the bytes (UTF-8)
 *
 * A table whose rows older versions wrote keeps its columns here, so that their runs keep their fingerprints. What a
 * later version adds to its rows is gathered as a table of its own, of the rows where it says anything: `train_money`
 * is the money in `trains`. */
#ifndef BERING_RESULTS_RESULTS_HASH_H
#define BERING_RESULTS_RESULTS_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "results/database.h"
#include "scenario/sha256.h"

enum results_table {
    RESULTS_SECTION_USE,
    RESULTS_STATION_USE,
    RESULTS_FLOW_USE,
    RESULTS_FLOW_DAYS,
    RESULTS_TERMINAL_USE,
    RESULTS_LEDGER,
    RESULTS_DISRUPTIONS,
    RESULTS_METRICS,
    RESULTS_TRAINS,
    RESULTS_TRAIN_MONEY, /* in the rows of `trains` */
    RESULTS_CALLS,
    RESULTS_OCCUPATIONS,
    RESULTS_CONTAINERS,
    RESULTS_DEADLOCKS,
    RESULTS_TABLE_COUNT
};

struct results_table_columns {
    const char *name;
    const char *columns; /* without run_id, separated by commas */
    int32_t column_count;
    const char *order;  /* of the primary key, without run_id */
    const char *within; /* the table it is gathered from, with WHERE and a condition; NULL: all of its own */
};
extern const struct results_table_columns results_tables[RESULTS_TABLE_COUNT];

/* The query that gives its rows of a run (?1), in order. */
enum { RESULTS_QUERY_SIZE = 768 };
void results_table_query(enum results_table table, char sql[RESULTS_QUERY_SIZE]);

/* A hash being built, in one go from the first table to the last. */
struct results_hash {
    struct sha256 sha256;
    size_t used;
    unsigned char pending[4096];
};

void results_hash_begin(struct results_hash *hash);
void results_hash_table(struct results_hash *hash, enum results_table table); /* before its first row */
void results_hash_row(struct results_hash *hash);                             /* before the row's columns */
void results_hash_null(struct results_hash *hash);
void results_hash_integer(struct results_hash *hash, int64_t value);
void results_hash_real(struct results_hash *hash, double value);
void results_hash_text(struct results_hash *hash, const char *text, size_t length);
void results_hash_finish(struct results_hash *hash, char hexadecimal[SHA256_TEXT_SIZE]);

/* The same from the rows in a database. */
bool results_hash_of_run(struct database *database, int64_t run_id, char hexadecimal[SHA256_TEXT_SIZE],
                         struct failure *failure);

#endif
