#include "audit/texts.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Open addressing, at most half full. */
struct audit_texts {
    char **slots;
    size_t room, count; /* room is a power of two */
};

enum { FIRST_ROOM = 64 };

/* FNV-1a. */
static uint64_t hash_of(const char *text) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const unsigned char *byte = (const unsigned char *)text; *byte != '\0'; byte++)
        hash = (hash ^ *byte) * UINT64_C(1099511628211);
    return hash;
}

/* Where the text lies, or the free slot where it belongs. */
static char **slot_of(char **slots, size_t room, const char *text) {
    size_t index = (size_t)hash_of(text) & (room - 1);
    while (slots[index] != NULL && strcmp(slots[index], text) != 0) index = (index + 1) & (room - 1);
    return &slots[index];
}

static bool grow(struct audit_texts *texts) {
    const size_t room = texts->room * 2;
    char **slots = calloc(room, sizeof *slots);
    if (slots == NULL) return false;
    for (size_t i = 0; i < texts->room; i++)
        if (texts->slots[i] != NULL) *slot_of(slots, room, texts->slots[i]) = texts->slots[i];
    free(texts->slots);
    texts->slots = slots;
    texts->room = room;
    return true;
}

struct audit_texts *audit_texts_create(void) {
    struct audit_texts *texts = calloc(1, sizeof *texts);
    if (texts == NULL) return NULL;
    texts->room = FIRST_ROOM;
    texts->slots = calloc(texts->room, sizeof *texts->slots);
    if (texts->slots != NULL) return texts;
    free(texts);
    return NULL;
}

const char *audit_texts_keep(struct audit_texts *texts, const char *text) {
    if (text == NULL) return NULL;
    char **slot = slot_of(texts->slots, texts->room, text);
    if (*slot != NULL) return *slot;
    if ((texts->count + 1) * 2 > texts->room) {
        if (!grow(texts)) return NULL;
        slot = slot_of(texts->slots, texts->room, text);
    }
    *slot = strdup(text);
    if (*slot != NULL) texts->count++;
    return *slot;
}

void audit_texts_free(struct audit_texts *texts) {
    if (texts == NULL) return;
    for (size_t i = 0; i < texts->room; i++) free(texts->slots[i]);
    free(texts->slots);
    free(texts);
}
