/* Prints a dictionary for the fuzzers: every table, column, word and standard value that the reader knows. */
#include <stdio.h>
#include <string.h>

#include "scenario/columns.h"

static void print_words(const char *words) {
    for (const char *word = words; word && *word != '\0';) {
        const int length = (int)strcspn(word, "|");
        printf("\"%.*s\"\n", length, word);
        word += length + (word[length] == '|');
    }
}

static void print_table(const struct table_description *table) {
    if (table->file) printf("\"\\x0a=%s\\x0a\"\n\"%s\"\n", table->file, table->file);
    printf("\"%s\"\n", table->name);
    for (int32_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];
        printf("\"%s,\"\n\".%s=\"\n", column->name, column->name);
        if (table->keys == 0) printf("\"\\x0a%s,\"\n", column->name);
        print_words(column->kind == CELL_REFERENCE ? NULL : column->words);
        print_words(column->standard);
        print_words(column->later);
    }
}

int main(void) {
    static const char *const others[] = {"=set\\x0a",
                                         "=with\\x0a",
                                         "=variant\\x0a",
                                         "=schedules\\x0a",
                                         "=vary\\x0a",
                                         "=",
                                         "=*1.2",
                                         "[A-M].",
                                         ":",
                                         ";",
                                         "!",
                                         "+",
                                         "\\x0a",
                                         "\\x0d\\x0a",
                                         "\\x22",
                                         "\\x22\\x22",
                                         "#",
                                         "\\xef\\xbb\\xbf",
                                         "\\x00",
                                         "\\xff",
                                         "exponential(",
                                         "lognormal(",
                                         "triangular(",
                                         "uniform(",
                                         "empirical(",
                                         "constant(",
                                         ")",
                                         "1e308",
                                         "1e-308",
                                         "-1",
                                         "9007199254740992",
                                         "2147483648",
                                         "4294967296",
                                         "9223372036854775807",
                                         "nan",
                                         "inf",
                                         "0x1",
                                         "1,5",
                                         "24:00",
                                         "23:59:59",
                                         "8760:00",
                                         "2000-02-29",
                                         "mon;tue;wed;thu;fri;sat;sun",
                                         "06:00-14:00;22:00-06:00",
                                         "1;1;1;1;1;1;1;1;1;1;1;1",
                                         "M:60;J:0",
                                         "A",
                                         "B",
                                         "C",
                                         "M",
                                         "J",
                                         "X",
                                         "F",
                                         "P",
                                         "H",
                                         "A-M",
                                         "M-B",
                                         "loop.1",
                                         "yard.2",
                                         "hill"};
    for (int32_t table = 0; table < TABLE_COUNT; table++) print_table(table_description((enum table_name)table));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) printf("\"%s\"\n", others[i]);
    return 0;
}
