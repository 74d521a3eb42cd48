#include "engine/statistics.h"
#include "engine/stream.h"
#include "suite.h"

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

static const struct stream test_stream = {.seed = 42, .purpose = STREAM_TEST, .replication = 1};

/* Published known answers of philox4x64-10: counter, key, output (Random123, kat_vectors). */
static const struct {
    uint64_t counter[4];
    uint64_t key[2];
    uint64_t output[4];
} known_answers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
    {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
     {UINT64_MAX, UINT64_MAX},
     {0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
    {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
     {0x452821e638d01377, 0xbe5466cf34e90c6c},
     {0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}},
};

static double expected_uniform(uint64_t bits) {
    return ldexp((double)(2 * (bits >> 12) + 1), -53);
}

START_TEST(gives_the_known_answers) {
    for (size_t i = 0; i < sizeof known_answers / sizeof known_answers[0]; i++) {
        const uint64_t *counter = known_answers[i].counter;
        const uint64_t *key = known_answers[i].key;
        philox4x64_ctr_t output = philox4x64_R(10, (philox4x64_ctr_t){{counter[0], counter[1], counter[2], counter[3]}},
                                               (philox4x64_key_t){{key[0], key[1]}});
        for (int lane = 0; lane < 4; lane++) ck_assert_uint_eq(output.v[lane], known_answers[i].output[lane]);
    }
    const struct stream zero = {0};
    for (uint64_t draw = 0; draw < 4; draw++)
        ck_assert_double_eq(stream_uniform(&zero, 0, draw), expected_uniform(known_answers[0].output[draw]));
}
END_TEST

START_TEST(puts_every_part_of_the_address_where_it_says) {
    const struct stream stream = {.seed = 11, .purpose = 22, .replication = 33};
    philox4x64_ctr_t output = philox4x64_R(10, (philox4x64_ctr_t){{33, 44, 55, 0}}, (philox4x64_key_t){{11, 22}});
    for (uint64_t lane = 0; lane < 4; lane++)
        ck_assert_double_eq(stream_uniform(&stream, 44, 4 * 55 + lane), expected_uniform(output.v[lane]));
}
END_TEST

START_TEST(gives_four_at_once_what_it_gives_singly) {
    for (uint64_t block = 0; block < 1000; block++) {
        double uniforms[4];
        stream_uniform4(&test_stream, 5, block, uniforms);
        for (uint64_t lane = 0; lane < 4; lane++)
            REQUIRE(stream_uniform(&test_stream, 5, 4 * block + lane) == uniforms[lane]);
    }
}
END_TEST

START_TEST(does_not_mind_the_order_of_drawing) {
    enum { COUNT = 1000, STRIDE = 619 }; /* coprime: every draw once, in another order */
    double forward[COUNT];
    for (uint64_t i = 0; i < COUNT; i++) forward[i] = stream_uniform(&test_stream, i % 7, i);
    for (uint64_t i = 0; i < COUNT; i++) {
        uint64_t draw = i * STRIDE % COUNT;
        ck_assert_double_eq(stream_uniform(&test_stream, draw % 7, draw), forward[draw]);
    }
}
END_TEST

static double correlation(const struct stream *left, uint64_t left_entity, const struct stream *right,
                          uint64_t right_entity, uint64_t shift) {
    enum { COUNT = 50000 };
    double products = 0;
    for (uint64_t i = 0; i < COUNT; i++)
        products +=
            (stream_uniform(left, left_entity, i) - 0.5) * (stream_uniform(right, right_entity, i + shift) - 0.5);
    return products / COUNT * 12;
}

START_TEST(streams_that_differ_in_one_part_are_uncorrelated) {
    struct stream seed = test_stream;
    struct stream purpose = test_stream;
    struct stream replication = test_stream;
    seed.seed++;
    purpose.purpose++;
    replication.replication++;
    const double limit = 4 / sqrt(50000);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &seed, 0, 0)), limit);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &purpose, 0, 0)), limit);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &replication, 0, 0)), limit);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &test_stream, 1, 0)), limit);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &test_stream, 0, 1)), limit);
    ck_assert_double_lt(fabs(correlation(&test_stream, 0, &test_stream, 0, 4)), limit);
}
END_TEST

START_TEST(is_uniform) {
    enum { CELLS = 1000, COUNT = 1000000 };
    static int cells[CELLS];
    struct running_statistics statistics = {0};
    for (uint64_t block = 0; block < COUNT / 4; block++) {
        double uniforms[4];
        stream_uniform4(&test_stream, 9, block, uniforms);
        for (int lane = 0; lane < 4; lane++) {
            REQUIRE(uniforms[lane] > 0 && uniforms[lane] < 1);
            REQUIRE(1 - (1 - uniforms[lane]) == uniforms[lane]);
            running_statistics_add(&statistics, uniforms[lane]);
            cells[(int)(uniforms[lane] * CELLS)]++;
        }
    }
    double chi_square = 0;
    for (int i = 0; i < CELLS; i++) chi_square += pow(cells[i] - (double)COUNT / CELLS, 2) / ((double)COUNT / CELLS);
    double probability = gsl_cdf_chisq_P(chi_square, CELLS - 1);
    ck_assert(probability > 0.001 && probability < 0.999);
    ck_assert_double_eq_tol(statistics.mean, 0.5, 4 * sqrt(1.0 / 12 / COUNT));
    ck_assert_double_eq_tol(running_statistics_variance(&statistics), 1.0 / 12, 4 * sqrt(1.0 / 180 / COUNT));
}
END_TEST

START_TEST(exponential_inverts_its_distribution) {
    const double uniforms[] = {0x1p-53, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1 - 0x1p-53};
    for (size_t i = 0; i < sizeof uniforms / sizeof uniforms[0]; i++) {
        double variate = stream_exponential(uniforms[i], 7);
        ck_assert(variate > 0 && isfinite(variate));
        ck_assert_double_eq_tol(variate, gsl_cdf_exponential_Pinv(uniforms[i], 7), 1e-14 * variate);
        ck_assert_double_eq_tol(-expm1(-variate / 7), uniforms[i], 1e-15);
    }
    ck_assert(stream_exponential(0.5, 0) == 0);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        gives_the_known_answers,
        puts_every_part_of_the_address_where_it_says,
        gives_four_at_once_what_it_gives_singly,
        does_not_mind_the_order_of_drawing,
        streams_that_differ_in_one_part_are_uncorrelated,
        is_uniform,
        exponential_inverts_its_distribution,
    };
    return run_suite("stream", tests, sizeof tests / sizeof tests[0]);
}
