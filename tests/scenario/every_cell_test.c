/* Every column of every table, and every key of scenario.csv and economics.csv, with values that its description rules
 * out: each is an error in that cell of that line, with the value and what was expected. */
#include "folder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenario/columns.h"

/* A scenario with a row in each table. */
static const struct {
    enum table_name table;
    const char *file, *header, *row, *rest;
} tables[] = {
    {TABLE_STATIONS, "stations.csv", "station,name,kind", "A,,terminal", "M,Middle,siding\nB,,terminal\n"},
    {TABLE_TRACKS, "tracks.csv", "station,track,count,length_m", "A,yard,*,", "M,loop,2,1200\nB,yard,4,1500\n"},
    {TABLE_SECTIONS, "sections.csv", "section,from,to,length_km", "A-M,A,M,20", "M-B,M,B,30\n"},
    {TABLE_TRAIN_TYPES, "train_types.csv",
     "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu",
     "F,1000,4000,80,5000,300,0.3,100", ""},
    {TABLE_ALIGNMENT, "alignment.csv", "section,from_km,to_km,gradient_permille", "A-M,0,5,5", ""},
    {TABLE_RUNNING_TIMES, "running_times.csv", "section,train_type,direction,run_s", "M-B,F,forward,1800", ""},
    {TABLE_POSSESSIONS, "possessions.csv", "section,weekday,from,to", "A-M,sun,02:00,04:00", ""},
    {TABLE_OPTIONS, "options.csv", "option,name,capex_usd", "siding,A siding,1e7", ""},
    {TABLE_VARIANTS, "variants.csv", "variant,options,settings", "big,siding,seed=3", ""},
    {TABLE_TERMINALS, "terminals.csv", "station,cranes,lift_s", "A,20,60", "B,20,60\n"},
    {TABLE_FLOWS, "flows.csv", "flow,origin,destination,teu_per_day", "go,A,B,100", ""},
    {TABLE_HAZARDS, "hazards.csv", "hazard,kind", "quake,earthquake", ""},
    {TABLE_SETTINGS, "scenario.csv", "key,value", "name,Small", "schedule,day.csv\n"},
    {TABLE_ECONOMIC_KEYS, "economics.csv", "key,value", "", ""},
    {TABLE_SERVICES, "day.csv", "service,train_type,origin,destination,interval_min", "east,F,A,B,120",
     "west,F,B,A,120\n"},
    {TABLE_TIMETABLE, "day.csv", "train,train_type,station,arrival,departure", "T,F,A,,01:00", "T,F,B,05:00,\n"},
};
enum { TABLES = sizeof tables / sizeof tables[0], TEXT = 1000 };

static void put_all(struct folder *folder) {
    folder_make(folder);
    for (size_t t = 0; t < TABLES; t++) {
        char text[TEXT];
        if (tables[t].table == TABLE_TIMETABLE) continue;
        const char *row = tables[t].row;
        snprintf(text, sizeof text, "%s\n%s%s%s", tables[t].header, row, *row ? "\n" : "", tables[t].rest);
        folder_put(folder, tables[t].file, text);
    }
}

START_TEST(all_tables_are_right) {
    struct folder folder;
    put_all(&folder);
    char *told = folder_tell(&folder, NULL);
    ck_assert_str_eq(told, "");
    free(told);
}
END_TEST

/* The number of a name among those of a header; 0: none. */
static int32_t place_in(const char *header, const char *name) {
    int32_t place = 1;
    for (const char *at = header;; place++) {
        const size_t length = strcspn(at, ",");
        if (length == strlen(name) && memcmp(at, name, length) == 0) return place;
        if (at[length] == '\0') return 0;
        at += length + 1;
    }
}

/* Cell `place` of a row replaced, or one more, in quotes. */
static void replace_cell(const char *row, int32_t place, const char *value, char text[TEXT]) {
    size_t used = 0;
    int32_t here = 1;
    for (const char *at = row;; here++) {
        const size_t length = strcspn(at, ",");
        const int written = here == place
                                ? snprintf(text + used, TEXT - used, "%s\"%s\"", here > 1 ? "," : "", value)
                                : snprintf(text + used, TEXT - used, "%s%.*s", here > 1 ? "," : "", (int)length, at);
        used += (size_t)written;
        if (at[length] == '\0') break;
        at += length + 1;
    }
    if (place > here) snprintf(text + used, TEXT - used, ",\"%s\"", value);
}

/* Every other row of the table with one more, empty cell. */
static void lengthen(const char *rest, char text[TEXT]) {
    size_t used = 0;
    for (const char *at = rest; *at != '\0'; at++) {
        if (*at == '\n') text[used++] = ',';
        text[used++] = *at;
    }
    text[used] = '\0';
}

/* Whether a diagnostic is the one of a cell: in its place, with what is wrong and what would be right. */
static bool is_told(const struct diagnostic *entry, const char *file, int32_t place, const char *name,
                    const char *value) {
    static const char *const right[] = {"expected", "write", "is not declared in"};
    bool says_right = false;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        says_right = says_right || strstr(entry->message, right[i]) != NULL;
    const bool says_wrong = strstr(entry->message, value) != NULL || strstr(entry->message, name) != NULL ||
                            strstr(entry->message, "option '") != NULL ||
                            strstr(entry->message, "is not UTF-8") != NULL;
    return says_right && says_wrong && !entry->warning && strcmp(entry->file + 2, file) == 0 && entry->line == 2 &&
           entry->column == place;
}

static int cases;

/* One cell of the scenario holds `value`: that must be told of, at line 2 and its place, and nothing be read. */
static void refuse(size_t t, const struct column *column, const char *value) {
    const bool keys = tables[t].table == TABLE_SETTINGS || tables[t].table == TABLE_ECONOMIC_KEYS;
    char content[4 * TEXT], row[TEXT], rest[TEXT];
    int32_t place = keys ? 2 : place_in(tables[t].header, column->name);
    const bool added = place == 0;
    if (keys) {
        snprintf(content, sizeof content, "key,value\n%s,\"%s\"\n%s", column->name, value, tables[t].rest);
    } else {
        for (const char *at = tables[t].header; added && *at != '\0'; at++) place += *at == ',';
        if (added) place += 2;
        replace_cell(tables[t].row, place, value, row);
        if (added)
            lengthen(tables[t].rest, rest);
        else
            snprintf(rest, sizeof rest, "%s", tables[t].rest);
        snprintf(content, sizeof content, "%s%s%s\n%s\n%s", tables[t].header, added ? "," : "",
                 added ? column->name : "", row, rest);
    }
    struct folder folder;
    struct diagnostics diagnostics = {0};
    put_all(&folder);
    folder_put(&folder, tables[t].file, content);
    struct scenario *scenario = folder_read(&folder, NULL, &diagnostics);
    bool told = false;
    for (int32_t i = 0; i < diagnostics.kept; i++)
        told = told || is_told(&diagnostics.entries[i], tables[t].file, place, column->name, value);
    ck_assert_msg(scenario == NULL && told, "%s, %s: '%s' in\n%s%s%s", tables[t].file, column->name, value, content,
                  diagnostics.kept > 0 ? "told " : "nothing told",
                  diagnostics.kept > 0 ? diagnostics.entries[0].message : "");
    scenario_free(scenario);
    diagnostics_free(&diagnostics);
    folder_free(&folder);
    cases++;
}

static void refuse_number(size_t t, const struct column *column, double value) {
    char text[100];
    snprintf(text, sizeof text, "%.17g", value);
    refuse(t, column, text);
}

static void refuse_numbers(size_t t, const struct column *column) {
    static const char *const wrong[] = {"abc", "NaN", "inf", "1e400", "0x10", "1,5", "12 km", "5 %", "--1", "1.2.3"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) refuse(t, column, wrong[i]);
    refuse_number(t, column, column->minimum - 1e-3 - fabs(column->minimum) / 1e6);
    refuse_number(t, column, column->maximum * (1 + 1e-6) + 1e-3);
    if (column->minimum >= 0) refuse(t, column, "-1");
    if (column->kind == CELL_WHOLE) refuse_number(t, column, floor(column->minimum) + 0.5);
}

static void refuse_each(size_t t, const struct column *column, const char *const *wrong, size_t count) {
    for (size_t i = 0; i < count; i++) refuse(t, column, wrong[i]);
}
#define REFUSE(t, column, ...)                                                                                         \
    refuse_each(t, column, (const char *const[]){__VA_ARGS__},                                                         \
                sizeof(const char *const[]){__VA_ARGS__} / sizeof(const char *))

static void refuse_column(size_t t, const struct column *column) {
    refuse(t, column, "M\xfcnchen");
    switch (column->kind) {
    case CELL_TEXT:
        break;
    case CELL_IDENTIFIER:
        if (tables[t].table != TABLE_SETTINGS) REFUSE(t, column, "a b", "a/b", "a;b", "$(x)", "é");
        break;
    case CELL_REFERENCE:
        REFUSE(t, column, "Nowhere", "a b");
        break;
    case CELL_NUMBER:
    case CELL_WHOLE:
        refuse_numbers(t, column);
        break;
    case CELL_WORD:
        REFUSE(t, column, "nonsense", "|", "1");
        break;
    case CELL_LAW:
        refuse_number(t, column, column->minimum - 1);
        refuse_number(t, column, column->maximum * 2 + 1);
        REFUSE(t, column, "nonsense", "normal(0,1)", "1,5", "uniform(1", "uniform(9,1)", "empirical()", "1e400", "5 %");
        break;
    case CELL_CLOCK:
        REFUSE(t, column, "noon", "12", "1:99", "12:00:61", "-1:00", "99999:00", "12:5");
        break;
    case CELL_DATE:
        REFUSE(t, column, "2023-02-29", "1.1.2030", "2030-13-01", "1899-12-31", "today");
        break;
    case CELL_WEEKDAYS:
        REFUSE(t, column, "sonntag", "mon,tue", "mon;mon", ";");
        break;
    case CELL_OPTIONS:
        REFUSE(t, column, "nope", "!nope", "siding;nope");
        break;
    case CELL_STOPS:
        REFUSE(t, column, "M", "M:x", "M:-1", "M:1e7");
        break;
    case CELL_SEASONS:
        REFUSE(t, column, "1;2x", "-1;3;1;1;1;1;1;1;1;1;1;1");
        break;
    case CELL_SHIFTS:
        REFUSE(t, column, "6-22", "06:00-26:00", "06:00-06:00", "day");
        break;
    }
}

START_TEST(wrong_values_are_told_where_they_stand) {
    const struct table_description *table = table_description(tables[_i].table);
    cases = 0;
    for (int32_t c = 0; c < table->column_count; c++) refuse_column((size_t)_i, &table->columns[c]);
    ck_assert_int_ge(cases, table->column_count);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("every_cell");
    TCase *tests = tcase_create("every_cell");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, all_tables_are_right);
    tcase_add_loop_test(tests, wrong_values_are_told_where_they_stand, 0, TABLES);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
