#include "results/store.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "results/results_hash.h"
#include "results/store_rows.h"

enum other_statement {
    INSERT_EXPERIMENT,
    FIND_INPUT,
    INSERT_INPUT,
    INSERT_RUN,
    INSERT_SETTING,
    FINISH_RUN,
    INSERT_ESTIMATE,
    OTHER_STATEMENT_COUNT
};

static const char *const other_sql[OTHER_STATEMENT_COUNT] = {
    [INSERT_EXPERIMENT] = "INSERT INTO experiments (command, arguments, created_at) VALUES (?, ?, ?)",
    [FIND_INPUT] = "SELECT 1 FROM inputs WHERE input_sha256 = ? LIMIT 1",
    [INSERT_INPUT] = "INSERT INTO inputs (input_sha256, path, content) VALUES (?, ?, ?)",
    [INSERT_RUN] =
        "INSERT INTO runs (experiment_id, input_sha256, scenario, variant, schedule, dispatch, replication, "
        "seed, start_date, warmup_ms, horizon_ms, detail, status, bering_version, created_at, point, run_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?)",
    [INSERT_SETTING] = "INSERT INTO settings (run_id, key, value, seq) VALUES (?, ?, ?, ?)",
    [FINISH_RUN] = "UPDATE runs SET status = ?2, results_sha256 = ?3, wall_s = ?4, events = ?5, end_ms = ?6, "
                   "forced_moves = ?7, searches = ?8, horizon_ms = coalesce(?9, horizon_ms), "
                   "warmup_ms = coalesce(?10, warmup_ms) WHERE run_id = ?1",
    [INSERT_ESTIMATE] = ("INSERT INTO estimates (experiment_id, variant, metric, mean, half_width, confidence, "
                         "replications, point) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
};

struct store {
    struct database *database;
    sqlite3_stmt *tables[RESULTS_TABLE_COUNT]; /* INSERT, run_id first, then the columns of results_tables, in `trains`
                                                  those of RESULTS_TRAIN_MONEY, too, which has none of its own */
    sqlite3_stmt *others[OTHER_STATEMENT_COUNT];
};

/* ------------------------------------------------------------------------------------------------ statements */

static sqlite3_stmt *prepare_table(struct database *database, enum results_table which, struct failure *failure) {
    const struct results_table_columns *table = &results_tables[which];
    const bool money = which == RESULTS_TRAINS;
    char sql[RESULTS_QUERY_SIZE];
    char *end = sql + snprintf(sql, sizeof sql, "INSERT INTO %s (run_id, %s%s) VALUES (?", table->name, table->columns,
                               money ? ", revenue_cents, cost_cents" : "");
    for (int32_t column = 0; column < table->column_count + (money ? 2 : 0); column++)
        end += snprintf(end, (size_t)(sql + sizeof sql - end), ", ?");
    snprintf(end, (size_t)(sql + sizeof sql - end), ")");
    return database_prepare(database, sql, failure);
}

struct store *store_create(struct database *database, struct failure *failure) {
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        failure_set(failure, "out of memory");
        return NULL;
    }
    store->database = database;
    bool prepared = true;
    for (int table = 0; prepared && table < RESULTS_TABLE_COUNT; table++)
        if (results_tables[table].within == NULL)
            prepared = (store->tables[table] = prepare_table(database, (enum results_table)table, failure)) != NULL;
    for (int other = 0; prepared && other < OTHER_STATEMENT_COUNT; other++)
        prepared = (store->others[other] = database_prepare(database, other_sql[other], failure)) != NULL;
    if (prepared) return store;
    store_destroy(store);
    return NULL;
}

void store_destroy(struct store *store) {
    if (store == NULL) return;
    for (int table = 0; table < RESULTS_TABLE_COUNT; table++) sqlite3_finalize(store->tables[table]);
    for (int other = 0; other < OTHER_STATEMENT_COUNT; other++) sqlite3_finalize(store->others[other]);
    free(store);
}

/* Runs a statement that gives no rows and readies it for the next time. */
static bool run_statement(struct store *store, sqlite3_stmt *statement, struct failure *failure) {
    const int code = sqlite3_step(statement);
    const bool done = code == SQLITE_DONE;
    if (!done) database_explain(store->database, failure);
    sqlite3_reset(statement);
    return done;
}

static void bind_text(sqlite3_stmt *statement, int column, const char *text) {
    sqlite3_bind_text(statement, column, text, -1, SQLITE_STATIC); /* NULL binds NULL */
}

struct database *store_database(struct store *store) {
    return store->database;
}

bool store_begin(struct store *store, struct failure *failure) {
    return database_execute(store->database, "BEGIN IMMEDIATE", failure);
}

/* Passes on whether all went well. */
bool store_end(struct store *store, bool well, struct failure *failure) {
    if (well && database_in_place(store->database, failure) && database_execute(store->database, "COMMIT", failure))
        return true;
    sqlite3_exec(database_handle(store->database), "ROLLBACK", NULL, NULL, NULL);
    return false;
}

static void utc_now(char text[32]) {
    const time_t now = time(NULL);
    struct tm calendar;
    gmtime_r(&now, &calendar);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &calendar);
}

/* ---------------------------------------------------------------------------------------- beginning an experiment */

bool store_insert_experiment(struct store *store, const char *command, const char *arguments, int64_t *experiment_id,
                             struct failure *failure) {
    sqlite3_stmt *statement = store->others[INSERT_EXPERIMENT];
    char now[32];
    utc_now(now);
    bind_text(statement, 1, command);
    bind_text(statement, 2, arguments);
    bind_text(statement, 3, now);
    const bool done = run_statement(store, statement, failure);
    *experiment_id = sqlite3_last_insert_rowid(database_handle(store->database));
    sqlite3_clear_bindings(statement);
    return done;
}

/* The same files are kept once, however many runs were made from them. */
bool store_insert_inputs(struct store *store, const struct store_runs *runs, struct failure *failure) {
    sqlite3_stmt *find = store->others[FIND_INPUT];
    bind_text(find, 1, runs->input_sha256);
    const int code = sqlite3_step(find);
    if (code != SQLITE_ROW && code != SQLITE_DONE) database_explain(store->database, failure);
    sqlite3_reset(find);
    if (code == SQLITE_ROW) return true;
    bool done = code == SQLITE_DONE;
    sqlite3_stmt *insert = store->others[INSERT_INPUT];
    for (int32_t index = 0; done && index < runs->input_count; index++) {
        const struct input_file *input = &runs->inputs[index];
        bind_text(insert, 1, runs->input_sha256);
        bind_text(insert, 2, input->path);
        /* A NULL pointer would bind NULL: an empty file is still a file. */
        sqlite3_bind_blob64(insert, 3, input->size > 0 ? input->content : "", input->size, SQLITE_STATIC);
        done = run_statement(store, insert, failure);
    }
    sqlite3_clear_bindings(insert);
    return done;
}

bool store_insert_runs(struct store *store, const struct store_runs *runs, int64_t experiment_id, int32_t first,
                       int32_t last, int64_t run_id, int64_t *first_run_id, struct failure *failure) {
    sqlite3_stmt *statement = store->others[INSERT_RUN];
    char date[40], now[32];
    snprintf(date, sizeof date, "%04" PRId32 "-%02" PRId32 "-%02" PRId32, runs->start_year, runs->start_month,
             runs->start_day);
    utc_now(now);
    sqlite3_bind_int64(statement, 1, experiment_id);
    bind_text(statement, 2, runs->input_sha256);
    bind_text(statement, 3, runs->title);
    bind_text(statement, 4, runs->variant);
    bind_text(statement, 5, runs->schedule);
    bind_text(statement, 6, dispatch_name(runs->dispatch));
    sqlite3_bind_int64(statement, 8, runs->seed);
    bind_text(statement, 9, date);
    sqlite3_bind_int64(statement, 10, runs->warmup_ms);
    sqlite3_bind_int64(statement, 11, runs->horizon_ms);
    bind_text(statement, 12, detail_name(runs->detail));
    bind_text(statement, 13, BERING_VERSION);
    bind_text(statement, 14, now);
    if (runs->point > 0) sqlite3_bind_int64(statement, 15, runs->point);
    bool done = true;
    for (int32_t replication = first; done && replication <= last; replication++) {
        sqlite3_bind_int64(statement, 7, replication);
        if (run_id > 0) sqlite3_bind_int64(statement, 16, run_id + replication - first);
        done = run_statement(store, statement, failure);
        if (replication == first) *first_run_id = sqlite3_last_insert_rowid(database_handle(store->database));
    }
    sqlite3_clear_bindings(statement);
    return done;
}

bool store_experiment_begin(struct store *store, const char *command, const char *arguments,
                            const struct scenario *scenario, int32_t replications, struct store_experiment *experiment,
                            struct failure *failure) {
    const struct settings *settings = &scenario->settings;
    char title[256];
    scenario_title(scenario, title, sizeof title);
    const struct store_runs runs = {.title = title,
                                    .variant = scenario->variant,
                                    .schedule = scenario->schedule_path,
                                    .dispatch = settings->dispatch,
                                    .detail = settings->detail,
                                    .start_year = settings->start_year,
                                    .start_month = settings->start_month,
                                    .start_day = settings->start_day,
                                    .seed = settings->seed,
                                    .warmup_ms = settings->warmup_ms,
                                    .horizon_ms = settings->horizon_ms,
                                    .input_sha256 = scenario->input_sha256,
                                    .inputs = scenario->inputs,
                                    .input_count = scenario->input_count,
                                    .replications = replications};
    if (!store_begin(store, failure)) return false;
    const bool well = store_insert_experiment(store, command, arguments, &experiment->experiment_id, failure) &&
                      store_insert_inputs(store, &runs, failure) &&
                      store_insert_runs(store, &runs, experiment->experiment_id, 1, replications, 0,
                                        &experiment->first_run_id, failure);
    return store_end(store, well, failure);
}

/* ------------------------------------------------------------------------------------------------ rows of a run */

/* A row on its way into a table and into the run's hash. Any error of SQLite stops the writing and is explained once,
 * at the end. */
struct writer {
    struct store *store;
    const struct scenario *scenario;
    const struct recorded_run *run;
    int64_t run_id;
    struct results_hash hash;
    sqlite3_stmt *statement;
    int column;
    bool failed;
};

static void table_begin(struct writer *writer, enum results_table table, int64_t rows) {
    writer->statement = writer->store->tables[table];
    sqlite3_bind_int64(writer->statement, 1, writer->run_id); /* stays bound from row to row */
    if (rows > 0) results_hash_table(&writer->hash, table);
}

static void table_end(struct writer *writer) {
    sqlite3_clear_bindings(writer->statement);
}

static void row_begin(struct writer *writer) {
    writer->column = 1;
    results_hash_row(&writer->hash);
}

static void put_null(struct writer *writer) {
    sqlite3_bind_null(writer->statement, ++writer->column);
    results_hash_null(&writer->hash);
}

static void put_integer(struct writer *writer, int64_t value) {
    sqlite3_bind_int64(writer->statement, ++writer->column, value);
    results_hash_integer(&writer->hash, value);
}

static void put_time(struct writer *writer, int64_t time_ms) {
    if (time_ms == TIME_NONE)
        put_null(writer);
    else
        put_integer(writer, time_ms);
}

static void put_real(struct writer *writer, double value) {
    if (isnan(value)) {
        put_null(writer);
        return;
    }
    sqlite3_bind_double(writer->statement, ++writer->column, value);
    results_hash_real(&writer->hash, value);
}

/* The text must live until row_end. */
static void put_text(struct writer *writer, const char *text) {
    if (text == NULL) {
        put_null(writer);
        return;
    }
    const size_t length = strlen(text);
    sqlite3_bind_text(writer->statement, ++writer->column, text, (int)length, SQLITE_STATIC);
    results_hash_text(&writer->hash, text, length);
}

/* False when the row could not be written. */
static bool row_end(struct writer *writer) {
    if (sqlite3_step(writer->statement) != SQLITE_DONE) writer->failed = true;
    if (!writer->failed) sqlite3_reset(writer->statement);
    return !writer->failed;
}

/* An index sorted by the bytes of the ids, as the primary key is. */
struct named {
    const char *id;
    int32_t index;
};

static int by_id(const void *left, const void *right) {
    return strcmp(((const struct named *)left)->id, ((const struct named *)right)->id);
}

static double utilisation(const struct writer *writer, int64_t busy_ms) {
    const struct run_summary *summary = &writer->run->summary;
    const int64_t window_ms = summary->window_to_ms - summary->window_from_ms;
    return window_ms > 0 ? (double)busy_ms / (double)window_ms : NAN;
}

static bool put_section_use(struct writer *writer, int32_t section, int32_t direction) {
    const struct section *line = &writer->scenario->network.sections[section];
    const struct run_summary *summary = &writer->run->summary;
    const struct section_use *use = &summary->sections[section * 2 + direction];
    const int32_t line_track = line->tracks == 2 && direction == BACKWARD ? 2 : 1;
    const int64_t line_busy_ms = summary->section_busy_ms[section * 2 + line_track - 1];
    row_begin(writer);
    put_text(writer, line->id);
    put_text(writer, direction_name(direction));
    put_integer(writer, use->trains);
    put_integer(writer, use->busy_ms);
    put_integer(writer, use->wait_ms);
    put_real(writer, utilisation(writer, use->busy_ms));
    put_integer(writer, line_busy_ms);
    put_real(writer, utilisation(writer, line_busy_ms));
    return row_end(writer);
}

static void write_section_use(struct writer *writer) {
    const struct network *network = &writer->scenario->network;
    struct named *order = calloc((size_t)network->section_count + 1, sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return;
    }
    for (int32_t section = 0; section < network->section_count; section++)
        order[section] = (struct named){network->sections[section].id, section};
    qsort(order, (size_t)network->section_count, sizeof *order, by_id);
    table_begin(writer, RESULTS_SECTION_USE, network->section_count);
    for (int32_t place = 0; place < network->section_count; place++)
        if (!put_section_use(writer, order[place].index, BACKWARD) ||
            !put_section_use(writer, order[place].index, FORWARD))
            break;
    table_end(writer);
    free(order);
}

static bool put_station_use(struct writer *writer, int32_t station) {
    const struct station_use *use = &writer->run->summary.stations[station];
    row_begin(writer);
    put_text(writer, writer->scenario->network.stations[station].id);
    put_integer(writer, use->max_occupied);
    put_real(writer, utilisation(writer, use->occupied_ms));
    put_integer(writer, use->wait_ms);
    return row_end(writer);
}

static void write_station_use(struct writer *writer) {
    const struct network *network = &writer->scenario->network;
    struct named *order = calloc((size_t)network->station_count + 1, sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return;
    }
    for (int32_t station = 0; station < network->station_count; station++)
        order[station] = (struct named){network->stations[station].id, station};
    qsort(order, (size_t)network->station_count, sizeof *order, by_id);
    table_begin(writer, RESULTS_STATION_USE, network->station_count);
    for (int32_t place = 0; place < network->station_count; place++)
        if (!put_station_use(writer, order[place].index)) break;
    table_end(writer);
    free(order);
}

/* The scenario's flows by id; NULL when out of memory, which is noted. */
static struct named *flows_by_id(struct writer *writer) {
    const struct traffic *traffic = &writer->scenario->traffic;
    struct named *order = calloc((size_t)traffic->flow_count + 1, sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return NULL;
    }
    for (int32_t flow = 0; flow < traffic->flow_count; flow++)
        order[flow] = (struct named){traffic->flows[flow].id, flow};
    qsort(order, (size_t)traffic->flow_count, sizeof *order, by_id);
    return order;
}

static bool put_flow_use(struct writer *writer, const char *id, const struct flow_use *use) {
    row_begin(writer);
    put_text(writer, id);
    put_integer(writer, use->teu_offered);
    put_integer(writer, use->teu_delivered);
    put_integer(writer, use->teu_riding);
    put_integer(writer, use->teu_waiting);
    put_integer(writer, use->teu_refused);
    put_real(writer, use->mean_transit_h);
    put_real(writer, use->p95_transit_h);
    put_integer(writer, use->revenue_cents);
    put_integer(writer, use->containers_offered);
    put_integer(writer, use->containers_delivered);
    put_integer(writer, use->containers_late);
    put_integer(writer, use->teu_late);
    put_real(writer, use->p50_transit_h);
    put_integer(writer, use->penalty_cents);
    put_integer(writer, use->cost_cents);
    put_integer(writer, use->teu_empties);
    return row_end(writer);
}

static void write_flow_use(struct writer *writer) {
    const struct flow_use *uses = writer->run->summary.freight.flows;
    const int32_t flow_count = uses != NULL ? writer->scenario->traffic.flow_count : 0;
    struct named *order = flows_by_id(writer);
    if (order == NULL) return;
    table_begin(writer, RESULTS_FLOW_USE, flow_count);
    for (int32_t place = 0; place < flow_count; place++)
        if (!put_flow_use(writer, order[place].id, &uses[order[place].index])) break;
    table_end(writer);
    free(order);
}

static bool put_flow_day(struct writer *writer, int64_t day, const char *id, const struct flow_day *row) {
    row_begin(writer);
    put_integer(writer, day);
    put_text(writer, id);
    put_integer(writer, row->offered);
    put_integer(writer, row->loaded);
    put_integer(writer, row->delivered);
    put_integer(writer, row->refused);
    return row_end(writer);
}

static void write_flow_days(struct writer *writer) {
    const struct freight_results *freight = &writer->run->summary.freight;
    const int32_t flow_count = writer->scenario->traffic.flow_count;
    const int64_t day_count = freight->flow_days != NULL ? freight->day_count : 0;
    struct named *order = flows_by_id(writer);
    if (order == NULL) return;
    table_begin(writer, RESULTS_FLOW_DAYS, day_count * flow_count);
    for (int64_t day = 0; day < day_count && !writer->failed; day++)
        for (int32_t place = 0; place < flow_count; place++)
            if (!put_flow_day(writer, day + 1, order[place].id,
                              &freight->flow_days[day * flow_count + order[place].index]))
                break;
    table_end(writer);
    free(order);
}

static bool put_terminal_use(struct writer *writer, const struct terminal_use *use) {
    const struct terminal *terminal = traffic_terminal(&writer->scenario->traffic, use->station);
    const int32_t cranes = terminal != NULL ? terminal->cranes : 0;
    row_begin(writer);
    put_text(writer, writer->scenario->network.stations[use->station].id);
    put_integer(writer, use->lifts);
    put_integer(writer, use->crane_busy_ms);
    put_real(writer, cranes > 0 ? utilisation(writer, use->crane_busy_ms) / cranes : (double)NAN);
    put_integer(writer, use->teu_refused);
    put_integer(writer, use->teu_left_behind);
    put_integer(writer, use->max_teu);
    put_real(writer, use->mean_teu);
    return row_end(writer);
}

static void write_terminal_use(struct writer *writer) {
    const struct freight_results *freight = &writer->run->summary.freight;
    const int32_t count = freight->terminals != NULL ? freight->terminal_count : 0;
    struct named *order = calloc((size_t)count + 1, sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return;
    }
    for (int32_t index = 0; index < count; index++)
        order[index] = (struct named){writer->scenario->network.stations[freight->terminals[index].station].id, index};
    qsort(order, (size_t)count, sizeof *order, by_id);
    table_begin(writer, RESULTS_TERMINAL_USE, count);
    for (int32_t place = 0; place < count; place++)
        if (!put_terminal_use(writer, &freight->terminals[order[place].index])) break;
    table_end(writer);
    free(order);
}

/* Accounts on which nothing was posted on a day have no row. */
static void write_ledger(struct writer *writer) {
    const struct ledger *ledger = writer->run->summary.freight.ledger;
    const int64_t day_count = ledger != NULL ? ledger->day_count : 0;
    struct named order[ACCOUNT_COUNT];
    bool any = false;
    for (int account = 0; account < ACCOUNT_COUNT; account++)
        order[account] = (struct named){account_name((enum account)account), account};
    qsort(order, ACCOUNT_COUNT, sizeof *order, by_id);
    table_begin(writer, RESULTS_LEDGER, 0);
    for (int64_t day = 0; day < day_count && !writer->failed; day++)
        for (int place = 0; place < ACCOUNT_COUNT && !writer->failed; place++) {
            const int64_t cents = ledger->days[day][order[place].index];
            if (cents == 0) continue;
            if (!any) results_hash_table(&writer->hash, RESULTS_LEDGER);
            any = true;
            row_begin(writer);
            put_integer(writer, day + 1);
            put_text(writer, order[place].id);
            put_integer(writer, cents);
            row_end(writer);
        }
    table_end(writer);
}

static void write_metrics(struct writer *writer) {
    table_begin(writer, RESULTS_METRICS, METRIC_COUNT);
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        row_begin(writer);
        put_text(writer, metric_name((enum metric)metric));
        put_real(writer, writer->run->metrics[metric]);
        put_text(writer, metric_unit((enum metric)metric));
        if (!row_end(writer)) break;
    }
    table_end(writer);
}

static bool put_train(struct writer *writer, const struct train_record *train) {
    const struct scenario *scenario = writer->scenario;
    const struct train_plan *plan = &scenario->timetable.plans[train->plan];
    const struct station *stations = scenario->network.stations;
    char name[TRAIN_NAME_SIZE];
    train_name(scenario, train->plan, train->day, train->number, name);
    row_begin(writer);
    put_integer(writer, train->train_id);
    put_text(writer, name);
    put_text(writer, plan->kind == PLAN_SERVICE ? plan->id : NULL);
    put_text(writer, scenario->train_types[plan->train_type].id);
    put_text(writer, stations[plan->calls[0].station].id);
    put_text(writer, stations[plan->calls[plan->call_count - 1].station].id);
    put_time(writer, train->planned_departure_ms);
    put_time(writer, train->departure_ms);
    put_time(writer, train->planned_arrival_ms);
    put_time(writer, train->arrival_ms);
    put_time(writer, train->unimpeded_ms);
    put_time(writer, train->delay_ms);
    put_real(writer, train->energy_j / 3.6e6);
    put_integer(writer, train->teu);
    put_text(writer, train_status_name(train->status));
    put_text(writer, direction_name(train->direction));
    sqlite3_bind_int64(writer->statement, ++writer->column, train->revenue_cents); /* hashed apart */
    sqlite3_bind_int64(writer->statement, ++writer->column, train->cost_cents);
    return row_end(writer);
}

static void hash_train_money(struct writer *writer) {
    bool any = false;
    for (int64_t index = 0; index < writer->run->train_count; index++) {
        const struct train_record *train = &writer->run->trains[index].record;
        if (train->revenue_cents == 0 && train->cost_cents == 0) continue;
        if (!any) results_hash_table(&writer->hash, RESULTS_TRAIN_MONEY);
        any = true;
        results_hash_row(&writer->hash);
        results_hash_integer(&writer->hash, train->train_id);
        results_hash_integer(&writer->hash, train->revenue_cents);
        results_hash_integer(&writer->hash, train->cost_cents);
    }
}

static void write_trains(struct writer *writer) {
    table_begin(writer, RESULTS_TRAINS, writer->run->train_count);
    for (int64_t index = 0; index < writer->run->train_count; index++)
        if (!put_train(writer, &writer->run->trains[index].record)) break;
    table_end(writer);
    hash_train_money(writer);
}

static bool put_call(struct writer *writer, int64_t train_id, int32_t seq, const struct train_call *call) {
    const struct network *network = &writer->scenario->network;
    row_begin(writer);
    put_integer(writer, train_id);
    put_integer(writer, seq);
    put_text(writer, network->stations[call->station].id);
    put_text(writer, call->track < 0 ? NULL : network->tracks[call->track].id);
    put_time(writer, call->planned_arrival_ms);
    put_time(writer, call->arrival_ms);
    put_time(writer, call->planned_departure_ms);
    put_time(writer, call->departure_ms);
    put_integer(writer, call->stopped);
    put_integer(writer, call->wait_ms);
    put_text(writer, wait_cause_name(call->wait_cause));
    if (call->wait_for_train > 0)
        put_integer(writer, call->wait_for_train);
    else
        put_null(writer);
    return row_end(writer);
}

static void write_calls(struct writer *writer) {
    const struct recorded_run *run = writer->run;
    table_begin(writer, RESULTS_CALLS, run->call_count);
    for (int64_t index = 0; index < run->train_count && !writer->failed; index++) {
        const struct recorded_train *train = &run->trains[index];
        for (int32_t call = 0; call < train->call_count; call++)
            if (!put_call(writer, train->record.train_id, call + 1, &run->calls[train->first_call + call])) break;
    }
    table_end(writer);
}

static bool put_occupation(struct writer *writer, int64_t train_id, int32_t seq,
                           const struct recorded_occupation *occupation) {
    row_begin(writer);
    put_integer(writer, train_id);
    put_integer(writer, seq);
    put_text(writer, writer->scenario->network.sections[occupation->section].id);
    put_integer(writer, occupation->line_track);
    if (occupation->block > 0)
        put_integer(writer, occupation->block);
    else
        put_null(writer);
    put_text(writer, direction_name(occupation->direction));
    put_time(writer, occupation->enter_ms);
    put_time(writer, occupation->clear_ms);
    put_time(writer, occupation->release_ms);
    return row_end(writer);
}

static void write_occupations(struct writer *writer) {
    const struct recorded_run *run = writer->run;
    table_begin(writer, RESULTS_OCCUPATIONS, run->occupation_count);
    for (int64_t index = 0; index < run->train_count && !writer->failed; index++) {
        const struct recorded_train *train = &run->trains[index];
        for (int32_t row = 0; row < train->occupation_count; row++)
            if (!put_occupation(writer, train->record.train_id, row + 1,
                                &run->occupations[train->first_occupation + row]))
                break;
    }
    table_end(writer);
}

/* Where a container's record lies: containers are told as they come to their end, and written by their ids. */
struct numbered {
    int64_t id, place;
};

static int by_number(const void *left, const void *right) {
    const int64_t a = ((const struct numbered *)left)->id, b = ((const struct numbered *)right)->id;
    return (a > b) - (a < b);
}

static bool put_container(struct writer *writer, const struct container_record *container) {
    row_begin(writer);
    put_integer(writer, container->container_id);
    put_text(writer, writer->scenario->traffic.flows[container->flow].id);
    if (container->train_id > 0)
        put_integer(writer, container->train_id);
    else
        put_null(writer);
    put_integer(writer, container->teu);
    put_time(writer, container->arrived_ms);
    put_time(writer, container->loaded_ms);
    put_time(writer, container->delivered_ms);
    put_integer(writer, container->revenue_cents);
    put_text(writer, container_status_name(container->status));
    put_integer(writer, container->penalty_cents);
    put_integer(writer, container->cost_cents);
    put_integer(writer, container->trains);
    put_integer(writer, container->empty);
    return row_end(writer);
}

static void write_containers(struct writer *writer) {
    const struct recorded_run *run = writer->run;
    struct numbered *order = malloc(((size_t)run->container_count + 1) * sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return;
    }
    for (int64_t place = 0; place < run->container_count; place++)
        order[place] = (struct numbered){run->containers[place].container_id, place};
    qsort(order, (size_t)run->container_count, sizeof *order, by_number);
    table_begin(writer, RESULTS_CONTAINERS, run->container_count);
    for (int64_t index = 0; index < run->container_count; index++)
        if (!put_container(writer, &run->containers[order[index].place])) break;
    table_end(writer);
    free(order);
}

static int by_waiting_train_id(const void *left, const void *right) {
    const int64_t a = ((const struct waiting_train *)left)->train_id;
    const int64_t b = ((const struct waiting_train *)right)->train_id;
    return (a > b) - (a < b);
}

static bool put_deadlock(struct writer *writer, const struct waiting_train *waiting) {
    char name[TRAIN_NAME_SIZE], other[TRAIN_NAME_SIZE];
    train_name(writer->scenario, waiting->plan, waiting->day, waiting->number, name);
    if (waiting->waits_for_plan >= 0)
        train_name(writer->scenario, waiting->waits_for_plan, waiting->waits_for_day, waiting->waits_for_number, other);
    row_begin(writer);
    put_integer(writer, waiting->train_id);
    put_text(writer, name);
    put_text(writer, writer->scenario->network.stations[waiting->station].id);
    put_text(writer, waiting->waits_for_plan >= 0 ? other : NULL);
    return row_end(writer);
}

static void write_deadlocks(struct writer *writer) {
    const struct run_summary *summary = &writer->run->summary;
    const size_t count = summary->deadlocked ? (size_t)summary->waiting_count : 0;
    struct waiting_train *order = malloc((count + 1) * sizeof *order);
    if (order == NULL) {
        writer->failed = true;
        return;
    }
    if (count > 0) memcpy(order, summary->waiting, count * sizeof *order);
    qsort(order, count, sizeof *order, by_waiting_train_id);
    table_begin(writer, RESULTS_DEADLOCKS, (int64_t)count);
    for (size_t index = 0; index < count; index++)
        if (!put_deadlock(writer, &order[index])) break;
    table_end(writer);
    free(order);
}

/* All tables with rows of this run, in the order of the hash. */
static bool write_rows(struct writer *writer, char hexadecimal[65], struct failure *failure) {
    static void (*const tables[])(struct writer *) = {
        write_section_use, write_station_use, write_flow_use, write_flow_days,   write_terminal_use, write_ledger,
        write_metrics,     write_trains,      write_calls,    write_occupations, write_containers,   write_deadlocks};
    results_hash_begin(&writer->hash);
    for (size_t table = 0; table < sizeof tables / sizeof *tables && !writer->failed; table++) tables[table](writer);
    results_hash_finish(&writer->hash, hexadecimal);
    if (!writer->failed) return true;
    const int code = sqlite3_errcode(database_handle(writer->store->database));
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        failure_set(failure, "out of memory");
    else
        database_explain(writer->store->database, failure);
    for (int table = 0; table < RESULTS_TABLE_COUNT; table++) sqlite3_reset(writer->store->tables[table]);
    return false;
}

static bool insert_settings(struct store *store, int64_t run_id, const struct scenario *scenario,
                            struct failure *failure) {
    sqlite3_stmt *statement = store->others[INSERT_SETTING];
    sqlite3_bind_int64(statement, 1, run_id);
    bool done = true;
    for (int32_t index = 0; done && index < scenario->settings_used_count; index++) {
        bind_text(statement, 2, scenario->settings_used[index].key);
        bind_text(statement, 3, scenario->settings_used[index].value);
        sqlite3_bind_int64(statement, 4, index + 1);
        done = run_statement(store, statement, failure);
    }
    sqlite3_clear_bindings(statement);
    return done;
}

static bool finish_row(struct store *store, int64_t run_id, const struct store_outcome *outcome,
                       const char *hexadecimal, struct failure *failure) {
    sqlite3_stmt *statement = store->others[FINISH_RUN];
    sqlite3_bind_int64(statement, 1, run_id);
    bind_text(statement, 2, run_status_name(outcome->status));
    if (outcome->run != NULL) {
        const struct run_summary *summary = &outcome->run->summary;
        bind_text(statement, 3, hexadecimal);
        sqlite3_bind_int64(statement, 5, summary->events);
        sqlite3_bind_int64(statement, 6, summary->end_ms);
        sqlite3_bind_int64(statement, 7, summary->forced_moves);
        sqlite3_bind_int64(statement, 8, summary->searches);
        const struct settings *settings = &outcome->scenario->settings;
        sqlite3_bind_int64(statement, 10, settings->warmup_ms); /* of `auto` it was not yet known */
        if (settings->repeat_once && !settings->horizon_given)  /* it is as long as the run turned out to be */
            sqlite3_bind_int64(statement, 9, summary->window_to_ms - summary->window_from_ms);
    }
    sqlite3_bind_double(statement, 4, outcome->wall_s);
    const bool done = run_statement(store, statement, failure);
    sqlite3_clear_bindings(statement);
    return done;
}

bool store_insert_run_rows(struct store *store, int64_t run_id, const struct store_outcome *outcome,
                           char hexadecimal[65], struct failure *failure) {
    struct writer writer = {.store = store, .scenario = outcome->scenario, .run = outcome->run, .run_id = run_id};
    hexadecimal[0] = '\0';
    return (outcome->scenario == NULL || insert_settings(store, run_id, outcome->scenario, failure)) &&
           (outcome->run == NULL || write_rows(&writer, hexadecimal, failure)) &&
           finish_row(store, run_id, outcome, hexadecimal, failure);
}

bool store_run_finish(struct store *store, int64_t run_id, const struct store_outcome *outcome, char hexadecimal[65],
                      struct failure *failure) {
    char hash[65];
    if (!store_begin(store, failure)) return false;
    if (!store_end(store, store_insert_run_rows(store, run_id, outcome, hash, failure), failure)) return false;
    if (hexadecimal != NULL) memcpy(hexadecimal, hash, sizeof hash);
    return true;
}

bool store_insert_estimate(struct store *store, int64_t experiment_id, int32_t point, const char *variant,
                           const struct store_estimate *row, struct failure *failure) {
    sqlite3_stmt *statement = store->others[INSERT_ESTIMATE];
    const struct estimate *estimate = &row->estimate;
    sqlite3_bind_int64(statement, 1, experiment_id);
    bind_text(statement, 2, variant);
    bind_text(statement, 3, row->metric);
    sqlite3_bind_double(statement, 4, estimate->mean); /* NAN is bound as NULL */
    sqlite3_bind_double(statement, 5, estimate->half_width);
    sqlite3_bind_double(statement, 6, estimate->confidence);
    sqlite3_bind_int64(statement, 7, estimate->count);
    if (point > 0) sqlite3_bind_int64(statement, 8, point);
    const bool done = run_statement(store, statement, failure);
    sqlite3_clear_bindings(statement);
    return done;
}

bool store_estimates(struct store *store, int64_t experiment_id, const char *variant,
                     const struct store_estimate *estimates, int32_t count, struct failure *failure) {
    if (!store_begin(store, failure)) return false;
    bool well = true;
    for (int32_t index = 0; well && index < count; index++)
        well = store_insert_estimate(store, experiment_id, 0, variant, &estimates[index], failure);
    return store_end(store, well, failure);
}
