/* From a scenario on the disk to what it is worth, all of it: the toll bore of tests/cli, whose every figure can be
 * worked out by hand, and where the evidence lies that the figures rest on. */
#include "study/project_appraisal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../results/scratch.h"
#include "study/appraisal_store.h"
#include "study/planning.h"

static char path[SCRATCH_PATH], folder[1024];
static struct failure failure;

static void set_up(void) {
    scratch_make();
    scratch_file("pays.db", path);
    snprintf(folder, sizeof folder, "%s/tests/cli/scenarios/pays", getenv("BERING_PROJECT_ROOT"));
}

/* One appraisal and all it was made from. */
struct asked {
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct project_appraisal project;
};

struct wish {
    const char *variant, *override;
    enum capacity_answer answer;
    double given_per_day;
    int32_t jobs, samples; /* 0: 1 job, 64 samples */
};

static void read_scenario(const struct wish *wish, struct asked *asked) {
    const char *overrides[] = {"detail=trains", wish->override};
    const struct scenario_request request = {.folder = folder,
                                             .variant = wish->variant,
                                             .overrides = overrides,
                                             .override_count = wish->override != NULL ? 2 : 1};
    struct diagnostics diagnostics = {0};
    *asked = (struct asked){.scenario = scenario_read(&request, &diagnostics)};
    ck_assert_msg(asked->scenario != NULL, "%s", diagnostics.entries[0].message);
    asked->plan = planning_create(asked->scenario, &diagnostics);
    ck_assert_ptr_nonnull(asked->plan);
    diagnostics_free(&diagnostics);
}

static bool try_to(const struct wish *wish, struct asked *asked) {
    read_scenario(wish, asked);
    const struct project_request request = {.scenario = asked->scenario,
                                            .plan = asked->plan,
                                            .answer = wish->answer,
                                            .given_per_day = wish->given_per_day,
                                            .samples = wish->samples > 0 ? wish->samples : 64,
                                            .database = path,
                                            .arguments = "pays",
                                            .jobs = wish->jobs > 0 ? wish->jobs : 1};
    return project_appraise(&request, &asked->project, &failure);
}

static struct asked appraise(const struct wish *wish) {
    struct asked asked;
    ck_assert_msg(try_to(wish, &asked), "%s", failure.text);
    return asked;
}

static void asked_free(struct asked *asked) {
    project_appraisal_free(&asked->project);
    simulation_plan_destroy(asked->plan);
    scenario_free(asked->scenario);
}

static bool near(double value, double expected) {
    return fabs(value - expected) <= 1e-9 * fabs(expected);
}

static const struct wish published = {.answer = CAPACITY_ANSWER_GIVEN, .given_per_day = 36};

/* 36 trains of 142 TEU at $500, each 100 km at $10 and an hour at $284; $8 bn paid a year before the opening, 30 years,
 * 8 %. The capital charges are those of the published figures: $381 and $3,094 a TEU. */
START_TEST(the_figures_are_those_worked_out_by_hand) {
    struct asked asked = appraise(&published);
    const struct appraisal *appraisal = asked.project.appraisal;
    const double teu = 36 * 142 * 365, cost = (100 * 10 + 284) / 142.0;
    const double annuity = (1 - pow(1.08, -30)) / 0.08;
    ck_assert_int_eq(appraisal->uncertain_count, 0);
    ck_assert(near(appraisal->single.teu_per_year, teu));
    ck_assert(near(appraisal->single.npv_usd, (teu * (500 - cost) * annuity - 8e9) / 1.08));
    ck_assert(near(appraisal->npv_usd.mean, appraisal->single.npv_usd));
    ck_assert(near(appraisal->single.break_even_usd_per_teu, cost + 8e9 / annuity / teu));
    ck_assert_int_eq(lround(appraisal->single.charge.usd_per_teu), 381);
    ck_assert(near(appraisal->single.ceiling_usd_per_teu, 1145));
    ck_assert(near(appraisal->single.rail_usd_per_teu, 30));
    const struct cash_year year = appraisal_mature_year(appraisal);
    ck_assert(near(year.revenue_usd, teu * 500));
    ck_assert(near(year.variable_cost_usd, teu * cost));
    ck_assert_int_eq(project_verdict_of(appraisal), PROJECT_PAYS);
    asked_free(&asked);
    struct wish dear = published;
    dear.variant = "dear";
    asked = appraise(&dear);
    ck_assert_int_eq(lround(asked.project.appraisal->single.charge.usd_per_teu), 3094);
    ck_assert_int_eq(project_verdict_of(asked.project.appraisal), PROJECT_DOES_NOT);
    asked_free(&asked);
}
END_TEST

/* Options that are built add to the capital and to the fixed cost. */
START_TEST(options_cost_what_their_rows_say) {
    struct asked asked = appraise(&published);
    struct wish larger = published;
    larger.variant = "terminal";
    struct asked with = appraise(&larger);
    const double annuity = (1 - pow(1.08, -30)) / 0.08;
    ck_assert(near(with.project.appraisal->single.npv_usd,
                   asked.project.appraisal->single.npv_usd - (1e9 + 2e7 * annuity) / 1.08));
    asked_free(&asked);
    asked_free(&with);
}
END_TEST

static int64_t count_of(const char *sql) {
    struct database *database = database_open(path, DATABASE_READ, 50, &failure);
    ck_assert_msg(database != NULL, "%s", failure.text);
    const int64_t count = ask_integer(database, sql);
    database_close(database);
    return count;
}

static const char traffic_sql[] = "SELECT count(*) FROM experiments WHERE command = 'run'";
static const char capacity_sql[] = "SELECT count(*) FROM experiments WHERE command = 'capacity'";

/* What was simulated is found again, as long as nothing differs that matters to it. */
START_TEST(runs_are_made_once) {
    static const struct {
        const char *variant, *override;
        int64_t experiments;
    } cases[] = {
        {NULL, NULL, 1},
        {NULL, NULL, 1},
        {NULL, "economics[capex_usd].value=1e9", 1},
        {NULL, "name=Another name", 1},
        {NULL, "seed=6", 2},
        {NULL, "horizon_days=5", 3},
        {NULL, "flows[export].tariff_usd_per_teu=400", 4},
        {"dear", NULL, 5},
        {"dear", NULL, 5},
        {NULL, NULL, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wish wish = published;
        wish.variant = cases[i].variant;
        wish.override = cases[i].override;
        const int64_t before = i == 0 ? 0 : count_of(traffic_sql);
        struct asked asked = appraise(&wish);
        ck_assert_int_eq(count_of(traffic_sql), cases[i].experiments);
        ck_assert_int_eq(asked.project.runs.found, cases[i].experiments == before);
        ck_assert_int_eq(asked.project.runs.count, 2);
        asked_free(&asked);
    }
}
END_TEST

/* Runs of which something is missing are no evidence. */
START_TEST(half_of_an_experiment_is_not_taken) {
    static const char *const spoilt[] = {"UPDATE runs SET status = 'interrupted' WHERE run_id % 2 = 0",
                                         "UPDATE runs SET detail = 'summary'", "DELETE FROM runs WHERE run_id % 2 = 0",
                                         "DELETE FROM flow_use"};
    for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
        struct asked asked = appraise(&published);
        asked_free(&asked);
        struct database *database = database_open(path, DATABASE_CHANGE, 50, &failure);
        ck_assert_msg(database_execute(database, spoilt[i], &failure), "%s", failure.text);
        database_close(database);
        asked = appraise(&published);
        ck_assert(!asked.project.runs.found);
        asked_free(&asked);
    }
}
END_TEST

/* Made on the spot, then found; practical unless it has no figure. */
START_TEST(capacity_is_made_once) {
    struct wish wish = {.answer = CAPACITY_ANSWER_SATURATED};
    struct asked first = appraise(&wish);
    ck_assert(!first.project.capacity.found);
    ck_assert_int_eq(first.project.capacity.answer, CAPACITY_ANSWER_SATURATED);
    ck_assert_double_eq_tol(first.project.capacity.trains_per_day, 96, 1); /* one in 30 min each way */
    struct asked again = appraise(&wish);
    ck_assert(again.project.capacity.found);
    ck_assert_int_eq(again.project.capacity.experiment_id, first.project.capacity.experiment_id);
    ck_assert(again.project.capacity.trains_per_day == first.project.capacity.trains_per_day);
    ck_assert_int_eq(count_of(capacity_sql), 1);
    wish.answer = CAPACITY_ANSWER_PRACTICAL;
    struct asked practical = appraise(&wish);
    ck_assert_int_eq(count_of(capacity_sql), 1);
    ck_assert_int_eq(practical.project.capacity.answer, CAPACITY_ANSWER_PRACTICAL);
    ck_assert(practical.project.capacity.trains_per_day <= first.project.capacity.trains_per_day);
    struct database *database = database_open(path, DATABASE_CHANGE, 50, &failure);
    ck_assert(
        database_execute(database, "UPDATE capacity SET trains_per_day = NULL WHERE answer = 'practical'", &failure));
    database_close(database);
    struct asked neither = appraise(&wish);
    ck_assert_int_eq(neither.project.capacity.answer, CAPACITY_ANSWER_SATURATED);
    wish.override = "sections[W-E].headway_s=1200";
    struct asked other = appraise(&wish);
    ck_assert(!other.project.capacity.found);
    ck_assert_int_eq(count_of(capacity_sql), 2);
    struct asked *const all[] = {&first, &again, &practical, &neither, &other};
    for (size_t i = 0; i < 5; i++) asked_free(all[i]);
}
END_TEST

/* The half-width of a normal 95 % interval is 1.96 standard errors. */
START_TEST(the_interval_of_the_capacity_is_one_more_thing_uncertain) {
    struct wish wish = {.answer = CAPACITY_ANSWER_SATURATED};
    struct asked asked = appraise(&wish);
    asked_free(&asked);
    struct database *database = database_open(path, DATABASE_CHANGE, 50, &failure);
    ck_assert(database_execute(database,
                               "UPDATE capacity SET trains_per_day = 20, half_width = 1.96 "
                               "WHERE answer = 'saturated'",
                               &failure));
    database_close(database);
    asked = appraise(&wish);
    ck_assert_double_eq_tol(asked.project.capacity.standard_error, 1, 1e-4);
    ck_assert_int_eq(asked.project.appraisal->uncertain_count, 1);
    ck_assert_str_eq(appraisal_input_name(asked.project.appraisal->bars[0].input), "capacity_trains_per_day");
    asked_free(&asked);
}
END_TEST

START_TEST(jobs_change_nothing) {
    struct wish wish = published;
    wish.variant = "doubtful";
    struct asked one = appraise(&wish);
    scratch_file("two.db", path);
    wish.jobs = 2;
    struct asked two = appraise(&wish);
    ck_assert(one.project.appraisal->npv_usd.mean == two.project.appraisal->npv_usd.mean);
    ck_assert(one.project.appraisal->npv.p5 == two.project.appraisal->npv.p5);
    ck_assert(one.project.traffic.traffic.running_cost_usd_per_teu ==
              two.project.traffic.traffic.running_cost_usd_per_teu);
    asked_free(&one);
    asked_free(&two);
}
END_TEST

/* What is kept is what was found. */
START_TEST(the_database_has_all_of_it) {
    struct wish wish = published;
    wish.variant = "doubtful";
    struct asked columns[2] = {appraise(&published), appraise(&wish)};
    const struct appraised appraised[2] = {{columns[0].scenario, &columns[0].project},
                                           {columns[1].scenario, &columns[1].project}};
    int64_t experiment_id = 0;
    ck_assert_msg(appraisal_store(path, "pays --variant doubtful", appraised, 2, &experiment_id, &failure), "%s",
                  failure.text);
    struct database *database = database_open(path, DATABASE_READ, 50, &failure);
    const struct appraisal *appraisal = columns[1].project.appraisal;
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM appraisals"), 2);
    ck_assert_int_eq(ask_integer(database, "SELECT max(experiment_id) FROM appraisals"), experiment_id);
    ck_assert_str_eq(ask_text(database, "SELECT verdict FROM appraisals WHERE seq = 1"), "pays");
    ck_assert_str_eq(ask_text(database, "SELECT variant FROM appraisals WHERE seq = 2"), "doubtful");
    ck_assert_int_eq(ask_integer(database, "SELECT sum(traffic_run_id IN (SELECT run_id FROM runs)) FROM appraisals"),
                     2);
    ck_assert(ask_real(database, "SELECT npv_usd FROM appraisals WHERE seq = 2") == appraisal->npv_usd.mean);
    ck_assert(ask_real(database, "SELECT npv_p95 FROM appraisals WHERE seq = 2") == appraisal->npv.p95);
    ck_assert(ask_real(database, "SELECT break_even_p95 FROM appraisals WHERE seq = 2") == appraisal->break_even.p95);
    ck_assert_str_eq(ask_text(database, "SELECT deciding_input FROM appraisals WHERE seq = 2"),
                     appraisal_input_name(appraisal->bars[0].input));
    ck_assert_int_eq(lround(ask_real(database, "SELECT capital_charge_usd_per_teu FROM appraisals WHERE seq = 1")),
                     381);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM appraisal_samples WHERE seq = 2"), 64);
    ck_assert(
        near(ask_real(database, "SELECT avg(npv_usd) FROM appraisal_samples WHERE seq = 2"), appraisal->npv_usd.mean));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM appraisal_bars WHERE seq = 2"),
                     appraisal->uncertain_count);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM appraisal_bars WHERE seq = 1"), 0);
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM appraisal_years WHERE seq = 1"), 31);
    /* the years add up to what is told of them */
    ck_assert(near(ask_real(database, "SELECT sum(net_usd) FROM appraisal_years WHERE seq = 1"),
                   ask_real(database, "SELECT sum_p50 FROM appraisal_years WHERE seq = 1 ORDER BY year DESC LIMIT 1")));
    ck_assert(near(ask_real(database, "SELECT discounted_mean FROM appraisal_years WHERE seq = 1 ORDER BY year DESC "
                                      "LIMIT 1"),
                   ask_real(database, "SELECT single_npv_usd FROM appraisals WHERE seq = 1")));
    ck_assert(near(ask_real(database, "SELECT sum(revenue_musd) FROM v_appraisal_years WHERE seq = 1"),
                   30 * 36.0 * 142 * 365 * 500 / 1e6));
    ck_assert_int_eq(ask_integer(database, "SELECT count(*) FROM v_appraisals WHERE capital_musd > 7999"), 2);
    database_close(database);
    asked_free(&columns[0]);
    asked_free(&columns[1]);
}
END_TEST

static char *read_page(void) {
    char page[1024];
    snprintf(page, sizeof page, "%s/docs/formats.md", getenv("BERING_PROJECT_ROOT"));
    FILE *file = fopen(page, "rb");
    ck_assert_msg(file != NULL, "%s", page);
    char *text = calloc(1, 1 << 20);
    ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, file), 0);
    fclose(file);
    return text;
}

static void both_ways_are_alike(struct database *database, const char *sql) {
    sqlite3_stmt *statement = database_prepare(database, sql, &failure);
    ck_assert_msg(statement != NULL, "%s: %s", sql, failure.text);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_ROW);
    const double told = sqlite3_column_double(statement, 0), by_rows = sqlite3_column_double(statement, 1);
    ck_assert_msg(told != 0 && near(by_rows, told), "%s: %.17g and %.17g", sql, told, by_rows);
    ck_assert_int_eq(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

/* docs/formats.md, "From the answers to the rows": every query there. */
START_TEST(the_answers_are_traced_to_their_rows_as_the_page_says) {
    struct wish wish = published;
    wish.variant = "doubtful";
    struct asked asked = appraise(&wish);
    const struct appraised appraised = {asked.scenario, &asked.project};
    int64_t experiment_id = 0;
    ck_assert_msg(appraisal_store(path, "pays", &appraised, 1, &experiment_id, &failure), "%s", failure.text);
    struct database *database = database_open(path, DATABASE_READ, 50, &failure);
    char *page = read_page(), *section = strstr(page, "### From the answers to the rows\n");
    ck_assert_ptr_nonnull(section);
    int32_t queries = 0;
    for (char *at = section; (at = strstr(at, "```sql\n")) != NULL; queries++) {
        char *stop = strstr(at += 7, "```");
        *stop = '\0';
        both_ways_are_alike(database, at);
        at = stop + 1;
    }
    ck_assert_int_eq(queries, 5);
    free(page);
    database_close(database);
    asked_free(&asked);
}
END_TEST

START_TEST(too_few_days_are_told) {
    struct wish wish = published;
    wish.override = "horizon_days=0.01";
    struct asked asked;
    ck_assert(!try_to(&wish, &asked));
    ck_assert_ptr_nonnull(strstr(failure.text, "no container was delivered in the 0.02 days"));
    asked_free(&asked);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_figures_are_those_worked_out_by_hand,
                                  options_cost_what_their_rows_say,
                                  runs_are_made_once,
                                  half_of_an_experiment_is_not_taken,
                                  capacity_is_made_once,
                                  the_interval_of_the_capacity_is_one_more_thing_uncertain,
                                  jobs_change_nothing,
                                  the_database_has_all_of_it,
                                  the_answers_are_traced_to_their_rows_as_the_page_says,
                                  too_few_days_are_told};
    return run_suite_in_scratch("project_appraisal", tests, sizeof tests / sizeof *tests, set_up);
}
