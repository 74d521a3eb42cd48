#include "study/capacity_store.h"

#include <math.h>
#include <stdlib.h>

#include "results/store.h"
#include "study/replications.h"

/* The rows of one variant on their way. Any error of SQLite stops the writing and is explained once, at the end. */
struct writing {
    struct database *database;
    struct failure *failure;
    int64_t experiment_id;
    const struct scenario *scenario;
    const char *variant;
    sqlite3_stmt *statement;
    int column;
    bool good;
};

static void row_begin(struct writing *writing, const char *sql) {
    if (!writing->good) return;
    writing->statement = database_prepare(writing->database, sql, writing->failure);
    writing->good = writing->statement != NULL;
    if (!writing->good) return;
    sqlite3_bind_int64(writing->statement, 1, writing->experiment_id);
    sqlite3_bind_text(writing->statement, 2, writing->variant, -1, SQLITE_STATIC);
    writing->column = 2;
}

static void row_text(struct writing *writing, const char *text) {
    if (writing->good) sqlite3_bind_text(writing->statement, ++writing->column, text, -1, SQLITE_STATIC);
}

static void row_integer(struct writing *writing, int64_t value) {
    if (writing->good) sqlite3_bind_int64(writing->statement, ++writing->column, value);
}

static void row_real(struct writing *writing, double value) {
    if (!writing->good) return;
    if (isfinite(value))
        sqlite3_bind_double(writing->statement, ++writing->column, value);
    else
        sqlite3_bind_null(writing->statement, ++writing->column);
}

static void row_end(struct writing *writing) {
    if (!writing->good) return;
    const bool done = sqlite3_step(writing->statement) == SQLITE_DONE;
    if (!done) writing->good = database_explain(writing->database, writing->failure);
    sqlite3_finalize(writing->statement);
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
    row_begin(writing, "INSERT INTO capacity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    row_text(writing, answer->answer);
    if (answer->fleet > 0)
        row_integer(writing, answer->fleet);
    else
        row_real(writing, NAN);
    row_text(writing, writing->scenario->input_sha256);
    row_real(writing, answer->trains_per_day);
    row_real(writing, answer->forward_per_day);
    row_real(writing, answer->backward_per_day);
    row_real(writing, answer->teu_per_day);
    row_real(writing, answer->half_width);
    row_real(writing, answer->confidence);
    row_integer(writing, answer->replications);
    row_integer(writing, answer->days);
    row_text(writing, answer->place);
    row_text(writing, answer->binds);
    row_text(writing, answer->reason);
    row_end(writing);
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
        row_begin(writing, "INSERT INTO capacity_sections VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        row_integer(writing, i + 1);
        row_text(writing, sections[section->section].id);
        row_integer(writing, section->line_track > 0 ? section->line_track : 1);
        row_integer(writing, section->trains);
        row_real(writing, section->occupied_min);
        row_real(writing, section->open_min);
        row_real(writing, section->occupancy);
        row_real(writing, section->trains_per_day);
        row_end(writing);
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
        row_begin(writing,
                  "INSERT INTO capacity_points VALUES (?, ?, 'saturated', ?, ?, ?, ?, NULL, NULL, NULL, NULL)");
        row_integer(writing, i + 1);
        row_real(writing, points[i].offered_per_day);
        row_real(writing, points[i].balanced.mean);
        row_real(writing, points[i].balanced.half_width);
        row_end(writing);
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
        row_begin(writing, "INSERT INTO capacity_points VALUES (?, ?, 'practical', ?, ?, NULL, NULL, ?, ?, ?, ?)");
        row_integer(writing, i + 1);
        row_real(writing, point->trains_per_day);
        row_real(writing, point->delay_s.mean);
        row_real(writing, point->delay_s.half_width);
        row_real(writing, point->p90_delay_s.mean);
        row_real(writing, point->punctual);
        row_end(writing);
    }
    row_begin(writing, "INSERT INTO capacity_fits VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    row_real(writing, capacity->limit_s);
    row_text(writing, capacity->by_p90 ? "p90" : "mean");
    row_text(writing, practical_outcome_word(practical->outcome));
    row_real(writing, practical->fit_a_s);
    row_real(writing, practical->fit_b);
    row_real(writing, practical->fit_residual);
    row_end(writing);
}

static bool write_variant(struct writing *writing, const struct capacity *capacity) {
    const struct theoretical *theory = &capacity->theoretical;
    write_theoretical(writing, theory, 0, &theory->bound);
    for (int32_t i = 0; i < theory->pattern_count; i++)
        write_theoretical(writing, theory, theory->patterns[i].fleet, &theory->patterns[i].answer);
    if (capacity->simulated) {
        write_compressed(writing, &capacity->compression);
        write_saturated(writing, &capacity->saturated);
        write_practical(writing, capacity);
    }
    return writing->good;
}

static bool write_all(struct database *database, struct store *store, const char *arguments,
                      const struct capacity_answered *answered, int32_t count, int64_t *experiment_id,
                      struct failure *failure) {
    struct store_experiment experiment;
    if (!store_experiment_begin(store, "capacity", arguments, answered[0].scenario, 0, &experiment, failure) ||
        !database_execute(database, "BEGIN IMMEDIATE", failure))
        return false;
    bool good = true;
    for (int32_t i = 0; good && i < count; i++) {
        struct writing writing = {.database = database,
                                  .failure = failure,
                                  .experiment_id = experiment.experiment_id,
                                  .scenario = answered[i].scenario,
                                  .variant = answered[i].scenario->variant ? answered[i].scenario->variant : "",
                                  .good = true};
        good = write_variant(&writing, answered[i].capacity);
    }
    struct failure ignored;
    if (!good)
        database_execute(database, "ROLLBACK", &ignored);
    else
        good = database_execute(database, "COMMIT", failure);
    *experiment_id = experiment.experiment_id;
    return good;
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
