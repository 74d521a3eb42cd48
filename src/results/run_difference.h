/* In what two runs differ, table by table: the same run as it is kept and as it was made again. Compared is what the
 * results hash covers (results_hash.h), row by row in the order of the primary keys. */
#ifndef BERING_RESULTS_RUN_DIFFERENCE_H
#define BERING_RESULTS_RUN_DIFFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "results/database.h"
#include "results/results_hash.h"
#include "results/words.h"

enum row_difference_kind {
    ROW_CHANGED, /* on both sides, with different values */
    ROW_LOST,    /* kept, but not made again */
    ROW_NEW      /* made, but not kept */
};

enum { DIFFERENCE_TEXT_SIZE = 160 }; /* longer texts are cut */

/* The first row of a table that differs; texts are "" where there is nothing of the kind. */
struct row_difference {
    enum row_difference_kind kind;
    char train[TRAIN_NAME_SIZE];
    char place[DIFFERENCE_TEXT_SIZE]; /* a station, a section, or what a hazard struck */
    char key[DIFFERENCE_TEXT_SIZE];   /* the primary key, "train_id 3, seq 2" */
    char column[64];                  /* the first that differs; "" unless ROW_CHANGED */
    char kept[DIFFERENCE_TEXT_SIZE];  /* its value as kept: as SQLite writes it, NULL as "NULL" */
    char now[DIFFERENCE_TEXT_SIZE];   /* and as made again */
};

struct table_difference {
    const char *table;           /* static */
    int64_t kept_rows, now_rows; /* all rows of the run */
    int64_t different;           /* rows that differ, or are on one side alone */
    struct row_difference first;
};

struct run_difference {
    struct table_difference tables[RESULTS_TABLE_COUNT]; /* those that differ, in the order of results_tables[] */
    int32_t count;
};

struct run_place {
    struct database *database;
    int64_t run_id;
};

bool run_difference_find(const struct run_place *kept, const struct run_place *now, struct run_difference *difference,
                         struct failure *failure);

/* "train E1@1 at S2: departure_ms was 5400000 (1:30:00) and is now 5460000 (1:31:00)" */
enum { ROW_DIFFERENCE_WORDS_SIZE = 1024 };
void row_difference_words(const struct row_difference *row, char words[ROW_DIFFERENCE_WORDS_SIZE]);

#endif
