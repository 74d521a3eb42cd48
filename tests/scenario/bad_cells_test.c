/* Cells and overrides that are nearly right, one at a time: each is refused, or read, as what it is, and where it is.
 */
#include <stdio.h>
#include <string.h>

#include "folder.h"

/* A table with one cell put in for the %s, and the beginning of what is told of it ("": nothing). */
struct cell {
    const char *file, *content, *cell, *told;
};

#define POSSESSION "section,from,to\nA-M,%s,03:00\n"
#define DATE "key,value\nname,Small\nschedule,day.csv\nstart_date,%s\n"
#define STOPS "service,train_type,origin,destination,interval_min,stops\neast,F,A,B,120,%s\n"
#define TRAIN "train,train_type,station,arrival,departure\nT1,F,A,,%s\nT1,F,B,05:00,\n"
#define RETURN "service,train_type,origin,destination,interval_min,return_of\neast,F,A,B,120,\n%s\n"

static const struct cell cells[] = {
    {"possessions.csv", POSSESSION, "02:59", ""},
    {"possessions.csv", POSSESSION, "02:60",
     "s/possessions.csv:2:2: from '02:60' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:5",
     "s/possessions.csv:2:2: from '02:5' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:00:60",
     "s/possessions.csv:2:2: from '02:00:60' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:00:5",
     "s/possessions.csv:2:2: from '02:00:5' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:00:591",
     "s/possessions.csv:2:2: from '02:00:591' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:00:59x",
     "s/possessions.csv:2:2: from '02:00:59x' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:00:-1",
     "s/possessions.csv:2:2: from '02:00:-1' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "02:-1",
     "s/possessions.csv:2:2: from '02:-1' is not a time, expected HH:MM or HH:MM:SS"},
    {"possessions.csv", POSSESSION, "24:00:01",
     "s/possessions.csv:2:2: from '24:00:01' is out of range, expected HH:MM or HH:MM:SS"},
    {"scenario.csv", DATE, "2032-02-29", ""},
    {"scenario.csv", DATE, "2030-02-29",
     "s/scenario.csv:4:2: start_date '2030-02-29' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030-1-011",
     "s/scenario.csv:4:2: start_date '2030-1-011' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030-13-01",
     "s/scenario.csv:4:2: start_date '2030-13-01' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030-00-10",
     "s/scenario.csv:4:2: start_date '2030-00-10' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030-10-00",
     "s/scenario.csv:4:2: start_date '2030-10-00' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "1899-12-31",
     "s/scenario.csv:4:2: start_date '1899-12-31' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2200-01-01",
     "s/scenario.csv:4:2: start_date '2200-01-01' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030/01/01",
     "s/scenario.csv:4:2: start_date '2030/01/01' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"scenario.csv", DATE, "2030-01-0x",
     "s/scenario.csv:4:2: start_date '2030-01-0x' is not a date, expected a date YYYY-MM-DD from 1900-01-0"},
    {"day.csv", STOPS, "M:300", ""},
    {"day.csv", STOPS, " M:300 ; ",
     "s/day.csv:2:6: stop 'M:300 ' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1"},
    {"day.csv", STOPS, ":300",
     "s/day.csv:2:6: stop ':300' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 100"},
    {"day.csv", STOPS,
     "M:", "s/day.csv:2:6: stop 'M:' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 10000"},
    {"day.csv", STOPS, "M:five",
     "s/day.csv:2:6: stop 'M:five' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1"},
    {"day.csv", STOPS, "M:-1",
     "s/day.csv:2:6: stop 'M:-1' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 100"},
    {"day.csv", STOPS, "M:1000001",
     "s/day.csv:2:6: stop 'M:1000001' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 t"},
    {"day.csv", STOPS, "M:300000000000000000000000000000000000000000000000000000000000000000000",
     "s/day.csv:2:6: stop 'M:3000000000000000000000000000000000000000000000000000000000' is not a stop, ex"},
    {"day.csv", STOPS, "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM:3",
     "s/day.csv:2:6: stop 'MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM' is not declared i"},
    {"day.csv", STOPS, "X:300", "s/day.csv:2:6: stop 'X' is not declared in stations.csv"},
    {"day.csv", STOPS, "M:300;M:300",
     "s/day.csv:2:6: 'east' calls at 'M' twice, expected a route that visits no station twice"},
    {"day.csv", TRAIN, "04:59:59", ""},
    {"day.csv", TRAIN, "8760:01",
     "s/day.csv:2:5: departure '8760:01' is out of range, expected HH:MM or HH:MM:SS from 00:00 to 8760:00"},
    {"day.csv", TRAIN, "06:00",
     "s/day.csv:3:4: arrival 05:00 is before the time before it, expected 06:00:00 or later"},
    {"day.csv", RETURN, "west,F,B,A,,east", ""},
    {"day.csv", RETURN, "west,F,B,A,60,east", "s/day.csv:3:5: warning: interval_min has no effect with return_of"},
    {"day.csv", RETURN, "west,F,B,A,,west",
     "s/day.csv:3:6: return_of goes round in a circle, expected a service that starts by itself"},
    {"day.csv", RETURN, "west,F,B,A,,back\nback,F,A,B,,west",
     "s/day.csv:4:6: return_of goes round in a circle, expected a service that starts by itself"},
    {"day.csv", RETURN, "west,F,B,A,,back\nback,F,A,B,,last\nlast,F,B,A,,back",
     "s/day.csv:5:6: return_of goes round in a circle, expected a service that starts by itself"},
    {"day.csv", RETURN, "west,F,B,A,,lost", "s/day.csv:3:6: return_of 'lost' is not declared in the schedules"},
    {"day.csv", RETURN, ",F,B,A,60,",
     "s/day.csv:3:1: service is empty, expected 1 to 63 characters of A-Z a-z 0-9 _ . -"},
};

static bool fits(const char *told, const char *expected) {
    return expected[0] == '\0' ? told[0] == '\0' : strstr(told, expected) != NULL;
}

START_TEST(cells_that_are_nearly_right) {
    int wrong = 0;
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        char content[1000];
        snprintf(content, sizeof content, cells[i].content, cells[i].cell);
        char *told = folder_told(cells[i].file, content, NULL);
        if (!fits(told, cells[i].told)) {
            fprintf(stderr, "{\"%s\", \"%s\"} %s", cells[i].file, cells[i].cell, told);
            wrong++;
        }
        free(told);
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

static const char *const overrides[][2] = {
    {"sections[A-M].length_km=21", ""},
    {"sections.length_km=21", ""},
    {"[A-M].length_km=21", "--set:0:0: [A-M].length_km=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[].length_km=21",
     "--set:0:0: sections[].length_km=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[A-M.length_km=21",
     "--set:0:0: sections[A-M.length_km=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[A-M]length_km=21",
     "--set:0:0: sections[A-M]length_km=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[A-M].=21", "--set:0:0: sections[A-M].=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections.=21", "--set:0:0: sections.=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[A-M]=21", "--set:0:0: sections[A-M]=21: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"sections[A-X].length_km=21", "--set:0:0: sections[A-X].length_km=21: sections has no row 'A-X'"},
    {"sections[A-M].lenght_km=21",
     "--set:0:0: sections[A-M].lenght_km=21: sections has no column 'lenght_km', did you mean 'length_km'?"},
    {"section[A-M].length_km=21",
     "--set:0:0: section[A-M].length_km=21: unknown table 'section', did you mean 'sections'?"},
    {"schedul[east].interval_min=90",
     "--set:0:0: schedul[east].interval_min=90: unknown table 'schedul', did you mean 'schedule'?"},
    {"weather[east].wind=90", "--set:0:0: weather[east].wind=90: unknown table 'weather'"},
    {"tracks[M:loop].length_m=1300", ""},
    {"tracks[M:].length_m=1300",
     "--set:0:0: tracks[M:].length_m=1300: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"tracks[:loop].length_m=1300",
     "--set:0:0: tracks[:loop].length_m=1300: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
    {"tracks[M:main].length_m=1300", "--set:0:0: tracks[M:main].length_m=1300: tracks has no row 'M:main'"},
    {"tracks[M:loop].length_m=*",
     "--set:0:0: tracks[M:loop].length_m=*: '' is not a number, expected a factor such as *0.8"},
    {"tracks[A:yard].length_m=*2", "--set:0:0: tracks[A:yard].length_m=*2: length_m holds no number to multiply"},
    {"sections[A-M].from=*2", "--set:0:0: sections[A-M].from=*2: from holds no numbers, expected a value without *"},
    {"sections[A-M].length_km=*x",
     "--set:0:0: sections[A-M].length_km=*x: 'x' is not a number, expected a factor such as *0.8"},
    {"sections[A-M].length_km=*1e9",
     "--set:0:0: sections[A-M].length_km=*1e9: length_km 20000000000 is out of range, expected 0.01 to 500"},
    {"schedule[nobody].interval_min=90", "--set:0:0: schedule[nobody].interval_min=90: schedule has no row 'nobody'"},
    {"schedule[east].station=A",
     "--set:0:0: schedule[east].station=A: schedule has no column 'station', expected service, train_type,"},
    {"horizon_days=*2", ""},
    {"horizon_day=2", "--set:0:0: horizon_day=2: unknown key 'horizon_day', did you mean 'horizon_days'?"},
    {"=2", "--set:0:0: '=2' has no key and value, expected KEY=VALUE"},
    {"horizon_days", "--set:0:0: 'horizon_days' has no key and value, expected KEY=VALUE"},
    {"sections[MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM].x=1",
     "--set:0:0: sections[MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM=1: sections has no column 'x"},
};

START_TEST(overrides_that_are_nearly_right) {
    int wrong = 0;
    for (size_t i = 0; i < sizeof overrides / sizeof *overrides; i++) {
        const struct scenario_request request = {.overrides = &overrides[i][0], .override_count = 1};
        char *told = folder_told(NULL, NULL, &request);
        if (!fits(told, overrides[i][1])) {
            fprintf(stderr, "{\"%s\"} %s", overrides[i][0], told);
            wrong++;
        }
        free(told);
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {cells_that_are_nearly_right, overrides_that_are_nearly_right};
    return run_suite("bad_cells", tests, sizeof tests / sizeof *tests);
}
