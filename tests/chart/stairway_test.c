/* The stairway of runs that are simulated here. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chart/stair_trains.h"
#include "chart_tests.h"
#include "results/scratch.h"
#include "simulated.h"
#include "written_chart.h"

static struct folder folder;
static struct failure failure;
static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];
static char database_file[SCRATCH_PATH];

/* A –30 km– M –20 km– B, in blocks of 10 and 5 km, run by physics; the second section counts from B. */
static void set_up(void) {
    scratch_make();
    scratch_file("run.db", database_file);
    folder_make(&folder);
    folder_put(&folder, "scenario.csv",
               "key,value\nname,Stairs\nschedule,day.csv\ndetail,blocks\nroute_setting_s,12\nreaction_s,8\n"
               "sighting_m,300\nhorizon_days,1\nwarmup_days,0\n");
    folder_put(&folder, "sections.csv",
               "section,from,to,length_km,block_km,release_s\nA-M,A,M,30,10,15\nB-M,B,M,20,5,15\n");
}

static void simulate(void) {
    database = simulate_folder(&folder, database_file);
}

/* Everything of the day, as the chart reads it. */
struct day {
    struct graph_run run;
    struct stair_line line;
    struct stair_trains trains;
};

static void read_day(struct day *day) {
    ck_assert_msg(graph_run_read_any(database, 1, &day->run, &failure) &&
                      stair_line_read(database, 1, &day->line, &failure) &&
                      stair_trains_read(database, &day->run, &day->line, 0, 86400000, &day->trains, &failure),
                  "%s", failure.text);
}

static void end_day(struct day *day) {
    stair_trains_free(&day->trains);
    stair_line_free(&day->line);
    graph_run_free(&day->run);
    database_close(database);
}

START_TEST(blocks_lie_between_turnouts_and_count_from_their_sections_start) {
    struct day day;
    double from, to;
    simulate();
    read_day(&day);
    ck_assert_int_eq(day.line.map.station_count, 3);
    ck_assert_double_eq_tol(day.line.zone_to_km[0], 0.5, 1e-9); /* no length: that of the train */
    ck_assert_double_eq_tol(day.line.zone_from_km[1], 30 - 0.6, 1e-9);
    ck_assert_double_eq_tol(day.line.zone_to_km[2], 50 + 0.75, 1e-9);
    stair_line_block(&day.line, 0, 2, &from, &to);
    ck_assert_double_eq_tol(from, 0.5 + (29.4 - 0.5) / 3, 1e-9);
    ck_assert_double_eq_tol(to, 0.5 + (29.4 - 0.5) * 2 / 3, 1e-9);
    stair_line_block(&day.line, 1, 1, &from, &to); /* B-M runs the other way: its first block is the last of the row */
    ck_assert_double_eq_tol(to, 50 - 0.75, 1e-9);
    ck_assert_double_eq_tol(to - from, (49.25 - 30.6) / 4, 1e-9);
    end_day(&day);
}
END_TEST

START_TEST(every_occupation_is_a_stair_in_its_order) {
    struct day day;
    simulate();
    read_day(&day);
    ck_assert_int_eq(day.trains.stair_count, ask_integer(database, "SELECT count(*) FROM occupations"));
    ck_assert_int_gt(day.trains.stair_count, 100);
    int64_t sums[3] = {0};
    for (int32_t index = 0; index < day.trains.stair_count; index++) {
        const struct stair *stair = &day.trains.stairs[index];
        ck_assert(!stair->whole);
        ck_assert_int_le(stair->wanted_ms, stair->enter_ms - 20000); /* route setting and reaction at least */
        ck_assert_int_le(stair->enter_ms, stair->out_ms);
        ck_assert_int_le(stair->out_ms, stair->clear_ms);
        ck_assert_int_le(stair->clear_ms, stair->release_ms);
        sums[0] += stair->enter_ms;
        sums[1] += stair->clear_ms;
        sums[2] += stair->release_ms;
    }
    const int64_t end = ask_integer(database, "SELECT end_ms FROM runs");
    static const char *const columns[] = {"enter_ms", "clear_ms", "release_ms"};
    for (int column = 0; column < 3; column++) {
        char sql[96];
        snprintf(sql, sizeof sql, "SELECT sum(coalesce(%s, %lld)) FROM occupations", columns[column], (long long)end);
        ck_assert_int_eq(sums[column], ask_integer(database, sql));
    }
    end_day(&day);
}
END_TEST

/* The least time that one train leaves between the last block release of the one before it and its own wish, over the
 * blocks that both run through. */
static int64_t least_gap(const struct stair_trains *trains, int32_t leader, int32_t follower) {
    int64_t least = INT64_MAX;
    for (int32_t one = 0; one < trains->stair_count; one++) {
        const struct stair *first = &trains->stairs[one];
        for (int32_t other = 0; first->train == leader && other < trains->stair_count; other++) {
            const struct stair *second = &trains->stairs[other];
            if (second->train != follower || second->section != first->section || second->from_km != first->from_km)
                continue;
            const int64_t gap = second->wanted_ms - first->release_ms;
            if (gap < least) least = gap;
        }
    }
    return least;
}

/* Trains of one direction that are always ready follow each other as closely as the interlocking lets them: their
 * stairs touch, and no more. What is drawn before the head is in is what the interlocking keeps free. */
START_TEST(stairs_of_trains_that_follow_closely_touch) {
    struct day day;
    folder_put(&folder, "day.csv", "service,train_type,origin,destination,arrivals\neast,F,A,B,saturated\n");
    folder_put(&folder, "tracks.csv", "station,track,count,length_m\nA,yard,*,\nM,loop,1,1200\nB,yard,*,1500\n");
    simulate();
    read_day(&day);
    ck_assert_int_gt(day.trains.trains.train_count, 60);
    int32_t pairs = 0;
    for (int32_t train = 10; train + 1 < 40; train++, pairs++) {
        const int64_t gap = least_gap(&day.trains, train, train + 1);
        ck_assert_msg(gap >= -8000 && gap <= 8000, "trains %d and %d: %lld ms", train, train + 1, (long long)gap);
    }
    ck_assert_int_gt(pairs, 20);
    end_day(&day);
}
END_TEST

START_TEST(a_start_from_rest_wants_its_block_when_it_starts) {
    struct day day;
    folder_put(&folder, "day.csv",
               "train,train_type,station,arrival,departure\nT,F,A,,01:00\nT,F,M,01:30,01:40\nT,F,B,02:10,\n");
    simulate();
    read_day(&day);
    int32_t found = 0;
    for (int32_t index = 0; index < day.trains.stair_count; index++) {
        const struct stair *stair = &day.trains.stairs[index];
        if (index > 0 && stair[-1].section == stair->section) continue;
        ck_assert_int_eq(stair->wanted_ms, stair->enter_ms - 20000);
        ck_assert_int_eq(stair->enter_ms, (found == 0 ? 60 : 100) * 60000);
        found++;
    }
    ck_assert_int_eq(found, 2);
    end_day(&day);
}
END_TEST

START_TEST(with_fixed_times_only_route_setting_and_reaction_come_before) {
    struct day day;
    folder_put(&folder, "running_times.csv", "section,train_type,run_s\nA-M,F,900\n");
    simulate();
    read_day(&day);
    for (int32_t index = 0; index < day.trains.stair_count; index++) {
        const struct stair *stair = &day.trains.stairs[index];
        if (stair->section != 0) continue;
        ck_assert_int_eq(stair->wanted_ms, stair->enter_ms - 20000);
        ck_assert_int_eq(stair->out_ms, stair->clear_ms); /* such a train has no length */
    }
    end_day(&day);
}
END_TEST

START_TEST(the_files_hold_the_parts_that_the_window_shows) {
    static const char *const files[] = {"before_down.dat", "running_down.dat", "after_down.dat"};
    const struct chart_request request = {.from = {TIME_MOMENT, 7200000}, .to = {TIME_MOMENT, 10800000}};
    struct day day;
    simulate();
    read_day(&day);
    written_make(&written, "stairway", database, &request);
    ck_assert_int_eq(written.result.from_ms, 7200000);
    ck_assert_int_eq(written.result.to_ms, 10800000);
    for (int part = 0; part < 3; part++) {
        int expected = 0;
        double hours = 0, drawn = 0;
        for (int32_t index = 0; index < day.trains.stair_count; index++) {
            const struct stair *stair = &day.trains.stairs[index];
            const int64_t times[] = {stair->wanted_ms, stair->enter_ms, stair->out_ms, stair->release_ms};
            const double from = fmax((double)times[part] / 3600000, 2), to = fmin((double)times[part + 1] / 3600000, 3);
            if (!day.trains.trains.trains[stair->train].downwards || to <= from) continue;
            expected++;
            hours += to - from;
        }
        const int count = written_rows(&written, files[part], 6, rows);
        for (int row = 0; row < count; row++) {
            ck_assert(rows[row][4] >= 2 - 1e-6 && rows[row][5] <= 3 + 1e-6);
            drawn += rows[row][5] - rows[row][4];
        }
        ck_assert_int_eq(count, expected);
        ck_assert_int_gt(count, 0);
        ck_assert_double_eq_tol(drawn, hours, 1e-4);
    }
    ck_assert_int_eq(written_rows(&written, "blocks.dat", 2, rows), 2 * (4 + 5));
    ck_assert_int_eq(written_rows(&written, "zones.dat", 6, rows), 3);
    ck_assert_int_eq(written_says(&written, "Middle"), 1);
    ck_assert_int_eq(written_says(&written, "to B"), 1);
    written_free(&written);
    end_day(&day);
}
END_TEST

START_TEST(without_blocks_trains_are_bands) {
    const struct chart_request request = {.from = {TIME_MOMENT, 0}, .to = {TIME_MOMENT, 36000000}};
    folder_put(&folder, "sections.csv",
               "section,from,to,length_km,signalling,headway_s\nA-M,A,M,30,moving,\nB-M,B,M,20,,300\n");
    simulate();
    written_make(&written, "stairway", database, &request);
    ck_assert_int_eq(written_rows(&written, "running_down.dat", 6, rows), 0);
    const int corners = written_rows(&written, "band_down.dat", 2, rows);
    ck_assert_int_gt(corners, 0);
    ck_assert_int_eq(corners % 5, 0);
    for (int band = 0; band < corners; band += 5) {
        ck_assert_double_eq(rows[band][0], rows[band + 4][0]); /* closed */
        ck_assert_double_gt(rows[band + 1][0], rows[band][0]); /* along the train's way, later at its end */
        ck_assert_double_gt(rows[band + 1][1], rows[band][1]);
        ck_assert_double_ge(rows[band + 2][1], rows[band + 1][1]);
    }
    written_free(&written);
    assert_draws_silently("stairway", database, &request);
    database_close(database);
}
END_TEST

START_TEST(texts_never_overlap_however_long_the_window) {
    static const int hours[] = {1, 3, 6, 12, 24, 48};
    folder_put(&folder, "day.csv",
               "service,train_type,origin,destination,interval_min\neast_of_everything,F,A,B,35\nwest,F,B,A,40\n");
    folder_put(&folder, "stations.csv",
               "station,name,kind\nA,\"The most northern, and by far the most eastern, yard of all\",terminal\n"
               "M,\"it's the \"\"middle\"\" {of} the_line, 50 % of it\",siding\nB,,terminal\n");
    folder_put(&folder, "scenario.csv",
               "key,value\nname,Stairs\nschedule,day.csv\ndetail,full\nhorizon_days,2\nwarmup_days,0\n");
    simulate();
    for (int window = 0; window < 6; window++) {
        const struct chart_request request = {.from = {TIME_MOMENT, 0}, .to = {TIME_MOMENT, hours[window] * 3600000}};
        written_make(&written, "stairway", database, &request);
        assert_texts_lie_well(&written, 15);
        ck_assert_int_eq(written_says(&written, "it's the \"middle\" {of} the_line, 50 % of it") +
                             written_mentions(&written, "it's the \"middle\" {of}"),
                         written_says(&written, "it's the \"middle\" {of} the_line, 50 % of it") + 1);
        ck_assert_int_ge(written_mentions(&written, "west."), window < 4 ? 1 : 0);
        written_free(&written);
    }
    database_close(database);
}
END_TEST

START_TEST(the_window_is_six_hours_and_every_format_is_drawn) {
    const struct chart_request request = {0};
    simulate();
    written_make(&written, "stairway", database, &request);
    ck_assert_int_eq(written.result.to_ms - written.result.from_ms, 6 * 3600000);
    ck_assert_int_gt(written.result.items, 2);
    written_free(&written);
    assert_draws_silently("stairway", database, &request);
    database_close(database);
}
END_TEST

/* A day on which nothing runs before 05:20. */
START_TEST(empty_hours_before_the_first_train_are_left_out) {
    enum { HOUR = 3600000 };
    static const struct {
        struct chart_request request;
        int64_t from_ms, to_ms;
    } cases[] = {{{0}, 5 * HOUR, 11 * HOUR},
                 {{.to = {TIME_CLOCK, 6 * HOUR}}, 5 * HOUR, 6 * HOUR},
                 {{.to = {TIME_CLOCK, 4 * HOUR}}, 0, 4 * HOUR},
                 {{.from = {TIME_CLOCK, 1 * HOUR}}, 1 * HOUR, 7 * HOUR}};
    folder_put(&folder, "day.csv",
               "train,train_type,station,arrival,departure\nT,F,A,,05:20\nT,F,M,05:50,06:00\nT,F,B,06:30,\n");
    simulate();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        written_make(&written, "stairway", database, &cases[i].request);
        ck_assert_int_eq(written.result.from_ms, cases[i].from_ms);
        ck_assert_int_eq(written.result.to_ms, cases[i].to_ms);
        written_free(&written);
    }
    database_close(database);
}
END_TEST

START_TEST(what_cannot_be_drawn_is_explained) {
    struct chart_request request = {.run_id = 3};
    folder_put(&folder, "scenario.csv",
               "key,value\nname,Stairs\nschedule,day.csv\ndetail,calls\nhorizon_days,1\nwarmup_days,0\n");
    simulate();
    assert_chart_refused("stairway", database, &request, "has no run 3");
    request.run_id = 0;
    assert_chart_refused("stairway", database, &request,
                         "run 1 does not keep who held which block (detail calls); a stairway needs it: run it again "
                         "with --detail blocks");
    request.from = (struct graph_time){TIME_MOMENT, INT64_C(400) * 3600000};
    assert_chart_refused("stairway", database, &request, "before --from");
    database_close(database);
}
END_TEST

START_TEST(input_files_that_were_changed_are_no_ground_for_blocks) {
    const struct chart_request request = {0};
    simulate();
    database_close(database);
    database = database_open(database_file, DATABASE_CHANGE, 1000, &failure);
    ck_assert(database_execute(database, "UPDATE inputs SET content = CAST('x' AS BLOB) WHERE path LIKE '%tracks.csv'",
                               &failure));
    assert_chart_refused("stairway", database, &request, "the blocks of run 1 cannot be told");
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {blocks_lie_between_turnouts_and_count_from_their_sections_start,
                                  every_occupation_is_a_stair_in_its_order,
                                  stairs_of_trains_that_follow_closely_touch,
                                  a_start_from_rest_wants_its_block_when_it_starts,
                                  with_fixed_times_only_route_setting_and_reaction_come_before,
                                  the_files_hold_the_parts_that_the_window_shows,
                                  without_blocks_trains_are_bands,
                                  texts_never_overlap_however_long_the_window,
                                  the_window_is_six_hours_and_every_format_is_drawn,
                                  empty_hours_before_the_first_train_are_left_out,
                                  what_cannot_be_drawn_is_explained,
                                  input_files_that_were_changed_are_no_ground_for_blocks};
    return run_suite_in_scratch("stairway", tests, sizeof tests / sizeof *tests, set_up);
}
