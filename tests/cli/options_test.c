#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../engine/suite.h"

/* A command with one option of every kind. */
static struct values {
    bool flag;
    const char *text, *number;
    int64_t integer;
    int choice;
    struct option_list list, pairs;
} values;

static const struct option options[] = {
    {.name = "flag", .letter = 'f', .kind = OPTION_FLAG, .target = &values.flag, .help = "a flag"},
    {.name = "text", .letter = 't', .kind = OPTION_TEXT, .value = "TEXT", .target = &values.text, .help = "a text"},
    {.name = "number",
     .kind = OPTION_NUMBER,
     .value = "N",
     .target = &values.number,
     .choices = "auto",
     .least = 0.5,
     .most = 36500,
     .help = "a number"},
    {.name = "integer",
     .kind = OPTION_INTEGER,
     .value = "N",
     .target = &values.integer,
     .minimum = 1,
     .maximum = 10,
     .help = "an integer"},
    {.name = "choice", .kind = OPTION_CHOICE, .choices = "red|green", .target = &values.choice, .help = "a choice"},
    {.name = "list", .kind = OPTION_LIST, .value = "ITEM", .target = &values.list, .help = "a list"},
    {.name = "pair", .kind = OPTION_LIST, .value = "KEY=VALUE", .target = &values.pairs, .pair = true, .help = "pairs"},
};
static const struct command_line line = {.command = "test",
                                         .arguments = "ONE",
                                         .purpose = "Tests.",
                                         .options = options,
                                         .option_count = sizeof options / sizeof *options,
                                         .least_arguments = 1,
                                         .most_arguments = 1};

enum { MOST_WORDS = 16 };
static const char *arguments[MOST_WORDS];
static int32_t argument_count;
static char complaint[1024];

/* Reads words separated by blanks ('_' stands for an empty word), and keeps what is said on stderr. */
static enum options_result read_words(const char *words) {
    static char copy[512];
    char *argv[MOST_WORDS] = {(char *)"test"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        if (strcmp(word, "_") == 0) word[0] = '\0';
        argv[argc++] = word;
    }
    options_free(&line);
    values = (struct values){.choice = -1};
    fflush(stderr);
    FILE *kept = tmpfile();
    const int before = dup(STDERR_FILENO);
    dup2(fileno(kept), STDERR_FILENO);
    const enum options_result result = options_read(&line, argc, argv, arguments, &argument_count);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(kept);
    complaint[fread(complaint, 1, sizeof complaint - 1, kept)] = '\0';
    fclose(kept);
    return result;
}

START_TEST(options_are_read_in_every_form) {
    ck_assert_int_eq(read_words("-f --text=a=b --number 2.5 place --integer 10 --choice green --list x --list=y "
                                "--pair a=b=c"),
                     OPTIONS_READY);
    ck_assert(values.flag);
    ck_assert_str_eq(values.text, "a=b");
    ck_assert_str_eq(values.number, "2.5");
    ck_assert_int_eq(values.integer, 10);
    ck_assert_int_eq(values.choice, 1);
    ck_assert_int_eq(values.list.count, 2);
    ck_assert_str_eq(values.list.values[0], "x");
    ck_assert_str_eq(values.list.values[1], "y");
    ck_assert_str_eq(values.pairs.values[0], "a=b=c");
    ck_assert_int_eq(argument_count, 1);
    ck_assert_str_eq(arguments[0], "place");
    ck_assert_int_eq(read_words("-tlong -- --flag"), OPTIONS_READY);
    ck_assert_str_eq(values.text, "long");
    ck_assert_str_eq(arguments[0], "--flag");
    ck_assert(!values.flag);
    ck_assert_int_eq(read_words("--number auto -t - -"), OPTIONS_READY);
    ck_assert_str_eq(arguments[0], "-");
    options_free(&line);
}
END_TEST

static const struct {
    const char *words, *complaint;
} wrong[] = {
    {"", "needs ONE"},
    {"one two", "'two' is one word too many"},
    {"one --flga", "unknown option --flga; did you mean --flag?"},
    {"one --int 3", "unknown option --int; did you mean --integer?"},
    {"one --elephant", "unknown option --elephant\n"},
    {"one -x", "unknown option -x"},
    {"one --flag=yes", "--flag takes no value"},
    {"one --text", "--text needs a value: TEXT"},
    {"one --text _", "--text is empty, expected TEXT"},
    {"one --integer 0", "--integer takes a whole number from 1 to 10, not '0'"},
    {"one --integer 11", "not '11'"},
    {"one --integer 3x", "not '3x'"},
    {"one --integer 99999999999999999999", "not '99999999999999999999'"},
    {"one --integer=", "not ''"},
    {"one --number 0", "--number takes a number from 0.5 to 36500 or auto, not '0'"},
    {"one --number 1e9", "--number takes a number from 0.5 to 36500 or auto, not '1e9'"},
    {"one --list _", "--list is empty, expected ITEM"},
    {"one --list=", "--list is empty, expected ITEM"},
    {"one --pair _", "--pair is empty, expected KEY=VALUE"},
    {"one --number -1", "not '-1'"},
    {"one --number 1,5", "not '1,5'"},
    {"one --number nan", "not 'nan'"},
    {"one --choice blue", "--choice takes red|green, not 'blue'"},
    {"one --choice re", "not 're'"},
    {"one --pair a", "--pair takes KEY=VALUE, not 'a'"},
    {"one --pair =a", "not '=a'"},
    {"_", "an empty word, expected ONE"},
};

START_TEST(what_is_wrong_is_said) {
    for (size_t index = 0; index < sizeof wrong / sizeof *wrong; index++) {
        ck_assert_msg(read_words(wrong[index].words) == OPTIONS_WRONG, "%s", wrong[index].words);
        ck_assert_msg(strstr(complaint, wrong[index].complaint) != NULL, "%s: %s", wrong[index].words, complaint);
        ck_assert_msg(strncmp(complaint, "bering test: ", 13) == 0, "%s", complaint);
    }
    options_free(&line);
}
END_TEST

/* And the word behind an option that is not known is not taken for one too many. */
START_TEST(all_that_is_wrong_is_said_at_once) {
    ck_assert_int_eq(read_words("one --integer 0 --elephant two --choice blue --pair"), OPTIONS_WRONG);
    ck_assert_str_eq(complaint, "bering test: --integer takes a whole number from 1 to 10, not '0'\n"
                                "bering test: unknown option --elephant\n"
                                "bering test: --choice takes red|green, not 'blue'\n"
                                "bering test: --pair needs a value: KEY=VALUE\n"
                                "`bering help test` lists what it understands\n");
    options_free(&line);
}
END_TEST

START_TEST(near_words_are_found) {
    static const char *const words[] = {"check", "run", "runs", "plot", "capacity"};
    ck_assert_str_eq(nearest_word("chekc", words, 5), "check");
    ck_assert_str_eq(nearest_word("rum", words, 5), "run");
    ck_assert_str_eq(nearest_word("cap", words, 5), "capacity");
    ck_assert_str_eq(nearest_word("plots", words, 5), "plot");
    ck_assert_ptr_null(nearest_word("elephant", words, 5));
    ck_assert_ptr_null(nearest_word("x", words, 5));
}
END_TEST

int main(void) {
    const TTest *const tests[] = {options_are_read_in_every_form, what_is_wrong_is_said,
                                  all_that_is_wrong_is_said_at_once, near_words_are_found};
    return run_suite("options", tests, sizeof tests / sizeof *tests);
}
