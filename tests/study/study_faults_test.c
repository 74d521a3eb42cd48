/* Whatever memory or the database refuses while trains a day are found, a sweep is read or a run is made again, at
 * whatever place: it is said, and the answers are not others. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "../results/scratch.h"
#include "../scenario/folder.h"
#include "../support/injected.h"
#include "study/capacity_store.h"
#include "study/experiment.h"
#include "study/planning.h"
#include "study/rerun.h"
#include "study/running_table.h"
#include "study/sweep.h"
#include "study/sweep_points.h"
#include "study/warmup.h"

static struct failure failure;
static struct scenario *scenario;
static struct simulation_plan *plan;
static char path[SCRATCH_PATH];

/* ---- what it is done to ---- */

/* Two sections with room between, on which a train takes half a day: so few trains that they are soon simulated. */
static void make_slow_line(void) {
    struct folder folder;
    struct diagnostics diagnostics = {0};
    folder_make(&folder);
    folder_put(&folder, "scenario.csv",
               "key,value\nname,Slow\nschedule,day.csv\nhorizon_days,2\nwarmup_days,0\nreplications,1\n"
               "delay_limit_min,100\n");
    folder_put(&folder, "running_times.csv", "section,train_type,run_s\nA-M,*,21600\nM-B,*,28800\n");
    folder_put(&folder, "day.csv",
               "service,train_type,origin,destination,interval_min,entry_delay_s\nE,F,A,B,1440,exponential(600)\n"
               "W,F,B,A,1440,exponential(600)\n");
    folder_put(&folder, "possessions.csv", "section,weekday,from,to\nA-M,sun,01:00,02:00\n");
    scenario = folder_read(&folder, NULL, &diagnostics);
    diagnostics_print(&diagnostics, stderr);
    ck_assert_ptr_nonnull(scenario);
    plan = planning_create(scenario, &diagnostics);
    ck_assert_ptr_nonnull(plan);
    diagnostics_free(&diagnostics);
    folder_free(&folder);
}

static void set_up(void) {
    scratch_make();
    scratch_file("study.db", path);
    make_slow_line();
}

static void tear_down(void) {
    simulation_plan_destroy(plan);
    scenario_free(scenario);
    scratch_remove();
}

static void put_file(const char *name, const char *content) {
    char file_path[SCRATCH_PATH];
    FILE *file = fopen(scratch_file(name, file_path), "w");
    ck_assert_ptr_nonnull(file);
    fputs(content, file);
    fclose(file);
}

static void put_folder(void) {
    put_file("scenario.csv", "key,value\nname,Swept\nhorizon_days,1\nschedule,services.csv\nreplications,2\n");
    put_file("stations.csv", "station,kind\nA,terminal\nB,terminal\n");
    put_file("tracks.csv", "station,track,count\nA,yard,*\nB,yard,*\n");
    put_file("sections.csv", "section,from,to,length_km\nA-B,A,B,20\n");
    put_file("train_types.csv", "train_type,length_m,max_speed_kmh\nF,500,100\n");
    put_file("running_times.csv", "section,train_type,run_s\nA-B,*,900\n");
    put_file("services.csv", "service,train_type,origin,destination,interval_min\nE,F,A,B,120\n");
    put_file("options.csv", "option\nloop\n");
    put_file("variants.csv", "variant,options,settings\nbare,,\nquick,loop,reaction_s=1\n");
}

static void put_run(void) {
    const struct experiment_request request = {
        .scenario = scenario, .plan = plan, .database = path, .command = "run", .arguments = "", .jobs = 1};
    struct replications replications;
    ck_assert_msg(experiment_run(&request, &replications, &failure), "%s", failure.text);
    replications_free(&replications);
}

/* ---- what is done: false where it fails; `answer` tells one outcome from another ---- */

static uint64_t answer;

static void add_answer(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    answer = (answer ^ bits) * 1099511628211u;
}

static bool find_theory(void) {
    const struct capacity_request request = {
        .scenario = scenario, .plan = plan, .relative_half_width = 0.5, .theory_only = true, .jobs = 1};
    struct capacity capacity;
    if (!capacity_find(&request, &capacity, &failure)) return false;
    add_answer(capacity.theoretical.bound.trains_per_day);
    for (int32_t pattern = 0; pattern < capacity.theoretical.pattern_count; pattern++)
        add_answer(capacity.theoretical.patterns[pattern].answer.trains_per_day);
    capacity_free(&capacity);
    return true;
}

static bool find_all(void) {
    const struct capacity_request request = {.scenario = scenario, .plan = plan, .relative_half_width = 0.5, .jobs = 1};
    struct capacity capacity;
    if (!capacity_find(&request, &capacity, &failure)) return false;
    add_answer(capacity.saturated.trains_per_day.mean);
    add_answer(capacity.practical.trains_per_day);
    add_answer(capacity.compression.occupancy);
    capacity_free(&capacity);
    return true;
}

static struct capacity found;

static void find_to_store(void) {
    const struct capacity_request request = {.scenario = scenario, .plan = plan, .relative_half_width = 0.5, .jobs = 1};
    ck_assert_msg(capacity_find(&request, &found, &failure), "%s", failure.text);
}

static bool store_capacity(void) {
    const struct capacity_answered answered = {scenario, &found};
    int64_t experiment_id = 0;
    remove(path);
    return capacity_store(path, "capacity x", &answered, 1, &experiment_id, &failure);
}

static void forget_found(void) {
    capacity_free(&found);
}

static bool make_running_table(void) {
    struct running_table table = {0};
    if (!running_table_make(scenario, &table)) return failure_set(&failure, "out of memory");
    for (int32_t row = 0; row < table.count; row++) add_answer(table.rows[row].cases[0].run_s);
    running_table_free(&table);
    return true;
}

static bool choose_warmup(void) {
    int64_t warmup_ms = 0;
    if (!warmup_choose(scenario, plan, simulation_run, NULL, &warmup_ms, &failure)) return false;
    add_answer((double)warmup_ms);
    return true;
}

static bool vary(struct sweep *sweep, int64_t sample) {
    struct diagnostics diagnostics = {0};
    char **names = NULL;
    int32_t count = 0;
    const bool named = scenario_variant_names(scratch_folder(), &diagnostics, &names, &count);
    if (!named) failure_set(&failure, "%s", diagnostics.kept > 0 ? diagnostics.entries[0].message : "nothing said");
    diagnostics_free(&diagnostics);
    const bool well = named && sweep_vary(sweep, "fleet_size=1,2", &failure) &&
                      sweep_vary(sweep, "sections.length_km=*0.8:1.2:0.2", &failure) &&
                      sweep_vary_variants(sweep, names, count, &failure) && sweep_finish(sweep, sample, &failure);
    scenario_variant_names_free(names, count);
    return well;
}

static void take_points(struct sweep_points *points, bool *well) {
    add_answer((double)points->run_count);
    struct diagnostics diagnostics = {0};
    struct scenario *of_point = sweep_points_scenario(points, points->count - 1, &diagnostics);
    *well = of_point != NULL || failure_set(&failure, "out of memory");
    scenario_free(of_point);
    diagnostics_free(&diagnostics);
    sweep_points_free(points);
}

static bool read_sweep(int64_t sample) {
    struct sweep *sweep = sweep_create();
    if (sweep == NULL) return failure_set(&failure, "out of memory");
    const struct scenario_request common = {.folder = scratch_folder()};
    const struct sweep_points_request request = {.sweep = sweep, .common = &common};
    struct sweep_points points;
    struct diagnostics diagnostics = {0};
    bool well = vary(sweep, sample);
    if (well) {
        const enum sweep_points_result read = sweep_points_read(&request, &points, &diagnostics, &failure);
        well = read == SWEEP_POINTS_READ;
        if (read == SWEEP_POINTS_WRONG) failure_set(&failure, "%s", diagnostics.entries[0].message);
        if (well) take_points(&points, &well);
    }
    diagnostics_free(&diagnostics);
    sweep_free(sweep);
    return well;
}

static bool read_grid(void) {
    return read_sweep(0);
}

static bool read_sample(void) {
    return read_sweep(5);
}

static bool make_again(void) {
    const struct rerun_request request = {.database = path, .run_id = 1};
    struct rerun rerun = {0};
    if (!rerun_run(&request, &rerun, &failure)) return false;
    add_answer(rerun.outcome);
    failure_set(&failure, "outcome %d, %s", (int)rerun.outcome, rerun.details);
    return true;
}

static const struct {
    const char *name;
    void (*prepare)(void);
    bool (*act)(void);
    void (*finish)(void);
    int32_t tried; /* faults, at most, evenly spread: each takes so long; 0: all */
} trials[] = {
    {"trains a day by formula", NULL, find_theory, NULL, 0},
    {"trains a day, simulated", NULL, find_all, NULL, 40},
    {"trains a day are kept", find_to_store, store_capacity, forget_found, 0},
    {"running times", NULL, make_running_table, NULL, 0},
    {"warm-up", NULL, choose_warmup, NULL, 0},
    {"a grid", put_folder, read_grid, NULL, 0},
    {"a sample", put_folder, read_sample, NULL, 150},
    {"a run is made again", put_run, make_again, NULL, 0},
};
enum { TRIALS = sizeof trials / sizeof *trials };

/* ---- what must hold ---- */

static bool is_said(const char *text) {
    return strstr(text, "memory") != NULL || strstr(text, "refused") != NULL;
}

START_TEST(what_is_refused_is_said_and_changes_no_answer) {
    int32_t faults = 0, tried = 0, refused = 0, step = 1;
    uint64_t sound = 0;
    if (trials[_i].prepare != NULL) trials[_i].prepare();
    for (int32_t fault = INJECTED_NONE; fault < faults; fault += fault == INJECTED_NONE ? 1 : step) {
        failure = (struct failure){.text = ""};
        answer = 14695981039346656037u;
        injected_begin(fault);
        const bool well = trials[_i].act();
        const bool happened = injected_end();
        if (fault == INJECTED_NONE) {
            ck_assert_msg(well, "%s: %s", trials[_i].name, failure.text);
            faults = injected_faults();
            if (trials[_i].tried > 0 && faults > trials[_i].tried) step = faults / trials[_i].tried;
            sound = answer;
            continue;
        }
        ck_assert_msg(happened, "%s: fault %d did not happen", trials[_i].name, fault);
        if (well)
            ck_assert_msg(answer == sound, "%s: fault %d is not told, and changes the answer: %s", trials[_i].name,
                          fault, failure.text);
        else
            ck_assert_msg(is_said(failure.text), "%s: fault %d: says '%s'", trials[_i].name, fault, failure.text);
        tried++;
        refused += !well;
    }
    printf("%s: %d of %d faults, %d told\n", trials[_i].name, tried, faults, refused);
    ck_assert_int_gt(2 * refused, tried);
    if (trials[_i].finish != NULL) trials[_i].finish();
}
END_TEST

int main(void) {
    return run_suite_for_each("study_faults", what_is_refused_is_said_and_changes_no_answer, TRIALS, set_up, tear_down);
}
