#include "study/bare_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Speeds as near as this are one: they differ by milliseconds over any section. */
static const double SAME_SPEED_MS = 0.01;

enum { FIRST_TRAIN, SECOND_TRAIN };

/* What a move is asked for: the callbacks of a request see it. */
struct asked {
    const struct bare_line *line;
    const struct trip *trip;
    const struct path *path;
};

const struct path *bare_line_path(const struct bare_line *line, int32_t class_index) {
    return line->plan->paths[line->plan->trips[class_index].path];
}

static struct bare_node *node_of(const struct bare_line *line, int32_t class_index, int32_t node) {
    return &line->nodes[class_index][node];
}

int32_t bare_line_move_start(const struct bare_line *line, int32_t class_index, int32_t leg) {
    const struct path *path = bare_line_path(line, class_index);
    while (!path->nodes[leg].stand) leg--;
    return leg;
}

int32_t bare_line_move_end(const struct bare_line *line, int32_t class_index, int32_t leg) {
    const struct path *path = bare_line_path(line, class_index);
    return path->nodes[bare_line_move_start(line, class_index, leg)].next_stand;
}

/* ---- times ---- */

static int64_t scaled(int64_t time_ms, double factor) {
    return factor == 1 ? time_ms : (int64_t)llround((double)time_ms * factor);
}

/* The mean of a maximum is not below the maximum of the means. */
static double mean_factor(const void *context, int32_t leg) {
    const struct asked *asked = context;
    if (!asked->trip->random_running) return 1;
    const struct train_type *type = asked->trip->type;
    double least = asked->path->legs[leg].fixed ? 1 : 1 / (1 + type->supplement_percent / 100);
    return fmax(law_mean(&type->running_factor), least);
}

static int64_t mean_leave_ms(const void *context, int32_t node, int64_t arrival_ms) {
    const struct asked *asked = context;
    const struct node_plan *at = &asked->trip->nodes[node];
    if (!at->stop) return INT64_MIN;
    double added_s = at->dwell ? fmax(law_mean(at->dwell), 0) : 0;
    return arrival_ms + at->min_dwell_ms + llround(added_s * (double)MILLISECONDS_PER_SECOND);
}

static struct asked ask(const struct bare_line *line, int32_t class_index) {
    return (struct asked){line, &line->plan->trips[class_index], bare_line_path(line, class_index)};
}

/* ---- turnouts ---- */

static bool is_station(const struct path *path, int32_t node) {
    return path->nodes[node].station >= 0;
}

static void add_turnout(struct bare_node *at, double limit_ms) {
    int32_t place = 0;
    while (place < at->turnout_count && at->turnouts[place] > limit_ms) place++;
    if (place < at->turnout_count && at->turnouts[place] == limit_ms) return;
    for (int32_t i = at->turnout_count++; i > place; i--) at->turnouts[i] = at->turnouts[i - 1];
    at->turnouts[place] = limit_ms;
}

/* Of the tracks it may be given at a node: those it fits, where it may stand; the one it is bound to. */
static bool list_turnouts(struct bare_line *line, int32_t class_index, int32_t node) {
    const struct path *path = bare_line_path(line, class_index);
    const struct network *network = &line->original->network;
    struct bare_node *at = node_of(line, class_index, node);
    if (!is_station(path, node)) {
        at->turnouts = malloc(sizeof *at->turnouts);
        if (at->turnouts) at->turnouts[at->turnout_count++] = INFINITY;
        return at->turnouts != NULL;
    }
    const struct station *station = &network->stations[path->nodes[node].station];
    const int32_t binding = line->plan->trips[class_index].nodes[node].track;
    at->turnouts = malloc((size_t)station->track_count * sizeof *at->turnouts);
    if (!at->turnouts) return false;
    bool fitting = false;
    for (int32_t i = 0; i < station->track_count; i++) fitting = fitting || path_fits(path, station->first_track + i);
    for (int32_t i = 0; i < station->track_count; i++) {
        const int32_t track = station->first_track + i;
        if (binding >= 0 ? track == binding : !fitting || !path->nodes[node].stand || path_fits(path, track))
            add_turnout(at, network->tracks[track].speed_ms);
    }
    return true;
}

/* A place where a track is always free is entered over its first track, whose limit is set as it is wanted. */
static void set_turnout(struct bare_line *line, const struct path *path, int32_t node, double limit_ms) {
    if (!is_station(path, node)) return;
    line->plan->layout->tracks[line->plan->layout->places[path->nodes[node].place].first_track].speed_ms = limit_ms;
}

static double fastest_turnout(const struct bare_line *line, const struct path *path, int32_t node) {
    double fastest = 0;
    if (!is_station(path, node)) return INFINITY;
    const struct station *station = &line->original->network.stations[path->nodes[node].station];
    for (int32_t i = 0; i < station->track_count; i++)
        fastest = fmax(fastest, line->original->network.tracks[station->first_track + i].speed_ms);
    return fastest;
}

/* ---- ways in ---- */

static bool add_way_in(struct bare_node *at, struct way_in way_in) {
    for (int32_t i = 0; i < at->way_count; i++) {
        struct way_in *other = &at->ways_in[i];
        const bool alike = (way_in.speed_ms > 0) == (other->speed_ms > 0) && way_in.turnout_ms == other->turnout_ms &&
                           fabs(way_in.speed_ms - other->speed_ms) < SAME_SPEED_MS;
        if (!alike) continue;
        if (way_in.lag_ms < other->lag_ms) other->lag_ms = way_in.lag_ms;
        return true;
    }
    if (at->way_count == at->way_room) {
        const int32_t room = at->way_room ? 2 * at->way_room : 4;
        struct way_in *ways_in = realloc(at->ways_in, (size_t)room * sizeof *ways_in);
        if (!ways_in) return false;
        at->ways_in = ways_in;
        at->way_room = room;
    }
    at->ways_in[at->way_count++] = way_in;
    return true;
}

/* How it comes to the far node of a leg that it runs through, if it entered the leg in this way. */
static bool pass_on(struct bare_line *line, int32_t class_index, int32_t leg, const struct way_in *way_in) {
    const struct asked asked = ask(line, class_index);
    struct bare_node *far = node_of(line, class_index, leg + 1);
    struct run_cache *runs = line->line->runs;
    const int32_t path = asked.trip->path;
    for (int32_t i = 0; i < far->turnout_count; i++) {
        const struct leg_run *run =
            run_cache_find(runs, path, leg, way_in->speed_ms, true, way_in->turnout_ms, far->turnouts[i]);
        const struct leg_run *through = run ? run_cache_through(runs, path, leg, run) : NULL;
        if (!through && isnan(run_cache_stalled(runs))) return false;
        if (!through || !(through->exit_speed_ms > 0)) continue; /* it cannot start there: it never does */
        const double factor = mean_factor(&asked, leg);
        const int64_t lag = scaled(through->duration_ms, factor) - scaled(run->indication_ms, factor);
        if (!add_way_in(far, (struct way_in){through->exit_speed_ms, far->turnouts[i], lag > 0 ? lag : 0}))
            return false;
    }
    return true;
}

static bool list_ways_in(struct bare_line *line, int32_t class_index, int32_t node) {
    const struct path *path = bare_line_path(line, class_index);
    const bool stops = line->plan->trips[class_index].nodes[node].stop;
    struct bare_node *at = node_of(line, class_index, node);
    bool well = true;
    for (int32_t i = 0; well && (stops || path->nodes[node].stand) && i < at->turnout_count; i++)
        well = add_way_in(at, (struct way_in){0, at->turnouts[i], 0});
    if (node == 0 || stops) return well;
    const struct bare_node *before = node_of(line, class_index, node - 1);
    for (int32_t i = 0; well && i < before->way_count; i++) {
        const struct way_in way_in = before->ways_in[i];
        well = pass_on(line, class_index, node - 1, &way_in);
    }
    return well;
}

static bool list_nodes(struct bare_line *line) {
    line->nodes = calloc((size_t)line->class_count, sizeof *line->nodes);
    for (int32_t index = 0; line->nodes && index < line->class_count; index++) {
        const int32_t count = bare_line_path(line, index)->node_count;
        line->nodes[index] = calloc((size_t)count, sizeof **line->nodes);
        if (!line->nodes[index]) return false;
        for (int32_t node = 0; node < count; node++)
            if (!list_turnouts(line, index, node)) return false;
        for (int32_t node = 0; node < count; node++)
            if (!list_ways_in(line, index, node)) return false;
    }
    return line->nodes != NULL;
}

const struct way_in *bare_line_best_way_in(const struct bare_line *line, int32_t class_index, int32_t node,
                                           bool from_rest) {
    const struct bare_node *at = node_of(line, class_index, node);
    const struct way_in *best = NULL;
    for (int32_t i = 0; i < at->way_count; i++) {
        const struct way_in *way_in = &at->ways_in[i];
        if ((way_in->speed_ms > 0) == from_rest) continue;
        const bool better = !best || way_in->speed_ms > best->speed_ms ||
                            (way_in->speed_ms == best->speed_ms && way_in->turnout_ms > best->turnout_ms);
        if (better) best = way_in;
    }
    return best;
}

/* ---- making ---- */

/* Stations with two or more tracks have always one free; windows of possessions are there, so that the line is run as
 * with them, but on no day. */
static bool bare_network(struct bare_line *line) {
    struct network *network = &line->scenario.network;
    line->stations = malloc(((size_t)network->station_count + 1) * sizeof *line->stations);
    line->possessions = malloc(((size_t)network->possession_count + 1) * sizeof *line->possessions);
    if (!line->stations || !line->possessions) return false;
    for (int32_t i = 0; i < network->station_count; i++) {
        line->stations[i] = network->stations[i];
        if (line->stations[i].track_count > 1) line->stations[i].unlimited = true;
    }
    for (int32_t i = 0; i < network->possession_count; i++) {
        line->possessions[i] = network->possessions[i];
        line->possessions[i].weekdays = 0;
    }
    network->stations = line->stations;
    network->possessions = line->possessions;
    return true;
}

/* Where it is not said which turnouts are taken, the fastest are. */
static void fast_turnouts(struct bare_line *line) {
    for (int32_t index = 0; index < line->class_count; index++) {
        const struct path *path = bare_line_path(line, index);
        for (int32_t node = 0; node < path->node_count; node++)
            set_turnout(line, path, node, fastest_turnout(line, path, node));
    }
}

/* A train that is put somewhere on its way has no past of which anything is still to be cleared. */
static void make_slot(struct interlocking *interlocking, int32_t slot) {
    interlocking->commitments[slot] =
        (struct commitment){.path = -1, .track = -1, .onward_path = -1, .previous = -1, .next = -1, .plain = true};
    const size_t stride = (size_t)interlocking->node_stride;
    for (size_t i = (size_t)slot * stride; i < ((size_t)slot + 1) * stride; i++)
        interlocking->taken[i] = (struct taken){-1, -1};
}

static struct interlocking *new_interlocking(const struct bare_line *line) {
    const struct simulation_plan *plan = line->plan;
    struct interlocking *interlocking =
        interlocking_create(plan->layout, (const struct path *const *)plan->paths, plan->path_count,
                            &plan->run_settings, line->scenario.settings.start_weekday);
    for (int32_t slot = FIRST_TRAIN; interlocking && slot <= SECOND_TRAIN; slot++) make_slot(interlocking, slot);
    return interlocking;
}

static bool make_working_places(struct bare_line *line) {
    line->empty = new_interlocking(line);
    line->one = new_interlocking(line);
    line->line = new_interlocking(line);
    if (!line->empty || !line->one || !line->line || !move_create(&line->move, line->line)) return false;
    const size_t legs = (size_t)line->line->node_stride;
    line->leg_start_ms = calloc(legs, sizeof *line->leg_start_ms);
    line->leg_runs = calloc(legs, sizeof(const struct leg_run *));
    return line->leg_start_ms && line->leg_runs;
}

bool bare_line_make(struct bare_line *line, const struct demand *demand, struct failure *failure) {
    *line = (struct bare_line){.original = demand->scenario, .class_count = demand->class_count};
    if (!demand_build(demand, &(struct demand_request){demand->trains_per_day, DEMAND_SATURATED, true},
                      &line->timetable, failure))
        return false;
    line->scenario = demand_scenario(demand->scenario, &line->timetable);
    char message[sizeof failure->text] = "out of memory";
    if (bare_network(line)) line->plan = simulation_plan_create(&line->scenario, message, sizeof message);
    bool well = line->plan != NULL;
    if (well) {
        fast_turnouts(line);
        well = make_working_places(line) && list_nodes(line);
        if (!well) strcpy(message, "out of memory");
    }
    if (well) return true;
    bare_line_free(line);
    return failure_set(failure, "%s", message);
}

void bare_line_free(struct bare_line *line) {
    for (int32_t index = 0; line->nodes && index < line->class_count; index++) {
        for (int32_t node = 0; line->nodes[index] && node < bare_line_path(line, index)->node_count; node++) {
            free(line->nodes[index][node].turnouts);
            free(line->nodes[index][node].ways_in);
        }
        free(line->nodes[index]);
    }
    free(line->nodes);
    move_free(&line->move);
    interlocking_destroy(line->empty);
    interlocking_destroy(line->one);
    interlocking_destroy(line->line);
    simulation_plan_destroy(line->plan);
    timetable_free(&line->timetable);
    free(line->stations);
    free(line->possessions);
    free(line->leg_start_ms);
    free(line->leg_runs);
    *line = (struct bare_line){0};
}

/* ---- moves ---- */

/* The track it is on at a node where a move begins; −1: any. */
static int32_t track_at(const struct bare_line *line, const struct path *path, int32_t node) {
    if (is_station(path, node)) return line->plan->layout->places[path->nodes[node].place].first_track;
    return node > 0 ? path->legs[node - 1].track : -1;
}

static struct move_request request_of(const struct bare_line *line, const struct asked *asked, int32_t train,
                                      int32_t node, const struct way_in *way_in, int64_t base_ms) {
    return (struct move_request){.train = train,
                                 .train_id = train + 1,
                                 .path = asked->trip->path,
                                 .from = node,
                                 .to = asked->path->nodes[node].next_stand,
                                 .running = way_in->speed_ms > 0,
                                 .now_ms = base_ms - way_in->lag_ms,
                                 .base_ms = base_ms,
                                 .entry_speed_ms = way_in->speed_ms,
                                 .track = track_at(line, asked->path, node),
                                 .from_track = -1,
                                 .to_track = -1,
                                 .factor = mean_factor,
                                 .leave = mean_leave_ms,
                                 .context = asked};
}

/* What the interlocking says of a move over these turnouts at its ends. */
static void evaluate(struct bare_line *line, const struct move_request *request, const struct path *path,
                     double from_turnout_ms, double to_turnout_ms) {
    set_turnout(line, path, request->from, from_turnout_ms);
    set_turnout(line, path, request->to, to_turnout_ms);
    interlocking_evaluate(line->line, request, &line->move);
    set_turnout(line, path, request->from, fastest_turnout(line, path, request->from));
    set_turnout(line, path, request->to, fastest_turnout(line, path, request->to));
}

static void note_legs(struct bare_line *line, const struct move_request *request) {
    for (int32_t i = 0; i < line->move.leg_count; i++) {
        line->leg_start_ms[request->from + i] = line->move.legs[i].start_ms;
        line->leg_runs[request->from + i] = line->move.legs[i].run;
    }
    line->leg_count += line->move.leg_count;
}

/* Makes the move just evaluated real, and sees the train through its end or to a stand there. INT64_MIN: it cannot be;
 * otherwise when its head is at the end, and at what speed. */
static int64_t go(struct bare_line *line, const struct asked *asked, const struct move_request *request,
                  double *speed_ms) {
    const int32_t last = request->to - 1;
    const double factor = mean_factor(asked, last);
    if (line->move.verdict != MOVE_POSSIBLE || !interlocking_grant(line->line, request, &line->move)) return INT64_MIN;
    note_legs(line, request);
    const struct leg_run *run = line->leg_runs[last];
    if (!asked->trip->nodes[request->to].stop) {
        run = run_cache_through(line->line->runs, request->path, last, run);
        if (!run) return INT64_MIN;
        line->leg_runs[last] = run;
        interlocking_run_through(line->line, FIRST_TRAIN, request->train_id, last, run, factor,
                                 line->leg_start_ms[last]);
    }
    *speed_ms = run->exit_speed_ms;
    const int64_t arrival = line->leg_start_ms[last] + scaled(run->duration_ms, factor);
    if (request->to == asked->path->node_count - 1)
        interlocking_will_leave(line->line, FIRST_TRAIN, mean_leave_ms(asked, request->to, arrival));
    return arrival;
}

/* The end of a line with headway or moving block, with room for others that stop there, too. */
static bool is_far_signal(const struct bare_line *line, const struct path *path, int32_t node) {
    const struct place *place = &line->plan->layout->places[path->nodes[node].place];
    return node > 0 && path->legs[node - 1].kind == LEG_LINE && place->capacity != 1;
}

bool bare_line_send(struct bare_line *line, int32_t class_index, int32_t node, const struct way_in *way_in) {
    const struct asked asked = ask(line, class_index);
    struct way_in at = *way_in;
    int64_t time = BARE_LINE_START_MS;
    line->sent_class = class_index;
    line->first_leg = node;
    line->leg_count = 0;
    if (!interlocking_copy(line->line, line->empty)) return line->no_memory = true, false;
    if (!interlocking_place(line->line, FIRST_TRAIN, asked.trip->path, node, track_at(line, asked.path, node), time))
        return false;
    for (bool first = true;; first = false) {
        const struct move_request request = request_of(line, &asked, FIRST_TRAIN, node, &at, time);
        evaluate(line, &request, asked.path, at.turnout_ms, node_of(line, class_index, request.to)->turnouts[0]);
        at = (struct way_in){.turnout_ms = INFINITY};
        time = go(line, &asked, &request, &at.speed_ms);
        if (time == INT64_MIN) return false;
        if (first) line->arrival_ms = time;
        node = request.to;
        if (is_station(asked.path, node) || is_far_signal(line, asked.path, node)) break;
    }
    if (interlocking_copy(line->one, line->line)) return true;
    return line->no_memory = true, false;
}

int64_t bare_line_clear_ms(const struct bare_line *line, int32_t leg) {
    const struct asked asked = ask(line, line->sent_class);
    const int32_t end = line->first_leg + line->leg_count, last_block = asked.path->legs[leg].block_count - 1;
    for (int32_t i = leg; i < end; i++)
        for (int32_t m = 0; m < asked.path->legs[i].mark_count; m++) {
            const struct path_mark *mark = &asked.path->marks[asked.path->legs[i].first_mark + m];
            if (mark->leg == leg && mark->block == last_block)
                return line->leg_start_ms[i] + scaled(line->leg_runs[i]->marks_ms[m], mean_factor(&asked, i));
        }
    return line->leg_start_ms[end - 1] + scaled(line->leg_runs[end - 1]->duration_ms, mean_factor(&asked, end - 1));
}

/* The next moment from which the first train's way over what the second one wants keeps nobody any more: the
 * interlocking forgets it. A running train that asks so late is let through, though the section was wanted before it
 * could ask. */
static int64_t forgotten_ms(const struct bare_line *line, const struct path *path, int32_t node, int64_t now_ms) {
    const struct interlocking *interlocking = line->line;
    int64_t next = INT64_MAX;
    for (int32_t leg = node; leg < path->nodes[node].next_stand; leg++) {
        const struct road_passages *road = &interlocking->roads[path->legs[leg].road];
        for (int32_t i = road->first; i >= 0; i = interlocking->passages[i].next) {
            const struct passage *passage = &interlocking->passages[i];
            if (passage->clear_ms == INT64_MAX || passage->exit_ms >= INT64_MAX / 2) continue;
            int64_t gone = passage->clear_ms + road->after_clear_ms;
            if (road->after_exit_ms > 0 && passage->exit_ms + road->after_exit_ms > gone)
                gone = passage->exit_ms + road->after_exit_ms;
            if (gone >= now_ms && gone + 1 < next) next = gone + 1;
        }
    }
    return next;
}

int64_t bare_line_follow(struct bare_line *line, int32_t class_index, int32_t node, const struct way_in *way_in,
                         double end_turnout_ms, int64_t not_before_ms) {
    enum { MOST_ROUNDS = 10000 };
    const struct asked asked = ask(line, class_index);
    if (!interlocking_copy(line->line, line->one)) return line->no_memory = true, INT64_MAX;
    int64_t base = not_before_ms;
    for (int32_t round = 0; round < MOST_ROUNDS; round++) {
        const struct move_request request = request_of(line, &asked, SECOND_TRAIN, node, way_in, base);
        evaluate(line, &request, asked.path, way_in->turnout_ms, end_turnout_ms);
        const enum move_verdict verdict = line->move.verdict;
        if (verdict == MOVE_POSSIBLE) return base;
        if (verdict != MOVE_LATER) return INT64_MAX;
        /* one that runs is only told the first thing that keeps it at this moment */
        if (!request.running) return line->move.start_ms;
        const int64_t forgotten = forgotten_ms(line, asked.path, node, request.now_ms);
        base = line->move.start_ms;
        if (forgotten < base - way_in->lag_ms) base = forgotten + way_in->lag_ms;
    }
    return INT64_MAX;
}
