#include "cli/typed_arguments.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool needs_quotes(const char *word) {
    return word[0] == '\0' || word[strcspn(word, " \t\n'\"\\$`*?[]{}()<>|&;#~!")] != '\0';
}

char *arguments_as_typed(int argc, char **argv) {
    size_t size = 1;
    for (int index = 1; index < argc; index++) size += 4 * strlen(argv[index]) + 3;
    char *text = malloc(size);
    if (text == NULL) return NULL;
    char *end = text;
    for (int index = 1; index < argc; index++) {
        const bool quotes = needs_quotes(argv[index]);
        if (index > 1) *end++ = ' ';
        if (quotes) *end++ = '\'';
        for (const char *at = argv[index]; *at != '\0'; at++) {
            if (*at == '\'') {
                memcpy(end, "'\\''", 4);
                end += 4;
            } else {
                *end++ = *at;
            }
        }
        if (quotes) *end++ = '\'';
    }
    *end = '\0';
    return text;
}
