#include "cli/capacity_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "results/words.h"

/* ---- text ---- */

enum { COLUMNS_MOST = 3 };

struct side_by_side {
    const struct capacity_column *columns;
    int32_t count;
    struct text_table *table;
};

static void row(const struct side_by_side *view, const char *name,
                void (*cell)(struct text_table *table, const struct capacity *capacity)) {
    text_table_cell(view->table, "%s", name);
    for (int32_t i = 0; i < view->count; i++) cell(view->table, &view->columns[i].capacity);
}

static void figure(struct text_table *table, double value) {
    if (isnan(value))
        text_table_cell(table, "–");
    else if (isinf(value))
        text_table_cell(table, "no limit");
    else
        text_table_cell(table, "%.1f", value);
}

static void figure_within(struct text_table *table, double value, double half_width) {
    if (isnan(value))
        text_table_cell(table, "–");
    else if (isnan(half_width))
        text_table_cell(table, "%.1f", value);
    else
        text_table_cell(table, "%.1f ± %.1f", value, half_width);
}

static void bound_cell(struct text_table *table, const struct capacity *capacity) {
    figure(table, capacity->theoretical.bound.trains_per_day);
}

static void compressed_cell(struct text_table *table, const struct capacity *capacity) {
    figure(table, capacity->compression.trains_per_day);
}

static void occupancy_cell(struct text_table *table, const struct capacity *capacity) {
    if (isnan(capacity->compression.occupancy))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.0f %%", 100 * capacity->compression.occupancy);
}

static void saturated_cell(struct text_table *table, const struct capacity *capacity) {
    figure_within(table, capacity->saturated.trains_per_day.mean, capacity->saturated.trains_per_day.half_width);
}

static void saturated_directions_cell(struct text_table *table, const struct capacity *capacity) {
    text_table_cell(table, "%.1f / %.1f", capacity->saturated.direction_per_day[0],
                    capacity->saturated.direction_per_day[1]);
}

static void saturated_teu_cell(struct text_table *table, const struct capacity *capacity) {
    text_table_cell(table, "%.0f", capacity->saturated.teu_per_day);
}

static void overload_cell(struct text_table *table, const struct capacity *capacity) {
    const double *held = capacity->saturated.held;
    if (isnan(held[0]))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.0f %.0f %.0f %%", 100 * held[0], 100 * held[1], 100 * held[2]);
}

/* Who gets least of its share where three times as much is offered as the line carries. */
static const struct demand_class *overloaded_class(const struct capacity *capacity) {
    const int32_t of = capacity->saturated.held_by[SATURATED_OVERLOADS - 1];
    return of >= 0 ? &capacity->demand.classes[of] : NULL;
}

static void overloaded_class_cell(struct text_table *table, const struct capacity *capacity) {
    const struct demand_class *waits = overloaded_class(capacity);
    const struct scenario *scenario = capacity->demand.scenario;
    if (waits == NULL)
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%s to %s", scenario->train_types[waits->train_type].id,
                        scenario->network.stations[waits->destination].id);
}

static void practical_cell(struct text_table *table, const struct capacity *capacity) {
    const struct practical_result *practical = &capacity->practical;
    if (practical->outcome == PRACTICAL_NEVER_KEPT)
        text_table_cell(table, "never kept");
    else if (practical->outcome == PRACTICAL_NEVER_REACHED)
        text_table_cell(table, "≥ %.1f", practical->trains_per_day);
    else
        figure_within(table, practical->trains_per_day, practical->half_width);
}

static void practical_teu_cell(struct text_table *table, const struct capacity *capacity) {
    if (isnan(capacity->practical.teu_per_day))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.0f", capacity->practical.teu_per_day);
}

static void stretch_cell(struct text_table *table, const struct capacity *capacity) {
    const int32_t stretch = capacity_governing(capacity)->limiting_stretch;
    text_table_cell(table, "%s", stretch >= 0 ? capacity->theoretical.stretches[stretch].name : "–");
}

static void binds_cell(struct text_table *table, const struct capacity *capacity) {
    const struct theoretical_answer *answer = capacity_governing(capacity);
    char word[32] = "–";
    if (answer->limiting_stretch >= 0) snprintf(word, sizeof word, "%s", theoretical_limit_word(answer->binds));
    for (char *letter = word; *letter != '\0'; letter++)
        if (*letter == '_') *letter = ' ';
    text_table_cell(table, "%s", word);
}

static void next_cell(struct text_table *table, const struct capacity *capacity) {
    if (capacity->next_stretch < 0)
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.1f at %s", capacity->next_per_day,
                        capacity->theoretical.stretches[capacity->next_stretch].name);
}

static void pattern_rows(const struct side_by_side *view) {
    for (int p = 0; p < CAPACITY_FLEETS; p++) {
        if (capacity_fleets[p] == 1)
            text_table_cell(view->table, "  alternating (n = 1)");
        else
            text_table_cell(view->table, "  fleets of up to %d", capacity_fleets[p]);
        for (int32_t i = 0; i < view->count; i++) {
            const struct theoretical *theory = &view->columns[i].capacity.theoretical;
            figure(view->table, p < theory->pattern_count ? theory->patterns[p].answer.trains_per_day : (double)NAN);
        }
    }
}

static void simulated_rows(const struct side_by_side *view) {
    const struct capacity *first = &view->columns[0].capacity;
    char name[80];
    snprintf(name, sizeof name, "compressed, UIC 406 at %.0f %% of the day", 100 * first->compression.ceiling);
    row(view, name, compressed_cell);
    row(view, "  occupancy as scheduled", occupancy_cell);
    row(view, "saturated, 95 % interval", saturated_cell);
    row(view, "  forward / backward", saturated_directions_cell);
    row(view, "  TEU a day", saturated_teu_cell);
    row(view, "  of the whole mix, at 1.5, 2, 3 times the load", overload_cell);
    row(view, "  who gets least of its share then", overloaded_class_cell);
    snprintf(name, sizeof name, "practical, %s ≤ %g min", first->by_p90 ? "90 % of delays" : "mean delay",
             first->limit_s / 60);
    row(view, name, practical_cell);
    row(view, "  TEU a day", practical_teu_cell);
}

static void remark_theory(const char *of, const struct theoretical *theory) {
    int32_t first = -1;
    for (int32_t p = 0; p < theory->pattern_count; p++) {
        if (theory->patterns[p].answer.applies) continue;
        if (first < 0)
            printf("%s: n = %" PRId32, of, theory->patterns[first = p].fleet);
        else
            printf(", %" PRId32, theory->patterns[p].fleet);
    }
    if (first >= 0) printf(": no formula: %s\n", theory->patterns[first].answer.reason);
    if (!theory->bound.applies) printf("%s: theoretical: %s\n", of, theory->bound.reason);
}

/* Two-track sections that are not run from block to block: docs/model.md. */
static bool runs_in_one_go(const struct network *network) {
    for (int32_t i = 0; i < network->section_count; i++) {
        if (network->sections[i].tracks < 2) continue;
        if (network->sections[i].purge_ms > 0) return true;
        for (int32_t k = 0; k < network->possession_count; k++)
            if (network->possessions[k].section == i) return true;
    }
    return false;
}

/* Why far less is carried than by the formula. */
static void remark_tracks(const char *of, const struct capacity *capacity, const struct network *network) {
    const struct saturated_result *saturated = &capacity->saturated;
    if (isnan(capacity->free_tracks_per_day)) return;
    const double carried = saturated->trains_per_day.mean;
    printf("%s: saturated is %.0f %% of the formula, which takes every crossing station to have a free track.\n  ", of,
           100 * carried / capacity_governing(capacity)->trains_per_day);
    printf("If each had, and half as many trains again came, %.1f a day, %.1f would be carried: %s.",
           CAPACITY_FREE_TRACKS_LOAD * carried, capacity->free_tracks_per_day,
           capacity->free_tracks_per_day > 1.1 * carried ? "trains wait for tracks" : "tracks are not what is short");
    if (saturated->queue_section >= 0) {
        const struct section *section = &network->sections[saturated->queue_section];
        const bool forward = saturated->queue_direction == FORWARD;
        printf(" On the line they stand longest at %s, for %s.",
               network->stations[forward ? section->from : section->to].id,
               network->stations[forward ? section->to : section->from].id);
    }
    if (runs_in_one_go(network))
        printf(
            "\n  Two-track sections with possessions or a purge are run in one go, with a track reserved at their end: "
            "see\n  docs/model.md, Two-track sections.");
    printf("\n");
}

static const struct estimate *delay_of(const struct capacity *capacity, const struct practical_point *point) {
    return capacity->by_p90 ? &point->p90_delay_s : &point->delay_s;
}

/* Delay need not grow with demand: trains by the clock may fit together better when they are more. */
static void remark_smaller_demands(const char *of, const struct capacity *capacity) {
    const struct practical_result *practical = &capacity->practical;
    const struct practical_point *worst = NULL;
    for (int32_t i = 0; i < practical->point_count; i++) {
        const struct practical_point *point = &practical->points[i];
        const struct estimate *delay = delay_of(capacity, point);
        const double error = delay->half_width > 0 ? delay->half_width : 0;
        if (point->trains_per_day >= practical->trains_per_day - 2 * practical->half_width) break;
        if (delay->mean - error <= capacity->limit_s) continue;
        if (worst == NULL || delay->mean > delay_of(capacity, worst)->mean) worst = point;
    }
    if (worst != NULL)
        printf("%s: practical: some smaller demands break the limit: at %.1f trains a day, %s %.1f min\n", of,
               worst->trains_per_day, capacity->by_p90 ? "90 % of delays" : "mean delay",
               delay_of(capacity, worst)->mean / 60);
}

static void remark_practical(const char *of, const struct capacity *capacity) {
    const struct practical_result *practical = &capacity->practical;
    const char *measure = capacity->by_p90 ? "90 % of delays" : "mean delay";
    switch (practical->outcome) {
    case PRACTICAL_FOUND:
        if (!practical->precise)
            printf("%s: practical: the interval is wider than asked, after %" PRId64 " days\n", of, practical->days);
        remark_smaller_demands(of, capacity);
        break;
    case PRACTICAL_NEVER_KEPT:
        printf(
            "%s: practical: the limit is kept at no demand from a tenth of the saturated one on: at %.1f trains a day, "
            "%s %.1f min\n",
            of, practical->points[0].trains_per_day, measure, practical->delay_s / 60);
        break;
    case PRACTICAL_NEVER_REACHED:
        printf("%s: practical: the limit is kept at every demand the line carries: at %.1f trains a day, %s %.1f min\n",
               of, practical->trains_per_day, measure, practical->delay_s / 60);
        break;
    case PRACTICAL_NO_DEMAND:
        printf("%s: practical: %s\n", of, practical_reason(practical->outcome));
        break;
    }
}

static bool has_remarks(const struct capacity_column *columns, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        const struct theoretical *theory = &columns[i].capacity.theoretical;
        if (columns[i].capacity.simulated || !theory->bound.applies) return true;
        for (int p = 0; p < theory->pattern_count; p++)
            if (!theory->patterns[p].answer.applies) return true;
    }
    return false;
}

static void print_remarks(const struct capacity_column *columns, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        const struct capacity *capacity = &columns[i].capacity;
        const struct saturated_result *saturated = &capacity->saturated;
        const char *of = count > 1 ? columns[i].label : "note";
        remark_theory(of, &capacity->theoretical);
        if (!capacity->simulated) continue;
        if (!capacity->compression.applies) printf("%s: compressed: %s\n", of, capacity->compression.reason);
        if (saturated->starved_class >= 0) printf("%s: saturated: a kind of train got less than half its share\n", of);
        if (!saturated->precise)
            printf("%s: saturated: the interval is wider than asked, after %d days\n", of, saturated->days);
        if (saturated->deadlocked) printf("%s: saturated: some replications ended in deadlock\n", of);
        remark_tracks(of, capacity, &columns[i].scenario->network);
        remark_practical(of, capacity);
    }
}

static void print_effort(const struct capacity_column *columns, int32_t count) {
    int64_t days = 0, replications = 0;
    for (int32_t i = 0; i < count; i++) {
        days += columns[i].capacity.saturated.all_days + columns[i].capacity.practical.days;
        replications += columns[i].capacity.saturated.all_replications + columns[i].capacity.practical.replications;
    }
    if (days > 0)
        printf("Measured over %" PRId64 " days in %" PRId64
               " replication%s, warm-up cut by MSER-5; the same random numbers "
               "at every demand.\n",
               days, replications, replications == 1 ? "" : "s");
}

/* Few variants: one a column, with everything there is to say of each. */
static void print_columns(const struct capacity_column *columns, int32_t count) {
    const char *headers[COLUMNS_MOST + 1] = {"Trains a day, both directions"};
    char alignment[COLUMNS_MOST + 2] = "l";
    for (int32_t i = 0; i < count; i++) {
        headers[i + 1] = columns[i].label;
        strcat(alignment, "r");
    }
    struct side_by_side view = {columns, count, text_table_create(alignment, headers)};
    row(&view, "theoretical, any order of trains", bound_cell);
    pattern_rows(&view);
    if (columns[0].capacity.simulated) simulated_rows(&view);
    row(&view, "limiting stretch", stretch_cell);
    row(&view, "  what binds there", binds_cell);
    row(&view, "  without it", next_cell);
    text_table_print(view.table, stdout, 0);
    text_table_destroy(view.table);
}

/* Of many what the first table has no room for. */
static void print_further_rows(const struct capacity_column *columns, int32_t count) {
    static const char *const headers[] = {
        "Saturated",  "forward / backward",  "TEU a day", "at 1.5, 2, 3 times the load",
        "least then", "TEU a day practical", "next limit"};
    struct text_table *table = text_table_create("lrrrlrl", headers);
    for (int32_t i = 0; i < count; i++) {
        const struct capacity *capacity = &columns[i].capacity;
        text_table_cell(table, "%s", columns[i].label);
        saturated_directions_cell(table, capacity);
        saturated_teu_cell(table, capacity);
        overload_cell(table, capacity);
        overloaded_class_cell(table, capacity);
        practical_teu_cell(table, capacity);
        next_cell(table, capacity);
    }
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    printf("\nAt 1.5, 2, 3 times the load: what of the whole mix is still carried, and whose trains get least of their "
           "share.\nNext limit: trains a day by the formula if the limiting stretch were none.\n");
}

/* Many: one a row. */
static void print_rows(const struct capacity_column *columns, int32_t count) {
    static const char *const simulated_headers[] = {
        "Trains a day", "any order",        "n = 1", "n = 2", "n = 4", "UIC 406", "saturated",
        "practical",    "limiting stretch", "binds"};
    static const char *const theory_headers[] = {"Trains a day", "any order",        "n = 1", "n = 2",
                                                 "n = 4",        "limiting stretch", "binds"};
    const bool simulated = columns[0].capacity.simulated;
    struct text_table *table =
        simulated ? text_table_create("lrrrrrrrll", simulated_headers) : text_table_create("lrrrrll", theory_headers);
    for (int32_t i = 0; i < count; i++) {
        const struct capacity *capacity = &columns[i].capacity;
        text_table_cell(table, "%s", columns[i].label);
        bound_cell(table, capacity);
        for (int p = 0; p < 3; p++)
            figure(table, p < capacity->theoretical.pattern_count
                              ? capacity->theoretical.patterns[p].answer.trains_per_day
                              : (double)NAN);
        if (simulated) {
            compressed_cell(table, capacity);
            saturated_cell(table, capacity);
            practical_cell(table, capacity);
        }
        stretch_cell(table, capacity);
        binds_cell(table, capacity);
    }
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    printf(
        "\nBoth directions. Any order: formula, what no dispatcher can exceed. n: formula, at most n trains one way "
        "before the\nother way has its turn. Limiting stretch and what binds are those of the n nearest to the policy, "
        "or of any order\nwhere that has no figure.\n");
    if (!simulated) return;
    printf("UIC 406: the timetable compressed, at %.0f %% of the day. Saturated: the most carried, 95 %% interval. "
           "Practical:\n%s ≤ %g min.\n\n",
           100 * columns[0].capacity.compression.ceiling, columns[0].capacity.by_p90 ? "90 % of delays" : "mean delay",
           columns[0].capacity.limit_s / 60);
    print_further_rows(columns, count);
}

void capacity_print_text(const char *title, const struct capacity_column *columns, int32_t count) {
    print_heading("%s", title);
    printf("\n");
    if (count <= COLUMNS_MOST)
        print_columns(columns, count);
    else
        print_rows(columns, count);
    if (has_remarks(columns, count)) printf("\n");
    print_remarks(columns, count);
    print_effort(columns, count);
}

/* ---- what options add ---- */

static void print_gains_heading(const struct capacity *without) {
    const int32_t fleet = capacity_fleets[capacity_pattern(without)];
    printf("\n");
    if (without->simulated)
        print_heading("What each option adds by itself (saturated)");
    else if (!without->theoretical.patterns[capacity_pattern(without)].answer.applies)
        print_heading("What each option adds by itself (theoretical, any order of trains)");
    else
        print_heading("What each option adds by itself (theoretical, %s %d)",
                      fleet == 1 ? "alternating, n =" : "fleets of", fleet);
}

static void gain_row(struct text_table *table, const struct option_gain *gain, bool simulated) {
    const double billions = gain->capex_usd / 1e9;
    text_table_cell(table, "%s", gain->name);
    if (isnan(gain->added_per_day))
        text_table_cell(table, "–");
    else if (simulated)
        text_table_cell(table, "%+.1f ± %.1f", gain->added_per_day, gain->half_width);
    else
        text_table_cell(table, "%+.1f", gain->added_per_day);
    if (gain->rank > 0)
        text_table_cell(table, "%" PRId32, gain->rank);
    else
        text_table_cell(table, "–");
    if (isnan(billions))
        text_table_cell(table, "–");
    else
        text_table_cell(table, "%.2f", billions);
    if (billions > 0)
        figure_within(table, gain->added_per_day / billions, simulated ? gain->half_width / billions : (double)NAN);
    else
        text_table_cell(table, "–");
    text_table_cell(table, "%s", gain->problem ? gain->problem : "");
}

/* A reader expects more of more tracks. */
static void remark_losses(const struct option_gain *gains, int32_t count, const struct capacity_column *without) {
    bool less = false;
    for (int32_t i = 0; i < count; i++) less = less || gains[i].added_per_day < -gains[i].half_width;
    if (less && without->capacity.simulated)
        printf("\nAn option can take away: because tracks go, or because the policy (%s) makes less of more of them, "
               "meeting "
               "trains\none by one where it ran several one way before. --set dispatch=… tries another policy; with "
               "--theory it "
               "is seen\nwhat the line allows.\n",
               dispatch_name(without->scenario->settings.dispatch));
}

void capacity_print_gains(const struct option_gain *gains, int32_t count, const struct capacity_column *without) {
    static const char *const headers[] = {"option",      "adds trains/day",     "rank",
                                          "capex, $ bn", "trains/day per $ bn", ""};
    print_gains_heading(&without->capacity);
    struct text_table *table = text_table_create("lrrrrl", headers);
    for (int32_t i = 0; i < count; i++) gain_row(table, &gains[i], without->capacity.simulated);
    text_table_print(table, stdout, 0);
    text_table_destroy(table);
    remark_losses(gains, count, without);
}
