#include "scenario/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 60, COMPARED_BYTES = 64, BLOCK_BYTES = 16384, IDENTIFIER_BYTES = 63 };

char *text_copy(const char *text) {
    const size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

char *text_format_list(const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    char *text = length >= 0 ? malloc((size_t)length + 1) : NULL;
    if (text) vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *text_format(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char *text = text_format_list(format, arguments);
    va_end(arguments);
    return text;
}

int text_shown(const char *text) {
    int length = 0;
    while (length < SHOWN_BYTES && text[length] != '\0') length++;
    if (text[length] == '\0') return length;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
    return length;
}

/* The least code point a sequence of this many bytes may stand for; below it the sequence is overlong. */
static const uint32_t least_of_length[] = {0, 0, 0x80, 0x800, 0x10000};

size_t utf8_length(const unsigned char *bytes, size_t size) {
    const unsigned char first = bytes[0];
    if (first < 0x80) return 1;
    const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
    if (length == 0 || first > 0xF4 || length > size) return 0;
    uint32_t point = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80) return 0;
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= least_of_length[length] && point <= 0x10FFFF && !surrogate ? length : 0;
}

/* Control characters of ASCII and of Latin-1, and those of Unicode that end a line or turn its direction. */
static bool is_control(const unsigned char *text) {
    if (text[0] < 0x20 || text[0] == 0x7f) return true;
    if (text[0] == 0xc2) return text[1] < 0xa0;
    if (text[0] != 0xe2) return false;
    return (text[1] == 0x80 && text[2] >= 0xa8 && text[2] <= 0xae) ||
           (text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9);
}

char *text_make_printable(char *text) {
    unsigned char *to = (unsigned char *)text;
    for (const unsigned char *from = to; *from != '\0';) {
        const size_t length = utf8_length(from, UTF8_MOST);
        if (length == 0 || is_control(from)) {
            *to++ = length == 0 ? '?' : ' ';
        } else {
            memmove(to, from, length);
            to += length;
        }
        from += length == 0 ? 1 : length;
    }
    *to = '\0';
    return text;
}

static bool identifier_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
}

/* Letters and digits of any language, and what no shell takes for an order. */
static bool is_plain(const char *text) {
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x80 && !identifier_character(*c) && strchr("/:,+@%=", *c) == NULL) return false;
    return text[0] != '\0';
}

const char *text_for_shell(const char *text, char *word, size_t size) {
    if (is_plain(text)) {
        const int length = snprintf(word, size, "%s", text);
        return length >= 0 && (size_t)length < size ? word : "FILE";
    }
    size_t length = 0;
    if (size > 0) word[length++] = '\'';
    for (const char *c = text; *c != '\0'; c++) {
        const char *const bytes = *c == '\'' ? "'\\''" : (char[]){*c, '\0'};
        if (length + strlen(bytes) + 2 > size) return "FILE";
        memcpy(word + length, bytes, strlen(bytes));
        length += strlen(bytes);
    }
    if (length + 2 > size) return "FILE";
    memcpy(word + length, "'", 2);
    return word;
}

bool identifier_valid(const char *text) {
    size_t length = 0;
    for (; identifier_character(text[length]); length++)
        if (length == IDENTIFIER_BYTES) return false;
    return length > 0 && text[length] == '\0';
}

static int32_t least(int32_t a, int32_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein's distance with swaps of neighbours. */
int32_t text_distance(const char *one, const char *other) {
    const size_t rows = strlen(one), columns = strlen(other);
    if (rows >= COMPARED_BYTES || columns >= COMPARED_BYTES) return COMPARED_BYTES;
    int32_t table[COMPARED_BYTES][COMPARED_BYTES];
    for (size_t i = 0; i <= rows; i++) table[i][0] = (int32_t)i;
    for (size_t j = 0; j <= columns; j++) table[0][j] = (int32_t)j;
    for (size_t i = 1; i <= rows; i++)
        for (size_t j = 1; j <= columns; j++) {
            const int32_t replace = table[i - 1][j - 1] + (one[i - 1] != other[j - 1]);
            table[i][j] = least(replace, least(table[i - 1][j], table[i][j - 1]) + 1);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                table[i][j] = least(table[i][j], table[i - 2][j - 2] + 1);
        }
    return table[rows][columns];
}

bool text_near(const char *word, int32_t distance) {
    const size_t length = strlen(word);
    return distance <= (length <= 4 ? 1 : length <= 8 ? 2 : 3) && (size_t)distance < length;
}

struct text_block {
    struct text_block *next;
    size_t used, size;
    char bytes[];
};

static struct text_block *block_with_room(struct text_pool *pool, size_t size) {
    struct text_block *block = pool->blocks;
    if (block && block->size - block->used >= size) return block;
    const size_t block_size = size > BLOCK_BYTES ? size : BLOCK_BYTES;
    block = malloc(sizeof *block + block_size);
    if (!block) return NULL;
    *block = (struct text_block){.next = pool->blocks, .size = block_size};
    pool->blocks = block;
    return block;
}

char *text_pool_add(struct text_pool *pool, const char *bytes, size_t size) {
    struct text_block *block = block_with_room(pool, size + 1);
    if (!block) return NULL;
    char *text = block->bytes + block->used;
    if (size > 0) memcpy(text, bytes, size);
    text[size] = '\0';
    block->used += size + 1;
    return text;
}

void text_pool_free(struct text_pool *pool) {
    while (pool->blocks) {
        struct text_block *next = pool->blocks->next;
        free(pool->blocks);
        pool->blocks = next;
    }
}
