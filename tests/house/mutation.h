/* Random damage to the files of a scenario, as a hand that slips, a spreadsheet or a disk would do it: cells emptied,
 * replaced, swapped, scaled, pushed to the ends of their range or beyond; rows lost, doubled, swapped; columns
 * shuffled; bytes changed; files cut short, lost, exchanged. */
#ifndef BERING_TESTS_HOUSE_MUTATION_H
#define BERING_TESTS_HOUSE_MUTATION_H

#include "engine/stream.h"
#include "scenario/scenario.h"

/* Numbers in a row, the same for the same seed and entity. */
struct dice {
    struct stream stream;
    uint64_t entity, draw;
};

int32_t dice_below(struct dice *dice, int32_t count); /* 0 … count − 1; count ≥ 1 */
bool dice_chance(struct dice *dice, double probability);

/* A copy of the files, each with its own memory. */
struct mutated {
    struct input_file *files;
    int32_t count;
};
struct mutated mutated_copy(const struct input_file *files, int32_t count);
/* Another file, or one in place of that of the same path. Takes over path and content, which come from malloc. */
void mutated_put(struct mutated *mutated, char *path, char *content, size_t size);
void mutated_free(struct mutated *mutated);

/* One change to one of the files (or two of them). */
void mutate(struct dice *dice, struct mutated *mutated);

/* A text for --set: most of them make sense. The caller frees it. */
char *mutation_override(struct dice *dice, const struct mutated *mutated);

#endif
