/* A scenario's folder in memory: a small good one, changed file by file, read with scenario_read_inputs, so that a
 * hundred cases need no disk. */
#ifndef BERING_TESTS_SCENARIO_FOLDER_H
#define BERING_TESTS_SCENARIO_FOLDER_H

#include "../engine/suite.h"

#include "scenario/scenario.h"

enum { FOLDER_MOST_FILES = 24 };

struct folder {
    struct input_file files[FOLDER_MOST_FILES];
    int32_t count;
};

/* A –20 km– M –30 km– B: terminals A (no limit) and B, two tracks of 1,200 m at M; trains F of 1,000 m, a service each
 * way every two hours. Lies in the folder `s`. */
void folder_make(struct folder *folder);
void folder_put(struct folder *folder, const char *name, const char *content); /* replaces or adds */
void folder_put_bytes(struct folder *folder, const char *name, const char *content, size_t size);
void folder_remove(struct folder *folder, const char *name);
void folder_free(struct folder *folder);

struct scenario *folder_read(const struct folder *folder, const struct scenario_request *request,
                             struct diagnostics *diagnostics);

/* The small scenario with one file replaced, NULL: none; reads it and returns what was told, as printed. Frees all. */
char *folder_told(const char *name, const char *content, const struct scenario_request *request);

/* Reads a folder and returns what was told, as printed. Frees the folder. */
char *folder_tell(struct folder *folder, const struct scenario_request *request);

#endif
