#include "chart/graph_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart/time_axis.h"
#include "scenario/text.h"

static const int64_t ms_per_day = INT64_C(86400000);
static const int64_t standing_ms = 3600000; /* so long the trains of a deadlock are shown, which stand for ever */

static const char run_sql[] =
    "SELECT run_id, replication, warmup_ms, horizon_ms, coalesce(end_ms, warmup_ms + horizon_ms), start_date,"
    " scenario, variant, dispatch, detail, status,"
    " (SELECT value FROM metrics m WHERE m.run_id = runs.run_id AND metric = 'trains_per_day'),"
    " (SELECT value / 60 FROM metrics m WHERE m.run_id = runs.run_id AND metric = 'mean_delay_s')"
    " FROM runs WHERE run_id = ?1 OR (?1 = 0 AND status IN ('complete', 'deadlocked'))"
    " ORDER BY status = 'complete' DESC, run_id DESC LIMIT 1";

static char *text_of(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text != NULL ? strdup(text) : NULL;
}

static double real_of(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, column);
}

static bool take_run(sqlite3_stmt *statement, struct graph_run *run, struct failure *failure) {
    *run = (struct graph_run){.run_id = sqlite3_column_int64(statement, 0),
                              .replication = sqlite3_column_int64(statement, 1),
                              .warmup_ms = sqlite3_column_int64(statement, 2),
                              .horizon_ms = sqlite3_column_int64(statement, 3),
                              .end_ms = sqlite3_column_int64(statement, 4),
                              .scenario = text_of(statement, 6),
                              .variant = text_of(statement, 7),
                              .dispatch = text_of(statement, 8),
                              .detail = text_of(statement, 9),
                              .status = text_of(statement, 10),
                              .trains_per_day = real_of(statement, 11),
                              .mean_delay_min = real_of(statement, 12)};
    const char *date = (const char *)sqlite3_column_text(statement, 5);
    run->last_ms = run->end_ms;
    if (run->status != NULL && strcmp(run->status, "deadlocked") == 0) run->last_ms += standing_ms;
    if (run->scenario == NULL || run->dispatch == NULL || run->detail == NULL || run->status == NULL || date == NULL)
        return failure_set(failure, "out of memory");
    if (!date_parse(date, &run->first_day))
        return failure_set(failure, "run %" PRId64 " has no start date that can be read: %s", run->run_id, date);
    return true;
}

static bool has_calls(struct database *database, const struct graph_run *run, struct failure *failure) {
    sqlite3_stmt *statement = database_prepare(database, "SELECT 1 FROM calls WHERE run_id = ?1 LIMIT 1", failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run->run_id);
    const int step = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (step == SQLITE_ROW) return true;
    if (step != SQLITE_DONE) return database_explain(database, failure);
    if (strcmp(run->detail, "summary") == 0 || strcmp(run->detail, "trains") == 0)
        return failure_set(failure,
                           "run %" PRId64 " keeps no calls of its trains (detail %s); a train graph needs them: run it "
                           "again with --detail calls",
                           run->run_id, run->detail);
    return failure_set(failure, "run %" PRId64 " has no trains to draw (its status is %s)", run->run_id, run->status);
}

bool graph_run_read_any(struct database *database, int64_t run_id, struct graph_run *run, struct failure *failure) {
    *run = (struct graph_run){0};
    char word[TEXT_WORD_SIZE];
    sqlite3_stmt *statement = database_prepare(database, run_sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run_id);
    const int step = sqlite3_step(statement);
    bool well = step == SQLITE_ROW && take_run(statement, run, failure);
    sqlite3_finalize(statement);
    if (step == SQLITE_DONE && run_id == 0)
        failure_set(failure, "%s has no finished run", database_path(database));
    else if (step == SQLITE_DONE)
        failure_set(failure, "%s has no run %" PRId64 "; `bering runs --db %s` lists them", database_path(database),
                    run_id, text_for_shell(database_path(database), word, sizeof word));
    else if (step != SQLITE_ROW)
        database_explain(database, failure);
    if (!well) graph_run_free(run);
    return well;
}

bool graph_run_read(struct database *database, int64_t run_id, struct graph_run *run, struct failure *failure) {
    if (!graph_run_read_any(database, run_id, run, failure)) return false;
    const bool well = has_calls(database, run, failure);
    if (!well) graph_run_free(run);
    return well;
}

void graph_run_free(struct graph_run *run) {
    free(run->scenario);
    free(run->variant);
    free(run->dispatch);
    free(run->detail);
    free(run->status);
    *run = (struct graph_run){0};
}

/* ---- times ---- */

/* Digits only, at most nine of them; the text moves behind them. */
static bool take_number(const char **text, int64_t *number) {
    const size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 9) return false;
    *number = strtoll(*text, NULL, 10);
    *text += digits;
    return true;
}

static const int64_t most_hours = 24000000;

static bool take_clock(const char *text, int64_t *ms) {
    int64_t hours, minutes;
    if (!take_number(&text, &hours) || *text++ != ':') return false;
    if (!take_number(&text, &minutes) || *text != '\0' || hours > most_hours || minutes > 59) return false;
    *ms = (hours * 60 + minutes) * 60000;
    return true;
}

bool graph_time_parse(const char *text, struct graph_time *time) {
    int64_t ms, day;
    if (take_clock(text, &ms)) {
        *time = (struct graph_time){TIME_CLOCK, ms};
        return true;
    }
    const char *rest = text;
    if (!take_number(&rest, &day)) return false;
    if (*rest == ' ' && day >= 1 && day <= 1000000 && take_clock(rest + strspn(rest, " "), &ms)) {
        *time = (struct graph_time){TIME_MOMENT, (day - 1) * ms_per_day + ms};
        return true;
    }
    const size_t fraction = *rest == '.' ? 1 + strspn(rest + 1, "0123456789") : 0;
    if (rest[fraction] != '\0' || fraction == 1) return false;
    *time = (struct graph_time){TIME_MOMENT, llround(strtod(text, NULL) * 3600000)};
    return true;
}

/* Where the chart begins if nobody says: with what is measured; of a run that never came to that, with its last day. */
static int64_t first_moment(const struct graph_run *run) {
    if (run->end_ms - run->warmup_ms >= LEAST_WINDOW_MS) return run->warmup_ms;
    return run->last_ms > ms_per_day ? run->last_ms - ms_per_day : 0;
}

bool graph_window(const struct graph_run *run, struct graph_time from, struct graph_time to, int64_t span_ms,
                  int64_t *from_ms, int64_t *to_ms, struct failure *failure) {
    const int64_t measured_day = run->warmup_ms - run->warmup_ms % ms_per_day;
    *from_ms = from.kind == TIME_OPEN ? first_moment(run) : from.ms + (from.kind == TIME_CLOCK ? measured_day : 0);
    *to_ms = to.ms + (to.kind == TIME_CLOCK ? measured_day : 0);
    if (to.kind == TIME_OPEN) {
        *to_ms = *from_ms + span_ms;
        if (*to_ms > run->last_ms && run->last_ms > *from_ms) *to_ms = run->last_ms;
    }
    if (*from_ms >= run->last_ms)
        return failure_set(failure, "run %" PRId64 " ends after %.1f hours, before --from", run->run_id,
                           (double)run->end_ms / 3600000);
    if (*to_ms - *from_ms < LEAST_WINDOW_MS)
        return failure_set(failure, "the chart would show less than a minute: --to must be after --from");
    return true;
}
