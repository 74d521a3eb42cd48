#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/world_reading.h"

/* ---- texts ---- */

static size_t digits_of(const char *text) {
    return strspn(text, "0123456789");
}

/* −digits.digits e±digits, of which only the first digits must be there. */
bool world_parse_number(const char *text, double *number) {
    const char *at = text + (*text == '-');
    size_t digits = digits_of(at);
    if (digits == 0) return false;
    at += digits;
    if (*at == '.') {
        if ((digits = digits_of(++at)) == 0) return false;
        at += digits;
    }
    if (*at == 'e') {
        at++;
        at += *at == '+' || *at == '-';
        if ((digits = digits_of(at)) == 0) return false;
        at += digits;
    }
    if (*at != '\0') return false;
    *number = strtod(text, NULL);
    return isfinite(*number);
}

bool world_identifier(const char *text) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    const size_t length = strlen(text);
    return length >= 1 && length <= 63 && strspn(text, allowed) == length;
}

const char *world_raw(const struct world_row *row, int32_t column) {
    return row->table->cells[(size_t)row->index * (size_t)row->table->form->column_count + (size_t)column];
}

static const struct world_column *column_of(const struct world_row *row, int32_t column) {
    return &row->table->form->columns[column];
}

const char *world_text(const struct world_row *row, int32_t column) {
    const char *text = world_raw(row, column), *standard = column_of(row, column)->standard;
    if (*text != '\0') return text;
    if (column_of(row, column)->required) world_row_problem(row, "%s is empty", column_of(row, column)->name);
    return standard != NULL ? standard : "";
}

static void tell_cell(const struct world_row *row, int32_t column, const char *text, const char *wrong) {
    world_row_problem(row, "%s '%.*s' %s", column_of(row, column)->name, text_shown(text), text, wrong);
}

/* ---- numbers ---- */

double world_number(const struct world_row *row, int32_t column) {
    const struct world_column *meant = column_of(row, column);
    const char *text = world_text(row, column);
    double number;
    if (*text == '\0') return NAN;
    if (!world_parse_number(text, &number))
        tell_cell(row, column, text, "is not a number");
    else if (number < meant->least || number > meant->most)
        tell_cell(row, column, text, "is out of range");
    else
        return number;
    return NAN;
}

double world_number_or(const struct world_row *row, int32_t column, double otherwise) {
    const double number = world_number(row, column);
    return isnan(number) ? otherwise : number;
}

int64_t world_whole(const struct world_row *row, int32_t column, int64_t otherwise) {
    const double number = world_number(row, column);
    if (isnan(number)) return otherwise;
    if (number == floor(number)) return (int64_t)number;
    tell_cell(row, column, world_text(row, column), "is not a whole number");
    return otherwise;
}

int64_t world_milliseconds(const struct world_row *row, int32_t column, int64_t otherwise) {
    const double seconds = world_number(row, column);
    return isnan(seconds) ? otherwise : llround(seconds * 1000);
}

/* ---- times, words, days ---- */

/* Exactly `count` digits, or 1 to 5 where it is 0; −1: others. */
static int64_t take_digits(const char **text, size_t count) {
    int64_t value = 0;
    const size_t digits = digits_of(*text);
    if (count == 0 ? digits < 1 || digits > 5 : digits != count) return -1;
    for (size_t i = 0; i < digits; i++) value = value * 10 + (*(*text)++ - '0');
    return value;
}

/* HH:MM or HH:MM:SS in seconds; −1. */
static int64_t clock_seconds(const char *text) {
    int64_t parts[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        parts[i] = take_digits(&text, i == 0 ? 0 : 2);
        if (parts[i] < 0 || (i > 0 && parts[i] > 59)) return -1;
        if (*text == '\0' && i > 0) break;
        if (*text != ':' || i == 2) return -1;
        text++;
    }
    return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

int64_t world_clock(const struct world_row *row, int32_t column, int64_t otherwise, int32_t most_hours) {
    const char *text = world_text(row, column);
    if (*text == '\0') return otherwise;
    const int64_t seconds = clock_seconds(text);
    if (seconds >= 0 && seconds <= most_hours * INT64_C(3600)) return seconds * 1000;
    tell_cell(row, column, text, "is not a time of day");
    return otherwise;
}

/* The place of the first `length` bytes of `word` among words separated by `|`; −1. */
static int32_t place_of(const char *words, const char *word, size_t length) {
    int32_t place = 0;
    for (const char *at = words;; place++) {
        const size_t here = strcspn(at, "|");
        if (here == length && strncmp(at, word, length) == 0) return place;
        if (at[here] == '\0') return -1;
        at += here + 1;
    }
}

int32_t world_word(const struct world_row *row, int32_t column, const char *words, int32_t otherwise) {
    const char *text = world_text(row, column);
    if (*text == '\0') return otherwise;
    const int32_t place = place_of(words, text, strlen(text));
    if (place >= 0) return place;
    tell_cell(row, column, text, "is not known");
    return otherwise;
}

void world_directions(const struct world_row *row, int32_t column, bool direction[2]) {
    const int32_t word = world_word(row, column, "forward|backward|both", 2);
    direction[AUDIT_FORWARD] = word != 1;
    direction[AUDIT_BACKWARD] = word != 0;
}

unsigned world_weekdays(const struct world_row *row, int32_t column) {
    enum { EVERY_DAY = 127 };
    const char *text = world_text(row, column);
    if (strcmp(text, "daily") == 0) return EVERY_DAY;
    unsigned days = 0;
    for (const char *at = text;; at++) {
        const size_t length = strcspn(at, ";");
        const int32_t day = place_of("mon|tue|wed|thu|fri|sat|sun", at, length);
        if (day < 0) {
            tell_cell(row, column, text, "is not 'daily' nor a list of weekdays");
            return EVERY_DAY;
        }
        days |= 1u << day;
        at += length;
        if (*at == '\0') return days;
    }
}

/* ---- laws ---- */

enum { LAW_PARAMETERS = 3 };

/* What a law was written with. Only the first few values are kept, and whether all are the same. */
struct law_read {
    double values[LAW_PARAMETERS];
    int32_t count;
    bool alike;
    double sum; /* of all values */
};

static bool take_value(const char *text, size_t length, struct law_read *law) {
    char piece[400];
    double value;
    while (length > 0 && strchr(" \t", *text) != NULL) text++, length--;
    while (length > 0 && strchr(" \t", text[length - 1]) != NULL) length--;
    if (length >= sizeof piece) return false;
    memcpy(piece, text, length);
    piece[length] = '\0';
    if (!world_parse_number(piece, &value)) return false;
    law->alike = law->count == 0 || (law->alike && value == law->values[0]);
    if (law->count < LAW_PARAMETERS) law->values[law->count] = value;
    law->sum += value;
    law->count++;
    return true;
}

/* The values between `text` and `end`. */
static bool take_values(const char *text, const char *end, char separator, struct law_read *law) {
    for (;;) {
        const char *next = memchr(text, separator, (size_t)(end - text));
        if (!take_value(text, (size_t)((next != NULL ? next : end) - text), law)) return false;
        if (next == NULL) return true;
        text = next + 1;
    }
}

enum law_name { LAW_OF_CONSTANT, LAW_OF_EXPONENTIAL, LAW_OF_LOGNORMAL, LAW_OF_TRIANGLE, LAW_OF_UNIFORM, LAW_OF_SAMPLE };

/* Its parameters are such that a law has them; whether it then always gives one value, *value. */
static bool law_constant(enum law_name name, const struct law_read *law, double *value) {
    *value = law->values[0];
    switch (name) {
    case LAW_OF_CONSTANT:
        return true;
    case LAW_OF_EXPONENTIAL:
        return law->values[0] == 0;
    case LAW_OF_LOGNORMAL:
        *value = exp(law->values[0]);
        return law->values[1] == 0;
    case LAW_OF_TRIANGLE:
        return law->values[0] == law->values[2];
    case LAW_OF_UNIFORM:
    case LAW_OF_SAMPLE:
        return law->alike;
    }
    return false;
}

/* NAME(values), or a number alone; false when it is neither. */
static bool parse_law(const char *text, enum law_name *name, struct law_read *law) {
    static const int32_t counts[] = {1, 1, 2, 3, 2, 0};
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    *name = LAW_OF_CONSTANT;
    if (open == NULL) return take_value(text, strlen(text), law);
    if (close == NULL || close < open || close[1 + strspn(close + 1, " \t")] != '\0') return false;
    text += strspn(text, " \t");
    size_t length = (size_t)(open - text);
    while (length > 0 && strchr(" \t", text[length - 1]) != NULL) length--;
    const int32_t place = place_of("constant|exponential|lognormal|triangular|uniform|empirical", text, length);
    if (place < 0) return false;
    *name = (enum law_name)place;
    if (!take_values(open + 1, close, *name == LAW_OF_SAMPLE ? ';' : ',', law)) return false;
    return *name == LAW_OF_SAMPLE || law->count == counts[place];
}

bool world_constant(const struct world_row *row, int32_t column, double *value) {
    struct law_read law = {.alike = true};
    enum law_name name;
    const char *text = world_text(row, column);
    *value = 0;
    if (parse_law(text, &name, &law)) return law_constant(name, &law, value);
    tell_cell(row, column, text, "is neither a number nor a law");
    return true;
}

bool world_law_mean(const char *text, double *mean) {
    struct law_read law = {.alike = true};
    enum law_name name;
    *mean = NAN;
    if (!parse_law(text, &name, &law)) return false;
    const double *value = law.values;
    switch (name) {
    case LAW_OF_CONSTANT:
    case LAW_OF_EXPONENTIAL:
        *mean = value[0];
        break;
    case LAW_OF_LOGNORMAL:
        *mean = exp(value[0] + value[1] * value[1] / 2);
        break;
    case LAW_OF_TRIANGLE:
    case LAW_OF_UNIFORM:
    case LAW_OF_SAMPLE:
        *mean = law.sum / law.count;
        break;
    }
    return isfinite(*mean);
}

/* ---- options and references ---- */

/* Copies one name of a list, without `!` and blanks; cut where it is too long to be one. */
static bool copy_option(const char *text, size_t length, char *option, size_t size) {
    while (length > 0 && *text == ' ') text++, length--;
    const bool off = length > 0 && *text == '!';
    text += off;
    length -= off;
    while (length > 0 && *text == ' ') text++, length--;
    while (length > 0 && text[length - 1] == ' ') length--;
    if (length >= size) length = size - 1;
    memcpy(option, text, length);
    option[length] = '\0';
    return !off;
}

bool world_holds(const struct world_row *row, int32_t column) {
    const char *list = world_raw(row, column);
    bool holds = true;
    if (*list == '\0') return true;
    for (;; list++) {
        char option[80];
        const size_t length = strcspn(list, ";");
        const bool wanted = copy_option(list, length, option, sizeof option);
        const int32_t on = world_names_find(&row->reading->options, option);
        if (on == WORLD_UNKNOWN) tell_cell(row, column, option, "is not in options.csv");
        holds = holds && (on == 1) == wanted;
        list += length;
        if (*list == '\0') return holds;
    }
}

int32_t world_reference(const struct world_row *row, int32_t column, const struct world_names *names) {
    const char *text = world_text(row, column);
    const int32_t found = world_names_find(names, text);
    if (found == WORLD_UNKNOWN) tell_cell(row, column, text, "is not declared");
    return found;
}
