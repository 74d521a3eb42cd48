#include "engine/law.h"
#include "suite.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <string.h>

static struct law parsed(const char *text) {
    struct law law;
    char message[200];
    ck_assert_msg(law_parse(text, &law, message, sizeof message), "%s: %s", text, message);
    return law;
}

/* What a law reads as, and the figures that follow from it. */
static const struct {
    const char *text;
    enum law_kind kind;
    double mean;
    double minimum;
    double quarter, median, three_quarters;
    bool constant;
} good_laws[] = {
    {"5", LAW_CONSTANT, 5, 5, 5, 5, 5, true},
    {" -2.5e1 ", LAW_CONSTANT, -25, -25, -25, -25, -25, true},
    {"constant(0.5)", LAW_CONSTANT, 0.5, 0.5, 0.5, 0.5, 0.5, true},
    {"exponential(60)", LAW_EXPONENTIAL, 60, 0, 17.260924347106854, 41.58883083359672, 83.17766166719343, false},
    {"exponential(0)", LAW_EXPONENTIAL, 0, 0, 0, 0, 0, true},
    {"lognormal(0,1)", LAW_LOGNORMAL, 1.6487212707001282, 0, 0.5094162838632774, 1, 1.9630310841582582, false},
    {"lognormal(2,0)", LAW_LOGNORMAL, 7.38905609893065, 7.38905609893065, 7.38905609893065, 7.38905609893065,
     7.38905609893065, true},
    {"triangular(0,1,2)", LAW_TRIANGULAR, 1, 0, 0.7071067811865476, 1, 1.2928932188134525, false},
    {"triangular(0,0,1)", LAW_TRIANGULAR, 1.0 / 3, 0, 0.1339745962155614, 0.2928932188134525, 0.5, false},
    {"triangular(0,1,1)", LAW_TRIANGULAR, 2.0 / 3, 0, 0.5, 0.7071067811865476, 0.8660254037844386, false},
    {"triangular(3,3,3)", LAW_TRIANGULAR, 3, 3, 3, 3, 3, true},
    {"uniform(-1,3)", LAW_UNIFORM, 1, -1, 0, 1, 2, false},
    {"\tuniform ( 2 , 2 ) ", LAW_UNIFORM, 2, 2, 2, 2, 2, true},
    {"empirical(4;1;3;2)", LAW_EMPIRICAL, 2.5, 1, 2, 3, 4, false},
    {"empirical( 1 ; 1 )", LAW_EMPIRICAL, 1, 1, 1, 1, 1, true},
};

START_TEST(reads_laws_and_knows_their_figures) {
    for (size_t i = 0; i < sizeof good_laws / sizeof good_laws[0]; i++) {
        struct law law = parsed(good_laws[i].text);
        ck_assert_int_eq(law.kind, good_laws[i].kind);
        ck_assert_double_eq_tol(law_mean(&law), good_laws[i].mean, 1e-12);
        ck_assert_double_eq_tol(law_minimum(&law), good_laws[i].minimum, 1e-12);
        ck_assert_double_eq_tol(law_sample(&law, 0.25), good_laws[i].quarter, 1e-12);
        ck_assert_double_eq_tol(law_sample(&law, 0.5), good_laws[i].median, 1e-12);
        ck_assert_double_eq_tol(law_sample(&law, 0.75), good_laws[i].three_quarters, 1e-12);
        ck_assert(law_is_constant(&law) == good_laws[i].constant);
        law_free(&law);
        ck_assert(law_is_constant(&law) && law_mean(&law) == 0);
    }
}
END_TEST

/* The mean of the inverse distribution function over evenly spread probabilities is the law's mean. */
START_TEST(inverse_has_the_mean) {
    enum { POINTS = 20000 };
    for (size_t i = 0; i < sizeof good_laws / sizeof good_laws[0]; i++) {
        struct law law = parsed(good_laws[i].text);
        double sum = 0;
        double previous = -INFINITY;
        for (int point = 0; point < POINTS; point++) {
            double variate = law_sample(&law, (point + 0.5) / POINTS);
            REQUIRE(variate >= previous && variate >= law_minimum(&law));
            previous = variate;
            sum += variate;
        }
        ck_assert_double_eq_tol(sum / POINTS, law_mean(&law), 0.001 * (1 + fabs(law_mean(&law))));
        ck_assert(isfinite(law_sample(&law, 0x1p-53)) && isfinite(law_sample(&law, 1 - 0x1p-53)));
        law_free(&law);
    }
}
END_TEST

/* A text that is no law, and a word its message must contain. */
static const struct {
    const char *text;
    const char *message;
} bad_laws[] = {
    {"", "empty"},
    {"   ", "empty"},
    {"normal(0,1)", "unknown law 'normal'"},
    {"Exponential(1)", "unknown law"},
    {"(1)", "unknown law ''"},
    {"exponential", "no '('"},
    {"exponential(1", "no ')'"},
    {"exponential(1) x", "no ')'"},
    {"exponential(", "no ')'"},
    {"exponential()", "0 parameters; expected exponential(mean)"},
    {"exponential(1,2)", "2 parameters; expected exponential(mean)"},
    {"exponential((1))", "'(1)' is not a finite number"},
    {"exponential(-1)", "0 or more"},
    {"exponential(1e308)", "too large"},
    {"uniform(1)", "1 parameter;"},
    {"uniform(1,)", "number is missing"},
    {"uniform(,1)", "number is missing"},
    {"uniform(2,1)", "a <= b"},
    {"uniform(1;2)", "1 parameter;"},
    {"uniform(-1e308,1e308)", "too large"},
    {"triangular(0,3,2)", "a <= m <= b"},
    {"triangular(1,0,2)", "a <= m <= b"},
    {"triangular(0,1)", "expected triangular(a,m,b)"},
    {"lognormal(0,-1)", "sigma -1"},
    {"lognormal(800,0)", "too large"},
    {"lognormal(0,100)", "too large"},
    {"empirical()", "no values"},
    {"empirical(1;;2)", "number is missing"},
    {"empirical(1;2;)", "number is missing"},
    {"empirical(1,2)", "not a finite number"},
    {"constant(nan)", "not a finite number"},
    {"constant(inf)", "not a finite number"},
    {"constant(1e999)", "not a finite number"},
    {"constant(0x10)", "not a finite number"},
    {"5 6", "not a finite number"},
    {"5)", "not a finite number"},
    {"-", "not a finite number"},
    {"+5", "unknown law"},
};

START_TEST(refuses_what_is_no_law) {
    for (size_t i = 0; i < sizeof bad_laws / sizeof bad_laws[0]; i++) {
        struct law law;
        char message[200] = "";
        ck_assert_msg(!law_parse(bad_laws[i].text, &law, message, sizeof message), "read: %s", bad_laws[i].text);
        ck_assert_msg(strstr(message, bad_laws[i].message) != NULL, "%s: %s", bad_laws[i].text, message);
        ck_assert(law.kind == LAW_CONSTANT && law.values == NULL && law_mean(&law) == 0);
        ck_assert(!law_parse(bad_laws[i].text, &law, NULL, 0));
        char little[8];
        ck_assert(!law_parse(bad_laws[i].text, &law, little, sizeof little));
        ck_assert_uint_eq(strlen(little), strlen(message) < 7 ? strlen(message) : 7);
    }
}
END_TEST

/* "empirical(1;1;…;1)" with so many values. */
static void write_sample(char *text, size_t count) {
    const size_t opening = strlen("empirical(");
    memcpy(text, "empirical(", opening);
    for (size_t i = 0; i < count; i++) memcpy(text + opening + 2 * i, "1;", 2);
    memcpy(text + opening + 2 * count - 1, ")", 2);
}

START_TEST(limits_the_sample) {
    enum { LIMIT = 10000 };
    static char text[2 * LIMIT + 20];
    write_sample(text, LIMIT);
    struct law law = parsed(text);
    ck_assert_uint_eq(law.value_count, LIMIT);
    law_free(&law);
    write_sample(text, LIMIT + 1);
    char message[200];
    ck_assert(!law_parse(text, &law, message, sizeof message));
    ck_assert_ptr_nonnull(strstr(message, "at most 10000"));
}
END_TEST

START_TEST(empirical_gives_each_value_equally_often) {
    struct law law = parsed("empirical(10;30;20)");
    int counts[3] = {0};
    for (int i = 0; i < 300; i++) counts[(int)(law_sample(&law, (i + 0.5) / 300) / 10) - 1]++;
    for (int i = 0; i < 3; i++) ck_assert_int_eq(counts[i], 100);
    ck_assert(law_sample(&law, 0x1p-53) == 10);
    ck_assert(law_sample(&law, 1 - 0x1p-53) == 30);
    law_free(&law);
}
END_TEST

START_TEST(writes_what_it_can_read) {
    for (size_t i = 0; i < sizeof good_laws / sizeof good_laws[0]; i++) {
        struct law law = parsed(good_laws[i].text);
        char text[200], again[200];
        int length = law_format(&law, text, sizeof text);
        ck_assert_int_eq(length, strlen(text));
        ck_assert_int_eq(law_format(&law, NULL, 0), length);
        char little[6];
        ck_assert_int_eq(law_format(&law, little, sizeof little), length);
        ck_assert(strlen(little) == 5 && strncmp(little, text, 5) == 0);
        struct law second = parsed(text);
        law_format(&second, again, sizeof again);
        ck_assert_str_eq(text, again);
        law_free(&law);
        law_free(&second);
    }
    const double numbers[2] = {DBL_MIN, 0.1 + DBL_EPSILON};
    struct law law = {.kind = LAW_UNIFORM, .parameters = {numbers[0], numbers[1]}};
    char text[200];
    law_format(&law, text, sizeof text);
    law = parsed(text);
    ck_assert(law.parameters[0] == numbers[0] && law.parameters[1] == numbers[1]);
}
END_TEST

START_TEST(copies_own_their_values) {
    struct law law = parsed("empirical(1;2;3)");
    struct law copy;
    ck_assert(law_copy(&copy, &law));
    law_free(&law);
    ck_assert(law_mean(&copy) == 2);
    law_free(&copy);
    struct law plain = parsed("exponential(9)");
    ck_assert(law_copy(&copy, &plain));
    ck_assert(law_mean(&copy) == 9 && copy.values == NULL);
}
END_TEST

START_TEST(reads_numbers_as_the_files_write_them) {
    const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},       {"-0", 0},  {"12", 12},      {"-1.5", -1.5}, {"1e3", 1000}, {"1e+3", 1000},
                {"25e-1", 2.5}, {"007", 7}, {"1.25e2", 125}, {"1e-400", 0},  {"0.1", 0.1},  {"1e308", 1e308}};
    const char *const bad[] = {"",    " 1",  "1 ",  "+1",    ".5",  "5.",  "1.e3",  "1e", "1e+", "--1",  "1,5",
                               "nan", "inf", "0x1", "1e999", "1E3", "1d3", "1_000", "-",  "e5",  "1.2.3"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert_msg(number_parse(good[i].text, &value), "%s", good[i].text);
        ck_assert_double_eq(value, good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        value = 77;
        ck_assert_msg(!number_parse(bad[i], &value), "%s", bad[i]);
        ck_assert(value == 77);
    }
}
END_TEST

/* Where a language with a decimal comma is installed, '.' stays the point. */
START_TEST(numbers_do_not_depend_on_the_language) {
    const char *const languages[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (!setlocale(LC_ALL, languages[i])) continue;
        double value;
        ck_assert(number_parse("1.5", &value) && value == 1.5);
        struct law law = parsed("uniform(0.5,1.5)");
        char text[100];
        law_format(&law, text, sizeof text);
        ck_assert_str_eq(text, "uniform(0.5,1.5)");
        ck_assert_str_ne(localeconv()->decimal_point, ".");
    }
    setlocale(LC_ALL, "C");
}
END_TEST

int main(void) {
    const TTest *const tests[] = {
        reads_laws_and_knows_their_figures,
        inverse_has_the_mean,
        refuses_what_is_no_law,
        limits_the_sample,
        empirical_gives_each_value_equally_often,
        writes_what_it_can_read,
        copies_own_their_values,
        reads_numbers_as_the_files_write_them,
        numbers_do_not_depend_on_the_language,
    };
    return run_suite("law", tests, sizeof tests / sizeof tests[0]);
}
