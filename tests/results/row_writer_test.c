/* Rows of all kinds of values; and that the first error stops everything that follows. */
#include "results/row_writer.h"

#include <math.h>
#include <string.h>

#include "scratch.h"

static char path[SCRATCH_PATH];
static struct failure failure;
static struct database *database;

static void set_up(void) {
    scratch_make();
    failure.text[0] = '\0';
    database = database_open(scratch_file("rows.db", path), DATABASE_WRITE, 50, &failure);
    ck_assert_ptr_nonnull(database);
    ck_assert(
        database_execute(database, "CREATE TABLE t (a INTEGER UNIQUE, b TEXT, c REAL); CREATE TABLE u (a)", &failure));
}

static void write_row(struct row_writer *writer, const char *sql, int64_t a, const char *b, double c) {
    row_begin(writer, sql);
    row_integer(writer, a);
    row_text(writer, b);
    row_real(writer, c);
    row_end(writer);
}

static const char into_t[] = "INSERT INTO t VALUES (?, ?, ?)";

START_TEST(rows_hold_what_was_given) {
    struct row_writer writer = row_writer_start(database, &failure);
    write_row(&writer, into_t, 1, "one", 1.5);
    row_begin(&writer, "INSERT INTO u VALUES (?)");
    row_null(&writer);
    row_end(&writer);
    write_row(&writer, into_t, 2, NULL, NAN);
    write_row(&writer, into_t, 3, "three", INFINITY);
    ck_assert(row_writer_stop(&writer));
    ck_assert_str_eq(ask_text(database, "SELECT group_concat(a || ':' || coalesce(b, '-') || ':' || coalesce(c, '-'), "
                                        "' ') FROM (SELECT * FROM t ORDER BY a)"),
                     "1:one:1.5 2:-:- 3:three:-");
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM u WHERE a IS NULL"), 1);
    database_close(database);
}
END_TEST

/* A value left out is not the one of the row before. */
START_TEST(values_do_not_linger) {
    struct row_writer writer = row_writer_start(database, &failure);
    write_row(&writer, into_t, 1, "one", 1.5);
    row_begin(&writer, into_t);
    row_integer(&writer, 2);
    row_end(&writer);
    ck_assert(row_writer_stop(&writer));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM t WHERE a = 2 AND b IS NULL AND c IS NULL"), 1);
    database_close(database);
}
END_TEST

START_TEST(the_first_error_stops_it) {
    static const char *const wrong[] = {"INSERT INTO nowhere VALUES (?, ?, ?)", into_t};
    for (size_t i = 0; i < 2; i++) {
        struct row_writer writer = row_writer_start(database, &failure);
        failure.text[0] = '\0';
        if (i == 1) write_row(&writer, into_t, 7, "seven", 0);
        write_row(&writer, wrong[i], 7, "again", 0);
        ck_assert_ptr_nonnull(strstr(failure.text, i == 0 ? "no such table" : "UNIQUE"));
        write_row(&writer, into_t, 8, "eight", 0);
        ck_assert(!row_writer_stop(&writer));
    }
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM t"), 1);
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {rows_hold_what_was_given, values_do_not_linger, the_first_error_stops_it};
    return run_suite_in_scratch("row_writer", tests, sizeof tests / sizeof *tests, set_up);
}
