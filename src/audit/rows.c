#include "audit/rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/texts.h"

/* ---- ids of the results, found in the scenario ---- */

/* Texts are kept once, so one is known by its address: what was found for it is kept beside it. */
struct found {
    const char *text;
    int32_t of; /* the station a track belongs to; 0 otherwise */
    int32_t index;
};

typedef int32_t finder(const struct audit_world *world, int32_t of, const char *text);

struct finding {
    const struct audit_world *world;
    finder *find;
    struct found *slots; /* a power of two, at most half full */
    size_t slot_count, used;
};

static int32_t find_station(const struct audit_world *world, int32_t of, const char *text) {
    (void)of;
    return audit_world_station(world, text);
}

static int32_t find_section(const struct audit_world *world, int32_t of, const char *text) {
    (void)of;
    return audit_world_section(world, text);
}

static int32_t find_type(const struct audit_world *world, int32_t of, const char *text) {
    (void)of;
    return audit_world_type(world, text);
}

static int32_t find_track(const struct audit_world *world, int32_t of, const char *text) {
    return of < 0 ? -1 : audit_world_track(world, of, text);
}

static size_t slot_of(const struct finding *finding, const char *text, int32_t of) {
    const size_t mask = finding->slot_count - 1;
    uint64_t hash =
        (uint64_t)(uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)(of + 1) * UINT64_C(0x85EBCA77);
    size_t slot = (size_t)(hash >> 20) & mask;
    while (finding->slots[slot].text != NULL && (finding->slots[slot].text != text || finding->slots[slot].of != of))
        slot = (slot + 1) & mask;
    return slot;
}

static bool finding_grow(struct finding *finding) {
    const struct finding old = *finding;
    finding->slot_count = old.slot_count ? 2 * old.slot_count : 64;
    finding->slots = calloc(finding->slot_count, sizeof *finding->slots);
    if (finding->slots == NULL) {
        *finding = old;
        return false;
    }
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].text != NULL)
            finding->slots[slot_of(finding, old.slots[i].text, old.slots[i].of)] = old.slots[i];
    free(old.slots);
    return true;
}

/* −1 for NULL and for what is not there. False when out of memory. */
static bool look_up(struct finding *finding, int32_t of, const char *text, int32_t *index) {
    *index = -1;
    if (text == NULL) return true;
    if (2 * finding->used >= finding->slot_count && !finding_grow(finding)) return false;
    struct found *found = &finding->slots[slot_of(finding, text, of)];
    if (found->text == NULL) {
        *found = (struct found){text, of, finding->find(finding->world, of, text)};
        finding->used++;
    }
    *index = found->index;
    return true;
}

/* ---- reading ---- */

struct reading {
    struct database *database;
    const struct audit_world *world;
    struct audit_rows *rows;
    struct failure *failure;
    struct finding stations, tracks, sections, types;
};

static bool no_memory(struct reading *reading) {
    return failure_set(reading->failure, "there is not enough memory to audit run %lld",
                       (long long)reading->rows->run_id);
}

static bool text_at(struct reading *reading, sqlite3_stmt *statement, int column, const char **text) {
    const char *bytes = (const char *)sqlite3_column_text(statement, column);
    *text = audit_texts_keep(reading->rows->texts, bytes);
    return bytes == NULL || *text != NULL || no_memory(reading);
}

static void note_senseless(struct reading *reading, sqlite3_stmt *statement, int column) {
    struct audit_rows *rows = reading->rows;
    if (rows->senseless++ > 0) return;
    const char *name = sqlite3_column_name(statement, column);
    snprintf(rows->first_senseless, sizeof rows->first_senseless, "%s", name != NULL ? name : "");
}

/* A text that must be there. */
static bool word_at(struct reading *reading, sqlite3_stmt *statement, int column, const char **text) {
    if (!text_at(reading, statement, column, text)) return false;
    if (*text != NULL) return true;
    note_senseless(reading, statement, column);
    *text = audit_texts_keep(reading->rows->texts, "");
    return *text != NULL || no_memory(reading);
}

/* A moment or a length of time. */
static int64_t time_at(struct reading *reading, sqlite3_stmt *statement, int column) {
    const int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) return AUDIT_NULL_MS;
    const int64_t time_ms = sqlite3_column_int64(statement, column);
    if (type != SQLITE_INTEGER || time_ms > AUDIT_FARTHEST_MS || time_ms < -AUDIT_FARTHEST_MS)
        note_senseless(reading, statement, column);
    if (time_ms > AUDIT_FARTHEST_MS) return AUDIT_FARTHEST_MS;
    return time_ms < -AUDIT_FARTHEST_MS ? -AUDIT_FARTHEST_MS : time_ms;
}

/* One that must be there. */
static int64_t known_time_at(struct reading *reading, sqlite3_stmt *statement, int column) {
    const int64_t time_ms = time_at(reading, statement, column);
    if (time_ms != AUDIT_NULL_MS) return time_ms;
    note_senseless(reading, statement, column);
    return 0;
}

/* A number of things; one beyond all reason is taken to lie where sums of them stay numbers. */
static int64_t figure_at(sqlite3_stmt *statement, int column) {
    const int64_t figure = sqlite3_column_int64(statement, column), most = INT64_C(1) << 40;
    return figure > most ? most : figure < -most ? -most : figure;
}

static int64_t id_at(sqlite3_stmt *statement, int column) {
    return sqlite3_column_type(statement, column) == SQLITE_NULL ? AUDIT_NULL_MS
                                                                 : sqlite3_column_int64(statement, column);
}

static int32_t direction_of(const char *word) {
    if (word == NULL) return -1;
    return strcmp(word, "forward") == 0 ? AUDIT_FORWARD : strcmp(word, "backward") == 0 ? AUDIT_BACKWARD : -1;
}

/* Prepares a query over the rows of the run. */
static sqlite3_stmt *rows_of(struct reading *reading, const char *sql) {
    sqlite3_stmt *statement = database_prepare(reading->database, sql, reading->failure);
    if (statement != NULL) sqlite3_bind_int64(statement, 1, reading->rows->run_id);
    return statement;
}

/* Takes up every row of a query. */
static bool read_all(struct reading *reading, const char *sql,
                     bool (*take)(struct reading *reading, sqlite3_stmt *statement)) {
    sqlite3_stmt *statement = rows_of(reading, sql);
    if (statement == NULL) return false;
    bool good = true;
    int code = SQLITE_DONE;
    while (good && (code = sqlite3_step(statement)) == SQLITE_ROW) good = take(reading, statement);
    if (good && code != SQLITE_DONE) good = database_explain(reading->database, reading->failure);
    sqlite3_finalize(statement);
    return good;
}

/* Room for one more of `count` items, which are doubled in number when they are a power of two. */
static bool make_room(void **items, int32_t count, size_t size) {
    if (count != 0 && (count < 64 || (count & (count - 1)) != 0)) return true;
    if (count > INT32_MAX / 2) return false;
    void *larger = realloc(*items, (count ? 2 * (size_t)count : 64) * size);
    if (larger != NULL) *items = larger;
    return larger != NULL;
}

static char *copy_or_empty(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (text == NULL) text = "";
    char *copy = malloc(strlen(text) + 1);
    return copy ? strcpy(copy, text) : NULL;
}

static struct audit_detail detail_of(const char *word) {
    static const char *const words[] = {"summary", "trains", "calls", "blocks", "containers", "full"};
    static const struct audit_detail details[] = {{false, false, false, false}, {true, false, false, false},
                                                  {true, true, false, false},   {true, true, true, false},
                                                  {true, true, false, true},    {true, true, true, true}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i]) == 0) return details[i];
    return details[0];
}

static bool take_run(struct reading *reading, sqlite3_stmt *statement) {
    struct audit_rows *rows = reading->rows;
    if (rows->status != NULL) return true; /* ids that are not unique: the first counts */
    rows->status = copy_or_empty(statement, 0);
    rows->detail_word = copy_or_empty(statement, 1);
    rows->results_sha256 = copy_or_empty(statement, 2);
    rows->input_sha256 = copy_or_empty(statement, 3);
    if (!rows->status || !rows->detail_word || !rows->results_sha256 || !rows->input_sha256) return no_memory(reading);
    rows->detail = detail_of(rows->detail_word);
    rows->warmup_ms = known_time_at(reading, statement, 4);
    rows->horizon_ms = known_time_at(reading, statement, 5);
    rows->end_ms = time_at(reading, statement, 6);
    rows->replication = sqlite3_column_int64(statement, 7);
    rows->seed = sqlite3_column_int64(statement, 8);
    rows->forced_moves = sqlite3_column_int64(statement, 9);
    return true;
}

static bool take_train(struct reading *reading, sqlite3_stmt *statement) {
    struct audit_rows *rows = reading->rows;
    if (!make_room((void **)&rows->trains, rows->train_count, sizeof *rows->trains)) return no_memory(reading);
    struct audit_train_row *train = &rows->trains[rows->train_count++];
    *train = (struct audit_train_row){.train_id = sqlite3_column_int64(statement, 0)};
    const char *type, *origin, *destination, *direction;
    if (!word_at(reading, statement, 1, &train->train) || !text_at(reading, statement, 2, &train->service) ||
        !text_at(reading, statement, 3, &type) || !text_at(reading, statement, 4, &origin) ||
        !text_at(reading, statement, 5, &destination) || !word_at(reading, statement, 6, &train->status) ||
        !text_at(reading, statement, 7, &direction))
        return false;
    train->name = audit_train_name(reading->world, train->train);
    train->direction = direction_of(direction);
    train->planned_departure_ms = time_at(reading, statement, 8);
    train->departure_ms = time_at(reading, statement, 9);
    train->planned_arrival_ms = time_at(reading, statement, 10);
    train->arrival_ms = time_at(reading, statement, 11);
    train->unimpeded_ms = time_at(reading, statement, 12);
    train->delay_ms = time_at(reading, statement, 13);
    train->energy_kwh = sqlite3_column_type(statement, 14) == SQLITE_NULL ? NAN : sqlite3_column_double(statement, 14);
    train->teu = figure_at(statement, 15);
    train->revenue_cents = figure_at(statement, 16);
    train->cost_cents = figure_at(statement, 17);
    train->unloaded_ms = AUDIT_NULL_MS;
    return (look_up(&reading->types, 0, type, &train->type) && look_up(&reading->stations, 0, origin, &train->origin) &&
            look_up(&reading->stations, 0, destination, &train->destination)) ||
           no_memory(reading);
}

/* Trains come by id: the place of one of them, −1 if there is none. */
static int32_t train_with(const struct audit_rows *rows, int64_t train_id) {
    int32_t low = 0, high = rows->train_count - 1;
    while (low <= high) {
        const int32_t middle = low + (high - low) / 2;
        const int64_t id = rows->trains[middle].train_id;
        if (id == train_id) return middle;
        if (id < train_id)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

static bool take_call(struct reading *reading, sqlite3_stmt *statement) {
    struct audit_rows *rows = reading->rows;
    if (!make_room((void **)&rows->calls, rows->call_count, sizeof *rows->calls)) return no_memory(reading);
    const int32_t index = rows->call_count++;
    struct audit_call_row *call = &rows->calls[index];
    *call = (struct audit_call_row){.train_id = sqlite3_column_int64(statement, 0),
                                    .seq = sqlite3_column_int64(statement, 1),
                                    .planned_arrival_ms = time_at(reading, statement, 4),
                                    .arrival_ms = time_at(reading, statement, 5),
                                    .planned_departure_ms = time_at(reading, statement, 6),
                                    .departure_ms = time_at(reading, statement, 7),
                                    .stopped = sqlite3_column_int(statement, 8) != 0,
                                    .wait_ms = known_time_at(reading, statement, 9),
                                    .wait_for = id_at(statement, 11)};
    if (!word_at(reading, statement, 2, &call->station_id) || !text_at(reading, statement, 3, &call->track_id) ||
        !text_at(reading, statement, 10, &call->cause))
        return false;
    if (!look_up(&reading->stations, 0, call->station_id, &call->station) ||
        !look_up(&reading->tracks, call->station, call->track_id, &call->track))
        return no_memory(reading);
    if (call->track_id == NULL) call->track = -2;
    call->train = train_with(rows, call->train_id);
    if (call->train < 0) return true;
    struct audit_train_row *train = &rows->trains[call->train];
    if (train->call_count++ == 0) train->first_call = index;
    return true;
}

static bool take_unloading(struct reading *reading, sqlite3_stmt *statement) {
    struct audit_rows *rows = reading->rows;
    const int32_t train = train_with(rows, sqlite3_column_int64(statement, 0));
    if (sqlite3_column_int64(statement, 2) > 1) rows->changes = true; /* who waits after a ride is going to */
    if (train < 0) return true;
    const int64_t last_ms = sqlite3_column_int64(statement, 1);
    rows->trains[train].unloaded_ms =
        sqlite3_column_type(statement, 1) == SQLITE_NULL || last_ms > AUDIT_FARTHEST_MS ? AUDIT_FARTHEST_MS : last_ms;
    return true;
}

/* Only trains follow their load whose plan carries some flow and loads nothing after its origin; any may do so, for all
 * that is known here, and is granted to be as light, or else as if full. */
static void weigh_trains(struct reading *reading) {
    for (int32_t i = 0; i < reading->rows->train_count && reading->world->flow_count > 0; i++) {
        struct audit_train_row *train = &reading->rows->trains[i];
        if (train->type >= 0)
            train->quarters_missing = audit_quarters_missing(&reading->world->types[train->type], train->teu);
    }
}

static bool take_occupation(struct reading *reading, sqlite3_stmt *statement) {
    struct audit_rows *rows = reading->rows;
    if (!make_room((void **)&rows->occupations, rows->occupation_count, sizeof *rows->occupations))
        return no_memory(reading);
    const int32_t index = rows->occupation_count++;
    struct audit_occupation_row *occupation = &rows->occupations[index];
    *occupation = (struct audit_occupation_row){.train_id = sqlite3_column_int64(statement, 0),
                                                .seq = sqlite3_column_int64(statement, 1),
                                                .line_track = sqlite3_column_int64(statement, 3),
                                                .block = sqlite3_column_int64(statement, 4),
                                                .enter_ms = known_time_at(reading, statement, 6),
                                                .clear_ms = time_at(reading, statement, 7),
                                                .release_ms = time_at(reading, statement, 8)};
    const char *direction;
    if (!word_at(reading, statement, 2, &occupation->section_id) || !text_at(reading, statement, 5, &direction))
        return false;
    occupation->direction = direction_of(direction);
    if (!look_up(&reading->sections, 0, occupation->section_id, &occupation->section)) return no_memory(reading);
    occupation->train = train_with(rows, occupation->train_id);
    if (occupation->train < 0) return true;
    struct audit_train_row *train = &rows->trains[occupation->train];
    if (train->occupation_count++ == 0) train->first_occupation = index;
    return true;
}

static bool read_rows(struct reading *reading) {
    static const char run[] = "SELECT status, detail, results_sha256, input_sha256, warmup_ms, horizon_ms, end_ms, "
                              "replication, seed, forced_moves FROM runs WHERE run_id = ?1";
    static const char trains[] =
        "SELECT train_id, train, service, train_type, origin, destination, status, direction, planned_departure_ms, "
        "departure_ms, planned_arrival_ms, arrival_ms, unimpeded_ms, delay_ms, energy_kwh, teu, revenue_cents, "
        "cost_cents FROM trains "
        "WHERE run_id = ?1 ORDER BY train_id";
    static const char calls[] =
        "SELECT train_id, seq, station, track, planned_arrival_ms, arrival_ms, planned_departure_ms, departure_ms, "
        "stopped, wait_ms, wait_cause, wait_for_train_id FROM calls WHERE run_id = ?1 ORDER BY train_id, seq";
    static const char occupations[] = "SELECT train_id, seq, section, line_track, block, direction, enter_ms, "
                                      "clear_ms, release_ms FROM occupations WHERE run_id = ?1 ORDER BY train_id, seq";
    if (!read_all(reading, run, take_run)) return false;
    if (reading->rows->status == NULL)
        return failure_set(reading->failure, "there is no run %lld in %s", (long long)reading->rows->run_id,
                           database_path(reading->database));
    static const char unloadings[] =
        "SELECT train_id, max(CASE WHEN status = 'riding' THEN 9223372036854775807 ELSE delivered_ms END), "
        "max(trains + (status = 'waiting')) FROM containers WHERE run_id = ?1 AND train_id IS NOT NULL GROUP BY "
        "train_id";
    if (!read_all(reading, trains, take_train) || !read_all(reading, calls, take_call) ||
        !read_all(reading, occupations, take_occupation) || !read_all(reading, unloadings, take_unloading))
        return false;
    weigh_trains(reading);
    return true;
}

struct audit_type audit_rows_type(const struct audit_world *world, const struct audit_train_row *train) {
    return audit_type_without(&world->types[train->type], train->quarters_missing);
}

bool audit_rows_handled(const struct audit_world *world, const struct audit_rows *rows, int32_t call) {
    const struct audit_call_row *row = &rows->calls[call];
    const int32_t index = row->train < 0 ? -1 : rows->trains[row->train].type;
    if (world->flow_count == 0 || index < 0 || world->types[index].capacity_teu < 1) return false;
    const int32_t plan = rows->trains[row->train].name.plan;
    if (plan < 0) return true;
    const struct audit_call *calls = &world->calls[world->plans[plan].first_call];
    for (int32_t k = 0; k < world->plans[plan].call_count; k++)
        if (calls[k].station == row->station) return calls[k].stop;
    return false;
}

bool audit_rows_read(struct database *database, int64_t run_id, const struct audit_world *world,
                     struct audit_rows *rows, struct failure *failure) {
    *rows = (struct audit_rows){.run_id = run_id, .texts = audit_texts_create()};
    struct reading reading = {.database = database,
                              .world = world,
                              .rows = rows,
                              .failure = failure,
                              .stations = {.world = world, .find = find_station},
                              .tracks = {.world = world, .find = find_track},
                              .sections = {.world = world, .find = find_section},
                              .types = {.world = world, .find = find_type}};
    const bool good = rows->texts != NULL ? read_rows(&reading) : no_memory(&reading);
    free(reading.stations.slots);
    free(reading.tracks.slots);
    free(reading.sections.slots);
    free(reading.types.slots);
    if (!good) audit_rows_free(rows);
    return good;
}

void audit_rows_free(struct audit_rows *rows) {
    free(rows->status);
    free(rows->detail_word);
    free(rows->results_sha256);
    free(rows->input_sha256);
    free(rows->trains);
    free(rows->calls);
    free(rows->occupations);
    audit_texts_free(rows->texts);
    *rows = (struct audit_rows){0};
}

/* The section of the block that the train held first on leaving a call; −1: no block says so. */
static int32_t section_entered(const struct audit_rows *rows, const struct audit_call_row *call) {
    if (call->train < 0 || call->departure_ms == AUDIT_NULL_MS) return -1;
    const struct audit_train_row *train = &rows->trains[call->train];
    for (int32_t i = 0; i < train->occupation_count; i++) {
        const struct audit_occupation_row *row = &rows->occupations[train->first_occupation + i];
        if (row->enter_ms == call->departure_ms) return row->section;
    }
    return -1;
}

int32_t audit_rows_section(const struct audit_world *world, const struct audit_rows *rows, int32_t call,
                           enum audit_direction *direction) {
    const struct audit_call_row *here = &rows->calls[call], *there = here + 1;
    if (here->station < 0 || there->station < 0) return -1;
    const int32_t first = audit_world_between(world, here->station, there->station, direction);
    if (first < 0 || audit_world_next_between(world, first + 1, here->station, there->station) < 0) return first;
    const int32_t entered = section_entered(rows, here);
    for (int32_t i = first; i >= 0; i = audit_world_next_between(world, i + 1, here->station, there->station)) {
        if (i != entered) continue;
        *direction = world->sections[i].from == here->station ? AUDIT_FORWARD : AUDIT_BACKWARD;
        return i;
    }
    return -1;
}
