/* Why something could not be done, as one sentence for the user: no place, no newline. Functions that can fail take
 * one, return false (or NULL) and leave the sentence in it; it is untouched when they succeed. */
#ifndef BERING_RESULTS_FAILURE_H
#define BERING_RESULTS_FAILURE_H

#include <stdbool.h>

struct failure {
    char text[1024]; /* longer sentences are cut */
};

/* Writes the sentence and returns false, so that `return failure_set(…)` reads well. */
bool failure_set(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What an errno means, and what is to be done where that is known: "No space left on device; make room and try again".
 * Returns `text`. */
enum { FAILURE_REASON_SIZE = 160 };
const char *failure_reason(int number, char text[FAILURE_REASON_SIZE]);

#endif
