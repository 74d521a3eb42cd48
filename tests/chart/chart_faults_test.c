/* Whatever the database, the memory or the disk refuses while a chart is written, at whatever place: it is said, or the
 * chart is the very same. */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../engine/suite.h"
#include "../support/injected.h"
#include "appraisal_fixture.h"
#include "chart_tests.h"
#include "results/scratch.h"
#include "simulated.h"
#include "study/settings_fingerprint.h"
#include "study_fixture.h"
#include "written_chart.h"

static struct database *database;

static void set_up(void) {
    scratch_make();
}

/* ---- something to draw, of every kind ---- */

static void make_line(void) {
    database = fixture_open("A line");
    fixture_line(database, 4, 20, NULL);
    fixture_traffic(database, 4, 6, 180, 20, 10);
    for (int section = 0; section < 3; section++) {
        char id[8];
        snprintf(id, sizeof id, "X%d", section);
        fixture_use(database, id, 100 + section, 90);
    }
    fixture_sql(database, "INSERT INTO settings VALUES (1, 'sections[X0].length_km', '30', 1)");
}

static void make_study(void) {
    database = study_open(4, NULL);
    study_variant(database, "one", 30, 3);
    study_variant(database, "two", 60, 3);
}

static void make_ledger(void) {
    database = fixture_open("A line");
    fixture_line(database, 3, 20, NULL);
    for (int day = 1; day <= 3; day++) {
        char sql[400];
        snprintf(sql, sizeof sql,
                 "INSERT INTO ledger VALUES (1, %d, 'tariff', 1000000), (1, %d, 'energy', -400000), (1, %d, 'fixed',"
                 " -70000); INSERT INTO flow_days VALUES (1, %d, 'east', 100, 60, 0, 5), (1, %d, 'west', 50, 50, 0, 0)",
                 day, day, day, day, day);
        fixture_sql(database, sql);
    }
    fixture_sql(database, "UPDATE runs SET horizon_ms = 3 * 86400000");
}

/* Three demands of a sweep, and the capacity of the same line. */
static void make_sweep(void) {
    struct settings_fingerprint fingerprint;
    char text[SHA256_TEXT_SIZE], sql[1600];
    database = study_open(3, NULL);
    fixture_sql(database, "INSERT INTO experiments VALUES (3, 'sweep', 'data/line', '2034-01-01')");
    for (int point = 1; point <= 3; point++) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO runs (run_id, experiment_id, input_sha256, scenario, dispatch, replication, seed,"
                 " start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at, end_ms, point) VALUES"
                 " (10%d, 3, 'abc', 'Studied line', 'fcfs', 1, 1, '2034-01-03', 0, 864000000, 'calls', 'complete', '0',"
                 " '', 864000000, %d); INSERT INTO settings VALUES (10%d, 'seed', '1', 1), (10%d, 'horizon_days', '10',"
                 " 2), (10%d, 'schedule.trains_per_day', '*%d', 11); INSERT INTO points VALUES (3, %d, 1,"
                 " 'schedule.trains_per_day', '*%d'); INSERT INTO estimates (experiment_id, point, metric, mean,"
                 " half_width, confidence, replications) VALUES (3, %d, 'trains_per_day', %d, 0.5, 0.95, 4), (3, %d,"
                 " 'revenue_usd', %de7, 1e6, 0.95, 4), (3, %d, 'cost_usd', 2e7, 1e6, 0.95, 4), (3, %d, 'margin_usd',"
                 " %de7, 1e6, 0.95, 4)",
                 point, point, point, point, point, point, point, point, point, 10 * point, point, 2 * point, point,
                 point, 2 * point - 2);
        fixture_sql(database, sql);
    }
    settings_fingerprint_begin(&fingerprint, FINGERPRINT_OF_CAPACITY);
    settings_fingerprint_add(&fingerprint, "seed", "1");
    settings_fingerprint_end(&fingerprint, text);
    study_variant(database, "", 36, 2);
    snprintf(sql, sizeof sql, "UPDATE capacity SET settings_sha256 = '%s'", text);
    fixture_sql(database, sql);
}

static void make_appraisal(void) {
    database = appraisal_open();
    appraisal_add(database, 1, NULL, 2e9, 0.6);
    for (int year = 0; year < 5; year++)
        appraisal_add_year(database, 1, 2034 + year, 1e9 * year - 3e9, 1e9 * year - 2e9, 5e8 * year, 1e9 * year,
                           year < 2 ? 0 : 1e6);
    appraisal_add_bar(database, 1, 1, "capex_overrun", 0.8, 1, 1.3, 4e9, -1e9, 1.2);
    appraisal_add_bar(database, 1, 2, "discount_rate", 0.04, 0.06, 0.08, 3e9, 1e9, NAN);
}

static void simulate(const char *detail, bool flows) {
    char text[300], path[SCRATCH_PATH];
    struct folder folder;
    folder_make(&folder);
    snprintf(text, sizeof text, "key,value\nname,Boxes\nschedule,day.csv\nhorizon_days,1\nwarmup_days,0\ndetail,%s\n",
             detail);
    folder_put(&folder, "scenario.csv", text);
    if (!flows)
        folder_put(&folder, "sections.csv",
                   "section,from,to,length_km,block_km,release_s\nA-M,A,M,30,10,15\nB-M,B,M,20,5,15\n");
    if (flows)
        folder_put(&folder, "train_types.csv",
                   "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\n"
                   "F,1000,4000,80,5000,300,0.3,100\n");
    if (flows)
        folder_put(&folder, "flows.csv",
                   "flow,origin,destination,teu_per_day,arrivals,due_h\neast,A,B,90,poisson,6\nwest,B,A,20,regular,\n");
    database = simulate_folder(&folder, scratch_file("run.db", path));
}

static void make_blocks(void) {
    simulate("blocks", false);
}

static void make_containers(void) {
    simulate("containers", true);
}

static const struct {
    const char *kind;
    void (*make)(void);
    struct chart_request request;
} charts[] = {
    {"traingraph", make_line, {.run_id = 1}},
    {"occupation", make_line, {.run_id = 1}},
    {"stairway", make_blocks, {.run_id = 1}},
    {"occupation", make_study, {0}},
    {"capacity", make_study, {0}},
    {"delay", make_study, {0}},
    {"revenue", make_ledger, {.run_id = 1}},
    {"waiting", make_ledger, {.run_id = 1}},
    {"transit", make_containers, {.run_id = 1}},
    {"earnings", make_sweep, {0}},
    {"cash", make_appraisal, {0}},
    {"tornado", make_appraisal, {0}},
};
enum { CHARTS = sizeof charts / sizeof *charts };

/* ---- what must hold ---- */

/* Of all files that gnuplot would be given, whatever their order. */
static uint64_t content_of(const struct gnuplot *job) {
    DIR *folder = opendir(gnuplot_folder(job));
    uint64_t sum = 0;
    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096];
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%.3500s/%s", gnuplot_folder(job), entry->d_name);
        char *text = file_content(path);
        uint64_t hash = 14695981039346656037u;
        for (const char *at = entry->d_name; *at != '\0'; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211u;
        for (const char *at = text; *at != '\0'; at++) hash = (hash ^ (unsigned char)*at) * 1099511628211u;
        sum += hash;
        free(text);
    }
    closedir(folder);
    return sum;
}

static bool is_said(const char *text) {
    static const char *const words[] = {"memory", "refused", "cannot be written"};
    bool said = false;
    for (size_t word = 0; word < sizeof words / sizeof *words; word++) said |= strstr(text, words[word]) != NULL;
    return said;
}

START_TEST(what_is_refused_is_said_or_makes_no_difference) {
    const char *kind = charts[_i].kind;
    int32_t faults = 0, refused = 0;
    uint64_t whole = 0;
    charts[_i].make();
    if (!sqlite3_get_autocommit(database_handle(database))) fixture_sql(database, "COMMIT");
    for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
        struct failure failure = {""};
        struct chart_result result;
        struct gnuplot *job = gnuplot_begin(&failure);
        ck_assert_msg(job != NULL, "%s", failure.text);
        injected_begin(fault);
        const bool well =
            chart_kind_of(kind)->write(database, &charts[_i].request, PICTURE_SVG, job, &result, &failure);
        const bool happened = injected_end();
        if (fault == INJECTED_NONE) {
            ck_assert_msg(well, "%s: %s", kind, failure.text);
            faults = injected_faults();
            whole = content_of(job);
        }
        ck_assert_msg(happened == (fault != INJECTED_NONE), "%s: fault %d did not happen", kind, fault);
        if (well)
            ck_assert_msg(content_of(job) == whole, "%s: fault %d is not told, and another chart written", kind, fault);
        else
            ck_assert_msg(is_said(failure.text), "%s: fault %d: %s", kind, fault, failure.text);
        refused += !well;
        gnuplot_end(job);
    }
    ck_assert_msg(3 * refused > 2 * faults, "%s: %d of %d faults made no difference", kind, faults - refused, faults);
    printf("%s: %d faults, %d told\n", kind, faults, refused);
    database_close(database);
}
END_TEST

int main(void) {
    return run_suite_for_each("chart_faults", what_is_refused_is_said_or_makes_no_difference, CHARTS, set_up,
                              scratch_remove);
}
