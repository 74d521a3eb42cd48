/* Means and intervals over the replications of an experiment, or of one point of a sweep; and over the differences of
 * that point from another, replication by replication. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/books.h"

#define OF_RUN(column) "(SELECT " column " FROM runs WHERE run_id = ?1)"
#define OF_THE_EXPERIMENT "experiment_id = " OF_RUN("experiment_id")
#define OF_THE_SAME OF_THE_EXPERIMENT " AND point IS " OF_RUN("point") " AND variant IS " OF_RUN("variant")

/* The values of one metric in the complete runs, in the order of their ids. */
struct sample {
    double *values;
    int64_t count, room;
};

static bool sample_add(struct sample *sample, double value) {
    if (sample->count == sample->room) {
        const int64_t room = sample->room ? 2 * sample->room : 16;
        double *values = realloc(sample->values, (size_t)room * sizeof *values);
        if (values == NULL) return false;
        sample->values = values;
        sample->room = room;
    }
    sample->values[sample->count++] = value;
    return true;
}

static double mean_of(const struct sample *sample) {
    double sum = 0;
    for (int64_t i = 0; i < sample->count; i++) sum += sample->values[i];
    return sample->count > 0 ? sum / (double)sample->count : NAN;
}

/* Student's interval for the mean; NAN where there is none. */
static double half_width_of(const struct sample *sample, double mean, double confidence) {
    if (sample->count < 2 || isnan(mean) || !(confidence > 0 && confidence < 1)) return NAN;
    double squares = 0;
    for (int64_t i = 0; i < sample->count; i++) squares += (sample->values[i] - mean) * (sample->values[i] - mean);
    const double count = (double)sample->count;
    return gsl_cdf_tdist_Pinv(0.5 + confidence / 2, count - 1) * sqrt(squares / (count - 1) / count);
}

/* One row of a table. */
struct written {
    const char *of; /* "", or "the difference in " */
    const char *metric;
    double mean, half_width, confidence;
    int64_t replications;
};

static void differs(const struct books *books, const struct written *row, const char *what, double written,
                    double expected) {
    if (isnan(written))
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "the %s of %s%s is NULL and should be %.10g", what, row->of, row->metric, expected);
    else if (isnan(expected))
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "the %s of %s%s is %.10g and should be NULL", what, row->of, row->metric, written);
    else
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "the %s of %s%s is %.10g and should be %.10g", what, row->of, row->metric, written, expected);
}

/* Values that are all but equal leave a half-width of rounding alone. */
static bool half_widths_alike(double a, double b, double mean) {
    return books_alike(a, b) || fabs(a - b) <= 1e-12 * fabs(mean);
}

static void compare(const struct books *books, const struct written *written, const struct sample *sample) {
    audit_tested(books->report, AUDIT_ESTIMATES, 1);
    if (written->replications != sample->count)
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "%s%s is over %" PRId64 " replications, and %" PRId64 " are complete", written->of,
                        written->metric, written->replications, sample->count);
    if (!(written->confidence > 0 && written->confidence < 1))
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "the confidence of %s%s is %.10g and should lie between 0 and 1", written->of, written->metric,
                        written->confidence);
    const double mean = mean_of(sample), half_width = half_width_of(sample, mean, written->confidence);
    if (!books_alike(written->mean, mean)) differs(books, written, "mean", written->mean, mean);
    if (!half_widths_alike(written->half_width, half_width, mean))
        differs(books, written, "half-width", written->half_width, half_width);
}

static bool read_sample(const struct books *books, sqlite3_stmt *values, const char *metric, struct sample *sample) {
    sqlite3_reset(values);
    sqlite3_bind_text(values, 2, metric, -1, SQLITE_STATIC);
    sample->count = 0;
    int code;
    while ((code = sqlite3_step(values)) == SQLITE_ROW)
        if (!sample_add(sample, books_real(values, 0))) return books_no_memory(books);
    return code == SQLITE_DONE || database_explain(books->database, books->failure);
}

static bool compare_all(const struct books *books, const char *of, sqlite3_stmt *estimates, sqlite3_stmt *values,
                        struct sample *sample) {
    int code;
    while ((code = sqlite3_step(estimates)) == SQLITE_ROW) {
        const struct written written = {.of = of,
                                        .metric = (const char *)sqlite3_column_text(estimates, 0),
                                        .mean = books_real(estimates, 1),
                                        .half_width = books_real(estimates, 2),
                                        .confidence = sqlite3_column_double(estimates, 3),
                                        .replications = sqlite3_column_int64(estimates, 4)};
        if (!read_sample(books, values, written.metric, sample)) return false;
        compare(books, &written, sample);
    }
    return code == SQLITE_DONE || database_explain(books->database, books->failure);
}

/* The rows that `rows_sql` gives, against the values of ?2, a metric, that `values_sql` gives. */
static bool check_rows(const struct books *books, const char *of, const char *rows_sql, const char *values_sql) {
    struct sample sample = {0};
    sqlite3_stmt *rows = books_query(books, rows_sql), *values = books_query(books, values_sql);
    const bool good = rows != NULL && values != NULL && compare_all(books, of, rows, values, &sample);
    sqlite3_finalize(rows);
    sqlite3_finalize(values);
    free(sample.values);
    return good;
}

static bool check_means(const struct books *books) {
    return check_rows(books, "",
                      "SELECT metric, mean, half_width, confidence, replications FROM estimates WHERE " OF_THE_SAME,
                      "SELECT value FROM metrics JOIN runs USING (run_id) WHERE " OF_THE_SAME
                      " AND status = 'complete' AND metric = ?2 ORDER BY run_id");
}

/* Rows of the run's point; a point is compared with one other. */
#define OF_THE_POINT OF_THE_EXPERIMENT " AND point = " OF_RUN("point")
static bool check_differences(const struct books *books) {
    return check_rows(books, "the difference in ",
                      "SELECT metric, mean, half_width, confidence, replications FROM differences WHERE " OF_THE_POINT,
                      "SELECT here.value - there.value FROM metrics here JOIN runs USING (run_id) "
                      "JOIN runs other ON other.experiment_id = runs.experiment_id AND other.point = (SELECT against "
                      "FROM differences "
                      "WHERE " OF_THE_POINT
                      " AND metric = ?2) AND other.replication = runs.replication AND other.status = 'complete' "
                      "JOIN metrics there ON there.run_id = other.run_id AND there.metric = here.metric "
                      "WHERE runs.experiment_id = " OF_RUN("experiment_id") " AND runs.point = " OF_RUN(
                          "point") " AND runs.status = 'complete' AND here.metric = ?2 ORDER BY runs.run_id");
}

/* Points that have results and no difference, though the one that the others are compared with has results, too: none
 * can be missing once no run of the experiment is to come. */
static bool check_missing_differences(const struct books *books) {
    static const char sql[] =
        "WITH against (point) AS (SELECT min(against) FROM differences WHERE " OF_THE_EXPERIMENT
        "), compared (metric) AS (SELECT DISTINCT metric FROM differences WHERE " OF_THE_EXPERIMENT
        "), complete AS (SELECT * FROM runs WHERE " OF_THE_EXPERIMENT " AND status = 'complete') "
        "SELECT metric FROM compared WHERE metric NOT IN (SELECT metric FROM differences WHERE " OF_THE_POINT
        ") AND EXISTS (SELECT 1 FROM complete one JOIN complete other USING (replication), against "
        "WHERE one.point = " OF_RUN("point") " AND other.point = against.point AND one.point <> other.point) "
                                             "AND NOT EXISTS (SELECT 1 FROM runs WHERE " OF_THE_EXPERIMENT
                                             " AND status = 'running')";
    sqlite3_stmt *statement = books_query(books, sql);
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        audit_tested(books->report, AUDIT_ESTIMATES, 1);
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME,
                        "there is no difference in %s to the point compared with",
                        (const char *)sqlite3_column_text(statement, 0));
    }
    return books_done(books, statement, code);
}

/* What the complete runs measured and no estimate tells. */
static bool check_missing(const struct books *books) {
    sqlite3_stmt *statement =
        books_query(books, "SELECT DISTINCT metric FROM metrics JOIN runs USING (run_id) WHERE " OF_THE_SAME
                           " AND status = 'complete' AND metric NOT IN (SELECT metric FROM estimates "
                           "WHERE " OF_THE_SAME ")");
    if (statement == NULL) return false;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        audit_tested(books->report, AUDIT_ESTIMATES, 1);
        audit_violation(books->report, AUDIT_ESTIMATES, NULL, NULL, AUDIT_NO_TIME, "there is no estimate of %s",
                        (const char *)sqlite3_column_text(statement, 0));
    }
    return books_done(books, statement, code);
}

/* Estimates belong to an experiment: the first run of it that has results answers for them. */
static bool find_first(const struct books *books, int64_t *first, int64_t *running, int64_t *complete) {
    sqlite3_stmt *statement =
        books_query(books, "SELECT min(run_id) FILTER (WHERE status IN ('complete', 'deadlocked')), "
                           "count(*) FILTER (WHERE status = 'running'), count(*) FILTER (WHERE status = 'complete') "
                           "FROM runs WHERE " OF_THE_SAME);
    if (statement == NULL) return false;
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) {
        *first = sqlite3_column_int64(statement, 0);
        *running = sqlite3_column_int64(statement, 1);
        *complete = sqlite3_column_int64(statement, 2);
        code = SQLITE_DONE;
    }
    return books_done(books, statement, code);
}

static bool check_estimates(const struct books *books) {
    int64_t first = 0, running = 0, complete = 0;
    if (!find_first(books, &first, &running, &complete)) return false;
    if (running > 0) {
        audit_skip(books->report, AUDIT_ESTIMATES, "a run of the experiment has not ended: there are none yet");
        return true;
    }
    if (first != books->rows->run_id) {
        char because[96];
        snprintf(because, sizeof because, "belongs to the whole experiment: checked with run %" PRId64, first);
        audit_skip(books->report, AUDIT_ESTIMATES, because);
        return true;
    }
    gsl_set_error_handler_off(); /* a confidence out of all reason gives no number, and ends no process */
    if (complete == 0) audit_skip(books->report, AUDIT_ESTIMATES, "no run of the experiment is complete");
    return check_means(books) && check_missing(books) && check_differences(books) && check_missing_differences(books);
}

/* Runs of the experiment may be deleted meanwhile, which makes its estimates anew: all is read from one state. */
bool books_check_estimates(const struct books *books) {
    if (!database_execute(books->database, "SAVEPOINT estimates", books->failure)) return false;
    const bool good = check_estimates(books);
    return database_execute(books->database, "RELEASE estimates", good ? books->failure : &(struct failure){0}) && good;
}
