#include "railway/deadlock.h"

#include <stdlib.h>
#include <string.h>

/* One move of a proved completing order; node −1 stands for leaving the network. */
struct order_move {
    int32_t train, path, node, track;
};

/* A train in the search: where it is, and what it needs. */
struct token {
    int32_t train, path, node, track, onward_path;
    int32_t turns; /* plans begun since; no track is bound for those */
    int32_t came;  /* order of coming to where it is */
};

struct deadlock {
    /* the rule */
    int32_t *stamp;   /* [place] = round: seen in this round */
    int8_t *escaped;  /* [place] within a round */
    int32_t *members; /* places of the set under test */
    int32_t member_count;
    int32_t round;
    int32_t *closed; /* the last closed set */
    int32_t closed_count;
    /* the search */
    struct token *tokens;
    int32_t token_count, token_room;
    int32_t *used;            /* [place] trains standing there */
    int8_t *taken;            /* [track] */
    int8_t *bound;            /* [track] some token will go to this one and no other */
    struct order_move *order; /* proved; the next move is order[order_next] */
    int32_t order_count, order_next, order_room;
    struct order_move *trial;
    int32_t trial_count, trial_room;
    struct deadlock_move trial_move; /* the move whose outcome the trial completes */
    uint64_t *visited;               /* open addressing; 0 is empty */
    int32_t visited_count;
    size_t visited_room; /* a power of two, more than twice most_states */
    int64_t most_states; /* one search may see; 0: DEADLOCK_SEARCH_STATES */
    int64_t searches;
    int32_t states;
    deadlock_later_path *later_path; /* NULL: not known */
};

/* Each more than twice the states there are to be visited. */
enum { VISITED_ROOM = 1 << 16, DEEP_VISITED_ROOM = 1 << 23 };

struct deadlock *deadlock_create(const struct interlocking *line) {
    struct deadlock *deadlock = calloc(1, sizeof *deadlock);
    if (!deadlock) return NULL;
    size_t places = (size_t)line->layout->place_count + 1, tracks = (size_t)line->layout->track_count + 1;
    deadlock->stamp = calloc(places, sizeof(int32_t));
    deadlock->escaped = calloc(places, sizeof(int8_t));
    deadlock->members = calloc(places, sizeof(int32_t));
    deadlock->closed = calloc(places, sizeof(int32_t));
    deadlock->used = calloc(places, sizeof(int32_t));
    deadlock->taken = calloc(tracks, sizeof(int8_t));
    deadlock->bound = calloc(tracks, sizeof(int8_t));
    if (!deadlock->stamp || !deadlock->escaped || !deadlock->members || !deadlock->closed || !deadlock->used ||
        !deadlock->taken || !deadlock->bound)
        return deadlock_destroy(deadlock), NULL;
    return deadlock;
}

void deadlock_destroy(struct deadlock *deadlock) {
    if (!deadlock) return;
    free(deadlock->stamp);
    free(deadlock->escaped);
    free(deadlock->members);
    free(deadlock->closed);
    free(deadlock->used);
    free(deadlock->taken);
    free(deadlock->bound);
    free(deadlock->tokens);
    free(deadlock->order);
    free(deadlock->trial);
    free(deadlock->visited);
    free(deadlock);
}

bool deadlock_copy(struct deadlock *target, const struct deadlock *source) {
    if (source->order_count > target->order_room) {
        struct order_move *order = realloc(target->order, (size_t)source->order_room * sizeof *order);
        if (!order) return false;
        target->order = order;
        target->order_room = source->order_room;
    }
    if (source->order_count > 0)
        memcpy(target->order, source->order, (size_t)source->order_count * sizeof *source->order);
    target->order_count = source->order_count;
    target->order_next = source->order_next;
    target->searches = source->searches;
    return true;
}

void deadlock_know_trainsets(struct deadlock *deadlock, deadlock_later_path *later_path) {
    deadlock->later_path = later_path;
}

int64_t deadlock_searches(const struct deadlock *deadlock) {
    return deadlock->searches;
}

int32_t deadlock_closed_set(const struct deadlock *deadlock, const int32_t **places) {
    *places = deadlock->closed;
    return deadlock->closed_count;
}

/* ---- the rule ---- */

/* The state after the move, seen from the state before it. */
struct after {
    const struct interlocking *line;
    const struct deadlock_move *move; /* NULL: the state as it is */
    int32_t from, to;                 /* places; −1 */
};

static bool is_full(const struct after *after, int32_t place) {
    int32_t capacity = after->line->layout->places[place].capacity;
    if (capacity < 0) return false;
    int32_t count = after->line->place_count[place];
    if (after->from != after->to) count += (place == after->to) - (place == after->from);
    return count >= capacity;
}

static struct commitment commitment_after(const struct after *after, int32_t train) {
    struct commitment commitment = after->line->commitments[train];
    if (after->move && after->move->train == train) {
        commitment.path = after->move->path;
        commitment.node = after->move->node;
        commitment.onward_path = after->move->onward_path;
    }
    return commitment;
}

/* Where a train of a place goes next, in the state after the move; −1: out of the network. */
static int32_t next_after(const struct after *after, int32_t train) {
    struct commitment commitment = commitment_after(after, train);
    return interlocking_next_place(after->line, &commitment);
}

static bool is_queue(const struct layout *layout, int32_t place) {
    return layout->places[place].one_way && layout->roads[2 * layout->places[place].section].kind == ROAD_LINE;
}

/* Who leaves a line track first after the move: in blocks the train furthest on, in a queue the one that came first.
 * −1: nobody is there. */
static int32_t first_on_line(const struct after *after, int32_t place) {
    int32_t first = -1, furthest = -1;
    for (int32_t train = after->line->place_first[place]; train >= 0; train = after->line->commitments[train].next) {
        const int32_t block = after->line->commitments[train].track;
        if (after->move && after->move->train == train) continue; /* it comes below, if it stays here */
        if (is_queue(after->line->layout, place)) return train;
        if (first < 0 || block > furthest) first = train, furthest = block;
    }
    const bool moved = after->move && place == after->to && (first < 0 || after->move->track > furthest);
    return moved ? after->move->train : first;
}

/* Calls of `visit` for each train that may leave a place after the move; stops at the first true. */
static bool any_train(const struct after *after, int32_t place, bool (*visit)(void *context, int32_t train),
                      void *context) {
    if (after->line->layout->places[place].one_way) {
        int32_t first = first_on_line(after, place);
        return first >= 0 && visit(context, first);
    }
    for (int32_t train = after->line->place_first[place]; train >= 0; train = after->line->commitments[train].next) {
        if (after->move && after->move->train == train) continue; /* it comes below, if it stays here */
        if (visit(context, train)) return true;
    }
    return after->move && place == after->to && visit(context, after->move->train);
}

struct rule {
    struct deadlock *deadlock;
    const struct after *after;
    int32_t place;
};

static bool add_member(void *context, int32_t train) {
    struct rule *rule = context;
    struct deadlock *deadlock = rule->deadlock;
    int32_t next = next_after(rule->after, train);
    if (next < 0 || !is_full(rule->after, next)) {
        deadlock->escaped[rule->place] = 1;
        return true;
    }
    if (deadlock->stamp[next] != deadlock->round) {
        deadlock->stamp[next] = deadlock->round;
        deadlock->escaped[next] = 0;
        deadlock->members[deadlock->member_count++] = next;
    }
    return false;
}

static bool goes_to_escaped(void *context, int32_t train) {
    const struct rule *rule = context;
    int32_t next = next_after(rule->after, train);
    return next < 0 || rule->deadlock->stamp[next] != rule->deadlock->round || rule->deadlock->escaped[next];
}

/* True if the full place `start` is in no closed set of full places. */
static bool escapes(struct deadlock *deadlock, const struct after *after, int32_t start) {
    deadlock->round++;
    deadlock->member_count = 0;
    deadlock->stamp[start] = deadlock->round;
    deadlock->escaped[start] = 0;
    deadlock->members[deadlock->member_count++] = start;
    struct rule rule = {deadlock, after, start};
    for (int32_t i = 0; i < deadlock->member_count; i++) {
        rule.place = deadlock->members[i];
        any_train(after, rule.place, add_member, &rule);
    }
    bool changed = true;
    while (changed && !deadlock->escaped[start]) {
        changed = false;
        for (int32_t i = 0; i < deadlock->member_count; i++) {
            rule.place = deadlock->members[i];
            if (deadlock->escaped[rule.place] || !any_train(after, rule.place, goes_to_escaped, &rule)) continue;
            deadlock->escaped[rule.place] = 1;
            changed = true;
        }
    }
    if (deadlock->escaped[start]) return true;
    deadlock->closed_count = 0;
    for (int32_t i = 0; i < deadlock->member_count; i++)
        if (!deadlock->escaped[deadlock->members[i]]) deadlock->closed[deadlock->closed_count++] = deadlock->members[i];
    return false;
}

/* ---- the search ---- */

static bool grow(void **array, int32_t *room, int32_t needed, size_t size) {
    if (needed <= *room) return true;
    int32_t count = *room ? *room : 64;
    while (count < needed) count *= 2;
    void *bigger = realloc(*array, (size_t)count * size);
    if (!bigger) return false;
    *array = bigger;
    *room = count;
    return true;
}

struct prober {
    struct deadlock *deadlock;
    const struct interlocking *line;
    const struct deadlock_bindings *bindings;
    int32_t came; /* last given to a token */
    bool bound_met, no_memory;
};

static int32_t place_of(const struct prober *prober, const struct token *token) {
    return prober->line->paths[token->path]->nodes[token->node].place;
}

static void occupy(struct prober *prober, const struct token *token, int by) {
    int32_t place = place_of(prober, token);
    prober->deadlock->used[place] += by;
    if (token->track >= 0 && prober->line->layout->places[place].capacity >= 0)
        prober->deadlock->taken[token->track] = (int8_t)(by > 0);
}

/* The node a token moves to next, on its path or its onward path; false: it is at its very end. */
static bool next_stand(const struct prober *prober, const struct token *token, int32_t *path, int32_t *from,
                       int32_t *to) {
    *path = token->path;
    *from = token->node;
    *to = prober->line->paths[token->path]->nodes[token->node].next_stand;
    if (*to >= 0) return true;
    if (token->onward_path < 0) return false;
    *path = token->onward_path;
    *from = 0;
    *to = prober->line->paths[*path]->nodes[0].next_stand;
    return *to >= 0;
}

/* Is there room to run over the nodes strictly between: any free track there will do. */
static bool way_is_free(const struct prober *prober, int32_t path, int32_t from, int32_t to) {
    const struct path *of = prober->line->paths[path];
    for (int32_t node = from + 1; node < to; node++) {
        const struct place *place = &prober->line->layout->places[of->nodes[node].place];
        if (place->capacity >= 0 && prober->deadlock->used[of->nodes[node].place] >= place->capacity) return false;
    }
    return true;
}

/* How many are before it in a queue. (In blocks the next block says whether a train may go on.) */
static int32_t count_ahead(const struct prober *prober, const struct token *token) {
    const struct deadlock *deadlock = prober->deadlock;
    int32_t place = place_of(prober, token), count = 0;
    if (!is_queue(prober->line->layout, place)) return 0;
    for (int32_t i = 0; i < deadlock->token_count; i++) {
        const struct token *other = &deadlock->tokens[i];
        count += other->node >= 0 && other->came < token->came && place_of(prober, other) == place;
    }
    return count;
}

/* May the token stand on this track of its next place? */
static bool track_will_do(const struct prober *prober, const struct token *token, int32_t path, int32_t to,
                          int32_t track) {
    if (prober->deadlock->taken[track]) return false;
    if (!path_fits(prober->line->paths[path], track)) return false;
    const struct path_leg *leg = &prober->line->paths[path]->legs[to - 1];
    if (leg->kind == LEG_BLOCK) return leg->track == track;
    bool own = path == token->path && token->turns == 0;
    int32_t binding = own ? prober->bindings->track(prober->bindings->context, token->train, to) : -1;
    return binding < 0 || binding == track;
}

/* Tracks that differ in nothing the search cares about are tried once: of equal length, and bound for nobody. */
static bool same_as_earlier(const struct prober *prober, const struct token *token, int32_t path, int32_t to,
                            int32_t track) {
    const struct layout *layout = prober->line->layout;
    const struct place *place = &layout->places[layout->tracks[track].place];
    if (prober->line->paths[path]->legs[to - 1].kind == LEG_BLOCK || prober->deadlock->bound[track]) return false;
    for (int32_t other = place->first_track; other < track; other++)
        if (layout->tracks[other].length_m == layout->tracks[track].length_m && !prober->deadlock->bound[other] &&
            track_will_do(prober, token, path, to, other))
            return true;
    return false;
}

static bool record(struct prober *prober, const struct token *token) {
    struct deadlock *deadlock = prober->deadlock;
    if (!grow((void **)&deadlock->trial, &deadlock->trial_room, deadlock->trial_count + 1, sizeof *deadlock->trial)) {
        prober->no_memory = true;
        return false;
    }
    deadlock->trial[deadlock->trial_count++] =
        (struct order_move){token->train, token->path, token->node, token->track};
    return true;
}

static bool at_end(const struct prober *prober, const struct token *token) {
    int32_t path, from, to;
    return token->node < 0 || !next_stand(prober, token, &path, &from, &to);
}

static int32_t later_path(const struct prober *prober, const struct token *token) {
    deadlock_later_path *later = prober->deadlock->later_path;
    return later ? later(prober->bindings->context, token->train, token->turns + 1) : -1;
}

/* Moves token to `to` on `track`; a token that reaches its end leaves. */
static bool step(struct prober *prober, struct token *token, int32_t path, int32_t to, int32_t track) {
    occupy(prober, token, -1);
    if (path != token->path) {
        token->turns++;
        token->onward_path = later_path(prober, token);
    }
    token->path = path;
    token->node = to;
    token->track = track;
    token->came = ++prober->came;
    if (!record(prober, token)) return false;
    if (at_end(prober, token))
        token->node = -1;
    else
        occupy(prober, token, 1);
    return true;
}

/* A track for the next step, best first: the n-th that will do; −1 none; −2: a place without limit. */
static int32_t nth_track(const struct prober *prober, const struct token *token, int32_t path, int32_t to, int32_t n) {
    int32_t place_index = prober->line->paths[path]->nodes[to].place;
    const struct place *place = &prober->line->layout->places[place_index];
    if (place->capacity < 0) return n == 0 ? -2 : -1;
    if (prober->deadlock->used[place_index] >= place->capacity && place_index != place_of(prober, token)) return -1;
    for (int32_t i = 0; i < place->track_count; i++) {
        int32_t track = place->first_track + i;
        if (!track_will_do(prober, token, path, to, track) || same_as_earlier(prober, token, path, to, track)) continue;
        if (n-- == 0) return track;
    }
    return -1;
}

static bool can_step(const struct prober *prober, const struct token *token, int32_t n, int32_t *path, int32_t *to,
                     int32_t *track) {
    int32_t from;
    if (token->node < 0 || !next_stand(prober, token, path, &from, to)) return false;
    if (count_ahead(prober, token) > 0 || !way_is_free(prober, *path, from, *to)) return false;
    *track = nth_track(prober, token, *path, *to, n);
    return *track != -1;
}

/* Runs a token to its end if everything on its way is free now: that can never hurt the others. */
static bool run_to_end(struct prober *prober, struct token *token) {
    struct token before = *token;
    int32_t mark = prober->deadlock->trial_count, path, to, track;
    while (token->node >= 0) {
        if (!can_step(prober, token, 0, &path, &to, &track)) break;
        if (!step(prober, token, path, to, track < 0 ? -1 : track)) break;
    }
    if (token->node < 0) return true;
    occupy(prober, token, -1);
    *token = before;
    occupy(prober, token, 1);
    prober->deadlock->trial_count = mark;
    return false;
}

static uint64_t mixed(uint64_t value) {
    value ^= value >> 33;
    value *= UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 33;
    value *= UINT64_C(0xc4ceb9fe1a85ec53);
    return value ^ value >> 33;
}

/* Remembers the state; false if it was seen before. */
static bool first_visit(const struct prober *prober) {
    struct deadlock *deadlock = prober->deadlock;
    uint64_t hash = 1;
    for (int32_t i = 0; i < deadlock->token_count; i++) {
        const struct token *token = &deadlock->tokens[i];
        if (token->node < 0) continue;
        /* the tracks of a queue are like each other, its order is not */
        int32_t track =
            is_queue(prober->line->layout, place_of(prober, token)) ? count_ahead(prober, token) : token->track;
        hash += mixed(mixed((uint64_t)i << 40 ^ (uint64_t)token->turns << 32 ^ (uint64_t)token->node) ^
                      (uint64_t)(uint32_t)track ^ (uint64_t)token->path << 32);
    }
    if (hash == 0) hash = 1;
    const uint64_t mask = deadlock->visited_room - 1;
    for (uint64_t slot = hash & mask;; slot = (slot + 1) & mask) {
        if (deadlock->visited[slot] == hash) return false;
        if (deadlock->visited[slot] != 0) continue;
        deadlock->visited[slot] = hash;
        deadlock->visited_count++;
        return true;
    }
}

static bool complete(struct prober *prober);

static void restore(struct prober *prober, const struct token *saved, int32_t mark) {
    struct deadlock *deadlock = prober->deadlock;
    for (int32_t i = 0; i < deadlock->token_count; i++)
        if (deadlock->tokens[i].node >= 0) occupy(prober, &deadlock->tokens[i], -1);
    memcpy(deadlock->tokens, saved, (size_t)deadlock->token_count * sizeof *saved);
    for (int32_t i = 0; i < deadlock->token_count; i++)
        if (deadlock->tokens[i].node >= 0) occupy(prober, &deadlock->tokens[i], 1);
    deadlock->trial_count = mark;
}

static bool branch(struct prober *prober) {
    struct deadlock *deadlock = prober->deadlock;
    size_t size = (size_t)deadlock->token_count * sizeof *deadlock->tokens;
    struct token *saved = malloc(size);
    if (!saved) return prober->no_memory = true, false;
    memcpy(saved, deadlock->tokens, size);
    int32_t mark = deadlock->trial_count;
    bool done = false;
    for (int32_t i = 0; i < deadlock->token_count && !done && !prober->bound_met && !prober->no_memory; i++) {
        int32_t path, to, track;
        for (int32_t n = 0; !done && can_step(prober, &deadlock->tokens[i], n, &path, &to, &track); n++) {
            done = step(prober, &deadlock->tokens[i], path, to, track < 0 ? -1 : track) && complete(prober);
            if (!done) restore(prober, saved, mark);
            if (prober->bound_met || prober->no_memory) break;
        }
    }
    free(saved);
    return done;
}

/* True if every token can be brought to its end; the moves are appended to the trial. */
static bool complete(struct prober *prober) {
    struct deadlock *deadlock = prober->deadlock;
    bool progress = true, left = true;
    while (progress && left) {
        progress = left = false;
        for (int32_t i = 0; i < deadlock->token_count; i++) {
            if (deadlock->tokens[i].node < 0) continue;
            if (run_to_end(prober, &deadlock->tokens[i]))
                progress = true;
            else
                left = true;
        }
    }
    if (!left) return true;
    if (prober->no_memory || !first_visit(prober)) return false;
    if (++deadlock->states > (deadlock->most_states ? deadlock->most_states : DEADLOCK_SEARCH_STATES)) {
        prober->bound_met = true;
        return false;
    }
    return branch(prober);
}

static void note_bound_tracks(struct prober *prober) {
    struct deadlock *deadlock = prober->deadlock;
    memset(deadlock->bound, 0, (size_t)prober->line->layout->track_count * sizeof *deadlock->bound);
    for (int32_t i = 0; i < deadlock->token_count; i++) {
        const struct token *token = &deadlock->tokens[i];
        if (prober->line->commitments[token->train].plain) continue;
        for (int32_t node = token->node + 1; node < prober->line->paths[token->path]->node_count; node++) {
            int32_t track = prober->bindings->track(prober->bindings->context, token->train, node);
            if (track >= 0) deadlock->bound[track] = 1;
        }
    }
}

/* Tokens: all committed trains but those that only arrive to leave, after the move. */
static bool collect_tokens(struct prober *prober, const struct deadlock_move *move) {
    struct deadlock *deadlock = prober->deadlock;
    const struct interlocking *line = prober->line;
    deadlock->token_count = 0;
    memset(deadlock->used, 0, (size_t)line->layout->place_count * sizeof *deadlock->used);
    memset(deadlock->taken, 0, (size_t)line->layout->track_count * sizeof *deadlock->taken);
    if (!grow((void **)&deadlock->tokens, &deadlock->token_room, line->train_count + 1, sizeof *deadlock->tokens))
        return false;
    /* by place and order of coming, so that a queue on the line keeps its order */
    for (int32_t place = 0; place < line->layout->place_count; place++)
        for (int32_t train = line->place_first[place]; train >= 0; train = line->commitments[train].next) {
            if (move && move->train == train) continue;
            const struct commitment *at = &line->commitments[train];
            deadlock->tokens[deadlock->token_count++] =
                (struct token){train, at->path, at->node, at->track, at->onward_path, 0, ++prober->came};
        }
    if (move) {
        struct token token = {move->train, move->path, move->node, move->track, move->onward_path, 0, ++prober->came};
        if (!at_end(prober, &token)) deadlock->tokens[deadlock->token_count++] = token;
    }
    for (int32_t i = 0; i < deadlock->token_count; i++) occupy(prober, &deadlock->tokens[i], 1);
    note_bound_tracks(prober);
    return true;
}

static enum deadlock_verdict search(struct deadlock *deadlock, const struct interlocking *line,
                                    const struct deadlock_move *move, const struct deadlock_bindings *bindings) {
    struct prober prober = {deadlock, line, bindings, 0, false, false};
    if (!deadlock->visited) {
        deadlock->visited_room = deadlock->most_states ? DEEP_VISITED_ROOM : VISITED_ROOM;
        deadlock->visited = calloc(deadlock->visited_room, sizeof *deadlock->visited);
    }
    if (!deadlock->visited || !collect_tokens(&prober, move)) return DEADLOCK_NO_MEMORY;
    if (deadlock->visited_count > 0) memset(deadlock->visited, 0, deadlock->visited_room * sizeof *deadlock->visited);
    deadlock->visited_count = 0;
    deadlock->states = 0;
    deadlock->trial_count = 0;
    deadlock->searches++;
    deadlock->closed_count = 0;
    const bool proved = complete(&prober);
    if (prober.no_memory) return DEADLOCK_NO_MEMORY;
    if (!proved) return prober.bound_met ? DEADLOCK_UNPROVED : DEADLOCK_UNSAFE;
    /* What was proved is the state after the move: it becomes the order to follow once the move is made. */
    return DEADLOCK_SAFE;
}

/* ---- a quick proof where lengths matter ---- */

/* Could the rule itself prove it, if only those tracks counted that every train present fits? Each train counts
 * wherever it stands; a place with such a track free takes any train. It proves safety, never the contrary. */
struct reduced {
    struct deadlock *deadlock;
    const struct after *after;
    double longest_m;
};

static int32_t reduced_capacity(const struct reduced *reduced, int32_t place_index) {
    const struct layout *layout = reduced->after->line->layout;
    const struct place *place = &layout->places[place_index];
    if (place->capacity < 0 || place->station < 0) return place->capacity;
    int32_t fitting = 0;
    for (int32_t i = 0; i < place->track_count; i++)
        fitting += layout->tracks[place->first_track + i].length_m >= reduced->longest_m;
    return fitting >= 2 ? fitting : 0; /* the rule is proved for two tracks and more */
}

static int32_t count_after(const struct after *after, int32_t place) {
    int32_t count = after->line->place_count[place];
    if (after->from != after->to) count += (place == after->to) - (place == after->from);
    return count;
}

/* Where it would go next if it stood only at places with such a track; −1: out of the network. */
static int32_t next_reduced(const struct reduced *reduced, const struct commitment *commitment) {
    const struct path *path = reduced->after->line->paths[commitment->path];
    int32_t here = path->nodes[commitment->node].place, node = path->nodes[commitment->node].next_stand;
    for (; node >= 0; node = path->nodes[node].next_stand)
        if (path->nodes[node].place != here && reduced_capacity(reduced, path->nodes[node].place) != 0)
            return path->nodes[node].place;
    if (commitment->onward_path < 0) return -1;
    const struct path *onward = reduced->after->line->paths[commitment->onward_path];
    for (node = onward->nodes[0].next_stand; node >= 0; node = onward->nodes[node].next_stand)
        if (reduced_capacity(reduced, onward->nodes[node].place) != 0) return onward->nodes[node].place;
    return -1;
}

/* Can it go on to a place that is not blocked? (escaped: 1 where it is.) */
static bool goes_to_unblocked(void *context, int32_t train) {
    const struct reduced *reduced = context;
    struct commitment commitment = commitment_after(reduced->after, train);
    int32_t next = next_reduced(reduced, &commitment);
    return next < 0 || !reduced->deadlock->escaped[next];
}

/* Trains bound to a track, or standing on single line, are beyond it. */
static bool only_lengths_matter(const struct after *after, const struct deadlock_bindings *bindings) {
    const struct interlocking *line = after->line;
    for (int32_t train = 0; train < line->train_count; train++) {
        const struct commitment commitment = commitment_after(after, train);
        bool moved = after->move && after->move->train == train;
        if (commitment.path < 0 || (!line->commitments[train].listed && !moved)) continue;
        const struct path *path = line->paths[commitment.path];
        if (moved ? after->move->plain : commitment.plain) continue;
        if (path->plain) return false;
        for (int32_t node = commitment.node; node < path->node_count; node++)
            if (bindings->track(bindings->context, train, node) >= 0) return false;
    }
    return true;
}

static double longest_present(const struct after *after) {
    const struct interlocking *line = after->line;
    double longest = after->move ? line->paths[after->move->path]->end_length_m : 0;
    for (int32_t place = 0; place < line->layout->place_count; place++)
        for (int32_t train = line->place_first[place]; train >= 0; train = line->commitments[train].next) {
            double length = line->paths[line->commitments[train].path]->end_length_m;
            if (length > longest) longest = length;
        }
    return longest;
}

static bool proved_by_long_tracks(struct deadlock *deadlock, const struct after *after,
                                  const struct deadlock_bindings *bindings) {
    if (!only_lengths_matter(after, bindings)) return false;
    const struct layout *layout = after->line->layout;
    struct reduced reduced = {deadlock, after, longest_present(after)};
    int32_t blocked = 0;
    for (int32_t place = 0; place < layout->place_count; place++) {
        int32_t capacity = reduced_capacity(&reduced, place), count = count_after(after, place);
        deadlock->escaped[place] = (int8_t)(capacity >= 0 && count > 0 && count >= capacity);
        blocked += deadlock->escaped[place];
        /* where nobody is to stand, others go one after the other: it must be empty */
        if (capacity == 0 && count > 0) return false;
        /* with more trains than such tracks (some on shorter ones), one that leaves makes no room yet */
        if (capacity > 0 && count > capacity) return false;
    }
    for (bool changed = true; changed && blocked > 0;) {
        changed = false;
        for (int32_t place = 0; place < layout->place_count; place++) {
            if (!deadlock->escaped[place] || !any_train(after, place, goes_to_unblocked, &reduced)) continue;
            deadlock->escaped[place] = 0;
            blocked--;
            changed = true;
        }
    }
    return blocked == 0;
}

static void keep_order_of_trial(struct deadlock *deadlock) {
    struct order_move *order = deadlock->order;
    int32_t room = deadlock->order_room;
    deadlock->order = deadlock->trial;
    deadlock->order_room = deadlock->trial_room;
    deadlock->order_count = deadlock->trial_count;
    deadlock->order_next = 0;
    deadlock->trial = order;
    deadlock->trial_room = room;
    deadlock->trial_count = 0;
}

static bool is_next_in_order(const struct deadlock *deadlock, const struct deadlock_move *move) {
    if (deadlock->order_next >= deadlock->order_count) return false;
    const struct order_move *next = &deadlock->order[deadlock->order_next];
    return next->train == move->train && next->path == move->path && next->node == move->node &&
           (next->track == move->track || next->track < 0 || move->track < 0);
}

void deadlock_search_deeper(struct deadlock *deadlock, bool deeper) {
    deadlock->most_states = deeper ? DEADLOCK_DEEP_SEARCH_STATES : 0;
    /* the room for it is given back as soon as it is not needed */
    free(deadlock->visited);
    deadlock->visited = NULL;
    deadlock->visited_count = 0;
}

enum deadlock_verdict deadlock_test(struct deadlock *deadlock, const struct interlocking *line,
                                    const struct deadlock_move *move, const struct deadlock_bindings *bindings) {
    deadlock->closed_count = 0;
    const struct commitment *now = &line->commitments[move->train];
    bool counted = !move->entering && now->path >= 0 && now->listed;
    struct after after = {line, move, -1, -1};
    struct commitment then = {.path = move->path, .node = move->node, .onward_path = move->onward_path};
    if (counted) after.from = line->paths[now->path]->nodes[now->node].place;
    if (interlocking_next_place(line, &then) >= 0) after.to = line->paths[move->path]->nodes[move->node].place;
    deadlock->trial_count = 0;
    if (line->complex_count == 0 && move->plain) {
        if (after.to < 0 || after.from == after.to || !is_full(&after, after.to)) return DEADLOCK_SAFE;
        return escapes(deadlock, &after, after.to) ? DEADLOCK_SAFE : DEADLOCK_UNSAFE;
    }
    if (is_next_in_order(deadlock, move) || proved_by_long_tracks(deadlock, &after, bindings)) return DEADLOCK_SAFE;
    deadlock->trial_move = *move;
    return search(deadlock, line, move, bindings);
}

void deadlock_granted(struct deadlock *deadlock, const struct deadlock_move *move) {
    if (is_next_in_order(deadlock, move)) {
        deadlock->order_next++;
        deadlock->trial_count = 0;
    } else if (deadlock->trial_count > 0 && deadlock->trial_move.train == move->train &&
               deadlock->trial_move.path == move->path && deadlock->trial_move.node == move->node) {
        keep_order_of_trial(deadlock);
    } else {
        deadlock->order_count = deadlock->order_next = 0;
    }
}

enum deadlock_verdict deadlock_test_all(struct deadlock *deadlock, const struct interlocking *line,
                                        const struct deadlock_bindings *bindings) {
    deadlock->closed_count = 0;
    struct after after = {line, NULL, -1, -1};
    deadlock->order_count = deadlock->order_next = 0;
    if (line->complex_count > 0) {
        if (proved_by_long_tracks(deadlock, &after, bindings)) return DEADLOCK_SAFE;
        enum deadlock_verdict verdict = search(deadlock, line, NULL, bindings);
        if (verdict == DEADLOCK_SAFE) keep_order_of_trial(deadlock);
        return verdict;
    }
    for (int32_t place = 0; place < line->layout->place_count; place++)
        if (is_full(&after, place) && line->place_first[place] >= 0 && !escapes(deadlock, &after, place))
            return DEADLOCK_UNSAFE;
    return DEADLOCK_SAFE;
}
