/* Any text as a law: refused with a message, or a law whose values are numbers, no less than its minimum, rising with
 * the probability, and which is the same law when it is written and read again. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/law.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const double probabilities[] = {0x1p-53, 1e-9, 0.001, 0.25, 0.5, 0.75, 0.999, 1 - 1e-9, 1 - 0x1p-53};

static void check_values(const struct law *law) {
    const double minimum = law_minimum(law);
    double before = minimum;
    assert(isfinite(minimum) && isfinite(law_mean(law)));
    for (size_t i = 0; i < sizeof probabilities / sizeof probabilities[0]; i++) {
        const double value = law_sample(law, probabilities[i]);
        assert(isfinite(value));
        assert(value >= before - 1e-9 * fabs(before)); /* the inverse of the lognormal is good to some 1e-12 */
        before = value;
    }
    if (law_is_constant(law)) assert(fabs(before - minimum) <= 1e-9 * fabs(minimum));
}

static void check_written(const struct law *law) {
    char message[200];
    struct law same, copy;
    const int length = law_format(law, NULL, 0);
    char *text = malloc((size_t)length + 1);
    if (!text || !law_copy(&copy, law)) abort();
    assert(law_format(&copy, text, (size_t)length + 1) == length && strlen(text) == (size_t)length);
    assert(law_parse(text, &same, message, sizeof message));
    assert(same.kind == law->kind && same.value_count == law->value_count);
    assert(memcmp(same.parameters, law->parameters, sizeof same.parameters) == 0);
    for (size_t i = 0; i < same.value_count; i++)
        assert(!(same.values[i] < law->values[i] || same.values[i] > law->values[i]));
    law_free(&same);
    law_free(&copy);
    free(text);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    char message[120];
    struct law law;
    double number;
    char *text = malloc(size + 1);
    if (!text) abort();
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    if (number_parse(text, &number)) assert(isfinite(number));
    if (law_parse(text, &law, message, sizeof message)) {
        assert(message[0] == '\0');
        check_values(&law);
        check_written(&law);
        law_free(&law);
    } else {
        assert(message[0] != '\0' && !law.values);
    }
    free(text);
    return 0;
}
