/* A database that somebody changed: the audit says what makes no sense, and never falls over it. */
#include <stdio.h>
#include <string.h>

#include "audit/texts.h"
#include "kept_run.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#define STATIONS "station,kind\nwest,terminal\nmiddle,siding\neast,terminal\n"
#define TIMETABLE "train,train_type,station,arrival,departure,entry_delay_s,track\n"
#define SERVICES "service,train_type,origin,destination,interval_min,trains_per_day,stops,return_of,first_departure\n"

static const struct {
    const char *path, *text;
    const char *says; /* part of the problem */
} files[] = {
    {"line/scenario.csv", "", "no whole scenario"},
    {"line/stations.csv", "", "no whole scenario"},
    {"line/tracks.csv", "\n", "tracks.csv is empty"},
    {"line/sections.csv", "section,from,to,length_km\n", "holds no rows"},
    {"line/sections.csv", "section,from,to,length_km\na,west\n", "line/sections.csv:2:"},
    {"line/sections.csv", "section,from,to,length_km\n\"a,west\n", "never closed"},
    {"line/sections.csv", "section,from,length_km\na,west,3\n", "no column 'to'"},
    {"line/sections.csv", "section,from,to,length_km,colour\na,west,middle,3,red\n", "'colour' is not known"},
    {"line/sections.csv", "section,from,to,length_km,to\na,west,middle,3,east\n", "'to' is there twice"},
    {"line/sections.csv", "section,from,to,length_km\na,west,north,3\n", "line/sections.csv:2: to 'north' is not"},
    {"line/sections.csv", "section,from,to,length_km\na,west,west,3\n", "ends where it begins"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,3\na,middle,east,3\n", "declared twice"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,\n", "length_km is empty"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,3 km\n", "'3 km' is not a number"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,nan\n", "is not a number"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,0x10\n", "is not a number"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,+3\n", "is not a number"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,1e999\n", "is not a number"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,-3\n", "is out of range"},
    {"line/sections.csv", "section,from,to,length_km\na,west,middle,1e300\n", "is out of range"},
    {"line/sections.csv", "section,from,to,length_km,tracks\na,west,middle,3,1.5\n", "is not a whole number"},
    {"line/sections.csv", "section,from,to,length_km,signalling\na,west,middle,3,none\n", "is not known"},
    {"line/sections.csv", "section,from,to,length_km,purge_after\na,west,middle,3,back\n", "is not known"},
    {"line/sections.csv", "section,from,to,length_km,option\na,west,middle,3,tunnel\n", "is not in options.csv"},
    {"line/sections.csv", "section,from,to,length_km,option\na,west,middle,3,island;\n", "is not in options.csv"},
    {"line/sections.csv", "section,from,to,length_km\na b,west,middle,3\n", "is not an identifier"},
    {"line/stations.csv", "station,kind\nwest,halt\n", "is not known"},
    {"line/stations.csv", "station,kind\n,siding\n", "station is empty"},
    {"line/stations.csv", STATIONS "west,siding\n", "'west' is declared twice"},
    {"line/stations.csv", "station,kind\nwest,terminal\nmiddle,siding\neast,terminal\nisle,siding\nnorth,siding\n",
     "has no tracks"},
    {"line/tracks.csv", "station,track,count\nwest,a,0\n", "is out of range"},
    {"line/tracks.csv", "station,track,count\nwest,a,1e9\n", "is out of range"},
    {"line/tracks.csv", "station,track,count\nmiddle,a,*\n", "no terminal"},
    {"line/tracks.csv", "station,track,count\nwest,a,2\nwest,a.1,\n", "'a.1' of 'west' is declared twice"},
    {"line/train_types.csv", "train_type,length_m,max_speed_kmh,running_factor\nfast,9,9,normal(1)\n", "nor a law"},
    {"line/train_types.csv", "train_type,length_m,max_speed_kmh,running_factor\nfast,9,9,uniform(1)\n", "nor a law"},
    {"line/train_types.csv", "train_type,length_m,max_speed_kmh,running_factor\nfast,9,9,)1(\n", "nor a law"},
    {"line/train_types.csv", "train_type,length_m,max_speed_kmh,running_factor\nfast,9,9,empirical()\n", "nor a law"},
    {"line/alignment.csv", "section,from_km,to_km\nwest-middle,3,3\n", "ends before it begins"},
    {"line/alignment.csv", "section,from_km,to_km\nwest-middle,3,31\n", "beyond the end"},
    {"line/alignment.csv", "section,from_km,to_km\nwest-middle,3,8\nwest-middle,7,9\n", "overlap"},
    {"line/running_times.csv", "section,train_type,run_s\nwest-middle,slow,9\n", "train_type 'slow' is not declared"},
    {"line/running_times.csv", "section,train_type,run_s\nwest-middle,*,9\nwest-middle,*,8\n", "two times"},
    {"line/possessions.csv", "section,from,to\nwest-middle,3:5,4:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,04:00,04:60\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,:30,04:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,03-30,04:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,03:30:,04:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,03:30:00:00,04:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,04:00,25:00\n", "is not a time"},
    {"line/possessions.csv", "section,from,to\nwest-middle,04:00,04:00\n", "no window"},
    {"line/possessions.csv", "section,from,to\nwest-middle,24:00,04:00\n", "no window"},
    {"line/possessions.csv", "section,line_track,from,to\nwest-middle,2,01:00,04:00\n", "not there"},
    {"line/possessions.csv", "section,weekday,from,to\nwest-middle,mo,01:00,04:00\n", "list of weekdays"},
    {"line/possessions.csv", "section,weekday,from,to\nwest-middle,mon;,01:00,04:00\n", "list of weekdays"},
    {"line/terminals.csv", "station,turnaround_s\nnorth,3\n", "'north' is not declared"},
    {"line/options.csv", "option\nisland\nisland\n", "declared twice"},
    {"line/options.csv", "", "is not in options.csv"},
    {"day.csv", "", "not among its files"},
    {"day.csv", "a,b\n1,2\n", "neither a timetable nor"},
    {"day.csv", "service,train\n1,2\n", "neither a timetable nor"},
    {"day.csv", SERVICES, "hold no train"},
    {"day.csv", SERVICES "S,fast,west,east,,,,,\n", "neither interval_min nor"},
    {"day.csv", SERVICES "S,fast,west,east,60,9,,,\n", "both interval_min and"},
    {"day.csv", SERVICES "S,fast,west,middle,60,,,,\n", "no terminal"},
    {"day.csv", SERVICES "S,fast,west,isle,60,,,,\n", "'isle' is switched off"},
    {"day.csv", SERVICES "S,fast,west,north,60,,,,\n", "'north' is not declared"},
    {"day.csv", SERVICES "S,slow,west,east,60,,,,\n", "'slow' is not declared"},
    {"day.csv", SERVICES "S,fast,west,east,60,,middle,,\n", "not STATION:seconds"},
    {"day.csv", SERVICES "S,fast,west,east,60,,middle:x,,\n", "not STATION:seconds"},
    {"day.csv", SERVICES "S,fast,west,east,60,,middle:-1,,\n", "not STATION:seconds"},
    {"day.csv", SERVICES "S,fast,west,east,60,,:60,,\n", "not STATION:seconds"},
    {"day.csv", SERVICES "S,fast,west,east,60,,,X,\n", "'X' is no service"},
    {"day.csv", SERVICES "S,fast,west,east,,,,S,\n", "circle"},
    {"day.csv",
     "service,train_type,origin,destination,trains_per_day,first_departure,last_departure\n"
     "S,fast,west,east,2,06:00,06:00\n",
     "no time for its trains"},
    {"day.csv",
     "service,train_type,origin,destination,interval_min,first_departure,last_departure\n"
     "S,fast,west,east,60,06:00,05:00\n",
     "no time of the day"},
    {"day.csv", SERVICES "S,fast,west,east,,,,Z,\nZ,fast,east,west,,,,S,\nY,fast,east,west,,,,S,\n", "circle"},
    {"day.csv", SERVICES "S,fast,west,east,60,,,,24:00\n", "no time of the day"},
    {"day.csv", SERVICES "S,fast,west,east,60,,,,\nS,fast,west,east,60,,,,\n", "'S' is in the schedules twice"},
    {"day.csv", TIMETABLE "T,fast,west,,,,\nT,fast,east,,,,\n", "no time at which"},
    {"day.csv", TIMETABLE "T,fast,west,,01:00,,\n", "one row only"},
    {"day.csv", TIMETABLE "T,fast,west,,01:00,,\nT,freight,east,,,,\n", "changes its type"},
    {"day.csv", TIMETABLE "T,fast,west,,01:00,,\nT,fast,east,00:59,,,\n", "a time before"},
    {"day.csv", TIMETABLE "T,fast,west,,01:00,,loop\nT,fast,east,,,,\n", "track 'loop' is not one of 'west'"},
    {"day.csv", TIMETABLE "T,fast,west,,01:00,,yard\nT,fast,east,,,,yard\n", "track 'yard' is not one of 'east'"},
    {"day.csv", TIMETABLE "T,fast,west,,9999:00,,\nT,fast,east,,,,\n", "is not a time"},
    {"day.csv", TIMETABLE "T,fast,west,,99999999999999999999:00,,\nT,fast,east,,,,\n", "is not a time"},
    {"day.csv",
     TIMETABLE "T,fast,west,,1:00,,\nT,fast,east,,,,\nU,fast,west,,2:00,,\nU,fast,east,,,,\n"
               "T,fast,west,,3:00,,\nT,fast,east,,,,\n",
     "'T' is in the schedules twice"},
    {"day.csv", TIMETABLE "T@1,fast,west,,01:00,,\nT@1,fast,east,,,,\n", "is not an identifier"},
};

static const struct {
    const char *key, *value, *says;
} settings[] = {
    {"options", "tunnel", "option 'tunnel' that is on"},
    {"options", "island+", ""},
    {"options", "+", "option"},
    {"start_date", "2030-13-01", "start_date"},
    {"start_date", "1.1.2030", "start_date"},
    {"warmup_days", "long", "warmup_days"},
    {"horizon_days", "-1", "horizon_days"},
    {"horizon_days", "1e300", "horizon_days"},
    {"repeat", "twice", "repeat"},
    {"reaction_s", "x", "reaction_s"},
    {"sections.colour", "red", "a table or a column that is not there"},
    {"bridges.length_km", "3", "a table or a column that is not there"},
    {"possessions.line_track", "1", "a table or a column that is not there"},
    {"sections[north].length_km", "3", "a row that is not there"},
    {"tracks[middle:side].length_m", "3", "a row that is not there"},
    {"sections.length_km", "*x", "is not a number"},
    {"sections.length_km", "*", "is not a number"},
    {"sections.release_s", "*1e9", "is out of range"},
    {"sections.tracks", "*1.5", "is not a whole number"},
    {"sections[west-middle.speed_kmh", "3", "is not the name of a setting"},
    {"sections[].speed_kmh", "3", "is not the name of a setting"},
    {"sections[a:].speed_kmh", "3", "is not the name of a setting"},
    {"sections[a]speed_kmh", "3", "is not the name of a setting"},
    {".speed_kmh", "3", "is not the name of a setting"},
    {"sections.", "3", "is not the name of a setting"},
    {"schedule.stops", "*2", "not STATION:seconds"},
    {"schedule.service", "X", "'X' is in the schedules twice"},
};

START_TEST(files_that_make_no_sense_are_told) {
    kept_sql("CREATE TABLE files AS SELECT * FROM inputs");
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        kept_sql("DELETE FROM inputs; INSERT INTO inputs SELECT * FROM files");
        kept_file(files[i].path, files[i].text);
        const char *problem = kept_world_of_any_sense()->problem;
        ck_assert_msg(strstr(problem, files[i].says) != NULL, "'%s' in\n%s\nexpected …%s…", problem, files[i].text,
                      files[i].says);
        ck_assert_int_ne(problem[0], '\0');
    }
}
END_TEST

START_TEST(settings_that_make_no_sense_are_told) {
    kept_sql("CREATE TABLE kept AS SELECT * FROM settings");
    for (size_t i = 0; i < COUNT_OF(settings); i++) {
        kept_sql("DELETE FROM settings; INSERT INTO settings SELECT * FROM kept");
        kept_set(settings[i].key, settings[i].value);
        const char *problem = kept_world_of_any_sense()->problem;
        ck_assert_msg(strstr(problem, settings[i].says) != NULL, "'%s' for %s=%s, expected …%s…", problem,
                      settings[i].key, settings[i].value, settings[i].says);
        ck_assert_msg((problem[0] == '\0') == (settings[i].says[0] == '\0'), "%s", problem);
    }
    kept_sql("DELETE FROM settings WHERE key = 'repeat'");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "'repeat' nowhere"));
    kept_sql("DELETE FROM settings; INSERT INTO settings SELECT * FROM kept; "
             "INSERT INTO settings VALUES (1, 'repeat', 'once', 99)");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "'repeat' twice"));
}
END_TEST

START_TEST(only_services_turn_round_into_others) {
    kept_file("day.csv", TIMETABLE "T,fast,west,,1:00,,\nT,fast,east,,,,\n");
    kept_file("more.csv", SERVICES "S,fast,east,west,,,,T,\n");
    kept_schedule("day.csv more.csv");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "'T' is no service"));
}
END_TEST

START_TEST(a_run_without_a_schedule_or_files_is_told) {
    kept_schedule("day.csv");
    kept_sql("UPDATE runs SET schedule = NULL");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "names no schedule"));
    kept_sql("DELETE FROM inputs");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "no whole scenario"));
    kept_sql("DELETE FROM settings");
    ck_assert_int_ne(kept_world_of_any_sense()->problem[0], '\0');
}
END_TEST

START_TEST(a_database_that_fails_is_a_failure) {
    struct audit_world world;
    struct failure failure = {.text = ""};
    ck_assert(!audit_world_read(kept_database(), 2, &world, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "no run 2"));
    ck_assert_ptr_null(world.stations);
    kept_sql("DROP TABLE inputs");
    failure.text[0] = '\0';
    ck_assert(!audit_world_read(kept_database(), 1, &world, &failure));
    ck_assert_int_ne(failure.text[0], '\0');
    ck_assert_ptr_null(world.texts);
}
END_TEST

/* Whether the text ends with a whole character of two bytes, or of one. */
static bool ends_whole(const char *text) {
    const size_t length = strlen(text);
    const unsigned char last = (unsigned char)text[length - 1];
    return last < 0x80 || (last < 0xC0 && length > 1 && (unsigned char)text[length - 2] >= 0xC0);
}

START_TEST(a_long_problem_is_cut_between_characters) {
    char path[400] = "";
    bool cut = false;
    for (int i = 0; i < 100; i++) strcat(path, "ä");
    for (int shift = 0; shift < 3; shift++) {
        char text[900] = "service,train_type,origin,destination,interval_min,";
        memmove(path + 1, path, strlen(path) + 1);
        path[0] = 'x';
        for (int i = 0; i < 120; i++) strcat(text, "ä");
        strcat(text, "\nS,fast,west,east,60,\n");
        kept_file(path, text);
        kept_schedule(path);
        const char *problem = kept_world_of_any_sense()->problem;
        ck_assert_int_ne(problem[0], '\0');
        ck_assert_msg(ends_whole(problem), "%s", problem);
        cut = cut || strlen(problem) >= sizeof(((struct audit_world *)0)->problem) - 2;
        kept_file(path, "");
    }
    ck_assert_msg(cut, "no problem was long enough");
}
END_TEST

/* ---- bytes changed at random ---- */

static void require_in(int32_t index, int32_t least, int32_t count) {
    ck_assert_msg(index >= least && index < count, "index %d of %d", index, count);
}

/* Whatever was read refers to what is there. */
static void check_references(const struct audit_world *world) {
    for (int32_t i = 0; i < world->station_count; i++) {
        const struct audit_station *station = &world->stations[i];
        require_in(station->first_track + station->track_count, 0, world->track_count + 1);
    }
    for (int32_t i = 0; i < world->track_count; i++) require_in(world->tracks[i].station, 0, world->station_count);
    for (int32_t i = 0; i < world->section_count; i++) {
        const struct audit_section *section = &world->sections[i];
        require_in(section->from, 0, world->station_count);
        require_in(section->to, 0, world->station_count);
        require_in(section->first_alignment + section->alignment_count, 0, world->alignment_count + 1);
        ck_assert_int_ge(audit_section_blocks(section), 1);
    }
    for (int32_t i = 0; i < world->fixed_time_count; i++) {
        require_in(world->fixed_times[i].section, 0, world->section_count);
        require_in(world->fixed_times[i].type, -1, world->type_count);
    }
    for (int32_t i = 0; i < world->possession_count; i++) {
        require_in(world->possessions[i].section, 0, world->section_count);
        ck_assert_int_gt(world->possessions[i].to_ms, world->possessions[i].from_ms);
    }
    for (int32_t i = 0; i < world->plan_count; i++) {
        const struct audit_plan *plan = &world->plans[i];
        require_in(plan->type, 0, world->type_count);
        require_in(plan->return_of, -1, world->plan_count);
        require_in(plan->first_call + plan->call_count, 2, world->call_count + 1);
        ck_assert_int_ge(plan->call_count, 2);
        for (int32_t c = plan->first_call; c < plan->first_call + plan->call_count; c++) {
            require_in(world->calls[c].station, 0, world->station_count);
            require_in(world->calls[c].track, -1, world->track_count);
        }
    }
}

/* Small things of a file that make it another one. */
static void tamper(char *text, size_t size, unsigned *dice) {
    static const char bytes[] = ",\n\"*;:+-!0.9e \r#@()\xff\x01zA";
    for (int i = 0; i < 1 + (int)(*dice >> 20 & 3); i++) {
        const size_t length = strlen(text);
        if (length == 0) return;
        *dice = *dice * 1664525 + 1013904223;
        const size_t at = (*dice >> 8) % length;
        *dice = *dice * 1664525 + 1013904223;
        const char byte = bytes[(*dice >> 8) % (sizeof bytes - 1)];
        const unsigned way = *dice >> 29;
        if (way < 3)
            text[at] = byte;
        else if (way < 5)
            memmove(text + at, text + at + 1, length - at);
        else if (way < 7 && length + 2 < size) {
            memmove(text + at + 1, text + at, length - at + 1);
            text[at] = byte;
        } else
            text[at] = '\0';
    }
}

static const char *const rich[][2] = {
    {"line/stations.csv", "station,kind,crossing_interval_s,option\nwest,terminal,,\nmiddle,siding,60,\n"
                          "isle,siding,,island\neast,terminal,,\n"},
    {"line/tracks.csv",
     "station,track,count,length_m,speed_kmh\nwest,yard,*,,\nmiddle,main,,900,\nmiddle,loop,2,850,36\n"
     "isle,main,,900,\neast,yard,4,,\n"},
    {"line/sections.csv", "section,from,to,length_km,block_km,speed_kmh,purge_after,option\n"
                          "west-middle,west,middle,30,5,90,forward,\nmiddle-east,middle,east,50,,,,!bore\n"},
    {"line/train_types.csv", "train_type,length_m,mass_t,max_speed_kmh,running_factor\n"
                             "freight,800,2400,90,\"triangular(1,1.1,1.2)\"\nfast,200,,180,empirical(1;2;3)\n"},
    {"line/alignment.csv", "section,from_km,to_km,gradient_permille\nwest-middle,0,10,3\nwest-middle,10,30,\n"},
    {"line/possessions.csv", "section,weekday,from,to\nmiddle-east,sat;sun,22:00,04:00\n"},
    {"line/running_times.csv", "section,train_type,direction,run_s\nwest-middle,*,forward,2000\n"},
    {"line/terminals.csv", "station,turnaround_s\neast,600\n"},
    {"line/options.csv", "option,requires\nisland,\nbore,island\n"},
    {"day.csv", SERVICES "E,fast,west,east,60,,middle:60,,\nB,fast,east,west,,,,E,\nP,fast,west,east,,9,,,06:00\n"},
    {"more.csv", TIMETABLE "T,fast,west,,1:00,exponential(3),yard\nT,fast,middle,2:00,2:00,,loop.1\nT,fast,east,,,,\n"
                           "U,fast,west,3:00,,,yard\nU,fast,east,,,,\n"},
};

static const char *const rich_settings[][2] = {{"options", "island"},
                                               {"start_date", "2030-01-01"},
                                               {"warmup_days", "0.5"},
                                               {"sections[west-middle].speed_kmh", "*0.8"},
                                               {"tracks[middle:loop].count", "3"},
                                               {"schedule.interval_min", "*1.5"}};

static void check_tampered(int *problems) {
    const struct audit_world *world = kept_world_of_any_sense();
    check_references(world);
    *problems += world->problem[0] != '\0';
}

START_TEST(nothing_falls_over_what_was_changed_at_random) {
    enum { FILE_ROUNDS = 60, SETTING_ROUNDS = 40 };
    unsigned dice = 4711;
    int problems = 0;
    char text[1000], key[200];
    kept_sql("BEGIN");
    for (size_t i = 0; i < COUNT_OF(rich); i++) kept_file(rich[i][0], rich[i][1]);
    for (size_t i = 0; i < COUNT_OF(rich_settings); i++) kept_set(rich_settings[i][0], rich_settings[i][1]);
    kept_schedule("day.csv more.csv");
    ck_assert_int_eq(kept_world()->plan_count, 5);
    for (size_t i = 0; i < COUNT_OF(rich); i++) {
        for (int round = 0; round < FILE_ROUNDS; round++) {
            snprintf(text, sizeof text, "%s", rich[i][1]);
            tamper(text, sizeof text, &dice);
            kept_file(rich[i][0], text);
            check_tampered(&problems);
        }
        kept_file(rich[i][0], rich[i][1]);
    }
    for (int round = 0; round < SETTING_ROUNDS * (int)COUNT_OF(rich_settings); round++) {
        const char *const *setting = rich_settings[round % (int)COUNT_OF(rich_settings)];
        snprintf(text, sizeof text, "%s", setting[1]);
        snprintf(key, sizeof key, "%s", setting[0]);
        tamper(round % 2 == 0 ? text : key, sizeof key, &dice);
        kept_sql("SAVEPOINT before");
        kept_set(key, text);
        check_tampered(&problems);
        kept_sql("ROLLBACK TO before; RELEASE before");
    }
    for (int round = 0; round < SETTING_ROUNDS; round++) {
        snprintf(text, sizeof text, "day.csv more.csv");
        tamper(text, sizeof text, &dice);
        kept_schedule(text);
        check_tampered(&problems);
    }
    kept_sql("COMMIT");
    ck_assert_int_gt(problems, 100); /* else nothing was tampered with */
}
END_TEST

/* ---- texts ---- */

START_TEST(equal_texts_are_kept_once) {
    enum { TEXTS = 5000 };
    static const char *kept[TEXTS];
    struct audit_texts *texts = audit_texts_create();
    ck_assert_ptr_nonnull(texts);
    for (int i = 0; i < TEXTS; i++) {
        char text[20];
        snprintf(text, sizeof text, "text %d", i);
        kept[i] = audit_texts_keep(texts, text);
        ck_assert_str_eq(kept[i], text);
    }
    for (int i = 0; i < TEXTS; i++) {
        char text[20];
        snprintf(text, sizeof text, "text %d", i);
        ck_assert_ptr_eq(audit_texts_keep(texts, text), kept[i]);
        ck_assert_str_eq(kept[i], text);
    }
    ck_assert_str_eq(audit_texts_keep(texts, ""), "");
    ck_assert_ptr_null(audit_texts_keep(texts, NULL));
    audit_texts_free(texts);
    audit_texts_free(NULL);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        files_that_make_no_sense_are_told,
        settings_that_make_no_sense_are_told,
        only_services_turn_round_into_others,
        a_run_without_a_schedule_or_files_is_told,
        a_database_that_fails_is_a_failure,
        a_long_problem_is_cut_between_characters,
        nothing_falls_over_what_was_changed_at_random,
        equal_texts_are_kept_once,
    };
    return run_suite_of_kept_runs("audit_world_tampering", tests, COUNT_OF(tests));
}
