#include "cli/capacity_evidence.h"

#include <inttypes.h>
#include <math.h>

#include "cli/output.h"

static void print_table(struct text_table *table) {
    text_table_print(table, stdout, 2);
    text_table_destroy(table);
}

static void interval_cell(struct text_table *table, struct estimate estimate, double unit) {
    if (isnan(estimate.mean))
        text_table_cell(table, "–");
    else if (isnan(estimate.half_width))
        text_table_cell(table, "%.1f", estimate.mean / unit);
    else
        text_table_cell(table, "%.1f ± %.1f", estimate.mean / unit, estimate.half_width / unit);
}

/* Where the line is cut decides the answer: so every piece of it. */
static void print_sections(const struct capacity_column *column) {
    static const char *const headers[] = {"section",   "line track", "trains",     "occupied, min",
                                          "open, min", "occupancy",  "trains/day", ""};
    const struct compression *compression = &column->capacity.compression;
    printf("\n");
    print_heading("%s: sections of the compressed timetable", column->label);
    if (!compression->applies) {
        printf("  %s\n", compression->reason);
        return;
    }
    struct text_table *table = text_table_create("lrrrrrrl", headers);
    for (int32_t i = 0; i < compression->section_count; i++) {
        const struct compressed_section *section = &compression->sections[i];
        text_table_cell(table, "%s", column->scenario->network.sections[section->section].id);
        text_table_cell(table, "%" PRId32, section->line_track > 0 ? section->line_track : 1);
        text_table_cell(table, "%" PRId32, section->trains);
        text_table_cell(table, "%.0f", section->occupied_min);
        text_table_cell(table, "%.0f", section->open_min);
        text_table_cell(table, "%.1f %%", 100 * section->occupancy);
        text_table_cell(table, "%.1f", section->trains_per_day);
        text_table_cell(table, "%s", i == compression->limiting ? "limits" : "");
    }
    print_table(table);
}

static void print_loads(const struct capacity_column *column) {
    static const char *const headers[] = {"offered a day", "whole mix carried", "all trains carried"};
    const struct saturated_result *saturated = &column->capacity.saturated;
    printf("\n");
    print_heading("%s: what is carried of each load offered", column->label);
    struct text_table *table = text_table_create("rrr", headers);
    for (int32_t i = 0; i < saturated->point_count; i++) {
        text_table_cell(table, "%.1f", saturated->points[i].offered_per_day);
        interval_cell(table, saturated->points[i].balanced, 1);
        interval_cell(table, saturated->points[i].trains_per_day, 1);
    }
    print_table(table);
    printf("  The answer, at %.1f a day: %d day%s in %d replication%s", saturated->offered_per_day, saturated->days,
           saturated->days == 1 ? "" : "s", saturated->replications, saturated->replications == 1 ? "" : "s");
    if (saturated->batch_days > 0) printf(", in batches of %d days", saturated->batch_days);
    if (!isnan(saturated->lag_correlation)) printf(", neighbours correlated by %.2f", saturated->lag_correlation);
    printf("; %d day%s of warm-up cut from each.\n", saturated->warmup_days, saturated->warmup_days == 1 ? "" : "s");
}

/* The fit, and how far the logarithm of the mean delay lies from it. */
static void fit_cells(struct text_table *table, const struct practical_result *practical,
                      const struct practical_point *point) {
    const double fit_s = practical->fit_a_s * exp(practical->fit_b * point->trains_per_day);
    if (isnan(fit_s)) {
        text_table_cell(table, "–");
        text_table_cell(table, "–");
        return;
    }
    text_table_cell(table, "%.1f", fit_s / 60);
    if (point->delay_s.mean > 1)
        text_table_cell(table, "%+.2f", log(point->delay_s.mean / fit_s));
    else
        text_table_cell(table, "–");
}

static void print_delays(const struct capacity_column *column) {
    static const char *const headers[] = {"trains/day", "mean delay, min", "90 % of delays, min", "fit, min",
                                          "ln(delay / fit)"};
    const struct practical_result *practical = &column->capacity.practical;
    if (practical->outcome == PRACTICAL_NO_DEMAND) return;
    printf("\n");
    print_heading("%s: delay against demand", column->label);
    struct text_table *table = text_table_create("rrrrr", headers);
    for (int32_t i = 0; i < practical->point_count; i++) {
        text_table_cell(table, "%.1f", practical->points[i].trains_per_day);
        interval_cell(table, practical->points[i].delay_s, 60);
        interval_cell(table, practical->points[i].p90_delay_s, 60);
        fit_cells(table, practical, &practical->points[i]);
    }
    print_table(table);
    if (isnan(practical->fit_a_s))
        printf("  No fit: fewer than three demands have a delay.\n");
    else
        printf("  Fit D = %.3g min · e^(%.4f V), V in trains a day; standard deviation of ln D about it %.2f.\n",
               practical->fit_a_s / 60, practical->fit_b, practical->fit_residual);
}

void capacity_print_evidence(const struct capacity_column *columns, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        if (!columns[i].capacity.simulated) continue;
        print_sections(&columns[i]);
        print_loads(&columns[i]);
        print_delays(&columns[i]);
    }
}
