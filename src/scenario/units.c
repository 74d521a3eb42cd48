#include "scenario/units.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { UNIT_SIZE = 64 };

static bool ends_in(const char *text, const char *end) {
    const size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

static bool is_one_of(const char *word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0) return true;
    return false;
}

/* ---- lengths and times ---- */

/* The unit that a key's name ends in, as in horizon_days; NULL: none. */
static const char *unit_in_name(const char *key) {
    static const char *const units[] = {"s", "min", "days", "m", "years"};
    const char *end = strrchr(key, '_');
    for (size_t i = 0; end && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end + 1, units[i]) == 0) return units[i];
    return NULL;
}

/* The unit that a word stands for; NULL: none that is known. */
static const char *unit_of_word(const char *word) {
    static const struct {
        const char *word, *unit;
    } known[] = {{"s", "s"},         {"sec", "s"},        {"second", "s"},
                 {"seconds", "s"},   {"min", "min"},      {"minute", "min"},
                 {"minutes", "min"}, {"h", "h"},          {"hour", "h"},
                 {"hours", "h"},     {"d", "days"},       {"day", "days"},
                 {"days", "days"},   {"ms", "ms"},        {"week", "weeks"},
                 {"weeks", "weeks"}, {"month", "months"}, {"a", "years"},
                 {"year", "years"},  {"years", "years"},  {"months", "months"},
                 {"m", "m"},         {"metres", "m"},     {"mm", "mm"},
                 {"cm", "cm"},       {"km", "km"},        {"ft", "ft"},
                 {"km/h", "km/h"},   {"m/s", "m/s"},      {"t", "t"},
                 {"kg", "kg"},       {"%", "%"},          {"permille", "permille"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(word, known[i].word) == 0) return known[i].unit;
    return NULL;
}

/* ---- money ---- */

/* Other currencies, and multiples: what is left of a word without its "USD" or "$". */
static bool is_other_money(const char *word) {
    static const char *const other[] = {
        "eur",  "euro", "euros",   "€",   "gbp",     "£",    "jpy",   "yen", "¥", "rub",      "₽",      "cny", "rmb",
        "yuan", "cad",  "aud",     "chf", "krw",     "cent", "cents", "ct",  "¢", "k",        "thousand", "m",   "mn",
        "mio",  "mln",  "million", "bn",  "billion", "bln",  "b",     "tn",  "t", "millions", "billions"};
    return is_one_of(word, other, sizeof other / sizeof other[0]);
}

/* "m USD", "$bn", "kEUR", "EUR/TEU": up to the first `/`, word by word. */
static bool names_other_money(const char *unit) {
    char word[UNIT_SIZE];
    size_t length = 0;
    for (const char *at = unit;; at++) {
        const bool ends = *at == '\0' || *at == '/' || *at == ' ';
        if (!ends && *at != '$' && *at != '.' && length + 1 < sizeof word)
            word[length++] = (char)tolower((unsigned char)*at);
        if (!ends) continue;
        word[length] = '\0';
        char *dollars = strstr(word, "usd");
        if (dollars) memmove(dollars, dollars + 3, strlen(dollars + 3) + 1);
        if (is_other_money(word)) return true;
        if (*at != ' ') return false;
        length = 0;
    }
}

/* ---- what a key holds ---- */

static bool is_fraction(const char *key) {
    return ends_in(key, "_rate") || ends_in(key, "_share") || ends_in(key, "_factor") || ends_in(key, "_overrun") ||
           strcmp(key, "growth_per_year") == 0;
}

const char *unit_contradicted(const char *key, const char *unit) {
    static const char *const percent[] = {"%", "percent", "per cent", "%/a", "%/year", "% a year"};
    if (strstr(key, "_usd")) return names_other_money(unit) ? "USD" : NULL;
    if (is_fraction(key))
        return is_one_of(unit, percent, sizeof percent / sizeof percent[0]) ? "a fraction, 0.05 for 5 %" : NULL;
    const char *expected = unit_in_name(key), *given = unit_of_word(unit);
    return expected && given && strcmp(expected, given) != 0 ? expected : NULL;
}
