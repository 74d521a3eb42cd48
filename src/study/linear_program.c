#include "study/linear_program.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 1e-9;

/* Rows of A and b as they are by now, below them the reduced costs with the value reached so far (its sign turned). The
 * variables at hand have a unit column each; those numbered from `columns` on are artificial: they start the first
 * phase and, once gone, do not come back. */
struct tableau {
    int32_t rows, columns;
    double *cells;  /* (rows + 1) × (columns + 1) */
    int32_t *basis; /* [rows] */
    double scale;   /* of the costs in this phase */
};

static double *row_of(const struct tableau *tableau, int32_t row) {
    return &tableau->cells[(size_t)row * ((size_t)tableau->columns + 1)];
}

static void pivot(struct tableau *tableau, int32_t row, int32_t column) {
    double *pivoted = row_of(tableau, row);
    const double by = pivoted[column];
    for (int32_t j = 0; j <= tableau->columns; j++) pivoted[j] /= by;
    pivoted[column] = 1;
    for (int32_t i = 0; i <= tableau->rows; i++) {
        double *other = row_of(tableau, i);
        const double times = other[column];
        if (i == row || times == 0) continue;
        for (int32_t j = 0; j <= tableau->columns; j++) other[j] -= times * pivoted[j];
        other[column] = 0;
    }
    tableau->basis[row] = column;
}

/* The column that gains most (`first`: the first that gains); −1: none does. */
static int32_t entering(const struct tableau *tableau, bool first) {
    const double *reduced = row_of(tableau, tableau->rows);
    int32_t best = -1;
    double least = -TOLERANCE * tableau->scale;
    for (int32_t j = 0; j < tableau->columns; j++) {
        if (reduced[j] >= least) continue;
        best = j;
        if (first) break;
        least = reduced[j];
    }
    return best;
}

/* The row that bounds it first, the one of the lowest variable among equals; −1: nothing does. */
static int32_t leaving(const struct tableau *tableau, int32_t column) {
    int32_t best = -1;
    double least = INFINITY;
    for (int32_t i = 0; i < tableau->rows; i++) {
        const double *row = row_of(tableau, i);
        if (row[column] <= TOLERANCE) continue;
        const double ratio = fmax(row[tableau->columns], 0) / row[column];
        const bool equal = best >= 0 && fabs(ratio - least) <= TOLERANCE * fmax(1, least);
        if (equal ? tableau->basis[i] >= tableau->basis[best] : ratio > least) continue;
        best = i;
        least = fmin(ratio, least);
    }
    return best;
}

/* False: unbounded. */
static bool improve(struct tableau *tableau) {
    enum { PATIENCE = 50 };
    int32_t idle = 0;
    for (int32_t column; (column = entering(tableau, idle > PATIENCE)) >= 0;) {
        const int32_t row = leaving(tableau, column);
        if (row < 0) return false;
        const double gain = row_of(tableau, row)[tableau->columns];
        idle = gain > TOLERANCE ? 0 : idle + 1;
        pivot(tableau, row, column);
    }
    return true;
}

/* The first phase: as little as can be of the artificial variables. */
static void begin(struct tableau *tableau, const struct linear_program *program) {
    double *reduced = row_of(tableau, program->rows);
    memset(reduced, 0, ((size_t)program->columns + 1) * sizeof *reduced);
    for (int32_t i = 0; i < program->rows; i++) {
        double *row = row_of(tableau, i);
        const double sign = program->right[i] < 0 ? -1 : 1;
        for (int32_t j = 0; j < program->columns; j++)
            row[j] = sign * program->matrix[(size_t)i * (size_t)program->columns + (size_t)j];
        row[program->columns] = sign * program->right[i];
        for (int32_t j = 0; j <= program->columns; j++) reduced[j] -= row[j];
        tableau->basis[i] = program->columns + i;
    }
    tableau->scale = 1;
}

/* The second phase: the costs of the program, expressed by what is not in the basis. Rows whose artificial variable
 * nothing replaces say nothing new: they are empty. */
static void take_costs(struct tableau *tableau, const struct linear_program *program) {
    for (int32_t i = 0; i < tableau->rows; i++) {
        if (tableau->basis[i] < tableau->columns) continue;
        const double *row = row_of(tableau, i);
        int32_t column = 0;
        while (column < tableau->columns && fabs(row[column]) <= TOLERANCE) column++;
        if (column < tableau->columns) pivot(tableau, i, column);
    }
    double *reduced = row_of(tableau, tableau->rows);
    memcpy(reduced, program->costs, (size_t)tableau->columns * sizeof *reduced);
    reduced[tableau->columns] = 0;
    tableau->scale = 1;
    for (int32_t j = 0; j < tableau->columns; j++) tableau->scale = fmax(tableau->scale, fabs(program->costs[j]));
    for (int32_t i = 0; i < tableau->rows; i++) {
        if (tableau->basis[i] >= tableau->columns) continue;
        const double cost = program->costs[tableau->basis[i]], *row = row_of(tableau, i);
        for (int32_t j = 0; j <= tableau->columns; j++) reduced[j] -= cost * row[j];
        reduced[tableau->basis[i]] = 0;
    }
}

static enum linear_outcome solve(struct tableau *tableau, const struct linear_program *program) {
    begin(tableau, program);
    double largest = 1;
    for (int32_t i = 0; i < program->rows; i++) largest = fmax(largest, fabs(program->right[i]));
    improve(tableau); /* what is not negative cannot fall without bound */
    if (-row_of(tableau, tableau->rows)[tableau->columns] > TOLERANCE * largest * (1 + program->rows))
        return LINEAR_INFEASIBLE;
    take_costs(tableau, program);
    return improve(tableau) ? LINEAR_SOLVED : LINEAR_UNBOUNDED;
}

enum linear_outcome linear_program_solve(const struct linear_program *program, double *solution, double *value) {
    struct tableau tableau = {.rows = program->rows, .columns = program->columns};
    tableau.cells = calloc(((size_t)program->rows + 1) * ((size_t)program->columns + 1), sizeof *tableau.cells);
    tableau.basis = calloc((size_t)program->rows + 1, sizeof *tableau.basis);
    enum linear_outcome outcome = LINEAR_NO_MEMORY;
    if (tableau.cells != NULL && tableau.basis != NULL) outcome = solve(&tableau, program);
    if (outcome == LINEAR_SOLVED) {
        *value = -row_of(&tableau, tableau.rows)[tableau.columns];
        for (int32_t j = 0; solution != NULL && j < tableau.columns; j++) solution[j] = 0;
        for (int32_t i = 0; solution != NULL && i < tableau.rows; i++)
            if (tableau.basis[i] < tableau.columns) solution[tableau.basis[i]] = row_of(&tableau, i)[tableau.columns];
    }
    free(tableau.cells);
    free(tableau.basis);
    return outcome;
}
