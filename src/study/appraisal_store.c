#include "study/appraisal_store.h"

#include <math.h>

#include "results/row_writer.h"
#include "results/store.h"

static const char *const viewpoints[] = {
    [VIEWPOINT_PROJECT] = "project", [VIEWPOINT_MANAGER] = "manager", [VIEWPOINT_OPERATOR] = "operator"};

/* Values of a row, the experiment and its seq first. */
#define TEN "?, ?, ?, ?, ?, ?, ?, ?, ?, ?"

/* The rows of one appraisal on their way. */
struct writing {
    struct row_writer rows;
    int64_t experiment_id;
    int32_t seq;
    const struct scenario *scenario;
    const struct project_appraisal *project;
    char title[256];
};

/* Every row begins with these. */
static struct row_writer *begin(struct writing *writing, const char *sql) {
    row_begin(&writing->rows, sql);
    row_integer(&writing->rows, writing->experiment_id);
    row_integer(&writing->rows, writing->seq);
    return &writing->rows;
}

static void id_or_null(struct row_writer *rows, int64_t id) {
    if (id > 0)
        row_integer(rows, id);
    else
        row_null(rows);
}

static void write_question(struct writing *writing, struct row_writer *rows) {
    const struct scenario *scenario = writing->scenario;
    const struct appraisal *appraisal = writing->project->appraisal;
    row_text(rows, writing->title);
    row_text(rows, scenario->variant);
    row_text(rows, scenario->input_sha256);
    row_text(rows, viewpoints[appraisal->viewpoint]);
    id_or_null(rows, scenario->settings.price_year);
    row_integer(rows, appraisal->first_year);
    row_integer(rows, scenario->settings.seed);
    row_integer(rows, appraisal->sample_count);
}

static void write_evidence(struct writing *writing, struct row_writer *rows) {
    const struct project_capacity *capacity = &writing->project->capacity;
    const struct project_traffic *traffic = &writing->project->traffic;
    row_text(rows, capacity_answer_word(capacity->answer));
    row_real(rows, capacity->trains_per_day);
    row_real(rows, capacity->half_width > 0 ? capacity->half_width : (double)NAN);
    id_or_null(rows, capacity->experiment_id);
    row_integer(rows, writing->project->runs.experiment_id);
    row_integer(rows, writing->project->runs.first_run_id);
    row_real(rows, traffic->traffic.capacity_trains_per_day);
    row_real(rows, traffic->traffic.teu_per_train);
    row_real(rows, traffic->traffic.demand_teu_per_day);
    row_real(rows, traffic->traffic.tariff_usd_per_teu);
    row_real(rows, traffic->traffic.running_cost_usd_per_teu);
    row_real(rows, traffic->traffic.energy_kwh_per_teu);
    row_real(rows, traffic->traffic.lifts_per_teu);
    row_real(rows, traffic->traffic.yard_days_per_teu);
    row_real(rows, traffic->traffic.train_km_per_teu);
}

static void write_single(struct row_writer *rows, const struct appraisal *appraisal) {
    const struct appraisal_case *single = &appraisal->single;
    row_real(rows, single->teu_per_year);
    row_real(rows, single->charge.capital_usd);
    row_real(rows, single->revenue_usd_per_teu);
    row_real(rows, single->npv_usd);
    row_real(rows, single->irr.kind == INTERNAL_RATE_ONE ? single->irr.rates[0] : (double)NAN);
    row_real(rows, single->payback_years);
    row_real(rows, single->discounted_payback_years);
    row_real(rows, single->break_even_usd_per_teu);
    row_real(rows, single->ceiling_usd_per_teu);
    row_real(rows, single->rail_usd_per_teu);
    row_real(rows, single->charge.usd_per_year);
    row_real(rows, single->charge.usd_per_teu);
}

static void write_quantiles(struct row_writer *rows, const struct appraisal_quantiles *quantiles) {
    row_real(rows, quantiles->p5);
    row_real(rows, quantiles->p25);
    row_real(rows, quantiles->p50);
    row_real(rows, quantiles->p75);
    row_real(rows, quantiles->p95);
}

static void write_sampled(struct row_writer *rows, const struct appraisal *appraisal) {
    row_real(rows, appraisal->npv_usd.mean);
    row_real(rows, appraisal->npv_usd.half_width);
    write_quantiles(rows, &appraisal->npv);
    row_real(rows, appraisal->probability_pays.mean);
    row_real(rows, appraisal->probability_pays.half_width);
    row_real(rows, appraisal->probability_allowed.mean);
    write_quantiles(rows, &appraisal->irr);
    write_quantiles(rows, &appraisal->payback);
    write_quantiles(rows, &appraisal->break_even);
    row_text(rows, appraisal->uncertain_count > 0 ? appraisal_input_name(appraisal->bars[0].input) : NULL);
    row_real(rows, appraisal->uncertain_count > 0 ? appraisal->bars[0].switching_value : (double)NAN);
    row_text(rows, project_verdict_word(project_verdict_of(appraisal)));
}

static void write_appraisal(struct writing *writing) {
    struct row_writer *rows = begin(writing, "INSERT INTO appraisals VALUES (" TEN ", " TEN ", " TEN ", " TEN ", " TEN
                                             ", " TEN ", ?, ?, ?, ?, ?)");
    write_question(writing, rows);
    write_evidence(writing, rows);
    write_single(rows, writing->project->appraisal);
    write_sampled(rows, writing->project->appraisal);
    row_end(rows);
}

static void write_fan(struct row_writer *rows, const struct appraisal_quantiles *quantiles, double mean) {
    row_real(rows, mean);
    write_quantiles(rows, quantiles);
}

/* The single case's money, as far as its years go; the fan goes on as long as the longest sample. */
static void write_years(struct writing *writing) {
    static const struct cash_year nothing = {0};
    const struct appraisal *appraisal = writing->project->appraisal;
    const int32_t last = appraisal->flow.year_count;
    const double rate = appraisal->single.values[ECONOMIC_DISCOUNT_RATE];
    double net[CASH_FLOW_MOST_YEARS];
    cash_flow_net(&appraisal->flow, net);
    for (int32_t i = 0; i < appraisal->year_count; i++) {
        const struct appraisal_year *year = &appraisal->years[i];
        const struct cash_year *cash = i < appraisal->flow.year_count ? &appraisal->flow.years[i] : &nothing;
        struct row_writer *rows =
            begin(writing, "INSERT INTO appraisal_years VALUES (" TEN ", " TEN ", ?, ?, ?, ?, ?, ?)");
        row_integer(rows, year->calendar_year);
        row_real(rows, cash->capital_usd);
        row_real(rows, cash->renewal_usd);
        row_real(rows, cash->residual_usd);
        row_real(rows, cash->revenue_usd);
        row_real(rows, cash->other_revenue_usd);
        row_real(rows, cash->variable_cost_usd);
        row_real(rows, cash->other_cost_usd);
        row_real(rows, cash->fixed_cost_usd);
        row_real(rows, cash_year_net(cash));
        row_real(rows, cash->teu);
        row_real(rows, present_value(net, i + 1 < last ? i + 1 : last, rate, appraisal->flow.payment_point));
        write_fan(rows, &year->sum_usd, year->mean_sum_usd);
        write_fan(rows, &year->discounted_sum_usd, year->mean_discounted_sum_usd);
        row_end(rows);
    }
}

static void write_bars(struct writing *writing) {
    const struct appraisal *appraisal = writing->project->appraisal;
    for (int32_t i = 0; i < appraisal->uncertain_count; i++) {
        const struct appraisal_bar *bar = &appraisal->bars[i];
        struct row_writer *rows = begin(writing, "INSERT INTO appraisal_bars VALUES (" TEN ", ?)");
        row_integer(rows, i + 1);
        row_text(rows, appraisal_input_name(bar->input));
        row_real(rows, bar->low);
        row_real(rows, bar->mean);
        row_real(rows, bar->high);
        row_real(rows, bar->npv_low_usd);
        row_real(rows, bar->npv_high_usd);
        row_real(rows, bar->width_usd);
        row_real(rows, bar->switching_value);
        row_end(rows);
    }
}

static void write_samples(struct writing *writing) {
    const struct appraisal *appraisal = writing->project->appraisal;
    for (int64_t i = 0; i < appraisal->sample_count; i++) {
        const struct appraisal_sample *sample = &appraisal->samples[i];
        struct row_writer *rows = begin(writing, "INSERT INTO appraisal_samples VALUES (?, ?, ?, ?, ?, ?, ?)");
        row_integer(rows, i + 1);
        row_real(rows, sample->npv_usd);
        row_real(rows, sample->irr);
        row_real(rows, sample->payback_years);
        row_real(rows, sample->break_even_usd_per_teu);
        row_end(rows);
    }
}

static bool write_all(struct database *database, int64_t experiment_id, const struct appraised *appraised,
                      int32_t count, struct failure *failure) {
    bool good = true;
    for (int32_t i = 0; good && i < count; i++) {
        struct writing writing = {.rows = row_writer_start(database, failure),
                                  .experiment_id = experiment_id,
                                  .seq = i + 1,
                                  .scenario = appraised[i].scenario,
                                  .project = appraised[i].project};
        scenario_title(writing.scenario, writing.title, sizeof writing.title);
        write_appraisal(&writing);
        write_years(&writing);
        write_bars(&writing);
        write_samples(&writing);
        good = row_writer_stop(&writing.rows);
    }
    return good;
}

static bool write_experiment(struct database *database, struct store *store, const char *arguments,
                             const struct appraised *appraised, int32_t count, int64_t *experiment_id,
                             struct failure *failure) {
    struct store_experiment experiment;
    if (!store_experiment_begin(store, "appraise", arguments, appraised[0].scenario, 0, &experiment, failure) ||
        !database_execute(database, "BEGIN IMMEDIATE", failure))
        return false;
    *experiment_id = experiment.experiment_id;
    if (write_all(database, experiment.experiment_id, appraised, count, failure) &&
        database_execute(database, "COMMIT", failure))
        return true;
    struct failure ignored;
    database_execute(database, "ROLLBACK", &ignored);
    return false;
}

bool appraisal_store(const char *path, const char *arguments, const struct appraised *appraised, int32_t count,
                     int64_t *experiment_id, struct failure *failure) {
    struct database *database = database_open(path, DATABASE_WRITE, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    struct store *store = store_create(database, failure);
    const bool good =
        store != NULL && write_experiment(database, store, arguments, appraised, count, experiment_id, failure);
    store_destroy(store);
    database_close(database);
    return good;
}
