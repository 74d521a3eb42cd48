#include "study/project_capacity.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "results/database.h"
#include "study/capacity_store.h"
#include "study/replications.h"
#include "study/settings_fingerprint.h"

const char *capacity_answer_word(enum capacity_answer answer) {
    static const char *const words[] = {
        [CAPACITY_ANSWER_PRACTICAL] = "practical",
        [CAPACITY_ANSWER_SATURATED] = "saturated",
        [CAPACITY_ANSWER_GIVEN] = "given",
    };
    return words[answer];
}

static double real_or(sqlite3_stmt *row, int column, double otherwise) {
    return sqlite3_column_type(row, column) == SQLITE_NULL ? otherwise : sqlite3_column_double(row, column);
}

/* The practical figure where it is wanted and there is one, else the saturated one, with its own interval; that of the
 * saturated one also where the practical figure is the same, no demand breaking the limit. */
static const char answers_sql[] =
    "SELECT s.experiment_id, p.trains_per_day, p.half_width, s.trains_per_day, s.half_width, s.confidence "
    "FROM capacity s LEFT JOIN capacity p ON p.experiment_id = s.experiment_id AND p.variant = s.variant "
    "AND p.answer = 'practical' WHERE s.answer = 'saturated' AND s.input_sha256 = ?1 AND s.variant = ?2 "
    "AND s.settings_sha256 = ?3 AND s.trains_per_day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM capacity_fits f "
    "WHERE f.experiment_id = s.experiment_id AND f.variant = s.variant AND f.measure <> 'mean') ORDER BY "
    "s.experiment_id DESC LIMIT 1";

static void take_answer(sqlite3_stmt *row, enum capacity_answer wanted, struct project_capacity *capacity) {
    const bool practical = wanted == CAPACITY_ANSWER_PRACTICAL && sqlite3_column_type(row, 1) != SQLITE_NULL;
    const double saturated_half_width = real_or(row, 4, 0);
    capacity->found = true;
    capacity->experiment_id = sqlite3_column_int64(row, 0);
    capacity->answer = practical ? CAPACITY_ANSWER_PRACTICAL : CAPACITY_ANSWER_SATURATED;
    capacity->trains_per_day = sqlite3_column_double(row, practical ? 1 : 3);
    capacity->half_width = practical ? real_or(row, 2, saturated_half_width) : saturated_half_width;
    capacity->confidence = real_or(row, 5, REPLICATIONS_CONFIDENCE);
}

static bool query(struct database *database, const struct project_capacity_request *request,
                  struct project_capacity *capacity, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, answers_sql, failure);
    if (statement == NULL) return false;
    const struct scenario *scenario = request->scenario;
    char settings_sha256[SHA256_TEXT_SIZE];
    scenario_fingerprint(scenario, FINGERPRINT_OF_CAPACITY, settings_sha256);
    sqlite3_bind_text(statement, 1, scenario->input_sha256, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, scenario->variant != NULL ? scenario->variant : "", -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, settings_sha256, -1, SQLITE_STATIC);
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) take_answer(statement, request->answer, capacity);
    const bool well = code == SQLITE_ROW || code == SQLITE_DONE || database_explain(database, failure);
    sqlite3_finalize(statement);
    return well;
}

static bool find(const struct project_capacity_request *request, struct project_capacity *capacity,
                 struct failure *failure) {
    struct database *database = database_open(request->database, DATABASE_READ, DATABASE_PATIENCE_MS, failure);
    if (database == NULL) return false;
    const bool well = query(database, request, capacity, failure);
    database_close(database);
    return well;
}

/* Found now, kept, and then read as any other. */
static bool make(const struct project_capacity_request *request, struct project_capacity *result,
                 struct failure *failure) {
    const struct capacity_request work = {.scenario = request->scenario,
                                          .plan = request->plan,
                                          .relative_half_width = PROJECT_CAPACITY_PRECISION_PERCENT / 100.0,
                                          .measure = PRACTICAL_MEAN,
                                          .jobs = request->jobs,
                                          .stop = request->stop,
                                          .progress = request->progress,
                                          .context = request->context};
    struct capacity capacity;
    int64_t experiment_id = 0;
    if (!capacity_find(&work, &capacity, failure)) return false;
    const struct capacity_answered answered = {request->scenario, &capacity};
    const bool kept = capacity_store(request->database, request->arguments, &answered, 1, &experiment_id, failure);
    capacity_free(&capacity);
    if (!kept || !find(request, result, failure)) return false;
    if (!result->found) return failure_set(failure, "how many trains a day the line carries has no answer");
    result->found = false;
    return true;
}

bool project_capacity_get(const struct project_capacity_request *request, struct project_capacity *capacity,
                          struct failure *failure) {
    *capacity = (struct project_capacity){.answer = CAPACITY_ANSWER_GIVEN,
                                          .trains_per_day = request->given_per_day,
                                          .confidence = REPLICATIONS_CONFIDENCE};
    if (request->answer == CAPACITY_ANSWER_GIVEN) return true;
    if (access(request->database, F_OK) == 0 && !find(request, capacity, failure)) return false;
    if (!capacity->found && !make(request, capacity, failure)) return false;
    if (!(capacity->trains_per_day > 0)) return failure_set(failure, "the line carries no trains");
    capacity->standard_error = capacity->half_width / gsl_cdf_ugaussian_Pinv((1 + capacity->confidence) / 2);
    return true;
}
