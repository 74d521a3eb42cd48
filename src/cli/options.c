#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "engine/law.h"

enum { LONGEST_WORD = 63 };

/* Edits (insert, delete, replace, swap neighbours) between two short words. */
static int32_t edit_distance(const char *left, const char *right) {
    const size_t rows = strlen(left), columns = strlen(right);
    if (rows > LONGEST_WORD || columns > LONGEST_WORD) return INT32_MAX;
    int32_t distance[LONGEST_WORD + 1][LONGEST_WORD + 1];
    for (size_t row = 0; row <= rows; row++) {
        for (size_t column = 0; column <= columns; column++) {
            if (row == 0 || column == 0) {
                distance[row][column] = (int32_t)(row + column);
                continue;
            }
            const int32_t changed = left[row - 1] != right[column - 1];
            int32_t least = distance[row - 1][column - 1] + changed;
            if (distance[row - 1][column] + 1 < least) least = distance[row - 1][column] + 1;
            if (distance[row][column - 1] + 1 < least) least = distance[row][column - 1] + 1;
            const bool swapped =
                row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
            if (swapped && distance[row - 2][column - 2] + 1 < least) least = distance[row - 2][column - 2] + 1;
            distance[row][column] = least;
        }
    }
    return distance[rows][columns];
}

const char *nearest_word(const char *word, const char *const *words, int32_t count) {
    const size_t length = strlen(word);
    const char *nearest = NULL;
    int32_t least = length < 4 ? 2 : 3; /* at most one, or two, slips of the finger */
    for (int32_t index = 0; index < count; index++) {
        if (length >= 3 && strncmp(word, words[index], length) == 0) return words[index];
        const int32_t distance = edit_distance(word, words[index]);
        if (distance >= least) continue;
        least = distance;
        nearest = words[index];
    }
    return nearest;
}

/* What is wrong with an option; false. */
#define complain(line, ...) (print_complaint((line)->command, __VA_ARGS__), false)

static const struct option *find_long(const struct command_line *line, const char *name, size_t length) {
    for (int32_t index = 0; index < line->option_count; index++) {
        const struct option *option = &line->options[index];
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0) return option;
    }
    return NULL;
}

static const struct option *find_letter(const struct command_line *line, char letter) {
    for (int32_t index = 0; index < line->option_count; index++)
        if (line->options[index].letter == letter) return &line->options[index];
    return NULL;
}

static bool complain_unknown(const struct command_line *line, const char *name, size_t length) {
    char word[LONGEST_WORD + 1];
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    const char **names = calloc((size_t)line->option_count + 1, sizeof *names);
    if (names == NULL) return complain(line, "unknown option --%s", word);
    for (int32_t index = 0; index < line->option_count; index++) names[index] = line->options[index].name;
    names[line->option_count] = "help";
    const char *meant = nearest_word(word, names, line->option_count + 1);
    free(names);
    if (meant != NULL) return complain(line, "unknown option --%s; did you mean --%s?", word, meant);
    return complain(line, "unknown option --%s", word);
}

/* The place of `word` in words separated by '|', −1 if it is none of them. */
static int choice_of(const char *choices, const char *word) {
    const size_t length = strlen(word);
    int place = 0;
    for (const char *choice = choices; choice != NULL; place++) {
        const char *bar = strchr(choice, '|');
        const size_t size = bar != NULL ? (size_t)(bar - choice) : strlen(choice);
        if (size == length && memcmp(choice, word, size) == 0) return place;
        choice = bar != NULL ? bar + 1 : NULL;
    }
    return -1;
}

static bool take_integer(const struct command_line *line, const struct option *option, const char *text) {
    char *rest = NULL;
    errno = 0;
    const long long value = strtoll(text, &rest, 10);
    const bool digits = text[0] == '-' ? text[1] >= '0' && text[1] <= '9' : text[0] >= '0' && text[0] <= '9';
    if (!digits || *rest != '\0' || errno == ERANGE || value < option->minimum || value > option->maximum)
        return complain(line, "--%s takes a whole number from %" PRId64 " to %" PRId64 ", not '%s'", option->name,
                        option->minimum, option->maximum, text);
    *(int64_t *)option->target = value;
    return true;
}

static bool take_number(const struct command_line *line, const struct option *option, const char *text) {
    double value = 0;
    const bool word = option->choices != NULL && choice_of(option->choices, text) >= 0;
    const bool number = number_parse(text, &value) && value >= option->least && value <= option->most;
    if (!word && !number)
        return complain(line, "--%s takes a number from %g to %g%s%s, not '%s'", option->name, option->least,
                        option->most, option->choices != NULL ? " or " : "",
                        option->choices != NULL ? option->choices : "", text);
    *(const char **)option->target = text;
    return true;
}

static bool take_value(const struct command_line *line, const struct option *option, const char *text) {
    switch (option->kind) {
    case OPTION_FLAG:
        *(bool *)option->target = true;
        return true;
    case OPTION_TEXT:
        *(const char **)option->target = text;
        return text[0] != '\0' || complain(line, "--%s is empty, expected %s", option->name, option->value);
    case OPTION_INTEGER:
        return take_integer(line, option, text);
    case OPTION_NUMBER:
        return take_number(line, option, text);
    case OPTION_CHOICE: {
        const int place = choice_of(option->choices, text);
        if (place < 0) return complain(line, "--%s takes %s, not '%s'", option->name, option->choices, text);
        *(int *)option->target = place;
        return true;
    }
    case OPTION_LIST:
        break;
    }
    if (text[0] == '\0') return complain(line, "--%s is empty, expected %s", option->name, option->value);
    if (option->pair && (text[0] == '=' || strchr(text, '=') == NULL))
        return complain(line, "--%s takes %s, not '%s'", option->name, option->value, text);
    struct option_list *list = option->target;
    list->values[list->count++] = text;
    return true;
}

/* Reads the option at argv[*index], and its value, which may be the next word. */
static bool take_option(const struct command_line *line, int argc, char **argv, int *index) {
    const char *word = argv[*index];
    const bool is_long = word[1] == '-';
    const char *name = is_long ? word + 2 : word + 1;
    const size_t length = is_long ? strcspn(name, "=") : 1;
    const struct option *option = is_long ? find_long(line, name, length) : find_letter(line, name[0]);
    if (option == NULL)
        return is_long ? complain_unknown(line, name, length) : complain(line, "unknown option -%c", name[0]);
    const bool attached = name[length] != '\0';
    if (option->kind == OPTION_FLAG) {
        if (attached) return complain(line, "--%s takes no value", option->name);
        return take_value(line, option, NULL);
    }
    if (attached) return take_value(line, option, name + length + (is_long ? 1 : 0));
    if (*index + 1 >= argc) return complain(line, "--%s needs a value: %s", option->name, option->value);
    return take_value(line, option, argv[++*index]);
}

static bool enough_arguments(const struct command_line *line, const char **arguments, int32_t count) {
    if (count < line->least_arguments) return complain(line, "needs %s", line->arguments);
    if (count > line->most_arguments)
        return complain(line, "'%s' is one word too many", arguments[line->most_arguments]);
    for (int32_t index = 0; index < count; index++)
        if (arguments[index][0] == '\0') return complain(line, "an empty word, expected %s", line->arguments);
    return true;
}

/* For as many values as there can be. */
static bool make_room_for_lists(const struct command_line *line, int argc) {
    for (int32_t index = 0; index < line->option_count; index++) {
        if (line->options[index].kind != OPTION_LIST) continue;
        struct option_list *list = line->options[index].target;
        list->values = calloc((size_t)argc, sizeof *list->values);
        if (list->values == NULL) return false;
    }
    return true;
}

enum options_result options_read(const struct command_line *line, int argc, char **argv, const char **arguments,
                                 int32_t *argument_count) {
    bool options_over = false, right = true;
    *argument_count = 0;
    if (!make_room_for_lists(line, argc)) {
        fprintf(stderr, "bering %s: out of memory\n", line->command);
        return OPTIONS_FAILED;
    }
    for (int index = 1; index < argc; index++) {
        const char *word = argv[index];
        if (options_over || word[0] != '-' || word[1] == '\0') {
            arguments[(*argument_count)++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_over = true;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            if (!right) continue; /* what is wrong before it is told, and is no success */
            options_help(line);
            return OPTIONS_HELP;
        } else {
            right &= take_option(line, argc, argv, &index);
        }
    }
    /* The word after an option that is not known may be its value: words are counted only where all are known. */
    right = right && enough_arguments(line, arguments, *argument_count);
    if (!right) fprintf(stderr, "`bering help %s` lists what it understands\n", line->command);
    return right ? OPTIONS_READY : OPTIONS_WRONG;
}

int options_status(enum options_result result) {
    if (result == OPTIONS_HELP) return STATUS_DONE;
    return result == OPTIONS_WRONG ? STATUS_USAGE : STATUS_FAILED;
}

void options_free(const struct command_line *line) {
    for (int32_t index = 0; index < line->option_count; index++) {
        if (line->options[index].kind != OPTION_LIST) continue;
        struct option_list *list = line->options[index].target;
        free(list->values);
        *list = (struct option_list){0};
    }
}

void options_help(const struct command_line *line) {
    printf("bering %s%s%s%s\n\n%s\n", line->command, line->arguments[0] != '\0' ? " " : "", line->arguments,
           line->option_count > 0 ? " [options]" : "", line->purpose);
    if (line->option_count > 0) printf("\n");
    for (int32_t index = 0; index < line->option_count; index++) {
        const struct option *option = &line->options[index];
        char left[80];
        const char *value = option->value != NULL ? option->value : option->choices;
        snprintf(left, sizeof left, "%s%c%s--%s%s%s", option->letter != 0 ? "-" : " ",
                 option->letter != 0 ? option->letter : ' ', option->letter != 0 ? ", " : "  ", option->name,
                 value != NULL ? " " : "", value != NULL ? value : "");
        printf("  %-28s  %s%s\n", left, option->help, option->kind == OPTION_LIST ? " (may be repeated)" : "");
    }
}
