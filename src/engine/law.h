/* Probability laws as users write them: `constant(x)`, `exponential(mean)`, `lognormal(mu,sigma)`,
 * `triangular(a,m,b)`, `uniform(a,b)`, `empirical(x1;x2;…)`; a bare number is a constant. A law turns one uniform
 * into one variate by its inverse distribution function, so common random numbers carry over. */
#ifndef BERING_ENGINE_LAW_H
#define BERING_ENGINE_LAW_H

#include <stdbool.h>
#include <stddef.h>

enum law_kind {
    LAW_CONSTANT,
    LAW_EXPONENTIAL,
    LAW_LOGNORMAL,
    LAW_TRIANGULAR,
    LAW_UNIFORM,
    LAW_EMPIRICAL,
};

/* A zeroed law is constant(0). `values` is owned by the law (LAW_EMPIRICAL only) and freed by law_free. */
struct law {
    enum law_kind kind;
    double parameters[3]; /* as written: mean; mu, sigma; a, m, b; a, b */
    double *values;       /* the sample in ascending order; the variate is one of its values, each equally likely */
    size_t value_count;
};

/* Reads a law from text. Returns true and fills *law; otherwise returns false and writes into message (of
 * message_size bytes) what is wrong and what was expected, without place or newline; *law is then constant(0).
 * Numbers are as in every Bering file: -?digits[.digits][e±digits], '.' always, no nan or inf. Impossible parameters
 * (a negative mean or sigma, a > m …) are refused, so are those whose values or mean would overflow. Blanks around
 * words and numbers are allowed. At most 10,000 values. */
bool law_parse(const char *text, struct law *law, char *message, size_t message_size);

/* The variate at probability `uniform` (strictly between 0 and 1). */
double law_sample(const struct law *law, double uniform);

double law_mean(const struct law *law);
double law_minimum(const struct law *law);   /* the greatest value no variate is below; finite for every law above */
bool law_is_constant(const struct law *law); /* whether every variate is the same: uniform(5,5) and the like, too */

/* Writes the law as it can be read again (%.17g numbers). Returns the length as snprintf does. */
int law_format(const struct law *law, char *text, size_t size);

bool law_copy(struct law *target, const struct law *source); /* false when out of memory; frees nothing of target */
void law_free(struct law *law);                              /* leaves constant(0) */

/* One number as Bering's files write it. True when the whole of text is one and finite. */
bool number_parse(const char *text, double *value);

#endif
