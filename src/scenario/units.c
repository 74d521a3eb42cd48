#include "scenario/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { UNIT_SIZE = 64 };

static bool ends_in(const char *text, const char *end) {
    const size_t length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

static bool begins_with(const char *text, const char *begin) {
    return strncmp(text, begin, strlen(begin)) == 0;
}

/* Whether it is one of `words`, between which there are blanks. */
static bool is_one_of(const char *word, const char *words) {
    const size_t length = strlen(word);
    for (const char *at = words; *at != '\0';) {
        const size_t size = strcspn(at, " ");
        if (size == length && memcmp(at, word, size) == 0) return true;
        at += size;
        at += strspn(at, " ");
    }
    return false;
}

/* In lower case, without brackets, full stops, blanks around it and "in" before it. False: longer than any unit. */
static bool make_plain(const char *unit, char plain[UNIT_SIZE]) {
    size_t length = 0;
    unit += strspn(unit, " ([{");
    for (const char *at = unit; *at != '\0'; at++) {
        if (strchr("()[]{}.", *at)) continue;
        if (length + 1 == UNIT_SIZE) return false;
        plain[length++] = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    }
    while (length > 0 && plain[length - 1] == ' ') length--;
    plain[length] = '\0';
    if (begins_with(plain, "in ")) memmove(plain, plain + 3, length - 2);
    return true;
}

/* ---- lengths, times and shares ---- */

static bool is_percentage(const char *plain) {
    static const char *const begins[] = {"%", "percent", "per cent", "pct", "‰", "permille", "per mille"};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (begins_with(plain, begins[i])) return true;
    return false;
}

/* The unit that a key's name ends in, as in horizon_days; NULL: none. */
static const char *unit_in_name(const char *key) {
    static const char *const units[] = {"s", "min", "days", "m", "years"};
    const char *end = strrchr(key, '_');
    if (strcmp(key, "days_saved") == 0) return "days";
    for (size_t i = 0; end && i < sizeof units / sizeof units[0]; i++)
        if (strcmp(end + 1, units[i]) == 0) return units[i];
    return NULL;
}

/* Whether a key in unit `expected` stands beside the word of another unit. No more than the whole of what is written
 * counts: "days of 24 h" is for people. */
static bool names_other_unit(const char *plain, const char *expected) {
    static const struct {
        const char *unit, *words;
    } known[] = {{"ms", "ms msec msecs millisecond milliseconds"},
                 {"s", "s sec secs second seconds"},
                 {"min", "min mins minute minutes"},
                 {"h", "h hr hrs hour hours"},
                 {"days", "d day days"},
                 {"weeks", "w wk wks week weeks"},
                 {"months", "mo mos mth mths month months"},
                 {"years", "a y yr yrs year years"},
                 {"mm", "mm millimetre millimetres millimeter millimeters"},
                 {"cm", "cm centimetre centimetres centimeter centimeters"},
                 {"m", "m metre metres meter meters"},
                 {"km", "km kms kilometre kilometres kilometer kilometers"},
                 {"ft", "ft foot feet in inch inches yd yds yard yards mi mile miles"},
                 {"speed", "km/h kmh kph m/s mph"},
                 {"mass", "t ton tons tonne tonnes kg"},
                 {"USD", "usd us$ $ teu"}};
    if (is_percentage(plain)) return true;
    if (strcmp(plain, "m") == 0 && strcmp(expected, "min") == 0) return false; /* many write minutes like that */
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (is_one_of(plain, known[i].words)) return strcmp(known[i].unit, expected) != 0;
    return false;
}

/* ---- money ---- */

static bool is_multiple(const char *word) {
    return is_one_of(word, "k th ths thousand thousands tsd m mm mn mio mln mill million millions b bn bln mrd billion "
                           "billions t tn trillion trillions 000 000s '000 1000 10^3 10^6 10^9 1e3 1e6 1e9");
}

/* What is left of a word without `part`; false where that is not in it. */
static bool take_out(const char *word, const char *part, char rest[UNIT_SIZE]) {
    const char *at = strstr(word, part);
    if (!at) return false;
    const size_t before = (size_t)(at - word);
    memcpy(rest, word, before);
    memcpy(rest + before, at + strlen(part), strlen(at + strlen(part)) + 1);
    return true;
}

/* "EUR", "m€", "$bn", "million": money that is not in dollars, or in many at a time. */
static bool is_other_money(const char *word) {
    static const char *const signs[] = {"€", "£", "¥", "₽", "₩", "¢"}, *const dollars[] = {"us$", "usd", "$"};
    static const char *const others[] = {"eur", "gbp", "jpy", "rub", "cny", "rmb", "cad",
                                         "aud", "chf", "krw", "c$",  "ca$", "a$",  "au$"};
    static const char names[] =
        "euro euros pound pounds sterling yen yuan renminbi ruble rubles rouble roubles won cent "
        "cents ct cts usc pence";
    char rest[UNIT_SIZE];
    if (is_multiple(word) || is_one_of(word, names)) return true;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strstr(word, signs[i])) return true;
    for (size_t i = 0; i < sizeof dollars / sizeof dollars[0]; i++)
        if (take_out(word, dollars[i], rest) && is_multiple(rest)) return true;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (take_out(word, others[i], rest) && (*rest == '\0' || is_multiple(rest))) return true;
    return false;
}

/* "m USD", "$bn", "kEUR", "EUR/TEU", word by word: up to what it is paid for, or was converted from. */
static bool names_other_money(const char *plain) {
    char word[UNIT_SIZE];
    for (const char *at = plain; *at != '\0' && *at != '/';) {
        const size_t length = strcspn(at, " ,;:/");
        memcpy(word, at, length);
        word[length] = '\0';
        if (is_one_of(word, "per a an each every for from at converted =")) return false;
        if (is_other_money(word)) return true;
        at += length;
        at += strspn(at, " ,;:");
    }
    return false;
}

/* ---- what a key holds ---- */

static bool is_fraction(const char *key) {
    return ends_in(key, "_rate") || ends_in(key, "_share") || ends_in(key, "_factor") || ends_in(key, "_overrun") ||
           strcmp(key, "growth_per_year") == 0 || strcmp(key, "exchange_rate_usd") == 0;
}

const char *unit_contradicted(const char *key, const char *unit) {
    char plain[UNIT_SIZE];
    if (!make_plain(unit, plain)) return NULL;
    if (is_fraction(key) && is_percentage(plain)) return "a fraction, 0.05 for 5 %";
    if (strstr(key, "_usd")) return is_percentage(plain) || names_other_money(plain) ? "USD" : NULL;
    const char *expected = unit_in_name(key);
    return expected && names_other_unit(plain, expected) ? expected : NULL;
}
