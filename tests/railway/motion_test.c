#include "../engine/suite.h"
#include "motion_line.h"
#include "motion_reference.h"

#include <math.h>
#include <stdio.h>

static const double weight_of_permille = 9.80665 / 1000; /* newtons per kilogram */

static void assert_near(const char *what, double value, double expected, double relative) {
    const double error = fabs(value - expected);
    ck_assert_msg(error <= relative * fabs(expected) + 1e-9, "%s: %.12g, expected %.12g", what, value, expected);
}

static struct motion_result run_on(const struct line *line, const struct train_type *type,
                                   const struct motion_request *request, const struct motion_marks *marks) {
    struct motion_path *path = line_path(line, type);
    struct motion_result result;
    double stalled = NAN;
    ck_assert_ptr_nonnull(path);
    ck_assert_msg(motion_run(path, request, marks, &result, &stalled), "stalled at %g", stalled);
    motion_path_destroy(path);
    return result;
}

static struct line *plain_line(double length_m) {
    static struct line line;
    line_begin(&line);
    line_add_section(&line, length_m, INFINITY, FORWARD);
    return &line;
}

/* ---- constant acceleration ---- */

struct plain_run {
    const char *what;
    double length_m, max_speed_ms;
    bool stop;
    double duration_s, exit_speed_ms, accelerating_m;
};

/* a = 0.05, b = 0.3. Below 12,962.96 m the train never reaches 33.33 m/s: v² = 2 d a b/(a + b). */
static const struct plain_run plain_runs[] = {
    {"reaches its speed and stops", 20000, 30, true, 20000.0 / 30 + 30 / 0.1 + 30 / 0.6, 0, 9000},
    {"reaches its speed and runs through", 20000, 30, false, 20000.0 / 30 + 30 / 0.1, 30, 9000},
    {"too short to reach it", 7000, 30, true, 571.5476066494083, 0, 6000},
    {"too short, runs through", 7000, 30, false, 529.1502622129181, 26.457513110645906, 7000},
    {"a few metres", 7, 30, true, 18.073922282301282, 0, 6},
    {"a long way", 120000, 25, true, 120000.0 / 25 + 25 / 0.1 + 25 / 0.6, 0, 6250},
};

START_TEST(constant_acceleration) {
    const struct plain_run *row = &plain_runs[_i];
    struct train_type type = plain_train();
    type.max_speed_ms = row->max_speed_ms;
    struct motion_request request = plain_request(row->length_m);
    request.stop = row->stop;
    const struct motion_result result = run_on(plain_line(row->length_m), &type, &request, NULL);
    assert_near(row->what, result.duration_s, row->duration_s, 1e-9);
    assert_near(row->what, result.exit_speed_ms, row->exit_speed_ms, 1e-9);
    assert_near(row->what, result.energy_j, 2e5 * row->accelerating_m, 1e-9);
}
END_TEST

/* Far from 0 a double tells positions apart less well; the run is the same. */
START_TEST(a_short_run_far_out) {
    const struct train_type type = plain_train();
    for (double length = 1e-4; length < 100; length *= 1.7) {
        struct motion_request request = plain_request(982450.0181 + length);
        request.from_m = 982450.0181;
        const struct motion_result result = run_on(plain_line(1e6), &type, &request, NULL);
        const double top = sqrt(2 * length * 0.05 * 0.3 / 0.35);
        assert_near("time", result.duration_s, top / 0.05 + top / 0.3, 1e-5);
        ck_assert(result.exit_speed_ms == 0);
    }
}
END_TEST

/* ---- effort, power and resistance ---- */

/* Without resistance at constant power from the switching speed u: M (v³ − u³) = 3 P x, M (v² − u²) = 2 P t. */
START_TEST(constant_power) {
    struct train_type type = plain_train();
    type.power_w = 2e6; /* u = 10 m/s, reached after 1,000 m and 200 s */
    type.max_speed_ms = 100;
    for (double speed = 12; speed <= 60; speed += 8) {
        struct motion_request request = plain_request(1000 + 4e6 * (speed * speed * speed - 1000) / (3 * 2e6));
        request.stop = false;
        const struct motion_result result = run_on(plain_line(500e3), &type, &request, NULL);
        assert_near("speed", result.exit_speed_ms, speed, 2e-5);
        assert_near("time", result.duration_s, 200 + (speed * speed - 100), 2e-5);
        assert_near("energy", result.energy_j, 2e6 * speed * speed, 2e-5); /* all of it kinetic */
    }
}
END_TEST

/* At constant effort against A + C v²: v = u tanh(k t), x = ln cosh(k t) u/k, with u² = (F − A)/C, k = C u/M. */
START_TEST(constant_effort_against_drag) {
    struct train_type type = plain_train();
    type.davis_a_n = 4e4;
    type.davis_c_ns2_m2 = 100; /* u = 40 m/s, k = 0.001/s */
    type.max_speed_ms = 100;
    for (double t = 100; t <= 6400; t *= 2) {
        struct motion_request request = plain_request(log(cosh(0.001 * t)) * 40000);
        request.stop = false;
        const struct motion_result result = run_on(plain_line(500e3), &type, &request, NULL);
        assert_near("time", result.duration_s, t, 1e-4);
        assert_near("speed", result.exit_speed_ms, 40 * tanh(0.001 * t), 1e-4);
        assert_near("energy", result.energy_j, 2e5 * request.to_m, 1e-9);
    }
}
END_TEST

/* P = (A + B v + C v² + m g i) v. */
static double balancing_speed(const struct train_type *type, double permille, double drag) {
    double low = 0, high = 200;
    for (int i = 0; i < 100; i++) {
        const double v = (low + high) / 2;
        const double force = type->davis_a_n + type->davis_b_ns_m * v + type->davis_c_ns2_m2 * drag * v * v +
                             type->mass_kg * weight_of_permille * permille;
        const double most = fmin(type->tractive_effort_n, type->power_w / v);
        if (most > force)
            low = v;
        else
            high = v;
    }
    return low;
}

struct balance {
    double permille;
    bool tunnel;
    double entry_ms; /* from above or below */
};

static const struct balance balances[] = {{0, false, 0},  {0, true, 0},    {3, false, 0},   {3, false, 33},
                                          {6, false, 33}, {-3, false, 10}, {8.9, false, 0}, {8.9, true, 25}};

START_TEST(balancing) {
    const struct balance *row = &balances[_i];
    struct train_type type = heavy_train();
    type.max_speed_ms = 80;
    struct line *line = plain_line(600e3);
    line_add_alignment(line, (struct alignment){0, 0, 600e3, row->permille, 0, INFINITY, row->tunnel});
    struct motion_request request = plain_request(300e3);
    request.from_m = 5000; /* the train wholly on the gradient */
    request.entry_speed_ms = row->entry_ms;
    request.stop = false;
    const struct motion_result result = run_on(line, &type, &request, NULL);
    const double speed = balancing_speed(&type, row->permille, row->tunnel ? type.tunnel_drag : 1);
    assert_near("balancing speed", result.exit_speed_ms, speed, 1e-4);
    if (row->permille < 8) return;
    const double force = fmin(type.tractive_effort_n, type.power_w / speed);
    assert_near("energy", result.energy_j, force * 295e3, 5e-3); /* all but the start is at that speed */
}
END_TEST

/* ---- cruising: energy is the work of resistance, exactly ---- */

struct cruise {
    const char *what;
    struct alignment alignment; /* on the way from 5,000 to 25,000 m at 20 m/s, train of 1,000 m */
    double more_n, more_v2;     /* mean over the way, added to A + B v + C v²: newtons per tonne; share of C */
    double energy_j;            /* instead, where not NAN */
};

static const double share = 1.0 / 20000; /* a metre of the way */

START_TEST(cruising) {
    const struct cruise rows[] = {
        {"level", {.to_m = 30000}, 0, 0, NAN},
        {"climbs", {.to_m = 30000, .gradient_permille = 2}, 2 * 9.80665, 0, NAN},
        {"a short hill", {.from_m = 8000, .to_m = 8100, .gradient_permille = 10}, 100 * share * 98.0665, 0, NAN},
        {"a dip, held by less traction",
         {.from_m = 8000, .to_m = 9000, .gradient_permille = -1},
         -1000 * share * 9.80665,
         0,
         NAN},
        {"falls: braking gives nothing back", {.to_m = 30000, .gradient_permille = -6}, 0, 0, 0},
        {"a tunnel", {.from_m = 10000, .to_m = 14000, .tunnel = true}, 0, 1.5 * 4000 * share, NAN},
        {"half under the train at the end",
         {.from_m = 24500, .to_m = 30000, .gradient_permille = 4},
         4 * 9.80665 * (500.0 * 500 / 2 / 1000) * share,
         0,
         NAN},
        {"half under the train at the start",
         {.from_m = 1000, .to_m = 4500, .gradient_permille = 4},
         4 * 9.80665 * (500.0 * 500 / 2 / 1000) * share,
         0,
         NAN},
        {"curve of 500 m",
         {.from_m = 9000, .to_m = 10000, .curve_radius_m = 500},
         1000 * share * 650 / 445 * 9.80665,
         0,
         NAN},
        {"curve of 300 m",
         {.from_m = 9000, .to_m = 10000, .curve_radius_m = 300},
         1000 * share * 650 / 245 * 9.80665,
         0,
         NAN},
        {"curve of 250 m",
         {.from_m = 9000, .to_m = 10000, .curve_radius_m = 250},
         1000 * share * 500 / 220 * 9.80665,
         0,
         NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct train_type type = heavy_train();
        type.max_speed_ms = 20;
        type.power_w = 20e6;
        type.tractive_effort_n = 1e6;
        struct line *line = plain_line(30000);
        line_add_alignment(line, rows[i].alignment);
        struct motion_request request = plain_request(25000);
        request.from_m = 5000;
        request.entry_speed_ms = 20;
        request.stop = false;
        const struct motion_result result = run_on(line, &type, &request, NULL);
        const double force = 40e3 + 500 * 20 + 60 * 400 * (1 + rows[i].more_v2) + 4000 * rows[i].more_n;
        assert_near(rows[i].what, result.duration_s, 1000, 1e-12);
        assert_near(rows[i].what, result.energy_j, isnan(rows[i].energy_j) ? force * 20000 : rows[i].energy_j, 1e-9);
    }
}
END_TEST

/* A train of 1,000 m that rolls over a short hill slows down by the whole of the train's share, not of the head's. */
START_TEST(gradient_is_averaged_over_the_length) {
    struct train_type type = plain_train();
    struct line *line = plain_line(30000);
    line_add_alignment(line, (struct alignment){.from_m = 5000, .to_m = 5500, .gradient_permille = 20});
    const double at_entry = 25;
    for (double head = 5000; head <= 7000; head += 125) {
        struct motion_request request = plain_request(head);
        request.from_m = 4000;
        request.entry_speed_ms = at_entry;
        request.stop = false;
        const struct motion_result result = run_on(line, &type, &request, NULL);
        double height_work = 0; /* ∫ of metres on the hill over the way of the head, metre by metre */
        for (double x = 4000.5; x < head; x++) height_work += fmax(0, fmin(x, 5500) - fmax(x - 1000, 5000)) / 1000;
        const double level = at_entry * at_entry / 2 + 0.05 * (head - 4000) - 20 * weight_of_permille * height_work;
        assert_near("speed", result.exit_speed_ms, sqrt(2 * level), 1e-6);
    }
}
END_TEST

/* ---- limits ---- */

/* From 30 m/s down to 15 for [10,000, 12,000], until the tail is clear at 13,000, then up again. */
START_TEST(slow_zone_holds_until_the_tail_is_clear) {
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct line *line = plain_line(40000);
    line_add_alignment(line, (struct alignment){.from_m = 10000, .to_m = 12000, .speed_ms = 15});
    struct motion_request request = plain_request(40000);
    request.entry_speed_ms = 30;
    request.stop = false;
    double at[] = {8875, 10000, 13000, 19750}, passed[4];
    const struct motion_marks marks = {4, at, passed, NULL};
    const struct motion_result result = run_on(line, &type, &request, &marks);
    const double braking_at = 8875.0 / 30, in_zone = braking_at + 15 / 0.3, out = in_zone + 3000.0 / 15;
    assert_near("braking", passed[0], braking_at, 1e-9);
    assert_near("into the zone", passed[1], in_zone, 1e-9);
    assert_near("tail clear", passed[2], out, 1e-9);
    assert_near("up again", passed[3], out + 15 / 0.05, 1e-9);
    assert_near("end", result.duration_s, out + 300 + 20250.0 / 30, 1e-9);
}
END_TEST

START_TEST(limit_as_the_head_sees_it) {
    static const struct {
        double x, limit;
    } rows[] = {{-500, 30},  {0, 25},     {4999, 25},  {5001, 25},  {9999, 25},  {10001, 15},
                {12500, 15}, {13001, 25}, {20500, 25}, {21001, 30}, {35000, 30}, {99000, 30}};
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct line *line = plain_line(0);
    line_begin(line);
    line_add_section(line, 20000, 25, FORWARD);
    line_add_alignment(line, (struct alignment){.from_m = 10000, .to_m = 12000, .speed_ms = 15});
    line_add_section(line, 20000, 45, BACKWARD);
    struct motion_path *path = line_path(line, &type);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_near("limit", motion_path_limit(path, rows[i].x), rows[i].limit, 0);
    motion_path_destroy(path);
}
END_TEST

/* Out over turnouts at 10 m/s until the tail is clear, in over turnouts at 12 m/s from 18,000 m on. */
START_TEST(turnout_limits) {
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct motion_request request = plain_request(20000);
    request.start_limit_ms = 10;
    request.end_limit_ms = 12;
    request.end_limit_from_m = 18000;
    double at[] = {1000, 18000}, passed[2];
    const struct motion_marks marks = {2, at, passed, NULL};
    const struct motion_result result = run_on(plain_line(20000), &type, &request, &marks);
    /* 10 m/s after exactly 1,000 m: the limit is met where it ends */
    assert_near("start", passed[0], 200, 1e-9);
    const double up = (900 - 100) / 0.1, down = (900 - 144) / 0.6;
    const double in = 200 + 20 / 0.05 + (17000 - up - down) / 30 + 18 / 0.3;
    assert_near("end limit", passed[1], in, 1e-9);
    assert_near("stop", result.duration_s, in + (2000 - 240) / 12.0 + 12 / 0.3, 1e-9);

    request.start_limit_ms = 5;
    request.stop = false;
    const struct motion_result through = run_on(plain_line(20000), &type, &request, &marks);
    assert_near("slow start", passed[0], 100 + 750 / 5.0, 1e-9);
    assert_near("exit", through.exit_speed_ms, 12, 1e-9);
}
END_TEST

/* A run through brakes for what lies beyond its end. */
START_TEST(limits_beyond_the_end) {
    struct train_type type = plain_train();
    struct line *line = plain_line(30000);
    line_add_alignment(line, (struct alignment){.from_m = 20200, .to_m = 21000, .speed_ms = 10});
    struct motion_request request = plain_request(20000);
    request.stop = false;
    const struct motion_result result = run_on(line, &type, &request, NULL);
    assert_near("exit", result.exit_speed_ms, sqrt(100 + 2 * 0.3 * 200), 1e-9);
}
END_TEST

/* Through, but no faster at the end than 12 m/s: braking begins 60 s and 1,260 m before it. */
START_TEST(exit_limit) {
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct motion_request request = plain_request(20000);
    request.entry_speed_ms = 30;
    request.stop = false;
    request.exit_limit_ms = 12;
    double at[] = {20000 - 1260}, passed[1];
    const struct motion_marks marks = {1, at, passed, NULL};
    const struct motion_result result = run_on(plain_line(50000), &type, &request, &marks);
    assert_near("braking", passed[0], (20000 - 1260) / 30.0, 1e-9);
    assert_near("end", result.duration_s, (20000 - 1260) / 30.0 + 60, 1e-9);
    assert_near("speed", result.exit_speed_ms, 12, 1e-9);
    assert_near("to be decided in time for a stop", result.indication_s, (20000 - 1500) / 30.0, 1e-9);
}
END_TEST

/* Too fast into a run: brakes for a limit at the service rate; for a stop it would overrun, as hard as it must. */
START_TEST(entry_above_what_is_allowed) {
    struct train_type type = plain_train();
    struct motion_request request = plain_request(5000);
    request.entry_speed_ms = 30;
    request.start_limit_ms = 15;
    request.stop = false;
    double at[] = {1000}, passed[1];
    const struct motion_marks marks = {1, at, passed, NULL};
    run_on(plain_line(50000), &type, &request, &marks);
    assert_near("brakes, 15 m/s at 1,125 m", passed[0], (30 - sqrt(900 - 600)) / 0.3, 1e-9);
    request.start_limit_ms = INFINITY;
    request.to_m = request.end_limit_from_m = 900;
    request.stop = true;
    const struct motion_result result = run_on(plain_line(50000), &type, &request, NULL);
    assert_near("stop", result.duration_s, 2 * 900 / 30.0, 1e-9);
    ck_assert(result.exit_speed_ms == 0 && result.indication_s == 0 && result.energy_j == 0);
}
END_TEST

/* ---- stalls ---- */

START_TEST(stalls) {
    struct train_type type = plain_train();
    struct line *line = plain_line(50000);
    /* 10 ‰ is 0.098 m/s² against 0.05 of traction */
    line_add_alignment(line, (struct alignment){.from_m = 10000, .to_m = 50000, .gradient_permille = 10});
    struct motion_path *path = line_path(line, &type);
    struct motion_result result;
    double at = NAN;
    struct motion_request request = plain_request(40000);
    request.from_m = 20000;
    ck_assert(!motion_run(path, &request, NULL, &result, &at));
    assert_near("cannot start", at, 20000, 0);

    request.from_m = 10000;
    request.entry_speed_ms = 20;
    ck_assert(!motion_run(path, &request, NULL, &result, &at));
    const double gradient = 10 * weight_of_permille; /* the first 1,000 m count half */
    assert_near("runs out of momentum", at, 10000 + (200 + gradient * 500) / (gradient - 0.05), 1e-4);

    request.to_m = request.end_limit_from_m = 14000;
    ck_assert(motion_run(path, &request, NULL, &result, &at));
    motion_path_destroy(path);

    type.power_w = 0;
    path = line_path(line, &type);
    request = plain_request(40000);
    ck_assert(!motion_run(path, &request, NULL, &result, NULL));
    motion_path_destroy(path);
}
END_TEST

/* ---- marks ---- */

START_TEST(marks_against_definition) {
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct motion_request request = plain_request(20000);
    request.sighting_m = 500;
    /* at rest at 0, 30 m/s at 9,000 m after 600 s, braking from 18,500 m, at rest at 20,000 m */
    double at[] = {20000, -1, 0, 9000, 1000, 20001, 19625, 400, 500, 600, 12000, 25000}, passed[12], wanted[12];
    const struct motion_marks marks = {12, at, passed, wanted};
    const struct motion_result result = run_on(plain_line(30000), &type, &request, &marks);
    const double cruise_from = 600 - 9000.0 / 30;
    assert_near("stop", passed[0], result.duration_s, 0);
    ck_assert(isnan(passed[1]) && isnan(passed[5]) && isnan(passed[11]));
    ck_assert(passed[2] == 0 && wanted[2] == 0 && wanted[1] == 0);
    assert_near("passes 9,000", passed[3], 600, 1e-9);
    assert_near("passes 1,000", passed[4], 200, 1e-9);
    assert_near("passes 19,625", passed[6], cruise_from + 18500 / 30.0 + 15 / 0.3, 1e-9);
    /* while accelerating x + v²/2b = x (1 + a/b) */
    assert_near("wanted 1,000", wanted[4], sqrt(2 * (1000 - 500) / (1 + 0.05 / 0.3) / 0.05), 1e-8);
    assert_near("wanted 600", wanted[9], sqrt(2 * (600 - 500) / (1 + 0.05 / 0.3) / 0.05), 1e-7);
    ck_assert(wanted[7] == 0);
    ck_assert(wanted[8] >= 0 && wanted[8] < 1e-3);
    assert_near("wanted 12,000", wanted[10], cruise_from + (12000 - 1500 - 500) / 30.0, 1e-8);
    assert_near("wanted 20,000", wanted[0], cruise_from + (20000 - 1500 - 500) / 30.0, 1e-8);
    assert_near("indication", result.indication_s, wanted[0], 0);
    ck_assert(isnan(wanted[11])); /* the train stops before */
}
END_TEST

START_TEST(marks_before_the_start_of_a_run_through) {
    struct train_type type = plain_train();
    type.max_speed_ms = 30;
    struct motion_request request = plain_request(20000);
    request.entry_speed_ms = 30;
    request.stop = false;
    request.sighting_m = 100;
    double at[] = {0, 1000, 1600, 1900, 21000}, passed[5], wanted[5];
    const struct motion_marks marks = {5, at, passed, wanted};
    run_on(plain_line(30000), &type, &request, &marks);
    for (int k = 0; k < 5; k++) {
        const double expected = (at[k] - 1500 - 100) / 30;
        ck_assert_msg(fabs(wanted[k] - expected) < 1e-6, "%g: %.9g, expected %.9g", at[k], wanted[k], expected);
    }
}
END_TEST

/* ---- random trains on random lines ---- */

struct sample {
    struct line line;
    struct train_type type;
    struct motion_request request;
    double length_m;
};

static double route_metres(const struct line *line) {
    double length = 0;
    for (int32_t i = 0; i < line->route_length; i++) length += line->sections[line->route[i].section].length_m;
    return length;
}

static void random_sample(struct sample *sample, uint64_t seed) {
    struct numbers numbers = {seed * 1000003};
    random_line(&sample->line, &numbers);
    sample->type = random_train(&numbers);
    sample->length_m = route_metres(&sample->line);
    struct motion_request *request = &sample->request;
    *request = plain_request(sample->length_m);
    if (numbers_chance(&numbers, 0.5)) request->from_m = numbers_whole(&numbers, 0, sample->length_m / 4);
    if (numbers_chance(&numbers, 0.5)) request->to_m -= numbers_whole(&numbers, 0, sample->length_m / 4);
    request->stop = numbers_chance(&numbers, 0.6);
    request->end_limit_from_m = request->to_m;
    if (numbers_chance(&numbers, 0.4)) request->start_limit_ms = numbers_between(&numbers, 6, 25);
    if (numbers_chance(&numbers, 0.4)) {
        request->end_limit_ms = numbers_between(&numbers, 6, 25);
        request->end_limit_from_m = fmax(request->from_m, request->to_m - numbers_whole(&numbers, 0, 1500));
    }
    if (numbers_chance(&numbers, 0.3)) request->exit_limit_ms = numbers_between(&numbers, 3, 25);
    if (numbers_chance(&numbers, 0.5)) request->sighting_m = numbers_between(&numbers, 0, 1000);
    if (numbers_chance(&numbers, 0.4)) {
        const double most = reference_entry_limit(&sample->line.network, &sample->type, sample->line.route,
                                                  sample->line.route_length, request);
        request->entry_speed_ms = most * (numbers_chance(&numbers, 0.5) ? 1 : numbers_between(&numbers, 0.3, 1));
    }
}

enum { SAMPLE_MARKS = 16 };

struct accuracy {
    double duration, energy, mark_s, exit_speed;
    int compared, stalled;
};

static void keep_greater(double *greatest, double value) {
    if (value > *greatest) *greatest = value;
}

static void compare_marks(uint64_t seed, const double *ours, const double *theirs, double duration_s,
                          struct accuracy *accuracy) {
    for (int k = 0; k < SAMPLE_MARKS; k++) {
        if (isnan(ours[k]) && isnan(theirs[k])) continue;
        const double error = fabs(ours[k] - theirs[k]);
        keep_greater(&accuracy->mark_s, error);
        if (!(error < 0.25 + 1e-3 * duration_s))
            ck_abort_msg("case %d, mark %d: %g, reference %g", (int)seed, k, ours[k], theirs[k]);
    }
}

static void compare_results(uint64_t seed, const struct sample *sample, const struct motion_result *ours,
                            const struct reference_result *theirs, struct accuracy *accuracy) {
    const struct motion_request *request = &sample->request;
    const double scale = sample->type.tractive_effort_n * (request->to_m - request->from_m);
    const double duration = fabs(ours->duration_s / theirs->duration_s - 1);
    const double energy = fabs(ours->energy_j - theirs->energy_j) / fmax(theirs->energy_j, 0.02 * scale);
    const double speed = fabs(ours->exit_speed_ms - theirs->exit_speed_ms);
    keep_greater(&accuracy->duration, duration);
    keep_greater(&accuracy->energy, energy);
    keep_greater(&accuracy->exit_speed, speed);
    ck_assert_msg(duration < 1e-3, "case %d: %.6f s, reference %.6f s", (int)seed, ours->duration_s,
                  theirs->duration_s);
    ck_assert_msg(energy < 1e-3, "case %d: %.8g J, reference %.8g J", (int)seed, ours->energy_j, theirs->energy_j);
    ck_assert_msg(speed < 0.02, "case %d: exit %g, reference %g", (int)seed, ours->exit_speed_ms,
                  theirs->exit_speed_ms);
    const double indication = fabs(ours->indication_s - theirs->indication_s);
    ck_assert_msg(indication < 0.25 + 1e-3 * theirs->duration_s, "case %d: indication %g, reference %g", (int)seed,
                  ours->indication_s, theirs->indication_s);
}

static struct reference_result reference_of(const struct sample *sample, const struct motion_marks *marks,
                                            double step_s) {
    const struct line *line = &sample->line;
    return reference_run(&line->network, &sample->type, line->route, line->route_length, &sample->request, marks,
                         step_s);
}

static void compare(uint64_t seed, struct accuracy *accuracy) {
    static struct sample sample;
    random_sample(&sample, seed);
    const struct motion_request *request = &sample.request;
    double at[SAMPLE_MARKS], passed[2][SAMPLE_MARKS], wanted[2][SAMPLE_MARKS];
    for (int k = 0; k < SAMPLE_MARKS; k++) /* not in order */
        at[k] = request->from_m + (request->to_m - request->from_m) * ((k * 7) % SAMPLE_MARKS) / (SAMPLE_MARKS - 1.0);
    const struct motion_marks ours = {SAMPLE_MARKS, at, passed[0], wanted[0]};
    const struct motion_marks theirs = {SAMPLE_MARKS, at, passed[1], wanted[1]};
    struct reference_result reference = reference_of(&sample, &theirs, 0.05);
    struct motion_path *path = line_path(&sample.line, &sample.type);
    struct motion_result result;
    double stalled_at = NAN;
    const bool arrives = motion_run(path, request, &ours, &result, &stalled_at);
    motion_path_destroy(path);
    if (reference.least_speed_ms < 0.5 && reference.arrives) return; /* a hair's breadth from stalling */
    ck_assert_msg(arrives == reference.arrives, "case %d: arrives %d, reference %d", (int)seed, arrives,
                  reference.arrives);
    if (reference.arrives && fabs(reference.energy_j - result.energy_j) > 5e-4 * reference.energy_j)
        reference = reference_of(&sample, &theirs, 0.05 / 16); /* it loses a step's work where traction ends */
    if (arrives) {
        compare_results(seed, &sample, &result, &reference, accuracy);
        compare_marks(seed, passed[0], passed[1], reference.duration_s, accuracy);
        compare_marks(seed, wanted[0], wanted[1], reference.duration_s, accuracy);
        accuracy->compared++;
    } else {
        ck_assert_msg(fabs(stalled_at - reference.stalled_at_m) < 5, "case %d: stalls at %g, reference %g", (int)seed,
                      stalled_at, reference.stalled_at_m);
        accuracy->stalled++;
    }
}

static bool long_test(void) {
    return getenv("BERING_TEST_LONG") != NULL;
}

START_TEST(agrees_with_fine_steps) {
    struct accuracy accuracy = {0};
    const uint64_t cases = long_test() ? 5000 : 300;
    for (uint64_t seed = 1; seed <= cases; seed++) compare(seed, &accuracy);
    printf("fine steps: %d runs, greatest differences %.2g of time, %.2g of energy, %.2g s at a mark, %.2g m/s at the "
           "end; %d stalls alike\n",
           accuracy.compared, accuracy.duration, accuracy.energy, accuracy.mark_s, accuracy.exit_speed,
           accuracy.stalled);
    ck_assert_int_gt(accuracy.compared, (int)cases / 2);
    ck_assert_int_gt(accuracy.stalled, 0);
}
END_TEST

/* A run with a stop and one through are the same, to the last bit, until the decision between them. */
START_TEST(stop_or_through_alike_until_indication) {
    static struct sample sample;
    enum { COUNT = 200 };
    double at[COUNT], passed[2][COUNT], wanted[2][COUNT];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        random_sample(&sample, seed);
        struct motion_request request = sample.request;
        for (int k = 0; k < COUNT; k++) at[k] = request.from_m + (request.to_m - request.from_m) * k / (COUNT - 1);
        struct motion_path *path = line_path(&sample.line, &sample.type);
        struct motion_result results[2];
        bool arrives[2];
        for (int stop = 0; stop < 2; stop++) {
            const struct motion_marks marks = {COUNT, at, passed[stop], wanted[stop]};
            request.stop = stop;
            arrives[stop] = motion_run(path, &request, &marks, &results[stop], NULL);
        }
        motion_path_destroy(path);
        if (!arrives[0] || !arrives[1]) continue;
        ck_assert(results[0].indication_s == results[1].indication_s);
        ck_assert(results[0].indication_s == wanted[0][COUNT - 1] || results[0].indication_s == 0);
        ck_assert(results[0].duration_s <= results[1].duration_s);
        for (int k = 0; k < COUNT; k++) {
            if (passed[0][k] > results[0].indication_s) break;
            if (passed[0][k] != passed[1][k])
                ck_abort_msg("case %d, mark %d: %.17g, with stop %.17g", (int)seed, k, passed[0][k], passed[1][k]);
        }
    }
}
END_TEST

START_TEST(marks_rise) {
    static struct sample sample;
    enum { COUNT = 3000 };
    static double at[COUNT], passed[COUNT], wanted[COUNT];
    for (uint64_t seed = 1; seed <= 100; seed++) {
        random_sample(&sample, seed);
        const struct motion_request *request = &sample.request;
        for (int k = 0; k < COUNT; k++) at[k] = request->from_m + (request->to_m - request->from_m) * k / (COUNT - 1);
        const struct motion_marks marks = {COUNT, at, passed, wanted};
        struct motion_path *path = line_path(&sample.line, &sample.type);
        struct motion_result result;
        const bool arrives = motion_run(path, request, &marks, &result, NULL);
        motion_path_destroy(path);
        for (int k = 1; arrives && k < COUNT; k++) {
            if (passed[k] >= passed[k - 1] && wanted[k] >= wanted[k - 1] && wanted[k] <= passed[k] + 1e-3) continue;
            ck_abort_msg("case %d, mark %d: %.12g after %.12g, wanted %.12g after %.12g", (int)seed, k, passed[k],
                         passed[k - 1], wanted[k], wanted[k - 1]);
        }
    }
}
END_TEST

/* Runs through, each from where and as fast as the last one ended, make up one long run. They end before the braking
 * for the stop of the long one may begin: a run through knows nothing of it. */
static void chain(uint64_t seed, double *worst) {
    static struct sample sample;
    random_sample(&sample, seed);
    struct motion_request whole = sample.request;
    whole.start_limit_ms = whole.end_limit_ms = INFINITY;
    whole.exit_limit_ms = 0;
    const double fastest = sample.type.max_speed_ms;
    const double way = whole.to_m - whole.from_m - fastest * fastest / (2 * sample.type.brake_ms2);
    if (way < 100) return;
    struct motion_path *path = line_path(&sample.line, &sample.type);
    struct motion_request part = whole;
    struct motion_result result, piece;
    const bool arrives = motion_run(path, &whole, NULL, &result, NULL);
    double duration = 0, energy = 0;
    for (int k = 1; arrives && k <= 5; k++) {
        part.to_m = k == 5 ? whole.to_m : whole.from_m + way * k / 4;
        part.stop = k == 5 && whole.stop;
        ck_assert(motion_run(path, &part, NULL, &piece, NULL));
        duration += piece.duration_s;
        energy += piece.energy_j;
        part.from_m = part.to_m;
        part.entry_speed_ms = piece.exit_speed_ms;
    }
    motion_path_destroy(path);
    if (!arrives) return;
    keep_greater(worst, fabs(duration / result.duration_s - 1));
    ck_assert_msg(fabs(duration / result.duration_s - 1) < 1e-3, "case %d: %.9g s, whole %.9g s", (int)seed, duration,
                  result.duration_s);
    ck_assert_msg(fabs(energy - result.energy_j) <= 1e-3 * result.energy_j + 1, "case %d: %.9g J, whole %.9g J",
                  (int)seed, energy, result.energy_j);
}

START_TEST(runs_through_chain) {
    double worst = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) chain(seed, &worst);
    printf("chained runs: greatest difference %.2g of time\n", worst);
}
END_TEST

/* The same line laid the other way round and run backward is the same run. */
START_TEST(backward_mirrors_forward) {
    static struct sample sample;
    static struct line mirrored;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        random_sample(&sample, seed);
        mirrored = sample.line;
        mirrored.network.sections = mirrored.sections;
        mirrored.network.alignments = mirrored.alignments;
        for (int32_t s = 0; s < mirrored.network.section_count; s++) {
            const struct section *section = &mirrored.sections[s];
            for (int32_t k = 0; k < section->alignment_count; k++) {
                struct alignment a =
                    sample.line.alignments[section->first_alignment + section->alignment_count - 1 - k];
                const double from = a.from_m;
                a.from_m = section->length_m - a.to_m;
                a.to_m = section->length_m - from;
                a.gradient_permille = -a.gradient_permille;
                mirrored.alignments[section->first_alignment + k] = a;
            }
            mirrored.route[s].direction = mirrored.route[s].direction == FORWARD ? BACKWARD : FORWARD;
        }
        struct motion_path *one = line_path(&sample.line, &sample.type), *other = line_path(&mirrored, &sample.type);
        struct motion_result a, b;
        const bool arrives = motion_run(one, &sample.request, NULL, &a, NULL);
        ck_assert(motion_run(other, &sample.request, NULL, &b, NULL) == arrives);
        motion_path_destroy(one);
        motion_path_destroy(other);
        if (!arrives) continue;
        assert_near("time", b.duration_s, a.duration_s, 1e-9);
        assert_near("energy", b.energy_j, a.energy_j, 1e-9);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("motion");
    TCase *closed = tcase_create("closed forms");
    tcase_add_loop_test(closed, constant_acceleration, 0, (int)(sizeof plain_runs / sizeof *plain_runs));
    tcase_add_test(closed, a_short_run_far_out);
    tcase_add_test(closed, constant_power);
    tcase_add_test(closed, constant_effort_against_drag);
    tcase_add_loop_test(closed, balancing, 0, (int)(sizeof balances / sizeof *balances));
    tcase_add_test(closed, cruising);
    tcase_add_test(closed, gradient_is_averaged_over_the_length);
    TCase *rules = tcase_create("limits, stalls and marks");
    tcase_add_test(rules, slow_zone_holds_until_the_tail_is_clear);
    tcase_add_test(rules, limit_as_the_head_sees_it);
    tcase_add_test(rules, turnout_limits);
    tcase_add_test(rules, exit_limit);
    tcase_add_test(rules, limits_beyond_the_end);
    tcase_add_test(rules, entry_above_what_is_allowed);
    tcase_add_test(rules, stalls);
    tcase_add_test(rules, marks_against_definition);
    tcase_add_test(rules, marks_before_the_start_of_a_run_through);
    TCase *random = tcase_create("random trains on random lines");
    tcase_add_test(random, agrees_with_fine_steps);
    tcase_add_test(random, stop_or_through_alike_until_indication);
    tcase_add_test(random, marks_rise);
    tcase_add_test(random, runs_through_chain);
    tcase_add_test(random, backward_mirrors_forward);
    TCase *cases[] = {closed, rules, random};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tcase_set_timeout(cases[i], 0);
        suite_add_tcase(suite, cases[i]);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
