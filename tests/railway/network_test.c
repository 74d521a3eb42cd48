#include "../engine/suite.h"

#include "railway/network.h"

#include <string.h>

static char *copy(const char *text) {
    char *result = malloc(strlen(text) + 1);
    ck_assert_ptr_nonnull(result);
    return strcpy(result, text);
}

/* Two stations, A with tracks 1 and 2, B with track 1; one section. All on the heap, as a scenario builds it. */
static struct network small_network(void) {
    struct network network = {.station_count = 2, .track_count = 3, .section_count = 1};
    network.stations = calloc(2, sizeof *network.stations);
    network.tracks = calloc(3, sizeof *network.tracks);
    network.sections = calloc(1, sizeof *network.sections);
    network.alignments = calloc(1, sizeof *network.alignments);
    network.possessions = calloc(1, sizeof *network.possessions);
    network.alignment_count = network.possession_count = 1;
    network.stations[0] = (struct station){.id = copy("A"), .name = copy("Alpha"), .first_track = 0, .track_count = 2};
    network.stations[1] = (struct station){.id = copy("B"), .name = copy("Beta"), .first_track = 2, .track_count = 1};
    network.tracks[0] = (struct track){.id = copy("1"), .station = 0};
    network.tracks[1] = (struct track){.id = copy("2"), .station = 0};
    network.tracks[2] = (struct track){.id = copy("1"), .station = 1};
    network.sections[0] = (struct section){.id = copy("A-B"), .from = 0, .to = 1};
    return network;
}

START_TEST(finds_by_id) {
    struct network network = small_network();
    ck_assert_int_eq(network_station(&network, "A"), 0);
    ck_assert_int_eq(network_station(&network, "B"), 1);
    ck_assert_int_eq(network_station(&network, "Beta"), -1); /* a name is not an id */
    ck_assert_int_eq(network_station(&network, "a"), -1);
    ck_assert_int_eq(network_station(&network, ""), -1);
    ck_assert_int_eq(network_section(&network, "A-B"), 0);
    ck_assert_int_eq(network_section(&network, "B-A"), -1);
    ck_assert_int_eq(network_track(&network, 0, "1"), 0);
    ck_assert_int_eq(network_track(&network, 0, "2"), 1);
    ck_assert_int_eq(network_track(&network, 1, "1"), 2);
    ck_assert_int_eq(network_track(&network, 1, "2"), -1); /* the other station's */
    network_free(&network);
}
END_TEST

START_TEST(free_leaves_it_empty) {
    struct network network = small_network();
    network_free(&network);
    ck_assert_int_eq(network.station_count, 0);
    ck_assert_ptr_null(network.stations);
    ck_assert_int_eq(network_station(&network, "A"), -1);
    network_free(&network);
    network_free(NULL);
}
END_TEST

START_TEST(weekdays) {
    static const struct {
        int32_t first;
        int64_t day;
        int32_t weekday;
    } rows[] = {{0, 0, 0},   {0, 6, 6},  {0, 7, 0},  {1, 0, 1},  {6, 1, 0},
                {3, 365, 4}, {0, -1, 6}, {6, -7, 6}, {2, -3, 6}, {0, INT64_C(7000000000000000001), 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_int_eq(weekday_of_day(rows[i].first, rows[i].day), rows[i].weekday);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {finds_by_id, free_leaves_it_empty, weekdays};
    return run_suite("network", tests, sizeof tests / sizeof *tests);
}
