#include "scenario/names.h"

#include <stdlib.h>
#include <string.h>

#include "scenario/text.h"

bool names_reserve(struct names *names, int32_t count) {
    names->entries = malloc(((size_t)count + 1) * sizeof *names->entries);
    names->count = 0;
    return names->entries != NULL;
}

void names_add(struct names *names, const char *text, int32_t index, int32_t row) {
    names->entries[names->count++] = (struct name){.text = text, .index = index, .row = row};
}

static int compare(const void *left, const void *right) {
    const struct name *one = left, *other = right;
    const int texts = strcmp(one->text, other->text);
    if (texts != 0) return texts;
    if ((one->index < 0) != (other->index < 0)) return one->index < 0 ? 1 : -1;
    return (one->row > other->row) - (one->row < other->row);
}

void names_sort(struct names *names) {
    qsort(names->entries, (size_t)names->count, sizeof *names->entries, compare);
}

enum name_state names_find(const struct names *names, const char *text, int32_t *index) {
    int32_t low = 0, high = names->count;
    *index = -1;
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;
        if (strcmp(names->entries[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == names->count || strcmp(names->entries[low].text, text) != 0) return NAME_UNKNOWN;
    *index = names->entries[low].index;
    return *index >= 0 ? NAME_FOUND : NAME_OFF;
}

const char *names_nearest(const struct names *names, const char *text) {
    const char *nearest = NULL;
    int32_t least = INT32_MAX;
    for (int32_t i = 0; i < names->count; i++) {
        const int32_t distance = text_distance(text, names->entries[i].text);
        if (distance >= least) continue;
        least = distance;
        nearest = names->entries[i].text;
    }
    return nearest && text_near(text, least) ? nearest : NULL;
}

void names_free(struct names *names) {
    free(names->entries);
    *names = (struct names){0};
}
