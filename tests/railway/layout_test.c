/* A network as trains use it: places, tracks and roads, from the rows of sections and stations. */
#include "../engine/suite.h"

#include <math.h>

#include "railway/layout.h"
#include "support/railway_builder.h"

/* A section of two stations, as it is written, and what becomes of each of its line tracks. */
struct section_case {
    int32_t tracks;
    double length_m, block_m;
    enum signalling signalling;
    int64_t headway_ms, purge_ms;
    int32_t most;
    bool possession;
    enum road_kind kind;
    int32_t blocks, place_tracks, capacity; /* of the place; place_tracks −1: the road is none */
};

enum { NO_HEADWAY = -1, NOT_A_PLACE = -1, UNLIMITED = -1 };

static const struct section_case CASES[] = {
    /* one track: whatever it is signalled with, a train runs it in one go */
    {1, 10000, 0, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 1, NOT_A_PLACE, 0},
    {1, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 4, NOT_A_PLACE, 0},
    {1, 9000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 3, NOT_A_PLACE, 0},
    {1, 300.3, 100.1, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 3, NOT_A_PLACE, 0}, /* but for rounding */
    {1, 9001, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 4, NOT_A_PLACE, 0},
    {1, 9000, 20000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 1, NOT_A_PLACE, 0},
    {1, 10000, 3000, SIGNALLING_FIXED, 300000, 0, 0, false, ROAD_WHOLE, 1, NOT_A_PLACE, 0}, /* headway: no blocks */
    {1, 10000, 3000, SIGNALLING_MOVING, 0, 0, 0, false, ROAD_WHOLE, 1, NOT_A_PLACE, 0},     /* nor points */
    {1, 12000, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 0, false, ROAD_WHOLE, 13, NOT_A_PLACE, 0},
    /* two tracks: from block to block */
    {2, 10000, 0, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_BLOCKS, 1, 1, 1},
    {2, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, false, ROAD_BLOCKS, 4, 4, 4},
    {2, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 2, false, ROAD_BLOCKS, 4, 4, 2},
    {2, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 9, false, ROAD_BLOCKS, 4, 4, 4},
    /* with a headway, or moving block: in a queue before the far station */
    {2, 10000, 3000, SIGNALLING_FIXED, 0, 0, 0, false, ROAD_LINE, 1, 0, UNLIMITED},
    {2, 10000, 0, SIGNALLING_FIXED, 300000, 0, 3, false, ROAD_LINE, 1, 3, 3},
    {2, 3000, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 0, false, ROAD_LINE, 9, 0, UNLIMITED},
    {2, 8000, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 0, false, ROAD_LINE, 9, 0, UNLIMITED},
    {2, 8001, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 2, false, ROAD_LINE, 10, 2, 2},
    {2, 256000, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 0, false, ROAD_LINE, 257, 0, UNLIMITED},
    {2, 900000, 0, SIGNALLING_MOVING, NO_HEADWAY, 0, 0, false, ROAD_LINE, 257, 0, UNLIMITED},
    /* in one go after all, where the moment of leaving must be known */
    {2, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 1, 0, false, ROAD_WHOLE, 4, NOT_A_PLACE, 0},
    {2, 10000, 3000, SIGNALLING_FIXED, NO_HEADWAY, 0, 0, true, ROAD_WHOLE, 4, NOT_A_PLACE, 0},
    {2, 10000, 0, SIGNALLING_FIXED, 300000, 0, 2, true, ROAD_WHOLE, 1, NOT_A_PLACE, 0},
};

static void add_possession(struct scenario *scenario, int32_t section) {
    scenario->network.possessions = calloc(1, sizeof *scenario->network.possessions);
    ck_assert_ptr_nonnull(scenario->network.possessions);
    scenario->network.possessions[0] = (struct possession){
        .section = section, .directions = DIRECTION_BOTH_BITS, .weekdays = 127, .from_ms = 0, .to_ms = 3600000};
    scenario->network.possession_count = 1;
}

/* A section before the one of the case, so that numbers are not all 0. */
static struct scenario *scenario_of(const struct section_case *of) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 0, 0);
    build_station(scenario, "B", 2, 0);
    build_station(scenario, "C", 0, 0);
    build_section(scenario, "AB", "A", "B", 5000);
    struct section *section = build_section(scenario, "BC", "B", "C", of->length_m);
    section->tracks = of->tracks;
    section->block_m = of->block_m;
    section->signalling = of->signalling;
    section->headway_ms = of->headway_ms;
    section->purge_ms = of->purge_ms;
    section->max_trains = of->most;
    if (of->possession) add_possession(scenario, 1);
    return scenario;
}

static void check_road(const struct section_case *of, const struct layout *layout, int32_t index) {
    const struct road *road = &layout->roads[index];
    ck_assert_int_eq(road->kind, of->kind);
    ck_assert_int_eq(road->section, 1);
    ck_assert_int_eq(road->block_count, of->blocks);
    if (of->place_tracks == NOT_A_PLACE) {
        ck_assert_int_eq(road->place, -1);
        return;
    }
    const struct place *place = &layout->places[road->place];
    ck_assert_int_eq(place->station, -1);
    ck_assert_int_eq(place->section, 1);
    ck_assert(place->one_way);
    ck_assert_int_eq(place->track_count, of->place_tracks);
    ck_assert_int_eq(place->capacity, of->capacity);
    for (int32_t i = 0; i < place->track_count; i++) {
        const struct layout_track *track = &layout->tracks[place->first_track + i];
        ck_assert_int_eq(track->place, road->place);
        ck_assert(isinf(track->length_m) && isinf(track->speed_ms));
    }
}

START_TEST(roads_of_a_section) {
    const struct section_case *of = &CASES[_i];
    struct scenario *scenario = scenario_of(of);
    struct layout *layout = layout_create(&scenario->network);
    ck_assert_ptr_nonnull(layout);
    ck_assert_int_eq(layout->road_count, 4);
    check_road(of, layout, 2);
    if (of->tracks == 2) check_road(of, layout, 3);
    const int32_t places = of->place_tracks == NOT_A_PLACE ? 0 : 2;
    ck_assert_int_eq(layout->place_count, 3 + places);
    ck_assert_int_eq(layout->track_count, 4 + (places ? 2 * of->place_tracks : 0));
    if (places) ck_assert_int_ne(layout->roads[2].place, layout->roads[3].place);
    ck_assert_int_eq(layout_road(layout, 0, BACKWARD), 0);
    ck_assert_int_eq(layout_road(layout, 1, FORWARD), 2);
    ck_assert_int_eq(layout_road(layout, 1, BACKWARD), of->tracks == 2 ? 3 : 2);
    layout_destroy(layout);
    build_free(scenario);
}
END_TEST

/* Stations keep their numbers and those of their tracks. */
START_TEST(stations_and_their_tracks) {
    struct scenario *scenario = build_scenario();
    build_station(scenario, "A", 0, 0);
    build_station(scenario, "B", 1, 700);
    build_track(scenario, 0);
    build_station(scenario, "C", 1, 900);
    scenario->network.tracks[2].speed_ms = 12;
    build_section(scenario, "AB", "A", "B", 5000)->tracks = 2;
    struct layout *layout = layout_create(&scenario->network);
    static const struct { int32_t first, tracks, capacity; } stations[] = {{0, 1, -1}, {1, 2, 2}, {3, 1, 1}};
    for (int32_t i = 0; i < 3; i++) {
        const struct place *place = &layout->places[i];
        ck_assert_int_eq(place->station, i);
        ck_assert_int_eq(place->section, -1);
        ck_assert_int_eq(place->first_track, stations[i].first);
        ck_assert_int_eq(place->track_count, stations[i].tracks);
        ck_assert_int_eq(place->capacity, stations[i].capacity);
        ck_assert(!place->one_way);
    }
    static const double lengths[] = {INFINITY, 700, INFINITY, 900};
    static const int32_t places[] = {0, 1, 1, 2};
    for (int32_t i = 0; i < 4; i++) {
        ck_assert_int_eq(layout->tracks[i].place, places[i]);
        ck_assert(layout->tracks[i].length_m == lengths[i]);
        ck_assert(i == 2 ? layout->tracks[i].speed_ms == 12 : isinf(layout->tracks[i].speed_ms));
    }
    layout_destroy(layout);
    layout_destroy(NULL);
    build_free(scenario);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("layout");
    TCase *cases = tcase_create("layout");
    tcase_add_loop_test(cases, roads_of_a_section, 0, (int)(sizeof CASES / sizeof *CASES));
    tcase_add_test(cases, stations_and_their_tracks);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
