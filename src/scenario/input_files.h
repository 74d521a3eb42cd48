/* The files a scenario is read from: on disk, or as they were stored with a run. What was read is kept, so that it can
 * be stored in its turn, and hashed. */
#ifndef BERING_SCENARIO_INPUT_FILES_H
#define BERING_SCENARIO_INPUT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/diagnostics.h"
#include "scenario/scenario.h"

struct input_files {
    const char *folder;
    const struct input_file *stored; /* read from these instead of the disk; NULL: from the disk */
    int32_t stored_count;
    struct input_file *files; /* what was read, in the order read */
    int32_t count, room;
};

enum input_state { INPUT_READ, INPUT_MISSING, INPUT_REFUSED /* reported */, INPUT_NO_MEMORY };

/* Reads `path` and keeps it. A missing file is not reported here. On INPUT_READ *file is valid until the next call. */
enum input_state input_files_read(struct input_files *files, const char *path, struct diagnostics *diagnostics,
                                  const struct input_file **file);

/* Whether the folder is there and is one; reports it otherwise. Always true of stored files. */
bool input_files_check_folder(const struct input_files *files, struct diagnostics *diagnostics);

/* A path below the folder as the user would open it; an absolute one as it is. NULL: out of memory; caller frees. */
char *input_files_path(const struct input_files *files, const char *relative);

/* Sorts the files by path and writes their fingerprint: SHA-256 over each file in the order of their names,
 * as name, NUL, size in decimal, NUL, bytes. The name of a file in the scenario's folder is its path from there, that
 * of any other file (a schedule) its last component; so the fingerprint does not depend on where the folder lies or
 * from where it is read. False when out of memory. */
bool input_files_finish(struct input_files *files, char sha256[65]);

void input_files_free(struct input_files *files);

#endif
