/* A scenario's folder packed into one text, so that a fuzzer can change any file of it: the text is cut at lines that
 * begin with `=`, which name the file that follows, or say what of the request does:
 *
 *     =flows.csv        the rows of flows.csv
 *     =set              an override a line, as of --set
 *     =with             an option a line, as of --with
 *     =variant          a line: the variant, as of --variant; without it the first row of variants.csv is none
 *     =schedules        a file a line, as of --schedule
 *     =vary             so many of the overrides are told of as --vary as there are lines
 *
 * Files that the text does not bring are those of a small good scenario. */
#ifndef BERING_TESTS_FUZZ_PACKED_FOLDER_H
#define BERING_TESTS_FUZZ_PACKED_FOLDER_H

#include "scenario/scenario.h"

enum { PACKED_MOST_FILES = 24, PACKED_MOST_LINES = 8 };

struct packed_lines {
    char *lines[PACKED_MOST_LINES];
    int32_t count;
};

struct packed_folder {
    struct input_file files[PACKED_MOST_FILES];
    int32_t count;
    struct packed_lines overrides, with, schedules, variant, varied;
    struct scenario_request request; /* of these files; its arrays are the folder's */
};

/* Puts in a file; one of that name that is there already stays. */
void packed_folder_add(struct packed_folder *folder, const char *name, const char *content, size_t size);

/* Cuts the text and puts in what it does not bring. Starts with whatever packed_folder_add put in before. */
void packed_folder_cut(struct packed_folder *folder, const char *text, size_t size);

void packed_folder_free(struct packed_folder *folder); /* leaves it empty */

/* Reads the folder, twice: it aborts unless there is either a scenario or an error, what was read is in order, and the
 * files kept make the same scenario once more. */
void packed_folder_try(const struct packed_folder *folder);

#endif
