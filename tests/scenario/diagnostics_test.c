/* Every kind of thing that can be wrong with a scenario: one file of a small good one is replaced, and what is told
 * must be this, to the letter. */
#include "folder.h"

#include <stdio.h>
#include <string.h>

struct wrong {
    const char *file, *content;
    const char *told;
};

static void expect(const struct wrong *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        char *told = folder_told(cases[i].file, cases[i].content, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu, %s:\n%s\ntold\n%s\nexpected\n%s", i, cases[i].file,
                      cases[i].content, told, cases[i].told);
        free(told);
    }
}

#define EXPECT(cases) expect(cases, sizeof(cases) / sizeof(cases)[0])

START_TEST(nothing_is_wrong) {
    char *told = folder_told(NULL, NULL, NULL);
    ck_assert_str_eq(told, "");
    free(told);
}
END_TEST

#define STATIONS "station,name,kind\n"
#define REST "M,,siding\nB,,terminal\n"

START_TEST(csv_form) {
    static const struct wrong cases[] = {
        {"stations.csv", STATIONS "A,\"open,terminal\n" REST,
         "s/stations.csv:2:2: the quote that opens here is never closed, expected a closing quote\n"},
        {"stations.csv", STATIONS "# \"A comment's\" quotes\n\nA,sa\"id,terminal\n" REST,
         "s/stations.csv:4:2: a quote inside a cell without quotes, expected the whole cell in quotes and the quote "
         "doubled\n"},
        {"stations.csv", STATIONS "A,\"two\nlines\" more,terminal\n" REST,
         "s/stations.csv:3:2: text after the closing quote, expected a comma or the end of the line\n"},
        {"stations.csv", STATIONS "A,terminal\n" REST, "s/stations.csv:2:2: 2 cells, expected 3 as in the header\n"},
        {"stations.csv", STATIONS "A,\"two\nlines\",terminal\nM,,siding,,\nB,,terminal\n",
         "s/stations.csv:4:4: 5 cells, expected 3 as in the header\n"},
        {"stations.csv", STATIONS "A,caf\xE9,terminal\n" REST,
         "s/stations.csv:2:2: byte 0xE9 is not UTF-8, expected UTF-8 text\n"},
        {"stations.csv", "# \xC0\xAF\n" STATIONS "A,,terminal\n" REST,
         "s/stations.csv:1:1: byte 0xC0 is not UTF-8, expected UTF-8 text\n"},
        {"stations.csv", "station,name,kind\rA,,terminal\r",
         "s/stations.csv:1:3: a carriage return without a newline, expected lines that end with LF or CRLF\n"},
        {"stations.csv", "# Excel\nstation;name;kind\nA;;terminal\nM,;siding\n",
         "s/stations.csv:2:1: separated by ';', expected commas\n"},
        {"day.csv", "service\ttrain_type\torigin\nS\tF\tA\n", "s/day.csv:1:1: separated by tabs, expected commas\n"},
        {"scenario.csv", "key;value\nschedule;day.csv\n", "s/scenario.csv:1:1: separated by ';', expected commas\n"},
        {"stations.csv", "", "s/stations.csv:1:0: an empty file, expected a row that names the columns\n"},
        {"stations.csv", "# nothing\n\n", "s/stations.csv:1:0: an empty file, expected a row that names the columns\n"},
        {"stations.csv", STATIONS, "s/stations.csv:1:0: no rows, expected at least one station\n"},
        {"possessions.csv", "", "s/possessions.csv:1:0: an empty file, expected a row that names the columns\n"},
    };
    EXPECT(cases);
}
END_TEST

START_TEST(csv_form_accepted) {
    static const char *const contents[] = {
        "\xEF\xBB\xBFstation,name,kind\r\nA,,terminal\r\n" REST,
        "# comment\n  \nkind,station\nterminal,A\n\n# more, \"\nsiding,M\nterminal,B",
        "station,kind,name,source\n A\t, terminal ,\"say \"\"A\"\"\n#1, "
        "yes\",published\nM,siding,,\n\"B\",terminal,,\n",
    };
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        char *told = folder_told("stations.csv", contents[i], NULL);
        ck_assert_str_eq(told, "");
        free(told);
    }
}
END_TEST

START_TEST(nul_byte) {
    static const char content[] = "station,name,kind\nA,a\0b,terminal\n" REST;
    struct folder folder;
    struct diagnostics diagnostics = {0};
    folder_make(&folder);
    folder_put_bytes(&folder, "stations.csv", content, sizeof content - 1);
    ck_assert_ptr_null(folder_read(&folder, NULL, &diagnostics));
    ck_assert_int_eq(diagnostics.errors, 1);
    ck_assert_str_eq(diagnostics.entries[0].message, "a NUL byte, expected text");
    ck_assert_int_eq(diagnostics.entries[0].line, 2);
    ck_assert_int_eq(diagnostics.entries[0].column, 2);
    diagnostics_free(&diagnostics);
    folder_free(&folder);
}
END_TEST

START_TEST(columns) {
    static const struct wrong cases[] = {
        {"stations.csv", "station,knid\nA,terminal\n" REST,
         "s/stations.csv:1:0: column 'kind' is missing, expected terminal, siding, junction or portal\n"
         "s/stations.csv:1:2: unknown column 'knid', did you mean 'kind'?\n"
         "s/stations.csv:3:3: 3 cells, expected 2 as in the header\n"
         "s/stations.csv:4:3: 3 cells, expected 2 as in the header\n"},
        {"stations.csv", "station,kind,colour\nA,terminal,\nM,siding,\nB,terminal,\n",
         "s/stations.csv:1:3: unknown column 'colour', expected station, name, kind, latitude, longitude, "
         "crossing_interval_s, arrival_interval_s, option or source\n"},
        {"sections.csv", "section,from,to,length_km,purge_min\nA-M,A,M,20,\nM-B,M,B,30,\n",
         "s/sections.csv:1:5: unknown column 'purge_min', did you mean 'purge_s'?\n"},
        {"stations.csv", "station,kind,\nA,terminal,\nM,siding,\nB,terminal,\n",
         "s/stations.csv:1:3: a column without a name, expected the name of a column\n"},
        {"stations.csv", "station,kind,kind\nA,terminal,terminal\nM,siding,\nB,terminal,\n",
         "s/stations.csv:1:3: column 'kind' a second time, expected it once\n"},
        {"stations.csv", "kind,station,kind\n,A,terminal\n,M,siding\n,B,terminal\n",
         "s/stations.csv:1:3: column 'kind' a second time, expected it once\n"},
        {"day.csv", "train,train,train_type,station,departure\nT,,F,A,01:00\nT,,F,B,\n",
         "s/day.csv:1:2: column 'train' a second time, expected it once\n"},
        {"scenario.csv",
         "key,value,unit\nschedule,day.csv,s\nroute_setting_s,2,min\nhorizon_days,48,h\nwarmup_days,1,d\n"
         "sighting_m,5,km\nreaction_s,3,assumed\nseed,3,m\nfleet_window_min,60,minutes\ndelay_limit_min,5,\n",
         "s/scenario.csv:3:3: unit 'min' of route_setting_s, expected s\n"
         "s/scenario.csv:4:3: unit 'h' of horizon_days, expected days\n"
         "s/scenario.csv:6:3: unit 'km' of sighting_m, expected m\n"},
        {"scenario.csv", "key,value\nschedule,day.csv\nsede,1\n",
         "s/scenario.csv:3:1: unknown key 'sede', did you mean 'seed'?\n"},
        {"scenario.csv", "key,value\nschedule,day.csv\nseed,1\nseed,2\n",
         "s/scenario.csv:4:1: key 'seed' a second time, first in line 3\n"},
        {"day.csv", "name,when\nA,B\n",
         "s/day.csv:1:0: neither column 'train' nor 'service', expected a timetable or a table of services\n"},
        {"day.csv", "train,service\nA,B\n",
         "s/day.csv:1:0: both columns 'train' and 'service', expected one of them\n"},
        {"hazards.csv", "hazard,kind,plaec\nH,fire,A-M\n",
         "s/hazards.csv:1:3: unknown column 'plaec', did you mean 'place'?\n"},
        {"hazards.csv",
         "hazard,kind,rate_per_year,duration_h,effect,option\nH,,\"1,5\",1,close,\nH,fire,-1,nan,burn,o\n",
         "s/hazards.csv:2:2: kind is empty, expected text\n"
         "s/hazards.csv:2:3: rate_per_year '1,5' has a decimal comma: write 1.5\n"
         "s/hazards.csv:3:1: hazard 'H' a second time, first in line 2\n"
         "s/hazards.csv:3:3: rate_per_year -1 is out of range, expected 0 to 1000000\n"
         "s/hazards.csv:3:4: duration_h 'nan' is not a number, expected 0 to 1000000\n"
         "s/hazards.csv:3:5: effect 'burn' is not known, expected close, speed, length, fail_train or purge\n"
         "s/hazards.csv:3:6: option 'o' is not declared in options.csv\n"},
    };
    EXPECT(cases);
}
END_TEST

#define SECTIONS "section,from,to,length_km\n"

START_TEST(cells) {
    static const struct wrong cases[] = {
        {"sections.csv", SECTIONS "A-M,A,M,20\nM-B,M,B,120000\n",
         "s/sections.csv:3:4: length_km 120000 is out of range, expected 0.01 to 5000\n"},
        {"sections.csv", SECTIONS "A-M,A,M,1e400\nM-B,M,B,1e4x\n",
         "s/sections.csv:2:4: length_km '1e400' is out of range, expected 0.01 to 5000\n"
         "s/sections.csv:3:4: length_km '1e4x' is not a number, expected 0.01 to 5000\n"},
        {"sections.csv", SECTIONS "A-M,A,M,\nM-B,M,B,twenty\n",
         "s/sections.csv:2:4: length_km is empty, expected 0.01 to 5000\n"
         "s/sections.csv:3:4: length_km 'twenty' is not a number, expected 0.01 to 5000\n"},
        {"sections.csv", SECTIONS "A-M,A,M,\"12,5\"\nM-B,M,B,0x1F\n",
         "s/sections.csv:2:4: length_km '12,5' has a decimal comma: write 12.5\n"
         "s/sections.csv:3:4: length_km '0x1F' is not a number, expected 0.01 to 5000\n"},
        {"sections.csv", SECTIONS "A-M,A,M,12,5\nM-B,M,B,nan\n",
         "s/sections.csv:2:4: 5 cells, expected 4; length_km has a decimal comma: write 12.5\n"
         "s/sections.csv:3:4: length_km 'nan' is not a number, expected 0.01 to 5000\n"},
        {"sections.csv", "section,length_km,from,to,speed_kmh\nA-M,20,5,A,M,72,5\nM-B,1e3.5,M,B,inf\n",
         "s/sections.csv:2:2: 7 cells, expected 5; length_km has a decimal comma: write 20.5\n"
         "s/sections.csv:3:2: length_km '1e3.5' is not a number, expected 0.01 to 5000\n"
         "s/sections.csv:3:5: speed_kmh 'inf' is not a number, expected 1 to 1000\n"},
        {"tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200,5\nB,yard,4,1500\n",
         "s/tracks.csv:3:4: 5 cells, expected 4; length_m has a decimal comma: write 1200.5\n"},
        {"day.csv", "train,train_type,station,departure,min_dwell_s\nT,F,A,00:00,12,5\nT,F,B,,\n",
         "s/day.csv:2:5: 6 cells, expected 5; min_dwell_s has a decimal comma: write 12.5\n"
         "s/day.csv:3:0: train 'T' has one row, expected at least its origin and its destination\n"
         "s/day.csv:3:4: departure is empty, expected the time train 'T' is to leave\n"},
        {"sections.csv", "section,from,to,length_km,tracks,signalling\nA-M,A,M,20,1.5,moovin\nM-B,M,B,30,3,fixed\n",
         "s/sections.csv:2:5: tracks '1.5' is not a whole number, expected a whole number from 1 to 2\n"
         "s/sections.csv:2:6: signalling 'moovin' is not known, expected fixed or moving\n"
         "s/sections.csv:3:5: tracks 3 is out of range, expected a whole number from 1 to 2\n"},
        {"stations.csv", STATIONS "A b,,terminal\n" REST,
         "s/stations.csv:2:1: station 'A b' is not an identifier, expected 1 to 63 characters of A-Z a-z 0-9 _ . -\n"},
        {"scenario.csv", "key,value\nschedule,day.csv\nstart_date,2030-02-29\nwarmup_days,never\ndispatch,fifo\n",
         "s/scenario.csv:3:2: start_date '2030-02-29' is not a date, expected a date YYYY-MM-DD from 1900-01-01 to "
         "2199-12-31\n"
         "s/scenario.csv:4:2: warmup_days 'never' is not a number, expected 0 to 36500 or auto\n"
         "s/scenario.csv:5:2: dispatch 'fifo' is not known, expected fcfs, priority or fleet\n"},
        {"scenario.csv", "key,value\nschedule,day.csv\ndispatch,lookahead\n",
         "s/scenario.csv:3:2: dispatch 'lookahead' is not in this version, expected fcfs, priority or fleet\n"},
        {"train_types.csv",
         "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,running_factor\n"
         "F,1000,4000,80,5000,300,0.3,lognormal(0)\nG,1000,4000,80,5000,300,0.3,-1\n"
         "H,1000,4000,80,5000,300,0.3,\"1,5\"\n",
         "s/train_types.csv:2:8: running_factor: lognormal has 1 parameter; expected lognormal(mu,sigma)\n"
         "s/train_types.csv:3:8: running_factor -1 is out of range, expected a number from 0 to 1000 or a law of such\n"
         "s/train_types.csv:4:8: running_factor '1,5' has a decimal comma: write 1.5\n"},
        {"possessions.csv",
         "section,weekday,from,to\nA-M,mon;monday,1:00,02:00\nA-M,mon;mon,1:0,25:00\nA-M,,24:00,03:00\n"
         "A-M,,03:00,03:00\n",
         "s/possessions.csv:2:2: weekday 'mon;monday' is not known, expected daily, or days of "
         "mon;tue;wed;thu;fri;sat;sun\n"
         "s/possessions.csv:3:2: weekday 'mon;mon' names a day twice, expected daily, or days of "
         "mon;tue;wed;thu;fri;sat;sun\n"
         "s/possessions.csv:3:3: from '1:0' is not a time, expected HH:MM or HH:MM:SS from 00:00 to 24:00\n"
         "s/possessions.csv:3:4: to '25:00' is out of range, expected HH:MM or HH:MM:SS from 00:00 to 24:00\n"
         "s/possessions.csv:4:3: from '24:00' belongs to the next day, expected 00:00\n"
         "s/possessions.csv:5:4: from and to are both 03:00, expected a window (a whole day is 00:00 to 24:00)\n"},
    };
    EXPECT(cases);
}
END_TEST

/* A section that is switched off leads there all the same. */
START_TEST(a_station_that_nothing_leads_to) {
    for (int off = 0; off < 2; off++) {
        struct folder folder;
        folder_make(&folder);
        folder_put(&folder, "stations.csv",
                   "station,name,kind\nA,,terminal\nM,Middle,siding\nB,,terminal\nZ,,siding\n");
        folder_put(&folder, "tracks.csv", "station,track,count\nA,yard,*\nM,loop,2\nB,yard,4\nZ,loop,1\n");
        folder_put(&folder, "options.csv", "option\nhill\n");
        if (off == 1)
            folder_put(&folder, "sections.csv",
                       "section,from,to,length_km,option\nA-M,A,M,20,\nM-B,M,B,30,\nM-Z,M,Z,30,hill\n");
        char *told = folder_tell(&folder, NULL);
        ck_assert_str_eq(told, off == 1 ? ""
                                        : "s/stations.csv:5:1: warning: no train can come to station 'Z', expected a "
                                          "section in sections.csv that leads there\n");
        free(told);
    }
}
END_TEST

START_TEST(network) {
    static const struct wrong cases[] = {
        {"sections.csv", SECTIONS "A-M,A,Mm,20\nM-B,M,X,30\n",
         "s/sections.csv:2:3: to 'Mm' is not declared in stations.csv, did you mean 'M'?\n"
         "s/sections.csv:3:3: to 'X' is not declared in stations.csv\n"},
        {"sections.csv", SECTIONS "A-M,A,M,20\nA-M,M,B,30\n",
         "s/sections.csv:3:1: section 'A-M' a second time, first in line 2\n"},
        {"sections.csv", SECTIONS "A-M,A,M,20\nM-B,M,M,30\n",
         "s/sections.csv:3:3: section 'M-B' begins and ends at 'M', expected two stations\n"},
        {"sections.csv", SECTIONS "A-M,A,M,0.6\nM-B,M,B,1.3\n",
         "s/sections.csv:2:4: section 'A-M' is no longer than the halves of its stations' tracks, expected more than "
         "0.6 km\n"
         "s/sections.csv:3:4: section 'M-B' is no longer than the halves of its stations' tracks, expected more than "
         "1.35 km\n"},
        {"sections.csv",
         "section,from,to,length_km,block_km,signalling,headway_s\nA-M,A,M,20,5,moving,\nM-B,M,B,30,5,moving,300\n",
         "s/sections.csv:2:5: warning: block_km has no effect where signalling is 'moving'\n"
         "s/sections.csv:3:5: warning: block_km has no effect where headway_s is given\n"
         "s/sections.csv:3:6: warning: signalling 'moving' has no effect where headway_s is given\n"},
        {"stations.csv", STATIONS "A,,terminal\nA,,terminal\n" REST,
         "s/stations.csv:3:1: station 'A' a second time, first in line 2\n"},
        {"tracks.csv", "station,track,count\nA,yard,*\nM,loop,*\nB,yard,4\nB,yard.2,\nM,,2\n",
         "s/tracks.csv:3:3: count '*' at 'M', which is no terminal, expected a whole number from 1 to 1000\n"
         "s/tracks.csv:5:2: track 'yard.2' of 'B' a second time, first in line 4\n"
         "s/tracks.csv:6:2: track is empty, expected 1 to 63 characters of A-Z a-z 0-9 _ . -\n"},
        {"tracks.csv", "station,track,count\nA,yard,*\nB,yard,4\nM,loop,2\nB,yard,4\nA,yard,3\nM,loop,\nM,yard,\n",
         "s/tracks.csv:5:2: track 'yard' of 'B' a second time, first in line 3\n"
         "s/tracks.csv:6:2: track 'yard' of 'A' a second time, first in line 2\n"
         "s/tracks.csv:7:2: track 'loop' of 'M' a second time, first in line 4\n"},
        {"tracks.csv", "station,track\nA,yard\nB,yard\n",
         "s/stations.csv:3:1: station 'M' has no tracks, expected at least one in tracks.csv\n"},
        {"alignment.csv",
         "section,from_km,to_km,gradient_permille\nA-M,0,5,10\nA-M,4,8,0\nA-M,15,21,0\nA-M,9,9,0\nX,0,1,0\n",
         "s/alignment.csv:3:2: from_km 4 overlaps line 2, which ends at km 5, expected that or more\n"
         "s/alignment.csv:4:3: to_km 21 is beyond the end of section 'A-M', expected at most 20\n"
         "s/alignment.csv:5:3: to_km 9 is not after from_km 9, expected more than 9\n"
         "s/alignment.csv:6:1: section 'X' is not declared in sections.csv\n"},
        {"running_times.csv", "section,train_type,direction,run_s\nA-M,F,both,900\nA-M,*,,900\nA-M,F,,800\nA-M,G,,1\n",
         "s/running_times.csv:4:1: the same section, train_type and direction a second time, first in line 2\n"
         "s/running_times.csv:5:2: train_type 'G' is not declared in train_types.csv\n"},
        {"possessions.csv", "section,line_track,from,to\nA-M,2,01:00,02:00\n",
         "s/possessions.csv:2:2: line_track 2 of section 'A-M', which has one track, expected 1\n"},
        {"possessions.csv", "section,from,to\nA-M,01:00,02:00\nA-M,02:10,04:00\nM-B,00:00,24:00\n",
         "s/possessions.csv:2:3: section 'A-M' is open forward for only 10.0 min after this, train type 'F' needs "
         "15.0 min\n"
         "s/possessions.csv:2:3: section 'A-M' is open backward for only 10.0 min after this, train type 'F' needs "
         "15.0 min\n"
         "s/possessions.csv:4:1: section 'M-B' is never open forward for more than 0.0 min, train type 'F' needs 22.5 "
         "min\n"
         "s/possessions.csv:4:1: section 'M-B' is never open backward for more than 0.0 min, train type 'F' needs 22.5 "
         "min\n"},
        {"terminals.csv", "station,turnaround_s\nA,600\nA,700\nX,1\n",
         "s/terminals.csv:3:1: station 'A' a second time, first in line 2\n"
         "s/terminals.csv:4:1: station 'X' is not declared in stations.csv\n"},
        {"train_types.csv", "train_type,length_m,max_speed_kmh,mass_t\nF,1000,80,4000\n",
         "s/train_types.csv:2:0: power_kw is empty, but train type 'F' has no fixed running time on section 'A-M' "
         "forward\n"},
    };
    EXPECT(cases);
}
END_TEST

#define TIMETABLE "train,train_type,station,arrival,departure,track,min_dwell_s,entry_delay_s\n"

START_TEST(timetables) {
    static const struct wrong cases[] = {
        {"day.csv", TIMETABLE "T,F,A,,01:00,,,\nT,F,M,00:50,02:00,,,\nT,F,B,02:30,01:30,,,\n",
         "s/day.csv:3:4: arrival 00:50 is before the time before it, expected 01:00:00 or later\n"
         "s/day.csv:4:5: departure 01:30 is before the time before it, expected 02:30:00 or later\n"},
        {"day.csv", TIMETABLE "T,F,A,,,,,\nU,F,A,,01:00,,,\nT,G,B,02:30,,,,5\n",
         "s/day.csv:2:5: departure is empty, expected the time train 'T' is to leave\n"
         "s/day.csv:3:0: train 'U' has one row, expected at least its origin and its destination\n"
         "s/day.csv:4:1: the rows of T stand together, expected this one after line 2\n"
         "s/day.csv:4:2: train_type 'G' is not declared in train_types.csv\n"
         "s/day.csv:4:2: train_type 'G', expected 'F' as in the train's first row\n"
         "s/day.csv:4:8: entry_delay_s in a later row, expected it in the train's first row\n"},
        {"day.csv", TIMETABLE "T,F,A,,01:00,,,\nT,F,M,02:00,02:00,loop,,\nT,F,B,03:00,,siding,,\n",
         "s/day.csv:3:6: track 'loop' of 'M' stands for several, expected 'loop.1' or another of them\n"
         "s/day.csv:4:6: track 'siding' is not declared for 'B' in tracks.csv\n"},
        {"day.csv", TIMETABLE "T,F,A,,01:00,,,\nT,F,B,02:00,02:00,,,\nT,F,A,03:00,,,,\n",
         "s/day.csv:4:3: 'T' calls at 'A' twice, expected a route that visits no station twice\n"},
        {"day.csv", TIMETABLE "T,F,M,,01:00,,,\nT,F,A,02:00,02:00,,,\nT,F,B,03:00,,,,\n",
         "s/day.csv:4:3: no route from 'A' to 'B' that visits no station twice\n"},
        {"day.csv", TIMETABLE, "s/day.csv:1:0: no rows, expected at least one train\n"},
        {"tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,2,1200\nB,yard,4,800\n",
         "s/day.csv:2:4: train type 'F' is 1000 m long, the longest track of 'B' only 800 m\n"
         "s/day.csv:3:3: train type 'F' is 1000 m long, the longest track of 'B' only 800 m\n"},
        {"sections.csv", "section,from,to,length_km,gauge_mm\nA-M,A,M,20,1520\n",
         "s/day.csv:2:4: no route from 'A' to 'B': no sections connect them\n"
         "s/day.csv:3:4: no route from 'B' to 'A': no sections connect them\n"
         "s/stations.csv:4:1: warning: no train can come to station 'B', expected a section in sections.csv that leads "
         "there\n"},
    };
    EXPECT(cases);
}
END_TEST

#define SERVICES                                                                                                       \
    "service,train_type,origin,destination,first_departure,last_departure,interval_min,trains_per_day,"                \
    "arrivals,stops,return_of\n"

START_TEST(services) {
    static const struct wrong cases[] = {
        {"day.csv", SERVICES "S,F,A,B,,,60,24,,,\nT,F,B,A,,,,,,,\nS,F,A,B,,,60,,,,\n",
         "s/day.csv:2:8: both interval_min and trains_per_day, expected one of them\n"
         "s/day.csv:3:0: service 'T' has neither interval_min nor trains_per_day, expected one of them\n"
         "s/day.csv:4:1: service 'S' a second time, first in s/day.csv:2\n"},
        {"day.csv", SERVICES "S,F,A,M,24:00,,60,,,,\nT,F,B,A,12:00,11:00,60,,,,\nU,F,B,A,12:00,12:00,,4,,,\n",
         "s/day.csv:2:4: destination 'M' is no terminal, expected a station of kind terminal\n"
         "s/day.csv:2:5: first_departure 24:00 belongs to the next day, expected 00:00\n"
         "s/day.csv:3:6: last_departure 11:00 is before first_departure 12:00, expected a later one\n"
         "s/day.csv:4:6: last_departure is first_departure, expected a window for 4 trains a day\n"},
        {"day.csv",
         SERVICES "S,F,A,B,,,60,,,M;X:10,\nT,F,A,B,,,60,,,M:-1,\nU,F,A,A,,,60,,,,\nV,F,A,B,,,60,,,M:1;M:2,\n",
         "s/day.csv:2:10: stop 'M' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1000000\n"
         "s/day.csv:2:10: stop 'X' is not declared in stations.csv\n"
         "s/day.csv:3:10: stop 'M:-1' is not a stop, expected STATION:dwell_s joined by ;, dwells from 0 to 1000000\n"
         "s/day.csv:4:4: 'U' calls at 'A' twice, expected a route that visits no station twice\n"
         "s/day.csv:5:10: 'V' calls at 'M' twice, expected a route that visits no station twice\n"},
        {"day.csv",
         SERVICES "S,F,A,B,,,60,,,,X\nT,F,B,A,,,,,,,U\nU,F,A,B,,,,,,,T\nV,F,A,B,,,60,,,,\nW,F,A,B,,,,,,,V\n"
                  "X,F,B,A,,,,,,,V\nY,F,B,A,,,,,,,V2\n",
         "s/day.csv:2:7: warning: interval_min has no effect with return_of\n"
         "s/day.csv:3:11: return_of goes round in a circle, expected a service that starts by itself\n"
         "s/day.csv:4:11: return_of goes round in a circle, expected a service that starts by itself\n"
         "s/day.csv:6:3: origin 'A' of a return, expected 'B' where service 'V' ends\n"
         "s/day.csv:7:11: return_of 'V', which service 'W' is a return of already\n"
         "s/day.csv:8:11: return_of 'V2' is not declared in the schedules, did you mean 'V'?\n"},
        {"day.csv", SERVICES "S,F,A,B,,,60,,,,\nT,G,B,A,,,,,,,S\n",
         "s/day.csv:3:2: train_type 'G' is not declared in train_types.csv\n"},
        {"day.csv", SERVICES "S,F,A,B,,,,28.8,,,\n",
         "s/day.csv:2:8: warning: trains_per_day 28.8 of a regular service runs as 29\n"},
        {"scenario.csv", "key,value\nname,x\n",
         "s/scenario.csv:0:0: no schedule, expected the key 'schedule' or --schedule\n"},
        {"scenario.csv", "key,value\nschedule,night.csv\n", "s/scenario.csv:2:2: no such schedule: s/night.csv\n"},
        {"scenario.csv", "key,value\nschedule,tracks.csv\n",
         "s/tracks.csv:0:0: read already, expected a schedule that is named once\n"},
    };
    EXPECT(cases);
}
END_TEST

#define STANDING "train,train_type,station,arrival,departure,track\n"
#define ONWARD(TRAIN) TRAIN ",F,B,05:00,,\n"

/* M has two tracks of 1,200 m, the trains are 1,000 m long. */
START_TEST(trains_that_begin_on_a_track) {
    static const struct wrong cases[] = {
        {"day.csv",
         STANDING "T,F,M,01:00,02:00,loop.1\n" ONWARD("T") "U,F,M,01:00,02:00,loop.2\n" ONWARD(
             "U") "V,F,M,02:00,03:00,loop.1\n" ONWARD("V"),
         ""},
        {"day.csv", STANDING "T,F,M,01:00,02:00,loop.1\n" ONWARD("T") "U,F,M,01:59:30,,loop.1\n" ONWARD("U"),
         "s/day.csv:4:6: track 'loop.1' of 'M' is taken: train 'T' stands there from 01:00 to 02:00 every day\n"},
        {"day.csv", STANDING "T,F,M,01:00,,loop.1\n" ONWARD("T") "U,F,M,01:00,,loop.1\n" ONWARD("U"),
         "s/day.csv:4:6: track 'loop.1' of 'M' is taken: train 'T' stands there from 01:00 to 01:00 every day\n"},
        {"day.csv", STANDING "T,F,M,00:30,04:00,loop.1\n" ONWARD("T") "U,F,M,23:00,25:00:10,loop.1\nU,F,B,28:00,,\n",
         "s/day.csv:2:6: track 'loop.1' of 'M' is taken: train 'U' stands there from 23:00 to 25:00:10 every day\n"},
        {"day.csv", STANDING "T,F,M,01:00,25:01,loop.1\nT,F,B,28:00,,\n",
         "s/day.csv:2:6: track 'loop.1' of 'M' is taken: train 'T' stands there from 01:00 to 25:01 every day\n"},
        {"day.csv",
         STANDING "T,F,M,01:00,02:00,\n" ONWARD("T") "U,F,M,01:00,02:00,\n" ONWARD("U") "V,F,M,01:30,02:00,\n" ONWARD(
             "V") "W,F,M,02:00,,\n" ONWARD("W"),
         "s/day.csv:6:4: more trains stand at 'M' at 01:30 than fit its tracks: train 'V' comes to 2 already there\n"},
        {"day.csv", STANDING "T,F,M,01:00,25:00,\nT,F,B,28:00,,\nU,F,M,00:59,01:00,\n" ONWARD("U"), ""},
        {"day.csv", STANDING "T,F,M,01:00,50:00,\nT,F,B,55:00,,\n",
         "s/day.csv:2:4: more trains stand at 'M' at 01:00 than fit its tracks: train 'T' comes to 2 already there\n"},
        {"day.csv",
         STANDING "T,F,A,01:00,02:00,yard\n" ONWARD("T") "U,F,A,01:00,02:00,yard\n" ONWARD(
             "U") "V,F,A,01:00,02:00,\n" ONWARD("V"),
         ""},
    };
    EXPECT(cases);
    static const char *const once[] = {"repeat=once"};
    const struct scenario_request request = {.overrides = once, .override_count = 1};
    char *told = folder_told("day.csv", cases[3].content, &request);
    ck_assert_str_eq(told, "");
    free(told);
}
END_TEST

/* Tracks of different length: a long train needs the long one, whoever came first may have either. */
START_TEST(trains_that_begin_on_tracks_they_fit) {
    static const struct {
        const char *rows, *told;
    } cases[] = {
        {"S,short,M,01:00,02:00,\nS,short,B,05:00,,\nL,F,M,01:00,02:00,\n" ONWARD("L"), ""},
        {"S,short,M,01:00,02:00,long\nS,short,B,05:00,,\nL,F,M,01:00,02:00,\n" ONWARD("L"),
         "s/day.csv:4:4: more trains stand at 'M' at 01:00 than fit its tracks: train 'L' comes to 1 already there\n"},
        {"L,F,M,01:00,02:00,\n" ONWARD("L") "S,short,M,01:00,02:00,long\nS,short,B,05:00,,\n",
         "s/day.csv:4:6: more trains stand at 'M' at 01:00 than fit its tracks: train 'S' comes to 1 already there\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct folder folder;
        char content[500];
        folder_make(&folder);
        snprintf(content, sizeof content, STANDING "%s", cases[i].rows);
        folder_put(&folder, "tracks.csv",
                   "station,track,count,length_m\nA,yard,*,\nM,long,1,1200\nM,short,1,500\nB,yard,4,1500\n");
        folder_put(&folder, "train_types.csv",
                   "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\n"
                   "F,1000,4000,80,5000,300,0.3\nshort,400,1000,80,5000,300,0.3\n");
        folder_put(&folder, "day.csv", content);
        char *told = folder_tell(&folder, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu told\n%s\nexpected\n%s", i, told, cases[i].told);
        free(told);
    }
}
END_TEST

/* What takes more than one file to be wrong. */
START_TEST(several_files) {
    static const struct {
        const char *file, *content, *second_file, *second_content, *told;
    } cases[] = {
        {"train_types.csv", "train_type,length_m,mass_t,max_speed_kmh\nF,1000,4000,80\nG,900,,80\n", "day.csv",
         "service,train_type,origin,destination,trains_per_day,return_of\nS,F,A,B,2,\nT,G,B,A,,S\n",
         "s/day.csv:3:2: train_type 'G' of a return, expected 'F' as of service 'S'\n"},
        {"train_types.csv", "train_type,length_m,max_speed_kmh\nF,1000,80\n", "sections.csv",
         "section,from,to,length_km,signalling\nA-M,A,M,20,\nM-B,M,B,30,moving\n",
         "s/train_types.csv:2:0: brake_ms2 is empty, but section 'M-B' has moving block\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct folder folder;
        folder_make(&folder);
        folder_put(&folder, "running_times.csv", "section,train_type,run_s\nA-M,*,1200\nM-B,*,1800\n");
        folder_put(&folder, cases[i].file, cases[i].content);
        folder_put(&folder, cases[i].second_file, cases[i].second_content);
        char *told = folder_tell(&folder, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu told\n%s\nexpected\n%s", i, told, cases[i].told);
        free(told);
    }
}
END_TEST

START_TEST(return_of_a_timetable) {
    static const char *const schedules[] = {"s/day.csv", "s/back.csv"};
    const struct scenario_request request = {.schedules = schedules, .schedule_count = 2};
    struct folder folder;
    folder_make(&folder);
    folder_put(&folder, "day.csv", "train,train_type,station,departure\nT,F,A,01:00\nT,F,B,\n");
    folder_put(&folder, "back.csv", "service,train_type,origin,destination,return_of\nS,F,B,A,T\n");
    char *told = folder_tell(&folder, &request);
    ck_assert_ptr_nonnull(strstr(told, "s/back.csv:2:5: return_of 'T' is a train of a timetable"));
    free(told);
}
END_TEST

/* Two services of a train every six seconds are 28,800 trains a day. */
START_TEST(too_many_trains) {
    static const struct {
        const char *days, *repeat, *arrivals, *told;
    } cases[] = {
        {"3472", "daily", "regular", ""},
        {"3473", "daily", "regular",
         "s/day.csv:2:1: 'east' makes 50011200 trains in 3473 days, 100022400 with all others, expected at most "
         "100000000 in "
         "a run\n"},
        {"36500", "once", "regular", ""},
        {"36500", "daily", "saturated", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct folder folder;
        char content[200];
        folder_make(&folder);
        snprintf(content, sizeof content, "key,value\nschedule,day.csv\nhorizon_days,%s\nrepeat,%s\n", cases[i].days,
                 cases[i].repeat);
        folder_put(&folder, "scenario.csv", content);
        snprintf(content, sizeof content,
                 "service,train_type,origin,destination,interval_min,arrivals\neast,F,A,B,0.1,%s\nwest,F,B,A,0.1,%s\n",
                 cases[i].arrivals, cases[i].arrivals);
        folder_put(&folder, "day.csv", content);
        char *told = folder_tell(&folder, NULL);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu told\n%s\nexpected\n%s", i, told, cases[i].told);
        free(told);
    }
}
END_TEST

START_TEST(too_many_tracks) {
    static const char head[] = "station,track,count\nA,yard,*\nM,loop,2\n";
    static char content[40000];
    size_t size = (size_t)snprintf(content, sizeof content, "%s", head);
    for (int i = 0; i < 1001; i++)
        size += (size_t)snprintf(content + size, sizeof content - size, "B,yard%d,1000\n", i);
    char *told = folder_told("tracks.csv", content, NULL);
    ck_assert_str_eq(told, "s/tracks.csv:1003:3: more than 1000000 tracks in all, expected fewer\n");
    free(told);
}
END_TEST

/* The first hundred, then the number of the others; in the order of the file. */
START_TEST(first_hundred) {
    char content[8000] = "section,from,to,length_km\n";
    for (int i = 0; i < 150; i++) strcat(content, "A-M,A,M,x\n");
    char *told = folder_told("sections.csv", content, NULL);
    ck_assert_ptr_nonnull(strstr(told, "s/sections.csv:101:4: length_km 'x' is not a number"));
    ck_assert_ptr_null(strstr(told, "s/sections.csv:102:"));
    ck_assert_ptr_nonnull(strstr(told, "\nand 199 more errors\n"));
    free(told);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {nothing_is_wrong,
                                  csv_form,
                                  csv_form_accepted,
                                  nul_byte,
                                  columns,
                                  cells,
                                  network,
                                  a_station_that_nothing_leads_to,
                                  timetables,
                                  services,
                                  first_hundred,
                                  several_files,
                                  return_of_a_timetable,
                                  too_many_trains,
                                  too_many_tracks,
                                  trains_that_begin_on_a_track,
                                  trains_that_begin_on_tracks_they_fit};
    return run_suite("diagnostics", tests, sizeof tests / sizeof tests[0]);
}
