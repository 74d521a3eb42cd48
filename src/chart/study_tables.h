/* What a capacity study left in the database, as its charts need it: docs/formats.md, tables `capacity…`. */
#ifndef BERING_CHART_STUDY_TABLES_H
#define BERING_CHART_STUDY_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/database.h"

enum study_answer_kind { ANSWER_THEORETICAL, ANSWER_COMPRESSED, ANSWER_SATURATED, ANSWER_PRACTICAL };

/* Trains a day, both ways. NAN: the database has none. Texts are "" where it has none. */
struct study_answer {
    enum study_answer_kind kind;
    int32_t fleet; /* of a theoretical pattern; 0: its bound, or another answer */
    double trains_per_day, half_width, confidence;
    char *place, *binds; /* the limiting section, and what binds there */
    char *reason;        /* why there is no answer */
};

/* A demand that was simulated, NAN for what was not measured. */
struct study_point {
    double demand; /* trains a day asked for */
    double mean_s, half_width_s, p90_s;
};

enum study_outcome { STUDY_FOUND, STUDY_NEVER_KEPT, STUDY_NEVER_REACHED };

struct study_fit {
    bool known;
    bool p90; /* the limit is on the 90th percentile instead of the mean */
    enum study_outcome outcome;
    double limit_s;
    double a_s, b, residual; /* delay = a·e^(b·trains a day); NAN: no fit */
};

struct study_section {
    char *section;
    int32_t line_track; /* 1, or 2: the backward road of a two-track section */
    int64_t seq;
    int32_t trains;
    double occupied_min, open_min, occupancy, trains_per_day;
};

struct study_variant {
    char *name; /* "" where the study had none */
    struct study_answer *answers;
    int32_t answer_count, answer_room;
    struct study_point *points; /* whose delay was measured, by demand */
    int32_t point_count, point_room;
    struct study_section *sections; /* in the order of the line */
    int32_t section_count, section_room;
    struct study_fit fit;
};

struct study {
    int64_t experiment_id;
    char *arguments;                /* of the command */
    char *input_sha256;             /* of its files, "" where none were kept */
    char *scenario;                 /* its name as they have it, "" likewise */
    struct study_variant *variants; /* in the order they lie in */
    int32_t variant_count, variant_room;
};

enum study_part { STUDY_ANSWERS, STUDY_POINTS, STUDY_SECTIONS };

/* Experiment 0: the latest that has the part. With `variant` only that one is read. Fails where there is nothing of the
 * part, saying what there is to do. */
bool study_read(struct database *database, int64_t experiment_id, const char *variant, enum study_part part,
                struct study *study, struct failure *failure);
void study_free(struct study *study); /* leaves it empty */

/* Whether any experiment has the part. */
bool study_exists(struct database *database, enum study_part part, bool *exists, struct failure *failure);

/* The first answer of that kind (and fleet); NULL: none. */
const struct study_answer *study_answer_of(const struct study_variant *variant, enum study_answer_kind kind,
                                           int32_t fleet);

/* "experiment 3 · Bering Strait tunnel as proposed in 2025". */
void study_title(const struct study *study, char *text, size_t size);

#endif
