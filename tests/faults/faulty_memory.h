/* faulty_memory.c as a part of a test, which then makes its own allocations fail. */
#ifndef BERING_TESTS_FAULTS_FAULTY_MEMORY_H
#define BERING_TESTS_FAULTS_FAULTY_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the allocation `at` fails, from 1; `for_good`: those after it, too. 0: none. */
void faulty_memory_at(int64_t at, bool for_good);

int64_t faulty_memory_asked(void); /* since then */
int64_t faulty_memory_live(void);  /* blocks that are not freed yet, of all times */

#endif
