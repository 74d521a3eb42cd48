/* A command's words as they could be typed again, quoted where a shell would take them apart: what a database keeps of
 * the command that wrote to it. */
#ifndef BERING_CLI_TYPED_ARGUMENTS_H
#define BERING_CLI_TYPED_ARGUMENTS_H

/* Without argv[0]. NULL when out of memory; the caller frees it. */
char *arguments_as_typed(int argc, char **argv);

#endif
