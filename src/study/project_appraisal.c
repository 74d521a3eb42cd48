#include "study/project_appraisal.h"

/* What the parts tell of their progress is passed on as that of the whole. */
static void tell_capacity(void *context, enum capacity_step step, double share_done) {
    const struct project_request *request = context;
    const double steps = CAPACITY_PRACTICAL + 1;
    request->progress(request->context, PROJECT_CAPACITY_STEP, ((double)step + share_done) / steps);
}

static void tell_runs(void *context, const struct replications_progress *progress) {
    const struct project_request *request = context;
    request->progress(request->context, PROJECT_TRAFFIC_STEP, (double)progress->done / progress->total);
}

static bool find_capacity(const struct project_request *request, struct project_appraisal *project,
                          struct failure *failure) {
    const struct project_capacity_request work = {.scenario = request->scenario,
                                                  .plan = request->plan,
                                                  .answer = request->answer,
                                                  .given_per_day = request->given_per_day,
                                                  .database = request->database,
                                                  .arguments = request->arguments,
                                                  .jobs = request->jobs,
                                                  .stop = request->stop,
                                                  .progress = request->progress != NULL ? tell_capacity : NULL,
                                                  .context = (void *)request};
    return project_capacity_get(&work, &project->capacity, failure);
}

static bool find_traffic(const struct project_request *request, struct project_appraisal *project,
                         struct failure *failure) {
    const struct project_runs_request work = {.scenario = request->scenario,
                                              .plan = request->plan,
                                              .database = request->database,
                                              .arguments = request->arguments,
                                              .jobs = request->jobs,
                                              .stop = request->stop,
                                              .progress = request->progress != NULL ? tell_runs : NULL,
                                              .context = (void *)request};
    if (!project_runs_get(&work, &project->runs, failure)) return false;
    const bool well = project_traffic_make(request->scenario, &project->runs.sums, &project->traffic, failure);
    traffic_sums_free(&project->runs.sums);
    if (!well) return false;
    project_traffic_fit(&project->traffic, project->capacity.trains_per_day, project->capacity.standard_error);
    return true;
}

static bool make(const struct project_request *request, struct project_appraisal *project, struct failure *failure) {
    const struct scenario *scenario = request->scenario;
    project->options_capex_usd = economics_capex_of_options(scenario->options, scenario->option_count);
    project->options_opex_usd_per_year = economics_opex_of_options(scenario->options, scenario->option_count);
    const struct appraisal_input input = {.economics = &scenario->economics,
                                          .options_capex_usd = project->options_capex_usd,
                                          .options_opex_usd_per_year = project->options_opex_usd_per_year,
                                          .traffic = project->traffic.traffic,
                                          .seed = (uint64_t)scenario->settings.seed,
                                          .shifts = PROJECT_SHIFTS,
                                          .points_per_shift = request->samples / PROJECT_SHIFTS};
    if (request->progress != NULL) request->progress(request->context, PROJECT_SAMPLES_STEP, 0);
    project->appraisal = appraisal_make(&input);
    return project->appraisal != NULL || failure_set(failure, "out of memory");
}

bool project_appraise(const struct project_request *request, struct project_appraisal *project,
                      struct failure *failure) {
    *project = (struct project_appraisal){0};
    const bool well = find_capacity(request, project, failure) && find_traffic(request, project, failure) &&
                      make(request, project, failure);
    if (!well) project_appraisal_free(project);
    return well;
}

void project_appraisal_free(struct project_appraisal *project) {
    project_runs_free(&project->runs);
    appraisal_free(project->appraisal);
    *project = (struct project_appraisal){0};
}

static struct cash_year whole_year(const struct cash_year *part) {
    const double share = part->operating;
    return (struct cash_year){.revenue_usd = part->revenue_usd / share,
                              .other_revenue_usd = part->other_revenue_usd / share,
                              .variable_cost_usd = part->variable_cost_usd / share,
                              .other_cost_usd = part->other_cost_usd / share,
                              .fixed_cost_usd = part->fixed_cost_usd / share,
                              .teu = part->teu / share,
                              .operating = 1};
}

struct cash_year appraisal_mature_year(const struct appraisal *appraisal) {
    static const double nearly = 1 - 1e-6;
    const struct cash_flow *flow = &appraisal->flow;
    const struct cash_year *partly = NULL;
    for (int32_t i = flow->year_count - 1; i >= 0; i--) {
        if (flow->years[i].operating >= nearly) return whole_year(&flow->years[i]);
        if (partly == NULL && flow->years[i].operating > 0) partly = &flow->years[i];
    }
    return partly != NULL ? whole_year(partly) : (struct cash_year){0};
}

enum project_verdict project_verdict_of(const struct appraisal *appraisal) {
    static const double sure = 0.95;
    const double probability = appraisal->probability_pays.mean;
    return probability >= sure ? PROJECT_PAYS : probability <= 1 - sure ? PROJECT_DOES_NOT : PROJECT_MAY;
}

const char *project_verdict_word(enum project_verdict verdict) {
    static const char *const words[] = {
        [PROJECT_PAYS] = "pays", [PROJECT_DOES_NOT] = "does_not_pay", [PROJECT_MAY] = "may_pay"};
    return words[verdict];
}
