#include "scenario/text.h"

#include <stdio.h>
#include <string.h>

#include "../engine/suite.h"

START_TEST(nothing_printed_moves_the_cursor) {
    static const char *const texts[][2] = {{"a\x1b[31mb\nc\td\x7f", "a [31mb c d "},
                                           {"\xc2\x9b"
                                            "2J",
                                            " 2J"},
                                           {"é\xe2\x80\xaeü\xe2\x80\xa9東", "é ü 東"},
                                           {"bad \xff\xc3 \xe6\x9d", "bad ?? ??"},
                                           {"\xe2\x80\x93 ±", "– ±"},
                                           {"", ""}};
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
        char text[64];
        snprintf(text, sizeof text, "%s", texts[index][0]);
        ck_assert_str_eq(text_make_printable(text), texts[index][1]);
    }
}
END_TEST

START_TEST(a_name_is_one_word_of_a_command) {
    static const char *const words[][2] = {{"bering.db", "bering.db"},
                                           {"/a/b-c_1.db", "/a/b-c_1.db"},
                                           {"Тоннель.db", "Тоннель.db"},
                                           {"my runs.db", "'my runs.db'"},
                                           {"it's.db", "'it'\\''s.db'"},
                                           {"$(x);`y`&\"z\"", "'$(x);`y`&\"z\"'"},
                                           {"a\\b", "'a\\b'"},
                                           {"~", "'~'"},
                                           {"", "''"}};
    for (size_t index = 0; index < sizeof words / sizeof *words; index++) {
        char word[64];
        ck_assert_str_eq(text_for_shell(words[index][0], word, sizeof word), words[index][1]);
        /* with all the room that it needs, and with one byte less */
        const size_t size = strlen(words[index][1]) + 1;
        ck_assert_str_eq(text_for_shell(words[index][0], word, size), words[index][1]);
        ck_assert_str_eq(text_for_shell(words[index][0], word, size - 1), "FILE");
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {nothing_printed_moves_the_cursor, a_name_is_one_word_of_a_command};
    return run_suite("text", tests, sizeof tests / sizeof *tests);
}
