/* Places of Bering from which something is asked that may go wrong: the two calls that lead there (with FAULT_FRAMES=3
 * three), told by a number that is the same in every run of one build. For libraries that are preloaded into it.
 *
 *     FAULT_SITE   the number of the place whose first request fails
 *     FAULT_TRACE  a file that receives where the calls to that place are, for addr2line(1)
 *     FAULT_SITES  a file that receives, at the end, the number of every place, one a line */
#ifndef BERING_TESTS_FAULTS_SITES_H
#define BERING_TESTS_FAULTS_SITES_H

#include <stdbool.h>

/* Whether the request that is being made has to fail. `kind` tells kinds of request apart that come from one place,
 * `caller` is the return address of the function that stands in for the one asked for. False before `main` and after
 * it, and where neither a place nor a file is named. */
bool site_fails(int kind, const void *caller);

/* False once Bering's own `main` has ended: what comes then is not Bering's, such as the files of coverage. */
bool program_runs(const void *caller);

/* Writes the file, when the program ends. */
void sites_tell(void);

#endif
