#include "cli/appraise_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "results/words.h"
#include "scenario/text.h"

/* ---- numbers ---- */

/* What people count money and TEU in. */
struct scale {
    double size;
    const char *name;
};

static struct scale scale_of(double value) {
    static const struct scale scales[] = {{1e12, " tn"}, {1e9, " bn"}, {1e6, " m"}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        if (fabs(value) >= 0.9995 * scales[i].size) return scales[i];
    return (struct scale){1, ""};
}

/* Digits behind the point: three that count, or as many as what is uncertain leaves, so that its first is the last. */
static int digits_of(double value, double half_width) {
    const double known = value != 0 ? 2 - floor(log10(fabs(value)) + 1e-9) : 0;
    if (!(half_width > 0)) return (int)fmax(0, fmin(3, known));
    const double first = -floor(log10(half_width)), leading = half_width * pow(10, first);
    return (int)fmax(0, fmin(3, leading < 2 ? first + 1 : first));
}

static const char *sign_of(double value, double unit, int digits) {
    return value < 0 && round(fabs(value) / unit * pow(10, digits)) > 0 ? "−" : "";
}

/* "1,145": no number here reaches a million. */
static void group_thousands(double value, int digits, char text[MONEY_SIZE / 2]) {
    const double rounded = round(value * pow(10, digits)) / pow(10, digits);
    if (rounded < 1000)
        snprintf(text, MONEY_SIZE / 2, "%.*f", digits, rounded);
    else
        snprintf(text, MONEY_SIZE / 2, "%.0f,%03.0f", floor(rounded / 1000), fmod(round(rounded), 1000));
}

/* How money is written: in which unit, with how many digits. */
struct money_style {
    struct scale scale;
    int digits;
};

static struct money_style style_of(double usd, double half_width) {
    struct money_style style = {.scale = scale_of(usd)};
    style.digits = digits_of(usd / style.scale.size, half_width / style.scale.size);
    if (style.scale.size == 1 && fabs(usd) >= 100) style.digits = 0;
    return style;
}

/* Without the unit: "−$9.9". */
static char *format_amount(double usd, const struct money_style *style, char text[MONEY_SIZE]) {
    char number[MONEY_SIZE / 2];
    group_thousands(fabs(usd) / style->scale.size, style->digits, number);
    snprintf(text, MONEY_SIZE, "%s$%s", sign_of(usd, style->scale.size, style->digits), number);
    return text;
}

char *format_money(double usd, double half_width, char text[MONEY_SIZE]) {
    if (!isfinite(usd)) {
        snprintf(text, MONEY_SIZE, isnan(usd) ? "–" : "no end");
        return text;
    }
    const struct money_style style = style_of(usd, half_width);
    char amount[MONEY_SIZE];
    snprintf(text, MONEY_SIZE, "%.*s%s", MONEY_SIZE / 2, format_amount(usd, &style, amount), style.scale.name);
    return text;
}

/* Both ends alike: "−$9.9 to $2.1 bn". An end that is not finite, or whose interval is not, has none. */
static void money_range_cell(struct text_table *table, const struct appraisal_quantiles *quantiles) {
    const double low = quantiles->p5, high = quantiles->p95;
    if (!isfinite(low) || !isfinite(high)) {
        char first[MONEY_SIZE], second[MONEY_SIZE];
        text_table_cell(table, "%s to %s", format_money(low, NAN, first), format_money(high, NAN, second));
        return;
    }
    const double greater = fmax(fabs(low), fabs(high));
    const struct money_style style =
        style_of(greater, fmax(quantiles->p5_half_width, quantiles->p95_half_width)); /* fmax: of those there are */
    char first[MONEY_SIZE], second[MONEY_SIZE];
    if (high - low <= 1e-9 * greater)
        text_table_cell(table, "%s", format_money(high, NAN, second));
    else
        text_table_cell(table, "%s to %s%s", format_amount(low, &style, first), format_amount(high, &style, second),
                        style.scale.name);
}

/* In three digits. */
static void teu_cell(struct text_table *table, double teu) {
    const struct scale scale = scale_of(teu);
    char text[MONEY_SIZE / 2];
    const double least = teu > 0 ? pow(10, floor(log10(teu)) - 2) : 1;
    if (scale.size == 1) {
        group_thousands(fmax(1, least) * round(teu / fmax(1, least)), 0, text);
        text_table_cell(table, "%s", text);
    } else
        text_table_cell(table, "%.*f%s", digits_of(teu / scale.size, NAN), teu / scale.size, scale.name);
}

static void rate_cell(struct text_table *table, double rate) {
    if (isnan(rate))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%s%.1f %%", sign_of(rate, 0.01, 1), fabs(100 * rate));
}

static void years_cell(struct text_table *table, double years) {
    if (isfinite(years))
        text_table_cell(table, "%.1f years", years);
    else
        text_table_cell(table, "never");
}

/* Per cent; of few cases nothing is told as certain. */
static void format_share(double share, char text[16]) {
    if (share > 0 && share < 0.005)
        snprintf(text, 16, "under 1 %%");
    else if (share < 1 && share > 0.995)
        snprintf(text, 16, "over 99 %%");
    else
        snprintf(text, 16, "%.0f %%", 100 * share);
}

/* ---- rows ---- */

typedef void cell_function(struct text_table *table, const struct appraise_column *column);

static const struct appraisal *appraisal_of(const struct appraise_column *column) {
    return column->project.appraisal;
}

static bool is_uncertain(const struct appraise_column *column) {
    return appraisal_of(column)->uncertain_count > 0;
}

static const char *viewpoint_word(enum viewpoint viewpoint) {
    static const char *const words[] = {
        [VIEWPOINT_PROJECT] = "project", [VIEWPOINT_MANAGER] = "manager", [VIEWPOINT_OPERATOR] = "operator"};
    return words[viewpoint];
}

static void trains_cell(struct text_table *table, const struct appraise_column *column) {
    const struct project_capacity *capacity = &column->project.capacity;
    if (capacity->half_width > 0)
        text_table_cell(table, "%.1f ± %.1f", capacity->trains_per_day, capacity->half_width);
    else
        text_table_cell(table, "%.1f", capacity->trains_per_day);
}

static void answer_cell(struct text_table *table, const struct appraise_column *column) {
    text_table_cell(table, "%s", capacity_answer_word(column->project.capacity.answer));
}

static double capacity_teu_per_year(const struct appraise_column *column) {
    const struct appraisal_traffic *traffic = &column->project.traffic.traffic;
    return traffic->capacity_trains_per_day * traffic->teu_per_train * APPRAISAL_DAYS_PER_YEAR;
}

static void teu_per_year_cell(struct text_table *table, const struct appraise_column *column) {
    teu_cell(table, appraisal_of(column)->single.teu_per_year);
}

static void used_cell(struct text_table *table, const struct appraise_column *column) {
    text_table_cell(table, "%.0f %%", 100 * appraisal_of(column)->single.teu_per_year / capacity_teu_per_year(column));
}

static void money_cell(struct text_table *table, double usd) {
    char text[MONEY_SIZE];
    text_table_cell(table, "%s", format_money(usd, NAN, text));
}

static void revenue_cell(struct text_table *table, const struct appraise_column *column) {
    const struct cash_year year = appraisal_mature_year(appraisal_of(column));
    money_cell(table, year.revenue_usd + year.other_revenue_usd);
}

static void cost_cell(struct text_table *table, const struct appraise_column *column) {
    const struct cash_year year = appraisal_mature_year(appraisal_of(column));
    money_cell(table, year.variable_cost_usd + year.other_cost_usd + year.fixed_cost_usd);
}

static void capital_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.charge.capital_usd);
}

static void npv_cell(struct text_table *table, const struct appraise_column *column) {
    const struct estimate *npv = &appraisal_of(column)->npv_usd;
    const struct money_style style = style_of(npv->mean, npv->half_width);
    char mean[MONEY_SIZE];
    if (is_uncertain(column) && round(npv->half_width / style.scale.size * pow(10, style.digits)) > 0)
        text_table_cell(table, "%s ± %.*f%s", format_amount(npv->mean, &style, mean), style.digits,
                        npv->half_width / style.scale.size, style.scale.name);
    else
        text_table_cell(table, "%s", format_money(npv->mean, NAN, mean));
}

static void range_cell(struct text_table *table, const struct appraise_column *column,
                       const struct appraisal_quantiles *quantiles) {
    if (is_uncertain(column))
        money_range_cell(table, quantiles);
    else
        text_table_cell(table, "–");
}

static void npv_range_cell(struct text_table *table, const struct appraise_column *column) {
    range_cell(table, column, &appraisal_of(column)->npv);
}

static void probability_cell(struct text_table *table, const struct appraise_column *column) {
    char text[16];
    format_share(appraisal_of(column)->probability_pays.mean, text);
    text_table_cell(table, "%s", is_uncertain(column) ? text : "–");
}

static void irr_cell(struct text_table *table, const struct appraise_column *column) {
    const struct internal_rate *irr = &appraisal_of(column)->single.irr;
    switch (irr->kind) {
    case INTERNAL_RATE_ONE:
        rate_cell(table, irr->rates[0]);
        break;
    case INTERNAL_RATE_SEVERAL:
        text_table_cell(table, "%" PRId32 " of them", irr->count);
        break;
    case INTERNAL_RATE_LOSES:
        text_table_cell(table, "none: loses");
        break;
    case INTERNAL_RATE_GAINS:
        text_table_cell(table, "none: gains");
        break;
    case INTERNAL_RATE_EMPTY:
        text_table_cell(table, "–");
        break;
    }
}

static const char *rate_end(double rate, char text[16]) {
    if (isfinite(rate))
        snprintf(text, 16, "%s%.1f", sign_of(rate, 0.01, 1), fabs(100 * rate));
    else
        snprintf(text, 16, "%s", rate < 0 ? "none" : "no end");
    return text;
}

static void irr_range_cell(struct text_table *table, const struct appraise_column *column) {
    const struct appraisal_quantiles *irr = &appraisal_of(column)->irr;
    char low[16], high[16];
    if (!is_uncertain(column) || isnan(irr->p5) || (isinf(irr->p5) && isinf(irr->p95)))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%s to %s %%", rate_end(irr->p5, low), rate_end(irr->p95, high));
}

static void payback_cell(struct text_table *table, const struct appraise_column *column) {
    years_cell(table, appraisal_of(column)->single.payback_years);
}

static void tariff_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.revenue_usd_per_teu);
}

static void break_even_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.break_even_usd_per_teu);
}

static void break_even_range_cell(struct text_table *table, const struct appraise_column *column) {
    range_cell(table, column, &appraisal_of(column)->break_even);
}

static void ceiling_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.ceiling_usd_per_teu);
}

static void rail_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.rail_usd_per_teu);
}

static void charge_cell(struct text_table *table, const struct appraise_column *column) {
    money_cell(table, appraisal_of(column)->single.charge.usd_per_teu);
}

/* ---- which assumption decides ---- */

/* Rates and factors in three digits, money as money. */
static char *format_input(int32_t input, double value, char text[MONEY_SIZE]) {
    if (strstr(appraisal_input_name(input), "usd") != NULL && input != ECONOMIC_EXCHANGE_RATE)
        return format_money(value, NAN, text);
    snprintf(text, MONEY_SIZE, "%.3g", value);
    return text;
}

static void deciding_cell(struct text_table *table, const struct appraise_column *column) {
    text_table_cell(table, "%s",
                    is_uncertain(column) ? appraisal_input_name(appraisal_of(column)->bars[0].input) : "–");
}

static void switching_cell(struct text_table *table, const struct appraise_column *column) {
    const struct appraisal_bar *bar = appraisal_of(column)->bars;
    char value[MONEY_SIZE], mean[MONEY_SIZE];
    if (!is_uncertain(column))
        text_table_cell(table, "–");
    else if (isnan(bar->switching_value))
        text_table_cell(table, "nowhere near");
    else
        text_table_cell(table, "%s (mean %s)", format_input(bar->input, bar->switching_value, value),
                        format_input(bar->input, bar->mean, mean));
}

static void verdict_cell(struct text_table *table, const struct appraise_column *column) {
    char share[16];
    format_share(appraisal_of(column)->probability_pays.mean, share);
    switch (project_verdict_of(appraisal_of(column))) {
    case PROJECT_PAYS:
        text_table_cell(table, "pays");
        break;
    case PROJECT_DOES_NOT:
        text_table_cell(table, "does not pay");
        break;
    case PROJECT_MAY:
        text_table_cell(table, "may pay: %s", share);
        break;
    }
}

/* ---- text ---- */

enum { COLUMNS_MOST = 4 };

static const struct row {
    const char *name;
    cell_function *cell;
} rows[] = {
    {"trains a day the line carries", trains_cell},
    {"  that answer is", answer_cell},
    {"TEU a year, once grown", teu_per_year_cell},
    {"  of what the line carries", used_cell},
    {"revenue a year, once grown", revenue_cell},
    {"running cost a year, once grown", cost_cell},
    {"capital, overrun included", capital_cell},
    {"net present value, mean of all cases", npv_cell},
    {"  5 to 95 % of cases", npv_range_cell},
    {"probability that it pays", probability_cell},
    {"internal rate of return", irr_cell},
    {"  5 to 95 % of cases", irr_range_cell},
    {"payback, from the first spending", payback_cell},
    {"revenue per TEU", tariff_cell},
    {"  that breaks even", break_even_cell},
    {"  5 to 95 % of cases", break_even_range_cell},
    {"  ceiling: sea, and the time saved", ceiling_cell},
    {"  rail tariff for the same way", rail_cell},
    {"capital charge per TEU", charge_cell},
    {"the assumption that decides", deciding_cell},
    {"  the value is 0 where it is", switching_cell},
    {"in plain words", verdict_cell},
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static void print_table(const struct appraise_column *columns, int32_t count) {
    const char *headers[COLUMNS_MOST + 1] = {"Does it pay?"};
    char alignment[COLUMNS_MOST + 2] = "l";
    for (int32_t i = 0; i < count; i++) {
        headers[i + 1] = columns[i].label;
        strcat(alignment, "r");
    }
    struct text_table *table = text_table_create(alignment, headers);
    for (int r = 0; r < ROW_COUNT; r++) {
        text_table_cell(table, "%s", rows[r].name);
        for (int32_t i = 0; i < count; i++) rows[r].cell(table, &columns[i]);
    }
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
}

/* What the money means: whose, of when, at which rate. */
static void print_terms(const struct appraise_column *column, bool named) {
    static const char *const points[] = {
        [DISCOUNTING_END_OF_YEAR] = "end", [DISCOUNTING_MID_YEAR] = "middle", [DISCOUNTING_START_OF_YEAR] = "start"};
    static const char *const whose[] = {[VIEWPOINT_PROJECT] = "whole project",
                                        [VIEWPOINT_MANAGER] = "infrastructure manager",
                                        [VIEWPOINT_OPERATOR] = "operator"};
    const struct appraisal *appraisal = appraisal_of(column);
    const double *values = appraisal->single.values;
    if (named)
        printf("%s: money of the %s", column->label, whose[appraisal->viewpoint]);
    else
        printf("Money of the %s", whose[appraisal->viewpoint]);
    if (column->scenario->settings.price_year > 0)
        printf(", prices of %" PRId32, column->scenario->settings.price_year);
    printf("; %.3g %% a year, paid at the %s of each year.\n  Building begins in %" PRId32
           " and takes %.3g year%s; in use for %.3g.\n",
           100 * values[ECONOMIC_DISCOUNT_RATE], points[column->scenario->economics.discounting], appraisal->first_year,
           values[ECONOMIC_CONSTRUCTION], values[ECONOMIC_CONSTRUCTION] == 1 ? "" : "s", values[ECONOMIC_LIFE]);
}

static void print_capacity_source(const struct project_capacity *capacity) {
    if (capacity->experiment_id == 0)
        printf("as given");
    else
        printf("experiment %" PRId64 "%s", capacity->experiment_id, capacity->found ? "" : ", made now");
}

static void print_evidence(const struct appraise_column *column, bool named) {
    const struct project_appraisal *project = &column->project;
    const struct project_traffic *traffic = &project->traffic;
    char delivered[16], share[16];
    format_share(traffic->delivered_share, delivered);
    if (named) printf("%s: ", column->label);
    printf("trains a day: ");
    print_capacity_source(&project->capacity);
    printf("; traffic: experiment %" PRId64 ", ", project->runs.experiment_id);
    if (project->runs.count > 1)
        printf("runs %" PRId64 " to %" PRId64, project->runs.first_run_id,
               project->runs.first_run_id + project->runs.count - 1);
    else
        printf("run %" PRId64, project->runs.first_run_id);
    printf("%s.\n  %.0f TEU a day offered, %s of them delivered; %.0f TEU a train then, %.0f when the line is full.\n",
           project->runs.found ? "" : ", made now", traffic->traffic.demand_teu_per_day, delivered,
           traffic->teu_per_train_simulated, traffic->teu_per_train_full);
    if (traffic->refused_share > PROJECT_YARDS_REFUSE) {
        format_share(traffic->refused_share, share);
        printf("  %s was refused for want of room in yards%s.\n", share,
               traffic->yards_bind ? ": trains are taken to run no fuller than then" : "");
    }
    if (traffic->load > 1)
        printf("  The trains scheduled have room for %.0f %% of what is offered: the line can carry more of them.\n",
               100 / traffic->load);
    if (traffic->cranes_bind)
        printf("  Cranes at %s limit it to %.0f TEU a day, %.1f trains: less than the line carries.\n",
               column->scenario->network.stations[traffic->crane_station].id, traffic->crane_teu_per_day,
               traffic->traffic.capacity_trains_per_day);
}

static void print_plainly(const struct appraise_column *column) {
    const struct appraisal *appraisal = appraisal_of(column);
    char share[16];
    format_share(appraisal->probability_pays.mean, share);
    printf("%s: ", column->label);
    switch (project_verdict_of(appraisal)) {
    case PROJECT_PAYS:
        printf("pays");
        break;
    case PROJECT_DOES_NOT:
        printf("does not pay");
        break;
    case PROJECT_MAY:
        printf("may pay");
        break;
    }
    if (is_uncertain(column))
        printf(": worth more than it costs in %s of %" PRId64 " cases\n", share, appraisal->sample_count);
    else
        printf(", if all is as assumed: nothing in economics.csv is uncertain\n");
}

static bool same_scenario(const struct appraise_report *report) {
    for (int32_t i = 1; i < report->count; i++)
        if (strcmp(report->columns[i].scenario->folder, report->columns[0].scenario->folder) != 0) return false;
    return true;
}

/* Once for all columns whose money means the same. */
static bool same_terms(const struct appraise_column *left, const struct appraise_column *right) {
    static const enum economic_law shown[] = {ECONOMIC_DISCOUNT_RATE, ECONOMIC_CONSTRUCTION, ECONOMIC_LIFE};
    const struct appraisal *a = appraisal_of(left), *b = appraisal_of(right);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (a->single.values[shown[i]] != b->single.values[shown[i]]) return false;
    return a->viewpoint == b->viewpoint && a->first_year == b->first_year &&
           left->scenario->settings.price_year == right->scenario->settings.price_year &&
           left->scenario->economics.discounting == right->scenario->economics.discounting;
}

static void print_all_terms(const struct appraise_report *report) {
    bool same = true;
    for (int32_t i = 1; i < report->count; i++) same &= same_terms(&report->columns[0], &report->columns[i]);
    for (int32_t i = 0; i < (same ? 1 : report->count); i++) print_terms(&report->columns[i], !same);
}

void appraise_print_text(const struct appraise_report *report) {
    char title[256];
    scenario_title(report->columns[0].scenario, title, sizeof title);
    print_heading("%s", same_scenario(report) ? text_make_printable(title) : "Scenarios side by side");
    for (int32_t i = 0; i < report->count; i += COLUMNS_MOST) {
        printf("\n");
        print_table(report->columns + i, report->count - i < COLUMNS_MOST ? report->count - i : COLUMNS_MOST);
    }
    printf("\n");
    print_all_terms(report);
    for (int32_t i = 0; i < report->count; i++) print_evidence(&report->columns[i], report->count > 1);
    printf("\n");
    for (int32_t i = 0; i < report->count; i++) print_plainly(&report->columns[i]);
    printf("\nResults  %s, experiment %" PRId64 "\n", report->database, report->experiment_id);
}

/* ---- JSON ---- */

static void json_quantiles(struct json *json, const char *key, const struct appraisal_quantiles *quantiles) {
    json_object_begin(json, key);
    json_real(json, "p5", quantiles->p5);
    json_real(json, "p25", quantiles->p25);
    json_real(json, "p50", quantiles->p50);
    json_real(json, "p75", quantiles->p75);
    json_real(json, "p95", quantiles->p95);
    json_object_end(json);
}

static void json_estimate(struct json *json, const char *key, const struct estimate *estimate) {
    json_object_begin(json, key);
    json_real(json, "mean", estimate->mean);
    json_real(json, "half_width", estimate->half_width);
    json_real(json, "confidence", estimate->confidence);
    json_object_end(json);
}

static void json_capacity(struct json *json, const struct appraise_column *column) {
    const struct project_capacity *capacity = &column->project.capacity;
    json_object_begin(json, "capacity");
    json_text(json, "answer", capacity_answer_word(capacity->answer));
    json_real(json, "trains_per_day", capacity->trains_per_day);
    json_real(json, "half_width", capacity->half_width > 0 ? capacity->half_width : (double)NAN);
    if (capacity->experiment_id > 0)
        json_integer(json, "experiment_id", capacity->experiment_id);
    else
        json_null(json, "experiment_id");
    json_boolean(json, "made_now", capacity->experiment_id > 0 && !capacity->found);
    json_real(json, "teu_per_year", capacity_teu_per_year(column));
    json_object_end(json);
}

static void json_traffic(struct json *json, const struct appraise_column *column) {
    const struct project_traffic *traffic = &column->project.traffic;
    const struct appraisal_traffic *found = &traffic->traffic;
    json_object_begin(json, "traffic");
    json_integer(json, "experiment_id", column->project.runs.experiment_id);
    json_integer(json, "first_run_id", column->project.runs.first_run_id);
    json_integer(json, "runs", column->project.runs.count);
    json_boolean(json, "made_now", !column->project.runs.found);
    json_real(json, "demand_teu_per_day", found->demand_teu_per_day);
    json_real(json, "delivered_share", traffic->delivered_share);
    json_real(json, "refused_share", traffic->refused_share);
    json_real(json, "trains_per_day", traffic->trains_per_day);
    json_real(json, "container_trains_per_day", traffic->container_trains_per_day);
    json_real(json, "teu_per_train", traffic->teu_per_train_simulated);
    json_real(json, "teu_per_train_full", traffic->teu_per_train_full);
    json_real(json, "revenue_usd_per_teu", found->tariff_usd_per_teu);
    json_real(json, "running_cost_usd_per_teu", found->running_cost_usd_per_teu);
    json_real(json, "energy_kwh_per_teu", found->energy_kwh_per_teu);
    json_real(json, "lifts_per_teu", found->lifts_per_teu);
    json_real(json, "yard_days_per_teu", found->yard_days_per_teu);
    json_real(json, "train_km_per_teu", found->train_km_per_teu);
    json_real(json, "other_revenue_usd_per_year", found->other_revenue_usd_per_year);
    json_real(json, "other_cost_usd_per_year", found->other_cost_usd_per_year);
    json_real(json, "cranes_teu_per_day", traffic->crane_teu_per_day);
    json_boolean(json, "cranes_bind", traffic->cranes_bind);
    json_boolean(json, "yards_bind", traffic->yards_bind);
    json_object_end(json);
}

static const char *irr_word(enum internal_rate_kind kind) {
    static const char *const words[] = {[INTERNAL_RATE_ONE] = "one",
                                        [INTERNAL_RATE_SEVERAL] = "several",
                                        [INTERNAL_RATE_LOSES] = "none_loses",
                                        [INTERNAL_RATE_GAINS] = "none_gains",
                                        [INTERNAL_RATE_EMPTY] = "no_money"};
    return words[kind];
}

static void json_single(struct json *json, const struct appraisal *appraisal) {
    const struct appraisal_case *single = &appraisal->single;
    const struct cash_year year = appraisal_mature_year(appraisal);
    json_object_begin(json, "single_case");
    json_real(json, "npv_usd", single->npv_usd);
    json_text(json, "irr_found", irr_word(single->irr.kind));
    json_array_begin(json, "irr");
    for (int32_t i = 0; i < single->irr.count && i < INTERNAL_RATES_KEPT; i++)
        json_real(json, NULL, single->irr.rates[i]);
    json_array_end(json);
    json_real(json, "payback_years", single->payback_years);
    json_real(json, "discounted_payback_years", single->discounted_payback_years);
    json_real(json, "profitability_index", single->profitability_index);
    json_real(json, "teu_per_year", single->teu_per_year);
    json_real(json, "revenue_usd_per_year", year.revenue_usd + year.other_revenue_usd);
    json_real(json, "cost_usd_per_year", year.variable_cost_usd + year.other_cost_usd + year.fixed_cost_usd);
    json_real(json, "capital_usd", single->charge.capital_usd);
    json_real(json, "revenue_usd_per_teu", single->revenue_usd_per_teu);
    json_real(json, "break_even_usd_per_teu", single->break_even_usd_per_teu);
    json_real(json, "ceiling_usd_per_teu", single->ceiling_usd_per_teu);
    json_real(json, "rail_usd_per_teu", single->rail_usd_per_teu);
    json_real(json, "capital_charge_usd_per_year", single->charge.usd_per_year);
    json_real(json, "capital_charge_usd_per_teu", single->charge.usd_per_teu);
    json_object_end(json);
}

static void json_bars(struct json *json, const struct appraisal *appraisal) {
    json_array_begin(json, "bars");
    for (int32_t i = 0; i < appraisal->uncertain_count; i++) {
        const struct appraisal_bar *bar = &appraisal->bars[i];
        json_object_begin(json, NULL);
        json_text(json, "input", appraisal_input_name(bar->input));
        json_real(json, "low", bar->low);
        json_real(json, "mean", bar->mean);
        json_real(json, "high", bar->high);
        json_real(json, "npv_low_usd", bar->npv_low_usd);
        json_real(json, "npv_high_usd", bar->npv_high_usd);
        json_real(json, "switching_value", bar->switching_value);
        json_object_end(json);
    }
    json_array_end(json);
}

static void json_column(struct json *json, const struct appraise_column *column) {
    const struct appraisal *appraisal = appraisal_of(column);
    char title[256];
    scenario_title(column->scenario, title, sizeof title);
    json_object_begin(json, NULL);
    json_text(json, "label", column->label);
    json_text(json, "scenario", title);
    json_text(json, "variant", column->scenario->variant);
    json_text(json, "viewpoint", viewpoint_word(appraisal->viewpoint));
    if (column->scenario->settings.price_year > 0)
        json_integer(json, "price_year", column->scenario->settings.price_year);
    else
        json_null(json, "price_year");
    json_integer(json, "first_year", appraisal->first_year);
    json_capacity(json, column);
    json_traffic(json, column);
    json_single(json, appraisal);
    json_integer(json, "samples", appraisal->sample_count);
    json_estimate(json, "npv_usd", &appraisal->npv_usd);
    json_quantiles(json, "npv_usd_quantiles", &appraisal->npv);
    json_estimate(json, "probability_pays", &appraisal->probability_pays);
    json_estimate(json, "probability_under_ceiling", &appraisal->probability_allowed);
    json_quantiles(json, "irr_quantiles", &appraisal->irr);
    json_quantiles(json, "payback_years_quantiles", &appraisal->payback);
    json_quantiles(json, "break_even_usd_per_teu_quantiles", &appraisal->break_even);
    json_bars(json, appraisal);
    json_text(json, "verdict", project_verdict_word(project_verdict_of(appraisal)));
    json_object_end(json);
}

void appraise_print_json(const struct appraise_report *report) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "database", report->database);
    json_integer(&json, "experiment_id", report->experiment_id);
    json_array_begin(&json, "appraisals");
    for (int32_t i = 0; i < report->count; i++) json_column(&json, &report->columns[i]);
    json_array_end(&json);
    json_object_end(&json);
}

/* ---- CSV ---- */

static void csv_column(const struct appraise_column *column) {
    const struct appraisal *appraisal = appraisal_of(column);
    const struct appraisal_case *single = &appraisal->single;
    const struct cash_year year = appraisal_mature_year(appraisal);
    struct csv_row row = {.stream = stdout};
    char title[256];
    scenario_title(column->scenario, title, sizeof title);
    csv_text(&row, title);
    csv_text(&row, column->scenario->variant);
    csv_text(&row, viewpoint_word(appraisal->viewpoint));
    csv_real(&row, column->project.capacity.trains_per_day);
    csv_real(&row, single->teu_per_year);
    csv_real(&row, year.revenue_usd + year.other_revenue_usd);
    csv_real(&row, year.variable_cost_usd + year.other_cost_usd + year.fixed_cost_usd);
    csv_real(&row, single->charge.capital_usd);
    csv_real(&row, appraisal->npv_usd.mean);
    csv_real(&row, appraisal->npv_usd.half_width);
    csv_real(&row, appraisal->npv.p5);
    csv_real(&row, appraisal->npv.p95);
    csv_real(&row, appraisal->probability_pays.mean);
    csv_real(&row, single->irr.kind == INTERNAL_RATE_ONE ? single->irr.rates[0] : (double)NAN);
    csv_real(&row, isfinite(single->payback_years) ? single->payback_years : (double)NAN);
    csv_real(&row, single->break_even_usd_per_teu);
    csv_real(&row, single->ceiling_usd_per_teu);
    csv_real(&row, single->rail_usd_per_teu);
    csv_real(&row, single->charge.usd_per_teu);
    csv_text(&row, is_uncertain(column) ? appraisal_input_name(appraisal->bars[0].input) : NULL);
    csv_real(&row, is_uncertain(column) ? appraisal->bars[0].switching_value : (double)NAN);
    csv_text(&row, project_verdict_word(project_verdict_of(appraisal)));
    csv_end(&row);
}

void appraise_print_csv(const struct appraise_report *report) {
    printf("scenario,variant,viewpoint,trains_per_day,teu_per_year,revenue_usd_per_year,cost_usd_per_year,capital_usd,"
           "npv_usd,npv_half_width,npv_p5_usd,npv_p95_usd,probability_pays,irr,payback_years,break_even_usd_per_teu,"
           "ceiling_usd_per_teu,rail_usd_per_teu,capital_charge_usd_per_teu,deciding_input,switching_value,verdict\n");
    for (int32_t i = 0; i < report->count; i++) csv_column(&report->columns[i]);
}
