/* The deadlock rule against an exhaustive search (way_home.h): on small railways, in every state that trains can get
 * into, the rule's verdict on the state and on every move must be the truth. The interlocking and the rule are driven
 * as src/simulation drives them (moves.h); whether a move is possible at all is compared, too. BERING_TEST_LONG=1 tries
 * ten times as many railways; BERING_TEST_SEED=n looks at random railway n alone. */
#include "../engine/suite.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "moves.h"
#include "support/railway_builder.h"
#include "way_home.h"

/* ---- what was compared ---- */

struct tally {
    int64_t states, dead_states;
    int64_t moves, dead_moves;       /* judged by the rule alone */
    int64_t searched, dead_searched; /* judged with lengths, prescribed tracks or trains in the way */
    int64_t blocked;                 /* trains without a track to move to */
    int64_t sleeping;                /* moves of others that could not help one refused */
};

/* ---- one railway, as the library and as the search see it ---- */

enum { DEPTH = SMALL_TRAINS * HALTS_MOST };

struct trial {
    char name[64];
    struct small_railway small;
    struct scenario *scenario;
    struct simulation_plan *plan;
    struct way_home *way_home;
    struct deadlock *whole; /* for tests of whole states, which forget the proved order */
    struct move move;
    struct moment moments[DEPTH];
    struct state states[DEPTH];
    int32_t depth;
    bool tight; /* moves follow each other as soon as they can; else each is over before the next */
    int32_t states_left;
    struct tally *tally;
};

__attribute__((noreturn, format(printf, 2, 3))) static void differs(const struct trial *trial, const char *format,
                                                                    ...) {
    char message[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s, %s:\n", trial->name, message);
    small_describe(&trial->small, stderr);
    way_home_describe(trial->way_home, &trial->states[trial->depth], stderr);
    ck_abort_msg("%s: %s", trial->name, message);
}

static int64_t time_to_ask(const struct trial *trial, const struct moment *moment) {
    return trial->tight ? moment->now_ms : moment->now_ms + MILLISECONDS_PER_DAY;
}

static int32_t place_of(const struct moment *moment, int32_t train) {
    const struct commitment *commitment = &moment->line->commitments[train];
    return commitment->path < 0 ? -1 : moment->line->paths[commitment->path]->nodes[commitment->node].place;
}

/* A track of the next halt as the library numbers it; −1: it has no number. */
static int32_t layout_track(const struct trial *trial, int32_t train, int32_t track) {
    int32_t at = trial->states[trial->depth].at[train];
    const struct halt *to = &way_home_itinerary(trial->way_home, train)->halts[at == OUTSIDE ? 1 : at + 1];
    if (to->station < 0 || trial->small.stations[to->station].tracks == 0) return -1;
    return trial->plan->layout->places[to->station].first_track + track;
}

/* ---- comparing ---- */

static void check_verdict(const struct trial *trial, const char *what, int32_t train, enum deadlock_verdict verdict,
                          bool alive) {
    if (verdict == DEADLOCK_UNPROVED) differs(trial, "no verdict on %s of train %d", what, train);
    if (verdict == DEADLOCK_SAFE && !alive) differs(trial, "miss: %s of train %d is allowed", what, train);
    if (verdict == DEADLOCK_UNSAFE && alive) differs(trial, "false alarm: %s of train %d is refused", what, train);
}

static void check_state(struct trial *trial, const struct moment *moment, bool alive) {
    check_verdict(trial, "the state", -1, moment_judge_all(moment, trial->whole), alive);
    trial->tally->states++;
    trial->tally->dead_states += !alive;
}

static bool is_closed(const struct deadlock *deadlock, int32_t place) {
    const int32_t *closed;
    int32_t count = deadlock_closed_set(deadlock, &closed);
    for (int32_t i = 0; i < count; i++)
        if (closed[i] == place) return true;
    return count == 0;
}

/* Nobody leaves places that hold each other. */
static void check_closed(const struct trial *trial, const struct moment *moment, const struct state *after) {
    for (int32_t i = 0; i < trial->small.train_count; i++) {
        int32_t tracks[SMALL_TRACKS], at = after->at[i];
        if (at == OUTSIDE || way_home_is_gone(trial->way_home, after, i)) continue;
        const struct halt *halt = &way_home_itinerary(trial->way_home, i)->halts[at];
        if (halt->station < 0 || !is_closed(moment->deadlock, halt->station)) continue;
        if (way_home_moves(trial->way_home, after, i, tracks) > 0)
            differs(trial, "train %d is told to be held, and may move", i);
    }
}

/* One who is refused need not ask again before a train leaves one of the places that hold each other. */
static void check_sleep(struct trial *trial, const struct moment *moment, int32_t train, int32_t track) {
    const struct state *state = &trial->states[trial->depth];
    for (int32_t other = 0; other < trial->small.train_count; other++) {
        int32_t tracks[SMALL_TRACKS], count = way_home_moves(trial->way_home, state, other, tracks);
        if (other == train || is_closed(moment->deadlock, place_of(moment, other))) continue;
        for (int32_t k = 0; k < count; k++) {
            int32_t still[SMALL_TRACKS];
            struct state then = way_home_after(trial->way_home, state, other, tracks[k]);
            if (!way_home_exists(trial->way_home, &then)) continue;
            bool possible = false;
            for (int32_t n = way_home_moves(trial->way_home, &then, train, still); n > 0; n--)
                possible |= still[n - 1] == track;
            if (!possible) continue;
            then = way_home_after(trial->way_home, &then, train, track);
            if (way_home_exists(trial->way_home, &then))
                differs(trial, "train %d is refused for what train %d could help", train, other);
            trial->tally->sleeping++;
        }
    }
}

static void check_move(struct trial *trial, const struct moment *moment, const struct move_request *request,
                       int32_t track, const struct state *after, bool alive) {
    bool alone = moment_is_plain(moment, request);
    enum deadlock_verdict verdict = moment_judge(moment, request, &trial->move);
    check_verdict(trial, "a move", request->train, verdict, alive);
    *(alone ? &trial->tally->moves : &trial->tally->searched) += 1;
    *(alone ? &trial->tally->dead_moves : &trial->tally->dead_searched) += !alive;
    if (alone && !alive && is_closed(moment->deadlock, -1)) differs(trial, "no places hold each other");
    if (alone && !alive) check_closed(trial, moment, after);
    if (!alive) check_sleep(trial, moment, request->train, track);
}

/* ---- every state ---- */

static void explore(struct trial *trial);

static void check_halt(const struct trial *trial, const struct moment *moment, int32_t train) {
    const struct halt *halts = way_home_itinerary(trial->way_home, train)->halts;
    const struct commitment *commitment = &moment->line->commitments[train];
    const struct path_node *node = &moment->line->paths[commitment->path]->nodes[commitment->node];
    if (node->station != halts[trial->states[trial->depth].at[train]].station)
        differs(trial, "train %d stands somewhere else", train);
}

static void follow(struct trial *trial, int32_t train, int32_t track, const struct state *after, bool alive) {
    if (trial->states_left <= 0 || !way_home_is_new(trial->way_home, after)) return;
    trial->states_left--;
    const struct moment *moment = &trial->moments[trial->depth];
    struct moment *next = &trial->moments[trial->depth + 1];
    int32_t to_track = layout_track(trial, train, track);
    if (!next->line) *next = moment_create(trial->plan);
    moment_copy(next, moment);
    struct move_request request;
    ck_assert(moment_may_start(next, train, to_track, time_to_ask(trial, next), &request, &trial->move));
    if (alive) ck_assert_int_eq(moment_judge(next, &request, &trial->move), DEADLOCK_SAFE);
    moment_grant(next, &request, &trial->move);
    trial->states[++trial->depth] = *after;
    check_halt(trial, next, train);
    moment_leave(next, trial->tight ? next->now_ms : INT64_MAX);
    explore(trial);
    trial->depth--;
}

static void try_train(struct trial *trial, int32_t train, bool alive) {
    struct moment *moment = &trial->moments[trial->depth];
    const struct state *state = &trial->states[trial->depth];
    struct move_request request;
    int32_t tracks[SMALL_TRACKS], count = way_home_moves(trial->way_home, state, train, tracks);
    moment_turn_round(moment, train);
    int64_t ask = time_to_ask(trial, moment);
    if (count == 0 && moment_may_start(moment, train, -1, ask, &request, &trial->move))
        differs(trial, "train %d may move, but there is no room for it", train);
    trial->tally->blocked += count == 0;
    for (int32_t k = 0; k < count; k++) {
        struct state after = way_home_after(trial->way_home, state, train, tracks[k]);
        bool still_alive = alive && way_home_exists(trial->way_home, &after);
        if (!moment_may_start(moment, train, layout_track(trial, train, tracks[k]), ask, &request, &trial->move))
            differs(trial, "train %d may not move to track %d, which is free", train, tracks[k]);
        if (alive) check_move(trial, moment, &request, tracks[k], &after, still_alive);
        follow(trial, train, tracks[k], &after, still_alive);
    }
}

/* Who has come least far first: so the line fills up, and its worst states are seen before all others. */
static void order_trains(const struct trial *trial, int32_t order[SMALL_TRAINS]) {
    const struct state *state = &trial->states[trial->depth];
    for (int32_t i = 0; i < trial->small.train_count; i++) {
        int32_t at = i;
        for (; at > 0 && state->at[order[at - 1]] > state->at[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
}

static void explore(struct trial *trial) {
    const struct state *state = &trial->states[trial->depth];
    bool alive = way_home_exists(trial->way_home, state);
    int32_t order[SMALL_TRAINS];
    order_trains(trial, order);
    check_state(trial, &trial->moments[trial->depth], alive);
    for (int32_t i = 0; i < trial->small.train_count; i++)
        if (!way_home_is_gone(trial->way_home, state, order[i])) try_train(trial, order[i], alive);
}

/* ---- one railway ---- */

static void begin(struct trial *trial) {
    struct moment *moment = &trial->moments[0];
    *moment = moment_create(trial->plan);
    trial->states[0] = way_home_start(trial->way_home);
    trial->whole = deadlock_create(moment->line);
    ck_assert(trial->whole && move_create(&trial->move, moment->line));
    deadlock_know_trainsets(trial->whole, moment_later_path);
    int32_t trip = 0;
    for (int32_t i = 0; i < trial->small.train_count; i++) {
        const struct small_train *train = &trial->small.trains[i];
        moment_add(moment, i, trip);
        trip += train->trip_count;
        if (!train->stands) continue;
        moment_place(moment, i, trial->plan->layout->places[train->trips[0].way[0]].first_track + train->stands_on);
    }
}

static void end(struct trial *trial) {
    for (int32_t i = 0; i < DEPTH && trial->moments[i].line; i++) moment_free(&trial->moments[i]);
    deadlock_destroy(trial->whole);
    move_free(&trial->move);
    way_home_destroy(trial->way_home);
    simulation_plan_destroy(trial->plan);
    build_free(trial->scenario);
    free(trial);
}

static void try_railway(const char *name, const struct small_railway *small, bool tight, int32_t states,
                        struct tally *tally) {
    struct trial *trial = calloc(1, sizeof *trial);
    char message[200];
    ck_assert_ptr_nonnull(trial);
    snprintf(trial->name, sizeof trial->name, "%s", name);
    trial->small = *small;
    trial->tight = tight;
    trial->states_left = states;
    trial->tally = tally;
    trial->scenario = small_scenario(small);
    trial->plan = simulation_plan_create(trial->scenario, message, sizeof message);
    ck_assert_msg(trial->plan != NULL, "%s", message);
    trial->way_home = way_home_create(&trial->small);
    begin(trial);
    explore(trial);
    end(trial);
}

/* ---- railways with a story ---- */

#define TRACKS(count)                                                                                                  \
    { .tracks = count }
#define LINE(a, b)                                                                                                     \
    { .from = a, .to = b }
#define ANY                                                                                                            \
    { -1, -1, -1, -1, -1, -1, -1 }
#define WAY(stations, ...)                                                                                             \
    { .count = stations, .way = {__VA_ARGS__}, .track = ANY }
#define FROM_OUTSIDE(...)                                                                                              \
    {                                                                                                                  \
        .length_m = 600, .trip_count = 1, .trips = { __VA_ARGS__ }                                                     \
    }
#define STANDING(on, ...)                                                                                              \
    { .length_m = 600, .trip_count = 1, .trips = {__VA_ARGS__}, .stands = true, .stands_on = on }
#define CHAIN_OF_4 .station_count = 4, .section_count = 3, .sections = {LINE(0, 1), LINE(1, 2), LINE(2, 3)}
#define CHAIN_OF_5 .station_count = 5, .section_count = 4, .sections = {LINE(0, 1), LINE(1, 2), LINE(2, 3), LINE(3, 4)}
#define EAST_4 FROM_OUTSIDE(WAY(4, 0, 1, 2, 3))
#define WEST_4 FROM_OUTSIDE(WAY(4, 3, 2, 1, 0))
#define EAST_5 FROM_OUTSIDE(WAY(5, 0, 1, 2, 3, 4))
#define WEST_5 FROM_OUTSIDE(WAY(5, 4, 3, 2, 1, 0))
#define AROUND(a, b) FROM_OUTSIDE(WAY(5, a, 3 + a, 6, 3 + b, b))

/* The numbers of states were found by a search apart from this one (tests/house/deadlock_rule.py), or by hand. */
struct story {
    const char *name;
    struct small_railway railway;
    int64_t states, dead_states;
};

static const struct story STORIES[] = {
    {"two sidings, two trains each way",
     {CHAIN_OF_4, .stations = {{0}, TRACKS(2), TRACKS(2), {0}}, .train_count = 4,
      .trains = {EAST_4, EAST_4, WEST_4, WEST_4}},
     229,
     1},
    {"a siding of two tracks and one of three, three trains each way",
     {CHAIN_OF_4, .stations = {{0}, TRACKS(2), TRACKS(3), {0}}, .train_count = 6,
      .trains = {EAST_4, EAST_4, EAST_4, WEST_4, WEST_4, WEST_4}},
     3242,
     6},
    {"three sidings, three trains each way",
     {CHAIN_OF_5, .stations = {{0}, TRACKS(2), TRACKS(2), TRACKS(2), {0}}, .train_count = 6,
      .trains = {EAST_5, EAST_5, EAST_5, WEST_5, WEST_5, WEST_5}},
     10879,
     171},
    {"a siding of two tracks between two of three, three trains each way",
     {CHAIN_OF_5, .stations = {{0}, TRACKS(3), TRACKS(2), TRACKS(3), {0}}, .train_count = 6,
      .trains = {EAST_5, EAST_5, EAST_5, WEST_5, WEST_5, WEST_5}},
     13532,
     18},
    {"trains that rotate round a junction",
     {.station_count = 7,
      .section_count = 6,
      .sections = {LINE(0, 3), LINE(1, 4), LINE(2, 5), LINE(3, 6), LINE(4, 6), LINE(5, 6)},
      .stations = {{0}, {0}, {0}, TRACKS(2), TRACKS(2), TRACKS(2), TRACKS(2)},
      .train_count = 6,
      .trains = {AROUND(0, 1), AROUND(0, 1), AROUND(1, 2), AROUND(1, 2), AROUND(2, 0), AROUND(2, 0)}},
     12775,
     45},
    /* T0 turns round in N1, where T1 has to pass to come out of N2: not while it stands there, and it wants to N2 */
    {"turning round in the way",
     {.station_count = 3,
      .section_count = 2,
      .sections = {LINE(0, 1), LINE(1, 2)},
      .stations = {TRACKS(1), TRACKS(1), TRACKS(1)},
      .train_count = 2,
      .trains = {{.length_m = 600, .trip_count = 2, .trips = {WAY(2, 0, 1), WAY(2, 1, 2)}},
                 STANDING(0, WAY(3, 2, 1, 0))}},
     5,
     1},
    /* T0 would come back from N1 to N0, but only to go on to N2, where T1 stands and wants to N0 */
    {"a third trip in the way",
     {.station_count = 3,
      .section_count = 2,
      .sections = {LINE(0, 1), LINE(1, 2)},
      .stations = {TRACKS(1), TRACKS(1), TRACKS(1)},
      .train_count = 2,
      .trains = {{.length_m = 600, .trip_count = 3, .trips = {WAY(2, 0, 1), WAY(2, 1, 0), WAY(3, 0, 1, 2)}},
                 STANDING(0, WAY(3, 2, 1, 0))}},
     7,
     2},
    /* T0 has to make way for T1 on the one of two like tracks that T1 is not bound for */
    {"a track prescribed to another",
     {.station_count = 3,
      .section_count = 3,
      .sections = {LINE(0, 1), LINE(1, 2), LINE(2, 0)},
      .stations = {TRACKS(2), TRACKS(1), TRACKS(1)},
      .train_count = 2,
      .trains = {STANDING(0, WAY(3, 1, 0, 2)), STANDING(0, {.count = 3, .way = {2, 1, 0}, .track = {-1, -1, 0}})}},
     5,
     1},
    /* T0, long, waits on the line N0 – N1 for the long track of N2, where T1 stands: T2 must not line up behind it and
       take the last place on the line, where T1 wants to */
    {"the order in a queue",
     {.station_count = 3,
      .section_count = 3,
      .sections = {{.from = 0, .to = 1, .manner = MANNER_QUEUE, .most = 2}, LINE(1, 2), LINE(2, 0)},
      .stations = {TRACKS(1), TRACKS(1), {2, {1200, 600}}},
      .train_count = 3,
      .trains = {{.length_m = 1200, .trip_count = 1, .trips = {WAY(3, 0, 1, 2)}},
                 STANDING(0, WAY(3, 2, 0, 1)),
                 STANDING(1, WAY(3, 2, 0, 1))}},
     28,
     1},
    /* On the line N0 – N1 T0 is before T1 and wants to N2, where T2 and T3 want onto the line: T1 must not come behind
       it, nor T0 before it. (On a line of blocks T0 may have moved up since T1 came.) */
    {"the order on a line of blocks",
     {.station_count = 4,
      .section_count = 4,
      .sections =
          {{.from = 0, .to = 1, .manner = MANNER_BLOCKS, .blocks = 3, .most = 2}, LINE(1, 2), LINE(2, 0), LINE(1, 3)},
      .stations = {TRACKS(1), TRACKS(1), TRACKS(2), {0}},
      .train_count = 4,
      .trains = {FROM_OUTSIDE(WAY(3, 0, 1, 2)), FROM_OUTSIDE(WAY(3, 0, 1, 3)), STANDING(0, WAY(4, 2, 0, 1, 3)),
                 STANDING(1, WAY(4, 2, 0, 1, 3))}},
     245,
     3},
    /* The same, where trains line up; T4 may have been on the line before both. */
    {"the order in a queue of trains that fit everywhere",
     {.station_count = 4,
      .section_count = 4,
      .sections = {{.from = 0, .to = 1, .manner = MANNER_QUEUE, .most = 2}, LINE(1, 2), LINE(2, 0), LINE(1, 3)},
      .stations = {TRACKS(1), TRACKS(1), TRACKS(2), {0}},
      .train_count = 5,
      .trains = {FROM_OUTSIDE(WAY(3, 0, 1, 2)), FROM_OUTSIDE(WAY(3, 0, 1, 3)), STANDING(0, WAY(4, 2, 0, 1, 3)),
                 STANDING(1, WAY(4, 2, 0, 1, 3)), FROM_OUTSIDE(WAY(3, 0, 1, 3))}},
     254,
     4},
    /* T0 waits in the last block for N1, where T2 waits for N2, where T3 waits for the first block: T1 has to move up
     */
    {"moving up on a line of blocks",
     {.station_count = 3,
      .section_count = 3,
      .sections = {{.from = 0, .to = 1, .manner = MANNER_BLOCKS, .blocks = 3}, LINE(1, 2), LINE(2, 0)},
      .stations = {TRACKS(1), TRACKS(1), TRACKS(1)},
      .train_count = 4,
      .trains = {FROM_OUTSIDE(WAY(2, 0, 1)), FROM_OUTSIDE(WAY(2, 0, 1)), STANDING(0, WAY(2, 1, 2)),
                 STANDING(0, WAY(3, 2, 0, 1))}},
     98,
     0},
    /* A ring where long tracks are scarce: the search has to tell states apart by who stands on which */
    {"long tracks round a ring",
     {.station_count = 4,
      .section_count = 4,
      .sections = {LINE(0, 1), LINE(1, 2), LINE(2, 3), LINE(0, 3)},
      .stations = {{2, {1200, 600}}, {2, {600, 1200}}, TRACKS(2), {2, {600, 600}}},
      .train_count = 6,
      .trains = {STANDING(0, WAY(3, 3, 0, 1)),
                 {.length_m = 1200, .trip_count = 1, .trips = {WAY(4, 2, 3, 0, 1)}, .stands = true, .stands_on = 0},
                 {.length_m = 1200, .trip_count = 1, .trips = {WAY(2, 1, 2)}, .stands = true, .stands_on = 1},
                 STANDING(1, WAY(4, 0, 3, 2, 1)),
                 STANDING(0, WAY(4, 1, 2, 3, 0)),
                 STANDING(1, WAY(2, 2, 1))}},
     229,
     4},
    /* T0 and T1 both have to go over one track of N2, and T2 stands on it: T1 must not take its way out at N1. Lengths
       matter, too, but they are not all that matters */
    {"lengths and prescribed tracks",
     {CHAIN_OF_5, .stations = {{0}, TRACKS(2), TRACKS(2), {2, {600, 1200}}, {0}}, .train_count = 3,
      .trains = {{.length_m = 1200,
                  .trip_count = 1,
                  .trips = {{.count = 4, .way = {1, 2, 3, 4}, .track = {-1, 0, -1, -1}}},
                  .stands = true},
                 {.length_m = 1200,
                  .trip_count = 1,
                  .trips = {{.count = 5, .way = {0, 1, 2, 3, 4}, .track = {-1, -1, 0, -1, -1}}}},
                 STANDING(0, WAY(3, 2, 1, 0))}},
     31,
     1},
};

START_TEST(stories) {
    const struct story *story = &STORIES[_i];
    for (int tight = 0; tight < 2; tight++) {
        struct tally tally = {0};
        try_railway(story->name, &story->railway, tight, INT32_MAX, &tally);
        ck_assert_msg(tally.states == story->states && tally.dead_states == story->dead_states,
                      "%s: %" PRId64 " states, %" PRId64 " dead", story->name, tally.states, tally.dead_states);
    }
}
END_TEST

/* ---- random railways ---- */

/* What has to be compared at the least, of live ones and dead ones, for a kind to count as tried. */
struct kind {
    const char *name;
    struct small_traits traits;
    int32_t railways;
    struct tally least;
};

static const struct kind KINDS[] = {
    {"single track", {0}, 60, {8000, 40, 24000, 83, 0, 0, 4000, 14}},
    {"two tracks", {.two_tracks = true}, 60, {11000, 25, 30000, 28, 0, 0, 6000, 16}},
    {"turning round", {.turning = true}, 50, {8000, 81, 18000, 94, 4000, 32, 5000, 16}},
    {"turning round, two tracks",
     {.turning = true, .two_tracks = true},
     50,
     {10000, 58, 24000, 55, 4000, 18, 5000, 26}},
    {"lengths", {.lengths = true}, 40, {5000, 27, 7000, 0, 10000, 50, 3000, 0}},
    {"lengths, two tracks", {.lengths = true, .two_tracks = true}, 40, {7000, 29, 9000, 0, 13000, 35, 5000, 0}},
    {"lengths, turning round", {.lengths = true, .turning = true}, 40, {7000, 200, 10000, 68, 11000, 88, 5000, 0}},
    {"prescribed tracks", {.bound = true}, 40, {5000, 59, 1000, 0, 16000, 82, 3000, 0}},
    {"in the way", {.in_the_way = true}, 60, {10000, 26, 27000, 31, 2000, 12, 5000, 0}},
    {"everything",
     {.lengths = true, .two_tracks = true, .turning = true, .bound = true, .in_the_way = true},
     60,
     {11000, 100, 4000, 0, 29000, 92, 7000, 0}},
    {"crowded", {.crowded = true}, 60, {14000, 30, 43000, 48, 0, 0, 6000, 0}},
    {"crowded, blocks",
     {.crowded = true, .two_tracks = true, .only = true, .manner = MANNER_BLOCKS},
     60,
     {15000, 12, 41000, 17, 0, 0, 10000, 0}},
    {"crowded, lengths", {.crowded = true, .lengths = true}, 50, {9000, 170, 9000, 32, 19000, 120, 6000, 0}},
    {"crowded, prescribed tracks", {.crowded = true, .bound = true}, 40, {8000, 110, 2000, 0, 25000, 91, 6000, 0}},
    {"crowded, queues, lengths",
     {.crowded = true, .two_tracks = true, .only = true, .manner = MANNER_QUEUE, .lengths = true},
     50,
     {12000, 52, 11000, 0, 28000, 37, 10000, 0}},
    {"crowded, everything",
     {.crowded = true, .lengths = true, .two_tracks = true, .bound = true, .in_the_way = true},
     50,
     {11000, 300, 2000, 0, 32000, 22, 11000, 0}},
    {"meets", {.meets = true}, 20, {26000, 230, 89000, 560, 0, 0, 16000, 170}},
    {"meets, lengths", {.meets = true, .lengths = true}, 30, {35000, 2000, 17000, 26, 90000, 1000, 34000, 0}},
    {"meets, lengths, prescribed tracks",
     {.meets = true, .lengths = true, .bound = true},
     20,
     {23000, 1000, 930, 0, 71000, 1000, 23000, 0}},
    {"meets, lengths, two tracks",
     {.meets = true, .lengths = true, .two_tracks = true},
     20,
     {26000, 1000, 20000, 0, 68000, 100, 23000, 0}},
};

static void try_random(uint64_t number, const struct kind *kind, struct tally *tally) {
    struct dice dice = {{number, STREAM_TEST, 1}, number, 0};
    struct small_railway railway = small_random(&dice, &kind->traits);
    char name[32];
    snprintf(name, sizeof name, "railway %" PRIu64, number);
    try_railway(name, &railway, number % 2, kind->traits.meets ? 2000 : 400, tally);
}

static void check_tally(const struct kind *kind, const struct tally *tally) {
    const struct tally *least = &kind->least;
    bool enough = tally->states >= least->states && tally->dead_states >= least->dead_states &&
                  tally->moves >= least->moves && tally->dead_moves >= least->dead_moves &&
                  tally->searched >= least->searched && tally->dead_searched >= least->dead_searched &&
                  tally->blocked >= least->blocked && tally->sleeping >= least->sleeping;
    ck_assert_msg(enough,
                  "%s: too little compared: {%" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64 ", %" PRId64
                  ", %" PRId64 ", %" PRId64 "}",
                  kind->name, tally->states, tally->dead_states, tally->moves, tally->dead_moves, tally->searched,
                  tally->dead_searched, tally->blocked, tally->sleeping);
}

START_TEST(verdicts_are_the_truth) {
    const struct kind *kind = &KINDS[_i];
    const char *one = getenv("BERING_TEST_SEED");
    struct tally tally = {0};
    if (one) {
        uint64_t number = strtoull(one, NULL, 10);
        if (number / 1000000 == (uint64_t)_i) try_random(number, kind, &tally);
        return;
    }
    int32_t count = getenv("BERING_TEST_LONG") ? 10 * kind->railways : kind->railways;
    for (int32_t k = 0; k < count; k++) try_random((uint64_t)_i * 1000000 + (uint64_t)k, kind, &tally);
    check_tally(kind, &tally);
}
END_TEST

/* ---- where the search meets its bound ---- */

enum { MEETER, WAITER, LONG, FIRST_FOLLOWER, FOLLOWERS = 9 };

/* W, S1 with a track for everybody, S2 … S6 with two, A with two, D with a long and a short one, and E with one. MEETER
 * stands in A and wants to E, where LONG stands and wants to A: MEETER has to take the short track of D. The long one
 * comes first; from there the search has to try all orders of those who follow, and none helps. */
static struct scenario *one_way_out(void) {
    static const char *const STATIONS[] = {"W", "S1", "S2", "S3", "S4", "S5", "S6", "A", "D", "E"};
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 2, 0); /* the first station is the first the search looks at */
    build_station(scenario, "D", 1, 2000);
    build_track(scenario, 1000);
    build_station(scenario, "E", 1, 0);
    build_station(scenario, "W", 0, 0);
    for (int i = 1; i <= 6; i++) build_station(scenario, STATIONS[i], i == 1 ? FOLLOWERS : 2, 0);
    for (int i = 0; i + 1 < 10; i++) {
        char id[8];
        snprintf(id, sizeof id, "%s-%s", STATIONS[i], STATIONS[i + 1]);
        build_section(scenario, id, STATIONS[i], STATIONS[i + 1], 12000);
    }
    build_running_time(scenario, 600, 0, 0);
    build_type(scenario, "short", 800);
    build_type(scenario, "long", 1500);
    build_train(scenario, "meeter", "short", "A D E", 0, 0, 0);
    build_train(scenario, "waiter", "short", "A D E", 0, 0, 1);
    build_train(scenario, "long", "long", "E D A", 0, 0, 0);
    for (int i = 0; i < FOLLOWERS; i++)
        build_train(scenario, "follower", "short", "W S1 S2 S3 S4 S5 S6 A D E", 0, -1, -1);
    return scenario;
}

/* Makes the train's next move, if there is a track for it on which that is proved safe; else says what the last verdict
 * was, or that there is no track (UNSAFE). */
static enum deadlock_verdict make_move(struct moment *moment, int32_t train, struct move *move) {
    const struct path *path = moment->plan->paths[moment->plan->trips[moment->trip[train]].path];
    const struct commitment *commitment = &moment->line->commitments[train];
    int32_t next = path->nodes[commitment->path < 0 ? 0 : commitment->node].next_stand;
    const struct place *place = &moment->plan->layout->places[path->nodes[next].place];
    enum deadlock_verdict verdict = DEADLOCK_UNSAFE;
    for (int32_t i = 0; i < place->track_count; i++) {
        struct move_request request;
        int32_t track = place->capacity < 0 ? -1 : place->first_track + i;
        if (track >= 0 && !path_fits(path, track)) continue;
        if (!moment_may_start(moment, train, track, moment->now_ms + MILLISECONDS_PER_DAY, &request, move)) continue;
        verdict = moment_judge(moment, &request, move);
        if (train == MEETER && request.to == 1 && i == 0) ck_assert_int_ne(verdict, DEADLOCK_SAFE);
        if (verdict != DEADLOCK_SAFE) continue;
        moment_grant(moment, &request, move);
        moment_leave(moment, INT64_MAX);
        break;
    }
    return verdict;
}

/* Moves those who may until nobody may; how many got home. */
static int32_t move_all(struct moment *moment, int32_t trains, struct move *move) {
    int32_t home = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (int32_t i = 0; i < trains && !moved; i++)
            moved = !moment->gone[i] && make_move(moment, i, move) == DEADLOCK_SAFE;
    }
    for (int32_t i = 0; i < trains; i++) home += moment->gone[i];
    return home;
}

/* Refused for want of a proof, trains still get home by the order proved before. Nobody is ever refused who could not
 * as well wait where the track is: all the tracks of S1 are there for the followers. */
START_TEST(a_bounded_search_costs_time_only) {
    char message[200];
    struct scenario *scenario = one_way_out();
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    struct moment moment = moment_create(plan);
    struct move move;
    ck_assert(move_create(&move, moment.line));
    for (int32_t i = 0; i < plan->trip_count; i++) moment_add(&moment, i, i);
    for (int32_t i = 0; i < FIRST_FOLLOWER; i++) moment_place(&moment, i, scenario->timetable.plans[i].calls[0].track);
    ck_assert_int_eq(moment_judge_all(&moment, moment.deadlock), DEADLOCK_SAFE);

    int32_t entered = 0;
    enum deadlock_verdict verdict = DEADLOCK_SAFE;
    while (verdict == DEADLOCK_SAFE && entered < FOLLOWERS) {
        verdict = make_move(&moment, FIRST_FOLLOWER + entered, &move);
        entered += verdict == DEADLOCK_SAFE;
    }
    ck_assert_int_eq(verdict, DEADLOCK_UNPROVED);
    ck_assert_int_gt(entered, 2);
    ck_assert_int_eq(move_all(&moment, FIRST_FOLLOWER + entered, &move), FIRST_FOLLOWER + entered);
    move_free(&move);
    moment_free(&moment);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

/* Of all that may move, how many may without a search; the last of them, as it may be granted. */
static int32_t count_unsearched(const struct moment *moment, int32_t trains, struct move_request *found,
                                struct move *move) {
    int32_t count = 0;
    for (int32_t i = 0; i < trains; i++) {
        const struct path *path = moment->plan->paths[moment->plan->trips[moment->trip[i]].path];
        if (moment->gone[i]) continue;
        const int32_t next = path->nodes[moment->line->commitments[i].node].next_stand;
        const struct place *place = &moment->plan->layout->places[path->nodes[next].place];
        for (int32_t track = place->first_track; track < place->first_track + place->track_count; track++) {
            struct move_request request;
            const int64_t searches = deadlock_searches(moment->deadlock);
            if (!path_fits(path, track) ||
                !moment_may_start(moment, i, track, moment->now_ms + MILLISECONDS_PER_DAY, &request, move))
                continue;
            if (moment_judge(moment, &request, move) != DEADLOCK_SAFE) continue;
            if (deadlock_searches(moment->deadlock) > searches) continue;
            *found = request;
            count++;
        }
    }
    return count;
}

/* One order is proved in the beginning; until LONG is home there is one move that follows it, and only that needs no
 * search. */
START_TEST(the_proved_order_needs_no_search) {
    char message[200];
    struct scenario *scenario = one_way_out();
    struct simulation_plan *plan = simulation_plan_create(scenario, message, sizeof message);
    ck_assert_msg(plan != NULL, "%s", message);
    struct moment moment = moment_create(plan);
    struct move move;
    ck_assert(move_create(&move, moment.line));
    for (int32_t i = 0; i < FIRST_FOLLOWER; i++) {
        moment_add(&moment, i, i);
        moment_place(&moment, i, scenario->timetable.plans[i].calls[0].track);
    }
    ck_assert_int_eq(moment_judge_all(&moment, moment.deadlock), DEADLOCK_SAFE);
    int32_t moves = 0;
    for (; moment.line->complex_count > 0; moves++) {
        struct move_request request;
        ck_assert_int_eq(count_unsearched(&moment, FIRST_FOLLOWER, &request, &move), 1);
        ck_assert(moment_may_start(&moment, request.train, request.to_track, request.now_ms, &request, &move));
        ck_assert_int_eq(moment_judge(&moment, &request, &move), DEADLOCK_SAFE);
        moment_grant(&moment, &request, &move);
        moment_leave(&moment, INT64_MAX);
    }
    ck_assert_int_ge(moves, 3); /* MEETER into D, LONG into D, LONG into A */
    move_free(&move);
    moment_free(&moment);
    simulation_plan_destroy(plan);
    build_free(scenario);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("deadlock");
    TCase *cases = tcase_create("deadlock");
    tcase_set_timeout(cases, 600);
    tcase_add_loop_test(cases, stories, 0, (int)(sizeof STORIES / sizeof *STORIES));
    tcase_add_loop_test(cases, verdicts_are_the_truth, 0, (int)(sizeof KINDS / sizeof *KINDS));
    tcase_add_test(cases, a_bounded_search_costs_time_only);
    tcase_add_test(cases, the_proved_order_needs_no_search);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
