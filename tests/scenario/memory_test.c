/* Wherever memory is refused while a scenario is read: the reader says so, gives none, and gives back what it took. */
#include <string.h>

#include "../support/injected.h"
#include "folder.h"

/* A bit of everything that a scenario may have. */
static void fill(struct folder *folder) {
    folder_make(folder);
    folder_put(folder, "scenario.csv",
               "key,value\nname,Small\ndescription,All of it\nschedule,day.csv\nhorizon_days,2\nwarmup_days,auto\n"
               "replications,2\ndispatch,priority\nprice_year,2024\n");
    folder_put(folder, "stations.csv",
               "station,name,kind,crossing_interval_s\nA,,terminal,\nM,Middle,siding,30\nB,,terminal,\n");
    folder_put(folder, "options.csv",
               "option,name,capex_usd,requires\nthird,A third track,5e6,\nquick,,,third\nslow,,,\n");
    folder_put(folder, "variants.csv",
               "variant,name,options,settings\nbare,,,\nbuilt,All,third+quick,seed=3;sections[A-M].release_s=20\n");
    folder_put(
        folder, "tracks.csv",
        "station,track,count,length_m,option\nA,yard,*,,\nM,loop,2,1200,\nM,third,1,1300,third\nB,yard,4,1500,\n");
    folder_put(folder, "sections.csv",
               "section,from,to,length_km,speed_kmh,option,purge_s,max_trains,block_km\n"
               "A-M,A,M,20,60,!quick,,,\nA-M,A,M,20,75,quick,,,\nM-B,M,B,30,,,60,2,10\n");
    folder_put(folder, "alignment.csv",
               "section,from_km,to_km,gradient_permille,speed_kmh,tunnel,curve_radius_m\n"
               "M-B,0,10,5,70,no,800\nM-B,10,30,-3,,yes,\n");
    folder_put(folder, "possessions.csv", "section,from,to,weekday,direction\nA-M,02:00,03:00,mon;tue;fri,both\n");
    folder_put(
        folder, "train_types.csv",
        "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,empty_mass_t,"
        "empty_length_m,capacity_teu,running_factor,option\n"
        "F,1000,4000,80,5000,300,0.3,1000,1000,100,\"lognormal(0,0.1)\",\nP,200,400,120,3000,200,0.6,,,,,slow\n");
    folder_put(folder, "running_times.csv",
               "section,train_type,direction,run_s,stop_s\nA-M,F,both,1500,60\nM-B,F,forward,1800,\n");
    folder_put(folder, "day.csv",
               "service,train_type,origin,destination,stops,interval_min,arrivals,entry_delay_s,return_of,option\n"
               "east,F,A,B,M:300,120,,exponential(60),,\nwest,F,B,A,,,,,east,\nextra,F,B,A,,240,,,,slow\n");
    folder_put(folder, "night.csv",
               "train,train_type,station,arrival,departure,track,dwell_s\n"
               "T1,F,A,,03:10,,\nT1,F,M,04:00,04:10,loop.1,exponential(120)\nT1,F,B,05:00,,,\n");
    folder_put(folder, "terminals.csv",
               "station,cranes,lift_s,yard_teu,turnaround_s,shifts\nA,2,120,500,3600,06:00-22:00\nB,1,120,,3600,\n");
    folder_put(folder, "flows.csv",
               "flow,commodity,origin,destination,teu_per_day,tariff_usd_per_teu,due_h,late_usd_per_teu_day\n"
               "fe,Boxes,A,B,20,100,48,10\nfw,,B,A,15,90,,\n");
    folder_put(folder, "economics.csv",
               "key,value\ndiscount_rate,0.05\ncapex_usd,\"triangular(1e9,2e9,3e9)\"\nenergy_usd_per_kwh,0.1\n"
               "construction_profile,0.4;0.6\nconstruction_years,2\n");
}

static const char *const with[] = {"third"};
static const char *const overrides[] = {"seed=9", "sections[A-M].release_s=20", "train_types.max_speed_kmh=*0.9",
                                        "schedule[east].interval_min=90", "schedule[T1].dwell_s=uniform(0,100)"};
static const char *const schedules[] = {"s/day.csv", "s/night.csv"};

static const struct scenario_request requests[] = {
    {.with_options = with,
     .with_option_count = 1,
     .overrides = overrides,
     .override_count = 5,
     .schedules = schedules,
     .schedule_count = 2},
    {.variant = "built"},
};

/* The same with something wrong in every table, all of which is told. */
static void spoil(struct folder *folder) {
    fill(folder);
    folder_put(folder, "scenario.csv",
               "key,value\nname,Small\nschedule,day.csv\nhorizon_dais,2\nseed,\"1,5\"\ndispatch,prior\n");
    folder_put(folder, "stations.csv", "station,name,kind\nA,,terminal\nM,Middle,sidin\nB,,terminal\nB,,terminal\n");
    folder_put(folder, "tracks.csv",
               "station,track,count,length_m\nA,yard,*,\nM,loop,2,12 00\nX,yard,4,1500\nB,1,1,900\nB,1,1,900\n");
    folder_put(folder, "sections.csv", "section,from,to,length_km\nA-M,A,M,120000\nM-B,M,C,30\nM-M,M,M,3\n");
    folder_put(folder, "possessions.csv", "section,from,to,weekday\nA-M,25:00,03:00,mon-fry\n");
    folder_put(
        folder, "day.csv",
        "service,train_type,origin,destination,stops,interval_min,return_of\neast,F,A,B,M,120,\nwest,G,B,A,,,east\n");
    folder_put(folder, "flows.csv", "flow,origin,destination,teu_per_day,seasonality\nfe,A,B,20,1;2\nfw,B,A,-15,\n");
    folder_put(folder, "economics.csv", "key,value\ncapex_usd,triangular(1e9)\nconstruction_profile,0.4;0.7\n");
}

static struct folder folder;
static char *told;

/* Reads with or without a fault, then prints what was told. */
static struct scenario *read_with(int32_t fault, const struct scenario_request *request, bool *happened) {
    struct diagnostics diagnostics = {0};
    size_t size;
    injected_begin(fault);
    struct scenario *scenario = scenario_read_inputs(request, folder.files, folder.count, &diagnostics);
    *happened = injected_end();
    ck_assert_msg((scenario == NULL) == (diagnostics.errors > 0), "fault %d: a scenario and errors, or neither", fault);
    FILE *stream = open_memstream(&told, &size);
    ck_assert_ptr_nonnull(stream);
    diagnostics_print(&diagnostics, stream);
    fclose(stream);
    diagnostics_free(&diagnostics);
    return scenario;
}

/* What a scenario is, in short: enough to tell one that lacks something. */
static void compare(int32_t fault, const struct scenario *scenario, const struct scenario *whole) {
    ck_assert_msg(scenario->network.track_count == whole->network.track_count &&
                      scenario->timetable.plan_count == whole->timetable.plan_count &&
                      scenario->settings_used_count == whole->settings_used_count &&
                      scenario->option_count == whole->option_count &&
                      scenario->variant_count == whole->variant_count &&
                      scenario->traffic.flow_count == whole->traffic.flow_count &&
                      strcmp(scenario->input_sha256, whole->input_sha256) == 0,
                  "fault %d: a scenario that lacks something", fault);
}

START_TEST(a_refusal_is_told_and_gives_no_scenario) {
    int32_t faults = 0;
    struct scenario *whole = NULL;
    fill(&folder);
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        bool happened;
        struct scenario *scenario = read_with(fault, &requests[_i], &happened);
        if (fault == INJECTED_NONE) {
            faults = injected_faults();
            ck_assert_str_eq(told, "");
            whole = scenario;
        } else {
            ck_assert_msg(happened, "fault %d did not happen", fault);
            ck_assert_msg(scenario != NULL || strstr(told, "memory") != NULL, "fault %d: %s", fault, told);
            if (scenario != NULL) compare(fault, scenario, whole);
            scenario_free(scenario);
        }
        free(told);
    }
    ck_assert_int_gt(faults, 200);
    scenario_free(whole);
    folder_free(&folder);
}
END_TEST

/* Then, too, there is no scenario, and what is told is some of what is wrong, or that memory is short. */
START_TEST(a_refusal_while_errors_are_told) {
    int32_t faults = 0;
    char *all = NULL;
    spoil(&folder);
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        bool happened;
        ck_assert_ptr_null(read_with(fault, &requests[0], &happened));
        if (fault == INJECTED_NONE) {
            faults = injected_faults();
            all = strdup(told);
        } else if (strstr(told, "memory") == NULL && told[0] != '?') /* ?: no memory for the name of the file */
            ck_assert_str_eq(told, all);
        free(told);
    }
    ck_assert_msg(strstr(all, "horizon_dais") != NULL && strstr(all, "mon-fry") != NULL, "%s", all);
    free(all);
    folder_free(&folder);
}
END_TEST

START_TEST(the_names_of_variants) {
    int32_t faults = 0;
    char path[] = "/tmp/bering-test-XXXXXX", file[64];
    ck_assert_ptr_nonnull(mkdtemp(path));
    snprintf(file, sizeof file, "%s/variants.csv", path);
    FILE *stream = fopen(file, "w");
    ck_assert_ptr_nonnull(stream);
    fputs("variant,options,settings\nbare,,\nbuilt,,\n", stream);
    fclose(stream);
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        struct diagnostics diagnostics = {0};
        char **names = NULL;
        int32_t count = 0;
        injected_begin(fault);
        const bool well = scenario_variant_names(path, &diagnostics, &names, &count);
        injected_end();
        if (fault == INJECTED_NONE) faults = injected_faults();
        ck_assert_msg(well == (fault == INJECTED_NONE), "fault %d", fault);
        if (well) {
            ck_assert_int_eq(count, 2);
            ck_assert_str_eq(names[1], "built");
            scenario_variant_names_free(names, count);
        }
        diagnostics_free(&diagnostics);
    }
    ck_assert_int_gt(faults, 4);
    remove(file);
    remove(path);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("scenario_memory");
    TCase *test_case = tcase_create("scenario_memory");
    tcase_set_timeout(test_case, 0);
    tcase_add_loop_test(test_case, a_refusal_is_told_and_gives_no_scenario, 0,
                        (int)(sizeof requests / sizeof *requests));
    tcase_add_test(test_case, a_refusal_while_errors_are_told);
    tcase_add_test(test_case, the_names_of_variants);
    suite_add_tcase(suite, test_case);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
