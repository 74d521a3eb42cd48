#include "cli/capacity_formats.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"
#include "results/words.h"

/* ---- JSON ---- */

static void json_theoretical(struct json *json, const struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    json_object_begin(json, "theoretical");
    json_real(json, "trains_per_day", theory->bound.trains_per_day);
    json_real(json, "forward_per_day", theory->bound.forward_per_day);
    json_real(json, "backward_per_day", theory->bound.backward_per_day);
    json_real(json, "teu_per_day", theory->bound.teu_per_day);
    json_text(json, "reason", theory->bound.applies ? NULL : theory->bound.reason);
    json_array_begin(json, "patterns");
    for (int p = 0; p < theory->pattern_count; p++) {
        const struct theoretical_answer *answer = &theory->patterns[p].answer;
        json_object_begin(json, NULL);
        json_integer(json, "fleet", theory->patterns[p].fleet);
        json_real(json, "trains_per_day", answer->trains_per_day);
        json_real(json, "forward_per_day", answer->forward_per_day);
        json_real(json, "backward_per_day", answer->backward_per_day);
        json_real(json, "teu_per_day", answer->teu_per_day);
        json_text(json, "limiting_stretch",
                  answer->limiting_stretch >= 0 ? theory->stretches[answer->limiting_stretch].name : NULL);
        json_text(json, "binds", answer->limiting_stretch >= 0 ? theoretical_limit_word(answer->binds) : NULL);
        json_text(json, "reason", answer->applies ? NULL : answer->reason);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void json_compressed(struct json *json, const struct capacity_column *column) {
    const struct compression *compression = &column->capacity.compression;
    const struct network *network = &column->scenario->network;
    json_object_begin(json, "compressed");
    json_real(json, "trains_per_day", compression->trains_per_day);
    json_real(json, "forward_per_day", compression->forward_per_day);
    json_real(json, "backward_per_day", compression->backward_per_day);
    json_real(json, "teu_per_day", compression->teu_per_day);
    json_real(json, "occupancy", compression->occupancy);
    json_real(json, "ceiling", compression->ceiling);
    json_text(json, "limiting_section",
              compression->limiting >= 0 ? network->sections[compression->sections[compression->limiting].section].id
                                         : NULL);
    json_text(json, "reason", compression->applies ? NULL : compression->reason);
    json_array_begin(json, "sections");
    for (int32_t i = 0; i < compression->section_count; i++) {
        const struct compressed_section *section = &compression->sections[i];
        json_object_begin(json, NULL);
        json_text(json, "section", network->sections[section->section].id);
        json_integer(json, "line_track", section->line_track > 0 ? section->line_track : 1);
        json_integer(json, "trains", section->trains);
        json_real(json, "occupied_min", section->occupied_min);
        json_real(json, "open_min", section->open_min);
        json_real(json, "occupancy", section->occupancy);
        json_real(json, "trains_per_day", section->trains_per_day);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void json_saturated(struct json *json, const struct capacity_column *column) {
    const struct saturated_result *saturated = &column->capacity.saturated;
    const struct network *network = &column->scenario->network;
    json_object_begin(json, "saturated");
    json_real(json, "trains_per_day", saturated->trains_per_day.mean);
    json_real(json, "half_width", saturated->trains_per_day.half_width);
    json_real(json, "confidence", saturated->trains_per_day.confidence);
    json_integer(json, "replications", saturated->replications);
    json_integer(json, "days", saturated->days);
    json_real(json, "forward_per_day", saturated->direction_per_day[0]);
    json_real(json, "backward_per_day", saturated->direction_per_day[1]);
    json_real(json, "teu_per_day", saturated->teu_per_day);
    json_boolean(json, "precise", saturated->precise);
    json_array_begin(json, "overloads");
    for (int32_t i = 0; i < SATURATED_OVERLOADS; i++) {
        json_object_begin(json, NULL);
        json_real(json, "times", saturated_overloads[i]);
        json_real(json, "held", saturated->held[i]);
        const struct demand_class *least =
            saturated->held_by[i] >= 0 ? &column->capacity.demand.classes[saturated->held_by[i]] : NULL;
        json_text(json, "least_train_type", least ? column->scenario->train_types[least->train_type].id : NULL);
        json_text(json, "least_destination", least ? network->stations[least->destination].id : NULL);
        json_object_end(json);
    }
    json_array_end(json);
    json_text(json, "queue_section",
              saturated->queue_section >= 0 ? network->sections[saturated->queue_section].id : NULL);
    json_text(json, "queue_direction",
              saturated->queue_section < 0            ? NULL
              : saturated->queue_direction == FORWARD ? "forward"
                                                      : "backward");
    json_real(json, "queue_min", saturated->queue_section >= 0 ? saturated->queue_min : (double)NAN);
    json_real(json, "free_tracks_per_day", column->capacity.free_tracks_per_day);
    json_array_begin(json, "loads");
    for (int32_t i = 0; i < saturated->point_count; i++) {
        json_object_begin(json, NULL);
        json_real(json, "offered_per_day", saturated->points[i].offered_per_day);
        json_real(json, "balanced_per_day", saturated->points[i].balanced.mean);
        json_real(json, "half_width", saturated->points[i].balanced.half_width);
        json_real(json, "trains_per_day", saturated->points[i].trains_per_day.mean);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void json_practical(struct json *json, const struct capacity *capacity) {
    const struct practical_result *practical = &capacity->practical;
    json_object_begin(json, "practical");
    json_real(json, "trains_per_day", practical->trains_per_day);
    json_real(json, "half_width", practical->half_width);
    json_real(json, "forward_per_day", practical->trains_per_day * capacity->demand.forward_share);
    json_real(json, "backward_per_day", practical->trains_per_day * (1 - capacity->demand.forward_share));
    json_real(json, "limit_min", capacity->limit_s / 60);
    json_text(json, "measure", capacity->by_p90 ? "p90" : "mean");
    json_real(json, "mean_delay_min", capacity->by_p90 ? (double)NAN : practical->delay_s / 60);
    json_real(json, "p90_delay_min", capacity->by_p90 ? practical->delay_s / 60 : (double)NAN);
    json_real(json, "teu_per_day", practical->teu_per_day);
    json_boolean(json, "precise", practical->precise);
    json_text(json, "outcome", practical_outcome_word(practical->outcome));
    json_text(json, "reason", practical_reason(practical->outcome));
    json_real(json, "fit_a_min", practical->fit_a_s / 60);
    json_real(json, "fit_b_per_train", practical->fit_b);
    json_real(json, "fit_residual", practical->fit_residual);
    json_array_begin(json, "curve");
    for (int32_t i = 0; i < practical->point_count; i++) {
        json_object_begin(json, NULL);
        json_real(json, "trains_per_day", practical->points[i].trains_per_day);
        json_real(json, "mean_delay_min", practical->points[i].delay_s.mean / 60);
        json_real(json, "half_width_min", practical->points[i].delay_s.half_width / 60);
        json_real(json, "p90_delay_min", practical->points[i].p90_delay_s.mean / 60);
        json_real(json, "p90_half_width_min", practical->points[i].p90_delay_s.half_width / 60);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void json_column(struct json *json, const struct capacity_column *column) {
    const struct capacity *capacity = &column->capacity;
    const struct theoretical_answer *answer = capacity_governing(capacity);
    json_object_begin(json, NULL);
    json_text(json, "variant", column->scenario->variant);
    json_text(json, "label", column->label);
    json_theoretical(json, capacity);
    if (capacity->simulated) {
        json_compressed(json, column);
        json_saturated(json, column);
        json_practical(json, capacity);
    } else {
        json_null(json, "compressed");
        json_null(json, "saturated");
        json_null(json, "practical");
    }
    const bool limited = answer->limiting_stretch >= 0;
    json_text(json, "limiting_stretch",
              limited ? capacity->theoretical.stretches[answer->limiting_stretch].name : NULL);
    json_text(json, "binds", limited ? theoretical_limit_word(answer->binds) : NULL);
    json_real(json, "without_it_per_day", capacity->next_per_day);
    json_object_end(json);
}

void capacity_print_json(const char *title, const struct capacity_column *columns, int32_t count,
                         const struct option_gain *gains, int32_t gain_count) {
    struct json json = {.stream = stdout};
    json_object_begin(&json, NULL);
    json_text(&json, "scenario", title);
    json_array_begin(&json, "variants");
    for (int32_t i = 0; i < count; i++) json_column(&json, &columns[i]);
    json_array_end(&json);
    json_array_begin(&json, "options");
    for (int32_t i = 0; i < gain_count; i++) {
        json_object_begin(&json, NULL);
        json_text(&json, "option", gains[i].id);
        json_text(&json, "name", gains[i].name);
        json_real(&json, "added_per_day", gains[i].added_per_day);
        json_real(&json, "half_width", gains[i].half_width);
        if (gains[i].rank > 0)
            json_integer(&json, "rank", gains[i].rank);
        else
            json_null(&json, "rank");
        json_real(&json, "capex_usd", gains[i].capex_usd);
        json_text(&json, "problem", gains[i].problem);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
}

/* ---- CSV ---- */

struct csv_answer {
    const char *variant, *answer;
    int32_t fleet; /* 0: none */
    double trains_per_day, half_width, forward_per_day, backward_per_day, teu_per_day;
    const char *place, *binds, *reason; /* NULL: none */
};

static void csv_answer(const struct csv_answer *answer) {
    struct csv_row row = {.stream = stdout};
    csv_text(&row, answer->variant);
    csv_text(&row, answer->answer);
    if (answer->fleet > 0)
        csv_integer(&row, answer->fleet);
    else
        csv_text(&row, NULL);
    csv_real(&row, answer->trains_per_day);
    csv_real(&row, answer->half_width);
    csv_real(&row, answer->forward_per_day);
    csv_real(&row, answer->backward_per_day);
    csv_real(&row, answer->teu_per_day);
    csv_text(&row, answer->place);
    csv_text(&row, answer->binds);
    csv_text(&row, answer->reason);
    csv_end(&row);
}

static void csv_theoretical(const char *variant, const struct theoretical *theory, int32_t fleet,
                            const struct theoretical_answer *answer) {
    const bool limited = answer->limiting_stretch >= 0;
    csv_answer(&(struct csv_answer){.variant = variant,
                                    .answer = "theoretical",
                                    .fleet = fleet,
                                    .trains_per_day = answer->trains_per_day,
                                    .half_width = NAN,
                                    .forward_per_day = answer->forward_per_day,
                                    .backward_per_day = answer->backward_per_day,
                                    .teu_per_day = answer->teu_per_day,
                                    .place = limited ? theory->stretches[answer->limiting_stretch].name : NULL,
                                    .binds = limited ? theoretical_limit_word(answer->binds) : NULL,
                                    .reason = answer->applies ? NULL : answer->reason});
}

static void csv_compressed(const char *variant, const struct capacity_column *column) {
    const struct compression *compression = &column->capacity.compression;
    const int32_t limiting = compression->limiting;
    csv_answer(&(struct csv_answer){
        .variant = variant,
        .answer = "compressed",
        .trains_per_day = compression->trains_per_day,
        .half_width = NAN,
        .forward_per_day = compression->forward_per_day,
        .backward_per_day = compression->backward_per_day,
        .teu_per_day = compression->teu_per_day,
        .place = limiting >= 0 ? column->scenario->network.sections[compression->sections[limiting].section].id : NULL,
        .reason = compression->applies ? NULL : compression->reason});
}

static void csv_simulated(const char *variant, const struct capacity *capacity) {
    const struct saturated_result *saturated = &capacity->saturated;
    const struct practical_result *practical = &capacity->practical;
    csv_answer(&(struct csv_answer){.variant = variant,
                                    .answer = "saturated",
                                    .trains_per_day = saturated->trains_per_day.mean,
                                    .half_width = saturated->trains_per_day.half_width,
                                    .forward_per_day = saturated->direction_per_day[FORWARD],
                                    .backward_per_day = saturated->direction_per_day[BACKWARD],
                                    .teu_per_day = saturated->teu_per_day});
    csv_answer(
        &(struct csv_answer){.variant = variant,
                             .answer = "practical",
                             .trains_per_day = practical->trains_per_day,
                             .half_width = practical->half_width,
                             .forward_per_day = practical->trains_per_day * capacity->demand.forward_share,
                             .backward_per_day = practical->trains_per_day * (1 - capacity->demand.forward_share),
                             .teu_per_day = practical->teu_per_day,
                             .reason = practical_reason(practical->outcome)});
}

void capacity_print_csv(const struct capacity_column *columns, int32_t count, const struct option_gain *gains,
                        int32_t gain_count) {
    printf("variant,answer,fleet,trains_per_day,half_width,forward_per_day,backward_per_day,teu_per_day,place,binds,"
           "reason\n");
    for (int32_t i = 0; i < count; i++) {
        const struct capacity *capacity = &columns[i].capacity;
        const char *variant = columns[i].scenario->variant;
        csv_theoretical(variant, &capacity->theoretical, 0, &capacity->theoretical.bound);
        for (int32_t p = 0; p < capacity->theoretical.pattern_count; p++)
            csv_theoretical(variant, &capacity->theoretical, capacity->theoretical.patterns[p].fleet,
                            &capacity->theoretical.patterns[p].answer);
        if (!capacity->simulated) continue;
        csv_compressed(variant, &columns[i]);
        csv_simulated(variant, capacity);
    }
    for (int32_t i = 0; i < gain_count; i++)
        csv_answer(&(struct csv_answer){.variant = gains[i].id,
                                        .answer = "option",
                                        .trains_per_day = gains[i].added_per_day,
                                        .half_width = gains[i].half_width,
                                        .forward_per_day = NAN,
                                        .backward_per_day = NAN,
                                        .teu_per_day = NAN,
                                        .reason = gains[i].problem});
}
