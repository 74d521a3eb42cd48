/* Signals. Ctrl-C, a polite kill and a terminal that is closed bring the work in hand to an orderly end; a second one,
 * half a second later or more, ends the program at once. */
#ifndef BERING_CLI_INTERRUPT_H
#define BERING_CLI_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/* From now on SIGINT, SIGTERM and SIGHUP set the flag that is returned; SIGHUP not where it was ignored (nohup). */
const atomic_bool *interrupt_watch(void);

/* From now on a reader that has gone and a limit on the size of files are errors of writing like others, which are
 * told, and no sudden end. */
void signals_prepare(void);

#endif
