/* Linear programs against assignments tried one by one, textbook cases, and what has no answer. */
#include "study/linear_program.h"

#include <math.h>
#include <string.h>

#include "../engine/suite.h"
#include "engine/stream.h"

static double uniform(uint64_t index) {
    const struct stream stream = {11, STREAM_TEST, 1};
    return stream_uniform(&stream, 0, index);
}

START_TEST(a_textbook_case) {
    /* most of 3 x + 5 y with x ≤ 4, 2 y ≤ 12, 3 x + 2 y ≤ 18: 36 at (2, 6) */
    static const double MATRIX[] = {1, 0, 1, 0, 0, 0, 2, 0, 1, 0, 3, 2, 0, 0, 1};
    static const double RIGHT[] = {4, 12, 18}, COSTS[] = {-3, -5, 0, 0, 0};
    double solution[5], value;
    ck_assert_int_eq(linear_program_solve(&(struct linear_program){3, 5, MATRIX, RIGHT, COSTS}, solution, &value),
                     LINEAR_SOLVED);
    ck_assert_double_eq_tol(value, -36, 1e-12);
    ck_assert_double_eq_tol(solution[0], 2, 1e-12);
    ck_assert_double_eq_tol(solution[1], 6, 1e-12);
}
END_TEST

/* Beale's example, on which the simplex method with Dantzig's rule alone goes round for ever. */
START_TEST(it_does_not_go_round_for_ever) {
    static const double MATRIX[] = {1, 0, 0, 0.25, -8, -1, 9, 0, 1, 0, 0.5, -12, -0.5, 3, 0, 0, 1, 0, 0, 1, 0};
    static const double RIGHT[] = {0, 0, 1}, COSTS[] = {0, 0, 0, -0.75, 20, -0.5, 6};
    double value;
    ck_assert_int_eq(linear_program_solve(&(struct linear_program){3, 7, MATRIX, RIGHT, COSTS}, NULL, &value),
                     LINEAR_SOLVED);
    ck_assert_double_eq_tol(value, -1.25, 1e-12);
}
END_TEST

START_TEST(what_has_no_answer) {
    static const double MATRIX[] = {1, -1, 1, -1}, APART[] = {1, 2}, SAME[] = {1, 1}, COSTS[] = {-1, 0};
    double value = 7;
    ck_assert_int_eq(linear_program_solve(&(struct linear_program){2, 2, MATRIX, APART, COSTS}, NULL, &value),
                     LINEAR_INFEASIBLE);
    ck_assert_int_eq(linear_program_solve(&(struct linear_program){2, 2, MATRIX, SAME, COSTS}, NULL, &value),
                     LINEAR_UNBOUNDED);
    ck_assert_double_eq(value, 7);
    static const double NEGATIVE[] = {-3, -3}, DEAR[] = {1, 2};
    ck_assert_int_eq(linear_program_solve(&(struct linear_program){2, 2, MATRIX, NEGATIVE, DEAR}, NULL, &value),
                     LINEAR_SOLVED);
    ck_assert_double_eq_tol(value, 6, 1e-12);
}
END_TEST

/* ---- transportation: rows and columns with equal sums ---- */

enum { MOST = 6 };

static void transport(int32_t size, const double *sums, double matrix[2 * MOST * MOST * MOST], double right[2 * MOST]) {
    memset(matrix, 0, sizeof(double) * 2 * MOST * MOST * MOST);
    for (int32_t i = 0; i < size; i++)
        for (int32_t j = 0; j < size; j++) {
            matrix[i * size * size + i * size + j] = 1;
            matrix[(size + j) * size * size + i * size + j] = 1;
        }
    for (int32_t i = 0; i < size; i++) right[i] = right[size + i] = sums[i];
}

static double best_assignment(int32_t size, const double *costs, int32_t row, unsigned taken) {
    if (row == size) return 0;
    double best = INFINITY;
    for (int32_t j = 0; j < size; j++)
        if (!(taken >> j & 1))
            best = fmin(best, costs[row * size + j] + best_assignment(size, costs, row + 1, taken | 1u << j));
    return best;
}

/* With all sums one the corners are the permutations (Birkhoff), so the least over all of them is the answer. */
START_TEST(transport_of_ones_is_the_best_assignment) {
    double matrix[2 * MOST * MOST * MOST], right[2 * MOST], costs[MOST * MOST], solution[MOST * MOST], value;
    static const double ONES[MOST] = {1, 1, 1, 1, 1, 1};
    for (uint64_t round = 0; round < 300; round++) {
        const int32_t size = 1 + (int32_t)(round % MOST);
        for (int32_t i = 0; i < size * size; i++) /* many equal ones among them */
            costs[i] = floor(10 * uniform(round * 64 + (uint64_t)i)) * (round % 2 ? 1 : 0.37);
        transport(size, ONES, matrix, right);
        const struct linear_program program = {2 * size, size * size, matrix, right, costs};
        ck_assert_int_eq(linear_program_solve(&program, solution, &value), LINEAR_SOLVED);
        ck_assert_double_eq_tol(value, best_assignment(size, costs, 0, 0), 1e-9);
    }
}
END_TEST

/* The answer keeps every row, has no negative part, and costs what it says. */
START_TEST(any_sums) {
    double matrix[2 * MOST * MOST * MOST], right[2 * MOST], costs[MOST * MOST], solution[MOST * MOST], sums[MOST],
        value;
    for (uint64_t round = 0; round < 200; round++) {
        const int32_t size = 2 + (int32_t)(round % (MOST - 1));
        for (int32_t i = 0; i < size; i++) sums[i] = uniform(100000 + round * 8 + (uint64_t)i);
        for (int32_t i = 0; i < size * size; i++) costs[i] = 60 * uniform(200000 + round * 64 + (uint64_t)i);
        transport(size, sums, matrix, right);
        const struct linear_program program = {2 * size, size * size, matrix, right, costs};
        ck_assert_int_eq(linear_program_solve(&program, solution, &value), LINEAR_SOLVED);
        double cost = 0, stays = 0;
        for (int32_t i = 0; i < size; i++) stays += sums[i] * costs[i * size + i];
        for (int32_t row = 0; row < 2 * size; row++) {
            double sum = 0;
            for (int32_t j = 0; j < size * size; j++) sum += matrix[row * size * size + j] * solution[j];
            ck_assert_double_eq_tol(sum, right[row], 1e-9);
        }
        for (int32_t j = 0; j < size * size; j++) {
            ck_assert(solution[j] >= -1e-9);
            cost += costs[j] * solution[j];
        }
        ck_assert_double_eq_tol(cost, value, 1e-8);
        ck_assert(value <= stays + 1e-9);
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {a_textbook_case, it_does_not_go_round_for_ever, what_has_no_answer,
                                  transport_of_ones_is_the_best_assignment, any_sums};
    return run_suite("linear_program", tests, sizeof tests / sizeof *tests);
}
