/* What the audit reads of schedules, and of the names that trains have in the results. */
#include <stdio.h>
#include <string.h>

#include "kept_run.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

enum { SECOND_MS = 1000, MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000 };

static const struct audit_plan *plan_of(const struct audit_world *world, const char *id) {
    const int32_t plan = audit_world_plan(world, id);
    ck_assert_msg(plan >= 0, "no plan %s", id);
    ck_assert_str_eq(world->plans[plan].id, id);
    return &world->plans[plan];
}

/* The plans in their order, each followed by a blank. */
static const char *plan_list(const struct audit_world *world) {
    static char text[1000];
    text[0] = '\0';
    for (int32_t i = 0; i < world->plan_count; i++) strcat(strcat(text, world->plans[i].id), " ");
    return text;
}

static const char *calls_list(const struct audit_world *world, const struct audit_plan *plan) {
    static char text[1000];
    text[0] = '\0';
    for (int32_t i = plan->first_call; i < plan->first_call + plan->call_count; i++) {
        const struct audit_call *call = &world->calls[i];
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s %lld %lld %lld %s %s; ",
                 station_id(world, call->station), (long long)(call->arrival_ms / MINUTE_MS),
                 (long long)(call->departure_ms / MINUTE_MS), (long long)(call->min_dwell_ms / SECOND_MS),
                 call->track < 0 ? "any" : world->tracks[call->track].id, call->stop ? "stop" : "pass");
    }
    return text;
}

/* ---- timetables ---- */

START_TEST(a_timetable_says_where_each_train_stops_and_passes) {
    kept_file("day.csv", "train,train_type,station,arrival,departure,min_dwell_s,track,entry_delay_s,dwell_s\n"
                         "T1,freight,west,,23:30,,,,\n"
                         "T1,freight,middle,24:10,24:10,,loop.2,,\n"
                         "T1,freight,east,25:00,,45,,,\n"
                         "T2,fast,east,05:00,05:30,,yard.1,exponential(60),\n"
                         "T2,fast,middle,06:00,06:00,30,,,exponential(9)\n"
                         "T2,fast,west,,,,,,\n"
                         "T3,fast,west,00:00,,,,0,\n"
                         "T3,fast,middle,,,,main,,\n"
                         "T3,fast,east,,05:00,,,,\n");
    static const struct {
        const char *id, *calls;
        bool standing, entry_delay;
        int32_t type;
    } expected[] = {
        {"T1", "west 0 1410 0 any stop; middle 1450 1450 0 loop.2 pass; east 1500 0 45 any stop; ", false, false, 0},
        {"T2", "east 300 330 0 yard.1 stop; middle 360 360 30 any stop; west 0 0 0 any stop; ", true, true, 1},
        {"T3", "west 0 0 0 any stop; middle 0 0 0 main pass; east 0 300 0 any stop; ", true, false, 1},
    };
    const struct audit_world *world = kept_world();
    ck_assert_str_eq(plan_list(world), "T1 T2 T3 ");
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct audit_plan *plan = plan_of(world, expected[i].id);
        ck_assert_str_eq(calls_list(world, plan), expected[i].calls);
        ck_assert_int_eq(plan->standing, expected[i].standing);
        ck_assert_int_eq(plan->entry_delay, expected[i].entry_delay);
        ck_assert_int_eq(plan->type, expected[i].type);
        ck_assert(!plan->service && plan->return_of == -1 && plan->weekdays == 127);
    }
    /* none is −1, which the list above shows as 0 */
    ck_assert_int_eq(world->calls[0].arrival_ms, -1);
    ck_assert_int_eq(world->calls[2].departure_ms, -1);
    ck_assert_int_eq(world->calls[5].arrival_ms, -1);
}
END_TEST

START_TEST(rows_of_a_timetable_come_and_go_with_options) {
    kept_file("day.csv", "train,train_type,station,arrival,departure,option\n"
                         "T1,freight,west,,00:00,!island\n"
                         "T1,freight,east,,,!island\n"
                         "T2,freight,west,,01:00,\n"
                         "T2,freight,isle,,,island\n"
                         "T2,freight,east,,,\n"
                         "T1,freight,east,,00:00,island\n"
                         "T1,freight,west,,,island\n");
    const struct audit_world *world = kept_world();
    ck_assert_str_eq(plan_list(world), "T1 T2 ");
    ck_assert_int_eq(plan_of(world, "T2")->call_count, 2);
    kept_set("options", "island");
    world = kept_world();
    ck_assert_str_eq(plan_list(world), "T2 T1 ");
    ck_assert_str_eq(calls_list(world, plan_of(world, "T2")),
                     "west 0 60 0 any stop; isle 0 0 0 any pass; east 0 0 0 any stop; ");
    ck_assert_str_eq(station_id(world, world->calls[plan_of(world, "T1")->first_call].station), "east");
}
END_TEST

START_TEST(trains_whose_type_is_switched_off_are_left_out) {
    kept_file("line/train_types.csv", "train_type,length_m,max_speed_kmh,option\nfreight,800,90,bore\nfast,200,180,\n");
    kept_file("day.csv", "service,train_type,origin,destination,interval_min,stops\n"
                         "E,freight,west,east,120,middle:60\n"
                         "F,fast,east,west,120,\n");
    kept_file("more.csv", "train,train_type,station,departure\nT1,freight,west,01:00\nT1,freight,east,\n"
                          "T2,fast,west,01:00\nT2,fast,east,\n");
    kept_schedule("day.csv more.csv");
    const struct audit_world *world = kept_world();
    ck_assert_str_eq(plan_list(world), "F T2 ");
    ck_assert_str_eq(calls_list(world, &world->plans[0]), "east 0 0 0 any stop; west 0 0 0 any stop; ");
}
END_TEST

/* ---- services ---- */

START_TEST(a_service_has_so_many_trains_a_day) {
    static const struct {
        const char *cells; /* first, last, interval, number */
        int32_t trains;
        int64_t number, departure_ms; /* of one of them */
    } cases[] = {
        {",,60,", 24, 24, 23 * (int64_t)HOUR_MS},
        {"06:00,22:00,60,", 17, 17, 22 * (int64_t)HOUR_MS},
        {"06:00,21:59:59,60,", 16, 16, 21 * (int64_t)HOUR_MS},
        {"00:00,24:00,1440,", 1, 1, 0},
        {"00:30,24:00,1410,", 1, 1, 30 * (int64_t)MINUTE_MS},
        {"06:00,06:00,60,", 1, 1, 6 * (int64_t)HOUR_MS},
        {"00:00,24:00,7,", 206, 206, 205 * 7 * (int64_t)MINUTE_MS},
        {"00:00,00:01,0.35,", 3, 3, 42000},
        {"00:00,24:00,0.1,", 14400, 14400, 14399 * (int64_t)6000},
        {",,,24", 24, 2, HOUR_MS},
        {",,,7", 7, 2, 12342857}, /* a seventh of a day, rounded */
        {",,,7", 7, 4, 37028571},
        {"06:00,22:00,,4", 4, 4, 18 * (int64_t)HOUR_MS},
        {"06:00,06:00,,1", 1, 1, 6 * (int64_t)HOUR_MS},
        {",,,2.6", 3, 2, 8 * (int64_t)HOUR_MS},
        {",,,0.2", 1, 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[300];
        snprintf(text, sizeof text,
                 "service,train_type,origin,destination,first_departure,last_departure,interval_min,trains_per_day\n"
                 "S,freight,west,east,%s\n",
                 cases[i].cells);
        kept_file("day.csv", text);
        const struct audit_world *world = kept_world();
        const struct audit_train_name name = {.plan = 0, .day = 3, .number = cases[i].number};
        ck_assert_msg(world->plans[0].trains_per_day == cases[i].trains, "%s: %d", cases[i].cells,
                      world->plans[0].trains_per_day);
        ck_assert_msg(audit_planned_departure(world, &name) == 2 * (int64_t)DAY_MS + cases[i].departure_ms, "%s: %lld",
                      cases[i].cells, (long long)audit_planned_departure(world, &name));
    }
}
END_TEST

START_TEST(a_service_stops_where_it_says) {
    kept_file("day.csv", "service,train_type,origin,destination,interval_min,stops,days,entry_delay_s\n"
                         "A,fast,west,east,60,middle:90.5,mon;wed,\"uniform(0,600)\"\n"
                         "B,fast,east,west,60, middle:0; ,daily,\"uniform(0,0)\"\n");
    kept_set("options", "island");
    kept_set("schedule[B].stops", "isle:300; middle:0");
    const struct audit_world *world = kept_world();
    const struct audit_plan *first = plan_of(world, "A"), *second = plan_of(world, "B");
    ck_assert_str_eq(calls_list(world, first), "west 0 0 0 any stop; middle 0 0 90 any stop; east 0 0 0 any stop; ");
    ck_assert_int_eq(world->calls[1].min_dwell_ms, 90500);
    ck_assert_str_eq(calls_list(world, second), "east 0 0 0 any stop; isle 0 0 300 any stop; middle 0 0 0 any stop; "
                                                "west 0 0 0 any stop; ");
    ck_assert(first->service && first->entry_delay && first->weekdays == 5);
    ck_assert(!second->entry_delay && second->weekdays == 127);
}
END_TEST

START_TEST(poisson_and_saturated_services_have_no_fixed_times) {
    kept_file("day.csv", "service,train_type,origin,destination,trains_per_day,interval_min,arrivals,first_departure\n"
                         "P,fast,west,east,12,,poisson,12:00\n"
                         "Q,fast,west,east,,30,poisson,\n"
                         "S,fast,west,east,,,saturated,\n"
                         "R,fast,west,east,12,,regular,\n");
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(plan_of(world, "P")->arrivals, AUDIT_POISSON);
    ck_assert_double_eq(plan_of(world, "P")->interval_ms, HOUR_MS);
    ck_assert_double_eq(plan_of(world, "Q")->interval_ms, HOUR_MS / 2);
    ck_assert_int_eq(plan_of(world, "S")->arrivals, AUDIT_SATURATED);
    ck_assert_int_eq(plan_of(world, "R")->arrivals, AUDIT_REGULAR);
    for (int32_t plan = 0; plan < 3; plan++) {
        const struct audit_train_name name = {.plan = plan, .day = 1, .number = 1};
        ck_assert_int_eq(world->plans[plan].trains_per_day, 0);
        ck_assert_int_eq(audit_planned_departure(world, &name), -1);
    }
}
END_TEST

START_TEST(trainsets_turn_round_into_the_next_service) {
    kept_file("day.csv", "service,train_type,origin,destination,interval_min,return_of,option\n"
                         "C,fast,west,east,,B,\n"
                         "A,fast,west,east,120,,!bore\n"
                         "B,fast,east,west,,A,\n"
                         "Z,fast,west,east,300,,\n"
                         "Y,fast,east,west,300,Z,\n");
    const struct audit_world *world = kept_world();
    ck_assert_str_eq(plan_list(world), "C A B Z Y ");
    ck_assert_int_eq(plan_of(world, "C")->return_of, audit_world_plan(world, "B"));
    ck_assert_int_eq(plan_of(world, "B")->return_of, audit_world_plan(world, "A"));
    ck_assert_int_eq(plan_of(world, "A")->return_of, -1);
    const struct audit_train_name name = {.plan = audit_world_plan(world, "Y"), .day = 1, .number = 1};
    ck_assert_int_eq(audit_planned_departure(world, &name), -1);
    ck_assert_int_eq(world->calls[plan_of(world, "C")->first_call].departure_ms, -1);
    kept_set("schedule[C].return_of", "Y");
    kept_set("schedule[Z].return_of", "C"); /* the first plan of all */
    kept_set("schedule[Y].return_of", "");
    kept_set("schedule[Y].interval_min", "60");
    world = kept_world();
    ck_assert_int_eq(plan_of(world, "Z")->return_of, 0);
    ck_assert_int_eq(plan_of(world, "C")->return_of, 4);
    kept_sql("DELETE FROM settings WHERE key LIKE 'schedule[%'");
    kept_set("options", "bore"); /* A is off: so is what it would turn into, and that in turn */
    world = kept_world();
    ck_assert_str_eq(plan_list(world), "Z Y ");
    ck_assert_int_eq(plan_of(world, "Y")->return_of, audit_world_plan(world, "Z"));
    ck_assert_str_eq(calls_list(world, plan_of(world, "Y")), "east 0 0 0 any stop; west 0 0 0 any stop; ");
}
END_TEST

START_TEST(a_service_that_is_off_may_stop_where_nothing_is) {
    kept_file("day.csv", "service,train_type,origin,destination,interval_min,stops,option\n"
                         "E,fast,west,east,120,,\n"
                         "X,fast,west,east,120,isle:60,island\n");
    ck_assert_str_eq(plan_list(kept_world()), "E ");
    kept_set("options", "island");
    ck_assert_str_eq(plan_list(kept_world()), "E X ");
}
END_TEST

/* ---- which files are the schedule ---- */

#define SERVICE(ID) "service,train_type,origin,destination,interval_min\n" ID ",fast,west,east,60\n"

static const char *const schedules[][2] = {{"A", "my plans/day one.csv"},
                                           {"B", "my plans/day"},
                                           {"C", "line/trains.csv"},
                                           {"D", "other/day one.csv"},
                                           {"E", "day.csv"}};

/* Keeps the schedules of these letters only. */
static void keep_schedules(const char *letters) {
    for (size_t i = 0; i < COUNT_OF(schedules); i++) {
        char text[200] = "";
        if (strstr(letters, schedules[i][0]) != NULL) snprintf(text, sizeof text, SERVICE("%s"), schedules[i][0]);
        kept_file(schedules[i][1], text);
    }
}

START_TEST(schedules_come_in_the_order_that_the_run_names_them) {
    static const struct {
        const char *named, *kept, *plans; /* NULL: it cannot be found out */
    } cases[] = {
        {"day.csv", "E", "E "},
        {"my plans/day one.csv day.csv", "AE", "A E "},
        {"day.csv my plans/day one.csv", "AE", "E A "},
        {"my plans/day", "B", "B "},
        {"my plans/day my plans/day one.csv", "AB", "B A "},
        {"my plans/day one.csv my plans/day", "AB", "A B "},
        {"my plans/day one.csv day.csv my plans/day", "ABE", "A E B "},
        {"other/day one.csv my plans/day one.csv", "AD", "D A "},
        {"line/trains.csv", "C", "C "},
        {"my plans/day", "ABCE", "B "}, /* more than it read: told elsewhere */
        /* the same files, read from another folder */
        {"/elsewhere/my plans/day one.csv", "A", "A "},
        {"/an other place/day.csv /an other place/day one.csv", "AE", "E A "},
        {"x/day one.csv x/day", "AB", "A B "},
        {"x/day x/day one.csv", "AB", "B A "},
        {"day one.csv", "A", "A "},
        {"./day.csv", "E", "E "},
        {"x/day.csv", "AE", NULL},
        {"xday.csv", "E", NULL},
        {"night.csv", "E", NULL},
        {"day.csv night.csv", "E", NULL},
        {"day.csv day.csv", "E", NULL},
        {"day.csv ", "E", NULL},
        {" day.csv", "E", NULL},
        {"line/stations.csv", "E", NULL},
        {"", "E", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        keep_schedules(cases[i].kept);
        kept_schedule(cases[i].named);
        const struct audit_world *world = kept_world_of_any_sense();
        const char *problem = cases[i].plans != NULL ? "" : "not among its files";
        ck_assert_msg(strstr(world->problem, problem) != NULL && (*world->problem == '\0') == (*problem == '\0'),
                      "'%s': '%s'", cases[i].named, world->problem);
        if (cases[i].plans != NULL) ck_assert_str_eq(plan_list(world), cases[i].plans);
    }
}
END_TEST

START_TEST(a_schedule_may_be_called_like_a_file_of_the_scenario) {
    keep_schedules("");
    kept_file("a/scenario.csv", SERVICE("A"));
    kept_schedule("a/scenario.csv");
    ck_assert_str_eq(plan_list(kept_world()), "A ");
}
END_TEST

/* ---- names ---- */

static void kept_named_trains(void) {
    kept_file("day.csv", "service,train_type,origin,destination,trains_per_day,arrivals,days,return_of\n"
                         "S,fast,west,east,5,,,\n"
                         "P,fast,west,east,5,poisson,,\n"
                         "Q,fast,west,east,,saturated,,\n"
                         "R,fast,east,west,,,,S\n"
                         "D,fast,west,east,2,,wed;sun,\n"
                         "x.1,fast,west,east,2,,,\n");
    kept_file("more.csv", "train,train_type,station,arrival,departure\n"
                          "T7,fast,west,,25:10\nT7,fast,east,,\n"
                          "T8,fast,west,03:00,03:20\nT8,fast,east,,\n"
                          "T9,fast,west,04:00,\nT9,fast,east,,\n");
    kept_schedule("day.csv more.csv");
}

static const struct named {
    const char *name, *plan;          /* NULL: nothing makes such a name */
    int64_t day, number, departure_s; /* −1: not fixed */
} daily[] =
    {
        {"S@1.1", "S", 1, 1, 0},
        {"S@1.5", "S", 1, 5, 4 * 17280},
        {"S@30.2", "S", 30, 2, 29 * 86400 + 17280},
        {"S@1.6", NULL, 0, 0, 0},
        {"S@1.0", NULL, 0, 0, 0},
        {"S@0.1", NULL, 0, 0, 0},
        {"S@1", NULL, 0, 0, 0},
        {"S", NULL, 0, 0, 0},
        {"S@", NULL, 0, 0, 0},
        {"S@.1", NULL, 0, 0, 0},
        {"S@1.", NULL, 0, 0, 0},
        {"S@1.01", NULL, 0, 0, 0},
        {"S@01.1", NULL, 0, 0, 0},
        {"S@1.1.1", NULL, 0, 0, 0},
        {"S@1.1@1", NULL, 0, 0, 0},
        {"S@-1.1", NULL, 0, 0, 0},
        {"S@1.99999999999999999999", NULL, 0, 0, 0},
        {"", NULL, 0, 0, 0},
        {"@1.1", NULL, 0, 0, 0},
        {"U@1.1", NULL, 0, 0, 0},
        {"P@2.99", "P", 2, 99, -1},
        {"Q@7.1000", "Q", 7, 1000, -1},
        {"R@3.2", "R", 3, 2, -1},
        {"D@1.1", NULL, 0, 0, 0}, /* a Tuesday */
        {"D@2.1", "D", 2, 1, 86400},
        {"D@6.2", "D", 6, 2, 5 * 86400 + 43200},
        {"x.1@1.2", "x.1", 1, 2, 43200},
        {"T7@1", "T7", 1, 0, 25 * 3600 + 600},
        {"T7@4", "T7", 4, 0, 3 * 86400 + 25 * 3600 + 600},
        {"T7", NULL, 0, 0, 0},
        {"T7@1.1", NULL, 0, 0, 0},
        {"T7@0", NULL, 0, 0, 0},
        {"T8@1", "T8", 1, 0, 3 * 3600 + 1200},
        {"T9@2", "T9", 2, 0, 86400 + 4 * 3600},
        {"1234567890123456789012345678901234567890123456789012345678901234567890@1", NULL, 0, 0, 0},
},
  once[] = {
      {"T7", "T7", 0, 0, 25 * 3600 + 600},
      {"T9", "T9", 0, 0, 4 * 3600},
      {"T7@1", NULL, 0, 0, 0},
      {"S@1.2", "S", 1, 2, 17280},
      {"S@2.1", NULL, 0, 0, 0},
      {"R@2.1", "R", 2, 1, -1},
      {"Q@2.1", "Q", 2, 1, -1},
      {"D@2.1", NULL, 0, 0, 0},
      {"S", NULL, 0, 0, 0},
};

static void check_names(const struct audit_world *world, const struct named *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct audit_train_name name = audit_train_name(world, names[i].name);
        const char *plan = name.plan < 0 ? NULL : world->plans[name.plan].id;
        ck_assert_msg((plan == NULL) == (names[i].plan == NULL), "'%s' is of %s", names[i].name, plan ? plan : "none");
        const int64_t departure = audit_planned_departure(world, &name);
        if (plan == NULL) {
            ck_assert_int_eq(departure, -1);
            continue;
        }
        ck_assert_str_eq(plan, names[i].plan);
        ck_assert_msg(name.day == names[i].day && name.number == names[i].number, "%s", names[i].name);
        ck_assert_msg(departure == (names[i].departure_s < 0 ? -1 : names[i].departure_s * 1000), "%s: %lld",
                      names[i].name, (long long)departure);
    }
}

START_TEST(names_lead_back_to_the_plan) {
    kept_named_trains();
    check_names(kept_world(), daily, COUNT_OF(daily));
}
END_TEST

START_TEST(names_of_a_schedule_that_runs_once_have_no_day) {
    kept_named_trains();
    kept_set("repeat", "once");
    check_names(kept_world(), once, COUNT_OF(once));
}
END_TEST

START_TEST(a_long_timetable_is_found_again_by_name) {
    enum { TRAINS = 3000 };
    static char text[TRAINS * 80 + 100];
    size_t used = (size_t)snprintf(text, sizeof text, "train,train_type,station,departure\n");
    for (int i = 0; i < TRAINS; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "T%d,fast,west,%02d:%02d\nT%d,fast,east,\n",
                                 (i * 7919) % TRAINS, i / 60 % 24, i % 60, (i * 7919) % TRAINS);
    kept_file("day.csv", text);
    const struct audit_world *world = kept_world();
    ck_assert_int_eq(world->plan_count, TRAINS);
    for (int i = 0; i < TRAINS; i++) {
        char name[20];
        snprintf(name, sizeof name, "T%d@1", (i * 7919) % TRAINS);
        ck_assert_int_eq(audit_train_name(world, name).plan, i);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        a_timetable_says_where_each_train_stops_and_passes,
        rows_of_a_timetable_come_and_go_with_options,
        trains_whose_type_is_switched_off_are_left_out,
        a_service_has_so_many_trains_a_day,
        a_service_stops_where_it_says,
        poisson_and_saturated_services_have_no_fixed_times,
        trainsets_turn_round_into_the_next_service,
        a_service_that_is_off_may_stop_where_nothing_is,
        schedules_come_in_the_order_that_the_run_names_them,
        a_schedule_may_be_called_like_a_file_of_the_scenario,
        names_lead_back_to_the_plan,
        names_of_a_schedule_that_runs_once_have_no_day,
        a_long_timetable_is_found_again_by_name,
    };
    return run_suite_of_kept_runs("audit_world_schedule", tests, COUNT_OF(tests));
}
