#include "chart/study_tables.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"
#include "chart/input_table.h"
#include "scenario/text.h"

/* What a part is kept in. Points of overload have no delay. */
static const char *const part_tables[] = {
    "capacity", "capacity_points WHERE curve = 'practical' AND mean_delay_s IS NOT NULL", "capacity_sections"};

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

static char *text_of(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return strdup(text != NULL ? text : "");
}

static double real_of(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

/* ---- which experiment ---- */

/* The latest experiment with the part, 0 where there is none: also where the file has no such table. */
static bool latest_experiment(struct database *database, enum study_part part, int64_t *latest,
                              struct failure *failure) {
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT max(experiment_id) FROM %s", part_tables[part]);
    struct failure unprepared = {0};
    *latest = 0;
    sqlite3_stmt *statement = database_prepare(database, sql, &unprepared);
    if (statement == NULL && sqlite3_errcode(database_handle(database)) == SQLITE_ERROR) return true;
    if (statement == NULL) {
        *failure = unprepared;
        return false;
    }
    const bool well = sqlite3_step(statement) == SQLITE_ROW || database_explain(database, failure);
    if (well) *latest = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return well;
}

bool study_exists(struct database *database, enum study_part part, bool *exists, struct failure *failure) {
    int64_t latest;
    if (!latest_experiment(database, part, &latest, failure)) return false;
    *exists = latest != 0;
    return true;
}

static bool read_experiment(struct database *database, struct study *study, struct failure *failure) {
    static const char sql[] = "SELECT arguments, (SELECT input_sha256 FROM capacity c WHERE c.experiment_id ="
                              " e.experiment_id LIMIT 1) FROM experiments e WHERE experiment_id = ?1";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, study->experiment_id);
    const int step = sqlite3_step(statement);
    if (step == SQLITE_ROW) {
        study->arguments = text_of(statement, 0);
        study->input_sha256 = text_of(statement, 1);
    }
    sqlite3_finalize(statement);
    if (step == SQLITE_DONE)
        return failure_set(failure, "%s has no experiment %" PRId64, database_path(database), study->experiment_id);
    if (step != SQLITE_ROW) return database_explain(database, failure);
    return (study->arguments != NULL && study->input_sha256 != NULL) || no_memory(failure);
}

/* What scenario.csv calls it. */
static bool read_scenario(struct database *database, struct study *study, struct failure *failure) {
    struct input_table table;
    const char *name = "";
    if (!input_table_read_inputs(database, study->input_sha256, "scenario.csv", &table, failure)) return false;
    for (int32_t row = 0; row < table.csv.row_count; row++)
        if (strcmp(input_table_cell(&table, row, "key"), "name") == 0) name = input_table_cell(&table, row, "value");
    study->scenario = strdup(name);
    input_table_free(&table);
    return study->scenario != NULL || no_memory(failure);
}

/* ---- the tables ---- */

/* The variant of that name, made where it is new; NULL: out of memory. */
static struct study_variant *variant_of(struct study *study, const char *name) {
    for (int32_t index = 0; index < study->variant_count; index++)
        if (strcmp(study->variants[index].name, name) == 0) return &study->variants[index];
    struct study_variant *variants =
        array_room(study->variants, study->variant_count, &study->variant_room, sizeof *variants);
    if (variants == NULL) return NULL;
    study->variants = variants;
    struct study_variant *variant = &variants[study->variant_count];
    *variant = (struct study_variant){.name = strdup(name)};
    if (variant->name == NULL) return NULL;
    study->variant_count++;
    return variant;
}

typedef bool take_row(struct study_variant *variant, sqlite3_stmt *statement);

/* Column 0 is the variant; the others are for `take`. */
static bool read_table(struct database *database, const char *sql, const char *only, take_row *take,
                       struct study *study, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, study->experiment_id);
    sqlite3_bind_text(statement, 2, only, -1, SQLITE_STATIC);
    int step;
    bool well = true;
    while (well && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 0);
        struct study_variant *variant = variant_of(study, name != NULL ? name : "");
        well = variant != NULL && take(variant, statement);
    }
    sqlite3_finalize(statement);
    if (!well) return no_memory(failure);
    return step == SQLITE_DONE || database_explain(database, failure);
}

static enum study_answer_kind kind_of(const char *word) {
    if (word != NULL && strcmp(word, "theoretical") == 0) return ANSWER_THEORETICAL;
    if (word != NULL && strcmp(word, "compressed") == 0) return ANSWER_COMPRESSED;
    return word != NULL && strcmp(word, "saturated") == 0 ? ANSWER_SATURATED : ANSWER_PRACTICAL;
}

static bool take_answer(struct study_variant *variant, sqlite3_stmt *statement) {
    struct study_answer *answers =
        array_room(variant->answers, variant->answer_count, &variant->answer_room, sizeof *answers);
    if (answers == NULL) return false;
    variant->answers = answers;
    struct study_answer *answer = &answers[variant->answer_count++];
    *answer = (struct study_answer){.kind = kind_of((const char *)sqlite3_column_text(statement, 1)),
                                    .fleet = sqlite3_column_int(statement, 2),
                                    .trains_per_day = real_of(statement, 3),
                                    .half_width = real_of(statement, 4),
                                    .confidence = real_of(statement, 5),
                                    .place = text_of(statement, 6),
                                    .binds = text_of(statement, 7),
                                    .reason = text_of(statement, 8)};
    return answer->place != NULL && answer->binds != NULL && answer->reason != NULL;
}

static bool take_point(struct study_variant *variant, sqlite3_stmt *statement) {
    struct study_point *points =
        array_room(variant->points, variant->point_count, &variant->point_room, sizeof *points);
    if (points == NULL) return false;
    variant->points = points;
    points[variant->point_count++] = (struct study_point){real_of(statement, 1), real_of(statement, 2),
                                                          real_of(statement, 3), real_of(statement, 4)};
    return true;
}

static bool take_section(struct study_variant *variant, sqlite3_stmt *statement) {
    struct study_section *sections =
        array_room(variant->sections, variant->section_count, &variant->section_room, sizeof *sections);
    if (sections == NULL) return false;
    variant->sections = sections;
    struct study_section *section = &sections[variant->section_count++];
    *section = (struct study_section){.seq = sqlite3_column_int64(statement, 1),
                                      .section = text_of(statement, 2),
                                      .line_track = sqlite3_column_int(statement, 3),
                                      .trains = sqlite3_column_int(statement, 4),
                                      .occupied_min = real_of(statement, 5),
                                      .open_min = real_of(statement, 6),
                                      .occupancy = real_of(statement, 7),
                                      .trains_per_day = real_of(statement, 8)};
    return section->section != NULL;
}

static bool take_fit(struct study_variant *variant, sqlite3_stmt *statement) {
    const char *measure = (const char *)sqlite3_column_text(statement, 2);
    const char *outcome = (const char *)sqlite3_column_text(statement, 3);
    variant->fit = (struct study_fit){.known = true,
                                      .limit_s = real_of(statement, 1),
                                      .p90 = measure != NULL && strcmp(measure, "p90") == 0,
                                      .a_s = real_of(statement, 4),
                                      .b = real_of(statement, 5),
                                      .residual = real_of(statement, 6)};
    if (outcome != NULL && strcmp(outcome, "never_kept") == 0) variant->fit.outcome = STUDY_NEVER_KEPT;
    if (outcome != NULL && strcmp(outcome, "never_reached") == 0) variant->fit.outcome = STUDY_NEVER_REACHED;
    return true;
}

#define WHICH " WHERE experiment_id = ?1 AND (?2 IS NULL OR variant = ?2)"

static bool read_tables(struct database *database, const char *only, struct study *study, struct failure *failure) {
    static const char answers[] = "SELECT variant, answer, fleet, trains_per_day, half_width, confidence, place, binds,"
                                  " reason FROM capacity" WHICH " ORDER BY rowid";
    static const char points[] = "SELECT variant, coalesce(offered_per_day, trains_per_day), mean_delay_s,"
                                 " delay_half_width_s, p90_delay_s FROM capacity_points" WHICH
                                 " AND curve = 'practical' AND mean_delay_s IS NOT NULL";
    static const char sections[] = "SELECT variant, seq, section, line_track, trains, occupied_min, open_min,"
                                   " occupancy, trains_per_day FROM capacity_sections" WHICH;
    static const char fits[] = "SELECT variant, limit_s, measure, outcome, a_s, b_per_train, residual"
                               " FROM capacity_fits" WHICH;
    return read_table(database, answers, only, take_answer, study, failure) &&
           read_table(database, points, only, take_point, study, failure) &&
           read_table(database, sections, only, take_section, study, failure) &&
           read_table(database, fits, only, take_fit, study, failure);
}

/* ---- in order ---- */

static int by_demand(const void *left, const void *right) {
    const struct study_point *a = left, *b = right;
    return (a->demand > b->demand) - (a->demand < b->demand);
}

static int by_seq(const void *left, const void *right) {
    const struct study_section *a = left, *b = right;
    return (a->seq > b->seq) - (a->seq < b->seq);
}

/* The bound, the fleets from the smallest on, and then as they are named. */
static int by_kind(const void *left, const void *right) {
    const struct study_answer *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->fleet > b->fleet) - (a->fleet < b->fleet);
}

static void sort_variant(struct study_variant *variant) {
    if (variant->point_count > 1)
        qsort(variant->points, (size_t)variant->point_count, sizeof *variant->points, by_demand);
    if (variant->section_count > 1)
        qsort(variant->sections, (size_t)variant->section_count, sizeof *variant->sections, by_seq);
    if (variant->answer_count > 1)
        qsort(variant->answers, (size_t)variant->answer_count, sizeof *variant->answers, by_kind);
}

static int32_t count_of(const struct study_variant *variant, enum study_part part) {
    if (part == STUDY_ANSWERS) return variant->answer_count;
    return part == STUDY_POINTS ? variant->point_count : variant->section_count;
}

static void variant_free(struct study_variant *variant) {
    for (int32_t index = 0; index < variant->answer_count; index++) {
        free(variant->answers[index].place);
        free(variant->answers[index].binds);
        free(variant->answers[index].reason);
    }
    for (int32_t index = 0; index < variant->section_count; index++) free(variant->sections[index].section);
    free(variant->answers);
    free(variant->points);
    free(variant->sections);
    free(variant->name);
}

/* Variants that have nothing of the part are left out of its chart. */
static void keep_those_with(struct study *study, enum study_part part) {
    int32_t kept = 0;
    for (int32_t index = 0; index < study->variant_count; index++) {
        sort_variant(&study->variants[index]);
        if (count_of(&study->variants[index], part) > 0)
            study->variants[kept++] = study->variants[index];
        else
            variant_free(&study->variants[index]);
    }
    study->variant_count = kept;
}

/* ---- */

static bool nothing_there(struct database *database, const struct study *study, const char *variant,
                          enum study_part part, int64_t latest, struct failure *failure) {
    static const char *const names[] = {"answers of a capacity study", "delays at different demands",
                                        "compressed timetable"};
    char word[TEXT_WORD_SIZE];
    if (latest == 0)
        return failure_set(failure, "%s has no %s; `bering capacity SCENARIO --db %s` makes them",
                           database_path(database), names[part],
                           text_for_shell(database_path(database), word, sizeof word));
    if (variant != NULL)
        return failure_set(failure, "experiment %" PRId64 " has no %s of variant '%s'", study->experiment_id,
                           names[part], variant);
    return failure_set(failure, "experiment %" PRId64 " has no %s: it was no `bering capacity`, or simulated nothing",
                       study->experiment_id, names[part]);
}

bool study_read(struct database *database, int64_t experiment_id, const char *variant, enum study_part part,
                struct study *study, struct failure *failure) {
    int64_t latest;
    bool well = latest_experiment(database, part, &latest, failure);
    *study = (struct study){.experiment_id = experiment_id != 0 ? experiment_id : latest};
    if (well && study->experiment_id != 0 && latest != 0)
        well = read_experiment(database, study, failure) && read_scenario(database, study, failure) &&
               read_tables(database, variant, study, failure);
    if (well) keep_those_with(study, part);
    if (well && study->variant_count == 0) well = nothing_there(database, study, variant, part, latest, failure);
    if (!well) study_free(study);
    return well;
}

void study_free(struct study *study) {
    for (int32_t index = 0; index < study->variant_count; index++) variant_free(&study->variants[index]);
    free(study->variants);
    free(study->arguments);
    free(study->input_sha256);
    free(study->scenario);
    *study = (struct study){0};
}

const struct study_answer *study_answer_of(const struct study_variant *variant, enum study_answer_kind kind,
                                           int32_t fleet) {
    for (int32_t index = 0; index < variant->answer_count; index++)
        if (variant->answers[index].kind == kind && variant->answers[index].fleet == fleet)
            return &variant->answers[index];
    return NULL;
}

void study_title(const struct study *study, char *text, size_t size) {
    const char *about = study->scenario[0] != '\0' ? study->scenario : study->arguments;
    snprintf(text, size, "experiment %" PRId64 "%s%s", study->experiment_id, about[0] != '\0' ? " · " : "", about);
}
