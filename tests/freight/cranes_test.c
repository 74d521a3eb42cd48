/* Cranes: against the queue M/D/c, a search crane by crane, and shifts worked out by hand. */
#include "../engine/suite.h"

#include <math.h>

#include "freight/cranes.h"
#include "railway/network.h"

static const struct stream lift_stream = {5, STREAM_LIFT, 1};

/* Mean wait of M/D/1 over its service time: ρ / 2(1 − ρ) (Pollaczek and Khinchine). */
static double single_wait(double load) {
    return load / (2 * (1 - load));
}

/* Mean wait of M/D/c over its service time D, at `load` a server. Crommelin (1932): whoever is in service at t is gone
 * at t + D, and nobody who was not can be; so with a = c·load arrivals in D
 *     p_j = (p_0 + … + p_c) π_j + Σ_{i = c+1}^{c+j} p_i π_{j−i+c},  π Poisson of mean a.
 * Solved by iterating; then Little's law. */
static double crommelin_wait(int32_t servers, double load) {
    enum { STATES = 400, ITERATIONS = 3000 };
    const double mean = servers * load;
    static double p[STATES], next[STATES], poisson[STATES];
    for (int32_t j = 0; j < STATES; j++) {
        poisson[j] = exp(-mean + j * log(mean) - lgamma(j + 1));
        p[j] = j == 0;
    }
    for (int32_t round = 0; round < ITERATIONS; round++) {
        double idle = 0;
        for (int32_t i = 0; i <= servers; i++) idle += p[i];
        for (int32_t j = 0; j < STATES; j++) {
            next[j] = idle * poisson[j];
            for (int32_t i = servers + 1; i <= servers + j && i < STATES; i++)
                next[j] += p[i] * poisson[j - i + servers];
        }
        for (int32_t j = 0; j < STATES; j++) p[j] = next[j];
    }
    double queue = 0;
    for (int32_t j = servers + 1; j < STATES; j++) queue += (j - servers) * p[j];
    return queue / mean;
}

/* Mean wait of containers that come singly at random. */
static double simulated_wait(int32_t servers, double load, int64_t count) {
    const struct terminal terminal = {.cranes = servers, .lift_s = 100};
    const struct stream arrivals = {3, STREAM_TEST, (uint64_t)servers};
    struct cranes cranes;
    ck_assert(cranes_start(&cranes, &terminal, &lift_stream));
    double now_ms = 0, waits_ms = 0;
    for (int64_t i = 0; i < count; i++) {
        now_ms += stream_exponential(stream_uniform(&arrivals, 0, (uint64_t)i), 100e3 / servers / load);
        const int64_t time_ms = (int64_t)now_ms;
        const struct lift lift = cranes_lift(&cranes, time_ms);
        REQUIRE(lift.begin_ms >= time_ms && lift.end_ms == lift.begin_ms + 100000);
        waits_ms += (double)(lift.begin_ms - time_ms);
    }
    cranes_free(&cranes);
    return waits_ms / (double)count / 100e3;
}

START_TEST(solves_crommelins_equations_right) {
    for (double load = 0.3; load < 0.95; load += 0.2)
        ck_assert_double_eq_tol(crommelin_wait(1, load), single_wait(load), 1e-7);
}
END_TEST

START_TEST(waits_as_long_as_m_d_c) {
    const double loads[] = {0.5, 0.7, 0.85};
    for (int32_t servers = 1; servers <= 4; servers++)
        for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
            const double exact = crommelin_wait(servers, loads[i]);
            const double simulated = simulated_wait(servers, loads[i], 1000000);
            if (fabs(simulated / exact - 1) > 0.02)
                ck_abort_msg("M/D/%d at %g: %g, not %g", servers, loads[i], simulated, exact);
        }
}
END_TEST

/* However much is asked of them, cranes lift 3600 / lift_s an hour each. */
START_TEST(lifts_as_many_as_cranes_can) {
    for (int32_t count = 1; count <= 5; count++) {
        const struct terminal terminal = {.cranes = count, .lift_s = 120};
        struct cranes cranes;
        ck_assert(cranes_start(&cranes, &terminal, &lift_stream));
        int64_t in_ten_hours = 0;
        for (int32_t i = 0; i < 2000; i++) in_ten_hours += cranes_lift(&cranes, 0).end_ms <= 10 * 3600000;
        ck_assert_int_eq(in_ten_hours, 10 * count * 3600 / 120);
        cranes_free(&cranes);
    }
}
END_TEST

START_TEST(varies_as_told) {
    const double variations[] = {0.1, 0.5, 1.5};
    for (size_t i = 0; i < sizeof variations / sizeof variations[0]; i++) {
        enum { COUNT = 400000 };
        const struct terminal terminal = {.lift_s = 90, .lift_cv = variations[i], .station = 3};
        struct cranes cranes;
        ck_assert(cranes_start(&cranes, &terminal, &lift_stream));
        double sum = 0, squares = 0;
        for (int32_t k = 0; k < COUNT; k++) {
            const struct lift lift = cranes_lift(&cranes, 1000);
            REQUIRE(lift.begin_ms == 1000 && lift.end_ms >= 1000);
            const double lift_s = (double)(lift.end_ms - 1000) / 1000;
            sum += lift_s;
            squares += (lift_s - 90) * (lift_s - 90);
        }
        ck_assert_double_lt(fabs(sum / COUNT / 90 - 1), 4 * variations[i] / sqrt(COUNT));
        ck_assert_double_lt(fabs(sqrt(squares / COUNT) / 90 / variations[i] - 1), 0.05);
        cranes_free(&cranes);
    }
}
END_TEST

/* The n-th lift of a station takes as long whenever it is asked for. */
START_TEST(draws_by_the_number_of_the_lift) {
    const struct terminal terminal = {.lift_s = 90, .lift_cv = 0.3, .station = 3, .cranes = 2};
    struct terminal other = terminal;
    other.station = 4;
    struct cranes one, late, elsewhere;
    ck_assert(cranes_start(&one, &terminal, &lift_stream) && cranes_start(&late, &terminal, &lift_stream) &&
              cranes_start(&elsewhere, &other, &lift_stream));
    int32_t same = 0;
    for (int64_t i = 0; i < 100; i++) {
        const struct lift first = cranes_lift(&one, i), second = cranes_lift(&late, 1000000 * i);
        const struct lift third = cranes_lift(&elsewhere, i);
        ck_assert_int_eq(first.end_ms - first.begin_ms, second.end_ms - second.begin_ms);
        same += first.end_ms - first.begin_ms == third.end_ms - third.begin_ms;
    }
    ck_assert_int_lt(same, 5);
    cranes_free(&one);
    cranes_free(&late);
    cranes_free(&elsewhere);
}
END_TEST

/* The crane that is free first, found by looking at all of them; and a copy goes on alike. */
START_TEST(takes_the_crane_that_is_free_first) {
    for (int32_t count = 1; count <= 9; count++) {
        const struct terminal terminal = {.cranes = count, .lift_s = 60, .lift_cv = 1};
        const struct stream dice = {1, STREAM_TEST, 1};
        struct cranes cranes, copy = {0};
        ck_assert(cranes_start(&cranes, &terminal, &lift_stream));
        int64_t free_ms[9] = {0}, now_ms = 0;
        for (uint64_t i = 0; i < 3000; i++) {
            now_ms += (int64_t)stream_exponential(stream_uniform(&dice, 0, i), 60000.0 / count);
            if (i == 1000) ck_assert(cranes_copy(&copy, &cranes));
            const struct lift lift = cranes_lift(&cranes, now_ms);
            int32_t first = 0;
            for (int32_t k = 1; k < count; k++)
                if (free_ms[k] < free_ms[first]) first = k;
            REQUIRE(lift.begin_ms == (free_ms[first] > now_ms ? free_ms[first] : now_ms));
            free_ms[first] = lift.end_ms;
            if (i < 1000) continue;
            const struct lift again = cranes_lift(&copy, now_ms);
            REQUIRE(again.begin_ms == lift.begin_ms && again.end_ms == lift.end_ms);
        }
        cranes_free(&cranes);
        cranes_free(&copy);
    }
}
END_TEST

START_TEST(begins_lifts_within_shifts) {
    enum { H = 3600000, DAY = 24 * H };
    const struct terminal terminal = {.cranes = 1,
                                      .lift_s = 7200,
                                      .shifts = {{6 * H, 14 * H}, {22 * H, 26 * H}}, /* to two in the night */
                                      .shift_count = 2};
    const struct {
        int64_t asked_ms, opens_ms;
    } cases[] = {{0, 0},
                 {2 * H - 1, 2 * H - 1},
                 {2 * H, 6 * H},
                 {6 * H, 6 * H},
                 {14 * H - 1, 14 * H - 1},
                 {14 * H, 22 * H},
                 {23 * H, 23 * H},
                 {DAY + H, DAY + H},
                 {DAY + 2 * H, DAY + 6 * H},
                 {10 * DAY + 15 * H, 10 * DAY + 22 * H}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(terminal_opens_ms(&terminal, cases[i].asked_ms), cases[i].opens_ms);
    struct cranes cranes;
    ck_assert(cranes_start(&cranes, &terminal, &lift_stream));
    const int64_t begins_h[] = {6, 8, 10, 12, 22, 24, 30}; /* a lift may end after the shift: at 14, at 26 */
    for (size_t i = 0; i < sizeof begins_h / sizeof begins_h[0]; i++) {
        const struct lift lift = cranes_lift(&cranes, 3 * H);
        ck_assert_int_eq(lift.begin_ms, begins_h[i] * H);
        ck_assert_int_eq(lift.end_ms, (begins_h[i] + 2) * H);
    }
    cranes_free(&cranes);
    const struct terminal always = {0};
    ck_assert_int_eq(terminal_opens_ms(&always, 12345), 12345);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {solves_crommelins_equations_right, waits_as_long_as_m_d_c,
                                  lifts_as_many_as_cranes_can,       varies_as_told,
                                  draws_by_the_number_of_the_lift,   takes_the_crane_that_is_free_first,
                                  begins_lifts_within_shifts};
    return run_suite("cranes", tests, sizeof tests / sizeof tests[0]);
}
