#include "cli/output.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"

/* What is written between begin and end. */
static FILE *stream;
static char *written;
static size_t written_size;

static void begin(void) {
    free(written);
    stream = open_memstream(&written, &written_size);
    ck_assert_ptr_nonnull(stream);
}

static const char *end(void) {
    fclose(stream);
    return written;
}

START_TEST(tables_are_aligned) {
    static const char *const headers[] = {"station", "km", "name"};
    struct text_table *table = text_table_create("lrl", headers);
    text_table_cell(table, "Ü");
    text_table_cell(table, "%.1f", 12.5);
    text_table_cell(table, "short");
    text_table_cell(table, "Provideniya");
    text_table_cell(table, "%d", 1000);
    text_table_cell(table, "–");
    begin();
    text_table_print(table, stream, 2);
    ck_assert_str_eq(end(), "  station        km  name\n"
                            "  Ü            12.5  short\n"
                            "  Provideniya  1000  –\n");
    text_table_destroy(table);
}
END_TEST

START_TEST(names_cannot_move_the_cursor) {
    static const char *const headers[] = {"na\nme"};
    struct text_table *table = text_table_create("l", headers);
    text_table_cell(table, "%s", "x\x1b[2Jy");
    begin();
    text_table_print(table, stream, 0);
    ck_assert_str_eq(end(), "na me\nx [2Jy\n");
    text_table_destroy(table);
}
END_TEST

START_TEST(csv_quotes_what_needs_it) {
    begin();
    struct csv_row row = {.stream = stream};
    csv_text(&row, "plain");
    csv_text(&row, "a,b");
    csv_text(&row, "say \"no\"");
    csv_text(&row, NULL);
    csv_integer(&row, -3);
    csv_real(&row, 0.1);
    csv_real(&row, (double)NAN);
    csv_end(&row);
    csv_text(&row, "#1");
    csv_end(&row);
    ck_assert_str_eq(end(), "plain,\"a,b\",\"say \"\"no\"\"\",,-3,0.1,\n\"#1\"\n");
}
END_TEST

START_TEST(json_is_json) {
    begin();
    struct json json = {.stream = stream};
    json_object_begin(&json, NULL);
    json_text(&json, "text", "a \"b\" \\ \n \x01 é \xff \xc0\x80");
    json_text(&json, "none", NULL);
    json_real(&json, "real", 1.0 / 3);
    json_real(&json, "infinite", (double)INFINITY);
    json_boolean(&json, "yes", true);
    json_array_begin(&json, "empty");
    json_array_end(&json);
    json_array_begin(&json, "rows");
    for (int64_t row = 1; row <= 2; row++) {
        json_object_begin(&json, NULL);
        json_integer(&json, "a", row);
        json_null(&json, "b");
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    ck_assert_str_eq(end(),
                     "{\n"
                     "  \"text\": \"a \\\"b\\\" \\\\ \\u000a \\u0001 é \xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\",\n"
                     "  \"none\": null,\n"
                     "  \"real\": 0.3333333333333333,\n"
                     "  \"infinite\": null,\n"
                     "  \"yes\": true,\n"
                     "  \"empty\": [],\n"
                     "  \"rows\": [\n"
                     "    {\"a\": 1, \"b\": null},\n"
                     "    {\"a\": 2, \"b\": null}\n"
                     "  ]\n"
                     "}\n");
}
END_TEST

START_TEST(durations_read_well) {
    static const struct {
        int64_t milliseconds;
        const char *text;
    } hours[] = {{0, "0:00"},        {29999, "0:00"},         {30000, "0:01"},          {3599999, "1:00"},
                 {11220000, "3:07"}, {86400000, "1 d 00:00"}, {187620000, "2 d 04:07"}, {-11220000, "-3:07"}};
    char text[DURATION_SIZE];
    for (size_t index = 0; index < sizeof hours / sizeof *hours; index++)
        ck_assert_str_eq(format_hours(hours[index].milliseconds, text), hours[index].text);
    ck_assert_str_eq(format_minutes(738, text), "12.3 min");
    ck_assert_str_eq(format_minutes((double)NAN, text), "–");
}
END_TEST

START_TEST(reals_read_back_as_they_were) {
    static const double reals[] = {0, 0.1, 1.0 / 3, 2.0 / 3, 1e300, 4.9e-324, 123456789.123456789, -5};
    char text[REAL_SIZE];
    for (size_t index = 0; index < sizeof reals / sizeof *reals; index++)
        ck_assert(strtod(format_real(reals[index], text), NULL) == reals[index]);
    ck_assert_str_eq(format_real(0.1, text), "0.1");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {tables_are_aligned, names_cannot_move_the_cursor, csv_quotes_what_needs_it,
                                  json_is_json,       durations_read_well,          reals_read_back_as_they_were};
    const int status = run_suite("output", tests, sizeof tests / sizeof *tests);
    free(written);
    return status;
}
