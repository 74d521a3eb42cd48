/* The command line of a command, declared as a table and read by one function, so that every command understands
 * `--name value`, `--name=value`, `-x value` and `--`, and complains in the same words. */
#ifndef BERING_CLI_OPTIONS_H
#define BERING_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* The exit status of the program (docs/formats.md §3). */
enum exit_status { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_INTERRUPTED = 130 };

enum option_kind {
    OPTION_FLAG,    /* target: bool, set to true */
    OPTION_TEXT,    /* target: const char *, the last one given */
    OPTION_LIST,    /* target: struct option_list, every one given */
    OPTION_INTEGER, /* target: int64_t, between minimum and maximum */
    OPTION_NUMBER,  /* target: const char *, as written; from least to most, or one of `choices` if there are any */
    OPTION_CHOICE,  /* target: int, the place of the word in `choices` */
};

struct option_list {
    const char **values; /* point into argv */
    int32_t count;
};

struct option {
    const char *name; /* without the dashes */
    char letter;      /* 0: none */
    enum option_kind kind;
    const char *value;   /* what its value is called in the help, e.g. "FILE" */
    const char *help;    /* one line */
    void *target;        /* holds the default; left alone if the option is not given */
    const char *choices; /* words separated by '|' */
    int64_t minimum, maximum;
    double least, most; /* of OPTION_NUMBER */
    bool pair;          /* OPTION_LIST: every value is KEY=VALUE */
};

struct command_line {
    const char *command;   /* "run" */
    const char *arguments; /* "SCENARIO", for the first line of the help */
    const char *purpose;   /* one sentence, or more */
    const struct option *options;
    int32_t option_count;
    int32_t least_arguments, most_arguments; /* how many words that are no options */
};

enum options_result {
    OPTIONS_READY,
    OPTIONS_HELP,  /* --help was asked for, and printed: done */
    OPTIONS_WRONG, /* the command line is wrong, and all that is was said on stderr: STATUS_USAGE */
    OPTIONS_FAILED /* out of memory, which was said: STATUS_FAILED */
};

/* The exit status of a command that ends there; not for OPTIONS_READY. */
int options_status(enum options_result result);

/* argv[0] is the command itself. The words that are no options are moved to the front of `arguments` (argc entries,
 * the caller's) and counted. Lists are allocated: options_free them, whatever the result. */
enum options_result options_read(const struct command_line *line, int argc, char **argv, const char **arguments,
                                 int32_t *argument_count);
void options_free(const struct command_line *line);

/* Prints usage, purpose and options on stdout. */
void options_help(const struct command_line *line);

/* The word of `words` nearest to `word`, NULL if none is near enough to be what was meant. */
const char *nearest_word(const char *word, const char *const *words, int32_t count);

#endif
