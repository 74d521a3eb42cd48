/* The least times of the audit against closed forms, and against the simulator's own motion on random lines. */
#include <math.h>
#include <stdio.h>

#include "../engine/suite.h"
#include "../railway/motion_line.h"
#include "chain.h"

static const double weight_of_permille = 9.80665 / 1000; /* newtons per kilogram */
static const double exact = 1e-9;
static const double stepped = 3e-4;

static void assert_near(const char *what, double value, double expected, double relative) {
    ck_assert_msg(fabs(value - expected) <= relative * fabs(expected) + 1e-9, "%s: %.12g, expected %.12g", what, value,
                  expected);
}

/* One leg of this length between stations without tracks to speak of. */
static struct chain *one_leg(double length_m) {
    static struct chain chain;
    chain_begin(&chain, 0);
    chain_add(&chain, length_m, 0);
    return &chain;
}

static double time_of(const struct chain *chain, bool starts_at_rest, bool ends_at_rest) {
    struct audit_way way = chain_way(chain);
    double least_s[CHAIN_STATIONS], sum = 0;
    way.starts_at_rest = starts_at_rest;
    way.ends_at_rest = ends_at_rest;
    chain_times(chain, &way, least_s);
    for (int32_t i = 0; i < way.count; i++) sum += least_s[i];
    return sum;
}

/* ---- constant acceleration ---- */

struct plain_run {
    const char *what;
    double length_m, max_speed_ms;
    bool starts_at_rest, ends_at_rest;
    double time_s;
};

/* a = 0.05, b = 0.3; too short to reach its speed, v² = 2 d a b/(a + b). */
static const struct plain_run plain_runs[] = {
    {"reaches its speed and stops", 20000, 30, true, true, 20000.0 / 30 + 30 / 0.1 + 30 / 0.6},
    {"reaches its speed and runs through", 20000, 30, true, false, 20000.0 / 30 + 30 / 0.1},
    {"passes and stops", 20000, 30, false, true, 20000.0 / 30 + 30 / 0.6},
    {"passes both ends", 20000, 30, false, false, 20000.0 / 30},
    {"a triangle", 7000, 30, true, true, 571.5476066494083},
    {"half a triangle", 7000, 30, true, false, 529.1502622129181},
    {"a few metres", 7, 30, true, true, 18.073922282301282},
    {"a long way", 120000, 25, true, true, 120000.0 / 25 + 25 / 0.1 + 25 / 0.6},
    {"passes as fast as it can stop", 600, 30, false, true, 2 * 600 / 18.973665961010276},
};

START_TEST(constant_acceleration) {
    for (size_t i = 0; i < sizeof plain_runs / sizeof *plain_runs; i++) {
        const struct plain_run *row = &plain_runs[i];
        struct chain *chain = one_leg(row->length_m);
        chain->type.max_speed_ms = row->max_speed_ms;
        assert_near(row->what, time_of(chain, row->starts_at_rest, row->ends_at_rest), row->time_s, exact);
    }
}
END_TEST

/* ---- what bends ---- */

/* Without resistance at constant power from the switching speed u: M (v³ − u³) = 3 P x, M (v² − u²) = 2 P t. */
START_TEST(constant_power) {
    for (double speed = 12; speed <= 60; speed += 8) {
        struct chain *chain = one_leg(1000 + 4e6 * (speed * speed * speed - 1000) / (3 * 2e6));
        chain->type.power_w = 2e6; /* u = 10 m/s, reached after 1,000 m and 200 s */
        chain->type.max_speed_ms = 100;
        assert_near("time", time_of(chain, true, false), 200 + (speed * speed - 100), stepped);
    }
}
END_TEST

/* At constant effort against A + C v²: v = u tanh(k t), x = ln cosh(k t) u/k, with u² = (F − A)/C, k = C u/M. */
START_TEST(constant_effort_against_drag) {
    for (double t = 100; t <= 6400; t *= 2) {
        struct chain *chain = one_leg(log(cosh(0.001 * t)) * 40000);
        chain->type.max_speed_ms = 100;
        chain->type.davis_a = 4e4;
        chain->type.davis_c = 100; /* u = 40 m/s, k = 0.001/s */
        assert_near("time", time_of(chain, true, false), t, stepped);
    }
}
END_TEST

static void make_heavy(struct audit_type *type) {
    type->power_w = 6e6;
    type->effort_n = 4e5;
    type->davis_a = 40e3;
    type->davis_b = 500;
    type->davis_c = 60;
    type->rotating_mass = 1.06;
    type->tunnel_drag = 2.5;
    type->max_speed_ms = 80;
}

/* P = (A + B v + C v² + m g i) v. */
static double balancing_speed(const struct audit_type *type, double permille, double drag) {
    double low = 0, high = 200;
    for (int i = 0; i < 100; i++) {
        const double v = (low + high) / 2;
        const double force = type->davis_a + type->davis_b * v + type->davis_c * drag * v * v +
                             type->mass_kg * weight_of_permille * permille;
        if (fmin(type->effort_n, type->power_w / v) > force)
            low = v;
        else
            high = v;
    }
    return low;
}

START_TEST(balancing) {
    static const double permilles[] = {0, 3, -3, 8.9};
    for (int tunnel = 0; tunnel < 2; tunnel++)
        for (size_t i = 0; i < sizeof permilles / sizeof *permilles; i++) {
            struct chain *chain = one_leg(400e3);
            make_heavy(&chain->type);
            chain_add_alignment(
                chain, (struct audit_alignment){.to_m = 400e3, .gradient_permille = permilles[i], .tunnel = tunnel});
            chain_add(chain, 10000, 0);
            chain_add_alignment(
                chain, (struct audit_alignment){.to_m = 10000, .gradient_permille = permilles[i], .tunnel = tunnel});
            struct audit_way way = chain_way(chain);
            way.ends_at_rest = false;
            double least_s[2];
            chain_times(chain, &way, least_s);
            const double speed = balancing_speed(&chain->type, permilles[i], tunnel ? chain->type.tunnel_drag : 1);
            assert_near("time at the balancing speed", least_s[1], 10000 / speed, stepped);
        }
}
END_TEST

/* A curve is a gradient of its own, the same both ways. */
START_TEST(curves) {
    static const struct {
        double radius_m, permille;
    } rows[] = {{2000, 650.0 / 1945}, {300, 650.0 / 245}, {299, 500.0 / 269}, {100, 500.0 / 70}, {50, 500.0 / 70}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double time_s[3];
        for (int k = 0; k < 3; k++) {
            struct chain *chain = one_leg(30000);
            make_heavy(&chain->type);
            struct audit_alignment alignment = {.from_m = 2000, .to_m = 25000};
            if (k == 0)
                alignment.gradient_permille = rows[i].permille;
            else
                alignment.curve_radius_m = rows[i].radius_m;
            if (k == 2) {
                alignment.from_m = 5000;
                alignment.to_m = 28000;
                chain->sections[0].from = 1;
                chain->sections[0].to = 0;
                chain->legs[0].direction = AUDIT_BACKWARD;
            }
            chain_add_alignment(chain, alignment);
            time_s[k] = time_of(chain, true, true);
        }
        assert_near("curve", time_s[1], time_s[0], 1e-12);
        assert_near("curve, run backward", time_s[2], time_s[0], 1e-12);
    }
}
END_TEST

/* ---- the length of the train ---- */

/* From 30 m/s down to 15 for [10,000, 12,000], until the tail is clear at 13,000, then up again. */
START_TEST(limits_hold_until_the_tail_is_clear) {
    struct chain *chain = one_leg(40000);
    chain_add_alignment(chain, (struct audit_alignment){.from_m = 10000, .to_m = 12000, .speed_ms = 15});
    const double out = 8875.0 / 30 + 15 / 0.3 + 3000.0 / 15;
    assert_near("slow zone", time_of(chain, false, false), out + 15 / 0.05 + 20250.0 / 30, exact);
}
END_TEST

/* A train of 1,000 m leaves a climb of 3 ‰ that lies behind its start: x″ = a − s + s x/L, and so the tail is off when
 * cosh(t √(s/L)) = a/(a − s). Falling the other way it is a cosine. */
START_TEST(gradients_under_the_train_at_its_start) {
    for (int falls = 0; falls < 2; falls++) {
        struct chain *chain = one_leg(5000);
        chain_add_alignment(chain, (struct audit_alignment){.to_m = 5000, .gradient_permille = falls ? -3 : 3});
        chain_add(chain, 1000, 0);
        struct audit_way way = chain_way(chain);
        way.first = way.count = 1;
        way.ends_at_rest = false;
        double least_s[1];
        chain_times(chain, &way, least_s);
        const double slope = 3 * weight_of_permille;
        const double time = falls ? acos(0.05 / (0.05 + slope)) : acosh(0.05 / (0.05 - slope)); /* in units of √(L/s) */
        assert_near("tail off the gradient", least_s[0], time * sqrt(1000 / slope), stepped);
    }
}
END_TEST

/* The train stands wholly on a slow leg, and with its head 1,000 m into another. */
START_TEST(limits_under_the_train_at_its_ends) {
    struct chain *chain = one_leg(5000);
    chain->sections[0].speed_ms = 5;
    chain_add(chain, 19000, 2000);
    chain_add(chain, 5000, 0);
    chain->sections[2].speed_ms = 12;
    struct audit_way way = chain_way(chain);
    way.first = way.count = 1;
    double least_s[1];
    chain_times(chain, &way, least_s);
    const double up = (900 - 25) / 0.1, down = (900 - 144) / 0.6;
    const double slow = 100 + 750 / 5.0, fast = 25 / 0.05 + (18000 - up - down) / 30 + 18 / 0.3;
    assert_near("slow at both ends", least_s[0], slow + fast + (1000 - 240) / 12.0 + 12 / 0.3, exact);
}
END_TEST

/* ---- stations ---- */

START_TEST(metres_from_exit_to_exit) {
    struct chain *chain = one_leg(10000);
    chain->tracks[0].length_m = 800;
    chain->tracks[1].length_m = INFINITY;
    const struct audit_leg back = {0, AUDIT_BACKWARD, 1, 0};
    assert_near("forward", audit_leg_metres(&chain->world, &chain->legs[0], 1500), 10350, exact);
    assert_near("backward", audit_leg_metres(&chain->world, &back, 1500), 9650, exact);
    /* the longest track counts, one without a length being as long as the train */
    chain->stations[0].track_count = 2;
    assert_near("two tracks, a short train", audit_leg_metres(&chain->world, &chain->legs[0], 300), 9750, exact);
    assert_near("two tracks, a long train", audit_leg_metres(&chain->world, &chain->legs[0], 1500), 10000, exact);
}
END_TEST

/* Out over turnouts at 10 m/s until the tail is clear, in over turnouts at 12 m/s from 18,000 m on. */
START_TEST(turnouts_at_both_ends) {
    struct chain *chain = one_leg(19000);
    chain->tracks[0].speed_ms = 10;
    chain->tracks[1].speed_ms = 12;
    chain->tracks[1].length_m = 2000;
    const double up = (900 - 100) / 0.1, down = (900 - 144) / 0.6;
    const double in = 200 + 20 / 0.05 + (17000 - up - down) / 30 + 18 / 0.3;
    assert_near("turnouts", time_of(chain, true, true), in + (2000 - 240) / 12.0 + 12 / 0.3, exact);
    chain->legs[0].track_from = chain->legs[0].track_to = -1;
    assert_near("unknown tracks", time_of(chain, true, true), 20000.0 / 30 + 30 / 0.1 + 30 / 0.6, exact);
}
END_TEST

/* From rest, through a station with turnouts for 10 m/s, to a stop. */
START_TEST(turnouts_on_the_way) {
    struct chain *chain = one_leg(19500);
    chain->tracks[1].length_m = 1000;
    chain->tracks[1].speed_ms = 10;
    chain_add(chain, 20500, 0);
    struct audit_way way = chain_way(chain);
    double least_s[2];
    chain_times(chain, &way, least_s);
    const double change = (900 - 100) / 0.6;
    assert_near("before", least_s[0], 30 / 0.05 + (19000 - 9000 - change) / 30 + 20 / 0.3 + 1000 / 10.0, exact);
    assert_near("after", least_s[1], 1000 / 10.0 + 20 / 0.05 + (20000 - 1000 - 8000 - 1500) / 30.0 + 30 / 0.3, exact);
}
END_TEST

/* Stations on the way cut the time into parts and change nothing. */
START_TEST(stations_passed) {
    const double whole = time_of(one_leg(40000), true, true);
    struct chain *chain = one_leg(5000);
    chain_add(chain, 12000, 500);
    chain_add(chain, 400, 0);
    chain_add(chain, 22600, 0);
    assert_near("in parts", time_of(chain, true, true), whole, 1e-6);
}
END_TEST

/* ---- fixed times ---- */

static struct chain *three_legs(void) {
    struct chain *chain = one_leg(20000);
    chain_add(chain, 1000, 0);
    chain_add(chain, 20000, 0);
    return chain;
}

START_TEST(fixed_times) {
    struct chain *chain = three_legs();
    chain_add_fixed_time(chain, (struct audit_fixed_time){
                                    .section = 0, .type = -1, .run_ms = 100000, .start_ms = 20000, .stop_ms = 3000});
    chain_add_fixed_time(chain, (struct audit_fixed_time){
                                    .section = 2, .type = -1, .run_ms = 200000, .start_ms = 7000, .stop_ms = 40000});
    struct audit_way way = chain_way(chain);
    double least_s[3];
    chain_times(chain, &way, least_s);
    assert_near("first", least_s[0], 120, exact);
    assert_near("last", least_s[2], 240, exact);
    assert_near("between", least_s[1], 1000.0 / 30, exact); /* at any speed in, and out */
    way.starts_at_rest = way.ends_at_rest = false;
    chain_times(chain, &way, least_s);
    assert_near("passing", least_s[0], 100, exact);
    assert_near("passing", least_s[2], 200, exact);
    chain->type.mass_kg = NAN; /* no traction given: needed for the second leg alone */
    chain_times(chain, &way, least_s);
    assert_near("no traction", least_s[0], 100, exact);
    ck_assert(least_s[1] == INFINITY);
}
END_TEST

/* In at the speed from which 10 m/s can be kept 500 m ahead, 20 m/s. */
START_TEST(computed_after_fixed) {
    struct chain *chain = one_leg(5000);
    chain_add_fixed_time(chain, (struct audit_fixed_time){.section = 0, .type = -1, .run_ms = 100000});
    chain_add(chain, 20000, 0);
    chain_add_alignment(chain, (struct audit_alignment){.from_m = 500, .to_m = 1000, .speed_ms = 10});
    struct audit_way way = chain_way(chain);
    way.ends_at_rest = false;
    double least_s[2];
    chain_times(chain, &way, least_s);
    assert_near("granted", least_s[1], 10 / 0.3 + 150 + 20 / 0.05 + (20000 - 2000 - 8000) / 30.0, exact);
}
END_TEST

/* ---- who cannot ---- */

START_TEST(too_steep) {
    struct chain *chain = three_legs();
    /* 10 ‰ is 0.098 m/s² against 0.05 of traction: 30 m/s last for more than 1,000 m, and not for 20 km */
    chain_add_alignment(chain, (struct audit_alignment){.to_m = 20000, .gradient_permille = 10});
    struct audit_way way = chain_way(chain);
    double least_s[3];
    chain_times(chain, &way, least_s);
    ck_assert(isfinite(least_s[0]) && isfinite(least_s[1]) && least_s[2] == INFINITY);
    way.first = 2;
    way.count = 1;
    chain_times(chain, &way, least_s);
    ck_assert(isfinite(least_s[0]) == false);
    chain->type.power_w = 0;
    way = chain_way(chain);
    chain_times(chain, &way, least_s);
    ck_assert(least_s[0] == INFINITY);
}
END_TEST

/* ---- against the simulator's motion ---- */

struct sample {
    struct line line;
    struct train_type type;
    struct chain chain;
    double stop_m[CHAIN_STATIONS];
    struct motion_request request;
};

static struct audit_type audited(const struct train_type *type) {
    return (struct audit_type){.id = "train",
                               .length_m = type->length_m,
                               .mass_kg = type->mass_kg,
                               .max_speed_ms = type->max_speed_ms,
                               .power_w = type->power_w,
                               .effort_n = type->tractive_effort_n,
                               .brake_ms2 = type->brake_ms2,
                               .davis_a = type->davis_a_n,
                               .davis_b = type->davis_b_ns_m,
                               .davis_c = type->davis_c_ns2_m2,
                               .rotating_mass = type->rotating_mass,
                               .tunnel_drag = type->tunnel_drag};
}

/* The same line for both. Stations have a zone; those at the ends have turnouts. */
static void random_chain(struct sample *sample, struct numbers *numbers) {
    struct chain *chain = &sample->chain;
    double centre_m = 0;
    for (int32_t k = 0; k <= sample->line.route_length; k++) {
        const double zone_m = numbers_whole(numbers, 0, 1000);
        if (k == 0) {
            chain_begin(chain, zone_m);
        } else {
            const struct section *section = &sample->line.sections[k - 1];
            chain_add(chain, section->length_m, zone_m);
            chain->sections[k - 1].speed_ms = section->speed_ms;
            for (int32_t i = 0; i < section->alignment_count; i++) {
                const struct alignment *a = &sample->line.alignments[section->first_alignment + i];
                chain_add_alignment(chain, (struct audit_alignment){a->from_m, a->to_m, a->gradient_permille,
                                                                    a->curve_radius_m, a->speed_ms, a->tunnel});
            }
            if (sample->line.route[k - 1].direction == BACKWARD) {
                chain->sections[k - 1].from = k;
                chain->sections[k - 1].to = k - 1;
                chain->legs[k - 1].direction = AUDIT_BACKWARD;
            }
            centre_m += section->length_m;
        }
        sample->stop_m[k] = centre_m + zone_m / 2;
    }
    chain->type = audited(&sample->type);
}

/* The most speed at the start from which everything ahead can be kept, by motion's own word. */
static double fastest_entry(const struct motion_path *path, const struct motion_request *request, double brake_ms2) {
    const double turnouts_m = request->end_limit_from_m - request->from_m, end_m = request->to_m - request->from_m;
    double square = request->stop ? 2 * brake_ms2 * end_m : INFINITY;
    square = fmin(square, request->end_limit_ms * request->end_limit_ms + 2 * brake_ms2 * turnouts_m);
    return fmin(fmin(sqrt(square), request->start_limit_ms), motion_path_approach(path, request->from_m));
}

static void random_turnouts(struct sample *sample, struct numbers *numbers) {
    struct motion_request *request = &sample->request;
    struct chain *chain = &sample->chain;
    const int32_t last = sample->line.route_length;
    *request = plain_request(sample->stop_m[last]);
    request->from_m = sample->stop_m[0];
    if (numbers_chance(numbers, 0.4)) request->start_limit_ms = numbers_between(numbers, 6, 25);
    if (numbers_chance(numbers, 0.4)) request->end_limit_ms = numbers_between(numbers, 6, 25);
    chain->tracks[0].speed_ms = request->start_limit_ms;
    chain->tracks[last].speed_ms = request->end_limit_ms;
    request->end_limit_from_m -= chain->tracks[last].length_m;
    request->stop = numbers_chance(numbers, 0.8);
}

/* Motion promises 0.1 %; what is a bound must not lie above it. */
struct agreement {
    int compared, stalled;
    double greatest, least;
};

static void compare(uint64_t seed, struct agreement *agreement) {
    static struct sample sample;
    struct numbers numbers = {seed * 1000033};
    random_line(&sample.line, &numbers);
    sample.type = random_train(&numbers);
    random_chain(&sample, &numbers);
    random_turnouts(&sample, &numbers);
    struct audit_way way = chain_way(&sample.chain);
    way.ends_at_rest = sample.request.stop;
    struct motion_path *path = line_path(&sample.line, &sample.type);
    if (numbers_chance(&numbers, 0.3)) {
        way.starts_at_rest = false;
        sample.request.entry_speed_ms = fastest_entry(path, &sample.request, sample.type.brake_ms2);
    }
    double passed_s[CHAIN_STATIONS], least_s[CHAIN_STATIONS], total = 0;
    const struct motion_marks marks = {way.count, sample.stop_m + 1, passed_s, NULL};
    struct motion_result result;
    const bool arrives = motion_run(path, &sample.request, &marks, &result, NULL);
    motion_path_destroy(path);
    chain_times(&sample.chain, &way, least_s);
    for (int32_t i = 0; i < way.count; i++) {
        total += least_s[i];
        if (isnan(passed_s[i])) break;
        const double ratio = total / passed_s[i];
        ck_assert_msg(ratio < 1 + 2e-4, "case %d, leg %d: %.6f s, motion %.6f s", (int)seed, i, total, passed_s[i]);
        if (!way.ends_at_rest) continue; /* motion brakes for what lies beyond */
        ck_assert_msg(ratio > 1 - 1e-3, "case %d, leg %d: %.6f s, motion %.6f s", (int)seed, i, total, passed_s[i]);
        agreement->greatest = fmax(agreement->greatest, ratio - 1);
        agreement->least = fmin(agreement->least, ratio - 1);
        agreement->compared++;
    }
    ck_assert_msg(!way.ends_at_rest || arrives == isfinite(total), "case %d: arrives %d, by motion %d", (int)seed,
                  isfinite(total), arrives);
    agreement->stalled += !arrives;
}

START_TEST(agrees_with_motion) {
    struct agreement agreement = {0};
    const uint64_t cases = getenv("BERING_TEST_LONG") ? 20000 : 2000;
    for (uint64_t seed = 1; seed <= cases; seed++) compare(seed, &agreement);
    printf("least times: %d legs as by motion, %.2g to %+.2g; %d stalled\n", agreement.compared, agreement.least,
           agreement.greatest, agreement.stalled);
    ck_assert_int_gt(agreement.compared, (int)cases / 2);
    ck_assert_int_gt(agreement.stalled, 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {constant_acceleration,
                                  constant_power,
                                  constant_effort_against_drag,
                                  balancing,
                                  curves,
                                  limits_hold_until_the_tail_is_clear,
                                  gradients_under_the_train_at_its_start,
                                  limits_under_the_train_at_its_ends,
                                  metres_from_exit_to_exit,
                                  turnouts_at_both_ends,
                                  turnouts_on_the_way,
                                  stations_passed,
                                  fixed_times,
                                  computed_after_fixed,
                                  too_steep,
                                  agrees_with_motion};
    return run_suite("physics of the audit", tests, sizeof tests / sizeof *tests);
}
