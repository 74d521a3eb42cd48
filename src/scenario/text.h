/* Small things about text that the whole room needs: copies, a pool that frees them together, checks of words and
 * bytes, and the nearest of some words. */
#ifndef BERING_SCENARIO_TEXT_H
#define BERING_SCENARIO_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL when out of memory; the caller frees. */
char *text_copy(const char *text);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
char *text_format_list(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

/* How many bytes of a text to print in a message (for `%.*s`): long ones are cut, never within a character. */
int text_shown(const char *text);

/* Bytes of the UTF-8 sequence at `bytes` (of which `size` > 0 are left): 1 to 4; 0 if it is not valid. */
enum { UTF8_MOST = 4 }; /* `size` where a NUL ends the text */
size_t utf8_length(const unsigned char *bytes, size_t size);

/* What would move a terminal's cursor, end a line, turn its direction, or is no UTF-8, becomes a blank or `?`, in
 * place: names and cells come from files of others. Returns `text`. */
char *text_make_printable(char *text);

/* `text` as one word of a command that is to be pasted into a shell: as it is, or quoted, in `word` (of `size` bytes);
 * "FILE" where it does not fit. Returns `word`. */
const char *text_for_shell(const char *text, char *word, size_t size);
enum { TEXT_WORD_SIZE = 512 };

/* 1–63 characters of A–Z a–z 0–9 _ . - */
bool identifier_valid(const char *text);

/* Edits (insert, delete, replace, swap neighbours) that turn one into the other; large where they are nothing alike. */
int32_t text_distance(const char *one, const char *other);
/* Whether a misspelling of `word` may have meant a candidate at this distance. */
bool text_near(const char *word, int32_t distance);

/* Texts that are freed all at once. A zeroed pool is empty. */
struct text_pool {
    struct text_block *blocks;
};
char *text_pool_add(struct text_pool *pool, const char *bytes, size_t size); /* NUL-terminated; NULL: out of memory */
void text_pool_free(struct text_pool *pool);

#endif
