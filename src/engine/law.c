#include "engine/law.h"
#include "engine/stream.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort_double.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GREATEST_VALUE_COUNT = 10000 };

static const double GREATEST_UNIFORM = 1 - 0x1p-53;

struct law_form {
    const char *name;
    int parameter_count;
    const char *usage;
};

/* Indexed by enum law_kind. */
static const struct law_form law_forms[] = {
    [LAW_CONSTANT] = {"constant", 1, "constant(x)"},
    [LAW_EXPONENTIAL] = {"exponential", 1, "exponential(mean)"},
    [LAW_LOGNORMAL] = {"lognormal", 2, "lognormal(mu,sigma)"},
    [LAW_TRIANGULAR] = {"triangular", 3, "triangular(a,m,b)"},
    [LAW_UNIFORM] = {"uniform", 2, "uniform(a,b)"},
    [LAW_EMPIRICAL] = {"empirical", 0, "empirical(x1;x2;...)"},
};

enum { LAW_FORM_COUNT = sizeof law_forms / sizeof law_forms[0] };

/* A piece of the text being read. */
struct span {
    const char *start;
    size_t length;
};

/* What parsing hands around: where to write what is wrong. */
struct complaint {
    char *message;
    size_t size;
};

__attribute__((format(printf, 2, 3))) static bool complain(struct complaint complaint, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (complaint.size) vsnprintf(complaint.message, complaint.size, format, arguments);
    va_end(arguments);
    return false;
}

/* Length to print of a span in a message: long garbage is cut. */
static int shown(struct span span) {
    return span.length < 40 ? (int)span.length : 40;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static struct span trim(struct span span) {
    while (span.length && is_blank(span.start[0])) span = (struct span){span.start + 1, span.length - 1};
    while (span.length && is_blank(span.start[span.length - 1])) span.length--;
    return span;
}

/* The number of digits at the start of text. */
static size_t digit_run(const char *text) {
    size_t length = 0;
    while (is_digit(text[length])) length++;
    return length;
}

/* Whether all of text is -?digits[.digits][e±digits]. */
static bool is_number(const char *text) {
    text += *text == '-';
    size_t digits = digit_run(text);
    if (digits == 0) return false;
    text += digits;
    if (*text == '.') {
        digits = digit_run(++text);
        if (digits == 0) return false;
        text += digits;
    }
    if (*text == 'e') {
        text++;
        text += *text == '-' || *text == '+';
        digits = digit_run(text);
        if (digits == 0) return false;
        text += digits;
    }
    return *text == '\0';
}

/* Makes '.' the decimal point of this thread, whatever language the calling program set; give the answer to
 * end_plain_numbers. */
static locale_t begin_plain_numbers(void) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return plain ? uselocale(plain) : (locale_t)0;
}

static void end_plain_numbers(locale_t previous) {
    if (!previous) return;
    freelocale(uselocale(previous));
}

bool number_parse(const char *text, double *value) {
    if (!is_number(text)) return false;
    locale_t previous = begin_plain_numbers();
    double number = strtod(text, NULL);
    end_plain_numbers(previous);
    if (!isfinite(number)) return false;
    *value = number;
    return true;
}

/* One trimmed number out of a longer text. */
static bool read_number(struct span span, double *value, struct complaint complaint) {
    char digits[400]; /* longer than any double written out in full */
    span = trim(span);
    if (span.length == 0) return complain(complaint, "a number is missing");
    if (span.length < sizeof digits) {
        memcpy(digits, span.start, span.length);
        digits[span.length] = '\0';
        if (number_parse(digits, value)) return true;
    }
    return complain(complaint, "'%.*s' is not a finite number, expected one such as 12 or 0.5", shown(span),
                    span.start);
}

static size_t count_pieces(struct span span, char separator) {
    size_t count = 1;
    for (size_t i = 0; i < span.length; i++) count += span.start[i] == separator;
    return count;
}

/* Reads `count` numbers; the caller made sure that there are as many pieces. */
static bool read_numbers(struct span span, char separator, size_t count, double *values, struct complaint complaint) {
    for (size_t i = 0; i < count; i++) {
        const char *end = memchr(span.start, separator, span.length);
        size_t length = end ? (size_t)(end - span.start) : span.length;
        if (!read_number((struct span){span.start, length}, &values[i], complaint)) return false;
        size_t used = end ? length + 1 : length;
        span = (struct span){span.start + used, span.length - used};
    }
    return true;
}

static bool read_sample(struct span arguments, struct law *law, struct complaint complaint) {
    size_t count = count_pieces(arguments, ';');
    if (count > GREATEST_VALUE_COUNT)
        return complain(complaint, "empirical has %zu values; expected at most %d", count, GREATEST_VALUE_COUNT);
    law->values = malloc(count * sizeof *law->values);
    if (!law->values) return complain(complaint, "out of memory");
    if (!read_numbers(arguments, ';', count, law->values, complaint)) return false;
    gsl_sort(law->values, 1, count);
    law->value_count = count;
    return true;
}

static bool read_parameters(struct span arguments, struct law *law, struct complaint complaint) {
    const struct law_form *form = &law_forms[law->kind];
    size_t count = trim(arguments).length ? count_pieces(arguments, ',') : 0;
    if (count != (size_t)form->parameter_count)
        return complain(complaint, "%s has %zu parameter%s; expected %s", form->name, count, count == 1 ? "" : "s",
                        form->usage);
    return read_numbers(arguments, ',', count, law->parameters, complaint);
}

/* Refuses parameters no distribution has. */
static bool check_parameters(const struct law *law, struct complaint complaint) {
    const double *p = law->parameters;
    if (law->kind == LAW_EXPONENTIAL && p[0] < 0)
        return complain(complaint, "exponential has mean %g; expected 0 or more", p[0]);
    if (law->kind == LAW_LOGNORMAL && p[1] < 0)
        return complain(complaint, "lognormal has sigma %g; expected 0 or more", p[1]);
    if (law->kind == LAW_TRIANGULAR && !(p[0] <= p[1] && p[1] <= p[2]))
        return complain(complaint, "triangular has a=%g, m=%g, b=%g; expected a <= m <= b", p[0], p[1], p[2]);
    if (law->kind == LAW_UNIFORM && !(p[0] <= p[1]))
        return complain(complaint, "uniform has a=%g, b=%g; expected a <= b", p[0], p[1]);
    bool too_wide =
        (law->kind == LAW_TRIANGULAR && !isfinite(p[2] - p[0])) || (law->kind == LAW_UNIFORM && !isfinite(p[1] - p[0]));
    if (too_wide || !isfinite(law_mean(law)) || !isfinite(law_sample(law, GREATEST_UNIFORM)))
        return complain(complaint, "%s has parameters too large for its values to be numbers",
                        law_forms[law->kind].name);
    return true;
}

static bool find_kind(struct span word, enum law_kind *kind, struct complaint complaint) {
    for (int i = 0; i < LAW_FORM_COUNT; i++) {
        const char *name = law_forms[i].name;
        if (strlen(name) != word.length || memcmp(name, word.start, word.length) != 0) continue;
        *kind = (enum law_kind)i;
        return true;
    }
    return complain(complaint,
                    "unknown law '%.*s'; expected a number, constant, exponential, lognormal, triangular, uniform or "
                    "empirical",
                    shown(word), word.start);
}

/* word(arguments), or a bare number. */
static bool read_law(struct span text, struct law *law, struct complaint complaint) {
    text = trim(text);
    if (text.length == 0) return complain(complaint, "empty; expected a number or a law such as exponential(60)");
    const char *opening = memchr(text.start, '(', text.length);
    if (!opening && (is_digit(text.start[0]) || text.start[0] == '-'))
        return read_number(text, &law->parameters[0], complaint);

    size_t word_length = opening ? (size_t)(opening - text.start) : text.length;
    struct span word = trim((struct span){text.start, word_length});
    if (!find_kind(word, &law->kind, complaint)) return false;
    const char *usage = law_forms[law->kind].usage;
    if (!opening) return complain(complaint, "no '(' after %s; expected %s", law_forms[law->kind].name, usage);
    if (text.start[text.length - 1] != ')') return complain(complaint, "no ')' at the end; expected %s", usage);

    struct span arguments = {opening + 1, text.length - word_length - 2};
    if (law->kind == LAW_EMPIRICAL && trim(arguments).length == 0)
        return complain(complaint, "empirical has no values; expected %s", usage);
    bool read = law->kind == LAW_EMPIRICAL ? read_sample(arguments, law, complaint)
                                           : read_parameters(arguments, law, complaint);
    return read && check_parameters(law, complaint);
}

bool law_parse(const char *text, struct law *law, char *message, size_t message_size) {
    *law = (struct law){0};
    if (message_size) message[0] = '\0';
    struct complaint complaint = {message, message_size};
    if (read_law((struct span){text, strlen(text)}, law, complaint)) return true;
    law_free(law);
    return false;
}

static double triangular_sample(const double parameters[3], double uniform) {
    double least = parameters[0];
    double greatest = parameters[2];
    double width = greatest - least;
    if (!(width > 0)) return least;
    double mode = (parameters[1] - least) / width; /* also the probability of falling below the mode */
    if (uniform < mode) return least + width * sqrt(uniform * mode);
    return greatest - width * sqrt((1 - uniform) * (1 - mode));
}

static double empirical_sample(const struct law *law, double uniform) {
    if (law->value_count == 0) return 0;
    size_t index = (size_t)(uniform * (double)law->value_count);
    return law->values[index < law->value_count ? index : law->value_count - 1];
}

double law_sample(const struct law *law, double uniform) {
    const double *p = law->parameters;
    switch (law->kind) {
    case LAW_CONSTANT:
        return p[0];
    case LAW_EXPONENTIAL:
        return stream_exponential(uniform, p[0]);
    case LAW_LOGNORMAL:
        return gsl_cdf_lognormal_Pinv(uniform, p[0], p[1]);
    case LAW_TRIANGULAR:
        return triangular_sample(p, uniform);
    case LAW_UNIFORM:
        return gsl_cdf_flat_Pinv(uniform, p[0], p[1]);
    case LAW_EMPIRICAL:
        return empirical_sample(law, uniform);
    }
    return NAN;
}

static double empirical_mean(const struct law *law) {
    double mean = 0; /* running, since the sum of finite values need not be finite */
    for (size_t i = 0; i < law->value_count; i++) {
        double weight = 1 / (double)(i + 1);
        mean = mean * (1 - weight) + law->values[i] * weight;
    }
    return mean;
}

double law_mean(const struct law *law) {
    const double *p = law->parameters;
    switch (law->kind) {
    case LAW_CONSTANT:
        return p[0];
    case LAW_EXPONENTIAL:
        return p[0];
    case LAW_LOGNORMAL:
        return exp(p[0] + p[1] * p[1] / 2);
    case LAW_TRIANGULAR:
        return p[0] / 3 + p[1] / 3 + p[2] / 3;
    case LAW_UNIFORM:
        return p[0] / 2 + p[1] / 2;
    case LAW_EMPIRICAL:
        return empirical_mean(law);
    }
    return NAN;
}

double law_minimum(const struct law *law) {
    const double *p = law->parameters;
    switch (law->kind) {
    case LAW_CONSTANT:
        return p[0];
    case LAW_EXPONENTIAL:
        return 0;
    case LAW_LOGNORMAL:
        return p[1] > 0 ? 0 : exp(p[0]);
    case LAW_TRIANGULAR:
        return p[0];
    case LAW_UNIFORM:
        return p[0];
    case LAW_EMPIRICAL:
        return law->value_count ? law->values[0] : 0;
    }
    return NAN;
}

bool law_is_constant(const struct law *law) {
    const double *p = law->parameters;
    switch (law->kind) {
    case LAW_CONSTANT:
        return true;
    case LAW_EXPONENTIAL:
        return !(p[0] > 0);
    case LAW_LOGNORMAL:
        return !(p[1] > 0);
    case LAW_TRIANGULAR:
        return !(p[2] > p[0]);
    case LAW_UNIFORM:
        return !(p[1] > p[0]);
    case LAW_EMPIRICAL:
        return law->value_count == 0 || !(law->values[law->value_count - 1] > law->values[0]);
    }
    return false;
}

/* Text that keeps being measured after the room for it has run out. */
struct output {
    char *text;
    size_t size;
    int length;
};

__attribute__((format(printf, 2, 3))) static void append(struct output *output, const char *format, ...) {
    size_t used = (size_t)output->length;
    size_t room = used < output->size ? output->size - used : 0;
    va_list arguments;
    va_start(arguments, format);
    output->length += vsnprintf(room ? output->text + used : NULL, room, format, arguments);
    va_end(arguments);
}

int law_format(const struct law *law, char *text, size_t size) {
    struct output output = {text, size, 0};
    bool empirical = law->kind == LAW_EMPIRICAL;
    const double *numbers = empirical ? law->values : law->parameters;
    size_t count = empirical ? law->value_count : (size_t)law_forms[law->kind].parameter_count;

    locale_t previous = begin_plain_numbers();
    append(&output, "%s(", law_forms[law->kind].name);
    for (size_t i = 0; i < count; i++) append(&output, "%s%.17g", i == 0 ? "" : empirical ? ";" : ",", numbers[i]);
    append(&output, ")");
    end_plain_numbers(previous);
    return output.length;
}

bool law_copy(struct law *target, const struct law *source) {
    struct law copy = *source;
    if (source->values) {
        copy.values = malloc(source->value_count * sizeof *copy.values);
        if (!copy.values) return false;
        memcpy(copy.values, source->values, source->value_count * sizeof *copy.values);
    }
    *target = copy;
    return true;
}

void law_free(struct law *law) {
    free(law->values);
    *law = (struct law){0};
}
