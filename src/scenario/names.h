/* Which identifiers a table declares, and the index each has where it is switched on. */
#ifndef BERING_SCENARIO_NAMES_H
#define BERING_SCENARIO_NAMES_H

#include <stdbool.h>
#include <stdint.h>

struct name {
    const char *text; /* owned by the table */
    int32_t index;    /* −1: switched off */
    int32_t row;      /* of the table */
};

struct names {
    const char *table;    /* in messages: "stations.csv" */
    bool damaged;         /* rows are missing that could not be read: an unknown name may have been there */
    struct name *entries; /* sorted by text; one that is on before one that is off */
    int32_t count;
};

enum name_state { NAME_FOUND, NAME_OFF, NAME_UNKNOWN, NAME_BAD /* reported, or not to be told */ };

/* Entries are added by the loader in the table's order, then sorted. */
bool names_reserve(struct names *names, int32_t count); /* false when out of memory */
void names_add(struct names *names, const char *text, int32_t index, int32_t row);
void names_sort(struct names *names);
enum name_state names_find(const struct names *names, const char *text, int32_t *index);
const char *names_nearest(const struct names *names, const char *text); /* NULL: nothing like it */
void names_free(struct names *names);

#endif
