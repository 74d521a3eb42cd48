/* What comes of a good scenario: values in Bering's units, options, variants, overrides, schedules, fingerprints. */
#include "folder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "study/planning.h"

#define COUNT_OF(array) ((int32_t)(sizeof(array) / sizeof(array)[0]))

/* Reads a folder that must be right; frees it. */
static struct scenario *read_good(struct folder *folder, const struct scenario_request *request) {
    struct diagnostics diagnostics = {0};
    struct scenario *scenario = folder_read(folder, request, &diagnostics);
    if (!scenario) diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    diagnostics_free(&diagnostics);
    folder_free(folder);
    return scenario;
}

static const char *setting(const struct scenario *scenario, const char *key) {
    for (int32_t i = 0; i < scenario->settings_used_count; i++)
        if (strcmp(scenario->settings_used[i].key, key) == 0) return scenario->settings_used[i].value;
    return NULL;
}

START_TEST(a_whole_scenario) {
    struct folder folder;
    folder_make(&folder);
    folder_put(&folder, "scenario.csv",
               "key,value,unit,source\nname,\"Great, line\",,\nstart_date,2024-02-29,,\nwarmup_days,auto,,\n"
               "horizon_days,2.5,days,assumed\nreplications,3,,\nseed,9007199254740992,,\ndispatch,fleet,,\n"
               "fleet_size,4,,\nfleet_window_min,90,min,\nreaction_s,1.5,s,\nrepeat,once,,\ndetail,blocks,,\n"
               "schedule,day.csv,,\nclear_by_length,yes,,\nprice_year,2025,,\n");
    folder_put(&folder, "sections.csv",
               "section,from,to,length_km,tracks,block_km,speed_kmh,signalling,headway_s,release_s,purge_s,purge_after,"
               "purge_before,max_trains,gauge_mm,clearance_m\n"
               "A-M,A,M,20,2,5,72,,,30,,,,,1520,5.2\nM-B,M,B,30,,,,moving,,,600,forward,backward,2,,\n");
    folder_put(&folder, "alignment.csv",
               "section,from_km,to_km,gradient_permille,curve_radius_m,speed_kmh,tunnel\n"
               "M-B,10,30,-5,,,yes\nM-B,0,10,5,800,36,\n");
    folder_put(&folder, "running_times.csv",
               "section,train_type,direction,run_s,start_s,stop_s\nM-B,*,forward,1500,60,90.5\n");
    folder_put(&folder, "possessions.csv",
               "section,line_track,direction,weekday,from,to\nA-M,2,backward,sat;sun,22:00,04:00\n");
    folder_put(&folder, "terminals.csv", "station,cranes,turnaround_s\nB,2,7200\n");
    folder_put(&folder, "hazards.csv", "hazard,kind\nquake,earthquake\n");
    folder_put(&folder, "notes.csv", "not, a\ntable");
    struct scenario *scenario = read_good(&folder, NULL);

    const struct settings *settings = &scenario->settings;
    ck_assert_str_eq(settings->name, "Great, line");
    ck_assert_int_eq(settings->start_weekday, 3); /* a Thursday */
    ck_assert(settings->warmup_auto && settings->horizon_given && settings->repeat_once && settings->clear_by_length);
    ck_assert_int_eq(settings->horizon_ms, 216000000);
    ck_assert_int_eq(settings->seed, INT64_C(9007199254740992));
    ck_assert_int_eq(settings->dispatch, DISPATCH_FLEET);
    ck_assert_int_eq(settings->fleet_window_ms, 5400000);
    ck_assert_int_eq(settings->reaction_ms, 1500);
    ck_assert_int_eq(settings->detail, DETAIL_BLOCKS);
    ck_assert_int_eq(settings->price_year, 2025);

    const struct network *network = &scenario->network;
    ck_assert_int_eq(network->station_count, 3);
    ck_assert_str_eq(network->stations[0].name, "A");
    ck_assert_str_eq(network->stations[1].name, "Middle");
    ck_assert(network->stations[0].unlimited && !network->stations[1].unlimited);
    ck_assert_int_eq(network->stations[2].turnaround_ms, 7200000);
    ck_assert_int_eq(network->track_count, 7);
    ck_assert_str_eq(network->tracks[0].id, "yard");
    ck_assert_str_eq(network->tracks[1].id, "loop.1");
    ck_assert_int_eq(network->stations[2].first_track, 3);
    ck_assert_int_eq(network->stations[2].track_count, 4);
    ck_assert(isinf(network->tracks[0].length_m) && isinf(network->tracks[1].speed_ms));

    const struct section *line = &network->sections[0], *bore = &network->sections[1];
    ck_assert_double_eq_tol(line->speed_ms, 20, 1e-12);
    ck_assert_double_eq(line->block_m, 5000);
    ck_assert_int_eq(line->tracks, 2);
    ck_assert_int_eq(line->headway_ms, -1);
    ck_assert_int_eq(line->release_ms, 30000);
    ck_assert_int_eq(line->gauge_mm, 1520);
    ck_assert_int_eq(line->purge_after, DIRECTION_BOTH_BITS);
    ck_assert_int_eq(bore->signalling, SIGNALLING_MOVING);
    ck_assert_int_eq(bore->purge_after, DIRECTION_FORWARD_BIT);
    ck_assert_int_eq(bore->purge_before, DIRECTION_BACKWARD_BIT);
    ck_assert_int_eq(bore->max_trains, 2);
    ck_assert(isinf(bore->speed_ms) && isinf(bore->clearance_m));
    ck_assert_int_eq(bore->alignment_count, 2);
    const struct alignment *first = &network->alignments[bore->first_alignment];
    ck_assert_double_eq(first[0].to_m, 10000);
    ck_assert_double_eq_tol(first[0].speed_ms, 10, 1e-12);
    ck_assert_double_eq(first[0].curve_radius_m, 800);
    ck_assert(first[1].tunnel && first[1].gradient_permille == -5);

    const struct possession *closed = &network->possessions[0];
    ck_assert_int_eq(closed->line_track, 2);
    ck_assert_int_eq(closed->weekdays, 0x60);
    ck_assert_int_eq(closed->from_ms, 22 * 3600000);
    ck_assert_int_eq(closed->to_ms, 28 * 3600000);
    ck_assert_int_eq(scenario->running_times[0].stop_ms, 90500);
    ck_assert_int_eq(scenario->running_times[0].train_type, -1);

    const struct train_type *type = &scenario->train_types[0];
    ck_assert(type->has_traction);
    ck_assert_double_eq(type->mass_kg, 4e6);
    ck_assert_double_eq(type->power_w, 5e6);
    ck_assert_double_eq(law_mean(&type->running_factor), 1);
    ck_assert_double_eq(type->delay_weight, 1);

    ck_assert_int_eq(scenario->not_used_yet_count, 1);
    ck_assert_str_eq(scenario->not_used_yet[0], "hazards.csv");
    ck_assert_str_eq(scenario->schedule_path, "s/day.csv");
    scenario_free(scenario);
}
END_TEST

/* ---- options and variants ---- */

static void make_options(struct folder *folder) {
    folder_make(folder);
    folder_put(folder, "options.csv", "option,name,requires\nisland,,\nsecond_bore,,\nbypass,,island;!second_bore\n");
    folder_put(folder, "variants.csv",
               "variant,name,options,settings\nislands,Islands,island,seed=7;sections[A-M].speed_kmh=60\nnone,,island+"
               "second_bore,\n");
    folder_put(folder, "tracks.csv",
               "station,track,count,length_m,option\nA,yard,*,,\nM,main,,1200,\nM,loop,,1200,island\nB,yard,4,1500,\n");
    folder_put(folder, "stations.csv", "station,kind,option\nA,terminal,\nM,siding,\nB,terminal,\nX,siding,bypass\n");
    folder_put(folder, "sections.csv",
               "section,from,to,length_km,tracks,option\nA-M,A,M,20,1,\nM-B,M,B,30,1,!second_bore\n"
               "M-B,M,B,31,2,second_bore\nM-X,M,X,5,,\n");
    folder_put(folder, "alignment.csv", "section,from_km,to_km,gradient_permille\nM-X,0,5,3\nM-B,0,5,3\n");
}

START_TEST(options) {
    static const char *const with[] = {"second_bore"};
    struct folder folder;
    make_options(&folder);
    const struct scenario_request bore = {.with_options = with, .with_option_count = 1};
    struct scenario *scenario = read_good(&folder, &bore);
    ck_assert_int_eq(scenario->network.station_count, 3);
    ck_assert_int_eq(scenario->network.section_count, 2);
    ck_assert_int_eq(scenario->network.sections[1].tracks, 2);
    ck_assert_int_eq(scenario->network.alignment_count, 1);
    ck_assert_int_eq(scenario->network.stations[1].track_count, 1);
    ck_assert_str_eq(setting(scenario, "options"), "second_bore");
    scenario_free(scenario);
}
END_TEST

START_TEST(variants) {
    static const char *const set[] = {"seed=8", "options=island+bypass"};
    struct folder folder;
    make_options(&folder);
    struct scenario_request request = {.variant = "islands"};
    struct scenario *scenario = read_good(&folder, &request);
    ck_assert_int_eq(scenario->settings.seed, 7);
    ck_assert_double_eq_tol(scenario->network.sections[0].speed_ms, 60 / 3.6, 1e-12);
    ck_assert_int_eq(scenario->network.stations[1].track_count, 2);
    ck_assert_str_eq(setting(scenario, "options"), "island");
    ck_assert_str_eq(setting(scenario, "sections[A-M].speed_kmh"), "60");
    ck_assert_str_eq(scenario->variant, "islands");
    scenario_free(scenario);

    make_options(&folder);
    folder_put(&folder, "tracks.csv",
               "station,track,count,length_m,option\nA,yard,*,,\nM,main,,1200,\nB,yard,4,1500,\nX,main,,,\n");
    request.overrides = set;
    request.override_count = COUNT_OF(set);
    scenario = read_good(&folder, &request);
    ck_assert_int_eq(scenario->settings.seed, 8);
    ck_assert_int_eq(scenario->network.station_count, 4);
    ck_assert_int_eq(scenario->network.section_count, 3);
    ck_assert_str_eq(setting(scenario, "options"), "island+bypass");
    scenario_free(scenario);
}
END_TEST

/* Reads the scenario with options and returns what was told. */
static char *options_told(const struct scenario_request *request, const char *file, const char *content) {
    struct folder folder;
    struct diagnostics diagnostics = {0};
    char *text = NULL;
    size_t size;
    make_options(&folder);
    if (file) folder_put(&folder, file, content);
    scenario_free(folder_read(&folder, request, &diagnostics));
    FILE *stream = open_memstream(&text, &size);
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    diagnostics_free(&diagnostics);
    folder_free(&folder);
    return text;
}

START_TEST(option_errors) {
    static const char *const with[] = {"second_boar", "bypass"};
    static const struct {
        struct scenario_request request;
        const char *file, *content, *told;
    } cases[] = {
        {{.with_options = with, .with_option_count = 1},
         NULL,
         NULL,
         "--with:0:0: option 'second_boar' is not declared in options.csv, did you mean 'second_bore'?\n"},
        {{.with_options = with + 1, .with_option_count = 1},
         NULL,
         NULL,
         "s/options.csv:4:3: option 'bypass' is on and requires 'island' to be on\n"
         "s/stations.csv:5:1: station 'X' has no tracks, expected at least one in tracks.csv\n"},
        {{.variant = "island"},
         NULL,
         NULL,
         "--variant:0:0: variant 'island' is not declared in variants.csv, did you mean 'islands'?\n"},
        {{.variant = "none"},
         "variants.csv",
         "variant,options,settings\nnone,iland;!island,seed;dispatch=fcsf\n",
         "s/variants.csv:2:2: option 'iland' is not declared in options.csv, did you mean 'island'?\n"
         "s/variants.csv:2:2: '!island' in a list of options that are built, expected 'island' left out\n"
         "s/variants.csv:2:3: 'seed' has no key and value, expected KEY=VALUE\n"
         "s/variants.csv:2:3: dispatch=fcsf: dispatch 'fcsf' is not known, expected fcfs, priority or fleet\n"},
        {{0},
         "tracks.csv",
         "station,track,option\nA,yard,\nM,main,!islnd; bypass\nB,yard,\n",
         "s/tracks.csv:3:3: option 'islnd' is not declared in options.csv, did you mean 'island'?\n"},
        {{0},
         "day.csv",
         "service,train_type,origin,destination,interval_min,option\nS,F,A,B,60,island\n",
         "s/day.csv:0:0: every train is switched off, expected at least one that runs\n"},
        {{0},
         "day.csv",
         "service,train_type,origin,destination,interval_min,stops,option\nR,F,A,B,60,,\nS,F,A,B,60,X:60,island\n",
         ""},
        {{0},
         "day.csv",
         "service,train_type,origin,destination,arrivals,days\nS,F,A,B,saturated,mon;tue\n",
         "s/day.csv:2:6: days 'mon;tue' of a saturated service, which is always ready, expected none\n"},
        {{0},
         "day.csv",
         "service,train_type,origin,destination,interval_min,stops\nS,F,A,B,60,X:60\n",
         "s/day.csv:2:6: stop 'X' is switched off, expected a station that is there\n"},
        {{0},
         "day.csv",
         "train,train_type,station,departure,track\nT,F,A,00:00,\nT,F,M,,loop\nT,F,B,02:00,\n",
         "s/day.csv:3:5: track 'loop' of 'M' is switched off, expected one that is there\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *told = options_told(&cases[i].request, cases[i].file, cases[i].content);
        ck_assert_msg(strcmp(told, cases[i].told) == 0, "case %zu told\n%s\nexpected\n%s", i, told, cases[i].told);
        free(told);
    }
}
END_TEST

/* The settings of variants that nobody has chosen are checked, and change nothing. */
START_TEST(other_variants) {
    static const struct {
        const char *settings, *told;
    } cases[] = {
        {"seed=7;sections[A-M].speed_kmh=60; options=island+bypass;horizon_days=*2", ""},
        {"sections.speed_kmh=100;sections.speed_kmh=*0.8;tracks[B:yard].count=*;warmup_days=auto", ""},
        {"schedule=night.csv;schedule[north].interval_min=5", ""},
        {"sead=7", "sead=7: unknown key 'sead', did you mean 'seed'?"},
        {"seed", "'seed' has no key and value, expected KEY=VALUE"},
        {"seed=-7", "seed=-7: seed -7 is out of range, expected a whole number from 0 to 9007199254740992"},
        {"dispatch=lookahead",
         "dispatch=lookahead: dispatch 'lookahead' is not in this version, expected fcfs, priority or fleet"},
        {"start_date=2030", "start_date=2030: start_date '2030' is not a date, expected a date YYYY-MM-DD from "
                            "1900-01-01 to 2199-12-31"},
        {"options=island+hill", "options=island+hill: option 'hill' is not declared in options.csv"},
        {"section.speed_kmh=9", "section.speed_kmh=9: unknown table 'section', did you mean 'sections'?"},
        {"sections.speed=9", "sections.speed=9: sections has no column 'speed', did you mean 'speed_kmh'?"},
        {"sections[A-B].speed_kmh=9", "sections[A-B].speed_kmh=9: sections has no row 'A-B'"},
        {"sections.length_km=*1000",
         "sections.length_km=*1000: length_km 20000 is out of range, expected 0.01 to 5000"},
        {"sections[A-M].to=C", "sections[A-M].to=C: to 'C' is not declared in stations.csv"},
        {"sections.speed_kmh=*2", "sections.speed_kmh=*2: speed_kmh holds no number to multiply"},
        {"train_types.running_factor=uniform(2)",
         "train_types.running_factor=uniform(2): running_factor: uniform has 1 parameter; expected uniform(a,b)"},
        {"schedule[north].interval_min=5", "schedule[north].interval_min=5: schedule has no row 'north'"},
        {"schedule[east].interval_min=no",
         "schedule[east].interval_min=no: interval_min 'no' is not a number, expected 0.1 to 10080"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char content[300], expected[400];
        const struct scenario_request chosen = {.variant = "this"};
        snprintf(content, sizeof content, "variant,settings\nthis,seed=3\nother,%s\n", cases[i].settings);
        snprintf(expected, sizeof expected, "s/variants.csv:3:2: %s\n", cases[i].told);
        for (int which = 0; which < 2; which++) {
            char *told = options_told(which == 0 ? &(struct scenario_request){0} : &chosen, "variants.csv", content);
            const bool right = *cases[i].told ? strncmp(told, expected, strlen(expected)) == 0 : *told == '\0';
            ck_assert_msg(right, "%s told\n%s\nexpected\n%s", cases[i].settings, told, expected);
            free(told);
        }
    }
    /* what is meant for a schedule of the other form than the one given */
    static const char *const timetable[] = {"s/trains.csv"};
    const struct scenario_request trains = {.schedules = timetable, .schedule_count = 1};
    for (int which = 0; which < 2; which++) {
        struct folder folder;
        make_options(&folder);
        folder_put(&folder, "trains.csv", "train,train_type,station,departure\nT,F,A,00:00\nT,F,B,02:00\n");
        folder_put(&folder, "variants.csv",
                   which == 0 ? "variant,settings\nother,schedule.interval_min=*2\n"
                              : "variant,settings\nother,schedule.interval=*2\n");
        char *told = folder_tell(&folder, &trains);
        ck_assert_str_eq(told, which == 0 ? ""
                                          : "s/variants.csv:2:2: schedule.interval=*2: schedule has no column "
                                            "'interval', expected train, train_type, station, arrival, departure, "
                                            "min_dwell_s, track, entry_delay_s, dwell_s, option or source\n");
        free(told);
    }
    struct folder folder;
    make_options(&folder);
    struct scenario *scenario = read_good(&folder, NULL);
    ck_assert_int_eq(scenario->settings.seed, 1);
    ck_assert(isinf(scenario->network.sections[0].speed_ms));
    ck_assert_ptr_null(setting(scenario, "sections[A-M].speed_kmh"));
    scenario_free(scenario);
}
END_TEST

/* ---- overrides ---- */

START_TEST(overrides) {
    static const char *const set[] = {"horizon_days=*3",
                                      "sections.speed_kmh=100",
                                      "sections.speed_kmh=*0.8",
                                      "sections[M-B].release_s=5",
                                      "tracks[B:yard].count=*",
                                      "train_types[F].mass_t=*0.5",
                                      "schedule.interval_min=*2",
                                      "schedule[west].stops=M:60",
                                      "seed=3",
                                      "seed=4",
                                      "name=a=b"};
    struct folder folder;
    folder_make(&folder);
    const struct scenario_request request = {.overrides = set, .override_count = COUNT_OF(set)};
    struct scenario *scenario = read_good(&folder, &request);
    ck_assert_int_eq(scenario->settings.horizon_ms, 3 * MILLISECONDS_PER_DAY);
    ck_assert_int_eq(scenario->settings.seed, 4);
    ck_assert_str_eq(scenario->settings.name, "a=b");
    ck_assert_double_eq_tol(scenario->network.sections[0].speed_ms, 80 / 3.6, 1e-12);
    ck_assert_int_eq(scenario->network.sections[0].release_ms, 0);
    ck_assert_int_eq(scenario->network.sections[1].release_ms, 5000);
    ck_assert(scenario->network.stations[2].unlimited);
    ck_assert_double_eq(scenario->train_types[0].mass_kg, 2e6);
    ck_assert_int_eq(scenario->timetable.plans[0].trains_per_day, 6);
    ck_assert_int_eq(scenario->timetable.plans[1].call_count, 3);
    ck_assert_str_eq(setting(scenario, "horizon_days"), "3");
    ck_assert_str_eq(setting(scenario, "seed"), "4");
    ck_assert_str_eq(setting(scenario, "dispatch"), "fcfs");
    ck_assert_str_eq(setting(scenario, "options"), "");
    const struct setting_used *used = scenario->settings_used + scenario->settings_used_count - 7;
    for (int32_t i = 0; i < 7; i++) { /* in the order they were applied, one key twice */
        const size_t key = strlen(used[i].key);
        ck_assert(strncmp(set[1 + i], used[i].key, key) == 0 && set[1 + i][key] == '=');
        ck_assert_str_eq(set[1 + i] + key + 1, used[i].value);
    }
    ck_assert_str_eq(setting(scenario, "schedule[west].stops"), "M:60");
    scenario_free(scenario);
}
END_TEST

START_TEST(override_errors) {
    static const struct {
        const char *set, *told;
    } cases[] = {
        {"horizon=3", "horizon=3: unknown key 'horizon', did you mean 'horizon_days'?"},
        {"elephants=3",
         "elephants=3: unknown key 'elephants', expected a key of scenario.csv, options, TABLE.COLUMN or "
         "TABLE[ID].COLUMN"},
        {"horizn_days=3", "horizn_days=3: unknown key 'horizn_days', did you mean 'horizon_days'?"},
        {"option=", "option=: unknown key 'option', did you mean 'options'?"},
        {"seed", "'seed' has no key and value, expected KEY=VALUE"},
        {"=5", "'=5' has no key and value, expected KEY=VALUE"},
        {"seed=-1", "seed=-1: seed -1 is out of range, expected a whole number from 0 to 9007199254740992"},
        {"dispatch=lookahead",
         "dispatch=lookahead: dispatch 'lookahead' is not in this version, expected fcfs, priority or fleet"},
        {"dispatch=*2", "dispatch=*2: dispatch holds no numbers, expected a value without *"},
        {"horizon_days=*two", "horizon_days=*two: 'two' is not a number, expected a factor such as *0.8"},
        {"fleet_window_min=*2", "fleet_window_min=*2: fleet_window_min holds no number to multiply"},
        {"options=island", "options=island: option 'island' is not declared in options.csv"},
        {"section.speed_kmh=9", "section.speed_kmh=9: unknown table 'section', did you mean 'sections'?"},
        {"scenario.seed=9", "scenario.seed=9: the keys of scenario.csv stand alone, expected 'seed'"},
        {"hazards.value=9", "hazards.value=9: the scenario has no hazards"},
        {"sections.speed=9", "sections.speed=9: sections has no column 'speed', did you mean 'speed_kmh'?"},
        {"sections.speed_kmh=*2", "sections.speed_kmh=*2: speed_kmh holds no number to multiply"},
        {"sections[A-B].speed_kmh=9", "sections[A-B].speed_kmh=9: sections has no row 'A-B'"},
        {"tracks[M:siding].count=9", "tracks[M:siding].count=9: tracks has no row 'M:siding'"},
        {"sections[A-M]=9", "sections[A-M]=9: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
        {"sections[A-M.speed_kmh=9", "sections[A-M.speed_kmh=9: not a key, expected TABLE[ID].COLUMN or TABLE.COLUMN"},
        {"sections.length_km=*1000",
         "sections.length_km=*1000: length_km 20000 is out of range, expected 0.01 to 5000"},
        {"sections.speed_kmh=fast", "sections.speed_kmh=fast: speed_kmh 'fast' is not a number, expected 1 to 1000"},
        {"sections[A-M].to=B2", "sections[A-M].to=B2: to 'B2' is not declared in stations.csv, did you mean 'B'?"},
        {"schedule.dwell=5",
         "schedule.dwell=5: schedule has no column 'dwell', expected service, train_type, origin, destination, "
         "first_departure, last_departure, interval_min, trains_per_day, days, arrivals, stops, return_of, "
         "entry_delay_s, option or source"},
        {"schedule=night.csv", "no such schedule: s/night.csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct scenario_request request = {.overrides = &cases[i].set, .override_count = 1};
        char *told = folder_told(NULL, NULL, &request), expected[300];
        snprintf(expected, sizeof expected, "--set:0:0: %s\n", cases[i].told);
        const char *after = strstr(told, expected); /* a second row may be out of range with another number */
        ck_assert_msg(after == told, "%s told\n%s\nexpected\n%s", cases[i].set, told, expected);
        free(told);
    }
}
END_TEST

/* ---- schedules ---- */

START_TEST(services) {
    static const struct {
        const char *row;
        int32_t trains;
        int64_t first_ms;
        double interval_ms, weight;
        enum arrival_process arrivals;
    } cases[] = {
        {"S,F,A,B,,,60,,,,", 24, 0, 3600000, 24, ARRIVALS_REGULAR}, /* not at 24:00, which is the next day's */
        {"S,F,A,B,00:00,23:59:59,60.0000,,,regular,", 24, 0, 3600000, 1, ARRIVALS_REGULAR},
        {"S,F,A,B,00:30,23:30,60,,,,", 24, 1800000, 3600000, 23, ARRIVALS_REGULAR}, /* both ends included */
        {"S,F,A,B,06:00,06:59,20,,,,", 3, 21600000, 1200000, 2.95, ARRIVALS_REGULAR},
        {"S,F,A,B,06:00,06:00,20,,,,", 1, 21600000, 1200000, 1, ARRIVALS_REGULAR},
        {"S,F,A,B,,,,5,,,", 5, 0, 17280000, 5, ARRIVALS_REGULAR},
        {"S,F,A,B,06:00,18:00,,4,,,", 4, 21600000, 10800000, 4, ARRIVALS_REGULAR},
        {"S,F,A,B,06:00,06:00,,1,,,", 1, 21600000, 86400000, 1, ARRIVALS_REGULAR},
        {"S,F,A,B,06:00,18:00,,4.5,,poisson,", 0, 21600000, 9600000, 4.5, ARRIVALS_POISSON},
        {"S,F,A,B,,,30,,,poisson,", 0, 0, 1800000, 48, ARRIVALS_POISSON},
        {"S,F,A,B,,,,,,saturated,", 0, 0, 86400000, 1, ARRIVALS_SATURATED},
        {"S,F,A,B,,,,2.5,,saturated,", 0, 0, 86400000, 2.5, ARRIVALS_SATURATED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct folder folder;
        char content[300];
        snprintf(content, sizeof content,
                 "service,train_type,origin,destination,first_departure,last_departure,interval_min,trains_per_day,"
                 "days,arrivals,entry_delay_s\n%s\n",
                 cases[i].row);
        folder_make(&folder);
        folder_put(&folder, "day.csv", content);
        struct scenario *scenario = read_good(&folder, NULL);
        const struct train_plan *plan = &scenario->timetable.plans[0];
        ck_assert_msg(plan->trains_per_day == cases[i].trains, "%s: %d trains", cases[i].row, plan->trains_per_day);
        ck_assert_int_eq(plan->first_ms, cases[i].first_ms);
        ck_assert_double_eq(plan->interval_ms, cases[i].interval_ms);
        if (cases[i].arrivals == ARRIVALS_SATURATED) ck_assert_double_eq(plan->weight, cases[i].weight);
        ck_assert_int_eq(plan->arrivals, cases[i].arrivals);
        ck_assert_int_eq(plan->weekdays, 127);
        ck_assert_int_eq(plan->return_of, -1);
        scenario_free(scenario);
    }
}
END_TEST

START_TEST(service_calls_and_returns) {
    struct folder folder;
    folder_make(&folder);
    folder_put(&folder, "stations.csv", "station,name,kind\nA,,terminal\nM,,siding\nN,,siding\nB,,terminal\n");
    folder_put(&folder, "tracks.csv", "station,track,count\nA,yard,*\nM,loop,2\nN,loop,2\nB,yard,4\n");
    folder_put(&folder, "sections.csv", "section,from,to,length_km\nA-M,A,M,20\nN-M,N,M,20\nN-B,N,B,30\n");
    folder_put(&folder, "day.csv",
               "service,train_type,origin,destination,days,stops,return_of,trains_per_day,entry_delay_s\n"
               "back,F,B,A,,,there,,\nthere,F,A,B,mon;sun,N:60; M:30.5,,4,exponential(60)\n");
    struct scenario *scenario = read_good(&folder, NULL);
    const struct train_plan *back = &scenario->timetable.plans[0], *there = &scenario->timetable.plans[1];
    ck_assert_int_eq(back->return_of, 1);
    ck_assert_int_eq(back->trains_per_day, 0);
    ck_assert_int_eq(there->weekdays, 0x41);
    ck_assert_int_eq(there->call_count, 4); /* in the order of the route, whatever the order in the file */
    ck_assert_int_eq(there->calls[1].station, 1);
    ck_assert_int_eq(there->calls[1].min_dwell_ms, 30500);
    ck_assert_int_eq(there->calls[2].station, 2);
    ck_assert(there->calls[1].stop && there->calls[3].stop);
    ck_assert_int_eq(there->route_length, 3);
    ck_assert_int_eq(there->route[1].direction, BACKWARD);
    ck_assert_int_eq(back->route[1].direction, FORWARD);
    ck_assert_double_eq(law_mean(&there->entry_delay), 60);
    scenario_free(scenario);
}
END_TEST

START_TEST(timetable) {
    struct folder folder;
    folder_make(&folder);
    folder_put(&folder, "day.csv",
               "train,train_type,station,arrival,departure,min_dwell_s,track,entry_delay_s,dwell_s\n"
               "T2,F,B,05:00,05:10,,yard.3,,\nT2,F,M,06:00,06:00,,,,\nT2,F,A,07:00,,,,,\n"
               "T1,F,A,,23:30,,,exponential(300),\nT1,F,M,24:15,24:15:30,60,loop.2,,uniform(0;1)\nT1,F,B,25:00,,,,,\n");
    struct diagnostics diagnostics = {0};
    ck_assert_ptr_null(folder_read(&folder, NULL, &diagnostics)); /* uniform(0;1) */
    ck_assert_int_eq(diagnostics.errors, 1);
    diagnostics_free(&diagnostics);
    folder_put(
        &folder, "day.csv",
        "train,train_type,station,arrival,departure,min_dwell_s,track,entry_delay_s,dwell_s\n"
        "T2,F,B,05:00,05:10,,yard.3,,\nT2,F,M,06:00,06:00,,,,\nT2,F,A,07:00,,,,,\n"
        "T1,F,A,,23:30,,,exponential(300),\nT1,F,M,24:15,24:15:30,60,loop.2,,\"uniform(0,1)\"\nT1,F,B,25:00,,,,,\n");
    struct scenario *scenario = read_good(&folder, NULL);
    const struct train_plan *second = &scenario->timetable.plans[0], *first = &scenario->timetable.plans[1];
    ck_assert_int_eq(scenario->timetable.plan_count, 2);
    ck_assert_str_eq(second->id, "T2");
    ck_assert_int_eq(second->row, 0);
    ck_assert(second->starts_standing && !first->starts_standing);
    ck_assert_int_eq(second->calls[0].track, network_track(&scenario->network, 2, "yard.3"));
    ck_assert(!second->calls[1].stop && first->calls[1].stop && first->calls[0].stop && first->calls[2].stop);
    ck_assert_int_eq(first->calls[1].departure_ms, 87330000);
    ck_assert_int_eq(first->calls[1].min_dwell_ms, 60000);
    ck_assert_int_eq(first->calls[2].departure_ms, -1);
    ck_assert_double_eq(law_mean(&first->calls[1].dwell), 0.5);
    ck_assert_double_eq(law_mean(&first->entry_delay), 300);
    ck_assert_int_eq(first->route_length, 2);
    scenario_free(scenario);
}
END_TEST

/* Several schedules, of both forms, in the order given; one outside of the folder. */
START_TEST(several_schedules) {
    static const char *const schedules[] = {"s/extra.csv", "s/../plans/day.csv"};
    struct folder folder;
    folder_make(&folder);
    folder_put(&folder, "extra.csv", "train,train_type,station,departure\nT,F,B,03:00\nT,F,A,\n");
    folder_put(&folder, "../plans/day.csv", "service,train_type,origin,destination,trains_per_day\nlocal,F,A,B,4\n");
    const struct scenario_request request = {.schedules = schedules, .schedule_count = 2};
    struct scenario *scenario = read_good(&folder, &request);
    ck_assert_int_eq(scenario->timetable.plan_count, 2);
    ck_assert_str_eq(scenario->timetable.plans[0].id, "T");
    ck_assert_int_eq(scenario->timetable.plans[1].kind, PLAN_SERVICE);
    ck_assert_int_eq(scenario->timetable.plans[1].row, 1);
    ck_assert_str_eq(scenario->schedule_path, "s/extra.csv s/../plans/day.csv");
    ck_assert_int_eq(scenario->input_count, 7); /* not the scenario's own schedule */
    ck_assert_str_eq(scenario->inputs[0].path, "s/../plans/day.csv");
    scenario_free(scenario);

    folder_make(&folder);
    folder_put(&folder, "scenario.csv", "key,value\nschedule,../plans/day.csv\n");
    folder_put(&folder, "../plans/day.csv", "service,train_type,origin,destination,trains_per_day\nlocal,F,A,B,4\n");
    scenario = read_good(&folder, NULL);
    ck_assert_str_eq(scenario->schedule_path, "s/../plans/day.csv");
    scenario_free(scenario);
}
END_TEST

/* Every type on every route that stalls, at its first train; those that run do not hide it. */
START_TEST(stalling_trains) {
    struct folder folder;
    struct diagnostics diagnostics = {0};
    char *text = NULL;
    size_t size;
    folder_make(&folder);
    folder_put(&folder, "stations.csv", "station,kind\nA,terminal\nM,terminal\nB,terminal\n");
    folder_put(&folder, "alignment.csv", "section,from_km,to_km,gradient_permille\nM-B,10,20,20\n");
    folder_put(&folder, "train_types.csv",
               "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2\n"
               "F,1000,4000,80,5000,300,0.3\nG,1000,8000,80,5000,300,0.3\nlight,500,400,80,5000,300,0.3\n");
    folder_put(&folder, "day.csv",
               "origin,service,train_type,destination,trains_per_day\nA,post,light,B,4\nA,east,F,B,4\nA,east2,F,B,4\n"
               "B,west,F,A,4\nM,short,F,B,4\n\nA,heavy,G,B,4\n");
    struct scenario *scenario = folder_read(&folder, NULL, &diagnostics);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_ptr_null(planning_create(scenario, &diagnostics));
    FILE *stream = open_memstream(&text, &size);
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    static const char *const told[] = {"s/day.csv:3:3: train type F cannot run east: it stalls ",
                                       "s/day.csv:6:3: train type F cannot run short: it stalls ",
                                       "s/day.csv:8:3: train type G cannot run heavy: it stalls "};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) ck_assert_ptr_nonnull(strstr(text, told[i]));
    ck_assert_int_eq(diagnostics.errors, 3);
    free(text);
    diagnostics_free(&diagnostics);
    scenario_free(scenario);
    folder_free(&folder);
}
END_TEST

/* ---- files ---- */

static void check_bench(const char *name, int32_t stations, int32_t tracks, const char *sha256) {
    char folder[500];
    struct diagnostics diagnostics = {0};
    const char *data = getenv("BERING_TEST_DATA");
    snprintf(folder, sizeof folder, "%s/bench/%s", data ? data : "tests/data", name);
    struct scenario_request request = {.folder = folder};
    struct scenario *scenario = scenario_read(&request, &diagnostics);
    if (!scenario) diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    ck_assert_int_eq(scenario->network.station_count, stations);
    ck_assert_int_eq(scenario->network.track_count, tracks);
    ck_assert_int_eq(scenario->timetable.plan_count, 2);
    ck_assert_int_eq(scenario->timetable.plans[1].trains_per_day, 24);
    ck_assert_int_eq(scenario->input_count, 6);
    ck_assert_str_eq(scenario->input_sha256, sha256);

    /* The same again from what was kept, the folder not named: nothing differs. */
    request.folder = NULL;
    struct scenario *again = scenario_read_inputs(&request, scenario->inputs, scenario->input_count, &diagnostics);
    ck_assert_ptr_nonnull(again);
    ck_assert_str_eq(again->input_sha256, sha256);
    ck_assert_str_eq(again->inputs[0].path, scenario->inputs[0].path);
    scenario_free(again);
    scenario_free(scenario);
}

/* The fingerprints as `printf 'NAME\0SIZE\0'; cat FILE` over the six files and sha256sum give them. */
START_TEST(benches) {
    check_bench("line113", 7, 22, "93203826ef9163a3fb8c86270eb62eba4b590149b960cb2f6e40e8ace1dd7a7c");
    check_bench("line598", 31, 60, "5e1721d9fc0cf7373b724af64f15f22f2e1ae1a5b1c36b7fb4d8b23e27a09d88");
}
END_TEST

static void write_file(const char *folder, const char *name, const char *content) {
    char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    fputs(content, stream);
    fclose(stream);
}

static char *disk_told(const struct scenario_request *request) {
    struct diagnostics diagnostics = {0};
    char *text = NULL;
    size_t size;
    scenario_free(scenario_read(request, &diagnostics));
    FILE *stream = open_memstream(&text, &size);
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    diagnostics_free(&diagnostics);
    return text;
}

START_TEST(on_disk) {
    char folder[] = "/tmp/bering_scenario_XXXXXX", inside[600], expected[1200];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(inside, sizeof inside, "%s/sections.csv", folder);
    const char *const schedules[] = {"no/such.csv"};
    const struct scenario_request missing = {.folder = "no/such/folder"};
    const struct scenario_request whole = {.folder = folder, .schedules = schedules, .schedule_count = 1};
    char *told = disk_told(&missing);
    ck_assert_str_eq(told, "no/such/folder:0:0: no such folder, expected a folder of CSV files\n");
    free(told);

    write_file(folder, "scenario.csv", "key,value\n");
    write_file(folder, "stations.csv", "station,kind\nA,terminal\nB,terminal\n");
    write_file(folder, "tracks.csv", "station,track\nA,t\nB,t\n");
    write_file(folder, "train_types.csv", "train_type,length_m,max_speed_kmh\nF,100,80\n");
    told = disk_told(&whole);
    snprintf(
        expected, sizeof expected,
        "%s:0:0: no such file, expected one in every scenario\nno/such.csv:0:0: no such file, expected a schedule\n",
        inside);
    ck_assert_str_eq(told, expected);
    free(told);

    ck_assert_int_eq(symlink(".", inside), 0); /* a folder where a file should be */
    told = disk_told(&whole);
    snprintf(expected, sizeof expected,
             "%s:0:0: a folder, expected a CSV file\nno/such.csv:0:0: no such file, expected a schedule\n", inside);
    ck_assert_str_eq(told, expected);
    free(told);
    unlink(inside);

    ck_assert_int_eq(mkfifo(inside, 0600), 0); /* that nobody writes into */
    told = disk_told(&whole);
    snprintf(expected, sizeof expected,
             "%s:0:0: not a regular file, expected a CSV file\nno/such.csv:0:0: no such file, expected a schedule\n",
             inside);
    ck_assert_str_eq(told, expected);
    free(told);
    unlink(inside);

    write_file(folder, "sections.csv", "section\n");
    ck_assert_int_eq(chmod(inside, 0), 0);
    if (geteuid() != 0) {
        told = disk_told(&whole);
        snprintf(expected, sizeof expected,
                 "%s:0:0: no permission to read it\nno/such.csv:0:0: no such file, expected a schedule\n", inside);
        ck_assert_str_eq(told, expected);
        free(told);
    } else {
        printf("not tested: a file without permission, for root may read it\n");
    }
    unlink(inside);

    ck_assert_int_eq(symlink("sections.csv", inside), 0); /* round and round */
    told = disk_told(&whole);
    snprintf(
        expected, sizeof expected,
        "%s:0:0: cannot be read: a link that leads to itself\nno/such.csv:0:0: no such file, expected a schedule\n",
        inside);
    ck_assert_str_eq(told, expected);
    free(told);
    unlink(inside);

    const struct scenario_request file = {.folder = "/dev/null"};
    told = disk_told(&file);
    ck_assert_str_eq(told, "/dev/null:0:0: a file, expected a folder of CSV files\n");
    free(told);

    static const char *const names[] = {"scenario.csv", "stations.csv", "tracks.csv", "train_types.csv"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(inside, sizeof inside, "%s/%s", folder, names[i]);
        unlink(inside);
    }
    rmdir(folder);
}
END_TEST

/* What runs once ends with its last train, but trains that are always ready have no last one. */
START_TEST(the_horizon_of_once) {
    static const char *const rows[] = {"E,F,A,B,120,\n", "E,F,A,B,120,saturated\n"};
    for (int32_t i = 0; i < COUNT_OF(rows); i++) {
        static const char *const set[] = {"repeat=once"};
        const struct scenario_request request = {.overrides = set, .override_count = 1};
        char text[200];
        struct folder folder;
        folder_make(&folder);
        snprintf(text, sizeof text, "service,train_type,origin,destination,interval_min,arrivals\n%s", rows[i]);
        folder_put(&folder, "day.csv", text);
        struct scenario *scenario = read_good(&folder, &request);
        ck_assert_int_eq(scenario->settings.horizon_given, i == 1);
        ck_assert_int_eq(scenario->settings.horizon_ms, MILLISECONDS_PER_DAY);
        ck_assert_str_eq(setting(scenario, "horizon_days"), i == 1 ? "1" : "");
        scenario_free(scenario);
    }
}
END_TEST

/* Moving the folder changes no fingerprint; changing a byte or a name does. */
START_TEST(fingerprint) {
    struct folder folder;
    folder_make(&folder);
    struct diagnostics diagnostics = {0};
    const struct scenario_request none = {0};
    struct scenario *here = folder_read(&folder, NULL, &diagnostics);
    ck_assert_ptr_nonnull(here);
    char paths[FOLDER_MOST_FILES][100];
    struct input_file moved[FOLDER_MOST_FILES];
    for (int32_t i = 0; i < folder.count; i++) {
        snprintf(paths[i], sizeof paths[i], "/elsewhere/deep/%s", folder.files[i].path + 2);
        moved[i] = (struct input_file){paths[i], folder.files[i].content, folder.files[i].size};
    }
    struct scenario *there = scenario_read_inputs(&none, moved, folder.count, &diagnostics);
    ck_assert_ptr_nonnull(there);
    ck_assert_str_eq(here->input_sha256, there->input_sha256);
    scenario_free(there);
    folder_put(&folder, "stations.csv", "station,name,kind\nA,,terminal\nM,Muddle,siding\nB,,terminal\n");
    there = folder_read(&folder, NULL, &diagnostics);
    ck_assert_ptr_nonnull(there);
    ck_assert_str_ne(here->input_sha256, there->input_sha256);
    scenario_free(there);
    scenario_free(here);
    folder_free(&folder);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_whole_scenario,    options,           variants,
                                  other_variants,      option_errors,     overrides,
                                  override_errors,     services,          service_calls_and_returns,
                                  timetable,           several_schedules, stalling_trains,
                                  the_horizon_of_once, benches,           on_disk,
                                  fingerprint};
    return run_suite("scenario", tests, sizeof tests / sizeof tests[0]);
}
