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
size_t utf8_length(const unsigned char *bytes, size_t size);

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
