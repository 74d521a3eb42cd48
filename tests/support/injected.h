/* Faults in the middle of a call: every place in Bering that asks for memory, or something of SQLite, is refused once,
 * as the first and as the last time it asks.
 *
 *     int32_t faults = 0;
 *     for (int32_t fault = INJECTED_NONE; fault < faults; fault++) {
 *         injected_begin(fault);
 *         …what is tested…
 *         const bool happened = injected_end();
 *         if (fault == INJECTED_NONE) faults = injected_faults();
 *         …what must hold after a fault, or without…
 *     }
 *
 * A place is a chain of calls, told by its return addresses; so it is the same place the next time
 * only where what is tested is called from the same line, as in the loop above. Refused memory is NULL. A refused call
 * of SQLite does nothing, and gives SQLITE_IOERR. What libraries do among themselves is not touched. Works only in
 * executables with `injected_dependency` (meson.build), in one thread; with `injected_files_dependency` files cannot be
 * opened or closed without loss, either.
 */
#ifndef BERING_TESTS_SUPPORT_INJECTED_H
#define BERING_TESTS_SUPPORT_INJECTED_H

#include <stdbool.h>
#include <stdint.h>

enum { INJECTED_NONE = -1 }; /* nothing is refused; who asks is remembered */

void injected_begin(int32_t fault);
bool injected_end(void);       /* whether it has happened */
int32_t injected_faults(void); /* how many there can be, by the last watch */

/* Whether what is being asked for is refused; of a function that stands in for another (injected_files.c). */
bool injected_refuses(void);

#endif
