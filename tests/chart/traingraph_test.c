#include "chart/traingraph.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/label_layout.h"
#include "chart/line_map.h"
#include "chart/text_width.h"
#include "chart_tests.h"
#include "graph_fixture.h"
#include "results/scratch.h"

static struct failure failure;
static struct database *database;
static struct gnuplot *job;
static struct traingraph_result result;
static char *script;

static void set_up(void) {
    scratch_make();
    failure.text[0] = '\0';
}

static char *job_file(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", gnuplot_folder(job), name);
    return file_content(path);
}

/* Writes the graph of the hours from … to and keeps its script. */
static void write_graph(double from_h, double to_h) {
    const struct traingraph_request request = {.from = {TIME_MOMENT, llround(from_h * 3600000)},
                                               .to = {TIME_MOMENT, llround(to_h * 3600000)}};
    job = gnuplot_begin(&failure);
    ck_assert_msg(job != NULL, "%s", failure.text);
    ck_assert_msg(traingraph_write(database, &request, PICTURE_SVG, job, &result, &failure), "%s", failure.text);
    script = job_file(GNUPLOT_SCRIPT);
}

static void end_graph(void) {
    free(script);
    gnuplot_end(job);
}

/* ---- what the script says ---- */

/* The value of `name = …` or `name[i] = …`; it begins a line. */
static const char *script_value(const char *name, int place) {
    char wanted[64];
    if (place == 0)
        snprintf(wanted, sizeof wanted, "\n%s = ", name);
    else
        snprintf(wanted, sizeof wanted, "\n%s[%d] = ", name, place);
    const char *found = strstr(script, wanted);
    ck_assert_msg(found != NULL, "no %s in the script", wanted + 1);
    return found + strlen(wanted);
}

static double script_number(const char *name, int place) {
    return strtod(script_value(name, place), NULL);
}

static int script_count(const char *name) {
    char wanted[64];
    int count = -1;
    snprintf(wanted, sizeof wanted, "%s_COUNT", name);
    for (const char *here = script; (here = strstr(here, wanted)) != NULL; here++)
        if (here[-1] == '\n' && here[strlen(wanted)] == ' ') count = (int)strtol(here + strlen(wanted) + 3, NULL, 10);
    ck_assert_int_ge(count, 0);
    return count;
}

static void script_text(const char *name, int place, char *text, size_t size) {
    const char *from = script_value(name, place) + 1;
    size_t used = 0;
    for (; *from != '\n' && used + 1 < size; from++) {
        if (from[0] == '\'' && from[1] != '\'') break;
        if (from[0] == '\'') from++;
        text[used++] = *from;
    }
    text[used] = '\0';
}

static double x_of(double hours) {
    const double from = script_number("FROM_H", 0), to = script_number("TO_H", 0);
    const double left = script_number("LEFT", 0), right = script_number("RIGHT", 0);
    return left + (hours - from) / (to - from) * (right - left);
}

static double y_of(double km) {
    const double top_km = script_number("TOP_KM", 0), bottom_km = script_number("BOTTOM_KM", 0);
    const double top = script_number("TOP", 0), bottom = script_number("BOTTOM", 0);
    return top + (km - top_km) / (bottom_km - top_km) * (bottom - top);
}

/* ---- what the data files say ---- */

struct piece {
    double x1, y1, x2, y2; /* hours and kilometres */
    char train[64];
};
enum { MOST_PIECES = 4096 };

/* Every segment of a file of stops. */
static int read_stops(const char *name, struct piece *stops) {
    char *text = job_file(name);
    int count = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        double x, y, length, rise;
        if (sscanf(line, "%lf %lf %lf %lf", &x, &y, &length, &rise) != 4 || x < -1e5) continue;
        ck_assert_int_lt(count, MOST_PIECES);
        ck_assert_double_eq(rise, 0);
        stops[count++] = (struct piece){.x1 = x, .y1 = y, .x2 = x + length, .y2 = y};
    }
    free(text);
    return count;
}

/* Every segment of a file of lines. */
static int read_pieces(const char *name, struct piece *pieces) {
    char *text = job_file(name), train[64] = "";
    int count = 0;
    bool joined = false;
    double x = 0, y = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        double next_x, next_y;
        if (line[0] == '#') {
            snprintf(train, sizeof train, "%s", line + 2);
            joined = false;
            continue;
        }
        if (sscanf(line, "%lf %lf", &next_x, &next_y) != 2) continue;
        if (joined) {
            ck_assert_int_lt(count, MOST_PIECES);
            pieces[count] = (struct piece){.x1 = x, .y1 = y, .x2 = next_x, .y2 = next_y};
            memcpy(pieces[count++].train, train, sizeof train);
        }
        joined = next_x > -1e5;
        x = next_x;
        y = next_y;
    }
    free(text);
    return count;
}

static int read_all_stops(struct piece *stops) {
    const int down = read_stops("stops_down.dat", stops);
    return down + read_stops("stops_up.dat", stops + down);
}

static struct piece pieces[2 * MOST_PIECES];

/* ---- tests ---- */

static void make_line(int stations, double km, int trains, double every, double run, double stand) {
    database = fixture_open("A line");
    fixture_line(database, stations, km, NULL);
    for (int section = 0; section + 1 < stations; section++) {
        char id[16];
        snprintf(id, sizeof id, "X%d", section);
        fixture_use(database, id, 100 + 10 * section, 200 + section);
    }
    fixture_traffic(database, stations, trains, every, run, stand);
}

/* A segment in `count` pieces that covers a stop and can be seen. */
static bool is_drawn(int count, double from_h, double to_h, double km) {
    const double last = script_number("TO_H", 0), first = script_number("FROM_H", 0);
    for (int index = 0; index < count; index++) {
        const struct piece *piece = &pieces[index];
        const bool covers = piece->x1 <= fmax(from_h, first) + 1e-5 && piece->x2 >= fmin(to_h, last) - 1e-5;
        const bool there = piece->y1 == piece->y2 && fabs(y_of(piece->y1) - y_of(km)) <= 26;
        if (covers && there && x_of(piece->x2) - x_of(piece->x1) >= 2.9) return true;
    }
    return false;
}

START_TEST(every_stop_of_a_minute_can_be_seen) {
    static const double windows[][2] = {{0, 24}, {3, 5}, {0, 12}, {6.25, 7}};
    make_line(7, 16, 40, 30, 11, 1);
    for (int window = 0; window < 4; window++) {
        write_graph(windows[window][0], windows[window][1]);
        const int count = read_all_stops(pieces);
        sqlite3_stmt *calls =
            database_prepare(database,
                             "SELECT arrival_ms / 3.6e6, departure_ms / 3.6e6, substr(station, 2) * 16.0 FROM calls"
                             " WHERE departure_ms - arrival_ms >= 60000",
                             &failure);
        int stops = 0;
        while (sqlite3_step(calls) == SQLITE_ROW) {
            const double from = sqlite3_column_double(calls, 0), to = sqlite3_column_double(calls, 1);
            if (to <= windows[window][0] || from >= windows[window][1]) continue;
            ck_assert_msg(is_drawn(count, from, to, sqlite3_column_double(calls, 2)), "stop at %.3f h", from);
            stops++;
        }
        sqlite3_finalize(calls);
        ck_assert_int_eq(count, stops); /* and nothing else */
        ck_assert_int_gt(stops, 0);
        end_graph();
    }
    database_close(database);
}
END_TEST

START_TEST(trains_that_stand_together_are_drawn_apart) {
    static const struct fixture_call calls[] = {{"S0", NO_MINUTE, 10, 0}, {"S1", 20, 60, 0}, {"S2", 70, NO_MINUTE, 0}};
    static const struct fixture_call back[] = {{"S2", NO_MINUTE, 10, 0}, {"S1", 20, 60, 0}, {"S0", 70, NO_MINUTE, 0}};
    database = fixture_open("A meet of six");
    fixture_line(database, 3, 20, NULL);
    for (int train = 0; train < 6; train++) {
        char name[16];
        snprintf(name, sizeof name, "T%d@1", train);
        fixture_train(database, train + 1, name, NULL, train % 2 == 0 ? calls : back, 3);
    }
    fixture_sql(database, "COMMIT");
    write_graph(0, 2);
    const int count = read_all_stops(pieces);
    ck_assert_int_eq(count, 6);
    for (int one = 0; one < count; one++)
        for (int other = 0; other < one; other++)
            ck_assert_double_ge(fabs(y_of(pieces[one].y1) - y_of(pieces[other].y1)),
                                4); /* as thick as they are drawn */
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(waits_outside_and_trains_that_never_left_are_drawn) {
    static const struct fixture_call waited[] = {{"S0", NO_MINUTE, 90, 45}, {"S1", 110, NO_MINUTE, 0}};
    static const struct fixture_call stuck[] = {
        {"S1", NO_MINUTE, 600, 0}, {"S0", 620, NO_MINUTE, 0}, {"S2", NO_MINUTE, NO_MINUTE, 0}};
    static const struct fixture_call outside[] = {{"S0", NO_MINUTE, NO_MINUTE, 0}, {"S1", NO_MINUTE, NO_MINUTE, 0}};
    database = fixture_open("Waits");
    fixture_line(database, 3, 20, NULL);
    fixture_train(database, 1, "A@1", NULL, waited, 2);
    fixture_train(database, 2, "B@1", NULL, stuck, 3);
    fixture_train(database, 3, "C@1", NULL, outside, 2);
    fixture_sql(database, "COMMIT");
    write_graph(0, 24);
    const int count = read_all_stops(pieces);
    ck_assert_int_eq(count, 3);
    ck_assert(is_drawn(count, 45 / 60.0, 90 / 60.0, 0));
    ck_assert(is_drawn(count, 620 / 60.0, 24, 0));
    ck_assert(is_drawn(count, 0, 24, 0));
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(lines_go_from_departure_to_arrival_and_end_at_the_window) {
    make_line(4, 25, 2, 60, 15, 0);
    write_graph(0.25, 24);
    const int count = read_pieces("runs_down.dat", pieces);
    ck_assert_int_eq(count, 2);              /* the first section ends as the window begins */
    ck_assert_str_eq(pieces[0].train, "T1"); /* of the timetable: without the day */
    ck_assert_double_eq_tol(pieces[0].x1, 0.25, 1e-6);
    ck_assert_double_eq_tol(pieces[0].y1, 25, 1e-4);
    ck_assert_double_eq_tol(pieces[1].x2, 0.75, 1e-6);
    ck_assert_double_eq_tol(pieces[1].y2, 75, 1e-4);
    end_graph();
    write_graph(0.125, 0.375);
    ck_assert_int_eq(read_pieces("runs_down.dat", pieces), 2);
    ck_assert_double_eq_tol(pieces[0].y1, 12.5, 1e-3);
    ck_assert_double_eq_tol(pieces[1].y2, 37.5, 1e-3);
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(the_bars_are_section_use) {
    make_line(6, 20, 4, 60, 15, 0);
    write_graph(0, 24);
    ck_assert_int_eq(script_count("BAR_COLOUR"), 10);
    for (int section = 0; section < 5; section++) {
        char sql[128], text[32];
        double use[2];
        for (int way = 0; way < 2; way++) {
            snprintf(sql, sizeof sql, "SELECT utilisation FROM section_use WHERE section = 'X%d' AND direction = '%s'",
                     section, way == 0 ? "forward" : "backward");
            use[way] = ask_real(database, sql);
            const int bar = 2 * section + way + 1;
            ck_assert_double_eq_tol(script_number("BAR_TO", bar) - script_number("BAR_FROM", bar), use[way], 2e-6);
        }
        script_text("PERCENTS", section + 1, text, sizeof text);
        ck_assert_double_le(fabs(strtod(text, NULL) - 100 * (use[0] + use[1])), 0.5 + 1e-9);
    }
    end_graph();
    database_close(database);
}
END_TEST

/* Every figure stands in the middle of its own bar, and apart from the others; of low bars only some have one. */
START_TEST(figures_of_occupation_stand_beside_their_own_bars) {
    static const struct {
        int stations;
        double long_km; /* of the first section; the others have a kilometre */
        int least, most;
    } lines[] = {{12, 1, 11, 11}, {25, 1, 24, 24}, {25, 30, 1, 24}, {60, 1, 25, 30}, {60, 100, 1, 1}};
    for (size_t line = 0; line < sizeof lines / sizeof *lines; line++) {
        database = fixture_open("Dense line");
        fixture_line(database, lines[line].stations, 1, NULL);
        char sql[128];
        snprintf(sql, sizeof sql,
                 "INSERT INTO settings (run_id, key, value) VALUES (1, 'sections[X0].length_km', '%g')",
                 lines[line].long_km);
        fixture_sql(database, sql);
        for (int section = 0; section + 1 < lines[line].stations; section++) {
            char id[16];
            snprintf(id, sizeof id, "X%d", section);
            fixture_use(database, id, 100 + 10 * (section % 7), 300);
        }
        fixture_traffic(database, lines[line].stations, 4, 60, 5, 2);
        write_graph(0, 24);
        const int count = script_count("PERCENTS");
        ck_assert_msg(count >= lines[line].least && count <= lines[line].most, "%d figures", count);
        for (int figure = 1, bar = 1; figure <= count; figure++) {
            const double y = script_number("PERCENT_Y", figure);
            while (script_number("BAR_LOWER", bar) < y) bar += 2;
            const double upper = script_number("BAR_UPPER", bar), lower = script_number("BAR_LOWER", bar);
            ck_assert_double_eq_tol(y, (upper + lower) / 2, 1e-5);
            ck_assert_double_ge(lower - upper, 6);
            if (figure > 1) ck_assert_double_ge(y - script_number("PERCENT_Y", figure - 1), 12 - 1e-5);
        }
        end_graph();
        database_close(database);
        scratch_remove();
        scratch_make();
    }
}
END_TEST

START_TEST(each_track_of_two_has_its_own_bar) {
    make_line(3, 20, 4, 60, 15, 0);
    fixture_sql(database, "UPDATE section_use SET line_busy_ms = busy_ms, line_utilisation = utilisation");
    write_graph(0, 24);
    char text[32];
    script_text("PERCENTS", 1, text, sizeof text);
    ck_assert_str_eq(text, "7% 14%");
    ck_assert_double_eq(script_number("BAR_FROM", 2), 0);
    ck_assert_double_le(script_number("BAR_LOWER", 1), script_number("BAR_UPPER", 2));
    end_graph();
    database_close(database);
}
END_TEST

static void assert_column_apart(const char *texts, const char *heights, double size) {
    const int count = script_count(texts);
    ck_assert_int_gt(count, 1);
    for (int place = 2; place <= count; place++)
        ck_assert_double_ge(script_number(heights, place) - script_number(heights, place - 1), size * 1.2);
}

START_TEST(names_never_overlap_however_many_stations) {
    static const int stations[] = {2, 12, 35, 60};
    static const double km[] = {118, 2, 8, 2};
    for (int line = 0; line < 4; line++) {
        make_line(stations[line], km[line], 6, 60, 5, 2);
        write_graph(0, 24);
        assert_column_apart("NAMES", "NAME_Y", script_number("NAME_PX", 0));
        assert_column_apart("KMS", "KM_Y", script_number("KM_PX", 0));
        ck_assert_int_ge(script_count("NAMES"), stations[line] < 46 ? stations[line] : 46);
        const double bottom = script_number("NAME_Y", script_count("NAMES")) + script_number("NAME_PX", 0) / 2;
        ck_assert_double_lt(bottom, 760);
        end_graph();
        database_close(database);
        scratch_remove();
        scratch_make();
    }
}
END_TEST

START_TEST(two_stations_close_together_on_a_long_line) {
    database = fixture_open("Yard and portal");
    fixture_line(database, 4, 1, (const char *const[]){"Uelen yard", "Chukotka portal", "Alaska portal", "Wales yard"});
    fixture_sql(database, "INSERT INTO settings (run_id, key, value) VALUES (1, 'sections[X1].length_km', '112.65')");
    fixture_traffic(database, 4, 4, 60, 20, 2);
    write_graph(0, 24);
    assert_column_apart("NAMES", "NAME_Y", script_number("NAME_PX", 0));
    char text[32];
    script_text("KMS", 4, text, sizeof text);
    ck_assert_str_eq(text, "114.7"); /* with the length as the run changed it */
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(long_names_are_shortened_to_their_room) {
    static const char long_name[] = "The most northern and by far the most eastern yard of all the railways of Russia";
    database =
        fixture_open("A name that is so long that it would run into the legend at the right if nobody looked after it");
    fixture_line(database, 2, 50, (const char *const[]){long_name, "B"});
    fixture_traffic(database, 2, 2, 60, 20, 0);
    write_graph(0, 24);
    char text[512];
    script_text("NAMES", 1, text, sizeof text);
    ck_assert_double_le(text_width(text, script_number("NAME_PX", 0)), script_number("LEFT", 0) - 16);
    ck_assert_ptr_nonnull(strstr(text, "…"));
    script_text("TITLE", 0, text, sizeof text);
    ck_assert_double_le(script_number("LEFT", 0) + text_width_bold(text, script_number("TITLE_PX", 0)),
                        script_number("LEGEND_X", 1));
    script_text("LEGEND", 1, text, sizeof text);
    ck_assert_str_eq(text, "to B");
    end_graph();
    database_close(database);
}
END_TEST

static struct box number_box(const char *line) {
    double hours, km, angle;
    int place;
    char text[64];
    ck_assert_int_eq(sscanf(line, "%lf %lf %d %lf", &hours, &km, &place, &angle), 4);
    script_text("TRAINS", place, text, sizeof text);
    const double size = script_number("NUMBER_PX", 0);
    return (struct box){x_of(hours), y_of(km), text_width(text, size) / 2, size / 2, -angle * acos(0) / 90};
}

START_TEST(train_numbers_never_overlap) {
    static const double spans[] = {2, 6, 12, 24};
    make_line(7, 16, 140, 10, 9, 3);
    for (int span = 0; span < 4; span++) {
        static struct box boxes[MOST_PIECES];
        int count = 0;
        write_graph(0, spans[span]);
        for (int file = 0; file < 2; file++) {
            char *text = job_file(file == 0 ? "numbers_down.dat" : "numbers_up.dat");
            for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
                if (strncmp(line, "-1e6", 4) != 0) boxes[count++] = number_box(line);
            free(text);
        }
        ck_assert_int_eq(count, script_count("TRAINS"));
        ck_assert_int_gt(count, 5);
        for (int one = 0; one < count; one++)
            for (int other = 0; other < one; other++) ck_assert(!boxes_overlap(&boxes[one], &boxes[other]));
        end_graph();
    }
    database_close(database);
}
END_TEST

START_TEST(a_network_shows_its_busiest_line) {
    static const struct fixture_call main_line[] = {
        {"S0", NO_MINUTE, 0, 0}, {"S1", 20, 20, 0}, {"S2", 40, NO_MINUTE, 0}};
    static const struct fixture_call branch[] = {
        {"S0", NO_MINUTE, 60, 0}, {"S1", 80, 85, 0}, {"S3", 100, NO_MINUTE, 0}};
    static const struct fixture_call shuttle[] = {{"S1", NO_MINUTE, 200, 0}, {"S0", 220, NO_MINUTE, 0}};
    database = fixture_open("A network");
    fixture_input(database, "stations.csv",
                  "station,kind\nS0,terminal\nS1,junction\nS2,terminal\nS3,terminal\n"
                  "S9,siding,\n");
    fixture_input(database, "sections.csv",
                  "section,from,to,length_km,option\nX,S0,S1,20,\nY,S2,S1,20,\nZ,S1,S3,20,\nX,S0,S1,99,never\n");
    for (int train = 1; train <= 5; train++)
        fixture_train(database, train, "M", "M",
                      train < 4   ? main_line
                      : train < 5 ? branch
                                  : shuttle,
                      train < 5 ? 3 : 2);
    for (int train = 6; train < 20; train++) fixture_train(database, train, "K", "K", shuttle, 2);
    fixture_sql(database, "COMMIT");
    struct line_map map;
    ck_assert_msg(line_map_read(database, 1, &map, &failure), "%s", failure.text);
    ck_assert_int_eq(map.station_count, 3);
    ck_assert_str_eq(map.stations[0].id, "S0");
    ck_assert_str_eq(map.stations[2].id, "S2");
    ck_assert_double_eq(map.stations[2].km, 40);
    ck_assert(map.sections[0].downwards && !map.sections[1].downwards);
    ck_assert_int_eq(line_map_station(&map, "S3"), -1);
    line_map_free(&map);
    write_graph(0, 24);
    ck_assert_int_eq(result.trains, 19);
    ck_assert_int_eq(read_pieces("runs_down.dat", pieces),
                     3 * 2 + 1); /* of the branch's train only what is on the line */
    char text[512];
    script_text("SUBTITLE", 0, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "S0 – S2, 3 of the network's 4 stations"));
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(closures_are_bands) {
    make_line(3, 20, 2, 60, 15, 0);
    write_graph(0, 24);
    char *text = job_file("closures.dat");
    double x, y, left, right, upper, lower;
    ck_assert_int_eq(sscanf(strstr(text, "\n\n") + 2, "%lf %lf %lf %lf %lf %lf", &x, &y, &left, &right, &upper, &lower),
                     6);
    ck_assert_double_eq_tol(left, 1, 1e-5);
    ck_assert_double_eq_tol(right, 2, 1e-5);
    ck_assert_double_eq_tol(lower - upper, 20, 1e-4);
    free(text);
    ck_assert_int_eq(script_count("LEGEND"), 4);
    end_graph();
    write_graph(3, 24);
    ck_assert_int_eq(script_count("LEGEND"), 3);
    end_graph();
    database_close(database);
}
END_TEST

START_TEST(hostile_names_come_through) {
    static const char *const names[] = {"a_b^{c}@d&e~f\\n", "it's \"q\" `id` $(id)", "%d 50%; <b> éß東"};
    if (!gnuplot_is_there()) return;
    database = fixture_open("T_i^t{l}e @x & 'y' \"z\" %s \\ <i>");
    fixture_line(database, 3, 40, names);
    fixture_traffic(database, 3, 6, 60, 25, 5);
    fixture_sql(database, "UPDATE runs SET variant = 'v''_x'");
    char path[SCRATCH_PATH];
    const struct traingraph_request request = {0};
    ck_assert_msg(traingraph_draw(database, &request, scratch_file("x.svg", path), &result, &failure), "%s",
                  failure.text);
    for (int name = 0; name < 3; name++) ck_assert_int_eq(svg_texts_equal(path, names[name]), 1);
    ck_assert_int_eq(svg_texts_equal(path, "T_i^t{l}e @x & 'y' \"z\" %s \\ <i>"), 1);
    ck_assert_int_eq(svg_texts_equal(path, "to a_b^{c}@d&e~f\\n"), 1);
    ck_assert_int_eq(svg_texts_equal(path, "T1"), 1);
    database_close(database);
}
END_TEST

START_TEST(draws_every_format_without_a_word_from_gnuplot) {
    static const char *const names[] = {"a.svg", "a.png", "a.pdf"};
    if (!gnuplot_is_there()) return;
    make_line(5, 30, 20, 60, 20, 4);
    for (int name = 0; name < 3; name++) {
        const struct traingraph_request request = {0};
        char path[SCRATCH_PATH];
        job = gnuplot_begin(&failure);
        ck_assert(traingraph_write(database, &request, (enum picture_format)name, job, &result, &failure));
        ck_assert_msg(gnuplot_draw(job, scratch_file(names[name], path), &failure), "%s", failure.text);
        ck_assert_str_eq(gnuplot_messages(job), "");
        gnuplot_end(job);
    }
    database_close(database);
}
END_TEST

static void assert_refused(const char *because) {
    const struct traingraph_request request = {0};
    char path[SCRATCH_PATH];
    ck_assert(!traingraph_draw(database, &request, scratch_file("a.svg", path), &result, &failure));
    ck_assert_msg(strstr(failure.text, because) != NULL, "%s", failure.text);
}

START_TEST(what_cannot_be_drawn_is_explained) {
    make_line(3, 20, 2, 60, 15, 0);
    fixture_sql(database, "UPDATE runs SET status = 'running'");
    assert_refused("has no finished run");
    fixture_sql(database, "UPDATE runs SET status = 'complete'; DELETE FROM calls; UPDATE runs SET detail = 'trains'");
    assert_refused("run it again with --detail calls");
    fixture_sql(database, "UPDATE runs SET detail = 'calls'");
    assert_refused("has no trains to draw");
    const struct traingraph_request missing = {.run_id = 7};
    ck_assert(!traingraph_draw(database, &missing, "a.svg", &result, &failure));
    ck_assert_ptr_nonnull(strstr(failure.text, "has no run 7"));
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {every_stop_of_a_minute_can_be_seen,
                                  trains_that_stand_together_are_drawn_apart,
                                  waits_outside_and_trains_that_never_left_are_drawn,
                                  lines_go_from_departure_to_arrival_and_end_at_the_window,
                                  the_bars_are_section_use,
                                  figures_of_occupation_stand_beside_their_own_bars,
                                  each_track_of_two_has_its_own_bar,
                                  names_never_overlap_however_many_stations,
                                  two_stations_close_together_on_a_long_line,
                                  long_names_are_shortened_to_their_room,
                                  train_numbers_never_overlap,
                                  a_network_shows_its_busiest_line,
                                  closures_are_bands,
                                  hostile_names_come_through,
                                  draws_every_format_without_a_word_from_gnuplot,
                                  what_cannot_be_drawn_is_explained};
    return run_suite_in_scratch("traingraph", tests, sizeof tests / sizeof *tests, set_up);
}
