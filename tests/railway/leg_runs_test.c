/* Random trains on random lines of several stations, leg by leg as the simulation runs them, against the integration in
 * fine steps: running time, energy, and when the head enters and the tail leaves every block. What a station, a block,
 * a place to stand and the limit at the end of a leg are is worked out here once more.
 *
 * BERING_TEST_LONG=1 makes ten times as many, BERING_TEST_SEED=n runs one. */
#include <math.h>
#include <stdio.h>

#include "../engine/suite.h"
#include "motion_line.h"
#include "motion_reference.h"
#include "railway/path.h"
#include "railway/run_cache.h"

/* Times are held to 0.1 %, and to the millisecond to which the runs are rounded; energy to 0.1 % of itself, but no
 * finer than that of a fiftieth of the greatest effort all the way: the reference's steps lose some where a train that
 * mostly brakes touches its traction. */
static const double share = 1e-3;
static const double rounding_s = 1e-3;
static const double step_s = 0.05;

enum { STATIONS = LINE_SECTIONS + 1, TRACKS = 3 * STATIONS, BLOCKS = 64 };

struct sample {
    struct line line;
    struct station stations[STATIONS];
    struct track tracks[TRACKS];
    struct train_type type;
    int32_t station_at[STATIONS]; /* by place on the way; so for all below */
    double entry_m[STATIONS], stop_m[STATIONS];
    bool stand[STATIONS], stops[STATIONS];
    int32_t track[STATIONS]; /* used */
};

struct accuracy {
    double duration, energy, mark;
    int legs, blocks, stalled;
};

/* ---- a line with stations ---- */

static void keep_greater(double *greatest, double value) {
    if (value > *greatest) *greatest = value;
}

static bool fits(const struct sample *sample, int32_t track) {
    return sample->tracks[track].length_m >= sample->type.length_m;
}

/* Zones of an even number of metres, so that the reference's tables are exact. A track at either end fits any train. */
static void random_station(struct sample *sample, struct numbers *numbers, int32_t index, bool end) {
    struct network *network = &sample->line.network;
    struct station *station = &sample->stations[index];
    *station =
        (struct station){.first_track = network->track_count, .track_count = (int32_t)numbers_whole(numbers, 1, 3)};
    for (int32_t i = 0; i < station->track_count; i++) {
        struct track *track = &sample->tracks[network->track_count++];
        *track =
            (struct track){.station = index, .length_m = 2 * numbers_whole(numbers, 100, 900), .speed_ms = INFINITY};
        if ((end && i == 0) || numbers_chance(numbers, 0.2)) track->length_m = INFINITY;
        if (numbers_chance(numbers, 0.4)) track->speed_ms = numbers_between(numbers, 6, 25);
    }
    network->station_count++;
}

static void place_station(struct sample *sample, int32_t at, double centre_m, bool end) {
    const struct station *station = &sample->stations[sample->station_at[at]];
    double zone_m = 0;
    int32_t fitting = 0;
    for (int32_t i = station->first_track; i < station->first_track + station->track_count; i++) {
        zone_m = fmax(zone_m, isinf(sample->tracks[i].length_m) ? sample->type.length_m : sample->tracks[i].length_m);
        fitting += fits(sample, i);
    }
    sample->entry_m[at] = centre_m - zone_m / 2;
    sample->stop_m[at] = centre_m + zone_m / 2;
    sample->stand[at] = end || (fitting > 0 && station->track_count > 1);
}

/* A track it fits, where it may stand; else any. */
static int32_t random_track(const struct sample *sample, struct numbers *numbers, int32_t at) {
    const struct station *station = &sample->stations[sample->station_at[at]];
    int32_t track;
    do track = station->first_track + (int32_t)numbers_whole(numbers, 0, station->track_count - 1);
    while (sample->stand[at] && !fits(sample, track));
    return track;
}

static void random_sections(struct sample *sample, struct numbers *numbers) {
    struct line *line = &sample->line;
    for (int32_t i = 0; i < line->route_length; i++) {
        struct section *section = &line->sections[i];
        section->headway_ms = -1;
        section->block_m = numbers_chance(numbers, 0.7) ? numbers_between(numbers, 400, 4000) : 0;
        if (line->route[i].direction == FORWARD) continue;
        section->from = i + 1;
        section->to = i;
    }
}

static void random_sample(struct sample *sample, uint64_t seed) {
    struct numbers numbers = {seed * 1000081};
    struct line *line = &sample->line;
    random_line(line, &numbers);
    random_sections(sample, &numbers);
    line->network.stations = sample->stations;
    line->network.tracks = sample->tracks;
    line->network.station_count = line->network.track_count = 0;
    sample->type = random_train(&numbers);
    sample->type.length_m = 2 * floor(sample->type.length_m / 2);
    double centre_m = 0;
    for (int32_t i = 0; i <= line->route_length; i++) {
        const bool end = i == 0 || i == line->route_length;
        if (i > 0) centre_m += line->sections[i - 1].length_m;
        sample->station_at[i] = i;
        random_station(sample, &numbers, i, end);
        place_station(sample, i, centre_m, end);
        sample->track[i] = random_track(sample, &numbers, i);
        sample->stops[i] =
            end ? i == 0 || numbers_chance(&numbers, 0.8) : sample->stand[i] && numbers_chance(&numbers, 0.4);
    }
}

/* ---- what a leg is, once more ---- */

/* A train that runs through may have to stop at the next station, over whichever turnouts it can get there. */
static double exit_limit(const struct sample *sample, int32_t at) {
    const double twice = 2 * sample->type.brake_ms2;
    const int32_t next = at + 1;
    if (next > sample->line.route_length) return 0;
    const struct station *station = &sample->stations[sample->station_at[next]];
    double square = twice * (sample->stop_m[next] - sample->stop_m[at]);
    for (int32_t i = station->first_track; i < station->first_track + station->track_count; i++) {
        const double limit = sample->tracks[i].speed_ms;
        if (!sample->stand[next] || fits(sample, i))
            square = fmin(square, limit * limit + twice * (sample->entry_m[next] - sample->stop_m[at]));
    }
    return sqrt(square);
}

static struct motion_request request_of(const struct sample *sample, int32_t leg, double entry_ms) {
    return (struct motion_request){.from_m = sample->stop_m[leg],
                                   .to_m = sample->stop_m[leg + 1],
                                   .entry_speed_ms = entry_ms,
                                   .stop = sample->stops[leg + 1],
                                   .start_limit_ms = sample->tracks[sample->track[leg]].speed_ms,
                                   .end_limit_ms = sample->tracks[sample->track[leg + 1]].speed_ms,
                                   .end_limit_from_m = sample->entry_m[leg + 1],
                                   .exit_limit_ms = sample->stops[leg + 1] ? 0 : exit_limit(sample, leg + 1)};
}

static int32_t blocks_of(const struct sample *sample, int32_t leg) {
    const struct section *section = &sample->line.sections[leg];
    return section->block_m > 0 ? (int32_t)ceil(section->length_m / section->block_m - 1e-9) : 1;
}

static double block_begins(const struct sample *sample, int32_t leg, int32_t block) {
    const double begin = sample->stop_m[leg], end = sample->entry_m[leg + 1];
    return begin + (end - begin) * block / blocks_of(sample, leg);
}

/* Where the head is when the tail is out of it. */
static double left_at(const struct sample *sample, const struct path_mark *mark) {
    const double end = mark->node >= 0 ? sample->stop_m[mark->node] : block_begins(sample, mark->leg, mark->block + 1);
    return end + sample->type.length_m;
}

/* ---- one leg by both ---- */

static void compare_time(uint64_t seed, int32_t leg, const char *what, int32_t ours_ms, double theirs_s,
                         struct accuracy *accuracy) {
    const double error = fabs(ours_ms / 1000.0 - theirs_s);
    if (theirs_s > 1) keep_greater(&accuracy->mark, error / theirs_s);
    ck_assert_msg(error <= share * theirs_s + rounding_s, "case %d, leg %d, %s: %.3f s, by fine steps %.4f", (int)seed,
                  leg, what, ours_ms / 1000.0, theirs_s);
}

/* The blocks entered in the leg, and what the tail leaves in it. */
static void compare_marks(uint64_t seed, const struct sample *sample, const struct path *path, int32_t leg,
                          const struct leg_run *run, const double *passed_s, struct accuracy *accuracy) {
    const struct path_leg *of = &path->legs[leg];
    for (int32_t block = 0; block < of->block_count; block++)
        compare_time(seed, leg, "head in", run->enter_ms[block], passed_s[block], accuracy);
    for (int32_t i = 0; i < of->mark_count; i++) {
        const struct path_mark *mark = &path->marks[of->first_mark + i];
        const double at = left_at(sample, mark);
        /* a train that leaves the railway at the end of the path leaves everything there */
        ck_assert_msg(at > sample->stop_m[leg] - 1e-6 &&
                          (leg + 1 == sample->line.route_length || at <= sample->stop_m[leg + 1] + 1e-5),
                      "case %d, leg %d: a tail at %g", (int)seed, leg, at);
        compare_time(seed, leg, "tail out", run->marks_ms[i], passed_s[of->block_count + i], accuracy);
    }
    accuracy->blocks += of->block_count;
}

static void compare_leg(uint64_t seed, const struct sample *sample, const struct path *path, int32_t leg,
                        const struct leg_run *run, const struct motion_request *request, struct accuracy *accuracy,
                        struct run_cache *cache) {
    double at[4 * BLOCKS], passed_s[4 * BLOCKS], wanted_s[4 * BLOCKS];
    const struct path_leg *of = &path->legs[leg];
    ck_assert_int_eq(of->block_count, blocks_of(sample, leg));
    ck_assert_int_lt(of->block_count + of->mark_count, 4 * BLOCKS);
    for (int32_t block = 0; block < of->block_count; block++) at[block] = block_begins(sample, leg, block);
    for (int32_t i = 0; i < of->mark_count; i++)
        at[of->block_count + i] = fmin(left_at(sample, &path->marks[of->first_mark + i]), request->to_m);
    const struct motion_marks marks = {of->block_count + of->mark_count, at, passed_s, wanted_s};
    const struct line *line = &sample->line;
    struct reference_result reference =
        reference_run(&line->network, &sample->type, line->route, line->route_length, request, &marks, step_s);
    if (reference.arrives && reference.least_speed_ms < 0.5) return; /* a hair's breadth from stalling */
    ck_assert_msg((run != NULL) == reference.arrives, "case %d, leg %d: arrives %d, by fine steps %d", (int)seed, leg,
                  run != NULL, reference.arrives);
    if (!run) {
        accuracy->stalled++;
        ck_assert_msg(fabs(run_cache_stalled(cache) - reference.stalled_at_m) < 5, "case %d, leg %d: stalls at %g, %g",
                      (int)seed, leg, run_cache_stalled(cache), reference.stalled_at_m);
        return;
    }
    if (fabs(reference.energy_j - run->energy_j) > share / 2 * reference.energy_j) /* it loses a step's work */
        reference =
            reference_run(&line->network, &sample->type, line->route, line->route_length, request, &marks, step_s / 16);
    compare_time(seed, leg, "running time", run->duration_ms, reference.duration_s, accuracy);
    compare_marks(seed, sample, path, leg, run, passed_s, accuracy);
    const double scale = 0.02 * sample->type.tractive_effort_n * (request->to_m - request->from_m);
    const double energy = fabs(run->energy_j - reference.energy_j) / fmax(reference.energy_j, scale);
    ck_assert_msg(energy <= share, "case %d, leg %d: %.8g J, by fine steps %.8g", (int)seed, leg, run->energy_j,
                  reference.energy_j);
    keep_greater(&accuracy->energy, energy);
    keep_greater(&accuracy->duration, fabs(run->duration_ms / 1000.0 / reference.duration_s - 1));
    accuracy->legs++;
}

/* ---- all legs of a train ---- */

static void check_sample(uint64_t seed, struct accuracy *accuracy) {
    static struct sample sample;
    random_sample(&sample, seed);
    const struct line *line = &sample.line;
    struct layout *layout = layout_create(&line->network);
    struct path *path = path_create(layout, &sample.type, 0, NULL, 0, line->route, line->route_length, false);
    const struct run_settings settings = {.sighting_m = 0};
    struct run_cache *cache = run_cache_create((const struct path *const *)&path, 1, &settings);
    double speed_ms = 0;
    int32_t tails = 0, blocks = 0;
    const struct leg_run *run = NULL;
    for (int32_t leg = 0; leg == 0 || (leg < line->route_length && run); leg++) {
        const struct motion_request request = request_of(&sample, leg, speed_ms);
        const double most =
            reference_entry_limit(&line->network, &sample.type, line->route, line->route_length, &request);
        ck_assert_msg(speed_ms <= most * (1 + 1e-6), "case %d, leg %d: enters at %g, allowed %g", (int)seed, leg,
                      speed_ms, most);
        run = run_cache_find(cache, 0, leg, speed_ms, request.stop, request.start_limit_ms, request.end_limit_ms);
        compare_leg(seed, &sample, path, leg, run, &request, accuracy, cache);
        if (run) speed_ms = run->exit_speed_ms;
        tails += path->legs[leg].mark_count;
        blocks += path->legs[leg].block_count;
    }
    if (run) ck_assert_int_eq(tails, blocks + line->route_length); /* every block and every track but the last */
    run_cache_destroy(cache);
    path_destroy(path);
    layout_destroy(layout);
}

START_TEST(legs_agree_with_fine_steps) {
    struct accuracy accuracy = {0};
    const char *one = getenv("BERING_TEST_SEED");
    const uint64_t cases = getenv("BERING_TEST_LONG") ? 4000 : 400;
    for (uint64_t seed = 1; seed <= cases && !one; seed++) check_sample(seed, &accuracy);
    if (!one) check_sample(1951, &accuracy); /* a stride as long as the error's estimate is blind to */
    if (one) check_sample(strtoull(one, NULL, 10), &accuracy);
    printf("legs by fine steps: %d with %d blocks, greatest differences %.2g of time, %.2g of energy, %.2g "
           "at a block; %d stalls alike\n",
           accuracy.legs, accuracy.blocks, accuracy.duration, accuracy.energy, accuracy.mark, accuracy.stalled);
    ck_assert(one || accuracy.legs >= (int)cases);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {legs_agree_with_fine_steps};
    return run_suite("legs", tests, sizeof tests / sizeof *tests);
}
