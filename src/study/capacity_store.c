#include "study/capacity_store.h"

#include <math.h>
#include <stdlib.h>

#include "results/row_writer.h"
#include "results/store.h"
#include "results/store_rows.h"
#include "study/replications.h"
#include "study/settings_fingerprint.h"

/* The rows of one variant on their way. */
struct writing {
    struct row_writer rows;
    int64_t experiment_id;
    const struct scenario *scenario;
    const char *variant;
    char settings_sha256[SHA256_TEXT_SIZE];
};

/* Every row begins with these. */
static void begin(struct writing *writing, const char *sql) {
    row_begin(&writing->rows, sql);
    row_integer(&writing->rows, writing->experiment_id);
    row_text(&writing->rows, writing->variant);
}

/* ---- the answers ---- */

struct answer_row {
    const char *answer;
    int32_t fleet; /* 0: none */
    double trains_per_day, forward_per_day, backward_per_day, teu_per_day, half_width, confidence;
    int64_t replications, days;
    const char *place, *binds, *reason;
};

static void write_answer(struct writing *writing, const struct answer_row *answer) {
    begin(writing, "INSERT INTO capacity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row_text(&writing->rows, answer->answer);
    if (answer->fleet > 0)
        row_integer(&writing->rows, answer->fleet);
    else
        row_null(&writing->rows);
    row_text(&writing->rows, writing->scenario->input_sha256);
    row_real(&writing->rows, answer->trains_per_day);
    row_real(&writing->rows, answer->forward_per_day);
    row_real(&writing->rows, answer->backward_per_day);
    row_real(&writing->rows, answer->teu_per_day);
    row_real(&writing->rows, answer->half_width);
    row_real(&writing->rows, answer->confidence);
    row_integer(&writing->rows, answer->replications);
    row_integer(&writing->rows, answer->days);
    row_text(&writing->rows, answer->place);
    row_text(&writing->rows, answer->binds);
    row_text(&writing->rows, answer->reason);
    row_text(&writing->rows, writing->settings_sha256);
    row_end(&writing->rows);
}

static void write_theoretical(struct writing *writing, const struct theoretical *theory, int32_t fleet,
                              const struct theoretical_answer *answer) {
    const bool limited = answer->limiting_stretch >= 0;
    const struct answer_row row = {.answer = "theoretical",
                                   .fleet = fleet,
                                   .trains_per_day = answer->trains_per_day,
                                   .forward_per_day = answer->forward_per_day,
                                   .backward_per_day = answer->backward_per_day,
                                   .teu_per_day = answer->teu_per_day,
                                   .half_width = NAN,
                                   .confidence = NAN,
                                   .place = limited ? theory->stretches[answer->limiting_stretch].name : NULL,
                                   .binds = limited ? theoretical_limit_word(answer->binds) : NULL,
                                   .reason = answer->applies ? NULL : answer->reason};
    write_answer(writing, &row);
}

static void write_compressed(struct writing *writing, const struct compression *compression) {
    const struct section *sections = writing->scenario->network.sections;
    const struct answer_row row = {
        .answer = "compressed",
        .trains_per_day = compression->trains_per_day,
        .forward_per_day = compression->forward_per_day,
        .backward_per_day = compression->backward_per_day,
        .teu_per_day = compression->teu_per_day,
        .half_width = NAN,
        .confidence = NAN,
        .replications = 1,
        .place = compression->limiting >= 0 ? sections[compression->sections[compression->limiting].section].id : NULL,
        .reason = compression->applies ? NULL : compression->reason};
    write_answer(writing, &row);
    for (int32_t i = 0; i < compression->section_count; i++) {
        const struct compressed_section *section = &compression->sections[i];
        begin(writing, "INSERT INTO capacity_sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        row_integer(&writing->rows, i + 1);
        row_text(&writing->rows, sections[section->section].id);
        row_integer(&writing->rows, section->line_track > 0 ? section->line_track : 1);
        row_integer(&writing->rows, section->trains);
        row_real(&writing->rows, section->occupied_min);
        row_real(&writing->rows, section->open_min);
        row_real(&writing->rows, section->occupancy);
        row_real(&writing->rows, section->trains_per_day);
        row_end(&writing->rows);
    }
}

static int by_offered(const void *left, const void *right) {
    const struct saturated_point *a = left, *b = right;
    return a->offered_per_day < b->offered_per_day ? -1 : a->offered_per_day > b->offered_per_day;
}

static void write_saturated(struct writing *writing, const struct saturated_result *saturated) {
    const struct answer_row row = {.answer = "saturated",
                                   .trains_per_day = saturated->trains_per_day.mean,
                                   .forward_per_day = saturated->direction_per_day[FORWARD],
                                   .backward_per_day = saturated->direction_per_day[BACKWARD],
                                   .teu_per_day = saturated->teu_per_day,
                                   .half_width = saturated->trains_per_day.half_width,
                                   .confidence = saturated->trains_per_day.confidence,
                                   .replications = saturated->replications,
                                   .days = saturated->days};
    write_answer(writing, &row);
    struct saturated_point points[SATURATED_POINTS];
    for (int32_t i = 0; i < saturated->point_count; i++) points[i] = saturated->points[i];
    qsort(points, (size_t)saturated->point_count, sizeof *points, by_offered);
    for (int32_t i = 0; i < saturated->point_count; i++) {
        begin(writing, "INSERT INTO capacity_points VALUES (?, ?, 'saturated', ?, ?, ?, ?, NULL, NULL, NULL, NULL)");
        row_integer(&writing->rows, i + 1);
        row_real(&writing->rows, points[i].offered_per_day);
        row_real(&writing->rows, points[i].balanced.mean);
        row_real(&writing->rows, points[i].balanced.half_width);
        row_end(&writing->rows);
    }
}

static void write_practical(struct writing *writing, const struct capacity *capacity) {
    const struct practical_result *practical = &capacity->practical;
    const struct answer_row row = {.answer = "practical",
                                   .trains_per_day = practical->trains_per_day,
                                   .forward_per_day = practical->trains_per_day * capacity->demand.forward_share,
                                   .backward_per_day = practical->trains_per_day * (1 - capacity->demand.forward_share),
                                   .teu_per_day = practical->teu_per_day,
                                   .half_width = practical->half_width,
                                   .confidence = REPLICATIONS_CONFIDENCE,
                                   .replications = practical->replications,
                                   .days = practical->days,
                                   .reason = practical_reason(practical->outcome)};
    write_answer(writing, &row);
    for (int32_t i = 0; i < practical->point_count; i++) {
        const struct practical_point *point = &practical->points[i];
        begin(writing, "INSERT INTO capacity_points VALUES (?, ?, 'practical', ?, ?, NULL, NULL, ?, ?, ?, ?)");
        row_integer(&writing->rows, i + 1);
        row_real(&writing->rows, point->trains_per_day);
        row_real(&writing->rows, point->delay_s.mean);
        row_real(&writing->rows, point->delay_s.half_width);
        row_real(&writing->rows, point->p90_delay_s.mean);
        row_real(&writing->rows, point->punctual);
        row_end(&writing->rows);
    }
    begin(writing, "INSERT INTO capacity_fits VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    row_real(&writing->rows, capacity->limit_s);
    row_text(&writing->rows, capacity->by_p90 ? "p90" : "mean");
    row_text(&writing->rows, practical_outcome_word(practical->outcome));
    row_real(&writing->rows, practical->fit_a_s);
    row_real(&writing->rows, practical->fit_b);
    row_real(&writing->rows, practical->fit_residual);
    row_end(&writing->rows);
}

static void write_variant(struct writing *writing, const struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    write_theoretical(writing, theory, 0, &theory->bound);
    for (int32_t i = 0; i < theory->pattern_count; i++)
        write_theoretical(writing, theory, theory->patterns[i].fleet, &theory->patterns[i].answer);
    if (capacity->simulated) {
        write_compressed(writing, &capacity->compression);
        write_saturated(writing, &capacity->saturated);
        write_practical(writing, capacity);
    }
}

static bool write_answers(struct database *database, int64_t experiment_id, const struct capacity_answered *answered,
                          int32_t count, struct failure *failure) {
    bool good = true;
    for (int32_t i = 0; good && i < count; i++) {
        struct writing writing = {.rows = row_writer_start(database, failure),
                                  .experiment_id = experiment_id,
                                  .scenario = answered[i].scenario,
                                  .variant = answered[i].scenario->variant ? answered[i].scenario->variant : ""};
        scenario_fingerprint(answered[i].scenario, FINGERPRINT_OF_CAPACITY, writing.settings_sha256);
        write_variant(&writing, answered[i].capacity);
        good = row_writer_stop(&writing.rows);
    }
    return good;
}

/* All in one transaction: there is no experiment without its answers. */
static bool write_all(struct database *database, struct store *store, const char *arguments,
                      const struct capacity_answered *answered, int32_t count, int64_t *experiment_id,
                      struct failure *failure) {
    const struct scenario *scenario = answered[0].scenario;
    const struct store_runs origin = {
        .input_sha256 = scenario->input_sha256, .inputs = scenario->inputs, .input_count = scenario->input_count};
    if (!store_begin(store, failure)) return false;
    const bool good = store_insert_experiment(store, "capacity", arguments, experiment_id, failure) &&
                      store_insert_inputs(store, &origin, failure) &&
                      write_answers(database, *experiment_id, answered, count, failure);
    return store_end(store, good, failure);
}

bool capacity_store(const char *path, const char *arguments, const struct capacity_answered *answered, int32_t count,
                    int64_t *experiment_id, struct failure *failure) {
    struct database *database = database_open(path, DATABASE_WRITE, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    struct store *store = store_create(database, failure);
    const bool good = store != NULL && write_all(database, store, arguments, answered, count, experiment_id, failure);
    store_destroy(store);
    database_close(database);
    return good;
}
