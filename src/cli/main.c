/* Finds the command and hands over to it. */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/output.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* NULL: not in this version */
    const char *purpose;
};

static const struct command commands[] = {
    {"check", command_check, "read a scenario, report every error, print what was understood"},
    {"run", command_run, "simulate, write to the database, print a summary"},
    {"audit", command_audit, "check finished runs again, from the database alone"},
    {"rerun", command_rerun, "make a run again from the database alone, and compare"},
    {"capacity", command_capacity, "how many trains a day, four ways, for every variant"},
    {"appraise", command_appraise, "does it pay: net present value, break-even tariff, what decides"},
    {"sweep", command_sweep, "run a grid of settings, or a sample, and compare the points"},
    {"runs", command_runs, "list the runs in a database, or delete one"},
    {"plot", command_plot, "draw a chart from the database"},
    {"timetable", NULL, "make, check and show timetables"},
    {"report", NULL, "a page about a run"},
    {"export", NULL, "results in other forms"},
    {"new", NULL, "a first scenario to start from"},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static int print_help(void) {
    printf("bering COMMAND [options] — how many trains a day a railway line can carry\n\n");
    for (int index = 0; index < COMMAND_COUNT; index++)
        if (commands[index].run != NULL) printf("  %-9s  %s\n", commands[index].name, commands[index].purpose);
    printf("\nNot in this version:");
    for (int index = 0; index < COMMAND_COUNT; index++)
        if (commands[index].run == NULL) printf(" %s", commands[index].name);
    printf("\n\n`bering help COMMAND` says more about one of them, `bering --version` which version this is.\n"
           "Exit status: 0 done, 1 the input is wrong or the work failed, 2 the command line is wrong,\n"
           "130 interrupted.\n");
    return STATUS_DONE;
}

static int complain_unknown(const char *word) {
    const char *names[COMMAND_COUNT];
    for (int index = 0; index < COMMAND_COUNT; index++) names[index] = commands[index].name;
    const char *meant = nearest_word(word, names, COMMAND_COUNT);
    if (meant != NULL)
        print_complaint(NULL, "unknown command '%s'; did you mean '%s'?", word, meant);
    else
        print_complaint(NULL, "unknown command '%s'; `bering help` lists them", word);
    return STATUS_USAGE;
}

static int run_command(int argc, char **argv) {
    for (int index = 0; index < COMMAND_COUNT; index++) {
        const struct command *command = &commands[index];
        if (strcmp(argv[0], command->name) != 0) continue;
        if (command->run != NULL) return command->run(argc, argv);
        fprintf(stderr, "bering: '%s' is not in this version\n", command->name);
        return STATUS_USAGE;
    }
    return complain_unknown(argv[0]);
}

/* `help COMMAND` is `COMMAND --help`. */
static int help_command(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return print_help();
    char flag[] = "--help";
    char *words[] = {argv[1], flag, NULL};
    return run_command(2, words);
}

static int dispatch(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "bering: no command; `bering help` lists them\n");
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "help") == 0) return help_command(argc - 1, argv + 1);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return print_help();
    if (strcmp(argv[1], "--version") == 0) {
        printf("bering %s\n", BERING_VERSION);
        return STATUS_DONE;
    }
    if (argv[1][0] == '-') {
        print_complaint(NULL, "unknown option %s; `bering help` lists the commands", argv[1]);
        return STATUS_USAGE;
    }
    return run_command(argc - 1, argv + 1);
}

/* Whoever read the output has seen enough, as `head` does: no failure. */
static bool reader_has_gone(void) {
    struct pollfd output = {.fd = STDOUT_FILENO};
    return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

/* Where the program was started with a standard stream closed, no file that it opens may take its place: what is said
 * would go into the file. It stays read-only, so that writing to it fails as before. */
static void hold_standard_streams(void) {
    int file;
    do file = open("/dev/null", O_RDONLY);
    while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0) close(file);
}

int main(int argc, char **argv) {
    hold_standard_streams();
    signals_prepare();
    const int status = dispatch(argc, argv);
    /* A full disk behind a redirection must not look like success. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && !reader_has_gone()) {
        fprintf(stderr, "bering: the output could not be written\n");
        return status == STATUS_DONE ? STATUS_FAILED : status;
    }
    if (!output_is_whole()) {
        fprintf(stderr, "bering: out of memory: not all could be printed\n");
        return status == STATUS_DONE ? STATUS_FAILED : status;
    }
    return status;
}
