/* The CSV layer alone: cells, lines, and what libcsv would do otherwise. */
#include "../engine/suite.h"

#include "scenario/columns.h"
#include "scenario/csv_table.h"

#include <string.h>

static struct csv_table read_text(const char *text, struct diagnostics *diagnostics) {
    struct csv_table table;
    /* A copy of exactly this size, so that sanitizers see a byte read too many. */
    const size_t size = strlen(text);
    char *bytes = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, text, size);
    ck_assert(csv_table_read("t.csv", bytes, size, NULL, diagnostics, &table));
    free(bytes);
    return table;
}

START_TEST(cells_and_lines) {
    struct diagnostics diagnostics = {0};
    struct csv_table table = read_text("\xEF\xBB\xBF# \"no quotes\n\na,b , \"c\"\r\n1,\"two\nlines, \"\"quoted\"\"\","
                                       "\r\n \n#,,\n\" spaced \",\t5\t,\"#6\"",
                                       &diagnostics);
    static const char *const cells[] = {"1", "two\nlines, \"quoted\"", "", " spaced ", "5", "#6"};
    ck_assert_int_eq(diagnostics.errors, 0);
    ck_assert_int_eq(table.width, 3);
    ck_assert_int_eq(table.header_line, 3);
    ck_assert_str_eq(table.header[1], "b");
    ck_assert_str_eq(table.header[2], "c");
    ck_assert_int_eq(table.row_count, 2);
    ck_assert_int_eq(table.lines[0], 4);
    ck_assert_int_eq(table.lines[1], 8);
    for (int i = 0; i < 6; i++) ck_assert_str_eq(table.cells[i], cells[i]);
    ck_assert(!table.damaged);
    csv_table_free(&table);
}
END_TEST

/* One bad line does not hide the next. */
START_TEST(goes_on_after_an_error) {
    struct diagnostics diagnostics = {0};
    struct csv_table table = read_text("a,b\n1,x\"y\n2,ok\n\"3\" 4,5\n6,\"fine\"\n7\n", &diagnostics);
    ck_assert_int_eq(diagnostics.errors, 3);
    ck_assert_int_eq(diagnostics.entries[0].line, 2);
    ck_assert_int_eq(diagnostics.entries[1].line, 4);
    ck_assert_int_eq(diagnostics.entries[1].column, 1);
    ck_assert_int_eq(diagnostics.entries[2].line, 6);
    ck_assert_int_eq(table.row_count, 2);
    ck_assert_str_eq(table.cells[1], "ok");
    ck_assert_str_eq(table.cells[3], "fine");
    ck_assert(table.damaged);
    csv_table_free(&table);
    diagnostics_free(&diagnostics);
}
END_TEST

START_TEST(open_quote_on_its_line) {
    struct diagnostics diagnostics = {0};
    struct csv_table table = read_text("a,b\n1,2\n3,\"four\n5,6\n7,8\n", &diagnostics);
    ck_assert_int_eq(diagnostics.errors, 1);
    ck_assert_int_eq(diagnostics.entries[0].line, 3);
    ck_assert_int_eq(diagnostics.entries[0].column, 2);
    ck_assert_int_eq(table.row_count, 1);
    csv_table_free(&table);
    diagnostics_free(&diagnostics);
}
END_TEST

START_TEST(too_large) {
    struct diagnostics diagnostics = {0};
    struct csv_table table;
    ck_assert(csv_table_read("t.csv", "", (size_t)CSV_LARGEST_FILE + 1, NULL, &diagnostics, &table));
    ck_assert_int_eq(diagnostics.errors, 1);
    ck_assert_str_eq(diagnostics.entries[0].message, "larger than 64 MiB, expected at most 67108864 bytes");
    csv_table_free(&table);
    diagnostics_free(&diagnostics);
}
END_TEST

START_TEST(utf8) {
    static const struct {
        const char *bytes;
        size_t length;
    } cases[] = {
        {"a", 1},
        {"\xC3\xA9", 2},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x9A\x82", 4},
        {"\x80", 0},
        {"\xC3", 0},
        {"\xC0\xAF", 0},
        {"\xE0\x80\xAF", 0},
        {"\xED\xA0\x80", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xFF", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_uint_eq(utf8_length((const unsigned char *)cases[i].bytes, strlen(cases[i].bytes)), cases[i].length);
}
END_TEST

START_TEST(distances) {
    ck_assert_int_eq(text_distance("", "abc"), 3);
    ck_assert_int_eq(text_distance("knid", "kind"), 1);
    ck_assert_int_eq(text_distance("lenght_km", "length_km"), 1);
    ck_assert_int_eq(text_distance("speed", "spee"), 1);
    ck_assert(text_near("lenght_km", 1));
    ck_assert(!text_near("a", 1));
    ck_assert(!text_near("name", 2));
}
END_TEST

/* Every column has its range in words, every default lies within it, and the reference prints them all. */
START_TEST(published_ranges) {
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    columns_print(stream);
    fclose(stream);
    ck_assert_ptr_nonnull(strstr(text, "\nsections,length_km,yes,\"0.01 to 5000\",\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nscenario,fleet_size,no,\"a whole number from 1 to 10000\",1\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nstations,kind,yes,\"terminal, siding, junction or portal\",\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "\nservices,last_departure,no,\"HH:MM or HH:MM:SS from 00:00 to 24:00\",24:00\n"));
    struct diagnostics diagnostics = {0};
    struct csv_table table = read_text(text, &diagnostics);
    ck_assert_int_eq(diagnostics.errors, 0);
    ck_assert_int_gt(table.row_count, 150);
    for (int32_t i = 0; i < table.row_count * table.width; i += table.width) ck_assert_str_ne(table.cells[i + 3], "");
    csv_table_free(&table);
    free(text);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {cells_and_lines, goes_on_after_an_error, open_quote_on_its_line, too_large, utf8,
                                  distances,       published_ranges};
    return run_suite("csv_table", tests, sizeof tests / sizeof tests[0]);
}
