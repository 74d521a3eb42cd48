#include "study/least_mean.h"

#include <math.h>
#include <stdlib.h>

#include "study/linear_program.h"

/* Separations as near as this are one. */
static const double SAME_MIN = 1e-4;

/* A linear program over pairs of states. Its rows: what comes into a state goes out of it; each class has its share;
 * the turns, with a column more for those beyond the least number. Classes that are alike at this pinch count as the
 * first of them: schedules have many more classes than a section can tell apart. */
struct mean_program {
    const struct demand *demand;
    const struct pinch *pinch;
    int32_t *likes;            /* [class of the demand] */
    int32_t *firsts, *seconds; /* [pair]: states */
    int32_t pair_count;
    int32_t rows, columns;
    double *matrix, *right, *costs, *solution;
};

static bool same_separations(const struct pinch *pinch, int32_t a, int32_t b) {
    for (int32_t k = 0; k < pinch->state_count; k++) {
        const double before = separation_of(pinch, k, a)->least_min, after = separation_of(pinch, a, k)->least_min;
        const double before_b = separation_of(pinch, k, b)->least_min, after_b = separation_of(pinch, b, k)->least_min;
        if (before != before_b && !(fabs(before - before_b) < SAME_MIN)) return false;
        if (after != after_b && !(fabs(after - after_b) < SAME_MIN)) return false;
    }
    return true;
}

/* The states of a class, from `first` on: one or two, side by side. */
static int32_t states_of_class(const struct pinch *pinch, int32_t first) {
    const int32_t class_index = pinch->states[first].class_index;
    return first + 1 < pinch->state_count && pinch->states[first + 1].class_index == class_index ? 2 : 1;
}

static bool same_classes(const struct pinch *pinch, int32_t a, int32_t b) {
    const int32_t count = states_of_class(pinch, a);
    if (count != states_of_class(pinch, b) || pinch->states[a].direction != pinch->states[b].direction) return false;
    for (int32_t i = 0; i < count; i++)
        if (pinch->states[a + i].from_rest != pinch->states[b + i].from_rest || !same_separations(pinch, a + i, b + i))
            return false;
    return true;
}

static void find_likes(struct mean_program *program) {
    const struct pinch *pinch = program->pinch;
    for (int32_t i = 0; i < pinch->state_count; i += states_of_class(pinch, i)) {
        int32_t like = 0;
        while (like < i && !same_classes(pinch, like, i)) like += states_of_class(pinch, like);
        program->likes[pinch->states[i].class_index] = pinch->states[like].class_index;
    }
}

static bool goes(const struct mean_program *program, int32_t state, unsigned directions) {
    const struct separation_state *of = &program->pinch->states[state];
    return (directions >> of->direction & 1) && program->likes[of->class_index] == of->class_index;
}

static void list_pairs(struct mean_program *program, unsigned directions) {
    const struct pinch *pinch = program->pinch;
    for (int32_t first = 0; first < pinch->state_count; first++)
        for (int32_t second = 0; second < pinch->state_count; second++) {
            if (!goes(program, first, directions) || !goes(program, second, directions)) continue;
            if (isinf(separation_of(pinch, first, second)->least_min)) continue;
            program->firsts[program->pair_count] = first;
            program->seconds[program->pair_count++] = second;
        }
}

static double *cell(struct mean_program *program, int32_t row, int32_t column) {
    return &program->matrix[(size_t)row * (size_t)program->columns + (size_t)column];
}

static void fill(struct mean_program *program, unsigned directions, double turns) {
    const struct pinch *pinch = program->pinch;
    const int32_t class_row = pinch->state_count, turn_row = class_row + program->demand->class_count;
    for (int32_t pair = 0; pair < program->pair_count; pair++) {
        const struct separation_state *first = &pinch->states[program->firsts[pair]];
        const struct separation_state *second = &pinch->states[program->seconds[pair]];
        *cell(program, program->firsts[pair], pair) += 1;
        *cell(program, program->seconds[pair], pair) -= 1;
        *cell(program, class_row + first->class_index, pair) = 1;
        if (first->direction == FORWARD && second->direction == BACKWARD) *cell(program, turn_row, pair) = 1;
        program->costs[pair] = separation_of(pinch, program->firsts[pair], program->seconds[pair])->least_min;
    }
    for (int32_t i = 0; i < pinch->state_count; i += states_of_class(pinch, i)) {
        const int32_t class_index = pinch->states[i].class_index;
        if (directions >> pinch->states[i].direction & 1)
            program->right[class_row + program->likes[class_index]] += program->demand->classes[class_index].share;
    }
    *cell(program, turn_row, program->pair_count) = -1;
    program->right[turn_row] = turns;
}

static bool make_room(struct mean_program *program) {
    const size_t states = (size_t)program->pinch->state_count, pairs = states * states + 1;
    program->likes = calloc((size_t)program->demand->class_count, sizeof *program->likes);
    program->firsts = calloc(pairs, sizeof *program->firsts);
    program->seconds = calloc(pairs, sizeof *program->seconds);
    program->rows = program->pinch->state_count + program->demand->class_count + 1;
    program->matrix = calloc((size_t)program->rows * pairs, sizeof *program->matrix);
    program->right = calloc((size_t)program->rows, sizeof *program->right);
    program->costs = calloc(pairs, sizeof *program->costs);
    program->solution = calloc(pairs, sizeof *program->solution);
    return program->likes && program->firsts && program->seconds && program->matrix && program->right &&
           program->costs && program->solution;
}

static void free_room(struct mean_program *program) {
    free(program->likes);
    free(program->firsts);
    free(program->seconds);
    free(program->matrix);
    free(program->right);
    free(program->costs);
    free(program->solution);
}

static bool solve(struct mean_program *program, struct least_mean *mean) {
    const struct linear_program linear = {program->rows, program->columns, program->matrix, program->right,
                                          program->costs};
    double minutes;
    const enum linear_outcome outcome = linear_program_solve(&linear, program->solution, &minutes);
    if (outcome != LINEAR_SOLVED) return outcome != LINEAR_NO_MEMORY;
    mean->minutes = fmax(minutes, 0);
    for (int32_t pair = 0; pair < program->pair_count; pair++) {
        const struct separation *separation =
            separation_of(program->pinch, program->firsts[pair], program->seconds[pair]);
        for (int part = 0; part < SEPARATION_PART_COUNT; part++)
            mean->parts_min[part] += program->solution[pair] * separation->parts_min[part];
    }
    return true;
}

bool least_mean_find(const struct demand *demand, const struct pinch *pinch, unsigned directions, double turns,
                     struct least_mean *mean) {
    struct mean_program program = {.demand = demand, .pinch = pinch};
    *mean = (struct least_mean){.minutes = NAN};
    bool well = make_room(&program);
    if (well) {
        find_likes(&program);
        list_pairs(&program, directions);
        program.columns = program.pair_count + 1;
        fill(&program, directions, turns);
        well = solve(&program, mean);
    }
    free_room(&program);
    return well;
}

double least_mean_share(const struct demand *demand, const struct pinch *pinch, int32_t direction) {
    double share = 0;
    for (int32_t i = 0; i < pinch->state_count; i += states_of_class(pinch, i))
        if (pinch->states[i].direction == direction) share += demand->classes[pinch->states[i].class_index].share;
    return share;
}

double least_mean_inside_min(const struct demand *demand, const struct pinch *pinch) {
    double minutes = 0;
    for (int32_t i = 0; i < pinch->state_count; i += states_of_class(pinch, i)) {
        double least = pinch->states[i].inside_min;
        if (states_of_class(pinch, i) == 2) least = fmin(least, pinch->states[i + 1].inside_min);
        minutes += demand->classes[pinch->states[i].class_index].share * least;
    }
    return minutes;
}
