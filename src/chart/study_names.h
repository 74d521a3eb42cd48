/* The names that people know places by, for the ids that a study keeps: from the input files kept with it. */
#ifndef BERING_CHART_STUDY_NAMES_H
#define BERING_CHART_STUDY_NAMES_H

#include "chart/input_table.h"

struct study_names {
    struct input_table sections, stations;
};

/* Of files that are not kept there are no names, and the ids stand for themselves. */
bool study_names_read(struct database *database, const char *input_sha256, struct study_names *names,
                      struct failure *failure);
void study_names_free(struct study_names *names); /* leaves it empty */

/* A section by the stations at its ends: "Chukotka portal – Undersea west". */
void study_names_section(const struct study_names *names, const char *section, char *text, size_t size);

/* A place that limits: a section, or a stretch as the ids of two stations with " – " between them. */
void study_names_place(const struct study_names *names, const char *place, char *text, size_t size);

#endif
