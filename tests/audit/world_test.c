/* What the audit reads of stations, lines and trains. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kept_run.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define NEAR(value, expected) ck_assert_double_eq_tol(value, expected, 1e-9 * (1 + fabs((double)(expected))))

/* ---- stations and tracks ---- */

START_TEST(stations_have_their_tracks_one_after_the_other) {
    const struct audit_world *world = kept_world();
    static const struct {
        const char *id, *tracks;
        bool terminal, unlimited;
        double zone_m;
    } expected[] = {
        {"west", "yard", true, true, 700},
        {"middle", "main loop.1 loop.2", false, false, 900},
        {"east", "yard.1 yard.2 yard.3 yard.4", true, false, 700},
    };
    ck_assert_int_eq(world->station_count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct audit_station *station = &world->stations[i];
        char tracks[200] = "";
        for (int32_t t = station->first_track; t < station->first_track + station->track_count; t++) {
            ck_assert_int_eq(world->tracks[t].station, (int)i);
            ck_assert_int_eq(audit_world_track(world, (int32_t)i, world->tracks[t].id), t);
            snprintf(tracks + strlen(tracks), sizeof tracks - strlen(tracks), "%s%s", *tracks ? " " : "",
                     world->tracks[t].id);
        }
        ck_assert_str_eq(station->id, expected[i].id);
        ck_assert_str_eq(tracks, expected[i].tracks);
        ck_assert_int_eq(station->terminal, expected[i].terminal);
        ck_assert_int_eq(station->unlimited, expected[i].unlimited);
        ck_assert_double_eq(audit_world_zone(world, (int32_t)i, 700), expected[i].zone_m);
    }
    const struct audit_track *loop = &world->tracks[audit_world_track(world, 1, "loop.2")];
    ck_assert_double_eq(loop->length_m, 850);
    NEAR(loop->speed_ms, 10);
    ck_assert(isinf(world->tracks[audit_world_track(world, 1, "main")].speed_ms));
    ck_assert(world->tracks[audit_world_track(world, 0, "yard")].unlimited);
    ck_assert_int_eq(audit_world_track(world, 1, "loop"), -1);
    ck_assert_int_eq(audit_world_track(world, 0, "loop.1"), -1);
    ck_assert_int_eq(world->stations[1].crossing_interval_ms, 60000);
    ck_assert_int_eq(world->stations[1].arrival_interval_ms, 240000);
    ck_assert_int_eq(world->stations[0].crossing_interval_ms, 0);
}
END_TEST

START_TEST(a_terminal_says_how_long_its_trainsets_take) {
    kept_file("line/terminals.csv", "station,cranes,turnaround_s,option\neast,3,1800.5,\nwest,,60,bore\nisle,,60,\n");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->stations[audit_world_station(world, "east")].turnaround_ms, 1800500);
    ck_assert_int_eq(world->stations[audit_world_station(world, "west")].turnaround_ms, 0);
}
END_TEST

/* ---- sections ---- */

START_TEST(a_section_without_anything_has_the_defaults) {
    const struct audit_world *world = kept_world();
    const struct audit_section *section = &world->sections[audit_world_section(world, "middle-east")];
    ck_assert_str_eq(station_id(world, section->from), "middle");
    ck_assert_str_eq(station_id(world, section->to), "east");
    ck_assert_double_eq(section->length_m, 50000);
    ck_assert_int_eq(section->line_tracks, 1);
    ck_assert_double_eq(section->block_m, 0);
    ck_assert(isinf(section->speed_ms) && isinf(section->clearance_m));
    ck_assert(!section->moving);
    ck_assert_int_eq(section->headway_ms, -1);
    ck_assert_int_eq(section->release_ms, 0);
    ck_assert_int_eq(section->purge_ms, 0);
    ck_assert(section->purge_after[0] && section->purge_after[1] && section->purge_before[0] &&
              section->purge_before[1]);
    ck_assert_int_eq(section->max_trains, 0);
    ck_assert_int_eq(section->gauge_mm, 0);
    ck_assert_int_eq(section->alignment_count, 0);
}
END_TEST

START_TEST(a_section_with_everything_has_it) {
    kept_file("line/sections.csv",
              "source,purge_before,purge_after,purge_s,to,from,section,length_km,tracks,signalling,max_trains,gauge_mm,"
              "clearance_m,release_s,speed_kmh,headway_s,block_km\n"
              "x,forward,backward,900,middle,west,a,30,2,moving,3,1520,5.2,0.5,72,,\n"
              "x,,,,east,middle,b,30,,moving,,,,,,300,5\n");
    const struct audit_world *world = kept_world();
    const struct audit_section *section = &world->sections[0], *other = &world->sections[1];
    ck_assert(section->moving && section->line_tracks == 2 && section->max_trains == 3 && section->gauge_mm == 1520);
    ck_assert_double_eq(section->clearance_m, 5.2);
    ck_assert_int_eq(section->release_ms, 500);
    ck_assert_int_eq(section->purge_ms, 900000);
    NEAR(section->speed_ms, 20);
    ck_assert(!section->purge_after[AUDIT_FORWARD] && section->purge_after[AUDIT_BACKWARD]);
    ck_assert(section->purge_before[AUDIT_FORWARD] && !section->purge_before[AUDIT_BACKWARD]);
    ck_assert_int_eq(other->headway_ms, 300000);
    ck_assert_msg(!other->moving, "a headway goes before moving block");
    ck_assert_int_eq(audit_section_blocks(other), 1);
}
END_TEST

START_TEST(blocks_are_alike_and_none_is_longer_than_given) {
    static const struct {
        double length_m, block_m;
        int64_t headway_ms;
        bool moving;
        int32_t blocks;
    } cases[] = {
        {30000, 5000, -1, false, 6},      {30001, 5000, -1, false, 7},
        {4999, 5000, -1, false, 1},       {47000, 5000, -1, false, 10},
        {30000, 0, -1, false, 1},         {30000, 5000, 0, false, 1},
        {30000, 5000, -1, true, 1},       {0.7 * 1000, 0.1 * 1000, -1, false, 7},
        {3 * 1.1e3, 1.1e3, -1, false, 3}, {5000000, 50, -1, false, 100000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct audit_section section = {.length_m = cases[i].length_m,
                                              .block_m = cases[i].block_m,
                                              .headway_ms = cases[i].headway_ms,
                                              .moving = cases[i].moving};
        ck_assert_msg(audit_section_blocks(&section) == cases[i].blocks, "%g in %g: %d", cases[i].length_m,
                      cases[i].block_m, audit_section_blocks(&section));
    }
}
END_TEST

START_TEST(a_section_joins_two_stations_either_way) {
    const struct audit_world *world = kept_world();
    enum audit_direction direction;
    ck_assert_int_eq(audit_world_between(world, 0, 1, &direction), 0);
    ck_assert_int_eq(direction, AUDIT_FORWARD);
    ck_assert_int_eq(audit_world_between(world, 1, 0, &direction), 0);
    ck_assert_int_eq(direction, AUDIT_BACKWARD);
    ck_assert_int_eq(audit_world_between(world, 0, 2, &direction), -1);
    ck_assert_int_eq(audit_world_section(world, "isle-east"), -1);
}
END_TEST

START_TEST(alignment_is_in_order_along_each_section) {
    kept_file("line/alignment.csv", "section,from_km,to_km,gradient_permille,curve_radius_m,speed_kmh,tunnel,option\n"
                                    "middle-east,10,20.5,-12,800,72,yes,\n"
                                    "west-middle,5,30,3,,,,\n"
                                    "isle-east,0,1,1,,,,\n"
                                    "middle-east,0,10,,,,no,\n"
                                    "west-middle,0,5,9,,,,bore\n");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->alignment_count, 3);
    const struct audit_section *section = &world->sections[audit_world_section(world, "middle-east")];
    ck_assert_int_eq(section->alignment_count, 2);
    const struct audit_alignment *part = &world->alignments[section->first_alignment];
    ck_assert_double_eq(part[0].to_m, 10000);
    ck_assert_double_eq(part[0].gradient_permille, 0);
    ck_assert(isinf(part[0].curve_radius_m) && isinf(part[0].speed_ms) && !part[0].tunnel);
    ck_assert_double_eq(part[1].from_m, 10000);
    ck_assert_double_eq(part[1].to_m, 20500);
    ck_assert_double_eq(part[1].gradient_permille, -12);
    ck_assert_double_eq(part[1].curve_radius_m, 800);
    NEAR(part[1].speed_ms, 20);
    ck_assert(part[1].tunnel);
    ck_assert_int_eq(world->sections[0].alignment_count, 1);
    ck_assert_double_eq(world->alignments[world->sections[0].first_alignment].from_m, 5000);
}
END_TEST

START_TEST(possessions_are_windows_of_weekdays) {
    kept_file("line/possessions.csv", "section,line_track,direction,weekday,from,to,option\n"
                                      "west-middle,1,forward,sat;sun,22:00,04:30:15,\n"
                                      "west-middle,,,,00:00,24:00,\n"
                                      "isle-east,,,,01:00,02:00,\n"
                                      "west-middle,,,,01:00,02:00,bore\n");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->possession_count, 2);
    const struct audit_possession *night = &world->possessions[0], *whole = &world->possessions[1];
    ck_assert_int_eq(night->line_track, 1);
    ck_assert(night->direction[AUDIT_FORWARD] && !night->direction[AUDIT_BACKWARD]);
    ck_assert_uint_eq(night->weekdays, 1u << 5 | 1u << 6);
    ck_assert_int_eq(night->from_ms, 22 * 3600000);
    ck_assert_int_eq(night->to_ms, ((28 * 60 + 30) * 60 + 15) * 1000);
    ck_assert_int_eq(whole->line_track, 0);
    ck_assert_uint_eq(whole->weekdays, 127);
    ck_assert_int_eq(whole->to_ms - whole->from_ms, 86400000);
}
END_TEST

/* ---- options ---- */

START_TEST(rows_are_there_when_their_options_hold) {
    static const struct {
        const char *on, *stations, *sections;
    } cases[] = {
        {"", "west middle east ", "west-middle middle-east "},
        {"island", "west middle isle east ", "west-middle middle-isle isle-east "},
        {"island+bore", "west middle isle east ", "west-middle middle-isle isle-east both "},
        {"bore", "west middle east ", "west-middle middle-east bore-only "},
    };
    kept_file("line/sections.csv", "section,from,to,length_km,option\n"
                                   "west-middle,west,middle,30,\n"
                                   "middle-east,middle,east,50,!island\n"
                                   "middle-isle,middle,isle,20,island\n"
                                   "isle-east,isle,east,30,\n"
                                   "both,west,east,80,island;bore\n"
                                   "bore-only,west,east,80, bore ; ! island\n");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char stations[200] = "", sections[200] = "";
        kept_set("options", cases[i].on);
        const struct audit_world *world = kept_world();
        for (int32_t s = 0; s < world->station_count; s++) strcat(strcat(stations, world->stations[s].id), " ");
        for (int32_t s = 0; s < world->section_count; s++) strcat(strcat(sections, world->sections[s].id), " ");
        ck_assert_str_eq(stations, cases[i].stations);
        ck_assert_str_eq(sections, cases[i].sections);
    }
}
END_TEST

START_TEST(one_name_may_have_a_row_for_each_state_of_an_option) {
    kept_file("line/sections.csv", "section,from,to,length_km,option\n"
                                   "west-middle,west,middle,30,island\n"
                                   "west-middle,west,middle,33,!island\n"
                                   "middle-east,middle,east,50,\n");
    kept_file("line/alignment.csv", "section,from_km,to_km\nwest-middle,0,10\n");
    const struct audit_world *world = kept_world();
    ck_assert_double_eq(world->sections[audit_world_section(world, "west-middle")].length_m, 33000);
    ck_assert_int_eq(world->alignment_count, 1);
    kept_set("options", "island");
    world = kept_world();
    ck_assert_double_eq(world->sections[audit_world_section(world, "west-middle")].length_m, 30000);
    ck_assert_int_eq(world->alignment_count, 1);
}
END_TEST

/* ---- train types and fixed times ---- */

START_TEST(a_train_type_is_read_in_si_units) {
    kept_file("line/train_types.csv",
              "train_type,gauge_mm,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,davis_a_n,"
              "davis_b_ns_m,davis_c_ns2_m2,rotating_mass,tunnel_drag,supplement_percent,height_m\n"
              "freight,1520,800,2400,72,6000,400,0.3,30000,400,40,1.06,2.5,5,4.1\n"
              "fast,,200,,180,,,,,,,,,,\n");
    const struct audit_world *world = kept_world();
    const struct audit_type *freight = &world->types[audit_world_type(world, "freight")];
    const struct audit_type *fast = &world->types[audit_world_type(world, "fast")];
    ck_assert_double_eq(freight->mass_kg, 2.4e6);
    NEAR(freight->max_speed_ms, 20);
    ck_assert_double_eq(freight->power_w, 6e6);
    ck_assert_double_eq(freight->effort_n, 4e5);
    ck_assert(freight->brake_ms2 == 0.3 && freight->davis_a == 30000 && freight->davis_b == 400);
    ck_assert(freight->davis_c == 40 && freight->rotating_mass == 1.06 && freight->tunnel_drag == 2.5);
    NEAR(freight->supplement, 0.05);
    ck_assert(freight->gauge_mm == 1520 && freight->height_m == 4.1 && !freight->random_running_times);
    ck_assert(isnan(fast->mass_kg) && isnan(fast->power_w) && isnan(fast->effort_n) && isnan(fast->brake_ms2));
    ck_assert(fast->davis_a == 0 && fast->davis_b == 0 && fast->davis_c == 0);
    ck_assert(fast->rotating_mass == 1 && fast->tunnel_drag == 1 && fast->supplement == 0);
    ck_assert(fast->gauge_mm == 0 && fast->height_m == 0);
}
END_TEST

START_TEST(a_running_factor_is_random_unless_it_is_always_1) {
    static const struct {
        const char *law;
        bool random;
    } cases[] = {
        {"", false},
        {"1", false},
        {"1.05", true},
        {"constant(1)", false},
        {"\" constant ( 1.0 ) \"", false},
        {"\"lognormal(0,0.03)\"", true},
        {"\"lognormal(0,0)\"", false},
        {"\"uniform(1,1)\"", false},
        {"\"uniform(1,1.1)\"", true},
        {"\"triangular(1,1,1)\"", false},
        {"\"triangular(1,1.1,1.2)\"", true},
        {"exponential(1)", true},
        {"empirical(1;1;1)", false},
        {"empirical(1;1;2)", true},
        {"empirical(1;2;1;1;1)", true},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[200];
        snprintf(text, sizeof text, "train_type,length_m,max_speed_kmh,running_factor\nfreight,800,90,%s\n",
                 cases[i].law);
        kept_file("line/train_types.csv", text);
        ck_assert_msg(kept_world()->types[0].random_running_times == cases[i].random, "%s", cases[i].law);
    }
}
END_TEST

START_TEST(the_more_specific_fixed_time_wins) {
    kept_file("line/running_times.csv", "section,train_type,direction,run_s,start_s,stop_s,option\n"
                                        "west-middle,*,,100,,,\n"
                                        "middle-east,fast,backward,500,10,20,\n"
                                        "west-middle,freight,both,300,,,\n"
                                        "west-middle,*,forward,200,,,\n"
                                        "west-middle,freight,backward,400,,,\n"
                                        "isle-east,*,,1,,,\n"
                                        "middle-east,*,,2,,,bore\n");
    static const struct {
        const char *section, *type;
        enum audit_direction direction;
        int64_t run_s; /* 0: none */
    } cases[] = {
        {"west-middle", "fast", AUDIT_FORWARD, 200},    {"west-middle", "fast", AUDIT_BACKWARD, 100},
        {"west-middle", "freight", AUDIT_FORWARD, 300}, {"west-middle", "freight", AUDIT_BACKWARD, 400},
        {"middle-east", "fast", AUDIT_BACKWARD, 500},   {"middle-east", "fast", AUDIT_FORWARD, 0},
        {"middle-east", "freight", AUDIT_BACKWARD, 0},
    };
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->fixed_time_count, 5);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct audit_fixed_time *time =
            audit_world_fixed_time(world, audit_world_section(world, cases[i].section),
                                   audit_world_type(world, cases[i].type), cases[i].direction);
        ck_assert_msg((time != NULL ? time->run_ms : 0) == cases[i].run_s * 1000, "%s %s %d", cases[i].section,
                      cases[i].type, cases[i].direction);
    }
    const struct audit_fixed_time *time = audit_world_fixed_time(world, 1, 1, AUDIT_BACKWARD);
    ck_assert(time->start_ms == 10000 && time->stop_ms == 20000 && time->one_direction);
}
END_TEST

/* ---- overrides ---- */

static const struct {
    const char *set[4][2];
    const char *section;
    double speed_kmh; /* of the section */
    double release_s;
} laid[] = {
    {{{"sections.speed_kmh", "80"}}, "west-middle", 80, 20},
    {{{"sections.speed_kmh", "80"}}, "middle-east", 80, 0},
    {{{"sections.speed_kmh", "*0.8"}}, "west-middle", 72, 20},
    {{{"sections.speed_kmh", "*0.8"}}, "middle-east", INFINITY, 0},
    {{{"sections.speed_kmh", "*0.8"}, {"sections.speed_kmh", "*0.5"}}, "west-middle", 36, 20},
    {{{"sections.speed_kmh", "*0.5"}, {"sections[west-middle].speed_kmh", "60"}}, "west-middle", 60, 20},
    {{{"sections[west-middle].speed_kmh", "60"}, {"sections.speed_kmh", "*0.5"}}, "west-middle", 30, 20},
    {{{"sections.speed_kmh", "*0.5"}, {"sections[west-middle].speed_kmh", "60"}, {"sections.speed_kmh", "*2"}},
     "west-middle",
     120,
     20},
    {{{"sections[middle-east].speed_kmh", "60"}}, "west-middle", 90, 20},
    {{{"sections[middle-east].speed_kmh", "60"}, {"sections.speed_kmh", "*0.5"}}, "middle-east", 30, 0},
    {{{"sections[west-middle].speed_kmh", ""}}, "west-middle", INFINITY, 20},
    {{{"sections.release_s", "*3"}}, "middle-east", INFINITY, 0},
    {{{"sections[west-middle].release_s", ""}, {"sections.release_s", "*3"}}, "west-middle", 90, 0},
    {{{"sections[middle-east].release_s", "30"}}, "middle-east", INFINITY, 30},
    {{{"sections.release_s", "*0.1"}}, "west-middle", 90, 2},
};

START_TEST(overrides_are_laid_over_the_cells_in_their_order) {
    for (size_t i = 0; i < COUNT_OF(laid); i++) {
        kept_sql("DELETE FROM settings WHERE key LIKE 'sections%'");
        for (size_t k = 0; k < 4 && laid[i].set[k][0] != NULL; k++) kept_set(laid[i].set[k][0], laid[i].set[k][1]);
        const struct audit_world *world = kept_world();
        const struct audit_section *section = &world->sections[audit_world_section(world, laid[i].section)];
        const double speed = section->speed_ms * 3.6;
        ck_assert_msg(speed == laid[i].speed_kmh || fabs(speed - laid[i].speed_kmh) < 1e-9, "case %zu: %g km/h", i,
                      speed);
        ck_assert_msg(section->release_ms == (int64_t)(laid[i].release_s * 1000), "case %zu: %lld ms", i,
                      (long long)section->release_ms);
    }
}
END_TEST

START_TEST(overrides_name_rows_by_one_or_two_columns) {
    kept_set("tracks[middle].length_m", "700");
    kept_set("tracks[middle:loop].count", "*2");
    kept_set("tracks[east:yard].count", "*");
    kept_set("stations.crossing_interval_s", "*0.5");
    kept_set("train_types[fast].running_factor", "uniform(1, 1.1)");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->stations[1].track_count, 5);
    ck_assert_double_eq(audit_world_zone(world, 1, 300), 700);
    ck_assert(world->stations[2].unlimited);
    ck_assert_int_eq(world->stations[2].track_count, 1);
    ck_assert_int_eq(world->stations[1].crossing_interval_ms, 30000);
    ck_assert(world->types[1].random_running_times && !world->types[0].random_running_times);
}
END_TEST

START_TEST(overrides_may_change_what_a_row_is_and_refers_to) {
    kept_file("line/running_times.csv", "section,train_type,run_s\nwest-middle,freight,300\nmiddle-east,fast,400\n");
    kept_set("running_times[west-middle:freight].run_s", "*2");
    kept_set("running_times.train_type", "*");
    kept_set("sections[isle-east].option", "!bore");
    kept_set("stations[isle].option", "");
    kept_set("tracks[isle].option", "");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(audit_world_fixed_time(world, 0, 1, AUDIT_FORWARD)->run_ms, 600000);
    ck_assert_int_eq(audit_world_fixed_time(world, 1, 0, AUDIT_FORWARD)->run_ms, 400000);
    ck_assert_int_ge(audit_world_section(world, "isle-east"), 0);
}
END_TEST

START_TEST(overrides_of_schedules_reach_every_one_that_has_the_column) {
    kept_file("more.csv", "train,train_type,station,departure,arrival\nT1,fast,west,01:00,\nT1,fast,east,,02:00\n");
    kept_schedule("day.csv more.csv");
    kept_set("schedule.interval_min", "*0.5");
    kept_set("schedule[W].first_departure", "06:00");
    kept_set("schedule.train_type", "fast");
    kept_set("schedule[T1].min_dwell_s", "90");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->plan_count, 3);
    for (int32_t i = 0; i < 3; i++) ck_assert_int_eq(world->plans[i].type, 1);
    ck_assert_int_eq(world->plans[0].trains_per_day, 24);
    ck_assert_int_eq(world->plans[1].trains_per_day, 18);
    ck_assert_int_eq(world->calls[world->plans[2].first_call + 1].min_dwell_ms, 90000);
}
END_TEST

START_TEST(tables_that_are_not_used_may_be_changed_too) {
    kept_file("line/hazards.csv", "hazard,kind\nH,cold\n");
    kept_set("hazards.rate_per_year", "2");
    kept_set("options.capex_usd", "1");
    kept_world();
}
END_TEST

/* Loads count as full to the next quarter: 142 TEU in quarters of 35.5. */
START_TEST(a_train_is_as_heavy_as_its_load) {
    static const struct {
        int64_t teu;
        int32_t quarters_missing;
    } cases[] = {{0, 4}, {1, 3}, {35, 3}, {36, 2}, {71, 2}, {72, 1}, {106, 1}, {107, 0}, {142, 0}, {150, 0}, {-1, 0}};
    struct audit_type type = {.length_m = 1000,
                              .mass_kg = 4000,
                              .davis_a = 80,
                              .davis_b = 40,
                              .davis_c = 10,
                              .capacity_teu = 142.9,
                              .empty_mass_kg = 1000,
                              .empty_length_m = 600};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        ck_assert_int_eq(audit_quarters_missing(&type, cases[i].teu), cases[i].quarters_missing);
    const struct audit_type half = audit_type_without(&type, 2);
    ck_assert_double_eq(half.mass_kg, 2500);
    ck_assert_double_eq(half.length_m, 800);
    ck_assert_double_eq(half.davis_a, 50);
    ck_assert_double_eq(half.davis_b, 25);
    ck_assert_double_eq(half.davis_c, 8);
    ck_assert_double_eq(audit_type_without(&type, 4).mass_kg, 1000);
    ck_assert_double_eq(audit_type_without(&type, 0).davis_c, 10);
    type.empty_length_m = (double)NAN;
    ck_assert_double_eq(audit_type_without(&type, 2).length_m, 1000);
    type.empty_mass_kg = (double)NAN;
    ck_assert_int_eq(audit_quarters_missing(&type, 1), 0);
}
END_TEST

START_TEST(flows_have_ends_and_tariffs) {
    kept_file("line/flows.csv", "flow,origin,destination,teu_per_day,tariff_usd_per_teu,due_h,late_usd_per_teu_day,"
                                "option\n"
                                "F,west,east,10,100,1.5,288,\n"
                                "G,east,west,5,80,,,\n"
                                "off,west,east,1,1,,,island\n");
    kept_set("flows[F].tariff_usd_per_teu", "*1.5");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->flow_count, 2);
    const struct audit_flow *flow = &world->flows[audit_world_flow(world, "F")];
    ck_assert_str_eq(station_id(world, flow->origin), "west");
    ck_assert_str_eq(station_id(world, flow->destination), "east");
    ck_assert_int_eq(flow->tariff_cents, 15000);
    ck_assert_int_eq(flow->due_ms, 5400000);
    ck_assert_int_eq(flow->late_cents_per_teu_day, 28800);
    ck_assert_int_lt(world->flows[audit_world_flow(world, "G")].due_ms, 0);
    ck_assert_int_lt(audit_world_flow(world, "off"), 0);
}
END_TEST

/* The last word counts, a law with its mean; options that are on add to what is fixed. */
START_TEST(prices_are_those_of_the_file_and_the_settings) {
    ck_assert_double_eq(kept_world()->prices.lift_cents, 0);
    kept_file("line/economics.csv", "key,value\nlift_usd,40\nenergy_usd_per_kwh,\"triangular(0.06,0.12,0.12)\"\n"
                                    "opex_fixed_usd_per_year,1000\n");
    kept_file("line/options.csv", "option,opex_usd_per_year,requires\nisland,500,\nbore,7,island\n");
    kept_set("options", "island");
    kept_set("economics[lift_usd].value", "*1.5");
    kept_set("economics[track_access_usd_per_train_km].value", "uniform(2,4)");
    const struct audit_prices prices = kept_world()->prices;
    ck_assert_double_eq_tol(prices.lift_cents, 6000, 1e-9);
    ck_assert_double_eq_tol(prices.energy_cents_per_kwh, 10, 1e-12);
    ck_assert_double_eq_tol(prices.access_cents_per_km, 300, 1e-9);
    ck_assert_double_eq_tol(prices.fixed_cents_per_year, 150000, 1e-9);
}
END_TEST

/* The first version of the database had one row for each key, without their order. */
START_TEST(an_older_database_joins_the_values_of_a_key) {
    static const struct {
        const char *key, *value;
        double speed_kmh;
    } cases[] = {
        {"sections.speed_kmh", "*0.8 *0.5", 36},
        {"sections.speed_kmh", "80 *0.5", 40},
        {"sections.speed_kmh", "*0.5 80 *2", 160},
        {"sections[west-middle].speed_kmh", "*2", 180},
    };
    kept_sql("DROP TABLE settings; CREATE TABLE settings (run_id INTEGER, key TEXT, value TEXT); "
             "INSERT INTO settings VALUES (1, 'start_date', ''), (1, 'warmup_days', ''), (1, 'horizon_days', ''), "
             "(1, 'route_setting_s', ''), (1, 'reaction_s', ''), (1, 'sighting_m', ''), (1, 'moving_margin_m', ''), "
             "(1, 'repeat', ''), (1, 'clear_by_length', ''), (1, 'delay_limit_min', ''), (1, 'options', '')");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char sql[300];
        snprintf(sql, sizeof sql,
                 "DELETE FROM settings WHERE key LIKE 'sec%%'; INSERT INTO settings VALUES (1, '%s', '%s')",
                 cases[i].key, cases[i].value);
        kept_sql(sql);
        NEAR(kept_world()->sections[0].speed_ms * 3.6, cases[i].speed_kmh);
    }
    kept_sql("INSERT INTO settings VALUES (1, 'sections.speed_kmh', '*0.5')"); /* factors: in whatever order */
    NEAR(kept_world()->sections[0].speed_ms * 3.6, 90);
    kept_sql("UPDATE settings SET value = '70' WHERE key = 'sections.speed_kmh'");
    ck_assert_ptr_nonnull(strstr(kept_world_of_any_sense()->problem, "which came first"));
}
END_TEST

/* ---- settings ---- */

START_TEST(settings_are_the_final_ones) {
    kept_file("line/scenario.csv", "key,value\nrepeat,once\nsighting_m,1\n");
    const struct audit_world *world = kept_world();
    ck_assert(!world->repeat_once && !world->clear_by_length);
    ck_assert_double_eq(world->sighting_m, 0);
    ck_assert_double_eq(world->moving_margin_m, 100);
    ck_assert_double_eq(world->delay_limit_ms, 1800000);
    kept_set("clear_by_length", "yes");
    kept_set("route_setting_s", "12.5");
    kept_set("reaction_s", "3");
    kept_set("sighting_m", "400");
    kept_set("moving_margin_m", "");
    kept_set("delay_limit_min", "0.5");
    world = kept_world();
    ck_assert(world->clear_by_length);
    ck_assert_int_eq(world->route_setting_ms, 12500);
    ck_assert_int_eq(world->reaction_ms, 3000);
    ck_assert_double_eq(world->sighting_m, 400);
    ck_assert_double_eq(world->moving_margin_m, 100);
    ck_assert_double_eq(world->delay_limit_ms, 30000);
}
END_TEST

/* The run was stored with 3,000 and 4,000 ms. */
START_TEST(the_period_is_the_settings_unless_they_leave_it_open) {
    static const struct {
        const char *repeat, *warmup, *horizon;
        int64_t warmup_ms, horizon_ms;
    } cases[] = {
        {"daily", "0.5", "2", 43200000, 172800000}, {"daily", "", "", 0, 86400000},
        {"daily", "auto", "1", 3000, 86400000},     {"once", "0", "", 0, 4000},
        {"once", "0", "0.25", 0, 21600000},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        kept_set("repeat", cases[i].repeat);
        kept_set("warmup_days", cases[i].warmup);
        kept_set("horizon_days", cases[i].horizon);
        const struct audit_world *world = kept_world();
        ck_assert_int_eq(world->repeat_once, strcmp(cases[i].repeat, "once") == 0);
        ck_assert_int_eq(world->warmup_ms, cases[i].warmup_ms);
        ck_assert_int_eq(world->horizon_ms, cases[i].horizon_ms);
    }
}
END_TEST

START_TEST(time_0_has_a_weekday) {
    static const struct {
        const char *date;
        int32_t weekday;
    } cases[] = {{"2030-01-01", 1}, {"1900-01-01", 0}, {"2000-02-29", 1}, {"2000-03-01", 2}, {"1970-01-01", 3},
                 {"2100-02-28", 6}, {"2100-03-01", 0}, {"2199-12-31", 1}, {"2024-12-31", 1}, {"", 1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        kept_set("start_date", cases[i].date);
        ck_assert_msg(kept_world()->first_weekday == cases[i].weekday, "%s", cases[i].date);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        stations_have_their_tracks_one_after_the_other,
        a_terminal_says_how_long_its_trainsets_take,
        a_section_without_anything_has_the_defaults,
        a_section_with_everything_has_it,
        blocks_are_alike_and_none_is_longer_than_given,
        a_section_joins_two_stations_either_way,
        alignment_is_in_order_along_each_section,
        possessions_are_windows_of_weekdays,
        rows_are_there_when_their_options_hold,
        one_name_may_have_a_row_for_each_state_of_an_option,
        a_train_type_is_read_in_si_units,
        a_running_factor_is_random_unless_it_is_always_1,
        the_more_specific_fixed_time_wins,
        overrides_are_laid_over_the_cells_in_their_order,
        overrides_name_rows_by_one_or_two_columns,
        overrides_may_change_what_a_row_is_and_refers_to,
        overrides_of_schedules_reach_every_one_that_has_the_column,
        tables_that_are_not_used_may_be_changed_too,
        a_train_is_as_heavy_as_its_load,
        flows_have_ends_and_tariffs,
        prices_are_those_of_the_file_and_the_settings,
        an_older_database_joins_the_values_of_a_key,
        settings_are_the_final_ones,
        the_period_is_the_settings_unless_they_leave_it_open,
        time_0_has_a_weekday,
    };
    return run_suite_of_kept_runs("audit_world", tests, COUNT_OF(tests));
}
