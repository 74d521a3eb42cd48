#include "chart_tests.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool gnuplot_is_there(void) {
    const char *part = getenv("PATH");
    while (part != NULL && *part != '\0') {
        char program[4096];
        const size_t length = strcspn(part, ":");
        snprintf(program, sizeof program, "%.*s/gnuplot", (int)length, part);
        if (access(program, X_OK) == 0) return true;
        part += length + (part[length] == ':');
    }
    fprintf(stderr, "skipped: there is no gnuplot in PATH\n");
    return false;
}

char *file_content(const char *path) {
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s is not there", path);
    size_t room = 4096, size = 0;
    char *text = malloc(room);
    for (size_t now; (now = fread(text + size, 1, room - size - 1, file)) > 0;) {
        size += now;
        if (size + 1 == room) text = realloc(text, room *= 2);
        ck_assert_ptr_nonnull(text);
    }
    text[size] = '\0';
    fclose(file);
    return text;
}

/* Undoes the entities of XML in place. */
static void plain(char *text) {
    static const char *const entities[][2] = {{"&lt;", "<"},   {"&gt;", ">"},     {"&quot;", "\""}, {"&apos;", "'"},
                                              {"&#160;", " "}, {"\xc2\xa0", " "}, {"&amp;", "&"}};
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        size_t used = 1;
        *to = *from;
        for (size_t index = 0; index < sizeof entities / sizeof *entities; index++)
            if (strncmp(from, entities[index][0], strlen(entities[index][0])) == 0) {
                *to = entities[index][1][0];
                used = strlen(entities[index][0]);
                break;
            }
        to++;
        from += used;
    }
    *to = '\0';
}

int svg_texts_equal(const char *path, const char *text) {
    char *svg = file_content(path);
    int count = 0;
    for (char *here = svg; (here = strstr(here, "<text>")) != NULL;) {
        here += strlen("<text>");
        char *end = strstr(here, "</text>");
        ck_assert_ptr_nonnull(end);
        *end = '\0';
        plain(here);
        count += strcmp(here, text) == 0;
        here = end + 1;
    }
    free(svg);
    return count;
}

int files_in(const char *folder) {
    DIR *files = opendir(folder);
    ck_assert_ptr_nonnull(files);
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(files)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(files);
    return count;
}
