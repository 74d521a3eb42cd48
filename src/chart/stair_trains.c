#include "chart/stair_trains.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/array.h"

/* What is read of one train. */
struct reading {
    const struct stair_line *line;
    struct stair_trains *trains;
    int32_t train;
    double sense; /* +1 downwards, −1 upwards: km times it rises along the train's way */
    int32_t type; /* −1: unknown */
    int64_t end_ms;
    bool failed; /* the database did, and can say why */
};

static bool no_memory(struct failure *failure) {
    return failure_set(failure, "out of memory");
}

/* ---- the path ---- */

static bool add_point(struct reading *reading, int64_t at_ms, double km) {
    struct stair_trains *trains = reading->trains;
    if (at_ms == GRAPH_TIME_NONE) return true;
    struct stair_point *points = array_room(trains->points, trains->point_count, &trains->point_room, sizeof *points);
    if (points == NULL) return false;
    trains->points = points;
    points[trains->point_count++] = (struct stair_point){at_ms, km};
    return true;
}

/* Whether trains of this type run a section of the row in a fixed time. */
static bool is_fixed(const struct reading *reading, int32_t place) {
    const struct scenario *scenario = reading->line->scenario;
    const bool forward = reading->line->map.sections[place].downwards == (reading->sense > 0);
    return running_time_find(scenario->running_times, scenario->running_time_count,
                             reading->line->sections[place].section, reading->type,
                             forward ? DIRECTION_FORWARD_BIT : DIRECTION_BACKWARD_BIT) != NULL;
}

/* A train stands with its head at the far end of the zone, and that is where it is when it passes, too. A fixed time
 * brings it no farther than the turnout, and over the zone in no time. */
static bool add_calls(struct reading *reading) {
    const struct graph_train *train = &reading->trains->trains.trains[reading->train];
    const double *far = reading->sense > 0 ? reading->line->zone_to_km : reading->line->zone_from_km;
    const double *near = reading->sense > 0 ? reading->line->zone_from_km : reading->line->zone_to_km;
    int32_t before = -1;
    for (int32_t index = 0; index < train->call_count; index++) {
        const struct graph_call *call = &reading->trains->trains.calls[train->first_call + index];
        const int32_t station = call->station;
        if (station >= 0 && before >= 0 && abs(station - before) == 1 &&
            is_fixed(reading, station < before ? station : before) &&
            !add_point(reading, call->arrival_ms, near[station]))
            return false;
        before = station;
        if (station < 0) continue;
        if (!add_point(reading, call->arrival_ms, far[station]) ||
            !add_point(reading, call->departure_ms, far[station]))
            return false;
    }
    return true;
}

static int by_time_down(const void *left, const void *right) {
    const struct stair_point *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return (a->km > b->km) - (a->km < b->km);
}

static int by_time_up(const void *left, const void *right) {
    const struct stair_point *a = left, *b = right;
    if (a->at_ms != b->at_ms) return a->at_ms < b->at_ms ? -1 : 1;
    return (a->km < b->km) - (a->km > b->km);
}

static const struct stair_point *path_of(const struct reading *reading, int32_t *count) {
    const struct stair_path *path = &reading->trains->paths[reading->train];
    *count = path->point_count;
    return reading->trains->points + path->first_point;
}

/* When the head is at a place of the path, the last time it is; GRAPH_TIME_NONE: never. */
static int64_t time_at(const struct reading *reading, double km) {
    int32_t count;
    const struct stair_point *points = path_of(reading, &count);
    for (int32_t index = count - 1; index > 0; index--) {
        const struct stair_point *from = &points[index - 1], *to = &points[index];
        const double before = (km - from->km) * reading->sense, length = (to->km - from->km) * reading->sense;
        if (before < -1e-9 || before > length + 1e-9) continue;
        const double share = length > 0 ? fmin(fmax(before / length, 0), 1) : 1;
        return from->at_ms + llround(share * (double)(to->at_ms - from->at_ms));
    }
    return GRAPH_TIME_NONE;
}

/* ---- how early a block is wanted ---- */

/* The moment at which a train must see the block at `km`, where its head is at enter_ms, free if it is not to brake. */
static int64_t approach_from(const struct reading *reading, double km, int64_t enter_ms, double brake_ms2,
                             double sighting_m) {
    int32_t count;
    const struct stair_point *points = path_of(reading, &count);
    int32_t index = count - 1;
    while (index > 0 && points[index].at_ms > enter_ms) index--;
    int64_t latest = enter_ms;
    for (; index > 0; index--) {
        const struct stair_point *from = &points[index - 1], *to = &points[index];
        const double length_m = (to->km - from->km) * reading->sense * 1000;
        const double seconds = (double)(to->at_ms - from->at_ms) / 1000;
        if (seconds <= 0) continue;
        if (length_m <= 0) return latest; /* it stood */
        const double speed = length_m / seconds;
        const double distance_m = speed * speed / (2 * brake_ms2) + sighting_m;
        const double before_m = (km - to->km) * reading->sense * 1000; /* of the segment's end to the block */
        if (distance_m <= before_m) return latest;
        if (distance_m <= before_m + length_m) return to->at_ms - llround((distance_m - before_m) / speed * 1000);
        latest = from->at_ms;
    }
    return latest;
}

static int64_t wanted_at(const struct reading *reading, int32_t place, double km, int64_t enter_ms) {
    const struct scenario *scenario = reading->line->scenario;
    const struct section *section = &scenario->network.sections[reading->line->sections[place].section];
    const int64_t lead_ms = scenario->settings.route_setting_ms + scenario->settings.reaction_ms;
    const double brake_ms2 = reading->type >= 0 ? scenario->train_types[reading->type].brake_ms2 : NAN;
    const bool moving = section->headway_ms < 0 && section->signalling == SIGNALLING_MOVING;
    if (section->headway_ms >= 0 || !(brake_ms2 > 0) || (is_fixed(reading, place) && !moving))
        return enter_ms - lead_ms;
    const double sighting_m = moving ? scenario->settings.moving_margin_m : scenario->settings.sighting_m;
    return approach_from(reading, km, enter_ms, brake_ms2, sighting_m) - lead_ms;
}

/* ---- stairs ---- */

static bool add_stair(struct reading *reading, sqlite3_stmt *statement) {
    struct stair_trains *trains = reading->trains;
    const int32_t place = stair_line_section(reading->line, (const char *)sqlite3_column_text(statement, 0));
    if (place < 0) return true;
    struct stair *stairs = array_room(trains->stairs, trains->stair_count, &trains->stair_room, sizeof *stairs);
    if (stairs == NULL) return false;
    trains->stairs = stairs;
    const int32_t block = sqlite3_column_int(statement, 1); /* 0 for NULL */
    double left, right;
    stair_line_block(reading->line, place, block, &left, &right);
    struct stair *stair = &stairs[trains->stair_count++];
    *stair = (struct stair){.train = reading->train,
                            .section = place,
                            .whole = block == 0,
                            .from_km = reading->sense > 0 ? left : right,
                            .to_km = reading->sense > 0 ? right : left,
                            .enter_ms = sqlite3_column_int64(statement, 2),
                            .clear_ms = reading->end_ms,
                            .release_ms = reading->end_ms};
    if (sqlite3_column_type(statement, 3) != SQLITE_NULL) stair->clear_ms = sqlite3_column_int64(statement, 3);
    if (sqlite3_column_type(statement, 4) != SQLITE_NULL) stair->release_ms = sqlite3_column_int64(statement, 4);
    return add_point(reading, stair->enter_ms, stair->from_km);
}

static bool read_occupations(struct reading *reading, sqlite3_stmt *statement, int64_t run_id, int64_t train_id) {
    sqlite3_reset(statement);
    sqlite3_bind_int64(statement, 1, run_id);
    sqlite3_bind_int64(statement, 2, train_id);
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        if (!add_stair(reading, statement)) return false;
    reading->failed = step != SQLITE_DONE;
    return !reading->failed;
}

/* What follows from the whole path, once it is known. */
static void finish_stairs(const struct reading *reading, int32_t first) {
    for (int32_t index = first; index < reading->trains->stair_count; index++) {
        struct stair *stair = &reading->trains->stairs[index];
        stair->wanted_ms = wanted_at(reading, stair->section, stair->from_km, stair->enter_ms);
        stair->out_ms = time_at(reading, stair->to_km);
        if (stair->out_ms == GRAPH_TIME_NONE || stair->out_ms > stair->clear_ms) stair->out_ms = stair->clear_ms;
        if (stair->out_ms < stair->enter_ms) stair->out_ms = stair->enter_ms;
    }
}

static bool read_train(struct reading *reading, sqlite3_stmt *statement, int64_t run_id) {
    struct stair_trains *trains = reading->trains;
    const struct graph_train *train = &trains->trains.trains[reading->train];
    struct stair_path *path = &trains->paths[reading->train];
    const int32_t first_stair = trains->stair_count;
    path->first_point = trains->point_count;
    reading->sense = train->downwards ? 1 : -1;
    reading->type = stair_line_type(reading->line, train->type);
    if (!read_occupations(reading, statement, run_id, train->train_id) || !add_calls(reading)) return false;
    path->point_count = trains->point_count - path->first_point;
    if (path->point_count > 1)
        qsort(trains->points + path->first_point, (size_t)path->point_count, sizeof *trains->points,
              train->downwards ? by_time_down : by_time_up);
    finish_stairs(reading, first_stair);
    return true;
}

/* ---- */

bool stair_trains_kept(struct database *database, const struct graph_run *run, struct failure *failure) {
    sqlite3_stmt *statement =
        database_prepare(database, "SELECT 1 FROM occupations WHERE run_id = ?1 LIMIT 1", failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run->run_id);
    const int step = sqlite3_step(statement);
    sqlite3_finalize(statement);
    if (step == SQLITE_ROW) return true;
    if (step != SQLITE_DONE) return database_explain(database, failure);
    if (strcmp(run->detail, "blocks") == 0 || strcmp(run->detail, "full") == 0)
        return failure_set(failure, "run %" PRId64 " has no train that held a block", run->run_id);
    return failure_set(failure,
                       "run %" PRId64 " does not keep who held which block (detail %s); a stairway needs it: run it "
                       "again with --detail blocks",
                       run->run_id, run->detail);
}

bool stair_trains_first(struct database *database, const struct graph_run *run, int64_t from_ms, int64_t *first_ms,
                        struct failure *failure) {
    static const char sql[] = "SELECT coalesce(max(min(enter_ms), ?2), ?2) FROM occupations"
                              " WHERE run_id = ?1 AND release_ms > ?2";
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    sqlite3_bind_int64(statement, 1, run->run_id);
    sqlite3_bind_int64(statement, 2, from_ms);
    const bool good = sqlite3_step(statement) == SQLITE_ROW;
    if (good) *first_ms = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return good || database_explain(database, failure);
}

static bool read_trains(struct database *database, const struct graph_run *run, const struct stair_line *line,
                        struct stair_trains *trains, struct failure *failure) {
    static const char sql[] = "SELECT section, block, enter_ms, clear_ms, release_ms FROM occupations"
                              " WHERE run_id = ?1 AND train_id = ?2 ORDER BY seq";
    trains->paths = calloc((size_t)trains->trains.train_count + 1, sizeof *trains->paths);
    if (trains->paths == NULL) return no_memory(failure);
    sqlite3_stmt *statement = database_prepare(database, sql, failure);
    if (statement == NULL) return false;
    struct reading reading = {.line = line, .trains = trains, .end_ms = run->last_ms};
    bool well = true;
    for (; well && reading.train < trains->trains.train_count; reading.train++)
        well = read_train(&reading, statement, run->run_id);
    if (reading.failed)
        database_explain(database, failure);
    else if (!well)
        no_memory(failure);
    sqlite3_finalize(statement);
    return well;
}

bool stair_trains_read(struct database *database, const struct graph_run *run, const struct stair_line *line,
                       int64_t from_ms, int64_t to_ms, struct stair_trains *trains, struct failure *failure) {
    *trains = (struct stair_trains){0};
    const bool well =
        graph_trains_read(database, run->run_id, &line->map, from_ms, to_ms, run->last_ms, &trains->trains, failure) &&
        read_trains(database, run, line, trains, failure);
    if (!well) stair_trains_free(trains);
    return well;
}

void stair_trains_free(struct stair_trains *trains) {
    graph_trains_free(&trains->trains);
    free(trains->paths);
    free(trains->points);
    free(trains->stairs);
    *trains = (struct stair_trains){0};
}
