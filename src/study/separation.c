#include "study/separation.h"

#include <math.h>
#include <stdlib.h>

#include "study/bare_line.h"
#include "study/open_time.h"

static const double MINUTE_MS = 60000;

/* Looking for the separations of one pinch. */
struct survey {
    struct bare_line *line;
    const struct demand *demand;
    const struct layout *layout;
    const bool *used; /* [road × 2 + direction]: some class runs there */
    int32_t road;
    struct pinch *pinch;
    int32_t *legs;  /* [state]: which of its path */
    int32_t *likes; /* [state]: the first state that is the same to everybody here */
};

static int64_t later_of(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int32_t path_leg_count(const struct path *path) {
    return path->node_count - 1;
}

static const struct section *section_of(const struct survey *survey) {
    return &survey->layout->network->sections[survey->road / 2];
}

/* ---- who comes over it, and how ---- */

/* The leg of a class's path over the road, or over the block of it that is looked at; −1: it does not come there. */
static int32_t leg_over(const struct survey *survey, int32_t class_index) {
    const struct path *path = bare_line_path(survey->line, class_index);
    const struct road *road = &survey->layout->roads[survey->road];
    for (int32_t i = 0; i < path_leg_count(path); i++) {
        const struct path_leg *leg = &path->legs[i];
        if (leg->road != survey->road || leg->kind == LEG_ENTER) continue;
        if (leg->kind != LEG_BLOCK) return i;
        if (leg->track == survey->layout->places[road->place].first_track + survey->pinch->block) return i;
    }
    return -1;
}

static void add_state(struct survey *survey, int32_t class_index, int32_t leg, bool from_rest) {
    struct pinch *pinch = survey->pinch;
    const int32_t start = bare_line_move_start(survey->line, class_index, leg);
    if (!bare_line_best_way_in(survey->line, class_index, start, from_rest)) return;
    survey->legs[pinch->state_count] = leg;
    pinch->states[pinch->state_count++] =
        (struct separation_state){.class_index = class_index,
                                  .direction = bare_line_path(survey->line, class_index)->legs[leg].direction,
                                  .from_rest = from_rest};
}

static bool list_states(struct survey *survey) {
    const int32_t classes = survey->demand->class_count;
    survey->pinch->states = calloc(2 * (size_t)classes, sizeof *survey->pinch->states);
    if (!survey->pinch->states) return false;
    for (int32_t class_index = 0; class_index < classes; class_index++) {
        const int32_t leg = leg_over(survey, class_index);
        if (leg < 0) continue;
        add_state(survey, class_index, leg, true);
        add_state(survey, class_index, leg, false);
    }
    const size_t states = (size_t)survey->pinch->state_count;
    survey->pinch->separations = calloc(states * states + 1, sizeof *survey->pinch->separations);
    return survey->pinch->separations != NULL;
}

/* ---- who is like whom ---- */

static bool same_ways_in(const struct bare_node *a, const struct bare_node *b) {
    if (a->way_count != b->way_count) return false;
    for (int32_t i = 0; i < a->way_count; i++)
        if (a->ways_in[i].speed_ms != b->ways_in[i].speed_ms || a->ways_in[i].lag_ms != b->ways_in[i].lag_ms ||
            a->ways_in[i].turnout_ms != b->ways_in[i].turnout_ms)
            return false;
    return true;
}

/* Classes of one type on one route that come to this piece alike and stop alike until they are off it. */
static bool alike_here(const struct survey *survey, int32_t a, int32_t b, int32_t leg) {
    const struct bare_line *line = survey->line;
    const struct trip *first = &line->plan->trips[a], *second = &line->plan->trips[b];
    if (first->path != second->path) return false;
    const struct path *path = bare_line_path(line, a);
    const int32_t start = bare_line_move_start(line, a, leg);
    if (!same_ways_in(&line->nodes[a][start], &line->nodes[b][start])) return false;
    for (int32_t node = start; node < path->node_count; node++) {
        const struct node_plan *mine = &first->nodes[node], *theirs = &second->nodes[node];
        if (mine->stop != theirs->stop || mine->min_dwell_ms != theirs->min_dwell_ms || mine->track != theirs->track)
            return false;
        if ((mine->dwell ? law_mean(mine->dwell) : 0) != (theirs->dwell ? law_mean(theirs->dwell) : 0)) return false;
        if (node > start && path->nodes[node].stand && path->nodes[node].station >= 0) break;
    }
    return true;
}

static void find_likes(struct survey *survey) {
    const struct pinch *pinch = survey->pinch;
    for (int32_t i = 0; i < pinch->state_count; i++) {
        const struct separation_state *state = &pinch->states[i];
        int32_t like = 0;
        while (like < i && (pinch->states[like].from_rest != state->from_rest ||
                            !alike_here(survey, pinch->states[like].class_index, state->class_index, survey->legs[i])))
            like++;
        survey->likes[i] = like;
    }
}

/* What was found for the first of those that are alike holds for the others. */
static void copy_to_likes(struct survey *survey) {
    struct pinch *pinch = survey->pinch;
    for (int32_t i = 0; i < pinch->state_count; i++) {
        pinch->states[i].inside_min = pinch->states[survey->likes[i]].inside_min;
        for (int32_t k = 0; k < pinch->state_count; k++)
            pinch->separations[(int64_t)i * pinch->state_count + k] =
                *separation_of(pinch, survey->likes[i], survey->likes[k]);
    }
}

/* ---- one train after another ---- */

static bool purges(const struct section *section, int32_t after, int32_t before) {
    return section->purge_ms > 0 && (section->purge_after >> after & 1) && (section->purge_before >> before & 1);
}

/* When the first train is out of all that the second one's move wants, and the longest purge that starts then. */
static int64_t way_is_clear_ms(const struct survey *survey, int32_t second_class, int32_t second_start,
                               int64_t *purge_ms) {
    const struct bare_line *line = survey->line;
    const struct path *first = bare_line_path(line, line->sent_class), *second = bare_line_path(line, second_class);
    int64_t clear = 0;
    *purge_ms = 0;
    for (int32_t i = line->first_leg; i < line->first_leg + line->leg_count; i++)
        for (int32_t k = second_start; k < second_start + line->move.leg_count; k++) {
            const struct path_leg *mine = &second->legs[k], *theirs = &first->legs[i];
            if (mine->road != theirs->road) continue;
            const struct section *section = &survey->layout->network->sections[mine->section];
            clear = later_of(clear, bare_line_clear_ms(line, i));
            if (purges(section, theirs->direction, mine->direction)) *purge_ms = later_of(*purge_ms, section->purge_ms);
        }
    return clear;
}

/* Splits what follows the first train's way out, and what comes before. */
static void split_at(struct separation *separation, int64_t gap_ms, int64_t purge_ms) {
    const double gap = (double)(gap_ms > 0 ? gap_ms : 0) / MINUTE_MS;
    const double purge = fmin((double)purge_ms / MINUTE_MS, gap);
    separation->parts_min[PART_PURGE] = purge;
    separation->parts_min[PART_INTERVAL] = gap - purge;
    separation->parts_min[PART_RUNNING] = separation->least_min - gap;
}

/* Whether the second train is kept by the first one being in this piece, which it must have left altogether. (What
 * keeps them apart may lie elsewhere on the second one's way.) */
static bool kept_by_its_leaving(const struct section *section, const struct path_leg *leg,
                                const struct move_leg *second, int64_t clear_ms, int64_t purge_ms) {
    static const int64_t SLACK_MS = 1000;
    const int64_t gap = second->start_ms - clear_ms;
    const bool alone = section->max_trains == 1 || (section->purge_ms > 0 && section->max_trains <= 1);
    if (gap < 0 || (alone && gap <= purge_ms + SLACK_MS)) return gap >= 0;
    const int64_t wanted = second->start_ms + llround((double)second->run->wanted_ms[0] * second->factor);
    return section->headway_ms < 0 && leg->block_count == 1 && wanted <= clear_ms + section->release_ms + SLACK_MS;
}

static void name_parts(const struct survey *survey, int32_t first, int32_t second, int32_t second_start,
                       struct separation *separation) {
    const struct bare_line *line = survey->line;
    const struct separation_state *states = survey->pinch->states;
    const int32_t second_class = states[second].class_index;
    if (states[first].direction != states[second].direction) {
        int64_t purge, clear = way_is_clear_ms(survey, second_class, second_start, &purge);
        split_at(separation, line->move.legs[0].start_ms - clear, purge);
        return;
    }
    const struct section *section = section_of(survey);
    const struct path_leg *leg = &bare_line_path(line, second_class)->legs[survey->legs[second]];
    const struct move_leg *behind = &line->move.legs[survey->legs[second] - second_start];
    const int64_t clear = bare_line_clear_ms(line, survey->legs[first]);
    const int64_t purge = purges(section, leg->direction, leg->direction) ? section->purge_ms : 0;
    if (kept_by_its_leaving(section, leg, behind, clear, purge))
        split_at(separation, behind->start_ms - clear, purge);
    else
        separation->parts_min[PART_HEADWAY] = separation->least_min;
}

/* The interval that a train which runs in from a station keeps from the first one's arrival there; 0: none, or not
 * there. */
static int64_t arrival_interval_ms(const struct survey *survey, int32_t second_class, int32_t second_start) {
    const struct bare_line *line = survey->line;
    const struct path *first = bare_line_path(line, line->sent_class), *second = bare_line_path(line, second_class);
    const int32_t end = first->nodes[line->first_leg].next_stand, station = second->nodes[second_start].station;
    if (second_start == 0 || station < 0 || first->nodes[end].station != station) return 0;
    if (second->legs[second_start - 1].section == first->legs[end - 1].section) return 0;
    return survey->layout->network->stations[station].arrival_interval_ms;
}

/* The second train's earliest start; INT64_MAX: never. */
static int64_t follow(const struct survey *survey, int32_t class_index, int32_t start, const struct way_in *way_in,
                      double turnout_ms) {
    struct bare_line *line = survey->line;
    const int64_t any = BARE_LINE_START_MS - MILLISECONDS_PER_DAY;
    const int64_t earliest = bare_line_follow(line, class_index, start, way_in, turnout_ms, any);
    const int64_t interval = way_in->speed_ms > 0 ? arrival_interval_ms(survey, class_index, start) : 0;
    if (earliest <= line->arrival_ms - interval || earliest >= line->arrival_ms + interval) return earliest;
    return bare_line_follow(line, class_index, start, way_in, turnout_ms, line->arrival_ms + interval);
}

/* The second train as it comes soonest, in whatever way the state lets it. */
static void find_pair(struct survey *survey, int32_t first, int32_t second) {
    struct bare_line *line = survey->line;
    const struct separation_state *state = &survey->pinch->states[second];
    struct separation *separation = &survey->pinch->separations[(int64_t)first * survey->pinch->state_count + second];
    const int32_t leg = survey->legs[second], class_index = state->class_index;
    const int32_t start = bare_line_move_start(line, class_index, leg);
    const struct bare_node *from = &line->nodes[class_index][start];
    const struct bare_node *to = &line->nodes[class_index][bare_line_move_end(line, class_index, leg)];
    for (int32_t way = 0; way < from->way_count; way++) {
        const struct way_in *way_in = &from->ways_in[way];
        if ((way_in->speed_ms > 0) == state->from_rest) continue;
        for (int32_t i = 0; i < to->turnout_count; i++) {
            if (follow(survey, class_index, start, way_in, to->turnouts[i]) == INT64_MAX) continue;
            const int64_t after = line->move.legs[leg - start].start_ms - line->leg_start_ms[survey->legs[first]];
            if ((double)after / MINUTE_MS >= separation->least_min) continue;
            *separation = (struct separation){.least_min = (double)after / MINUTE_MS};
            name_parts(survey, first, second, start, separation);
        }
    }
}

/* The last leg that a train is in on this piece, or, from the first block of a two-track section, on all of it. */
static int32_t last_leg_inside(const struct survey *survey, int32_t state) {
    const struct path *path = bare_line_path(survey->line, survey->pinch->states[state].class_index);
    int32_t leg = survey->legs[state];
    while (survey->pinch->block == 0 && leg + 1 < path_leg_count(path) && path->legs[leg + 1].kind == LEG_BLOCK &&
           path->legs[leg + 1].road == survey->road)
        leg++;
    return leg;
}

static void find_after(struct survey *survey, int32_t first) {
    struct bare_line *line = survey->line;
    struct pinch *pinch = survey->pinch;
    struct separation_state *state = &pinch->states[first];
    const int32_t start = bare_line_move_start(line, state->class_index, survey->legs[first]);
    const struct way_in *best = bare_line_best_way_in(line, state->class_index, start, state->from_rest);
    for (int32_t second = 0; second < pinch->state_count; second++)
        pinch->separations[(int64_t)first * pinch->state_count + second].least_min = INFINITY;
    if (!bare_line_send(line, state->class_index, start, best)) return;
    state->inside_min =
        (double)(bare_line_clear_ms(line, last_leg_inside(survey, first)) - line->leg_start_ms[survey->legs[first]]) /
        MINUTE_MS;
    for (int32_t second = 0; second < pinch->state_count; second++)
        if (survey->likes[second] == second) find_pair(survey, first, second);
}

/* ---- what else is to be said of it ---- */

/* The stations at the ends of a class's move over the pinch, as one comes to them going forward; where a move begins or
 * ends on a two-track line, and where `by_section`, those of the section. */
static void ends_of(const struct survey *survey, int32_t state, bool by_section, int32_t *from, int32_t *to) {
    const int32_t class_index = survey->pinch->states[state].class_index, leg = survey->legs[state];
    const struct path *path = bare_line_path(survey->line, class_index);
    const struct section *section = section_of(survey);
    *from = path->nodes[bare_line_move_start(survey->line, class_index, leg)].station;
    *to = path->nodes[bare_line_move_end(survey->line, class_index, leg)].station;
    if (by_section || *from < 0 || *to < 0 || section->tracks == 2) {
        *from = path->legs[leg].direction == FORWARD ? section->from : section->to;
        *to = path->legs[leg].direction == FORWARD ? section->to : section->from;
    }
    if (survey->demand->classes[class_index].direction == FORWARD) return;
    const int32_t other = *from;
    *from = *to;
    *to = other;
}

static void find_ends(struct survey *survey) {
    struct pinch *pinch = survey->pinch;
    ends_of(survey, 0, false, &pinch->from, &pinch->to);
    for (int32_t i = 1; i < pinch->state_count; i++) {
        int32_t from, to;
        ends_of(survey, i, false, &from, &to);
        if (from == pinch->from && to == pinch->to) continue;
        ends_of(survey, 0, true, &pinch->from, &pinch->to);
        return;
    }
}

/* As dispatch/rivals.h has it: half the tracks of a station where trains of the other way are still to come over the
 * single line that goes on from there. */
static int32_t waiting_tracks_at(const struct survey *survey, int32_t class_index, int32_t node) {
    const struct path *path = bare_line_path(survey->line, class_index);
    const int32_t station = path->nodes[node].station;
    if (node == 0 || path->nodes[node].next_stand < 0 || station < 0) return INT32_MAX;
    const struct station *at = &survey->demand->scenario->network.stations[station];
    const struct path_leg *onward = &path->legs[node];
    const bool single = survey->layout->network->sections[onward->section].tracks == 1;
    if (at->unlimited || at->track_count < 2 || !single) return INT32_MAX;
    return survey->used[2 * onward->road + !onward->direction] ? at->track_count / 2 : INT32_MAX;
}

static void find_waiting_tracks(struct survey *survey) {
    struct pinch *pinch = survey->pinch;
    pinch->waiting_tracks = INT32_MAX;
    if (section_of(survey)->tracks == 2) return;
    for (int32_t i = 0; i < pinch->state_count; i++) {
        const int32_t class_index = pinch->states[i].class_index, leg = survey->legs[i];
        const int32_t ends[2] = {bare_line_move_start(survey->line, class_index, leg),
                                 bare_line_move_end(survey->line, class_index, leg)};
        for (int k = 0; k < 2; k++) {
            const int32_t tracks = waiting_tracks_at(survey, class_index, ends[k]);
            if (tracks < pinch->waiting_tracks) pinch->waiting_tracks = tracks;
        }
    }
}

static bool find_limits(struct survey *survey) {
    struct pinch *pinch = survey->pinch;
    const struct section *section = section_of(survey);
    const struct road *road = &survey->layout->roads[survey->road];
    const struct network *network = &survey->demand->scenario->network;
    if (road->kind == ROAD_WHOLE) pinch->most_inside = section->max_trains;
    if (road->kind == ROAD_BLOCKS && pinch->block == 0 && section->max_trains < road->block_count)
        pinch->most_inside = section->max_trains;
    unsigned directions = 0;
    for (int32_t i = 0; i < pinch->state_count; i++) directions |= 1u << pinch->states[i].direction;
    const unsigned concerned[3] = {directions, DIRECTION_FORWARD_BIT, DIRECTION_BACKWARD_BIT};
    for (int i = 0; i < 3; i++) {
        struct open_time open;
        if (!open_time_find(network, survey->road, concerned[i], &open)) return false;
        pinch->open_share[i] = open.share;
        pinch->windows_per_day[i] = open.windows_per_day;
    }
    return true;
}

static void pinch_free(struct pinch *pinch) {
    free(pinch->states);
    free(pinch->separations);
    *pinch = (struct pinch){0};
}

/* False: out of memory. A pinch that nobody comes over is left without states. */
static bool survey_pinch(struct survey *survey) {
    struct pinch *pinch = survey->pinch;
    if (!list_states(survey)) return false;
    if (pinch->state_count == 0) return true;
    find_likes(survey);
    for (int32_t first = 0; first < pinch->state_count; first++)
        if (survey->likes[first] == first) find_after(survey, first);
    copy_to_likes(survey);
    find_ends(survey);
    find_waiting_tracks(survey);
    return find_limits(survey) && !survey->line->no_memory;
}

/* ---- all of them ---- */

static bool note_used(const struct survey *survey, bool *used) {
    for (int32_t class_index = 0; used && class_index < survey->demand->class_count; class_index++) {
        const struct path *path = bare_line_path(survey->line, class_index);
        for (int32_t i = 0; i < path_leg_count(path); i++)
            used[2 * path->legs[i].road + path->legs[i].direction] = true;
    }
    return used != NULL;
}

static bool survey_road(struct survey *survey, int32_t road_index, struct separations *separations) {
    const struct road *road = &survey->layout->roads[road_index];
    const int32_t blocks = road->kind == ROAD_BLOCKS ? road->block_count : 1;
    survey->road = road_index;
    for (int32_t block = 0; block < blocks; block++) {
        survey->pinch = &separations->pinches[separations->pinch_count];
        *survey->pinch = (struct pinch){.section = road->section, .block = road->kind == ROAD_BLOCKS ? block : -1};
        if (section_of(survey)->tracks == 2) survey->pinch->line_track = 1 + road_index % 2;
        separations->pinch_count++; /* so that it is freed whatever happens */
        if (!survey_pinch(survey)) return false;
        if (survey->pinch->state_count > 0) continue;
        pinch_free(survey->pinch);
        separations->pinch_count--;
    }
    return true;
}

static size_t most_pinches(const struct layout *layout) {
    size_t most = 0;
    for (int32_t i = 0; i < layout->road_count; i++)
        most += layout->roads[i].kind == ROAD_BLOCKS ? (size_t)layout->roads[i].block_count : 1;
    return most;
}

static bool survey_all(struct bare_line *line, const struct demand *demand, struct separations *separations) {
    struct survey survey = {.line = line, .demand = demand, .layout = line->plan->layout};
    bool *used = calloc(2 * (size_t)survey.layout->road_count + 1, sizeof *used);
    survey.used = used;
    survey.legs = calloc(2 * (size_t)demand->class_count, sizeof *survey.legs);
    survey.likes = calloc(2 * (size_t)demand->class_count, sizeof *survey.likes);
    separations->pinches = calloc(most_pinches(survey.layout) + 1, sizeof *separations->pinches);
    bool well = note_used(&survey, used) && survey.legs && survey.likes && separations->pinches;
    for (int32_t road = 0; well && road < survey.layout->road_count; road++) {
        /* a single track has one road, the first of the section's two */
        if (road % 2 == 1 && survey.layout->network->sections[road / 2].tracks == 1) continue;
        well = survey_road(&survey, road, separations);
    }
    free(used);
    free(survey.legs);
    free(survey.likes);
    return well;
}

bool separations_find(const struct demand *demand, struct separations *separations, struct failure *failure) {
    struct bare_line line;
    *separations = (struct separations){0};
    if (!bare_line_make(&line, demand, failure)) return false;
    const bool well = survey_all(&line, demand, separations);
    bare_line_free(&line);
    if (well) return true;
    separations_free(separations);
    return failure_set(failure, "out of memory");
}

void separations_free(struct separations *separations) {
    for (int32_t i = 0; i < separations->pinch_count; i++) pinch_free(&separations->pinches[i]);
    free(separations->pinches);
    *separations = (struct separations){0};
}
