/* Sobol points, scrambled, through the inverses of the laws. */
#include <gsl/gsl_qrng.h>
#include <math.h>
#include <stddef.h>

#include "engine/gsl_errors.h"
#include "engine/stream.h"
#include "study/appraisal_parts.h"

/* GSL's Sobol points are multiples of 2^-30. */
enum { DIGITS = 30 };
static const double POINT_PARTS = 0x1p30;

/* What becomes of the points of one dimension. */
struct scramble {
    int32_t input;
    uint32_t columns[DIGITS]; /* what the digit of weight 2^-1, 2^-2 … turns into: itself and lower ones */
    uint32_t shift;           /* digits that change */
    double rest;              /* what lies below the last digit */
};

/* In the order of their dimensions, the capacity's first, so that new keys of economics.csv leave it where it is. */
static int32_t list_uncertain(const struct appraisal_input *input, struct scramble *scrambles) {
    int32_t count = 0;
    if (appraisal_is_uncertain(input, APPRAISAL_CAPACITY)) scrambles[count++].input = APPRAISAL_CAPACITY;
    for (int32_t law = 0; law < ECONOMIC_LAW_COUNT; law++)
        if (appraisal_is_uncertain(input, law)) scrambles[count++].input = law;
    return count;
}

static void draw_scramble(struct scramble *scramble, uint64_t seed, int32_t set, int32_t dimension) {
    enum { DRAWS = 64 }; /* of one dimension: the shift, then the columns */
    const struct stream stream = {.seed = seed, .purpose = STREAM_APPRAISAL, .replication = 1};
    const uint64_t entity = (uint64_t)set, first = (uint64_t)dimension * DRAWS;
    const double shift = stream_uniform(&stream, entity, first) * POINT_PARTS;
    scramble->shift = (uint32_t)shift;
    scramble->rest = shift - floor(shift);
    for (int32_t i = 0; i < DIGITS; i++) {
        const uint32_t itself = UINT32_C(1) << (DIGITS - 1 - i);
        const uint32_t random = (uint32_t)(stream_uniform(&stream, entity, first + 1 + (uint64_t)i) * POINT_PARTS);
        scramble->columns[i] = itself | (random & (itself - 1));
    }
}

/* Strictly between 0 and 1 and exact: 30 digits of the point and 23 of the rest. */
static double scrambled(const struct scramble *scramble, double point) {
    const uint32_t digits = (uint32_t)(point * POINT_PARTS);
    uint32_t result = scramble->shift;
    for (int32_t i = 0; i < DIGITS; i++)
        if (digits >> (DIGITS - 1 - i) & 1) result ^= scramble->columns[i];
    return (result + scramble->rest) / POINT_PARTS;
}

/* One scrambled set of the sequence's first points. */
static void take_set(const struct appraisal_input *input, const struct scramble *scrambles, int32_t dimensions,
                     gsl_qrng *sequence, double *values) {
    double point[APPRAISAL_INPUT_COUNT] = {0}; /* GSL leaves out the sequence's first point; without it, it is no net */
    gsl_qrng_init(sequence);
    for (int32_t i = 0; i < input->points_per_shift; i++) {
        double *sample = values + (int64_t)i * APPRAISAL_INPUT_COUNT;
        appraisal_means(input, sample);
        for (int32_t d = 0; d < dimensions; d++) {
            const int32_t number = scrambles[d].input;
            sample[number] = appraisal_value(input, number, scrambled(&scrambles[d], point[d]));
        }
        gsl_qrng_get(sequence, point);
    }
}

bool appraisal_sample_values(const struct appraisal_input *input, double *values) {
    struct scramble scrambles[APPRAISAL_INPUT_COUNT];
    const int32_t dimensions = list_uncertain(input, scrambles);
    gsl_errors_as_values();
    gsl_qrng *sequence = gsl_qrng_alloc(gsl_qrng_sobol, dimensions > 0 ? (unsigned)dimensions : 1);
    if (!sequence) return false;
    for (int32_t set = 0; set < input->shifts; set++) {
        for (int32_t d = 0; d < dimensions; d++) draw_scramble(&scrambles[d], input->seed, set, d);
        take_set(input, scrambles, dimensions, sequence,
                 values + (int64_t)set * input->points_per_shift * APPRAISAL_INPUT_COUNT);
    }
    gsl_qrng_free(sequence);
    return true;
}
