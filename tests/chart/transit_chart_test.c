/* The chart of how long containers take, of runs that are simulated here. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chart_tests.h"
#include "results/scratch.h"
#include "simulated.h"
#include "written_chart.h"

static struct database *database;
static struct written_chart written;
static double rows[WRITTEN_ROWS][WRITTEN_COLUMNS];

static void set_up(void) {
    scratch_make();
}

/* Trains with room for 100 TEU every two hours both ways; `flows` are rows of flows.csv, or NULL. */
static void simulate(const char *detail, const char *flows) {
    char text[4096], path[SCRATCH_PATH];
    struct folder folder;
    folder_make(&folder);
    snprintf(text, sizeof text, "key,value\nname,Boxes\nschedule,day.csv\nhorizon_days,4\nwarmup_days,1\ndetail,%s\n",
             detail);
    folder_put(&folder, "scenario.csv", text);
    folder_put(&folder, "train_types.csv",
               "train_type,length_m,mass_t,max_speed_kmh,power_kw,tractive_effort_kn,brake_ms2,capacity_teu\n"
               "F,1000,4000,80,5000,300,0.3,100\n");
    snprintf(text, sizeof text,
             "flow,origin,destination,teu_per_day,arrivals,batch_teu,due_h,share_40ft,empties_return\n%s", flows);
    if (flows != NULL) folder_put(&folder, "flows.csv", text);
    database = simulate_folder(&folder, scratch_file("run.db", path));
}

static const char two_flows[] = "east,A,B,900,poisson,,1.75,0.5,yes\nwest,B,A,200,batch,150,48,0,no\n";

static void end_transit(void) {
    written_free(&written);
    database_close(database);
}

START_TEST(the_marks_are_the_quantiles_of_flow_use) {
    simulate("containers", two_flows);
    written_make(&written, "transit", database, &(struct chart_request){0});
    static const struct {
        const char *file, *sql;
        double percent;
    } marks[] = {{"median_1.dat", "SELECT p50_transit_h FROM flow_use WHERE flow = 'east'", 50},
                 {"median_2.dat", "SELECT p50_transit_h FROM flow_use WHERE flow = 'west'", 50},
                 {"most_1.dat", "SELECT p95_transit_h FROM flow_use WHERE flow = 'east'", 95},
                 {"most_2.dat", "SELECT p95_transit_h FROM flow_use WHERE flow = 'west'", 95}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        ck_assert_int_eq(written_rows(&written, marks[i].file, 2, rows), 1);
        ck_assert_double_eq_tol(rows[0][0], ask_real(database, marks[i].sql), 1e-5);
        ck_assert(rows[0][1] == marks[i].percent && rows[0][0] > 0);
    }
    ck_assert_int_eq(written.result.items, 2);
    assert_texts_lie_well(&written, 20);
    end_transit();
}
END_TEST

/* Curves climb to 100 %; the share in time is that of flow_use. */
START_TEST(a_curve_climbs_to_all_that_was_delivered) {
    char text[96];
    simulate("full", two_flows);
    written_make(&written, "transit", database, &(struct chart_request){.run_id = 1});
    const int count = written_rows(&written, "curve_1.dat", 2, rows);
    ck_assert_int_gt(count, 100);
    for (int i = 1; i < count; i++) ck_assert(rows[i][0] >= rows[i - 1][0] && rows[i][1] > rows[i - 1][1]);
    ck_assert(rows[0][1] == 0 && rows[count - 1][1] == 100);
    const double in_time = ask_real(database, "SELECT on_time_percent FROM v_flows WHERE flow = 'east'");
    ck_assert(in_time > 1 && in_time < 99);
    snprintf(text, sizeof text, "due in 1.75 h: %.1f %% by then", in_time);
    ck_assert_int_eq(written_says(&written, text), 1);
    snprintf(text, sizeof text, "%.0f delivered",
             ask_real(database, "SELECT containers_delivered FROM flow_use WHERE flow = 'west'"));
    ck_assert_int_eq(written_mentions(&written, text), 1);
    ck_assert_int_eq(written_says(&written, "due 1.75 h"), 1);
    ck_assert_int_eq(written_says(&written, "due 48 h"), 0); /* far beyond the plot */
    ck_assert_int_eq(written_rows(&written, "due.dat", 4, rows), 1);
    end_transit();
}
END_TEST

START_TEST(what_is_never_late_has_no_due_time) {
    simulate("containers", "east,A,B,900,regular,,,0.5,no\n");
    written_make(&written, "transit", database, &(struct chart_request){0});
    ck_assert_int_eq(written_mentions(&written, "due"), 0);
    ck_assert_int_eq(written_mentions(&written, "late"), 0);
    ck_assert_int_eq(written_rows(&written, "due.dat", 4, rows), 0);
    end_transit();
}
END_TEST

START_TEST(many_flows_have_room) {
    char flows[2048] = "";
    for (int i = 0; i < 9; i++)
        snprintf(flows + strlen(flows), sizeof flows - strlen(flows),
                 "f%d-with-a-name-that-does-not-fit-beside-the-plot-of-curves,A,B,%d,poisson,,%g,0.5,no\n", i, 50 + i,
                 3 + i / 4.0);
    simulate("containers", flows);
    written_make(&written, "transit", database, &(struct chart_request){0});
    ck_assert_int_eq(written.result.items, 7);
    ck_assert_int_eq(written.result.left_out, 2);
    assert_texts_lie_well(&written, 40);
    end_transit();
}
END_TEST

START_TEST(runs_without_the_rows_say_what_is_needed) {
    simulate("calls", two_flows);
    assert_chart_refused("transit", database, &(struct chart_request){0}, "run it again with --detail containers");
    assert_chart_refused("transit", database, &(struct chart_request){.run_id = 9}, "run 9");
    database_close(database);
    scratch_remove();
    scratch_make();
    simulate("full", NULL);
    assert_chart_refused("transit", database, &(struct chart_request){0}, "no flows.csv");
    database_close(database);
}
END_TEST

START_TEST(it_draws_without_a_word) {
    simulate("containers", two_flows);
    assert_draws_silently("transit", database, &(struct chart_request){0});
    database_close(database);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_marks_are_the_quantiles_of_flow_use,  a_curve_climbs_to_all_that_was_delivered,
                                  what_is_never_late_has_no_due_time,       many_flows_have_room,
                                  runs_without_the_rows_say_what_is_needed, it_draws_without_a_word};
    return run_suite_in_scratch("transit_chart", tests, sizeof tests / sizeof *tests, set_up);
}
