/* Ctrl-C and a polite kill: the work in hand is brought to an orderly end. A second one ends the program at once. */
#ifndef BERING_CLI_INTERRUPT_H
#define BERING_CLI_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/* From now on SIGINT and SIGTERM set the flag that is returned. */
const atomic_bool *interrupt_watch(void);

#endif
