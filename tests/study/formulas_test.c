/* The formulas against the worked examples they were published with, their limits, and what cannot be. */
#include "study/formulas.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "../engine/suite.h"

static void near(double value, double expected) {
    ck_assert_msg(fabs(value - expected) <= 1e-9 * fmax(1, fabs(expected)), "%.12g, expected %.12g", value, expected);
}

/* V1: the limiting section of the worked example. */
static const struct paired_section LIMITING = {24, 25, 2, 1, 4, 1};

START_TEST(the_worked_example) {
    near(paired_period_min(&LIMITING, SCHEME_BOTH_STOP), 58);
    near(paired_period_min(&LIMITING, SCHEME_RUN_OUT), 55);
    near(paired_period_min(&LIMITING, SCHEME_THERE_RUNS), 57);
    near(paired_period_min(&LIMITING, SCHEME_BACK_RUNS), 57);
    enum crossing_scheme best;
    double period = least_paired_period_min(&LIMITING, &best);
    near(period, 55);
    ck_assert_int_eq(best, SCHEME_RUN_OUT);
    near(floor(pairs_per_day(period, 0, 1, 1)), 26);
    near(floor(pairs_per_day(period, 60, 0.9, 1)), 22);
}
END_TEST

/* Of its seven sections the one named is the one that limits, whatever the scheme. */
START_TEST(the_worked_example_is_limited_where_it_says) {
    static const double RUNS[7][2] = {{18, 19}, {20, 19}, {19, 21}, {24, 25}, {20, 18}, {21, 20}, {19, 17}};
    for (int i = 0; i < 7; i++) {
        const struct paired_section section = {RUNS[i][0], RUNS[i][1], 2, 1, 4, 1};
        double period = least_paired_period_min(&section, NULL);
        near(period, RUNS[i][0] + RUNS[i][1] + 6);
        ck_assert_msg(i == 3 || period < 55, "section %d takes %.0f min", i + 1, period);
    }
}
END_TEST

START_TEST(what_the_worked_example_leaves_for_freight) {
    static const double PAIRS[] = {1, 1, 1, 1}, REMOVAL[] = {1.2, 1, 1.2, 1.6};
    near(freight_pairs_per_day(22, PAIRS, REMOVAL, 4), 17);
    near(required_pairs_per_day(13 + 1.2 + 1 + 1.2 + 1.6, 0.87), 18 / 0.87);
    near(floor(required_pairs_per_day(18, 0.87)), 20);
    near(freight_pairs_per_day(4, PAIRS, REMOVAL, 4), 0);
    near(freight_pairs_per_day(4, NULL, NULL, 0), 4);
}
END_TEST

/* V2. */
START_TEST(published_figures) {
    near(scott_trains_per_day(20, 100, 0.75), 9);
    near(scott_trains_per_day(10, 2, 0.9), 108);
    near(double_track_trains_per_day(16 + 4, 120, 0.95), 62.7);
}
END_TEST

/* V7: 25 minutes each way, a crossing of 2.5 to 4 minutes at each end. V10: nine loops, and twenty, on 861 km. */
START_TEST(lines_known_for_what_they_carry) {
    const struct paired_section quick = {25, 25, 0, 0, 4, 2.5}, slow = {25, 25, 0, 0, 4, 4};
    near(pairs_per_day(least_paired_period_min(&quick, NULL), 0, 1, 1), 1440.0 / 55);
    near(pairs_per_day(least_paired_period_min(&slow, NULL), 0, 1, 1), 1440.0 / 58);
    double run = 861.0 / 10, denser = 861.0 / 21;
    ck_assert(7 * pairs_per_day(2 * run + 20, 0, 1, 1) > 27);
    ck_assert(7 * pairs_per_day(2 * denser + 20, 0, 1, 1) > 35);
}
END_TEST

/* V8: with a second bore the limit moves from the tunnel to its neighbours. */
START_TEST(a_second_bore_moves_the_limit) {
    near(double_track_trains_per_day(10, 0, 1), 144);
    double neighbours = pairs_per_day(36.5, 60, 0.9, 1);
    ck_assert_msg(fabs(neighbours - 34) < 0.1, "%.2f pairs", neighbours);
}
END_TEST

/* V14: the strait, 100 km/h, interval 4 min, headway 5 min. */
START_TEST(the_strait) {
    static const struct {
        struct serial_section sections[3];
        int32_t count, limiting;
        double carried[2]; /* n = 1, n = 4 */
    } LINES[] = {
        {{{66, 66}}, 1, 0, {20.6, 67.8}},
        {{{30, 30}, {36, 36}}, 2, 1, {36.0, 104.7}},
        {{{27, 27}, {4.2, 4.2}, {34.8, 34.8}}, 3, 2, {37.1, 107.1}},
        {{{22.2, 22.2}, {22.2, 22.2}, {21.6, 21.6}}, 3, 0, {55.0, 139.8}},
    };
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++)
        for (int k = 0; k < 2; k++) {
            int32_t limiting;
            double carried =
                serial_trains_per_day(LINES[i].sections, LINES[i].count, k == 0 ? 1 : 4, 5, 4, 1, &limiting);
            ck_assert_msg(fabs(carried - LINES[i].carried[k]) <= 0.05, "line %d: %.3f", (int)i, carried);
            ck_assert_int_eq(limiting, LINES[i].limiting);
        }
}
END_TEST

START_TEST(one_formula_is_the_other) {
    double period = packet_period_min(24, 25, 6, 1, 8, 9);
    near(period, 55);
    near(partly_packeted_pairs_per_day(1380, 55, 0, 8, 9), pairs_per_day(55, 60, 1, 1));
    near(partly_packeted_pairs_per_day(1380, 55, 1, 8, 9),
         pairs_per_day(packet_period_min(24, 25, 6, 2, 8, 9), 60, 1, 2));
    near(fleet_trains_per_day(24, 25, 3, 8, 2, 0.9),
         2 * pairs_per_day(packet_period_min(24, 25, 4, 3, 8, 8), 144, 1, 3));
    near(fleet_trains_per_day(24, 25, 1, 8, 2, 1), 2 * pairs_per_day(24 + 25 + 4, 0, 1, 1));
    near(MINUTES_PER_DAY / (fleet_turn_min(24, 3, 8, 2) + fleet_turn_min(25, 3, 8, 2)) * 6,
         fleet_trains_per_day(24, 25, 3, 8, 2, 1));
    near(trains_per_day_at_ceiling(26, 26 * 27.5, 1), fleet_trains_per_day(24, 25, 1, 8, 3, 1));
}
END_TEST

START_TEST(fleets_without_end) {
    near(fleet_trains_per_day(24, 25, INFINITY, 8, 2, 0.9), 1440 * 0.9 / 8);
    double before = 0;
    for (double fleet = 1; fleet < 1e7; fleet *= 4) {
        double carried = fleet_trains_per_day(24, 25, fleet, 8, 2, 0.9);
        ck_assert(carried > before && carried < 1440 * 0.9 / 8);
        before = carried;
    }
    near(before / (1440 * 0.9 / 8), fleet_trains_per_day(24, 25, 4194304, 8, 2, 0.9) / 162);
    ck_assert(before > 0.999999 * 162);
    ck_assert(isinf(fleet_trains_per_day(24, 25, INFINITY, 0, 2, 0.9)));
}
END_TEST

START_TEST(queues_and_gates) {
    near(queue_wait_min(28.8, 25), 12.5);
    near(queue_wait_min(40.32, 25), 175.0 / 6);
    near(queue_wait_min(46.08, 25), 50);
    near(queue_wait_min(0, 25), 0);
    ck_assert(isinf(queue_wait_min(57.6, 25)) && isinf(queue_wait_min(80, 25)));
    near(gate_wait_min(30, 15), 3.75); /* V15: swaps each 30 min, windows of 15 */
    near(gate_wait_min(30, 30), 0);
    near(gate_wait_min(30, 0), 15);
    near(meets(48, 60, 90), 5);
}
END_TEST

START_TEST(recommended_ceilings) {
    near(occupancy_ceiling(TRAFFIC_SUBURBAN, OCCUPANCY_PEAK_HOUR), 0.85);
    near(occupancy_ceiling(TRAFFIC_SUBURBAN, OCCUPANCY_DAY), 0.70);
    near(occupancy_ceiling(TRAFFIC_HIGH_SPEED, OCCUPANCY_PEAK_HOUR), 0.75);
    near(occupancy_ceiling(TRAFFIC_HIGH_SPEED, OCCUPANCY_DAY), 0.60);
    near(occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_PEAK_HOUR), 0.75);
    near(occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_DAY), 0.60);
    ck_assert(isnan(occupancy_ceiling(TRAFFIC_KIND_COUNT, OCCUPANCY_DAY)));
    ck_assert(isnan(occupancy_ceiling(TRAFFIC_MIXED, OCCUPANCY_PERIOD_COUNT)));
    near(trains_per_day_at_ceiling(26, 780, 0.6), 26 * 864.0 / 780);
}
END_TEST

START_TEST(nothing_takes_no_time) {
    near(scott_trains_per_day(20, 0, 0), 0);
    near(pairs_per_day(0, 1440, 1, 1), 0);
    ck_assert(isinf(pairs_per_day(0, 0, 1, 1)));
    near(fleet_trains_per_day(24, 25, 2, 8, 2, 0), 0);
}
END_TEST

START_TEST(what_cannot_be_is_no_number) {
    const struct paired_section wrong = {24, 25, -2, 1, 4, 1}, unknown = {24, NAN, 2, 1, 4, 1};
    ck_assert(isnan(scott_trains_per_day(-1, 2, 0.7)) && isnan(scott_trains_per_day(20, 2, 1.1)));
    ck_assert(isnan(crossing_lost_min(&wrong, CROSSING_BOTH_STOP)));
    ck_assert(isnan(paired_period_min(&unknown, SCHEME_RUN_OUT)) && isnan(least_paired_period_min(&unknown, NULL)));
    ck_assert(isnan(paired_period_min(&LIMITING, CROSSING_SCHEME_COUNT)));
    ck_assert(isnan(pairs_per_day(55, 1441, 1, 1)) && isnan(pairs_per_day(55, 0, -0.1, 1)));
    ck_assert(isnan(packet_period_min(24, 25, 6, 0.5, 8, 9)) && isnan(packet_period_min(24, 25, 6, INFINITY, 8, 9)));
    ck_assert(isnan(partly_packeted_pairs_per_day(1440, 55, 1.5, 8, 9)));
    ck_assert(isnan(fleet_turn_min(24, 0, 8, 2)) && isnan(fleet_turn_min(INFINITY, 1, 8, 2)));
    ck_assert(isnan(fleet_trains_per_day(24, 25, NAN, 8, 2, 1)) && isnan(fleet_trains_per_day(24, 25, 1, 8, 2, 2)));
    int32_t limiting = 7;
    ck_assert(isnan(serial_trains_per_day(NULL, 0, 1, 5, 4, 1, &limiting)));
    ck_assert_int_eq(limiting, -1);
    const struct serial_section sections[] = {{24, 25}, {24, -25}};
    ck_assert(isnan(serial_trains_per_day(sections, 2, 1, 5, 4, 1, NULL)));
    ck_assert(isnan(freight_pairs_per_day(22, (double[]){1}, (double[]){-1}, 1)));
    ck_assert(isnan(required_pairs_per_day(18, 1.2)) && isnan(required_pairs_per_day(-1, 0.9)));
    ck_assert(isnan(meets(-1, 60, 60)) && isnan(queue_wait_min(10, -1)) && isnan(queue_wait_min(NAN, 1)));
    ck_assert(isnan(gate_wait_min(0, 0)) && isnan(gate_wait_min(30, 31)) && isnan(gate_wait_min(30, -1)));
    ck_assert(isnan(trains_per_day_at_ceiling(26, -1, 0.6)) && isnan(trains_per_day_at_ceiling(26, 780, 6)));
}
END_TEST

/* Every formula by its arguments, one after the other, and what each of them is: t a time, d part of a day, s a share,
 * c a count, f trains from one on, g the same and not without end. */
static double of_section(const double *a) {
    return crossing_lost_min(&(struct paired_section){a[0], a[1], a[2], a[3], a[4], a[5]}, CROSSING_BOTH_STOP);
}
static double of_scott(const double *a) {
    return scott_trains_per_day(a[0], a[1], a[2]);
}
static double of_pairs(const double *a) {
    return pairs_per_day(a[0], a[1], a[2], a[3]);
}
static double of_packet(const double *a) {
    return packet_period_min(a[0], a[1], a[2], a[3], a[4], a[5]);
}
static double of_partly_packeted(const double *a) {
    return partly_packeted_pairs_per_day(a[0], a[1], a[2], a[3], a[4]);
}
static double of_fleet(const double *a) {
    return fleet_trains_per_day(a[0], a[1], a[2], a[3], a[4], a[5]);
}
static double of_serial(const double *a) {
    return serial_trains_per_day(&(struct serial_section){a[0], a[1]}, 1, a[2], a[3], a[4], a[5], NULL);
}
static double of_freight(const double *a) {
    return freight_pairs_per_day(a[0], &a[1], &a[2], 1);
}
static double of_required(const double *a) {
    return required_pairs_per_day(a[0], a[1]);
}
static double of_double_track(const double *a) {
    return double_track_trains_per_day(a[0], a[1], a[2]);
}
static double of_meets(const double *a) {
    return meets(a[0], a[1], a[2]);
}
static double of_queue(const double *a) {
    return queue_wait_min(a[0], a[1]);
}
static double of_ceiling(const double *a) {
    return trains_per_day_at_ceiling(a[0], a[1], a[2]);
}

static const struct {
    const char *name, *kinds;
    double (*of)(const double *arguments);
    double sound[6];
} formulas[] = {
    {"crossing_lost_min", "tttttt", of_section, {24, 25, 2, 1, 4, 1}},
    {"scott_trains_per_day", "tts", of_scott, {20, 2, 0.7}},
    {"pairs_per_day", "tdsc", of_pairs, {55, 120, 0.9, 1}},
    {"packet_period_min", "tttgtt", of_packet, {24, 25, 6, 2, 8, 9}},
    {"partly_packeted_pairs_per_day", "dtstt", of_partly_packeted, {1400, 55, 0.3, 8, 9}},
    {"fleet_trains_per_day", "ttftts", of_fleet, {24, 25, 2, 8, 2, 0.9}},
    {"serial_trains_per_day", "ttftts", of_serial, {24, 25, 2, 8, 2, 0.9}},
    {"freight_pairs_per_day", "ccc", of_freight, {22, 3, 1.2}},
    {"required_pairs_per_day", "cs", of_required, {18, 0.9}},
    {"double_track_trains_per_day", "tds", of_double_track, {8, 120, 0.9}},
    {"meets", "ctt", of_meets, {20, 60, 60}},
    {"queue_wait_min", "ct", of_queue, {20, 30}},
    {"trains_per_day_at_ceiling", "cts", of_ceiling, {26, 780, 0.6}},
};

static bool can_be(char kind, double value) {
    switch (kind) {
    case 's':
        return value >= 0 && value <= 1;
    case 'd':
        return value >= 0 && value <= 1440;
    case 'f':
        return value >= 1;
    case 'g':
        return value >= 1 && value < INFINITY;
    default:
        return value >= 0 && value < INFINITY;
    }
}

START_TEST(each_argument_is_what_it_must_be) {
    static const double tried[] = {-INFINITY, -1, -1e-9, 0.25, 0.75, 1, 1.5, 1440, 1441, INFINITY, NAN};
    for (size_t formula = 0; formula < sizeof formulas / sizeof *formulas; formula++) {
        for (size_t argument = 0; argument < strlen(formulas[formula].kinds); argument++) {
            for (size_t value = 0; value < sizeof tried / sizeof *tried; value++) {
                double arguments[6];
                memcpy(arguments, formulas[formula].sound, sizeof arguments);
                arguments[argument] = tried[value];
                const bool right = can_be(formulas[formula].kinds[argument], tried[value]);
                const double answer = formulas[formula].of(arguments);
                ck_assert_msg(right ? answer >= 0 : isnan(answer), "%s: %g as argument %d gives %g",
                              formulas[formula].name, tried[value], (int)argument + 1, answer);
            }
        }
    }
}
END_TEST

START_TEST(a_gate_opens_within_its_cycle) {
    static const struct {
        double cycle_min, open_min, wait_min; /* NAN: cannot be */
    } cases[] = {{30, 10, 400.0 / 60}, {30, 30, 0}, {30, 0, 15},     {30, 31, NAN},      {30, -1, NAN},
                 {30, NAN, NAN},       {0, 0, NAN}, {-30, -40, NAN}, {INFINITY, 5, NAN}, {NAN, 5, NAN}};
    for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
        const double wait_min = gate_wait_min(cases[index].cycle_min, cases[index].open_min);
        ck_assert_msg(isnan(cases[index].wait_min) ? isnan(wait_min) : fabs(wait_min - cases[index].wait_min) < 1e-9,
                      "case %d: %g", (int)index, wait_min);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {the_worked_example,
                                  the_worked_example_is_limited_where_it_says,
                                  what_the_worked_example_leaves_for_freight,
                                  published_figures,
                                  lines_known_for_what_they_carry,
                                  a_second_bore_moves_the_limit,
                                  the_strait,
                                  one_formula_is_the_other,
                                  fleets_without_end,
                                  queues_and_gates,
                                  recommended_ceilings,
                                  nothing_takes_no_time,
                                  what_cannot_be_is_no_number,
                                  each_argument_is_what_it_must_be,
                                  a_gate_opens_within_its_cycle};
    return run_suite("formulas", tests, sizeof tests / sizeof *tests);
}
