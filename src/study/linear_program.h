/* Small linear programs, solved exactly but for rounding: the least of Σ c_j x_j under A x = b, x ≥ 0.
 *
 * The simplex method on a dense tableau, in two phases; Dantzig's rule, and Bland's after a row of steps that gain
 * nothing, so that it always ends. Made for some dozens of rows and some thousands of columns. Dantzig, *Linear
 * Programming and Extensions*, 1963; Bland, *Mathematics of Operations Research* 2 (1977) 103. */
#ifndef BERING_STUDY_LINEAR_PROGRAM_H
#define BERING_STUDY_LINEAR_PROGRAM_H

#include <stdint.h>

struct linear_program {
    int32_t rows, columns;
    const double *matrix; /* A, row by row */
    const double *right;  /* b, of any sign; rows may depend on each other */
    const double *costs;  /* c, finite */
};

enum linear_outcome { LINEAR_SOLVED, LINEAR_INFEASIBLE, LINEAR_UNBOUNDED, LINEAR_NO_MEMORY };

/* Fills solution[columns] (may be NULL) and *value when solved; else leaves both alone. */
enum linear_outcome linear_program_solve(const struct linear_program *program, double *solution, double *value);

#endif
